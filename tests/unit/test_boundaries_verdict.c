/*
 * Verdicts on their own boundaries: leans on the sum that names and beyond the sum that decides, and a class that is
 * alone but holds its limits in too few of the plausible cases.
 */
#include "support/bundled.h"
#include "unit/unit.h"

#include <math.h>

/*
 * No memory and no duration: no cost. A light model (1) that stands alone (1) sums to 2 toward serverless, and "beyond 2"
 * decides: 2 names the leaning, 3 (a small volume: 1 more) decides. A volume beyond the published crossover (1 the
 * other way) leaves 1, which names nothing.
 */
static void leans_decide_beyond_two_and_name_a_leaning_at_two(void **state)
{
    (void)state;
    const struct decision *two = bench_decide(b, "'answers': {'gpu': {'need': 'none'}}, 'models': [{'size_mb': 100}]");
    assert_true(fabs(two->recommendation.lean_sum + 2) < 1e-12);
    assert_int_equal(two->recommendation.verdict, VERDICT_UNDECIDABLE);
    assert_int_equal(two->recommendation.class, CLASS_NONE);
    assert_int_equal(two->recommendation.leaning, CLASS_SERVERLESS);
    const struct decision *three = bench_decide(
        b, "'answers': {'gpu': {'need': 'none'}, 'traffic': {'requests_per_day': 40000}}, 'models': [{'size_mb': 100}]");
    assert_true(fabs(three->recommendation.lean_sum + 3) < 1e-12);
    assert_int_equal(three->recommendation.verdict, VERDICT_DECIDED);
    assert_int_equal(three->recommendation.class, CLASS_SERVERLESS);
    const struct decision *one = bench_decide(
        b, "'answers': {'gpu': {'need': 'none'}, 'traffic': {'requests_per_day': 140000}}, 'models': [{'size_mb': 100}]");
    assert_true(fabs(one->recommendation.lean_sum + 1) < 1e-12);
    assert_int_equal(one->recommendation.verdict, VERDICT_UNDECIDABLE);
    assert_int_equal(one->recommendation.leaning, CLASS_NONE);
}

/*
 * Single tenancy leaves Kubernetes alone. A run of 4 h that is due after 4 h misses it in half of the plausible cases:
 * one class, and yet no class that wins in 70 of 100 draws. A day later nothing is close.
 */
static void a_class_alone_is_not_decided_where_its_limit_is_close(void **state)
{
    (void)state;
    static const char TEXT[] =
        "'answers': {'team': {'platform_engineers': 1}, 'compliance': {'tenancy': 'single'}}, "
        "'jobs': [{'kind': 'batch', 'vcpu': 4, 'memory_mb': 8000, 'hours_per_run': 4, 'runs_per_month': 30, 'deadline_h': %d}]";
    const struct recommendation *close = &bench_decidef(b, TEXT, 4)->recommendation, *far = &bench_decidef(b, TEXT, 28)->recommendation;
    assert_int_equal(close->class, CLASS_KUBERNETES);
    assert_int_equal(close->runner_up, -1);
    assert_true(close->class_confidence < 0.7 && close->limit_close);
    assert_int_equal(close->verdict, VERDICT_TOO_CLOSE);
    assert_int_equal(close->stability, STABILITY_TOO_CLOSE);
    assert_true(str_starts(close->sentence, STR("Close to a limit: in ")));
    assert_int_equal(far->class, CLASS_KUBERNETES);
    assert_int_equal(far->verdict, VERDICT_DECIDED);
    assert_false(far->limit_close);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(leans_decide_beyond_two_and_name_a_leaning_at_two, again),
        cmocka_unit_test_setup(a_class_alone_is_not_decided_where_its_limit_is_close, again),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
