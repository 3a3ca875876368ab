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

/* Memory is kept where a set is asked something else; `known` says bit by bit what still holds. */
struct ranks_chunk {
    uint32_t known;
    struct ranks at[CHUNK];
};

struct cuts_chunk {
    uint32_t known;
    struct rank_cut at[CHUNK];
};

struct ranks_set {
    struct ranks_chunk *chunk[COLD_NODES / CHUNK];
};

struct cuts_set {
    struct cuts_chunk *chunk[COLD_NODES / CHUNK];
};

size_t cold_ranks_bytes(void)
{
    return sizeof(struct ranks_set);
}

size_t cold_cuts_bytes(void)
{
    return sizeof(struct cuts_set);
}

static const struct ranks *ranks_of(struct tables *t, const struct rank_question *q, size_t node, double load, struct arena *scratch)
{
    const double question[] = {(double)q->method, q->at_once, q->burst};
    bool known;
    struct ranks_set *set = memo_at(t->ranks_at, question, sizeof question / sizeof *question, &known);
    for (size_t i = 0; i < COLD_NODES / CHUNK && !known; i++)
        if (set->chunk[i])
            set->chunk[i]->known = 0;
    struct ranks_chunk **c = &set->chunk[node / CHUNK];
    if (!*c)
        *c = arena_new(t->a, struct ranks_chunk, 1);
    struct ranks *r = &(*c)->at[node % CHUNK];
    uint32_t bit = UINT32_C(1) << node % CHUNK;
    if ((*c)->known & bit)
        return r;
    switch (q->method) {
    case RANKS_SHARED: shared_ranks(fmin(load, SHARED_MAX_LOAD), q->at_once, r, t->a); break;
    case RANKS_CROSSING: crossing_ranks(fmin(load, CROSSING_MAX_LOAD), q->burst, q->at_once, r, t->a); break;
    case RANKS_LADDER:
        if (!coldstart_rank_list(t->ranks, load, r, t->a, scratch))
            return NULL;
        break;
    }
    (*c)->known |= bit;
    return r;
}

const struct rank_cut *cold_ranks_at(struct tables *t, const struct rank_question *q, size_t node, double load, double kept, struct arena *scratch)
{
    const double question[] = {(double)q->method, q->at_once, q->burst, q->keepalive, q->tail};
    bool known;
    assert(node < COLD_NODES);
    struct cuts_set *set = memo_at(t->cuts_at, question, sizeof question / sizeof *question, &known);
    for (size_t i = 0; i < COLD_NODES / CHUNK && !known; i++)
        if (set->chunk[i])
            set->chunk[i]->known = 0;
    struct cuts_chunk **c = &set->chunk[node / CHUNK];
    if (!*c)
        *c = arena_new(t->a, struct cuts_chunk, 1);
    struct rank_cut *cut = &(*c)->at[node % CHUNK];
    uint32_t bit = UINT32_C(1) << node % CHUNK;
    if ((*c)->known & bit && rank_cut_knows(cut, kept))
        return cut;
    const struct ranks *r = ranks_of(t, q, node, load, scratch);
    if (!r)
        return NULL;
    /* A search asks for more and more: the sums of twice as many are made, of which most points want only the first. */
    ranks_cut(r, q->keepalive, q->tail, kept > KEPT_FIRST ? 2 * kept : KEPT_FIRST, cut, t->a);
    (*c)->known |= bit;
    return cut;
}
