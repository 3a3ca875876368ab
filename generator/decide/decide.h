#ifndef DECIDE_DECIDE_H
#define DECIDE_DECIDE_H
/*
 * The engine's one entry: from answers to a decision. Pure: everything it needs is in the arguments,
 * everything it found out is in *out; no file, no clock, no global. The same input gives the same
 * decision, bit for bit, on any thread.
 */
#include "decide/decision.h"
#include "questionnaire/questionnaire.h"

#include <stdbool.h>
#include <stdint.h>

struct arena;
struct load_curve;
struct override;
struct trace;

struct decide_input {
    const struct questionnaire *questionnaire;
    const struct book *book;
    const struct policy *policy;
    const struct load_curve *measured; /* load curve of the questionnaire's trace; NULL: none */
    const struct trace *trace;         /* that trace, for simulations; NULL: none */
    struct date as_of;                 /* the day at which prices are taken */
    bool as_of_given;                  /* by --as-of: then decision.as_of says it, whatever prices were used */
    uint64_t seed;                     /* of the draws: the first bytes of the inputs' hash */
    bool verdict_only;                 /* not what would change it: no flips, crossings, scenarios, value of
                                          information, and so no stability */
    const struct override *overrides;  /* figures that no answer stands for, at other values */
    size_t override_count;
};

/* False: the questionnaire is in error (unknown provider, hardware, platform ...), and `d` says how.
 * A workload that nothing can run is a decision too (infeasible), not an error. */
bool decide(const struct decide_input *in, struct arena *a, struct decision *out, struct diags *d);

/* Names of the facts that policy conditions may use, for policy_load. (assess/fact.c) */
const struct str *decide_fact_names(size_t *count);
#endif
