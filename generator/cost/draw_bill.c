#include "cost/draw_parts.h"

#include "base/arena.h"

#include <math.h>

/* A plain price: a quantity times dollars. */
struct term {
    const double *quantity;
    double usd;
};

struct step {
    double up_to, usd;
};

/* A charge that depends on others: an allowance, tiers, or a credit for the charge before it. */
struct entry {
    struct draw_price price;
    double usd, free;
    size_t pool;  /* index of its allowance, among those that share it */
    size_t scale; /* index of its tiers, among charges at one price */
    bool has_tiers;
    const struct step *steps;
    size_t step_count;
    double amount, offset; /* at the point */
};

/* What is charged at one price with an allowance or tiers of its own, nothing else in the option depending on it: its
 * quantities are the terms from `first` to `last`, in units rather than dollars. */
struct lot {
    double usd, free;
    const struct step *steps;
    size_t step_count, factor, first, last;
    const double *gate;
};

/* Plain prices of one factor. */
struct group {
    size_t factor, first, last;
};

/* Multiples of list prices: each class, each class as spot. */
#define FACTORS (2 * (CLASS_NONE + 1))

struct draw_bill {
    struct arena *a;
    bool counts_allowances;
    struct draw_price *prices;
    size_t price_count, price_capacity;
    struct term *terms;
    size_t term_count;
    struct group groups[FACTORS];
    size_t group_count;
    struct entry *entries; /* what depends on others, else `lots` */
    size_t entry_count;
    struct lot *lots;
    size_t lot_count;
    double *used;  /* by allowance */
    double *total; /* by tiers */
    size_t used_count, total_count;
};

struct draw_bill *draw_bill_new(struct arena *a, const struct market *m)
{
    struct draw_bill *b = arena_new(a, struct draw_bill, 1);
    b->a = a;
    b->counts_allowances = policy_number(m->policy, PARAMETER_COUNT_ALLOWANCES) >= 0.5;
    return b;
}

void draw_bill_add(struct draw_bill *b, const struct draw_price *p)
{
    if (b->price_count == b->price_capacity)
        b->prices = arena_grow(b->a, struct draw_price, b->prices, b->price_count, &b->price_capacity);
    b->prices[b->price_count++] = *p;
}

static size_t factor_index(const struct draw_price *p)
{
    return (size_t)p->class * 2 + (p->is_spot ? 1 : 0);
}

static double factor_at(size_t index, const double *global)
{
    double f = 1;
    switch ((enum platform_class)(index / 2)) {
    case CLASS_SERVERLESS: f = global[GLOBAL_PRICE_SERVERLESS]; break;
    case CLASS_MANAGED: f = global[GLOBAL_PRICE_MANAGED]; break;
    case CLASS_KUBERNETES: f = global[GLOBAL_PRICE_KUBERNETES]; break;
    case CLASS_HYBRID:
    case CLASS_NONE: break;
    }
    return index % 2 ? f * global[GLOBAL_PRICE_SPOT] : f;
}

static void add_term(struct draw_bill *b, size_t first, const double *quantity, double usd)
{
    for (size_t i = first; i < b->term_count; i++)
        if (b->terms[i].quantity == quantity) {
            b->terms[i].usd += usd;
            return;
        }
    b->terms[b->term_count++] = (struct term){quantity, usd};
}

static void add_entry(struct draw_bill *b, const struct draw_price *p)
{
    struct entry *e = &b->entries[b->entry_count];
    *e = (struct entry){.price = *p, .usd = decimal_double(p->price->usd), .has_tiers = p->price->tier_count > 0};
    if (b->counts_allowances && !p->is_credit)
        e->free = p->price->free_quantity;
    e->pool = b->used_count;
    e->scale = b->total_count;
    for (size_t i = b->entry_count; i-- > 0;) {
        const struct entry *other = &b->entries[i];
        bool one_pool = p->price->free_pool.n ? str_equal(other->price.price->free_pool, p->price->free_pool)
                                              : other->price.price == p->price;
        if (one_pool)
            e->pool = other->pool;
        if (other->price.price == p->price)
            e->scale = other->scale;
    }
    b->used_count += e->pool == b->used_count;
    b->total_count += e->scale == b->total_count;
    struct step *steps = arena_new(b->a, struct step, p->price->tier_count);
    for (size_t i = 0; i < p->price->tier_count; i++)
        steps[i] = (struct step){p->price->tiers[i].up_to, decimal_double(p->price->tiers[i].usd)};
    e->steps = steps;
    e->step_count = p->price->tier_count;
    b->entry_count++;
}

/* Whether two entries are charges of one lot. */
static bool is_one_lot(const struct entry *a, const struct entry *b)
{
    return a->price.price == b->price.price && a->price.gate == b->price.gate && factor_index(&a->price) == factor_index(&b->price);
}

/* Entries become lots where each allowance and each scale of tiers belongs to one; then no entries are left. */
static void split_lots(struct draw_bill *b)
{
    for (size_t i = 0; i < b->entry_count; i++)
        for (size_t k = 0; k < i; k++) {
            const struct entry *one = &b->entries[i], *other = &b->entries[k];
            if ((one->pool == other->pool || one->scale == other->scale) && !is_one_lot(one, other))
                return;
        }
    b->lots = arena_new(b->a, struct lot, b->entry_count);
    for (size_t i = 0; i < b->entry_count; i++) {
        const struct entry *e = &b->entries[i];
        bool is_first = true;
        for (size_t k = 0; k < i; k++)
            is_first = is_first && !is_one_lot(e, &b->entries[k]);
        if (!is_first)
            continue;
        struct lot *lot = &b->lots[b->lot_count++];
        *lot = (struct lot){.usd = e->usd, .free = e->free, .steps = e->steps, .step_count = e->step_count, .factor = factor_index(&e->price),
                            .first = b->term_count, .gate = e->price.gate};
        for (size_t k = i; k < b->entry_count; k++)
            if (is_one_lot(e, &b->entries[k]))
                add_term(b, lot->first, b->entries[k].price.quantity, b->entries[k].price.times);
        lot->last = b->term_count;
    }
    b->entry_count = 0;
}

void draw_bill_finish(struct draw_bill *b)
{
    /* A credit is for the charge before it, whichever that is at a point: then all stay in their order. */
    bool ordered = false;
    for (size_t i = 0; i < b->price_count; i++)
        ordered = ordered || b->prices[i].is_credit;
    b->terms = arena_new(b->a, struct term, b->price_count);
    b->entries = arena_new(b->a, struct entry, b->price_count);
    for (size_t f = 0; f < FACTORS; f++) {
        struct group group = {f, b->term_count, 0};
        for (size_t i = 0; i < b->price_count; i++) {
            const struct draw_price *p = &b->prices[i];
            bool plain = !ordered && !p->gate && p->price->tier_count == 0 && !(b->counts_allowances && p->price->free_quantity > 0);
            if (plain && factor_index(p) == f)
                add_term(b, group.first, p->quantity, p->times * decimal_double(p->price->usd));
        }
        group.last = b->term_count;
        if (group.last > group.first)
            b->groups[b->group_count++] = group;
    }
    for (size_t i = 0; i < b->price_count; i++) {
        const struct draw_price *p = &b->prices[i];
        if (ordered || p->gate || p->price->tier_count > 0 || (b->counts_allowances && p->price->free_quantity > 0))
            add_entry(b, p);
    }
    b->used = arena_new(b->a, double, b->used_count);
    b->total = arena_new(b->a, double, b->total_count);
    if (!ordered)
        split_lots(b);
}

/* As price_cost. */
static double steps_usd(const struct step *steps, size_t count, double quantity)
{
    double cost = 0, below = 0;
    for (size_t i = 0; i < count && below < quantity; i++) {
        double end = quantity < steps[i].up_to ? quantity : steps[i].up_to;
        cost += (end - below) * steps[i].usd;
        below = end;
    }
    return cost;
}

static double cost_up_to(const struct entry *e, double quantity)
{
    return steps_usd(e->steps, e->step_count, quantity);
}

static double terms_sum(const struct draw_bill *b, size_t first, size_t last)
{
    double sum = 0;
    for (size_t i = first; i < last; i++)
        sum += *b->terms[i].quantity * b->terms[i].usd;
    return sum;
}

/* The allowance saves the last units, of the highest tier reached: what is above it is charged from the first. */
static double lot_usd(const struct draw_bill *b, const struct lot *lot, const double *global)
{
    double amount = terms_sum(b, lot->first, lot->last) - lot->free;
    if (!(amount > 0) || (lot->gate && !(*lot->gate > 0)))
        return 0;
    return (lot->step_count ? steps_usd(lot->steps, lot->step_count, amount) : amount * lot->usd) * factor_at(lot->factor, global);
}

/* Charges in their order, then the credits of allowances in theirs, as charges_allow has them. */
static double entries_usd(struct draw_bill *b, const double *global)
{
    double sum = 0;
    const struct entry *last = NULL;
    for (size_t i = 0; i < b->used_count; i++)
        b->used[i] = 0;
    for (size_t i = 0; i < b->total_count; i++)
        b->total[i] = 0;
    for (size_t i = 0; i < b->entry_count; i++) {
        struct entry *e = &b->entries[i];
        double amount = *e->price.quantity * e->price.times;
        e->amount = 0;
        if (!(amount > 0) || (e->price.gate && !(*e->price.gate > 0)))
            continue;
        if (e->price.is_credit) {
            if (last && e->usd > 0)
                amount = fmin(amount, fmax(last->amount * last->usd, 0) / e->usd);
            e->amount = -amount;
            last = e;
            sum -= amount * e->usd * factor_at(factor_index(&e->price), global);
            continue;
        }
        e->amount = amount;
        last = e;
        double usd = amount * e->usd;
        if (e->has_tiers) {
            double offset = b->total[e->scale];
            usd = cost_up_to(e, offset + amount) - (offset > 0 ? cost_up_to(e, offset) : 0);
        }
        b->total[e->scale] += amount;
        sum += usd * factor_at(factor_index(&e->price), global);
    }
    for (size_t i = 0; i < b->entry_count; i++) {
        const struct entry *e = &b->entries[i];
        if (!(e->free > 0) || !(e->amount > 0))
            continue;
        double covered = fmin(e->free - b->used[e->pool], e->amount);
        if (!(covered > 0))
            continue;
        b->used[e->pool] += covered;
        double usd = covered * e->usd;
        if (e->has_tiers) { /* it saves the last units of the highest tier reached */
            double top = b->total[e->scale];
            usd = cost_up_to(e, top) - cost_up_to(e, top - covered);
            b->total[e->scale] -= covered;
        }
        sum -= usd * factor_at(factor_index(&e->price), global);
    }
    return sum;
}

double draw_bill_usd(struct draw_bill *b, const double *global)
{
    double usd = b->entry_count ? entries_usd(b, global) : 0;
    for (size_t i = 0; i < b->lot_count; i++)
        usd += lot_usd(b, &b->lots[i], global);
    for (size_t i = 0; i < b->group_count; i++)
        usd += terms_sum(b, b->groups[i].first, b->groups[i].last) * factor_at(b->groups[i].factor, global);
    return usd;
}
