#include "cost/serving_parts.h"

#include "cost/replay.h"
#include "cost/tables.h"

#include <math.h>

double pool_least(const struct fit *fit, const struct market *m, const struct workload *w)
{
    bool trial = w->questionnaire->stage == STAGE_VALIDATION;
    double least = policy_number(m->policy, trial ? PARAMETER_MIN_REPLICAS_VALIDATION : PARAMETER_MIN_REPLICAS);
    return fmax(least, fit->platform->min_instances);
}

static struct staffed *staffing_of(struct serving *v, const struct timing *t, const struct part_state *s)
{
    v->ready = true;
    return tables_staffed(t->tables, t->warm, fmax(s->x[FIGURE_BURST], 1), t->slo);
}

static double servers_at(struct staffed *staffed, double load, double full)
{
    return load > QUEUE_MAX_LOAD * staffed->burst ? load / full : staffed_servers(staffed, load, full);
}

struct pool_room {
    double head;  /* times the replicas that the load of the moment needs */
    double least; /* replicas at any time */
    bool holds;
};

/*
 * Under a trace, replicas come late: the autoscaler must see the load and a replica must start. The pool
 * is replayed with more and more head room until its percentiles hold; where none is enough, at a fixed
 * size. What was found is kept for the other efforts.
 */
static struct pool_room pool_room(const struct serving *v, struct staffed *staffed, const struct market *m, const struct timing *t,
                                  const struct part_state *s, double full, double least,
                                  enum effort effort, struct replay_cluster_figures *seen)
{
    static const double HEADS[] = {1, 1.25, 1.6, 2, 3}, FIXED[] = {1, 1.5, 2, 3, 5, 8, 12};
    const struct fit *fit = &v->fit;
    struct replay_ratio *ratio = replay_ratio(m->replay, fit->platform, fit->part);
    struct pool_room room = {.head = fmax(ratio->replicas_times, 1), .least = least, .holds = true};
    double top = s->peak_rps * t->service_s, k = fit->concurrency;
    double peak = fmax(ceil(servers_at(staffed, top, full) / k - 1e-9), least);
    if (ratio->fixed_times > 0)
        room.least = fmax(room.least, ceil(peak * ratio->fixed_times - 1e-9));
    if (effort != EFFORT_EXACT || !m->replay->runs || !m->replay->trace || !(top > 0))
        return room;
    bool gpu = fit->gpus > 0, cluster = fit->platform->scaling == SCALING_CLUSTER;
    struct replay_cluster load = {.part = fit->part, .state = s, .service = t->service, .slots = fmax(floor(k), 1), .start_s = t->start_s,
                                  .node_start_s = cluster ? (gpu ? fit->platform->gpu_node_start_s : fit->platform->node_start_s).likely : 0,
                                  .per_node = cluster ? fit->per_machine : 0};
    double target = fmin(full, top / fmax(servers_at(staffed, top, full), 1e-9));
    size_t heads = sizeof HEADS / sizeof *HEADS, tries = heads + sizeof FIXED / sizeof *FIXED;
    bool any = false;
    room = (struct pool_room){.head = 1, .least = least, .holds = true};
    double fixed = 0;
    for (size_t i = 0; i < tries; i++) {
        struct replay_cluster_figures f;
        double head = i < heads ? HEADS[i] : 1;
        fixed = i < heads ? 0 : FIXED[i - heads];
        load.target = target / head;
        load.most = i < heads ? 2 * ceil(peak * head) + 4 : ceil(peak * fixed - 1e-9);
        load.least = i < heads ? least : load.most;
        if (!replay_cluster(m->replay, &load, &f))
            break;
        any = true;
        *seen = f;
        struct replay_figures r = {.p50_s = f.p50_s, .p95_s = f.p95_s, .p99_s = f.p99_s};
        room.head = head;
        room.least = fmax(least, fixed > 0 ? load.most : 0);
        room.holds = replayed_hold(&r, t);
        if (room.holds || !timing_holds(0, t))
            break;
    }
    if (!any || (!room.holds && timing_holds(0, t))) { /* no size helps: the plain pool, and its miss */
        room.head = 1;
        room.least = least;
        fixed = 0;
    }
    if (any && !(s->above_rps > 0) && !(s->below_rps > 0)) {
        ratio->replicas_times = room.head;
        ratio->fixed_times = fixed;
    }
    return room;
}

/* How replicas follow the load: the target utilisation, requests at once in a replica, head room over what the
 * load needs, replicas at any time, replicas that a machine holds. */
struct pool_ask {
    double full, slots, head, least, per_machine;
};

static void pool_fill(struct staffed *staffed, double service_s, const struct part_state *s, const struct pool_ask *ask,
                      struct pool_replicas *out)
{
    double sum = 0, machine_sum = 0, peak = 0, last_rate = -1, replicas = ask->least, machines = 0;
    for (size_t i = 0; i < s->points; i++) {
        double rate = s->rps[i];
        if (i == 0 || rate > last_rate || rate < last_rate) {
            double servers = servers_at(staffed, rate * service_s, ask->full);
            replicas = fmax(ceil(servers * ask->head / ask->slots - 1e-9), ask->least);
            machines = ceil(replicas / ask->per_machine - 1e-9);
            last_rate = rate;
        }
        out->replicas[i] = replicas;
        sum += replicas;
        machine_sum += machines;
        peak = fmax(peak, replicas);
    }
    double top = s->peak_rps * service_s; /* the busiest bin may lie above the busiest 1/96 of the time */
    if (top > 0)
        peak = fmax(peak, ceil(servers_at(staffed, top, ask->full) * ask->head / ask->slots - 1e-9));
    out->sum = sum;
    out->machines = machine_sum;
    out->peak = peak;
}

/* The same, remembered: clusters of one speed run the same replicas on whatever machines they are bought. */
static const struct pool_replicas *pool_replicas(struct staffed *staffed, const struct timing *t, const struct part_state *s,
                                                 const struct pool_ask *ask)
{
    const double question[] = {memo_figure(memo_mark(s->points, s->rps, s->points)), s->peak_rps, t->service_s,
                               staffed->service.mean_s, staffed->service.cv, staffed->service.mu, staffed->burst, staffed->slo.p50_s, staffed->slo.p95_s,
                               staffed->slo.p99_s, ask->full, ask->slots, ask->head, ask->least, ask->per_machine};
    bool known;
    struct pool_replicas *run = memo_at(t->tables->pools, question, sizeof question / sizeof *question, &known);
    if (!known)
        pool_fill(staffed, t->service_s, s, ask, run);
    return run;
}

void serve_queued(const struct fit *fit, const struct timing *t, const struct part_state *s, double full, struct usage *out)
{
    double k = fit->concurrency, mult = fit->part->multiplicity, offered = s->mean_rps * t->service_s;
    double machines = fit->machine && fit->machine->vcpu > 0 ? fit->per_machine : 1;
    double replicas = offered / (k * full);
    double *q = out->q;
    q[QUANTITY_REQUESTS] = s->requests * mult;
    out->smooth_replicas = replicas * mult;
    out->mean_replicas = out->smooth_replicas;
    double deadline = s->x[FIGURE_DEADLINE_H];
    out->peak_replicas = ceil(replicas * (deadline > 0 && deadline < 24 && fit->part->kind == MODEL_BATCH ? 24 / deadline : 1)) * mult;
    double least = fit->platform->scaling == SCALING_REPLICAS ? fit->platform->min_instances : 0;
    double hours = fmax(replicas / machines, least) * HOURS_PER_MONTH * mult;
    q[QUANTITY_MACHINE] = hours;
    q[QUANTITY_REPLICA_H] = fmax(replicas, least) * HOURS_PER_MONTH * mult;
    q[QUANTITY_POD_H] = q[QUANTITY_REPLICA_H];
    out->busy_replica_share = hours > 0 ? offered / k * mult * HOURS_PER_MONTH / (hours * machines) : NOT_KNOWN;
    out->holds = true;
    out->latency = (struct latency){.p50_ms = NOT_KNOWN, .p95_ms = NOT_KNOWN, .p99_ms = NOT_KNOWN, .service_p99_ms = NOT_KNOWN, .queue_p99_ms = NOT_KNOWN,
                                    .cold_start_ms = NOT_KNOWN, .cold_start_probability = 0, .method = STR("queued work")};
}

/* Percentiles of the response at the busiest time. Pools of one size are asked about once, on whatever platform. */
static void response_at(const struct timing *t, double burst, double servers, double load, struct latency *out)
{
    const double question[] = {servers, load, burst, t->warm.mean_s, t->warm.cv, t->warm.mu, (double)t->warm.kind};
    bool known;
    double *response_s = memo_at(t->tables->responses, question, sizeof question / sizeof *question, &known);
    if (!known) {
        static const double PERCENTILES[3] = {0.5, 0.95, 0.99};
        struct queue queue;
        bool queues = queue_init(&queue, servers, load, t->warm, burst > 1 ? arrivals_bursts(burst) : arrivals_poisson());
        for (int i = 0; i < 3; i++)
            response_s[i] = queues ? queue_response_quantile(&queue, PERCENTILES[i]) : NOT_KNOWN;
    }
    out->p50_ms = response_s[0] * 1000;
    out->p95_ms = response_s[1] * 1000;
    out->p99_ms = response_s[2] * 1000;
    out->queue_p99_ms = isnan(response_s[2]) ? NOT_KNOWN : fmax(out->p99_ms - out->service_p99_ms, 0);
}

void serve_pool(struct serving *v, const struct market *m, const struct workload *w,
                       const struct timing *t, const struct part_state *s, const double *global,
                       enum effort effort, bool percentiles, struct usage *out)
{
    const struct fit *fit = &v->fit;
    double k = fit->concurrency, mult = fit->part->multiplicity;
    double full = global[fit->gpus > 0 ? GLOBAL_GPU_UTILISATION : GLOBAL_UTILISATION];
    double *q = out->q;
    double requests = s->requests * mult;
    q[QUANTITY_REQUESTS] = requests;
    double offered = s->mean_rps * t->service_s; /* erlang */
    double machines = fit->machine && fit->machine->vcpu > 0 ? fit->per_machine : 1;
    if (!fit->part->is_online) {
        serve_queued(fit, t, s, full, out);
        return;
    }
    struct staffed *staffed = staffing_of(v, t, s);
    bool possible = staffed->table.staffing.possible;
    double least = pool_least(fit, m, w);
    struct replay_cluster_figures seen = {0};
    bool simulated = false;
    double head = 1;
    if (m->replay && fit->part->kind != MODEL_STREAMING) { /* what is replayed are whole responses */
        struct pool_room room = pool_room(v, staffed, m, t, s, full, least, effort, &seen);
        head = room.head;
        least = room.least;
        simulated = seen.requests > 0;
        if (simulated)
            possible = possible && room.holds;
    }
    struct pool_ask ask = {.full = full, .slots = k, .head = head, .least = least, .per_machine = machines};
    const struct pool_replicas *run = pool_replicas(staffed, t, s, &ask);
    for (size_t i = 0; i < s->points; i++)
        out->replicas[i] = run->replicas[i] * mult;
    double sum = run->sum, machine_sum = run->machines, peak = run->peak;
    out->mean_replicas = sum / (double)s->points * mult;
    out->peak_replicas = peak * mult;
    q[QUANTITY_REPLICA_H] = out->mean_replicas * HOURS_PER_MONTH;
    q[QUANTITY_POD_H] = q[QUANTITY_REPLICA_H];
    q[QUANTITY_MACHINE] = machine_sum / (double)s->points * HOURS_PER_MONTH * mult;
    out->busy_replica_share = sum > 0 ? offered * (double)s->points / (sum * k) : NOT_KNOWN;
    out->holds = possible;
    out->latency.cold_start_probability = 0;
    out->latency.cold_start_ms = t->start_s * 1000;
    out->latency.method = s->x[FIGURE_BURST] > 1 ? STR("Erlang C, peaked") : STR("Erlang C");
    if (!percentiles && !simulated)
        return;
    double servers = fmax(peak, 1) * k, load = s->curve.peak_rps * t->service_s;
    out->latency.service_p99_ms = law_quantile(&t->warm, 0.99) * 1000;
    if (simulated) {
        out->latency.p50_ms = seen.p50_s * 1000;
        out->latency.p95_ms = seen.p95_s * 1000;
        out->latency.p99_ms = seen.p99_s * 1000;
        out->latency.queue_p99_ms = fmax(out->latency.p99_ms - out->latency.service_p99_ms, 0);
        out->latency.method = STR("simulation");
        out->latency.simulated_requests = seen.requests;
    } else if (load > QUEUE_MAX_LOAD) {
        out->latency.p50_ms = law_quantile(&t->warm, 0.5) * 1000;
        out->latency.p95_ms = law_quantile(&t->warm, 0.95) * 1000;
        out->latency.p99_ms = out->latency.service_p99_ms;
        out->latency.queue_p99_ms = 0;
    } else {
        response_at(t, s->x[FIGURE_BURST], servers, load, &out->latency);
    }
}
