#include "unit/unit.h"

#include "base/arena.h"
#include "base/diag.h"
#include "render/wellformed.h"
#include "render/xmlcheck.h"

static bool is_sound(const char *text)
{
    return is_plainly_wellformed(str_of(text));
}

static void pages_drawings_and_feeds_are_proven_in_passing(void **state)
{
    (void)state;
    assert_true(is_sound("<!DOCTYPE html>\n<html lang=\"en\"><head><title>A &amp; B</title></head>"
                         "<body><p id='a \"b\"' class=\"it's\">1 &lt; 2, caf\xc3\xa9 &#39;x&#39;</p>"
                         "<br/><hr /></body ></html>\n"));
    assert_true(is_sound("<svg xmlns=\"http://www.w3.org/2000/svg\"><path d=\"M0 0L1.5,2\"/></svg>"));
    assert_true(is_sound("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                         "<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>x ] y</id></feed>"));
}

/* Each fault that a template or a text can bring in, and what has rules that are not known here. */
static void nothing_else_is(void **state)
{
    static const char *const TEXTS[] = {
        "",
        "text",
        "<a>",
        "</a>",
        "<a></b>",
        "<a><b></a></b>",
        "<a/><b/>",
        "<a/>text",
        "<a x/>",
        "<a x=1/>",
        "<a x=\"1\"y=\"2\"/>",
        "<a x=\"1\" x=\"2\"/>",
        "<a x=\"<\"/>",
        "<a x=\"1/>",
        "<a>&nbsp;</a>",
        "<a>& </a>",
        "<a>&#0;</a>",
        "<a>&#xFFFF;</a>",
        "<a>]]></a>",
        "<a>\x01</a>",
        "<a>\xff</a>",
        "<a>\xc3</a>",
        "<a>\xef\xbf\xbf</a>",
        "<1a/>",
        "< a/>",
        "<a:b/>",
        "<a x:y=\"1\"/>",
        "<a xmlns=\"\"/>",
        "<!-- a --><a/>",
        "<![CDATA[a]]>",
        "<!DOCTYPE html [<!ENTITY e \"x\">]><html>&e;</html>",
        "<?php ?><a/>",
    };
    (void)state;
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++)
        if (is_sound(TEXTS[i]))
            fail_msg("is no plain page: %s", TEXTS[i]);
}

static void a_byte_taken_out_of_a_page_is_never_overlooked(void **state)
{
    static const char PAGE[] = "<!DOCTYPE html>\n<html><p id=\"a\" class='b'>x &amp; y<br/></p></html>";
    (void)state;
    struct arena *a = arena_create();
    for (size_t i = 0; i < sizeof PAGE - 1; i++) {
        char text[sizeof PAGE - 1];
        struct page_links links = {0}; /* the full parser */
        struct str rest = {text, sizeof text - 1};
        for (size_t k = 0; k < sizeof text - 1; k++)
            text[k] = PAGE[k < i ? k : k + 1];
        if (is_plainly_wellformed(rest))
            assert_true(xml_check(STR("page.html"), rest, a, &links, diags_new(a)));
    }
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pages_drawings_and_feeds_are_proven_in_passing),
        cmocka_unit_test(nothing_else_is),
        cmocka_unit_test(a_byte_taken_out_of_a_page_is_never_overlooked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
