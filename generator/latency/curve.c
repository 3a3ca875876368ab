#include "latency/curve.h"

#include "latency/gamma.h"
#include "latency/root.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* The shapes that the search may use. Above, the law is a spike of CV 1 % and the cut does the rest;
 * below 0.002 the ratio of the 99.9 % quantile to the mean falls again. */
static const double SHAPE_MIN = 0.002, SHAPE_MAX = 1e4;
static const double PEAK_QUANTILE = 0.999;

/* Nothing here is NaN, and fmin and fmax are calls. */
static inline double clamp(double x, double low, double high)
{
    double least = x > low ? x : low;
    return least < high ? least : high;
}

static double sum_at(const double *shape, double scale, double low, double high)
{
    double sum = 0.0;
    for (size_t i = 0; i < CURVE_POINTS; i++)
        sum += clamp(shape[i] * scale, low, high);
    return sum;
}

/* The scale at which those points that lie between low and high at `near` would carry the rest of the total. */
static double scale_of_free(const double *shape, double near, double low, double high, double total)
{
    double fixed = 0.0, free = 0.0;
    for (size_t i = 0; i < CURVE_POINTS; i++) {
        double rate = shape[i] * near;
        if (rate > low && rate < high)
            free += shape[i];
        else
            fixed += rate > low ? high : low;
    }
    return free > 0.0 ? (total - fixed) / free : 0.0;
}

/*
 * Scales the busy points, each kept between low and high, until all add up to `total`. The sum grows with the scale, in
 * straight pieces: the end of the piece that one lies on is tried, and the bracket halved where that leaves it. False
 * where even all busy points at the peak do not carry the total.
 */
static bool scale_to_total(double rps[CURVE_POINTS], double low, double high, double total)
{
    if (sum_at(rps, 0x1p1000, low, high) < total)
        return false;
    double from = 0.0, to = 1.0;
    while (sum_at(rps, to, low, high) < total) {
        from = to;
        to *= 2.0;
    }
    for (int i = 0; i < 200 && to - from > 1e-16 * to; i++) {
        double straight = scale_of_free(rps, to, low, high, total), middle = 0.5 * (from + to);
        double next = straight > from && straight < to ? straight : middle;
        bool is_less = sum_at(rps, next, low, high) < total;
        if (is_less)
            from = next;
        else
            to = next;
        double again = scale_of_free(rps, next, low, high, total);
        if (fabs(again - next) <= 4e-16 * next) { /* next lies on its own piece */
            to = next;
            break;
        }
    }
    for (size_t i = 0; i < CURVE_POINTS; i++)
        rps[i] = clamp(rps[i] * to, low, high);
    return true;
}

/* From the busiest down, each at the peak until the total is reached; the rest at the minimum. */
static void fill_from_the_top(double rps[CURVE_POINTS], double low, double high, double total)
{
    double spare = total - low * CURVE_POINTS;
    for (size_t i = CURVE_POINTS; i > 0; i--) {
        double more = clamp(spare, 0.0, high - low);
        rps[i - 1] = fmin(high, low + more);
        spare -= more;
    }
}

/* ln of (99.9 % quantile over mean) against the wanted ratio; falls with the shape. */
static double peak_excess(double log_shape, void *context)
{
    double shape = exp(log_shape);
    return log(gamma_quantile(shape, PEAK_QUANTILE) / (shape * *(const double *)context));
}

/* Shapes, and ln of the 99.9 % quantile over the mean of each: where the search begins. */
static const struct {
    double log_shape, log_peak;
} PEAKS[] = {
    {-6.215, 5.624}, {-5.251, 5.335}, {-4.287, 4.836}, {-3.322, 4.225}, {-2.358, 3.555}, {-1.394, 2.868},
    {-0.430, 2.207}, {0.534, 1.618},  {1.498, 1.133},  {2.462, 0.765},  {3.426, 0.501},  {4.390, 0.322},
    {5.354, 0.204},  {6.318, 0.128},  {7.282, 0.0797}, {8.246, 0.0495}, {9.210, 0.0307},
};
#define PEAK_COUNT (sizeof PEAKS / sizeof *PEAKS)

/* ln of the shape by the secant method, in steps that end long before another root; false where that is not near one. */
static bool shape_near(double log_peak, double *log_shape)
{
    size_t i = 0;
    while (i < PEAK_COUNT - 1 && PEAKS[i + 1].log_peak > log_peak)
        i++;
    if (!(log_peak < PEAKS[0].log_peak) || i == PEAK_COUNT - 1)
        return false;
    double slope = (PEAKS[i + 1].log_peak - PEAKS[i].log_peak) / (PEAKS[i + 1].log_shape - PEAKS[i].log_shape);
    double x = PEAKS[i].log_shape + (log_peak - PEAKS[i].log_peak) / slope, last = x, excess = 0.0;
    for (int k = 0; k < 20; k++) {
        double shape = exp(x), before = excess;
        excess = gamma_quantile_over(shape, PEAK_QUANTILE, shape * exp(log_peak));
        if (k > 0 && fabs(x - last) > 1e-9)
            slope = (excess - before) / (x - last);
        if (!(slope < 0.0))
            return false;
        double step = -excess / slope;
        if (!(fabs(step) < 1.0))
            return false;
        last = x;
        x += step;
        if (fabs(step) < 1e-12) {
            *log_shape = x;
            return x > log(SHAPE_MIN) && x < log(SHAPE_MAX);
        }
    }
    return false;
}

static double shape_for_peak(double peak_to_mean)
{
    double log_shape;
    if (peak_to_mean <= 1.0)
        return SHAPE_MAX;
    if (!shape_near(log(peak_to_mean), &log_shape))
        log_shape = root_find(peak_excess, &peak_to_mean, log(SHAPE_MIN), log(SHAPE_MAX), 1e-10);
    return exp(log_shape);
}

/* Variance of the busy bins over their squared mean, from that of all bins. */
static double busy_scv(const struct curve_input *in, double busy_mean, bool *unreached)
{
    double busy_share = 1.0 - in->idle_share;
    double idle_part = in->min_rps - in->mean_rps, busy_part = busy_mean - in->mean_rps;
    double all = in->cv * in->cv * in->mean_rps * in->mean_rps;
    double between = in->idle_share * idle_part * idle_part + busy_share * busy_part * busy_part;
    *unreached = all < between * (1.0 - 1e-9);
    return fmax(0.0, (all - between) / busy_share) / (busy_mean * busy_mean);
}

static void measure(struct load_curve *c)
{
    double sum = 0.0, squares = 0.0;
    for (size_t i = 0; i < CURVE_POINTS; i++)
        sum += c->rps[i];
    double mean = sum / CURVE_POINTS;
    for (size_t i = 0; i < CURVE_POINTS; i++)
        squares += (c->rps[i] - mean) * (c->rps[i] - mean);
    c->cv = mean > 0.0 ? sqrt(squares / CURVE_POINTS) / mean : 0.0;
}

struct load_curve curve_fit(const struct curve_input *in)
{
    assert(in->idle_share >= 0.0 && in->idle_share < 1.0 && in->mean_rps >= 0.0 &&
           in->min_rps >= 0.0);
    struct load_curve c = {
        .mean_rps = in->mean_rps, .peak_rps = in->peak_rps, .idle_share = in->idle_share};
    if (!(in->mean_rps > 0.0))
        return c;
    double low = fmin(in->min_rps, in->mean_rps);
    double busy_mean = (in->mean_rps - in->idle_share * low) / (1.0 - in->idle_share);
    double shape;
    if (in->cv >= 0.0) {
        c.basis = CURVE_BY_VARIATION;
        double scv = busy_scv(in, busy_mean, &c.cv_unreached);
        shape = clamp(1.0 / fmax(scv, 1e-12), SHAPE_MIN, SHAPE_MAX);
    } else if (in->peak_rps > 0.0) {
        c.basis = CURVE_BY_PEAK;
        shape = shape_for_peak(in->peak_rps / busy_mean);
    } else {
        c.basis = CURVE_BY_DEFAULT;
        shape = shape_for_peak(in->default_peak_to_mean);
    }
    if (!(in->peak_rps > 0.0))
        c.peak_rps = fmax(busy_mean, gamma_quantile(shape, PEAK_QUANTILE) / shape * busy_mean);
    if (c.peak_rps < in->mean_rps) {
        c.peak_rps = in->mean_rps;
        c.peak_raised = true;
    }
    double p[CURVE_POINTS];
    size_t idle = 0;
    for (size_t i = 0; i < CURVE_POINTS; i++) {
        p[i] = (((double)i + 0.5) / CURVE_POINTS - in->idle_share) / (1.0 - in->idle_share);
        idle += p[i] > 0.0 ? 0 : 1;
    }
    gamma_quantiles(shape, &p[idle], CURVE_POINTS - idle, &c.rps[idle]);
    double total = in->mean_rps * CURVE_POINTS;
    if (!scale_to_total(c.rps, low, c.peak_rps, total)) {
        fill_from_the_top(c.rps, low, c.peak_rps, total);
        c.idle_reduced = in->idle_share > 0.0;
    }
    measure(&c);
    return c;
}

static int compare_rates(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

struct load_curve curve_from_bins(double *rps, size_t count)
{
    assert(count > 0);
    struct load_curve c = {.basis = CURVE_BY_TRACE};
    qsort(rps, count, sizeof *rps, compare_rates);
    double n = (double)count, sum = 0.0, idle = 0.0;
    for (size_t i = 0; i < count; i++) {
        sum += rps[i];
        idle += rps[i] > 0.0 ? 0.0 : 1.0;
    }
    /* bin i covers [i, i + 1) / n of the time, point k [k, k + 1) / 96: share out by overlap */
    for (size_t k = 0; k < CURVE_POINTS; k++) {
        double from = (double)k * n / CURVE_POINTS, to = (double)(k + 1) * n / CURVE_POINTS;
        double part = 0.0;
        for (size_t i = (size_t)from; i < count && (double)i < to; i++)
            part += rps[i] * (fmin(to, (double)i + 1.0) - fmax(from, (double)i));
        c.rps[k] = part / (to - from);
    }
    c.mean_rps = sum / n;
    c.peak_rps = rps[count - 1];
    c.idle_share = idle / n;
    measure(&c);
    return c;
}

struct load_curve curve_scaled(const struct load_curve *curve, double factor)
{
    struct load_curve c = *curve;
    for (size_t i = 0; i < CURVE_POINTS; i++)
        c.rps[i] *= factor;
    c.mean_rps *= factor;
    c.peak_rps *= factor;
    return c;
}
