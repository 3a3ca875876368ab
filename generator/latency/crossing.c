#include "latency/crossing.h"

#include "latency/law.h"

#include <math.h>
#include <stdbool.h>

/* Above this load the pool's relative spread is under 1 %: it is scaled from here. */
#define CROSSING_MAX_LOAD 10000.0
#define NEGLIGIBLE 1e-12

struct crossing crossing_solve(const struct crossing_load *load)
{
    struct crossing out = {.p_cold = 1, .busy = 0, .alive = load->always_on};
    double a = load->rate_per_s * load->service_s;
    if (!(a > 0))
        return out;
    double scale = 1;
    struct crossing_load l = *load;
    if (a > CROSSING_MAX_LOAD) {
        scale = a / CROSSING_MAX_LOAD;
        l.rate_per_s /= scale;
        l.always_on = floor(l.always_on / scale);
        a = CROSSING_MAX_LOAD;
    }
    out = (struct crossing){0};
    double k = fmax(l.requests_at_once, 1);
    /* P(N <= m) and P(N = m) at each level, from the regularised gamma function: no running sum, so
     * no loss of digits at large loads. */
    double reach = a + 12 * sqrt(a) + 40;
    for (double j = 1;; j++) {
        double m = (j - 1) * k;
        double above = gamma_lower(m + 1, a);       /* P(N > m) */
        double below = gamma_upper(m + 1, a);       /* P(N <= m) */
        double at = exp(m * log(a) - a - gamma_log(m + 1));
        bool kept = j <= l.always_on;
        out.busy += above;
        if (kept) {
            out.alive += 1;
        } else if (below <= 0) {
            out.alive += 1;
        } else {
            double up = l.rate_per_s * at / below; /* crossings a second while not needed */
            double gone = below * exp(-up * l.keepalive_s);
            out.alive += 1 - gone;
            out.p_cold += gone * up / l.rate_per_s;
        }
        if (m > reach || (above < NEGLIGIBLE && j >= l.always_on && m > a))
            break;
    }
    if (out.p_cold > 1)
        out.p_cold = 1;
    out.busy *= scale;
    out.alive *= scale;
    if (scale > 1)
        out.p_cold /= sqrt(scale);
    return out;
}
