#ifndef LATENCY_ERLANG_H
#define LATENCY_ERLANG_H
/*
 * Always-on pools of identical servers, first come first served: the share of requests that wait,
 * and the laws of waiting and response time. A server is one slot of a replica that serves one
 * request at a time (replicas x concurrency). `load` is the offered load in erlang: arrivals a
 * second times the mean service time; a pool is stable only while load < servers.
 *
 * Exact for Poisson arrivals and exponential service (Erlang C). Otherwise approximations:
 *   general service, Poisson arrivals   Allen-Cunneen: the mean wait times (1 + cv^2) / 2
 *   bursty or smooth arrivals           "peaked Erlang C": Hayward's peakedness z inside Erlang C,
 *                                       C at (servers / z, load / z), continuous Erlang B
 * Against event simulation the p99 response is within 10 %, and within 25 % with 1 or 2 servers and
 * a service CV of 1.5 or more: there, simulate (latency/simulate.h). On a rate that varies slowly
 * the formulas hold at each moment, never on the mean rate.
 * Sources: A. K. Erlang 1917; A. O. Allen, "Probability, Statistics and Queueing Theory", 1990;
 * A. Fredericks, Bell System Technical Journal 59 (1980), for Hayward's approximation.
 */
#include "latency/law.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Share of requests lost (B) by a pool without a queue, and share that waits (C) in a pool with
 * one. servers >= 0 need not be whole; load >= 0. erlang_c is 1 where load >= servers. Relative
 * error about 1e-13; time grows as the square root of the load, and is short where the servers are far fewer than it.
 */
double erlang_b(double servers, double load);
/* Erlang B of a whole number of servers for `count` loads, eight side by side. */
void erlang_b_many(double servers, const double *load, size_t count, double *blocked);
double erlang_c(double servers, double load);

/*
 * How unlike a Poisson stream the arrivals are: 1 and 1 for Poisson. `peakedness` is the variance
 * over the mean of the requests in service in an infinite pool; `scv` the squared coefficient of
 * variation of the gaps between arrivals, or its asymptotic equal for streams that are not renewal.
 */
struct arrivals {
    double peakedness, scv;
};

struct arrivals arrivals_poisson(void);
/* Independent gamma gaps with coefficient of variation cv; cv 0 is a clock. */
struct arrivals arrivals_renewal(double cv, double load);
/* Requests in bursts of geometric size with this mean, bursts Poisson: z = mean, scv = 2 mean - 1. */
struct arrivals arrivals_bursts(double mean_size);
/* From z alone, as measured on a trace: scv = max(0, 2 z - 1). */
struct arrivals arrivals_peaked(double peakedness);

/* A pool under load; made by queue_init, then only asked. Times in seconds. */
struct queue {
    double servers, load;
    struct law service;
    double p_wait;      /* share of requests that wait */
    double drain_per_s; /* a wait, where there is one, is exponential with this rate */
};

/* false (and an overloaded queue: p_wait 1, drain 0) where load >= servers. service.mean_s > 0. */
bool queue_init(struct queue *q, double servers, double load, struct law service,
                struct arrivals arrivals);

double queue_mean_wait(const struct queue *q);
double queue_wait_quantile(const struct queue *q, double p); /* 0 where p falls among no waits */
double queue_mean_response(const struct queue *q);
double queue_response_tail(const struct queue *q, double t_s); /* P(wait + service > t) */
double queue_response_quantile(const struct queue *q, double p);

/*
 * Quantile of the response over several pools or hours: P(R > t) is averaged with the weights (of
 * requests; they need not add up to 1), then solved. Percentiles are never averaged. HUGE_VAL where
 * the overloaded ones weigh more than 1 - p.
 */
double queue_mixed_quantile(const struct queue *queues, const double *weights, size_t count,
                            double p);

/*
 * P(service + wait > t) for one fixed t and many (p_wait, drain) pairs: what a search for the number
 * of servers asks. 48 Gauss-Legendre nodes over the normal variate behind the lognormal service
 * time, denser towards t; agrees with an exact convolution to 1e-6 of the tail.
 */
#define RESPONSE_NODES 48

struct response_tail {
    struct law service;
    double t_s;
    double service_tail; /* P(service > t): the floor that no pool size lowers */
    double gap_s[RESPONSE_NODES], weight[RESPONSE_NODES];
    size_t nodes;
};

void response_tail_init(struct response_tail *r, const struct law *service, double t_s);
double response_tail_at(const struct response_tail *r, double p_wait, double drain_per_s);
#endif
