#include "unit/unit.h"

#include "assess/fact.h"
#include "assess/lint.h"
#include "base/arena.h"
#include "base/diag.h"
#include "policy/loader.h"
#include "policy/parameter.h"

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

/* A policy of these rules and no more, with ' for ". One rule a line, the first on line 3. */
static const struct policy *policy_of(const char *rules, double lean_decides)
{
    struct strbuf sb = STRBUF_INIT;
    strbuf_adds(&sb, "{'format': 'breakeven-policy/1', 'people': {'engineer_sku': 'e'}, 'thresholds': {}, 'defaults': [], 'uncertainty': [], "
                     "'tiers': [], 'scenarios': [],\n'rules': [\n");
    strbuf_adds(&sb, rules);
    strbuf_adds(&sb, "\n], 'parameters': {");
    for (unsigned i = 0; i < PARAMETER_ID_COUNT; i++) {
        const struct parameter_row *row = parameter_row((enum parameter_id)i);
        double value = i == PARAMETER_LEAN_DECIDES ? lean_decides : row->low;
        strbuf_addf(&sb, "%s'%s': {'value': ", i > 0 ? ", " : "", row->name);
        strbuf_add_double(&sb, value, 15);
        strbuf_addf(&sb, ", 'unit': '%s', 'why': 'w', 'source': 'policy'}", row->unit);
    }
    strbuf_adds(&sb, "}}");
    for (size_t i = 0; i < sb.n; i++)
        sb.s[i] = sb.s[i] == '\'' ? '"' : sb.s[i];
    struct policy_file files[3] = {{STR("policy.json"), strbuf_copy(&sb, arena)},
                                   {STR("mistakes.json"), STR("{\"format\":\"breakeven-mistakes/1\",\"mistakes\":[]}")},
                                   {STR("checklist.json"), STR("{\"format\":\"breakeven-checklist/1\",\"phases\":[],\"items\":[]}")}};
    size_t count;
    const struct str *facts = fact_names(&count);
    struct policy *p = arena_new(arena, struct policy, 1);
    struct diags *d = diags_new(arena);
    bool ok = policy_parse(files, facts, count, arena, p, d);
    strbuf_clear(&sb);
    diags_print(d, &sb, false);
    if (!ok)
        fail_msg("%s", sb.s);
    strbuf_release(&sb);
    return p;
}

/* "LINE SEVERITY MESSAGE" of each finding. */
static struct lint check_findings(const char *rules, const char *want, int line)
{
    struct diags *d = diags_new(arena);
    struct strbuf sb = STRBUF_INIT;
    struct lint lint;
    bool ok = lint_policy(policy_of(rules, 2), true, arena, &lint, d);
    assert_true(ok == (diags_errors(d) == 0));
    diags_sort(d);
    for (size_t i = 0; i < diags_count(d); i++) {
        size_t at = 0, column = 0;
        where_line(diags_get(d, i)->where, &at, &column);
        strbuf_addf(&sb, "%zu %s %.*s\n", at, diags_get(d, i)->severity == SEVERITY_ERROR ? "error" : diags_get(d, i)->severity == SEVERITY_WARNING ? "warning" : "note",
                    STR_ARG(diags_get(d, i)->message));
    }
    check_text(&sb, want, __FILE__, line);
    strbuf_release(&sb);
    return lint;
}

#define assert_findings(rules, want) check_findings((rules), (want), __LINE__)
#define RULE(id, group, strength, toward, when) \
    "{'id': '" id "', 'group': '" group "', 'strength': '" strength "', 'toward': '" toward "', 'when': " when ", 'text': 't', 'sources': ['policy']}"

static void rules_that_share_the_answers_out_are_clean(void **state)
{
    (void)state;
    struct lint lint = assert_findings(RULE("a", "g", "strong", "kubernetes", "['latency.p99_ms < 100']") ",\n" RULE(
                                           "b", "g", "weak", "kubernetes", "['latency.p99_ms >= 100', 'latency.p99_ms < 300']") ",\n" RULE(
                                           "c", "g", "weak", "serverless", "['latency.p99_ms >= 300']") ",\n" RULE(
                                           "d", "h", "weak", "serverless", "['online == true']"),
                                       "");
    assert_true(lint.is_proven);
    /* p99: below 100, 100, between, 300, above, not known; online: true, false, not known. */
    assert_int_equal(lint.cells, 6 + 3);
    assert_true(lint.combinations > 17.9 && lint.combinations < 18.1);
}

static void conditions_that_exclude_one_another_are_found(void **state)
{
    (void)state;
    assert_findings(RULE("a", "g", "strong", "kubernetes", "['latency.p99_ms < 100', 'latency.p99_ms > 100']"),
                    "3 warning the rule \"a\" can never hold\n");
    assert_findings(RULE("a", "g", "strong", "kubernetes", "['latency.p99_ms <= 100', 'latency.p99_ms >= 100']"), "");
    assert_findings(RULE("a", "g", "strong", "kubernetes", "['gpu.need == none', 'gpu.need == required']"),
                    "3 warning the rule \"a\" can never hold\n");
    assert_findings(RULE("a", "g", "strong", "kubernetes", "['online != true', 'online != false']"),
                    "3 warning the rule \"a\" can never hold\n");
    assert_findings(RULE("a", "g", "strong", "kubernetes", "['gpu.need != none', 'gpu.need != required']"), "");
    assert_findings(RULE("a", "g", "strong", "kubernetes", "{'any': [['online == true'], ['traffic.cv > 5', 'traffic.cv < 1']]}"),
                    "3 warning alternative 2 of the rule \"a\" can never hold\n");
}

/* A share is never above 1, so that nothing lies beyond it. */
static void what_cannot_be_answered_is_no_cell(void **state)
{
    (void)state;
    assert_findings(RULE("a", "g", "strong", "serverless", "['traffic.idle_share > 1']"), "3 warning the rule \"a\" can never hold\n");
    assert_findings(RULE("a", "g", "strong", "serverless", "['traffic.idle_share >= 1']"), "");
    assert_findings(RULE("a", "g", "strong", "serverless", "['team.platform_engineers < 0']"), "3 warning the rule \"a\" can never hold\n");
}

static void hard_rules_that_meet_from_opposite_sides_are_an_error(void **state)
{
    (void)state;
    struct lint lint = assert_findings(RULE("a", "g", "hard", "kubernetes", "['compliance.tenancy == single']") ",\n" RULE(
                                           "b", "h", "hard", "serverless", "['traffic.scale_to_zero == true']"),
                                       "4 error the hard rules \"a\" and \"b\" contradict one another\n");
    assert_false(lint.is_proven);
    lint = assert_findings(RULE("a", "g", "hard", "kubernetes", "['latency.p99_ms < 100']") ",\n" RULE(
                               "b", "h", "hard", "serverless", "['latency.p99_ms >= 100']"),
                           "");
    assert_true(lint.is_proven);
}

static void leans_with_equal_conditions_that_cancel_are_found(void **state)
{
    (void)state;
    assert_findings(RULE("a", "g", "weak", "kubernetes", "['online == true', 'traffic.cv > 5']") ",\n" RULE(
                        "b", "h", "weak", "serverless", "['traffic.cv > 5', 'online == true']"),
                    "4 warning the rules \"a\" and \"b\" always cancel one another\n");
}

static void a_rule_in_the_shadow_of_stronger_ones_is_found(void **state)
{
    (void)state;
    assert_findings(RULE("a", "g", "strong", "serverless", "['traffic.cv > 1']") ",\n" RULE("b", "g", "weak", "serverless", "['traffic.cv > 5']"),
                    "4 warning the rule \"b\" never counts: wherever it holds, another of its group outranks it\n");
    /* Two together cover it, none of them alone. */
    assert_findings(RULE("a", "g", "strong", "serverless", "['online == true']") ",\n" RULE(
                        "b", "g", "strong", "serverless", "['online == false']") ",\n" RULE(
                        "c", "g", "weak", "serverless", "['online == true', 'traffic.cv > 5']"),
                    "5 warning the rule \"c\" never counts: wherever it holds, another of its group outranks it\n");
    /* In another group, in another direction, or with a corner of its own it counts. */
    assert_findings(RULE("a", "g", "strong", "serverless", "['traffic.cv > 1']") ",\n" RULE("b", "h", "weak", "serverless", "['traffic.cv > 5']"), "");
    assert_findings(RULE("a", "g", "strong", "serverless", "['traffic.cv > 1']") ",\n" RULE("b", "g", "weak", "serverless", "['traffic.cv >= 1']"), "");
}

static void a_range_that_a_group_leaves_out_is_a_note(void **state)
{
    (void)state;
    struct lint lint = assert_findings(RULE("a", "g", "weak", "serverless", "['models.size_mb < 500']") ",\n" RULE(
                                           "b", "g", "weak", "kubernetes", "['models.size_mb > 5000']"),
                                       "3 note no rule of the group \"g\" speaks where models.size_mb == 500 to models.size_mb == 5000\n");
    assert_int_equal(lint.gaps, 1);
    assert_int_equal(lint.findings, 0);
}

static void a_sum_of_zero_must_not_decide(void **state)
{
    (void)state;
    struct diags *d = diags_new(arena);
    struct lint lint;
    assert_false(lint_policy(policy_of(RULE("a", "g", "weak", "serverless", "['online == true']"), 0), false, arena, &lint, d));
    assert_str(diags_get(d, 0)->message, "with lean_decides at 0 a sum of 0 leans to both sides");
    assert_false(lint.is_proven);
}

static void the_bundled_policy_has_one_outcome_for_every_answer(void **state)
{
    (void)state;
    struct diags *d = diags_new(arena);
    struct policy p;
    struct lint lint;
    struct strbuf sb = STRBUF_INIT;
    size_t count;
    const struct str *facts = fact_names(&count);
    assert_true(policy_load(NULL, "content/policy", facts, count, arena, &p, d));
    assert_true(lint_policy(&p, false, arena, &lint, d));
    diags_print(d, &sb, false);
    assert_text(&sb, "");
    strbuf_release(&sb);
    assert_true(lint.is_proven);
    assert_int_equal(lint.findings, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rules_that_share_the_answers_out_are_clean),
        cmocka_unit_test(conditions_that_exclude_one_another_are_found),
        cmocka_unit_test(what_cannot_be_answered_is_no_cell),
        cmocka_unit_test(hard_rules_that_meet_from_opposite_sides_are_an_error),
        cmocka_unit_test(leans_with_equal_conditions_that_cancel_are_found),
        cmocka_unit_test(a_rule_in_the_shadow_of_stronger_ones_is_found),
        cmocka_unit_test(a_range_that_a_group_leaves_out_is_a_note),
        cmocka_unit_test(a_sum_of_zero_must_not_decide),
        cmocka_unit_test(the_bundled_policy_has_one_outcome_for_every_answer),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
