#ifndef LATENCY_STREAM_H
#define LATENCY_STREAM_H
/*
 * Arrival times for the simulations, one after the other: from a law, or from a measured trace whose
 * counts are spread over their bins. Constant memory, except for bursts that are still arriving.
 */
#include "latency/random.h"
#include "traffic/trace.h"

#include <stddef.h>
#include <stdint.h>

struct arena;

enum stream_kind {
    STREAM_POISSON,
    STREAM_GAMMA, /* independent gamma gaps */
    STREAM_CLOCK, /* equal gaps */
    STREAM_MMPP,  /* Poisson with a rate that switches between two values */
    STREAM_TRACE
};

struct stream_spec {
    enum stream_kind kind;
    double rate_per_s;  /* mean of all requests; not for a trace */
    double gap_cv;      /* STREAM_GAMMA: > 0 */
    double high_to_low; /* STREAM_MMPP: ratio of the two rates */
    double sojourn_s;   /* STREAM_MMPP: mean stay in each, exponential */
    double burst;       /* mean number of requests that arrive together; 0 or 1: single ones.
                                   Sizes are geometric, requests uniform over spread_s */
    double spread_s;
    const struct trace *trace; /* STREAM_TRACE; must outlive the stream */
    double max_requests; /* STREAM_TRACE: above it, days (or quarters of days, or hours) evenly
                                   spread over the trace are simulated instead of all; 0: all */
};

struct stream {
    struct stream_spec spec;
    struct random random;
    double now_s;          /* start of the last request or burst */
    double rate, switch_s; /* STREAM_MMPP */
    /* STREAM_TRACE: the plan */
    size_t warm_bins, block_bins, blocks, blocks_in_trace;
    double cut;            /* part of each bin that is played, 1 unless a block is too large */
    double counted_from_s; /* the warm-up ends here: the first day, played before the whole */
    double expected;       /* requests after the warm-up */
    /* and where it stands */
    size_t block, bin;
    bool warming;
    double bin_from_s, bin_length_s, position;
    uint64_t units_left, requests_left;
    /* bursts that have begun: a heap of times */
    struct arena *arena;
    double *pending;
    size_t pending_count, pending_capacity;
    double next_start_s;
    uint64_t next_size;
    bool has_next;
};

/* `arena` must live as long as the stream. Bins that are missing from a trace are skipped: the bins
 * around a gap are played one after the other. */
void stream_init(struct stream *s, const struct stream_spec *spec, struct random random,
                 struct arena *arena);
double stream_next(struct stream *s); /* seconds, rising; HUGE_VAL at the end of a trace */
#endif
