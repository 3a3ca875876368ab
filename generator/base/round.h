#ifndef BASE_ROUND_H
#define BASE_ROUND_H
/*
 * The one way in which a double becomes an integer count of 10^-decimals: half to even on the exact
 * value of the double, so 0.125 gives 12 hundredths and 2.675 (which is 2.67499999...) gives 267.
 */
#include <stdint.h>

/*
 * value x 10^decimals, rounded half to even. value must be finite, decimals from 0 to 22, and the
 * result below 9.2e18 in magnitude; anything else is a fault of the caller and stops the program.
 */
int64_t round_scaled(double value, int decimals);
#endif
