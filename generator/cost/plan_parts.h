#ifndef COST_PLAN_PARTS_H
#define COST_PLAN_PARTS_H
/* What building and evaluating a plan share; callers outside this folder read cost/plan.h. */
#include "cost/plan.h"

#include <stdbool.h>
#include <stddef.h>

/* Whether a meter counts for a member at all. */
bool plan_meter_applies(const struct meter *meter, const struct plan *p, const struct member *m, const struct part *part,
                        const struct part_state *s);

/* What a meter multiplies its quantity by: the size of the instance. */
double plan_times(enum times t, const struct fit *f);

/* Whether a meter counts the nodes of all members together. */
bool plan_is_wide(const struct plan *p, const struct meter *meter);

/* Machine-hours at the price of one way to buy; nothing where it has none. Strings live as long as the charges. */
void plan_machine_charge(const struct plan *p, const struct machine *machine, const struct machine_price *price, enum purchase purchase,
                         struct str item, struct str part, double hours, struct charges *out);

/* Nodes of all members together: charges them, and sets the quantities that are counted by node. */
void plan_evaluate_cluster(struct plan *p, const struct market *m, const struct workload *w, const struct state *s, bool explain,
                           struct arena *scratch, struct charges *out, struct plan_result *result);

/* ---- nodes (node_pool.c) ---- */

/* Nodes of one machine type, with what the members run on them. */
struct node_pool {
    const struct machine *machine;
    const struct machine_price *price;
    struct str part;           /* name of its part, where it has one alone */
    size_t parts;
    double share[CURVE_POINTS]; /* nodes, not whole, by piece of the month */
    double smooth;             /* nodes of work that may wait, on average */
    double job_h, job_plain_h; /* with and without interruption overhead */
    bool is_online, hosts_system;
    bool is_system_only;       /* small nodes of the cluster's own, no part of the workload on them */
};

/* What a pool runs and how it is bought: `bought_h` in the way `bought`, `on_demand_h` beside them. */
struct node_hours {
    double mean, peak, job_h;
    double bought_h, on_demand_h;
    enum purchase bought;
};

struct node_totals {
    double node_h, cpu_h, gpu_h, on_demand_usd, peak;
};

/* Fills pools (room for one more than the members) from the members' usages; their number. */
size_t plan_node_pools(const struct plan *p, const struct market *m, const struct workload *w, const struct state *s,
                       const struct usage *usage, size_t points, struct node_pool *pools);
struct node_hours node_pool_hours(const struct plan *p, const struct market *m, const struct node_pool *pool, size_t points);
/* Whether nodes are charged at all: some platforms bill pods alone. */
bool plan_charges_nodes(const struct plan *p);
void node_totals_add(struct node_totals *t, const struct node_pool *pool, const struct node_hours *run);
/* Sets the quantities that are counted by node; the first member holds them. */
void node_totals_share(const struct node_totals *t, const struct market *m, struct usage *usage, size_t count);

/* ---- words (plan_explain.c), in `a` ---- */

/* Four digits, and never an exponent. */
struct str plan_mean_text(struct arena *a, double value);
/* How a quantity came about, in words and figures, so that it can be computed again. */
struct str plan_explain(struct arena *a, const struct policy *policy, const struct meter *meter, const struct usage *u,
                        const struct fit *f, const struct part_state *s, const struct plan_result *r);
#endif
