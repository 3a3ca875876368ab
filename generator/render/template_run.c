#include "render/template_run.h"

#include "base/arena.h"
#include "base/strbuf.h"
#include "render/escape.h"

#include <assert.h>
#include <string.h>

/* A template with this many faults has been shown enough of them. */
#define MAX_ERRORS ((size_t)50)

/* The context stack, innermost first. In RUN_NAMES there are no values but names of sections. */
struct scope {
    const struct value *value;
    struct str section;
    const struct scope *outer;
};

/* A parent tag being expanded: its blocks override those of the template. Innermost first. */
struct frame {
    const struct template *t;
    const struct op *parent; /* the tag, its blocks behind it */
    const struct frame *outer;
};

/* The templates being expanded, so that checking a recursive one ends. */
struct active {
    const struct template *t;
    const struct value *value;
    const struct active *outer;
};

struct run {
    const struct templates *set;
    enum run_mode mode;
    struct strbuf *out;
    const struct run_visitor *visitor;
    struct diags *d;
    const struct frame *frames;
    const struct active *active;
    struct strbuf indent; /* what lines begin with is indent.s + indent_from */
    size_t indent_from;
    bool skips_indent; /* the line has begun already */
    size_t depth, steps, errors;
    bool is_stopped;
};

static void run_ops(struct run *r, const struct template *t, size_t from, size_t to,
                    const struct scope *scope);

/* ---- faults ----------------------------------------------------------------------------------- */

static void fault(struct run *r)
{
    if (++r->errors >= MAX_ERRORS)
        r->is_stopped = true;
}

static void limit(struct run *r, const struct template *t, const struct op *op, const char *what)
{
    if (!r->is_stopped)
        diag_error(r->d, template_where(t, op), "does a partial include itself without end?", "%s",
                   what);
    r->errors++;
    r->is_stopped = true;
}

static bool step(struct run *r, const struct template *t, const struct op *op)
{
    if (++r->steps > TEMPLATE_MAX_STEPS)
        limit(r, t, op, "template takes too many steps");
    return !r->is_stopped;
}

/* No object has the name: says so, with the nearest name that one of them has. */
static void unknown_name(struct run *r, const struct template *t, const struct op *op,
                         struct value_key key, const struct value *in, const struct scope *scope)
{
    if (!r->set->is_strict)
        return;
    struct arena *scratch = arena_create();
    struct str *names = NULL;
    size_t count = 0, capacity = 0;
    for (; in || scope; scope = in ? NULL : scope->outer, in = NULL) {
        const struct value *object = in ? in : scope->value;
        if (!object || object->kind != VALUE_OBJECT)
            continue;
        for (size_t i = 0; i < object->content->count; i++) {
            if (count == capacity)
                names = arena_grow(scratch, struct str, names, count, &capacity);
            names[count++] = object->content->members[i].key.name;
        }
        if (in)
            break;
    }
    struct str near = str_nearest(key.name, names, count);
    const char *hint = NULL;
    if (near.s)
        hint = str_cstring(scratch, str_printf(scratch, "did you mean \"%.*s\"?", STR_ARG(near)));
    if (op->name.count > 1)
        diag_error(r->d, template_where(t, op), hint, "unknown name \"%.*s\" in \"%.*s\"",
                   STR_ARG(key.name), STR_ARG(op->name.whole));
    else
        diag_error(r->d, template_where(t, op), hint, "unknown name \"%.*s\"", STR_ARG(key.name));
    arena_destroy(scratch);
    fault(r);
}

static void strict_fault(struct run *r, const struct template *t, const struct op *op,
                         const char *hint, const char *what, enum value_kind kind)
{
    if (!r->set->is_strict)
        return;
    diag_error(r->d, template_where(t, op), hint, "\"%.*s\" is %s%s", STR_ARG(op->name.whole),
               value_kind_name(kind), what);
    fault(r);
}

/* ---- names ------------------------------------------------------------------------------------ */

/* What the name stands for here, or NULL. */
static const struct value *look_up(struct run *r, const struct template *t, const struct op *op,
                                   const struct scope *scope)
{
    const struct op_name *name = &op->name;
    const struct value *v = NULL;

    if (name->count == 0)
        return scope->value;
    for (const struct scope *s = scope; s && !v; s = s->outer)
        v = value_find(s->value, name->parts[0]);
    if (!v) {
        unknown_name(r, t, op, name->parts[0], NULL, scope);
        return NULL;
    }
    for (size_t i = 1; i < name->count; i++) {
        if (v->kind == VALUE_NULL || (v->kind == VALUE_BOOL && !v->is_true))
            return v; // an object that is not there has no members either
        const struct value *member = value_find(v, name->parts[i]);
        if (!member) {
            unknown_name(r, t, op, name->parts[i], v, NULL);
            return NULL;
        }
        v = member;
    }
    return v;
}

static void visit(struct run *r, const struct template *t, const struct op *op, char sigil,
                  const struct scope *scope)
{
    struct str sections[TEMPLATE_MAX_NESTING];
    size_t count = 0, total = 0;
    for (const struct scope *s = scope; s->outer; s = s->outer)
        total++;
    for (const struct scope *s = scope; s->outer; s = s->outer) {
        size_t index = total - 1 - count++;
        if (index < TEMPLATE_MAX_NESTING) // deeper ones by recursion of partials: the outer ones do
            sections[index] = s->section;
    }
    struct template_use use = {template_where(t, op), op->name.whole, sigil, sections,
                               total < TEMPLATE_MAX_NESTING ? total : TEMPLATE_MAX_NESTING};
    r->visitor->visit(r->visitor->context, &use);
}

/* ---- printing --------------------------------------------------------------------------------- */

static void begin_line(struct run *r)
{
    assert(r->out);
    if (!r->skips_indent && r->indent.n > r->indent_from)
        strbuf_add(r->out, str_slice(strbuf_str(&r->indent), r->indent_from, r->indent.n));
    r->skips_indent = false;
}

static void print_text(struct run *r, const struct op *op)
{
    assert(r->out); /* only what is printed comes here */
    if (r->indent.n == r->indent_from) {
        strbuf_add(r->out, op->text);
        r->skips_indent = false;
        return;
    }
    struct str rest = op->text;
    bool starts_line = op->starts_line;
    while (rest.n > 0) {
        const char *newline = memchr(rest.s, '\n', rest.n);
        size_t n = newline ? (size_t)(newline - rest.s) + 1 : rest.n;
        bool is_empty = rest.s[0] == '\n' || (rest.s[0] == '\r' && n == 2);
        if (starts_line && !is_empty)
            begin_line(r);
        r->skips_indent = false;
        strbuf_add(r->out, str_slice(rest, 0, n));
        rest = str_slice(rest, n, rest.n);
        starts_line = true;
    }
}

static void print_escaped(struct strbuf *out, enum op_escape how, struct str text)
{
    switch (how) {
    case ESCAPE_RAW:
    case ESCAPE_NONE: strbuf_add(out, text); break;
    case ESCAPE_HTML: escape_html(out, text); break;
    case ESCAPE_XML: escape_xml(out, text); break;
    case ESCAPE_URL: escape_url(out, text); break;
    case ESCAPE_MARKDOWN: escape_markdown(out, text); break;
    case ESCAPE_CSV: escape_csv(out, text); break;
    }
}

/* Is a value of this kind markup of the template's language, or text? See template.h. */
static void check_raw(struct run *r, const struct template *t, const struct op *op,
                      const struct value *v)
{
    bool is_html = t->escape == ESCAPE_HTML || t->escape == ESCAPE_XML;
    bool is_markdown = t->escape == ESCAPE_MARKDOWN;
    bool fits = (is_html && v->kind == VALUE_HTML) || (is_markdown && v->kind == VALUE_MARKDOWN);

    if (op->escape == ESCAPE_RAW) {
        if ((is_html || is_markdown) && !fits && v->text.n > 0)
            strict_fault(r, t, op, "write it with two braces: {{...}}",
                         ", which may not be printed raw here", v->kind);
    } else if (fits && t->escape != ESCAPE_XML) { // a feed may carry HTML as escaped text
        strict_fault(r, t, op, "write it with three braces: {{{...}}}", " and would be escaped",
                     v->kind);
    }
}

static void run_value(struct run *r, const struct template *t, const struct op *op,
                      const struct scope *scope)
{
    if (r->mode == RUN_NAMES) {
        visit(r, t, op, op->escape == ESCAPE_RAW ? '&' : '\0', scope);
        return;
    }
    const struct value *v = look_up(r, t, op, scope);
    r->skips_indent = false;
    if (!v)
        return;
    switch (v->kind) {
    case VALUE_NULL: break;
    case VALUE_BOOL:
        if (r->mode == RUN_PRINT)
            strbuf_adds(r->out, v->is_true ? "true" : "false");
        break;
    case VALUE_TEXT:
    case VALUE_HTML:
    case VALUE_MARKDOWN:
        check_raw(r, t, op, v);
        if (r->mode == RUN_PRINT)
            print_escaped(r->out, op->escape, v->text);
        break;
    case VALUE_LIST:
    case VALUE_OBJECT:
        strict_fault(r, t, op, "open a section with it: {{#...}}", " and cannot be printed",
                     v->kind);
        break;
    }
}

/* ---- sections --------------------------------------------------------------------------------- */

static void run_section(struct run *r, const struct template *t, size_t at,
                        const struct scope *scope)
{
    const struct op *op = &t->ops[at];
    struct scope inner = {NULL, op->name.whole, scope};

    if (r->mode == RUN_NAMES) {
        visit(r, t, op, '#', scope);
        run_ops(r, t, at + 1, op->end, &inner);
        return;
    }
    const struct value *v = look_up(r, t, op, scope);
    if (!v || !step(r, t, op))
        return;
    if (!value_is_truthy(v)) {
        if (r->mode == RUN_CHECK && v->kind != VALUE_LIST)
            run_ops(r, t, at + 1, op->end, scope);
        return;
    }
    if (v->kind == VALUE_BOOL) {
        run_ops(r, t, at + 1, op->end, scope);
        return;
    }
    if (v->kind != VALUE_LIST) {
        inner.value = v;
        run_ops(r, t, at + 1, op->end, &inner);
        return;
    }
    size_t rounds = r->mode == RUN_CHECK ? 1 : v->content->count;
    for (size_t i = 0; i < rounds && step(r, t, op); i++) {
        inner.value = v->content->items[i];
        run_ops(r, t, at + 1, op->end, &inner);
    }
}

static void run_inverted(struct run *r, const struct template *t, size_t at,
                         const struct scope *scope)
{
    const struct op *op = &t->ops[at];
    if (r->mode == RUN_NAMES) {
        visit(r, t, op, '^', scope);
        run_ops(r, t, at + 1, op->end, scope);
        return;
    }
    const struct value *v = look_up(r, t, op, scope);
    if (!v || r->mode == RUN_CHECK || !value_is_truthy(v))
        run_ops(r, t, at + 1, op->end, scope);
}

/* ---- partials, parents, blocks ---------------------------------------------------------------- */

static bool enter(struct run *r, const struct template *t, const struct op *op)
{
    if (!step(r, t, op))
        return false;
    if (r->depth == TEMPLATE_MAX_DEPTH) {
        limit(r, t, op, "partials nested too deep");
        return false;
    }
    r->depth++;
    return true;
}

/* The template that the tag names, or NULL where there is none. */
static const struct template *find_target(struct run *r, const struct template *t,
                                          const struct op *op, const struct scope *scope)
{
    if (!op->is_dynamic)
        return op->target;
    if (r->mode == RUN_NAMES) {
        visit(r, t, op, op->kind == OP_PARENT ? '<' : '>', scope);
        return NULL;
    }
    const struct value *v = look_up(r, t, op, scope);
    if (!v || v->kind == VALUE_NULL)
        return NULL;
    if (v->kind != VALUE_TEXT) {
        strict_fault(r, t, op, NULL, ", not the name of a partial", v->kind);
        return NULL;
    }
    const struct template *target = templates_resolve(r->set, t, v->text);
    if (!target && r->set->is_strict && v->text.n > 0) {
        diag_error(r->d, template_where(t, op), NULL, "there is no partial \"%.*s\"",
                   STR_ARG(v->text));
        fault(r);
    }
    return target;
}

/* Is the walk inside of this template already, with the same data? A walk that enters every section
 * would not end. */
static bool is_walked(const struct run *r, const struct template *t, const struct value *value)
{
    if (r->mode == RUN_PRINT)
        return false;
    for (const struct active *a = r->active; a; a = a->outer)
        if (a->t == t && a->value == value)
            return true;
    return false;
}

static void run_include(struct run *r, const struct template *t, const struct op *op,
                        const struct scope *scope)
{
    const struct template *target = find_target(r, t, op, scope);
    if (!target || is_walked(r, target, scope->value) || !enter(r, t, op))
        return;
    struct frame frame = {t, op, r->frames};
    struct active active = {target, scope->value, r->active};
    size_t indent_from = r->indent_from, indent_n = r->indent.n;
    bool skips_indent = r->skips_indent;

    if (op->kind == OP_PARENT)
        r->frames = &frame;
    r->active = &active;
    if (op->owns_line)
        strbuf_add(&r->indent, op->indent);
    else
        r->indent_from =
            r->indent.n; // its first line has begun, and its others begin at the margin
    run_ops(r, target, 0, target->count, scope);
    r->indent_from = indent_from;
    r->indent.n = indent_n;
    r->skips_indent = skips_indent && op->owns_line;
    r->active = active.outer;
    r->frames = frame.outer;
    r->depth--;
}

/* The block of that name among the direct children of a parent tag. */
static const struct op *find_override(const struct frame *frame, struct str name)
{
    const struct op *ops = frame->t->ops;
    for (size_t i = (size_t)(frame->parent - ops) + 1; i < frame->parent->end; i = ops[i].end)
        if (ops[i].kind == OP_BLOCK && str_equal(ops[i].text, name))
            return &ops[i];
    return NULL;
}

static void run_block(struct run *r, const struct template *t, size_t at, const struct scope *scope)
{
    const struct op *block = &t->ops[at], *content = block;
    const struct template *home = t; // where the content was written
    const struct frame *frames = r->frames, *scene = frames;

    for (const struct frame *f = frames; f; f = f->outer) {
        const struct op *override = find_override(f, block->text);
        if (override) { // the outermost wins
            content = override;
            home = f->t;
            scene = f->outer;
        }
    }
    if (r->mode != RUN_PRINT && content != block) // the default is checked as well
        run_ops(r, t, at + 1, block->end, scope);
    if (!enter(r, t, block))
        return;
    size_t start = r->out ? r->out->n : 0, indent_n = r->indent.n;
    size_t body = (size_t)(content - home->ops) + 1;

    r->frames = scene;
    if (block->owns_line)
        strbuf_add(&r->indent, block->indent);
    if (r->mode == RUN_PRINT && body < content->end) {
        if (!block->owns_line && content->owns_line)
            r->skips_indent = true;
        else if (block->owns_line && !content->owns_line)
            begin_line(r);
    }
    run_ops(r, home, body, content->end, scope);
    r->skips_indent = false;
    r->indent.n = indent_n;
    r->frames = frames;
    r->depth--;
    if (r->mode == RUN_PRINT && block->owns_line && block->ends_line && r->out->n > start &&
        r->out->s[r->out->n - 1] != '\n')
        strbuf_addc(r->out, '\n');
}

/* ---- the walk --------------------------------------------------------------------------------- */

static void run_ops(struct run *r, const struct template *t, size_t from, size_t to,
                    const struct scope *scope)
{
    for (size_t i = from; i < to && !r->is_stopped; i = t->ops[i].end) {
        const struct op *op = &t->ops[i];
        switch (op->kind) {
        case OP_TEXT:
            if (r->mode == RUN_PRINT)
                print_text(r, op);
            break;
        case OP_INDENT:
            if (r->mode == RUN_PRINT)
                begin_line(r);
            break;
        case OP_VALUE: run_value(r, t, op, scope); break;
        case OP_SECTION: run_section(r, t, i, scope); break;
        case OP_INVERTED: run_inverted(r, t, i, scope); break;
        case OP_PARTIAL:
        case OP_PARENT: run_include(r, t, op, scope); break;
        case OP_BLOCK: run_block(r, t, i, scope); break;
        }
        if (r->out && r->out->overflowed)
            limit(r, t, op, "output is longer than its maximum");
    }
}

bool template_run(const struct templates *set, const struct template *t, enum run_mode mode,
                  const struct value *root, struct strbuf *out, const struct run_visitor *visitor,
                  struct diags *d)
{
    struct run r = {.set = set, .mode = mode, .out = out, .visitor = visitor, .d = d};
    struct scope scope = {root, {NULL, 0}, NULL};
    struct active active = {t, root, NULL};

    r.active = &active;
    run_ops(&r, t, 0, t->count, &scope);
    strbuf_release(&r.indent);
    return r.errors == 0;
}
