/* Pages, feed and site map of the whole site. */
#include "base/arena.h"
#include "base/diag.h"
#include "base/hash.h"
#include "base/strbuf.h"
#include "render/chart.h"
#include "render/html.h"
#include "render/markdown.h"
#include "report/wording.h"

#include <math.h>

#define MOST_CHANGES ((size_t)60) /* of one edition on the changes page; the rest are counted */

/* ---- the portfolio ---- */

static void draw_portfolio(const struct site *s, struct value **rows, struct value *index, struct arena *a)
{
    const double width = 104;
    struct scale axis = {0, 1, 2, width - 6, false};
    for (size_t i = 0; i < s->report_count; i++)
        if (s->reports[i].has_cost)
            axis.to = fmax(axis.to, isfinite(s->reports[i].p90_usd) ? s->reports[i].p90_usd : s->reports[i].monthly_usd);
    axis.to *= 1.05;
    struct strbuf sb = STRBUF_INIT;
    chart_interval_head(&sb, &axis, width);
    value_set(index, "axis", drawing_take(&sb, a));
    for (size_t i = 0; i < s->report_count; i++) {
        const struct report_summary *r = &s->reports[i];
        if (r->has_cost && r->class < CLASS_NONE)
            chart_interval(&sb, &axis, width, r->class, r->p10_usd, r->monthly_usd, r->p90_usd);
        value_set(rows[i], "drawing", drawing_take(&sb, a));
    }
    strbuf_release(&sb);
}

static void draw_effects(const struct pages *p, const struct edition *latest, struct value *index,
                         struct arena *a)
{
    struct strbuf sb = STRBUF_INIT;
    struct str *titles = arena_new(a, struct str, p->effect_count);
    struct decision_effect *effects = arena_new(a, struct decision_effect, p->effect_count);
    size_t count = 0;
    for (size_t i = 0; latest && i < p->effect_count; i++) {
        if (date_compare(p->effects[i].date, latest->date) != 0)
            continue;
        titles[count] = p->effects[i].slug;
        for (size_t k = 0; k < p->site->report_count; k++)
            if (str_equal(p->site->reports[k].slug, p->effects[i].slug))
                titles[count] = p->site->reports[k].title;
        effects[count++] = p->effects[i];
    }
    if (chart_effects(&sb, effects, titles, count, CHART_FULL))
        chart_effects(&sb, effects, titles, count, CHART_SLIM);
    value_set(index, "effects_chart", drawing_take(&sb, a));
    strbuf_release(&sb);
}

static const struct model_uses *uses_of_site(const struct pages *p, struct arena *a)
{
    if (p->uses)
        return p->uses;
    struct model_uses *uses = arena_new(a, struct model_uses, 1);
    model_uses_make(p->site, a, uses);
    return uses;
}

void pages_prepare(struct pages *p, struct arena *a)
{
    struct model_uses *uses = arena_new(a, struct model_uses, 1);
    model_uses_make(p->site, a, uses);
    p->uses = uses;
}

bool html_index(const struct pages *p, struct arena *a, struct strbuf *out, struct diags *d)
{
    const struct site *s = p->site;
    struct model_page page = {.to_root = "", .section = STR("index.html"), .title = STR("Decisions"),
                              .description = STR("Where each AI workload runs, what it costs, and how close "
                                                 "each choice is to flipping.")};
    struct value *root = model_page(s, &page, a);
    struct value **rows;
    struct value *index = model_index(s, p->effects, p->effect_count, a, &rows);
    draw_portfolio(s, rows, index, a);
    const struct edition *editions;
    size_t count;
    changes_collect(s->book, a, &editions, &count);
    size_t at = 0;
    while (at < count && editions[at].is_scheduled)
        at++;
    const struct edition *latest = at < count ? &editions[at] : NULL;
    value_set(index, "changes", model_changes(s, uses_of_site(p, a), latest, latest ? 1 : 0, p->effects,
                                              p->effect_count, 1, 6, "", a));
    draw_effects(p, latest, index, a);
    value_set(root, "index", index);
    return page_render(p, STR("index.html"), root, out, d);
}

/* ---- prices ---- */

bool html_prices(const struct pages *p, struct arena *a, struct strbuf *out, struct diags *d)
{
    struct model_page page = {.to_root = "../", .section = STR("prices/index.html"),
                              .title = STR("Price book"),
                              .description = STR("Unit prices with effective dates, history, sources and "
                                                 "the decisions that use them.")};
    struct value *root = model_page(p->site, &page, a);
    const struct edition *editions;
    size_t count;
    changes_collect(p->site->book, a, &editions, &count);
    value_set(root, "prices", model_prices(p->site, uses_of_site(p, a), editions, count, a));
    return page_render(p, STR("prices.html"), root, out, d);
}

size_t price_pages(const struct book *b, struct arena *a, const struct price_page **pages)
{
    struct model_service *services;
    size_t count = model_services(b, a, &services);
    struct price_page *list = arena_new(a, struct price_page, count);
    for (size_t i = 0; i < count; i++)
        list[i] = (struct price_page){
            .name = model_price_page_name(services[i].provider, services[i].service, services[i].purchase, a),
            .provider = services[i].provider,
            .service = services[i].service,
            .purchase = services[i].purchase,
        };
    *pages = list;
    return count;
}

bool html_price(const struct pages *p, const struct price_page *page, struct arena *a,
                struct strbuf *out, struct diags *d)
{
    const struct book *b = p->site->book;
    struct model_service *services;
    size_t count = model_services(b, a, &services);
    const struct model_service *service = NULL;
    for (size_t i = 0; i < count; i++)
        if (str_equal(services[i].provider, page->provider) &&
            str_equal(services[i].service, page->service) &&
            str_equal(services[i].purchase, page->purchase))
            service = &services[i];
    if (!service) {
        diag_error(d, where_file(page->name), NULL, "the price book has no such service");
        return false;
    }
    struct model_page place = {
        .to_root = "../", .section = STR("prices/index.html"),
        .title = page->purchase.n > 0 ? str_printf(a, "%.*s, %.*s, prices", STR_ARG(page->service), STR_ARG(page->purchase))
                                      : str_printf(a, "%.*s, prices", STR_ARG(page->service)),
        .description = str_printf(a, "Unit prices of %.*s with dates, sources and history.", STR_ARG(page->service))};
    struct value *root = model_page(p->site, &place, a);
    struct model_history *drawings;
    size_t drawing_count;
    value_set(root, "service", model_service_page(p->site, uses_of_site(p, a), service, "../", a, &drawings, &drawing_count));
    /* One axis of time for the page: from its first price to the book's edition. */
    struct date first = b->edition;
    for (size_t i = 0; i < drawing_count; i++)
        if (date_compare(drawings[i].rows[0].from, first) < 0)
            first = drawings[i].rows[0].from;
    struct strbuf sb = STRBUF_INIT;
    for (size_t i = 0; i < drawing_count; i++) {
        chart_history(&sb, drawings[i].rows, drawings[i].count, first, b->edition);
        value_set(drawings[i].row, "drawing", drawing_take(&sb, a));
    }
    date_add(&sb, first);
    value_set_text(root, "history_from", strbuf_str(&sb));
    strbuf_release(&sb);
    return page_render(p, STR("price.html"), root, out, d);
}

bool html_changes(const struct pages *p, struct arena *a, struct strbuf *out, struct diags *d)
{
    struct model_page page = {.to_root = "../", .section = STR("changes/index.html"),
                              .title = STR("Price changes"),
                              .description = STR("What each edition of the price book changed, and what "
                                                 "it did to the decisions.")};
    struct value *root = model_page(p->site, &page, a);
    const struct edition *editions;
    size_t count;
    changes_collect(p->site->book, a, &editions, &count);
    value_set(root, "changes", model_changes(p->site, uses_of_site(p, a), editions, count, p->effects,
                                             p->effect_count, 40, MOST_CHANGES, "../", a));
    return page_render(p, STR("changes.html"), root, out, d);
}

/* ---- method, questionnaire, prose, not found ---- */

/* What someone wrote for a page that is made from data, under its first heading's own words. */
static bool put_prose(const struct pages *p, struct str name, struct value *root, struct arena *a,
                      struct diags *d)
{
    value_set(root, "prose", value_null());
    for (size_t i = 0; i < p->prose_count; i++) {
        const struct page_prose *prose = &p->prose[i];
        struct str html;
        if (!str_equal(prose->name, name))
            continue;
        if (!markdown_html(prose->path, prose->markdown, 1, "guide-", a, &html, d))
            return false;
        value_set_html(root, "prose", html);
    }
    return true;
}

bool html_method(const struct pages *p, struct arena *a, struct strbuf *out, struct diags *d)
{
    struct model_page page = {.to_root = "../", .section = STR("method/index.html"), .title = STR("Method"),
                              .description = STR("How verdicts are made: limits, prices, uncertainty, rules "
                                                 "and their sources.")};
    struct value *root = model_page(p->site, &page, a);
    value_set(root, "method", model_method(p->site, a));
    return put_prose(p, STR("method"), root, a, d) &&
           page_render(p, STR("method.html"), root, out, d);
}

bool html_claims(const struct pages *p, struct arena *a, struct strbuf *out, struct diags *d)
{
    struct model_page page = {.to_root = "../", .section = STR("claims/index.html"), .title = STR("Published claims"),
                              .description = STR("What five articles state about AI platforms, recomputed from "
                                                 "dated prices.")};
    struct value *root = model_page(p->site, &page, a);
    value_set(root, "claims", model_claims(p->site, a));
    return page_render(p, STR("claims.html"), root, out, d);
}

bool html_questionnaire(const struct pages *p, struct arena *a, struct strbuf *out, struct diags *d)
{
    struct model_page page = {.to_root = "../", .section = STR("questionnaire/index.html"),
                              .title = STR("Questionnaire"),
                              .description = STR("How to fill in a questionnaire: every field, its unit, its "
                                                 "range and where to find the figure.")};
    struct value *root = model_page(p->site, &page, a);
    value_set(root, "questionnaire", model_questionnaire(a));
    return put_prose(p, STR("questionnaire"), root, a, d) &&
           page_render(p, STR("questionnaire.html"), root, out, d);
}

/* The first heading is the page's title and leaves the text; NAME where there is none. */
static struct str take_title(struct str *markdown, struct str name)
{
    struct str rest = *markdown;
    struct str line;
    while (str_next_line(&rest, &line)) {
        struct str text = str_trim(line);
        if (text.n == 0)
            continue;
        if (!str_starts(text, STR("# ")))
            break;
        *markdown = rest;
        return str_trim(str_slice(text, 2, text.n));
    }
    return name;
}

bool html_page(const struct pages *p, struct str name, struct str path, struct str markdown,
               struct arena *a, struct strbuf *out, struct diags *d)
{
    struct str text = markdown;
    struct model_page page = {.to_root = "../", .section = str_printf(a, "%.*s/index.html", STR_ARG(name))};
    page.title = take_title(&text, name);
    page.description = page.title;
    struct value *root = model_page(p->site, &page, a);
    struct str html;
    if (!markdown_html(path, text, 0, "", a, &html, d))
        return false;
    value_set_html(root, "body", html);
    return page_render(p, STR("page.html"), root, out, d);
}

bool html_404(const struct pages *p, struct arena *a, struct strbuf *out, struct diags *d)
{
    struct model_page page = {.to_root = "", .title = STR("Not found"),
                              .description = STR("There is no such page.")};
    return page_render(p, STR("404.html"), model_page(p->site, &page, a), out, d);
}

/* ---- feed and site map ---- */

/* A UUID (RFC 9562, version 8: free to define) from the SHA-256 of fields: the same inputs, the same id. */
static struct str uuid_of(struct arena *a, struct str kind, struct str one, struct str two)
{
    static const char HEX[] = "0123456789abcdef";
    struct sha256 h;
    unsigned char digest[32];
    sha256_init(&h);
    sha256_add_field(&h, STR(PROGRAM_NAME));
    sha256_add_field(&h, kind);
    sha256_add_field(&h, one);
    sha256_add_field(&h, two);
    sha256_final(&h, digest);
    digest[6] = (unsigned char)(0x80 | (digest[6] & 0x0f));
    digest[8] = (unsigned char)(0x80 | (digest[8] & 0x3f));
    struct strbuf sb = STRBUF_INIT;
    strbuf_adds(&sb, "urn:uuid:");
    for (size_t i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            strbuf_addc(&sb, '-');
        strbuf_addc(&sb, HEX[digest[i] >> 4]);
        strbuf_addc(&sb, HEX[digest[i] & 15]);
    }
    struct str id = strbuf_copy(&sb, a);
    strbuf_release(&sb);
    return id;
}

static struct str address_in(const struct site *s, struct str path, struct arena *a)
{
    if (s->base_url.n == 0)
        return path;
    bool has_slash = str_ends(s->base_url, STR("/"));
    return str_printf(a, "%.*s%s%.*s", STR_ARG(s->base_url), has_slash ? "" : "/", STR_ARG(path));
}

/* The day that an entry last changed: the decision's own day or the day of its prices. */
static struct date updated_on(const struct report_summary *r)
{
    struct date day = r->as_of;
    if (!date_is_none(r->date) && (date_is_none(day) || date_compare(r->date, day) > 0))
        day = r->date;
    return day;
}

static struct str timestamp(struct date day, struct arena *a)
{
    if (date_is_none(day))
        return STR("1970-01-01T00:00:00Z");
    struct strbuf sb = STRBUF_INIT;
    date_add(&sb, day);
    strbuf_adds(&sb, "T00:00:00Z"); /* pages carry no time of day */
    struct str text = strbuf_copy(&sb, a);
    strbuf_release(&sb);
    return text;
}

static void add_entry(struct value *entries, const struct site *s, const struct report_summary *r,
                      struct arena *a)
{
    struct value *o = value_append_object(entries);
    struct str path = str_printf(a, "%.*s/index.html", STR_ARG(r->slug));
    value_set_text(o, "title", r->title);
    value_set_text(o, "href", address_in(s, path, a));
    /* An entry is a state of a decision: with new inputs it is a new entry, as readers expect of a feed. */
    value_set_text(o, "id", uuid_of(a, STR("decision"), r->slug, r->inputs_sha256));
    value_set_text(o, "updated", timestamp(updated_on(r), a));
    value_set_text(o, "author", r->owner.n > 0 ? r->owner : s->title);
    struct strbuf sb = STRBUF_INIT;
    wording_capital(&sb, str_of(status_word(r->status)));
    strbuf_adds(&sb, ". ");
    switch (r->verdict) {
    case VERDICT_DECIDED:
        if (r->class < CLASS_NONE)
            strbuf_adds(&sb, class_wording(r->class)->word);
        break;
    case VERDICT_TOO_CLOSE: strbuf_adds(&sb, "Too close"); break;
    case VERDICT_INFEASIBLE: strbuf_adds(&sb, "No option meets every answer"); break;
    case VERDICT_UNDECIDABLE: strbuf_adds(&sb, "Undecidable: answers are missing"); break;
    }
    if (r->option_name.n > 0) {
        strbuf_adds(&sb, ": ");
        strbuf_add(&sb, r->option_name);
    }
    if (r->has_cost) {
        strbuf_adds(&sb, ", ");
        money_headline(&sb, r->monthly);
        strbuf_adds(&sb, " a month");
    }
    if (r->runner_up_name.n > 0 && isfinite(r->margin)) {
        strbuf_adds(&sb, "; ");
        strbuf_add(&sb, r->runner_up_name);
        strbuf_adds(&sb, " costs ");
        wording_percent(&sb, r->margin);
        strbuf_adds(&sb, " more");
    }
    strbuf_addc(&sb, '.');
    value_set_text(o, "summary", strbuf_str(&sb));
    strbuf_release(&sb);
    struct value *categories = value_set_list(o, "categories");
    for (size_t i = 0; i < r->tag_count; i++)
        value_set_text(value_append_object(categories), "term", r->tags[i]);
}

static int newer_first(const struct report_summary *a, const struct report_summary *b)
{
    int by = date_compare(updated_on(b), updated_on(a));
    return by != 0 ? by : str_compare(a->slug, b->slug);
}

#define MOST_ENTRIES ((size_t)100) /* feeds are read often; older entries have been read */

bool xml_feed(const struct pages *p, struct arena *a, struct strbuf *out, struct diags *d)
{
    const struct site *s = p->site;
    struct model_page page = {.to_root = "", .title = s->title};
    struct value *root = model_page(s, &page, a);
    struct value *feed = value_set_object(root, "feed");
    /* The newest hundred, by a partial insertion sort: 10,000 decisions stay cheap. */
    const struct report_summary *newest[MOST_ENTRIES];
    size_t count = 0;
    for (size_t i = 0; i < s->report_count; i++) {
        const struct report_summary *r = &s->reports[i];
        if (count == MOST_ENTRIES && newer_first(newest[count - 1], r) <= 0)
            continue;
        size_t at = count < MOST_ENTRIES ? count++ : count - 1;
        for (; at > 0 && newer_first(r, newest[at - 1]) < 0; at--)
            newest[at] = newest[at - 1];
        newest[at] = r;
    }
    value_set_text(feed, "id", uuid_of(a, STR("site"), s->title, s->organisation));
    value_set_text(feed, "updated", timestamp(count > 0 ? updated_on(newest[0]) : s->book->edition, a));
    value_set_text(feed, "self", address_in(s, STR("feed.xml"), a));
    value_set_text(feed, "home", address_in(s, STR("index.html"), a));
    struct value *entries = value_set_list(feed, "entries");
    for (size_t i = 0; i < count; i++)
        add_entry(entries, s, newest[i], a);
    return page_render(p, STR("feed.xml"), root, out, d);
}

bool xml_sitemap(const struct pages *p, const struct str *addresses, size_t count, struct arena *a,
                 struct strbuf *out, struct diags *d)
{
    struct model_page page = {.to_root = "", .title = p->site->title};
    struct value *root = model_page(p->site, &page, a);
    struct value *list = value_set_list(root, "addresses");
    for (size_t i = 0; i < count; i++)
        value_set_text(value_append_object(list), "href", address_in(p->site, addresses[i], a));
    return page_render(p, STR("sitemap.xml"), root, out, d);
}
