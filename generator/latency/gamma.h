#ifndef LATENCY_GAMMA_H
#define LATENCY_GAMMA_H
/*
 * The gamma function and the gamma law: load curves, Poisson sums and groups of arrivals rest on it.
 * All functions are pure; shape > 0, x >= 0, the scale is 1 (the mean is the shape).
 * Sources: DLMF 8.7.1 (series), 8.9.2 (continued fraction), 5.11.1 (Stirling).
 */
#include <stddef.h>

/* ln Gamma(x), x > 0; relative error about 1e-14. (lgamma of the C library writes a global.) */
double gamma_log(double x);
/* Regularised incomplete gamma functions; gamma_lower + gamma_upper = 1. */
double gamma_lower(double shape, double x); /* P(X <= x) */
double gamma_upper(double shape, double x); /* P(X > x) */
/* Quantile, 0 <= p < 1; 1e-12 relative. */
double gamma_quantile(double shape, double p);

/*
 * Quantiles at p[0] <= p[1] <= ... < 1, as gamma_quantile has them: each is found from the one before it, by one look at
 * the law for most of them.
 */
void gamma_quantiles(double shape, const double *p, size_t count, double *out);
/* ln(gamma_quantile(shape, p) / x): the nearer x is, the quicker. For a search of the shape. */
double gamma_quantile_over(double shape, double p, double x);
#endif
