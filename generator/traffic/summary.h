#ifndef TRAFFIC_SUMMARY_H
#define TRAFFIC_SUMMARY_H
/*
 * What a trace says: rates over windows of any length, and volume, peak, variability, course of the
 * week, burstiness and period in figures. Pure; a trace made by trace_parse goes in.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct trace;

/*
 * Requests a second in windows of `window_s` that start at multiples of it (UTC). Windows less than
 * half covered by bins are left out, partly covered ones are scaled to their covered time. Where
 * the trace's own bins are longer than the window, the bins themselves. Returns the number of rates,
 * at least 1 where the trace has a bin; *rps lies in `a`.
 */
size_t trace_rates(const struct trace *t, int64_t window_s, struct arena *a, double **rps);

/* A trace in figures. Variances are those of the population; times without a bin do not count. */
struct trace_summary {
    double days;    /* covered time: bins x length */
    double per_day; /* requests */
    double mean_rps;
    double peak_rps, cv, idle_share; /* over windows of the asked length (or the bins, if longer) */
    int64_t window_s;                /* which that is */
    double bin_peak_rps, bin_cv, bin_idle_share;
    double bin_p99_to_mean;   /* 99 % quantile of the bins, interpolated, over their mean */
    double dispersion;        /* variance over mean of the counts in a bin; 1 for steady Poisson */
    double minute_dispersion; /* the same inside single minutes; 0 where bins are over 30 s */
    double burst;             /* mean number of requests that arrive together, (1 + dispersion) / 2
                                inside minutes; 0 where unknown */
    double period_s;          /* of scheduled traffic; 0 where the trace shows none */
    /* Mean rate by hour of the week (UTC, Monday 00:00 is 0) over the trace's mean; -1: not covered. */
    double week[168];
    bool bins_over_a_minute, under_a_week, bursty_inside_minutes, is_periodic, has_gaps;
};
struct trace_summary trace_measure(const struct trace *t, int64_t window_s, struct arena *scratch);

/*
 * Peakedness for the queueing formulas: variance over mean of the number in service in an infinite
 * pool with exponential service of mean `service_s`, fed with the trace, within hours (so that the
 * course of the day does not count). 1 is Poisson. 0 where the bins are longer than 5 minutes.
 */
double trace_peakedness(const struct trace *t, double service_s);
#endif
