#ifndef COST_COLD_TABLE_H
#define COST_COLD_TABLE_H
/*
 * Instances that come and go with the requests: cold share, idle and busy instances by load. Which method solves a
 * point is the platform's routing, the requests that an instance takes at once, and the burst (cost/serving.h).
 *
 * Loads are solved on one grid, 8 to 24 to a decade, when they are first asked for, and interpolated between its nodes
 * by cubics whose slopes are those of the neighbours, so that figures have neither steps nor corners. The grid is the same for
 * every question: whatever moves the traffic alone (a volume, a peak, a quiet night) reads the nodes that others have
 * solved. Means over a month agree with the solver at each of its loads to 0.2 % of the cold share and 0.1 % of the idle
 * instances with one request an instance, newest first; to 0.5 % and 2 % with several or with any free one taken (test_cold_table).
 * Scheduled traffic, a month of one rate, and platforms that take the longest idle first, whose figures turn sharply, are solved
 * where they are asked; draws read the grid for the last two as well.
 */
#include "cost/timing.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Instances are means; shares are of the requests. */
struct pool_point {
    double p_cold, idle, busy;
    double waited; /* share of requests that wait for an instance already starting */
};

/* Of one platform's times and so many instances kept; belongs to one thread. */
struct cold_table;

/* Requests that one instance takes at once: replicas on its machine times what each serves. */
double cold_at_once(const struct fit *fit);

/*
 * The table of a part at `s` with `kept` always-on instances (whole). Idle counts instances alive without a request for at most
 * `stay_s`; 0: none are. t->tables must be there. The first is remembered there, and valid until the next is
 * asked for; the second is in `a`, which outlives what t->tables was made of. Both are solved as they are read.
 */
struct cold_table *cold_table_of(const struct fit *fit, const struct timing *t, const struct part_state *s, double kept, double stay_s);
struct cold_table *cold_table_new(const struct fit *fit, const struct timing *t, const struct part_state *s, double kept, double stay_s,
                                  struct arena *a);

double cold_table_kept(const struct cold_table *table);
/* Another one: the table of cold_table_of was asked something else since. */
size_t cold_table_serial(const struct cold_table *table);

/*
 * For many tables at the same rates and service time, as draws read them: where the loads lie on a grid is worked out once for all
 * tables of that grid. At most COLD_PLACES pieces.
 */
#define COLD_PLACES 16
#define COLD_GRIDS 4
struct cold_place {
    size_t node;    /* below the load; 0: below the first node */
    double x, load, log_load; /* x: place between that node and the next one, 0 to 1 */
    double rate, times; /* of the pieces with this load, summed; how many there are */
};
struct cold_places {
    struct cold_place at[COLD_PLACES];
    size_t count;
    double rates, pieces;
};

/* 0 to COLD_GRIDS - 1; COLD_GRIDS: the table has no grid, and cold_table_mean alone reads it. */
size_t cold_table_grid(const struct cold_table *table);
/* decades[i]: log10(rps[i] x service_s), not read where the rate is 0. */
void cold_places_on(size_t grid, const double *rps, const double *decades, size_t count, double service_s, struct cold_places *out);
/* As cold_table_mean; idle and busy are left at 0 unless they are asked for. */
struct pool_point cold_table_mean_at(struct cold_table *table, const struct cold_places *places, bool idle, bool busy, struct arena *scratch);

/*
 * Means over pieces of a month with these rates (requests a second, >= 0), quickest where they rise; the cold share is weighted
 * by requests. Nothing alive where there are none. A load beyond the last node (40 erlang with the newest instance first, 100
 * else, twice the kept instances where that is more) follows a power of it.
 */
struct pool_point cold_table_mean(struct cold_table *table, const double *rps, size_t count, double service_s, struct arena *scratch);
/* The same without idle or busy instances (whatever they are set to) where nobody asks for them. */
struct pool_point cold_table_mean_of(struct cold_table *table, bool idle, bool busy, const double *rps, size_t count, double service_s,
                                     struct arena *scratch);

/* Bytes of a table for memo_new (tables.c); one that is asked something else is cleared, and its memory used again. */
size_t cold_table_bytes(void);
#endif
