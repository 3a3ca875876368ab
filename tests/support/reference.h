#ifndef SUPPORT_REFERENCE_H
#define SUPPORT_REFERENCE_H
/* A small comma-separated table with a heading, for comparing figures with tests/reference/. */
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct reference {
    size_t rows, columns;
    struct str *cells; /* the heading is row 0; data rows are 1 to rows */
};

/* Path from the top of the project. Fails the test where it cannot be read. */
struct reference reference_load(const char *path, struct arena *a);
struct str reference_text(const struct reference *r, size_t row, const char *column);
double reference_number(const struct reference *r, size_t row, const char *column); /* NAN: empty */

/* Fails with both figures and the name unless |got / want - 1| <= relative (want 0: |got| <= it). */
#define assert_near(name, got, want, relative) \
    reference_near((name), (got), (want), (relative), __FILE__, __LINE__)
void reference_near(const char *name, double got, double want, double relative, const char *file,
                    int line);
#endif
