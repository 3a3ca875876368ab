#include "latency/ranks.h"

#include "base/arena.h"

#include <math.h>

/* Instances alive on average, from a rank on, that nobody sees. */
#define NEGLIGIBLE 1e-11
#define DECAY_END 45.0 /* e^-45 = 3e-20: an idle time that long does not happen */

void ranks_clear(struct ranks *r, size_t room, struct arena *a)
{
    r->count = 0;
    r->busy = 0;
    if (room <= r->capacity)
        return;
    r->rank = arena_new(a, struct rank, room);
    r->capacity = room;
}

void ranks_add(struct ranks *r, struct rank rank, struct arena *a)
{
    if (r->count == r->capacity)
        r->rank = arena_grow(a, struct rank, r->rank, r->count, &r->capacity);
    r->rank[r->count++] = rank;
    r->busy += 1 - rank.empty;
}

/* Idle times that outlast so long, and what is left of the share `empty` when they end then. */
static double outlasting(const struct rank *r, double seconds)
{
    double decayed = r->decay * seconds;
    if (!(decayed < DECAY_END))
        return 0;
    double tail = r->share * exp(-decayed);
    return r->starts * (tail < 1 ? tail : 1);
}

static double idle_within(const struct rank *r, double outlast)
{
    double idle = r->empty - outlast / r->decay;
    return idle > 0 ? idle : 0;
}

struct rank_sum ranks_sum(const struct ranks *r, double keepalive, double tail, double kept)
{
    struct rank_sum sum = {.busy = r->busy};
    double last = 0;
    for (size_t i = 0; i < r->count; i++) {
        const struct rank *k = &r->rank[i];
        if ((double)i < kept) {
            sum.idle += k->empty;
            sum.tail += k->empty;
            continue;
        }
        /* Every start lives for its service and a keep-alive after it. Starts rise up to the ranks about the load, then fall. */
        double alive = k->starts * (1 + keepalive);
        if (alive < NEGLIGIBLE && k->starts < last)
            break;
        last = k->starts;
        double gone = outlasting(k, keepalive), idle = idle_within(k, gone);
        sum.started += gone;
        sum.idle += idle;
        if (tail > 0) {
            double within = tail < keepalive ? idle_within(k, outlasting(k, tail)) : idle;
            sum.tail += within < idle ? within : idle;
        }
    }
    double unused = kept - (double)r->count; /* kept, and never used */
    if (unused > 0) {
        sum.idle += unused;
        sum.tail += unused;
    }
    return sum;
}
