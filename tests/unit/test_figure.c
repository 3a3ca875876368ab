/* One number of a questionnaire by its path, as --set and the report name it. */
#include "unit/unit.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/str.h"
#include "questionnaire/figure.h"

static const char TEXT[] =
    "{\"format\": \"breakeven-questionnaire/1\", \"title\": \"t\", \"answers\": {\"traffic\": {\"requests_per_day\": 86400, \"peak_rps\": 4},"
    " \"latency\": {\"p50_ms\": 40, \"p99_ms\": 200}}, \"models\": [{\"name\": \"a\", \"size_mb\": 100, \"memory_mb\": 512}, {\"name\": \"b\"}],"
    " \"jobs\": [{\"name\": \"j\", \"nodes\": 2}]}";

static struct arena *a;
static struct questionnaire q;

static int enter(void **state)
{
    (void)state;
    a = arena_create();
    struct diags *d = diags_new(a);
    assert_true(questionnaire_parse(STR("q.json"), str_of(TEXT), STR("q"), a, &q, d));
    return 0;
}

static int leave(void **state)
{
    (void)state;
    arena_destroy(a);
    return 0;
}

static double likely(const char *path)
{
    const struct answer *answer = questionnaire_figure(&q, str_of(path));
    assert_non_null(answer);
    return answer->likely;
}

static void paths_lead_to_numbers(void **state)
{
    (void)state;
    assert_float_equal(likely("answers.traffic.requests_per_day"), 86400, 0);
    assert_float_equal(likely("models.0.memory_mb"), 512, 0);
    assert_float_equal(likely("jobs.0.nodes"), 2, 0);
    assert_false(questionnaire_figure(&q, STR("models.1.memory_mb"))->given);
    assert_null(questionnaire_figure(&q, STR("models.2.memory_mb"))); /* there are two */
    assert_null(questionnaire_figure(&q, STR("models.0.name")));
    assert_null(questionnaire_figure(&q, STR("policy.fte_managed")));
}

/* Whatever a figure of the format: below answers, models and jobs each number is found. */
static void every_number_of_the_format_is_found(void **state)
{
    (void)state;
    size_t count;
    const struct field *fields = field_table(&count);
    for (size_t i = 0; i < count; i++) {
        struct str path = str_of(fields[i].path);
        bool is_number = fields[i].kind == FIELD_NUMBER || fields[i].kind == FIELD_INTEGER;
        if (!is_number || !(str_starts(path, STR("answers.")) || str_starts(path, STR("models[]")) || str_starts(path, STR("jobs[]"))))
            continue;
        size_t at = str_find(path, STR("[]"));
        struct str written = at == path.n ? path : str_printf(a, "%.*s.0%.*s", (int)at, path.s, (int)(path.n - at - 2), path.s + at + 2);
        if (!questionnaire_figure(&q, written))
            print_error("no place for %.*s\n", STR_ARG(written));
        assert_non_null(questionnaire_figure(&q, written));
    }
}

static bool may_be(const char *path, double value)
{
    struct questionnaire copy = questionnaire_copy(&q, a);
    return questionnaire_answer(&copy, str_of(path), value, a);
}

static void answers_that_contradict_others_are_refused(void **state)
{
    (void)state;
    assert_true(may_be("answers.traffic.requests_per_day", 4 * 86400.0));
    assert_false(may_be("answers.traffic.requests_per_day", 5 * 86400.0)); /* a mean of 5 above a peak of 4 */
    assert_true(may_be("answers.latency.p99_ms", 41));
    assert_false(may_be("answers.latency.p99_ms", 39)); /* below p50 */
    assert_true(may_be("models.0.memory_mb", 96));      /* 100 MB are 95.4 MiB */
    assert_false(may_be("models.0.memory_mb", 95));
    assert_false(may_be("jobs.0.nodes", 2.5));
    assert_false(may_be("answers.latency.p99_ms", -1));
    assert_false(may_be("answers.latency.p42_ms", 1));
}

static void the_original_stays_as_it_is(void **state)
{
    (void)state;
    assert_true(may_be("models.0.memory_mb", 4096));
    assert_float_equal(likely("models.0.memory_mb"), 512, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(paths_lead_to_numbers),
        cmocka_unit_test(every_number_of_the_format_is_found),
        cmocka_unit_test(answers_that_contradict_others_are_refused),
        cmocka_unit_test(the_original_stays_as_it_is),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
