#include "decide/record.h"

#include "assess/assess.h"
#include "base/arena.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void record_tiers(struct engine *e, struct decision *d)
{
    const struct workload *w = e->workload;
    struct tier_result *tiers = arena_new(e->a, struct tier_result, w->model_count);
    for (size_t i = 0; i < w->model_count; i++) {
        struct facts f;
        facts_of(w, e->market.book, e->base, (int)i, &f);
        const struct tier *tier = assess_tier(e->market.policy, &f);
        tiers[i] = (struct tier_result){.tier = tier, .part = w->parts[i].name};
        if (tier) {
            struct str *reasons = arena_new(e->a, struct str, 1);
            reasons[0] = fact_expand(&f, tier->text, e->a);
            tiers[i].reasons = reasons;
            tiers[i].reason_count = 1;
            if (!d->tier.tier || tier->number > d->tier.tier->number)
                d->tier = tiers[i];
        }
    }
    d->tiers = tiers;
    d->tier_count = w->model_count;
}

static double crossing_between_sides(const struct decision *d)
{
    for (size_t i = 0; i < d->crossover_count; i++) {
        const struct crossover *c = &d->crossovers[i];
        bool sides = (c->from == d->kubernetes.option && c->to == d->serverless.option) ||
                     (c->to == d->kubernetes.option && c->from == d->serverless.option);
        if (sides)
            return c->at;
    }
    return NOT_KNOWN;
}

static void record_folklore(struct engine *e, const struct facts *f, struct decision *d)
{
    const struct policy *p = e->market.policy;
    struct folklore_result *out = arena_new(e->a, struct folklore_result, p->folklore_count);
    for (size_t i = 0; i < p->folklore_count; i++) {
        const struct folklore *k = &p->folklore[i];
        double computed = NOT_KNOWN;
        int fact = fact_find(k->variable);
        if (str_is(k->variable, "answers.traffic.requests_per_day"))
            computed = crossing_between_sides(d);
        else if (fact >= 0 && f->v[fact].known && !f->v[fact].is_word)
            computed = f->v[fact].number;
        struct str text;
        if (isnan(computed))
            text = STR("no computed figure to set beside it");
        else if (str_is(k->variable, "answers.traffic.requests_per_day"))
            text = str_printf(e->a, "the two sides cost the same at %.*s requests a day, computed for this workload", STR_ARG(prose_number(e->a, computed)));
        else
            text = str_printf(e->a, "computed for this workload: %.*s %.*s", STR_ARG(prose_number(e->a, computed)), STR_ARG(k->unit));
        out[i] = (struct folklore_result){k, computed, text};
    }
    d->folklore = out;
    d->folklore_count = p->folklore_count;
}

void record_policy(struct engine *e, const struct facts *f, struct decision *d)
{
    const struct policy *p = e->market.policy;
    struct mistake_result *mistakes = arena_new(e->a, struct mistake_result, p->mistake_count);
    for (size_t i = 0; i < p->mistake_count; i++)
        if (when_truth(&p->mistakes[i].when, f) == TRUTH_TRUE)
            mistakes[d->mistake_count++] = (struct mistake_result){&p->mistakes[i], fact_expand(f, p->mistakes[i].text, e->a),
                                                                   fact_expand(f, p->mistakes[i].watch, e->a),
                                                                   fact_expand(f, p->mistakes[i].act, e->a)};
    d->mistakes = mistakes;
    struct checklist_entry *items = arena_new(e->a, struct checklist_entry, p->checklist_count);
    for (size_t i = 0; i < p->checklist_count; i++)
        if (when_truth(&p->checklist[i].when, f) == TRUTH_TRUE)
            items[d->checklist_count++] = (struct checklist_entry){&p->checklist[i], fact_expand(f, p->checklist[i].text, e->a)};
    d->checklist = items;
    record_folklore(e, f, d);
}

void record_assumptions(struct engine *e, struct decision *d)
{
    const struct workload *w = e->workload;
    const struct policy *p = e->market.policy;
    struct assumption_result *out = arena_new(e->a, struct assumption_result, w->variable_count + p->assumption_count);
    size_t count = 0;
    for (size_t i = 0; i < w->variable_count; i++) {
        const struct variable *v = &w->variables[i];
        bool price = v->is_global && v->figure >= GLOBAL_PRICE_SERVERLESS && v->figure <= GLOBAL_PRICE_SPOT;
        bool uncertain = v->high > v->low;
        if (v->is_answered ? !uncertain : (price && !uncertain))
            continue;
        struct assumption_result *r = &out[count++];
        *r = (struct assumption_result){.variable = v->path, .name = v->name, .unit = v->unit, .value = v->likely, .low = v->low,
                                        .high = v->high, .why = v->why, .source = v->source, .is_assumed = !v->is_answered};
        for (size_t k = 0; k < w->model_count; k++) /* what was used, where the latency limit cut it */
            if (e->base->parts[k].cv_limited && w->parts[k].variable[FIGURE_DURATION_CV] == (int)i) {
                r->value = r->high = e->base->parts[k].x[FIGURE_DURATION_CV];
                r->low = fmin(r->low, r->value);
                r->why = str_printf(e->a, "%.*s Cut to what the latency limit leaves room for.", STR_ARG(v->why));
            }
    }
    /* Words that were not answered. */
    const struct questionnaire *q = w->questionnaire;
    struct {
        const char *path;
        bool given;
    } words[] = {
        {"geography",              q->geography.given              },
        {"answers.traffic.basis",  q->traffic.basis != BASIS_UNKNOWN},
        {"stage",                  q->stage != STAGE_UNKNOWN       },
        {"answers.gpu.need",       q->gpu.need != GPU_UNKNOWN      },
        {"answers.compliance.tenancy", q->tenancy != TENANCY_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const struct assumption *as = words[i].given ? NULL : policy_assumption(p, str_of(words[i].path));
        if (as && as->is_word)
            out[count++] = (struct assumption_result){.variable = as->path, .name = as->path, .value = NOT_KNOWN, .low = NOT_KNOWN, .high = NOT_KNOWN,
                                                      .word = as->word, .why = as->why, .source = as->source, .is_assumed = true};
    }
    d->assumptions = out;
    d->assumption_count = count;
}

static int compare_uses(const void *a, const void *b)
{
    const struct price_use *x = a, *y = b;
    int by_id = str_compare(x->sku->id, y->sku->id);
    if (by_id)
        return by_id;
    int by_region = str_compare(x->region, y->region);
    return by_region ? by_region : date_compare(x->price->from, y->price->from);
}

/* A commitment priced before its machine's on-demand price was last changed. */
static bool is_stale(const struct engine *e, const struct line *l)
{
    struct str suffix = str_ends(l->sku->id, STR(":reserved-1y"))   ? STR(":reserved-1y")
                        : str_ends(l->sku->id, STR(":reserved-3y")) ? STR(":reserved-3y")
                                                                    : STR("");
    if (suffix.n == 0)
        return false;
    const struct sku *list = book_sku(e->market.book, str_slice(l->sku->id, 0, l->sku->id.n - suffix.n));
    bool early;
    const struct price *price = list ? sku_price(list, l->region, e->market.as_of, &early) : NULL;
    return price && date_compare(l->price->from, price->from) < 0;
}

void record_prices(struct engine *e, bool as_of_given, struct decision *d)
{
    size_t most = 0, count = 0;
    for (size_t i = 0; i < d->option_count; i++)
        most += d->options[i].line_count;
    struct price_use *uses = arena_new(e->a, struct price_use, most);
    struct date newest = DATE_NONE;
    for (size_t i = 0; i < d->option_count; i++)
        for (size_t k = 0; k < d->options[i].line_count; k++) {
            const struct line *l = &d->options[i].lines[k];
            uses[count++] = (struct price_use){l->sku, l->price, l->region, l->is_early, is_stale(e, l)};
            if (date_is_none(newest) || date_compare(l->price->from, newest) > 0)
                newest = l->price->from;
        }
    if (count)
        qsort(uses, count, sizeof *uses, compare_uses);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || compare_uses(&uses[kept - 1], &uses[i]) != 0)
            uses[kept++] = uses[i];
    d->prices = uses;
    d->price_count = kept;
    /* A day before the newest price used: an early price was taken, and the report stays at its own day. */
    if (!as_of_given && !date_is_none(newest) && date_compare(newest, e->market.as_of) < 0)
        d->as_of = newest;
}
