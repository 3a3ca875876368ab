#include "latency/simulate.h"

#include "base/arena.h"
#include "latency/histogram.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum {
    BLOCK = 16, /* instances whose earliest free time is kept, so that the search skips busy ones */
    BATCHES = 40
};

/* Streams of the random generator: arrivals and services do not disturb one another, so platforms
 * that are compared under one seed see the same arrivals. */
enum {
    STREAM_OF_ARRIVALS = 1,
    STREAM_OF_SERVICES,
    STREAM_OF_ROUTING
};

struct instance {
    double born, ready; /* ready: its start is over */
    double busy_until;  /* idle from then on */
    double *finishes;   /* concurrency > 1: heap of the ends of what it serves */
    uint32_t serving;   /* entries in the heap; some may be over */
};

/* Instances by age, oldest first. free_at: when one can accept a request (now or earlier: it can). */
struct instances {
    struct instance *items;
    double *free_at, *block_least;
    size_t count, capacity;
};

struct pool {
    const struct pool_spec *spec;
    struct arena *arena;
    struct random services, routing;
    struct instances kept, others; /* always on; created on demand */
    double **spare;                /* heaps of removed instances, to be used again */
    size_t spare_count, spare_capacity;
    double counted_from, busy, idle, tail;
    double created, peak;
};

static double overlap(double counted_from, double from, double to)
{
    return fmax(0.0, to - fmax(from, counted_from));
}

/* An idle time of an instance, of which the first part is billed; of one always on, all. */
static void book_idle(struct pool *p, const struct instances *in, double from, double to)
{
    double billed_to = in == &p->kept ? to : fmin(to, from + p->spec->idle_tail_s);
    p->idle += overlap(p->counted_from, from, to);
    p->tail += overlap(p->counted_from, from, billed_to);
}

static void refresh_block(struct instances *in, size_t block)
{
    size_t end = (block + 1) * BLOCK < in->count ? (block + 1) * BLOCK : in->count;
    double least = HUGE_VAL;
    for (size_t i = block * BLOCK; i < end; i++)
        least = in->free_at[i] < least ? in->free_at[i] : least;
    in->block_least[block] = least;
}

static void refresh_from(struct instances *in, size_t first)
{
    for (size_t block = first / BLOCK; block * BLOCK < in->count; block++)
        refresh_block(in, block);
}

static struct instance *append(struct pool *p, struct instances *in)
{
    if (in->count == in->capacity) {
        size_t capacity = in->capacity, blocks = (in->capacity + BLOCK - 1) / BLOCK;
        in->items = arena_grow(p->arena, struct instance, in->items, in->count, &in->capacity);
        double *free_at = arena_new(p->arena, double, in->capacity);
        double *least = arena_new(p->arena, double, in->capacity / BLOCK + 1);
        if (capacity > 0) {
            memcpy(free_at, in->free_at, capacity * sizeof *free_at);
            memcpy(least, in->block_least, blocks * sizeof *least);
        }
        in->free_at = free_at;
        in->block_least = least;
    }
    struct instance *i = &in->items[in->count];
    *i = (struct instance){0};
    if (p->spec->concurrency > 1)
        i->finishes = p->spare_count > 0 ? p->spare[--p->spare_count]
                                         : arena_new(p->arena, double, p->spec->concurrency);
    in->free_at[in->count++] = 0.0;
    refresh_block(in, (in->count - 1) / BLOCK);
    return i;
}

static void give_back(struct pool *p, double *finishes)
{
    if (!finishes)
        return;
    if (p->spare_count == p->spare_capacity)
        p->spare = arena_grow(p->arena, double *, p->spare, p->spare_count, &p->spare_capacity);
    p->spare[p->spare_count++] = finishes;
}

/* Its idle time ended with the keep-alive, whenever that is noticed. */
static void drop(struct pool *p, struct instances *in, size_t i)
{
    struct instance *x = &in->items[i];
    book_idle(p, in, x->busy_until, x->busy_until + p->spec->keepalive_s);
    give_back(p, x->finishes);
    size_t after = in->count - i - 1;
    memmove(x, x + 1, after * sizeof *x);
    memmove(in->free_at + i, in->free_at + i + 1, after * sizeof *in->free_at);
    in->count--;
    refresh_from(in, i);
}

static bool is_gone(const struct pool *p, const struct instance *x, double now)
{
    return x->busy_until + p->spec->keepalive_s < now;
}

static void drop_all_gone(struct pool *p, double now)
{
    for (size_t i = p->others.count; i > 0; i--)
        if (is_gone(p, &p->others.items[i - 1], now))
            drop(p, &p->others, i - 1);
}

/* Youngest instance that can accept; count where there is none. Instances found gone on the way are
 * dropped: one that is never looked at does no harm until then. */
static size_t find_newest(struct pool *p, struct instances *in, bool removable, double now)
{
    for (size_t i = in->count; i > 0;) {
        size_t block = (i - 1) / BLOCK;
        if (in->block_least[block] > now) {
            i = block * BLOCK;
            continue;
        }
        i--;
        if (in->free_at[i] > now)
            continue;
        if (!removable || !is_gone(p, &in->items[i], now))
            return i;
        drop(p, in, i);
    }
    return in->count;
}

static size_t find_random(struct pool *p, struct instances *in, double now)
{
    double free = 0.0;
    for (size_t i = 0; i < in->count; i++)
        free += in->free_at[i] <= now ? 1.0 : 0.0;
    if (!(free > 0.0))
        return in->count;
    size_t skip = (size_t)(random_uniform(&p->routing) * free), i = 0;
    for (;; i++)
        if (in->free_at[i] <= now && skip-- == 0)
            return i;
}

static size_t find_oldest_used(const struct instances *in, double now)
{
    size_t chosen = in->count;
    for (size_t i = 0; i < in->count; i++)
        if (in->free_at[i] <= now &&
            (chosen == in->count || in->items[i].busy_until < in->items[chosen].busy_until))
            chosen = i;
    return chosen;
}

static size_t find_free(struct pool *p, struct instances *in, bool removable, double now)
{
    if (p->spec->routing == ROUTE_NEWEST || in->count == 0)
        return find_newest(p, in, removable, now);
    if (removable)
        drop_all_gone(p, now);
    return p->spec->routing == ROUTE_RANDOM ? find_random(p, in, now) : find_oldest_used(in, now);
}

static void heap_add(struct instance *x, double finish)
{
    uint32_t i = x->serving++;
    for (; i > 0 && x->finishes[(i - 1) / 2] > finish; i = (i - 1) / 2)
        x->finishes[i] = x->finishes[(i - 1) / 2];
    x->finishes[i] = finish;
}

static void heap_remove_least(struct instance *x)
{
    double last = x->finishes[--x->serving];
    uint32_t i = 0, n = x->serving;
    for (uint32_t child = 1; child < n; child = 2 * i + 1) {
        if (child + 1 < n && x->finishes[child + 1] < x->finishes[child])
            child++;
        if (x->finishes[child] >= last)
            break;
        x->finishes[i] = x->finishes[child];
        i = child;
    }
    if (n > 0)
        x->finishes[i] = last;
}

/* One request from `now` to `finish` on an instance: its idle time ends, its busy time grows. */
static void serve(struct pool *p, struct instances *in, size_t index, double now, double finish)
{
    struct instance *x = &in->items[index];
    if (now >= x->busy_until) {
        book_idle(p, in, x->busy_until, now);
        p->busy += overlap(p->counted_from, now, finish);
        x->busy_until = finish;
    } else if (finish > x->busy_until) {
        p->busy += overlap(p->counted_from, x->busy_until, finish);
        x->busy_until = finish;
    }
    if (p->spec->concurrency == 1) {
        in->free_at[index] = finish;
    } else {
        while (x->serving > 0 && x->finishes[0] <= now)
            heap_remove_least(x);
        heap_add(x, finish);
        in->free_at[index] = x->serving < p->spec->concurrency ? 0.0 : x->finishes[0];
    }
    refresh_block(in, index / BLOCK);
}

enum outcome {
    OUTCOME_WARM,
    OUTCOME_WAITED,
    OUTCOME_COLD,
    OUTCOME_REJECTED
};

static enum outcome accept_on(struct pool *p, struct instances *in, size_t index, double now,
                              double *response)
{
    double wait = fmax(0.0, in->items[index].ready - now);
    *response = wait + random_law(&p->services, &p->spec->warm);
    serve(p, in, index, now, now + *response);
    return wait > 0.0 ? OUTCOME_WAITED : OUTCOME_WARM;
}

static enum outcome request(struct pool *p, double now, double *response)
{
    size_t i = find_free(p, &p->kept, false, now);
    if (i < p->kept.count)
        return accept_on(p, &p->kept, i, now, response);
    i = find_free(p, &p->others, true, now);
    if (i < p->others.count)
        return accept_on(p, &p->others, i, now, response);
    drop_all_gone(p, now);
    double alive = (double)(p->kept.count + p->others.count);
    if (p->spec->max_instances > 0 && alive >= (double)p->spec->max_instances)
        return OUTCOME_REJECTED;
    struct instance *x = append(p, &p->others);
    *response = random_law(&p->services, &p->spec->cold);
    x->born = x->busy_until = now;
    x->ready = now + *response;
    if (p->spec->concurrency > 1)
        *response += random_law(&p->services, &p->spec->warm);
    serve(p, &p->others, p->others.count - 1, now, now + *response);
    p->peak = fmax(p->peak, alive + 1.0);
    return OUTCOME_COLD;
}

/* What was booked beyond the end is taken back; what is still idle is booked up to it. */
static void settle(struct pool *p, const struct instances *in, double keepalive, double end)
{
    for (size_t i = 0; i < in->count; i++) {
        const struct instance *x = &in->items[i];
        p->busy -= overlap(p->counted_from, end, x->busy_until);
        book_idle(p, in, x->busy_until, fmin(end, x->busy_until + keepalive));
    }
}

static double standard_error(const double cold[BATCHES], const double all[BATCHES])
{
    double n = 0.0, sum = 0.0, squares = 0.0;
    for (size_t i = 0; i < BATCHES; i++) {
        if (!(all[i] > 0.0))
            continue;
        double share = cold[i] / all[i];
        n += 1.0;
        sum += share;
        squares += share * share;
    }
    return n > 1.0 ? sqrt(fmax(0.0, squares / n - sum * sum / (n * n)) / (n - 1.0)) : 0.0;
}

struct pool_result simulate_pool(const struct pool_spec *pool, const struct stream_spec *arrivals,
                                 double requests, uint64_t seed, struct arena *scratch)
{
    assert(pool->concurrency >= 1 && pool->keepalive_s >= 0.0);
    struct arena_mark mark = arena_mark(scratch);
    struct stream stream;
    stream_init(&stream, arrivals, random_stream(seed, STREAM_OF_ARRIVALS), scratch);
    bool is_trace = arrivals->kind == STREAM_TRACE;
    struct pool p = {.spec = pool,
                     .arena = scratch,
                     .services = random_stream(seed, STREAM_OF_SERVICES),
                     .routing = random_stream(seed, STREAM_OF_ROUTING)};
    p.counted_from = is_trace
                         ? stream.counted_from_s
                         : fmax(0.02 * requests / arrivals->rate_per_s, 20.0 * pool->keepalive_s);
    double wanted = is_trace && !(requests > 0.0) ? HUGE_VAL : requests;
    double per_batch = (wanted < HUGE_VAL ? wanted : fmax(1.0, stream.expected)) / BATCHES;
    for (uint32_t i = 0; i < pool->always_on; i++)
        (void)append(&p, &p.kept);
    p.peak = pool->always_on;
    struct histogram responses = histogram_new(scratch);
    double counts[OUTCOME_REJECTED + 1] = {0}, cold[BATCHES] = {0}, all[BATCHES] = {0};
    double counted = 0.0, end = p.counted_from;
    while (counted < wanted) {
        double now = stream_next(&stream), response = 0.0;
        if (!(now < HUGE_VAL))
            break;
        enum outcome outcome = request(&p, now, &response);
        if (now < p.counted_from)
            continue;
        end = now;
        size_t batch = (size_t)(counted / per_batch);
        batch = batch < BATCHES ? batch : BATCHES - 1;
        counted += 1.0;
        counts[outcome] += 1.0;
        all[batch] += 1.0;
        cold[batch] += outcome == OUTCOME_COLD ? 1.0 : 0.0;
        if (outcome != OUTCOME_REJECTED)
            histogram_add(&responses, response);
    }
    if (is_trace && !(wanted < HUGE_VAL))
        end = fmax(end, stream.bin_from_s + stream.bin_length_s); /* quiet bins at the end count */
    settle(&p, &p.kept, HUGE_VAL, end);
    settle(&p, &p.others, pool->keepalive_s, end);
    double seconds = fmax(end - p.counted_from, 1e-9), n = fmax(counted, 1.0);
    double se = standard_error(cold, all);
    struct pool_result r = {
        .requests = counted,
        .p_cold = counts[OUTCOME_COLD] / n,
        .p_cold_se = se,
        .p_waited_for_start = counts[OUTCOME_WAITED] / n,
        .p_rejected = counts[OUTCOME_REJECTED] / n,
        .busy = p.busy / seconds,
        .idle = p.idle / seconds,
        .tail = p.tail / seconds,
        .busy_s_per_request = p.busy / n,
        .mean_s = histogram_mean(&responses),
        .p50_s = histogram_quantile(&responses, 0.50),
        .p95_s = histogram_quantile(&responses, 0.95),
        .p99_s = histogram_quantile(&responses, 0.99),
        .p999_s = histogram_quantile(&responses, 0.999),
        .peak_instances = p.peak,
        .hours = seconds / 3600.0,
    };
    r.alive = r.busy + r.idle;
    r.alive_s_per_request = (p.busy + p.idle) / n;
    double temporary = fmax(0.0, r.alive - (double)pool->always_on);
    r.mean_life_s = counts[OUTCOME_COLD] > 0.0 ? temporary * seconds / counts[OUTCOME_COLD]
                                               : HUGE_VAL;
    arena_rewind(scratch, mark);
    return r;
}

/* Puts `value` in place of the least of a heap. */
static void replace_least(double *heap, size_t n, double value)
{
    size_t i = 0;
    for (size_t child = 1; child < n; child = 2 * i + 1) {
        if (child + 1 < n && heap[child + 1] < heap[child])
            child++;
        if (heap[child] >= value)
            break;
        heap[i] = heap[child];
        i = child;
    }
    heap[i] = value;
}

struct fifo_result simulate_fifo(uint32_t servers, const struct law *service,
                                 const struct stream_spec *arrivals, double requests, uint64_t seed,
                                 struct arena *scratch)
{
    assert(servers >= 1);
    struct arena_mark mark = arena_mark(scratch);
    struct stream stream;
    stream_init(&stream, arrivals, random_stream(seed, STREAM_OF_ARRIVALS), scratch);
    struct random services = random_stream(seed, STREAM_OF_SERVICES);
    bool is_trace = arrivals->kind == STREAM_TRACE;
    double counted_from = is_trace ? stream.counted_from_s : 0.05 * requests / arrivals->rate_per_s;
    double wanted = is_trace && !(requests > 0.0) ? HUGE_VAL : requests;
    double *free_at = arena_new(scratch, double,
                                servers); /* heap; zeroed: all free from the start */
    struct histogram waits = histogram_new(scratch), responses = histogram_new(scratch);
    double counted = 0.0, waited = 0.0;
    while (counted < wanted) {
        double now = stream_next(&stream);
        if (!(now < HUGE_VAL))
            break;
        double wait = fmax(0.0, free_at[0] - now), time = random_law(&services, service);
        replace_least(free_at, servers, now + wait + time);
        if (now < counted_from)
            continue;
        counted += 1.0;
        waited += wait > 0.0 ? 1.0 : 0.0;
        histogram_add(&waits, wait);
        histogram_add(&responses, wait + time);
    }
    struct fifo_result r = {
        .requests = counted,
        .p_wait = waited / fmax(counted, 1.0),
        .mean_wait_s = histogram_mean(&waits),
        .p50_wait_s = histogram_quantile(&waits, 0.50),
        .p95_wait_s = histogram_quantile(&waits, 0.95),
        .p99_wait_s = histogram_quantile(&waits, 0.99),
        .mean_s = histogram_mean(&responses),
        .p50_s = histogram_quantile(&responses, 0.50),
        .p95_s = histogram_quantile(&responses, 0.95),
        .p99_s = histogram_quantile(&responses, 0.99),
    };
    arena_rewind(scratch, mark);
    return r;
}
