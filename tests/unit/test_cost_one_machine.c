/* Bills on a price book of one platform and one machine, whose prices are round: tiers, the allowance
 * before them, people, and a machine that stands all month. */
#include "support/engine.h"
#include "unit/unit.h"

static struct bench *b;

static int enter(void **state)
{
    (void)state;
    b = bench_open("tests/pricing/one-machine");
    return 0;
}

static int leave(void **state)
{
    (void)state;
    bench_close(b);
    return 0;
}

/* `per_day` requests of 10 ms; 730 h are 365 / 12 days. */
static const struct option *pool(double per_month)
{
    const struct decision *d = bench_decidef(
        b,
        "'stage': 'validation', 'answers': {'gpu': {'need': 'required', 'vram_gb': 20, 'count': 1}, "
        "'traffic': {'requests_per_day': %.17g, 'burst': 1}, 'team': {'platform_engineers': 1}}, "
        "'models': [{'memory_mb': 8192, 'vcpu': 4, 'duration_ms': 10, 'hardware': 'A10G'}]",
        per_month * 12 / 365);
    return bench_option(d, "acme-pool");
}

static void one_machine_at_2_20_an_hour_costs_1606_a_month(void **state)
{
    (void)state;
    const struct option *o = pool(1000);
    assert_usd(bench_quantity(o, "machines"), 730);
    assert_usd(bench_item_usd(o, "machines"), 1606); /* 730 h x 2.20 */
}

/* 2,500,000 requests: 300,000 are free, so the bands hold 1,000,000 x 0.0001 + 1,000,000 x 0.00005 +
 * 200,000 x 0.00001 = 100 + 50 + 2 = 152. Without the allowance the last band holds 500,000: 155. */
static void an_allowance_comes_before_the_tiers(void **state)
{
    (void)state;
    const struct option *o = pool(2500000);
    assert_usd(bench_item_usd(o, "requests"), 155);
    assert_usd(bench_item_usd(o, "free allowance, requests"), -3);
    assert_usd(money_double(o->infrastructure), 1606 + 152);
    assert_usd(money_double(o->without_allowances) - money_double(o->operations), 1606 + 155);
}

/* 1,100,000 requests: tiers hold 100 + 5; of the 300,000 free ones 100,000 stand in the second band and
 * 200,000 in the first: 5 + 20. What is left, 800,000 x 0.0001 = 80. */
static void an_allowance_spans_the_end_of_a_tier(void **state)
{
    (void)state;
    const struct option *o = pool(1100000);
    assert_usd(bench_item_usd(o, "requests"), 105);
    assert_usd(bench_item_usd(o, "free allowance"), -25);
}

static void an_allowance_never_pays_more_than_is_used(void **state)
{
    (void)state;
    const struct option *o = pool(1000);
    assert_usd(bench_item_usd(o, "requests"), 0.1);
    assert_usd(bench_item_usd(o, "free allowance"), -0.1);
}

/* Managed: 0.12 FTE x on-cost 1.2 / 12 months x 120,000 a year = 0.012 x 120,000 = 1,440. */
static void people_stand_on_a_line_of_their_own(void **state)
{
    (void)state;
    const struct option *o = pool(1000);
    const struct line *l = bench_line(o, "platform engineering");
    assert_true(l->is_operations);
    assert_usd(money_double(l->usd), 1440);
    assert_usd(money_double(o->operations), 1440);
    assert_usd(bench_usd(o), 1606 + 1440);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_machine_at_2_20_an_hour_costs_1606_a_month),
        cmocka_unit_test(an_allowance_comes_before_the_tiers),
        cmocka_unit_test(an_allowance_spans_the_end_of_a_tier),
        cmocka_unit_test(an_allowance_never_pays_more_than_is_used),
        cmocka_unit_test(people_stand_on_a_line_of_their_own),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
