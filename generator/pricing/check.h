#ifndef PRICING_CHECK_H
#define PRICING_CHECK_H
/*
 * What is not wrong in a price book but should be known: prices that nobody has looked at for long,
 * and platforms that cannot be priced everywhere. Pure: a loaded book in, lists in the arena out.
 * Mistakes are found by book_load.
 */
#include "pricing/book.h"

struct arena;

/* ---- staleness ----------------------------------------------------------------------------------
 */

/* One price in force, or one platform's facts, that are too old. */
struct stale {
    const struct sku *sku; /* NULL: a platform's limits and cold starts */
    const struct price *price;
    const struct platform *platform;
    struct date known;        /* the last day on which it was known to be right */
    int age_days;             /* from then to today */
    bool is_old;              /* older than the maximum */
    bool is_behind_on_demand; /* a reserved price from before its on-demand price changed */
};

/* The later of the first day and the day of the last check. */
struct date price_known(const struct price *p);

/* True where a reserved price dates from before the on-demand price that it belongs to. */
bool price_is_behind(const struct price *reserved, const struct price *on_demand);

/*
 * Prices in force on `today` and platforms on sale then, whose last known day lies more than
 * max_age_days back, and reserved prices behind their on-demand price. By SKU id, then region;
 * platforms last. Withdrawn and future prices are not stale.
 */
void book_staleness(const struct book *b, struct date today, int max_age_days, struct arena *a,
                    struct stale **out, size_t *count);

/* ---- coverage -----------------------------------------------------------------------------------
 */

enum gap_reason {
    GAP_NOT_OFFERED, /* the provider or the platform has no region in the geography; no SKU */
    GAP_NO_PRICE,    /* no row for the region, nor one for "any" */
    GAP_WITHDRAWN,   /* the last row ended before the day */
    GAP_NO_MACHINE   /* no machine of the set has an on-demand price there; no SKU */
};

struct gap {
    const struct platform *platform;
    int geography;
    struct str region;     /* empty: not offered */
    const struct sku *sku; /* NULL where the reason names none */
    enum gap_reason reason;
};

/*
 * Which platform lacks which price where, on a day, over all geographies; platforms that are not on
 * sale that day are left out. By platform id, geography, then the order of the meters; a SKU that
 * several meters use is named once.
 */
void book_check_coverage(const struct book *b, struct date day, struct arena *a, struct gap **out,
                         size_t *count);

/* "no price", for tables; "withdrawn" ... */
const char *gap_word(enum gap_reason reason);

/* Whether a platform is on sale that day. */
bool platform_is_available(const struct platform *p, struct date day);
#endif
