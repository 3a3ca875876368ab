#ifndef LATENCY_LAW_H
#define LATENCY_LAW_H
/*
 * Laws of random quantities: the normal law that everything here rests on (the gamma law is in
 * latency/gamma.h), the law of a positive time (service, start-up) by mean and variation, and the
 * quantile functions that turn a stated range (P10, P50, P90) into a distribution.
 * All functions are pure. Probabilities are 0 to 1; quantile functions rise with p.
 */

/* Standard normal law. cdf and tail keep full relative precision in their own far tail. */
double normal_density(double z);
double normal_cdf(double z);      /* P(Z <= z) */
double normal_tail(double z);     /* P(Z > z) */
double normal_quantile(double p); /* AS 241 (Wichura 1988), relative error below 1e-15; 0 < p < 1 */

/*
 * The law of a positive time. Lognormal by mean and coefficient of variation is the default for
 * service and start-up times (measured ones are skewed to the right); CV 0 is a constant.
 * mu and sigma are those of ln X, for the lognormal law only.
 */
enum law_kind {
    LAW_LOGNORMAL,
    LAW_EXPONENTIAL,
    LAW_CONSTANT
};

struct law {
    enum law_kind kind;
    double mean_s, cv;
    double mu, sigma;
};

struct law law_lognormal(double mean_s, double cv); /* cv 0 gives LAW_CONSTANT; mean_s > 0 */
struct law law_exponential(double mean_s);
struct law law_scaled(struct law law, double factor); /* the law of factor * X */
double law_tail(const struct law *law, double t_s);   /* P(X > t) */
double law_quantile(const struct law *law, double p); /* 0 < p < 1, seconds */

/*
 * A stated range as a law. `low`, `likely`, `high` are P10, P50 and P90, low <= likely <= high.
 * split_lognormal needs low > 0: ln X is normal with one spread below and one above the median, so
 * an asymmetric range is met at all three points. split_normal is the same without the logarithm,
 * for quantities that may be zero or negative (growth). The triangular law has hard ends.
 */
double split_lognormal_quantile(double low, double likely, double high, double p);
double split_normal_quantile(double low, double likely, double high, double p);
double triangular_quantile(double least, double mode, double most, double p);
#endif
