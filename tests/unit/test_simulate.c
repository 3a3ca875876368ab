/*
 * The simulations against the reference tables and against the exact formulas.
 * The size is reduced: 1.5 million requests a point, and tolerances follow from the standard error at
 * that size. Set SIMULATE_REQUESTS=100000000 for the full size; the tolerances of tests/reference
 * (1 %, 0.5 %) are then the ones that count.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/strbuf.h"
#include "latency/autoscale.h"
#include "latency/coldstart.h"
#include "latency/erlang.h"
#include "latency/histogram.h"
#include "latency/simulate.h"
#include "support/reference.h"

#include <math.h>
#include <stdlib.h>

static double size_of_run(void)
{
    const char *text = getenv("SIMULATE_REQUESTS");
    double requests = text ? strtod(text, NULL) : 0.0;
    return requests >= 1e5 ? requests : 1.5e6;
}

/* The stated tolerance at full size; wider at a reduced one, as the square root of the size. */
static double tolerance(double at_full_size, double full_size)
{
    return at_full_size * fmax(1.0, sqrt(full_size / size_of_run()));
}

static struct law law_of(const struct reference *r, size_t row, const char *kind, const char *mean,
                         const char *cv)
{
    struct str name = reference_text(r, row, kind);
    double mean_s = reference_number(r, row, mean);
    return str_is(name, "exponential") ? law_exponential(mean_s)
                                       : law_lognormal(mean_s, reference_number(r, row, cv));
}

static struct stream_spec stream_of(const struct reference *r, size_t row)
{
    struct stream_spec s = {.rate_per_s = reference_number(r, row, "arrival_rate_per_s")};
    struct str kind = reference_text(r, row, "arrival_process");
    if (str_is(kind, "gamma-renewal")) {
        s.kind = STREAM_GAMMA;
        s.gap_cv = reference_number(r, row, "arrival_param");
    } else if (str_is(kind, "mmpp2")) {
        s.kind = STREAM_MMPP;
        s.high_to_low = reference_number(r, row, "arrival_param");
        s.sojourn_s = reference_number(r, row, "mmpp_mean_sojourn_s");
    }
    return s;
}

static void instance_pools_meet_the_reference(void **state)
{
    struct arena *a = *state;
    struct reference r = reference_load("tests/reference/simfaas.csv", a);
    assert_int_equal(r.rows, 13);
    for (size_t i = 1; i <= r.rows; i++) {
        struct stream_spec arrivals = stream_of(&r, i);
        struct pool_spec pool = {
            .warm = law_of(&r, i, "service_dist", "warm_mean_s", "warm_cv"),
            .cold = law_of(&r, i, "cold_dist", "cold_mean_s", "cold_cv"),
            .keepalive_s = reference_number(&r, i, "keepalive_s"),
            .concurrency = (uint32_t)reference_number(&r, i, "instance_concurrency"),
            .routing = str_is(reference_text(&r, i, "routing"), "random") ? ROUTE_RANDOM
                                                                          : ROUTE_NEWEST,
        };
        struct pool_result got = simulate_pool(&pool, &arrivals, size_of_run(), 42, a);
        double p_cold = reference_number(&r, i, "p_cold");
        double se = hypot(got.p_cold_se, reference_number(&r, i, "p_cold_se"));
        assert_near("p_cold", got.p_cold, p_cold, fmax(0.01, 4.0 * se / p_cold));
        /* two rates that change every 20 minutes: 3,000 stays in 1.5 million requests leave the rate
         * itself uncertain by 1.2 % */
        double part = arrivals.kind == STREAM_MMPP ? tolerance(0.006, 1e8) : tolerance(0.005, 1e7);
        assert_near("instances", got.alive, reference_number(&r, i, "mean_instances"), part);
        assert_near("busy", got.busy, reference_number(&r, i, "mean_busy_instances"), part);
        assert_near("p95", got.p95_s, reference_number(&r, i, "p95_response_s"),
                    tolerance(0.01, 2e6));
        assert_near("p99", got.p99_s, reference_number(&r, i, "p99_response_s"),
                    tolerance(0.01, 2e6));
        assert_near("mean", got.mean_s, reference_number(&r, i, "mean_response_s"),
                    tolerance(0.005, 2e6));
        double waiting = reference_number(&r, i, "share_waiting_for_init");
        assert_near("waiting for a start", got.p_waited_for_start, waiting, tolerance(0.02, 4e6));
        /* the largest pool of one run is itself random */
        assert_true(got.peak_instances <= 1.15 * reference_number(&r, i, "peak_instances") + 1.0);
    }
}

static void queues_meet_the_reference(void **state)
{
    struct arena *a = *state;
    struct reference r = reference_load("tests/reference/ggc.csv", a);
    for (size_t i = 1; i <= r.rows; i++) {
        struct str service_kind = reference_text(&r, i, "service_dist");
        if (str_is(service_kind, "hyperexponential"))
            continue; /* not a law that the program has */
        uint32_t servers = (uint32_t)reference_number(&r, i, "servers");
        struct stream_spec arrivals = {.rate_per_s = servers *
                                                     reference_number(&r, i, "utilisation")};
        if (!str_is(reference_text(&r, i, "arrival_process"), "poisson")) {
            arrivals.kind = STREAM_GAMMA;
            arrivals.gap_cv = reference_number(&r, i, "arrival_cv");
        }
        struct law service = str_is(service_kind, "exponential")
                                 ? law_exponential(1.0)
                                 : law_lognormal(1.0, reference_number(&r, i, "service_cv"));
        struct fifo_result got = simulate_fifo(servers, &service, &arrivals, size_of_run(), 7, a);
        /* long busy periods: the standard error of the mean wait is 0.1 to 0.4 % at 3e8 arrivals */
        double wait_se = reference_number(&r, i, "mean_wait_se") /
                         reference_number(&r, i, "mean_wait_over_s");
        double part = fmax(0.015, tolerance(4.0 * wait_se, 3e8));
        assert_near("p99", got.p99_s, reference_number(&r, i, "p99_response_over_s"), part);
        assert_near("p50", got.p50_s, reference_number(&r, i, "p50_response_over_s"), part);
        assert_near("p_wait", got.p_wait, reference_number(&r, i, "p_wait"),
                    fmax(0.005, part / 2.0));
        assert_near("mean", got.mean_s, reference_number(&r, i, "mean_response_over_s"), part);
    }
}

static void the_same_seed_gives_the_same_figures(void **state)
{
    struct arena *a = *state;
    struct pool_spec pool = {.warm = law_lognormal(0.5, 0.8),
                             .cold = law_lognormal(3, 0.5),
                             .keepalive_s = 60,
                             .concurrency = 4};
    struct stream_spec arrivals = {.rate_per_s = 2.0, .burst = 3.0, .spread_s = 1.0};
    struct pool_result x = simulate_pool(&pool, &arrivals, 20000, 5, a);
    struct pool_result y = simulate_pool(&pool, &arrivals, 20000, 5, a);
    struct pool_result z = simulate_pool(&pool, &arrivals, 20000, 6, a);
    assert_near("cold", x.p_cold, y.p_cold, 0.0);
    assert_near("p99", x.p99_s, y.p99_s, 0.0);
    assert_true(fabs(x.alive - z.alive) > 0.0);
}

static void a_slow_clock_is_always_cold(void **state)
{
    struct arena *a = *state;
    struct pool_spec pool = {.warm = law_lognormal(2, 0),
                             .cold = law_lognormal(5, 0),
                             .keepalive_s = 600,
                             .concurrency = 1};
    struct stream_spec clock = {.kind = STREAM_CLOCK, .rate_per_s = 1 / 667.0};
    struct pool_result r = simulate_pool(&pool, &clock, 1000, 1, a);
    assert_near("cold", r.p_cold, 1.0, 0.0);
    assert_near("response", r.p50_s, 5.0, 1e-3);
    /* 5 s busy and 600 s idle in every 667 s */
    assert_near("alive", r.alive, 605.0 / 667.0, 0.002);
    clock.rate_per_s = 1 / 500.0;
    r = simulate_pool(&pool, &clock, 1000, 1, a);
    assert_near("warm", r.p_cold, 0.0, 0.0);
    assert_near("one instance", r.alive, 1.0, 1e-3);
    assert_true(r.mean_life_s > 1e300);
}

static void instances_kept_on_agree_with_the_ladder(void **state)
{
    struct arena *a = *state;
    struct pool_spec pool = {.warm = law_exponential(1),
                             .cold = law_exponential(1.2),
                             .keepalive_s = 60,
                             .concurrency = 1,
                             .always_on = 3};
    struct stream_spec arrivals = {.rate_per_s = 1.0};
    struct pool_result r = simulate_pool(&pool, &arrivals, 1e6, 11, a);
    struct coldstart_load load = {
        .rate_per_s = 1, .warm_s = 1, .cold_s = 1.2, .keepalive_s = 60, .always_on = 3};
    struct coldstart c = coldstart_ladder(&load, a);
    assert_near("cold", r.p_cold, c.p_cold, 0.12);
    assert_near("alive", r.alive, c.alive, 0.025);
    assert_true(r.alive >= 3.0);
}

static void a_limit_on_instances_rejects(void **state)
{
    struct arena *a = *state;
    /* instances that live for ever and a limit of 5: Erlang's loss system at 4 erlang */
    struct pool_spec pool = {.warm = law_exponential(1),
                             .cold = law_exponential(1),
                             .keepalive_s = 1e4,
                             .concurrency = 1,
                             .max_instances = 5};
    struct stream_spec arrivals = {.rate_per_s = 4.0};
    struct pool_result r = simulate_pool(&pool, &arrivals, 1e6, 3, a);
    assert_near("rejected", r.p_rejected, erlang_b(5, 4), 0.02);
    assert_near("peak", r.peak_instances, 5.0, 0.0);
}

static void routing_orders_the_policies(void **state)
{
    struct arena *a = *state;
    /* S = 2 s, T = 60 s, 0.9 a second: newest 1.6e-2 and 4.1 idle, random 3.9e-4 and 6.6, least
     * recently used 1e-6 and 9.8 */
    struct pool_spec pool = {.warm = law_exponential(2),
                             .cold = law_exponential(2),
                             .keepalive_s = 60,
                             .concurrency = 1};
    struct stream_spec arrivals = {.rate_per_s = 0.9};
    struct pool_result newest = simulate_pool(&pool, &arrivals, 1e6, 3, a);
    pool.routing = ROUTE_RANDOM;
    struct pool_result random_one = simulate_pool(&pool, &arrivals, 1e6, 3, a);
    pool.routing = ROUTE_OLDEST_USED;
    struct pool_result oldest = simulate_pool(&pool, &arrivals, 1e6, 3, a);
    assert_near("newest", newest.p_cold, 1.6e-2, 0.05);
    assert_near("newest idle", newest.idle, 4.1, 0.02);
    assert_near("random", random_one.p_cold, 3.9e-4, 0.2);
    assert_near("random idle", random_one.idle, 6.6, 0.02);
    assert_true(oldest.p_cold < 2e-5);
    assert_near("oldest idle", oldest.idle, 9.8, 0.06);
}

/* Minutes with these counts, over and over. */
static struct trace make_trace(struct arena *a, size_t minutes, const int *counts, size_t kinds)
{
    struct strbuf sb = STRBUF_INIT;
    for (size_t i = 0; i < minutes; i++)
        strbuf_addf(&sb, "%zu,%d\n", i * 60, counts[i % kinds]);
    struct trace t;
    assert_true(trace_parse(STR("made"), strbuf_copy(&sb, a), a, &t, diags_new(a)));
    strbuf_release(&sb);
    return t;
}

static void a_trace_is_played_count_by_count(void **state)
{
    struct arena *a = *state;
    const int counts[3] = {4, 0, 11};
    struct trace t = make_trace(a, 3000, counts, 3);
    for (int burst = 1; burst <= 4; burst += 3) {
        struct stream_spec spec = {
            .kind = STREAM_TRACE, .trace = &t, .burst = burst, .spread_s = 0.0};
        struct stream s;
        stream_init(&s, &spec, random_stream(1, 2), a);
        /* the first day is played twice: 1,440 minutes of warm-up */
        assert_near("warm-up", s.counted_from_s, 86400.0, 0.0);
        double before = 0.0, total = 0.0, together = 0.0;
        size_t minutes[3] = {0};
        for (double at = stream_next(&s); at < HUGE_VAL; at = stream_next(&s)) {
            assert_true(at >= before);
            together += at <= before ? 1.0 : 0.0;
            before = at;
            total += 1.0;
            minutes[(size_t)(at / 60.0) % 3]++;
        }
        assert_near("total", total, (3000 + 1440) / 3 * 15.0, 0.0);
        assert_int_equal(minutes[0], 1480 * 4);
        assert_int_equal(minutes[1], 0);
        assert_int_equal(minutes[2], 1480 * 11);
        /* with bursts of mean 4, three of four requests (that do not open a minute) follow at once */
        assert_near("together", together, burst > 1 ? 0.75 * (total - 2 * 1480) : 0.0, 0.03);
    }
}

static void bursts_have_their_mean_size_and_spread(void **state)
{
    struct arena *a = *state;
    struct stream_spec spec = {.rate_per_s = 10.0, .burst = 5.0, .spread_s = 2.0};
    struct stream s;
    stream_init(&s, &spec, random_stream(1, 2), a);
    double last = 0.0, counts[60000] = {0};
    for (int i = 0; i < 300000; i++) {
        double at = stream_next(&s);
        assert_true(at >= last);
        last = at;
        size_t window = (size_t)(at / 40.0);
        if (window < 60000)
            counts[window] += 1.0;
    }
    assert_near("rate", 300000 / last, 10.0, 0.03);
    double windows = floor(last / 40.0), sum = 0.0, squares = 0.0;
    for (size_t i = 0; i < (size_t)windows; i++) {
        sum += counts[i];
        squares += counts[i] * counts[i];
    }
    /* dispersion of counts in windows long against the spread: 2 b - 1, less the bursts cut by an end */
    double mean = sum / windows;
    assert_near("dispersion", (squares / windows - mean * mean) / mean, 9.0, 0.15);
}

static void a_long_trace_is_sampled_in_days(void **state)
{
    struct arena *a = *state;
    const int counts[2] = {10, 20};
    struct trace t = make_trace(a, 14 * 1440, counts, 2);
    struct stream_spec spec = {.kind = STREAM_TRACE, .trace = &t, .max_requests = 5 * 21600.0};
    struct pool_spec pool = {.warm = law_exponential(1),
                             .cold = law_exponential(1),
                             .keepalive_s = 60,
                             .concurrency = 1};
    struct pool_result r = simulate_pool(&pool, &spec, 0, 1, a);
    assert_near("five days", r.hours, 120.0, 1e-9);
    assert_near("their requests", r.requests, 5 * 21600.0, 1e-9);
    spec.max_requests = 10000; /* less than half a day: 11 hours of 900 */
    r = simulate_pool(&pool, &spec, 0, 1, a);
    assert_near("hours", r.hours, 11.0, 1e-9);
    spec.max_requests = 300; /* a third of an hour */
    r = simulate_pool(&pool, &spec, 0, 1, a);
    assert_near("requests", r.requests, 300.0, 0.1);
}

static void a_fixed_cluster_is_erlangs_queue(void **state)
{
    struct arena *a = *state;
    struct autoscale_spec spec = autoscale_defaults(law_exponential(1.0));
    spec.concurrency = 4;
    spec.min_pods = spec.max_pods = 3;
    struct stream_spec arrivals = {.rate_per_s = 9.0};
    struct autoscale_result r = simulate_autoscale(&spec, &arrivals, 5e5, 9, a);
    struct queue q;
    queue_init(&q, 12, 9, law_exponential(1.0), arrivals_poisson());
    assert_near("mean", r.mean_s, queue_mean_response(&q), 0.01);
    assert_near("p99", r.p99_s, queue_response_quantile(&q, 0.99), 0.02);
    assert_near("busy", r.busy, 9.0, 0.01);
    assert_near("pods", r.mean_pods, 3.0, 1e-9);
    assert_near("abandoned", r.p_abandoned, 0.0, 1e-5);
}

static void the_autoscaler_settles_at_its_target(void **state)
{
    struct arena *a = *state;
    struct autoscale_spec spec = autoscale_defaults(law_exponential(0.2));
    spec.pods_per_node = 4;
    struct stream_spec arrivals = {.rate_per_s = 300.0}; /* 60 erlang */
    struct autoscale_result cpu = simulate_autoscale(&spec, &arrivals, 1e6, 9, a);
    /* 60 / 0.6 = 100 pods; the largest wish of five minutes keeps up to the tolerance more */
    assert_in_range((uintmax_t)cpu.mean_pods, 95, 115);
    assert_in_range((uintmax_t)cpu.mean_nodes, 24, 30);
    assert_near("p99", cpu.p99_s, 0.2 * log(100.0), 0.03); /* nobody waits */
    spec.metric = METRIC_REQUESTS;
    struct autoscale_result requests = simulate_autoscale(&spec, &arrivals, 1e6, 9, a);
    assert_in_range((uintmax_t)requests.mean_pods, 92, 115);
}

static void a_step_in_the_load_waits_for_pods_and_nodes(void **state)
{
    struct arena *a = *state;
    const int quiet_then_busy[60] = {
        60,   60,   60,   60,   60,   60,   60,   60,   60,   60,   60,   60,   60,   60,   60,
        60,   60,   60,   60,   60,   60,   60,   60,   60,   60,   60,   60,   60,   60,   60,
        3000, 3000, 3000, 3000, 3000, 3000, 3000, 3000, 3000, 3000, 3000, 3000, 3000, 3000, 3000,
        3000, 3000, 3000, 3000, 3000, 3000, 3000, 3000, 3000, 3000, 3000, 3000, 3000, 3000, 3000};
    struct trace t = make_trace(a, 2 * 1440, quiet_then_busy, 60);
    struct stream_spec arrivals = {.kind = STREAM_TRACE, .trace = &t};
    struct autoscale_spec spec = autoscale_defaults(law_lognormal(1.0, 0.5));
    spec.slo_s = 5.0;
    spec.pods_per_node = 8;
    struct autoscale_result on_demand = simulate_autoscale(&spec, &arrivals, 0, 4, a);
    spec.min_pods = 70;
    struct autoscale_result prepared = simulate_autoscale(&spec, &arrivals, 0, 4, a);
    assert_true(on_demand.p_late > 0.02);
    assert_true(prepared.p_late < 0.001);
    assert_true(on_demand.mean_pods < prepared.mean_pods);
    spec.min_pods = 1;
    spec.node_start_s = 300.0;
    struct autoscale_result slow = simulate_autoscale(&spec, &arrivals, 0, 4, a);
    assert_true(slow.p_late > 1.5 * on_demand.p_late);
    /* a queue that only grows is given up on, not kept for ever */
    spec.max_pods = 10;
    spec.patience_s = 30.0;
    struct autoscale_result small = simulate_autoscale(&spec, &arrivals, 0, 4, a);
    assert_true(small.p_abandoned > 0.5 && small.p_late >= small.p_abandoned);
}

static void ramps_cost_growth_times_lag_squared(void **state)
{
    (void)state;
    /* 2 erlang a second, 90 s of lag, S = 3 s: 180 erlang of head room; 2 x 8100 / 6 requests late */
    assert_near("head room", autoscale_headroom(2, 90), 180.0, 1e-15);
    assert_near("late", autoscale_late_requests(2, 90, 3), 2700.0, 1e-15);
}

static void histogram_keeps_quantiles_to_a_thousandth(void **state)
{
    struct arena *a = *state;
    struct histogram h = histogram_new(a);
    assert_near("empty", histogram_quantile(&h, 0.5), 0.0, 0.0);
    for (int i = 1; i <= 100000; i++)
        histogram_add(&h, i * 1e-3);
    assert_near("mean", histogram_mean(&h), 50.0005, 1e-9);
    for (double p = 0.01; p < 1.0; p += 0.07)
        assert_near("quantile", histogram_quantile(&h, p), p * 100.0, 1e-3);
    assert_near("tail", histogram_tail(&h, 90.0), 0.1, 2e-3);
    struct histogram ends = histogram_new(a);
    histogram_add(&ends, 0.0);
    histogram_add(&ends, 1e30);
    assert_near("zero", histogram_quantile(&ends, 0.4), 0.0, 0.0);
    assert_true(histogram_quantile(&ends, 0.9) > 1e6);
}

static int set_up(void **state)
{
    *state = arena_create();
    return 0;
}

static int tear_down(void **state)
{
    arena_destroy(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instance_pools_meet_the_reference),
        cmocka_unit_test(queues_meet_the_reference),
        cmocka_unit_test(the_same_seed_gives_the_same_figures),
        cmocka_unit_test(a_slow_clock_is_always_cold),
        cmocka_unit_test(instances_kept_on_agree_with_the_ladder),
        cmocka_unit_test(a_limit_on_instances_rejects),
        cmocka_unit_test(routing_orders_the_policies),
        cmocka_unit_test(a_trace_is_played_count_by_count),
        cmocka_unit_test(bursts_have_their_mean_size_and_spread),
        cmocka_unit_test(a_long_trace_is_sampled_in_days),
        cmocka_unit_test(a_fixed_cluster_is_erlangs_queue),
        cmocka_unit_test(the_autoscaler_settles_at_its_target),
        cmocka_unit_test(a_step_in_the_load_waits_for_pods_and_nodes),
        cmocka_unit_test(ramps_cost_growth_times_lag_squared),
        cmocka_unit_test(histogram_keeps_quantiles_to_a_thousandth),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
