#include "decide/record.h"

#include "assess/assess.h"
#include "base/arena.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void record_tiers(struct engine *e, struct decision *d)
{
    const struct workload *w = e->workload;
    struct tier_result *tiers = arena_new(e->a, struct tier_result, w->model_count);
    for (size_t i = 0; i < w->model_count; i++) {
        struct facts f;
        facts_of(w, e->market.book, e->base, (int)i, &f);
        const struct tier *tier = assess_tier(e->market.policy, &f);
        tiers[i] = (struct tier_result){.tier = tier, .part = w->parts[i].name};
        if (tier) {
            struct str *reasons = arena_new(e->a, struct str, 1);
            reasons[0] = fact_expand(&f, tier->text, e->a);
            tiers[i].reasons = reasons;
            tiers[i].reason_count = 1;
            if (!d->tier.tier || tier->number > d->tier.tier->number)
                d->tier = tiers[i];
        }
    }
    d->tiers = tiers;
    d->tier_count = w->model_count;
}

/* Where the cheapest of both sides cost the same: first of all those of today, else whatever is the cheapest of a side there. */
static double crossing_between_sides(const struct decision *d)
{
    int kubernetes = d->kubernetes.option, serverless = d->serverless.option;
    for (size_t i = 0; i < d->crossover_count && kubernetes >= 0 && serverless >= 0; i++) {
        const struct crossover *c = &d->crossovers[i];
        if ((c->from == kubernetes && c->to == serverless) || (c->to == kubernetes && c->from == serverless))
            return c->at;
    }
    for (size_t i = 0; i < d->crossover_count; i++) {
        const struct crossover *c = &d->crossovers[i];
        bool sides = (c->from_class == CLASS_KUBERNETES && c->to_class == CLASS_SERVERLESS) ||
                     (c->to_class == CLASS_KUBERNETES && c->from_class == CLASS_SERVERLESS);
        if (sides && !c->is_pair)
            return c->at;
    }
    return NOT_KNOWN;
}

/* What stands beside a published rule: the figure, and in words where it comes from. */
static struct str folklore_text(const struct engine *e, const struct folklore *k, int fact, double *computed)
{
    struct arena *a = e->a;
    if (str_is(k->variable, "answers.traffic.requests_per_day"))
        return isnan(*computed) ? STR("Kubernetes and serverless do not cross at any volume that was searched")
                                : STR("where Kubernetes and serverless cost the same, people included");
    if (fact == FACT_UTILISATION) {
        double target = policy_number(e->market.policy, PARAMETER_TARGET_UTILISATION);
        if (isnan(*computed))
            return STR("no pool of Kubernetes nodes is costed");
        if (fabs(*computed - target) < 0.005)
            return str_printf(a, "not a finding: pools are sized for %.0f%% by the policy, and this one is large enough to run at it",
                              100 * target);
        return STR("busy share of what the cheapest option on Kubernetes pays for");
    }
    if (fact == FACT_TRAFFIC_MEAN_RPS)
        return STR("mean rate, from the answers");
    if (fact == FACT_TRAFFIC_ACTIVE_HOURS)
        return STR("hours a day with traffic, from the answers");
    if (fact == FACT_COST_SERVERLESS_INFRASTRUCTURE_USD)
        return isnan(*computed) ? STR("no serverless option meets every answer")
                                : STR("bill of the cheapest serverless option, people left out");
    if (fact == FACT_COST_SERVERLESS_USD)
        return isnan(*computed) ? STR("no serverless option meets every answer")
                                : STR("the cheapest serverless option, people included");
    return isnan(*computed) ? STR("no computed figure to set beside it") : STR("computed for this workload");
}

static bool is_gpu_hours(const struct folklore *k)
{
    return str_ends(k->variable, STR("traffic.active_hours_per_day"));
}

static void record_folklore(struct engine *e, const struct facts *f, struct decision *d)
{
    const struct policy *p = e->market.policy;
    struct folklore_result *out = arena_new(e->a, struct folklore_result, p->folklore_count);
    bool on_gpu = f->v[FACT_GPU_NEED].known && str_is(f->v[FACT_GPU_NEED].word, "required");
    for (size_t i = 0; i < p->folklore_count; i++) {
        const struct folklore *k = &p->folklore[i];
        double computed = NOT_KNOWN;
        struct str name = k->variable;
        if (str_starts(name, STR("answers."))) /* facts are called as answers are, without the first word */
            name = str_slice(name, 8, name.n);
        int fact = fact_find(name);
        if (str_is(k->variable, "answers.traffic.requests_per_day"))
            computed = crossing_between_sides(d);
        else if (fact >= 0 && f->v[fact].known && !f->v[fact].is_word)
            computed = f->v[fact].number;
        struct str text;
        if (is_gpu_hours(k) && !on_gpu) {
            computed = NOT_KNOWN;
            text = STR("no GPU is required");
        } else if (is_gpu_hours(k) && isnan(computed)) {
            text = STR("the hours with traffic were not answered");
        } else {
            text = folklore_text(e, k, fact, &computed);
        }
        out[i] = (struct folklore_result){k, computed, text};
    }
    d->folklore = out;
    d->folklore_count = p->folklore_count;
}

void record_policy(struct engine *e, const struct facts *f, struct decision *d)
{
    const struct policy *p = e->market.policy;
    struct mistake_result *mistakes = arena_new(e->a, struct mistake_result, p->mistake_count);
    for (size_t i = 0; i < p->mistake_count; i++)
        if (when_truth(&p->mistakes[i].when, f) == TRUTH_TRUE)
            mistakes[d->mistake_count++] = (struct mistake_result){&p->mistakes[i], fact_expand(f, p->mistakes[i].text, e->a),
                                                                   fact_expand(f, p->mistakes[i].watch, e->a),
                                                                   fact_expand(f, p->mistakes[i].act, e->a)};
    d->mistakes = mistakes;
    struct checklist_entry *items = arena_new(e->a, struct checklist_entry, p->checklist_count);
    for (size_t i = 0; i < p->checklist_count; i++)
        if (when_truth(&p->checklist[i].when, f) == TRUTH_TRUE)
            items[d->checklist_count++] = (struct checklist_entry){&p->checklist[i], fact_expand(f, p->checklist[i].text, e->a)};
    d->checklist = items;
    record_folklore(e, f, d);
}

/*
 * Parameters of the policy that enter a cost line, a floor or a start time and are no variable of the
 * draws: they are listed, so that no figure rests on something that the report does not say.
 */
static const struct fixed_parameter {
    enum parameter_id id;
    const char *name;
    enum quantity quantity; /* of a line that it enters; QUANTITY_COUNT: see is_used */
} FIXED_PARAMETERS[] = {
    {PARAMETER_MIN_REPLICAS,                    "least replicas of an always-on pool",                QUANTITY_COUNT          },
    {PARAMETER_MIN_REPLICAS_VALIDATION,         "least replicas of an always-on pool, in a trial",    QUANTITY_COUNT          },
    {PARAMETER_MIN_NODES,                       "least nodes of a cluster",                           QUANTITY_COUNT          },
    {PARAMETER_NODE_DISK_GB,                    "disk of a node",                                     QUANTITY_DISK_GB_MONTH  },
    {PARAMETER_GPU_NODE_DISK_GB,                "disk of a GPU node",                                 QUANTITY_DISK_GB_MONTH  },
    {PARAMETER_METRICS_PER_MODEL,               "metrics of a model",                                 QUANTITY_METRICS        },
    {PARAMETER_CROSS_ZONE_SHARE,                "share of the payload that crosses zones",            QUANTITY_CROSS_ZONE_GB  },
    {PARAMETER_IMAGE_OVERHEAD_MB,               "container image beyond the weights",                 QUANTITY_IMAGE_GB_MONTH },
    {PARAMETER_IMAGE_VERSIONS_KEPT,             "versions of the image that the registry keeps",      QUANTITY_IMAGE_GB_MONTH },
    {PARAMETER_BALANCER_CONNECTIONS_PER_REQUEST, "connections that a request opens at the balancer",  QUANTITY_BALANCER_UNIT_H},
    {PARAMETER_BALANCER_CONNECTIONS_PER_UNIT_S, "new connections a second of a balancer unit",        QUANTITY_BALANCER_UNIT_H},
    {PARAMETER_BALANCER_GB_PER_UNIT_H,          "data an hour of a balancer unit",                    QUANTITY_BALANCER_UNIT_H},
    {PARAMETER_WORKFLOW_STEPS_PER_ITEM,         "workflow steps an item",                             QUANTITY_TRANSITIONS    },
    {PARAMETER_LOAD_MB_PER_S,                   "speed of loading weights",                           QUANTITY_COUNT          },
    {PARAMETER_COLD_CV,                         "variation of cold-start times",                      QUANTITY_COUNT          },
    {PARAMETER_SPOT_FALLBACK_SHARE,             "share of spot hours bought on demand",               QUANTITY_COUNT          },
    {PARAMETER_SPOT_RECLAIM_MONTHLY,            "spot machines taken back a month, where not published", QUANTITY_COUNT       },
    {PARAMETER_SPOT_CHECKPOINT_H,               "time between checkpoints on spot",                   QUANTITY_COUNT          },
    {PARAMETER_SPOT_RESTART_H,                  "restart after a spot machine is taken back",         QUANTITY_COUNT          },
};

/* What the feasible options of a decision have in them. */
struct contents {
    bool quantity[QUANTITY_COUNT]; /* some line counts it */
    bool pool, cluster, spot, starts_cold;
};

static void look_into(const struct decision *d, struct contents *c)
{
    *c = (struct contents){0};
    for (size_t i = 0; i < d->option_count; i++) {
        const struct option *o = &d->options[i];
        if (!o->feasible || !o->costed)
            continue;
        c->spot = c->spot || o->purchase == PURCHASE_SPOT;
        c->starts_cold = c->starts_cold || o->latency.cold_start_probability > 0;
        for (size_t k = 0; k < o->placement_count; k++) {
            const struct platform *p = o->placements[k].platform;
            c->cluster = c->cluster || p->scaling == SCALING_CLUSTER;
            c->pool = c->pool || p->scaling == SCALING_CLUSTER || p->scaling == SCALING_PODS || p->scaling == SCALING_REPLICAS;
            for (size_t m = 0; m < p->meter_count; m++)
                for (size_t l = 0; l < o->line_count; l++)
                    if (p->meters[m].sku && o->lines[l].sku == p->meters[m].sku)
                        c->quantity[p->meters[m].quantity] = true;
        }
    }
}

static bool is_used(const struct workload *w, const struct contents *c, const struct fixed_parameter *x)
{
    bool trial = w->questionnaire->stage == STAGE_VALIDATION, jobs = w->part_count > w->model_count;
    bool gpu = false, no_gpu = false, unstated_load = false;
    for (size_t i = 0; i < w->part_count; i++) {
        gpu = gpu || w->parts[i].needs_gpu;
        no_gpu = no_gpu || !w->parts[i].needs_gpu;
        unstated_load = unstated_load || (!w->parts[i].is_job && w->parts[i].variable[FIGURE_LOAD_S] < 0);
    }
    switch ((int)x->id) {
    case PARAMETER_MIN_REPLICAS: return c->pool && w->model_count > 0 && !trial;
    case PARAMETER_MIN_REPLICAS_VALIDATION: return c->pool && w->model_count > 0 && trial;
    case PARAMETER_MIN_NODES: return c->cluster && w->model_count > 0;
    case PARAMETER_NODE_DISK_GB: return c->quantity[x->quantity] && no_gpu;
    case PARAMETER_GPU_NODE_DISK_GB: return c->quantity[x->quantity] && gpu;
    case PARAMETER_LOAD_MB_PER_S: return unstated_load;
    case PARAMETER_COLD_CV: return c->starts_cold;
    case PARAMETER_SPOT_FALLBACK_SHARE:
    case PARAMETER_SPOT_RECLAIM_MONTHLY: return c->spot;
    case PARAMETER_SPOT_CHECKPOINT_H:
    case PARAMETER_SPOT_RESTART_H: return c->spot && jobs;
    default: return c->quantity[x->quantity];
    }
}

static size_t fixed_assumptions(struct engine *e, const struct decision *d, struct assumption_result *out)
{
    struct contents contents;
    look_into(d, &contents);
    size_t count = 0;
    for (size_t i = 0; i < sizeof FIXED_PARAMETERS / sizeof *FIXED_PARAMETERS; i++) {
        const struct fixed_parameter *x = &FIXED_PARAMETERS[i];
        if (!is_used(e->workload, &contents, x))
            continue;
        const struct parameter *p = &e->market.policy->parameter[x->id];
        out[count++] = (struct assumption_result){
            .variable = str_printf(e->a, "policy.%s", parameter_name(x->id)), .name = str_of(x->name),
            .unit = str_of(parameter_unit(x->id)), .value = p->value.likely, .low = p->value.low, .high = p->value.high,
            .why = p->why, .source = p->source, .is_assumed = true, .is_held = p->value.high > p->value.low};
    }
    return count;
}

/* The target of a kind of pool that no model of this workload can run on. */
static bool is_idle_target(const struct workload *w, const struct variable *v)
{
    bool on_gpu = false, on_cpu = false;
    for (size_t i = 0; i < w->model_count; i++) {
        on_gpu = on_gpu || w->parts[i].needs_gpu || w->parts[i].gpu_optional;
        on_cpu = on_cpu || !w->parts[i].needs_gpu;
    }
    return v->is_global && ((v->figure == GLOBAL_GPU_UTILISATION && !on_gpu) || (v->figure == GLOBAL_UTILISATION && !on_cpu));
}

/* A model that runs on a GPU for no other reason than the GPU memory that is answered. */
static bool needs_gpu_by_memory(const struct workload *w)
{
    for (size_t i = 0; i < w->model_count; i++)
        if (w->parts[i].needs_gpu && w->questionnaire->models[i].gpu.need == GPU_UNKNOWN && str_is(w->parts[i].hardware, "cpu"))
            return true;
    return false;
}

void record_assumptions(struct engine *e, struct decision *d)
{
    const struct workload *w = e->workload;
    const struct policy *p = e->market.policy;
    size_t most = w->variable_count + p->assumption_count + sizeof FIXED_PARAMETERS / sizeof *FIXED_PARAMETERS + 1;
    struct assumption_result *out = arena_new(e->a, struct assumption_result, most);
    size_t count = 0;
    for (size_t i = 0; i < w->variable_count; i++) {
        const struct variable *v = &w->variables[i];
        bool uncertain = v->high > v->low;
        /* A multiple of what the catalogue says, taken as 1, assumes nothing. */
        bool multiple = v->is_global && (v->figure == GLOBAL_KEEP_ALIVE || v->figure == GLOBAL_START || v->figure == GLOBAL_HARDWARE ||
                                         (v->figure >= GLOBAL_PRICE_SERVERLESS && v->figure <= GLOBAL_PRICE_SPOT));
        if ((!uncertain && (v->is_answered || multiple)) || is_idle_target(w, v))
            continue;
        struct assumption_result *r = &out[count++];
        *r = (struct assumption_result){.variable = v->path, .name = v->name, .unit = v->unit, .value = v->likely, .low = v->low,
                                        .high = v->high, .why = v->why, .source = v->source, .is_assumed = !v->is_answered};
        for (size_t k = 0; k < w->model_count; k++) /* what was used, where the latency limit cut it */
            if (e->base->parts[k].cv_limited && w->parts[k].variable[FIGURE_DURATION_CV] == (int)i) {
                r->value = r->high = e->base->parts[k].x[FIGURE_DURATION_CV];
                r->low = fmin(r->low, r->value);
                r->why = str_printf(e->a, "%.*s Cut to what the latency limit leaves room for.", STR_ARG(v->why));
            }
    }
    count += fixed_assumptions(e, d, &out[count]);
    /* Words that were not answered. */
    const struct questionnaire *q = w->questionnaire;
    bool any_need_open = false; /* of a model that does not say for itself, on hardware that is no GPU */
    for (size_t i = 0; i < w->model_count; i++)
        any_need_open = any_need_open || (q->models[i].gpu.need == GPU_UNKNOWN && !w->parts[i].needs_gpu);
    struct {
        const char *path, *name;
        bool given;
    } words[] = {
        {"geography",                  "region",                     q->geography.given              },
        {"answers.traffic.basis",      "what the figures rest on",   q->traffic.basis != BASIS_UNKNOWN},
        {"stage",                      "stage",                      q->stage != STAGE_UNKNOWN       },
        {"answers.gpu.need",           "GPU need",                   q->gpu.need != GPU_UNKNOWN || !any_need_open},
        {"answers.compliance.tenancy", "tenancy",                    q->tenancy != TENANCY_UNKNOWN   },
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        const struct assumption *as = words[i].given ? NULL : policy_assumption(p, str_of(words[i].path));
        if (!as || !as->is_word)
            continue;
        struct assumption_result *r = &out[count++];
        *r = (struct assumption_result){.variable = as->path, .name = str_of(words[i].name), .value = NOT_KNOWN, .low = NOT_KNOWN, .high = NOT_KNOWN,
                                        .word = as->word, .why = as->why, .source = as->source, .is_assumed = true};
        if (str_is(as->path, "geography") && !str_equal(as->word, w->geography_id)) {
            r->word = w->geography_id;
            r->why = str_printf(e->a, "Data must stay in %.*s.", STR_ARG(q->residency.text));
        }
    }
    if (q->gpu.need == GPU_UNKNOWN && needs_gpu_by_memory(w))
        out[count++] = (struct assumption_result){.variable = STR("answers.gpu.need"), .name = STR("GPU need"), .value = NOT_KNOWN, .low = NOT_KNOWN,
                                                  .high = NOT_KNOWN, .word = STR("required"), .why = STR("GPU memory is answered, so a GPU is needed."),
                                                  .source = STR("policy"), .is_assumed = true};
    d->assumptions = out;
    d->assumption_count = count;
}

static int compare_uses(const void *a, const void *b)
{
    const struct price_use *x = a, *y = b;
    int by_id = str_compare(x->sku->id, y->sku->id);
    if (by_id)
        return by_id;
    int by_region = str_compare(x->region, y->region);
    return by_region ? by_region : date_compare(x->price->from, y->price->from);
}

/* A commitment priced before its machine's on-demand price was last changed. */
static bool is_stale(const struct engine *e, const struct line *l)
{
    struct str suffix = str_ends(l->sku->id, STR(":reserved-1y"))   ? STR(":reserved-1y")
                        : str_ends(l->sku->id, STR(":reserved-3y")) ? STR(":reserved-3y")
                                                                    : STR("");
    if (suffix.n == 0)
        return false;
    const struct sku *list = book_sku(e->market.book, str_slice(l->sku->id, 0, l->sku->id.n - suffix.n));
    bool early;
    const struct price *price = list ? sku_price(list, l->region, e->market.as_of, &early) : NULL;
    return price && date_compare(l->price->from, price->from) < 0;
}

void record_prices(struct engine *e, bool as_of_given, struct decision *d)
{
    size_t most = 0, count = 0;
    for (size_t i = 0; i < d->option_count; i++)
        most += d->options[i].line_count;
    struct price_use *uses = arena_new(e->a, struct price_use, most);
    struct date newest = DATE_NONE;
    for (size_t i = 0; i < d->option_count; i++)
        for (size_t k = 0; k < d->options[i].line_count; k++) {
            const struct line *l = &d->options[i].lines[k];
            uses[count++] = (struct price_use){l->sku, l->price, l->region, l->is_early, is_stale(e, l)};
            if (date_is_none(newest) || date_compare(l->price->from, newest) > 0)
                newest = l->price->from;
        }
    if (count)
        qsort(uses, count, sizeof *uses, compare_uses);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || compare_uses(&uses[kept - 1], &uses[i]) != 0)
            uses[kept++] = uses[i];
    d->prices = uses;
    d->price_count = kept;
    /* A day before the newest price used: an early price was taken, and the report stays at its own day. */
    if (!as_of_given && !date_is_none(newest) && date_compare(newest, e->market.as_of) < 0)
        d->as_of = newest;
}
