#include "publish/publication.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "base/version.h"
#include "publish/state.h"
#include "publish/tree.h"
#include "source/json.h"
#include "source/json_out.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define MANIFEST_FORMAT "breakeven-published/1"
#define PLAN_NAME STR(".plan")
#define PLAN_NEW STR(".plan.new")
#define PLAN_HEAD "breakeven-plan/1" /* first line */
#define PLAN_END "end"               /* last line: a plan without it was never agreed on */
#define LOCK_TRIES 8 /* the staged folder may vanish between opening and locking, if a build ends */

struct item {
    struct str path;
    enum publish_phase phase;
    bool changed;
    uint64_t size, sum;
};

struct publication {
    struct arena *a; /* guarded by `lock`, with the items */
    pthread_mutex_t lock;
    struct tree site, staged;
    const char *site_path, *staged_path;
    struct item *items;
    size_t count, capacity;
    struct str *before; /* files of the last publication, sorted */
    size_t before_count;
    struct strbuf record; /* n 0: none */
    bool is_full;         /* a file could not be staged, which was said; guarded by `lock` */
};

/* ---- manifest -----------------------------------------------------------------------------------
 */

static int compare_paths(const void *left, const void *right)
{
    const struct str *a = left, *b = right;
    return str_compare(*a, *b);
}

static int compare_by_path(const void *left, const void *right)
{
    const struct item *a = left, *b = right;
    return str_compare(a->path, b->path);
}

static int compare_by_phase(const void *left, const void *right)
{
    const struct item *a = left, *b = right;
    if (a->phase != b->phase)
        return a->phase < b->phase ? -1 : 1;
    return str_compare(a->path, b->path);
}

/* False: there is no manifest, or none of ours; nothing is said then. */
static bool read_manifest(struct publication *p)
{
    struct diags *ignored = diags_new(p->a);
    struct str text;
    bool missing;
    if (!tree_read(&p->site, STR(PUBLICATION_MANIFEST), p->a, &text, &missing, ignored))
        return false;
    const struct json *root = json_parse(STR(PUBLICATION_MANIFEST), text, p->a, ignored);
    const struct json *format = root ? json_find(root, "format") : NULL;
    const struct json *files = root ? json_find(root, "files") : NULL;
    if (!format || format->kind != JSON_STRING || !str_is(format->string, MANIFEST_FORMAT) ||
        !files || files->kind != JSON_ARRAY)
        return false;
    p->before = arena_new(p->a, struct str, files->count);
    for (const struct json *file = files->child; file; file = file->next)
        if (file->kind == JSON_STRING && tree_path_valid(file->string))
            p->before[p->before_count++] = file->string;
    if (p->before_count > 1)
        qsort(p->before, p->before_count, sizeof *p->before, compare_paths);
    return true;
}

/* Items are sorted by path. */
static void write_manifest(const struct publication *p, struct strbuf *out)
{
    struct json_out j;
    json_out_init(&j, out);
    json_begin(&j, '{');
    json_key(&j, "format");
    json_puts(&j, MANIFEST_FORMAT);
    json_key(&j, "program");
    json_puts(&j, BREAKEVEN_VERSION);
    json_key(&j, "files");
    json_begin(&j, '[');
    for (size_t i = 0; i < p->count; i++)
        json_put_str(&j, p->items[i].path);
    json_end(&j, ']');
    json_end(&j, '}');
    strbuf_addc(out, '\n');
}

/* ---- moving -------------------------------------------------------------------------------------
 */

/* Carries out a plan, or what is left of it. A file that is no longer staged has been moved. */
static bool carry_out(const struct publication *p, struct str plan, struct diags *d)
{
    struct str line, verb, path;
    bool ok = true, missing;
    while (ok && str_next_line(&plan, &line)) {
        if (!str_cut(line, ' ', &verb, &path) || !tree_path_valid(path))
            continue;
        if (str_is(verb, "move"))
            ok = tree_move(&p->staged, &p->site, path, &missing, d);
        else if (str_is(verb, "remove"))
            ok = tree_remove(&p->site, path, d);
    }
    return ok;
}

/* What a killed build left: a plan is completed, anything else is dropped. */
static bool recover(struct publication *p, struct diags *d)
{
    struct str plan, line;
    bool missing;
    if (tree_read(&p->staged, PLAN_NAME, p->a, &plan, &missing, d)) {
        struct str rest = plan;
        bool is_plan = str_next_line(&rest, &line) && str_is(line, PLAN_HEAD) &&
                       str_ends(plan, STR("\n" PLAN_END "\n"));
        if (is_plan) {
            if (p->site.fd < 0 && !tree_open(&p->site, p->site_path, true, d))
                return false;
            if (!carry_out(p, plan, d) || !tree_remove(&p->staged, PLAN_NAME, d))
                return false;
        }
    } else if (!missing) {
        return false;
    }
    return tree_wipe(&p->staged, d);
}

/* ---- begin --------------------------------------------------------------------------------------
 */

/* The folder without slashes at its end; NULL where it has no name, because then nothing can lie
 * beside it. */
static const char *resolve(struct arena *a, const char *folder, struct diags *d)
{
    struct str path = str_of(folder);
    while (path.n > 1 && path.s[path.n - 1] == '/')
        path.n--;
    struct str base = path_base(path);
    if (path.n > 0 && !str_is(base, ".") && !str_is(base, "..") && !str_is(base, "/"))
        return str_cstring(a, path);
    diag_error(d, where_file(str_of(folder)), "changed files are staged in a folder beside it",
               "the site's folder must be given by its name");
    return NULL;
}

/* ".NAME.breakeven-staged" beside NAME. */
static const char *staged_beside(struct arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    struct str above = {path, slash ? (size_t)(slash - path) + 1 : 0};
    return str_printf(a, "%.*s.%s.breakeven-staged", STR_ARG(above), slash ? slash + 1 : path).s;
}

/*
 * Opens and locks the staged folder. The lock is on the folder itself, so it leaves no file behind
 * and goes when the process does. A build that ends removes the folder; whoever had it open then
 * holds the lock of a folder that is gone, and tries again.
 */
static bool lock_staged(struct publication *p, struct diags *d)
{
    for (int i = 0; i < LOCK_TRIES; i++) {
        if (!tree_open(&p->staged, p->staged_path, true, d))
            return false;
        if (flock(p->staged.fd, LOCK_EX | LOCK_NB) != 0) {
            if (errno == EWOULDBLOCK)
                diag_error(d, where_file(str_of(p->site_path)), "wait for it to end",
                           "another build is publishing to this folder");
            else
                diag_system(d, where_file(str_of(p->staged_path)), errno, "cannot lock");
            tree_close(&p->staged);
            return false;
        }
        struct stat ours, named;
        if (fstat(p->staged.fd, &ours) == 0 && lstat(p->staged_path, &named) == 0 &&
            ours.st_ino == named.st_ino && ours.st_dev == named.st_dev)
            return true;
        tree_close(&p->staged);
    }
    diag_error(d, where_file(str_of(p->site_path)), "wait for it to end",
               "another build is publishing to this folder");
    return false;
}

/* Makes the folders above the site. */
static bool make_above(struct publication *p, struct diags *d)
{
    const char *slash = strrchr(p->site_path, '/');
    if (!slash || slash == p->site_path)
        return true;
    struct str above = {p->site_path, (size_t)(slash - p->site_path)};
    return file_make_folders(str_cstring(p->a, above), d);
}

static bool is_ours(struct publication *p, bool force, struct diags *d)
{
    bool empty;
    if (!tree_is_empty(&p->site, &empty, d))
        return false;
    if (empty || read_manifest(p) || force)
        return true;
    diag_error(d, where_file(str_of(p->site_path)),
               "give another folder with --out, or publish into this one with --force; files that "
               "are not the site's stay",
               "is not empty and was not made by breakeven (it has no " PUBLICATION_MANIFEST ")");
    return false;
}

/* Frees everything; with `clean`, the staged folder goes too. */
static void release(struct publication *p, bool clean)
{
    if (clean && p->staged.fd >= 0) {
        struct diags *ignored = diags_new(p->a);
        tree_wipe(&p->staged, ignored);
        rmdir(p->staged_path); // still locked by us
    }
    tree_close(&p->staged);
    tree_close(&p->site);
    pthread_mutex_destroy(&p->lock);
    strbuf_release(&p->record);
    arena_destroy(p->a);
}

struct publication *publication_begin(const char *folder, bool force, struct diags *d)
{
    struct arena *a = arena_create();
    const char *path = resolve(a, folder, d);
    if (!path) {
        arena_destroy(a);
        return NULL;
    }
    struct publication *p = arena_new(a, struct publication, 1);
    *p = (struct publication){.a = a, .site = {-1, path}, .staged = {-1, NULL}, .site_path = path};
    p->staged_path = staged_beside(a, path);
    pthread_mutex_init(&p->lock, NULL);
    bool ok = make_above(p, d) && tree_open(&p->site, path, false, d) && lock_staged(p, d);
    if (!ok || !recover(p, d)) {
        release(p, false); // a plan that could not be completed waits for the next build
        return NULL;
    }
    if (!is_ours(p, force, d)) {
        release(p, true);
        return NULL;
    }
    return p;
}

/* ---- files --------------------------------------------------------------------------------------
 */

/*
 * Writes a file to the staged folder. The first failure is the only one that is told: on a full disk
 * every file after it would fail too, and none of them is published.
 */
static bool stage(struct publication *p, struct str path, struct str bytes, struct diags *d)
{
    pthread_mutex_lock(&p->lock);
    bool is_full = p->is_full;
    pthread_mutex_unlock(&p->lock);
    int number = is_full ? 0 : tree_write(&p->staged, path, bytes);
    if (!is_full && number == 0)
        return true;
    pthread_mutex_lock(&p->lock);
    bool is_first = !p->is_full; // another worker may have been quicker
    p->is_full = true;
    pthread_mutex_unlock(&p->lock);
    if (is_first)
        diag_system(d, where_file(str_of(p->site_path)), number,
                    "nothing is published%s: cannot write '%.*s'",
                    p->site.fd >= 0 ? " and the site stays as it was" : "", STR_ARG(path));
    return false;
}

static void add_item(struct publication *p, struct item item)
{
    pthread_mutex_lock(&p->lock);
    item.path = str_copy(p->a, item.path);
    p->items = arena_grow(p->a, struct item, p->items, p->count, &p->capacity);
    p->items[p->count++] = item;
    pthread_mutex_unlock(&p->lock);
}

bool publication_file(struct publication *p, struct str path, enum publish_phase phase,
                      struct str bytes, struct diags *d)
{
    bool same;
    if (!tree_path_valid(path) || path.s[0] == '.') { // names with a dot are our own
        diag_error(d, where_file(path), NULL, "is not a path that a site may have");
        return false;
    }
    if (!tree_holds(&p->site, path, bytes, &same, d) || (!same && !stage(p, path, bytes, d)))
        return false;
    add_item(p, (struct item){path, phase, !same, bytes.n, state_sum(bytes)});
    return true;
}

void publication_keep(struct publication *p, const struct published_file *file)
{
    add_item(p, (struct item){file->path, PUBLISH_ASSET, false, file->size, file->sum});
}

void publication_record(struct publication *p, struct strbuf *record)
{
    strbuf_release(&p->record);
    p->record = *record;
    *record = STRBUF_INIT;
}

/* ---- finish -------------------------------------------------------------------------------------
 */

/* Items are sorted by path. */
static bool has_item(const struct publication *p, struct str path)
{
    struct item key = {.path = path};
    return p->count > 0 &&
           bsearch(&key, p->items, p->count, sizeof *p->items, compare_by_path) != NULL;
}

static bool no_path_twice(const struct publication *p, struct diags *d)
{
    bool ok = true;
    for (size_t i = 1; i < p->count; i++) {
        if (!str_equal(p->items[i - 1].path, p->items[i].path))
            continue;
        diag_error(d, where_file(p->items[i].path), "rename the page or the file of the theme",
                   "two things of the site would have this address");
        ok = false;
    }
    return ok;
}

/* Items are sorted by path. */
static void write_state(const struct publication *p, struct str manifest, struct strbuf *out)
{
    struct arena *a = arena_create();
    struct published_file *files = arena_new(a, struct published_file, p->count + 1);
    files[0] = (struct published_file){STR(PUBLICATION_MANIFEST), manifest.n, state_sum(manifest)};
    for (size_t i = 0; i < p->count; i++) // no path of the site begins with a dot
        files[i + 1] = (struct published_file){p->items[i].path, p->items[i].size, p->items[i].sum};
    state_write(files, p->count + 1, strbuf_str(&p->record), out);
    arena_destroy(a);
}

/* Staged whenever anything else is, so that it is the newest file of the site. A build that has nothing
 * to tell removes what an earlier one told. */
static bool stage_state(struct publication *p, struct str state, bool *same, bool moves,
                        struct diags *d)
{
    if (state.n == 0) {
        *same = true;
        return p->site.fd < 0 || tree_remove(&p->site, STR(PUBLICATION_STATE), d);
    }
    if (!tree_holds(&p->site, STR(PUBLICATION_STATE), state, same, d))
        return false;
    *same = *same && !moves;
    return *same || stage(p, STR(PUBLICATION_STATE), state, d);
}

/* The plan, and the manifest staged; *is_needed false where there is nothing to do. Sorts the items
 * by phase. */
static bool make_plan(struct publication *p, struct strbuf *plan, struct publish_counts *counts,
                      bool *is_needed, struct diags *d)
{
    qsort(p->items, p->count, sizeof *p->items, compare_by_path);
    if (!no_path_twice(p, d))
        return false;
    struct strbuf manifest = STRBUF_INIT, removals = STRBUF_INIT;
    bool same;
    write_manifest(p, &manifest);
    for (size_t i = 0; i < p->before_count; i++) {
        if (has_item(p, p->before[i]))
            continue;
        strbuf_addf(&removals, "remove %.*s\n", STR_ARG(p->before[i]));
        counts->removed++;
    }
    struct strbuf state = {.maximum = FILE_MAX_BYTES};
    bool same_state = true;
    if (p->record.n > 0)
        write_state(p, strbuf_str(&manifest), &state);
    bool ok = tree_holds(&p->site, STR(PUBLICATION_MANIFEST), strbuf_str(&manifest), &same, d) &&
              (same || stage(p, STR(PUBLICATION_MANIFEST), strbuf_str(&manifest), d));
    qsort(p->items, p->count, sizeof *p->items, compare_by_phase);
    strbuf_adds(plan, PLAN_HEAD "\n");
    for (size_t i = 0; i < p->count; i++) {
        if (!p->items[i].changed)
            continue;
        strbuf_addf(plan, "move %.*s\n", STR_ARG(p->items[i].path));
        counts->changed++;
    }
    if (!same)
        strbuf_adds(plan, "move " PUBLICATION_MANIFEST "\n");
    *is_needed = !same || counts->changed + counts->removed > 0;
    ok = ok && stage_state(p, strbuf_str(&state), &same_state, *is_needed, d);
    if (!same_state)
        strbuf_adds(plan, "move " PUBLICATION_STATE "\n"); // after every other file
    *is_needed = *is_needed || !same_state;
    strbuf_add(plan, strbuf_str(&removals)); // last: until here old pages keep their files
    strbuf_adds(plan, PLAN_END "\n");
    strbuf_release(&manifest);
    strbuf_release(&removals);
    strbuf_release(&state);
    return ok;
}

/* From here on a killed build is completed by the next one. */
static bool agree_on(struct publication *p, const struct strbuf *plan, struct diags *d)
{
    if (!stage(p, PLAN_NEW, strbuf_str(plan), d))
        return false;
    if (renameat(p->staged.fd, PLAN_NEW.s, p->staged.fd, PLAN_NAME.s) == 0)
        return true;
    diag_system(d, where_file(str_of(p->staged_path)), errno, "cannot write the plan");
    return false;
}

bool publication_finish(struct publication *p, struct publish_counts *counts, struct diags *d)
{
    struct strbuf plan = STRBUF_INIT;
    bool is_needed, agreed = false;
    *counts = (struct publish_counts){.files = p->count};
    bool ok = make_plan(p, &plan, counts, &is_needed, d);
    if (ok && is_needed) {
        ok = (p->site.fd >= 0 || tree_open(&p->site, p->site_path, true, d)) &&
             agree_on(p, &plan, d);
        agreed = ok;
        ok = ok && carry_out(p, strbuf_str(&plan), d) && tree_remove(&p->staged, PLAN_NAME, d);
    }
    if (agreed && !ok)
        diag_add(d, SEVERITY_NOTE, where_file(str_of(p->site_path)), STR(""),
                 STR("a part of the site may be new already; the next build completes it"));
    strbuf_release(&plan);
    release(p, ok || !agreed);
    return ok;
}

void publication_abandon(struct publication *p)
{
    release(p, true);
}

/* ---- the last publication -----------------------------------------------------------------------
 */

bool publication_last(const char *folder, struct arena *a, struct published *out)
{
    struct diags *ignored = diags_new(a);
    const char *path = resolve(a, folder, ignored);
    struct tree site;
    struct tree_look look;
    struct str text;
    bool missing;
    if (!path || file_exists(staged_beside(a, path)) || !tree_open(&site, path, false, ignored))
        return false;
    bool ok = tree_look(&site, STR(PUBLICATION_STATE), &look) &&
              tree_read(&site, STR(PUBLICATION_STATE), a, &text, &missing, ignored) &&
              state_read(text, a, out);
    tree_close(&site);
    out->folder = path;
    out->changed_s = look.changed_s;
    out->changed_ns = look.changed_ns;
    return ok;
}

/* Its size, and where it was touched since, its bytes. Within a tick of the clock nobody can tell which
 * of two files is the newer one, so equal times count as touched. */
static bool is_intact(const struct tree *site, const struct published *last,
                      const struct published_file *file, struct arena *scratch)
{
    struct tree_look look;
    struct str bytes;
    bool missing;
    if (!tree_look(site, file->path, &look) || look.size != file->size)
        return false;
    if (look.changed_s < last->changed_s ||
        (look.changed_s == last->changed_s && look.changed_ns < last->changed_ns))
        return true;
    struct arena_mark mark = arena_mark(scratch);
    bool ok = tree_read(site, file->path, scratch, &bytes, &missing, diags_new(scratch)) &&
              bytes.n == file->size && state_sum(bytes) == file->sum;
    arena_rewind(scratch, mark);
    return ok;
}

bool publication_intact(const struct published *last, size_t first, size_t count,
                        struct arena *scratch)
{
    struct tree site;
    struct arena_mark mark = arena_mark(scratch);
    bool ok = tree_open(&site, last->folder, false, diags_new(scratch));
    for (size_t i = first; ok && i < first + count; i++)
        ok = is_intact(&site, last, &last->files[i], scratch);
    tree_close(&site);
    arena_rewind(scratch, mark);
    return ok;
}
