#include "pricing/names.h"

#include "base/arena.h"

#include <stdint.h>

/* FNV-1a, 64 bits: short keys, and nobody gains from choosing ids that collide. */
static uint64_t hash_of(struct str name)
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < name.n; i++)
        h = (h ^ (unsigned char)name.s[i]) * UINT64_C(1099511628211);
    return h;
}

static struct name_slot *slot_of(const struct names *n, struct str name)
{
    size_t at = (size_t)hash_of(name) & (n->capacity - 1);
    while (n->slots[at].is_used && !str_equal(n->slots[at].name, name))
        at = (at + 1) & (n->capacity - 1);
    return &n->slots[at];
}

static void grow(struct names *n)
{
    struct names larger = {.a = n->a, .capacity = n->capacity > 0 ? 2 * n->capacity : 64};
    larger.slots = arena_new(n->a, struct name_slot, larger.capacity);
    for (size_t i = 0; i < n->capacity; i++)
        if (n->slots[i].is_used)
            *slot_of(&larger, n->slots[i].name) = n->slots[i];
    larger.count = n->count;
    *n = larger;
}

bool names_add(struct names *n, struct str name, size_t *value)
{
    if (2 * (n->count + 1) > n->capacity)
        grow(n);
    struct name_slot *slot = slot_of(n, name);
    if (slot->is_used) {
        *value = slot->value;
        return false;
    }
    *slot = (struct name_slot){name, *value, true};
    n->count++;
    return true;
}

struct str names_keep(struct names *n, struct str name)
{
    if (2 * (n->count + 1) > n->capacity)
        grow(n);
    struct name_slot *slot = slot_of(n, name);
    if (!slot->is_used) {
        *slot = (struct name_slot){str_copy(n->a, name), 0, true};
        n->count++;
    }
    return slot->name;
}

bool names_find(const struct names *n, struct str name, size_t *value)
{
    if (n->capacity == 0)
        return false;
    const struct name_slot *slot = slot_of(n, name);
    if (slot->is_used && value)
        *value = slot->value;
    return slot->is_used;
}
