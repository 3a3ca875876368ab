#ifndef COST_PLAN_H
#define COST_PLAN_H
/*
 * One or more parts on one platform, bought one way, and what a month of it costs. A plan is built
 * once (machines chosen, prices of the day found), then evaluated at any point of the workload:
 * plan_evaluate gives charges, of which charges_usd is the sum for searching, and charges_lines the
 * exact lines of the report. Both come from the same charges, so they agree to the rounding of lines.
 */
#include "cost/charges.h"
#include "cost/fit.h"
#include "cost/result.h"
#include "cost/serving.h"
#include "workload/workload.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

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
    bool regional; /* data must stay in a region */
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
    double cpu_nodes_mean, gpu_nodes_mean; /* parts of nodes_mean */
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

/* Whether the platform would have to be set up: no cluster that exists is it. */
bool plan_is_new_cluster(const struct workload *w, const struct platform *p);

void plan_evaluate(struct plan *p, const struct market *m, const struct workload *w,
                   const struct state *s, enum effort effort, bool explain, struct arena *scratch,
                   struct charges *out, struct plan_result *result);
#endif
