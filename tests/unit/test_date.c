#include "unit/unit.h"

#include "number/date.h"

static void known_days_have_known_numbers(void **state)
{
    (void)state;
    assert_int_equal(date_civil(1970, 1, 1).days, 0);
    assert_int_equal(date_civil(1969, 12, 31).days, -1);
    /* 30 years of 365 days and the leap days of 1972 to 1996: 10950 + 7 */
    assert_int_equal(date_civil(2000, 1, 1).days, 10957);
    assert_int_equal(date_civil(2000, 3, 1).days, 10957 + 31 + 29);
    /* 400 years are 146097 days */
    assert_int_equal(date_civil(2400, 1, 1).days, 10957 + 146097);
    assert_int_equal(date_civil(1600, 1, 1).days, 10957 - 146097);
}

static void only_days_of_the_calendar_are_read(void **state)
{
    (void)state;
    static const char *const GOOD[] = {"2024-02-29", "2000-02-29", "1970-01-01", "0001-01-01",
                                       "9999-12-31"};
    static const char *const BAD[] = {"2023-02-29", "1900-02-29", "2024-02-30",  "2024-04-31",
                                      "2024-13-01", "2024-00-01", "2024-01-00",  "2024-1-01",
                                      "24-01-01",   "2024/01/01", "2024-01-01 ", "",
                                      "2024-01-1x", "0000-01-01", "-024-01-01"};
    struct strbuf sb = STRBUF_INIT;
    struct date d;
    for (size_t i = 0; i < sizeof GOOD / sizeof GOOD[0]; i++) {
        assert_true(date_parse(str_of(GOOD[i]), &d));
        date_add(&sb, d);
        assert_text(&sb, GOOD[i]);
    }
    for (size_t i = 0; i < sizeof BAD / sizeof BAD[0]; i++)
        assert_false(date_parse(str_of(BAD[i]), &d));
    strbuf_release(&sb);
}

static void every_day_prints_and_reads_back(void **state)
{
    (void)state;
    struct strbuf sb = STRBUF_INIT;
    for (int32_t days = date_civil(1, 1, 1).days; days <= date_civil(9999, 12, 31).days;
         days += 13) {
        struct date back;
        date_add(&sb, (struct date){days});
        assert_true(date_parse(strbuf_str(&sb), &back));
        assert_int_equal(back.days, days);
        strbuf_clear(&sb);
    }
    strbuf_release(&sb);
}

static void an_unknown_date_says_so_and_stands_before_all(void **state)
{
    (void)state;
    struct strbuf sb = STRBUF_INIT;
    assert_true(date_is_none(DATE_NONE));
    assert_false(date_is_none(date_civil(1970, 1, 1)));
    date_add(&sb, DATE_NONE);
    assert_text(&sb, "unknown");
    assert_true(date_compare(DATE_NONE, date_civil(1, 1, 1)) < 0);
    assert_true(date_compare(date_civil(2025, 7, 1), date_civil(2025, 6, 30)) > 0);
    assert_int_equal(date_compare(date_civil(2025, 7, 1), date_civil(2025, 7, 1)), 0);
    strbuf_release(&sb);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_days_have_known_numbers),
        cmocka_unit_test(only_days_of_the_calendar_are_read),
        cmocka_unit_test(every_day_prints_and_reads_back),
        cmocka_unit_test(an_unknown_date_says_so_and_stands_before_all),
    };
    return cmocka_run_group_tests_name("date", tests, NULL, NULL);
}
