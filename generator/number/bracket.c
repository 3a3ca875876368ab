#include "number/bracket.h"

#include <math.h>

#define DIGITS 4
#define NEAR 1e-3
#define STEPS_MOST 40
#define SPARE_STEPS 1    /* more than halving takes, at most */
#define TRUNCATION 0.02

double round_significant(double v, int digits, bool up)
{
    if (!(fabs(v) > 0) || !isfinite(v))
        return v;
    double scale = pow(10, digits - 1 - floor(log10(fabs(v))));
    double scaled = v * scale;
    return (up ? ceil(scaled - 1e-9) : floor(scaled + 1e-9)) / scale;
}

static double place_of(const struct bracket *b, double value)
{
    return b->is_log ? log(value) : value;
}

/* The value at a share of the way, on the grid, rounded away from the inside. */
static double value_at(const struct bracket *b, double share)
{
    double from = place_of(b, b->inside), to = place_of(b, b->beyond);
    double at = from + (to - from) * share;
    bool up = b->beyond > b->inside;
    double value = b->is_log ? exp(at) : at;
    if (b->is_whole)
        return up ? ceil(value - 1e-9) : floor(value + 1e-9);
    return round_significant(value, DIGITS, up);
}

static bool is_between(const struct bracket *b, double value)
{
    return (value > b->inside && value < b->beyond) || (value < b->inside && value > b->beyond);
}

static bool is_narrow(const struct bracket *b)
{
    double width = fabs(b->beyond - b->inside);
    if (b->is_whole)
        return width < 1.5;
    return width <= NEAR * fmax(fabs(b->beyond), fabs(b->inside));
}

/* Half the width at which the two are near enough, where values lie (place_of). */
static double half_width(const struct bracket *b)
{
    double most = fmax(fabs(b->beyond), fabs(b->inside));
    double width = b->is_whole ? 1 / (b->is_log ? most : 1) : NEAR * (b->is_log ? 1 : most);
    return width / 2;
}

/*
 * The next value as a share of the way, by the method of Oliveira and Takahashi (An Enhancement of the Bisection
 * Method Average Performance Preserving Minmax Optimality, ACM TOMS 47, 2020): where the line through both ends
 * crosses zero, moved towards the middle (so that both ends move), and no farther from the middle than halving in
 * `steps_left` more steps allows. `first`: the width that it began with; `half`: half the width that is wanted.
 */
static double next_share(const struct bracket *b, double width, double first, double half, int steps_left)
{
    if (!isfinite(b->f_inside) || !isfinite(b->f_beyond) || !(width > 0))
        return 0.5;
    double crossing = width * b->f_inside / (b->f_inside - b->f_beyond), middle = width / 2;
    double towards = middle < crossing ? -1 : 1;
    double moved = fmin(fmax(TRUNCATION * width * width / first, 0.8 * half), fabs(middle - crossing));
    double allowed = fmax(ldexp(half, steps_left) - middle, 0);
    double at = crossing + towards * moved;
    if (fabs(at - middle) > allowed)
        at = middle - towards * allowed;
    return at / width;
}

void bracket_narrow(struct bracket *b, bracket_function *f, void *context)
{
    double first = fabs(place_of(b, b->beyond) - place_of(b, b->inside)), half = half_width(b);
    int most = first > 2 * half ? (int)ceil(log2(first / (2 * half))) + SPARE_STEPS : SPARE_STEPS;
    for (int i = 0; i < STEPS_MOST && !is_narrow(b); i++) {
        double width = fabs(place_of(b, b->beyond) - place_of(b, b->inside));
        double value = value_at(b, i < most ? next_share(b, width, first, half, most - i) : 0.5);
        if (!is_between(b, value))
            value = value_at(b, 0.5);
        if (!is_between(b, value))
            return; /* neighbours on the grid */
        double found = f(value, context);
        if (found > 0) {
            b->inside = value;
            b->f_inside = found;
        } else {
            b->beyond = value;
            b->f_beyond = found;
        }
    }
}
