#include "unit/unit.h"

#include "base/arena.h"

#include <stdlib.h>

static void empty_strings_of_every_kind_are_equal(void **state)
{
    (void)state;
    assert_true(str_equal((struct str){NULL, 0}, STR("")));
    assert_true(str_equal(str_of(NULL), str_of("")));
    assert_int_equal(str_compare((struct str){NULL, 0}, STR("")), 0);
}

static void comparison_is_by_bytes_and_the_shorter_comes_first(void **state)
{
    (void)state;
    assert_true(str_compare(STR("a"), STR("ab")) < 0);
    assert_true(str_compare(STR("ab"), STR("a")) > 0);
    assert_true(str_compare(STR("Z"), STR("a")) < 0);
    assert_true(str_compare(STR("z"), STR("\xC3\xA9")) < 0); /* 0x7A before 0xC3 */
    assert_true(str_compare(STR("a\0b"), STR("a\0c")) < 0);
}

static void prefix_suffix_and_search_agree_with_the_text(void **state)
{
    (void)state;
    struct str text = STR("aws-lambda-arm");
    assert_true(str_starts(text, STR("aws-")));
    assert_false(str_starts(STR("aw"), STR("aws-")));
    assert_true(str_ends(text, STR("-arm")));
    assert_false(str_ends(STR("arm"), STR("-arm")));
    assert_int_equal(str_find(text, STR("lambda")), 4);
    assert_int_equal(str_find(text, STR("arm")), 11);
    assert_int_equal(str_find(text, STR("armx")), text.n);
    assert_int_equal(str_find(text, STR("")), 0);
    assert_int_equal(str_find(STR("aab"), STR("ab")), 1);
}

static void slices_are_clamped_to_the_text(void **state)
{
    (void)state;
    assert_str(str_slice(STR("abcd"), 1, 3), "bc");
    assert_str(str_slice(STR("abcd"), 2, 99), "cd");
    assert_str(str_slice(STR("abcd"), 9, 12), "");
    assert_str(str_slice(STR("abcd"), 3, 1), "");
    assert_str(str_slice((struct str){NULL, 0}, 0, 5), "");
    assert_str(str_trim(STR(" \t a b\r\n ")), "a b");
    assert_str(str_trim(STR(" \v\f ")), "");
}

static void cut_splits_at_the_first_mark_only(void **state)
{
    (void)state;
    struct str head, tail;
    assert_true(str_cut(STR("a=b=c"), '=', &head, &tail));
    assert_str(head, "a");
    assert_str(tail, "b=c");
    assert_false(str_cut(STR("abc"), '=', &head, &tail));
    assert_str(head, "abc");
    assert_str(tail, "");
    assert_true(str_cut(STR("="), '=', &head, &tail));
    assert_str(head, "");
    assert_str(tail, "");
}

static void lines_end_in_lf_or_crlf_and_a_last_line_needs_neither(void **state)
{
    (void)state;
    struct str rest = STR("one\r\n\nthree"), line;
    assert_true(str_next_line(&rest, &line));
    assert_str(line, "one");
    assert_true(str_next_line(&rest, &line));
    assert_str(line, "");
    assert_true(str_next_line(&rest, &line));
    assert_str(line, "three");
    assert_false(str_next_line(&rest, &line));
}

static void copies_are_ended_with_nul_and_independent(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    char source[] = "Text";
    struct str copy = str_copy(a, (struct str){source, 4});
    source[0] = 'x';
    assert_str(copy, "Text");
    assert_int_equal(strlen(copy.s), 4);
    assert_str(str_lower(a, STR("AzZ-\xC3\x89")), "azz-\xC3\x89"); /* ASCII only */
    assert_str(str_printf(a, "%d of %s", 3, "five"), "3 of five");
    assert_str(str_copy(a, (struct str){NULL, 0}), "");
    arena_destroy(a);
}

static void invalid_utf8_is_found_at_its_first_byte(void **state)
{
    (void)state;

    static const struct {
        struct str text;
        size_t at; /* equal to text.n where valid */
    } CASES[] = {
        {{"", 0}, 0},
        {{"plain", 5}, 5},
        {{"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", 9}, 9},
        {{"\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF", 10},
         10},                 /* beside the surrogates; the last */
        {{"ab\x80", 3}, 2},   /* continuation alone */
        {{"a\xC3", 2}, 1},    /* cut short */
        {{"\xC0\xAF", 2}, 0}, /* overlong '/' */
        {{"\xE0\x80\xAF", 3}, 0},
        {{"\xF0\x80\x80\xAF", 4}, 0},
        {{"x\xED\xA0\x80", 4}, 1},    /* surrogate U+D800 */
        {{"\xF4\x90\x80\x80", 4}, 0}, /* U+110000 */
        {{"\xF5\x80\x80\x80", 4}, 0},
        {{"\xFF", 1}, 0},
        {{"a\0b", 3}, 3},
    };

    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++)
        assert_int_equal(str_utf8_error(CASES[i].text), CASES[i].at);
}

static void nearest_finds_typing_mistakes(void **state)
{
    (void)state;
    const struct str words[] = {STR("build"), STR("explain"), STR("check"), STR("list"),
                                STR("requests_per_day")};
    const size_t n = sizeof words / sizeof words[0];
    assert_str(str_nearest(STR("biuld"), words, n), "build"); /* a swap is one step */
    assert_str(str_nearest(STR("explian"), words, n), "explain");
    assert_str(str_nearest(STR("lst"), words, n), "list");
    assert_str(str_nearest(STR("requests_a_day"), words, n),
               "requests_per_day"); /* 14 / 3 = 4 steps */
    assert_null(str_nearest(STR("deploy"), words, n).s);
    assert_null(str_nearest(STR(""), words, n).s);
    assert_null(str_nearest(STR("x"), words, n).s); /* nothing of it would be left */
}

static void nearest_prefers_the_earlier_of_equals(void **state)
{
    (void)state;
    const struct str words[] = {STR("cat"), STR("car")};
    assert_str(str_nearest(STR("caz"), words, 2), "cat");
    struct str longer = {calloc(1, 500), 500};
    assert_null(str_nearest(longer, words, 2).s);
    const struct str hostile[] = {longer, STR("cat")};
    assert_str(str_nearest(STR("cta"), hostile, 2), "cat");
    void *memory;
    memcpy(&memory, &longer.s, sizeof memory);
    free(memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_strings_of_every_kind_are_equal),
        cmocka_unit_test(comparison_is_by_bytes_and_the_shorter_comes_first),
        cmocka_unit_test(prefix_suffix_and_search_agree_with_the_text),
        cmocka_unit_test(slices_are_clamped_to_the_text),
        cmocka_unit_test(cut_splits_at_the_first_mark_only),
        cmocka_unit_test(lines_end_in_lf_or_crlf_and_a_last_line_needs_neither),
        cmocka_unit_test(copies_are_ended_with_nul_and_independent),
        cmocka_unit_test(invalid_utf8_is_found_at_its_first_byte),
        cmocka_unit_test(nearest_finds_typing_mistakes),
        cmocka_unit_test(nearest_prefers_the_earlier_of_equals),
    };
    return cmocka_run_group_tests_name("str", tests, NULL, NULL);
}
