#ifndef SOURCE_JSON_STRING_H
#define SOURCE_JSON_STRING_H
/*
 * Escapes in the strings of JSON (RFC 8259, section 7). The scan finds what is wrong with them and says
 * so; here they are decoded, the wrong ones into blanks or a question mark.
 */
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;

/* Four hexadecimal digits at the offset, or -1. */
int32_t json_hex4(struct str text, size_t at);

/* Whether a backslash and this make an escape of two characters; -1, the end of the text, does not. */
bool json_is_short_escape(int c);

/* What stands between the quotes, unescaped, in the arena. No backslash is its last character. */
struct str json_unescape(struct arena *a, struct str text);
#endif
