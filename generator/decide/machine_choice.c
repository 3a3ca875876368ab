#include "decide/machine_choice.h"

#include "base/arena.h"
#include "latency/law.h"

#include <math.h>
#include <string.h>

/* Replicas by piece of the month on hardware of one speed; machines of one speed share them. */
struct replica_curve {
    double time_ratio, gpus, concurrency;
    struct usage usage;
    bool made;
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
    const struct sku *sku = m->sku[purchase];
    if (!sku)
        return HUGE_VAL;
    bool early;
    const struct price *price = sku_price(sku, p->region[e->market.geography], e->market.as_of, &early);
    if (!price)
        return HUGE_VAL;
    double seconds = unit_seconds(sku->unit);
    return decimal_double(price->usd) * (seconds > 0 ? 3600 / seconds : 1);
}

/* The service law alone must meet the percentiles; more machines cannot repair it. */
static bool fast_enough(const struct part *p, const struct part_state *s, double ratio)
{
    if (!p->is_online || !(s->service_s > 0))
        return true;
    struct law law = law_lognormal(s->service_s * ratio, s->x[FIGURE_DURATION_CV]);
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

/* What a month of one machine type costs for a group of parts. */
static struct score score_machine(struct engine *e, const struct platform *p, enum purchase purchase,
                                  const size_t *parts, size_t count, const struct machine *machine,
                                  struct replica_curve *curves)
{
    struct score out = {0, 0};
    double share[CURVE_POINTS] = {0}, smooth = 0, hours = 0, alive = 0;
    bool online = false;
    const struct workload *w = e->workload;
    for (size_t i = 0; i < count; i++) {
        const struct part *part = &w->parts[parts[i]];
        const struct part_state *s = &e->base->parts[parts[i]];
        struct verdict_list v = {0};
        struct fit fit;
        fit_size(&e->market, w, part, s, p, machine, &fit, &v);
        out.faults += (int)v.count;
        if (!fast_enough(part, s, fit.ratio.time_likely))
            out.faults++;
        struct replica_curve *curve = &curves[i];
        bool same = curve->made && fabs(curve->time_ratio - fit.ratio.time_likely) < 1e-12 &&
                    fabs(curve->gpus - fit.gpus) < 1e-12 && fabs(curve->concurrency - fit.concurrency) < 1e-12;
        if (!same && p->scaling != SCALING_TO_ZERO && part->costable) {
            struct serving serving;
            serving_init(&serving, &fit);
            serving_at(&serving, &e->market, w, s, e->base->global, EFFORT_SWEEP, e->scratch, &curve->usage);
            curve->time_ratio = fit.ratio.time_likely;
            curve->gpus = fit.gpus;
            curve->concurrency = fit.concurrency;
            curve->made = true;
        }
        if (p->scaling == SCALING_TO_ZERO) {
            /* Busy time, and the idle tail after it, on the first instance. */
            double tail = fmin(p->idle_tail_s, p->keep_alive_s.likely) + p->start_ms.likely / 1000 + s->x[FIGURE_LOAD_S];
            alive += (s->mean_rps * s->service_s * fit.ratio.time_likely - expm1(-s->mean_rps * tail)) * part->multiplicity +
                     (part->is_job ? s->x[FIGURE_JOB_HOURS] * s->x[FIGURE_JOB_RUNS] * fit.ratio.time_likely / HOURS_PER_MONTH : 0);
            continue;
        }
        if (!part->costable)
            continue;
        if (part->is_job) {
            hours += curve->usage.job_machine_h;
        } else if (part->is_online) {
            online = true;
            for (size_t k = 0; k < s->points; k++)
                share[k] += curve->usage.replicas[k] / fit.per_machine;
        } else {
            smooth += curve->usage.smooth_replicas / fit.per_machine;
        }
    }
    double price = machine_usd_per_hour(e, p, machine, purchase);
    if (!(price < HUGE_VAL)) {
        out.faults += 100; /* not sold: the last choice */
        price = machine_usd_per_hour(e, p, machine, PURCHASE_ON_DEMAND);
    }
    double least = 0;
    if (online && p->scaling == SCALING_CLUSTER)
        least = w->questionnaire->stage == STAGE_VALIDATION ? 1 : policy_number(e->market.policy, PARAMETER_MIN_NODES);
    double sum = 0;
    for (size_t k = 0; k < CURVE_POINTS; k++) {
        double n = share[k] + smooth;
        sum += online ? fmax(ceil(n - 1e-9), least) : n;
    }
    out.usd = (sum / CURVE_POINTS * HOURS_PER_MONTH + hours + alive * HOURS_PER_MONTH) * (price < HUGE_VAL ? price : 1e6);
    return out;
}

static bool choose_for(struct engine *e, const struct platform *p, enum purchase purchase, bool gpu,
                       const size_t *parts, size_t count, const struct machine **best)
{
    bool trial = e->workload->questionnaire->stage == STAGE_VALIDATION;
    struct arena_mark mark = arena_mark(e->scratch);
    struct replica_curve *curves = arena_new(e->scratch, struct replica_curve, count);
    struct score top = {0, 0};
    *best = NULL;
    for (size_t i = 0; i < p->machines->count; i++) {
        const struct machine *machine = &p->machines->machines[i];
        if (!is_considered(machine, gpu, trial))
            continue;
        struct score s = score_machine(e, p, purchase, parts, count, machine, curves);
        if (!*best || better(s, top)) {
            *best = machine;
            top = s;
        }
    }
    arena_rewind(e->scratch, mark);
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

/* A part that may use a GPU takes it where that is cheaper and the hardware can be compared. */
static bool choose_either(struct engine *e, const struct platform *p, enum purchase purchase, size_t part,
                          const struct machine **best)
{
    const struct machine *cpu = NULL, *gpu = NULL;
    bool cpu_suits = choose_for(e, p, purchase, false, &part, 1, &cpu);
    bool gpu_suits = choose_for(e, p, purchase, true, &part, 1, &gpu);
    if (cpu_suits && gpu_suits) {
        struct arena_mark mark = arena_mark(e->scratch);
        struct replica_curve curves[2];
        memset(curves, 0, sizeof curves);
        struct score a = score_machine(e, p, purchase, &part, 1, cpu, &curves[0]);
        struct score b = score_machine(e, p, purchase, &part, 1, gpu, &curves[1]);
        *best = better(b, a) ? gpu : cpu;
        arena_rewind(e->scratch, mark);
        return true;
    }
    *best = gpu_suits ? gpu : cpu ? cpu : gpu;
    return cpu_suits || gpu_suits;
}

bool machine_choice(struct engine *e, const struct platform *platform, enum purchase purchase,
                    const size_t *parts, size_t count, const struct machine **machines)
{
    bool all = true, attachments = sells_attachments(platform);
    size_t *cpu = arena_new(e->scratch, size_t, count), cpu_count = 0;
    for (size_t i = 0; i < count; i++) {
        machines[i] = NULL;
        const struct part *part = &e->workload->parts[parts[i]];
        if (!part->needs_gpu && !(part->gpu_optional && count == 1))
            cpu[cpu_count++] = parts[i];
    }
    const struct machine *shared = NULL;
    /* One machine for all CPU parts, unless none suits them all: then each its own. */
    bool together = cpu_count > 0 && !attachments && choose_for(e, platform, purchase, false, cpu, cpu_count, &shared);
    for (size_t i = 0; i < count; i++) {
        bool gpu = e->workload->parts[parts[i]].needs_gpu;
        if (!gpu && attachments)
            continue; /* CPU and memory alone */
        if (e->workload->parts[parts[i]].gpu_optional && count == 1) {
            all = choose_either(e, platform, purchase, parts[i], &machines[i]) && all;
            continue;
        }
        if (!gpu && together) {
            machines[i] = shared;
            continue;
        }
        if (!choose_for(e, platform, purchase, gpu, &parts[i], 1, &machines[i])) {
            all = false;
            if (!machines[i]) /* no machine of the kind: any says what is missing */
                choose_for(e, platform, purchase, !gpu, &parts[i], 1, &machines[i]);
        }
    }
    return all;
}

void machine_choice_system(struct engine *e, struct plan *plan)
{
    if (plan->platform->scaling != SCALING_CLUSTER || !plan->platform->machines || !plan->new_cluster)
        return;
    struct size need = plan->platform->system;
    double best = HUGE_VAL;
    const struct machine_set *set = plan->platform->machines;
    for (size_t i = 0; i < set->count; i++) {
        const struct machine *m = &set->machines[i];
        if (!is_considered(m, false, false))
            continue;
        struct size room = machine_allocatable(plan->platform, m);
        double usd = machine_usd_per_hour(e, plan->platform, m, PURCHASE_ON_DEMAND);
        if (room.vcpu * plan->least_nodes < need.vcpu || room.memory_gib * plan->least_nodes < need.memory_gib || !(usd < best))
            continue;
        best = usd;
        plan->system_machine = m;
    }
    if (!plan->system_machine)
        return;
    for (int k = 0; k < PURCHASE_COUNT; k++)
        if (plan->system_machine->sku[k])
            plan->system_price.price[k] = sku_price(plan->system_machine->sku[k], plan->region, e->market.as_of,
                                                    &plan->system_price.is_early[k]);
}
