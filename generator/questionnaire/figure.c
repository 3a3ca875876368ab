#include "questionnaire/figure.h"

#include "base/arena.h"
#include "questionnaire/check.h"

#include <math.h>
#include <string.h>

struct place {
    const char *path;
    size_t offset;
};

#define COMMON(path, member) {path, offsetof(struct questionnaire, member)}

static const struct place COMMON_PLACES[] = {
    COMMON("answers.gpu.vram_gb", gpu.vram_gb),
    COMMON("answers.gpu.count", gpu.count),
    COMMON("answers.latency.p99_ms", latency.p99_ms),
    COMMON("answers.latency.p95_ms", latency.p95_ms),
    COMMON("answers.latency.p50_ms", latency.p50_ms),
    COMMON("answers.latency.availability", latency.availability),
    COMMON("answers.traffic.requests_per_day", traffic.requests_per_day),
    COMMON("answers.traffic.peak_rps", traffic.peak_rps),
    COMMON("answers.traffic.min_rps", traffic.min_rps),
    COMMON("answers.traffic.cv", traffic.cv),
    COMMON("answers.traffic.cv_bin_s", traffic.cv_bin_s),
    COMMON("answers.traffic.active_hours_per_day", traffic.active_hours_per_day),
    COMMON("answers.traffic.idle_share", traffic.idle_share),
    COMMON("answers.traffic.growth_per_year", traffic.growth_per_year),
    COMMON("answers.traffic.burst", traffic.burst),
    COMMON("answers.traffic.periodic_s", traffic.periodic_s),
    COMMON("answers.team.platform_engineers", platform_engineers),
    COMMON("answers.team.data_scientists", data_scientists),
    COMMON("answers.models.count", model_count),
};

#define MODEL(path, member) {path, offsetof(struct model_answers, member)}

static const struct place MODEL_PLACES[] = {
    MODEL("size_mb", size_mb),
    MODEL("memory_mb", memory_mb),
    MODEL("vcpu", vcpu),
    MODEL("duration_ms", duration_ms),
    MODEL("duration_cv", duration_cv),
    MODEL("load_s", load_s),
    MODEL("streams", streams),
    MODEL("concurrency", concurrency),
    MODEL("request_kb", request_kb),
    MODEL("response_kb", response_kb),
    MODEL("internet_share", internet_share),
    MODEL("deadline_h", deadline_h),
    MODEL("gpu.vram_gb", gpu.vram_gb),
    MODEL("gpu.count", gpu.count),
    MODEL("latency.p99_ms", latency.p99_ms),
    MODEL("latency.p95_ms", latency.p95_ms),
    MODEL("latency.p50_ms", latency.p50_ms),
    MODEL("latency.availability", latency.availability),
    MODEL("traffic.requests_per_day", traffic.requests_per_day),
    MODEL("traffic.peak_rps", traffic.peak_rps),
    MODEL("traffic.min_rps", traffic.min_rps),
    MODEL("traffic.cv", traffic.cv),
    MODEL("traffic.cv_bin_s", traffic.cv_bin_s),
    MODEL("traffic.active_hours_per_day", traffic.active_hours_per_day),
    MODEL("traffic.idle_share", traffic.idle_share),
    MODEL("traffic.growth_per_year", traffic.growth_per_year),
    MODEL("traffic.burst", traffic.burst),
    MODEL("traffic.periodic_s", traffic.periodic_s),
};

#define JOB(path, member) {path, offsetof(struct job_answers, member)}

static const struct place JOB_PLACES[] = {
    JOB("count", count),
    JOB("nodes", nodes),
    JOB("vcpu", vcpu),
    JOB("memory_mb", memory_mb),
    JOB("vram_gb", vram_gb),
    JOB("hours_per_run", hours_per_run),
    JOB("runs_per_month", runs_per_month),
    JOB("deadline_h", deadline_h),
};

#define COUNT(table) (sizeof(table) / sizeof *(table))

struct questionnaire questionnaire_copy(const struct questionnaire *q, struct arena *a)
{
    struct questionnaire out = *q;
    out.models = arena_new(a, struct model_answers, q->models_given);
    if (q->models_given)
        memcpy(out.models, q->models, q->models_given * sizeof *q->models);
    out.jobs = arena_new(a, struct job_answers, q->job_count);
    if (q->job_count)
        memcpy(out.jobs, q->jobs, q->job_count * sizeof *q->jobs);
    return out;
}

static struct answer *figure_in(const struct place *places, size_t count, void *base,
                                struct str path)
{
    for (size_t i = 0; i < count; i++)
        if (str_is(path, places[i].path))
            return (struct answer *)(void *)((char *)base + places[i].offset);
    return NULL;
}

/* "models.12.vcpu": 12 and "vcpu". */
static bool entry_of(struct str path, const char *list, size_t count, size_t *index,
                     struct str *rest)
{
    struct str head, number;
    if (!str_cut(path, '.', &head, rest) || !str_is(head, list) ||
        !str_cut(*rest, '.', &number, rest))
        return false;
    *index = 0;
    for (size_t i = 0; i < number.n; i++) {
        if (number.s[i] < '0' || number.s[i] > '9' || *index > count)
            return false;
        *index = *index * 10 + (size_t)(number.s[i] - '0');
    }
    return number.n > 0 && *index < count;
}

struct answer *questionnaire_figure(struct questionnaire *q, struct str path)
{
    size_t i;
    struct str rest;
    if (entry_of(path, "models", q->models_given, &i, &rest))
        return figure_in(MODEL_PLACES, COUNT(MODEL_PLACES), &q->models[i], rest);
    if (entry_of(path, "jobs", q->job_count, &i, &rest))
        return figure_in(JOB_PLACES, COUNT(JOB_PLACES), &q->jobs[i], rest);
    return figure_in(COMMON_PLACES, COUNT(COMMON_PLACES), q, path);
}

bool questionnaire_answer(struct questionnaire *q, struct str path, double value, struct arena *a)
{
    struct answer *answer = questionnaire_figure(q, path);
    const struct field *field = field_find(path);
    if (!answer || !field || !(value >= field->low && value <= field->high))
        return false;
    if (field->kind == FIELD_INTEGER && fabs(value - round(value)) > 0)
        return false;
    answer->low = answer->likely = answer->high = value;
    answer->given = true;
    answer->is_range = false;
    struct diags *d = diags_new(a);
    questionnaire_check(q, a, d);
    return diags_errors(d) == 0;
}
