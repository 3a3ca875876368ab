/*
 * Vendors' price files from hostile hands. The first line is "=== aws" (azure, gcp, skypilot), and the
 * rest is the file; each further line "===" begins another file of the same feed. "=== rules aws" gives
 * the rules instead. Rules and book are the bundled rules and the small book of the feed tests, which are
 * there when the tests run in the project's folder.
 *
 * Whatever the bytes: reading ends; no error means prices greater than 0 that a whole book can take up;
 * and the same files against that book change nothing more.
 */
#define _XOPEN_SOURCE 700 /* P_tmpdir */
#include "base/arena.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "feeds/patch.h"
#include "feeds/read.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FILES_MAX 4
#define BOOK "tests/feeds/book"
#define RULES "pricing/feeds"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct trial {
    struct arena *a;
    struct diags *d;
    enum feed feed;
    struct str rules;
    const char *paths[FILES_MAX];
    size_t count;
};

/* The readers stream from files; these are short. */
static const char *write_file(struct arena *a, struct str text)
{
    char name[] = P_tmpdir "/breakeven-feed.XXXXXX";
    int file = mkstemp(name);
    assert(file >= 0);
    assert(text.n == 0 || write(file, text.s, text.n) == (ssize_t)text.n);
    close(file);
    return str_cstring(a, str_of(name));
}

static bool find_feed(struct str word, enum feed *out)
{
    for (size_t i = 0; FEED_WORDS[i]; i++) {
        if (str_is(word, FEED_WORDS[i])) {
            *out = (enum feed)i;
            return true;
        }
    }
    return false;
}

/* The text up to the next line "===". */
static struct str cut_file(struct str *rest)
{
    struct str all = *rest;
    size_t at = str_find(all, STR("\n===\n"));
    *rest = str_slice(all, at < all.n ? at + 5 : all.n, all.n);
    return str_slice(all, 0, at < all.n ? at + 1 : all.n);
}

static bool load(struct arena *a, struct book_file **files, size_t *count, struct diags *d)
{
    struct book book;
    return book_read(BOOK, a, files, count, d) &&
           book_parse(*files, *count, STR("book"), a, &book, d);
}

/* Finds the changes of a book; they are the caller's to judge. */
static bool find(const struct trial *t, struct book_file *files, size_t count, struct book *book,
                 struct update *u)
{
    struct feed_rules rules;
    struct selection s;
    bool ok = book_parse(files, count, STR("book"), t->a, book, t->d);
    assert(ok);
    if (!feed_rules_parse(&rules, t->feed, STR("rules.json"), t->rules, book, true, t->a, t->d)) {
        feed_rules_release(&rules);
        return false;
    }
    selection_init(&s, &rules, t->count, t->a);
    for (size_t i = 0; i < t->count; i++)
        ok = feed_read(&s, t->paths[i], t->d) && ok;
    feed_check_pages(&s, t->d);
    struct quoting q = {
        .s = &s, .seen = DATE_NONE, .today = date_civil(2026, 11, 20), .a = t->a, .d = t->d};
    ok = ok && update_find(&q, u);
    feed_rules_release(&rules);
    assert(ok == (diags_errors(t->d) == 0));
    return ok;
}

static void check_changes(const struct update *u)
{
    struct strbuf out = STRBUF_INIT;
    for (size_t i = 0; i < u->change_count; i++) {
        const struct quote *q = &u->changes[i].quote;
        for (size_t k = 0; k < q->tier_count; k++)
            assert(q->tiers[k].usd.coef > 0);
        assert(u->changes[i].source.n > 0 && !date_is_none(u->changes[i].from));
        update_describe(&u->changes[i], &out);
    }
    strbuf_release(&out);
}

static void take_up(const struct trial *t, struct book_file *files, size_t count,
                    const struct update *u)
{
    struct book_file *changed, *all = arena_new(t->a, struct book_file, count);
    size_t changed_count;
    struct book book;
    struct update again;
    bool ok = patch_book(files, count, u, u->newest, t->a, &changed, &changed_count, t->d);
    assert(ok);
    for (size_t i = 0; i < count; i++) {
        all[i] = files[i];
        for (size_t k = 0; k < changed_count; k++)
            if (str_equal(changed[k].name, all[i].name))
                all[i] = changed[k];
    }
    // A day of another millennium may be more than a book takes; then the import is refused.
    if (!book_parse(all, count, STR("book"), t->a, &book, t->d))
        return;
    ok = find(t, all, count, &book, &again);
    assert(ok && again.change_count == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_create();
    struct trial t = {.a = a, .d = diags_new(a)};
    struct str rest = {(const char *)data, size}, line;
    struct strbuf said = STRBUF_INIT;
    struct book_file *files;
    struct book book;
    struct update u;
    size_t count;
    bool is_rules = str_starts(rest, STR("=== rules "));
    size_t mark = is_rules ? sizeof "=== rules " - 1 : sizeof "=== " - 1;
    if (str_starts(rest, STR("=== ")) && str_next_line(&rest, &line) &&
        find_feed(str_slice(line, mark, line.n), &t.feed) && load(a, &files, &count, t.d)) {
        const char *path = str_printf(a, RULES "/%s.json", FEED_WORDS[t.feed]).s;
        bool ok = is_rules || file_read(path, a, &t.rules, t.d);
        if (is_rules)
            t.rules = rest;
        while (!is_rules && t.count < FILES_MAX && (rest.n > 0 || t.count == 0))
            t.paths[t.count++] = write_file(a, cut_file(&rest));
        if (is_rules)
            t.paths[t.count++] = write_file(a, STR("{}"));
        if (ok && find(&t, files, count, &book, &u)) {
            check_changes(&u);
            if (u.change_count > 0)
                take_up(&t, files, count, &u);
        }
        for (size_t i = 0; i < t.count; i++)
            unlink(t.paths[i]);
    }
    diags_sort(t.d);
    diags_print(t.d, &said, false);
    strbuf_release(&said);
    arena_destroy(a);
    return 0;
}
