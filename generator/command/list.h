#ifndef COMMAND_LIST_H
#define COMMAND_LIST_H
/*
 * `breakeven list`: the decisions in a table, as JSON or as CSV, with what each costs and which are
 * due for review on this day (today.h). One file that cannot be read hides none of the others: its
 * mistakes are said, the status is 1, and the rest is listed.
 */

int command_list(int argc, char **argv);
#endif
