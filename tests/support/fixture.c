#include "support/fixture.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/strbuf.h"
#include "claims/load.h"
#include "number/unit.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* ---- a small price book ---- */

static const struct sku_row {
    const char *id, *name, *service, *unit, *usd, *from;
    enum price_basis basis;
} SKU_ROWS[] = {
    {"aws-alb-hour", "Application Load Balancer", "Elastic Load Balancing", "hour", "0.0225", "2022-08-01", PRICE_SEEN},
    {"aws-alb-lcu", "Load balancer capacity", "Elastic Load Balancing", "LCU-hour", "0.008", "2022-08-01", PRICE_SEEN},
    {"aws-ebs-gp3", "EBS gp3 volume", "Amazon EBS", "GB-month", "0.08", "2022-08-01", PRICE_SEEN},
    {"aws-ec2-c7i.2xlarge", "EC2 c7i.2xlarge", "Amazon EC2", "instance-hour", "0.357", "2023-09-13", PRICE_EFFECTIVE},
    {"aws-ec2-g5.xlarge", "EC2 g5.xlarge", "Amazon EC2", "instance-hour", "1.006", "2022-08-01", PRICE_SEEN},
    {"aws-eks-cluster", "EKS cluster, standard support", "Amazon EKS", "cluster-hour", "0.1", "2022-08-01", PRICE_SEEN},
    {"aws-fargate-gb", "Fargate memory", "AWS Fargate", "GB-hour", "0.004445", "2022-08-01", PRICE_SEEN},
    {"aws-fargate-vcpu", "Fargate vCPU", "AWS Fargate", "vCPU-hour", "0.04048", "2022-08-01", PRICE_SEEN},
    {"aws-lambda-gb-second", "Lambda duration, x86", "AWS Lambda", "GB-second", "0.0000166667", "2022-08-01", PRICE_SEEN},
    {"aws-lambda-provisioned", "Lambda provisioned concurrency", "AWS Lambda", "GB-second", "0.0000041667", "2022-08-01", PRICE_SEEN},
    {"aws-lambda-provisioned-duration", "Lambda provisioned duration", "AWS Lambda", "GB-second", "0.0000097222", "2022-08-01", PRICE_SEEN},
    {"aws-lambda-request", "Lambda requests", "AWS Lambda", "request", "0.0000002", "2022-08-01", PRICE_SEEN},
    {"aws-logs-gb", "CloudWatch Logs", "Amazon CloudWatch", "GB", "0.5", "2022-08-01", PRICE_SEEN},
    {"aws-sagemaker-ml.c5.2xlarge", "SageMaker ml.c5.2xlarge", "Amazon SageMaker", "instance-hour", "0.408", "2025-03-01", PRICE_EFFECTIVE},
    {"people-platform-engineer", "Platform engineer, a year", "People", "FTE-year", "150000", "2025-05-01", PRICE_EFFECTIVE},
};
#define SKU_COUNT (sizeof SKU_ROWS / sizeof SKU_ROWS[0])

static struct decimal exact(const char *text)
{
    struct decimal d;
    bool ok = decimal_parse(str_of(text), &d);
    assert(ok);
    return d;
}

static struct date day(const char *text)
{
    struct date d;
    bool ok = date_parse(str_of(text), &d);
    assert(ok);
    return d;
}

static struct book *make_book(struct arena *a)
{
    struct book *b = arena_new(a, struct book, 1);
    b->edition = day("2025-07-01");
    struct provider *providers = arena_new(a, struct provider, 2);
    providers[0] = (struct provider){STR("aws"), STR("Amazon Web Services")};
    providers[1] = (struct provider){STR("people"), STR("People")};
    b->providers = providers;
    b->provider_count = 2;
    struct geography *geography = arena_new(a, struct geography, 1);
    struct str *regions = arena_new(a, struct str, 2);
    regions[0] = STR("us-east-1");
    regions[1] = STR("us-east");
    *geography = (struct geography){.id = STR("us-east"), .name = STR("US east"), .region = regions};
    b->geographies = geography;
    b->geography_count = 1;
    struct sku *skus = arena_new(a, struct sku, SKU_COUNT);
    for (size_t i = 0; i < SKU_COUNT; i++) {
        const struct sku_row *row = &SKU_ROWS[i];
        bool is_person = strcmp(row->service, "People") == 0;
        /* The machine was dearer once: history to draw. */
        bool has_past = strcmp(row->id, "aws-sagemaker-ml.c5.2xlarge") == 0;
        struct price *prices = arena_new(a, struct price, 2);
        size_t n = 0;
        if (has_past)
            prices[n++] = (struct price){.region = STR("us-east-1"), .from = day("2022-08-01"), .until = DATE_NONE,
                                         .usd = exact("0.476"), .basis = PRICE_EFFECTIVE,
                                         .source = STR("https://aws.amazon.com/sagemaker/pricing/")};
        prices[n++] = (struct price){.region = is_person ? STR("us-east") : STR("us-east-1"),
                                     .from = day(row->from), .until = DATE_NONE, .basis = row->basis,
                                     .usd = exact(row->usd), .confidence = CONFIDENCE_OFFICIAL,
                                     .source = STR("https://aws.amazon.com/pricing/")};
        skus[i] = (struct sku){.id = str_of(row->id), .name = str_of(row->name),
                               .provider = is_person ? STR("people") : STR("aws"),
                               .service = str_of(row->service), .category = STR("Compute"),
                               .subcategory = STR("Virtual Machines"), .unit = unit_find(str_of(row->unit)),
                               .prices = prices, .price_count = n};
        assert(skus[i].unit != NULL);
    }
    b->skus = skus;
    b->sku_count = SKU_COUNT;
    return b;
}

/* ---- a small policy ---- */

static struct policy *make_policy(struct arena *a)
{
    struct policy *p = arena_new(a, struct policy, 1);
    for (int i = 0; i < PARAMETER_ID_COUNT; i++)
        p->parameter[i] = (struct parameter){.value = {1, 1, 1}, .unit = STR("ratio"), .why = STR("For the test."),
                                             .source = STR("policy")};
    p->parameter[PARAMETER_HIGH_CONFIDENCE].value = (struct spread){0.9, 0.9, 0.9};
    p->parameter[PARAMETER_DECIDED_SHARE].value = (struct spread){0.7, 0.7, 0.7};
    p->parameter[PARAMETER_TARGET_UTILISATION].value = (struct spread){0.5, 0.6, 0.75};
    p->parameter[PARAMETER_TARGET_UTILISATION].unit = STR("share");
    static const struct {
        const char *id;
        enum question question;
        enum strength strength;
        enum platform_class toward;
        const char *text;
    } RULES[] = {
        {"traffic-predictable", QUESTION_TRAFFIC, STRENGTH_WEAK, CLASS_KUBERNETES, "Predictable, with a peak over 50 requests a second."},
        {"team-small", QUESTION_TEAM, STRENGTH_STRONG, CLASS_SERVERLESS, "Under one platform engineer."},
        {"models-shared", QUESTION_MODELS, STRENGTH_WEAK, CLASS_KUBERNETES, "Several models share nodes."},
        {"latency-300", QUESTION_LATENCY, STRENGTH_NEUTRAL, CLASS_NONE, "300 ms or more leans nowhere."},
    };
    struct rule *rules = arena_new(a, struct rule, 4);
    struct str *source = arena_new(a, struct str, 2);
    source[0] = STR("s2-49");
    source[1] = STR("https://example.org/notes");
    struct threshold *threshold = arena_new(a, struct threshold, 1);
    *threshold = (struct threshold){.name = STR("strict_p99_ms"), .value = 100, .unit = STR("ms"),
                                    .text = STR("A strict latency target."), .source = STR("s2-49")};
    struct condition *condition = arena_new(a, struct condition, 1);
    *condition = (struct condition){.text = STR("latency.p99_ms < strict_p99_ms"), .fact = STR("latency.p99_ms"),
                                    .op = OPERATOR_LT, .number = 100, .threshold = threshold};
    struct alternative *alternative = arena_new(a, struct alternative, 1);
    *alternative = (struct alternative){condition, 1};
    for (size_t i = 0; i < 4; i++)
        rules[i] = (struct rule){.id = str_of(RULES[i].id), .question = RULES[i].question, .group = str_of(RULES[i].id),
                                 .when = {alternative, 1}, .strength = RULES[i].strength, .toward = RULES[i].toward,
                                 .text = str_of(RULES[i].text), .sources = source, .source_count = 2};
    p->rules = rules;
    p->rule_count = 4;
    p->thresholds = threshold;
    p->threshold_count = 1;
    struct tier *tiers = arena_new(a, struct tier, 3);
    tiers[0] = (struct tier){3, STR("Heavy"), STR("Start from Kubernetes."), {alternative, 1}, source, 1};
    tiers[1] = (struct tier){2, STR("Middle"), STR("Evaluate both."), {alternative, 1}, source, 1};
    tiers[2] = (struct tier){1, STR("Light"), STR("Start from serverless."), {NULL, 0}, source, 1};
    p->tiers = tiers;
    p->tier_count = 3;
    struct phase *phases = arena_new(a, struct phase, 2);
    phases[0] = (struct phase){STR("prepare"), STR("Prepare")};
    phases[1] = (struct phase){STR("cut-over"), STR("Shadow and cut over")};
    p->phases = phases;
    p->phase_count = 2;
    struct checklist_item *items = arena_new(a, struct checklist_item, 4);
    items[0] = (struct checklist_item){STR("record-baseline"), STR("prepare"), STR("Record 14 days of cost, p50 and p99"), {0}, {NULL, 0}};
    items[1] = (struct checklist_item){STR("provision-quota"), STR("prepare"), STR("Raise the quota of nodes"), STR("https://docs.aws.amazon.com/servicequotas/"), {NULL, 0}};
    items[2] = (struct checklist_item){STR("mirror"), STR("cut-over"), STR("Mirror 5%, then all of the traffic"), {0}, {NULL, 0}};
    items[3] = (struct checklist_item){STR("keep-warm"), STR("cut-over"), STR("Keep the old platform warm for 14 days"), {0}, {NULL, 0}};
    p->checklist = items;
    p->checklist_count = 4;
    struct mistake *mistakes = arena_new(a, struct mistake, 1);
    mistakes[0] = (struct mistake){STR("utilisation-drift"), {NULL, 0}, STR("Utilisation drifts down."), STR("Node CPU, 30-day mean"), STR("under 58%"), source, 1};
    p->mistakes = mistakes;
    p->mistake_count = 1;
    struct scenario *scenarios = arena_new(a, struct scenario, 2);
    struct scenario_change *change = arena_new(a, struct scenario_change, 1);
    *change = (struct scenario_change){STR("answers.traffic.requests_per_day"), true, 10};
    scenarios[0] = (struct scenario){STR("launch-spike"), STR("Launch spike"), STR("Ten times the traffic."), change, 1};
    scenarios[1] = (struct scenario){STR("growth-stalls"), STR("Growth stalls"), STR("A third of the traffic."), change, 1};
    p->scenarios = scenarios;
    p->scenario_count = 2;
    struct folklore *folklore = arena_new(a, struct folklore, 1);
    *folklore = (struct folklore){STR("volume-50k-100k"), STR("s4-16"), STR("Kubernetes pays from 50,000 to 100,000 requests a day"),
                                  STR("answers.traffic.requests_per_day"), 50000, 100000, STR("request/day")};
    p->folklore = folklore;
    p->folklore_count = 1;
    struct assumption *assumption = arena_new(a, struct assumption, 1);
    *assumption = (struct assumption){.path = STR("models[].duration_cv"), .value = {0.4, 0.8, 1.5}, .why = STR("Inference varies."), .source = STR("s2-49")};
    p->assumptions = assumption;
    p->assumption_count = 1;
    p->sha256 = STR("7d865e959b2466918c9863afca942d0fb89d7c9ac0c99bafc3749504ded97730");
    p->engineer_sku = STR("people-platform-engineer");
    return p;
}

/* ---- options ---- */

struct line_row {
    const char *item, *quantity, *sku, *how;
};

static const struct sku *sku_of(const struct book *b, const char *id)
{
    for (size_t i = 0; i < b->sku_count; i++)
        if (str_is(b->skus[i].id, id))
            return &b->skus[i];
    assert(!"a SKU of the fixture");
    return NULL;
}

static void add_lines(struct option *o, const struct line_row *rows, const struct book *b, struct arena *a)
{
    size_t count = 0;
    while (rows[count].item)
        count++;
    struct line *lines = arena_new(a, struct line, count);
    for (size_t i = 0; i < count; i++) {
        const struct sku *sku = sku_of(b, rows[i].sku);
        const struct price *price = &sku->prices[sku->price_count - 1];
        struct line *l = &lines[i];
        l->item = str_of(rows[i].item);
        l->quantity = exact(rows[i].quantity);
        l->unit = sku->unit;
        l->unit_usd = price->usd;
        l->sku = sku;
        l->price = price;
        l->region = price->region;
        l->how = str_of(rows[i].how);
        l->is_operations = str_is(sku->service, "People");
        bool ok = money_charge(l->quantity, l->unit_usd, &l->usd);
        assert(ok);
        ok = money_add(&o->monthly, l->usd) && money_add(l->is_operations ? &o->operations : &o->infrastructure, l->usd);
        assert(ok);
    }
    o->lines = lines;
    o->line_count = count;
    o->costed = true;
    o->without_allowances = o->monthly;
}

static const struct line_row EKS_LINES[] = {
    {"nodes c7i.2xlarge", "15894.9972", "aws-ec2-c7i.2xlarge", "21.8 nodes x 730 h"},
    {"node disks", "1088.6984", "aws-ebs-gp3", "21.8 nodes x 50 GB"},
    {"control plane", "730", "aws-eks-cluster", "one cluster x 730 h"},
    {"load balancer", "730", "aws-alb-hour", ""},
    {"balancer capacity", "5475", "aws-alb-lcu", "7.5 units x 730 h"},
    {"logs and metrics", "273.75", "aws-logs-gb", "912.5 M requests x 0.3 kB"},
    {"platform engineering", "0.008333", "people-platform-engineer", "0.10 FTE / 12 months"},
    {NULL, NULL, NULL, NULL}};
static const struct line_row LAMBDA_PC_LINES[] = {
    {"provisioned concurrency", "730000000", "aws-lambda-provisioned", "69.4 instances x 4 GB x 2,628,000 s"},
    {"duration", "511000000", "aws-lambda-provisioned-duration", "912.5 M requests x 0.14 s x 4 GB"},
    {"requests", "912500000", "aws-lambda-request", ""},
    {"load balancer", "730", "aws-alb-hour", ""},
    {"balancer capacity", "5475", "aws-alb-lcu", ""},
    {"logs and metrics", "273.75", "aws-logs-gb", ""},
    {"platform engineering", "0.0025", "people-platform-engineer", "0.03 FTE / 12 months"},
    {NULL, NULL, NULL, NULL}};
static const struct line_row HYBRID_LINES[] = {
    {"nodes c7i.2xlarge", "7174.8251", "aws-ec2-c7i.2xlarge", "base load"},
    {"control plane", "730", "aws-eks-cluster", ""},
    {"duration", "255500000", "aws-lambda-gb-second", "burst"},
    {"requests", "456250000", "aws-lambda-request", ""},
    {"platform engineering", "0.011667", "people-platform-engineer", ""},
    {NULL, NULL, NULL, NULL}};
static const struct line_row FARGATE_LINES[] = {
    {"task vCPU", "172822", "aws-fargate-vcpu", ""},
    {"task memory", "345644", "aws-fargate-gb", ""},
    {"load balancer", "730", "aws-alb-hour", ""},
    {"platform engineering", "0.003333", "people-platform-engineer", ""},
    {NULL, NULL, NULL, NULL}};
static const struct line_row LAMBDA_LINES[] = {
    {"duration", "511000000", "aws-lambda-gb-second", ""},
    {"requests", "912500000", "aws-lambda-request", ""},
    {"platform engineering", "0.0025", "people-platform-engineer", ""},
    {NULL, NULL, NULL, NULL}};
static const struct line_row SAGEMAKER_LINES[] = {
    {"endpoint instances", "21603", "aws-sagemaker-ml.c5.2xlarge", ""},
    {"logs and metrics", "273.75", "aws-logs-gb", ""},
    {"platform engineering", "0.004167", "people-platform-engineer", ""},
    {NULL, NULL, NULL, NULL}};
static const struct line_row GPU_LINES[] = {
    {"nodes g5.xlarge", "26492", "aws-ec2-g5.xlarge", ""},
    {"control plane", "730", "aws-eks-cluster", ""},
    {"platform engineering", "0.011667", "people-platform-engineer", ""},
    {NULL, NULL, NULL, NULL}};
static const struct line_row SPOT_LINES[] = {
    {"nodes c7i.2xlarge, spot", "8154.4", "aws-ec2-c7i.2xlarge", "as if on demand"},
    {"platform engineering", "0.008333", "people-platform-engineer", ""},
    {NULL, NULL, NULL, NULL}};

static const struct option_row {
    const char *id, *name, *platform, *provider;
    enum platform_class class;
    enum purchase purchase;
    bool feasible, eligible;
    const struct line_row *lines;
    double low, high; /* multiples of the monthly cost at P10, P90 */
    double share, p50, p99, cold_ms, cold;
    const char *limit, *violation;
} OPTION_ROWS[] = {
    {"aws-eks:c7i.2xlarge:on-demand", "Amazon EKS, c7i.2xlarge nodes", "aws-eks", "aws", CLASS_KUBERNETES, PURCHASE_ON_DEMAND, true, true, EKS_LINES, 0.82, 1.28, 0.92, 92, 190, 6000, 0.00004, NULL, NULL},
    {"aws-lambda-provisioned", "AWS Lambda, provisioned concurrency", "aws-lambda-provisioned", "aws", CLASS_SERVERLESS, PURCHASE_ON_DEMAND, true, true, LAMBDA_PC_LINES, 0.8, 1.26, 0.06, 148, 262, 2400, 0.0002, NULL, NULL},
    {"split:aws-eks+aws-lambda", "EKS base and Lambda burst, half of the requests each", NULL, "aws", CLASS_HYBRID, PURCHASE_ON_DEMAND, true, true, HYBRID_LINES, 0.84, 1.23, 0.01, 112, 271, 2400, 0.0003, NULL, NULL},
    {"aws-fargate", "AWS Fargate, 2 vCPU tasks", "aws-fargate", "aws", CLASS_SERVERLESS, PURCHASE_ON_DEMAND, true, true, FARGATE_LINES, 0.79, 1.3, 0, 108, 236, 38000, 0, NULL, NULL},
    {"aws-lambda", "AWS Lambda, on demand", "aws-lambda", "aws", CLASS_SERVERLESS, PURCHASE_ON_DEMAND, true, true, LAMBDA_LINES, 0.79, 1.3, 0.01, 148, 274, 2400, 0.0006, NULL, NULL},
    {"aws-sagemaker-realtime:ml.c5.2xlarge:on-demand", "SageMaker real-time, ml.c5.2xlarge", "aws-sagemaker-realtime", "aws", CLASS_MANAGED, PURCHASE_ON_DEMAND, true, true, SAGEMAKER_LINES, 0.78, 1.33, 0, 104, 224, 360000, 0, NULL, NULL},
    {"aws-eks:g5.xlarge:on-demand", "Amazon EKS, g5.xlarge GPU nodes", "aws-eks", "aws", CLASS_KUBERNETES, PURCHASE_ON_DEMAND, true, true, GPU_LINES, 0.8, 1.32, 0, 71, 146, 9000, 0, NULL, NULL},
    {"aws-eks:c7i.2xlarge:spot", "Amazon EKS, c7i.2xlarge spot nodes", "aws-eks", "aws", CLASS_KUBERNETES, PURCHASE_SPOT, true, false, SPOT_LINES, 0.7, 1.5, 0, 92, 210, 6000, 0, NULL, NULL},
    {"aws-sagemaker-serverless", "SageMaker Serverless, 4 GB", "aws-sagemaker-serverless", "aws", CLASS_SERVERLESS, PURCHASE_ON_DEMAND, false, false, LAMBDA_LINES, 0, 0, 0, 151, 6200, 6000, 0.011, "p99_ms", "the predicted p99 is 6,200 ms because 1.1% of requests start cold; 300 ms are allowed"},
    {"azure-aks:F8s_v2:on-demand", "Azure AKS, F8s v2 nodes", "azure-aks", "azure", CLASS_KUBERNETES, PURCHASE_ON_DEMAND, false, false, EKS_LINES, 0, 0, 0, 92, 190, 6000, 0, "provider", "runs in Azure, which is not among the providers"},
    {"gcp-cloud-run", "Google Cloud Run, minimum instances", "gcp-cloud-run", "gcp", CLASS_SERVERLESS, PURCHASE_ON_DEMAND, false, false, NULL, 0, 0, 0, ((double)NAN), ((double)NAN), ((double)NAN), ((double)NAN), "provider", "runs in Google Cloud, which is not among the providers"},
    {"gcp-gke-standard:c3-highcpu-8:on-demand", "Google GKE Standard, c3-highcpu-8 nodes", "gcp-gke-standard", "gcp", CLASS_KUBERNETES, PURCHASE_ON_DEMAND, false, false, NULL, 0, 0, 0, ((double)NAN), ((double)NAN), ((double)NAN), ((double)NAN), "provider", "runs in Google Cloud, which is not among the providers"},
    {"runpod-serverless", "RunPod Serverless, L4 flex workers", "runpod-serverless", "runpod", CLASS_SERVERLESS, PURCHASE_ON_DEMAND, false, false, NULL, 0, 0, 0, ((double)NAN), ((double)NAN), ((double)NAN), ((double)NAN), "regimes", "PCI DSS is not attested"},
};
#define OPTION_COUNT (sizeof OPTION_ROWS / sizeof OPTION_ROWS[0])

static struct option *make_options(const struct book *b, bool all_infeasible, struct arena *a)
{
    struct option *options = arena_new(a, struct option, OPTION_COUNT);
    for (size_t i = 0; i < OPTION_COUNT; i++) {
        const struct option_row *row = &OPTION_ROWS[i];
        struct option *o = &options[i];
        o->id = str_of(row->id);
        o->name = str_of(row->name);
        o->provider = str_of(row->provider);
        o->class = row->class;
        o->purchase = row->purchase;
        o->feasible = row->feasible && !all_infeasible;
        o->eligible = row->eligible && !all_infeasible;
        if (row->platform) {
            struct platform *p = arena_new(a, struct platform, 1);
            p->id = str_of(row->platform);
            p->name = o->name;
            p->class = row->class;
            o->platform = p;
        }
        if (row->lines)
            add_lines(o, row->lines, b, a);
        double usd = money_double(o->monthly);
        o->p10_usd = o->feasible ? usd * row->low : (double)((double)NAN);
        o->p50_usd = o->feasible ? usd : (double)((double)NAN);
        o->p90_usd = o->feasible ? usd * row->high : (double)((double)NAN);
        o->expected_usd = o->p50_usd;
        o->cheapest_share = row->share;
        o->feasible_share = 1;
        o->expected_regret_usd = 12;
        o->max_regret_usd = 900;
        o->per_million_usd = usd / 912.5;
        o->fixed_usd = row->class == CLASS_KUBERNETES ? 1340 : 391;
        o->capacity = (struct capacity){.replicas = row->class == CLASS_KUBERNETES ? 176 : (double)((double)NAN),
                                        .nodes = row->class == CLASS_KUBERNETES ? 57 : (double)((double)NAN),
                                        .mean_replicas = ((double)NAN), .mean_nodes = 21.8, .utilisation = 0.65,
                                        .instances_kept = ((double)NAN)};
        o->latency = (struct latency){.p50_ms = row->p50, .p95_ms = (row->p50 + row->p99) / 2, .p99_ms = row->p99,
                                      .service_p99_ms = row->p99, .queue_p99_ms = 0, .cold_start_ms = row->cold_ms,
                                      .cold_start_probability = row->cold, .method = STR("Erlang C")};
        if (!o->feasible) {
            struct violation *v = arena_new(a, struct violation, 1);
            *v = (struct violation){.limit = row->limit ? str_of(row->limit) : STR("p99_ms"), .allowed = 300, .needed = row->p99,
                                    .text = row->violation ? str_of(row->violation) : STR("the service itself takes longer than the limit")};
            o->violations = v;
            o->violation_count = 1;
        }
        if (row->class == CLASS_HYBRID) {
            struct placement *p = arena_new(a, struct placement, 2);
            p[0] = (struct placement){.part = STR("base"), .platform = options[0].platform, .machine = STR("c7i.2xlarge"), .usd = {2561000000}};
            p[1] = (struct placement){.part = STR("burst"), .platform = options[1].platform, .usd = {4258000000}};
            o->placements = p;
            o->placement_count = 2;
        }
    }
    return options;
}

/* ---- the decision ---- */

#define POINTS ((size_t)25)

/* Cost as a fixed part and a part a million requests a day; crude, and enough to draw. */
static double cost_by_volume(size_t option, double millions)
{
    switch (option) {
    case 0: return fmax(2140, 1340 + 198 * millions);
    case 1: return 391 + 279 * millions;
    case 2: return 2640 + 211 * millions;
    case 4: return 300 + 298 * millions;
    default: return fmax(1220, 500 + 302 * millions);
    }
}

static struct volume_chart make_volume(struct arena *a)
{
    static const int CURVES[] = {0, 1, 2, 5};
    double *volumes = arena_new(a, double, POINTS);
    int *cheapest = arena_new(a, int, POINTS);
    struct volume_curve *curves = arena_new(a, struct volume_curve, 4);
    for (size_t k = 0; k < 4; k++) {
        double *usd = arena_new(a, double, POINTS);
        for (size_t i = 0; i < POINTS; i++)
            usd[i] = cost_by_volume((size_t)CURVES[k], 0.1 * pow(10, (double)i / 8));
        curves[k] = (struct volume_curve){CURVES[k], usd};
    }
    for (size_t i = 0; i < POINTS; i++) {
        volumes[i] = 1e5 * pow(10, (double)i / 8);
        double m = volumes[i] / 1e6;
        cheapest[i] = cost_by_volume(4, m) < cost_by_volume(1, m) ? 4 : cost_by_volume(1, m) < cost_by_volume(0, m) ? 1 : 0;
    }
    return (struct volume_chart){volumes, POINTS, 30e6, 24e6, 37e6, curves, 4, cheapest};
}

static const struct sensitivity SENSITIVITY[] = {
    {{"prices.serverless", 17}, {"serverless prices", 17}, {"", 0}, 1, 0.9, 1.1, 7282, 7282, 0.09, 0.32, 0.82, -0.18, 1, false, true, CLASS_SERVERLESS, {NULL, 0}, {NULL, 0}, (double)NAN, (double)NAN, false},
    {{"answers.traffic.requests_per_day", 32}, {"requests per day", 16}, {"request/day", 11}, 30e6, 24e6, 37e6, 6100, 8670, 0.166, 0.239, 11.7e6, -0.61, 1, false, false, CLASS_SERVERLESS, {NULL, 0}, {NULL, 0}, (double)NAN, (double)NAN, false},
    {{"models[0].duration_ms", 21}, {"service time", 12}, {"ms", 2}, 140, 128, 153, 6700, 7900, 0.11, 0.28, 114, -0.186, 1, false, false, CLASS_SERVERLESS, {NULL, 0}, {NULL, 0}, (double)NAN, (double)NAN, false},
    {{"utilisation", 11}, {"node utilisation", 16}, {"share", 5}, 0.65, 0.57, 0.73, 8000, 6700, 0.096, 0.3, 0.52, -0.2, 1, false, false, CLASS_SERVERLESS, {NULL, 0}, {NULL, 0}, (double)NAN, (double)NAN, false},
    {{"prices.kubernetes", 17}, {"Kubernetes prices", 17}, {"", 0}, 1, 0.9, 1.1, 6715, 7850, 0.3, 0.12, 1.26, 0.26, 1, false, true, CLASS_SERVERLESS, {NULL, 0}, {NULL, 0}, (double)NAN, (double)NAN, false},
    {{"people.kubernetes", 17}, {"Kubernetes operations", 21}, {"FTE", 3}, 0.1, 0.05, 0.3, 6900, 8500, 0.25, -0.02, 0.22, 1.2, 1, true, false, CLASS_SERVERLESS, {NULL, 0}, {NULL, 0}, (double)NAN, (double)NAN, false},
    {{"answers.latency.p99_ms", 22}, {"p99 tolerance", 13}, {"ms", 2}, 300, 250, 400, 7282, 7282, 0.2, 0.2, ((double)NAN), ((double)NAN), -1, false, false, CLASS_NONE, {NULL, 0}, {NULL, 0}, (double)NAN, (double)NAN, false},
};

static struct questionnaire *make_questionnaire(struct arena *a)
{
    struct questionnaire *q = arena_new(a, struct questionnaire, 1);
    q->slug = STR("fraud-scoring");
    q->title = STR("Fraud scoring API");
    q->owner = STR("Payments Risk");
    q->status = STATUS_ACCEPTED;
    q->date = day("2025-06-30");
    q->review_by = day("2025-12-31");
    q->supersedes = (struct answer_text){.text = STR("fraud-scoring-2024"), .given = true};
    q->geography = (struct answer_text){.text = STR("us-east"), .given = true};
    q->current_platform = (struct answer_text){.text = STR("aws-lambda"), .given = true};
    q->latency.p99_ms = (struct answer){300, 300, 300, true, false, {{0}, {0}, 0, 0}};
    q->traffic.requests_per_day = (struct answer){24e6, 30e6, 37e6, true, true, {{0}, {0}, 0, 0}};
    q->traffic.peak_rps = (struct answer){903, 903, 903, true, false, {{0}, {0}, 0, 0}};
    q->traffic.cv = (struct answer){0.6, 0.6, 0.6, true, false, {{0}, {0}, 0, 0}};
    q->traffic.basis = BASIS_MEASURED;
    q->gpu.need = GPU_NONE;
    q->custom = CUSTOM_CONTAINER;
    q->platform_engineers = (struct answer){0, 0, 0, true, false, {{0}, {0}, 0, 0}};
    q->existing_cluster = TRI_YES;
    q->model_count = (struct answer){3, 3, 3, true, false, {{0}, {0}, 0, 0}};
    q->share_hardware = TRI_YES;
    q->tenancy = TENANCY_MULTI;
    struct str *regimes = arena_new(a, struct str, 1);
    regimes[0] = STR("pci-dss");
    q->regimes = regimes;
    q->regime_count = 1;
    q->models = arena_new(a, struct model_answers, 1);
    q->models[0].name = STR("gbm-v7");
    q->models[0].duration_ms = (struct answer){140, 140, 140, true, false, {{0}, {0}, 0, 0}};
    q->models[0].memory_mb = (struct answer){4096, 4096, 4096, true, false, {{0}, {0}, 0, 0}};
    q->models[0].hardware = (struct answer_text){.text = STR("cpu"), .given = true};
    q->models_given = 1;
    q->revisit_if = arena_new(a, struct tripwire, 2);
    q->revisit_if[0] = (struct tripwire){.text = STR("answers.traffic.requests_per_day < 12e6"), .path = STR("answers.traffic.requests_per_day"), .op = COMPARE_LT, .number = 12e6};
    q->revisit_if[1] = (struct tripwire){.text = STR("recommendation.margin < 0.25"), .path = STR("recommendation.margin"), .op = COMPARE_LT, .number = 0.25};
    q->revisit_count = 2;
    return q;
}

static struct decision *make_decision(enum fixture_kind kind, const struct book *b, const struct policy *p,
                                      struct arena *a)
{
    struct decision *d = arena_new(a, struct decision, 1);
    d->slug = STR("fraud-scoring");
    d->title = STR("Fraud scoring API");
    d->as_of = day("2025-07-01");
    d->geography = STR("us-east");
    d->draws = 1024;
    struct str *reasons = arena_new(a, struct str, 2);
    reasons[0] = STR("1.2 GB bundle");
    reasons[1] = STR("no GPU");
    d->tier = (struct tier_result){.tier = &p->tiers[1], .reasons = reasons, .reason_count = 2};
    struct option *options = make_options(b, kind == FIXTURE_INFEASIBLE, a);
    d->options = options;
    d->option_count = kind == FIXTURE_UNDECIDABLE ? 0 : OPTION_COUNT;
    struct recommendation *r = &d->recommendation;
    bool is_costed = kind == FIXTURE_DECIDED || kind == FIXTURE_TOO_CLOSE;
    r->option = is_costed ? 0 : -1;
    r->runner_up = is_costed ? 1 : -1;
    r->next_best = is_costed ? 1 : -1;
    r->class = is_costed ? CLASS_KUBERNETES : CLASS_NONE;
    r->leaning = kind == FIXTURE_DECIDED || kind == FIXTURE_INFEASIBLE ? CLASS_NONE : CLASS_KUBERNETES;
    r->class_confidence = ((double)NAN);
    r->margin = ((double)NAN);
    r->p10_usd = r->p50_usd = r->p90_usd = r->expected_usd = ((double)NAN);
    d->kubernetes.option = is_costed ? 0 : -1;
    d->serverless.option = is_costed ? 1 : -1;
    d->head_to_head_winner = CLASS_NONE;
    d->head_to_head_ratio = ((double)NAN);
    switch (kind) {
    case FIXTURE_DECIDED: r->verdict = VERDICT_DECIDED; r->stability = STABILITY_SENSITIVE; r->class_confidence = 0.93; break;
    case FIXTURE_TOO_CLOSE: r->verdict = VERDICT_TOO_CLOSE; r->stability = STABILITY_TOO_CLOSE; r->class_confidence = 0.58; break;
    case FIXTURE_INFEASIBLE:
        r->verdict = VERDICT_INFEASIBLE;
        r->stability = STABILITY_NONE;
        r->relax = STR("a p99 of 360 ms instead of 300 ms would let AWS Lambda in, at $8,760 a month");
        break;
    case FIXTURE_UNDECIDABLE: {
        r->verdict = VERDICT_UNDECIDABLE;
        r->stability = STABILITY_NONE;
        struct str *missing = arena_new(a, struct str, 2);
        missing[0] = STR("answers.traffic.requests_per_day");
        missing[1] = STR("models[0].duration_ms");
        r->missing = missing;
        r->missing_count = 2;
        r->sentence = STR("without a volume and a duration no cost can be computed, and the leans are balanced.");
        break;
    }
    case FIXTURE_KINDS: break;
    }
    if (!is_costed)
        return d;
    r->margin = money_double(options[1].monthly) / money_double(options[0].monthly) - 1;
    r->p10_usd = options[0].p10_usd;
    r->p50_usd = options[0].p50_usd;
    r->p90_usd = options[0].p90_usd;
    r->expected_usd = options[0].expected_usd;
    struct reason *why = arena_new(a, struct reason, 2);
    struct str *words = arena_new(a, struct str, 1);
    words[0] = STR("traffic");
    why[0] = (struct reason){STR("Traffic is steady, so nodes can run at 65% utilisation; at that load an hour of CPU work costs $0.075 on c7i nodes."), words, 1};
    why[1] = (struct reason){STR("Fixed costs of $1,340 a month are repaid above 11.7 million requests a day."), NULL, 0};
    r->reasons = why;
    r->reason_count = 2;
    d->head_to_head_winner = CLASS_KUBERNETES;
    d->head_to_head_ratio = r->margin + 1;
    struct finding *findings = arena_new(a, struct finding, 4);
    for (size_t i = 0; i < 4; i++)
        findings[i] = (struct finding){.question = p->rules[i].question, .answer = STR("as answered"), .strength = p->rules[i].strength,
                                       .toward = p->rules[i].toward, .rule = &p->rules[i], .rule_id = p->rules[i].id,
                                       .text = p->rules[i].text, .source = STR("s2-49")};
    d->findings = findings;
    d->finding_count = 4;
    struct crossover *crossovers = arena_new(a, struct crossover, 1);
    crossovers[0] = (struct crossover){.variable = STR("answers.traffic.requests_per_day"), .from = 1, .to = 0,
                                       .from_id = d->options[1].id, .to_id = d->options[0].id,
                                       .from_name = d->options[1].name, .to_name = d->options[0].name, .at = 11.7e6, .peak_rps = (double)NAN, .min_rps = (double)NAN};
    d->crossovers = crossovers;
    d->crossover_count = 1;
    d->sensitivity = SENSITIVITY;
    d->sensitivity_count = sizeof SENSITIVITY / sizeof SENSITIVITY[0];
    struct scenario_result *scenarios = arena_new(a, struct scenario_result, 2);
    scenarios[0] = (struct scenario_result){&p->scenarios[0], 0, 61000, 61000, 0};
    scenarios[1] = (struct scenario_result){&p->scenarios[1], 1, 3320, 3180, 140};
    d->scenarios = scenarios;
    d->scenario_count = 2;
    struct information_value *information = arena_new(a, struct information_value, 2);
    information[0] = (struct information_value){STR("people.kubernetes"), STR("Kubernetes operations"), 62};
    information[1] = (struct information_value){STR("utilisation"), STR("node utilisation"), 18};
    d->information = information;
    d->information_count = 2;
    struct mistake_result *mistakes = arena_new(a, struct mistake_result, 1);
    mistakes[0] = (struct mistake_result){&p->mistakes[0], p->mistakes[0].text, p->mistakes[0].watch, p->mistakes[0].act};
    d->mistakes = mistakes;
    d->mistake_count = 1;
    struct checklist_entry *checklist = arena_new(a, struct checklist_entry, 4);
    for (size_t i = 0; i < 4; i++)
        checklist[i] = (struct checklist_entry){&p->checklist[i], p->checklist[i].text};
    d->checklist = checklist;
    d->checklist_count = 4;
    struct assumption_result *assumptions = arena_new(a, struct assumption_result, 2);
    assumptions[0] = (struct assumption_result){STR("models[0].duration_cv"), STR("variation of the service time"), STR("ratio"), 0.8, 0.4, 1.5, {0}, STR("Inference varies."), STR("s2-49"), true, false};
    assumptions[1] = (struct assumption_result){STR("answers.traffic.requests_per_day"), STR("requests per day"), STR("request/day"), 30e6, 24e6, 37e6, {0}, STR("Answered as a range."), {0}, false, false};
    d->assumptions = assumptions;
    d->assumption_count = 2;
    struct price_use *prices = arena_new(a, struct price_use, SKU_COUNT);
    for (size_t i = 0; i < SKU_COUNT; i++)
        prices[i] = (struct price_use){&b->skus[i], &b->skus[i].prices[b->skus[i].price_count - 1], b->skus[i].prices[0].region, i == 6, false};
    d->prices = prices;
    d->price_count = SKU_COUNT;
    struct folklore_result *folklore = arena_new(a, struct folklore_result, 1);
    folklore[0] = (struct folklore_result){&p->folklore[0], 11.7e6, STR("Here the break-even lies 117 times higher.")};
    d->folklore = folklore;
    d->folklore_count = 1;
    d->volume = make_volume(a);
    return d;
}

struct report *fixture_report(enum fixture_kind kind, struct arena *a)
{
    struct report *r = arena_new(a, struct report, 1);
    r->book = make_book(a);
    r->policy = make_policy(a);
    r->decision = make_decision(kind, r->book, r->policy, a);
    struct questionnaire *q = make_questionnaire(a);
    r->questionnaire = q;
    r->inputs_sha256 = STR("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
    r->policy_sha256 = r->policy->sha256;
    r->version = STR("1.0.0");
    r->notes_markdown = STR("# Why now\n\nThe card network times out at **400 ms**.\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n\n- [x] asked the network\n");
    enum item_state *state = arena_new(a, enum item_state, 4);
    state[0] = ITEM_DONE;
    state[3] = ITEM_NOT_REQUIRED;
    r->checklist_state = state;
    struct tripwire_state *wires = arena_new(a, struct tripwire_state, 2);
    wires[0] = (struct tripwire_state){&q->revisit_if[0], true, false, 30e6};
    wires[1] = (struct tripwire_state){&q->revisit_if[1], true, true, 0.2};
    r->tripwires = wires;
    r->tripwire_count = 2;
    return r;
}

/* One claim that holds, one that does not, one that cannot be checked, one without figures. */
static const struct claims *fixture_claims(const struct book *book, struct arena *a)
{
    static const char TEXT[] =
        "{\"format\": \"breakeven-claims/1\", \"articles\": [{\"id\": \"s1\", \"title\": \"Second article\", \"text\": \"Cost and speed.\",\n"
        "\"date\": \"2020-01-01\", \"date_basis\": \"estimated\", \"date_why\": \"It bears no date.\", \"claims\": [\n"
        "{\"id\": \"s1-08\", \"line\": 20, \"text\": \"Three million calls cost 100 <dollars>.\", \"why\": \"To the cent.\",\n"
        " \"inputs\": {\"calls\": [3000000, \"request/month\"], \"gb\": [2, \"GB\", \"none is given\"]},\n"
        " \"checks\": [{\"of\": \"bill\", \"says\": [95, 105], \"unit\": \"USD/month\",\n"
        "  \"formula\": \"cost('aws-lambda-gb-second', 'us-east-1', calls * gb)\"}]},\n"
        "{\"id\": \"s1-09\", \"text\": \"It costs at least 450.\", \"checks\": [{\"of\": \"bill\", \"says\": [450, null], \"unit\": \"USD/month\", \"formula\": \"100\"}]},\n"
        "{\"id\": \"s1-10\", \"text\": \"Open.\", \"why\": \"No figure.\", \"checks\": [{\"of\": \"ratio\", \"unit\": \"ratio\", \"formula\": \"1 / 0\"}]},\n"
        "{\"id\": \"s2-49\", \"text\": \"A judgement.\", \"why\": \"States no figure.\"}]}]}";
    struct diags *d = diags_new(a);
    struct claims_file file = {STR("claims.json"), STR(TEXT)};
    struct claims *claims = arena_new(a, struct claims, 1);
    bool ok = claims_parse(&file, 1, book, false, a, claims, d);
    assert(ok);
    return ok ? claims : NULL;
}

struct site *fixture_site(struct arena *a)
{
    static const char *const SLUGS[] = {"fraud-scoring", "support-chatbot", "radiology", "new-thing", "fraud-scoring-2024"};
    static const char *const TITLES[] = {"Fraud scoring API", "Support chatbot", "Radiology triage", "New thing", "Fraud scoring on Lambda"};
    struct site *s = arena_new(a, struct site, 1);
    struct report_summary *all = arena_new(a, struct report_summary, 5);
    for (size_t i = 0; i < 5; i++) {
        struct report *r = fixture_report(i < FIXTURE_KINDS ? (enum fixture_kind)i : FIXTURE_DECIDED, a);
        struct questionnaire *q = make_questionnaire(a);
        q->slug = str_of(SLUGS[i]);
        q->title = str_of(TITLES[i]);
        q->status = i == 4 ? STATUS_SUPERSEDED : i == 3 ? STATUS_DRAFT : STATUS_ACCEPTED;
        if (i != 0)
            q->supersedes = (struct answer_text){.given = false};
        r->questionnaire = q;
        if (i == 4)
            r->superseded_by = STR("fraud-scoring");
        report_summarise(r, a, &all[i]);
        s->book = r->book;
        s->policy = r->policy;
    }
    s->claims = fixture_claims(s->book, a);
    s->reports = all;
    s->report_count = 5;
    s->title = STR("AI platform decisions");
    s->organisation = STR("Example Corporation");
    s->language = STR("en");
    s->version = STR("1.0.0");
    s->confidentiality = STR("Internal");
    static const struct link NAVIGATION[] = {{{"Decisions", 9}, {"index.html", 10}},
                                             {{"Price book", 10}, {"prices/index.html", 17}},
                                             {{"Changes", 7}, {"changes/index.html", 18}},
                                             {{"Questionnaire", 13}, {"questionnaire/index.html", 24}},
                                             {{"Method", 6}, {"method/index.html", 17}}};
    s->navigation = NAVIGATION;
    s->navigation_count = 5;
    return s;
}

void fixture_make_hostile(struct report *r, struct arena *a)
{
    struct str bad = STR(FIXTURE_HOSTILE);
    struct questionnaire *q = arena_new(a, struct questionnaire, 1);
    *q = *r->questionnaire;
    q->title = q->owner = bad;
    q->current_platform.text = bad;
    q->supersedes.text = bad;
    q->residency = (struct answer_text){.text = bad, .given = true};
    struct str *tags = arena_new(a, struct str, 1);
    tags[0] = bad;
    q->tags = tags;
    q->tag_count = 1;
    q->models[0].name = bad;
    r->questionnaire = q;
    r->notes_markdown = bad;
    struct decision *d = arena_new(a, struct decision, 1);
    *d = *r->decision;
    struct option *options = arena_new(a, struct option, d->option_count);
    for (size_t i = 0; i < d->option_count; i++) {
        options[i] = d->options[i];
        options[i].name = bad;
        struct str *note = arena_new(a, struct str, 1);
        note[0] = bad;
        options[i].notes = note;
        options[i].note_count = 1;
    }
    d->options = options;
    d->recommendation.sentence = d->recommendation.relax = bad;
    r->decision = d;
}
