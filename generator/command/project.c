#include "command/project.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "claims/load.h"
#include "decide/decide.h"
#include "policy/loader.h"
#include "pricing/load.h"
#include "publish/site_config.h"
#include "render/template.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PROGRAM_LINK \
    "/proc/self/exe" /* where the kernel tells it; else only BREAKEVEN_DATA counts */

/* ---- the defaults -------------------------------------------------------------------------------
 */

/* PREFIX/share/breakeven as it was installed, or beside a program that was moved with its tree. */
static const char *find_defaults(struct arena *a)
{
    char link[PATH_MAX];
    if (file_is_folder(BREAKEVEN_DATA))
        return BREAKEVEN_DATA;
    ssize_t n = readlink(PROGRAM_LINK, link, sizeof link - 1);
    if (n <= 0)
        return NULL;
    link[n] = '\0';
    for (int i = 0; i < 2; i++) { // PREFIX/bin/breakeven to PREFIX
        char *slash = strrchr(link, '/');
        if (!slash)
            return NULL;
        *slash = '\0';
    }
    const char *beside = path_join(a, link, "share/breakeven");
    return file_is_folder(beside) ? beside : NULL;
}

void project_open(struct project *p, struct arena *a, struct diags *d)
{
    *p = (struct project){.a = a, .d = d, .defaults = find_defaults(a)};
}

/* The project's own file or folder, else the default's; NULL where neither has it. */
const char *project_path(const struct project *p, const char *name)
{
    if (file_exists(name))
        return name;
    const char *installed = p->defaults ? path_join(p->a, p->defaults, name) : NULL;
    return installed && file_exists(installed) ? installed : NULL;
}

/* ---- price book and policy ----------------------------------------------------------------------
 */

const char *project_pricing_path(const struct project *p)
{
    return p->pricing ? p->pricing : project_path(p, "pricing");
}

/* The book that the project's lies over: where it has no book.json, it holds what differs. */
static const char *pricing_under(const struct project *p, const char *folder)
{
    if (!file_is_folder(folder) || file_exists(path_join(p->a, folder, "book.json")))
        return NULL;
    if (p->pricing)
        return p->pricing_under;
    const char *installed = p->defaults ? path_join(p->a, p->defaults, "pricing") : NULL;
    return installed && file_is_folder(installed) && strcmp(installed, folder) != 0 ? installed
                                                                                    : NULL;
}

bool project_read_book(const struct project *p, struct arena *a, struct book_file **files,
                       size_t *count)
{
    const char *folder = project_pricing_path(p);
    if (!folder) {
        diag_error(p->d, where_file(STR("pricing")),
                   "run in a project folder, or name a price book with --pricing DIR",
                   "there is no price book here, and none was installed");
        return false;
    }
    const char *under = pricing_under(p, folder);
    return under ? book_read_over(folder, under, a, files, count, p->d)
                 : book_read(folder, a, files, count, p->d);
}

bool project_load_book(struct project *p)
{
    struct book_file *files = NULL;
    size_t count = 0;
    bool ok = project_read_book(p, p->a, &files, &count);
    if (count == 0) {
        p->book = (struct book){0};
        return false;
    }
    return book_parse(files, count, str_of(project_pricing_path(p)), p->a, &p->book, p->d) && ok;
}

/* A file beside the policy of --policy, else the project's, else the default. */
const char *project_policy_path(const struct project *p, const char *name)
{
    const char *slash = p->policy_file ? strrchr(p->policy_file, '/') : NULL;
    if (slash) {
        struct str folder = {p->policy_file, (size_t)(slash - p->policy_file)};
        const char *beside = path_join(p->a, str_cstring(p->a, folder), name);
        if (file_exists(beside))
            return beside;
    }
    const char *usual = str_printf(p->a, "content/policy/%s", name).s;
    const char *path = project_path(p, usual);
    return path ? path : usual; // reading it will say that it is not there
}

bool project_load_policy(struct project *p)
{
    struct policy_file files[3];
    const char *paths[3] = {p->policy_file ? p->policy_file : project_policy_path(p, "policy.json"),
                            project_policy_path(p, "mistakes.json"),
                            project_policy_path(p, "checklist.json")};
    bool ok = true;
    for (size_t i = 0; i < 3; i++) {
        files[i].path = str_of(paths[i]);
        ok = file_read(paths[i], p->a, &files[i].text, p->d) && ok;
    }
    if (!ok)
        return false;
    size_t fact_count;
    const struct str *facts = decide_fact_names(&fact_count);
    return policy_parse(files, facts, fact_count, p->a, &p->policy, p->d);
}

/* ---- the site and its looks ---------------------------------------------------------------------
 */

bool project_load_site(struct project *p, const char *base_url)
{
    const char *path = project_path(p, "site/site.json");
    struct str text;
    site_config_default(&p->site);
    bool ok = !path || (file_read(path, p->a, &text, p->d) &&
                        site_config_parse(str_of(path), text, p->a, &p->site, p->d));
    if (base_url && !site_base_url(str_of(base_url), &p->site.base_url)) {
        diag_error(p->d, where_file(STR("--base-url")), "such as https://decisions.example.org",
                   "must be an http or https address without query, got \"%s\"", base_url);
        ok = false;
    }
    p->site.book = &p->book;
    p->site.policy = &p->policy;
    p->site.claims = &p->claims;
    return ok;
}

struct file_list {
    struct project_file *items;
    size_t count, capacity;
};

static bool list_has(const struct file_list *l, struct str name)
{
    for (size_t i = 0; i < l->count; i++)
        if (str_equal(l->items[i].name, name))
            return true;
    return false;
}

/* Files of a folder and of the folders in it, but none that begin with a dot or are listed already. */
static bool add_files(struct project *p, const char *folder, struct str above, struct file_list *l)
{
    struct str *names;
    size_t count;
    if (!file_list(folder, p->a, &names, &count, p->d))
        return false;
    bool ok = true;
    for (size_t i = 0; i < count; i++) {
        if (names[i].s[0] == '.' || str_ends(names[i], STR("~")))
            continue;
        const char *path = path_join(p->a, folder, str_cstring(p->a, names[i]));
        struct str name = above.n == 0
                              ? names[i]
                              : str_printf(p->a, "%.*s/%.*s", STR_ARG(above), STR_ARG(names[i]));
        if (file_is_folder(path)) {
            if (above.n == 0)
                ok = add_files(p, path, name, l) && ok;
        } else if (!list_has(l, name)) {
            l->items = arena_grow(p->a, struct project_file, l->items, l->count, &l->capacity);
            l->items[l->count++] = (struct project_file){name, path};
        }
    }
    return ok;
}

static int compare_files(const void *left, const void *right)
{
    const struct project_file *a = left, *b = right;
    return str_compare(a->name, b->name);
}

/* The project's folder laid over the default one. Absent folders are empty. */
static bool overlay(struct project *p, const char *folder, struct file_list *l)
{
    const char *installed = p->defaults ? path_join(p->a, p->defaults, folder) : NULL;
    bool ok = true;
    if (file_is_folder(folder))
        ok = add_files(p, folder, STR(""), l);
    if (installed && file_is_folder(installed))
        ok = add_files(p, installed, STR(""), l) && ok;
    if (l->count > 1)
        qsort(l->items, l->count, sizeof *l->items, compare_files);
    return ok;
}

bool project_overlay(struct project *p, const char *folder, struct project_file **files,
                     size_t *count)
{
    struct file_list l = {0};
    bool ok = overlay(p, folder, &l);
    *files = l.items;
    *count = l.count;
    return ok;
}

static bool is_template(struct str name)
{
    return str_ends(name, STR(".html")) || str_ends(name, STR(".md")) ||
           str_ends(name, STR(".xml")) || str_ends(name, STR(".txt"));
}

static bool is_document(struct str name)
{
    struct str base = path_base(name);
    return base.s[0] >= 'A' && base.s[0] <= 'Z';
}

bool project_load_templates(struct project *p)
{
    struct file_list files = {0};
    bool ok = overlay(p, "templates", &files);
    if (ok && files.count == 0) {
        diag_error(p->d, where_file(STR("templates")), "run in a project folder",
                   "there are no templates here, and none were installed");
        return false;
    }
    p->templates = templates_new(p->a, true);
    p->assets = arena_new(p->a, struct project_file, files.count);
    for (size_t i = 0; i < files.count; i++) {
        struct project_file *f = &files.items[i];
        struct str text;
        if (is_document(f->name))
            continue;
        if (!is_template(f->name)) {
            p->assets[p->asset_count++] = *f;
            if (str_is(f->name, "site.css"))
                ok = file_read(f->path, p->a, &p->stylesheet, p->d) && ok;
        } else {
            ok = file_read(f->path, p->a, &text, p->d) &&
                 templates_add(p->templates, f->name, str_of(f->path), text, p->d) && ok;
        }
    }
    return ok && templates_link(p->templates, p->d);
}

bool project_load_claims(struct project *p)
{
    struct file_list found = {0};
    bool ok = overlay(p, "content/claims", &found);
    struct claims_file *files = arena_new(p->a, struct claims_file, found.count);
    size_t count = 0;
    for (size_t i = 0; i < found.count; i++) {
        if (!str_ends(found.items[i].name, STR(".json")))
            continue;
        files[count].path = str_of(found.items[i].path);
        ok = file_read(found.items[i].path, p->a, &files[count++].text, p->d) && ok;
    }
    /* Claims are held to the book that they came with. */
    bool apart = p->pricing || file_exists("pricing") != file_exists("content/claims");
    return ok && claims_parse(files, count, &p->book, apart, p->a, &p->claims, p->d);
}

bool project_list_pages(struct project *p)
{
    struct file_list files = {0};
    bool ok = overlay(p, "content/pages", &files);
    p->pages = arena_new(p->a, struct project_file, files.count);
    for (size_t i = 0; i < files.count; i++) {
        struct project_file f = files.items[i];
        if (!str_ends(f.name, STR(".md")) || is_document(f.name))
            continue;
        f.name.n -= sizeof ".md" - 1;
        p->pages[p->page_count++] = f;
    }
    return ok;
}

/* ---- workloads ----------------------------------------------------------------------------------
 */

bool project_list_workloads(struct project *p)
{
    struct str *names;
    size_t count;
    p->workload_count = 0; // who asks twice gets them once
    if (!file_is_folder(WORKLOADS_FOLDER)) {
        diag_error(p->d, where_file(STR(WORKLOADS_FOLDER)),
                   "run in a project folder, or name one with -C DIR before the verb",
                   "there are no decisions here");
        return false;
    }
    if (!file_list(WORKLOADS_FOLDER, p->a, &names, &count, p->d))
        return false;
    p->workloads = arena_new(p->a, struct workload_source, count);
    for (size_t i = 0; i < count; i++) {
        const char *folder = path_join(p->a, WORKLOADS_FOLDER, str_cstring(p->a, names[i]));
        if (names[i].s[0] == '.' || !file_is_folder(folder))
            continue;
        p->workloads[p->workload_count++] = (struct workload_source){
            names[i], path_join(p->a, folder, QUESTIONNAIRE_NAME), folder};
    }
    return true;
}

/* A name that may be a slug, from what a file is called. */
static struct str slug_from(struct arena *a, struct str name)
{
    char *slug = arena_new(a, char, name.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < name.n && n < 80; i++) {
        char c = name.s[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        bool is_word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (is_word || (n > 0 && slug[n - 1] != '-'))
            slug[n++] = is_word ? c : '-';
    }
    while (n > 0 && slug[n - 1] == '-')
        n--;
    struct str made = {slug, n};
    return slug_valid(made) ? made : STR("workload");
}

/* The folder of a path; "." where it names none. */
static const char *folder_of(struct arena *a, const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return ".";
    return slash == path ? "/" : str_cstring(a, (struct str){path, (size_t)(slash - path)});
}

/* A file: named after its folder where it is called questionnaire.json, else after itself. */
static struct workload_source from_file(struct project *p, const char *path)
{
    struct workload_source w = {.questionnaire = path, .folder = folder_of(p->a, path)};
    struct str base = path_base(str_of(path));
    if (str_is(base, QUESTIONNAIRE_NAME)) {
        char here[PATH_MAX];
        base = path_base(str_of(w.folder));
        if ((str_is(base, ".") || str_is(base, "..")) && getcwd(here, sizeof here))
            base = path_base(str_copy(p->a, str_of(here)));
    } else if (str_ends(base, STR(".json"))) {
        base.n -= sizeof ".json" - 1;
    }
    w.slug = slug_from(p->a, base);
    return w;
}

static bool unknown_workload(struct project *p, const char *argument)
{
    struct diags *ignored = diags_new(p->a);
    struct str *names = NULL;
    size_t count = 0;
    if (file_is_folder(WORKLOADS_FOLDER))
        file_list(WORKLOADS_FOLDER, p->a, &names, &count, ignored);
    struct str near = str_nearest(str_of(argument), names, count);
    struct str hint = near.n > 0 ? str_printf(p->a, "did you mean '%.*s'?", STR_ARG(near))
                                 : STR("a slug below " WORKLOADS_FOLDER
                                       ", a path to a questionnaire, or -");
    diag_error(p->d, where_file(str_of(argument)), str_cstring(p->a, hint),
               "there is no such workload");
    return false;
}

bool project_find_workload(struct project *p, const char *argument, struct workload_source *out)
{
    if (strcmp(argument, "-") == 0) {
        *out = (struct workload_source){STR("standard-input"), NULL, "."};
        return true;
    }
    struct str word = str_of(argument);
    if (slug_valid(word)) {
        const char *folder = path_join(p->a, WORKLOADS_FOLDER, argument);
        const char *path = path_join(p->a, folder, QUESTIONNAIRE_NAME);
        if (file_exists(path)) {
            *out = (struct workload_source){word, path, folder};
            return true;
        }
    }
    const char *path = argument;
    if (file_is_folder(argument))
        path = path_join(p->a, argument, QUESTIONNAIRE_NAME);
    if (!file_exists(path))
        return unknown_workload(p, argument);
    *out = from_file(p, path);
    return true;
}
