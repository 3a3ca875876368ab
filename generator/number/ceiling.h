#ifndef NUMBER_CEILING_H
#define NUMBER_CEILING_H
/*
 * ceil of 0 <= x < 2^51 (and 0 of what lies less than 1/2 below 0; HUGE_VAL of itself), without a call, for inner loops: adding
 * 2^52 rounds to the nearest whole number.
 */
static inline double ceiling(double x)
{
    double whole = (x + 0x1p52) - 0x1p52;
    return whole + (whole < x ? 1.0 : 0.0);
}
#endif
