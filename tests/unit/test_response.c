#include "decide/response.h"

#include "unit/unit.h"

#include <math.h>

struct bill {
    double fixed, rate, free_units, limit;
    int asked;
};

static double bill_usd(double value, void *context)
{
    struct bill *b = context;
    b->asked++;
    return value > b->limit ? HUGE_VAL : b->fixed + b->rate * fmax(value - b->free_units, 0);
}

static void a_straight_line_is_asked_five_times(void **state)
{
    (void)state;
    struct response r = {0};
    struct bill b = {.fixed = 100, .rate = 0.25, .limit = HUGE_VAL};
    response_probe(&r, 40, 0.04, 40000, bill_usd, &b);
    assert_int_equal(b.asked, 5);
    /* 100 + 0.25 x 60 = 115 */
    assert_true(fabs(response_at(&r, 60, bill_usd, &b) - 115) < 1e-9);
    assert_int_equal(b.asked, 5);
}

static void what_does_not_answer_is_asked_three_times(void **state)
{
    (void)state;
    struct response r = {0};
    struct bill b = {.fixed = 73, .limit = HUGE_VAL};
    response_probe(&r, 40, 0.04, 40000, bill_usd, &b);
    assert_true(fabs(response_at(&r, 7, bill_usd, &b) - 73) <= 0);
    assert_int_equal(b.asked, 3);
}

static void a_free_amount_is_not_taken_for_a_straight_line(void **state)
{
    (void)state;
    struct response r = {0};
    struct bill b = {.fixed = 100, .rate = 0.25, .free_units = 30, .limit = HUGE_VAL};
    response_probe(&r, 40, 0.04, 40000, bill_usd, &b);
    /* 20 units are free: 100; 60 units are 30 to pay: 107.50 */
    assert_true(fabs(response_at(&r, 20, bill_usd, &b) - 100) <= 0);
    assert_true(fabs(response_at(&r, 60, bill_usd, &b) - 107.5) <= 0);
    int asked = b.asked;
    response_at(&r, 60, bill_usd, &b); /* each value once */
    assert_int_equal(b.asked, asked);
}

static void a_limit_is_not_passed_over(void **state)
{
    (void)state;
    struct response r = {0};
    struct bill b = {.fixed = 100, .rate = 0.25, .limit = 1000};
    response_probe(&r, 40, 0.04, 40000, bill_usd, &b);
    assert_true(response_at(&r, 1001, bill_usd, &b) >= HUGE_VAL);
    assert_true(fabs(response_at(&r, 1000, bill_usd, &b) - 350) <= 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_straight_line_is_asked_five_times),
        cmocka_unit_test(what_does_not_answer_is_asked_three_times),
        cmocka_unit_test(a_free_amount_is_not_taken_for_a_straight_line),
        cmocka_unit_test(a_limit_is_not_passed_over),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
