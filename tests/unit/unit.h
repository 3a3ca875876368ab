#ifndef UNIT_UNIT_H
#define UNIT_UNIT_H
/*
 * What every unit test includes: cmocka with the headers that it wants before it, and checks of
 * struct str and of printed text that show got and want.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/str.h"
#include "base/strbuf.h"

#include <string.h>

/* Bytes are equal; on failure cmocka prints both. */
static inline void check_str(struct str got, const char *want, const char *file, int line)
{
    char text[4096];
    size_t n = got.n < sizeof text - 1 ? got.n : sizeof text - 1;
    if (n > 0)
        memcpy(text, got.s, n);
    text[n] = '\0';
    _assert_string_equal(text, want, file, line);
    _assert_int_equal(got.n, strlen(want), file, line);
}

#define assert_str(got, want) check_str((got), (want), __FILE__, __LINE__)

/* Compares what a builder holds, and empties it for the next check. */
static inline void check_text(struct strbuf *sb, const char *want, const char *file, int line)
{
    check_str(strbuf_str(sb), want, file, line);
    strbuf_clear(sb);
}

#define assert_text(sb, want) check_text((sb), (want), __FILE__, __LINE__)
#endif
