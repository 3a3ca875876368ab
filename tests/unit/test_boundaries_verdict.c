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

/* Three models on a cluster that exists: at far more calls something else is the cheapest that today's list does not have. */
static void a_reason_names_what_is_not_among_todays_options(void **state)
{
    (void)state;
    const struct decision *d = bench_decide(
        b, "'purchase': ['reserved-3y'], 'answers': {'traffic': {'requests_per_day': 2.647, 'peak_rps': 0.0009311}, 'gpu': {'need': 'none'}, "
           "'team': {'existing_cluster': 'gcp-gke-standard'}, 'compliance': {'residency': 'us'}, 'models': {'count': 3, 'share_hardware': true}}, "
           "'models': [{'kind': 'realtime', 'memory_mb': {'low': 14090, 'likely': 18360, 'high': 22880}, 'size_mb': 2.785, 'duration_ms': 724.1, "
           "'vcpu': 2, 'duration_cv': 1.44, 'interruptible': false, 'traffic': {'requests_per_day': 0.1225}}, "
           "{'kind': 'batch', 'memory_mb': 1258, 'size_mb': 7.315, 'duration_ms': {'low': 51.48, 'likely': 69.81, 'high': 79.11}, 'vcpu': 1, "
           "'concurrency': 2, 'deadline_h': 17.55}, "
           "{'kind': 'realtime', 'memory_mb': 1660, 'size_mb': 90.57, 'duration_ms': {'low': 860.3, 'likely': 926.9, 'high': 1129}, 'vcpu': 0.5, "
           "'concurrency': 80, 'load_s': 49.93, 'request_kb': 4262, 'traffic': {'requests_per_day': 0.1792}}]");
    const struct recommendation *r = &d->recommendation;
    const struct crossover *first = NULL;
    for (size_t i = 0; i < d->crossover_count && !first; i++)
        if (d->crossovers[i].from == r->option)
            first = &d->crossovers[i];
    if (!first || first->to >= 0) {
        fail_msg("the case has no such crossing any more");
        return;
    }
    bool is_named = false;
    for (size_t i = 0; i < r->reason_count; i++)
        is_named = is_named || (str_find(r->reasons[i].text, STR(" cost the same at ")) < r->reasons[i].text.n &&
                                str_find(r->reasons[i].text, first->to_name) < r->reasons[i].text.n);
    assert_true(first->to_name.n > 0 && is_named);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(leans_decide_beyond_two_and_name_a_leaning_at_two, again),
        cmocka_unit_test_setup(a_class_alone_is_not_decided_where_its_limit_is_close, again),
        cmocka_unit_test_setup(a_reason_names_what_is_not_among_todays_options, again),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
