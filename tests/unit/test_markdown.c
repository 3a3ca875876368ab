#include "unit/unit.h"

#include "base/arena.h"
#include "base/diag.h"
#include "render/markdown.h"
#include "render/xmlcheck.h"

/* Renders with headings one level down and ids "n-..."; checks HTML and the number of warnings. */
static void check_html(const char *markdown, const char *want, size_t warnings)
{
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct str html;
    assert_true(markdown_html(STR("notes.md"), str_of(markdown), 1, "n-", a, &html, d));
    assert_str(html, want);
    assert_int_equal(diags_warnings(d), warnings);
    struct str page = str_printf(a, "<html>%.*s</html>", STR_ARG(html));
    assert_true(xml_check(STR("page"), page, a, NULL, d));
    arena_destroy(a);
}

static void check_markdown(const char *markdown, const char *want)
{
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct str clean;
    assert_true(markdown_clean(STR("notes.md"), str_of(markdown), 1, a, &clean, d));
    assert_str(clean, want);
    arena_destroy(a);
}

static void prose_and_breaks_are_well_formed(void **state)
{
    (void)state;
    check_html("", "", 0);
    check_html(
        "a *b* **c** `d<` ~~e~~\\\nf\n\n***\n",
        "<p>a <em>b</em> <strong>c</strong> <code>d&lt;</code> <del>e</del><br />\nf</p>\n<hr />\n",
        0);
}

static void headings_move_down_and_get_unique_ids(void **state)
{
    (void)state;
    check_html("# Why *not* GPUs?\n## Why not GPUs\n###### \xc3\xa9\nWhy-not `gpus`\n===\n",
               "<h2 id=\"n-why-not-gpus\">Why <em>not</em> GPUs?</h2>\n"
               "<h3 id=\"n-why-not-gpus-2\">Why not GPUs</h3>\n"
               "<h6 id=\"n-section\">\xc3\xa9</h6>\n"
               "<h2 id=\"n-why-not-gpus-3\">Why-not <code>gpus</code></h2>\n",
               0);
}

static void tables_scroll_and_align_by_class(void **state)
{
    (void)state;
    check_html(
        "| a | b |\n|:-:|--:|\n| x\\|y | 1 |\n",
        "<div class=\"scroll\" role=\"region\" aria-label=\"Table 1\" tabindex=\"0\">\n<table>\n<thead>\n<tr>\n"
        "<th class=\"align-center\">a</th>\n<th class=\"align-right\">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n"
        "<td class=\"align-center\">x|y</td>\n<td class=\"align-right\">1</td>\n</tr>\n</tbody>\n</table>\n</div>\n",
        0);
}

static void tasks_are_labelled(void **state)
{
    (void)state;
    check_html(
        "- [x] a\n- [ ] b\n",
        "<ul>\n<li><input type=\"checkbox\" aria-label=\"done\" checked=\"\" disabled=\"\" /> a</li>\n"
        "<li><input type=\"checkbox\" aria-label=\"open\" disabled=\"\" /> b</li>\n</ul>\n",
        0);
}

static void raw_html_is_shown_as_text_and_comments_vanish(void **state)
{
    (void)state;
    check_html(
        "a <b onclick=\"x\">c</b> <!-- d -->e\n\n<script>\nalert(1)\n</script>\n\n<!-- f\ng -->\n",
        "<p>a &lt;b onclick=&quot;x&quot;&gt;c&lt;/b&gt; e</p>\n"
        "<p>&lt;script&gt;\nalert(1)\n&lt;/script&gt;</p>\n",
        3);
}

static void dangerous_links_become_their_text(void **state)
{
    (void)state;
    check_html(
        "[a](javascript:x) [*b*](JAVASCRIPT:x) [c](data:text/html,x) [d](//e) [f](java&#115;cript:x)",
        "<p>a <em>b</em> c d f</p>\n", 5);
    check_html(
        "[a](../b.html#c) [d](https://e.org) <f@g.org> www.h.org",
        "<p><a href=\"../b.html#c\">a</a> <a href=\"https://e.org\">d</a> "
        "<a href=\"mailto:f@g.org\">f@g.org</a> <a href=\"http://www.h.org\">www.h.org</a></p>\n",
        0);
}

static void pictures_from_elsewhere_become_links(void **state)
{
    (void)state;
    check_html(
        "![a](b.png) ![c](https://d.org/e.png) [![f](https://g.org/h.png)](i.html) ![](http://j.org/)",
        "<p><img src=\"b.png\" alt=\"a\" /> <a href=\"https://d.org/e.png\">c</a> "
        "<a href=\"i.html\">f</a> <a href=\"http://j.org/\">http://j.org/</a></p>\n",
        3);
}

static void characters_that_xml_forbids_are_replaced(void **state)
{
    (void)state;
    check_html("a\x01 &#2; &#0; \xff",
               "<p>a\xef\xbf\xbd \xef\xbf\xbd \xef\xbf\xbd \xef\xbf\xbd</p>\n", 0);
}

static void code_is_reachable_by_keyboard(void **state)
{
    (void)state;
    check_html("```sh\n<x>\n```\n",
               "<pre tabindex=\"0\"><code class=\"language-sh\">&lt;x&gt;\n</code></pre>\n", 0);
}

static void warnings_have_a_line(void **state)
{
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct str html;
    size_t line = 0, column = 0;
    (void)state;
    assert_true(
        markdown_html(STR("notes.md"), STR("a\n\nb\n\n<div>c</div>\n"), 0, "", a, &html, d));
    assert_int_equal(diags_count(d), 1);
    assert_true(where_line(diags_get(d, 0)->where, &line, &column));
    assert_int_equal(line, 5);
    arena_destroy(a);
}

static void clean_markdown_has_no_html_and_lower_headings(void **state)
{
    (void)state;
    check_markdown(
        "# A\n\nb <i>c</i> [d](javascript:e) ![f](http://g.org/h.png)\n\n<div>\ni\n</div>\n",
        "## A\n\nb \\<i\\>c\\</i\\> d [f](http://g.org/h.png)\n\n\\<div\\>\ni\n\\</div\\>\n");
    check_markdown("| a | b |\n|---|--:|\n| `x\\|y` | z |\n\n- [x] t\n",
                   "| a | b |\n| --- | --: |\n| `x\\|y` | z |\n\n- [x] t\n");
}

static void nesting_and_length_are_bounded(void **state)
{
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct strbuf text = STRBUF_INIT;
    struct str out;
    (void)state;
    for (int i = 0; i < 5000; i++)
        strbuf_addc(&text, '>');
    strbuf_adds(&text, "x");
    assert_false(markdown_html(STR("notes.md"), strbuf_str(&text), 0, "", a, &out, d));
    assert_str(diags_get(d, 0)->message, "Markdown nested deeper than 64 levels");
    while (text.n <= MARKDOWN_MAX_BYTES)
        strbuf_adds(&text, "0123456789012345678901234567890123456789");
    assert_false(markdown_clean(STR("notes.md"), strbuf_str(&text), 0, a, &out, d));
    assert_int_equal(diags_errors(d), 2);
    strbuf_release(&text);
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prose_and_breaks_are_well_formed),
        cmocka_unit_test(headings_move_down_and_get_unique_ids),
        cmocka_unit_test(tables_scroll_and_align_by_class),
        cmocka_unit_test(tasks_are_labelled),
        cmocka_unit_test(raw_html_is_shown_as_text_and_comments_vanish),
        cmocka_unit_test(dangerous_links_become_their_text),
        cmocka_unit_test(pictures_from_elsewhere_become_links),
        cmocka_unit_test(characters_that_xml_forbids_are_replaced),
        cmocka_unit_test(code_is_reachable_by_keyboard),
        cmocka_unit_test(warnings_have_a_line),
        cmocka_unit_test(clean_markdown_has_no_html_and_lower_headings),
        cmocka_unit_test(nesting_and_length_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
