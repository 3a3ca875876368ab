#include "cost/hardware.h"

#include <math.h>

#define FAMILY_MAX 64

/* Throughput results are compared within one scenario; an answer under a latency bound ("server") says
 * more about serving than an unbounded batch ("offline"). */
static const char *const SCENARIOS[] = {"server", "offline", "saturated", "interactive"};

static struct str throughput_name(const struct book *book, struct str id)
{
    const struct hardware *h = book_hardware(book, id);
    return h && h->stand_in.n ? h->stand_in : id;
}

static const struct throughput *find(const struct family *f, struct str hardware, const char *scenario)
{
    for (size_t i = 0; i < f->count; i++)
        if (str_equal(f->results[i].hardware, hardware) && str_is(f->results[i].scenario, scenario))
            return &f->results[i];
    return NULL;
}

/* Throughput of `to` over that of `from`, per accelerator (per vCPU for cpu); 0: not measured both. */
static double family_gain(const struct family *f, struct str from, struct str to, struct str *source)
{
    for (size_t s = 0; s < sizeof SCENARIOS / sizeof *SCENARIOS; s++) {
        const struct throughput *a = find(f, from, SCENARIOS[s]), *b = find(f, to, SCENARIOS[s]);
        if (a && b && a->per_second > 0 && str_equal(a->unit, b->unit)) {
            *source = b->source;
            return b->per_second / a->per_second;
        }
    }
    return 0;
}

static double quantile_of_sorted(const double *v, size_t n, double p)
{
    if (n < 2)
        return v[0];
    double at = p * (double)(n - 1);
    size_t below = (size_t)at;
    double part = at - (double)below;
    return below + 1 < n ? v[below] * (1 - part) + v[below + 1] * part : v[n - 1];
}

struct hardware_ratio hardware_ratio(const struct book *book, struct str family, struct str from,
                                     double vcpu, struct str to, double vcpu_to)
{
    struct hardware_ratio out = {0};
    bool from_cpu = str_is(from, "cpu"), to_cpu = str_is(to, "cpu");
    if (str_equal(from, to)) {
        out.known = out.is_stated = true;
        out.time_low = out.time_likely = out.time_high = 1;
        return out;
    }
    struct str a = throughput_name(book, from), b = throughput_name(book, to);
    /* A request on one accelerator takes a share of it; per vCPU results count all vCPUs of a replica. */
    double scale = 1;
    if (from_cpu)
        scale *= fmax(vcpu, 1e-3);
    if (to_cpu)
        scale /= fmax(vcpu_to, 1e-3);
    const struct family *own = family.n ? book_family(book, family) : NULL;
    if (own) {
        double gain = str_equal(a, b) ? 1 : family_gain(own, a, b, &out.source);
        if (gain > 0) {
            out.known = out.by_family = true;
            out.time_low = out.time_likely = out.time_high = scale / gain;
            return out;
        }
    }
    if (str_equal(a, b)) {
        out.known = true;
        out.time_low = out.time_likely = out.time_high = scale;
        return out;
    }
    double times[FAMILY_MAX] = {0};
    size_t n = 0;
    for (size_t i = 0; i < book->family_count && n < FAMILY_MAX; i++) {
        double gain = family_gain(&book->families[i], a, b, &out.source);
        if (!(gain > 0))
            continue;
        double time = scale / gain;
        size_t at = n++;
        for (; at > 0 && times[at - 1] > time; at--)
            times[at] = times[at - 1];
        times[at] = time;
    }
    if (n == 0)
        return out;
    out.known = true;
    out.time_likely = quantile_of_sorted(times, n, 0.5);
    out.time_low = quantile_of_sorted(times, n, 0.1);
    out.time_high = quantile_of_sorted(times, n, 0.9);
    return out;
}
