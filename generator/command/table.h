#ifndef COMMAND_TABLE_H
#define COMMAND_TABLE_H
/*
 * A table for the terminal: a header line, columns as wide as their widest cell, two blanks between
 * them, no blanks at line ends. Width is counted in characters. Cells are borrowed until printing.
 */
#include "base/str.h"

#include <stddef.h>

struct arena;
struct strbuf;

enum align {
    ALIGN_LEFT,
    ALIGN_RIGHT,
    ALIGN_POINT /* numbers, decimal points under one another */
};

struct column {
    const char *title;
    enum align align;
};

struct table {
    struct arena *a;
    const struct column *columns;
    size_t column_count;
    struct str *cells; /* row by row */
    size_t count, capacity;
};

void table_init(struct table *t, const struct column *columns, size_t count, struct arena *a);
void table_cell(struct table *t, struct str text); /* the next cell; rows fill up by themselves */
/* One line a row. `indent` blanks before each. Control bytes are the caller's to keep out. */
void table_print(const struct table *t, int indent, struct strbuf *out);
#endif
