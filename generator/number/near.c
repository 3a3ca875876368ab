#include "number/near.h"

#include <math.h>

bool near(double a, double b, double share)
{
    return fabs(a - b) <= share * (fabs(a) + fabs(b));
}
