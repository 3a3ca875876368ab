/* Questions and their effects, rationale, risks, checklist, assumptions. */
#include "report/maker.h"

#include "base/arena.h"

#include <math.h>
#include <stdint.h>

/* ---- answers in words ---- */

static void add_part(struct strbuf *sb, const char *text)
{
    if (sb->n > 0)
        strbuf_adds(sb, ", ");
    strbuf_adds(sb, text);
}

static void add_figure(struct strbuf *sb, const char *label, const struct answer *x, const char *unit)
{
    if (!x->given)
        return;
    add_part(sb, label);
    if (label[0] != '\0')
        strbuf_addc(sb, ' ');
    if (x->is_range) {
        wording_value(sb, x->low, str_of(unit));
        strbuf_adds(sb, " to ");
        wording_value(sb, x->high, str_of(unit));
    } else {
        wording_value(sb, x->likely, str_of(unit));
    }
}

static void gpu_answer(struct strbuf *sb, const struct gpu_answers *g)
{
    static const char *const NEEDS[] = {[GPU_NONE] = "no GPU", [GPU_OPTIONAL] = "a GPU is optional",
                                        [GPU_REQUIRED] = "a GPU is required"};
    if (g->need != GPU_UNKNOWN)
        add_part(sb, NEEDS[g->need]);
    if (g->count.given && g->count.likely > 0)
        add_figure(sb, "GPUs at once", &g->count, "count");
    if (g->vram_gb.given && g->vram_gb.likely > 0)
        add_figure(sb, "GPU memory", &g->vram_gb, "GB");
}

static void latency_answer(struct strbuf *sb, const struct latency_answers *l)
{
    add_figure(sb, "p99 at or under", &l->p99_ms, "ms");
    add_figure(sb, "p95 at or under", &l->p95_ms, "ms");
    add_figure(sb, "p50 at or under", &l->p50_ms, "ms");
    if (l->availability.given) {
        add_part(sb, "availability ");
        wording_number(sb, l->availability.likely * 100, 6);
        strbuf_addc(sb, '%');
    }
}

static void traffic_answer(struct strbuf *sb, const struct traffic_answers *t)
{
    add_figure(sb, "", &t->requests_per_day, "count");
    if (t->requests_per_day.given)
        strbuf_adds(sb, " requests a day");
    add_figure(sb, "peak", &t->peak_rps, "request/s");
    add_figure(sb, "variation", &t->cv, "ratio");
    if (t->idle_share.given && t->idle_share.likely > 0)
        add_figure(sb, "idle", &t->idle_share, "share");
    if (t->active_hours_per_day.given && t->active_hours_per_day.likely < 24) {
        add_part(sb, "active ");
        wording_number(sb, t->active_hours_per_day.likely, 3);
        strbuf_adds(sb, " hours a day");
    }
    if (t->burst.given && t->burst.likely > 1)
        add_figure(sb, "bursts of", &t->burst, "count");
    if (t->scale_to_zero == TRI_YES)
        add_part(sb, "must scale to zero");
    if (t->growth_per_year.given && fabs(t->growth_per_year.likely) > 0) {
        add_part(sb, "growth ");
        wording_percent_change(sb, t->growth_per_year.likely);
        strbuf_adds(sb, " a year");
    }
    if (t->basis != BASIS_UNKNOWN)
        add_part(sb, basis_word(t->basis));
}

static void dependencies_answer(struct strbuf *sb, enum custom c)
{
    static const char *const WORDS[] = {
        [CUSTOM_UNKNOWN] = NULL,
        [CUSTOM_NONE] = "none beyond the platform's own",
        [CUSTOM_CONTAINER] = "a container image",
        [CUSTOM_GPU_LIBRARIES] = "GPU libraries",
        [CUSTOM_KERNEL] = "custom kernels or drivers",
    };
    if (WORDS[c])
        add_part(sb, WORDS[c]);
}

static void team_answer(struct strbuf *sb, const struct questionnaire *q)
{
    add_figure(sb, "platform engineers:", &q->platform_engineers, "ratio");
    add_figure(sb, "data scientists:", &q->data_scientists, "ratio");
    if (q->existing_cluster == TRI_YES) {
        add_part(sb, "a cluster exists");
        if (q->existing_cluster_platform.n > 0) {
            strbuf_adds(sb, " on ");
            strbuf_add(sb, q->existing_cluster_platform);
        }
    } else if (q->existing_cluster == TRI_NO) {
        add_part(sb, "no cluster yet");
    }
}

static void compliance_answer(struct strbuf *sb, const struct questionnaire *q)
{
    if (q->tenancy != TENANCY_UNKNOWN)
        add_part(sb, q->tenancy == TENANCY_SINGLE ? "single tenancy" : "shared tenancy allowed");
    for (size_t i = 0; i < q->regime_count; i++) {
        add_part(sb, "");
        strbuf_add(sb, q->regimes[i]);
    }
    if (q->residency.given) {
        add_part(sb, "data stays in ");
        strbuf_add(sb, q->residency.text);
    }
    if (q->portability == TRI_YES)
        add_part(sb, "must be portable");
}

/* What models answer for themselves: "ranker: a GPU is required, GPU memory 18 GB". */
static void gpu_answers_of_models(struct strbuf *sb, const struct questionnaire *q)
{
    for (size_t i = 0; i < q->models_given; i++) {
        struct strbuf own = STRBUF_INIT;
        gpu_answer(&own, &q->models[i].gpu);
        if (own.n > 0) {
            strbuf_adds(sb, sb->n > 0 ? "; " : "");
            strbuf_add(sb, q->models[i].name);
            strbuf_adds(sb, ": ");
            strbuf_add(sb, strbuf_str(&own));
        }
        strbuf_release(&own);
    }
}

static void put_answer(struct maker *m, struct value *o, const char *key, enum question question)
{
    const struct questionnaire *q = m->report->questionnaire;
    struct strbuf *sb = begin(m);
    switch (question) {
    case QUESTION_GPU:
        gpu_answer(sb, &q->gpu);
        gpu_answers_of_models(sb, q);
        break;
    case QUESTION_LATENCY: latency_answer(sb, &q->latency); break;
    case QUESTION_TRAFFIC: traffic_answer(sb, &q->traffic); break;
    case QUESTION_DEPENDENCIES: dependencies_answer(sb, q->custom); break;
    case QUESTION_TEAM: team_answer(sb, q); break;
    case QUESTION_MODELS:
        if (q->model_count.given)
            add_figure(sb, "models:", &q->model_count, "count");
        if (q->share_hardware != TRI_UNKNOWN)
            add_part(sb, q->share_hardware == TRI_YES ? "they share hardware" : "each on its own hardware");
        break;
    case QUESTION_COMPLIANCE: compliance_answer(sb, q); break;
    case QUESTION_COUNT: break;
    }
    if (sb->n == 0) {
        value_set_puts(o, key, "Not answered");
        return;
    }
    struct str answer = str_copy(m->a, text_of(m));
    wording_capital(begin(m), answer);
    end(m, o, key);
}

/* ---- the seven questions ---- */

static void put_rule_link(struct maker *m, struct value *o, const struct finding *f)
{
    value_set_text(o, "rule", f->rule_id);
    if (f->rule == NULL && f->strength == STRENGTH_HARD) { /* from the catalogue: see what it excludes */
        value_set_puts(o, "href", "#infeasible");
        return;
    }
    if (f->rule == NULL) {
        value_set(o, "href", value_null());
        return;
    }
    struct strbuf *sb = begin(m);
    strbuf_adds(sb, m->to_root);
    strbuf_adds(sb, "method/index.html#r-");
    strbuf_add(sb, f->rule_id);
    end_link(m, o, "href");
}

static void make_finding(struct maker *m, struct value *list, const struct finding *f)
{
    struct value *o = value_append_object(list);
    put_capital(m, o, "strength", str_of(strength_word(f->strength)));
    value_set_bool(o, "is_hard", f->strength == STRENGTH_HARD);
    value_set(o, "class", f->toward < CLASS_NONE ? m->class[f->toward] : value_null());
    value_set_text(o, "text", f->text);
    put_or_null(o, "answer", f->answer);
    put_or_null(o, "source", f->source);
    put_rule_link(m, o, f);
}

void make_questions(struct maker *m, struct value *report)
{
    const struct decision *d = m->decision;
    struct value *list = value_set_list(report, "questions");
    struct value *drivers = value_set_list(report, "drivers"); /* answers that remove options */
    for (int q = 0; q < QUESTION_COUNT; q++) {
        struct value *o = value_append_object(list);
        m->rows->questions[q] = o;
        put_int(m, o, "number", (size_t)q + 1);
        value_set_puts(o, "id", question_word((enum question)q));
        value_set_puts(o, "title", question_title((enum question)q));
        put_answer(m, o, "answer", (enum question)q);
        struct value *findings = value_set_list(o, "findings");
        size_t count = 0;
        for (size_t i = 0; i < d->finding_count; i++)
            if (d->findings[i].question == (enum question)q) {
                make_finding(m, findings, &d->findings[i]);
                count++;
            }
        value_set_bool(o, "has_findings", count > 0);
        bool is_hard = false;
        for (size_t i = 0; i < d->finding_count; i++)
            is_hard = is_hard || (d->findings[i].question == (enum question)q &&
                                  d->findings[i].strength == STRENGTH_HARD);
        if (is_hard && q != QUESTION_LATENCY) /* the limit on latency is a driver of its own */
            value_append(drivers, o);
    }
    struct value *other = value_set_list(report, "other_findings"); /* of none of the seven */
    for (size_t i = 0; i < d->finding_count; i++)
        if (d->findings[i].question >= QUESTION_COUNT)
            make_finding(m, other, &d->findings[i]);
    value_set_bool(report, "has_other_findings", value_is_truthy(other));

    /* What is served, in a line a model or job. */
    const struct questionnaire *questionnaire = m->report->questionnaire;
    struct value *parts = value_set_list(report, "parts");
    for (size_t i = 0; i < questionnaire->models_given; i++) {
        const struct model_answers *x = &questionnaire->models[i];
        struct value *o = value_append_object(parts);
        value_set_text(o, "name", x->name);
        value_set_puts(o, "kind", model_kind_word(x->kind));
        struct strbuf *sb = begin(m);
        add_figure(sb, "", &x->duration_ms, "ms");
        if (x->duration_ms.given)
            strbuf_adds(sb, " a request");
        if (x->hardware.given) {
            strbuf_adds(sb, sb->n > 0 ? " on " : "on ");
            strbuf_add(sb, x->hardware.text);
        }
        add_figure(sb, "memory", &x->memory_mb, "MB");
        add_figure(sb, "weights", &x->size_mb, "MB");
        add_figure(sb, "vCPU", &x->vcpu, "ratio");
        if (x->concurrency.given && x->concurrency.likely > 1)
            add_figure(sb, "at once", &x->concurrency, "count");
        put_or_null(o, "text", text_of(m));
    }
    for (size_t i = 0; i < questionnaire->job_count; i++) {
        const struct job_answers *x = &questionnaire->jobs[i];
        struct value *o = value_append_object(parts);
        value_set_text(o, "name", x->name);
        value_set_puts(o, "kind", job_kind_word(x->kind));
        struct strbuf *sb = begin(m);
        add_figure(sb, "", &x->hours_per_run, "h");
        if (x->hours_per_run.given)
            strbuf_adds(sb, " a run");
        add_figure(sb, "", &x->runs_per_month, "count");
        if (x->runs_per_month.given)
            strbuf_adds(sb, " runs a month");
        if (x->hardware.given) {
            add_part(sb, "on ");
            if (x->count.given) {
                wording_number(sb, x->count.likely, 4);
                strbuf_addc(sb, ' ');
            }
            strbuf_add(sb, x->hardware.text);
        }
        put_or_null(o, "text", text_of(m));
    }
}

/* ---- rationale ---- */

void make_rationale(struct maker *m, struct value *report)
{
    const struct recommendation *r = &m->decision->recommendation;
    struct value *list = value_set_list(report, "reasons");
    value_set_bool(report, "has_reasons", r->reason_count > 0);
    for (size_t i = 0; i < r->reason_count; i++) {
        struct value *o = value_append_object(list);
        value_set_text(o, "text", r->reasons[i].text);
        struct value *findings = value_set_list(o, "findings");
        for (size_t k = 0; k < r->reasons[i].finding_count; k++) {
            struct value *f = value_append_object(findings);
            value_set_text(f, "id", r->reasons[i].findings[k]);
        }
    }
    struct value *flags = value_set_list(report, "flags");
    value_set_bool(report, "has_flags", m->decision->flag_count > 0);
    for (size_t i = 0; i < m->decision->flag_count; i++)
        put_sentence(m, value_append_object(flags), "text", m->decision->flags[i]);
}

/* ---- consequences, for the decision record ---- */

static void consequence_end(struct maker *m, struct value *list, const char *kind)
{
    strbuf_addc(&m->sb, '.');
    struct value *o = value_append_object(list);
    value_set_puts(o, "kind", kind);
    end(m, o, "text");
}

void make_consequences(struct maker *m, struct value *report)
{
    const struct decision *d = m->decision;
    const struct recommendation *r = &d->recommendation;
    const struct option *chosen = option_at(d, r->option);
    const struct option *other = option_at(d, r->runner_up);
    struct value *list = value_set_list(report, "consequences");
    if (!chosen) {
        strbuf_adds(begin(m), "nothing is decided by this record yet");
        consequence_end(m, list, "Neutral");
        return;
    }
    if (other) {
        double saved = money_double(other->monthly) - money_double(chosen->monthly);
        struct strbuf *sb = begin(m);
        strbuf_adds(sb, "it costs ");
        wording_usd(sb, fabs(saved));
        strbuf_adds(sb, saved < 0 ? " a month more than " : " a month less than ");
        strbuf_add(sb, other->name);
        consequence_end(m, list, saved < 0 ? "Bad" : "Good");
    }
    const struct answer *p99 = &m->report->questionnaire->latency.p99_ms;
    if (p99->given && isfinite(chosen->latency.p99_ms)) {
        struct strbuf *sb = begin(m);
        bool holds = chosen->latency.p99_ms <= p99->likely;
        strbuf_adds(sb, "the predicted p99 of ");
        wording_ms(sb, chosen->latency.p99_ms);
        strbuf_adds(sb, " is ");
        wording_ms(sb, fabs(p99->likely - chosen->latency.p99_ms));
        strbuf_adds(sb, holds ? " under the limit" : " over the limit");
        consequence_end(m, list, holds ? "Good" : "Bad");
    }
    if (other) {
        double more = money_double(chosen->operations) - money_double(other->operations);
        if (fabs(more) >= 1) {
            struct strbuf *sb = begin(m);
            strbuf_adds(sb, "its operations take ");
            wording_usd(sb, money_double(chosen->operations));
            strbuf_adds(sb, " a month of people, ");
            wording_usd(sb, fabs(more));
            strbuf_adds(sb, more > 0 ? " more than the runner-up" : " less than the runner-up");
            consequence_end(m, list, more > 0 ? "Bad" : "Good");
        }
    }
    for (size_t i = 0; i < d->sensitivity_count; i++) {
        const struct sensitivity *s = &d->sensitivity[i];
        struct str beyond = wording_flip_target(d, s);
        if (!str_is(s->variable, "answers.traffic.requests_per_day") || beyond.n == 0)
            continue;
        struct strbuf *sb = begin(m);
        strbuf_adds(sb, s->flips_at < s->now ? "below " : "above ");
        wording_count_prose(sb, s->flips_at);
        strbuf_adds(sb, " requests a day ");
        strbuf_add(sb, beyond);
        strbuf_adds(sb, " would be the cheaper choice");
        consequence_end(m, list, "Neutral");
    }
}

/* ---- risks and mistakes ---- */

void make_risks(struct maker *m, struct value *report)
{
    const struct decision *d = m->decision;
    const struct policy *policy = m->report->policy;
    struct value *found = value_set_list(report, "mistakes");
    value_set_bool(report, "has_mistakes", d->mistake_count > 0);
    for (size_t i = 0; i < d->mistake_count; i++) {
        const struct mistake_result *x = &d->mistakes[i];
        struct value *o = value_append_object(found);
        value_set_text(o, "id", x->mistake->id);
        value_set_text(o, "text", x->text);
        put_or_null(o, "watch", x->watch);
        put_or_null(o, "act", x->act);
        put_link(m, o, "method", "method/index.html#mistakes");
        put_sources(m, o, "sources", x->mistake->sources, x->mistake->source_count);
    }
    size_t looked_for = policy ? policy->mistake_count : 0;
    put_plural(m, report, "mistakes_looked_for", looked_for, "common mistake was looked for",
               "common mistakes were looked for");
    put_int(m, report, "mistakes_found", d->mistake_count);
}

/* ---- checklist ---- */

void make_checklist(struct maker *m, struct value *report)
{
    const struct decision *d = m->decision;
    struct value *phases = value_set_list(report, "phases");
    const struct value *none = value_null();
    size_t done = 0;
    size_t counted = 0;
    struct value *items = NULL;
    struct str phase = {0};
    size_t number = 0;
    for (size_t i = 0; i < d->checklist_count; i++) {
        const struct checklist_entry *e = &d->checklist[i];
        enum item_state state = m->report->checklist_state ? m->report->checklist_state[i] : ITEM_OPEN;
        if (items == NULL || !str_equal(phase, e->item->phase)) {
            phase = e->item->phase;
            struct value *o = value_append_object(phases);
            put_int(m, o, "number", ++number);
            value_set_text(o, "id", phase);
            struct str name = phase;
            for (size_t p = 0; m->report->policy && p < m->report->policy->phase_count; p++)
                if (str_equal(m->report->policy->phases[p].id, phase))
                    name = m->report->policy->phases[p].name;
            put_capital(m, o, "name", name);
            items = value_set_list(o, "items");
        }
        struct value *o = value_append_object(items);
        value_set_text(o, "id", e->item->id);
        value_set_text(o, "text", e->text);
        value_set(o, "link", e->item->link.n > 0 ? value_text(m->a, e->item->link) : none);
        value_set_bool(o, "is_done", state == ITEM_DONE);
        value_set_bool(o, "is_not_required", state == ITEM_NOT_REQUIRED);
        value_set_puts(o, "state", state == ITEM_DONE ? "Done" : state == ITEM_OPEN ? "To do" : "Not required");
        done += state == ITEM_DONE;
        counted += state != ITEM_NOT_REQUIRED;
    }
    value_set_bool(report, "has_checklist", d->checklist_count > 0);
    put_int(m, report, "tasks_done", done);
    put_int(m, report, "task_count", counted);
}

/* ---- assumptions ---- */

void make_assumptions(struct maker *m, struct value *report)
{
    const struct decision *d = m->decision;
    struct value *assumed = value_set_list(report, "assumptions");
    struct value *uncertain = value_set_list(report, "uncertain");
    size_t assumed_count = 0;
    size_t uncertain_count = 0;
    for (size_t i = 0; i < d->assumption_count; i++) {
        const struct assumption_result *x = &d->assumptions[i];
        struct value *o = value_append_object(x->is_assumed ? assumed : uncertain);
        put_capital(m, o, "name", x->name);
        value_set_text(o, "variable", x->variable);
        if (x->word.n > 0) {
            value_set_text(o, "value", x->word);
            value_set_puts(o, "range", "fixed");
        } else {
            struct str unit = wording_unit(x->variable, x->unit);
            put_value(m, o, "value", x->value, unit);
            wording_value_range(begin(m), x->low, x->high, unit);
            if (x->is_held)
                strbuf_adds(&m->sb, ", not varied");
            end(m, o, "range");
        }
        put_or_null(o, "why", x->why);
        put_sources(m, o, "sources", &x->source, 1);
        assumed_count += x->is_assumed;
        uncertain_count += !x->is_assumed;
    }
    value_set_bool(report, "has_assumptions", assumed_count > 0);
    value_set_bool(report, "has_uncertain", uncertain_count > 0);
    put_int(m, report, "assumption_count", assumed_count);
}
