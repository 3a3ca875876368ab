/* What would change the decision: flips, volume, sensitivity, scenarios, published rules, trip-wires. */
#include "report/maker.h"
#include "report/volume.h"

#include "base/arena.h"

#include <math.h>
#include <stdint.h>

#define MOST_NEVER ((size_t)5)   /* rows of inputs that flip nothing: enough to show that they were tried */
#define MOST_FLIPS ((size_t)14)
#define MOST_COLUMNS ((size_t)6) /* volumes in the table, beside today's */

/* ---- flips ---- */

/* An end of a crossing: with the machines of that volume where it has some of its own. */
static struct str crossing_name(const struct decision *d, int option, struct str name)
{
    const struct option *today = option_at(d, option);
    return name.n > 0 ? name : today ? today->name : STR("");
}

static enum platform_class crossing_class(const struct maker *m, int option, struct str id)
{
    const struct option *today = option_at(m->decision, option);
    struct str platform, rest;
    if (today)
        return today->class;
    str_cut(id, ':', &platform, &rest);
    const struct platform *p = m->report->book ? book_platform(m->report->book, platform) : NULL;
    return p ? p->class : CLASS_HYBRID; /* "hybrid" and "split:..." are no platforms */
}

static void flip_row(struct maker *m, struct value *list, size_t index)
{
    const struct decision *d = m->decision;
    const struct sensitivity *s = &d->sensitivity[index];
    struct value *o = value_append_object(list);
    m->rows->flips[index] = o;
    put_capital(m, o, "name", s->name);
    value_set_text(o, "variable", s->variable);
    wording_now(begin(m), s);
    end(m, o, "now");
    wording_flip(begin(m), s);
    end(m, o, "at");
    bool flips = isfinite(s->flips_at);
    value_set_bool(o, "flips", flips);
    value_set_bool(o, "within", flips && s->flip_within_range);
    if (flips && isfinite(s->flip_distance)) {
        wording_percent_change(begin(m), s->flip_distance);
        end(m, o, "distance");
    } else {
        value_set_puts(o, "distance", flips ? NOT_KNOWN_TEXT : "none");
    }
    struct str beyond = wording_flip_target(d, s);
    if (beyond.n > 0) {
        value_set_text(o, "to", beyond);
        value_set(o, "to_class", m->class[wording_flip_class(d, s)]);
    } else {
        value_set(o, "to", value_null());
        value_set(o, "to_class", value_null());
    }
    wording_input_range(begin(m), s);
    end(m, o, "likely");
}

static bool is_nearer(const struct sensitivity *a, const struct sensitivity *b)
{
    double x = isfinite(a->flips_at) ? fabs(a->flip_distance) : (double)INFINITY;
    double y = isfinite(b->flips_at) ? fabs(b->flip_distance) : (double)INFINITY;
    return x < y;
}

void make_flips(struct maker *m, struct value *report)
{
    const struct decision *d = m->decision;
    struct value *o = value_set_object(report, "flips");
    struct value *rows = value_set_list(o, "rows");
    size_t *order = arena_new(m->a, size_t, d->sensitivity_count);
    for (size_t i = 0; i < d->sensitivity_count; i++) {
        size_t at = i;
        for (; at > 0 && is_nearer(&d->sensitivity[i], &d->sensitivity[order[at - 1]]); at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    size_t never = 0;
    size_t shown = 0;
    size_t within = 0;
    for (size_t i = 0; i < d->sensitivity_count && shown < MOST_FLIPS; i++) {
        const struct sensitivity *s = &d->sensitivity[order[i]];
        bool flips = isfinite(s->flips_at);
        if (!flips && never++ >= MOST_NEVER)
            continue;
        within += flips && s->flip_within_range;
        flip_row(m, rows, order[i]);
        shown++;
    }
    value_set_bool(o, "has_rows", shown > 0);
    bool is_alone = d->recommendation.option >= 0 && d->recommendation.runner_up < 0;
    value_set_puts(o, "why_none", is_alone ? "Nothing to flip to: no option of another class meets every answer."
                                           : "No flip can be computed: there is no costed choice between two options.");
    struct strbuf *sb = begin(m);
    if (within == 0)
        strbuf_adds(sb, "No flip lies inside its likely range.");
    else if (within == 1)
        strbuf_adds(sb, "One flip lies inside its likely range: the decision is sensitive to it.");
    else {
        strbuf_add_int(sb, (int64_t)within);
        strbuf_adds(sb, " flips lie inside their likely ranges: the decision is sensitive to them.");
    }
    end(m, o, "note");

    struct value *crossings = value_set_list(report, "crossovers");
    value_set_bool(report, "has_crossovers", d->crossover_count > 0);
    for (size_t i = 0; i < d->crossover_count; i++) {
        const struct crossover *c = &d->crossovers[i];
        struct str from = crossing_name(d, c->from, c->from_name), to = crossing_name(d, c->to, c->to_name);
        if (from.n == 0 || to.n == 0)
            continue;
        struct value *row = value_append_object(crossings);
        put_count(m, row, "at", c->at);
        wording_count_prose(begin(m), c->at);
        end(m, row, "at_prose");
        value_set_text(row, "from", from);
        value_set_text(row, "to", to);
        value_set(row, "from_class", m->class[crossing_class(m, c->from, c->from_id)]);
        value_set(row, "to_class", m->class[crossing_class(m, c->to, c->to_id)]);
        value_set_text(row, "variable", c->variable);
    }
}

/* ---- volume ---- */

static void volume_row(struct maker *m, struct value *list, size_t curve, const size_t *columns,
                       size_t column_count, size_t now_column)
{
    const struct volume_chart *c = &m->decision->volume;
    const struct option *option = option_at(m->decision, c->curves[curve].option);
    if (!option)
        return;
    struct value *o = value_append_object(list);
    value_set_text(o, "name", option->name);
    value_set(o, "class", m->class[option->class]);
    struct value *cells = value_set_list(o, "cells");
    for (size_t i = 0; i <= column_count; i++) {
        if (i == now_column) {
            struct value *cell = value_append_object(cells);
            put_money(m, cell, "usd", option->monthly);
            value_set_bool(cell, "is_cheapest", c->curves[curve].option == m->decision->recommendation.option);
        }
        if (i == column_count)
            break;
        struct value *cell = value_append_object(cells);
        double usd = c->curves[curve].usd[columns[i]];
        if (isfinite(usd))
            put_usd(m, cell, "usd", usd);
        else
            value_set_puts(cell, "usd", "infeasible");
        value_set_bool(cell, "is_cheapest", c->cheapest[columns[i]] == c->curves[curve].option);
    }
}

/* Points of the chart that are apart by about the same ratio, the ends among them; their number. */
static size_t choose_columns(const struct volume_chart *c, size_t first, size_t last, size_t columns[MOST_COLUMNS])
{
    double from = log(c->requests_per_day[first]), to = log(c->requests_per_day[last]);
    size_t count = 0, at = first;
    for (size_t i = 0; i < MOST_COLUMNS; i++) {
        double want = from + (to - from) * (double)i / (double)(MOST_COLUMNS - 1);
        while (at < last && fabs(log(c->requests_per_day[at + 1]) - want) <= fabs(log(c->requests_per_day[at]) - want))
            at++;
        if (count == 0 || columns[count - 1] < at)
            columns[count++] = at;
    }
    return count;
}

void make_volume(struct maker *m, struct value *report)
{
    const struct decision *d = m->decision;
    const struct volume_chart *c = &d->volume;
    if (c->points < 2 || c->curve_count == 0) {
        value_set(report, "volume", value_null());
        return;
    }
    struct value *o = value_set_object(report, "volume");
    volume_finding(begin(m), d);
    end(m, o, "finding");
    put_count(m, o, "now", c->now);
    if (c->low > 0 && c->high > c->low) {
        struct strbuf *sb = begin(m);
        wording_count(sb, c->low);
        strbuf_adds(sb, " to ");
        wording_count(sb, c->high);
        end(m, o, "likely");
    } else {
        value_set(o, "likely", value_null());
    }
    size_t columns[MOST_COLUMNS];
    size_t first, last;
    volume_view(d, &first, &last);
    size_t count = choose_columns(c, first, last, columns);
    size_t now_column = 0;
    while (now_column < count && c->requests_per_day[columns[now_column]] < c->now)
        now_column++;
    struct value *heads = value_set_list(o, "columns");
    for (size_t i = 0; i <= count; i++) {
        if (i == now_column) {
            struct value *head = value_append_object(heads);
            strbuf_clear(&m->sb);
            wording_count(&m->sb, c->now);
            strbuf_adds(&m->sb, ", now");
            end(m, head, "text");
        }
        if (i < count)
            put_count(m, value_append_object(heads), "text", c->requests_per_day[columns[i]]);
    }
    struct value *rows = value_set_list(o, "rows");
    for (size_t i = 0; i < c->curve_count; i++)
        volume_row(m, rows, i, columns, count, now_column);
}

/* ---- sensitivity ---- */

static void put_input(struct maker *m, struct value *o, const char *key, const struct sensitivity *s,
                      double value)
{
    wording_input(begin(m), s, value);
    end(m, o, key);
}

/* Margin at one end of a range: where it is not known, one of the two options breaks a limit there. */
static void put_margin(struct maker *m, struct value *o, const char *key, double margin, double usd)
{
    if (isnan(margin)) {
        value_set_puts(o, key, isnan(usd) ? "infeasible" : "no runner-up");
        return;
    }
    wording_margin(begin(m), margin);
    end(m, o, key);
}

static void sensitivity_finding(struct maker *m, struct value *o, size_t erased, size_t broken)
{
    struct strbuf *sb = begin(m);
    if (erased == 0)
        strbuf_adds(sb, "No single input erases the margin within its likely range");
    else if (erased == 1)
        strbuf_adds(sb, "One input erases the margin within its likely range");
    else {
        strbuf_add_int(sb, (int64_t)erased);
        strbuf_adds(sb, " inputs each erase the margin within their likely range");
    }
    if (broken > 0) {
        strbuf_adds(sb, "; at an end of ");
        wording_plural(sb, broken, "range", "ranges");
        strbuf_adds(sb, " the recommended option breaks a limit");
    }
    strbuf_addc(sb, '.');
    end(m, o, "finding");
}

void make_sensitivity(struct maker *m, struct value *report)
{
    const struct decision *d = m->decision;
    const struct option *chosen = option_at(d, d->recommendation.option);
    struct value *o = value_set_object(report, "sensitivity");
    struct value *rows = value_set_list(o, "rows");
    size_t erased = 0, broken = 0, still = 0;
    for (size_t i = 0; i < d->sensitivity_count; i++) {
        const struct sensitivity *s = &d->sensitivity[i];
        erased += s->margin_at_low < 0 || s->margin_at_high < 0;
        broken += isnan(s->usd_at_low) || isnan(s->usd_at_high);
        if (!wording_moves_margin(s, d->recommendation.margin)) {
            still++;
            continue;
        }
        struct value *row = value_append_object(rows);
        put_capital(m, row, "name", s->name);
        value_set_text(row, "variable", s->variable);
        put_input(m, row, "low", s, s->low);
        put_input(m, row, "high", s, s->high);
        put_margin(m, row, "margin_at_low", s->margin_at_low, s->usd_at_low);
        put_margin(m, row, "margin_at_high", s->margin_at_high, s->usd_at_high);
        put_usd(m, row, "usd_at_low", s->usd_at_low);
        put_usd(m, row, "usd_at_high", s->usd_at_high);
    }
    value_set_bool(o, "has_rows", value_is_truthy(rows));
    wording_margin(begin(m), d->recommendation.margin);
    end(m, o, "now");
    struct strbuf *sb = begin(m);
    if (still > 0) {
        wording_plural(sb, still, "more input moves", "more inputs move");
        strbuf_adds(sb, " the margin by less than a tenth of a percentage point.");
    }
    put_or_null(o, "still", text_of(m));
    sensitivity_finding(m, o, erased, broken);
    put_or_null(o, "chosen", chosen ? chosen->name : (struct str){0});
}

/* ---- scenarios, information, published rules ---- */

/* What is listed as uncertain; an input that nothing in this workload uses is worth nothing but noise. */
static bool is_assumption(const struct decision *d, struct str variable)
{
    for (size_t i = 0; i < d->assumption_count; i++)
        if (str_equal(d->assumptions[i].variable, variable))
            return true;
    return false;
}

void make_scenarios(struct maker *m, struct value *report)
{
    const struct decision *d = m->decision;
    struct value *list = value_set_list(report, "scenarios");
    value_set_bool(report, "has_scenarios", d->scenario_count > 0);
    for (size_t i = 0; i < d->scenario_count; i++) {
        const struct scenario_result *s = &d->scenarios[i];
        const struct option *cheapest = option_at(d, s->cheapest);
        struct value *o = value_append_object(list);
        value_set_text(o, "id", s->scenario->id);
        value_set_text(o, "name", s->scenario->name);
        value_set_text(o, "text", s->scenario->text);
        put_or_null(o, "cheapest", cheapest ? cheapest->name : (struct str){0});
        value_set(o, "class", cheapest ? m->class[cheapest->class] : value_null());
        value_set_bool(o, "holds", s->cheapest >= 0 && s->cheapest == d->recommendation.option);
        if (isfinite(s->chosen_usd))
            put_usd(m, o, "chosen", s->chosen_usd);
        else
            value_set_puts(o, "chosen", "infeasible");
        if (cheapest) {
            put_usd(m, o, "cheapest_usd", s->cheapest_usd);
            put_usd(m, o, "regret", s->regret_usd);
        } else { /* nothing to have chosen instead */
            value_set_puts(o, "cheapest_usd", "none");
            value_set_puts(o, "regret", "none");
        }
    }
    struct value *information = value_set_list(report, "information");
    size_t shown = 0;
    for (size_t i = 0; i < d->information_count; i++) {
        if (!(d->information[i].usd_per_month >= 0.5) || /* nobody measures for less */
            !is_assumption(d, d->information[i].variable))
            continue;
        struct value *o = value_append_object(information);
        put_capital(m, o, "name", d->information[i].name);
        value_set_text(o, "variable", d->information[i].variable);
        put_usd(m, o, "usd", d->information[i].usd_per_month);
        shown++;
    }
    value_set_bool(report, "has_information", shown > 0);
}

/* Where our figure lies against the published one. */
static void put_comparison(struct maker *m, struct value *o, const struct folklore_result *f)
{
    struct strbuf *sb = begin(m);
    double low = f->folklore->low;
    double high = fmax(f->folklore->high, low);
    if (!isfinite(f->computed)) {
        strbuf_adds(sb, "Nothing to compare");
    } else if (f->computed >= low && f->computed <= high) {
        strbuf_adds(sb, high > low ? "Within the published range" : "The same");
    } else if (f->computed > high) {
        strbuf_adds(sb, "Above");
        if (f->computed >= 1.05 * high && high > 0) {
            strbuf_adds(sb, ": ");
            wording_number(sb, f->computed / high, 2);
            strbuf_adds(sb, " times the published figure");
        }
    } else {
        strbuf_adds(sb, "Below");
        if (f->computed <= 0.95 * low && f->computed > 0) {
            strbuf_adds(sb, ": ");
            wording_chance(sb, f->computed / low);
            strbuf_adds(sb, " of the published figure");
        }
    }
    end(m, o, "comparison");
}

void make_folklore(struct maker *m, struct value *report)
{
    const struct decision *d = m->decision;
    struct value *list = value_set_list(report, "folklore");
    value_set_bool(report, "has_folklore", d->folklore_count > 0);
    for (size_t i = 0; i < d->folklore_count; i++) {
        const struct folklore_result *f = &d->folklore[i];
        struct value *o = value_append_object(list);
        value_set_text(o, "id", f->folklore->id);
        value_set_text(o, "text", f->folklore->text);
        wording_value_range(begin(m), f->folklore->low, f->folklore->high, f->folklore->unit);
        if (!(f->folklore->high > f->folklore->low))
            wording_value(begin(m), f->folklore->low, f->folklore->unit);
        end(m, o, "published");
        if (isfinite(f->computed))
            put_value(m, o, "computed", f->computed, f->folklore->unit);
        else
            value_set_puts(o, "computed", "none");
        put_or_null(o, "what", f->text);
        put_comparison(m, o, f);
        put_sources(m, o, "sources", &f->folklore->source, 1);
    }
}

/* ---- trip-wires ---- */

static int wire_rank(const struct tripwire_state *t)
{
    return t->known && t->tripped ? 0 : t->known ? 1 : 2;
}

static const char *const COMPARE_WORDS[] = {
    [COMPARE_LT] = "falls below", [COMPARE_LE] = "falls to or below", [COMPARE_GT] = "rises above",
    [COMPARE_GE] = "rises to or above", [COMPARE_EQ] = "is",
};

void make_tripwires(struct maker *m, struct value *report)
{
    const struct report *r = m->report;
    struct value *list = value_set_list(report, "tripwires");
    size_t tripped = 0;
    for (int rank = 0; rank < 3; rank++)
        for (size_t i = 0; i < r->tripwire_count; i++) {
            const struct tripwire_state *t = &r->tripwires[i];
            if (wire_rank(t) != rank)
                continue;
            struct value *o = value_append_object(list);
            value_set_text(o, "text", t->wire->text);
            value_set_text(o, "path", t->wire->path);
            value_set_puts(o, "when", COMPARE_WORDS[t->wire->op]);
            wording_number(begin(m), t->wire->number, 6);
            end(m, o, "limit");
            wording_number(begin(m), t->known ? t->now : (double)NAN, 4);
            end(m, o, "now");
            value_set_bool(o, "is_tripped", rank == 0);
            value_set_puts(o, "state", rank == 0 ? "tripped" : rank == 1 ? "holds" : NOT_KNOWN_TEXT);
            tripped += rank == 0;
        }
    value_set_bool(report, "has_tripwires", r->tripwire_count > 0);
    put_int(m, report, "tripped_count", tripped);
    value_set_bool(report, "is_tripped", tripped > 0);
}
