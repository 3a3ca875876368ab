#ifndef CLAIMS_EXPRESSION_H
#define CLAIMS_EXPRESSION_H
/*
 * The small language in which published claims are recomputed: numbers, + - * / ^, parentheses, named
 * inputs, constants of time, functions, and questions to the price book. It has no loops, no names of
 * its own and no effect; an expression is parsed once and evaluated for any day.
 *
 *   sum      = product { ("+" | "-") product }
 *   product  = sign { ("*" | "/") sign }
 *   sign     = [ "-" ] power
 *   power    = value [ "^" sign ]            right to left: 2^3^2 is 2^9; -2^2 is -(2^2)
 *   value    = NUMBER | NAME | FUNCTION "(" sum { "," sum } ")" | QUESTION "(" ... ")" | "(" sum ")"
 *
 *   NAME      an input of the claim; hours_per_month (730), days_per_month (730/24),
 *             seconds_per_month (2,628,000), seconds_per_day (86,400)
 *   FUNCTION  min(a, b, ...)  max(a, b, ...)  ceil(a)  floor(a)
 *   QUESTION  price('SKU', 'REGION')        dollars for one unit on the day, of the first tier
 *             cost('SKU', 'REGION', q)      dollars for q units in a month, through the tiers, without
 *                                           free allowances
 *             free('SKU', 'REGION')         free units a month
 *             limit('PLATFORM', 'LIMIT')    a limit of the catalogue, as platform files name it:
 *                                           'memory_gb'; the catalogue's limits have no dates
 *             start_ms('PLATFORM', 'low')   start of an instance without image and weights; also
 *                                           'likely' and 'high'
 *
 * Text in quotes is written as it is, without escapes, in ' or ". A price that the book does not know
 * on the day, and a division by 0, make the result unknown (NAN), never 0.
 */
#include "base/diag.h"
#include "number/date.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct book;
struct expression;
struct sku;
struct price;

/* Bounds that no sensible formula meets; they keep parsing and evaluation flat and short. */
#define EXPRESSION_MAX_DEPTH 48
#define EXPRESSION_MAX_NODES ((size_t)512)

/* What a formula may speak of. The names stay the caller's. */
struct expression_names {
    const struct str *inputs; /* by position; their values come with the evaluation */
    size_t input_count;
    const struct book *book;
    bool may_lack; /* what the book does not have is unknown, without an error: a book of one's own */
};

/*
 * `where` spans the formula in its file: faults are reported at their place in it where the span is
 * as long as the text or encloses it in one quote on either side. NULL and one error: the first fault
 * ends the parse. The result and its texts live in `a`; it keeps `names->book`.
 */
const struct expression *expression_parse(struct where where, struct str text,
                                          const struct expression_names *names, struct arena *a,
                                          struct diags *d);

/* The value on a day, or NAN. *is_early: a price lies before the book's first row for it, which was
 * used instead; may be NULL. */
double expression_value(const struct expression *e, const double *inputs, struct date day,
                        bool *is_early);

/* Which inputs are used: used[i] is set for those, others are left alone. */
void expression_uses(const struct expression *e, bool *used);

/* The prices asked for, in the order of the formula. */
struct expression_price {
    const struct sku *sku;
    struct str region;
};
size_t expression_price_count(const struct expression *e);
struct expression_price expression_price_get(const struct expression *e, size_t index);
#endif
