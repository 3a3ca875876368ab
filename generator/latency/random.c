#include "latency/random.h"

#include "latency/gamma.h"

#include <math.h>

static const uint64_t GOLDEN = UINT64_C(0x9E3779B97F4A7C15); /* 2^64 / golden ratio, odd */

static uint64_t mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

static double to_uniform(uint64_t bits)
{
    return ((double)(bits >> 11) + 0.5) * 0x1p-53;
}

struct random random_stream(uint64_t seed, uint64_t stream)
{
    return (struct random){.key = mix(mix(seed + GOLDEN) ^ mix(stream * GOLDEN + 1))};
}

uint64_t random_seed(const unsigned char digest[8])
{
    uint64_t seed = 0;
    for (int i = 0; i < 8; i++)
        seed = seed << 8 | digest[i];
    return seed;
}

uint64_t random_bits(struct random *r)
{
    return mix(r->key + ++r->counter * GOLDEN);
}

double random_uniform(struct random *r)
{
    return to_uniform(random_bits(r));
}

double random_uniform_at(struct random r, uint64_t index)
{
    return to_uniform(mix(r.key + (index + 1) * GOLDEN));
}

double random_normal(struct random *r)
{
    return normal_quantile(random_uniform(r));
}

double random_exponential(struct random *r, double mean)
{
    return -mean * log(random_uniform(r));
}

double random_law(struct random *r, const struct law *law)
{
    switch (law->kind) {
    case LAW_EXPONENTIAL: return random_exponential(r, law->mean_s);
    case LAW_LOGNORMAL: return exp(law->mu + law->sigma * random_normal(r));
    case LAW_CONSTANT: break;
    }
    return law->mean_s;
}

double random_gamma(struct random *r, double shape)
{
    if (shape < 1.0) /* G(shape) = G(shape + 1) U^(1/shape) */
        return random_gamma(r, shape + 1.0) * exp(log(random_uniform(r)) / shape);
    double d = shape - 1.0 / 3.0, c = 1.0 / sqrt(9.0 * d);
    for (;;) {
        double x = random_normal(r), v = 1.0 + c * x;
        if (v <= 0.0)
            continue;
        v = v * v * v;
        if (log(random_uniform(r)) < 0.5 * x * x + d - d * v + d * log(v))
            return d * v;
    }
}

static double poisson_by_inversion(struct random *r, double mean)
{
    double u = random_uniform(r), term = exp(-mean), sum = term, n = 0.0;
    while (u > sum && n < 1000.0) { /* the sum may end just below 1 in rounding */
        n += 1.0;
        term *= mean / n;
        sum += term;
    }
    return n;
}

double random_poisson(struct random *r, double mean)
{
    if (!(mean > 0.0))
        return 0.0;
    if (mean < 12.0)
        return poisson_by_inversion(r, mean);
    double root = sqrt(mean), log_mean = log(mean);
    double b = 0.931 + 2.53 * root, a = -0.059 + 0.02483 * b;
    double inverse_alpha = 1.1239 + 1.1328 / (b - 3.4), v_r = 0.9277 - 3.6224 / (b - 2.0);
    for (;;) {
        double u = random_uniform(r) - 0.5, v = random_uniform(r), us = 0.5 - fabs(u);
        double k = floor((2.0 * a / us + b) * u + mean + 0.43);
        if (us >= 0.07 && v <= v_r)
            return k;
        if (k < 0.0 || (us < 0.013 && v > us))
            continue;
        if (log(v * inverse_alpha / (a / (us * us) + b)) <=
            k * log_mean - mean - gamma_log(k + 1.0))
            return k;
    }
}

uint64_t random_geometric(struct random *r, double mean)
{
    if (!(mean > 1.0))
        return 1;
    double failures = floor(log(random_uniform(r)) / log1p(-1.0 / mean));
    return 1 + (uint64_t)fmin(failures, 1e15);
}

void latin_hypercube(uint64_t seed, size_t points, size_t dimensions, double *out)
{
    for (size_t j = 0; j < dimensions; j++) {
        struct random r = random_stream(seed, j);
        double *column = out + j;
        for (size_t i = 0; i < points; i++)
            column[i * dimensions] = (double)i;
        /* Fisher-Yates; the place within the interval is drawn on the way */
        for (size_t i = points; i > 0; i--) {
            size_t other = (size_t)((double)i * random_uniform(&r)) * dimensions;
            size_t last = (i - 1) * dimensions;
            double chosen = column[other];
            column[other] = column[last];
            column[last] = (chosen + random_uniform(&r)) / (double)points;
        }
    }
}
