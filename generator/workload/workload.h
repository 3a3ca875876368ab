#ifndef WORKLOAD_WORKLOAD_H
#define WORKLOAD_WORKLOAD_H
/*
 * Answers become a workload: parts (models and jobs) whose figures are all known, each either
 * answered or assumed from the policy, and each with its range. What comes in: a questionnaire, the
 * policy, and the measured load curve where there is a trace. What goes out: the engine's one input.
 *
 * A figure that may vary is a `variable`; a point of the workload is an array with one value a
 * variable (x). state_at() turns a point into the figures that costs are computed from. The point of
 * likely values is the report's own; draws, sweeps and scenarios are other points.
 */
#include "base/str.h"
#include "latency/curve.h"
#include "policy/policy.h"
#include "pricing/book.h"
#include "questionnaire/questionnaire.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct shape_table;

/* One vCPU for each 1,769 MB, the rate at which AWS Lambda gives CPU with memory: what a model gets where
 * its vCPU is not answered. */
#define WORKLOAD_MB_PER_VCPU 1769.0
/* The largest function: beyond it nothing says how much CPU goes with memory, and more is not assumed. */
#define WORKLOAD_MB_WITH_VCPU 10240.0

/* Figures of a part. The first ones belong to models, the JOB ones to jobs. */
enum figure {
    FIGURE_REQUESTS_PER_DAY,
    FIGURE_PEAK_TO_MEAN, /* of the load curve; 0 where only the variation is known */
    FIGURE_MIN_RPS,
    FIGURE_CV,           /* 0: not known, the curve is shaped by the peak */
    FIGURE_IDLE_SHARE,
    FIGURE_BURST,
    FIGURE_PERIODIC_S,
    FIGURE_STREAMS,
    FIGURE_SIZE_MB,
    FIGURE_MEMORY_MB,
    FIGURE_VCPU,
    FIGURE_DURATION_MS,
    FIGURE_DURATION_CV,
    FIGURE_LOAD_S,
    FIGURE_CONCURRENCY,
    FIGURE_REQUEST_KB,
    FIGURE_RESPONSE_KB,
    FIGURE_INTERNET_SHARE,
    FIGURE_DEADLINE_H,
    FIGURE_VRAM_GB,
    FIGURE_GPU_COUNT,
    FIGURE_P99_MS, /* requirements: 0 where there is none */
    FIGURE_P95_MS,
    FIGURE_P50_MS,
    FIGURE_JOB_HOURS,
    FIGURE_JOB_RUNS,
    FIGURE_JOB_COUNT,
    FIGURE_JOB_NODES,
    FIGURE_COUNT
};

/* Figures of the whole workload, the platforms and the people. */
enum global {
    GLOBAL_UTILISATION,
    GLOBAL_GPU_UTILISATION,
    GLOBAL_LOG_KB,
    GLOBAL_KEEP_ALIVE,   /* multiple of every platform's keep-alive time */
    GLOBAL_START,        /* multiple of every platform's start time */
    GLOBAL_HARDWARE,     /* multiple of derived service times on other hardware; 1 on the stated one */
    GLOBAL_ON_COST,
    GLOBAL_FTE_SERVERLESS,
    GLOBAL_FTE_MANAGED,
    GLOBAL_FTE_KUBERNETES,        /* on a cluster that would be made for it */
    GLOBAL_FTE_KUBERNETES_SHARED, /* on the cluster that exists */
    GLOBAL_PRICE_SERVERLESS, /* multiples of list prices, for flips and scenarios; 1 */
    GLOBAL_PRICE_MANAGED,
    GLOBAL_PRICE_KUBERNETES,
    GLOBAL_PRICE_SPOT,
    GLOBAL_COUNT
};

/* How a range becomes a law: through P10, P50 and P90. */
enum variable_law {
    LAW_SPLIT_LOGNORMAL, /* positive figures */
    LAW_SPLIT_NORMAL     /* figures that may be 0 or negative */
};

struct variable {
    struct str path, name, unit; /* "answers.traffic.requests_per_day", "requests per day", "" */
    double low, likely, high;    /* P10, likely, P90; equal where it is taken as certain */
    double least, most;          /* hard bounds of the figure */
    double per_answer;           /* the answer at `path` over this figure: 1, but the peak counts in multiples of the mean */
    enum variable_law law;
    bool is_answered;            /* false: assumed from the policy */
    bool is_global;
    int figure;                  /* enum figure or enum global */
    struct str why, source;
};

struct part {
    struct str name;
    size_t index;                /* among the workload's parts */
    bool is_job;
    enum model_kind kind;
    enum job_kind job_kind;
    struct str family, hardware; /* hardware: "cpu" or a GPU as the questionnaire names it */
    bool needs_gpu;              /* runs on a GPU: required, or stated hardware is one */
    bool gpu_optional;
    bool interruptible, checkpoints;
    bool never_spot;             /* answered: may not be interrupted */
    bool scale_to_zero;          /* a requirement */
    double multiplicity;         /* like models that this part stands for */
    bool is_online;              /* has a latency requirement: realtime or streaming */
    bool vcpu_answered;
    bool gpu_count_answered;     /* then vram_gb is one GPU's; else of as many GPUs as hold it */
    bool costable;               /* volume, duration and memory are known */
    int variable[FIGURE_COUNT];  /* index of the variable that feeds a figure; -1: `fixed` */
    double fixed[FIGURE_COUNT];
    double share[FIGURE_COUNT];  /* of the variable, for traffic shared by several models; 1 */
    const struct load_curve *measured; /* shape of a trace; NULL: from cv and peak */
    const struct shape_table *shapes;  /* load curves at several variations, for draws */
    struct where where;
};

struct workload {
    const struct questionnaire *questionnaire;
    const struct part *parts; /* models in file order, then jobs */
    size_t part_count, model_count;
    const struct variable *variables;
    size_t variable_count;
    double *likely;  /* the point of likely values */
    int global[GLOBAL_COUNT]; /* index of the variable that feeds a global; -1: fixed */
    double global_fixed[GLOBAL_COUNT];
    int geography;   /* index in the book */
    bool purchase[PURCHASE_COUNT];   /* what may be bought */
    bool provider[64];               /* by provider index: may be chosen */
    enum tristate existing_cluster;
    struct str existing_platform;    /* empty: any of `existing_provider`, or any */
    struct str existing_provider;
    bool share_hardware;
    const struct str *missing; /* paths of answers without which no cost can be computed */
    size_t missing_count;
    struct str geography_id;
};

/* One part at one point. Rates are per second, times in seconds, sizes as the field names say. */
struct part_state {
    double x[FIGURE_COUNT];
    struct load_curve curve; /* requests per second; zero for jobs */
    size_t points;           /* equally long pieces of the month that costs are summed over ... */
    double rps[CURVE_POINTS];/* ... with the rate in each: the curve's own, or their means, for draws */
    double mean_rps, peak_rps;
    double service_s;        /* on the stated hardware */
    double requests;         /* a month */
    double above_rps, below_rps; /* an option that serves a part of the traffic: what exceeds the first
                                    rate, what stays below the second; 0: no such bound */
    bool cv_limited;         /* the assumed variation of the service time was cut to what the limit allows */
};

struct state {
    struct part_state *parts;
    double global[GLOBAL_COUNT];
};

/*
 * Are all providers, geographies, platforms and hardware that the questionnaire names in the price book?
 * Everything that is not is a diagnostic, whose hint is the nearest name and, where they are few, all of
 * them. Good also for a questionnaire that questionnaire_parse found errors in, so that one run shows all.
 */
bool workload_check_names(const struct questionnaire *q, const struct book *book, struct arena *a, struct diags *d);

/*
 * Resolves a questionnaire. `measured` is the load curve of a trace, or NULL. Unknown providers,
 * geographies, hardware and platforms named in the questionnaire are diagnostics. False: an error.
 */
bool workload_resolve(const struct questionnaire *q, const struct policy *policy,
                      const struct book *book, const struct load_curve *measured, struct arena *a,
                      struct workload *out, struct diags *d);

/* A figure of the policy, or a multiple of what the platforms' files say, at a certain value instead, as
 * `explain --set` may ask for it: "policy.fte_serverless", "platforms.cold_start". Prices stand in the price
 * book: another book (--pricing) has others. */
struct override {
    struct str path;
    double value;
    struct where where; /* for mistakes */
};

/* Whether a path is of that kind, whatever workload it is for. */
bool workload_is_override(struct str path);
/* The path of each and what it is; NULL for both after the last. */
const char *workload_override_path(size_t index, const char **name);
/* False and a diagnostic: the workload has no such figure, or it may not have that value. */
bool workload_override(struct workload *w, const struct override *o, struct arena *a, struct diags *d);

/* The same for *q with one answer changed: what decisions near `like` share is taken from it, and there are no
 * curves for draws (state_at must be asked exactly). */
bool workload_resolve_near(const struct questionnaire *q, const struct policy *policy,
                           const struct book *book, const struct workload *like, struct arena *a,
                           struct workload *out, struct diags *d);

/* Room for a state; state_at fills it for a point x (NULL: the likely values). `exact` builds each load
 * curve anew and keeps all its points; otherwise the curve is interpolated between curves that the workload
 * keeps, and summed up in WORKLOAD_DRAW_POINTS pieces (for draws). */
#define WORKLOAD_DRAW_POINTS 16
struct state *state_new(const struct workload *w, struct arena *a);
void state_at(const struct workload *w, const double *x, bool exact, struct state *s);

/* What an option that serves a part of the traffic sees: the rate of each hour up to the limit (its base), or what is
 * above. Of *out only what depends on the rate is written, and x. */
void part_state_split(const struct part_state *s, double limit_rps, bool is_base, struct part_state *out);

/* Value of a variable at quantile p (0 < p < 1), given the standard normal value z of that quantile. */
double variable_value(const struct variable *v, double z);
int workload_variable(const struct workload *w, struct str path); /* -1: none */
#endif
