#ifndef NUMBER_BRACKET_H
#define NUMBER_BRACKET_H
/*
 * Where a dear function changes its sign, to the digits that are printed: values are tried on the grid of
 * four significant digits, so that the value that is printed is one at which the function was asked.
 * Few steps where the function is smooth, and hardly more than halving takes where it is not.
 */
#include <stdbool.h>

/* > 0: still inside; <= 0: beyond the change. May be infinite. */
typedef double bracket_function(double value, void *context);

struct bracket {
    double inside, beyond;     /* either may be the larger; of one sign, or 0 where not is_log */
    double f_inside, f_beyond; /* > 0 and <= 0 */
    bool is_log;               /* steps are ratios */
    bool is_whole;             /* only whole numbers are values */
};

/* Until the two are within a thousandth of each other (or neighbours, where whole); `beyond` is on the grid
 * then, but where it was no grid value to begin with and nothing nearer is beyond. */
void bracket_narrow(struct bracket *b, bracket_function *f, void *context);

/* The nearest value of `digits` significant digits that is not below (`up`) or not above v. */
double round_significant(double v, int digits, bool up);
#endif
