#ifndef COST_TIMING_H
#define COST_TIMING_H
/*
 * Times of one part on one platform at one point: the service and the start as they are there, and
 * whether the stated percentiles hold where a share of the requests meets a start. Seconds throughout.
 */
#include "cost/fit.h"
#include "latency/law.h"
#include "latency/staffing.h"
#include "workload/workload.h"

#include <stdbool.h>

struct timing {
    double service_s, start_s; /* start: platform, image and weights, without the request itself */
    double cold_s;             /* mean response of a cold request */
    double keepalive_s;
    struct law warm, cold;
    struct slo slo;
    struct tables *tables;     /* the market's; NULL: none */
};

struct timing timing_of(const struct fit *fit, const struct market *m, const struct part_state *s, const double *global);

/* Whether all stated percentiles hold where a share p_cold of the requests meets a start. */
bool timing_holds(double p_cold, const struct timing *t);

/* Seconds that a request of this length is billed for: the platform's minimum and grain. */
double timing_billed_s(const struct platform *p, double seconds);
#endif
