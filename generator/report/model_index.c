/* The portfolio: totals, what is due, and every decision with its verdict. */
#include "report/maker.h"

#include "base/arena.h"
#include "report/portfolio.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

static bool is_live(const struct report_summary *r)
{
    return r->status == STATUS_PROPOSED || r->status == STATUS_ACCEPTED || r->status == STATUS_DRAFT;
}

struct ranked {
    const struct report_summary *summary;
    size_t position;
};

/* Chosen, and no option of another class to compare with. */
static bool is_alone(const struct report_summary *r)
{
    return r->option_name.n > 0 && r->runner_up_name.n == 0;
}

/* Without a figure first, as they need attention; without a rival last. */
static double rank_margin(const struct report_summary *r)
{
    if (is_alone(r))
        return (double)INFINITY;
    return isnan(r->margin) ? (double)-INFINITY : r->margin;
}

/* Live decisions before others; those without a margin first, then the smallest margin; then by slug. */
static int compare_ranked(const void *left, const void *right)
{
    const struct report_summary *a = ((const struct ranked *)left)->summary;
    const struct report_summary *b = ((const struct ranked *)right)->summary;
    if (is_live(a) != is_live(b))
        return is_live(a) ? -1 : 1;
    double x = rank_margin(a);
    double y = rank_margin(b);
    if (x < y || x > y)
        return x < y ? -1 : 1;
    return str_compare(a->slug, b->slug);
}

static void put_data(struct maker *m, struct value *o, const char *key, double value)
{
    struct strbuf *sb = begin(m);
    if (isfinite(value))
        strbuf_add_fixed(sb, value, 4, true);
    end(m, o, key);
}

/* What the search box looks through, in lower case. */
static void put_search_text(struct maker *m, struct value *o, const struct report_summary *r)
{
    struct strbuf *sb = begin(m);
    strbuf_add(sb, r->title);
    strbuf_addc(sb, ' ');
    strbuf_add(sb, r->slug);
    strbuf_addc(sb, ' ');
    strbuf_add(sb, r->owner);
    for (size_t i = 0; i < r->tag_count; i++) {
        strbuf_addc(sb, ' ');
        strbuf_add(sb, r->tags[i]);
    }
    for (size_t i = 0; i < sb->n; i++)
        if (sb->s[i] >= 'A' && sb->s[i] <= 'Z')
            sb->s[i] = (char)(sb->s[i] - 'A' + 'a');
    end(m, o, "search");
}

static const struct decision_effect *effect_of(const struct decision_effect *effects, size_t count,
                                               struct str slug)
{
    const struct decision_effect *newest = NULL;
    for (size_t i = 0; i < count; i++)
        if (str_equal(effects[i].slug, slug) &&
            (!newest || date_compare(effects[i].date, newest->date) > 0))
            newest = &effects[i];
    return newest;
}

static void make_row(struct maker *m, struct value *list, const struct report_summary *r,
                     const struct decision_effect *effect, struct value **row)
{
    static const char *const LABELS[] = {
        [STATUS_DRAFT] = "Draft",           [STATUS_PROPOSED] = "Proposed",
        [STATUS_ACCEPTED] = "Accepted",     [STATUS_REJECTED] = "Rejected",
        [STATUS_DEPRECATED] = "Deprecated", [STATUS_SUPERSEDED] = "Superseded",
    };
    struct value *o = value_append_object(list);
    *row = o;
    value_set_text(o, "slug", r->slug);
    value_set_text(o, "title", r->title);
    struct strbuf *sb = begin(m);
    strbuf_add(sb, r->slug);
    strbuf_adds(sb, "/index.html");
    end(m, o, "href");
    put_or_null(o, "owner", r->owner);
    if (r->tier > 0)
        put_int(m, o, "tier", (size_t)r->tier);
    else
        value_set(o, "tier", value_null());
    value_set_puts(o, "status_word", status_word(r->status));
    value_set_puts(o, "status", LABELS[r->status]);
    put_date(m, o, "date", r->date);
    put_date(m, o, "review_by", r->review_by);
    value_set_bool(o, "is_live", is_live(r));
    value_set_bool(o, "is_due", r->review_due);
    value_set_bool(o, "is_tripped", r->wires_tripped > 0);
    bool decided = r->verdict == VERDICT_DECIDED;
    value_set_bool(o, "is_decided", decided);
    value_set_puts(o, "verdict", verdict_word(r->verdict));
    static const char *const VERDICTS[] = {[VERDICT_DECIDED] = "Decided", [VERDICT_TOO_CLOSE] = "Too close",
                                           [VERDICT_INFEASIBLE] = "Infeasible",
                                           [VERDICT_UNDECIDABLE] = "Undecidable"};
    value_set_puts(o, "verdict_label", VERDICTS[r->verdict]);
    value_set(o, "class", r->class < CLASS_NONE ? m->class[r->class] : value_null());
    value_set_puts(o, "class_letter", r->class < CLASS_NONE && decided ? class_wording(r->class)->letter : "");
    if (r->verdict == VERDICT_TOO_CLOSE && r->option_name.n > 0 && r->runner_up_name.n > 0) {
        sb = begin(m);
        strbuf_add(sb, r->option_name);
        strbuf_adds(sb, " or ");
        strbuf_add(sb, r->runner_up_name);
        end(m, o, "option");
    } else {
        put_or_null(o, "option", r->option_name);
    }
    if (r->has_cost) {
        put_money(m, o, "monthly", r->monthly);
        put_range(m, o, "range", r->p10_usd, r->p90_usd);
    } else {
        value_set_puts(o, "monthly", NOT_KNOWN_TEXT);
        value_set(o, "range", value_null());
    }
    put_share(m, o, "confidence", r->confidence);
    if (is_alone(r))
        value_set_puts(o, "margin", "no rival");
    else
        put_percent(m, o, "margin", r->margin);
    put_or_null(o, "runner_up", r->runner_up_name);
    value_set_bool(o, "is_robust", r->stability == STABILITY_ROBUST);
    value_set_puts(o, "stability", r->stability == STABILITY_NONE ? NULL : stability_word(r->stability));
    put_or_null(o, "superseded_by", r->superseded_by);
    sb = begin(m);
    if (r->superseded_by.n > 0) {
        strbuf_add(sb, r->superseded_by);
        strbuf_adds(sb, "/index.html");
    }
    put_or_null(o, "superseded_href", text_of(m));
    put_search_text(m, o, r);
    put_data(m, o, "cost_data", r->has_cost ? r->monthly_usd : (double)NAN);
    put_data(m, o, "margin_data", is_alone(r) ? 1e6 : r->margin);
    put_data(m, o, "confidence_data", r->confidence);
    if (effect) {
        struct value *e = value_set_object(o, "effect");
        value_set_puts(e, "word", effect_word(effect->effect));
        put_capital(m, e, "label", str_of(effect_word(effect->effect)));
        put_percent(m, e, "before", effect->margin_before);
        put_percent(m, e, "after", effect->margin_after);
        value_set_bool(e, "moved", effect->effect != EFFECT_STABLE);
    } else {
        value_set(o, "effect", value_null());
    }
    value_set_puts(o, "effect_word", effect ? effect_word(effect->effect) : "");
}

static void add_fact(struct value *facts, struct value **fact, const char *label)
{
    *fact = value_append_object(facts);
    value_set_puts(*fact, "label", label);
    value_set(*fact, "note", value_null());
}

static void put_totals(struct maker *m, struct value *o, const struct site *s)
{
    struct money total = {0};
    struct money by_class[CLASS_NONE] = {{0}};
    size_t class_count[CLASS_NONE] = {0};
    size_t live = 0, costed = 0, close = 0, infeasible = 0, undecidable = 0, drafts = 0, due = 0, tripped = 0;
    bool fits = true;
    for (size_t i = 0; i < s->report_count; i++) {
        const struct report_summary *r = &s->reports[i];
        if (!is_live(r))
            continue;
        live++;
        drafts += r->status == STATUS_DRAFT;
        due += r->review_due;
        tripped += r->wires_tripped > 0;
        close += r->verdict == VERDICT_TOO_CLOSE;
        infeasible += r->verdict == VERDICT_INFEASIBLE;
        undecidable += r->verdict == VERDICT_UNDECIDABLE;
        if (!r->has_cost)
            continue;
        costed++;
        fits = money_add(&total, r->monthly) && fits;
        if (r->class < CLASS_NONE) {
            fits = money_add(&by_class[r->class], r->monthly) && fits;
            class_count[r->class]++;
        }
    }
    put_plural(m, o, "live", live, "AI workload runs or should run", "AI workloads run or should run");
    put_int(m, o, "report_count", s->report_count);
    value_set_bool(o, "has_reports", s->report_count > 0);
    struct value *facts = value_set_list(o, "facts");
    struct value *fact;
    add_fact(facts, &fact, "As recommended");
    if (fits && costed > 0)
        put_money(m, fact, "value", total);
    else
        value_set_puts(fact, "value", NOT_KNOWN_TEXT);
    struct strbuf *sb = begin(m);
    strbuf_adds(sb, "a month, ");
    strbuf_add_int(sb, (int64_t)costed);
    strbuf_adds(sb, costed == 1 ? " live decision with a cost" : " live decisions with a cost");
    end(m, fact, "note");
    static const enum platform_class ORDER[] = {CLASS_KUBERNETES, CLASS_SERVERLESS};
    for (size_t i = 0; i < 2; i++) {
        add_fact(facts, &fact, i == 0 ? "On Kubernetes" : "On serverless");
        put_money(m, fact, "value", by_class[ORDER[i]]);
        sb = begin(m);
        strbuf_add_int(sb, (int64_t)class_count[ORDER[i]]);
        strbuf_adds(sb, class_count[ORDER[i]] == 1 ? " decision" : " decisions");
        if (total.micros > 0) {
            strbuf_adds(sb, ", ");
            wording_percent(sb, money_double(by_class[ORDER[i]]) / money_double(total));
            strbuf_adds(sb, " of the spend");
        }
        end(m, fact, "note");
    }
    add_fact(facts, &fact, "Need attention");
    size_t attention = 0;
    for (size_t i = 0; i < s->report_count; i++) {
        const struct report_summary *r = &s->reports[i];
        attention += is_live(r) && (r->review_due || r->wires_tripped > 0 || r->verdict != VERDICT_DECIDED ||
                                    r->status == STATUS_DRAFT);
    }
    put_int(m, fact, "value", attention);
    const struct {
        size_t count;
        const char *text;
    } WHY[] = {{due, "due for review"},       {tripped, "with a trip-wire reached"}, {close, "too close"},
               {infeasible, "infeasible"}, {undecidable, "undecidable"},          {drafts, "draft"}};
    sb = begin(m);
    for (size_t i = 0; i < sizeof WHY / sizeof WHY[0]; i++) {
        if (WHY[i].count == 0)
            continue;
        if (sb->n > 0)
            strbuf_adds(sb, ", ");
        strbuf_add_int(sb, (int64_t)WHY[i].count);
        strbuf_addc(sb, ' ');
        strbuf_adds(sb, WHY[i].text);
    }
    put_or_null(fact, "note", text_of(m));
}

#define MOST_NAMED ((size_t)12) /* decisions named in one row of the portfolio; the rest are counted */
#define MOST_HINGES ((size_t)12)

static void make_spend(struct maker *m, struct value *list, const struct portfolio_spend *rows, size_t count)
{
    struct money total = {0};
    for (size_t i = 0; i < count; i++)
        money_add(&total, rows[i].monthly);
    for (size_t i = 0; i < count; i++) {
        struct value *row = value_append_object(list);
        value_set_text(row, "name", rows[i].name);
        put_int(m, row, "count", rows[i].count);
        put_money(m, row, "monthly", rows[i].monthly);
        put_percent(m, row, "share", total.micros > 0 ? money_double(rows[i].monthly) / money_double(total) : (double)NAN);
    }
}

static struct value *name_decision(struct value *list, const struct report_summary *r, struct arena *a)
{
    struct value *row = value_append_object(list);
    value_set_text(row, "title", r->title);
    value_set_text(row, "href", str_printf(a, "%.*s/index.html", STR_ARG(r->slug)));
    return row;
}

static void put_more(struct maker *m, struct value *o, size_t count, size_t most)
{
    if (count > most)
        put_int(m, o, "more", count - most);
    else
        value_set(o, "more", value_null());
}

static void make_clusters(struct maker *m, struct value *list, const struct site *s, const struct portfolio *p)
{
    for (size_t i = 0; i < p->cluster_count; i++) {
        const struct portfolio_cluster *c = &p->clusters[i];
        struct value *row = value_append_object(list);
        value_set_text(row, "name", c->name);
        put_int(m, row, "count", c->count);
        put_money(m, row, "apart", c->apart);
        put_money(m, row, "together", c->together);
        put_money(m, row, "saving", (struct money){c->apart.micros - c->together.micros});
        put_int(m, row, "changed", c->changed);
        struct value *members = value_set_list(row, "members");
        for (size_t k = 0; k < c->count && k < MOST_NAMED; k++) {
            const struct report_summary *r = &s->reports[c->members[k]];
            struct value *member = name_decision(members, r, m->a);
            bool brings = k == 0 && !c->is_there;
            bool is_shared = !brings && r->sharing.is_known;
            bool changes = is_shared && (r->sharing.verdict != r->verdict || r->sharing.class != r->class);
            value_set_bool(member, "pays", brings);
            value_set_bool(member, "is_shared", is_shared);
            value_set_bool(member, "changes", changes);
            put_money(m, member, "alone", r->monthly);
            if (is_shared && r->sharing.has_cost)
                put_money(m, member, "shared", r->sharing.monthly);
            else
                value_set_puts(member, "shared", NOT_KNOWN_TEXT);
            value_set_puts(member, "verdict", verdict_word(r->verdict));
            value_set_puts(member, "shared_verdict", is_shared ? verdict_word(r->sharing.verdict) : verdict_word(r->verdict));
            put_or_null(member, "shared_option", is_shared ? r->sharing.option_name : STR(""));
        }
        put_more(m, row, c->count, MOST_NAMED);
    }
}

static void make_hinges(struct maker *m, struct value *list, const struct site *s, const struct portfolio *p)
{
    for (size_t i = 0; i < p->hinge_count && i < MOST_HINGES; i++) {
        const struct portfolio_hinge *h = &p->hinges[i];
        struct value *row = value_append_object(list);
        put_capital(m, row, "name", h->name);
        put_int(m, row, "count", h->count);
        struct value *uses = value_set_list(row, "uses");
        for (size_t k = 0; k < h->count && k < MOST_NAMED; k++) {
            struct value *use = name_decision(uses, &s->reports[h->uses[k].report], m->a);
            wording_percent_change(begin(m), h->uses[k].distance);
            end(m, use, "distance");
        }
        put_more(m, row, h->count, MOST_NAMED);
    }
}

static void put_portfolio(struct maker *m, struct value *o, const struct site *s)
{
    struct portfolio p;
    portfolio_make(s, m->a, &p);
    struct value *portfolio = value_set_object(o, "portfolio");
    make_spend(m, value_set_list(portfolio, "providers"), p.providers, p.provider_count);
    make_spend(m, value_set_list(portfolio, "platforms"), p.platforms, p.platform_count);
    make_clusters(m, value_set_list(portfolio, "clusters"), s, &p);
    make_hinges(m, value_set_list(portfolio, "hinges"), s, &p);
    value_set_bool(portfolio, "has_spend", p.provider_count > 0);
    value_set_bool(portfolio, "has_clusters", p.cluster_count > 0);
    value_set_bool(portfolio, "has_hinges", p.hinge_count > 0);
}

struct value *model_index(const struct site *s, const struct decision_effect *effects, size_t count,
                          struct arena *a, struct value ***rows)
{
    struct maker m;
    maker_init(&m, s, "", a);
    struct value *o = value_object(a);
    put_totals(&m, o, s);
    put_portfolio(&m, o, s);
    struct ranked *order = arena_new(a, struct ranked, s->report_count);
    for (size_t i = 0; i < s->report_count; i++)
        order[i] = (struct ranked){&s->reports[i], i};
    if (s->report_count > 0)
        qsort(order, s->report_count, sizeof order[0], compare_ranked);
    *rows = arena_new(a, struct value *, s->report_count);
    struct value *list = value_set_list(o, "decisions");
    struct value *due = value_set_list(o, "due");
    for (size_t i = 0; i < s->report_count; i++) {
        const struct report_summary *r = order[i].summary;
        struct value *row;
        make_row(&m, list, r, effect_of(effects, count, r->slug), &row);
        (*rows)[order[i].position] = row;
        if (is_live(r) && (r->review_due || r->wires_tripped > 0))
            value_append(due, row);
    }
    value_set_bool(o, "has_due", value_is_truthy(due));
    value_set_bool(o, "has_effects", count > 0);
    maker_release(&m);
    return o;
}
