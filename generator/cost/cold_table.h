#ifndef COST_COLD_TABLE_H
#define COST_COLD_TABLE_H
/*
 * Instances that come and go with the requests: cold share, idle and busy instances by load, solved at
 * some loads and interpolated between them. Which method solves a point is the platform's routing, the
 * requests that an instance takes at once, and the burst (cost/serving.h).
 */
#include "cost/timing.h"

#include <stddef.h>

struct arena;

/* Instances are means; shares are of the requests. */
struct pool_point {
    double p_cold, idle, busy;
    double waited; /* share of requests that wait for an instance already starting */
};

#define COLD_TABLE_POINTS 40
struct cold_table { /* by offered load, ascending; points a constant ratio apart */
    size_t count;
    double kept; /* always-on instances that it was computed with */
    double load[COLD_TABLE_POINTS], p_cold[COLD_TABLE_POINTS], idle[COLD_TABLE_POINTS], busy[COLD_TABLE_POINTS];
    double log_load, per_log;           /* of the first point; points for each unit of the logarithm */
    double log_cold[COLD_TABLE_POINTS]; /* for interpolation */
    double cold_power, idle_power;      /* beyond the last point */
};

/* Requests that one instance takes at once: replicas on its machine times what each serves. */
double cold_at_once(const struct fit *fit);

/* Load (erlang) at which a table ends; beyond it follows powers of the load. */
double cold_table_most(const struct fit *fit, double kept);

/* `n` points from the rate `bottom` to `top` (requests a second). Idle counts instances alive without a
 * request for at most `stay_s`; 0: none are. t->tables must be there. */
void cold_table_between(struct cold_table *table, size_t n, double bottom, double top, const struct fit *fit, const struct timing *t,
                        const struct part_state *s, double kept, double stay_s, struct arena *scratch);

/* A table over the loads of the curve; one point where the rate is constant. */
void cold_table_fill(struct cold_table *table, const struct fit *fit, const struct timing *t, const struct part_state *s, double kept,
                     double stay_s, struct arena *scratch);

/* Means over the curve; the cold share is weighted by requests. */
struct pool_point cold_table_mean(const struct cold_table *table, const struct part_state *s, double service_s);
#endif
