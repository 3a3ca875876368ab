#include "pricing/check.h"

#include "base/arena.h"

/* ---- staleness ----------------------------------------------------------------------------------
 */

struct date price_known(const struct price *p)
{
    if (!date_is_none(p->checked) && date_compare(p->checked, p->from) > 0)
        return p->checked;
    return p->from;
}

bool price_is_behind(const struct price *reserved, const struct price *on_demand)
{
    return date_compare(price_known(reserved), on_demand->from) < 0;
}

bool platform_is_available(const struct platform *p, struct date day)
{
    return (date_is_none(p->available_from) || date_compare(day, p->available_from) >= 0) &&
           (date_is_none(p->available_until) || date_compare(day, p->available_until) <= 0);
}

struct stale_list {
    struct arena *a;
    struct stale *items;
    size_t count, capacity;
};

static void add_stale(struct stale_list *list, struct stale s)
{
    if (!s.is_old && !s.is_behind_on_demand)
        return;
    list->items = arena_grow(list->a, struct stale, list->items, list->count, &list->capacity);
    list->items[list->count++] = s;
}

/* The SKU of the same machine on demand; NULL where this is no reserved price. */
static const struct sku *on_demand_of(const struct book *b, const struct sku *sku)
{
    size_t colon = str_find(sku->id, STR(":"));
    if (!str_starts(str_slice(sku->id, colon, sku->id.n), STR(":reserved-")))
        return NULL;
    return book_sku(b, str_slice(sku->id, 0, colon));
}

static void check_sku_age(const struct book *b, const struct sku *sku, struct date today,
                          int max_age_days, struct stale_list *list)
{
    const struct sku *base = on_demand_of(b, sku);
    bool early;
    for (size_t i = 0; i < sku->price_count; i++) {
        struct str region = sku->prices[i].region;
        if (i > 0 && str_equal(region, sku->prices[i - 1].region))
            continue; // each region once
        const struct price *p = sku_price(sku, region, today, &early);
        if (!p || early)
            continue;
        struct stale s = {.sku = sku, .price = p, .known = price_known(p)};
        s.age_days = today.days - s.known.days;
        s.is_old = s.age_days > max_age_days;
        const struct price *on_demand = base ? sku_price(base, region, today, &early) : NULL;
        s.is_behind_on_demand = on_demand && price_is_behind(p, on_demand);
        add_stale(list, s);
    }
}

void book_staleness(const struct book *b, struct date today, int max_age_days, struct arena *a,
                    struct stale **out, size_t *count)
{
    struct stale_list list = {.a = a};
    for (size_t i = 0; i < b->sku_count; i++)
        check_sku_age(b, &b->skus[i], today, max_age_days, &list);
    for (size_t i = 0; i < b->platform_count; i++) {
        const struct platform *p = &b->platforms[i];
        struct stale s = {.platform = p};
        if (!platform_is_available(p, today) || !date_parse(p->as_of, &s.known))
            continue;
        s.age_days = today.days - s.known.days;
        s.is_old = s.age_days > max_age_days;
        add_stale(&list, s);
    }
    *out = list.items;
    *count = list.count;
}

/* ---- coverage -----------------------------------------------------------------------------------
 */

struct gap_list {
    struct arena *a;
    struct gap *items;
    size_t count, capacity;
};

static void add_gap(struct gap_list *list, struct gap gap)
{
    list->items = arena_grow(list->a, struct gap, list->items, list->count, &list->capacity);
    list->items[list->count++] = gap;
}

static bool has_machine(const struct machine_set *set, struct str region, struct date day)
{
    bool early;
    for (size_t i = 0; i < set->count; i++) {
        const struct sku *sku = set->machines[i].sku[PURCHASE_ON_DEMAND];
        if (sku && sku_price(sku, region, day, &early))
            return true;
    }
    return false;
}

static bool has_row(const struct sku *sku, struct str region)
{
    for (size_t i = 0; i < sku->price_count; i++)
        if (str_equal(sku->prices[i].region, region) || str_is(sku->prices[i].region, "any"))
            return true;
    return false;
}

static bool is_named(const struct gap_list *list, size_t from, const struct sku *sku)
{
    for (size_t i = from; i < list->count; i++)
        if (list->items[i].sku == sku)
            return true;
    return false;
}

static void check_place(const struct platform *p, int geography, struct date day,
                        struct gap_list *list)
{
    struct gap gap = {p, geography, p->region[geography], NULL, GAP_NOT_OFFERED};
    size_t from = list->count;
    bool early;
    if (gap.region.n == 0) {
        add_gap(list, gap);
        return;
    }
    for (size_t i = 0; i < p->meter_count; i++) {
        const struct meter *m = &p->meters[i];
        gap.sku = m->sku;
        if (m->is_machine) {
            gap.reason = GAP_NO_MACHINE;
            if (has_machine(p->machines, gap.region, day))
                continue;
        } else {
            if (sku_price(m->sku, gap.region, day, &early))
                continue;
            gap.reason = has_row(m->sku, gap.region) ? GAP_WITHDRAWN : GAP_NO_PRICE;
        }
        if (!is_named(list, from, gap.sku))
            add_gap(list, gap);
    }
}

void book_check_coverage(const struct book *b, struct date day, struct arena *a, struct gap **out,
                         size_t *count)
{
    struct gap_list list = {.a = a};
    for (size_t i = 0; i < b->platform_count; i++)
        for (size_t g = 0; platform_is_available(&b->platforms[i], day) && g < b->geography_count;
             g++)
            check_place(&b->platforms[i], (int)g, day, &list);
    *out = list.items;
    *count = list.count;
}

const char *gap_word(enum gap_reason reason)
{
    static const char *const WORDS[] = {
        [GAP_NOT_OFFERED] = "not offered",
        [GAP_NO_PRICE] = "no price",
        [GAP_WITHDRAWN] = "withdrawn",
        [GAP_NO_MACHINE] = "no machine with a price",
    };
    return WORDS[reason];
}
