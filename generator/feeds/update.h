#ifndef FEEDS_UPDATE_H
#define FEEDS_UPDATE_H
/*
 * What a feed changes in a price book: for every SKU and region that the selection prices, nothing
 * where the book says the same, else a new dated row beside the old ones. Pure.
 *
 * A new row begins on the day that the feed calls effective, if the row in force is older than that;
 * else on the day that the feed was seen. A row of the past is never changed, so a price that
 * differs from a row of the very same day is an error. So is a price that is a hundred times the old one, or
 * a hundredth: units get mistaken oftener than prices move so far.
 */
#include "feeds/quote.h"

struct price_change {
    const struct sku *sku;
    const struct price *old; /* the row in force until now; NULL: there was none */
    struct str region;       /* of the book */
    struct date from;
    enum price_basis basis;
    struct quote quote;
    double free_quantity; /* 0: none */
    struct str free_pool;
    struct str source, note;
    enum confidence confidence;
};

struct update {
    struct price_change *changes; /* by SKU, region, day */
    size_t change_count;
    size_t unchanged;
    size_t absent;      /* SKUs and regions that the book has, but not these files */
    struct date newest; /* the day that the files stand for; DATE_NONE: nothing was priced */
};

/* False, with diagnostics: nothing may be imported. */
bool update_find(const struct quoting *q, struct update *out);

/* "aws-lambda-request us-east-1: 0.0000002 -> 0.00000025 (+25 %), from 2026-11-01, effective"; an
 * allowance that changes is named too. */
void update_describe(const struct price_change *c, struct strbuf *out);
#endif
