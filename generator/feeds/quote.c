#include "feeds/quote.h"

#include "base/arena.h"
#include "base/strbuf.h"
#include "feeds/measure.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define SECONDS_AN_HOUR 3600
#define DECIMALS_MAX 18 /* of a decimal */

/* What is being priced, for messages. */
struct subject {
    const struct quoting *q;
    const struct feed_rule *rule;
    const struct sku *sku;
    struct str region; /* of the feed */
    struct str unit;   /* that the price is wanted in */
};

static struct where place(const struct subject *x, const struct hit *h)
{
    return where_file(str_of(x->q->s->files[h->entry.file].path));
}

/* Always false. */
static bool refuse(const struct subject *x, const struct hit *h, const char *hint, struct str why)
{
    diag_error(x->q->d, place(x, h), hint, "%.*s in %.*s: %.*s: %.*s", STR_ARG(x->sku->id),
               STR_ARG(x->region), STR_ARG(h->entry.id), STR_ARG(why));
    return false;
}

/* ---- choosing the entry -------------------------------------------------------------------------
 */

static struct date day_of(const struct subject *x, const struct hit *h)
{
    struct date published = x->q->s->files[h->entry.file].published;
    if (!date_is_none(x->q->seen))
        return x->q->seen;
    return date_is_none(published) ? x->q->today : published;
}

/* Whether the vendor stopped asking this price before the day of the file. */
static bool is_over(const struct subject *x, const struct hit *h)
{
    return !date_is_none(h->entry.until) && date_compare(h->entry.until, day_of(x, h)) < 0;
}

/*
 * Whether a later version of the same list has the entry of the same day. The index of versions holds
 * some that were replaced a second after: the last one that was published counts.
 */
static bool is_replaced(const struct subject *x, const struct target *t, const struct hit *h)
{
    const struct feed_file *files = x->q->s->files;
    for (const struct hit *other = t->hits; other; other = other->next)
        if (str_compare(files[other->entry.file].stamp, files[h->entry.file].stamp) > 0 &&
            files[h->entry.file].stamp.n > 0 && str_equal(other->entry.id, h->entry.id) &&
            date_compare(other->entry.effective, h->entry.effective) == 0)
            return true;
    return false;
}

/* Whether an entry plays no part at all. */
static bool is_out(const struct subject *x, const struct target *t, const struct hit *h)
{
    return is_over(x, h) || is_replaced(x, t, h);
}

static bool is_in_force(const struct subject *x, const struct hit *h)
{
    return date_is_none(h->entry.effective) || date_compare(h->entry.effective, day_of(x, h)) <= 0;
}

static int compare_strings(const void *left, const void *right)
{
    const struct str *a = left, *b = right;
    return str_compare(*a, *b);
}

static const char *list_ids(const struct subject *x, struct str *ids, size_t count)
{
    struct strbuf sb = STRBUF_INIT;
    qsort(ids, count, sizeof *ids, compare_strings);
    strbuf_adds(&sb, "candidates: ");
    for (size_t i = 0; i < count && i < NEAR_MAX; i++)
        strbuf_addf(&sb, "%s%.*s", i > 0 ? ", " : "", STR_ARG(ids[i]));
    if (count > NEAR_MAX)
        strbuf_addf(&sb, " and %zu more", count - NEAR_MAX);
    struct str text = strbuf_copy(&sb, x->q->a);
    strbuf_release(&sb);
    return text.s;
}

/* Nothing was selected. Candidates mean that the rule or the feed has changed. */
static enum quote_result find_none(const struct subject *x, const struct target *t)
{
    const struct selection *s = x->q->s;
    if (x->rule->is_optional || (t->near_count == 0 && t->matched.n == 0))
        return QUOTE_ABSENT;
    struct str ids[NEAR_MAX];
    struct where where = where_file(str_of(s->files[0].path));
    if (t->near_count == 0) {
        diag_error(x->q->d, where, "nothing was imported", "%.*s in %.*s: %.*s has no price",
                   STR_ARG(x->sku->id), STR_ARG(x->region), STR_ARG(t->matched));
        return QUOTE_REFUSED;
    }
    memcpy(ids, t->near_text, t->near_count * sizeof *ids);
    diag_error(x->q->d, where, list_ids(x, ids, t->near_count),
               "%.*s in %.*s: none of %zu candidates meets the selector of %.*s",
               STR_ARG(x->sku->id), STR_ARG(x->region), t->candidates, STR_ARG(s->rules->path));
    return QUOTE_REFUSED;
}

/*
 * Marks the hits that count: of one entry, those of the newest day in force, else the first
 * announced. False: several entries are in question.
 */
static enum quote_result choose(const struct subject *x, const struct target *t,
                                const struct hit **chosen, size_t *count)
{
    struct str *ids = arena_new(x->q->a, struct str, t->hit_count);
    size_t id_count = 0;
    bool any_in_force = false;
    for (const struct hit *h = t->hits; h; h = h->next)
        any_in_force |= !is_out(x, t, h) && is_in_force(x, h);
    struct date day = DATE_NONE;
    for (const struct hit *h = t->hits; h; h = h->next) {
        struct date e = h->entry.effective;
        if (is_out(x, t, h) || is_in_force(x, h) != any_in_force)
            continue;
        if (any_in_force ? date_compare(e, day) > 0 : date_is_none(day) || date_compare(e, day) < 0)
            day = e;
        size_t i = 0;
        while (i < id_count && !str_equal(ids[i], h->entry.id))
            i++;
        if (i == id_count)
            ids[id_count++] = h->entry.id;
    }
    if (id_count > 1) {
        diag_error(x->q->d, place(x, t->hits), list_ids(x, ids, id_count),
                   "%.*s in %.*s: %zu entries meet the selector of %.*s, it must single out one",
                   STR_ARG(x->sku->id), STR_ARG(x->region), id_count,
                   STR_ARG(x->q->s->rules->path));
        return QUOTE_REFUSED;
    }
    bool from_zero = false;
    for (const struct hit *h = t->hits; h; h = h->next) {
        struct decimal start;
        if (is_out(x, t, h))
            continue;
        from_zero |= date_compare(h->entry.effective, day) == 0 &&
                     (h->entry.tier_count == 0 ||
                      (decimal_parse(h->entry.tiers[0].start, &start) && decimal_is_zero(start)));
    }
    *count = 0;
    // Tiers may have come into force one by one: then the older ones count as well.
    for (const struct hit *h = t->hits; h; h = h->next)
        if (!is_out(x, t, h) && is_in_force(x, h) == any_in_force &&
            (!from_zero || date_compare(h->entry.effective, day) == 0))
            chosen[(*count)++] = h;
    return *count > 0 ? QUOTE_FOUND : QUOTE_ABSENT; // no price is asked any more
}

/* ---- its figures --------------------------------------------------------------------------------
 */

struct figure {
    struct decimal start, end, usd; /* of the feed's own unit */
    bool has_end;
    struct date effective;
    const struct hit *hit;
};

/*
 * Prices that went through a double in the vendor's house come with digits that mean nothing:
 * 1.2000000000000001E-05. What lies beyond eighteen decimals of a dollar is cut off.
 */
static bool parse_long(struct str text, struct decimal *out)
{
    size_t point = str_find(text, STR(".")), e = 0;
    while (e < text.n && text.s[e] != 'e' && text.s[e] != 'E')
        e++;
    struct str mantissa = str_slice(text, 0, e), power = str_slice(text, e + 1, text.n);
    if (e == text.n)
        return point < text.n && decimal_parse(str_slice(text, 0, point + 1 + DECIMALS_MAX), out);
    struct decimal exponent;
    if (!decimal_parse(mantissa, out) || !str_starts(power, STR("-")) ||
        !decimal_parse(str_slice(power, str_starts(power, STR("-0")) ? 2 : 1, power.n),
                       &exponent) ||
        exponent.scale > 0 || exponent.coef > DECIMALS_MAX)
        return false;
    int64_t by = 1;
    for (int64_t i = 0; i < exponent.coef; i++)
        by *= 10;
    return decimal_ratio(*out, 1, by, out);
}

static bool parse_price(const struct subject *x, const struct hit *h, struct str text,
                        struct decimal *out)
{
    text = str_trim(text);
    if (text.n == 0) {
        refuse(x, h, "nothing was imported", STR("no price in USD"));
        return false;
    }
    if (!decimal_parse(text, out) && !parse_long(text, out)) {
        refuse(x, h, NULL, str_printf(x->q->a, "\"%.*s\" is no price", STR_ARG(text)));
        return false;
    }
    if (out->coef < 0) {
        refuse(x, h, NULL, str_printf(x->q->a, "the price is negative: %.*s", STR_ARG(text)));
        return false;
    }
    return true;
}

static bool read_tier(const struct subject *x, const struct hit *h, const struct entry_tier *t,
                      struct figure *f)
{
    struct str price = h->price_text.n > 0 ? h->price_text : t->price;
    *f = (struct figure){.hit = h, .effective = h->entry.effective};
    if (!parse_price(x, h, price, &f->usd))
        return false;
    if (t->start.n > 0 && (!decimal_parse(t->start, &f->start) || f->start.coef < 0)) {
        refuse(x, h, NULL, str_printf(x->q->a, "a tier begins at \"%.*s\"", STR_ARG(t->start)));
        return false;
    }
    f->has_end = t->end.n > 0 && !str_is(t->end, "Inf");
    if (f->has_end && !decimal_parse(t->end, &f->end)) {
        refuse(x, h, NULL, str_printf(x->q->a, "a tier ends at \"%.*s\"", STR_ARG(t->end)));
        return false;
    }
    return true;
}

static int compare_figures(const void *left, const void *right)
{
    const struct figure *a = left, *b = right;
    int order = decimal_compare(a->start, b->start);
    if (order == 0)
        order = -date_compare(a->effective, b->effective);
    return order != 0 ? order : decimal_compare(a->usd, b->usd);
}

/* One figure a start: repeats must agree, or, over zones, their (lower) median counts. */
static bool unite(const struct subject *x, struct figure *f, size_t *count)
{
    size_t n = 0;
    for (size_t i = 0; i < *count;) {
        size_t same = i + 1;
        while (same < *count && decimal_compare(f[same].start, f[i].start) == 0 &&
               date_compare(f[same].effective, f[i].effective) == 0)
            same++;
        size_t middle = i + (same - i - 1) / 2;
        if (!x->rule->zones_median && decimal_compare(f[i].usd, f[same - 1].usd) != 0) {
            struct strbuf sb = STRBUF_INIT;
            strbuf_adds(&sb, "different prices for one thing: ");
            decimal_add(&sb, f[i].usd);
            strbuf_adds(&sb, " and ");
            decimal_add(&sb, f[same - 1].usd);
            refuse(x, f[i].hit, NULL, strbuf_copy(&sb, x->q->a));
            strbuf_release(&sb);
            return false;
        }
        f[n++] = f[x->rule->zones_median ? middle : i];
        while (same < *count && decimal_compare(f[same].start, f[i].start) == 0)
            same++; // the same tier of an earlier day
        i = same;
    }
    *count = n;
    return true;
}

static bool check_tiers(const struct subject *x, const struct figure *f, size_t count)
{
    if (!decimal_is_zero(f[0].start)) {
        refuse(x, f[0].hit, NULL, STR("the first units of a month have no price"));
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        if (i + 1 < count && f[i].has_end && decimal_compare(f[i].end, f[i + 1].start) != 0) {
            refuse(x, f[i].hit, NULL, STR("its tiers do not follow one another"));
            return false;
        }
        if (i > 0 && decimal_is_zero(f[i].usd)) {
            refuse(x, f[i].hit, NULL,
                   count == 2 || decimal_is_zero(f[0].usd)
                       ? STR("every tier costs 0, which is a missing price and not a free one")
                       : STR("a later tier costs 0"));
            return false;
        }
    }
    if (count == 1 && decimal_is_zero(f[0].usd)) {
        return refuse(x, f[0].hit, "a price of 0 is entered by hand, with a note that says why",
                      STR("the price is 0"));
    }
    return true;
}

/* ---- conversion ---------------------------------------------------------------------------------
 */

static bool find_measures(const struct subject *x, const struct hit *h, struct measure *feed,
                          struct measure *book)
{
    struct str unit = h->entry.unit;
    for (size_t i = 0; i < x->rule->unit_count; i++)
        if (str_equal(x->rule->units[i].text, unit))
            unit = x->rule->units[i].means;
    if (!measure_parse(x->unit, book))
        return refuse(x, h, NULL, STR("the book's unit cannot be converted"));
    if (!measure_parse(unit, feed) || !measure_agrees(*feed, *book)) {
        refuse(x, h, "\"units\" of the rule can say what the feed's unit means",
               str_printf(x->q->a, "the feed counts \"%.*s\", the book \"%.*s\"",
                          STR_ARG(h->entry.unit), STR_ARG(x->unit)));
        return false;
    }
    return true;
}

static bool too_large(const struct subject *x, const struct hit *h)
{
    return refuse(x, h, NULL, STR("the price has more digits than can be kept"));
}

/* What is paid once for a term, an hour. */
static bool spread_upfront(const struct subject *x, const struct hit *h, struct decimal *usd)
{
    struct measure book;
    struct decimal upfront, hourly;
    if (h->entry.upfront.n == 0)
        return true;
    if (!(x->rule->spread_hours > 0)) {
        refuse(x, h, "\"spread_hours\" of the rule spreads it over the term",
               STR("a part of the price is paid once for a whole term"));
        return false;
    }
    if (!measure_parse(x->unit, &book) || !book.is_time || book.data != DATA_NONE ||
        book.amount != SECONDS_AN_HOUR)
        return refuse(x, h, NULL, STR("a term can only be spread over hours"));
    if (!parse_price(x, h, h->entry.upfront, &upfront))
        return false;
    if (!decimal_ratio(upfront, 1, (int64_t)x->rule->spread_hours, &hourly) ||
        !decimal_sum(*usd, hourly, usd))
        return too_large(x, h);
    return true;
}

/* Each of the hits that a price is made of; the first names the unit. */
static bool check_entry(const struct subject *x, const struct hit *h, const struct hit *first)
{
    if (h->entry.tier_count + h->entry.upfront.n == 0)
        refuse(x, h, "nothing was imported", STR("no price in USD"));
    else if (!str_is(h->entry.currency, "USD"))
        refuse(x, h, "import prices in USD: others are converted, with a surcharge",
               h->entry.currency.n > 0
                   ? str_printf(x->q->a, "the currency is \"%.*s\"", STR_ARG(h->entry.currency))
                   : STR("no currency is named"));
    else if (h->entry.fault)
        refuse(x, h, "nothing was imported", str_of(h->entry.fault));
    else if (!str_equal(h->entry.unit, first->entry.unit))
        refuse(x, h, NULL,
               str_printf(x->q->a, "it is counted in \"%.*s\" and in \"%.*s\"",
                          STR_ARG(first->entry.unit), STR_ARG(h->entry.unit)));
    else
        return true;
    return false;
}

/* The tiers of one part in the book's unit; start of the first is 0. */
static bool convert(const struct subject *x, const struct figure *f, size_t count,
                    struct quote *out)
{
    struct measure feed, book;
    if (count > QUOTE_TIERS_MAX)
        return refuse(x, f[0].hit, NULL, STR("more tiers than a price can have"));
    if (!find_measures(x, f[0].hit, &feed, &book))
        return false;
    for (size_t i = 0; i < count; i++) {
        struct quote_tier *t = &out->tiers[out->tier_count];
        if (!decimal_ratio(f[i].usd, book.amount, feed.amount, &t->usd) ||
            !decimal_ratio(f[i].start, feed.amount, book.amount, &t->from))
            return too_large(x, f[i].hit);
        bool same = out->tier_count > 0 &&
                    decimal_compare(t->usd, out->tiers[out->tier_count - 1].usd) == 0;
        out->tier_count += !same; // a tier that costs the same is none
    }
    return true;
}

static bool read_figures(const struct subject *x, const struct hit *const *hits, size_t hit_count,
                         struct figure **out, size_t *count)
{
    size_t capacity = 0;
    *count = 0;
    for (size_t i = 0; i < hit_count; i++)
        capacity += hits[i]->entry.tier_count;
    *out = arena_new(x->q->a, struct figure, capacity + 1);
    for (size_t i = 0; i < hit_count; i++)
        for (size_t k = 0; k < hits[i]->entry.tier_count; k++)
            if (!read_tier(x, hits[i], &hits[i]->entry.tiers[k], &(*out)[(*count)++]))
                return false;
    if (*count > 1)
        qsort(*out, *count, sizeof **out, compare_figures);
    return unite(x, *out, count);
}

static enum quote_result quote_hits(const struct subject *x, const struct target *t,
                                    struct quote *out, const struct hit **used)
{
    const struct hit **hits = arena_new(x->q->a, const struct hit *, t->hit_count);
    struct figure *figures;
    size_t hit_count = 0, count = 0;
    if (t->hit_count == 0)
        return find_none(x, t);
    enum quote_result chosen = choose(x, t, hits, &hit_count);
    if (chosen != QUOTE_FOUND)
        return chosen;
    for (size_t i = 0; i < hit_count; i++)
        if (!check_entry(x, hits[i], hits[0]))
            return QUOTE_REFUSED;
    if (!read_figures(x, hits, hit_count, &figures, &count))
        return QUOTE_REFUSED;
    const struct hit *first = hits[0];
    for (size_t i = 1; i < hit_count; i++) // the file that sorts first, whatever the order
        if (str_compare(x->q->s->files[hits[i]->entry.file].version,
                        x->q->s->files[first->entry.file].version) < 0)
            first = hits[i];
    if (first->entry.upfront.n > 0) {
        bool is_whole = count == 0; // all of it is paid at once
        if (count > 1)
            return refuse(x, first, NULL, STR("a term with tiers is not understood"))
                       ? QUOTE_FOUND
                       : QUOTE_REFUSED;
        if (!is_whole && !convert(x, figures, count, out))
            return QUOTE_REFUSED;
        out->tier_count = 1;
        if (!spread_upfront(x, first, &out->tiers[0].usd))
            return QUOTE_REFUSED;
        if (decimal_is_zero(out->tiers[0].usd))
            return refuse(x, first, NULL, STR("the price is 0")) ? QUOTE_FOUND : QUOTE_REFUSED;
    } else if (!check_tiers(x, figures, count) || !convert(x, figures, count, out)) {
        return QUOTE_REFUSED;
    }
    *used = first;
    return QUOTE_FOUND;
}

/* A part of many machines is refused for the first of them, and then without a word. */
static enum quote_result quote_part(const struct subject *x, struct target *t, struct quote *out,
                                    const struct hit **used)
{
    if (t->is_refused)
        return QUOTE_REFUSED;
    enum quote_result result = quote_hits(x, t, out, used);
    t->is_refused = result == QUOTE_REFUSED;
    return result;
}

/* ---- parts --------------------------------------------------------------------------------------
 */

static struct decimal part_amount(const struct rule_part *p, const struct machine *m)
{
    switch (p->times) {
    case PART_ONCE: break;
    case PART_VCPU: return decimal_quantity(m ? m->vcpu : 0);
    case PART_MEMORY_GIB: return decimal_quantity(m ? m->memory_gib : 0);
    case PART_GPUS: return decimal_quantity(m ? m->gpus : 0);
    }
    return (struct decimal){1, 0};
}

/* A first tier that costs nothing is a monthly grant. */
static void take_grant(struct quote *q)
{
    if (q->tier_count < 2 || !decimal_is_zero(q->tiers[0].usd))
        return;
    q->has_grant = true;
    q->grant = q->tiers[1].from;
    memmove(q->tiers, q->tiers + 1, (q->tier_count - 1) * sizeof *q->tiers);
    q->tier_count--;
}

/* Adds a part to the sum of the parts before it. */
static bool add_part(const struct subject *x, const struct rule_part *p, const struct machine *m,
                     const struct quote *part, const struct hit *h, struct quote *sum)
{
    struct decimal amount, cost;
    if (!decimal_mul(part_amount(p, m), p->factor, &amount))
        return too_large(x, h);
    if (sum->tier_count > 0 && (part->tier_count > 1 || sum->tier_count > 1))
        return refuse(x, h, NULL, STR("tiers cannot be added to other parts"));
    for (size_t i = 0; i < part->tier_count; i++) {
        sum->tiers[i].from = part->tiers[i].from;
        if (!decimal_mul(part->tiers[i].usd, amount, &cost) ||
            !decimal_sum(sum->tiers[i].usd, cost, &sum->tiers[i].usd))
            return too_large(x, h);
    }
    if (sum->tier_count < part->tier_count)
        sum->tier_count = part->tier_count;
    return true;
}

static void remember_entry(const struct subject *x, const struct hit *h, struct quote *out,
                           struct strbuf *entries, const struct hit **before)
{
    const struct feed_file *file = &x->q->s->files[h->entry.file];
    struct date day = day_of(x, h);
    if (*before && x->q->s->files[(*before)->entry.file].version.n > 0 &&
        !str_equal(x->q->s->files[(*before)->entry.file].version, file->version))
        strbuf_addf(entries, " of %.*s", STR_ARG(x->q->s->files[(*before)->entry.file].version));
    if (*before)
        strbuf_adds(entries, " and ");
    strbuf_add(entries, h->entry.id);
    if (date_compare(h->entry.effective, out->effective) > 0)
        out->effective = h->entry.effective;
    if (date_compare(day, out->seen) > 0)
        out->seen = day;
    out->path = file->path;
    *before = h;
}

enum quote_result quote_find(const struct quoting *q, const struct feed_rule *rule, size_t machine,
                             size_t region, const struct sku *sku, struct quote *out)
{
    const struct machine *m = rule->set ? &rule->set->machines[machine] : NULL;
    struct subject x = {.q = q, .rule = rule, .sku = sku, .region = rule->regions[region].feed};
    struct strbuf entries = STRBUF_INIT;
    const struct hit *before = NULL;
    enum quote_result result = QUOTE_FOUND;
    *out = (struct quote){.effective = DATE_NONE, .seen = DATE_NONE, .region = x.region};
    if (x.region.n == 0)
        x.region = STR("the region without a name");
    bool any = false, lacks = false;
    assert(rule->part_count > 0);
    for (size_t i = 0; i < rule->part_count && result != QUOTE_REFUSED; i++) {
        const struct rule_part *p = &rule->parts[i];
        struct quote part = {0};
        const struct hit *used = NULL;
        if (decimal_is_zero(part_amount(p, m)))
            continue; // no GPU, so no price of one
        x.unit = p->unit.n > 0 ? p->unit : str_of(sku->unit->name);
        result = quote_part(&x, selection_target(q->s, p, machine, region), &part, &used);
        if (rule->part_count > 1 && result == QUOTE_FOUND)
            take_grant(&part); // an allowance belongs to the SKU of the part
        if (result == QUOTE_FOUND && !add_part(&x, p, m, &part, used, out))
            result = QUOTE_REFUSED;
        if (result == QUOTE_ABSENT && !lacks)
            out->missing = p;
        lacks |= result == QUOTE_ABSENT;
        any |= result == QUOTE_FOUND;
        if (result == QUOTE_FOUND)
            remember_entry(&x, used, out, &entries, &before);
    }
    if (result != QUOTE_REFUSED)
        result = any && !lacks ? QUOTE_FOUND : QUOTE_ABSENT;
    if (!any)
        out->missing = NULL;
    if (result == QUOTE_FOUND) {
        strbuf_addf(&entries, " of %.*s", STR_ARG(q->s->files[before->entry.file].version));
        out->entries = strbuf_copy(&entries, q->a);
        for (size_t i = 0; i < out->tier_count && rule->decimals >= 0; i++)
            out->tiers[i].usd = decimal_round(out->tiers[i].usd, rule->decimals);
        take_grant(out);
        out->tiers[0].from = (struct decimal){0, 0};
        if (out->tiers[0].usd.coef <= 0 &&
            !refuse(&x, before, "\"decimals\" and \"factor\" of the rule make it",
                    STR("what the parts add up to is not greater than 0")))
            result = QUOTE_REFUSED;
    }
    strbuf_release(&entries);
    return result;
}
