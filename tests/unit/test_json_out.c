#include "unit/unit.h"

#include "base/arena.h"
#include "base/diag.h"
#include "source/json.h"
#include "source/json_out.h"

#include <math.h>

static void members_stand_on_lines_of_their_own(void **state)
{
    struct strbuf sb = STRBUF_INIT;
    struct json_out j;
    (void)state;
    json_out_init(&j, &sb);
    json_begin(&j, '{');
    json_key(&j, "a");
    json_put_int(&j, -3);
    json_key(&j, "b");
    json_begin(&j, '[');
    json_put_bool(&j, true);
    json_put_null(&j);
    json_end(&j, ']');
    json_key(&j, "c");
    json_begin(&j, '{');
    json_end(&j, '}');
    json_end(&j, '}');
    assert_text(&sb, "{\n  \"a\": -3,\n  \"b\": [\n    true,\n    null\n  ],\n  \"c\": {}\n}");
    strbuf_release(&sb);
}

static void inline_containers_stay_on_one_line_with_what_they_hold(void **state)
{
    struct strbuf sb = STRBUF_INIT;
    struct json_out j;
    (void)state;
    json_out_init(&j, &sb);
    json_begin(&j, '[');
    json_begin_inline(&j, '{');
    json_key(&j, "id");
    json_puts(&j, "x");
    json_key(&j, "range");
    json_begin(&j, '[');
    json_put_int(&j, 1);
    json_put_int(&j, 2);
    json_end(&j, ']');
    json_end(&j, '}');
    json_end(&j, ']');
    assert_text(&sb, "[\n  {\"id\": \"x\", \"range\": [1, 2]}\n]");
    strbuf_release(&sb);
}

static void strings_are_escaped_and_always_valid(void **state)
{
    struct strbuf sb = STRBUF_INIT;
    struct json_out j;
    (void)state;
    json_out_init(&j, &sb);
    json_put_str(&j, STR("a\"b\\c\n\r\t\x01\x1f\x7f</script> \xc3\xa9 \xff \xed\xa0\x80"));
    assert_text(&sb, "\"a\\\"b\\\\c\\n\\r\\t\\u0001\\u001f\\u007f</script> \xc3\xa9 \xef\xbf\xbd "
                     "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
    json_puts(&j, NULL);
    assert_text(&sb, "null");
    strbuf_release(&sb);
}

static void numbers_are_plain_and_unknown_ones_null(void **state)
{
    static const struct {
        double value;
        int decimals; /* -1: as a double */
        const char *text;
    } CASES[] = {
        {0.1, -1, "0.1"},
        {-2, -1, "-2"},
        {(double)NAN, -1, "null"},
        {(double)INFINITY, 3, "null"},
        {1.2345, 2, "1.23"},
        {1.5, 6, "1.5"},
        {2.0, 2, "2"},
        {-0.001, 2, "0"},
        {1e15, 2, "1000000000000000"},
    };
    struct strbuf sb = STRBUF_INIT;
    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct json_out j;
        json_out_init(&j, &sb);
        if (CASES[i].decimals < 0)
            json_put_double(&j, CASES[i].value);
        else
            json_put_rounded(&j, CASES[i].value, CASES[i].decimals);
        assert_text(&sb, CASES[i].text);
    }
    strbuf_release(&sb);
}

static void money_and_decimals_are_exact_numbers(void **state)
{
    struct strbuf sb = STRBUF_INIT;
    struct json_out j;
    (void)state;
    json_out_init(&j, &sb);
    json_begin_inline(&j, '[');
    json_put_money(&j, (struct money){27600000});
    json_put_money(&j, (struct money){-1});
    json_put_decimal(&j, (struct decimal){166667, 10});
    json_end(&j, ']');
    assert_text(&sb, "[27.6, -0.000001, 0.0000166667]");
    strbuf_release(&sb);
}

static void a_tree_is_written_as_it_was_read(void **state)
{
    static const char TEXT[] =
        "{\n  \"a\": 1E+2,\n  \"b\": [\n    9007199254740993,\n    \"x\\n\",\n"
        "    {}\n  ],\n  \"c\": null\n}";
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct strbuf sb = STRBUF_INIT;
    struct json_out j;
    (void)state;
    const struct json *tree = json_parse(STR("in.json"), str_of(TEXT), a, d);
    assert_non_null(tree);
    json_out_init(&j, &sb);
    json_put_tree(&j, tree);
    assert_text(&sb, TEXT);
    strbuf_release(&sb);
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_stand_on_lines_of_their_own),
        cmocka_unit_test(inline_containers_stay_on_one_line_with_what_they_hold),
        cmocka_unit_test(strings_are_escaped_and_always_valid),
        cmocka_unit_test(numbers_are_plain_and_unknown_ones_null),
        cmocka_unit_test(money_and_decimals_are_exact_numbers),
        cmocka_unit_test(a_tree_is_written_as_it_was_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
