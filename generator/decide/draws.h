#ifndef DECIDE_DRAWS_H
#define DECIDE_DRAWS_H
/*
 * Uncertainty: every uncertain figure is drawn from the law of its range, all options are costed on the
 * same draws (common random numbers, Latin hypercube, seeded by the inputs), and the draws are counted.
 */
#include "decide/candidate.h"

#include <stdint.h>

struct draws {
    size_t count;        /* of draws */
    double *z;           /* [variable][draw]: standard normal variates */
    double *usd;         /* [candidate][draw]: HUGE_VAL where it does not hold there */
    const int *of;       /* candidate index of each row of usd */
    size_t rows;
};

/* Draws for the candidates with eligible or feasible options; fills the options' statistics and the
 * recommendation's class shares and information values. */
void draws_run(struct engine *e, struct candidates *c, struct option *options, const int *candidate_of,
               size_t option_count, uint64_t seed, struct draws *out);

/* Monthly cost of a priced candidate, after its exact evaluation at e->base, as draws tell it at the likely point;
 * HUGE_VAL where it does not hold there. For checking. */
double draws_usd_at_likely(struct engine *e, const struct candidate *c);

void draws_shares(const struct draws *d, const struct option *options, double class_share[CLASS_NONE]);

/* Value of measuring each variable, a month: expected regret that would be avoided. */
struct information_value *draws_information(struct engine *e, const struct draws *d, const struct option *options,
                                            uint64_t seed, size_t *count);
#endif
