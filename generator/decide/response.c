#include "decide/response.h"

#include <math.h>

/* Points of a straight line differ from it by the rounding of sums alone. */
#define STRAIGHT 1e-11

void response_clear(struct response *r)
{
    r->shape = RESPONSE_UNKNOWN;
    r->count = 0;
}

static bool is_same(double a, double b)
{
    return !(a < b) && !(a > b);
}

double response_at(struct response *r, double value, response_function *f, void *context)
{
    if (r->shape == RESPONSE_STRAIGHT)
        return r->usd + r->slope * (value - r->from);
    for (size_t i = 0; i < r->count; i++)
        if (is_same(r->values[i], value))
            return r->answers[i];
    double usd = f(value, context);
    if (r->count < RESPONSE_VALUES) {
        r->values[r->count] = value;
        r->answers[r->count++] = usd;
    }
    return usd;
}

static bool on_line(const struct response *r, double value, double usd)
{
    double line = r->usd + r->slope * (value - r->from);
    return usd < HUGE_VAL && fabs(usd - line) <= STRAIGHT * (fabs(usd) + fabs(r->usd));
}

void response_probe(struct response *r, double now, double least, double most, response_function *f, void *context)
{
    if (r->shape != RESPONSE_UNKNOWN)
        return;
    r->shape = RESPONSE_OTHER;
    double middle = response_at(r, now, f, context), high = response_at(r, most, f, context);
    if (!(middle < HUGE_VAL) || !(high < HUGE_VAL))
        return;
    double low = response_at(r, least, f, context);
    if (!(low < HUGE_VAL) || !(most > now)) /* today's value at its upper bound gives no line */
        return;
    r->from = now;
    r->usd = middle;
    if (is_same(low, middle) && is_same(middle, high)) {
        r->slope = 0;
        r->shape = RESPONSE_STRAIGHT;
        return;
    }
    r->slope = (high - middle) / (most - now);
    double lower = now - (now - least) * 0.4, higher = now + (most - now) * 0.003;
    bool straight = on_line(r, least, low) && on_line(r, lower, response_at(r, lower, f, context)) &&
                    on_line(r, higher, response_at(r, higher, f, context));
    if (straight)
        r->shape = RESPONSE_STRAIGHT;
}
