#include "decide/combine.h"

#include "base/arena.h"
#include "cost/replay.h"
#include "cost/tables.h"
#include "decide/place.h"

#include <math.h>
#include <string.h>

#define PARTS_MAX 12   /* more parts than this are placed one by one, without moving them together */
#define SPLIT_TRIES 10 /* sizes of the base that are tried */

static bool same_place(const struct place *a, const struct place *b)
{
    return a->platform == b->platform && a->purchase == b->purchase;
}

/* ---- assignments of parts to places ---- */

/* Parts that stand on one place together, in an assignment or several. */
struct team {
    const struct place *place;
    const size_t *members;
    size_t count;
    bool shares;   /* the cluster of another team of the assignment: its control plane is paid there */
    bool possible; /* all that follows is known */
    struct plan plan;
    double least;  /* what it pays whatever stands beside it, without people */
    bool is_least; /* `charges` are of the least effort; `exact` are not */
    struct month { /* what a month is charged for */
        bool made, good; /* good: its cost is known and its percentiles hold */
        struct charge *charges;
        size_t count;
    } cheap, exact;
    struct team *next;
};

static void team_charge(struct engine *e, struct team *t, const struct state *at, enum effort effort, struct month *out)
{
    struct arena_mark before = arena_mark(e->scratch);
    struct plan_result result;
    e->charges.count = 0;
    plan_evaluate(&t->plan, &e->market, e->workload, at, effort, false, e->scratch, &e->charges, &result);
    for (size_t i = 0; i < t->plan.count && effort == EFFORT_LEAST; i++)
        t->is_least = t->is_least || result.usage[i].is_least;
    out->made = true;
    out->good = result.costed && result.holds;
    out->count = e->charges.count;
    out->charges = arena_new(e->a, struct charge, out->count);
    if (out->count)
        memcpy(out->charges, e->charges.items, out->count * sizeof *out->charges);
    arena_rewind(e->scratch, before);
}

/* One cluster bought in two ways is still one cluster: its control plane is paid once. */
static struct team *team_of(struct engine *e, struct team **teams, const struct place *place, const size_t *members, size_t count, bool shares)
{
    for (struct team *t = *teams; t; t = t->next)
        if (same_place(t->place, place) && t->shares == shares && t->count == count && memcmp(t->members, members, count * sizeof *members) == 0)
            return t;
    struct team *t = arena_new(e->a, struct team, 1);
    size_t *own = arena_new(e->a, size_t, count);
    memcpy(own, members, count * sizeof *own);
    *t = (struct team){.place = place, .members = own, .count = count, .shares = shares, .next = *teams};
    *teams = t;
    struct verdict_list none = {0};
    t->possible = place_plan(e, place, own, count, &t->plan, &none) && !none.doubtful;
    if (!t->possible)
        return t;
    if (shares) {
        t->plan.new_cluster = false;
        t->plan.shares_cluster = true;
        t->plan.system_machine = NULL;
    }
    team_charge(e, t, e->base, EFFORT_LEAST, &t->cheap);
    t->least = charges_least(t->cheap.charges, t->cheap.count, e->base->global);
    return t;
}

/* Plans for an assignment, and the teams that they are of: parts of one place share a plan. False: some plan cannot be
 * had. */
static bool assign(struct engine *e, const struct place *const *chosen, size_t parts, struct team **teams, struct candidate *c,
                   struct team **team)
{
    size_t *members = arena_new(e->scratch, size_t, parts);
    c->plan_count = 0;
    c->priced = true;
    for (size_t i = 0; i < parts; i++) {
        bool seen = false, shares = false;
        for (size_t k = 0; k < i && !seen; k++)
            seen = same_place(chosen[k], chosen[i]);
        if (seen)
            continue;
        size_t count = 0;
        for (size_t k = i; k < parts; k++)
            if (same_place(chosen[k], chosen[i]))
                members[count++] = k;
        for (size_t k = 0; k < c->plan_count; k++)
            shares = shares || (c->plans[k].platform == chosen[i]->platform && chosen[i]->platform->class == CLASS_KUBERNETES);
        struct team *t = team_of(e, teams, chosen[i], members, count, shares);
        if (!t->possible)
            return false;
        team[c->plan_count] = t;
        c->plans[c->plan_count++] = t->plan;
    }
    return true;
}

/* The month of all teams together, as candidate_usd adds it; HUGE_VAL: not known, or it does not hold. */
static double months_usd(struct engine *e, const struct candidate *c, const struct month *const *months)
{
    const double *global = e->base->global;
    e->charges.count = 0;
    for (size_t i = 0; i < c->plan_count; i++) {
        if (!months[i]->good)
            return HUGE_VAL;
        charges_append(&e->charges, months[i]->charges, months[i]->count);
    }
    if (!charges_people(&e->charges, &e->market, candidate_fte(c, global), global[GLOBAL_ON_COST], STR("")))
        return HUGE_VAL;
    charges_allow(&e->charges, &e->market, false);
    double usd = charges_usd(&e->charges, global, true);
    return isfinite(usd) ? usd : HUGE_VAL;
}

static double teams_usd(struct engine *e, const struct candidate *c, struct team *const *team, bool exact)
{
    const struct month **months = arena_new(e->scratch, const struct month *, c->plan_count);
    for (size_t i = 0; i < c->plan_count; i++) {
        bool more = exact && team[i]->is_least;
        if (more && !team[i]->exact.made)
            team_charge(e, team[i], e->base, EFFORT_EXACT, &team[i]->exact);
        months[i] = more ? &team[i]->exact : &team[i]->cheap;
    }
    return months_usd(e, c, months);
}

/* Its cost, where that is below `limit`; c->plans has room for as many as there are parts. */
static double assignment_usd(struct engine *e, const struct place *const *chosen, size_t parts, double limit, struct team **teams,
                             struct candidate *c)
{
    struct arena_mark before = arena_mark(e->scratch);
    struct team **team = arena_new(e->scratch, struct team *, parts);
    double usd = HUGE_VAL, least = 0;
    bool is_least = false;
    if (assign(e, chosen, parts, teams, c, team)) {
        for (size_t i = 0; i < c->plan_count; i++) {
            least += team[i]->least;
            is_least = is_least || team[i]->is_least;
        }
        if (!(limit < HUGE_VAL) || (least + candidate_people_usd(e, c)) * CERTAIN < limit)
            usd = teams_usd(e, c, team, false);
        if (is_least && usd < HUGE_VAL)
            usd = usd < limit ? teams_usd(e, c, team, true) : HUGE_VAL;
    }
    arena_rewind(e->scratch, before);
    return usd;
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

/* The cheapest option of a side that is one platform alone. */
static const struct candidate *best_single(struct engine *e, struct candidates *list, enum platform_class side, double *usd)
{
    const struct candidate *best = NULL;
    *usd = HUGE_VAL;
    if (e->is_search)
        candidates_best(e, list, side);
    for (size_t i = 0; i < list->count; i++) {
        struct candidate *c = &list->items[i];
        if (c->class != side || (!e->is_search && !(c->fits && c->may_buy && c->priced)))
            continue;
        double at = e->is_search ? c->usd : candidate_usd(e, c, e->base, EFFORT_EXACT);
        if (at < *usd) {
            *usd = at;
            best = c;
        }
    }
    return best;
}

/* `single`: by side, NAN where it was not asked for yet. */
static bool is_worth(struct engine *e, const struct candidate *c, double usd, struct candidates *list, double single[CLASS_NONE])
{
    enum platform_class side = c->plans[0].platform->class;
    for (size_t i = 1; i < c->plan_count; i++)
        if (c->plans[i].platform->class != side)
            return true;
    if (isnan(single[side]))
        best_single(e, list, side, &single[side]);
    double within = is_on_one_platform(c) ? 0 : policy_number(e->market.policy, PARAMETER_PRICE_WITHIN);
    return usd < single[side] * (1 - within);
}

/* The candidate with plans of its own. */
static void keep(struct engine *e, const struct candidate *c, struct candidate *out)
{
    *out = *c;
    out->plans = arena_new(e->a, struct plan, c->plan_count);
    memcpy(out->plans, c->plans, c->plan_count * sizeof *c->plans);
}

/* What a search for a hybrid has found so far. */
struct hybrid {
    const struct part_places *const *places; /* by part */
    struct team *teams;
    double single[CLASS_NONE]; /* cheapest option of one platform; NOT_KNOWN: nobody has asked */
    struct candidate best;
    double usd; /* of `best`; HUGE_VAL: none */
};

/*
 * Moves one part at a time to another of its places, or to where another part already is (whose people and control
 * plane are paid then), as long as that costs less than `usd`, what `chosen` costs.
 */
static void move_parts(struct engine *e, struct hybrid *h, const struct place **chosen, double usd, struct candidates *out)
{
    size_t parts = e->workload->part_count;
    struct candidate c = {.plans = arena_new(e->a, struct plan, parts)};
    for (int round = 0; round < 3 && parts <= PARTS_MAX; round++) {
        bool moved = false;
        for (size_t i = 0; i < parts; i++) {
            const struct place *home = chosen[i], *better = home;
            size_t own = h->places[i]->count;
            for (size_t k = 0; k < own + parts; k++) {
                const struct place *to = k < own ? &h->places[i]->items[k] : k - own == i ? home : chosen[k - own];
                if (same_place(to, home) || (k >= own && !part_may_buy(e->workload, to->purchase, &e->workload->parts[i])))
                    continue;
                chosen[i] = to;
                double at = assignment_usd(e, chosen, parts, usd, &h->teams, &c);
                if (at < usd && c.plan_count > 1 && is_worth(e, &c, at, out, h->single)) {
                    usd = at;
                    better = to;
                    moved = true;
                    if (usd < h->usd) {
                        h->usd = usd;
                        keep(e, &c, &h->best);
                    }
                }
            }
            chosen[i] = better;
        }
        if (!moved)
            break;
    }
}

void combine_parts(struct engine *e, struct candidates *out)
{
    size_t parts = e->workload->part_count;
    const struct part_places **places = arena_new(e->a, const struct part_places *, parts);
    const struct place **chosen = arena_new(e->a, const struct place *, parts);
    for (size_t i = 0; i < parts; i++) {
        places[i] = places_of(e, i);
        if (places[i]->count == 0)
            return; /* a part that nothing can run: no plan runs all */
        chosen[i] = &places[i]->items[0];
    }
    struct hybrid h = {.places = places, .usd = HUGE_VAL};
    for (int k = 0; k < CLASS_NONE; k++)
        h.single[k] = NOT_KNOWN;
    /* From each part's own cheapest place. */
    struct candidate c = {.plans = arena_new(e->a, struct plan, parts)};
    double usd = assignment_usd(e, chosen, parts, HUGE_VAL, &h.teams, &c);
    if (c.plan_count > 1 && usd < HUGE_VAL) {
        if (is_worth(e, &c, usd, out, h.single)) {
            h.usd = usd;
            keep(e, &c, &h.best);
        } else {
            usd = HUGE_VAL;
        }
    }
    move_parts(e, &h, chosen, usd, out);
    /* From the cheapest cluster, which no part would pay for alone. */
    const struct candidate *cluster = best_single(e, out, CLASS_KUBERNETES, &usd);
    if (cluster) {
        struct place *home = arena_new(e->a, struct place, 1);
        *home = (struct place){cluster->plans[0].platform, cluster->purchase};
        for (size_t i = 0; i < parts; i++)
            chosen[i] = home;
        move_parts(e, &h, chosen, usd, out);
    }
    if (!(h.usd < HUGE_VAL))
        return;
    h.best.shape = SHAPE_HYBRID;
    h.best.id = STR("hybrid");
    h.best.usd = h.usd;
    finish_hybrid(e, &h.best, out);
}

/* ---- one model: base and burst ---- */

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
    return candidate_people_usd(e, &(struct candidate){.plans = pair, .plan_count = 2});
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

struct pair {
    size_t base, burst;
};

static size_t pairs_of(const struct candidates *list, struct pair *out)
{
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++)
        for (size_t k = 0; k < list->count; k++)
            if (list->items[i].least < HUGE_VAL && list->items[k].least < HUGE_VAL && is_pair(list, i, k))
                out[count++] = (struct pair){i, k};
    return count;
}

/* In a search a split that its people alone make dearer than another option is not looked at. */
static bool may_pay(struct engine *e, const struct candidates *list, const struct pair *pairs, size_t count, double limit)
{
    for (size_t i = 0; i < count; i++)
        if (pair_people_usd(e, list, pairs[i].base, pairs[i].burst) < limit)
            return true;
    return false;
}

/* The pair that costs least, each half alone; of equals the first. NULL: there is none. What may belong to it is
 * narrowed until it is known. */
static const struct pair *cheapest_pair(struct engine *e, struct candidates *list, const struct pair *pairs, size_t count)
{
    for (;;) {
        const struct pair *best = NULL;
        double least = HUGE_VAL;
        bool is_known = true;
        for (size_t i = 0; i < count; i++) {
            const struct candidate *a = &list->items[pairs[i].base], *b = &list->items[pairs[i].burst];
            bool known = !a->is_dearer && !b->is_dearer;
            double sum = a->least + b->least;
            if (sum < least || (!(sum > least) && sum < HUGE_VAL && is_known && !known)) {
                best = &pairs[i];
                least = sum;
                is_known = known;
            }
        }
        if (is_known)
            return best;
        struct candidate *a = &list->items[best->base], *b = &list->items[best->burst];
        candidate_narrow(e, a->is_dearer && (!b->is_dearer || !a->is_built) ? a : b);
    }
}

/* A split's cost where that is below `limit`, else it may be HUGE_VAL: its pool alone first, then what the rest is
 * charged at least, then exactly. */
static double split_usd(struct engine *e, const struct candidate *c, double limit)
{
    const struct state *s = e->base;
    struct team base = {.plan = c->plans[0]}, burst = {.plan = c->plans[1]};
    const struct month *months[] = {&base.cheap, &burst.cheap};
    memcpy(e->split->global, s->global, sizeof s->global);
    e->split->parts[0] = s->parts[0];
    part_state_split(&s->parts[0], c->split_rps, true, &e->split->parts[0]);
    team_charge(e, &base, e->split, EFFORT_EXACT, &base.cheap);
    if (!base.cheap.good)
        return HUGE_VAL;
    double least = charges_least(base.cheap.charges, base.cheap.count, s->global) + candidate_people_usd(e, c);
    if (limit < HUGE_VAL && least * CERTAIN >= limit)
        return HUGE_VAL;
    part_state_split(&s->parts[0], c->split_rps, false, &e->split->parts[0]);
    team_charge(e, &burst, e->split, EFFORT_LEAST, &burst.cheap);
    double usd = months_usd(e, c, months);
    if (!burst.is_least || !(usd < limit))
        return burst.is_least ? HUGE_VAL : usd;
    team_charge(e, &burst, e->split, EFFORT_EXACT, &burst.exact);
    months[1] = &burst.exact;
    return months_usd(e, c, months);
}

void combine_split(struct engine *e, struct candidates *out)
{
    const struct part *part = &e->workload->parts[0];
    if (!part->is_online || !part->costable)
        return;
    for (size_t i = 0; i < out->count && !e->is_search; i++) {
        struct candidate *c = &out->items[i];
        c->least = c->fits && c->may_buy && c->priced ? candidate_usd(e, c, e->base, EFFORT_EXACT) : HUGE_VAL;
    }
    /* The cheapest always-on pool and the cheapest per-request platform that may be bought, at one provider. */
    struct pair *pairs = arena_new(e->a, struct pair, out->count * out->count / 4 + 1); /* none is both */
    size_t pair_count = pairs_of(out, pairs);
    double limit = split_limit(e, out);
    if (e->is_search && !may_pay(e, out, pairs, pair_count, limit))
        return;
    const struct pair *pair = cheapest_pair(e, out, pairs, pair_count);
    if (!pair)
        return;
    size_t base = pair->base, burst = pair->burst;
    if (e->is_search && pair_people_usd(e, out, base, burst) >= limit)
        return;
    const struct part_state *s = &e->base->parts[0];
    struct candidate best = {0};
    double best_usd = HUGE_VAL;
    size_t one = 0;
    struct plan halves[2];
    struct verdict_list none = {0};
    struct place a = {out->items[base].plans[0].platform, out->items[base].purchase};
    struct place b = {out->items[burst].plans[0].platform, out->items[burst].purchase};
    if (!place_plan(e, &a, &one, 1, &halves[0], &none) || !place_plan(e, &b, &one, 1, &halves[1], &none))
        return;
    bool is_replayed = !e->is_search && e->market.replay && e->market.replay->trace;
    for (int i = 1; i < SPLIT_TRIES; i++) {
        double up_to = s->curve.rps[(size_t)i * CURVE_POINTS / SPLIT_TRIES];
        if (!(up_to > 0) || up_to >= s->curve.rps[CURVE_POINTS - 1])
            continue;
        struct candidate c = {.shape = SHAPE_SPLIT, .plan_count = 2, .priced = true, .split_rps = up_to, .plans = arena_new(e->a, struct plan, 2)};
        for (size_t k = 0; k < c.plan_count; k++) { /* each try evaluates members of its own */
            c.plans[k] = halves[k];
            c.plans[k].members = arena_new(e->a, struct member, 1);
            *c.plans[k].members = *halves[k].members;
        }
        /* The report's own choice is to the last digit, where splits cost alike. */
        double below = e->is_search ? fmin(best_usd, limit) : best_usd / CERTAIN;
        double usd = is_replayed ? candidate_usd(e, &c, e->base, EFFORT_EXACT) : split_usd(e, &c, below);
        if (usd < best_usd) {
            best_usd = usd;
            best = c;
        }
    }
    out->split_is_dearer = limit < HUGE_VAL && !(best_usd < limit);
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
