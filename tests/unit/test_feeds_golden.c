/*
 * The vendors' price feeds with their traps. Each folder of tests/feeds but book/ is one import, by
 * the rules of pricing/feeds, into the small price book there: in*.json or in*.csv, what is found
 * (want.out) and what is said (want.err). "why" tells what the case is for and works its figures out
 * by hand. The name begins with the feed. GOLDEN_ACCEPT=1 rewrites what is wanted; then read it.
 */
#include "unit/unit.h"

#include "base/arena.h"
#include "base/file.h"
#include "feeds/patch.h"
#include "feeds/read.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CASES "tests/feeds"
#define BOOK CASES "/book"
#define RULES "../../../pricing/feeds" /* from the folder of a case */
#define CASES_MAX 256

struct test_case {
    const char *root, *name; /* the project's folder, the case's */
};

static enum feed feed_of(struct str name)
{
    size_t feed = 0;
    while (FEED_WORDS[feed] && !str_starts(name, str_of(FEED_WORDS[feed])))
        feed++;
    assert_true(feed < FEED_COUNT);
    return (enum feed)feed;
}

static void compare(const char *path, const struct strbuf *got, struct arena *a, struct diags *d)
{
    struct str want = {NULL, 0};
    bool missing = false;
    if (getenv("GOLDEN_ACCEPT")) {
        if (got->n > 0)
            assert_true(file_write(path, strbuf_str(got), NULL, d));
        else
            unlink(path);
    }
    file_read_optional(path, a, &want, &missing, d);
    assert_string_equal(got->s ? got->s : "", str_cstring(a, want));
}

/* The rows that were added to the book: lines of the new texts that the old ones do not have. */
static void add_rows(const struct book_file *files, size_t count, const struct update *u,
                     struct strbuf *out, struct arena *a, struct diags *d)
{
    struct book_file *changed;
    struct book book;
    size_t changed_count;
    assert_true(patch_book(files, count, u, u->newest, a, &changed, &changed_count, d));
    for (size_t i = 0; i < changed_count; i++) {
        struct str rest = changed[i].text, line;
        struct str old = {NULL, 0};
        for (size_t k = 0; k < count; k++)
            if (str_equal(files[k].name, changed[i].name))
                old = files[k].text;
        strbuf_addf(out, "%.*s:\n", STR_ARG(changed[i].name));
        while (str_next_line(&rest, &line)) {
            struct str bare = str_ends(line, STR(",")) ? str_slice(line, 0, line.n - 1) : line;
            if (str_find(old, bare) == old.n)
                strbuf_addf(out, "+%.*s\n", STR_ARG(line));
        }
    }
    struct book_file *all = arena_new(a, struct book_file, count);
    for (size_t i = 0; i < count; i++) {
        all[i] = files[i];
        for (size_t k = 0; k < changed_count; k++)
            if (str_equal(changed[k].name, all[i].name))
                all[i] = changed[k];
    }
    assert_true(book_parse(all, count, STR("book"), a, &book, d));
}

static void import(const char *name, struct strbuf *out, struct arena *a, struct diags *d)
{
    struct book_file *files;
    struct book book;
    struct feed_rules rules;
    struct selection s;
    struct update u;
    struct str *names, text;
    size_t file_count, name_count;
    enum feed feed = feed_of(str_of(name));
    const char *path = str_printf(a, RULES "/%s.json", FEED_WORDS[feed]).s;

    assert_true(file_list(".", a, &names, &name_count, d));
    assert_true(book_read("../book", a, &files, &file_count, d));
    assert_true(book_parse(files, file_count, STR("book"), a, &book, d));
    assert_true(file_read(path, a, &text, d));
    struct str shown = str_printf(a, "pricing/feeds/%s.json", FEED_WORDS[feed]);
    assert_true(feed_rules_parse(&rules, feed, shown, text, &book, true, a, d));
    selection_init(&s, &rules, name_count, a);
    bool ok = true;
    for (size_t i = 0; i < name_count; i++)
        if (str_starts(names[i], STR("in")))
            ok = feed_read(&s, str_cstring(a, names[i]), d) && ok;
    if (ok)
        feed_check_pages(&s, d);
    struct quoting q = {
        .s = &s, .seen = DATE_NONE, .today = date_civil(2026, 11, 20), .a = a, .d = d};
    if (ok && update_find(&q, &u)) {
        for (size_t i = 0; i < u.change_count; i++)
            update_describe(&u.changes[i], out);
        strbuf_addf(out, "%zu unchanged, %zu absent\n", u.unchanged, u.absent);
        if (u.change_count > 0)
            add_rows(files, file_count, &u, out, a, d);
    }
    feed_rules_release(&rules);
}

static void finds_what_is_wanted(void **state)
{
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct strbuf out = STRBUF_INIT, err = STRBUF_INIT;
    const struct test_case *t = *state;
    const char *folder = path_join(a, path_join(a, t->root, CASES), t->name);
    assert_int_equal(chdir(folder), 0); // files are shown by their bare name
    import(t->name, &out, a, d);
    diags_sort(d);
    diags_print(d, &err, false);
    compare(path_join(a, folder, "want.out"), &out, a, d);
    compare(path_join(a, folder, "want.err"), &err, a, d);
    assert_true((diags_errors(d) > 0) == (out.n == 0)); // all or nothing
    strbuf_release(&out);
    strbuf_release(&err);
    arena_destroy(a);
}

int main(void)
{
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct CMUnitTest tests[CASES_MAX];
    struct test_case cases[CASES_MAX];
    char root[4096];
    struct str *names;
    size_t count, n = 0;
    if (!getcwd(root, sizeof root))
        return 1;
    if (!file_list(CASES, a, &names, &count, d))
        return 1;
    for (size_t i = 0; i < count; i++) {
        const char *name = str_cstring(a, names[i]);
        if (str_is(names[i], "book") || !file_is_folder(path_join(a, CASES, name)))
            continue;
        if (n == CASES_MAX) {
            printf("more than %d cases\n", CASES_MAX);
            return 1;
        }
        cases[n] = (struct test_case){root, name};
        tests[n] = (struct CMUnitTest){name, finds_what_is_wanted, NULL, NULL, &cases[n]};
        n++;
    }
    // The macro would count the whole array; only n of its rows are cases.
    int failed = _cmocka_run_group_tests("feeds_golden", tests, n, NULL, NULL);
    arena_destroy(a);
    return failed;
}
