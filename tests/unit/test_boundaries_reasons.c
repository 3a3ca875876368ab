/*
 * Why an option is excluded: once a limit, in the figure that was asked for, beside the most that the platform has
 * and not beside the machine that happened to be shown. What no source states is no pass.
 */
#include "support/bundled.h"
#include "unit/unit.h"

#include <math.h>
#include <stdio.h>

#define assert_near(got, want) assert_true(fabs((got) - (want)) <= 1e-6)

static void allows(const struct decision *d, const char *option, const char *limit, double allowed, double needed)
{
    const struct violation *v = bench_violation(bench_option(d, option), limit);
    if (!v) {
        fail_msg("%s does not break %s", option, limit);
        return;
    }
    if (fabs(v->allowed - allowed) > 1e-6 || fabs(v->needed - needed) > 1e-6)
        fail_msg("%s allows %g %s of %g, want %g of %g", option, v->allowed, limit, v->needed, allowed, needed);
}

static const char CARD[] = "'answers': {'gpu': {'need': 'required', 'vram_gb': %d%s}, 'traffic': {'requests_per_day': 10000}, "
                           "'team': {'platform_engineers': 1}}, 'models': [{'hardware': 'A100-80', 'memory_mb': %d, 'duration_ms': 200, 'size_mb': 100}]";
static const char CORES[] = "'answers': {'traffic': {'requests_per_day': 10000}, 'team': {'platform_engineers': 1}}, "
                            "'models': [{'memory_mb': %d, 'vcpu': %d, 'duration_ms': 200, 'size_mb': 100}]";
static const char MEMORY[] = "'answers': {'traffic': {'requests_per_day': 10000}, 'team': {'platform_engineers': 1}}, "
                             "'models': [{'memory_mb': %d, 'duration_ms': 200, 'size_mb': 100}]";

static void check_once(const struct decision *d)
{
    for (size_t i = 0; i < d->option_count; i++) {
        const struct option *o = &d->options[i];
        for (size_t k = 0; k < o->violation_count; k++)
            for (size_t n = 0; n < k; n++)
                if (o->violations[k].needed > 0 && str_equal(o->violations[k].limit, o->violations[n].limit) &&
                    str_equal(o->violations[k].part, o->violations[n].part))
                    fail_msg("%.*s tells %.*s twice", STR_ARG(o->id), STR_ARG(o->violations[k].limit));
    }
}

static void every_limit_is_told_once(void **state)
{
    (void)state;
    static const int GB[] = {5, 13, 40, 121, 221, 700, 3000};
    for (size_t i = 0; i < sizeof GB / sizeof *GB; i++)
        check_once(bench_decidef(b, MEMORY, GB[i] * 1024));
    check_once(bench_decidef(b, CORES, 4096, 17));
    check_once(bench_decidef(b, CORES, 40960, 300));
    check_once(bench_decidef(b, CARD, 24, ", 'count': 2", 2048));
    check_once(bench_decidef(b, CARD, 81, ", 'count': 9", 64000));
    check_once(bench_decidef(b, CARD, 3000, "", 2048));
}

/* 81 GB: cards of 80 are the largest that SageMaker, GKE and Vertex AI have in the book, whatever machine is shown; H100 NVL has 94. */
static void memory_of_a_card_is_told_beside_the_largest_card(void **state)
{
    (void)state;
    const struct decision *d = bench_decidef(b, CARD, 81, ", 'count': 1", 2048);
    allows(d, "aws-sagemaker-realtime", "vram_gb", 80, 81);
    allows(d, "gcp-gke-standard", "vram_gb", 80, 81);
    allows(d, "gcp-vertex", "vram_gb", 80, 81);
    allows(d, "azure-container-apps-gpu", "vram_gb", 80, 81);
    assert_true(bench_option(d, "azure-ml-online:Standard_NC80adis_H100_v5:on-demand")->feasible);
    /* Two on one machine: the number is what excludes, and neither CPU nor memory. */
    const struct option *two = bench_option(bench_decidef(b, CARD, 24, ", 'count': 2", 2048), "azure-container-apps-gpu");
    assert_int_equal(two->violation_count, 1);
    assert_true(str_is(two->violations[0].limit, "gpus"));
    allows(bench_decidef(b, CARD, 80, ", 'count': 9", 64000), "hf-endpoints", "gpus", 8, 9);
    /* Where the number is open, all cards of a machine count: 8 x 80 and 8 x 180. */
    const struct decision *many = bench_decidef(b, CARD, 2000, "", 2048);
    allows(many, "aws-sagemaker-realtime", "vram_gb", 640, 2000);
    allows(many, "modal", "vram_gb", 1440, 2000);
}

/* 17 vCPU with 32 GB: Fargate has sizes of 120 GB and none of 17 vCPU; of the machines of Vertex AI none has more than 16. */
static void cores_are_told_where_cores_are_short(void **state)
{
    (void)state;
    const struct decision *d = bench_decidef(b, CORES, 32768, 17);
    allows(d, "aws-fargate", "vcpu", 16, 17);
    assert_null(bench_violation(bench_option(d, "aws-fargate"), "memory_gb"));
    allows(d, "gcp-vertex", "vcpu", 16, 17);
    assert_null(bench_violation(bench_option(d, "gcp-vertex"), "memory_gb"));
    assert_true(bench_option(bench_decidef(b, CORES, 32768, 16), "aws-fargate")->feasible);
    /* Nobody asked for the CPU that comes with 200 GB: 30 vCPU with 6.5 GiB each are 195. */
    const struct option *pods = bench_option(bench_decidef(b, MEMORY, 204800), "gcp-gke-autopilot");
    const struct violation *v = bench_violation(pods, "memory_gb");
    assert_non_null(v);
    assert_near(v->allowed, 195);
    assert_null(bench_violation(pods, "vcpu"));
}

/* The CPU of SageMaker Serverless is not published; at Lambda's rate 6,144 MB come to 6144 / 1769 = 3.47 vCPU. */
static void cores_that_memory_does_not_bring_are_no_pass(void **state)
{
    (void)state;
    const struct option *three = bench_option(bench_decidef(b, CORES, 2048, 3), "aws-sagemaker-serverless"),
                        *four = bench_option(bench_decidef(b, CORES, 2048, 4), "aws-sagemaker-serverless");
    assert_true(three->feasible && three->eligible);
    assert_true(four->feasible && !four->eligible);
}

/*
 * RunPod states no memory of the host. With a card of 24 GB it takes a model that needs 24 GB; for one that needs more the
 * next card that has as much (48 GB) is chosen, and beyond the largest (180, of those with measurements) none is recommended.
 */
static void memory_that_no_source_states_is_no_pass(void **state)
{
    (void)state;
    static const char HOST[] = "'providers': ['runpod'], 'answers': {'gpu': {'need': 'required', 'vram_gb': 20, 'count': 1}, "
                               "'traffic': {'requests_per_day': 1000}}, 'models': [{'hardware': 'L4', 'memory_mb': %d, 'duration_ms': 200, 'size_mb': 100}]";
    static const struct {
        int mb;
        const char *machine; /* NULL: none is eligible */
    } CASES[] = {{24576, "24gb"}, {24577, "48gb"}, {49152, "48gb"}, {512000, NULL}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const struct option *o = bench_option(bench_decidef(b, HOST, CASES[i].mb), "runpod-serverless");
        assert_true(o->feasible);
        assert_int_equal(o->eligible, CASES[i].machine != NULL);
        assert_true(!CASES[i].machine || str_find(o->id, str_of(CASES[i].machine)) < o->id.n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(every_limit_is_told_once, again),
        cmocka_unit_test_setup(memory_of_a_card_is_told_beside_the_largest_card, again),
        cmocka_unit_test_setup(cores_are_told_where_cores_are_short, again),
        cmocka_unit_test_setup(cores_that_memory_does_not_bring_are_no_pass, again),
        cmocka_unit_test_setup(memory_that_no_source_states_is_no_pass, again),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
