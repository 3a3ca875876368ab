#include "decide/place.h"

#include "base/arena.h"
#include "cost/replay.h"
#include "decide/machine_choice.h"
#include "decide/machine_run.h"

#include <math.h>
#include <string.h>

bool place_plan(struct engine *e, const struct place *place, const size_t *parts, size_t count, struct plan *plan, struct verdict_list *list)
{
    const struct machine **machines = arena_new(e->a, const struct machine *, count);
    if (place->platform->machines && !machine_choice(e, place->platform, place->purchase, parts, count, machines))
        return false;
    if (!plan_build(&e->market, e->workload, e->base, place->platform, place->purchase, parts, count, machines, e->a, plan, list))
        return false;
    machine_choice_system(e, plan);
    return plan->priced;
}

/* ---- what a part costs alone ---- */

#define STANDS_USUAL 32 /* room that is taken at once; a book may have more */

/* A stand while the cheapest are looked for. */
struct try {
    struct stand *stand;
    double people_usd, least; /* what it costs at least, with people; HUGE_VAL: not possible, or among the cheapest already */
    struct plan *plan;        /* NULL: not built at this point */
};

/* The places that the platform's limits and the ways to buy leave to a part. */
static void find_stands(struct engine *e, size_t part, struct arena *a, struct stands *out)
{
    const struct book *b = e->market.book;
    const struct part *p = &e->workload->parts[part];
    out->count = 0;
    if (out->capacity == 0) {
        out->capacity = STANDS_USUAL;
        out->items = arena_new(a, struct stand, out->capacity);
    }
    for (size_t i = 0; i < b->platform_count; i++) {
        const struct platform *platform = &b->platforms[i];
        bool cluster = platform->scaling == SCALING_CLUSTER;
        struct verdict_list v = {0};
        if (!fit_platform(&e->market, e->workload, p, &e->base->parts[part], platform, &v))
            continue;
        for (int k = 0; k < PURCHASE_COUNT; k++) {
            if (k != PURCHASE_ON_DEMAND && !(cluster && platform->purchases[k]))
                continue;
            if (!part_may_buy(e->workload, (enum purchase)k, p))
                continue;
            if (out->count == out->capacity)
                out->items = arena_grow(a, struct stand, out->items, out->count, &out->capacity);
            out->items[out->count++] = (struct stand){.place = {platform, (enum purchase)k}};
        }
    }
}

/* Remembered: what moves one part leaves the others where they are, and what moves people or prices leaves what all
 * are charged for. */
static struct stands *stands_of(struct engine *e, size_t part)
{
    struct tables *t = e->market.tables;
    struct stands *out;
    bool known = false;
    if (!t || (e->market.replay && e->market.replay->trace)) {
        out = arena_new(e->a, struct stands, 1);
        find_stands(e, part, e->a, out);
        return out;
    }
    const double question[] = {memo_figure(machine_run_mark(e, &part, 1))};
    out = memo_at(t->stands, question, sizeof question / sizeof *question, &known);
    if (!known)
        find_stands(e, part, t->a, out);
    return out;
}

/* What is known holds for the prices that it was found with. */
static void set_prices(struct engine *e, struct stand *s)
{
    const struct moved_price *moved = tables_touches(e->market.tables, e->market.book, s->place.platform) ? e->market.tables->moved : NULL;
    const struct sku *sku = moved ? moved->sku : NULL;
    const double prices[] = {moved ? moved->times : 1, s->place.purchase == PURCHASE_SPOT ? e->base->global[GLOBAL_PRICE_SPOT] : 1};
    const double before[] = {s->times, s->spot};
    if (s->sku == sku && memcmp(prices, before, sizeof prices) == 0)
        return;
    *s = (struct stand){.place = s->place, .sku = sku, .times = prices[0], .spot = prices[1]};
}

static void set_least(struct engine *e, struct try *t)
{
    const struct stand *s = t->stand;
    t->least = (s->usd * price_multiple(e->base->global, s->place.platform->class) + t->people_usd) * (s->known == KNOWN_EXACT ? 1 : CERTAIN);
}

/* Of what was evaluated last. */
static double at_list_prices(const struct engine *e)
{
    double global[GLOBAL_COUNT], rest;
    memcpy(global, e->base->global, sizeof global);
    global[GLOBAL_PRICE_SERVERLESS] = global[GLOBAL_PRICE_MANAGED] = global[GLOBAL_PRICE_KUBERNETES] = 1;
    charges_sum(&e->charges, global, &rest);
    return rest;
}

/* Builds what is not built, and finds its month: at least, then exactly. */
static void narrow(struct engine *e, struct try *t, size_t part)
{
    struct stand *s = t->stand;
    bool was_known = s->known != KNOWN_NOT;
    if (!t->plan) {
        struct verdict_list none = {0};
        t->plan = arena_new(e->a, struct plan, 1);
        if (!place_plan(e, &s->place, &part, 1, t->plan, &none) || none.doubtful) {
            s->usd = t->least = HUGE_VAL;
            return;
        }
    }
    struct candidate c = {.plans = t->plan, .plan_count = 1, .priced = true};
    struct arena_mark before = arena_mark(e->scratch);
    struct evaluation v = candidate_evaluate(e, &c, e->base, was_known ? EFFORT_EXACT : EFFORT_LEAST, false, NULL);
    arena_rewind(e->scratch, before);
    s->usd = v.costed && v.holds && isfinite(v.usd) ? at_list_prices(e) : HUGE_VAL;
    s->known = v.is_least ? KNOWN_LEAST : KNOWN_EXACT;
    set_least(e, t);
}

static struct try *tries_of(struct engine *e, const struct stands *stands)
{
    struct try *tries = arena_new(e->a, struct try, stands->count);
    for (size_t i = 0; i < stands->count; i++) {
        struct stand *s = &stands->items[i];
        struct plan plan = {.platform = s->place.platform, .new_cluster = plan_is_new_cluster(e->workload, s->place.platform)};
        tries[i].stand = s;
        tries[i].people_usd = candidate_people_usd(e, &(struct candidate){.plans = &plan, .plan_count = 1});
        set_prices(e, s);
        set_least(e, &tries[i]);
    }
    return tries;
}

/* The one that may be the cheapest is narrowed until it is known to be. */
struct part_places *places_of(struct engine *e, size_t part)
{
    struct part_places *out = arena_new(e->a, struct part_places, 1);
    const struct stands *stands = stands_of(e, part);
    struct try *tries = tries_of(e, stands);
    while (out->count < PLACES_MAX) {
        struct try *next = NULL;
        for (size_t i = 0; i < stands->count; i++) {
            struct try *t = &tries[i];
            if (!(t->least < HUGE_VAL))
                continue;
            bool is_exact = t->stand->known == KNOWN_EXACT;
            if (!next || t->least < next->least || (!(t->least > next->least) && is_exact && next->stand->known != KNOWN_EXACT))
                next = t;
        }
        if (!next)
            break;
        if (next->stand->known == KNOWN_EXACT) {
            out->items[out->count++] = next->stand->place;
            next->least = HUGE_VAL;
        } else {
            narrow(e, next, part);
        }
    }
    return out;
}
