#ifndef RENDER_TEMPLATE_RUN_H
#define RENDER_TEMPLATE_RUN_H
/*
 * One walk over a linked template: printing, checking against a sample, or listing names; see
 * template.h. Between template_run.c and template.c only.
 */
#include "render/template_op.h"

struct strbuf;

enum run_mode {
    RUN_PRINT,
    RUN_CHECK, /* prints nothing, enters every section */
    RUN_NAMES  /* the same without data; calls visit */
};

struct run_visitor {
    void (*visit)(void *context, const struct template_use *use);
    void *context;
};

bool template_run(const struct templates *set, const struct template *t, enum run_mode mode,
                  const struct value *root, struct strbuf *out, const struct run_visitor *visitor,
                  struct diags *d);
#endif
