#ifndef COST_DRAW_PARTS_H
#define COST_DRAW_PARTS_H
/*
 * The inside of cost/draw.h: what options share at a point (draw_point.c), nodes of clusters (draw_nodes.c), cold
 * starts over wide loads (draw_cold.c), prices as sums (draw_bill.c). Each is made once and filled anew at every point.
 */
#include "cost/draw.h"
#include "cost/plan_parts.h"
#include "cost/serving_parts.h"
#include "latency/staffing.h"
#include "workload/workload.h"

#include <stdbool.h>
#include <stddef.h>

#define DRAW_POINTS WORKLOAD_DRAW_POINTS
_Static_assert(DRAW_POINTS <= COLD_PLACES, "tables are read at all pieces together");

/* The traffic of a part, as an option sees it: all of it, or what a split leaves. */
struct draw_view {
    size_t part;
    double split_rps; /* 0: all of it */
    bool is_base;     /* of a split: what stays below, else what is above */
    const struct part_state *likely;
    const struct part_state *s;       /* at the point: the state's own, or `own` */
    struct part_state *own;           /* of a split */
    struct usage traffic;             /* quantities that only the traffic decides */
    double is_public;                 /* 1: responses leave the provider; else 0 */
};

/* A view on hardware of one speed. */
struct draw_speed {
    const struct draw_view *view;
    double time_ratio;
    bool is_stated;
    double service_s;
    double limit_s[3], tail[3]; /* stated percentiles (0: none), and the share of requests whose service exceeds them */
    bool holds;                 /* the service alone holds them */
    /* Where the loads lie on the grids of cold tables; worked out when a table is first read at the point. */
    struct cold_places places[COLD_GRIDS];
    bool is_placed[COLD_GRIDS], has_decades;
    double decades[DRAW_POINTS]; /* log10 of the loads */
};

/* Replicas of an always-on pool. */
struct draw_pool {
    const struct draw_speed *speed;
    bool is_gpu;
    double slots, least, head, fixed; /* head room and fixed size as a trace asked for (cost/replay.h) */
    double burst;
    double replicas[DRAW_POINTS], sum;
    double full;                      /* target utilisation */
    struct staffing_table table;      /* at the likely point's law and requirement */
};

/* Replicas of work that may wait, on average. */
struct draw_queue {
    const struct draw_speed *speed;
    bool is_gpu;
    double slots, replicas;
};

/* Nodes of a cluster that runs its own services and one part: always on (`pool`), or work that may wait (`queue`). */
struct draw_nodes {
    const struct draw_pool *pool;
    const struct draw_queue *queue;
    const struct machine *machine;
    double times, share;         /* replicas of the part for one of the pool; nodes for one of these */
    double least;                /* nodes at any time */
    double system[2], beside[2]; /* nodes of the cluster's own services, and of a replica beside them, by CPU and by memory */
    double nodes[DRAW_POINTS], hours; /* whole nodes, but for work that may wait; node-hours of a month */
    bool is_sorted;
};

/* How the machines of such a cluster are bought. */
struct draw_purchase {
    enum purchase bought;
    double fallback; /* share of spot nodes that are on demand */
    double ratio;    /* committed price over the list price */
    size_t at;       /* piece of the month, from the quietest, whose nodes are committed */
    double list_usd;
    double disk_gb;  /* of a node */
};

/* Load that a number of always-on instances carries, by offered load; filled as it is asked. */
struct draw_carried;

struct draw_instances { /* instances that come and go, of one member */
    const struct fit *fit;
    struct draw_speed *speed;
    const struct serving *serving;
    bool needs_idle, needs_busy; /* of the tables */
    double choice[COLD_KEPT_CHOICES];
    struct cold_table *table[COLD_KEPT_CHOICES]; /* NULL: not asked for yet */
    size_t serial[COLD_KEPT_CHOICES]; /* of the table when it was asked for */
    struct draw_carried *carried[COLD_KEPT_CHOICES];
    size_t count;
};

struct draw_context {
    const struct market *market;
    const struct workload *workload;
    const struct state *likely;
    struct arena *a, *scratch;
    const struct state *s;
    double image_gb_month_per_mb; /* of images kept in a registry */
};

/* ---- draw_point.c ---- */


void draw_view_at(struct draw_view *v, const struct draw_context *c);
void draw_speed_at(struct draw_speed *v, const struct draw_context *c);
void draw_pool_at(struct draw_pool *v, const struct draw_context *c);
void draw_queue_at(struct draw_queue *v, const struct draw_context *c);
/* Times of a fit at the point; laws are left out. */
struct timing draw_timing(const struct draw_speed *v, const struct fit *fit, const struct draw_context *c);

/* ---- draw_nodes.c: as plan_node_pools and node_pool_hours ---- */

/* False: the plan runs something else; plan_node_pools counts its nodes. */
bool draw_nodes_of(const struct plan *p, const struct draw_pool *pool, const struct draw_queue *queue, struct draw_nodes *out);
bool draw_nodes_same(const struct draw_nodes *a, const struct draw_nodes *b);
void draw_nodes_at(struct draw_nodes *v);
struct draw_purchase draw_purchase_of(const struct plan *p, const struct market *m);
/* Sets the hours of the ways that are bought; the others stay as they are. */
void draw_nodes_hours(struct draw_nodes *v, const struct draw_purchase *b, double hours[PURCHASE_COUNT]);

/* ---- draw_cold.c ---- */

/* `fixed`: as many instances as the member keeps, always. */
struct draw_instances draw_instances_of(const struct member *m, struct draw_speed *speed, bool fixed, const struct draw_context *c);
/* Fills the usage's quantities; whether the percentiles hold. */
bool draw_instances_at(struct draw_instances *v, const struct draw_context *c, struct usage *out);

/* ---- draw_bill.c ---- */

struct draw_bill;
struct draw_bill *draw_bill_new(struct arena *a, const struct market *m);
/* A charge for *quantity x times of a SKU at a price, in the order in which plans charge. `gate`: nothing is charged where it
 * points to a figure that is not positive; NULL: none. */
struct draw_price {
    const double *quantity, *gate;
    double times;
    const struct price *price;
    enum platform_class class;
    bool is_spot, is_credit;
};
void draw_bill_add(struct draw_bill *b, const struct draw_price *p);
/* No more is added: allowances, tiers and sums are found. */
void draw_bill_finish(struct draw_bill *b);
double draw_bill_usd(struct draw_bill *b, const double *global);
#endif
