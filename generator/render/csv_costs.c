#include "render/csv_costs.h"

#include "base/strbuf.h"
#include "render/escape.h"

/* What one row is made of. */
struct row {
    const struct report *report;
    const struct option *option;
    const struct line *line;
};

static void put_decimal(struct strbuf *out, struct decimal d)
{
    decimal_add(out, d);
}

/* The option's purchase as FOCUS names it: spot prices move, commitments are promised. */
static const char *pricing_category(const struct row *r)
{
    if (r->line->is_operations)
        return "Other";
    struct str sku = r->line->sku ? r->line->sku->id : STR("");
    if (str_ends(sku, STR(":spot")))
        return "Dynamic";
    if (str_ends(sku, STR(":reserved-1y")) || str_ends(sku, STR(":reserved-3y")))
        return "Committed";
    return "Standard";
}

static void put_service_category(struct strbuf *out, const struct row *r)
{
    escape_csv(out, r->line->sku ? r->line->sku->category : STR("Other"));
}

static void put_service_subcategory(struct strbuf *out, const struct row *r)
{
    escape_csv(out, r->line->sku ? r->line->sku->subcategory : STR(""));
}

static void put_service_name(struct strbuf *out, const struct row *r)
{
    escape_csv(out, r->line->sku ? r->line->sku->service : STR(""));
}

static void put_provider_name(struct strbuf *out, const struct row *r)
{
    const struct book *book = r->report->book;
    struct str id = r->line->sku ? r->line->sku->provider : STR("");
    int provider = book ? book_provider(book, id) : -1;
    escape_csv(out, provider >= 0 ? book->providers[provider].name : id);
}

static void put_region(struct strbuf *out, const struct row *r)
{
    escape_csv(out, r->line->region);
}

static void put_sku(struct strbuf *out, const struct row *r)
{
    escape_csv(out, r->line->sku ? r->line->sku->id : STR(""));
}

static void put_sku_meter(struct strbuf *out, const struct row *r)
{
    escape_csv(out, r->line->sku ? r->line->sku->name : STR(""));
}

static void put_charge_category(struct strbuf *out, const struct row *r)
{
    strbuf_adds(out, r->line->is_allowance ? "Credit" : "Usage");
}

static void put_description(struct strbuf *out, const struct row *r)
{
    escape_csv(out, r->line->item);
}

static void put_pricing_category(struct strbuf *out, const struct row *r)
{
    strbuf_adds(out, pricing_category(r));
}

static void put_quantity(struct strbuf *out, const struct row *r)
{
    put_decimal(out, r->line->quantity);
}

static void put_unit(struct strbuf *out, const struct row *r)
{
    escape_csv(out, str_of(r->line->unit ? r->line->unit->name : NULL));
}

static void put_unit_price(struct strbuf *out, const struct row *r)
{
    put_decimal(out, r->line->unit_usd);
}

static void put_cost(struct strbuf *out, const struct row *r)
{
    money_json(out, r->line->usd);
}

static void put_currency(struct strbuf *out, const struct row *r)
{
    (void)r;
    strbuf_adds(out, "USD");
}

static void put_slug(struct strbuf *out, const struct row *r)
{
    escape_csv(out, r->report->decision->slug);
}

static void put_option(struct strbuf *out, const struct row *r)
{
    escape_csv(out, r->option->id);
}

static void put_platform(struct strbuf *out, const struct row *r)
{
    escape_csv(out, r->option->platform ? r->option->platform->id : STR(""));
}

static void put_class(struct strbuf *out, const struct row *r)
{
    strbuf_adds(out, class_word(r->option->class));
}

static void put_part(struct strbuf *out, const struct row *r)
{
    escape_csv(out, r->line->part);
}

static void put_feasible(struct strbuf *out, const struct row *r)
{
    strbuf_adds(out, r->option->feasible ? "true" : "false");
}

static void put_recommended(struct strbuf *out, const struct row *r)
{
    const struct decision *d = r->report->decision;
    int chosen = d->recommendation.option;
    strbuf_adds(out, chosen >= 0 && r->option == &d->options[chosen] ? "true" : "false");
}

static void put_group(struct strbuf *out, const struct row *r)
{
    strbuf_adds(out, r->line->is_operations ? "operations" : "infrastructure");
}

static void put_price_from(struct strbuf *out, const struct row *r)
{
    if (r->line->price)
        date_add(out, r->line->price->from);
}

static void put_confidence(struct strbuf *out, const struct row *r)
{
    if (r->line->price)
        strbuf_adds(out, confidence_word(r->line->price->confidence));
}

static void put_source(struct strbuf *out, const struct row *r)
{
    if (r->line->price)
        escape_csv(out, r->line->price->source);
}

static void put_how(struct strbuf *out, const struct row *r)
{
    escape_csv(out, r->line->how);
}

static const struct column {
    const char *name;
    void (*put)(struct strbuf *out, const struct row *r);
} COLUMNS[] = {
    {"ProviderName", put_provider_name},
    {"ServiceCategory", put_service_category},
    {"ServiceSubcategory", put_service_subcategory},
    {"ServiceName", put_service_name},
    {"RegionId", put_region},
    {"SkuId", put_sku},
    {"SkuMeter", put_sku_meter},
    {"ChargeCategory", put_charge_category},
    {"ChargeDescription", put_description},
    {"PricingCategory", put_pricing_category},
    {"PricingQuantity", put_quantity},
    {"PricingUnit", put_unit},
    {"ListUnitPrice", put_unit_price},
    {"ListCost", put_cost},
    {"ContractedUnitPrice", put_unit_price},
    {"ContractedCost", put_cost},
    {"EffectiveCost", put_cost},
    {"BillingCurrency", put_currency},
    {"x_Decision", put_slug},
    {"x_Option", put_option},
    {"x_Platform", put_platform},
    {"x_Class", put_class},
    {"x_Part", put_part},
    {"x_Feasible", put_feasible},
    {"x_Recommended", put_recommended},
    {"x_Group", put_group},
    {"x_PriceFrom", put_price_from},
    {"x_Confidence", put_confidence},
    {"x_Source", put_source},
    {"x_How", put_how},
};

#define COLUMN_COUNT (sizeof COLUMNS / sizeof *COLUMNS)

void csv_costs(const struct report *r, struct strbuf *out)
{
    const struct decision *d = r->decision;
    for (size_t c = 0; c < COLUMN_COUNT; c++) {
        strbuf_adds(out, c > 0 ? "," : "");
        strbuf_adds(out, COLUMNS[c].name);
    }
    strbuf_addc(out, '\n');
    for (size_t i = 0; i < d->option_count; i++) {
        const struct option *o = &d->options[i];
        for (size_t k = 0; o->costed && k < o->line_count; k++) {
            struct row row = {r, o, &o->lines[k]};
            for (size_t c = 0; c < COLUMN_COUNT; c++) {
                strbuf_adds(out, c > 0 ? "," : "");
                COLUMNS[c].put(out, &row);
            }
            strbuf_addc(out, '\n');
        }
    }
}
