#ifndef LATENCY_RANKS_H
#define LATENCY_RANKS_H
/*
 * Instances that are filled newest first, each a rank: it works only while those before it are full. What a rank does
 * belongs to the load alone; how long idle instances are kept, and how many are for ever, only cuts its idle times.
 * So a load is solved once (latency/shared.h, latency/crossing.h) and asked for any keep-alive from there.
 *
 * An idle time of a rank outlasts t with probability share x exp(-decay t), at most 1.
 */
#include <stdbool.h>
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
    double busy;     /* mean instances with a request */
    bool is_bounded; /* idle times are held to be no longer than the keep-alive, where their tails say otherwise */
};

/* Empty, with room for so many. */
void ranks_clear(struct ranks *r, size_t room, struct arena *a);
void ranks_add(struct ranks *r, struct rank rank, struct arena *a);

struct rank_sum {
    double started;    /* instances started in a mean service time */
    double slope;      /* what that changes by for each unit of the logarithm of the keep-alive */
    double busy, idle; /* mean instances; those kept are idle whenever they do not work */
    double tail;       /* mean instances idle for at most `tail`, those kept whenever idle */
};

struct rank_sums {
    double started, slope, idle, tail; /* as struct rank_sum has them */
};

/*
 * The sums for one keep-alive and any number of instances kept up to `most`, or so many that none is ever started.
 * `keepalive` and `tail` (0: nobody asks) in mean service times, >= 0. All zero is empty; memory, of the arena that ranks_cut
 * is called with, is used again.
 */
struct rank_cut {
    size_t count, capacity; /* ranks that matter */
    size_t last;            /* most that may be kept, at most `count` */
    double busy;
    struct rank_sums *sums; /* of 0 to `last` numbers kept, then of `count` */
};

void ranks_cut(const struct ranks *r, double keepalive, double tail, double most, struct rank_cut *out, struct arena *a);
/* `kept` instances stay for ever, the first ones; whole, >= 0; one that the cut knows. */
struct rank_sum rank_cut_at(const struct rank_cut *c, double kept);
bool rank_cut_knows(const struct rank_cut *c, double kept);
#endif
