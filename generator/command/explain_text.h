#ifndef COMMAND_EXPLAIN_TEXT_H
#define COMMAND_EXPLAIN_TEXT_H
/* A decision for the terminal: verdict, options, the lines of the best two, findings, what would
 * change it, assumptions. The figures are worded as on the pages. */
#include "report/report.h"

struct arena;
struct strbuf;

/* `all`: every option with its lines, and every assumption, instead of those that matter most. */
void explain_text(const struct report *r, bool all, struct arena *a, struct strbuf *out);
#endif
