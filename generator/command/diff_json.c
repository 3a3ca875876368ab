/* What moved, for programs: every amount exact, every decision that was compared and moved. */
#include "command/diff_parts.h"

#include "base/strbuf.h"
#include "source/json_out.h"

#include <math.h>

static void set_text(struct json_out *j, const char *key, struct str text)
{
    json_key(j, key);
    if (text.n > 0)
        json_put_str(j, text);
    else
        json_put_null(j);
}

static void set_money(struct json_out *j, const char *key, struct money usd, bool is_known)
{
    json_key(j, key);
    if (is_known)
        json_put_money(j, usd);
    else
        json_put_null(j);
}

static void set_date(struct json_out *j, const char *key, struct date day)
{
    struct strbuf sb = STRBUF_INIT;
    if (!date_is_none(day))
        date_add(&sb, day);
    set_text(j, key, strbuf_str(&sb));
    strbuf_release(&sb);
}

static void put_side(struct json_out *j, const char *key, const struct diff_side *side)
{
    json_key(j, key);
    json_begin(j, '{');
    set_text(j, "label", side->label);
    set_date(j, "prices_day", side->day);
    set_date(j, "edition", side->p.book.edition);
    set_text(j, "policy_sha256", side->p.policy.sha256);
    json_end(j, '}');
}

static void put_outcome(struct json_out *j, const char *key, const struct outcome *o)
{
    json_key(j, key);
    if (!o->is_there) {
        json_put_null(j);
        return;
    }
    json_begin(j, '{');
    set_text(j, "verdict", str_of(verdict_word(o->verdict)));
    set_text(j, "stability",
             o->stability == STABILITY_NONE ? STR("") : str_of(stability_word(o->stability)));
    set_text(j, "class", str_of(class_word(o->class)));
    set_text(j, "option", o->option);
    set_text(j, "name", o->name);
    set_money(j, "monthly_usd", o->monthly, o->has_cost);
    json_key(j, "margin");
    json_put_rounded(j, o->margin, 6);
    set_text(j, "runner_up", o->runner_up);
    set_money(j, "runner_up_usd", o->runner_up_monthly, o->has_runner_up_cost);
    json_end(j, '}');
}

static void put_effects(struct json_out *j, const struct decision_diff *x)
{
    json_key(j, "skus");
    json_begin(j, '[');
    for (size_t i = 0; i < x->price_count; i++) {
        const struct price_effect *e = &x->prices[i];
        json_begin_inline(j, '{');
        set_text(j, "sku", e->sku);
        set_text(j, "region", e->region);
        set_text(j, "item", e->item);
        json_key(j, "quantity");
        json_put_decimal(j, e->quantity);
        set_text(j, "unit", e->unit);
        json_key(j, "before_usd");
        json_put_decimal(j, e->before);
        json_key(j, "after_usd");
        json_put_decimal(j, e->after);
        set_money(j, "change_usd", e->change, true);
        json_end(j, '}');
    }
    json_end(j, ']');
}

/* program + policy + answers + prices is the change; prices is skus + other_quantities + choice. */
static void put_attribution(struct json_out *j, const struct decision_diff *x)
{
    json_key(j, "attribution");
    if (!x->has_change) {
        json_put_null(j);
        return;
    }
    json_begin(j, '{');
    static const char *const KEYS[] = {[CAUSE_PROGRAM] = "program_usd",
                                       [CAUSE_POLICY] = "policy_usd",
                                       [CAUSE_ANSWERS] = "answers_usd",
                                       [CAUSE_PRICES] = "prices_usd"};
    for (int c = 0; c < CAUSE_COUNT; c++)
        set_money(j, KEYS[c], x->by_cause[c], true);
    json_key(j, "within_prices");
    json_begin(j, '{');
    put_effects(j, x);
    set_money(j, "corrected_past_usd", x->past, true);
    set_money(j, "other_quantities_usd", x->quantities, true);
    set_money(j, "choice_usd", x->choice, true);
    json_end(j, '}');
    json_end(j, '}');
}

static void put_decision(struct json_out *j, const struct decision_diff *x)
{
    json_begin(j, '{');
    set_text(j, "slug", x->slug);
    set_text(j, "title", x->title);
    set_text(j, "change", str_of(movement_word(x->movement)));
    put_outcome(j, "before", &x->before);
    put_outcome(j, "after", &x->after);
    set_money(j, "change_usd", x->change, x->has_change);
    put_attribution(j, x);
    json_end(j, '}');
}

static void put_price(struct json_out *j, const char *key, const struct price *p)
{
    json_key(j, key);
    if (!p) {
        json_put_null(j);
        return;
    }
    json_begin_inline(j, '{');
    json_key(j, "usd");
    json_put_decimal(j, p->usd);
    set_date(j, "from", p->from);
    set_text(j, "source", p->source);
    json_end(j, '}');
}

static void put_prices(struct json_out *j, const struct diff *diff)
{
    json_key(j, "prices");
    json_begin(j, '[');
    for (size_t i = 0; i < diff->price_count; i++) {
        const struct changed_price *p = &diff->prices[i];
        json_begin(j, '{');
        set_text(j, "sku", p->sku->id);
        set_text(j, "name", p->sku->name);
        set_text(j, "region", p->region);
        set_text(j, "unit", p->sku->unit ? str_of(p->sku->unit->name) : STR(""));
        put_price(j, "before", p->before);
        put_price(j, "after", p->after);
        json_key(j, "ratio");
        json_put_rounded(j, p->ratio, 6);
        json_end(j, '}');
    }
    json_end(j, ']');
}

void diff_json(const struct diff *diff, struct strbuf *out)
{
    struct json_out j;
    json_out_init(&j, out);
    json_begin(&j, '{');
    set_text(&j, "format", STR("breakeven-diff/1"));
    put_side(&j, "before", &diff->before);
    put_side(&j, "after", &diff->after);
    json_key(&j, "order");
    json_begin_inline(&j, '[');
    for (int c = 0; c < CAUSE_COUNT; c++)
        json_puts(&j, cause_word((enum cause)c));
    json_end(&j, ']');
    json_key(&j, "compared");
    json_put_int(&j, (long long)diff->compared);
    json_key(&j, "flips");
    json_put_int(&j, (long long)diff->flips);
    set_money(&j, "change_usd", diff->change, true);
    json_key(&j, "decisions");
    json_begin(&j, '[');
    for (size_t i = 0; i < diff->count; i++)
        if (diff_is_listed(&diff->decisions[i]))
            put_decision(&j, &diff->decisions[i]);
    json_end(&j, ']');
    put_prices(&j, diff);
    json_end(&j, '}');
    strbuf_addc(out, '\n');
}
