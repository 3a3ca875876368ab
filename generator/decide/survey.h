#ifndef DECIDE_SURVEY_H
#define DECIDE_SURVEY_H
/*
 * Who wins elsewhere: the whole decision at another point of the workload. Every option that may be bought,
 * its machines, hybrids and the instances that percentiles need are chosen anew and costed as the report of
 * that point would. What would change a decision is asked here, so that what the report says of it is true
 * for a reader who changes the answer and decides again.
 *
 * A point is an engine of its own (struct engine), which lives in the survey's room until the next
 * survey_begin. Rows are platforms and ways to buy, whatever the machine; then the hybrid of parts, then
 * the split of one model.
 */
#include "decide/candidate.h"
#include "decide/decision.h"
#include "number/bracket.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

#define ROW_NONE ((size_t)-1)

struct survey {
    struct engine *engine;      /* at the likely point */
    struct arena *room;         /* of the points; cleared by survey_begin */
    const struct option *options;
    size_t option_count;
    size_t rows;
    struct moved_price *moved;  /* of the point made last; NULL: its prices are the book's */
    bool *watched;              /* by row: costed at every point */
    bool costs_all;             /* every row is, as survey_between needs it; else rows that are not watched only
                                   where they may be the cheapest of their class */
    bool *only, is_only;        /* by row: looked at, between survey_only and survey_all */
    bool *skipped;              /* the others */
    enum platform_class own;    /* as survey_duel says; CLASS_NONE: each class is costed */
    double *trust;              /* by row: what the report's cost is over the survey's at the likely point; 1
                                   but for decisions under a trace, whose report simulates */
};

/* What rows cost a month at a point; HUGE_VAL where one does not hold there, or was left out as dearer. */
struct survey_costs {
    double *usd;                /* by row */
    bool *is_dearer;            /* by row: left out, another of its class costs less */
    size_t best[CLASS_NONE];    /* cheapest row of each class; ROW_NONE: none holds */
    struct str id[CLASS_NONE], name[CLASS_NONE]; /* what those are called there, until survey_begin */
    enum platform_class first;  /* class of the cheapest of all; CLASS_NONE: nothing holds */
};

/* `room` belongs to the caller, as the options do. */
void survey_init(struct survey *f, struct engine *e, const struct option *options, size_t count, struct arena *room);
struct survey_costs survey_costs_new(const struct survey *f, struct arena *a);

/* Forgets the point made before: each is begun, made, and asked for its costs, in this order. */
void survey_begin(struct survey *f);
/* The likely point with one variable at another value, as if it had been answered so. False: the value would
 * be refused (out of its bounds, or in contradiction to another answer). */
bool survey_figure(struct survey *f, size_t variable, double value, struct engine *at);
/* Whether survey_figure would be true, but for what only the whole workload contradicts. */
bool survey_allows(struct survey *f, size_t variable, double value);
/* The point where variables have the values x[], whatever was answered. */
void survey_point(struct survey *f, const double *x, struct engine *at);
/* The likely point with one price at so many times the book's. */
void survey_price(struct survey *f, const struct sku *sku, double times, struct engine *at);
/* From now on these rows are costed at every point (ROW_NONE: none), and no others but as costs_all says. */
void survey_watch(struct survey *f, const size_t *rows, size_t count);
/*
 * From now on nothing but these rows is looked at, exactly, until survey_all. False, and nothing has changed: one of
 * them is the hybrid, whose parts may stand anywhere.
 */
bool survey_only(struct survey *f, const size_t *rows, size_t count);
void survey_all(struct survey *f);
/* From now on of the options that are one platform only the cheapest of `own` and the cheapest of all other classes
 * together are known, besides what is watched: of a class that is neither `best` may be ROW_NONE. CLASS_NONE: the
 * cheapest of each class. */
void survey_duel(struct survey *f, enum platform_class own);
/* What changes its sign between two values of a figure, and which rows it is made of. */
struct survey_change {
    bracket_function *lead;        /* of the whole decision; remembers what it was asked */
    bracket_function *lead_of_few; /* the same between survey_only and survey_all */
    void (*rows)(double value, void *context, size_t rows[2]); /* that are compared where `lead` was asked */
    void *context;
};

/*
 * bracket_narrow among what is compared at the two ends alone, which is cheap. What was found is decided anew with all; where
 * something else is the cheaper there the change is on one side of it, and is looked for again.
 */
void survey_narrow(struct survey *f, const struct survey_change *c, struct bracket *b);

/* Its costs. */
void survey_at(struct survey *f, struct engine *at, struct survey_costs *out);

/* Costs on the line through `a` (share 0) and `b` (share 1), without names; *out is neither. */
void survey_between(const struct survey *f, const struct survey_costs *a, const struct survey_costs *b, double share,
                    struct survey_costs *out);

/* Whether one cost is the lower all along between two values of a figure, at which these are the two costs: they rise or fall
 * between them, but for the steps of single nodes. */
bool survey_stays_below(double a_low, double a_high, double b_low, double b_high);

/* Class of the cheapest that is not of `class`; CLASS_NONE: none holds. */
enum platform_class survey_rival(const struct survey_costs *c, enum platform_class class);
/* Cheapest of a class; HUGE_VAL: none holds, or CLASS_NONE. */
double survey_least(const struct survey_costs *c, enum platform_class class);
double survey_usd(const struct survey_costs *c, size_t row); /* HUGE_VAL for ROW_NONE */

size_t survey_row_of(const struct survey *f, int option);
int survey_option_of(const struct survey *f, size_t row); /* index into the options; -1: none is on that row */
#endif
