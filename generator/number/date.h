#ifndef NUMBER_DATE_H
#define NUMBER_DATE_H
/* Days in the proleptic Gregorian calendar, as a count, so that they compare and subtract. */
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct strbuf;

struct date {
    int32_t days; /* since 1970-01-01; DATE_NONE where unknown */
};

#define DATE_NONE ((struct date){INT32_MIN})
bool date_is_none(struct date d);
/* Strictly YYYY-MM-DD and a real day, from 0001-01-01. */
bool date_parse(struct str text, struct date *out);
struct date date_civil(int year, int month, int day);
void date_add(struct strbuf *sb, struct date d); /* YYYY-MM-DD; "unknown" for DATE_NONE */
int date_compare(struct date a, struct date b);
#endif
