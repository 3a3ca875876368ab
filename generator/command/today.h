#ifndef COMMAND_TODAY_H
#define COMMAND_TODAY_H
/* The day on which a command runs: --today, else SOURCE_DATE_EPOCH, else the clock's day in UTC.
 * Only `check`, `list` and `prices check` ask; nothing that is published does. */
#include "number/date.h"

#include <stdbool.h>

/* `option` is the value of --today, or NULL. False: SOURCE_DATE_EPOCH is no number of seconds. */
bool today_find(const char *option, struct date *out);
#endif
