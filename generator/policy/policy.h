#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H
/*
 * What we judge, as data: thresholds, rules, tiers, defaults, uncertainty, people, scenarios, common
 * mistakes and the migration checklist, all from content/policy/. Read-only after loading and shared
 * by all threads. content/policy/README.md is the format. Nothing here decides anything: conditions
 * are evaluated by assess/, numbers are used by the engine under the names of PARAMETER_*.
 */
#include "base/diag.h"
#include "base/str.h"
#include "pricing/book.h" /* struct spread, enum platform_class */
#include "questionnaire/questionnaire.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Numbers that the engine reads by name. policy/policy.c holds the table of names, units and allowed
 * ranges; a policy that lacks one is in error: there is no hidden default in C. */
enum parameter_id {
    PARAMETER_TARGET_UTILISATION,     /* busy share of a replica at which a pool adds one */
    PARAMETER_GPU_TARGET_UTILISATION,
    PARAMETER_MIN_REPLICAS,           /* of an always-on pool in production, for availability */
    PARAMETER_MIN_REPLICAS_VALIDATION,
    PARAMETER_MIN_NODES,
    PARAMETER_ZONES,                  /* zones that a production cluster spreads over */
    PARAMETER_NODE_DISK_GB,
    PARAMETER_GPU_NODE_DISK_GB,
    PARAMETER_LOG_KB_PER_REQUEST,
    PARAMETER_METRICS_PER_MODEL,
    PARAMETER_CROSS_ZONE_SHARE,       /* of payload that crosses a zone inside a cluster */
    PARAMETER_IMAGE_OVERHEAD_MB,      /* container image beyond the weights */
    PARAMETER_IMAGE_VERSIONS_KEPT,
    PARAMETER_LOAD_MB_PER_S,          /* reading weights into memory, where load_s is not answered */
    PARAMETER_COLD_CV,                /* variation of cold-start times */
    PARAMETER_PEAK_TO_MEAN,           /* without cv and peak */
    PARAMETER_BALANCER_CONNECTIONS_PER_REQUEST,
    PARAMETER_BALANCER_GB_PER_UNIT_H,
    PARAMETER_BALANCER_CONNECTIONS_PER_UNIT_S,
    PARAMETER_SPOT_CHECKPOINT_H,
    PARAMETER_SPOT_RESTART_H,
    PARAMETER_SPOT_FALLBACK_SHARE,    /* least share of spot hours bought on demand instead */
    PARAMETER_SPOT_RECLAIM_MONTHLY,   /* where the book knows none */
    PARAMETER_NODE_START_LAG_S,       /* head room: how long new capacity takes to arrive */
    PARAMETER_WORKFLOW_STEPS_PER_ITEM,
    PARAMETER_ON_COST_FACTOR,         /* employer's cost over salary */
    PARAMETER_FTE_SERVERLESS,
    PARAMETER_FTE_MANAGED,
    PARAMETER_FTE_KUBERNETES_SHARED,  /* a cluster and at least one engineer */
    PARAMETER_FTE_KUBERNETES_ENGINEERS, /* engineers, no cluster */
    PARAMETER_FTE_KUBERNETES_NONE,    /* no engineers */
    PARAMETER_DECIDED_SHARE,          /* class confidence from which a verdict is decided: 0.7 */
    PARAMETER_HIGH_CONFIDENCE,        /* 0.9 */
    PARAMETER_LEAN_DECIDES,           /* sum of lean weights that names a leaning; beyond it they decide where no cost can be computed: 2 */
    PARAMETER_STRONG_WEIGHT,          /* 3 */
    PARAMETER_WEAK_WEIGHT,            /* 1 */
    PARAMETER_DRAWS,                  /* 1024 */
    PARAMETER_PRICE_MAX_AGE_DAYS,     /* staleness */
    PARAMETER_PRICE_WITHIN,           /* prices flip robustness: 0.1 */
    PARAMETER_COUNT_ALLOWANCES,       /* 1: free allowances are counted in totals */
    PARAMETER_KEEP_WARM_SHARE,        /* cold share above which an SLO needs warm instances: 0.01 = p99 */
    PARAMETER_ID_COUNT
};

struct parameter {
    struct spread value; /* low == likely == high where it is not uncertain */
    struct str unit, why, source;
    struct where where;
};

/* A named limit that conditions refer to; every one is overridable by --policy and cited. */
struct threshold {
    struct str name;
    double value;
    struct str unit, text, source;
    struct where where;
};

/* "FACT OP VALUE": VALUE is a number, a threshold's name, or a word (== and != only). A fact that is
 * not known makes a condition neither true nor false: the rule then says nothing. */
enum operator {
    OPERATOR_LT,
    OPERATOR_LE,
    OPERATOR_GT,
    OPERATOR_GE,
    OPERATOR_EQ,
    OPERATOR_NE
};

struct condition {
    struct str text; /* as written */
    struct str fact;
    enum operator op;
    bool is_word;
    struct str word;
    double number;
    const struct threshold *threshold; /* where the number came from; NULL: literal */
    struct where where;
};

/* All conditions of one alternative must hold; one alternative is enough. */
struct alternative {
    const struct condition *conditions;
    size_t count;
};

struct when {
    const struct alternative *alternatives; /* none: always */
    size_t count;
};

enum strength {
    STRENGTH_NEUTRAL,
    STRENGTH_WEAK,
    STRENGTH_STRONG,
    STRENGTH_HARD
};

struct rule {
    struct str id;
    enum question question; /* QUESTION_COUNT: none of the seven */
    struct str group;       /* within a group only the strongest lean in each direction counts */
    struct when when;
    enum strength strength;
    enum platform_class toward; /* CLASS_NONE: neither */
    struct str text;            /* Mustache: {{fact.name}} gives the fact's value as the report writes it */
    const struct str *sources;  /* ids of published claims: "s2-49" */
    size_t source_count;
    struct where where;
};

struct tier {
    int number;
    struct str name, text;
    struct when when;
    const struct str *sources;
    size_t source_count;
};

/* What is assumed where a question is not answered. Absolute, or a multiple of the entry it varies. */
struct assumption {
    struct str path;        /* a field's path: "models[].duration_cv" */
    struct spread value;
    struct str word;        /* for choices and texts */
    bool is_word;
    struct str why, source;
    struct where where;
};

/* Uncertainty of an answered figure by its basis: multiples of the entry at P10, P50, P90. */
struct uncertainty {
    struct str path;
    struct spread multiple[4]; /* by enum basis; BASIS_UNKNOWN as estimated */
    struct str why, source;
};

/* A named "what if": the figures that it multiplies or sets. */
struct scenario_change {
    struct str variable; /* a field's path, or "prices.CLASS", "prices.spot" */
    bool is_factor;
    double value;
};

struct scenario {
    struct str id, name, text;
    const struct scenario_change *changes;
    size_t count;
};

struct mistake { /* common mistakes and risks, found from the answers and the outcome */
    struct str id;
    struct when when;
    struct str text, watch, act; /* a number to watch, a threshold to act on; may be empty */
    const struct str *sources;
    size_t source_count;
};

struct checklist_item {
    struct str id, phase, text, link;
    struct when when;
};

struct phase {
    struct str id, name;
};

/* A published rule of thumb that the report shows beside the computed figure. */
struct folklore {
    struct str id, source, text;
    struct str variable; /* "answers.traffic.requests_per_day", "utilisation" ... */
    double low, high;
    struct str unit;
};

struct policy {
    struct parameter parameter[PARAMETER_ID_COUNT];
    struct str engineer_sku; /* people: SKU of a platform engineer's yearly salary */
    const struct threshold *thresholds;
    size_t threshold_count;
    const struct assumption *assumptions;
    size_t assumption_count;
    const struct uncertainty *uncertainties;
    size_t uncertainty_count;
    const struct rule *rules;
    size_t rule_count;
    const struct tier *tiers; /* highest number first */
    size_t tier_count;
    const struct scenario *scenarios;
    size_t scenario_count;
    const struct folklore *folklore;
    size_t folklore_count;
    const struct mistake *mistakes;
    size_t mistake_count;
    const struct phase *phases;
    size_t phase_count;
    const struct checklist_item *checklist;
    size_t checklist_count;
    struct str sha256; /* hex, over the bytes of all policy files read */
};

/*
 * Loads policy.json (or `file` of --policy; NULL: none) and mistakes.json and checklist.json from
 * beside that file, else from `folder`. Facts named in conditions and texts are checked against
 * `fact_names` (from assess/), so that a misspelt fact is an error with the nearest name; count 0
 * checks none. All mistakes of all three files become diagnostics; a threshold that no condition uses
 * is a warning. False where there was an error; *out is then not usable.
 */
bool policy_load(const char *file, const char *folder, const struct str *fact_names,
                 size_t fact_count, struct arena *a, struct policy *out, struct diags *d);

/* Pure questions. */
double policy_number(const struct policy *p, enum parameter_id id); /* the likely value */
struct spread policy_spread(const struct policy *p, enum parameter_id id);
const struct threshold *policy_threshold(const struct policy *p, struct str name);
/* The path as the table or as a file writes it ("models[].load_s", "models.0.load_s"). A model's own
 * traffic, latency or gpu falls under the entry of the common answer where it has none of its own. */
const struct assumption *policy_assumption(const struct policy *p, struct str path);
const struct uncertainty *policy_uncertainty(const struct policy *p, struct str path);

const char *parameter_name(enum parameter_id id); /* "target_utilisation" */
const char *parameter_unit(enum parameter_id id);
const char *strength_word(enum strength s);
const char *operator_word(enum operator op); /* "<" */
#endif
