#ifndef REPORT_CHANGES_H
#define REPORT_CHANGES_H
/*
 * What price updates did. Editions are read from the book itself: every day on which a price row
 * comes into force that replaces, adds or withdraws a price. What a day's changes did to decisions
 * is computed by the commands (two runs of the engine) and handed in as effects.
 */
#include "base/str.h"
#include "number/date.h"
#include "number/decimal.h"
#include "pricing/book.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

enum price_change_kind {
    PRICE_CHANGED,
    PRICE_ADDED,    /* first row of a SKU in a region, effective that day (a first sight is none) */
    PRICE_WITHDRAWN /* the day after its last day */
};

struct price_change {
    const struct sku *sku;
    struct str region;
    const struct price *before, *after; /* before NULL: added; after NULL: withdrawn */
    enum price_change_kind kind;
    double ratio; /* after over before, minus 1; NAN where either is missing or before is 0 */
};

struct edition {
    struct date date;
    bool is_scheduled; /* after the book's edition date */
    const struct price_change *changes; /* changed first, largest relative change first */
    size_t count;
};

enum effect {
    EFFECT_STABLE,
    EFFECT_NARROWING, /* margin smaller by a point or more */
    EFFECT_WIDENING,
    EFFECT_FLIPPED    /* another class is recommended, or the verdict changed */
};

/* What one edition did to one decision. */
struct decision_effect {
    struct date date;  /* of the edition */
    struct str slug;
    enum effect effect;
    double margin_before, margin_after;   /* NAN: not known */
    double usd_before, usd_after;         /* monthly cost of what was recommended; NAN: not known */
    struct str option_before, option_after; /* names as a reader knows them; empty: none */
};

/* Editions with at least one change, newest first. Everything is in `a` or in the book. */
void changes_collect(const struct book *b, struct arena *a, const struct edition **editions,
                     size_t *count);

/* The effect of a move of the margin; EFFECT_FLIPPED is the caller's to say. NAN on either side is
 * stable. */
enum effect effect_of_margins(double before, double after);
const char *effect_word(enum effect e); /* "narrowing" */
#endif
