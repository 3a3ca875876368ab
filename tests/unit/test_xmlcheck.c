#include "unit/unit.h"

#include "base/arena.h"
#include "base/diag.h"
#include "render/xmlcheck.h"

#include <stdio.h>

/* The first fault as "line:column: message". */
static void check_fault(const char *text, const char *want)
{
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct page_links links = {0};
    size_t line = 0, column = 0;
    assert_false(xml_check(STR("x.html"), str_of(text), a, &links, d));
    diags_sort(d);
    const struct diag *first = diags_get(d, 0);
    where_line(first->where, &line, &column);
    assert_str(str_printf(a, "%zu:%zu: %.*s", line, column, STR_ARG(first->message)), want);
    arena_destroy(a);
}

static void html5_in_xml_syntax_is_well_formed(void **state)
{
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    (void)state;
    assert_true(xml_check(
        STR("x.html"),
        STR("<!DOCTYPE html>\n<html lang=\"en\"><body><section><br/><svg xmlns=\"http://www.w3.org/2000/svg\" "
            "viewBox=\"0 0 1 1\"><path d=\"M0 0\"/></svg>\xe2\x89\x88 &#160; &amp;</section></body></html>\n"),
        a, NULL, d));
    assert_true(xml_check(
        STR("feed.xml"),
        STR("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"/>"),
        a, NULL, d));
    assert_int_equal(diags_count(d), 0);
    arena_destroy(a);
}

static void faults_have_a_place(void **state)
{
    (void)state;
    check_fault("", "0:0: not well-formed: it is empty");
    check_fault("<p>\n<b>x</p>",
                "2:9: not well-formed: opening and ending tag mismatch: b line 2 and p");
    check_fault("<p>a &nbsp; b</p>", "1:12: not well-formed: entity 'nbsp' not defined");
    check_fault("<p class=x></p>", "1:10: not well-formed: attValue: \" or ' expected");
}

static void entities_may_not_be_declared(void **state)
{
    (void)state;
    check_fault("<!DOCTYPE a [<!ENTITY b \"bbbbbbbbbb\"><!ENTITY c \"&b;&b;\">]><a>&c;</a>",
                "1:14: not well-formed: entities may not be declared");
    check_fault("<!DOCTYPE a [<!ENTITY b SYSTEM \"README.md\">]><a>&b;</a>",
                "1:14: not well-formed: entities may not be declared");
    check_fault("<!DOCTYPE a [<!ENTITY % b SYSTEM \"README.md\"> %b;]><a/>",
                "1:14: not well-formed: entities may not be declared");
}

static void ids_links_and_sources_are_collected(void **state)
{
    static const char PAGE[] =
        "<html><head><link rel=\"stylesheet\" href=\"a.css\"/></head>\n"
        "<body id=\"top\"><a id=\"b\" href=\"c.html?d=e&amp;f#g\">x</a><img src=\"h.png\" alt=\"\"/>\n"
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\">"
        "<use xlink:href=\"#i\"/></svg></body></html>";
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct page_links l = {0};
    size_t line = 0, column = 0;
    (void)state;
    assert_true(xml_check(STR("x.html"), str_of(PAGE), a, &l, d));
    assert_int_equal(l.link_count, 4);
    assert_str(l.links[0].element, "link");
    assert_str(l.links[0].rel, "stylesheet");
    assert_str(l.links[1].address, "c.html?d=e&f#g");
    assert_int_equal(l.links[1].kind, PAGE_HREF);
    assert_true(where_line(l.links[1].where, &line, &column));
    assert_int_equal(line, 2);
    assert_int_equal(column, 16);
    assert_str(l.links[2].address, "h.png");
    assert_int_equal(l.links[2].kind, PAGE_SRC);
    assert_str(l.links[3].address, "#i");
    assert_int_equal(l.id_count, 2);
    assert_true(page_has_id(&l, STR("b")));
    assert_false(page_has_id(&l, STR("i")));
    arena_destroy(a);
}

static void an_id_that_stands_twice_is_an_error(void **state)
{
    (void)state;
    check_fault("<a><b id=\"x\"/><c id=\"y\"/>\n<d id=\"x\"/></a>",
                "2:1: id \"x\" stands in the page twice");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(html5_in_xml_syntax_is_well_formed),
        cmocka_unit_test(faults_have_a_place),
        cmocka_unit_test(entities_may_not_be_declared),
        cmocka_unit_test(ids_links_and_sources_are_collected),
        cmocka_unit_test(an_id_that_stands_twice_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
