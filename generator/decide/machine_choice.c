#include "decide/machine_choice.h"

#include "base/arena.h"
#include "cost/tables.h"
#include "cost/timing.h"
#include "latency/law.h"

#include <math.h>
#include <stdint.h>

/* Replicas by piece of the month on hardware of one speed; machines of one speed share them. */
struct replica_curve {
    double time_ratio, gpus, concurrency;
    struct usage usage;
    bool made;
    double speed;  /* time ratio that `fast` belongs to; 0: none yet */
    bool fast;     /* the service alone holds the percentiles there */
};

static bool is_considered(const struct machine *m, bool gpu, bool trial)
{
    if ((m->gpus > 0) != gpu)
        return false;
    if (m->burstable && !trial)
        return false; /* CPU credits run out under steady load */
    return str_is(m->arch, "x86") || m->arch.n == 0 || m->gpus > 0; /* service times on other CPUs are not known */
}

static double machine_usd_per_hour(const struct engine *e, const struct platform *p,
                                   const struct machine *m, enum purchase purchase)
{
    struct str region = p->region[e->market.geography];
    if (!m->sku[purchase] || region.n == 0)
        return HUGE_VAL;
    struct sold sold = tables_sold(e->market.tables, m->sku[purchase], region, e->market.as_of);
    return sold.price ? sold.usd_per_hour : HUGE_VAL;
}

/* The service law alone must meet the percentiles; more machines cannot repair it. */
static bool fast_enough(const struct part *p, const struct part_state *s, double ratio)
{
    if (!p->is_online || !(s->service_s > 0))
        return true;
    struct law law = timing_answer(p, s->service_s * ratio, s->x[FIGURE_DURATION_CV]);
    return (!(s->x[FIGURE_P99_MS] > 0) || law_tail(&law, s->x[FIGURE_P99_MS] / 1000) <= 0.01) &&
           (!(s->x[FIGURE_P95_MS] > 0) || law_tail(&law, s->x[FIGURE_P95_MS] / 1000) <= 0.05) &&
           (!(s->x[FIGURE_P50_MS] > 0) || law_tail(&law, s->x[FIGURE_P50_MS] / 1000) <= 0.5);
}

struct score {
    int faults;   /* 0: suits */
    double usd;
};

static bool better(struct score a, struct score b)
{
    return a.faults != b.faults ? a.faults < b.faults : a.usd < b.usd;
}

/* Nodes of the pool by piece of the month, of parts whose replicas fill its machines alike. */
struct pool_nodes {
    uint64_t mark;  /* of what they follow from */
    double hours;   /* a month, whole nodes where the bill counts whole ones */
};

#define POOLS_SEEN 32

/* A group of parts while the machines of a set are gone through. */
struct group {
    const size_t *parts;
    size_t count;
    bool hosts; /* a new cluster's own services run on its queued CPU work, for want of an always-on pool */
    struct replica_curve *curves;
    struct pool_nodes seen[POOLS_SEEN];
    size_t seen_count;
};

static double least_nodes(const struct engine *e)
{
    return e->workload->questionnaire->stage == STAGE_VALIDATION ? 1 : policy_number(e->market.policy, PARAMETER_MIN_NODES);
}

/* Replicas of a part over the month where it runs so fast; worked out again only where that changes. */
static void follow(struct engine *e, const struct platform *p, size_t part, const struct fit *fit, struct replica_curve *curve)
{
    const struct workload *w = e->workload;
    const struct part_state *s = &e->base->parts[part];
    if (!(fabs(curve->speed - fit->ratio.time_likely) < 1e-12)) {
        curve->speed = fit->ratio.time_likely;
        curve->fast = fast_enough(&w->parts[part], s, fit->ratio.time_likely);
    }
    bool same = curve->made && fabs(curve->time_ratio - fit->ratio.time_likely) < 1e-12 && fabs(curve->gpus - fit->gpus) < 1e-12 &&
                fabs(curve->concurrency - fit->concurrency) < 1e-12;
    if (same || p->scaling == SCALING_TO_ZERO || !w->parts[part].costable)
        return;
    struct serving serving;
    serving_init(&serving, fit);
    serving_at(&serving, &e->market, w, s, e->base->global, EFFORT_SWEEP, false, e->scratch, &curve->usage);
    curve->time_ratio = fit->ratio.time_likely;
    curve->gpus = fit->gpus;
    curve->concurrency = fit->concurrency;
    curve->made = true;
}

/* Machines of always-on pools: whole ones, and never fewer than the bill counts. */
static double online_hours(struct engine *e, const struct platform *p, struct group *g, const double *per_machine, double smooth)
{
    uint64_t mark = memo_mark(g->count, &smooth, 1);
    for (size_t i = 0; i < g->count; i++) {
        const struct replica_curve *curve = &g->curves[i];
        const double own[] = {per_machine[i], curve->time_ratio, curve->gpus, curve->concurrency};
        mark = memo_mark(mark, own, sizeof own / sizeof *own);
    }
    for (size_t i = 0; i < g->seen_count; i++)
        if (g->seen[i].mark == mark)
            return g->seen[i].hours;
    double share[CURVE_POINTS] = {0};
    for (size_t i = 0; i < g->count; i++) {
        const struct part *part = &e->workload->parts[g->parts[i]];
        for (size_t k = 0; k < CURVE_POINTS && part->is_online && !part->is_job && part->costable; k++)
            share[k] += g->curves[i].usage.replicas[k] / per_machine[i];
    }
    double least = p->scaling == SCALING_CLUSTER ? least_nodes(e) : 0, sum = 0, last = -1, nodes = 0;
    for (size_t k = 0; k < CURVE_POINTS; k++) {
        double n = share[k] + smooth;
        if (n > last || n < last) {
            nodes = fmax(ceil(n - 1e-9), least);
            last = n;
        }
        sum += nodes;
    }
    double hours = sum / CURVE_POINTS * HOURS_PER_MONTH;
    if (g->seen_count < POOLS_SEEN)
        g->seen[g->seen_count++] = (struct pool_nodes){mark, hours};
    return hours;
}

/* Machines of queued work, levelled over the month; a new cluster's own services beside it need their room, and
 * at least so many nodes as any pool that hosts them (cost/node_pool.c). */
static double queued_nodes(const struct engine *e, const struct platform *p, const struct group *g, const struct machine *machine,
                           double smooth)
{
    if (!g->hosts || machine->gpus > 0 || !(smooth > 0))
        return smooth;
    struct size room = machine_allocatable(p, machine);
    double system = room.vcpu > 0 && room.memory_gib > 0 ? fmax(p->system.vcpu / room.vcpu, p->system.memory_gib / room.memory_gib) : 0;
    return fmax(smooth + system, least_nodes(e));
}

/* What a month of a group of parts runs on one machine type, as the bill would count it. */
static struct machine_hours hours_of(struct engine *e, const struct platform *p, const struct machine *machine, struct group *g)
{
    struct machine_hours out = {0, 0};
    double smooth = 0, alive = 0, *per_machine = arena_new(e->scratch, double, g->count);
    bool online = false;
    const struct workload *w = e->workload;
    for (size_t i = 0; i < g->count; i++) {
        const struct part *part = &w->parts[g->parts[i]];
        const struct part_state *s = &e->base->parts[g->parts[i]];
        struct verdict_list v = {0};
        struct fit fit;
        fit_size(&e->market, w, part, s, p, machine, &fit, &v);
        follow(e, p, g->parts[i], &fit, &g->curves[i]);
        out.faults += (int)v.count + !g->curves[i].fast;
        per_machine[i] = fit.per_machine;
        if (p->scaling == SCALING_TO_ZERO) {
            /* Busy time, and the idle tail after it, on the first instance. */
            double tail = fmin(p->idle_tail_s, p->keep_alive_s.likely) + p->start_ms.likely / 1000 + s->x[FIGURE_LOAD_S];
            alive += (s->mean_rps * s->service_s * fit.ratio.time_likely - expm1(-s->mean_rps * tail)) * part->multiplicity +
                     (part->is_job ? s->x[FIGURE_JOB_HOURS] * s->x[FIGURE_JOB_RUNS] * fit.ratio.time_likely / HOURS_PER_MONTH : 0);
        } else if (!part->costable) {
            continue;
        } else if (part->is_job) {
            out.hours += g->curves[i].usage.job_machine_h;
        } else if (part->is_online) {
            online = true;
        } else { /* a managed endpoint keeps its fewest machines for each model (serve_queued) */
            double least = p->scaling == SCALING_REPLICAS ? p->min_instances * part->multiplicity : 0;
            smooth += fmax(g->curves[i].usage.smooth_replicas / fit.per_machine, least);
        }
    }
    out.hours += alive * HOURS_PER_MONTH;
    out.hours += online ? online_hours(e, p, g, per_machine, smooth) : queued_nodes(e, p, g, machine, smooth) * HOURS_PER_MONTH;
    return out;
}

static struct score score_of(const struct engine *e, const struct platform *p, enum purchase purchase,
                             const struct machine *machine, struct machine_hours run)
{
    struct score out = {.faults = run.faults};
    double price = machine_usd_per_hour(e, p, machine, purchase);
    if (!(price < HUGE_VAL)) {
        out.faults += 100; /* not sold: the last choice */
        price = machine_usd_per_hour(e, p, machine, PURCHASE_ON_DEMAND);
    }
    out.usd = run.hours * (price < HUGE_VAL ? price : 1e6);
    return out;
}

/* All that the hours of a part depend on. */
static uint64_t part_mark(uint64_t mark, const struct workload *w, size_t index, const struct part_state *s)
{
    const struct part *p = &w->parts[index];
    const double figures[] = {(double)index, p->is_job, (double)p->kind, (double)p->job_kind, memo_text(p->family), memo_text(p->hardware),
                              p->needs_gpu, p->gpu_optional, p->multiplicity, p->is_online, p->vcpu_answered, p->gpu_count_answered,
                              p->costable, w->share_hardware, s->service_s, s->mean_rps, s->peak_rps, (double)s->points};
    mark = memo_mark(mark, figures, sizeof figures / sizeof *figures);
    mark = memo_mark(mark, s->x, FIGURE_COUNT);
    return memo_mark(mark, s->rps, s->points);
}

static uint64_t parts_mark(const struct engine *e, const size_t *parts, size_t count)
{
    uint64_t mark = memo_mark(count, e->base->global, GLOBAL_COUNT);
    for (size_t i = 0; i < count; i++)
        mark = part_mark(mark, e->workload, parts[i], &e->base->parts[parts[i]]);
    return mark;
}

/* What the considered machines of the set run: the ways to buy and the searches that move something else ask
 * the same; `mark` is of the parts. */
static const struct machine_hours *hours_by_machine(struct engine *e, const struct platform *p, bool gpu, const size_t *parts,
                                                    size_t count, bool hosts, uint64_t mark)
{
    bool trial = e->workload->questionnaire->stage == STAGE_VALIDATION, known = false;
    struct machine_hours *run;
    if (e->market.tables && p->machines->count <= MACHINE_HOURS_MOST) {
        const double question[] = {(double)(p - e->market.book->platforms), gpu ? 1 : 0, hosts ? 1 : 0, memo_figure(mark)};
        run = memo_at(e->market.tables->hours, question, sizeof question / sizeof *question, &known);
    } else {
        run = arena_new(e->scratch, struct machine_hours, p->machines->count);
    }
    if (known)
        return run;
    struct arena_mark before = arena_mark(e->scratch);
    struct group group = {.parts = parts, .count = count, .hosts = hosts, .curves = arena_new(e->scratch, struct replica_curve, count)};
    for (size_t i = 0; i < p->machines->count; i++)
        if (is_considered(&p->machines->machines[i], gpu, trial))
            run[i] = hours_of(e, p, &p->machines->machines[i], &group);
    arena_rewind(e->scratch, before);
    return run;
}

static void pick(struct engine *e, const struct platform *p, enum purchase purchase, bool gpu, const size_t *parts, size_t count,
                 bool hosts, uint64_t mark, struct machine_pick *out)
{
    bool trial = e->workload->questionnaire->stage == STAGE_VALIDATION;
    struct arena_mark before = arena_mark(e->scratch);
    const struct machine_hours *run = hours_by_machine(e, p, gpu, parts, count, hosts, mark);
    *out = (struct machine_pick){0};
    for (size_t i = 0; i < p->machines->count; i++) {
        const struct machine *machine = &p->machines->machines[i];
        if (!is_considered(machine, gpu, trial))
            continue;
        struct score s = score_of(e, p, purchase, machine, run[i]);
        if (!out->machine || better(s, (struct score){out->faults, out->usd}))
            *out = (struct machine_pick){machine, s.faults, s.usd};
    }
    arena_rewind(e->scratch, before);
}

/* One choice is asked for many times at a point: alone, in hybrids and splits. */
static struct score choose_best(struct engine *e, const struct platform *p, enum purchase purchase, bool gpu,
                                const size_t *parts, size_t count, bool hosts, const struct machine **best)
{
    uint64_t mark = parts_mark(e, parts, count);
    struct tables *t = e->market.tables;
    struct machine_pick own, *found = &own;
    bool known = false;
    if (t) {
        const double question[] = {(double)(p - e->market.book->platforms), (double)purchase, gpu ? 1 : 0, hosts ? 1 : 0, memo_figure(mark),
                                   memo_address(t->moved ? t->moved->sku : NULL), t->moved ? t->moved->times : 1};
        found = memo_at(t->picks, question, sizeof question / sizeof *question, &known);
    }
    if (!known)
        pick(e, p, purchase, gpu, parts, count, hosts, mark, found);
    *best = found->machine;
    return (struct score){found->faults, found->usd};
}

static bool choose_for(struct engine *e, const struct platform *p, enum purchase purchase, bool gpu,
                       const size_t *parts, size_t count, bool hosts, const struct machine **best)
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

/* The machine on which a new cluster's own services cost least; NULL: none holds them. */
static const struct machine *system_machine(const struct engine *e, const struct platform *p, double nodes, double *usd_per_hour)
{
    const struct machine *best = NULL;
    *usd_per_hour = HUGE_VAL;
    for (size_t i = 0; i < p->machines->count; i++) {
        const struct machine *m = &p->machines->machines[i];
        if (!is_considered(m, false, false))
            continue;
        struct size room = machine_allocatable(p, m);
        double usd = machine_usd_per_hour(e, p, m, PURCHASE_ON_DEMAND);
        if (room.vcpu * nodes < p->system.vcpu || room.memory_gib * nodes < p->system.memory_gib || !(usd < *usd_per_hour))
            continue;
        *usd_per_hour = usd;
        best = m;
    }
    return best;
}

/* A part that may use a GPU takes it where that is cheaper and the hardware can be compared. */
static bool choose_either(struct engine *e, const struct platform *p, enum purchase purchase, size_t part, bool hosts,
                          const struct machine **best)
{
    const struct machine *cpu = NULL, *gpu = NULL;
    struct score a = choose_best(e, p, purchase, false, &part, 1, hosts, &cpu);
    struct score b = choose_best(e, p, purchase, true, &part, 1, hosts, &gpu);
    double usd;
    /* Queued work on GPU nodes hosts no services of the cluster: those need nodes beside it. */
    if (hosts && !e->workload->parts[part].is_job && system_machine(e, p, least_nodes(e), &usd))
        b.usd += usd * least_nodes(e) * HOURS_PER_MONTH;
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

bool machine_choice(struct engine *e, const struct platform *platform, enum purchase purchase,
                    const size_t *parts, size_t count, const struct machine **machines)
{
    bool all = true, attachments = sells_attachments(platform), hosts = hosts_system(e, platform, parts, count);
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
    return all;
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
