#ifndef PRICING_METER_H
#define PRICING_METER_H
/*
 * What the meters' quantities count, as far as the loader can hold it against the unit of the SKU
 * that prices them: seconds priced by the hour would be a figure that is wrong by 3,600.
 */
#include "pricing/book.h"

/*
 * NULL where quantity x times comes in the unit, else what is expected, in words: "seconds of
 * GPUs". A meter with a factor converts, so only call this for those without.
 */
const char *meter_unit_fault(enum quantity quantity, enum times times, const struct unit *unit);

/* Whether a platform of this scaling has the quantity at all ("node_h" only in clusters ...). */
bool meter_has_quantity(enum scaling scaling, enum quantity quantity);
#endif
