#include "questionnaire/check.h"

#include "base/arena.h"
#include "base/strbuf.h"
#include "number/unit.h"

#include <math.h>

#define DEFAULT_BIN_S 3600.0 /* FORMATS: cv_bin_s */
#define ROUNDING 0.01        /* people round: 1 % is no contradiction */
#define SHARE_ROUNDING 0.02  /* half an hour of a day */

/* Likely value, for messages: at most six digits. */
static struct str figure(double value, struct arena *a)
{
    struct strbuf sb = STRBUF_INIT;
    strbuf_add_double(&sb, value, 6);
    struct str copy = strbuf_copy(&sb, a);
    strbuf_release(&sb);
    return copy;
}

static bool exceeds(struct answer a, double limit)
{
    return a.given && a.likely > limit;
}

/* ---- latency ----------------------------------------------------------------------------------
 */

static void check_percentiles(struct answer lower, const char *lower_key, struct answer upper,
                              const char *upper_key, const char *at, struct arena *a,
                              struct diags *d)
{
    if (!lower.given || !upper.given || lower.likely <= upper.likely)
        return;
    diag_error(d, upper.where, "a higher percentile is never faster than a lower one",
               "%s.%s (%.*s) lies below %s (%.*s)", at, upper_key, STR_ARG(figure(upper.likely, a)),
               lower_key, STR_ARG(figure(lower.likely, a)));
}

static void check_latency(const struct latency_answers *l, const char *at, struct arena *a,
                          struct diags *d)
{
    check_percentiles(l->p50_ms, "p50_ms", l->p95_ms, "p95_ms", at, a, d);
    check_percentiles(l->p95_ms, "p95_ms", l->p99_ms, "p99_ms", at, a, d);
    if (!l->p95_ms.given)
        check_percentiles(l->p50_ms, "p50_ms", l->p99_ms, "p99_ms", at, a, d);
}

/* ---- traffic ----------------------------------------------------------------------------------
 */

/* Share of the bins that carry no request; active_hours_per_day speaks where idle_share does not.
 */
static double idle_share(const struct traffic_answers *t)
{
    if (t->idle_share.given)
        return t->idle_share.likely;
    if (t->active_hours_per_day.given)
        return 1 - t->active_hours_per_day.likely / 24;
    return 0;
}

static void check_idle(const struct traffic_answers *t, const char *at, struct arena *a,
                       struct diags *d)
{
    double bin_s = t->cv_bin_s.given ? t->cv_bin_s.likely : DEFAULT_BIN_S;
    struct answer active = t->active_hours_per_day, idle = t->idle_share;
    /* An active hour may hold idle minutes, so bins below an hour contradict nothing. */
    if (active.given && idle.given && bin_s >= DEFAULT_BIN_S &&
        idle.likely + active.likely / 24 > 1 + SHARE_ROUNDING)
        diag_error(d, idle.where,
                   "idle_share is at most 1 - active_hours_per_day / 24 in bins of an hour; answer "
                   "one of the two",
                   "%s.idle_share (%.*s) contradicts %.*s active hours a day", at,
                   STR_ARG(figure(idle.likely, a)), STR_ARG(figure(active.likely, a)));
    if (exceeds(t->requests_per_day, 0) && idle_share(t) > 1 - 1e-9)
        diag_error(d, idle.given ? idle.where : active.where, NULL,
                   "%s has %.*s requests a day, but no hour in which they come", at,
                   STR_ARG(figure(t->requests_per_day.likely, a)));
}

/* The greatest coefficient of variation that a load between min and peak with that mean can have:
 * it is then always at one of the two (Bhatia-Davis inequality). */
static double greatest_cv(double mean, double minimum, double peak)
{
    double bound = (peak / mean - 1) * (1 - minimum / mean);
    return bound > 0 ? sqrt(bound) : 0;
}

static void check_rates(const struct traffic_answers *t, const char *at, struct arena *a,
                        struct diags *d)
{
    struct answer peak = t->peak_rps, minimum = t->min_rps;
    if (peak.given && minimum.given && minimum.likely > peak.likely)
        diag_error(d, minimum.where, NULL, "%s.min_rps (%.*s) lies above peak_rps (%.*s)", at,
                   STR_ARG(figure(minimum.likely, a)), STR_ARG(figure(peak.likely, a)));
    if (!t->requests_per_day.given)
        return;
    double mean = t->requests_per_day.likely / SECONDS_PER_DAY;
    if (t->requests_per_day.likely <= 0) {
        if (exceeds(peak, 0))
            diag_error(d, peak.where, NULL, "%s.peak_rps is %.*s, but requests_per_day is 0", at,
                       STR_ARG(figure(peak.likely, a)));
        if (exceeds(minimum, 0))
            diag_error(d, minimum.where, NULL, "%s.min_rps is %.*s, but requests_per_day is 0", at,
                       STR_ARG(figure(minimum.likely, a)));
        return;
    }
    struct str mean_text = figure(mean, a);
    if (exceeds(minimum, mean * (1 + ROUNDING))) {
        diag_error(d, minimum.where, "requests_per_day / 86400 is the mean",
                   "%s.min_rps (%.*s) lies above the mean of %.*s requests a second", at,
                   STR_ARG(figure(minimum.likely, a)), STR_ARG(mean_text));
        return;
    }
    if (!peak.given)
        return;
    if (peak.likely < mean * (1 - ROUNDING)) {
        diag_error(d, peak.where, "requests_per_day / 86400 is the mean",
                   "%s.peak_rps (%.*s) lies below the mean of %.*s requests a second", at,
                   STR_ARG(figure(peak.likely, a)), STR_ARG(mean_text));
        return;
    }
    /* The idle share carries min_rps; the rest must fit under the peak. */
    double idle = idle_share(t), low = minimum.given ? minimum.likely : 0;
    double active = idle < 1 - 1e-9 ? (mean - idle * low) / (1 - idle) : 0;
    if (peak.likely < active * (1 - ROUNDING)) {
        diag_error(d, peak.where, "the requests come in the active share of the day only",
                   "%s.peak_rps (%.*s) lies below the mean of %.*s requests a second while active",
                   at, STR_ARG(figure(peak.likely, a)), STR_ARG(figure(active, a)));
        return;
    }
    double most = greatest_cv(mean, low, peak.likely);
    if (exceeds(t->cv, most * (1 + ROUNDING) + ROUNDING))
        diag_error(d, t->cv.where,
                   "cv and peak_rps are over the same bins (cv_bin_s); cv is at most "
                   "sqrt((peak/mean - 1)(1 - min/mean))",
                   "%s.cv (%.*s) is impossible: a peak of %.*s over a mean of %.*s requests a "
                   "second allows at most %.*s",
                   at, STR_ARG(figure(t->cv.likely, a)), STR_ARG(figure(peak.likely, a)),
                   STR_ARG(mean_text), STR_ARG(figure(most, a)));
}

/*
 * Idle bins alone make a load vary: a share f of them at the minimum, all others alike, has the variation
 * sqrt(f / (1 - f)) (1 - min / mean), and no load with so many idle bins has less. An idle share that was answered
 * contradicts a lower cv; one that only follows from the active hours says that the cv was taken over those.
 */
static void check_least_cv(const struct traffic_answers *t, const char *at, struct arena *a,
                           struct diags *d)
{
    double bin_s = t->cv_bin_s.given ? t->cv_bin_s.likely : DEFAULT_BIN_S;
    double idle = idle_share(t) - SHARE_ROUNDING;
    if (!t->cv.given || !(idle > 0) || idle_share(t) > 1 - 1e-9 || (!t->idle_share.given && bin_s > DEFAULT_BIN_S))
        return;
    double low = t->min_rps.given && exceeds(t->requests_per_day, 0) ? t->min_rps.likely / (t->requests_per_day.likely / SECONDS_PER_DAY) : 0;
    double below = fmax(1 - low, 0), least = sqrt(idle / (1 - idle)) * below, exact = sqrt(idle_share(t) / (1 - idle_share(t))) * below;
    if (!(t->cv.likely < least * (1 - ROUNDING)))
        return;
    if (t->idle_share.given)
        diag_error(d, t->cv.where, "cv and idle_share are over the same bins (cv_bin_s); cv is at least sqrt(idle_share / (1 - idle_share))",
                   "%s.cv (%.*s) is impossible: an idle share of %.*s makes it at least %.*s", at,
                   STR_ARG(figure(t->cv.likely, a)), STR_ARG(figure(idle_share(t), a)), STR_ARG(figure(exact, a)));
    else
        diag_warning(d, t->cv.where, "cv counts all bins, the idle ones too; leave it out to have it follow from the active hours and the peak",
                     "%.*s active hours a day make %s.cv at least %.*s, got %.*s: the load is taken as even while active",
                     STR_ARG(figure(t->active_hours_per_day.likely, a)), at, STR_ARG(figure(exact, a)), STR_ARG(figure(t->cv.likely, a)));
}

static void check_traffic(const struct traffic_answers *t, const char *at, struct arena *a,
                          struct diags *d)
{
    check_idle(t, at, a, d);
    check_rates(t, at, a, d);
    if (t->scale_to_zero == TRI_YES && exceeds(t->min_rps, 0))
        diag_warning(d, t->min_rps.where, "scale_to_zero pays only where min_rps is 0",
                     "%s.scale_to_zero is required, but traffic never falls to zero", at);
}

/* ---- GPUs and memory --------------------------------------------------------------------------
 */

static void check_gpu(const struct gpu_answers *g, enum gpu_need need, const char *at,
                      struct arena *a, struct diags *d)
{
    static const char HINT[] = "set need to \"optional\" or \"required\", or leave this answer out";
    if (need == GPU_NONE && exceeds(g->vram_gb, 0))
        diag_error(d, g->vram_gb.where, HINT, "%s.vram_gb is %.*s, but no GPU is needed", at,
                   STR_ARG(figure(g->vram_gb.likely, a)));
    if (need == GPU_NONE && exceeds(g->count, 0))
        diag_error(d, g->count.where, HINT, "%s.count is %.*s, but no GPU is needed", at,
                   STR_ARG(figure(g->count.likely, a)));
    if (need == GPU_REQUIRED && g->count.given && g->count.likely < 1)
        diag_error(d, g->count.where, "leave count out where it is 1",
                   "%s.count is 0, but a GPU is required", at);
}

static struct answer over(struct answer own, struct answer common)
{
    return own.given ? own : common;
}

static bool is_cpu(struct answer_text hardware)
{
    return str_is(hardware.text, "cpu");
}

/* size_mb is decimal, memory_mb counts 2^20 and vram_gb 2^30 bytes. */
static void check_size(const struct questionnaire *q, const struct model_answers *m,
                       enum gpu_need need, const char *at, struct arena *a, struct diags *d)
{
    bool on_gpu = need == GPU_REQUIRED || (m->hardware.given && !is_cpu(m->hardware));
    double bytes = m->size_mb.likely * 1e6;
    if (!m->size_mb.given)
        return;
    if (!on_gpu) {
        if (m->memory_mb.given && bytes > m->memory_mb.likely * 1048576)
            diag_error(
                d, m->size_mb.where, "memory_mb is the memory of one replica, weights included",
                "%s.size_mb (%.*s MB) does not fit into memory_mb (%.*s MiB)", at,
                STR_ARG(figure(m->size_mb.likely, a)), STR_ARG(figure(m->memory_mb.likely, a)));
        return;
    }
    struct answer vram = over(m->gpu.vram_gb, q->gpu.vram_gb),
                  count = over(m->gpu.count, q->gpu.count);
    double gpus = count.given && count.likely >= 1 ? count.likely : 1;
    if (vram.given && vram.likely > 0 && bytes > vram.likely * gpus * 1073741824)
        diag_error(d, m->size_mb.where,
                   "vram_gb is the memory of one GPU, count the GPUs a request takes",
                   "%s.size_mb (%.*s MB) does not fit into %.*s GPU%s with %.*s GiB", at,
                   STR_ARG(figure(m->size_mb.likely, a)), STR_ARG(figure(gpus, a)),
                   gpus > 1 ? "s" : "", STR_ARG(figure(vram.likely, a)));
}

static void check_model(const struct questionnaire *q, size_t index, struct arena *a,
                        struct diags *d)
{
    const struct model_answers *m = &q->models[index];
    const char *at = str_cstring(a, str_printf(a, "models.%zu", index));
    const char *gpu = str_cstring(a, str_printf(a, "%s.gpu", at));
    enum gpu_need need = m->gpu.need != GPU_UNKNOWN ? m->gpu.need : q->gpu.need;
    check_gpu(&m->gpu, need, gpu, a, d);
    check_size(q, m, need, at, a, d);
    check_latency(&m->latency, str_cstring(a, str_printf(a, "%s.latency", at)), a, d);
    struct traffic_answers own = m->traffic;
    own.cv_bin_s = over(own.cv_bin_s, q->traffic.cv_bin_s);
    check_traffic(&own, str_cstring(a, str_printf(a, "%s.traffic", at)), a, d);
    if (own.cv.given || own.idle_share.given || own.active_hours_per_day.given) {
        own.cv = over(own.cv, q->traffic.cv);
        if (!own.active_hours_per_day.given) /* its own hours speak before a common share */
            own.idle_share = over(own.idle_share, q->traffic.idle_share);
        own.active_hours_per_day = over(own.active_hours_per_day, q->traffic.active_hours_per_day);
        check_least_cv(&own, str_cstring(a, str_printf(a, "%s.traffic", at)), a, d);
    }
    if (need == GPU_REQUIRED && is_cpu(m->hardware))
        diag_error(
            d, m->hardware.where,
            "name the GPU that duration_ms was measured on, or set need to \"optional\" if a "
            "CPU will do",
            "%s.hardware is cpu, but the model requires a GPU", at);
    if (need == GPU_NONE && m->hardware.given && !is_cpu(m->hardware))
        diag_warning(d, m->hardware.where,
                     "give the duration on a CPU, or set need to \"optional\" or \"required\"",
                     "%s.duration_ms was measured on a GPU, but no GPU is needed", at);
    if (exceeds(m->streams, 0) && m->kind != MODEL_STREAMING)
        diag_warning(d, m->streams.where, "set kind to \"streaming\"",
                     "%s.streams counts for kind streaming only", at);
}

static void check_job(const struct job_answers *j, size_t index, struct arena *a, struct diags *d)
{
    if (is_cpu(j->hardware) && exceeds(j->vram_gb, 0))
        diag_error(d, j->vram_gb.where, "name the GPU in hardware, or leave vram_gb out",
                   "jobs.%zu.vram_gb is %.*s, but hardware is cpu", index,
                   STR_ARG(figure(j->vram_gb.likely, a)));
}

/* ---- the whole --------------------------------------------------------------------------------
 */

static void check_count(const struct questionnaire *q, struct diags *d)
{
    double count = q->model_count.likely;
    if (!q->model_count.given || q->models_given == 0)
        return;
    if (q->models_given == 1 && count < 1)
        diag_error(d, q->model_count.where, NULL,
                   "answers.models.count is 0, but one model is described");
    if (q->models_given > 1 && fabs(count - (double)q->models_given) > 0.5)
        diag_error(d, q->model_count.where,
                   "leave count out, or describe one model and say how many there are like it",
                   "answers.models.count is %.0f, but %zu models are described", count,
                   q->models_given);
}

static struct str part_name(const struct questionnaire *q, size_t index)
{
    return index < q->models_given ? q->models[index].name : q->jobs[index - q->models_given].name;
}

static struct where part_where(const struct questionnaire *q, size_t index)
{
    return index < q->models_given ? q->models[index].where
                                   : q->jobs[index - q->models_given].where;
}

/* Reports, placements and checklists tell parts by name. */
static void check_names(const struct questionnaire *q, struct diags *d)
{
    size_t count = q->models_given + q->job_count;
    for (size_t i = 1; i < count; i++) {
        for (size_t j = 0; j < i; j++) {
            if (!str_equal(part_name(q, i), part_name(q, j)))
                continue;
            struct where where = part_where(q, i);
            where.length = where.length > 0;
            diag_error(d, where, "models and jobs share one set of names",
                       "the name \"%.*s\" stands twice", STR_ARG(part_name(q, i)));
            break;
        }
    }
}

void questionnaire_check(const struct questionnaire *q, struct arena *a, struct diags *d)
{
    check_gpu(&q->gpu, q->gpu.need, "answers.gpu", a, d);
    check_latency(&q->latency, "answers.latency", a, d);
    check_traffic(&q->traffic, "answers.traffic", a, d);
    check_least_cv(&q->traffic, "answers.traffic", a, d);
    check_count(q, d);
    check_names(q, d);
    for (size_t i = 0; i < q->models_given; i++)
        check_model(q, i, a, d);
    for (size_t i = 0; i < q->job_count; i++)
        check_job(&q->jobs[i], i, a, d);
}
