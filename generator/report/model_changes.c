/* Changes of the price book by edition, and what each did to the decisions. */
#include "report/maker.h"

#include <math.h>
#include <stdint.h>

static void make_change(struct maker *m, struct value *list, const struct price_change *c)
{
    struct value *o = value_append_object(list);
    value_set_text(o, "name", c->sku->name);
    value_set_text(o, "sku", c->sku->id);
    value_set_text(o, "region", str_is(c->region, "any") ? STR("every region") : c->region);
    value_set_puts(o, "unit", c->sku->unit ? c->sku->unit->singular : "");
    put_list_price(m, o, "before", c->before);
    put_list_price(m, o, "after", c->after);
    value_set_bool(o, "is_changed", c->kind == PRICE_CHANGED);
    value_set_bool(o, "is_added", c->kind == PRICE_ADDED);
    value_set_bool(o, "is_withdrawn", c->kind == PRICE_WITHDRAWN);
    if (isfinite(c->ratio)) {
        wording_percent_change(begin(m), c->ratio);
        end(m, o, "ratio");
    } else {
        value_set(o, "ratio", value_null());
    }
    struct strbuf *sb = begin(m);
    strbuf_adds(sb, m->to_root);
    strbuf_add(sb, model_price_address(c->sku, m->a));
    strbuf_addc(sb, '#');
    strbuf_add(sb, c->sku->id);
    end(m, o, "href");
    const struct price *p = c->after ? c->after : c->before;
    put_sources(m, o, "sources", &p->source, 1);
    put_or_null(o, "note", p->note);
    size_t users = uses_of(m, c->sku);
    put_int(m, o, "users", users);
    value_set_bool(o, "is_used", users > 0);
}

static void make_effect(struct maker *m, struct value *list, const struct decision_effect *e)
{
    const struct report_summary *summary = NULL;
    for (size_t i = 0; i < m->site->report_count; i++)
        if (str_equal(m->site->reports[i].slug, e->slug))
            summary = &m->site->reports[i];
    struct value *o = value_append_object(list);
    value_set_text(o, "title", summary ? summary->title : e->slug);
    struct strbuf *sb = begin(m);
    strbuf_adds(sb, m->to_root);
    strbuf_add(sb, e->slug);
    strbuf_adds(sb, "/index.html");
    end(m, o, "href");
    put_capital(m, o, "effect", str_of(effect_word(e->effect)));
    value_set_puts(o, "word", effect_word(e->effect));
    value_set_bool(o, "is_flipped", e->effect == EFFECT_FLIPPED);
    put_percent(m, o, "margin_before", e->margin_before);
    put_percent(m, o, "margin_after", e->margin_after);
    put_usd(m, o, "usd_before", e->usd_before);
    put_usd(m, o, "usd_after", e->usd_after);
    put_or_null(o, "option_before", e->option_before);
    put_or_null(o, "option_after", e->option_after);
}

static void make_edition(struct maker *m, struct value *list, const struct edition *e,
                         const struct decision_effect *effects, size_t effect_count, size_t most)
{
    struct value *o = value_append_object(list);
    put_date(m, o, "date", e->date);
    value_set_bool(o, "is_scheduled", e->is_scheduled);
    size_t kinds[3] = {0};
    size_t used = 0;
    for (size_t i = 0; i < e->count; i++) {
        kinds[e->changes[i].kind]++;
        used += uses_of(m, e->changes[i].sku) > 0;
    }
    put_int(m, o, "count", e->count);
    put_int(m, o, "used_count", used);
    struct strbuf *sb = begin(m);
    static const char *const SAID[] = {[PRICE_CHANGED] = " changed", [PRICE_ADDED] = " added",
                                       [PRICE_WITHDRAWN] = " withdrawn"};
    for (int k = 0; k < 3; k++) {
        if (kinds[k] == 0)
            continue;
        if (sb->n > 0)
            strbuf_adds(sb, ", ");
        strbuf_add_int(sb, (int64_t)kinds[k]);
        strbuf_adds(sb, SAID[k]);
    }
    end(m, o, "text");
    struct value *changes = value_set_list(o, "changes");
    size_t shown = 0;
    /* Those that decisions use come first: they are what a reader looks for. */
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < e->count && shown < most; i++)
            if ((uses_of(m, e->changes[i].sku) > 0) == (pass == 0)) {
                make_change(m, changes, &e->changes[i]);
                shown++;
            }
    put_int(m, o, "more", e->count - shown);
    value_set_bool(o, "has_more", e->count > shown);
    struct value *moved = value_set_list(o, "effects");
    size_t flipped = 0;
    size_t all = 0;
    for (size_t i = 0; i < effect_count; i++)
        if (date_compare(effects[i].date, e->date) == 0) {
            all++;
            if (effects[i].effect == EFFECT_STABLE)
                continue;
            flipped += effects[i].effect == EFFECT_FLIPPED;
            make_effect(m, moved, &effects[i]);
        }
    value_set_bool(o, "has_effects", value_is_truthy(moved));
    value_set_bool(o, "is_compared", all > 0);
    put_int(m, o, "flipped_count", flipped);
}

struct value *model_changes(const struct site *s, const struct model_uses *uses,
                            const struct edition *editions, size_t edition_count, const struct decision_effect *effects,
                            size_t effect_count, size_t most_editions, size_t most_changes,
                            const char *to_root, struct arena *a)
{
    struct maker m;
    maker_init(&m, s, to_root, a);
    m.uses = uses;
    struct value *o = value_object(a);
    struct value *list = value_set_list(o, "editions");
    for (size_t i = 0; i < edition_count && i < most_editions; i++)
        make_edition(&m, list, &editions[i], effects, effect_count, most_changes);
    put_int(&m, o, "edition_count", edition_count);
    size_t older = edition_count > most_editions ? edition_count - most_editions : 0;
    put_int(&m, o, "older", older);
    value_set_bool(o, "has_older", older > 0);
    value_set_bool(o, "has_editions", edition_count > 0);
    maker_release(&m);
    return o;
}
