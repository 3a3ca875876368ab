#ifndef LATENCY_RANKS_H
#define LATENCY_RANKS_H
/*
 * Instances that are filled newest first, each a rank: it works only while those before it are full. What a rank does
 * belongs to the load alone; how long idle instances are kept, and how many are for ever, only cuts its idle times.
 * So a load is solved once (latency/shared.h, latency/crossing.h) and asked for any keep-alive from there.
 *
 * An idle time of a rank outlasts t with probability share x exp(-decay t), at most 1.
 */
#include <stddef.h>

struct arena;

struct rank {
    double empty;  /* share of time without a request */
    double starts; /* idle times that begin, in a mean service time */
    double share, decay; /* times in units of the mean service time; decay > 0 */
};

/* All zero is empty. Memory is of the arena that the verbs are called with, one and the same. */
struct ranks {
    struct rank *rank;
    size_t count, capacity;
    double busy; /* mean instances with a request */
};

/* Empty, with room for so many. */
void ranks_clear(struct ranks *r, size_t room, struct arena *a);
void ranks_add(struct ranks *r, struct rank rank, struct arena *a);

struct rank_sum {
    double started;    /* instances started in a mean service time */
    double busy, idle; /* mean instances; those kept are idle whenever they do not work */
    double tail;       /* mean instances idle for at most `tail`, those kept whenever idle */
};

/* `keepalive` and `tail` (0: nobody asks) in mean service times, >= 0; `kept` instances stay for ever, the first ones. */
struct rank_sum ranks_sum(const struct ranks *r, double keepalive, double tail, double kept);
#endif
