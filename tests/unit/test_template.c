#include "unit/unit.h"

#include "base/arena.h"
#include "base/diag.h"
#include "render/template.h"
#include "report/value.h"

#include <stdio.h>
#include <stdlib.h>

/* What the Mustache specification leaves open or does not know: errors, escaping by language,
 * limits. The specification's own tests are in tests/mustache. */

struct bench {
    struct arena *a;
    struct diags *d;
    struct templates *set;
    struct value *data;
    struct strbuf out;
};

static int setup(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    assert_non_null(b);
    b->a = arena_create();
    b->d = diags_new(b->a);
    b->set = templates_new(b->a, true);
    b->data = value_object(b->a);
    *state = b;
    return 0;
}

static int teardown(void **state)
{
    struct bench *b = *state;
    strbuf_release(&b->out);
    arena_destroy(b->a);
    free(b);
    return 0;
}

static bool add(struct bench *b, const char *name, const char *text)
{
    return templates_add(b->set, str_of(name), str_of(name), str_of(text), b->d);
}

/* All diagnostics, one a line: "file:line:column: message | hint". */
static void assert_said(struct bench *b, const char *want)
{
    struct strbuf sb = STRBUF_INIT;
    diags_sort(b->d);
    for (size_t i = 0; i < diags_count(b->d); i++) {
        const struct diag *g = diags_get(b->d, i);
        size_t line = 0, column = 0;
        where_line(g->where, &line, &column);
        strbuf_addf(&sb, "%.*s:%zu:%zu: %.*s%s%.*s\n", STR_ARG(g->where.path), line, column,
                    STR_ARG(g->message), g->hint.n > 0 ? " | " : "", STR_ARG(g->hint));
    }
    assert_text(&sb, want);
    strbuf_release(&sb);
    b->d = diags_new(b->a);
}

static void assert_rendered(struct bench *b, const char *name, const char *want)
{
    templates_link(b->set, b->d);
    bool ok = template_render(b->set, str_of(name), b->data, &b->out, b->d);
    assert_said(b, "");
    assert_true(ok);
    assert_text(&b->out, want);
}

static void assert_fails(struct bench *b, const char *name, const char *said)
{
    templates_link(b->set, b->d);
    assert_false(template_render(b->set, str_of(name), b->data, &b->out, b->d));
    assert_said(b, said);
    strbuf_clear(&b->out);
}

static void the_extension_says_what_to_escape_for(void **state)
{
    static const struct {
        const char *name, *out;
    } CASES[] = {
        {"x.html", "a&lt;b* &amp; &quot;c,d"},
        {"x.xml", "a&lt;b* &amp; &quot;c,d"},
        {"x", "a&lt;b* &amp; &quot;c,d"},
        {"a/x.md", "a\\<b\\* \\& \"c,d"},
        {"x.txt", "a<b* & \"c,d"},
        {"x.csv", "\"a<b* & \"\"c,d\""},
    };
    struct bench *b = *state;
    value_set_puts(b->data, "x", "a<b* & \"c,d");
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        add(b, CASES[i].name, "{{x}}");
        assert_rendered(b, CASES[i].name, CASES[i].out);
    }
}

static void an_attribute_that_holds_an_address_takes_only_harmless_ones(void **state)
{
    struct bench *b = *state;
    value_set_puts(b->data, "bad", "javascript:alert(1)");
    value_set_puts(b->data, "root", "../");
    value_set_puts(b->data, "id", "cost:x y");
    value_set_puts(b->data, "empty", "");
    add(b, "x.html",
        "<a href=\"{{bad}}\" title=\"{{bad}}\"><img SRC='{{bad}}'/>"
        "<a href=\"{{root}}{{bad}}\"><a href=\"#{{id}}\"><a href=\"{{root}}a\" class=\"{{bad}}\">"
        "<a href=\"{{#empty}}x/{{/empty}}{{bad}}\">{{bad}}</a>");
    assert_rendered(
        b, "x.html",
        "<a href=\"#\" title=\"javascript:alert(1)\"><img SRC='#'/>"
        "<a href=\"../#\"><a href=\"#cost:x y\"><a href=\"../a\" class=\"javascript:alert(1)\">"
        "<a href=\"#\">javascript:alert(1)</a>");
}

static void unknown_names_name_the_nearest(void **state)
{
    struct bench *b = *state;
    struct value *item = value_append_object(value_set_list(b->data, "options"));
    value_set_puts(item, "title", "x");
    value_set_puts(value_set_object(b->data, "winner"), "price", "1");
    add(b, "x.html",
        "<p>\n{{#options}}{{titel}}{{/options}}\n {{winner.pirce}} {{#optoins}}{{zzz}}{{/optoins}}{{^nowhere}}{{/nowhere}}");
    assert_fails(
        b, "x.html",
        "x.html:2:13: unknown name \"titel\" | did you mean \"title\"?\n"
        "x.html:3:2: unknown name \"pirce\" in \"winner.pirce\" | did you mean \"price\"?\n"
        "x.html:3:19: unknown name \"optoins\" | did you mean \"options\"?\n"
        "x.html:3:50: unknown name \"nowhere\"\n");
}

static void null_and_empty_members_are_no_errors(void **state)
{
    struct bench *b = *state;
    value_set(b->data, "none", value_null());
    value_set_puts(b->data, "empty", "");
    value_set_list(b->data, "list");
    add(b, "x.html",
        "[{{none}}{{none.deeper.still}}{{#none}}a{{zzz}}{{/none}}{{empty}}{{^empty}}b{{/empty}}{{#list}}{{zzz}}{{/list}}]");
    assert_rendered(b, "x.html", "[b]");
}

static void a_strangers_text_cannot_be_printed_raw(void **state)
{
    struct bench *b = *state;
    value_set_puts(b->data, "text", "<b>");
    value_set_html(b->data, "html", STR("<i>"));
    value_set(b->data, "markdown", value_markdown(b->a, STR("*i*")));
    value_set_list(b->data, "list");
    add(b, "ok.html", "{{{html}}}{{&html}}");
    assert_rendered(b, "ok.html", "<i><i>");
    add(b, "ok.md", "{{{markdown}}}{{text}}");
    assert_rendered(b, "ok.md", "*i*\\<b\\>");
    add(b, "ok.xml", "<c>{{html}}</c>{{{html}}}");
    assert_rendered(b, "ok.xml", "<c>&lt;i&gt;</c><i>");
    add(b, "bad.html", "{{{text}}}{{html}}{{&markdown}}{{list}}");
    assert_fails(
        b, "bad.html",
        "bad.html:1:1: \"text\" is a text, which may not be printed raw here | write it with two braces: {{...}}\n"
        "bad.html:1:11: \"html\" is HTML and would be escaped | write it with three braces: {{{...}}}\n"
        "bad.html:1:19: \"markdown\" is Markdown, which may not be printed raw here | write it with two braces: {{...}}\n"
        "bad.html:1:32: \"list\" is a list and cannot be printed | open a section with it: {{#...}}\n");
    add(b, "bad.md", "{{{html}}}");
    assert_fails(
        b, "bad.md",
        "bad.md:1:1: \"html\" is HTML, which may not be printed raw here | write it with two braces: {{...}}\n");
}

static void faults_of_form_are_all_reported(void **state)
{
    struct bench *b = *state;
    assert_false(
        add(b, "x.html", "{{#a}}\n{{#b}}\n{{/a}}\n{{/c}}{{ }}{{x y}}{{a..b}}{{=x=}}\n{{#d}}"));
    assert_said(b, "x.html:4:7: tag without a name\n"
                   "x.html:4:12: blank in the name of a tag\n"
                   "x.html:4:27: wrong delimiters | write two of them: {{=<% %>=}}\n");
    assert_false(add(b, "x.html", "{{#a}}\n{{#b}}\n{{/a}}\n{{/c}}{{a..b}}\n{{#d}}"));
    assert_said(b, "x.html:2:1: {{#b}} is not closed before {{/a}}\n"
                   "x.html:4:1: {{/c}} closes nothing\n"
                   "x.html:4:7: empty part in the name \"a..b\"\n"
                   "x.html:5:1: {{#d}} is not closed\n");
    assert_false(add(b, "x.html", "a\n  {{{x}} b"));
    assert_said(b, "x.html:2:3: tag is not closed | close it with }}, or }}} after {{{\n");
}

static void unknown_partials_name_the_nearest(void **state)
{
    struct bench *b = *state;
    add(b, "head.html", "H");
    add(b, "x.html", "{{>head}} {{>head.html}} {{>haed}} {{<nothing}}{{/nothing}}");
    assert_false(templates_link(b->set, b->d));
    assert_said(b, "x.html:1:26: there is no partial \"haed\"\n"
                   "x.html:1:36: there is no partial \"nothing\"\n");
}

static void a_partial_is_found_with_the_extension_of_its_user(void **state)
{
    struct bench *b = *state;
    value_set_puts(b->data, "which", "foot");
    add(b, "head.html", "<h>");
    add(b, "head.md", "# h");
    add(b, "foot.md", "---");
    add(b, "x.html", "{{>head}}{{>head.md}}");
    add(b, "x.md", "{{>head}} {{>*which}}");
    assert_rendered(b, "x.html", "<h># h");
    assert_rendered(b, "x.md", "# h ---");
}

static void layouts_nest_and_keep_their_blocks_apart(void **state)
{
    struct bench *b = *state;
    add(b, "page.html",
        "<title>{{$title}}none{{/title}}</title>\n<main>\n  {{$main}}\n  {{/main}}\n</main>\n");
    add(b, "card.html", "<div title='{{$title}}card{{/title}}'>{{$body}}{{/body}}</div>\n");
    add(b, "x.html",
        "{{<page}}\n  {{$title}}Site{{/title}}\n  {{$main}}\n    {{<card}}{{$body}}one{{/body}}{{/card}}\n"
        "    {{<card}}{{$title}}two{{/title}}{{/card}}\n  {{/main}}\n{{/page}}\n");
    assert_rendered(
        b, "x.html",
        "<title>Site</title>\n<main>\n  <div title='card'>one</div>\n  <div title='two'></div>\n</main>\n");
}

static void text_between_a_layout_and_its_blocks_is_an_error(void **state)
{
    struct bench *b = *state;
    add(b, "page.html", "{{$a}}{{/a}}");
    assert_false(add(b, "x.html", "{{<page}}\nlost {{lost}}\n{{$a}}kept{{/a}}\n{{/page}}"));
    assert_said(
        b,
        "x.html:2:1: text between {{<page}} and its end is not printed | put it into a {{$block}}\n"
        "x.html:2:6: tag between {{<page}} and its end is not printed | put it into a {{$block}}\n");
}

static void several_silent_tags_may_share_a_line(void **state)
{
    struct bench *b = *state;
    value_set_bool(b->data, "a", true);
    value_set_bool(b->data, "b", true);
    add(b, "x.txt", "1\n  {{#a}}{{#b}}\n2\n  {{/b}} {{/a}}\n3\n");
    assert_rendered(b, "x.txt", "1\n2\n3\n");
}

static void partials_on_their_own_line_are_indented_but_values_are_not(void **state)
{
    struct bench *b = *state;
    value_set_puts(b->data, "v", "x\ny");
    add(b, "in.txt", "a\n\n{{v}}\n  {{>deep.txt}}\n");
    add(b, "deep.txt", "d\ne\n");
    add(b, "x.txt", "<\n  {{>in.txt}}\n>");
    assert_rendered(b, "x.txt", "<\n  a\n\n  x\ny\n    d\n    e\n>");
}

static void endless_partials_end_with_an_error(void **state)
{
    struct bench *b = *state;
    add(b, "x.html", "{{>x}}");
    assert_fails(
        b, "x.html",
        "x.html:1:1: partials nested too deep | does a partial include itself without end?\n");
    add(b, "y.html", "{{<y}}{{/y}}");
    assert_fails(
        b, "y.html",
        "y.html:1:1: partials nested too deep | does a partial include itself without end?\n");
}

static void output_beyond_its_maximum_is_an_error(void **state)
{
    struct bench *b = *state;
    add(b, "x.txt", "0123456789");
    templates_link(b->set, b->d);
    b->out.maximum = 8;
    assert_false(template_render(b->set, STR("x.txt"), b->data, &b->out, b->d));
    assert_int_equal(diags_errors(b->d), 1);
}

static void tags_nested_too_deep_are_an_error(void **state)
{
    struct bench *b = *state;
    struct strbuf text = STRBUF_INIT;
    for (int i = 0; i <= TEMPLATE_MAX_NESTING; i++)
        strbuf_adds(&text, "{{#a}}");
    assert_false(add(b, "x.html", text.s));
    assert_int_equal(diags_errors(b->d), 1);
    assert_str(diags_get(b->d, 0)->message, "tags nested deeper than 64 levels");
    strbuf_release(&text);
}

static void a_check_enters_sections_that_are_empty_in_the_data(void **state)
{
    struct bench *b = *state;
    struct value *item = value_append_object(value_set_list(b->data, "options"));
    value_set_puts(item, "title", "x");
    value_set_bool(b->data, "draft", false);
    add(b, "row.html", "{{title}}{{#options}}{{>row}}{{/options}}{{wrnog}}");
    add(b, "x.html",
        "{{#options}}{{>row}}{{/options}}{{#draft}}{{one}}{{/draft}}{{^options}}{{two}}{{/options}}");
    templates_link(b->set, b->d);
    assert_false(template_check(b->set, STR("x.html"), b->data, b->d));
    assert_said(b, "row.html:1:42: unknown name \"wrnog\"\n"
                   "x.html:1:43: unknown name \"one\"\n"
                   "x.html:1:72: unknown name \"two\"\n");
}

static void write_use(void *context, const struct template_use *use)
{
    struct strbuf *sb = context;
    for (size_t i = 0; i < use->section_count; i++)
        strbuf_addf(sb, "%.*s/", STR_ARG(use->sections[i]));
    if (use->sigil)
        strbuf_addc(sb, use->sigil);
    strbuf_addf(sb, "%.*s ", STR_ARG(use->name));
}

static void names_are_listed_with_their_sections(void **state)
{
    struct bench *b = *state;
    add(b, "row.html", "{{title}}{{{svg}}}");
    add(b, "page.html", "{{$main}}{{default}}{{/main}}{{foot}}");
    add(b, "x.html",
        "{{<page}}{{$main}}{{#a}}{{#b.c}}{{>row}}{{/b.c}}{{^d}}{{.}}{{>*which}}{{/d}}{{/a}}{{/main}}{{/page}}");
    templates_link(b->set, b->d);
    template_names(b->set, STR("x.html"), write_use, &b->out);
    assert_text(&b->out, "default #a a/#b.c a/b.c/title a/b.c/&svg a/^d a/. a/>which foot ");
}

static void a_template_that_is_not_there_is_an_error(void **state)
{
    struct bench *b = *state;
    assert_fails(b, "x.html", "x.html:0:0: there is no such template\n");
}

static void a_later_template_of_the_same_name_replaces_the_first(void **state)
{
    struct bench *b = *state;
    add(b, "x.txt", "ours");
    add(b, "x.txt", "theirs");
    assert_int_equal(templates_count(b->set), 1);
    assert_rendered(b, "x.txt", "theirs");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_extension_says_what_to_escape_for),
        TEST(an_attribute_that_holds_an_address_takes_only_harmless_ones),
        TEST(unknown_names_name_the_nearest),
        TEST(null_and_empty_members_are_no_errors),
        TEST(a_strangers_text_cannot_be_printed_raw),
        TEST(faults_of_form_are_all_reported),
        TEST(unknown_partials_name_the_nearest),
        TEST(a_partial_is_found_with_the_extension_of_its_user),
        TEST(layouts_nest_and_keep_their_blocks_apart),
        TEST(text_between_a_layout_and_its_blocks_is_an_error),
        TEST(several_silent_tags_may_share_a_line),
        TEST(partials_on_their_own_line_are_indented_but_values_are_not),
        TEST(endless_partials_end_with_an_error),
        TEST(output_beyond_its_maximum_is_an_error),
        TEST(tags_nested_too_deep_are_an_error),
        TEST(a_check_enters_sections_that_are_empty_in_the_data),
        TEST(names_are_listed_with_their_sections),
        TEST(a_template_that_is_not_there_is_an_error),
        TEST(a_later_template_of_the_same_name_replaces_the_first),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
