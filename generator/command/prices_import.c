#include "base/arena.h"
#include "base/file.h"
#include "command/console.h"
#include "command/prices_parts.h"
#include "command/project.h"
#include "command/today.h"
#include "feeds/patch.h"
#include "feeds/read.h"

#include <string.h>

#define SYNOPSIS "prices import aws|azure|gcp|skypilot [OPTIONS] FILE..."

struct import {
    struct prices_run *run;
    struct project project;
    struct feed_rules rules;
    const char *folder; /* of the book that is changed */
    struct book_file *files;
    size_t file_count;
    const char *seen, *as_of;
    bool dry_run, accept_jumps, quiet, help;
};

static bool find_feed(const char *word, enum feed *out)
{
    for (size_t i = 0; FEED_WORDS[i]; i++) {
        if (strcmp(word, FEED_WORDS[i]) == 0) {
            *out = (enum feed)i;
            return true;
        }
    }
    return false;
}

/* An installed book is shared by everybody and not changed: a project imports into its own. */
static bool load_book(struct import *m)
{
    struct prices_run *run = m->run;
    m->folder = run->pricing ? run->pricing : "pricing";
    if (!run->pricing && !file_exists(path_join(run->a, m->folder, "book.json"))) {
        diag_error(
            run->d, where_file(STR("pricing")),
            "copy the installed one here, under what you have, or name a folder with --pricing DIR",
            "this project has no price book of its own to import into");
        return false;
    }
    return book_read(m->folder, run->a, &m->files, &m->file_count, run->d) &&
           book_parse(m->files, m->file_count, str_of(m->folder), run->a, &run->book, run->d);
}

/* The rules beside the book, else those that were installed. */
static bool load_rules(struct import *m, enum feed feed)
{
    struct prices_run *run = m->run;
    struct str text;
    const char *name = str_printf(run->a, "feeds/%s.json", FEED_WORDS[feed]).s;
    const char *path = path_join(run->a, m->folder, name);
    bool is_shared = !file_exists(path);
    if (is_shared && m->project.defaults)
        path = path_join(run->a, path_join(run->a, m->project.defaults, "pricing"), name);
    return file_read(path, run->a, &text, run->d) &&
           feed_rules_parse(&m->rules, feed, str_of(path), text, &run->book, is_shared, run->a,
                            run->d);
}

static bool read_files(struct import *m, const char **paths, size_t count, struct selection *s)
{
    struct diags *d = m->run->d;
    bool ok = true;
    selection_init(s, &m->rules, count, m->run->a);
    for (size_t i = 0; i < count; i++)
        ok = feed_read(s, paths[i], d) && ok;
    if (ok)
        feed_check_pages(s, d);
    return ok;
}

/* The new texts must load as a whole book, or nothing is written. */
static bool check_book(struct import *m, const struct book_file *changed, size_t count)
{
    struct prices_run *run = m->run;
    struct book_file *files = arena_new(run->a, struct book_file, m->file_count);
    struct book book;
    for (size_t i = 0; i < m->file_count; i++) {
        files[i] = m->files[i];
        for (size_t k = 0; k < count; k++)
            if (str_equal(changed[k].name, files[i].name))
                files[i].text = changed[k].text;
    }
    return book_parse(files, m->file_count, str_of(m->folder), run->a, &book, run->d);
}

static bool write_book(struct import *m, const struct update *u, struct date edition)
{
    struct prices_run *run = m->run;
    struct book_file *changed;
    size_t count;
    if (!patch_book(m->files, m->file_count, u, edition, run->a, &changed, &count, run->d) ||
        !check_book(m, changed, count))
        return false;
    struct file_text *texts = arena_new(run->a, struct file_text, count);
    for (size_t i = 0; i < count; i++)
        texts[i] = (struct file_text){str_cstring(run->a, changed[i].path), changed[i].text};
    return m->dry_run || file_write_together(texts, count, run->d);
}

static struct str say(const struct import *m, const struct update *u, struct date edition)
{
    struct arena *a = m->run->a;
    struct strbuf out = STRBUF_INIT;
    for (size_t i = 0; i < u->change_count; i++)
        update_describe(&u->changes[i], &out);
    strbuf_addf(&out, "%zu price%s %s, %zu unchanged", u->change_count,
                u->change_count == 1 ? "" : "s", m->dry_run ? "would change" : "changed",
                u->unchanged);
    if (u->absent > 0)
        strbuf_addf(&out, ", %zu of the book not in %s", u->absent, "these files");
    if (u->change_count > 0 && date_compare(edition, m->run->book.edition) > 0)
        strbuf_addf(&out, "; edition %.*s -> %.*s", STR_ARG(prices_day(a, m->run->book.edition)),
                    STR_ARG(prices_day(a, edition)));
    strbuf_addc(&out, '\n');
    struct str text = strbuf_copy(&out, a);
    strbuf_release(&out);
    return text;
}

static int import(struct import *m, enum feed feed, const char **paths, size_t count)
{
    struct prices_run *run = m->run;
    struct selection s;
    struct update u;
    struct quoting q = {
        .s = &s, .seen = DATE_NONE, .accept_jumps = m->accept_jumps, .a = run->a, .d = run->d};
    const char *seen = m->seen ? m->seen : m->as_of;
    bool is_said = false;
    struct date edition = DATE_NONE;
    if (seen)
        date_parse(str_of(seen), &q.seen);
    if (!today_find(NULL, &q.today)) {
        diag_error(run->d, where_file(STR("SOURCE_DATE_EPOCH")), NULL, "is no number of seconds");
    } else if (load_book(m) && load_rules(m, feed) && read_files(m, paths, count, &s) &&
               update_find(&q, &u)) {
        edition = u.newest;
        for (size_t i = 0; i < u.change_count; i++) // the day of a price that was only seen
            if (u.changes[i].basis == PRICE_SEEN && date_compare(u.changes[i].from, edition) > 0)
                edition = u.changes[i].from;
        is_said = u.change_count == 0 || write_book(m, &u, edition);
    }
    feed_rules_release(&m->rules);
    int status = console_report(run->d, false, m->quiet);
    if (!is_said || m->quiet)
        return status;
    struct strbuf out = STRBUF_INIT;
    strbuf_add(&out, say(m, &u, edition));
    status = prices_put(&out, true, status);
    strbuf_release(&out);
    return status;
}

int prices_import(int argc, char **argv, struct prices_run *run)
{
    struct import m = {.run = run};
    const struct option_row options[] = {
        {0, "seen", OPTION_DATE, &m.seen, "YYYY-MM-DD",
         "the day on which the files were fetched (default: their own, else today)"},
        {0, "as-of", OPTION_DATE, &m.as_of, "YYYY-MM-DD", "the same as --seen"},
        {0, "pricing", OPTION_STRING, &run->pricing, "DIR",
         "the price book to import into (default pricing/)"},
        {0, "accept-jumps", OPTION_FLAG, &m.accept_jumps, NULL,
         "take prices that move a hundredfold, which are refused as mistaken units"},
        {0, "dry-run", OPTION_FLAG, &m.dry_run, NULL, "say what would change, and change nothing"},
        {'q', "quiet", OPTION_FLAG, &m.quiet, NULL, "only errors"},
        {'h', "help", OPTION_FLAG, &m.help, NULL, "this help"},
        {0},
    };
    const char **operands = arena_new(run->a, const char *, (size_t)argc);
    size_t count;
    enum feed feed;
    if (!option_parse("prices import", argc, argv, options, operands, &count, run->a))
        return EXIT_USAGE;
    if (m.help) {
        console_help(
            SYNOPSIS,
            "Reads a vendor's own price feed and adds a dated price wherever one changed.\n"
            "What is selected from a feed stands in pricing/feeds/.",
            options);
        return EXIT_DONE;
    }
    if (count == 0 || !find_feed(operands[0], &feed))
        return console_misused("prices import",
                               count == 0 ? STR("which vendor's files?")
                                          : str_printf(run->a, "unknown feed '%s'", operands[0]),
                               STR("aws, azure, gcp or skypilot, then the files"));
    if (count == 1)
        return console_misused("prices import", STR("names no file"), STR(SYNOPSIS));
    project_open(&m.project, run->a, run->d);
    return import(&m, feed, operands + 1, count - 1);
}
