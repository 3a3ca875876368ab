/*
 * templates/NAMES.md lists every name that a template may use. It is made here from the trees
 * themselves, with an example of each, so that it cannot drift: when this test fails because a name
 * came or went, run it again with ACCEPT=1 in the environment and review the difference.
 */
#include "unit/unit.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "report/model.h"
#include "support/fixture.h"

#include <stdio.h>
#include <stdlib.h>

#define NAMES_FILE "templates/NAMES.md"
#define EXAMPLE_BYTES ((size_t)60)

struct entry {
    struct str path;
    enum value_kind kind;
    struct str example;
};

struct catalogue {
    struct arena *a;
    struct entry *entries;
    size_t count, capacity;
};

static bool is_class(struct str path)
{
    return str_ends(path, STR(".class")) || str_ends(path, STR("_class")) || str_is(path, "class") ||
           str_ends(path, STR(".leaning"));
}

static struct entry *entry_of(struct catalogue *c, struct str path)
{
    for (size_t i = 0; i < c->count; i++)
        if (str_equal(c->entries[i].path, path))
            return &c->entries[i];
    if (c->count == c->capacity)
        c->entries = arena_grow(c->a, struct entry, c->entries, c->count, &c->capacity);
    struct entry *e = &c->entries[c->count++];
    *e = (struct entry){path, VALUE_NULL, {0}};
    return e;
}

static void visit(struct catalogue *c, const struct value *v, struct str path)
{
    struct entry *e = path.n > 0 ? entry_of(c, path) : NULL;
    if (e && e->kind == VALUE_NULL)
        e->kind = v->kind;
    if (e && v->kind == VALUE_TEXT && e->example.n == 0 && v->text.n > 0)
        e->example = v->text;
    if (v->kind == VALUE_OBJECT && !is_class(path))
        for (size_t i = 0; i < v->content->count; i++) {
            struct str key = v->content->members[i].key.name;
            visit(c, v->content->members[i].value,
                  path.n > 0 ? str_printf(c->a, "%.*s.%.*s", STR_ARG(path), STR_ARG(key)) : key);
        }
    if (v->kind == VALUE_LIST)
        for (size_t i = 0; i < v->content->count; i++) {
            struct value object = *v->content->items[i]; /* items add to the path of their list */
            if (object.kind == VALUE_OBJECT && !str_ends(path, STR(".classes")))
                for (size_t k = 0; k < object.content->count; k++)
                    visit(c, object.content->members[k].value,
                          str_printf(c->a, "%.*s[].%.*s", STR_ARG(path), STR_ARG(object.content->members[k].key.name)));
        }
}

static void add_example(struct strbuf *sb, struct str example)
{
    size_t n = example.n < EXAMPLE_BYTES ? example.n : EXAMPLE_BYTES;
    while (n < example.n && n > 0 && ((unsigned char)example.s[n] & 0xc0u) == 0x80)
        n--;
    for (size_t i = 0; i < n; i++)
        if (example.s[i] == '|')
            strbuf_adds(sb, "\\|");
        else if (example.s[i] != '`' && example.s[i] != '\n')
            strbuf_addc(sb, example.s[i]);
    if (n < example.n)
        strbuf_adds(sb, " ...");
}

static void add_table(struct strbuf *sb, struct arena *a, const char *title, const char *where, const char *root,
                      const struct value *tree)
{
    struct catalogue c = {.a = a};
    visit(&c, tree, str_of(root));
    strbuf_addf(sb, "\n## %s\n\n%s\n\n| name | kind | example |\n|---|---|---|\n", title, where);
    for (size_t i = 0; i < c.count; i++) {
        const struct entry *e = &c.entries[i];
        const char *kind = is_class(e->path) || str_ends(e->path, STR(".classes")) ? "a class"
                           : e->kind == VALUE_NULL ? "a text or null" : value_kind_name(e->kind);
        strbuf_addf(sb, "| `%.*s` | %s | ", STR_ARG(e->path), kind);
        add_example(sb, e->example);
        strbuf_adds(sb, " |\n");
    }
}

static const char INTRODUCTION[] =
    "# Names that templates may use\n"
    "\n"
    "Made from the trees that templates see, by `tests/unit/test_names.c`; do not edit. Every name is there\n"
    "in every page of its kind: a figure that is not known reads \"not known\", a text that does not exist\n"
    "is null. An unknown name is an error with file and line. Examples are from a made-up decision.\n"
    "\n"
    "- A list `a[]` is entered by `{{#a}}`; inside, its names stand without the prefix.\n"
    "- Names of enclosing sections stay visible.\n"
    "- A class is `{letter, word, prose, shape}` of a platform class: k, Kubernetes, Kubernetes, \xe2\x96\xa0.\n"
    "- Figures are worded already; templates do no arithmetic.\n"
    "- Drawings are markup: `{{{drawing}}}`. They are there in HTML pages only: `report.charts.cost`,\n"
    "  `report.charts.volume`, `report.charts.sensitivity`, `report.charts.axis`, and `drawing` in the rows of\n"
    "  `report.options`, `report.not_bought`, `report.latency.rows`, `report.flips.rows`, `report.questions`,\n"
    "  `index.decisions` and `service.skus[].regions`; `index.axis`, `index.effects_chart`.\n"
    "- `report.notes_html` (pages) and `report.notes_markdown` (report.md) hold the author's notes, cleaned.\n"
    "- report.md has `report.yaml` with quoted scalars: `status`, `date`, `decision_makers`, `review_by`,\n"
    "  `supersedes`, `prices_as_of`.\n"
    "- report-single.html has `stylesheet`, `stylesheet_hash` and `inputs_json`; page.html has `body`, method.html and questionnaire.html `prose`;\n"
    "  price.html has `history_from`; sitemap.xml has `addresses[].href`; feed.xml has `feed`.\n";

/* All kinds of verdict together, so that names which only one of them fills have an example. */
static struct value *any_report(struct site *s, struct arena *a)
{
    struct value *all = value_list(a);
    for (int kind = 0; kind < FIXTURE_KINDS; kind++) {
        struct model_rows rows;
        value_append(all, model_report(fixture_report((enum fixture_kind)kind, a), s, "../", a, &rows));
    }
    return all;
}

static void make_names(struct strbuf *sb, struct arena *a)
{
    struct site *s = fixture_site(a);
    struct model_uses uses;
    model_uses_make(s, a, &uses);
    const struct edition *editions;
    size_t edition_count;
    changes_collect(s->book, a, &editions, &edition_count);
    struct decision_effect effect = {.date = editions[0].date, .slug = STR("fraud-scoring"), .effect = EFFECT_FLIPPED,
                                     .margin_before = 0.2, .margin_after = 0.1, .usd_before = 7000, .usd_after = 7280,
                                     .option_before = STR("AWS Lambda"), .option_after = STR("Amazon EKS")};
    strbuf_adds(sb, INTRODUCTION);
    struct model_page page = {.to_root = "../", .section = STR("index.html"), .title = STR("Decisions"),
                              .description = STR("Where each workload runs")};
    add_table(sb, a, "Every page", "At the root.", "", model_page(s, &page, a));
    struct catalogue c = {.a = a};
    visit(&c, any_report(s, a), STR("report"));
    strbuf_adds(sb, "\n## Reports\n\nreport.html, report-single.html and report.md.\n\n| name | kind | example |\n|---|---|---|\n");
    for (size_t i = 0; i < c.count; i++) {
        struct str path = c.entries[i].path;
        if (str_is(path, "report"))
            continue;
        const char *kind = is_class(path) || str_ends(path, STR(".classes")) ? "a class"
                           : c.entries[i].kind == VALUE_NULL ? "a text or null" : value_kind_name(c.entries[i].kind);
        /* The list of sample reports is no list for templates: report[].title is report.title. */
        strbuf_addf(sb, "| `report%.*s` | %s | ", STR_ARG(str_slice(path, 8, path.n)), kind);
        add_example(sb, c.entries[i].example);
        strbuf_adds(sb, " |\n");
    }
    struct value **rows;
    add_table(sb, a, "Portfolio", "index.html.", "index", model_index(s, &effect, 1, a, &rows));
    add_table(sb, a, "Price book", "prices.html.", "prices", model_prices(s, &uses, editions, edition_count, a));
    struct model_service *services;
    size_t service_count = model_services(s->book, a, &services);
    struct value *all = value_list(a);
    for (size_t i = 0; i < service_count; i++) {
        struct model_history *drawings;
        size_t drawing_count;
        value_append(all, model_service_page(s, &uses, &services[i], "../", a, &drawings, &drawing_count));
    }
    add_table(sb, a, "Prices of a service", "price.html; `service[]` is written `service`.", "service", all);
    add_table(sb, a, "Price changes", "changes.html, and `index.changes` with the newest edition.", "changes",
              model_changes(s, &uses, editions, edition_count, &effect, 1, 9, 9, "../", a));
    add_table(sb, a, "Method", "method.html.", "method", model_method(s, a));
    add_table(sb, a, "Published claims", "claims.html.", "claims", model_claims(s, a));
    add_table(sb, a, "Questionnaire", "questionnaire.html.", "questionnaire", model_questionnaire(a));
}

static void the_list_of_names_is_that_of_the_trees(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct strbuf sb = STRBUF_INIT;
    make_names(&sb, a);
    assert_false(sb.overflowed);
    if (getenv("ACCEPT") != NULL)
        assert_true(file_write(NAMES_FILE, strbuf_str(&sb), NULL, d));
    struct str written;
    assert_true(file_read(NAMES_FILE, a, &written, d));
    bool same = str_equal(written, strbuf_str(&sb));
    if (!same)
        fprintf(stderr, "%s is not up to date: run this test with ACCEPT=1 and review the difference\n", NAMES_FILE);
    assert_true(same);
    strbuf_release(&sb);
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_list_of_names_is_that_of_the_trees),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
