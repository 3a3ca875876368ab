#include "cost/cold_table.h"

#include "base/arena.h"
#include "cost/cold_ranks.h"
#include "cost/tables.h"
#include "latency/coldstart.h"
#include "latency/crossing.h"
#include "latency/shared.h"
#include "latency/spread.h"

#include <math.h>
#include <stdint.h>

/* Above this load the overflow ladder is scaled by its square-root rule instead of computed. */
#define LADDER_MAX_LOAD 40.0
/* The same for platforms that do not prefer the newest instance (latency/spread.h), which costs less. */
#define SPREAD_MAX_LOAD 100.0

/* Nodes of the grid at most. The first stands at 10^-FIRST_DECADES erlang; below it nothing changes but the rate. */
#define FIRST_DECADES 12
#define NODES COLD_NODES
/* Cold shares below this are the same to every reader; it bounds the slopes of their logarithms. */
#define LEAST_SHARE 1e-18
/* Rates of less than this part of a month's highest are read as if they were as high, and its instances scaled. */
#define QUIET 1e-5
/* Rates that differ by less are one rate, worked out twice. */
#define SAME_RATE 1e-9

enum method {
    METHOD_SPREAD,
    METHOD_SHARED,
    METHOD_CROSSING,
    METHOD_LADDER,
    METHOD_SCHEDULE
};

/* Nodes in a decade of the load, up to one erlang and above. Where an instance takes several requests, or any free one is
 * taken, figures turn within a standard deviation of the load. */
static const struct {
    double below, above;
} PER_DECADE[] = {
    [METHOD_SPREAD] = {12, 24}, [METHOD_SHARED] = {12, 24}, [METHOD_CROSSING] = {8, 12}, [METHOD_LADDER] = {24, 24}, [METHOD_SCHEDULE] = {1, 1},
};

/* All that a solution depends on beside the load; figures that a method does not read are 0. */
struct cold_question {
    double method, routing, at_once, burst, period_s;
    double service_s, cold_s, keepalive_s, stay_s, kept;
};
#define QUESTION_FIGURES 10
_Static_assert(sizeof(struct cold_question) == QUESTION_FIGURES * sizeof(double), "a question is figures, for memo_at");

/* What is solved at a node; log_cold is of the cold share, busy is over the load. */
struct node {
    double load, p_cold, log_cold, idle, busy;
};

/* Cubics in the place between two nodes (0 to 1, straight in the load). */
struct interval {
    double low, high, per_load;
    double p_cold[4];
};

/* The same of what most tables are never asked for. */
struct instances {
    double idle[4], busy[4];
};

#define NO_NODE SIZE_MAX /* a load that is not on the grid */

/* Nodes and the intervals above them, taken together as a curve needs them. */
#define CHUNK 8
struct chunk {
    uint32_t solved, drawn, counted; /* bit by bit: nodes, intervals, their instances */
    struct node node[CHUNK];
    struct interval interval[CHUNK];
    struct instances *instances; /* CHUNK; NULL: none yet */
};

struct cold_table {
    struct cold_question question;
    struct tables *tables;
    struct arena *a;
    enum method method;
    size_t serial; /* questions so far */
    size_t last; /* node at which the table ends */
    bool has_powers;
    double log_last, cold_power, idle_power; /* its load; beyond it */
    double exact_load; /* solved last without the grid; 0: none */
    struct pool_point exact;
    struct chunk *chunk[NODES / CHUNK];
};

_Static_assert(NODES % CHUNK == 0 && CHUNK <= 32, "chunks are whole");

static inline double smaller(double a, double b)
{
    return a < b ? a : b;
}

static inline double larger(double a, double b)
{
    return a > b ? a : b;
}

double cold_at_once(const struct fit *fit)
{
    return fit->concurrency * (fit->machine && fit->machine->vcpu > 0 ? fit->per_machine : 1);
}

/* ---- the grid ---- */

/* Node at one erlang. */
static double one_of(enum method m)
{
    return FIRST_DECADES * PER_DECADE[m].below;
}

/* Place of a load on the grid, in nodes. */
static double place_of(enum method m, double load)
{
    double decades = log10(load);
    return one_of(m) + decades * (decades < 0 ? PER_DECADE[m].below : PER_DECADE[m].above);
}

static double load_of(enum method m, size_t node)
{
    double from_one = (double)node - one_of(m);
    return pow(10, from_one / (from_one < 0 ? PER_DECADE[m].below : PER_DECADE[m].above));
}

/* The logarithm of the ratio of a node's load and the next one's. */
static double step_of(enum method m, size_t node)
{
    return log(10) / ((double)node < one_of(m) ? PER_DECADE[m].below : PER_DECADE[m].above);
}

/* ---- one question ---- */

static struct cold_question question_of(const struct fit *fit, const struct timing *t, const struct part_state *s, double kept, double stay_s)
{
    double burst = fmax(s->x[FIGURE_BURST], 1), period_s = fmax(s->x[FIGURE_PERIODIC_S], 0), at_once = cold_at_once(fit);
    bool newest = fit->platform->routing == ROUTING_NEWEST;
    struct cold_question q = {.routing = (double)fit->platform->routing, .at_once = fmax(floor(at_once), 1), .service_s = t->service_s,
                         .keepalive_s = t->keepalive_s, .stay_s = fmin(stay_s, t->keepalive_s), .kept = kept};
    enum method method = METHOD_LADDER;
    /* One request a period is alone in its instance, however many that would take. */
    bool alone = period_s > 0 && s->mean_rps * period_s <= 1 + 1e-9 && t->service_s <= period_s;
    if (!newest && burst <= 1 && !(period_s > 0))
        method = METHOD_SPREAD;
    else if (at_once > 1 && burst <= 1 && !alone)
        method = METHOD_SHARED;
    else if (burst > 1)
        method = METHOD_CROSSING;
    else if (period_s > 0)
        method = METHOD_SCHEDULE;
    if (method == METHOD_CROSSING)
        q.burst = burst;
    if (method == METHOD_SCHEDULE)
        q.period_s = period_s;
    if (method == METHOD_LADDER || method == METHOD_SCHEDULE)
        q.cold_s = t->cold_s;
    q.method = (double)method;
    return q;
}

static struct pool_point by_spread(const struct cold_question *q, double rate)
{
    struct spread_load l = {.rate_per_s = rate, .service_s = q->service_s, .keepalive_s = q->keepalive_s, .idle_tail_s = q->stay_s,
                            .requests_at_once = q->at_once, .always_on = q->kept,
                            .longest_idle_first = (enum routing)q->routing == ROUTING_LEAST_RECENT};
    struct spread_pool c = spread_solve(&l);
    return (struct pool_point){.p_cold = c.p_cold, .busy = c.busy, .idle = q->stay_s < q->keepalive_s ? c.tail : c.alive - c.busy};
}

static const struct rank_cut *cut_at(const struct cold_table *t, enum rank_method method, double load, size_t node, struct arena *scratch)
{
    const struct cold_question *q = &t->question;
    struct rank_question of = {.method = method, .at_once = q->at_once, .burst = q->burst, .keepalive = q->keepalive_s / q->service_s,
                               .tail = q->stay_s < q->keepalive_s ? q->stay_s / q->service_s : 0};
    return cold_ranks_at(t->tables, &of, node, load, q->kept, scratch);
}

static struct pool_point by_shared(const struct cold_table *t, double load, size_t node, struct arena *scratch)
{
    const struct cold_question *q = &t->question;
    struct shared_load l = {.rate_per_s = load / q->service_s, .service_s = q->service_s, .keepalive_s = q->keepalive_s, .idle_tail_s = q->stay_s,
                            .requests_at_once = q->at_once, .always_on = q->kept};
    struct shared_pool c = node == NO_NODE ? shared_solve(&l, scratch) : shared_of_cut(cut_at(t, RANKS_SHARED, load, node, scratch), &l);
    return (struct pool_point){.p_cold = c.p_cold, .busy = c.busy, .idle = q->stay_s < q->keepalive_s ? c.tail : c.alive - c.busy};
}

static struct pool_point by_crossing(const struct cold_table *t, double load, size_t node, struct arena *scratch)
{
    const struct cold_question *q = &t->question;
    struct crossing_load l = {.rate_per_s = load / q->service_s, .burst = q->burst, .service_s = q->service_s, .keepalive_s = q->keepalive_s,
                              .idle_tail_s = q->stay_s, .requests_at_once = q->at_once, .always_on = q->kept};
    struct crossing c = node == NO_NODE ? crossing_solve(&l, scratch) : crossing_of_cut(cut_at(t, RANKS_CROSSING, load, node, scratch), &l);
    return (struct pool_point){.p_cold = c.p_cold, .busy = c.busy, .idle = q->stay_s < q->keepalive_s ? c.tail : c.alive - c.busy};
}

static struct coldstart one_at_once(const struct cold_table *t, const struct coldstart_load *l, struct arena *scratch)
{
    double period_s = t->question.period_s;
    return period_s > 0 ? coldstart_periodic(l, period_s) : coldstart_by_ranks(t->tables->ranks, l, scratch);
}

static struct pool_point by_ladder(const struct cold_table *t, double rate, struct arena *scratch)
{
    const struct cold_question *q = &t->question;
    struct coldstart_load l = {.rate_per_s = rate, .warm_s = q->service_s, .cold_s = q->cold_s, .keepalive_s = q->keepalive_s, .always_on = q->kept};
    struct coldstart c = one_at_once(t, &l, scratch);
    struct pool_point out = {.p_cold = c.p_cold, .busy = c.busy, .idle = c.idle};
    if (q->stay_s < q->keepalive_s) {
        l.keepalive_s = q->stay_s;
        out.idle = q->stay_s > 0 ? one_at_once(t, &l, scratch).idle : 0;
    }
    return out;
}

/* Slope at the middle of three places. */
static double slope(double before, double here, double after, double step_before, double step_after)
{
    double s0 = (here - before) / step_before, s1 = (after - here) / step_after;
    return (s0 * step_after + s1 * step_before) / (step_before + step_after);
}

/* Second passes of less than this are taken along the tangent: its square stays below a ten-thousandth. */
#define TANGENT 0.01

/*
 * The ladder's own answer at a node from the sums of its ranks. Cold requests work longer, which adds to the load and shortens the
 * keep-alive in mean services: a second pass, small as a rule, for which the neighbours tell how the sums change with the load.
 * False: it is not small, or the node's ranks are not remembered.
 */
static bool ladder_by_ranks(const struct cold_table *t, double load, size_t node, struct arena *scratch, struct pool_point *out)
{
    const struct cold_question *q = &t->question;
    struct rank_sum sum[3];
    double p[3], log_p[3], longer = q->cold_s / q->service_s - 1;
    if ((q->stay_s > 0 && q->stay_s < q->keepalive_s) || q->keepalive_s < COLDSTART_LIST_KEEPALIVE * q->service_s)
        return false;
    for (size_t i = 0; i < 3; i++) {
        double at = i == 1 ? load : load_of(t->method, node + i - 1);
        const struct rank_cut *cut = cut_at(t, RANKS_LADDER, at, node + i - 1, scratch);
        if (!cut)
            return false;
        sum[i] = rank_cut_at(cut, q->kept);
        p[i] = smaller(sum[i].started / at, 1);
        log_p[i] = log(larger(p[i], LEAST_SHARE));
    }
    double before = step_of(t->method, node - 1), step = step_of(t->method, node), more = log1p(p[1] * longer);
    if (p[1] > LEAST_SHARE) {
        double turn = more * (slope(log_p[0], log_p[1], log_p[2], before, step) - sum[1].slope / sum[1].started);
        if (!(fabs(turn) < TANGENT && more < TANGENT))
            return false;
        double keepalive = q->keepalive_s / q->service_s;
        p[1] *= exp(turn);
        sum[1].idle += more * (slope(sum[0].idle, sum[1].idle, sum[2].idle, before, step) - keepalive * sum[1].started);
    }
    *out = (struct pool_point){.p_cold = smaller(p[1], 1), .idle = q->stay_s < q->keepalive_s ? 0 : larger(sum[1].idle, 0),
                               .busy = load * (1 + p[1] * longer)};
    return true;
}

static struct pool_point solve_node(const struct cold_table *t, double load, size_t node, struct arena *scratch)
{
    struct pool_point out;
    double rate = load / t->question.service_s;
    switch (t->method) {
    case METHOD_SPREAD: return by_spread(&t->question, rate);
    case METHOD_SHARED: return by_shared(t, load, node, scratch);
    case METHOD_CROSSING: return by_crossing(t, load, node, scratch);
    case METHOD_LADDER:
        if (node > 0 && node != NO_NODE && ladder_by_ranks(t, load, node, scratch, &out))
            return out;
        break;
    case METHOD_SCHEDULE: break;
    }
    return by_ladder(t, rate, scratch);
}

/* ---- nodes and intervals ---- */

static struct chunk *chunk_at(struct cold_table *t, size_t index)
{
    struct chunk **c = &t->chunk[index / CHUNK];
    if (!*c)
        *c = arena_new(t->a, struct chunk, 1);
    return *c;
}

static struct node node_at(struct cold_table *t, size_t index, struct arena *scratch)
{
    struct chunk *c = chunk_at(t, index);
    struct node *n = &c->node[index % CHUNK];
    if (!(c->solved >> index % CHUNK & 1)) {
        n->load = load_of(t->method, index);
        struct pool_point p = solve_node(t, n->load, index, scratch);
        n->p_cold = p.p_cold;
        n->log_cold = log(fmax(p.p_cold, LEAST_SHARE));
        n->idle = p.idle;
        n->busy = p.busy / n->load;
        c->solved |= 1U << index % CHUNK;
    }
    return *n;
}

/* The cubic from y0 to y1 with these slopes at its ends, by powers of the place. */
static void cubic_by_slopes(double y0, double y1, double slope0, double slope1, double out[4])
{
    out[0] = y0;
    out[1] = slope0;
    out[2] = 3 * (y1 - y0) - 2 * slope0 - slope1;
    out[3] = 2 * (y0 - y1) + slope0 + slope1;
}

/* The nodes about an interval, and their steps of the logarithm of the load. */
struct surroundings {
    struct node n[4];
    double before, step, after;
    double low, high; /* slopes by the logarithm of the load, at the ends, are made those by the place with these */
};

static struct surroundings surroundings_of(struct cold_table *t, size_t index, struct arena *scratch)
{
    struct surroundings s = {.before = step_of(t->method, index - 1), .step = step_of(t->method, index), .after = step_of(t->method, index + 1)};
    for (size_t i = 0; i < 4; i++)
        s.n[i] = node_at(t, index + i - 1, scratch);
    double width = s.n[2].load - s.n[1].load;
    s.low = width / s.n[1].load;
    s.high = width / s.n[2].load;
    return s;
}

static const struct interval *interval_at(struct cold_table *t, size_t index, struct arena *scratch)
{
    struct chunk *c = chunk_at(t, index);
    struct interval *v = &c->interval[index % CHUNK];
    if (c->drawn >> index % CHUNK & 1)
        return v;
    struct surroundings s = surroundings_of(t, index, scratch);
    const struct node *n = s.n;
    *v = (struct interval){.low = n[1].load, .high = n[2].load, .per_load = 1 / (n[2].load - n[1].load)};
    cubic_by_slopes(n[1].p_cold, n[2].p_cold, s.low * n[1].p_cold * slope(n[0].log_cold, n[1].log_cold, n[2].log_cold, s.before, s.step),
                    s.high * n[2].p_cold * slope(n[1].log_cold, n[2].log_cold, n[3].log_cold, s.step, s.after), v->p_cold);
    c->drawn |= 1U << index % CHUNK;
    return v;
}

static const struct instances *instances_at(struct cold_table *t, size_t index, struct arena *scratch)
{
    struct chunk *c = chunk_at(t, index);
    if (!c->instances)
        c->instances = arena_new(t->a, struct instances, CHUNK);
    struct instances *v = &c->instances[index % CHUNK];
    if (c->counted >> index % CHUNK & 1)
        return v;
    struct surroundings s = surroundings_of(t, index, scratch);
    const struct node *n = s.n;
    cubic_by_slopes(n[1].idle, n[2].idle, s.low * slope(n[0].idle, n[1].idle, n[2].idle, s.before, s.step),
                    s.high * slope(n[1].idle, n[2].idle, n[3].idle, s.step, s.after), v->idle);
    cubic_by_slopes(n[1].busy, n[2].busy, s.low * slope(n[0].busy, n[1].busy, n[2].busy, s.before, s.step),
                    s.high * slope(n[1].busy, n[2].busy, n[3].busy, s.step, s.after), v->busy);
    c->counted |= 1U << index % CHUNK;
    return v;
}

static double cubic_at(const double c[4], double x)
{
    return c[0] + x * (c[1] + x * (c[2] + x * c[3]));
}

/* Beyond the table: the idle pool grows and the cold share falls with the square root of the load in the end, and
 * slowly towards it. Halfway between that and the power law of the last two points is within 1 % of the ladder
 * up to 16 times the load. */
static struct pool_point beyond(struct cold_table *t, double load, double log_load, bool idle, struct arena *scratch)
{
    struct node last = node_at(t, t->last, scratch);
    if (!t->has_powers) {
        struct node before = node_at(t, t->last - 1, scratch);
        double step = step_of(t->method, t->last - 1);
        t->idle_power = 0.5;
        t->cold_power = -0.5;
        if (last.idle > 0 && before.idle > 0 && last.p_cold > 0) {
            t->idle_power = (fmin(fmax(log(last.idle / before.idle) / step, 0), 1) + 0.5) / 2;
            t->cold_power = (fmin(fmax((last.log_cold - before.log_cold) / step, -1), 0) - 0.5) / 2;
        }
        t->log_last = log(last.load);
        t->has_powers = true;
    }
    double more = log_load - t->log_last;
    return (struct pool_point){.p_cold = last.p_cold * exp(more * t->cold_power),
                               .idle = idle && last.idle > 0 ? last.idle * exp(more * t->idle_power) : 0, .busy = last.busy * load};
}

/* Below the first node the first instance dominates: its idle time falls with the rate. */
static struct pool_point below(struct cold_table *t, double load, struct arena *scratch)
{
    struct node first = node_at(t, 1, scratch);
    return (struct pool_point){.p_cold = first.p_cold, .idle = first.idle * (load / first.load), .busy = first.busy * load};
}

/* ---- tables ---- */

static void table_ask(struct cold_table *t, const struct cold_question *q, struct tables *tables, struct arena *a)
{
    for (size_t i = 0; i < NODES / CHUNK; i++)
        if (t->chunk[i])
            t->chunk[i]->solved = t->chunk[i]->drawn = t->chunk[i]->counted = 0;
    t->question = *q;
    t->serial++;
    t->method = (enum method)q->method;
    t->tables = tables;
    t->a = a;
    t->has_powers = false;
    t->exact_load = 0;
    double most = fmax((enum routing)q->routing == ROUTING_NEWEST ? LADDER_MAX_LOAD : SPREAD_MAX_LOAD, 2 * q->kept);
    t->last = (size_t)fmin(ceil(place_of(t->method, most)), NODES - 2);
}

struct cold_table *cold_table_of(const struct fit *fit, const struct timing *t, const struct part_state *s, double kept, double stay_s)
{
    struct cold_question q = question_of(fit, t, s, kept, stay_s);
    bool known;
    struct cold_table *table = memo_at(t->tables->cold, (const double *)&q, QUESTION_FIGURES, &known);
    if (!known)
        table_ask(table, &q, t->tables, t->tables->a);
    return table;
}

struct cold_table *cold_table_new(const struct fit *fit, const struct timing *t, const struct part_state *s, double kept, double stay_s,
                                  struct arena *a)
{
    struct cold_question q = question_of(fit, t, s, kept, stay_s);
    struct cold_table *table = arena_new(a, struct cold_table, 1);
    table_ask(table, &q, t->tables, a);
    return table;
}

double cold_table_kept(const struct cold_table *table)
{
    return table->question.kept;
}

size_t cold_table_serial(const struct cold_table *table)
{
    return table->serial;
}

size_t cold_table_bytes(void)
{
    return sizeof(struct cold_table);
}

/* Where the last load was found: the next one is there or above it, as a rule. And what is read. */
struct reading {
    const struct interval *v;
    size_t index;
    bool idle, busy;
    bool is_exact; /* there is one load: no node is shared with another */
};

static bool is_inside(const struct interval *v, double load)
{
    return v && load >= v->low && load < v->high;
}

/* Without the grid, where the table reaches. */
static struct pool_point exact_at(struct cold_table *t, double load, struct reading *r, struct arena *scratch)
{
    if (load > load_of(t->method, t->last))
        return beyond(t, load, log(load), r->idle, scratch);
    if (t->exact_load < load || t->exact_load > load) {
        struct arena_mark mark = arena_mark(scratch);
        t->exact = solve_node(t, load, NO_NODE, scratch);
        t->exact_load = load;
        arena_rewind(scratch, mark);
    }
    return t->exact;
}

static struct pool_point table_at(struct cold_table *t, double load, struct reading *r, struct arena *scratch)
{
    if (t->method == METHOD_SCHEDULE)
        return by_ladder(t, load / t->question.service_s, scratch);
    if (r->is_exact || (enum routing)t->question.routing == ROUTING_LEAST_RECENT)
        return exact_at(t, load, r, scratch);
    if (!is_inside(r->v, load)) {
        if (r->v && load >= r->v->high && r->index + 1 < t->last)
            r->v = interval_at(t, ++r->index, scratch);
        if (!is_inside(r->v, load)) {
            double place = place_of(t->method, load);
            r->v = NULL;
            if (place < 1)
                return below(t, load, scratch);
            if (place >= (double)t->last)
                return beyond(t, load, log(load), r->idle, scratch);
            r->index = (size_t)place;
            r->v = interval_at(t, r->index, scratch);
        }
    }
    const struct interval *v = r->v;
    double x = (load - v->low) * v->per_load;
    struct pool_point out = {.p_cold = smaller(larger(cubic_at(v->p_cold, x), 0), 1)};
    if (!r->idle && !r->busy)
        return out;
    const struct instances *of = instances_at(t, r->index, scratch);
    if (r->idle)
        out.idle = larger(cubic_at(of->idle, x), 0);
    if (r->busy)
        out.busy = load * cubic_at(of->busy, x);
    return out;
}

struct pool_point cold_table_mean(struct cold_table *table, const double *rps, size_t count, double service_s, struct arena *scratch)
{
    return cold_table_mean_of(table, true, true, rps, count, service_s, scratch);
}

struct pool_point cold_table_mean_of(struct cold_table *table, bool idle, bool busy, const double *rps, size_t count, double service_s,
                                     struct arena *scratch)
{
    struct pool_point sum = {0, 0, 0, 0}, p = {0, 0, 0, 0};
    struct reading r = {NULL, 0, idle, busy, true};
    double rates = 0, last_rate = 0, least = 0, highest = 0;
    for (size_t i = 0; i < count; i++)
        highest = larger(highest, rps[i]);
    least = highest * QUIET;
    for (size_t i = 0; i < count && r.is_exact; i++)
        r.is_exact = !(rps[i] > 0) || rps[i] > highest * (1 - SAME_RATE);
    for (size_t i = 0; i < count; i++) {
        double rate = rps[i];
        if (!(rate > 0))
            continue;
        if (rate > last_rate || rate < last_rate) {
            p = table_at(table, (r.is_exact ? highest : larger(rate, least)) * service_s, &r, scratch);
            double less = rate < least ? rate / least : 1;
            p.idle *= less;
            p.busy *= less;
        }
        last_rate = rate;
        sum.p_cold += p.p_cold * rate;
        sum.idle += p.idle;
        sum.busy += p.busy;
        rates += rate;
    }
    if (!(rates > 0))
        return sum;
    sum.p_cold /= rates;
    sum.idle /= (double)count;
    sum.busy /= (double)count;
    return sum;
}

/* ---- many tables at the same loads ---- */

_Static_assert(METHOD_SCHEDULE == COLD_GRIDS, "all methods but the last have a grid");

size_t cold_table_grid(const struct cold_table *table)
{
    return (size_t)table->method;
}

static const double LN_10 = 2.30258509299404568402;

/* Steps of a grid below one erlang and above, and the widths of intervals over the load at their lower node. */
struct steps {
    double below, above, width_below, width_above;
};

static void place_on(enum method m, const struct steps *steps, double decades, struct cold_place *out)
{
    double place = one_of(m) + decades * (decades < 0 ? PER_DECADE[m].below : PER_DECADE[m].above);
    out->log_load = decades * LN_10;
    out->node = place < 1 ? 0 : place < NODES - 2 ? (size_t)place : NODES - 2;
    /* Between two nodes the load runs as a power: x is straight in the load. */
    double past = place - (double)out->node;
    bool below = (double)out->node < one_of(m);
    out->x = below ? expm1(past * steps->below) / steps->width_below : expm1(past * steps->above) / steps->width_above;
}

void cold_places_on(size_t grid, const double *rps, const double *decades, size_t count, double service_s, struct cold_places *out)
{
    enum method m = (enum method)grid;
    double least = 0, last = 0, below = step_of(m, 0), above = step_of(m, NODES);
    const struct steps steps = {below, above, expm1(below), expm1(above)};
    out->count = 0;
    out->rates = 0;
    out->pieces = (double)count;
    for (size_t i = 0; i < count; i++)
        least = larger(least, rps[i] * QUIET);
    for (size_t i = 0; i < count; i++) {
        double rate = rps[i], less = rate < least ? rate / least : 1;
        if (!(rate > 0))
            continue;
        out->rates += rate;
        if (out->count == 0 || rate > last || rate < last) {
            struct cold_place *place = &out->at[out->count++];
            *place = (struct cold_place){.load = larger(rate, least) * service_s};
            place_on(m, &steps, rate < least ? log10(place->load) : decades[i], place);
        }
        last = rate;
        out->at[out->count - 1].rate += rate;
        out->at[out->count - 1].times += less;
    }
}

struct pool_point cold_table_mean_at(struct cold_table *t, const struct cold_places *places, bool idle, bool busy, struct arena *scratch)
{
    struct pool_point sum = {0, 0, 0, 0};
    for (size_t i = 0; i < places->count; i++) {
        const struct cold_place *at = &places->at[i];
        if (at->node == 0 || at->node >= t->last) {
            struct pool_point p = at->node == 0 ? below(t, at->load, scratch) : beyond(t, at->load, at->log_load, idle, scratch);
            sum.p_cold += p.p_cold * at->rate;
            sum.idle += idle ? p.idle * at->times : 0;
            sum.busy += busy ? p.busy * at->times : 0;
            continue;
        }
        const struct interval *v = interval_at(t, at->node, scratch);
        sum.p_cold += smaller(larger(cubic_at(v->p_cold, at->x), 0), 1) * at->rate;
        if (!idle && !busy)
            continue;
        const struct instances *of = instances_at(t, at->node, scratch);
        if (idle)
            sum.idle += larger(cubic_at(of->idle, at->x), 0) * at->times;
        if (busy)
            sum.busy += at->load * cubic_at(of->busy, at->x) * at->times;
    }
    if (places->count == 0)
        return sum;
    sum.p_cold /= places->rates;
    sum.idle /= places->pieces;
    sum.busy /= places->pieces;
    return sum;
}
