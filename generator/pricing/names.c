#include "pricing/names.h"

#include "base/arena.h"

#include <string.h>

/* Eight bytes a step, as the notes of prices are long. Nobody gains from choosing ids that collide. */
static uint64_t hash_of(struct str name)
{
    const uint64_t factor = UINT64_C(0x9e3779b97f4a7c15);
    uint64_t h = name.n, part;
    while (name.n > 0) {
        size_t n = name.n < sizeof part ? name.n : sizeof part;
        part = 0;
        memcpy(&part, name.s, n);
        h = (h ^ part) * factor;
        h ^= h >> 32;
        name = (struct str){name.s + n, name.n - n};
    }
    return h;
}

/* Where the name stands, or the free slot where it would. */
static struct name_slot *slot_of(const struct names *n, struct str name, uint64_t hash)
{
    size_t at = (size_t)hash & (n->capacity - 1);
    while (n->slots[at].is_used &&
           (n->slots[at].hash != hash || !str_equal(n->slots[at].name, name)))
        at = (at + 1) & (n->capacity - 1);
    return &n->slots[at];
}

static void grow(struct names *n)
{
    struct names larger = {.a = n->a, .capacity = n->capacity > 0 ? 2 * n->capacity : 64};
    larger.slots = arena_new(n->a, struct name_slot, larger.capacity);
    for (size_t i = 0; i < n->capacity; i++)
        if (n->slots[i].is_used)
            *slot_of(&larger, n->slots[i].name, n->slots[i].hash) = n->slots[i];
    larger.count = n->count;
    *n = larger;
}

bool names_add(struct names *n, struct str name, size_t *value)
{
    uint64_t hash = hash_of(name);
    if (2 * (n->count + 1) > n->capacity)
        grow(n);
    struct name_slot *slot = slot_of(n, name, hash);
    if (slot->is_used) {
        *value = slot->value;
        return false;
    }
    *slot = (struct name_slot){name, hash, *value, true};
    n->count++;
    return true;
}

bool names_find(const struct names *n, struct str name, size_t *value)
{
    if (n->capacity == 0)
        return false;
    const struct name_slot *slot = slot_of(n, name, hash_of(name));
    if (slot->is_used && value)
        *value = slot->value;
    return slot->is_used;
}
