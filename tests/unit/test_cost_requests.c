/* Bills of platforms that follow requests, worked by hand on the bundled prices of us-east (August to
 * October 2026). The figures in the comments are the vendors' rates; a change of price changes them. */
#include "support/bundled.h"
#include "unit/unit.h"

#include "pricing/book.h"

#include <math.h>

/* Requests a month at a constant rate: the month is 365 / 12 days. No traffic but the calls themselves. */
static const struct decision *calls(double per_month, const char *model)
{
    double per_day = per_month * 12 / 365;
    return bench_decidef(
        b,
        "'answers': {'gpu': {'need': 'none'}, 'traffic': {'requests_per_day': %.17g, 'peak_rps': %.17g, 'burst': 1}, "
        "'team': {'platform_engineers': 1}}, 'models': [{'size_mb': 100, 'request_kb': 0, 'response_kb': 0, %s}]",
        per_day, per_day / 86400, model);
}

/* 3 M x 0.20 / M = 0.60; 3 M x 2 s x 1 GB x 0.0000166667 = 100.0002. Free: 1 M requests = 0.20 and
 * 400,000 GB-s = 6.66668. So 100.6002 and 93.73352. */
static void lambda_bills_3_million_calls_of_2_s_at_1_gb(void **state)
{
    (void)state;
    const struct option *o = bench_option(calls(3e6, "'memory_mb': 1024, 'duration_ms': 2000"),
                                          "aws-lambda");
    double requests = money_double(bench_line(o, "requests")->usd),
           duration = money_double(bench_line(o, "duration")->usd);
    assert_usd(requests + duration, 100.6002);
    assert_usd(requests + duration + bench_item_usd(o, "free allowance, requests") +
                   money_double(bench_line(o, "free allowance, duration")->usd),
               93.73352);
    /* Cold starts stand on a line of their own, with the free seconds spent already. */
    assert_true(bench_item_usd(o, "duration, cold starts") > 0);
}

/* x86 and Arm share the 400,000 GB-s, yet an option uses one of them: 6 M x 0.0000133334 = 80.0004. */
static void lambda_on_arm_has_its_own_rate(void **state)
{
    (void)state;
    const struct option *o = bench_option(calls(3e6, "'memory_mb': 1024, 'duration_ms': 2000"),
                                          "aws-lambda-arm");
    assert_usd(money_double(bench_line(o, "duration")->usd), 80.0004);
    assert_usd(money_double(bench_line(o, "free allowance, duration")->usd), -5.33336);
}

/* CPU comes with memory: 2 vCPU need 2 x 1,769 MB = 3,538 MB although the model asks for 1,024. */
static void lambda_buys_memory_for_the_cpu_that_is_answered(void **state)
{
    (void)state;
    const struct option *o = bench_option(
        calls(1e6, "'memory_mb': 1024, 'vcpu': 2, 'duration_ms': 1000"), "aws-lambda");
    assert_usd(decimal_double(bench_line(o, "duration")->quantity), 1e6 * 3538 / 1024);
}

/* Reserved: 4.1667 + 9.7222 u = 16.6667 u at u = 4.1667 / 6.9445 = 0.59999. At 3 erlang the instances carry
 * 0.75, 0.6618, 0.5498 erlang (Erlang B: 0.75, 0.5294, 0.3462 of the offered load is lost), so two pay. */
static void reserved_instances_stop_where_one_is_busy_less_than_60_percent(void **state)
{
    (void)state;
    const struct option *o = bench_option(
        calls(26.28e6, "'memory_mb': 2048, 'vcpu': 1, 'duration_ms': 300"),
        "aws-lambda-provisioned");
    assert_usd(bench_quantity(o, "provisioned concurrency"),
               2 * 2628000.0 * 2);       /* two, all month, 2 GB */
    double carried = 3 * (1 - 9.0 / 17); /* B(2, 3) = 4.5 / 8.5 */
    assert_true(fabs(bench_quantity(o, "provisioned duration") - carried * 2628000 * 2) < 1);
    assert_true(fabs(decimal_double(bench_line(o, "overflow duration")->quantity) -
                     (3 - carried) * 2628000 * 2) < 1);
    const struct line *held = bench_line(o, "provisioned concurrency");
    assert_usd(money_double(held->usd), 10512000 * 0.0000041667);
}

/* 5.2 GB is sold as 6: 3 M x 2 s x 6 x 0.00002 = 720. */
static void sagemaker_serverless_is_cut_in_whole_gigabytes(void **state)
{
    (void)state;
    const struct option *o = bench_option(calls(3e6, "'memory_mb': 5325, 'duration_ms': 2000"),
                                          "aws-sagemaker-serverless");
    assert_usd(money_double(bench_line(o, "duration")->usd), 720);
    const struct decision *d = calls(3e6, "'memory_mb': 7168, 'duration_ms': 2000");
    assert_non_null(bench_violation(bench_option(d, "aws-sagemaker-serverless"), "memory_gb"));
    assert_true(bench_option(d, "aws-lambda")->feasible);
}

/* 0.25 s is billed as 0.3: 10 M x 0.3 = 3 M vCPU-s x 0.000024 = 72, x 2 GiB x 0.0000025 = 15; requests 4.
 * Free: 180,000 x 0.000024 = 4.32, 360,000 x 0.0000025 = 0.90, 2 M requests 0.80. */
static void cloud_run_bills_tenths_of_a_second(void **state)
{
    (void)state;
    const struct option *o = bench_option(
        calls(1e7, "'memory_mb': 2048, 'vcpu': 1, 'duration_ms': 250"), "gcp-cloud-run");
    assert_usd(money_double(bench_line(o, "vCPU")->usd), 72);
    assert_usd(money_double(bench_line(o, "memory")->usd), 15);
    assert_usd(bench_item_usd(o, "requests"), 4);
    assert_usd(bench_item_usd(o, "free allowance, vCPU"), -4.32);
    assert_usd(bench_item_usd(o, "free allowance, memory"), -0.9);
    assert_usd(bench_item_usd(o, "free allowance, requests"), -0.8);
}

/* Several requests at once share an instance's seconds: not less than N d / C, not more than N d. */
static void cloud_run_shares_seconds_between_requests_at_once(void **state)
{
    (void)state;
    double alone = 26.28e6 * 0.3;
    double at_one = decimal_double(
        bench_line(bench_option(
                       calls(26.28e6,
                             "'memory_mb': 1024, 'vcpu': 1, 'duration_ms': 300, 'concurrency': 1"),
                       "gcp-cloud-run"),
                   "vCPU")
            ->quantity);
    double at_four = decimal_double(
        bench_line(bench_option(
                       calls(26.28e6,
                             "'memory_mb': 1024, 'vcpu': 1, 'duration_ms': 300, 'concurrency': 4"),
                       "gcp-cloud-run"),
                   "vCPU")
            ->quantity);
    assert_true(fabs(at_one - alone) < 1);
    assert_true(at_four < alone && at_four > alone / 4);
    /* At 3 erlang, one instance of four: busy unless all are away, 1 - e^-3, and a second one sometimes. */
    assert_true(at_four > 2628000 * (1 - exp(-3)));
}

/* At least 0.1 s and 128 MB steps: 10 ms at 1,000 MB is 0.1 s x 1 GB; 20 M x 0.1 x 0.000016 = 32. */
static void azure_functions_bill_a_tenth_of_a_second_at_least(void **state)
{
    (void)state;
    const struct option *o = bench_option(calls(2e7, "'memory_mb': 1000, 'duration_ms': 10"),
                                          "azure-functions");
    assert_usd(money_double(bench_line(o, "execution time")->usd), 32);
    assert_usd(bench_item_usd(o, "executions"), 4); /* 20 M x 0.20 / M */
    /* The plan cuts no instance above 1.5 GB. */
    assert_false(bench_option(calls(2e7, "'memory_mb': 2048, 'duration_ms': 10"), "azure-functions")
                     ->feasible);
}

/* Hourly calls: each finds a cold instance, 730 of them. A replica of Container Apps lives 300 s after
 * its call; a worker of RunPod 5 s. The tail is the bill. */
static void a_tail_follows_every_call_of_a_sparse_schedule(void **state)
{
    (void)state;
    const struct decision *d = bench_decide(
        b,
        "'answers': {'gpu': {'need': 'none'}, 'traffic': {'requests_per_day': 24, 'peak_rps': 0.0003, 'periodic_s': 3600, 'burst': 1}}, "
        "'models': [{'memory_mb': 2048, 'vcpu': 1, 'duration_ms': 1000, 'size_mb': 100, 'load_s': 2, 'request_kb': 0, 'response_kb': 0}]");
    const struct option *o = bench_option(d, "azure-container-apps");
    double start = o->latency.cold_start_ms / 1000;
    assert_true(fabs(o->latency.cold_start_probability - 1) < 1e-9);
    assert_true(fabs(bench_quantity(o, "vCPU") / (730 * (1 + start + 300)) - 1) < 1e-4);
    d = bench_decide(
        b,
        "'answers': {'gpu': {'need': 'required', 'vram_gb': 20, 'count': 1}, 'traffic': {'requests_per_day': 24, 'peak_rps': 0.0003, 'periodic_s': 3600, 'burst': 1}}, "
        "'models': [{'memory_mb': 2048, 'vcpu': 1, 'duration_ms': 1000, 'hardware': 'L4', 'size_mb': 100, 'load_s': 2}]");
    o = bench_option(d, "runpod-serverless");
    start = o->latency.cold_start_ms / 1000;
    /* The chosen card may be faster or slower than an L4; its second of work is the only unknown. */
    double seconds = bench_quantity(o, "workers") * 3600 / 730;
    assert_true(seconds > start + 5 && seconds < start + 5 + 2);
}

/* Modal counts physical cores, two vCPU each: 4 vCPU and 8 GiB are 2 cores and 8 GiB of every second. */
static void modal_counts_physical_cores(void **state)
{
    (void)state;
    const struct option *o = bench_option(
        calls(1e6, "'memory_mb': 8192, 'vcpu': 4, 'duration_ms': 500"), "modal");
    double seconds = bench_quantity(o, "memory") / 8;
    assert_true(seconds >= 5e5); /* busy time at least */
    assert_usd(bench_quantity(o, "CPU"), seconds * 2);
}

/* A p99 that cold starts would break keeps a replica: 730 h at the idle rate while it has no request.
 * The idle rate is what active costs, 0.000024, less 0.000021. */
static void container_apps_charge_the_idle_rate_for_kept_replicas(void **state)
{
    (void)state;
    const struct decision *d = bench_decide(
        b,
        "'providers': ['azure'], 'answers': {'gpu': {'need': 'none'}, 'latency': {'p99_ms': 900}, "
        "'traffic': {'requests_per_day': 96, 'peak_rps': 0.0012, 'burst': 1}}, "
        "'models': [{'memory_mb': 2048, 'vcpu': 1, 'duration_ms': 100, 'duration_cv': 0.3, 'size_mb': 100}]");
    const struct option *o = bench_option(d, "azure-container-apps");
    assert_true(o->feasible && o->capacity.instances_kept >= 1);
    double active = bench_item_usd(o, "vCPU"), discount = bench_item_usd(o, "idle rate");
    /* Nearly always idle: seven eighths of the active price come back. */
    assert_true(discount < 0 &&
                discount < -0.9 * 0.875 * o->capacity.instances_kept * 2628000 * 0.000024);
    assert_true(active + discount > 0);
}

/* A price 10 % higher or lower moves the option by 10 % of what it is paid for, free amounts taken off: 26,280,000 requests
 * of 0.5 s and 1 vCPU are 13,140,000 vCPU-seconds, 180,000 of them free, at 0.000024 USD 311.04, and some cents of starts.
 * From -10 % to +10 % that is 62.208. */
static void a_price_that_is_paid_most_is_moved_up_and_down(void **state)
{
    (void)state;
    const struct decision *d = bench_decide(
        b, "'providers': ['gcp'], 'answers': {'gpu': {'need': 'none'}, 'traffic': {'requests_per_day': 864000, 'burst': 1}, 'team': {'platform_engineers': 0}}, "
           "'models': [{'memory_mb': 1024, 'vcpu': 1, 'duration_ms': 500, 'size_mb': 100}]");
    assert_true(str_is(d->options[d->recommendation.option].id, "gcp-cloud-run"));
    for (size_t i = 0; i < d->sensitivity_count; i++) {
        const struct sensitivity *s = &d->sensitivity[i];
        if (!str_is(s->variable, "prices.gcp-cloud-run-request-vcpu-second"))
            continue;
        assert_true(fabs(s->usd_at_high - s->usd_at_low - 62.208) < 0.05);
        return;
    }
    fail_msg("the price of the dearest line is not looked at");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(lambda_bills_3_million_calls_of_2_s_at_1_gb, again),
        cmocka_unit_test_setup(lambda_on_arm_has_its_own_rate, again),
        cmocka_unit_test_setup(lambda_buys_memory_for_the_cpu_that_is_answered, again),
        cmocka_unit_test_setup(reserved_instances_stop_where_one_is_busy_less_than_60_percent,
                               again),
        cmocka_unit_test_setup(sagemaker_serverless_is_cut_in_whole_gigabytes, again),
        cmocka_unit_test_setup(cloud_run_bills_tenths_of_a_second, again),
        cmocka_unit_test_setup(cloud_run_shares_seconds_between_requests_at_once, again),
        cmocka_unit_test_setup(azure_functions_bill_a_tenth_of_a_second_at_least, again),
        cmocka_unit_test_setup(a_tail_follows_every_call_of_a_sparse_schedule, again),
        cmocka_unit_test_setup(modal_counts_physical_cores, again),
        cmocka_unit_test_setup(container_apps_charge_the_idle_rate_for_kept_replicas, again),
        cmocka_unit_test_setup(a_price_that_is_paid_most_is_moved_up_and_down, again),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
