#ifndef BASE_STRBUF_H
#define BASE_STRBUF_H
/*
 * The one string builder: owned, growing bytes. Appending cannot fail, so renderers have no error
 * paths; memory exhaustion ends the process. A strbuf has a maximum: past it further bytes are
 * dropped and `overflowed` is set, so that a runaway template stops; its owner checks once.
 * The bytes are always NUL-ended after the length, for the C library.
 */
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define STRBUF_MAX_DEFAULT ((size_t)64 << 20)

struct strbuf {
    char *s;
    size_t n, capacity, maximum; /* maximum 0 means STRBUF_MAX_DEFAULT; set it before the first byte */
    bool overflowed;
};

#define STRBUF_INIT ((struct strbuf){0})
void strbuf_release(struct strbuf *sb);         /* frees; leaves a valid empty strbuf */
void strbuf_clear(struct strbuf *sb);           /* empty, keeps its memory */
struct str strbuf_str(const struct strbuf *sb); /* valid until the next change */
struct str strbuf_copy(const struct strbuf *sb, struct arena *a);

/* What the three below do where there is no room. */
void strbuf_add_growing(struct strbuf *sb, struct str text);

/* In the header, because a report is some 200,000 of these calls. */
static inline void strbuf_add(struct strbuf *sb, struct str text)
{
    if (text.n >= sb->capacity - sb->n) { // the capacity never goes beyond the maximum and its NUL
        strbuf_add_growing(sb, text);
        return;
    }
    if (text.n > 0)
        memcpy(sb->s + sb->n, text.s, text.n);
    sb->n += text.n;
    sb->s[sb->n] = '\0';
}

static inline void strbuf_adds(struct strbuf *sb, const char *cstring)
{
    strbuf_add(sb, (struct str){cstring, cstring ? strlen(cstring) : 0});
}

static inline void strbuf_addc(struct strbuf *sb, char c)
{
    strbuf_add(sb, (struct str){&c, 1});
}

void strbuf_addf(struct strbuf *sb, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Numbers without printf and without a locale (printf costs 20 times as much). */
void strbuf_add_int(struct strbuf *sb, int64_t value);
/* `value` rounded half to even to `decimals` (0-6) places; trailing zeros are cut when `trim`.
 * No exponent, never "-0". |value| must be finite and below 9e12. */
void strbuf_add_fixed(struct strbuf *sb, double value, int decimals, bool trim);
/* Shortest of at most `digits` (1-15) significant digits, plain or with exponent, as JSON allows. */
void strbuf_add_double(struct strbuf *sb, double value, int digits);
#endif
