#ifndef DECIDE_MACHINE_CHOICE_H
#define DECIDE_MACHINE_CHOICE_H
/*
 * Which machine of a platform's set serves which part: for CPU parts one machine for all of them, so
 * that they share nodes; for GPU parts each the cheapest that holds its GPU memory and, by measured
 * throughput, its service time. Among machines that suit, the one whose month costs least at the
 * likely load, counted as the bill counts: whole machines of always-on pools, and the fewest that a new
 * cluster's own services or a managed endpoint keep, also where the work may wait.
 */
#include "decide/candidate.h"

#include <stdbool.h>
#include <stddef.h>

/* False: a part has no suitable machine; machines[] then holds the one that comes nearest, so that a
 * fit can say what is missing (NULL where the set is empty). */
bool machine_choice(struct engine *e, const struct platform *platform, enum purchase purchase, const size_t *parts, size_t count,
                    const struct machine **machines);

/* Of a workload of one part: what the machines that machine_choice would take cost a month at least, by list prices; 0
 * where that is not known, or none suits. */
double machine_choice_usd(struct engine *e, const struct platform *platform, enum purchase purchase);

/* Small nodes for a new cluster's own services, where no always-on pool of the workload hosts them. */
void machine_choice_system(struct engine *e, struct plan *plan);
#endif
