#ifndef DECIDE_DECISION_H
#define DECIDE_DECISION_H
/*
 * What the engine found out about one workload: every option with its lines, the verdict, how sure
 * it is and what would change it. Plain data in the report's arena, built by decide() and read by
 * report/ and render/. Amounts that stand on lines are exact (struct money); figures of simulation
 * are doubles in US dollars a month, already rounded to cents. NAN means "not known" everywhere,
 * and is written as null, never as 0. Indexes into options are -1 where there is none.
 */
#include "base/str.h"
#include "cost/result.h"
#include "number/date.h"
#include "number/money.h"
#include "policy/policy.h"
#include "pricing/book.h"
#include "traffic/summary.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* ---- options ---- */

struct placement {
    struct str part;              /* model's or job's name */
    const struct platform *platform;
    struct str machine;           /* empty: none */
    enum purchase purchase;
    struct money usd;             /* the part's own lines, without what is shared */
    struct latency latency;       /* of this part; NANs for jobs */
};

struct option {
    struct str id;        /* FORMATS section 6 */
    const struct platform *platform; /* NULL for hybrids */
    struct str name;      /* "AWS Lambda", "Amazon EKS, m6i.large nodes" */
    struct str provider;  /* id; for a hybrid "aws+modal" where they differ */
    enum platform_class class;
    enum purchase purchase;
    bool feasible;        /* no violation */
    bool eligible;        /* feasible, bought as `purchase` allows, sold on the day, without a doubt */
    struct str doubt;     /* a limit that no page attests and that is exceeded; empty: none */
    bool costed;          /* false: amounts are not known (a price or a ratio is missing) */
    const struct violation *violations;
    size_t violation_count;
    struct money monthly, infrastructure, operations, without_allowances;
    double p10_usd, p50_usd, p90_usd, expected_usd;
    double cheapest_share;      /* share of draws in which it is the cheapest eligible, feasible option; NAN: no draws */
    double feasible_share;      /* share of draws in which its limits and SLO hold */
    double expected_regret_usd, max_regret_usd;
    const struct line *lines;
    size_t line_count;
    double per_million_usd;     /* monthly per million requests; NAN without requests */
    double fixed_usd;           /* what it costs a month at no traffic; NAN: not computed */
    struct capacity capacity;   /* of the main part */
    struct latency latency;     /* worst over the parts that have a latency requirement */
    const struct placement *placements; /* in the order of the workload's parts */
    size_t placement_count;
    const struct str *notes;    /* sentences: quota to raise, hardware by ratio, sizes rounded up, stale reserved price ... */
    size_t note_count;
};

/* ---- verdict ---- */

enum verdict {
    VERDICT_DECIDED,
    VERDICT_TOO_CLOSE,
    VERDICT_INFEASIBLE,
    VERDICT_UNDECIDABLE
};

enum stability {
    STABILITY_ROBUST,
    STABILITY_SENSITIVE,
    STABILITY_TOO_CLOSE,
    STABILITY_NONE /* no costed verdict */
};

struct finding {
    enum question question;
    struct str answer;          /* "p99 80 ms" */
    enum strength strength;
    enum platform_class toward; /* CLASS_NONE: neither */
    const struct rule *rule;    /* NULL: from the catalogue or the latency model */
    struct str rule_id;         /* rule->id, or "limit-memory_gb" ... */
    struct str text;
    struct str source;          /* claim ids joined, or "catalogue" */
};

struct reason {
    struct str text;
    const struct str *findings; /* question words the sentence rests on */
    size_t finding_count;
};

struct recommendation {
    enum verdict verdict;
    enum stability stability;
    enum platform_class class;
    int option, runner_up;           /* indexes into options; runner_up: best of another class */
    int next_best;                   /* best other option of any class */
    enum platform_class leaning;     /* CLASS_NONE: no leaning */
    double lean_sum;
    double class_confidence;         /* share of draws; NAN without costs */
    double class_share[CLASS_NONE];  /* the same for every class */
    double nothing_share;            /* share of draws in which no eligible option holds every limit; NAN: no draws */
    bool limit_close;                /* of the draws in which something holds, this class wins nearly all: a limit is what is close */
    double margin;                   /* runner-up over chosen, minus 1; NAN without a runner-up */
    double p10_usd, p50_usd, p90_usd, expected_usd;
    const struct reason *reasons;
    size_t reason_count;
    const struct str *missing;       /* paths of the answers to get first (undecidable) */
    size_t missing_count;
    struct str relax;                /* infeasible: which answer to relax, and what that would cost */
    struct str sentence;             /* the one sentence of the verdict block */
};

struct side { /* of the head to head */
    int option; /* -1: no feasible option of the class */
};

struct tier_result {
    const struct tier *tier; /* NULL: no tier applies */
    const struct str *reasons;
    size_t reason_count;
    struct str part;
};

/* ---- what would change it ---- */

struct crossover {
    struct str variable; /* "answers.traffic.requests_per_day" */
    int from, to;        /* options: `from` is cheaper below `at`, `to` above; -1: not among today's */
    struct str from_id, to_id, from_name, to_name; /* with the machines of that volume */
    double at;
    double peak_rps, min_rps; /* what the workload's stated ones are taken as at that volume; NAN: as stated, or not stated */
    bool is_first;            /* the cheapest class of all changes; else only one option or side overtakes another */
    bool is_pair;             /* the recommended option and its rival alone: their classes may have cheaper ones */
    enum platform_class from_class, to_class;
};

/* One input, everything else at its likely value. */
struct sensitivity {
    struct str variable, name, unit;
    double now, low, high;               /* likely value; P10 and P90 */
    double usd_at_low, usd_at_high;      /* monthly cost of the recommended option there */
    double margin_at_low, margin_at_high;/* runner-up over recommended, minus 1, there */
    double flips_at;                     /* nearest value at which the recommended class changes; NAN: never in range searched */
    double flip_distance;                /* flips_at / now - 1; NAN */
    int flips_to;                        /* option that is cheapest beyond; -1: none, or not among today's */
    bool flip_within_range;              /* inside P10-P90 (prices: within price_within) */
    bool is_price;
    enum platform_class flips_to_class;
    struct str flips_to_id, flips_to_name; /* with the machine that it would take there */
    double peak_rps, min_rps; /* of the flip, as in struct crossover: a volume that the stated peak does not allow */
    bool is_whole;            /* counts: flips_at is a whole number */
};

struct scenario_result {
    const struct scenario *scenario;
    int cheapest;            /* option */
    double chosen_usd, cheapest_usd, regret_usd; /* chosen NAN: infeasible there */
};

struct information_value {
    struct str variable, name;
    double usd_per_month;
};

struct mistake_result {
    const struct mistake *mistake;
    struct str text, watch, act;
};

struct checklist_entry {
    const struct checklist_item *item;
    struct str text;
};

struct assumption_result {
    struct str variable, name, unit;
    double value, low, high; /* NAN where it is a word */
    struct str word;
    struct str why, source;
    bool is_assumed;         /* false: answered as a range, listed because it is uncertain */
    bool is_held;            /* low and high are plausible, but the draws keep the value */
};

/* A price that stands behind a line, a fee or a salary. */
struct price_use {
    const struct sku *sku;
    const struct price *price;
    struct str region;
    bool is_early, is_stale; /* stale: a reserved price older than its on-demand price */
};

struct folklore_result {
    const struct folklore *folklore;
    double computed;   /* our figure in its unit; NAN: not comparable */
    struct str text;   /* how it compares */
};

/* Cost by volume, for the chart: `points` volumes on a log grid, costs per curve (NAN: infeasible). */
struct volume_curve {
    int option;
    const double *usd;
};

struct volume_chart {
    const double *requests_per_day;
    size_t points;
    double now, low, high; /* today's volume, P10, P90 */
    const struct volume_curve *curves; /* recommended, runner-up, then the best of each other class */
    size_t curve_count;
    const int *cheapest;   /* by point: option index that is cheapest there, -1: none */
};

/* What a trace says of the traffic; times in seconds since 1970, UTC. */
struct traffic_result {
    bool is_there; /* false: no trace was given, all else is 0 */
    struct trace_summary figures;
    double requests;
    int64_t bin_s, from_s, to_s; /* first bin's start, last bin's end */
    size_t bins, gaps;
    int64_t missing_bins;
};

struct decision {
    struct str slug, title;
    struct date as_of;       /* what --as-of said, or the newest `from` among the prices used */
    struct str geography;
    struct tier_result tier; /* the highest */
    const struct tier_result *tiers; /* one a model */
    size_t tier_count;
    struct recommendation recommendation;
    struct side kubernetes, serverless;
    enum platform_class head_to_head_winner; /* CLASS_NONE: one side or both missing */
    double head_to_head_ratio;
    const struct finding *findings;
    size_t finding_count;
    const struct option *options; /* feasible by cost first, then infeasible by id */
    size_t option_count;
    const struct crossover *crossovers;
    size_t crossover_count;
    const struct sensitivity *sensitivity; /* widest effect on the margin first */
    size_t sensitivity_count;
    const struct scenario_result *scenarios;
    size_t scenario_count;
    const struct information_value *information;
    size_t information_count;
    const struct mistake_result *mistakes;
    size_t mistake_count;
    const struct checklist_entry *checklist;
    size_t checklist_count;
    const struct assumption_result *assumptions;
    size_t assumption_count;
    const struct price_use *prices; /* by sku id, then region */
    size_t price_count;
    const struct folklore_result *folklore;
    size_t folklore_count;
    struct traffic_result traffic;
    struct volume_chart volume;
    const struct str *flags; /* validity limits hit, as sentences */
    size_t flag_count;
    size_t draws;
};

const char *verdict_word(enum verdict v);     /* "too-close" */
const char *stability_word(enum stability s); /* "robust"; STABILITY_NONE: "too-close" is never used for it */
#endif
