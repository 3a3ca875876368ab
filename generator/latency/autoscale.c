#include "latency/autoscale.h"

#include "base/arena.h"
#include "latency/histogram.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const double DEFAULT_PATIENCE_S = 3600.0;

enum {
    STREAM_OF_ARRIVALS = 1,
    STREAM_OF_SERVICES
};

/* The last values of a quantity, one a sync. */
struct window {
    double *values;
    size_t size, next;
};

struct cluster {
    const struct autoscale_spec *spec;
    struct arena *arena;
    struct random services;
    double now, counted_from, patience;
    uint32_t ready, pods; /* pods: ready and starting */
    double *ready_at;     /* of the starting ones, as started: ready_at[0 .. pods - ready) */
    uint32_t nodes;
    double *node_ready_at; /* by node, 0 for those of the beginning */
    double *finishes;      /* heap of the ends of requests being served */
    size_t busy;
    double *queue; /* ring of arrival times */
    size_t waiting, head, queue_capacity;
    double busy_time, queue_time, ready_time; /* integrals since the last sync */
    struct window metrics, wishes, node_needs;
    /* results */
    struct histogram responses;
    double counted, abandoned, late;
    double pod_seconds, ready_seconds, node_seconds, busy_seconds, peak_pods, peak_nodes;
};

struct autoscale_spec autoscale_defaults(struct law service)
{
    return (struct autoscale_spec){.service = service,
                                   .concurrency = 1,
                                   .min_pods = 1,
                                   .max_pods = 1000,
                                   .metric = METRIC_CPU,
                                   .target = 0.6,
                                   .tolerance = 0.1,
                                   .sync_s = 15.0,
                                   .down_window_s = 300.0,
                                   .metric_lag_s = 15.0,
                                   .pod_start_s = 6.0,
                                   .node_start_s = 75.0,
                                   .node_idle_s = 600.0};
}

static struct window window_new(struct arena *a, double seconds, double sync_s)
{
    double size = ceil(seconds / sync_s) + 1.0;
    return (struct window){.values = arena_new(a, double, (size_t)size), .size = (size_t)size};
}

static void window_add(struct window *w, double value)
{
    w->values[w->next] = value;
    w->next = (w->next + 1) % w->size;
}

static double window_oldest(const struct window *w)
{
    return w->values[w->next];
}

static double window_largest(const struct window *w)
{
    double largest = 0.0;
    for (size_t i = 0; i < w->size; i++)
        largest = fmax(largest, w->values[i]);
    return largest;
}

static void heap_push(double *heap, size_t *n, double value)
{
    size_t i = (*n)++;
    for (; i > 0 && heap[(i - 1) / 2] > value; i = (i - 1) / 2)
        heap[i] = heap[(i - 1) / 2];
    heap[i] = value;
}

static void heap_pop(double *heap, size_t *n)
{
    double last = heap[--*n];
    size_t i = 0;
    for (size_t child = 1; child < *n; child = 2 * i + 1) {
        if (child + 1 < *n && heap[child + 1] < heap[child])
            child++;
        if (heap[child] >= last)
            break;
        heap[i] = heap[child];
        i = child;
    }
    if (*n > 0)
        heap[i] = last;
}

/* Time passes without an event. */
static void pass(struct cluster *c, double to)
{
    double step = to - c->now, counted = fmax(0.0, to - fmax(c->now, c->counted_from));
    c->busy_time += (double)c->busy * step;
    c->queue_time += (double)c->waiting * step;
    c->ready_time += (double)c->ready * step;
    c->busy_seconds += (double)c->busy * counted;
    c->ready_seconds += (double)c->ready * counted;
    c->pod_seconds += (double)c->pods * counted;
    c->node_seconds += (double)c->nodes * counted;
    c->now = to;
}

static void finish_request(struct cluster *c, double arrived, double response, bool abandoned)
{
    if (arrived < c->counted_from)
        return;
    c->counted += 1.0;
    c->abandoned += abandoned ? 1.0 : 0.0;
    if (abandoned || (c->spec->slo_s > 0.0 && response > c->spec->slo_s))
        c->late += 1.0;
    if (!abandoned)
        histogram_add(&c->responses, response);
}

/* Starts what can be started now: from the head of the queue, giving up those that waited too long. */
static void start_waiting(struct cluster *c)
{
    while (c->waiting > 0 && c->busy < (size_t)c->ready * c->spec->concurrency) {
        double arrived = c->queue[c->head], wait = c->now - arrived;
        c->head = (c->head + 1) % c->queue_capacity;
        c->waiting--;
        if (wait > c->patience) {
            finish_request(c, arrived, wait, true);
            continue;
        }
        double time = random_law(&c->services, &c->spec->service);
        heap_push(c->finishes, &c->busy, c->now + time);
        finish_request(c, arrived, wait + time, false);
    }
}

static void enqueue(struct cluster *c, double arrived)
{
    if (c->waiting == c->queue_capacity) {
        size_t capacity = c->queue_capacity > 0 ? 2 * c->queue_capacity : 1024;
        double *larger = arena_new(c->arena, double, capacity);
        for (size_t i = 0; i < c->waiting; i++)
            larger[i] = c->queue[(c->head + i) % c->queue_capacity];
        c->queue = larger;
        c->queue_capacity = capacity;
        c->head = 0;
    }
    c->queue[(c->head + c->waiting++) % c->queue_capacity] = arrived;
    /* those at the head that nobody serves are given up in time, which also bounds the queue */
    while (c->waiting > 0 && arrived - c->queue[c->head] > c->patience) {
        finish_request(c, c->queue[c->head], 0.0, true);
        c->head = (c->head + 1) % c->queue_capacity;
        c->waiting--;
    }
}

/* Earliest of the starting pods; pods on a new node may come after younger ones on an old one. */
static uint32_t next_pod(const struct cluster *c)
{
    uint32_t best = 0, starting = c->pods - c->ready;
    for (uint32_t i = 1; i < starting; i++)
        if (c->ready_at[i] < c->ready_at[best])
            best = i;
    return best;
}

/* Everything that happens up to `to` but decisions of the controller. */
static void advance(struct cluster *c, double to)
{
    for (;;) {
        double finish = c->busy > 0 ? c->finishes[0] : HUGE_VAL;
        uint32_t pod = c->pods > c->ready ? next_pod(c) : 0;
        double ready = c->pods > c->ready ? c->ready_at[pod] : HUGE_VAL;
        double event = fmin(finish, ready);
        if (event > to)
            break;
        pass(c, fmax(c->now, event));
        if (ready < finish) {
            uint32_t starting = c->pods - c->ready;
            memmove(c->ready_at + pod, c->ready_at + pod + 1,
                    (starting - pod - 1) * sizeof *c->ready_at);
            c->ready++;
        } else {
            heap_pop(c->finishes, &c->busy);
        }
        start_waiting(c);
    }
    pass(c, to);
}

static void fit_nodes(struct cluster *c)
{
    uint32_t per_node = c->spec->pods_per_node;
    if (per_node == 0)
        return;
    double needed = fmax((double)c->spec->min_nodes, ceil((double)c->pods / per_node));
    window_add(&c->node_needs, needed);
    uint32_t wanted = (uint32_t)window_largest(&c->node_needs);
    for (uint32_t i = c->nodes; i < wanted; i++)
        c->node_ready_at[i] = c->now + c->spec->node_start_s;
    c->nodes = wanted;
}

static void set_pods(struct cluster *c, uint32_t wanted)
{
    if (wanted < c->pods) { /* starting ones first, the youngest before the others */
        uint32_t fewer = c->pods - wanted, starting = c->pods - c->ready;
        c->ready -= fewer > starting ? fewer - starting : 0;
        c->pods = wanted;
        fit_nodes(c);
        return;
    }
    uint32_t before = c->pods;
    c->pods = wanted;
    fit_nodes(c);
    for (uint32_t i = before; i < wanted; i++) {
        double room = c->spec->pods_per_node > 0 ? c->node_ready_at[i / c->spec->pods_per_node]
                                                 : 0.0;
        c->ready_at[i - c->ready] = fmax(c->now, room) + c->spec->pod_start_s;
    }
    c->peak_pods = fmax(c->peak_pods, c->pods);
    c->peak_nodes = fmax(c->peak_nodes, c->nodes);
}

/* How many pods the metric asks for, before the limits on speed. */
static double wish(const struct cluster *c, double metric)
{
    const struct autoscale_spec *s = c->spec;
    double pods = c->pods, ready = c->ready;
    if (s->metric == METRIC_REQUESTS) {
        double ratio = metric /
                       (s->target * pods); /* metric: pods' worth of requests in the system */
        return fabs(ratio - 1.0) <= s->tolerance ? pods : ceil(ratio * pods - 1e-9);
    }
    double ratio = metric / s->target;
    if (fabs(ratio - 1.0) <= s->tolerance)
        return pods;
    if (ratio < 1.0)
        return ceil(ready * ratio - 1e-9);
    ratio *= ready / pods; /* starting pods count as idle when growing */
    return ratio <= 1.0 + s->tolerance ? pods : ceil(ratio * pods - 1e-9);
}

static void decide(struct cluster *c)
{
    const struct autoscale_spec *s = c->spec;
    double slots = s->concurrency, metric;
    if (s->metric == METRIC_CPU)
        metric = c->ready_time > 0.0 ? fmin(1.0, c->busy_time / (slots * c->ready_time)) : 0.0;
    else
        metric = (c->busy_time + c->queue_time) / (slots * s->sync_s);
    c->busy_time = c->queue_time = c->ready_time = 0.0;
    window_add(&c->metrics, metric);
    double wanted = wish(c, window_oldest(&c->metrics));
    wanted = fmin((double)s->max_pods, fmax((double)s->min_pods, wanted));
    window_add(&c->wishes, wanted);
    if (wanted > c->pods)
        wanted = fmin(wanted, fmax(2.0 * c->pods, c->pods + 4.0));
    else
        wanted = fmin((double)c->pods, window_largest(&c->wishes));
    set_pods(c, (uint32_t)wanted);
    start_waiting(c);
}

/* The size that the first requests need: a pool that begins at its minimum would spend the warm-up
 * on a backlog that no real day begins with. */
static uint32_t first_pods(const struct autoscale_spec *spec, const struct stream_spec *arrivals)
{
    const struct trace *t = arrivals->trace;
    double rate = arrivals->kind == STREAM_TRACE ? t->requests[0] / (double)t->bin_s
                                                 : arrivals->rate_per_s;
    double pods = ceil(rate * spec->service.mean_s / (spec->target * spec->concurrency));
    return (uint32_t)fmin((double)spec->max_pods, fmax((double)spec->min_pods, pods));
}

static void cluster_init(struct cluster *c, const struct autoscale_spec *spec, uint32_t pods,
                         double counted_from, uint64_t seed, struct arena *a)
{
    *c = (struct cluster){.spec = spec, .arena = a, .counted_from = counted_from};
    c->services = random_stream(seed, STREAM_OF_SERVICES);
    c->patience = spec->patience_s > 0.0 ? spec->patience_s : DEFAULT_PATIENCE_S;
    c->ready_at = arena_new(a, double, spec->max_pods);
    c->finishes = arena_new(a, double, (size_t)spec->max_pods * spec->concurrency);
    c->metrics = window_new(a, spec->metric_lag_s, spec->sync_s);
    c->wishes = window_new(a, spec->down_window_s, spec->sync_s);
    c->node_needs = window_new(a, spec->node_idle_s, spec->sync_s);
    size_t most_nodes = spec->pods_per_node > 0 ? spec->max_pods / spec->pods_per_node + 1 : 0;
    c->node_ready_at = arena_new(a, double, most_nodes + spec->min_nodes);
    c->responses = histogram_new(a);
    c->ready = c->pods = pods;
    for (size_t i = 0; i < c->metrics.size; i++)
        c->metrics.values[i] = spec->metric == METRIC_CPU ? spec->target : spec->target * pods;
    for (size_t i = 0; i < c->wishes.size; i++)
        c->wishes.values[i] = pods;
    c->peak_pods = c->pods;
    fit_nodes(c);
    memset(c->node_ready_at, 0, c->nodes * sizeof *c->node_ready_at); /* there from the beginning */
    c->peak_nodes = c->nodes;
}

struct autoscale_result simulate_autoscale(const struct autoscale_spec *spec,
                                           const struct stream_spec *arrivals, double requests,
                                           uint64_t seed, struct arena *scratch)
{
    assert(spec->concurrency >= 1 && spec->min_pods >= 1 && spec->min_pods <= spec->max_pods);
    assert(spec->target > 0.0 && spec->sync_s > 0.0);
    struct arena_mark mark = arena_mark(scratch);
    struct stream stream;
    stream_init(&stream, arrivals, random_stream(seed, STREAM_OF_ARRIVALS), scratch);
    bool is_trace = arrivals->kind == STREAM_TRACE;
    double counted_from = is_trace ? stream.counted_from_s
                                   : fmax(0.05 * requests / arrivals->rate_per_s,
                                          2.0 * spec->down_window_s);
    double wanted = is_trace && !(requests > 0.0) ? HUGE_VAL : requests;
    struct cluster c;
    cluster_init(&c, spec, first_pods(spec, arrivals), counted_from, seed, scratch);
    double next_sync = spec->sync_s, offered = 0.0;
    while (offered < wanted) {
        double at = stream_next(&stream);
        if (!(at < HUGE_VAL))
            break;
        while (next_sync <= at) {
            advance(&c, next_sync);
            decide(&c);
            next_sync += spec->sync_s;
        }
        advance(&c, at);
        offered += at >= counted_from ? 1.0 : 0.0;
        enqueue(&c, at);
        start_waiting(&c);
    }
    /* what is still waiting has missed its time unless it would have been served: count it as late */
    double end = c.now, seconds = fmax(end - counted_from, 1e-9);
    for (size_t i = 0; i < c.waiting; i++)
        finish_request(&c, c.queue[(c.head + i) % c.queue_capacity], 0.0, true);
    double n = fmax(c.counted, 1.0);
    struct autoscale_result r = {
        .requests = c.counted,
        .p_abandoned = c.abandoned / n,
        .p_late = c.late / n,
        .mean_s = histogram_mean(&c.responses),
        .p50_s = histogram_quantile(&c.responses, 0.50),
        .p95_s = histogram_quantile(&c.responses, 0.95),
        .p99_s = histogram_quantile(&c.responses, 0.99),
        .mean_pods = c.pod_seconds / seconds,
        .peak_pods = c.peak_pods,
        .mean_ready = c.ready_seconds / seconds,
        .mean_nodes = c.node_seconds / seconds,
        .peak_nodes = c.peak_nodes,
        .busy = c.busy_seconds / seconds,
        .hours = seconds / 3600.0,
    };
    arena_rewind(scratch, mark);
    return r;
}

double autoscale_headroom(double growth, double lag_s)
{
    return growth * lag_s;
}

double autoscale_late_requests(double growth, double lag_s, double service_s)
{
    return growth * lag_s * lag_s / (2.0 * service_s);
}
