#ifndef FEEDS_QUOTE_H
#define FEEDS_QUOTE_H
/*
 * From the entries that a selection kept to a price in the book's unit: exactly one entry a part, the
 * newest that is in force, its tiers in order, its unit converted, parts added up. Whatever makes
 * the price doubtful (no entry, several, a zero, a negative or missing figure, another currency, an
 * unknown unit) is an error that names the file, the SKU and the entries.
 */
#include "feeds/selection.h"

#define QUOTE_TIERS_MAX 16

struct quote_tier {
    struct decimal from; /* in the SKU's unit, a month */
    struct decimal usd;
};

struct quote {
    struct quote_tier tiers[QUOTE_TIERS_MAX]; /* the first from 0, or from the end of the grant */
    size_t tier_count;
    bool has_grant; /* the first units of a month cost nothing */
    struct decimal grant;
    struct date effective; /* DATE_NONE: not told */
    struct date seen;      /* the day that the files stand for */
    struct str entries;    /* which entries, for the note: "ABC of version 20261115000000" */
    struct str region;     /* as the feed calls it */
    const char *path;      /* of a file, for diagnostics */
    const struct rule_part *missing; /* QUOTE_ABSENT, though other parts were found: the one not */
};

enum quote_result {
    QUOTE_FOUND,
    QUOTE_ABSENT, /* the feed does not speak of it */
    QUOTE_REFUSED /* a diagnostic says why */
};

/*
 * `seen` is the day of --seen, or DATE_NONE: the day that the file tells, else `today`. Entries that
 * come into force after that day are used only where there is no other; those that ended before it are
 * not used.
 */
struct quoting {
    const struct selection *s;
    struct date seen, today;
    bool accept_jumps; /* take a price that moves a hundredfold, which is rather a mistaken unit */
    struct arena *a;
    struct diags *d;
};

/* machine: index in the rule's set, 0 for a rule of one SKU. region: index in the rule's regions. */
enum quote_result quote_find(const struct quoting *q, const struct feed_rule *rule, size_t machine,
                             size_t region, const struct sku *sku, struct quote *out);
#endif
