#include "unit/unit.h"

#include "base/arena.h"
#include "base/diag.h"

#include <errno.h>

static struct where at(const char *path, const char *text, size_t offset, size_t length)
{
    return (struct where){str_of(path), str_of(text), offset, length};
}

static void print(struct diags *d, struct strbuf *out)
{
    diags_print(d, out, false);
}

static void a_mistake_is_shown_with_line_caret_and_hint(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct strbuf out = STRBUF_INIT;
    /*                      0123456789012345678 */
    const char *text = "{\n  \"a\": 1,\n  \"p99\": -5\n}\n";
    diag_error(d, at("q.json", text, 21, 2), "a latency is a time", "%s must be above 0, got %d",
               "p99_ms", -5);
    print(d, &out);
    assert_text(&out, "q.json:3:10: error: p99_ms must be above 0, got -5\n"
                      "    3 |   \"p99\": -5\n"
                      "      |          ^~\n"
                      "  hint: a latency is a time\n");
    strbuf_release(&out);
    arena_destroy(a);
}

static void a_file_without_text_has_no_position(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct strbuf out = STRBUF_INIT;
    diag_warning(d, where_file(STR("x.csv")), NULL, "empty");
    diag_error(d, where_file(STR("")), NULL, "nothing to build");
    print(d, &out);
    assert_text(&out, "breakeven: error: nothing to build\nx.csv: warning: empty\n");
    size_t line, column;
    assert_false(where_line(where_file(STR("x")), &line, &column));
    strbuf_release(&out);
    arena_destroy(a);
}

static void columns_count_characters_not_bytes(void **state)
{
    (void)state;
    size_t line, column;
    const char *text = "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80x\nsecond";
    assert_true(where_line(at("f", text, 9, 1), &line, &column)); /* 2 + 3 + 4 bytes before the x */
    assert_int_equal(line, 1);
    assert_int_equal(column, 4);
    assert_true(where_line(at("f", text, 13, 1), &line, &column));
    assert_int_equal(line, 2);
    assert_int_equal(column, 3);
    assert_true(where_line(at("f", text, 9999, 1), &line, &column)); /* past the end: the end */
    assert_int_equal(line, 2);
    assert_int_equal(column, 7);
}

static void mistakes_on_one_line_each_have_their_column(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct strbuf out = STRBUF_INIT;
    /* bytes: a 0, euro sign 1 to 3, b 4, newline 5, c 6, euro sign 7 to 9, d 10, CR 11, LF 12 */
    const char *text = "a\xE2\x82\xAC" "b\nc\xE2\x82\xAC" "d\r\n";
    static const size_t OFFSETS[] = {0, 1, 2, 4, 6, 10, 11, 12};
    for (size_t i = 0; i < sizeof OFFSETS / sizeof *OFFSETS; i++)
        diag_error(d, at("f", text, OFFSETS[i], 1), NULL, "at %zu", OFFSETS[i]);
    print(d, &out);
    static const char *const PLACES[] = {"f:1:1: error: at 0\n",  "f:1:2: error: at 1\n",
                                         "f:1:3: error: at 2\n",  "f:1:3: error: at 4\n",
                                         "f:2:1: error: at 6\n",  "f:2:3: error: at 10\n",
                                         "f:2:4: error: at 11\n", "f:2:5: error: at 12\n"};
    for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++)
        assert_true(str_find(strbuf_str(&out), str_of(PLACES[i])) < out.n);
    assert_true(str_ends(strbuf_str(&out), STR("    2 | c\xE2\x82\xAC" "d\n      |    ^\n")));
    strbuf_release(&out);
    arena_destroy(a);
}

static void of_a_file_full_of_mistakes_the_first_are_kept_and_all_counted(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct diags *d = diags_new(a), *all = diags_new(a);
    for (size_t i = 0; i < 2000; i++)
        diag_error(d, at("full", "xxxxxxxxxxxxxxxx", i % 16, 1), NULL, "mistake %zu", i);
    diag_error(d, at("other", "y", 0, 1), NULL, "one more");
    assert_int_equal(diags_errors(d), 2001);
    assert_int_equal(diags_count(d), 502); /* 500, the note, and that of the other file */
    assert_str(diags_get(d, 499)->message, "mistake 499");
    assert_str(diags_get(d, 500)->message, "only the first mistakes of this file are shown");
    assert_int_equal(diags_get(d, 500)->severity, SEVERITY_NOTE);
    assert_str(diags_get(d, 501)->message, "one more");
    diags_append(all, d);
    assert_int_equal(diags_errors(all), 2001);
    assert_int_equal(diags_warnings(all), 0);
    assert_int_equal(diags_count(all), 502);
    arena_destroy(a);
}

static void mistakes_come_by_file_and_place_and_repeats_go(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    const char *text = "abc\ndef\n";
    diag_error(d, at("b", text, 4, 1), NULL, "second");
    diag_error(d, at("b", text, 1, 1), NULL, "first");
    diag_error(d, at("a", text, 5, 1), NULL, "other file");
    diag_error(d, at("b", text, 4, 1), NULL, "third");
    diag_error(d, at("b", text, 4, 1), NULL, "second");
    assert_int_equal(diags_count(d), 5);
    diags_sort(d);
    assert_int_equal(diags_count(d), 4);
    assert_str(diags_get(d, 0)->message, "other file");
    assert_str(diags_get(d, 1)->message, "first");
    assert_str(diags_get(d, 2)->message, "second");
    assert_str(diags_get(d, 3)->message, "third");
    arena_destroy(a);
}

static void appended_diagnostics_outlive_their_arena(void **state)
{
    (void)state;
    struct arena *a = arena_create(), *worker = arena_create();
    struct diags *d = diags_new(a), *part = diags_new(worker);
    struct strbuf out = STRBUF_INIT;
    struct str text = str_copy(worker, STR("one\ntwo\n"));
    struct str path = str_copy(worker, STR("w.json"));
    diag_error(part, (struct where){path, text, 4, 3}, "h", "m");
    diag_warning(part, (struct where){path, text, 0, 3}, NULL, "w");
    diags_append(d, part);
    arena_destroy(worker);
    assert_int_equal(diags_errors(d), 1);
    assert_int_equal(diags_warnings(d), 1);
    print(d, &out);
    assert_text(&out, "w.json:1:1: warning: w\n    1 | one\n      | ^~~\n"
                      "w.json:2:1: error: m\n    2 | two\n      | ^~~\n  hint: h\n");
    strbuf_release(&out);
    arena_destroy(a);
}

static void hostile_bytes_of_the_input_are_shown_escaped(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct strbuf out = STRBUF_INIT;
    /* an escape sequence, a tab, an invalid byte, and U+202E, which turns the direction of writing */
    const char *text = "\033[2J\t\xFF\xE2\x80\xAEk";
    diag_error(d, at("p\033q", text, 9, 1), NULL, "bad key \"%s\"", "\033[31m\xE2\x80\xAE");
    print(d, &out);
    /* 4 columns for \x1b, 3 for [2J, 1 for the tab, 4 for \xff, 8 for \u{202e}: the caret is 20 in */
    assert_text(&out, "p\\x1bq:1:8: error: bad key \"\\x1b[31m\\u{202e}\"\n"
                      "    1 | \\x1b[2J \\xff\\u{202e}k\n"
                      "      |                     ^\n");
    strbuf_release(&out);
    arena_destroy(a);
}

static void a_long_line_is_cut_around_the_mistake(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct strbuf out = STRBUF_INIT;
    char text[100001];
    memset(text, 'x', 100000);
    text[100000] = '\0';
    text[5000] = 'Y';
    diag_error(d, at("f", text, 5000, 1), NULL, "here");
    print(d, &out);
    assert_true(out.n < 400);
    struct str shown = strbuf_str(&out);
    struct str head, tail, line;
    str_cut(shown, '\n', &head, &tail);
    str_next_line(&tail, &line);
    size_t y = str_find(line, STR("Y"));
    assert_true(y < line.n);
    str_next_line(&tail, &line);
    assert_int_equal(str_find(line, STR("^")), y);
    strbuf_release(&out);
    arena_destroy(a);
}

static void a_fault_of_the_machine_is_told_from_wrong_input(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    diag_error(d, where_file(STR("a")), NULL, "wrong");
    assert_int_equal(diags_system_errors(d), 0);
    diag_system(d, where_file(STR("b")), ENOSPC, "cannot write");
    assert_int_equal(diags_errors(d), 2);
    assert_int_equal(diags_system_errors(d), 1);
    assert_str(diags_get(d, 1)->message, "cannot write: No space left on device");
    arena_destroy(a);
}

static void colour_is_only_there_when_asked_for(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct strbuf out = STRBUF_INIT;
    diag_error(d, at("f", "text", 0, 4), "h", "m");
    diags_print(d, &out, false);
    assert_int_equal(str_find(strbuf_str(&out), STR("\033")), out.n);
    strbuf_clear(&out);
    diags_print(d, &out, true);
    assert_true(str_find(strbuf_str(&out), STR("\033[1;31m")) < out.n);
    strbuf_release(&out);
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_mistake_is_shown_with_line_caret_and_hint),
        cmocka_unit_test(a_file_without_text_has_no_position),
        cmocka_unit_test(columns_count_characters_not_bytes),
        cmocka_unit_test(mistakes_on_one_line_each_have_their_column),
        cmocka_unit_test(of_a_file_full_of_mistakes_the_first_are_kept_and_all_counted),
        cmocka_unit_test(mistakes_come_by_file_and_place_and_repeats_go),
        cmocka_unit_test(appended_diagnostics_outlive_their_arena),
        cmocka_unit_test(hostile_bytes_of_the_input_are_shown_escaped),
        cmocka_unit_test(a_long_line_is_cut_around_the_mistake),
        cmocka_unit_test(a_fault_of_the_machine_is_told_from_wrong_input),
        cmocka_unit_test(colour_is_only_there_when_asked_for),
    };
    return cmocka_run_group_tests_name("diag", tests, NULL, NULL);
}
