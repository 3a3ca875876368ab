#ifndef DECIDE_RECORD_H
#define DECIDE_RECORD_H
/* What the decision keeps beside the verdict: tiers, mistakes, checklist, rules of thumb, assumptions,
 * and the prices behind the lines. */
#include "assess/fact.h"
#include "decide/candidate.h"

void record_tiers(struct engine *e, struct decision *d);
void record_policy(struct engine *e, const struct facts *f, struct decision *d);
void record_assumptions(struct engine *e, struct decision *d);
void record_prices(struct engine *e, bool as_of_given, struct decision *d);
#endif
