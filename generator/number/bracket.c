#include "number/bracket.h"

#include <math.h>

#define DIGITS 4
#define NEAR 1e-3
#define STEPS_MOST 40

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

/* Where the line through both ends crosses zero, as a share of the way from inside to beyond. */
static double crossing_share(const struct bracket *b)
{
    if (!isfinite(b->f_inside) || !isfinite(b->f_beyond))
        return 0.5;
    return b->f_inside / (b->f_inside - b->f_beyond);
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

void bracket_narrow(struct bracket *b, bracket_function *f, void *context)
{
    bool moved_beyond = false;
    double last_width = HUGE_VAL;
    for (int i = 0; i < STEPS_MOST && !is_narrow(b); i++) {
        double width = fabs(place_of(b, b->beyond) - place_of(b, b->inside));
        double share = crossing_share(b);
        if (width > last_width * 0.6) /* secants that gain too little on a step or a bend */
            share = 0.5;
        else /* a little past the guess, so that the other end moves next */
            share += (moved_beyond ? -1 : 1) * NEAR * 0.4 / fmax(b->is_log ? width : width / fabs(b->beyond), NEAR);
        share = fmin(fmax(share, 0.02), 0.98);
        double value = value_at(b, share);
        if (!is_between(b, value))
            value = value_at(b, 0.5);
        if (!is_between(b, value))
            return; /* neighbours on the grid */
        double found = f(value, context);
        last_width = width;
        moved_beyond = !(found > 0);
        if (moved_beyond) {
            b->beyond = value;
            b->f_beyond = found;
        } else {
            b->inside = value;
            b->f_inside = found;
        }
    }
}
