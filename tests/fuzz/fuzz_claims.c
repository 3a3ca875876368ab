/*
 * Any bytes: where they begin with '{' as a file of claims, else as a formula over two inputs and a
 * small book. What parses is evaluated on two days.
 */
#include "base/arena.h"
#include "base/diag.h"
#include "base/strbuf.h"
#include "claims/expression.h"
#include "claims/load.h"
#include "pricing/book.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct book *small_book(struct arena *a)
{
    struct price *price = arena_new(a, struct price, 1);
    *price = (struct price){.region = STR("us"), .from = date_civil(2025, 1, 1), .until = DATE_NONE, .usd = {5, 1}};
    struct sku *sku = arena_new(a, struct sku, 1);
    *sku = (struct sku){.id = STR("sku"), .prices = price, .price_count = 1};
    struct platform *platform = arena_new(a, struct platform, 1);
    *platform = (struct platform){.id = STR("fn"), .has_cold_start = true, .start_ms = {1, 2, 3}};
    struct book *b = arena_new(a, struct book, 1);
    *b = (struct book){.skus = sku, .sku_count = 1, .platforms = platform, .platform_count = 1};
    return b;
}

static void run_formula(struct str text, const struct book *b, struct arena *a, struct diags *d)
{
    static const struct str NAMES[] = {{"a", 1}, {"b", 1}};
    const double values[] = {2, 0};
    struct expression_names names = {NAMES, 2, b, text.n % 2 == 0};
    struct where where = {STR("formula"), text, 0, text.n};
    const struct expression *e = expression_parse(where, text, &names, a, d);
    assert((e != NULL) == (diags_errors(d) == 0));
    for (int year = 2024; e && year < 2028; year += 3) {
        double value = expression_value(e, values, date_civil(year, 1, 1), NULL);
        assert(isnan(value) || isfinite(value));
    }
    for (size_t i = 0; e && i < expression_price_count(e); i++)
        assert(expression_price_get(e, i).sku);
}

static void run_file(struct str text, const struct book *b, struct arena *a, struct diags *d)
{
    struct claims_file file = {STR("claims.json"), text};
    struct claims claims;
    bool ok = claims_parse(&file, 1, b, text.n % 2 == 0, a, &claims, d);
    assert(ok == (diags_errors(d) == 0));
    for (size_t i = 0; ok && i < claims.count; i++) {
        claim_evaluate(&claims.claims[i], claims.claims[i].article->date, a);
        assert(claims_find(&claims, claims.claims[i].id) == &claims.claims[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct str text = {(const char *)data, size};
    struct strbuf out = STRBUF_INIT;
    const struct book *b = small_book(a);
    if (size > 0 && data[0] == '{')
        run_file(text, b, a, d);
    else
        run_formula(text, b, a, d);
    diags_print(d, &out, false);
    strbuf_release(&out);
    arena_destroy(a);
    return 0;
}
