#include "decide/candidate.h"

#include "base/arena.h"
#include "cost/replay.h"
#include "decide/combine.h"
#include "decide/machine_choice.h"
#include "decide/machine_run.h"

#include <math.h>
#include <string.h>

static struct candidate *candidate_add(struct candidates *c)
{
    if (c->count == c->capacity)
        c->items = arena_grow(c->a, struct candidate, c->items, c->count, &c->capacity);
    struct candidate *item = &c->items[c->count++];
    memset(item, 0, sizeof *item);
    return item;
}

/* ---- evaluating ---- */

static double fte_of(const struct plan *p, const double *global)
{
    switch (p->platform->class) {
    case CLASS_KUBERNETES: return global[p->new_cluster ? GLOBAL_FTE_KUBERNETES : GLOBAL_FTE_KUBERNETES_SHARED];
    case CLASS_MANAGED: return global[GLOBAL_FTE_MANAGED];
    case CLASS_SERVERLESS:
    case CLASS_HYBRID:
    case CLASS_NONE: break;
    }
    return global[GLOBAL_FTE_SERVERLESS];
}

double candidate_fte(const struct candidate *c, const double *global)
{
    double fte = 0;
    for (size_t i = 0; i < c->plan_count; i++) {
        double most = 0;
        bool counted = false;
        for (size_t k = 0; k < c->plan_count; k++) {
            const struct platform *a = c->plans[i].platform, *b = c->plans[k].platform;
            if (a->class != b->class || !str_equal(a->provider, b->provider))
                continue;
            counted = counted || k < i;
            most = fmax(most, fte_of(&c->plans[k], global));
        }
        fte += counted ? 0 : most;
    }
    return fte;
}

struct evaluation candidate_evaluate(struct engine *e, struct candidate *c, const struct state *s,
                                     enum effort effort, bool explain, struct plan_result *results)
{
    struct evaluation out = {.costed = c->priced, .holds = true, .usd = NOT_KNOWN, .infrastructure_usd = NOT_KNOWN};
    e->charges.count = 0;
    for (size_t i = 0; i < c->plan_count; i++) {
        const struct state *at = s;
        if (c->shape == SHAPE_SPLIT) {
            memcpy(e->split->global, s->global, sizeof s->global);
            e->split->parts[0] = s->parts[0];
            part_state_split(&s->parts[0], c->split_rps, i == 0, &e->split->parts[0]);
            at = e->split;
        }
        struct plan_result local = {0}, *result = results ? &results[i] : &local;
        plan_evaluate(&c->plans[i], &e->market, e->workload, at, effort, explain, e->scratch, &e->charges, result);
        for (size_t k = 0; k < c->plans[i].count && effort == EFFORT_LEAST; k++)
            out.is_least = out.is_least || result->usage[k].is_least;
        out.costed = out.costed && result->costed;
        out.holds = out.holds && result->holds;
    }
    if (!out.costed)
        return out;
    double fte = candidate_fte(c, s->global);
    struct str why = STR("");
    if (explain)
        why = str_printf(e->a, "%.3g FTE x on-cost %.3g / 12 months", fte, s->global[GLOBAL_ON_COST]);
    if (!charges_people(&e->charges, &e->market, fte, s->global[GLOBAL_ON_COST], why)) {
        out.costed = false;
        return out;
    }
    charges_allow(&e->charges, &e->market, explain);
    out.usd = charges_sum(&e->charges, s->global, &out.infrastructure_usd);
    return out;
}

double candidate_usd(struct engine *e, struct candidate *c, const struct state *s, enum effort effort)
{
    struct arena_mark mark = arena_mark(e->scratch);
    struct evaluation v = candidate_evaluate(e, c, s, effort, false, NULL);
    arena_rewind(e->scratch, mark);
    return v.costed && v.holds && isfinite(v.usd) ? v.usd : HUGE_VAL;
}

static double people_usd(struct engine *e, const struct candidate *c)
{
    const double *global = e->base->global;
    e->charges.count = 0;
    if (!charges_people(&e->charges, &e->market, candidate_fte(c, global), global[GLOBAL_ON_COST], STR("")))
        return 0;
    return charges_usd(&e->charges, global, true);
}

double candidate_people_usd(struct engine *e, const struct candidate *c)
{
    if (c->plan_count != 1)
        return people_usd(e, c);
    double *known = &e->people_usd[c->plans[0].platform->class][c->plans[0].new_cluster];
    if (isnan(*known))
        *known = people_usd(e, c);
    return *known;
}

double candidate_least(struct engine *e, struct candidate *c, const struct state *s, bool *exact)
{
    struct arena_mark mark = arena_mark(e->scratch);
    struct evaluation v = candidate_evaluate(e, c, s, EFFORT_LEAST, false, NULL);
    arena_rewind(e->scratch, mark);
    double usd = v.costed && v.holds && isfinite(v.usd) ? v.usd : HUGE_VAL;
    *exact = !v.is_least || !(usd < HUGE_VAL);
    return usd;
}

/* ---- finding ---- */

size_t row_of_shape(const struct book *b, enum candidate_shape shape)
{
    return b->platform_count * PURCHASE_COUNT + (shape == SHAPE_SPLIT);
}

size_t row_of_plan(const struct book *b, const struct platform *platform, enum purchase purchase)
{
    return (size_t)(platform - b->platforms) * PURCHASE_COUNT + (size_t)purchase;
}

bool part_may_buy(const struct workload *w, enum purchase purchase, const struct part *p)
{
    if (purchase == PURCHASE_SPOT && p->never_spot)
        return false; /* answered so, whatever else may be bought */
    if (w->purchase[purchase])
        return true;
    bool any_answer = false;
    for (int i = 0; i < PURCHASE_COUNT; i++)
        any_answer = any_answer || w->questionnaire->purchase[i];
    return !any_answer && purchase == PURCHASE_SPOT && p->interruptible;
}

static bool may_buy(const struct workload *w, enum purchase purchase, const size_t *parts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!part_may_buy(w, purchase, &w->parts[parts[i]]))
            return false;
    return true;
}

static bool choosable(const struct plan *p)
{
    return p->platform->machines != NULL;
}

static bool is_larger(const struct machine *a, const struct machine *b)
{
    if (a->gpus != b->gpus)
        return a->gpus > b->gpus;
    if (a->vram_gib > b->vram_gib || a->vram_gib < b->vram_gib)
        return a->vram_gib > b->vram_gib;
    if (a->vcpu > b->vcpu || a->vcpu < b->vcpu)
        return a->vcpu > b->vcpu;
    return str_compare(a->id, b->id) < 0;
}

/* The machine that names the option: where parts take different ones the largest, so that the order of the
 * parts in the file does not matter. */
static struct str main_machine(const struct plan *p)
{
    const struct machine *largest = NULL;
    for (size_t i = 0; i < p->count; i++) {
        const struct machine *m = p->members[i].serving.fit.machine;
        if (m && (!largest || is_larger(m, largest)))
            largest = m;
    }
    return largest ? largest->id : STR("");
}

void candidate_name(struct candidate *c, struct arena *a)
{
    if (c->shape != SHAPE_SINGLE)
        return;
    const struct plan *p = &c->plans[0];
    struct str machine = choosable(p) ? main_machine(p) : STR("");
    bool variants = p->platform->scaling == SCALING_CLUSTER || machine.n > 0;
    if (variants && machine.n)
        c->id = str_printf(a, "%.*s:%.*s:%s", STR_ARG(p->platform->id), STR_ARG(machine), purchase_word(p->purchase));
    else
        c->id = p->platform->id;
    const char *bought = p->purchase == PURCHASE_SPOT          ? ", spot"
                         : p->purchase == PURCHASE_RESERVED_1Y ? ", one-year commitment"
                         : p->purchase == PURCHASE_RESERVED_3Y ? ", three-year commitment"
                                                               : "";
    if (machine.n)
        c->name = str_printf(a, "%.*s, %.*s%s%s", STR_ARG(p->platform->name), STR_ARG(machine),
                             p->platform->scaling == SCALING_CLUSTER ? " nodes" : "", bought);
    else
        c->name = p->platform->name;
}

static void find_single(struct engine *e, const struct platform *platform, enum purchase purchase,
                        const size_t *parts, size_t count, struct candidates *out)
{
    struct candidate *c = candidate_add(out);
    c->list.a = out->a;
    c->plans = arena_new(out->a, struct plan, 1);
    c->plan_count = 1;
    const struct machine **machines = arena_new(e->a, const struct machine *, count);
    struct plan *plan = &c->plans[0];
    if (platform->machines && !machine_choice(e, platform, purchase, parts, count, machines)) {
        /* Nothing suits: the fit says why, on the machine that comes nearest. */
        if (purchase != PURCHASE_ON_DEMAND) {
            out->count--; /* one row an unsuitable platform is enough */
            return;
        }
    }
    plan_build(&e->market, e->workload, e->base, platform, purchase, parts, count, machines, e->a, plan, &c->list);
    machine_choice_system(e, plan);
    c->fits = c->list.count == 0;
    c->priced = plan->priced;
    c->may_buy = may_buy(e->workload, purchase, parts, count) && !c->list.doubtful;
    c->provider = platform->provider;
    c->class = platform->class;
    c->purchase = purchase;
    c->is_built = true;
    candidate_name(c, out->a);
}

/* ---- searching ---- */

/* Of a search: nothing is built before it may matter; its people alone say what it costs at least. */
static void find_shell(struct engine *e, const struct platform *platform, enum purchase purchase, struct candidates *out)
{
    struct candidate *c = candidate_add(out);
    c->plans = arena_new(out->a, struct plan, 1);
    c->plan_count = 1;
    c->plans[0] = (struct plan){.platform = platform, .purchase = purchase, .new_cluster = plan_is_new_cluster(e->workload, platform)};
    c->provider = platform->provider;
    c->class = platform->class;
    c->purchase = purchase;
    c->usd = HUGE_VAL;
    c->least = candidate_people_usd(e, c) * CERTAIN;
    c->is_dearer = true;
}

/* The machines of all parts; false: none suit. */
static bool choose_machines(struct engine *e, const struct candidate *c, size_t *parts, const struct machine **machines)
{
    for (size_t i = 0; i < e->workload->part_count; i++)
        parts[i] = i;
    const struct platform *p = c->plans[0].platform;
    return !p->machines || machine_choice(e, p, c->purchase, parts, e->workload->part_count, machines);
}

/* False: it cannot run the workload, or be bought. */
static bool build(struct engine *e, struct candidate *c)
{
    const struct workload *w = e->workload;
    struct arena_mark before = arena_mark(e->scratch);
    size_t *parts = arena_new(e->scratch, size_t, w->part_count);
    const struct machine **machines = arena_new(e->scratch, const struct machine *, w->part_count);
    c->is_built = true;
    c->is_dearer = false;
    c->least = HUGE_VAL;
    if (choose_machines(e, c, parts, machines)) {
        plan_build(&e->market, w, e->base, c->plans[0].platform, c->purchase, parts, w->part_count, machines, e->a, &c->plans[0], &c->list);
        machine_choice_system(e, &c->plans[0]);
        c->fits = c->list.count == 0;
        c->priced = c->plans[0].priced;
        c->may_buy = !c->list.doubtful;
    }
    arena_rewind(e->scratch, before);
    return c->fits && c->may_buy && c->priced;
}

/*
 * An always-on pool of one part pays its machines at least: the hours that machine_choice counts are those of whole
 * machines by the bill, which services of the cluster and less than the best use of a commitment only add to. False:
 * nothing more is known of it than its people.
 */
static bool add_machines(struct engine *e, struct candidate *c)
{
    const struct platform *p = c->plans[0].platform;
    const struct part *part = &e->workload->parts[0];
    bool is_pool = (p->scaling == SCALING_CLUSTER || p->scaling == SCALING_REPLICAS) && p->machines;
    bool is_simulated = e->market.replay && e->market.replay->trace;
    if (c->has_machines || !is_pool || is_simulated || e->workload->part_count != 1 || !part->is_online || part->is_job)
        return false;
    const double *global = e->base->global;
    double usd = machine_choice_usd(e, p, c->purchase) * price_multiple(global, p->class);
    c->has_machines = true;
    c->least = (c->least + usd * (c->purchase == PURCHASE_SPOT ? fmin(global[GLOBAL_PRICE_SPOT], 1) : 1)) * CERTAIN;
    return true;
}

void candidate_cost(struct engine *e, struct candidate *c)
{
    if (!c->is_dearer || (!c->is_built && !build(e, c)))
        return;
    c->usd = c->least = candidate_usd(e, c, e->base, EFFORT_EXACT);
    c->is_dearer = false;
}

void candidate_narrow(struct engine *e, struct candidate *c)
{
    if (c->is_built) {
        candidate_cost(e, c);
        return;
    }
    if (add_machines(e, c) || !build(e, c))
        return;
    bool exact;
    c->least = candidate_least(e, c, e->base, &exact);
    c->is_dearer = !exact;
    if (exact)
        c->usd = c->least;
}

/* The cheapest of one class, or of all but one, is known when all that may cost as little are (of equals the first
 * counts). */
static double narrow_all(struct engine *e, struct candidates *list, enum platform_class class, bool others)
{
    double best = HUGE_VAL;
    for (size_t i = 0; i < list->count; i++)
        if ((list->items[i].class == class) != others && list->items[i].usd < best)
            best = list->items[i].usd;
    for (;;) {
        struct candidate *next = NULL;
        for (size_t i = 0; i < list->count; i++) {
            struct candidate *c = &list->items[i];
            if (c->is_dearer && (c->class == class) != others && c->least <= best && (!next || c->least < next->least))
                next = c;
        }
        if (!next)
            return best;
        candidate_narrow(e, next);
        best = next->usd < best ? next->usd : best;
    }
}

double candidates_best(struct engine *e, struct candidates *list, enum platform_class class)
{
    return narrow_all(e, list, class, false);
}

/* What is watched, and the cheapest of each class or of all that are not `own`. */
static void cost_singles(struct engine *e, struct candidates *list)
{
    for (size_t i = 0; i < list->count; i++) {
        struct candidate *c = &list->items[i];
        if (!e->watched || e->watched[row_of_plan(e->market.book, c->plans[0].platform, c->purchase)])
            candidate_cost(e, c);
    }
    if (e->only_watched)
        return;
    if (e->is_duel) {
        narrow_all(e, list, e->own, false);
        narrow_all(e, list, e->own, true);
        return;
    }
    for (int k = 0; k < CLASS_NONE; k++)
        narrow_all(e, list, (enum platform_class)k, false);
}

/* Before anything is built for it: may each part be there at all, whatever way it is bought? */
static bool can_run(const struct engine *e, const struct platform *platform, const size_t *parts, size_t count)
{
    const struct workload *w = e->workload;
    for (size_t i = 0; i < count; i++) {
        struct verdict_list none = {0};
        if (!fit_platform(&e->market, w, &w->parts[parts[i]], &e->base->parts[parts[i]], platform, &none))
            return false;
    }
    return true;
}

static bool is_skipped(const struct engine *e, size_t row)
{
    return e->is_search && e->skipped && e->skipped[row];
}

void candidates_find(struct engine *e, struct candidates *out)
{
    const struct workload *w = e->workload;
    machine_run_begin(e);
    for (int k = 0; k < CLASS_NONE; k++)
        e->people_usd[k][false] = e->people_usd[k][true] = NOT_KNOWN;
    size_t *parts = arena_new(e->a, size_t, w->part_count);
    for (size_t i = 0; i < w->part_count; i++)
        parts[i] = i;
    const struct book *b = e->market.book;
    for (size_t i = 0; i < b->platform_count; i++) {
        const struct platform *p = &b->platforms[i];
        bool is_asked = false, runs = true;
        for (int k = 0; k < PURCHASE_COUNT; k++) {
            bool cluster = p->scaling == SCALING_CLUSTER;
            if (k != PURCHASE_ON_DEMAND && !(cluster && p->purchases[k]))
                continue;
            if (is_skipped(e, row_of_plan(b, p, (enum purchase)k)))
                continue;
            if (!e->is_search) {
                find_single(e, p, (enum purchase)k, parts, w->part_count, out);
                continue;
            }
            if (!may_buy(w, (enum purchase)k, parts, w->part_count))
                continue;
            runs = is_asked ? runs : can_run(e, p, parts, w->part_count);
            is_asked = true;
            if (runs)
                find_shell(e, p, (enum purchase)k, out);
        }
    }
    if (e->is_search)
        cost_singles(e, out);
    if (w->part_count > 1 && !is_skipped(e, row_of_shape(b, SHAPE_HYBRID)))
        combine_parts(e, out);
    if (w->part_count == 1 && !w->parts[0].is_job && !is_skipped(e, row_of_shape(b, SHAPE_SPLIT)))
        combine_split(e, out);
}
