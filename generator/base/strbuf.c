#include "base/strbuf.h"

#include "base/arena.h"
#include "base/round.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS_MAX ((size_t)24) /* of a uint64_t, with room for leading zeros */

static const uint64_t POWERS[] = {1,
                                  10,
                                  100,
                                  1000,
                                  10000,
                                  100000,
                                  1000000,
                                  10000000,
                                  100000000,
                                  1000000000,
                                  10000000000,
                                  100000000000,
                                  1000000000000,
                                  10000000000000,
                                  100000000000000,
                                  1000000000000000};

void strbuf_release(struct strbuf *sb)
{
    free(sb->s);
    *sb = STRBUF_INIT;
}

void strbuf_clear(struct strbuf *sb)
{
    sb->n = 0;
    sb->overflowed = false;
    if (sb->s)
        sb->s[0] = '\0';
}

struct str strbuf_str(const struct strbuf *sb)
{
    return sb->s ? (struct str){sb->s, sb->n} : STR("");
}

struct str strbuf_copy(const struct strbuf *sb, struct arena *a)
{
    return str_copy(a, strbuf_str(sb));
}

/* Room for `more` bytes and the NUL; how many of them fit below the maximum. */
static size_t reserve(struct strbuf *sb, size_t more)
{
    size_t maximum = sb->maximum ? sb->maximum : STRBUF_MAX_DEFAULT;
    size_t room = sb->n < maximum ? maximum - sb->n : 0;
    if (more > room) {
        sb->overflowed = true;
        more = room;
    }
    size_t need = sb->n + more + 1;
    if (need > sb->capacity) {
        size_t capacity = sb->capacity < 128 ? 256 : sb->capacity * 2;
        if (capacity > maximum + 1)
            capacity = maximum + 1;
        if (capacity < need)
            capacity = need;
        assert(capacity > 0);
        char *larger = realloc(sb->s, capacity);
        if (!larger)
            arena_exhausted();
        sb->s = larger;
        sb->capacity = capacity;
    }
    return more;
}

void strbuf_add_growing(struct strbuf *sb, struct str text)
{
    size_t n = reserve(sb, text.n);
    if (n > 0)
        memcpy(sb->s + sb->n, text.s, n);
    sb->n += n;
    sb->s[sb->n] = '\0';
}

void strbuf_addf(struct strbuf *sb, const char *fmt, ...)
{
    char small[256];
    va_list first, second;
    va_start(first, fmt);
    va_copy(second, first);
    int n = vsnprintf(small, sizeof small, fmt, first);
    va_end(first);
    assert(n >= 0);
    if ((size_t)n < sizeof small) {
        strbuf_add(sb, (struct str){small, (size_t)n});
    } else {
        char *large = malloc((size_t)n + 1);
        if (!large)
            arena_exhausted();
        vsnprintf(large, (size_t)n + 1, fmt, second);
        strbuf_add(sb, (struct str){large, (size_t)n});
        free(large);
    }
    va_end(second);
}

/* Decimal digits of a magnitude, at least `width` of them, at the end of `to`; points into it. */
static struct str digits_of(uint64_t value, size_t width, char to[DIGITS_MAX])
{
    size_t at = DIGITS_MAX;
    do {
        to[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    while (DIGITS_MAX - at < width)
        to[--at] = '0';
    return (struct str){to + at, DIGITS_MAX - at};
}

static uint64_t magnitude(int64_t value)
{
    return value < 0 ? (uint64_t)0 - (uint64_t)value : (uint64_t)value;
}

void strbuf_add_int(struct strbuf *sb, int64_t value)
{
    char buffer[DIGITS_MAX];
    if (value < 0)
        strbuf_addc(sb, '-');
    strbuf_add(sb, digits_of(magnitude(value), 1, buffer));
}

void strbuf_add_fixed(struct strbuf *sb, double value, int decimals, bool trim)
{
    assert(decimals >= 0 && decimals <= 6);
    int64_t count = round_scaled(value, decimals);
    char buffer[DIGITS_MAX];
    struct str digits = digits_of(magnitude(count), (size_t)decimals + 1, buffer);
    size_t whole = digits.n - (size_t)decimals;
    size_t end = digits.n;
    if (trim)
        while (end > whole && digits.s[end - 1] == '0')
            end--;
    if (count < 0)
        strbuf_addc(sb, '-');
    strbuf_add(sb, str_slice(digits, 0, whole));
    if (end > whole) {
        strbuf_addc(sb, '.');
        strbuf_add(sb, str_slice(digits, whole, end));
    }
}

/* size > 0 as an integer of at most `digits` digits times 10^*exponent. */
static uint64_t significant(double size, int digits, int *exponent)
{
    int scale = digits - 1 - (int)floor(log10(size));
    if (scale >= 0 && scale <= 22) {
        uint64_t count = (uint64_t)round_scaled(size, scale);
        if (count < POWERS[digits - 1]) { /* log10 was one too high */
            scale++;
            count = scale <= 22 ? (uint64_t)round_scaled(size, scale) : 0;
        }
        if (count > 0 && count <= POWERS[digits]) {
            *exponent = -scale;
            return count;
        }
    }
    /* Very large and very small values are rare: the C library knows how, and there is no locale. */
    char text[40];
    snprintf(text, sizeof text, "%.*e", digits - 1, size);
    uint64_t count = 0;
    const char *p = text;
    for (; *p != 'e'; p++)
        if (*p != '.')
            count = count * 10 + (uint64_t)(*p - '0');
    *exponent = (int)strtol(p + 1, NULL, 10) - (digits - 1);
    return count;
}

void strbuf_add_double(struct strbuf *sb, double value, int digits)
{
    assert(isfinite(value) && digits >= 1 && digits <= 15);
    double size = fabs(value);
    if (!(size > 0.0)) {
        strbuf_addc(sb, '0');
        return;
    }
    int exponent;
    uint64_t count = significant(size, digits, &exponent);
    while (count % 10 == 0) {
        count /= 10;
        exponent++;
    }
    char buffer[DIGITS_MAX];
    struct str text = digits_of(count, 1, buffer);
    int point = (int)text.n + exponent; /* digits before the decimal point */
    if (value < 0.0)
        strbuf_addc(sb, '-');
    /* Plain from 0.000001 to below 10^21, as JSON.stringify writes numbers. */
    if (point > 21 || point < -5) {
        strbuf_add(sb, str_slice(text, 0, 1));
        if (text.n > 1) {
            strbuf_addc(sb, '.');
            strbuf_add(sb, str_slice(text, 1, text.n));
        }
        strbuf_addc(sb, 'e');
        strbuf_add_int(sb, point - 1);
    } else if (point <= 0) {
        strbuf_adds(sb, "0.");
        for (int i = point; i < 0; i++)
            strbuf_addc(sb, '0');
        strbuf_add(sb, text);
    } else if ((size_t)point >= text.n) {
        strbuf_add(sb, text);
        for (size_t i = text.n; i < (size_t)point; i++)
            strbuf_addc(sb, '0');
    } else {
        strbuf_add(sb, str_slice(text, 0, (size_t)point));
        strbuf_addc(sb, '.');
        strbuf_add(sb, str_slice(text, (size_t)point, text.n));
    }
}
