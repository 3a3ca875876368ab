#include "cost/tables.h"

#include "base/arena.h"
#include "cost/cold_ranks.h"
#include "cost/cold_table.h"
#include "cost/serving.h"
#include "number/near.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* Pools beyond this are not checked for the servers from which the utilisation alone decides. */
#define ENOUGH_MAX 65536.0
/* Figures that differ by less are the same question. */
#define SAME 1e-12

struct tables *tables_new(struct arena *a)
{
    struct tables *t = arena_new(a, struct tables, 1);
    t->a = a;
    t->ranks = coldstart_ranks_new(a);
    t->ratios = memo_new(a, 512, sizeof(struct hardware_ratio));
    t->prices = arena_new(a, struct sold, TABLES_PRICES);
    t->cold = memo_new(a, 1024, cold_table_bytes());
    t->ranks_at = memo_new(a, 64, cold_ranks_bytes());
    t->cuts_at = memo_new(a, 64, cold_ranks_bytes());
    t->kept = memo_new(a, 256, sizeof(double));
    t->last_kept = memo_new(a, 64, sizeof(double));
    t->reserved = memo_new(a, 64, sizeof(double));
    t->carried = memo_new(a, 64, sizeof(double));
    t->waiting = memo_new(a, 64, sizeof(double));
    t->pools = memo_new(a, 128, sizeof(struct pool_replicas));
    t->responses = memo_new(a, 64, 3 * sizeof(double));
    t->picks = memo_new(a, 512, sizeof(struct machine_pick));
    t->fits = memo_new(a, 128, sizeof(struct machine_fits));
    t->runs = memo_new(a, 256, sizeof(struct machine_runs));
    t->stands = memo_new(a, 128, sizeof(struct stands));
    t->systems = memo_new(a, 32, sizeof(struct machine_pick));
    return t;
}

struct hardware_ratio tables_ratio(struct tables *t, const struct book *book, struct str family, struct str from,
                                   double vcpu, struct str to, double vcpu_to)
{
    if (!t || str_equal(from, to))
        return hardware_ratio(book, family, from, vcpu, to, vcpu_to);
    /* What is measured on accelerators does not depend on the CPUs beside them. */
    if (!str_is(from, "cpu"))
        vcpu = 0;
    if (!str_is(to, "cpu"))
        vcpu_to = 0;
    const double question[] = {memo_text(family), memo_text(from), memo_text(to), vcpu, vcpu_to};
    bool known;
    struct hardware_ratio *r = memo_at(t->ratios, question, sizeof question / sizeof *question, &known);
    if (!known)
        *r = hardware_ratio(book, family, from, vcpu, to, vcpu_to);
    return *r;
}

/* To the sixth digit of the factor. */
static struct decimal times(struct decimal d, double factor)
{
    const double million = 1e6, most = 9e18;
    double coef = (double)d.coef * round(factor * million);
    if (!(fabs(coef) < most))
        return d;
    return (struct decimal){(int64_t)coef, d.scale + 6};
}

const struct price *tables_moved(struct tables *t, const struct sku *sku, const struct price *price)
{
    struct moved_price *m = t ? t->moved : NULL;
    if (!m || m->sku != sku || !price)
        return price;
    for (size_t i = 0; i < m->count; i++)
        if (m->from[i] == price)
            return m->to[i];
    if (m->count == MOVED_MOST)
        return price;
    struct price *p = arena_new(m->a, struct price, 1);
    *p = *price;
    p->usd = times(price->usd, m->times);
    struct price_tier *tiers = arena_new(m->a, struct price_tier, price->tier_count);
    for (size_t i = 0; i < price->tier_count; i++) {
        tiers[i] = price->tiers[i];
        tiers[i].usd = times(price->tiers[i].usd, m->times);
    }
    p->tiers = tiers;
    m->from[m->count] = price;
    m->to[m->count++] = p;
    return p;
}

static bool uses(const struct platform *p, const struct sku *sku)
{
    for (size_t i = 0; i < p->meter_count; i++)
        if (p->meters[i].sku == sku)
            return true;
    for (size_t i = 0; p->machines && i < p->machines->count; i++)
        for (int k = 0; k < PURCHASE_COUNT; k++)
            if (p->machines->machines[i].sku[k] == sku)
                return true;
    return false;
}

bool tables_touches(struct tables *t, const struct book *book, const struct platform *p)
{
    if (!t || !t->moved)
        return false;
    if (!t->touched)
        t->touched = arena_new(t->a, bool, book->platform_count);
    if (t->touching != t->moved->sku) {
        for (size_t i = 0; i < book->platform_count; i++)
            t->touched[i] = uses(&book->platforms[i], t->moved->sku);
        t->touching = t->moved->sku;
    }
    return t->touched[p - book->platforms];
}

static struct sold sold_by_book(const struct sku *sku, struct str region, struct date day)
{
    double seconds = unit_seconds(sku->unit);
    struct sold s = {.sku = sku, .region = region.s};
    s.price = sku_price(sku, region, day, &s.is_early);
    if (s.price)
        s.usd_per_hour = decimal_double(s.price->usd) * (seconds > 0 ? 3600 / seconds : 1);
    return s;
}

struct sold tables_sold(struct tables *t, const struct sku *sku, struct str region, struct date day)
{
    if (!t)
        return sold_by_book(sku, region, day);
    uintptr_t place = (uintptr_t)sku / sizeof(void *) * 31 + (uintptr_t)region.s;
    struct sold *s = &t->prices[(place ^ place >> 11) % TABLES_PRICES];
    if (s->sku != sku || s->region != region.s)
        *s = sold_by_book(sku, region, day);
    if (!t->moved || t->moved->sku != sku || !s->price)
        return *s;
    struct sold moved = *s;
    moved.price = tables_moved(t, sku, s->price);
    moved.usd_per_hour *= t->moved->times;
    return moved;
}

static bool is_for(const struct staffed *s, const struct law *service, double burst, const struct slo *slo)
{
    return near(s->service.mean_s, service->mean_s, SAME) && near(s->service.cv, service->cv, SAME) &&
           s->service.kind == service->kind && near(s->service.mu, service->mu, SAME) && near(s->burst, burst, SAME) &&
           near(s->slo.p50_s, slo->p50_s, SAME) && near(s->slo.p95_s, slo->p95_s, SAME) && near(s->slo.p99_s, slo->p99_s, SAME);
}

struct staffed *tables_staffed(struct tables *t, struct law service, double burst, struct slo slo)
{
    size_t i = 0;
    while (i < TABLES_STAFFED && t->staffed[i] && !is_for(t->staffed[i], &service, burst, &slo))
        i++;
    bool found = i < TABLES_STAFFED && t->staffed[i];
    if (i == TABLES_STAFFED)
        i--; /* the one that was not asked for longest */
    struct staffed *s = t->staffed[i] ? t->staffed[i] : arena_new(t->a, struct staffed, 1);
    memmove(&t->staffed[1], &t->staffed[0], i * sizeof *t->staffed);
    t->staffed[0] = s;
    if (found)
        return s;
    s->service = service;
    s->slo = slo;
    s->burst = burst;
    s->full = 0;
    s->serial = ++t->serial;
    staffing_table_init(&s->table, service, burst > 1 ? arrivals_bursts(burst) : arrivals_poisson(), slo, 0);
    return s;
}

/* Larger pools wait less at the same utilisation: the answer for one size holds for all above. */
static double servers_enough(const struct staffing *s, double full)
{
    double fails = 0, holds = 1;
    while (!staffing_holds(s, holds, holds * full)) {
        fails = holds;
        holds *= 2;
        if (holds > ENOUGH_MAX)
            return HUGE_VAL;
    }
    while (holds - fails > 1) {
        double middle = floor((holds + fails) / 2);
        if (staffing_holds(s, middle, middle * full))
            holds = middle;
        else
            fails = middle;
    }
    return holds;
}

static double servers_by_table(struct staffed *s, double load, double full)
{
    double servers = load / full;
    if (!s->table.staffing.possible || !(load > 0))
        return servers;
    return fmax(servers, (double)staffing_table_servers(&s->table, load));
}

double staffed_servers(struct staffed *s, double load, double full)
{
    if (!s->table.staffing.possible || !(load > 0))
        return load / full;
    if (!near(s->full, full, SAME)) {
        s->full = full;
        s->enough = servers_enough(&s->table.staffing, full);
    }
    return ceil(load / full) >= s->enough ? load / full : servers_by_table(s, load, full);
}
