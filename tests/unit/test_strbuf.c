#include "unit/unit.h"

#include "base/arena.h"
#include "base/round.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* The invariants of a builder: NUL after the length, the length inside the capacity. */
static void check_sane(const struct strbuf *sb)
{
    assert_true(sb->s ? sb->n < sb->capacity && sb->s[sb->n] == '\0' : sb->n == 0);
}

static void appended_bytes_stand_one_after_another(void **state)
{
    (void)state;
    struct strbuf sb = STRBUF_INIT;
    check_sane(&sb);
    assert_str(strbuf_str(&sb), "");
    strbuf_adds(&sb, "one");
    strbuf_addc(&sb, ' ');
    strbuf_add(&sb, STR("two"));
    strbuf_addf(&sb, " %d %s", 3, "four");
    check_sane(&sb);
    assert_text(&sb, "one two 3 four");
    strbuf_release(&sb);
    check_sane(&sb);
}

static void long_formatted_text_is_whole(void **state)
{
    (void)state;
    struct strbuf sb = STRBUF_INIT;
    strbuf_addf(&sb, "%0300d|", 7);
    check_sane(&sb);
    assert_int_equal(sb.n, 301);
    assert_int_equal(sb.s[299], '7');
    strbuf_release(&sb);
}

static void a_builder_stops_at_its_maximum_and_says_so(void **state)
{
    (void)state;
    struct strbuf sb = {.maximum = 10};
    strbuf_adds(&sb, "12345678");
    assert_false(sb.overflowed);
    strbuf_adds(&sb, "abcdef");
    assert_true(sb.overflowed);
    check_sane(&sb);
    assert_str(strbuf_str(&sb), "12345678ab");
    strbuf_addc(&sb, 'x');
    assert_int_equal(sb.n, 10);
    strbuf_clear(&sb);
    assert_false(sb.overflowed);
    strbuf_release(&sb);
}

static void integers_print_to_the_ends_of_their_range(void **state)
{
    (void)state;
    struct strbuf sb = STRBUF_INIT;
    strbuf_add_int(&sb, 0);
    assert_text(&sb, "0");
    strbuf_add_int(&sb, -17);
    assert_text(&sb, "-17");
    strbuf_add_int(&sb, INT64_MAX);
    assert_text(&sb, "9223372036854775807");
    strbuf_add_int(&sb, INT64_MIN);
    assert_text(&sb, "-9223372036854775808");
    strbuf_release(&sb);
}

static void fixed_figures_round_half_to_even_on_the_exact_value(void **state)
{
    (void)state;

    static const struct {
        double value;
        int decimals;
        bool trim;
        const char *want;
    } CASES[] = {
        {0.125, 2, false, "0.12"}, /* a tie, exact in binary: to even */
        {0.375, 2, false, "0.38"}, /* a tie */
        {2.5, 0, false, "2"},      /* a tie */
        {3.5, 0, false, "4"},      /* a tie */
        {2.675, 2, false, "2.67"}, /* 2.6749999999999998; x 100 in doubles is the tie 267.5 */
        {1.005, 2, false, "1.00"}, /* 1.0049999999999999 */
        {0.285, 2, false, "0.28"}, /* 0.28499999999999998 */
        {0.005, 2, false, "0.01"}, /* 0.0050000000000000001; x 100 in doubles is the tie 0.5 */
        {1.115, 2, false, "1.11"}, /* 1.1149999999999999911; x 100 in doubles is the tie 111.5 */
        {-1.5, 1, true, "-1.5"},
        {-0.0001, 2, false, "0.00"}, /* never "-0" */
        {-0.0, 0, true, "0"},
        {7.0, 3, true, "7"},
        {7.25, 3, true, "7.25"},
        {1234567.891, 3, false, "1234567.891"},
        {8999999999999.0, 6, true, "8999999999999"},
        {0.0000005, 6, false, "0.000000"}, /* 4.99999999999999977e-7 */
        {0.0000015, 6, false, "0.000002"}, /* 1.5e-6 is 1.50000000000000003e-6 */
    };
    struct strbuf sb = STRBUF_INIT;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        strbuf_add_fixed(&sb, CASES[i].value, CASES[i].decimals, CASES[i].trim);
        assert_text(&sb, CASES[i].want);
    }
    strbuf_release(&sb);
}

static void scaled_values_above_2_to_the_52_keep_their_fraction(void **state)
{
    (void)state;
    /* 4503599627.3704975 is stored as 4503599627.37049770355224609375: 10^6 times it is
     * 4503599627370497.70, above 2^52 = 4503599627370496. */
    assert_int_equal(round_scaled(4503599627.3704977, 6), INT64_C(4503599627370498));
    /* 8e12 + 2^-10 is exact; x 10^6 = 8e18 + 976.5625 */
    assert_int_equal(round_scaled(8e12 + 0.0009765625, 6), INT64_C(8000000000000000977));
    assert_int_equal(round_scaled(-(8e12 + 0.0009765625), 6), INT64_C(-8000000000000000977));
}

static void doubles_print_as_json_writes_them(void **state)
{
    (void)state;

    static const struct {
        double value;
        int digits;
        const char *want;
    } CASES[] = {
        {0.0, 15, "0"},
        {0.1, 15, "0.1"},
        {-2.5, 15, "-2.5"},
        {1.0 / 3.0, 15, "0.333333333333333"},
        {2.0 / 3.0, 3, "0.667"},
        {1234.5, 2, "1200"},
        {99.96, 3, "100"},
        {9.9999, 3, "10"},
        {0.000001, 15, "0.000001"},
        {0.0000001, 15, "1e-7"},
        {1.6666e-7, 5, "1.6666e-7"},
        {1e20, 15, "100000000000000000000"},
        {1e21, 15, "1e21"},
        {1.5e300, 15, "1.5e300"},
        {5e-324, 3, "4.94e-324"},
        {123456789012345.0, 15, "123456789012345"},
        {999999999999999.9, 15, "1000000000000000"},
        {1000.0, 1, "1000"},
    };
    struct strbuf sb = STRBUF_INIT;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        strbuf_add_double(&sb, CASES[i].value, CASES[i].digits);
        assert_text(&sb, CASES[i].want);
    }
    strbuf_release(&sb);
}

/* Every value reads back as the C library's own rounding to the same number of digits. */
static void doubles_agree_with_the_c_library(void **state)
{
    (void)state;
    struct strbuf sb = STRBUF_INIT;
    uint64_t seed = 88172645463325252u;
    for (int i = 0; i < 20000; i++) {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        double value = ldexp((double)(seed >> 11), -(int)(seed % 90));
        int digits = 1 + (int)((seed >> 20) % 15);
        char want[64];
        snprintf(want, sizeof want, "%.*e", digits - 1, value);
        strbuf_add_double(&sb, value, digits);
        double difference = strtod(sb.s, NULL) - strtod(want, NULL);
        assert_true(!(difference > 0.0) && !(difference < 0.0));
        strbuf_clear(&sb);
    }
    strbuf_release(&sb);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appended_bytes_stand_one_after_another),
        cmocka_unit_test(long_formatted_text_is_whole),
        cmocka_unit_test(a_builder_stops_at_its_maximum_and_says_so),
        cmocka_unit_test(integers_print_to_the_ends_of_their_range),
        cmocka_unit_test(fixed_figures_round_half_to_even_on_the_exact_value),
        cmocka_unit_test(scaled_values_above_2_to_the_52_keep_their_fraction),
        cmocka_unit_test(doubles_print_as_json_writes_them),
        cmocka_unit_test(doubles_agree_with_the_c_library),
    };
    return cmocka_run_group_tests_name("strbuf", tests, NULL, NULL);
}
