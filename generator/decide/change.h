#ifndef DECIDE_CHANGE_H
#define DECIDE_CHANGE_H
/*
 * What would change the decision: cost by volume with every crossing (change_volume.c), the value of each
 * input and price at which another class becomes the cheapest (change_flip.c), named scenarios
 * (change_scenario.c). All ask the whole decision anew (decide/survey.h), so that a reader who changes the
 * answer finds what is printed: a printed flip has another class at its value and the present one a
 * thousandth before it.
 */
#include "decide/survey.h"

struct change_input {
    struct engine *engine;
    struct candidates *candidates;
    const struct option *options;
    const int *candidate_of;  /* candidate index by option */
    size_t option_count;
    int chosen, runner_up;    /* options; -1: none */
    struct survey *survey;
};

void change_volume(const struct change_input *in, struct decision *out);
void change_sensitivity(const struct change_input *in, struct decision *out);
void change_scenarios(const struct change_input *in, const struct policy *policy, struct decision *out);
/* A month without traffic, by option. */
void change_fixed(const struct change_input *in, struct option *options);

/* x[] of the likely point with all traffic times a factor. */
void change_scale(const struct workload *w, double factor, double *x);
#endif
