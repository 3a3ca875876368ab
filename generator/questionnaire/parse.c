#include "questionnaire/parse.h"

#include "base/arena.h"
#include "questionnaire/answer.h"
#include "questionnaire/check.h"
#include "questionnaire/tripwire.h"

/* A choice into an enum whose first value is _UNKNOWN. */
#define CHOOSE(section, key, type, target)        \
    do {                                          \
        size_t chosen;                            \
        if (answer_choice(section, key, &chosen)) \
            *(target) = (type)(chosen + 1);       \
    } while (0)

static void read_gpu(struct section *parent, struct gpu_answers *out)
{
    struct section s;
    if (!section_child(parent, "gpu", &s, &out->where))
        return;
    CHOOSE(&s, "need", enum gpu_need, &out->need);
    answer_number(&s, "vram_gb", &out->vram_gb);
    answer_number(&s, "count", &out->count);
    section_close(&s);
}

static void read_latency(struct section *parent, struct latency_answers *out)
{
    struct section s;
    if (!section_child(parent, "latency", &s, &out->where))
        return;
    answer_number(&s, "p99_ms", &out->p99_ms);
    answer_number(&s, "p95_ms", &out->p95_ms);
    answer_number(&s, "p50_ms", &out->p50_ms);
    answer_number(&s, "availability", &out->availability);
    section_close(&s);
}

static void read_traffic(struct section *parent, struct traffic_answers *out)
{
    struct section s;
    if (!section_child(parent, "traffic", &s, &out->where))
        return;
    answer_number(&s, "requests_per_day", &out->requests_per_day);
    answer_number(&s, "peak_rps", &out->peak_rps);
    answer_number(&s, "min_rps", &out->min_rps);
    answer_number(&s, "cv", &out->cv);
    answer_number(&s, "cv_bin_s", &out->cv_bin_s);
    answer_number(&s, "active_hours_per_day", &out->active_hours_per_day);
    answer_number(&s, "idle_share", &out->idle_share);
    answer_bool(&s, "scale_to_zero", &out->scale_to_zero);
    answer_number(&s, "growth_per_year", &out->growth_per_year);
    answer_number(&s, "burst", &out->burst);
    answer_number(&s, "periodic_s", &out->periodic_s);
    CHOOSE(&s, "basis", enum basis, &out->basis);
    answer_text(&s, "trace", &out->trace);
    section_close(&s);
}

static void read_strings(struct section *s, const char *key, struct str **out, size_t *count)
{
    const struct json **items;
    answer_list(s, key, &items, count);
    *out = arena_new(s->r.a, struct str, *count);
    for (size_t i = 0; i < *count; i++)
        (*out)[i] = items[i]->string;
}

static void read_providers(struct section *root, struct questionnaire *out)
{
    const struct json **items;
    answer_list(root, "providers", &items, &out->provider_count);
    out->providers = arena_new(root->r.a, struct str, out->provider_count);
    out->provider_wheres = arena_new(root->r.a, struct where, out->provider_count);
    for (size_t i = 0; i < out->provider_count; i++) {
        out->providers[i] = items[i]->string;
        out->provider_wheres[i] = json_where(items[i]);
    }
}

static void read_dependencies(struct section *parent, struct questionnaire *out)
{
    struct section s;
    if (!section_child(parent, "dependencies", &s, &out->dependencies_where))
        return;
    CHOOSE(&s, "custom", enum custom, &out->custom);
    section_close(&s);
}

static void read_team(struct section *parent, struct questionnaire *out)
{
    struct section s;
    if (!section_child(parent, "team", &s, &out->team_where))
        return;
    answer_number(&s, "platform_engineers", &out->platform_engineers);
    answer_number(&s, "data_scientists", &out->data_scientists);
    answer_bool_or_id(&s, "existing_cluster", &out->existing_cluster,
                      &out->existing_cluster_platform);
    section_close(&s);
}

static void read_model_answers(struct section *parent, struct questionnaire *out)
{
    struct section s;
    if (!section_child(parent, "models", &s, &out->models_where))
        return;
    answer_number(&s, "count", &out->model_count);
    answer_bool(&s, "share_hardware", &out->share_hardware);
    section_close(&s);
}

static void read_compliance(struct section *parent, struct questionnaire *out)
{
    struct section s;
    if (!section_child(parent, "compliance", &s, &out->compliance_where))
        return;
    CHOOSE(&s, "tenancy", enum tenancy, &out->tenancy);
    read_strings(&s, "regimes", &out->regimes, &out->regime_count);
    answer_text(&s, "residency", &out->residency);
    answer_bool(&s, "portability", &out->portability);
    section_close(&s);
}

static void read_answers(struct section *root, struct questionnaire *out)
{
    struct section s;
    if (!section_child(root, "answers", &s, NULL))
        return;
    read_gpu(&s, &out->gpu);
    read_latency(&s, &out->latency);
    read_traffic(&s, &out->traffic);
    read_dependencies(&s, out);
    read_team(&s, out);
    read_model_answers(&s, out);
    read_compliance(&s, out);
    section_close(&s);
}

static void read_model(struct section *s, struct model_answers *out)
{
    size_t kind;
    answer_string(s, "name", &out->name);
    if (answer_choice(s, "kind", &kind)) {
        out->kind = (enum model_kind)kind;
        out->kind_given = true;
    }
    answer_number(s, "size_mb", &out->size_mb);
    answer_number(s, "memory_mb", &out->memory_mb);
    answer_number(s, "vcpu", &out->vcpu);
    answer_number(s, "duration_ms", &out->duration_ms);
    answer_number(s, "duration_cv", &out->duration_cv);
    answer_text(s, "family", &out->family);
    answer_number(s, "load_s", &out->load_s);
    answer_number(s, "streams", &out->streams);
    answer_text(s, "hardware", &out->hardware);
    answer_number(s, "concurrency", &out->concurrency);
    answer_number(s, "request_kb", &out->request_kb);
    answer_number(s, "response_kb", &out->response_kb);
    answer_number(s, "internet_share", &out->internet_share);
    answer_bool(s, "interruptible", &out->interruptible);
    answer_number(s, "deadline_h", &out->deadline_h);
    read_traffic(s, &out->traffic);
    read_latency(s, &out->latency);
    read_gpu(s, &out->gpu);
}

static void read_job(struct section *s, struct job_answers *out)
{
    size_t kind;
    answer_string(s, "name", &out->name);
    if (answer_choice(s, "kind", &kind)) {
        out->kind = (enum job_kind)kind;
        out->kind_given = true;
    }
    answer_text(s, "hardware", &out->hardware);
    answer_number(s, "count", &out->count);
    answer_number(s, "nodes", &out->nodes);
    answer_number(s, "vcpu", &out->vcpu);
    answer_number(s, "memory_mb", &out->memory_mb);
    answer_number(s, "vram_gb", &out->vram_gb);
    answer_number(s, "hours_per_run", &out->hours_per_run);
    answer_number(s, "runs_per_month", &out->runs_per_month);
    answer_bool(s, "checkpoints", &out->checkpoints);
    answer_bool(s, "interruptible", &out->interruptible);
    answer_number(s, "deadline_h", &out->deadline_h);
}

/* The entries of `models` or `jobs`; NULL: none, or not a list of bearable length. */
static const struct json *entries(struct section *root, const char *key, size_t *count)
{
    const struct json *list;
    *count = 0;
    if (!json_array(&root->r, key, &list))
        return NULL;
    if (list->count > FIELD_LIST_MAX) {
        diag_error(root->r.d, json_where(list),
                   "a single entry may stand for many: answers.models.count",
                   "%s must have at most %d entries, got %zu", key, FIELD_LIST_MAX, list->count);
        return NULL;
    }
    *count = list->count;
    return list->child;
}

static void read_models(struct section *root, struct questionnaire *out)
{
    struct arena *a = root->r.a;
    const struct json *entry = entries(root, "models", &out->models_given);
    out->models = arena_new(a, struct model_answers, out->models_given);
    for (size_t i = 0; entry; entry = entry->next, i++) {
        struct section s;
        struct model_answers *m = &out->models[i];
        m->where = json_where(entry);
        m->name = str_printf(a, "model-%zu", i + 1);
        if (section_open(&s, entry, "models[]", str_printf(a, "models.%zu", i), a, root->r.d)) {
            read_model(&s, m);
            section_close(&s);
        }
    }
}

static void read_jobs(struct section *root, struct questionnaire *out)
{
    struct arena *a = root->r.a;
    const struct json *entry = entries(root, "jobs", &out->job_count);
    out->jobs = arena_new(a, struct job_answers, out->job_count);
    for (size_t i = 0; entry; entry = entry->next, i++) {
        struct section s;
        struct job_answers *j = &out->jobs[i];
        j->where = json_where(entry);
        j->name = str_printf(a, "job-%zu", i + 1);
        if (section_open(&s, entry, "jobs[]", str_printf(a, "jobs.%zu", i), a, root->r.d)) {
            read_job(&s, j);
            section_close(&s);
        }
    }
}

static void read_tripwires(struct section *root, struct questionnaire *out)
{
    struct arena *a = root->r.a;
    const struct json **items;
    size_t count;
    answer_list(root, "revisit_if", &items, &count);
    out->revisit_if = arena_new(a, struct tripwire, count);
    for (size_t i = 0; i < count; i++)
        if (tripwire_parse(items[i]->string, json_where(items[i]), STR("revisit_if"), a,
                           &out->revisit_if[out->revisit_count], root->r.d))
            out->revisit_count++;
}

static void read_purchase(struct section *root, struct questionnaire *out)
{
    const struct json **items;
    size_t count;
    answer_list(root, "purchase", &items, &count);
    for (size_t i = 0; i < count; i++)
        for (unsigned p = 0; p < PURCHASE_COUNT; p++)
            if (str_is(items[i]->string, purchase_word((enum purchase)p)))
                out->purchase[p] = true;
}

static void read_current(struct section *root, struct questionnaire *out)
{
    struct section s;
    if (!section_child(root, "current", &s, NULL))
        return;
    answer_text(&s, "platform", &out->current_platform);
    answer_number(&s, "monthly_usd", &out->current_monthly_usd);
    section_close(&s);
}

static void read_format(struct section *root)
{
    struct str format = {NULL, 0};
    if (answer_string(root, "format", &format) && !str_is(format, QUESTIONNAIRE_FORMAT))
        diag_error(root->r.d, json_where(json_find(root->r.object, "format")),
                   "this program reads \"" QUESTIONNAIRE_FORMAT "\"", "unknown format \"%.*s\"",
                   STR_ARG(format));
}

static void read_life(struct section *root, struct questionnaire *out)
{
    size_t status;
    out->status = STATUS_PROPOSED;
    if (answer_choice(root, "status", &status)) {
        out->status = (enum status)status;
        out->status_given = true;
    }
    answer_date(root, "date", &out->date);
    answer_date(root, "review_by", &out->review_by);
    if (!date_is_none(out->date) && !date_is_none(out->review_by) &&
        date_compare(out->review_by, out->date) < 0)
        diag_error(root->r.d, json_where(json_find(root->r.object, "review_by")), NULL,
                   "review_by lies before date");
    read_tripwires(root, out);
    read_strings(root, "tags", &out->tags, &out->tag_count);
    answer_text(root, "supersedes", &out->supersedes);
    if (out->supersedes.given && str_equal(out->supersedes.text, out->slug))
        diag_error(root->r.d, out->supersedes.where, NULL, "a decision cannot supersede itself");
}

bool questionnaire_read(const struct json *tree, struct str slug, struct arena *a,
                        struct questionnaire *out, struct diags *d)
{
    size_t before = diags_errors(d);
    struct section root;
    *out = (struct questionnaire){.slug = slug,
                                  .date = DATE_NONE,
                                  .review_by = DATE_NONE,
                                  .where = json_where(tree),
                                  .root = tree};
    if (!section_open(&root, tree, "", (struct str){NULL, 0}, a, d))
        return false;
    struct str schema;
    answer_string(&root, "$schema", &schema);
    read_format(&root);
    answer_string(&root, "title", &out->title);
    answer_string(&root, "owner", &out->owner);
    read_life(&root, out);
    read_providers(&root, out);
    read_purchase(&root, out);
    answer_text(&root, "geography", &out->geography);
    read_current(&root, out);
    CHOOSE(&root, "stage", enum stage, &out->stage);
    read_answers(&root, out);
    read_models(&root, out);
    read_jobs(&root, out);
    section_close(&root);
    if (out->models_given == 0 && out->job_count == 0 && diags_errors(d) == before) {
        struct where brace = json_where(tree);
        brace.length = 1;
        diag_error(d, brace,
                   "describe what is served under \"models\", or what is run under \"jobs\"",
                   "neither a model nor a job is described");
    }
    questionnaire_check(out, a, d);
    return diags_errors(d) == before;
}

/* Does `where` touch a value that is no JSON, and is only a stand-in for what was meant? */
static bool is_consequence(const struct diags *faults, struct where where)
{
    for (size_t i = 0; i < diags_count(faults); i++) {
        struct where fault = diags_get(faults, i)->where;
        if (where.offset < fault.offset + fault.length &&
            fault.offset < where.offset + where.length)
            return true;
    }
    return false;
}

bool questionnaire_parse(struct str path, struct str text, struct str slug, struct arena *a,
                         struct questionnaire *out, struct diags *d)
{
    size_t before = diags_errors(d);
    struct diags *faults = diags_new(a), *found = diags_new(a);
    if (!slug_valid(slug))
        diag_error(
            d, where_file(path),
            "name the folder with up to 80 of a-z, 0-9 and -, and not as a folder of the site",
            "\"%.*s\" is not a slug", STR_ARG(slug));
    const struct json *tree = json_parse_mended(path, text, a, faults);
    if (tree)
        questionnaire_read(tree, slug, a, out, found);
    diags_append(d, faults);
    for (size_t i = 0; i < diags_count(found); i++) {
        const struct diag *g = diags_get(found, i);
        if (!is_consequence(faults, g->where))
            diag_add(d, g->severity, g->where, g->hint, g->message);
    }
    diags_append_counts(d, found);
    return tree && diags_errors(d) == before;
}
