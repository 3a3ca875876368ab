#include "assess/fact.h"

#include "base/arena.h"
#include "base/strbuf.h"
#include "number/money.h"

#include <assert.h>
#include <math.h>

static const struct {
    struct str name;
    const char *unit; /* suffix in texts; "%": a share; "$": dollars a month */
} FACTS[FACT_COUNT] = {
    [FACT_GPU_NEED] = {{"gpu.need", 8}, ""},
    [FACT_GPU_COUNT] = {{"gpu.count", 9}, ""},
    [FACT_GPU_VRAM_GB] = {{"gpu.vram_gb", 11}, " GB"},
    [FACT_LATENCY_P99_MS] = {{"latency.p99_ms", 14}, " ms"},
    [FACT_LATENCY_P95_MS] = {{"latency.p95_ms", 14}, " ms"},
    [FACT_LATENCY_P50_MS] = {{"latency.p50_ms", 14}, " ms"},
    [FACT_LATENCY_AVAILABILITY] = {{"latency.availability", 20}, ""},
    [FACT_LATENCY_STATED] = {{"latency.stated", 14}, ""},
    [FACT_TRAFFIC_REQUESTS_PER_DAY] = {{"traffic.requests_per_day", 24}, ""},
    [FACT_TRAFFIC_MEAN_RPS] = {{"traffic.mean_rps", 16}, " requests a second"},
    [FACT_TRAFFIC_PEAK_RPS] = {{"traffic.peak_rps", 16}, " requests a second"},
    [FACT_TRAFFIC_PEAK_TO_MEAN] = {{"traffic.peak_to_mean", 20}, ""},
    [FACT_TRAFFIC_CV] = {{"traffic.cv", 10}, ""},
    [FACT_TRAFFIC_IDLE_SHARE] = {{"traffic.idle_share", 18}, "%"},
    [FACT_TRAFFIC_ACTIVE_HOURS] = {{"traffic.active_hours_per_day", 28}, " h"},
    [FACT_TRAFFIC_SCALE_TO_ZERO] = {{"traffic.scale_to_zero", 21}, ""},
    [FACT_TRAFFIC_PERIODIC_S] = {{"traffic.periodic_s", 18}, " s"},
    [FACT_TRAFFIC_BURST] = {{"traffic.burst", 13}, ""},
    [FACT_TRAFFIC_BASIS] = {{"traffic.basis", 13}, ""},
    [FACT_DEPENDENCIES_CUSTOM] = {{"dependencies.custom", 19}, ""},
    [FACT_TEAM_PLATFORM_ENGINEERS] = {{"team.platform_engineers", 23}, ""},
    [FACT_TEAM_DATA_SCIENTISTS] = {{"team.data_scientists", 20}, ""},
    [FACT_TEAM_EXISTING_CLUSTER] = {{"team.existing_cluster", 21}, ""},
    [FACT_MODELS_COUNT] = {{"models.count", 12}, ""},
    [FACT_MODELS_SIZE_MB] = {{"models.size_mb", 14}, " MB"},
    [FACT_MODELS_MEMORY_MB] = {{"models.memory_mb", 16}, " MB"},
    [FACT_MODELS_VRAM_GB] = {{"models.vram_gb", 14}, " GB"},
    [FACT_MODELS_DURATION_MS] = {{"models.duration_ms", 18}, " ms"},
    [FACT_MODELS_SHARE_HARDWARE] = {{"models.share_hardware", 21}, ""},
    [FACT_MODELS_KIND] = {{"models.kind", 11}, ""},
    [FACT_MODELS_MEMORY_TO_SIZE] = {{"models.memory_to_size", 21}, ""},
    [FACT_ONLINE] = {{"online", 6}, ""},
    [FACT_HAS_TRAINING] = {{"has_training", 12}, ""},
    [FACT_HAS_BATCH] = {{"has_batch", 9}, ""},
    [FACT_HAS_JOBS] = {{"has_jobs", 8}, ""},
    [FACT_PARTS] = {{"parts", 5}, ""},
    [FACT_JOB_HOURS] = {{"job.hours", 9}, " h"},
    [FACT_JOB_GPUS] = {{"job.gpus", 8}, ""},
    [FACT_JOB_NODES] = {{"job.nodes", 9}, ""},
    [FACT_JOB_CHECKPOINTS] = {{"job.checkpoints", 15}, ""},
    [FACT_JOB_INTERRUPTIBLE] = {{"job.interruptible", 17}, ""},
    [FACT_JOB_KIND] = {{"job.kind", 8}, ""},
    [FACT_BATCH_GB_HOURS] = {{"batch.gb_hours", 14}, " GB-hours a month"},
    [FACT_COMPLIANCE_TENANCY] = {{"compliance.tenancy", 18}, ""},
    [FACT_COMPLIANCE_REGIMES] = {{"compliance.regimes", 18}, ""},
    [FACT_COMPLIANCE_AUDITED] = {{"compliance.audited", 18}, ""},
    [FACT_COMPLIANCE_RESIDENCY] = {{"compliance.residency", 20}, ""},
    [FACT_COMPLIANCE_PORTABILITY] = {{"compliance.portability", 22}, ""},
    [FACT_STAGE] = {{"stage", 5}, ""},
    [FACT_CURRENT_CLASS] = {{"current.class", 13}, ""},
    [FACT_CURRENT_PLATFORM] = {{"current.platform", 16}, ""},
    [FACT_REVIEW_STATED] = {{"review.stated", 13}, ""},
    [FACT_EGRESS_GB] = {{"egress.gb_per_month", 19}, " GB a month"},
    [FACT_CONCURRENCY] = {{"concurrency", 11}, " requests at once"},
    [FACT_COST_KNOWN] = {{"cost.known", 10}, ""},
    [FACT_COST_SERVERLESS_USD] = {{"cost.serverless_usd", 19}, "$"},
    [FACT_COST_KUBERNETES_USD] = {{"cost.kubernetes_usd", 19}, "$"},
    [FACT_COST_RATIO] = {{"cost.ratio", 10}, ""},
    [FACT_COST_KUBERNETES_SAVING] = {{"cost.kubernetes_saving", 22}, "%"},
    [FACT_COST_SERVERLESS_SAVING] = {{"cost.serverless_saving", 22}, "%"},
    [FACT_COST_SERVERLESS_INFRASTRUCTURE_USD] = {{"cost.serverless_infrastructure_usd", 34}, "$"},
    [FACT_COST_DEAREST_SHARE] = {{"cost.dearest_share", 18}, "%"},
    [FACT_UTILISATION] = {{"utilisation", 11}, "%"},
    [FACT_COLD_SHARE] = {{"cold_share", 10}, "%"},
    [FACT_RECOMMENDATION_CLASS] = {{"recommendation.class", 20}, ""},
    [FACT_RECOMMENDATION_PLATFORM] = {{"recommendation.platform", 23}, ""},
    [FACT_RECOMMENDATION_PROVIDER] = {{"recommendation.provider", 23}, ""},
    [FACT_RECOMMENDATION_VERDICT] = {{"recommendation.verdict", 22}, ""},
    [FACT_RECOMMENDATION_PURCHASE] = {{"recommendation.purchase", 23}, ""},
    [FACT_RECOMMENDATION_SCALING] = {{"recommendation.scaling", 22}, ""},
    [FACT_RECOMMENDATION_GPU] = {{"recommendation.gpu", 18}, ""},
    [FACT_RECOMMENDATION_WARM] = {{"recommendation.warm", 19}, ""},
    [FACT_MARGIN] = {{"margin", 6}, "%"},
    [FACT_CONFIDENCE] = {{"confidence", 10}, "%"},
};

static struct str name_of(size_t i)
{
    return FACTS[i].name;
}

const struct str *fact_names(size_t *count)
{
    /* The names stand first in every row, but rows are wider: a table of names alone. */
    static const struct str NAMES[] = {
#define NAME(lit) {lit, sizeof(lit) - 1}
        NAME("gpu.need"), NAME("gpu.count"), NAME("gpu.vram_gb"), NAME("latency.p99_ms"), NAME("latency.p95_ms"),
        NAME("latency.p50_ms"), NAME("latency.availability"), NAME("latency.stated"), NAME("traffic.requests_per_day"),
        NAME("traffic.mean_rps"), NAME("traffic.peak_rps"), NAME("traffic.peak_to_mean"), NAME("traffic.cv"),
        NAME("traffic.idle_share"), NAME("traffic.active_hours_per_day"), NAME("traffic.scale_to_zero"),
        NAME("traffic.periodic_s"), NAME("traffic.burst"), NAME("traffic.basis"), NAME("dependencies.custom"),
        NAME("team.platform_engineers"), NAME("team.data_scientists"), NAME("team.existing_cluster"), NAME("models.count"),
        NAME("models.size_mb"), NAME("models.memory_mb"), NAME("models.vram_gb"), NAME("models.duration_ms"),
        NAME("models.share_hardware"), NAME("models.kind"), NAME("models.memory_to_size"), NAME("online"),
        NAME("has_training"), NAME("has_batch"), NAME("has_jobs"), NAME("parts"), NAME("job.hours"), NAME("job.gpus"),
        NAME("job.nodes"), NAME("job.checkpoints"), NAME("job.interruptible"), NAME("job.kind"), NAME("batch.gb_hours"),
        NAME("compliance.tenancy"), NAME("compliance.regimes"), NAME("compliance.audited"), NAME("compliance.residency"),
        NAME("compliance.portability"),
        NAME("stage"), NAME("current.class"), NAME("current.platform"), NAME("review.stated"), NAME("egress.gb_per_month"),
        NAME("concurrency"), NAME("cost.known"), NAME("cost.serverless_usd"), NAME("cost.kubernetes_usd"), NAME("cost.ratio"),
        NAME("cost.kubernetes_saving"), NAME("cost.serverless_saving"), NAME("cost.serverless_infrastructure_usd"),
        NAME("cost.dearest_share"), NAME("utilisation"), NAME("cold_share"), NAME("recommendation.class"),
        NAME("recommendation.platform"), NAME("recommendation.provider"), NAME("recommendation.verdict"),
        NAME("recommendation.purchase"), NAME("recommendation.scaling"), NAME("recommendation.gpu"),
        NAME("recommendation.warm"), NAME("margin"), NAME("confidence"),
#undef NAME
    };
    _Static_assert(sizeof NAMES / sizeof *NAMES == FACT_COUNT, "one name a fact, in the order of enum fact");
    *count = FACT_COUNT;
    return NAMES;
}

int fact_find(struct str name)
{
    for (size_t i = 0; i < FACT_COUNT; i++)
        if (str_equal(name_of(i), name))
            return (int)i;
    return -1;
}

void fact_set_number(struct facts *f, enum fact which, double value)
{
    f->v[which] = (struct fact_value){.known = isfinite(value), .number = value};
}

void fact_set_word(struct facts *f, enum fact which, struct str word)
{
    f->v[which] = (struct fact_value){.known = word.n > 0, .is_word = true, .word = word};
}

void fact_set_bool(struct facts *f, enum fact which, bool value)
{
    fact_set_word(f, which, value ? STR("true") : STR("false"));
}

static void set_tristate(struct facts *f, enum fact which, enum tristate t)
{
    if (t != TRI_UNKNOWN)
        fact_set_bool(f, which, t == TRI_YES);
}

static bool answered(const struct workload *w, const struct part *p, enum figure f)
{
    return p->variable[f] >= 0 && w->variables[p->variable[f]].is_answered;
}

/* The largest (or, for limits, the smallest) answered figure over the parts. */
static void fold(struct facts *f, enum fact which, double value, bool smallest)
{
    struct fact_value *v = &f->v[which];
    if (!v->known || (smallest ? value < v->number : value > v->number))
        fact_set_number(f, which, value);
}

static void facts_of_model(const struct workload *w, const struct part *p, const struct part_state *s, struct facts *f)
{
    static const struct {
        enum figure figure;
        enum fact fact;
        bool smallest;
    } LARGEST[] = {
        {FIGURE_SIZE_MB,     FACT_MODELS_SIZE_MB,     false},
        {FIGURE_MEMORY_MB,   FACT_MODELS_MEMORY_MB,   false},
        {FIGURE_DURATION_MS, FACT_MODELS_DURATION_MS, false},
        {FIGURE_VRAM_GB,     FACT_MODELS_VRAM_GB,     false},
        {FIGURE_VRAM_GB,     FACT_GPU_VRAM_GB,        false},
        {FIGURE_GPU_COUNT,   FACT_GPU_COUNT,          false},
        {FIGURE_P99_MS,      FACT_LATENCY_P99_MS,     true },
        {FIGURE_P95_MS,      FACT_LATENCY_P95_MS,     true },
        {FIGURE_P50_MS,      FACT_LATENCY_P50_MS,     true },
    };
    for (size_t i = 0; i < sizeof LARGEST / sizeof *LARGEST; i++)
        if (answered(w, p, LARGEST[i].figure))
            fold(f, LARGEST[i].fact, s->x[LARGEST[i].figure], LARGEST[i].smallest);
    if (answered(w, p, FIGURE_SIZE_MB) && answered(w, p, FIGURE_MEMORY_MB) && s->x[FIGURE_SIZE_MB] > 0)
        fold(f, FACT_MODELS_MEMORY_TO_SIZE, s->x[FIGURE_MEMORY_MB] / s->x[FIGURE_SIZE_MB], false);
    if (p->kind == MODEL_BATCH && p->costable)
        fact_set_number(f, FACT_BATCH_GB_HOURS,
                        (f->v[FACT_BATCH_GB_HOURS].known ? f->v[FACT_BATCH_GB_HOURS].number : 0) +
                            s->requests * p->multiplicity * s->service_s * s->x[FIGURE_MEMORY_MB] / 1024 / 3600);
}

static void facts_of_job(const struct workload *w, const struct part *p, const struct part_state *s, struct facts *f)
{
    if (answered(w, p, FIGURE_JOB_HOURS))
        fold(f, FACT_JOB_HOURS, s->x[FIGURE_JOB_HOURS], false);
    fold(f, FACT_JOB_GPUS, s->x[FIGURE_JOB_COUNT] * s->x[FIGURE_JOB_NODES], false);
    fold(f, FACT_JOB_NODES, s->x[FIGURE_JOB_NODES], false);
    if (p->job_kind == JOB_BATCH && p->costable && s->x[FIGURE_MEMORY_MB] > 0)
        fact_set_number(f, FACT_BATCH_GB_HOURS,
                        (f->v[FACT_BATCH_GB_HOURS].known ? f->v[FACT_BATCH_GB_HOURS].number : 0) +
                            s->x[FIGURE_JOB_HOURS] * s->x[FIGURE_JOB_RUNS] * s->x[FIGURE_MEMORY_MB] / 1024);
    if (p->checkpoints)
        fact_set_bool(f, FACT_JOB_CHECKPOINTS, true);
    fact_set_word(f, FACT_JOB_KIND, str_of(job_kind_word(p->job_kind)));
}

void facts_of(const struct workload *w, const struct book *book, const struct state *s, int part, struct facts *out)
{
    *out = (struct facts){0};
    const struct questionnaire *q = w->questionnaire;
    bool online = false, training = false, batch = false, jobs = false, stated = false, interruptible = false;
    bool gpu = false, optional = false, mixed = false;
    const char *kind = NULL;
    double egress = 0, in_flight = 0, requests = 0, mean = 0, peak = 0;
    bool volume = false;
    for (size_t i = 0; i < w->part_count; i++) {
        if (part >= 0 && (size_t)part != i)
            continue;
        const struct part *p = &w->parts[i];
        const struct part_state *ps = &s->parts[i];
        gpu = gpu || p->needs_gpu;
        optional = optional || p->gpu_optional;
        if (p->is_job) {
            jobs = true;
            training = training || p->job_kind == JOB_TRAINING;
            batch = batch || p->job_kind == JOB_BATCH;
            interruptible = interruptible || (p->interruptible && p->job_kind != JOB_AUTOMATION);
            facts_of_job(w, p, ps, out);
            continue;
        }
        online = online || p->is_online;
        batch = batch || p->kind == MODEL_BATCH;
        interruptible = interruptible || (p->interruptible && (p->kind == MODEL_BATCH || p->kind == MODEL_ASYNC));
        stated = stated || (p->is_online && (answered(w, p, FIGURE_P99_MS) || answered(w, p, FIGURE_P95_MS) || answered(w, p, FIGURE_P50_MS)));
        mixed = mixed || (kind && !str_is(str_of(kind), model_kind_word(p->kind)));
        kind = model_kind_word(p->kind);
        facts_of_model(w, p, ps, out);
        egress += ps->requests * p->multiplicity * ps->x[FIGURE_RESPONSE_KB] * ps->x[FIGURE_INTERNET_SHARE] / 1e6;
        in_flight += ps->peak_rps * ps->service_s * p->multiplicity;
        volume = volume || answered(w, p, FIGURE_REQUESTS_PER_DAY) || answered(w, p, FIGURE_STREAMS);
        requests += ps->x[FIGURE_REQUESTS_PER_DAY] * p->multiplicity;
        mean += ps->mean_rps * p->multiplicity;
        peak += ps->peak_rps * p->multiplicity;
    }
    if (gpu)
        fact_set_word(out, FACT_GPU_NEED, STR("required"));
    else if (q->gpu.need != GPU_UNKNOWN || optional)
        fact_set_word(out, FACT_GPU_NEED, str_of(gpu_need_word(optional ? GPU_OPTIONAL : q->gpu.need)));
    if (q->latency.availability.given)
        fact_set_number(out, FACT_LATENCY_AVAILABILITY, q->latency.availability.likely);
    fact_set_bool(out, FACT_LATENCY_STATED, stated);
    if (volume) {
        fact_set_number(out, FACT_TRAFFIC_REQUESTS_PER_DAY, requests);
        fact_set_number(out, FACT_TRAFFIC_MEAN_RPS, mean);
    }
    const struct traffic_answers *t = &q->traffic;
    bool measured = w->model_count > 0 && w->parts[0].measured;
    if (volume && (t->peak_rps.given || t->cv.given || measured)) {
        fact_set_number(out, FACT_TRAFFIC_PEAK_RPS, peak);
        if (mean > 0)
            fact_set_number(out, FACT_TRAFFIC_PEAK_TO_MEAN, peak / mean);
    }
    if (t->cv.given)
        fact_set_number(out, FACT_TRAFFIC_CV, t->cv.likely);
    else if ((t->peak_rps.given || measured) && w->model_count > 0)
        fact_set_number(out, FACT_TRAFFIC_CV, s->parts[0].curve.cv);
    if (t->idle_share.given)
        fact_set_number(out, FACT_TRAFFIC_IDLE_SHARE, t->idle_share.likely);
    else if (t->active_hours_per_day.given)
        fact_set_number(out, FACT_TRAFFIC_IDLE_SHARE, 1 - t->active_hours_per_day.likely / 24);
    if (t->active_hours_per_day.given)
        fact_set_number(out, FACT_TRAFFIC_ACTIVE_HOURS, t->active_hours_per_day.likely);
    set_tristate(out, FACT_TRAFFIC_SCALE_TO_ZERO, t->scale_to_zero);
    if (t->periodic_s.given)
        fact_set_number(out, FACT_TRAFFIC_PERIODIC_S, t->periodic_s.likely);
    if (t->burst.given)
        fact_set_number(out, FACT_TRAFFIC_BURST, t->burst.likely);
    if (t->basis != BASIS_UNKNOWN)
        fact_set_word(out, FACT_TRAFFIC_BASIS, str_of(basis_word(t->basis)));
    if (q->custom != CUSTOM_UNKNOWN)
        fact_set_word(out, FACT_DEPENDENCIES_CUSTOM, str_of(custom_word(q->custom)));
    if (q->platform_engineers.given)
        fact_set_number(out, FACT_TEAM_PLATFORM_ENGINEERS, q->platform_engineers.likely);
    if (q->data_scientists.given)
        fact_set_number(out, FACT_TEAM_DATA_SCIENTISTS, q->data_scientists.likely);
    set_tristate(out, FACT_TEAM_EXISTING_CLUSTER, w->existing_cluster);
    fact_set_number(out, FACT_MODELS_COUNT, q->model_count.given ? q->model_count.likely : (double)w->model_count);
    set_tristate(out, FACT_MODELS_SHARE_HARDWARE, q->share_hardware);
    if (kind)
        fact_set_word(out, FACT_MODELS_KIND, mixed ? STR("mixed") : str_of(kind));
    fact_set_bool(out, FACT_ONLINE, online);
    fact_set_bool(out, FACT_HAS_TRAINING, training);
    fact_set_bool(out, FACT_HAS_BATCH, batch);
    fact_set_bool(out, FACT_HAS_JOBS, jobs);
    fact_set_number(out, FACT_PARTS, part >= 0 ? 1 : (double)w->part_count);
    if (jobs && !out->v[FACT_JOB_CHECKPOINTS].known)
        fact_set_bool(out, FACT_JOB_CHECKPOINTS, false);
    fact_set_bool(out, FACT_JOB_INTERRUPTIBLE, interruptible);
    if (q->tenancy != TENANCY_UNKNOWN)
        fact_set_word(out, FACT_COMPLIANCE_TENANCY, str_of(tenancy_word(q->tenancy)));
    fact_set_number(out, FACT_COMPLIANCE_REGIMES, (double)q->regime_count);
    fact_set_bool(out, FACT_COMPLIANCE_AUDITED, q->regime_count > 0);
    if (q->residency.given)
        fact_set_word(out, FACT_COMPLIANCE_RESIDENCY, q->residency.text);
    set_tristate(out, FACT_COMPLIANCE_PORTABILITY, q->portability);
    if (q->stage != STAGE_UNKNOWN)
        fact_set_word(out, FACT_STAGE, str_of(stage_word(q->stage)));
    fact_set_word(out, FACT_CURRENT_CLASS, STR("none"));
    if (q->current_platform.given) {
        const struct platform *platform = book_platform(book, q->current_platform.text);
        if (platform)
            fact_set_word(out, FACT_CURRENT_CLASS, str_of(class_word(platform->class)));
        fact_set_word(out, FACT_CURRENT_PLATFORM, q->current_platform.text);
    }
    fact_set_bool(out, FACT_REVIEW_STATED, !date_is_none(q->review_by) || q->revisit_count > 0);
    fact_set_number(out, FACT_EGRESS_GB, egress);
    if (volume)
        fact_set_number(out, FACT_CONCURRENCY, in_flight);
}

enum truth condition_truth(const struct condition *c, const struct facts *f)
{
    int which = fact_find(c->fact);
    if (which < 0 || !f->v[which].known)
        return TRUTH_UNKNOWN;
    const struct fact_value *v = &f->v[which];
    bool holds = false;
    if (c->is_word) {
        if (!v->is_word)
            return TRUTH_UNKNOWN;
        bool same = str_equal(v->word, c->word);
        holds = c->op == OPERATOR_EQ ? same : !same;
        return holds ? TRUTH_TRUE : TRUTH_FALSE;
    }
    if (v->is_word)
        return TRUTH_UNKNOWN;
    switch (c->op) {
    case OPERATOR_LT: holds = v->number < c->number; break;
    case OPERATOR_LE: holds = v->number <= c->number; break;
    case OPERATOR_GT: holds = v->number > c->number; break;
    case OPERATOR_GE: holds = v->number >= c->number; break;
    case OPERATOR_EQ: holds = !(v->number < c->number) && !(v->number > c->number); break;
    case OPERATOR_NE: holds = v->number < c->number || v->number > c->number; break;
    }
    return holds ? TRUTH_TRUE : TRUTH_FALSE;
}

enum truth when_truth(const struct when *when, const struct facts *f)
{
    if (when->count == 0)
        return TRUTH_TRUE;
    enum truth any = TRUTH_FALSE;
    for (size_t i = 0; i < when->count; i++) {
        enum truth all = TRUTH_TRUE;
        for (size_t k = 0; k < when->alternatives[i].count && all != TRUTH_FALSE; k++) {
            enum truth one = condition_truth(&when->alternatives[i].conditions[k], f);
            if (one != TRUTH_TRUE)
                all = one == TRUTH_FALSE ? TRUTH_FALSE : TRUTH_UNKNOWN;
        }
        if (all == TRUTH_TRUE)
            return TRUTH_TRUE;
        if (all == TRUTH_UNKNOWN)
            any = TRUTH_UNKNOWN;
    }
    return any;
}

/* Three significant digits with thousands: 1,140; 30 million; 0.25. */
static void add_number(struct strbuf *sb, double v)
{
    double size = fabs(v);
    if (size >= 1e9) {
        strbuf_add_fixed(sb, v / 1e9, size >= 1e11 ? 0 : 1, true);
        strbuf_adds(sb, " billion");
    } else if (size >= 1e6) {
        strbuf_add_fixed(sb, v / 1e6, size >= 1e8 ? 0 : 1, true);
        strbuf_adds(sb, " million");
    } else if (size >= 1000) {
        int64_t whole = (int64_t)llround(v);
        strbuf_add_int(sb, whole / 1000);
        strbuf_addf(sb, ",%03d", (int)((whole < 0 ? -whole : whole) % 1000));
    } else {
        strbuf_add_fixed(sb, v, size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 ? 2 : 4, true);
    }
}

struct str prose_number(struct arena *a, double value)
{
    struct strbuf sb = STRBUF_INIT;
    add_number(&sb, value);
    struct str out = strbuf_copy(&sb, a);
    strbuf_release(&sb);
    return out;
}

struct str fact_text(const struct facts *f, enum fact which, struct arena *a)
{
    const struct fact_value *v = &f->v[which];
    if (!v->known)
        return STR("not known");
    if (v->is_word)
        return v->word;
    struct strbuf sb = STRBUF_INIT;
    struct str unit = str_of(FACTS[which].unit);
    if (str_is(unit, "$")) {
        money_headline(&sb, money_of(v->number));
    } else if (str_is(unit, "%")) {
        strbuf_add_fixed(&sb, v->number * 100, fabs(v->number) < 0.02 ? 2 : 0, true);
        strbuf_adds(&sb, "%");
    } else {
        add_number(&sb, v->number);
        strbuf_add(&sb, unit);
    }
    struct str out = strbuf_copy(&sb, a);
    strbuf_release(&sb);
    return out;
}

struct str fact_expand(const struct facts *f, struct str text, struct arena *a)
{
    struct strbuf sb = STRBUF_INIT;
    for (;;) {
        size_t at = str_find(text, STR("{{"));
        strbuf_add(&sb, str_slice(text, 0, at));
        if (at == text.n)
            break;
        struct str rest = str_slice(text, at + 2, text.n);
        size_t end = str_find(rest, STR("}}"));
        int which = end < rest.n ? fact_find(str_trim(str_slice(rest, 0, end))) : -1;
        if (which < 0) {
            strbuf_adds(&sb, "{{");
            text = rest;
            continue;
        }
        strbuf_add(&sb, fact_text(f, (enum fact)which, a));
        text = str_slice(rest, end + 2, rest.n);
    }
    struct str out = strbuf_copy(&sb, a);
    strbuf_release(&sb);
    return out;
}
