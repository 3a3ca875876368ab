/* What is remembered for all options of a decision: which platforms a moved price concerns. */
#include "unit/unit.h"

#include "base/arena.h"
#include "cost/tables.h"

/* Two platforms: one is charged by the hour and by the request, the other runs on machines alone. */
static const struct sku HOUR, REQUEST, SPOT_MACHINE, OTHER;
static const struct meter METERS[] = {{.sku = &HOUR}, {.sku = &REQUEST}};
static const struct machine MACHINES[] = {{.sku = {NULL}}, {.sku = {[PURCHASE_SPOT] = &SPOT_MACHINE}}};
static const struct machine_set SET = {.machines = MACHINES, .count = 2};

static struct book book_of(struct platform *two)
{
    two[0] = (struct platform){.meters = METERS, .meter_count = 2};
    two[1] = (struct platform){.machines = &SET};
    return (struct book){.platforms = two, .platform_count = 2};
}

static void a_moved_price_touches_those_that_are_charged_by_it(void **state)
{
    (void)state;
    static const struct {
        const struct sku *sku;
        bool first, second;
    } CASES[] = {{&REQUEST, true, false}, {&SPOT_MACHINE, false, true}, {&OTHER, false, false}, {&HOUR, true, false}};
    struct arena *a = arena_create();
    struct tables *t = tables_new(a);
    struct platform two[2];
    struct book book = book_of(two);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct moved_price moved = {.sku = CASES[i].sku, .times = 2, .a = a};
        t->moved = &moved;
        assert_int_equal(tables_touches(t, &book, &two[0]), CASES[i].first);
        assert_int_equal(tables_touches(t, &book, &two[1]), CASES[i].second);
    }
    arena_destroy(a);
}

static void without_a_moved_price_none_is_touched(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct platform two[2];
    struct book book = book_of(two);
    assert_false(tables_touches(tables_new(a), &book, &two[0]));
    assert_false(tables_touches(NULL, &book, &two[0]));
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_moved_price_touches_those_that_are_charged_by_it),
        cmocka_unit_test(without_a_moved_price_none_is_touched),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
