#include "latency/crossing.h"

#include "base/arena.h"

#include <math.h>

#define NEGLIGIBLE 1e-12
#define SMALLEST 1e-290
#define FINEST 1024.0 /* units of a burst, at most */

/*
 * Of large bursts so many requests are taken as one that FINEST units make a burst: they meet the same instances, and the
 * number in service has the same shape. A rank then is as many instances as a unit fills.
 */
struct unit {
    double requests, instances;
};

static struct unit unit_of(double burst, double requests_at_once)
{
    double requests = fmax(burst / FINEST, 1);
    return (struct unit){requests, fmax(requests / fmax(requests_at_once, 1), 1)};
}

void crossing_ranks(double load, double burst, double requests_at_once, struct ranks *out, struct arena *a)
{
    double unit = unit_of(burst, requests_at_once).requests;
    double k = fmax(requests_at_once / unit, 1), b = fmax(burst / unit, 1), q = 1 - 1 / b;
    load /= unit;
    double size = b > 1 ? load / (b - 1) : HUGE_VAL, reach = load + 12 * sqrt(load * b) + 40 * b;
    /* P(N = m) by its recursion: in the logarithm while it is too small for a double, then directly; the
     * sums below hold only positive terms. */
    double log_p = b > 1 ? -size * log(b) : -load, p = exp(log_p), below = 0, over = 0, next = 0;
    /* Crossings fall below NEGLIGIBLE, e^-27.6, about here. */
    ranks_clear(out, (size_t)((load + sqrt(55.2 * load * b) + 27.6 * b) / k) + 4, a);
    for (double m = 0; m <= reach; m++) {
        below += p;
        over = q * over + p;
        double here_p = p, ratio = b > 1 ? (size + m) * q / (m + 1) : load / (m + 1);
        if (here_p > SMALLEST) {
            p *= ratio;
        } else if (ratio > 1) {
            log_p += log(ratio);
            p = exp(log_p);
        } else {
            p = here_p * ratio;
        }
        if (m < next)
            continue; /* not the level of an instance */
        next += k;
        double here = below < 1 ? below : 1, up = load / b * over; /* crossings in a mean service time */
        struct rank rank = {.empty = here, .starts = up, .share = 1, .decay = here > 0 ? up / here : HUGE_VAL};
        ranks_add(out, rank, a);
        if (m > load && up < NEGLIGIBLE * load)
            break;
    }
}

/* Sums beside so many kept, between whole ranks where a rank is several instances. */
static struct rank_sum beside(const struct rank_cut *cut, double ranks)
{
    double whole = floor(ranks), part = ranks - whole;
    struct rank_sum sum = rank_cut_at(cut, whole);
    if (!(part > 0))
        return sum;
    struct rank_sum next = rank_cut_at(cut, whole + 1);
    sum.started += part * (next.started - sum.started);
    sum.idle += part * (next.idle - sum.idle);
    sum.tail += part * (next.tail - sum.tail);
    return sum;
}

struct crossing crossing_of_cut(const struct rank_cut *cut, const struct crossing_load *load)
{
    double a = load->rate_per_s * load->service_s, scale = fmax(a / CROSSING_MAX_LOAD, 1);
    double instances = unit_of(load->burst, load->requests_at_once).instances;
    struct rank_sum sum = beside(cut, floor(load->always_on / scale) / instances);
    struct crossing out = {.p_cold = fmin(sum.started * instances / fmin(a, CROSSING_MAX_LOAD), 1) / sqrt(scale), .busy = sum.busy * instances * scale};
    out.alive = out.busy + sum.idle * instances * scale;
    out.tail = sum.tail * instances * scale;
    return out;
}

struct crossing crossing_solve(const struct crossing_load *load, struct arena *scratch)
{
    double a = load->rate_per_s * load->service_s;
    if (!(a > 0))
        return (struct crossing){.p_cold = 1, .alive = load->always_on};
    struct arena_mark mark = arena_mark(scratch);
    struct ranks ranks = {0};
    crossing_ranks(fmin(a, CROSSING_MAX_LOAD), load->burst, load->requests_at_once, &ranks, scratch);
    struct rank_cut cut = {0};
    ranks_cut(&ranks, load->keepalive_s / load->service_s, load->idle_tail_s / load->service_s, load->always_on, &cut, scratch);
    struct crossing out = crossing_of_cut(&cut, load);
    arena_rewind(scratch, mark);
    return out;
}
