/* Queues with general laws: the formulas against event simulation (tests/reference/ggc.csv). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "latency/erlang.h"
#include "support/reference.h"

#include <math.h>

static void response_p99_is_within_the_stated_tolerance(void **state)
{
    struct arena *a = *state;
    struct reference r = reference_load("tests/reference/ggc.csv", a);
    assert_int_equal(r.rows, 8);
    for (size_t i = 1; i <= r.rows; i++) {
        double servers = reference_number(&r, i, "servers");
        double load = servers * reference_number(&r, i, "utilisation");
        double cv = reference_number(&r, i, "service_cv");
        /* the hyperexponential point is taken as the lognormal of the same two moments */
        struct law service = str_is(reference_text(&r, i, "service_dist"), "exponential")
                                 ? law_exponential(1.0)
                                 : law_lognormal(1.0, cv);
        struct arrivals arrivals = arrivals_renewal(reference_number(&r, i, "arrival_cv"), load);
        struct queue q;
        assert_true(queue_init(&q, servers, load, service, arrivals));
        double tolerance = servers <= 2.0 && cv >= 1.5 ? 0.25 : 0.10;
        assert_near("p99", queue_response_quantile(&q, 0.99),
                    reference_number(&r, i, "p99_response_over_s"), tolerance);
        /* what the model promises besides: the share that waits and the mean wait */
        assert_near("p_wait", q.p_wait, reference_number(&r, i, "p_wait"), 0.14);
        assert_near("mean wait", queue_mean_wait(&q), reference_number(&r, i, "mean_wait_over_s"),
                    0.26);
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
        cmocka_unit_test(response_p99_is_within_the_stated_tolerance),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
