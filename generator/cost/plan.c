#include "cost/plan.h"

#include "base/arena.h"
#include "cost/tables.h"

#include <math.h>
#include <string.h>

#define NODE_SLACK 1e-9

static struct charge *charge_add(struct charges *c)
{
    if (c->count == c->capacity)
        c->items = arena_grow(c->a, struct charge, c->items, c->count, &c->capacity);
    struct charge *item = &c->items[c->count++];
    memset(item, 0, sizeof *item);
    return item;
}

/* ---- building ---- */

static struct str missing_price(struct verdict_list *v, const struct sku *sku, struct str region)
{
    return v->a ? str_printf(v->a, "no price for %.*s (%.*s) in %.*s", STR_ARG(sku->name), STR_ARG(sku->id), STR_ARG(region))
                : STR("");
}

static bool meter_applies(const struct meter *meter, const struct plan *p, const struct member *m,
                          const struct part *part, const struct part_state *s)
{
    switch (meter->when) {
    case WHEN_ALWAYS: return true;
    case WHEN_GPU: return m->serving.fit.gpus > 0;
    case WHEN_CPU: return !(m->serving.fit.gpus > 0);
    case WHEN_NEW_CLUSTER: return p->new_cluster;
    case WHEN_JOBS: return part->is_job;
    case WHEN_MODELS: return !part->is_job;
    case WHEN_PUBLIC: return !part->is_job && s->x[FIGURE_INTERNET_SHARE] > 0 && s->x[FIGURE_RESPONSE_KB] > 0;
    }
    return true;
}

static void find_machine_price(const struct market *m, const struct plan *p, const struct machine *machine,
                               struct machine_price *out, struct verdict_list *v)
{
    memset(out, 0, sizeof *out);
    for (int k = 0; k < PURCHASE_COUNT; k++)
        if (machine->sku[k])
            out->price[k] = sku_price(machine->sku[k], p->region, m->as_of, &out->is_early[k]);
    const struct sku *sku = machine->sku[p->purchase] ? machine->sku[p->purchase] : machine->sku[PURCHASE_ON_DEMAND];
    if (!out->price[p->purchase] && v)
        verdict_add(v, "price", STR(""), NOT_KNOWN, NOT_KNOWN,
                    machine->sku[p->purchase] || !v->a
                        ? missing_price(v, sku, p->region)
                        : str_printf(v->a, "%.*s is not sold as %s in the price book", STR_ARG(machine->id), purchase_word(p->purchase)));
}

static bool matches_existing(const struct workload *w, const struct platform *p)
{
    if (w->existing_cluster != TRI_YES || p->class != CLASS_KUBERNETES)
        return false;
    if (w->existing_platform.n)
        return str_equal(w->existing_platform, p->id);
    return w->existing_provider.n == 0 || str_equal(w->existing_provider, p->provider);
}

/* Busy share from which reserved (provisioned) instances are cheaper than on-demand seconds. */
static double provisioned_pays(const struct plan *p)
{
    double held = 0, busy = 0, overflow = 0;
    for (size_t i = 0; i < p->meter_count; i++) {
        const struct priced_meter *pm = &p->meters[i];
        if (!pm->price)
            continue;
        double usd = decimal_double(pm->price->usd) * pm->meter->factor;
        if (pm->meter->quantity == QUANTITY_PROVISIONED_S)
            held += usd;
        else if (pm->meter->quantity == QUANTITY_PROVISIONED_BUSY_S)
            busy += usd;
        else if (pm->meter->quantity == QUANTITY_OVERFLOW_BUSY_S)
            overflow += usd;
    }
    return overflow > busy ? held / (overflow - busy) : 1;
}

bool plan_build(const struct market *m, const struct workload *w, const struct state *base,
                const struct platform *platform, enum purchase purchase, const size_t *parts,
                size_t count, const struct machine *const *machines, struct arena *a, struct plan *out,
                struct verdict_list *v)
{
    size_t before = v->count;
    *out = (struct plan){.platform = platform, .purchase = purchase, .region = platform->region[m->geography], .count = count, .priced = true};
    out->members = arena_new(a, struct member, count);
    out->new_cluster = !matches_existing(w, platform);
    bool trial = w->questionnaire->stage == STAGE_VALIDATION;
    out->least_nodes = trial ? 1 : policy_number(m->policy, PARAMETER_MIN_NODES);
    out->meters = arena_new(a, struct priced_meter, platform->meter_count);
    out->meter_count = platform->meter_count;
    for (size_t i = 0; i < platform->meter_count; i++) {
        struct priced_meter *pm = &out->meters[i];
        pm->meter = &platform->meters[i];
        if (!pm->meter->is_machine && out->region.n)
            pm->price = sku_price(pm->meter->sku, out->region, m->as_of, &pm->is_early);
    }
    for (size_t i = 0; i < count; i++) {
        const struct part *part = &w->parts[parts[i]];
        const struct part_state *s = &base->parts[parts[i]];
        struct member *member = &out->members[i];
        member->part = parts[i];
        struct fit fit;
        fit_platform(m, w, part, s, platform, v);
        fit_size(m, w, part, s, platform, machines[i], &fit, v);
        serving_init(&member->serving, &fit);
        if (out->region.n == 0 || fit.not_sold) {
            out->priced = false;
            continue;
        }
        if (machines[i]) {
            find_machine_price(m, out, machines[i], &member->price, v);
            bool uses_machine = false;
            for (size_t k = 0; k < platform->meter_count; k++)
                uses_machine = uses_machine || platform->meters[k].is_machine;
            if (uses_machine && !member->price.price[purchase])
                out->priced = false;
        }
        for (size_t k = 0; k < platform->meter_count; k++) {
            struct priced_meter *pm = &out->meters[k];
            if (pm->meter->is_machine || pm->price || !meter_applies(pm->meter, out, member, part, s))
                continue;
            verdict_add(v, "price", STR(""), NOT_KNOWN, NOT_KNOWN, missing_price(v, pm->meter->sku, out->region));
            out->priced = false;
        }
    }
    double pays = platform->scaling == SCALING_PROVISIONED ? provisioned_pays(out) : 0;
    for (size_t i = 0; i < count; i++)
        out->members[i].serving.fit.reserved_pays = pays;
    return v->count == before;
}

/* ---- evaluating ---- */

static double times_of_fit(enum times t, const struct fit *f)
{
    switch (t) {
    case TIMES_MEMORY_GB:
    case TIMES_MEMORY_GIB: return f->memory_gib;
    case TIMES_VCPU: return f->vcpu;
    case TIMES_PHYSICAL_CORES: return f->vcpu / 2;
    case TIMES_GPUS: return f->gpus;
    case TIMES_ONE:
    case TIMES_COUNT: break;
    }
    return 1;
}

static struct str group_digits(struct arena *a, double value)
{
    char digits[32], out[48];
    size_t n = 0, k = 0;
    double v = floor(fabs(value) + 0.5);
    if (!(v < 1e15))
        return str_printf(a, "%.3g", value);
    do {
        digits[n++] = (char)('0' + (int)fmod(v, 10));
        v = floor(v / 10);
    } while (v > 0 && n < sizeof digits);
    for (size_t i = n; i-- > 0;) {
        out[k++] = digits[i];
        if (i > 0 && i % 3 == 0)
            out[k++] = ',';
    }
    return str_copy(a, (struct str){out, k});
}

/* Four digits, and never an exponent. */
static struct str mean_text(struct arena *a, double value)
{
    return value < 1000 ? str_printf(a, "%.4g", value) : group_digits(a, value);
}

/* How a quantity came about, in words and figures. */
static struct str explain_quantity(struct arena *a, const struct meter *meter, const struct usage *u,
                                   const struct fit *f, const struct part_state *s)
{
    double service = s ? s->service_s * f->ratio.time_likely : 0;
    struct str n = group_digits(a, u->q[QUANTITY_REQUESTS]);
    struct str size = STR("");
    switch (meter->times) {
    case TIMES_MEMORY_GB:
    case TIMES_MEMORY_GIB: size = str_printf(a, " x %.6g %s", f->memory_gib, meter->times == TIMES_MEMORY_GB ? "GB" : "GiB"); break;
    case TIMES_VCPU: size = str_printf(a, " x %.6g vCPU", f->vcpu); break;
    case TIMES_PHYSICAL_CORES: size = str_printf(a, " x %.6g cores", f->vcpu / 2); break;
    case TIMES_GPUS: size = str_printf(a, " x %.6g GPU", f->gpus); break;
    case TIMES_ONE:
    case TIMES_COUNT: break;
    }
    switch (meter->quantity) {
    case QUANTITY_REQUESTS: return str_printf(a, "%.*s requests a month", STR_ARG(n));
    case QUANTITY_BUSY_S:
        if (f->part->is_job)
            return str_printf(a, "%.*s s of runs%.*s", STR_ARG(group_digits(a, u->q[QUANTITY_BUSY_S])), STR_ARG(size));
        return str_printf(a, "%.*s requests x %.6g s%.*s%s", STR_ARG(n), service, STR_ARG(size),
                          f->concurrency > 1 ? ", requests at once sharing an instance" : "");
    case QUANTITY_ALIVE_S: return str_printf(a, "%.*s s alive, idle tail and starts included%.*s", STR_ARG(group_digits(a, u->q[QUANTITY_ALIVE_S])), STR_ARG(size));
    case QUANTITY_WARM_IDLE_S: return str_printf(a, "%.6g instances kept, less their busy time%.*s", u->kept, STR_ARG(size));
    case QUANTITY_PROVISIONED_S: return str_printf(a, "%.6g reserved x 2,628,000 s%.*s", u->kept, STR_ARG(size));
    case QUANTITY_PROVISIONED_BUSY_S: return str_printf(a, "load that %.6g reserved instances carry%.*s", u->kept, STR_ARG(size));
    case QUANTITY_OVERFLOW_BUSY_S: return str_printf(a, "load beyond the reserved instances%.*s", STR_ARG(size));
    case QUANTITY_REPLICA_H:
    case QUANTITY_POD_H: return str_printf(a, "%.*s replicas on average x 730 h%.*s", STR_ARG(mean_text(a, u->mean_replicas)), STR_ARG(size));
    case QUANTITY_EGRESS_GB: return str_printf(a, "%.*s responses x %.6g kB x %.3g to the internet", STR_ARG(n), s ? s->x[FIGURE_RESPONSE_KB] : 0, s ? s->x[FIGURE_INTERNET_SHARE] : 0);
    case QUANTITY_LOG_GB: return str_printf(a, "%.*s requests, logged", STR_ARG(n));
    case QUANTITY_HOURS: return STR("730 h");
    case QUANTITY_COLD_STARTS: return str_printf(a, "%.6g%% of requests start an instance", 100 * u->latency.cold_start_probability);
    case QUANTITY_INGRESS_GB:
    case QUANTITY_PAYLOAD_GB:
    case QUANTITY_CROSS_ZONE_GB: return str_printf(a, "%.*s requests x %.6g kB in, %.6g kB out", STR_ARG(n), s ? s->x[FIGURE_REQUEST_KB] : 0, s ? s->x[FIGURE_RESPONSE_KB] : 0);
    case QUANTITY_IMAGE_GB_MONTH: return str_printf(a, "%.6g images of %.6g MB", f->image_mb > 0 ? u->q[QUANTITY_IMAGE_GB_MONTH] * 1000 / f->image_mb : 0, f->image_mb);
    case QUANTITY_DISK_GB_MONTH: return STR("a disk for every node");
    case QUANTITY_NODE_H: return STR("hours of all nodes");
    case QUANTITY_MACHINE_ON_DEMAND_USD: return STR("what the machines cost on demand");
    case QUANTITY_TRANSITIONS: return str_printf(a, "%.*s items, several steps each", STR_ARG(n));
    case QUANTITY_BALANCER_UNIT_H: return STR("connections or data, whichever needs more");
    case QUANTITY_METRICS:
    case QUANTITY_MACHINE:
    case QUANTITY_MONTH:
    case QUANTITY_COUNT: break;
    }
    return STR("");
}

static void meter_charge(const struct plan *p, const struct priced_meter *pm, const struct member *m,
                         const struct workload *w, double quantity, struct charges *out)
{
    if (!(quantity > 0) || !pm->price)
        return;
    if (pm->meter->is_credit && out->count) { /* a credit never exceeds the charge that it is for */
        const struct charge *above = &out->items[out->count - 1];
        double usd = above->quantity * decimal_double(above->price->usd), unit = decimal_double(pm->price->usd);
        if (unit > 0)
            quantity = fmin(quantity, fmax(usd, 0) / unit);
    }
    struct charge *c = charge_add(out);
    c->item = pm->meter->item;
    c->part = m && p->count > 1 ? w->parts[m->part].name : STR("");
    c->quantity = pm->meter->is_credit ? -quantity : quantity;
    c->sku = pm->meter->sku;
    c->price = pm->price;
    c->region = p->region;
    c->is_early = pm->is_early;
    c->is_allowance = pm->meter->is_credit && pm->meter->quantity == QUANTITY_MONTH;
    c->class = p->platform->class;
}

static void machine_charge(const struct plan *p, const struct machine *machine,
                           const struct machine_price *price, enum purchase purchase, struct str item,
                           struct str part, double hours, struct charges *out)
{
    const struct sku *sku = machine->sku[purchase];
    if (!(hours > 0) || !sku || !price->price[purchase])
        return;
    double seconds = unit_seconds(sku->unit);
    struct charge *c = charge_add(out);
    c->item = item;
    c->part = part;
    c->quantity = hours * 3600 / (seconds > 0 ? seconds : 3600);
    c->sku = sku;
    c->price = price->price[purchase];
    c->region = p->region;
    c->is_early = price->is_early[purchase];
    c->is_spot = purchase == PURCHASE_SPOT;
    c->class = p->platform->class;
}

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
        machine_charge(p, pool->machine, pool->price, PURCHASE_ON_DEMAND, explain ? str_printf(a, "nodes %.*s", STR_ARG(id)) : id, part, hours + job_h, out);
        break;
    case PURCHASE_SPOT: {
        double fallback = policy_number(m->policy, PARAMETER_SPOT_FALLBACK_SHARE);
        if (!pool->price->price[PURCHASE_ON_DEMAND])
            fallback = 0;
        machine_charge(p, pool->machine, pool->price, PURCHASE_SPOT, explain ? str_printf(a, "nodes %.*s, spot", STR_ARG(id)) : id, part, (hours + job_h) * (1 - fallback), out);
        machine_charge(p, pool->machine, pool->price, PURCHASE_ON_DEMAND, explain ? str_printf(a, "nodes %.*s, on-demand fallback", STR_ARG(id)) : id, part, (hours + job_h) * fallback, out);
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
        machine_charge(p, pool->machine, pool->price, p->purchase, explain ? str_printf(a, "nodes %.*s, committed", STR_ARG(id)) : id, part, (committed + job_committed) * HOURS_PER_MONTH, out);
        machine_charge(p, pool->machine, pool->price, PURCHASE_ON_DEMAND, explain ? str_printf(a, "nodes %.*s, on demand above", STR_ARG(id)) : id, part, above, out);
        break;
    }
    }
    if (explain)
        for (size_t i = first; i < out->count; i++)
            out->items[i].how = job_h > 0 && hours <= 0
                                    ? str_printf(a, "%.6g node-hours of runs", job_h)
                                    : str_printf(a, "%.*s nodes on average x 730 h%s", STR_ARG(mean_text(a, mean)), job_h > 0 ? ", and runs of jobs" : "");
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

static void evaluate_cluster(struct plan *p, const struct market *m, const struct workload *w,
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

static double meter_quantity(const struct meter *meter, const struct plan *p, const struct member *member,
                             const struct usage *u)
{
    double q = u->q[meter->quantity];
    if (meter->quantity == QUANTITY_HOURS)
        q = HOURS_PER_MONTH;
    else if (meter->quantity == QUANTITY_MONTH)
        q = 1;
    if (meter->quantity == QUANTITY_MACHINE_ON_DEMAND_USD && p->platform->scaling != SCALING_CLUSTER) {
        const struct price *list = member->price.price[PURCHASE_ON_DEMAND];
        const struct machine *machine = member->serving.fit.machine;
        double seconds = machine && machine->sku[0] ? unit_seconds(machine->sku[0]->unit) : 3600;
        q = list ? u->q[QUANTITY_MACHINE] * 3600 / (seconds > 0 ? seconds : 3600) * decimal_double(list->usd) : 0;
    }
    return q * times_of_fit(meter->times, &member->serving.fit) * meter->factor;
}

static bool is_plan_wide(const struct plan *p, const struct meter *meter)
{
    return p->platform->scaling == SCALING_CLUSTER &&
           (meter->quantity == QUANTITY_NODE_H || meter->quantity == QUANTITY_DISK_GB_MONTH ||
            meter->quantity == QUANTITY_MACHINE_ON_DEMAND_USD);
}

void plan_evaluate(struct plan *p, const struct market *m, const struct workload *w,
                   const struct state *s, enum effort effort, bool explain, struct arena *scratch,
                   struct charges *out, struct plan_result *result)
{
    *result = (struct plan_result){.costed = p->priced, .holds = true};
    result->usage = arena_new(scratch, struct usage, p->count);
    for (size_t i = 0; i < p->count; i++) {
        struct member *member = &p->members[i];
        if (!serving_at(&member->serving, m, w, &s->parts[member->part], s->global, effort, scratch, &result->usage[i]))
            result->costed = false;
        result->holds = result->holds && result->usage[i].holds;
    }
    if (!result->costed)
        return;
    if (p->platform->scaling == SCALING_CLUSTER)
        evaluate_cluster(p, m, w, s, explain, scratch, out, result);
    for (size_t k = 0; k < p->meter_count; k++) {
        const struct priced_meter *pm = &p->meters[k];
        const struct meter *meter = pm->meter;
        bool once = false;
        for (size_t i = 0; i < p->count && !once; i++) {
            struct member *member = &p->members[i];
            const struct part *part = &w->parts[member->part];
            const struct part_state *ps = &s->parts[member->part];
            const struct fit *fit = &member->serving.fit;
            struct usage *u = &result->usage[i];
            if (!meter_applies(meter, p, member, part, ps) || (meter->is_shared && p->shares_cluster))
                continue;
            if (meter->is_machine) {
                if (p->platform->scaling == SCALING_CLUSTER)
                    break; /* charged by pool */
                if (!fit->machine)
                    continue;
                machine_charge(p, fit->machine, &member->price, p->purchase,
                               explain ? str_printf(out->a, "%.*s %.*s", STR_ARG(meter->item), STR_ARG(fit->machine->id)) : meter->item,
                               p->count > 1 ? part->name : STR(""), u->q[QUANTITY_MACHINE] * meter->factor, out);
                if (explain && out->count)
                    out->items[out->count - 1].how = part->is_job ? str_printf(out->a, "%.6g h of runs", u->q[QUANTITY_MACHINE])
                                                                  : str_printf(out->a, "%.*s machines on average x 730 h", STR_ARG(mean_text(out->a, u->q[QUANTITY_MACHINE] / HOURS_PER_MONTH)));
                continue;
            }
            bool flat = meter->quantity == QUANTITY_HOURS || meter->quantity == QUANTITY_MONTH;
            double quantity = meter_quantity(meter, p, member, u);
            if (flat && !meter->is_shared)
                quantity *= part->multiplicity;
            once = (flat && meter->is_shared) || is_plan_wide(p, meter);
            size_t before = out->count;
            meter_charge(p, pm, once ? NULL : member, w, quantity, out);
            if (explain && out->count > before)
                out->items[before].how = explain_quantity(out->a, meter, u, fit, ps);
            if ((meter->quantity == QUANTITY_BUSY_S || meter->quantity == QUANTITY_OVERFLOW_BUSY_S) && u->cold_start_s > 0 &&
                p->platform->scaling != SCALING_TO_ZERO) {
                before = out->count;
                meter_charge(p, pm, member, w, u->cold_start_s * times_of_fit(meter->times, fit) * meter->factor, out);
                if (explain && out->count > before) {
                    out->items[before].item = str_printf(out->a, "%.*s, cold starts", STR_ARG(meter->item));
                    out->items[before].how = str_printf(out->a, "%.6g%% of requests start an instance, %.4g s each", 100 * u->latency.cold_start_probability, u->latency.cold_start_ms / 1000);
                }
            }
        }
    }
}

/* ---- sums ---- */

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
        struct charge *credit = charge_add(c);
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

bool charges_people(struct charges *c, const struct market *m, double fte, double on_cost, struct str why)
{
    struct salary found = {0}, *salary = m->tables ? &m->tables->salary : &found;
    if (!salary->price) {
        salary->sku = book_sku(m->book, m->policy->engineer_sku);
        salary->region = m->book->geographies[m->geography].id;
        salary->price = salary->sku ? sku_price(salary->sku, salary->region, m->as_of, &salary->is_early) : NULL;
    }
    if (!salary->price)
        return false;
    struct charge *charge = charge_add(c);
    charge->item = STR("platform engineering");
    charge->quantity = fte * on_cost / 12;
    charge->sku = salary->sku;
    charge->price = salary->price;
    charge->region = salary->region;
    charge->is_early = salary->is_early;
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

static double factor_of(const struct charge *c, const double *global)
{
    double f = 1;
    if (c->is_operations)
        return 1;
    switch (c->class) {
    case CLASS_SERVERLESS: f = global[GLOBAL_PRICE_SERVERLESS]; break;
    case CLASS_MANAGED: f = global[GLOBAL_PRICE_MANAGED]; break;
    case CLASS_KUBERNETES: f = global[GLOBAL_PRICE_KUBERNETES]; break;
    case CLASS_HYBRID:
    case CLASS_NONE: break;
    }
    return c->is_spot ? f * global[GLOBAL_PRICE_SPOT] : f;
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

double charges_usd_sku(const struct charges *c, const double *global, const struct sku *sku, double factor)
{
    double sum = 0;
    for (size_t i = 0; i < c->count; i++)
        sum += charge_usd(&c->items[i]) * factor_of(&c->items[i], global) * (c->items[i].sku == sku ? factor : 1);
    return sum;
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
