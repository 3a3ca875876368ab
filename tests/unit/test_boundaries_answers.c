/*
 * Answers on either side of a limit: what is excluded, by which limit, and which rule stands among the
 * findings. Limits are those of the dated catalogue; a value on a limit does not exceed it. Every row
 * is a workload that changes in one answer.
 */
#include "support/bundled.h"
#include "unit/unit.h"

#include "base/arena.h"

#include <math.h>
#include <stdio.h>

/* NULL: no such finding. */
static const struct finding *finding(const struct decision *d, const char *rule)
{
    for (size_t i = 0; i < d->finding_count; i++)
        if (str_is(d->findings[i].rule_id, rule))
            return &d->findings[i];
    return NULL;
}

static bool has_mistake(const struct decision *d, const char *id)
{
    for (size_t i = 0; i < d->mistake_count; i++)
        if (str_is(d->mistakes[i].mistake->id, id))
            return true;
    return false;
}

static bool is_refused(const char *members)
{
    return bench_try(b, bench_text(b, members)) == NULL;
}

/* ---- limits of the catalogue ---- */

struct edge {
    const char *platform, *limit;
    double on, beyond; /* the answer on the limit, and just beyond it */
};

/* The answer stands between the texts. On the limit the platform has no such violation, beyond it has. */
static void check_edges(const struct edge *edges, size_t count, const char *before,
                        const char *after)
{
    int wrong = 0;
    for (size_t i = 0; i < count; i++) {
        for (int beyond = 0; beyond < 2; beyond++) {
            double value = beyond ? edges[i].beyond : edges[i].on;
            const struct option *o = bench_option(
                bench_decidef(b, "%s%.17g%s", before, value, after), edges[i].platform);
            bool broken = bench_violation(o, edges[i].limit) != NULL;
            if (broken != (beyond == 1)) {
                printf("%s: %s at %g\n", edges[i].platform, edges[i].limit, value);
                wrong++;
            }
            bench_rewind(b);
        }
    }
    assert_int_equal(wrong, 0);
}

#define EDGES(edges, before, after) \
    check_edges((edges), sizeof(edges) / sizeof *(edges), (before), (after))

static void memory_on_a_limit_fits_and_a_megabyte_more_does_not(void **state)
{
    (void)state;
    static const struct edge EDGE[] = {
        {"aws-sagemaker-serverless", "memory_gb", 6144, 6145},
        {"azure-container-apps", "memory_gb", 8192, 8193},
        {"aws-lambda", "memory_gb", 10240, 10241},
        {"gcp-cloud-run", "memory_gb", 32768, 32769},
        {"aws-fargate", "memory_gb", 122880, 122881},
    };
    EDGES(
        EDGE,
        "'answers': {'traffic': {'requests_per_day': 10000}, 'latency': {'p99_ms': 60000}, 'team': {'platform_engineers': 1}}, "
        "'models': [{'duration_ms': 1000, 'size_mb': 100, 'vcpu': 1, 'memory_mb': ",
        "}]");
}

static void calls_as_long_as_the_limit_end_in_time(void **state)
{
    (void)state;
    static const struct edge EDGE[] = {
        {"aws-sagemaker-serverless", "timeout_s", 60e3, 61e3},
        {"aws-lambda", "timeout_s", 900e3, 901e3},
        {"gcp-cloud-run", "timeout_s", 3600e3, 3601e3},
        {"aws-sagemaker-async", "timeout_s", 3600e3, 3601e3},
    };
    EDGES(EDGE,
          "'answers': {'traffic': {'requests_per_day': 100}, 'team': {'platform_engineers': 1}}, "
          "'models': [{'kind': 'async', 'size_mb': 100, 'memory_mb': 1024, 'duration_ms': ",
          "}]");
}

static void payloads_exclude_platforms_one_after_another(void **state)
{
    (void)state;
    static const struct edge EDGE[] = {
        {"aws-sagemaker-serverless", "payload_mb", 4000, 4100},
        {"aws-lambda", "payload_mb", 6000, 6100},
        {"aws-sagemaker-realtime", "payload_mb", 6000, 6100},
    };
    EDGES(
        EDGE,
        "'answers': {'traffic': {'requests_per_day': 1000}, 'latency': {'p99_ms': 30000}, 'team': {'platform_engineers': 1}}, "
        "'models': [{'duration_ms': 1000, 'size_mb': 100, 'memory_mb': 2048, 'request_kb': ",
        ", 'response_kb': 1}]");
    EDGES(
        EDGE,
        "'answers': {'traffic': {'requests_per_day': 1000}, 'latency': {'p99_ms': 30000}, 'team': {'platform_engineers': 1}}, "
        "'models': [{'duration_ms': 1000, 'size_mb': 100, 'memory_mb': 2048, 'request_kb': 1, 'response_kb': ",
        "}]");
    static const struct edge ON_A_CARD[] = {
        {"runpod-serverless", "payload_mb", 20000, 20100},
    };
    EDGES(
        ON_A_CARD,
        "'answers': {'gpu': {'need': 'required', 'vram_gb': 16, 'count': 1}, 'traffic': {'requests_per_day': 1000}, "
        "'latency': {'p99_ms': 30000}, 'team': {'platform_engineers': 1}}, "
        "'models': [{'duration_ms': 1000, 'size_mb': 100, 'memory_mb': 2048, 'hardware': 'T4', 'request_kb': ",
        "}]");
}

/* What is queued carries its payload by reference: a note, no exclusion. */
static void payloads_of_queued_work_are_passed_by_reference(void **state)
{
    (void)state;
    const struct decision *d = bench_decide(
        b,
        "'answers': {'traffic': {'requests_per_day': 1000}}, "
        "'models': [{'kind': 'async', 'duration_ms': 1000, 'size_mb': 100, 'memory_mb': 2048, 'request_kb': 20000}]");
    const struct option *o = bench_option(d, "aws-lambda");
    assert_true(o->feasible);
    bool said = false;
    for (size_t i = 0; i < o->note_count; i++)
        said = said || str_find(o->notes[i], STR("by reference")) < o->notes[i].n;
    assert_true(said);
}

static void runs_as_long_as_the_limit_end_in_time(void **state)
{
    (void)state;
    static const struct edge EDGE[] = {
        {"modal", "timeout_s", 24, 25},
    };
    EDGES(
        EDGE,
        "'answers': {'team': {'platform_engineers': 1}}, 'jobs': [{'kind': 'training', 'hardware': 'A100-80', 'count': 8, 'vram_gb': 80, "
        "'memory_mb': 320000, 'runs_per_month': 2, 'checkpoints': true, 'deadline_h': 100, 'hours_per_run': ",
        "}]");
    static const struct edge BATCH[] = {
        {"gcp-cloud-run-gpu", "job_timeout_s", 1, 1.1},
    };
    EDGES(
        BATCH,
        "'answers': {'team': {'platform_engineers': 1}}, 'jobs': [{'kind': 'batch', 'hardware': 'L4', 'count': 1, 'vram_gb': 24, "
        "'memory_mb': 16384, 'vcpu': 4, 'runs_per_month': 30, 'hours_per_run': ",
        "}]");
    static const struct edge ON_CPU[] = {
        {"gcp-cloud-run", "job_timeout_s", 168, 169},
    };
    EDGES(
        ON_CPU,
        "'answers': {'team': {'platform_engineers': 1}}, 'jobs': [{'kind': 'batch', 'vcpu': 4, 'memory_mb': 8192, 'runs_per_month': 1, "
        "'deadline_h': 700, 'hours_per_run': ",
        "}]");
}

/* Ten minutes of an open connection: too long for the ingress of Container Apps, not for Cloud Run; an
 * hour and a minute too long for both; functions hold none. */
static void open_connections_end_where_ingress_ends_them(void **state)
{
    (void)state;
    static const char TEXT[] =
        "'answers': {'traffic': {'requests_per_day': 2000}, 'team': {'platform_engineers': 2}}, "
        "'models': [{'kind': 'streaming', 'duration_ms': %d, 'memory_mb': 512, 'size_mb': 40}]";
    const struct decision *ten = bench_decidef(b, TEXT, 600000),
                          *hour = bench_decidef(b, TEXT, 3660000);
    assert_non_null(bench_violation(bench_option(ten, "azure-container-apps"), "response_s"));
    assert_true(bench_option(ten, "gcp-cloud-run")->feasible);
    assert_non_null(bench_violation(bench_option(hour, "gcp-cloud-run"), "timeout_s"));
    assert_non_null(bench_violation(bench_option(hour, "aws-lambda"), "kind"));
    assert_true(bench_option(hour, "aws-fargate")->feasible &&
                bench_option(hour, "aws-eks")->feasible);
}

/* ---- training ---- */

/* Eight cards of one machine for 20 hours: among the large clouds only a cluster has them. On two
 * machines no serverless platform has them at all, whoever may be chosen. */
static void fine_tuning_on_several_machines_leaves_kubernetes_alone(void **state)
{
    (void)state;
    static const char TEXT[] =
        "%s 'answers': {'team': {'platform_engineers': 1}}, 'jobs': [{'kind': 'training', 'hardware': 'A100-80', 'count': 8, "
        "'nodes': %d, 'vram_gb': 80, 'memory_mb': 320000, 'hours_per_run': 20, 'runs_per_month': 2, 'checkpoints': true}]";
    const struct decision *clouds = bench_decidef(b, TEXT, "'providers': ['aws', 'gcp', 'azure'],",
                                                  1);
    assert_int_equal(clouds->recommendation.class, CLASS_KUBERNETES);
    assert_int_equal(clouds->serverless.option, -1);
    assert_true(bench_option(bench_decidef(b, TEXT, "", 1), "modal")->feasible);
    const struct decision *two = bench_decidef(b, TEXT, "", 2);
    assert_non_null(bench_violation(bench_option(two, "modal"), "nodes"));
    for (size_t i = 0; i < two->option_count; i++)
        assert_true(!two->options[i].feasible || two->options[i].class == CLASS_KUBERNETES);
    /* Twice the machine hours, and the same people. */
    assert_usd(bench_item_usd(bench_option(two, "aws-eks"), "platform engineering"),
               bench_item_usd(bench_option(clouds, "aws-eks"), "platform engineering"));
}

/* Workers without a GPU are several machines, not several GPUs. */
static void distributed_work_on_cpus_speaks_of_machines(void **state)
{
    (void)state;
    static const char TEXT[] =
        "'answers': {'team': {'platform_engineers': 1}}, 'jobs': [{'kind': 'training', 'vcpu': 4, 'memory_mb': 16384, "
        "'nodes': %d, 'hours_per_run': 10, 'runs_per_month': 4}]";
    const struct decision *sixteen = bench_decidef(b, TEXT, 16), *one = bench_decidef(b, TEXT, 1);
    assert_int_equal(sixteen->recommendation.class, CLASS_KUBERNETES);
    assert_non_null(finding(sixteen, "nodes-several"));
    assert_null(finding(sixteen, "gpu-several"));
    assert_null(finding(one, "nodes-several"));
    assert_true(bench_option(one, "modal")->feasible && !bench_option(sixteen, "modal")->feasible);
}

/* Half an hour is not yet long; what holds more than one GPU is, however short. */
static void training_is_long_beyond_half_an_hour(void **state)
{
    (void)state;
    static const char TEXT[] =
        "'answers': {'team': {'platform_engineers': 1}}, 'jobs': [{'kind': 'training', 'hardware': 'T4', 'count': %d, 'vram_gb': 16, "
        "'memory_mb': 16384, 'hours_per_run': %.17g, 'runs_per_month': 30}]";
    assert_null(finding(bench_decidef(b, TEXT, 1, 0.5), "training-long"));
    const struct finding *f = finding(bench_decidef(b, TEXT, 1, 31 / 60.0), "training-long");
    assert_non_null(f);
    assert_int_equal(f->question, QUESTION_MODELS);
    assert_int_equal(f->toward, CLASS_KUBERNETES);
    assert_non_null(finding(bench_decidef(b, TEXT, 2, 0.25), "training-long"));
}

/* 4 hours of work by 4 hours is possible; 5 hours are not, on any platform, and the deadline is named. */
static void a_run_longer_than_its_deadline_is_infeasible_everywhere(void **state)
{
    (void)state;
    static const char TEXT[] =
        "'answers': {'team': {'platform_engineers': 1}}, 'jobs': [{'kind': 'training', 'hardware': 'A100-80', 'count': 8, 'vram_gb': 80, "
        "'memory_mb': 320000, 'hours_per_run': %d, 'runs_per_month': 2, 'deadline_h': 4}]";
    assert_true(bench_option(bench_decidef(b, TEXT, 4), "aws-eks")->feasible);
    const struct decision *late = bench_decidef(b, TEXT, 5);
    assert_int_equal(late->recommendation.verdict, VERDICT_INFEASIBLE);
    assert_non_null(bench_violation(bench_option(late, "modal"), "deadline_h"));
    assert_non_null(finding(late, "limit-deadline_h"));
}

/* ---- requirements that exclude one another ---- */

static void scaling_to_zero_and_nodes_of_ones_own_exclude_each_other(void **state)
{
    (void)state;
    static const char TEXT[] =
        "'answers': {'traffic': {'requests_per_day': 2000%s}, 'latency': {'p99_ms': 500}, 'team': {'platform_engineers': 1}, "
        "'dependencies': {'custom': '%s'}, 'compliance': {'tenancy': '%s'}}, "
        "'models': [{'duration_ms': 10, 'memory_mb': 1024, 'size_mb': 100}]";
    static const char ZERO[] = ", 'scale_to_zero': true";
    const struct decision *single = bench_decidef(b, TEXT, ZERO, "none", "single"),
                          *kernel = bench_decidef(b, TEXT, ZERO, "kernel", "multi"),
                          *neither = bench_decidef(b, TEXT, ZERO, "container", "multi");
    assert_int_equal(single->recommendation.verdict, VERDICT_INFEASIBLE);
    assert_non_null(finding(single, "tenancy-against-zero"));
    assert_int_equal(kernel->recommendation.verdict, VERDICT_INFEASIBLE);
    assert_non_null(finding(kernel, "kernel-against-zero"));
    assert_int_equal(neither->recommendation.verdict, VERDICT_DECIDED);
    /* Each of them alone is decided: nodes. */
    assert_int_equal(bench_decidef(b, TEXT, "", "none", "single")->recommendation.class,
                     CLASS_KUBERNETES);
    assert_int_equal(bench_decidef(b, TEXT, "", "kernel", "multi")->recommendation.class,
                     CLASS_KUBERNETES);
}

/*
 * One call an hour and Lambda's ten minutes of keep-alive: exp(-600 / 3600) = 85 % of the calls are cold,
 * and nothing may stay warm. At 20 a second the traffic itself keeps instances alive.
 */
static void a_strict_p99_on_what_goes_to_zero_needs_traffic(void **state)
{
    (void)state;
    static const char TEXT[] =
        "'providers': ['aws'], 'answers': {'traffic': {'requests_per_day': %d, 'peak_rps': %.17g, 'scale_to_zero': true}, "
        "'latency': {'p99_ms': 50}, 'team': {'platform_engineers': 1}}, "
        "'models': [{'duration_ms': 10, 'duration_cv': 0.4, 'memory_mb': 1024, 'size_mb': 100}]";
    const struct decision *rare = bench_decidef(b, TEXT, 24, 24 / 86400.0),
                          *busy = bench_decidef(b, TEXT, 1728000, 20.0);
    assert_int_equal(rare->recommendation.verdict, VERDICT_INFEASIBLE);
    assert_true(fabs(bench_option(rare, "aws-lambda")->latency.cold_start_probability -
                     exp(-600.0 / 3600)) < 0.01);
    assert_non_null(finding(rare, "latency-against-zero"));
    const struct option *o = bench_option(busy, "aws-lambda");
    assert_true(o->feasible && o->capacity.instances_kept <= 0);
    assert_int_equal(busy->recommendation.class, CLASS_SERVERLESS);
}

/* ---- rules on their limits ---- */

/* Without a service time no cost is known, and the published crossover speaks: 50 to 100 thousand a day. */
static void the_published_crossover_speaks_only_beyond_its_ends(void **state)
{
    (void)state;

    static const struct {
        int per_day;
        const char *rule;
    } CASES[] = {
        {49999, "volume-low"},
        {50000, "volume-middling"},
        {100000, "volume-middling"},
        {100001, "volume-high"},
    };

    static const char *const RULES[] = {"volume-low", "volume-middling", "volume-high"};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const struct decision *d = bench_decidef(
            b, "'answers': {'traffic': {'requests_per_day': %d}}, 'models': [{'name': 'm'}]",
            CASES[i].per_day);
        for (size_t k = 0; k < sizeof RULES / sizeof *RULES; k++)
            assert_int_equal(finding(d, RULES[k]) != NULL, strcmp(RULES[k], CASES[i].rule) == 0);
    }
    /* With a cost it says nothing. */
    const struct decision *d = bench_decide(
        b,
        "'answers': {'traffic': {'requests_per_day': 1000}}, 'models': [{'duration_ms': 10, 'memory_mb': 512}]");
    for (size_t k = 0; k < sizeof RULES / sizeof *RULES; k++)
        assert_null(finding(d, RULES[k]));
}

/* 500 MB are no longer light, 5 GB still middle, 10 GB on a GPU not yet very heavy. */
static void sizes_on_a_limit_belong_below_it(void **state)
{
    (void)state;

    static const struct {
        int mb;
        const char *rule;
        int tier; /* 0: none */
    } CASES[] = {
        {499, "size-light", 1},  {500, "size-middle", 2},  {5000, "size-middle", 2},
        {5001, "size-heavy", 0}, {10001, "size-heavy", 0},
    };

    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const struct decision *d = bench_decidef(
            b,
            "'answers': {'gpu': {'need': 'none'}, 'traffic': {'requests_per_day': 1000}, 'latency': {'p99_ms': 60000}}, "
            "'models': [{'size_mb': %d, 'memory_mb': 16384, 'duration_ms': 50}]",
            CASES[i].mb);
        assert_non_null(finding(d, CASES[i].rule));
        assert_int_equal(d->tier.tier ? d->tier.tier->number : 0, CASES[i].tier);
    }
    static const char CARD[] =
        "'answers': {'gpu': {'need': 'required', 'vram_gb': 24, 'count': 1}, 'traffic': {'requests_per_day': 1000}, 'latency': {'p99_ms': 60000}}, "
        "'models': [{'size_mb': %d, 'memory_mb': 16384, 'duration_ms': 50, 'hardware': 'L4'}]";
    assert_non_null(finding(bench_decidef(b, CARD, 10000), "size-heavy"));
    assert_non_null(finding(bench_decidef(b, CARD, 10001), "size-very-heavy"));
}

/* All three marks make tier 3: a GPU, more than 5 GB, less than 100 ms. */
static void the_heaviest_tier_needs_all_three_marks(void **state)
{
    (void)state;

    static const struct {
        const char *need;
        int mb, p99, tier;
    } CASES[] = {
        {"'need': 'required', 'vram_gb': 16, 'count': 1", 6000, 99, 3},
        {"'need': 'required', 'vram_gb': 16, 'count': 1", 6000, 100, 0},
        {"'need': 'required', 'vram_gb': 16, 'count': 1", 5000, 99, 0},
        {"'need': 'none'", 6000, 99, 0},
        {"'need': 'none'", 3000, 100, 2},
        {"'need': 'none'", 3000, 99, 0},
        {"'need': 'none'", 400, 50, 1},
    };

    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const struct decision *d = bench_decidef(
            b,
            "'answers': {'gpu': {%s}, 'traffic': {'requests_per_day': 100000}, 'latency': {'p99_ms': %d}}, "
            "'models': [{'size_mb': %d, 'memory_mb': 8192, 'duration_ms': 10, 'hardware': '%s'}]",
            CASES[i].need, CASES[i].p99, CASES[i].mb, i < 3 ? "T4" : "cpu");
        assert_int_equal(d->tier.tier ? d->tier.tier->number : 0, CASES[i].tier);
    }
}

static void a_trial_says_so_among_the_findings_and_leans_to_serverless(void **state)
{
    (void)state;
    static const char TEXT[] =
        "'stage': '%s', 'answers': {'team': {'platform_engineers': 1}}, 'models': [{'duration_ms': 1000, 'memory_mb': 3072, 'size_mb': 1200}]";
    const struct decision *trial = bench_decidef(b, TEXT, "validation"),
                          *production = bench_decidef(b, TEXT, "production");
    const struct finding *f = finding(trial, "stage-validation");
    assert_non_null(f);
    assert_int_equal(f->question, QUESTION_TRAFFIC);
    assert_int_equal(trial->recommendation.verdict, VERDICT_DECIDED);
    assert_int_equal(trial->recommendation.class, CLASS_SERVERLESS);
    assert_null(finding(production, "stage-validation"));
    assert_int_equal(production->recommendation.verdict, VERDICT_UNDECIDABLE);
}

static void residency_is_a_finding_and_a_risk(void **state)
{
    (void)state;
    static const char TEXT[] =
        "'answers': {'traffic': {'requests_per_day': 10000}, 'compliance': {'tenancy': 'multi'%s}}, 'models': [{'duration_ms': 500, 'memory_mb': 1024}]";
    const struct decision *stays = bench_decidef(b, TEXT, ", 'residency': 'us'"),
                          *roams = bench_decidef(b, TEXT, "");
    assert_non_null(finding(stays, "compliance-residency"));
    assert_true(has_mistake(stays, "residency-by-region-alone"));
    assert_null(finding(roams, "compliance-residency"));
    assert_false(has_mistake(roams, "residency-by-region-alone"));
    bool asked = false;
    for (size_t i = 0; i < stays->checklist_count; i++)
        asked = asked || str_is(stays->checklist[i].item->id, "residency-check");
    assert_true(asked);
}

/* The model counts service, queue and start; a gateway's own milliseconds are nobody's figure. */
static void a_limit_below_ten_milliseconds_warns_of_gateways(void **state)
{
    (void)state;
    static const char TEXT[] =
        "'answers': {'traffic': {'requests_per_day': 10000}, 'latency': {'p99_ms': %d}, 'team': {'platform_engineers': 1}}, "
        "'models': [{'duration_ms': 2, 'duration_cv': 0.4, 'memory_mb': 1024, 'size_mb': 100}]";
    const struct decision *nine = bench_decidef(b, TEXT, 9), *ten = bench_decidef(b, TEXT, 10);
    assert_true(nine->recommendation.class == CLASS_SERVERLESS &&
                has_mistake(nine, "gateway-in-the-way"));
    assert_false(has_mistake(ten, "gateway-in-the-way"));
    assert_non_null(finding(nine, "latency-sub-10"));
    assert_non_null(finding(ten, "latency-sub-100"));
}

/* ---- people and clusters ---- */

/* 156,050 dollars a year, 1.2 of on-cost: 0.35 and 0.10 of an engineer, 1 where there is none. */
static void engineers_and_a_cluster_are_priced_as_shares_of_a_salary(void **state)
{
    (void)state;
    static const char TEXT[] =
        "'answers': {'traffic': {'requests_per_day': 1e6}, 'latency': {'p99_ms': 2000}, "
        "'team': {'platform_engineers': %s, 'existing_cluster': %s}}, 'models': [{'duration_ms': 100, 'memory_mb': 1024, 'size_mb': 100}]";

    static const struct {
        const char *engineers, *cluster;
        double fte, control_plane;
    } CASES[] = {
        {"0", "false", 1, 73}, /* 730 h x 0.10 */
        {"1", "false", 0.35, 73},
        {"1", "'aws-eks'", 0.1, 0},
        {"1", "true", 0.1, 0},
        {"1", "'gcp-gke-standard'", 0.35, 73}, /* another provider's cluster helps EKS nothing */
    };

    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const struct option *o = bench_option(
            bench_decidef(b, TEXT, CASES[i].engineers, CASES[i].cluster), "aws-eks");
        assert_usd(money_double(o->operations), CASES[i].fte * 1.2 / 12 * 156050);
        assert_usd(bench_item_usd(o, "control plane"), CASES[i].control_plane);
    }
}

/* A wider choice of providers or of ways to buy never costs more. */
static void more_to_choose_from_never_costs_more(void **state)
{
    (void)state;
    static const char TEXT[] =
        "%s 'answers': {'traffic': {'requests_per_day': %g}, 'latency': {'p99_ms': 3000}, "
        "'team': {'platform_engineers': 2, 'existing_cluster': true}}, 'models': [{'duration_ms': 300, 'memory_mb': 2048, 'size_mb': 100%s}]";

    static const struct {
        const char *narrow, *wide, *narrow_model, *wide_model;
    } PAIRS[] = {
        {"'providers': ['aws'],", "'providers': ['aws', 'gcp'],", "", ""},
        {"'providers': ['azure'],", "", "", ""},
        {"'purchase': ['on-demand'],", "'purchase': ['on-demand', 'spot'],",
         ", 'interruptible': true", ", 'interruptible': true"},
        {"'purchase': ['on-demand'],", "'purchase': ['on-demand', 'reserved-1y'],", "", ""},
        {"", "", ", 'interruptible': false", ", 'interruptible': true"},
    };

    static const double VOLUMES[] = {1e3, 1e6, 3e7};
    for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++) {
        for (size_t k = 0; k < sizeof VOLUMES / sizeof *VOLUMES; k++) {
            const struct decision *narrow = bench_decidef(b, TEXT, PAIRS[i].narrow, VOLUMES[k],
                                                          PAIRS[i].narrow_model),
                                  *wide = bench_decidef(b, TEXT, PAIRS[i].wide, VOLUMES[k],
                                                        PAIRS[i].wide_model);
            assert_true(bench_usd(&wide->options[wide->recommendation.option]) <=
                        bench_usd(&narrow->options[narrow->recommendation.option]) + 0.01);
            bench_rewind(b);
        }
    }
}

/* ---- answers that contradict one another ---- */

static void contradictions_are_errors_and_no_reports(void **state)
{
    (void)state;
    static const char *const REFUSED[] = {
        "'answers': {'traffic': {'requests_per_day': -5}}, 'models': [{'name': 'm'}]",
        "'answers': {'traffic': {'requests_per_day': 100000, 'peak_rps': 1.1}}, 'models': [{'name': 'm'}]", /* mean 1.157 */
        "'answers': {'traffic': {'requests_per_day': 100000, 'min_rps': 1.2}}, 'models': [{'name': 'm'}]",
        "'answers': {'latency': {'p95_ms': 600, 'p99_ms': 500}}, 'models': [{'name': 'm'}]",
        "'answers': {'latency': {'p50_ms': 600, 'p95_ms': 500}}, 'models': [{'name': 'm'}]",
        /* A peak of ten times the mean allows a variation of at most sqrt(9) = 3. */
        "'answers': {'traffic': {'requests_per_day': 86400, 'peak_rps': 10, 'cv': 3.05}}, 'models': [{'name': 'm'}]",
        "'models': [{'size_mb': 3000, 'memory_mb': 2048}]",
        "'answers': {'gpu': {'need': 'none', 'vram_gb': 16}}, 'models': [{'name': 'm'}]",
        "'answers': {'traffic': {'active_hours_per_day': 25}}, 'models': [{'name': 'm'}]",
        "'answers': {'traffic': {'active_hours_per_day': 24, 'idle_share': 0.9}}, 'models': [{'name': 'm'}]",
        "'answers': {'models': {'count': 3}}, 'models': [{'name': 'a'}, {'name': 'b'}]",
    };
    for (size_t i = 0; i < sizeof REFUSED / sizeof *REFUSED; i++)
        if (!is_refused(REFUSED[i]))
            fail_msg("not refused: %s", REFUSED[i]);
    assert_false(is_refused(
        "'answers': {'traffic': {'requests_per_day': 86400, 'peak_rps': 10, 'cv': 3}}, 'models': [{'name': 'm'}]"));
    assert_false(is_refused("'models': [{'size_mb': 2048, 'memory_mb': 2048}]"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(memory_on_a_limit_fits_and_a_megabyte_more_does_not, again),
        cmocka_unit_test_setup(calls_as_long_as_the_limit_end_in_time, again),
        cmocka_unit_test_setup(payloads_exclude_platforms_one_after_another, again),
        cmocka_unit_test_setup(payloads_of_queued_work_are_passed_by_reference, again),
        cmocka_unit_test_setup(runs_as_long_as_the_limit_end_in_time, again),
        cmocka_unit_test_setup(open_connections_end_where_ingress_ends_them, again),
        cmocka_unit_test_setup(fine_tuning_on_several_machines_leaves_kubernetes_alone, again),
        cmocka_unit_test_setup(distributed_work_on_cpus_speaks_of_machines, again),
        cmocka_unit_test_setup(training_is_long_beyond_half_an_hour, again),
        cmocka_unit_test_setup(a_run_longer_than_its_deadline_is_infeasible_everywhere, again),
        cmocka_unit_test_setup(scaling_to_zero_and_nodes_of_ones_own_exclude_each_other, again),
        cmocka_unit_test_setup(a_strict_p99_on_what_goes_to_zero_needs_traffic, again),
        cmocka_unit_test_setup(the_published_crossover_speaks_only_beyond_its_ends, again),
        cmocka_unit_test_setup(sizes_on_a_limit_belong_below_it, again),
        cmocka_unit_test_setup(the_heaviest_tier_needs_all_three_marks, again),
        cmocka_unit_test_setup(a_trial_says_so_among_the_findings_and_leans_to_serverless, again),
        cmocka_unit_test_setup(residency_is_a_finding_and_a_risk, again),
        cmocka_unit_test_setup(a_limit_below_ten_milliseconds_warns_of_gateways, again),
        cmocka_unit_test_setup(engineers_and_a_cluster_are_priced_as_shares_of_a_salary, again),
        cmocka_unit_test_setup(more_to_choose_from_never_costs_more, again),
        cmocka_unit_test_setup(contradictions_are_errors_and_no_reports, again),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
