#ifndef CLAIMS_CLAIMS_H
#define CLAIMS_CLAIMS_H
/*
 * Published claims and what arithmetic says of them. A claim is a sentence of an article in our own
 * words; its checks recompute the figures that it states from its inputs and the price book, at the
 * article's date and at today's prices. Claims without a check that can be judged are kept with the
 * reason why, since rules cite them. Read-only after loading, shared by all threads;
 * content/claims/README.md is the format. Evaluating is pure; only load.c reads files.
 */
#include "base/diag.h"
#include "base/str.h"
#include "number/date.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct book;
struct expression;
struct sku;

struct article {
    struct str id;          /* "s1" */
    struct str title, text; /* "Second article"; what it is about */
    struct date date;       /* its prices are taken to be of this day */
    bool date_stated;       /* false: estimated */
    struct str date_why;
    struct where where;
};

struct claim_input {
    struct str name;
    double value;
    struct str unit;
    struct str why; /* empty: the article states it; else where it comes from */
};

#define CLAIM_TOLERANCE 0.05 /* published figures are rounded to about two digits */

struct claim_check {
    struct str of;                       /* what is computed: "monthly bill" */
    struct str unit;
    struct str formula;                  /* as written */
    const struct expression *expression;
    bool is_judged;                      /* false: the article states no figure for it */
    double low, high;                    /* what it states; NAN: open on that side */
    double tolerance;                    /* share by which a figure may miss either side */
};

struct claim {
    struct str id; /* "s1-08" */
    const struct article *article;
    int line;        /* in the article's plain text */
    struct str text; /* what it says, in our words */
    struct str why;  /* what the result means, or why it cannot be checked */
    const struct claim_input *inputs;
    size_t input_count;
    const struct claim_check *checks;
    size_t check_count;
    struct where where;
};

struct claims {
    const struct article *articles;
    size_t article_count;
    const struct claim *claims; /* by article, then in the order of the file */
    size_t count;
    const struct claim *const *by_id; /* sorted */
};

/* NULL: there is none. claims may be NULL. */
const struct claim *claims_find(const struct claims *claims, struct str id);

/* ---- recomputing ---- */

enum claim_verdict {
    CLAIM_HOLDS,
    CLAIM_FAILS,
    CLAIM_OPEN /* cannot be checked */
};

struct check_result {
    double value;  /* NAN: not known, a price is missing on that day */
    bool is_early; /* rests on a price that the book knows only from a later day */
    enum claim_verdict verdict;
};

/* One claim on one day. A claim holds where every judged check does; it is open where none can be
 * judged or a judged figure is not known, unless another check fails. */
struct claim_result {
    const struct check_result *checks; /* by claim->checks */
    enum claim_verdict verdict;
};

struct claim_result claim_evaluate(const struct claim *c, struct date day, struct arena *a);

/* The prices that a claim's formulas ask for, each once, in their order. */
struct claim_price {
    const struct sku *sku;
    struct str region;
};
size_t claim_prices(const struct claim *c, struct arena *a, const struct claim_price **out);

const char *claim_verdict_word(enum claim_verdict v); /* "holds", "does not hold", "cannot be checked" */
#endif
