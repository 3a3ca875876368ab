/*
 * A price book from hostile files. The input is one or more files, each after a line
 * "=== prices/x.json"; whatever they hold, loading ends, a book without errors obeys the promises of
 * book.h, and every mistake prints.
 */
#include "base/arena.h"
#include "base/strbuf.h"
#include "pricing/check.h"
#include "pricing/load.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>

#define FILES_MAX 32

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t split(struct str text, struct book_file files[FILES_MAX])
{
    struct str line;
    size_t count = 0;
    while (text.n > 0 && str_next_line(&text, &line)) {
        if (count < FILES_MAX && str_starts(line, STR("=== ")) && str_ends(line, STR(".json"))) {
            struct str name = str_slice(line, 4, line.n);
            files[count++] = (struct book_file){name, name, {text.s, 0}};
        } else if (count > 0) {
            struct str *body = &files[count - 1].text;
            body->n = (size_t)(line.s + line.n - body->s);
        }
    }
    return count;
}

static void check_sku(const struct sku *sku)
{
    bool early;
    assert(sku->unit && sku->price_count > 0);
    for (size_t i = 0; i < sku->price_count; i++) {
        const struct price *p = &sku->prices[i];
        assert(p->usd.coef >= 0 && p->source.n > 0 && p->region.n > 0);
        assert(p->tier_count == 0 || isinf(p->tiers[p->tier_count - 1].up_to));
        if (date_is_none(p->until) || date_compare(p->until, p->from) >= 0)
            assert(sku_price(sku, p->region, p->from, &early) == p && !early);
        assert(price_cost(p, 10) >= 0 && price_cost(p, 1e12) >= price_cost(p, 10));
    }
}

static void check_book(const struct book *b, struct arena *a)
{
    struct stale *stale;
    struct gap *gaps;
    size_t count;
    for (size_t i = 0; i < b->sku_count; i++) {
        check_sku(&b->skus[i]);
        assert(book_sku(b, b->skus[i].id) == &b->skus[i]);
    }
    for (size_t i = 0; i < b->platform_count; i++) {
        assert(book_platform(b, b->platforms[i].id) == &b->platforms[i]);
        assert(b->platforms[i].meter_count > 0);
    }
    book_staleness(b, b->edition, 30, a, &stale, &count);
    book_check_coverage(b, b->edition, a, &gaps, &count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct book_file files[FILES_MAX];
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct strbuf text = STRBUF_INIT;
    struct book book;
    size_t count = split((struct str){(const char *)data, size}, files);
    bool ok = book_parse(files, count, STR("book"), a, &book, d);
    assert(ok == (diags_errors(d) == 0));
    if (ok)
        check_book(&book, a);
    diags_sort(d);
    diags_print(d, &text, false);
    strbuf_release(&text);
    arena_destroy(a);
    return 0;
}
