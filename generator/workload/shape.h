#ifndef WORKLOAD_SHAPE_H
#define WORKLOAD_SHAPE_H
/*
 * The load curve of one model at a point of the workload. A change of volume scales the curve and
 * keeps its shape; a change of peak, variation or idle share gives another shape, computed exactly,
 * or, for draws, interpolated between curves that were computed once.
 */
#include "workload/workload.h"

#include <stdbool.h>

struct arena;
struct shape_table;

const struct shape_table *shape_table_new(const struct workload *w, const struct part *p,
                                          const struct policy *policy, struct arena *a);
/* Without curves for draws; the likely curve is that of `like` where the figures are the same. */
const struct shape_table *shape_table_near(const struct part *p, const struct policy *policy,
                                           const struct shape_table *like, struct arena *a);
/* Fills s->curve from s->x and s->mean_rps. */
void shape_apply(const struct part *p, struct part_state *s, bool exact);
#endif
