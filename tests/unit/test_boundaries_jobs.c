/*
 * Where jobs and long work may run: what a platform serves does not exclude it, its limits do. And
 * platforms that run plain containers serve as many requests at once as the container does.
 */
#include "support/bundled.h"
#include "unit/unit.h"

/* 14 minutes fit a function, 16 do not and fit a task of containers; nobody is hired for either. */
static void short_runs_on_cpus_fit_functions_and_longer_ones_tasks(void **state)
{
    (void)state;
    static const char TEXT[] =
        "'providers': ['aws'], 'answers': {'team': {'platform_engineers': 0, 'existing_cluster': false}}, "
        "'jobs': [{'kind': '%s', 'vcpu': 2, 'memory_mb': 4096, 'runs_per_month': 30, 'hours_per_run': %.17g}]";
    static const char *const KINDS[] = {"training", "batch"};
    for (size_t i = 0; i < 2; i++) {
        const struct decision *fits = bench_decidef(b, TEXT, KINDS[i], 14 / 60.0),
                              *ends = bench_decidef(b, TEXT, KINDS[i], 16 / 60.0);
        assert_true(bench_option(fits, "aws-lambda")->feasible);
        assert_non_null(bench_violation(bench_option(ends, "aws-lambda"), "timeout_s"));
        assert_null(bench_violation(bench_option(ends, "aws-lambda"), "kind"));
        assert_true(bench_option(ends, "aws-fargate")->feasible);
        assert_int_equal(fits->recommendation.class, CLASS_SERVERLESS);
        assert_int_equal(ends->recommendation.class, CLASS_SERVERLESS);
    }
}

/* A workflow of functions remains no place to train. */
static void a_workflow_of_functions_trains_nothing(void **state)
{
    (void)state;
    const struct decision *d = bench_decide(
        b,
        "'jobs': [{'kind': 'training', 'vcpu': 2, 'memory_mb': 4096, 'hours_per_run': 0.1, 'runs_per_month': 30}]");
    assert_non_null(bench_violation(bench_option(d, "aws-step-functions-lambda"), "kind"));
}

static void nothing_sold_by_the_second_has_400_gb(void **state)
{
    (void)state;
    static const char TEXT[] =
        "'answers': {'traffic': {'requests_per_day': 10000}, 'latency': {'p99_ms': 60000}}, "
        "'models': [{'duration_ms': 1000, 'size_mb': 100, 'vcpu': 8, 'memory_mb': %d}]";
    assert_true(bench_option(bench_decidef(b, TEXT, 336 * 1024), "modal")->feasible);
    assert_non_null(bench_violation(bench_option(bench_decidef(b, TEXT, 336 * 1024 + 1), "modal"),
                                    "memory_gb"));
}

/* Ten minutes on Azure's consumption plan, an hour and 10 MB on Google's dedicated endpoints. */
static void attested_limits_of_azure_and_google_exclude(void **state)
{
    (void)state;
    static const char LONG[] =
        "'answers': {'traffic': {'requests_per_day': 100}, 'latency': {'p99_ms': 14400000}}, "
        "'models': [{'kind': '%s', 'size_mb': 40, 'memory_mb': 1024, 'duration_ms': %d}]";
    assert_null(bench_violation(bench_option(bench_decidef(b, LONG, "async", 600000), "azure-functions"),
                                "timeout_s"));
    assert_non_null(bench_violation(bench_option(bench_decidef(b, LONG, "async", 601000), "azure-functions"),
                                    "timeout_s"));
    assert_null(
        bench_violation(bench_option(bench_decidef(b, LONG, "realtime", 3600000), "gcp-vertex"), "timeout_s"));
    assert_non_null(
        bench_violation(bench_option(bench_decidef(b, LONG, "realtime", 3601000), "gcp-vertex"), "timeout_s"));
    static const char LARGE[] =
        "'answers': {'traffic': {'requests_per_day': 100}, 'latency': {'p99_ms': 60000}}, "
        "'models': [{'size_mb': 40, 'memory_mb': 1024, 'duration_ms': 1000, 'request_kb': %d}]";
    assert_null(
        bench_violation(bench_option(bench_decidef(b, LARGE, 10000), "gcp-vertex"), "payload_mb"));
    assert_non_null(
        bench_violation(bench_option(bench_decidef(b, LARGE, 10100), "gcp-vertex"), "payload_mb"));
}

/* 50 requests at once in one container: a fiftieth of the containers, on a task as on a pod. */
static void containers_serve_their_own_concurrency_everywhere(void **state)
{
    (void)state;
    static const char *const PLATFORMS[] = {"aws-fargate", "aws-sagemaker-realtime", "gcp-vertex",
                                            "azure-ml-online", "gcp-gke-autopilot"};
    static const char TEXT[] =
        "'answers': {'traffic': {'requests_per_day': 5e7, 'peak_rps': 600}, 'latency': {'p99_ms': 5000}, 'team': {'platform_engineers': 1}}, "
        "'models': [{'duration_ms': 1000, 'size_mb': 100, 'memory_mb': 2048, 'concurrency': %d}]";
    const struct decision *one = bench_decidef(b, TEXT, 1), *fifty = bench_decidef(b, TEXT, 50);
    for (size_t i = 0; i < sizeof PLATFORMS / sizeof *PLATFORMS; i++) {
        double ratio = bench_option(one, PLATFORMS[i])->capacity.replicas /
                       bench_option(fifty, PLATFORMS[i])->capacity.replicas;
        assert_true(ratio > 45 && ratio < 51);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(short_runs_on_cpus_fit_functions_and_longer_ones_tasks, again),
        cmocka_unit_test_setup(a_workflow_of_functions_trains_nothing, again),
        cmocka_unit_test_setup(nothing_sold_by_the_second_has_400_gb, again),
        cmocka_unit_test_setup(attested_limits_of_azure_and_google_exclude, again),
        cmocka_unit_test_setup(containers_serve_their_own_concurrency_everywhere, again),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
