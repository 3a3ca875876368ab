#ifndef LATENCY_CROSSING_H
#define LATENCY_CROSSING_H
/*
 * Instances that serve several requests at once and scale to zero, filled newest-first: instance j
 * works while more than (j - 1) K requests are in service. With Poisson arrivals the number in
 * service is Poisson distributed with the offered load as its mean, and instance j is
 *   needed   with probability P(N > m), m = (j - 1) K;
 *   alive    unless the level m was not exceeded during the last keep-alive:
 *            1 - P(N <= m) exp(-rate P(N = m) / P(N <= m) keep-alive);
 *   started  at the rate of crossings of m that find it gone.
 * Exact for the first instance with constant service times; the crossings of higher levels are taken
 * as a Poisson process given that the level is not exceeded (level-crossing argument; Rice 1944 for
 * the rate of crossings, D. Aldous, "Probability Approximations via the Poisson Clumping Heuristic",
 * 1989, for the exponential gaps). For one request an instance prefer latency/coldstart.h.
 */

struct crossing_load {
    double rate_per_s;  /* arrivals, >= 0 */
    double service_s;   /* mean, > 0 */
    double keepalive_s; /* idle time after which an instance goes; >= 0 */
    double requests_at_once; /* K >= 1, whole */
    double always_on;   /* instances kept for ever, whole */
};

struct crossing {
    double p_cold;  /* share of requests that start an instance */
    double busy;    /* mean instances with at least one request: E[ceil(N / K)] */
    double alive;   /* mean instances that exist */
};

struct crossing crossing_solve(const struct crossing_load *load);
#endif
