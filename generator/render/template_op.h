#ifndef RENDER_TEMPLATE_OP_H
#define RENDER_TEMPLATE_OP_H
/*
 * What a template is compiled into; between template_parse.c, template_run.c and template.c only.
 *
 * Operations stand in the order of the source. One with a body (section, inverted section, parent,
 * block) is followed by it; `end` is the index behind. The body of a parent matters only for the
 * blocks that are its direct children.
 *
 * Indentation: a partial, parent or block on a line of its own indents each line of what it expands
 * to by its own white space. Lines are those of the source: a value with newlines in it stays as it
 * is. OP_INDENT and `starts_line` mark where they begin; inside an OP_TEXT they follow each newline.
 * The content of a block loses the indentation of its first line when compiled, and gets that of
 * the place where it is printed.
 */
#include "base/diag.h"
#include "base/str.h"
#include "render/template.h"
#include "report/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum op_kind {
    OP_TEXT,   /* prints `text` */
    OP_INDENT, /* a line begins with a tag */
    OP_VALUE,  /* prints what `name` is */
    OP_SECTION,
    OP_INVERTED,
    OP_PARTIAL,
    OP_PARENT,
    OP_BLOCK
};

enum op_escape {
    ESCAPE_RAW,
    ESCAPE_NONE, /* a language without escapes */
    ESCAPE_HTML,
    ESCAPE_XML,
    ESCAPE_URL,
    ESCAPE_MARKDOWN,
    ESCAPE_CSV
};

/* "a.b.c"; no parts: "." */
struct op_name {
    struct str whole;
    struct value_key *parts;
    size_t count;
};

struct op {
    enum op_kind kind;
    enum op_escape escape;
    bool is_dynamic;  /* partial, parent: `name` says which */
    bool starts_line; /* OP_TEXT: its first byte begins a line */
    bool owns_line;   /* partial, parent, block: the opening tag stands alone */
    bool ends_line;   /* block: the closing tag stands alone */
    uint32_t end;
    uint32_t offset, length; /* of the tag */
    struct str text;         /* literal, or name of the partial, parent, block */
    struct str indent;
    struct op_name name;
    const struct template *target; /* partial, parent: set by templates_link; NULL if unknown */
};

struct template
{
    struct value_key key;
    struct str path, text;
    enum op_escape escape; /* of {{x}} */
    struct op *ops;
    size_t count;
};

struct templates {
    struct arena *a;
    bool is_strict;
    struct template **items;
    size_t count, capacity;
};

bool template_parse(struct template *t, bool is_strict, struct arena *a, struct diags *d);
/* By exact name, else with the extension of the template that asks. */
const struct template *templates_resolve(const struct templates *t, const struct template *from,
                                         struct str name);

static inline struct where template_where(const struct template *t, const struct op *op)
{
    return (struct where){t->path, t->text, op->offset, op->length};
}
#endif
