#ifndef DECIDE_VERDICT_H
#define DECIDE_VERDICT_H
/*
 * From costed options, draws and leans to the verdict, its reasons and the findings of the seven
 * questions. Costs decide; leans name the leaning of a close call and decide only where no cost can
 * be computed.
 */
#include "assess/assess.h"
#include "decide/candidate.h"
#include "decide/draws.h"

struct verdict_input {
    struct engine *engine;
    const struct option *options;
    size_t option_count;
    const struct assessment *assessment;
    const struct facts *facts;
    const double *class_share; /* NULL: no draws */
};

/* Chosen option, runner-up, verdict, margin; not yet stability, reasons and sentence. */
void verdict_choose(const struct verdict_input *in, struct recommendation *out);
/* Stability, reasons and sentence; needs sensitivity and findings in *d. */
void verdict_explain(const struct verdict_input *in, struct decision *d);
void verdict_findings(const struct verdict_input *in, struct decision *d);
#endif
