#ifndef ASSESS_ASSESS_H
#define ASSESS_ASSESS_H
/*
 * What the policy's rules say of the facts: findings of the seven questions, the sum of leans, tiers,
 * common mistakes, the migration checklist. Nothing here excludes an option or changes a cost.
 */
#include "assess/fact.h"
#include "policy/policy.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* A rule that holds. `counts`: it is the strongest of its group in its direction, so it adds to the sum. */
struct applied_rule {
    const struct rule *rule;
    struct str text; /* facts filled in */
    bool counts;
};

struct assessment {
    const struct applied_rule *rules; /* in policy order */
    size_t count;
    double kubernetes, serverless; /* sums of counted weights toward each, both >= 0 */
    double lean;                   /* kubernetes - serverless */
};

void assess_rules(const struct policy *policy, const struct facts *f, struct arena *a,
                  struct assessment *out);

/* The highest tier whose conditions hold; NULL: none. */
const struct tier *assess_tier(const struct policy *policy, const struct facts *f);
#endif
