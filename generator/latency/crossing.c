#include "latency/crossing.h"

#include "base/arena.h"

#include <math.h>

#define NEGLIGIBLE 1e-12
#define SMALLEST 1e-290

void crossing_ranks(double load, double burst, double requests_at_once, struct ranks *out, struct arena *a)
{
    double k = fmax(requests_at_once, 1), b = fmax(burst, 1), q = 1 - 1 / b;
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

struct crossing crossing_of_cut(const struct rank_cut *cut, const struct crossing_load *load)
{
    double a = load->rate_per_s * load->service_s, scale = fmax(a / CROSSING_MAX_LOAD, 1);
    struct rank_sum sum = rank_cut_at(cut, floor(load->always_on / scale));
    struct crossing out = {.p_cold = fmin(sum.started / fmin(a, CROSSING_MAX_LOAD), 1) / sqrt(scale), .busy = sum.busy * scale};
    out.alive = out.busy + sum.idle * scale;
    out.tail = sum.tail * scale;
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
