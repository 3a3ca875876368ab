/* A questionnaire with the help of its fields as comments. */
#include "command/new_parts.h"

#include "base/arena.h"
#include "base/strbuf.h"
#include "questionnaire/field.h"
#include "questionnaire/questionnaire.h"
#include "source/json.h"
#include "source/json_out.h"

#include <string.h>

#define WIDTH ((size_t)100)

struct writer {
    struct strbuf *out;
    struct arena *a;
};

static void indent(struct writer *w, size_t depth)
{
    for (size_t i = 0; i < depth; i++)
        strbuf_adds(w->out, "  ");
}

/* A comment, broken between words, on lines of its own. */
static void comment(struct writer *w, size_t depth, struct str text)
{
    size_t column = 0;
    struct str word;
    bool more = true;
    while (more) {
        more = str_cut(text, ' ', &word, &text);
        if (column > 0 && column + 1 + word.n > WIDTH) {
            strbuf_addc(w->out, '\n');
            column = 0;
        }
        if (column == 0) {
            indent(w, depth);
            strbuf_adds(w->out, "//");
            column = 2 * depth + 2;
        }
        strbuf_addc(w->out, ' ');
        strbuf_add(w->out, word);
        column += 1 + word.n;
    }
    strbuf_addc(w->out, '\n');
}

/* "Mean time that one request takes ... In ms. One of: a, b." */
static struct str help_of(struct writer *w, const struct field *f)
{
    struct strbuf sb = STRBUF_INIT;
    strbuf_adds(&sb, f->help);
    if (f->unit)
        strbuf_addf(&sb, " Unit: %s.", f->unit);
    for (size_t i = 0; f->words && f->words[i]; i++)
        strbuf_addf(&sb, "%s%s", i == 0 ? " One of: " : ", ", f->words[i]);
    if (f->words)
        strbuf_addc(&sb, '.');
    struct str text = strbuf_copy(&sb, w->a);
    strbuf_release(&sb);
    return text;
}

static void put_value(struct json_out *j, const struct json *value)
{
    if (value->kind != JSON_ARRAY && value->kind != JSON_OBJECT) {
        json_put_tree(j, value);
        return;
    }
    char bracket = value->kind == JSON_ARRAY ? '[' : '{';
    json_begin_inline(j, bracket);
    for (const struct json *m = value->child; m; m = m->next) {
        if (value->kind == JSON_OBJECT)
            json_key_str(j, m->key);
        put_value(j, m);
    }
    json_end(j, value->kind == JSON_ARRAY ? ']' : '}');
}

static void put_leaf(struct writer *w, const struct json *value)
{
    struct json_out j;
    json_out_init(&j, w->out);
    put_value(&j, value);
}

static void put_object(struct writer *w, size_t depth, const char *pattern,
                       const struct json *object);

/* models and jobs: a list of objects. */
static void put_entries(struct writer *w, size_t depth, const struct field *f,
                        const struct json *list)
{
    strbuf_adds(w->out, "[\n");
    for (const struct json *entry = list->child; entry; entry = entry->next) {
        indent(w, depth + 1);
        put_object(w, depth + 1, f->path, entry);
        strbuf_adds(w->out, entry->next ? ",\n" : "\n");
    }
    indent(w, depth);
    strbuf_addc(w->out, ']');
}

/* Nobody changes these by hand. */
static bool is_for_machines(struct str key)
{
    return str_is(key, "$schema") || str_is(key, "format");
}

static void put_member(struct writer *w, size_t depth, const struct field *f,
                       const struct json *value)
{
    struct str key = str_copy(w->a, value->key);
    if (!is_for_machines(key))
        comment(w, depth, help_of(w, f));
    indent(w, depth);
    strbuf_addf(w->out, "\"%.*s\": ", STR_ARG(key));
    if (f->kind == FIELD_OBJECT && value->kind == JSON_ARRAY)
        put_entries(w, depth, f, value);
    else if (f->kind == FIELD_OBJECT && value->kind == JSON_OBJECT)
        put_object(w, depth, f->path, value);
    else
        put_leaf(w, value);
}

/* What a reader may still answer, among the scalar fields of an object. */
static void list_unanswered(struct writer *w, size_t depth, const char *pattern,
                            const struct json *object)
{
    size_t count;
    struct strbuf names = STRBUF_INIT;
    const struct field *table = field_table(&count);
    for (size_t i = 0; i < count; i++) {
        struct str key = field_key(&table[i], pattern);
        if (key.n == 0 || json_find(object, str_cstring(w->a, key)))
            continue;
        strbuf_addf(&names, "%s%.*s", names.n > 0 ? ", " : "Not answered: ", STR_ARG(key));
    }
    if (names.n > 0) {
        strbuf_addc(&names, '.');
        comment(w, depth, strbuf_copy(&names, w->a));
    }
    strbuf_release(&names);
}

static void put_object(struct writer *w, size_t depth, const char *pattern,
                       const struct json *object)
{
    size_t count, written = 0;
    const struct field *table = field_table(&count);
    strbuf_adds(w->out, "{\n");
    list_unanswered(w, depth + 1, pattern, object);
    for (size_t i = 0; i < count; i++) {
        struct str key = field_key(&table[i], pattern);
        const struct json *value = key.n > 0 ? json_find(object, str_cstring(w->a, key)) : NULL;
        if (!value)
            continue;
        put_member(w, depth + 1, &table[i], value);
        strbuf_adds(w->out, ++written < object->count ? ",\n" : "\n");
    }
    indent(w, depth);
    strbuf_addc(w->out, '}');
}

void new_write(const struct json *root, struct str slug, struct arena *a, struct strbuf *out)
{
    struct writer w = {out, a};
    strbuf_addf(
        out,
        "// Where should this workload run? 'breakeven explain %.*s' says what follows from the "
        "answers,\n"
        "// 'breakeven check %.*s' finds mistakes. Leave out what nobody knows: it is then "
        "assumed, and the\n"
        "// report says so. Every number may be a range: {\"low\": 5, \"likely\": 8, \"high\": "
        "20}.\n",
        STR_ARG(slug), STR_ARG(slug));
    put_object(&w, 0, "", root);
    strbuf_addc(out, '\n');
}
