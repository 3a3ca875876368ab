#ifndef COST_RESULT_H
#define COST_RESULT_H
/*
 * What costing one option gives: charges, broken limits, capacity and latency. Plain data; NAN means
 * "not known" and is written as null, never as 0.
 */
#include "base/str.h"
#include "number/decimal.h"
#include "number/money.h"
#include "pricing/book.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

/* A figure that is not known; written as null, never as 0. */
#define NOT_KNOWN ((double)NAN)

/* A cost that a search or a simulation found, to cents; not known where it is infinite. */
static inline double cost_cents(double usd)
{
    return isfinite(usd) ? round(usd * 100) / 100 : NOT_KNOWN;
}

/* One charge. usd is quantity x unit_usd, rounded once to a millionth of a dollar. */
struct line {
    struct str item;          /* "duration", "nodes m6i.large", "platform engineering" */
    struct str part;          /* model or job that it belongs to; empty: shared */
    struct decimal quantity;  /* negative for credits */
    const struct unit *unit;
    struct decimal unit_usd;
    struct money usd;
    const struct sku *sku;
    const struct price *price;
    struct str region;
    bool is_early;            /* priced before its first known day */
    bool is_operations;       /* people; everything else is infrastructure */
    bool is_allowance;        /* a free allowance or account credit: left out of without_allowances */
    struct str how;           /* how the quantity came about: "152,083 requests x 0.4 s x 2 GB" */
};

struct violation {
    struct str limit;     /* "memory_gb", "p99_ms", "tenancy", "provider", "price", "discontinued" ... */
    double allowed, needed; /* NAN where not numbers */
    struct str text;      /* a sentence */
    struct str part;      /* which model or job; empty: the workload */
};

struct capacity {
    double replicas, nodes; /* at the peak; NAN where the platform has none */
    double mean_replicas, mean_nodes;
    struct str machine;     /* empty: none */
    double utilisation;     /* busy share of what is paid for, 0-1; NAN: not known */
    double instances_kept;  /* minimum or provisioned instances that the SLO needs */
};

struct latency {
    double p50_ms, p95_ms, p99_ms;
    double service_p99_ms;          /* the service law alone: no capacity repairs it */
    double queue_p99_ms;            /* p99 without cold starts, minus service_p99 */
    double cold_start_ms;           /* a cold start's own time, mean: platform, image and weights */
    double cold_start_probability;  /* share of requests that start an instance */
    double start_wait_probability;  /* share that waits for an instance that another request started */
    double simulated_requests;      /* 0: closed forms */
    struct str method;              /* "overflow ladder", "Erlang C", "simulation" ... */
};
#endif
