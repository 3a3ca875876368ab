#include "cost/serving_parts.h"

#include "base/arena.h"
#include "cost/replay.h"
#include "cost/tables.h"
#include "latency/erlang.h"
#include "latency/shared.h"

#include <math.h>

static struct pool_point mean_of(const struct serving *v, const struct market *m, const struct timing *t, const struct part_state *s,
                                 struct cold_table *table, bool idle, bool busy, struct arena *scratch)
{
    double once = cold_at_once(&v->fit);
    struct pool_point mean = cold_table_mean_of(table, idle, busy, s->rps, s->points, t->service_s, scratch);
    /* While an instance starts, the newest first, further requests wait on it until its slots are taken. */
    double waiting = once > 1 ? v->waiting * fmin(once - 1, s->mean_rps * t->start_s) : 0;
    const struct replay_ratio *r = m->replay ? replay_ratio(m->replay, v->fit.platform, v->fit.part) : NULL;
    if (r && r->known) {
        cold_replayed(&mean, r, cold_table_kept(table) > v->fit.platform->min_instances);
        waiting = r->waited_times;
    }
    mean.waited = fmin(mean.p_cold * waiting, 1 - mean.p_cold);
    return mean;
}

struct pool_point cold_mean(const struct serving *v, const struct market *m, const struct timing *t, const struct part_state *s,
                            struct cold_table *table, struct arena *scratch)
{
    /* What on_demand_quantities reads: idle instances where they are billed, busy ones where requests share them. */
    bool idle = v->fit.platform->scaling == SCALING_TO_ZERO, busy = cold_at_once(&v->fit) > 1;
    return mean_of(v, m, t, s, table, idle, busy, scratch);
}

void cold_replayed(struct pool_point *mean, const struct replay_ratio *r, bool keeps)
{
    const struct replay_share *c = keeps ? &r->kept : &r->bare;
    mean->p_cold = fmin(fmax(mean->p_cold * c->times + c->more, 0), 1);
    mean->idle *= r->idle_times;
    mean->busy *= r->busy_times;
}

double cold_delayed(struct pool_point p)
{
    return p.p_cold + p.waited;
}

void cold_set_waiting(struct serving *v, const struct timing *t, const struct part_state *s)
{
    double once = cold_at_once(&v->fit), simple = fmin(once - 1, s->mean_rps * t->start_s);
    v->waiting = 0;
    if (!(simple > 0))
        return;
    const double question[] = {s->mean_rps, t->start_s, t->cold.cv, once};
    bool known;
    double *waiting = memo_at(t->tables->waiting, question, sizeof question / sizeof *question, &known);
    if (!known)
        *waiting = shared_waiting(s->mean_rps, t->start_s, t->cold.cv, once) / simple;
    v->waiting = *waiting;
}

/* Whether the percentiles hold with so many kept. */
static bool kept_hold(const struct serving *v, const struct market *m, const struct timing *t, const struct part_state *s, double kept, double stay_s,
                      struct arena *scratch)
{
    struct cold_table *table = cold_table_of(&v->fit, t, s, kept, stay_s);
    return timing_holds(cold_delayed(mean_of(v, m, t, s, table, false, false, scratch)), t);
}

/* `near`: where the answer is expected; HUGE_VAL: no number is expected to help, 0: nothing is known. */
static double search_kept(const struct serving *v, const struct market *m, const struct timing *t, const struct part_state *s,
                          double stay_s, double near, struct arena *scratch)
{
    double most = fmin(fmax(ceil(s->peak_rps * t->service_s * 1.5 + 4 * sqrt(s->peak_rps * t->service_s) + 2), 2), KEPT_MAX);
    /* Doubling steps from there, then bisection: the cold share falls with every kept instance. */
    double low = 0, high = fmin(fmax(near < HUGE_VAL ? near : most, 1), most), step = 1;
    while (!kept_hold(v, m, t, s, high, stay_s, scratch)) {
        if (high >= most)
            return 0;
        low = high;
        high = fmin(near > 0 ? high + step : high * 2, most);
        step *= 2;
    }
    if (!(near < HUGE_VAL) && high > 1) { /* some help, as it turns out: few, as a rule */
        most = high;
        for (high = 1; high < most && !kept_hold(v, m, t, s, high, stay_s, scratch); high = fmin(high * 2, most))
            low = high;
    }
    for (step = 1; low <= 0 && high > 1; step *= 2) { /* the answer may lie below the one expected */
        double lower = fmax(high - step, 1);
        if (kept_hold(v, m, t, s, lower, stay_s, scratch))
            high = lower;
        else
            low = lower;
    }
    while (high - low > 1) {
        double mid = floor((low + high) / 2);
        if (kept_hold(v, m, t, s, mid, stay_s, scratch))
            high = mid;
        else
            low = mid;
    }
    return high;
}

/* As search_kept, from what the part needed on this platform when it was last searched for. */
static double search_near(const struct serving *v, const struct market *m, const struct timing *t, const struct part_state *s,
                          double stay_s, struct arena *scratch)
{
    const double question[] = {memo_address(v->fit.platform), memo_address(v->fit.part)};
    bool known;
    double *last = memo_at(t->tables->last_kept, question, sizeof question / sizeof *question, &known);
    double near = v->needed > 0 ? v->needed : known ? *last : 0, needed = search_kept(v, m, t, s, stay_s, near, scratch);
    *last = needed > 0 ? needed : HUGE_VAL;
    return needed;
}

double cold_kept_needed(struct serving *v, const struct market *m, const struct timing *t, const struct part_state *s,
                        double kept, double stay_s, struct arena *scratch)
{
    const struct platform *p = v->fit.platform;
    if (p->kept_by == KEPT_BY_NONE || v->fit.part->scale_to_zero || !timing_holds(0, t) || kept_hold(v, m, t, s, kept, stay_s, scratch))
        return 0;
    double needed;
    const struct replay_ratio *r = m->replay ? replay_ratio(m->replay, p, v->fit.part) : NULL;
    if (r && r->known) {
        needed = search_kept(v, m, t, s, stay_s, v->needed, scratch);
    } else {
        const double question[] = {memo_figure(memo_mark(s->points, s->rps, s->points)), s->mean_rps, s->peak_rps, stay_s, t->service_s, t->start_s,
                                   t->keepalive_s, t->warm.cv, t->warm.mu, t->cold.cv, t->slo.p50_s, t->slo.p95_s, t->slo.p99_s, cold_at_once(&v->fit),
                                   (double)p->routing, s->x[FIGURE_BURST], s->x[FIGURE_PERIODIC_S]};
        bool known;
        double *remembered = memo_at(t->tables->kept, question, sizeof question / sizeof *question, &known);
        if (!known)
            *remembered = search_near(v, m, t, s, stay_s, scratch);
        needed = *remembered;
    }
    if (needed > 0)
        v->needed = needed;
    return needed;
}

size_t cold_loads(const struct part_state *s, double service_s, double load[CURVE_POINTS], double times[CURVE_POINTS])
{
    size_t n = 0;
    for (size_t i = 0; i < s->points; i++) {
        double a = s->rps[i] * service_s;
        if (!(a > 0))
            continue;
        if (n > 0 && !(fabs(a - load[n - 1]) > 1e-14 * a)) {
            times[n - 1] += 1;
            continue;
        }
        load[n] = a;
        times[n++] = 1;
    }
    return n;
}

static double carried_by(const struct part_state *s, double service_s, double servers)
{
    double load[CURVE_POINTS], times[CURVE_POINTS], blocked[CURVE_POINTS], sum = 0;
    size_t n = cold_loads(s, service_s, load, times), queued = 0;
    if (n == 0)
        return 0;
    while (queued < n && load[queued] <= QUEUE_MAX_LOAD)
        queued++;
    bool rises = true; /* loads do, except where a trace's bounds were cut */
    for (size_t i = 1; i < n; i++)
        rises = rises && load[i] > load[i - 1];
    if (!rises)
        queued = n;
    erlang_b_many(servers, load, queued, blocked);
    for (size_t i = 0; i < n; i++)
        sum += times[i] * (load[i] > QUEUE_MAX_LOAD ? fmin(load[i], servers) : load[i] * (1 - blocked[i]));
    return sum / (double)s->points;
}

double cold_mean_carried(struct tables *tables, const struct part_state *s, double service_s, double servers)
{
    if (!(servers > 0))
        return 0;
    const double question[] = {memo_figure(memo_mark(s->points, s->rps, s->points)), service_s, servers};
    bool known;
    double *carried = memo_at(tables->carried, question, sizeof question / sizeof *question, &known);
    if (!known)
        *carried = carried_by(s, service_s, servers);
    return *carried;
}

size_t cold_kept_choices(const struct serving *v, const struct timing *t, double kept[COLD_KEPT_CHOICES])
{
    const struct fit *fit = &v->fit;
    bool may_keep = fit->platform->kept_by != KEPT_BY_NONE && !fit->part->scale_to_zero && fit->part->is_online &&
                    (t->slo.p99_s > 0 || t->slo.p95_s > 0 || t->slo.p50_s > 0);
    const double tried[COLD_KEPT_CHOICES] = {fit->platform->min_instances, 1, 2, v->kept};
    size_t n = 0;
    for (size_t i = 0; i < (may_keep ? COLD_KEPT_CHOICES : 1); i++)
        if (n == 0 || tried[i] > kept[n - 1])
            kept[n++] = tried[i];
    return n;
}

/* Cold starts for the fewest of those with which the percentiles hold, without a search. */
static struct cold_table *cold_table_for(const struct serving *v, const struct market *m, const struct timing *t, const struct part_state *s, double stay_s,
                                         struct arena *scratch)
{
    double kept[COLD_KEPT_CHOICES];
    size_t n = cold_kept_choices(v, t, kept), i = 0;
    while (i + 1 < n && !kept_hold(v, m, t, s, kept[i], stay_s, scratch))
        i++;
    return cold_table_of(&v->fit, t, s, kept[i], stay_s);
}

void cold_latency(const struct timing *t, struct pool_point mean, bool full, struct usage *out)
{
    double p_cold = cold_delayed(mean);
    out->holds = timing_holds(p_cold, t);
    out->latency.cold_start_probability = mean.p_cold;
    out->latency.start_wait_probability = mean.waited;
    out->latency.cold_start_ms = t->start_s * 1000;
    if (!full)
        return;
    out->latency.p50_ms = coldstart_quantile(p_cold, &t->warm, &t->cold, 0.5) * 1000;
    out->latency.p95_ms = coldstart_quantile(p_cold, &t->warm, &t->cold, 0.95) * 1000;
    out->latency.p99_ms = coldstart_quantile(p_cold, &t->warm, &t->cold, 0.99) * 1000;
    out->latency.service_p99_ms = law_quantile(&t->warm, 0.99) * 1000;
    out->latency.queue_p99_ms = 0;
}

double on_demand_stay_s(const struct fit *fit, const struct timing *t)
{
    return fit->platform->scaling == SCALING_TO_ZERO ? fmin(fit->platform->idle_tail_s, t->keepalive_s) : 0;
}

void on_demand_quantities(const struct fit *fit, const struct timing *t, const struct part_state *s, struct pool_point mean,
                          double kept, double carried, struct usage *out)
{
    const struct platform *p = fit->platform;
    double mult = fit->part->multiplicity, requests = s->requests * mult, cold = requests * mean.p_cold;
    double per_instance = cold_at_once(fit), idle_kept = kept > 0 ? fmax(kept - carried, 0) * SECONDS_PER_MONTH * mult : 0;
    double *q = out->q;
    q[QUANTITY_REQUESTS] = requests;
    q[QUANTITY_COLD_STARTS] = cold;
    q[QUANTITY_WARM_IDLE_S] = idle_kept;
    if (p->scaling == SCALING_TO_ZERO) { /* instances are billed while they live */
        double start = p->cold_start_billed ? t->start_s : 0;
        double busy_s = mean.busy * SECONDS_PER_MONTH * mult;
        if (per_instance <= 1) /* the ladder's busy time holds the whole cold response */
            busy_s = requests * t->service_s;
        out->cold_start_s = cold * start;
        double alive = fmax(busy_s + mean.idle * SECONDS_PER_MONTH * mult, cold * fmax(p->min_billed_ms, p->grain_ms / 2) / 1000) + out->cold_start_s;
        alive = fmax(alive, kept * SECONDS_PER_MONTH * mult);
        q[QUANTITY_BUSY_S] = busy_s;
        /* idle_kept is part of it: some platforms bill the minimum's idle seconds at a lower rate. */
        q[QUANTITY_ALIVE_S] = alive;
        q[QUANTITY_REPLICA_H] = alive / 3600;
        q[QUANTITY_MACHINE] = alive / 3600;
        out->mean_replicas = alive / SECONDS_PER_MONTH;
        out->busy_replica_share = alive > 0 ? fmin(busy_s / alive, 1) : NOT_KNOWN;
        return;
    }
    /* Several requests at once share an instance's seconds. */
    double overlap = s->mean_rps > 0 ? mean.busy / (s->mean_rps * t->service_s) : 1;
    if (per_instance <= 1)
        overlap = 1;
    q[QUANTITY_BUSY_S] = requests * timing_billed_s(p, t->service_s) * fmin(overlap, 1);
    out->cold_start_s = p->cold_start_billed ? cold * t->start_s : 0;
    q[QUANTITY_ALIVE_S] = q[QUANTITY_BUSY_S] + out->cold_start_s;
    q[QUANTITY_REPLICA_H] = (q[QUANTITY_BUSY_S] + idle_kept) / 3600;
    out->mean_replicas = q[QUANTITY_REPLICA_H] / HOURS_PER_MONTH;
    out->busy_replica_share = NOT_KNOWN;
}

static struct str method_name(const struct platform *p, const struct part_state *s)
{
    if (s->x[FIGURE_PERIODIC_S] > 0)
        return STR("schedule");
    if (s->x[FIGURE_BURST] > 1)
        return STR("level crossing");
    return p->routing != ROUTING_NEWEST ? STR("birth and death chain") : STR("overflow ladder");
}

void serve_on_demand(struct serving *v, const struct market *m, const struct timing *t, const struct part_state *s, enum effort effort,
                     bool percentiles, struct arena *scratch, struct usage *out)
{
    const struct fit *fit = &v->fit;
    const struct platform *p = fit->platform;
    double stay = on_demand_stay_s(fit, t);
    struct cold_table *table;
    if (effort == EFFORT_EXACT || !v->ready) {
        double kept = p->min_instances;
        cold_set_waiting(v, t, s);
        v->kept = fit->part->is_online ? fmax(cold_kept_needed(v, m, t, s, kept, stay, scratch), kept) : kept;
        v->ready = true;
        table = cold_table_of(fit, t, s, v->kept, stay);
    } else {
        table = cold_table_for(v, m, t, s, stay, scratch);
    }
    struct pool_point mean = cold_mean(v, m, t, s, table, scratch);
    double kept = cold_table_kept(table), per_instance = cold_at_once(fit);
    struct replay_figures seen = {0};
    bool simulated = effort == EFFORT_EXACT &&
                     replay_instances(v, m, t, s, p->min_instances, stay, scratch, &seen);
    if (simulated)
        mean = replayed_mean(t, stay, &seen);
    double carried_load = kept > 0 ? cold_mean_carried(t->tables, s, t->service_s / per_instance, kept) : 0;
    on_demand_quantities(fit, t, s, mean, kept, carried_load, out);
    out->kept = kept * fit->part->multiplicity;
    out->peak_replicas = ceil(s->peak_rps * t->service_s / per_instance) * fit->part->multiplicity;
    out->latency.method = method_name(p, s);
    cold_latency(t, mean, percentiles, out);
    if (simulated)
        replayed_latency(t, &seen, out);
}
