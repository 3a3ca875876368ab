#include "cost/serving_parts.h"

#include "cost/replay.h"

#include <math.h>

#define CARRIED_MOST 1024

/* Means over the curve of the load that the first n instances carry, n = 0 to most, in one pass: 1 / B of n
 * servers follows from that of n - 1. */
static void carried_fill(const struct part_state *s, double service_s, size_t most, double *carried_by)
{
    double load[CURVE_POINTS], per_load[CURVE_POINTS], inverse[CURVE_POINTS], times[CURVE_POINTS];
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
        per_load[n] = 1 / a;
        inverse[n] = times[n] = 1;
        n++;
    }
    carried_by[0] = 0;
    for (size_t k = 1; k <= most; k++) {
        double sum = 0;
        for (size_t i = 0; i < n; i++) {
            inverse[i] = 1 + inverse[i] * ((double)k * per_load[i]);
            sum += times[i] * load[i] * (1 - 1 / inverse[i]);
        }
        carried_by[k] = sum / (double)s->points;
    }
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

/* Reserved instances: as many as the percentiles need, more while the load they carry pays for them. */
static void reserve(struct serving *v, const struct market *m, const struct timing *t, const struct part_state *s,
                    struct arena *scratch)
{
    const struct fit *fit = &v->fit;
    cold_set_waiting(v, t, s);
    cold_table_fill(&v->cold, fit, t, s, 1, 0, scratch);
    double needed = fmax(cold_kept_needed(v, m, t, s, 0, scratch), 1);
    /* Busy share from which a reserved second is cheaper than an on-demand one. */
    double pays = fit->reserved_pays;
    double best = needed;
    if (pays > 0 && pays < 1) {
        double low = needed, high = fmax(needed, ceil(s->peak_rps * t->service_s) + 1);
        double carried_by[CARRIED_MOST + 1];
        bool is_known = high <= CARRIED_MOST;
        if (is_known)
            carried_fill(s, t->service_s, (size_t)high, carried_by);
        while (high - low > 1) { /* the load of one more instance falls with every one */
            double mid = floor((low + high) / 2);
            double more = is_known ? carried_by[(size_t)mid] - carried_by[(size_t)mid - 1]
                                   : cold_mean_carried(s, t->service_s, mid) - cold_mean_carried(s, t->service_s, mid - 1);
            if (more >= pays)
                low = mid;
            else
                high = mid;
        }
        best = low;
    }
    v->kept = best;
    cold_table_fill(&v->cold, fit, t, s, best, 0, scratch);
    v->ready = true;
}

void serve_provisioned(struct serving *v, const struct market *m, const struct timing *t, const struct part_state *s, enum effort effort,
                       bool percentiles, struct arena *scratch, struct usage *out)
{
    const struct fit *fit = &v->fit;
    reserve(v, m, t, s, scratch);
    struct pool_point mean = cold_mean(v, m, t, s, &v->cold);
    struct replay_figures seen = {0};
    bool simulated = effort == EFFORT_EXACT && replay_instances(v, m, t, s, v->kept, 0, scratch, &seen);
    if (simulated)
        mean = replayed_mean(t, 0, &seen);
    provisioned_quantities(fit, t, s, mean.p_cold, v->kept, cold_mean_carried(s, t->service_s, v->kept), out);
    out->kept = v->kept * fit->part->multiplicity;
    out->peak_replicas = fmax(v->kept, ceil(s->peak_rps * t->service_s)) * fit->part->multiplicity;
    out->latency.method = STR("overflow ladder");
    cold_latency(t, mean, percentiles, out);
    if (simulated)
        replayed_latency(t, &seen, out);
}
