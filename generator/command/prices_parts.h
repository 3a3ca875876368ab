#ifndef COMMAND_PRICES_PARTS_H
#define COMMAND_PRICES_PARTS_H
/* What the sub-commands of `prices` share. Private to command/prices*.c. */
#include "base/option.h"
#include "base/strbuf.h"
#include "command/status.h"
#include "pricing/book.h"
#include "source/json_out.h"

/* One run of a sub-command: everything lives in its arena. */
struct prices_run {
    struct arena *a;
    struct diags *d;
    const char *pricing; /* --pricing; NULL: the project's, else the installed one */
    struct book book;
};

int prices_list(int argc, char **argv, struct prices_run *run);
int prices_show(int argc, char **argv, struct prices_run *run);
int prices_import(int argc, char **argv, struct prices_run *run);
int prices_check(int argc, char **argv, struct prices_run *run);

/* Loads the book of --pricing, the project or the installation; false: mistakes stand in run->d. */
bool prices_load(struct prices_run *run);
/* Writes a result to standard output; text has control characters replaced. The exit status. */
int prices_put(const struct strbuf *out, bool is_text, int status);
/* "breakeven: prices: MESSAGE" with a hint on standard error; returns EXIT_INPUT. */
int prices_complain(struct str message, struct str hint);

/* One price as an object of JSON, the same in every sub-command. */
void prices_put_price(struct json_out *j, const struct price *p);
/* A day as "2026-11-21", or "" for none; in the arena. */
struct str prices_day(struct arena *a, struct date day);
struct str prices_decimal(struct arena *a, struct decimal d);
struct str prices_number(struct arena *a, double value); /* 1,000,000 or 0.25 */
/* Whether text matches a pattern with * and ?. */
bool prices_glob(struct str pattern, struct str text);
#endif
