#include "cost/charges.h"

#include "base/arena.h"
#include "cost/tables.h"

#include <math.h>
#include <string.h>

struct charge *charges_add(struct charges *c)
{
    if (c->count == c->capacity)
        c->items = arena_grow(c->a, struct charge, c->items, c->count, &c->capacity);
    struct charge *item = &c->items[c->count++];
    memset(item, 0, sizeof *item);
    return item;
}

void charges_append(struct charges *c, const struct charge *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (c->count == c->capacity)
            c->items = arena_grow(c->a, struct charge, c->items, c->count, &c->capacity);
        c->items[c->count++] = items[i];
    }
}

void charges_allow(struct charges *c, const struct market *m, bool explain)
{
    size_t count = c->count;
    double before_tier;
    for (size_t i = 0; i < count; i++) { /* tiers: an amount starts where the SKU's earlier charges ended */
        before_tier = 0;
        if (c->items[i].price->tier_count)
            for (size_t k = 0; k < i; k++)
                if (c->items[k].price == c->items[i].price)
                    before_tier += fmax(c->items[k].quantity, 0);
        c->items[i].offset = before_tier;
    }
    if (policy_number(m->policy, PARAMETER_COUNT_ALLOWANCES) < 0.5)
        return;
    for (size_t i = 0; i < count; i++) {
        const struct charge charge = c->items[i];
        if (!(charge.price->free_quantity > 0) || charge.quantity <= 0)
            continue;
        double used = 0;
        for (size_t k = count; k < c->count; k++) {
            const struct price *other = c->items[k].price;
            bool same = charge.price->free_pool.n ? str_equal(other->free_pool, charge.price->free_pool) : other == charge.price;
            if (same)
                used += -c->items[k].quantity;
        }
        double covered = fmin(charge.price->free_quantity - used, charge.quantity);
        if (!(covered > 0))
            continue;
        struct charge *credit = charges_add(c);
        *credit = charge;
        credit->quantity = -covered;
        /* The free amount comes before the tiers (AWS bills "the first 10 TB beyond the global free tier"), so
         * what it saves is the last units of the highest tier reached. */
        credit->offset = 0;
        if (charge.price->tier_count) {
            for (size_t k = 0; k < count; k++)
                if (c->items[k].price == charge.price)
                    credit->offset += fmax(c->items[k].quantity, 0);
            for (size_t k = count; k < c->count - 1; k++)
                if (c->items[k].price == charge.price)
                    credit->offset += c->items[k].quantity;
        }
        credit->is_allowance = true;
        credit->item = explain ? str_printf(c->a, "free allowance, %.*s", STR_ARG(charge.item)) : charge.item;
        credit->how = explain ? STR("once a month and account") : STR("");
    }
}

static struct salary salary_of(const struct market *m)
{
    struct salary found = {0}, *salary = m->tables ? &m->tables->salary : &found;
    if (!salary->price) {
        salary->sku = book_sku(m->book, m->policy->engineer_sku);
        salary->region = m->book->geographies[m->geography].id;
        salary->price = salary->sku ? sku_price(salary->sku, salary->region, m->as_of, &salary->is_early) : NULL;
    }
    struct salary out = *salary;
    out.price = tables_moved(m->tables, salary->sku, salary->price);
    return out;
}

double engineer_usd(const struct market *m)
{
    struct salary salary = salary_of(m);
    return salary.price ? decimal_double(salary.price->usd) : NOT_KNOWN;
}

bool charges_people(struct charges *c, const struct market *m, double fte, double on_cost, struct str why)
{
    struct salary salary = salary_of(m);
    if (!salary.price)
        return false;
    struct charge *charge = charges_add(c);
    charge->item = STR("platform engineering");
    charge->quantity = fte * on_cost / 12;
    charge->sku = salary.sku;
    charge->price = salary.price;
    charge->region = salary.region;
    charge->is_early = salary.is_early;
    charge->is_operations = true;
    charge->class = CLASS_NONE;
    charge->how = why;
    return true;
}

static double charge_usd(const struct charge *c)
{
    if (c->price->tier_count == 0 || (c->quantity < 0 && !(c->offset > 0)))
        return c->quantity * decimal_double(c->price->usd);
    return price_cost(c->price, c->offset + c->quantity) - price_cost(c->price, c->offset);
}

double price_multiple(const double *global, enum platform_class class)
{
    switch (class) {
    case CLASS_SERVERLESS: return global[GLOBAL_PRICE_SERVERLESS];
    case CLASS_MANAGED: return global[GLOBAL_PRICE_MANAGED];
    case CLASS_KUBERNETES: return global[GLOBAL_PRICE_KUBERNETES];
    case CLASS_HYBRID:
    case CLASS_NONE: break;
    }
    return 1;
}

static double factor_of(const struct charge *c, const double *global)
{
    if (c->is_operations)
        return 1;
    double f = price_multiple(global, c->class);
    return c->is_spot ? f * global[GLOBAL_PRICE_SPOT] : f;
}

double charges_least(const struct charge *items, size_t count, const double *global)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        const struct charge *c = &items[i];
        double usd = decimal_double(c->price->usd), quantity = c->quantity;
        for (size_t k = 0; k < c->price->tier_count; k++) {
            double tier = decimal_double(c->price->tiers[k].usd);
            usd = quantity < 0 ? fmax(usd, tier) : fmin(usd, tier);
        }
        if (quantity > 0)
            quantity = fmax(quantity - c->price->free_quantity, 0);
        sum += quantity * usd * factor_of(c, global);
    }
    return sum;
}

double charges_sum(const struct charges *c, const double *global, double *without_people)
{
    double all = 0, rest = 0;
    for (size_t i = 0; i < c->count; i++) {
        double usd = charge_usd(&c->items[i]) * factor_of(&c->items[i], global);
        all += usd;
        if (!c->items[i].is_operations)
            rest += usd;
    }
    *without_people = rest;
    return all;
}

double charges_usd(const struct charges *c, const double *global, bool with_people)
{
    double rest, all = charges_sum(c, global, &rest);
    return with_people ? all : rest;
}

static bool line_add(const struct charge *c, double quantity, struct decimal price, struct line **lines,
                     size_t *count, size_t *capacity, struct arena *a, struct str suffix)
{
    struct decimal q = decimal_quantity(quantity);
    struct money usd;
    if (decimal_is_zero(q))
        return true;
    if (!money_charge(q, price, &usd))
        return false;
    if (*count == *capacity)
        *lines = arena_grow(a, struct line, *lines, *count, capacity);
    (*lines)[(*count)++] = (struct line){
        .item = suffix.n ? str_printf(a, "%.*s%.*s", STR_ARG(c->item), STR_ARG(suffix)) : str_copy(a, c->item),
        .part = c->part,
        .quantity = q,
        .unit = c->sku->unit,
        .unit_usd = price,
        .usd = usd,
        .sku = c->sku,
        .price = c->price,
        .region = c->region,
        .is_early = c->is_early,
        .is_operations = c->is_operations,
        .is_allowance = c->is_allowance,
        .how = str_copy(a, c->how)};
    return true;
}

bool charges_lines(const struct charges *c, struct arena *a, struct line **lines, size_t *count)
{
    size_t capacity = 0;
    *lines = NULL;
    *count = 0;
    for (size_t i = 0; i < c->count; i++) {
        const struct charge *charge = &c->items[i];
        const struct price *p = charge->price;
        if (fabs(charge->quantity) > 9e12)
            return false;
        if (p->tier_count == 0 || (charge->quantity < 0 && !(charge->offset > 0))) {
            if (!line_add(charge, charge->quantity, p->usd, lines, count, &capacity, a, STR("")))
                return false;
            continue;
        }
        /* From the lower end of the amount to its upper end; a credit spans the end of what it is for. */
        double sign = charge->quantity < 0 ? -1 : 1;
        double from = fmin(charge->offset, charge->offset + charge->quantity), left = fabs(charge->quantity), below = 0;
        for (size_t t = 0; t < p->tier_count && left > 0; t++) {
            double top = p->tiers[t].up_to;
            if (from < top) {
                double part = fmin(left, top - fmax(from, below));
                struct str suffix = t == 0 ? STR("") : str_printf(a, ", beyond %.6g %s", below, charge->sku->unit->plural);
                if (!line_add(charge, sign * part, p->tiers[t].usd, lines, count, &capacity, a, suffix))
                    return false;
                left -= part;
                from += part;
            }
            below = top;
        }
    }
    return true;
}
