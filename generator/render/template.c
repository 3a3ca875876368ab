#include "render/template.h"

#include "base/arena.h"
#include "base/strbuf.h"
#include "render/template_run.h"

/* How {{x}} is written, by the extension of the template's name. */
static const struct language {
    const char *extension;
    enum op_escape escape;
} LANGUAGES[] = {
    {".html", ESCAPE_HTML},   {".xml", ESCAPE_XML}, {".svg", ESCAPE_XML},  {".atom", ESCAPE_XML},
    {".md", ESCAPE_MARKDOWN}, {".csv", ESCAPE_CSV}, {".txt", ESCAPE_NONE},
};

static struct str extension(struct str name)
{
    for (size_t i = name.n; i > 0 && name.s[i - 1] != '/'; i--)
        if (name.s[i - 1] == '.')
            return str_slice(name, i - 1, name.n);
    return (struct str){NULL, 0};
}

static enum op_escape escape_for(struct str name)
{
    struct str ext = extension(name);
    for (size_t i = 0; i < sizeof LANGUAGES / sizeof *LANGUAGES; i++)
        if (str_is(ext, LANGUAGES[i].extension))
            return LANGUAGES[i].escape;
    return ESCAPE_HTML;
}

static struct template *find(const struct templates *t, struct str name)
{
    struct value_key key = value_key(name);
    for (size_t i = 0; i < t->count; i++)
        if (t->items[i]->key.hash == key.hash && str_equal(t->items[i]->key.name, name))
            return t->items[i];
    return NULL;
}

const struct template *templates_resolve(const struct templates *t, const struct template *from,
                                         struct str name)
{
    char full[256];
    const struct template *found = find(t, name);
    struct str ext = extension(from->key.name);
    if (found || ext.n == 0 || name.n + ext.n > sizeof full)
        return found;
    for (size_t i = 0; i < name.n + ext.n; i++)
        full[i] = i < name.n ? name.s[i] : ext.s[i - name.n];
    found = find(t, (struct str){full, name.n + ext.n});
    return found;
}

struct templates *templates_new(struct arena *a, bool is_strict)
{
    struct templates *t = arena_new(a, struct templates, 1);
    t->a = a;
    t->is_strict = is_strict;
    return t;
}

bool templates_add(struct templates *t, struct str name, struct str path, struct str text,
                   struct diags *d)
{
    struct template *item = find(t, name);
    if (!item) {
        if (t->count == t->capacity)
            t->items = arena_grow(t->a, struct template *, t->items, t->count, &t->capacity);
        item = arena_new(t->a, struct template, 1);
        t->items[t->count++] = item;
    }
    *item = (struct template){.key = value_key(str_copy(t->a, name)),
                              .path = str_copy(t->a, path),
                              .text = text,
                              .escape = escape_for(name)};
    return template_parse(item, t->is_strict, t->a, d);
}

static void unknown_partial(const struct templates *t, const struct template *from,
                            const struct op *op, struct diags *d)
{
    struct str *names = arena_new(t->a, struct str, t->count);
    for (size_t i = 0; i < t->count; i++)
        names[i] = t->items[i]->key.name;
    struct str near = str_nearest(op->text, names, t->count);
    const char *hint = NULL;
    if (near.s)
        hint = str_cstring(t->a, str_printf(t->a, "did you mean \"%.*s\"?", STR_ARG(near)));
    diag_error(d, template_where(from, op), hint, "there is no partial \"%.*s\"",
               STR_ARG(op->text));
}

bool templates_link(struct templates *t, struct diags *d)
{
    bool ok = true;
    for (size_t i = 0; i < t->count; i++) {
        const struct template *item = t->items[i];
        for (size_t k = 0; k < item->count; k++) {
            struct op *op = &item->ops[k];
            if ((op->kind != OP_PARTIAL && op->kind != OP_PARENT) || op->is_dynamic)
                continue;
            op->target = templates_resolve(t, item, op->text);
            if (!op->target && t->is_strict) {
                unknown_partial(t, item, op, d);
                ok = false;
            }
        }
    }
    return ok;
}

bool templates_has(const struct templates *t, struct str name)
{
    return find(t, name) != NULL;
}

size_t templates_count(const struct templates *t)
{
    return t->count;
}

/* The template to begin with; a diagnostic where there is none. */
static const struct template *start(const struct templates *t, struct str name, struct diags *d)
{
    const struct template *item = find(t, name);
    if (!item)
        diag_error(d, where_file(name), NULL, "there is no such template");
    return item;
}

bool template_render(const struct templates *t, struct str name, const struct value *root,
                     struct strbuf *out, struct diags *d)
{
    const struct template *item = start(t, name, d);
    return item && template_run(t, item, RUN_PRINT, root, out, NULL, d);
}

bool template_check(const struct templates *t, struct str name, const struct value *sample,
                    struct diags *d)
{
    const struct template *item = start(t, name, d);
    return item && template_run(t, item, RUN_CHECK, sample, NULL, NULL, d);
}

void template_names(const struct templates *t, struct str name,
                    void (*visit)(void *context, const struct template_use *use), void *context)
{
    const struct template *item = find(t, name);
    struct run_visitor visitor = {visit, context};
    if (item)
        template_run(t, item, RUN_NAMES, NULL, NULL, &visitor, NULL);
}
