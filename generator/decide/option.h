#ifndef DECIDE_OPTION_H
#define DECIDE_OPTION_H
/* A candidate at the likely point becomes an option of the decision: exact lines, capacity, latency,
 * placements, and what its limits or percentiles break. */
#include "decide/candidate.h"

void option_fill(struct engine *e, struct candidate *c, struct option *out);

/* The option's fixed cost: a month without traffic; NOT_KNOWN where it has no traffic to lose. */
double option_fixed_usd(struct engine *e, struct candidate *c);
#endif
