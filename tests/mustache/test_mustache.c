/*
 * The Mustache specification's own tests, each a test here under its own name: all required modules
 * and, of the optional ones, inheritance and dynamic names (see README.md beside this file).
 * The specification knows no errors, so the set of templates is lenient.
 */
#include "unit/unit.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "render/template.h"
#include "report/value.h"
#include "source/json.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const MODULES[] = {
    "comments", "delimiters", "interpolation",  "inverted",
    "partials", "sections",   "~dynamic-names", "~inheritance",
};

/* One test: where it comes from, and what it says. */
struct spec_test {
    const char *module;
    const struct json *json;
};

static const struct value *value_of_json(struct arena *a, const struct json *json)
{
    switch (json->kind) {
    case JSON_NULL: return value_null();
    case JSON_BOOL: return value_bool(json->boolean);
    case JSON_NUMBER:
    case JSON_STRING: return value_text(a, json->string);
    case JSON_ARRAY: {
        struct value *list = value_list(a);
        for (const struct json *item = json->child; item; item = item->next)
            value_append(list, value_of_json(a, item));
        return list;
    }
    case JSON_OBJECT: {
        struct value *object = value_object(a);
        for (const struct json *member = json->child; member; member = member->next)
            value_set_str(object, member->key, value_of_json(a, member));
        return object;
    }
    }
    return value_null();
}

static void run_spec_test(void **state)
{
    const struct spec_test *test = *state;
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct templates *set = templates_new(a, false);
    struct strbuf out = STRBUF_INIT, said = STRBUF_INIT;
    const struct json *partials = json_find(test->json, "partials");

    templates_add(set, STR("main"), STR("main"), json_find(test->json, "template")->string, d);
    for (const struct json *p = partials ? partials->child : NULL; p; p = p->next)
        templates_add(set, p->key, p->key, p->string, d);
    templates_link(set, d);
    template_render(set, STR("main"), value_of_json(a, json_find(test->json, "data")), &out, d);
    diags_print(d, &said, false);
    if (said.n > 0)
        print_message("%s", said.s);
    struct str want = json_find(test->json, "expected")->string;
    if (!str_equal(strbuf_str(&out), want))
        print_message("# %s: %.*s\n", test->module, STR_ARG(json_find(test->json, "desc")->string));
    assert_str(strbuf_str(&out), str_cstring(a, want));
    assert_int_equal(diags_count(d), 0);
    strbuf_release(&out);
    strbuf_release(&said);
    arena_destroy(a);
}

int main(void)
{
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct CMUnitTest *tests = NULL;
    size_t count = 0, capacity = 0;

    for (size_t i = 0; i < sizeof MODULES / sizeof *MODULES; i++) {
        struct str text;
        const char *path = str_cstring(a, str_printf(a, "tests/mustache/%s.json", MODULES[i]));
        const struct json *root = file_read(path, a, &text, d)
                                      ? json_parse(str_of(path), text, a, d)
                                      : NULL;
        const struct json *list = json_find(root, "tests");
        for (const struct json *json = list ? list->child : NULL; json; json = json->next) {
            struct spec_test *test = arena_new(a, struct spec_test, 1);
            *test = (struct spec_test){MODULES[i], json};
            if (count == capacity)
                tests = arena_grow(a, struct CMUnitTest, tests, count, &capacity);
            tests[count++] = (struct CMUnitTest){
                .name = str_cstring(a, str_printf(a, "%s: %.*s", MODULES[i],
                                                  STR_ARG(json_find(json, "name")->string))),
                .test_func = run_spec_test,
                .initial_state = test,
            };
        }
    }
    if (diags_errors(d) > 0) {
        struct strbuf said = STRBUF_INIT;
        diags_print(d, &said, false);
        fputs(said.s, stderr);
        strbuf_release(&said);
        return EXIT_FAILURE;
    }
    int failed = _cmocka_run_group_tests("mustache", tests, count, NULL, NULL);
    arena_destroy(a);
    return failed;
}
