#ifndef DECIDE_CANDIDATE_H
#define DECIDE_CANDIDATE_H
/*
 * An option while the engine works on it: one plan, or several for hybrids, that together run every
 * part of the workload. candidates_find makes them all; candidate_usd is what draws, sweeps and flips
 * ask thousands of times.
 */
#include "cost/plan.h"
#include "decide/decision.h"
#include "workload/workload.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum candidate_shape {
    SHAPE_SINGLE, /* every part on one platform */
    SHAPE_HYBRID, /* parts on several platforms */
    SHAPE_SPLIT   /* one model: an always-on base, the rest per request */
};

struct candidate {
    enum candidate_shape shape;
    struct plan *plans;
    size_t plan_count;
    enum platform_class class;
    struct str id, name, provider;
    enum purchase purchase;
    bool fits;          /* no hard limit of the catalogue is broken */
    bool may_buy;       /* bought as the questionnaire allows */
    bool priced;
    struct verdict_list list;
    double split_rps;   /* SHAPE_SPLIT: rate up to which the base serves */
    double usd;         /* of a search: its cost at the point that it was found for, or HUGE_VAL */
    double least;       /* of a search: its cost is not below; HUGE_VAL where it cannot be had */
    bool is_dearer;     /* of a search: not costed, since what is asked for costs less than `least` */
    bool has_machines;  /* of a search: `least` counts them, though nothing is built yet */
    bool is_built;      /* of a search: before, of the plan only platform, purchase and new_cluster are set */
};

struct candidates {
    struct candidate *items;
    size_t count, capacity;
    struct arena *a;
    bool split_is_dearer; /* of a search: a split was left out that costs no less than the best of two classes */
};

/* What a part's fit, and its month, depend on, as marks (cost/memo.h) for remembered answers. */
struct part_marks {
    uint64_t fit, all;
};

/* What the engine needs everywhere; read-only. */
struct engine {
    struct market market;
    const struct workload *workload;
    struct arena *a;       /* what the decision keeps */
    struct arena *scratch; /* rewound after every evaluation */
    struct state *base;    /* the likely point */
    struct state *state;   /* room for other points */
    struct state *split;   /* room for the two halves of a split */
    struct charges charges;
    struct part_marks *marks; /* by part, of `base`; and of its globals. Set by machine_run_begin */
    uint64_t globals_mark;
    double people_usd[CLASS_NONE][2]; /* of one platform alone, by class and new_cluster; NAN: not asked since candidates_find */
    bool is_search;        /* only options that may be bought and hold are found, costed, without names */
    const bool *watched;   /* of a search, by row_of_plan: costed in any case, others only where they may be the
                              cheapest of their class; NULL: all are */
    bool is_duel;          /* of a search: not the cheapest of each class, but of `own` and of all others together */
    enum platform_class own;
    bool only_watched;     /* of a search: no other is costed, but where a split is made of it */
    const bool *skipped;   /* of a search, by row: not looked at; NULL: none */
};

struct evaluation {
    bool costed, holds;
    bool is_least; /* EFFORT_LEAST: the exact cost is not below; else it is the exact cost */
    double usd, infrastructure_usd;
};

void candidates_find(struct engine *e, struct candidates *out);

/* Id and name of an option of one platform, which a search leaves out; hybrids have theirs. */
void candidate_name(struct candidate *c, struct arena *a);

/* Fills e->charges (until the next call) and what is known about the point. The caller marks and
 * rewinds e->scratch where it does not need the usages any more; `results` (plan_count) may be NULL. */
struct evaluation candidate_evaluate(struct engine *e, struct candidate *c, const struct state *s,
                                     enum effort effort, bool explain, struct plan_result *results);

/* Cost at a point, or HUGE_VAL where it cannot be had or does not hold there. Rewinds by itself. */
double candidate_usd(struct engine *e, struct candidate *c, const struct state *s, enum effort effort);

/* A cost that the exact one is not below; *exact: it is that. HUGE_VAL: it cannot be had, or does not hold. */
double candidate_least(struct engine *e, struct candidate *c, const struct state *s, bool *exact);

/* Of it the people, at e->base; of plans only the platforms and new_cluster are read. 0: they have no price. */
double candidate_people_usd(struct engine *e, const struct candidate *c);

/* A sum is no more than that times the same sum in another order. */
#define CERTAIN (1 - 1e-9)

/* Of a search: costs what was left out as dearer; or finds more of what it costs at least, in a few steps. */
void candidate_cost(struct engine *e, struct candidate *c);
void candidate_narrow(struct engine *e, struct candidate *c);

/* Of a search: what the cheapest of a class costs, which may have been left out; hybrids only once they are found. */
double candidates_best(struct engine *e, struct candidates *list, enum platform_class class);

/* Platforms and ways to buy, whatever the machine; then hybrids of parts, then splits of one model. */
size_t row_of_shape(const struct book *b, enum candidate_shape shape);
size_t row_of_plan(const struct book *b, const struct platform *platform, enum purchase purchase);

/* Whether a part may be bought in this way: as `purchase` answers; without an answer on demand, and
 * interruptible parts as spot; never as spot where the part is answered as not interruptible. */
bool part_may_buy(const struct workload *w, enum purchase purchase, const struct part *p);

/* Full-time equivalents that an option takes: each class of platform at each provider once. */
double candidate_fte(const struct candidate *c, const double *global);
#endif
