#include "latency/law.h"

#include <math.h>

static const double SQRT_2 = 1.41421356237309504880;
static const double SQRT_2PI = 2.50662827463100050242;
static const double Z_P90 = 1.28155156554460046696; /* normal_quantile(0.9) */

double normal_density(double z)
{
    return exp(-0.5 * z * z) / SQRT_2PI;
}

double normal_cdf(double z)
{
    return 0.5 * erfc(-z / SQRT_2);
}

double normal_tail(double z)
{
    return 0.5 * erfc(z / SQRT_2);
}

/* Ratio of two polynomials of degree 7 with the constant term of the divisor 1. */
static double ratio(const double top[8], const double bottom[7], double x)
{
    double t = top[7], b = bottom[6];
    for (int i = 6; i >= 0; i--) {
        t = t * x + top[i];
        b = b * x + (i > 0 ? bottom[i - 1] : 1.0);
    }
    return t / b;
}

/* M. J. Wichura, "The percentage points of the normal distribution", Applied Statistics 37 (1988),
 * algorithm AS 241, PPND16: one approximation for the middle 85 %, two for the tails. */
double normal_quantile(double p)
{
    static const double A[8] = {3.3871328727963666080e0, 1.3314166789178437745e2,
                                1.9715909503065514427e3, 1.3731693765509461125e4,
                                4.5921953931549871457e4, 6.7265770927008700853e4,
                                3.3430575583588128105e4, 2.5090809287301226727e3};
    static const double B[7] = {4.2313330701600911252e1, 6.8718700749205790830e2,
                                5.3941960214247511077e3, 2.1213794301586595867e4,
                                3.9307895800092710610e4, 2.8729085735721942674e4,
                                5.2264952788528545610e3};
    static const double C[8] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                                5.76949722146069140550e0,  3.64784832476320460504e0,
                                1.27045825245236838258e0,  2.41780725177450611770e-1,
                                2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static const double D[7] = {2.05319162663775882187e0,  1.67638483018380384940e0,
                                6.89767334985100004550e-1, 1.48103976427480074590e-1,
                                1.51986665636164571966e-2, 5.47593808499534494600e-4,
                                1.05075007164441684324e-9};
    static const double E[8] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                                1.78482653991729133580e0,  2.96560571828504891230e-1,
                                2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static const double F[7] = {5.99832206555887937690e-1, 1.36929880922735805310e-1,
                                1.48753612908506148525e-2, 7.86869131145613259100e-4,
                                1.84631831751005468180e-5, 1.42151175831644588870e-7,
                                2.04426310338993978564e-15};
    if (!(p > 0.0))
        return -HUGE_VAL;
    if (!(p < 1.0))
        return HUGE_VAL;
    double q = p - 0.5;
    if (fabs(q) <= 0.425)
        return q * ratio(A, B, 0.180625 - q * q);
    double r = sqrt(-log(q < 0 ? p : 1.0 - p));
    double z = r <= 5.0 ? ratio(C, D, r - 1.6) : ratio(E, F, r - 5.0);
    return q < 0 ? -z : z;
}

struct law law_lognormal(double mean_s, double cv)
{
    if (!(cv > 0.0))
        return (struct law){.kind = LAW_CONSTANT, .mean_s = mean_s};
    double variance = log1p(cv * cv);
    return (struct law){.kind = LAW_LOGNORMAL,
                        .mean_s = mean_s,
                        .cv = cv,
                        .mu = log(mean_s) - 0.5 * variance,
                        .sigma = sqrt(variance)};
}

struct law law_exponential(double mean_s)
{
    return (struct law){.kind = LAW_EXPONENTIAL, .mean_s = mean_s, .cv = 1.0};
}

struct law law_scaled(struct law law, double factor)
{
    law.mean_s *= factor;
    law.mu += log(factor);
    return law;
}

double law_tail(const struct law *law, double t_s)
{
    if (!(t_s > 0.0))
        return 1.0;
    switch (law->kind) {
    case LAW_EXPONENTIAL: return exp(-t_s / law->mean_s);
    case LAW_LOGNORMAL: return normal_tail((log(t_s) - law->mu) / law->sigma);
    case LAW_CONSTANT: break;
    }
    return t_s < law->mean_s ? 1.0 : 0.0;
}

double law_quantile(const struct law *law, double p)
{
    switch (law->kind) {
    case LAW_EXPONENTIAL: return -law->mean_s * log1p(-p);
    case LAW_LOGNORMAL: return exp(law->mu + law->sigma * normal_quantile(p));
    case LAW_CONSTANT: break;
    }
    return law->mean_s;
}

double split_lognormal_quantile(double low, double likely, double high, double p)
{
    double z = normal_quantile(p) / Z_P90;
    return likely * pow(z < 0 ? likely / low : high / likely, z);
}

double split_normal_quantile(double low, double likely, double high, double p)
{
    double z = normal_quantile(p) / Z_P90;
    return likely + z * (z < 0 ? likely - low : high - likely);
}

double triangular_quantile(double least, double mode, double most, double p)
{
    double span = most - least;
    if (!(span > 0.0))
        return mode;
    if (p * span <= mode - least)
        return least + sqrt(p * span * (mode - least));
    return most - sqrt((1.0 - p) * span * (most - mode));
}
