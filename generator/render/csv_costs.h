#ifndef RENDER_CSV_COSTS_H
#define RENDER_CSV_COSTS_H
/*
 * costs.csv: every cost line of every option that has a cost, one a row, with the column names of
 * FOCUS 1.2 (the FinOps cost and usage specification) and own columns that begin with "x_".
 *
 * ListCost is ListUnitPrice x PricingQuantity rounded half to even to a millionth of a dollar, and
 * the rows of one option add up to the option's total. Prices are list prices: the contracted and
 * effective columns say the same amounts.
 */
#include "report/report.h"

struct strbuf;

void csv_costs(const struct report *r, struct strbuf *out);
#endif
