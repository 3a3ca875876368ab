#ifndef LATENCY_SPREAD_H
#define LATENCY_SPREAD_H
/*
 * Cold starts of a platform that spreads its requests over the instances it has: to any free one at
 * random, or to the one that has been idle longest. Every instance is then used again soon, so that
 * more of them stay alive and fewer requests start one than with the newest instance first
 * (latency/coldstart.h, latency/crossing.h).
 *
 * Model: a birth and death chain over the number of instances n. Births: a request that finds every
 * slot busy, rate x Erlang B(n K, load). Deaths: idle times that outlast the keep-alive. An idle
 * instance of n is found with rate / (mean number idle); with the longest idle first it is found
 * when as many requests have come as instances are idle. With several requests an instance, it is
 * idle a share exp(-load / n) of the time and found at rate / n. Idle times end with the keep-alive:
 * where few are found before it, a pool of n is busier by that and lasts only so long.
 *
 * A larger pool lasts long once it is there, but a month may never reach it: the stationary law up to a number of
 * instances counts in so many months as reach that number and no more, b^2 / (1 + b^2) of them with b births into it
 * expected. Figures then move smoothly with the load.
 *
 * Validity (against event simulation, one request an instance): alive instances within 1 %, cold
 * share within 12 % at random, 6 % and 17 % where a keep-alive sees a few requests or none; with the longest idle first 4 % and a third, at cold shares below 1e-4.
 * Source: derived for this project; chains over the pool size as in N. Mahmoudi, H. Khazaei,
 * "Performance Modeling of Serverless Computing Platforms", IEEE TCC 2020.
 */
#include <stdbool.h>

struct spread_load {
    double rate_per_s;       /* arrivals, >= 0 */
    double service_s;        /* mean, > 0 */
    double keepalive_s;      /* > 0 */
    double idle_tail_s;      /* idle time after a request that is counted in `tail`; >= 0 */
    double requests_at_once; /* K >= 1, whole */
    double always_on;        /* instances kept for ever, whole */
    bool longest_idle_first; /* false: at random */
};

struct spread_pool {
    double p_cold; /* share of requests that start an instance */
    double busy;   /* mean instances with at least one request */
    double alive;  /* mean instances that exist */
    double tail;   /* mean instances idle for at most idle_tail_s */
};

/* rate 0: p_cold 1 (the next request is cold), nothing alive but always_on. */
struct spread_pool spread_solve(const struct spread_load *load);
#endif
