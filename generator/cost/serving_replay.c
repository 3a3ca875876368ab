#include "cost/serving_parts.h"

#include "cost/replay.h"

#include <math.h>

/* Closed forms hold for steady rates; a trace is played, but for connections: what is played are whole responses. */
static bool is_simulated(const struct market *m, const struct part *p, const struct part_state *s)
{
    return m->replay && m->replay->runs && m->replay->trace && s->mean_rps > 0 && p->kind != MODEL_STREAMING;
}

static bool replay_kept(const struct serving *v, const struct market *m, const struct timing *t,
                        const struct part_state *s, double kept, double stay_s, struct replay_figures *out)
{
    static const enum route ROUTES[] = {
        [ROUTING_NEWEST] = ROUTE_NEWEST, [ROUTING_RANDOM] = ROUTE_RANDOM, [ROUTING_LEAST_RECENT] = ROUTE_OLDEST_USED};
    double once = fmax(floor(cold_at_once(&v->fit)), 1);
    struct replay_load l = {.part = v->fit.part,
                            .state = s,
                            .pool = {.warm = t->warm,
                                     .cold = once > 1 ? law_lognormal(fmax(t->start_s, 1e-6), t->cold.cv) : t->cold,
                                     .keepalive_s = t->keepalive_s,
                                     .concurrency = (uint32_t)fmin(once, 1e6),
                                     .routing = ROUTES[v->fit.platform->routing],
                                     .always_on = (uint32_t)kept,
                                     .idle_tail_s = stay_s}};
    return replay_pool(m->replay, &l, out);
}

bool replayed_hold(const struct replay_figures *f, const struct timing *t)
{
    const double limit[3] = {t->slo.p50_s, t->slo.p95_s, t->slo.p99_s}, got[3] = {f->p50_s, f->p95_s, f->p99_s};
    for (int i = 0; i < 3; i++)
        if (limit[i] > 0 && got[i] > limit[i] * (1 + 1e-3)) /* the histogram's bins */
            return false;
    return true;
}

/* Cold shares of a simulation over those of the closed form. A share that the closed form does not see at
 * all is added, not multiplied. */
static struct replay_share share_of(double closed, const struct replay_figures *f)
{
    struct replay_share out = {1, 0};
    double times = closed > 0 ? f->p_cold / closed : HUGE_VAL;
    if (times > 1.0 / 30 && times < 30)
        out.times = times;
    else
        out.more = f->p_cold - closed;
    return out;
}

static double idle_of(const struct replay_figures *f, const struct timing *t, double stay_s)
{
    return stay_s < t->keepalive_s ? stay_s > 0 ? f->tail : 0 : f->idle;
}

static struct pool_point closed_form(const struct serving *v, const struct timing *t, const struct part_state *s,
                                     double kept, double stay_s, struct arena *scratch)
{
    return cold_table_mean(cold_table_of(&v->fit, t, s, kept, stay_s), s->rps, s->points, t->service_s, scratch);
}

static double over(double a, double b)
{
    return a > 0 && b > 0 ? a / b : 1;
}

bool replay_instances(struct serving *v, const struct market *m, const struct timing *t,
                             const struct part_state *s, double least, double stay_s,
                             struct arena *scratch, struct replay_figures *best)
{
    const struct platform *p = v->fit.platform;
    struct replay_figures bare, f;
    if (!is_simulated(m, v->fit.part, s) || !replay_kept(v, m, t, s, least, stay_s, &bare))
        return false;
    double kept = least;
    *best = bare;
    bool may_keep = p->kept_by != KEPT_BY_NONE && !v->fit.part->scale_to_zero && v->fit.part->is_online && timing_holds(0, t);
    if (!replayed_hold(&bare, t) && may_keep) {
        double most = fmin(fmax(ceil(s->peak_rps * t->service_s * 1.5 + 4 * sqrt(s->peak_rps * t->service_s) + 2), 2), KEPT_MAX);
        double low = least, high = fmax(v->kept, least + 1);
        bool found = false, spent = false;
        while (!found && !spent && low < most) {
            spent = !replay_kept(v, m, t, s, high, stay_s, &f);
            found = !spent && replayed_hold(&f, t);
            if (found)
                *best = f;
            else if (!spent) {
                low = high;
                high = fmin(fmax(high * 2, high + 1), fmax(most, high + 1));
            }
        }
        while (found && high - low > 1 && !spent) {
            double mid = floor((low + high) / 2);
            spent = !replay_kept(v, m, t, s, mid, stay_s, &f);
            if (!spent && replayed_hold(&f, t)) {
                high = mid;
                *best = f;
            } else if (!spent) {
                low = mid;
            }
        }
        if (!found && spent)
            return false;
        if (found)
            kept = high;
    }
    v->kept = kept;
    struct pool_point closed = closed_form(v, t, s, least, stay_s, scratch);
    struct replay_ratio ratio = *replay_ratio(m->replay, p, v->fit.part);
    ratio.known = true;
    ratio.bare = share_of(closed.p_cold, &bare);
    if (kept > least)
        closed = closed_form(v, t, s, kept, stay_s, scratch);
    ratio.kept = kept > least ? share_of(closed.p_cold, best) : ratio.bare;
    ratio.waited_times = best->p_cold > 0 ? best->p_waited / best->p_cold : 0;
    ratio.idle_times = over(idle_of(best, t, stay_s), closed.idle);
    ratio.busy_times = over(best->busy, closed.busy);
    if (!(s->above_rps > 0) && !(s->below_rps > 0))
        *replay_ratio(m->replay, p, v->fit.part) = ratio;
    return true;
}

struct pool_point replayed_mean(const struct timing *t, double stay_s, const struct replay_figures *f)
{
    return (struct pool_point){f->p_cold, idle_of(f, t, stay_s), f->busy, f->p_waited};
}

void replayed_latency(const struct timing *t, const struct replay_figures *f, struct usage *out)
{
    out->latency.method = STR("simulation");
    out->latency.simulated_requests = f->requests;
    out->holds = replayed_hold(f, t);
    out->latency.p50_ms = f->p50_s * 1000;
    out->latency.p95_ms = f->p95_s * 1000;
    out->latency.p99_ms = f->p99_s * 1000;
}
