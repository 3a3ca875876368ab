#ifndef COST_SERVING_H
#define COST_SERVING_H
/*
 * How one part is served by one fit at one point of the workload: instances or replicas by hour of
 * load, quantities that meters count, latency, and whether the requirement holds. What it takes to
 * hold a percentile (replicas, minimum instances, provisioned capacity) is bought here, so that it
 * is priced.
 *
 *   per-request, to-zero   one request at a time: overflow ladder (latency/coldstart.h), with minimum
 *                          instances added until the percentiles hold; several: latency/shared.h; other
 *                          routing: latency/spread.h; bursts: latency/crossing.h. Under a
 *                          trace all of it is played (cost/replay.h)
 *   provisioned            the cheapest number of reserved instances by the load they carry (Erlang B),
 *                          at least what the percentiles need
 *   replicas, pods, nodes  a pool at each load of the curve, by Erlang C with its corrections
 *                          (latency/staffing.h), never fuller than the target utilisation. The target is
 *                          the autoscaler's: its head room bridges the time in which the load grows and a
 *                          replica starts, both in proportion to the load, so it does not rise with the pool. That larger
 *                          pools wait less at the same utilisation is in what the percentiles need, which
 *                          is the larger of the two in small pools only
 */
#include "cost/cold_table.h"
#include "cost/fit.h"
#include "cost/result.h"
#include "cost/tables.h"
#include "workload/workload.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

enum effort {
    EFFORT_EXACT, /* the report's own figures; draws have theirs (cost/draw.h) */
    EFFORT_SWEEP, /* kept instances chosen among a few */
    EFFORT_LEAST  /* a cost that the exact one is never below, for searches: usages say where it is that (is_least),
                     the others are exact; whether percentiles hold is then not known */
};

/* Quantities of a month for one part, `multiplicity` included. */
struct usage {
    double q[QUANTITY_COUNT];  /* QUANTITY_MACHINE in machine-hours; clusters fill theirs per pool */
    double cold_start_s;       /* billed start-up seconds, over and above busy_s or in alive_s */
    double replicas[CURVE_POINTS]; /* always-on pools, by piece of the month */
    double smooth_replicas;    /* work without a latency requirement, levelled over the day */
    double job_machine_h;      /* machine-hours of jobs */
    double peak_replicas, mean_replicas, kept;
    double busy_replica_share; /* busy over paid; NAN: not meaningful */
    double peak_in_flight;     /* requests at once at the peak */
    struct latency latency;
    bool holds;                /* the stated percentiles hold */
    bool is_least;             /* EFFORT_LEAST: quantities that the exact ones are not below */
};

/*
 * QUANTITY_CROSS_ZONE_GB is the payload that the policy's share sends to another zone, whatever stands in front of
 * the pool. It is no part of the balancer's units: platforms charge it by a meter of its own, or have none where
 * their balancer's price holds it.
 */
struct serving {
    struct fit fit;
    double waiting;           /* requests that wait for a start, over their simple count (serving_on_demand.c) */
    double needed;            /* instances that the percentiles need, from the last search */
    double kept;              /* minimum or provisioned instances, from the last exact call */
    bool ready;
};

void serving_init(struct serving *v, const struct fit *fit);

/* False: no figures can be given (the part is not costable). `percentiles`: those of the response are worked
 * out too, for the report (EFFORT_EXACT); whether they hold is known without. */
bool serving_at(struct serving *v, const struct market *m, const struct workload *w,
                const struct part_state *s, const double *global, enum effort effort, bool percentiles,
                struct arena *scratch, struct usage *out);

/* Seconds that one unit of a machine's SKU stands for: 3600 for instance-hour; 0: not a unit of time. */
double unit_seconds(const struct unit *u);
#endif
