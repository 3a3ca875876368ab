#include "command/explain_text.h"

#include "base/arena.h"
#include "base/strbuf.h"
#include "command/table.h"
#include "report/wording.h"

#include <math.h>

#define WIDTH ((size_t)100) /* characters of a line of prose */
#define MOST_OPTIONS ((size_t)12)
#define MOST_FLIPS ((size_t)8)
#define MOST_ASSUMPTIONS ((size_t)8)

struct writer {
    const struct report *report;
    const struct decision *decision;
    struct arena *a;
    struct strbuf *out;
    struct strbuf word; /* scratch for one figure */
    bool all;
};

/* ---- helpers ------------------------------------------------------------------------------------
 */

static size_t characters(struct str text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++)
        n += ((unsigned char)text.s[i] & 0xc0) != 0x80;
    return n;
}

/* What the scratch buffer holds, in the arena; empties it. */
static struct str take(struct writer *w)
{
    struct str text = strbuf_copy(&w->word, w->a);
    strbuf_clear(&w->word);
    return text;
}

static struct str usd(struct writer *w, double value)
{
    if (isnan(value))
        return STR("-");
    wording_usd(&w->word, value);
    return take(w);
}

/* Prose, broken at blanks, later lines indented to `hang`. */
static void paragraph(struct writer *w, size_t indent, size_t hang, struct str text)
{
    size_t column = indent;
    struct str word, rest = text;
    bool more = true, is_first = true;
    strbuf_addf(w->out, "%*s", (int)indent, "");
    while (more) {
        more = str_cut(rest, ' ', &word, &rest);
        size_t length = characters(word);
        if (!is_first && column + 1 + length > WIDTH) {
            strbuf_addf(w->out, "\n%*s", (int)hang, "");
            column = hang;
            is_first = true;
        }
        if (!is_first) {
            strbuf_addc(w->out, ' ');
            column++;
        }
        strbuf_add(w->out, word);
        column += length;
        is_first = false;
    }
    strbuf_addc(w->out, '\n');
}

static void heading(struct writer *w, const char *title)
{
    strbuf_addf(w->out, "\n%s\n", title);
}

static const struct option *option_of(const struct decision *d, int index)
{
    return index >= 0 && (size_t)index < d->option_count ? &d->options[index] : NULL;
}

/* ---- parts --------------------------------------------------------------------------------------
 */

static void add_title(struct writer *w)
{
    const struct questionnaire *q = w->report->questionnaire;
    strbuf_addf(w->out, "%.*s\n%.*s, %s", STR_ARG(q->title), STR_ARG(w->decision->slug),
                status_word(q->status));
    if (q->owner.n > 0)
        strbuf_addf(w->out, ", %.*s", STR_ARG(q->owner));
    if (!date_is_none(q->date)) {
        strbuf_adds(w->out, ", ");
        date_add(w->out, q->date);
    }
    strbuf_addc(w->out, '\n');
    if (w->report->superseded_by.n > 0)
        strbuf_addf(w->out, "superseded by %.*s\n", STR_ARG(w->report->superseded_by));
}

static void add_verdict(struct writer *w)
{
    const struct decision *d = w->decision;
    strbuf_addc(w->out, '\n');
    wording_verdict(&w->word, d);
    strbuf_add(w->out, take(w));
    strbuf_addc(w->out, '\n');
    for (size_t i = 0; i < VERDICT_SENTENCES; i++) {
        bool is_there = wording_verdict_sentence(&w->word, d, i);
        struct str sentence = take(w);
        if (is_there)
            paragraph(w, 2, 2, sentence);
    }
    for (size_t i = 0; i < d->recommendation.missing_count; i++)
        strbuf_addf(w->out, "  missing: %.*s\n", STR_ARG(d->recommendation.missing[i]));
    strbuf_addf(w->out, "  %s",
                d->recommendation.stability == STABILITY_NONE
                    ? "no costed verdict"
                    : stability_word(d->recommendation.stability));
    if (d->tier.tier)
        strbuf_addf(w->out, "; tier %d, %.*s", d->tier.tier->number, STR_ARG(d->tier.tier->name));
    strbuf_addf(w->out, "; %.*s; prices as of ", STR_ARG(d->geography));
    wording_date(w->out, d->as_of);
    strbuf_addc(w->out, '\n');
}

static void add_reasons(struct writer *w)
{
    const struct recommendation *c = &w->decision->recommendation;
    if (c->reason_count > 0)
        heading(w, "Why");
    for (size_t i = 0; i < c->reason_count; i++)
        paragraph(w, 2, 2, c->reasons[i].text);
}

static void add_option_row(struct writer *w, struct table *t, size_t index)
{
    const struct decision *d = w->decision;
    const struct option *o = &d->options[index];
    int i = (int)index;
    table_cell(t, i == d->recommendation.option      ? STR("chosen")
                  : i == d->recommendation.runner_up ? STR("runner-up")
                  : !o->eligible                     ? STR("shown only")
                                                     : STR(""));
    table_cell(t, o->id);
    table_cell(t, str_of(class_word(o->class)));
    table_cell(t, o->costed ? usd(w, money_double(o->monthly)) : STR("-"));
    table_cell(t, o->costed ? usd(w, money_double(o->infrastructure)) : STR("-"));
    if (isnan(o->p10_usd)) {
        table_cell(t, STR("-"));
    } else {
        wording_usd_range(&w->word, o->p10_usd, o->p90_usd);
        table_cell(t, take(w));
    }
    if (isnan(o->cheapest_share)) {
        table_cell(t, STR("-"));
    } else {
        wording_share(&w->word, o->cheapest_share);
        table_cell(t, take(w));
    }
    if (isnan(o->latency.p99_ms)) {
        table_cell(t, STR("-"));
    } else {
        wording_ms(&w->word, o->latency.p99_ms);
        table_cell(t, take(w));
    }
}

static void add_options(struct writer *w)
{
    static const struct column COLUMNS[] = {
        {"", ALIGN_LEFT},
        {"OPTION", ALIGN_LEFT},
        {"CLASS", ALIGN_LEFT},
        {"A MONTH", ALIGN_RIGHT},
        {"INFRASTRUCTURE", ALIGN_RIGHT},
        {"P10 TO P90", ALIGN_RIGHT},
        {"CHEAPEST IN", ALIGN_RIGHT},
        {"P99", ALIGN_RIGHT},
    };
    const struct decision *d = w->decision;
    struct table t;
    size_t shown = 0, left = 0;
    table_init(&t, COLUMNS, sizeof COLUMNS / sizeof *COLUMNS, w->a);
    for (size_t i = 0; i < d->option_count; i++) {
        bool matters = (int)i == d->recommendation.option || (int)i == d->recommendation.runner_up;
        if (!d->options[i].feasible)
            continue;
        if (!w->all && !matters && shown >= MOST_OPTIONS) {
            left++;
            continue;
        }
        add_option_row(w, &t, i);
        shown++;
    }
    if (shown == 0)
        return;
    heading(w, "Options");
    table_print(&t, 2, w->out);
    if (left > 0)
        strbuf_addf(w->out, "  and %zu %s (--verbose shows them)\n", left, isnan(d->recommendation.p50_usd) ? "more" : "dearer ones");
}

static void add_infeasible(struct writer *w)
{
    const struct decision *d = w->decision;
    bool has_heading = false;
    for (size_t i = 0; i < d->option_count; i++) {
        const struct option *o = &d->options[i];
        if (o->feasible)
            continue;
        if (!has_heading)
            heading(w, "Not possible");
        has_heading = true;
        strbuf_clear(&w->word);
        strbuf_addf(&w->word, "%.*s:", STR_ARG(o->id));
        for (size_t k = 0; k < o->violation_count; k++) {
            strbuf_addc(&w->word, k > 0 ? ';' : ' ');
            strbuf_adds(&w->word, k > 0 ? " " : "");
            strbuf_add(&w->word, o->violations[k].text);
        }
        paragraph(w, 2, 6, take(w));
    }
}

static void add_lines(struct writer *w, const struct option *o)
{
    static const struct column COLUMNS[] = {
        {"ITEM", ALIGN_LEFT},  {"QUANTITY", ALIGN_POINT}, {"UNIT", ALIGN_LEFT},
        {"EACH", ALIGN_POINT}, {"USD", ALIGN_POINT},      {"SKU", ALIGN_LEFT},
    };
    struct table t;
    table_init(&t, COLUMNS, sizeof COLUMNS / sizeof *COLUMNS, w->a);
    for (size_t i = 0; i < o->line_count; i++) {
        const struct line *l = &o->lines[i];
        table_cell(&t, l->part.n > 0
                           ? str_printf(w->a, "%.*s (%.*s)", STR_ARG(l->item), STR_ARG(l->part))
                           : l->item);
        wording_decimal(&w->word, l->quantity);
        table_cell(&t, take(w));
        table_cell(&t, str_of(l->unit ? l->unit->name : NULL));
        decimal_add(&w->word, l->unit_usd);
        table_cell(&t, take(w));
        money_json(&w->word, l->usd);
        table_cell(&t, take(w));
        table_cell(&t, l->sku ? l->sku->id : STR(""));
    }
    strbuf_addf(w->out, "\nCost of %.*s (%.*s)\n", STR_ARG(o->id), STR_ARG(o->name));
    table_print(&t, 2, w->out);
    strbuf_adds(w->out, "  total ");
    money_exact(w->out, o->monthly);
    strbuf_adds(w->out, " a month, of which operations ");
    money_exact(w->out, o->operations);
    strbuf_addc(w->out, '\n');
}

static void add_all_lines(struct writer *w)
{
    const struct decision *d = w->decision;
    const struct option *chosen = option_of(d, d->recommendation.option);
    const struct option *second = option_of(d, d->recommendation.runner_up);
    for (size_t i = 0; i < d->option_count; i++) {
        const struct option *o = &d->options[i];
        if (o->costed && o->line_count > 0 && (w->all || o == chosen || o == second))
            add_lines(w, o);
    }
}

static void add_findings(struct writer *w)
{
    const struct decision *d = w->decision;
    if (d->finding_count > 0)
        heading(w, "Findings");
    for (size_t i = 0; i < d->finding_count; i++) {
        const struct finding *f = &d->findings[i];
        strbuf_clear(&w->word);
        if (f->question != QUESTION_COUNT)
            strbuf_addf(&w->word, "%s, %s", question_title(f->question),
                        strength_word(f->strength));
        else
            strbuf_adds(&w->word, strength_word(f->strength));
        if (f->toward != CLASS_NONE)
            strbuf_addf(&w->word, " toward %s", class_wording(f->toward)->prose);
        strbuf_addf(&w->word, ": %.*s [%.*s]", STR_ARG(f->text), STR_ARG(f->rule_id));
        paragraph(w, 2, 6, take(w));
    }
}

static void add_flips(struct writer *w)
{
    const struct decision *d = w->decision;
    size_t shown = 0;
    for (size_t i = 0; i < d->sensitivity_count; i++) {
        const struct sensitivity *s = &d->sensitivity[i];
        const struct option *to = option_of(d, s->flips_to);
        if (isnan(s->flips_at) || (!w->all && shown >= MOST_FLIPS))
            continue;
        if (shown++ == 0)
            heading(w, "What would change it");
        strbuf_clear(&w->word);
        strbuf_addf(&w->word, "%.*s, now ", STR_ARG(s->name));
        wording_now(&w->word, s);
        strbuf_adds(&w->word, ": ");
        wording_flip(&w->word, s);
        if (s->flips_to_name.n || to)
            strbuf_addf(&w->word, ", %.*s is cheapest",
                        STR_ARG((s->flips_to_name.n ? s->flips_to_name : to->name)));
        if (s->flip_within_range)
            strbuf_adds(&w->word, " (inside its range)");
        paragraph(w, 2, 6, take(w));
    }
    for (size_t i = 0; i < d->crossover_count; i++) {
        const struct crossover *c = &d->crossovers[i];
        const struct option *from = option_of(d, c->from), *to = option_of(d, c->to);
        struct str before = c->from_name.n || !from ? c->from_name : from->name, after = c->to_name.n || !to ? c->to_name : to->name;
        if (before.n == 0 || after.n == 0)
            continue;
        if (shown++ == 0)
            heading(w, "What would change it");
        strbuf_clear(&w->word);
        strbuf_adds(&w->word, "at ");
        wording_count_prose(&w->word, c->at);
        strbuf_addf(&w->word, " requests a day, from %.*s to %.*s", STR_ARG(before),
                    STR_ARG(after));
        paragraph(w, 2, 6, take(w));
    }
}

static void add_risks(struct writer *w)
{
    const struct decision *d = w->decision;
    if (d->mistake_count + d->flag_count > 0)
        heading(w, "Risks");
    for (size_t i = 0; i < d->mistake_count; i++)
        paragraph(w, 2, 2, d->mistakes[i].text);
    for (size_t i = 0; i < d->flag_count; i++)
        paragraph(w, 2, 2, d->flags[i]);
}

static void add_wires(struct writer *w)
{
    const struct report *r = w->report;
    if (r->tripwire_count > 0 || r->review_due)
        heading(w, "Review");
    if (r->review_due) {
        strbuf_adds(w->out, "  was due on ");
        wording_date(w->out, r->questionnaire->review_by);
        strbuf_addc(w->out, '\n');
    }
    for (size_t i = 0; i < r->tripwire_count; i++) {
        const struct tripwire_state *s = &r->tripwires[i];
        strbuf_addf(w->out, "  %.*s: ", STR_ARG(s->wire->text));
        if (s->known)
            wording_number(w->out, s->now, 6);
        else
            strbuf_adds(w->out, "not known");
        strbuf_adds(w->out, s->known && s->tripped ? " now, tripped\n"
                            : s->known             ? " now\n"
                                                   : "\n");
    }
}

static void add_assumptions(struct writer *w)
{
    const struct decision *d = w->decision;
    size_t shown = 0, left = 0;
    for (size_t i = 0; i < d->assumption_count; i++) {
        const struct assumption_result *s = &d->assumptions[i];
        if (!s->is_assumed)
            continue;
        if (!w->all && shown >= MOST_ASSUMPTIONS) {
            left++;
            continue;
        }
        if (shown++ == 0)
            heading(w, "Assumed");
        strbuf_clear(&w->word);
        strbuf_addf(&w->word, "%.*s: ", STR_ARG(s->name));
        if (s->word.n > 0)
            strbuf_add(&w->word, s->word);
        else
            wording_value(&w->word, s->value, s->unit);
        if (s->word.n == 0 && s->low < s->high) {
            strbuf_adds(&w->word, " (");
            wording_value_range(&w->word, s->low, s->high, s->unit);
            strbuf_adds(&w->word, ")");
        }
        if (s->why.n > 0)
            strbuf_addf(&w->word, ". %.*s", STR_ARG(s->why));
        paragraph(w, 2, 6, take(w));
    }
    if (left > 0)
        strbuf_addf(w->out, "  and %zu more (--verbose shows them)\n", left);
}

void explain_text(const struct report *r, bool all, struct arena *a, struct strbuf *out)
{
    struct writer w = {
        .report = r, .decision = r->decision, .a = a, .out = out, .word = STRBUF_INIT, .all = all};
    add_title(&w);
    add_verdict(&w);
    add_reasons(&w);
    add_options(&w);
    add_infeasible(&w);
    add_all_lines(&w);
    add_findings(&w);
    add_flips(&w);
    add_risks(&w);
    add_wires(&w);
    add_assumptions(&w);
    strbuf_release(&w.word);
}
