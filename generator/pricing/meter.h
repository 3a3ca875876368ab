#ifndef PRICING_METER_H
#define PRICING_METER_H
/*
 * What the meters' quantities count, as far as the loader can hold it against the unit of the SKU
 * that prices them: seconds priced by the hour would be a figure that is wrong by 3,600.
 */
#include "pricing/book.h"

struct strbuf;

/* Whether quantity x times comes in the unit. A meter with a factor converts: do not ask for it. */
bool meter_fits_unit(enum quantity quantity, enum times times, const struct unit *unit);

/* What quantity x times counts, in words: "GB-seconds", "hours", "GB". */
void meter_add_counted(struct strbuf *sb, enum quantity quantity, enum times times);

/* Whether a platform of this scaling has the quantity at all ("node_h" only in clusters ...). */
bool meter_has_quantity(enum scaling scaling, enum quantity quantity);
#endif
