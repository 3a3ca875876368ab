#ifndef DECIDE_PLACE_H
#define DECIDE_PLACE_H
/*
 * Where a part of a workload may stand: a platform and a way to buy. places_of gives the places where it costs
 * least alone, people included, of which hybrids are made (decide/combine.h).
 */
#include "cost/tables.h"
#include "decide/candidate.h"

#include <stdbool.h>
#include <stddef.h>

#define PLACES_MAX 6 /* cheapest places of a part */

struct part_places {
    struct place items[PLACES_MAX]; /* the cheapest first, of equals the first in the book */
    size_t count;
};

/* A plan of some parts on one place, which lives in e->a; false where a limit is broken or a price is missing. */
bool place_plan(struct engine *e, const struct place *place, const size_t *parts, size_t count, struct plan *plan, struct verdict_list *list);

/* The cheapest places of a part at e->base; lives in e->a. */
struct part_places *places_of(struct engine *e, size_t part);
#endif
