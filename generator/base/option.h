#ifndef BASE_OPTION_H
#define BASE_OPTION_H
/*
 * Command-line options from one table: the parser, --help, the manual and the shell completions
 * read the same rows. Long options take "--name VALUE" or "--name=VALUE"; "--" ends options; short
 * flags may be joined. An unknown option names the nearest known one. Wrong usage is exit status 2.
 */
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

enum option_kind {
    OPTION_FLAG,   /* bool * */
    OPTION_STRING, /* const char ** */
    OPTION_LIST,   /* struct option_list *: may be given again */
    OPTION_COUNT,  /* int *, 1 to 9999 */
    OPTION_DATE,   /* const char **, checked to be YYYY-MM-DD and a real day */
    OPTION_CHOICE  /* const char **, one of the '|'-separated words of `argument` */
};

struct option_list {
    const char **items;
    size_t count, capacity;
};

struct option_row {
    char letter;      /* 0: none */
    const char *name; /* without the dashes */
    enum option_kind kind;
    void *to;
    const char *argument; /* word in the help, e.g. "DIR"; NULL for flags */
    const char *help;     /* one line, lower case, no full stop */
};

/*
 * Parses argv[1..argc-1] against `options` (ended by a row with name NULL). Operands are moved, in
 * order, to operands[0..*operand_count-1] (space for argc). On wrong usage prints
 * "breakeven: VERB: message" and a hint to standard error and returns false.
 */
bool option_parse(const char *verb, int argc, char **argv, const struct option_row *options,
                  const char **operands, size_t *operand_count, struct arena *a);
void option_print_help(const struct option_row *options); /* the aligned table, to standard output */
#endif
