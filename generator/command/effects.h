#ifndef COMMAND_EFFECTS_H
#define COMMAND_EFFECTS_H
/*
 * What the last price update did to a decision: the same answers are decided once more at the prices
 * of the day before it. Only updates that touch a price of the report are looked at.
 */
#include "command/analysis.h"
#include "report/changes.h"

/* The newest edition that is in force on `day`; NULL: none. Computed once for all reports. */
const struct edition *effects_edition(const struct book *book, struct date day, struct arena *a);

/*
 * False: the edition does not touch the decision, or the one before it cannot be made. `input` is what
 * `after` was decided from, on a day on which `edition` is the newest. Texts of *out are in `keep`;
 * everything else is given back in `scratch`.
 */
bool effects_find(const struct decide_input *input, const struct decision *after,
                  const struct edition *edition, struct arena *scratch, struct arena *keep,
                  struct decision_effect *out);
#endif
