#include "render/escape.h"

#include "base/strbuf.h"

#include <stdint.h>

#define REPLACEMENT "\xef\xbf\xbd" // U+FFFD

/*
 * Length of the well-formed UTF-8 sequence at `i` whose character may stand in any output, or 0:
 * Unicode 15, table 3-7, less the C1 controls and the two noncharacters that XML excludes.
 */
static size_t sequence(struct str text, size_t i)
{
    const unsigned char *s = (const unsigned char *)text.s + i;
    size_t left = text.n - i;
    uint32_t c = s[0];
    size_t n = c >= 0xc2 && c <= 0xdf   ? 2
               : c >= 0xe0 && c <= 0xef ? 3
               : c >= 0xf0 && c <= 0xf4 ? 4
                                        : 0;

    if (n == 0 || n > left)
        return 0;
    c &= n == 2 ? 0x1f : n == 3 ? 0x0f : 0x07;
    for (size_t k = 1; k < n; k++) {
        if ((s[k] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (s[k] & 0x3f);
    }
    if ((n == 3 && c < 0x800) || (n == 4 && (c < 0x10000 || c > 0x10ffff)))
        return 0; // overlong, or beyond Unicode
    if ((c >= 0xd800 && c <= 0xdfff) || (c >= 0x80 && c <= 0x9f) || c == 0xfffe || c == 0xffff)
        return 0;
    return n;
}

/* Is the byte at `i` to be replaced? Steps *length over what stands there. */
static bool is_foul(struct str text, size_t i, size_t *length)
{
    unsigned char c = (unsigned char)text.s[i];
    if (c < 0x80) {
        *length = 1;
        return (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f;
    }
    *length = sequence(text, i);
    if (*length > 0)
        return false;
    *length = 1;
    return true;
}

/* Which ASCII characters stand for themselves in which output; all others are looked at one by one. */
enum {
    IN_TEXT = 1,     /* anywhere: no control but tab and line feed */
    IN_MARKUP = 2,   /* and no & < > " ' */
    IN_SCRIPT = 4,   /* and no & < > */
    IN_CSV = 8,      /* and no " , ; or line feed */
    IN_MARKDOWN = 16 /* letters, digits and points that never are markup */
};

#define NO 0
#define TB (IN_TEXT | IN_MARKUP | IN_SCRIPT)                        /* tab, line feed */
#define SP (IN_TEXT | IN_MARKUP | IN_SCRIPT | IN_CSV)               /* all but Markdown */
#define AL (IN_TEXT | IN_MARKUP | IN_SCRIPT | IN_CSV | IN_MARKDOWN) /* everywhere */
#define QU (IN_TEXT | IN_SCRIPT)                                    /* double quote */
#define AP (IN_TEXT | IN_SCRIPT | IN_CSV | IN_MARKDOWN)             /* single quote */
#define AM (IN_TEXT | IN_CSV)                                       /* & < > */
#define CM (IN_TEXT | IN_MARKUP | IN_SCRIPT | IN_MARKDOWN)          /* comma, semicolon */
static const unsigned char PLAIN[256] = {
    NO, NO, NO, NO, NO, NO, NO, NO, NO, TB, TB, NO, NO, NO, NO, NO, // 00
    NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, NO, // 10
    SP, SP, QU, SP, SP, AL, AM, AP, AL, SP, SP, SP, CM, SP, SP, AL, // 20  !"#$%&'()*+,-./
    AL, AL, AL, AL, AL, AL, AL, AL, AL, AL, SP, CM, AM, SP, AM, AL, // 30 0123456789:;<=>?
    AL, AL, AL, AL, AL, AL, AL, AL, AL, AL, AL, AL, AL, AL, AL, AL, // 40 @A-O
    AL, AL, AL, AL, AL, AL, AL, AL, AL, AL, AL, SP, SP, SP, AL, SP, // 50 P-Z[\]^_
    SP, AL, AL, AL, AL, AL, AL, AL, AL, AL, AL, AL, AL, AL, AL, AL, // 60 `a-o
    AL, AL, AL, AL, AL, AL, AL, AL, AL, AL, AL, AL, SP, AL, SP, NO, // 70 p-z{|}~
};

/* How many characters from `i` on stand for themselves. */
static size_t plain_run(struct str text, size_t i, unsigned char where)
{
    size_t at = i;
    while (at < text.n && PLAIN[(unsigned char)text.s[at]] & where)
        at++;
    return at - i;
}

/*
 * The loop of the markup escapers: copies runs of harmless bytes at once; `entity` names the
 * replacement of an ASCII character, or NULL.
 */
static void escape(struct strbuf *sb, struct str text, unsigned char where,
                   const char *(*entity)(unsigned char))
{
    size_t from = 0, i = 0;
    while ((i += plain_run(text, i, where)) < text.n) {
        unsigned char c = (unsigned char)text.s[i];
        size_t length = 1;
        const char *instead = NULL;
        if (c == '\r') {
            instead = i + 1 < text.n && text.s[i + 1] == '\n' ? "" : "\n";
        } else if (c >= 0x20 && c < 0x7f) {
            instead = entity ? entity(c) : NULL;
        } else if (is_foul(text, i, &length)) {
            instead = REPLACEMENT;
        }
        if (instead) {
            strbuf_add(sb, str_slice(text, from, i));
            strbuf_adds(sb, instead);
            from = i + length;
        }
        i += length;
    }
    strbuf_add(sb, str_slice(text, from, text.n));
}

static const char *markup_entity(unsigned char c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

static const char *script_escape(unsigned char c)
{
    switch (c) {
    case '&': return "\\u0026";
    case '<': return "\\u003c";
    case '>': return "\\u003e";
    default: return NULL;
    }
}

void escape_html(struct strbuf *sb, struct str text)
{
    escape(sb, text, IN_MARKUP, markup_entity);
}

void escape_xml(struct strbuf *sb, struct str text)
{
    escape(sb, text, IN_MARKUP, markup_entity);
}

void escape_script_json(struct strbuf *sb, struct str json)
{
    escape(sb, json, IN_SCRIPT, script_escape);
}

void escape_controls(struct strbuf *sb, struct str text)
{
    escape(sb, text, IN_TEXT, NULL);
}

/* ---- URLs ------------------------------------------------------------------------------------- */

/* Browsers drop white space and control characters around a URL. */
static struct str trim_url(struct str url)
{
    size_t from = 0, to = url.n;
    while (from < to && (unsigned char)url.s[from] <= 0x20)
        from++;
    while (to > from && (unsigned char)url.s[to - 1] <= 0x20)
        to--;
    return str_slice(url, from, to);
}

static bool is_scheme(struct str text, const char *lower)
{
    struct str want = str_of(lower);
    if (text.n != want.n)
        return false;
    for (size_t i = 0; i < want.n; i++) {
        char c = text.s[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if (c != want.s[i])
            return false;
    }
    return true;
}

bool url_is_safe(struct str url)
{
    url = trim_url(url);
    if (url.n > 1 && (url.s[0] == '/' || url.s[0] == '\\') && (url.s[1] == '/' || url.s[1] == '\\'))
        return false; // "//host" and, to browsers, "\\host" leave the site
    for (size_t i = 0; i < url.n; i++) {
        char c = url.s[i];
        if (c == '/' || c == '?' || c == '#')
            return true;
        if (c == ':') {
            struct str scheme = str_slice(url, 0, i);
            return is_scheme(scheme, "https") || is_scheme(scheme, "http") ||
                   is_scheme(scheme, "mailto");
        }
    }
    return true;
}

void escape_url(struct strbuf *sb, struct str url)
{
    static const char HEX[] = "0123456789ABCDEF";
    if (!url_is_safe(url)) {
        strbuf_addc(sb, '#');
        return;
    }
    url = trim_url(url);
    for (size_t i = 0, length; i < url.n; i += length) {
        unsigned char c = (unsigned char)url.s[i];
        length = 1;
        if (c >= 0x80 && is_foul(url, i, &length)) {
            strbuf_adds(sb, "%EF%BF%BD");
        } else if (c == '&') {
            strbuf_adds(sb, "&amp;");
        } else if (c == '\'') {
            strbuf_adds(sb, "%27");
        } else if (c <= 0x20 || c >= 0x7f || c == '"' || c == '<' || c == '>' || c == '\\' ||
                   c == '^' || c == '`' || c == '{' || c == '|' || c == '}') {
            for (size_t k = i; k < i + length; k++) {
                unsigned char byte = (unsigned char)url.s[k];
                strbuf_addc(sb, '%');
                strbuf_addc(sb, HEX[byte >> 4]);
                strbuf_addc(sb, HEX[byte & 15]);
            }
        } else {
            strbuf_addc(sb, (char)c);
        }
    }
}

/* ---- Markdown --------------------------------------------------------------------------------- */

static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static int byte_at(struct str text, size_t i)
{
    return i < text.n ? (unsigned char)text.s[i] : -1;
}

static bool is_blank(int c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_blank_or_end(int c)
{
    return c < 0 || is_blank(c);
}

/*
 * Must the ASCII character at `i` be escaped? `start`: it is the first of the text that is not
 * blank, so it may begin a line. What is markup only in certain company is escaped only there, so
 * that the source stays readable: "-5", "$1.50" and "p99 < 80 ms!" keep most of their looks.
 */
static bool is_markdown_special(struct str text, size_t i, size_t start)
{
    int c = byte_at(text, i), next = byte_at(text, i + 1);
    switch (c) {
    case '\\':
    case '`':
    case '*':
    case '_':
    case '[':
    case ']':
    case '<':
    case '>':
    case '#':
    case '|':
    case '~':
    case '&': return true;
    case '!': // an image, with a '[' of the template's too
        return next < 0 || next == '[';
    case '$': // formulae on GitHub and GitLab; but amounts stay as they are
        return !is_digit(next);
    case ':': // "://" makes a link; ":-" on a line of its own draws a table
        return next == '/' || (i == start && next == '-');
    case '.': // "www." makes a link
        if (i >= 3 && (text.s[i - 1] | 0x20) == 'w' && (text.s[i - 2] | 0x20) == 'w' &&
            (text.s[i - 3] | 0x20) == 'w')
            return true;
        break;
    case '-':
    case '+': // a list, a rule or the underline of a heading
        return i == start && (is_blank_or_end(next) || next == c);
    case '=': return i == start;
    case ')': break;
    default: return false;
    }
    // "1." and "1)" begin a list
    if (i == start || !is_blank_or_end(next))
        return false;
    for (size_t k = start; k < i; k++)
        if (!is_digit(byte_at(text, k)))
            return false;
    return true;
}

void escape_markdown(struct strbuf *sb, struct str text)
{
    size_t start = 0, from = 0;
    while (is_blank(byte_at(text, start)))
        start++;
    if (start > 0)
        strbuf_addc(sb, ' ');
    from = start;
    for (size_t i = start, length; (i += plain_run(text, i, IN_MARKDOWN)) < text.n; i += length) {
        unsigned char c = (unsigned char)text.s[i];
        length = 1;
        if (c == ' ' && i + 1 < text.n && PLAIN[(unsigned char)text.s[i + 1]] & IN_MARKDOWN)
            continue; // between two words
        if (is_blank(c)) {
            while (is_blank(byte_at(text, i + length)))
                length++;
            strbuf_add(sb, str_slice(text, from, i));
            strbuf_addc(sb, ' ');
        } else if (is_foul(text, i, &length)) {
            strbuf_add(sb, str_slice(text, from, i));
            strbuf_adds(sb, REPLACEMENT);
        } else if (c < 0x80 && is_markdown_special(text, i, start)) {
            strbuf_add(sb, str_slice(text, from, i));
            strbuf_addc(sb, '\\');
            strbuf_addc(sb, (char)c);
        } else {
            continue;
        }
        from = i + length;
    }
    strbuf_add(sb, str_slice(text, from, text.n));
}

/* ---- CSV -------------------------------------------------------------------------------------- */

static bool is_plain_number(struct str text)
{
    size_t i = 0, digits = 0;
    if (byte_at(text, i) == '-' || byte_at(text, i) == '+')
        i++;
    for (; is_digit(byte_at(text, i)) || byte_at(text, i) == '.'; i++)
        digits += is_digit(byte_at(text, i));
    if (digits > 0 && (byte_at(text, i) | 0x20) == 'e') {
        i++;
        if (byte_at(text, i) == '-' || byte_at(text, i) == '+')
            i++;
        for (digits = 0; is_digit(byte_at(text, i)); i++)
            digits++;
    }
    return digits > 0 && i == text.n;
}

static bool is_letter_or_digit(int c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

void escape_csv(struct strbuf *sb, struct str text)
{
    int first = byte_at(text, 0), last = text.n > 0 ? byte_at(text, text.n - 1) : -1;
    if (is_letter_or_digit(first) && !is_blank(last) && plain_run(text, 0, IN_CSV) == text.n) {
        strbuf_add(sb, text);
        return;
    }
    bool is_formula = (first == '=' || first == '+' || first == '-' || first == '@' ||
                       first == '\t' || first == '\r' || first == '\n') &&
                      !is_plain_number(text);
    bool quoted = is_formula || is_blank(first) || is_blank(last);

    for (size_t i = 0; i < text.n && !quoted; i++)
        quoted = text.s[i] == '"' || text.s[i] == ',' || text.s[i] == ';' || text.s[i] == '\n' ||
                 text.s[i] == '\r';
    if (quoted)
        strbuf_addc(sb, '"');
    if (is_formula)
        strbuf_addc(sb, '\'');
    size_t from = 0;
    for (size_t i = 0, length; (i += plain_run(text, i, IN_CSV)) < text.n; i += length) {
        char c = text.s[i];
        const char *instead;
        if (is_foul(text, i, &length))
            instead = REPLACEMENT;
        else if (c == '\n' || (c == '\r' && byte_at(text, i + 1) != '\n'))
            instead = " ";
        else if (c == '"')
            instead = "\"\"";
        else if (c == '\r')
            instead = "";
        else
            continue;
        strbuf_add(sb, str_slice(text, from, i));
        strbuf_adds(sb, instead);
        from = i + length;
    }
    strbuf_add(sb, str_slice(text, from, text.n));
    if (quoted)
        strbuf_addc(sb, '"');
}
