#include "decide/flags.h"

#include "base/arena.h"
#include "base/strbuf.h"
#include "traffic/trace.h"

#include <math.h>

#define CV_WINDOW_S 3600.0        /* the format's default for cv_bin_s */
#define LADDER_KEEPALIVES 5.0     /* keep-alive over service time below which the ladder was not checked */
#define VARIABLE_CV 1.5           /* service times that queueing formulas follow badly ... */
#define FEW_SERVERS 2.0           /* ... where so few servers work */
#define FULL_POOL 0.95
#define BIN_SERVICES 10.0         /* service times in a bin from which bursts inside it cannot be seen */
#define BURSTY 3.0

struct list {
    struct arena *a;
    struct str *items;
    size_t count, capacity;
};

/* Each sentence once. */
static void add(struct list *f, struct str text)
{
    for (size_t i = 0; i < f->count; i++)
        if (str_equal(f->items[i], text))
            return;
    if (f->count == f->capacity)
        f->items = arena_grow(f->a, struct str, f->items, f->count, &f->capacity);
    f->items[f->count++] = text;
}

void flags_measure(struct engine *e, const struct trace *t, struct decision *d)
{
    if (!t || t->count == 0)
        return;
    const struct answer *bin = &e->workload->questionnaire->traffic.cv_bin_s;
    double window = bin->given ? fmax(bin->likely, 1) : CV_WINDOW_S;
    d->traffic = (struct traffic_result){.is_there = true,
                                         .figures = trace_measure(t, (int64_t)window, e->scratch),
                                         .requests = t->total,
                                         .bin_s = t->bin_s,
                                         .from_s = t->at_s[0],
                                         .to_s = t->at_s[t->count - 1] + t->bin_s,
                                         .bins = t->count,
                                         .gaps = t->gap_count,
                                         .missing_bins = t->missing_bins};
}

static void flag_answers(const struct engine *e, const struct part *p, const struct part_state *s, struct list *f)
{
    double cv = s->x[FIGURE_DURATION_CV], period = s->x[FIGURE_PERIODIC_S], load = s->mean_rps * s->service_s;
    if (s->cv_limited)
        add(f, str_printf(e->a, "%.*s: how much service times vary was not answered; up to %.2g was assumed, the most that the latency limit leaves room for: measure it",
                          STR_ARG(p->name), cv));
    if (period > 0)
        add(f, str_printf(e->a, "%.*s: traffic is scheduled every %.6g s; cold starts follow the schedule, not the Poisson law", STR_ARG(p->name), period));
    if (s->x[FIGURE_BURST] > BURSTY)
        add(f, str_printf(e->a, "%.*s: requests arrive %.3g at a time; waiting and cold starts are approximations for bursts", STR_ARG(p->name), s->x[FIGURE_BURST]));
    if (p->is_online && cv > VARIABLE_CV && load <= FEW_SERVERS)
        add(f, str_printf(e->a, "%.*s: service times vary a lot (standard deviation %.3g times the mean) and %.3g requests are at work on average, so that one or two servers are enough; p99 may be off by 25%%",
                          STR_ARG(p->name), cv, load));
    if (s->curve.peak_raised)
        add(f, str_printf(e->a, "%.*s: the stated peak lies below the mean of the busy hours; the mean was used", STR_ARG(p->name)));
    if (s->curve.idle_reduced)
        add(f, str_printf(e->a, "%.*s: fewer idle hours than stated were possible below the stated peak", STR_ARG(p->name)));
    if (s->curve.cv_unreached)
        add(f, str_printf(e->a, "%.*s: the idle hours alone vary more than the stated variation", STR_ARG(p->name)));
}

static void flag_trace(const struct engine *e, const struct decision *d, struct list *f)
{
    const struct traffic_result *t = &d->traffic;
    const struct trace_summary *m = &t->figures;
    if (!t->is_there)
        return;
    double shortest = HUGE_VAL;
    for (size_t i = 0; i < e->workload->model_count; i++)
        if (e->workload->parts[i].costable)
            shortest = fmin(shortest, e->base->parts[i].service_s);
    double bin = (double)t->bin_s;
    if (t->bin_s > 60)
        add(f, str_printf(e->a, "the trace counts requests in bins of %.6g s, longer than a minute: bursts inside them are not seen, and machine-made traffic may have several times the cold starts", bin));
    else if (shortest < HUGE_VAL && bin > BIN_SERVICES * shortest)
        add(f, str_printf(e->a, "a bin of the trace, %.6g s, holds %.3g service times of %.3g s: bursts inside it are not seen", bin, bin / shortest, shortest));
    if (m->bursty_inside_minutes)
        add(f, str_printf(e->a, "requests come in bursts: inside a minute their counts vary %.3g times as much as independent arrivals would (index of dispersion; above %.0f the formulas for waiting are too kind)",
                          m->minute_dispersion, BURSTY));
    if (m->under_a_week)
        add(f, str_printf(e->a, "the trace covers %.3g days: shorter than a week, it does not show how weekdays and weekends differ", m->days));
    if (m->is_periodic)
        add(f, str_printf(e->a, "the trace is periodic: its busy times begin every %.6g s; instances whose keep-alive is shorter start cold every time", m->period_s));
    if (t->gaps > 0)
        add(f, str_printf(e->a, "the trace has %zu %s, %lld of %lld bins: they count as time that nobody measured, not as idle", t->gaps,
                          t->gaps == 1 ? "gap" : "gaps", (long long)t->missing_bins, (long long)t->missing_bins + (long long)t->bins));
}

/* The recommended option and its runner-up. */
static void flag_option(const struct engine *e, const struct option *o, struct list *f)
{
    const struct workload *w = e->workload;
    for (size_t i = 0; i < o->placement_count; i++) {
        const struct placement *at = &o->placements[i];
        const struct platform *p = at->platform;
        for (size_t k = 0; k < w->model_count; k++) {
            const struct part *part = &w->parts[k];
            const struct part_state *s = &e->base->parts[k];
            if (!str_equal(part->name, at->part) || !part->costable || !(s->service_s > 0))
                continue;
            bool on_demand = p->scaling == SCALING_PER_REQUEST || p->scaling == SCALING_TO_ZERO || p->scaling == SCALING_PROVISIONED;
            double keepalive = p->keep_alive_s.likely, in_flight = ceil(s->peak_rps * s->service_s * part->multiplicity);
            if (on_demand && keepalive < LADDER_KEEPALIVES * s->service_s)
                add(f, str_printf(e->a, "%.*s keeps an idle instance for %.4g s, less than %.0f service times of %.*s (%.4g s): its cold-start share is less certain, 6%% too high or more",
                                  STR_ARG(p->name), keepalive, LADDER_KEEPALIVES, STR_ARG(part->name), s->service_s));
            double quota = p->limit[LIMIT_CONCURRENCY];
            if (on_demand && !isnan(quota) && in_flight > quota * fmax(s->x[FIGURE_CONCURRENCY], 1))
                add(f, str_printf(e->a, "%.*s: a peak of %.0f requests at once is beyond the default limit of %.0f instances; the figures assume that it is raised",
                                  STR_ARG(p->name), in_flight, quota));
        }
    }
    bool always_on = o->platform && (o->platform->scaling == SCALING_REPLICAS || o->platform->scaling == SCALING_PODS || o->platform->scaling == SCALING_CLUSTER);
    if (always_on && o->capacity.utilisation > FULL_POOL)
        add(f, str_printf(e->a, "%.*s: %.1f%% of what is paid for is busy; above %.0f%% waiting times grow without bound at the least error in the load",
                          STR_ARG(o->name), 100 * o->capacity.utilisation, 100 * FULL_POOL));
}

static void add_date(struct arena *a, struct date day, struct str *out)
{
    struct strbuf text = STRBUF_INIT;
    date_add(&text, day);
    *out = strbuf_copy(&text, a);
    strbuf_release(&text);
}

static void flag_prices(const struct engine *e, const struct decision *d, struct list *f)
{
    double most = policy_number(e->market.policy, PARAMETER_PRICE_MAX_AGE_DAYS);
    const struct recommendation *r = &d->recommendation;
    const int compared[2] = {r->option, r->runner_up};
    size_t old = 0, all = 0, early = 0, secondary = 0;
    struct str oldest = STR("");
    struct date oldest_day = DATE_NONE;
    for (int i = 0; i < 2; i++)
        for (size_t k = 0; compared[i] >= 0 && k < d->options[compared[i]].line_count; k++) {
            const struct line *l = &d->options[compared[i]].lines[k];
            struct date seen = date_is_none(l->price->checked) ? l->price->from : l->price->checked;
            all++;
            if ((double)(e->market.as_of.days - seen.days) <= most)
                continue;
            old++;
            if (oldest.n == 0 || date_compare(seen, oldest_day) < 0) {
                oldest = l->sku->name;
                oldest_day = seen;
            }
        }
    for (size_t i = 0; i < d->price_count; i++) {
        early += d->prices[i].is_early;
        secondary += d->prices[i].price->confidence == CONFIDENCE_SECONDARY;
    }
    if (old > 0) {
        struct str day;
        add_date(e->a, oldest_day, &day);
        add(f, str_printf(e->a, "of the %zu cost lines of the recommended option and its runner-up, %zu rest on prices last seen more than %.0f days before the day of this report; the oldest, %.*s, on %.*s",
                          all, old, most, STR_ARG(oldest), STR_ARG(day)));
    }
    if (early > 0)
        add(f, STR("some prices are used for a day before they were first seen"));
    if (secondary > 0)
        add(f, STR("some prices rest on secondary sources: public notes that quote the vendor's page"));
}

void flags_record(struct engine *e, struct decision *d)
{
    struct list f = {.a = e->a};
    const struct recommendation *r = &d->recommendation;
    for (size_t i = 0; i < e->workload->model_count; i++)
        if (e->workload->parts[i].costable)
            flag_answers(e, &e->workload->parts[i], &e->base->parts[i], &f);
    flag_trace(e, d, &f);
    if (r->option >= 0)
        flag_option(e, &d->options[r->option], &f);
    if (r->runner_up >= 0)
        flag_option(e, &d->options[r->runner_up], &f);
    flag_prices(e, d, &f);
    if (r->option >= 0 && r->verdict == VERDICT_TOO_CLOSE) {
        double needed = policy_number(e->market.policy, PARAMETER_DECIDED_SHARE);
        if (isnan(r->class_confidence))
            add(&f, STR("no class is clearly ahead: too close to call"));
        else
            add(&f, str_printf(e->a, "%s is the cheapest in %.0f%% of the simulated cases, less than the %.0f%% that decide: too close to call",
                               class_word(r->class), floor(100 * r->class_confidence), 100 * needed));
    }
    d->flags = f.items;
    d->flag_count = f.count;
}
