#include "source/json_out.h"

#include "base/strbuf.h"
#include "source/json.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#define LIMIT ((int)(sizeof((struct json_out *)0)->has_items / sizeof(bool)))

/* A comma, a line's end and the blanks of the usual depths. */
static const char BREAK[] = ",\n                        ";
#define BREAK_DEPTH (((int)sizeof BREAK - 3) / 2)

/* A new line, behind a comma or not. */
static void break_line(struct json_out *j, bool with_comma)
{
    int depth = j->depth < BREAK_DEPTH ? j->depth : BREAK_DEPTH;
    struct str whole = {BREAK, 2 + 2 * (size_t)depth};
    strbuf_add(j->sb, with_comma ? whole : str_slice(whole, 1, whole.n));
    for (int i = depth; i < j->depth; i++)
        strbuf_adds(j->sb, "  ");
}

/* What stands between the previous item of the container and the next one. */
static void separate(struct json_out *j)
{
    if (j->depth == 0)
        return;
    bool *has_items = &j->has_items[j->depth];
    if (!j->compact[j->depth])
        break_line(j, *has_items);
    else if (*has_items)
        strbuf_adds(j->sb, ", ");
    *has_items = true;
}

static void before_value(struct json_out *j)
{
    if (j->after_key)
        j->after_key = false;
    else
        separate(j);
}

static void add_escaped(struct strbuf *sb, unsigned char c)
{
    static const char HEX[] = "0123456789abcdef";
    switch (c) {
    case '"': strbuf_adds(sb, "\\\""); break;
    case '\\': strbuf_adds(sb, "\\\\"); break;
    case '\n': strbuf_adds(sb, "\\n"); break;
    case '\r': strbuf_adds(sb, "\\r"); break;
    case '\t': strbuf_adds(sb, "\\t"); break;
    default:
        strbuf_adds(sb, "\\u00");
        strbuf_addc(sb, HEX[c >> 4]);
        strbuf_addc(sb, HEX[c & 15]);
    }
}

static void add_valid(struct strbuf *sb, struct str text)
{
    size_t from = 0;
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.s[i];
        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f)
            continue;
        strbuf_add(sb, str_slice(text, from, i));
        add_escaped(sb, c);
        from = i + 1;
    }
    strbuf_add(sb, str_slice(text, from, text.n));
}

/* Nothing to escape, nothing that could be wrong UTF-8: nearly all texts. */
static bool is_plain(struct str text)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    size_t i = 0;
    for (uint64_t w; text.n - i >= sizeof w; i += sizeof w) {
        memcpy(&w, text.s + i, sizeof w);
        uint64_t quote = w ^ ones * '"', slash = w ^ ones * '\\', del = w ^ ones * 0x7f;
        // no byte has its high bit, none is below a blank, and none becomes zero
        if ((w | (w - ones * ' ') | (quote - ones) | (slash - ones) | (del - ones)) & ones * 0x80)
            return false;
    }
    for (; i < text.n; i++) {
        unsigned char c = (unsigned char)text.s[i];
        if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\')
            return false;
    }
    return true;
}

static void add_any(struct strbuf *sb, struct str text)
{
    for (;;) {
        size_t bad = str_utf8_error(text);
        add_valid(sb, str_slice(text, 0, bad));
        if (bad >= text.n)
            break;
        strbuf_adds(sb, "\xef\xbf\xbd"); // U+FFFD
        text = str_slice(text, bad + 1, text.n);
    }
}

static void add_quoted(struct strbuf *sb, struct str text)
{
    strbuf_addc(sb, '"');
    if (is_plain(text))
        strbuf_add(sb, text);
    else
        add_any(sb, text);
    strbuf_addc(sb, '"');
}

static void begin(struct json_out *j, char bracket, bool compact)
{
    assert(bracket == '{' || bracket == '[');
    assert(j->depth + 1 < LIMIT);
    bool outer_compact = j->depth > 0 && j->compact[j->depth];
    before_value(j);
    strbuf_addc(j->sb, bracket);
    j->depth++;
    j->has_items[j->depth] = false;
    j->in_object[j->depth] = bracket == '{';
    j->compact[j->depth] = compact || outer_compact;
}

static void value(struct json_out *j)
{
    assert(j->depth == 0 || j->in_object[j->depth] == j->after_key);
    before_value(j);
}

void json_out_init(struct json_out *j, struct strbuf *sb)
{
    memset(j, 0, sizeof *j);
    j->sb = sb;
}

void json_begin(struct json_out *j, char bracket)
{
    assert(j->depth == 0 || j->in_object[j->depth] == j->after_key);
    begin(j, bracket, false);
}

void json_begin_inline(struct json_out *j, char bracket)
{
    assert(j->depth == 0 || j->in_object[j->depth] == j->after_key);
    begin(j, bracket, true);
}

void json_end(struct json_out *j, char bracket)
{
    assert(j->depth > 0 && !j->after_key);
    assert(bracket == (j->in_object[j->depth] ? '}' : ']'));
    bool on_own_line = j->has_items[j->depth] && !j->compact[j->depth];
    j->depth--;
    if (on_own_line)
        break_line(j, false);
    strbuf_addc(j->sb, bracket);
}

void json_key(struct json_out *j, const char *key)
{
    json_key_str(j, str_of(key));
}

void json_key_str(struct json_out *j, struct str key)
{
    assert(j->depth > 0 && j->in_object[j->depth] && !j->after_key);
    separate(j);
    add_quoted(j->sb, key);
    strbuf_adds(j->sb, ": ");
    j->after_key = true;
}

void json_put_str(struct json_out *j, struct str text)
{
    value(j);
    add_quoted(j->sb, text);
}

void json_puts(struct json_out *j, const char *text)
{
    if (text)
        json_put_str(j, str_of(text));
    else
        json_put_null(j);
}

void json_put_int(struct json_out *j, long long number)
{
    value(j);
    strbuf_add_int(j->sb, number);
}

void json_put_double(struct json_out *j, double number)
{
    value(j);
    if (isfinite(number))
        strbuf_add_double(j->sb, number, 15);
    else
        strbuf_adds(j->sb, "null");
}

void json_put_rounded(struct json_out *j, double number, int decimals)
{
    if (!(fabs(number) < 9e12)) { // beyond strbuf_add_fixed there are no decimals worth the name
        json_put_double(j, number);
        return;
    }
    value(j);
    strbuf_add_fixed(j->sb, number, decimals, true);
}

void json_put_money(struct json_out *j, struct money amount)
{
    value(j);
    money_json(j->sb, amount);
}

void json_put_decimal(struct json_out *j, struct decimal number)
{
    value(j);
    decimal_add(j->sb, number);
}

void json_put_bool(struct json_out *j, bool is_true)
{
    value(j);
    strbuf_adds(j->sb, is_true ? "true" : "false");
}

void json_put_null(struct json_out *j)
{
    value(j);
    strbuf_adds(j->sb, "null");
}

void json_put_tree(struct json_out *j, const struct json *tree)
{
    switch (tree->kind) {
    case JSON_NULL: json_put_null(j); break;
    case JSON_BOOL: json_put_bool(j, tree->boolean); break;
    case JSON_NUMBER:
        value(j);
        strbuf_add(j->sb, tree->string); // as its author wrote it
        break;
    case JSON_STRING: json_put_str(j, tree->string); break;
    case JSON_ARRAY:
    case JSON_OBJECT: {
        bool is_object = tree->kind == JSON_OBJECT;
        json_begin(j, is_object ? '{' : '[');
        for (const struct json *child = tree->child; child; child = child->next) {
            if (is_object)
                json_key_str(j, child->key);
            json_put_tree(j, child);
        }
        json_end(j, is_object ? '}' : ']');
        break;
    }
    }
}
