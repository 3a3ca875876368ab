/*
 * Laws of the price book, on the bundled one: what holds for every SKU, region and day, whatever
 * their figures are. Days and quantities come from a seeded generator; LAW_SEED sets the seed.
 */
#include "unit/unit.h"

#include "base/arena.h"
#include "pricing/load.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define ROUNDS 20

struct laws {
    struct arena *a;
    struct book book;
    uint64_t seed;
};

static int enter(void **state)
{
    static struct laws laws;
    const char *given = getenv("LAW_SEED");
    laws.seed = given ? strtoull(given, NULL, 10) : 20261122;
    printf("# LAW_SEED=%llu\n", (unsigned long long)laws.seed);
    laws.seed = laws.seed * 2 + 1;
    laws.a = arena_create();
    *state = &laws;
    return book_load("pricing", laws.a, &laws.book, diags_new(laws.a)) ? 0 : 1;
}

static int leave(void **state)
{
    arena_destroy(((struct laws *)*state)->a);
    return 0;
}

/* xorshift64*, as a number from 0 to 1. */
static double next(struct laws *l)
{
    l->seed ^= l->seed >> 12;
    l->seed ^= l->seed << 25;
    l->seed ^= l->seed >> 27;
    return ldexp((double)((l->seed * UINT64_C(2685821657736338717)) >> 11), -53);
}

static void more_never_costs_less_and_nothing_costs_nothing(void **state)
{
    struct laws *l = *state;
    for (size_t i = 0; i < l->book.sku_count; i++) {
        for (size_t k = 0; k < l->book.skus[i].price_count; k++) {
            const struct price *p = &l->book.skus[i].prices[k];
            assert_true(fabs(price_cost(p, 0)) <= 0);
            for (int n = 0; n < ROUNDS; n++) {
                double less = pow(10, 14 * next(l) - 2), more = less * (1 + next(l));
                assert_true(price_cost(p, less) <= price_cost(p, more));
                assert_true(price_cost(p, less) >= 0);
            }
        }
    }
}

/* At the end of a tier the cost does not jump. */
static void cost_is_continuous_where_tiers_meet(void **state)
{
    struct laws *l = *state;
    size_t tried = 0;
    for (size_t i = 0; i < l->book.sku_count; i++) {
        for (size_t k = 0; k < l->book.skus[i].price_count; k++) {
            const struct price *p = &l->book.skus[i].prices[k];
            for (size_t t = 0; t + 1 < p->tier_count; t++) {
                double end = p->tiers[t].up_to, step = end * 1e-9;
                double jump = price_cost(p, end + step) - price_cost(p, end - step);
                double most = 2 * step *
                              fmax(decimal_double(p->tiers[t].usd),
                                   decimal_double(p->tiers[t + 1].usd));
                assert_true(jump <= most * 1.001 + 1e-9 * price_cost(p, end));
                tried++;
            }
        }
    }
    assert_true(tried > 0);
}

/* What is found on a day is a row that covers it, and no row of the region begins in between. */
static void a_price_in_force_covers_its_day(void **state)
{
    struct laws *l = *state;
    for (size_t i = 0; i < l->book.sku_count; i++) {
        const struct sku *sku = &l->book.skus[i];
        for (int n = 0; n < ROUNDS; n++) {
            size_t row = (size_t)(next(l) * (double)sku->price_count);
            struct str region = sku->prices[row].region;
            struct date day = {date_civil(2014, 1, 1).days + (int32_t)(next(l) * 5000)};
            bool early;
            const struct price *p = sku_price(sku, region, day, &early);
            if (!p)
                continue;
            assert_true(str_equal(p->region, region));
            assert_int_equal(early, date_compare(day, p->from) < 0);
            assert_true(date_is_none(p->until) || early || date_compare(day, p->until) <= 0);
            for (size_t k = 0; k < sku->price_count; k++) {
                const struct price *other = &sku->prices[k];
                if (other == p || !str_equal(other->region, region))
                    continue;
                assert_false(date_compare(other->from, p->from) > 0 &&
                             date_compare(other->from, day) <= 0);
                assert_false(early && date_compare(other->from, p->from) < 0);
            }
        }
    }
}

static void the_order_of_the_files_does_not_matter(void **state)
{
    struct laws *l = *state;
    struct diags *d = diags_new(l->a);
    struct book_file *files;
    struct book other;
    size_t count;
    assert_true(book_read("pricing", l->a, &files, &count, d));
    for (size_t i = count; i > 1; i--) {
        size_t k = (size_t)(next(l) * (double)i);
        struct book_file file = files[i - 1];
        files[i - 1] = files[k];
        files[k] = file;
    }
    assert_true(book_parse(files, count, STR("pricing"), l->a, &other, d));
    assert_int_equal(other.sku_count, l->book.sku_count);
    for (size_t i = 0; i < other.sku_count; i++)
        assert_true(str_equal(other.skus[i].id, l->book.skus[i].id));
    assert_int_equal(other.platform_count, l->book.platform_count);
    for (size_t i = 0; i < other.platform_count; i++)
        assert_true(str_equal(other.platforms[i].id, l->book.platforms[i].id));
    assert_int_equal(other.set_count, l->book.set_count);
    for (size_t i = 0; i < other.set_count; i++)
        assert_true(str_equal(other.sets[i].id, l->book.sets[i].id));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(more_never_costs_less_and_nothing_costs_nothing),
        cmocka_unit_test(cost_is_continuous_where_tiers_meet),
        cmocka_unit_test(a_price_in_force_covers_its_day),
        cmocka_unit_test(the_order_of_the_files_does_not_matter),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
