#include "latency/crossing.h"

#include "latency/law.h"

#include <math.h>

/* Above this load the pool's relative spread is small: it is scaled from here. */
#define CROSSING_MAX_LOAD 5000.0
#define NEGLIGIBLE 1e-12
#define SMALLEST 1e-290

struct crossing crossing_solve(const struct crossing_load *load)
{
    struct crossing out = {.p_cold = 1, .busy = 0, .alive = load->always_on};
    double a = load->rate_per_s * load->service_s;
    if (!(a > 0))
        return out;
    double scale = 1, rate = load->rate_per_s, kept = load->always_on;
    if (a > CROSSING_MAX_LOAD) {
        scale = a / CROSSING_MAX_LOAD;
        rate /= scale;
        kept = floor(kept / scale);
        a = CROSSING_MAX_LOAD;
    }
    out = (struct crossing){0};
    double k = fmax(load->requests_at_once, 1), b = fmax(load->burst, 1), q = 1 - 1 / b;
    double size = b > 1 ? a / (b - 1) : HUGE_VAL, reach = a + 12 * sqrt(a * b) + 40 * b;
    /* P(N = m) by its recursion: in the logarithm while it is too small for a double, then directly; the
     * sums below hold only positive terms. */
    double log_p = b > 1 ? -size * log(b) : -a, p = exp(log_p), below = 0, over = 0, instances = 0, next = 0;
    for (double m = 0; m <= reach || instances < kept; m++) {
        below += p;
        over = q * over + p;
        double here_p = p, ratio = b > 1 ? (size + m) * q / (m + 1) : a / (m + 1);
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
        instances += 1;
        double here = fmin(below, 1), above = 1 - here;
        out.busy += above;
        if (instances <= kept || !(here > 0)) {
            out.alive += 1;
            continue;
        }
        double up = rate / b * over; /* crossings a second */
        double gone = exp(-up / here * load->keepalive_s);
        out.alive += 1 - here * gone;
        out.p_cold += up * gone / rate;
        if (m > a && up < NEGLIGIBLE * rate && instances >= kept)
            break;
    }
    out.p_cold = fmin(out.p_cold, 1);
    out.busy *= scale;
    out.alive *= scale;
    if (scale > 1)
        out.p_cold /= sqrt(scale);
    return out;
}
