#include "cost/serving_parts.h"

#include "cost/replay.h"

#include <math.h>

/* Cold tables are interpolated and, with several requests an instance, approximated: a bound keeps this far below
 * what holds exactly. */
#define CERTAIN 0.9

/* Kept idle instances are credited where the platform bills them at a lower rate: then more may cost less. */
static bool credits_idle(const struct platform *p)
{
    for (size_t i = 0; i < p->meter_count; i++)
        if (p->meters[i].is_credit && p->meters[i].quantity == QUANTITY_WARM_IDLE_S)
            return true;
    return false;
}

/* No more than exp(-x), x >= 0: (1 - x/64)^64, which is 1 % below at 1. */
static inline double exp_least(double x)
{
    double y = x < 64 ? 1 - x / 64 : 0;
    for (int i = 0; i < 6; i++)
        y *= y;
    return y;
}

/* No more than 1 - exp(-x), x >= 0: four terms of the series of exp(x), which is 1 % below at 4. */
static inline double some_least(double x)
{
    return 1 - 1 / (1 + x * (1 + x * (0.5 + x * (1.0 / 6 + x * (1.0 / 24)))));
}

/*
 * Instances that requests alone keep busy: as many as are full, and one whenever anything is served. And those that
 * idle for up to `stay_s`: one whenever nothing is served and the last request ended no longer ago than that. Arrivals are
 * Poisson, in bursts of `burst`; on a schedule nothing is certain of the gaps.
 */
static struct pool_point least_point(const struct timing *t, const struct part_state *s, double at_once, double stay_s)
{
    struct pool_point sum = {0, 0, 0, 0};
    double per_burst = 1 / fmax(s->x[FIGURE_BURST], 1);
    bool is_random = !(s->x[FIGURE_PERIODIC_S] > 0);
    for (size_t i = 0; i < s->points; i++) {
        double load = s->rps[i] * t->service_s;
        if (at_once > 1) {
            double some = is_random ? some_least(load * per_burst) : 0, full = load / at_once;
            sum.busy += CERTAIN * (full > some ? full : some);
        } else {
            sum.busy += load;
        }
        if (is_random && stay_s > 0 && load < 64)
            sum.idle += CERTAIN * exp_least(load) * some_least(s->rps[i] * per_burst * stay_s);
    }
    sum.busy /= (double)s->points;
    sum.idle /= (double)s->points;
    return sum;
}

bool serve_least(const struct serving *v, const struct market *m, const struct timing *t, const struct part_state *s, struct usage *out)
{
    const struct fit *fit = &v->fit;
    const struct platform *p = fit->platform;
    if (m->replay && m->replay->trace)
        return false; /* simulated: no closed form bounds that */
    if (p->scaling == SCALING_PROVISIONED) {
        double kept = provisioned_that_pay(fit, t, s);
        provisioned_quantities(fit, t, s, 0, kept, cold_mean_carried(t->tables, s, t->service_s, kept), out);
    } else if ((p->scaling == SCALING_PER_REQUEST || p->scaling == SCALING_TO_ZERO) && !(p->min_instances > 0) && !credits_idle(p)) {
        on_demand_quantities(fit, t, s, least_point(t, s, cold_at_once(fit), on_demand_stay_s(fit, t)), 0, 0, out);
    } else {
        return false;
    }
    out->holds = out->is_least = true;
    return true;
}
