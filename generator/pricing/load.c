#include "pricing/load.h"

#include "base/arena.h"
#include "base/file.h"
#include "pricing/loader.h"

#include <stdlib.h>
#include <string.h>

/* The three files at the top and the three folders of a pricing folder. */
static const struct str TOP_FILES[] = {
    {"book.json", 9}, {"hardware.json", 13}, {"throughput.json", 15}};
static const char *const FOLDERS[] = {"machines", "platforms", "prices"};

#define TOP_FILE_COUNT (sizeof TOP_FILES / sizeof *TOP_FILES)
#define FOLDER_COUNT (sizeof FOLDERS / sizeof *FOLDERS)

/* ---- reading the folder -------------------------------------------------------------------------
 */

struct file_list {
    struct book_file *items;
    size_t count, capacity;
};

static bool is_json_file(struct str name)
{
    return name.n > 5 && name.s[0] != '.' && str_ends(name, STR(".json"));
}

static bool add_file(struct file_list *list, const char *folder, struct str name, struct arena *a,
                     struct diags *d)
{
    const char *path = path_join(a, folder, str_cstring(a, name));
    struct str text;
    if (!file_read(path, a, &text, d))
        return false;
    list->items = arena_grow(a, struct book_file, list->items, list->count, &list->capacity);
    list->items[list->count++] = (struct book_file){name, str_of(path), text};
    return true;
}

static bool is_top_file(struct str name)
{
    for (size_t i = 0; i < TOP_FILE_COUNT; i++)
        if (str_equal(name, TOP_FILES[i]))
            return true;
    return false;
}

static bool read_top(struct file_list *list, const char *folder, struct arena *a, struct diags *d)
{
    struct str *names;
    size_t count;
    bool ok = file_list(folder, a, &names, &count, d);
    for (size_t i = 0; ok && i < count; i++) {
        if (!is_json_file(names[i]))
            continue;
        if (is_top_file(names[i])) {
            ok = add_file(list, folder, names[i], a, d) && ok;
            continue;
        }
        struct str near = str_nearest(names[i], TOP_FILES, TOP_FILE_COUNT);
        const char *hint = near.s
                               ? str_cstring(a,
                                             str_printf(a, "did you mean \"%.*s\"?", STR_ARG(near)))
                               : "prices, machines and platforms stand in the folders of that name";
        diag_error(d, where_file(str_of(path_join(a, folder, str_cstring(a, names[i])))), hint,
                   "this is not a file of a price book");
        ok = false;
    }
    return ok;
}

static bool read_sub_folder(struct file_list *list, const char *folder, const char *sub,
                            struct arena *a, struct diags *d)
{
    const char *path = path_join(a, folder, sub);
    struct str *names;
    size_t count;
    if (!file_is_folder(path))
        return true; // a book of serverless platforms has no machines
    bool ok = file_list(path, a, &names, &count, d);
    for (size_t i = 0; ok && i < count; i++)
        if (is_json_file(names[i]))
            ok = add_file(list, folder, str_printf(a, "%s/%.*s", sub, STR_ARG(names[i])), a, d) &&
                 ok;
    return ok;
}

bool book_read(const char *folder, struct arena *a, struct book_file **files, size_t *count,
               struct diags *d)
{
    struct file_list list = {0};
    bool ok = false;
    if (!file_is_folder(folder)) {
        diag_error(d, where_file(str_of(folder)), "--pricing DIR names another",
                   "no pricing folder here");
    } else {
        ok = read_top(&list, folder, a, d);
        for (size_t i = 0; i < FOLDER_COUNT; i++)
            ok = read_sub_folder(&list, folder, FOLDERS[i], a, d) && ok;
    }
    *files = list.items;
    *count = list.count;
    return ok;
}

static bool has_file(const struct file_list *list, struct str name)
{
    for (size_t i = 0; i < list->count; i++)
        if (str_equal(list->items[i].name, name))
            return true;
    return false;
}

bool book_read_over(const char *folder, const char *under, struct arena *a,
                    struct book_file **files, size_t *count, struct diags *d)
{
    struct file_list list = {0};
    struct book_file *below;
    size_t below_count;
    bool ok = book_read(folder, a, &list.items, &list.count, d);
    list.capacity = list.count;
    ok = book_read(under, a, &below, &below_count, d) && ok;
    size_t own = list.count;
    for (size_t i = 0; i < below_count; i++) {
        struct file_list mine = {list.items, own, own};
        if (has_file(&mine, below[i].name))
            continue;
        list.items = arena_grow(a, struct book_file, list.items, list.count, &list.capacity);
        list.items[list.count++] = below[i];
    }
    *files = list.items;
    *count = list.count;
    return ok;
}

/* ---- book.json ----------------------------------------------------------------------------------
 */

static void load_providers(struct loader *l, struct json_reader *r)
{
    const struct json *providers;
    if (!json_required(r, "providers") || !json_object(r, "providers", &providers))
        return;
    struct provider *items = arena_new(l->a, struct provider, providers->count);
    size_t n = 0;
    for (const struct json *m = providers->child; m; m = m->next) {
        struct json_reader p;
        if (!is_id(m->key))
            diag_error(l->d, json_key_where(m), NULL, "\"%.*s\" is not an id", STR_ARG(m->key));
        items[n].id = m->key;
        if (json_reader_open(&p, m, STR("provider"), l->a, l->d)) {
            read_text_required(&p, "name", &items[n].name);
            json_reader_close(&p);
        }
        n++;
    }
    l->book->providers = items;
    l->book->provider_count = n;
    l->regions = arena_new(l->a, struct region_list, n);
}

static void load_geography_regions(struct loader *l, const struct json *regions, struct str *region)
{
    for (const struct json *m = regions->child; m; m = m->next) {
        int provider = book_provider(l->book, m->key);
        if (provider < 0) {
            struct str *ids = arena_new(l->a, struct str, l->book->provider_count);
            for (size_t i = 0; i < l->book->provider_count; i++)
                ids[i] = l->book->providers[i].id;
            diag_error(l->d, json_key_where(m),
                       hint_nearest(l, m->key, ids, l->book->provider_count, NULL),
                       "unknown provider \"%.*s\"", STR_ARG(m->key));
        } else if (m->kind != JSON_STRING || str_trim(m->string).n == 0) {
            diag_error(l->d, json_where(m), "leave it out where the provider has no region there",
                       "a region must be a word");
        } else {
            region[provider] = m->string;
            add_region(l, (size_t)provider, m->string);
        }
    }
}

static void load_residencies(struct loader *l, const struct json *list, struct geography *g)
{
    struct str *words = arena_new(l->a, struct str, list->count);
    for (const struct json *m = list->child; m; m = m->next)
        if (m->kind != JSON_STRING || !is_id(m->string))
            diag_error(l->d, json_where(m), NULL, "a residency must be an id such as \"us\"");
        else
            words[g->residency_count++] = m->string;
    g->residency = words;
}

static void load_geographies(struct loader *l, struct json_reader *r)
{
    const struct json *geographies;
    if (!json_required(r, "geographies") || !json_object(r, "geographies", &geographies))
        return;
    if (geographies->count == 0 || geographies->count > GEOGRAPHY_MAX) {
        diag_error(l->d, json_where(geographies), NULL,
                   "a book has 1 to %d geographies, this one has %zu", GEOGRAPHY_MAX,
                   geographies->count);
        return;
    }
    struct geography *items = arena_new(l->a, struct geography, geographies->count);
    size_t n = 0;
    for (const struct json *m = geographies->child; m; m = m->next) {
        struct json_reader g;
        const struct json *regions, *residencies;
        struct str *region = arena_new(l->a, struct str, l->book->provider_count);
        if (!is_id(m->key))
            diag_error(l->d, json_key_where(m), NULL, "\"%.*s\" is not an id", STR_ARG(m->key));
        items[n].id = m->key;
        items[n].region = region;
        if (json_reader_open(&g, m, STR("geography"), l->a, l->d)) {
            read_text_required(&g, "name", &items[n].name);
            if (json_required(&g, "regions") && json_object(&g, "regions", &regions))
                load_geography_regions(l, regions, region);
            if (json_array(&g, "residency", &residencies))
                load_residencies(l, residencies, &items[n]);
            json_reader_close(&g);
        }
        n++;
    }
    l->book->geographies = items;
    l->book->geography_count = n;
}

void load_book_file(struct loader *l, const struct json *root)
{
    struct json_reader r;
    if (!json_reader_open(&r, root, STR(""), l->a, l->d))
        return;
    read_format(l, &r, "breakeven-pricing/1");
    read_date_required(l, &r, "edition", &l->book->edition);
    load_providers(l, &r);
    load_geographies(l, &r);
    json_member(&r, "files"); // reserved: nothing is expected there yet
    json_reader_close(&r);
}

/* ---- the whole book -----------------------------------------------------------------------------
 */

static bool is_in(const struct book_file *file, const char *folder)
{
    struct str head, tail;
    return str_cut(file->name, '/', &head, &tail) && str_is(head, folder);
}

static int compare_files(const void *left, const void *right)
{
    const struct book_file *a = left, *b = right;
    return str_compare(a->name, b->name);
}

/* By name, so that no order in which the files come reaches an output. */
static struct book_file *sorted(const struct book_file *files, size_t count, struct arena *a)
{
    struct book_file *copy = arena_new(a, struct book_file, count);
    if (count > 0)
        memcpy(copy, files, count * sizeof *files);
    if (count > 1)
        qsort(copy, count, sizeof *copy, compare_files);
    return copy;
}

static int compare_platforms(const void *left, const void *right)
{
    const struct platform *a = left, *b = right;
    return str_compare(a->id, b->id);
}

static void finish(struct loader *l)
{
    struct book *b = l->book;
    if (l->platform_count > 1)
        qsort(l->platforms, l->platform_count, sizeof *l->platforms, compare_platforms);
    b->skus = l->skus;
    b->sku_count = l->sku_count;
    b->sets = l->sets;
    b->set_count = l->set_count;
    b->platforms = l->platforms;
    b->platform_count = l->platform_count;
    b->hardware = l->hardware;
    b->hardware_count = l->hardware_count;
    b->families = l->families;
    b->family_count = l->family_count;
}

/*
 * Prices are most of a book's bytes, and nothing of their trees is kept but strings: each tree lives in a
 * scratch arena until its file is loaded, which saves most of the memory and its page faults.
 */
static void load_prices(struct loader *l, const struct book_file *files, size_t count)
{
    struct arena *scratch = arena_create();
    for (size_t i = 0; i < count; i++) {
        if (!is_in(&files[i], "prices"))
            continue;
        const struct json *root =
            json_parse_apart(files[i].path, files[i].text, scratch, l->a, l->d);
        if (root)
            load_prices_file(l, root);
        else
            l->lacks_prices = true;
        arena_clear(scratch);
    }
    arena_destroy(scratch);
    load_prices_end(l);
}

bool book_parse(const struct book_file *given, size_t count, struct str folder, struct arena *a,
                struct book *out, struct diags *d)
{
    const struct book_file *files = sorted(given, count, a);
    size_t errors = diags_errors(d);
    memset(out, 0, sizeof *out);
    out->folder = str_copy(a, folder);
    out->edition = DATE_NONE;
    struct loader l = {.a = a, .d = d, .book = out};
    l.sku_names.a = l.hardware_names.a = l.set_names.a = l.platform_names.a =
        l.family_names.a = a;

    const struct json **roots = arena_new(a, const struct json *, count);
    bool has_book = false;
    for (size_t i = 0; i < count; i++) {
        if (is_in(&files[i], "prices"))
            continue;
        roots[i] = json_parse(files[i].path, files[i].text, a, d);
        if (!roots[i]) {
            l.lacks_machines |= is_in(&files[i], "machines");
            l.lacks_hardware |= str_is(files[i].name, "hardware.json");
        }
        if (!str_is(files[i].name, "book.json"))
            continue;
        has_book = true;
        if (roots[i])
            load_book_file(&l, roots[i]);
    }
    if (!has_book)
        diag_error(d, where_file(folder), NULL, "book.json is missing");
    if (!l.regions) // without providers everything else would be an error that is none
        return false;

    // What refers comes after what is referred to.
    for (size_t i = 0; i < count; i++)
        if (roots[i] && is_in(&files[i], "platforms"))
            load_platform_regions(&l, roots[i]);
    load_prices(&l, files, count);
    for (size_t i = 0; i < count; i++)
        if (roots[i] && str_is(files[i].name, "hardware.json"))
            load_hardware_file(&l, roots[i]);
    for (size_t i = 0; i < count; i++)
        if (roots[i] && is_in(&files[i], "machines"))
            load_machines_file(&l, roots[i]);
    for (size_t i = 0; i < count; i++)
        if (roots[i] && str_is(files[i].name, "throughput.json"))
            load_throughput_file(&l, roots[i]);
    for (size_t i = 0; i < count; i++) {
        struct str base = path_base(files[i].name);
        if (roots[i] && is_in(&files[i], "platforms"))
            load_platform_file(&l, roots[i], str_slice(base, 0, base.n - 5));
    }
    finish(&l);
    return diags_errors(d) == errors;
}

bool book_load(const char *folder, struct arena *a, struct book *out, struct diags *d)
{
    struct book_file *files;
    size_t count;
    bool ok = book_read(folder, a, &files, &count, d);
    if (count == 0) {
        memset(out, 0, sizeof *out);
        return false;
    }
    return book_parse(files, count, str_of(folder), a, out, d) && ok;
}
