/* The prices behind the cost lines. */
#include "report/maker.h"

#include <stdint.h>

void make_prices(struct maker *m, struct value *report)
{
    const struct decision *d = m->decision;
    struct value *list = value_set_list(report, "prices");
    value_set_bool(report, "has_prices", d->price_count > 0);
    bool any_early = false;
    bool any_secondary = false;
    for (size_t i = 0; i < d->price_count; i++) {
        const struct price_use *use = &d->prices[i];
        const struct price *p = use->price;
        struct value *o = value_append_object(list);
        strbuf_adds(begin(m), "p-");
        strbuf_add_int(&m->sb, (int64_t)i + 1);
        end(m, o, "anchor");
        value_set_text(o, "sku", use->sku->id);
        value_set_text(o, "name", use->sku->name);
        value_set_text(o, "region", use->region);
        value_set_puts(o, "unit", use->sku->unit ? use->sku->unit->singular : "");
        struct strbuf *sb = begin(m);
        strbuf_adds(sb, m->to_root);
        strbuf_add(sb, model_price_address(use->sku, m->a));
        strbuf_addc(sb, '#');
        strbuf_add(sb, use->sku->id);
        end_link(m, o, "href");
        if (!p) {
            value_set_puts(o, "usd", NOT_KNOWN_TEXT);
            value_set(o, "from", value_null());
            value_set(o, "confidence", value_null());
            put_sources(m, o, "sources", NULL, 0);
            value_set(o, "note", value_null());
            continue;
        }
        sb = begin(m);
        if (p->confidence == CONFIDENCE_ESTIMATE) {
            wording_price(sb, p->estimate_low);
            strbuf_adds(sb, " to ");
            wording_price(sb, p->estimate_high);
        } else {
            wording_price(sb, p->usd);
        }
        end(m, o, "usd");
        wording_from(begin(m), p);
        end(m, o, "from");
        value_set_puts(o, "confidence", confidence_word(p->confidence));
        put_sources(m, o, "sources", &p->source, 1);
        sb = begin(m);
        if (use->is_early) {
            strbuf_adds(sb, "First ");
            strbuf_adds(sb, p->basis == PRICE_SEEN ? "seen " : "known ");
            wording_date(sb, p->from);
            strbuf_adds(sb, ", used for ");
            wording_date(sb, d->as_of);
            strbuf_addc(sb, '.');
            any_early = true;
        }
        if (use->is_stale) {
            if (sb->n > 0)
                strbuf_addc(sb, ' ');
            strbuf_adds(sb, "Older than the on-demand price that it belongs to.");
        }
        if (p->confidence == CONFIDENCE_ESTIMATE) {
            if (sb->n > 0)
                strbuf_addc(sb, ' ');
            strbuf_adds(sb, "An estimate, not a list price.");
        }
        if (p->confidence == CONFIDENCE_SECONDARY)
            any_secondary = true;
        if (p->tier_count > 0) {
            if (sb->n > 0)
                strbuf_addc(sb, ' ');
            strbuf_adds(sb, "First of ");
            strbuf_add_int(sb, (int64_t)p->tier_count);
            strbuf_adds(sb, " tiers.");
        }
        put_or_null(o, "note", text_of(m));
    }
    value_set_bool(report, "has_early_prices", any_early);
    value_set_bool(report, "has_secondary_prices", any_secondary);
}
