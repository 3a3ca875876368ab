#include "questionnaire/field.h"

#include "base/arena.h"
#include "questionnaire/words.h"

#include <string.h>

/*
 * Bounds are there to catch a wrong unit or a slipped key, and to keep every product that the
 * engine forms far inside a double; they are not an opinion on what is sensible.
 */
#define MS_MIN 0.001           /* a microsecond: nothing that is called over a network is faster */
#define MS_MAX 1e9             /* 11.6 days: longer than that is a job, not a request */
#define AVAILABILITY_MIN 0.001 /* less is no service */
#define REQUESTS_MAX 1e12      /* 11.6 million a second, more than any service on earth */
#define RPS_MAX 1e9            /* such a day's mean, with a peak 86 times as high */
#define CV_MAX 1e4             /* n bins allow at most sqrt(n - 1): 3 years of seconds */
#define BIN_S_MIN 0.001        /* a millisecond, the finest stamp in a trace */
#define BIN_S_MAX 604800.0     /* a week: a coarser bin says nothing of load */
#define YEAR_S 31622400.0      /* 366 days */
#define YEAR_H 8784.0          /* 366 days */
#define GROWTH_MAX 1000.0      /* a thousandfold a year */
#define BURST_MAX 1e6          /* requests that arrive together: a whole stadium */
#define SIZE_MB_MAX 1e8        /* 100 TB; the largest published weights are about 2 TB */
#define MEMORY_MB_MAX 1e8      /* 95 TiB; the largest machine on sale has 32 TiB */
#define VCPU_MIN 0.001         /* a thousandth of a core, the unit of Kubernetes */
#define VCPU_MAX 1e5           /* the largest machine on sale has 1,920 */
#define VRAM_GB_MAX 1e4        /* of one GPU; the largest has 288 GB */
#define GPUS_MAX 16384.0       /* the largest published training runs */
#define NODES_MAX 1e5          /* twenty times the largest supported Kubernetes cluster */
#define LOAD_S_MAX 86400.0     /* a day to load weights */
#define STREAMS_MAX 1e9        /* open connections */
#define CONCURRENCY_MAX 1e6    /* requests inside one replica */
#define KB_MAX 1e9             /* 1 TB in one request */
#define RUNS_MAX 1e7           /* a month: one every quarter of a second */
#define RUN_H_MIN 1e-6         /* 3.6 ms */
#define PEOPLE_MAX 1e5         /* engineers of one organisation */
#define MODELS_MAX 1e5         /* like models in one workload */
#define USD_MAX 1e10           /* a month */

#define ROW(path, kind, low, high, unit, words, question, help, form, required) \
    {                                                                           \
        path, low, high, unit, words, help, kind, question, form, required      \
    }
#define NUMBER(path, low, high, unit, q, help) \
    ROW(path, FIELD_NUMBER, low, high, unit, NULL, q, help, FORM_NONE, false)
#define INTEGER(path, low, high, unit, q, help) \
    ROW(path, FIELD_INTEGER, low, high, unit, NULL, q, help, FORM_NONE, false)
#define TEXT(path, form, q, help) ROW(path, FIELD_TEXT, 0, 0, NULL, NULL, q, help, form, false)
#define REQUIRED(path, form, help) \
    ROW(path, FIELD_TEXT, 0, 0, NULL, NULL, QUESTION_COUNT, help, form, true)
#define CHOICE(path, words, q, help) \
    ROW(path, FIELD_CHOICE, 0, 0, NULL, words, q, help, FORM_NONE, false)
#define BOOL(path, q, help) ROW(path, FIELD_BOOL, 0, 0, NULL, NULL, q, help, FORM_NONE, false)
#define DATE(path, help) \
    ROW(path, FIELD_DATE, 0, 0, NULL, NULL, QUESTION_COUNT, help, FORM_NONE, false)
#define LIST(path, form, q, help) ROW(path, FIELD_LIST, 0, 0, NULL, NULL, q, help, form, false)
#define OBJECT(path, q, help) ROW(path, FIELD_OBJECT, 0, 0, NULL, NULL, q, help, FORM_NONE, false)

/* These three stand twice in the file: as answers for the whole workload, and as a model's own. */
#define GPU_ROWS(at, q)                                                                           \
    OBJECT(at, q, "Whether serving a request takes a GPU, and how much of one."),                 \
        CHOICE(                                                                                   \
            at ".need", GPU_NEED_WORDS, q,                                                        \
            "Whether a request needs a GPU: none, optional (a GPU is faster, a CPU would do) or " \
            "required."),                                                                         \
        NUMBER(at ".vram_gb", 0, VRAM_GB_MAX, "GB", q,                                            \
               "GPU memory that must be free on each GPU: weights plus working memory, as the "   \
               "framework reports it; 0 where no GPU is needed."),                                \
        INTEGER(at ".count", 0, GPUS_MAX, "GPU", q,                                               \
                "GPUs that one request needs at once, for models that are split over several.")
#define LATENCY_ROWS(at, q)                                                                        \
    OBJECT(at, q, "How fast an answer must come, as the caller's contract or dashboard says."),    \
        NUMBER(                                                                                    \
            at ".p99_ms", MS_MIN, MS_MAX, "ms", q,                                                 \
            "The time within which 99 of 100 requests must be answered; this is the requirement "  \
            "that options are tested against."),                                                   \
        NUMBER(                                                                                    \
            at ".p95_ms", MS_MIN, MS_MAX, "ms", q,                                                 \
            "The time within which 95 of 100 requests must be answered, where that is required "   \
            "too."),                                                                               \
        NUMBER(                                                                                    \
            at ".p50_ms", MS_MIN, MS_MAX, "ms", q,                                                 \
            "The time within which half of the requests must be answered, where that is required " \
            "too."),                                                                               \
        NUMBER(at ".availability", AVAILABILITY_MIN, 1, "share", q,                                \
               "The share of requests that must succeed: 0.999 for 99.9 %.")
#define TRAFFIC_ROWS(at, q)                                                                          \
    OBJECT(at, q, "How many requests come, and how unevenly, from the load balancer's metrics."),    \
        NUMBER(at ".requests_per_day", 0, REQUESTS_MAX, "request/day", q,                            \
               "Requests on a mean day, over at least four weeks where that is known."),             \
        NUMBER(at ".peak_rps", 0, RPS_MAX, "request/s", q,                                           \
               "Requests a second in the busiest bin of cv_bin_s seconds, an hour unless you say "   \
               "otherwise."),                                                                        \
        NUMBER(at ".min_rps", 0, RPS_MAX, "request/s", q,                                            \
               "Requests a second in the quietest bin; 0 where nothing arrives at night."),          \
        NUMBER(at ".cv", 0, CV_MAX, "ratio", q,                                                      \
               "Coefficient of variation of the requests a bin: standard deviation over mean."),     \
        NUMBER(                                                                                      \
            at ".cv_bin_s", BIN_S_MIN, BIN_S_MAX, "s", q,                                            \
            "Width of the bins that peak_rps and cv were taken over; an hour (3600) where left "     \
            "out."),                                                                                 \
        NUMBER(at ".active_hours_per_day", 0, 24, "h", q,                                            \
               "Hours of a mean day in which requests come at all."),                                \
        NUMBER(at ".idle_share", 0, 1, "share", q,                                                   \
               "Share of the bins without a single request; where left out it follows from "         \
               "active_hours_per_day."),                                                             \
        BOOL(                                                                                        \
            at ".scale_to_zero", q,                                                                  \
            "True where it is a requirement that nothing runs and nothing is paid while no request " \
            "comes."),                                                                               \
        NUMBER(at ".growth_per_year", -1, GROWTH_MAX, "ratio", q,                                    \
               "Expected growth of the requests in a year: 0.3 for 30 % more, -0.5 for half."),      \
        NUMBER(at ".burst", 1, BURST_MAX, "request", q,                                              \
               "Mean number of requests that arrive together; 1 where they come one by one."),       \
        NUMBER(                                                                                      \
            at ".periodic_s", 0, YEAR_S, "s", q,                                                     \
            "Period of scheduled traffic, such as 3600 for a job on the hour; 0 where it is not "    \
            "scheduled."),                                                                           \
        CHOICE(at ".basis", BASIS_WORDS, q,                                                          \
               "What the traffic figures rest on: measured, estimated or guessed; it sets how "      \
               "uncertain they are taken to be."),                                                   \
        TEXT(                                                                                        \
            at ".trace", FORM_FILE, q,                                                               \
            "Name of a measured trace beside the questionnaire, with the columns timestamp,requests.")

#define Q_NONE QUESTION_COUNT

/* In file order. */
static const struct field FIELDS[] = {
    TEXT("$schema", FORM_LINE, Q_NONE,
         "Where the JSON Schema of this file lies, for editors; not read by the generator."),
    REQUIRED("format", FORM_LINE, "The format of this file: breakeven-questionnaire/1."),
    REQUIRED("title", FORM_LINE, "The name of the workload, as the report's heading shows it."),
    TEXT("owner", FORM_LINE, Q_NONE, "The team that answers for the workload."),
    CHOICE("status", STATUS_WORDS, Q_NONE,
           "Where the decision stands in its life; a draft is built only when asked for."),
    DATE("date", "The day of the decision, as YYYY-MM-DD."),
    DATE("review_by", "The day by which the decision must be looked at again, as YYYY-MM-DD."),
    LIST("revisit_if", FORM_TRIPWIRE, Q_NONE,
         "Trip-wires: conditions such as \"recommendation.margin < 0.1\" under which the decision "
         "must be looked at again."),
    LIST("tags", FORM_NAME, Q_NONE, "Words to find the decision by."),
    TEXT("supersedes", FORM_SLUG, Q_NONE, "The slug of the decision that this one replaces."),
    LIST("providers", FORM_ID, Q_NONE,
         "The providers that may be chosen, such as aws, gcp and azure; all where left out."),
    ROW("purchase", FIELD_LIST, 0, 0, NULL, PURCHASE_WORDS, Q_NONE,
        "How machines may be bought; on demand where left out, and spot for what may be "
        "interrupted.",
        FORM_NONE, false),
    TEXT("geography", FORM_ID, Q_NONE,
         "Where it must run, as a geography of the price book: us-east, eu-west or ap-south."),
    OBJECT("current", Q_NONE, "Where the workload runs today, if it does."),
    TEXT("current.platform", FORM_ID, Q_NONE,
         "The platform that it runs on today, by its id in the price book, such as aws-eks."),
    NUMBER("current.monthly_usd", 0, USD_MAX, "USD", Q_NONE,
           "What it costs today in a month, in US dollars, from the bill."),
    CHOICE("stage", STAGE_WORDS, Q_NONE,
           "Validation while it is being found out whether the workload has a future; else "
           "production."),

    OBJECT("answers", Q_NONE, "The seven decision questions."),
    GPU_ROWS("answers.gpu", QUESTION_GPU),
    LATENCY_ROWS("answers.latency", QUESTION_LATENCY),
    TRAFFIC_ROWS("answers.traffic", QUESTION_TRAFFIC),
    OBJECT("answers.dependencies", QUESTION_DEPENDENCIES,
           "What the software needs beside the model."),
    CHOICE("answers.dependencies.custom", CUSTOM_WORDS, QUESTION_DEPENDENCIES,
           "The deepest thing that must be brought along: nothing, an own container image, GPU "
           "libraries, or kernel modules and drivers."),
    OBJECT("answers.team", QUESTION_TEAM, "Who can run it."),
    NUMBER("answers.team.platform_engineers", 0, PEOPLE_MAX, "FTE", QUESTION_TEAM,
           "Engineers who can run this workload's platform, in full-time equivalents."),
    NUMBER("answers.team.data_scientists", 0, PEOPLE_MAX, "FTE", QUESTION_TEAM,
           "Data scientists and machine-learning engineers who build on the platform."),
    ROW("answers.team.existing_cluster", FIELD_BOOL_OR_ID, 0, 0, NULL, NULL, QUESTION_TEAM,
        "Whether a Kubernetes cluster that this workload may join runs already: false, true, or "
        "its platform id, such as aws-eks.",
        FORM_ID, false),
    OBJECT("answers.models", QUESTION_MODELS, "How many models are served, and how."),
    INTEGER("answers.models.count", 0, MODELS_MAX, "model", QUESTION_MODELS,
            "Number of models: that of the entries under models, or more than one like models "
            "where there is a single entry."),
    BOOL("answers.models.share_hardware", QUESTION_MODELS,
         "Whether several models may share one machine or one GPU."),
    OBJECT("answers.compliance", QUESTION_COMPLIANCE, "What rules bind the workload."),
    CHOICE("answers.compliance.tenancy", TENANCY_WORDS, QUESTION_COMPLIANCE,
           "Single where the hardware must not be shared with other customers, else multi."),
    LIST("answers.compliance.regimes", FORM_ID, QUESTION_COMPLIANCE,
         "The audits and laws that apply, in lower case: soc2, hipaa, pci-dss, iso27001, gdpr."),
    TEXT("answers.compliance.residency", FORM_ID, QUESTION_COMPLIANCE,
         "Where the data must stay, such as us or eu."),
    BOOL("answers.compliance.portability", QUESTION_COMPLIANCE,
         "Whether it is a goal to be able to move to another provider."),

    OBJECT("models[]", Q_NONE, "A model that is served."),
    TEXT("models[].name", FORM_NAME, Q_NONE,
         "The model's name in the report; unique among models and jobs."),
    CHOICE("models[].kind", MODEL_KIND_WORDS, Q_NONE,
           "Realtime for a request that waits for its answer, streaming for an open connection, "
           "async for a queue, batch for bulk."),
    NUMBER("models[].size_mb", 0, SIZE_MB_MAX, "MB", Q_NONE,
           "Size of the weights on disk, in millions of bytes."),
    NUMBER("models[].memory_mb", 1, MEMORY_MB_MAX, "MB", Q_NONE,
           "Memory of one replica while it serves, in units of 2^20 bytes, weights on a CPU "
           "included."),
    NUMBER("models[].vcpu", VCPU_MIN, VCPU_MAX, "vCPU", Q_NONE,
           "Virtual processors of one replica."),
    NUMBER("models[].duration_ms", MS_MIN, MS_MAX, "ms", Q_NONE,
           "Mean time that one request takes on `hardware`, warm and alone, without queueing."),
    NUMBER("models[].duration_cv", 0, 100, "ratio", Q_NONE,
           "Coefficient of variation of that time: standard deviation over mean."),
    TEXT("models[].family", FORM_NAME, Q_NONE,
         "The published benchmark that the model resembles most, such as bert-large, for speed on "
         "other hardware."),
    NUMBER("models[].load_s", 0, LOAD_S_MAX, "s", Q_NONE,
           "Time to load the weights into memory at a cold start."),
    NUMBER("models[].streams", 0, STREAMS_MAX, "connection", Q_NONE,
           "Kind streaming: connections open at once on average."),
    TEXT("models[].hardware", FORM_NAME, Q_NONE,
         "What duration_ms was measured on: cpu, or a GPU such as T4, L4, A10G, L40S, A100-40, "
         "A100-80 or H100."),
    INTEGER("models[].concurrency", 1, CONCURRENCY_MAX, "request", Q_NONE,
            "Requests that one replica serves at once at that duration."),
    NUMBER("models[].request_kb", 0, KB_MAX, "kB", Q_NONE,
           "Mean size of a request, in thousands of bytes."),
    NUMBER("models[].response_kb", 0, KB_MAX, "kB", Q_NONE,
           "Mean size of a response, in thousands of bytes."),
    NUMBER("models[].internet_share", 0, 1, "share", Q_NONE,
           "Share of the responses that leave the provider for the internet."),
    BOOL("models[].interruptible", Q_NONE,
         "Whether it may run on spot capacity, which the provider can take back at short notice."),
    NUMBER("models[].deadline_h", RUN_H_MIN, YEAR_H, "h", Q_NONE,
           "Kinds async and batch: hours within which a request must be done."),
    TRAFFIC_ROWS("models[].traffic", Q_NONE),
    LATENCY_ROWS("models[].latency", Q_NONE),
    GPU_ROWS("models[].gpu", Q_NONE),

    OBJECT("jobs[]", Q_NONE, "A training, batch or automation job."),
    TEXT("jobs[].name", FORM_NAME, Q_NONE,
         "The job's name in the report; unique among models and jobs."),
    CHOICE("jobs[].kind", JOB_KIND_WORDS, Q_NONE,
           "Training, batch (bulk inference or data) or automation (small steps on events)."),
    TEXT("jobs[].hardware", FORM_NAME, Q_NONE,
         "What hours_per_run was measured on: cpu, or a GPU such as A100-40."),
    INTEGER("jobs[].count", 0, GPUS_MAX, "GPU", Q_NONE,
            "GPUs of one node that the job uses; 0 on CPUs."),
    INTEGER("jobs[].nodes", 1, NODES_MAX, "node", Q_NONE, "Machines that the job runs on at once."),
    NUMBER("jobs[].vcpu", VCPU_MIN, VCPU_MAX, "vCPU", Q_NONE,
           "Virtual processors that it needs on one node."),
    NUMBER("jobs[].memory_mb", 1, MEMORY_MB_MAX, "MB", Q_NONE,
           "Memory that it needs on one node, in units of 2^20 bytes."),
    NUMBER("jobs[].vram_gb", 0, VRAM_GB_MAX, "GB", Q_NONE,
           "Memory that it needs on each GPU, in units of 2^30 bytes."),
    NUMBER("jobs[].hours_per_run", RUN_H_MIN, YEAR_H, "h", Q_NONE,
           "Hours that one run takes on that hardware."),
    NUMBER("jobs[].runs_per_month", 0, RUNS_MAX, "run/month", Q_NONE, "Runs in a mean month."),
    BOOL("jobs[].checkpoints", Q_NONE,
         "Whether the job saves its state as it goes and can start again from there."),
    BOOL("jobs[].interruptible", Q_NONE,
         "Whether it may run on spot capacity, which the provider can take back at short notice."),
    NUMBER("jobs[].deadline_h", RUN_H_MIN, YEAR_H, "h", Q_NONE,
           "Hours after its start by which a run must be done."),
};

#define FIELD_COUNT (sizeof FIELDS / sizeof FIELDS[0])

const struct field *field_table(size_t *count)
{
    *count = FIELD_COUNT;
    return FIELDS;
}

bool field_is_entry(const struct field *field)
{
    return str_ends(str_of(field->path), STR("[]"));
}

struct str field_key(const struct field *field, const char *object)
{
    struct str path = str_of(field->path);
    struct str parent = str_of(object);
    struct str none = {NULL, 0};
    if (parent.n > 0) {
        if (!str_starts(path, parent) || path.n == parent.n || path.s[parent.n] != '.')
            return none;
        path = str_slice(path, parent.n + 1, path.n);
    }
    if (str_ends(path, STR("[]")))
        path.n -= 2;
    if (path.n == 0 || memchr(path.s, '.', path.n))
        return none;
    return path;
}

const struct field *field_child(const char *object, struct str key)
{
    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (key.n > 0 && str_equal(field_key(&FIELDS[i], object), key))
            return &FIELDS[i];
    return NULL;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "models[].name" against "models[].name" or "models.0.name". */
static bool path_matches(const char *pattern, struct str path)
{
    size_t i = 0;
    while (*pattern) {
        bool is_entry = pattern[0] == '[' && pattern[1] == ']';
        if (is_entry && i + 1 < path.n && path.s[i] == '.' && is_digit(path.s[i + 1])) {
            for (i++; i < path.n && is_digit(path.s[i]);)
                i++;
            pattern += 2;
            continue;
        }
        if (i >= path.n || path.s[i] != *pattern)
            return false;
        i++;
        pattern++;
    }
    return i == path.n;
}

const struct field *field_find(struct str path)
{
    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (path_matches(FIELDS[i].path, path))
            return &FIELDS[i];
    return NULL;
}

/* A table path as one writes it: "[]" becomes ".0". */
static struct str written(const char *path, struct arena *a)
{
    struct str all = str_of(path);
    size_t at = str_find(all, STR("[]"));
    if (at == all.n)
        return all;
    return str_printf(a, "%.*s.0%.*s", (int)at, path, (int)(all.n - at - 2), path + at + 2);
}

struct str field_nearest(struct str path, struct arena *a)
{
    struct str *candidates = arena_new(a, struct str, FIELD_COUNT);
    struct str nearest;
    struct str leaf, rest = path;
    for (size_t i = 0; i < FIELD_COUNT; i++)
        candidates[i] = written(FIELDS[i].path, a);
    nearest = str_nearest(path, candidates, FIELD_COUNT);
    if (nearest.s)
        return nearest;
    /* A right name in the wrong place: "latency.p99_ms", "models.memory_mb". */
    while (str_cut(rest, '.', &leaf, &rest))
        ;
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        size_t n = candidates[i].n;
        if (leaf.n > 0 && str_ends(candidates[i], leaf) &&
            (n == leaf.n || candidates[i].s[n - leaf.n - 1] == '.'))
            return candidates[i];
    }
    return (struct str){NULL, 0};
}
