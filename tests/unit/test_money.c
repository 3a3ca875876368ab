#include "unit/unit.h"

#include "number/money.h"

static struct decimal of(const char *text)
{
    struct decimal d;
    assert_true(decimal_parse(str_of(text), &d));
    return d;
}

static int64_t charge(const char *quantity, const char *price)
{
    struct money m = {-1};
    assert_true(money_charge(of(quantity), of(price), &m));
    return m.micros;
}

static void a_charge_is_quantity_times_price(void **state)
{
    (void)state;
    /* 1,200 GiB-months x $0.023 = $27.60 */
    assert_int_equal(charge("1200", "0.023"), 27600000);
    /* 730 h x $0.0832 = $60.736 */
    assert_int_equal(charge("730", "0.0832"), 60736000);
    /* 3,750,000 GB-seconds x $0.0000166667 = $62.500125 */
    assert_int_equal(charge("3750000", "0.0000166667"), 62500125);
    assert_int_equal(charge("-2", "1.5"), -3000000);
    assert_int_equal(charge("0", "9.99"), 0);
}

static void a_charge_rounds_half_to_even_once(void **state)
{
    (void)state;
    assert_int_equal(charge("0.5", "0.000001"), 0); /* half a micro: to 0 */
    assert_int_equal(charge("1.5", "0.000001"), 2); /* one and a half: to 2 */
    assert_int_equal(charge("2.5", "0.000001"), 2); /* two and a half: to 2 */
    assert_int_equal(charge("-2.5", "0.000001"), -2);
    assert_int_equal(charge("2.500001", "0.000001"), 3);  /* above the half */
    assert_int_equal(charge("0.333333", "0.0000015"), 0); /* 0.4999995 micros */
    assert_int_equal(charge("0.000000000000000001", "0.000000000000000001"), 0);
}

static void a_charge_beyond_the_largest_amount_is_refused(void **state)
{
    (void)state;
    struct money m = {5};
    assert_true(money_charge(of("4000000000000"), of("1"), &m)); /* 4e12 dollars */
    assert_int_equal(m.micros, MONEY_MAX_MICROS);
    m.micros = 5;
    assert_false(money_charge(of("4000000000000.000001"), of("1"), &m));
    assert_false(money_charge(of("9223372036854775807"), of("9223372036854775807"), &m));
    assert_false(money_charge(of("9223372036854775807"), of("-1"), &m));
    assert_int_equal(m.micros, 5);
}

static void sums_stop_at_the_largest_amount(void **state)
{
    (void)state;
    struct money sum = {MONEY_MAX_MICROS - 1};
    assert_true(money_add(&sum, (struct money){1}));
    assert_false(money_add(&sum, (struct money){1}));
    assert_int_equal(sum.micros, MONEY_MAX_MICROS);
    assert_false(money_add(&sum, (struct money){INT64_MAX}));
    assert_true(money_add(&sum, money_negate(sum)));
    assert_int_equal(sum.micros, 0);
}

static void an_estimate_is_rounded_to_a_micro(void **state)
{
    (void)state;
    assert_int_equal(money_of(0.1).micros, 100000);
    assert_int_equal(money_of(-1234.5678905).micros, -1234567890); /* stored as ...8904999... */
    assert_int_equal(money_of(0.0000005).micros, 0);
    assert_int_equal(money_of(1e15).micros, MONEY_MAX_MICROS);
    assert_int_equal(money_of(-1e300).micros, -MONEY_MAX_MICROS);
    assert_true(money_compare(money_of(1.0), money_of(2.0)) < 0);
    assert_true(money_compare(money_of(-1.0), money_of(-2.0)) > 0);
    assert_int_equal(money_compare(money_of(1.0), money_of(1.0)), 0);
}

struct printed {
    int64_t micros;
    const char *want;
};

static void check_all(const struct printed *cases, size_t count,
                      void (*print)(struct strbuf *, struct money))
{
    struct strbuf sb = STRBUF_INIT;
    for (size_t i = 0; i < count; i++) {
        print(&sb, (struct money){cases[i].micros});
        assert_text(&sb, cases[i].want);
    }
    strbuf_release(&sb);
}

static void json_money_is_a_plain_number(void **state)
{
    (void)state;
    static const struct printed CASES[] = {
        {0, "0"},
        {27600000, "27.6"},
        {-1, "-0.000001"},
        {1234567890, "1234.56789"},
        {7280000000, "7280"},
        {MONEY_MAX_MICROS, "4000000000000"},
    };
    check_all(CASES, sizeof CASES / sizeof CASES[0], money_json);
}

static void exact_money_has_cents_and_all_micros(void **state)
{
    (void)state;
    static const struct printed CASES[] = {
        {0, "$0.00"},
        {1234500000, "$1,234.50"},
        {-12000000, "\xE2\x88\x92$12.00"},
        {62500125, "$62.500125"},
        {1000000000000, "$1,000,000.00"},
        {999999999, "$999.999999"},
        {1005000000, "$1,005.00"},
    };
    check_all(CASES, sizeof CASES / sizeof CASES[0], money_exact);
}

static void headlines_have_three_digits_and_no_cents(void **state)
{
    (void)state;
    static const struct printed CASES[] = {
        {7281234567, "$7,280"},
        {445123000, "$445"},
        {15432000000, "$15,400"},
        {1534000, "$1.53"},
        {9994000, "$9.99"},
        {9996000, "$10"}, /* 9.996 to cents is 10.00 */
        {12340000, "$12"},
        {12500000, "$12"}, /* a tie: to even */
        {13500000, "$14"},
        {999600000, "$1,000"},
        {9995000000, "$10,000"}, /* 999.5 tens, a tie: 1,000 is even */
        {9985000000, "$9,980"},  /* 998.5 tens, a tie: 998 is even */
        {1234567890123, "$1,230,000"},
        {0, "$0"},
        {9999, "<$0.01"},
        {10000, "$0.01"},
        {1015000, "$1.02"}, /* 101.5 cents: to even */
        {-7281234567, "\xE2\x88\x92$7,280"},
        {-9000000, "\xE2\x88\x92$9.00"},
        {MONEY_MAX_MICROS, "$4,000,000,000,000"},
    };
    check_all(CASES, sizeof CASES / sizeof CASES[0], money_headline);
}

static void whole_dollars_have_thousands_and_cents_below_ten(void **state)
{
    (void)state;
    static const struct printed CASES[] = {
        {5675400000, "5,675"},
        {5675500000, "5,676"}, /* a tie: 5,676 is even */
        {5674500000, "5,674"}, /* a tie: 5,674 is even */
        {10000000, "10"},
        {1534000, "1.53"},
        {0, "0"},
        {1, "<0.01"},
        {-1234567000000, "\xE2\x88\x92"
                         "1,234,567"},
    };
    check_all(CASES, sizeof CASES / sizeof CASES[0], money_whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_charge_is_quantity_times_price),
        cmocka_unit_test(a_charge_rounds_half_to_even_once),
        cmocka_unit_test(a_charge_beyond_the_largest_amount_is_refused),
        cmocka_unit_test(sums_stop_at_the_largest_amount),
        cmocka_unit_test(an_estimate_is_rounded_to_a_micro),
        cmocka_unit_test(json_money_is_a_plain_number),
        cmocka_unit_test(exact_money_has_cents_and_all_micros),
        cmocka_unit_test(headlines_have_three_digits_and_no_cents),
        cmocka_unit_test(whole_dollars_have_thousands_and_cents_below_ten),
    };
    return cmocka_run_group_tests_name("money", tests, NULL, NULL);
}
