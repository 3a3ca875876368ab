#include "base/str.h"

#include "base/arena.h"

#include <assert.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define NEAREST_MAX 80 /* longer words are not typing mistakes of a key, verb or platform */

bool str_is(struct str a, const char *cstring)
{
    return str_equal(a, str_of(cstring));
}

int str_compare(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n == 0 ? 0 : memcmp(a.s, b.s, n);
    if (order != 0)
        return order;
    return (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str text, struct str prefix)
{
    return text.n >= prefix.n && str_equal((struct str){text.s, prefix.n}, prefix);
}

bool str_ends(struct str text, struct str suffix)
{
    return text.n >= suffix.n && str_equal(str_slice(text, text.n - suffix.n, text.n), suffix);
}

size_t str_find(struct str text, struct str needle)
{
    if (needle.n == 0)
        return 0;
    size_t at = 0;
    while (text.n - at >= needle.n) {
        const char *hit = memchr(text.s + at, needle.s[0], text.n - at - needle.n + 1);
        if (!hit)
            break;
        at = (size_t)(hit - text.s);
        if (memcmp(hit, needle.s, needle.n) == 0)
            return at;
        at++;
    }
    return text.n;
}

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str text)
{
    while (text.n > 0 && is_space(text.s[0])) {
        text.s++;
        text.n--;
    }
    while (text.n > 0 && is_space(text.s[text.n - 1]))
        text.n--;
    return text;
}

bool str_cut(struct str text, char at, struct str *head, struct str *tail)
{
    const char *hit = text.n > 0 ? memchr(text.s, at, text.n) : NULL;
    if (!hit) {
        *head = text;
        *tail = str_slice(text, text.n, text.n);
        return false;
    }
    size_t offset = (size_t)(hit - text.s);
    *head = str_slice(text, 0, offset);
    *tail = str_slice(text, offset + 1, text.n);
    return true;
}

bool str_next_line(struct str *rest, struct str *line)
{
    if (rest->n == 0)
        return false;
    struct str tail;
    str_cut(*rest, '\n', line, &tail);
    *rest = tail;
    if (line->n > 0 && line->s[line->n - 1] == '\r')
        line->n--;
    return true;
}

struct str str_copy(struct arena *a, struct str text)
{
    return (struct str){str_cstring(a, text), text.n};
}

const char *str_cstring(struct arena *a, struct str text)
{
    char *copy = arena_new(a, char, text.n + 1);
    if (text.n > 0)
        memcpy(copy, text.s, text.n);
    return copy;
}

struct str str_printf(struct arena *a, const char *fmt, ...)
{
    char small[256]; // most texts are shorter and formatted once
    va_list first, second;
    va_start(first, fmt);
    va_copy(second, first);
    int n = vsnprintf(small, sizeof small, fmt, first);
    va_end(first);
    assert(n >= 0);
    size_t size = (size_t)n + 1;
    char *text = arena_new(a, char, size);
    if (size <= sizeof small)
        memcpy(text, small, size);
    else
        vsnprintf(text, size, fmt, second);
    va_end(second);
    return (struct str){text, (size_t)n};
}

struct str str_lower(struct arena *a, struct str text)
{
    char *copy = arena_new(a, char, text.n + 1);
    for (size_t i = 0; i < text.n; i++) {
        char c = text.s[i];
        copy[i] = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
    }
    return (struct str){copy, text.n};
}

/* Length of the valid UTF-8 sequence at the start of n > 0 bytes; 0: none (Unicode table 3-7). */
static size_t utf8_length(const unsigned char *p, size_t n)
{
    unsigned c = p[0];
    size_t length;
    unsigned low = 0x80, high = 0xBF;
    if (c < 0x80)
        return 1;
    if (c >= 0xC2 && c <= 0xDF) {
        length = 2;
    } else if (c >= 0xE0 && c <= 0xEF) {
        length = 3;
        low = c == 0xE0 ? 0xA0 : 0x80;  /* overlong */
        high = c == 0xED ? 0x9F : 0xBF; /* surrogates */
    } else if (c >= 0xF0 && c <= 0xF4) {
        length = 4;
        low = c == 0xF0 ? 0x90 : 0x80;  /* overlong */
        high = c == 0xF4 ? 0x8F : 0xBF; /* above U+10FFFF */
    } else {
        return 0;
    }
    if (n < length || p[1] < low || p[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    return length;
}

size_t str_utf8_error(struct str text)
{
    const unsigned char *p = (const unsigned char *)text.s;
    size_t at = 0;
    while (at < text.n) {
        uint64_t eight;
        while (text.n - at >= sizeof eight) { // nearly all bytes are ASCII
            memcpy(&eight, p + at, sizeof eight);
            if (eight & UINT64_C(0x8080808080808080))
                break;
            at += sizeof eight;
        }
        if (at == text.n)
            break;
        size_t length = utf8_length(p + at, text.n - at);
        if (length == 0)
            break;
        at += length;
    }
    return at;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Insertions, deletions, replacements and swaps of neighbours; both at most NEAREST_MAX bytes. */
static size_t distance(struct str a, struct str b)
{
    size_t rows[3][NEAREST_MAX + 1];
    size_t *before = rows[0], *previous = rows[1], *current = rows[2];
    for (size_t j = 0; j <= b.n; j++)
        previous[j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        current[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            size_t replace = previous[j - 1] + (a.s[i - 1] != b.s[j - 1]);
            size_t best = least(replace, least(previous[j], current[j - 1]) + 1);
            if (i > 1 && j > 1 && a.s[i - 1] == b.s[j - 2] && a.s[i - 2] == b.s[j - 1])
                best = least(best, before[j - 2] + 1);
            current[j] = best;
        }
        size_t *oldest = before;
        before = previous;
        previous = current;
        current = oldest;
    }
    return previous[b.n];
}

struct str str_nearest(struct str word, const struct str *candidates, size_t count)
{
    struct str best = {NULL, 0};
    if (word.n == 0 || word.n > NEAREST_MAX)
        return best;
    size_t limit = word.n / 3 > 2 ? word.n / 3 : 2;
    size_t best_distance = limit + 1;
    for (size_t i = 0; i < count; i++) {
        if (candidates[i].n > NEAREST_MAX)
            continue;
        size_t d = distance(word, candidates[i]);
        /* A distance of the whole word means that nothing of it is left. */
        if (d < best_distance && d < word.n) {
            best_distance = d;
            best = candidates[i];
        }
    }
    return best;
}
