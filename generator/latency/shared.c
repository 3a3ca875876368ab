#include "latency/shared.h"

#include "base/arena.h"
#include "latency/gamma.h"
#include "latency/law.h"

#include <math.h>
#include <stddef.h>

#define LOSS_END 1e-12
#define ROUNDS 4       /* for the length of a rank's busy times */

/* The slots before a rank as a birth and death process, states 0 to `slots` busy, times in services. */
struct before {
    double load;
    size_t slots;
    double *v, *weight;  /* weight: load^i / i!, scaled to have the largest 1 */
    double *up, *passage; /* mean time from i to i + 1 busy, and from i to one more than all slots */
};

/* v(i + 1) of load v(i+1) = (load + i - theta) v(i) - i v(i-1), by its drops: see coldstart.c. */
static double end_value(const struct before *b, double theta, double *slope)
{
    double v = 1, dv = 0, drop = 0, ddrop = 0, n = 0, per_load = 1 / b->load;
    for (size_t i = 0; i <= b->slots; i++, n += 1) {
        drop = (n * drop + theta * v) * per_load;
        ddrop = (n * ddrop + v + theta * dv) * per_load;
        v -= drop;
        dv -= ddrop;
    }
    *slope = dv;
    return v;
}

/* Newton's method climbs from 0; a `guess` beyond the valley after the zero is dropped for that. */
static double slowest_rate(const struct before *b, double guess)
{
    double theta = guess;
    for (int i = 0; i < 200; i++) {
        double slope, value = end_value(b, theta, &slope);
        if (!(slope < 0)) {
            if (!(theta > 0))
                break;
            theta = 0;
            continue;
        }
        double step = -value / slope;
        theta = fmax(0, theta + step);
        if (fabs(step) <= 1e-8 * theta) /* the error after a step is its square */
            break;
    }
    return theta;
}

/* What does not depend on the slots, for as many states. */
static void fill_states(struct before *b, size_t states)
{
    double up = 0, top = floor(b->load);
    for (size_t i = 0; i < states; i++)
        b->up[i] = up = (1 + (double)i * up) / b->load;
    size_t middle = top < (double)states ? (size_t)top : states - 1; /* the likeliest state */
    b->weight[middle] = 1;
    for (size_t i = middle; i > 0; i--)
        b->weight[i - 1] = b->weight[i] * ((double)i / b->load);
    for (size_t i = middle + 1; i < states; i++)
        b->weight[i] = b->weight[i - 1] * (b->load / (double)i);
}

static void fill(struct before *b, double theta)
{
    double v = 1, drop = 0, n = 0, per_load = 1 / b->load, passage = 0;
    for (size_t i = 0; i <= b->slots; i++, n += 1) {
        b->v[i] = v;
        drop = (n * drop + theta * v) * per_load;
        v = v > drop ? v - drop : 0;
    }
    for (size_t i = b->slots + 1; i-- > 0;)
        b->passage[i] = passage += b->up[i];
}

/* Mean of f over the states that a rank sees when it falls idle: all slots busy when its busy time began,
 * reflected there, stopped after an exponential time with this rate. */
static double seen(const struct before *b, const double *f, double rate)
{
    double excess = rate, carried = f[0];
    for (size_t i = 1; i <= b->slots; i++) {
        double n = (double)i, pivot = b->load + excess;
        carried = f[i] + n * carried / pivot;
        excess = rate + n * excess / pivot;
    }
    return rate * carried / excess;
}

/* Share of time in which K slots have no request of an overflow with this mean; `blocked` as before it. */
static double empty_share(double load, double slots, double k, double blocked)
{
    double mean = load * blocked;
    if (!(slots > 0)) { /* the first rank: a loss system */
        double sum = 1;
        for (double i = k; i >= 1; i--)
            sum = 1 + sum * load / i;
        return 1 / sum;
    }
    double variance = mean * (1 - mean + load / (slots + 1 + mean - load)), z = variance / mean;
    if (!(z > 1 + 1e-9))
        return exp(-mean);
    double size = mean / (z - 1), p = 1 / z, term = exp(size * log(p)), all = 0, first = term;
    for (double i = 0; i <= k; i++) { /* cut at the slots there are */
        all += term;
        term *= (size + i) / (i + 1) * (1 - p);
    }
    return all > 0 ? fmin(first / all, 1) : 1;
}

void shared_ranks(double load, double requests_at_once, struct ranks *out, struct arena *a)
{
    double k = fmax(floor(requests_at_once), 1);
    size_t most = (size_t)(load + 8 * sqrt(load) + 40 + k);
    ranks_clear(out, (size_t)((double)most / k) + 2, a);
    struct arena_mark mark = arena_mark(a);
    struct before b = {.load = load};
    b.v = arena_new(a, double, most + 1);
    b.weight = arena_new(a, double, most + 1);
    b.up = arena_new(a, double, most + 1);
    b.passage = arena_new(a, double, most + 1);
    fill_states(&b, most + 1);
    double blocked = 1, theta = 0, last = 0;
    for (double n = 1;; n++) {
        double slots = (n - 1) * k;
        b.slots = (size_t)slots;
        if (slots > 0 && (blocked < LOSS_END || b.slots > most))
            break;
        double empty = empty_share(load, slots, k, blocked);
        double guess = last > 0 ? theta * theta / last : 0;
        last = theta;
        theta = slowest_rate(&b, guess);
        fill(&b, theta);
        double sum = 0, squares = 0;
        for (size_t i = 0; i <= b.slots; i++) {
            sum += b.v[i] * b.weight[i];
            squares += b.v[i] * b.v[i] * b.weight[i];
        }
        /* An idle time follows a busy time; together they begin as often as either. */
        double busy_time = 1, gap = 1;
        for (int i = 0; i < ROUNDS; i++) {
            gap = seen(&b, b.passage, 1 / busy_time);
            busy_time = fmin(fmax(gap * (1 - empty) / fmax(empty, 1e-12), 1e-6), 1e9);
        }
        struct rank rank = {.empty = empty, .starts = empty / gap, .share = seen(&b, b.v, 1 / busy_time) * sum / squares, .decay = theta};
        ranks_add(out, rank, a);
        for (double i = slots + 1; i <= slots + k; i++)
            blocked = load * blocked / (i + load * blocked);
    }
    arena_rewind(a, mark);
}

struct shared_pool shared_of_cut(const struct rank_cut *cut, const struct shared_load *load)
{
    double a = load->rate_per_s * load->service_s, scale = fmax(a / SHARED_MAX_LOAD, 1);
    struct rank_sum sum = rank_cut_at(cut, floor(load->always_on / scale));
    double times = sqrt(scale);
    struct shared_pool out = {.p_cold = fmin(sum.started / fmin(a, SHARED_MAX_LOAD), 1) / times, .busy = sum.busy * scale, .tail = sum.tail * times};
    out.alive = out.busy + sum.idle * times;
    return out;
}

struct shared_pool shared_solve(const struct shared_load *load, struct arena *scratch)
{
    double a = load->rate_per_s * load->service_s;
    if (!(a > 0))
        return (struct shared_pool){.p_cold = 1, .alive = load->always_on};
    struct arena_mark mark = arena_mark(scratch);
    struct ranks ranks = {0};
    shared_ranks(fmin(a, SHARED_MAX_LOAD), load->requests_at_once, &ranks, scratch);
    struct rank_cut cut = {0};
    ranks_cut(&ranks, load->keepalive_s / load->service_s, load->idle_tail_s / load->service_s, load->always_on, &cut, scratch);
    struct shared_pool out = shared_of_cut(&cut, load);
    arena_rewind(scratch, mark);
    return out;
}

double shared_waiting(double rate_per_s, double start_s, double start_cv, double requests_at_once)
{
    double slots = fmax(floor(requests_at_once), 1) - 1, sum = 0;
    if (!(slots > 0) || !(rate_per_s > 0) || !(start_s > 0))
        return 0;
    enum {
        STRATA = 8
    };
    struct law start = law_lognormal(start_s, start_cv);
    for (int i = 0; i < STRATA; i++) {
        double expected = rate_per_s * law_quantile(&start, (i + 0.5) / STRATA);
        /* E[min(slots, N)] = sum over j = 1 .. slots of P(N >= j); far from the limit it is the mean or the slots. */
        if (expected + 8 * sqrt(expected) < slots) {
            sum += expected;
        } else if (expected - 8 * sqrt(expected) > slots) {
            sum += slots;
        } else {
            for (double j = 1; j <= slots; j++)
                sum += gamma_lower(j, expected);
        }
    }
    return sum / STRATA;
}
