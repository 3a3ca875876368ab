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

/* Machine-hours at the price of one way to buy; nothing where it has none. Strings live as long as the charges. */
void plan_machine_charge(const struct plan *p, const struct machine *machine, const struct machine_price *price, enum purchase purchase,
                         struct str item, struct str part, double hours, struct charges *out);

/* Nodes of all members together: charges them, and sets the quantities that are counted by node (node_pool.c). */
void plan_evaluate_cluster(struct plan *p, const struct market *m, const struct workload *w, const struct state *s, bool explain,
                           struct arena *scratch, struct charges *out, struct plan_result *result);

/* ---- words (plan_explain.c), in `a` ---- */

/* Four digits, and never an exponent. */
struct str plan_mean_text(struct arena *a, double value);
/* How a quantity came about, in words and figures. */
struct str plan_explain(struct arena *a, const struct meter *meter, const struct usage *u, const struct fit *f, const struct part_state *s);
#endif
