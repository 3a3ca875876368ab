/* Which prices are others on the two sides. */
#include "command/diff_parts.h"

#include "base/arena.h"

#include <math.h>

static bool same_price(const struct price *a, const struct price *b)
{
    if (!a || !b)
        return a == b;
    if (decimal_compare(a->usd, b->usd) != 0 || a->tier_count != b->tier_count)
        return false;
    for (size_t i = 0; i < a->tier_count; i++)
        if (decimal_compare(a->tiers[i].usd, b->tiers[i].usd) != 0 ||
            a->tiers[i].up_to < b->tiers[i].up_to || a->tiers[i].up_to > b->tiers[i].up_to)
            return false;
    return !(a->free_quantity < b->free_quantity || a->free_quantity > b->free_quantity);
}

struct price_list {
    struct diff *diff;
    size_t capacity;
};

static void add(struct price_list *l, const struct sku *sku, struct str region,
                const struct price *before, const struct price *after)
{
    struct diff *diff = l->diff;
    double old = before ? decimal_double(before->usd) : 0;
    double ratio = after && old > 0 ? decimal_double(after->usd) / old - 1 : (double)NAN;
    if (diff->price_count == l->capacity)
        diff->prices = arena_grow(diff->a, struct changed_price, diff->prices, diff->price_count,
                                  &l->capacity);
    diff->prices[diff->price_count++] = (struct changed_price){sku, region, before, after, ratio};
}

/* Regions of `sku`, each compared with the other book's; those of both only once. */
static void compare_sku(struct price_list *l, const struct sku *sku, const struct sku *other,
                        bool is_new)
{
    const struct diff *diff = l->diff;
    for (size_t i = 0; i < sku->price_count; i++) {
        struct str region = sku->prices[i].region;
        bool early;
        if (i > 0 && str_equal(sku->prices[i - 1].region, region))
            continue;
        struct date day = is_new ? diff->after.day : diff->before.day;
        struct date other_day = is_new ? diff->before.day : diff->after.day;
        const struct price *here = sku_price(sku, region, day, &early);
        const struct price *there = other ? sku_price(other, region, other_day, &early) : NULL;
        if (same_price(here, there))
            continue;
        if (is_new)
            add(l, sku, region, there, here);
        else if (!there)
            add(l, sku, region, here, NULL);
    }
}

static bool is_paid(const struct diff *diff, const struct changed_price *p)
{
    for (size_t i = 0; i < diff->count; i++)
        for (size_t k = 0; k < diff->decisions[i].price_count; k++) {
            const struct price_effect *e = &diff->decisions[i].prices[k];
            if (str_equal(e->sku, p->sku->id) &&
                (str_equal(e->region, p->region) || str_is(p->region, "any")))
                return true;
        }
    return false;
}

void diff_prices(struct diff *diff)
{
    struct price_list l = {.diff = diff};
    const struct book *old = &diff->before.p.book, *new = &diff->after.p.book;
    for (size_t i = 0; i < new->sku_count; i++)
        compare_sku(&l, &new->skus[i], book_sku(old, new->skus[i].id), true);
    for (size_t i = 0; i < old->sku_count; i++)
        if (!book_sku(new, old->skus[i].id))
            compare_sku(&l, &old->skus[i], NULL, false);
    for (size_t i = 0; i < diff->price_count; i++)
        diff->prices_paid += is_paid(diff, &diff->prices[i]);
}
