/*
 * `breakeven prices` as a user runs it: arguments in, standard output and exit status out. The
 * expected outputs are tests/golden/prices/NAME.out; GOLDEN_ACCEPT=1 rewrites them.
 */
#include "unit/unit.h"

#include "base/arena.h"
#include "base/file.h"
#include "command/prices.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define GOLDEN "tests/golden/prices"
#define BOOK "tests/golden/pricing/valid"
#define ARGUMENTS_MAX 16

/* What came out on both streams. */
struct ran {
    struct str out, err;
    int status;
};

static struct str take(FILE *f, struct arena *a)
{
    struct strbuf sb = STRBUF_INIT;
    char buffer[4096];
    size_t n;
    rewind(f);
    while ((n = fread(buffer, 1, sizeof buffer, f)) > 0)
        strbuf_add(&sb, (struct str){buffer, n});
    struct str text = strbuf_copy(&sb, a);
    strbuf_release(&sb);
    fclose(f);
    return text;
}

/* `line`: the arguments after "prices", separated by blanks. */
static struct ran run(struct arena *a, const char *line)
{
    char *argv[ARGUMENTS_MAX] = {(char *)(uintptr_t) "prices"};
    struct str rest = str_of(line), word;
    int argc = 1;
    while (rest.n > 0 && argc < ARGUMENTS_MAX - 1) {
        str_cut(rest, ' ', &word, &rest);
        argv[argc++] = (char *)(uintptr_t)str_cstring(a, word);
        if (word.s + word.n == line + strlen(line))
            break;
    }
    fflush(stdout);
    fflush(stderr);
    int real_out = dup(STDOUT_FILENO), real_err = dup(STDERR_FILENO);
    FILE *out = tmpfile(), *err = tmpfile();
    assert_true(out && err && real_out >= 0 && real_err >= 0);
    dup2(fileno(out), STDOUT_FILENO);
    dup2(fileno(err), STDERR_FILENO);
    struct ran r = {.status = command_prices(argc, argv)};
    fflush(stdout);
    fflush(stderr);
    dup2(real_out, STDOUT_FILENO);
    dup2(real_err, STDERR_FILENO);
    close(real_out);
    close(real_err);
    r.out = take(out, a);
    r.err = take(err, a);
    return r;
}

static void check(const char *name, const char *line)
{
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct ran r = run(a, line);
    const char *path = path_join(a, GOLDEN, str_cstring(a, str_printf(a, "%s.out", name)));
    struct str want = {NULL, 0};
    bool missing;
    assert_int_equal(r.status, 0);
    assert_int_equal(r.err.n, 0);
    if (getenv("GOLDEN_ACCEPT"))
        assert_true(file_write(path, r.out, NULL, d));
    file_read_optional(path, a, &want, &missing, d);
    assert_string_equal(str_cstring(a, r.out), str_cstring(a, want));
    arena_destroy(a);
}

/* A run that fails: its status, and what standard error begins with. Standard output is empty. */
static void check_failure(const char *line, int status, const char *err)
{
    struct arena *a = arena_create();
    struct ran r = run(a, line);
    assert_int_equal(r.status, status);
    assert_int_equal(r.out.n, 0);
    assert_str(str_slice(r.err, 0, strlen(err)), err);
    arena_destroy(a);
}

static void list_prints_the_prices_of_the_edition(void **state)
{
    (void)state;
    check("list", "list --pricing " BOOK);
    check("list-json", "list --format json --pricing " BOOK);
    check("list-csv", "list --format csv --pricing " BOOK);
}

static void list_filters(void **state)
{
    (void)state;
    check("list-region", "list --region eu-west-1 --as-of 2019-01-01 --pricing " BOOK);
    check("list-sku", "list --sku *:* --provider aws --service ec2 --pricing " BOOK);
    check("list-as-of", "list --sku ec2-g5.xlarge --as-of 2025-12-31 --pricing " BOOK);
}

static void list_says_when_nothing_matches(void **state)
{
    (void)state;
    check_failure("list --sku nothing --pricing " BOOK, 1, "breakeven: prices: no price matches\n");
    check_failure("list --provider awz --pricing " BOOK, 1,
                  "breakeven: prices: unknown provider 'awz'\n  hint: did you mean 'aws'?\n");
}

static void show_prints_history_sources_and_users(void **state)
{
    (void)state;
    check("show", "show lambda-gb-second ec2-g5.xlarge lambda-request --pricing " BOOK);
    check("show-json", "show ec2-g5.xlarge:spot --format json --pricing " BOOK);
}

static void show_names_the_nearest_sku(void **state)
{
    (void)state;
    check_failure("show ec2-g5.xlagre --pricing " BOOK, 1,
                  "breakeven: prices: unknown SKU 'ec2-g5.xlagre'\n  hint: did you mean "
                  "'ec2-g5.xlarge'?\n");
}

static void check_tells_age_and_coverage(void **state)
{
    (void)state;
    check("check", "check --today 2026-10-10 --max-age 100 --pricing " BOOK);
    check("check-verbose", "check -v --today 2026-10-10 --max-age 100 --pricing " BOOK);
    check("check-json", "check --format json --today 2026-10-10 --max-age 100 --pricing " BOOK);
}

static void check_takes_today_from_source_date_epoch(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    setenv("SOURCE_DATE_EPOCH", "1791590400", 1); // 2026-10-10T00:00:00Z
    struct ran r = run(a, "check --max-age 100 --pricing " BOOK);
    assert_str(str_slice(r.out, 0, 48), "edition 2026-10-01, looked at on 2026-10-10\n10 S");
    setenv("SOURCE_DATE_EPOCH", "tomorrow", 1);
    r = run(a, "check --pricing " BOOK);
    assert_int_equal(r.status, 2);
    unsetenv("SOURCE_DATE_EPOCH");
    arena_destroy(a);
}

static void check_fails_on_mistakes_and_when_strict(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct ran r = run(a, "check --today 2026-10-10 --pricing tests/golden/pricing/hardware");
    assert_int_equal(r.status, 1);
    assert_int_equal(r.out.n, 0);
    r = run(a, "check --today 2026-10-10 --format json --pricing tests/golden/pricing/nowhere");
    assert_int_equal(r.status, 1);
    assert_true(str_find(r.out, STR("\"message\": \"no pricing folder here\"")) < r.out.n);
    r = run(a, "check --strict --today 2026-10-10 --max-age 100 --pricing " BOOK);
    assert_int_equal(r.status, 1);
    assert_true(r.out.n > 0);
    arena_destroy(a);
}

static void wrong_usage_is_exit_status_2(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    static const char *const LINES[] = {
        "lst",
        "list extra",
        "list --form json",
        "list --format xml",
        "show",
        "list --as-of 2026-2-1",
        "check --max-age zero",
        "check somewhere",
        "show a b --format json",
    };
    for (size_t i = 0; i < sizeof LINES / sizeof *LINES; i++) {
        struct ran r = run(a, LINES[i]);
        if (r.status != 2)
            print_error("prices %s\n", LINES[i]);
        assert_int_equal(r.status, 2);
        assert_int_equal(r.out.n, 0);
        assert_true(r.err.n > 0);
    }
    arena_destroy(a);
}

static void help_is_a_result(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    static const char *const LINES[] = {"--help", "list --help", "show --help", "check -h"};
    for (size_t i = 0; i < sizeof LINES / sizeof *LINES; i++) {
        struct ran r = run(a, LINES[i]);
        assert_int_equal(r.status, 0);
        assert_str(str_slice(r.out, 0, 23), "usage: breakeven prices");
        assert_int_equal(r.err.n, 0);
    }
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(list_prints_the_prices_of_the_edition),
        cmocka_unit_test(list_filters),
        cmocka_unit_test(list_says_when_nothing_matches),
        cmocka_unit_test(show_prints_history_sources_and_users),
        cmocka_unit_test(show_names_the_nearest_sku),
        cmocka_unit_test(check_tells_age_and_coverage),
        cmocka_unit_test(check_takes_today_from_source_date_epoch),
        cmocka_unit_test(check_fails_on_mistakes_and_when_strict),
        cmocka_unit_test(wrong_usage_is_exit_status_2),
        cmocka_unit_test(help_is_a_result),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
