#include "latency/spread.h"

#include "latency/erlang.h"
#include "latency/gamma.h"
#include "latency/law.h"

#include <math.h>

/* Above this load the pool is scaled from here: idle instances and cold share by the square root. */
#define SPREAD_MAX_LOAD 2000.0
#define MONTH_S 2628000.0
/* Pools so large are reached by hardly any month. */
#define UNREACHED 1e-5
/* Below this chance of being gone before it is found again, and beyond this size, a pool counts as endless. */
#define ENDLESS 1e-6
#define ENDLESS_SIZE 256.0
/* States of less weight than this against the likeliest are left out. */
#define NEGLIGIBLE_LOG (-40.0)

/* A pool of n instances under the load. */
struct pool {
    double blocked; /* share of requests that find no slot */
    double busy;    /* mean instances at work */
    double idle_starts_per_s, idle_gone; /* idle times that begin; share that outlasts the keep-alive */
    double tail;
};

static double found_later(const struct spread_load *l, double idle, double seconds)
{
    if (l->longest_idle_first)
        return gamma_upper(fmax(idle, 1), l->rate_per_s * seconds);
    return exp(-l->rate_per_s * seconds / fmax(idle, 1e-9));
}

/*
 * A pool of n, as long as it has n. An instance serves, is idle until it is found (g = 0) or, with chance g, until the keep-alive
 * is over, serves again or is gone: idle times are (1 - g) of what they were without an end, so that a pool of few requests is
 * busy at a / (1 - g) of its size and loses n g / (service + idle time). Where g is small this is an endless pool; where it is
 * nearly 1 an instance lives for its one service and the keep-alive.
 */
static struct pool pool_of(const struct spread_load *l, double n, double load, double blocked)
{
    struct pool p = {.blocked = blocked};
    double k = l->requests_at_once, found_per_s;
    if (!(n > 0))
        return p;
    double carried = load * (1 - blocked);
    if (k > 1) {
        double empty = exp(-carried / n);
        double gone = found_later(l, l->longest_idle_first ? n * empty : n, l->keepalive_s);
        double cycle = 1 / empty - gone; /* in mean times between the requests of an instance */
        p.busy = n * (1 - (1 - gone) / cycle);
        p.idle_starts_per_s = l->rate_per_s / cycle;
        p.idle_gone = gone;
        found_per_s = l->rate_per_s / n;
    } else {
        /* The one that is found is one of those that are idle when any is. */
        double among = (n - fmin(carried, n)) / fmax(1 - blocked, 1e-9), gone = found_later(l, among, l->keepalive_s);
        if (gone > ENDLESS && n <= ENDLESS_SIZE) {
            p.blocked = erlang_b(n, load / (1 - gone));
            carried = load / (1 - gone) * (1 - p.blocked);
        }
        p.busy = fmin(carried, n);
        p.idle_starts_per_s = l->rate_per_s * (1 - p.blocked) / (1 - gone);
        p.idle_gone = gone;
        found_per_s = l->rate_per_s / fmax(among, 1e-9);
    }
    double idle = n - p.busy;
    if (p.idle_starts_per_s > 0 && l->longest_idle_first)
        p.tail = p.idle_starts_per_s * fmin(idle / p.idle_starts_per_s, l->idle_tail_s);
    else if (p.idle_starts_per_s > 0)
        p.tail = fmin(idle * -expm1(-found_per_s * l->idle_tail_s) / (1 - p.idle_gone), idle);
    return p;
}

static void add_part(struct spread_pool *to, const struct spread_pool *p, double part)
{
    to->p_cold += p->p_cold * part;
    to->busy += p->busy * part;
    to->alive += p->alive * part;
    to->tail += p->tail * part;
}

struct spread_pool spread_solve(const struct spread_load *load)
{
    struct spread_pool out = {.p_cold = 1, .alive = load->always_on};
    double a = load->rate_per_s * load->service_s;
    if (!(a > 0))
        return out;
    struct spread_load l = *load;
    double scale = 1;
    if (a > SPREAD_MAX_LOAD) {
        scale = a / SPREAD_MAX_LOAD;
        a = SPREAD_MAX_LOAD;
        l.rate_per_s /= scale;
        l.always_on = floor(l.always_on / scale);
    }
    double k = fmax(l.requests_at_once, 1), least = floor(l.always_on);
    double log_weight = 0, best = 0, weights = 0, reached = 1;
    struct spread_pool sum = {0}, mean = {0};
    double blocked = 1, slots = 0; /* Erlang B by its recursion, slot by slot */
    struct pool p = {0};
    for (double n = 0;; n++) {
        for (; slots < n * k; slots++)
            blocked = a * blocked / (slots + 1 + a * blocked);
        if (n < least)
            continue;
        struct pool before = p; /* not read at the fewest */
        p = pool_of(&l, n, a, blocked);
        if (n > least) {
            double born = l.rate_per_s * before.blocked, died = p.idle_starts_per_s * p.idle_gone;
            if (n > a / k + 1) {
                double b = born * MONTH_S, next = fmin(b * b / (1 + b * b), reached);
                add_part(&mean, &sum, (reached - next) / weights);
                reached = next;
                if (reached < UNREACHED)
                    break;
            }
            log_weight += log(fmax(born, 1e-300)) - log(fmax(died, 1e-300));
        }
        if (log_weight > best) {
            double shrink = exp(best - log_weight);
            weights *= shrink;
            sum = (struct spread_pool){sum.p_cold * shrink, sum.busy * shrink, sum.alive * shrink, sum.tail * shrink};
            best = log_weight;
        }
        double w = exp(log_weight - best);
        weights += w;
        sum.p_cold += w * p.blocked;
        sum.busy += w * p.busy;
        sum.alive += w * n;
        sum.tail += w * p.tail;
        if (log_weight < best + NEGLIGIBLE_LOG && n > a / k)
            break;
    }
    add_part(&mean, &sum, reached / weights);
    double idle = mean.alive - mean.busy;
    out.p_cold = fmin(mean.p_cold, 1);
    out.busy = mean.busy;
    out.tail = mean.tail;
    if (scale > 1) {
        out.p_cold /= sqrt(scale);
        out.busy *= scale;
        out.tail *= sqrt(scale);
        idle *= sqrt(scale);
    }
    out.alive = out.busy + idle;
    return out;
}
