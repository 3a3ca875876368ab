#include "publish/link_check.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "publish/tree.h"
#include "render/xmlcheck.h"

#include <stdlib.h>

#define HOME STR("index.html")
#define NOT_FOUND STR("404.html") /* servers show it; nothing links to it */

struct file {
    struct str path;
    bool is_page;    /* HTML */
    struct str *ids; /* sorted */
    size_t id_count;
    bool is_reached;
};

struct walk {
    const struct tree *tree;
    struct file *files; /* by path */
    size_t count;
    size_t *waiting; /* pages reached but not yet read */
    size_t waiting_count;
    struct link_counts *counts;
    struct arena *a;
    struct diags *d;
};

static int compare_texts(const void *left, const void *right)
{
    const struct str *a = left, *b = right;
    return str_compare(*a, *b);
}

static struct file *find_file(const struct walk *s, struct str path)
{
    size_t low = 0, high = s->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(s->files[middle].path, path);
        if (order == 0)
            return &s->files[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static bool has_id(const struct file *f, struct str id)
{
    return f->id_count > 0 &&
           bsearch(&id, f->ids, f->id_count, sizeof *f->ids, compare_texts) != NULL;
}

/* ---- addresses ----------------------------------------------------------------------------------
 */

/* "https:", "mailto:", "data:" ... */
static bool has_scheme(struct str address)
{
    for (size_t i = 0; i < address.n; i++) {
        char c = address.s[i];
        if (c == ':')
            return i > 0;
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '+' || c == '-' || c == '.'))
            return false;
    }
    return false;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static struct str percent_decode(struct arena *a, struct str text)
{
    char *out = arena_new(a, char, text.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        int high = i + 2 < text.n && text.s[i] == '%' ? hex_digit(text.s[i + 1]) : -1;
        int low = high >= 0 ? hex_digit(text.s[i + 2]) : -1;
        if (low >= 0) {
            out[n++] = (char)(high * 16 + low);
            i += 2;
        } else {
            out[n++] = text.s[i];
        }
    }
    return (struct str){out, n};
}

/* `address` seen from `page`, as a path of the site. False: it leaves the site. */
static bool resolve(struct arena *a, struct str page, struct str address, struct str *out)
{
    struct strbuf path = STRBUF_INIT;
    struct str part, rest = address;
    size_t folder = page.n;
    while (folder > 0 && page.s[folder - 1] != '/')
        folder--;
    strbuf_add(&path, str_slice(page, 0, folder)); // ends with a slash, or is empty
    bool more = true, ok = true;
    while (more && ok) {
        more = str_cut(rest, '/', &part, &rest);
        if (str_is(part, "..")) {
            ok = path.n > 0;
            for (path.n -= ok; path.n > 0 && path.s[path.n - 1] != '/';)
                path.n--;
        } else if (part.n > 0 && !str_is(part, ".")) {
            strbuf_add(&path, part);
            if (more)
                strbuf_addc(&path, '/');
        }
    }
    *out = strbuf_copy(&path, a);
    strbuf_release(&path);
    return ok;
}

/* ---- links --------------------------------------------------------------------------------------
 */

static void reach(struct walk *s, struct file *target)
{
    if (target->is_reached)
        return;
    target->is_reached = true;
    if (target->is_page)
        s->waiting[s->waiting_count++] = (size_t)(target - s->files);
}

static void check_link(struct walk *s, struct file *page, const struct page_link *link)
{
    struct str address, fragment, query, path = {0};
    bool has_fragment = str_cut(link->address, '#', &address, &fragment);
    str_cut(address, '?', &address, &query);
    s->counts->links++;
    if (has_scheme(link->address) || str_starts(link->address, STR("//"))) {
        bool is_loaded = link->kind == PAGE_SRC || str_is(link->rel, "stylesheet");
        if (is_loaded && !str_starts(link->address, STR("data:")))
            diag_error(s->d, link->where, "a page of the site loads nothing from other hosts",
                       "loads \"%.*s\"", STR_ARG(link->address));
        return;
    }
    struct file *target = page;
    if (address.n > 0) {
        if (address.s[0] == '/') {
            diag_error(s->d, link->where, "links are relative, so that the site works anywhere",
                       "\"%.*s\" begins at the root of a server", STR_ARG(link->address));
            return;
        }
        bool is_inside = resolve(s->a, page->path, percent_decode(s->a, address), &path);
        target = is_inside ? find_file(s, path) : NULL;
        if (!target && is_inside && (path.n == 0 || str_ends(path, STR("/")))) {
            diag_error(s->d, link->where, "name the file, so that it works without a server",
                       "\"%.*s\" leads to a folder", STR_ARG(link->address));
            return;
        }
        if (!target) {
            diag_error(s->d, link->where, NULL, "broken link: \"%.*s\" is not there",
                       STR_ARG(link->address));
            return;
        }
        reach(s, target);
    }
    struct str id = percent_decode(s->a, fragment);
    if (has_fragment && id.n > 0 && target->is_page && !str_is(id, "top") && !has_id(target, id))
        diag_error(s->d, link->where, NULL, "broken link: %.*s has no id \"%.*s\"",
                   STR_ARG(target->path), STR_ARG(id));
}

/* ---- pages --------------------------------------------------------------------------------------
 */

/* "FOLDER/PATH", as diagnostics show it. */
static struct str shown(const struct walk *s, struct str path)
{
    return str_printf(s->a, "%s/%.*s", s->tree->path, STR_ARG(path));
}

static bool read_page(struct walk *s, const struct file *f, struct page_links *links,
                      struct diags *d)
{
    struct str text;
    bool missing;
    return tree_read(s->tree, f->path, s->a, &text, &missing, s->d) &&
           xml_check(shown(s, f->path), text, s->a, links, d);
}

/* The first reading: ids, and whether the page is well-formed. */
static void read_ids(struct walk *s, struct file *f)
{
    struct page_links links = {0};
    read_page(s, f, &links, s->d);
    f->ids = arena_new(s->a, struct str, links.id_count);
    for (size_t i = 0; i < links.id_count; i++)
        f->ids[i] = links.ids[i].id;
    f->id_count = links.id_count;
    if (f->id_count > 1)
        qsort(f->ids, f->id_count, sizeof *f->ids, compare_texts);
    s->counts->pages++;
}

/* The second: where its links lead. */
static void read_links(struct walk *s, struct file *f)
{
    struct page_links links = {0};
    struct diags *said_before = diags_new(s->a);
    read_page(s, f, &links, said_before);
    for (size_t i = 0; i < links.link_count; i++)
        check_link(s, f, &links.links[i]);
}

static void read_waiting(struct walk *s)
{
    while (s->waiting_count > 0)
        read_links(s, &s->files[s->waiting[--s->waiting_count]]);
}

bool links_check(const char *folder, struct arena *a, struct link_counts *counts, struct diags *d)
{
    struct tree tree;
    struct str *paths;
    size_t count, before = diags_errors(d);
    *counts = (struct link_counts){0};
    if (!tree_open(&tree, folder, false, d))
        return false;
    if (tree.fd < 0) {
        diag_error(d, where_file(str_of(folder)), "'breakeven build' makes it",
                   "there is no site here");
        return false;
    }
    bool ok = tree_list(&tree, a, &paths, &count, d);
    struct walk s = {.tree = &tree, .count = count, .counts = counts, .a = a, .d = d};
    s.files = arena_new(a, struct file, count);
    s.waiting = arena_new(a, size_t, count);
    for (size_t i = 0; ok && i < count; i++) {
        struct file *f = &s.files[i];
        f->path = paths[i];
        f->is_page = str_ends(paths[i], STR(".html"));
        if (f->is_page)
            read_ids(&s, f);
    }
    struct file *home = ok ? find_file(&s, HOME) : NULL;
    if (ok && !home)
        diag_error(d, where_file(shown(&s, HOME)), NULL, "the site has no home page");
    if (home)
        reach(&s, home);
    read_waiting(&s);
    for (size_t i = 0; home && i < count; i++) {
        struct file *f = &s.files[i];
        if (!f->is_page || f->is_reached)
            continue;
        if (!str_equal(f->path, NOT_FOUND))
            diag_error(d, where_file(shown(&s, f->path)), "link to it, or remove it",
                       "orphan: no page leads here");
        reach(&s, f); // its own links are looked at all the same
        read_waiting(&s);
    }
    tree_close(&tree);
    return diags_errors(d) == before;
}
