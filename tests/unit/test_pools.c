/* Pools that share instances (latency/shared.h), spread requests over them (latency/spread.h) or meet bursts
 * (latency/crossing.h), against
 * what is exact by hand and against event simulation. */
#include "unit.h"

#include "support/reference.h"

#include "base/arena.h"
#include "latency/coldstart.h"
#include "latency/crossing.h"
#include "latency/shared.h"
#include "latency/simulate.h"
#include "latency/spread.h"

#include <math.h>

/* One slot an instance is the overflow ladder. */
static void shared_instances_of_one_slot_are_the_ladder(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    static const double RATES[] = {0.001, 0.05, 0.4, 3};
    for (size_t i = 0; i < sizeof RATES / sizeof *RATES; i++) {
        struct shared_load l = {.rate_per_s = RATES[i], .service_s = 2, .keepalive_s = 600, .requests_at_once = 1};
        struct coldstart_load c = {.rate_per_s = RATES[i], .warm_s = 2, .cold_s = 2, .keepalive_s = 600};
        struct shared_pool got = shared_solve(&l, a);
        struct coldstart want = coldstart_ladder(&c, a);
        assert_near("p_cold", got.p_cold, want.p_cold, 0.04);
        assert_near("alive", got.alive, want.alive, 0.01);
    }
    arena_destroy(a);
}

/* A request a minute, 0.1 s each, slots enough for all: the only instance is cold when no request came for
 * 10 minutes, e^-10 of the gaps, and stands idle for nearly all of the time. */
static void one_instance_that_never_fills_dies_by_the_textbook_rule(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct shared_load l = {.rate_per_s = 1.0 / 60, .service_s = 0.1, .keepalive_s = 600, .requests_at_once = 80};
    struct shared_pool p = shared_solve(&l, a);
    assert_near("p_cold", p.p_cold, exp(-10), 0.02);
    assert_near("busy", p.busy, 1 - exp(-0.1 / 60), 0.01);
    assert_near("alive", p.alive, 1, 1e-3);
    arena_destroy(a);
}

/* The first rank of two slots at 1 erlang: empty 1 / (1 + 1 + 1/2) = 0.4 of the time. The second sees
 * B(2) = 0.2 of the requests; m = 0.2, v = 0.2 (1 - 0.2 + 1 / (3 + 0.2 - 1)) = 0.250909, z = 1.254545, so it is
 * empty with z^(-m / (z - 1)) = 0.83682, cut at two slots 0.83921. */
static void busy_instances_follow_from_the_overflow(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct shared_load l = {.rate_per_s = 1, .service_s = 1, .keepalive_s = 1e9, .requests_at_once = 2};
    struct shared_pool p = shared_solve(&l, a);
    assert_true(p.busy > 0.6 + 0.16 && p.busy < 0.6 + 0.18);
    arena_destroy(a);
}

static void shared_instances_agree_with_simulation(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    static const struct {
        double rate, service, keepalive, slots, kept;
    } POINTS[] = {
        {5, 0.8, 60, 5, 0}, {5, 0.8, 60, 10, 0}, {1, 1, 600, 2, 0}, {30, 2, 60, 20, 0}, {5, 0.8, 60, 5, 1},
    };
    for (size_t i = 0; i < sizeof POINTS / sizeof *POINTS; i++) {
        struct shared_load l = {.rate_per_s = POINTS[i].rate, .service_s = POINTS[i].service, .keepalive_s = POINTS[i].keepalive,
                                .idle_tail_s = 10, .requests_at_once = POINTS[i].slots, .always_on = POINTS[i].kept};
        struct pool_spec pool = {.warm = law_exponential(POINTS[i].service), .cold = law_lognormal(1, 0.5), .keepalive_s = POINTS[i].keepalive,
                                 .concurrency = (uint32_t)POINTS[i].slots, .always_on = (uint32_t)POINTS[i].kept, .idle_tail_s = 10};
        struct stream_spec arrivals = {.kind = STREAM_POISSON, .rate_per_s = POINTS[i].rate};
        struct shared_pool got = shared_solve(&l, a);
        struct pool_result want = simulate_pool(&pool, &arrivals, 2e6, 3, a);
        assert_near("p_cold", got.p_cold, want.p_cold, 0.12);
        assert_near("busy", got.busy, want.busy, 0.015);
        assert_near("alive", got.alive, want.alive, 0.015);
        assert_near("tail", got.tail, want.tail, 0.16);
        if (!(POINTS[i].kept > 0)) /* beside a kept instance only what it cannot take waits: less than this bound */
            assert_near("waiting", got.p_cold * shared_waiting(POINTS[i].rate, 1, 0.5, POINTS[i].slots), want.p_waited_for_start, 0.15);
    }
    arena_destroy(a);
}

/* Constant starts of 2 s at one request a second: N is Poisson with mean 2, and of 2 slots beside the first
 * P(N >= 1) + P(N >= 2) = (1 - e^-2) + (1 - 3 e^-2) are taken. */
static void waiting_fills_the_slots_beside_the_first(void **state)
{
    (void)state;
    assert_near("three slots", shared_waiting(1, 2, 0, 3), 2 - 4 * exp(-2), 1e-12);
    assert_near("one slot", shared_waiting(1, 2, 0, 1), 0, 0);
    assert_near("many slots", shared_waiting(1, 2, 0, 1000), 2, 1e-12);
}

static void spread_pools_agree_with_simulation(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    static const struct {
        double rate, service, keepalive;
        bool oldest;
    } POINTS[] = {
        {0.4, 2, 60, false}, {0.9, 2, 60, false}, {0.02, 2, 600, false}, {0.1, 10, 300, false}, {0.02, 2, 600, true},
    };
    for (size_t i = 0; i < sizeof POINTS / sizeof *POINTS; i++) {
        struct spread_load l = {.rate_per_s = POINTS[i].rate, .service_s = POINTS[i].service, .keepalive_s = POINTS[i].keepalive,
                                .requests_at_once = 1, .longest_idle_first = POINTS[i].oldest};
        struct pool_spec pool = {.warm = law_exponential(POINTS[i].service), .cold = law_exponential(POINTS[i].service),
                                 .keepalive_s = POINTS[i].keepalive, .concurrency = 1,
                                 .routing = POINTS[i].oldest ? ROUTE_OLDEST_USED : ROUTE_RANDOM};
        struct stream_spec arrivals = {.kind = STREAM_POISSON, .rate_per_s = POINTS[i].rate};
        struct spread_pool got = spread_solve(&l);
        struct pool_result want = simulate_pool(&pool, &arrivals, 2e6, 3, a);
        assert_near("p_cold", got.p_cold, want.p_cold, 0.15);
        assert_near("alive", got.alive, want.alive, 0.04);
    }
    arena_destroy(a);
}

/* Pools that a month may or may not reach do not come and go with a little more traffic. */
static void spread_pools_grow_smoothly(void **state)
{
    (void)state;
    struct spread_load l = {.rate_per_s = 0.5, .service_s = 1, .keepalive_s = 600, .requests_at_once = 1};
    double last = spread_solve(&l).alive;
    for (l.rate_per_s *= 1.01; l.rate_per_s < 60; l.rate_per_s *= 1.01) {
        double alive = spread_solve(&l).alive;
        assert_true(alive > last * 0.999 && alive < last * 1.011);
        last = alive;
    }
}

/* Where less than one request comes in a keep-alive: an instance lives for its service and the keep-alive, and is gone. */
static void rare_requests_find_nothing_spread_or_not(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    static const struct {
        double rate, service, keepalive, at_once;
    } POINTS[] = {
        {1e-4, 0.5, 60, 1}, {0.01, 0.5, 60, 1}, {0.05, 1, 60, 1}, {0.1, 10, 5, 1}, {0.02, 30, 60, 1},
        {0.05, 60, 60, 1},  {0.01, 0.5, 60, 10}, {0.1, 10, 5, 4},
    };
    for (size_t i = 0; i < sizeof POINTS / sizeof *POINTS; i++) {
        struct spread_load l = {.rate_per_s = POINTS[i].rate, .service_s = POINTS[i].service, .keepalive_s = POINTS[i].keepalive,
                                .idle_tail_s = POINTS[i].keepalive / 2, .requests_at_once = POINTS[i].at_once};
        struct pool_spec pool = {.warm = law_exponential(POINTS[i].service), .cold = law_exponential(POINTS[i].at_once > 1 ? 1e-6 : POINTS[i].service),
                                 .keepalive_s = POINTS[i].keepalive, .idle_tail_s = POINTS[i].keepalive / 2,
                                 .concurrency = (uint32_t)POINTS[i].at_once, .routing = ROUTE_RANDOM};
        struct stream_spec arrivals = {.kind = STREAM_POISSON, .rate_per_s = POINTS[i].rate};
        struct spread_pool got = spread_solve(&l);
        struct pool_result want = simulate_pool(&pool, &arrivals, 1e6, 3, a);
        assert_near("p_cold", got.p_cold, want.p_cold, 0.17);
        assert_near("alive", got.alive, want.alive, 0.06);
        assert_near("tail", got.tail, want.tail, 0.2);
    }
    /* One a day, kept for a minute: the next finds it with 1 - exp(-60 / 86400). */
    struct spread_load day = {.rate_per_s = 1 / 86400.0, .service_s = 1, .keepalive_s = 60, .idle_tail_s = 60, .requests_at_once = 1};
    struct spread_pool c = spread_solve(&day);
    assert_near("a cold day", c.p_cold, exp(-60 / 86400.0), 1e-4);
    assert_near("61 s of it", c.alive, 61 / 86400.0, 2e-3);
    arena_destroy(a);
}

/* One burst of 3 a thousand seconds on average, served long before the next: the n-th instance is used with
 * (2/3)^(n - 1) of the bursts, and is cold when none of those came for 600 s, exp(-0.6 (2/3)^(n - 1)). */
static void rare_bursts_start_instances_by_their_sizes(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    double want = 0, used = 1;
    for (int n = 1; n < 60; n++, used *= 2.0 / 3)
        want += used * exp(-0.6 * used) / 3;
    struct crossing_load l = {.rate_per_s = 0.003, .burst = 3, .service_s = 1e-3, .keepalive_s = 600, .requests_at_once = 1};
    assert_near("p_cold", crossing_solve(&l, a).p_cold, want, 1e-4);
    assert_near("busy", crossing_solve(&l, a).busy, 3e-6, 1e-6);
    arena_destroy(a);
}

/*
 * A burst of 100,000 requests every day or so, of a second each, none kept alive longer than a millisecond: each request
 * starts an instance and works a second. Beside 100,000 instances kept a request is cold where its burst, of geometric size,
 * is that much larger: q^100000 = (1 - 1e-5)^100000 = 0.36788. And where requests begin to be taken several at a time (from 1,024
 * in a burst) nothing jumps.
 */
static void large_bursts_are_taken_several_requests_at_a_time(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct crossing_load l = {.rate_per_s = 1, .burst = 1e5, .service_s = 1, .keepalive_s = 1e-3, .requests_at_once = 1};
    struct crossing c = crossing_solve(&l, a);
    assert_near("cold without a keep-alive", c.p_cold, 1, 0.002);
    assert_near("busy", c.busy, 1, 0.002);
    l.always_on = 1e5;
    assert_near("cold beyond those kept", crossing_solve(&l, a).p_cold, 0.36788, 0.002);
    struct crossing_load below = {.rate_per_s = 2, .burst = 1023, .service_s = 1, .keepalive_s = 300, .idle_tail_s = 20, .requests_at_once = 1};
    struct crossing_load above = below;
    above.burst = 1026;
    struct crossing one = crossing_solve(&below, a), several = crossing_solve(&above, a);
    assert_near("cold", several.p_cold, one.p_cold, 0.005);
    assert_near("busy", several.busy, one.busy, 0.005);
    assert_near("alive", several.alive, one.alive, 0.005);
    assert_near("tail", several.tail, one.tail, 0.005);
    arena_destroy(a);
}

static void bursts_agree_with_simulation(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    static const struct {
        double rate, burst;
    } POINTS[] = {
        {0.0064, 3}, {0.1, 3}, {1.6, 3}, {0.1, 10}, {0.02, 1.5},
    };
    for (size_t i = 0; i < sizeof POINTS / sizeof *POINTS; i++) {
        struct crossing_load l = {.rate_per_s = POINTS[i].rate, .burst = POINTS[i].burst, .service_s = 0.5, .keepalive_s = 600, .requests_at_once = 1};
        struct pool_spec pool = {.warm = law_exponential(0.5), .cold = law_exponential(0.5), .keepalive_s = 600, .concurrency = 1};
        struct stream_spec arrivals = {.kind = STREAM_POISSON, .rate_per_s = POINTS[i].rate, .burst = POINTS[i].burst};
        struct crossing got = crossing_solve(&l, a);
        struct pool_result want = simulate_pool(&pool, &arrivals, 1e6, 3, a);
        assert_near("p_cold", got.p_cold, want.p_cold, 0.15);
        assert_near("alive", got.alive, want.alive, 0.05);
    }
    arena_destroy(a);
}

static void nothing_but_what_is_kept_lives_without_requests(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct shared_load shared = {.service_s = 1, .keepalive_s = 60, .requests_at_once = 4, .always_on = 2};
    struct spread_load spread = {.service_s = 1, .keepalive_s = 60, .requests_at_once = 1, .always_on = 3};
    assert_near("shared", shared_solve(&shared, a).alive, 2, 1e-12);
    assert_near("spread", spread_solve(&spread).alive, 3, 1e-12);
    assert_near("the next request is cold", spread_solve(&spread).p_cold, 1, 0);
    /* Hardly any: the kept ones take them all. */
    shared.rate_per_s = spread.rate_per_s = 1e-4;
    assert_near("shared", shared_solve(&shared, a).alive, 2, 1e-6);
    assert_near("spread", spread_solve(&spread).alive, 3, 1e-6);
    assert_true(shared_solve(&shared, a).p_cold < 1e-6);
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shared_instances_of_one_slot_are_the_ladder),
        cmocka_unit_test(one_instance_that_never_fills_dies_by_the_textbook_rule),
        cmocka_unit_test(busy_instances_follow_from_the_overflow),
        cmocka_unit_test(shared_instances_agree_with_simulation),
        cmocka_unit_test(waiting_fills_the_slots_beside_the_first),
        cmocka_unit_test(spread_pools_agree_with_simulation),
        cmocka_unit_test(spread_pools_grow_smoothly),
        cmocka_unit_test(rare_requests_find_nothing_spread_or_not),
        cmocka_unit_test(rare_bursts_start_instances_by_their_sizes),
        cmocka_unit_test(large_bursts_are_taken_several_requests_at_a_time),
        cmocka_unit_test(bursts_agree_with_simulation),
        cmocka_unit_test(nothing_but_what_is_kept_lives_without_requests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
