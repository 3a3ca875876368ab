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
    double then = before ? decimal_double(before->usd) : 0;
    double ratio = after && then > 0 ? decimal_double(after->usd) / then - 1 : (double)NAN;
    if (diff->price_count == l->capacity)
        diff->prices = arena_grow(diff->a, struct changed_price, diff->prices, diff->price_count,
                                  &l->capacity);
    diff->prices[diff->price_count++] = (struct changed_price){sku, region, before, after, ratio};
}

/* Each region of a SKU on the side after. */
static void compare_sku(struct price_list *l, const struct sku *sku, const struct sku *other)
{
    const struct diff *diff = l->diff;
    for (size_t i = 0; i < sku->price_count; i++) {
        struct str region = sku->prices[i].region;
        bool early;
        if (i > 0 && str_equal(sku->prices[i - 1].region, region))
            continue;
        const struct price *now = sku_price(sku, region, diff->after.day, &early);
        const struct price *then = other ? sku_price(other, region, diff->before.day, &early)
                                         : NULL;
        if (!same_price(then, now))
            add(l, sku, region, then, now);
    }
}

static bool has_region(const struct sku *sku, struct str region)
{
    for (size_t i = 0; sku && i < sku->price_count; i++)
        if (str_equal(sku->prices[i].region, region))
            return true;
    return false;
}

/* Regions of a SKU that the side after has not. */
static void add_lost(struct price_list *l, const struct sku *sku, const struct sku *other)
{
    for (size_t i = 0; i < sku->price_count; i++) {
        struct str region = sku->prices[i].region;
        bool early;
        if ((i > 0 && str_equal(sku->prices[i - 1].region, region)) || has_region(other, region))
            continue;
        const struct price *then = sku_price(sku, region, l->diff->before.day, &early);
        if (then)
            add(l, sku, region, then, NULL);
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
    const struct book *before = &diff->before.p.book, *after = &diff->after.p.book;
    for (size_t i = 0; i < after->sku_count; i++)
        compare_sku(&l, &after->skus[i], book_sku(before, after->skus[i].id));
    /* What only the other side has; what both have stands in the list already. */
    for (size_t i = 0; i < before->sku_count && before->skus != after->skus; i++)
        add_lost(&l, &before->skus[i], book_sku(after, before->skus[i].id));
    for (size_t i = 0; i < diff->price_count; i++)
        diff->prices_paid += is_paid(diff, &diff->prices[i]);
}
