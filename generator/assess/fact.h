#ifndef ASSESS_FACT_H
#define ASSESS_FACT_H
/*
 * Facts: what policy conditions and texts may speak of, under stable names. From the answers (unknown
 * where a question was not answered: a default of the policy does not make a fact known), and from
 * what was computed. A condition over an unknown fact is neither true nor false.
 */
#include "base/str.h"
#include "policy/policy.h"
#include "workload/workload.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

enum fact {
    FACT_GPU_NEED,
    FACT_GPU_COUNT,
    FACT_GPU_VRAM_GB,
    FACT_LATENCY_P99_MS,
    FACT_LATENCY_P95_MS,
    FACT_LATENCY_P50_MS,
    FACT_LATENCY_AVAILABILITY,
    FACT_LATENCY_STATED,
    FACT_TRAFFIC_REQUESTS_PER_DAY,
    FACT_TRAFFIC_MEAN_RPS,
    FACT_TRAFFIC_PEAK_RPS,
    FACT_TRAFFIC_PEAK_TO_MEAN,
    FACT_TRAFFIC_CV,
    FACT_TRAFFIC_IDLE_SHARE,
    FACT_TRAFFIC_ACTIVE_HOURS,
    FACT_TRAFFIC_SCALE_TO_ZERO,
    FACT_TRAFFIC_PERIODIC_S,
    FACT_TRAFFIC_BURST,
    FACT_TRAFFIC_BASIS,
    FACT_DEPENDENCIES_CUSTOM,
    FACT_TEAM_PLATFORM_ENGINEERS,
    FACT_TEAM_DATA_SCIENTISTS,
    FACT_TEAM_EXISTING_CLUSTER,
    FACT_MODELS_COUNT,
    FACT_MODELS_SIZE_MB,
    FACT_MODELS_MEMORY_MB,
    FACT_MODELS_VRAM_GB,
    FACT_MODELS_DURATION_MS,
    FACT_MODELS_SHARE_HARDWARE,
    FACT_MODELS_KIND,
    FACT_MODELS_MEMORY_TO_SIZE,
    FACT_ONLINE,
    FACT_HAS_TRAINING,
    FACT_HAS_BATCH,
    FACT_HAS_JOBS,
    FACT_PARTS,
    FACT_JOB_HOURS,
    FACT_JOB_GPUS,
    FACT_JOB_NODES,
    FACT_JOB_CHECKPOINTS,
    FACT_JOB_INTERRUPTIBLE,
    FACT_JOB_KIND,
    FACT_BATCH_GB_HOURS,
    FACT_COMPLIANCE_TENANCY,
    FACT_COMPLIANCE_REGIMES,
    FACT_COMPLIANCE_AUDITED,
    FACT_COMPLIANCE_RESIDENCY,
    FACT_COMPLIANCE_PORTABILITY,
    FACT_STAGE,
    FACT_CURRENT_CLASS,
    FACT_CURRENT_PLATFORM,
    FACT_REVIEW_STATED,
    FACT_EGRESS_GB,
    FACT_CONCURRENCY,
    FACT_COST_KNOWN, /* from here on: computed by decide/ */
    FACT_COST_SERVERLESS_USD,
    FACT_COST_KUBERNETES_USD,
    FACT_COST_RATIO,
    FACT_COST_KUBERNETES_SAVING,
    FACT_COST_SERVERLESS_SAVING,
    FACT_COST_SERVERLESS_INFRASTRUCTURE_USD,
    FACT_COST_DEAREST_SHARE,
    FACT_UTILISATION,
    FACT_COLD_SHARE,
    FACT_RECOMMENDATION_CLASS,
    FACT_RECOMMENDATION_PLATFORM,
    FACT_RECOMMENDATION_PROVIDER,
    FACT_RECOMMENDATION_VERDICT,
    FACT_RECOMMENDATION_PURCHASE,
    FACT_RECOMMENDATION_SCALING,
    FACT_RECOMMENDATION_GPU,
    FACT_RECOMMENDATION_WARM,
    FACT_MARGIN,
    FACT_CONFIDENCE,
    FACT_COUNT
};

struct fact_value {
    bool known, is_word;
    double number;
    struct str word;
};

struct facts {
    struct fact_value v[FACT_COUNT];
};

/* Of the whole workload (part < 0), or of one part: sizes, duration, latency and GPU of that model. */
void facts_of(const struct workload *w, const struct book *book, const struct state *s, int part,
              struct facts *out);
void fact_set_number(struct facts *f, enum fact which, double value); /* not finite: unknown */
void fact_set_word(struct facts *f, enum fact which, struct str word);
void fact_set_bool(struct facts *f, enum fact which, bool value);

enum truth {
    TRUTH_FALSE,
    TRUTH_TRUE,
    TRUTH_UNKNOWN
};
enum truth condition_truth(const struct condition *c, const struct facts *f);
enum truth when_truth(const struct when *when, const struct facts *f);

/* As prose writes a number: three significant digits, 1,140; 30 million; 0.25. */
struct str prose_number(struct arena *a, double value);
/* "80 ms", "250 MB", "required"; "not known". */
struct str fact_text(const struct facts *f, enum fact which, struct arena *a);
/* A policy text with every {{fact}} replaced; other braces stay as they are. */
struct str fact_expand(const struct facts *f, struct str text, struct arena *a);

const struct str *fact_names(size_t *count); /* in the order of enum fact */
int fact_find(struct str name);              /* -1: none */
#endif
