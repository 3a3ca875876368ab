#ifndef DECIDE_RESPONSE_H
#define DECIDE_RESPONSE_H
/*
 * How the cost of one option answers to one variable, everything else at its likely value. Searches for
 * flips ask at dozens of values; most options do not answer at all (a cluster has no cold starts), or in a
 * straight line (people, prices). That is found out with a few evaluations over the whole range, from then
 * on the answer needs none. Others are evaluated, each value once.
 */
#include <stdbool.h>
#include <stddef.h>

typedef double response_function(double value, void *context); /* dollars; HUGE_VAL: does not hold there */

#define RESPONSE_VALUES 64

enum response_shape {
    RESPONSE_UNKNOWN,
    RESPONSE_STRAIGHT,
    RESPONSE_OTHER
};

struct response { /* all zero: nothing is known yet */
    enum response_shape shape;
    double from, usd, slope; /* RESPONSE_STRAIGHT */
    size_t count;
    double values[RESPONSE_VALUES], answers[RESPONSE_VALUES];
};

void response_clear(struct response *r);

/* Looks at least, low third, now, high third and most of the range. now > 0, or least < now < most. */
void response_probe(struct response *r, double now, double least, double most, response_function *f, void *context);

double response_at(struct response *r, double value, response_function *f, void *context);
#endif
