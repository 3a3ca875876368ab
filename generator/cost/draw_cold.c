#include "cost/draw_parts.h"

#include "base/arena.h"
#include "cost/replay.h"
#include "cost/tables.h"
#include "latency/erlang.h"

#include <math.h>

/* Tables for draws reach so many times beyond the curve, and no lower than that load. */
#define WIDE_REACH 6.0
#define WIDE_LOW_LOAD 1e-5

/* ---- load that always-on instances carry ---- */

/* Up to so many instances the loss is its own recursion; for more it is interpolated. */
#define DIRECT_MOST 24
/* Rows of the table stand this part of a standard deviation of the load apart. */
#define CARRIED_STEP 0.05
/* Loads, over the number of instances, below which nothing is lost and beyond which the table ends. */
#define CARRIED_LOW 0.02
#define CARRIED_HIGH 50.0

struct draw_carried {
    double kept, log_first, per_log;
    size_t count;
    double *share; /* 1 - Erlang B, by row; negative: not computed yet */
};

static struct draw_carried *carried_new(double kept, struct arena *a)
{
    struct draw_carried *t = arena_new(a, struct draw_carried, 1);
    t->kept = kept;
    if (!(kept > DIRECT_MOST))
        return t;
    t->log_first = log(kept * CARRIED_LOW);
    t->per_log = sqrt(kept) / CARRIED_STEP;
    t->count = (size_t)(log(CARRIED_HIGH / CARRIED_LOW) * t->per_log) + 4;
    t->share = arena_new(a, double, t->count);
    for (size_t i = 0; i < t->count; i++)
        t->share[i] = -1;
    return t;
}

static double carried_row(struct draw_carried *t, size_t row)
{
    if (t->share[row] < 0)
        t->share[row] = 1 - erlang_b(t->kept, exp(t->log_first + (double)row / t->per_log));
    return t->share[row];
}

static double carried_at(struct draw_carried *t, double load)
{
    if (load > QUEUE_MAX_LOAD)
        return fmin(load, t->kept);
    if (load < t->kept * CARRIED_LOW)
        return load;
    double place = (log(load) - t->log_first) * t->per_log;
    if (!(place < (double)(t->count - 3)))
        return load * (1 - erlang_b(t->kept, load));
    size_t from = place > 1 ? (size_t)place - 1 : 0;
    double x = place - (double)from, a = x - 1, b = x - 2, c = x - 3;
    return load * (-carried_row(t, from) * a * b * c / 6 + carried_row(t, from + 1) * x * b * c / 2 -
                   carried_row(t, from + 2) * x * a * c / 2 + carried_row(t, from + 3) * x * a * b / 6);
}

/* Mean over the pieces of the month. */
static double carried_mean(struct draw_carried *t, const double rps[DRAW_POINTS], double service_s)
{
    double sum = 0;
    if (t->share) {
        double last = 0;
        for (size_t i = 0; i < DRAW_POINTS; i++) {
            if (i == 0 || rps[i] > rps[i - 1] || rps[i] < rps[i - 1])
                last = rps[i] > 0 ? carried_at(t, rps[i] * service_s) : 0;
            sum += last;
        }
        return sum / DRAW_POINTS;
    }
    double inverse[DRAW_POINTS], per_load[DRAW_POINTS]; /* 1 / B of n servers from that of n - 1 */
    for (size_t i = 0; i < DRAW_POINTS; i++) {
        inverse[i] = 1;
        per_load[i] = rps[i] > 0 ? 1 / (rps[i] * service_s) : HUGE_VAL;
    }
    for (double n = 1; n <= t->kept; n++)
        for (size_t i = 0; i < DRAW_POINTS; i++)
            inverse[i] = 1 + inverse[i] * (n * per_load[i]);
    for (size_t i = 0; i < DRAW_POINTS; i++) {
        double load = rps[i] * service_s;
        sum += load > QUEUE_MAX_LOAD ? fmin(load, t->kept) : load * (1 - 1 / inverse[i]);
    }
    return sum / DRAW_POINTS;
}

/* ---- tables ---- */

struct draw_instances draw_instances_of(const struct member *m, const struct draw_speed *speed, bool fixed, const struct draw_context *c)
{
    const struct fit *fit = &m->serving.fit;
    struct draw_instances v = {.fit = fit, .speed = speed, .serving = &m->serving};
    bool shares = cold_at_once(fit) > 1;
    v.needs_idle = fit->platform->scaling == SCALING_TO_ZERO;
    v.needs_busy = shares;
    if (fixed) {
        v.choice[0] = m->serving.kept;
        v.table[0] = &m->serving.cold;
        v.count = 1;
        return v;
    }
    struct timing t = timing_of(fit, c->market, speed->view->likely, c->likely->global);
    v.count = cold_kept_choices(&m->serving, &t, v.choice);
    return v;
}

/* The loads of the curve, and those that draws may bring. */
static void wide_range(const struct timing *t, const struct part_state *s, double most, double *bottom, double *top)
{
    *top = fmin(fmax(s->rps[s->points - 1] * WIDE_REACH, WIDE_LOW_LOAD / t->service_s), most / t->service_s);
    double least = *top;
    for (size_t i = s->points; i-- > 0;)
        if (s->rps[i] > 0)
            least = s->rps[i];
    *bottom = fmin(fmax(fmax(least / WIDE_REACH, *top * 1e-6), WIDE_LOW_LOAD / t->service_s), *top / 2);
}

static const struct cold_table *table_of(struct draw_instances *v, size_t i, const struct draw_context *c)
{
    if (v->table[i])
        return v->table[i];
    const struct part_state *s = v->speed->view->likely;
    struct timing t = timing_of(v->fit, c->market, s, c->likely->global);
    struct cold_table *table = arena_new(c->a, struct cold_table, 1);
    double bottom, top, most = cold_table_most(v->fit, v->choice[i]) / t.service_s, stay_s = on_demand_stay_s(v->fit, &t);
    wide_range(&t, s, most * t.service_s, &bottom, &top);
    cold_table_between(table, COLD_TABLE_POINTS, bottom, top, v->fit, &t, s, v->choice[i], stay_s, c->scratch);
    if (s->rps[s->points - 1] > most) {
        /* The likely load itself lies beyond the table: it goes on as the exact evaluation's does. */
        struct cold_table exact;
        cold_table_fill(&exact, v->fit, &t, s, v->choice[i], stay_s, c->scratch);
        table->cold_power = exact.cold_power;
        table->idle_power = exact.idle_power;
    }
    v->table[i] = table;
    return table;
}

/* As cold_table_mean, over the pieces of the month, from their logarithms. */
static struct pool_point table_mean(const struct cold_table *t, const struct draw_instances *v)
{
    const struct part_state *s = v->speed->view->s;
    const double *rps = s->rps, *log_rps = v->speed->view->log_rps;
    double service = v->speed->service_s, log_service = v->speed->log_service;
    struct pool_point sum = {0, 0, 0, 0};
    if (t->count == 0 || !(s->mean_rps > 0))
        return sum;
    size_t last = t->count - 1;
    double log_last = last > 0 ? t->log_load + (double)last / t->per_log : t->log_load;
    double rates = 0, p = 0, idle = 0, busy = 0;
    for (size_t i = 0; i < DRAW_POINTS; i++) {
        double rate = rps[i], load = rate * service;
        if (!(rate > 0))
            continue;
        if (i == 0 || rate > rps[i - 1] || rate < rps[i - 1]) {
            if (load >= t->load[last]) {
                double scale = load / t->load[last], log_scale = log_rps[i] + log_service - log_last;
                p = t->p_cold[last] * (scale > 1 + 1e-9 ? exp(log_scale * t->cold_power) : 1);
                idle = v->needs_idle ? t->idle[last] * exp(log_scale * t->idle_power) : 0;
                busy = t->busy[last] * scale;
            } else if (load <= t->load[0]) {
                double scale = load / t->load[0];
                p = t->p_cold[0];
                idle = t->idle[0] * scale;
                busy = t->busy[0] * scale;
            } else {
                double place = (log_rps[i] + log_service - t->log_load) * t->per_log;
                place = place > 0 ? place : 0;
                size_t k = place < (double)last - 1 ? (size_t)place : last - 1;
                double part = place - (double)k;
                p = exp(t->log_cold[k] + (t->log_cold[k + 1] - t->log_cold[k]) * part);
                idle = t->idle[k] + (t->idle[k + 1] - t->idle[k]) * part;
                if (v->needs_busy) {
                    double r0 = t->busy[k] / t->load[k], r1 = t->busy[k + 1] / t->load[k + 1];
                    busy = load * (r0 + (r1 - r0) * part);
                }
            }
        }
        sum.p_cold += p * rate;
        sum.idle += idle;
        sum.busy += busy;
        rates += rate;
    }
    sum.p_cold = rates > 0 ? sum.p_cold / rates : 0;
    sum.idle /= DRAW_POINTS;
    sum.busy /= DRAW_POINTS;
    return sum;
}

/* As cold_mean. */
static struct pool_point mean_of(const struct draw_instances *v, const struct cold_table *table, const struct timing *t,
                                 const struct draw_context *c)
{
    const struct part_state *s = v->speed->view->s;
    struct pool_point mean = table_mean(table, v);
    double once = cold_at_once(v->fit);
    double waiting = once > 1 ? v->serving->waiting * fmin(once - 1, s->mean_rps * t->start_s) : 0;
    const struct replay_ratio *r = c->market->replay ? replay_ratio(c->market->replay, v->fit->platform, v->fit->part) : NULL;
    if (r && r->known) {
        cold_replayed(&mean, r, table->kept > v->fit->platform->min_instances);
        waiting = r->waited_times;
    }
    mean.waited = fmin(mean.p_cold * waiting, 1 - mean.p_cold);
    return mean;
}

/* Whether the percentiles hold where a share `cold` meets a start. The law of starts is asked only where its
 * tail, between 0 and 1, decides. */
static bool holds(const struct draw_speed *v, double cold, double cold_s, const struct draw_context *c)
{
    static const double ALLOWED[3] = {0.5, 0.05, 0.01};
    for (int i = 0; i < 3; i++) {
        if (!(v->limit_s[i] > 0))
            continue;
        double most = ALLOWED[i] * (1 + 1e-9), warm = (1 - cold) * v->tail[i];
        if (warm > most)
            return false;
        if (warm + cold <= most)
            continue;
        struct law law = law_lognormal(cold_s, policy_number(c->market->policy, PARAMETER_COLD_CV));
        if (warm + cold * law_tail(&law, v->limit_s[i]) > most)
            return false;
    }
    return true;
}

bool draw_instances_at(struct draw_instances *v, const struct draw_context *c, struct usage *out)
{
    const struct fit *fit = v->fit;
    const struct part_state *s = v->speed->view->s;
    struct timing t = draw_timing(v->speed, fit, c);
    struct pool_point mean = {0, 0, 0, 0};
    bool good = true;
    size_t chosen = 0;
    for (size_t i = 0; i < v->count; i++) {
        chosen = i;
        mean = mean_of(v, table_of(v, i, c), &t, c);
        good = !fit->part->is_online || holds(v->speed, cold_delayed(mean), t.cold_s, c);
        if (good)
            break;
    }
    double kept = v->choice[chosen], carried = 0;
    if (kept > 0) {
        if (!v->carried[chosen])
            v->carried[chosen] = carried_new(kept, c->a);
        bool provisioned = fit->platform->scaling == SCALING_PROVISIONED;
        carried = carried_mean(v->carried[chosen], s->rps, provisioned ? t.service_s : t.service_s / cold_at_once(fit));
    }
    if (fit->platform->scaling == SCALING_PROVISIONED)
        provisioned_quantities(fit, &t, s, mean.p_cold, kept, carried, out);
    else
        on_demand_quantities(fit, &t, s, mean, kept, carried, out);
    return good;
}
