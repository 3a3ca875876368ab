/* `new` as a person meets it, on a pseudo-terminal. Needs the program: BREAKEVEN names it. */
#define _XOPEN_SOURCE 700 /* realpath, mkdtemp */
#include "unit/unit.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "questionnaire/questionnaire.h"
#include "support/terminal.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define assert_number(got, want) assert_true((got) >= (want) && (got) <= (want))

struct scene {
    struct arena *a;
    struct diags *d;
    char *program, *folder, *pricing, *policy;
    struct strbuf shown;
};

static int setup(void **state)
{
    char folder[] = P_tmpdir "/breakeven-new.XXXXXX";
    struct scene *s = calloc(1, sizeof *s);
    assert_non_null(s);
    s->a = arena_create();
    s->d = diags_new(s->a);
    const char *program = getenv("BREAKEVEN");
    if (program && *program && access(program, X_OK) == 0)
        s->program = realpath(program, NULL);
    s->pricing = realpath("pricing", NULL);
    s->policy = realpath("content/policy/policy.json", NULL);
    assert_non_null(mkdtemp(folder));
    s->folder = realpath(folder, NULL);
    *state = s;
    return 0;
}

static int teardown(void **state)
{
    struct scene *s = *state;
    if (s->folder) {
        struct str command = str_printf(s->a, "rm -rf '%s'", s->folder);
        assert_int_equal(system(command.s), 0);
    }
    free(s->program);
    free(s->folder);
    free(s->pricing);
    free(s->policy);
    strbuf_release(&s->shown);
    arena_destroy(s->a);
    free(s);
    return 0;
}

static int run(struct scene *s, const char *slug, const struct exchange *script)
{
    char *name = strdup(slug), c[] = "-C", verb[] = "new", pricing[] = "--pricing",
         policy[] = "--policy";
    char *argv[] = {s->program, c,          s->folder, verb,      name,
                    pricing,    s->pricing, policy,    s->policy, NULL};
    int status = terminal_run(argv, script, &s->shown);
    if (status < 0)
        print_message("%s\n", s->shown.s ? s->shown.s : "");
    free(name);
    return status;
}

static const char *path_of(struct scene *s, const char *slug)
{
    return str_printf(s->a, "%s/content/workloads/%s/questionnaire.json", s->folder, slug).s;
}

static void read_back(struct scene *s, const char *slug, struct questionnaire *q)
{
    struct str text;
    assert_true(file_read(path_of(s, slug), s->a, &text, s->d));
    assert_true(questionnaire_parse(STR("q.json"), text, str_of(slug), s->a, q, s->d));
    assert_int_equal(diags_count(s->d), 0);
}

static bool shows(const struct scene *s, const char *words)
{
    return str_find(strbuf_str(&s->shown), str_of(words)) < s->shown.n;
}

#define NEEDS_PROGRAM(s)                                      \
    do {                                                      \
        if (!(s)->program || !(s)->pricing || !(s)->policy) { \
            print_message("BREAKEVEN names no program\n");    \
            skip();                                           \
        }                                                     \
    } while (0)

static void answers_are_checked_at_once_and_a_verdict_runs_along(void **state)
{
    static const struct exchange SCRIPT[] = {
        {"workload> ", "\n"},
        {"title> ", "Fraud scoring\n"},
        {"owner> ", "Payments\n"},
        {"geography> ", "\n"},
        {"providers> ", "aws gcp\n"},
        {"stage> ", "prod\n"}, // the only word that begins so
        {"gpu.need> ", "non\n"},
        {"p99_ms> ", "-5\n"}, // refused, with the reason, and asked again
        {"p99_ms> ", "?\n"},
        {"p99_ms> ", "300\n"},
        {"availability> ", "\n"},
        {"requests_per_day> ", "1M 2M 4M\n"},
        {"peak_rps> ", "1\n"}, // below the mean of 2e6 / 86400 = 23 a second
        {"peak_rps> ", "60\n"},
        {"traffic.cv> ", "<\n"}, // back, and better
        {"peak_rps> ", "70\n"},
        {"traffic.cv> ", "\n"},
        {"active_hours_per_day> ", "\n"},
        {"scale_to_zero> ", "n\n"},
        {"growth_per_year> ", "\n"},
        {"basis> ", "estimated\n"},
        {"custom> ", "container\n"},
        {"platform_engineers> ", "2\n"},
        {"data_scientists> ", "\n"},
        {"existing_cluster> ", "no\n"},
        {"models.count> ", "\n"},
        {"tenancy> ", "\n"},
        {"regimes> ", "soc2, gdpr\n"},
        {"residency> ", "\n"},
        {"portability> ", "\n"},
        {"models.0.name> ", "gbm\n"},
        {"models.0.kind> ", "realtime\n"},
        {"models.0.hardware> ", "cpu\n"},
        {"models.0.duration_ms> ", "40\n"},
        {"models.0.duration_cv> ", "\n"},
        {"models.0.memory_mb> ", "2048\n"},
        {"models.0.vcpu> ", "!\n"},
        {NULL, NULL},
    };
    struct scene *s = *state;
    struct questionnaire q;
    NEEDS_PROGRAM(s);
    assert_int_equal(run(s, "fraud", SCRIPT), 0);
    read_back(s, "fraud", &q);
    assert_str(q.title, "Fraud scoring");
    assert_str(q.owner, "Payments");
    assert_int_equal(q.provider_count, 2);
    assert_str(q.providers[1], "gcp");
    assert_int_equal(q.stage, STAGE_PRODUCTION);
    assert_int_equal(q.gpu.need, GPU_NONE);
    assert_number(q.latency.p99_ms.likely, 300);
    assert_number(q.traffic.requests_per_day.low, 1e6);
    assert_number(q.traffic.requests_per_day.likely, 2e6);
    assert_number(q.traffic.requests_per_day.high, 4e6);
    assert_number(q.traffic.peak_rps.likely, 70);
    assert_int_equal(q.traffic.scale_to_zero, TRI_NO);
    assert_int_equal(q.existing_cluster, TRI_NO);
    assert_int_equal(q.regime_count, 2);
    assert_int_equal(q.models_given, 1);
    assert_number(q.models[0].memory_mb.likely, 2048);
    assert_false(q.latency.availability.given);
    assert_true(shows(s, "  ! answers.latency.p99_ms must be greater than 0, got -5"));
    assert_true(shows(s, "  ! answers.traffic.peak_rps"));
    assert_true(shows(s, "  now: 60"));
    assert_true(shows(s, "  => "));
    assert_true(shows(s, " a month"));
    assert_true(shows(s, "fraud/questionnaire.json: written ("));
    assert_true(file_exists(str_printf(s->a, "%s/content/questionnaire.schema.json", s->folder).s));
}

static void a_job_is_asked_about_as_a_job(void **state)
{
    static const struct exchange SCRIPT[] = {
        {"workload> ", "job\n"},
        {"title> ", "Retraining\n"},
        {"owner> ", "\n"},
        {"geography> ", "\n"},
        {"providers> ", "\n"},
        {"stage> ", "\n"},
        {"gpu.need> ", "\n"},
        {"custom> ", "\n"},
        {"platform_engineers> ", "\n"},
        {"data_scientists> ", "\n"},
        {"existing_cluster> ", "\n"},
        {"tenancy> ", "\n"},
        {"regimes> ", "\n"},
        {"residency> ", "\n"},
        {"portability> ", "\n"},
        {"jobs.0.name> ", "retrain\n"},
        {"jobs.0.kind> ", "training\n"},
        {"jobs.0.hardware> ", "A100-40\n"},
        {"jobs.0.count> ", "8\n"},
        {"jobs.0.nodes> ", "!\n"},
        {NULL, NULL},
    };
    struct scene *s = *state;
    struct questionnaire q;
    NEEDS_PROGRAM(s);
    assert_int_equal(run(s, "retraining", SCRIPT), 0);
    read_back(s, "retraining", &q);
    assert_int_equal(q.models_given, 0);
    assert_int_equal(q.job_count, 1);
    assert_number(q.jobs[0].count.likely, 8);
}

static void numbers_are_read_as_people_write_them(void **state)
{
    static const struct exchange SCRIPT[] = {
        {"workload> ", "\n"},
        {"title> ", "\n"},
        {"owner> ", "\n"},
        {"geography> ", "\n"},
        {"providers> ", "\n"},
        {"stage> ", "\n"},
        {"gpu.need> ", "\n"},
        {"p99_ms> ", "1,5\n"}, // a decimal comma is no number
        {"p99_ms> ", "80 60\n"},
        {"p99_ms> ", "nan\n"},
        {"p99_ms> ", "0.3k\n"}, // 300
        {"availability> ", "99.9%\n"},
        {"requests_per_day> ", "1,200,300\n"}, // one number or three: not guessed
        {"requests_per_day> ", "2M requests\n"},
        {"requests_per_day> ", "1.5M..2M..4e6\n"},
        {"peak_rps> ", "!\n"},
        {NULL, NULL},
    };
    struct scene *s = *state;
    struct questionnaire q;
    NEEDS_PROGRAM(s);
    assert_int_equal(run(s, "numbers", SCRIPT), 0);
    read_back(s, "numbers", &q);
    assert_number(q.latency.p99_ms.likely, 300);
    assert_number(q.latency.availability.likely, 0.999);
    assert_number(q.traffic.requests_per_day.low, 1.5e6);
    assert_number(q.traffic.requests_per_day.likely, 2e6);
    assert_number(q.traffic.requests_per_day.high, 4e6);
    assert_true(shows(s, "  ! \"1,5\" is neither one number nor three"));
    assert_true(shows(s, "  ! \"80 60\" is neither one number nor three"));
    assert_true(shows(s, "  ! \"nan\" is not a number"));
    assert_true(shows(s, "  ! \"1,200,300\" may be one number or several"));
    assert_true(shows(s, "  ! \"requests\" is not a number"));
}

static void names_are_held_to_the_price_book(void **state)
{
    static const struct exchange SCRIPT[] = {
        {"workload> ", "?\n"},
        {"workload> ", "<\n"},
        {"workload> ", "job\n"},
        {"title> ", "<\n"}, // no: a model
        {"workload> ", "mod\n"},
        {"title> ", "Names\n"},
        {"owner> ", "\n"},
        {"geography> ", "mars\n"},
        {"geography> ", "eu-west\n"},
        {"providers> ", "aws gpc\n"},
        {"providers> ", "aws gcp\n"},
        {"stage> ", "!\n"},
        {NULL, NULL},
    };
    struct scene *s = *state;
    struct questionnaire q;
    NEEDS_PROGRAM(s);
    assert_int_equal(run(s, "names", SCRIPT), 0);
    read_back(s, "names", &q);
    assert_int_equal(q.models_given, 1);
    assert_str(q.geography.text, "eu-west");
    assert_int_equal(q.provider_count, 2);
    assert_true(shows(s, "A model answers requests"));
    assert_true(shows(s, "  ! this is the first question"));
    assert_true(shows(s, "  ! unknown geography \"mars\""));
    assert_true(shows(s, "  ! unknown provider \"gpc\""));
    assert_true(shows(s, "did you mean \"gcp\"?"));
}

static void giving_up_writes_nothing(void **state)
{
    static const struct exchange SCRIPT[] = {
        {"workload> ", "\n"}, {"title> ", "Nothing\n"}, {"owner> ", "\x04"}, {NULL, NULL}};
    struct scene *s = *state;
    NEEDS_PROGRAM(s);
    assert_int_equal(run(s, "nothing", SCRIPT), 1);
    assert_true(shows(s, "nothing was written"));
    assert_false(file_exists(path_of(s, "nothing")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(answers_are_checked_at_once_and_a_verdict_runs_along, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_job_is_asked_about_as_a_job, setup, teardown),
        cmocka_unit_test_setup_teardown(numbers_are_read_as_people_write_them, setup, teardown),
        cmocka_unit_test_setup_teardown(names_are_held_to_the_price_book, setup, teardown),
        cmocka_unit_test_setup_teardown(giving_up_writes_nothing, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
