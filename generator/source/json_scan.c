#include "source/json_scan.h"

#include "base/arena.h"
#include "source/json_string.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct scanner {
    const struct json_source *source;
    struct str text; /* the source's */
    size_t at;
    int depth;
    bool has_tree;     /* else one node stands for all of them: only faults are looked for */
    struct json *free; /* nodes that nothing stands in yet */
    size_t free_count;
    struct arena *nodes, *strings;
    struct diags *d;
};

/* Nodes that are made at a time: those of a small file, or what a page holds. */
#define NODES_A_TIME 64

static const char QUOTE_HINT[] = "strings and keys are written in double quotes: \"...\"";

static struct where place(const struct scanner *s, size_t from, size_t to)
{
    return (struct where){s->source->path, s->text, from, to - from};
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
            hint = str_cstring(
                s->nodes, str_printf(s->nodes, "what opens with '%c' on line %zu is not closed",
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
    return c <= ' ' && (c == ' ' || c == '\n' || c == '\t' || c == '\r');
}

/* White space and comments. */
static bool skip_blanks(struct scanner *s)
{
    for (;;) {
        size_t at = s->at; // a variable of its own: most of a file that people read is indentation
        while (at < s->text.n && is_blank(s->text.s[at]))
            at++;
        s->at = at;
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
    }
}

/* At "\u": steps over the escape, or over a pair of them. */
static void scan_unicode_escape(struct scanner *s)
{
    size_t start = s->at;
    int32_t unit = json_hex4(s->text, start + 2);
    if (unit < 0) {
        diag_error(s->d, place(s, start, start + 2), "write four hexadecimal digits: \\u00e9",
                   "\"\\u\" without four hexadecimal digits");
        s->at += 2;
        return;
    }
    s->at += 6;
    if (unit >= 0xd800 && unit <= 0xdbff && peek(s, 0) == '\\' && peek(s, 1) == 'u') {
        int32_t low = json_hex4(s->text, s->at + 2);
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

/* At the opening quote; leaves the reading point behind the closing one. What the string says is the
 * text itself, unless escapes stand in it, or control characters that should not. */
static bool scan_string(struct scanner *s, struct str *out)
{
    size_t start = s->at++;
    bool is_plain_text = true;
    for (;;) {
        s->at += plain_run(s->text.s + s->at, s->text.n - s->at);
        int c = peek(s, 0);
        if (c == '"') {
            struct str raw = {s->text.s + start + 1, s->at - start - 1};
            *out = is_plain_text || !s->has_tree ? raw : json_unescape(s->strings, raw);
            s->at++;
            return true;
        }
        is_plain_text = false;
        if (c < 0 || c == '\n' || c == '\r') {
            diag_error(s->d, place(s, start, s->at), "close it with \" on the same line",
                       "string is not closed");
            return false;
        }
        if (c < 0x20) {
            diag_error(s->d, place(s, s->at, s->at + 1),
                       c == '\t' ? "write \\t or blanks" : "remove it, or write it as an escape",
                       "control character U+%04X in a string", (unsigned)c);
            s->at++;
        } else if (peek(s, 1) == 'u') {
            scan_unicode_escape(s);
        } else if (json_is_short_escape(peek(s, 1))) {
            s->at += 2;
        } else {
            diag_error(s->d, place(s, s->at, s->at + 1), "a backslash itself is written \\\\",
                       "unknown escape after '\\'");
            s->at++;
        }
    }
}

/* ---- numbers and words ------------------------------------------------------------------------ */

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

/* Powers of ten that a double holds exactly. */
static const double POWERS[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* Digits and a point, at most 15 digits: both parts are exact, so that one division rounds once, as
 * strtod does, in a tenth of its time. False: it is written otherwise. */
static bool read_short(struct str word, double *out)
{
    uint64_t digits = 0;
    size_t i = word.n > 0 && word.s[0] == '-', count = 0, decimals = 0;
    bool has_point = false;
    for (; i < word.n; i++) {
        if (word.s[i] == '.') {
            has_point = true;
            continue;
        }
        if (!is_digit(word.s[i]) || ++count > 15)
            return false;
        digits = digits * 10 + (uint64_t)(word.s[i] - '0');
        decimals += has_point;
    }
    *out = (double)digits / POWERS[decimals];
    if (word.s[0] == '-')
        *out = -*out;
    return count > 0;
}

/* Is the number written with a digit other than 0 before its exponent? */
static bool is_written_nonzero(struct str number)
{
    for (size_t i = 0; i < number.n && number.s[i] != 'e' && number.s[i] != 'E'; i++)
        if (number.s[i] >= '1' && number.s[i] <= '9')
            return true;
    return false;
}

/* The value of a number that is well written and not too long. */
static void read_number(struct scanner *s, struct str word, struct where where, struct json *to)
{
    if (!read_short(word, &to->number)) {
        char ended[JSON_NUMBER_MAX + 1];
        memcpy(ended, word.s, word.n);
        ended[word.n] = '\0';
        to->number = strtod(ended, NULL);
    }
    to->number += 0.0; // "-0" reads as 0: no figure of ours has a signed zero
    if (!isfinite(to->number))
        diag_error(s->d, where, NULL, "number %.*s is too large", STR_ARG(word));
    else if (fpclassify(to->number) == FP_ZERO && is_written_nonzero(word))
        diag_error(s->d, where, "write 0 if that is meant", "number %.*s is too small",
                   STR_ARG(word));
}

/* A number or one of true, false, null: a run of the characters that such a word may consist of. What
 * cannot be used is taken for a zero, so that the scan can go on. */
static void scan_word(struct scanner *s, struct json *to)
{
    static const struct str WORDS[] = {{"true", 4}, {"false", 5}, {"null", 4}};
    size_t start = s->at;
    int first = peek(s, 0);
    for (int c = first; is_digit(c) || is_letter(c) || c == '+' || c == '-' || c == '.' || c == '_';
         c = peek(s, 0))
        s->at++;
    struct str word = str_slice(s->text, start, s->at);
    struct where where = place(s, start, s->at);
    bool like_number = !is_letter(first) && first != '_';

    if (str_equal(word, WORDS[0]) || str_equal(word, WORDS[1])) {
        to->kind = JSON_BOOL;
        to->boolean = first == 't';
        return;
    }
    if (str_equal(word, WORDS[2])) {
        to->kind = JSON_NULL;
        return;
    }
    to->kind = JSON_NUMBER;
    to->string = word;
    if (is_number(word)) {
        if (word.n <= JSON_NUMBER_MAX)
            read_number(s, word, where, to);
        else
            diag_error(s->d, where, "write fewer digits", "number is longer than %d characters",
                       (int)JSON_NUMBER_MAX);
    } else if (like_number || str_is(word, "NaN") || str_is(word, "Infinity")) {
        diag_error(s->d, where, number_hint(word), "\"%.*s\" is not a JSON number", STR_ARG(word));
    } else {
        struct str near = str_nearest(str_lower(s->nodes, word), WORDS,
                                      sizeof WORDS / sizeof *WORDS);
        const char *hint = QUOTE_HINT;
        if (near.s)
            hint = str_cstring(s->nodes, str_printf(s->nodes, "did you mean %.*s?", STR_ARG(near)));
        diag_error(s->d, where, hint, "unknown word \"%.*s\", expected a value", STR_ARG(word));
    }
}

/* ---- containers ------------------------------------------------------------------------------- */

static struct json *new_node(struct scanner *s)
{
    if (s->free_count == 0) {
        s->free = arena_new(s->nodes, struct json, NODES_A_TIME);
        s->free_count = NODES_A_TIME;
    }
    if (!s->has_tree)
        return s->free;
    s->free_count--;
    return s->free++;
}

static int compare_keys(const void *left, const void *right)
{
    const struct json *const *a = left, *const *b = right;
    int order = str_compare((*a)->key, (*b)->key);
    if (order != 0)
        return order;
    return (*a)->key_offset < (*b)->key_offset ? -1 : 1;
}

/* Most objects are short: comparing every pair is cheaper than sorting, and needs no memory. */
#define PAIRS_MOST 16
#define PLACES_MOST \
    ((size_t)500) /* of repeated keys: counting lines for more would take for ever */

static bool has_no_duplicates(const struct json *object)
{
    if (object->count > PAIRS_MOST)
        return false;
    for (const struct json *m = object->child; m; m = m->next)
        for (const struct json *before = object->child; before != m; before = before->next)
            if (before->key.n == m->key.n && str_equal(before->key, m->key))
                return false;
    return true;
}

/* Every member whose key stands in the object before it. Sorted, as some files have long objects. */
static void report_duplicates(struct scanner *s, const struct json *object)
{
    if (has_no_duplicates(object))
        return;
    const struct json **members = arena_new(s->nodes, const struct json *, object->count);
    size_t n = 0, line = 0, column = 0, reported = 0;

    for (const struct json *m = object->child; m; m = m->next)
        members[n++] = m;
    qsort(members, n, sizeof *members, compare_keys);
    for (size_t i = 1; i < n; i++) {
        const struct json *before = members[i - 1], *again = members[i];
        if (!str_equal(before->key, again->key))
            continue;
        const char *hint = NULL;
        if (reported++ < PLACES_MOST && where_line(json_key_where(before), &line, &column))
            hint = str_cstring(s->nodes,
                               str_printf(s->nodes, "it stands on line %zu already", line));
        diag_error(s->d, json_key_where(again), hint, "duplicate key \"%.*s\"",
                   STR_ARG(again->key));
    }
}

static bool scan_value(struct scanner *s, struct json *to, const size_t *open);

/* At a ',': steps over it. Sets *closed where nothing but the bracket follows: a trailing comma. */
static bool scan_comma(struct scanner *s, int bracket, bool *closed)
{
    size_t comma = s->at++;
    if (!skip_blanks(s))
        return false;
    *closed = peek(s, 0) == bracket;
    if (*closed)
        diag_error(s->d, place(s, comma, comma + 1), "remove it", "comma after the last %s",
                   bracket == '}' ? "member" : "item");
    return true;
}

static bool scan_member(struct scanner *s, struct json *to, const size_t *open)
{
    size_t key = s->at;
    if (peek(s, 0) != '"')
        return unexpected(s, "a key in double quotes", open);
    if (!scan_string(s, &to->key))
        return false;
    to->key_offset = (uint32_t)key;
    to->key_length = (uint32_t)(s->at - key);
    if (!skip_blanks(s))
        return false;
    if (peek(s, 0) != ':')
        return unexpected(s, "':' after the key", open);
    s->at++;
    return skip_blanks(s) && scan_value(s, to, open);
}

/* At '{' or '['; leaves the reading point behind the closing bracket. Depth is bounded. */
static bool scan_container(struct scanner *s, struct json *to, int bracket)
{
    size_t open = s->at;
    const struct json **link = &to->child;
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
        struct json *child = new_node(s);
        child->index = (unsigned char)(to->count < JSON_BITS ? to->count : JSON_BITS);
        if (in_object ? !scan_member(s, child, &open) : !scan_value(s, child, &open))
            return false;
        *link = child;
        link = &child->next;
        to->count++;
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
    if (in_object && s->has_tree && to->count > 1)
        report_duplicates(s, to);
    return true;
}

static bool scan_value(struct scanner *s, struct json *to, const size_t *open)
{
    int c = peek(s, 0);
    size_t start = s->at;
    to->source = s->source;
    to->offset = (uint32_t)start;
    if (c == '{' || c == '[') {
        to->kind = c == '{' ? JSON_OBJECT : JSON_ARRAY;
        if (!scan_container(s, to, c == '{' ? '}' : ']'))
            return false;
    } else if (c == '"') {
        to->kind = JSON_STRING;
        if (!scan_string(s, &to->string))
            return false;
    } else if (is_digit(c) || is_letter(c) || c == '-' || c == '+' || c == '.') {
        scan_word(s, to);
    } else {
        return unexpected(s, "a value", open);
    }
    to->length = (uint32_t)(s->at - start);
    return true;
}

/* The whole text; the root, or NULL where the structure is at fault. */
static const struct json *scan_text(struct scanner *s)
{
    struct str text = s->text;
    size_t bad = str_utf8_error(text);
    if (text.n > JSON_MAX_BYTES) {
        diag_error(s->d, where_file(s->source->path), NULL, "larger than %zu MiB",
                   JSON_MAX_BYTES >> 20);
        return NULL;
    }
    if (bad < text.n) {
        diag_error(s->d, place(s, bad, bad + 1), "save the file as UTF-8", "invalid UTF-8");
        return NULL;
    }
    if (str_starts(text, STR("\xef\xbb\xbf"))) // a byte order mark says nothing in UTF-8
        s->at = 3;
    if (!skip_blanks(s))
        return NULL;
    if (at_end(s)) {
        diag_error(s->d, place(s, text.n, text.n), NULL, "the file holds no JSON value");
        return NULL;
    }
    struct json *root = new_node(s);
    if (!scan_value(s, root, NULL) || !skip_blanks(s))
        return NULL;
    if (!at_end(s)) {
        unexpected(s, "nothing more after the value", NULL);
        return NULL;
    }
    return root;
}

const struct json *json_scan_tree(struct str path, struct str text, struct arena *nodes,
                                  struct arena *strings, struct diags *d)
{
    struct json_source *source = arena_new(nodes, struct json_source, 1);
    *source = (struct json_source){path, text};
    struct scanner s = {.source = source,
                        .text = text,
                        .has_tree = true,
                        .nodes = nodes,
                        .strings = strings,
                        .d = d};
    return scan_text(&s);
}

bool json_scan_check(struct str path, struct str text, struct arena *a, struct diags *d)
{
    struct json_source source = {path, text};
    size_t errors = diags_errors(d);
    struct scanner s = {.source = &source, .text = text, .nodes = a, .strings = a, .d = d};
    return scan_text(&s) && diags_errors(d) == errors;
}
