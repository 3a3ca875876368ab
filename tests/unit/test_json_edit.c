#include "unit/unit.h"

#include "base/arena.h"
#include "base/diag.h"
#include "source/json.h"
#include "source/json_edit.h"

static const char *const AFTER[] = {"format", "title", NULL};

/* Sets "status" in `text`, and checks that the result is JSON that says so. */
static void check_edit(const char *text, const char *value, const char *want)
{
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    const struct json *root = json_parse(STR("q.json"), str_of(text), a, d);
    assert_non_null(root);
    struct str got = json_edit_string(str_of(text), root, "status", str_of(value), AFTER, a);
    assert_str(got, want);
    const struct json *again = json_parse(STR("q.json"), got, a, d);
    assert_non_null(again);
    assert_str(json_find(again, "status")->string, value);
    assert_int_equal(diags_count(d), 0);
    arena_destroy(a);
}

static void a_member_changes_and_nothing_else(void **state)
{
    (void)state;
    check_edit("{ // why\n\t\"status\" :  \"draft\" /* so */, \"title\": \"x\" }\r\n", "accepted",
               "{ // why\n\t\"status\" :  \"accepted\" /* so */, \"title\": \"x\" }\r\n");
}

static void a_new_member_takes_a_line_after_its_predecessor(void **state)
{
    (void)state;
    check_edit(
        "{\n  \"format\": \"f\",\n  \"title\": \"x\", // the name, \"quoted\"\n  \"date\": 1\n}\n",
        "draft",
        "{\n  \"format\": \"f\",\n  \"title\": \"x\", // the name, \"quoted\"\n"
        "  \"status\": \"draft\",\n  \"date\": 1\n}\n");
    check_edit("{\r\n\t\"title\": \"x\" /* last */\r\n}", "draft",
               "{\r\n\t\"title\": \"x\", /* last */\r\n\t\"status\": \"draft\"\r\n}");
    check_edit("{\n  \"title\": \"x\"}", "draft", "{\n  \"title\": \"x\", \"status\": \"draft\"}");
}

static void a_new_member_goes_on_the_line_where_all_stand(void **state)
{
    (void)state;
    check_edit("{\"title\":\"x\",\"date\":1}", "draft",
               "{\"title\":\"x\", \"status\": \"draft\",\"date\":1}");
    check_edit("{\n  \"title\": \"x\", \"date\": 1\n}", "draft",
               "{\n  \"title\": \"x\", \"status\": \"draft\", \"date\": 1\n}");
    check_edit("{\n  \"title\": \"x\" // c\n  , \"date\": 1\n}", "draft",
               "{\n  \"title\": \"x\", \"status\": \"draft\" // c\n  , \"date\": 1\n}");
    check_edit("{\n  \"title\": \"x\", /* long\n  one */ \"date\": 1\n}", "draft",
               "{\n  \"title\": \"x\", \"status\": \"draft\", /* long\n  one */ \"date\": 1\n}");
}

static void without_a_predecessor_it_is_the_first(void **state)
{
    (void)state;
    check_edit("{}", "draft", "{\"status\": \"draft\"}");
    check_edit("{ /* none */ }", "draft", "{\"status\": \"draft\" /* none */ }");
    check_edit("{\"date\": 1}", "draft", "{\"status\": \"draft\",\"date\": 1}");
    check_edit("// top\n{\n  \"date\": 1\n}\n", "draft",
               "// top\n{\n  \"status\": \"draft\",\n  \"date\": 1\n}\n");
}

static void text_is_escaped(void **state)
{
    (void)state;
    check_edit("{\"status\": \"x\"}", "a\"b\\c\n", "{\"status\": \"a\\\"b\\\\c\\n\"}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_member_changes_and_nothing_else),
        cmocka_unit_test(a_new_member_takes_a_line_after_its_predecessor),
        cmocka_unit_test(a_new_member_goes_on_the_line_where_all_stand),
        cmocka_unit_test(without_a_predecessor_it_is_the_first),
        cmocka_unit_test(text_is_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
