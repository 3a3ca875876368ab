/* Where a function changes its sign, to the digits that are printed. */
#include "number/bracket.h"
#include "unit/unit.h"

#include <math.h>

struct asked {
    double root;
    int times;
    bool is_step; /* +1 and -1 instead of a slope */
};

static double distance(double value, void *context)
{
    struct asked *a = context;
    a->times++;
    if (a->is_step)
        return value < a->root ? 1 : -1;
    return a->root - value;
}

static void significant_digits_are_rounded_away_from_a_value(void **state)
{
    (void)state;
    assert_float_equal(round_significant(1234567, 4, true), 1235000, 1e-6);
    assert_float_equal(round_significant(1234567, 4, false), 1234000, 1e-6);
    assert_float_equal(round_significant(0.0123449, 4, true), 0.01235, 1e-12);
    assert_float_equal(round_significant(5, 4, true), 5, 1e-12); /* a value on the grid stays */
    assert_float_equal(round_significant(0, 4, true), 0, 0);
}

static void a_bracket_closes_on_the_root_on_the_grid(void **state)
{
    (void)state;
    struct asked a = {.root = 71234.5};
    struct bracket b = {.inside = 1000, .beyond = 1e6, .f_inside = 70234.5, .f_beyond = -928765.5, .is_log = true};
    bracket_narrow(&b, distance, &a);
    assert_true(b.beyond >= a.root && b.beyond <= a.root * 1.0011); /* a thousandth */
    assert_true(b.inside < a.root && b.inside >= a.root * 0.9989);
    assert_float_equal(b.beyond, round_significant(b.beyond, 4, true), 1e-6);
    assert_true(a.times <= 15);
}

static double above(double value, void *context)
{
    struct asked *a = context;
    a->times++;
    return value > a->root ? 1 : -1;
}

static void a_step_below_today_is_found_from_above(void **state)
{
    (void)state;
    struct asked a = {.root = 0.0321};
    struct bracket b = {.inside = 0.9, .beyond = 0.001, .f_inside = HUGE_VAL, .f_beyond = -HUGE_VAL, .is_log = true};
    bracket_narrow(&b, above, &a);
    assert_true(b.beyond <= a.root && b.beyond >= a.root * 0.9989);
    assert_true(b.inside > a.root && b.inside <= a.root * 1.0011);
    assert_true(a.times <= 20); /* halves of ln 900 down to a thousandth: 13 */
}

static void whole_numbers_end_as_neighbours(void **state)
{
    (void)state;
    struct asked a = {.root = 4.5, .is_step = true};
    struct bracket b = {.inside = 1, .beyond = 30, .f_inside = 1, .f_beyond = -1, .is_log = true, .is_whole = true};
    bracket_narrow(&b, distance, &a);
    assert_float_equal(b.inside, 4, 0);
    assert_float_equal(b.beyond, 5, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(significant_digits_are_rounded_away_from_a_value),
        cmocka_unit_test(a_bracket_closes_on_the_root_on_the_grid),
        cmocka_unit_test(a_step_below_today_is_found_from_above),
        cmocka_unit_test(whole_numbers_end_as_neighbours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
