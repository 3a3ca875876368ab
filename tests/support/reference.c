#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "reference.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"

#include <math.h>
#include <stdlib.h>

struct reference reference_load(const char *path, struct arena *a)
{
    struct diags *d = diags_new(a);
    struct str text, line;
    if (!file_read(path, a, &text, d)) {
        print_error("cannot read %s\n", path);
        fail();
    }
    struct reference r = {0};
    size_t capacity = 4096, count = 0;
    r.cells = arena_new(a, struct str, capacity);
    for (size_t row = 0; str_next_line(&text, &line); row++) {
        bool more = true;
        size_t columns = 0;
        while (more) {
            struct str cell;
            more = str_cut(line, ',', &cell, &line);
            assert_true(count < capacity);
            r.cells[count++] = cell;
            columns++;
        }
        if (row == 0)
            r.columns = columns;
        assert_int_equal(columns, r.columns);
        r.rows = row;
    }
    return r;
}

struct str reference_text(const struct reference *r, size_t row, const char *column)
{
    for (size_t c = 0; c < r->columns; c++)
        if (str_is(r->cells[c], column))
            return r->cells[row * r->columns + c];
    print_error("no column %s\n", column);
    fail();
    return (struct str){0};
}

double reference_number(const struct reference *r, size_t row, const char *column)
{
    struct str cell = reference_text(r, row, column);
    char buffer[64] = "";
    assert_true(cell.n < sizeof buffer);
    for (size_t i = 0; i < cell.n; i++)
        buffer[i] = cell.s[i];
    return strtod(cell.n > 0 ? buffer : "nan", NULL);
}

void reference_near(const char *name, double got, double want, double relative, const char *file,
                    int line)
{
    double error = fabs(want) > 0.0 ? fabs(got / want - 1.0) : fabs(got);
    if (error <= relative)
        return;
    print_error("%s: got %.15g, want %.15g: off by %.3g, allowed %.3g\n", name, got, want, error,
                relative);
    _fail(file, line);
}
