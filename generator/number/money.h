#ifndef NUMBER_MONEY_H
#define NUMBER_MONEY_H
/*
 * Money is an integer count of millionths of a US dollar. It is born in one place, money_charge,
 * where quantity x price is rounded once, half to even; after that only integers are added, so that
 * every column adds up in every output.
 */
#include "number/decimal.h"

#include <stdbool.h>
#include <stdint.h>

struct strbuf;

struct money {
    int64_t micros;
};

#define MONEY_MAX_MICROS INT64_C(4000000000000000000) /* 4e12 dollars; beyond: "too large" */

/* quantity x price, exactly multiplied in 128 bits, rounded once. False: beyond MONEY_MAX_MICROS. */
bool money_charge(struct decimal quantity, struct decimal price, struct money *out);
/* False: beyond MONEY_MAX_MICROS, sum unchanged. */
bool money_add(struct money *sum, struct money more);
struct money money_negate(struct money m);
int money_compare(struct money a, struct money b);
double money_double(struct money m);
/* Half to even to a micro, cut at +-MONEY_MAX_MICROS; for estimates that are not sums of lines. usd
 * must not be NaN or infinite. */
struct money money_of(double usd);

void money_json(struct strbuf *sb, struct money m); /* plain JSON number, at most six decimals */

/*
 * For readers, in UTF-8; a minus is U+2212 and stands before the "$". The last two round half to
 * even from the micros, once; below a cent they print "<$0.01" or "<0.01", zero is "$0" or "0".
 *   exact     "$1,234.50": at least cents, all micros
 *   headline  three significant digits, cents only below ten dollars: $7,280; $445; $12; $1.53
 *   whole     whole dollars without the "$", cents only below ten: 5,675; 1.53
 */
void money_exact(struct strbuf *sb, struct money m);
void money_headline(struct strbuf *sb, struct money m);
void money_whole(struct strbuf *sb, struct money m);
#endif
