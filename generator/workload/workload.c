#include "workload/workload.h"

#include "base/arena.h"
#include "base/diag.h"
#include "latency/law.h"
#include "workload/shape.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

/* What a figure of a model is called, where its answer stands and which bounds it has. */
struct figure_row {
    const char *path; /* below "models[]." or "answers." */
    const char *name, *unit;
    double least, most;
    enum variable_law law;
};

static const struct figure_row FIGURE_ROWS[FIGURE_COUNT] = {
    [FIGURE_REQUESTS_PER_DAY] = {"answers.traffic.requests_per_day", "requests per day", "", 0, 1e12, LAW_SPLIT_LOGNORMAL},
    [FIGURE_PEAK_TO_MEAN] = {"answers.traffic.peak_rps", "peak over mean rate", "x", 1, 1e6, LAW_SPLIT_LOGNORMAL},
    [FIGURE_MIN_RPS] = {"answers.traffic.min_rps", "lowest rate", "requests/s", 0, 1e9, LAW_SPLIT_NORMAL},
    [FIGURE_CV] = {"answers.traffic.cv", "variation of traffic", "", 0, 1e3, LAW_SPLIT_LOGNORMAL},
    [FIGURE_IDLE_SHARE] = {"answers.traffic.idle_share", "idle share of the hours", "", 0, 0.999, LAW_SPLIT_NORMAL},
    [FIGURE_BURST] = {"answers.traffic.burst", "requests that arrive together", "", 1, 1e6, LAW_SPLIT_LOGNORMAL},
    [FIGURE_PERIODIC_S] = {"answers.traffic.periodic_s", "period of scheduled traffic", "s", 0, 1e9, LAW_SPLIT_NORMAL},
    [FIGURE_STREAMS] = {"models[].streams", "open connections", "", 0, 1e9, LAW_SPLIT_LOGNORMAL},
    [FIGURE_SIZE_MB] = {"models[].size_mb", "weights", "MB", 0, 1e9, LAW_SPLIT_LOGNORMAL},
    [FIGURE_MEMORY_MB] = {"models[].memory_mb", "memory", "MB", 1, 1e9, LAW_SPLIT_LOGNORMAL},
    [FIGURE_VCPU] = {"models[].vcpu", "vCPU", "", 0.001, 1e5, LAW_SPLIT_LOGNORMAL},
    [FIGURE_DURATION_MS] = {"models[].duration_ms", "service time", "ms", 1e-3, 1e9, LAW_SPLIT_LOGNORMAL},
    [FIGURE_DURATION_CV] = {"models[].duration_cv", "variation of service time", "", 0, 100, LAW_SPLIT_LOGNORMAL},
    [FIGURE_LOAD_S] = {"models[].load_s", "time to load the weights", "s", 0, 1e6, LAW_SPLIT_LOGNORMAL},
    [FIGURE_CONCURRENCY] = {"models[].concurrency", "requests at once in a replica", "", 1, 1e5, LAW_SPLIT_LOGNORMAL},
    [FIGURE_REQUEST_KB] = {"models[].request_kb", "request size", "kB", 0, 1e9, LAW_SPLIT_LOGNORMAL},
    [FIGURE_RESPONSE_KB] = {"models[].response_kb", "response size", "kB", 0, 1e9, LAW_SPLIT_LOGNORMAL},
    [FIGURE_INTERNET_SHARE] = {"models[].internet_share", "share of responses that leave the provider", "", 0, 1, LAW_SPLIT_NORMAL},
    [FIGURE_DEADLINE_H] = {"models[].deadline_h", "deadline", "h", 0, 1e5, LAW_SPLIT_LOGNORMAL},
    [FIGURE_VRAM_GB] = {"answers.gpu.vram_gb", "GPU memory", "GB", 0, 1e5, LAW_SPLIT_LOGNORMAL},
    [FIGURE_GPU_COUNT] = {"answers.gpu.count", "GPUs at once", "", 0, 1e4, LAW_SPLIT_LOGNORMAL},
    [FIGURE_P99_MS] = {"answers.latency.p99_ms", "p99 limit", "ms", 0, 1e9, LAW_SPLIT_LOGNORMAL},
    [FIGURE_P95_MS] = {"answers.latency.p95_ms", "p95 limit", "ms", 0, 1e9, LAW_SPLIT_LOGNORMAL},
    [FIGURE_P50_MS] = {"answers.latency.p50_ms", "p50 limit", "ms", 0, 1e9, LAW_SPLIT_LOGNORMAL},
    [FIGURE_JOB_HOURS] = {"jobs[].hours_per_run", "hours a run", "h", 1e-6, 1e5, LAW_SPLIT_LOGNORMAL},
    [FIGURE_JOB_RUNS] = {"jobs[].runs_per_month", "runs a month", "", 0, 1e7, LAW_SPLIT_LOGNORMAL},
    [FIGURE_JOB_COUNT] = {"jobs[].count", "GPUs a node", "", 0, 1e4, LAW_SPLIT_LOGNORMAL},
    [FIGURE_JOB_NODES] = {"jobs[].nodes", "nodes", "", 1, 1e5, LAW_SPLIT_LOGNORMAL},
};

struct global_row {
    const char *path, *name, *unit;
    int parameter; /* of the policy; -1: a multiple whose likely value is 1 */
    const char *uncertainty; /* path of the policy's uncertainty for multiples */
    double least, most;
};

static const struct global_row GLOBAL_ROWS[GLOBAL_COUNT] = {
    [GLOBAL_UTILISATION] = {"policy.target_utilisation", "target utilisation", "", PARAMETER_TARGET_UTILISATION, NULL, 0.05, 0.98},
    [GLOBAL_GPU_UTILISATION] = {"policy.gpu_target_utilisation", "GPU target utilisation", "", PARAMETER_GPU_TARGET_UTILISATION, NULL, 0.05, 0.98},
    [GLOBAL_LOG_KB] = {"policy.log_kb_per_request", "log volume", "kB/request", PARAMETER_LOG_KB_PER_REQUEST, NULL, 0, 1e6},
    [GLOBAL_KEEP_ALIVE] = {"platforms.keep_alive", "keep-alive time of idle instances", "x", -1, "platforms.keep_alive", 0.01, 100},
    [GLOBAL_START] = {"platforms.cold_start", "cold-start time", "x", -1, "platforms.cold_start", 0.01, 100},
    [GLOBAL_HARDWARE] = {"platforms.hardware_ratio", "speed of other hardware", "x", -1, "platforms.hardware_ratio", 0.01, 100},
    [GLOBAL_ON_COST] = {"policy.on_cost_factor", "employer's on-cost", "x", PARAMETER_ON_COST_FACTOR, NULL, 1, 5},
    [GLOBAL_FTE_SERVERLESS] = {"policy.fte_serverless", "people for serverless", "FTE", PARAMETER_FTE_SERVERLESS, NULL, 0, 100},
    [GLOBAL_FTE_MANAGED] = {"policy.fte_managed", "people for managed endpoints", "FTE", PARAMETER_FTE_MANAGED, NULL, 0, 100},
    [GLOBAL_FTE_KUBERNETES] = {"policy.fte_kubernetes", "people for Kubernetes", "FTE", PARAMETER_FTE_KUBERNETES_ENGINEERS, NULL, 0, 100},
    [GLOBAL_FTE_KUBERNETES_SHARED] = {"policy.fte_kubernetes_shared", "people for Kubernetes on the existing cluster", "FTE", PARAMETER_FTE_KUBERNETES_SHARED, NULL, 0, 100},
    [GLOBAL_PRICE_SERVERLESS] = {"prices.serverless", "serverless prices, all", "x", -1, "prices.serverless", 0.001, 1000},
    [GLOBAL_PRICE_MANAGED] = {"prices.managed", "managed endpoint prices, all", "x", -1, "prices.managed", 0.001, 1000},
    [GLOBAL_PRICE_KUBERNETES] = {"prices.kubernetes", "Kubernetes prices, all", "x", -1, "prices.kubernetes", 0.001, 1000},
    [GLOBAL_PRICE_SPOT] = {"prices.spot", "spot prices", "x", -1, "prices.spot", 0.001, 1000},
};

struct resolver {
    const struct questionnaire *q;
    const struct policy *policy;
    const struct book *book;
    struct arena *a;
    struct diags *d;
    struct workload *w;
    struct variable *variables;
    size_t capacity;
    struct str *missing;
    size_t missing_capacity;
};

static int add_variable(struct resolver *r, struct variable v)
{
    struct workload *w = r->w;
    if (w->variable_count == r->capacity)
        r->variables = arena_grow(r->a, struct variable, r->variables, w->variable_count, &r->capacity);
    r->variables[w->variable_count] = v;
    w->variables = r->variables;
    return (int)w->variable_count++;
}

static void add_missing(struct resolver *r, struct str path)
{
    for (size_t i = 0; i < r->w->missing_count; i++)
        if (str_equal(r->w->missing[i], path))
            return;
    if (r->w->missing_count == r->missing_capacity)
        r->missing = arena_grow(r->a, struct str, r->missing, r->w->missing_count, &r->missing_capacity);
    r->missing[r->w->missing_count++] = path;
    r->w->missing = r->missing;
}

/* "models[].size_mb" of the second model -> "models.1.size_mb". */
static struct str entry_path(struct arena *a, const char *path, size_t index)
{
    const char *bracket = strstr(path, "[]");
    if (!bracket)
        return str_of(path);
    return str_printf(a, "%.*s.%zu%s", (int)(bracket - path), path, index, bracket + 2);
}

static void clamp_variable(struct variable *v)
{
    v->low = fmin(fmax(v->low, v->least), v->most);
    v->high = fmin(fmax(v->high, v->least), v->most);
    v->likely = fmin(fmax(v->likely, v->least), v->most);
    if (v->low > v->likely)
        v->low = v->likely;
    if (v->high < v->likely)
        v->high = v->likely;
    if (v->law == LAW_SPLIT_LOGNORMAL && !(v->low > 0))
        v->law = LAW_SPLIT_NORMAL;
}

/* The range of a single answered figure: the policy's uncertainty for its basis, else certain. */
static void widen(struct resolver *r, const char *path, enum basis basis, struct variable *v)
{
    const struct uncertainty *u = policy_uncertainty(r->policy, str_of(path));
    if (!u)
        return;
    struct spread m = u->multiple[basis == BASIS_UNKNOWN ? BASIS_ESTIMATED : basis];
    if (!(m.likely > 0))
        return;
    v->low = v->likely * m.low / m.likely;
    v->high = v->likely * m.high / m.likely;
    v->why = u->why;
    v->source = u->source;
}

/* A figure from its answer, else from the policy's assumption; -1 and *fixed where it has neither. */
static int resolve_figure(struct resolver *r, enum figure f, const struct answer *answer, size_t entry,
                          struct str path, double scale, double *fixed)
{
    const struct figure_row *row = &FIGURE_ROWS[f];
    struct variable v = {.path = path.n ? path : entry_path(r->a, row->path, entry),
                         .name = str_of(row->name),
                         .unit = str_of(row->unit),
                         .least = row->least,
                         .most = row->most,
                         .law = row->law,
                         .figure = (int)f};
    if (answer && answer->given) {
        v.low = answer->low * scale;
        v.likely = answer->likely * scale;
        v.high = answer->high * scale;
        v.is_answered = true;
        if (!answer->is_range)
            widen(r, row->path, r->q->traffic.basis, &v);
        else
            v.why = STR("answered as a range");
    } else {
        const struct assumption *as = policy_assumption(r->policy, str_of(row->path));
        if (!as || as->is_word) {
            *fixed = 0;
            return -1;
        }
        v.low = as->value.low;
        v.likely = as->value.likely;
        v.high = as->value.high;
        v.why = as->why;
        v.source = as->source;
    }
    clamp_variable(&v);
    *fixed = v.likely;
    return add_variable(r, v);
}

/* Traffic that models share: one variable for all of them, made once. */
struct common {
    int requests, peak, min_rps, cv, idle, burst, periodic, p99, p95, p50, vram, gpus;
    double fixed[FIGURE_COUNT];
    double share; /* of the total that each model without its own traffic takes */
};

static struct answer ratio_answer(const struct answer *peak, double mean_rps)
{
    struct answer out = *peak;
    if (mean_rps > 0) {
        out.low = fmax(peak->low / mean_rps, 1);
        out.likely = fmax(peak->likely / mean_rps, 1);
        out.high = fmax(peak->high / mean_rps, 1);
    }
    return out;
}

static int resolve_peak(struct resolver *r, const struct traffic_answers *t, const struct answer *volume,
                        struct str path, double *fixed)
{
    if (t->peak_rps.given && volume->given && volume->likely > 0) {
        struct answer ratio = ratio_answer(&t->peak_rps, volume->likely / SECONDS_PER_DAY);
        return resolve_figure(r, FIGURE_PEAK_TO_MEAN, &ratio, 0, path, 1, fixed);
    }
    *fixed = 0;
    if (t->cv.given)
        return -1; /* the variation alone shapes the curve */
    struct spread s = policy_spread(r->policy, PARAMETER_PEAK_TO_MEAN);
    struct variable v = {.path = path.n ? path : STR("answers.traffic.peak_rps"),
                         .name = STR("peak over mean rate"),
                         .unit = STR("x"),
                         .low = s.low,
                         .likely = s.likely,
                         .high = s.high,
                         .least = 1,
                         .most = 1e6,
                         .law = LAW_SPLIT_LOGNORMAL,
                         .figure = FIGURE_PEAK_TO_MEAN,
                         .why = r->policy->parameter[PARAMETER_PEAK_TO_MEAN].why,
                         .source = r->policy->parameter[PARAMETER_PEAK_TO_MEAN].source};
    clamp_variable(&v);
    *fixed = v.likely;
    return add_variable(r, v);
}

/* idle_share as answered, else 1 - active_hours_per_day / 24. */
static struct answer idle_answer(const struct traffic_answers *t)
{
    if (t->idle_share.given || !t->active_hours_per_day.given)
        return t->idle_share;
    struct answer out = t->active_hours_per_day;
    out.low = 1 - t->active_hours_per_day.high / 24;
    out.likely = 1 - t->active_hours_per_day.likely / 24;
    out.high = 1 - t->active_hours_per_day.low / 24;
    return out;
}

static void bind(struct part *p, enum figure f, int variable, double fixed, double share)
{
    p->variable[f] = variable;
    p->fixed[f] = fixed;
    p->share[f] = share;
}

static bool resolve_hardware(struct resolver *r, const struct answer_text *answer, struct str fallback,
                             struct str *out)
{
    struct str name = answer->given ? answer->text : fallback;
    const struct hardware *h = book_hardware(r->book, name);
    if (!h) {
        struct str *names = arena_new(r->a, struct str, r->book->hardware_count);
        for (size_t i = 0; i < r->book->hardware_count; i++)
            names[i] = r->book->hardware[i].id;
        struct str nearest = str_nearest(name, names, r->book->hardware_count);
        const char *hint = nearest.n ? str_cstring(r->a, str_printf(r->a, "did you mean \"%.*s\"?", STR_ARG(nearest)))
                                     : "the hardware known by name is in pricing/hardware.json";
        diag_error(r->d, answer->where, hint, "unknown hardware \"%.*s\"", STR_ARG(name));
        *out = name;
        return false;
    }
    *out = h->id;
    return true;
}

static void resolve_model(struct resolver *r, size_t index, const struct common *c, struct part *p)
{
    const struct model_answers *m = &r->q->models[index];
    const struct questionnaire *q = r->q;
    p->name = m->name;
    p->kind = m->kind;
    p->where = m->where;
    p->family = m->family.given ? m->family.text : STR("");
    p->is_online = m->kind == MODEL_REALTIME || m->kind == MODEL_STREAMING;
    p->multiplicity = q->models_given == 1 && q->model_count.given ? fmax(q->model_count.likely, 1) : 1;
    p->interruptible = m->interruptible == TRI_YES;
    p->never_spot = m->interruptible == TRI_NO;
    p->scale_to_zero = m->traffic.scale_to_zero == TRI_YES ||
                       (m->traffic.scale_to_zero == TRI_UNKNOWN && q->traffic.scale_to_zero == TRI_YES);

    enum gpu_need need = m->gpu.need != GPU_UNKNOWN ? m->gpu.need : q->gpu.need;
    resolve_hardware(r, &m->hardware, STR("cpu"), &p->hardware);
    bool on_gpu = !str_is(p->hardware, "cpu");
    p->needs_gpu = need == GPU_REQUIRED || on_gpu;
    p->gpu_optional = need == GPU_OPTIONAL && !on_gpu;

    double fixed;
    int v;
    bool own_volume = m->traffic.requests_per_day.given;
    if (own_volume) {
        v = resolve_figure(r, FIGURE_REQUESTS_PER_DAY, &m->traffic.requests_per_day, index,
                           str_printf(r->a, "models.%zu.traffic.requests_per_day", index), 1, &fixed);
        bind(p, FIGURE_REQUESTS_PER_DAY, v, fixed, 1 / p->multiplicity);
    } else {
        bind(p, FIGURE_REQUESTS_PER_DAY, c->requests, c->fixed[FIGURE_REQUESTS_PER_DAY],
             c->share / p->multiplicity);
    }
    const struct answer *volume = own_volume ? &m->traffic.requests_per_day : &q->traffic.requests_per_day;
    if (m->traffic.peak_rps.given || m->traffic.cv.given) {
        v = resolve_peak(r, &m->traffic, volume, str_printf(r->a, "models.%zu.traffic.peak_rps", index), &fixed);
        bind(p, FIGURE_PEAK_TO_MEAN, v, fixed, 1);
    } else {
        bind(p, FIGURE_PEAK_TO_MEAN, c->peak, c->fixed[FIGURE_PEAK_TO_MEAN], 1);
    }

    struct answer idle = idle_answer(&m->traffic);
    struct {
        enum figure f;
        const struct answer *own;
        int common;
        const char *path;
    } shared[] = {
        {FIGURE_CV,         &m->traffic.cv,         c->cv,       "traffic.cv"        },
        {FIGURE_IDLE_SHARE, &idle,                  c->idle,     "traffic.idle_share"},
        {FIGURE_BURST,      &m->traffic.burst,      c->burst,    "traffic.burst"     },
        {FIGURE_PERIODIC_S, &m->traffic.periodic_s, c->periodic, "traffic.periodic_s"},
        {FIGURE_P99_MS,     &m->latency.p99_ms,     c->p99,      "latency.p99_ms"    },
        {FIGURE_P95_MS,     &m->latency.p95_ms,     c->p95,      "latency.p95_ms"    },
        {FIGURE_P50_MS,     &m->latency.p50_ms,     c->p50,      "latency.p50_ms"    },
        {FIGURE_VRAM_GB,    &m->gpu.vram_gb,        c->vram,     "gpu.vram_gb"       },
        {FIGURE_GPU_COUNT,  &m->gpu.count,          c->gpus,     "gpu.count"         },
    };
    for (size_t i = 0; i < sizeof shared / sizeof *shared; i++) {
        if (shared[i].own->given) {
            v = resolve_figure(r, shared[i].f, shared[i].own, index,
                               str_printf(r->a, "models.%zu.%s", index, shared[i].path), 1, &fixed);
            bind(p, shared[i].f, v, fixed, 1);
        } else {
            bind(p, shared[i].f, shared[i].common, c->fixed[shared[i].f], 1);
        }
    }
    if (m->traffic.min_rps.given) {
        v = resolve_figure(r, FIGURE_MIN_RPS, &m->traffic.min_rps, index,
                           str_printf(r->a, "models.%zu.traffic.min_rps", index), 1, &fixed);
        bind(p, FIGURE_MIN_RPS, v, fixed, 1 / p->multiplicity);
    } else {
        bind(p, FIGURE_MIN_RPS, c->min_rps, c->fixed[FIGURE_MIN_RPS], c->share / p->multiplicity);
    }
    if (!p->is_online) {
        for (enum figure f = FIGURE_P99_MS; f <= FIGURE_P50_MS; f++)
            bind(p, f, -1, 0, 1);
        /* Queued work is taken as workers come free: a schedule or a burst does not start one for each. */
        bind(p, FIGURE_PERIODIC_S, -1, 0, 1);
        bind(p, FIGURE_BURST, -1, 1, 1);
    }

    struct {
        enum figure f;
        const struct answer *own;
    } own[] = {
        {FIGURE_STREAMS,        &m->streams       },
        {FIGURE_SIZE_MB,        &m->size_mb       },
        {FIGURE_MEMORY_MB,      &m->memory_mb     },
        {FIGURE_VCPU,           &m->vcpu          },
        {FIGURE_DURATION_MS,    &m->duration_ms   },
        {FIGURE_DURATION_CV,    &m->duration_cv   },
        {FIGURE_LOAD_S,         &m->load_s        },
        {FIGURE_CONCURRENCY,    &m->concurrency   },
        {FIGURE_REQUEST_KB,     &m->request_kb    },
        {FIGURE_RESPONSE_KB,    &m->response_kb   },
        {FIGURE_INTERNET_SHARE, &m->internet_share},
        {FIGURE_DEADLINE_H,     &m->deadline_h    },
    };
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        v = resolve_figure(r, own[i].f, own[i].own, index, STR(""), 1, &fixed);
        bind(p, own[i].f, v, fixed, 1);
    }
    if (p->kind != MODEL_STREAMING && p->kind != MODEL_REALTIME)
        bind(p, FIGURE_STREAMS, -1, 0, 1);
    p->vcpu_answered = m->vcpu.given;
    p->gpu_count_answered = (m->gpu.count.given ? m->gpu.count.likely : q->gpu.count.given ? q->gpu.count.likely : 0) >= 1;
    /* CPU in the proportion that functions give it, where it is not answered. */
    if (p->variable[FIGURE_VCPU] < 0)
        p->fixed[FIGURE_VCPU] = 0;

    bool has_volume = own_volume || c->fixed[FIGURE_REQUESTS_PER_DAY] > 0 || q->traffic.requests_per_day.given ||
                      (m->streams.given && m->streams.likely > 0);
    if (!has_volume)
        add_missing(r, STR("answers.traffic.requests_per_day"));
    if (!m->duration_ms.given)
        add_missing(r, entry_path(r->a, "models[].duration_ms", index));
    if (!m->memory_mb.given)
        add_missing(r, entry_path(r->a, "models[].memory_mb", index));
    p->costable = has_volume && m->duration_ms.given && m->memory_mb.given;
}

static struct variable job_default(const struct assumption *as, struct str path)
{
    const struct figure_row *row = &FIGURE_ROWS[FIGURE_VCPU];
    struct variable v = {.path = path, .name = str_of(row->name), .unit = str_of(row->unit), .low = as->value.low,
                         .likely = as->value.likely, .high = as->value.high, .least = row->least, .most = row->most,
                         .law = row->law, .figure = FIGURE_VCPU, .why = as->why, .source = as->source};
    clamp_variable(&v);
    return v;
}

static void resolve_job(struct resolver *r, size_t index, struct part *p)
{
    const struct job_answers *j = &r->q->jobs[index];
    p->name = j->name;
    p->is_job = true;
    p->job_kind = j->kind;
    p->where = j->where;
    p->multiplicity = 1;
    p->interruptible = j->interruptible == TRI_YES;
    p->never_spot = j->interruptible == TRI_NO;
    p->checkpoints = j->checkpoints == TRI_YES;
    resolve_hardware(r, &j->hardware, STR("cpu"), &p->hardware);
    p->needs_gpu = !str_is(p->hardware, "cpu");
    for (int f = 0; f < FIGURE_COUNT; f++)
        bind(p, (enum figure)f, -1, 0, 1);
    struct {
        enum figure f;
        const struct answer *own;
        const char *path;
    } own[] = {
        {FIGURE_JOB_HOURS,  &j->hours_per_run,  NULL               },
        {FIGURE_JOB_RUNS,   &j->runs_per_month, NULL               },
        {FIGURE_JOB_COUNT,  &j->count,          NULL               },
        {FIGURE_JOB_NODES,  &j->nodes,          NULL               },
        {FIGURE_VCPU,       &j->vcpu,           "jobs[].vcpu"      },
        {FIGURE_MEMORY_MB,  &j->memory_mb,      "jobs[].memory_mb" },
        {FIGURE_VRAM_GB,    &j->vram_gb,        "jobs[].vram_gb"   },
        {FIGURE_DEADLINE_H, &j->deadline_h,     "jobs[].deadline_h"},
    };
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        double fixed;
        struct str path = own[i].path ? entry_path(r->a, own[i].path, index) : STR("");
        if (own[i].path && !own[i].own->given) {
            const struct assumption *as = policy_assumption(r->policy, str_of(own[i].path));
            if (own[i].f == FIGURE_VCPU && !p->needs_gpu && as && !as->is_word)
                bind(p, FIGURE_VCPU, add_variable(r, job_default(as, path)), as->value.likely, 1);
            continue;
        }
        int v = resolve_figure(r, own[i].f, own[i].own, index, path, 1, &fixed);
        bind(p, own[i].f, v, fixed, 1);
    }
    if (p->fixed[FIGURE_JOB_NODES] < 1)
        bind(p, FIGURE_JOB_NODES, -1, 1, 1);
    if (p->needs_gpu && p->fixed[FIGURE_JOB_COUNT] < 1)
        bind(p, FIGURE_JOB_COUNT, -1, 1, 1);
    if (!p->needs_gpu)
        bind(p, FIGURE_JOB_COUNT, -1, 0, 1);
    if (!j->hours_per_run.given)
        add_missing(r, entry_path(r->a, "jobs[].hours_per_run", index));
    if (!j->runs_per_month.given)
        add_missing(r, entry_path(r->a, "jobs[].runs_per_month", index));
    p->costable = j->hours_per_run.given && j->runs_per_month.given;
}

static void resolve_common(struct resolver *r, const struct load_curve *measured, struct common *c)
{
    const struct questionnaire *q = r->q;
    struct answer volume = q->traffic.requests_per_day;
    if (!volume.given && measured) {
        double per_day = measured->mean_rps * SECONDS_PER_DAY;
        volume = (struct answer){.low = per_day, .likely = per_day, .high = per_day, .given = true,
                                 .where = q->traffic.trace.where};
    }
    double own = 0;
    size_t without = 0;
    for (size_t i = 0; i < q->models_given; i++) {
        if (q->models[i].traffic.requests_per_day.given)
            own += q->models[i].traffic.requests_per_day.likely;
        else
            without++;
    }
    /* Models that state their own traffic take it out of the total; the others share the rest. */
    double rest = volume.given && volume.likely > 0 ? fmax(volume.likely - own, 0) / volume.likely : 0;
    c->share = without ? rest / (double)without : 0;
    if (volume.given && volume.likely > 0 && without && own > volume.likely * (1 + 1e-9))
        diag_error(r->d, q->traffic.requests_per_day.where,
                   "answers.traffic is the workload's total, the models' own traffic included",
                   "the models' own requests per day, %.6g, exceed the total of %.6g", own, volume.likely);

    double *f = c->fixed;
    c->requests = volume.given
                      ? resolve_figure(r, FIGURE_REQUESTS_PER_DAY, &volume, 0, STR(""), 1, &f[FIGURE_REQUESTS_PER_DAY])
                      : -1;
    c->peak = measured ? -1 : resolve_peak(r, &q->traffic, &volume, STR(""), &f[FIGURE_PEAK_TO_MEAN]);
    struct answer idle = idle_answer(&q->traffic);
    c->min_rps = resolve_figure(r, FIGURE_MIN_RPS, &q->traffic.min_rps, 0, STR(""), 1, &f[FIGURE_MIN_RPS]);
    c->cv = resolve_figure(r, FIGURE_CV, &q->traffic.cv, 0, STR(""), 1, &f[FIGURE_CV]);
    c->idle = resolve_figure(r, FIGURE_IDLE_SHARE, &idle, 0, STR(""), 1, &f[FIGURE_IDLE_SHARE]);
    c->burst = resolve_figure(r, FIGURE_BURST, &q->traffic.burst, 0, STR(""), 1, &f[FIGURE_BURST]);
    c->periodic = resolve_figure(r, FIGURE_PERIODIC_S, &q->traffic.periodic_s, 0, STR(""), 1, &f[FIGURE_PERIODIC_S]);
    c->p99 = resolve_figure(r, FIGURE_P99_MS, &q->latency.p99_ms, 0, STR(""), 1, &f[FIGURE_P99_MS]);
    c->p95 = resolve_figure(r, FIGURE_P95_MS, &q->latency.p95_ms, 0, STR(""), 1, &f[FIGURE_P95_MS]);
    c->p50 = resolve_figure(r, FIGURE_P50_MS, &q->latency.p50_ms, 0, STR(""), 1, &f[FIGURE_P50_MS]);
    c->vram = resolve_figure(r, FIGURE_VRAM_GB, &q->gpu.vram_gb, 0, STR(""), 1, &f[FIGURE_VRAM_GB]);
    c->gpus = resolve_figure(r, FIGURE_GPU_COUNT, &q->gpu.count, 0, STR(""), 1, &f[FIGURE_GPU_COUNT]);
}

/*
 * People for Kubernetes: the figure `with` at least one engineer, another without. Where it is not answered
 * the policy's assumption counts, and a range that reaches below one engineer widens the figure to the
 * other one's.
 */
static void people_for_kubernetes(const struct resolver *r, enum parameter_id with, struct variable *v)
{
    const struct answer *answer = &r->q->platform_engineers;
    struct spread engineers = {answer->low, answer->likely, answer->high};
    const struct assumption *as = policy_assumption(r->policy, STR("answers.team.platform_engineers"));
    if (!answer->given) {
        bool assumed = as && !as->is_word;
        engineers = assumed ? (struct spread){as->value.low, as->value.likely, as->value.high} : (struct spread){0, 0, 0};
    }
    const struct parameter *some = &r->policy->parameter[with];
    const struct parameter *none = &r->policy->parameter[PARAMETER_FTE_KUBERNETES_NONE];
    const struct parameter *likely = engineers.likely >= 1 ? some : none;
    v->likely = likely->value.likely;
    v->low = engineers.high >= 1 ? fmin(some->value.low, likely->value.low) : none->value.low;
    v->high = engineers.low >= 1 ? some->value.high : fmax(none->value.high, likely->value.high);
    v->why = likely->why;
    v->source = likely->source;
    if (!answer->given && as) {
        v->why = str_printf(r->a, "answers.team.platform_engineers is not answered: %.*s", STR_ARG(as->why));
        v->source = as->source;
    }
}

/* Whether an option can be on the existing cluster, on a new one, or on either. */
static bool is_idle_global(const struct workload *w, int g)
{
    bool exists = w->existing_cluster == TRI_YES;
    if (g == GLOBAL_FTE_KUBERNETES_SHARED)
        return !exists;
    return g == GLOBAL_FTE_KUBERNETES && exists && w->existing_platform.n == 0 && w->existing_provider.n == 0;
}

static void resolve_globals(struct resolver *r)
{
    struct workload *w = r->w;
    for (int g = 0; g < GLOBAL_COUNT; g++) {
        const struct global_row *row = &GLOBAL_ROWS[g];
        struct variable v = {.path = str_of(row->path),
                             .name = str_of(row->name),
                             .unit = str_of(row->unit),
                             .low = 1,
                             .likely = 1,
                             .high = 1,
                             .least = row->least,
                             .most = row->most,
                             .law = LAW_SPLIT_LOGNORMAL,
                             .is_global = true,
                             .figure = g};
        int parameter = row->parameter;
        if (g == GLOBAL_FTE_KUBERNETES || g == GLOBAL_FTE_KUBERNETES_SHARED) {
            people_for_kubernetes(r, (enum parameter_id)parameter, &v);
        } else if (parameter >= 0) {
            const struct parameter *p = &r->policy->parameter[parameter];
            v.low = p->value.low;
            v.likely = p->value.likely;
            v.high = p->value.high;
            v.why = p->why;
            v.source = p->source;
        } else {
            const struct uncertainty *u = policy_uncertainty(r->policy, str_of(row->uncertainty));
            if (u) {
                v.low = u->multiple[BASIS_ESTIMATED].low;
                v.high = u->multiple[BASIS_ESTIMATED].high;
                v.why = u->why;
                v.source = u->source;
            }
        }
        clamp_variable(&v);
        w->global_fixed[g] = v.likely;
        w->global[g] = is_idle_global(w, g) ? -1 : add_variable(r, v);
    }
}

static bool resolve_providers(struct resolver *r)
{
    struct workload *w = r->w;
    bool good = true;
    assert(r->book->provider_count <= sizeof w->provider / sizeof *w->provider);
    for (size_t i = 0; i < r->book->provider_count; i++)
        w->provider[i] = r->q->provider_count == 0;
    for (size_t i = 0; i < r->q->provider_count; i++) {
        int p = book_provider(r->book, r->q->providers[i]);
        if (p < 0) {
            struct str *names = arena_new(r->a, struct str, r->book->provider_count);
            for (size_t k = 0; k < r->book->provider_count; k++)
                names[k] = r->book->providers[k].id;
            struct str nearest = str_nearest(r->q->providers[i], names, r->book->provider_count);
            const char *hint = nearest.n ? str_cstring(r->a, str_printf(r->a, "did you mean \"%.*s\"?", STR_ARG(nearest)))
                                         : "the providers are in pricing/book.json";
            diag_error(r->d, r->q->where, hint, "unknown provider \"%.*s\"", STR_ARG(r->q->providers[i]));
            good = false;
        } else {
            w->provider[p] = true;
        }
    }
    return good;
}

static bool resolve_geography(struct resolver *r)
{
    struct workload *w = r->w;
    struct str id = r->q->geography.given ? r->q->geography.text : STR("us-east");
    if (!r->q->geography.given) {
        const struct assumption *as = policy_assumption(r->policy, STR("geography"));
        if (as && as->is_word)
            id = as->word;
    }
    w->geography = book_geography(r->book, id);
    w->geography_id = id;
    if (w->geography >= 0)
        return true;
    struct str *names = arena_new(r->a, struct str, r->book->geography_count);
    for (size_t k = 0; k < r->book->geography_count; k++)
        names[k] = r->book->geographies[k].id;
    struct str nearest = str_nearest(id, names, r->book->geography_count);
    diag_error(r->d, r->q->geography.given ? r->q->geography.where : r->q->where,
               nearest.n ? str_cstring(r->a, str_printf(r->a, "did you mean \"%.*s\"?", STR_ARG(nearest)))
                         : "the geographies are in pricing/book.json",
               "unknown geography \"%.*s\"", STR_ARG(id));
    return false;
}

static bool resolve_cluster(struct resolver *r)
{
    struct workload *w = r->w;
    const struct questionnaire *q = r->q;
    w->existing_cluster = q->existing_cluster;
    bool good = true;
    if (q->current_platform.given && !book_platform(r->book, q->current_platform.text) &&
        !str_is(q->current_platform.text, "on-premises") && !str_is(q->current_platform.text, "none")) {
        struct str *names = arena_new(r->a, struct str, r->book->platform_count);
        for (size_t k = 0; k < r->book->platform_count; k++)
            names[k] = r->book->platforms[k].id;
        struct str nearest = str_nearest(q->current_platform.text, names, r->book->platform_count);
        diag_error(r->d, q->current_platform.where,
                   nearest.n ? str_cstring(r->a, str_printf(r->a, "did you mean \"%.*s\"?", STR_ARG(nearest)))
                             : "the platforms are in pricing/platforms/; \"on-premises\" and \"none\" are allowed too",
                   "unknown platform \"%.*s\"", STR_ARG(q->current_platform.text));
        good = false;
    }
    if (q->existing_cluster_platform.n) {
        const struct platform *p = book_platform(r->book, q->existing_cluster_platform);
        if (!p || p->class != CLASS_KUBERNETES) {
            diag_error(r->d, q->team_where, "name a Kubernetes platform such as \"aws-eks\", or true or false",
                       "existing_cluster names \"%.*s\", which is no Kubernetes platform of the price book",
                       STR_ARG(q->existing_cluster_platform));
            good = false;
        }
        w->existing_cluster = TRI_YES;
        w->existing_platform = q->existing_cluster_platform;
    } else if (w->existing_cluster == TRI_YES && q->current_platform.given) {
        const struct platform *p = book_platform(r->book, q->current_platform.text);
        if (p)
            w->existing_provider = p->provider;
    }
    return good;
}

bool workload_resolve(const struct questionnaire *q, const struct policy *policy, const struct book *book,
                      const struct load_curve *measured, struct arena *a, struct workload *out,
                      struct diags *d)
{
    *out = (struct workload){.questionnaire = q};
    struct resolver r = {.q = q, .policy = policy, .book = book, .a = a, .d = d, .w = out};
    size_t errors = diags_errors(d);
    resolve_providers(&r);
    resolve_geography(&r);
    resolve_cluster(&r);
    out->share_hardware = q->share_hardware == TRI_YES;

    bool any_purchase = false;
    for (int i = 0; i < PURCHASE_COUNT; i++)
        any_purchase = any_purchase || q->purchase[i];
    for (int i = 0; i < PURCHASE_COUNT; i++)
        out->purchase[i] = any_purchase ? q->purchase[i] : i == PURCHASE_ON_DEMAND;

    struct common c;
    memset(&c, 0, sizeof c);
    resolve_common(&r, measured, &c);
    size_t count = q->models_given + q->job_count;
    struct part *parts = arena_new(a, struct part, count);
    for (size_t i = 0; i < q->models_given; i++) {
        resolve_model(&r, i, &c, &parts[i]);
        parts[i].measured = measured;
    }
    for (size_t i = 0; i < q->job_count; i++)
        resolve_job(&r, i, &parts[q->models_given + i]);
    out->parts = parts;
    out->part_count = count;
    out->model_count = q->models_given;
    /* Spot is also eligible where every part may be interrupted and nothing else was asked for. */
    if (!any_purchase) {
        bool all = count > 0;
        for (size_t i = 0; i < count; i++)
            all = all && parts[i].interruptible;
        out->purchase[PURCHASE_SPOT] = all;
    }
    resolve_globals(&r);
    out->likely = arena_new(a, double, out->variable_count);
    for (size_t i = 0; i < out->variable_count; i++)
        out->likely[i] = out->variables[i].likely;
    for (size_t i = 0; i < count; i++)
        for (int f = 0; f < FIGURE_COUNT; f++)
            if (parts[i].variable[f] >= 0)
                parts[i].fixed[f] = out->variables[parts[i].variable[f]].likely;
    for (size_t i = 0; i < out->model_count; i++)
        parts[i].shapes = shape_table_new(out, &parts[i], policy, a);
    return diags_errors(d) == errors;
}

struct state *state_new(const struct workload *w, struct arena *a)
{
    struct state *s = arena_new(a, struct state, 1);
    s->parts = arena_new(a, struct part_state, w->part_count);
    return s;
}

/* Share of a latency limit that an assumed variation of the service time may use up. */
#define SERVICE_SHARE_OF_LIMIT 0.8

/* Largest variation at which a lognormal service time with this mean has its quantile (normal variate z)
 * at the limit: z sigma - sigma^2 / 2 = ln(limit / mean). */
static double cv_within(double mean_s, double limit_s, double z)
{
    double room = log(fmax(limit_s / mean_s, 1));
    double inside = z * z - 2 * room;
    if (inside <= 0)
        return HUGE_VAL;
    double sigma = z - sqrt(inside);
    return sqrt(expm1(sigma * sigma));
}

/* A variation that nobody answered never makes a limit impossible by itself: it is taken as no more than
 * the stated percentiles leave room for. The report says so, and what a measurement would have to show. */
static void limit_assumed_cv(const struct workload *w, const struct part *p, struct part_state *s)
{
    int v = p->variable[FIGURE_DURATION_CV];
    if (!p->is_online || !(s->service_s > 0) || (v >= 0 && w->variables[v].is_answered))
        return;
    double most = HUGE_VAL;
    if (s->x[FIGURE_P99_MS] > 0)
        most = fmin(most, cv_within(s->service_s, SERVICE_SHARE_OF_LIMIT * s->x[FIGURE_P99_MS] / 1000, 2.3263478740408408));
    if (s->x[FIGURE_P95_MS] > 0)
        most = fmin(most, cv_within(s->service_s, SERVICE_SHARE_OF_LIMIT * s->x[FIGURE_P95_MS] / 1000, 1.6448536269514722));
    s->cv_limited = most < s->x[FIGURE_DURATION_CV];
    if (s->cv_limited)
        s->x[FIGURE_DURATION_CV] = most;
}

static void part_state_at(const struct workload *w, const struct part *p, const double *x, bool exact,
                          struct part_state *s)
{
    for (int f = 0; f < FIGURE_COUNT; f++) {
        int v = p->variable[f];
        s->x[f] = (v < 0 ? p->fixed[f] : x ? x[v] : w->variables[v].likely) * p->share[f];
    }
    if (!(s->x[FIGURE_VCPU] > 0) && !p->is_job)
        s->x[FIGURE_VCPU] = fmin(s->x[FIGURE_MEMORY_MB], WORKLOAD_MB_WITH_VCPU) / WORKLOAD_MB_PER_VCPU;
    if (p->is_job && !p->needs_gpu && !(s->x[FIGURE_MEMORY_MB] > 0))
        s->x[FIGURE_MEMORY_MB] = s->x[FIGURE_VCPU] * WORKLOAD_MB_PER_VCPU;
    s->service_s = s->x[FIGURE_DURATION_MS] / 1000;
    if (p->is_job) {
        s->curve = (struct load_curve){0};
        s->mean_rps = s->peak_rps = s->requests = 0;
        s->points = exact ? CURVE_POINTS : WORKLOAD_DRAW_POINTS;
        for (size_t i = 0; i < s->points; i++)
            s->rps[i] = 0;
        return;
    }
    limit_assumed_cv(w, p, s);
    double per_day = s->x[FIGURE_REQUESTS_PER_DAY];
    if (s->x[FIGURE_STREAMS] > 0 && s->service_s > 0) {
        double held = s->x[FIGURE_STREAMS] / s->service_s * SECONDS_PER_DAY / p->multiplicity;
        if (held > per_day || p->kind == MODEL_STREAMING)
            per_day = held; /* connections that are open on average say how many are opened */
    }
    s->x[FIGURE_REQUESTS_PER_DAY] = per_day;
    s->mean_rps = per_day / SECONDS_PER_DAY;
    s->requests = s->mean_rps * SECONDS_PER_MONTH;
    shape_apply(p, s, exact);
    s->peak_rps = s->curve.peak_rps;
    s->points = exact ? CURVE_POINTS : WORKLOAD_DRAW_POINTS;
    size_t group = CURVE_POINTS / s->points;
    for (size_t i = 0; i < s->points; i++) {
        double sum = 0;
        for (size_t k = 0; k < group; k++)
            sum += s->curve.rps[i * group + k];
        s->rps[i] = sum / (double)group;
    }
}

void state_at(const struct workload *w, const double *x, bool exact, struct state *s)
{
    for (size_t i = 0; i < w->part_count; i++)
        part_state_at(w, &w->parts[i], x, exact, &s->parts[i]);
    for (int g = 0; g < GLOBAL_COUNT; g++)
        s->global[g] = w->global[g] < 0 || !x ? w->global_fixed[g] : x[w->global[g]];
}

double variable_value(const struct variable *v, double z)
{
    if (!(v->high > v->low))
        return v->likely;
    /* 1.2815515655446004 is the standard normal quantile at 0.9. */
    const double z90 = 1.2815515655446004;
    double value;
    if (v->law == LAW_SPLIT_LOGNORMAL)
        value = v->likely * exp(z > 0 ? log(v->high / v->likely) * z / z90 : -log(v->low / v->likely) * z / z90);
    else
        value = v->likely + (z > 0 ? (v->high - v->likely) : (v->likely - v->low)) * z / z90;
    return fmin(fmax(value, v->least), v->most);
}

int workload_variable(const struct workload *w, struct str path)
{
    for (size_t i = 0; i < w->variable_count; i++)
        if (str_equal(w->variables[i].path, path))
            return (int)i;
    return -1;
}
