#include "unit/unit.h"

#include "number/unit.h"

static void the_table_is_sorted_and_whole(void **state)
{
    (void)state;
    const struct unit *table = unit_table();
    for (size_t i = 0; table[i].name; i++) {
        assert_true(*table[i].singular && *table[i].plural && *table[i].meaning);
        if (i > 0)
            assert_true(str_compare(str_of(table[i - 1].name), str_of(table[i].name)) < 0);
    }
}

static void every_unit_is_found_by_its_name(void **state)
{
    (void)state;
    for (const struct unit *u = unit_table(); u->name; u++)
        assert_ptr_equal(unit_find(str_of(u->name)), u);
    assert_string_equal(unit_find(STR("query"))->plural, "queries");
}

static void what_is_no_unit_is_not_guessed(void **state)
{
    (void)state;
    static const char *const WRONG[] = {"",     "gb-month", "GB-months", "1M requests",
                                        "GB-s", "zzz",      "GB "};
    for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++)
        assert_null(unit_find(str_of(WRONG[i])));
}

static void a_month_is_730_hours(void **state)
{
    (void)state;
    assert_int_equal((int)SECONDS_PER_MONTH, 2628000);
    assert_true(DAYS_PER_MONTH > 30.41666 && DAYS_PER_MONTH < 30.41667);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_sorted_and_whole),
        cmocka_unit_test(every_unit_is_found_by_its_name),
        cmocka_unit_test(what_is_no_unit_is_not_guessed),
        cmocka_unit_test(a_month_is_730_hours),
    };
    return cmocka_run_group_tests_name("unit", tests, NULL, NULL);
}
