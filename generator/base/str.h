#ifndef BASE_STR_H
#define BASE_STR_H
/*
 * Borrowed bytes: a pointer and a length, never NUL-ended by promise. A struct str does not own
 * what it points at; it lives as long as the arena, file or literal behind it. {NULL, 0} is the
 * valid empty string. All comparisons are by bytes, so no locale can change an order.
 */
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct arena;

struct str {
    const char *s;
    size_t n;
};

#define STR(lit) ((struct str){(lit), sizeof(lit) - 1})
#define STR_ARG(x) (int)(x).n, (x).s /* for "%.*s" */

/* NULL gives the empty string. */
static inline struct str str_of(const char *cstring)
{
    return (struct str){cstring, cstring ? strlen(cstring) : 0};
}

/* Questions. */
static inline bool str_equal(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.s, b.s, a.n) == 0);
}

bool str_is(struct str a, const char *cstring);
int str_compare(struct str a, struct str b); /* <0, 0, >0, as memcmp; shorter first */
bool str_starts(struct str text, struct str prefix);
bool str_ends(struct str text, struct str suffix);
size_t str_find(struct str text, struct str needle); /* offset, or text.n where absent */

/* Slicing: the results point into the argument. */
struct str str_trim(struct str text);                          /* ASCII white space, both ends */
/* Bounds are clamped. */
static inline struct str str_slice(struct str text, size_t from, size_t to)
{
    if (to > text.n)
        to = text.n;
    if (from >= to)
        from = to;
    return text.s ? (struct str){text.s + from, to - from} : text;
}

/* Splits at the first `at`; false where there is none, and then head is the whole text. */
bool str_cut(struct str text, char at, struct str *head, struct str *tail);
/* Takes the first line, without \n or \r\n; false at the end. */
bool str_next_line(struct str *rest, struct str *line);

/* Copies. */
struct str str_copy(struct arena *a, struct str text);
const char *str_cstring(struct arena *a, struct str text); /* NUL-ended, for the C library */
struct str str_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
struct str str_lower(struct arena *a, struct str text); /* ASCII only */

/* First offset that is not valid UTF-8 (overlong, surrogate and > U+10FFFF are invalid), or text.n. */
size_t str_utf8_error(struct str text);

/*
 * The candidate nearest to `word` by Damerau-Levenshtein distance, for "did you mean"; NULL-string
 * result where none is within max(2, word.n / 3), or where every letter would change. Ties go to
 * the earlier candidate.
 */
struct str str_nearest(struct str word, const struct str *candidates, size_t count);
#endif
