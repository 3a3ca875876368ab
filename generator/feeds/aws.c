#include "feeds/read.h"

#include "base/arena.h"
#include "feeds/json_stream.h"

#include <string.h>

/*
 * An offer file has products, then terms that refer to them; a savings plan file has both as lists.
 * Products that a rule wants are remembered with their values, so that the terms, which are most of
 * the file, are passed over for all others. Where terms come first, the file is read twice.
 *
 *   depth  offer file                           savings plan file
 *   1      products | terms                     products | terms
 *   2      SKU | OnDemand, Reserved             (list) | savingsPlan
 *   3      product's own | SKU                  product's own | (list)
 *   4      attribute | SKU.TERM                 attribute | plan's own, rates
 *   5      | priceDimensions, termAttributes    | (list)
 *   6      | rate code                          | rate's own, discountedRate
 *   7      | dimension's own, pricePerUnit      | price, currency
 *   8      | USD
 *
 * The depth is that of the keys named.
 */
#define TIERS_MAX 64
#define UPFRONT_UNIT "Quantity" /* the unit of what is paid once */

/* A product that some targets want. */
struct product {
    struct str id, region;
    struct str *values;
    struct match *matches;
    size_t match_count;
};

struct dimension {
    struct str start, end, unit, usd;
    bool has_price;
    struct str other_currency;
};

struct aws {
    struct selection *s;
    struct diags *d;
    const char *path;
    size_t file;
    struct arena *scratch; /* of one product or one term */
    struct names ids;      /* -> products */
    struct product *products;
    size_t product_count, product_capacity;
    bool seen_products, seen_terms, terms_first, second_pass;
    struct str offer_code, version, region;
    struct match *matches; /* room for one entry's */
    struct str values[FEED_SLOTS_MAX];
    struct str product_id, product_region;
    size_t placed, unplaced; /* products with a region, and without */
    const char *kind;        /* what else the file might be */

    const struct product *product; /* of the term that is read */
    struct str term_type, effective, currency;
    struct dimension dimensions[TIERS_MAX];
    size_t dimension_count;
    const char *fault; /* of the term */

    struct str plan_values[FEED_SLOTS_MAX]; /* of a savings plan, for each of its rates */
    struct arena_mark plan_mark;
    bool in_rates;
};

static struct str keep(struct aws *r, struct str text)
{
    return str_copy(r->scratch, text);
}

static void set(struct aws *r, struct str name, struct str value)
{
    size_t slot;
    if (feed_rules_slot(r->s->rules, name, &slot))
        r->values[slot] = keep(r, value);
}

static struct str get(const struct aws *r, const char *name)
{
    size_t slot;
    return feed_rules_slot(r->s->rules, str_of(name), &slot) ? r->values[slot] : (struct str){0};
}

static bool is_key(const struct json_stream *s, size_t depth, const char *word)
{
    return str_is(json_stream_key(s, depth), word);
}

/* ---- products -----------------------------------------------------------------------------------
 */

static void begin_product(struct aws *r)
{
    arena_clear(r->scratch);
    memset(r->values, 0, sizeof r->values);
    r->product_id = r->product_region = (struct str){0};
}

static void end_product(struct aws *r)
{
    struct selection *s = r->s;
    struct entry e = {.values = r->values, .id = r->product_id, .region = r->product_region};
    size_t at = r->product_count;
    if (get(r, "servicecode").n == 0)
        set(r, STR("servicecode"), r->offer_code);
    if (e.region.n == 0) // savings plans tell it once a file
        e.region = r->region;
    r->placed += e.region.n > 0;
    r->unplaced += e.region.n == 0;
    size_t n = selection_match(s, &e, r->matches);
    if (n == 0)
        return;
    struct str id = str_copy(s->a, r->product_id);
    if (!names_add(&r->ids, id, &at))
        return; // twice in one file
    r->products = arena_grow(s->a, struct product, r->products, r->product_count,
                             &r->product_capacity);
    struct product *p = &r->products[r->product_count++];
    *p = (struct product){.id = id, .region = str_copy(s->a, e.region), .match_count = n};
    p->values = arena_new(s->a, struct str, FEED_SLOTS_MAX);
    p->matches = arena_new(s->a, struct match, n);
    memcpy(p->matches, r->matches, n * sizeof *r->matches);
    for (size_t i = 0; i < s->rules->slot_count; i++)
        if (r->values[i].n > 0)
            p->values[i] = str_copy(s->a, r->values[i]);
}

/* ---- terms --------------------------------------------------------------------------------------
 */

static const struct product *find_product(const struct aws *r, struct str id)
{
    size_t at;
    return names_find(&r->ids, id, &at) ? &r->products[at] : NULL;
}

static void begin_term(struct aws *r)
{
    arena_clear(r->scratch);
    memcpy(r->values, r->product->values, sizeof r->values);
    set(r, STR("term"), r->term_type);
    r->effective = (struct str){0};
    r->dimension_count = 0;
    r->fault = NULL;
    r->in_rates = false;
}

static struct dimension *dimension(struct aws *r)
{
    return &r->dimensions[r->dimension_count - 1];
}

static void begin_dimension(struct aws *r)
{
    if (r->dimension_count == TIERS_MAX) {
        r->fault = FAULT_MANY;
        r->dimension_count--;
    }
    r->dimensions[r->dimension_count++] = (struct dimension){0};
}

static void dimension_value(struct aws *r, struct str key, struct str text)
{
    struct dimension *m = dimension(r);
    if (str_is(key, "beginRange") || str_is(key, "startingRange")) // as the files, as the manual
        m->start = keep(r, text);
    else if (str_is(key, "endRange") || str_is(key, "endingRange"))
        m->end = keep(r, text);
    else if (str_is(key, "unit"))
        m->unit = keep(r, text);
}

static void price_value(struct aws *r, struct str currency, struct str text)
{
    struct dimension *m = dimension(r);
    if (str_is(currency, "USD")) {
        if (m->has_price && !read_once(&m->usd, text, r->scratch))
            r->fault = FAULT_TWICE;
        m->usd = keep(r, text);
        m->has_price = true;
    } else {
        m->other_currency = keep(r, currency);
    }
}

/* One term of one product with all its dimensions: what is paid once, and the tiers. */
static void offer_term(struct aws *r, const struct product *p, struct str id)
{
    struct entry_tier tiers[TIERS_MAX];
    struct entry e = {.values = r->values,
                      .id = id,
                      .region = p->region,
                      .until = DATE_NONE,
                      .currency = STR("USD"),
                      .tiers = tiers,
                      .file = r->file,
                      .fault = r->fault};
    if (!read_day_strictly(r->effective, &e.effective))
        e.fault = FAULT_DAY;
    for (size_t i = 0; i < r->dimension_count; i++) {
        const struct dimension *m = &r->dimensions[i];
        if (!m->has_price && m->other_currency.n > 0)
            e.currency = m->other_currency;
        if (str_is(m->unit, UPFRONT_UNIT) && !str_is(r->term_type, "OnDemand")) {
            if (e.upfront.n > 0)
                e.fault = "it names two fees that are paid once";
            e.upfront = m->usd;
            continue;
        }
        if (e.tier_count > 0 && !str_equal(m->unit, e.unit))
            e.fault = "its tiers are in different units";
        e.unit = m->unit;
        tiers[e.tier_count++] = (struct entry_tier){m->start, m->end, m->usd};
    }
    for (size_t i = 0; i < p->match_count; i++)
        selection_take(r->s, &p->matches[i], &e);
}

static void end_term(struct aws *r, struct str term)
{
    struct str id = term.n > 0 ? term : r->product->id;
    offer_term(r, r->product, keep(r, id));
}

/* ---- savings plans ------------------------------------------------------------------------------
 */

/* A plan has a rate for everything that it discounts: none may leave anything behind. */
static void begin_rate(struct aws *r)
{
    if (r->in_rates) {
        arena_rewind(r->scratch, r->plan_mark);
        memcpy(r->values, r->plan_values, sizeof r->values);
    } else {
        r->in_rates = true;
        r->plan_mark = arena_mark(r->scratch);
        memcpy(r->plan_values, r->values, sizeof r->values);
    }
    r->currency = (struct str){0};
    r->dimension_count = 0;
    r->fault = NULL;
    begin_dimension(r);
}

static void rate_value(struct aws *r, struct str key, struct str text)
{
    if (str_is(key, "unit"))
        dimension(r)->unit = keep(r, text);
    else
        set(r, key, text);
}

static void end_rate(struct aws *r)
{
    struct dimension *m = dimension(r);
    m->has_price = str_is(r->currency, "USD");
    if (!m->has_price)
        m->other_currency = r->currency;
    offer_term(r, r->product,
               str_printf(r->scratch, "%.*s/%.*s", STR_ARG(r->product->id),
                          STR_ARG(get(r, "discountedUsageType"))));
}

/* ---- events -------------------------------------------------------------------------------------
 */

static void begin_terms_of(struct aws *r, struct json_stream *s)
{
    struct str type = json_stream_key(s, 2);
    if (str_is(type, "OnDemand") || str_is(type, "Reserved") || str_is(type, "savingsPlan")) {
        r->term_type = str_copy(r->s->a, type);
        return;
    }
    diag_warning(r->d, where_file(str_of(r->path)), NULL, "terms of the kind \"%.*s\" are left out",
                 STR_ARG(type));
    json_stream_skip(s);
}

static void begin_in_terms(struct aws *r, struct json_stream *s, size_t depth)
{
    bool is_plan = str_is(r->term_type, "savingsPlan");
    if (depth == 3) {
        begin_terms_of(r, s);
    } else if (depth == 4 && !is_plan) {
        r->product = find_product(r, json_stream_key(s, 3));
        if (!r->product)
            json_stream_skip(s);
    } else if (depth == 5 && !is_plan) {
        begin_term(r);
    } else if (depth == 5) {
        if (!r->product || !is_key(s, 4, "rates"))
            json_stream_skip(s);
    } else if (depth == 6 && is_plan) {
        begin_rate(r);
    } else if (depth == 6 && !is_key(s, 5, "priceDimensions") && !is_key(s, 5, "termAttributes")) {
        json_stream_skip(s);
    } else if (depth == 7 && !is_plan && is_key(s, 5, "priceDimensions")) {
        begin_dimension(r);
    }
}

static void begin(void *context, struct json_stream *s, size_t depth)
{
    struct aws *r = context;
    if (depth == 1)
        return;
    bool is_terms = is_key(s, 1, "terms");
    if (depth == 2) {
        bool is_products = is_key(s, 1, "products");
        r->seen_terms |= is_terms;
        r->seen_products |= is_products;
        r->terms_first |= is_products && r->seen_terms;
        if (!r->kind)
            r->kind = read_kind(FEED_AWS, json_stream_key(s, 1));
        if ((!is_terms && !is_products) || (is_products && r->second_pass))
            json_stream_skip(s);
    } else if (is_terms) {
        begin_in_terms(r, s, depth);
    } else if (depth == 3) {
        begin_product(r);
    } else if (depth == 4 && !is_key(s, 3, "attributes")) {
        json_stream_skip(s);
    }
}

static void end(void *context, struct json_stream *s, size_t depth)
{
    struct aws *r = context;
    bool is_terms = is_key(s, 1, "terms"), is_plan = str_is(r->term_type, "savingsPlan");
    if (!is_terms && depth == 3 && is_key(s, 1, "products"))
        end_product(r);
    else if (is_terms && !is_plan && depth == 5)
        end_term(r, json_stream_key(s, 4));
    else if (is_terms && is_plan && depth == 6)
        end_rate(r);
}

static void top_value(struct aws *r, struct str key, struct str text)
{
    struct selection *s = r->s;
    if (!r->kind)
        r->kind = read_kind(FEED_AWS, key);
    if (str_is(key, "offerCode"))
        r->offer_code = str_copy(s->a, text);
    else if (str_is(key, "version"))
        r->version = str_copy(s->a, text);
    else if (str_is(key, "regionCode"))
        r->region = str_copy(s->a, text);
    else if (str_is(key, "publicationDate"))
        s->files[r->file].published = read_day(text);
}

static void term_value(struct aws *r, struct json_stream *s, size_t depth, struct str text)
{
    struct str key = json_stream_key(s, depth);
    if (str_is(r->term_type, "savingsPlan")) {
        if (depth == 4 && str_is(key, "sku")) {
            r->product = find_product(r, text);
            if (r->product)
                begin_term(r);
        } else if (depth == 4 && str_is(key, "effectiveDate") && r->product) {
            r->effective = keep(r, text);
        } else if (depth == 6) {
            rate_value(r, key, text);
        } else if (depth == 7 && str_is(key, "price")) {
            if (!read_once(&dimension(r)->usd, text, r->scratch))
                r->fault = FAULT_TWICE;
        } else if (depth == 7 && str_is(key, "currency")) {
            r->currency = keep(r, text);
        }
    } else if (depth == 5 && str_is(key, "effectiveDate")) {
        r->effective = keep(r, text);
    } else if (depth == 6 && is_key(s, 5, "termAttributes")) {
        set(r, key, text);
    } else if (depth == 7) {
        dimension_value(r, key, text);
    } else if (depth == 8 && is_key(s, 7, "pricePerUnit")) {
        price_value(r, key, text);
    }
}

static void value(void *context, struct json_stream *s, size_t depth, enum stream_kind kind,
                  struct str text)
{
    struct aws *r = context;
    (void)kind;
    if (depth == 1) {
        top_value(r, json_stream_key(s, 1), text);
    } else if (is_key(s, 1, "terms")) {
        term_value(r, s, depth, text);
    } else if (depth == 3) {
        set(r, json_stream_key(s, 3), text);
        if (is_key(s, 3, "sku"))
            r->product_id = keep(r, text);
    } else if (depth == 4) {
        set(r, json_stream_key(s, 4), text);
        if (is_key(s, 4, "regionCode")) // names of locations are irregular; codes are not
            r->product_region = keep(r, text);
    }
}

bool read_aws(struct selection *s, const char *path, struct diags *d)
{
    struct aws *r = arena_new(s->a, struct aws, 1);
    struct json_stream_events events = {r, begin, end, value};
    *r = (struct aws){.s = s, .d = d, .path = path, .file = s->file_count - 1, .ids = {.a = s->a}};
    r->scratch = arena_create();
    r->matches = arena_new(s->a, struct match, s->rules->part_count);
    bool ok = json_stream_file(path, &events, d);
    if (ok && r->terms_first) {
        r->second_pass = true;
        ok = json_stream_file(path, &events, d);
    }
    arena_destroy(r->scratch);
    if (ok && !r->seen_products) {
        diag_error(d, where_file(str_of(path)), r->kind,
                   "no price list of AWS: it has no \"products\"");
        return false;
    }
    if (ok && r->unplaced > 0 && r->placed == 0)
        diag_warning(
            d, where_file(str_of(path)),
            "lists before 2021 have none, and names of places are not read; fetch a newer one",
            "none of its %zu products has a \"regionCode\"", r->unplaced);
    s->files[r->file].stamp = r->version;
    if (ok && r->version.n > 0)
        s->files[r->file].version = str_printf(s->a, "%.*s%sversion %.*s", STR_ARG(r->offer_code),
                                               r->offer_code.n > 0 ? " " : "", STR_ARG(r->version));
    else if (ok)
        ok = read_digest(path, s->a, &s->files[r->file].version, d);
    return ok;
}
