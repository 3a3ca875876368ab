#include "latency/stream.h"

#include "base/arena.h"

#include <assert.h>
#include <math.h>

/* Blocks that a long trace may be sampled in, longest first: a pool remembers its keep-alive, so
 * blocks must be long against that. */
static const int64_t BLOCK_S[] = {86400, 21600, 3600};

enum {
    BLOCK_LEVELS = sizeof BLOCK_S / sizeof *BLOCK_S
};

static size_t bins_in(const struct trace *t, int64_t seconds)
{
    int64_t bins = seconds / t->bin_s;
    size_t n = bins < 1 ? 1 : (size_t)bins;
    return n < t->count ? n : t->count;
}

static double requests_in(const struct trace *t, size_t from, size_t bins)
{
    double sum = 0.0;
    for (size_t i = from; i < from + bins && i < t->count; i++)
        sum += t->requests[i];
    return sum;
}

static size_t block_start(const struct stream *s, size_t block)
{
    double place = ((double)block + 0.5) * (double)s->blocks_in_trace / (double)s->blocks;
    return (size_t)place * s->block_bins;
}

static void plan_trace(struct stream *s)
{
    const struct trace *t = s->spec.trace;
    double most = s->spec.max_requests;
    assert(t->count > 0);
    s->cut = 1.0;
    s->block_bins = t->count;
    s->blocks = s->blocks_in_trace = 1;
    s->warm_bins = bins_in(t, BLOCK_S[0]);
    if (most > 0.0) {
        for (size_t level = 0; t->total > most && level < BLOCK_LEVELS; level++) {
            s->block_bins = bins_in(t, BLOCK_S[level]);
            s->blocks_in_trace = t->count / s->block_bins;
            double of_one = t->total * (double)s->block_bins / (double)t->count;
            s->blocks = (size_t)fmin(fmax(1.0, floor(most / of_one)), (double)s->blocks_in_trace);
            s->cut = fmin(1.0, most / ((double)s->blocks * of_one));
            if (s->blocks >= 4)
                break;
        }
        for (size_t level = 1;
             level < BLOCK_LEVELS && requests_in(t, 0, s->warm_bins) > 0.25 * most; level++)
            s->warm_bins = bins_in(t, BLOCK_S[level]);
    }
    s->counted_from_s = (double)s->warm_bins * (double)t->bin_s * s->cut;
    s->expected = 0.0;
    for (size_t b = 0; b < s->blocks; b++)
        s->expected += s->cut *
                       requests_in(
                           t, s->blocks == 1 && s->blocks_in_trace == 1 ? 0 : block_start(s, b),
                           s->block_bins);
    s->warming = true;
}

static void set_rate(struct stream *s, bool high)
{
    double low = 2.0 * s->spec.rate_per_s / (1.0 + s->spec.high_to_low);
    s->rate = high ? low * s->spec.high_to_low : low;
    s->switch_s = s->now_s + random_exponential(&s->random, s->spec.sojourn_s);
}

void stream_init(struct stream *s, const struct stream_spec *spec, struct random random,
                 struct arena *arena)
{
    *s = (struct stream){.spec = *spec, .random = random, .arena = arena};
    if (spec->kind == STREAM_TRACE)
        plan_trace(s);
    if (spec->kind == STREAM_MMPP)
        set_rate(s, false);
}

/* Number of bursts that n requests make if each after the first begins one with probability 1/size:
 * what geometric sizes give, under the condition that they add up to n. */
static uint64_t draw_bursts(struct stream *s, uint64_t n)
{
    uint64_t bursts = 1;
    for (uint64_t at = random_geometric(&s->random, s->spec.burst); at < n;
         at += random_geometric(&s->random, s->spec.burst))
        bursts++;
    return bursts;
}

static bool open_next_bin(struct stream *s)
{
    const struct trace *t = s->spec.trace;
    if (s->warming && s->bin == s->warm_bins) {
        s->warming = false;
        s->bin = 0;
    } else if (!s->warming && s->bin == s->block_bins) {
        s->bin = 0;
        s->block++;
    }
    if (s->block == s->blocks)
        return false;
    size_t first = s->warming || s->blocks_in_trace == 1 ? 0 : block_start(s, s->block);
    double requests = t->requests[first + s->bin] * s->cut;
    if (s->cut < 1.0) /* round up or down so that the mean stays */
        requests += random_uniform(&s->random);
    s->bin++;
    s->bin_from_s += s->bin_length_s;
    s->bin_length_s = (double)t->bin_s * s->cut;
    s->position = 0.0;
    s->requests_left = s->units_left = (uint64_t)requests;
    if (s->requests_left > 0 && s->spec.burst > 1.0)
        s->units_left = draw_bursts(s, s->requests_left);
    return true;
}

/*
 * The smallest of n uniform numbers, as a share of what is left: 1 - u^(1/n). Drawing the order
 * statistics of a bin one after the other needs no sorting and no memory. For large n the exponent
 * is tiny, and five terms of its series are exact to the last digits.
 */
static double smallest_of(struct random *r, uint64_t n)
{
    double x = log(random_uniform(r)) / (double)n;
    if (x < -0.01)
        return -expm1(x);
    return -x * (1.0 + x / 2.0 * (1.0 + x / 3.0 * (1.0 + x / 4.0 * (1.0 + x / 5.0))));
}

static double next_in_trace(struct stream *s)
{
    while (s->units_left == 0)
        if (!open_next_bin(s))
            return HUGE_VAL;
    s->position += (1.0 - s->position) * smallest_of(&s->random, s->units_left);
    s->units_left--;
    return s->bin_from_s + s->position * s->bin_length_s;
}

static double next_of_mmpp(struct stream *s, double per_burst)
{
    double at = s->now_s;
    for (;;) {
        double next = at + random_exponential(&s->random, per_burst / s->rate);
        if (next <= s->switch_s)
            return next;
        at = s->now_s = s->switch_s; /* no memory: begin again with the other rate */
        set_rate(s, s->rate < s->spec.rate_per_s);
    }
}

/* Start of the next request, or of the next burst. */
static double next_start(struct stream *s)
{
    const struct stream_spec *spec = &s->spec;
    double per_burst = fmax(1.0, spec->burst);
    double mean = spec->rate_per_s > 0.0 ? per_burst / spec->rate_per_s : HUGE_VAL;
    switch (spec->kind) {
    case STREAM_POISSON: s->now_s += random_exponential(&s->random, mean); break;
    case STREAM_CLOCK: s->now_s += mean; break;
    case STREAM_MMPP: s->now_s = next_of_mmpp(s, per_burst); break;
    case STREAM_TRACE: s->now_s = next_in_trace(s); break;
    case STREAM_GAMMA: {
        double shape = 1.0 / (spec->gap_cv * spec->gap_cv);
        s->now_s += random_gamma(&s->random, shape) * mean / shape;
        break;
    }
    }
    return s->now_s;
}

/* Size of the burst just begun. In a trace the sizes of a bin add up to its count: each further
 * request begins a new burst with probability bursts left over requests left. */
static uint64_t draw_size(struct stream *s)
{
    if (s->spec.kind != STREAM_TRACE)
        return random_geometric(&s->random, s->spec.burst);
    uint64_t size = 1;
    s->requests_left--;
    while (s->requests_left > s->units_left &&
           random_uniform(&s->random) * (double)s->requests_left >= (double)s->units_left) {
        size++;
        s->requests_left--;
    }
    return size;
}

static void push(struct stream *s, double at_s)
{
    if (s->pending_count == s->pending_capacity)
        s->pending = arena_grow(s->arena, double, s->pending, s->pending_count,
                                &s->pending_capacity);
    size_t i = s->pending_count++;
    for (; i > 0 && s->pending[(i - 1) / 2] > at_s; i = (i - 1) / 2)
        s->pending[i] = s->pending[(i - 1) / 2];
    s->pending[i] = at_s;
}

static double pop(struct stream *s)
{
    double least = s->pending[0], last = s->pending[--s->pending_count];
    size_t i = 0, n = s->pending_count;
    for (size_t child = 1; child < n; child = 2 * i + 1) {
        if (child + 1 < n && s->pending[child + 1] < s->pending[child])
            child++;
        if (s->pending[child] >= last)
            break;
        s->pending[i] = s->pending[child];
        i = child;
    }
    if (n > 0)
        s->pending[i] = last;
    return least;
}

double stream_next(struct stream *s)
{
    if (!(s->spec.burst > 1.0))
        return next_start(s);
    for (;;) {
        if (!s->has_next) {
            s->next_start_s = next_start(s);
            s->next_size = s->next_start_s < HUGE_VAL ? draw_size(s) : 0;
            s->has_next = true;
        }
        if (s->pending_count > 0 && s->pending[0] <= s->next_start_s)
            return pop(s);
        if (!(s->next_start_s < HUGE_VAL))
            return HUGE_VAL;
        for (uint64_t i = 0; i < s->next_size; i++)
            push(s, s->next_start_s + s->spec.spread_s * random_uniform(&s->random));
        s->has_next = false;
    }
}
