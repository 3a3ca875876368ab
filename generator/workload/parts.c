#include "workload/resolve.h"

#include "base/arena.h"
#include "base/diag.h"

#include <math.h>

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
        double mean_rps = volume->likely / SECONDS_PER_DAY;
        struct answer ratio = ratio_answer(&t->peak_rps, mean_rps);
        int index = resolve_figure(r, FIGURE_PEAK_TO_MEAN, &ratio, 0, path, 1, fixed);
        r->variables[index].per_answer = mean_rps;
        return index;
    }
    *fixed = 0;
    if (t->cv.given)
        return -1; /* the variation alone shapes the curve */
    struct spread s = policy_spread(r->policy, PARAMETER_PEAK_TO_MEAN);
    struct str at = path.n ? path : STR("answers.traffic.peak_rps");
    struct variable v = {.path = at,
                         .name = resolve_name(r, "peak over mean rate", at),
                         .unit = STR("x"),
                         .low = s.low,
                         .likely = s.likely,
                         .high = s.high,
                         .least = 1,
                         .most = 1e6,
                         .law = LAW_SPLIT_LOGNORMAL,
                         .figure = FIGURE_PEAK_TO_MEAN,
                         .per_answer = volume->given ? volume->likely / SECONDS_PER_DAY : 1,
                         .why = r->policy->parameter[PARAMETER_PEAK_TO_MEAN].why,
                         .source = r->policy->parameter[PARAMETER_PEAK_TO_MEAN].source};
    resolve_clamp(&v);
    *fixed = v.likely;
    return resolve_add_variable(r, v);
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

static struct str resolve_hardware(const struct resolver *r, const struct answer_text *answer)
{
    struct str name = answer->given ? answer->text : STR("cpu");
    const struct hardware *h = book_hardware(r->book, name);
    return h ? h->id : name; /* an unknown one has been reported by workload_check_names */
}

/* GPU memory is answered, and no word says whether a GPU is needed: nobody states the memory of a GPU that is not. */
static bool states_vram(const struct questionnaire *q, const struct model_answers *m)
{
    if (m->gpu.vram_gb.given)
        return m->gpu.vram_gb.likely > 0;
    bool is_common = q->gpu.vram_gb.given && q->gpu.vram_gb.likely > 0; /* of all models, unless one of them says that it is its own */
    for (size_t i = 0; i < q->models_given; i++)
        is_common = is_common && q->models[i].gpu.need == GPU_UNKNOWN && (!q->models[i].hardware.given || str_is(q->models[i].hardware.text, "cpu"));
    return is_common;
}

void resolve_model(struct resolver *r, size_t index, const struct common *c, struct part *p)
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
    p->hardware = resolve_hardware(r, &m->hardware);
    bool on_gpu = !str_is(p->hardware, "cpu");
    p->needs_gpu = need == GPU_REQUIRED || on_gpu || (need == GPU_UNKNOWN && states_vram(q, m));
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
        resolve_missing(r, STR("answers.traffic.requests_per_day"));
    if (!m->duration_ms.given)
        resolve_missing(r, resolve_path(r->a, "models[].duration_ms", index));
    if (!m->memory_mb.given)
        resolve_missing(r, resolve_path(r->a, "models[].memory_mb", index));
    p->costable = has_volume && m->duration_ms.given && m->memory_mb.given;
}

void resolve_job(struct resolver *r, size_t index, struct part *p)
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
    p->hardware = resolve_hardware(r, &j->hardware);
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
        struct str path = own[i].path ? resolve_path(r->a, own[i].path, index) : STR("");
        if (own[i].path && !own[i].own->given) {
            const struct assumption *as = policy_assumption(r->policy, str_of(own[i].path));
            if (own[i].f == FIGURE_VCPU && !p->needs_gpu && as && !as->is_word)
                bind(p, FIGURE_VCPU, resolve_add_variable(r, resolve_job_default(r, as, path)), as->value.likely, 1);
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
        resolve_missing(r, resolve_path(r->a, "jobs[].hours_per_run", index));
    if (!j->runs_per_month.given)
        resolve_missing(r, resolve_path(r->a, "jobs[].runs_per_month", index));
    p->costable = j->hours_per_run.given && j->runs_per_month.given;
}

void resolve_common(struct resolver *r, const struct load_curve *measured, struct common *c)
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
