#ifndef LATENCY_CURVE_H
#define LATENCY_CURVE_H
/*
 * Load-duration curve: the traffic of a month as 96 equally long pieces, sorted from the quietest to
 * the busiest, requests a second each. Cost and latency are summed over the pieces. The mean of the
 * pieces is the stated mean to 1e-9, no piece exceeds the stated peak, none is below the minimum.
 * Pure; no allocation.
 */
#include <stdbool.h>
#include <stddef.h>

#define CURVE_POINTS 96

enum curve_basis {
    CURVE_BY_VARIATION, /* gamma law with the stated coefficient of variation */
    CURVE_BY_PEAK,      /* gamma law whose 99.9 % quantile is the stated peak */
    CURVE_BY_DEFAULT,   /* the same, with the policy's peak-to-mean */
    CURVE_BY_TRACE      /* measured */
};

struct load_curve {
    double rps[CURVE_POINTS];  /* rising; each stands for 1/96 of the time */
    double mean_rps, peak_rps; /* peak_rps: of the shortest time looked at, >= rps[95] */
    double cv;                 /* of the 96 points */
    double idle_share;         /* share of the time at the minimum, before the points were set */
    enum curve_basis basis;
    /* What could not be had at once; the volume always wins, because it is what is paid for. */
    bool peak_raised;  /* the stated peak lies below the mean: the mean is the peak */
    bool idle_reduced; /* the other hours cannot carry the volume below the peak */
    bool cv_unreached; /* idle hours alone vary more than the stated cv */
};

/* What is known of the traffic. All rates in requests a second, all over the same bin. */
struct curve_input {
    double mean_rps;   /* >= 0 */
    double min_rps;    /* of the idle time; 0 by default */
    double peak_rps;   /* 0: not known */
    double cv;         /* standard deviation over mean of all bins; negative: not known */
    double idle_share; /* 0 to below 1: share of the bins at min_rps */
    double
        default_peak_to_mean; /* of the busy time, > 1; used where neither peak nor cv is known */
};

/*
 * The curve from those few figures: the busy time gamma distributed with the mean and the variation
 * that give the stated total and cv (the variance between idle and busy time counts), cut at the
 * peak, rescaled to the exact total, evaluated at the quantile midpoints (k + 1/2) / 96.
 */
struct load_curve curve_fit(const struct curve_input *in);

/*
 * The curve of measured bins of equal length: point k is the mean of the k-th 1/96 of the sorted
 * bins, so that the total is exact; the peak is the busiest bin. `rps` is sorted in place; count > 0.
 */
struct load_curve curve_from_bins(double *rps, size_t count);

/* All rates times a factor (growth, another volume): the shape stays. */
struct load_curve curve_scaled(const struct load_curve *curve, double factor);
#endif
