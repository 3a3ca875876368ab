#include "cost/replay.h"

#include "base/arena.h"
#include "latency/autoscale.h"
#include "latency/random.h"
#include "latency/stream.h"
#include "number/near.h"

#include <math.h>
#include <string.h>

#define DAY_S 86400
#define BUDGET 2.4e7
/* A request costs more where many instances are looked at: half as much again at this load. */
#define LOAD_OF_HALF 12.0
#define LOAD_MAX 3000.0 /* erlang; beyond, a pool is smooth and the closed forms are right */
/* Inside longer bins the rate is taken to change in a line, not in steps: a step that nobody measured
 * would make every autoscaler late. */
#define SMOOTH_ABOVE_S 120
#define SMOOTH_TO_S 60
#define STREAM_OF_COUNTS 11
/* One for all decisions: the same traffic meets the same arrivals whatever else was answered, so that a
 * looser limit or a cheaper price never makes an option worse by chance. */
#define REPLAY_SEED 20231116u
/* A trace of fewer requests is played several times over, so that where they fall inside the bins matters
 * less. */
#define REPEAT_BELOW 4e4
#define REPEAT_MOST 5.0
#define SAME 1e-9

/* The trace as a part sees it: scaled to its volume, cut to its share of the rate, whole days of it. */
struct replay_traffic {
    double factor, above, below, most;
    bool smooth;
    struct trace trace;
    double mean_rps; /* of the whole, before days were chosen */
};

struct replay_run {
    bool is_cluster;
    double key[16];
    struct replay_figures pool;
    struct replay_cluster_figures cluster;
    bool good;
};

void replay_init(struct replay *r, const struct trace *trace, const struct book *book,
                 const struct workload *w, struct arena *a, struct arena *scratch)
{
    *r = (struct replay){.trace = trace, .book = book, .workload = w, .scratch = scratch};
    r->left = BUDGET;
    r->ratios = arena_new(a, struct replay_ratio, book->platform_count * (w->part_count + 1));
}

struct replay_ratio *replay_ratio(struct replay *r, const struct platform *platform, const struct part *part)
{
    size_t p = (size_t)(platform - r->book->platforms);
    return &r->ratios[p * r->workload->part_count + part->index];
}

/* ---- traffic ------------------------------------------------------------------------------------ */

/* Rate inside a bin at position `at` (0 to 1): a line through the bin's middle towards the mean with
 * each neighbour at its ends, scaled afterwards so that the bin keeps its requests. */
static double inside(const struct trace *t, size_t bin, double at)
{
    double here = t->requests[bin];
    bool left = bin > 0 && t->at_s[bin] - t->at_s[bin - 1] == t->bin_s;
    bool right = bin + 1 < t->count && t->at_s[bin + 1] - t->at_s[bin] == t->bin_s;
    double from = left ? 0.5 * (here + t->requests[bin - 1]) : here;
    double to = right ? 0.5 * (here + t->requests[bin + 1]) : here;
    return at < 0.5 ? from + (here - from) * 2 * at : here + (to - here) * (2 * at - 1);
}

/* Bins of whole days, evenly spread, that hold at most `most` requests; all where there are less. */
static bool is_chosen(const struct trace *t, double most, double total, int64_t at_s)
{
    int64_t days = (int64_t)t->count * t->bin_s / DAY_S;
    if (total <= most || days < 2)
        return true;
    int64_t want = (int64_t)floor(most / (total / (double)days));
    want = want < 1 ? 1 : want;
    if (want >= days)
        return true;
    int64_t day = (at_s - t->at_s[0]) / DAY_S;
    /* Day d is the k-th chosen where d = floor((k + 1/2) days / want). */
    int64_t k = day * want / days;
    for (int64_t i = k > 0 ? k - 1 : 0; i <= k + 1 && i < want; i++)
        if ((2 * i + 1) * days / (2 * want) == day)
            return true;
    return false;
}

static void make_traffic(struct replay *r, struct replay_traffic *out)
{
    const struct trace *t = r->trace;
    int64_t parts = out->smooth ? (t->bin_s + SMOOTH_TO_S - 1) / SMOOTH_TO_S : 1;
    while (t->bin_s % parts != 0)
        parts++;
    double bin = (double)t->bin_s / (double)parts, total = 0;
    size_t times = (size_t)fmin(fmax(ceil(REPEAT_BELOW / (t->total * out->factor)), 1), REPEAT_MOST);
    size_t count = 0, room = t->count * (size_t)parts * times;
    double *requests = arena_new(r->scratch, double, room);
    int64_t *at_s = arena_new(r->scratch, int64_t, room);
    bool plain = near(out->factor, 1, SAME) && !(out->above > 0) && !(out->below < HUGE_VAL) && parts == 1;
    struct random random = random_stream(REPLAY_SEED, STREAM_OF_COUNTS);
    double whole = 0;
    int64_t span = t->at_s[t->count - 1] + t->bin_s - t->at_s[0];
    for (size_t pass = 0; pass <= times; pass++) { /* the volume first, then the days that hold it */
        if (pass == 1)
            whole = total;
        total = 0;
        for (size_t i = 0; i < t->count; i++) {
            double weight = 0;
            for (int64_t k = 0; k < parts; k++)
                weight += inside(t, i, ((double)k + 0.5) / (double)parts);
            for (int64_t k = 0; k < parts; k++) {
                double share = weight > 0 ? inside(t, i, ((double)k + 0.5) / (double)parts) / weight : 0;
                double rate = t->requests[i] * share * out->factor / bin;
                double mean = (fmin(rate, out->below) - fmin(rate, out->above)) * bin;
                total += mean;
                if (pass == 0 || !is_chosen(t, out->most, whole, t->at_s[i]))
                    continue;
                requests[count] = plain ? t->requests[i] : random_poisson(&random, mean);
                at_s[count++] = t->at_s[i] + k * (int64_t)bin + (int64_t)(pass - 1) * span;
            }
        }
    }
    out->mean_rps = whole / ((double)t->count * (double)t->bin_s);
    out->trace = (struct trace){.bin_s = (int64_t)bin, .count = count, .at_s = at_s, .requests = requests};
    for (size_t i = 0; i < count; i++)
        out->trace.total += requests[i];
}

static const struct replay_traffic *traffic_of(struct replay *r, const struct part_state *s, double factor,
                                               bool smooth)
{
    double load = s->mean_rps * s->service_s;
    double above = s->above_rps, below = s->below_rps > 0 ? s->below_rps : HUGE_VAL;
    double most = REPLAY_MOST / (1 + load / (2 * LOAD_OF_HALF));
    smooth = smooth && r->trace->bin_s > SMOOTH_ABOVE_S;
    for (size_t i = 0; i < r->traffic_count; i++) {
        const struct replay_traffic *t = &r->traffic[i];
        bool bounds = near(t->above, above, SAME) && (near(t->below, below, SAME) || !(fmin(t->below, below) < HUGE_VAL));
        if (near(t->factor, factor, SAME) && bounds && t->smooth == smooth && near(t->most, most, SAME))
            return t;
    }
    if (r->traffic_count == r->traffic_capacity)
        r->traffic = arena_grow(r->scratch, struct replay_traffic, r->traffic, r->traffic_count, &r->traffic_capacity);
    struct replay_traffic *t = &r->traffic[r->traffic_count++];
    *t = (struct replay_traffic){.factor = factor, .above = above, .below = below, .most = most, .smooth = smooth};
    make_traffic(r, t);
    return t;
}

/* The state's volume over the trace's own. */
static double volume_factor(const struct replay *r, const struct part_state *s)
{
    double trace_rps = r->trace->total / ((double)r->trace->count * (double)r->trace->bin_s);
    double factor = s->curve.mean_rps / trace_rps;
    return fabs(factor - 1) < 0.02 ? 1 : factor; /* windows that are half covered are not counted in the curve */
}

/* ---- runs --------------------------------------------------------------------------------------- */

static struct replay_run *find_run(struct replay *r, bool is_cluster, const double key[16], bool *known)
{
    *known = true;
    for (size_t i = 0; i < r->done_count; i++) {
        struct replay_run *run = &r->done[i];
        bool equal = run->is_cluster == is_cluster;
        for (size_t k = 0; k < 16 && equal; k++)
            equal = near(run->key[k], key[k], SAME);
        if (equal)
            return run;
    }
    *known = false;
    if (r->done_count == r->done_capacity)
        r->done = arena_grow(r->scratch, struct replay_run, r->done, r->done_count, &r->done_capacity);
    struct replay_run *run = &r->done[r->done_count++];
    *run = (struct replay_run){.is_cluster = is_cluster};
    memcpy(run->key, key, sizeof run->key);
    return run;
}

/* Takes a run from the budget; false: it is spent. */
static bool spend(struct replay *r, double requests, double load)
{
    double cost = requests * (1 + load / (2 * LOAD_OF_HALF));
    if (cost > r->left || load > LOAD_MAX)
        return false;
    r->left -= cost;
    return true;
}

bool replay_pool(struct replay *r, const struct replay_load *load, struct replay_figures *out)
{
    const struct part_state *s = load->state;
    const struct pool_spec *p = &load->pool;
    bool is_split = s->above_rps > 0 || s->below_rps > 0;
    double burst = fmax(s->x[FIGURE_BURST], 1), rate = s->mean_rps;
    double key[16] = {rate, s->curve.mean_rps, p->warm.mean_s, p->warm.cv, p->cold.mean_s, p->cold.cv,
                      p->keepalive_s, p->idle_tail_s, p->concurrency, (double)p->routing, p->always_on,
                      burst, s->above_rps, s->below_rps};
    *out = (struct replay_figures){0};
    if (!r->trace || !(rate > 0))
        return false;
    bool known;
    struct replay_run *run = find_run(r, false, key, &known);
    if (known) {
        *out = run->pool;
        return run->good;
    }
    if (!r->runs || (is_split && !r->splits)) {
        r->done_count--; /* asked again when it may run */
        return false;
    }
    double erlang = rate * p->warm.mean_s;
    const struct replay_traffic *t = traffic_of(r, s, volume_factor(r, s), false);
    double most = fmax(t->most, 1000);
    struct stream_spec arrivals = {.kind = STREAM_TRACE, .trace = &t->trace, .burst = burst, .spread_s = 1, .max_requests = most};
    if (!(t->trace.total > 0) || !spend(r, fmin(t->trace.total, most), erlang))
        return false;
    struct pool_result got = simulate_pool(p, &arrivals, 0, REPLAY_SEED, r->scratch);
    if (!(got.requests > 0))
        return false;
    /* Days that were chosen may be busier than the whole. */
    double seen_rps = got.requests / (got.hours * 3600), scale = t->mean_rps / seen_rps;
    run->pool = (struct replay_figures){.p_cold = got.p_cold, .p_waited = got.p_waited_for_start,
                                        .busy = got.busy * scale, .idle = got.idle * scale, .tail = got.tail * scale,
                                        .p50_s = got.p50_s, .p95_s = got.p95_s, .p99_s = got.p99_s, .requests = got.requests};
    run->good = true;
    *out = run->pool;
    return true;
}

bool replay_cluster(struct replay *r, const struct replay_cluster *load, struct replay_cluster_figures *out)
{
    const struct part_state *s = load->state;
    double burst = fmax(s->x[FIGURE_BURST], 1);
    double key[16] = {s->mean_rps, s->curve.mean_rps, load->service.mean_s, load->service.cv, load->slots, load->least,
                      load->most, load->target, load->start_s, load->node_start_s, load->per_node, burst,
                      s->above_rps, s->below_rps};
    *out = (struct replay_cluster_figures){0};
    if (!r->trace || !(s->mean_rps > 0) || !(load->most < 1e6))
        return false;
    bool known;
    struct replay_run *run = find_run(r, true, key, &known);
    if (known) {
        *out = run->cluster;
        return run->good;
    }
    if (!r->runs || ((s->above_rps > 0 || s->below_rps > 0) && !r->splits)) {
        r->done_count--;
        return false;
    }
    const struct replay_traffic *t = traffic_of(r, s, volume_factor(r, s), true);
    double requests = fmin(t->trace.total, t->most);
    if (!(t->trace.total > 0) || !spend(r, requests, 0))
        return false;
    struct stream_spec arrivals = {.kind = STREAM_TRACE, .trace = &t->trace, .burst = burst, .spread_s = 1, .max_requests = fmax(t->most, 1000)};
    struct autoscale_spec spec = autoscale_defaults(load->service);
    spec.concurrency = (uint32_t)fmax(load->slots, 1);
    spec.min_pods = (uint32_t)fmax(load->least, 1);
    spec.max_pods = (uint32_t)fmax(load->most, fmax(load->least, 1));
    spec.target = fmin(fmax(load->target, 0.01), 1);
    spec.metric = METRIC_REQUESTS;
    spec.pod_start_s = load->start_s;
    spec.node_start_s = load->node_start_s;
    spec.pods_per_node = (uint32_t)fmax(load->per_node, 0);
    spec.min_nodes = spec.pods_per_node ? (spec.min_pods + spec.pods_per_node - 1) / spec.pods_per_node : 0;
    struct autoscale_result got = simulate_autoscale(&spec, &arrivals, 0, REPLAY_SEED, r->scratch);
    if (!(got.requests > 0))
        return false;
    bool lost = got.p_abandoned > 0.01; /* then no percentile of those served says anything */
    run->cluster = (struct replay_cluster_figures){.p50_s = lost ? HUGE_VAL : got.p50_s, .p95_s = lost ? HUGE_VAL : got.p95_s,
                                                   .p99_s = lost ? HUGE_VAL : got.p99_s, .mean_replicas = got.mean_pods,
                                                   .peak_replicas = got.peak_pods, .requests = got.requests};
    run->good = true;
    *out = run->cluster;
    return true;
}
