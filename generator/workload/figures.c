#include "workload/resolve.h"

#include "base/arena.h"
#include "base/diag.h"

#include <assert.h>
#include <math.h>
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
    [GLOBAL_PRICE_SERVERLESS] = {"prices.serverless", "all serverless prices", "x", -1, "prices.serverless", 0.001, 1000},
    [GLOBAL_PRICE_MANAGED] = {"prices.managed", "all managed endpoint prices", "x", -1, "prices.managed", 0.001, 1000},
    [GLOBAL_PRICE_KUBERNETES] = {"prices.kubernetes", "all Kubernetes prices", "x", -1, "prices.kubernetes", 0.001, 1000},
    [GLOBAL_PRICE_SPOT] = {"prices.spot", "spot prices", "x", -1, "prices.spot", 0.001, 1000},
};

int resolve_add_variable(struct resolver *r, struct variable v)
{
    struct workload *w = r->w;
    if (w->variable_count == r->capacity)
        r->variables = arena_grow(r->a, struct variable, r->variables, w->variable_count, &r->capacity);
    if (!(v.per_answer > 0))
        v.per_answer = 1;
    r->variables[w->variable_count] = v;
    w->variables = r->variables;
    return (int)w->variable_count++;
}

void resolve_missing(struct resolver *r, struct str path)
{
    for (size_t i = 0; i < r->w->missing_count; i++)
        if (str_equal(r->w->missing[i], path))
            return;
    if (r->w->missing_count == r->missing_capacity)
        r->missing = arena_grow(r->a, struct str, r->missing, r->w->missing_count, &r->missing_capacity);
    r->missing[r->w->missing_count++] = path;
    r->w->missing = r->missing;
}

struct str resolve_path(struct arena *a, const char *path, size_t index)
{
    const char *bracket = strstr(path, "[]");
    if (!bracket)
        return str_of(path);
    char number[24]; /* by hand: a whole workload is resolved for each value that a search tries */
    size_t digits = 0, head = (size_t)(bracket - path), tail = strlen(bracket + 2);
    do {
        number[sizeof number - ++digits] = (char)('0' + index % 10);
        index /= 10;
    } while (index > 0);
    char *s = arena_new(a, char, head + 1 + digits + tail);
    memcpy(s, path, head);
    s[head] = '.';
    memcpy(s + head + 1, number + sizeof number - digits, digits);
    memcpy(s + head + 1 + digits, bracket + 2, tail);
    return (struct str){s, head + 1 + digits + tail};
}

void resolve_clamp(struct variable *v)
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

struct str resolve_name(struct resolver *r, const char *name, struct str path)
{
    struct str head, tail, entry, rest;
    if (r->q->models_given + r->q->job_count < 2 || !str_cut(path, '.', &head, &tail))
        return str_of(name);
    bool of_model = str_is(head, "models"), of_job = str_is(head, "jobs");
    if (!of_model && !of_job)
        return str_of(name);
    str_cut(tail, '.', &entry, &rest);
    size_t index = 0;
    for (size_t i = 0; i < entry.n; i++)
        index = index * 10 + (size_t)(entry.s[i] - '0');
    assert(index < (of_model ? r->q->models_given : r->q->job_count));
    struct str part = of_model ? r->q->models[index].name : r->q->jobs[index].name;
    return str_printf(r->a, "%s of %.*s", name, STR_ARG(part));
}

int resolve_figure(struct resolver *r, enum figure f, const struct answer *answer, size_t entry,
                          struct str path, double scale, double *fixed)
{
    const struct figure_row *row = &FIGURE_ROWS[f];
    struct str at = path.n ? path : resolve_path(r->a, row->path, entry);
    struct variable v = {.path = at,
                         .name = resolve_name(r, row->name, at),
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
    resolve_clamp(&v);
    *fixed = v.likely;
    return resolve_add_variable(r, v);
}

struct variable resolve_job_default(struct resolver *r, const struct assumption *as, struct str path)
{
    const struct figure_row *row = &FIGURE_ROWS[FIGURE_VCPU];
    struct variable v = {.path = path, .name = resolve_name(r, row->name, path), .unit = str_of(row->unit), .low = as->value.low,
                         .likely = as->value.likely, .high = as->value.high, .least = row->least, .most = row->most,
                         .law = row->law, .figure = FIGURE_VCPU, .why = as->why, .source = as->source};
    resolve_clamp(&v);
    return v;
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

void resolve_globals(struct resolver *r)
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
        resolve_clamp(&v);
        w->global_fixed[g] = v.likely;
        w->global[g] = is_idle_global(w, g) ? -1 : resolve_add_variable(r, v);
    }
}

void resolve_globals_of(struct resolver *r, const struct workload *like)
{
    struct workload *w = r->w;
    for (int g = 0; g < GLOBAL_COUNT; g++) {
        w->global_fixed[g] = like->global_fixed[g];
        if (w->global[g] >= 0 && like->global[g] >= 0)
            r->variables[w->global[g]] = like->variables[like->global[g]];
    }
}

/* ---- overrides ---- */

bool workload_is_override(struct str path)
{
    return str_starts(path, STR("policy.")) || str_starts(path, STR("platforms."));
}

const char *workload_override_path(size_t index, const char **name)
{
    for (size_t g = 0, seen = 0; g < GLOBAL_COUNT; g++) {
        if (!workload_is_override(str_of(GLOBAL_ROWS[g].path)) || seen++ < index)
            continue;
        *name = GLOBAL_ROWS[g].name;
        return GLOBAL_ROWS[g].path;
    }
    *name = NULL;
    return NULL;
}

bool workload_override(struct workload *w, const struct override *o, struct arena *a, struct diags *d)
{
    struct str names[GLOBAL_COUNT];
    size_t count = 0;
    for (int g = 0; g < GLOBAL_COUNT; g++) {
        if (w->global[g] < 0)
            continue;
        const struct variable *old = &w->variables[w->global[g]];
        if (!workload_is_override(old->path))
            continue;
        names[count++] = old->path;
        if (!str_equal(old->path, o->path))
            continue;
        if (!(o->value >= old->least && o->value <= old->most)) {
            diag_error(d, o->where, NULL, "%.*s must be from %g to %g", STR_ARG(o->path), old->least, old->most);
            return false;
        }
        struct variable *variables = arena_new(a, struct variable, w->variable_count);
        memcpy(variables, w->variables, w->variable_count * sizeof *variables);
        struct variable *v = &variables[w->global[g]];
        v->low = v->likely = v->high = o->value;
        w->variables = variables;
        w->likely[w->global[g]] = w->global_fixed[g] = o->value;
        return true;
    }
    struct str near = str_nearest(o->path, names, count);
    diag_error(d, o->where, near.n ? str_cstring(a, str_printf(a, "did you mean \"%.*s\"?", STR_ARG(near))) : NULL,
               "no figure of this decision is called \"%.*s\"", STR_ARG(o->path));
    return false;
}
