/*
 * Laws of the latency model, over points from a seeded generator that are printed when one fails:
 * more load never needs fewer servers; another server never makes a percentile worse; percentiles
 * rise with p; a formula stays within its range; a load curve keeps its volume.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "latency/coldstart.h"
#include "latency/curve.h"
#include "latency/random.h"
#include "latency/staffing.h"

#include <math.h>

enum {
    SEED = 20240301,
    TRIES = 300
};

/* Log-uniform between two positive numbers. */
static double between(struct random *r, double low, double high)
{
    return low * pow(high / low, random_uniform(r));
}

#define require(claim, ...)           \
    do {                              \
        if (!(claim)) {               \
            print_error(__VA_ARGS__); \
            fail();                   \
        }                             \
    } while (0)

static void more_load_never_needs_fewer_servers(void **state)
{
    (void)state;
    struct random r = random_stream(SEED, 1);
    for (int i = 0; i < TRIES; i++) {
        double cv = 2.0 * random_uniform(&r), z = between(&r, 0.6, 6.0),
               target = between(&r, 1.5, 40.0);
        struct staffing_table t;
        staffing_table_init(&t, law_lognormal(1.0, cv), arrivals_peaked(z),
                            (struct slo){.p95_s = target}, 0.95);
        int64_t before = 0, before_table = 0;
        double load = between(&r, 1e-3, 1.0);
        for (; load < 3e4; load *= between(&r, 1.001, 3.0)) {
            int64_t servers = staffing_servers(&t.staffing, load),
                    table = staffing_table_servers(&t, load);
            require(servers >= before, "cv %g z %g target %g load %g\n", cv, z, target, load);
            require(table >= before_table, "table: cv %g z %g target %g load %g\n", cv, z, target,
                    load);
            require(table >= servers, "table below: cv %g z %g target %g load %g\n", cv, z, target,
                    load);
            before = servers;
            before_table = table;
        }
    }
}

static void another_server_never_hurts_and_percentiles_rise(void **state)
{
    (void)state;
    struct random r = random_stream(SEED, 2);
    for (int i = 0; i < TRIES; i++) {
        double cv = 2.0 * random_uniform(&r), load = between(&r, 0.01, 2000.0),
               z = between(&r, 0.6, 6.0);
        double servers = floor(load) + 1.0, before = HUGE_VAL;
        for (int k = 0; k < 4; k++, servers += ceil(0.1 * sqrt(load))) {
            struct queue q;
            require(queue_init(&q, servers, load, law_lognormal(2.0, cv), arrivals_peaked(z)),
                    "load %g\n", load);
            require(q.p_wait >= 0.0 && q.p_wait <= 1.0, "p_wait %g at load %g\n", q.p_wait, load);
            double p50 = queue_response_quantile(&q, 0.5), p95 = queue_response_quantile(&q, 0.95);
            double p99 = queue_response_quantile(&q, 0.99);
            require(p50 <= p95 && p95 <= p99, "cv %g z %g load %g servers %g\n", cv, z, load,
                    servers);
            require(p99 <= before * (1.0 + 1e-9), "cv %g z %g load %g servers %g\n", cv, z, load,
                    servers);
            require(p99 >= law_quantile(&q.service, 0.99) * (1.0 - 1e-9),
                    "faster than the service, cv %g\n", cv);
            before = p99;
        }
    }
}

static void a_longer_keepalive_and_kept_instances_never_add_cold_starts(void **state)
{
    struct arena *a = *state;
    struct random r = random_stream(SEED, 3);
    for (int i = 0; i < TRIES; i++) {
        double warm = between(&r, 0.01, 30.0);
        struct coldstart_load load = {.rate_per_s = between(&r, 1e-5, 30.0) / warm,
                                      .warm_s = warm,
                                      .cold_s = warm * between(&r, 1.0, 3.0),
                                      .keepalive_s = warm * between(&r, 5.0, 2000.0)};
        struct coldstart c = coldstart_ladder(&load, a);
        require(c.p_cold >= 0.0 && c.p_cold <= 1.0 && c.idle >= 0.0, "rate %g warm %g\n",
                load.rate_per_s, warm);
        struct coldstart_load longer = load, kept = load;
        longer.keepalive_s *= 1.5;
        kept.always_on = 1.0 + floor(3.0 * random_uniform(&r));
        struct coldstart d = coldstart_ladder(&longer, a), e = coldstart_ladder(&kept, a);
        require(d.p_cold <= c.p_cold * (1.0 + 1e-6), "rate %g warm %g keepalive %g\n",
                load.rate_per_s, warm, load.keepalive_s);
        require(e.p_cold <= c.p_cold * (1.0 + 1e-6), "rate %g warm %g kept %g\n", load.rate_per_s,
                warm, kept.always_on);
        require(e.alive >= kept.always_on * (1.0 - 1e-9), "rate %g warm %g kept %g\n",
                load.rate_per_s, warm, kept.always_on);
    }
}

static void a_curve_keeps_its_volume_whatever_is_answered(void **state)
{
    (void)state;
    struct random r = random_stream(SEED, 4);
    for (int i = 0; i < 3000; i++) {
        struct curve_input in = {.mean_rps = between(&r, 1e-6, 1e6),
                                 .default_peak_to_mean = between(&r, 1.01, 60.0)};
        in.cv = random_uniform(&r) < 0.3 ? -1.0 : between(&r, 1e-3, 30.0);
        in.peak_rps = random_uniform(&r) < 0.3 ? 0.0 : in.mean_rps * between(&r, 0.5, 1000.0);
        in.idle_share = random_uniform(&r) < 0.3 ? 0.0 : random_uniform(&r) * 0.999;
        in.min_rps = random_uniform(&r) < 0.5 ? 0.0 : in.mean_rps * between(&r, 1e-3, 2.0);
        struct load_curve c = curve_fit(&in);
        double sum = 0.0;
        for (size_t k = 0; k < CURVE_POINTS; k++) {
            sum += c.rps[k];
            require(c.rps[k] <= c.peak_rps && (k == 0 || c.rps[k] >= c.rps[k - 1]),
                    "point %zu, try %d\n", k, i);
        }
        require(fabs(sum / CURVE_POINTS / in.mean_rps - 1.0) < 1e-9, "mean, try %d\n", i);
        require(c.peak_rps >= in.peak_rps, "peak, try %d\n", i);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(more_load_never_needs_fewer_servers),
        cmocka_unit_test(another_server_never_hurts_and_percentiles_rise),
        cmocka_unit_test(a_longer_keepalive_and_kept_instances_never_add_cold_starts),
        cmocka_unit_test(a_curve_keeps_its_volume_whatever_is_answered),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
