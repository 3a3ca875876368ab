#ifndef DECIDE_MACHINE_RUN_H
#define DECIDE_MACHINE_RUN_H
/*
 * What parts run on each machine of a platform's set, in hours of machines a month at e->base: whole ones where the bill
 * counts whole ones, and the limits that a machine breaks. Prices are no part of it: decide/machine_choice.h weighs what is
 * run here by what an hour costs. Remembered in the market's tables.
 */
#include "cost/tables.h"
#include "decide/candidate.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Before anything is asked at a point: e->base or the workload is another. */
void machine_run_begin(struct engine *e);

/* All that the infrastructure of parts follows from at the point, as one mark (cost/memo.h): what is bought and how much of
 * it, not what it costs where a search moves a price, nor the globals from GLOBAL_ON_COST on, by which people are charged
 * and prices multiplied. */
uint64_t machine_run_mark(const struct engine *e, const size_t *parts, size_t count);

/* Machines of its kind that may be taken at all; `trial`: credit-based ones too. */
bool machine_is_considered(const struct machine *m, bool gpu, bool trial);

/* Nodes of a cluster's pool at least. */
double machine_least_nodes(const struct engine *e);

/*
 * The considered machines of the platform's set, with a GPU or without, each with what the parts together run on it a month.
 * `hosts`: a new cluster's own services run beside them; `mark` is machine_run_mark of the parts. Valid until the next call.
 */
const struct machine_runs *machine_runs_of(struct engine *e, const struct platform *p, bool gpu, const size_t *parts, size_t count, bool hosts,
                                           uint64_t mark);
#endif
