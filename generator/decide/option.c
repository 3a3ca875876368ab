#include "decide/option.h"

#include "base/arena.h"
#include "cost/timing.h"

#include <math.h>
#include <string.h>

static void worst_latency(struct latency *worst, const struct latency *more, bool *any)
{
    if (isnan(more->p99_ms))
        return;
    if (!*any || more->p99_ms > worst->p99_ms)
        *worst = *more;
    *any = true;
}

/* A time in the unit of `beside`, the longest of the times that stand in one sentence: "190 ms" under ten
 * seconds, else "62 s" or "10.3 min". */
static struct str time_text(struct arena *a, double ms, double beside)
{
    if (beside < 1)
        return str_printf(a, "%.3g ms", ms);
    if (beside < 1000)
        return str_printf(a, "%.0f ms", ms);
    if (beside < 10000) /* four digits are grouped, as everywhere */
        return ms < 1000 ? str_printf(a, "%.0f ms", ms) : str_printf(a, "%d,%03d ms", (int)nearbyint(ms) / 1000, (int)nearbyint(ms) % 1000);
    if (beside < 600e3)
        return str_printf(a, "%.3g s", ms / 1000);
    return str_printf(a, "%.3g min", ms / 60e3);
}

static bool breaks(const struct candidate *c, const char *limit)
{
    for (size_t i = 0; i < c->list.count; i++)
        if (str_is(c->list.items[i].limit, limit))
            return true;
    return false;
}

static void add_percentile(struct candidate *c, const char *limit, struct str part, double allowed,
                           double predicted, double service, const struct usage *u, struct arena *a)
{
    if (!(allowed > 0) || isnan(predicted) || predicted <= allowed * (1 + 1e-6))
        return;
    struct str why;
    double longest = fmax(predicted, allowed);
    if (service > allowed)
        why = str_printf(a, "the service time alone misses it: %.*s at that percentile, which no capacity repairs", STR_ARG(time_text(a, service, longest)));
    else if (u->latency.cold_start_probability > 0)
        why = str_printf(a, "%.3g%% of requests wait for a cold start of %.*s", 100 * u->latency.cold_start_probability,
                         STR_ARG(time_text(a, u->latency.cold_start_ms, longest)));
    else
        why = STR("requests wait too long");
    struct str name = str_lower(a, str_slice(str_of(limit), 0, 3));
    verdict_add(&c->list, limit, part, allowed, predicted,
                str_printf(a, "%.*s is predicted at %.*s, the limit is %.*s: %.*s", STR_ARG(name), STR_ARG(time_text(a, predicted, longest)),
                           STR_ARG(time_text(a, allowed, longest)), STR_ARG(why)));
}

static void add_slo_violations(struct engine *e, struct candidate *c, const struct member *m, const struct usage *u)
{
    const struct part *p = &e->workload->parts[m->part];
    const struct part_state *s = &e->base->parts[m->part];
    size_t before = c->list.count;
    if (breaks(c, "gpus") || breaks(c, "kind") || breaks(c, "not-comparable"))
        return; /* on hardware that it cannot use, times mean nothing */
    if (p->is_job) {
        double hours = s->x[FIGURE_JOB_HOURS] * m->serving.fit.ratio.time_likely;
        verdict_add(&c->list, "deadline_h", p->name, s->x[FIGURE_DEADLINE_H], hours,
                    str_printf(c->list.a, "a run takes %.4g h, the deadline is %.4g h", hours, s->x[FIGURE_DEADLINE_H]));
        return;
    }
    struct law service = timing_answer(p, fmax(s->service_s * m->serving.fit.ratio.time_likely, 1e-9), s->x[FIGURE_DURATION_CV]);
    add_percentile(c, "p99_ms", p->name, s->x[FIGURE_P99_MS], u->latency.p99_ms, law_quantile(&service, 0.99) * 1000, u, c->list.a);
    add_percentile(c, "p95_ms", p->name, s->x[FIGURE_P95_MS], u->latency.p95_ms, law_quantile(&service, 0.95) * 1000, u, c->list.a);
    add_percentile(c, "p50_ms", p->name, s->x[FIGURE_P50_MS], u->latency.p50_ms, law_quantile(&service, 0.5) * 1000, u, c->list.a);
    if (c->list.count == before)
        verdict_add(&c->list, "p99_ms", p->name, s->x[FIGURE_P99_MS], NOT_KNOWN,
                    STR("the latency limit does not hold"));
}

static void quota_notes(struct engine *e, struct candidate *c, const struct plan *plan, const struct member *m,
                        const struct usage *u)
{
    double quota = plan->platform->limit[LIMIT_CONCURRENCY];
    double instances = u->peak_in_flight / m->serving.fit.concurrency;
    if (!isnan(quota) && instances > quota)
        note_add(&c->list, str_printf(c->list.a, "%.*s: a peak of %.0f at once exceeds the default quota of %.0f; ask for more before the launch",
                                      STR_ARG(plan->platform->name), ceil(instances), quota));
    if (u->kept > 0 && plan->platform->scaling != SCALING_CLUSTER)
        note_add(&c->list, str_printf(c->list.a, "%.*s: %.0f instances are kept warm so that the latency limit holds", STR_ARG(plan->platform->name), u->kept));
    (void)e;
}

static void stale_notes(struct candidate *c, const struct plan *plan, struct arena *a)
{
    if (plan->purchase != PURCHASE_RESERVED_1Y && plan->purchase != PURCHASE_RESERVED_3Y)
        return;
    for (size_t i = 0; i < plan->count; i++) {
        const struct price *reserved = plan->members[i].price.price[plan->purchase];
        const struct price *list = plan->members[i].price.price[PURCHASE_ON_DEMAND];
        if (!reserved || !list || date_compare(reserved->from, list->from) >= 0)
            continue;
        struct str part = plan->members[i].serving.fit.machine->id;
        note_add(&c->list, str_printf(a, "the commitment price of %.*s is older than its on-demand price: stale", STR_ARG(part)));
    }
}

/* How much of a pool is committed, and what becomes of the rest: the advice to commit is about these. */
static void commitment_notes(struct candidate *c, const struct plan *plan, const struct line *lines, size_t count, struct arena *a)
{
    const char *years = plan->purchase == PURCHASE_RESERVED_1Y ? "one year" : plan->purchase == PURCHASE_RESERVED_3Y ? "three years" : NULL;
    if (!years || plan->platform->scaling != SCALING_CLUSTER)
        return;
    for (size_t i = 0; i < count; i++) {
        const struct line *l = &lines[i];
        if (!str_ends(l->item, STR(", committed")))
            continue;
        const struct price *list = NULL;
        for (size_t k = 0; k < plan->count && !list; k++)
            if (plan->members[k].price.price[plan->purchase] == l->price)
                list = plan->members[k].price.price[PURCHASE_ON_DEMAND];
        double nodes = decimal_double(l->quantity) / HOURS_PER_MONTH, ratio = list ? decimal_double(l->unit_usd) / decimal_double(list->usd) : NOT_KNOWN;
        struct str used = ratio < 1 ? str_printf(a, ", those in use for more than %.0f%% of the hours (the committed price over the one on demand)", 100 * ratio) : STR("");
        note_add(&c->list, str_printf(a, "%.0f %s committed for %s%.*s; what is needed beyond is bought on demand", nodes,
                                      nearbyint(nodes) > 1 ? "nodes are" : "node is", years, STR_ARG(used)));
    }
}

static double rounded(double v, double unit)
{
    return isfinite(v) ? round(v / unit) * unit : v;
}

/* Figures from transcendental functions are rounded before they print: a microsecond, a billionth. */
static void round_latency(struct latency *l)
{
    double *ms[] = {&l->p50_ms, &l->p95_ms, &l->p99_ms, &l->service_p99_ms, &l->queue_p99_ms, &l->cold_start_ms};
    for (size_t i = 0; i < sizeof ms / sizeof *ms; i++)
        *ms[i] = rounded(*ms[i], 1e-3);
    l->cold_start_probability = rounded(l->cold_start_probability, 1e-9);
}

void option_fill(struct engine *e, struct candidate *c, struct option *out)
{
    *out = (struct option){.id = c->id, .name = c->name, .provider = c->provider, .class = c->class, .purchase = c->purchase,
                           .p10_usd = NOT_KNOWN, .p50_usd = NOT_KNOWN, .p90_usd = NOT_KNOWN, .expected_usd = NOT_KNOWN,
                           .cheapest_share = e->workload->missing_count > 0 ? NOT_KNOWN : 0, /* counted by the draws */ .feasible_share = NOT_KNOWN, .expected_regret_usd = NOT_KNOWN,
                           .max_regret_usd = NOT_KNOWN, .per_million_usd = NOT_KNOWN, .fixed_usd = NOT_KNOWN};
    if (c->class != CLASS_HYBRID) /* one platform, whether bought in one way or in several */
        out->platform = c->plans[0].platform;
    out->latency = (struct latency){.p50_ms = NOT_KNOWN, .p95_ms = NOT_KNOWN, .p99_ms = NOT_KNOWN, .service_p99_ms = NOT_KNOWN,
                                    .queue_p99_ms = NOT_KNOWN, .cold_start_ms = NOT_KNOWN, .cold_start_probability = NOT_KNOWN};
    out->capacity = (struct capacity){.replicas = NOT_KNOWN, .nodes = NOT_KNOWN, .mean_replicas = NOT_KNOWN,
                                      .mean_nodes = NOT_KNOWN, .utilisation = NOT_KNOWN};
    struct arena_mark mark = arena_mark(e->scratch);
    struct plan_result *results = arena_new(e->scratch, struct plan_result, c->plan_count);
    struct evaluation v = candidate_evaluate(e, c, e->base, EFFORT_EXACT, true, results);
    size_t placed = 0, places = 0; /* a split places its one part twice */
    for (size_t i = 0; i < c->plan_count; i++)
        places += c->plans[i].count;
    struct placement *placements = arena_new(e->a, struct placement, places);
    bool any = false, cluster = false;
    double replicas = 0, mean_replicas = 0, kept = 0, busy = 0, paid = 0, requests = 0;
    for (size_t i = 0; i < c->plan_count; i++) {
        const struct plan *plan = &c->plans[i];
        stale_notes(c, plan, c->list.a);
        for (size_t k = 0; k < plan->count; k++) {
            const struct member *m = &plan->members[k];
            const struct machine *machine = m->serving.fit.machine;
            struct placement *p = &placements[placed++];
            *p = (struct placement){.part = e->workload->parts[m->part].name, .platform = plan->platform,
                                    .machine = machine ? machine->id : STR(""), .purchase = plan->purchase,
                                    .latency = out->latency};
            if (placed == 1 || (machine && out->capacity.machine.n == 0))
                out->capacity.machine = machine ? machine->id : STR("");
            if (!results[i].usage || !v.costed)
                continue;
            const struct usage *u = &results[i].usage[k];
            p->latency = u->latency;
            if (e->workload->parts[m->part].is_online)
                worst_latency(&out->latency, &u->latency, &any);
            if (!u->holds)
                add_slo_violations(e, c, m, u);
            quota_notes(e, c, plan, m, u);
            replicas += u->peak_replicas;
            mean_replicas += u->mean_replicas;
            kept += u->kept;
            if (!isnan(u->busy_replica_share)) {
                busy += u->busy_replica_share * u->mean_replicas;
                paid += u->mean_replicas;
            }
            if (!e->workload->parts[m->part].is_job)
                requests += u->q[QUANTITY_REQUESTS];
        }
        if (plan->platform->scaling == SCALING_CLUSTER && v.costed) {
            out->capacity.nodes = (cluster ? out->capacity.nodes : 0) + results[i].nodes_peak;
            out->capacity.mean_nodes = (cluster ? out->capacity.mean_nodes : 0) + results[i].nodes_mean;
            cluster = true;
        }
    }
    out->placements = placements;
    out->placement_count = placed;
    out->costed = v.costed;
    if (v.costed) {
        out->capacity.replicas = fmax(replicas, ceil(mean_replicas - 1e-9));
        if (cluster)
            out->capacity.nodes = fmax(out->capacity.nodes, ceil(out->capacity.mean_nodes - 1e-9));
        out->capacity.mean_replicas = mean_replicas;
        out->capacity.instances_kept = kept;
        out->capacity.utilisation = paid > 0 ? busy / paid : NOT_KNOWN;
        struct line *lines;
        if (!charges_lines(&e->charges, e->a, &lines, &out->line_count)) {
            verdict_add(&c->list, "amount", STR(""), NOT_KNOWN, NOT_KNOWN, STR("the amounts are too large to be a plan"));
            out->costed = false;
            out->line_count = 0;
        } else {
            out->lines = lines;
            for (size_t i = 0; i < out->line_count; i++) {
                const struct line *l = &lines[i];
                bool sum = money_add(&out->monthly, l->usd) && money_add(l->is_operations ? &out->operations : &out->infrastructure, l->usd);
                if (!l->is_allowance)
                    sum = sum && money_add(&out->without_allowances, l->usd);
                if (!sum)
                    out->costed = false;
                for (size_t k = 0; k < placed; k++)
                    if (l->part.n && str_equal(l->part, placements[k].part))
                        money_add(&placements[k].usd, l->usd);
            }
            for (size_t i = 0; i < c->plan_count; i++)
                commitment_notes(c, &c->plans[i], lines, out->line_count, c->list.a);
            if (requests > 0)
                out->per_million_usd = money_double(out->monthly) / (requests / 1e6);
        }
    }
    if (placed == 1)
        placements[0].usd = out->infrastructure;
    for (size_t i = 0; i < placed; i++)
        round_latency(&placements[i].latency);
    round_latency(&out->latency);
    out->capacity.utilisation = rounded(out->capacity.utilisation, 1e-6);
    out->capacity.mean_replicas = rounded(out->capacity.mean_replicas, 1e-6);
    out->capacity.mean_nodes = rounded(out->capacity.mean_nodes, 1e-6);
    out->per_million_usd = rounded(out->per_million_usd, 1e-6);
    out->feasible = c->list.count == 0 && v.costed == out->costed && (out->costed || c->priced);
    c->fits = out->feasible;
    out->eligible = out->feasible && c->may_buy;
    out->doubt = c->list.doubt;
    out->violations = c->list.items;
    out->violation_count = c->list.count;
    out->notes = c->list.notes;
    out->note_count = c->list.note_count;
    arena_rewind(e->scratch, mark);
}
