#include "questionnaire/questionnaire.h"

#include "base/arena.h"
#include "base/strbuf.h"
#include "questionnaire/parse.h"
#include "source/json.h"
#include "source/json_out.h"

#include <string.h>

#define SET_LABEL "--set" /* stands where a file name stands in messages */

static bool is_number(struct str text, size_t *value)
{
    *value = 0;
    if (text.n == 0 || text.n > 4)
        return false;
    for (size_t i = 0; i < text.n; i++) {
        if (text.s[i] < '0' || text.s[i] > '9')
            return false;
        *value = *value * 10 + (size_t)(text.s[i] - '0');
    }
    return true;
}

/* ---- the assignment ---------------------------------------------------------------------------
 */

/* The field that a path leads to: the row itself, the list above an index, or the number above a
 * member of its range. NULL: no such path. */
static const struct field *target(struct str path)
{
    struct str parent = path, last, rest = path;
    size_t index;
    const struct field *field = field_find(path);
    if (field)
        return str_find(path, STR("[]")) == path.n ? field : NULL;
    if (str_is(path, "models") || str_is(path, "jobs"))
        return field_find(str_is(path, "models") ? STR("models[]") : STR("jobs[]"));
    while (str_cut(rest, '.', &last, &rest))
        ;
    if (last.n == path.n)
        return NULL;
    parent.n = path.n - last.n - 1;
    field = field_find(parent);
    if (!field)
        return NULL;
    bool is_end = str_is(last, "low") || str_is(last, "likely") || str_is(last, "high");
    if ((field->kind == FIELD_NUMBER || field->kind == FIELD_INTEGER) && is_end)
        return field;
    if (field->kind == FIELD_LIST && is_number(last, &index))
        return field;
    return NULL;
}

/* A value of ours, that stands where the assignment does. */
static struct json value_at(struct where where, enum json_kind kind, struct arena *a)
{
    struct json_source *source = arena_new(a, struct json_source, 1);
    *source = (struct json_source){where.path, where.text};
    return (struct json){.kind = kind,
                         .source = source,
                         .offset = (uint32_t)where.offset,
                         .length = (uint32_t)where.length};
}

static struct json *string_value(struct str text, struct where where, struct arena *a)
{
    struct json *value = arena_new(a, struct json, 1);
    *value = value_at(where, JSON_STRING, a);
    value->string = text;
    return value;
}

static bool is_one_of(char c, struct str characters)
{
    return memchr(characters.s, c, characters.n) != NULL;
}

/* JSON where it looks like JSON and the field may hold it; else a bare word. */
static const struct json *read_value(const struct field *field, struct str path, struct str text,
                                     struct arena *a, struct diags *d)
{
    struct str label = str_printf(a, SET_LABEL " %.*s", STR_ARG(path));
    struct where where = {.path = label, .text = text, .offset = 0, .length = text.n};
    bool takes_words = field->kind == FIELD_TEXT || field->kind == FIELD_CHOICE ||
                       field->kind == FIELD_DATE || field->kind == FIELD_BOOL_OR_ID;
    bool is_literal = str_is(text, "true") || str_is(text, "false") || str_is(text, "null");
    bool is_quoted = text.n > 0 && is_one_of(text.s[0], STR("\"{["));
    bool is_figure = text.n > 0 && is_one_of(text.s[0], STR("-0123456789"));
    if (is_quoted || (is_figure && !takes_words) ||
        (is_literal && (!takes_words || field->kind == FIELD_BOOL_OR_ID)))
        return json_parse(label, text, a, d);
    if (str_utf8_error(text) < text.n) {
        diag_error(d, where, NULL, "the value is not valid UTF-8");
        return NULL;
    }
    return string_value(text, where, a);
}

/* ---- changing the tree ------------------------------------------------------------------------
 */

/*
 * Trees are read-only, so a change copies the containers along the path. A missing object is made;
 * an index equal to the count appends. NULL and a diagnostic: the path leads through something
 * else.
 */
static const struct json *replace(const struct json *node, struct str path,
                                  const struct json *value, struct where where, struct arena *a,
                                  struct diags *d)
{
    struct str key, rest;
    size_t index = 0, at = 0;
    bool is_last = !str_cut(path, '.', &key, &rest);
    bool is_index = is_number(key, &index);
    enum json_kind kind = is_index ? JSON_ARRAY : JSON_OBJECT;
    struct json *copy = arena_new(a, struct json, 1);
    *copy = node ? *node : value_at(where, kind, a);
    if (copy->kind != kind) {
        diag_error(d, where, is_index ? NULL : "set the whole of it", "\"%.*s\" leads into %s",
                   STR_ARG(path), json_kind_name(copy->kind));
        return NULL;
    }
    if (is_index && index > copy->count) {
        diag_error(d, where, "entries count from 0; the next one may be added",
                   "there is no entry %zu: there are %zu", index, copy->count);
        return NULL;
    }
    struct json *children = arena_new(a, struct json, copy->count + 1);
    struct json *found = NULL;
    for (const struct json *c = copy->child; c; c = c->next, at++) {
        children[at] = *c;
        if (is_index ? at == index : str_equal(c->key, key))
            found = &children[at];
    }
    struct str name = is_index ? (struct str){NULL, 0} : str_copy(a, key);
    const struct json *new = is_last ? value : replace(found, rest, value, where, a, d);
    if (!new)
        return NULL;
    if (!found) {
        found = &children[at];
        copy->count++;
    }
    *found = *new;
    found->key = name;
    found->key_offset = found->key_length = 0; // the key stands elsewhere than the value: at its beginning
    for (size_t i = 0; i < copy->count; i++) {
        children[i].index = (unsigned char)(i < JSON_BITS ? i : JSON_BITS);
        children[i].next = i + 1 < copy->count ? &children[i + 1] : NULL;
    }
    copy->child = children;
    return copy;
}

static const struct json *apply(const struct json *tree, struct str assignment, struct arena *a,
                                struct diags *d)
{
    struct str path, text;
    struct where where = {.path = STR(SET_LABEL), .text = assignment, .length = assignment.n};
    if (!str_cut(assignment, '=', &path, &text) || path.n == 0) {
        diag_error(d, where, "for example --set answers.traffic.requests_per_day=2e6",
                   "an assignment must be PATH=VALUE, got \"%.*s\"", STR_ARG(assignment));
        return NULL;
    }
    path = str_trim(path);
    text = str_trim(text);
    where.length = path.n;
    const struct field *field = target(path);
    if (!field) {
        struct str near = field_nearest(path, a);
        struct str hint = str_printf(a, "did you mean \"%.*s\"?", STR_ARG(near));
        diag_error(d, where, near.s ? str_cstring(a, hint) : "`schema` lists the fields",
                   "unknown field \"%.*s\"", STR_ARG(path));
        return NULL;
    }
    const struct json *value = read_value(field, path, text, a, d);
    return value ? replace(tree, path, value, where, a, d) : NULL;
}

/* Reads the changed tree and keeps what is wrong with the set values; the rest is found again, and
 * said, when the text is parsed. */
static bool report_set_values(const struct json *tree, struct arena *a, struct diags *d)
{
    struct questionnaire scratch;
    struct diags *found = diags_new(a);
    size_t before = diags_errors(d);
    questionnaire_read(tree, STR("set"), a, &scratch, found);
    for (size_t i = 0; i < diags_count(found); i++) {
        const struct diag *g = diags_get(found, i);
        if (g->severity == SEVERITY_ERROR && str_starts(g->where.path, STR(SET_LABEL)))
            diag_add(d, g->severity, g->where, g->hint, g->message);
    }
    return diags_errors(d) == before;
}

bool questionnaire_set(struct str path, struct str text, const struct str *assignments,
                       size_t count, struct arena *a, struct str *out, struct diags *d)
{
    bool ok = true;
    const struct json *tree = json_parse(path, text, a, d);
    if (!tree)
        return false;
    if (tree->kind != JSON_OBJECT) {
        diag_error(d, json_where(tree), NULL, "the file must be an object, got %s",
                   json_kind_name(tree->kind));
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        const struct json *changed = apply(tree, assignments[i], a, d);
        ok = ok && changed;
        if (changed)
            tree = changed;
    }
    if (!report_set_values(tree, a, d) || !ok)
        return false;
    struct strbuf sb = STRBUF_INIT;
    struct json_out j;
    json_out_init(&j, &sb);
    json_put_tree(&j, tree);
    strbuf_addc(&sb, '\n');
    *out = strbuf_copy(&sb, a);
    strbuf_release(&sb);
    return true;
}
