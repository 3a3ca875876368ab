#include "cost/fit_parts.h"

#include "latency/law.h"

#include <math.h>

/* Calls that a time limit ends are told from one in a thousand. */
#define CUT_SHARE 0.001

void verdict_add(struct verdict_list *v, const char *limit, struct str part, double allowed,
                 double needed, struct str text)
{
    if (!v->a) {
        v->count++;
        return;
    }
    for (size_t i = 0; i < v->count; i++)
        if (str_equal(v->items[i].text, text) && str_equal(v->items[i].part, part))
            return;
    if (v->count == v->capacity)
        v->items = arena_grow(v->a, struct violation, v->items, v->count, &v->capacity);
    v->items[v->count++] = (struct violation){.limit = str_of(limit), .part = part, .allowed = allowed,
                                              .needed = needed, .text = text};
}

void note_add(struct verdict_list *v, struct str text)
{
    if (!v->a)
        return;
    for (size_t i = 0; i < v->note_count; i++)
        if (str_equal(v->notes[i], text))
            return;
    if (v->note_count == v->note_capacity)
        v->notes = arena_grow(v->a, struct str, v->notes, v->note_count, &v->note_capacity);
    v->notes[v->note_count++] = text;
}

void doubt_add(struct verdict_list *v, struct str text)
{
    v->doubtful = true;
    if (v->a && v->doubt.n == 0)
        v->doubt = text;
    note_add(v, text);
}

struct str fit_count_text(struct arena *a, double value)
{
    if (value < 1000 || value >= 1e9)
        return str_printf(a, "%.4g", value);
    int whole = (int)floor(value + 0.5);
    if (whole < 1000000)
        return str_printf(a, "%d,%03d", whole / 1000, whole % 1000);
    return str_printf(a, "%d,%03d,%03d", whole / 1000000, whole / 1000 % 1000, whole % 1000);
}

struct str fit_memory_text(struct arena *a, double gib, double need)
{
    if (fabs(need - floor(need + 0.5)) < 1e-9)
        return str_printf(a, "%.*s GB", STR_ARG(fit_count_text(a, gib)));
    return str_printf(a, "%.*s MB", STR_ARG(fit_count_text(a, gib * MIB_PER_GIB)));
}

struct str fit_seconds_text(struct arena *a, double s)
{
    if (s < 120 || (s < 600 && fmod(s, 60) > 0))
        return str_printf(a, "%.4g s", s);
    if (s < 7200)
        return str_printf(a, "%.4g min", s / 60);
    return str_printf(a, "%.*s h", STR_ARG(fit_count_text(a, s / 3600)));
}

static unsigned served_as(const struct part *p)
{
    if (p->is_job)
        return p->job_kind == JOB_TRAINING ? SERVES_TRAINING : p->job_kind == JOB_BATCH ? SERVES_BATCH_JOB : SERVES_AUTOMATION;
    switch (p->kind) {
    case MODEL_REALTIME: return SERVES_REALTIME;
    case MODEL_STREAMING: return SERVES_STREAMING;
    case MODEL_ASYNC: return SERVES_ASYNC;
    case MODEL_BATCH: return SERVES_BATCH;
    }
    return 0;
}

static const char *serves_phrase(unsigned kind)
{
    switch (kind) {
    case SERVES_REALTIME: return "real-time requests";
    case SERVES_STREAMING: return "connections that stay open";
    case SERVES_ASYNC: return "queued requests";
    case SERVES_BATCH: return "batches of items";
    case SERVES_TRAINING: return "training jobs";
    case SERVES_BATCH_JOB: return "batch jobs";
    default: return "automation jobs";
    }
}

bool fit_scales_to_zero(const struct platform *p)
{
    return (p->scaling == SCALING_PER_REQUEST || p->scaling == SCALING_TO_ZERO) && p->min_instances <= 0;
}

/* The limit that a run, a queued item or a caller who waits meets first. */
static enum limit time_limit(const struct part *p, const struct platform *platform)
{
    bool of_jobs = platform->jobs_unlimited || !isnan(platform->limit[LIMIT_JOB_TIMEOUT_S]);
    if (p->is_job)
        return of_jobs ? LIMIT_JOB_TIMEOUT_S : LIMIT_TIMEOUT_S;
    double answer = platform->limit[LIMIT_RESPONSE_S], run = platform->limit[LIMIT_TIMEOUT_S];
    bool waits = p->kind == MODEL_REALTIME || p->kind == MODEL_STREAMING;
    return waits && !isnan(answer) && (isnan(run) || answer < run) ? LIMIT_RESPONSE_S : LIMIT_TIMEOUT_S;
}

/* Calls vary: the limit holds on average, and yet ends those that take longest. */
static void note_cut_calls(const struct part *p, const struct part_state *s, const struct platform *platform, double most, struct verdict_list *v)
{
    if (!v->a || p->is_job || !(s->service_s > 0) || !(s->x[FIGURE_DURATION_CV] > 0))
        return;
    struct law law = law_lognormal(s->service_s, s->x[FIGURE_DURATION_CV]);
    double share = law_tail(&law, most);
    if (share >= CUT_SHARE)
        note_add(v, SAY(v, "%.*s: about %.2g%% of the calls would take longer than the %.*s after which %.*s ends them, at a variation of %.2g",
                        STR_ARG(p->name), 100 * share, STR_ARG(fit_seconds_text(v->a, most)), STR_ARG(platform->name), s->x[FIGURE_DURATION_CV]));
}

static void check_time(const struct part *p, const struct part_state *s, const struct platform *platform, struct verdict_list *v)
{
    enum limit which = time_limit(p, platform);
    double seconds = p->is_job ? s->x[FIGURE_JOB_HOURS] * 3600 : s->service_s, most = platform->limit[which];
    if (isnan(most) || (p->is_job && platform->class == CLASS_KUBERNETES))
        return;
    if (seconds <= most * (1 + FIT_SLACK)) {
        note_cut_calls(p, s, platform, most, v);
        return;
    }
    if (platform->limit_unverified[which])
        doubt_add(v, SAY(v, "takes %.*s; the limit of %.*s of %.*s is not attested by a stored page", STR_ARG(fit_seconds_text(v->a, seconds)),
                         STR_ARG(fit_seconds_text(v->a, most)), STR_ARG(platform->name)));
    else
        verdict_add(v, limit_word(which), p->name, most, seconds,
                    SAY(v, "takes %.*s; %.*s ends a %s after %.*s", STR_ARG(fit_seconds_text(v->a, seconds)), STR_ARG(platform->name),
                        p->is_job ? "job" : which == LIMIT_RESPONSE_S ? "wait for an answer" : "request", STR_ARG(fit_seconds_text(v->a, most))));
}

bool fit_platform(const struct market *m, const struct workload *w, const struct part *p,
                  const struct part_state *s, const struct platform *platform, struct verdict_list *v)
{
    size_t before = v->count;
    int provider = book_provider(m->book, platform->provider);
    if (provider >= 0 && !w->provider[provider])
        verdict_add(v, "provider", STR(""), NOT_KNOWN, NOT_KNOWN,
                    SAY(v, "%.*s is not among the providers that may be chosen", STR_ARG(m->book->providers[provider].name)));
    if (platform->region[m->geography].n == 0)
        verdict_add(v, "region", STR(""), NOT_KNOWN, NOT_KNOWN,
                    SAY(v, "%.*s has no region for %.*s in the price book", STR_ARG(platform->name), STR_ARG(w->geography_id)));
    if (!date_is_none(platform->available_until) && date_compare(m->as_of, platform->available_until) > 0)
        verdict_add(v, "discontinued", STR(""), NOT_KNOWN, NOT_KNOWN,
                    SAY(v, "%.*s is no longer sold: %.*s", STR_ARG(platform->name), STR_ARG(platform->unavailable_why)));
    if (!date_is_none(platform->available_from) && date_compare(m->as_of, platform->available_from) < 0)
        verdict_add(v, "discontinued", STR(""), NOT_KNOWN, NOT_KNOWN,
                    SAY(v, "%.*s was not yet sold on this day", STR_ARG(platform->name)));
    unsigned kind = served_as(p);
    if (!(platform->serves & kind))
        verdict_add(v, "kind", p->name, NOT_KNOWN, NOT_KNOWN,
                    SAY(v, "%.*s does not serve %s", STR_ARG(platform->name), serves_phrase(kind)));
    const struct questionnaire *q = w->questionnaire;
    if (q->tenancy == TENANCY_SINGLE && platform->tenancy != TENANCY_SINGLE)
        verdict_add(v, "tenancy", STR(""), NOT_KNOWN, NOT_KNOWN,
                    SAY(v, "single-tenant execution is required; for %.*s it is not attested", STR_ARG(platform->name)));
    if (q->custom == CUSTOM_KERNEL && !platform->own_nodes)
        verdict_add(v, "dependencies", STR(""), NOT_KNOWN, NOT_KNOWN,
                    SAY(v, "custom kernels or drivers need nodes of one's own; %.*s gives none", STR_ARG(platform->name)));
    if (q->custom != CUSTOM_UNKNOWN && q->custom != CUSTOM_NONE && platform->no_containers)
        verdict_add(v, "dependencies", STR(""), NOT_KNOWN, NOT_KNOWN,
                    SAY(v, "%.*s does not run container images, which the dependencies need", STR_ARG(platform->name)));
    if (p->scale_to_zero && !fit_scales_to_zero(platform) && !p->is_job)
        verdict_add(v, "scale_to_zero", p->name, NOT_KNOWN, NOT_KNOWN,
                    SAY(v, "scale to zero is required; %.*s keeps at least one instance", STR_ARG(platform->name)));
    if (platform->preempts_gpu && p->is_job && p->needs_gpu && !p->interruptible && !p->checkpoints)
        doubt_add(v, SAY(v, "%.*s may interrupt a run on its GPUs, which then starts anew: the runs of %.*s are not interruptible and keep no checkpoints",
                         STR_ARG(platform->name), STR_ARG(p->name)));
    if (platform->is_arm)
        note_add(v, SAY(v, "%.*s runs on Arm processors; the stated service times are taken to hold there: measure them", STR_ARG(platform->name)));
    if (q->residency.given && str_is(platform->region[m->geography], "any"))
        note_add(v, SAY(v, "%.*s has one price for all its regions: choose one that keeps data in %.*s, and have it confirmed", STR_ARG(platform->name),
                        STR_ARG(q->residency.text)));
    for (size_t i = 0; i < q->regime_count; i++) {
        bool attested = false;
        for (size_t k = 0; k < platform->attest_count; k++)
            attested = attested || str_equal(platform->attests[k], q->regimes[i]);
        if (!attested)
            note_add(v, SAY(v, "%.*s: the catalogue does not attest %.*s; ask the provider before relying on it",
                            STR_ARG(platform->name), STR_ARG(q->regimes[i])));
    }
    if (!p->is_job && s->x[FIGURE_REQUEST_KB] + s->x[FIGURE_RESPONSE_KB] > 0) {
        double payload = fmax(s->x[FIGURE_REQUEST_KB], s->x[FIGURE_RESPONSE_KB]) / 1000;
        double most = platform->limit[LIMIT_PAYLOAD_MB];
        if (!isnan(most) && payload > most * (1 + FIT_SLACK)) {
            if (p->kind == MODEL_BATCH || p->kind == MODEL_ASYNC)
                note_add(v, SAY(v, "payloads of %.3g MB exceed the %.3g MB that %.*s takes in a request: pass them by reference",
                                payload, most, STR_ARG(platform->name)));
            else if (platform->limit_unverified[LIMIT_PAYLOAD_MB])
                doubt_add(v, SAY(v, "payloads of %.3g MB; the limit of %.3g MB of %.*s is not attested by a stored page", payload, most,
                                 STR_ARG(platform->name)));
            else
                verdict_add(v, "payload_mb", p->name, most, payload,
                            SAY(v, "payload %.3g MB; %.*s takes at most %.3g MB", payload, STR_ARG(platform->name), most));
        }
    }
    if (!p->is_job && p->kind == MODEL_STREAMING && fmax(fmax(s->x[FIGURE_P99_MS], s->x[FIGURE_P95_MS]), s->x[FIGURE_P50_MS]) > 0)
        note_add(v, SAY(v, "%.*s: percentiles are what a caller waits until the connection is served, not the %.*s for which it is held",
                        STR_ARG(p->name), STR_ARG(fit_seconds_text(v->a, s->service_s))));
    check_time(p, s, platform, v);
    if (p->is_job && s->x[FIGURE_JOB_NODES] > 1 && platform->class != CLASS_KUBERNETES) {
        double nodes = isnan(platform->limit[LIMIT_NODES]) ? 1 : platform->limit[LIMIT_NODES];
        if (s->x[FIGURE_JOB_NODES] > nodes)
            verdict_add(v, "nodes", p->name, nodes, s->x[FIGURE_JOB_NODES],
                        SAY(v, "runs on %.0f nodes at once; %.*s gives a job at most %.0f", s->x[FIGURE_JOB_NODES],
                            STR_ARG(platform->name), nodes));
    }
    return v->count == before;
}
