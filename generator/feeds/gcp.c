#include "feeds/read.h"

#include "base/arena.h"
#include "base/strbuf.h"
#include "feeds/json_stream.h"

#include <string.h>

/*
 * A page: {"skus": [ {...}, ... ], "nextPageToken": ...}. A SKU is sold in several regions, and has
 * prices by the day that they come into force; each pair is an entry. A price is units + nanos x
 * 10^-9, either of which is left out where it is 0. The quantity that is displayed says nothing.
 */
#define TIERS_MAX 32
#define REGIONS_MAX 128
#define PRICES_MAX 8
#define NANO_DIGITS 9

struct pricing {
    struct str effective, unit, currency;
    struct entry_tier tiers[TIERS_MAX];
    size_t tier_count;
};

struct gcp {
    struct selection *s;
    const char *path;
    struct arena *scratch; /* of one SKU */
    struct match *matches;
    struct str values[FEED_SLOTS_MAX];
    struct str id;
    struct str regions[REGIONS_MAX];
    size_t region_count;
    struct pricing prices[PRICES_MAX];
    size_t price_count;
    struct str start, units, nanos;
    bool has_skus, has_next;
    const char *fault; /* of the SKU */
    const char *kind;  /* what else the file might be */
};

static void set(struct gcp *r, struct str name, struct str value)
{
    size_t slot;
    if (feed_rules_slot(r->s->rules, name, &slot))
        r->values[slot] = str_copy(r->scratch, value);
}

static void end_sku(struct gcp *r)
{
    for (size_t p = 0; p < r->price_count; p++) {
        const struct pricing *pricing = &r->prices[p];
        struct entry e = {.values = r->values,
                          .id = r->id,
                          .until = DATE_NONE,
                          .unit = pricing->unit,
                          .currency = pricing->currency,
                          .tiers = pricing->tiers,
                          .tier_count = pricing->tier_count,
                          .file = r->s->file_count - 1,
                          .fault = r->fault};
        if (!read_day_strictly(pricing->effective, &e.effective))
            e.fault = FAULT_DAY;
        for (size_t i = 0; i < r->region_count; i++) {
            e.region = r->regions[i];
            selection_offer(r->s, &e, r->matches);
        }
    }
}

/* A whole number, which some programs write with a fraction of zeros: "22000000.0". */
static struct str whole(struct str number)
{
    size_t point = str_find(number, STR(".")), end = point + 1;
    while (end < number.n && number.s[end] == '0')
        end++;
    return end == number.n ? str_slice(number, 0, point) : number;
}

static bool are_digits(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.s[i] < '0' || text.s[i] > '9')
            return false;
    return true;
}

/*
 * "units.nanos" as a decimal text; a sign may stand before either. Nanos are a whole number of at most
 * nine digits: any other text stays as it is, and is no price.
 */
static struct str price_text(struct gcp *r)
{
    struct strbuf sb = STRBUF_INIT;
    struct str units = whole(r->units), nanos = whole(r->nanos);
    bool negative = str_starts(units, STR("-")) || str_starts(nanos, STR("-"));
    if (str_starts(units, STR("-")))
        units = str_slice(units, 1, units.n);
    if (str_starts(nanos, STR("-")))
        nanos = str_slice(nanos, 1, nanos.n);
    if (nanos.n > NANO_DIGITS || !are_digits(nanos) || !are_digits(units))
        return str_printf(r->scratch, "%.*s units and %.*s nanos", STR_ARG(r->units),
                          STR_ARG(r->nanos));
    strbuf_adds(&sb, negative ? "-" : "");
    strbuf_add(&sb, units.n > 0 ? units : STR("0"));
    strbuf_addc(&sb, '.');
    for (size_t i = nanos.n; i < NANO_DIGITS; i++)
        strbuf_addc(&sb, '0');
    strbuf_add(&sb, nanos);
    struct str text = strbuf_copy(&sb, r->scratch);
    strbuf_release(&sb);
    return text;
}

static struct pricing *current(struct gcp *r)
{
    return &r->prices[r->price_count - 1];
}

static void end_tier(struct gcp *r)
{
    struct pricing *p = current(r);
    if (p->tier_count == TIERS_MAX) {
        r->fault = FAULT_MANY;
        return;
    }
    p->tiers[p->tier_count++] = (struct entry_tier){.start = r->start, .price = price_text(r)};
}

static void begin_sku(struct gcp *r)
{
    arena_clear(r->scratch);
    memset(r->values, 0, sizeof r->values);
    r->id = (struct str){0};
    r->region_count = r->price_count = 0;
    r->fault = NULL;
}

static void begin(void *context, struct json_stream *s, size_t depth)
{
    struct gcp *r = context;
    struct str key = depth > 1 ? json_stream_key(s, depth - 1) : (struct str){0};
    switch (depth) {
    case 2:
        r->has_skus |= str_is(key, "skus");
        if (!r->kind)
            r->kind = read_kind(FEED_GCP, key);
        if (!str_is(key, "skus"))
            json_stream_skip(s);
        break;
    case 3: begin_sku(r); break;
    case 4:
        if (!str_is(key, "category") && !str_is(key, "serviceRegions") &&
            !str_is(key, "pricingInfo"))
            json_stream_skip(s);
        break;
    case 5: // one day's prices
        if (r->price_count == PRICES_MAX)
            r->fault = FAULT_MANY;
        else
            r->price_count++;
        *current(r) = (struct pricing){0};
        break;
    case 6:
        if (!str_is(key, "pricingExpression"))
            json_stream_skip(s);
        break;
    case 7:
        if (!str_is(key, "tieredRates"))
            json_stream_skip(s);
        break;
    case 8: r->start = r->units = r->nanos = (struct str){0}; break;
    case 9:
        if (!str_is(key, "unitPrice"))
            json_stream_skip(s);
        break;
    default: break;
    }
}

static void end(void *context, struct json_stream *s, size_t depth)
{
    (void)s;
    if (depth == 3)
        end_sku(context);
    else if (depth == 8)
        end_tier(context);
}

static void sku_value(struct gcp *r, struct json_stream *s, struct str text)
{
    set(r, json_stream_key(s, 3), text);
    if (str_is(json_stream_key(s, 3), "skuId"))
        r->id = str_copy(r->scratch, text);
}

static void price_value(struct gcp *r, struct str key, struct str text)
{
    bool once = true;
    if (str_is(key, "units"))
        once = read_once(&r->units, text, r->scratch);
    else if (str_is(key, "nanos"))
        once = read_once(&r->nanos, text, r->scratch);
    else if (str_is(key, "currencyCode")) // every tier names it
        once = read_once(&current(r)->currency, text, r->scratch);
    if (!once)
        r->fault = FAULT_TWICE;
}

static void value(void *context, struct json_stream *s, size_t depth, enum stream_kind kind,
                  struct str text)
{
    struct gcp *r = context;
    struct str key = json_stream_key(s, depth), above = json_stream_key(s, 3);
    (void)kind;
    if (depth == 1) {
        r->has_next |= str_is(key, "nextPageToken") && text.n > 0;
        if (!r->kind)
            r->kind = read_kind(FEED_GCP, key);
    } else if (depth == 3) {
        sku_value(r, s, text);
    } else if (depth == 4 && str_is(above, "category")) {
        set(r, key, text);
    } else if (depth == 4 && str_is(above, "serviceRegions")) {
        if (r->region_count < REGIONS_MAX)
            r->regions[r->region_count++] = str_copy(r->scratch, text);
        else
            r->fault = FAULT_MANY;
    } else if (depth == 5 && str_is(key, "effectiveTime")) {
        current(r)->effective = str_copy(r->scratch, text);
    } else if (depth == 6 && str_is(key, "usageUnit")) {
        if (!read_once(&current(r)->unit, text, r->scratch))
            r->fault = FAULT_TWICE;
    } else if (depth == 8 && str_is(key, "startUsageAmount")) {
        r->start = str_copy(r->scratch, text);
    } else if (depth == 9) {
        price_value(r, key, text);
    }
}

bool read_gcp(struct selection *s, const char *path, struct diags *d)
{
    struct gcp *r = arena_new(s->a, struct gcp, 1);
    struct json_stream_events events = {r, begin, end, value};
    *r = (struct gcp){.s = s, .path = path, .scratch = arena_create()};
    r->matches = arena_new(s->a, struct match, s->rules->part_count);
    bool ok = json_stream_file(path, &events, d);
    arena_destroy(r->scratch);
    if (ok && !r->has_skus) {
        diag_error(d, where_file(str_of(path)), r->kind,
                   "no page of the Cloud Billing Catalog: it has no \"skus\"");
        return false;
    }
    s->pages_with_next += r->has_next;
    return ok && read_version(s, d);
}
