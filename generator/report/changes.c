#include "report/changes.h"

#include "base/arena.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

static const char *const EFFECT_WORDS[] = {
    [EFFECT_STABLE] = "stable",
    [EFFECT_NARROWING] = "narrowing",
    [EFFECT_WIDENING] = "widening",
    [EFFECT_FLIPPED] = "flipped",
};

const char *effect_word(enum effect e)
{
    assert(e <= EFFECT_FLIPPED);
    return EFFECT_WORDS[e];
}

enum effect effect_of_margins(double before, double after)
{
    if (isnan(before) || isnan(after) || fabs(after - before) < 0.01)
        return EFFECT_STABLE;
    return after < before ? EFFECT_NARROWING : EFFECT_WIDENING;
}

/* One change with its day, before they are grouped by day. */
struct dated {
    struct date date;
    struct price_change change;
    size_t order; /* of the book, so that equal changes keep it */
};

struct collector {
    struct arena *a;
    struct dated *items;
    size_t count, capacity;
};

static void collect(struct collector *c, struct date date, struct price_change change)
{
    if (c->count == c->capacity)
        c->items = arena_grow(c->a, struct dated, c->items, c->count, &c->capacity);
    c->items[c->count] = (struct dated){date, change, c->count};
    c->count++;
}

static bool same_price(const struct price *a, const struct price *b)
{
    if (decimal_compare(a->usd, b->usd) != 0 || a->tier_count != b->tier_count)
        return false;
    for (size_t i = 0; i < a->tier_count; i++)
        if (decimal_compare(a->tiers[i].usd, b->tiers[i].usd) != 0)
            return false;
    return true;
}

static void collect_sku(struct collector *c, const struct sku *sku)
{
    for (size_t i = 0; i < sku->price_count; i++) {
        const struct price *p = &sku->prices[i];
        const struct price *before =
            i > 0 && str_equal(sku->prices[i - 1].region, p->region) ? &sku->prices[i - 1] : NULL;
        struct price_change change = {.sku = sku, .region = p->region, .before = before, .after = p};
        if (before && !same_price(before, p)) {
            double old = decimal_double(before->usd);
            change.kind = PRICE_CHANGED;
            change.ratio = old > 0 ? decimal_double(p->usd) / old - 1 : (double)NAN;
            collect(c, p->from, change);
        } else if (!before && p->basis == PRICE_EFFECTIVE) {
            change.kind = PRICE_ADDED;
            change.ratio = (double)NAN;
            collect(c, p->from, change);
        }
        bool is_last = i + 1 == sku->price_count || !str_equal(sku->prices[i + 1].region, p->region);
        if (is_last && !date_is_none(p->until)) {
            change.kind = PRICE_WITHDRAWN;
            change.before = p;
            change.after = NULL;
            change.ratio = (double)NAN;
            collect(c, (struct date){p->until.days + 1}, change);
        }
    }
}

/* Newest day first; within a day changed, added, withdrawn; the largest move first. */
static int compare_dated(const void *left, const void *right)
{
    const struct dated *a = left;
    const struct dated *b = right;
    int by_date = date_compare(b->date, a->date);
    if (by_date != 0)
        return by_date;
    if (a->change.kind != b->change.kind)
        return a->change.kind < b->change.kind ? -1 : 1;
    double x = isnan(a->change.ratio) ? 0 : fabs(a->change.ratio);
    double y = isnan(b->change.ratio) ? 0 : fabs(b->change.ratio);
    if (x > y || x < y)
        return x > y ? -1 : 1;
    return a->order < b->order ? -1 : 1;
}

void changes_collect(const struct book *b, struct arena *a, const struct edition **editions,
                     size_t *count)
{
    struct collector c = {.a = a};
    for (size_t i = 0; i < b->sku_count; i++)
        collect_sku(&c, &b->skus[i]);
    if (c.count > 0)
        qsort(c.items, c.count, sizeof c.items[0], compare_dated);
    struct price_change *changes = arena_new(a, struct price_change, c.count);
    size_t days = 0;
    for (size_t i = 0; i < c.count; i++) {
        changes[i] = c.items[i].change;
        days += i == 0 || date_compare(c.items[i].date, c.items[i - 1].date) != 0;
    }
    struct edition *out = arena_new(a, struct edition, days);
    size_t day = 0;
    for (size_t i = 0; i < c.count; i++) {
        if (i > 0 && date_compare(c.items[i].date, c.items[i - 1].date) == 0) {
            out[day - 1].count++;
            continue;
        }
        out[day++] = (struct edition){.date = c.items[i].date,
                                      .is_scheduled = date_compare(c.items[i].date, b->edition) > 0,
                                      .changes = &changes[i],
                                      .count = 1};
    }
    *editions = out;
    *count = days;
}
