#include "cost/serving_parts.h"

#include "cost/replay.h"
#include "cost/tables.h"
#include "latency/erlang.h"

#include <math.h>

/* Loads of two instances next to each other, mean over the curve: what each takes over from those before it. Falls with the rank. */
struct neighbours {
    double first, second;
};

static double fluid(double load, double rank)
{
    return fmin(fmax(load - (rank - 1), 0), 1);
}

/* Of the instances number `rank` and rank + 1. */
static struct neighbours loads_of_ranks(const double *load, const double *times, size_t n, double points, double rank)
{
    double blocked[CURVE_POINTS];
    struct neighbours sum = {0, 0};
    size_t from = 0, to = n;
    /* Far below the rank nothing reaches it (less than 1e-16). */
    while (from < n && rank > load[from] + 10 * sqrt(load[from]) + 25)
        from++;
    while (to > from && load[to - 1] > QUEUE_MAX_LOAD)
        to--;
    erlang_b_many(rank - 1, load + from, to - from, blocked);
    for (size_t i = from; i < to; i++) {
        double before = blocked[i - from], after = load[i] * before / (rank + load[i] * before);
        double last = load[i] * after / (rank + 1 + load[i] * after);
        sum.first += times[i] * load[i] * (before - after);
        sum.second += times[i] * load[i] * (after - last);
    }
    for (size_t i = to; i < n; i++) {
        sum.first += times[i] * fluid(load[i], rank);
        sum.second += times[i] * fluid(load[i], rank + 1);
    }
    return (struct neighbours){sum.first / points, sum.second / points};
}

/* Most instances of low to high - 1 of which the last still carries the load `pays`: from the load that is exceeded so
 * often, along the line through two neighbours; every third step halves what is left. */
static double most_that_pay(const struct part_state *s, double service_s, double pays, double low, double high)
{
    double load[CURVE_POINTS], times[CURVE_POINTS], points = (double)s->points;
    size_t n = cold_loads(s, service_s, load, times);
    if (n == 0)
        return low;
    double above = 0, at = load[0];
    for (size_t i = n; i-- > 0 && above < pays * points;) {
        above += times[i];
        at = load[i];
    }
    for (int step = 1; high - low > 1; step++) {
        at = fmin(fmax(floor(at), low + 1), high - 1);
        struct neighbours carried = loads_of_ranks(load, times, n, points, at);
        if (!(carried.first >= pays)) {
            high = at;
        } else if (at + 1 < high && carried.second >= pays) {
            low = at + 1;
        } else {
            low = at;
            high = at + 1;
        }
        double fall = carried.first - carried.second;
        at = step % 3 == 0 || !(fall > 0) ? (low + high) / 2 : at + (carried.first - pays) / fall;
    }
    return low;
}

void provisioned_quantities(const struct fit *fit, const struct timing *t, const struct part_state *s, double p_cold, double kept,
                            double carried, struct usage *out)
{
    double mult = fit->part->multiplicity, requests = s->requests * mult, offered = s->mean_rps * t->service_s;
    double billed = timing_billed_s(fit->platform, t->service_s) / t->service_s;
    double *q = out->q;
    q[QUANTITY_REQUESTS] = requests;
    q[QUANTITY_COLD_STARTS] = requests * p_cold;
    q[QUANTITY_PROVISIONED_S] = kept * SECONDS_PER_MONTH * mult;
    q[QUANTITY_PROVISIONED_BUSY_S] = carried * billed * SECONDS_PER_MONTH * mult;
    q[QUANTITY_OVERFLOW_BUSY_S] = fmax(offered - carried, 0) * billed * SECONDS_PER_MONTH * mult;
    q[QUANTITY_BUSY_S] = offered * billed * SECONDS_PER_MONTH * mult;
    q[QUANTITY_ALIVE_S] = q[QUANTITY_PROVISIONED_S] + q[QUANTITY_OVERFLOW_BUSY_S];
    out->cold_start_s = fit->platform->cold_start_billed ? requests * p_cold * t->start_s : 0;
    out->mean_replicas = q[QUANTITY_ALIVE_S] / SECONDS_PER_MONTH;
    out->busy_replica_share = kept > 0 ? carried / kept : NOT_KNOWN;
}

double provisioned_that_pay(const struct fit *fit, const struct timing *t, const struct part_state *s)
{
    double pays = fit->reserved_pays; /* busy share from which a reserved second is cheaper than an on-demand one */
    double high = fmax(ceil(s->peak_rps * t->service_s) + 1, 1);
    if (!(pays > 0) || !(pays < 1))
        return 1;
    const double question[] = {memo_figure(memo_mark(s->points, s->rps, s->points)), t->service_s, pays, high};
    bool known;
    double *reserved = memo_at(t->tables->reserved, question, sizeof question / sizeof *question, &known);
    if (!known)
        *reserved = most_that_pay(s, t->service_s, pays, 1, high);
    return *reserved;
}

/* Reserved instances: as many as the percentiles need, more while the load they carry pays for them. */
static void reserve(struct serving *v, const struct market *m, const struct timing *t, const struct part_state *s,
                    struct arena *scratch)
{
    const struct fit *fit = &v->fit;
    double best = provisioned_that_pay(fit, t, s);
    cold_set_waiting(v, t, s);
    if (!timing_holds(cold_delayed(cold_mean(v, m, t, s, cold_table_of(fit, t, s, best, 0), scratch)), t))
        best = fmax(best, cold_kept_needed(v, m, t, s, 1, 0, scratch)); /* more may help; where none does, those that pay are reserved */
    v->kept = best;
    v->ready = true;
}

void serve_provisioned(struct serving *v, const struct market *m, const struct timing *t, const struct part_state *s, enum effort effort,
                       bool percentiles, struct arena *scratch, struct usage *out)
{
    const struct fit *fit = &v->fit;
    reserve(v, m, t, s, scratch);
    struct pool_point mean = cold_mean(v, m, t, s, cold_table_of(fit, t, s, v->kept, 0), scratch);
    struct replay_figures seen = {0};
    bool simulated = effort == EFFORT_EXACT && replay_instances(v, m, t, s, v->kept, 0, scratch, &seen);
    if (simulated)
        mean = replayed_mean(t, 0, &seen);
    provisioned_quantities(fit, t, s, mean.p_cold, v->kept, cold_mean_carried(t->tables, s, t->service_s, v->kept), out);
    out->kept = v->kept * fit->part->multiplicity;
    out->peak_replicas = fmax(v->kept, ceil(s->peak_rps * t->service_s)) * fit->part->multiplicity;
    out->latency.method = STR("overflow ladder");
    cold_latency(t, mean, percentiles, out);
    if (simulated)
        replayed_latency(t, &seen, out);
}
