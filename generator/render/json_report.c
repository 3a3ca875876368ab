#include "render/json_report.h"

#include "base/strbuf.h"
#include "render/json_parts.h"
#include "source/json.h"

#include <math.h>

/* ---- who and when -------------------------------------------------------------------------------
 */

static void put_format(struct json_out *j, const struct report *r)
{
    (void)r;
    json_puts(j, REPORT_FORMAT);
}

static void put_text(struct json_out *j, struct str text)
{
    if (text.n > 0)
        json_put_str(j, text);
    else
        json_put_null(j);
}

static void put_date(struct json_out *j, struct date day)
{
    struct strbuf text = STRBUF_INIT;
    if (!date_is_none(day))
        date_add(&text, day);
    put_text(j, strbuf_str(&text));
    strbuf_release(&text);
}

static void put_slug(struct json_out *j, const struct report *r)
{
    json_put_str(j, r->decision->slug);
}

static void put_title(struct json_out *j, const struct report *r)
{
    json_put_str(j, r->decision->title);
}

static void put_status(struct json_out *j, const struct report *r)
{
    json_puts(j, status_word(r->questionnaire->status));
}

static void put_owner(struct json_out *j, const struct report *r)
{
    put_text(j, r->questionnaire->owner);
}

static void put_day(struct json_out *j, const struct report *r)
{
    put_date(j, r->questionnaire->date);
}

static void put_review_by(struct json_out *j, const struct report *r)
{
    put_date(j, r->questionnaire->review_by);
}

static void put_review_due(struct json_out *j, const struct report *r)
{
    json_put_bool(j, r->review_due);
}

static void put_tags(struct json_out *j, const struct report *r)
{
    json_begin_inline(j, '[');
    for (size_t i = 0; i < r->questionnaire->tag_count; i++)
        json_put_str(j, r->questionnaire->tags[i]);
    json_end(j, ']');
}

static void put_supersedes(struct json_out *j, const struct report *r)
{
    put_text(j, r->questionnaire->supersedes.text);
}

static void put_superseded_by(struct json_out *j, const struct report *r)
{
    put_text(j, r->superseded_by);
}

static void put_as_of(struct json_out *j, const struct report *r)
{
    put_date(j, r->decision->as_of);
}

static void put_geography(struct json_out *j, const struct report *r)
{
    put_text(j, r->decision->geography);
}

static void put_inputs_sha256(struct json_out *j, const struct report *r)
{
    put_text(j, r->inputs_sha256);
}

/* ---- verdict ------------------------------------------------------------------------------------
 */

static void put_tier(struct json_out *j, const struct report *r)
{
    const struct tier_result *t = &r->decision->tier;
    if (!t->tier) {
        json_put_null(j);
        return;
    }
    json_begin(j, '{');
    json_set_int(j, "number", t->tier->number);
    json_set_text(j, "name", t->tier->name);
    json_set_texts(j, "reasons", t->reasons, t->reason_count);
    json_end(j, '}');
}

static void put_tiers(struct json_out *j, const struct report *r)
{
    json_begin(j, '[');
    for (size_t i = 0; i < r->decision->tier_count; i++) {
        const struct tier_result *t = &r->decision->tiers[i];
        json_begin(j, '{');
        json_set_text(j, "part", t->part);
        json_key(j, "number");
        if (t->tier)
            json_put_int(j, t->tier->number);
        else
            json_put_null(j);
        json_set_text(j, "name", t->tier ? t->tier->name : STR(""));
        json_set_texts(j, "reasons", t->reasons, t->reason_count);
        json_end(j, '}');
    }
    json_end(j, ']');
}

static void put_other_option(struct json_out *j, const char *key, const struct decision *d,
                             int index)
{
    const struct option *o = json_option(d, index);
    json_key(j, key);
    if (!o) {
        json_put_null(j);
        return;
    }
    json_begin(j, '{');
    json_set_class(j, "class", o->class);
    json_set_text(j, "option", o->id);
    json_set_platform(j, "platform", o);
    json_set_text(j, "name", o->name);
    json_set_money(j, "monthly_usd", o->monthly, o->costed);
    json_end(j, '}');
}

static void put_chosen_placements(struct json_out *j, const struct option *chosen)
{
    json_key(j, "placements");
    json_begin(j, '[');
    for (size_t i = 0; chosen && i < chosen->placement_count; i++) {
        const struct placement *p = &chosen->placements[i];
        json_begin_inline(j, '{');
        json_set_text(j, "part", p->part);
        json_set_text(j, "platform", p->platform ? p->platform->id : STR(""));
        json_set_text(j, "machine", p->machine);
        json_set_word(j, "purchase", purchase_word(p->purchase));
        json_end(j, '}');
    }
    json_end(j, ']');
}

static void put_reasons(struct json_out *j, const struct recommendation *c)
{
    json_key(j, "reasons");
    json_begin(j, '[');
    for (size_t i = 0; i < c->reason_count; i++) {
        json_begin(j, '{');
        json_set_text(j, "text", c->reasons[i].text);
        json_set_texts(j, "findings", c->reasons[i].findings, c->reasons[i].finding_count);
        json_end(j, '}');
    }
    json_end(j, ']');
}

static void put_recommendation(struct json_out *j, const struct report *r)
{
    const struct decision *d = r->decision;
    const struct recommendation *c = &d->recommendation;
    const struct option *chosen = json_option(d, c->option);
    json_begin(j, '{');
    json_set_word(j, "verdict", verdict_word(c->verdict));
    json_set_word(j, "stability",
                  c->stability == STABILITY_NONE ? NULL : stability_word(c->stability));
    json_set_word(j, "class", class_word(c->class));
    json_set_text(j, "option", chosen ? chosen->id : STR(""));
    json_set_platform(j, "platform", chosen);
    json_set_text(j, "name", chosen ? chosen->name : STR(""));
    json_set_class(j, "leaning", c->leaning);
    put_chosen_placements(j, chosen);
    json_key(j, "monthly_usd");
    json_begin(j, '{');
    json_set_money(j, "likely", chosen ? chosen->monthly : (struct money){0},
                   chosen && chosen->costed);
    json_set_figure(j, "p10", c->p10_usd);
    json_set_figure(j, "p50", c->p50_usd);
    json_set_figure(j, "p90", c->p90_usd);
    json_set_figure(j, "expected", c->expected_usd);
    json_end(j, '}');
    json_set_figure(j, "confidence", c->class_confidence);
    json_key(j, "class_shares");
    json_begin(j, '{');
    for (int k = 0; k < CLASS_NONE; k++)
        json_set_figure(j, class_word((enum platform_class)k), c->class_share[k]);
    json_end(j, '}');
    put_other_option(j, "runner_up", d, c->runner_up);
    json_set_figure(j, "margin", c->margin);
    put_other_option(j, "next_best", d, c->next_best);
    put_reasons(j, c);
    json_set_figure(j, "lean_sum", c->lean_sum);
    json_set_texts(j, "missing", c->missing, c->missing_count);
    json_set_text(j, "relax", c->relax);
    json_set_text(j, "sentence", c->sentence);
    json_end(j, '}');
}

static void put_side(struct json_out *j, const char *key, const struct decision *d, int index)
{
    const struct option *o = json_option(d, index);
    json_key(j, key);
    if (!o) {
        json_put_null(j);
        return;
    }
    json_begin(j, '{');
    json_set_text(j, "option", o->id);
    json_set_platform(j, "platform", o);
    json_set_text(j, "name", o->name);
    json_set_money(j, "monthly_usd", o->monthly, o->costed);
    json_set_money(j, "infrastructure_usd", o->infrastructure, o->costed);
    json_end(j, '}');
}

static void put_head_to_head(struct json_out *j, const struct report *r)
{
    const struct decision *d = r->decision;
    json_begin(j, '{');
    put_side(j, "kubernetes", d, d->kubernetes.option);
    put_side(j, "serverless", d, d->serverless.option);
    json_set_class(j, "winner", d->head_to_head_winner);
    json_set_figure_if(j, "ratio", d->head_to_head_ratio, d->head_to_head_winner != CLASS_NONE);
    json_end(j, '}');
}

static void put_findings(struct json_out *j, const struct report *r)
{
    json_begin(j, '[');
    for (size_t i = 0; i < r->decision->finding_count; i++) {
        const struct finding *f = &r->decision->findings[i];
        json_begin(j, '{');
        json_set_word(j, "question",
                      f->question == QUESTION_COUNT ? NULL : question_word(f->question));
        json_set_text(j, "answer", f->answer);
        json_set_word(j, "strength", strength_word(f->strength));
        json_set_class(j, "toward", f->toward);
        json_set_text(j, "rule", f->rule_id);
        json_set_text(j, "text", f->text);
        json_set_text(j, "source", f->source);
        json_end(j, '}');
    }
    json_end(j, ']');
}

static void put_options(struct json_out *j, const struct report *r)
{
    json_put_options(j, r->decision);
}

/* ---- what would change it -----------------------------------------------------------------------
 */

static void put_crossovers(struct json_out *j, const struct report *r)
{
    const struct decision *d = r->decision;
    json_begin(j, '[');
    for (size_t i = 0; i < d->crossover_count; i++) {
        const struct crossover *c = &d->crossovers[i];
        const struct option *from = json_option(d, c->from), *to = json_option(d, c->to);
        json_begin(j, '{');
        json_set_text(j, "variable", c->variable);
        json_key(j, "between");
        json_begin_inline(j, '[');
        put_text(j, from ? from->id : STR(""));
        put_text(j, to ? to->id : STR(""));
        json_end(j, ']');
        json_set_figure(j, "at", c->at);
        json_end(j, '}');
    }
    json_end(j, ']');
}

static void put_sensitivity(struct json_out *j, const struct report *r)
{
    const struct decision *d = r->decision;
    json_begin(j, '[');
    for (size_t i = 0; i < d->sensitivity_count; i++) {
        const struct sensitivity *s = &d->sensitivity[i];
        json_begin(j, '{');
        json_set_text(j, "variable", s->variable);
        json_set_text(j, "name", s->name);
        json_set_text(j, "unit", s->unit);
        json_set_figure(j, "now", s->now);
        json_set_figure(j, "low", s->low);
        json_set_figure(j, "high", s->high);
        json_set_figure(j, "usd_at_low", s->usd_at_low);
        json_set_figure(j, "usd_at_high", s->usd_at_high);
        json_set_figure(j, "margin_at_low", s->margin_at_low);
        json_set_figure(j, "margin_at_high", s->margin_at_high);
        json_set_figure(j, "flips_at", s->flips_at);
        json_set_option(j, "flips_to", d, isfinite(s->flips_at) ? s->flips_to : -1);
        json_set_bool(j, "flip_within_range", s->flip_within_range);
        json_set_bool(j, "is_price", s->is_price);
        json_end(j, '}');
    }
    json_end(j, ']');
}

static void put_scenarios(struct json_out *j, const struct report *r)
{
    const struct decision *d = r->decision;
    json_begin(j, '[');
    for (size_t i = 0; i < d->scenario_count; i++) {
        const struct scenario_result *s = &d->scenarios[i];
        json_begin(j, '{');
        json_set_text(j, "id", s->scenario->id);
        json_set_text(j, "name", s->scenario->name);
        json_set_option(j, "cheapest", d, s->cheapest);
        json_set_platform(j, "platform", json_option(d, s->cheapest));
        json_set_figure(j, "regret_usd", s->regret_usd);
        json_set_figure(j, "chosen_usd", s->chosen_usd);
        json_set_figure(j, "cheapest_usd", s->cheapest_usd);
        json_end(j, '}');
    }
    json_end(j, ']');
}

static void put_information(struct json_out *j, const struct report *r)
{
    json_begin(j, '[');
    for (size_t i = 0; i < r->decision->information_count; i++) {
        const struct information_value *v = &r->decision->information[i];
        json_begin(j, '{');
        json_set_text(j, "variable", v->variable);
        json_set_text(j, "name", v->name);
        json_set_figure(j, "usd_per_month", v->usd_per_month);
        json_end(j, '}');
    }
    json_end(j, ']');
}

static void put_volume(struct json_out *j, const struct report *r)
{
    const struct decision *d = r->decision;
    const struct volume_chart *v = &d->volume;
    if (v->points == 0) {
        json_put_null(j);
        return;
    }
    json_begin(j, '{');
    json_key(j, "requests_per_day");
    json_begin_inline(j, '[');
    for (size_t i = 0; i < v->points; i++)
        json_put_figure(j, v->requests_per_day[i]);
    json_end(j, ']');
    json_key(j, "curves");
    json_begin(j, '[');
    for (size_t k = 0; k < v->curve_count; k++) {
        json_begin(j, '{');
        json_set_option(j, "option", d, v->curves[k].option);
        json_key(j, "monthly_usd");
        json_begin_inline(j, '[');
        for (size_t i = 0; i < v->points; i++)
            json_put_figure(j, v->curves[k].usd[i]);
        json_end(j, ']');
        json_end(j, '}');
    }
    json_end(j, ']');
    json_end(j, '}');
}

/* ---- risks, checklist, assumptions --------------------------------------------------------------
 */

static void put_mistakes(struct json_out *j, const struct report *r)
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

static const char *state_word(const struct report *r, size_t index)
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
        json_set_word(j, "state", state_word(r, i));
        json_set_text(j, "link", e->item->link);
        json_end(j, '}');
    }
    if (is_open) {
        json_end(j, ']');
        json_end(j, '}');
    }
}

static void put_checklist(struct json_out *j, const struct report *r)
{
    json_begin(j, '[');
    for (size_t i = 0; i < r->policy->phase_count; i++)
        put_phase(j, r, &r->policy->phases[i]);
    json_end(j, ']');
}

static void put_assumptions(struct json_out *j, const struct report *r)
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
        json_end(j, '}');
    }
    json_end(j, ']');
}

static void put_folklore(struct json_out *j, const struct report *r)
{
    json_begin(j, '[');
    for (size_t i = 0; i < r->decision->folklore_count; i++) {
        const struct folklore_result *f = &r->decision->folklore[i];
        json_begin(j, '{');
        json_set_text(j, "id", f->folklore->id);
        json_set_text(j, "claim", f->folklore->text);
        json_set_text(j, "source", f->folklore->source);
        json_set_figure(j, "low", f->folklore->low);
        json_set_figure(j, "high", f->folklore->high);
        json_set_text(j, "unit", f->folklore->unit);
        json_set_figure(j, "computed", f->computed);
        json_set_text(j, "text", f->text);
        json_end(j, '}');
    }
    json_end(j, ']');
}

static void put_flags(struct json_out *j, const struct report *r)
{
    json_begin(j, '[');
    for (size_t i = 0; i < r->decision->flag_count; i++)
        json_put_str(j, r->decision->flags[i]);
    json_end(j, ']');
}

static void put_revisit_if(struct json_out *j, const struct report *r)
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

static void put_prices(struct json_out *j, const struct report *r)
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

/* As text, because a JSON number need not hold 64 bits. */
static void put_seed(struct json_out *j, uint64_t seed)
{
    static const char HEX[] = "0123456789abcdef";
    char digits[16];
    for (int i = 0; i < 16; i++)
        digits[i] = HEX[seed >> (60 - 4 * i) & 15];
    json_set_text(j, "seed", (struct str){digits, sizeof digits});
}

static void put_inputs(struct json_out *j, const struct report *r)
{
    json_begin(j, '{');
    json_key(j, "questionnaire");
    if (r->questionnaire->root)
        json_put_tree(j, r->questionnaire->root);
    else
        json_put_null(j);
    json_set_text(j, "policy_sha256", r->policy_sha256);
    json_set_text(j, "program", r->version);
    json_set_bool(j, "as_of_given", r->as_of_given);
    json_set_date(j, "prices_day", r->prices_day);
    json_set_text(j, "notes_sha256", r->notes_sha256);
    json_set_text(j, "trace_sha256", r->trace_sha256);
    json_set_int(j, "draws", (long long)r->decision->draws);
    put_seed(j, r->seed);
    json_end(j, '}');
}

/* ---- the inputs alone ---------------------------------------------------------------------------
 */

void json_report_inputs(const struct report *r, struct strbuf *out)
{
    struct json_out j;
    json_out_init(&j, out);
    json_begin(&j, '{');
    json_key(&j, "format");
    json_puts(&j, INPUTS_FORMAT);
    json_key(&j, "slug");
    put_slug(&j, r);
    json_set_text(&j, "superseded_by", r->superseded_by);
    json_set_text(&j, "inputs_sha256", r->inputs_sha256);
    json_key(&j, "checklist");
    json_begin(&j, '[');
    for (size_t i = 0; i < r->decision->checklist_count; i++) {
        if (!r->checklist_state || r->checklist_state[i] == ITEM_OPEN)
            continue;
        json_begin_inline(&j, '{');
        json_set_text(&j, "id", r->decision->checklist[i].item->id);
        json_set_word(&j, "state", state_word(r, i));
        json_end(&j, '}');
    }
    json_end(&j, ']');
    json_key(&j, "inputs");
    put_inputs(&j, r);
    json_end(&j, '}');
}

/* ---- the document -------------------------------------------------------------------------------
 */

static const struct member {
    const char *key;
    void (*put)(struct json_out *j, const struct report *r);
} MEMBERS[] = {
    {"format", put_format},
    {"slug", put_slug},
    {"title", put_title},
    {"status", put_status},
    {"owner", put_owner},
    {"date", put_day},
    {"review_by", put_review_by},
    {"review_due", put_review_due},
    {"tags", put_tags},
    {"supersedes", put_supersedes},
    {"superseded_by", put_superseded_by},
    {"prices_as_of", put_as_of},
    {"geography", put_geography},
    {"inputs_sha256", put_inputs_sha256},
    {"tier", put_tier},
    {"tiers", put_tiers},
    {"recommendation", put_recommendation},
    {"head_to_head", put_head_to_head},
    {"findings", put_findings},
    {"options", put_options},
    {"crossovers", put_crossovers},
    {"sensitivity", put_sensitivity},
    {"scenarios", put_scenarios},
    {"value_of_information", put_information},
    {"cost_by_volume", put_volume},
    {"mistakes", put_mistakes},
    {"checklist", put_checklist},
    {"assumptions", put_assumptions},
    {"rules_of_thumb", put_folklore},
    {"flags", put_flags},
    {"revisit_if", put_revisit_if},
    {"prices", put_prices},
    {"inputs", put_inputs},
};

#define MEMBER_COUNT (sizeof MEMBERS / sizeof *MEMBERS)

void json_report(const struct report *r, struct strbuf *out)
{
    struct json_out j;
    json_out_init(&j, out);
    json_begin(&j, '{');
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        json_key(&j, MEMBERS[i].key);
        MEMBERS[i].put(&j, r);
    }
    json_end(&j, '}');
    strbuf_addc(out, '\n');
}

bool json_report_member(const struct report *r, struct str key, struct strbuf *out)
{
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        if (!str_is(key, MEMBERS[i].key))
            continue;
        struct json_out j;
        json_out_init(&j, out);
        json_begin(&j, '{');
        json_key(&j, MEMBERS[i].key);
        MEMBERS[i].put(&j, r);
        json_end(&j, '}');
        return true;
    }
    return false;
}
