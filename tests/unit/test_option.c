#include "unit/unit.h"

#include "base/arena.h"
#include "base/option.h"

#include <stdio.h>
#include <unistd.h>

/* One option of every kind, where it stores, and what a parse gave. */
struct run {
    struct arena *a;
    bool quiet, verbose;
    const char *out, *as_of, *format;
    struct option_list set;
    int jobs;
    const char *operands[16];
    size_t operand_count;
    char said[1024]; /* on standard error */
};

static bool parse(struct run *r, const char *first, ...)
{
    *r = (struct run){.a = r->a};
    const struct option_row options[] = {
        {'q', "quiet", OPTION_FLAG, &r->quiet, NULL, "say nothing"},
        {'v', "verbose", OPTION_FLAG, &r->verbose, NULL, "say more"},
        {'o', "out", OPTION_STRING, &r->out, "DIR", "folder of the site"},
        {0, "set", OPTION_LIST, &r->set, "PATH=VALUE", "override one answer"},
        {'j', "jobs", OPTION_COUNT, &r->jobs, "N", "worker threads"},
        {0, "as-of", OPTION_DATE, &r->as_of, "YYYY-MM-DD", "date of the prices"},
        {0, "format", OPTION_CHOICE, &r->format, "text|markdown|json", "form of the output"},
        {0, NULL, OPTION_FLAG, NULL, NULL, NULL},
    };
    char *argv[17];
    int argc = 0;
    va_list ap;
    va_start(ap, first);
    for (const char *w = "breakeven"; w && argc < 16; argc++) {
        argv[argc] = arena_new(r->a, char, strlen(w) + 1);
        memcpy(argv[argc], w, strlen(w));
        w = argc == 0 ? first : va_arg(ap, const char *);
    }
    va_end(ap);
    /* Standard error goes to a file for the time of the call. */
    FILE *talk = tmpfile();
    assert_non_null(talk);
    fflush(stderr);
    int saved = dup(STDERR_FILENO);
    dup2(fileno(talk), STDERR_FILENO);
    bool ok = option_parse("build", argc, argv, options, r->operands, &r->operand_count, r->a);
    fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
    rewind(talk);
    size_t n = fread(r->said, 1, sizeof r->said - 1, talk);
    r->said[n] = '\0';
    fclose(talk);
    return ok;
}

static int enter(void **state)
{
    static struct run room;
    room.a = arena_create();
    *state = &room;
    return 0;
}

static int leave(void **state)
{
    arena_destroy(((struct run *)*state)->a);
    return 0;
}

static void every_kind_of_option_is_stored(void **state)
{
    struct run *r = *state;
    assert_true(parse(r, "--quiet", "--out", "site", "--set", "a=1", "--set=b=2", "-j", "4",
                      "--as-of=2024-02-29", "--format", "json", "one", "two", NULL));
    assert_true(r->quiet);
    assert_false(r->verbose);
    assert_string_equal(r->out, "site");
    assert_int_equal(r->set.count, 2);
    assert_string_equal(r->set.items[0], "a=1");
    assert_string_equal(r->set.items[1], "b=2"); /* cut at the first '=' only */
    assert_int_equal(r->jobs, 4);
    assert_string_equal(r->as_of, "2024-02-29");
    assert_string_equal(r->format, "json");
    assert_int_equal(r->operand_count, 2);
    assert_string_equal(r->operands[1], "two");
    assert_string_equal(r->said, "");
}

static void letters_may_be_joined_and_end_in_a_value(void **state)
{
    struct run *r = *state;
    assert_true(parse(r, "-qvj12", "-osite", NULL));
    assert_true(r->quiet && r->verbose);
    assert_int_equal(r->jobs, 12);
    assert_string_equal(r->out, "site");
}

static void two_dashes_end_the_options_and_one_is_standard_input(void **state)
{
    struct run *r = *state;
    assert_true(parse(r, "-", "--", "--quiet", "-x", NULL));
    assert_false(r->quiet);
    assert_int_equal(r->operand_count, 3);
    assert_string_equal(r->operands[0], "-");
    assert_string_equal(r->operands[1], "--quiet");
}

static void an_unknown_option_names_the_nearest(void **state)
{
    struct run *r = *state;
    assert_false(parse(r, "--fromat", "json", NULL));
    assert_string_equal(r->said, "breakeven: build: unknown option '--fromat'\n"
                                 "  hint: did you mean '--format'?\n");
    assert_false(parse(r, "--zzzzzzzzz", NULL));
    assert_string_equal(r->said, "breakeven: build: unknown option '--zzzzzzzzz'\n"
                                 "  hint: 'breakeven build --help' lists the options\n");
    assert_false(parse(r, "-qz", NULL));
    assert_string_equal(r->said, "breakeven: build: unknown option '-z'\n"
                                 "  hint: 'breakeven build --help' lists the options\n");
}

static void wrong_values_are_refused_with_what_is_wanted(void **state)
{
    struct run *r = *state;
    static const char *const COUNTS[] = {"0", "-1", "10000", "1e3",
                                         "",  " 4", "4x",    "99999999999999"};
    for (size_t i = 0; i < sizeof COUNTS / sizeof COUNTS[0]; i++)
        assert_false(parse(r, "--jobs", COUNTS[i], NULL));
    static const char *const DATES[] = {"2023-02-29", "1900-02-29", "2024-13-01",
                                        "2024-00-10", "2024-04-31", "24-01-01",
                                        "2024-1-1",   "2024-01-0x", "0000-01-01"};
    for (size_t i = 0; i < sizeof DATES / sizeof DATES[0]; i++)
        assert_false(parse(r, "--as-of", DATES[i], NULL));
    assert_false(parse(r, "--format", "jsn", NULL));
    assert_string_equal(r->said,
                        "breakeven: build: --format must be text, markdown or json, got 'jsn'\n"
                        "  hint: did you mean 'json'?\n");
    assert_false(parse(r, "--quiet=yes", NULL));
    assert_string_equal(r->said, "breakeven: build: --quiet takes no value\n");
    assert_false(parse(r, "--out", NULL));
    assert_string_equal(r->said, "breakeven: build: --out needs a value: --out DIR\n");
    assert_false(parse(r, "-o", NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_kind_of_option_is_stored, enter, leave),
        cmocka_unit_test_setup_teardown(letters_may_be_joined_and_end_in_a_value, enter, leave),
        cmocka_unit_test_setup_teardown(two_dashes_end_the_options_and_one_is_standard_input, enter,
                                        leave),
        cmocka_unit_test_setup_teardown(an_unknown_option_names_the_nearest, enter, leave),
        cmocka_unit_test_setup_teardown(wrong_values_are_refused_with_what_is_wanted, enter, leave),
    };
    return cmocka_run_group_tests_name("option", tests, NULL, NULL);
}
