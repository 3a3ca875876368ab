/* Options, their cost lines, head to head, latency, and the prices behind them. */
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
static void option_common(struct maker *m, struct value *o, const struct option *option)
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
    put_share(m, o, "cheapest_share", option->cheapest_share);
    put_usd(m, o, "expected_regret", option->expected_regret_usd);
    put_usd(m, o, "max_regret", option->max_regret_usd);
    put_usd(m, o, "per_million", option->per_million_usd);
    put_whole(m, o, "total", option->monthly);
    money_exact(begin(m), option->monthly);
    end(m, o, "total_exact");
    line_summary(m, o, option);
    put_capacity(m, o, &option->capacity);
    make_placements(m, o, option);
    struct value *notes = value_set_list(o, "notes");
    for (size_t i = 0; i < option->note_count; i++)
        put_capital(m, value_append_object(notes), "text", option->notes[i]);
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
                                        "hardware", "region"};
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
    bool left_out = false;
    for (size_t i = 0; i < d->option_count; i++) {
        const struct option *o = &d->options[i];
        if (!o->feasible)
            continue;
        bool must = o == option_at(d, d->recommendation.option) ||
                    o == option_at(d, d->recommendation.runner_up);
        bool fits = must || lines + o->line_count <= MOST_LINES;
        lines += fits ? o->line_count : 0;
        left_out = left_out || !fits;
        make_option(m, o->eligible ? bought : others, i, fits && o->costed);
    }
    value_set_bool(report, "has_not_bought", feasible > eligible);
    value_set_bool(report, "lines_left_out", left_out);
    make_groups(m, report);
    value_set_bool(report, "has_infeasible", feasible < d->option_count);
}

/* ---- head to head ---- */

enum better {
    BETTER_NEITHER,
    BETTER_KUBERNETES,
    BETTER_SERVERLESS
};

struct versus {
    struct maker *m;
    struct value *rows;
    const struct option *k, *s;
};

static struct value *versus_row(struct versus *v, const char *label)
{
    struct value *o = value_append_object(v->rows);
    value_set_puts(o, "label", label);
    return o;
}

/* The smaller figure is better; the difference is worded by `word`. */
static void versus_better(struct versus *v, struct value *o, double k, double s,
                          void (*word)(struct strbuf *, double))
{
    enum better better = !isfinite(k) || !isfinite(s) ? BETTER_NEITHER
                         : k < s                      ? BETTER_KUBERNETES
                         : s < k                      ? BETTER_SERVERLESS
                                                      : BETTER_NEITHER;
    value_set_bool(o, "k_better", better == BETTER_KUBERNETES);
    value_set_bool(o, "s_better", better == BETTER_SERVERLESS);
    if (better == BETTER_NEITHER) {
        value_set(o, "class", value_null());
        value_set_puts(o, "by", isfinite(k) && isfinite(s) ? "the same" : NOT_KNOWN_TEXT);
        return;
    }
    value_set(o, "class", v->m->class[better == BETTER_KUBERNETES ? CLASS_KUBERNETES : CLASS_SERVERLESS]);
    struct strbuf *sb = begin(v->m);
    strbuf_adds(sb, "by ");
    word(sb, fabs(k - s));
    end(v->m, o, "by");
}

static void versus_usd(struct versus *v, const char *label, double k, double s)
{
    struct value *o = versus_row(v, label);
    put_usd(v->m, o, "k", k);
    put_usd(v->m, o, "s", s);
    versus_better(v, o, k, s, wording_usd);
}

static void versus_ms(struct versus *v, const char *label, double k, double s)
{
    if (isnan(k) && isnan(s))
        return;
    struct value *o = versus_row(v, label);
    put_ms(v->m, o, "k", k);
    put_ms(v->m, o, "s", s);
    versus_better(v, o, k, s, wording_ms);
}

static struct value *open_group(struct value *groups, const char *title)
{
    struct value *group = value_append_object(groups);
    value_set_puts(group, "title", title);
    return value_set_list(group, "rows");
}

static void versus_costs(struct versus *v)
{
    struct maker *m = v->m;
    versus_usd(v, "Monthly cost", money_double(v->k->monthly), money_double(v->s->monthly));
    struct value *o = versus_row(v, "80% interval");
    put_range(m, o, "k", v->k->p10_usd, v->k->p90_usd);
    put_range(m, o, "s", v->s->p10_usd, v->s->p90_usd);
    bool overlap = v->k->p10_usd <= v->s->p90_usd && v->s->p10_usd <= v->k->p90_usd;
    value_set_bool(o, "k_better", false);
    value_set_bool(o, "s_better", false);
    value_set(o, "class", value_null());
    value_set_puts(o, "by", isnan(v->k->p10_usd) || isnan(v->s->p10_usd) ? NOT_KNOWN_TEXT
                            : overlap ? "ranges overlap" : "ranges do not overlap");
    versus_usd(v, "Infrastructure alone", money_double(v->k->infrastructure),
               money_double(v->s->infrastructure));
    versus_usd(v, "Operations (people)", money_double(v->k->operations),
               money_double(v->s->operations));
    if (isfinite(v->k->per_million_usd) || isfinite(v->s->per_million_usd))
        versus_usd(v, "Per million requests", v->k->per_million_usd, v->s->per_million_usd);
    if (isfinite(v->k->fixed_usd) || isfinite(v->s->fixed_usd))
        versus_usd(v, "At no traffic, on the same machines", v->k->fixed_usd, v->s->fixed_usd);
}

static void versus_latency(struct versus *v)
{
    versus_ms(v, "p50", v->k->latency.p50_ms, v->s->latency.p50_ms);
    versus_ms(v, "p95", v->k->latency.p95_ms, v->s->latency.p95_ms);
    versus_ms(v, "p99", v->k->latency.p99_ms, v->s->latency.p99_ms);
    versus_ms(v, "A cold start takes", v->k->latency.cold_start_ms, v->s->latency.cold_start_ms);
    double kp = v->k->latency.cold_start_probability;
    double sp = v->s->latency.cold_start_probability;
    if (isfinite(kp) || isfinite(sp)) {
        struct value *o = versus_row(v, "Requests that wait for one");
        wording_chance(begin(v->m), kp);
        end(v->m, o, "k");
        wording_chance(begin(v->m), sp);
        end(v->m, o, "s");
        versus_better(v, o, kp, sp, wording_chance);
    }
}

static void head_side(struct maker *m, struct value *head, const char *key, const struct option *o)
{
    if (!o) {
        value_set(head, key, value_null());
        return;
    }
    struct value *side = value_set_object(head, key);
    value_set_text(side, "id", o->id);
    put_name(m, side, o->name);
    put_money(m, side, "monthly", o->monthly);
}

void make_head(struct maker *m, struct value *report)
{
    const struct decision *d = m->decision;
    const struct option *k = option_at(d, d->kubernetes.option);
    const struct option *s = option_at(d, d->serverless.option);
    struct value *head = value_set_object(report, "head");
    head_side(m, head, "kubernetes", k);
    head_side(m, head, "serverless", s);
    value_set_bool(head, "is_pair", k && s);
    struct value *groups = value_set_list(head, "groups");
    struct strbuf *sb = begin(m);
    if (k && s) {
        if (d->head_to_head_winner < CLASS_NONE && isfinite(d->head_to_head_ratio)) {
            bool k_wins = d->head_to_head_winner == CLASS_KUBERNETES;
            strbuf_adds(sb, k_wins ? "Kubernetes is cheaper: " : "Serverless is cheaper: ");
            strbuf_add(sb, k_wins ? s->name : k->name);
            strbuf_adds(sb, " costs ");
            wording_number(sb, d->head_to_head_ratio, 3);
            strbuf_adds(sb, " times as much as ");
            strbuf_add(sb, k_wins ? k->name : s->name);
            strbuf_addc(sb, '.');
        }
    } else if (!k && !s) {
        strbuf_adds(sb, "Neither side has an option that meets every answer.");
    } else {
        strbuf_adds(sb, k ? "No serverless option meets every answer; the cheapest on Kubernetes is "
                          : "No option on Kubernetes meets every answer; the cheapest serverless one is ");
        strbuf_add(sb, k ? k->name : s->name);
        strbuf_adds(sb, " at ");
        money_headline(sb, k ? k->monthly : s->monthly);
        strbuf_adds(sb, " a month.");
    }
    put_or_null(head, "text", text_of(m));
    if (!k || !s)
        return;
    struct versus v = {m, open_group(groups, "Cost a month"), k, s};
    versus_costs(&v);
    if (isfinite(k->latency.p99_ms) || isfinite(s->latency.p99_ms)) {
        v.rows = open_group(groups, "Latency");
        versus_latency(&v);
    }
}

/* ---- latency ---- */

static bool only_too_slow(const struct option *o)
{
    for (size_t i = 0; i < o->violation_count; i++)
        if (!str_is(o->violations[i].limit, "p99_ms") && !str_is(o->violations[i].limit, "p95_ms") &&
            !str_is(o->violations[i].limit, "p50_ms"))
            return false;
    return o->violation_count > 0;
}

static void latency_row(struct maker *m, struct value *list, size_t index, double limit_ms)
{
    const struct option *option = &m->decision->options[index];
    const struct latency *l = &option->latency;
    struct value *o = value_append_object(list);
    m->rows->latencies[index] = o;
    option_common(m, o, option);
    value_set_bool(o, "is_feasible", option->feasible);
    put_ms(m, o, "p50", l->p50_ms);
    put_ms(m, o, "p95", l->p95_ms);
    put_ms(m, o, "p99", l->p99_ms);
    struct strbuf *sb = begin(m);
    if (isfinite(limit_ms) && isfinite(l->p99_ms)) {
        if (l->p99_ms > limit_ms)
            strbuf_adds(sb, "over by ");
        wording_ms(sb, fabs(limit_ms - l->p99_ms));
    }
    put_or_null(o, "room", text_of(m));
    put_ms(m, o, "cold_start", l->cold_start_ms);
    wording_chance(begin(m), l->cold_start_probability);
    end(m, o, "cold_share");
    put_or_null(o, "method", l->method);
}

void make_latency(struct maker *m, struct value *report)
{
    const struct decision *d = m->decision;
    const struct answer *p99 = &m->report->questionnaire->latency.p99_ms;
    double limit = p99->given ? p99->likely : (double)NAN;
    struct value *o = value_set_object(report, "latency");
    if (p99->given) {
        put_ms(m, o, "limit", limit);
    } else {
        value_set(o, "limit", value_null());
    }
    struct value *rows = value_set_list(o, "rows");
    size_t shown = 0;
    for (size_t i = 0; i < d->option_count && shown < 24; i++)
        if (d->options[i].eligible && isfinite(d->options[i].latency.p99_ms)) {
            latency_row(m, rows, i, limit);
            shown++;
        }
    for (size_t i = 0; i < d->option_count && shown < 30; i++)
        if (!d->options[i].feasible && only_too_slow(&d->options[i]) &&
            isfinite(d->options[i].latency.p99_ms)) {
            latency_row(m, rows, i, limit);
            shown++;
        }
    value_set_bool(o, "has_rows", shown > 0);
}

/* ---- prices ---- */

void make_prices(struct maker *m, struct value *report)
{
    const struct decision *d = m->decision;
    struct value *list = value_set_list(report, "prices");
    value_set_bool(report, "has_prices", d->price_count > 0);
    bool any_early = false;
    bool any_secondary = false;
    for (size_t i = 0; i < d->price_count; i++) {
        const struct price_use *use = &d->prices[i];
        const struct price *p = use->price;
        struct value *o = value_append_object(list);
        strbuf_adds(begin(m), "p-");
        strbuf_add_int(&m->sb, (int64_t)i + 1);
        end(m, o, "anchor");
        value_set_text(o, "sku", use->sku->id);
        value_set_text(o, "name", use->sku->name);
        value_set_text(o, "region", use->region);
        value_set_puts(o, "unit", use->sku->unit ? use->sku->unit->singular : "");
        if (m->to_root) {
            struct strbuf *sb = begin(m);
            strbuf_adds(sb, m->to_root);
            strbuf_add(sb, model_price_address(use->sku, m->a));
            strbuf_addc(sb, '#');
            strbuf_add(sb, use->sku->id);
            end(m, o, "href");
        } else {
            value_set(o, "href", value_null());
        }
        if (!p) {
            value_set_puts(o, "usd", NOT_KNOWN_TEXT);
            value_set(o, "from", value_null());
            value_set(o, "confidence", value_null());
            put_sources(m, o, "sources", NULL, 0);
            value_set(o, "note", value_null());
            continue;
        }
        struct strbuf *sb = begin(m);
        if (p->confidence == CONFIDENCE_ESTIMATE) {
            wording_price(sb, p->estimate_low);
            strbuf_adds(sb, " to ");
            wording_price(sb, p->estimate_high);
        } else {
            wording_price(sb, p->usd);
        }
        end(m, o, "usd");
        wording_from(begin(m), p);
        end(m, o, "from");
        value_set_puts(o, "confidence", confidence_word(p->confidence));
        put_sources(m, o, "sources", &p->source, 1);
        sb = begin(m);
        if (use->is_early) {
            strbuf_adds(sb, "First ");
            strbuf_adds(sb, p->basis == PRICE_SEEN ? "seen " : "known ");
            wording_date(sb, p->from);
            strbuf_adds(sb, ", used for ");
            wording_date(sb, d->as_of);
            strbuf_addc(sb, '.');
            any_early = true;
        }
        if (use->is_stale) {
            if (sb->n > 0)
                strbuf_addc(sb, ' ');
            strbuf_adds(sb, "Older than the on-demand price that it belongs to.");
        }
        if (p->confidence == CONFIDENCE_ESTIMATE) {
            if (sb->n > 0)
                strbuf_addc(sb, ' ');
            strbuf_adds(sb, "An estimate, not a list price.");
        }
        if (p->confidence == CONFIDENCE_SECONDARY)
            any_secondary = true;
        if (p->tier_count > 0) {
            if (sb->n > 0)
                strbuf_addc(sb, ' ');
            strbuf_adds(sb, "First of ");
            strbuf_add_int(sb, (int64_t)p->tier_count);
            strbuf_adds(sb, " tiers.");
        }
        put_or_null(o, "note", text_of(m));
    }
    value_set_bool(report, "has_early_prices", any_early);
    value_set_bool(report, "has_secondary_prices", any_secondary);
}
