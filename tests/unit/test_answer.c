/* What addresses of the served site get. The files of tests/ stand for a site. */
#include "unit/unit.h"

#include "base/arena.h"
#include "serve/answer.h"

#include <stdlib.h>

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

static struct answer ask(const char *address, const char *mistakes, bool old, const char *known)
{
    struct served s = {"tests", STR("7-1"), str_of(mistakes)};
    return answer_find(&s, str_of(address), old, str_of(known), arena);
}

static void addresses_are_decoded_once(void **state)
{
    struct str out;
    (void)state;
    assert_true(address_decode(STR("/a%20b%2Fc%25"), arena, &out));
    assert_str(out, "/a b/c%");
    assert_true(address_decode(STR("/%252e"), arena, &out));
    assert_str(out, "/%2e");
    assert_false(address_decode(STR("/%"), arena, &out));
    assert_false(address_decode(STR("/%2"), arena, &out));
    assert_false(address_decode(STR("/%zz"), arena, &out));
    assert_false(address_decode(STR("/a%00.html"), arena, &out));
    assert_false(address_decode(STR("/a%0d%0aX: y"), arena, &out));
}

static void no_address_leads_out(void **state)
{
    static const char *const cases[] = {"/../Makefile",
                                        "/%2e%2e/Makefile",
                                        "/..%2fMakefile",
                                        "/unit/../../Makefile",
                                        "//etc/passwd",
                                        "/./run",
                                        "/.",
                                        "/..",
                                        "/..\\Makefile",
                                        "/unit//unit.h",
                                        "/.hidden",
                                        "/unit/.hidden"};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(ask(cases[i], "", false, "").status, 404);
    assert_int_equal(ask("unit/unit.h", "", false, "").status, 400);
    assert_int_equal(ask("", "", false, "").status, 400);
    assert_int_equal(ask("/unit/unit.h", "", false, "").status, 200);
}

static void known_bytes_are_not_sent_again(void **state)
{
    (void)state;
    struct answer first = ask("/run", "", false, "");
    assert_int_equal(first.status, 200);
    assert_true(first.body.n > 0 && first.etag.n == 34); // 32 digits and the quotes
    const char *known = str_printf(arena, "W/\"x\", W/%.*s", STR_ARG(first.etag)).s;
    struct answer again = ask("/run", "", false, known);
    assert_int_equal(again.status, 304);
    assert_int_equal(again.body.n, 0);
    assert_int_equal(ask("/run", "", false, "\"other\"").status, 200);
}

static void pages_tell_of_a_failed_build(void **state)
{
    (void)state;
    struct answer page = ask("/", "q.json:1:2: error: <b> & \"x\"", false, "");
    assert_int_equal(page.status, 500);
    assert_true(str_find(page.body, STR("&lt;b&gt; &amp; ")) < page.body.n);
    assert_true(str_find(page.body, STR("<b>")) == page.body.n);
    assert_true(str_find(page.body, STR("/-/reload.js?build=7-1")) < page.body.n);
    assert_int_equal(ask("/unit/unit.h", "wrong", false, "").status, 200); // what pages need
    assert_int_equal(ask("/no.html", "wrong", true, "").status, 404);
}

static void files_have_types(void **state)
{
    (void)state;
    assert_string_equal(content_type(STR("a/feed.xml")), "application/atom+xml; charset=utf-8");
    assert_string_equal(content_type(STR("sitemap.xml")), "application/xml; charset=utf-8");
    assert_string_equal(content_type(STR("x.svg")), "image/svg+xml");
    assert_string_equal(content_type(STR("x")), "application/octet-stream");
}

static void only_this_machine_is_a_host(void **state)
{
    (void)state;
    assert_true(host_is_local(STR("127.0.0.1:8000")));
    assert_true(host_is_local(STR("localhost")));
    assert_true(host_is_local(STR("localhost:1")));
    assert_false(host_is_local(STR("")));
    assert_false(host_is_local(STR("evil.example")));
    assert_false(host_is_local(STR("127.0.0.1.evil.example")));
    assert_false(host_is_local(STR("localhost.evil.example:80")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_are_decoded_once),
        cmocka_unit_test(no_address_leads_out),
        cmocka_unit_test(known_bytes_are_not_sent_again),
        cmocka_unit_test(pages_tell_of_a_failed_build),
        cmocka_unit_test(files_have_types),
        cmocka_unit_test(only_this_machine_is_a_host),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
