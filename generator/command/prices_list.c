#include "base/arena.h"
#include "command/console.h"
#include "command/prices_parts.h"
#include "command/table.h"
#include "render/escape.h"

#include <math.h>
#include <string.h>

struct filter {
    const char *provider, *service, *region, *sku, *as_of;
    struct str service_lower;
    struct date day;
};

/* One line of the list. */
struct listed {
    const struct sku *sku;
    const struct price *price;
    bool is_early;
};

struct listing {
    struct arena *a;
    struct listed *items;
    size_t count, capacity;
};

/* ---- selecting ----------------------------------------------------------------------------------
 */

static void add(struct listing *l, const struct sku *sku, struct str region, struct date day)
{
    struct listed item = {.sku = sku};
    item.price = sku_price(sku, region, day, &item.is_early);
    if (!item.price)
        return;
    l->items = arena_grow(l->a, struct listed, l->items, l->count, &l->capacity);
    l->items[l->count++] = item;
}

static void select_prices(const struct book *b, const struct filter *f, struct listing *l)
{
    for (size_t i = 0; i < b->sku_count; i++) {
        const struct sku *sku = &b->skus[i];
        if (f->provider && !str_is(sku->provider, f->provider))
            continue;
        if (f->sku && !prices_glob(str_of(f->sku), sku->id))
            continue;
        if (f->service) {
            struct str lower = str_lower(l->a, sku->service);
            if (str_find(lower, f->service_lower) == lower.n)
                continue;
        }
        if (f->region) {
            add(l, sku, str_of(f->region), f->day);
            continue;
        }
        for (size_t k = 0; k < sku->price_count; k++)
            if (k == 0 || !str_equal(sku->prices[k].region, sku->prices[k - 1].region))
                add(l, sku, sku->prices[k].region, f->day);
    }
}

/* ---- printing -----------------------------------------------------------------------------------
 */

static void add_remark(struct strbuf *sb, struct str remark)
{
    if (sb->n > 0)
        strbuf_adds(sb, "; ");
    strbuf_add(sb, remark);
}

static struct str remarks(const struct listed *item, struct arena *a)
{
    const struct price *p = item->price;
    struct strbuf sb = STRBUF_INIT;
    if (item->is_early)
        add_remark(&sb, STR("first known price"));
    if (p->confidence == CONFIDENCE_ESTIMATE)
        add_remark(&sb, str_printf(a, "%.*s to %.*s", STR_ARG(prices_decimal(a, p->estimate_low)),
                                   STR_ARG(prices_decimal(a, p->estimate_high))));
    if (p->tier_count > 1)
        add_remark(&sb, str_printf(a, "%zu tiers", p->tier_count));
    if (p->free_quantity > 0.0)
        add_remark(&sb,
                   str_printf(a, "%.*s free a month", STR_ARG(prices_number(a, p->free_quantity))));
    struct str text = strbuf_copy(&sb, a);
    strbuf_release(&sb);
    return text;
}

static void print_text(const struct listing *l, struct date day, struct strbuf *out)
{
    static const struct column COLUMNS[] = {
        {"SKU", ALIGN_LEFT},     {"REGION", ALIGN_LEFT}, {"USD", ALIGN_POINT},
        {"PER", ALIGN_LEFT},     {"SINCE", ALIGN_LEFT},  {"CONFIDENCE", ALIGN_LEFT},
        {"REMARKS", ALIGN_LEFT},
    };
    struct table t;
    table_init(&t, COLUMNS, sizeof COLUMNS / sizeof *COLUMNS, l->a);
    for (size_t i = 0; i < l->count; i++) {
        const struct listed *item = &l->items[i];
        struct str from = prices_day(l->a, item->price->from);
        bool is_seen = item->price->basis == PRICE_SEEN;
        table_cell(&t, item->sku->id);
        table_cell(&t, item->price->region);
        table_cell(&t, prices_decimal(l->a, item->price->usd));
        table_cell(&t, item->sku->unit ? str_of(item->sku->unit->name) : STR(""));
        table_cell(&t, is_seen ? str_printf(l->a, "%.*s (seen)", STR_ARG(from)) : from);
        table_cell(&t, str_of(confidence_word(item->price->confidence)));
        table_cell(&t, remarks(item, l->a));
    }
    table_print(&t, 0, out);
    strbuf_addf(out, "\n%zu price%s in force on ", l->count, l->count == 1 ? "" : "s");
    date_add(out, day);
    strbuf_addc(out, '\n');
}

static void print_json(const struct listing *l, const struct book *b, struct date day,
                       struct strbuf *out)
{
    struct json_out j;
    json_out_init(&j, out);
    json_begin(&j, '{');
    json_key(&j, "format");
    json_puts(&j, "breakeven-price-list/1");
    json_key(&j, "edition");
    json_put_str(&j, prices_day(l->a, b->edition));
    json_key(&j, "as_of");
    json_put_str(&j, prices_day(l->a, day));
    json_key(&j, "prices");
    json_begin(&j, '[');
    for (size_t i = 0; i < l->count; i++) {
        const struct listed *item = &l->items[i];
        json_begin_inline(&j, '{');
        json_key(&j, "sku");
        json_put_str(&j, item->sku->id);
        json_key(&j, "name");
        json_put_str(&j, item->sku->name);
        json_key(&j, "provider");
        json_put_str(&j, item->sku->provider);
        json_key(&j, "service");
        json_put_str(&j, item->sku->service);
        json_key(&j, "unit");
        json_puts(&j, item->sku->unit->name);
        prices_put_price(&j, item->price);
        json_key(&j, "before_first_price");
        json_put_bool(&j, item->is_early);
        json_end(&j, '}');
    }
    json_end(&j, ']');
    json_end(&j, '}');
    strbuf_addc(out, '\n');
}

static void put_field(struct strbuf *out, struct str text, bool is_last)
{
    escape_csv(out, text);
    strbuf_adds(out, is_last ? "\r\n" : ",");
}

/* "6000000000:0.0000166667 0.000015": end and price of each tier. */
static struct str tier_text(const struct price *p, struct arena *a)
{
    struct strbuf sb = STRBUF_INIT;
    for (size_t i = 0; i < p->tier_count; i++) {
        if (i > 0)
            strbuf_addc(&sb, ' ');
        if (isfinite(p->tiers[i].up_to)) {
            strbuf_add_double(&sb, p->tiers[i].up_to, 15);
            strbuf_addc(&sb, ':');
        }
        decimal_add(&sb, p->tiers[i].usd);
    }
    struct str text = strbuf_copy(&sb, a);
    strbuf_release(&sb);
    return text;
}

static void print_csv(const struct listing *l, struct strbuf *out)
{
    strbuf_adds(out,
                "sku,name,provider,service,category,subcategory,region,unit,usd,from,basis,until,"
                "confidence,low,high,free_quantity,free_pool,tiers,source,note\r\n");
    for (size_t i = 0; i < l->count; i++) {
        const struct sku *s = l->items[i].sku;
        const struct price *p = l->items[i].price;
        bool is_estimate = p->confidence == CONFIDENCE_ESTIMATE;
        struct strbuf free_quantity = STRBUF_INIT;
        if (p->free_quantity > 0.0)
            strbuf_add_double(&free_quantity, p->free_quantity, 15);
        const struct str fields[] = {
            s->id,
            s->name,
            s->provider,
            s->service,
            s->category,
            s->subcategory,
            p->region,
            str_of(s->unit->name),
            prices_decimal(l->a, p->usd),
            prices_day(l->a, p->from),
            str_of(basis_of_price_word(p->basis)),
            prices_day(l->a, p->until),
            str_of(confidence_word(p->confidence)),
            is_estimate ? prices_decimal(l->a, p->estimate_low) : STR(""),
            is_estimate ? prices_decimal(l->a, p->estimate_high) : STR(""),
            strbuf_str(&free_quantity),
            p->free_pool,
            tier_text(p, l->a),
            p->source,
            p->note,
        };
        size_t count = sizeof fields / sizeof *fields;
        for (size_t k = 0; k < count; k++)
            put_field(out, fields[k], k + 1 == count);
        strbuf_release(&free_quantity);
    }
}

/* ---- the sub-command ----------------------------------------------------------------------------
 */

static int check_provider(const struct prices_run *run, const char *word)
{
    const struct book *b = &run->book;
    struct str *ids = arena_new(run->a, struct str, b->provider_count);
    struct strbuf list = STRBUF_INIT;
    if (book_provider(b, str_of(word)) >= 0)
        return EXIT_DONE;
    for (size_t i = 0; i < b->provider_count; i++) {
        ids[i] = b->providers[i].id;
        strbuf_addf(&list, "%s%.*s", i > 0 ? ", " : "", STR_ARG(ids[i]));
    }
    struct str near = str_nearest(str_of(word), ids, b->provider_count);
    struct str hint = near.s ? str_printf(run->a, "did you mean '%.*s'?", STR_ARG(near))
                             : str_printf(run->a, "the book has %.*s", (int)list.n,
                                          list.s ? list.s : "");
    strbuf_release(&list);
    return prices_complain(str_printf(run->a, "unknown provider '%s'", word), hint);
}

int prices_list(int argc, char **argv, struct prices_run *run)
{
    struct filter f = {0};
    const char *format = "text";
    bool help = false;
    const struct option_row options[] = {
        {0, "provider", OPTION_STRING, &f.provider, "ID", "only this provider, such as aws"},
        {0, "service", OPTION_STRING, &f.service, "TEXT",
         "only services whose name holds the text"},
        {0, "region", OPTION_STRING, &f.region, "REGION", "prices as they hold in this region"},
        {0, "sku", OPTION_STRING, &f.sku, "GLOB", "only these SKUs; * and ? are wildcards"},
        {0, "as-of", OPTION_DATE, &f.as_of, "DATE",
         "prices of that day (default: the book's edition)"},
        {0, "format", OPTION_CHOICE, &format, "text|json|csv", "how to print (default: text)"},
        {0, "pricing", OPTION_STRING, &run->pricing, "DIR", "another price book"},
        {'h', "help", OPTION_FLAG, &help, NULL, "this text"},
        {0, NULL, OPTION_FLAG, NULL, NULL, NULL},
    };
    const char **operands = arena_new(run->a, const char *, (size_t)argc);
    size_t count;
    if (!option_parse("prices list", argc, argv, options, operands, &count, run->a))
        return EXIT_USAGE;
    if (help) {
        console_help("prices list [OPTIONS]", "Lists the prices in force on a day.", options);
        return EXIT_DONE;
    }
    if (count > 0)
        return console_misused("prices list",
                               str_printf(run->a, "it takes no operand, got '%s'", operands[0]),
                               STR("--sku GLOB selects SKUs"));
    if (!prices_load(run))
        return console_report(run->d, false, false);
    if (f.provider && check_provider(run, f.provider) != EXIT_DONE)
        return EXIT_INPUT;
    f.day = run->book.edition;
    if (f.as_of)
        date_parse(str_of(f.as_of), &f.day);
    if (f.service)
        f.service_lower = str_lower(run->a, str_of(f.service));

    struct listing l = {.a = run->a};
    select_prices(&run->book, &f, &l);
    if (l.count == 0 && strcmp(format, "text") == 0)
        return prices_complain(STR("no price matches"), STR(""));
    struct strbuf out = STRBUF_INIT;
    if (strcmp(format, "json") == 0)
        print_json(&l, &run->book, f.day, &out);
    else if (strcmp(format, "csv") == 0)
        print_csv(&l, &out);
    else
        print_text(&l, f.day, &out);
    int status = prices_put(&out, strcmp(format, "text") == 0,
                            l.count > 0 ? EXIT_DONE : EXIT_INPUT);
    strbuf_release(&out);
    return status;
}
