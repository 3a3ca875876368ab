/*
 * Connections that stay open: a percentile is what a caller waits until the connection is served, and
 * the time for which it is held occupies the pool.
 */
#include "support/bundled.h"
#include "unit/unit.h"

/* 288 connections a day at a steady rate, held for ten minutes: two at once, 288 x 600 / 86,400. */
static const char TWO[] =
    "'answers': {'latency': {'p99_ms': %d}, 'traffic': {'requests_per_day': 288, 'peak_rps': 0.0033333333333333335}, 'team': {'platform_engineers': 1}}, "
    "'models': [{'kind': 'streaming', 'duration_ms': 600000, 'duration_cv': 1, 'memory_mb': 512, 'size_mb': 40}]";

/*
 * Load 2, Erlang B of n from n - 1 by 2 B / (n + 2 B): 2/3, 0.4, 0.21053, 0.09524, 0.03670, 0.012085,
 * 0.003441 of 1 to 7. Who waits: C = n B / (n - 2 (1 - B)): 0.1739 of 4, 0.0597 of 5, 0.01802 of 6, 0.00481 of 7.
 * A wait is exponential with (n - 2) / 600 a second. Longer than a second, of 6: 0.01802 x e^(-4/600) =
 * 0.0179, of 7: 0.0048; a hundredth may. Longer than 600 s, of 4: 0.1739 x e^-2 = 0.0235, of 5: 0.0597 x
 * e^-3 = 0.0030.
 */
static void a_pool_is_as_large_as_the_wait_for_a_connection_asks(void **state)
{
    (void)state;
    const struct option *second = bench_option(bench_decidef(b, TWO, 1000), "aws-fargate"),
                        *minutes = bench_option(bench_decidef(b, TWO, 600000), "aws-fargate");
    assert_true(second->feasible && minutes->feasible);
    assert_int_equal((int)(second->capacity.replicas + 0.5), 7);
    assert_int_equal((int)(minutes->capacity.replicas + 0.5), 5);
}

/* The hold is no service time that "no capacity repairs", and the report says what the percentile is. */
static void a_long_hold_misses_no_percentile(void **state)
{
    (void)state;
    const struct decision *d = bench_decidef(b, TWO, 1000);
    assert_int_not_equal(d->recommendation.verdict, VERDICT_INFEASIBLE);
    assert_true(d->recommendation.nothing_share < 0.5);
    const struct option *o = bench_option(d, "aws-eks");
    assert_true(o->feasible && o->latency.p99_ms <= 1000);
    bool told = false;
    for (size_t i = 0; i < o->note_count; i++)
        told = told || str_find(o->notes[i], STR("until the connection is served")) < o->notes[i].n;
    assert_true(told);
}

/* The ingress of Container Apps ends a connection after four minutes: there the hold does count. */
static void a_hold_beyond_a_time_limit_is_excluded(void **state)
{
    (void)state;
    assert_non_null(bench_violation(bench_option(bench_decidef(b, TWO, 1000), "azure-container-apps"), "response_s"));
}

/* A real-time part with the same time and the same limit keeps its own pool. */
static void a_request_beside_it_waits_for_its_whole_answer(void **state)
{
    (void)state;
    const struct decision *d = bench_decide(
        b,
        "'answers': {'latency': {'p99_ms': 600000}, 'team': {'platform_engineers': 1}}, 'models': ["
        "{'name': 'held', 'kind': 'streaming', 'streams': 2, 'duration_ms': 600000, 'duration_cv': 1, 'memory_mb': 512, 'size_mb': 40}, "
        "{'name': 'asked', 'kind': 'realtime', 'duration_ms': 600000, 'duration_cv': 1, 'memory_mb': 512, 'size_mb': 40, "
        "'traffic': {'requests_per_day': 288}}]");
    const struct violation *v = bench_violation(bench_option(d, "aws-eks"), "p99_ms");
    assert_non_null(v);
    assert_str(v->part, "asked");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_pool_is_as_large_as_the_wait_for_a_connection_asks, again),
        cmocka_unit_test_setup(a_long_hold_misses_no_percentile, again),
        cmocka_unit_test_setup(a_hold_beyond_a_time_limit_is_excluded, again),
        cmocka_unit_test_setup(a_request_beside_it_waits_for_its_whole_answer, again),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
