#include "workload/workload.h"

#include "base/arena.h"
#include "workload/shape.h"

#include <math.h>

struct state *state_new(const struct workload *w, struct arena *a)
{
    struct state *s = arena_new(a, struct state, 1);
    s->parts = arena_new(a, struct part_state, w->part_count);
    return s;
}

/* Share of a latency limit that an assumed variation of the service time may use up. */
#define SERVICE_SHARE_OF_LIMIT 0.8

/* Largest variation at which a lognormal service time with this mean has its quantile (normal variate z)
 * at the limit: z sigma - sigma^2 / 2 = ln(limit / mean). */
static double cv_within(double mean_s, double limit_s, double z)
{
    double room = log(fmax(limit_s / mean_s, 1));
    double inside = z * z - 2 * room;
    if (inside <= 0)
        return HUGE_VAL;
    double sigma = z - sqrt(inside);
    return sqrt(expm1(sigma * sigma));
}

/* A variation that nobody answered never makes a limit impossible by itself: it is taken as no more than
 * the stated percentiles leave room for. The report says so, and what a measurement would have to show. */
static void limit_assumed_cv(const struct workload *w, const struct part *p, struct part_state *s)
{
    int v = p->variable[FIGURE_DURATION_CV];
    if (!p->is_online || !(s->service_s > 0) || (v >= 0 && w->variables[v].is_answered))
        return;
    double most = HUGE_VAL;
    if (s->x[FIGURE_P99_MS] > 0)
        most = fmin(most, cv_within(s->service_s, SERVICE_SHARE_OF_LIMIT * s->x[FIGURE_P99_MS] / 1000, 2.3263478740408408));
    if (s->x[FIGURE_P95_MS] > 0)
        most = fmin(most, cv_within(s->service_s, SERVICE_SHARE_OF_LIMIT * s->x[FIGURE_P95_MS] / 1000, 1.6448536269514722));
    s->cv_limited = most < s->x[FIGURE_DURATION_CV];
    if (s->cv_limited)
        s->x[FIGURE_DURATION_CV] = most;
}

static void part_state_at(const struct workload *w, const struct part *p, const double *x, bool exact,
                          struct part_state *s)
{
    for (int f = 0; f < FIGURE_COUNT; f++) {
        int v = p->variable[f];
        s->x[f] = (v < 0 ? p->fixed[f] : x ? x[v] : w->variables[v].likely) * p->share[f];
    }
    if (!(s->x[FIGURE_VCPU] > 0) && !p->is_job)
        s->x[FIGURE_VCPU] = fmin(s->x[FIGURE_MEMORY_MB], WORKLOAD_MB_WITH_VCPU) / WORKLOAD_MB_PER_VCPU;
    if (p->is_job && !p->needs_gpu && !(s->x[FIGURE_MEMORY_MB] > 0))
        s->x[FIGURE_MEMORY_MB] = s->x[FIGURE_VCPU] * WORKLOAD_MB_PER_VCPU;
    s->service_s = s->x[FIGURE_DURATION_MS] / 1000;
    if (p->is_job) {
        s->curve = (struct load_curve){0};
        s->mean_rps = s->peak_rps = s->requests = 0;
        s->points = exact ? CURVE_POINTS : WORKLOAD_DRAW_POINTS;
        for (size_t i = 0; i < s->points; i++)
            s->rps[i] = 0;
        return;
    }
    limit_assumed_cv(w, p, s);
    double per_day = s->x[FIGURE_REQUESTS_PER_DAY];
    if (s->x[FIGURE_STREAMS] > 0 && s->service_s > 0) {
        double held = s->x[FIGURE_STREAMS] / s->service_s * SECONDS_PER_DAY / p->multiplicity;
        if (held > per_day || p->kind == MODEL_STREAMING)
            per_day = held; /* connections that are open on average say how many are opened */
    }
    s->x[FIGURE_REQUESTS_PER_DAY] = per_day;
    s->mean_rps = per_day / SECONDS_PER_DAY;
    s->requests = s->mean_rps * SECONDS_PER_MONTH;
    shape_apply(p, s, exact);
    s->peak_rps = s->curve.peak_rps;
    s->points = exact ? CURVE_POINTS : WORKLOAD_DRAW_POINTS;
    size_t group = CURVE_POINTS / s->points;
    for (size_t i = 0; i < s->points; i++) {
        double sum = 0;
        for (size_t k = 0; k < group; k++)
            sum += s->curve.rps[i * group + k];
        s->rps[i] = sum / (double)group;
    }
}

void state_at(const struct workload *w, const double *x, bool exact, struct state *s)
{
    for (size_t i = 0; i < w->part_count; i++)
        part_state_at(w, &w->parts[i], x, exact, &s->parts[i]);
    for (int g = 0; g < GLOBAL_COUNT; g++)
        s->global[g] = w->global[g] < 0 || !x ? w->global_fixed[g] : x[w->global[g]];
}

double variable_value(const struct variable *v, double z)
{
    if (!(v->high > v->low))
        return v->likely;
    /* 1.2815515655446004 is the standard normal quantile at 0.9. */
    const double z90 = 1.2815515655446004;
    double value;
    if (v->law == LAW_SPLIT_LOGNORMAL)
        value = v->likely * exp(z > 0 ? log(v->high / v->likely) * z / z90 : -log(v->low / v->likely) * z / z90);
    else
        value = v->likely + (z > 0 ? (v->high - v->likely) : (v->likely - v->low)) * z / z90;
    return fmin(fmax(value, v->least), v->most);
}

int workload_variable(const struct workload *w, struct str path)
{
    for (size_t i = 0; i < w->variable_count; i++)
        if (str_equal(w->variables[i].path, path))
            return (int)i;
    return -1;
}

void part_state_split(const struct part_state *s, double limit, bool is_base, struct part_state *out)
{
    double sum = 0;
    for (size_t i = 0; i < FIGURE_COUNT; i++)
        out->x[i] = s->x[i];
    out->points = s->points;
    out->curve.peak_rps = s->curve.peak_rps;
    out->service_s = s->service_s;
    /* Each point of the curve is split, then the pieces are their means: a piece holds points on both sides. */
    size_t group = CURVE_POINTS / s->points;
    for (size_t i = 0; i < s->points; i++) {
        double own = 0;
        for (size_t k = i * group; k < (i + 1) * group; k++) {
            double rate = s->curve.rps[k], low = rate < limit ? rate : limit;
            own += is_base ? low : rate - low;
        }
        out->rps[i] = own / (double)group;
        sum += out->rps[i];
    }
    out->mean_rps = sum / (double)s->points;
    out->peak_rps = is_base ? fmin(s->peak_rps, limit) : fmax(s->peak_rps - limit, 0);
    out->above_rps = is_base ? 0 : limit;
    out->below_rps = is_base ? limit : 0;
    out->requests = out->mean_rps * SECONDS_PER_MONTH;
    out->x[FIGURE_REQUESTS_PER_DAY] = out->mean_rps * SECONDS_PER_DAY;
}
