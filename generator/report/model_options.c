/* Options: what each costs, line by line, and what keeps the others out. */
#include "report/maker.h"

#include "base/arena.h"

#include <math.h>
#include <stdint.h>

/*
 * A page of 250 KB holds about so many cost lines. Options beyond show their total here and their
 * lines in costs.csv; the recommended option and the runner-up are always in full.
 */
#define MOST_LINES ((size_t)200)
#define SUMMARY_LINES 3

/* ---- names of limits, for a heading: "Limit broken: ..." ---- */

static const struct limit_title {
    const char *limit, *title;
} LIMIT_TITLES[] = {
    {"memory_gb", "Memory of one instance"},
    {"vcpu", "vCPUs of one instance"},
    {"timeout_s", "Longest request"},
    {"job_timeout_s", "Longest job"},
    {"response_s", "Longest wait for an answer"},
    {"payload_mb", "Largest request or response"},
    {"image_gb", "Largest container image"},
    {"gpus", "GPUs of one instance"},
    {"vram_gb", "GPU memory"},
    {"concurrency", "Requests at once"},
    {"nodes", "Machines of one job"},
    {"p99_ms", "p99 latency"},
    {"p95_ms", "p95 latency"},
    {"p50_ms", "p50 latency"},
    {"tenancy", "Tenancy"},
    {"regimes", "Attestations"},
    {"residency", "Data residency"},
    {"portability", "Portability"},
    {"availability", "Availability"},
    {"provider", "Providers allowed"},
    {"region", "Region"},
    {"price", "Price not known"},
    {"discontinued", "No longer sold"},
    {"not-yet-sold", "Not yet sold"},
    {"serves", "Kind of workload"},
    {"kind", "Kind of workload"},
    {"hardware", "Hardware not comparable"},
    {"not-comparable", "Hardware not comparable"},
    {"cpu", "Machines without a GPU"},
    {"amount", "Size of the amounts"},
    {"scale_to_zero", "Scaling to zero"},
    {"dependencies", "Custom dependencies"},
    {"deadline_h", "Deadline"},
};

static struct str limit_title(struct str limit)
{
    for (size_t i = 0; i < sizeof LIMIT_TITLES / sizeof LIMIT_TITLES[0]; i++)
        if (str_is(limit, LIMIT_TITLES[i].limit))
            return str_of(LIMIT_TITLES[i].title);
    return limit;
}

/* ---- cost lines ---- */

static void make_line(struct maker *m, struct value *list, const struct line *l)
{
    struct value *o = value_append_object(list);
    put_capital(m, o, "item", l->item);
    put_or_null(o, "part", l->part);
    struct strbuf *sb = begin(m);
    wording_decimal(sb, l->quantity);
    if (l->unit) {
        bool is_one = l->quantity.coef == 1 && l->quantity.scale == 0;
        strbuf_addc(sb, ' ');
        strbuf_adds(sb, is_one ? l->unit->singular : l->unit->plural);
    }
    end(m, o, "quantity");
    wording_price(begin(m), l->unit_usd);
    end(m, o, "unit_price");
    put_whole(m, o, "usd", l->usd);
    money_exact(begin(m), l->usd);
    end(m, o, "exact");
    value_set_text(o, "sku", l->sku ? l->sku->id : (struct str){0});
    put_or_null(o, "how", l->how);
    value_set_bool(o, "is_early", l->is_early);
    int at = l->sku ? price_position(m->decision, l->sku, l->region) : -1;
    if (at >= 0) {
        strbuf_adds(begin(m), "#p-");
        strbuf_add_int(&m->sb, at + 1);
        end(m, o, "href");
    } else {
        value_set(o, "href", value_null());
    }
}

/* "Nodes 5,675, operations 1,250, logs and metrics 137, 4 more": the dearest lines first. */
static void line_summary(struct maker *m, struct value *o, const struct option *option)
{
    struct strbuf *sb = begin(m);
    size_t shown = 0;
    bool used[64] = {false};
    for (; shown < SUMMARY_LINES && shown < option->line_count; shown++) {
        size_t best = SIZE_MAX;
        for (size_t i = 0; i < option->line_count && i < sizeof used; i++)
            if (!used[i] && (best == SIZE_MAX ||
                             money_compare(option->lines[i].usd, option->lines[best].usd) > 0))
                best = i;
        if (best == SIZE_MAX)
            break;
        used[best] = true;
        if (shown == 0)
            wording_capital(sb, option->lines[best].item);
        else {
            strbuf_adds(sb, ", ");
            strbuf_add(sb, option->lines[best].item);
        }
        strbuf_addc(sb, ' ');
        money_whole(sb, option->lines[best].usd);
    }
    if (option->line_count > shown) {
        strbuf_adds(sb, ", ");
        strbuf_add_int(sb, (int64_t)(option->line_count - shown));
        strbuf_adds(sb, " more");
    }
    end(m, o, "summary");
}

static void put_capacity(struct maker *m, struct value *o, const struct capacity *c)
{
    struct strbuf *sb = begin(m);
    if (isfinite(c->nodes) && c->nodes > 0) {
        wording_number(sb, c->nodes, 4);
        strbuf_adds(sb, c->nodes > 1 ? " nodes" : " node");
        if (isfinite(c->mean_nodes) && c->mean_nodes > 0) {
            strbuf_adds(sb, " at peak, ");
            wording_number(sb, c->mean_nodes, 3);
            strbuf_adds(sb, " on average");
        }
    }
    if (isfinite(c->replicas) && c->replicas > 0) {
        if (sb->n > 0)
            strbuf_adds(sb, "; ");
        wording_number(sb, c->replicas, 4);
        strbuf_adds(sb, c->replicas > 1 ? " replicas at peak" : " replica at peak");
    }
    if (isfinite(c->instances_kept) && c->instances_kept > 0) {
        if (sb->n > 0)
            strbuf_adds(sb, "; ");
        wording_number(sb, c->instances_kept, 4);
        strbuf_adds(sb, " kept warm");
    }
    if (isfinite(c->utilisation) && c->utilisation > 0) {
        if (sb->n > 0)
            strbuf_adds(sb, "; ");
        wording_percent(sb, c->utilisation);
        strbuf_adds(sb, " of what is paid for is busy");
    }
    put_or_null(o, "capacity", text_of(m));
}

static void make_placements(struct maker *m, struct value *o, const struct option *option)
{
    struct value *list = value_set_list(o, "placements");
    if (option->placement_count < 2)
        return;
    for (size_t i = 0; i < option->placement_count; i++) {
        const struct placement *p = &option->placements[i];
        struct value *row = value_append_object(list);
        value_set_text(row, "part", p->part);
        value_set_text(row, "platform", p->platform ? p->platform->name : (struct str){0});
        put_or_null(row, "machine", p->machine);
        put_money(m, row, "usd", p->usd);
    }
}

/* What every row of an option has, feasible or not. */
void option_common(struct maker *m, struct value *o, const struct option *option)
{
    const struct decision *d = m->decision;
    const struct option *chosen = option_at(d, d->recommendation.option);
    value_set_text(o, "id", option->id);
    put_name(m, o, option->name);
    if (option->class == CLASS_HYBRID) { /* "A for the base, B for bursts" has commas of its own */
        value_set_text(o, "name", option->name);
        value_set(o, "detail", value_null());
    }
    value_set(o, "class", m->class[option->class]);
    value_set_text(o, "platform", option->platform ? option->platform->id : (struct str){0});
    value_set_bool(o, "is_recommended", option == chosen);
    value_set_bool(o, "is_runner_up", option == option_at(d, d->recommendation.runner_up));
    value_set_bool(o, "is_costed", option->costed);
    if (option->costed)
        put_money(m, o, "monthly", option->monthly);
    else
        value_set_puts(o, "monthly", NOT_KNOWN_TEXT);
    if (chosen && option == chosen) {
        value_set_puts(o, "against", "recommended");
    } else if (chosen && option->costed) {
        put_change(m, o, "against", money_double(option->monthly) - money_double(chosen->monthly));
    } else {
        value_set(o, "against", value_null());
    }
}

static void make_option(struct maker *m, struct value *list, size_t index, bool with_lines)
{
    const struct option *option = &m->decision->options[index];
    struct value *o = value_append_object(list);
    m->rows->options[index] = o;
    option_common(m, o, option);
    value_set_bool(o, "is_open", value_get(o, "is_recommended")->is_true || value_get(o, "is_runner_up")->is_true);
    put_range(m, o, "range", option->p10_usd, option->p90_usd);
    put_money(m, o, "infrastructure", option->infrastructure);
    put_money(m, o, "operations", option->operations);
    if (money_compare(option->without_allowances, option->monthly) != 0)
        put_money(m, o, "without_allowances", option->without_allowances);
    else
        value_set(o, "without_allowances", value_null());
    if (isnan(option->cheapest_share))
        value_set_puts(o, "cheapest_share", "not computed");
    else
        put_share(m, o, "cheapest_share", option->cheapest_share);
    if (option->feasible_share < 1)
        put_share(m, o, "feasible_share", option->feasible_share);
    else
        value_set(o, "feasible_share", value_null());
    put_usd(m, o, "expected_regret", option->expected_regret_usd);
    put_usd(m, o, "max_regret", option->max_regret_usd);
    put_usd(m, o, "per_million", option->per_million_usd);
    put_whole(m, o, "total", option->monthly);
    money_exact(begin(m), option->monthly);
    end(m, o, "total_exact");
    line_summary(m, o, option);
    put_capacity(m, o, &option->capacity);
    make_placements(m, o, option);
    if (!option->eligible && option->doubt.n)
        value_set_puts(o, "why_not", "a limit that no page attests is exceeded");
    else if (!option->eligible)
        value_set_puts(o, "why_not", "bought in a way that is not allowed here");
    else
        value_set(o, "why_not", value_null());
    struct value *notes = value_set_list(o, "notes");
    for (size_t i = 0; i < option->note_count; i++)
        put_sentence(m, value_append_object(notes), "text", option->notes[i]);
    struct value *lines = value_set_list(o, "lines");
    value_set_bool(o, "has_lines", with_lines);
    if (with_lines)
        for (size_t i = 0; i < option->line_count; i++)
            make_line(m, lines, &option->lines[i]);
}

static void make_infeasible(struct maker *m, struct value *list, const struct option *option)
{
    struct value *o = value_append_object(list);
    option_common(m, o, option);
    value_set_text(o, "group_title", limit_title(option->violations[0].limit));
    struct strbuf *sb = begin(m);
    for (size_t i = 0; i < option->violation_count; i++) {
        bool is_repeat = false;
        for (size_t k = 0; k < i; k++)
            is_repeat = is_repeat || str_equal(option->violations[k].text, option->violations[i].text);
        if (is_repeat)
            continue;
        if (sb->n > 0)
            strbuf_addc(sb, ' ');
        wording_capital(sb, option->violations[i].text);
        if (!str_ends(option->violations[i].text, STR(".")))
            strbuf_addc(sb, '.');
    }
    end(m, o, "violations");
}

/* Limits that stem from an answer, which could be given otherwise; the others are facts. */
static bool is_answer_limit(struct str limit)
{
    static const char *const FACTS[] = {"price", "discontinued", "not-yet-sold", "serves", "kind",
                                        "hardware", "not-comparable", "cpu", "amount", "region"};
    for (size_t i = 0; i < sizeof FACTS / sizeof FACTS[0]; i++)
        if (str_is(limit, FACTS[i]))
            return false;
    return true;
}

/* Is this kind of purchase allowed? Then some eligible option is bought that way, or on demand is. */
static bool is_bought(const struct decision *d, enum purchase purchase)
{
    for (size_t i = 0; i < d->option_count; i++)
        if (d->options[i].eligible && d->options[i].purchase == purchase)
            return true;
    return false;
}

static void make_groups(struct maker *m, struct value *report)
{
    const struct decision *d = m->decision;
    struct value *groups = value_set_list(report, "infeasible");
    bool *done = arena_new(m->a, bool, d->option_count);
    const struct option *chosen = option_at(d, d->recommendation.option);
    const struct option *cheaper = NULL;
    for (size_t i = 0; i < d->option_count; i++) {
        const struct option *first = &d->options[i];
        if (first->feasible || done[i] || first->violation_count == 0)
            continue;
        struct value *group = value_append_object(groups);
        value_set_text(group, "title", limit_title(first->violations[0].limit));
        value_set_text(group, "limit", first->violations[0].limit);
        struct value *rows = value_set_list(group, "rows");
        for (size_t k = i; k < d->option_count; k++) {
            const struct option *o = &d->options[k];
            if (o->feasible || done[k] || o->violation_count == 0 ||
                !str_equal(o->violations[0].limit, first->violations[0].limit))
                continue;
            done[k] = true;
            make_infeasible(m, rows, o);
            if (chosen && o->costed && o->violation_count == 1 &&
                is_answer_limit(o->violations[0].limit) && is_bought(d, o->purchase) &&
                money_compare(o->monthly, chosen->monthly) < 0 &&
                (!cheaper || money_compare(o->monthly, cheaper->monthly) < 0))
                cheaper = o;
        }
    }
    struct strbuf *sb = begin(m);
    if (cheaper) {
        struct money saved = chosen->monthly;
        if (money_add(&saved, money_negate(cheaper->monthly))) {
            strbuf_adds(sb, "A limit has a price: were it not for “");
            strbuf_add(sb, limit_title(cheaper->violations[0].limit));
            strbuf_adds(sb, "”, ");
            strbuf_add(sb, cheaper->name);
            strbuf_adds(sb, " would cost ");
            money_headline(sb, saved);
            strbuf_adds(sb, " a month less than the recommended option.");
        }
    } else if (chosen && value_is_truthy(groups)) {
        strbuf_adds(sb, "No answer alone keeps out an option that would be cheaper.");
    }
    put_or_null(report, "limits_note", text_of(m));
}

/* What the column of shares adds up to, where it is less than everything. */
static void put_draws_note(struct maker *m, struct value *report)
{
    double nothing = m->decision->recommendation.nothing_share;
    struct strbuf *sb = begin(m);
    if (nothing > 0) {
        strbuf_adds(sb, "In ");
        wording_margin(sb, nothing);
        strbuf_adds(sb, " of the draws no option that may be bought meets every limit: the shares of “cheapest in” add up to ");
        wording_margin(sb, 1 - nothing);
        strbuf_addc(sb, '.');
    }
    put_or_null(report, "draws_note", text_of(m));
}

void make_options(struct maker *m, struct value *report)
{
    const struct decision *d = m->decision;
    size_t feasible = 0;
    size_t eligible = 0;
    size_t lines = 0;
    for (size_t i = 0; i < d->option_count; i++) {
        feasible += d->options[i].feasible;
        eligible += d->options[i].eligible;
    }
    put_int(m, report, "option_count", d->option_count);
    put_int(m, report, "feasible_count", feasible);
    put_int(m, report, "eligible_count", eligible);
    put_int(m, report, "infeasible_count", d->option_count - feasible);
    value_set_bool(report, "has_feasible", feasible > 0);
    struct value *bought = value_set_list(report, "options");
    struct value *others = value_set_list(report, "not_bought");
    bool left_out = false, any_doubt = false;
    for (size_t i = 0; i < d->option_count; i++) {
        const struct option *o = &d->options[i];
        if (!o->feasible)
            continue;
        bool must = o == option_at(d, d->recommendation.option) ||
                    o == option_at(d, d->recommendation.runner_up);
        bool fits = must || lines + o->line_count <= MOST_LINES;
        lines += fits ? o->line_count : 0;
        left_out = left_out || !fits;
        any_doubt = any_doubt || (!o->eligible && o->doubt.n);
        make_option(m, o->eligible ? bought : others, i, fits && o->costed);
    }
    value_set_bool(report, "has_not_bought", feasible > eligible);
    value_set_bool(report, "has_doubts", any_doubt);
    value_set_bool(report, "lines_left_out", left_out);
    put_draws_note(m, report);
    make_groups(m, report);
    value_set_bool(report, "has_infeasible", feasible < d->option_count);
}
