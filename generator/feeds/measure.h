#ifndef FEEDS_MEASURE_H
#define FEEDS_MEASURE_H
/*
 * What a vendor's unit text measures, and the exact arithmetic from the vendor's unit to the book's.
 * Vendors write "1 Hour", "Hrs", "10K", "1 GiB Second", "1/Day", "GB-Mo", "Lambda-GB-Second",
 * "GiBy.h" or "count": a number of something, of data, of time, or of data held for a time. Hours
 * are never assumed, and GB (10^9 bytes) is never taken for GiB (2^30).
 */
#include "base/str.h"
#include "number/decimal.h"

#include <stdbool.h>
#include <stdint.h>

enum measure_data {
    DATA_NONE,
    DATA_DECIMAL, /* bytes, in powers of 1000 */
    DATA_BINARY   /* bytes, in powers of 1024 */
};

struct measure {
    enum measure_data data;
    bool is_time;   /* seconds */
    int64_t amount; /* in things, bytes, seconds or byte-seconds; a month is 730 hours */
};

/*
 * Reads a unit text. Words that name a thing ("vCPU", "Requests", "LCU", "Lambda") do not count.
 * False: no text, two units of one kind, or an amount that does not fit.
 */
bool measure_parse(struct str text, struct measure *out);
/* Whether an amount in one can be said in the other. */
bool measure_agrees(struct measure a, struct measure b);

/*
 * value x numerator / denominator, exactly where that has an end within 18 decimals, else rounded half
 * to even to 12 decimals. numerator and denominator are positive. False: it does not fit.
 */
bool decimal_ratio(struct decimal value, int64_t numerator, int64_t denominator,
                   struct decimal *out);
bool decimal_sum(struct decimal a, struct decimal b, struct decimal *out);
/* Half to even to so many decimals (0 to 18). */
struct decimal decimal_round(struct decimal value, int decimals);
#endif
