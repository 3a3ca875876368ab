#ifndef LATENCY_COLDSTART_H
#define LATENCY_COLDSTART_H
/*
 * Cold starts of a platform that runs one request per instance and scales to zero: a request takes
 * an idle instance, the most recently created first; where none is idle a new instance is created
 * (a cold start, whose whole response is one draw of the cold law); an instance idle for the
 * keep-alive time is removed.
 *
 * coldstart_ladder is for Poisson arrivals. Instances are ranked by preference; rank n works only
 * while the n - 1 before it are busy, so its requests are the overflow of an Erlang loss system, and
 * it is cold when the gap since its last request exceeded the keep-alive. The textbook rule
 * exp(-rate x keep-alive) is its limit below one request per keep-alive and wrong by orders of
 * magnitude above; and the cold share does not fall steadily with traffic: more traffic may first
 * need a second instance that dies between its rare uses.
 *
 * Validity (against event simulation): cold share within 12 %, idle instances within 2.5 %, where the
 * keep-alive is at least 5 service times and cold and warm times differ by up to 12 times. The law of
 * the service time hardly matters (5 %). Not for other routing, several requests an instance, or
 * bursty arrivals (4 to 6 times the cold starts): simulate those (latency/simulate.h).
 * Source: derived for this project from the overflow theory of loss systems (A. K. Erlang 1917;
 * R. I. Wilkinson, Bell System Technical Journal 35, 1956), for the setting that N. Mahmoudi and
 * H. Khazaei simulate in "SimFaaS", CLOSER 2021, arXiv 2102.08904.
 */
#include "latency/law.h"
#include "latency/ranks.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct coldstart_load {
    double rate_per_s;     /* mean arrival rate, >= 0 */
    double warm_s, cold_s; /* mean response of a warm and of a cold request, > 0 */
    double keepalive_s;    /* > 0 */
    double always_on;      /* instances that are kept for ever, whole, >= 0: they are preferred and
                              never cold; so many minimum instances or units of provisioned capacity */
};

struct coldstart {
    double p_cold;            /* share of requests that start an instance */
    double busy, idle, alive; /* mean instances; alive = busy + idle, always_on included */
    double cold_per_hour;
    double mean_life_s; /* of an instance; HUGE_VAL where none is ever removed */
    double service_s;   /* mean response, cold ones included */
    bool trusted;       /* keep-alive at least 5 service times: inside the validity above */
};

/* Above this load (erlang) the result is scaled from it: the cold share falls, and the idle pool
 * grows, with the square root of the load (doubling 10,000 erlang: -29.5 % and +41.3 % computed,
 * -29.3 % and +41.4 % by the rule). */
#define COLDSTART_MAX_LOAD 20000.0

/* Scratch memory is taken from `scratch` and given back. About 2 us at 1 erlang, 0.1 ms at 30,
 * 1 ms at 1,000. rate 0: p_cold 1 (the next request is cold), nothing alive but always_on. */
struct coldstart coldstart_ladder(const struct coldstart_load *load, struct arena *scratch);

/*
 * The same from ranks that are kept: what the ladder spends its time on depends on the load alone, so
 * that one set serves every platform, keep-alive and number of kept instances. Rows are computed when
 * first asked for and interpolated with cubics; where the keep-alive is at least 5 service times the
 * cold share agrees with coldstart_ladder to 0.05 %, the instances alive to 0.1 %. Below 2e-5 erlang it is the
 * ladder itself; above 45 the ranks are read from a table of the large loads (latency/rank_field.h), which agrees to
 * 0.1 %. Some 0.7 microseconds once the rows are there; above 45 erlang it grows with the square root of the load, and where none of
 * the instances kept would go cold the answer is remembered; all rows take 1.5 ms. A set
 * belongs to one thread and lives in its arena; `scratch` may not be that arena.
 */
struct coldstart_ranks;
struct coldstart_ranks *coldstart_ranks_new(struct arena *a);
struct coldstart coldstart_by_ranks(struct coldstart_ranks *ranks, const struct coldstart_load *load,
                                    struct arena *scratch);

/*
 * What the ranks do at an offered load (erlang), for latency/ranks.h: the sums of a cut are what coldstart_by_ranks would find were
 * cold requests no longer than warm ones. Above 45 erlang ranks far below the load are listed as never going cold, which
 * holds for keep-alives of COLDSTART_LIST_KEEPALIVE mean services and more. False, and nothing changed: a load below 2e-5 or above 400.
 * Memory of `out` is from `a`.
 */
#define COLDSTART_LIST_KEEPALIVE 8.0
bool coldstart_rank_list(struct coldstart_ranks *ranks, double load, struct ranks *out, struct arena *a, struct arena *scratch);

/*
 * Scheduled traffic: `period_s` between events, each of which brings rate x period requests (at
 * least one) at once. Cold whenever the silence between two events outlasts the keep-alive, never
 * otherwise: a job every 667 s with a keep-alive of 600 s is always cold, where the Poisson formula
 * says 41 %.
 */
struct coldstart coldstart_periodic(const struct coldstart_load *load, double period_s);

/* Share of cold starts of gamma-distributed gaps with this CV (0: a clock) at a load far below one
 * instance, where overlap does not matter: P(gap > warm time + keep-alive). */
double coldstart_rare(const struct coldstart_load *load, double gap_cv);

/*
 * Quantile of the response over warm and cold requests: P(R > t) = (1 - p_cold) P(warm > t) +
 * p_cold P(cold > t), solved for P(R > t) = 1 - p. The p99 contains the whole cold time exactly
 * when p_cold is above 1 %.
 */
double coldstart_quantile(double p_cold, const struct law *warm, const struct law *cold, double p);
#endif
