/*
 * Cold starts and waiting, end to end: platforms of a small price book (tests/pricing-reference) that
 * behave as rows of the reference tables do, asked with constant traffic. A questionnaire gives service
 * times by mean and variation, so rows with lognormal or constant service are met, and cold shares,
 * which hardly depend on that law. Tolerances are those of tests/reference/README.md.
 */
#include "support/engine.h"
#include "support/reference.h"
#include "unit/unit.h"

#include "base/arena.h"
#include "base/diag.h"
#include "latency/coldstart.h"
#include "latency/curve.h"
#include "latency/erlang.h"
#include "latency/random.h"
#include "latency/simulate.h"
#include "traffic/summary.h"
#include "traffic/trace.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define MONTH_S 2628000.0 /* 365 / 12 days */

static struct bench *b;

static int enter(void **state)
{
    (void)state;
    b = bench_open("tests/pricing-reference");
    return 0;
}

static int leave(void **state)
{
    (void)state;
    bench_close(b);
    return 0;
}

static const struct decision *constant(double rate, double service_s, double cv, double burst, const char *more)
{
    return bench_decidef(b, "'answers': {'gpu': {'need': 'none'}, 'traffic': {'requests_per_day': %.17g, 'peak_rps': %.17g, "
                            "'burst': %.17g, 'basis': 'measured'}, 'latency': {'p99_ms': 3600000}, 'team': {'platform_engineers': 1}}, "
                            "'models': [{'kind': 'realtime', 'size_mb': 1, 'memory_mb': 1024, 'duration_ms': %.17g, 'duration_cv': %.17g, "
                            "'load_s': 0.001%s}]",
                         rate * 86400, rate, burst, service_s * 1000, cv, more);
}

/* One GB an instance: the GB-seconds of a month over its seconds are the mean instances. */
static double instances(const struct option *o)
{
    return bench_quantity(o, "memory") / MONTH_S;
}

static const char *const OPTIONS[] = {NULL,      "lab-d01", "lab-d02", "lab-d03", "lab-d04", "lab-d05", "lab-d06",
                                      "lab-d07", "lab-d04", "lab-d05", NULL,      NULL,      "lab-d12", "lab-d13"};

static void cold_starts_of_the_simulated_platforms_come_out_of_a_report(void **state)
{
    (void)state;
    struct reference r = reference_load("tests/reference/simfaas.csv", b->a);
    for (size_t row = 1; row < sizeof OPTIONS / sizeof *OPTIONS; row++) {
        if (!OPTIONS[row])
            continue; /* gamma and switching arrivals: a questionnaire has no words for them */
        double k = reference_number(&r, row, "instance_concurrency");
        const struct decision *d = constant(reference_number(&r, row, "arrival_rate_per_s"), reference_number(&r, row, "warm_mean_s"),
                                            reference_number(&r, row, "warm_cv"), 1, k > 1 ? ", 'concurrency': 5" : ", 'concurrency': 1");
        const struct option *o = bench_option(d, OPTIONS[row]);
        double closed = reference_number(&r, row, "closed_form_p_cold");
        if (!isnan(closed))
            assert_near(OPTIONS[row], o->latency.cold_start_probability, closed, 0.001);
        assert_near(OPTIONS[row], o->latency.cold_start_probability, reference_number(&r, row, "p_cold"), 0.12);
        assert_near(OPTIONS[row], instances(o), reference_number(&r, row, "mean_instances"), 0.025);
        if (k > 1)
            assert_near(OPTIONS[row], o->latency.start_wait_probability, reference_number(&r, row, "share_waiting_for_init"), 0.25);
        bench_rewind(b);
    }
}

/* As many replicas as the target utilisation of 0.6 or so asks: the percentile is that of Erlang C with
 * the variation of the service for so many servers, whatever their number. */
static void waiting_of_a_pool_is_that_of_its_replicas(void **state)
{
    (void)state;
    static const struct {
        double load, cv;
    } POINTS[] = {
        {0.6, 0}, {2.55, 0}, {4.8, 0.7}, {9, 1}, {20, 0.5}, {70, 1.5},
    };
    for (size_t i = 0; i < sizeof POINTS / sizeof *POINTS; i++) {
        double service = 0.5, rate = POINTS[i].load / service;
        const struct option *o = bench_option(constant(rate, service, POINTS[i].cv, 1, ", 'concurrency': 1"), "lab-pool");
        assert_true(o->capacity.replicas > POINTS[i].load);
        struct queue q;
        assert_true(queue_init(&q, o->capacity.replicas, POINTS[i].load, law_lognormal(service, POINTS[i].cv), arrivals_poisson()));
        assert_near("p99", o->latency.p99_ms, 1000 * queue_response_quantile(&q, 0.99), 1e-5);
        assert_near("p50", o->latency.p50_ms, 1000 * queue_response_quantile(&q, 0.5), 1e-5);
        bench_rewind(b);
    }
}

/* ggc.csv D02 and D04 have 0.8 and 0.9 of their servers busy: so many replicas are bought when the policy's
 * target is that. */
static void the_simulated_queues_come_out_of_a_report(void **state)
{
    (void)state;
    struct reference r = reference_load("tests/reference/ggc.csv", b->a);
    static const size_t ROWS[] = {1, 2, 3, 4};
    struct spread usual = b->policy.parameter[PARAMETER_TARGET_UTILISATION].value;
    for (size_t i = 0; i < sizeof ROWS / sizeof *ROWS; i++) {
        double full = reference_number(&r, ROWS[i], "utilisation"), servers = reference_number(&r, ROWS[i], "servers");
        b->policy.parameter[PARAMETER_TARGET_UTILISATION].value = (struct spread){full, full, full};
        const struct option *o = bench_option(constant(full * servers, 1, reference_number(&r, ROWS[i], "service_cv"), 1, ", 'concurrency': 1"), "lab-pool");
        assert_near("replicas", o->capacity.replicas, servers, 1e-9);
        assert_near("p99", o->latency.p99_ms, 1000 * reference_number(&r, ROWS[i], "p99_response_over_s"), 0.1);
        bench_rewind(b);
    }
    b->policy.parameter[PARAMETER_TARGET_UTILISATION].value = usual;
}

/* Geometric bursts, three requests each on average, against a simulation of two million requests. */
static void bursts_start_what_a_simulation_starts(void **state)
{
    (void)state;
    struct arena *scratch = arena_create();
    double rate = 0.4, service = 2, burst = 3;
    const struct option *o = bench_option(constant(rate, service, 1, burst, ", 'concurrency': 1"), "lab-d04");
    struct pool_spec pool = {.warm = law_lognormal(service, 1), .cold = law_lognormal(2.2, 0.5), .keepalive_s = 600, .concurrency = 1};
    struct stream_spec arrivals = {.kind = STREAM_POISSON, .rate_per_s = rate, .burst = burst};
    struct pool_result want = simulate_pool(&pool, &arrivals, 2e6, 7, scratch);
    assert_near("p_cold", o->latency.cold_start_probability, want.p_cold, 0.12);
    assert_near("instances", instances(o), want.alive, 0.05);
    arena_destroy(scratch);
}

/* Two days of minutes, each with a Poisson count of this mean, all of them in one minute of `every`. */
static struct trace minutes(double mean, size_t every)
{
    struct trace t = {.bin_s = 60, .count = 2880};
    double *requests = arena_new(b->rounds, double, t.count);
    int64_t *at = arena_new(b->rounds, int64_t, t.count);
    struct random random = random_stream(5, 1);
    for (size_t i = 0; i < t.count; i++) {
        at[i] = 1700000000 + 60 * (int64_t)i;
        requests[i] = i % every == 0 ? random_poisson(&random, mean * (double)every) : 0;
        t.total += requests[i];
    }
    t.at_s = at;
    t.requests = requests;
    return t;
}

static const struct decision *measured(const struct trace *t, double p99_ms)
{
    double *rps;
    size_t hours = trace_rates(t, 3600, b->rounds, &rps);
    struct load_curve curve = curve_from_bins(rps, hours);
    struct questionnaire *q = arena_new(b->rounds, struct questionnaire, 1);
    struct decision *out = arena_new(b->rounds, struct decision, 1);
    struct diags *d = diags_new(b->rounds);
    char members[400];
    snprintf(members, sizeof members,
             "'answers': {'gpu': {'need': 'none'}, 'latency': {'p99_ms': %.0f}, 'traffic': {'trace': 'traffic.csv'}, 'team': {'platform_engineers': 1}}, "
             "'models': [{'kind': 'realtime', 'size_mb': 1, 'memory_mb': 1024, 'duration_ms': 2000, 'duration_cv': 0.5, 'load_s': 0.001, 'concurrency': 1}]",
             p99_ms);
    assert_true(questionnaire_parse(STR("test.json"), bench_text(b, members), STR("test"), b->rounds, q, d));
    struct decide_input in = {.questionnaire = q, .book = &b->book, .policy = &b->policy, .measured = &curve, .trace = t, .as_of = b->book.edition, .seed = 1};
    assert_true(decide(&in, b->rounds, out, d));
    return out;
}

static bool has_flag(const struct decision *d, const char *words)
{
    for (size_t i = 0; i < d->flag_count; i++)
        if (strstr(str_cstring(b->rounds, d->flags[i]), words))
            return true;
    return false;
}

/* A steady trace is what the ladder describes: at 0.4 a second 0.24 % cold. The same requests gathered in
 * every tenth minute, 4 a second there, find the instances of the last such minute still warm after 9
 * minutes but not all of them always busy enough to stay: the simulation sees it, the hours do not. */
static void a_measured_trace_is_simulated(void **state)
{
    (void)state;
    struct arena *scratch = arena_create();
    struct trace steady = minutes(24, 1), gathered = minutes(24, 10);
    const struct decision *d = measured(&steady, 3600000);
    const struct option *o = bench_option(d, "lab-d04");
    struct coldstart_load load = {.rate_per_s = steady.total / (2880 * 60), .warm_s = 2, .cold_s = 2.2, .keepalive_s = 600};
    assert_true(str_is(o->latency.method, "simulation"));
    assert_near("p_cold", o->latency.cold_start_probability, coldstart_ladder(&load, scratch).p_cold, 0.15);
    assert_true(d->traffic.is_there && d->traffic.bins == 2880 && has_flag(d, "shorter than a week"));
    assert_false(has_flag(d, "longer than a minute"));
    const struct decision *bursts = measured(&gathered, 3600000);
    assert_true(instances(bench_option(bursts, "lab-d06")) < instances(bench_option(bursts, "lab-d04")));
    assert_true(bench_option(bursts, "lab-d06")->latency.cold_start_probability > 5 * bench_option(bursts, "lab-d04")->latency.cold_start_probability);
    arena_destroy(scratch);
    bench_rewind(b);
}

/* Six times the mean in one minute of ten: replicas that follow the mean would let requests wait for minutes. */
static void a_pool_gets_the_room_that_a_trace_asks_for(void **state)
{
    (void)state;
    struct trace gathered = minutes(24, 10);
    const struct option *loose = bench_option(measured(&gathered, 3600000), "lab-pool");
    const struct option *tight = bench_option(measured(&gathered, 8000), "lab-pool");
    assert_true(tight->capacity.mean_replicas > loose->capacity.mean_replicas);
    assert_true(!tight->feasible || tight->latency.p99_ms <= 8000 * 1.001);
    assert_true(loose->latency.p99_ms > tight->latency.p99_ms);
    bench_rewind(b);
}

/* The same traffic meets the same arrivals: no chance moves an option when only the limit moves. */
static void a_looser_limit_never_loses_an_option(void **state)
{
    (void)state;
    struct trace gathered = minutes(6, 5);
    const struct decision *tight = measured(&gathered, 5200), *loose = measured(&gathered, 6500);
    for (size_t i = 0; i < tight->option_count; i++)
        if (tight->options[i].feasible)
            assert_true(bench_option(loose, str_cstring(b->rounds, tight->options[i].id))->feasible);
    bench_rewind(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cold_starts_of_the_simulated_platforms_come_out_of_a_report),
        cmocka_unit_test(waiting_of_a_pool_is_that_of_its_replicas),
        cmocka_unit_test(the_simulated_queues_come_out_of_a_report),
        cmocka_unit_test(bursts_start_what_a_simulation_starts),
        cmocka_unit_test(a_measured_trace_is_simulated),
        cmocka_unit_test(a_pool_gets_the_room_that_a_trace_asks_for),
        cmocka_unit_test(a_looser_limit_never_loses_an_option),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
