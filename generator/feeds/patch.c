#include "feeds/patch.h"

#include "base/arena.h"
#include "base/strbuf.h"
#include "source/json.h"
#include "source/json_out.h"

#include <stdlib.h>
#include <string.h>

/* Bytes to put in at an offset of a text; those at one offset in order. */
struct insertion {
    const char *text; /* which file: its first byte */
    size_t offset, order;
    struct str bytes;
};

struct patching {
    struct arena *a;
    struct insertion *items;
    size_t count, capacity;
};

static void insert(struct patching *p, struct str text, size_t offset, struct str bytes)
{
    p->items = arena_grow(p->a, struct insertion, p->items, p->count, &p->capacity);
    p->items[p->count] = (struct insertion){text.s, offset, p->count, bytes};
    p->count++;
}

/* ---- one row ------------------------------------------------------------------------------------
 */

static void put_text(struct strbuf *sb, const char *key, struct str value)
{
    struct json_out j;
    strbuf_addf(sb, ", \"%s\": ", key);
    json_out_init(&j, sb);
    json_put_str(&j, value);
}

static void put_decimal(struct strbuf *sb, struct decimal value)
{
    strbuf_addc(sb, '"');
    decimal_add(sb, value);
    strbuf_addc(sb, '"');
}

static void put_tiers(struct strbuf *sb, const struct quote *q)
{
    strbuf_adds(sb, ", \"tiers\": [ ");
    for (size_t i = 0; i < q->tier_count; i++) {
        strbuf_adds(sb, i > 0 ? ", { " : "{ ");
        if (i + 1 < q->tier_count) {
            strbuf_adds(sb, "\"up_to\": ");
            decimal_add(sb, q->tiers[i + 1].from);
            strbuf_adds(sb, ", ");
        }
        strbuf_adds(sb, "\"usd\": ");
        put_decimal(sb, q->tiers[i].usd);
        strbuf_adds(sb, " }");
    }
    strbuf_adds(sb, " ]");
}

static struct str row_text(const struct price_change *c, struct arena *a)
{
    struct strbuf sb = STRBUF_INIT, day = STRBUF_INIT;
    struct json_out j;
    strbuf_adds(&sb, "{ \"region\": ");
    json_out_init(&j, &sb);
    json_put_str(&j, c->region);
    date_add(&day, c->from);
    put_text(&sb, "from", strbuf_str(&day));
    put_text(&sb, "basis", str_of(basis_of_price_word(c->basis)));
    strbuf_adds(&sb, ", \"usd\": ");
    put_decimal(&sb, c->quote.tiers[0].usd);
    if (c->quote.tier_count > 1)
        put_tiers(&sb, &c->quote);
    if (c->free_quantity > 0) {
        strbuf_adds(&sb, ", \"free\": { \"quantity\": ");
        strbuf_add_double(&sb, c->free_quantity, 15);
        put_text(&sb, "pool", c->free_pool);
        strbuf_adds(&sb, " }");
    }
    put_text(&sb, "source", c->source);
    put_text(&sb, "confidence", str_of(confidence_word(c->confidence)));
    put_text(&sb, "note", c->note);
    strbuf_adds(&sb, " }");
    struct str text = strbuf_copy(&sb, a);
    strbuf_release(&sb);
    strbuf_release(&day);
    return text;
}

/* ---- where it goes ------------------------------------------------------------------------------
 */

/* Line end and indentation before the first row, else a blank. */
static struct str separator(const struct sku *sku)
{
    struct str text = sku->prices[0].where.text;
    size_t at = sku->prices[0].where.offset, start = at;
    while (start > 0 && (text.s[start - 1] == ' ' || text.s[start - 1] == '\t'))
        start--;
    if (start == 0 || text.s[start - 1] != '\n')
        return STR(" ");
    start--;
    if (start > 0 && text.s[start - 1] == '\r')
        start--;
    return str_slice(text, start, at);
}

/* Past the comments that follow the last row: a new row must not take them over. */
static size_t after_comments(struct str text, size_t at)
{
    size_t end = at;
    for (;;) {
        while (at < text.n && strchr(" \t\r\n", text.s[at]))
            at++;
        struct str rest = str_slice(text, at, text.n);
        if (str_starts(rest, STR("//"))) {
            size_t line = str_find(rest, STR("\n"));
            if (line > 0 && line < rest.n && rest.s[line - 1] == '\r')
                line--;
            at += line;
        } else if (str_starts(rest, STR("/*"))) {
            at += str_find(rest, STR("*/")) + 2;
        } else {
            return end;
        }
        end = at;
    }
}

static bool sorts_before(const struct price *p, const struct price_change *c)
{
    int order = str_compare(p->region, c->region);
    return order < 0 || (order == 0 && date_compare(p->from, c->from) < 0);
}

/* The changes of one SKU, in the order of its rows. */
static void insert_rows(struct patching *p, const struct price_change *changes, size_t count)
{
    const struct sku *sku = changes[0].sku;
    struct str text = sku->prices[0].where.text, gap = separator(sku);
    bool appended = false;
    for (size_t i = 0; i < count; i++) {
        struct str row = row_text(&changes[i], p->a);
        size_t before = 0;
        while (before < sku->price_count && sorts_before(&sku->prices[before], &changes[i]))
            before++;
        if (before < sku->price_count) {
            insert(p, text, sku->prices[before].where.offset,
                   str_printf(p->a, "%.*s,%.*s", STR_ARG(row), STR_ARG(gap)));
            continue;
        }
        const struct where *last = &sku->prices[sku->price_count - 1].where;
        size_t end = last->offset + last->length, at = after_comments(text, end);
        if (!appended)
            insert(p, text, end, STR(","));
        struct str comma = appended ? STR(",") : STR("");
        struct str line = at > end && gap.n == 1 ? STR("\n") : gap;
        insert(p, text, at,
               str_printf(p->a, "%.*s%.*s%.*s", STR_ARG(comma), STR_ARG(line), STR_ARG(row)));
        appended = true;
    }
}

static int compare_insertions(const void *left, const void *right)
{
    const struct insertion *a = left, *b = right;
    if (a->offset != b->offset)
        return a->offset < b->offset ? -1 : 1;
    return a->order < b->order ? -1 : 1;
}

/* ---- files --------------------------------------------------------------------------------------
 */

static bool put_in(const struct patching *p, struct str text, struct str *out)
{
    struct strbuf sb = STRBUF_INIT;
    size_t at = 0;
    for (size_t i = 0; i < p->count; i++) { // sorted by offset
        if (p->items[i].text != text.s)
            continue;
        strbuf_add(&sb, str_slice(text, at, p->items[i].offset));
        strbuf_add(&sb, p->items[i].bytes);
        at = p->items[i].offset;
    }
    bool changed = sb.n > 0;
    if (changed) {
        strbuf_add(&sb, str_slice(text, at, text.n));
        *out = strbuf_copy(&sb, p->a);
    }
    strbuf_release(&sb);
    return changed;
}

static bool put_edition(const struct book_file *file, struct date edition, struct arena *a,
                        struct str *out, bool *changed, struct diags *d)
{
    const struct json *root = json_parse(file->path, file->text, a, d);
    const struct json *value = root ? json_find(root, "edition") : NULL;
    struct date now;
    *changed = false;
    if (!value || !date_parse(value->string, &now))
        return false;
    if (date_compare(edition, now) <= 0)
        return true;
    struct strbuf day = STRBUF_INIT;
    date_add(&day, edition);
    size_t end = json_where(value).offset + json_where(value).length;
    struct str head = str_slice(file->text, 0, json_where(value).offset);
    struct str tail = str_slice(file->text, end, file->text.n);
    *out = str_printf(a, "%.*s\"%.*s\"%.*s", STR_ARG(head), STR_ARG(strbuf_str(&day)),
                      STR_ARG(tail));
    *changed = true;
    strbuf_release(&day);
    return true;
}

bool patch_book(const struct book_file *files, size_t file_count, const struct update *u,
                struct date edition, struct arena *a, struct book_file **out, size_t *count,
                struct diags *d)
{
    struct patching p = {.a = a};
    *out = arena_new(a, struct book_file, file_count + 1);
    *count = 0;
    for (size_t i = 0; i < u->change_count;) {
        size_t end = i + 1;
        while (end < u->change_count && u->changes[end].sku == u->changes[i].sku)
            end++;
        insert_rows(&p, &u->changes[i], end - i);
        i = end;
    }
    if (p.count > 1)
        qsort(p.items, p.count, sizeof *p.items, compare_insertions);
    const struct book_file *book = NULL;
    for (size_t i = 0; i < file_count; i++) {
        struct book_file *f = &(*out)[*count];
        *f = files[i];
        *count += put_in(&p, files[i].text, &f->text);
        if (str_is(files[i].name, "book.json"))
            book = &files[i];
    }
    bool changed = false;
    if (!book || *count == 0)
        return book != NULL;
    struct book_file *last = &(*out)[*count];
    *last = *book;
    if (!put_edition(book, edition, a, &last->text, &changed, d))
        return false;
    *count += changed;
    return true;
}
