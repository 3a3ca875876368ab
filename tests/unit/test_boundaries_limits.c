/*
 * What a limit does: excludes where a page attests it, only warns off where none does, and says which limit it was.
 */
#include "support/bundled.h"
#include "unit/unit.h"

#include <math.h>
#include <stdio.h>

#define assert_near(got, want) check_near((got), (want), __FILE__, __LINE__)
static void check_near(double got, double want, const char *file, int line)
{
    if (fabs(got - want) > 1e-9)
        printf("got %.12g, want %.12g\n", got, want);
    _assert_true(fabs(got - want) <= 1e-9, "figures are equal", file, line);
}

static bool says(const struct option *o, const char *words)
{
    for (size_t i = 0; i < o->note_count; i++)
        if (str_find(o->notes[i], str_of(words)) < o->notes[i].n)
            return true;
    return false;
}

/* Pods on the provider's nodes, and nodes that the provider locks, take no kernel module. */
static void custom_kernels_need_nodes_that_are_ones_own(void **state)
{
    (void)state;
    static const char *const OWN[] = {"aws-eks", "gcp-gke-standard", "azure-aks"},
                            *const LOCKED[] = {"gcp-gke-autopilot", "aws-eks-auto", "aws-fargate", "modal"};
    const struct decision *d = bench_decide(
        b, "'answers': {'dependencies': {'custom': 'kernel'}, 'traffic': {'requests_per_day': 2000}}, "
           "'models': [{'memory_mb': 512, 'duration_ms': 100, 'size_mb': 40}]");
    for (size_t i = 0; i < sizeof OWN / sizeof *OWN; i++)
        assert_null(bench_violation(bench_option(d, OWN[i]), "dependencies"));
    for (size_t i = 0; i < sizeof LOCKED / sizeof *LOCKED; i++)
        assert_non_null(bench_violation(bench_option(d, LOCKED[i]), "dependencies"));
}

/* Azure ML's 180 s and Cloud Run's 32 MB: neither stands on a stored page. */
static void a_limit_that_no_page_attests_warns_off_and_excludes_nothing(void **state)
{
    (void)state;
    static const char LONG[] =
        "'providers': ['azure'], 'answers': {'traffic': {'requests_per_day': 2000}, 'latency': {'p99_ms': 1e6}}, "
        "'models': [{'memory_mb': 1024, 'duration_ms': %d, 'duration_cv': 0, 'size_mb': 40}]";
    const struct option *within = bench_option(bench_decidef(b, LONG, 180000), "azure-ml-online"),
                        *beyond = bench_option(bench_decidef(b, LONG, 181000), "azure-ml-online");
    assert_true(within->feasible && within->eligible);
    assert_true(beyond->feasible && !beyond->eligible);
    assert_true(says(beyond, "takes 181 s; the limit of 3 min of"));
    static const char LARGE[] =
        "'providers': ['gcp'], 'answers': {'traffic': {'requests_per_day': 2000}, 'latency': {'p99_ms': 60000}}, "
        "'models': [{'memory_mb': 1024, 'duration_ms': 100, 'size_mb': 40, 'request_kb': %d}]";
    const struct decision *small = bench_decidef(b, LARGE, 32000), *large = bench_decidef(b, LARGE, 33000);
    assert_true(bench_option(small, "gcp-cloud-run")->eligible);
    assert_true(bench_option(large, "gcp-cloud-run")->feasible);
    assert_false(bench_option(large, "gcp-cloud-run")->eligible);
    assert_true(says(bench_option(large, "gcp-cloud-run"), "payloads of 33 MB; the limit of 32 MB"));
    assert_int_equal(small->recommendation.class, CLASS_SERVERLESS);
    assert_int_equal(large->recommendation.class, CLASS_KUBERNETES); /* Vertex AI takes 10 MB */
}

/* The ingress of Container Apps cuts a request after four minutes, a job's time it does not know. */
static void the_time_of_a_request_is_not_the_time_of_a_job(void **state)
{
    (void)state;
    static const char JOB[] =
        "'providers': ['azure'], 'jobs': [{'kind': 'batch', 'hardware': '%s', 'vcpu': 2, 'memory_mb': 4096, 'hours_per_run': 2, 'runs_per_month': 30}]";
    assert_true(bench_option(bench_decidef(b, JOB, "cpu"), "azure-container-apps")->feasible);
    assert_true(bench_option(bench_decidef(b, JOB, "T4"), "azure-container-apps-gpu")->feasible);
    static const char REQUEST[] =
        "'providers': ['azure'], 'answers': {'traffic': {'requests_per_day': 100}, 'latency': {'p99_ms': 1e6}}, "
        "'models': [{'kind': '%s', 'memory_mb': 1024, 'duration_ms': %d, 'size_mb': 40}]";
    assert_true(bench_option(bench_decidef(b, REQUEST, "realtime", 240000), "azure-container-apps")->feasible);
    assert_non_null(bench_violation(bench_option(bench_decidef(b, REQUEST, "realtime", 241000), "azure-container-apps"), "response_s"));
    assert_true(bench_option(bench_decidef(b, REQUEST, "async", 241000), "azure-container-apps")->feasible); /* no ingress before a queue */
}

/*
 * Calls of 14 minutes on average fit Lambda's 15, and yet not all of them: at a variation of 0.8 the logarithm has
 * s^2 = ln(1 + 0.64) = 0.4947 and the mean ln(840) - 0.2473 = 6.4861, so that ln(900) = 6.8024 lies 0.4497 deviations above it:
 * 32.6 % of the calls take longer. At 0.01 none does: the limit is 6.9 deviations away.
 */
static void calls_that_a_limit_ends_are_told(void **state)
{
    (void)state;
    static const char TEXT[] = "'answers': {'traffic': {'requests_per_day': 100}}, "
                               "'models': [{'kind': 'async', 'memory_mb': 1024, 'duration_ms': 840000, 'duration_cv': %g, 'size_mb': 40}]";
    const struct option *varied = bench_option(bench_decidef(b, TEXT, 0.8), "aws-lambda"), *even = bench_option(bench_decidef(b, TEXT, 0.01), "aws-lambda");
    assert_true(varied->feasible && even->feasible);
    assert_true(says(varied, "about 33% of the calls would take longer than the 15 min after which AWS Lambda ends them, at a variation of 0.8"));
    assert_false(says(even, "of the calls would take longer"));
}

/*
 * "Regardless of the function app timeout setting, 230 seconds is the maximum amount of time that an HTTP triggered
 * function can take to respond": every plan of Azure Functions, whatever its own limit (10 minutes on Consumption, none on
 * the others). What is queued is triggered by the queue and has the plan's own time.
 */
static void a_caller_of_azure_functions_waits_230_seconds(void **state)
{
    (void)state;
    static const char TEXT[] =
        "'answers': {'traffic': {'requests_per_day': 100}, 'team': {'platform_engineers': 1}}, "
        "'models': [{'kind': '%s', 'memory_mb': 1024, 'duration_ms': %d, 'size_mb': 40}]";
    static const char *const PLANS[] = {"azure-functions", "azure-functions-flex", "azure-functions-premium"};
    for (size_t i = 0; i < 3; i++) {
        assert_true(bench_option(bench_decidef(b, TEXT, "realtime", 230000), PLANS[i])->feasible);
        const struct decision *late = bench_decidef(b, TEXT, "realtime", 231000);
        const struct violation *v = bench_violation(bench_option(late, PLANS[i]), "response_s");
        assert_non_null(v);
        assert_near(v->allowed, 230);
        assert_near(v->needed, 231);
        assert_true(str_find(v->text, STR("takes 231 s; Azure Functions")) < v->text.n &&
                    str_find(v->text, STR("ends a wait for an answer after 230 s")) < v->text.n);
        assert_true(bench_option(late, "aws-lambda")->feasible); /* a function URL waits for its 15 minutes */
        assert_true(bench_option(bench_decidef(b, TEXT, "async", 231000), PLANS[i])->feasible);
    }
    /* Ten minutes and a second: the limit of the plan, for queued work; the caller's is the nearer one. */
    const struct decision *queued = bench_decidef(b, TEXT, "async", 601000), *waits = bench_decidef(b, TEXT, "realtime", 601000);
    assert_non_null(bench_violation(bench_option(queued, "azure-functions"), "timeout_s"));
    assert_null(bench_violation(bench_option(queued, "azure-functions"), "response_s"));
    assert_non_null(bench_violation(bench_option(waits, "azure-functions"), "response_s"));
    assert_null(bench_violation(bench_option(waits, "azure-functions"), "timeout_s"));
    assert_true(bench_option(queued, "azure-functions-flex")->feasible);
}

/* Two hours of work are not done in one; a start of five minutes counts where nothing waits for work. */
static void queued_work_that_outlasts_its_deadline_is_excluded(void **state)
{
    (void)state;
    static const char TEXT[] =
        "'answers': {'traffic': {'requests_per_day': 100}}, "
        "'models': [{'kind': '%s', 'duration_ms': %d, 'deadline_h': %.17g, 'memory_mb': 1024, 'size_mb': 40, 'load_s': 10}]";
    static const char *const KINDS[] = {"async", "batch"};
    for (size_t i = 0; i < 2; i++) {
        const struct decision *late = bench_decidef(b, TEXT, KINDS[i], 7200000, 1.0);
        assert_int_equal(late->recommendation.verdict, VERDICT_INFEASIBLE);
        const struct violation *v = bench_violation(bench_option(late, "aws-eks"), "deadline_h");
        assert_non_null(v);
        assert_near(v->allowed, 1);
        assert_near(v->needed, 2);
        assert_true(bench_option(bench_decidef(b, TEXT, KINDS[i], 7200000, 2.0), "aws-eks")->feasible);
        /* 3,000 s of work, 300 s until an instance runs, 10 s to load: 3,310 s. */
        const struct violation *cold = bench_violation(
            bench_option(bench_decidef(b, TEXT, KINDS[i], 3000000, 3309 / 3600.0), "aws-sagemaker-async"), "deadline_h");
        assert_non_null(cold);
        assert_near(cold->needed, 3310 / 3600.0);
        assert_null(bench_violation(
            bench_option(bench_decidef(b, TEXT, KINDS[i], 3000000, 3310 / 3600.0), "aws-sagemaker-async"), "deadline_h"));
        assert_null(bench_violation(bench_option(bench_decidef(b, TEXT, KINDS[i], 3000000, 3309 / 3600.0), "aws-eks"), "deadline_h"));
    }
}

/* The largest CPU machine at AWS, of 1,024 GiB, hands out 938.936, less 0.35 for the daemons of a node. */
static void memory_that_no_node_has_is_told_beside_the_largest_node(void **state)
{
    (void)state;
    const struct decision *d = bench_decide(
        b, "'answers': {'traffic': {'requests_per_day': 1000}, 'compliance': {'tenancy': 'single'}}, "
           "'models': [{'memory_mb': 1024000, 'duration_ms': 100, 'size_mb': 40}]");
    const struct violation *v = bench_violation(bench_option(d, "aws-eks"), "memory_gb");
    assert_non_null(v);
    assert_near(v->needed, 1000);
    assert_near(v->allowed, 938.936 - 0.35);
    assert_true(str_find(v->text, STR("the largest node of Amazon EKS in the price book, r6i.32xlarge, hands out 938.6 GB")) < v->text.n);
}

/*
 * 300 GB without a GPU: machines of 384 GiB, which all three clouds sell (r6i.12xlarge, E48s_v5, n2-highmem-48), two of
 * them for availability. 700 GB: AWS alone still has a machine (768 GiB); Azure's largest of the series has 672.
 */
static void memory_of_300_gb_has_a_node_at_every_large_cloud(void **state)
{
    (void)state;
    static const struct {
        const char *platform, *machine;
        double usd_per_hour;
    } NODES[] = {
        {"aws-eks", "r6i.12xlarge", 3.024},
        {"azure-aks", "Standard_E48s_v5", 6 * 0.504},
        {"gcp-gke-standard", "n2-highmem-48", 6 * 0.524056},
    };
    static const char TEXT[] = "'answers': {'traffic': {'requests_per_day': 1000}, 'compliance': {'tenancy': 'single'}}, "
                               "'models': [{'memory_mb': %d, 'vcpu': 4, 'duration_ms': 100, 'size_mb': 40}]";
    const struct decision *d = bench_decidef(b, TEXT, 307200), *more = bench_decidef(b, TEXT, 716800);
    for (size_t i = 0; i < sizeof NODES / sizeof *NODES; i++) {
        char id[80];
        snprintf(id, sizeof id, "%s:%s:on-demand", NODES[i].platform, NODES[i].machine);
        const struct option *o = bench_option(d, id);
        assert_true(o->feasible && o->eligible);
        assert_near(o->capacity.nodes, 2);
        assert_usd(bench_item_usd(o, "nodes"), 2 * 730 * NODES[i].usd_per_hour);
    }
    assert_true(bench_option(more, "aws-eks:r6i.24xlarge:on-demand")->feasible);
    assert_non_null(bench_violation(bench_option(more, "azure-aks"), "memory_gb"));
    assert_non_null(bench_violation(bench_option(more, "gcp-gke-standard"), "memory_gb"));
}

/*
 * A call every hour finds nothing where instances go after 15 minutes or one, whether an instance could take one request or
 * eighty.
 */
static void a_call_an_hour_is_cold_however_many_an_instance_takes(void **state)
{
    (void)state;
    static const char TEXT[] = "'answers': {'traffic': {'requests_per_day': 24, 'periodic_s': 3600, 'peak_rps': 0.00028}}, "
                               "'models': [{'memory_mb': 1024, 'duration_ms': 200, 'concurrency': %d, 'size_mb': 40}]";
    for (int taken = 1; taken <= 80; taken *= 80) {
        const struct decision *d = bench_decidef(b, TEXT, taken);
        assert_near(bench_option(d, "gcp-cloud-run")->latency.cold_start_probability, 1);
        assert_near(bench_option(d, "modal")->latency.cold_start_probability, 1);
    }
}

/* At one call a day a minute of keep-alive is 61 s of 86,400 (and some, as hours differ): not half of the month. */
static void a_call_a_day_keeps_nothing_alive(void **state)
{
    (void)state;
    const struct decision *d = bench_decide(
        b, "'answers': {'gpu': {'need': 'required', 'vram_gb': 20, 'count': 1}, 'traffic': {'requests_per_day': 1}}, "
           "'models': [{'hardware': 'L4', 'memory_mb': 4096, 'duration_ms': 200, 'size_mb': 100}]");
    const struct option *o = bench_option(d, "modal");
    assert_true(o->latency.cold_start_probability > 0.99);
    /* 30.4 calls a month of 60 s, a start of 2 s, a load of 0.5 and the call: 0.55 h of a card at less than a dollar. */
    assert_true(bench_item_usd(o, "GPU") > 0.1 && bench_item_usd(o, "GPU") < 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(custom_kernels_need_nodes_that_are_ones_own, again),
        cmocka_unit_test_setup(a_limit_that_no_page_attests_warns_off_and_excludes_nothing, again),
        cmocka_unit_test_setup(the_time_of_a_request_is_not_the_time_of_a_job, again),
        cmocka_unit_test_setup(calls_that_a_limit_ends_are_told, again),
        cmocka_unit_test_setup(a_caller_of_azure_functions_waits_230_seconds, again),
        cmocka_unit_test_setup(queued_work_that_outlasts_its_deadline_is_excluded, again),
        cmocka_unit_test_setup(memory_that_no_node_has_is_told_beside_the_largest_node, again),
        cmocka_unit_test_setup(memory_of_300_gb_has_a_node_at_every_large_cloud, again),
        cmocka_unit_test_setup(a_call_an_hour_is_cold_however_many_an_instance_takes, again),
        cmocka_unit_test_setup(a_call_a_day_keeps_nothing_alive, again),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
