#include "base/round.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>

/* Powers of ten up to 10^22 are exact in a double. */
static const double POWERS[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

int64_t round_scaled(double value, int decimals)
{
    assert(isfinite(value) && decimals >= 0 && decimals <= 22);
    double power = POWERS[decimals];
    double size = fabs(value);
    double product = size * power;
    assert(product < 9.2e18);
    /* size x power is exactly product + error; without the error term a value just beside a tie
     * would be taken for the tie. */
    double error = fma(size, power, -product);
    double whole = floor(product);
    double fraction = product - whole;
    int64_t count = (int64_t)whole;
    bool up;
    /* Below 2^52 the spacing of doubles is at most 1/2 and the error at most 1/4. */
    if (product < 4503599627370496.0) {
        if (fraction > 0.5 || fraction < 0.5)
            up = fraction > 0.5;
        else if (error > 0.0 || error < 0.0)
            up = error > 0.0;
        else
            up = count % 2 != 0;
    } else { /* product is whole, the error may hold more than one unit */
        double below = floor(error);
        fraction = error - below;
        count += (int64_t)below;
        up = fraction > 0.5 || (!(fraction < 0.5) && count % 2 != 0);
    }
    count += up;
    return value < 0.0 ? -count : count;
}
