#include "pricing/book.h"

#include <math.h>

const struct sku *book_sku(const struct book *b, struct str id)
{
    size_t low = 0, high = b->sku_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(id, b->skus[middle].id);
        if (order == 0)
            return &b->skus[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const struct platform *book_platform(const struct book *b, struct str id)
{
    size_t low = 0, high = b->platform_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(id, b->platforms[middle].id);
        if (order == 0)
            return &b->platforms[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

static bool is_one_of(struct str name, struct str id, const struct str *aliases, size_t count)
{
    if (str_equal(name, id))
        return true;
    for (size_t i = 0; i < count; i++)
        if (str_equal(name, aliases[i]))
            return true;
    return false;
}

const struct hardware *book_hardware(const struct book *b, struct str name)
{
    for (size_t i = 0; i < b->hardware_count; i++) {
        const struct hardware *h = &b->hardware[i];
        if (is_one_of(name, h->id, h->aliases, h->alias_count))
            return h;
    }
    return NULL;
}

const struct family *book_family(const struct book *b, struct str name)
{
    for (size_t i = 0; i < b->family_count; i++) {
        const struct family *f = &b->families[i];
        if (is_one_of(name, f->id, f->aliases, f->alias_count))
            return f;
    }
    return NULL;
}

bool geography_keeps(const struct geography *g, struct str residency)
{
    for (size_t i = 0; i < g->residency_count; i++)
        if (str_equal(g->residency[i], residency))
            return true;
    return false;
}

int book_geography(const struct book *b, struct str id)
{
    for (size_t i = 0; i < b->geography_count; i++)
        if (str_equal(b->geographies[i].id, id))
            return (int)i;
    return -1;
}

int book_provider(const struct book *b, struct str id)
{
    for (size_t i = 0; i < b->provider_count; i++)
        if (str_equal(b->providers[i].id, id))
            return (int)i;
    return -1;
}

/* The rows of one region stand together, ascending by their first day. */
static bool find_rows(const struct sku *sku, struct str region, size_t *first, size_t *last)
{
    size_t i = 0;
    while (i < sku->price_count && !str_equal(sku->prices[i].region, region))
        i++;
    *first = i;
    while (i < sku->price_count && str_equal(sku->prices[i].region, region))
        i++;
    *last = i;
    return *first < *last;
}

const struct price *sku_price(const struct sku *sku, struct str region, struct date day,
                              bool *early)
{
    size_t first, last;
    *early = false;
    if (region.n == 0)
        return NULL;
    if (!find_rows(sku, region, &first, &last) && !find_rows(sku, STR("any"), &first, &last))
        return NULL;
    if (date_compare(day, sku->prices[first].from) < 0) {
        *early = true;
        return &sku->prices[first];
    }
    const struct price *p = &sku->prices[first];
    while (first + 1 < last && date_compare(sku->prices[first + 1].from, day) <= 0)
        p = &sku->prices[++first];
    if (!date_is_none(p->until) && date_compare(day, p->until) > 0)
        return NULL;
    return p;
}

double price_cost(const struct price *p, double quantity)
{
    if (!(quantity > 0.0))
        return 0.0;
    if (p->tier_count == 0)
        return quantity * decimal_double(p->usd);
    double cost = 0.0, below = 0.0;
    for (size_t i = 0; i < p->tier_count && below < quantity; i++) {
        double end = fmin(quantity, p->tiers[i].up_to);
        cost += (end - below) * decimal_double(p->tiers[i].usd);
        below = end;
    }
    return cost;
}
