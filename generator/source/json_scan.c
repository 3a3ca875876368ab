#include "source/json_scan.h"

#include "base/arena.h"

#include <stdint.h>
#include <string.h>

struct scanner {
    struct str path, text;
    char *copy;
    size_t at;
    int depth;
    struct json_span *spans;
    size_t count, capacity;
    struct arena *a;
    struct diags *d;
};

/* Bytes of text for each value that room is made for at first: pretty-printed files have some 30. */
#define BYTES_A_VALUE 24

static const char QUOTE_HINT[] = "strings and keys are written in double quotes: \"...\"";

static struct where place(const struct scanner *s, size_t from, size_t to)
{
    return (struct where){s->path, s->text, from, to - from};
}

static bool at_end(const struct scanner *s)
{
    return s->at >= s->text.n;
}

/* The byte at the reading point plus `ahead`, or -1 past the end. */
static int peek(const struct scanner *s, size_t ahead)
{
    return s->text.n - s->at > ahead ? (unsigned char)s->text.s[s->at + ahead] : -1;
}

static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* One value that cannot be used becomes a zero in the copy, so that the scan can go on. */
static void mend_with_zero(struct scanner *s, size_t from, size_t to)
{
    memset(s->copy + from, ' ', to - from);
    s->copy[from] = '0';
}

static size_t utf8_length(unsigned char lead)
{
    return lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/* A fault in the structure. `open` is the offset of the container that is being read, if any. */
static bool unexpected(struct scanner *s, const char *expected, const size_t *open)
{
    if (at_end(s)) {
        size_t line = 0, column = 0;
        const char *hint = NULL;
        if (open && where_line(place(s, *open, *open + 1), &line, &column))
            hint = str_cstring(s->a,
                               str_printf(s->a, "what opens with '%c' on line %zu is not closed",
                                          s->text.s[*open], line));
        diag_error(s->d, place(s, s->text.n, s->text.n), hint,
                   "unexpected end of file, expected %s", expected);
        return false;
    }
    unsigned char c = (unsigned char)s->text.s[s->at];
    size_t length = utf8_length(c);
    struct where where = place(s, s->at, s->at + length);
    const char *hint = NULL;
    if (c == '\'' || c == '`' || is_letter(c) || c == '_' || c == '$' ||
        (length == 3 && c == 0xe2 && peek(s, 1) == 0x80 && peek(s, 2) >= 0x98 &&
         peek(s, 2) <= 0x9f))
        hint = QUOTE_HINT; // also for the typographic quotes U+2018 to U+201F
    else if (c == '#')
        hint = "comments are written // or /* */";
    if (c < 0x20 || c == 0x7f)
        diag_error(s->d, where, hint, "unexpected control character U+%04X, expected %s", c,
                   expected);
    else
        diag_error(s->d, where, hint, "unexpected '%.*s', expected %s", (int)length,
                   s->text.s + s->at, expected);
    return false;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/* White space and comments; the comments are blanked in the copy. */
static bool skip_blanks(struct scanner *s)
{
    for (;;) {
        while (s->at < s->text.n && is_blank(s->text.s[s->at]))
            s->at++;
        int c = peek(s, 0);
        size_t start = s->at;
        if (c != '/' || (peek(s, 1) != '/' && peek(s, 1) != '*'))
            return true;
        if (peek(s, 1) == '/') {
            while (!at_end(s) && peek(s, 0) != '\n' && peek(s, 0) != '\r')
                s->at++;
        } else {
            size_t close = str_find(str_slice(s->text, s->at + 2, s->text.n), STR("*/"));
            if (close == s->text.n - (s->at + 2)) {
                diag_error(s->d, place(s, start, start + 2), "close it with */",
                           "comment is not closed");
                return false;
            }
            s->at += 2 + close + 2;
        }
        memset(s->copy + start, ' ', s->at - start);
    }
}

/* Four hexadecimal digits after "\u" at offset `at`, or -1. */
static int32_t hex4(struct str text, size_t at)
{
    int32_t value = 0;
    if (text.n < at + 4)
        return -1;
    for (size_t i = at; i < at + 4; i++) {
        int c = (unsigned char)text.s[i];
        int digit = is_digit(c)            ? c - '0'
                    : c >= 'a' && c <= 'f' ? c - 'a' + 10
                    : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                           : -1;
        if (digit < 0)
            return -1;
        value = value * 16 + digit;
    }
    return value;
}

/* At "\u": steps over the escape, or over a pair of them. */
static void scan_unicode_escape(struct scanner *s)
{
    size_t start = s->at;
    int32_t unit = hex4(s->text, start + 2);
    if (unit < 0) {
        diag_error(s->d, place(s, start, start + 2), "write four hexadecimal digits: \\u00e9",
                   "\"\\u\" without four hexadecimal digits");
        memset(s->copy + start, ' ', 2);
        s->at += 2;
        return;
    }
    s->at += 6;
    if (unit >= 0xd800 && unit <= 0xdbff && peek(s, 0) == '\\' && peek(s, 1) == 'u') {
        int32_t low = hex4(s->text, s->at + 2);
        if (low >= 0xdc00 && low <= 0xdfff) {
            s->at += 6;
            return;
        }
    }
    if (unit == 0)
        diag_error(s->d, place(s, start, s->at), "leave it out", "\"\\u0000\" is not allowed");
    else if (unit >= 0xd800 && unit <= 0xdfff)
        diag_error(s->d, place(s, start, s->at), "write the character itself, in UTF-8",
                   "\"%.6s\" is half of a surrogate pair", s->text.s + start);
    else
        return;
    memcpy(s->copy + start + 2, "003f", 4);
}

/* A byte that stands for itself in a string: nearly all of them. */
static bool is_plain(char c)
{
    return (unsigned char)c >= 0x20 && c != '"' && c != '\\';
}

/* How many plain bytes the text begins with. Most strings are looked at eight bytes at a time. */
static size_t plain_run(const char *text, size_t n)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), highs = ones * 0x80;
    size_t at = 0;
    for (; n - at >= 8; at += 8) {
        uint64_t w;
        memcpy(&w, text + at, 8);
        uint64_t quote = w ^ ones * '"', slash = w ^ ones * '\\';
        // the high bit of a byte comes to be where it is zero, or below a blank
        uint64_t special = ((quote - ones) & ~quote) | ((slash - ones) & ~slash) |
                           ((w - ones * ' ') & ~w);
        if (special & highs)
            break;
    }
    while (at < n && is_plain(text[at]))
        at++;
    return at;
}

/* At the opening quote; leaves the reading point behind the closing one. */
static bool scan_string(struct scanner *s)
{
    size_t start = s->at++;
    for (;;) {
        s->at += plain_run(s->text.s + s->at, s->text.n - s->at);
        int c = peek(s, 0);
        if (c == '"') {
            s->at++;
            return true;
        }
        if (c < 0 || c == '\n' || c == '\r') {
            diag_error(s->d, place(s, start, s->at), "close it with \" on the same line",
                       "string is not closed");
            return false;
        }
        if (c < 0x20) {
            diag_error(s->d, place(s, s->at, s->at + 1),
                       c == '\t' ? "write \\t or blanks" : "remove it, or write it as an escape",
                       "control character U+%04X in a string", (unsigned)c);
            s->copy[s->at++] = ' ';
        } else if (peek(s, 1) == 'u') {
            scan_unicode_escape(s);
        } else if (peek(s, 1) > 0 && strchr("\"\\/bfnrt", peek(s, 1))) {
            s->at += 2;
        } else {
            diag_error(s->d, place(s, s->at, s->at + 1), "a backslash itself is written \\\\",
                       "unknown escape after '\\'");
            s->copy[s->at++] = ' ';
        }
    }
}

/* Does the whole text match number of RFC 8259, section 6? */
static bool is_number(struct str text)
{
    size_t i = 0, digits = 0;
#define CHAR() (i < text.n ? text.s[i] : '\0')
    if (CHAR() == '-')
        i++;
    if (CHAR() == '0')
        i++;
    else if (is_digit(CHAR()))
        while (is_digit(CHAR()))
            i++;
    else
        return false;
    if (CHAR() == '.') {
        for (i++, digits = 0; is_digit(CHAR()); i++)
            digits++;
        if (digits == 0)
            return false;
    }
    if (CHAR() == 'e' || CHAR() == 'E') {
        i++;
        if (CHAR() == '+' || CHAR() == '-')
            i++;
        for (digits = 0; is_digit(CHAR()); i++)
            digits++;
        if (digits == 0)
            return false;
    }
#undef CHAR
    return i == text.n;
}

static const char *number_hint(struct str word)
{
    struct str digits = word;
    if (digits.n > 0 && (digits.s[0] == '-' || digits.s[0] == '+'))
        digits = str_slice(digits, 1, digits.n);
    if (str_equal(digits, STR("NaN")) || str_equal(digits, STR("Infinity")))
        return "leave the key out where the figure is not known";
    if (digits.n > 1 && (digits.s[0] == '0') && (digits.s[1] == 'x' || digits.s[1] == 'X'))
        return "write it in decimal digits";
    if (digits.n > 1 && digits.s[0] == '0' && is_digit(digits.s[1]))
        return "leave out the leading zeros";
    if (word.n > 0 && word.s[0] == '+')
        return "leave out the '+'";
    if (str_find(digits, STR("_")) < digits.n)
        return "leave out the '_'";
    return "write it as 12, -3, 0.25 or 1.5e6";
}

/* A number or one of true, false, null: a run of the characters that such a word may consist of. */
static void scan_word(struct scanner *s, struct json_span *span)
{
    static const struct str WORDS[] = {{"true", 4}, {"false", 5}, {"null", 4}};
    size_t start = s->at;
    int first = peek(s, 0);
    for (int c = first;
         is_digit(c) || is_letter(c) || c == '+' || c == '-' || c == '.' || c == '_';
         c = peek(s, 0))
        s->at++;
    struct str word = str_slice(s->text, start, s->at);
    struct where where = place(s, start, s->at);
    bool like_number = !is_letter(first) && first != '_';

    if (str_equal(word, WORDS[0]) || str_equal(word, WORDS[1])) {
        span->kind = JSON_BOOL;
        return;
    }
    if (str_equal(word, WORDS[2])) {
        span->kind = JSON_NULL;
        return;
    }
    span->kind = JSON_NUMBER;
    if (is_number(word)) {
        if (word.n <= JSON_NUMBER_MAX)
            return;
        diag_error(s->d, where, "write fewer digits", "number is longer than %d characters",
                   (int)JSON_NUMBER_MAX);
    } else if (like_number || str_is(word, "NaN") || str_is(word, "Infinity")) {
        diag_error(s->d, where, number_hint(word), "\"%.*s\" is not a JSON number", STR_ARG(word));
    } else {
        struct str near = str_nearest(str_lower(s->a, word), WORDS, sizeof WORDS / sizeof *WORDS);
        const char *hint = QUOTE_HINT;
        if (near.s)
            hint = str_cstring(s->a, str_printf(s->a, "did you mean %.*s?", STR_ARG(near)));
        diag_error(s->d, where, hint, "unknown word \"%.*s\", expected a value", STR_ARG(word));
    }
    mend_with_zero(s, start, s->at);
}

static bool scan_value(struct scanner *s, size_t key_offset, size_t key_length, const size_t *open);

/* At a ',': steps over it. Sets *closed where nothing but the bracket follows: a trailing comma. */
static bool scan_comma(struct scanner *s, int bracket, bool *closed)
{
    size_t comma = s->at++;
    if (!skip_blanks(s))
        return false;
    *closed = peek(s, 0) == bracket;
    if (*closed) {
        diag_error(s->d, place(s, comma, comma + 1), "remove it", "comma after the last %s",
                   bracket == '}' ? "member" : "item");
        s->copy[comma] = ' ';
    }
    return true;
}

static bool scan_member(struct scanner *s, const size_t *open)
{
    size_t key = s->at;
    if (peek(s, 0) != '"')
        return unexpected(s, "a key in double quotes", open);
    if (!scan_string(s))
        return false;
    size_t length = s->at - key;
    if (!skip_blanks(s))
        return false;
    if (peek(s, 0) != ':')
        return unexpected(s, "':' after the key", open);
    s->at++;
    return skip_blanks(s) && scan_value(s, key, length, open);
}

/* At '{' or '['; leaves the reading point behind the closing bracket. */
static bool scan_container(struct scanner *s, int bracket)
{
    size_t open = s->at;
    bool in_object = bracket == '}';
    if (s->depth == JSON_MAX_DEPTH) {
        diag_error(s->d, place(s, open, open + 1), NULL, "nested deeper than %d levels",
                   JSON_MAX_DEPTH);
        return false;
    }
    s->depth++;
    s->at++;
    if (!skip_blanks(s))
        return false;
    bool closed = peek(s, 0) == bracket;
    while (!closed) {
        if (in_object ? !scan_member(s, &open) : !scan_value(s, 0, 0, &open))
            return false;
        if (!skip_blanks(s))
            return false;
        if (peek(s, 0) == bracket)
            break;
        if (peek(s, 0) != ',')
            return unexpected(s, in_object ? "',' or '}'" : "',' or ']'", &open);
        if (!scan_comma(s, bracket, &closed))
            return false;
    }
    s->at++;
    s->depth--;
    return true;
}

static bool scan_value(struct scanner *s, size_t key_offset, size_t key_length, const size_t *open)
{
    int c = peek(s, 0);
    size_t start = s->at, index = s->count;
    struct json_span span = {JSON_NULL, start, 0, key_offset, key_length};

    if (s->count == s->capacity)
        s->spans = arena_grow(s->a, struct json_span, s->spans, s->count, &s->capacity);
    s->spans[s->count++] = span;

    if (c == '{' || c == '[') {
        span.kind = c == '{' ? JSON_OBJECT : JSON_ARRAY;
        if (!scan_container(s, c == '{' ? '}' : ']'))
            return false;
    } else if (c == '"') {
        span.kind = JSON_STRING;
        if (!scan_string(s))
            return false;
    } else if (is_digit(c) || is_letter(c) || c == '-' || c == '+' || c == '.') {
        scan_word(s, &span);
    } else {
        return unexpected(s, "a value", open);
    }
    span.length = s->at - start;
    s->spans[index] = span; // by index: the array may have moved
    return true;
}

bool json_scan_text(struct str path, struct str text, char *copy, struct arena *a, struct diags *d,
                    struct json_scan *out)
{
    struct scanner s = {.path = path, .text = text, .copy = copy, .a = a, .d = d};
    size_t bad = str_utf8_error(text);

    if (bad < text.n) {
        diag_error(d, place(&s, bad, bad + 1), "save the file as UTF-8", "invalid UTF-8");
        return false;
    }
    s.capacity = text.n / BYTES_A_VALUE + 8;
    s.spans = arena_new(a, struct json_span, s.capacity);
    if (str_starts(text, STR("\xef\xbb\xbf"))) { // a byte order mark says nothing in UTF-8
        memset(copy, ' ', 3);
        s.at = 3;
    }
    if (!skip_blanks(&s))
        return false;
    if (at_end(&s)) {
        diag_error(d, place(&s, text.n, text.n), NULL, "the file holds no JSON value");
        return false;
    }
    if (!scan_value(&s, 0, 0, NULL) || !skip_blanks(&s))
        return false;
    if (!at_end(&s))
        return unexpected(&s, "nothing more after the value", NULL);
    out->spans = s.spans;
    out->count = s.count;
    return true;
}

/* ---- decoding -----------------------------------------------------------------------------------
 */

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

/* At the backslash of an escape that the scan let pass; steps over it. */
static char *unescape(char *to, struct str text, size_t *at)
{
    char c = text.s[*at + 1];
    *at += 2;
    switch (c) {
    case 'b': *to++ = '\b'; return to;
    case 'f': *to++ = '\f'; return to;
    case 'n': *to++ = '\n'; return to;
    case 'r': *to++ = '\r'; return to;
    case 't': *to++ = '\t'; return to;
    case 'u': break;
    default: *to++ = c; return to; // '"', '\\' and '/'
    }
    int32_t unit = hex4(text, *at);
    *at += 4;
    if (unit >= 0xd800 && unit <= 0xdbff) { // the scan has seen to it that its other half follows
        int32_t low = hex4(text, *at + 2);
        unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
        *at += 6;
    }
    return add_utf8(to, unit);
}

struct str json_scan_unescape(char *copy, size_t offset, size_t length)
{
    struct str text = {copy + offset + 1, length - 2};
    const char *first = memchr(text.s, '\\', text.n);
    size_t at = first ? (size_t)(first - text.s) : text.n;
    char *to = copy + offset + 1 + at;
    while (at < text.n) {
        if (text.s[at] == '\\')
            to = unescape(to, text, &at);
        else
            *to++ = text.s[at++];
    }
    *to = '\0';
    return (struct str){text.s, (size_t)(to - text.s)};
}
