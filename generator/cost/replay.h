#ifndef COST_REPLAY_H
#define COST_REPLAY_H
/*
 * Event simulation under a measured trace, where the closed forms of cost/serving.h, which are for steady
 * rates, do not hold. What comes in: the load of one part on one platform. What goes out: cold starts,
 * instances and percentiles.
 *
 * A run is made once for each load and kept: platforms that serve alike share it. Only the report's own
 * figures are simulated. Draws, sweeps and flips take the closed forms times what the simulation gave
 * over them at the likely point (struct replay_ratio), by platform and part.
 *
 * Work is bounded by a budget counted in simulated requests, not by a clock: the same input gives the
 * same figures on any machine, in 2 s at most. A trace of more than REPLAY_MOST requests is represented by
 * whole days spread evenly over it, and a day of more by hours spread over the day.
 */
#include "cost/fit.h"
#include "latency/law.h"
#include "latency/simulate.h"
#include "traffic/trace.h"
#include "workload/workload.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

#define REPLAY_MOST 6e5 /* requests of one run, at low loads */

/* What the simulation gave at the likely point over what the closed form gave there. */
struct replay_share {
    double times, more; /* cold share = closed form x times + more */
};

struct replay_ratio {
    bool known; /* for instances that are made for requests */
    struct replay_share bare, kept; /* with the platform's fewest instances; with those kept for the SLO */
    double waited_times;            /* requests that wait for a start, for each cold one */
    double idle_times, busy_times;
    double replicas_times; /* head room of a pool that follows its load late; 0 or 1: none needed */
    double fixed_times;    /* always so many times the replicas of the peak; 0: it follows the load */
};

struct replay_run;
struct replay_traffic;

struct replay {
    const struct trace *trace; /* NULL: none */
    const struct book *book;
    const struct workload *workload;
    struct arena *scratch; /* runs and what they gave; needed only while `runs` */
    double left; /* budget: requests at low load */
    bool runs;   /* new figures are simulated; otherwise the ratios are only read */
    bool splits; /* also those of an option that serves a part of the traffic */
    struct replay_ratio *ratios; /* by platform, then part */
    struct replay_run *done;
    size_t done_count, done_capacity;
    struct replay_traffic *traffic;
    size_t traffic_count, traffic_capacity;
};

/* `trace` may be NULL. The ratios lie in `a`; traffic, runs and their cache in `scratch`, which may be
 * destroyed once `runs` is off for good. Everything else given must outlive the replay. */
void replay_init(struct replay *r, const struct trace *trace, const struct book *book,
                 const struct workload *w, struct arena *a, struct arena *scratch);

/* Read by every effort; written by the exact one. */
struct replay_ratio *replay_ratio(struct replay *r, const struct platform *platform,
                                  const struct part *part);

/* Instances that are made for requests. */
struct replay_load {
    const struct part *part;
    const struct part_state *state; /* volume, burst, and which part of the traffic */
    struct pool_spec pool;
};

struct replay_figures {
    double p_cold, p_waited;
    double busy, idle, tail; /* mean instances at the state's mean rate */
    double p50_s, p95_s, p99_s;
    double requests; /* simulated */
};

/* False: not simulated (budget spent, or a load too large to simulate); *out is zero then. */
bool replay_pool(struct replay *r, const struct replay_load *load, struct replay_figures *out);

/* A pool of replicas behind an autoscaler, under the trace. */
struct replay_cluster {
    const struct part *part;
    const struct part_state *state;
    struct law service;
    double slots;             /* requests a replica serves at once */
    double least, most;       /* replicas */
    double target;            /* busy share that the autoscaler aims at */
    double start_s, node_start_s;
    double per_node;          /* replicas that a node holds; 0: nodes do not matter */
};

struct replay_cluster_figures {
    double p50_s, p95_s, p99_s;
    double mean_replicas, peak_replicas;
    double requests;
};

bool replay_cluster(struct replay *r, const struct replay_cluster *load,
                    struct replay_cluster_figures *out);
#endif
