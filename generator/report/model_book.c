/* The price book: its index, and a page for every service. */
#include "report/maker.h"

#include "base/arena.h"

#include <math.h>
#include <stdint.h>

#define MOST_USERS ((size_t)8)       /* named beside a price; the rest are counted */
#define MOST_EDITIONS ((size_t)12) /* on the index; the changes page has all */

/* ---- addresses ---- */

/* "spot" of "aws-ec2-g5.xlarge:spot"; empty where the SKU is sold one way only. */
static struct str purchase_of(const struct sku *sku)
{
    size_t at = str_find(sku->id, STR(":"));
    return str_slice(sku->id, at + 1, sku->id.n);
}

/* Lower-case letters and digits of a name, everything else as single hyphens. */
static void add_slug(struct strbuf *sb, struct str text)
{
    bool due = false;
    size_t start = sb->n;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.s[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
            if (due && sb->n > start)
                strbuf_addc(sb, '-');
            due = false;
            strbuf_addc(sb, c);
        } else {
            due = true;
        }
    }
}

struct str model_price_page_name(struct str provider, struct str service, struct str purchase,
                                 struct arena *a)
{
    struct strbuf sb = STRBUF_INIT;
    add_slug(&sb, provider);
    strbuf_addc(&sb, '-');
    add_slug(&sb, service);
    if (purchase.n > 0) {
        strbuf_addc(&sb, '-');
        add_slug(&sb, purchase);
    }
    struct str name = strbuf_copy(&sb, a);
    strbuf_release(&sb);
    return name;
}

struct str model_price_address(const struct sku *sku, struct arena *a)
{
    struct str name = model_price_page_name(sku->provider, sku->service, purchase_of(sku), a);
    return str_printf(a, "prices/%.*s.html", STR_ARG(name));
}

/* ---- services ---- */

static bool same_page(const struct sku *a, const struct sku *b)
{
    return str_equal(a->provider, b->provider) && str_equal(a->service, b->service) &&
           str_equal(purchase_of(a), purchase_of(b));
}

size_t model_services(const struct book *b, struct arena *a, struct model_service **services)
{
    size_t count = 0;
    size_t capacity = 0;
    struct model_service *list = NULL;
    for (size_t i = 0; i < b->sku_count; i++) {
        size_t k = 0;
        while (k < count && !same_page(list[k].first, &b->skus[i]))
            k++;
        if (k == count) {
            if (count == capacity)
                list = arena_grow(a, struct model_service, list, count, &capacity);
            list[count++] = (struct model_service){.first = &b->skus[i],
                                                   .provider = b->skus[i].provider,
                                                   .service = b->skus[i].service,
                                                   .purchase = purchase_of(&b->skus[i])};
        }
        list[k].sku_count++;
    }
    /* By provider in the book's order, then service, then purchase: short, so an insertion sort. */
    for (size_t i = 1; i < count; i++) {
        struct model_service x = list[i];
        int rank = book_provider(b, x.provider);
        size_t at = i;
        for (; at > 0; at--) {
            const struct model_service *y = &list[at - 1];
            int by = book_provider(b, y->provider) - rank;
            if (by == 0)
                by = str_compare(y->service, x.service);
            if (by == 0)
                by = str_compare(y->purchase, x.purchase);
            if (by <= 0)
                break;
            list[at] = *y;
        }
        list[at] = x;
    }
    *services = list;
    return count;
}

static void put_purchase(struct value *o, struct str purchase)
{
    static const char *const LONG[] = {"spot", "spot capacity", "reserved-1y", "one-year commitment",
                                       "reserved-3y", "three-year commitment"};
    for (size_t i = 0; i < sizeof LONG / sizeof LONG[0]; i += 2)
        if (str_is(purchase, LONG[i])) {
            value_set_puts(o, "purchase", LONG[i + 1]);
            return;
        }
    put_or_null(o, "purchase", purchase);
}

const struct price *model_price_now(const struct price *rows, size_t count, struct date day)
{
    const struct price *now = NULL;
    for (size_t i = 0; i < count; i++)
        if (date_compare(rows[i].from, day) <= 0)
            now = &rows[i];
    return now;
}

/* ---- which decisions hang on which SKU ---- */

void model_uses_make(const struct site *s, struct arena *a, struct model_uses *out)
{
    const struct book *b = s->book;
    size_t *first = arena_new(a, size_t, b->sku_count + 1);
    size_t total = 0;
    for (size_t i = 0; i < s->report_count; i++)
        total += s->reports[i].sku_count;
    size_t *sku_at = arena_new(a, size_t, total);
    size_t n = 0;
    for (size_t i = 0; i < s->report_count; i++)
        for (size_t k = 0; k < s->reports[i].sku_count; k++, n++) {
            const struct sku *sku = book_sku(b, s->reports[i].skus[k]);
            sku_at[n] = sku ? (size_t)(sku - b->skus) : b->sku_count;
            if (sku)
                first[sku_at[n] + 1]++;
        }
    for (size_t i = 0; i < b->sku_count; i++)
        first[i + 1] += first[i];
    size_t *report = arena_new(a, size_t, total);
    size_t *next = arena_new(a, size_t, b->sku_count);
    n = 0;
    for (size_t i = 0; i < s->report_count; i++)
        for (size_t k = 0; k < s->reports[i].sku_count; k++, n++)
            if (sku_at[n] < b->sku_count)
                report[first[sku_at[n]] + next[sku_at[n]]++] = i;
    *out = (struct model_uses){first, report};
}

size_t uses_of(const struct maker *m, const struct sku *sku)
{
    size_t at = (size_t)(sku - m->site->book->skus);
    return m->uses->first[at + 1] - m->uses->first[at];
}

/* ---- the index of prices ---- */

/* Decisions that use any SKU of a service; each decision once, `seen` marks them by `stamp`. */
static size_t service_users(const struct maker *m, const struct model_service *service, size_t *seen,
                            size_t stamp)
{
    const struct book *b = m->site->book;
    size_t users = 0;
    for (size_t i = 0; i < b->sku_count; i++) {
        if (!same_page(&b->skus[i], service->first))
            continue;
        for (size_t k = m->uses->first[i]; k < m->uses->first[i + 1]; k++) {
            users += seen[m->uses->report[k]] != stamp;
            seen[m->uses->report[k]] = stamp;
        }
    }
    return users;
}

static struct date service_newest(const struct book *b, const struct model_service *service)
{
    struct date newest = DATE_NONE;
    for (size_t k = 0; k < b->sku_count; k++) {
        if (!same_page(&b->skus[k], service->first))
            continue;
        for (size_t j = 0; j < b->skus[k].price_count; j++) {
            struct date from = b->skus[k].prices[j].from;
            if (date_compare(from, newest) > 0 && date_compare(from, b->edition) <= 0)
                newest = from;
        }
    }
    return newest;
}

struct value *model_prices(const struct site *s, const struct model_uses *uses,
                           const struct edition *editions, size_t edition_count, struct arena *a)
{
    struct maker m;
    maker_init(&m, s, "../", a);
    m.uses = uses;
    size_t *seen = arena_new(a, size_t, s->report_count);
    const struct book *b = s->book;
    struct value *o = value_object(a);
    put_date(&m, o, "edition", b->edition);
    put_int(&m, o, "sku_count", b->sku_count);
    size_t rows = 0;
    for (size_t i = 0; i < b->sku_count; i++)
        rows += b->skus[i].price_count;
    wording_number(begin(&m), (double)rows, 6);
    end(&m, o, "price_count");
    put_int(&m, o, "provider_count", b->provider_count);
    struct model_service *services;
    size_t count = model_services(b, a, &services);
    struct value *providers = value_set_list(o, "providers");
    struct value *list = NULL;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || !str_equal(services[i].provider, services[i - 1].provider)) {
            struct value *provider = value_append_object(providers);
            int at = book_provider(b, services[i].provider);
            value_set_text(provider, "id", services[i].provider);
            value_set_text(provider, "name", at >= 0 ? b->providers[at].name : services[i].provider);
            list = value_set_list(provider, "services");
        }
        struct value *row = value_append_object(list);
        value_set_text(row, "service", services[i].service);
        put_purchase(row, services[i].purchase);
        put_int(&m, row, "sku_count", services[i].sku_count);
        struct strbuf *sb = begin(&m);
        strbuf_add(sb, model_price_page_name(services[i].provider, services[i].service,
                                             services[i].purchase, a));
        strbuf_adds(sb, ".html");
        end(&m, row, "href");
        put_int(&m, row, "users", service_users(&m, &services[i], seen, i + 1));
        put_date(&m, row, "newest", service_newest(b, &services[i]));
    }
    struct value *latest = model_changes(s, uses, editions, edition_count, NULL, 0, MOST_EDITIONS, 0, "../", a);
    value_set(o, "changes", latest);
    maker_release(&m);
    return o;
}

/* ---- a service's prices ---- */

static void put_users(struct maker *m, struct value *o, const struct sku *sku)
{
    const struct site *s = m->site;
    struct value *list = value_set_list(o, "users");
    size_t at = (size_t)(sku - s->book->skus);
    size_t from = m->uses->first[at];
    size_t to = m->uses->first[at + 1];
    for (size_t k = from; k < to && k < from + MOST_USERS; k++) {
        const struct report_summary *r = &s->reports[m->uses->report[k]];
        struct value *user = value_append_object(list);
        value_set_text(user, "title", r->title);
        struct strbuf *sb = begin(m);
        strbuf_adds(sb, m->to_root);
        strbuf_add(sb, r->slug);
        strbuf_adds(sb, "/index.html#prices");
        end(m, user, "href");
    }
    value_set_bool(o, "has_users", to > from);
    put_int(m, o, "more_users", to - from > MOST_USERS ? to - from - MOST_USERS : 0);
    value_set_bool(o, "has_more_users", to - from > MOST_USERS);
}

static void tiers_text(struct maker *m, struct value *o, const struct price *p)
{
    struct strbuf *sb = begin(m);
    for (size_t i = 0; i < p->tier_count; i++) {
        if (i > 0)
            strbuf_adds(sb, ", ");
        wording_price(sb, p->tiers[i].usd);
        if (isfinite(p->tiers[i].up_to)) {
            strbuf_adds(sb, " up to ");
            wording_count_prose(sb, p->tiers[i].up_to);
        } else {
            strbuf_adds(sb, " beyond");
        }
    }
    put_or_null(o, "tiers", text_of(m));
    sb = begin(m);
    if (p->free_quantity > 0) {
        wording_count_prose(sb, p->free_quantity);
        strbuf_adds(sb, " free a month");
    }
    put_or_null(o, "free", text_of(m));
}

static void make_region(struct maker *m, struct value *list, const struct price *rows, size_t count,
                        struct model_history *drawing)
{
    struct date today = m->site->book->edition;
    const struct price *now = model_price_now(rows, count, today);
    const struct price *shown = now ? now : &rows[0];
    struct value *o = value_append_object(list);
    *drawing = (struct model_history){o, rows, count};
    value_set_text(o, "region", str_is(shown->region, "any") ? STR("every region") : shown->region);
    struct strbuf *sb = begin(m);
    if (shown->confidence == CONFIDENCE_ESTIMATE) {
        wording_price(sb, shown->estimate_low);
        strbuf_adds(sb, " to ");
        wording_price(sb, shown->estimate_high);
    } else {
        wording_price(sb, shown->usd);
    }
    end(m, o, "usd");
    wording_from(begin(m), shown);
    end(m, o, "from");
    value_set_bool(o, "is_future", now == NULL);
    bool is_over = !date_is_none(shown->until) && date_compare(shown->until, today) < 0;
    if (is_over)
        put_date(m, o, "until", shown->until);
    else
        value_set(o, "until", value_null());
    value_set_puts(o, "confidence", confidence_word(shown->confidence));
    value_set_bool(o, "is_estimate", shown->confidence == CONFIDENCE_ESTIMATE);
    put_sources(m, o, "sources", &shown->source, 1);
    put_or_null(o, "note", shown->note);
    tiers_text(m, o, shown);
    struct value *history = value_set_list(o, "history"); /* newest first, without the one shown */
    for (size_t i = count; i-- > 0;) {
        if (&rows[i] == shown)
            continue;
        struct value *row = value_append_object(history);
        put_list_price(m, row, "usd", &rows[i]);
        wording_from(begin(m), &rows[i]);
        end(m, row, "from");
        value_set_bool(row, "is_future", date_compare(rows[i].from, today) > 0);
        put_sources(m, row, "sources", &rows[i].source, 1);
    }
    value_set_bool(o, "has_history", value_is_truthy(history));
    const struct price *before = shown > rows ? shown - 1 : NULL;
    if (before && decimal_double(before->usd) > 0) {
        wording_percent_change(begin(m), decimal_double(shown->usd) / decimal_double(before->usd) - 1);
        end(m, o, "last_change");
    } else {
        value_set(o, "last_change", value_null());
    }
}

struct value *model_service_page(const struct site *s, const struct model_uses *uses,
                                 const struct model_service *service, const char *to_root, struct arena *a,
                                 struct model_history **drawings, size_t *drawing_count)
{
    struct maker m;
    maker_init(&m, s, to_root, a);
    m.uses = uses;
    const struct book *b = s->book;
    size_t rows = 0;
    for (size_t i = 0; i < b->sku_count; i++)
        if (same_page(&b->skus[i], service->first))
            rows += b->skus[i].price_count;
    *drawings = arena_new(a, struct model_history, rows);
    *drawing_count = 0;
    struct value *o = value_object(a);
    int at = book_provider(b, service->provider);
    value_set_text(o, "provider", at >= 0 ? b->providers[at].name : service->provider);
    value_set_text(o, "service", service->service);
    put_purchase(o, service->purchase);
    put_date(&m, o, "edition", b->edition);
    put_plural(&m, o, "items", service->sku_count, "item", "items");
    struct value *skus = value_set_list(o, "skus");
    for (size_t i = 0; i < b->sku_count; i++) {
        const struct sku *sku = &b->skus[i];
        if (!same_page(sku, service->first))
            continue;
        struct value *row = value_append_object(skus);
        value_set_text(row, "id", sku->id);
        value_set_text(row, "name", sku->name);
        value_set_puts(row, "unit", sku->unit ? sku->unit->singular : "");
        put_users(&m, row, sku);
        struct value *regions = value_set_list(row, "regions");
        size_t groups = 0;
        for (size_t k = 0; k < sku->price_count; groups++) {
            size_t next = k + 1;
            while (next < sku->price_count && str_equal(sku->prices[next].region, sku->prices[k].region))
                next++;
            make_region(&m, regions, &sku->prices[k], next - k, &(*drawings)[(*drawing_count)++]);
            value_set_bool((*drawings)[*drawing_count - 1].row, "is_first", k == 0);
            k = next;
        }
        put_int(&m, row, "span", groups);
    }
    maker_release(&m);
    return o;
}
