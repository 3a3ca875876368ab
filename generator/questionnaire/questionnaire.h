#ifndef QUESTIONNAIRE_QUESTIONNAIRE_H
#define QUESTIONNAIRE_QUESTIONNAIRE_H
/*
 * One questionnaire, as its author wrote it: what was answered, where it stands in the file, and
 * nothing else. No default is filled in here (workload/ does that, from the policy), so that
 * "answered" and "assumed" can never be confused. Everything lives in the caller's arena.
 */
#include "base/diag.h"
#include "base/str.h"
#include "number/date.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct json;

/* A number as answered: a single figure (low == likely == high) or a range, whose low and high are
 * the 10th and 90th percentile. given false: not answered; the numbers are then 0 and mean nothing.
 */
struct answer {
    double low, likely, high;
    bool given, is_range;
    struct where where;
};

struct answer_text {
    struct str text;
    bool given;
    struct where where;
};

enum tristate {
    TRI_UNKNOWN,
    TRI_NO,
    TRI_YES
};

enum status { /* in the order of a decision's life */
    STATUS_DRAFT,
    STATUS_PROPOSED,
    STATUS_ACCEPTED,
    STATUS_REJECTED,
    STATUS_DEPRECATED,
    STATUS_SUPERSEDED,
    STATUS_COUNT
};

enum stage {
    STAGE_UNKNOWN,
    STAGE_VALIDATION,
    STAGE_PRODUCTION
};

enum gpu_need {
    GPU_UNKNOWN,
    GPU_NONE,
    GPU_OPTIONAL,
    GPU_REQUIRED
};

enum custom {
    CUSTOM_UNKNOWN,
    CUSTOM_NONE,
    CUSTOM_CONTAINER,
    CUSTOM_GPU_LIBRARIES,
    CUSTOM_KERNEL
};

enum tenancy {
    TENANCY_UNKNOWN,
    TENANCY_MULTI,
    TENANCY_SINGLE
};

enum basis {
    BASIS_UNKNOWN,
    BASIS_MEASURED,
    BASIS_ESTIMATED,
    BASIS_GUESSED
};

enum model_kind {
    MODEL_REALTIME,
    MODEL_STREAMING,
    MODEL_ASYNC,
    MODEL_BATCH
};

enum job_kind {
    JOB_TRAINING,
    JOB_BATCH,
    JOB_AUTOMATION
};

enum purchase { /* how machine time is bought */
    PURCHASE_ON_DEMAND,
    PURCHASE_SPOT,
    PURCHASE_RESERVED_1Y,
    PURCHASE_RESERVED_3Y,
    PURCHASE_COUNT
};

/* The seven questions, in their order; also the order of findings in a report. */
enum question {
    QUESTION_GPU,
    QUESTION_LATENCY,
    QUESTION_TRAFFIC,
    QUESTION_DEPENDENCIES,
    QUESTION_TEAM,
    QUESTION_MODELS,
    QUESTION_COMPLIANCE,
    QUESTION_COUNT
};

struct gpu_answers {
    enum gpu_need need;
    struct answer vram_gb, count; /* count: GPUs that one request needs at once */
    struct where where;
};

struct latency_answers {
    struct answer p99_ms, p95_ms, p50_ms, availability;
    struct where where;
};

struct traffic_answers {
    struct answer requests_per_day, peak_rps, min_rps, cv, cv_bin_s, active_hours_per_day,
        idle_share;
    struct answer growth_per_year, burst, periodic_s;
    enum tristate scale_to_zero;
    enum basis basis;
    struct answer_text trace; /* a file name beside the questionnaire */
    struct where where;
};

struct model_answers {
    struct str name; /* "model-1", "model-2" ... where not answered; unique among models and jobs */
    enum model_kind kind;
    bool kind_given; /* false: kind is MODEL_REALTIME */
    struct answer size_mb, memory_mb, vcpu, duration_ms, duration_cv, load_s, streams, concurrency;
    struct answer request_kb, response_kb, internet_share, deadline_h;
    struct answer_text family, hardware;
    enum tristate interruptible;
    struct traffic_answers traffic; /* this model's own answers, over the common ones */
    struct latency_answers latency;
    struct gpu_answers gpu;
    struct where where;
};

struct job_answers {
    struct str name; /* "job-1", "job-2" ... where not answered */
    enum job_kind kind;
    bool kind_given; /* false: kind is JOB_TRAINING */
    struct answer count, nodes, vcpu, memory_mb, vram_gb, hours_per_run, runs_per_month, deadline_h;
    struct answer_text hardware;
    enum tristate checkpoints, interruptible;
    struct where where;
};

/* "PATH OP NUMBER", e.g. "recommendation.margin < 0.1". */
struct tripwire {
    struct str text, path;

    enum compare {
        COMPARE_LT,
        COMPARE_LE,
        COMPARE_GT,
        COMPARE_GE,
        COMPARE_EQ
    } op;

    double number;
    struct where where;
};

struct questionnaire {
    struct str slug; /* folder name, or file name of a loose file; from the caller */
    struct str title, owner;
    enum status status; /* default proposed */
    bool status_given;
    struct date date, review_by; /* DATE_NONE where not answered */
    struct tripwire *revisit_if;
    size_t revisit_count;
    struct str *tags;
    size_t tag_count;
    struct answer_text supersedes;
    struct str *providers; /* empty: all */
    struct where *provider_wheres;
    size_t provider_count;
    bool purchase[PURCHASE_COUNT]; /* as answered; all false: not answered */
    struct answer_text geography;
    struct answer_text current_platform;
    struct answer current_monthly_usd;
    enum stage stage;

    struct gpu_answers gpu;
    struct latency_answers latency;
    struct traffic_answers traffic;
    enum custom custom;
    struct answer platform_engineers, data_scientists;
    enum tristate existing_cluster;
    struct str existing_cluster_platform; /* where a platform id was given */
    struct answer model_count;
    enum tristate share_hardware;
    enum tenancy tenancy;
    struct str *regimes;
    size_t regime_count;
    struct answer_text residency;
    enum tristate portability;
    struct where compliance_where, team_where, dependencies_where, models_where;

    struct model_answers *models;
    size_t models_given;
    struct job_answers *jobs;
    size_t job_count;

    struct where where;      /* the whole file */
    const struct json *root; /* the parsed tree, for `inputs.questionnaire` and trip-wire paths */
};

/*
 * Reads one questionnaire: every mistake of the file becomes a diagnostic (unknown keys with the
 * nearest known one, wrong types, numbers out of range, contradictions between answers), all in one
 * run. False where there was an error; *out is then not usable.
 * text must outlive *out. slug is checked against the rule of slugs.
 */
bool questionnaire_parse(struct str path, struct str text, struct str slug, struct arena *a,
                         struct questionnaire *out, struct diags *d);

/*
 * Applies --set PATH=VALUE: VALUE is JSON, or a bare word taken as a string. Gives the changed
 * source text (comments gone), to be parsed as if it stood in the file. Missing objects are
 * created; models.N with N the number of entries appends one. An unknown path names the nearest
 * field; a fault of a set value is reported at "--set PATH". Faults of the file itself are not
 * reported here, but by questionnaire_parse of the file or of *out. False also where the text is
 * not JSON.
 */
bool questionnaire_set(struct str path, struct str text, const struct str *assignments,
                       size_t count, struct arena *a, struct str *out, struct diags *d);

#define QUESTIONNAIRE_FORMAT "breakeven-questionnaire/1"

bool slug_valid(
    struct str slug); /* [a-z0-9][a-z0-9-]{0,79}, and not one of the site's own folders */

/* Words of the file format, for output: "proposed", "on-demand", "gpu" ... */
const char *status_word(enum status s);
/* For *_UNKNOWN the word is "unknown", for QUESTION_COUNT "none". */
const char *purchase_word(enum purchase p);
const char *question_word(enum question q);
const char *gpu_need_word(enum gpu_need n);
const char *custom_word(enum custom c);
const char *tenancy_word(enum tenancy t);
const char *basis_word(enum basis b);
const char *model_kind_word(enum model_kind k);
const char *job_kind_word(enum job_kind k);
const char *stage_word(enum stage s);

/*
 * The table behind the parser, the JSON Schema, the help page and `new`: one row for every key of
 * the file, in file order. Paths use "models[]" and "jobs[]" for entries.
 */
enum field_kind {
    FIELD_NUMBER,
    FIELD_INTEGER,
    FIELD_TEXT,
    FIELD_BOOL,
    FIELD_CHOICE, /* one of `words` */
    FIELD_DATE,
    FIELD_LIST,      /* of texts, or of `words` where given */
    FIELD_OBJECT,    /* "models[]": one entry of the list `models` */
    FIELD_BOOL_OR_ID /* true, false, or an id */
};

/* What a text, or an item of a list of texts, may look like. */
enum field_form {
    FORM_NONE,
    FORM_LINE,    /* one line of 1 to FIELD_LINE_MAX characters */
    FORM_NAME,    /* one line of 1 to FIELD_NAME_MAX characters */
    FORM_SLUG,    /* as slug_valid */
    FORM_ID,      /* [a-z0-9][a-z0-9.-]{0,79}: a provider, platform, geography, regime */
    FORM_FILE,    /* a plain file name: no folder, no leading dot */
    FORM_TRIPWIRE /* PATH OP NUMBER */
};

#define FIELD_LINE_MAX 200 /* a title must fit a heading and a feed entry */
#define FIELD_NAME_MAX 80
#define FIELD_LIST_MAX 100 /* items of one list, models and jobs included */

struct field {
    const char *path;         /* "answers.latency.p99_ms" */
    double low, high;         /* allowed numbers, inclusive; low > 0 reads as "greater than 0" */
    const char *unit;         /* "ms"; NULL: none */
    const char *const *words; /* choices, NULL-ended */
    const char *help;         /* one sentence: what to enter and where to find it */
    enum field_kind kind;
    enum question question; /* of `answers`; QUESTION_COUNT elsewhere */
    enum field_form form;   /* FIELD_TEXT, FIELD_LIST without words, FIELD_BOOL_OR_ID */
    bool is_required;
};
const struct field *field_table(size_t *count);
const struct field *field_find(
    struct str path); /* "models[].memory_mb"; numbers as indexes are accepted too */
struct str field_nearest(struct str path,
                         struct arena *a); /* as one writes it: "models.0.memory_mb"; or empty */

/* The questionnaire's JSON Schema (draft 2020-12), from the same table. */
struct strbuf;
void questionnaire_schema(struct strbuf *out);
#endif
