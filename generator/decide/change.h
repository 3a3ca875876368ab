#ifndef DECIDE_CHANGE_H
#define DECIDE_CHANGE_H
/*
 * What would change the decision: cost by volume with every crossing, the value of each input and price
 * at which another class becomes the cheapest, named scenarios. All on the same model that gave the
 * costs, whole nodes included; a printed flip value has another class on its far side.
 */
#include "decide/candidate.h"
#include "decide/draws.h"

struct change_input {
    struct engine *engine;
    struct candidates *candidates;
    const struct option *options;
    const int *candidate_of;  /* candidate index by option */
    size_t option_count;
    int chosen, runner_up;    /* options; -1: none */
    int kubernetes, serverless;
};

void change_volume(const struct change_input *in, struct decision *out);
void change_sensitivity(const struct change_input *in, struct decision *out);
void change_scenarios(const struct change_input *in, const struct policy *policy, struct decision *out);
/* A month without traffic, by option. */
void change_fixed(const struct change_input *in, struct option *options);
#endif
