#include "traffic/summary.h"

#include "base/arena.h"
#include "traffic/trace.h"

#include <math.h>
#include <stdlib.h>

static const int64_t DAY_S = 86400;

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

size_t trace_rates(const struct trace *t, int64_t window_s, struct arena *a, double **rps)
{
    double *rates = arena_new(a, double, t->count);
    *rps = rates;
    size_t n = 0;
    if (window_s <= t->bin_s) {
        for (size_t i = 0; i < t->count; i++)
            rates[n++] = t->requests[i] / (double)t->bin_s;
        return n;
    }
    for (size_t i = 0; i < t->count;) {
        int64_t window = floor_divide(t->at_s[i], window_s);
        double requests = 0.0, covered = 0.0;
        for (; i < t->count && floor_divide(t->at_s[i], window_s) == window; i++) {
            requests += t->requests[i];
            covered += (double)t->bin_s;
        }
        if (2.0 * covered >= (double)window_s)
            rates[n++] = requests / covered;
    }
    if (n == 0) /* shorter than half a window: its mean */
        rates[n++] = t->total / ((double)t->count * (double)t->bin_s);
    return n;
}

struct moments {
    double mean, variance, peak, idle_share;
};

static struct moments moments_of(const double *x, size_t n)
{
    struct moments m = {0};
    for (size_t i = 0; i < n; i++) {
        m.mean += x[i] / (double)n;
        m.peak = fmax(m.peak, x[i]);
        m.idle_share += x[i] > 0.0 ? 0.0 : 1.0 / (double)n;
    }
    for (size_t i = 0; i < n; i++)
        m.variance += (x[i] - m.mean) * (x[i] - m.mean) / (double)n;
    return m;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile_of(double *x, size_t n, double p)
{
    qsort(x, n, sizeof *x, compare_doubles);
    double at = p * (double)(n - 1);
    size_t i = (size_t)at;
    return i + 1 < n ? x[i] + (at - (double)i) * (x[i + 1] - x[i]) : x[n - 1];
}

/* Variance over mean of the counts inside windows, pooled, against each window's own mean; only
 * whole windows count. 0 where there is none. */
static double dispersion_within(const struct trace *t, int64_t window_s)
{
    if (window_s < 2 * t->bin_s || window_s % t->bin_s != 0)
        return 0.0;
    size_t bins = (size_t)(window_s / t->bin_s), windows = 0;
    double squares = 0.0, mean = 0.0;
    for (size_t i = 0; i + bins <= t->count;) {
        int64_t window = floor_divide(t->at_s[i], window_s);
        bool whole = floor_divide(t->at_s[i + bins - 1], window_s) == window &&
                     t->at_s[i + bins - 1] - t->at_s[i] == window_s - t->bin_s;
        if (!whole) {
            i++;
            continue;
        }
        struct moments m = moments_of(t->requests + i, bins);
        squares += m.variance * (double)bins / (double)(bins - 1);
        mean += m.mean;
        windows++;
        i += bins;
    }
    return windows > 0 && mean > 0.0 ? squares / mean : 0.0;
}

/*
 * Scheduled traffic: most bins empty, and the starts of the busy stretches equally far apart (10
 * of them at least, their distances varying by less than 5 %, or by the one bin that rounding to
 * bins takes). 0 where it is not so.
 */
static double find_period(const struct trace *t, double idle_share)
{
    if (idle_share < 0.5)
        return 0.0;
    double n = 0.0, sum = 0.0, squares = 0.0;
    int64_t before = 0;
    bool any = false;
    for (size_t i = 1; i < t->count; i++) {
        if (!(t->requests[i] > 0.0) || t->requests[i - 1] > 0.0)
            continue;
        if (any) {
            double distance = (double)(t->at_s[i] - before);
            n += 1.0;
            sum += distance;
            squares += distance * distance;
        }
        before = t->at_s[i];
        any = true;
    }
    if (n < 9.0)
        return 0.0;
    double mean = sum / n, deviation = sqrt(fmax(0.0, squares / n - mean * mean));
    return deviation <= fmax(0.05 * mean, 0.5 * (double)t->bin_s) && mean >= 3.0 * (double)t->bin_s
               ? mean
               : 0.0;
}

static void measure_week(const struct trace *t, double mean_rps, double week[168])
{
    double requests[168] = {0}, covered[168] = {0};
    for (size_t i = 0; i < t->count && t->bin_s <= DAY_S; i++) { /* longer bins tell no hours */
        /* a bin longer than an hour is spread over the hours that it covers */
        for (int64_t from = 0; from < t->bin_s; from += 3600) {
            int64_t part = t->bin_s - from < 3600 ? t->bin_s - from : 3600;
            int64_t hours = floor_divide(t->at_s[i] + from, 3600) +
                            72; /* 1970 began on a Thursday */
            size_t hour = (size_t)(hours - floor_divide(hours, 168) * 168);
            requests[hour] += t->requests[i] * (double)part / (double)t->bin_s;
            covered[hour] += (double)part;
        }
    }
    for (size_t h = 0; h < 168; h++)
        week[h] = covered[h] > 0.0 ? requests[h] / covered[h] / mean_rps : -1.0;
}

struct trace_summary trace_measure(const struct trace *t, int64_t window_s, struct arena *scratch)
{
    struct trace_summary s = {0};
    struct arena_mark mark = arena_mark(scratch);
    double bin = (double)t->bin_s, *rates, *windows;
    s.days = (double)t->count * bin / (double)DAY_S;
    s.per_day = t->total / s.days;
    size_t bins = trace_rates(t, t->bin_s, scratch, &rates);
    struct moments m = moments_of(rates, bins);
    s.mean_rps = m.mean;
    s.bin_peak_rps = m.peak;
    s.bin_cv = sqrt(m.variance) / m.mean;
    s.bin_idle_share = m.idle_share;
    s.dispersion = m.variance / m.mean * bin;
    s.bin_p99_to_mean = quantile_of(rates, bins, 0.99) / m.mean;
    s.window_s = window_s > t->bin_s ? window_s : t->bin_s;
    size_t window_count = trace_rates(t, s.window_s, scratch, &windows);
    m = moments_of(windows, window_count);
    s.peak_rps = m.peak;
    s.cv = m.mean > 0.0 ? sqrt(m.variance) / m.mean : 0.0;
    s.idle_share = m.idle_share;
    s.minute_dispersion = dispersion_within(t, 60);
    s.burst = s.minute_dispersion > 0.0 ? fmax(1.0, 0.5 * (1.0 + s.minute_dispersion)) : 0.0;
    s.period_s = find_period(t, s.bin_idle_share);
    measure_week(t, s.mean_rps, s.week);
    s.bins_over_a_minute = t->bin_s > 60;
    s.under_a_week = s.days < 7.0;
    s.bursty_inside_minutes = s.minute_dispersion > 3.0;
    s.is_periodic = s.period_s > 0.0;
    s.has_gaps = t->gap_count > 0;
    arena_rewind(scratch, mark);
    return s;
}

/*
 * At the end of each bin: a request of the bin is still in service with probability `stays` (uniform
 * in the bin), one of earlier bins with what is left of its own. The number in service is a sum of
 * independent yes-no draws with mean m and variance m - q, q the sum of squared probabilities; over
 * time its variance is that of m plus the mean of m - q.
 */
double trace_peakedness(const struct trace *t, double service_s)
{
    double bin = (double)t->bin_s;
    if (t->bin_s > 300 || !(service_s > 0.0))
        return 0.0;
    double decay = exp(-bin / service_s), stays = service_s / bin * (1.0 - decay);
    double m = 0.0, q = 0.0, sum = 0.0, sum_q = 0.0, between = 0.0;
    double hour_sum = 0.0, hour_squares = 0.0, hour_count = 0.0;
    int64_t hour = floor_divide(t->at_s[0], 3600);
    for (size_t i = 0; i <= t->count; i++) {
        if (i == t->count || floor_divide(t->at_s[i], 3600) != hour) {
            double mean = hour_sum / fmax(1.0, hour_count);
            between += hour_squares - hour_count * mean * mean;
            hour_sum = hour_squares = hour_count = 0.0;
        }
        if (i == t->count)
            break;
        hour = floor_divide(t->at_s[i], 3600);
        if (i > 0 && t->at_s[i] - t->at_s[i - 1] != t->bin_s)
            m = q = 0.0;
        m = m * decay + t->requests[i] * stays;
        q = q * decay * decay + t->requests[i] * stays * stays;
        sum += m;
        sum_q += q;
        hour_sum += m;
        hour_squares += m * m;
        hour_count += 1.0;
    }
    return sum > 0.0 ? fmax(0.1, (fmax(0.0, between) + sum - sum_q) / sum) : 1.0;
}
