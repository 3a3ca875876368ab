#include "latency/coldstart.h"

#include "base/arena.h"
#include "latency/erlang.h"
#include "latency/gamma.h"
#include "latency/rank_field.h"
#include "latency/root.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* Levels end where the loss of n - 1 servers, and with it the traffic of rank n, is below this. */
static const double LOSS_END = 1e-12;
/* A rank whose slowest mode decays by more than this within the keep-alive never goes cold. */
static const double DECAY_END = 45.0; /* e^-45 = 3e-20 */

/* Ranks at which theta and kappa are computed stand this far apart, in standard deviations of the load; between them their logarithms
 * are interpolated with cubics. Up to 36 erlang every rank is computed; above, the error stays below 1e-4. */
static const double RANK_STEP = 1.0 / 3.0;

/*
 * One rank of the ladder sees the ranks before it as a birth-death process of the states 0 to
 * ranks - 1 busy, in units of the mean service time: up with rate `load`, down with rate i.
 * States more than 9.2 standard deviations below the load have a weight of e^-42: they are left out
 * (`start`), and the recurrences, which forget their beginning as fast, start from their local
 * equilibrium. That makes a rank cost the square root of the load.
 * weight[i - start] is load^i / i!, scaled to have the largest 1; excess and its inverse pivots
 * 1 / (load + excess) belong to return_value.
 */
struct ladder {
    double load;
    size_t start, levels;
    double *v, *weight, *excess, *per_pivot;
};

static void ladder_init(struct ladder *l, double load, size_t levels, struct arena *scratch)
{
    double below = load - 9.2 * sqrt(load);
    l->load = load;
    l->start = below > 1.0 ? (size_t)below : 0;
    l->levels = levels;
    size_t states = levels - l->start + 1;
    l->v = arena_new(scratch, double, states);
    l->weight = arena_new(scratch, double, states);
    l->excess = arena_new(scratch, double, states);
    l->per_pivot = arena_new(scratch, double, states);
    /* The recurrence of excess forgets its beginning as fast as the others: it may start that much earlier. */
    double excess = 1.0, per_pivot = 1.0 / (load + excess), early = (double)l->start - 9.2 * sqrt(load);
    for (size_t i = early > 0.0 ? (size_t)early : 0; i <= levels; i++) {
        excess = 1.0 + (double)i * excess * per_pivot;
        per_pivot = 1.0 / (load + excess);
        if (i >= l->start) {
            l->excess[i - l->start] = excess;
            l->per_pivot[i - l->start] = per_pivot;
        }
    }
    size_t top = (size_t)load; /* the likeliest state; from there downwards and upwards */
    l->weight[top - l->start] = 1.0;
    for (size_t i = top; i > l->start; i--)
        l->weight[i - 1 - l->start] = l->weight[i - l->start] * ((double)i / load);
    for (size_t i = top + 1; i <= levels; i++)
        l->weight[i - l->start] = l->weight[i - 1 - l->start] * (load / (double)i);
}

/* The drop before the first state, were v constant up to there: (load - start) D = theta v. */
static double first_drop(const struct ladder *l)
{
    return l->start > 0 ? 1.0 / (l->load - (double)l->start) : 0.0;
}

/*
 * v(ranks) of the recurrence  load v(i+1) = (load + i - theta) v(i) - i v(i-1),  v(start) = 1, and
 * its derivative by theta. Written with the drops D(i) = v(i) - v(i+1),
 *   D(i) = (i D(i-1) + theta v(i)) / load,
 * every term is positive below the first zero, so that even a theta of 1e-15 keeps its digits.
 */
static double end_value(const struct ladder *l, size_t ranks, double theta, double *slope)
{
    double v = 1.0, dv = 0.0, per_load = 1.0 / l->load;
    double ddrop = first_drop(l), drop = theta * ddrop, n = (double)l->start;
    for (size_t i = l->start; i < ranks; i++, n += 1.0) {
        drop = (n * drop + theta * v) * per_load;
        ddrop = (n * ddrop + v + theta * dv) * per_load;
        v -= drop;
        dv -= ddrop;
    }
    *slope = dv;
    return v;
}

/*
 * Slowest decay rate theta of the time until rank `ranks` is used: the smallest zero of the
 * polynomial end_value (a Charlier polynomial). It falls and is convex below that zero, so Newton's
 * method from 0 climbs to it without ever passing it. A good `guess` saves most of the steps; one
 * that turns out to lie beyond the valley after the zero is dropped for 0.
 */
static double slowest_rate(const struct ladder *l, size_t ranks, double guess)
{
    double theta = guess;
    for (int i = 0; i < 200; i++) {
        double slope, value = end_value(l, ranks, theta, &slope);
        if (!(slope < 0.0)) {
            theta = 0.0;
            continue;
        }
        double step = -value / slope;
        theta = fmax(0.0, theta + step);
        if (fabs(step) <= 1e-8 * theta) /* the error after a step is its square */
            break;
    }
    return theta;
}

/*
 * Mean of v over the state that rank `ranks` sees when it finishes a request: the process starts
 * with all `ranks - 1` others busy, reflects there, and is stopped after an exponential service.
 * The last unknown of the tridiagonal system (1 - G) u = v by forward elimination; the pivots are
 * load + excess(i), excess(i) = 1 + i excess(i-1) / (load + excess(i-1)), all terms positive.
 */
static double return_value(const struct ladder *l, size_t ranks)
{
    size_t states = ranks - l->start;
    double n = (double)l->start;
    double carried = l->v[0] / (1.0 - n * l->per_pivot[0]);
    for (size_t i = 1; i < states; i++) {
        n += 1.0;
        carried = l->v[i] + carried * (n * l->per_pivot[i - 1]);
    }
    return carried / l->excess[states - 1];
}

/* The share kappa of gaps that decay with the slowest rate: (pi.v)(w.1)/(w.v), w_i = v_i weight_i
 * (a birth-death process is reversible, so its left vector is the right one times the weights). */
static double slowest_share(const struct ladder *l, size_t ranks, double theta)
{
    double v = 1.0, drop = theta * first_drop(l), per_load = 1.0 / l->load;
    double sum = 0.0, squares = 0.0, n = (double)l->start;
    for (size_t i = 0; i < ranks - l->start; i++, n += 1.0) {
        l->v[i] = v;
        sum += v * l->weight[i];
        squares += v * v * l->weight[i];
        drop = (n * drop + theta * v) * per_load;
        v = fmax(0.0, v - drop);
    }
    return return_value(l, ranks) * sum / squares;
}

/* Smallest rank whose slowest rate leaves something after the keep-alive. Rates fall with the rank (interlacing), so ranks before it never
 * go cold: it is the first whose polynomial has a zero below the rate that leaves nothing, and one pass of the recurrence there finds it. */
static size_t first_cold_rank(const struct ladder *l, double keepalive)
{
    double theta = DECAY_END / keepalive, v = 1.0, drop = theta * first_drop(l), n = (double)l->start;
    for (size_t i = l->start; i + 1 < l->levels; i++, n += 1.0) {
        drop = (n * drop + theta * v) / l->load;
        v -= drop;
        if (v < 0.0)
            return i + 1;
    }
    return l->levels;
}

/* ln theta and ln kappa at the ranks first, first + step, ... up to the last level; computed when asked for, since
 * ranks that are always on need none. */
struct rank_table {
    const struct ladder *ladder;
    size_t first, step, count;
    double *log_rate, *log_share; /* log_rate HUGE_VAL: not computed yet */
    size_t last;                  /* the one computed last */
    double theta, before;         /* its rate and that of the one before it; 0: none */
};

static void rank_table_init(struct rank_table *t, const struct ladder *l, double keepalive,
                            struct arena *scratch)
{
    double step = floor(RANK_STEP * sqrt(l->load));
    *t = (struct rank_table){.ladder = l, .step = step > 1.0 ? (size_t)step : 1, .first = first_cold_rank(l, keepalive)};
    t->count = (l->levels - t->first) / t->step + 1;
    t->log_rate = arena_new(scratch, double, t->count);
    t->log_share = arena_new(scratch, double, t->count);
    for (size_t k = 0; k < t->count; k++)
        t->log_rate[k] = HUGE_VAL;
}

static void rank_table_fill(struct rank_table *t, size_t k)
{
    if (t->log_rate[k] < HUGE_VAL)
        return;
    bool next = t->theta > 0.0 && k == t->last + 1;
    double guess = next && t->before > 0.0 ? t->theta * t->theta / t->before : 0.0;
    size_t ranks = t->first + k * t->step;
    t->before = next ? t->theta : 0.0;
    t->theta = slowest_rate(t->ladder, ranks, guess);
    t->last = k;
    t->log_rate[k] = log(t->theta);
    t->log_share[k] = log(slowest_share(t->ladder, ranks, t->theta));
}

/* Cubic through four equidistant values at 0, 1, 2, 3. */
static double cubic(const double y[4], double x)
{
    double a = x - 1.0, b = x - 2.0, c = x - 3.0;
    return -y[0] * a * b * c / 6.0 + y[1] * x * b * c / 2.0 - y[2] * x * a * c / 2.0 +
           y[3] * x * a * b / 6.0;
}

static void rank_table_get(struct rank_table *t, size_t rank, double *theta, double *share)
{
    size_t offset = rank - t->first, k = offset / t->step;
    if (t->step == 1 || t->count < 4) {
        k = k < t->count ? k : t->count - 1;
        rank_table_fill(t, k);
        *theta = exp(t->log_rate[k]);
        *share = exp(t->log_share[k]);
        return;
    }
    size_t from = k < 1 ? 0 : k - 1;
    from = from + 4 <= t->count ? from : t->count - 4;
    for (size_t i = from; i < from + 4; i++)
        rank_table_fill(t, i);
    double x = (double)offset / (double)t->step - (double)from;
    *theta = exp(cubic(t->log_rate + from, x));
    *share = exp(cubic(t->log_share + from, x));
}

struct ladder_sum {
    double p_cold, idle;
};

/* Ranks until the loss is next to nothing. */
static size_t level_count(double load)
{
    size_t levels = (size_t)load + 1;
    for (double b = erlang_b((double)levels, load); b >= LOSS_END; levels++)
        b = load * b / ((double)levels + 1.0 + load * b);
    return levels;
}

/* One pass for a fixed mean service time; times in units of it. */
static struct ladder_sum ladder_pass(double load, double keepalive, double always_on,
                                     struct arena *scratch)
{
    size_t levels = level_count(load);
    struct arena_mark mark = arena_mark(scratch);
    struct ladder l;
    struct rank_table table;
    bool removes = always_on < (double)levels; /* else every rank that works is kept */
    if (removes) {
        ladder_init(&l, load, levels, scratch);
        rank_table_init(&table, &l, keepalive, scratch);
    }
    struct ladder_sum sum = {0.0, 0.0};
    double loss = 1.0; /* Erlang B of n - 1 servers */
    for (size_t n = 1; n <= levels; n++) {
        double next = load * loss / ((double)n + load * loss);
        double rate = load * (loss - next); /* served by rank n, per service time */
        loss = next;
        /* Idle time of rank n if it is never removed: what it does not work. The same as the rate
         * times the mean first passage to its use, without solving for that. */
        double idle = fmax(0.0, 1.0 - rate);
        if (removes && (double)n > always_on && n >= table.first) {
            double theta, share;
            rank_table_get(&table, n, &theta, &share);
            double tail = share * exp(-theta * keepalive);
            sum.p_cold += rate * fmin(1.0, tail) / load;
            idle = fmax(0.0, idle - rate * tail / theta);
        }
        sum.idle += idle;
    }
    arena_rewind(scratch, mark);
    if (always_on > (double)levels)
        sum.idle += always_on - (double)levels; /* ranks that practically never work */
    sum.p_cold = fmin(1.0, sum.p_cold);
    return sum;
}

/* ---- ranks that are kept ---- */

/*
 * Rates and shares of the ranks belong to the load alone: neither the keep-alive nor the instances that
 * are always on, nor the times, which are all in units of the service time, come into them. Their
 * logarithms are smooth in the logarithm of the load.
 */
static const double RANKS_FIRST = 1e-5;   /* erlang of row 0 */
static const double RANKS_MAX_LOAD = 45.0; /* up to which the kept ranks are used */
static const double LIST_MAX_LOAD = 400.0;  /* up to which ranks are listed one by one */
static const double ROW_STEP = 0.4;
#define RANKS_ROWS 72

struct rank_row {
    size_t levels; /* 0: not computed yet */
    double log_load;
    double *log_rate, *log_share; /* by rank - 1; the rate is over the load, which is exact for rank 1:
                                     idle time at small loads is a small difference */
};

/* A pass at a load beyond the kept ranks where none that goes cold is always on: it is the same for any number that is. */
struct field_sum {
    double load, keepalive; /* 0: empty */
    double first;           /* the first rank that goes cold */
    struct ladder_sum sum;
};
#define FIELD_SUMS 512 /* a power of two; a later pass takes the place of an earlier one */

struct coldstart_ranks {
    struct arena *a;
    struct rank_row rows[RANKS_ROWS];
    struct field_sum *sums; /* NULL: none yet */
};

/* Rows stand a constant ratio apart below one erlang, and a constant part of a standard deviation
 * above: the integral of sqrt(1 + load) / load. */
static double row_measure(double load)
{
    double root = sqrt(1.0 + load);
    return 2.0 * root + log(load) - 2.0 * log1p(root);
}

static double row_place(double load)
{
    return (row_measure(load) - row_measure(RANKS_FIRST)) / ROW_STEP;
}

static double row_load(double place)
{
    double wanted = row_measure(RANKS_FIRST) + place * ROW_STEP, load = RANKS_FIRST;
    for (int i = 0; i < 100; i++) { /* Newton in ln load, from below: the measure is convex in it */
        double step = (wanted - row_measure(load)) / sqrt(1.0 + load);
        load *= exp(step);
        if (fabs(step) < 1e-15)
            break;
    }
    return load;
}

struct coldstart_ranks *coldstart_ranks_new(struct arena *a)
{
    struct coldstart_ranks *t = arena_new(a, struct coldstart_ranks, 1);
    t->a = a;
    return t;
}

static const struct rank_row *rank_row_get(struct coldstart_ranks *t, size_t index,
                                           struct arena *scratch)
{
    struct rank_row *row = &t->rows[index];
    if (row->levels)
        return row;
    double load = row_load((double)index);
    size_t levels = level_count(row_load((double)index + 2.01)); /* so far up this row is still read */
    row->log_rate = arena_new(t->a, double, levels);
    row->log_share = arena_new(t->a, double, levels);
    struct arena_mark mark = arena_mark(scratch);
    struct ladder l;
    ladder_init(&l, load, levels, scratch);
    double theta = 0.0, before = 0.0;
    for (size_t n = 1; n <= levels; n++) {
        double guess = n < 3 ? 0.0 : theta * theta / before;
        before = theta;
        theta = slowest_rate(&l, n, guess);
        row->log_rate[n - 1] = log(theta / load);
        row->log_share[n - 1] = log(slowest_share(&l, n, theta));
    }
    arena_rewind(scratch, mark);
    row->levels = levels;
    row->log_load = log(load);
    return row;
}

/* The first rank that goes cold: rates fall with the rank. */
static double first_cold_of(const struct rank_field *field, double keepalive)
{
    double end = log(DECAY_END / keepalive), low = rank_field_first(field), high = ceil(field->load + 9.0 * field->deviation), log_rate, log_share;
    rank_field_get(field, low, &log_rate, &log_share);
    if (log_rate < end)
        return low;
    while (high - low > 1.0) {
        double middle = floor((low + high) / 2.0);
        rank_field_get(field, middle, &log_rate, &log_share);
        if (log_rate < end)
            high = middle;
        else
            low = middle;
    }
    return high;
}

/* Of the ranks from `first` on; those before it never rest for long: only how much they work counts. */
static struct ladder_sum field_ranks(const struct rank_field *field, double keepalive, double first)
{
    double load = field->load, before = first - 1.0, loss = erlang_b(before, load), inverse = 1.0 / loss, per_load = 1.0 / load;
    struct ladder_sum sum = {0.0, before - load * (1.0 - loss)};
    for (double n = first; n <= load + 1.0 || loss >= LOSS_END; n += 1.0) {
        inverse = 1.0 + inverse * (n * per_load);
        double next = 1.0 / inverse, rate = load * (loss - next), log_rate, log_share;
        loss = next;
        rank_field_get(field, n, &log_rate, &log_share);
        double theta = exp(log_rate), tail = exp(log_share - theta * keepalive);
        sum.p_cold += rate * fmin(1.0, tail) / load;
        sum.idle += fmax(0.0, fmax(0.0, 1.0 - rate) - rate * tail / theta);
    }
    sum.p_cold = fmin(1.0, sum.p_cold);
    return sum;
}

static struct field_sum *field_sum_at(struct coldstart_ranks *t, double load, double keepalive)
{
    if (!t->sums)
        t->sums = arena_new(t->a, struct field_sum, FIELD_SUMS);
    uint64_t bits[2];
    memcpy(bits, (const double[]){load, keepalive}, sizeof bits);
    return &t->sums[(bits[0] ^ bits[1] * 3) * UINT64_C(0x9e3779b97f4a7c15) >> 40 & (FIELD_SUMS - 1)]; /* 2^64 over the golden ratio */
}

/* As ladder_pass, for a load beyond the kept ranks, whose ranks the field has (latency/rank_field.h). False: ranks below it go cold. */
static bool field_pass(struct coldstart_ranks *t, double load, double keepalive, double always_on, struct ladder_sum *sum)
{
    struct field_sum *same = field_sum_at(t, load, keepalive);
    bool is_known = same->load >= load && same->load <= load && same->keepalive >= keepalive && same->keepalive <= keepalive;
    if (is_known && always_on < same->first) {
        *sum = same->sum;
        return true;
    }
    struct rank_field field;
    rank_field_init(&field, load);
    double first = is_known ? same->first : first_cold_of(&field, keepalive);
    if (always_on + 1.0 < rank_field_first(&field) && !(first > rank_field_first(&field)))
        return false;
    *sum = field_ranks(&field, keepalive, fmax(first, floor(always_on) + 1.0));
    if (always_on < first)
        *same = (struct field_sum){load, keepalive, first, *sum};
    return true;
}

/* Whether next to nothing reaches the rank after so many: Erlang B of n >= a servers is the Poisson law's P(n) over P(0 to n), the
 * latter at least a half and P(n) below exp(n - a - n ln(n / a)). */
static bool is_beyond_use(double ranks, double load)
{
    return ranks > load && ranks * log(ranks / load) - (ranks - load) > log(2.0 / LOSS_END);
}

/* As ladder_pass, from the kept ranks. */
static struct ladder_sum ranks_pass(struct coldstart_ranks *t, double load, double keepalive,
                                    double always_on, struct arena *scratch)
{
    double place = load > 0.0 ? row_place(load) : 0.0;
    struct ladder_sum large;
    if (load > 0.0 && is_beyond_use(always_on, load))
        return (struct ladder_sum){0.0, always_on - load};
    if (load > RANKS_MAX_LOAD && field_pass(t, load, keepalive, always_on, &large))
        return large;
    if (!(place >= 1.0 && load <= RANKS_MAX_LOAD))
        return ladder_pass(load, keepalive, always_on, scratch);
    size_t from = (size_t)place - 1;
    const struct rank_row *row[4];
    for (size_t i = 0; i < 4; i++)
        row[i] = rank_row_get(t, from + i, scratch);
    double x = place - (double)from, a = x - 1.0, b = x - 2.0, c = x - 3.0;
    const double w[4] = {-a * b * c / 6.0, x * b * c / 2.0, -x * a * c / 2.0, x * a * b / 6.0};
    /* Ranks whose rate is beyond the end at the next smaller load, where it is smaller, never go cold. */
    double beyond = log(DECAY_END / keepalive) - row[1]->log_load;
    struct ladder_sum sum = {0.0, 0.0};
    double loss = 1.0;
    size_t n = 1;
    for (; (double)n <= load + 1.0 || loss >= LOSS_END; n++) {
        double next = load * loss / ((double)n + load * loss);
        double rate = load * (loss - next);
        loss = next;
        double idle = fmax(0.0, 1.0 - rate);
        if ((double)n > always_on && n <= row[0]->levels && row[1]->log_rate[n - 1] < beyond) {
            double log_rate = 0.0, log_share = 0.0;
            for (size_t i = 0; i < 4; i++) {
                log_rate += w[i] * row[i]->log_rate[n - 1];
                log_share += w[i] * row[i]->log_share[n - 1];
            }
            double theta = load * exp(log_rate), tail = exp(log_share - theta * keepalive);
            sum.p_cold += rate * fmin(1.0, tail) / load;
            /* never longer than the keep-alive after each service: bounds what cancels */
            idle = fmin(fmax(0.0, idle - rate * tail / theta), rate * keepalive);
        }
        sum.idle += idle;
    }
    if (always_on > (double)(n - 1))
        sum.idle += always_on - (double)(n - 1);
    sum.p_cold = fmin(1.0, sum.p_cold);
    return sum;
}

/* As the kept rows have it; only levels that the first of them has ever go cold. */
static void decay_by_rows(const struct rank_row *const row[4], double x, double load, size_t n, struct rank *rank)
{
    double log_rate[4], log_share[4];
    if (n > row[0]->levels)
        return;
    for (size_t i = 0; i < 4; i++) {
        log_rate[i] = row[i]->log_rate[n - 1];
        log_share[i] = row[i]->log_share[n - 1];
    }
    rank->decay = load * exp(cubic(log_rate, x));
    rank->share = exp(cubic(log_share, x));
}

static void decay_by_field(const struct rank_field *field, double n, struct rank *rank)
{
    double log_rate, log_share;
    if (n < rank_field_first(field))
        return;
    rank_field_get(field, n, &log_rate, &log_share);
    rank->decay = exp(log_rate);
    rank->share = exp(log_share);
}

bool coldstart_rank_list(struct coldstart_ranks *t, double load, struct ranks *out, struct arena *a, struct arena *scratch)
{
    double place = load > 0.0 ? row_place(load) : 0.0;
    if (!(place >= 1.0 && load <= LIST_MAX_LOAD))
        return false;
    size_t from = (size_t)place - 1;
    const struct rank_row *row[4];
    struct rank_field field;
    bool is_large = load > RANKS_MAX_LOAD;
    for (size_t i = 0; i < 4 && !is_large; i++)
        row[i] = rank_row_get(t, from + i, scratch);
    if (is_large)
        rank_field_init(&field, load);
    double loss = 1.0;
    ranks_clear(out, (size_t)(load + 8.0 * sqrt(load)) + 16, a);
    out->is_bounded = !is_large; // what cancels is small there
    for (size_t n = 1; (double)n <= load + 1.0 || loss >= LOSS_END; n++) {
        double next = load * loss / ((double)n + load * loss), rate = load * (loss - next);
        struct rank rank = {.empty = fmax(0.0, 1.0 - rate), .starts = rate, .decay = HUGE_VAL};
        loss = next;
        if (is_large)
            decay_by_field(&field, (double)n, &rank);
        else
            decay_by_rows(row, place - (double)from, load, n, &rank);
        ranks_add(out, rank, a);
    }
    return true;
}

static struct coldstart finish(const struct coldstart_load *load, double p_cold, double idle)
{
    struct coldstart c = {.p_cold = p_cold, .idle = idle};
    c.service_s = load->warm_s + p_cold * (load->cold_s - load->warm_s);
    c.busy = load->rate_per_s * c.service_s; /* Little's law, exact */
    c.alive = c.busy + c.idle;
    double created_per_s = load->rate_per_s * p_cold;
    c.cold_per_hour = 3600.0 * created_per_s;
    c.mean_life_s = created_per_s > 0.0 ? fmax(0.0, c.alive - load->always_on) / created_per_s
                                        : HUGE_VAL;
    c.trusted = load->keepalive_s >= 5.0 * c.service_s;
    return c;
}

/* `ranks` NULL: every rank anew. */
static struct coldstart two_passes(struct coldstart_ranks *ranks, const struct coldstart_load *load,
                                   struct arena *scratch)
{
    if (!(load->rate_per_s > 0.0))
        return finish(load, load->always_on > 0.0 ? 0.0 : 1.0, load->always_on);
    double service = load->warm_s;
    struct ladder_sum sum = {0.0, 0.0};
    /* the share of cold requests lengthens the mean service, which changes the share: once more is
     * enough, the two differ by the square of a small number */
    for (int pass = 0; pass < 2; pass++) {
        double offered = fmin(COLDSTART_MAX_LOAD, load->rate_per_s * service);
        double keepalive = load->keepalive_s / service;
        sum = ranks ? ranks_pass(ranks, offered, keepalive, load->always_on, scratch)
                    : ladder_pass(offered, keepalive, load->always_on, scratch);
        double longer = sum.p_cold * (load->cold_s - load->warm_s);
        if (fabs(longer) <= 1e-9 * load->warm_s)
            break;
        service = load->warm_s + longer;
    }
    double beyond = load->rate_per_s * service / COLDSTART_MAX_LOAD;
    if (beyond > 1.0) {
        sum.p_cold /= sqrt(beyond);
        sum.idle *= sqrt(beyond);
    }
    return finish(load, sum.p_cold, sum.idle);
}

struct coldstart coldstart_ladder(const struct coldstart_load *load, struct arena *scratch)
{
    return two_passes(NULL, load, scratch);
}

struct coldstart coldstart_by_ranks(struct coldstart_ranks *ranks, const struct coldstart_load *load,
                                    struct arena *scratch)
{
    return two_passes(ranks, load, scratch);
}

struct coldstart coldstart_periodic(const struct coldstart_load *load, double period_s)
{
    double rate = load->rate_per_s;
    if (!(rate > 0.0) || !(period_s > 0.0))
        return finish(load, load->always_on > 0.0 ? 0.0 : 1.0, load->always_on);
    double period = fmax(period_s, 1.0 / rate);
    double at_once = rate * period;
    double warm = fmin(at_once, load->always_on); /* served by instances that never die */
    double silence = period - load->warm_s;
    if (silence <= load->keepalive_s) {
        /* the same instances serve every event; services longer than the period overlap */
        double instances = fmax(load->always_on, at_once * ceil(load->warm_s / period));
        return finish(load, 0.0, instances - rate * load->warm_s);
    }
    double p_cold = (at_once - warm) / at_once;
    double idle = load->always_on - warm * load->warm_s / period +
                  (at_once - warm) * load->keepalive_s / period;
    return finish(load, p_cold, fmax(0.0, idle));
}

double coldstart_rare(const struct coldstart_load *load, double gap_cv)
{
    double silence = load->warm_s + load->keepalive_s;
    if (!(load->rate_per_s > 0.0))
        return 1.0;
    if (!(gap_cv > 0.0))
        return silence * load->rate_per_s < 1.0 ? 1.0 : 0.0;
    double shape = 1.0 / (gap_cv * gap_cv);
    return gamma_upper(shape, silence * load->rate_per_s * shape);
}

struct response_mix {
    const struct law *warm, *cold;
    double p_cold, target;
};

static double mix_excess(double t_s, void *context)
{
    const struct response_mix *m = context;
    double tail = (1.0 - m->p_cold) * law_tail(m->warm, t_s) + m->p_cold * law_tail(m->cold, t_s);
    return log(fmax(tail, 1e-300) / m->target);
}

double coldstart_quantile(double p_cold, const struct law *warm, const struct law *cold, double p)
{
    if (!(p_cold > 0.0))
        return law_quantile(warm, p);
    if (!(p_cold < 1.0))
        return law_quantile(cold, p);
    double a = law_quantile(warm, p), b = law_quantile(cold, p);
    struct response_mix mix = {warm, cold, p_cold, 1.0 - p};
    double low = fmin(a, b), high = fmax(a, b);
    if (mix_excess(low, &mix) <= 0.0)
        return low;
    return root_find(mix_excess, &mix, low, high, 1e-12);
}
