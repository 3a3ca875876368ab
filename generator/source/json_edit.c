#include "source/json_edit.h"

#include "base/arena.h"
#include "base/strbuf.h"
#include "source/json.h"
#include "source/json_out.h"

#include <assert.h>

static struct str quoted(struct str value, struct arena *a)
{
    struct strbuf sb = STRBUF_INIT;
    struct json_out j;
    json_out_init(&j, &sb);
    json_put_str(&j, value);
    struct str text = strbuf_copy(&sb, a);
    strbuf_release(&sb);
    return text;
}

static struct str splice(struct str text, size_t at, size_t length, struct str new, struct arena *a)
{
    struct strbuf sb = STRBUF_INIT;
    strbuf_add(&sb, str_slice(text, 0, at));
    strbuf_add(&sb, new);
    strbuf_add(&sb, str_slice(text, at + length, text.n));
    struct str changed = strbuf_copy(&sb, a);
    strbuf_release(&sb);
    return changed;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The white space before `at` on its line; false: something else stands there too. */
static bool indentation(struct str text, size_t at, struct str *out)
{
    size_t start = at;
    while (start > 0 && is_blank(text.s[start - 1]))
        start--;
    *out = str_slice(text, start, at);
    return start > 0 && text.s[start - 1] == '\n';
}

/* From `at` to the line's end there is nothing but white space, a comma and a comment. *comma: a
 * comma is among them; *end: of the line, before "\r\n" or "\n". */
static bool line_ends(struct str text, size_t at, bool *comma, size_t *end)
{
    *comma = false;
    while (at < text.n && (is_blank(text.s[at]) || (text.s[at] == ',' && !*comma))) {
        *comma = *comma || text.s[at] == ',';
        at++;
    }
    struct str rest = str_slice(text, at, text.n);
    size_t length = str_find(rest, STR("\n"));
    struct str line = str_slice(rest, 0, length);
    *end = at + length;
    if (line.n > 0 && line.s[line.n - 1] == '\r')
        --*end;
    line = str_trim(line);
    if (length == rest.n || line.n == 0 || str_starts(line, STR("//")))
        return length < rest.n;
    size_t closing = str_find(line, STR("*/"));
    return str_starts(line, STR("/*")) && closing < line.n && closing + 2 == line.n;
}

static struct str add_first(struct str text, const struct json *root, struct str member,
                            struct arena *a)
{
    size_t at = root->offset + 1;
    struct str indent;
    if (!root->child)
        return splice(text, at, 0, member, a);
    if (!indentation(text, root->child->key_offset, &indent))
        return splice(text, at, 0, str_printf(a, "%.*s,", STR_ARG(member)), a);
    bool is_crlf = text.s[at] == '\r';
    return splice(
        text, at, 0,
        str_printf(a, "%s%.*s%.*s,", is_crlf ? "\r\n" : "\n", STR_ARG(indent), STR_ARG(member)), a);
}

static struct str add_after(struct str text, const struct json *before, struct str member,
                            struct arena *a)
{
    size_t end = before->offset + before->length, line_end;
    struct str indent;
    bool comma;
    if (!indentation(text, before->key_offset, &indent) ||
        !line_ends(text, end, &comma, &line_end) || comma != (before->next != NULL))
        return splice(text, end, 0, str_printf(a, ", %.*s", STR_ARG(member)), a);
    const char *newline = text.s[line_end] == '\r' ? "\r\n" : "\n";
    struct str line = str_printf(a, "%s%.*s%.*s%s", newline, STR_ARG(indent), STR_ARG(member),
                                 comma ? "," : "");
    struct str changed = splice(text, line_end, 0, line, a);
    return comma ? changed : splice(changed, end, 0, STR(","), a);
}

struct str json_edit_string(struct str text, const struct json *root, const char *key,
                            struct str value, const char *const *after, struct arena *a)
{
    assert(root->kind == JSON_OBJECT);
    const struct json *there = json_find(root, key), *before = NULL;
    struct str new = quoted(value, a);
    if (there)
        return splice(text, there->offset, there->length, new, a);
    for (; *after; after++) {
        const struct json *candidate = json_find(root, *after);
        if (candidate && (!before || candidate->offset > before->offset))
            before = candidate;
    }
    struct str member = str_printf(a, "\"%s\": %.*s", key, STR_ARG(new));
    return before ? add_after(text, before, member, a) : add_first(text, root, member, a);
}
