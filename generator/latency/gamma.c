#include "latency/gamma.h"

#include "latency/law.h"

#include <math.h>
#include <stdbool.h>

static const double LN_SQRT_2PI = 0.91893853320467274178;

/* Stirling's series from 15 upwards; below, the recurrence Gamma(x + 1) = x Gamma(x). */
double gamma_log(double x)
{
    double product = 1.0;
    while (x < 15.0) {
        product *= x;
        x += 1.0;
    }
    double y = 1.0 / (x * x);
    double series = (1.0 / 12 -
                     y * (1.0 / 360 -
                          y * (1.0 / 1260 -
                               y * (1.0 / 1680 - y * (1.0 / 1188 - y * 691.0 / 360360))))) /
                    x;
    return (x - 0.5) * log(x) - x + LN_SQRT_2PI + series - log(product);
}

/* x^shape e^-x / Gamma(shape) */
static double gamma_kernel(double shape, double x)
{
    return exp(shape * log(x) - x - gamma_log(shape));
}

/* P by its power series; converges quickly for x < shape + 1. */
static double gamma_series(double shape, double x)
{
    double term = 1.0 / shape, sum = term;
    for (double k = shape + 1.0; term > 1e-17 * sum; k += 1.0) {
        term *= x / k;
        sum += term;
    }
    return sum * gamma_kernel(shape, x);
}

/* Q by Legendre's continued fraction (modified Lentz); converges for x > shape + 1. */
static double gamma_fraction(double shape, double x)
{
    const double tiny = 1e-300;
    double b = x + 1.0 - shape, c = 1.0 / tiny, d = 1.0 / b, h = d;
    for (int i = 1; i < 1000000; i++) {
        double a = -i * (i - shape);
        b += 2.0;
        d = a * d + b;
        d = 1.0 / (fabs(d) < tiny ? tiny : d);
        c = b + a / c;
        c = fabs(c) < tiny ? tiny : c;
        h *= c * d;
        if (fabs(c * d - 1.0) < 1e-16)
            break;
    }
    return h * gamma_kernel(shape, x);
}

double gamma_lower(double shape, double x)
{
    if (!(x > 0.0))
        return 0.0;
    return x < shape + 1.0 ? fmin(1.0, gamma_series(shape, x)) : 1.0 - gamma_fraction(shape, x);
}

double gamma_upper(double shape, double x)
{
    if (!(x > 0.0))
        return 1.0;
    return x < shape + 1.0 ? fmax(0.0, 1.0 - gamma_series(shape, x)) : gamma_fraction(shape, x);
}

/* Wilson and Hilferty's cube for the middle; the first term of the series for small values. */
static double gamma_quantile_guess(double shape, double p)
{
    double z = normal_quantile(p);
    double cube = 1.0 - 1.0 / (9.0 * shape) + z / (3.0 * sqrt(shape));
    double small = exp((log(p) + gamma_log(shape + 1.0)) / shape);
    if (shape < 1.0 || cube <= 0.2)
        return small < 1.0 || cube <= 0.0 ? small : fmax(shape * cube * cube * cube, 1e-3);
    return shape * cube * cube * cube;
}

/* Newton in ln x, kept inside a bracket: in ln x the law has no singularity at 0. The error is
 * taken in whichever of P and Q is smaller, so that neither tail is lost to cancellation. */
double gamma_quantile(double shape, double p)
{
    if (!(p > 0.0))
        return 0.0;
    if (!(p < 1.0))
        return HUGE_VAL;
    double x = gamma_quantile_guess(shape, p);
    if (x < 1e-290)
        return x; /* there P(x) = x^shape / Gamma(shape + 1) to the last digit */
    double low = 0.0, high = HUGE_VAL;
    for (int i = 0; i < 200; i++) {
        double error = p < 0.5 ? gamma_lower(shape, x) - p : (1.0 - p) - gamma_upper(shape, x);
        if (error < 0)
            low = x;
        else
            high = x;
        double slope = gamma_kernel(shape, x); /* 0 where it is below the range of doubles */
        double step = slope > 0.0 ? error / slope : copysign(3.0, error);
        double next = x * exp(-fmax(-3.0, fmin(3.0, step)));
        if (!(next > low && next < high))
            next = high < HUGE_VAL ? 0.5 * (low + high) : 2.0 * low;
        if (fabs(next - x) <= 1e-14 * x)
            return next;
        x = next;
    }
    return x;
}

/* ---- rows of quantiles ---- */

/* Only P is looked at, so 1 - P is lost where it is small: quantiles with less above them are had one by one. */
static const double ROW_TAIL = 1e-4;

struct gamma {
    double shape, log_gamma;
};

/* A point of the law: y = ln x, and dP/dy there. */
struct place {
    double y, x, kernel;
};

/* P at *at, and the kernel there. All terms of the series are positive: it is exact at any x. Two terms for one division. */
static double lower_at(const struct gamma *g, struct place *at)
{
    double x = at->x, term = 1.0 / g->shape, sum = term;
    at->kernel = exp(g->shape * at->y - x - g->log_gamma);
    for (double k = g->shape + 1.0; term > 1e-17 * sum; k += 2.0) {
        double both = x / (k * (k + 1.0));
        sum += term * both * (k + 1.0 + x);
        term *= both * x;
    }
    return sum * at->kernel;
}

/*
 * The distance in y from *at to where P is `more` higher: four terms of the inverse of Taylor's series. With
 * k = dP/dy and a = shape - x, the derivatives of k are a k, (a^2 - x) k and (a^3 - 3 a x - x) k. *size is the distance
 * in units in which the series converges below 1: what is left out is about its fourth power, of the result.
 */
static double distance_to(const struct gamma *g, const struct place *at, double more, double *size)
{
    double x = at->x, a = g->shape - x, u = more / at->kernel;
    double second = a * 0.5, third = (a * a - x) * (1.0 / 6), fourth = (a * a * a - 3 * a * x - x) * (1.0 / 24);
    *size = fabs(u) * (fabs(a) + sqrt(x) + 1);
    return u * (1 - u * (second - u * (2 * second * second - third -
                                       u * (5 * second * (second * second - third) + fourth))));
}

/* From a place near quantile p to it; one look at P is enough from nearby. False: it was not near. */
static bool move_to(const struct gamma *g, double p, struct place *at)
{
    for (int i = 0; i < 12; i++) {
        double size, miss = p - lower_at(g, at);
        if (!(at->kernel > 0.0))
            return false;
        double far = distance_to(g, at, miss, &size);
        if (size < 1e-3) {
            at->y += far;
            at->x *= 1 + far * (1 + far * (0.5 + far * (1.0 / 6 + far * (1.0 / 24))));
            at->kernel *= 1 + far * (g->shape - at->x);
            return true;
        }
        at->y += size < 0.3 ? far : copysign(fmin(fabs(miss / at->kernel), 1.0), miss);
        at->x = exp(at->y);
    }
    return false;
}

/*
 * About where quantile p lies, in y, from *at at quantile `from`: three terms of Taylor's series in v = ln p below the
 * median and in v = -ln(1 - p) above it, in which the tails are nearly straight. With r = dy/dv, dr/dv = s r - a r^2 and
 * its derivative s (dr/dv) + x r^3 - 2 a r (dr/dv), s = 1 below and -1 above.
 */
static double guess_from(const struct gamma *g, const struct place *at, double from, double p)
{
    bool below = p < 0.5;
    double v = below ? log(p / from) : log((1.0 - from) / (1.0 - p)), s = below ? 1.0 : -1.0;
    double r = (below ? from : 1.0 - from) / at->kernel, a = g->shape - at->x;
    double r1 = s * r - a * r * r, r2 = s * r1 + at->x * r * r * r - 2 * a * r * r1;
    return at->y + v * (r + v * (r1 * 0.5 + v * (r2 * (1.0 / 6))));
}

void gamma_quantiles(double shape, const double *p, size_t count, double *out)
{
    const struct gamma g = {shape, gamma_log(shape)};
    struct place at = {0, 0, 0};
    double from = 0.0; /* of *at; 0: nowhere yet */
    for (size_t i = 0; i < count; i++) {
        if (from > 0.0) {
            at.y = guess_from(&g, &at, from, p[i]);
            at.x = exp(at.y);
        } else {
            at.x = p[i] > 0.0 ? gamma_quantile_guess(shape, p[i]) : 0.0;
            if (at.x < 1e-290) { /* as gamma_quantile has it */
                out[i] = at.x;
                continue;
            }
            at.y = log(at.x);
        }
        bool there = 1.0 - p[i] > ROW_TAIL && move_to(&g, p[i], &at);
        out[i] = there ? at.x : gamma_quantile(shape, p[i]);
        from = there ? p[i] : 0.0;
    }
}

double gamma_quantile_over(double shape, double p, double x)
{
    const struct gamma g = {shape, gamma_log(shape)};
    struct place at = {log(x), x, 0};
    double size, from = at.y, miss = p - lower_at(&g, &at);
    if (at.kernel > 0.0 && 1.0 - p > ROW_TAIL) {
        double far = distance_to(&g, &at, miss, &size);
        if (size < 1e-3)
            return far;
        if (move_to(&g, p, &at))
            return at.y - from;
    }
    return log(gamma_quantile(shape, p) / x);
}
