#ifndef TRAFFIC_TRACE_H
#define TRAFFIC_TRACE_H
/*
 * A measured trace of traffic: request counts in bins of equal length, read from
 *
 *     timestamp,requests
 *     2024-03-01T00:00:00Z,236
 *
 * Timestamp: start of the bin, as ISO 8601 date and time with Z or an offset (+01:00), a date alone
 * (midnight UTC), or seconds since 1970. The heading is optional; line ends may be CR LF; a byte
 * order mark, blank lines and quotes around a field are accepted. A count is a whole number.
 *
 * Errors, each with its place: an unreadable time or count, a negative or broken count, a time that
 * occurs twice, a time off the grid of the bins, fewer than two rows, no request at all.
 * Warnings: rows out of order (they are sorted), missing bins (listed in `gaps`; a gap is time that
 * nobody measured, never a guessed value or zero), times without a zone (read as UTC).
 */
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct diags;
struct strbuf;

#define TRACE_MAX_ROWS ((size_t)12000000) /* a year at 3 s; a longer trace has nothing more to say */
#define TRACE_MAX_ERRORS 20               /* reading stops after so many */

struct trace_gap {
    int64_t from_s; /* start of the first missing bin */
    int64_t bins;
};

struct trace {
    int64_t bin_s;          /* length of a bin */
    size_t count;           /* bins present */
    const int64_t *at_s;    /* start of each, seconds since 1970 UTC, rising */
    const double *requests; /* whole numbers >= 0 */
    double total;           /* sum of requests */
    const struct trace_gap *gaps;
    size_t gap_count;
    int64_t missing_bins;
    bool was_unsorted;
};

/* false and errors in `d` where the text is no such trace. Everything in *out lies in `a`. */
bool trace_parse(struct str path, struct str text, struct arena *a, struct trace *out, struct diags *d);

/* "2024-03-01T00:00:00Z" */
void trace_add_time(struct strbuf *sb, int64_t at_s);

/*
 * Requests a second in windows of `window_s` that start at multiples of it (UTC). Windows less than
 * half covered by bins are left out, partly covered ones are scaled to their covered time. Where
 * the trace's own bins are longer than the window, the bins themselves. Returns the number of rates,
 * at least 1 where the trace has a bin; *rps lies in `a`.
 */
size_t trace_rates(const struct trace *t, int64_t window_s, struct arena *a, double **rps);

/* A trace in figures. Variances are those of the population; times without a bin do not count. */
struct trace_summary {
    double days;             /* covered time: bins x length */
    double per_day;          /* requests */
    double mean_rps;
    double peak_rps, cv, idle_share; /* over windows of the asked length (or the bins, if longer) */
    int64_t window_s;                /* which that is */
    double bin_peak_rps, bin_cv, bin_idle_share;
    double bin_p99_to_mean;  /* 99 % quantile of the bins, interpolated, over their mean */
    double dispersion;       /* variance over mean of the counts in a bin; 1 for steady Poisson */
    double minute_dispersion; /* the same inside single minutes; 0 where bins are over 30 s */
    double burst;            /* mean number of requests that arrive together, (1 + dispersion) / 2
                                inside minutes; 0 where unknown */
    double period_s;         /* of scheduled traffic; 0 where the trace shows none */
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
