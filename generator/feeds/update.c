#include "feeds/update.h"

#include "base/arena.h"
#include "base/strbuf.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FAR 5.0 /* a price that moves by more may rest on a mistaken unit: a warning */
#define TOO_FAR \
    100.0 /* no vendor changes a list price by as much; a thousand is a unit: an error */

struct finding {
    const struct quoting *q;
    struct update *out;
    size_t capacity;
    struct names seen;    /* "SKU region": two rules must not price the same */
    struct names missing; /* "part region": said once, not for each machine */
};

/* ---- comparing with the book --------------------------------------------------------------------
 */

static bool same_number(double a, double b)
{
    return fabs(a - b) <= 1e-9 * fmax(fabs(a), fabs(b));
}

/* Whether a row says what the feed says. */
static bool says_same(const struct price *p, const struct quote *q)
{
    size_t count = p->tier_count > 0 ? p->tier_count : 1;
    if (count != q->tier_count || decimal_compare(p->usd, q->tiers[0].usd) != 0)
        return false;
    for (size_t i = 0; i < p->tier_count; i++) {
        if (decimal_compare(p->tiers[i].usd, q->tiers[i].usd) != 0)
            return false;
        if (i + 1 < count && !same_number(p->tiers[i].up_to, decimal_double(q->tiers[i + 1].from)))
            return false;
    }
    return !q->has_grant || same_number(p->free_quantity, decimal_double(q->grant));
}

/* The row of a region that is in force on a day, and the one after it; NULL where there is none. */
static void find_rows(const struct sku *sku, struct str region, struct date day,
                      const struct price **in_force, const struct price **next)
{
    *in_force = *next = NULL;
    for (size_t i = 0; i < sku->price_count; i++) {
        const struct price *p = &sku->prices[i];
        if (!str_equal(p->region, region))
            continue;
        if (date_compare(p->from, day) <= 0)
            *in_force = p;
        else if (!*next)
            *next = p;
    }
}

static bool is_withdrawn(const struct price *p, struct date day)
{
    return !date_is_none(p->until) && date_compare(p->until, day) < 0;
}

static void describe_note(const struct finding *f, const struct feed_rule *rule,
                          const struct quote *q, struct price_change *c)
{
    static const char *const NAMES[] = {[FEED_AWS] = "AWS price list",
                                        [FEED_AZURE] = "Azure retail prices",
                                        [FEED_GCP] = "Google Cloud Billing Catalog",
                                        [FEED_SKYPILOT] = "SkyPilot catalogue"};
    const char *name = NAMES[f->q->s->rules->feed];
    struct str begin = rule->note;
    c->note = str_printf(f->q->a, "%.*s%sSource: %s, %.*s.", STR_ARG(begin), begin.n > 0 ? " " : "",
                         name, STR_ARG(q->entries));
    size_t at = str_find(rule->source, STR("{region}"));
    struct str tail = str_slice(rule->source, at + sizeof "{region}" - 1, rule->source.n);
    c->source = rule->source;
    if (at < rule->source.n)
        c->source = str_printf(f->q->a, "%.*s%.*s%.*s", STR_ARG(str_slice(rule->source, 0, at)),
                               STR_ARG(q->region), STR_ARG(tail));
    c->confidence = rule->confidence;
}

/* How many times as large the larger of two prices is; 1 where one of them is free. */
static double jump(struct decimal before, struct decimal after)
{
    double b = decimal_double(before), a = decimal_double(after);
    return a > 0 && b > 0 ? fmax(a / b, b / a) : 1;
}

static double largest_jump(const struct price_change *c)
{
    const struct quote *q = &c->quote;
    if (!c->old)
        return 1;
    double largest = jump(c->old->usd, q->tiers[0].usd);
    for (size_t i = 1; i < q->tier_count && i < c->old->tier_count; i++)
        largest = fmax(largest, jump(c->old->tiers[i].usd, q->tiers[i].usd));
    return largest;
}

static void judge_jump(const struct finding *f, const struct price_change *c)
{
    double by = largest_jump(c);
    bool is_error = by >= TOO_FAR && !f->q->accept_jumps;
    if (by < FAR)
        return;
    struct strbuf sb = STRBUF_INIT;
    update_describe(c, &sb);
    struct str said = str_trim(strbuf_str(&sb));
    struct where where = where_file(str_of(c->quote.path));
    if (is_error)
        diag_error(f->q->d, where,
                   "look at the unit of the entry; --accept-jumps takes the price as it is",
                   "a price moves too far to be believed: %.*s", STR_ARG(said));
    else
        diag_warning(f->q->d, where, "look at the unit of the entry", "a price moves far: %.*s",
                     STR_ARG(said));
    strbuf_release(&sb);
}

/* A row of its own is not needed where the one for all regions says the same. */
static bool is_covered(const struct sku *sku, const struct quote *q, struct date day)
{
    const struct price *any, *next;
    find_rows(sku, STR("any"), day, &any, &next);
    return any && !is_withdrawn(any, day) && says_same(any, q);
}

static void add_change(struct finding *f, const struct feed_rule *rule, const struct sku *sku,
                       struct str region, const struct quote *q)
{
    struct update *u = f->out;
    const struct price *old, *next;
    bool is_announced = date_compare(q->effective, q->seen) > 0;
    struct date day = is_announced ? q->effective : q->seen;
    find_rows(sku, region, day, &old, &next);
    bool withdrawn = old && is_withdrawn(old, day);
    const struct price *same = old ? old : next;
    if ((same && !withdrawn && says_same(same, q)) || (!same && is_covered(sku, q, day))) {
        u->unchanged++;
        return;
    }
    struct price_change c = {.sku = sku, .old = old, .region = region, .quote = *q};
    struct date after = withdrawn ? old->until : old ? old->from : DATE_NONE;
    bool is_known = !date_is_none(q->effective) && date_compare(q->effective, after) > 0;
    c.from = is_known ? q->effective : day;
    c.basis = is_known ? PRICE_EFFECTIVE : PRICE_SEEN;
    if (old && date_compare(c.from, after) <= 0) {
        diag_error(
            f->q->d, old->where, "--seen names a later day, if the price changed after it",
            "the book has a price of %.*s in %.*s from that day already, and %s says another",
            STR_ARG(sku->id), STR_ARG(region), q->path);
        return;
    }
    const struct price *like = old ? old : next;
    if (q->has_grant) {
        c.free_quantity = decimal_double(q->grant);
        c.free_pool = like && like->free_pool.n > 0 ? like->free_pool : sku->id;
    } else if (like) { // an allowance that stands outside the feed
        c.free_quantity = like->free_quantity;
        c.free_pool = like->free_pool;
    }
    describe_note(f, rule, q, &c);
    judge_jump(f, &c);
    u->changes = arena_grow(f->q->a, struct price_change, u->changes, u->change_count,
                            &f->capacity);
    u->changes[u->change_count++] = c;
}

/* ---- everything that the rules speak of ----------------------------------------------------------
 */

static bool has_price(const struct sku *sku, struct str region)
{
    for (size_t i = 0; i < sku->price_count; i++)
        if (str_equal(sku->prices[i].region, region))
            return true;
    return false;
}

static bool is_twice(struct finding *f, const struct feed_rule *rule, const struct sku *sku,
                     struct str region)
{
    struct str key = str_printf(f->q->a, "%.*s %.*s", STR_ARG(sku->id), STR_ARG(region));
    size_t value = 0;
    if (names_add(&f->seen, key, &value))
        return false;
    diag_error(f->q->d, rule->where, NULL, "two rules find a price of %.*s in %.*s",
               STR_ARG(sku->id), STR_ARG(region));
    return true;
}

/* A machine whose GPU, say, is nowhere in the files keeps its price: that is easily overlooked. */
static void warn_of_part(struct finding *f, const struct sku *sku, struct str region,
                         const struct rule_part *missing)
{
    const struct feed_rules *rules = f->q->s->rules;
    struct str key = str_printf(f->q->a, "%zu %.*s", (size_t)(missing - rules->parts),
                                STR_ARG(region));
    size_t value = 0;
    if (!names_add(&f->missing, key, &value))
        return;
    // The last condition of a key tells most.
    const struct feed_condition *c = &missing->key.items[missing->key.count - 1];
    struct str want = c->kind == MATCHES_REGEX ? c->text
                      : c->word_count > 0      ? c->words[0]
                                               : (struct str){0};
    diag_warning(
        f->q->d, where_file(rules->path), "were all pages given, and of all services?",
        "%.*s in %.*s is not imported: the files have a part of its price, but nothing there "
        "has the %.*s \"%.*s\"",
        STR_ARG(sku->id), STR_ARG(region), STR_ARG(c->name), STR_ARG(want));
}

/* A feed may call one region of the book by several names; the first that has a price counts. */
static bool is_priced(const struct feed_rule *rule, size_t region, uint64_t found)
{
    for (size_t i = 0; i < region; i++)
        if ((found >> i & 1) != 0 && str_equal(rule->regions[i].book, rule->regions[region].book))
            return true;
    return false;
}

/* A feed may also have one name for several regions of the book: what it says of the first is of all. */
static size_t first_of_name(const struct feed_rule *rule, size_t region)
{
    size_t i = 0;
    while (!str_equal(rule->regions[i].feed, rule->regions[region].feed))
        i++;
    return i;
}

static void find_one(struct finding *f, const struct feed_rule *rule, size_t machine,
                     const struct sku *sku)
{
    struct quote q;
    uint64_t found = 0; // by region: no rule has more than 64
    for (size_t region = 0; region < rule->region_count; region++) {
        struct str name = rule->regions[region].book;
        if (is_priced(rule, region, found))
            continue; // an earlier name of the same region had it
        switch (quote_find(f->q, rule, machine, first_of_name(rule, region), sku, &q)) {
        case QUOTE_FOUND:
            found |= UINT64_C(1) << region;
            if (date_compare(q.seen, f->out->newest) > 0)
                f->out->newest = q.seen;
            if (!is_twice(f, rule, sku, name))
                add_change(f, rule, sku, name, &q);
            break;
        case QUOTE_ABSENT:
            f->out->absent += has_price(sku, name);
            if (q.missing && has_price(sku, name))
                warn_of_part(f, sku, name, q.missing);
            break;
        case QUOTE_REFUSED: break;
        }
    }
}

static int compare_changes(const void *left, const void *right)
{
    const struct price_change *a = left, *b = right;
    int order = str_compare(a->sku->id, b->sku->id);
    if (order == 0)
        order = str_compare(a->region, b->region);
    return order != 0 ? order : date_compare(a->from, b->from);
}

static void complain_of_nothing(const struct quoting *q)
{
    const struct selection *s = q->s;
    diag_error(q->d, where_file(str_of(s->files[0].path)),
               "is it a file of that vendor, and of a service and region that the rules speak of?",
               "nothing in %s is priced by %.*s (%zu %s seen)",
               s->file_count > 1 ? "these files" : "this file", STR_ARG(s->rules->path), s->entries,
               s->entries == 1 ? "entry was" : "entries were");
}

bool update_find(const struct quoting *q, struct update *out)
{
    const struct feed_rules *rules = q->s->rules;
    size_t errors = diags_errors(q->d);
    *out = (struct update){.newest = DATE_NONE};
    struct finding f = {.q = q, .out = out, .seen = {.a = q->a}, .missing = {.a = q->a}};
    for (size_t i = 0; i < rules->rule_count; i++) {
        const struct feed_rule *rule = &rules->rules[i];
        if (rule->sku)
            find_one(&f, rule, 0, rule->sku);
        for (size_t m = 0; rule->set && m < rule->set->count; m++)
            if (rule->machine_sku[m])
                find_one(&f, rule, m, rule->machine_sku[m]);
    }
    if (out->change_count > 1)
        qsort(out->changes, out->change_count, sizeof *out->changes, compare_changes);
    if (diags_errors(q->d) == errors && out->change_count + out->unchanged == 0)
        complain_of_nothing(q);
    return diags_errors(q->d) == errors;
}

/* ---- saying it ----------------------------------------------------------------------------------
 */

static void add_percent(struct strbuf *out, double ratio)
{
    double percent = 100.0 * ratio;
    strbuf_adds(out, percent < 0 ? "-" : "+");
    if (fabs(percent) < 0.05)
        strbuf_adds(out, "<0.1");
    else
        strbuf_add_fixed(out, fmin(fabs(percent), 1e9), 1, true);
    strbuf_adds(out, " %");
}

void update_describe(const struct price_change *c, struct strbuf *out)
{
    struct decimal usd = c->quote.tiers[0].usd;
    strbuf_add(out, c->sku->id);
    strbuf_addc(out, ' ');
    strbuf_add(out, c->region);
    strbuf_adds(out, ": ");
    if (c->old) {
        decimal_add(out, c->old->usd);
        strbuf_adds(out, " -> ");
    } else {
        strbuf_adds(out, "new, ");
    }
    decimal_add(out, usd);
    strbuf_addf(out, " USD per %s", c->sku->unit->singular);
    bool is_free_same = c->old && same_number(c->free_quantity, c->old->free_quantity);
    if (c->old && decimal_compare(c->old->usd, usd) == 0) {
        strbuf_adds(out, is_free_same ? " (other tiers)" : "");
    } else if (c->old && !decimal_is_zero(c->old->usd)) {
        double before = decimal_double(c->old->usd);
        strbuf_adds(out, " (");
        add_percent(out, (decimal_double(usd) - before) / before);
        strbuf_adds(out, ")");
    }
    if (c->old && !is_free_same) {
        strbuf_adds(out, ", allowance ");
        strbuf_add_double(out, c->old->free_quantity, 15);
        strbuf_adds(out, " -> ");
        strbuf_add_double(out, c->free_quantity, 15);
    }
    strbuf_adds(out, ", from ");
    date_add(out, c->from);
    strbuf_addf(out, ", %s\n", basis_of_price_word(c->basis));
}
