#ifndef COST_SERVING_PARTS_H
#define COST_SERVING_PARTS_H
/*
 * What the ways of serving share among themselves; callers outside this folder read cost/serving.h. Each
 * serve_ function fills a usage that is all zero, for a part that can be costed; `t` is of the part's fit
 * at `s`, with tables. `percentiles`: those of the response are worked out too, else left at 0.
 */
#include "cost/cold_table.h"
#include "cost/serving.h"

#include <stdbool.h>

/* A pool's keep-warm search stops here; nobody runs more by hand. */
#define KEPT_MAX 4096.0
/* Above this load the head room of the target utilisation (2 % at least, three standard deviations here) is
 * more than any percentile asks for: queues are empty, and the recursions would only take long. */
#define QUEUE_MAX_LOAD 2e4

void serve_on_demand(struct serving *v, const struct market *m, const struct timing *t, const struct part_state *s, enum effort effort,
                     bool percentiles, struct arena *scratch, struct usage *out);
void serve_provisioned(struct serving *v, const struct market *m, const struct timing *t, const struct part_state *s, enum effort effort,
                       bool percentiles, struct arena *scratch, struct usage *out);
void serve_pool(struct serving *v, const struct market *m, const struct workload *w, const struct timing *t, const struct part_state *s,
                const double *global, enum effort effort, bool percentiles, struct usage *out);

/*
 * Fills quantities of which a month's charges are never more than those of the exact call, without cold tables: no
 * cold starts, nothing kept beyond what pays, no more idle time than is certain; sets is_least. False: there is no cheaper way than the
 * exact call, and nothing has changed.
 */
bool serve_least(const struct serving *v, const struct market *m, const struct timing *t, const struct part_state *s, struct usage *out);

void serve_job(const struct fit *fit, const struct part_state *s, const double *global, struct usage *out);
/* Work that may wait is levelled over the day, or over its deadline's share of it; `full`: the target utilisation. */
void serve_queued(const struct fit *fit, const struct timing *t, const struct part_state *s, double full, struct usage *out);
/* Quantities of traffic, logs and images, from q[QUANTITY_REQUESTS]. */
void serve_traffic(const struct fit *fit, const struct market *m, const struct part_state *s, const double *global, struct usage *out);

/* Replicas of an always-on pool at any time. */
double pool_least(const struct fit *fit, const struct market *m, const struct workload *w);

/* ---- quantities of a month, from what the pools give; the usage's quantities of that way of serving alone ---- */

/* `carried`: load that the kept instances carry (erlang); not read where kept is 0. */
void on_demand_quantities(const struct fit *fit, const struct timing *t, const struct part_state *s, struct pool_point mean,
                          double kept, double carried, struct usage *out);
void provisioned_quantities(const struct fit *fit, const struct timing *t, const struct part_state *s, double p_cold, double kept,
                            double carried, struct usage *out);
/* Reserved instances that are cheaper than on-demand seconds at the load they carry; at least 1. More cost more. */
double provisioned_that_pay(const struct fit *fit, const struct timing *t, const struct part_state *s);
/* How long an idle instance is billed: cold_table_of's stay_s. */
double on_demand_stay_s(const struct fit *fit, const struct timing *t);

/* ---- instances that come and go (serving_on_demand.c) ---- */

/* Instances that may have to be kept, without a search: none, one, two, what the exact call kept. Their number. */
#define COLD_KEPT_CHOICES 4
size_t cold_kept_choices(const struct serving *v, const struct timing *t, double kept[COLD_KEPT_CHOICES]);

/* Means over the curve, with what a simulation at the likely point gave over them (cost/replay.h). */
struct pool_point cold_mean(const struct serving *v, const struct market *m, const struct timing *t, const struct part_state *s,
                            struct cold_table *table, struct arena *scratch);
/* Means of the closed form, made those that a simulation at the likely point gave over it; `keeps`: more instances
 * than the platform's fewest. */
struct replay_ratio;
void cold_replayed(struct pool_point *mean, const struct replay_ratio *r, bool keeps);
/* Share of requests that a start delays. */
double cold_delayed(struct pool_point p);
/* What the start's law leaves of the simple count of requests that come while an instance starts. */
void cold_set_waiting(struct serving *v, const struct timing *t, const struct part_state *s);
/* Fewest kept instances for which the percentiles hold; 0 where they hold with `kept`, and where none would help. */
double cold_kept_needed(struct serving *v, const struct market *m, const struct timing *t, const struct part_state *s, double kept,
                        double stay_s, struct arena *scratch);
/* The loads of the curve that are not zero, each once, and how many pieces have it; their number. */
size_t cold_loads(const struct part_state *s, double service_s, double load[CURVE_POINTS], double times[CURVE_POINTS]);
/* Load that the first `servers` instances (whole) carry, mean over the curve (erlang); remembered in the tables. */
double cold_mean_carried(struct tables *tables, const struct part_state *s, double service_s, double servers);
/* Fills what the usage says of latency; `full`: the percentiles too. */
void cold_latency(const struct timing *t, struct pool_point mean, bool full, struct usage *out);

/* ---- simulation (serving_replay.c) ---- */

struct replay_figures;

bool replayed_hold(const struct replay_figures *f, const struct timing *t);
/*
 * Simulates with the fewest instances kept, and with more until the percentiles hold; sets v->kept and the
 * ratios that other efforts read. False: there is no trace, or nothing was simulated, and nothing has changed.
 */
bool replay_instances(struct serving *v, const struct market *m, const struct timing *t, const struct part_state *s, double least,
                      double stay_s, struct arena *scratch, struct replay_figures *best);
/* What was simulated, in place of the closed form's means. */
struct pool_point replayed_mean(const struct timing *t, double stay_s, const struct replay_figures *f);
void replayed_latency(const struct timing *t, const struct replay_figures *f, struct usage *out);
#endif
