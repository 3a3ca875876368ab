#include "command/site_files.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "command/workers.h"
#include "render/csv_costs.h"
#include "render/json_claims.h"
#include "render/json_index.h"
#include "render/json_report.h"
#include "render/xmlcheck.h"
#include "source/json_scan.h"

#define QUESTIONNAIRE_SCHEMA STR("schema/questionnaire.schema.json")

void site_files_init(struct site_files *f, const struct project *p, const struct site_sink *sink)
{
    *f = (struct site_files){.p = p, .sink = sink};
    f->pages = (struct pages){
        .site = &p->site, .templates = p->templates, .stylesheet = p->stylesheet};
}

/* ---- one file -----------------------------------------------------------------------------------
 */

static bool is_sound(struct str path, struct str bytes, struct arena *a, struct diags *d)
{
    if (str_ends(path, STR(".html")) || str_ends(path, STR(".svg")) || str_ends(path, STR(".xml")))
        return xml_check(path, bytes, a, NULL, d);
    if (str_ends(path, STR(".json")))
        return json_scan_check(path, bytes, a, d);
    return true;
}

/* Checks a finished file and hands it on; empties the buffer. */
static bool deliver(const struct site_files *f, struct str path, enum publish_phase phase,
                    struct strbuf *bytes, struct arena *a, struct diags *d)
{
    bool ok = !bytes->overflowed;
    if (!ok)
        diag_error(d, where_file(path), NULL, "the file would be larger than %zu MiB",
                   STRBUF_MAX_DEFAULT >> 20);
    struct arena_mark mark = arena_mark(a);
    size_t said = diags_count(d);
    ok = ok && is_sound(path, strbuf_str(bytes), a, d);
    if (diags_count(d) == said)
        arena_rewind(a, mark); // diagnostics may lie behind the mark
    ok = ok && f->sink->file(f->sink->context, path, phase, strbuf_str(bytes), d);
    strbuf_clear(bytes);
    bytes->overflowed = false;
    return ok;
}

/* ---- one report ---------------------------------------------------------------------------------
 */

static bool make_json(const struct pages *p, const struct report *r, struct report_tree *t,
                      struct arena *a, struct strbuf *out, struct diags *d)
{
    (void)p;
    (void)t;
    (void)a;
    (void)d;
    json_report(r, out);
    return true;
}

static bool make_csv(const struct pages *p, const struct report *r, struct report_tree *t,
                     struct arena *a, struct strbuf *out, struct diags *d)
{
    (void)p;
    (void)t;
    (void)a;
    (void)d;
    csv_costs(r, out);
    return true;
}

static const struct report_file {
    const char *name;
    bool (*make)(const struct pages *p, const struct report *r, struct report_tree *t,
                 struct arena *a, struct strbuf *out, struct diags *d);
} REPORT_FILES[] = {
    {"report.json", make_json},          {"costs.csv", make_csv},     {"report.md", mdown_report},
    {"report.html", html_report_single}, {"index.html", html_report},
};

/* "SLUG/NAME" in the arena. */
static struct str below(struct arena *a, struct str folder, const char *name)
{
    return str_printf(a, "%.*s/%s", STR_ARG(folder), name);
}

bool site_report_files(const struct site_files *f, const struct report *r, struct arena *a,
                       struct diags *d)
{
    struct strbuf bytes = STRBUF_INIT;
    struct report_tree *tree = report_tree_new(a);
    struct str slug = r->decision->slug;
    bool ok = true;
    for (size_t i = 0; i < CHART_FILE_COUNT; i++) {
        enum chart_file chart = (enum chart_file)i;
        if (chart_file_draw(r, chart, &bytes))
            ok = deliver(f, below(a, slug, chart_file_name(chart)), PUBLISH_REPORT, &bytes, a, d) &&
                 ok;
    }
    for (size_t i = 0; i < sizeof REPORT_FILES / sizeof *REPORT_FILES; i++) {
        const struct report_file *file = &REPORT_FILES[i];
        ok = file->make(&f->pages, r, tree, a, &bytes, d) &&
             deliver(f, below(a, slug, file->name), PUBLISH_REPORT, &bytes, a, d) && ok;
        strbuf_clear(&bytes); // where it could not be made, its beginning lies there
    }
    strbuf_release(&bytes);
    return ok;
}

/* ---- the site's own files -----------------------------------------------------------------------
 */

enum page_kind {
    PAGE_INDEX,
    PAGE_INDEX_JSON,
    PAGE_FEED,
    PAGE_SITEMAP,
    PAGE_PRICES,
    PAGE_PRICE,
    PAGE_CHANGES,
    PAGE_METHOD,
    PAGE_CLAIMS,
    PAGE_CLAIMS_JSON,
    PAGE_QUESTIONNAIRE,
    PAGE_PROSE,
    PAGE_NOT_FOUND,
    PAGE_QUESTIONNAIRE_SCHEMA,
    PAGE_ASSET
};

/* One page to be made. */
struct site_page {
    enum page_kind kind;
    enum publish_phase phase;
    struct str path;
    const struct price_page *price;    /* PAGE_PRICE */
    const struct project_file *source; /* PAGE_PROSE, PAGE_ASSET */
    struct diags *d;                   /* NULL: nothing was found */
    bool is_made;
};

struct page_list {
    const struct site_files *f;
    struct site_page *items;
    size_t count, capacity;
    struct str *addresses; /* for the sitemap */
    size_t address_count;
};

static struct site_page *add_page(struct page_list *l, struct arena *a, enum page_kind kind,
                                  enum publish_phase phase, struct str path)
{
    l->items = arena_grow(a, struct site_page, l->items, l->count, &l->capacity);
    l->items[l->count] = (struct site_page){.kind = kind, .phase = phase, .path = path};
    return &l->items[l->count++];
}

/* Prose of these names is part of a page that the program makes. */
static bool is_own_page(struct str name)
{
    return str_is(name, "method") || str_is(name, "questionnaire") || str_is(name, "claims");
}

static bool read_prose(struct site_files *f, struct arena *a)
{
    const struct project *p = f->p;
    struct page_prose *prose = arena_new(a, struct page_prose, p->page_count);
    bool ok = true;
    for (size_t i = 0; i < p->page_count; i++) {
        const struct project_file *file = &p->pages[i];
        struct page_prose *one = &prose[f->pages.prose_count];
        if (!is_own_page(file->name))
            continue;
        *one = (struct page_prose){.name = file->name, .path = str_of(file->path)};
        ok = file_read(file->path, a, &one->markdown, p->d) && ok;
        f->pages.prose_count++;
    }
    f->pages.prose = prose;
    return ok;
}

static void list_pages(struct page_list *l, struct arena *a)
{
    const struct project *p = l->f->p;
    const struct price_page *prices;
    size_t price_count = price_pages(&p->book, a, &prices);
    add_page(l, a, PAGE_INDEX, PUBLISH_INDEX, STR("index.html"));
    add_page(l, a, PAGE_INDEX_JSON, PUBLISH_INDEX, STR("index.json"));
    add_page(l, a, PAGE_FEED, PUBLISH_INDEX, STR("feed.xml"));
    if (p->site.base_url.n > 0)
        add_page(l, a, PAGE_SITEMAP, PUBLISH_INDEX, STR("sitemap.xml"));
    add_page(l, a, PAGE_PRICES, PUBLISH_PAGE, STR("prices/index.html"));
    for (size_t i = 0; i < price_count; i++)
        add_page(l, a, PAGE_PRICE, PUBLISH_PAGE,
                 str_printf(a, "prices/%.*s.html", STR_ARG(prices[i].name)))
            ->price = &prices[i];
    add_page(l, a, PAGE_CHANGES, PUBLISH_PAGE, STR("changes/index.html"));
    add_page(l, a, PAGE_METHOD, PUBLISH_PAGE, STR("method/index.html"));
    add_page(l, a, PAGE_CLAIMS, PUBLISH_PAGE, STR("claims/index.html"));
    add_page(l, a, PAGE_CLAIMS_JSON, PUBLISH_ASSET, STR("claims.json"));
    add_page(l, a, PAGE_QUESTIONNAIRE, PUBLISH_PAGE, STR("questionnaire/index.html"));
    add_page(l, a, PAGE_NOT_FOUND, PUBLISH_PAGE, STR("404.html"));
    add_page(l, a, PAGE_QUESTIONNAIRE_SCHEMA, PUBLISH_ASSET, QUESTIONNAIRE_SCHEMA);
    for (size_t i = 0; i < p->page_count; i++)
        if (!is_own_page(p->pages[i].name))
            add_page(l, a, PAGE_PROSE, PUBLISH_PAGE,
                     str_printf(a, "%.*s/index.html", STR_ARG(p->pages[i].name)))
                ->source = &p->pages[i];
    for (size_t i = 0; i < p->asset_count; i++)
        add_page(l, a, PAGE_ASSET, PUBLISH_ASSET, p->assets[i].name)->source = &p->assets[i];
}

/* Pages that people read, home first, then decisions, then the others. */
static void list_addresses(struct page_list *l, struct arena *a)
{
    const struct site *s = &l->f->p->site;
    l->addresses = arena_new(a, struct str, l->count + s->report_count);
    l->addresses[l->address_count++] = STR("index.html");
    for (size_t i = 0; i < s->report_count; i++)
        l->addresses[l->address_count++] = below(a, s->reports[i].slug, "index.html");
    for (size_t i = 0; i < l->count; i++)
        if (l->items[i].phase == PUBLISH_PAGE && l->items[i].kind != PAGE_NOT_FOUND)
            l->addresses[l->address_count++] = l->items[i].path;
}

static bool copy_file(const struct project_file *file, struct arena *a, struct strbuf *out,
                      struct diags *d)
{
    struct str text;
    if (!file_read(file->path, a, &text, d))
        return false;
    strbuf_add(out, text);
    return true;
}

static bool make_prose(const struct pages *p, const struct project_file *file, struct arena *a,
                       struct strbuf *out, struct diags *d)
{
    struct str text;
    return file_read(file->path, a, &text, d) &&
           html_page(p, file->name, str_of(file->path), text, a, out, d);
}

static bool make_page(const struct page_list *l, const struct site_page *page, struct arena *a,
                      struct strbuf *out, struct diags *d)
{
    const struct pages *p = &l->f->pages;
    switch (page->kind) {
    case PAGE_INDEX: return html_index(p, a, out, d);
    case PAGE_INDEX_JSON: json_index(p->site, out); return true;
    case PAGE_FEED: return xml_feed(p, a, out, d);
    case PAGE_SITEMAP: return xml_sitemap(p, l->addresses, l->address_count, a, out, d);
    case PAGE_PRICES: return html_prices(p, a, out, d);
    case PAGE_PRICE: return html_price(p, page->price, a, out, d);
    case PAGE_CHANGES: return html_changes(p, a, out, d);
    case PAGE_METHOD: return html_method(p, a, out, d);
    case PAGE_CLAIMS: return html_claims(p, a, out, d);
    case PAGE_CLAIMS_JSON: json_claims(p->site, a, out); return true;
    case PAGE_QUESTIONNAIRE: return html_questionnaire(p, a, out, d);
    case PAGE_PROSE: return make_prose(p, page->source, a, out, d);
    case PAGE_NOT_FOUND: return html_404(p, a, out, d);
    case PAGE_QUESTIONNAIRE_SCHEMA: questionnaire_schema(out); return true;
    case PAGE_ASSET: return copy_file(page->source, a, out, d);
    }
    return false;
}

static void make_one(void *context, size_t index, const struct worker *worker)
{
    const struct page_list *l = context;
    struct site_page *page = &l->items[index];
    struct diags *d = diags_new(worker->scratch);
    struct strbuf bytes = STRBUF_INIT;
    page->is_made = make_page(l, page, worker->scratch, &bytes, d) &&
                    deliver(l->f, page->path, page->phase, &bytes, worker->scratch, d);
    if (diags_count(d) > 0) {
        page->d = diags_new(worker->keep);
        diags_append(page->d, d);
    }
    strbuf_release(&bytes);
}

bool site_page_files(struct site_files *f, struct workers *w)
{
    struct page_list l = {.f = f};
    struct arena *a = f->p->a;
    bool ok = true;
    ok = read_prose(f, a);
    pages_prepare(&f->pages, a);
    list_pages(&l, a);
    list_addresses(&l, a);
    workers_run(w, l.count, make_one, &l, NULL);
    for (size_t i = 0; i < l.count; i++) {
        if (l.items[i].d)
            diags_append(f->p->d, l.items[i].d);
        ok = l.items[i].is_made && ok;
    }
    return ok;
}
