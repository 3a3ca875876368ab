/* Exact decimals: whatever is accepted prints plainly, reads back as itself and keeps normal form. */
#include "base/strbuf.h"
#include "number/date.h"
#include "number/decimal.h"
#include "number/money.h"
#include "number/unit.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = {(const char *)data, size};
    struct strbuf sb = STRBUF_INIT;
    struct decimal d, back, product;
    if (decimal_parse(text, &d)) {
        assert(d.scale >= 0 && d.scale <= 18);
        assert(d.scale == 0 || d.coef % 10 != 0);
        decimal_add(&sb, d);
        assert(decimal_parse(strbuf_str(&sb), &back));
        assert(back.coef == d.coef && back.scale == d.scale && decimal_compare(back, d) == 0);
        if (decimal_mul(d, d, &product))
            assert(product.coef >= 0);
        struct money m;
        if (money_charge(d, d, &m))
            assert(m.micros >= 0 && m.micros <= MONEY_MAX_MICROS);
        strbuf_clear(&sb);
        money_headline(&sb, m = money_of(decimal_double(d)));
        money_exact(&sb, m);
        money_whole(&sb, m);
        money_json(&sb, m);
        assert(str_utf8_error(strbuf_str(&sb)) == sb.n);
    }
    struct date day;
    if (date_parse(text, &day)) {
        strbuf_clear(&sb);
        date_add(&sb, day);
        assert(str_equal(strbuf_str(&sb), text));
    }
    const struct unit *unit = unit_find(text);
    assert(!unit || str_is(text, unit->name));
    strbuf_release(&sb);
    return 0;
}
