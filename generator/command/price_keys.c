#include "command/price_keys.h"

#include "base/arena.h"
#include "base/hash.h"
#include "base/strbuf.h"

/* ---- who is charged whose prices ----------------------------------------------------------------
 */

static void leads_to(struct price_keys *k, int from, const struct sku *sku)
{
    int to = sku ? book_provider(k->book, sku->provider) : -1;
    if (from >= 0 && to >= 0)
        k->needs[(size_t)from * k->book->provider_count + (size_t)to] = true;
}

void price_keys_init(struct price_keys *k, const struct book *book, const struct edition *edition,
                     struct arena *a)
{
    size_t providers = book->provider_count;
    *k = (struct price_keys){.book = book, .edition = edition, .a = a};
    k->needs = arena_new(a, bool, providers *providers);
    k->hashes = arena_new(a, struct input_hash *, book->geography_count);
    bool *has_platform = arena_new(a, bool, providers);
    for (size_t i = 0; i < book->platform_count; i++) {
        const struct platform *p = &book->platforms[i];
        int from = book_provider(book, p->provider);
        if (from >= 0)
            has_platform[from] = true;
        for (size_t m = 0; m < p->meter_count; m++)
            leads_to(k, from, p->meters[m].sku);
        for (size_t m = 0; p->machines && m < p->machines->count; m++)
            for (size_t s = 0; s < PURCHASE_COUNT; s++)
                leads_to(k, from, p->machines->machines[m].sku[s]);
    }
    for (size_t from = 0; from < providers; from++)
        for (size_t to = 0; to < providers; to++) // people, and others that sell no platform
            if (from == to || !has_platform[to])
                k->needs[from * providers + to] = true;
}

/* ---- what is sold in a geography ----------------------------------------------------------------
 */

static bool is_sold_in(const struct book *b, struct str region, size_t geography)
{
    const struct geography *g = &b->geographies[geography];
    if (str_is(region, "any") || str_equal(region, g->id))
        return true;
    for (size_t i = 0; i < b->provider_count; i++)
        if (str_equal(region, g->region[i]))
            return true;
    for (size_t i = 0; i < b->platform_count; i++)
        if (str_equal(region, b->platforms[i].region[geography]))
            return true;
    return false;
}

static void add_number(struct strbuf *sb, double value)
{
    strbuf_addf(sb, "%a|", value);
}

static void add_decimal(struct strbuf *sb, struct decimal value)
{
    decimal_add(sb, value);
    strbuf_addc(sb, '|');
}

static void hash_price(struct sha256 *h, const struct price *p, struct strbuf *sb)
{
    strbuf_clear(sb);
    strbuf_addf(sb, "%ld|%ld|%ld|%d|%d|", (long)p->from.days, (long)p->until.days,
                (long)p->checked.days, (int)p->basis, (int)p->confidence);
    add_decimal(sb, p->usd);
    add_decimal(sb, p->estimate_low);
    add_decimal(sb, p->estimate_high);
    add_number(sb, p->free_quantity);
    for (size_t i = 0; i < p->tier_count; i++) {
        add_number(sb, p->tiers[i].up_to);
        add_decimal(sb, p->tiers[i].usd);
    }
    sha256_add_field(h, strbuf_str(sb));
    sha256_add_field(h, p->region);
    sha256_add_field(h, p->free_pool);
    sha256_add_field(h, p->source);
    sha256_add_field(h, p->note);
}

static void hash_sku(struct sha256 *h, const struct sku *sku)
{
    const struct str texts[] = {
        sku->id,       sku->name,        sku->provider,          sku->service,
        sku->category, sku->subcategory, str_of(sku->unit->name)};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        sha256_add_field(h, texts[i]);
}

static void hash_geography(struct price_keys *k, size_t geography)
{
    const struct book *b = k->book;
    struct sha256 *h = arena_new(k->a, struct sha256, b->provider_count);
    struct strbuf sb = STRBUF_INIT;
    struct str region = {0};
    bool is_sold = false;
    for (size_t i = 0; i < b->provider_count; i++)
        sha256_init(&h[i]);
    for (size_t i = 0; i < b->sku_count; i++) {
        const struct sku *sku = &b->skus[i];
        int provider = book_provider(b, sku->provider);
        if (provider < 0)
            continue;
        hash_sku(&h[provider], sku);
        for (size_t r = 0; r < sku->price_count; r++) {
            if (region.n == 0 || !str_equal(region, sku->prices[r].region)) {
                region = sku->prices[r].region;
                is_sold = is_sold_in(b, region, geography);
            }
            if (is_sold)
                hash_price(&h[provider], &sku->prices[r], &sb);
        }
    }
    strbuf_release(&sb);
    k->hashes[geography] = arena_new(k->a, struct input_hash, b->provider_count);
    for (size_t i = 0; i < b->provider_count; i++)
        sha256_final(&h[i], k->hashes[geography][i].bytes);
}

/* ---- a decision ---------------------------------------------------------------------------------
 */

static bool touches(const struct price_keys *k, size_t geography, const bool *is_in)
{
    for (size_t i = 0; k->edition && i < k->edition->count; i++) {
        const struct price_change *change = &k->edition->changes[i];
        int provider = book_provider(k->book, change->sku->provider);
        if (provider >= 0 && is_in[provider] && is_sold_in(k->book, change->region, geography))
            return true;
    }
    return false;
}

/* Whose prices: of the providers allowed, and whom their platforms lead to. */
static bool *providers_of(const struct price_keys *k, bool all, const struct str *providers,
                          size_t count)
{
    size_t n = k->book->provider_count;
    bool *is_in = arena_new(k->a, bool, n);
    for (size_t i = 0; i < n; i++)
        is_in[i] = all;
    for (size_t i = 0; !all && i < count; i++) {
        int from = book_provider(k->book, providers[i]);
        for (size_t to = 0; to < n; to++) // one that is not known allows all
            is_in[to] = is_in[to] || from < 0 || k->needs[(size_t)from * n + to];
    }
    return is_in;
}

void price_keys_find(struct price_keys *k, struct str geography, bool all,
                     const struct str *providers, size_t count, struct input_hash *out)
{
    int at = book_geography(k->book, geography);
    struct sha256 h;
    if (at >= 0 && !k->hashes[at])
        hash_geography(k, (size_t)at);
    struct arena_mark mark = arena_mark(k->a);
    const bool *is_in = providers_of(k, all, providers, count);
    sha256_init(&h);
    sha256_add_field(&h, geography);
    if (at >= 0 && touches(k, (size_t)at, is_in))
        sha256_add_field(&h, str_printf(k->a, "%ld", (long)k->edition->date.days));
    for (size_t i = 0; at >= 0 && i < k->book->provider_count; i++)
        if (is_in[i])
            sha256_add_field(&h, (struct str){(const char *)k->hashes[at][i].bytes, INPUT_HASH});
    sha256_final(&h, out->bytes);
    arena_rewind(k->a, mark);
}
