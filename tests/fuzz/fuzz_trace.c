/* Any bytes as a trace: parsing ends with a trace or an error, and every figure of a trace is finite. */
#include "base/arena.h"
#include "base/diag.h"
#include "traffic/summary.h"
#include "traffic/trace.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int claim)
{
    if (!claim)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct trace t;
    struct str text = {(const char *)data, size};
    if (trace_parse(STR("traffic.csv"), text, a, &t, d)) {
        require(diags_errors(d) == 0 && t.count >= 2 && t.bin_s > 0);
        for (size_t i = 1; i < t.count; i++)
            require(t.at_s[i] > t.at_s[i - 1] && (t.at_s[i] - t.at_s[i - 1]) % t.bin_s == 0);
        struct trace_summary s = trace_measure(&t, 3600, a);
        require(isfinite(s.mean_rps) && s.mean_rps > 0.0 && isfinite(s.cv) &&
                isfinite(s.dispersion));
        require(s.bin_peak_rps >= s.mean_rps * (1.0 - 1e-9) && isfinite(s.burst) &&
                isfinite(s.period_s));
        require(isfinite(trace_peakedness(&t, 2.5)));
        double *rps;
        require(trace_rates(&t, 86400, a, &rps) >= 1 && isfinite(rps[0]));
    } else {
        require(diags_errors(d) > 0);
    }
    arena_destroy(a);
    return 0;
}
