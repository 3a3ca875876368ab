#include "feeds/measure.h"

#include <assert.h>
#include <limits.h>

/* ISO C17 has no 128-bit integers; both compilers do, on 64-bit machines. */
__extension__ typedef __int128 wide;

#define ROUNDED_DECIMALS 12
#define WORD_MAX 24

struct word {
    const char *name; /* lower case */
    enum measure_data data;
    bool is_time;
    int64_t amount;
};

#define SECONDS_A_MONTH (INT64_C(730) * 3600)

static const struct word WORDS[] = {
    {"s", DATA_NONE, true, 1},
    {"sec", DATA_NONE, true, 1},
    {"second", DATA_NONE, true, 1},
    {"min", DATA_NONE, true, 60},
    {"minute", DATA_NONE, true, 60},
    {"h", DATA_NONE, true, 3600},
    {"hr", DATA_NONE, true, 3600},
    {"hour", DATA_NONE, true, 3600},
    {"d", DATA_NONE, true, 86400},
    {"day", DATA_NONE, true, 86400},
    {"mo", DATA_NONE, true, SECONDS_A_MONTH},
    {"month", DATA_NONE, true, SECONDS_A_MONTH},
    {"by", DATA_BINARY, false, 1},
    {"kiby", DATA_BINARY, false, INT64_C(1) << 10},
    {"kib", DATA_BINARY, false, INT64_C(1) << 10},
    {"miby", DATA_BINARY, false, INT64_C(1) << 20},
    {"mib", DATA_BINARY, false, INT64_C(1) << 20},
    {"giby", DATA_BINARY, false, INT64_C(1) << 30},
    {"gib", DATA_BINARY, false, INT64_C(1) << 30},
    {"tiby", DATA_BINARY, false, INT64_C(1) << 40},
    {"tib", DATA_BINARY, false, INT64_C(1) << 40},
    {"mb", DATA_DECIMAL, false, 1000000},
    {"gb", DATA_DECIMAL, false, 1000000000},
    {"tb", DATA_DECIMAL, false, INT64_C(1000000000000)},
};

/* ---- unit texts ---------------------------------------------------------------------------------
 */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* "Hrs", "hours" and "Hour" are one word: compared in lower case, a plural s is left out. */
static bool is_word(struct str text, const char *name)
{
    size_t n = 0;
    while (n < text.n && name[n] && lower(text.s[n]) == name[n])
        n++;
    if (name[n] != '\0')
        return false;
    return n == text.n || (n > 1 && n + 1 == text.n && lower(text.s[n]) == 's');
}

static bool times(int64_t *amount, int64_t factor)
{
    return factor > 0 && !__builtin_mul_overflow(*amount, factor, amount);
}

/* A number with an optional K, M or B for thousand, million, billion: "10K", "100". */
static bool read_number(struct str *rest, int64_t *amount)
{
    int64_t number = 0;
    size_t i = 0;
    for (; i < rest->n && (is_digit(rest->s[i]) || rest->s[i] == ','); i++) {
        if (rest->s[i] == ',')
            continue;
        if (__builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, rest->s[i] - '0', &number))
            return false;
    }
    bool alone = i < rest->n && (i + 1 == rest->n || !is_letter(rest->s[i + 1]));
    int64_t factor = 1;
    if (alone && (rest->s[i] == 'K' || rest->s[i] == 'k'))
        factor = 1000;
    else if (alone && rest->s[i] == 'M')
        factor = 1000000;
    else if (alone && rest->s[i] == 'B')
        factor = 1000000000;
    if (factor > 1)
        i++;
    *rest = str_slice(*rest, i, rest->n);
    return times(amount, number) && times(amount, factor);
}

static bool take_word(struct str text, struct measure *m)
{
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++) {
        const struct word *w = &WORDS[i];
        if (text.n > WORD_MAX || !is_word(text, w->name))
            continue;
        if (w->is_time ? m->is_time : m->data != DATA_NONE)
            return false;
        if (w->is_time)
            m->is_time = true;
        else
            m->data = w->data;
        return times(&m->amount, w->amount);
    }
    return true; // the name of a thing
}

bool measure_parse(struct str text, struct measure *out)
{
    struct str rest = str_trim(text);
    *out = (struct measure){.amount = 1};
    if (rest.n == 0)
        return false;
    while (rest.n > 0) {
        if (is_digit(rest.s[0])) {
            if (!read_number(&rest, &out->amount))
                return false;
            continue;
        }
        size_t n = 0;
        while (n < rest.n && is_letter(rest.s[n]))
            n++;
        if (n > 0 && !take_word(str_slice(rest, 0, n), out))
            return false;
        rest = str_slice(rest, n > 0 ? n : 1, rest.n);
    }
    return true;
}

bool measure_agrees(struct measure a, struct measure b)
{
    return a.data == b.data && a.is_time == b.is_time;
}

/* ---- exact arithmetic ---------------------------------------------------------------------------
 */

static bool fits(wide coef, int scale, struct decimal *out)
{
    while (scale > 0 && coef % 10 == 0) {
        coef /= 10;
        scale--;
    }
    if (scale > 18 || coef > INT64_MAX || coef < -INT64_MAX)
        return false;
    *out = (struct decimal){(int64_t)coef, coef == 0 ? 0 : scale};
    return true;
}

static wide divide_half_even(wide value, wide by)
{
    bool negative = value < 0;
    wide magnitude = negative ? -value : value;
    wide quotient = magnitude / by, rest = magnitude % by;
    if (rest > by - rest || (rest == by - rest && quotient % 2 != 0))
        quotient++;
    return negative ? -quotient : quotient;
}

static int64_t common_divisor(int64_t a, int64_t b)
{
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

bool decimal_ratio(struct decimal value, int64_t numerator, int64_t denominator,
                   struct decimal *out)
{
    const wide limit = (wide)INT64_MAX * INT64_MAX / 10;
    int64_t shared = common_divisor(numerator, denominator);
    wide product = (wide)value.coef * (numerator / shared), by = denominator / shared;
    int scale = value.scale;
    assert(numerator > 0 && by > 0);
    wide exact = product;
    int exact_scale = scale;
    while (exact % by != 0 && exact_scale < 18 && exact < limit && exact > -limit) {
        exact *= 10;
        exact_scale++;
    }
    if (exact % by == 0)
        return fits(exact / by, exact_scale, out);
    // The wanted decimals, or all that the price had where those are more.
    int decimals = scale > ROUNDED_DECIMALS ? scale : ROUNDED_DECIMALS;
    for (; scale < decimals; scale++) {
        if (product >= limit || product <= -limit)
            return false;
        product *= 10;
    }
    return fits(divide_half_even(product, by), scale, out);
}

bool decimal_sum(struct decimal a, struct decimal b, struct decimal *out)
{
    wide left = a.coef, right = b.coef;
    int scale = a.scale > b.scale ? a.scale : b.scale;
    for (int i = a.scale; i < scale; i++)
        left *= 10;
    for (int i = b.scale; i < scale; i++)
        right *= 10;
    return fits(left + right, scale, out);
}

struct decimal decimal_round(struct decimal value, int decimals)
{
    wide by = 1;
    if (value.scale <= decimals)
        return value;
    for (int i = decimals; i < value.scale; i++)
        by *= 10;
    struct decimal out = value;
    fits(divide_half_even(value.coef, by), decimals, &out);
    return out;
}
