#ifndef NUMBER_UNIT_H
#define NUMBER_UNIT_H
/*
 * The table of units that prices and cost lines may use. An unknown unit in a price file is an
 * error, never a guess. Constants of time stand here once.
 */
#include "base/str.h"

#include <stdbool.h>

#define HOURS_PER_MONTH 730.0
#define DAYS_PER_MONTH (730.0 / 24.0) /* 30.4167 */
#define SECONDS_PER_MONTH (730.0 * 3600.0)
#define SECONDS_PER_DAY 86400.0

struct unit {
    const char *name;     /* as price files and reports write it: "GB-second" */
    const char *singular; /* for prose: "GB-second" */
    const char *plural;   /* "GB-seconds" */
    const char *meaning;  /* one line for the documentation */
};

const struct unit *unit_find(struct str name); /* NULL: unknown */
const struct unit *unit_table(void);           /* ended by name NULL, sorted by name */
#endif
