#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "latency/erlang.h"
#include "latency/staffing.h"
#include "support/reference.h"

#include <math.h>

static void erlang_b_and_c_match_small_cases_by_hand(void **state)
{
    (void)state;
    /* one server: B = a/(1+a), C = a. Two servers, a = 1: B = (1/2)/(1+1+1/2) = 1/5;
     * C = B / (1 - rho (1 - B)) = 0.2 / (1 - 0.5 * 0.8) = 1/3. */
    assert_near("B(1, 0.3)", erlang_b(1, 0.3), 0.3 / 1.3, 1e-15);
    assert_near("C(1, 0.7)", erlang_c(1, 0.7), 0.7, 1e-15);
    assert_near("B(2, 1)", erlang_b(2, 1), 0.2, 1e-15);
    assert_near("C(2, 1)", erlang_c(2, 1), 1.0 / 3.0, 1e-15);
    assert_near("B(0, 4)", erlang_b(0, 4), 1.0, 1e-15);
    assert_near("C at full load", erlang_c(3, 3), 1.0, 0.0);
    assert_near("C without load", erlang_c(3, 0), 0.0, 0.0);
}

static void erlang_table_is_met_to_nine_digits(void **state)
{
    struct arena *a = *state;
    struct reference r = reference_load("tests/reference/erlang.csv", a);
    assert_int_equal(r.rows, 18);
    for (size_t i = 1; i <= r.rows; i++) {
        double c = reference_number(&r, i, "servers"),
               load = reference_number(&r, i, "offered_load_erlang");
        struct queue q;
        assert_true(queue_init(&q, c, load, law_exponential(1.0), arrivals_poisson()));

        const struct {
            const char *column;
            double got;
        } CHECKS[] = {
            {"erlang_b", erlang_b(c, load)},
            {"erlang_c", q.p_wait},
            {"mean_wait_over_s", queue_mean_wait(&q)},
            {"mean_queue_len", load * queue_mean_wait(&q)},
            {"p50_wait_over_s", queue_wait_quantile(&q, 0.50)},
            {"p95_wait_over_s", queue_wait_quantile(&q, 0.95)},
            {"p99_wait_over_s", queue_wait_quantile(&q, 0.99)},
            {"mean_response_over_s", queue_mean_response(&q)},
            {"p50_response_over_s", queue_response_quantile(&q, 0.50)},
            {"p95_response_over_s", queue_response_quantile(&q, 0.95)},
            {"p99_response_over_s", queue_response_quantile(&q, 0.99)},
        };

        for (size_t k = 0; k < sizeof CHECKS / sizeof *CHECKS; k++)
            assert_near(CHECKS[k].column, CHECKS[k].got, reference_number(&r, i, CHECKS[k].column),
                        1e-9);
    }
}

/* The plain recursion from 0, which costs the load instead of its square root. */
static double erlang_b_from_zero(int servers, double load)
{
    double b = 1.0;
    for (int n = 1; n <= servers; n++)
        b = load * b / (n + load * b);
    return b;
}

static void starting_the_recursion_late_changes_nothing(void **state)
{
    (void)state;

    const struct {
        int servers;
        double load;
    } CASES[] = {{120, 100}, {90, 100}, {1000, 1100}, {5000, 4900}, {100000, 99500}, {3000, 500}};

    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        assert_near("B", erlang_b(CASES[i].servers, CASES[i].load),
                    erlang_b_from_zero(CASES[i].servers, CASES[i].load), 1e-11);
}

/* Far below the load the losses are a continued fraction; at its edge, and wherever the recursion goes on from it, they are
 * those of the recursion from no server at all. */
static void losses_of_far_fewer_servers_than_the_load_are_those_of_the_recursion(void **state)
{
    (void)state;
    const double LOADS[] = {17.3, 20.0, 31.7, 85.0, 400.0, 2000.0, 20000.0}, BELOW[] = {0.0, 2.0, 3.9, 4.0, 4.1, 5.0, 9.0, 30.0};
    for (size_t i = 0; i < sizeof LOADS / sizeof *LOADS; i++)
        for (size_t k = 0; k < sizeof BELOW / sizeof *BELOW; k++) {
            int servers = (int)(LOADS[i] - BELOW[k] * sqrt(LOADS[i]));
            if (servers < 1)
                continue;
            double exact = erlang_b_from_zero(servers, LOADS[i]), many;
            assert_near("B", erlang_b(servers, LOADS[i]), exact, 1e-12);
            erlang_b_many(servers, LOADS + i, 1, &many);
            assert_near("B of many", many, exact, 1e-12);
        }
    /* half a server more, step by step: 1/B(n, a) = 1 + n / (a B(n - 1, a)) */
    for (double n = 1.5; n < 60.0; n += 1.0)
        assert_near("B", 1.0 / erlang_b(n, 50.0), 1.0 + n / (50.0 * erlang_b(n - 1.0, 50.0)), 1e-12);
}

static void fractional_erlang_b_matches_its_integral(void **state)
{
    (void)state;
    /* 1/B(x, a) = a int_0^inf e^(-a u) (1 + u)^x du, here by the midpoint rule in v = a u */
    const double X[] = {0.25, 0.5, 2.5, 7.75}, A[] = {0.1, 1.3, 6.0};
    for (size_t i = 0; i < 4; i++)
        for (size_t k = 0; k < 3; k++) {
            double sum = 0.0, h = 1e-4;
            for (int n = 0; n < 800000; n++) {
                double v = (n + 0.5) * h;
                sum += exp(-v) * pow(1.0 + v / A[k], X[i]) * h;
            }
            assert_near("B", erlang_b(X[i], A[k]), 1.0 / sum, 1e-7);
        }
}

static void peakedness_of_gamma_gaps_meets_its_limits(void **state)
{
    (void)state;
    struct arrivals poisson = arrivals_renewal(1.0, 7.0);
    assert_near("Poisson", poisson.peakedness, 1.0, 1e-12);
    /* many arrivals in one service: z -> (1 + cv^2) / 2 */
    assert_near("heavy", arrivals_renewal(2.0, 1e5).peakedness, 2.5, 1e-3);
    /* a clock: 1/(1 - e^(-1/a)) - a, at a = 1: 1/(1 - 1/e) - 1 */
    assert_near("clock", arrivals_renewal(0.0, 1.0).peakedness, 1.0 / (1.0 - exp(-1.0)) - 1.0,
                1e-12);
    assert_near("bursts", arrivals_bursts(4.0).scv, 7.0, 0.0);
}

static void response_tail_agrees_with_fine_strata(void **state)
{
    (void)state;
    const double CV[] = {0.3, 0.8, 2.0}, C[] = {3, 12, 200};
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < 3; k++) {
            struct queue q;
            queue_init(&q, C[k], 0.85 * C[k], law_lognormal(1.0, CV[i]), arrivals_poisson());
            double t = queue_response_quantile(&q, 0.99), sum = 0.0;
            const int strata = 200000;
            for (int n = 0; n < strata; n++) {
                double s = law_quantile(&q.service, (n + 0.5) / strata);
                sum += s > t ? 1.0 : q.p_wait * exp(-q.drain_per_s * (t - s));
            }
            assert_near("tail", sum / strata, 0.01, 5e-4); /* the strata's own grain */
        }
}

static void constant_service_waits_then_serves(void **state)
{
    (void)state;
    struct queue q;
    queue_init(&q, 1, 0.5, law_lognormal(2.0, 0.0), arrivals_poisson());
    /* M/D/1, Pollaczek-Khinchine: wait = S rho / (2 (1 - rho)) = 2 * 0.5 / 1 = 1 s */
    assert_near("mean wait", queue_mean_wait(&q), 1.0, 1e-14);
    assert_near("p99", queue_response_quantile(&q, 0.99), 2.0 + queue_wait_quantile(&q, 0.99),
                1e-10);
    assert_near("p40 does not wait", queue_response_quantile(&q, 0.4), 2.0, 1e-10);
}

static void overload_never_ends(void **state)
{
    (void)state;
    struct queue q;
    assert_false(queue_init(&q, 4, 4.0, law_exponential(1.0), arrivals_poisson()));
    assert_true(queue_mean_wait(&q) > 1e300);
    assert_true(queue_response_quantile(&q, 0.5) > 1e300);
    assert_near("tail", queue_response_tail(&q, 1e9), 1.0, 0.0);
}

static void mixed_quantile_averages_tails_not_percentiles(void **state)
{
    (void)state;
    struct queue q[2];
    queue_init(&q[0], 10, 2.0, law_exponential(1.0), arrivals_poisson());
    queue_init(&q[1], 10, 9.5, law_exponential(1.0), arrivals_poisson());
    const double w[2] = {3.0, 1.0};
    double t = queue_mixed_quantile(q, w, 2, 0.99);
    double tail = 0.75 * queue_response_tail(&q[0], t) + 0.25 * queue_response_tail(&q[1], t);
    assert_near("tail", tail, 0.01, 1e-9);
    struct queue over[2] = {q[0], q[0]};
    queue_init(&over[1], 2, 3.0, law_exponential(1.0), arrivals_poisson());
    const double little[2] = {0.995, 0.005};
    t = queue_mixed_quantile(over, little, 2, 0.99);
    assert_near("half a percent is lost", 0.995 * queue_response_tail(&q[0], t), 0.005, 1e-9);
    assert_true(queue_mixed_quantile(over, w, 2, 0.99) > 1e300);
}

static void staffing_is_the_smallest_number_that_holds(void **state)
{
    (void)state;
    struct staffing s;
    for (double cv = 0.0; cv < 2.0; cv += 0.7)
        for (double z = 0.7; z < 4.0; z += 1.1) {
            assert_true(staffing_init(&s, law_lognormal(1.0, cv), arrivals_peaked(z),
                                      (struct slo){.p95_s = 5.0, .p99_s = 9.0}, 0.0));
            for (double load = 0.01; load < 2e4; load *= 1.9) {
                int64_t c = 1;
                if (load < 500.0) { /* the walk by ones */
                    while (!staffing_holds(&s, (double)c, load))
                        c++;
                    assert_int_equal(staffing_servers(&s, load), c);
                } else {
                    c = staffing_servers(&s, load);
                    assert_true(staffing_holds(&s, (double)c, load));
                    assert_false(staffing_holds(&s, (double)c - 1.0, load));
                }
            }
        }
}

static void staffing_one_server_by_hand(void **state)
{
    (void)state;
    /* M/M/1: response exponential with rate (1 - a)/S; p99 = ln(100) S / (1 - a) <= 10 s with
     * S = 1 s holds up to a = 1 - 4.60517/10 = 0.539483. */
    struct staffing s;
    assert_true(staffing_init(&s, law_exponential(1.0), arrivals_poisson(),
                              (struct slo){.p99_s = 10.0}, 0));
    assert_near("largest load", staffing_load(&s, 1), 1.0 - log(100.0) / 10.0, 1e-9);
    assert_int_equal(staffing_servers(&s, 0.5394), 1);
    assert_int_equal(staffing_servers(&s, 0.5396), 2);
    assert_int_equal(staffing_servers(&s, 0.0), 1);
}

static void staffing_is_impossible_where_the_service_itself_misses(void **state)
{
    (void)state;
    struct staffing s;
    /* exponential service: its own p99 is 4.605 means */
    assert_false(
        staffing_init(&s, law_exponential(1.0), arrivals_poisson(), (struct slo){.p99_s = 4.6}, 0));
    assert_int_equal(staffing_servers(&s, 1.0), 0);
    assert_near("load", staffing_load(&s, 1000), 0.0, 0.0);
    assert_true(staffing_init(&s, law_exponential(1.0), arrivals_poisson(),
                              (struct slo){.p99_s = 4.61}, 0));
    assert_true(staffing_servers(&s, 1.0) > 1);
}

static void utilisation_limit_holds_without_targets(void **state)
{
    (void)state;
    struct staffing_table t;
    assert_true(
        staffing_table_init(&t, law_lognormal(1.0, 1.0), arrivals_poisson(), (struct slo){0}, 0.7));
    for (double load = 0.1; load < 1e5; load *= 1.7) {
        assert_int_equal(staffing_servers(&t.staffing, load), (int64_t)ceil(load / 0.7));
        assert_int_equal(staffing_table_servers(&t, load), (int64_t)ceil(load / 0.7));
    }
}

static void staffing_table_is_never_below_and_hardly_above(void **state)
{
    (void)state;
    struct staffing_table t;
    const double CV[] = {0.0, 0.8, 1.5}, Z[] = {0.7, 1.0, 3.0};
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < 3; k++) {
            assert_true(staffing_table_init(&t, law_lognormal(0.2, CV[i]), arrivals_peaked(Z[k]),
                                            (struct slo){.p50_s = 0.21, .p99_s = 2.0}, 0.9));
            for (double load = 0.05; load < 1.2e5; load *= 1.37) {
                int64_t exact = staffing_servers(&t.staffing, load);
                int64_t table = staffing_table_servers(&t, load);
                assert_in_range(table, exact, exact + (load < 20.0 ? 0 : 3));
            }
        }
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

/* Four side by side, with a rest of one, a load of nothing and one far beyond the servers. */
static void many_losses_are_each_its_own(void **state)
{
    (void)state;
    const double load[] = {0.0, 0.01, 3.0, 40.0, 45.5, 250.0, 251.0, 9000.0, 15000.0};
    static const double SERVERS[] = {1, 2, 30, 260, 10000};
    double got[9];
    for (size_t s = 0; s < sizeof SERVERS / sizeof *SERVERS; s++) {
        erlang_b_many(SERVERS[s], load, 9, got);
        for (size_t i = 0; i < 9; i++)
            assert_float_equal(got[i], erlang_b(SERVERS[s], load[i]), 1e-12);
    }
    erlang_b_many(1, load + 2, 1, got);
    assert_float_equal(got[0], 0.75, 1e-15); /* 3 / (1 + 3) */
}

/* Rising, falling and repeated loads ask the same table; above `most` and at no load it is not asked. */
static void many_staffings_are_each_its_own(void **state)
{
    (void)state;
    const double load[] = {0.0, 0.2, 0.2, 5.0, 20.0, 31.0, 33.0, 90.0, 2000.0, 7.0, 5000.0};
    struct staffing_table one, many;
    struct slo slo = {.p99_s = 1.5};
    assert_true(staffing_table_init(&one, law_lognormal(0.2, 0.7), arrivals_poisson(), slo, 0));
    assert_true(staffing_table_init(&many, law_lognormal(0.2, 0.7), arrivals_poisson(), slo, 0));
    double got[11];
    staffing_table_many(&many, load, 11, 4000.0, got);
    assert_float_equal(got[0], 0, 0);
    assert_float_equal(got[10], 0, 0);
    for (size_t i = 1; i < 10; i++)
        assert_int_equal((int64_t)got[i], staffing_table_servers(&one, load[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(erlang_b_and_c_match_small_cases_by_hand),
        cmocka_unit_test(erlang_table_is_met_to_nine_digits),
        cmocka_unit_test(starting_the_recursion_late_changes_nothing),
        cmocka_unit_test(losses_of_far_fewer_servers_than_the_load_are_those_of_the_recursion),
        cmocka_unit_test(fractional_erlang_b_matches_its_integral),
        cmocka_unit_test(peakedness_of_gamma_gaps_meets_its_limits),
        cmocka_unit_test(response_tail_agrees_with_fine_strata),
        cmocka_unit_test(constant_service_waits_then_serves),
        cmocka_unit_test(overload_never_ends),
        cmocka_unit_test(mixed_quantile_averages_tails_not_percentiles),
        cmocka_unit_test(staffing_is_the_smallest_number_that_holds),
        cmocka_unit_test(staffing_one_server_by_hand),
        cmocka_unit_test(staffing_is_impossible_where_the_service_itself_misses),
        cmocka_unit_test(utilisation_limit_holds_without_targets),
        cmocka_unit_test(staffing_table_is_never_below_and_hardly_above),
        cmocka_unit_test(many_losses_are_each_its_own),
        cmocka_unit_test(many_staffings_are_each_its_own),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
