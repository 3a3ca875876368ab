#ifndef LATENCY_STAFFING_H
#define LATENCY_STAFFING_H
/*
 * How many servers a pool needs so that its response times hold: the smallest number for which every
 * stated percentile is met, by the formulas of latency/erlang.h. A pool of replicas that serve K
 * requests at once needs the servers divided by K, rounded up.
 * No pool size repairs a service law whose own percentile misses the target: that is "impossible",
 * and the report says that the service time is the reason.
 */
#include "latency/erlang.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Required response percentiles in seconds; 0: not required. */
struct slo {
    double p50_s, p95_s, p99_s;
};

/* Nearer to full load the stationary formulas describe a state that no real pool reaches in a day. */
#define STAFFING_UTILISATION_LIMIT 0.999

/* One service law, arrival law and requirement; made once, asked for many loads. Read-only after. */
struct staffing {
    struct law service;
    struct arrivals arrivals;
    double max_utilisation;
    bool possible;
    size_t targets;
    struct response_tail tails[3];
    double allowed[3]; /* share of requests that may exceed tails[i].t_s */
};

/*
 * max_utilisation: load over servers never goes above it; 0 means STAFFING_UTILISATION_LIMIT.
 * Returns staffing.possible: false where the service law alone misses a target.
 */
bool staffing_init(struct staffing *s, struct law service, struct arrivals arrivals, struct slo slo,
                   double max_utilisation);

bool staffing_holds(const struct staffing *s, double servers, double load);
/* Smallest number of servers that holds at this load; at least 1; 0 where impossible. Exact: the
 * number before it does not hold. A few microseconds at 100 erlang, some 100 at 100,000. */
int64_t staffing_servers(const struct staffing *s, double load);
/* Largest load that so many servers carry, within 1e-9 below; 0 where impossible. */
double staffing_load(const struct staffing *s, int64_t servers);

/*
 * The same answers tabulated, for loops over hours, draws and volumes: about 50 ns each once the
 * few rows near the asked loads have been filled, which happens on demand. Up to 32 servers exact;
 * above, rows stand 12 % apart and the result is never below the exact number (between two rows the
 * larger of the two safety margins (servers - load) / sqrt(servers) is taken) and at most 3 above it. A table belongs to one thread.
 */
#define STAFFING_EXACT_ROWS 32
#define STAFFING_ROWS 136 /* the last row is beyond 2 million servers; larger loads are computed */

struct staffing_table {
    struct staffing staffing;
    double load[STAFFING_ROWS];   /* at which the targets hold, by row; negative: not computed yet */
    double margin[STAFFING_ROWS]; /* (servers - load) / sqrt(servers) there */
    double servers[STAFFING_ROWS];
};

bool staffing_table_init(struct staffing_table *t, struct law service, struct arrivals arrivals,
                         struct slo slo, double max_utilisation);
int64_t staffing_table_servers(struct staffing_table *t, double load);
/* The same for `count` loads, quickest where they rise: servers[i], 0 where impossible, where the load is not
 * positive, and where it is above `most`. */
void staffing_table_many(struct staffing_table *t, const double *load, size_t count, double most, double *servers);
#endif
