#include "render/json_report.h"

#include "base/strbuf.h"
#include "render/json_parts.h"
#include "source/json.h"

/* ---- who and when -------------------------------------------------------------------------------
 */

static void put_format(struct json_out *j, const struct report *r)
{
    (void)r;
    json_puts(j, REPORT_FORMAT);
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
    json_put_text(j, r->questionnaire->owner);
}

static void put_day(struct json_out *j, const struct report *r)
{
    json_put_date(j, r->questionnaire->date);
}

static void put_review_by(struct json_out *j, const struct report *r)
{
    json_put_date(j, r->questionnaire->review_by);
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
    json_put_text(j, r->questionnaire->supersedes.text);
}

static void put_superseded_by(struct json_out *j, const struct report *r)
{
    json_put_text(j, r->superseded_by);
}

static void put_as_of(struct json_out *j, const struct report *r)
{
    json_put_date(j, r->decision->as_of);
}

static void put_geography(struct json_out *j, const struct report *r)
{
    json_put_text(j, r->decision->geography);
}

static void put_inputs_sha256(struct json_out *j, const struct report *r)
{
    json_put_text(j, r->inputs_sha256);
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
    json_set_figure(j, "nothing_feasible_share", c->nothing_share);
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

/* ---- inputs --------------------------------------------------------------------------------------
 */

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
        json_set_word(&j, "state", json_item_state(r, i));
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
    {"crossovers", json_put_crossovers},
    {"sensitivity", json_put_sensitivity},
    {"scenarios", json_put_scenarios},
    {"value_of_information", json_put_information},
    {"cost_by_volume", json_put_volume},
    {"mistakes", json_put_mistakes},
    {"checklist", json_put_checklist},
    {"assumptions", json_put_assumptions},
    {"rules_of_thumb", json_put_folklore},
    {"flags", json_put_flags},
    {"revisit_if", json_put_revisit_if},
    {"prices", json_put_prices},
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
