#ifndef COST_CHARGES_H
#define COST_CHARGES_H
/*
 * What a month is charged for: a quantity of a SKU each, before rounding. Free allowances and the tiers of
 * a price count over all charges of an option. charges_sum adds them for searches, in doubles;
 * charges_lines rounds each once, for the report.
 */
#include "cost/fit.h"
#include "cost/result.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* What is bought, before rounding. */
struct charge {
    struct str item, part;
    double quantity;          /* in the SKU's unit; negative: a credit */
    const struct sku *sku;
    const struct price *price;
    struct str region;
    double offset;            /* amount of the same SKU charged before, for tiers */
    bool is_early, is_allowance, is_operations, is_spot;
    enum platform_class class;
    struct str how;           /* filled only for lines */
};

struct charges {
    struct charge *items;
    size_t count, capacity;
    struct arena *a;          /* growth */
};

/* Room for one more, all zero; valid until the next. */
struct charge *charges_add(struct charges *c);

/* Adds charges that stand elsewhere. */
void charges_append(struct charges *c, const struct charge *items, size_t count);

/* What these come to at least among others, without allowances of their own: each free amount as if it were theirs
 * alone, each tiered price at its lowest. */
double charges_least(const struct charge *items, size_t count, const double *global);

/* Credits for free allowances over all charges so far; once for an option. `explain`: named in words. */
void charges_allow(struct charges *c, const struct market *m, bool explain);

/* A platform engineer's yearly cost where the workload runs, without on-cost; NAN: no price. */
double engineer_usd(const struct market *m);
/* The same as one operations charge of `fte` and on-cost for a month. False: no price. */
bool charges_people(struct charges *c, const struct market *m, double fte, double on_cost,
                    struct str why);

/* The multiple of list prices of a class; 1 for hybrids, whose charges are of their platforms' classes. */
double price_multiple(const double *global, enum platform_class class);
/* Sum in dollars, with multiples of list prices by class and of spot prices (globals of the state). */
double charges_usd(const struct charges *c, const double *global, bool with_people);
/* The same with and without people, in one pass. */
double charges_sum(const struct charges *c, const double *global, double *without_people);

/* Exact lines, tiers apart, in the order of the charges; zero quantities are left out. False: an
 * amount was too large. */
bool charges_lines(const struct charges *c, struct arena *a, struct line **lines, size_t *count);
#endif
