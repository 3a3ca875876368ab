#include "latency/ranks.h"

#include "base/arena.h"

#include <math.h>

/* Instances alive on average, from a rank on, that nobody sees. */
#define NEGLIGIBLE 1e-9
#define DECAY_END 45.0 /* e^-45 = 3e-20: an idle time that long does not happen */

void ranks_clear(struct ranks *r, size_t room, struct arena *a)
{
    r->count = 0;
    r->busy = 0;
    r->is_bounded = false;
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

/* Idle times that outlast so long. */
static double outlasting(const struct rank *r, double seconds)
{
    double decayed = r->decay * seconds;
    if (!(decayed < DECAY_END))
        return 0;
    double tail = r->share * exp(-decayed);
    return r->starts * (tail < 1 ? tail : 1);
}

/* What is left of the share `empty` when idle times end after `seconds`, which so many outlast. */
static double idle_within(const struct rank *r, double outlast, double seconds, bool is_bounded)
{
    double idle = r->empty - outlast / r->decay, most = r->starts * seconds;
    idle = idle > 0 ? idle : 0;
    return is_bounded && idle > most ? most : idle;
}

/* Ranks that matter where idle ones are kept so long. Every start lives for its service and a keep-alive after it. Starts rise up to
 * the ranks about the load, then fall. */
static size_t count_of(const struct ranks *r, double keepalive)
{
    double least = NEGLIGIBLE / (1 + keepalive), last = 0;
    for (size_t i = 0; i < r->count; i++) {
        if (r->rank[i].starts < least && r->rank[i].starts < last)
            return i;
        last = r->rank[i].starts;
    }
    return r->count;
}

void ranks_cut(const struct ranks *r, double keepalive, double tail, double most, struct rank_cut *out, struct arena *a)
{
    size_t n = count_of(r, keepalive), last = most < (double)n ? (size_t)most : n;
    if (last + 2 > out->capacity) {
        out->capacity = last + 2;
        out->sums = arena_new(a, struct rank_sums, out->capacity);
    }
    out->count = n;
    out->last = last;
    out->busy = r->busy;
    struct rank_sums sum = {0, 0, 0, 0}, *all = &out->sums[last + 1];
    *all = sum;
    if (last == n)
        out->sums[n] = sum;
    for (size_t i = n; i-- > 0;) {
        const struct rank *k = &r->rank[i];
        double gone = outlasting(k, keepalive), left = idle_within(k, gone, keepalive, r->is_bounded);
        sum.started += gone;
        sum.slope -= gone > 0 && gone < k->starts ? gone * k->decay * keepalive : 0;
        sum.idle += left;
        double some = tail < keepalive && tail > 0 ? idle_within(k, outlasting(k, tail), tail, r->is_bounded) : tail > 0 ? left : 0;
        sum.tail += some < left ? some : left;
        if (i <= last)
            out->sums[i] = sum;
    }
    double empty = 0; /* of those kept */
    for (size_t i = 0; i < n; i++) {
        if (i <= last) {
            out->sums[i].idle += empty;
            out->sums[i].tail += empty;
        }
        empty += r->rank[i].empty;
    }
    all->idle += empty;
    all->tail += empty;
    if (last == n)
        out->sums[n] = *all;
}

bool rank_cut_knows(const struct rank_cut *c, double kept)
{
    return kept < (double)c->last + 1 || kept >= (double)c->count;
}

struct rank_sum rank_cut_at(const struct rank_cut *c, double kept)
{
    bool is_all = kept >= (double)c->count;
    const struct rank_sums *sum = &c->sums[is_all ? c->last + 1 : (size_t)kept];
    double unused = is_all ? kept - (double)c->count : 0; /* kept, and never used */
    return (struct rank_sum){.started = sum->started, .slope = sum->slope, .busy = c->busy, .idle = sum->idle + unused, .tail = sum->tail + unused};
}
