#include "unit/unit.h"

#include "number/decimal.h"

static struct decimal of(const char *text)
{
    struct decimal d;
    assert_true(decimal_parse(str_of(text), &d));
    return d;
}

static void prices_are_read_digit_by_digit(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        int64_t coef;
        int scale;
    } CASES[] = {
        {"0.0000166667", 166667, 10},
        {"2.5e-6", 25, 7},
        {"2.5E+2", 250, 0},
        {"-3", -3, 0},
        {"0", 0, 0},
        {"-0.00", 0, 0},
        {"1.500", 15, 1},
        {"0e99999", 0, 0},
        {"9223372036854775807", INT64_MAX, 0},
        {"-9223372036854775807", -INT64_MAX, 0},
        {"0.000000000000000001", 1, 18},
        {"1.000000000000000000000000", 1, 0}, /* zeros that normal form cuts */
        {"100e-2", 1, 0},
    };

    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct decimal d = of(CASES[i].text);
        assert_int_equal(d.coef, CASES[i].coef);
        assert_int_equal(d.scale, CASES[i].scale);
    }
}

static void what_is_not_a_decimal_is_refused(void **state)
{
    (void)state;
    static const char *const CASES[] = {
        "",
        "-",
        ".5",
        "5.",
        "+1",
        "01",
        "-01",
        "1,5",
        " 1",
        "1 ",
        "1e",
        "1e+",
        "0x1",
        "NaN",
        "Infinity",
        "1.2.3",
        "1e5e5",
        "--1",
        "1_000",
        "\xD9\xA1",
        "9223372036854775808",   /* one more than fits */
        "0.0000000000000000001", /* 19 decimals */
        "1e19",
        "1e999999999999999999999",
        "1e-999999999999999999999",
        "123456789012345678901234567890",
    };
    struct decimal d = {7, 7};
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        assert_false(decimal_parse(str_of(CASES[i]), &d));
    assert_int_equal(d.coef, 7); /* untouched */
    assert_false(decimal_parse((struct str){"1\0", 2}, &d));
}

static void printing_is_plain_and_reads_back(void **state)
{
    (void)state;
    static const char *const CASES[] = {
        "0.0000166667",         "-3",   "0",   "12.5",
        "0.000000000000000001", "-0.1", "100", "9223372036854775807"};
    struct strbuf sb = STRBUF_INIT;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        decimal_add(&sb, of(CASES[i]));
        assert_text(&sb, CASES[i]);
    }
    strbuf_release(&sb);
}

static void comparison_looks_at_values_not_at_scales(void **state)
{
    (void)state;
    assert_int_equal(decimal_compare(of("0.10"), of("0.1")), 0);
    assert_true(decimal_compare(of("0.1"), of("0.11")) < 0);
    assert_true(decimal_compare(of("-0.1"), of("-0.11")) > 0);
    assert_true(decimal_compare(of("9223372036854775807"), of("0.000000000000000001")) > 0);
    assert_true(decimal_is_zero(of("0.000")));
    assert_false(decimal_is_zero(of("0.001")));
}

static void a_double_is_the_nearest(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        double want;
    } CASES[] = {{"0.1", 0.1},
                 {"0.0000166667", 0.0000166667},
                 {"-2.5", -2.5},
                 {"9007199254740993", 9007199254740992.0}, /* a tie: to even */
                 {"1234567890.12345678", 1234567890.12345678}};

    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        double got = decimal_double(of(CASES[i].text));
        assert_memory_equal(&got, &CASES[i].want, sizeof got);
    }
}

static void a_quantity_has_at_most_six_decimals_and_twelve_digits(void **state)
{
    (void)state;

    static const struct {
        double value;
        const char *want;
    } CASES[] = {
        {0.0, "0"},
        {1.0 / 3.0, "0.333333"},
        {2.0 / 3.0, "0.666667"},
        {-0.5, "-0.5"},
        {0.0000004, "0"},
        {123456.7890123, "123456.789012"},  /* 6 + 6 digits */
        {1234567.8901234, "1234567.89012"}, /* 7 + 5 */
        {12345678901.26, "12345678901.3"},  /* 11 + 1 */
        {123456789012.6, "123456789013"},   /* 12 */
        {1234567890126.0, "1234567890130"}, /* the thirteenth digit goes */
        {1000000000005.0, "1000000000000"}, /* a tie: 100000000000 is even */
        {1000000000015.0, "1000000000020"}, /* a tie: 100000000001 is odd */
        {1000000000005.5, "1000000000010"}, /* above the tie; rounding twice would lose it */
        {0.0000005, "0"},                   /* 4.99999999999999977e-7 */
        {0.015625, "0.015625"},             /* exact */
        {0.0078125, "0.007812"},            /* 2^-7 = 0.0078125, a tie: to even */
        {0.0234375, "0.023438"},            /* 3 x 2^-7, a tie: to even */
        {30.4166666666666667, "30.416667"}, /* days of a month */
        {2628000.0, "2628000"},             /* seconds of a month */
    };
    struct strbuf sb = STRBUF_INIT;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        decimal_add(&sb, decimal_quantity(CASES[i].value));
        assert_text(&sb, CASES[i].want);
    }
    strbuf_release(&sb);
}

static void a_product_is_exact_or_refused(void **state)
{
    (void)state;
    struct strbuf sb = STRBUF_INIT;
    struct decimal product;
    assert_true(decimal_mul(of("0.0000166667"), of("1.5"), &product));
    decimal_add(&sb, product);
    assert_text(&sb, "0.00002500005");
    assert_true(decimal_mul(of("0.5"), of("0.2"), &product)); /* 0.10 in normal form */
    assert_int_equal(product.coef, 1);
    assert_int_equal(product.scale, 1);
    assert_false(decimal_mul(of("9223372036854775807"), of("2"), &product));
    assert_false(decimal_mul(of("0.000000000000000001"), of("0.1"), &product));
    assert_true(decimal_mul(of("0"), of("9223372036854775807"), &product));
    strbuf_release(&sb);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prices_are_read_digit_by_digit),
        cmocka_unit_test(what_is_not_a_decimal_is_refused),
        cmocka_unit_test(printing_is_plain_and_reads_back),
        cmocka_unit_test(comparison_looks_at_values_not_at_scales),
        cmocka_unit_test(a_double_is_the_nearest),
        cmocka_unit_test(a_quantity_has_at_most_six_decimals_and_twelve_digits),
        cmocka_unit_test(a_product_is_exact_or_refused),
    };
    return cmocka_run_group_tests_name("decimal", tests, NULL, NULL);
}
