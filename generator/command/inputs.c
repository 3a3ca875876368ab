#include "command/inputs.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/version.h"
#include "command/workers.h"
#include "pricing/load.h"

#include <string.h>

#ifndef BREAKEVEN_SOURCE /* hash of the program's source; the Makefile knows it */
#define BREAKEVEN_SOURCE ""
#endif

bool input_hash_equal(const struct input_hash *a, const struct input_hash *b)
{
    return memcmp(a->bytes, b->bytes, INPUT_HASH) == 0;
}

/* ---- files --------------------------------------------------------------------------------------
 */

/* Name and bytes. Absence is told from an empty file. */
static bool add_file(struct sha256 *h, struct str name, const char *path, struct arena *a,
                     struct diags *d)
{
    struct str text;
    sha256_add_field(h, name);
    if (!path) {
        sha256_add_field(h, STR("absent"));
        return true;
    }
    sha256_add_field(h, STR("present"));
    if (!file_read(path, a, &text, d))
        return false;
    sha256_add_field(h, text);
    return true;
}

static bool add_overlay(struct sha256 *h, struct project *p, const char *folder, struct arena *a)
{
    struct project_file *files;
    size_t count;
    bool ok = project_overlay(p, folder, &files, &count);
    sha256_add_field(h, str_of(folder));
    for (size_t i = 0; ok && i < count; i++)
        ok = add_file(h, files[i].name, files[i].path, a, p->d);
    sha256_add_field(h, STR("")); // ends the list: no file has an empty name
    return ok;
}

static bool add_book(struct sha256 *common, struct sha256 *prices, struct project *p,
                     struct arena *a)
{
    struct book_file *files;
    size_t count;
    if (!project_read_book(p, a, &files, &count))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct sha256 *h = str_starts(files[i].name, STR("prices/")) ? prices : common;
        sha256_add_field(h, files[i].name);
        sha256_add_field(h, files[i].text);
    }
    sha256_add_field(common, STR(""));
    return true;
}

static bool add_policy(struct sha256 *h, struct project *p, struct arena *a)
{
    static const char *const NAMES[] = {"policy.json", "mistakes.json", "checklist.json"};
    bool ok = true;
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        const char *path = i == 0 && p->policy_file ? p->policy_file
                                                    : project_policy_path(p, NAMES[i]);
        ok = ok && add_file(h, str_of(NAMES[i]), path, a, p->d);
    }
    return ok;
}

/* ---- decisions ----------------------------------------------------------------------------------
 */

struct hashing {
    const struct project *p;
    struct input_hash *out;
    bool *is_good;
};

static bool hash_folder(const char *folder, struct arena *a, struct input_hash *out)
{
    struct sha256 h;
    struct str *names;
    size_t count;
    struct diags *ignored = diags_new(a);
    sha256_init(&h);
    if (!file_list(folder, a, &names, &count, ignored))
        return false;
    for (size_t i = 0; i < count; i++) {
        const char *path = path_join(a, folder, str_cstring(a, names[i]));
        /* What cannot be read is told from what can: an editor's lock that leads nowhere, a log too
         * large to be read whole. Where it is an input, its reader complains. */
        if (!file_is_folder(path) && !add_file(&h, names[i], path, a, ignored))
            sha256_add_field(&h, STR("unreadable"));
    }
    sha256_final(&h, out->bytes);
    return true;
}

static void hash_one(void *context, size_t index, const struct worker *worker)
{
    const struct hashing *all = context;
    all->is_good[index] = hash_folder(all->p->workloads[index].folder, worker->scratch,
                                      &all->out[index]);
}

static bool hash_workloads(struct project *p, int jobs, struct inputs *out)
{
    struct hashing all = {p, arena_new(p->a, struct input_hash, p->workload_count),
                          arena_new(p->a, bool, p->workload_count)};
    struct workers *w = workers_open(jobs > 0 ? jobs : workers_default());
    workers_run(w, p->workload_count, hash_one, &all, NULL);
    workers_close(w);
    out->workloads = all.out;
    for (size_t i = 0; i < p->workload_count; i++)
        if (!all.is_good[i])
            return false;
    return true;
}

/* ---- all ----------------------------------------------------------------------------------------
 */

bool inputs_read(struct project *p, const char *base_url, struct date as_of, bool drafts, int jobs,
                 struct inputs *out)
{
    struct diags *kept = p->d;
    struct arena *a = arena_create();
    struct sha256 common, prices, pages;
    sha256_init(&common);
    sha256_init(&prices);
    sha256_init(&pages);
    *out = (struct inputs){0};
    p->d = diags_new(a);
    sha256_add_field(&common, STR(BREAKEVEN_VERSION));
    sha256_add_field(&common, STR(BREAKEVEN_SOURCE));
    sha256_add_field(&common, base_url ? str_of(base_url) : STR(""));
    sha256_add_field(&common, str_printf(a, "%ld", (long)as_of.days));
    /* Whether claims are held to the book: project_load_claims. */
    sha256_add_field(&common, str_printf(a, "%d %d %d", p->pricing != NULL, file_exists("pricing"),
                                         file_exists("content/claims")));
    bool ok = project_list_workloads(p) && add_book(&common, &prices, p, a) &&
              add_policy(&common, p, a) && add_overlay(&common, p, "content/claims", a) &&
              add_overlay(&common, p, "templates", a) &&
              add_file(&common, STR("site.json"), project_path(p, "site/site.json"), a, p->d) &&
              add_overlay(&pages, p, "content/pages", a) && hash_workloads(p, jobs, out);
    sha256_add_field(&pages, drafts ? STR("drafts") : STR("published"));
    sha256_final(&common, out->common.bytes);
    sha256_final(&prices, out->prices.bytes);
    sha256_final(&pages, out->pages.bytes);
    p->d = kept;
    arena_destroy(a);
    return ok;
}
