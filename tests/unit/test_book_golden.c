/*
 * Broken books and what is said about them. Each folder of tests/golden/pricing holds the files that
 * differ from valid/ and want.err, the diagnostics as printed. Run with GOLDEN_ACCEPT=1 to rewrite
 * the want.err files; then read what changed.
 */
#include "unit/unit.h"

#include "base/arena.h"
#include "base/file.h"
#include "pricing/load.h"

#include <stdlib.h>

#define CASES "tests/golden/pricing"
#define CASES_MAX 64

/* Files of the case take the place of those of the valid book; all are shown by their bare name. */
static size_t overlay(struct book_file *all, size_t count, const struct book_file *own,
                      size_t own_count)
{
    for (size_t i = 0; i < own_count; i++) {
        size_t at = 0;
        while (at < count && !str_equal(all[at].name, own[i].name))
            at++;
        all[at] = own[i];
        count += at == count;
    }
    for (size_t i = 0; i < count; i++)
        all[i].path = all[i].name;
    return count;
}

static void is_diagnosed_as_wanted(void **state)
{
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct book_file *valid, *own, *all;
    struct book book;
    struct strbuf got = STRBUF_INIT;
    struct str want = {NULL, 0};
    size_t valid_count, own_count;
    bool missing;
    const char *folder = path_join(a, CASES, *state);
    const char *want_path = path_join(a, folder, "want.err");

    assert_true(book_read(CASES "/valid", a, &valid, &valid_count, d));
    book_read(folder, a, &own, &own_count, d); // may complain about a file's name: that is a case
    all = arena_new(a, struct book_file, valid_count + own_count);
    for (size_t i = 0; i < valid_count; i++)
        all[i] = valid[i];
    size_t count = overlay(all, valid_count, own, own_count);
    book_parse(all, count, STR("book"), a, &book, d);
    diags_sort(d);
    diags_print(d, &got, false);
    if (getenv("GOLDEN_ACCEPT"))
        assert_true(file_write(want_path, strbuf_str(&got), NULL, d));
    file_read_optional(want_path, a, &want, &missing, d);
    assert_string_equal(got.s ? got.s : "", str_cstring(a, want));
    assert_true(diags_errors(d) > 0);
    strbuf_release(&got);
    arena_destroy(a);
}

int main(void)
{
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct CMUnitTest tests[CASES_MAX];
    struct str *names;
    size_t count, n = 0;
    if (!file_list(CASES, a, &names, &count, d))
        return 1;
    for (size_t i = 0; i < count && n < CASES_MAX; i++) {
        const char *name = str_cstring(a, names[i]);
        if (str_is(names[i], "valid") || !file_is_folder(path_join(a, CASES, name)))
            continue;
        tests[n++] = (struct CMUnitTest){name, is_diagnosed_as_wanted, NULL, NULL,
                                         (void *)(uintptr_t)name};
    }
    // The macro would count the whole array; only n of its rows are cases.
    int failed = _cmocka_run_group_tests("book_golden", tests, n, NULL, NULL);
    arena_destroy(a);
    return failed;
}
