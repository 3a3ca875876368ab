#include "source/json_string.h"

#include "base/arena.h"

int32_t json_hex4(struct str text, size_t at)
{
    int32_t value = 0;
    if (text.n < at + 4)
        return -1;
    for (size_t i = at; i < at + 4; i++) {
        int c = (unsigned char)text.s[i];
        int digit = c >= '0' && c <= '9'   ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

bool json_is_short_escape(int c)
{
    return c == '"' || c == '\\' || c == '/' || c == 'b' || c == 'f' || c == 'n' || c == 'r' ||
           c == 't';
}

static char *add_utf8(char *to, int32_t c)
{
    if (c < 0x80) {
        *to++ = (char)c;
    } else if (c < 0x800) {
        *to++ = (char)(0xc0 | c >> 6);
        *to++ = (char)(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        *to++ = (char)(0xe0 | c >> 12);
        *to++ = (char)(0x80 | (c >> 6 & 0x3f));
        *to++ = (char)(0x80 | (c & 0x3f));
    } else {
        *to++ = (char)(0xf0 | c >> 18);
        *to++ = (char)(0x80 | (c >> 12 & 0x3f));
        *to++ = (char)(0x80 | (c >> 6 & 0x3f));
        *to++ = (char)(0x80 | (c & 0x3f));
    }
    return to;
}

/* At "\u". What the scan has complained of becomes blanks or a question mark. */
static char *unescape_unicode(char *to, struct str text, size_t *at)
{
    int32_t unit = json_hex4(text, *at + 2);
    if (unit < 0) {
        *at += 2;
        *to++ = ' ';
        *to++ = ' ';
        return to;
    }
    *at += 6;
    if (unit >= 0xd800 && unit <= 0xdbff && text.n - *at >= 6 && text.s[*at] == '\\' &&
        text.s[*at + 1] == 'u') {
        int32_t low = json_hex4(text, *at + 2);
        if (low >= 0xdc00 && low <= 0xdfff) {
            *at += 6;
            return add_utf8(to, 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
        }
    }
    return add_utf8(to, unit == 0 || (unit >= 0xd800 && unit <= 0xdfff) ? '?' : unit);
}

/* At a backslash that is not the last character: the string would not have ended there. */
static char *unescape(char *to, struct str text, size_t *at)
{
    char c = text.s[*at + 1];
    if (c == 'u')
        return unescape_unicode(to, text, at);
    if (!json_is_short_escape(c)) {
        *at += 1;
        *to++ = ' ';
        return to;
    }
    *at += 2;
    switch (c) {
    case 'b': *to++ = '\b'; break;
    case 'f': *to++ = '\f'; break;
    case 'n': *to++ = '\n'; break;
    case 'r': *to++ = '\r'; break;
    case 't': *to++ = '\t'; break;
    default: *to++ = c; break; // '"', '\\' and '/'
    }
    return to;
}

struct str json_unescape(struct arena *a, struct str text)
{
    char *decoded = arena_new(a, char, text.n + 1), *to = decoded;
    for (size_t at = 0; at < text.n;) {
        if (text.s[at] == '\\') {
            to = unescape(to, text, &at);
        } else {
            *to++ = (unsigned char)text.s[at] < 0x20 ? ' ' : text.s[at];
            at++;
        }
    }
    return (struct str){decoded, (size_t)(to - decoded)};
}
