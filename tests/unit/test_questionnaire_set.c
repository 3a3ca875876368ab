#include "unit/unit.h"

#include "base/arena.h"
#include "base/diag.h"
#include "questionnaire/questionnaire.h"
#include "source/json.h"

#include <math.h>

#define assert_number(got, want) assert_true(fabs((got) - (want)) <= 0)

static const char BASE[] = "{ // a comment\n"
                           "  \"format\": \"breakeven-questionnaire/1\", \"title\": \"T\",\n"
                           "  \"models\": [ { \"name\": \"m\", \"memory_mb\": 512 } ]\n"
                           "}\n";

static struct arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_create();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

/* The messages, one a line as "path: message"; empty where all went well, *out is then set. */
static struct str set(const char *const *assignments, size_t count, struct str *out)
{
    struct diags *d = diags_new(arena);
    struct str *list = arena_new(arena, struct str, count);
    struct strbuf sb = STRBUF_INIT;
    for (size_t i = 0; i < count; i++)
        list[i] = str_of(assignments[i]);
    bool ok = questionnaire_set(STR("q.json"), str_of(BASE), list, count, arena, out, d);
    diags_sort(d);
    for (size_t i = 0; i < diags_count(d); i++) {
        const struct diag *g = diags_get(d, i);
        strbuf_addf(&sb, "%.*s: %.*s\n", STR_ARG(g->where.path), STR_ARG(g->message));
    }
    struct str messages = strbuf_copy(&sb, arena);
    strbuf_release(&sb);
    assert_true(ok == (messages.n == 0));
    return messages;
}

/* Applies one assignment that must go well and reads the result. */
static void set_one(const char *assignment, struct questionnaire *q)
{
    struct diags *d = diags_new(arena);
    struct str text;
    assert_str(set(&assignment, 1, &text), "");
    assert_true(questionnaire_parse(STR("q.json"), text, STR("x"), arena, q, d));
}

static void a_value_replaces_an_answer_and_keeps_the_rest(void **state)
{
    struct questionnaire q;
    (void)state;
    set_one("models.0.memory_mb=2048", &q);
    assert_number(q.models[0].memory_mb.likely, 2048);
    assert_str(q.models[0].name, "m");
    assert_str(q.title, "T");
}

static void missing_objects_are_made(void **state)
{
    struct questionnaire q;
    (void)state;
    set_one("answers.traffic.requests_per_day=2e6", &q);
    assert_number(q.traffic.requests_per_day.likely, 2e6);
    set_one("answers.gpu={\"need\":\"required\",\"vram_gb\":24}", &q);
    assert_int_equal(q.gpu.need, GPU_REQUIRED);
    assert_number(q.gpu.vram_gb.likely, 24);
    set_one("models.0.latency.p99_ms={\"low\":1,\"likely\":2,\"high\":3}", &q);
    assert_number(q.models[0].latency.p99_ms.high, 3);
}

static void bare_words_are_strings_where_the_field_is_a_text(void **state)
{
    struct questionnaire q;
    (void)state;
    set_one("title=Fraud = scoring", &q);
    assert_str(q.title, "Fraud = scoring");
    set_one("title=2026", &q);
    assert_str(q.title, "2026");
    set_one("date=2026-11-02", &q);
    assert_int_equal(date_compare(q.date, date_civil(2026, 11, 2)), 0);
    set_one("answers.gpu.need=optional", &q);
    assert_int_equal(q.gpu.need, GPU_OPTIONAL);
    set_one("answers.team.existing_cluster=true", &q);
    assert_int_equal(q.existing_cluster, TRI_YES);
    assert_str(q.existing_cluster_platform, "");
    set_one("answers.team.existing_cluster=aws-eks", &q);
    assert_str(q.existing_cluster_platform, "aws-eks");
    set_one("owner=\"A team\"", &q);
    assert_str(q.owner, "A team");
}

static void entries_may_be_appended_and_lists_set(void **state)
{
    struct questionnaire q;
    (void)state;
    set_one("models.1.name=second", &q);
    assert_int_equal(q.models_given, 2);
    assert_str(q.models[1].name, "second");
    set_one("jobs.0.count=8", &q);
    assert_int_equal(q.job_count, 1);
    set_one("purchase=[\"spot\"]", &q);
    assert_true(q.purchase[PURCHASE_SPOT]);
    set_one("tags.0=fraud", &q);
    assert_int_equal(q.tag_count, 1);
    set_one("models=[{\"name\":\"only\"}]", &q);
    assert_str(q.models[0].name, "only");
}

static void later_assignments_come_on_top_of_earlier_ones(void **state)
{
    static const char *const BOTH[] = {"answers.gpu={\"need\":\"none\"}",
                                       "answers.gpu.need=required"};
    struct str text;
    struct questionnaire q;
    (void)state;
    assert_str(set(BOTH, 2, &text), "");
    assert_true(questionnaire_parse(STR("q.json"), text, STR("x"), arena, &q, diags_new(arena)));
    assert_int_equal(q.gpu.need, GPU_REQUIRED);
}

static void an_unknown_path_names_the_nearest(void **state)
{
    static const char *const ASSIGNMENTS[] = {"answers.trafic.requests_per_day=1", "nonsense",
                                              "models[].name=x", "models.5.name=x",
                                              "models.0.memory_mb.middle=1"};
    struct str text;
    struct diags *d = diags_new(arena);
    struct str wrong = str_of(ASSIGNMENTS[0]);
    (void)state;
    assert_str(set(ASSIGNMENTS, 5, &text),
               "--set: unknown field \"answers.trafic.requests_per_day\"\n"
               "--set: an assignment must be PATH=VALUE, got \"nonsense\"\n"
               "--set: unknown field \"models[].name\"\n"
               "--set: there is no entry 5: there are 1\n"
               "--set: unknown field \"models.0.memory_mb.middle\"\n");
    assert_false(questionnaire_set(STR("q.json"), str_of(BASE), &wrong, 1, arena, &text, d));
    assert_str(diags_get(d, 0)->hint, "did you mean \"answers.traffic.requests_per_day\"?");
}

static void a_wrong_value_is_reported_where_it_was_set(void **state)
{
    static const char *const ASSIGNMENTS[] = {"models.0.memory_mb=-1", "models.0.vcpu=lots",
                                              "models.0.kind=fast", "answers.gpu={\"need\":}",
                                              "title=\xFF"};
    struct str text;
    (void)state;
    assert_str(set(ASSIGNMENTS, 1, &text),
               "--set models.0.memory_mb: models.0.memory_mb must be at least 1, got -1\n");
    assert_str(
        set(&ASSIGNMENTS[1], 1, &text),
        "--set models.0.vcpu: models.0.vcpu must be a number or a range {low, likely, high}, "
        "got a string\n");
    assert_str(set(&ASSIGNMENTS[2], 1, &text),
               "--set models.0.kind: models.0.kind cannot be \"fast\"\n");
    assert_true(set(&ASSIGNMENTS[3], 1, &text).n > 0);
    assert_str(set(&ASSIGNMENTS[4], 1, &text), "--set title: the value is not valid UTF-8\n");
}

/* ---- the schema ------------------------------------------------------------------------------- */

/* The schema's node of a table path. */
static const struct json *node_of(const struct json *root, struct str path)
{
    struct str part;
    const struct json *node = root;
    for (bool more = true; more && node;) {
        more = str_cut(path, '.', &part, &path);
        bool is_entry = str_ends(part, STR("[]"));
        if (is_entry)
            part.n -= 2;
        node = json_find(node, "properties");
        node = node ? json_find(node, str_cstring(arena, part)) : NULL;
        if (node && is_entry && path.n > 0)
            node = json_find(node, "items");
    }
    return node;
}

static void the_schema_describes_every_field_and_allows_no_other(void **state)
{
    struct strbuf sb = STRBUF_INIT;
    struct diags *d = diags_new(arena);
    size_t count;
    const struct field *fields = field_table(&count);
    (void)state;
    questionnaire_schema(&sb);
    const struct json *root = json_parse(STR("schema"), strbuf_str(&sb), arena, d);
    assert_non_null(root);
    assert_int_equal(diags_count(d), 0);
    assert_str(json_find(root, "$schema")->string, "https://json-schema.org/draft/2020-12/schema");
    assert_false(json_find(root, "additionalProperties")->boolean);
    for (size_t i = 0; i < count; i++) {
        const struct json *node = node_of(root, str_of(fields[i].path));
        if (!node)
            fail_msg("%s is not in the schema", fields[i].path);
        assert_str(json_find(node, "description")->string, fields[i].help);
        if (fields[i].kind == FIELD_OBJECT && !str_ends(str_of(fields[i].path), STR("[]")))
            assert_false(json_find(node, "additionalProperties")->boolean);
        if (fields[i].kind == FIELD_NUMBER || fields[i].kind == FIELD_INTEGER) {
            assert_number(json_path(node, STR("oneOf.0.maximum"))->number, fields[i].high);
            assert_number(json_path(node, STR("oneOf.1.properties.low.minimum"))->number,
                          fields[i].low);
        }
    }
    strbuf_release(&sb);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_value_replaces_an_answer_and_keeps_the_rest, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(missing_objects_are_made, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bare_words_are_strings_where_the_field_is_a_text, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(entries_may_be_appended_and_lists_set, set_up, tear_down),
        cmocka_unit_test_setup_teardown(later_assignments_come_on_top_of_earlier_ones, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_unknown_path_names_the_nearest, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_wrong_value_is_reported_where_it_was_set, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_schema_describes_every_field_and_allows_no_other,
                                        set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
