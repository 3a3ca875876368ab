#include "cost/plan_parts.h"

#include "base/arena.h"

#include <math.h>

#define NODE_SLACK 1e-9

/* Hours a spot machine survives on average follow from the monthly share that is reclaimed. */
static double reclaim_per_hour(const struct market *m, const struct machine *machine)
{
    double share = machine->reclaim_likely > 0 ? machine->reclaim_likely
                                               : policy_number(m->policy, PARAMETER_SPOT_RECLAIM_MONTHLY);
    return -log(1 - fmin(share, 0.99)) / HOURS_PER_MONTH;
}

/* Expected time of an interrupted job over its undisturbed time: half a checkpoint interval and a
 * restart are lost an interruption; without checkpoints the run starts over. */
static double spot_job_overhead(const struct market *m, const struct part *part, const struct machine *machine,
                                double hours)
{
    double h = reclaim_per_hour(m, machine);
    double restart = policy_number(m->policy, PARAMETER_SPOT_RESTART_H);
    if (part->checkpoints) {
        double interval = policy_number(m->policy, PARAMETER_SPOT_CHECKPOINT_H);
        return 1 + h * (fmin(interval, hours) / 2 + restart);
    }
    double exposed = h * hours;
    return exposed > 1e-9 ? expm1(exposed) / exposed + h * restart : 1;
}

static void pool_clear(struct node_pool *pool, const struct machine *machine, const struct machine_price *price, size_t points)
{
    pool->machine = machine;
    pool->price = price;
    pool->part = STR("");
    pool->parts = 0;
    pool->smooth = pool->job_h = pool->job_plain_h = 0;
    pool->is_online = pool->hosts_system = pool->is_system_only = false;
    for (size_t k = 0; k < points; k++)
        pool->share[k] = 0;
}

static struct node_pool *pool_of(struct node_pool *pools, size_t *count, const struct machine *machine,
                                 const struct machine_price *price, size_t points)
{
    for (size_t i = 0; i < *count; i++)
        if (pools[i].machine == machine)
            return &pools[i];
    struct node_pool *pool = &pools[(*count)++];
    pool_clear(pool, machine, price, points);
    return pool;
}

static void sort_nodes(double *v, size_t n)
{
    for (size_t i = 1; i < n; i++) { /* the curve is nearly sorted */
        double x = v[i];
        size_t k = i;
        for (; k > 0 && v[k - 1] > x; k--)
            v[k] = v[k - 1];
        v[k] = x;
    }
}

/* Newsvendor: commit to the (1 - r) quantile of the nodes in use, r the committed price over the list price; pay
 * for it every hour. */
static void commit(const struct node_pool *pool, enum purchase purchase, double *nodes, size_t points, struct node_hours *out)
{
    const struct price *list = pool->price->price[PURCHASE_ON_DEMAND], *reserved = pool->price->price[purchase];
    double r = list && reserved ? decimal_double(reserved->usd) / decimal_double(list->usd) : 1;
    sort_nodes(nodes, points);
    size_t at = (size_t)fmin(fmax(floor((1 - r) * (double)points), 0), (double)points - 1);
    double committed = r < 1 ? floor(nodes[at] + NODE_SLACK) : 0, above = 0;
    double jobs_mean = out->job_h / HOURS_PER_MONTH;
    double job_committed = floor(jobs_mean);
    if (jobs_mean - job_committed > r)
        job_committed += 1;
    for (size_t i = 0; i < points; i++)
        above += nodes[i] > committed ? nodes[i] - committed : 0;
    out->bought_h = (committed + job_committed) * HOURS_PER_MONTH;
    out->on_demand_h = above / (double)points * HOURS_PER_MONTH + fmax(jobs_mean - job_committed, 0) * HOURS_PER_MONTH;
}

struct node_hours node_pool_hours(const struct plan *p, const struct market *m, const struct node_pool *pool, size_t points)
{
    double nodes[CURVE_POINTS], sum = 0, top = 0;
    double least = pool->is_online || pool->hosts_system ? p->least_nodes : 0;
    for (size_t i = 0; i < points; i++) {
        double n = pool->share[i] + pool->smooth;
        if (pool->is_online)
            n = ceil(n - NODE_SLACK);
        n = n > least ? n : least;
        nodes[i] = n;
        sum += n;
        top = n > top ? n : top;
    }
    struct node_hours out = {.mean = sum / (double)points, .job_h = p->purchase == PURCHASE_SPOT ? pool->job_h : pool->job_plain_h};
    if (pool->is_online || pool->hosts_system || pool->smooth > 0)
        out.peak = ceil(top - NODE_SLACK);
    double hours = out.mean * HOURS_PER_MONTH + out.job_h;
    /* A cluster's own small nodes, and machines not sold in the plan's way, are bought on demand. */
    out.bought = pool->price->price[p->purchase] && !pool->is_system_only ? p->purchase : PURCHASE_ON_DEMAND;
    switch (out.bought) {
    case PURCHASE_ON_DEMAND:
    case PURCHASE_COUNT: out.on_demand_h = hours; break;
    case PURCHASE_SPOT: {
        double fallback = pool->price->price[PURCHASE_ON_DEMAND] ? policy_number(m->policy, PARAMETER_SPOT_FALLBACK_SHARE) : 0;
        out.bought_h = hours * (1 - fallback);
        out.on_demand_h = hours * fallback;
        break;
    }
    case PURCHASE_RESERVED_1Y:
    case PURCHASE_RESERVED_3Y: commit(pool, p->purchase, nodes, points, &out); break;
    }
    return out;
}

/* How the hours came about: of what is bought in the plan's way (`own`), or on demand beside it. */
static struct str pool_text(struct arena *a, const struct node_hours *run, bool own)
{
    double hours = own ? run->bought_h : run->on_demand_h, all = run->bought_h + run->on_demand_h;
    bool reserved = run->bought == PURCHASE_RESERVED_1Y || run->bought == PURCHASE_RESERVED_3Y;
    if (reserved)
        return own ? str_printf(a, "%.6g nodes x 730 h, used or not", hours / HOURS_PER_MONTH)
                   : str_printf(a, "%.*s nodes beyond them on average x 730 h", STR_ARG(plan_mean_text(a, hours / HOURS_PER_MONTH)));
    struct str share = all > hours && hours > 0 ? str_printf(a, " x %.3g", hours / all) : STR("");
    if (run->job_h > 0 && run->mean <= 0)
        return str_printf(a, "%.6g node-hours of runs%.*s", run->job_h, STR_ARG(share));
    if (run->job_h > 0)
        return str_printf(a, "(%.*s nodes on average x 730 h + %.6g node-hours of runs)%.*s", STR_ARG(plan_mean_text(a, run->mean)), run->job_h, STR_ARG(share));
    return str_printf(a, "%.*s nodes on average x 730 h%.*s", STR_ARG(plan_mean_text(a, run->mean)), STR_ARG(share));
}

static void pool_charges(const struct plan *p, const struct node_pool *pool, const struct node_hours *run, bool explain,
                         struct charges *out)
{
    static const char *const OWN[PURCHASE_COUNT] = {
        [PURCHASE_SPOT] = ", spot", [PURCHASE_RESERVED_1Y] = ", committed", [PURCHASE_RESERVED_3Y] = ", committed"};
    static const char *const REST[PURCHASE_COUNT] = {[PURCHASE_ON_DEMAND] = "",
                                                     [PURCHASE_SPOT] = ", on-demand fallback",
                                                     [PURCHASE_RESERVED_1Y] = ", on demand above",
                                                     [PURCHASE_RESERVED_3Y] = ", on demand above"};
    struct arena *a = out->a;
    struct str id = pool->machine->id, part = pool->parts == 1 && p->count > 1 ? pool->part : STR("");
    size_t first = out->count;
    if (run->bought != PURCHASE_ON_DEMAND)
        plan_machine_charge(p, pool->machine, pool->price, run->bought,
                            explain ? str_printf(a, "nodes %.*s%s", STR_ARG(id), OWN[run->bought]) : id, part, run->bought_h, out);
    plan_machine_charge(p, pool->machine, pool->price, PURCHASE_ON_DEMAND,
                        explain ? str_printf(a, "nodes %.*s%s", STR_ARG(id), REST[run->bought]) : id, part, run->on_demand_h, out);
    for (size_t i = first; explain && i < out->count; i++)
        out->items[i].how = pool_text(a, run, i == first && run->bought != PURCHASE_ON_DEMAND);
}

/*
 * The cluster's own services run in what the workload leaves of its nodes, CPU and memory counted apart:
 * beside replicas that fill the GPUs of a node there is CPU to spare, and no node is bought for them.
 */
static void add_system(const struct plan *p, const struct workload *w, struct node_pool *host, size_t points,
                       const struct usage *usage)
{
    struct size room = machine_allocatable(p->platform, host->machine), system = p->platform->system;
    if (!(room.vcpu > 0) || !(room.memory_gib > 0))
        return;
    double vcpu[CURVE_POINTS], memory_gib[CURVE_POINTS];
    for (size_t k = 0; k < points; k++) {
        vcpu[k] = system.vcpu + host->smooth * room.vcpu;
        memory_gib[k] = system.memory_gib + host->smooth * room.memory_gib;
    }
    for (size_t i = 0; i < p->count; i++) {
        const struct fit *fit = &p->members[i].serving.fit;
        if (fit->machine != host->machine || !w->parts[p->members[i].part].is_online)
            continue;
        /* Replicas whose CPU request is cut to what the node has (fit.c) leave this much more of it. */
        double own_vcpu = fit->vcpu * fit->per_machine <= room.vcpu ? fit->vcpu : 0;
        double own_gib = fmin(fit->memory_gib, room.memory_gib / fit->per_machine);
        for (size_t k = 0; k < points; k++) {
            vcpu[k] += usage[i].replicas[k] * own_vcpu;
            memory_gib[k] += usage[i].replicas[k] * own_gib;
        }
    }
    for (size_t k = 0; k < points; k++) {
        double a = vcpu[k] / room.vcpu, b = memory_gib[k] / room.memory_gib, need = (a > b ? a : b) - host->smooth;
        host->share[k] = need > host->share[k] ? need : host->share[k];
    }
}

size_t plan_node_pools(const struct plan *p, const struct market *m, const struct workload *w, const struct state *s,
                       const struct usage *usage, size_t points, struct node_pool *pools)
{
    size_t pool_count = 0;
    for (size_t i = 0; i < p->count; i++) {
        const struct member *member = &p->members[i];
        const struct part *part = &w->parts[member->part];
        const struct fit *fit = &member->serving.fit;
        const struct usage *u = &usage[i];
        struct node_pool *pool = pool_of(pools, &pool_count, fit->machine, &member->price, points);
        pool->part = part->name;
        pool->parts++;
        if (part->is_job) {
            pool->job_plain_h += u->job_machine_h;
            double hours = s->parts[member->part].x[FIGURE_JOB_HOURS];
            pool->job_h += u->job_machine_h * spot_job_overhead(m, part, fit->machine, hours);
        } else if (part->is_online) {
            pool->is_online = true;
            for (size_t k = 0; k < points; k++)
                pool->share[k] += u->replicas[k] / fit->per_machine;
        } else {
            pool->smooth += u->smooth_replicas / fit->per_machine;
        }
    }
    /* A new cluster always runs a few nodes for its own services: on an always-on pool where there is
     * one, else on the first pool of CPU nodes, else on small nodes of their own. */
    if (p->new_cluster) {
        struct node_pool *host = NULL;
        for (size_t i = 0; i < pool_count && !host; i++)
            if (pools[i].is_online)
                host = &pools[i];
        if (!host)
            for (size_t i = 0; i < pool_count && !host; i++)
                if (pools[i].machine->gpus == 0 && pools[i].smooth > 0)
                    host = &pools[i];
        if (!host && p->system_machine) {
            host = &pools[pool_count++];
            pool_clear(host, p->system_machine, &p->system_price, points);
            host->is_system_only = true;
        }
        if (host) {
            host->hosts_system = true;
            add_system(p, w, host, points, usage);
        }
    }
    return pool_count;
}

bool plan_charges_nodes(const struct plan *p)
{
    for (size_t i = 0; i < p->meter_count; i++)
        if (p->meters[i].meter->is_machine)
            return true;
    return false;
}

void node_totals_add(struct node_totals *t, const struct node_pool *pool, const struct node_hours *run)
{
    double hours = run->mean * HOURS_PER_MONTH + run->job_h;
    *(pool->machine->gpus > 0 ? &t->gpu_h : &t->cpu_h) += hours;
    t->node_h += hours;
    t->peak += run->peak;
    const struct price *list = pool->price->price[PURCHASE_ON_DEMAND];
    if (list)
        t->on_demand_usd += hours * decimal_double(list->usd);
}

void node_totals_share(const struct node_totals *t, const struct market *m, struct usage *usage, size_t count)
{
    double disk = (t->cpu_h * policy_number(m->policy, PARAMETER_NODE_DISK_GB) +
                   t->gpu_h * policy_number(m->policy, PARAMETER_GPU_NODE_DISK_GB)) / HOURS_PER_MONTH;
    for (size_t i = 0; i < count; i++) { /* shared among the members: the plan charges them once */
        usage[i].q[QUANTITY_NODE_H] = i == 0 ? t->node_h : 0;
        usage[i].q[QUANTITY_DISK_GB_MONTH] = i == 0 ? disk : 0;
        usage[i].q[QUANTITY_MACHINE_ON_DEMAND_USD] = i == 0 ? t->on_demand_usd : 0;
    }
}

void plan_evaluate_cluster(struct plan *p, const struct market *m, const struct workload *w, const struct state *s, bool explain,
                           struct arena *scratch, struct charges *out, struct plan_result *result)
{
    struct node_pool *pools = arena_new(scratch, struct node_pool, p->count + 1);
    size_t points = p->count ? s->parts[p->members[0].part].points : 1;
    size_t count = plan_node_pools(p, m, w, s, result->usage, points, pools);
    struct node_totals totals = {0};
    for (size_t i = 0; i < count && plan_charges_nodes(p); i++) {
        struct node_hours run = node_pool_hours(p, m, &pools[i], points);
        node_totals_add(&totals, &pools[i], &run);
        pool_charges(p, &pools[i], &run, explain, out);
    }
    result->nodes_peak = totals.peak;
    result->nodes_mean = totals.node_h / HOURS_PER_MONTH;
    result->cpu_nodes_mean = totals.cpu_h / HOURS_PER_MONTH;
    result->gpu_nodes_mean = totals.gpu_h / HOURS_PER_MONTH;
    node_totals_share(&totals, m, result->usage, p->count);
}
