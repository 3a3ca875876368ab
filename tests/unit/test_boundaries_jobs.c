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

/*
 * Modal interrupts functions unless three times the price of CPU and memory is paid, which it does not sell with a GPU; a
 * chosen region costs 1.5 times. So a job that may not be interrupted pays twice as much again, one on a GPU that keeps no
 * checkpoints is not placed there, and data that must stay somewhere cost half as much again.
 */
static void modal_charges_for_runs_that_may_not_be_interrupted_and_for_regions(void **state)
{
    (void)state;
    static const char JOB[] = "'providers': ['modal'], 'answers': {'compliance': {'tenancy': 'multi'%s}}, "
                              "'jobs': [{'kind': 'batch', 'vcpu': 4, 'memory_mb': 8192, 'hours_per_run': 10, 'runs_per_month': 100, 'interruptible': %s}]";
    const struct option *may = bench_option(bench_decidef(b, JOB, "", "true"), "modal"), *may_not = bench_option(bench_decidef(b, JOB, "", "false"), "modal"),
                        *stays = bench_option(bench_decidef(b, JOB, ", 'residency': 'eu'", "true"), "modal");
    /* Items are looked for by how they start: "CPU" finds the surcharges too. */
    double cpu = bench_item_usd(may, "CPU"), memory = bench_item_usd(may, "memory");
    assert_true(cpu > 0 && memory > 0);
    assert_true(bench_item_usd(may, "CPU, not preempted") <= 0);
    assert_usd(bench_item_usd(may_not, "CPU, not preempted"), 2 * cpu);
    assert_usd(bench_item_usd(may_not, "memory, not preempted"), 2 * memory);
    assert_usd(bench_item_usd(may_not, "CPU"), 3 * cpu);
    assert_true(bench_item_usd(may_not, "CPU, region chosen") <= 0);
    assert_usd(bench_item_usd(stays, "CPU, region chosen"), cpu / 2);
    assert_usd(bench_item_usd(stays, "memory, region chosen"), memory / 2);
    static const char CARD[] = "'providers': ['modal'], 'answers': {'compliance': {'tenancy': 'multi'%s}}, "
                               "'jobs': [{'kind': 'training', 'hardware': 'A100-80', 'count': 1, 'vram_gb': 80, 'vcpu': 4, 'memory_mb': 8192, 'hours_per_run': 10, "
                               "'runs_per_month': 4, 'checkpoints': %s}]";
    const struct option *kept = bench_option(bench_decidef(b, CARD, "", "true"), "modal"), *lost = bench_option(bench_decidef(b, CARD, "", "false"), "modal"),
                        *there = bench_option(bench_decidef(b, CARD, ", 'residency': 'us'", "true"), "modal");
    assert_true(kept->feasible && kept->eligible);
    assert_true(lost->feasible && !lost->eligible);
    double card = bench_item_usd(kept, "GPU");
    assert_true(card > 0);
    assert_usd(bench_item_usd(there, "GPU, region chosen"), card / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(short_runs_on_cpus_fit_functions_and_longer_ones_tasks, again),
        cmocka_unit_test_setup(a_workflow_of_functions_trains_nothing, again),
        cmocka_unit_test_setup(nothing_sold_by_the_second_has_400_gb, again),
        cmocka_unit_test_setup(attested_limits_of_azure_and_google_exclude, again),
        cmocka_unit_test_setup(containers_serve_their_own_concurrency_everywhere, again),
        cmocka_unit_test_setup(modal_charges_for_runs_that_may_not_be_interrupted_and_for_regions, again),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
