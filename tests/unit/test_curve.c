#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "latency/curve.h"
#include "latency/gamma.h"
#include "support/reference.h"

#include <math.h>

static double mean_of(const struct load_curve *c)
{
    double sum = 0.0;
    for (size_t i = 0; i < CURVE_POINTS; i++)
        sum += c->rps[i];
    return sum / CURVE_POINTS;
}

/* The promises of the header, for any curve. */
static void check(const struct load_curve *c, double mean)
{
    assert_near("mean", mean_of(c), mean, 1e-9);
    for (size_t i = 0; i < CURVE_POINTS; i++) {
        assert_true(c->rps[i] >= 0.0 && c->rps[i] <= c->peak_rps * (1.0 + 1e-15));
        assert_true(i == 0 || c->rps[i] >= c->rps[i - 1]);
    }
}

static void volume_is_exact_and_the_peak_is_never_passed(void **state)
{
    (void)state;
    const double CV[] = {-1.0, 0.0, 0.1, 0.6, 2.0, 9.0}, PEAK[] = {0.0, 10.5, 15.0, 30.0, 900.0};
    const double IDLE[] = {0.0, 0.003, 0.25, 0.66, 0.95}, MIN[] = {0.0, 4.0};
    for (size_t a = 0; a < 6; a++)
        for (size_t b = 0; b < 5; b++)
            for (size_t i = 0; i < 5; i++)
                for (size_t m = 0; m < 2; m++) {
                    struct curve_input in = {.mean_rps = 10.0,
                                             .cv = CV[a],
                                             .peak_rps = PEAK[b],
                                             .idle_share = IDLE[i],
                                             .min_rps = MIN[m],
                                             .default_peak_to_mean = 3.0};
                    struct load_curve c = curve_fit(&in);
                    check(&c, 10.0);
                    assert_true(c.rps[0] >= MIN[m]);
                }
}

static void exponential_hours_follow_their_quantiles(void **state)
{
    (void)state;
    /* cv 1 without idle hours: gamma of shape 1, the exponential law. Midpoint k: -ln(1 - (k+1/2)/96),
     * rescaled by the mean of these 96 numbers. */
    struct curve_input in = {.mean_rps = 2.0, .cv = 1.0, .peak_rps = 1000.0};
    struct load_curve c = curve_fit(&in);
    double sum = 0.0;
    for (int k = 0; k < 96; k++)
        sum += -log(1.0 - (k + 0.5) / 96);
    assert_near("first", c.rps[0], -log(1.0 - 0.5 / 96) * 2.0 * 96 / sum, 1e-9);
    assert_near("middle", c.rps[48], -log(1.0 - 48.5 / 96) * 2.0 * 96 / sum, 1e-9);
    assert_near("last", c.rps[95], -log(1.0 - 95.5 / 96) * 2.0 * 96 / sum, 1e-9);
    assert_int_equal(c.basis, CURVE_BY_VARIATION);
    assert_near("cv", c.cv, 1.0, 0.05); /* 96 points cut off the last half percent */
}

static void idle_hours_take_their_share_of_the_variation(void **state)
{
    (void)state;
    /* half the time idle: busy mean 2 x 10; variance between the halves = 100 = (cv 1)^2 x mean^2, so
     * cv 1 is reached with constant busy hours */
    struct curve_input in = {.mean_rps = 10.0, .cv = 1.0, .idle_share = 0.5, .peak_rps = 100.0};
    struct load_curve c = curve_fit(&in);
    check(&c, 10.0);
    assert_near("idle", c.rps[47], 0.0, 0.0);
    assert_near("busy", c.rps[48], 20.0, 0.05);
    assert_near("busy", c.rps[95], 20.0, 0.05);
    assert_false(c.cv_unreached);
    in.cv = 0.5;
    c = curve_fit(&in);
    assert_true(c.cv_unreached);
}

static void peak_alone_is_the_last_thousandth(void **state)
{
    (void)state;
    /* exponential hours: the 99.9 % quantile is ln(1000) = 6.907755 times the mean */
    struct curve_input in = {.mean_rps = 1.0, .cv = -1.0, .peak_rps = 6.907755278982137};
    struct load_curve c = curve_fit(&in);
    assert_int_equal(c.basis, CURVE_BY_PEAK);
    struct curve_input same = {.mean_rps = 1.0, .cv = 1.0, .peak_rps = 6.907755278982137};
    struct load_curve d = curve_fit(&same);
    for (size_t i = 0; i < CURVE_POINTS; i++)
        assert_near("same law", c.rps[i], d.rps[i], 1e-6);
}

static void the_shape_of_a_peak_gives_that_peak(void **state)
{
    (void)state;
    /* The inverse: a law of known variation (shape 1 / cv^2) has this 99.9 % quantile over its mean; told as a peak, it
     * gives the law back, from one that is nearly a spike to one with three hours of traffic a month. */
    for (double shape = 0.004; shape < 9000; shape *= 2.7) {
        double peak = gamma_quantile(shape, 0.999) / shape;
        struct curve_input by_peak = {.mean_rps = 1.0, .cv = -1.0, .peak_rps = peak};
        struct curve_input by_cv = {.mean_rps = 1.0, .cv = 1 / sqrt(shape), .peak_rps = peak};
        struct load_curve c = curve_fit(&by_peak), d = curve_fit(&by_cv);
        for (size_t i = 0; i < CURVE_POINTS; i++)
            assert_true(fabs(c.rps[i] - d.rps[i]) <= 1e-9 * d.peak_rps);
    }
}

static void nothing_known_takes_the_default_ratio(void **state)
{
    (void)state;
    struct curve_input in = {.mean_rps = 5.0, .cv = -1.0, .default_peak_to_mean = 3.0};
    struct load_curve c = curve_fit(&in);
    check(&c, 5.0);
    assert_int_equal(c.basis, CURVE_BY_DEFAULT);
    assert_near("peak", c.peak_rps, 15.0, 1e-6);
}

static void contradictions_keep_the_volume_and_are_named(void **state)
{
    (void)state;
    struct curve_input in = {.mean_rps = 10.0, .cv = 0.5, .peak_rps = 6.0};
    struct load_curve c = curve_fit(&in);
    check(&c, 10.0);
    assert_true(c.peak_raised);
    in = (struct curve_input){.mean_rps = 10.0, .cv = -1.0, .peak_rps = 12.0, .idle_share = 0.5};
    c = curve_fit(&in);
    check(&c, 10.0);
    assert_true(c.idle_reduced);
    assert_near("peak stays", c.rps[95], 12.0, 1e-12);
}

static void no_traffic_is_a_flat_zero(void **state)
{
    (void)state;
    struct curve_input in = {.mean_rps = 0.0, .cv = 1.0};
    struct load_curve c = curve_fit(&in);
    assert_near("mean", mean_of(&c), 0.0, 0.0);
}

static void measured_bins_keep_total_and_peak(void **state)
{
    (void)state;
    /* 7 bins over 96 points: bins do not divide the points */
    double bins[7] = {5, 0, 1, 9, 2, 2, 30};
    struct load_curve c = curve_from_bins(bins, 7);
    check(&c, 7.0);
    assert_near("peak", c.peak_rps, 30.0, 0.0);
    assert_near("idle", c.idle_share, 1.0 / 7, 1e-12);
    assert_near("quiet", c.rps[0], 0.0, 0.0);
    assert_near("busy", c.rps[95], 30.0, 1e-12);
    /* point 13 covers 13 x 7/96 = 0.9479 to 1.0208 of the sorted bins 0, 1, 2, 2, 5, 9, 30 */
    assert_near("shared", c.rps[13], (2.0 / 96) / (7.0 / 96), 1e-9);
    double one[1] = {4.0};
    c = curve_from_bins(one, 1);
    check(&c, 4.0);
    double many[1000];
    for (int i = 0; i < 1000; i++)
        many[i] = (i * 37) % 1000;
    c = curve_from_bins(many, 1000);
    check(&c, 499.5);
}

static void scaling_keeps_the_shape(void **state)
{
    (void)state;
    struct curve_input in = {.mean_rps = 10.0, .cv = 0.7, .peak_rps = 60.0};
    struct load_curve c = curve_fit(&in), d = curve_scaled(&c, 2.5);
    check(&d, 25.0);
    assert_near("peak", d.peak_rps, 150.0, 1e-12);
    assert_near("cv", d.cv, c.cv, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(volume_is_exact_and_the_peak_is_never_passed),
        cmocka_unit_test(exponential_hours_follow_their_quantiles),
        cmocka_unit_test(idle_hours_take_their_share_of_the_variation),
        cmocka_unit_test(peak_alone_is_the_last_thousandth),
        cmocka_unit_test(the_shape_of_a_peak_gives_that_peak),
        cmocka_unit_test(nothing_known_takes_the_default_ratio),
        cmocka_unit_test(contradictions_keep_the_volume_and_are_named),
        cmocka_unit_test(no_traffic_is_a_flat_zero),
        cmocka_unit_test(measured_bins_keep_total_and_peak),
        cmocka_unit_test(scaling_keeps_the_shape),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
