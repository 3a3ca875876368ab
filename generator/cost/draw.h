#ifndef COST_DRAW_H
#define COST_DRAW_H
/*
 * What options cost at many points of the workload (draws). Plans that were evaluated once at the likely
 * point are compiled: what options share at a point - the load of a part, its service time on hardware of one
 * speed, replicas of a pool - is worked out once for all of them, cold starts come from tables over the
 * loads that draws may bring, and prices are a sum of quantities times dollars, with allowances and tiers
 * only where they exist. The quantities are those of cost/serving.h, by the same functions.
 *
 * How many instances a provisioned plan reserves and which machines a plan runs on are decided at the
 * likely point, not in every draw; instances that a percentile needs are chosen among a few in each. At the likely point
 * the cost is that of the exact evaluation to 1 % (tests/property/law_effort.c).
 */
#include "cost/plan.h"

#include <stddef.h>

struct arena;
struct draw;

/* `likely`: the state of likely values, exact. All that is given must outlive the draw; market->tables must be
 * there. */
struct draw *draw_new(const struct market *m, const struct workload *w, const struct state *likely, struct arena *a,
                      struct arena *scratch);

/* An option of priced plans, as the exact evaluation at the likely point left them; they stay as they are. split_rps > 0: the
 * first plan serves each hour's rate up to it, the second what is above. Its number, from 0. */
size_t draw_option(struct draw *d, const struct plan *plans, size_t plan_count, double split_rps);

/* A point: a state that is not exact (state_at). Valid until the next call, as long as `s` is. */
void draw_at(struct draw *d, const struct state *s);

/* A month of an option there in dollars, without people; HUGE_VAL where a requirement does not hold. */
double draw_usd(struct draw *d, size_t option);
#endif
