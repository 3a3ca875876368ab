#ifndef COST_TABLES_H
#define COST_TABLES_H
/*
 * What is computed once for all options of a decision: ranks of the cold-start ladder, staffing tables
 * and ratios between hardware. Options on different platforms ask the same questions, since service law, burst and
 * percentiles are the model's. A memory of pure functions: with or without it the figures are the same.
 * Belongs to one thread and lives in its arena.
 */
#include "cost/hardware.h"
#include "latency/coldstart.h"
#include "latency/staffing.h"

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
#define TABLES_RATIOS 128

/* A ratio between hardware and what it was asked for; strings by address: they live as long as the decision. */
struct known_ratio {
    struct str family, from, to;
    double vcpu, vcpu_to;
    struct hardware_ratio ratio;
};

/* What a platform engineer costs where the workload runs; price NULL: not looked up. */
struct salary {
    const struct sku *sku;
    const struct price *price;
    struct str region;
    bool is_early;
};

struct tables {
    struct arena *a;
    struct coldstart_ranks *ranks;
    struct staffed *staffed[TABLES_STAFFED]; /* the last ones asked for, newest first */
    size_t serial;
    struct salary salary;
    struct known_ratio ratios[TABLES_RATIOS]; /* by hash; a later one takes the place */
};

struct tables *tables_new(struct arena *a);

/* As hardware_ratio. `t` NULL: computed anew. */
struct hardware_ratio tables_ratio(struct tables *t, const struct book *book, struct str family, struct str from,
                                   double vcpu, struct str to, double vcpu_to);

/* Valid as long as its serial stays the same. */
struct staffed *tables_staffed(struct tables *t, struct law service, double burst, struct slo slo);

/* Servers for `load` erlang, not whole where the utilisation decides: the larger of load / full and what
 * the percentiles need. */
double staffed_servers(struct staffed *s, double load, double full);
/* The same where `full` is another one each time: asks the table alone. */
double staffed_servers_by_table(struct staffed *s, double load, double full);
#endif
