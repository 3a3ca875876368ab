#include "base/arena.h"
#include "pricing/loader.h"
#include "pricing/words.h"

#include <math.h>
#include <stdlib.h>

#define QUANTITY_HIGHEST 1e15 /* of a tier or allowance a month; catches slipped units */

/* What a row inherits from the file and SKU that it stands in. */
struct row_context {
    struct loader *l;
    const struct sku *sku;
    size_t provider;
};

/* ---- one row ------------------------------------------------------------------------------------
 */

static bool read_price(const struct row_context *c, struct json_reader *r, const char *key,
                       struct decimal *out)
{
    if (!json_decimal(r, key, out))
        return false;
    if (out->coef < 0) {
        diag_error(c->l->d, json_where(json_member(r, key)),
                   "a credit is a positive price on a meter that says \"credit\": true",
                   "a price must not be negative");
        return false;
    }
    return true;
}

static void load_tiers(const struct row_context *c, const struct json *list, struct price *p)
{
    struct loader *l = c->l;
    struct price_tier *tiers = arena_new(l->a, struct price_tier, list->count);
    size_t n = 0;
    double below = 0.0;
    if (list->count == 0)
        diag_error(l->d, json_where(list), "leave it out where there is one price for any amount",
                   "tiers must not be empty");
    for (const struct json *m = list->child; m; m = m->next) {
        struct json_reader r;
        struct price_tier *tier = &tiers[n];
        if (!json_reader_open(&r, m, STR("tier"), l->a, l->d))
            continue;
        tier->up_to = (double)INFINITY; // the macro is a float
        bool has_end = json_number(&r, "up_to", JSON_POSITIVE, QUANTITY_HIGHEST, &tier->up_to);
        bool has_price = json_required(&r, "usd") && read_price(c, &r, "usd", &tier->usd);
        if (m->next && !json_find(m, "up_to"))
            diag_error(l->d, json_where(m), NULL, "every tier but the last needs \"up_to\"");
        else if (!m->next && json_find(m, "up_to"))
            diag_error(l->d, json_where(json_find(m, "up_to")),
                       "the last tier holds for everything beyond",
                       "the last tier has no \"up_to\"");
        else if (has_end && tier->up_to <= below)
            diag_error(l->d, json_where(json_find(m, "up_to")), "tiers are cumulative and ascend",
                       "this tier ends where the one before it ended, or sooner");
        if (n == 0 && has_price && decimal_compare(tier->usd, p->usd) != 0)
            diag_error(l->d, json_where(json_find(m, "usd")), NULL,
                       "the first tier's price must equal the row's own \"usd\"");
        if (has_end)
            below = tier->up_to;
        json_reader_close(&r);
        n++;
    }
    p->tiers = tiers;
    p->tier_count = n;
}

static bool has_zero(const struct price *p)
{
    for (size_t i = 0; i < p->tier_count; i++)
        if (decimal_is_zero(p->tiers[i].usd))
            return true;
    return p->tier_count == 0 && decimal_is_zero(p->usd);
}

static void load_free(const struct row_context *c, const struct json *value, struct price *p)
{
    struct json_reader r;
    if (!json_reader_open(&r, value, STR("free"), c->l->a, c->l->d))
        return;
    if (json_required(&r, "quantity"))
        json_number(&r, "quantity", JSON_POSITIVE, QUANTITY_HIGHEST, &p->free_quantity);
    read_id(c->l, &r, "pool", &p->free_pool);
    json_reader_close(&r);
}

static void load_estimate(const struct row_context *c, const struct json *value, struct price *p,
                          bool has_price)
{
    struct json_reader r;
    if (!json_reader_open(&r, value, STR("estimate"), c->l->a, c->l->d))
        return;
    bool ok = json_required(&r, "low") && read_price(c, &r, "low", &p->estimate_low);
    ok = json_required(&r, "high") && read_price(c, &r, "high", &p->estimate_high) && ok;
    json_reader_close(&r);
    if (ok && has_price &&
        (decimal_compare(p->estimate_low, p->usd) > 0 ||
         decimal_compare(p->usd, p->estimate_high) > 0))
        diag_error(c->l->d, json_where(value), NULL, "\"usd\" must lie between low and high");
}

static void load_days(const struct row_context *c, struct json_reader *r, struct price *p)
{
    struct loader *l = c->l;
    bool has_from = read_date_required(l, r, "from", &p->from);
    bool has_until = read_date(l, r, "until", &p->until);
    bool has_checked = read_date(l, r, "checked", &p->checked);
    size_t index = 0;
    if (read_choice_required(r, "basis", BOOK_BASIS_WORDS, &index))
        p->basis = (enum price_basis)index;
    if (has_from && has_until && date_compare(p->until, p->from) < 0)
        diag_error(l->d, json_where(json_member(r, "until")), NULL,
                   "the last day lies before the first");
    if (has_from && has_checked && date_compare(p->checked, p->from) < 0)
        diag_error(l->d, json_where(json_member(r, "checked")), NULL,
                   "the price was checked before its first day");
    if (has_from && p->basis == PRICE_SEEN && !date_is_none(l->book->edition) &&
        date_compare(p->from, l->book->edition) > 0)
        diag_error(l->d, json_where(json_member(r, "from")),
                   "a price announced for a later day has the basis \"effective\"; or book.json's "
                   "edition is out of date",
                   "the price was seen on a day after the book's edition");
    if (!has_from) // keeps the row out of the comparisons with its neighbours
        p->from = DATE_NONE;
}

static void load_region(const struct row_context *c, struct json_reader *r, struct price *p)
{
    struct loader *l = c->l;
    if (!read_text_required(r, "region", &p->region))
        return;
    struct str shared = find_region(l, c->provider, p->region);
    if (shared.s) {
        p->region = shared;
        return;
    }
    const struct region_list *known = &l->regions[c->provider];
    diag_error(l->d, json_where(json_member(r, "region")),
               hint_nearest(l, p->region, known->items, known->count,
                            "regions stand in book.json, or in \"regions\" of a platform"),
               "\"%.*s\" is not a region of %.*s", STR_ARG(p->region), STR_ARG(c->sku->provider));
}

static void load_row(const struct row_context *c, const struct json *value, struct price *p)
{
    struct loader *l = c->l;
    struct json_reader r;
    const struct json *part;
    size_t index = 0;
    p->where = json_where(value);
    p->from = p->until = p->checked = DATE_NONE;
    if (!json_reader_open(&r, value, STR("price"), l->a, l->d))
        return;
    load_region(c, &r, p);
    load_days(c, &r, p);
    bool has_price = json_required(&r, "usd") && read_price(c, &r, "usd", &p->usd);
    if (json_array(&r, "tiers", &part))
        load_tiers(c, part, p);
    if (json_object(&r, "free", &part))
        load_free(c, part, p);
    read_url_required(l, &r, "source", &p->source);
    json_string(&r, "note", &p->note);
    bool has_note = str_trim(p->note).n > 0;
    if (read_choice_required(&r, "confidence", BOOK_CONFIDENCE_WORDS, &index)) {
        p->confidence = (enum confidence)index;
        bool has_range = json_member(&r, "estimate") != NULL;
        if (p->confidence == CONFIDENCE_ESTIMATE && !has_range)
            diag_error(l->d, json_where(json_member(&r, "confidence")),
                       "add \"estimate\": {\"low\": ..., \"high\": ...}, its P10 and P90",
                       "an estimate needs its range");
        if (p->confidence != CONFIDENCE_ESTIMATE && has_range)
            diag_error(l->d, json_where(json_member(&r, "estimate")), NULL,
                       "only a price of confidence \"estimate\" has a range");
        if (p->confidence == CONFIDENCE_DERIVED && !has_note)
            diag_error(l->d, json_where(json_member(&r, "confidence")), "say in \"note\" how",
                       "a derived price needs a note");
    }
    if (json_object(&r, "estimate", &part))
        load_estimate(c, part, p, has_price);
    if (has_price && has_zero(p) && !has_note)
        diag_error(l->d, json_where(json_member(&r, "usd")), "say in \"note\" why nothing is charged",
                   "a price of 0 needs a note");
    json_reader_close(&r);
}

/* ---- one SKU ------------------------------------------------------------------------------------
 */

/* A row against the one before it: regions ascend, days ascend within one, periods do not overlap.
 */
static void check_order(struct loader *l, const struct price *before, const struct price *p)
{
    int order = str_compare(before->region, p->region);
    if (order > 0) {
        diag_error(l->d, p->where, "rows stand by region, then by \"from\"",
                   "region %.*s stands after %.*s", STR_ARG(p->region), STR_ARG(before->region));
        return;
    }
    if (order < 0 || date_is_none(before->from) || date_is_none(p->from))
        return;
    int days = date_compare(before->from, p->from);
    if (days > 0)
        diag_error(l->d, p->where, "rows stand by region, then by \"from\"",
                   "this price begins before the one above it");
    else if (days == 0)
        diag_error(l->d, p->where, NULL, "two prices of %.*s begin on the same day",
                   STR_ARG(p->region));
    else if (!date_is_none(before->until) && date_compare(before->until, p->from) >= 0)
        diag_error(l->d, p->where, "end the earlier one sooner, or leave its \"until\" out",
                   "this price begins before the one above it ends");
}

/* What follows the last colon must be a purchase kind: "aws-ec2-g5.xlarge:spot". */
static void check_purchase_suffix(struct loader *l, struct str id, struct where where)
{
    struct str kinds[PURCHASE_COUNT];
    size_t at = id.n;
    while (at > 0 && id.s[at - 1] != ':')
        at--;
    if (at == 0)
        return;
    struct str suffix = str_slice(id, at, id.n);
    for (size_t i = 0; i < PURCHASE_COUNT; i++)
        kinds[i] = str_of(purchase_word((enum purchase)i));
    for (size_t i = PURCHASE_SPOT; i < PURCHASE_COUNT; i++)
        if (str_equal(suffix, kinds[i]))
            return;
    diag_error(l->d, where,
               hint_nearest(
                   l, suffix, kinds + PURCHASE_SPOT, PURCHASE_COUNT - PURCHASE_SPOT,
                   "after a colon stands spot, reserved-1y or reserved-3y; on demand has no colon"),
               "\"%.*s\" is not a kind of purchase", STR_ARG(suffix));
}

static void load_unit(struct loader *l, struct json_reader *r, struct sku *sku)
{
    struct str text;
    if (!read_text_required(r, "unit", &text))
        return;
    sku->unit = unit_find(text);
    if (sku->unit)
        return;
    size_t count = 0;
    while (unit_table()[count].name)
        count++;
    struct str *names = arena_new(l->a, struct str, count);
    for (size_t i = 0; i < count; i++)
        names[i] = str_of(unit_table()[i].name);
    diag_error(l->d, json_where(json_member(r, "unit")),
               hint_nearest(l, text, names, count,
                            "a multiple such as \"1M requests\" is divided out: \"request\""),
               "unknown unit \"%.*s\"", STR_ARG(text));
}

static void load_sku(struct loader *l, const struct json *value, const struct sku *file,
                     size_t provider)
{
    struct json_reader r;
    const struct json *rows;
    if (!json_reader_open(&r, value, STR(""), l->a, l->d))
        return;
    struct sku sku = *file;
    sku.where = json_where(value);
    bool has_id = read_id(l, &r, "sku", &sku.id);
    if (has_id) {
        sku.where = json_where(json_member(&r, "sku"));
        check_purchase_suffix(l, sku.id, sku.where);
    }
    read_text_required(&r, "name", &sku.name);
    load_unit(l, &r, &sku);
    if (json_required(&r, "prices") && json_array(&r, "prices", &rows)) {
        struct row_context c = {l, &sku, provider};
        struct price *prices = arena_new(l->a, struct price, rows->count);
        size_t n = 0;
        if (rows->count == 0)
            diag_error(l->d, json_where(rows), "a SKU without a price is left out of the book",
                       "prices must not be empty");
        for (const struct json *m = rows->child; m; m = m->next, n++) {
            load_row(&c, m, &prices[n]);
            if (n > 0)
                check_order(l, &prices[n - 1], &prices[n]);
        }
        sku.prices = prices;
        sku.price_count = n;
    }
    json_reader_close(&r);
    if (!has_id)
        return;
    size_t at = l->sku_count;
    if (!names_add(&l->sku_names, sku.id, &at)) {
        diag_error(l->d, sku.where, hint_first(l, l->skus[at].where), "duplicate SKU \"%.*s\"",
                   STR_ARG(sku.id));
        return;
    }
    l->skus = arena_grow(l->a, struct sku, l->skus, l->sku_count, &l->sku_capacity);
    l->skus[l->sku_count++] = sku;
}

/* ---- files --------------------------------------------------------------------------------------
 */

void load_prices_file(struct loader *l, const struct json *root)
{
    struct json_reader r;
    const struct json *skus;
    struct sku file = {0};
    size_t provider = 0;
    if (!json_reader_open(&r, root, STR(""), l->a, l->d))
        return;
    read_format(l, &r, "breakeven-prices/1");
    bool has_provider = read_provider(l, &r, "provider", &file.provider, &provider);
    read_text_required(&r, "service", &file.service);
    read_text_required(&r, "category", &file.category);
    read_text_required(&r, "subcategory", &file.subcategory);
    if (json_required(&r, "skus") && json_array(&r, "skus", &skus)) {
        // Without a provider every region would be an error that is none.
        l->lacks_prices |= !has_provider;
        for (const struct json *m = skus->child; m && has_provider; m = m->next)
            load_sku(l, m, &file, provider);
    }
    json_reader_close(&r);
}

static int compare_skus(const void *left, const void *right)
{
    const struct sku *a = left, *b = right;
    return str_compare(a->id, b->id);
}

const struct sku *find_sku(const struct loader *l, struct str id)
{
    size_t at;
    return names_find(&l->sku_names, id, &at) ? &l->skus[at] : NULL;
}

/* The kinds of purchase of one machine are compared with one another, so they share a unit. */
static void check_purchase_unit(struct loader *l, const struct sku *sku)
{
    size_t colon = str_find(sku->id, STR(":"));
    if (colon == sku->id.n)
        return;
    const struct sku *base = find_sku(l, str_slice(sku->id, 0, colon));
    if (base && base->unit && sku->unit && base->unit != sku->unit)
        diag_error(l->d, sku->where, hint_first(l, base->where),
                   "\"%.*s\" is sold by the %s, on demand by the %s", STR_ARG(sku->id),
                   sku->unit->singular, base->unit->singular);
}

/* SKUs that spend one allowance must count in one unit. */
static void check_pools(struct loader *l)
{
    struct names pools = {.a = l->a};
    for (size_t i = 0; i < l->sku_count; i++) {
        const struct sku *sku = &l->skus[i];
        for (size_t k = 0; k < sku->price_count; k++) {
            size_t first = i;
            if (sku->prices[k].free_pool.n == 0 ||
                names_add(&pools, sku->prices[k].free_pool, &first))
                continue;
            const struct sku *other = &l->skus[first];
            if (sku->unit && other->unit && sku->unit != other->unit) {
                diag_error(l->d, sku->prices[k].where, hint_first(l, other->where),
                           "the allowance \"%.*s\" is shared by SKUs of different units, %s and %s",
                           STR_ARG(sku->prices[k].free_pool), other->unit->name, sku->unit->name);
                break;
            }
        }
    }
}

void load_prices_end(struct loader *l)
{
    if (l->sku_count > 1)
        qsort(l->skus, l->sku_count, sizeof *l->skus, compare_skus);
    l->sku_names = (struct names){.a = l->a};
    for (size_t i = 0; i < l->sku_count; i++) {
        size_t at = i;
        names_add(&l->sku_names, l->skus[i].id, &at);
    }
    for (size_t i = 0; i < l->sku_count; i++)
        check_purchase_unit(l, &l->skus[i]);
    check_pools(l);
}
