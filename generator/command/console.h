#ifndef COMMAND_CONSOLE_H
#define COMMAND_CONSOLE_H
/*
 * How commands talk: results go to standard output, diagnostics and progress to standard error.
 * Colour and progress only on a terminal, and never with NO_COLOR.
 */
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct diags;
struct option_row;

bool console_is_terminal(void); /* standard error */

/* The exit status that the diagnostics mean; with `strict`, warnings are errors. */
int console_status(const struct diags *d, bool strict);
/* Prints the diagnostics, sorted by place; with `quiet`, errors only. The status, as above. */
int console_report(struct diags *d, bool strict, bool quiet);

/* A result to standard output. `status`, or the system's failure, which is said. */
int console_put(struct str bytes, int status);

/* "breakeven: VERB: MESSAGE" and a hint (may be empty), control characters escaped. EXIT_USAGE. */
int console_misused(const char *verb, struct str message, struct str hint);

/* The help of a command: "usage: breakeven SYNOPSIS", what it does, its options. */
void console_help(const char *synopsis, const char *about, const struct option_row *options);
#endif
