#ifndef NUMBER_NEAR_H
#define NUMBER_NEAR_H
/* Whether two figures that were computed are one: they differ by at most `share` of |a| + |b|. */
#include <stdbool.h>

bool near(double a, double b, double share);
#endif
