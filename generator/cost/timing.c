#include "cost/timing.h"

#include <math.h>

/* What a caller notices of a connection that is served at once: a nanosecond, one in a thousand more or less. */
#define AT_ONCE_S 1e-9
#define AT_ONCE_SPREAD 1e-3

struct law timing_answer(const struct part *p, double service_s, double cv)
{
    struct law out = law_lognormal(service_s, cv);
    if (p->kind != MODEL_STREAMING || p->is_job)
        return out;
    out.kind = LAW_LOGNORMAL;
    out.mu = log(AT_ONCE_S);
    out.sigma = AT_ONCE_SPREAD;
    return out;
}

double timing_cold_answer_s(const struct part *p, double start_s, double service_s)
{
    return p->kind == MODEL_STREAMING && !p->is_job ? fmax(start_s, AT_ONCE_S) : start_s + service_s;
}

struct timing timing_of(const struct fit *fit, const struct market *m, const struct part_state *s,
                             const double *global)
{
    struct timing t = {.tables = m->tables};
    double slow = fit->ratio.time_likely;
    if (!fit->ratio.is_stated)
        slow *= global[GLOBAL_HARDWARE];
    t.service_s = s->service_s * slow;
    t.start_s = fit->platform->start_ms.likely / 1000 * global[GLOBAL_START] + fit_load_s(m, s);
    t.cold_s = t.start_s + t.service_s;
    t.keepalive_s = fmax(fit->platform->keep_alive_s.likely * global[GLOBAL_KEEP_ALIVE], 1e-3);
    t.service = law_lognormal(t.service_s, s->x[FIGURE_DURATION_CV]);
    t.warm = timing_answer(fit->part, t.service_s, s->x[FIGURE_DURATION_CV]);
    t.cold = law_lognormal(timing_cold_answer_s(fit->part, t.start_s, t.service_s), policy_number(m->policy, PARAMETER_COLD_CV));
    t.slo = (struct slo){s->x[FIGURE_P50_MS] / 1000, s->x[FIGURE_P95_MS] / 1000, s->x[FIGURE_P99_MS] / 1000};
    return t;
}

bool timing_holds(double p_cold, const struct timing *t)
{
    const double limit[3] = {t->slo.p50_s, t->slo.p95_s, t->slo.p99_s};
    static const double ALLOWED[3] = {0.5, 0.05, 0.01};
    for (int i = 0; i < 3; i++) {
        if (!(limit[i] > 0))
            continue;
        double tail = (1 - p_cold) * law_tail(&t->warm, limit[i]) + p_cold * law_tail(&t->cold, limit[i]);
        if (tail > ALLOWED[i] * (1 + 1e-9))
            return false;
    }
    return true;
}

double timing_billed_s(const struct platform *p, double seconds)
{
    double ms = fmax(seconds * 1000, p->min_billed_ms);
    if (p->grain_ms > 0)
        ms = ceil(ms / p->grain_ms - 1e-6) * p->grain_ms;
    return ms / 1000;
}
