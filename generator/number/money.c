#include "number/money.h"

#include "base/round.h"
#include "base/strbuf.h"

#include <assert.h>
#include <math.h>

#define MICROS_PER_DOLLAR INT64_C(1000000)
#define MICROS_PER_CENT INT64_C(10000)
#define MINUS "\xE2\x88\x92" /* U+2212 */

__extension__ typedef __int128 wide;

bool money_charge(struct decimal quantity, struct decimal price, struct money *out)
{
    assert(quantity.scale >= 0 && quantity.scale <= 18 && price.scale >= 0 && price.scale <= 18);
    const wide most = MONEY_MAX_MICROS;
    wide product = (wide)quantity.coef * price.coef; /* below 2^126 */
    int scale = quantity.scale + price.scale - 6;    /* the product counts 10^-scale micros */
    for (; scale < 0; scale++) {
        if (product > most || product < -most)
            return false;
        product *= 10;
    }
    wide divisor = 1;
    for (; scale > 0; scale--)
        divisor *= 10;
    wide size = product < 0 ? -product : product;
    wide micros = size / divisor;
    wide twice = size % divisor * 2;
    if (twice > divisor || (twice == divisor && micros % 2 != 0))
        micros++;
    if (micros > most)
        return false;
    out->micros = (int64_t)(product < 0 ? -micros : micros);
    return true;
}

bool money_add(struct money *sum, struct money more)
{
    int64_t total;
    if (__builtin_add_overflow(sum->micros, more.micros, &total) || total > MONEY_MAX_MICROS ||
        total < -MONEY_MAX_MICROS)
        return false;
    sum->micros = total;
    return true;
}

struct money money_negate(struct money m)
{
    return (struct money){-m.micros};
}

int money_compare(struct money a, struct money b)
{
    return (a.micros > b.micros) - (a.micros < b.micros);
}

double money_double(struct money m)
{
    return (double)m.micros / 1e6;
}

struct money money_of(double usd)
{
    assert(isfinite(usd));
    if (usd >= 4e12)
        return (struct money){MONEY_MAX_MICROS};
    if (usd <= -4e12)
        return (struct money){-MONEY_MAX_MICROS};
    return (struct money){round_scaled(usd, 6)};
}

/* size / step, half to even; both positive. */
static int64_t round_by(int64_t size, int64_t step)
{
    int64_t count = size / step;
    int64_t rest = size % step;
    if (rest > step - rest || (rest == step - rest && count % 2 != 0))
        count++;
    return count;
}

/* 1234567 as "1,234,567". */
static void add_grouped(struct strbuf *sb, int64_t value)
{
    if (value >= 1000) {
        add_grouped(sb, value / 1000);
        strbuf_addc(sb, ',');
        int64_t rest = value % 1000;
        strbuf_addc(sb, (char)('0' + rest / 100));
        strbuf_addc(sb, (char)('0' + rest / 10 % 10));
        strbuf_addc(sb, (char)('0' + rest % 10));
    } else {
        strbuf_add_int(sb, value);
    }
}

/* ".50" or ".123456": the micros below a dollar, at least `least` digits, no zeros after them. */
static void add_fraction(struct strbuf *sb, int64_t micros, int least)
{
    char digits[6];
    int n = 6;
    for (int i = 5; i >= 0; i--) {
        digits[i] = (char)('0' + micros % 10);
        micros /= 10;
    }
    while (n > least && digits[n - 1] == '0')
        n--;
    if (n > 0) {
        strbuf_addc(sb, '.');
        strbuf_add(sb, (struct str){digits, (size_t)n});
    }
}

static int64_t size_of(struct money m)
{
    return m.micros < 0 ? -m.micros : m.micros;
}

void money_json(struct strbuf *sb, struct money m)
{
    int64_t size = size_of(m);
    if (m.micros < 0)
        strbuf_addc(sb, '-');
    strbuf_add_int(sb, size / MICROS_PER_DOLLAR);
    add_fraction(sb, size % MICROS_PER_DOLLAR, 0);
}

void money_exact(struct strbuf *sb, struct money m)
{
    int64_t size = size_of(m);
    if (m.micros < 0)
        strbuf_adds(sb, MINUS);
    strbuf_addc(sb, '$');
    add_grouped(sb, size / MICROS_PER_DOLLAR);
    add_fraction(sb, size % MICROS_PER_DOLLAR, 2);
}

/* Amounts that print as less than ten dollars: cents, or "<0.01"; false for others. */
static bool add_small(struct strbuf *sb, int64_t size, const char *sign)
{
    if (size == 0) {
        strbuf_addf(sb, "%s0", sign);
        return true;
    }
    if (size < MICROS_PER_CENT) {
        strbuf_addf(sb, "<%s0.01", sign);
        return true;
    }
    int64_t cents = round_by(size, MICROS_PER_CENT);
    if (cents >= 1000)
        return false;
    strbuf_addf(sb, "%s%d.%02d", sign, (int)(cents / 100), (int)(cents % 100));
    return true;
}

void money_headline(struct strbuf *sb, struct money m)
{
    int64_t size = size_of(m);
    if (m.micros < 0)
        strbuf_adds(sb, MINUS);
    if (add_small(sb, size, "$"))
        return;
    int64_t step = MICROS_PER_DOLLAR; /* of the third digit, but never less than a dollar */
    while (size / step >= 1000)
        step *= 10;
    strbuf_addc(sb, '$');
    add_grouped(sb, round_by(size, step) * (step / MICROS_PER_DOLLAR));
}

void money_whole(struct strbuf *sb, struct money m)
{
    int64_t size = size_of(m);
    if (m.micros < 0)
        strbuf_adds(sb, MINUS);
    if (!add_small(sb, size, ""))
        add_grouped(sb, round_by(size, MICROS_PER_DOLLAR));
}
