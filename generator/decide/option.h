#ifndef DECIDE_OPTION_H
#define DECIDE_OPTION_H
/* A candidate at the likely point becomes an option of the decision: exact lines, capacity, latency,
 * placements, and what its limits or percentiles break. */
#include "decide/candidate.h"

void option_fill(struct engine *e, struct candidate *c, struct option *out);
#endif
