#include "cost/plan_parts.h"

#include "base/arena.h"

#include <math.h>
#include <string.h>

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

struct node_pool {
    const struct machine *machine;
    const struct machine_price *price;
    struct str part;         /* name of its part, where it has one alone */
    size_t parts;
    double share[CURVE_POINTS];
    double smooth;           /* nodes of work that may wait, on average */
    double job_h, job_plain_h; /* with and without interruption overhead */
    bool is_online, hosts_system;
    bool is_system_only;     /* small nodes of the cluster's own, no part of the workload on them */
};

static struct node_pool *pool_of(struct node_pool *pools, size_t *count, const struct machine *machine,
                                 const struct machine_price *price)
{
    for (size_t i = 0; i < *count; i++)
        if (pools[i].machine == machine)
            return &pools[i];
    struct node_pool *pool = &pools[(*count)++];
    memset(pool, 0, sizeof *pool);
    pool->machine = machine;
    pool->price = price;
    return pool;
}

static int compare_doubles(const double *a, const double *b)
{
    return *a < *b ? -1 : *a > *b;
}

static void sort_nodes(double *v, size_t n)
{
    for (size_t i = 1; i < n; i++) { /* the curve is nearly sorted */
        double x = v[i];
        size_t k = i;
        for (; k > 0 && compare_doubles(&v[k - 1], &x) > 0; k--)
            v[k] = v[k - 1];
        v[k] = x;
    }
}

static void pool_charges(const struct plan *p, const struct market *m, const struct node_pool *pool,
                         size_t points, bool explain, struct charges *out, double *node_h, double *on_demand_usd,
                         double *peak)
{
    double nodes[CURVE_POINTS], sum = 0, top = 0;
    for (size_t i = 0; i < points; i++) {
        double share = pool->share[i] + pool->smooth;
        double n = pool->is_online ? ceil(share - NODE_SLACK) : share;
        if (pool->is_online || pool->hosts_system)
            n = fmax(n, p->least_nodes);
        nodes[i] = n;
        sum += n;
        top = fmax(top, n);
    }
    double mean = sum / (double)points;
    double job_h = p->purchase == PURCHASE_SPOT ? pool->job_h : pool->job_plain_h;
    double hours = mean * HOURS_PER_MONTH;
    *node_h += hours + job_h;
    if (pool->is_online || pool->hosts_system || pool->smooth > 0)
        *peak += ceil(top - NODE_SLACK);
    const struct price *list = pool->price->price[PURCHASE_ON_DEMAND];
    if (list)
        *on_demand_usd += (hours + job_h) * decimal_double(list->usd);
    struct arena *a = out->a;
    struct str id = pool->machine->id;
    size_t first = out->count;
    struct str part = pool->parts == 1 && p->count > 1 ? pool->part : STR("");
    /* A cluster's own small nodes, and machines not sold in the plan's way, are bought on demand. */
    enum purchase bought = pool->price->price[p->purchase] && !pool->is_system_only ? p->purchase : PURCHASE_ON_DEMAND;
    switch (bought) {
    case PURCHASE_ON_DEMAND:
    case PURCHASE_COUNT:
        plan_machine_charge(p, pool->machine, pool->price, PURCHASE_ON_DEMAND, explain ? str_printf(a, "nodes %.*s", STR_ARG(id)) : id, part, hours + job_h, out);
        break;
    case PURCHASE_SPOT: {
        double fallback = policy_number(m->policy, PARAMETER_SPOT_FALLBACK_SHARE);
        if (!pool->price->price[PURCHASE_ON_DEMAND])
            fallback = 0;
        plan_machine_charge(p, pool->machine, pool->price, PURCHASE_SPOT, explain ? str_printf(a, "nodes %.*s, spot", STR_ARG(id)) : id, part, (hours + job_h) * (1 - fallback), out);
        plan_machine_charge(p, pool->machine, pool->price, PURCHASE_ON_DEMAND, explain ? str_printf(a, "nodes %.*s, on-demand fallback", STR_ARG(id)) : id, part, (hours + job_h) * fallback, out);
        break;
    }
    case PURCHASE_RESERVED_1Y:
    case PURCHASE_RESERVED_3Y: {
        const struct price *reserved = pool->price->price[p->purchase];
        double r = list && reserved ? decimal_double(reserved->usd) / decimal_double(list->usd) : 1;
        sort_nodes(nodes, points);
        /* Newsvendor: commit to the (1 - r) quantile of the nodes in use; pay for it every hour. */
        size_t at = (size_t)fmin(fmax(floor((1 - r) * (double)points), 0), (double)points - 1);
        double committed = r < 1 ? floor(nodes[at] + NODE_SLACK) : 0, above = 0;
        double jobs_mean = job_h / HOURS_PER_MONTH;
        double job_committed = floor(jobs_mean);
        if (jobs_mean - job_committed > r)
            job_committed += 1;
        for (size_t i = 0; i < points; i++)
            above += fmax(nodes[i] - committed, 0);
        above = above / (double)points * HOURS_PER_MONTH + fmax(jobs_mean - job_committed, 0) * HOURS_PER_MONTH;
        plan_machine_charge(p, pool->machine, pool->price, p->purchase, explain ? str_printf(a, "nodes %.*s, committed", STR_ARG(id)) : id, part, (committed + job_committed) * HOURS_PER_MONTH, out);
        plan_machine_charge(p, pool->machine, pool->price, PURCHASE_ON_DEMAND, explain ? str_printf(a, "nodes %.*s, on demand above", STR_ARG(id)) : id, part, above, out);
        break;
    }
    }
    if (explain)
        for (size_t i = first; i < out->count; i++)
            out->items[i].how = job_h > 0 && hours <= 0
                                    ? str_printf(a, "%.6g node-hours of runs", job_h)
                                    : str_printf(a, "%.*s nodes on average x 730 h%s", STR_ARG(plan_mean_text(a, mean)), job_h > 0 ? ", and runs of jobs" : "");
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
    for (size_t k = 0; k < points; k++) {
        double vcpu = system.vcpu + host->smooth * room.vcpu, memory_gib = system.memory_gib + host->smooth * room.memory_gib;
        for (size_t i = 0; i < p->count; i++) {
            const struct fit *fit = &p->members[i].serving.fit;
            if (fit->machine != host->machine || !w->parts[p->members[i].part].is_online)
                continue;
            /* Replicas whose CPU request is cut to what the node has (fit.c) leave this much more of it. */
            if (fit->vcpu * fit->per_machine <= room.vcpu)
                vcpu += usage[i].replicas[k] * fit->vcpu;
            memory_gib += usage[i].replicas[k] * fmin(fit->memory_gib, room.memory_gib / fit->per_machine);
        }
        host->share[k] = fmax(host->share[k], fmax(vcpu / room.vcpu, memory_gib / room.memory_gib) - host->smooth);
    }
}

void plan_evaluate_cluster(struct plan *p, const struct market *m, const struct workload *w,
                             const struct state *s, bool explain, struct arena *scratch,
                             struct charges *out, struct plan_result *result)
{
    struct node_pool *pools = arena_new(scratch, struct node_pool, p->count + 1);
    size_t pool_count = 0, points = p->count ? s->parts[p->members[0].part].points : 1;
    for (size_t i = 0; i < p->count; i++) {
        struct member *member = &p->members[i];
        const struct part *part = &w->parts[member->part];
        const struct fit *fit = &member->serving.fit;
        struct usage *u = &result->usage[i];
        struct node_pool *pool = pool_of(pools, &pool_count, fit->machine, &member->price);
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
            memset(host, 0, sizeof *host);
            host->machine = p->system_machine;
            host->price = &p->system_price;
            host->is_system_only = true;
        }
        if (host) {
            host->hosts_system = true;
            add_system(p, w, host, points, result->usage);
        }
    }
    double node_h = 0, on_demand_usd = 0, peak = 0, cpu_node_h = 0, gpu_node_h = 0;
    bool by_machine = false;
    for (size_t i = 0; i < p->meter_count; i++)
        by_machine = by_machine || p->meters[i].meter->is_machine;
    for (size_t i = 0; i < pool_count; i++) {
        double before = node_h;
        if (by_machine)
            pool_charges(p, m, &pools[i], points, explain, out, &node_h, &on_demand_usd, &peak);
        if (pools[i].machine->gpus > 0)
            gpu_node_h += node_h - before;
        else
            cpu_node_h += node_h - before;
    }
    result->nodes_peak = peak;
    result->nodes_mean = node_h / HOURS_PER_MONTH;
    double disk = (cpu_node_h * policy_number(m->policy, PARAMETER_NODE_DISK_GB) +
                   gpu_node_h * policy_number(m->policy, PARAMETER_GPU_NODE_DISK_GB)) / HOURS_PER_MONTH;
    for (size_t i = 0; i < p->count; i++) { /* shared among the members: the plan charges them once */
        result->usage[i].q[QUANTITY_NODE_H] = i == 0 ? node_h : 0;
        result->usage[i].q[QUANTITY_DISK_GB_MONTH] = i == 0 ? disk : 0;
        result->usage[i].q[QUANTITY_MACHINE_ON_DEMAND_USD] = i == 0 ? on_demand_usd : 0;
    }
}
