/*
 * The published JSON Schemas, held against what is really written: every bundled report obeys
 * templates/schema/report.schema.json, every bundled questionnaire the schema that `breakeven schema`
 * prints, the rules of every price feed pricing/schema/feed.schema.json. The validator knows the keywords that these schemas use; another keyword is a failure, so
 * that nothing is taken as checked that was not.
 */
#include "unit/unit.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "command/analysis.h"
#include "render/json_report.h"
#include "source/json.h"

#include <math.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>

#define REPORT_SCHEMA "templates/schema/report.schema.json"
#define FEED_SCHEMA "pricing/schema/feed.schema.json"

struct validator {
    const struct json *root; /* of the schema */
    struct arena *a;
    struct strbuf *faults; /* NULL: only whether there is one */
};

static bool validate(const struct validator *v, const struct json *schema, const struct json *value,
                     struct str path);

static bool fault(const struct validator *v, struct str path, const char *what)
{
    if (v->faults)
        strbuf_addf(v->faults, "%.*s: %s\n", STR_ARG(path), what);
    return false;
}

static bool is_type(const struct json *value, struct str type)
{
    if (str_is(type, "integer"))
        return value->kind == JSON_NUMBER && fabs(value->number - nearbyint(value->number)) < 1e-9;
    static const char *const NAMES[] = {
        [JSON_NULL] = "null",     [JSON_BOOL] = "boolean", [JSON_NUMBER] = "number",
        [JSON_STRING] = "string", [JSON_ARRAY] = "array",  [JSON_OBJECT] = "object"};
    return str_is(type, NAMES[value->kind]);
}

static bool is_equal(const struct json *a, const struct json *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == JSON_BOOL)
        return a->boolean == b->boolean;
    return a->kind == JSON_NULL ||
           ((a->kind == JSON_STRING || a->kind == JSON_NUMBER) && str_equal(a->string, b->string));
}

static const struct json *follow(const struct validator *v, const struct json *schema)
{
    const struct json *ref = json_find(schema, "$ref");
    if (!ref)
        return NULL;
    assert_true(str_starts(ref->string, STR("#/$defs/")));
    struct str name = str_slice(ref->string, sizeof "#/$defs/" - 1, ref->string.n);
    const struct json *target = json_find(json_find(v->root, "$defs"), str_cstring(v->a, name));
    assert_non_null(target);
    return target;
}

static bool check_type(const struct validator *v, const struct json *type, const struct json *value,
                       struct str path)
{
    if (type->kind == JSON_STRING)
        return is_type(value, type->string) || fault(v, path, "is of the wrong type");
    for (const struct json *t = type->child; t; t = t->next)
        if (is_type(value, t->string))
            return true;
    return fault(v, path, "is of the wrong type");
}

static bool check_enum(const struct validator *v, const struct json *list, const struct json *value,
                       struct str path)
{
    for (const struct json *item = list->child; item; item = item->next)
        if (is_equal(item, value))
            return true;
    return fault(v, path, "is none of the allowed values");
}

static bool check_some(const struct validator *v, const struct json *list, const struct json *value,
                       struct str path, bool exactly_one)
{
    struct validator silent = *v;
    size_t fitting = 0;
    silent.faults = NULL;
    for (const struct json *item = list->child; item; item = item->next)
        fitting += validate(&silent, item, value, path);
    return (exactly_one ? fitting == 1 : fitting > 0) || fault(v, path, "fits none of the forms");
}

static bool check_pattern(const struct validator *v, const struct json *pattern,
                          const struct json *value, struct str path)
{
    regex_t r;
    if (value->kind != JSON_STRING)
        return true;
    assert_int_equal(regcomp(&r, str_cstring(v->a, pattern->string), REG_EXTENDED | REG_NOSUB), 0);
    bool fits = regexec(&r, str_cstring(v->a, value->string), 0, NULL, 0) == 0;
    regfree(&r);
    return fits || fault(v, path, "does not have the form of the pattern");
}

static bool check_object(const struct validator *v, const struct json *schema,
                         const struct json *value, struct str path)
{
    const struct json *properties = json_find(schema, "properties");
    const struct json *required = json_find(schema, "required");
    const struct json *others = json_find(schema, "additionalProperties");
    bool ok = true;
    for (const struct json *r = required ? required->child : NULL; r; r = r->next)
        if (!json_find(value, str_cstring(v->a, r->string)))
            ok = fault(v, str_printf(v->a, "%.*s.%.*s", STR_ARG(path), STR_ARG(r->string)),
                       "is required");
    for (const struct json *m = value->child; m; m = m->next) {
        struct str name = str_printf(v->a, "%.*s.%.*s", STR_ARG(path), STR_ARG(m->key));
        const struct json *sub = properties ? json_find(properties, str_cstring(v->a, m->key))
                                            : NULL;
        if (sub)
            ok = validate(v, sub, m, name) && ok;
        else if (others && others->kind == JSON_BOOL && !others->boolean)
            ok = fault(v, name, "is not known to the schema");
    }
    return ok;
}

static bool check_array(const struct validator *v, const struct json *schema,
                        const struct json *value, struct str path)
{
    const struct json *items = json_find(schema, "items"), *least = json_find(schema, "minItems");
    const struct json *most = json_find(schema, "maxItems"),
                      *unique = json_find(schema, "uniqueItems");
    bool ok = true;
    size_t n = 0;
    if ((least && (double)value->count < least->number) ||
        (most && (double)value->count > most->number))
        ok = fault(v, path, "has too few or too many items");
    for (const struct json *i = value->child; i; i = i->next) {
        for (const struct json *k = i->next; unique && k; k = k->next)
            if (is_equal(i, k))
                ok = fault(v, path, "has an item twice");
        if (items)
            ok = validate(v, items, i, str_printf(v->a, "%.*s.%zu", STR_ARG(path), n)) && ok;
        n++;
    }
    return ok;
}

static bool check_range(const struct validator *v, const struct json *schema,
                        const struct json *value, struct str path)
{
    const struct json *low = json_find(schema, "minimum"), *high = json_find(schema, "maximum");
    const struct json *above = json_find(schema, "exclusiveMinimum");
    if ((low && value->number < low->number) || (high && value->number > high->number) ||
        (above && value->number <= above->number))
        return fault(v, path, "is out of range");
    return true;
}

static bool check_length(const struct validator *v, const struct json *schema,
                         const struct json *value, struct str path)
{
    const struct json *least = json_find(schema, "minLength"),
                      *most = json_find(schema, "maxLength");
    size_t n = 0;
    for (size_t i = 0; i < value->string.n; i++)
        n += ((unsigned char)value->string.s[i] & 0xc0) != 0x80;
    if ((least && (double)n < least->number) || (most && (double)n > most->number))
        return fault(v, path, "is too short or too long");
    return true;
}

static void check_keywords(const struct json *schema)
{
    static const char *const KNOWN[] = {"$schema",   "$id",         "$ref",
                                        "$defs",     "title",       "description",
                                        "type",      "const",       "enum",
                                        "format",    "pattern",     "properties",
                                        "required",  "items",       "minItems",
                                        "maxItems",  "uniqueItems", "additionalProperties",
                                        "minimum",   "maximum",     "exclusiveMinimum",
                                        "minLength", "maxLength",   "anyOf",
                                        "oneOf"};
    for (const struct json *m = schema->child; m; m = m->next) {
        bool is_known = false;
        for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++)
            is_known = is_known || str_is(m->key, KNOWN[i]);
        if (!is_known)
            fail_msg("this test does not know the keyword %.*s", STR_ARG(m->key));
    }
}

static bool validate(const struct validator *v, const struct json *schema, const struct json *value,
                     struct str path)
{
    check_keywords(schema);
    const struct json *target = follow(v, schema), *rule;
    bool ok = !target || validate(v, target, value, path);
    if ((rule = json_find(schema, "type")) != NULL)
        ok = check_type(v, rule, value, path) && ok;
    if ((rule = json_find(schema, "const")) != NULL && !is_equal(rule, value))
        ok = fault(v, path, "is not the constant");
    if ((rule = json_find(schema, "enum")) != NULL)
        ok = check_enum(v, rule, value, path) && ok;
    if ((rule = json_find(schema, "anyOf")) != NULL)
        ok = check_some(v, rule, value, path, false) && ok;
    if ((rule = json_find(schema, "oneOf")) != NULL)
        ok = check_some(v, rule, value, path, true) && ok;
    if ((rule = json_find(schema, "pattern")) != NULL)
        ok = check_pattern(v, rule, value, path) && ok;
    switch (value->kind) {
    case JSON_OBJECT: return check_object(v, schema, value, path) && ok;
    case JSON_ARRAY: return check_array(v, schema, value, path) && ok;
    case JSON_NUMBER: return check_range(v, schema, value, path) && ok;
    case JSON_STRING: return check_length(v, schema, value, path) && ok;
    case JSON_NULL:
    case JSON_BOOL: break;
    }
    return ok;
}

/* ---- the tests ---------------------------------------------------------------------------------- */

struct bundle {
    struct arena *a;
    struct diags *d;
    struct project p;
};

static int load(void **state)
{
    struct bundle *b = calloc(1, sizeof *b);
    if (!b)
        return -1;
    b->a = arena_create();
    b->d = diags_new(b->a);
    *state = b;
    project_open(&b->p, b->a, b->d);
    return project_load_book(&b->p) && project_load_policy(&b->p) && project_list_workloads(&b->p)
               ? 0
               : -1;
}

static int unload(void **state)
{
    struct bundle *b = *state;
    arena_destroy(b->a);
    free(b);
    return 0;
}

static void check_valid(const struct json *schema, const struct json *value, const char *name,
                        struct arena *a)
{
    struct strbuf faults = STRBUF_INIT;
    struct validator v = {schema, a, &faults};
    bool ok = validate(&v, schema, value, str_of(name));
    if (!ok)
        fail_msg("%.*s", (int)(faults.n < 3000 ? faults.n : 3000), faults.s);
    strbuf_release(&faults);
}

static void every_bundled_report_obeys_the_published_schema(void **state)
{
    struct bundle *b = *state;
    struct str text;
    assert_true(file_read(REPORT_SCHEMA, b->a, &text, b->d));
    const struct json *schema = json_parse(STR(REPORT_SCHEMA), text, b->a, b->d);
    assert_non_null(schema);
    for (size_t i = 0; i < b->p.workload_count; i++) {
        struct analysis_request request = {.source = b->p.workloads[i], .as_of = DATE_NONE};
        struct arena *a = arena_create();
        struct strbuf out = STRBUF_INIT;
        struct report report;
        assert_true(analyse(&b->p, &request, a, &report, diags_new(a)));
        json_report(&report, &out);
        const struct json *root = json_parse(STR("report.json"), strbuf_str(&out), a, b->d);
        assert_non_null(root);
        check_valid(schema, root, str_cstring(b->a, request.source.slug), a);
        strbuf_release(&out);
        arena_destroy(a);
    }
}

static void every_bundled_questionnaire_obeys_its_schema(void **state)
{
    struct bundle *b = *state;
    struct strbuf text = STRBUF_INIT;
    questionnaire_schema(&text);
    const struct json *schema = json_parse(STR("schema"), strbuf_str(&text), b->a, b->d);
    assert_non_null(schema);
    for (size_t i = 0; i < b->p.workload_count; i++) {
        const char *path = b->p.workloads[i].questionnaire;
        struct str source;
        assert_true(file_read(path, b->a, &source, b->d));
        const struct json *root = json_parse(str_of(path), source, b->a, b->d);
        assert_non_null(root);
        check_valid(schema, root, path, b->a);
    }
    strbuf_release(&text);
}

static void the_schema_file_that_questionnaires_name_is_the_current_one(void **state)
{
    struct bundle *b = *state;
    struct strbuf text = STRBUF_INIT;
    struct str file;
    questionnaire_schema(&text);
    assert_true(file_read("content/questionnaire.schema.json", b->a, &file, b->d));
    if (!str_equal(file, strbuf_str(&text)))
        fail_msg("run: breakeven schema > content/questionnaire.schema.json");
    strbuf_release(&text);
}

static void the_rules_of_every_feed_obey_their_schema(void **state)
{
    static const char *const FILES[] = {"pricing/feeds/aws.json", "pricing/feeds/azure.json",
                                        "pricing/feeds/gcp.json", "pricing/feeds/skypilot.json"};
    struct bundle *b = *state;
    struct str text;
    assert_true(file_read(FEED_SCHEMA, b->a, &text, b->d));
    const struct json *schema = json_parse(STR(FEED_SCHEMA), text, b->a, b->d);
    assert_non_null(schema);
    for (size_t i = 0; i < sizeof FILES / sizeof *FILES; i++) {
        assert_true(file_read(FILES[i], b->a, &text, b->d));
        const struct json *root = json_parse(str_of(FILES[i]), text, b->a, b->d);
        assert_non_null(root);
        check_valid(schema, root, FILES[i], b->a);
    }
}

static void a_rule_without_a_key_does_not_pass(void **state)
{
    struct bundle *b = *state;
    struct str text;
    assert_true(file_read(FEED_SCHEMA, b->a, &text, b->d));
    const struct json *schema = json_parse(STR(FEED_SCHEMA), text, b->a, b->d);
    const struct json *value = json_parse(
        STR("x"),
        STR("{\"format\": \"breakeven-feed/1\", \"feed\": \"aws\", \"rules\": [{\"sku\": \"a\","
            " \"select\": {\"unit\": {\"like\": \"b\"}}}]}"),
        b->a, b->d);
    struct validator v = {schema, b->a, NULL};
    assert_false(validate(&v, schema, value, STR("rules")));
}

static void a_wrong_report_does_not_pass(void **state)
{
    struct bundle *b = *state;
    struct str text;
    assert_true(file_read(REPORT_SCHEMA, b->a, &text, b->d));
    const struct json *schema = json_parse(STR(REPORT_SCHEMA), text, b->a, b->d);
    const struct json *value = json_parse(
        STR("x"), STR("{\"format\": \"breakeven-report/2\", \"colour\": 1}"), b->a, b->d);
    struct strbuf faults = STRBUF_INIT;
    struct validator v = {schema, b->a, &faults};
    assert_false(validate(&v, schema, value, STR("report")));
    struct str said = strbuf_str(&faults);
    assert_true(str_find(said, STR("report.format: is not the constant")) < said.n);
    assert_true(str_find(said, STR("report.colour: is not known")) < said.n);
    assert_true(str_find(said, STR("report.options: is required")) < said.n);
    strbuf_release(&faults);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_bundled_report_obeys_the_published_schema),
        cmocka_unit_test(every_bundled_questionnaire_obeys_its_schema),
        cmocka_unit_test(the_schema_file_that_questionnaires_name_is_the_current_one),
        cmocka_unit_test(the_rules_of_every_feed_obey_their_schema),
        cmocka_unit_test(a_rule_without_a_key_does_not_pass),
        cmocka_unit_test(a_wrong_report_does_not_pass),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
