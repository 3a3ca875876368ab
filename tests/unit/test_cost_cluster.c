/* Bills of pools and clusters, worked by hand on the bundled prices of us-east. */
#include "support/bundled.h"
#include "unit/unit.h"

#include "pricing/book.h"

#include <math.h>

/* Ten requests a second, all day, of 0.3 s: 3 erlang, and at 60 % busy five replicas of 1 vCPU, 2 GB. */
static const struct decision *five_replicas(const char *team)
{
    return bench_decidef(
        b,
        "'answers': {'gpu': {'need': 'none'}, 'traffic': {'requests_per_day': 864000, 'peak_rps': 10, 'burst': 1}, 'team': {%s}}, "
        "'models': [{'memory_mb': 2048, 'vcpu': 1, 'duration_ms': 300, 'size_mb': 100, 'request_kb': 0, 'response_kb': 0}]",
        team);
}

/* 5 x 730 x (1 x 0.04048 + 2 x 0.004445) = 147.752 + 32.4485; addresses 5 x 730 x 0.005 = 18.25. */
static void fargate_bills_vcpu_and_memory_of_running_tasks(void **state)
{
    (void)state;
    const struct option *o = bench_option(five_replicas("'platform_engineers': 1"), "aws-fargate");
    assert_usd(bench_item_usd(o, "vCPU"), 147.752);
    assert_usd(bench_item_usd(o, "memory"), 32.4485);
    assert_usd(bench_item_usd(o, "public IPv4"), 18.25);
}

/* 0.58 vCPU (1,024 MB / 1,769) is no size: half a vCPU is less, one vCPU starts at 2 GB. Two tasks stand. */
static void fargate_sells_a_closed_list_of_sizes(void **state)
{
    (void)state;
    const struct decision *d = bench_decide(
        b,
        "'answers': {'traffic': {'requests_per_day': 1000, 'burst': 1}}, 'models': [{'memory_mb': 1024, 'duration_ms': 100}]");
    const struct option *o = bench_option(d, "aws-fargate");
    assert_usd(bench_quantity(o, "vCPU"), 2 * 730);
    assert_usd(bench_quantity(o, "memory"), 2 * 730 * 2);
    /* 121 GB exceed the largest, 120 GB do not, whatever CPU goes with them. */
    d = bench_decide(
        b,
        "'answers': {'traffic': {'requests_per_day': 1000}}, 'models': [{'memory_mb': 122880, 'duration_ms': 100}]");
    assert_true(bench_option(d, "aws-fargate")->feasible);
    d = bench_decide(
        b,
        "'answers': {'traffic': {'requests_per_day': 1000}}, 'models': [{'memory_mb': 122881, 'duration_ms': 100}]");
    assert_non_null(bench_violation(bench_option(d, "aws-fargate"), "memory_gb"));
}

/* A run of 10 s is billed as 60: 300 runs x 60 s = 5 h of 1 vCPU and 2 GB. */
static void fargate_bills_a_minute_at_least(void **state)
{
    (void)state;
    const struct decision *d = bench_decide(
        b,
        "'jobs': [{'name': 'j', 'kind': 'batch', 'vcpu': 1, 'memory_mb': 2048, 'hours_per_run': 0.002777777777777778, 'runs_per_month': 300}]");
    const struct option *o = bench_option(d, "aws-fargate");
    assert_usd(bench_quantity(o, "vCPU"), 5);
    assert_usd(bench_item_usd(o, "vCPU"), 5 * 0.04048);
}

/* Control planes: 730 x 0.10; extended support 730 x 0.60. */
static void eks_control_plane_is_73_a_month_and_438_in_extended_support(void **state)
{
    (void)state;
    const struct option *o = bench_option(five_replicas("'platform_engineers': 1"), "aws-eks");
    assert_usd(bench_item_usd(o, "control plane"), 73);
    const struct sku *sku = book_sku(&b->book, STR("aws-eks-extended-cluster-hour"));
    assert_non_null(sku);
    bool early;
    const struct price *p = sku_price(sku, STR("us-east-1"), b->book.edition, &early);
    struct money usd;
    assert_true(money_charge(decimal_quantity(730), p->usd, &usd));
    assert_usd(money_double(usd), 438);
}

/* GKE charges 0.10 an hour and credits 74.40 a month: nothing is left of 73. AKS Standard charges 73. */
static void gke_credit_nets_its_fee_to_zero(void **state)
{
    (void)state;
    const struct decision *d = five_replicas("'platform_engineers': 1");
    const char *const gke[] = {"gcp-gke-standard", "gcp-gke-autopilot"};
    for (size_t i = 0; i < 2; i++) {
        const struct option *o = bench_option(d, gke[i]);
        assert_usd(bench_item_usd(o, "control plane"), 73);
        assert_usd(bench_item_usd(o, "free allowance, control plane"), -73);
        /* Without allowances the fee stays. */
        assert_true(money_compare(o->without_allowances, o->monthly) > 0);
    }
    assert_usd(bench_item_usd(bench_option(d, "azure-aks"), "control plane"), 73);
}

/* 5 x 730 x 1 vCPU x 0.0445 and x 2 GiB x 0.0049225. */
static void autopilot_bills_what_pods_request(void **state)
{
    (void)state;
    const struct option *o = bench_option(five_replicas("'platform_engineers': 1"),
                                          "gcp-gke-autopilot");
    assert_usd(bench_item_usd(o, "pod vCPU"), 162.425);
    assert_usd(bench_item_usd(o, "pod memory"), 35.93425);
}

/* 12 % of the machines' on-demand price, also where they are bought on spot. */
static void auto_mode_fee_is_a_share_of_the_on_demand_price(void **state)
{
    (void)state;
    const struct decision *d = five_replicas("'platform_engineers': 1");
    const struct option *o = bench_option(d, "aws-eks-auto");
    for (size_t i = 0; i < d->option_count; i++) {
        o = &d->options[i];
        if (!str_starts(o->id, STR("aws-eks-auto:")) || !o->costed)
            continue;
        const struct line *fee = bench_line(o, "Auto Mode fee");
        double hours = 0;
        for (size_t k = 0; k < o->line_count; k++)
            if (str_starts(o->lines[k].item, STR("nodes ")))
                hours += decimal_double(o->lines[k].quantity);
        /* The machine's own on-demand price, by its SKU. */
        struct str id = STR("");
        for (size_t k = 0; k < o->line_count && id.n == 0; k++)
            if (str_starts(o->lines[k].item, STR("nodes "))) {
                struct str rest;
                str_cut(o->lines[k].sku->id, ':', &id, &rest);
                if (id.n == 0)
                    id = o->lines[k].sku->id;
            }
        bool early;
        const struct price *list = sku_price(book_sku(&b->book, id), STR("us-east-1"),
                                             b->book.edition, &early);
        if (o->purchase == PURCHASE_ON_DEMAND || o->purchase == PURCHASE_SPOT)
            assert_true(fabs(money_double(fee->usd) / (hours * decimal_double(list->usd) * 0.12) -
                             1) < 1e-6);
    }
}

/* An existing cluster costs this workload no control plane and no NAT, its nodes and its people share do. */
static void an_existing_cluster_takes_its_control_plane_off_and_no_other(void **state)
{
    (void)state;
    const struct decision *d = five_replicas(
        "'platform_engineers': 1, 'existing_cluster': 'aws-eks'");
    const struct option *eks = bench_option(d, "aws-eks"),
                        *gke = bench_option(d, "gcp-gke-standard");
    assert_usd(bench_item_usd(eks, "control plane"), 0);
    assert_usd(bench_item_usd(eks, "NAT gateway"), 0);
    assert_true(bench_item_usd(eks, "nodes") > 0);
    assert_usd(bench_item_usd(gke, "control plane"), 73);
    /* 0.10 FTE beside the cluster that others run, 0.35 for a second one: x 1.2 / 12 x 156,050. */
    assert_usd(money_double(eks->operations), 0.010 * 156050);
    assert_usd(money_double(gke->operations), 0.035 * 156050);
}

/* FORMATS section 6: with engineers 0.35, without 1 FTE; a cluster that nobody here can run does not help. */
static void people_follow_engineers_and_cluster(void **state)
{
    (void)state;

    static const struct {
        const char *team;
        double fte;
    } CASES[] = {
        {"'platform_engineers': 1", 0.35},
        {"'platform_engineers': 0", 1},
        {"'platform_engineers': 0.5", 1},
        {"'platform_engineers': 2, 'existing_cluster': true", 0.10},
        {"'platform_engineers': 0, 'existing_cluster': true", 1},
    };

    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const struct decision *d = five_replicas(CASES[i].team);
        assert_usd(money_double(bench_option(d, "aws-eks")->operations),
                   CASES[i].fte * 0.1 * 156050);
        assert_usd(money_double(bench_option(d, "aws-lambda")->operations), 0.008 * 156050);
        assert_usd(money_double(bench_option(d, "gcp-vertex")->operations), 0.012 * 156050);
    }
}

/* Nodes: the pods of 1 vCPU and 2 GiB that a node hands out room for; two nodes at least; disks of 100 GB. */
static void nodes_hold_what_they_hand_out(void **state)
{
    (void)state;
    const struct decision *d = five_replicas("'platform_engineers': 1");
    const struct option *o = bench_option(d, "aws-eks");
    const struct platform *p = book_platform(&b->book, STR("aws-eks"));
    double nodes = bench_quantity(o, "nodes ") / 730;
    assert_true(nodes >= 2);
    const struct machine *m = NULL;
    for (size_t i = 0; i < p->machines->count; i++)
        if (str_equal(p->machines->machines[i].id, o->capacity.machine))
            m = &p->machines->machines[i];
    assert_non_null(m);
    double vcpu = m->allocatable_vcpu - p->daemon.vcpu,
           memory = m->allocatable_memory_gib - p->daemon.memory_gib;
    double each = fmin(floor(vcpu / 1), floor(memory / 2));
    assert_true(nodes * each >= 5);
    /* The cluster's own services need their room beside them. */
    assert_true(nodes * vcpu >= 5 + p->system.vcpu && nodes * memory >= 10 + p->system.memory_gib);
    assert_usd(bench_quantity(o, "node disks"), nodes * 100);
}

/* Two replicas of one GPU each fill two nodes; the cluster's services run on the CPU beside the GPUs. */
static void system_pods_do_not_buy_a_gpu_node(void **state)
{
    (void)state;
    const struct decision *d = bench_decide(
        b,
        "'answers': {'gpu': {'need': 'required', 'vram_gb': 20, 'count': 1}, 'traffic': {'requests_per_day': 1440, 'burst': 1}, 'team': {'platform_engineers': 1}}, "
        "'models': [{'memory_mb': 12288, 'vcpu': 2, 'hardware': 'L4', 'duration_ms': 3000, 'size_mb': 8000, 'load_s': 20}]");
    assert_usd(bench_quantity(bench_option(d, "aws-eks"), "nodes ") / 730, 2);
    assert_usd(bench_quantity(bench_option(d, "gcp-gke-standard"), "nodes ") / 730, 2);
}

/* 100 requests a day of 1 s that may wait are 100 / 86,400 = 0.0012 busy: a few thousandths of any machine, but a
 * new cluster has two nodes and an endpoint one. Two c6i.large (0.085 an hour): 2 x 730 x 0.085 = 124.10; two
 * c6i.8xlarge, the cheapest by the vCPU, would be sixteen times that. An ml.c5.large (0.102): 730 x 0.102 = 74.46. */
static void queued_work_takes_the_machine_that_the_bill_counts_whole(void **state)
{
    (void)state;
    static const char *const KINDS[] = {"async", "batch"};
    for (size_t i = 0; i < 2; i++) {
        const struct decision *d = bench_decidef(
            b, "'answers': {'traffic': {'requests_per_day': 100}, 'team': {'platform_engineers': 1, 'existing_cluster': false}}, "
               "'models': [{'kind': '%s', 'duration_ms': 1000, 'memory_mb': 1024, 'size_mb': 100}]", KINDS[i]);
        const struct option *eks = bench_option(d, "aws-eks:c6i.large:on-demand");
        assert_usd(bench_quantity(eks, "nodes c6i.large"), 2 * 730);
        assert_usd(bench_item_usd(eks, "nodes c6i.large"), 124.10);
        if (i == 0) { /* an endpoint serves queued requests, not batches of items */
            const struct option *endpoint = bench_option(d, "aws-sagemaker-realtime:ml.c5.large:on-demand");
            assert_usd(bench_item_usd(endpoint, "instance"), 74.46);
        }
        bench_rewind(b);
    }
}

/* On a cluster that exists queued work fills a share of a node, so the price of its vCPU decides: no whole node is
 * counted. 0.0012 busy at 60 %, of 0.58 vCPU each, is nowhere near a node of two. */
static void queued_work_on_a_cluster_that_exists_pays_its_share(void **state)
{
    (void)state;
    const struct decision *d = bench_decide(
        b, "'answers': {'traffic': {'requests_per_day': 100}, 'team': {'platform_engineers': 1, 'existing_cluster': 'aws-eks'}}, "
           "'models': [{'kind': 'async', 'duration_ms': 1000, 'memory_mb': 1024, 'size_mb': 100}]");
    assert_true(bench_item_usd(bench_option(d, "aws-eks"), "nodes") < 0.2);
}

/* p4d.24xlarge cost 32.7726 an hour until 2025-05-31 and 21.957642 from 2025-06-01: 8 runs x 4 h = 32 h. */
static void p4d_costs_what_it_cost_on_the_day(void **state)
{
    (void)state;
    static const char *const JOB =
        "'answers': {'team': {'platform_engineers': 1}}, 'providers': ['aws'], "
        "'jobs': [{'name': 'train', 'kind': 'training', 'hardware': 'A100-40', 'count': 8, 'hours_per_run': 4, 'runs_per_month': 8}]";
    b->as_of = date_civil(2025, 5, 31);
    const struct option *before = bench_option(bench_decide(b, JOB),
                                               "aws-eks:p4d.24xlarge:on-demand");
    b->as_of = date_civil(2025, 7, 1);
    const struct option *after = bench_option(bench_decide(b, JOB),
                                              "aws-eks:p4d.24xlarge:on-demand");
    assert_usd(bench_item_usd(before, "nodes p4d.24xlarge"), 1048.7232);
    assert_usd(bench_item_usd(after, "nodes p4d.24xlarge"), 702.644544);
    /* Nothing else changed. */
    assert_usd(bench_usd(before) - 1048.7232, bench_usd(after) - 702.644544);
}

/* Whatever a plan buys, its machines are bought so: nodes of the type that the cluster's own services would
 * take as well. Commitments are paid every hour. */
static void nodes_are_bought_as_the_option_says(void **state)
{
    (void)state;
    const struct decision *d = bench_decide(
        b,
        "'answers': {'traffic': {'requests_per_day': 98630.1369863, 'peak_rps': 4, 'burst': 1}, 'team': {'platform_engineers': 1}}, "
        "'models': [{'memory_mb': 1024, 'duration_ms': 2000, 'size_mb': 100}]");
    size_t seen = 0;
    for (size_t i = 0; i < d->option_count; i++) {
        const struct option *o = &d->options[i];
        if (o->class != CLASS_KUBERNETES || o->purchase == PURCHASE_ON_DEMAND || !o->costed ||
            o->platform == NULL)
            continue;
        struct str suffix = o->purchase == PURCHASE_SPOT          ? STR(":spot")
                            : o->purchase == PURCHASE_RESERVED_1Y ? STR(":reserved-1y")
                                                                  : STR(":reserved-3y");
        bool bought = false;
        for (size_t k = 0; k < o->line_count; k++)
            if (str_ends(o->lines[k].sku->id, suffix)) {
                bought = true;
                if (o->purchase != PURCHASE_SPOT)
                    assert_usd(fmod(decimal_double(o->lines[k].quantity), 730), 0);
            }
        assert_true(bought);
        seen++;
    }
    assert_true(seen > 3);
}

/* The head room of the target does not shrink with the pool: 3, 30 and 3,000 erlang at 60 %. */
static void the_target_utilisation_is_that_of_any_pool(void **state)
{
    (void)state;
    static const double REPLICAS[] = {5, 50, 5000};
    double per_day = 864000;
    for (size_t i = 0; i < 3; i++, per_day *= i == 1 ? 10 : 100) {
        const struct option *o = bench_option(
            bench_decidef(b,
                          "'answers': {'gpu': {'need': 'none'}, 'latency': {'p99_ms': 3000}, 'traffic': {'requests_per_day': %.17g, 'peak_rps': %.17g, 'burst': 1}, "
                          "'team': {'platform_engineers': 1}}, "
                          "'models': [{'memory_mb': 2048, 'vcpu': 1, 'duration_ms': 300, 'size_mb': 100, 'request_kb': 0, 'response_kb': 0}]",
                          per_day, per_day / 86400),
            "aws-fargate");
        assert_usd(bench_quantity(o, "vCPU"), REPLICAS[i] * 730);
        bench_rewind(b);
    }
}

/* 26,280,000 requests of 2 kB in and 8 kB out are 262.8 GB. Half of it crosses a zone, charged on both sides at
 * $0.01: 262.8 x 0.5 x 2 x 0.01 = 2.628. Balancer units count the same 262.8 GB, apart. */
static void payload_that_crosses_a_zone_is_charged_beside_the_balancer(void **state)
{
    (void)state;
    const struct decision *d = bench_decide(
        b, "'answers': {'gpu': {'need': 'none'}, 'traffic': {'requests_per_day': 864000, 'peak_rps': 10, 'burst': 1}, 'team': {'platform_engineers': 1}}, "
           "'models': [{'memory_mb': 2048, 'vcpu': 1, 'duration_ms': 300, 'size_mb': 100, 'request_kb': 2, 'response_kb': 8}]");
    const struct option *o = bench_option(d, "aws-eks");
    assert_usd(bench_quantity(o, "cross-zone traffic"), 262.8);
    assert_usd(bench_item_usd(o, "cross-zone traffic"), 2.628);
    assert_usd(bench_quantity(o, "load balancer capacity"), 262.8);
}

/* A reviewer with a calculator: each text holds the figures of its quantity. */
static void quantities_say_what_they_are_computed_from(void **state)
{
    (void)state;
    static const struct {
        const char *item, *how;
        double quantity; /* by hand from the text */
    } LINES[] = {
        {"node disks", "2 nodes on average x 100 GB", 200},
        {"load balancer capacity", "262.8 GB / 1 GB a unit and hour", 262.8},
        {"cross-zone traffic", "26,280,000 requests x (2 kB in + 8 kB out) x 0.5 to another zone x 2", 262.8},
        {"metrics", "3 models x 10 metrics x 87,600", 2628000},
        {"logs", "26,280,000 requests x 0.4 kB", 10.512},
        {"registry", "10 images x 600 MB", 6},
    };
    const struct decision *d = bench_decide(
        b, "'answers': {'gpu': {'need': 'none'}, 'traffic': {'requests_per_day': 864000, 'peak_rps': 10, 'burst': 1}, 'team': {'platform_engineers': 1}, "
           "'models': {'count': 3}}, "
           "'models': [{'memory_mb': 2048, 'vcpu': 1, 'duration_ms': 300, 'size_mb': 100, 'request_kb': 2, 'response_kb': 8}]");
    const struct option *o = bench_option(d, "aws-eks");
    for (size_t i = 0; i < sizeof LINES / sizeof *LINES; i++) {
        const struct line *l = bench_line(o, LINES[i].item);
        if (!str_is(l->how, LINES[i].how))
            print_message("%s: \"%.*s\"\n", LINES[i].item, STR_ARG(l->how));
        assert_true(str_is(l->how, LINES[i].how));
        assert_usd(decimal_double(l->quantity), LINES[i].quantity);
    }
    for (size_t i = 0; i < d->option_count; i++) { /* a tenth of spot hours is bought on demand instead */
        const struct option *spot = &d->options[i];
        if (!spot->platform || !str_is(spot->platform->id, "gcp-gke-standard") || spot->purchase != PURCHASE_SPOT)
            continue;
        const struct line *own = &spot->lines[0], *rest = &spot->lines[1];
        assert_true(str_is(own->how, "2 nodes on average x 730 h x 0.9"));
        assert_usd(decimal_double(own->quantity), 1314);
        assert_true(str_is(rest->how, "2 nodes on average x 730 h x 0.1"));
        assert_usd(decimal_double(rest->quantity), 146);
        return;
    }
    fail();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(fargate_bills_vcpu_and_memory_of_running_tasks, again),
        cmocka_unit_test_setup(fargate_sells_a_closed_list_of_sizes, again),
        cmocka_unit_test_setup(fargate_bills_a_minute_at_least, again),
        cmocka_unit_test_setup(eks_control_plane_is_73_a_month_and_438_in_extended_support, again),
        cmocka_unit_test_setup(gke_credit_nets_its_fee_to_zero, again),
        cmocka_unit_test_setup(autopilot_bills_what_pods_request, again),
        cmocka_unit_test_setup(auto_mode_fee_is_a_share_of_the_on_demand_price, again),
        cmocka_unit_test_setup(an_existing_cluster_takes_its_control_plane_off_and_no_other, again),
        cmocka_unit_test_setup(people_follow_engineers_and_cluster, again),
        cmocka_unit_test_setup(nodes_hold_what_they_hand_out, again),
        cmocka_unit_test_setup(system_pods_do_not_buy_a_gpu_node, again),
        cmocka_unit_test_setup(queued_work_takes_the_machine_that_the_bill_counts_whole, again),
        cmocka_unit_test_setup(queued_work_on_a_cluster_that_exists_pays_its_share, again),
        cmocka_unit_test_setup(p4d_costs_what_it_cost_on_the_day, again),
        cmocka_unit_test_setup(nodes_are_bought_as_the_option_says, again),
        cmocka_unit_test_setup(the_target_utilisation_is_that_of_any_pool, again),
        cmocka_unit_test_setup(payload_that_crosses_a_zone_is_charged_beside_the_balancer, again),
        cmocka_unit_test_setup(quantities_say_what_they_are_computed_from, again),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
