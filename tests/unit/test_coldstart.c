#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "latency/coldstart.h"
#include "support/reference.h"

#include <math.h>

static void closed_form_columns_are_met_to_a_thousandth(void **state)
{
    struct arena *a = *state;
    struct reference r = reference_load("tests/reference/simfaas.csv", a);
    size_t checked = 0;
    for (size_t i = 1; i <= r.rows; i++) {
        if (isnan(reference_number(&r, i, "closed_form_p_cold")))
            continue; /* other routing, other arrivals or several requests an instance */
        struct coldstart_load load = {.rate_per_s = reference_number(&r, i, "arrival_rate_per_s"),
                                      .warm_s = reference_number(&r, i, "warm_mean_s"),
                                      .cold_s = reference_number(&r, i, "cold_mean_s"),
                                      .keepalive_s = reference_number(&r, i, "keepalive_s")};
        struct coldstart c = coldstart_ladder(&load, a);
        assert_near("closed p_cold", c.p_cold, reference_number(&r, i, "closed_form_p_cold"),
                    0.001);
        assert_near("closed idle", c.idle, reference_number(&r, i, "closed_form_mean_idle"), 0.001);
        assert_near("p_cold", c.p_cold, reference_number(&r, i, "p_cold"), 0.12);
        assert_near("idle", c.idle, reference_number(&r, i, "mean_idle_instances"), 0.025);
        assert_near("busy", c.busy, reference_number(&r, i, "mean_busy_instances"), 0.005);
        assert_near("alive", c.alive, reference_number(&r, i, "mean_instances"), 0.025);
        assert_true(c.trusted);
        checked++;
    }
    assert_int_equal(checked, 9);
}

static void lambda_measurements_are_met_on_average(void **state)
{
    struct arena *a = *state;
    struct reference r = reference_load("tests/reference/lambda-measured.csv", a);
    double p_error = 0.0, alive_error = 0.0;
    for (size_t i = 1; i <= r.rows; i++) {
        struct coldstart_load load = {.rate_per_s = reference_number(&r, i, "arrival_rate_per_s"),
                                      .warm_s = reference_number(&r, i, "warm_mean_s"),
                                      .cold_s = reference_number(&r, i, "cold_mean_s"),
                                      .keepalive_s = reference_number(&r, i, "keepalive_s")};
        struct coldstart c = coldstart_ladder(&load, a);
        p_error += fabs(c.p_cold / reference_number(&r, i, "p_cold_measured") - 1.0);
        alive_error += fabs(c.alive / reference_number(&r, i, "mean_instances_measured") - 1.0);
    }
    assert_true(p_error / (double)r.rows <= 0.15);
    assert_true(alive_error / (double)r.rows <= 0.05);
}

static void rare_traffic_follows_the_textbook_rule(void **state)
{
    struct arena *a = *state;
    struct coldstart_load load = {
        .rate_per_s = 1e-6, .warm_s = 0.01, .cold_s = 0.01, .keepalive_s = 600};
    assert_near("exp(-rate T)", coldstart_ladder(&load, a).p_cold, exp(-6e-4), 1e-7);
    load.rate_per_s = 1e-3;
    assert_near("exp(-rate T)", coldstart_ladder(&load, a).p_cold, exp(-0.6), 1e-4);
}

static void more_traffic_can_mean_a_larger_cold_share(void **state)
{
    struct arena *a = *state;
    /* S = 2 s, T = 600 s: about 2.0 % at 930 requests a day, 2.5 % at 1,700 */
    struct coldstart_load load = {
        .rate_per_s = 930 / 86400.0, .warm_s = 2, .cold_s = 2, .keepalive_s = 600};
    double at_930 = coldstart_ladder(&load, a).p_cold;
    load.rate_per_s = 1700 / 86400.0;
    double at_1700 = coldstart_ladder(&load, a).p_cold;
    load.rate_per_s = 20000 / 86400.0;
    double at_20000 = coldstart_ladder(&load, a).p_cold;
    assert_near("930", at_930, 0.020, 0.03);
    assert_near("1,700", at_1700, 0.025, 0.03);
    assert_true(at_1700 > at_930 && at_20000 < at_930);
}

static void shares_and_instances_stay_in_range_over_nine_decades(void **state)
{
    struct arena *a = *state;
    double idle_before = 0.0;
    for (double rate = 1e-5; rate < 1e5; rate *= 1.6) {
        struct coldstart_load load = {
            .rate_per_s = rate, .warm_s = 1, .cold_s = 3, .keepalive_s = 300};
        struct coldstart c = coldstart_ladder(&load, a);
        assert_true(c.p_cold >= 0.0 && c.p_cold <= 1.0);
        assert_true(c.idle > idle_before); /* more traffic keeps more instances */
        assert_near("Little", c.busy, rate * c.service_s, 1e-14);
        assert_near("alive", c.alive, c.busy + c.idle, 1e-14);
        idle_before = c.idle;
    }
}

static void large_loads_scale_with_the_square_root(void **state)
{
    struct arena *a = *state;
    struct coldstart_load load = {.rate_per_s = 10000, .warm_s = 1, .cold_s = 1, .keepalive_s = 60};
    struct coldstart half = coldstart_ladder(&load, a);
    load.rate_per_s = 40000; /* beyond COLDSTART_MAX_LOAD */
    struct coldstart twice = coldstart_ladder(&load, a);
    assert_near("p_cold", twice.p_cold, 0.5 * half.p_cold, 0.01);
    assert_near("idle", twice.idle, 2.0 * half.idle, 0.01);
}

static void instances_that_stay_on_take_the_first_ranks(void **state)
{
    struct arena *a = *state;
    struct coldstart_load load = {
        .rate_per_s = 0.001, .warm_s = 1, .cold_s = 3, .keepalive_s = 300};
    struct coldstart none = coldstart_ladder(&load, a);
    load.always_on = 1;
    struct coldstart one = coldstart_ladder(&load, a);
    /* with one instance always on only requests that overlap are cold: Erlang B(1, a) times the
     * chance that a second instance is gone, practically 1: 0.001 / 1.001 */
    assert_near("overlap", one.p_cold, 0.001 / 1.001, 0.05);
    assert_true(none.p_cold > 0.7);
    assert_true(one.alive > 1.0 && one.alive < 1.01);
    load.always_on = 50;
    struct coldstart fifty = coldstart_ladder(&load, a);
    assert_near("no cold start", fifty.p_cold, 0.0, 0.0);
    assert_near("alive", fifty.alive, 50.0, 1e-9);
    assert_true(fifty.mean_life_s > 1e300);
}

static void kept_ranks_agree_with_the_ladder(void **state)
{
    struct arena *own = arena_create();
    struct coldstart_ranks *ranks = coldstart_ranks_new(own);
    static const double KEEPALIVES[] = {9, 60, 600, 7000, 300000}, COLDS[] = {1.2, 12, 90};
    for (size_t k = 0; k < sizeof KEEPALIVES / sizeof *KEEPALIVES; k++)
        for (size_t c = 0; c < sizeof COLDS / sizeof *COLDS; c++)
            for (double rate = 3e-6; rate < 42; rate *= 1.37)
                for (double on = 0; on < 4; on += 3) {
                    struct coldstart_load load = {rate, 1, COLDS[c], KEEPALIVES[k], on};
                    struct coldstart want = coldstart_ladder(&load, *state);
                    struct coldstart got = coldstart_by_ranks(ranks, &load, *state);
                    if (!want.trusted)
                        continue; /* the keep-alive is shorter than the service: nothing stays idle */
                    if (fabs(got.p_cold - want.p_cold) > 5e-4 * want.p_cold + 1e-14 ||
                        fabs(got.alive - want.alive) > 1e-3 * want.alive)
                        fail_msg("rate %g, cold %g, keep-alive %g, %g on: cold share %.9g for %.9g, alive %.9g for %.9g", rate,
                                 COLDS[c], KEEPALIVES[k], on, got.p_cold, want.p_cold, got.alive, want.alive);
                }
    arena_destroy(own);
}

/* Loads of the field's rows (81, 576) and between them, from the end of the kept ranks to where the ladder itself
 * is scaled; none kept, some, more than the load. */
static void ranks_of_large_loads_agree_with_the_ladder(void **state)
{
    struct arena *own = arena_create();
    struct coldstart_ranks *ranks = coldstart_ranks_new(own);
    static const double LOADS[] = {45.1, 52, 66, 81, 110, 250, 576, 900, 2500, 7000, 19000, 30000}, KEPT[] = {0, 0.7, 0.95, 1, 1.1, 1.3};
    for (size_t i = 0; i < sizeof LOADS / sizeof *LOADS; i++)
        for (double keepalive = 5; keepalive < 3e5; keepalive *= 4)
            for (size_t k = 0; k < sizeof KEPT / sizeof *KEPT; k++) {
                struct coldstart_load load = {LOADS[i], 1, 1.5, keepalive, floor(KEPT[k] * LOADS[i])};
                struct coldstart want = coldstart_ladder(&load, *state);
                struct coldstart got = coldstart_by_ranks(ranks, &load, *state);
                if (fabs(got.p_cold - want.p_cold) > 2e-3 * want.p_cold + 1e-12 || fabs(got.alive - want.alive) > 1e-3 * want.alive)
                    fail_msg("%g erlang, keep-alive %g, %g kept: cold share %.9g for %.9g, alive %.9g for %.9g", LOADS[i], keepalive,
                             load.always_on, got.p_cold, want.p_cold, got.alive, want.alive);
            }
    arena_destroy(own);
}

/* At 1,000 erlang with a keep-alive of 500 services the first rank that goes cold is some two standard deviations (32) above the load:
 * as many as 900 kept change nothing, 1,150 do, and of 1,300 (9.5 deviations more than the load) all others are never used. What a
 * set was asked before does not matter. */
static void instances_kept_below_the_first_cold_rank_change_no_figure(void **state)
{
    struct arena *own = arena_create();
    struct coldstart_ranks *ranks = coldstart_ranks_new(own);
    static const double KEPT[] = {1150, 0, 900, 1300, 0, 1150, 900};
    struct coldstart got[7], fresh;
    for (size_t i = 0; i < 7; i++) {
        struct coldstart_load load = {1000, 1, 3, 500, KEPT[i]};
        got[i] = coldstart_by_ranks(ranks, &load, *state);
        fresh = coldstart_by_ranks(coldstart_ranks_new(own), &load, *state);
        assert_near("p_cold", got[i].p_cold, fresh.p_cold, 0.0);
        assert_near("idle", got[i].idle, fresh.idle, 0.0);
    }
    assert_true(got[1].p_cold > 0.0);
    assert_near("900 kept", got[2].p_cold, got[1].p_cold, 0.0);
    assert_near("idle of 900 kept", got[2].idle, got[1].idle, 0.0);
    assert_true(got[0].p_cold < 0.999 * got[1].p_cold);
    assert_near("1,300 kept", got[3].p_cold, 0.0, 0.0);
    assert_near("idle of 1,300 kept", got[3].idle, 300.0, 1e-9);
    arena_destroy(own);
}

static void silence_leaves_nothing_alive(void **state)
{
    struct arena *a = *state;
    struct coldstart_load load = {.rate_per_s = 0, .warm_s = 1, .cold_s = 3, .keepalive_s = 300};
    struct coldstart c = coldstart_ladder(&load, a);
    assert_near("the next one is cold", c.p_cold, 1.0, 0.0);
    assert_near("alive", c.alive, 0.0, 0.0);
    load.always_on = 2;
    c = coldstart_ladder(&load, a);
    assert_near("kept", c.alive, 2.0, 0.0);
    assert_near("warm", c.p_cold, 0.0, 0.0);
}

static void a_clock_is_always_cold_or_never(void **state)
{
    (void)state;
    struct coldstart_load load = {
        .rate_per_s = 1 / 667.0, .warm_s = 2, .cold_s = 5, .keepalive_s = 600};
    struct coldstart c = coldstart_periodic(&load, 667);
    assert_near("cold", c.p_cold, 1.0, 0.0);
    assert_near("kept for the keep-alive", c.idle, 600 / 667.0, 1e-12);
    assert_near("busy", c.busy, 5 / 667.0, 1e-12);
    load.rate_per_s = 1 / 601.0;
    c = coldstart_periodic(&load, 601); /* 599 s of silence */
    assert_near("warm", c.p_cold, 0.0, 0.0);
    assert_near("one instance", c.alive, 1.0, 1e-12);
    load.rate_per_s = 10 / 3600.0; /* ten requests at each full hour */
    load.always_on = 4;
    c = coldstart_periodic(&load, 3600);
    assert_near("four of ten are warm", c.p_cold, 0.6, 1e-12);
}

static void rare_gaps_follow_their_law(void **state)
{
    (void)state;
    struct coldstart_load load = {
        .rate_per_s = 0.001, .warm_s = 10, .cold_s = 10, .keepalive_s = 590};
    assert_near("exponential gaps", coldstart_rare(&load, 1.0), exp(-0.6), 1e-12);
    assert_near("a clock of 1,000 s", coldstart_rare(&load, 0.0), 1.0, 0.0);
    load.rate_per_s = 0.002;
    assert_near("a clock of 500 s", coldstart_rare(&load, 0.0), 0.0, 0.0);
}

static void short_keepalives_are_not_trusted(void **state)
{
    struct arena *a = *state;
    struct coldstart_load load = {.rate_per_s = 1, .warm_s = 10, .cold_s = 12, .keepalive_s = 40};
    assert_false(coldstart_ladder(&load, a).trusted);
    load.keepalive_s = 80;
    assert_true(coldstart_ladder(&load, a).trusted);
}

static void response_mixture_has_its_cliff_at_one_percent(void **state)
{
    (void)state;
    struct law warm = law_lognormal(0.05, 0.5), cold = law_lognormal(3.0, 0.3);
    double below = coldstart_quantile(0.005, &warm, &cold, 0.99);
    double above = coldstart_quantile(0.02, &warm, &cold, 0.99);
    assert_true(below < 0.3);
    assert_true(above > 2.0);
    double tail = 0.98 * law_tail(&warm, above) + 0.02 * law_tail(&cold, above);
    assert_near("tail", tail, 0.01, 1e-9);
    assert_near("no cold", coldstart_quantile(0.0, &warm, &cold, 0.99), law_quantile(&warm, 0.99),
                1e-14);
    assert_near("all cold", coldstart_quantile(1.0, &warm, &cold, 0.99), law_quantile(&cold, 0.99),
                1e-14);
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
        cmocka_unit_test(closed_form_columns_are_met_to_a_thousandth),
        cmocka_unit_test(lambda_measurements_are_met_on_average),
        cmocka_unit_test(rare_traffic_follows_the_textbook_rule),
        cmocka_unit_test(more_traffic_can_mean_a_larger_cold_share),
        cmocka_unit_test(shares_and_instances_stay_in_range_over_nine_decades),
        cmocka_unit_test(large_loads_scale_with_the_square_root),
        cmocka_unit_test(instances_that_stay_on_take_the_first_ranks),
        cmocka_unit_test(kept_ranks_agree_with_the_ladder),
        cmocka_unit_test(ranks_of_large_loads_agree_with_the_ladder),
        cmocka_unit_test(instances_kept_below_the_first_cold_rank_change_no_figure),
        cmocka_unit_test(silence_leaves_nothing_alive),
        cmocka_unit_test(a_clock_is_always_cold_or_never),
        cmocka_unit_test(rare_gaps_follow_their_law),
        cmocka_unit_test(short_keepalives_are_not_trusted),
        cmocka_unit_test(response_mixture_has_its_cliff_at_one_percent),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
