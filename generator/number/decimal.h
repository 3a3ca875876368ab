#ifndef NUMBER_DECIMAL_H
#define NUMBER_DECIMAL_H
/*
 * Exact decimals: value = coef / 10^scale. Prices are read from text and never pass through a
 * double. Normal form: no trailing zeros, 0 <= scale <= 18, zero is {0, 0}.
 */
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct strbuf;

struct decimal {
    int64_t coef;
    int scale;
};

/* "0.0000166667", "-3", "2.5e-6"; no sign '+', no blanks, no leading zeros. False: not a decimal or
 * more digits than fit. */
bool decimal_parse(struct str text, struct decimal *out);
int decimal_compare(struct decimal a, struct decimal b);
bool decimal_is_zero(struct decimal d);
double decimal_double(struct decimal d); /* the nearest; for searching, not for money */
void decimal_add(struct strbuf *sb, struct decimal d); /* prints plainly: "0.0000166667" */

/*
 * A computed quantity as the decimal that a report prints and prices: at most 12 significant digits
 * and 6 decimals, rounded half to even. The same figure is used in every output, so that
 * quantity x price can be checked by hand. value must be finite, |value| < 9e12.
 */
struct decimal decimal_quantity(double value);
/* Exact; false: it does not fit. */
bool decimal_mul(struct decimal a, struct decimal b, struct decimal *out);
#endif
