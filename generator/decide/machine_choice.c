#include "decide/machine_choice.h"

#include "base/arena.h"
#include "decide/machine_run.h"

#include <math.h>

static double usd_per_hour(const struct engine *e, const struct platform *p, const struct machine *m, enum purchase purchase)
{
    struct str region = p->region[e->market.geography];
    if (!m->sku[purchase] || region.n == 0)
        return HUGE_VAL;
    struct tables *t = e->market.tables;
    struct moved_price *moved = t ? t->moved : NULL;
    if (t)
        t->moved = NULL;
    struct sold sold = tables_sold(t, m->sku[purchase], region, e->market.as_of);
    if (t)
        t->moved = moved;
    return sold.price ? sold.usd_per_hour : HUGE_VAL;
}

/* By machine of the platform's set, by the book; looked up once a decision. */
static const double *book_rates(const struct engine *e, const struct platform *p, enum purchase purchase)
{
    const struct book *b = e->market.book;
    struct tables *t = e->market.tables;
    if (t && !t->rates)
        t->rates = arena_new(t->a, const double *, b->platform_count *PURCHASE_COUNT);
    size_t place = (size_t)(p - b->platforms) * PURCHASE_COUNT + (size_t)purchase;
    if (t && t->rates[place])
        return t->rates[place];
    double *rates = arena_new(t ? t->a : e->scratch, double, p->machines->count);
    for (size_t i = 0; i < p->machines->count; i++)
        rates[i] = usd_per_hour(e, p, &p->machines->machines[i], purchase);
    if (t)
        t->rates[place] = rates;
    return rates;
}

/* HUGE_VAL: it is not sold that way. */
static double rate_of(const struct engine *e, const struct machine *m, enum purchase purchase, double book_rate)
{
    const struct moved_price *moved = e->market.tables ? e->market.tables->moved : NULL;
    return moved && moved->sku == m->sku[purchase] ? book_rate * moved->times : book_rate;
}

struct score {
    int faults; /* 0: suits */
    double usd;
};

static bool better(struct score a, struct score b)
{
    return a.faults != b.faults ? a.faults < b.faults : a.usd < b.usd;
}

static void pick(struct engine *e, const struct platform *p, enum purchase purchase, bool gpu, const size_t *parts, size_t count, bool hosts,
                 uint64_t mark, struct machine_pick *out)
{
    struct arena_mark before = arena_mark(e->scratch);
    const struct machine_runs *run = machine_runs_of(e, p, gpu, parts, count, hosts, mark);
    const double *rates = book_rates(e, p, purchase), *list = book_rates(e, p, PURCHASE_ON_DEMAND);
    *out = (struct machine_pick){0};
    for (size_t i = 0; i < run->count; i++) {
        const struct machine_hours *row = &run->rows[i];
        const struct machine *machine = &p->machines->machines[row->machine];
        struct score s = {.faults = row->faults};
        double rate = rate_of(e, machine, purchase, rates[row->machine]);
        if (!(rate < HUGE_VAL)) {
            s.faults += 100; /* not sold: the last choice */
            rate = rate_of(e, machine, PURCHASE_ON_DEMAND, list[row->machine]);
        }
        s.usd = row->hours * (rate < HUGE_VAL ? rate : 1e6);
        if (!out->machine || better(s, (struct score){out->faults, out->usd}))
            *out = (struct machine_pick){machine, s.faults, s.usd};
    }
    arena_rewind(e->scratch, before);
}

/* One choice is asked for many times at a point: alone, in hybrids and splits. */
static struct score choose_best(struct engine *e, const struct platform *p, enum purchase purchase, bool gpu, const size_t *parts, size_t count,
                                bool hosts, const struct machine **best)
{
    uint64_t mark = machine_run_mark(e, parts, count);
    struct tables *t = e->market.tables;
    struct machine_pick own, *found = &own;
    bool known = false;
    /* Picks of the report and of its searches are one memory: a search counts no hours of machines that do not suit, so
     * the report's own, which may show such a machine, come first. */
    if (t) {
        const struct moved_price *moved = tables_touches(t, e->market.book, p) ? t->moved : NULL;
        const double question[] = {(double)(p - e->market.book->platforms), (double)purchase,        gpu ? 1 : 0, hosts ? 1 : 0, memo_figure(mark),
                                   memo_address(moved ? moved->sku : NULL), moved ? moved->times : 1};
        found = memo_at(t->picks, question, sizeof question / sizeof *question, &known);
    }
    if (!known)
        pick(e, p, purchase, gpu, parts, count, hosts, mark, found);
    *best = found->machine;
    return (struct score){found->faults, found->usd};
}

static bool choose_for(struct engine *e, const struct platform *p, enum purchase purchase, bool gpu, const size_t *parts, size_t count, bool hosts,
                       const struct machine **best)
{
    struct score top = choose_best(e, p, purchase, gpu, parts, count, hosts, best);
    return *best && top.faults == 0;
}

/* Sets of GPU attachments, whose CPU and memory are chosen and billed apart: CPU parts need none. */
static bool sells_attachments(const struct platform *p)
{
    for (size_t i = 0; i < p->machines->count; i++)
        if (p->machines->machines[i].vcpu > 0)
            return false;
    return true;
}

static struct machine_pick find_system(const struct engine *e, const struct platform *p, double nodes)
{
    struct machine_pick best = {.usd = HUGE_VAL};
    const double *rates = book_rates(e, p, PURCHASE_ON_DEMAND);
    for (size_t i = 0; i < p->machines->count; i++) {
        const struct machine *m = &p->machines->machines[i];
        double usd = rate_of(e, m, PURCHASE_ON_DEMAND, rates[i]);
        if (!(usd < best.usd) || !machine_is_considered(m, false, false))
            continue;
        struct size room = machine_allocatable(p, m);
        if (room.vcpu * nodes < p->system.vcpu || room.memory_gib * nodes < p->system.memory_gib)
            continue;
        best.usd = usd;
        best.machine = m;
    }
    return best;
}

/* The machine on which a new cluster's own services cost least, an hour; NULL: none holds them. */
static const struct machine *system_machine(const struct engine *e, const struct platform *p, double nodes, double *usd_per_hour)
{
    struct tables *t = e->market.tables;
    struct machine_pick own, *found = &own;
    bool known = false;
    if (t) {
        const struct moved_price *moved = tables_touches(t, e->market.book, p) ? t->moved : NULL;
        const double question[] = {(double)(p - e->market.book->platforms), nodes, memo_address(moved ? moved->sku : NULL), moved ? moved->times : 1};
        found = memo_at(t->systems, question, sizeof question / sizeof *question, &known);
    }
    if (!known)
        *found = find_system(e, p, nodes);
    *usd_per_hour = found->usd;
    return found->machine;
}

/* A part that may use a GPU takes it where that is cheaper and the hardware can be compared. */
static bool choose_either(struct engine *e, const struct platform *p, enum purchase purchase, size_t part, bool hosts, const struct machine **best)
{
    const struct machine *cpu = NULL, *gpu = NULL;
    struct score a = choose_best(e, p, purchase, false, &part, 1, hosts, &cpu);
    struct score b = choose_best(e, p, purchase, true, &part, 1, hosts, &gpu);
    double usd;
    /* Queued work on GPU nodes hosts no services of the cluster: those need nodes beside it. */
    if (hosts && !e->workload->parts[part].is_job && system_machine(e, p, machine_least_nodes(e), &usd))
        b.usd += usd * machine_least_nodes(e) * HOURS_PER_MONTH;
    bool cpu_suits = cpu && a.faults == 0, gpu_suits = gpu && b.faults == 0;
    if (cpu_suits && gpu_suits) {
        *best = better(b, a) ? gpu : cpu;
        return true;
    }
    *best = gpu_suits ? gpu : cpu ? cpu : gpu;
    return cpu_suits || gpu_suits;
}

/* Whether the plan's first queued CPU work hosts a new cluster's own services: nothing in it is always on. */
static bool hosts_system(const struct engine *e, const struct platform *p, const size_t *parts, size_t count)
{
    if (p->scaling != SCALING_CLUSTER || !plan_is_new_cluster(e->workload, p))
        return false;
    for (size_t i = 0; i < count; i++)
        if (e->workload->parts[parts[i]].is_online)
            return false;
    return true;
}

bool machine_choice(struct engine *e, const struct platform *platform, enum purchase purchase, const size_t *parts, size_t count,
                    const struct machine **machines)
{
    bool all = true, attachments = sells_attachments(platform), hosts = hosts_system(e, platform, parts, count);
    struct arena_mark before = arena_mark(e->scratch);
    size_t *cpu = arena_new(e->scratch, size_t, count), cpu_count = 0;
    for (size_t i = 0; i < count; i++) {
        machines[i] = NULL;
        const struct part *part = &e->workload->parts[parts[i]];
        if (!part->needs_gpu && !(part->gpu_optional && count == 1))
            cpu[cpu_count++] = parts[i];
    }
    const struct machine *shared = NULL;
    /* One machine for all CPU parts, unless none suits them all: then each its own. */
    bool together = cpu_count > 0 && !attachments && choose_for(e, platform, purchase, false, cpu, cpu_count, hosts, &shared);
    for (size_t i = 0; i < count; i++) {
        const struct part *part = &e->workload->parts[parts[i]];
        bool gpu = part->needs_gpu;
        if (!gpu && attachments)
            continue; /* CPU and memory alone */
        if (part->gpu_optional && count == 1) {
            all = choose_either(e, platform, purchase, parts[i], hosts, &machines[i]) && all;
            continue;
        }
        if (!gpu && together) {
            machines[i] = shared;
            continue;
        }
        if (!choose_for(e, platform, purchase, gpu, &parts[i], 1, hosts, &machines[i])) {
            all = false;
            if (!machines[i]) /* no machine of the kind: any says what is missing */
                choose_for(e, platform, purchase, !gpu, &parts[i], 1, hosts, &machines[i]);
        }
        hosts = hosts && (gpu || part->is_job); /* the first queued CPU work alone */
    }
    arena_rewind(e->scratch, before);
    return all;
}

/* An hour in one way; 0 where it is not the same for each of a month. */
static double flat_rate(const struct engine *e, const struct platform *p, const struct machine *machine, enum purchase purchase)
{
    if (!machine->sku[purchase])
        return HUGE_VAL; /* not bought so */
    struct sold sold = tables_sold(e->market.tables, machine->sku[purchase], p->region[e->market.geography], e->market.as_of);
    if (!sold.price)
        return HUGE_VAL;
    return sold.price->tier_count || sold.price->free_quantity > 0 ? 0 : sold.usd_per_hour;
}

/* Whether each hour of a machine is charged whole, and nothing is given back. */
static bool charges_machines(const struct platform *p)
{
    bool charges = false;
    for (size_t i = 0; i < p->meter_count; i++) {
        const struct meter *m = &p->meters[i];
        if (m->is_credit)
            return false;
        charges = charges || (m->is_machine && m->when == WHEN_ALWAYS && m->factor >= 1);
    }
    return charges;
}

double machine_choice_usd(struct engine *e, const struct platform *platform, enum purchase purchase)
{
    const struct part *part = &e->workload->parts[0];
    size_t one = 0;
    if (sells_attachments(platform) || part->gpu_optional || !charges_machines(platform))
        return 0;
    const struct machine *machine;
    struct score s = choose_best(e, platform, purchase, part->needs_gpu, &one, 1, hosts_system(e, platform, &one, 1), &machine);
    if (!machine || s.faults > 0)
        return 0;
    /* Spot machines have their share on demand, commitments what is above them: the cheaper of the two at least. */
    double own = flat_rate(e, platform, machine, purchase), list = flat_rate(e, platform, machine, PURCHASE_ON_DEMAND);
    return own < HUGE_VAL && own > 0 ? s.usd * fmin(list / own, 1) : 0;
}

void machine_choice_system(struct engine *e, struct plan *plan)
{
    if (plan->platform->scaling != SCALING_CLUSTER || !plan->platform->machines || !plan->new_cluster)
        return;
    double usd;
    const struct machine *found = system_machine(e, plan->platform, plan->least_nodes, &usd);
    if (found)
        plan->system_machine = found;
    if (!plan->system_machine)
        return;
    for (int k = 0; k < PURCHASE_COUNT; k++)
        if (plan->system_machine->sku[k]) {
            struct sold sold = tables_sold(e->market.tables, plan->system_machine->sku[k], plan->region, e->market.as_of);
            plan->system_price.price[k] = sold.price;
            plan->system_price.is_early[k] = sold.is_early;
        }
}
