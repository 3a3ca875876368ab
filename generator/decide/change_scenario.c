#include "decide/change.h"

#include "base/arena.h"

#include <math.h>
#include <string.h>

/* Models that state their own traffic, latency or GPU answer to what the scenario says of all. */
static bool is_own(const struct variable *v, struct str common)
{
    struct str tail = str_slice(common, sizeof "answers." - 1, common.n);
    return !v->is_global && str_starts(common, STR("answers.")) && str_starts(v->path, STR("models.")) && str_ends(v->path, tail) &&
           v->path.n > tail.n && v->path.s[v->path.n - tail.n - 1] == '.';
}

static bool apply_change(const struct workload *w, const struct scenario_change *c, double *x)
{
    bool any = false;
    for (size_t i = 0; i < w->variable_count; i++) {
        const struct variable *v = &w->variables[i];
        bool same = str_equal(v->path, c->variable) || is_own(v, c->variable);
        if (!same && !v->is_global) { /* "models[].memory_mb" names every model's */
            struct str tail = c->variable;
            size_t at = str_find(tail, STR("[]."));
            if (at < tail.n)
                same = str_ends(v->path, str_slice(tail, at + 2, tail.n)) && str_starts(v->path, str_slice(tail, 0, at));
        }
        if (!same)
            continue;
        x[i] = fmin(fmax(c->is_factor ? x[i] * c->value : c->value, v->least), v->most);
        any = true;
    }
    return any;
}

void change_scenarios(const struct change_input *in, const struct policy *policy, struct decision *out)
{
    struct engine *e = in->engine;
    if (in->chosen < 0 || !in->options[in->chosen].costed)
        return;
    struct scenario_result *results = arena_new(e->a, struct scenario_result, policy->scenario_count);
    struct survey_costs costs = survey_costs_new(in->survey, e->a);
    double *x = arena_new(e->a, double, e->workload->variable_count);
    size_t count = 0;
    for (size_t i = 0; i < policy->scenario_count; i++) {
        const struct scenario *s = &policy->scenarios[i];
        memcpy(x, e->workload->likely, e->workload->variable_count * sizeof *x);
        bool any = false;
        for (size_t k = 0; k < s->count; k++)
            any = apply_change(e->workload, &s->changes[k], x) || any;
        if (!any)
            continue;
        struct engine at;
        survey_begin(in->survey);
        survey_point(in->survey, x, &at);
        survey_at(in->survey, &at, &costs);
        struct scenario_result *r = &results[count++];
        *r = (struct scenario_result){.scenario = s, .cheapest = -1, .chosen_usd = NOT_KNOWN, .cheapest_usd = NOT_KNOWN, .regret_usd = NOT_KNOWN};
        r->chosen_usd = cost_cents(survey_usd(&costs, survey_row_of(in->survey, in->chosen)));
        if (costs.first == CLASS_NONE)
            continue;
        r->cheapest = survey_option_of(in->survey, costs.best[costs.first]);
        r->cheapest_usd = cost_cents(survey_least(&costs, costs.first));
        if (!isnan(r->chosen_usd))
            r->regret_usd = r->chosen_usd - r->cheapest_usd;
    }
    out->scenarios = results;
    out->scenario_count = count;
}
