#include "unit/unit.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
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
    snprintf(r->folder, sizeof r->folder, "%s/file-test-XXXXXX",
             parent && strlen(parent) < 200 ? parent : ".");
    *state = r;
    return mkdtemp(r->folder) ? 0 : -1;
}

static void remove_all(struct arena *a, const char *folder)
{
    struct str *names;
    size_t count;
    if (!file_list(folder, a, &names, &count, diags_new(a)))
        return;
    for (size_t i = 0; i < count; i++) {
        const char *path = path_join(a, folder, names[i].s);
        if (file_is_folder(path))
            remove_all(a, path);
        else
            unlink(path);
    }
    rmdir(folder);
}

static int leave(void **state)
{
    struct room *r = *state;
    remove_all(r->a, r->folder);
    arena_destroy(r->a);
    free(r);
    return 0;
}

static void what_was_written_is_read_back(void **state)
{
    struct room *r = *state;
    const char *path = path_join(r->a, r->folder, "data");
    struct str text;
    assert_true(file_write(path, STR("one\0two\n"), NULL, r->d));
    assert_true(file_read(path, r->a, &text, r->d));
    assert_true(str_equal(text, STR("one\0two\n")));
    assert_int_equal(text.s[text.n], '\0');
    assert_true(file_write(path, STR(""), NULL, r->d));
    assert_true(file_read(path, r->a, &text, r->d));
    assert_int_equal(text.n, 0);
    assert_int_equal(diags_count(r->d), 0);
}

static void equal_bytes_are_not_written_again(void **state)
{
    struct room *r = *state;
    const char *path = path_join(r->a, r->folder, "page");
    struct stat before, after;
    bool changed;
    assert_true(file_write(path, STR("same"), &changed, r->d));
    assert_true(changed);
    assert_int_equal(stat(path, &before), 0);
    assert_true(file_write(path, STR("same"), &changed, r->d));
    assert_false(changed);
    assert_int_equal(stat(path, &after), 0);
    assert_int_equal(before.st_ino, after.st_ino);
    assert_true(file_write(path, STR("SAME"), &changed, r->d)); /* as long, but different */
    assert_true(changed);
}

static void a_written_file_leaves_nothing_beside_it_and_obeys_umask(void **state)
{
    struct room *r = *state;
    const char *path = path_join(r->a, r->folder, "page");
    mode_t old = umask(027);
    assert_true(file_write(path, STR("x"), NULL, r->d));
    umask(old);
    struct stat st;
    struct str *names;
    size_t count;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0640);
    assert_true(file_list(r->folder, r->a, &names, &count, r->d));
    assert_int_equal(count, 1);
    assert_str(names[0], "page");
}

static void listings_are_sorted_by_bytes(void **state)
{
    struct room *r = *state;
    static const char *const NAMES[] = {"b", "a10", "a2", "B", "\xC3\xA9", ".hidden"};
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
        assert_true(file_write(path_join(r->a, r->folder, NAMES[i]), STR("x"), NULL, r->d));
    struct str *names;
    size_t count;
    assert_true(file_list(r->folder, r->a, &names, &count, r->d));
    assert_int_equal(count, 6);
    assert_str(names[0], ".hidden");
    assert_str(names[1], "B");
    assert_str(names[2], "a10");
    assert_str(names[3], "a2");
    assert_str(names[4], "b");
    assert_str(names[5], "\xC3\xA9");
}

static void an_absent_file_is_told_from_a_broken_one(void **state)
{
    struct room *r = *state;
    struct str text;
    bool missing;
    const char *absent = path_join(r->a, r->folder, "absent");
    assert_false(file_read_optional(absent, r->a, &text, &missing, r->d));
    assert_true(missing);
    assert_int_equal(diags_count(r->d), 0);
    assert_false(file_read_optional(r->folder, r->a, &text, &missing, r->d));
    assert_false(missing);
    assert_int_equal(diags_errors(r->d), 1);
    assert_false(file_read(absent, r->a, &text, r->d));
    assert_str(diags_get(r->d, 1)->message, "cannot open: no such file or folder");
    assert_int_equal(diags_system_errors(r->d), 0);
}

static void a_failed_write_is_a_fault_of_the_machine_and_keeps_the_old_file(void **state)
{
    struct room *r = *state;
    const char *nowhere = path_join(r->a, r->folder, "no/such/folder");
    assert_false(file_write(nowhere, STR("x"), NULL, r->d));
    assert_int_equal(diags_system_errors(r->d), 1);
    const char *folder = path_join(r->a, r->folder, "taken");
    assert_true(file_make_folders(folder, r->d));
    assert_false(file_write(folder, STR("x"), NULL, r->d));
    assert_true(file_is_folder(folder));
    struct str *names;
    size_t count;
    assert_true(file_list(r->folder, r->a, &names, &count, r->d));
    assert_int_equal(count, 1); /* no temporary is left */
}

static bool count_bytes(void *context, struct str piece)
{
    *(size_t *)context += piece.n;
    return true;
}

static void pipes_devices_and_folders_are_refused_at_once(void **state)
{
    struct room *r = *state;
    const char *pipe = path_join(r->a, r->folder, "pipe");
    assert_int_equal(mkfifo(pipe, 0600), 0); /* nobody writes to it: a plain open would not return */
    const struct {
        const char *path, *says;
    } CASES[] = {
        {pipe, "cannot read: it is a named pipe, not a file"},
        {"/dev/zero", "cannot read: it is a device, not a file"},
        {r->folder, "cannot read: it is a folder"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct str text;
        bool missing = true;
        size_t read = 0;
        struct diags *d = diags_new(r->a);
        assert_false(file_read_optional(CASES[i].path, r->a, &text, &missing, d));
        assert_false(missing);
        assert_false(file_read(CASES[i].path, r->a, &text, d));
        assert_false(file_read_pieces(CASES[i].path, count_bytes, &read, d));
        assert_int_equal(read, 0);
        assert_int_equal(diags_errors(d), 3);
        assert_int_equal(diags_system_errors(d), 0);
        for (size_t k = 0; k < 3; k++)
            assert_str(diags_get(d, k)->message, CASES[i].says);
    }
    assert_true(file_write(pipe, STR("now a file"), NULL, r->d)); /* a rename replaces it */
}

static void folders_are_made_with_their_parents(void **state)
{
    struct room *r = *state;
    const char *deep = path_join(r->a, r->folder, "a/b//c/");
    assert_true(file_make_folders(deep, r->d));
    assert_true(file_is_folder(path_join(r->a, r->folder, "a/b/c")));
    assert_true(file_make_folders(deep, r->d)); /* again is no error */
    assert_true(file_write(path_join(r->a, r->folder, "file"), STR("x"), NULL, r->d));
    assert_false(file_make_folders(path_join(r->a, r->folder, "file/below"), r->d));
}

static void a_file_larger_than_the_limit_is_refused(void **state)
{
    struct room *r = *state;
    const char *path = path_join(r->a, r->folder, "large");
    struct str text;
    assert_true(file_write(path, STR("x"), NULL, r->d));
    assert_int_equal(truncate(path, (off_t)FILE_MAX_BYTES + 1), 0); /* a hole: takes no space */
    assert_false(file_read(path, r->a, &text, r->d));
    assert_str(diags_get(r->d, 0)->message, "larger than 256 MiB");
}

static void paths_join_with_one_slash_and_have_a_base(void **state)
{
    struct room *r = *state;
    assert_string_equal(path_join(r->a, "a", "b"), "a/b");
    assert_string_equal(path_join(r->a, "a/", "b"), "a/b");
    assert_string_equal(path_join(r->a, "", "b"), "b");
    assert_string_equal(path_join(r->a, "a", "/b"), "/b");
    assert_str(path_base(STR("a/b.json")), "b.json");
    assert_str(path_base(STR("a/b/")), "b");
    assert_str(path_base(STR("b")), "b");
    assert_str(path_base(STR("/")), "/");
    assert_str(path_base(STR("")), "");
}

#define IN_A_ROOM(f) cmocka_unit_test_setup_teardown(f, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_ROOM(what_was_written_is_read_back),
        IN_A_ROOM(equal_bytes_are_not_written_again),
        IN_A_ROOM(a_written_file_leaves_nothing_beside_it_and_obeys_umask),
        IN_A_ROOM(listings_are_sorted_by_bytes),
        IN_A_ROOM(an_absent_file_is_told_from_a_broken_one),
        IN_A_ROOM(a_failed_write_is_a_fault_of_the_machine_and_keeps_the_old_file),
        IN_A_ROOM(pipes_devices_and_folders_are_refused_at_once),
        IN_A_ROOM(folders_are_made_with_their_parents),
        IN_A_ROOM(a_file_larger_than_the_limit_is_refused),
        IN_A_ROOM(paths_join_with_one_slash_and_have_a_base),
    };
    return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
