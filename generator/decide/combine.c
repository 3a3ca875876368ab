#include "decide/combine.h"

#include "base/arena.h"
#include "decide/machine_choice.h"

#include <math.h>
#include <string.h>

#define PLACES_MAX 6   /* cheapest placements of a part that are tried */
#define PARTS_MAX 12   /* more parts than this are placed one by one, without moving them together */
#define SPLIT_TRIES 10 /* sizes of the base that are tried */

struct place { /* a platform and a way to buy that suits one part */
    const struct platform *platform;
    enum purchase purchase;
    double usd; /* alone, with people */
};

/* A plan of some parts on one place; false where a limit is broken or a price is missing. */
static bool plan_place(struct engine *e, const struct place *place, const size_t *parts, size_t count,
                       struct plan *plan, struct verdict_list *list)
{
    const struct machine **machines = arena_new(e->a, const struct machine *, count);
    if (place->platform->machines && !machine_choice(e, place->platform, place->purchase, parts, count, machines))
        return false;
    if (!plan_build(&e->market, e->workload, e->base, place->platform, place->purchase, parts, count, machines, e->a, plan, list))
        return false;
    machine_choice_system(e, plan);
    return plan->priced;
}

/* What a part costs alone on a place, where that is below `limit`. */
static double place_usd(struct engine *e, const struct place *place, size_t part, double limit)
{
    struct plan plan;
    struct verdict_list none = {0};
    if (!plan_place(e, place, &part, 1, &plan, &none) || none.doubtful)
        return HUGE_VAL;
    struct candidate c = {.plans = &plan, .plan_count = 1, .priced = true};
    return candidate_usd_below(e, &c, e->base, limit);
}

static size_t places_of(struct engine *e, size_t part, struct place *out)
{
    const struct book *b = e->market.book;
    const struct part *p = &e->workload->parts[part];
    size_t count = 0;
    for (size_t i = 0; i < b->platform_count; i++) {
        const struct platform *platform = &b->platforms[i];
        for (int k = 0; k < PURCHASE_COUNT; k++) {
            bool cluster = platform->scaling == SCALING_CLUSTER;
            if (k != PURCHASE_ON_DEMAND && !(cluster && platform->purchases[k]))
                continue;
            if (!part_may_buy(e->workload, (enum purchase)k, p))
                continue;
            struct verdict_list v = {0};
            if (!fit_platform(&e->market, e->workload, p, &e->base->parts[part], platform, &v))
                continue;
            struct place place = {platform, (enum purchase)k, 0};
            place.usd = place_usd(e, &place, part, count == PLACES_MAX ? out[PLACES_MAX - 1].usd : HUGE_VAL);
            if (!(place.usd < HUGE_VAL))
                continue;
            size_t at = count < PLACES_MAX ? count++ : PLACES_MAX;
            if (at == PLACES_MAX && place.usd >= out[PLACES_MAX - 1].usd)
                continue;
            if (at == PLACES_MAX)
                at = PLACES_MAX - 1;
            for (; at > 0 && out[at - 1].usd > place.usd; at--)
                out[at] = out[at - 1];
            out[at] = place;
        }
    }
    return count;
}

static bool same_place(const struct place *a, const struct place *b)
{
    return a->platform == b->platform && a->purchase == b->purchase;
}

/* Plans for an assignment: parts of one place share a plan. False: some plan cannot be had. */
static bool assign(struct engine *e, const struct place *const *chosen, size_t parts, struct candidate *c)
{
    c->plans = arena_new(e->a, struct plan, parts);
    c->plan_count = 0;
    c->priced = true;
    size_t *members = arena_new(e->a, size_t, parts);
    for (size_t i = 0; i < parts; i++) {
        bool seen = false;
        for (size_t k = 0; k < i && !seen; k++)
            seen = same_place(chosen[k], chosen[i]);
        if (seen)
            continue;
        size_t count = 0;
        for (size_t k = i; k < parts; k++)
            if (same_place(chosen[k], chosen[i]))
                members[count++] = k;
        size_t *own = arena_new(e->a, size_t, count);
        memcpy(own, members, count * sizeof *own);
        if (!plan_place(e, chosen[i], own, count, &c->plans[c->plan_count], &c->list))
            return false;
        c->plan_count++;
    }
    return true;
}

/* One cluster bought in two ways is still one cluster: its control plane is paid once. */
static void share_control_plane(struct candidate *c)
{
    for (size_t i = 1; i < c->plan_count; i++)
        for (size_t k = 0; k < i; k++)
            if (c->plans[i].platform == c->plans[k].platform && c->plans[i].platform->class == CLASS_KUBERNETES) {
                c->plans[i].new_cluster = false;
                c->plans[i].shares_cluster = true;
                c->plans[i].system_machine = NULL;
            }
}

/* Its cost, where that is below `limit`. */
static double assignment_usd(struct engine *e, const struct place *const *chosen, size_t parts, double limit, struct candidate *c)
{
    memset(c, 0, sizeof *c);
    c->list.a = NULL;
    if (!assign(e, chosen, parts, c))
        return HUGE_VAL;
    share_control_plane(c);
    return candidate_usd_below(e, c, e->base, limit);
}

static bool is_on_one_platform(const struct candidate *c)
{
    for (size_t i = 1; i < c->plan_count; i++)
        if (c->plans[i].platform != c->plans[0].platform)
            return false;
    return true;
}

/* "aws-eks:m6i.large:on-demand+spot", "Amazon EKS, m6i.large nodes, in part spot". */
static void name_mixed(struct candidate *c, struct arena *a)
{
    struct candidate first = {.shape = SHAPE_SINGLE, .plans = c->plans, .plan_count = 1};
    candidate_name(&first, a);
    c->id = first.id;
    c->name = first.name;
    for (size_t i = 1; i < c->plan_count; i++) {
        enum purchase p = c->plans[i].purchase;
        c->id = str_printf(a, "%.*s+%s", STR_ARG(c->id), purchase_word(p));
        c->name = str_printf(a, "%.*s, in part %s", STR_ARG(c->name), p == PURCHASE_ON_DEMAND ? "on demand" : p == PURCHASE_SPOT ? "spot" : "committed");
    }
}

static void finish_hybrid(struct engine *e, struct candidate *c, struct candidates *out)
{
    if (out->count == out->capacity)
        out->items = arena_grow(out->a, struct candidate, out->items, out->count, &out->capacity);
    struct candidate *item = &out->items[out->count++];
    *item = *c;
    item->list = (struct verdict_list){.a = e->is_search ? NULL : out->a};
    item->class = is_on_one_platform(c) ? c->plans[0].platform->class : CLASS_HYBRID;
    item->fits = item->may_buy = item->priced = true;
    item->purchase = PURCHASE_ON_DEMAND;
    bool one_provider = true;
    for (size_t i = 0; i < c->plan_count; i++) {
        const struct plan *p = &c->plans[i];
        if (p->purchase != PURCHASE_ON_DEMAND)
            item->purchase = p->purchase;
        one_provider = one_provider && str_equal(p->platform->provider, c->plans[0].platform->provider);
        struct str part = str_printf(out->a, "%.*s%s", STR_ARG(p->platform->name),
                                     p->purchase == PURCHASE_SPOT ? " (spot)" : "");
        item->name = i == 0 ? part : str_printf(out->a, "%.*s + %.*s", STR_ARG(item->name), STR_ARG(part));
        item->provider = i == 0 ? p->platform->provider
                         : one_provider ? item->provider
                                        : str_printf(out->a, "%.*s+%.*s", STR_ARG(item->provider), STR_ARG(p->platform->provider));
        /* The notes of the plans' fits belong to the hybrid too. */
        for (size_t k = 0; k < p->count && !e->is_search; k++) {
            struct fit fit;
            size_t part_index = p->members[k].part;
            fit_size(&e->market, e->workload, &e->workload->parts[part_index], &e->base->parts[part_index], p->platform,
                     p->members[k].serving.fit.machine, &fit, &item->list);
            fit_platform(&e->market, e->workload, &e->workload->parts[part_index], &e->base->parts[part_index],
                         p->platform, &item->list);
        }
    }
    item->list.count = 0;
    if (is_on_one_platform(c))
        name_mixed(item, out->a);
}

/* The cheapest option of each side that is one platform alone. */
static void least_of_singles(struct engine *e, const struct candidates *out, double least[CLASS_NONE])
{
    for (int k = 0; k < CLASS_NONE; k++)
        least[k] = HUGE_VAL;
    for (size_t i = 0; i < out->count; i++) {
        struct candidate *c = &out->items[i];
        double usd = e->is_search                           ? c->usd
                     : c->fits && c->may_buy && c->priced ? candidate_usd(e, c, e->base, EFFORT_EXACT)
                                                           : HUGE_VAL;
        least[c->class] = fmin(least[c->class], usd);
    }
}

static bool is_worth(const struct engine *e, const struct candidate *c, double usd, const double single[CLASS_NONE])
{
    enum platform_class side = c->plans[0].platform->class;
    for (size_t i = 1; i < c->plan_count; i++)
        if (c->plans[i].platform->class != side)
            return true;
    double within = is_on_one_platform(c) ? 0 : policy_number(e->market.policy, PARAMETER_PRICE_WITHIN);
    return usd < single[side] * (1 - within);
}

void combine_parts(struct engine *e, struct candidates *out)
{
    size_t parts = e->workload->part_count;
    struct place **places = arena_new(e->a, struct place *, parts);
    size_t *counts = arena_new(e->a, size_t, parts);
    const struct place **chosen = arena_new(e->a, const struct place *, parts);
    for (size_t i = 0; i < parts; i++) {
        places[i] = arena_new(e->a, struct place, PLACES_MAX);
        counts[i] = places_of(e, i, places[i]);
        if (counts[i] == 0)
            return; /* a part that nothing can run: no plan runs all */
        chosen[i] = &places[i][0];
    }
    struct candidate best;
    double single[CLASS_NONE], usd = assignment_usd(e, chosen, parts, HUGE_VAL, &best);
    least_of_singles(e, out, single);
    if (best.plan_count > 1 && !is_worth(e, &best, usd, single))
        usd = HUGE_VAL;
    /* Move one part at a time to another of its places, or to where another part already is. */
    for (int round = 0; round < 3 && parts <= PARTS_MAX; round++) {
        bool moved = false;
        for (size_t i = 0; i < parts; i++) {
            const struct place *home = chosen[i];
            const struct place *better = home;
            for (size_t k = 0; k < counts[i]; k++) {
                if (same_place(&places[i][k], home))
                    continue;
                chosen[i] = &places[i][k];
                struct candidate c;
                double at = assignment_usd(e, chosen, parts, usd, &c);
                if (at < usd && c.plan_count > 1 && is_worth(e, &c, at, single)) {
                    usd = at;
                    better = chosen[i];
                    best = c;
                    moved = true;
                }
            }
            chosen[i] = better;
        }
        if (!moved)
            break;
    }
    if (best.plan_count == 1 || !(usd < HUGE_VAL))
        return;
    best.shape = SHAPE_HYBRID;
    best.id = STR("hybrid");
    best.usd = usd;
    finish_hybrid(e, &best, out);
}

/* ---- one model: base and burst ---- */

static double people_usd(struct engine *e, const struct candidate *c)
{
    const double *global = e->base->global;
    e->charges.count = 0;
    if (!charges_people(&e->charges, &e->market, candidate_fte(c, global), global[GLOBAL_ON_COST], STR("")))
        return 0;
    return charges_usd(&e->charges, global, true);
}

/* An always-on pool and a platform that is paid by the request, at one provider: a request is not sent to another
 * cloud because a pool is full. */
static bool is_pair(const struct candidates *list, size_t base, size_t burst)
{
    const struct platform *a = list->items[base].plans[0].platform, *b = list->items[burst].plans[0].platform;
    bool always_on = a->class != CLASS_SERVERLESS && (a->scaling == SCALING_CLUSTER || a->scaling == SCALING_REPLICAS || a->scaling == SCALING_PODS);
    bool on_demand = b->scaling == SCALING_PER_REQUEST || (b->scaling == SCALING_TO_ZERO && b->class == CLASS_SERVERLESS);
    return always_on && on_demand && str_equal(a->provider, b->provider);
}

static double pair_people_usd(struct engine *e, const struct candidates *list, size_t base, size_t burst)
{
    struct plan pair[2] = {list->items[base].plans[0], list->items[burst].plans[0]};
    return people_usd(e, &(struct candidate){.plans = pair, .plan_count = 2});
}

/* In a search a split that its people alone make dearer than another option is not looked at. */
static bool may_pay(struct engine *e, const struct candidates *list, double limit)
{
    for (size_t i = 0; i < list->count; i++)
        for (size_t k = 0; k < list->count; k++)
            if (is_pair(list, i, k) && list->items[i].usd < HUGE_VAL && list->items[k].least < HUGE_VAL &&
                pair_people_usd(e, list, i, k) < limit)
                return true;
    return false;
}

/* What a split must stay below to be the cheapest, or the cheapest of another class than the one that is: the best
 * of the second class. No limit for one that is watched. */
static double limit_of_split(const struct engine *e, const struct candidates *list)
{
    double best[CLASS_NONE], least = HUGE_VAL, second = HUGE_VAL;
    if (!e->watched || e->watched[e->market.book->platform_count * PURCHASE_COUNT + 1])
        return HUGE_VAL;
    for (int k = 0; k < CLASS_NONE; k++)
        best[k] = HUGE_VAL;
    for (size_t i = 0; i < list->count; i++)
        best[list->items[i].class] = fmin(best[list->items[i].class], list->items[i].usd);
    for (int k = 0; k < CLASS_NONE; k++) {
        second = fmin(second, fmax(least, best[k]));
        least = fmin(least, best[k]);
    }
    return second;
}

/* From what a split costs it matters to no search: it is the cheapest of no class but its own, and neither the
 * cheapest of all nor of all but one class. */
static double split_limit(const struct engine *e, const struct candidates *list)
{
    if (!e->is_search || !e->watched || e->watched[row_of_shape(e->market.book, SHAPE_SPLIT)])
        return HUGE_VAL;
    double best[CLASS_NONE], first = HUGE_VAL, second = HUGE_VAL;
    for (int k = 0; k < CLASS_NONE; k++)
        best[k] = HUGE_VAL;
    for (size_t i = 0; i < list->count; i++)
        best[list->items[i].class] = fmin(best[list->items[i].class], list->items[i].usd);
    for (int k = 0; k < CLASS_NONE; k++) {
        second = fmin(second, fmax(first, best[k]));
        first = fmin(first, best[k]);
    }
    return second;
}

void combine_split(struct engine *e, struct candidates *out)
{
    const struct part *part = &e->workload->parts[0];
    if (!part->is_online || !part->costable)
        return;
    /* The cheapest always-on pool and the cheapest per-request platform that may be bought, at one provider. */
    size_t base = out->count, burst = out->count;
    double *usd_of = arena_new(e->scratch, double, out->count), pair_usd = HUGE_VAL;
    for (size_t i = 0; i < out->count; i++) {
        struct candidate *c = &out->items[i];
        usd_of[i] = e->is_search                           ? c->usd
                    : c->fits && c->may_buy && c->priced ? candidate_usd(e, c, e->base, EFFORT_EXACT)
                                                          : HUGE_VAL;
    }
    double limit = e->is_search ? limit_of_split(e, out) : HUGE_VAL;
    if (e->is_search && !may_pay(e, out, limit))
        return;
    for (size_t i = 0; i < out->count; i++)
        for (size_t k = 0; k < out->count; k++) {
            if (!is_pair(out, i, k))
                continue;
            if (out->items[k].is_dearer && usd_of[i] + out->items[k].least < pair_usd) {
                candidate_cost(e, &out->items[k]);
                usd_of[k] = out->items[k].usd;
            }
            if (usd_of[i] + usd_of[k] < pair_usd) {
                pair_usd = usd_of[i] + usd_of[k];
                base = i;
                burst = k;
            }
        }
    if (base == out->count || burst == out->count)
        return;
    if (e->is_search && pair_people_usd(e, out, base, burst) >= limit)
        return;
    const struct part_state *s = &e->base->parts[0];
    struct candidate best = {0};
    double best_usd = HUGE_VAL, limit_usd = split_limit(e, out);
    size_t one = 0;
    for (int i = 1; i < SPLIT_TRIES; i++) {
        double up_to = s->curve.rps[(size_t)i * CURVE_POINTS / SPLIT_TRIES];
        if (!(up_to > 0) || up_to >= s->curve.rps[CURVE_POINTS - 1])
            continue;
        struct candidate c = {.shape = SHAPE_SPLIT, .plan_count = 2, .priced = true, .split_rps = up_to};
        c.plans = arena_new(e->a, struct plan, 2);
        struct place a = {out->items[base].plans[0].platform, out->items[base].purchase, 0};
        struct place b = {out->items[burst].plans[0].platform, out->items[burst].purchase, 0};
        if (!plan_place(e, &a, &one, 1, &c.plans[0], &c.list) || !plan_place(e, &b, &one, 1, &c.plans[1], &c.list))
            return;
        double usd = e->is_search ? candidate_usd_below(e, &c, e->base, fmin(best_usd, limit)) : candidate_usd(e, &c, e->base, EFFORT_EXACT);
        if (usd < best_usd) {
            best_usd = usd;
            best = c;
        }
    }
    out->split_is_dearer = limit_usd < HUGE_VAL && !(best_usd < limit_usd);
    if (!(best_usd < HUGE_VAL))
        return;
    best.usd = best_usd;
    if (e->is_search) {
        candidate_name(&out->items[base], out->a);
        candidate_name(&out->items[burst], out->a);
    }
    struct str base_id = out->items[base].id, burst_id = out->items[burst].id;
    best.id = str_printf(out->a, "split:%.*s+%.*s", STR_ARG(base_id), STR_ARG(burst_id));
    finish_hybrid(e, &best, out);
    struct candidate *c = &out->items[out->count - 1];
    c->name = str_printf(out->a, "%.*s for the base, %.*s for bursts", STR_ARG(out->items[base].name), STR_ARG(out->items[burst].name));
    note_add(&c->list, str_printf(out->a, "the base serves up to %.3g requests a second", best.split_rps));
}
