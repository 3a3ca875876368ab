#include "base/arena.h"
#include "command/console.h"
#include "command/prices_parts.h"
#include "pricing/check.h"

#include <math.h>
#include <string.h>

/* ---- who uses it --------------------------------------------------------------------------------
 */

static const struct meter *next_meter(const struct platform *p, const struct sku *sku, size_t *at)
{
    while (*at < p->meter_count) {
        const struct meter *m = &p->meters[(*at)++];
        if (m->sku == sku)
            return m;
    }
    return NULL;
}

/* The machine's kind of purchase that the SKU is, or -1. */
static int purchase_of(const struct machine *m, const struct sku *sku)
{
    for (int i = 0; i < PURCHASE_COUNT; i++)
        if (m->sku[i] == sku)
            return i;
    return -1;
}

/* ---- text ---------------------------------------------------------------------------------------
 */

static void text_tiers(struct strbuf *out, const struct price *p, struct arena *a)
{
    for (size_t i = 0; i < p->tier_count; i++) {
        struct str usd = prices_decimal(a, p->tiers[i].usd);
        if (isfinite(p->tiers[i].up_to))
            strbuf_addf(out, "      up to %.*s a month: %.*s\n",
                        STR_ARG(prices_number(a, p->tiers[i].up_to)), STR_ARG(usd));
        else
            strbuf_addf(out, "      beyond: %.*s\n", STR_ARG(usd));
    }
}

static void text_price(struct strbuf *out, const struct sku *sku, const struct price *p,
                       struct arena *a)
{
    strbuf_addf(out, "    %s %.*s", p->basis == PRICE_SEEN ? "seen" : "from",
                STR_ARG(prices_day(a, p->from)));
    if (!date_is_none(p->until))
        strbuf_addf(out, " until %.*s", STR_ARG(prices_day(a, p->until)));
    strbuf_addf(out, "  $%.*s per %s, %s", STR_ARG(prices_decimal(a, p->usd)), sku->unit->singular,
                confidence_word(p->confidence));
    if (p->confidence == CONFIDENCE_ESTIMATE)
        strbuf_addf(out, ", between $%.*s and $%.*s", STR_ARG(prices_decimal(a, p->estimate_low)),
                    STR_ARG(prices_decimal(a, p->estimate_high)));
    strbuf_addc(out, '\n');
    text_tiers(out, p, a);
    if (p->free_quantity > 0.0)
        strbuf_addf(out, "      the first %.*s a month are free (allowance %.*s)\n",
                    STR_ARG(prices_number(a, p->free_quantity)), STR_ARG(p->free_pool));
    if (!date_is_none(p->checked))
        strbuf_addf(out, "      still so on %.*s\n", STR_ARG(prices_day(a, p->checked)));
    strbuf_addf(out, "      %.*s\n", STR_ARG(p->source));
    if (p->note.n > 0)
        strbuf_addf(out, "      %.*s\n", STR_ARG(p->note));
}

static void text_users(struct strbuf *out, const struct book *b, const struct sku *sku)
{
    bool is_used = false;
    strbuf_adds(out, "\n  charged by\n");
    for (size_t i = 0; i < b->platform_count; i++) {
        const struct platform *p = &b->platforms[i];
        const struct meter *m;
        for (size_t at = 0; (m = next_meter(p, sku, &at)) != NULL; is_used = true)
            strbuf_addf(out, "    %.*s: %.*s (%s)\n", STR_ARG(p->id), STR_ARG(m->item),
                        quantity_word(m->quantity));
    }
    for (size_t i = 0; i < b->set_count; i++) {
        const struct machine_set *set = &b->sets[i];
        for (size_t k = 0; k < set->count; k++) {
            int purchase = purchase_of(&set->machines[k], sku);
            if (purchase < 0)
                continue;
            is_used = true;
            strbuf_addf(out, "    machine %.*s, %s, of the set %.*s", STR_ARG(set->machines[k].id),
                        purchase_word((enum purchase)purchase), STR_ARG(set->id));
            const char *before = ": ";
            for (size_t n = 0; n < b->platform_count; n++) {
                if (b->platforms[n].machines != set)
                    continue;
                strbuf_addf(out, "%s%.*s", before, STR_ARG(b->platforms[n].id));
                before = ", ";
            }
            strbuf_addc(out, '\n');
        }
    }
    if (!is_used)
        strbuf_adds(out, "    no platform and no machine\n");
}

static void show_text(struct strbuf *out, const struct book *b, const struct sku *sku,
                      struct arena *a)
{
    const struct provider *provider = &b->providers[book_provider(b, sku->provider)];
    strbuf_addf(out, "%.*s: %.*s\n", STR_ARG(sku->id), STR_ARG(sku->name));
    strbuf_addf(out, "  %.*s, %.*s (%.*s, %.*s)\n", STR_ARG(provider->name), STR_ARG(sku->service),
                STR_ARG(sku->category), STR_ARG(sku->subcategory));
    strbuf_addf(out, "  unit: %s, %s\n", sku->unit->name, sku->unit->meaning);
    for (size_t i = 0; i < sku->price_count; i++) {
        const struct price *p = &sku->prices[i];
        if (i == 0 || !str_equal(p->region, sku->prices[i - 1].region)) {
            bool is_any = str_is(p->region, "any");
            const char *what = !is_any ? "" : sku->price_count > 1 ? " other region" : " region";
            strbuf_addf(out, "\n  %.*s%s\n", STR_ARG(p->region), what);
        }
        text_price(out, sku, p, a);
    }
    text_users(out, b, sku);
}

/* ---- JSON ---------------------------------------------------------------------------------------
 */

static void json_users(struct json_out *j, const struct book *b, const struct sku *sku)
{
    json_key(j, "meters");
    json_begin(j, '[');
    for (size_t i = 0; i < b->platform_count; i++) {
        const struct meter *m;
        for (size_t at = 0; (m = next_meter(&b->platforms[i], sku, &at)) != NULL;) {
            json_begin_inline(j, '{');
            json_key(j, "platform");
            json_put_str(j, b->platforms[i].id);
            json_key(j, "item");
            json_put_str(j, m->item);
            json_key(j, "quantity");
            json_puts(j, quantity_word(m->quantity));
            json_end(j, '}');
        }
    }
    json_end(j, ']');
    json_key(j, "machines");
    json_begin(j, '[');
    for (size_t i = 0; i < b->set_count; i++) {
        const struct machine_set *set = &b->sets[i];
        for (size_t k = 0; k < set->count; k++) {
            int purchase = purchase_of(&set->machines[k], sku);
            if (purchase < 0)
                continue;
            json_begin_inline(j, '{');
            json_key(j, "set");
            json_put_str(j, set->id);
            json_key(j, "machine");
            json_put_str(j, set->machines[k].id);
            json_key(j, "purchase");
            json_puts(j, purchase_word((enum purchase)purchase));
            json_key(j, "platforms");
            json_begin_inline(j, '[');
            for (size_t n = 0; n < b->platform_count; n++)
                if (b->platforms[n].machines == set)
                    json_put_str(j, b->platforms[n].id);
            json_end(j, ']');
            json_end(j, '}');
        }
    }
    json_end(j, ']');
}

static void show_json(struct strbuf *out, const struct book *b, const struct sku *sku,
                      struct arena *a)
{
    struct json_out j;
    json_out_init(&j, out);
    json_begin(&j, '{');
    json_key(&j, "format");
    json_puts(&j, "breakeven-sku/1");
    json_key(&j, "edition");
    json_put_str(&j, prices_day(a, b->edition));
    json_key(&j, "sku");
    json_put_str(&j, sku->id);
    json_key(&j, "name");
    json_put_str(&j, sku->name);
    json_key(&j, "provider");
    json_put_str(&j, sku->provider);
    json_key(&j, "service");
    json_put_str(&j, sku->service);
    json_key(&j, "category");
    json_put_str(&j, sku->category);
    json_key(&j, "subcategory");
    json_put_str(&j, sku->subcategory);
    json_key(&j, "unit");
    json_puts(&j, sku->unit->name);
    json_key(&j, "prices");
    json_begin(&j, '[');
    for (size_t i = 0; i < sku->price_count; i++) {
        json_begin_inline(&j, '{');
        prices_put_price(&j, &sku->prices[i]);
        json_end(&j, '}');
    }
    json_end(&j, ']');
    json_users(&j, b, sku);
    json_end(&j, '}');
    strbuf_addc(out, '\n');
}

/* ---- the sub-command ----------------------------------------------------------------------------
 */

static int unknown_sku(const struct prices_run *run, const char *id)
{
    const struct book *b = &run->book;
    struct str *ids = arena_new(run->a, struct str, b->sku_count);
    for (size_t i = 0; i < b->sku_count; i++)
        ids[i] = b->skus[i].id;
    struct str near = str_nearest(str_of(id), ids, b->sku_count);
    struct str hint = near.s ? str_printf(run->a, "did you mean '%.*s'?", STR_ARG(near))
                             : STR("'breakeven prices list' lists the SKUs");
    return prices_complain(str_printf(run->a, "unknown SKU '%s'", id), hint);
}

int prices_show(int argc, char **argv, struct prices_run *run)
{
    const char *format = "text";
    bool help = false;
    const struct option_row options[] = {
        {0, "format", OPTION_CHOICE, &format, "text|json", "how to print (default: text)"},
        {0, "pricing", OPTION_STRING, &run->pricing, "DIR", "another price book"},
        {'h', "help", OPTION_FLAG, &help, NULL, "this text"},
        {0, NULL, OPTION_FLAG, NULL, NULL, NULL},
    };
    const char **operands = arena_new(run->a, const char *, (size_t)argc);
    size_t count;
    if (!option_parse("prices show", argc, argv, options, operands, &count, run->a))
        return EXIT_USAGE;
    if (help) {
        console_help(
            "prices show [OPTIONS] SKU...",
            "Shows SKUs with every price they had, sources, and what is charged with them.",
            options);
        return EXIT_DONE;
    }
    if (count == 0 || (count > 1 && strcmp(format, "json") == 0))
        return console_misused("prices show",
                               count == 0 ? STR("show which SKU?") : STR("JSON is of one SKU"),
                               STR("'breakeven prices list' lists the SKUs"));
    if (!prices_load(run))
        return console_report(run->d, false, false);
    int status = EXIT_DONE;
    struct strbuf out = STRBUF_INIT;
    for (size_t i = 0; i < count; i++) {
        const struct sku *sku = book_sku(&run->book, str_of(operands[i]));
        if (!sku) {
            status = unknown_sku(run, operands[i]);
            continue;
        }
        if (out.n > 0)
            strbuf_addc(&out, '\n');
        if (strcmp(format, "json") == 0)
            show_json(&out, &run->book, sku, run->a);
        else
            show_text(&out, &run->book, sku, run->a);
    }
    status = prices_put(&out, strcmp(format, "text") == 0, status);
    strbuf_release(&out);
    return status;
}
