#include "latency/histogram.h"

#include "base/arena.h"

#include <math.h>
#include <string.h>

enum {
    BINS_PER_OCTAVE_BITS = 10,
    OCTAVES = 40,
    BINS = OCTAVES << BINS_PER_OCTAVE_BITS
};

static const double LEAST = 0x1p-20; /* 0.95 microseconds */

/*
 * The exponent and the first ten bits of the fraction of an IEEE 754 double, read as one integer,
 * are a bin number: equally wide bins inside each octave, without a logarithm.
 */
static uint64_t key_of(double t_s)
{
    uint64_t bits;
    memcpy(&bits, &t_s, sizeof bits);
    return bits >> (52 - BINS_PER_OCTAVE_BITS);
}

static size_t bin_of(double t_s)
{
    if (!(t_s > LEAST))
        return 0;
    uint64_t bin = key_of(t_s) - key_of(LEAST);
    return bin < BINS ? (size_t)bin : BINS - 1;
}

static double lower_edge(size_t bin)
{
    size_t octave = bin >> BINS_PER_OCTAVE_BITS, part = bin & ((1u << BINS_PER_OCTAVE_BITS) - 1);
    return ldexp(LEAST * (1.0 + (double)part / (1 << BINS_PER_OCTAVE_BITS)), (int)octave);
}

struct histogram histogram_new(struct arena *a)
{
    return (struct histogram){.bins = arena_new(a, uint64_t, BINS)};
}

void histogram_add(struct histogram *h, double t_s)
{
    h->bins[bin_of(t_s)]++;
    h->count++;
    h->sum_s += t_s;
}

double histogram_mean(const struct histogram *h)
{
    return h->count > 0 ? h->sum_s / (double)h->count : 0.0;
}

double histogram_quantile(const struct histogram *h, double p)
{
    double wanted = p * (double)h->count, before = 0.0;
    if (h->count == 0)
        return 0.0;
    for (size_t i = 0; i < BINS; i++) {
        double here = (double)h->bins[i];
        if (here > 0.0 && before + here >= wanted) {
            double low = lower_edge(i);
            return i == 0 ? 0.0 : low + (lower_edge(i + 1) - low) * (wanted - before) / here;
        }
        before += here;
    }
    return lower_edge(BINS);
}

double histogram_tail(const struct histogram *h, double t_s)
{
    if (h->count == 0)
        return 0.0;
    size_t bin = bin_of(t_s);
    double above = 0.0, low = bin == 0 ? 0.0 : lower_edge(bin);
    double inside = (t_s - low) / (lower_edge(bin + 1) - low);
    for (size_t i = bin + 1; i < BINS; i++)
        above += (double)h->bins[i];
    above += (double)h->bins[bin] * (1.0 - fmin(1.0, fmax(0.0, inside)));
    return above / (double)h->count;
}
