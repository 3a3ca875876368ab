#ifndef LATENCY_SHARED_H
#define LATENCY_SHARED_H
/*
 * Cold starts of a platform whose instances serve several requests at once, the newest instance first,
 * and go after an idle time: the overflow ladder of latency/coldstart.h with K slots a rank.
 *
 * Rank n sees what the (n - 1) K slots before it cannot take. The first rank works as a loss system
 * does; the traffic of the others is an overflow, whose mean and variance (Riordan) give the share of
 * time without a request by a negative binomial law. Idle times end when the slots before it are all
 * busy and one more request comes: their tail decays with the slowest mode of that first passage.
 *
 * Validity (against event simulation, keep-alive at least 50 service times): instances, busy or alive,
 * within 1 %, cold share within 12 % where it is above 1e-5; requests that wait for a start within 10 %.
 * Source: derived for this project; overflow moments by J. Riordan in R. I. Wilkinson, "Theories for
 * toll traffic engineering in the U.S.A.", Bell System Technical Journal 35, 1956.
 */
#include "latency/ranks.h"

struct arena;

struct shared_load {
    double rate_per_s, service_s; /* arrivals, >= 0; mean service, > 0 */
    double keepalive_s;
    double idle_tail_s;      /* idle time after a request that is counted in `tail` */
    double requests_at_once; /* K >= 1, whole */
    double always_on;        /* instances kept for ever, whole; they are used before all others */
};

struct shared_pool {
    double p_cold; /* share of requests that start an instance */
    double busy;   /* mean instances with at least one request */
    double alive;  /* mean instances that exist */
    double tail;   /* mean instances idle for at most idle_tail_s; those always on whenever idle */
};

/* Above this load (erlang) the pool is scaled from it: idle instances and cold share by the square root. */
#define SHARED_MAX_LOAD 500.0

/* rate 0: p_cold 1 (the next request is cold), nothing alive but always_on. */
struct shared_pool shared_solve(const struct shared_load *load, struct arena *scratch);

/* The same in steps. What the ranks do at an offered load (erlang, positive, at most SHARED_MAX_LOAD) is filled anew, memory is
 * from `a`; cut at the keep-alive and the idle tail over the service time; read with the loads of that offered load, or, beyond
 * the limit, of any. The first takes 1 us at 1 erlang and 50 at 100, the last next to nothing. */
void shared_ranks(double load, double requests_at_once, struct ranks *out, struct arena *a);
struct shared_pool shared_of_cut(const struct rank_cut *cut, const struct shared_load *load);

/*
 * Requests that wait for an instance that another one started, for each that starts one: those that
 * come during the start, up to the slots beside the first. Newest first: they all go to it.
 */
double shared_waiting(double rate_per_s, double start_s, double start_cv, double requests_at_once);
#endif
