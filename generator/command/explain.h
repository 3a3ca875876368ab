#ifndef COMMAND_EXPLAIN_H
#define COMMAND_EXPLAIN_H
/* `breakeven explain WORKLOAD`: one decision on standard output, as text, Markdown or JSON. Loads
 * only what that takes. Returns the exit status. */
int command_explain(int argc, char **argv);
#endif
