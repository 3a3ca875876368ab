/* The trees that templates see, apart from any template. */
#include "unit/unit.h"

#include "base/arena.h"
#include "report/model.h"
#include "report/volume.h"
#include "report/wording.h"
#include "support/fixture.h"

#include <math.h>

static const struct value *at(const struct value *list, size_t index)
{
    assert_int_equal(list->kind, VALUE_LIST);
    assert_true(index < list->content->count);
    return list->content->items[index];
}

static struct str text(const struct value *object, const char *key)
{
    const struct value *v = value_get(object, key);
    assert_non_null(v);
    assert_int_equal(v->kind, VALUE_TEXT);
    return v->text;
}

static const struct value *tree(enum fixture_kind kind, struct arena *a)
{
    struct model_rows rows;
    struct site *s = fixture_site(a);
    return model_report(fixture_report(kind, a), s, "../", a, &rows);
}

static void a_line_reads_quantity_times_price_and_leads_to_its_price(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    const struct value *report = tree(FIXTURE_DECIDED, a);
    const struct value *eks = at(value_get(report, "options"), 0);
    assert_str(text(eks, "name"), "Amazon EKS");
    assert_str(text(eks, "detail"), "c7i.2xlarge nodes");
    assert_str(text(eks, "against"), "recommended");
    const struct value *nodes = at(value_get(eks, "lines"), 0);
    /* 15,894.9972 x 0.357 = 5,674.5140004, rounded once to a millionth. */
    assert_str(text(nodes, "quantity"), "15,894.9972 instance-hours");
    assert_str(text(nodes, "unit_price"), "$0.357");
    assert_str(text(nodes, "usd"), "5,675");
    assert_str(text(nodes, "exact"), "$5,674.514");
    assert_str(text(nodes, "href"), "#p-4");
    assert_str(text(at(value_get(report, "prices"), 3), "anchor"), "p-4");
    assert_str(text(at(value_get(report, "prices"), 3), "sku"), "aws-ec2-c7i.2xlarge");
    assert_str(text(eks, "summary"), "Nodes c7i.2xlarge 5,675, platform engineering 1,250, logs and metrics 137, 4 more");
    arena_destroy(a);
}

static void feasible_options_that_may_not_be_bought_stand_apart(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    const struct value *report = tree(FIXTURE_DECIDED, a);
    assert_int_equal(value_get(report, "options")->content->count, 7);
    assert_int_equal(value_get(report, "not_bought")->content->count, 1);
    assert_str(text(at(value_get(report, "not_bought"), 0), "id"), "aws-eks:c7i.2xlarge:spot");
    arena_destroy(a);
}

static void infeasible_options_are_grouped_by_the_first_limit_they_break(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    const struct value *groups = value_get(tree(FIXTURE_DECIDED, a), "infeasible");
    assert_int_equal(groups->content->count, 3);
    assert_str(text(at(groups, 0), "title"), "p99 latency");
    assert_str(text(at(groups, 1), "title"), "Providers allowed");
    assert_int_equal(value_get(at(groups, 1), "rows")->content->count, 3);
    assert_str(text(at(groups, 2), "title"), "Attestations");
    const struct value *run = at(value_get(at(groups, 1), "rows"), 1);
    assert_str(text(run, "monthly"), "not known"); /* no lines: never $0 */
    assert_int_equal(value_get(run, "against")->kind, VALUE_NULL);
    arena_destroy(a);
}

static void head_to_head_marks_the_better_side_of_each_row(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    const struct value *head = value_get(tree(FIXTURE_DECIDED, a), "head");
    const struct value *rows = value_get(at(value_get(head, "groups"), 0), "rows");
    assert_str(text(at(rows, 0), "label"), "Monthly cost");
    assert_true(value_get(at(rows, 0), "k_better")->is_true);
    assert_str(text(at(rows, 0), "by"), "by $1,480");
    assert_str(text(at(rows, 3), "label"), "Operations (people)");
    assert_true(value_get(at(rows, 3), "s_better")->is_true); /* 375.00 against 1,249.95 */
    assert_str(text(at(rows, 3), "by"), "by $875");
    arena_destroy(a);
}

static void flips_come_nearest_first_and_never_last(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    const struct value *rows = value_get(value_get(tree(FIXTURE_DECIDED, a), "flips"), "rows");
    static const char *const WANT[] = {"Serverless prices", "Service time", "Node utilisation", "Kubernetes prices",
                                       "Requests per day", "Kubernetes operations", "p99 tolerance"};
    assert_int_equal(rows->content->count, sizeof WANT / sizeof WANT[0]);
    for (size_t i = 0; i < sizeof WANT / sizeof WANT[0]; i++)
        assert_str(text(at(rows, i), "name"), WANT[i]);
    assert_str(text(at(rows, 6), "at"), "never");
    assert_str(text(at(rows, 6), "distance"), "none");
    arena_destroy(a);
}

static void rules_of_thumb_are_compared_by_their_distance(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    const struct value *rule = at(value_get(tree(FIXTURE_DECIDED, a), "folklore"), 0);
    assert_str(text(rule, "published"), "50k to 100k a day");
    assert_str(text(rule, "computed"), "11.7M a day");
    assert_str(text(rule, "comparison"), "Above: 120 times the published figure"); /* 11.7 million over 100,000 is 117 */
    arena_destroy(a);
}

static void what_is_not_known_is_never_zero(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    const struct value *report = tree(FIXTURE_UNDECIDABLE, a);
    const struct value *facts = value_get(value_get(report, "verdict"), "facts");
    for (size_t i = 0; i < 3; i++) /* cost, confidence, margin */
        assert_str(text(at(facts, i), "value"), "not known");
    assert_int_equal(value_get(report, "volume")->kind, VALUE_NULL);
    const struct value *missing = value_get(value_get(report, "verdict"), "missing");
    assert_int_equal(missing->content->count, 2);
    assert_str(text(at(missing, 0), "path"), "answers.traffic.requests_per_day");
    assert_true(text(at(missing, 0), "help").n > 0);
    arena_destroy(a);
}

static void the_portfolio_puts_the_least_sure_first_and_the_superseded_last(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct site *s = fixture_site(a);
    struct value **rows;
    const struct value *list = value_get(model_index(s, NULL, 0, a, &rows), "decisions");
    static const char *const WANT[] = {"new-thing", "radiology", "fraud-scoring", "support-chatbot", "fraud-scoring-2024"};
    for (size_t i = 0; i < 5; i++)
        assert_str(text(at(list, i), "slug"), WANT[i]);
    const struct value *index = model_index(s, NULL, 0, a, &rows);
    /* Two live decisions with a cost of 7,282.27 each; the superseded one does not count. */
    assert_str(text(at(value_get(index, "facts"), 0), "value"), "$14,600");
    arena_destroy(a);
}

static void editions_are_the_days_on_which_a_price_came_into_force(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    const struct edition *editions;
    size_t count;
    changes_collect(fixture_site(a)->book, a, &editions, &count);
    /* By the rows of the fixture: a salary on 2025-05-01, SageMaker from 0.476 to 0.408 on 2025-03-01, a machine
     * on 2023-09-13, and SageMaker's own first row; first sights are no changes. */
    assert_int_equal(count, 4);
    assert_int_equal(editions[1].changes[0].kind, PRICE_CHANGED);
    assert_true(fabs(editions[1].changes[0].ratio - (0.408 / 0.476 - 1)) < 1e-12);
    assert_int_equal(editions[0].changes[0].kind, PRICE_ADDED);
    assert_int_equal(effect_of_margins(0.2, 0.195), EFFECT_STABLE);
    assert_int_equal(effect_of_margins(0.2, 0.18), EFFECT_NARROWING);
    assert_int_equal(effect_of_margins(0.2, 0.3), EFFECT_WIDENING);
    assert_int_equal(effect_of_margins((double)NAN, 0.3), EFFECT_STABLE);
    arena_destroy(a);
}

static void price_pages_are_named_by_provider_service_and_purchase(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    assert_str(model_price_page_name(STR("aws"), STR("Amazon EC2"), STR("spot"), a), "aws-amazon-ec2-spot");
    assert_str(model_price_page_name(STR("gcp"), STR("Vertex AI / online (v2)"), STR(""), a), "gcp-vertex-ai-online-v2");
    struct sku sku = {.id = STR("aws-ec2-g5.xlarge:reserved-1y"), .provider = STR("aws"), .service = STR("Amazon EC2")};
    assert_str(model_price_address(&sku, a), "prices/aws-amazon-ec2-reserved-1y.html");
    arena_destroy(a);
}

static void the_volume_finding_names_every_change(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    const struct decision *d = fixture_report(FIXTURE_DECIDED, a)->decision;
    struct strbuf sb = STRBUF_INIT;
    struct volume_run runs[VOLUME_RUNS];
    assert_int_equal(volume_runs(d, runs), 3);
    assert_true(fabs(runs[2].from - 11.7e6) < 1); /* at the crossing, not at a grid point */
    volume_finding(&sb, d);
    assert_true(str_starts(strbuf_str(&sb), STR("AWS Lambda, on demand is cheapest up to ")));
    assert_true(str_ends(strbuf_str(&sb), STR("up to 11.7 million, Amazon EKS, c7i.2xlarge nodes above")));
    strbuf_release(&sb);
    arena_destroy(a);
}

static void many_changes_of_the_cheapest_are_told_by_class(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct decision d = *fixture_report(FIXTURE_DECIDED, a)->decision;
    int kubernetes = -1, serverless[2] = {-1, -1};
    for (size_t i = 0; i < d.option_count; i++) {
        if (d.options[i].class == CLASS_KUBERNETES && kubernetes < 0)
            kubernetes = (int)i;
        if (d.options[i].class == CLASS_SERVERLESS && d.options[i].feasible)
            serverless[serverless[0] >= 0] = (int)i;
    }
    assert_true(kubernetes >= 0 && serverless[0] >= 0 && serverless[1] >= 0);
    static const double VOLUMES[] = {100, 1000, 10000, 100000, 1000000, 10000000};
    const int cheapest[] = {serverless[0], serverless[1], serverless[0], serverless[1], kubernetes, kubernetes};
    d.volume.requests_per_day = VOLUMES;
    d.volume.cheapest = cheapest;
    d.volume.points = 6;
    d.crossover_count = 0;
    struct strbuf sb = STRBUF_INIT;
    volume_finding(&sb, &d);
    /* Half way between 100,000 and 1,000,000 on a log scale: 316,228. Five runs, two classes. */
    assert_text(&sb, "Serverless is cheapest up to 316,000 requests a day, Kubernetes above; "
                     "within a class the cheapest option changes 3 times");
    strbuf_release(&sb);
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_reads_quantity_times_price_and_leads_to_its_price),
        cmocka_unit_test(feasible_options_that_may_not_be_bought_stand_apart),
        cmocka_unit_test(infeasible_options_are_grouped_by_the_first_limit_they_break),
        cmocka_unit_test(head_to_head_marks_the_better_side_of_each_row),
        cmocka_unit_test(flips_come_nearest_first_and_never_last),
        cmocka_unit_test(rules_of_thumb_are_compared_by_their_distance),
        cmocka_unit_test(what_is_not_known_is_never_zero),
        cmocka_unit_test(the_portfolio_puts_the_least_sure_first_and_the_superseded_last),
        cmocka_unit_test(editions_are_the_days_on_which_a_price_came_into_force),
        cmocka_unit_test(price_pages_are_named_by_provider_service_and_purchase),
        cmocka_unit_test(the_volume_finding_names_every_change),
        cmocka_unit_test(many_changes_of_the_cheapest_are_told_by_class),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
