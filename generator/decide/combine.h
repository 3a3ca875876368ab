#ifndef DECIDE_COMBINE_H
#define DECIDE_COMBINE_H
/*
 * Hybrids. combine_parts places each part of a workload on its own best platform, counts what the parts
 * share (control plane, nodes, people) once, and moves parts together where that is cheaper. Parts on
 * sides that differ are a hybrid. Parts on one platform, bought in different ways, are that platform's
 * plan. Parts on several platforms of one side are offered only where no single platform of that side
 * takes them all, or where they save what price changes (PARAMETER_PRICE_WITHIN) would not eat up.
 * combine_split gives one model an always-on base for the load that is nearly always there, and a
 * per-request platform for the rest: the base ends where a replica would be busy for a smaller share of
 * the time than its price over the price of the requests that it saves (newsvendor).
 */
#include "decide/candidate.h"

void combine_parts(struct engine *e, struct candidates *out);
void combine_split(struct engine *e, struct candidates *out);
#endif
