#ifndef COST_TABLES_H
#define COST_TABLES_H
/*
 * What is computed once for all options of a decision, and for all points that searches look at: ranks of the
 * cold-start ladder, staffing tables, cold starts and replicas over a load curve, ratios between hardware. Options on different platforms ask the same questions, since service law, burst and
 * percentiles are the model's. A memory of pure functions: with or without it the figures are the same.
 * Belongs to one thread and lives in its arena.
 */
#include "cost/hardware.h"
#include "cost/memo.h"
#include "latency/coldstart.h"
#include "latency/curve.h"
#include "latency/staffing.h"
#include "number/date.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Staffing of one service law, burst and requirement. */
struct staffed {
    struct law service;
    struct slo slo;
    double burst;
    size_t serial;               /* another one: the place was given to another law */
    double full;                 /* utilisation that `enough` belongs to; 0: none yet */
    double enough;               /* from so many servers on, a pool at that utilisation holds the percentiles */
    struct staffing_table table;
};

#define TABLES_STAFFED 24
/* What a platform engineer costs where the workload runs; price NULL: not looked up. */
struct salary {
    const struct sku *sku;
    const struct price *price;
    struct str region;
    bool is_early;
};

/* One SKU at so many times its price, while a search looks at that. */
#define MOVED_MOST 8
struct moved_price {
    const struct sku *sku;
    double times;
    struct arena *a;
    const struct price *from[MOVED_MOST];
    struct price *to[MOVED_MOST];
    size_t count;
};

struct tables {
    struct arena *a;
    struct moved_price *moved; /* NULL: all prices are the book's */
    const struct sku *touching; /* of tables_touches: the SKU that `touched` is of, by platform; NULL: none yet */
    bool *touched;
    struct coldstart_ranks *ranks;
    struct staffed *staffed[TABLES_STAFFED]; /* the last ones asked for, newest first */
    size_t serial;
    struct salary salary;
    struct memo *ratios;  /* struct hardware_ratio */
    struct sold *prices;  /* by hash; a later one takes the place */
    struct memo *cold;    /* struct cold_table */
    struct memo *ranks_at, *cuts_at; /* of cold_ranks.c */
    struct memo *kept;    /* instances that percentiles need */
    struct memo *last_kept; /* the last answer for a part on a platform, of serving_on_demand.c: where a search begins */
    struct memo *reserved; /* instances that pay to be reserved */
    struct memo *carried; /* load that so many instances carry */
    struct memo *waiting; /* of serving_on_demand.c */
    struct memo *pools;   /* replicas over a curve, of serving_pool.c */
    struct memo *responses; /* percentiles of the response, of serving_pool.c */
    /* of decide/machine_run.c and decide/machine_choice.c: */
    const double **rates; /* by platform and way to buy: an hour of each machine of its set, by the book; NULL: not yet */
    struct memo *fits;    /* struct machine_fits: a part on the machines of a set */
    struct memo *runs;    /* struct machine_runs: what the machines of a set run */
    struct memo *picks;   /* struct machine_pick: which of them is taken */
    struct memo *stands;  /* struct stands: what a part costs alone, of decide/place.c */
    struct memo *systems; /* the same for a cluster's own services; usd of an hour */
};

/* Replicas of a pool over the pieces of the month. */
struct pool_replicas {
    double replicas[CURVE_POINTS];
    double sum, machines, peak; /* of the pieces; whole machines that hold them, summed; largest */
};

/* A part on one machine of a set, as cost/fit.h cuts it. */
struct machine_fit {
    size_t machine; /* in the set */
    int faults;     /* limits broken */
    double per_machine, time, gpus, concurrency; /* time: over that on the stated hardware, likely */
};
struct machine_fits {
    struct machine_fit *rows;
    size_t count, capacity;
};
/* What a month of parts runs on one machine of a set. */
struct machine_hours {
    size_t machine;
    int faults;
    double hours;
};
struct machine_runs {
    struct machine_hours *rows;
    size_t count, capacity;
};
/* The machine of a set on which parts cost least. */
struct machine_pick {
    const struct machine *machine; /* NULL: the set has none of the kind */
    int faults;
    double usd; /* its month */
};
struct place { /* a platform and a way to buy */
    const struct platform *platform;
    enum purchase purchase;
};
/* Each place where a part may stand, and what is known of its month there alone: at list prices, without people. */
struct stand {
    struct place place;
    double usd;           /* HUGE_VAL: not possible */
    enum { KNOWN_NOT, KNOWN_LEAST, KNOWN_EXACT } known; /* KNOWN_NOT: usd is 0; KNOWN_LEAST: it costs no less */
    const struct sku *sku; /* whose price was moved for `usd`, to so many `times`; NULL: none that matters here */
    double times;
    double spot;          /* multiple of spot prices in `usd` */
};
struct stands {
    struct stand *items;
    size_t count, capacity;
};

/* A SKU where it is sold, on the day. */
#define TABLES_PRICES 1024
struct sold {
    const struct sku *sku;     /* what was asked, by address: SKUs and regions are the book's */
    const char *region;
    const struct price *price; /* NULL: not sold there */
    bool is_early;             /* priced before its first known day */
    double usd_per_hour;       /* where its unit is one of time; else of one unit */
};

struct tables *tables_new(struct arena *a);

/* As hardware_ratio. `t` NULL: computed anew. */
struct hardware_ratio tables_ratio(struct tables *t, const struct book *book, struct str family, struct str from,
                                   double vcpu, struct str to, double vcpu_to);

/* The price itself, or what it is where a search moved it. */
const struct price *tables_moved(struct tables *t, const struct sku *sku, const struct price *price);
/* Whether a search moves a price by which the platform is charged, or by which one of its machines is chosen. */
bool tables_touches(struct tables *t, const struct book *book, const struct platform *p);
/* As sku_price, moved where a search moves it. `t` is for one day: `day` is always the same. */
struct sold tables_sold(struct tables *t, const struct sku *sku, struct str region, struct date day);

/* Valid as long as its serial stays the same. */
struct staffed *tables_staffed(struct tables *t, struct law service, double burst, struct slo slo);

/* Servers for `load` erlang, not whole where the utilisation decides: the larger of load / full and what
 * the percentiles need. */
double staffed_servers(struct staffed *s, double load, double full);
#endif
