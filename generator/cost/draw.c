#include "cost/draw.h"

#include "base/arena.h"
#include "cost/draw_parts.h"
#include "cost/replay.h"
#include "cost/tables.h"
#include "number/ceiling.h"
#include "number/near.h"

#include <math.h>
#include <string.h>

/* Ratios and sizes that differ by less are the same hardware. */
#define SAME 1e-12

enum way { /* how a member is served */
    WAY_JOB,
    WAY_INSTANCES,
    WAY_QUEUED,
    WAY_POOL
};

struct draw_member {
    enum way way;
    const struct fit *fit;
    struct draw_view *view;
    struct draw_speed *speed;        /* NULL: WAY_JOB */
    struct draw_pool *pool;          /* WAY_POOL */
    struct draw_queue *queue;        /* WAY_QUEUED */
    struct draw_instances instances; /* WAY_INSTANCES */
    bool by_machine;                 /* the platform bills machines, each with several replicas */
    struct usage *usage;
};

/* Machine-hours of a node pool by the way they are bought; charged as they are. */
struct node_charge {
    const struct machine *machine;
    double hours[PURCHASE_COUNT];
};

struct draw_plan {
    const struct plan *plan;
    struct draw_member *members;
    struct usage *usage;      /* of the members, in a row */
    struct node_pool *pools;  /* room for one more than the members */
    struct node_charge *nodes;
    size_t node_count, points; /* points: pieces of the month that differ for the members; 1 where all their work may wait */
    struct draw_nodes *alone;  /* of one part; NULL: from the pools */
    struct draw_purchase bought;
    bool is_cluster;
};

struct draw_option {
    struct draw_plan *plans;
    size_t plan_count;
    struct draw_bill *bill;
};

/* Lists of pointers: what they point to stays where it is while they grow. */
struct draw {
    struct draw_context c;
    struct draw_view **views;
    size_t view_count, view_capacity;
    struct draw_speed **speeds;
    size_t speed_count, speed_capacity;
    struct draw_pool **pools;
    size_t pool_count, pool_capacity;
    struct draw_queue **queues;
    size_t queue_count, queue_capacity;
    struct draw_nodes **nodes;
    size_t node_count, node_capacity;
    struct draw_option **options;
    size_t option_count, option_capacity;
};

struct draw *draw_new(const struct market *m, const struct workload *w, const struct state *likely, struct arena *a,
                      struct arena *scratch)
{
    struct draw *d = arena_new(a, struct draw, 1);
    d->c = (struct draw_context){.market = m, .workload = w, .likely = likely, .a = a, .scratch = scratch};
    d->c.image_gb_month_per_mb = policy_number(m->policy, PARAMETER_IMAGE_VERSIONS_KEPT) / 1000;
    return d;
}

/* ---- what options share ---- */

static struct draw_view *view_of(struct draw *d, size_t part, double split_rps, bool is_base)
{
    for (size_t i = 0; i < d->view_count; i++) {
        struct draw_view *v = d->views[i];
        bool same = v->part == part && near(v->split_rps, split_rps, SAME) && v->is_base == is_base;
        if (same)
            return v;
    }
    if (d->view_count == d->view_capacity)
        d->views = arena_grow(d->c.a, struct draw_view *, d->views, d->view_count, &d->view_capacity);
    struct draw_view *v = d->views[d->view_count++] = arena_new(d->c.a, struct draw_view, 1);
    *v = (struct draw_view){.part = part, .split_rps = split_rps, .is_base = is_base, .likely = &d->c.likely->parts[part]};
    if (split_rps > 0) {
        v->own = arena_new(d->c.a, struct part_state, 1);
        struct part_state *likely = arena_new(d->c.a, struct part_state, 1);
        part_state_split(v->likely, split_rps, is_base, likely);
        v->likely = likely;
    }
    return v;
}

static struct draw_speed *speed_of(struct draw *d, const struct draw_view *view, const struct hardware_ratio *ratio)
{
    for (size_t i = 0; i < d->speed_count; i++) {
        struct draw_speed *v = d->speeds[i];
        if (v->view == view && near(v->time_ratio, ratio->time_likely, SAME) && v->is_stated == ratio->is_stated)
            return v;
    }
    if (d->speed_count == d->speed_capacity)
        d->speeds = arena_grow(d->c.a, struct draw_speed *, d->speeds, d->speed_count, &d->speed_capacity);
    struct draw_speed *v = d->speeds[d->speed_count++] = arena_new(d->c.a, struct draw_speed, 1);
    *v = (struct draw_speed){.view = view, .time_ratio = ratio->time_likely, .is_stated = ratio->is_stated};
    return v;
}

static struct draw_pool *pool_of(struct draw *d, const struct draw_speed *speed, const struct fit *fit)
{
    const struct market *m = d->c.market;
    const struct replay_ratio *r = m->replay ? replay_ratio(m->replay, fit->platform, fit->part) : NULL;
    struct draw_pool ask = {.speed = speed,
                            .is_gpu = fit->gpus > 0,
                            .slots = fit->concurrency,
                            .least = pool_least(fit, m, d->c.workload),
                            .head = r ? fmax(r->replicas_times, 1) : 1,
                            .fixed = r ? r->fixed_times : 0};
    for (size_t i = 0; i < d->pool_count; i++) {
        struct draw_pool *v = d->pools[i];
        bool same = v->speed == speed && v->is_gpu == ask.is_gpu && near(v->slots, ask.slots, SAME) && near(v->least, ask.least, SAME) &&
                    near(v->head, ask.head, SAME) && near(v->fixed, ask.fixed, SAME);
        if (same)
            return v;
    }
    if (d->pool_count == d->pool_capacity)
        d->pools = arena_grow(d->c.a, struct draw_pool *, d->pools, d->pool_count, &d->pool_capacity);
    struct draw_pool *v = d->pools[d->pool_count++] = arena_new(d->c.a, struct draw_pool, 1);
    *v = ask;
    struct timing t = timing_of(fit, m, speed->view->likely, d->c.likely->global);
    v->burst = fmax(speed->view->likely->x[FIGURE_BURST], 1);
    v->table = tables_staffed(m->tables, t.warm, v->burst, t.slo)->table;
    return v;
}

static struct draw_queue *queue_of(struct draw *d, const struct draw_speed *speed, const struct fit *fit)
{
    for (size_t i = 0; i < d->queue_count; i++) {
        struct draw_queue *v = d->queues[i];
        if (v->speed == speed && v->is_gpu == (fit->gpus > 0) && near(v->slots, fit->concurrency, SAME))
            return v;
    }
    if (d->queue_count == d->queue_capacity)
        d->queues = arena_grow(d->c.a, struct draw_queue *, d->queues, d->queue_count, &d->queue_capacity);
    struct draw_queue *v = d->queues[d->queue_count++] = arena_new(d->c.a, struct draw_queue, 1);
    *v = (struct draw_queue){.speed = speed, .is_gpu = fit->gpus > 0, .slots = fit->concurrency};
    return v;
}

/* NULL: the plan's nodes are not of one part, or are of jobs. */
static struct draw_nodes *nodes_of(struct draw *d, const struct plan *p, const struct draw_member *m)
{
    struct draw_nodes ask;
    if (!draw_nodes_of(p, m->pool, m->queue, &ask))
        return NULL;
    for (size_t i = 0; i < d->node_count; i++)
        if (draw_nodes_same(d->nodes[i], &ask))
            return d->nodes[i];
    if (d->node_count == d->node_capacity)
        d->nodes = arena_grow(d->c.a, struct draw_nodes *, d->nodes, d->node_count, &d->node_capacity);
    struct draw_nodes *v = d->nodes[d->node_count++] = arena_new(d->c.a, struct draw_nodes, 1);
    *v = ask;
    return v;
}

/* ---- an option ---- */

static void add_member(struct draw *d, const struct member *m, double split_rps, bool is_base, struct draw_member *out)
{
    const struct fit *fit = &m->serving.fit;
    enum scaling scaling = fit->platform->scaling;
    *out = (struct draw_member){.way = WAY_JOB, .fit = fit, .view = view_of(d, m->part, split_rps, is_base), .usage = out->usage};
    if (fit->part->is_job)
        return;
    out->speed = speed_of(d, out->view, &fit->ratio);
    out->by_machine = fit->machine && fit->machine->vcpu > 0;
    switch (scaling) {
    case SCALING_PER_REQUEST:
    case SCALING_TO_ZERO:
    case SCALING_PROVISIONED:
        out->way = WAY_INSTANCES;
        out->instances = draw_instances_of(m, out->speed, scaling == SCALING_PROVISIONED, &d->c);
        break;
    case SCALING_REPLICAS:
    case SCALING_PODS:
    case SCALING_CLUSTER:
        out->way = fit->part->is_online ? WAY_POOL : WAY_QUEUED;
        if (fit->part->is_online)
            out->pool = pool_of(d, out->speed, fit);
        else
            out->queue = queue_of(d, out->speed, fit);
        break;
    }
}

/* Prices of nodes: the pools of all machines that the members, or the cluster's own services, may run on. */
static void price_nodes(struct draw *d, const struct plan *p, struct draw_plan *out, struct draw_bill *bill)
{
    out->nodes = arena_new(d->c.a, struct node_charge, p->count + 1);
    for (size_t i = 0; i < p->count + 1; i++) {
        const struct machine *machine = i < p->count ? p->members[i].serving.fit.machine : p->system_machine;
        const struct machine_price *price = i < p->count ? &p->members[i].price : &p->system_price;
        bool seen = !machine;
        for (size_t k = 0; k < out->node_count && !seen; k++)
            seen = out->nodes[k].machine == machine;
        if (seen)
            continue;
        struct node_charge *charge = &out->nodes[out->node_count++];
        charge->machine = machine;
        const enum purchase ways[2] = {p->purchase, PURCHASE_ON_DEMAND};
        for (size_t k = p->purchase == PURCHASE_ON_DEMAND ? 1 : 0; k < 2; k++) {
            const struct sku *sku = machine->sku[ways[k]];
            if (!sku || !price->price[ways[k]])
                continue;
            double seconds = unit_seconds(sku->unit);
            draw_bill_add(bill, &(struct draw_price){.quantity = &charge->hours[ways[k]], .times = 3600 / (seconds > 0 ? seconds : 3600),
                                                     .price = price->price[ways[k]], .class = p->platform->class,
                                                     .is_spot = ways[k] == PURCHASE_SPOT});
        }
    }
}

/* Quantities that the traffic alone decides are the view's. */
static const double *quantity_of(const struct draw_member *m, enum quantity q)
{
    static const bool OF_TRAFFIC[QUANTITY_COUNT] = {
        [QUANTITY_REQUESTS] = true,      [QUANTITY_EGRESS_GB] = true, [QUANTITY_INGRESS_GB] = true,
        [QUANTITY_PAYLOAD_GB] = true,    [QUANTITY_LOG_GB] = true,    [QUANTITY_METRICS] = true,
        [QUANTITY_CROSS_ZONE_GB] = true, [QUANTITY_TRANSITIONS] = true, [QUANTITY_BALANCER_UNIT_H] = true,
    };
    return OF_TRAFFIC[q] ? &m->view->traffic.q[q] : &m->usage->q[q];
}

static void price_meter(const struct draw *d, const struct plan *p, const struct draw_plan *out, const struct priced_meter *pm,
                        struct draw_bill *bill)
{
    const struct meter *meter = pm->meter;
    bool once = false;
    for (size_t i = 0; i < p->count && !once; i++) {
        const struct member *member = &p->members[i];
        const struct draw_member *m = &out->members[i];
        const struct part *part = &d->c.workload->parts[member->part];
        const struct fit *fit = &member->serving.fit;
        struct part_state any = {0}; /* WHEN_PUBLIC is looked at in every draw */
        any.x[FIGURE_INTERNET_SHARE] = any.x[FIGURE_RESPONSE_KB] = 1;
        if (!plan_meter_applies(meter, p, member, part, &any) || (meter->is_shared && p->shares_cluster))
            continue;
        struct draw_price price = {.quantity = quantity_of(m, meter->quantity), .times = plan_times(meter->times, fit) * meter->factor,
                                   .price = pm->price, .class = p->platform->class, .is_credit = meter->is_credit};
        if (meter->when == WHEN_PUBLIC)
            price.gate = &m->view->is_public;
        if (meter->is_machine) {
            if (out->is_cluster)
                break; /* charged by pool */
            const struct sku *sku = fit->machine ? fit->machine->sku[p->purchase] : NULL;
            if (!sku || !member->price.price[p->purchase])
                continue;
            double seconds = unit_seconds(sku->unit);
            price.times = meter->factor * 3600 / (seconds > 0 ? seconds : 3600);
            price.quantity = quantity_of(m, QUANTITY_MACHINE);
            price.price = member->price.price[p->purchase];
            price.is_spot = p->purchase == PURCHASE_SPOT;
            draw_bill_add(bill, &price);
            continue;
        }
        bool flat = meter->quantity == QUANTITY_HOURS || meter->quantity == QUANTITY_MONTH;
        if (flat && !meter->is_shared)
            price.times *= part->multiplicity;
        once = (flat && meter->is_shared) || plan_is_wide(p, meter);
        if (meter->quantity == QUANTITY_MACHINE_ON_DEMAND_USD && !out->is_cluster) {
            const struct price *list = member->price.price[PURCHASE_ON_DEMAND];
            double seconds = fit->machine && fit->machine->sku[0] ? unit_seconds(fit->machine->sku[0]->unit) : 3600;
            price.quantity = quantity_of(m, QUANTITY_MACHINE);
            price.times *= list ? 3600 / (seconds > 0 ? seconds : 3600) * decimal_double(list->usd) : 0;
        }
        if (!pm->price)
            continue;
        draw_bill_add(bill, &price);
        bool busy = meter->quantity == QUANTITY_BUSY_S || meter->quantity == QUANTITY_OVERFLOW_BUSY_S;
        if (busy && p->platform->scaling != SCALING_TO_ZERO) {
            price.quantity = &m->usage->cold_start_s;
            draw_bill_add(bill, &price);
        }
    }
}

static void add_plan(struct draw *d, const struct plan *p, double split_rps, bool is_base, struct draw_bill *bill, struct draw_plan *out)
{
    *out = (struct draw_plan){.plan = p, .is_cluster = p->platform->scaling == SCALING_CLUSTER};
    out->usage = arena_new(d->c.a, struct usage, p->count);
    out->members = arena_new(d->c.a, struct draw_member, p->count);
    out->points = 1;
    for (size_t i = 0; i < p->count; i++) {
        out->members[i].usage = &out->usage[i];
        add_member(d, &p->members[i], split_rps, is_base, &out->members[i]);
        if (out->members[i].way == WAY_POOL)
            out->points = DRAW_POINTS;
        out->usage[i].q[QUANTITY_HOURS] = HOURS_PER_MONTH;
        out->usage[i].q[QUANTITY_MONTH] = 1;
    }
    if (out->is_cluster && plan_charges_nodes(p)) {
        out->pools = arena_new(d->c.a, struct node_pool, p->count + 1);
        out->alone = nodes_of(d, p, &out->members[0]);
        out->bought = draw_purchase_of(p, d->c.market);
        price_nodes(d, p, out, bill);
    }
    for (size_t k = 0; k < p->meter_count; k++)
        price_meter(d, p, out, &p->meters[k], bill);
}

size_t draw_option(struct draw *d, const struct plan *plans, size_t plan_count, double split_rps)
{
    struct draw_option *o = arena_new(d->c.a, struct draw_option, 1);
    o->plans = arena_new(d->c.a, struct draw_plan, plan_count);
    o->plan_count = plan_count;
    o->bill = draw_bill_new(d->c.a, d->c.market);
    for (size_t i = 0; i < plan_count; i++)
        add_plan(d, &plans[i], split_rps, split_rps > 0 && i == 0, o->bill, &o->plans[i]);
    draw_bill_finish(o->bill);
    if (d->option_count == d->option_capacity)
        d->options = arena_grow(d->c.a, struct draw_option *, d->options, d->option_count, &d->option_capacity);
    d->options[d->option_count] = o;
    return d->option_count++;
}

/* ---- at a point ---- */

void draw_at(struct draw *d, const struct state *s)
{
    d->c.s = s;
    for (size_t i = 0; i < d->view_count; i++)
        draw_view_at(d->views[i], &d->c);
    for (size_t i = 0; i < d->speed_count; i++)
        draw_speed_at(d->speeds[i], &d->c);
    for (size_t i = 0; i < d->pool_count; i++)
        draw_pool_at(d->pools[i], &d->c);
    for (size_t i = 0; i < d->queue_count; i++)
        draw_queue_at(d->queues[i], &d->c);
    for (size_t i = 0; i < d->node_count; i++)
        draw_nodes_at(d->nodes[i]);
}

/* `replicas`: those of each piece of the month are asked for, to count nodes from. */
static void pool_quantities(const struct draw_member *m, bool is_cluster, bool replicas)
{
    const struct draw_pool *pool = m->pool;
    double mult = m->fit->part->multiplicity, machines = 0;
    struct usage *u = m->usage;
    if (is_cluster) {
        for (size_t i = 0; i < DRAW_POINTS && replicas; i++)
            u->replicas[i] = pool->replicas[i] * mult;
    } else if (m->by_machine) {
        double whole[DRAW_POINTS], share = 1 / m->fit->per_machine;
        for (size_t i = 0; i < DRAW_POINTS; i++)
            whole[i] = ceiling(pool->replicas[i] * share - 1e-9);
        for (size_t i = 0; i < DRAW_POINTS; i++)
            machines += whole[i];
    } else {
        machines = pool->sum;
    }
    u->q[QUANTITY_REPLICA_H] = u->q[QUANTITY_POD_H] = pool->sum / DRAW_POINTS * mult * HOURS_PER_MONTH;
    u->q[QUANTITY_MACHINE] = machines / DRAW_POINTS * HOURS_PER_MONTH * mult;
}

/* As serve_queued. */
static void queued_quantities(const struct draw_member *m)
{
    const struct fit *fit = m->fit;
    double replicas = m->queue->replicas, machines = m->by_machine ? replicas / fit->per_machine : replicas;
    double least = fit->platform->scaling == SCALING_REPLICAS ? fit->platform->min_instances : 0;
    double month = HOURS_PER_MONTH * fit->part->multiplicity;
    struct usage *u = m->usage;
    u->smooth_replicas = replicas * fit->part->multiplicity;
    u->q[QUANTITY_MACHINE] = (machines > least ? machines : least) * month;
    u->q[QUANTITY_REPLICA_H] = u->q[QUANTITY_POD_H] = (replicas > least ? replicas : least) * month;
}

static bool member_at(struct draw_member *m, const struct draw_context *c, bool is_cluster, bool replicas)
{
    const struct part_state *s = m->view->s;
    struct usage *u = m->usage;
    bool good = true;
    switch (m->way) {
    case WAY_JOB:
        serve_job(m->fit, s, c->s->global, u);
        good = u->holds;
        break;
    case WAY_INSTANCES: good = draw_instances_at(&m->instances, c, u); break;
    case WAY_QUEUED: queued_quantities(m); break;
    case WAY_POOL:
        pool_quantities(m, is_cluster, replicas);
        good = m->speed->holds;
        break;
    }
    u->q[QUANTITY_IMAGE_GB_MONTH] = m->fit->image_mb * c->image_gb_month_per_mb;
    return good;
}

static void nodes_at(struct draw_plan *p, const struct draw_context *c)
{
    struct node_totals totals = {0};
    if (p->alone) {
        double *q = p->usage->q, hours = p->alone->hours;
        draw_nodes_hours(p->alone, &p->bought, p->nodes[0].hours);
        q[QUANTITY_NODE_H] = hours;
        q[QUANTITY_DISK_GB_MONTH] = hours / HOURS_PER_MONTH * p->bought.disk_gb;
        q[QUANTITY_MACHINE_ON_DEMAND_USD] = hours * p->bought.list_usd;
        return;
    }
    size_t count = plan_node_pools(p->plan, c->market, c->workload, c->s, p->usage, p->points, p->pools);
    for (size_t i = 0; i < p->node_count; i++)
        for (int k = 0; k < PURCHASE_COUNT; k++)
            p->nodes[i].hours[k] = 0;
    for (size_t i = 0; i < count; i++) {
        struct node_hours run = node_pool_hours(p->plan, c->market, &p->pools[i], p->points);
        node_totals_add(&totals, &p->pools[i], &run);
        size_t k = 0;
        while (p->nodes[k].machine != p->pools[i].machine)
            k++;
        p->nodes[k].hours[run.bought] += run.bought_h;
        p->nodes[k].hours[PURCHASE_ON_DEMAND] += run.on_demand_h;
    }
    node_totals_share(&totals, c->market, p->usage, p->plan->count);
}

double draw_usd(struct draw *d, size_t option)
{
    struct draw_option *o = d->options[option];
    for (size_t i = 0; i < o->plan_count; i++) {
        struct draw_plan *p = &o->plans[i];
        for (size_t k = 0; k < p->plan->count; k++)
            if (!member_at(&p->members[k], &d->c, p->is_cluster, !p->alone))
                return HUGE_VAL;
        if (p->pools)
            nodes_at(p, &d->c);
    }
    return draw_bill_usd(o->bill, d->c.s->global);
}
