#include "feeds/read.h"

#include "base/arena.h"
#include "base/strbuf.h"
#include "feeds/json_stream.h"

#include <string.h>

/*
 * A page: {"Items": [ {...}, ... ], "NextPageLink": ..., "Count": n}. An item is one tier of one meter;
 * the tiers of a meter are united by its identity. A reservation's price is that of the whole term,
 * though its unit says "1 Hour"; the savings plans of an item are entries of the type "SavingsPlan".
 */
#define PLANS_MAX 8
#define SKIP_MAX 1000000000 /* items; the API has about a million */

struct plan {
    struct str term, price;
};

struct azure {
    struct selection *s;
    struct diags *d;
    const char *path;
    struct arena *scratch; /* of one item */
    struct match *matches;
    struct str values[FEED_SLOTS_MAX];
    struct str meter, sku, type, term, price, start, unit, currency, region, from, until;
    struct plan plans[PLANS_MAX];
    size_t plan_count;
    size_t items;
    const char *fault; /* of the item */
    struct str count;  /* as the page says */
    bool has_items, has_next;
    size_t next_item; /* that the next page begins with; 0: the page does not tell */
    const char *kind; /* what else the file might be */
};

static void set(struct azure *r, const char *name, struct str value)
{
    size_t slot;
    if (feed_rules_slot(r->s->rules, str_of(name), &slot))
        r->values[slot] = value;
}

static void offer(struct azure *r, struct entry *e)
{
    e->values = r->values;
    e->region = r->region;
    e->fault = r->fault;
    bool is_begun = read_day_strictly(r->from, &e->effective);
    bool is_ended = read_day_strictly(r->until, &e->until);
    if (!is_begun || !is_ended)
        e->fault = FAULT_DAY;
    e->unit = r->unit;
    e->currency = r->currency;
    e->file = r->s->file_count - 1;
    selection_offer(r->s, e, r->matches);
}

static void end_item(struct azure *r)
{
    struct arena *a = r->scratch;
    r->items++;
    struct entry_tier tier = {.start = r->start, .price = r->price};
    struct entry e = {.tiers = &tier, .tier_count = 1};
    e.id = str_printf(a, "%.*s/%.*s", STR_ARG(r->sku), STR_ARG(r->meter));
    if (str_is(r->type, "Reservation")) {
        e.id = str_printf(a, "%.*s/%.*s", STR_ARG(e.id), STR_ARG(r->term));
        e.tier_count = 0;
        e.upfront = r->price;
    }
    offer(r, &e);
    struct str meter = e.id;
    for (size_t i = 0; i < r->plan_count; i++) {
        tier = (struct entry_tier){.price = r->plans[i].price};
        e = (struct entry){.tiers = &tier, .tier_count = 1};
        e.id = str_printf(a, "%.*s/savings plan/%.*s", STR_ARG(meter), STR_ARG(r->plans[i].term));
        set(r, "type", STR("SavingsPlan"));
        set(r, "reservationTerm", r->plans[i].term);
        offer(r, &e);
    }
}

static void begin(void *context, struct json_stream *s, size_t depth)
{
    struct azure *r = context;
    bool is_items = depth > 1 && str_is(json_stream_key(s, 1), "Items");
    if (depth == 2) {
        r->has_items |= is_items;
        if (!r->kind)
            r->kind = read_kind(FEED_AZURE, json_stream_key(s, 1));
        if (!is_items)
            json_stream_skip(s);
    } else if (depth == 3) {
        arena_clear(r->scratch);
        memset(r->values, 0, sizeof r->values);
        r->meter = r->sku = r->type = r->term = r->price = r->start = r->unit = r->currency =
            r->region = r->from = r->until = (struct str){0};
        r->plan_count = 0;
        r->fault = NULL;
    } else if (depth == 4 && !str_is(json_stream_key(s, 3), "savingsPlan")) {
        json_stream_skip(s);
    } else if (depth == 5) {
        if (r->plan_count < PLANS_MAX)
            r->plan_count++;
        r->plans[r->plan_count - 1] = (struct plan){0};
    }
}

static void end(void *context, struct json_stream *s, size_t depth)
{
    (void)s;
    if (depth == 3)
        end_item(context);
}

static void item_value(struct azure *r, struct str key, struct str text)
{
    const struct {
        const char *name;
        struct str *to;
    } fields[] = {
        {"meterId", &r->meter},
        {"skuId", &r->sku},
        {"type", &r->type},
        {"reservationTerm", &r->term},
        {"retailPrice", &r->price},
        {"tierMinimumUnits", &r->start},
        {"unitOfMeasure", &r->unit},
        {"currencyCode", &r->currency},
        {"armRegionName", &r->region},
        {"effectiveStartDate", &r->from},
        {"effectiveEndDate", &r->until},
    };

    size_t slot;
    bool is_wanted = feed_rules_slot(r->s->rules, key, &slot);
    struct str *to = NULL;
    for (size_t i = 0; i < sizeof fields / sizeof *fields && !to; i++)
        if (str_is(key, fields[i].name))
            to = fields[i].to;
    if (!is_wanted && !to)
        return;
    text = str_copy(r->scratch, text);
    if (is_wanted)
        r->values[slot] = text;
    if (to && !read_once(to, text, r->scratch))
        r->fault = FAULT_TWICE;
}

/* "...&$skip=1000" or "...&%24skip=1000": 1000. */
static size_t find_next_item(struct str link)
{
    size_t at = str_find(link, STR("skip=")), n = 0;
    for (at += sizeof "skip=" - 1; at < link.n && n < SKIP_MAX; at++) {
        if (link.s[at] < '0' || link.s[at] > '9')
            break;
        n = 10 * n + (size_t)(link.s[at] - '0');
    }
    return n;
}

static void value(void *context, struct json_stream *s, size_t depth, enum stream_kind kind,
                  struct str text)
{
    struct azure *r = context;
    struct str key = json_stream_key(s, depth);
    (void)kind;
    if (depth == 1) {
        if (!r->kind)
            r->kind = read_kind(FEED_AZURE, key);
        if (str_is(key, "NextPageLink") && text.n > 0) {
            r->has_next = true;
            r->next_item = find_next_item(text);
        }
        if (str_is(key, "Count"))
            r->count = str_copy(r->s->a, text);
    } else if (depth == 3) {
        item_value(r, key, text);
    } else if (depth == 5) {
        struct plan *plan = &r->plans[r->plan_count - 1];
        if (str_is(key, "term"))
            plan->term = str_copy(r->scratch, text);
        else if (str_is(key, "retailPrice"))
            plan->price = str_copy(r->scratch, text);
    }
}

bool read_azure(struct selection *s, const char *path, struct diags *d)
{
    struct azure *r = arena_new(s->a, struct azure, 1);
    struct json_stream_events events = {r, begin, end, value};
    *r = (struct azure){.s = s, .d = d, .path = path, .scratch = arena_create()};
    r->matches = arena_new(s->a, struct match, s->rules->part_count);
    bool ok = json_stream_file(path, &events, d);
    arena_destroy(r->scratch);
    if (!ok)
        return false;
    if (!r->has_items) {
        diag_error(d, where_file(str_of(path)), r->kind,
                   "no page of the Azure Retail Prices API: it has no \"Items\"");
        return false;
    }
    struct strbuf items = STRBUF_INIT;
    strbuf_add_int(&items, (int64_t)r->items);
    if (r->count.n > 0 && !str_equal(r->count, strbuf_str(&items)))
        diag_warning(d, where_file(str_of(path)), NULL, "the page says %.*s items and holds %zu",
                     STR_ARG(r->count), r->items);
    strbuf_release(&items);
    s->pages_with_next += r->has_next;
    s->items_with_next += r->has_next ? r->items : 0;
    if (r->next_item > s->next_item)
        s->next_item = r->next_item;
    return read_version(s, d);
}
