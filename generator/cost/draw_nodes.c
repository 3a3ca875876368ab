#include "cost/draw_parts.h"

#include "number/ceiling.h"
#include "number/near.h"

#include <math.h>

#define SAME 1e-12 /* nodes that differ by less are the same */
#define SLACK 1e-9 /* as node_pool.c counts whole nodes */

/*
 * The cluster's own services, as node_pool.c adds them to a pool: CPU and memory apart, in nodes; a replica's share
 * of a node's CPU and memory beside them.
 */
static void system_of(struct draw_nodes *v, const struct plan *p, const struct fit *fit)
{
    struct size room = machine_allocatable(p->platform, fit->machine), system = p->platform->system;
    if (!p->new_cluster || !(room.vcpu > 0) || !(room.memory_gib > 0))
        return;
    double own_gib = room.memory_gib / fit->per_machine;
    v->system[0] = system.vcpu / room.vcpu;
    v->system[1] = system.memory_gib / room.memory_gib;
    v->beside[0] = fit->vcpu * fit->per_machine <= room.vcpu ? fit->vcpu / room.vcpu : 0;
    v->beside[1] = (fit->memory_gib < own_gib ? fit->memory_gib : own_gib) / room.memory_gib;
}

bool draw_nodes_of(const struct plan *p, const struct draw_pool *pool, const struct draw_queue *queue, struct draw_nodes *out)
{
    const struct fit *fit = &p->members[0].serving.fit;
    if (p->count != 1 || !(pool || queue) || !fit->machine)
        return false;
    /* GPU nodes that no always-on part holds do not host the cluster's services: those have nodes of their own. */
    if (queue && fit->machine->gpus > 0 && p->new_cluster)
        return false;
    *out = (struct draw_nodes){.pool = pool, .queue = queue, .machine = fit->machine, .times = fit->part->multiplicity,
                               .share = 1 / fit->per_machine, .least = pool || p->new_cluster ? p->least_nodes : 0};
    system_of(out, p, fit);
    return true;
}

bool draw_nodes_same(const struct draw_nodes *a, const struct draw_nodes *b)
{
    return a->pool == b->pool && a->queue == b->queue && a->machine == b->machine && near(a->times, b->times, SAME) && near(a->share, b->share, SAME) &&
           near(a->least, b->least, SAME) && near(a->system[0], b->system[0], SAME) && near(a->system[1], b->system[1], SAME) &&
           near(a->beside[0], b->beside[0], SAME) && near(a->beside[1], b->beside[1], SAME);
}

static double larger(double a, double b)
{
    return a > b ? a : b;
}

/* Beside work that may wait the cluster's services take what they need: the same at any time. */
static void queue_nodes_at(struct draw_nodes *v)
{
    double work = v->queue->replicas * v->times * v->share;
    double nodes = work > 0 ? larger(work + larger(v->system[0], v->system[1]), v->least) : 0;
    for (size_t i = 0; i < DRAW_POINTS; i++)
        v->nodes[i] = nodes;
    v->hours = nodes * HOURS_PER_MONTH;
    v->is_sorted = true;
}

void draw_nodes_at(struct draw_nodes *v)
{
    double sum = 0;
    if (v->queue) {
        queue_nodes_at(v);
        return;
    }
    for (size_t i = 0; i < DRAW_POINTS; i++) {
        double replicas = v->pool->replicas[i] * v->times, n = replicas * v->share;
        double vcpu = v->system[0] + replicas * v->beside[0], memory = v->system[1] + replicas * v->beside[1];
        double more = vcpu > memory ? vcpu : memory;
        n = ceiling((n > more ? n : more) - SLACK);
        v->nodes[i] = n > v->least ? n : v->least;
    }
    for (size_t i = 0; i < DRAW_POINTS; i++)
        sum += v->nodes[i];
    v->hours = sum / DRAW_POINTS * HOURS_PER_MONTH;
    v->is_sorted = false;
}

/* Only reserved nodes ask for their order; the curve is nearly sorted. */
static void sort_nodes(struct draw_nodes *v)
{
    for (size_t i = 1; i < DRAW_POINTS && !v->is_sorted; i++) {
        double x = v->nodes[i];
        size_t k = i;
        for (; k > 0 && v->nodes[k - 1] > x; k--)
            v->nodes[k] = v->nodes[k - 1];
        v->nodes[k] = x;
    }
    v->is_sorted = true;
}

struct draw_purchase draw_purchase_of(const struct plan *p, const struct market *m)
{
    const struct machine_price *price = &p->members[0].price;
    const struct price *list = price->price[PURCHASE_ON_DEMAND], *own = price->price[p->purchase];
    struct draw_purchase out = {.bought = own ? p->purchase : PURCHASE_ON_DEMAND};
    out.list_usd = list ? decimal_double(list->usd) : 0;
    const struct machine *machine = p->members[0].serving.fit.machine;
    out.disk_gb = policy_number(m->policy, machine && machine->gpus > 0 ? PARAMETER_GPU_NODE_DISK_GB : PARAMETER_NODE_DISK_GB);
    if (out.bought == PURCHASE_SPOT)
        out.fallback = list ? policy_number(m->policy, PARAMETER_SPOT_FALLBACK_SHARE) : 0;
    out.ratio = own && out.list_usd > 0 ? decimal_double(own->usd) / out.list_usd : 1;
    double at = floor((1 - out.ratio) * DRAW_POINTS);
    out.at = at > 0 ? (size_t)fmin(at, DRAW_POINTS - 1) : 0;
    return out;
}

void draw_nodes_hours(struct draw_nodes *v, const struct draw_purchase *b, double hours[PURCHASE_COUNT])
{
    switch (b->bought) {
    case PURCHASE_ON_DEMAND:
    case PURCHASE_COUNT: hours[PURCHASE_ON_DEMAND] = v->hours; return;
    case PURCHASE_SPOT:
        hours[PURCHASE_SPOT] = v->hours * (1 - b->fallback);
        hours[PURCHASE_ON_DEMAND] = v->hours * b->fallback;
        return;
    case PURCHASE_RESERVED_1Y:
    case PURCHASE_RESERVED_3Y: break;
    }
    sort_nodes(v);
    double committed = b->ratio < 1 ? floor(v->nodes[b->at] + SLACK) : 0, above = 0;
    for (size_t i = 0; i < DRAW_POINTS; i++)
        above += v->nodes[i] > committed ? v->nodes[i] - committed : 0;
    hours[b->bought] = committed * HOURS_PER_MONTH;
    hours[PURCHASE_ON_DEMAND] = above / DRAW_POINTS * HOURS_PER_MONTH;
}
