#ifndef LATENCY_AUTOSCALE_H
#define LATENCY_AUTOSCALE_H
/*
 * An always-on pool with an autoscaler and its delays, simulated request by request: what a Kubernetes
 * deployment behind a HorizontalPodAutoscaler does when the load moves faster than pods start. Requests
 * wait in one queue, first come first served, for a slot on any ready pod.
 *
 * Every sync the controller compares the metric with the target over the ready pods; within the
 * tolerance it does nothing; it adds at most as many pods as there are, or 4, whichever is more, in a
 * sync; it removes pods only down to the largest wish of the last down_window_s. A new pod is ready
 * after pod_start_s where a node has room, else when a new node has come up and after that. A busy
 * CPU cannot show more than 100 %, so growth by CPU is at most 1/target in a sync and pods that are
 * starting count as idle; a metric of requests in the system does not saturate.
 * Source: Kubernetes documentation, "Horizontal Pod Autoscaling" and the defaults of autoscaling/v2;
 * Cluster Autoscaler FAQ for the removal of nodes.
 */
#include "latency/law.h"
#include "latency/stream.h"

#include <stdint.h>

struct arena;

enum autoscale_metric {
    METRIC_CPU,     /* busy share of the slots of ready pods, at most 1 */
    METRIC_REQUESTS /* requests in the system, waiting ones included, over the slots */
};

struct autoscale_spec {
    struct law service;
    uint32_t concurrency;        /* slots of a pod */
    uint32_t min_pods, max_pods; /* 1 <= min <= max */
    enum autoscale_metric metric;
    double target; /* of the metric, 0 to 1 */
    double tolerance, sync_s, down_window_s, metric_lag_s;
    double pod_start_s, node_start_s;
    uint32_t pods_per_node; /* 0: nodes are not modelled, there is always room */
    uint32_t min_nodes;
    double node_idle_s; /* a node not needed for so long is removed */
    double patience_s;  /* a request that waits longer is given up; 0: 1 hour */
    double slo_s;       /* for p_late; 0: none */
};

/* Kubernetes' defaults: CPU 60 %, tolerance 0.1, sync 15 s, down window 300 s, lag 15 s, pod 6 s,
 * node 75 s, node removed after 600 s; 1 to 1,000 pods of one slot. */
struct autoscale_spec autoscale_defaults(struct law service);

struct autoscale_result {
    double requests;
    double p_abandoned, p_late;         /* given up; later than slo_s, abandoned ones included */
    double mean_s, p50_s, p95_s, p99_s; /* response of those that were served */
    double mean_pods, peak_pods;        /* paid for: from the decision to start on */
    double mean_ready;
    double mean_nodes, peak_nodes;
    double busy; /* mean busy slots */
    double hours;
};

/* `requests` as for simulate_pool; the warm-up is the trace's first day, or 5 % of the time and at
 * least twice the down window. The pool begins with the pods that the first rate needs. */
struct autoscale_result simulate_autoscale(const struct autoscale_spec *spec,
                                           const struct stream_spec *arrivals, double requests,
                                           uint64_t seed, struct arena *scratch);

/*
 * What a ramp costs a pool whose reaction takes `lag_s` (metric + decision + start), for a load that
 * grows by `growth` erlang a second: head room in erlang that hides the lag entirely, growth x lag;
 * and the requests that are late without it, growth x lag^2 / (2 service).
 */
double autoscale_headroom(double growth, double lag_s);
double autoscale_late_requests(double growth, double lag_s, double service_s);
#endif
