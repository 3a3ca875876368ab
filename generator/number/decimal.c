#include "number/decimal.h"

#include "base/round.h"
#include "base/strbuf.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#define SCALE_MAX 18
#define EXPONENT_MAX 1000 /* far beyond what fits; keeps the sum of scales from overflowing */

__extension__ typedef __int128 wide;

/* Normal form of coef / 10^scale; false where it does not fit. */
static bool normalise(wide coef, int scale, struct decimal *out)
{
    if (coef == 0) {
        *out = (struct decimal){0, 0};
        return true;
    }
    while (scale > 0 && coef % 10 == 0) {
        coef /= 10;
        scale--;
    }
    for (; scale < 0; scale++) {
        if (coef > INT64_MAX || coef < -INT64_MAX)
            return false;
        coef *= 10;
    }
    if (scale > SCALE_MAX || coef > INT64_MAX || coef < -INT64_MAX)
        return false;
    *out = (struct decimal){(int64_t)coef, scale};
    return true;
}

/* The characters still to be read. */
struct reader {
    const char *p, *end;
};

static bool at_digit(const struct reader *r)
{
    return r->p < r->end && *r->p >= '0' && *r->p <= '9';
}

/* Appends digits to *coef; false where there is none or they do not fit. */
static bool read_digits(struct reader *r, wide *coef, int *count)
{
    const char *start = r->p;
    for (; at_digit(r); r->p++) {
        /* 19 digits hold every int64; zeros that normal form cuts may follow for a while. */
        if (*coef > (wide)INT64_MAX * 1000000000)
            return false;
        *coef = *coef * 10 + (*r->p - '0');
        ++*count;
    }
    return r->p > start;
}

bool decimal_parse(struct str text, struct decimal *out)
{
    struct reader r = {text.s, text.s + text.n};
    if (text.n == 0 || text.n > 64)
        return false;
    bool negative = *r.p == '-';
    r.p += negative;
    wide coef = 0;
    int ignored = 0, scale = 0, exponent = 0;
    bool leading_zero = at_digit(&r) && *r.p == '0';
    if (!read_digits(&r, &coef, &ignored) || (leading_zero && ignored > 1))
        return false;
    if (r.p < r.end && *r.p == '.') {
        r.p++;
        if (!read_digits(&r, &coef, &scale))
            return false;
    }
    if (r.p < r.end && (*r.p == 'e' || *r.p == 'E')) {
        r.p++;
        bool minus = r.p < r.end && *r.p == '-';
        r.p += r.p < r.end && (*r.p == '-' || *r.p == '+');
        if (!at_digit(&r))
            return false;
        for (; at_digit(&r); r.p++)
            if (exponent < EXPONENT_MAX)
                exponent = exponent * 10 + (*r.p - '0');
        if (minus)
            exponent = -exponent;
    }
    if (r.p != r.end)
        return false;
    return normalise(negative ? -coef : coef, scale - exponent, out);
}

static wide power_of_ten(int n)
{
    wide power = 1;
    for (; n > 0; n--)
        power *= 10;
    return power;
}

int decimal_compare(struct decimal a, struct decimal b)
{
    wide left = a.coef, right = b.coef; /* 9.2e18 x 1e18 is below 2^127 */
    if (a.scale < b.scale)
        left *= power_of_ten(b.scale - a.scale);
    else
        right *= power_of_ten(a.scale - b.scale);
    return (left > right) - (left < right);
}

bool decimal_is_zero(struct decimal d)
{
    return d.coef == 0;
}

/* All exact: 10^22 is the largest power of ten that a double holds. */
static const double POWERS[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9, 1e10,
                                1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20};

double decimal_double(struct decimal d)
{
    /* Both exact, so that the one division rounds correctly. */
    if (d.coef > -(INT64_C(1) << 53) && d.coef < INT64_C(1) << 53 && (size_t)d.scale < sizeof POWERS / sizeof *POWERS)
        return (double)d.coef / POWERS[d.scale];
    struct strbuf text = STRBUF_INIT;
    decimal_add(&text, d);
    double value = strtod(text.s, NULL);
    strbuf_release(&text);
    return value;
}

void decimal_add(struct strbuf *sb, struct decimal d)
{
    char digits[SCALE_MAX + 24];
    size_t at = sizeof digits;
    uint64_t rest = d.coef < 0 ? (uint64_t)0 - (uint64_t)d.coef : (uint64_t)d.coef;
    for (int i = 0; i <= d.scale || rest > 0; i++) {
        if (i > 0 && i == d.scale)
            digits[--at] = '.';
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    }
    if (d.coef < 0)
        strbuf_addc(sb, '-');
    strbuf_add(sb, (struct str){digits + at, sizeof digits - at});
}

/* 9e11 and more leave no decimals at 12 digits; above 10^12 even the last whole digit goes. */
static int64_t round_to_tens(double size)
{
    double rest = fmod(size, 10.0);
    int64_t tens = (int64_t)((size - rest) / 10.0);
    bool up = rest > 5.0 || (!(rest < 5.0) && tens % 2 != 0);
    return (tens + up) * 10;
}

struct decimal decimal_quantity(double value)
{
    assert(isfinite(value) && fabs(value) < 9e12);
    double size = fabs(value);
    int decimals = 6;
    double limit = 1e6; /* 12 digits: six before the point */
    while (decimals > 0 && size >= limit) {
        limit *= 10.0;
        decimals--;
    }
    int64_t coef = size < 1e12 ? round_scaled(size, decimals) : round_to_tens(size);
    struct decimal result;
    bool fits = normalise(value < 0.0 ? -(wide)coef : coef, decimals, &result);
    assert(fits);
    (void)fits;
    return result;
}

bool decimal_mul(struct decimal a, struct decimal b, struct decimal *out)
{
    return normalise((wide)a.coef * b.coef, a.scale + b.scale, out);
}
