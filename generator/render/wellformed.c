#include "render/wellformed.h"

#include <stddef.h>

/* Beyond these the full parser is asked; it has limits of its own, farther out. */
#define DEPTH_MOST 200
#define ATTRIBUTES_MOST 32
#define BYTES_MOST ((size_t)8 << 20)

struct reader {
    const char *at, *end;
    struct str open[DEPTH_MOST]; /* names of the elements that are open, the outermost first */
    size_t depth;
};

/* ---- characters ---------------------------------------------------------------------------------
 */

enum {
    TEXT = 1,   /* stands for itself in text */
    VALUE = 2,  /* and in an attribute, whatever its quotes */
    NAME = 4,   /* in names; no colon, since prefixes have rules of their own */
    FIRST = 8,  /* at their beginning */
    SPACE = 16, /* white space */
    WORD = NAME | FIRST | VALUE | TEXT,
    LATER = NAME | VALUE | TEXT,
    OTHER = VALUE | TEXT,
    BLANK = SPACE | VALUE | TEXT
};

#define NO 0
#define BL BLANK
#define OT OTHER
#define LA LATER
#define WO WORD
#define TX TEXT
static const unsigned char KIND[256] = {
    NO, NO, NO, NO, NO, NO, NO, NO, NO, BL, BL, NO, NO, BL, NO, NO, // 00
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, // 10
    BL, OT, TX, OT, OT, OT, NO, TX, OT, OT, OT, OT, OT, LA, LA, OT, // 20  !"#$%&'()*+,-./
    LA, LA, LA, LA, LA, LA, LA, LA, LA, LA, OT, OT, NO, OT, OT, OT, // 30 0123456789:;<=>?
    OT, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, // 40 @A-O
    WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, OT, OT, NO, OT, WO, // 50 P-Z[\]^_
    OT, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, // 60 `a-o
    WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, WO, OT, OT, OT, OT, OT, // 70 p-z{|}~
};

static bool is(const struct reader *r, unsigned char kinds)
{
    return r->at < r->end && KIND[(unsigned char)*r->at] & kinds;
}

static bool is_char(const struct reader *r, char c)
{
    return r->at < r->end && *r->at == c;
}

static bool skip_char(struct reader *r, char c)
{
    bool is_there = is_char(r, c);
    r->at += is_there;
    return is_there;
}

static bool skip_word(struct reader *r, struct str word)
{
    if (!str_starts((struct str){r->at, (size_t)(r->end - r->at)}, word))
        return false;
    r->at += word.n;
    return true;
}

/* Over the characters of the kind. */
static void skip_kind(struct reader *r, unsigned char kind)
{
    const char *at = r->at, *end = r->end;
    while (at < end && KIND[(unsigned char)*at] & kind)
        at++;
    r->at = at;
}

static bool skip_space(struct reader *r)
{
    const char *from = r->at;
    skip_kind(r, SPACE);
    return r->at > from;
}

/* A character of more than one byte. XML has all of them but U+FFFE and U+FFFF. */
static bool skip_multibyte(struct reader *r)
{
    unsigned char lead = (unsigned char)*r->at;
    size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if ((size_t)(r->end - r->at) < length)
        return false;
    struct str character = {r->at, length};
    if (str_utf8_error(character) < length || str_is(character, "\xef\xbf\xbe") ||
        str_is(character, "\xef\xbf\xbf"))
        return false;
    r->at += length;
    return true;
}

/* "&amp;" and so on; "&#39;" and others of ASCII. */
static bool skip_reference(struct reader *r)
{
    static const struct str ENTITIES[] = {
        {"amp;", 4}, {"lt;", 3}, {"gt;", 3}, {"quot;", 5}, {"apos;", 5}};
    unsigned code = 0;
    r->at++; // the ampersand
    if (!skip_char(r, '#')) {
        for (size_t i = 0; i < sizeof ENTITIES / sizeof *ENTITIES; i++)
            if (is_char(r, ENTITIES[i].s[0]) && skip_word(r, ENTITIES[i]))
                return true;
        return false;
    }
    for (; r->at < r->end && *r->at >= '0' && *r->at <= '9' && code < 0x80; r->at++)
        code = code * 10 + (unsigned)(*r->at - '0');
    return code >= ' ' && code < 0x7f && skip_char(r, ';');
}

/* Characters of the kind and references, up to one that is neither. "]]>" is not text. */
static bool skip_text(struct reader *r, unsigned char kind)
{
    for (;;) {
        skip_kind(r, kind);
        unsigned char c = r->at < r->end ? (unsigned char)*r->at : 0;
        if (c >= 0x80) {
            if (!skip_multibyte(r))
                return false;
        } else if (c == '&') {
            if (!skip_reference(r))
                return false;
        } else if (c == ']') {
            r->at++;
            if (kind == TEXT && is_char(r, ']'))
                return false;
        } else {
            return true;
        }
    }
}

/* ---- markup -------------------------------------------------------------------------------------
 */

static bool read_name(struct reader *r, struct str *out)
{
    const char *from = r->at;
    if (!is(r, FIRST))
        return false;
    skip_kind(r, NAME);
    *out = (struct str){from, (size_t)(r->at - from)};
    return true;
}

/* A name space of its own must be one that is known to be sound. */
static bool is_known_space(struct str uri)
{
    return str_is(uri, "http://www.w3.org/2000/svg") || str_is(uri, "http://www.w3.org/2005/Atom") ||
           str_is(uri, "http://www.w3.org/1999/xhtml");
}

/* name="value", with either quote; within the one the other stands for itself. */
static bool read_attribute(struct reader *r, struct str *name)
{
    if (!read_name(r, name) || !skip_char(r, '=') || !(is_char(r, '"') || is_char(r, '\'')))
        return false;
    char quote = *r->at++, other = quote == '"' ? '\'' : '"';
    const char *from = r->at;
    while (skip_text(r, VALUE) && is_char(r, other))
        r->at++;
    struct str value = {from, (size_t)(r->at - from)};
    if (!is_char(r, quote) || (str_is(*name, "xmlns") && !is_known_space(value)))
        return false;
    r->at++;
    return true;
}

static bool has_name(const struct str *names, size_t count, struct str name)
{
    for (size_t i = 0; i < count; i++)
        if (names[i].s[0] == name.s[0] && str_equal(names[i], name))
            return true;
    return false;
}

/* Behind the '<' of an opening tag. */
static bool read_opening(struct reader *r)
{
    struct str names[ATTRIBUTES_MOST], *element = &r->open[r->depth];
    size_t count = 0;
    if (r->depth == DEPTH_MOST || !read_name(r, element))
        return false;
    while (skip_space(r) && !is_char(r, '>') && !is_char(r, '/')) {
        if (count == ATTRIBUTES_MOST || !read_attribute(r, &names[count]) ||
            has_name(names, count, names[count]))
            return false;
        count++;
    }
    if (!skip_char(r, '/'))
        r->depth++;
    return skip_char(r, '>');
}

/* Behind the "</" of a closing tag. */
static bool read_closing(struct reader *r)
{
    struct str name;
    if (r->depth == 0 || !read_name(r, &name) || !str_equal(name, r->open[r->depth - 1]))
        return false;
    r->depth--;
    skip_space(r);
    return skip_char(r, '>');
}

/* The root element and all in it. */
static bool read_element(struct reader *r)
{
    if (!skip_char(r, '<') || !read_opening(r))
        return false;
    while (r->depth > 0) {
        if (!skip_text(r, TEXT) || !skip_char(r, '<'))
            return false;
        if (!(skip_char(r, '/') ? read_closing(r) : read_opening(r)))
            return false;
    }
    return true;
}

bool is_plainly_wellformed(struct str text)
{
    struct reader r = {.at = text.s, .end = text.s + text.n};
    if (text.n == 0 || text.n > BYTES_MOST)
        return false;
    if (!skip_word(&r, STR("<?xml version=\"1.0\" encoding=\"utf-8\"?>")))
        skip_word(&r, STR("<!DOCTYPE html>"));
    skip_space(&r);
    if (!read_element(&r))
        return false;
    skip_space(&r);
    return r.at == r.end;
}
