#ifndef DECIDE_FLAGS_H
#define DECIDE_FLAGS_H
/*
 * Where the model is outside its validity, or rests on little: sentences with their figures, for the
 * report to show. The limits are those of the models' own headers (latency/coldstart.h,
 * latency/erlang.h, cost/replay.h) and of the policy (age of prices, share that decides a class).
 */
#include "decide/candidate.h"
#include "decide/decision.h"

struct trace;

/* d->traffic from the trace; NULL leaves it empty. The window of peak and variation is the one that
 * the questionnaire's cv_bin_s says. */
void flags_measure(struct engine *e, const struct trace *t, struct decision *d);

/* d->flags; called when everything else of the decision is there. */
void flags_record(struct engine *e, struct decision *d);
#endif
