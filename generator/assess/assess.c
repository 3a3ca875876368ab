#include "assess/assess.h"

#include "base/arena.h"

/* Direction of a lean on the one scale between Kubernetes (+1) and serverless (-1). Managed endpoints
 * and hybrids lie between: such rules inform and add nothing. */
static int direction(const struct rule *r)
{
    return r->toward == CLASS_KUBERNETES ? 1 : r->toward == CLASS_SERVERLESS ? -1 : 0;
}

static double weight(const struct policy *p, const struct rule *r)
{
    switch (r->strength) {
    case STRENGTH_HARD:
    case STRENGTH_STRONG: return policy_number(p, PARAMETER_STRONG_WEIGHT);
    case STRENGTH_WEAK: return policy_number(p, PARAMETER_WEAK_WEIGHT);
    case STRENGTH_NEUTRAL: break;
    }
    return 0;
}

void assess_rules(const struct policy *policy, const struct facts *f, struct arena *a, struct assessment *out)
{
    struct applied_rule *rules = arena_new(a, struct applied_rule, policy->rule_count);
    size_t count = 0;
    *out = (struct assessment){0};
    for (size_t i = 0; i < policy->rule_count; i++) {
        const struct rule *r = &policy->rules[i];
        if (when_truth(&r->when, f) == TRUTH_TRUE)
            rules[count++] = (struct applied_rule){.rule = r, .text = fact_expand(f, r->text, a)};
    }
    for (size_t i = 0; i < count; i++) {
        const struct rule *r = rules[i].rule;
        int to = direction(r);
        if (to == 0 || r->strength == STRENGTH_NEUTRAL)
            continue;
        bool strongest = true;
        for (size_t k = 0; k < count && strongest; k++) {
            const struct rule *other = rules[k].rule;
            if (k == i || !str_equal(other->group, r->group) || direction(other) != to)
                continue;
            strongest = other->strength < r->strength || (other->strength == r->strength && k > i);
        }
        rules[i].counts = strongest;
        if (!strongest)
            continue;
        if (to > 0)
            out->kubernetes += weight(policy, r);
        else
            out->serverless += weight(policy, r);
    }
    out->rules = rules;
    out->count = count;
    out->lean = out->kubernetes - out->serverless;
}

const struct tier *assess_tier(const struct policy *policy, const struct facts *f)
{
    const struct tier *best = NULL;
    for (size_t i = 0; i < policy->tier_count; i++)
        if (when_truth(&policy->tiers[i].when, f) == TRUTH_TRUE && (!best || policy->tiers[i].number > best->number))
            best = &policy->tiers[i];
    return best;
}
