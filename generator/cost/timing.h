#ifndef COST_TIMING_H
#define COST_TIMING_H
/*
 * Times of one part on one platform at one point: the service and the start as they are there, and
 * whether the stated percentiles hold where a share of the requests meets a start. Seconds throughout.
 *
 * Percentiles are of the time until a request is answered. A streaming part's connection is answered when it is
 * served, and then held: its percentiles are what the caller waits (queue and start), while the hold occupies an
 * instance as any service does.
 */
#include "cost/fit.h"
#include "latency/law.h"
#include "latency/staffing.h"
#include "workload/workload.h"

#include <stdbool.h>

struct timing {
    double service_s, start_s; /* start: platform, image and weights, without the request itself */
    double cold_s;             /* how long a cold request occupies its instance: start and service */
    double keepalive_s;
    struct law service;        /* how long a warm request occupies its instance */
    struct law warm, cold;     /* times to the answer; mean and variation of `warm` are those of `service` */
    struct slo slo;
    struct tables *tables;     /* the market's; NULL: none */
};

struct timing timing_of(const struct fit *fit, const struct market *m, const struct part_state *s, const double *global);

/*
 * Law of the time to the answer of a request that nothing delays. Of a streaming part: no time worth mentioning; mean and
 * variation remain those of the hold, which decide how fast a queue before the pool drains.
 */
struct law timing_answer(const struct part *p, double service_s, double cv);
/* Mean time to the answer of a request that meets a start. */
double timing_cold_answer_s(const struct part *p, double start_s, double service_s);

/* Whether all stated percentiles hold where a share p_cold of the requests meets a start. */
bool timing_holds(double p_cold, const struct timing *t);

/* Seconds that a request of this length is billed for: the platform's minimum and grain. */
double timing_billed_s(const struct platform *p, double seconds);
#endif
