#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "latency/gamma.h"
#include "latency/law.h"
#include "latency/root.h"
#include "support/reference.h"

#include <math.h>

static void normal_law_has_its_tabulated_values(void **state)
{
    (void)state;
    /* Abramowitz and Stegun, table 26.1 and 26.5; 1.959963984540054 is the 97.5 % point. */
    assert_near("cdf(0)", normal_cdf(0.0), 0.5, 1e-15);
    assert_near("cdf(1)", normal_cdf(1.0), 0.841344746068543, 1e-14);
    assert_near("tail(5)", normal_tail(5.0), 2.866515718791939e-7, 1e-12);
    assert_near("z(0.975)", normal_quantile(0.975), 1.959963984540054, 1e-14);
    assert_near("z(0.9)", normal_quantile(0.9), 1.2815515655446004, 1e-14);
    assert_near("z(1e-10)", normal_quantile(1e-10), -6.361340902404056, 1e-12);
    assert_near("z(0.5)", normal_quantile(0.5), 0.0, 0.0);
}

static void normal_quantile_inverts_the_cdf(void **state)
{
    (void)state;
    for (double z = -8.0; z < 0.0; z += 0.0137)
        assert_near("z", normal_quantile(normal_cdf(z)), z, 1e-12);
}

static void log_gamma_meets_factorials_and_the_half(void **state)
{
    (void)state;
    /* Gamma(1/2) = sqrt(pi); Gamma(11) = 10! = 3,628,800; Gamma(21) = 20! = 2432902008176640000 */
    assert_near("half", gamma_log(0.5), 0.5 * log(3.14159265358979323846), 1e-14);
    assert_near("10!", gamma_log(11.0), log(3628800.0), 1e-14);
    assert_near("20!", gamma_log(21.0), log(2432902008176640000.0), 1e-14);
    assert_near("0!", gamma_log(1.0), 0.0, 1e-14);
}

static void incomplete_gamma_of_whole_shapes_is_a_poisson_sum(void **state)
{
    (void)state;
    /* shape 1: 1 - e^-x; shape 3: Q = e^-x (1 + x + x^2/2) */
    assert_near("P(1, 0.7)", gamma_lower(1.0, 0.7), 1.0 - exp(-0.7), 1e-14);
    assert_near("Q(3, 2)", gamma_upper(3.0, 2.0), exp(-2.0) * 5.0, 1e-14);
    assert_near("Q(3, 20)", gamma_upper(3.0, 20.0), exp(-20.0) * 221.0, 1e-13);
    assert_near("P(1/2, x) = erf(sqrt x)", gamma_lower(0.5, 0.3), erf(sqrt(0.3)), 1e-14);
}

static void gamma_quantile_inverts_in_both_tails(void **state)
{
    (void)state;
    for (double shape = 0.01; shape < 2e4; shape *= 2.7)
        for (double p = 1e-5; p < 1.0; p += 0.0473) {
            double x = gamma_quantile(shape, p);
            if (x < 1e-280)
                continue; /* below the range of doubles for small shapes */
            if (p < 0.5)
                assert_near("P", gamma_lower(shape, x), p, 1e-9);
            else
                assert_near("Q", gamma_upper(shape, x), 1.0 - p, 1e-9);
        }
    assert_near("exponential median", gamma_quantile(1.0, 0.5), log(2.0), 1e-13);
}

/* Rows as load curves ask for them, from shapes whose quantiles leave the range of doubles to a spike. */
static void rows_of_gamma_quantiles_are_those_had_one_by_one(void **state)
{
    (void)state;
    const double SHAPE[] = {0.002, 0.03, 0.4, 1.0, 7.5, 120.0, 9000.0};
    const double P[] = {0.0, 1e-6, 0.005, 0.015, 0.2, 0.2, 0.49, 0.51, 0.52, 0.9, 0.99, 0.995, 0.99999, 0.999999999};
    double row[sizeof P / sizeof *P];
    for (size_t k = 0; k < sizeof SHAPE / sizeof *SHAPE; k++) {
        gamma_quantiles(SHAPE[k], P, sizeof P / sizeof *P, row);
        for (size_t i = 0; i < sizeof P / sizeof *P; i++)
            assert_near("quantile", row[i], gamma_quantile(SHAPE[k], P[i]), 1e-10);
    }
    /* the exponential law: -ln(1 - p) */
    gamma_quantiles(1.0, P, sizeof P / sizeof *P, row);
    assert_near("p 0.2", row[4], -log(0.8), 1e-13);
    assert_near("p 0.995", row[11], -log(0.005), 1e-12);
}

static void a_gamma_quantile_over_a_guess_is_a_logarithm(void **state)
{
    (void)state;
    /* the exponential law's 99.9 % quantile is ln 1000 */
    for (double x = 0.5; x < 50; x *= 1.3)
        assert_true(fabs(gamma_quantile_over(1.0, 0.999, x) - log(log(1000.0) / x)) < 1e-11);
}

static void lognormal_law_has_the_stated_mean_and_variation(void **state)
{
    (void)state;
    struct law law = law_lognormal(3.0, 0.8);
    double sum = 0.0, squares = 0.0;
    const int n = 400000;
    for (int i = 0; i < n; i++) {
        double x = law_quantile(&law, (i + 0.5) / n);
        sum += x;
        squares += x * x;
    }
    double mean = sum / n, cv = sqrt(squares / n - mean * mean) / mean;
    assert_near("mean", mean, 3.0, 1e-4);
    assert_near("cv", cv, 0.8, 2e-3);
    assert_near("tail at the p99", law_tail(&law, law_quantile(&law, 0.99)), 0.01, 1e-12);
    struct law twice = law_scaled(law, 2.0);
    assert_near("scaled", law_quantile(&twice, 0.95), 2.0 * law_quantile(&law, 0.95), 1e-13);
}

static void constant_law_steps_at_its_value(void **state)
{
    (void)state;
    struct law law = law_lognormal(2.0, 0.0);
    assert_int_equal(law.kind, LAW_CONSTANT);
    assert_near("before", law_tail(&law, 1.999), 1.0, 0.0);
    assert_near("at", law_tail(&law, 2.0), 0.0, 0.0);
}

static void stated_ranges_are_met_at_their_three_points(void **state)
{
    (void)state;
    assert_near("p10", split_lognormal_quantile(5.0, 10.0, 40.0, 0.1), 5.0, 1e-12);
    assert_near("p50", split_lognormal_quantile(5.0, 10.0, 40.0, 0.5), 10.0, 1e-12);
    assert_near("p90", split_lognormal_quantile(5.0, 10.0, 40.0, 0.9), 40.0, 1e-12);
    assert_near("p10", split_normal_quantile(-0.2, 0.3, 1.5, 0.1), -0.2, 1e-12);
    assert_near("p50", split_normal_quantile(-0.2, 0.3, 1.5, 0.5), 0.3, 1e-12);
    assert_near("p90", split_normal_quantile(-0.2, 0.3, 1.5, 0.9), 1.5, 1e-12);
}

static void triangular_law_splits_at_its_mode(void **state)
{
    (void)state;
    /* 5, 10, 30: below the mode lies (10 - 5) / (30 - 5) = 0.2; P = (x-5)^2 / (25*5) */
    assert_near("least", triangular_quantile(5, 10, 30, 0.0), 5.0, 1e-15);
    assert_near("mode", triangular_quantile(5, 10, 30, 0.2), 10.0, 1e-15);
    assert_near("most", triangular_quantile(5, 10, 30, 1.0), 30.0, 1e-15);
    assert_near("0.05", triangular_quantile(5, 10, 30, 0.05), 5.0 + 2.5, 1e-14);
    assert_near("point", triangular_quantile(7, 7, 7, 0.3), 7.0, 0.0);
}

static double cosine_minus_x(double x, void *context)
{
    (void)context;
    return cos(x) - x;
}

static void root_finder_meets_the_fixed_point_of_the_cosine(void **state)
{
    (void)state;
    assert_near("root", root_find(cosine_minus_x, NULL, 0.0, 2.0, 1e-14), 0.7390851332151607,
                1e-13);
    /* no change of sign: the end nearer to zero */
    assert_near("end", root_find(cosine_minus_x, NULL, 1.0, 2.0, 1e-14), 1.0, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normal_law_has_its_tabulated_values),
        cmocka_unit_test(normal_quantile_inverts_the_cdf),
        cmocka_unit_test(log_gamma_meets_factorials_and_the_half),
        cmocka_unit_test(incomplete_gamma_of_whole_shapes_is_a_poisson_sum),
        cmocka_unit_test(gamma_quantile_inverts_in_both_tails),
        cmocka_unit_test(rows_of_gamma_quantiles_are_those_had_one_by_one),
        cmocka_unit_test(a_gamma_quantile_over_a_guess_is_a_logarithm),
        cmocka_unit_test(lognormal_law_has_the_stated_mean_and_variation),
        cmocka_unit_test(constant_law_steps_at_its_value),
        cmocka_unit_test(stated_ranges_are_met_at_their_three_points),
        cmocka_unit_test(triangular_law_splits_at_its_mode),
        cmocka_unit_test(root_finder_meets_the_fixed_point_of_the_cosine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
