/* Pages in general, and the head of a report: what it is, its verdict and its four facts. */
#include "report/maker.h"

#include "base/arena.h"
#include "base/round.h"

#include <math.h>
#include <stdint.h>

/* ---- any page ---- */

struct value *model_page(const struct site *s, const struct model_page *p, struct arena *a)
{
    struct value *root = value_object(a);
    value_set_puts(root, "to_root", p->to_root);
    struct value *page = value_set_object(root, "page");
    value_set_text(page, "title", p->title);
    value_set_text(page, "description", p->description);
    struct value *site = value_set_object(root, "site");
    value_set_text(site, "title", s->title);
    value_set_text(site, "language", s->language.n > 0 ? s->language : STR("en"));
    put_or_null(site, "organisation", s->organisation);
    put_or_null(site, "description", s->description);
    put_or_null(site, "footer", s->footer);
    put_or_null(site, "confidentiality", s->confidentiality);
    put_or_null(site, "base_url", s->base_url);
    value_set_puts(site, "program", PROGRAM_NAME);
    value_set_text(site, "version", s->version);
    struct maker m;
    maker_init(&m, s, p->to_root, a);
    if (s->book)
        put_date(&m, site, "edition", s->book->edition);
    else
        value_set(site, "edition", value_null());
    struct value *navigation = value_set_list(site, "navigation");
    for (size_t i = 0; i < s->navigation_count; i++) {
        struct value *o = value_append_object(navigation);
        value_set_text(o, "title", s->navigation[i].title);
        struct strbuf *sb = begin(&m);
        strbuf_adds(sb, p->to_root);
        strbuf_add(sb, s->navigation[i].href);
        end(&m, o, "href");
        value_set_bool(o, "is_current", p->section.n > 0 && str_equal(p->section, s->navigation[i].href));
    }
    maker_release(&m);
    return root;
}

/* ---- the report's head ---- */

static const char *const STATUS_LABELS[] = {
    [STATUS_DRAFT] = "Draft",           [STATUS_PROPOSED] = "Proposed",
    [STATUS_ACCEPTED] = "Accepted",     [STATUS_REJECTED] = "Rejected",
    [STATUS_DEPRECATED] = "Deprecated", [STATUS_SUPERSEDED] = "Superseded",
};
_Static_assert(sizeof STATUS_LABELS / sizeof STATUS_LABELS[0] == STATUS_COUNT, "a label for every status");

static void put_status(struct value *o, enum status s)
{
    struct value *status = value_set_object(o, "status");
    value_set_puts(status, "word", status_word(s));
    value_set_puts(status, "label", STATUS_LABELS[s]);
}

/* "30 million requests a day, p99 at or under 80 ms, in US east." */
static void put_lede(struct maker *m, struct value *o)
{
    const struct questionnaire *q = m->report->questionnaire;
    struct strbuf *sb = begin(m);
    if (q->traffic.requests_per_day.given) {
        wording_count_prose(sb, q->traffic.requests_per_day.likely);
        strbuf_adds(sb, " requests a day");
    }
    if (q->latency.p99_ms.given) {
        strbuf_adds(sb, sb->n > 0 ? ", p99 at or under " : "p99 at or under ");
        wording_ms(sb, q->latency.p99_ms.likely);
    }
    size_t parts = q->models_given + q->job_count;
    if (parts > 1 || (q->model_count.given && q->model_count.likely > 1)) {
        if (sb->n > 0)
            strbuf_adds(sb, ", ");
        if (q->model_count.given && q->model_count.likely > (double)q->models_given) {
            wording_count(sb, q->model_count.likely);
            strbuf_adds(sb, " models");
        } else if (q->models_given > 0) {
            strbuf_add_int(sb, (int64_t)q->models_given);
            strbuf_adds(sb, q->models_given == 1 ? " model" : " models");
        }
        if (q->job_count > 0) {
            strbuf_adds(sb, q->models_given > 0 ? " and " : "");
            strbuf_add_int(sb, (int64_t)q->job_count);
            strbuf_adds(sb, q->job_count == 1 ? " job" : " jobs");
        }
    } else if (q->models_given == 0 && q->job_count == 1) {
        strbuf_adds(sb, sb->n > 0 ? ", one " : "One ");
        strbuf_adds(sb, job_kind_word(q->jobs[0].kind));
        strbuf_adds(sb, " job");
    }
    int geography = m->report->book ? book_geography(m->report->book, m->decision->geography) : -1;
    if (geography >= 0) {
        strbuf_adds(sb, sb->n > 0 ? ", in " : "In ");
        strbuf_add(sb, m->report->book->geographies[geography].name);
    }
    if (sb->n > 0)
        strbuf_addc(sb, '.');
    put_or_null(o, "lede", text_of(m));
}

static struct value *add_banner(struct value *list, const char *text)
{
    struct value *o = value_append_object(list);
    value_set_puts(o, "text", text);
    value_set(o, "href", value_null());
    value_set(o, "link", value_null());
    return o;
}

static void put_decision_link(struct maker *m, struct value *o, const char *key, struct str slug)
{
    struct strbuf *sb = begin(m);
    strbuf_adds(sb, m->to_root);
    strbuf_add(sb, slug);
    strbuf_adds(sb, "/index.html");
    end_link(m, o, key);
}

static void put_banners(struct maker *m, struct value *report)
{
    const struct report *r = m->report;
    const struct questionnaire *q = r->questionnaire;
    struct value *list = value_set_list(report, "banners");
    if (q->status == STATUS_SUPERSEDED || r->superseded_by.n > 0) {
        struct value *o = add_banner(list, r->superseded_by.n > 0 ? "Superseded by" : "Superseded.");
        if (r->superseded_by.n > 0) {
            value_set_text(o, "link", r->superseded_by_title.n > 0 ? r->superseded_by_title : r->superseded_by);
            put_decision_link(m, o, "href", r->superseded_by);
        }
    }
    if (q->status == STATUS_DRAFT)
        add_banner(list, "A draft: not proposed for decision yet.");
    if (q->status == STATUS_REJECTED)
        add_banner(list, "Rejected: this recommendation was not followed.");
    if (q->status == STATUS_DEPRECATED)
        add_banner(list, "Deprecated: kept for the record.");
    if (r->review_due) {
        struct value *o = add_banner(list, "");
        struct strbuf *sb = begin(m);
        strbuf_adds(sb, "Review due: this decision was to be looked at again by ");
        wording_date(sb, q->review_by);
        strbuf_addc(sb, '.');
        end(m, o, "text");
    }
    for (size_t i = 0; i < r->tripwire_count; i++) {
        const struct tripwire_state *t = &r->tripwires[i];
        if (!t->known || !t->tripped)
            continue;
        struct value *o = add_banner(list, "");
        struct strbuf *sb = begin(m);
        strbuf_adds(sb, "Trip-wire reached: ");
        strbuf_add(sb, t->wire->text);
        strbuf_adds(sb, "; now ");
        wording_number(sb, t->now, 4);
        strbuf_addc(sb, '.');
        end(m, o, "text");
    }
    value_set_bool(report, "has_banners", value_is_truthy(list));
}

/* ---- the verdict block ---- */

static void add_fact(struct value *list, struct value **fact, const char *label)
{
    *fact = value_append_object(list);
    value_set_puts(*fact, "label", label);
    value_set(*fact, "class", value_null());
    value_set(*fact, "note", value_null());
    value_set(*fact, "href", value_null());
}

static void cost_fact(struct maker *m, struct value *list, const struct option *chosen)
{
    struct value *fact;
    add_fact(list, &fact, "Monthly cost");
    if (!chosen || !chosen->costed) {
        value_set_puts(fact, "value", NOT_KNOWN_TEXT);
        return;
    }
    const struct recommendation *r = &m->decision->recommendation;
    put_money(m, fact, "value", chosen->monthly);
    struct strbuf *sb = begin(m);
    if (isfinite(r->p10_usd) && isfinite(r->p90_usd)) {
        strbuf_adds(sb, "80% interval ");
        wording_usd_range(sb, r->p10_usd, r->p90_usd);
        strbuf_adds(sb, "; ");
    }
    strbuf_adds(sb, "infrastructure ");
    money_headline(sb, chosen->infrastructure);
    end(m, fact, "note");
    strbuf_adds(begin(m), "#o-");
    strbuf_add(&m->sb, chosen->id);
    end(m, fact, "href");
}

static void confidence_fact(struct maker *m, struct value *list)
{
    const struct recommendation *r = &m->decision->recommendation;
    struct value *fact;
    add_fact(list, &fact, "Confidence");
    put_share(m, fact, "value", r->class_confidence);
    if (isnan(r->class_confidence)) {
        value_set_puts(fact, "note", r->verdict == VERDICT_DECIDED ? "Low: decided by leans" : "");
        return;
    }
    const struct policy *p = m->report->policy;
    double high = p ? policy_number(p, PARAMETER_HIGH_CONFIDENCE) : 0.9;
    double decided = p ? policy_number(p, PARAMETER_DECIDED_SHARE) : 0.7;
    struct str level = str_of(confidence_level(r->class_confidence, high, decided));
    struct strbuf *sb = begin(m);
    wording_capital(sb, level);
    strbuf_adds(sb, ": class is cheapest in ");
    wording_number(sb, (double)round_scaled(r->class_confidence * (double)m->decision->draws, 0), 6);
    strbuf_adds(sb, " of ");
    wording_number(sb, (double)m->decision->draws, 6);
    strbuf_adds(sb, " draws");
    if (r->nothing_share > 0) {
        strbuf_adds(sb, ", nothing meets every limit in ");
        wording_number(sb, (double)round_scaled(r->nothing_share * (double)m->decision->draws, 0), 6);
    }
    end(m, fact, "note");
}

static void margin_fact(struct maker *m, struct value *list, const struct option *other)
{
    const struct recommendation *r = &m->decision->recommendation;
    struct value *fact;
    add_fact(list, &fact, "Margin to runner-up");
    put_percent(m, fact, "value", r->margin);
    if (!other) {
        if (option_at(m->decision, r->option)) { /* known, then: there is none */
            value_set_puts(fact, "value", "none");
            value_set_puts(fact, "note", "No option of another class meets every answer");
        }
        return;
    }
    value_set(fact, "class", m->class[other->class]);
    struct strbuf *sb = begin(m);
    strbuf_add(sb, other->name);
    strbuf_adds(sb, ", ");
    money_headline(sb, other->monthly);
    end(m, fact, "note");
    strbuf_adds(begin(m), "#o-");
    strbuf_add(&m->sb, other->id);
    end(m, fact, "href");
}

static void tier_fact(struct maker *m, struct value *list)
{
    const struct tier_result *t = &m->decision->tier;
    struct value *fact;
    add_fact(list, &fact, "Tier");
    if (!t->tier) {
        value_set_puts(fact, "value", "none");
        value_set_puts(fact, "note", "No tier's conditions hold");
        return;
    }
    put_int(m, fact, "value", (size_t)t->tier->number);
    struct strbuf *sb = begin(m);
    strbuf_add(sb, t->tier->name);
    for (size_t i = 0; i < t->reason_count; i++) {
        strbuf_adds(sb, i == 0 ? ": " : ", ");
        strbuf_add(sb, t->reasons[i]);
    }
    end(m, fact, "note");
    put_link(m, fact, "href", "method/index.html#tiers");
}

static const char *stability_text(enum stability s)
{
    switch (s) {
    case STABILITY_ROBUST: return "Robust: no flip in a likely range";
    case STABILITY_SENSITIVE: return "Sensitive: a flip lies in a likely range";
    case STABILITY_TOO_CLOSE: return "Too close";
    case STABILITY_NONE: return "Not known: no costed verdict";
    }
    return "";
}

static void put_verdict(struct maker *m, struct value *report)
{
    const struct decision *d = m->decision;
    const struct recommendation *r = &d->recommendation;
    const struct option *chosen = option_at(d, r->option);
    const struct option *other = option_at(d, r->runner_up);
    struct value *o = value_set_object(report, "verdict");
    value_set_puts(o, "word", verdict_word(r->verdict));
    value_set_bool(o, "is_decided", r->verdict == VERDICT_DECIDED);
    value_set_bool(o, "is_too_close", r->verdict == VERDICT_TOO_CLOSE);
    value_set_bool(o, "is_infeasible", r->verdict == VERDICT_INFEASIBLE);
    value_set_bool(o, "is_undecidable", r->verdict == VERDICT_UNDECIDABLE);
    bool classed = r->verdict == VERDICT_DECIDED && r->class < CLASS_NONE;
    value_set(o, "class", classed ? m->class[r->class] : value_null());
    struct value *classes = value_set_list(o, "classes"); /* both shapes of a close call */
    if (r->verdict == VERDICT_TOO_CLOSE) {
        if (chosen)
            value_append(classes, m->class[chosen->class]);
        if (other)
            value_append(classes, m->class[other->class]);
    }
    wording_headline(begin(m), d);
    end(m, o, "headline");
    wording_verdict(begin(m), d);
    end(m, o, "title");
    struct value *sentences = value_set_list(o, "sentences");
    struct strbuf all = STRBUF_INIT;
    for (size_t i = 0; i < VERDICT_SENTENCES; i++) {
        if (!wording_verdict_sentence(begin(m), d, i))
            continue;
        end(m, value_append_object(sentences), "text");
        if (all.n > 0)
            strbuf_addc(&all, ' ');
        strbuf_add(&all, text_of(m));
    }
    value_set_text(o, "text", strbuf_str(&all));
    strbuf_release(&all);
    struct value *facts = value_set_list(o, "facts");
    cost_fact(m, facts, chosen);
    confidence_fact(m, facts);
    margin_fact(m, facts, other);
    tier_fact(m, facts);
    value_set_puts(o, "stability", stability_text(r->stability));
    if (r->leaning < CLASS_NONE)
        value_set(o, "leaning", m->class[r->leaning]);
    else
        value_set(o, "leaning", value_null());
    struct value *missing = value_set_list(o, "missing");
    for (size_t i = 0; i < r->missing_count; i++) {
        struct value *row = value_append_object(missing);
        value_set_text(row, "path", r->missing[i]);
        const struct field *field = field_find(r->missing[i]);
        value_set_puts(row, "help", field ? field->help : NULL);
    }
    value_set_bool(o, "has_missing", r->missing_count > 0);
    struct value *placements = value_set_list(o, "placements");
    if (chosen && chosen->placement_count > 1)
        for (size_t i = 0; i < chosen->placement_count; i++) {
            const struct placement *p = &chosen->placements[i];
            struct value *row = value_append_object(placements);
            value_set_text(row, "part", p->part);
            value_set_text(row, "platform", p->platform ? p->platform->name : (struct str){0});
            put_or_null(row, "machine", p->machine);
            value_set(row, "class", m->class[p->platform ? p->platform->class : CLASS_NONE]);
            put_money(m, row, "usd", p->usd);
        }
    value_set_bool(o, "has_placements", value_is_truthy(placements));
    put_or_null(o, "chosen", chosen ? chosen->name : (struct str){0});
    value_set(o, "chosen_class", chosen ? m->class[chosen->class] : value_null());
    put_or_null(o, "runner_up", other ? other->name : (struct str){0});
}

/* The best option of each class, in words: the caption's rows for those who do not see the chart. */
static void put_tiers(struct maker *m, struct value *report)
{
    const struct decision *d = m->decision;
    struct value *list = value_set_list(report, "tiers");
    for (size_t i = 0; i < d->tier_count; i++) {
        const struct tier_result *t = &d->tiers[i];
        struct value *o = value_append_object(list);
        value_set_text(o, "part", t->part);
        value_set_text(o, "name", t->tier ? t->tier->name : STR("none"));
        if (t->tier)
            put_int(m, o, "number", (size_t)t->tier->number);
        else
            value_set_puts(o, "number", "none");
    }
    value_set_bool(report, "has_tiers", d->tier_count > 1);
}

static void put_identity(struct maker *m, struct value *o)
{
    const struct report *r = m->report;
    const struct questionnaire *q = r->questionnaire;
    value_set_text(o, "slug", q->slug);
    value_set_text(o, "title", q->title);
    put_or_null(o, "owner", q->owner);
    put_status(o, q->status);
    put_date(m, o, "date", q->date);
    put_date(m, o, "review_by", q->review_by);
    value_set_bool(o, "review_due", r->review_due);
    put_date(m, o, "prices_as_of", m->decision->as_of);
    struct value *tags = value_set_list(o, "tags");
    for (size_t i = 0; i < q->tag_count; i++)
        value_set_text(value_append_object(tags), "name", q->tags[i]);
    value_set_bool(o, "has_tags", q->tag_count > 0);
    int geography = r->book ? book_geography(r->book, m->decision->geography) : -1;
    value_set_text(o, "geography", geography >= 0 ? r->book->geographies[geography].name : m->decision->geography);
    if (q->supersedes.given) {
        value_set_text(o, "supersedes", q->supersedes.text);
        put_decision_link(m, o, "supersedes_href", q->supersedes.text);
    } else {
        value_set(o, "supersedes", value_null());
        value_set(o, "supersedes_href", value_null());
    }
    put_or_null(o, "superseded_by", r->superseded_by);
    if (q->current_platform.given) {
        const struct platform *p = r->book ? book_platform(r->book, q->current_platform.text) : NULL;
        struct strbuf *sb = begin(m);
        strbuf_add(sb, p ? p->name : q->current_platform.text);
        if (q->current_monthly_usd.given) {
            strbuf_adds(sb, ", ");
            wording_usd(sb, q->current_monthly_usd.likely);
            strbuf_adds(sb, " a month");
        }
        end(m, o, "runs_today");
    } else {
        value_set(o, "runs_today", value_null());
    }
    value_set_text(o, "inputs_sha256", r->inputs_sha256);
    value_set_text(o, "inputs_short", str_slice(r->inputs_sha256, 0, 12));
    value_set_text(o, "policy_sha256", r->policy_sha256);
    value_set_text(o, "policy_short", str_slice(r->policy_sha256, 0, 12));
    value_set_text(o, "version", r->version);
    value_set_puts(o, "program", PROGRAM_NAME);
    value_set_bool(o, "has_trace", r->has_trace);
    put_int(m, o, "draws", m->decision->draws);
    value_set_bool(o, "has_notes", r->notes_markdown.n > 0);
    value_set_bool(o, "is_site", true);
    note_link(m, (struct model_link){o, "is_site", value_bool(true), value_bool(false)});
}

void model_place(const struct model_rows *rows, bool in_site)
{
    for (size_t i = 0; i < rows->link_count; i++) {
        const struct model_link *link = &rows->links[i];
        value_set(link->object, link->key, in_site ? link->shown : link->hidden);
    }
}

struct value *model_report(const struct report *r, const struct site *s, const char *to_root,
                           struct arena *a, struct model_rows *rows)
{
    struct maker m;
    maker_init(&m, s, to_root, a);
    m.report = r;
    m.decision = r->decision;
    m.rows = rows;
    *rows = (struct model_rows){
        .options = arena_new(a, struct value *, r->decision->option_count),
        .latencies = arena_new(a, struct value *, r->decision->option_count),
        .flips = arena_new(a, struct value *, r->decision->sensitivity_count),
        .questions = arena_new(a, struct value *, QUESTION_COUNT),
    };
    struct value *o = value_object(a);
    put_identity(&m, o);
    put_lede(&m, o);
    put_banners(&m, o);
    put_verdict(&m, o);
    put_tiers(&m, o);
    make_head(&m, o);
    make_flips(&m, o);
    make_volume(&m, o);
    make_questions(&m, o);
    make_options(&m, o);
    make_sensitivity(&m, o);
    make_latency(&m, o);
    make_traffic(&m, o);
    make_scenarios(&m, o);
    make_folklore(&m, o);
    make_rationale(&m, o);
    make_consequences(&m, o);
    make_risks(&m, o);
    make_checklist(&m, o);
    make_assumptions(&m, o);
    make_tripwires(&m, o);
    make_prices(&m, o);
    maker_release(&m);
    return o;
}
