/* Of report.json: risks, checklist, assumptions, limits of the model, trip-wires, prices. */
#include "render/json_parts.h"

#include <math.h>

/* ---- risks, checklist, assumptions --------------------------------------------------------------
 */

void json_put_mistakes(struct json_out *j, const struct report *r)
{
    json_begin(j, '[');
    for (size_t i = 0; i < r->decision->mistake_count; i++) {
        const struct mistake_result *m = &r->decision->mistakes[i];
        json_begin(j, '{');
        json_set_text(j, "id", m->mistake->id);
        json_set_text(j, "text", m->text);
        json_set_text(j, "watch", m->watch);
        json_set_text(j, "act", m->act);
        json_end(j, '}');
    }
    json_end(j, ']');
}

const char *json_item_state(const struct report *r, size_t index)
{
    static const char *const WORDS[] = {
        [ITEM_OPEN] = "open", [ITEM_DONE] = "done", [ITEM_NOT_REQUIRED] = "not-required"};
    return WORDS[r->checklist_state ? r->checklist_state[index] : ITEM_OPEN];
}

static void put_phase(struct json_out *j, const struct report *r, const struct phase *phase)
{
    const struct decision *d = r->decision;
    bool is_open = false;
    for (size_t i = 0; i < d->checklist_count; i++) {
        const struct checklist_entry *e = &d->checklist[i];
        if (!str_equal(e->item->phase, phase->id))
            continue;
        if (!is_open) {
            json_begin(j, '{');
            json_set_text(j, "phase", phase->name);
            json_set_text(j, "id", phase->id);
            json_key(j, "items");
            json_begin(j, '[');
            is_open = true;
        }
        json_begin(j, '{');
        json_set_text(j, "id", e->item->id);
        json_set_text(j, "text", e->text);
        json_set_word(j, "state", json_item_state(r, i));
        json_set_text(j, "link", e->item->link);
        json_end(j, '}');
    }
    if (is_open) {
        json_end(j, ']');
        json_end(j, '}');
    }
}

void json_put_checklist(struct json_out *j, const struct report *r)
{
    json_begin(j, '[');
    for (size_t i = 0; i < r->policy->phase_count; i++)
        put_phase(j, r, &r->policy->phases[i]);
    json_end(j, ']');
}

void json_put_assumptions(struct json_out *j, const struct report *r)
{
    json_begin(j, '[');
    for (size_t i = 0; i < r->decision->assumption_count; i++) {
        const struct assumption_result *s = &r->decision->assumptions[i];
        json_begin(j, '{');
        json_set_text(j, "variable", s->variable);
        json_set_text(j, "name", s->name);
        json_key(j, "value");
        if (s->word.n > 0)
            json_put_str(j, s->word);
        else
            json_put_figure(j, s->value);
        json_set_text(j, "unit", s->unit);
        json_key(j, "range");
        if (isfinite(s->low) && isfinite(s->high) && s->word.n == 0) {
            json_begin_inline(j, '[');
            json_put_figure(j, s->low);
            json_put_figure(j, s->high);
            json_end(j, ']');
        } else {
            json_put_null(j);
        }
        json_set_text(j, "why", s->why);
        json_set_text(j, "source", s->source);
        json_set_bool(j, "assumed", s->is_assumed);
        json_set_bool(j, "varied", !s->is_held && s->high > s->low);
        json_end(j, '}');
    }
    json_end(j, ']');
}

void json_put_flags(struct json_out *j, const struct report *r)
{
    json_begin(j, '[');
    for (size_t i = 0; i < r->decision->flag_count; i++)
        json_put_str(j, r->decision->flags[i]);
    json_end(j, ']');
}

void json_put_revisit_if(struct json_out *j, const struct report *r)
{
    json_begin(j, '[');
    for (size_t i = 0; i < r->tripwire_count; i++) {
        const struct tripwire_state *t = &r->tripwires[i];
        json_begin(j, '{');
        json_set_text(j, "text", t->wire->text);
        json_set_figure_if(j, "now", t->now, t->known);
        json_key(j, "tripped");
        if (t->known)
            json_put_bool(j, t->tripped);
        else
            json_put_null(j);
        json_end(j, '}');
    }
    json_end(j, ']');
}

/* ---- prices and inputs --------------------------------------------------------------------------
 */

static void put_price_tiers(struct json_out *j, const struct price *p)
{
    json_key(j, "tiers");
    json_begin(j, '[');
    for (size_t i = 0; i < p->tier_count; i++) {
        json_begin_inline(j, '{');
        json_set_figure(j, "up_to", p->tiers[i].up_to); // the last one has no end: null
        json_key(j, "usd");
        json_put_decimal(j, p->tiers[i].usd);
        json_end(j, '}');
    }
    json_end(j, ']');
}

static void put_estimate(struct json_out *j, const struct price *p)
{
    json_key(j, "estimate");
    if (p->confidence != CONFIDENCE_ESTIMATE) {
        json_put_null(j);
        return;
    }
    json_begin_inline(j, '{');
    json_key(j, "low");
    json_put_decimal(j, p->estimate_low);
    json_key(j, "high");
    json_put_decimal(j, p->estimate_high);
    json_end(j, '}');
}

void json_put_prices(struct json_out *j, const struct report *r)
{
    json_begin(j, '[');
    for (size_t i = 0; i < r->decision->price_count; i++) {
        const struct price_use *u = &r->decision->prices[i];
        json_begin(j, '{');
        json_set_text(j, "sku", u->sku->id);
        json_set_text(j, "name", u->sku->name);
        json_set_text(j, "provider", u->sku->provider);
        json_set_text(j, "service", u->sku->service);
        json_set_text(j, "region", u->region);
        json_set_text(j, "unit", str_of(u->sku->unit->name));
        json_key(j, "usd");
        json_put_decimal(j, u->price->usd);
        put_price_tiers(j, u->price);
        json_set_figure(j, "free_quantity", u->price->free_quantity);
        json_set_date(j, "from", u->price->from);
        json_set_word(j, "basis", basis_of_price_word(u->price->basis));
        json_set_date(j, "until", u->price->until);
        json_set_date(j, "checked", u->price->checked);
        json_set_word(j, "confidence", confidence_word(u->price->confidence));
        put_estimate(j, u->price);
        json_set_text(j, "source", u->price->source);
        json_set_text(j, "note", u->price->note);
        json_set_bool(j, "priced_early", u->is_early);
        json_set_bool(j, "stale", u->is_stale);
        json_end(j, '}');
    }
    json_end(j, ']');
}
