#ifndef LATENCY_ROOT_H
#define LATENCY_ROOT_H
/*
 * The zero of a continuous function that changes sign between low and high, by Chandrupatla's
 * method (Advances in Engineering Software 28, 1997): inverse quadratic interpolation where it is
 * safe, bisection where it is not. `relative` is the width of the final bracket over the result.
 * Without a change of sign the end with the smaller magnitude is returned.
 */
typedef double root_function(double x, void *context);

double root_find(root_function *f, void *context, double low, double high, double relative);
#endif
