/*
 * Laws of numbers, on figures from a seeded generator: the seed is printed, and LAW_SEED sets it.
 */
#include "unit/unit.h"

#include "number/decimal.h"
#include "number/money.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define ROUNDS 20000

static int enter(void **state)
{
    static uint64_t seed;
    const char *given = getenv("LAW_SEED");
    seed = given ? strtoull(given, NULL, 10) : 20250701;
    printf("# LAW_SEED=%llu\n", (unsigned long long)seed);
    seed = seed * 2 + 1;
    *state = &seed;
    return 0;
}

/* xorshift64*: good enough to try figures with. */
static uint64_t next(uint64_t *seed)
{
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * UINT64_C(2685821657736338717);
}

static struct decimal some_decimal(uint64_t *seed)
{
    struct strbuf sb = STRBUF_INIT;
    int digits = 1 + (int)(next(seed) % 12);
    uint64_t coef = next(seed);
    for (int i = 12; i > digits; i--)
        coef /= 10;
    strbuf_addf(&sb, "%llue-%d", (unsigned long long)(coef % 1000000000000u),
                (int)(next(seed) % 7));
    struct decimal d;
    assert_true(decimal_parse(strbuf_str(&sb), &d));
    strbuf_release(&sb);
    return d;
}

static void a_quantity_reads_back_as_what_was_printed(void **state)
{
    struct strbuf sb = STRBUF_INIT;
    for (int i = 0; i < ROUNDS; i++) {
        double value = ldexp((double)(next(*state) >> 11), -(int)(next(*state) % 70) - 12);
        struct decimal d = decimal_quantity(value), back;
        decimal_add(&sb, d);
        assert_true(decimal_parse(strbuf_str(&sb), &back));
        assert_int_equal(back.coef, d.coef);
        assert_int_equal(back.scale, d.scale);
        /* Half a unit of the sixth decimal, or of the twelfth digit. */
        assert_true(fabs(decimal_double(d) - value) <= fmax(0.5000001e-6, value * 5.0000001e-12));
        /* A quantity is its own quantity. */
        struct decimal again = decimal_quantity(decimal_double(d));
        assert_int_equal(decimal_compare(again, d), 0);
        strbuf_clear(&sb);
    }
    strbuf_release(&sb);
}

static void more_of_a_thing_never_costs_less(void **state)
{
    for (int i = 0; i < ROUNDS; i++) {
        struct decimal a = some_decimal(*state), b = some_decimal(*state),
                       price = some_decimal(*state);
        struct money cost_a, cost_b;
        if (!money_charge(a, price, &cost_a) || !money_charge(b, price, &cost_b))
            continue;
        if (decimal_compare(a, b) <= 0)
            assert_true(money_compare(cost_a, cost_b) <= 0);
        else
            assert_true(money_compare(cost_a, cost_b) >= 0);
    }
}

static void quantity_and_price_may_change_places(void **state)
{
    for (int i = 0; i < ROUNDS; i++) {
        struct decimal a = some_decimal(*state), b = some_decimal(*state);
        struct money one = {0}, two = {0};
        assert_int_equal(money_charge(a, b, &one), money_charge(b, a, &two));
        assert_int_equal(one.micros, two.micros);
    }
}

static void a_charge_is_within_half_a_micro_of_the_product(void **state)
{
    for (int i = 0; i < ROUNDS; i++) {
        struct decimal a = some_decimal(*state), b = some_decimal(*state), product;
        struct money m;
        if (!decimal_mul(a, b, &product) || !money_charge(a, b, &m) || product.scale > 17)
            continue;
        long double exact = (long double)product.coef / powl(10.0L, (long double)product.scale - 6);
        /* Half a micro, and what a long double may be wrong by. */
        assert_true(fabsl((long double)m.micros - exact) <= 0.5L + 1e-18L * fabsl(exact));
    }
}

static void the_order_of_a_sum_does_not_matter(void **state)
{
    struct money lines[64];
    for (int round = 0; round < 200; round++) {
        struct money forward = {0}, backward = {0};
        for (size_t i = 0; i < 64; i++)
            lines[i].micros = (int64_t)(next(*state) % 2000000000000u) - 1000000000000;
        for (size_t i = 0; i < 64; i++) {
            assert_true(money_add(&forward, lines[i]));
            assert_true(money_add(&backward, lines[63 - i]));
        }
        assert_int_equal(forward.micros, backward.micros);
    }
}

/* The JSON of an amount is a decimal of at most six places with the same micros. */
static void printed_money_is_the_money(void **state)
{
    struct strbuf sb = STRBUF_INIT;
    for (int i = 0; i < ROUNDS; i++) {
        struct money m = {(int64_t)(next(*state) >> (next(*state) % 60 + 2))};
        if (i % 2)
            m = money_negate(m);
        if (m.micros > MONEY_MAX_MICROS || m.micros < -MONEY_MAX_MICROS)
            continue;
        struct decimal d;
        money_json(&sb, m);
        assert_true(decimal_parse(strbuf_str(&sb), &d));
        struct money back;
        assert_true(money_charge(d, (struct decimal){1, 0}, &back));
        assert_int_equal(back.micros, m.micros);
        strbuf_clear(&sb);
    }
    strbuf_release(&sb);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_quantity_reads_back_as_what_was_printed),
        cmocka_unit_test(more_of_a_thing_never_costs_less),
        cmocka_unit_test(quantity_and_price_may_change_places),
        cmocka_unit_test(a_charge_is_within_half_a_micro_of_the_product),
        cmocka_unit_test(the_order_of_a_sum_does_not_matter),
        cmocka_unit_test(printed_money_is_the_money),
    };
    return cmocka_run_group_tests_name("laws of numbers", tests, enter, NULL);
}
