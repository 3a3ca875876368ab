#ifndef BASE_DIAG_H
#define BASE_DIAG_H
/*
 * What is wrong with the input, collected: one run shows every mistake of every file. A mistake has
 * a place (file, line, column), a message in lower case without a full stop, and, where there is
 * one, a hint that says what to do. Lines are counted only when printing.
 * Functions that take a struct diags return bool; false means that an error stands in it.
 * Of one file's mistakes the first 500 are kept; the others are counted, and a note says so.
 * A struct diags belongs to one thread; workers have their own, joined with diags_append.
 */
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct strbuf;

enum severity {
    SEVERITY_NOTE,
    SEVERITY_WARNING,
    SEVERITY_ERROR
};

/* A span of one input file. text is the whole file, or empty where there is none (then line 0). */
struct where {
    struct str path, text;
    size_t offset, length;
};

struct diag {
    enum severity severity;
    struct where where;
    struct str message, hint; /* hint may be empty */
    bool is_system;           /* the machine failed (no space, no permission): exit status 3 */
};

struct diags; /* opaque; lives in the arena that it was made in and copies what it is given */

struct diags *diags_new(struct arena *a);
void diag_error(struct diags *d, struct where where, const char *hint, const char *fmt, ...)
    __attribute__((format(printf, 4, 5))); /* hint may be NULL */
void diag_warning(struct diags *d, struct where where, const char *hint, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* An error of the machine, not of the input; `number` is an errno, whose text is appended. */
void diag_system(struct diags *d, struct where where, int number, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
void diag_add(struct diags *d, enum severity severity, struct where where, struct str hint,
              struct str message);
void diags_append(struct diags *to, const struct diags *from); /* copies into to's arena */
/* Only of the mistakes that `from` counted and did not keep, for those who copy the others singly. */
void diags_append_counts(struct diags *to, const struct diags *from);

size_t diags_errors(const struct diags *d);
size_t diags_warnings(const struct diags *d);
/* Among the errors, those of the machine: more than 0 is exit status 3. */
size_t diags_system_errors(const struct diags *d);
size_t diags_count(const struct diags *d);
/* In the order of arrival, or of diags_sort after it. */
const struct diag *diags_get(const struct diags *d, size_t index);
void diags_sort(struct diags *d); /* by path, offset, then order of arrival; drops exact repeats */

/* 1-based line and column (in characters, not bytes) of a place; false where it has no text. */
bool where_line(struct where where, size_t *line, size_t *column);
struct where where_file(struct str path); /* a whole file, no position */

/*
 * As compilers write them: "path:line:col: error: message", the line, a caret, then "  hint: ...".
 * Control bytes and invalid UTF-8 from the input are shown escaped. `colour`: ANSI colours.
 */
void diags_print(struct diags *d, struct strbuf *out, bool colour);
#endif
