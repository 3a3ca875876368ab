#ifndef DECIDE_COMBINE_H
#define DECIDE_COMBINE_H
/*
 * Hybrids. combine_parts places each part of a workload on its own best platform, counts what the parts
 * share (control plane, nodes, people) once, and moves parts together where that is cheaper.
 * combine_split gives one model an always-on base for the load that is nearly always there, and a
 * per-request platform for the rest: the base ends where a replica would be busy for a smaller share of
 * the time than its price over the price of the requests that it saves (newsvendor).
 */
#include "decide/candidate.h"

void combine_parts(struct engine *e, struct candidates *out);
void combine_split(struct engine *e, struct candidates *out);
#endif
