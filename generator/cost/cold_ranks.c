#include "cost/cold_ranks.h"

#include "base/arena.h"
#include "cost/tables.h"
#include "latency/coldstart.h"
#include "latency/crossing.h"
#include "latency/shared.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>

#define CHUNK 8
#define KEPT_FIRST 16.0 /* sums for so many instances kept are made at first */
_Static_assert(COLD_NODES % CHUNK == 0, "chunks are whole");

/* What is remembered at a node. */
union at_node {
    struct ranks ranks;
    struct rank_cut cut;
};

/* Memory is kept where a set is asked something else; `known` says bit by bit what still holds. */
struct chunk {
    uint32_t known;
    union at_node at[CHUNK];
};

struct set {
    struct chunk *chunk[COLD_NODES / CHUNK];
};

size_t cold_ranks_bytes(void)
{
    return sizeof(struct set);
}

/* The node of a question's set; *known holds its *bit where it is known already, and is given it once it is. */
static union at_node *node_of(struct memo *sets, const double *question, size_t figures, size_t node, struct arena *a, uint32_t **known, uint32_t *bit)
{
    bool is_same;
    assert(node < COLD_NODES);
    struct set *set = memo_at(sets, question, figures, &is_same);
    for (size_t i = 0; i < COLD_NODES / CHUNK && !is_same; i++)
        if (set->chunk[i])
            set->chunk[i]->known = 0;
    struct chunk **c = &set->chunk[node / CHUNK];
    if (!*c)
        *c = arena_new(a, struct chunk, 1);
    *known = &(*c)->known;
    *bit = UINT32_C(1) << node % CHUNK;
    return &(*c)->at[node % CHUNK];
}

static const struct ranks *ranks_of(struct tables *t, const struct rank_question *q, size_t node, double load, struct arena *scratch)
{
    const double question[] = {(double)q->method, q->at_once, q->burst};
    uint32_t *known, bit;
    struct ranks *r = &node_of(t->ranks_at, question, sizeof question / sizeof *question, node, t->a, &known, &bit)->ranks;
    if (*known & bit)
        return r;
    switch (q->method) {
    case RANKS_SHARED: shared_ranks(fmin(load, SHARED_MAX_LOAD), q->at_once, r, t->a); break;
    case RANKS_CROSSING: crossing_ranks(fmin(load, CROSSING_MAX_LOAD), q->burst, q->at_once, r, t->a); break;
    case RANKS_LADDER:
        if (!coldstart_rank_list(t->ranks, load, r, t->a, scratch))
            return NULL;
        break;
    }
    *known |= bit;
    return r;
}

const struct rank_cut *cold_ranks_at(struct tables *t, const struct rank_question *q, size_t node, double load, double kept, struct arena *scratch)
{
    const double question[] = {(double)q->method, q->at_once, q->burst, q->keepalive, q->tail};
    uint32_t *known, bit;
    struct rank_cut *cut = &node_of(t->cuts_at, question, sizeof question / sizeof *question, node, t->a, &known, &bit)->cut;
    if (*known & bit && rank_cut_knows(cut, kept))
        return cut;
    const struct ranks *r = ranks_of(t, q, node, load, scratch);
    if (!r)
        return NULL;
    /* A search asks for more and more: the sums of twice as many are made, of which most points want only the first. */
    ranks_cut(r, q->keepalive, q->tail, kept > KEPT_FIRST ? 2 * kept : KEPT_FIRST, cut, t->a);
    *known |= bit;
    return cut;
}
