#include "unit/unit.h"

#include "base/arena.h"
#include "base/diag.h"
#include "source/json.h"
#include "source/json_scan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct bench {
    struct arena *a;
    struct diags *d;
};

static int setup(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    assert_non_null(b);
    b->a = arena_create();
    b->d = diags_new(b->a);
    *state = b;
    return 0;
}

static int teardown(void **state)
{
    struct bench *b = *state;
    arena_destroy(b->a);
    free(b);
    return 0;
}

static const struct json *parse(struct bench *b, const char *text)
{
    return json_parse(STR("in.json"), str_of(text), b->a, b->d);
}

/* The first error of a text that must have one: "line:column: message", and its hint behind " | ". */
static struct str first_error(struct bench *b, struct str text)
{
    struct diags *d = diags_new(b->a);
    size_t line = 0, column = 0;
    assert_null(json_parse(STR("in.json"), text, b->a, d));
    assert_true(diags_errors(d) > 0);
    diags_sort(d);
    const struct diag *first = diags_get(d, 0);
    where_line(first->where, &line, &column);
    return str_printf(b->a, "%zu:%zu: %.*s%s%.*s", line, column, STR_ARG(first->message),
                      first->hint.n > 0 ? " | " : "", STR_ARG(first->hint));
}

static void every_kind_of_value_is_read(void **state)
{
    struct bench *b = *state;
    const struct json *j = parse(
        b,
        "{\"a\": null, \"b\": true, \"c\": -12.5e1, \"d\": \"x\\u00e9\\n\", \"e\": [1, []], \"f\": {}}");
    assert_non_null(j);
    assert_int_equal(j->kind, JSON_OBJECT);
    assert_int_equal(j->count, 6);
    assert_int_equal(json_find(j, "a")->kind, JSON_NULL);
    assert_true(json_find(j, "b")->boolean);
    assert_true(fabs(json_find(j, "c")->number + 125.0) < 1e-12);
    assert_str(json_find(j, "c")->string, "-12.5e1");
    assert_str(json_find(j, "d")->string, "x\xc3\xa9\n");
    assert_int_equal(json_find(j, "e")->count, 2);
    assert_int_equal(json_find(j, "f")->count, 0);
    assert_null(json_find(j, "g"));
    assert_null(json_find(json_find(j, "e"), "a"));
    assert_int_equal(diags_count(b->d), 0);
}

static void comments_are_blanks_and_places_stay(void **state)
{
    struct bench *b = *state;
    const char *text = "// \"one\"\n{ /* { */ \"a\" /**/ : // x\n  42 /* ] */ } // end";
    const struct json *j = parse(b, text);
    size_t line = 0, column = 0;
    assert_non_null(j);
    const struct json *a = json_find(j, "a");
    assert_true(where_line(json_where(a), &line, &column));
    assert_int_equal(line, 3);
    assert_int_equal(column, 3);
    assert_int_equal(a->length, 2);
    assert_true(where_line(json_key_where(a), &line, &column));
    assert_int_equal(line, 2);
    assert_int_equal(column, 11);
    assert_int_equal(a->key_length, 3);
    assert_memory_equal(text + a->offset, "42", 2);
}

static void slashes_in_strings_are_no_comments(void **state)
{
    const struct json *j = parse(*state, "[\"https://x/*y*/\", \"\\\"//\"]");
    assert_non_null(j);
    assert_str(j->child->string, "https://x/*y*/");
    assert_str(j->child->next->string, "\"//");
}

static void structural_faults_name_place_and_remedy(void **state)
{
    static const struct {
        const char *text, *error;
    } CASES[] = {
        {"", "0:0: the file holds no JSON value"},
        {" // only this\n", "2:1: the file holds no JSON value"},
        {"{\"a\": 1",
         "1:8: unexpected end of file, expected ',' or '}' | what opens with '{' on line 1 is not closed"},
        {"{\"a\": 1\n \"b\": 2}", "2:2: unexpected '\"', expected ',' or '}'"},
        {"[1 2]", "1:4: unexpected '2', expected ',' or ']'"},
        {"{a: 1}",
         "1:2: unexpected 'a', expected a key in double quotes | strings and keys are written in double quotes: \"...\""},
        {"{'a': 1}",
         "1:2: unexpected ''', expected a key in double quotes | strings and keys are written in double quotes: \"...\""},
        {"{\"a\" 1}", "1:6: unexpected '1', expected ':' after the key"},
        {"{\"a\": }", "1:7: unexpected '}', expected a value"},
        {"[\xe2\x80\x9cx\xe2\x80\x9d]",
         "1:2: unexpected '\xe2\x80\x9c', expected a value | strings and keys are written in double quotes: \"...\""},
        {"{} {}", "1:4: unexpected '{', expected nothing more after the value"},
        {"[1] # x",
         "1:5: unexpected '#', expected nothing more after the value | comments are written // or /* */"},
        {"\"abc", "1:1: string is not closed | close it with \" on the same line"},
        {"[\"abc\n\"]", "1:2: string is not closed | close it with \" on the same line"},
        {"/* x", "1:1: comment is not closed | close it with */"},
        {"\f1", "1:1: unexpected control character U+000C, expected a value"},
    };
    struct bench *b = *state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        assert_str(first_error(b, str_of(CASES[i].text)), CASES[i].error);
}

static void faults_in_values_name_place_and_remedy(void **state)
{
    static const struct {
        const char *text, *error;
    } CASES[] = {
        {"[01]", "1:2: \"01\" is not a JSON number | leave out the leading zeros"},
        {"[+1]", "1:2: \"+1\" is not a JSON number | leave out the '+'"},
        {"[1.]", "1:2: \"1.\" is not a JSON number | write it as 12, -3, 0.25 or 1.5e6"},
        {"[.5]", "1:2: \".5\" is not a JSON number | write it as 12, -3, 0.25 or 1.5e6"},
        {"[1e]", "1:2: \"1e\" is not a JSON number | write it as 12, -3, 0.25 or 1.5e6"},
        {"[0x10]", "1:2: \"0x10\" is not a JSON number | write it in decimal digits"},
        {"[1_000]", "1:2: \"1_000\" is not a JSON number | leave out the '_'"},
        {"[NaN]",
         "1:2: \"NaN\" is not a JSON number | leave the key out where the figure is not known"},
        {"[-Infinity]",
         "1:2: \"-Infinity\" is not a JSON number | leave the key out where the figure is not known"},
        {"[1e999]", "1:2: number 1e999 is too large"},
        {"[-1e400]", "1:2: number -1e400 is too large"},
        {"[1e-400]", "1:2: number 1e-400 is too small | write 0 if that is meant"},
        {"[True]", "1:2: unknown word \"True\", expected a value | did you mean true?"},
        {"[1,]", "1:3: comma after the last item | remove it"},
        {"{\"a\": 1, // last\n}", "1:8: comma after the last member | remove it"},
        {"[\"a\tb\"]", "1:4: control character U+0009 in a string | write \\t or blanks"},
        {"[\"\\x\"]", "1:3: unknown escape after '\\' | a backslash itself is written \\\\"},
        {"[\"\\u12g4\"]",
         "1:3: \"\\u\" without four hexadecimal digits | write four hexadecimal digits: \\u00e9"},
        {"[\"\\u0000\"]", "1:3: \"\\u0000\" is not allowed | leave it out"},
        {"[\"\\ud800x\"]",
         "1:3: \"\\ud800\" is half of a surrogate pair | write the character itself, in UTF-8"},
        {"[\"\\udc00\"]",
         "1:3: \"\\udc00\" is half of a surrogate pair | write the character itself, in UTF-8"},
        {"{\"a\": 1,\n\"\\u0061\": 2}", "2:1: duplicate key \"a\" | it stands on line 1 already"},
        {"[\"\xff\"]", "1:3: invalid UTF-8 | save the file as UTF-8"},
        {"[\"\xed\xa0\x80\"]", "1:3: invalid UTF-8 | save the file as UTF-8"},
    };
    struct bench *b = *state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        assert_str(first_error(b, str_of(CASES[i].text)), CASES[i].error);
}

static void one_run_shows_every_fault_that_can_be_passed_over(void **state)
{
    struct bench *b = *state;
    assert_null(parse(
        b, "{\"a\": 01, \"b\": [1,], \"a\": NaN,\n \"c\": \"\\u0000\", \"c\": 1e999, \"a\": .5,}"));
    // 01, the comma in [1,], NaN, \u0000, 1e999, .5, the comma at the end; "a" twice more, "c" once
    assert_int_equal(diags_errors(b->d), 10);
}

static void a_nul_byte_is_refused_in_and_out_of_strings(void **state)
{
    struct bench *b = *state;
    assert_str(first_error(b, (struct str){"[\"a\0b\"]", 7}),
               "1:4: control character U+0000 in a string | remove it, or write it as an escape");
    assert_str(first_error(b, (struct str){"[1\0]", 4}),
               "1:3: unexpected control character U+0000, expected ',' or ']'");
}

static void nesting_is_bounded(void **state)
{
    struct bench *b = *state;
    char deep[4 * JSON_MAX_DEPTH];
    size_t n = 0;
    for (int i = 0; i < JSON_MAX_DEPTH; i++)
        deep[n++] = '[';
    for (int i = 0; i < JSON_MAX_DEPTH; i++)
        deep[n++] = ']';
    assert_non_null(json_parse(STR("in.json"), (struct str){deep, n}, b->a, b->d));
    memset(deep, '[', sizeof deep);
    assert_str(first_error(b, (struct str){deep, sizeof deep}),
               "1:65: nested deeper than 64 levels");
}

static void zero_is_accepted_however_it_is_written(void **state)
{
    const struct json *j = parse(*state, "[0, -0, 0.000, 0e-999, -0.0e5]");
    assert_non_null(j);
    for (const struct json *item = j->child; item; item = item->next) {
        assert_int_equal(fpclassify(item->number), FP_ZERO);
        assert_false(signbit(item->number));
    }
    assert_str(j->child->next->string, "-0");
}

static void the_text_of_a_number_is_kept_exactly(void **state)
{
    const struct json *j = parse(*state, "[9007199254740993, 0.10000000000000000001, 1E+2]");
    assert_non_null(j);
    assert_str(j->child->string, "9007199254740993");
    assert_str(j->child->next->string, "0.10000000000000000001");
    assert_str(j->child->next->next->string, "1E+2");
}

static void a_number_longer_than_the_parser_takes_is_an_error(void **state)
{
    struct bench *b = *state;
    char text[80] = "[";
    memset(text + 1, '1', JSON_NUMBER_MAX + 1);
    text[JSON_NUMBER_MAX + 2] = ']';
    assert_str(first_error(b, str_of(text)),
               "1:2: number is longer than 63 characters | write fewer digits");
    text[JSON_NUMBER_MAX + 1] = ']';
    text[JSON_NUMBER_MAX + 2] = '\0';
    assert_non_null(parse(b, text));
}

static void a_byte_order_mark_is_passed_over(void **state)
{
    const struct json *j = parse(*state, "\xef\xbb\xbf{\"a\": 1}");
    assert_non_null(j);
    assert_int_equal(json_find(j, "a")->offset, 9);
}

static void pairs_of_surrogates_make_one_character(void **state)
{
    const struct json *j = parse(*state, "[\"\\ud83d\\ude00\"]");
    assert_non_null(j);
    assert_str(j->child->string, "\xf0\x9f\x98\x80");
}

static void every_escape_is_decoded_also_of_keys(void **state)
{
    const struct json *j = parse(
        *state, "{\"k\\u0065y\": \"a\\\"b\\\\c\\/d\\b\\f\\n\\r\\t\\u007f\\u07ff\\u0800\\uffee\"}");
    assert_non_null(j);
    assert_str(json_find(j, "key")->string,
               "a\"b\\c/d\b\f\n\r\t\x7f\xdf\xbf\xe0\xa0\x80\xef\xbf\xae");
}

/* Short ones have a way of their own; it must give the same double, bit for bit. */
static void numbers_are_the_doubles_that_the_c_library_reads(void **state)
{
    static const char *const NUMBERS[] = {
        "0",    "-0",     "7",       "0.1",    "-0.3",     "0.34",    "12.5",  "1.005",
        "123456789012345", "999999999999999", "9007199254740993", "0.000000000000001",
        "0.123456789012345", "1234567.8901234", "1e3", "2.5E-7", "4.35", "0.0000133334",
        "179769313486231570000000000000000000000"};
    for (size_t i = 0; i < sizeof NUMBERS / sizeof *NUMBERS; i++) {
        const struct json *j = parse(*state, NUMBERS[i]);
        double want = strtod(NUMBERS[i], NULL) + 0.0;
        assert_non_null(j);
        assert_memory_equal(&j->number, &want, sizeof want);
    }
}

static void a_dotted_path_goes_through_objects_and_arrays(void **state)
{
    const struct json *j = parse(*state,
                                 "{\"models\": [{\"name\": \"x\"}, {\"name\": \"y\"}], \"0\": 5}");
    assert_str(json_path(j, STR("models.1.name"))->string, "y");
    assert_str(json_path(j, STR("0"))->string, "5");
    assert_null(json_path(j, STR("models.2.name")));
    assert_null(json_path(j, STR("models.x")));
    assert_null(json_path(j, STR("models.")));
    assert_null(json_path(j, STR("models.0.name.more")));
}

/* ---- the reader ---- */

static struct json_reader open_reader(struct bench *b, const char *text)
{
    struct json_reader r;
    const struct json *j = parse(b, text);
    assert_non_null(j);
    assert_true(json_reader_open(&r, j, STR("answers"), b->a, b->d));
    return r;
}

static void expect_only(struct bench *b, const char *message, const char *hint)
{
    assert_int_equal(diags_count(b->d), 1);
    assert_str(diags_get(b->d, 0)->message, message);
    assert_str(diags_get(b->d, 0)->hint, hint);
}

static void the_reader_takes_members_of_the_right_kind(void **state)
{
    struct bench *b = *state;
    struct json_reader r = open_reader(
        b,
        "{\"s\": \"x\", \"b\": true, \"n\": 3, \"l\": [1], \"o\": {}, \"p\": \"0.0000166667\", \"q\": 0.25}");
    struct str s;
    bool yes = false;
    double n = 0;
    const struct json *list = NULL, *object = NULL;
    struct decimal price;
    assert_true(json_string_required(&r, "s", &s));
    assert_str(s, "x");
    assert_true(json_bool(&r, "b", &yes));
    assert_true(yes);
    assert_true(json_number(&r, "n", 0, 10, &n));
    assert_true(fabs(n - 3) < 1e-12);
    assert_true(json_array(&r, "l", &list));
    assert_int_equal(list->count, 1);
    assert_true(json_object(&r, "o", &object));
    assert_true(json_decimal(&r, "p", &price));
    assert_int_equal(price.coef, 166667);
    assert_int_equal(price.scale, 10);
    assert_true(json_decimal(&r, "q", &price));
    assert_int_equal(price.coef, 25);
    assert_int_equal(price.scale, 2);
    json_reader_close(&r);
    assert_int_equal(diags_count(b->d), 0);
}

static void absence_is_an_error_only_where_required(void **state)
{
    struct bench *b = *state;
    struct json_reader r = open_reader(b, "{}");
    struct str s = STR("before");
    assert_false(json_string(&r, "title", &s));
    assert_str(s, "before");
    assert_int_equal(diags_count(b->d), 0);
    assert_false(json_string_required(&r, "title", &s));
    expect_only(b, "answers.title is missing", "");
}

static void a_wrong_kind_is_named(void **state)
{
    struct bench *b = *state;
    struct json_reader r = open_reader(b, "{\"n\": \"3\"}");
    double n;
    assert_false(json_number(&r, "n", 0, 10, &n));
    expect_only(b, "answers.n must be a number, got a string", "");
}

static void ranges_are_said_as_people_say_them(void **state)
{
    static const struct {
        double low, high;
        const char *text, *message;
    } CASES[] = {
        {JSON_POSITIVE, JSON_UNBOUNDED, "{\"p99_ms\": -5}",
         "answers.p99_ms must be greater than 0, got -5"},
        {JSON_POSITIVE, 100, "{\"p99_ms\": 0}", "answers.p99_ms must be greater than 0, got 0"},
        {JSON_POSITIVE, 100, "{\"p99_ms\": 1e3}", "answers.p99_ms must be at most 100, got 1e3"},
        {0, JSON_UNBOUNDED, "{\"p99_ms\": -1}", "answers.p99_ms must be at least 0, got -1"},
        {-JSON_UNBOUNDED, 7, "{\"p99_ms\": 8}", "answers.p99_ms must be at most 7, got 8"},
        {0, 1, "{\"p99_ms\": 1.5}", "answers.p99_ms must be between 0 and 1, got 1.5"},
    };
    struct bench *b = *state;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        b->d = diags_new(b->a);
        struct json_reader r = open_reader(b, CASES[i].text);
        double n = 77;
        assert_false(json_number(&r, "p99_ms", CASES[i].low, CASES[i].high, &n));
        expect_only(b, CASES[i].message, "");
    }
}

static void unknown_words_and_keys_name_the_nearest(void **state)
{
    static const char *const WORDS[] = {"none", "optional", "required", NULL};
    struct bench *b = *state;
    struct json_reader r = open_reader(b, "{\"need\": \"requird\", \"cuont\": 1}");
    size_t index = 9;
    double n;
    assert_false(json_choice(&r, "need", WORDS, &index));
    assert_int_equal(index, 9);
    assert_false(json_number(&r, "count", 0, 9, &n));
    json_reader_close(&r);
    assert_int_equal(diags_count(b->d), 2);
    diags_sort(b->d);
    assert_str(diags_get(b->d, 0)->message, "answers.need cannot be \"requird\"");
    assert_str(diags_get(b->d, 0)->hint,
               "did you mean \"required\"? it is one of: none, optional, required");
    assert_str(diags_get(b->d, 1)->message, "unknown key \"cuont\" in answers");
    assert_str(diags_get(b->d, 1)->hint, "did you mean \"count\"?");
}

static void a_decimal_that_others_would_lose_is_refused(void **state)
{
    struct bench *b = *state;
    struct json_reader r = open_reader(
        b, "{\"usd\": 0.1234567890123456, \"more\": 1.50000000000000000000}");
    struct decimal price;
    assert_false(json_decimal(&r, "usd", &price));
    assert_int_equal(diags_errors(b->d), 1);
    assert_str(diags_get(b->d, 0)->hint, "write it as a string, \"...\"");
    assert_true(json_decimal(&r, "more", &price)); // two significant digits
    assert_int_equal(price.coef, 15);
    assert_int_equal(price.scale, 1);
}

static void an_array_is_no_object_to_read(void **state)
{
    struct bench *b = *state;
    struct json_reader r;
    assert_false(json_reader_open(&r, parse(b, "[]"), (struct str){NULL, 0}, b->a, b->d));
    expect_only(b, "the file must be an object, got an array", "");
}

static void long_objects_are_searched_for_duplicates_in_reasonable_time(void **state)
{
    struct bench *b = *state;
    struct strbuf sb = STRBUF_INIT;
    strbuf_addc(&sb, '{');
    for (int i = 0; i < 100000; i++)
        strbuf_addf(&sb, "\"k%d\": %d,\n", i, i);
    strbuf_adds(&sb, "\"k77\": 0}");
    assert_null(json_parse(STR("in.json"), strbuf_str(&sb), b->a, b->d));
    expect_only(b, "duplicate key \"k77\"", "it stands on line 78 already");
    strbuf_release(&sb);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_kind_of_value_is_read),
        TEST(comments_are_blanks_and_places_stay),
        TEST(slashes_in_strings_are_no_comments),
        TEST(structural_faults_name_place_and_remedy),
        TEST(faults_in_values_name_place_and_remedy),
        TEST(one_run_shows_every_fault_that_can_be_passed_over),
        TEST(a_nul_byte_is_refused_in_and_out_of_strings),
        TEST(nesting_is_bounded),
        TEST(zero_is_accepted_however_it_is_written),
        TEST(the_text_of_a_number_is_kept_exactly),
        TEST(a_number_longer_than_the_parser_takes_is_an_error),
        TEST(a_byte_order_mark_is_passed_over),
        TEST(pairs_of_surrogates_make_one_character),
        TEST(every_escape_is_decoded_also_of_keys),
        TEST(numbers_are_the_doubles_that_the_c_library_reads),
        TEST(a_dotted_path_goes_through_objects_and_arrays),
        TEST(the_reader_takes_members_of_the_right_kind),
        TEST(absence_is_an_error_only_where_required),
        TEST(a_wrong_kind_is_named),
        TEST(ranges_are_said_as_people_say_them),
        TEST(unknown_words_and_keys_name_the_nearest),
        TEST(a_decimal_that_others_would_lose_is_refused),
        TEST(an_array_is_no_object_to_read),
        TEST(long_objects_are_searched_for_duplicates_in_reasonable_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
