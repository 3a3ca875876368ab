#include "cost/cold_table.h"

#include "cost/tables.h"
#include "latency/coldstart.h"
#include "latency/crossing.h"
#include "latency/shared.h"
#include "latency/spread.h"

#include <math.h>

/* Above this load the overflow ladder is scaled by its square-root rule instead of computed. */
#define LADDER_MAX_LOAD 40.0
/* The same for platforms that do not prefer the newest instance (latency/spread.h), which costs less. */
#define SPREAD_MAX_LOAD 100.0
#define EXACT_TABLE_POINTS 16

double cold_at_once(const struct fit *fit)
{
    return fit->concurrency * (fit->machine && fit->machine->vcpu > 0 ? fit->per_machine : 1);
}

static struct pool_point solve_point(const struct fit *fit, const struct timing *t,
                                     const struct part_state *s, double rate, double kept, double stay_s,
                                     struct arena *scratch)
{
    struct pool_point out = {0};
    double per_instance = cold_at_once(fit);
    double burst = fmax(s->x[FIGURE_BURST], 1);
    if (fit->platform->routing != ROUTING_NEWEST && burst <= 1 && !(s->x[FIGURE_PERIODIC_S] > 0)) {
        struct spread_load l = {.rate_per_s = rate, .service_s = t->service_s, .keepalive_s = t->keepalive_s, .idle_tail_s = stay_s,
                                .requests_at_once = fmax(floor(per_instance), 1), .always_on = kept,
                                .longest_idle_first = fit->platform->routing == ROUTING_LEAST_RECENT};
        struct spread_pool c = spread_solve(&l);
        out.p_cold = c.p_cold;
        out.busy = c.busy;
        out.idle = stay_s < t->keepalive_s ? c.tail : c.alive - c.busy;
        return out;
    }
    if (per_instance > 1 && burst <= 1) {
        struct shared_load l = {.rate_per_s = rate, .service_s = t->service_s, .keepalive_s = t->keepalive_s, .idle_tail_s = stay_s,
                                .requests_at_once = floor(per_instance), .always_on = kept};
        struct shared_pool c = shared_solve(&l, scratch);
        out.p_cold = c.p_cold;
        out.busy = c.busy;
        out.idle = stay_s < t->keepalive_s ? c.tail : c.alive - c.busy;
        return out;
    }
    if (burst > 1) {
        struct crossing_load l = {.rate_per_s = rate, .burst = burst, .service_s = t->service_s, .keepalive_s = t->keepalive_s,
                                  .requests_at_once = fmax(floor(per_instance), 1), .always_on = kept};
        struct crossing c = crossing_solve(&l);
        out.p_cold = c.p_cold;
        out.busy = c.busy;
        if (!(stay_s > 0) && !(kept > 0))
            return out;
        l.keepalive_s = fmin(stay_s, t->keepalive_s);
        c = crossing_solve(&l);
        out.idle = fmax(c.alive - out.busy, 0);
        return out;
    }
    struct coldstart_load l = {.rate_per_s = rate, .warm_s = t->service_s, .cold_s = t->cold_s, .keepalive_s = t->keepalive_s, .always_on = kept};
    struct coldstart c = s->x[FIGURE_PERIODIC_S] > 0 ? coldstart_periodic(&l, s->x[FIGURE_PERIODIC_S])
                                                      : coldstart_by_ranks(t->tables->ranks, &l, scratch);
    out.p_cold = c.p_cold;
    out.busy = c.busy;
    out.idle = c.idle;
    if (stay_s < t->keepalive_s) {
        if (stay_s > 0) {
            l.keepalive_s = stay_s;
            out.idle = (s->x[FIGURE_PERIODIC_S] > 0 ? coldstart_periodic(&l, s->x[FIGURE_PERIODIC_S])
                                                     : coldstart_by_ranks(t->tables->ranks, &l, scratch)).idle;
        } else {
            out.idle = 0;
        }
    }
    return out;
}

void cold_table_between(struct cold_table *table, size_t n, double bottom, double top,
                          const struct fit *fit, const struct timing *t, const struct part_state *s,
                          double kept, double stay_s, struct arena *scratch)
{
    double step = n > 1 ? log(top / bottom) / (double)(n - 1) : 0;
    for (size_t i = 0; i < n; i++) {
        double rate = n == 1 ? top : bottom * exp(step * (double)i);
        struct pool_point p = solve_point(fit, t, s, rate, kept, stay_s, scratch);
        table->load[i] = rate * t->service_s;
        table->p_cold[i] = p.p_cold;
        table->idle[i] = p.idle;
        table->busy[i] = p.busy;
        table->log_cold[i] = log(fmax(p.p_cold, 1e-300));
    }
    table->log_load = log(bottom * t->service_s);
    table->per_log = n > 1 ? 1 / step : 0;
    table->count = n;
    table->kept = kept;
    /* Beyond the table: the idle pool grows and the cold share falls with the square root of the load in the
     * end, and slowly towards it. Halfway between that and the power law of the last two points is within
     * 1 % of the ladder up to 16 times the load. */
    size_t last = n - 1;
    table->idle_power = 0.5;
    table->cold_power = -0.5;
    if (last > 0 && table->idle[last] > 0 && table->idle[last - 1] > 0 && table->p_cold[last] > 0) {
        double idle_power = log(table->idle[last] / table->idle[last - 1]) / step;
        double cold_power = (table->log_cold[last] - table->log_cold[last - 1]) / step;
        table->idle_power = (fmin(fmax(idle_power, 0), 1) + 0.5) / 2;
        table->cold_power = (fmin(fmax(cold_power, -1), 0) - 0.5) / 2;
    }
}

double cold_table_most(const struct fit *fit, double kept)
{
    return fmax(fit->platform->routing == ROUTING_NEWEST ? LADDER_MAX_LOAD : SPREAD_MAX_LOAD, 2 * kept);
}

void cold_table_fill(struct cold_table *table, const struct fit *fit, const struct timing *t,
                            const struct part_state *s, double kept, double stay_s, struct arena *scratch)
{
    double low = HUGE_VAL, high = 0;
    for (size_t i = 0; i < s->points; i++) {
        double rate = s->rps[i];
        if (rate > 0) {
            low = fmin(low, rate);
            high = fmax(high, rate);
        }
    }
    table->count = 0;
    if (!(high > 0))
        return;
    double most = cold_table_most(fit, kept) / t->service_s;
    double bottom = fmin(fmax(low, high * 1e-5), high > most ? most / 1.5 : most), top = fmin(high, most);
    size_t n = top > bottom * (1 + 1e-6) ? EXACT_TABLE_POINTS : 1;
    const double question[] = {bottom, top, kept, stay_s, t->service_s, t->cold_s, t->keepalive_s, cold_at_once(fit), (double)fit->platform->routing,
                               s->x[FIGURE_BURST], s->x[FIGURE_PERIODIC_S]};
    bool known;
    struct cold_table *kept_table = memo_at(t->tables->cold, question, sizeof question / sizeof *question, &known);
    if (!known)
        cold_table_between(kept_table, n, bottom, top, fit, t, s, kept, stay_s, scratch);
    *table = *kept_table;
}

static struct pool_point cold_table_at(const struct cold_table *t, double load)
{
    struct pool_point out = {1, 0, load, 0};
    if (t->count == 0 || !(load > 0))
        return (struct pool_point){0, 0, 0, 0};
    size_t last = t->count - 1;
    if (load >= t->load[last]) {
        double scale = load / t->load[last];
        out.p_cold = t->p_cold[last] * (scale > 1 + 1e-9 ? pow(scale, t->cold_power) : 1);
        out.idle = t->idle[last] * pow(scale, t->idle_power);
        out.busy = t->busy[last] * scale;
        return out;
    }
    if (load <= t->load[0]) {
        /* Below the table the first instance dominates: its idle time falls with the rate. */
        double scale = load / t->load[0];
        out.p_cold = t->p_cold[0];
        out.idle = t->idle[0] * scale;
        out.busy = t->busy[0] * scale;
        return out;
    }
    double place = fmax((log(load) - t->log_load) * t->per_log, 0);
    size_t i = place < (double)last - 1 ? (size_t)place : last - 1;
    double part = place - (double)i;
    out.p_cold = exp(t->log_cold[i] + (t->log_cold[i + 1] - t->log_cold[i]) * part);
    out.idle = t->idle[i] + (t->idle[i + 1] - t->idle[i]) * part;
    /* busy is nearly proportional to load: interpolate the ratio, not the log. */
    double r0 = t->busy[i] / t->load[i], r1 = t->busy[i + 1] / t->load[i + 1];
    out.busy = load * (r0 + (r1 - r0) * part);
    return out;
}

struct pool_point cold_table_mean(const struct cold_table *table, const struct part_state *s,
                                         double service_s)
{
    struct pool_point sum = {0, 0, 0, 0};
    double rates = 0, last_rate = -1;
    struct pool_point last = {0, 0, 0, 0};
    for (size_t i = 0; i < s->points; i++) {
        double rate = s->rps[i];
        if (rate > last_rate || rate < last_rate) {
            last = cold_table_at(table, rate * service_s);
            last_rate = rate;
        }
        sum.p_cold += last.p_cold * rate;
        sum.idle += last.idle;
        sum.busy += last.busy;
        rates += rate;
    }
    sum.p_cold = rates > 0 ? sum.p_cold / rates : 0;
    sum.idle /= (double)s->points;
    sum.busy /= (double)s->points;
    return sum;
}
