/* The checker of a site's links, on small sites made for it. */
#include "unit/unit.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "publish/link_check.h"
#include "publish/tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct room {
    struct arena *a;
    struct diags *d;
    struct link_counts counts;
    char folder[256];
};

static int enter(void **state)
{
    struct room *r = calloc(1, sizeof *r);
    if (!r)
        return -1;
    r->a = arena_create();
    r->d = diags_new(r->a);
    const char *parent = getenv("TEST_OUT"); /* set by tests/run */
    snprintf(r->folder, sizeof r->folder, "%s/links-test-XXXXXX",
             parent && strlen(parent) < 200 ? parent : ".");
    *state = r;
    return mkdtemp(r->folder) ? 0 : -1;
}

static int leave(void **state)
{
    struct room *r = *state;
    struct tree t;
    if (tree_open(&t, r->folder, false, r->d))
        tree_wipe(&t, r->d);
    tree_close(&t);
    rmdir(r->folder);
    arena_destroy(r->a);
    free(r);
    return 0;
}

static void page(struct room *r, const char *path, const char *body)
{
    struct tree t;
    struct str text = str_printf(r->a, "<html><body>%s</body></html>", body);
    assert_true(tree_open(&t, r->folder, false, r->d));
    assert_int_equal(tree_write(&t, str_of(path), text), 0);
    tree_close(&t);
}

static bool check(struct room *r)
{
    return links_check(r->folder, r->a, &r->counts, r->d);
}

/* One error, whose message holds the text. */
static void check_fault(struct room *r, const char *text)
{
    assert_false(check(r));
    assert_int_equal(diags_errors(r->d), 1);
    struct str message = diags_get(r->d, 0)->message;
    if (str_find(message, str_of(text)) == message.n)
        fail_msg("said \"%.*s\", not \"%s\"", STR_ARG(message), text);
}

static void a_site_whose_links_lead_somewhere_passes(void **state)
{
    struct room *r = *state;
    page(r, "index.html",
         "<a href='one/index.html#why'>1</a> <a href='#top'>up</a>"
         "<a href='https://example.org/'>out</a> <a href='data.json'>data</a>");
    page(r, "one/index.html",
         "<h2 id='why'>Why</h2><a href='../index.html'>home</a>"
         "<a href='../index.html?sort=cost#'>sorted</a>");
    page(r, "data.json", "");
    page(r, "404.html", "<a href='index.html'>home</a>");
    assert_true(check(r));
    assert_int_equal(r->counts.pages, 3);
    assert_int_equal(r->counts.links, 7);
}

static void a_link_to_nothing_is_found_with_its_place(void **state)
{
    struct room *r = *state;
    page(r, "index.html", "\n<a href='gone.html'>gone</a>");
    check_fault(r, "broken link: \"gone.html\"");
    size_t line, column;
    assert_true(where_line(diags_get(r->d, 0)->where, &line, &column));
    assert_int_equal(line, 2);
}

static void a_link_to_no_id_is_found(void **state)
{
    struct room *r = *state;
    page(r, "index.html", "<a href='one.html#nowhere'>1</a>");
    page(r, "one.html", "<p id='somewhere'>x</p>");
    check_fault(r, "one.html has no id \"nowhere\"");
}

static void a_link_out_of_the_site_is_broken(void **state)
{
    struct room *r = *state;
    page(r, "index.html", "<a href='one/index.html'>1</a>");
    page(r, "one/index.html", "<a href='../../index.html'>too high</a>");
    check_fault(r, "broken link");
}

static void addresses_that_need_a_server_are_found(void **state)
{
    struct room *r = *state;
    page(r, "index.html", "<a href='one/'>1</a><a href='one/index.html'>1</a>");
    page(r, "one/index.html", "<a href='/index.html'>root</a>");
    assert_false(check(r));
    assert_int_equal(diags_errors(r->d), 2);
}

static void an_id_that_stands_twice_is_found(void **state)
{
    struct room *r = *state;
    page(r, "index.html", "<p id='a'>1</p><p id='a'>2</p>");
    assert_false(check(r));
    assert_int_equal(diags_errors(r->d), 1);
}

static void a_page_that_nothing_leads_to_is_found(void **state)
{
    struct room *r = *state;
    page(r, "index.html", "<p>home</p>");
    page(r, "lost/index.html", "<a href='../index.html'>home</a>");
    check_fault(r, "orphan");
}

static void what_is_loaded_from_elsewhere_is_found(void **state)
{
    struct room *r = *state;
    page(r, "index.html",
         "<img src='//cdn.example.org/x.png' alt='' />"
         "<img src='data:image/png;base64,' alt='' />");
    check_fault(r, "loads \"//cdn.example.org/x.png\"");
}

static void an_escaped_address_is_unescaped(void **state)
{
    struct room *r = *state;
    page(r, "index.html", "<a href='a%20b.html'>1</a>");
    page(r, "a b.html", "");
    assert_true(check(r));
}

static void a_folder_without_a_site_is_said(void **state)
{
    struct room *r = *state;
    check_fault(r, "no home page");
    struct diags *d = diags_new(r->a);
    assert_false(links_check(path_join(r->a, r->folder, "none"), r->a, &r->counts, d));
    assert_int_equal(diags_errors(d), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)
    const struct CMUnitTest tests[] = {
        TEST(a_site_whose_links_lead_somewhere_passes),
        TEST(a_link_to_nothing_is_found_with_its_place),
        TEST(a_link_to_no_id_is_found),
        TEST(a_link_out_of_the_site_is_broken),
        TEST(addresses_that_need_a_server_are_found),
        TEST(an_id_that_stands_twice_is_found),
        TEST(a_page_that_nothing_leads_to_is_found),
        TEST(what_is_loaded_from_elsewhere_is_found),
        TEST(an_escaped_address_is_unescaped),
        TEST(a_folder_without_a_site_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
