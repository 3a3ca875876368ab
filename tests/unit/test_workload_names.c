/*
 * Names that a questionnaire takes from the price book: unknown ones are reported in the same run as its
 * other mistakes, each where it stands, and the hints say which there are.
 */
#include "unit/unit.h"

#include "base/arena.h"
#include "base/diag.h"
#include "questionnaire/questionnaire.h"
#include "support/bundled.h"
#include "workload/workload.h"

#include <stdio.h>

static const struct diag *find_diag(const struct diags *d, const char *message)
{
    for (size_t i = 0; i < diags_count(d); i++)
        if (str_is(diags_get(d, i)->message, message))
            return diags_get(d, i);
    print_error("nothing says: %s\n", message);
    return NULL;
}

static bool says(struct str text, const char *want)
{
    return str_find(text, str_of(want)) < text.n;
}

static struct str spanned(const struct diag *d)
{
    return str_slice(d->where.text, d->where.offset, d->where.offset + d->where.length);
}

static void unknown_names_are_reported_with_the_other_mistakes(void **state)
{
    (void)state;
    struct diags *d = diags_new(b->rounds);
    struct questionnaire q;
    struct str text = bench_text(b, "'providers': ['aws', 'gpc'], 'geography': 'us-est', 'current': {'platform': 'aws-ekss'},"
                                    "'answers': {'latency': {'p99_ms': -5}, 'team': {'existing_cluster': 'aws-lambda'}},"
                                    "'models': [{'name': 'm', 'hardware': 'A11G'}], 'jobs': [{'name': 'j', 'hardware': 'cpu'}]");
    assert_false(questionnaire_parse(STR("q.json"), text, STR("q"), b->rounds, &q, d));
    assert_non_null(find_diag(d, "answers.latency.p99_ms must be greater than 0, got -5"));
    assert_false(workload_check_names(&q, &b->book, b->rounds, d));
    assert_int_equal(diags_errors(d), 6);

    const struct diag *provider = find_diag(d, "unknown provider \"gpc\"");
    assert_str(spanned(provider), "\"gpc\""); /* the item, not the file */
    assert_true(says(provider->hint, "did you mean \"gcp\"? the providers are aws, "));
    const struct diag *geography = find_diag(d, "unknown geography \"us-est\"");
    assert_str(spanned(geography), "\"us-est\"");
    assert_str(geography->hint, "did you mean \"us-east\"? the geographies are us-east, eu-west, ap-south");
    assert_str(find_diag(d, "unknown platform \"aws-ekss\"")->hint, "did you mean \"aws-eks\"?"); /* there are thirty */
    const struct diag *cluster = find_diag(d, "existing_cluster names \"aws-lambda\", which is no Kubernetes platform of the price book");
    assert_true(says(cluster->hint, "aws-eks, ") && says(cluster->hint, "true and false are allowed too"));
    assert_true(says(find_diag(d, "unknown hardware \"A11G\"")->hint, "did you mean \"A10G\"?"));
    bench_rewind(b);
}

static void a_name_like_none_is_answered_with_the_list(void **state)
{
    (void)state;
    struct diags *d = diags_new(b->rounds);
    struct questionnaire q;
    struct str text = bench_text(b, "'geography': 'antarctica', 'models': [{'name': 'm'}]");
    assert_true(questionnaire_parse(STR("q.json"), text, STR("q"), b->rounds, &q, d));
    assert_false(workload_check_names(&q, &b->book, b->rounds, d));
    assert_str(find_diag(d, "unknown geography \"antarctica\"")->hint, "the geographies are us-east, eu-west, ap-south");
    bench_rewind(b);
}

static void known_names_are_no_mistakes(void **state)
{
    (void)state;
    struct diags *d = diags_new(b->rounds);
    struct questionnaire q;
    struct str text = bench_text(b, "'providers': ['gcp'], 'geography': 'eu-west', 'current': {'platform': 'on-premises'},"
                                    "'answers': {'team': {'existing_cluster': 'gcp-gke-standard'}}, 'models': [{'name': 'm', 'hardware': 'L4'}]");
    assert_true(questionnaire_parse(STR("q.json"), text, STR("q"), b->rounds, &q, d));
    assert_true(workload_check_names(&q, &b->book, b->rounds, d));
    assert_int_equal(diags_count(d), 0);
    bench_rewind(b);
}

static bool read_stay(const char *geography, const char *residency, struct questionnaire *q, struct diags *d)
{
    char text[300];
    snprintf(text, sizeof text, "'geography': '%s', 'answers': {'compliance': {'residency': '%s'}}, 'models': [{'name': 'm'}]", geography, residency);
    return questionnaire_parse(STR("q.json"), bench_text(b, text), STR("q"), b->rounds, q, d);
}

static void data_that_must_stay_elsewhere_contradict_the_geography(void **state)
{
    (void)state;
    struct diags *d = diags_new(b->rounds);
    struct questionnaire q;
    assert_true(read_stay("us-east", "eu", &q, d));
    assert_false(workload_check_names(&q, &b->book, b->rounds, d));
    const struct diag *found = find_diag(d, "answers.compliance.residency is \"eu\", but geography is \"us-east\"");
    assert_non_null(found);
    assert_true(says(found->hint, "\"eu-west\""));
    d = diags_new(b->rounds);
    assert_true(read_stay("eu-west", "eu", &q, d));
    assert_true(workload_check_names(&q, &b->book, b->rounds, d));
    assert_true(read_stay("eu-west", "moon", &q, d)); /* nobody knows where that is: a warning */
    assert_true(workload_check_names(&q, &b->book, b->rounds, d));
    assert_int_equal(diags_count(d), 1);
}

static void without_a_geography_data_stays_where_it_must(void **state)
{
    (void)state;
    const struct decision *eu = bench_decide(b, "'answers': {'compliance': {'residency': 'eu'}}, 'models': [{'name': 'm'}]");
    const struct decision *any = bench_decide(b, "'models': [{'name': 'm'}]");
    assert_true(str_is(eu->geography, "eu-west"));
    /* Mumbai, central India and asia-south1 lie in Asia. */
    assert_true(str_is(bench_decide(b, "'answers': {'compliance': {'residency': 'apac'}}, 'models': [{'name': 'm'}]")->geography, "ap-south"));
    assert_true(str_is(any->geography, "us-east"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unknown_names_are_reported_with_the_other_mistakes),
        cmocka_unit_test(a_name_like_none_is_answered_with_the_list),
        cmocka_unit_test(known_names_are_no_mistakes),
        cmocka_unit_test(data_that_must_stay_elsewhere_contradict_the_geography),
        cmocka_unit_test(without_a_geography_data_stays_where_it_must),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
