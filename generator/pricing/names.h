#ifndef PRICING_NAMES_H
#define PRICING_NAMES_H
/*
 * A hash table from names to positions, for the loader: the bundled book has thousands of ids, each
 * of which must be unique and is looked up when something refers to it. Names are borrowed; the
 * table lives in the arena, grows by itself, and an all-zero one with `a` set is empty. Iteration
 * is not offered, so that no order of hashing can reach an output.
 */
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct name_slot {
    struct str name;
    uint64_t hash;
    size_t value;
    bool is_used;
};

struct names {
    struct arena *a;
    struct name_slot *slots;
    size_t count, capacity; /* capacity is 0 or a power of two */
};

/* Adds a name. False: it is there already; *value then tells its value, and nothing changes. */
bool names_add(struct names *n, struct str name, size_t *value);
bool names_find(const struct names *n, struct str name, size_t *value); /* value may be NULL */
#endif
