#ifndef LATENCY_HISTOGRAM_H
#define LATENCY_HISTOGRAM_H
/*
 * Counts of times on a logarithmic scale: 1,024 bins an octave (0.07 to 0.1 % wide) from a microsecond
 * to 12 days, so that a quantile of hundreds of millions of draws is had in 320 KiB. Shorter and
 * longer times fall into the first and last bin. The bins lie in the arena that made them.
 */
#include <stddef.h>
#include <stdint.h>

struct arena;

struct histogram {
    uint64_t *bins;
    uint64_t count;
    double sum_s;
};

struct histogram histogram_new(struct arena *a);
void histogram_add(struct histogram *h, double t_s);
double histogram_mean(const struct histogram *h); /* exact; 0 where empty */
double histogram_quantile(const struct histogram *h,
                          double p); /* 0 where empty or in the first bin */
double histogram_tail(const struct histogram *h, double t_s); /* share above t_s */
#endif
