#include "unit/unit.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "policy/loader.h"
#include "policy/parameter.h"

#include <math.h>

#define assert_number(got, want) assert_true(fabs((got) - (want)) <= 0)

static struct arena *arena;

static const struct str FACTS[] = {
    {"gpu.need", 8},          {"latency.p99_ms", 14}, {"cost.ratio", 10},
    {"current.platform", 16}, {"online", 6},
};

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

/* A valid policy of one entry a section, written on lines of its own. A line of the file that starts
 * with `replace` is replaced by `with`. */
struct edit {
    const char *replace, *with;
};

static void add_parameters(struct strbuf *sb)
{
    for (unsigned i = 0; i < PARAMETER_ID_COUNT; i++) {
        const struct parameter_row *row = parameter_row((enum parameter_id)i);
        strbuf_addf(sb, "%s\"%s\": {\"value\": ", i > 0 ? ",\n" : "", row->name);
        strbuf_add_double(sb, row->low, 15);
        strbuf_addf(sb, ", \"unit\": \"%s\", \"why\": \"w\", \"source\": \"policy\"}", row->unit);
    }
}

static struct str policy_text(void)
{
    struct strbuf sb = STRBUF_INIT;
    strbuf_adds(&sb, "{\"format\": \"breakeven-policy/1\",\n"
                     "\"people\": {\"engineer_sku\": \"engineer\"},\n"
                     "\"parameters\": {\n");
    add_parameters(&sb);
    strbuf_adds(
        &sb,
        "\n},\n"
        "\"thresholds\": {\"strict_ms\": {\"value\": 100, \"unit\": \"ms\", \"text\": \"t\", "
        "\"source\": \"s2-49\"}},\n"
        "\"defaults\": [\n"
        "{\"path\": \"models[].duration_cv\", \"low\": 0.4, \"likely\": 0.8, \"high\": 1.5, "
        "\"why\": \"w\", \"source\": \"policy\"},\n"
        "{\"path\": \"answers.gpu.need\", \"value\": \"none\", \"why\": \"w\", \"source\": "
        "\"policy\"},\n"
        "{\"path\": \"answers.traffic.burst\", \"value\": 1, \"why\": \"w\", \"source\": "
        "\"policy\"}],\n"
        "\"uncertainty\": [\n"
        "{\"path\": \"answers.traffic.cv\", \"measured\": {\"low\": 0.9, \"likely\": 1, \"high\": "
        "1.1}, \"estimated\": {\"low\": 0.5, \"likely\": 1, \"high\": 2}, \"guessed\": {\"low\": "
        "0.2, \"likely\": 1, \"high\": 5}, \"why\": \"w\", \"source\": \"policy\"}],\n"
        "\"rules\": [\n"
        "{\"id\": \"fast\", \"question\": \"latency\", \"group\": \"warm\", \"when\": "
        "[\"latency.p99_ms < strict_ms\", \"gpu.need != none\"], \"strength\": \"strong\", "
        "\"toward\": \"kubernetes\", \"text\": \"p99 {{latency.p99_ms}}\", \"sources\": "
        "[\"s2-49\", \"policy\"]}],\n"
        "\"tiers\": [\n"
        "{\"number\": 1, \"name\": \"one\", \"text\": \"t\", \"sources\": [\"s0-90\"]},\n"
        "{\"number\": 3, \"name\": \"three\", \"text\": \"t\", \"when\": {\"any\": [[\"cost.ratio "
        "> 2\"], [\"online == true\", \"cost.ratio > 1\"]]}, \"sources\": [\"s0-92\"]}],\n"
        "\"scenarios\": [\n"
        "{\"id\": \"spike\", \"name\": \"n\", \"text\": \"t\", \"changes\": [{\"variable\": "
        "\"answers.traffic.requests_per_day\", \"factor\": 10}, {\"variable\": \"prices.spot\", "
        "\"factor\": 2}, {\"variable\": \"answers.traffic.cv\", \"set\": 3}]}],\n"
        "\"folklore\": [\n"
        "{\"id\": \"f\", \"variable\": \"cost.ratio\", \"low\": 1, \"high\": 2, \"unit\": "
        "\"ratio\", \"text\": \"t\", \"source\": \"s4-16\"}]}\n");
    struct str text = strbuf_copy(&sb, arena);
    strbuf_release(&sb);
    return text;
}

static const char MISTAKES[] =
    "{\"format\": \"breakeven-mistakes/1\", \"mistakes\": [\n"
    "{\"id\": \"m\", \"when\": [\"gpu.need == required\"], \"text\": "
    "\"t {{gpu.need}}\", \"watch\": \"w\", \"sources\": [\"s0-66\"]}]}\n";
static const char CHECKLIST[] =
    "{\"format\": \"breakeven-checklist/1\", \"phases\": [{\"id\": \"prepare\", \"name\": "
    "\"Prepare\"}],\n"
    "\"items\": [\n"
    "{\"id\": \"quota\", \"phase\": \"prepare\", \"text\": \"t\", \"link\": \"https://a.b\"}]}\n";

static struct str replaced(struct str text, const struct edit *edit)
{
    struct strbuf sb = STRBUF_INIT;
    struct str line;
    bool is_done = false;
    while (str_next_line(&text, &line)) {
        if (!is_done && str_starts(line, str_of(edit->replace))) {
            strbuf_adds(&sb, edit->with);
            is_done = true;
        } else {
            strbuf_add(&sb, line);
        }
        strbuf_addc(&sb, '\n');
    }
    struct str copy = strbuf_copy(&sb, arena);
    strbuf_release(&sb);
    return copy;
}

/* Messages, one a line; every file is edited alike. */
static struct str parse(const struct edit *edit, struct policy *out)
{
    struct diags *d = diags_new(arena);
    struct policy_file files[3] = {
        {STR("policy.json"), policy_text()},
        {STR("mistakes.json"), str_of(MISTAKES)},
        {STR("checklist.json"), str_of(CHECKLIST)},
    };
    struct strbuf sb = STRBUF_INIT;
    for (int i = 0; edit && i < 3; i++)
        files[i].text = replaced(files[i].text, edit);
    bool ok = policy_parse(files, FACTS, sizeof FACTS / sizeof FACTS[0], arena, out, d);
    assert_true(ok == (diags_errors(d) == 0));
    diags_sort(d);
    for (size_t i = 0; i < diags_count(d); i++)
        strbuf_addf(&sb, "%.*s\n", STR_ARG(diags_get(d, i)->message));
    struct str messages = strbuf_copy(&sb, arena);
    strbuf_release(&sb);
    return messages;
}

static void every_section_arrives(void **state)
{
    struct policy p;
    (void)state;
    assert_str(parse(NULL, &p), "");
    assert_number(policy_number(&p, PARAMETER_DRAWS), 16);
    assert_str(p.engineer_sku, "engineer");
    assert_int_equal(p.threshold_count, 1);
    assert_number(policy_threshold(&p, STR("strict_ms"))->value, 100);
    assert_null(policy_threshold(&p, STR("strict")));
    assert_int_equal(p.assumption_count, 3);
    assert_number(p.assumptions[0].value.high, 1.5);
    assert_true(p.assumptions[1].is_word);
    assert_str(p.assumptions[1].word, "none");
    assert_number(p.uncertainties[0].multiple[BASIS_GUESSED].high, 5);
    assert_number(p.uncertainties[0].multiple[BASIS_UNKNOWN].low, 0.5);
    assert_int_equal(p.scenarios[0].count, 3);
    assert_true(p.scenarios[0].changes[0].is_factor);
    assert_false(p.scenarios[0].changes[2].is_factor);
    assert_number(p.scenarios[0].changes[2].value, 3);
    assert_str(p.folklore[0].source, "s4-16");
    assert_str(p.mistakes[0].watch, "w");
    assert_str(p.mistakes[0].act, "");
    assert_str(p.phases[0].name, "Prepare");
    assert_str(p.checklist[0].phase, "prepare");
    assert_int_equal(p.checklist[0].when.count, 0);
    assert_int_equal(p.sha256.n, 64);
}

static void conditions_are_facts_operators_and_values(void **state)
{
    struct policy p;
    (void)state;
    assert_str(parse(NULL, &p), "");
    const struct rule *rule = &p.rules[0];
    assert_int_equal(rule->question, QUESTION_LATENCY);
    assert_str(rule->group, "warm");
    assert_int_equal(rule->strength, STRENGTH_STRONG);
    assert_int_equal(rule->toward, CLASS_KUBERNETES);
    assert_int_equal(rule->source_count, 2);
    assert_int_equal(rule->when.count, 1);
    const struct condition *c = rule->when.alternatives[0].conditions;
    assert_int_equal(rule->when.alternatives[0].count, 2);
    assert_str(c[0].fact, "latency.p99_ms");
    assert_int_equal(c[0].op, OPERATOR_LT);
    assert_number(c[0].number, 100);
    assert_ptr_equal(c[0].threshold, &p.thresholds[0]);
    assert_true(c[1].is_word);
    assert_int_equal(c[1].op, OPERATOR_NE);
    assert_str(c[1].word, "none");
    /* Tiers stand with the highest number first, whatever the order in the file. */
    assert_int_equal(p.tiers[0].number, 3);
    assert_int_equal(p.tiers[1].number, 1);
    assert_int_equal(p.tiers[0].when.count, 2);
    assert_int_equal(p.tiers[0].when.alternatives[1].count, 2);
    assert_int_equal(p.tiers[1].when.count, 0);
}

static void a_models_own_answer_falls_under_the_common_policy(void **state)
{
    struct policy p;
    (void)state;
    assert_str(parse(NULL, &p), "");
    const struct assumption *burst = policy_assumption(&p, STR("answers.traffic.burst"));
    assert_non_null(burst);
    assert_ptr_equal(policy_assumption(&p, STR("models[].traffic.burst")), burst);
    assert_ptr_equal(policy_assumption(&p, STR("models.3.traffic.burst")), burst);
    assert_non_null(policy_assumption(&p, STR("models.3.duration_cv")));
    assert_null(policy_assumption(&p, STR("models[].burst")));
    assert_null(policy_assumption(&p, STR("answers.traffic.cv")));
    assert_non_null(policy_uncertainty(&p, STR("models.0.traffic.cv")));
    assert_null(policy_uncertainty(&p, STR("answers.traffic.burst")));
}

static void words_of_the_file_are_printed_as_they_are_read(void **state)
{
    (void)state;
    assert_string_equal(strength_word(STRENGTH_HARD), "hard");
    assert_string_equal(operator_word(OPERATOR_NE), "!=");
    assert_string_equal(operator_word(OPERATOR_LE), "<=");
    assert_string_equal(parameter_name(PARAMETER_FTE_KUBERNETES_NONE), "fte_kubernetes_none");
    assert_string_equal(parameter_unit(PARAMETER_NODE_START_LAG_S), "second");
}

#define RULE(id, when, strength, toward, text, sources)                  \
    "{\"id\": \"" id "\", \"when\": " when ", \"strength\": \"" strength \
    "\", \"toward\": \"" toward "\", \"text\": \"" text "\", \"sources\": " sources "}],"
#define FIGURE(unit) "\"unit\": \"" unit "\", \"why\": \"w\", \"source\": \"policy\"},"

static void every_mistake_is_named(void **state)
{
    static const struct {
        struct edit edit;
        const char *want;
    } CASES[] = {
        {{"\"people\"", ""}, "people is missing"},
        {{"\"people\"", "\"people\": {\"engineer\": \"x\"},"},
         "unknown key \"engineer\" in people"},
        {{"{\"format\"", "{\"format\": \"breakeven-policy/9\","},
         "unknown format \"breakeven-policy/9\""},
        {{"\"draws\"", ""}, "parameters.draws is missing"},
        {{"\"draws\"", "\"draws\": {\"value\": 1, " FIGURE("count")},
         "parameters.draws must lie between 16 and 65536"},
        {{"\"draws\"", "\"draws\": {\"value\": 99.5, " FIGURE("count")},
         "parameters.draws must be whole"},
        {{"\"draws\"", "\"draws\": {\"low\": 16, \"likely\": 17, \"high\": 18, " FIGURE("count")},
         "parameters.draws is one value, not a range"},
        {{"\"draws\"", "\"draws\": {\"value\": 16, " FIGURE("share")},
         "the unit of parameters.draws is \"count\""},
        {{"\"zones\"", "\"zones\": {\"low\": 3, \"likely\": 2, \"high\": 4, " FIGURE("count")},
         "parameters.zones must have low <= likely <= high"},
        {{"\"zones\"", "\"zones\": {\"value\": 2, \"low\": 1, " FIGURE("count")},
         "has a value and a range"},
        {{"\"zones\"", "\"zones\": {" FIGURE("count")}, "parameters.zones has no figure"},
        {{"\"zones\"", "\"zoned\": {" FIGURE("count")}, "unknown key \"zoned\" in parameters"},
        {{"\"zones\"",
          "\"zones\": {\"value\": 2, \"unit\": \"count\", \"why\": \" \", \"source\": \"me\"},"},
         "parameters.zones.why must not be empty"},
        {{"\"zones\"",
          "\"zones\": {\"value\": 2, \"unit\": \"count\", \"why\": \"w\", \"source\": \"me\"},"},
         "parameters.zones.source names no source: \"me\""},
        {{"\"thresholds\"", "\"thresholds\": {\"Strict\": 1},"},
         "a threshold's name is made of a-z"},
        {{"{\"path\": \"models[]",
          "{\"path\": \"models[].duration\", \"value\": 1, \"why\": \"w\", \"source\": \"policy\"},"},
         "defaults.0.path is no field of the questionnaire: \"models[].duration\""},
        {{"{\"path\": \"models[]",
          "{\"path\": \"models[].duration_cv\", \"value\": -1, \"why\": \"w\", \"source\": \"policy\"},"},
         "defaults.0 must lie between 0 and 100, as models[].duration_cv does"},
        {{"{\"path\": \"models[]",
          "{\"path\": \"answers.gpu.need\", \"value\": \"some\", \"why\": \"w\", \"source\": \"policy\"},"},
         "defaults.0.value is no answer to answers.gpu.need"},
        {{"{\"path\": \"models[]",
          "{\"path\": \"answers.gpu.need\", \"value\": \"none\", \"why\": \"w\", \"source\": \"policy\"},"},
         "the default of \"answers.gpu.need\" stands twice"},
        {{"{\"id\": \"fast\"",
          RULE("r", "[\"latency.p99 < strict_ms\"]", "weak", "hybrid", "t", "[\"policy\"]")},
         "unknown fact \"latency.p99\""},
        {{"{\"id\": \"fast\"",
          RULE("r", "[\"latency.p99_ms < strict\"]", "weak", "hybrid", "t", "[\"policy\"]")},
         "unknown threshold \"strict\""},
        {{"{\"id\": \"fast\"",
          RULE("r", "[\"latency.p99_ms == strict\"]", "weak", "hybrid", "t", "[\"policy\"]")},
         "latency.p99_ms is a number and is compared with \"strict\""},
        {{"{\"id\": \"fast\"",
          RULE("r", "[\"latency.p99_ms <strict_ms\"]", "weak", "hybrid", "t", "[\"policy\"]")},
         "a condition must be FACT OP VALUE"},
        {{"{\"id\": \"fast\"",
          RULE("r", "[\"latency.p99_ms = 3\"]", "weak", "hybrid", "t", "[\"policy\"]")},
         "unknown operator \"=\""},
        {{"{\"id\": \"fast\"",
          RULE("r", "[\"gpu.need == requird\"]", "weak", "hybrid", "t", "[\"policy\"]")},
         "gpu.need is never \"requird\""},
        {{"{\"id\": \"fast\"",
          RULE("r", "[\"gpu.need == 1\"]", "weak", "hybrid", "t", "[\"policy\"]")},
         "gpu.need is a word and is compared with a number"},
        {{"{\"id\": \"fast\"",
          RULE("r", "[\"online == yes\"]", "weak", "hybrid", "t", "[\"policy\"]")},
         "online is never \"yes\""},
        {{"{\"id\": \"fast\"", RULE("r", "[3]", "weak", "hybrid", "t", "[\"policy\"]")},
         "a condition must be a string"},
        {{"{\"id\": \"fast\"", RULE("r", "{\"all\": []}", "weak", "hybrid", "t", "[\"policy\"]")},
         "rules.0.when.any is missing"},
        {{"{\"id\": \"fast\"", RULE("r", "{\"any\": [[]]}", "weak", "hybrid", "t", "[\"policy\"]")},
         "got an empty one"},
        {{"{\"id\": \"fast\"", RULE("r", "[]", "weka", "hybrid", "t", "[\"policy\"]")},
         "rules.0.strength cannot be \"weka\""},
        {{"{\"id\": \"fast\"", RULE("r", "[]", "neutral", "hybrid", "t", "[\"policy\"]")},
         "rules.0 is neutral, but leans toward hybrid"},
        {{"{\"id\": \"fast\"", RULE("r", "[]", "weak", "hybrid", "{{p99}}", "[\"policy\"]")},
         "rules.0.text prints an unknown fact \"p99\""},
        {{"{\"id\": \"fast\"", RULE("r", "[]", "weak", "hybrid", "{{gpu.need", "[\"policy\"]")},
         "has a {{ without }}"},
        {{"{\"id\": \"fast\"", RULE("r", "[]", "weak", "hybrid", "t", "[]")},
         "rules.0.sources must name at least one source"},
        {{"{\"id\": \"fast\"", RULE("r", "[]", "weak", "hybrid", "t", "[\"s249\"]")},
         "names no source: \"s249\""},
        {{"{\"id\": \"fast\"", RULE("R 1", "[]", "weak", "hybrid", "t", "[\"policy\"]")},
         "rules.0.id must be an id"},
        /* The first rule has no id, the second one stands after it. */
        {{"{\"id\": \"fast\"", "{\"text\": \"t\"}, {\"id\": 3}],"}, "rules.0.id is missing"},
        {{"{\"id\": \"f\"", "{\"low\": 1}]}"}, "folklore.0.high is missing"},
        {{"{\"number\": 1",
          "{\"number\": 3, \"name\": \"n\", \"text\": \"t\", \"sources\": [\"policy\"]},"},
         "tier 3 stands twice"},
        {{"{\"id\": \"spike\"",
          "{\"id\": \"s\", \"name\": \"n\", \"text\": \"t\", \"changes\": [{\"variable\": \"prices.gpu\", \"factor\": 1}]}],"},
         "unknown prices \"prices.gpu\""},
        {{"{\"id\": \"spike\"",
          "{\"id\": \"s\", \"name\": \"n\", \"text\": \"t\", \"changes\": [{\"variable\": \"prices.spot\", \"set\": 1}]}],"},
         "a class of prices cannot be set"},
        {{"{\"id\": \"spike\"",
          "{\"id\": \"s\", \"name\": \"n\", \"text\": \"t\", \"changes\": [{\"variable\": \"answers.traffic.cv\"}]}],"},
         "must have either a factor or a figure to set"},
        {{"{\"id\": \"spike\"",
          "{\"id\": \"s\", \"name\": \"n\", \"text\": \"t\", \"changes\": [{\"variable\": \"answers.gpu.need\", \"factor\": 1}]}],"},
         "answers.gpu.need is not a number"},
        {{"{\"id\": \"f\"",
          "{\"id\": \"f\", \"variable\": \"cost.ration\", \"low\": 1, \"high\": 0, \"unit\": \"u\", \"text\": \"t\", \"source\": \"policy\"}]}"},
         "folklore.0.high lies below low\n"},
        {{"{\"id\": \"m\"",
          "{\"id\": \"m\", \"text\": \"t\", \"act\": \"{{x}}\", \"sources\": [\"policy\"]}]}"},
         "mistakes.0.act prints an unknown fact \"x\""},
        {{"{\"id\": \"quota\"", "{\"id\": \"q\", \"phase\": \"prepar\", \"text\": \"t\"}]}"},
         "unknown phase \"prepar\""},
        {{"{\"id\": \"quota\"",
          "{\"id\": \"q\", \"phase\": \"prepare\", \"text\": \"t\", \"link\": \"javascript:x\"}]}"},
         "items.0.link must be an https:// address"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct policy p;
        struct str got = parse(&CASES[i].edit, &p);
        if (str_find(got, str_of(CASES[i].want)) == got.n)
            fail_msg("case %zu: wanted \"%s\", got \"%.*s\"", i, CASES[i].want, STR_ARG(got));
    }
}

static void a_threshold_that_nothing_uses_is_a_warning(void **state)
{
    static const struct edit UNUSED = {
        "{\"id\": \"fast\"",
        RULE("r", "[\"latency.p99_ms < 100\"]", "weak", "hybrid", "t", "[\"policy\"]")};
    struct policy p;
    (void)state;
    assert_str(parse(&UNUSED, &p), "no condition uses the threshold strict_ms\n");
}

static void the_hash_changes_with_any_byte_of_any_file(void **state)
{
    static const struct edit EDITS[] = {
        {"\"people\"", "\"people\": {\"engineer_sku\": \"other\"},"},
        {"{\"id\": \"m\"", "{\"id\": \"m2\", \"text\": \"t\", \"sources\": [\"policy\"]}]}"},
        {"{\"id\": \"quota\"", "{\"id\": \"q2\", \"phase\": \"prepare\", \"text\": \"t\"}]}"}};
    struct policy first, again, other;
    (void)state;
    assert_str(parse(NULL, &first), "");
    assert_str(parse(NULL, &again), "");
    assert_true(str_equal(first.sha256, again.sha256));
    for (size_t i = 0; i < sizeof EDITS / sizeof EDITS[0]; i++) {
        assert_str(parse(&EDITS[i], &other), "");
        assert_false(str_equal(first.sha256, other.sha256));
    }
}

static void the_bundled_policy_is_without_fault(void **state)
{
    struct diags *d = diags_new(arena);
    struct strbuf sb = STRBUF_INIT;
    struct policy p;
    (void)state;
    policy_load(NULL, "content/policy", NULL, 0, arena, &p, d);
    diags_print(d, &sb, false);
    assert_string_equal(sb.s ? sb.s : "", "");
    strbuf_release(&sb);
}

static void a_missing_file_is_an_error_of_the_input(void **state)
{
    struct diags *d = diags_new(arena);
    struct policy p;
    (void)state;
    assert_false(policy_load("no-such-policy.json", "content/policy", NULL, 0, arena, &p, d));
    assert_int_equal(diags_errors(d), 1);
    assert_int_equal(diags_system_errors(d), 0);
    assert_str(diags_get(d, 0)->message, "the policy file is missing");
}

/* README.md prints the table of parameters: the two must not drift apart. */
static void the_readme_lists_every_parameter_with_its_unit(void **state)
{
    struct diags *d = diags_new(arena);
    struct str text;
    (void)state;
    assert_true(file_read("content/policy/README.md", arena, &text, d));
    for (unsigned i = 0; i < PARAMETER_ID_COUNT; i++) {
        const struct parameter_row *row = parameter_row((enum parameter_id)i);
        struct strbuf sb = STRBUF_INIT;
        strbuf_addf(&sb, "| `%s` | %s | ", row->name, row->unit);
        strbuf_add_double(&sb, row->low, 15);
        strbuf_adds(&sb, "-");
        strbuf_add_double(&sb, row->high, 15);
        strbuf_adds(&sb, " | ");
        if (str_find(text, strbuf_str(&sb)) == text.n)
            fail_msg("README.md lacks: %s", sb.s);
        size_t at = str_find(text, strbuf_str(&sb));
        struct str rest = str_slice(text, at, text.n), line;
        str_next_line(&rest, &line);
        assert_true((str_find(line, STR("fixed")) < line.n) == row->is_fixed);
        strbuf_release(&sb);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_section_arrives, set_up, tear_down),
        cmocka_unit_test_setup_teardown(conditions_are_facts_operators_and_values, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_models_own_answer_falls_under_the_common_policy, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(words_of_the_file_are_printed_as_they_are_read, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(every_mistake_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_threshold_that_nothing_uses_is_a_warning, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_hash_changes_with_any_byte_of_any_file, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(the_bundled_policy_is_without_fault, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_missing_file_is_an_error_of_the_input, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_readme_lists_every_parameter_with_its_unit, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
