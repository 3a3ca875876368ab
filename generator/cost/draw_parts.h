#ifndef COST_DRAW_PARTS_H
#define COST_DRAW_PARTS_H
/*
 * The inside of cost/draw.h: what options share at a point (draw_point.c), cold starts over wide loads
 * (draw_cold.c), prices as sums (draw_bill.c). Each is made once and filled anew at every point.
 */
#include "cost/draw.h"
#include "cost/plan_parts.h"
#include "cost/serving_parts.h"
#include "latency/staffing.h"
#include "workload/workload.h"

#include <stdbool.h>
#include <stddef.h>

#define DRAW_POINTS WORKLOAD_DRAW_POINTS

/* The traffic of a part, as an option sees it: all of it, or what a split leaves. */
struct draw_view {
    size_t part;
    double split_rps; /* 0: all of it */
    bool is_base;     /* of a split: what stays below, else what is above */
    const struct part_state *likely;
    const struct part_state *s;       /* at the point: the state's own, or `own` */
    struct part_state *own;           /* of a split */
    double log_rps[DRAW_POINTS];
    struct usage traffic;             /* quantities that only the traffic decides */
    double is_public;                 /* 1: responses leave the provider; else 0 */
};

/* A view on hardware of one speed. */
struct draw_speed {
    const struct draw_view *view;
    double time_ratio;
    bool is_stated;
    double service_s, log_service;
    double limit_s[3], tail[3]; /* stated percentiles (0: none), and the share of requests whose service exceeds them */
    bool holds;                 /* the service alone holds them */
};

/* Replicas of an always-on pool. */
struct draw_pool {
    const struct draw_speed *speed;
    bool is_gpu;
    double slots, least, head, fixed; /* head room and fixed size as a trace asked for (cost/replay.h) */
    double burst;
    struct staffing_table table;      /* at the likely point's law and requirement */
    double replicas[DRAW_POINTS], sum;
    double full;                      /* target utilisation */
};

/* Load that a number of always-on instances carries, by offered load; filled as it is asked. */
struct draw_carried;

struct draw_instances { /* instances that come and go, of one member */
    const struct fit *fit;
    const struct draw_speed *speed;
    const struct serving *serving;
    bool needs_idle, needs_busy;
    double choice[COLD_KEPT_CHOICES];
    const struct cold_table *table[COLD_KEPT_CHOICES]; /* NULL: not asked for yet */
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
/* Times of a fit at the point; laws are left out. */
struct timing draw_timing(const struct draw_speed *v, const struct fit *fit, const struct draw_context *c);

/* ---- draw_cold.c ---- */

/* `fixed`: the table of the member itself and so many instances, always. */
struct draw_instances draw_instances_of(const struct member *m, const struct draw_speed *speed, bool fixed, const struct draw_context *c);
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
