#ifndef LATENCY_CROSSING_H
#define LATENCY_CROSSING_H
/*
 * Instances that scale to zero under requests that arrive in bursts, filled newest-first: bursts come as
 * a Poisson process, their sizes are geometric. Instance j works while more than m = (j - 1) K requests
 * are in service. The number in service N is negative binomial with the offered load as its mean and
 * the mean burst times that as its variance (an infinite pool; exact for exponential service; Poisson
 * where requests come singly), and instance j is
 *   needed   with probability P(N > m);
 *   alive    unless the level m was not exceeded during the last keep-alive:
 *            1 - P(N <= m) exp(-u keep-alive / P(N <= m));
 *   started  at the rate u of crossings of m that find it gone. A burst crosses from i <= m where it has
 *            more than m - i requests: u = bursts a second x sum of P(N = i) q^(m - i), q = 1 - 1 / burst.
 * The crossings are taken as a Poisson process given that the level is not exceeded (level-crossing
 * argument; Rice 1944 for the rate of crossings, D. Aldous, "Probability Approximations via the Poisson
 * Clumping Heuristic", 1989, for the exponential gaps).
 *
 * Bursts of more than 1,024 requests are taken in so many units of several requests, whose number would grow with the burst
 * otherwise: within half a percent; busy instances that take many requests at once come out up to 3 % low.
 *
 * Validity (against event simulation, one request an instance, bursts of 2 to 20): cold share and idle
 * instances within 10 % where a burst mostly meets an idle pool, within 25 % up to some erlang. For single
 * requests prefer latency/coldstart.h or latency/shared.h.
 */

#include "latency/ranks.h"

struct arena;

struct crossing_load {
    double rate_per_s;  /* requests, >= 0 */
    double burst;       /* mean number that arrive together; 0 or 1: singly */
    double service_s;   /* mean, > 0 */
    double keepalive_s; /* idle time after which an instance goes; >= 0 */
    double idle_tail_s; /* idle time after a request that is counted in `tail`; >= 0 */
    double requests_at_once; /* K >= 1, whole */
    double always_on;   /* instances kept for ever, whole */
};

struct crossing {
    double p_cold;  /* share of requests that start an instance */
    double busy;    /* mean instances with at least one request: E[ceil(N / K)] */
    double alive;   /* mean instances that exist */
    double tail;    /* mean instances idle for at most idle_tail_s; those always on whenever idle */
};

/* Above this load the pool's relative spread is small: it is scaled from here. */
#define CROSSING_MAX_LOAD 5000.0

/* rate 0: p_cold 1 (the next request is cold), nothing alive but always_on. */
struct crossing crossing_solve(const struct crossing_load *load, struct arena *scratch);

/* The same in steps. What the ranks do at an offered load (erlang, positive, at most CROSSING_MAX_LOAD) is filled anew, memory
 * is from `a`; cut at the keep-alive and the idle tail over the service time; read with the loads of that offered load, or,
 * beyond the limit, of any. */
void crossing_ranks(double load, double burst, double requests_at_once, struct ranks *out, struct arena *a);
struct crossing crossing_of_cut(const struct rank_cut *cut, const struct crossing_load *load);
#endif
