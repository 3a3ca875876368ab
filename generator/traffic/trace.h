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

#define TRACE_MAX_ROWS \
    ((size_t)12000000)      /* a year at 3 s; a longer trace has nothing more to say */
#define TRACE_MAX_ERRORS 20 /* reading stops after so many */

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
bool trace_parse(struct str path, struct str text, struct arena *a, struct trace *out,
                 struct diags *d);

/* "2024-03-01T00:00:00Z" */
void trace_add_time(struct strbuf *sb, int64_t at_s);
#endif
