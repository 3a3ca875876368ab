#include "decide/decide.h"

#include "assess/assess.h"
#include "base/arena.h"
#include "cost/replay.h"
#include "cost/tables.h"
#include "decide/candidate.h"
#include "decide/change.h"
#include "decide/draws.h"
#include "decide/flags.h"
#include "decide/option.h"
#include "decide/record.h"
#include "decide/verdict.h"
#include "workload/workload.h"

#include <math.h>
#include <string.h>

const struct str *decide_fact_names(size_t *count)
{
    return fact_names(count);
}

/* Feasible by cost, then infeasible by id; ties by id, so that the order is a property of the options. */
static int compare_options(const struct option *a, const struct option *b)
{
    bool known_a = a->feasible && a->costed, known_b = b->feasible && b->costed;
    if (known_a != known_b)
        return known_a ? -1 : 1;
    if (a->feasible != b->feasible)
        return a->feasible ? -1 : 1;
    if (known_a) {
        int by_cost = money_compare(a->monthly, b->monthly);
        if (by_cost)
            return by_cost;
    }
    return str_compare(a->id, b->id);
}

static void sort_options(struct option *options, int *candidate_of, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct option o = options[i];
        int c = candidate_of[i];
        size_t k = i;
        for (; k > 0 && compare_options(&options[k - 1], &o) > 0; k--) {
            options[k] = options[k - 1];
            candidate_of[k] = candidate_of[k - 1];
        }
        options[k] = o;
        candidate_of[k] = c;
    }
}

static int best_of_class(const struct option *options, size_t count, enum platform_class class)
{
    for (size_t i = 0; i < count; i++)
        if (options[i].class == class && options[i].eligible && options[i].costed)
            return (int)i;
    return -1;
}

static void set_head_to_head(struct decision *d)
{
    d->head_to_head_winner = CLASS_NONE;
    d->head_to_head_ratio = NOT_KNOWN;
    if (d->kubernetes.option < 0 || d->serverless.option < 0)
        return;
    double k = money_double(d->options[d->kubernetes.option].monthly), s = money_double(d->options[d->serverless.option].monthly);
    d->head_to_head_winner = k <= s ? CLASS_KUBERNETES : CLASS_SERVERLESS;
    if (fmin(k, s) > 0)
        d->head_to_head_ratio = round(fmax(k, s) / fmin(k, s) * 1e6) / 1e6;
}

static void set_cost_facts(const struct engine *e, const struct decision *d, struct facts *f)
{
    const struct option *k = d->kubernetes.option >= 0 ? &d->options[d->kubernetes.option] : NULL;
    const struct option *s = d->serverless.option >= 0 ? &d->options[d->serverless.option] : NULL;
    bool known = false;
    double dearest = 0, cheapest = HUGE_VAL;
    for (size_t i = 0; i < d->option_count; i++)
        if (d->options[i].eligible && d->options[i].costed) {
            known = true;
            dearest = fmax(dearest, money_double(d->options[i].monthly));
            cheapest = fmin(cheapest, money_double(d->options[i].monthly));
        }
    fact_set_bool(f, FACT_COST_KNOWN, known);
    double kubernetes = k ? money_double(k->monthly) : NOT_KNOWN, serverless = s ? money_double(s->monthly) : NOT_KNOWN;
    fact_set_number(f, FACT_COST_KUBERNETES_USD, kubernetes);
    fact_set_number(f, FACT_COST_SERVERLESS_USD, serverless);
    fact_set_number(f, FACT_COST_RATIO, d->head_to_head_ratio);
    fact_set_number(f, FACT_COST_KUBERNETES_SAVING, 1 - kubernetes / serverless);
    fact_set_number(f, FACT_COST_SERVERLESS_SAVING, 1 - serverless / kubernetes);
    if (s) {
        fact_set_number(f, FACT_COST_SERVERLESS_INFRASTRUCTURE_USD, money_double(s->infrastructure));
        fact_set_number(f, FACT_COLD_SHARE, s->latency.cold_start_probability);
    }
    if (k)
        fact_set_number(f, FACT_UTILISATION, k->capacity.utilisation);
    (void)e;
    (void)dearest;
    (void)cheapest;
}

static void set_outcome_facts(const struct decision *d, struct facts *f)
{
    const struct recommendation *r = &d->recommendation;
    fact_set_word(f, FACT_RECOMMENDATION_CLASS, str_of(class_word(r->class)));
    fact_set_word(f, FACT_RECOMMENDATION_VERDICT, str_of(verdict_word(r->verdict)));
    fact_set_number(f, FACT_MARGIN, r->margin);
    fact_set_number(f, FACT_CONFIDENCE, r->class_confidence);
    if (r->option < 0)
        return;
    const struct option *o = &d->options[r->option];
    const struct platform *p = o->platform;
    if (p) {
        fact_set_word(f, FACT_RECOMMENDATION_PLATFORM, p->id);
        fact_set_word(f, FACT_RECOMMENDATION_SCALING, str_of(scaling_word(p->scaling)));
        fact_set_bool(f, FACT_RECOMMENDATION_WARM, o->capacity.instances_kept > 0);
    }
    fact_set_word(f, FACT_RECOMMENDATION_PROVIDER, o->provider);
    fact_set_word(f, FACT_RECOMMENDATION_PURCHASE, str_of(purchase_word(o->purchase)));
    if (r->class == CLASS_KUBERNETES)
        fact_set_number(f, FACT_UTILISATION, o->capacity.utilisation);
    double top = 0;
    for (size_t i = 0; i < o->line_count; i++)
        top = fmax(top, money_double(o->lines[i].usd));
    if (money_double(o->monthly) > 0)
        fact_set_number(f, FACT_COST_DEAREST_SHARE, top / money_double(o->monthly));
}

bool decide(const struct decide_input *in, struct arena *a, struct decision *out, struct diags *d)
{
    *out = (struct decision){.slug = in->questionnaire->slug, .title = in->questionnaire->title, .as_of = in->as_of,
                             .kubernetes = {-1}, .serverless = {-1}};
    struct workload *w = arena_new(a, struct workload, 1);
    if (!workload_resolve(in->questionnaire, in->policy, in->book, in->measured, a, w, d))
        return false;
    for (size_t i = 0; i < in->override_count; i++)
        if (!workload_override(w, &in->overrides[i], a, d))
            return false;
    out->geography = w->geography_id;
    struct arena *scratch = arena_create();
    struct engine e = {.market = {.book = in->book, .policy = in->policy, .as_of = in->as_of, .geography = w->geography}, .workload = w, .a = a, .scratch = scratch};
    e.market.tables = tables_new(a);
    e.base = state_new(w, a);
    e.state = state_new(w, a);
    e.split = state_new(w, a);
    e.charges.a = a;
    state_at(w, NULL, true, e.base);

    flags_measure(&e, in->trace, out);
    struct replay *replay = arena_new(a, struct replay, 1);
    struct arena *runs = arena_create(); /* the engine's own scratch holds what a run must not overtake */
    replay_init(replay, w->missing_count ? NULL : in->trace, in->book, w, a, runs);
    e.market.replay = replay;

    struct candidates candidates = {.a = a};
    candidates_find(&e, &candidates);
    replay->runs = replay->splits = true;
    struct option *options = arena_new(a, struct option, candidates.count);
    int *candidate_of = arena_new(a, int, candidates.count);
    for (size_t i = 0; i < candidates.count; i++) {
        option_fill(&e, &candidates.items[i], &options[i]);
        candidate_of[i] = (int)i;
    }
    replay->runs = false;
    arena_destroy(runs);
    size_t count = candidates.count;
    sort_options(options, candidate_of, count);
    out->options = options;
    out->option_count = count;
    out->kubernetes.option = best_of_class(options, count, CLASS_KUBERNETES);
    out->serverless.option = best_of_class(options, count, CLASS_SERVERLESS);
    set_head_to_head(out);

    struct draws draws = {0};
    double share[CLASS_NONE];
    bool costed = w->missing_count == 0;
    if (costed) {
        draws_run(&e, &candidates, options, candidate_of, count, in->seed, &draws);
        draws_shares(&draws, options, share);
        out->draws = draws.count;
    }

    struct facts facts;
    facts_of(w, in->book, e.base, -1, &facts);
    set_cost_facts(&e, out, &facts);
    struct assessment assessment;
    assess_rules(in->policy, &facts, a, &assessment);
    struct verdict_input v = {&e, options, count, &assessment, &facts, costed && draws.rows ? share : NULL};
    verdict_choose(&v, &out->recommendation);
    set_outcome_facts(out, &facts);

    if (costed && !in->verdict_only) {
        struct arena *room = arena_create();
        struct survey survey;
        survey_init(&survey, &e, options, count, room);
        struct change_input change = {&e, &candidates, options, candidate_of, count, out->recommendation.option,
                                      out->recommendation.runner_up, &survey};
        change_fixed(&change, options);
        change_volume(&change, out);
        change_sensitivity(&change, out);
        change_scenarios(&change, in->policy, out);
        arena_destroy(room);
        out->information = draws_information(&e, &draws, options, in->seed, &out->information_count);
    }
    verdict_findings(&v, out);
    verdict_explain(&v, out);
    if (in->verdict_only)
        out->recommendation.stability = STABILITY_NONE;
    record_tiers(&e, out);
    record_policy(&e, &facts, out);
    record_assumptions(&e, out);
    record_prices(&e, in->as_of_given, out);
    flags_record(&e, out);
    arena_destroy(scratch);
    return true;
}
