/* Publishing: all or nothing, whole files, nothing outside the folder. */
#include "unit/unit.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "publish/publication.h"
#include "publish/tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* A folder of our own for each test, removed after it. */
struct room {
    struct arena *a;
    struct diags *d;
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
    snprintf(r->folder, sizeof r->folder, "%s/publication-test-XXXXXX",
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

static const char *in(const struct room *r, const char *name)
{
    return path_join(r->a, r->folder, name);
}

static const char *site(const struct room *r)
{
    return in(r, "public");
}

static void put(struct room *r, const char *name, const char *text)
{
    const char *path = in(r, name);
    const char *slash = strrchr(path, '/');
    file_make_folders(str_cstring(r->a, (struct str){path, (size_t)(slash - path)}), r->d);
    assert_true(file_write(path, str_of(text), NULL, r->d));
}

static void check_file(struct room *r, const char *name, const char *want)
{
    struct str text;
    assert_true(file_read(in(r, name), r->a, &text, r->d));
    assert_str(text, want);
}

struct file {
    const char *path;
    enum publish_phase phase;
    const char *text;
};

/* Publishes the files; the counts. */
static struct publish_counts publish(struct room *r, const struct file *files, size_t count)
{
    struct publish_counts counts;
    struct publication *p = publication_begin(site(r), false, r->d);
    assert_non_null(p);
    for (size_t i = 0; i < count; i++)
        assert_true(publication_file(p, str_of(files[i].path), files[i].phase,
                                     str_of(files[i].text), r->d));
    assert_true(publication_finish(p, &counts, r->d));
    return counts;
}

static const struct file FIRST[] = {
    {"index.html", PUBLISH_INDEX, "all"},      {"one/index.html", PUBLISH_REPORT, "1"},
    {"one/report.json", PUBLISH_REPORT, "{}"}, {"two/index.html", PUBLISH_REPORT, "2"},
    {"site.css", PUBLISH_ASSET, "*{}"},
};

static void a_site_is_published_into_a_new_folder(void **state)
{
    struct room *r = *state;
    struct publish_counts counts = publish(r, FIRST, 5);
    assert_int_equal(counts.files, 5);
    assert_int_equal(counts.changed, 5);
    assert_int_equal(counts.removed, 0);
    check_file(r, "public/one/report.json", "{}");
    check_file(r, "public/site.css", "*{}");
    struct str *names;
    size_t count;
    assert_true(file_list(r->folder, r->a, &names, &count, r->d));
    assert_int_equal(count, 1); /* nothing is left beside the site */
}

static void what_has_not_changed_is_not_touched(void **state)
{
    struct room *r = *state;
    struct file next[5];
    struct stat before, after;
    publish(r, FIRST, 5);
    stat(in(r, "public/one/index.html"), &before);
    memcpy(next, FIRST, sizeof next);
    next[3].text = "2, changed";
    struct publish_counts counts = publish(r, next, 5);
    assert_int_equal(counts.changed, 1);
    stat(in(r, "public/one/index.html"), &after);
    assert_int_equal(before.st_ino, after.st_ino); /* a rename would have brought another */
    check_file(r, "public/two/index.html", "2, changed");
    assert_int_equal(publish(r, next, 5).changed, 0);
}

static void files_of_removed_decisions_go_and_strangers_stay(void **state)
{
    struct room *r = *state;
    publish(r, FIRST, 5);
    put(r, "public/CNAME", "example.org");
    put(r, "public/two/mine.txt", "keep");
    struct file next[] = {FIRST[0], FIRST[4]};
    struct publish_counts counts = publish(r, next, 2);
    assert_int_equal(counts.removed, 3);
    assert_false(file_exists(in(r, "public/one")));
    assert_false(file_exists(in(r, "public/two/index.html")));
    check_file(r, "public/two/mine.txt", "keep");
    check_file(r, "public/CNAME", "example.org");
}

static void modes_do_not_depend_on_the_umask(void **state)
{
    struct room *r = *state;
    struct stat st;
    mode_t before = umask(077);
    publish(r, FIRST, 5);
    umask(before);
    stat(in(r, "public/one/report.json"), &st);
    assert_int_equal(st.st_mode & 07777, 0644);
    stat(in(r, "public/one"), &st);
    assert_int_equal(st.st_mode & 07777, 0755);
    stat(in(r, "public"), &st);
    assert_int_equal(st.st_mode & 07777, 0755);
}

static void a_folder_of_someone_else_is_refused_without_force(void **state)
{
    struct room *r = *state;
    put(r, "public/thesis.tex", "years of work");
    assert_null(publication_begin(site(r), false, r->d));
    assert_int_equal(diags_errors(r->d), 1);
    struct publication *p = publication_begin(site(r), true, r->d);
    struct publish_counts counts;
    assert_non_null(p);
    assert_true(publication_file(p, STR("index.html"), PUBLISH_INDEX, STR("all"), r->d));
    assert_true(publication_finish(p, &counts, r->d));
    check_file(r, "public/thesis.tex", "years of work");
    check_file(r, "public/index.html", "all");
}

static void an_abandoned_publication_leaves_the_site_as_it_was(void **state)
{
    struct room *r = *state;
    publish(r, FIRST, 5);
    struct publication *p = publication_begin(site(r), false, r->d);
    assert_true(publication_file(p, STR("index.html"), PUBLISH_INDEX, STR("other"), r->d));
    publication_abandon(p);
    check_file(r, "public/index.html", "all");
    struct str *names;
    size_t count;
    assert_true(file_list(r->folder, r->a, &names, &count, r->d));
    assert_int_equal(count, 1);
}

static void an_address_given_twice_publishes_nothing(void **state)
{
    struct room *r = *state;
    struct publish_counts counts;
    struct publication *p = publication_begin(site(r), false, r->d);
    publication_file(p, STR("method/index.html"), PUBLISH_PAGE, STR("a"), r->d);
    publication_file(p, STR("method/index.html"), PUBLISH_PAGE, STR("b"), r->d);
    assert_false(publication_finish(p, &counts, r->d));
    assert_int_equal(diags_errors(r->d), 1);
    assert_false(file_exists(site(r)));
}

static void paths_that_lead_elsewhere_are_refused(void **state)
{
    static const char *const BAD[] = {"",   "/etc/passwd", "../x", "a/../../x", "a//b", "./a", "a/",
                                      ".x", "a\nremove b", "a/.",  "a/..",      "\x7f"};
    struct room *r = *state;
    struct publication *p = publication_begin(site(r), false, r->d);
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        assert_false(publication_file(p, str_of(BAD[i]), PUBLISH_PAGE, STR("x"), r->d));
    publication_abandon(p);
}

static void links_inside_the_site_are_never_followed(void **state)
{
    struct room *r = *state;
    publish(r, FIRST, 5);
    put(r, "outside/index.html", "precious");
    assert_int_equal(unlink(in(r, "public/one/index.html")), 0);
    assert_int_equal(symlink("../../outside/index.html", in(r, "public/one/index.html")), 0);
    publish(r, FIRST, 5); /* a link in place of a file is replaced */
    check_file(r, "public/one/index.html", "1");
    check_file(r, "outside/index.html", "precious");

    assert_int_equal(symlink("../outside", in(r, "public/three")), 0);
    struct publication *p = publication_begin(site(r), false, r->d);
    assert_false(publication_file(p, STR("three/index.html"), PUBLISH_REPORT, STR("3"), r->d));
    publication_abandon(p);
    check_file(r, "outside/index.html", "precious");
}

static void a_link_as_the_site_itself_is_refused(void **state)
{
    struct room *r = *state;
    put(r, "outside/index.html", "precious");
    assert_int_equal(symlink("outside", site(r)), 0);
    assert_null(publication_begin(site(r), true, r->d));
    assert_int_equal(diags_errors(r->d), 1);
}

static void a_folder_in_the_way_of_a_file_is_found_before_anything_moves(void **state)
{
    struct room *r = *state;
    publish(r, FIRST, 5);
    put(r, "public/feed.xml/x", "x");
    struct publication *p = publication_begin(site(r), false, r->d);
    assert_false(publication_file(p, STR("feed.xml"), PUBLISH_INDEX, STR("<feed/>"), r->d));
    publication_abandon(p);
    assert_int_equal(diags_errors(r->d), 1);
    check_file(r, "public/index.html", "all");
}

static void a_manifest_that_lies_removes_nothing_outside(void **state)
{
    struct room *r = *state;
    put(r, "outside/keep", "precious");
    put(r, "public/.breakeven.json",
        "{\"format\": \"breakeven-published/1\", \"files\": [\"../outside/keep\", \"/etc/hosts\", 7]}");
    publish(r, FIRST, 5);
    check_file(r, "outside/keep", "precious");
}

static void two_builds_do_not_publish_to_one_folder_at_once(void **state)
{
    struct room *r = *state;
    struct publication *first = publication_begin(site(r), false, r->d);
    assert_null(publication_begin(site(r), false, r->d));
    assert_int_equal(diags_errors(r->d), 1);
    publication_abandon(first);
    struct publication *second = publication_begin(site(r), false, r->d);
    assert_non_null(second);
    publication_abandon(second);
}

static void what_was_staged_without_a_plan_is_dropped(void **state)
{
    struct room *r = *state;
    publish(r, FIRST, 5);
    put(r, "public/../.public.breakeven-staged/index.html", "half");
    assert_int_equal(publish(r, FIRST, 5).changed, 0);
    check_file(r, "public/index.html", "all");
    assert_false(file_exists(in(r, ".public.breakeven-staged")));
}

static void a_plan_that_was_agreed_on_is_completed(void **state)
{
    struct room *r = *state;
    publish(r, FIRST, 5);
    put(r, ".public.breakeven-staged/index.html", "new");
    put(r, ".public.breakeven-staged/.plan",
        "breakeven-plan/1\nmove gone/already.html\nmove index.html\nmove ../outside\n"
        "remove two/index.html\nend\n");
    struct publication *p = publication_begin(site(r), false, r->d);
    assert_non_null(p);
    check_file(r, "public/index.html", "new");
    assert_false(file_exists(in(r, "public/two")));
    publication_abandon(p);
    check_file(r, "public/index.html", "new");
}

static void a_plan_cut_short_is_not_carried_out(void **state)
{
    struct room *r = *state;
    publish(r, FIRST, 5);
    put(r, ".public.breakeven-staged/index.html", "new");
    put(r, ".public.breakeven-staged/.plan", "breakeven-plan/1\nmove index.html\n");
    struct publication *p = publication_begin(site(r), false, r->d);
    assert_non_null(p);
    publication_abandon(p);
    check_file(r, "public/index.html", "all");
}

static void a_site_without_a_folder_of_its_own_is_refused(void **state)
{
    struct room *r = *state;
    assert_null(publication_begin(".", true, r->d));
    assert_null(publication_begin("/", true, r->d));
    assert_null(publication_begin("", true, r->d));
    assert_null(publication_begin("a/..", true, r->d));
    assert_int_equal(diags_errors(r->d), 4);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)
    const struct CMUnitTest tests[] = {
        TEST(a_site_is_published_into_a_new_folder),
        TEST(what_has_not_changed_is_not_touched),
        TEST(files_of_removed_decisions_go_and_strangers_stay),
        TEST(modes_do_not_depend_on_the_umask),
        TEST(a_folder_of_someone_else_is_refused_without_force),
        TEST(an_abandoned_publication_leaves_the_site_as_it_was),
        TEST(an_address_given_twice_publishes_nothing),
        TEST(paths_that_lead_elsewhere_are_refused),
        TEST(links_inside_the_site_are_never_followed),
        TEST(a_link_as_the_site_itself_is_refused),
        TEST(a_folder_in_the_way_of_a_file_is_found_before_anything_moves),
        TEST(a_manifest_that_lies_removes_nothing_outside),
        TEST(two_builds_do_not_publish_to_one_folder_at_once),
        TEST(what_was_staged_without_a_plan_is_dropped),
        TEST(a_plan_that_was_agreed_on_is_completed),
        TEST(a_plan_cut_short_is_not_carried_out),
        TEST(a_site_without_a_folder_of_its_own_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
