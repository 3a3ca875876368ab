#ifndef COST_COLD_RANKS_H
#define COST_COLD_RANKS_H
/*
 * Ranks of instances that are filled newest first (latency/ranks.h) at the nodes of the cold tables' grids, remembered: what they
 * do at a node for every platform, and what follows for one keep-alive for any number of instances kept.
 */
#include "latency/ranks.h"

#include <stddef.h>

struct arena;
struct tables;

#define COLD_NODES 400 /* of a grid, at most */

enum rank_method {
    RANKS_SHARED,   /* latency/shared.h */
    RANKS_CROSSING, /* latency/crossing.h */
    RANKS_LADDER    /* latency/coldstart.h, of warm requests alone */
};

struct rank_question {
    enum rank_method method;
    double at_once, burst;  /* whole; >= 1 */
    double keepalive, tail; /* in mean service times */
};

/* The sums at a node of this load (erlang) for so many instances kept; a node always has the same load. Valid until the next call.
 * NULL: the ladder does not remember ranks of this load. */
const struct rank_cut *cold_ranks_at(struct tables *t, const struct rank_question *q, size_t node, double load, double kept, struct arena *scratch);

/* Bytes of what is remembered of a question, for memo_new (tables.c): ranks by node, or cuts by node. */
size_t cold_ranks_bytes(void);
#endif
