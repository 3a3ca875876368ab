#include "decide/machine_run.h"

#include "base/arena.h"
#include "cost/timing.h"
#include "latency/law.h"
#include "number/ceiling.h"

#include <math.h>
#include <string.h>

/* Replicas by piece of the month on hardware of one speed; machines of one speed share them. */
struct replica_curve {
    double time_ratio, gpus, concurrency;
    bool fast;                             /* the service alone holds the percentiles there */
    double smooth_replicas, job_machine_h; /* as struct usage has them */
    double *replicas;                      /* the same, of groups; NULL: not costed, or one part alone */
    struct step *steps;                    /* the same without equal neighbours, of one part alone */
    size_t step_count;
};

struct step {
    double replicas, times;
};

bool machine_is_considered(const struct machine *m, bool gpu, bool trial)
{
    if ((m->gpus > 0) != gpu)
        return false;
    if (m->burstable && !trial)
        return false;                                               /* CPU credits run out under steady load */
    return str_is(m->arch, "x86") || m->arch.n == 0 || m->gpus > 0; /* service times on other CPUs are not known */
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

/* Nodes of the pool by piece of the month, of parts whose replicas fill its machines alike. */
struct pool_nodes {
    uint64_t mark; /* of what they follow from */
    double hours;  /* a month, whole nodes where the bill counts whole ones */
};

#define POOLS_SEEN 32
#define CURVES_MOST 12

/* A group of parts while the machines of a set are gone through. */
struct group {
    const size_t *parts;
    size_t count;
    bool hosts;                                   /* a new cluster's own services run on its queued CPU work, for want of an always-on pool */
    const struct machine_fits *fits;              /* by part */
    struct replica_curve *(*curves)[CURVES_MOST]; /* by part, the first ones met */
    struct pool_nodes seen[POOLS_SEEN];
    size_t seen_count;
};

double machine_least_nodes(const struct engine *e)
{
    return e->workload->questionnaire->stage == STAGE_VALIDATION ? 1 : policy_number(e->market.policy, PARAMETER_MIN_NODES);
}

static bool is_same(double a, double b)
{
    return fabs(a - b) < 1e-12;
}

static bool changes(const double *replicas, size_t k)
{
    return k == 0 || replicas[k] > replicas[k - 1] || replicas[k] < replicas[k - 1];
}

static void set_steps(struct replica_curve *c, const double *replicas, struct arena *a)
{
    size_t count = 0;
    for (size_t k = 0; k < CURVE_POINTS; k++)
        count += changes(replicas, k);
    c->steps = arena_new(a, struct step, count);
    for (size_t k = 0; k < CURVE_POINTS; k++) {
        if (changes(replicas, k))
            c->steps[c->step_count++].replicas = replicas[k];
        c->steps[c->step_count - 1].times += 1;
    }
}

/* Replicas of a part over the month where it runs so; worked out once for each way it runs on the machines of a set. */
static const struct replica_curve *follow(struct engine *e, const struct platform *p, struct group *g, size_t i, const struct machine_fit *fit)
{
    const struct workload *w = e->workload;
    const struct part *part = &w->parts[g->parts[i]];
    const struct part_state *s = &e->base->parts[g->parts[i]];
    struct replica_curve **curve = g->curves[i], **end = curve + CURVES_MOST - 1;
    while (curve < end && *curve &&
           !(is_same((*curve)->time_ratio, fit->time) && is_same((*curve)->gpus, fit->gpus) && is_same((*curve)->concurrency, fit->concurrency)))
        curve++;
    bool is_made = curve < end && *curve;
    if (is_made)
        return *curve;
    struct replica_curve *c = *curve = arena_new(e->scratch, struct replica_curve, 1);
    c->time_ratio = fit->time;
    c->gpus = fit->gpus;
    c->concurrency = fit->concurrency;
    c->fast = fast_enough(part, s, fit->time);
    if (p->scaling == SCALING_TO_ZERO || !part->costable || (e->is_search && !c->fast))
        return c;
    struct verdict_list none = {0};
    struct fit whole;
    struct serving serving;
    fit_size(&e->market, w, part, s, p, &p->machines->machines[fit->machine], &whole, &none);
    serving_init(&serving, &whole);
    struct usage usage;
    serving_at(&serving, &e->market, w, s, e->base->global, EFFORT_SWEEP, false, e->scratch, &usage);
    c->smooth_replicas = usage.smooth_replicas;
    c->job_machine_h = usage.job_machine_h;
    if (g->count == 1) {
        set_steps(c, usage.replicas, e->scratch);
    } else {
        c->replicas = arena_new(e->scratch, double, CURVE_POINTS);
        memcpy(c->replicas, usage.replicas, CURVE_POINTS * sizeof *c->replicas);
    }
    return c;
}

static inline double whole_nodes(double n, double least)
{
    double nodes = ceiling(n - 1e-9);
    return nodes > least ? nodes : least;
}

/* Of nodes_of_group: one part, whose replicas are the same most of the time. */
static double nodes_of_one(const struct replica_curve *curve, double per_machine, double smooth, double least)
{
    double sum = 0;
    for (size_t k = 0; k < curve->step_count; k++)
        sum += curve->steps[k].times * whole_nodes(curve->steps[k].replicas / per_machine + smooth, least);
    return sum;
}

/* Machines of always-on pools: whole ones, and never fewer than the bill counts; summed over the pieces of the month. */
static double nodes_of_group(const struct engine *e, const struct group *g, const struct replica_curve *const *curves, const double *per_machine,
                             double smooth, double least)
{
    double share[CURVE_POINTS] = {0};
    for (size_t i = 0; i < g->count; i++) {
        const struct part *part = &e->workload->parts[g->parts[i]];
        for (size_t k = 0; k < CURVE_POINTS && part->is_online && !part->is_job && part->costable; k++)
            share[k] += curves[i]->replicas[k] / per_machine[i];
    }
    double sum = 0, last = -1, nodes = 0;
    for (size_t k = 0; k < CURVE_POINTS; k++) {
        double n = share[k] + smooth;
        if (n > last || n < last) {
            nodes = whole_nodes(n, least);
            last = n;
        }
        sum += nodes;
    }
    return sum;
}

static double online_hours(struct engine *e, const struct platform *p, struct group *g, const struct replica_curve *const *curves,
                           const double *per_machine, double smooth)
{
    uint64_t mark = memo_mark(g->count, &smooth, 1);
    for (size_t i = 0; i < g->count; i++) {
        const double own[] = {per_machine[i], curves[i]->time_ratio, curves[i]->gpus, curves[i]->concurrency};
        mark = memo_mark(mark, own, sizeof own / sizeof *own);
    }
    for (size_t i = 0; i < g->seen_count; i++)
        if (g->seen[i].mark == mark)
            return g->seen[i].hours;
    double least = p->scaling == SCALING_CLUSTER ? machine_least_nodes(e) : 0;
    double sum = g->count == 1 ? nodes_of_one(curves[0], per_machine[0], smooth, least) : nodes_of_group(e, g, curves, per_machine, smooth, least);
    double hours = sum / CURVE_POINTS * HOURS_PER_MONTH;
    if (g->seen_count < POOLS_SEEN)
        g->seen[g->seen_count++] = (struct pool_nodes){mark, hours};
    return hours;
}

/* Machines of queued work, levelled over the month; a new cluster's own services beside it need their room, and
 * at least so many nodes as any pool that hosts them (cost/node_pool.c). */
static double queued_nodes(const struct engine *e, const struct platform *p, const struct group *g, const struct machine *machine, double smooth)
{
    if (!g->hosts || machine->gpus > 0 || !(smooth > 0))
        return smooth;
    struct size room = machine_allocatable(p, machine);
    double system = room.vcpu > 0 && room.memory_gib > 0 ? fmax(p->system.vcpu / room.vcpu, p->system.memory_gib / room.memory_gib) : 0;
    return fmax(smooth + system, machine_least_nodes(e));
}

/* What a month of a group of parts runs on one machine type, the fits' `at`, as the bill would count it. */
static struct machine_hours hours_of(struct engine *e, const struct platform *p, struct group *g, size_t at, double *per_machine,
                                     const struct replica_curve **curves)
{
    struct machine_hours out = {.machine = g->fits[0].rows[at].machine};
    const struct machine *machine = &p->machines->machines[out.machine];
    double smooth = 0, alive = 0;
    bool online = false;
    const struct workload *w = e->workload;
    for (size_t i = 0; i < g->count; i++)
        out.faults += g->fits[i].rows[at].faults;
    if (e->is_search && out.faults > 0)
        return out; /* no search takes it, nor asks which of those that do not suit is the cheapest */
    for (size_t i = 0; i < g->count; i++) {
        const struct part *part = &w->parts[g->parts[i]];
        const struct part_state *s = &e->base->parts[g->parts[i]];
        const struct machine_fit *fit = &g->fits[i].rows[at];
        const struct replica_curve *curve = curves[i] = follow(e, p, g, i, fit);
        per_machine[i] = fit->per_machine;
        out.faults += !curve->fast;
        if (e->is_search && !curve->fast)
            return out;
        if (p->scaling == SCALING_TO_ZERO) {
            /* Busy time, and the idle tail after it, on the first instance. */
            double tail = fmin(p->idle_tail_s, p->keep_alive_s.likely) + p->start_ms.likely / 1000 + s->x[FIGURE_LOAD_S];
            alive += (s->mean_rps * s->service_s * fit->time - expm1(-s->mean_rps * tail)) * part->multiplicity +
                     (part->is_job ? s->x[FIGURE_JOB_HOURS] * s->x[FIGURE_JOB_RUNS] * fit->time / HOURS_PER_MONTH : 0);
        } else if (!part->costable) {
            continue;
        } else if (part->is_job) {
            out.hours += curve->job_machine_h;
        } else if (part->is_online) {
            online = true;
        } else { /* a managed endpoint keeps its fewest machines for each model (serve_queued) */
            double least = p->scaling == SCALING_REPLICAS ? p->min_instances * part->multiplicity : 0;
            smooth += fmax(curve->smooth_replicas / fit->per_machine, least);
        }
    }
    out.hours += alive * HOURS_PER_MONTH;
    out.hours += online ? online_hours(e, p, g, curves, per_machine, smooth) : queued_nodes(e, p, g, machine, smooth) * HOURS_PER_MONTH;
    return out;
}

/* ---- what was worked out before ---- */

/* All that the fit of a part depends on (cost/fit.h), and all that its month depends on. */
static struct part_marks marks_of(const struct workload *w, size_t index, const struct part_state *s)
{
    const struct part *p = &w->parts[index];
    const double own[] = {(double)index, p->is_job,        (double)p->kind, (double)p->job_kind, memo_text(p->family), memo_text(p->hardware),
                          p->needs_gpu,  p->gpu_optional,  p->multiplicity, p->is_online,        p->vcpu_answered,     p->gpu_count_answered,
                          p->costable,   p->interruptible, p->checkpoints,  p->never_spot,       p->scale_to_zero,     memo_address(p->measured)};
    bool waits = !p->is_job && !p->is_online; /* must be done by its deadline */
    const double sizes[] = {s->x[FIGURE_SIZE_MB],
                            s->x[FIGURE_MEMORY_MB],
                            s->x[FIGURE_VCPU],
                            s->x[FIGURE_CONCURRENCY],
                            s->x[FIGURE_VRAM_GB],
                            s->x[FIGURE_GPU_COUNT],
                            s->x[FIGURE_JOB_COUNT],
                            waits ? s->x[FIGURE_DEADLINE_H] : 0,
                            waits ? s->x[FIGURE_LOAD_S] : 0,
                            waits ? s->service_s : 0};
    const double rates[] = {s->service_s, s->mean_rps, s->peak_rps, (double)s->points, s->requests};
    uint64_t mark = memo_mark(0, own, sizeof own / sizeof *own), fit = memo_mark(mark, sizes, sizeof sizes / sizeof *sizes);
    mark = memo_mark(mark, rates, sizeof rates / sizeof *rates);
    mark = memo_mark(mark, s->x, FIGURE_COUNT);
    return (struct part_marks){.fit = fit, .all = memo_mark(mark, s->rps, s->points)};
}

void machine_run_begin(struct engine *e)
{
    const struct workload *w = e->workload;
    e->marks = arena_new(e->a, struct part_marks, w->part_count);
    const double bought[] = {w->share_hardware,
                             (double)w->existing_cluster,
                             memo_text(w->existing_platform),
                             memo_text(w->existing_provider),
                             w->purchase[PURCHASE_ON_DEMAND],
                             w->purchase[PURCHASE_SPOT],
                             w->purchase[PURCHASE_RESERVED_1Y],
                             w->purchase[PURCHASE_RESERVED_3Y]};
    e->globals_mark = memo_mark(memo_mark(0, bought, sizeof bought / sizeof *bought), e->base->global, GLOBAL_ON_COST);
    for (size_t i = 0; i < w->part_count; i++)
        e->marks[i] = marks_of(w, i, &e->base->parts[i]);
}

uint64_t machine_run_mark(const struct engine *e, const size_t *parts, size_t count)
{
    uint64_t mark = e->globals_mark;
    for (size_t i = 0; i < count; i++) {
        double own = memo_figure(e->marks[parts[i]].all);
        mark = memo_mark(mark + count, &own, 1);
    }
    return mark;
}

/* Rows that are needed and no more: a decision remembers hundreds of these. */
static void fit_all(const struct engine *e, const struct platform *p, bool gpu, size_t part, struct arena *a, struct machine_fits *out)
{
    bool trial = e->workload->questionnaire->stage == STAGE_VALIDATION;
    size_t count = 0;
    for (size_t i = 0; i < p->machines->count; i++)
        count += machine_is_considered(&p->machines->machines[i], gpu, trial);
    if (count > out->capacity || !out->rows) {
        out->rows = arena_new(a, struct machine_fit, count);
        out->capacity = count;
    }
    out->count = 0;
    for (size_t i = 0; i < p->machines->count; i++) {
        const struct machine *machine = &p->machines->machines[i];
        if (!machine_is_considered(machine, gpu, trial))
            continue;
        struct verdict_list v = {0};
        struct fit fit;
        fit_size(&e->market, e->workload, &e->workload->parts[part], &e->base->parts[part], p, machine, &fit, &v);
        out->rows[out->count++] = (struct machine_fit){.machine = i,
                                                       .faults = (int)v.count + v.doubtful,
                                                       .per_machine = fit.per_machine,
                                                       .time = fit.ratio.time_likely,
                                                       .gpus = fit.gpus,
                                                       .concurrency = fit.concurrency};
    }
}

/* A part on the considered machines of the set, until the next is asked for; what moves the traffic alone asks for it
 * again and again. */
static struct machine_fits fits_of(struct engine *e, const struct platform *p, bool gpu, size_t part)
{
    struct tables *t = e->market.tables;
    if (!t) {
        struct machine_fits own = {0};
        fit_all(e, p, gpu, part, e->scratch, &own);
        return own;
    }
    const double question[] = {(double)(p - e->market.book->platforms), gpu ? 1 : 0, e->workload->share_hardware, memo_figure(e->marks[part].fit)};
    bool known;
    struct machine_fits *kept = memo_at(t->fits, question, sizeof question / sizeof *question, &known);
    if (!known)
        fit_all(e, p, gpu, part, t->a, kept);
    return *kept;
}

/* What the considered machines of the set run, `run` by machine; its rows in `a`. */
static void run_all(struct engine *e, const struct platform *p, bool gpu, const size_t *parts, size_t count, bool hosts, struct arena *a,
                    struct machine_runs *run)
{
    struct arena_mark before = arena_mark(e->scratch);
    struct machine_fits *fits = arena_new(e->scratch, struct machine_fits, count);
    struct group group = {.parts = parts,
                          .count = count,
                          .hosts = hosts,
                          .fits = fits,
                          .curves = arena_alloc(e->scratch, sizeof *group.curves, _Alignof(struct replica_curve *), count)};
    double *per_machine = arena_new(e->scratch, double, count);
    const struct replica_curve **curves = arena_new(e->scratch, const struct replica_curve *, count);
    for (size_t i = 0; i < count; i++) {
        fits[i] = fits_of(e, p, gpu, parts[i]);
        if (count == 1)
            break;
        struct machine_fit *own = arena_new(e->scratch, struct machine_fit, fits[i].count);
        if (fits[i].count)
            memcpy(own, fits[i].rows, fits[i].count * sizeof *own);
        fits[i].rows = own;
    }
    run->count = fits[0].count;
    if (run->count > run->capacity) {
        run->rows = arena_new(a, struct machine_hours, run->count);
        run->capacity = run->count;
    }
    for (size_t i = 0; i < run->count; i++)
        run->rows[i] = hours_of(e, p, &group, i, per_machine, curves);
    arena_rewind(e->scratch, before);
}

/* The ways to buy and the searches that move something else ask the same; `mark` is of the parts. */
const struct machine_runs *machine_runs_of(struct engine *e, const struct platform *p, bool gpu, const size_t *parts, size_t count, bool hosts,
                                           uint64_t mark)
{
    struct tables *t = e->market.tables;
    if (!t) {
        struct machine_runs *own = arena_new(e->a, struct machine_runs, 1);
        run_all(e, p, gpu, parts, count, hosts, e->a, own);
        return own;
    }
    const double question[] = {(double)(p - e->market.book->platforms), gpu ? 1 : 0, hosts ? 1 : 0, memo_figure(mark)};
    bool known;
    struct machine_runs *run = memo_at(t->runs, question, sizeof question / sizeof *question, &known);
    if (!known)
        run_all(e, p, gpu, parts, count, hosts, t->a, run);
    return run;
}
