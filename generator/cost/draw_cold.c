#include "cost/draw_parts.h"

#include "base/arena.h"
#include "cost/replay.h"
#include "cost/tables.h"
#include "latency/erlang.h"

#include <math.h>

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

struct draw_instances draw_instances_of(const struct member *m, struct draw_speed *speed, bool fixed, const struct draw_context *c)
{
    const struct fit *fit = &m->serving.fit;
    struct draw_instances v = {.fit = fit, .speed = speed, .serving = &m->serving};
    v.needs_idle = fit->platform->scaling == SCALING_TO_ZERO;
    v.needs_busy = cold_at_once(fit) > 1;
    if (fixed) {
        v.choice[0] = m->serving.kept;
        v.count = 1;
        return v;
    }
    struct timing t = timing_of(fit, c->market, speed->view->likely, c->likely->global);
    v.count = cold_kept_choices(&m->serving, &t, v.choice);
    return v;
}

/*
 * At the likely times, for whatever rates draws bring: the table that all share, so that loads which others asked for are
 * solved, and those of draws for whoever asks later. Where its place goes to another question, one of its own.
 */
static struct cold_table *table_of(struct draw_instances *v, size_t i, const struct draw_context *c)
{
    struct cold_table *table = v->table[i];
    if (table && cold_table_serial(table) == v->serial[i])
        return table;
    const struct part_state *s = v->speed->view->likely;
    struct timing t = timing_of(v->fit, c->market, s, c->likely->global);
    double stay_s = on_demand_stay_s(v->fit, &t);
    v->table[i] = table ? cold_table_new(v->fit, &t, s, v->choice[i], stay_s, c->a) : cold_table_of(v->fit, &t, s, v->choice[i], stay_s);
    v->serial[i] = cold_table_serial(v->table[i]);
    return v->table[i];
}

static const struct cold_places *places_of(struct draw_speed *v, size_t grid)
{
    const double *rps = v->view->s->rps;
    for (size_t i = 0; i < DRAW_POINTS && !v->has_decades; i++) {
        bool is_new = i == 0 || rps[i] > rps[i - 1] || rps[i] < rps[i - 1];
        v->decades[i] = !is_new ? v->decades[i - 1] : rps[i] > 0 ? log10(rps[i] * v->service_s) : 0;
    }
    v->has_decades = true;
    if (!v->is_placed[grid])
        cold_places_on(grid, rps, v->decades, DRAW_POINTS, v->service_s, &v->places[grid]);
    v->is_placed[grid] = true;
    return &v->places[grid];
}

/* As cold_mean. */
static struct pool_point mean_of(const struct draw_instances *v, struct cold_table *table, const struct timing *t,
                                 const struct draw_context *c)
{
    const struct part_state *s = v->speed->view->s;
    size_t grid = cold_table_grid(table);
    struct pool_point mean = grid < COLD_GRIDS ? cold_table_mean_at(table, places_of(v->speed, grid), v->needs_idle, v->needs_busy, c->scratch)
                                               : cold_table_mean(table, s->rps, DRAW_POINTS, v->speed->service_s, c->scratch);
    double once = cold_at_once(v->fit);
    double waiting = once > 1 ? v->serving->waiting * fmin(once - 1, s->mean_rps * t->start_s) : 0;
    const struct replay_ratio *r = c->market->replay ? replay_ratio(c->market->replay, v->fit->platform, v->fit->part) : NULL;
    if (r && r->known) {
        cold_replayed(&mean, r, cold_table_kept(table) > v->fit->platform->min_instances);
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
