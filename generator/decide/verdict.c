#include "decide/verdict.h"

#include "base/arena.h"
#include "base/strbuf.h"

#include <math.h>
#include <string.h>

const char *verdict_word(enum verdict v)
{
    switch (v) {
    case VERDICT_DECIDED: return "decided";
    case VERDICT_TOO_CLOSE: return "too-close";
    case VERDICT_INFEASIBLE: return "infeasible";
    case VERDICT_UNDECIDABLE: return "undecidable";
    }
    return "";
}

const char *stability_word(enum stability s)
{
    switch (s) {
    case STABILITY_ROBUST: return "robust";
    case STABILITY_SENSITIVE: return "sensitive";
    case STABILITY_TOO_CLOSE: return "too-close";
    case STABILITY_NONE: break;
    }
    return "none";
}

static int cheapest(const struct option *options, size_t count, enum platform_class only, enum platform_class not)
{
    int best = -1;
    for (size_t i = 0; i < count; i++) {
        const struct option *o = &options[i];
        if (!o->eligible || !o->costed || (only != CLASS_NONE && o->class != only) || (not != CLASS_NONE && o->class == not))
            continue;
        if (best < 0 || money_compare(o->monthly, options[best].monthly) < 0)
            best = (int)i;
    }
    return best;
}

static enum platform_class leaning_of(double lean, double decides)
{
    return lean >= decides ? CLASS_KUBERNETES : lean <= -decides ? CLASS_SERVERLESS : CLASS_NONE;
}

/* On the limit a class is favoured; only beyond it do leans decide. */
static bool leans_decide(const struct verdict_input *in, const struct recommendation *r)
{
    return fabs(r->lean_sum) > policy_number(in->engine->market.policy, PARAMETER_LEAN_DECIDES);
}

/* No cost: the class that is left, else what the leans say, else nothing. */
static void choose_without_cost(const struct verdict_input *in, struct recommendation *r)
{
    bool left[CLASS_NONE] = {false};
    size_t classes = 0;
    enum platform_class only = CLASS_NONE;
    int option = -1;
    for (size_t i = 0; i < in->option_count; i++) {
        const struct option *o = &in->options[i];
        if (!o->feasible || o->class >= CLASS_HYBRID || left[o->class])
            continue;
        left[o->class] = true;
        classes++;
        only = o->class;
        if (option < 0)
            option = (int)i;
    }
    if (classes == 0) {
        r->verdict = VERDICT_INFEASIBLE;
        r->class = CLASS_NONE;
        return;
    }
    enum platform_class leaning = r->leaning;
    if (classes == 1)
        leaning = only;
    if (leaning != CLASS_NONE && left[leaning] && (classes == 1 || leans_decide(in, r))) {
        r->verdict = VERDICT_DECIDED;
        r->class = leaning;
        r->leaning = leaning;
    } else {
        r->verdict = VERDICT_UNDECIDABLE;
        r->class = CLASS_NONE;
    }
}

void verdict_choose(const struct verdict_input *in, struct recommendation *r)
{
    const struct policy *policy = in->engine->market.policy;
    *r = (struct recommendation){.verdict = VERDICT_UNDECIDABLE, .stability = STABILITY_NONE, .class = CLASS_NONE,
                                 .option = -1, .runner_up = -1, .next_best = -1, .leaning = CLASS_NONE,
                                 .class_confidence = NOT_KNOWN, .nothing_share = NOT_KNOWN, .margin = NOT_KNOWN, .p10_usd = NOT_KNOWN, .p50_usd = NOT_KNOWN,
                                 .p90_usd = NOT_KNOWN, .expected_usd = NOT_KNOWN};
    r->lean_sum = in->assessment->lean;
    r->leaning = leaning_of(r->lean_sum, policy_number(policy, PARAMETER_LEAN_DECIDES));
    r->missing = in->engine->workload->missing;
    r->missing_count = in->engine->workload->missing_count;
    if (in->engine->workload->missing_count > 0) {
        choose_without_cost(in, r);
        return;
    }
    int best = cheapest(in->options, in->option_count, CLASS_NONE, CLASS_NONE);
    if (best < 0) {
        bool uncosted = false;
        for (size_t i = 0; i < in->option_count; i++)
            uncosted = uncosted || (in->options[i].feasible && !in->options[i].costed);
        if (uncosted)
            choose_without_cost(in, r);
        else
            r->verdict = VERDICT_INFEASIBLE;
        return;
    }
    const struct option *o = &in->options[best];
    r->option = best;
    r->class = o->class;
    r->runner_up = cheapest(in->options, in->option_count, CLASS_NONE, o->class);
    for (size_t i = 0; i < in->option_count; i++) {
        if ((int)i == best || !in->options[i].eligible || !in->options[i].costed)
            continue;
        if (r->next_best < 0 || money_compare(in->options[i].monthly, in->options[r->next_best].monthly) < 0)
            r->next_best = (int)i;
    }
    double usd = money_double(o->monthly);
    if (r->runner_up >= 0 && usd > 0)
        r->margin = money_double(in->options[r->runner_up].monthly) / usd - 1;
    r->p10_usd = o->p10_usd;
    r->p50_usd = o->p50_usd;
    r->p90_usd = o->p90_usd;
    r->expected_usd = o->expected_usd;
    if (in->class_share) {
        double all = 0;
        for (int k = 0; k < CLASS_NONE; k++) {
            r->class_share[k] = round(in->class_share[k] * 1e4) / 1e4;
            all += in->class_share[k];
        }
        r->nothing_share = round(fmax(1 - all, 0) * 1e4) / 1e4;
        r->class_confidence = all > 0 ? r->class_share[o->class] : NOT_KNOWN;
    }
    double something = 1 - r->nothing_share; /* NAN without draws: nothing is close then */
    r->limit_close = r->nothing_share > 0 && something > 0 && r->class_confidence / something >= policy_number(policy, PARAMETER_HIGH_CONFIDENCE);
    bool decided = isnan(r->class_confidence) || r->class_confidence >= policy_number(policy, PARAMETER_DECIDED_SHARE);
    r->verdict = decided ? VERDICT_DECIDED : VERDICT_TOO_CLOSE;
}

/* ---- words ---- */

static const char *class_name(enum platform_class c)
{
    switch (c) {
    case CLASS_SERVERLESS: return "serverless";
    case CLASS_MANAGED: return "a managed endpoint";
    case CLASS_KUBERNETES: return "Kubernetes";
    case CLASS_HYBRID: return "a hybrid";
    case CLASS_NONE: break;
    }
    return "none";
}

static struct str usd_text(struct arena *a, double usd)
{
    struct strbuf sb = STRBUF_INIT;
    if (isfinite(usd))
        money_headline(&sb, money_of(usd));
    else
        strbuf_adds(&sb, "not known");
    struct str out = strbuf_copy(&sb, a);
    strbuf_release(&sb);
    return out;
}

/* An end of an interval: two significant digits, more would promise what the draws do not know. */
static struct str bound_text(struct arena *a, double usd)
{
    if (!isfinite(usd) || usd <= 0)
        return usd_text(a, usd);
    double step = pow(10, floor(log10(usd)) - 1);
    return usd_text(a, nearbyint(usd / step) * step);
}

struct reasons {
    struct reason *items;
    size_t count, capacity;
    struct arena *a;
};

static void add_reason(struct reasons *r, struct str text, enum question question)
{
    if (r->count == r->capacity)
        r->items = arena_grow(r->a, struct reason, r->items, r->count, &r->capacity);
    struct reason *item = &r->items[r->count++];
    *item = (struct reason){.text = text};
    if (question < QUESTION_COUNT) {
        struct str *findings = arena_new(r->a, struct str, 1);
        findings[0] = str_of(question_word(question));
        item->findings = findings;
        item->finding_count = 1;
    }
}

/* ", in 4 of them nothing meets them all": cases that belong to no class. */
static struct str nothing_text(struct arena *a, const struct recommendation *r)
{
    if (!(r->nothing_share > 0))
        return STR("");
    if (r->nothing_share < 0.01)
        return STR(", in fewer than 1 nothing meets them all");
    return str_printf(a, ", in %.0f nothing meets them all", nearbyint(100 * r->nothing_share));
}

/* An end of a crossing; what is the cheapest there may not be among today's options. */
static struct str crossing_name(const struct verdict_input *in, int option, struct str name)
{
    return option >= 0 ? in->options[option].name : name;
}

static void explain_costed(const struct verdict_input *in, struct decision *d, struct reasons *out)
{
    struct arena *a = in->engine->a;
    struct recommendation *r = &d->recommendation;
    const struct option *o = &in->options[r->option];
    double usd = money_double(o->monthly);
    size_t feasible = 0;
    for (size_t i = 0; i < in->option_count; i++)
        feasible += in->options[i].eligible && in->options[i].costed;
    if (r->runner_up >= 0) {
        const struct option *n = &in->options[r->runner_up];
        add_reason(out, str_printf(a, "%.*s costs %.*s a month, people included, the least of %zu eligible options; the best option of another class, %.*s, costs %.*s, %.0f%% more.",
                                   STR_ARG(o->name), STR_ARG(usd_text(a, usd)), feasible, STR_ARG(n->name),
                                   STR_ARG(usd_text(a, money_double(n->monthly))), 100 * r->margin),
                   QUESTION_COUNT);
    } else {
        add_reason(out, str_printf(a, "%.*s costs %.*s a month, people included, the least of %zu eligible options; no option of another class is eligible.",
                                   STR_ARG(o->name), STR_ARG(usd_text(a, usd)), feasible),
                   QUESTION_COUNT);
    }
    bool almost = r->class_confidence < 1 && r->class_confidence >= 0.995;
    if (!isnan(r->class_confidence) && (r->runner_up >= 0 || r->verdict == VERDICT_TOO_CLOSE))
        add_reason(out, str_printf(a, "In %s%.0f of 100 simulated cases %s is the cheapest that meets every requirement%.*s; the 80%% interval of the cost of %.*s is %.*s to %.*s.",
                                   almost ? "more than " : "", almost ? 99 : nearbyint(100 * r->class_confidence), class_name(r->class), STR_ARG(nothing_text(a, r)),
                                   STR_ARG(o->name), STR_ARG(bound_text(a, r->p10_usd)), STR_ARG(bound_text(a, r->p90_usd))),
                   QUESTION_COUNT);
    double infra = money_double(o->infrastructure);
    int by_infrastructure = -1;
    for (size_t i = 0; i < in->option_count; i++)
        if (in->options[i].eligible && in->options[i].costed &&
            (by_infrastructure < 0 || money_compare(in->options[i].infrastructure, in->options[by_infrastructure].infrastructure) < 0))
            by_infrastructure = (int)i;
    if (by_infrastructure >= 0 && in->options[by_infrastructure].class != r->class)
        add_reason(out, str_printf(a, "Without people the order changes: infrastructure alone costs %.*s here and %.*s for %.*s.",
                                   STR_ARG(usd_text(a, infra)), STR_ARG(usd_text(a, money_double(in->options[by_infrastructure].infrastructure))),
                                   STR_ARG(in->options[by_infrastructure].name)),
                   QUESTION_TEAM);
    else
        add_reason(out, str_printf(a, "Infrastructure alone costs %.*s, people %.*s; the order is the same without people.", STR_ARG(usd_text(a, infra)),
                                   STR_ARG(usd_text(a, money_double(o->operations)))),
                   QUESTION_TEAM);
    for (size_t i = 0; i < d->crossover_count; i++) {
        const struct crossover *c = &d->crossovers[i];
        if (c->from != r->option && c->to != r->option)
            continue;
        struct str from = crossing_name(in, c->from, c->from_name), to = crossing_name(in, c->to, c->to_name);
        add_reason(out, str_printf(a, "%.*s and %.*s cost the same at %.*s requests a day; today's volume is %.*s.", STR_ARG(from), STR_ARG(to),
                                   STR_ARG(prose_number(a, c->at)), STR_ARG(prose_number(a, d->volume.now))),
                   QUESTION_TRAFFIC);
        break;
    }
}

static void explain_rules(const struct verdict_input *in, struct reasons *out, enum platform_class toward)
{
    size_t told = 0;
    for (int strength = STRENGTH_HARD; strength >= STRENGTH_WEAK && told < 4; strength--)
        for (size_t i = 0; i < in->assessment->count && told < 4; i++) {
            const struct applied_rule *rule = &in->assessment->rules[i];
            if ((int)rule->rule->strength != strength || rule->rule->toward != toward)
                continue;
            add_reason(out, rule->text, rule->rule->question);
            told++;
        }
}

/* The limit that is broken alone by the cheapest otherwise possible option. */
static void explain_infeasible(const struct verdict_input *in, struct decision *d, struct reasons *out)
{
    struct arena *a = in->engine->a;
    int best = -1;
    for (size_t i = 0; i < in->option_count; i++) {
        const struct option *o = &in->options[i];
        if (o->violation_count == 0 || o->class == CLASS_HYBRID)
            continue;
        if (best < 0) {
            best = (int)i;
            continue;
        }
        const struct option *b = &in->options[best];
        bool fewer = o->violation_count < b->violation_count;
        bool cheaper = o->violation_count == b->violation_count && o->costed && (!b->costed || money_compare(o->monthly, b->monthly) < 0);
        if (fewer || cheaper)
            best = (int)i;
    }
    if (best < 0) {
        bool any_feasible = false;
        for (size_t i = 0; i < in->option_count; i++)
            any_feasible = any_feasible || in->options[i].feasible;
        d->recommendation.relax = any_feasible ? STR("no feasible option may be bought as `purchase` allows: allow another kind of purchase")
                                               : STR("the price book holds no platform that serves this workload");
        return;
    }
    const struct option *o = &in->options[best];
    struct str list = STR("");
    for (size_t i = 0; i < o->violation_count; i++)
        list = i == 0 ? o->violations[i].text : str_printf(a, "%.*s; %.*s", STR_ARG(list), STR_ARG(o->violations[i].text));
    struct str price = o->costed ? str_printf(a, "at %.*s a month", STR_ARG(usd_text(a, money_double(o->monthly)))) : STR("at a cost that is not known");
    d->recommendation.relax = str_printf(a, "Nearest is %.*s, %.*s, once this is relaxed: %.*s.", STR_ARG(o->name), STR_ARG(price), STR_ARG(list));
    add_reason(out, str_printf(a, "No option meets every answer. %.*s", STR_ARG(d->recommendation.relax)), QUESTION_COUNT);
}

static struct str sentence_of(const struct verdict_input *in, const struct decision *d)
{
    struct arena *a = in->engine->a;
    const struct recommendation *r = &d->recommendation;
    switch (r->verdict) {
    case VERDICT_INFEASIBLE: return STR("No option meets every answer.");
    case VERDICT_UNDECIDABLE: return STR("What is known does not carry a verdict; the answers to get first are named below.");
    case VERDICT_TOO_CLOSE:
        if (r->limit_close)
            return str_printf(a, "Close to a limit: in %.0f of 100 cases no option meets every limit; in the others %.*s, at %.*s a month.",
                              nearbyint(100 * r->nothing_share), STR_ARG(in->options[r->option].name),
                              STR_ARG(usd_text(a, money_double(in->options[r->option].monthly))));
        if (r->runner_up < 0)
            return str_printf(a, "Close to a limit: %.*s, at %.*s a month, is all that is left at the likely values, and the cheapest in only %.0f of 100 cases.",
                              STR_ARG(in->options[r->option].name), STR_ARG(usd_text(a, money_double(in->options[r->option].monthly))),
                              nearbyint(100 * r->class_confidence));
        return str_printf(a, "Too close: %.*s at %.*s or %.*s at %.*s a month.", STR_ARG(in->options[r->option].name),
                          STR_ARG(usd_text(a, money_double(in->options[r->option].monthly))), STR_ARG(in->options[r->runner_up].name),
                          STR_ARG(usd_text(a, money_double(in->options[r->runner_up].monthly))));
    case VERDICT_DECIDED: break;
    }
    if (r->option < 0)
        return str_printf(a, "The answers lean toward %s; no cost can be computed yet, so confidence is low.", class_name(r->class));
    return str_printf(a, "%.*s, at %.*s a month.", STR_ARG(in->options[r->option].name),
                      STR_ARG(usd_text(a, money_double(in->options[r->option].monthly))));
}

void verdict_explain(const struct verdict_input *in, struct decision *d)
{
    struct recommendation *r = &d->recommendation;
    struct reasons reasons = {.a = in->engine->a};
    struct arena *a = in->engine->a;
    if (r->option >= 0) {
        bool flips = false;
        for (size_t i = 0; i < d->sensitivity_count; i++)
            flips = flips || d->sensitivity[i].flip_within_range;
        r->stability = r->verdict == VERDICT_TOO_CLOSE ? STABILITY_TOO_CLOSE : flips ? STABILITY_SENSITIVE : STABILITY_ROBUST;
        explain_costed(in, d, &reasons);
        explain_rules(in, &reasons, r->class);
    } else if (r->verdict == VERDICT_INFEASIBLE) {
        explain_infeasible(in, d, &reasons);
    } else {
        for (size_t i = 0; i < r->missing_count; i++)
            add_reason(&reasons, str_printf(a, "No cost can be computed without %.*s.", STR_ARG(r->missing[i])), QUESTION_COUNT);
        if (r->class != CLASS_NONE)
            explain_rules(in, &reasons, r->class);
    }
    r->reasons = reasons.items;
    r->reason_count = reasons.count;
    r->sentence = sentence_of(in, d);
}

/* ---- findings ---- */

static enum question question_of_limit(struct str limit)
{
    static const struct {
        const char *limit;
        enum question question;
    } MAP[] = {
        {"gpus", QUESTION_GPU}, {"vram_gb", QUESTION_GPU}, {"not-comparable", QUESTION_GPU},
        {"p99_ms", QUESTION_LATENCY}, {"p95_ms", QUESTION_LATENCY}, {"p50_ms", QUESTION_LATENCY}, {"deadline_h", QUESTION_LATENCY},
        {"scale_to_zero", QUESTION_TRAFFIC}, {"payload_mb", QUESTION_TRAFFIC},
        {"dependencies", QUESTION_DEPENDENCIES},
        {"memory_gb", QUESTION_MODELS}, {"vcpu", QUESTION_MODELS}, {"timeout_s", QUESTION_MODELS}, {"job_timeout_s", QUESTION_MODELS}, {"response_s", QUESTION_MODELS}, {"image_gb", QUESTION_MODELS},
        {"nodes", QUESTION_MODELS}, {"kind", QUESTION_MODELS},
        {"tenancy", QUESTION_COMPLIANCE}, {"provider", QUESTION_COMPLIANCE}, {"region", QUESTION_COMPLIANCE},
    };
    for (size_t i = 0; i < sizeof MAP / sizeof *MAP; i++)
        if (str_is(limit, MAP[i].limit))
            return MAP[i].question;
    return QUESTION_COUNT;
}

static struct str answer_of(const struct verdict_input *in, enum question q)
{
    struct arena *a = in->engine->a;
    const struct facts *f = in->facts;
#define TEXT(fact) STR_ARG(fact_text(f, fact, a))
    switch (q) {
    case QUESTION_GPU:
        if (f->v[FACT_GPU_NEED].known && str_is(f->v[FACT_GPU_NEED].word, "required"))
            return f->v[FACT_GPU_VRAM_GB].known ? str_printf(a, "required, %.*s of GPU memory", TEXT(FACT_GPU_VRAM_GB)) : STR("required");
        return fact_text(f, FACT_GPU_NEED, a);
    case QUESTION_LATENCY:
        if (f->v[FACT_LATENCY_P99_MS].known)
            return str_printf(a, "p99 %.*s", TEXT(FACT_LATENCY_P99_MS));
        return f->v[FACT_ONLINE].known && str_is(f->v[FACT_ONLINE].word, "false") ? STR("no latency requirement") : STR("not answered");
    case QUESTION_TRAFFIC:
        if (!f->v[FACT_TRAFFIC_REQUESTS_PER_DAY].known)
            return STR("volume not known");
        if (f->v[FACT_TRAFFIC_PEAK_RPS].known)
            return str_printf(a, "%.*s requests a day, peak %.*s", TEXT(FACT_TRAFFIC_REQUESTS_PER_DAY), TEXT(FACT_TRAFFIC_PEAK_RPS));
        return str_printf(a, "%.*s requests a day", TEXT(FACT_TRAFFIC_REQUESTS_PER_DAY));
    case QUESTION_DEPENDENCIES: return f->v[FACT_DEPENDENCIES_CUSTOM].known ? fact_text(f, FACT_DEPENDENCIES_CUSTOM, a) : STR("not answered");
    case QUESTION_TEAM:
        if (!f->v[FACT_TEAM_PLATFORM_ENGINEERS].known)
            return STR("not answered");
        return str_printf(a, "%.*s platform engineers%s", TEXT(FACT_TEAM_PLATFORM_ENGINEERS),
                          in->engine->workload->existing_cluster == TRI_YES ? ", a cluster exists" : "");
    case QUESTION_MODELS: return str_printf(a, "%.*s models, %.*s jobs", TEXT(FACT_MODELS_COUNT),
                                            STR_ARG(str_printf(a, "%zu", in->engine->workload->part_count - in->engine->workload->model_count)));
    case QUESTION_COMPLIANCE: {
        struct str tenancy = f->v[FACT_COMPLIANCE_TENANCY].known ? str_printf(a, "%.*s-tenant", TEXT(FACT_COMPLIANCE_TENANCY)) : STR("tenancy not answered");
        const struct questionnaire *qn = in->engine->workload->questionnaire;
        for (size_t i = 0; i < qn->regime_count; i++)
            tenancy = str_printf(a, "%.*s, %.*s", STR_ARG(tenancy), STR_ARG(qn->regimes[i]));
        return tenancy;
    }
    case QUESTION_COUNT: break;
    }
#undef TEXT
    return STR("");
}

static struct str join_sources(struct arena *a, const struct str *sources, size_t count)
{
    struct str out = STR("");
    for (size_t i = 0; i < count; i++)
        out = i == 0 ? sources[i] : str_printf(a, "%.*s, %.*s", STR_ARG(out), STR_ARG(sources[i]));
    return out;
}

/* Options that a question's limits exclude, and an example of the reason. */
static bool catalogue_finding(const struct verdict_input *in, enum question q, struct finding *out)
{
    struct arena *a = in->engine->a;
    size_t excluded = 0, left[CLASS_NONE] = {0}, all[CLASS_NONE] = {0};
    const struct violation *example = NULL;
    for (size_t i = 0; i < in->option_count; i++) {
        const struct option *o = &in->options[i];
        if (o->class >= CLASS_HYBRID)
            continue;
        bool hit = false;
        for (size_t k = 0; k < o->violation_count && !hit; k++)
            if (question_of_limit(o->violations[k].limit) == q) {
                hit = true;
                if (!example)
                    example = &o->violations[k];
            }
        excluded += hit;
        all[o->class]++;
        left[o->class] += !hit;
    }
    if (excluded == 0)
        return false;
    enum platform_class toward = CLASS_NONE;
    if (left[CLASS_KUBERNETES] > 0 && left[CLASS_SERVERLESS] == 0 && all[CLASS_SERVERLESS] > 0)
        toward = CLASS_KUBERNETES;
    else if (left[CLASS_SERVERLESS] > 0 && left[CLASS_KUBERNETES] == 0 && all[CLASS_KUBERNETES] > 0)
        toward = CLASS_SERVERLESS;
    *out = (struct finding){.question = q, .strength = STRENGTH_HARD, .toward = toward,
                            .rule_id = str_printf(a, "limit-%.*s", STR_ARG(example->limit)),
                            .text = str_printf(a, "Excludes %zu of %zu options; for example: %.*s.", excluded, in->option_count, STR_ARG(example->text)),
                            .source = STR("catalogue")};
    return true;
}

void verdict_findings(const struct verdict_input *in, struct decision *d)
{
    struct arena *a = in->engine->a;
    struct finding *out = arena_new(a, struct finding, in->assessment->count + 2 * QUESTION_COUNT + 1);
    size_t count = 0;
    for (int q = 0; q < QUESTION_COUNT; q++) {
        size_t before = count;
        struct str answer = answer_of(in, (enum question)q);
        if (catalogue_finding(in, (enum question)q, &out[count])) {
            out[count].answer = answer;
            count++;
        }
        for (int strength = STRENGTH_HARD; strength >= STRENGTH_NEUTRAL; strength--)
            for (size_t i = 0; i < in->assessment->count; i++) {
                const struct applied_rule *r = &in->assessment->rules[i];
                if ((int)r->rule->question != q || (int)r->rule->strength != strength)
                    continue;
                out[count++] = (struct finding){.question = (enum question)q, .answer = answer, .strength = r->rule->strength,
                                                .toward = r->rule->toward, .rule = r->rule, .rule_id = r->rule->id, .text = r->text,
                                                .source = join_sources(a, r->rule->sources, r->rule->source_count)};
            }
        if (count == before)
            out[count++] = (struct finding){.question = (enum question)q, .answer = answer, .strength = STRENGTH_NEUTRAL, .toward = CLASS_NONE,
                                            .rule_id = STR("none"), .text = STR("No limit is broken and no rule speaks."), .source = STR("catalogue")};
    }
    d->findings = out;
    d->finding_count = count;
}
