#ifndef COST_PLAN_H
#define COST_PLAN_H
/*
 * One or more parts on one platform, bought one way, and what a month of it costs. A plan is built
 * once (machines chosen, prices of the day found), then evaluated at any point of the workload:
 * plan_evaluate gives charges, of which charges_usd is the sum for searching, and charges_lines the
 * exact lines of the report. Both come from the same charges, so they agree to the rounding of lines.
 */
#include "cost/fit.h"
#include "cost/result.h"
#include "cost/serving.h"
#include "workload/workload.h"

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

/* A meter with the price of the day. */
struct priced_meter {
    const struct meter *meter;
    const struct price *price; /* NULL: none, the plan is not costed */
    bool is_early;
};

struct machine_price {
    const struct price *price[PURCHASE_COUNT];
    bool is_early[PURCHASE_COUNT];
};

struct member {
    size_t part;              /* index in the workload */
    struct serving serving;
    struct machine_price price; /* of its machine, where it has one */
};

struct plan {
    const struct platform *platform;
    enum purchase purchase;
    struct str region;
    struct member *members;
    size_t count;
    struct priced_meter *meters;
    size_t meter_count;
    bool new_cluster;
    bool shares_cluster;      /* the same cluster as another plan of the option: what is shared is paid there */
    const struct machine *system_machine; /* clusters without an always-on pool of their own */
    struct machine_price system_price;
    double least_nodes;
    bool priced;              /* every price that it needs is known */
};

/* What a point gives beyond the charges. */
struct plan_result {
    bool costed, holds;       /* holds: every part's percentiles and deadlines */
    double nodes_peak, nodes_mean;
    const struct machine *main_machine;
    struct usage *usage;      /* by member; valid until the scratch arena is rewound */
};

/*
 * Builds a plan for `parts` (indexes). `machines[i]` is the machine for parts[i], NULL where the
 * platform has none. `v` collects what is violated. The plan is usable (for showing its cost) even
 * where limits are broken, unless a price is missing: then priced is false and v says which.
 */
bool plan_build(const struct market *m, const struct workload *w, const struct state *base,
                const struct platform *platform, enum purchase purchase, const size_t *parts,
                size_t count, const struct machine *const *machines, struct arena *a, struct plan *out,
                struct verdict_list *v);

void plan_evaluate(struct plan *p, const struct market *m, const struct workload *w,
                   const struct state *s, enum effort effort, bool explain, struct arena *scratch,
                   struct charges *out, struct plan_result *result);

/* Credits for free allowances over all charges so far; once for an option. `explain`: named in words. */
void charges_allow(struct charges *c, const struct market *m, bool explain);

/* The yearly cost of a platform engineer, as one operations charge. False: no price. */
bool charges_people(struct charges *c, const struct market *m, double fte, double on_cost,
                    struct str why);

/* Sum in dollars, with multiples of list prices by class and of spot prices (globals of the state). */
double charges_usd(const struct charges *c, const double *global, bool with_people);
/* The same with and without people, in one pass. */
double charges_sum(const struct charges *c, const double *global, double *without_people);
/* The same with one SKU's price multiplied. */
double charges_usd_sku(const struct charges *c, const double *global, const struct sku *sku,
                       double factor);

/* Exact lines, tiers apart, in the order of the charges; zero quantities are left out. False: an
 * amount was too large. */
bool charges_lines(const struct charges *c, struct arena *a, struct line **lines, size_t *count);
#endif
