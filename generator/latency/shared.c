#include "latency/shared.h"

#include "base/arena.h"
#include "latency/gamma.h"
#include "latency/law.h"

#include <math.h>
#include <stddef.h>

#define LOSS_END 1e-12
#define DECAY_END 45.0 /* e^-45 = 3e-20: an idle time that long does not happen */
#define ROUNDS 4       /* for the length of a rank's busy times */

/* The slots before a rank as a birth and death process, states 0 to `slots` busy, times in services. */
struct before {
    double load;
    size_t slots;
    double *v, *weight, *passage;
};

/* v(i + 1) of load v(i+1) = (load + i - theta) v(i) - i v(i-1), by its drops: see coldstart.c. */
static double end_value(const struct before *b, double theta, double *slope)
{
    double v = 1, dv = 0, drop = 0, ddrop = 0;
    for (size_t i = 0; i <= b->slots; i++) {
        double n = (double)i;
        drop = (n * drop + theta * v) / b->load;
        ddrop = (n * ddrop + v + theta * dv) / b->load;
        v -= drop;
        dv -= ddrop;
    }
    *slope = dv;
    return v;
}

static double slowest_rate(const struct before *b)
{
    double theta = 0;
    for (int i = 0; i < 200; i++) {
        double slope, value = end_value(b, theta, &slope);
        if (!(slope < 0))
            break;
        double step = -value / slope;
        theta = fmax(0, theta + step);
        if (fabs(step) <= 1e-12 * theta)
            break;
    }
    return theta;
}

static void fill(struct before *b, double theta)
{
    double v = 1, drop = 0, up = 0, top = floor(b->load);
    double log_load = log(b->load), log_top = top * log_load - gamma_log(top + 1);
    for (size_t i = 0; i <= b->slots; i++) {
        double n = (double)i;
        b->v[i] = v;
        b->weight[i] = exp(n * log_load - gamma_log(n + 1) - log_top);
        up = (1 + n * up) / b->load; /* mean time from i to i + 1 busy */
        b->passage[i] = up;
        drop = (n * drop + theta * v) / b->load;
        v = fmax(0, v - drop);
    }
    for (size_t i = b->slots; i-- > 0;)
        b->passage[i] += b->passage[i + 1];
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

/* What is left of the share `empty` when idle times end after `seconds` (in services). */
static double idle_within(double empty, double starts, double share, double theta, double seconds)
{
    return fmax(empty - starts * fmin(share * exp(-theta * seconds), 1) / theta, 0);
}

struct shared_pool shared_solve(const struct shared_load *load, struct arena *scratch)
{
    struct shared_pool out = {.p_cold = 1, .alive = load->always_on};
    double a = load->rate_per_s * load->service_s, scale = 1;
    if (!(a > 0))
        return out;
    if (a > SHARED_MAX_LOAD) {
        scale = a / SHARED_MAX_LOAD;
        a = SHARED_MAX_LOAD;
    }
    double k = fmax(floor(load->requests_at_once), 1), kept = floor(load->always_on / scale);
    double keepalive = load->keepalive_s / load->service_s, tail_s = load->idle_tail_s / load->service_s;
    size_t most = (size_t)(a + 8 * sqrt(a) + 40 + k);
    struct arena_mark mark = arena_mark(scratch);
    struct before b = {.load = a};
    b.v = arena_new(scratch, double, most + 1);
    b.weight = arena_new(scratch, double, most + 1);
    b.passage = arena_new(scratch, double, most + 1);
    out = (struct shared_pool){0};
    double blocked = 1, idle = 0, seen_ranks = 0;
    for (double n = 1;; n++) {
        double slots = (n - 1) * k;
        b.slots = (size_t)slots;
        if (slots > 0 && (blocked < LOSS_END || b.slots > most))
            break;
        double empty = empty_share(a, slots, k, blocked);
        double theta = slowest_rate(&b);
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
        double starts = empty / gap, share = seen(&b, b.v, 1 / busy_time) * sum / squares;
        double idle_now = empty, tail_now = empty;
        if (n > kept) {
            double gone = theta * keepalive < DECAY_END ? fmin(share * exp(-theta * keepalive), 1) : 0;
            out.p_cold += starts * gone / a;
            idle_now = theta * keepalive < DECAY_END ? idle_within(empty, starts, share, theta, keepalive) : empty;
            tail_now = tail_s > 0 ? fmin(idle_within(empty, starts, share, theta, tail_s), idle_now) : 0;
        }
        seen_ranks = n;
        out.busy += 1 - empty;
        idle += idle_now;
        out.tail += tail_now;
        for (double i = slots + 1; i <= slots + k; i++)
            blocked = a * blocked / (i + a * blocked);
    }
    arena_rewind(scratch, mark);
    double ranks_kept = fmax(kept - seen_ranks, 0); /* kept, and never used */
    idle += ranks_kept;
    out.tail += ranks_kept;
    out.p_cold = fmin(out.p_cold, 1);
    if (scale > 1) {
        out.p_cold /= sqrt(scale);
        out.busy *= scale;
        out.tail *= sqrt(scale);
        idle *= sqrt(scale);
    }
    out.alive = out.busy + idle;
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
