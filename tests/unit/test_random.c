#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "latency/gamma.h"
#include "latency/random.h"
#include "support/reference.h"

#include <math.h>
#include <stdlib.h>

enum {
    DRAWS = 400000
};

struct moments {
    double mean, variance;
};

static struct moments sample(double (*draw)(struct random *, double), double argument,
                             uint64_t stream)
{
    struct random r = random_stream(2024, stream);
    double sum = 0.0, squares = 0.0;
    for (int i = 0; i < DRAWS; i++) {
        double x = draw(&r, argument);
        sum += x;
        squares += x * x;
    }
    double mean = sum / DRAWS;
    return (struct moments){mean, squares / DRAWS - mean * mean};
}

/* Four standard errors of the mean; the variance gets 2 %, which is more than four of its own. */
static void check(const char *name, struct moments got, double mean, double variance)
{
    assert_near(name, got.mean, mean, 4.0 * sqrt(variance / DRAWS) / mean);
    assert_near(name, got.variance, variance, 0.02);
}

static double uniform(struct random *r, double unused)
{
    (void)unused;
    return random_uniform(r);
}

static double geometric(struct random *r, double mean)
{
    return (double)random_geometric(r, mean);
}

static double lognormal(struct random *r, double cv)
{
    struct law law = law_lognormal(2.0, cv);
    return random_law(r, &law);
}

static void draws_have_the_moments_of_their_laws(void **state)
{
    (void)state;
    check("uniform", sample(uniform, 0, 1), 0.5, 1.0 / 12);
    check("exponential", sample(random_exponential, 3.0, 2), 3.0, 9.0);
    check("gamma 0.3", sample(random_gamma, 0.3, 3), 0.3, 0.3);
    check("gamma 7", sample(random_gamma, 7.0, 4), 7.0, 7.0);
    check("Poisson 0.4", sample(random_poisson, 0.4, 5), 0.4, 0.4);
    check("Poisson 11", sample(random_poisson, 11.0, 6), 11.0, 11.0);
    check("Poisson 13", sample(random_poisson, 13.0, 7), 13.0, 13.0);
    check("Poisson 5000", sample(random_poisson, 5000.0, 8), 5000.0, 5000.0);
    /* geometric from 1 with mean m: variance m (m - 1) */
    check("geometric 3", sample(geometric, 3.0, 9), 3.0, 6.0);
    check("lognormal", sample(lognormal, 0.5, 10), 2.0, 1.0);
}

static void poisson_shares_match_the_law_on_both_sides_of_the_switch(void **state)
{
    (void)state;
    const double MEANS[] = {3.0, 11.9, 12.1, 40.0};
    for (size_t k = 0; k < 4; k++) {
        struct random r = random_stream(7, k);
        double below = 0.0;
        for (int i = 0; i < DRAWS; i++)
            below += random_poisson(&r, MEANS[k]) <= MEANS[k] ? 1.0 : 0.0;
        /* P(N <= n) = Q(n + 1, mean) */
        double want = gamma_upper(floor(MEANS[k]) + 1.0, MEANS[k]);
        assert_near("share", below / DRAWS, want, 4.0 * sqrt((1 - want) / want / DRAWS));
    }
}

static void draws_do_not_depend_on_the_machine(void **state)
{
    (void)state;
    /* worked with 64-bit integers in another language */
    struct random r = random_stream(1, 2);
    uint64_t first = random_bits(&r), second = random_bits(&r);
    assert_true(first == UINT64_C(0x0843E1EFD2F8296F));
    assert_true(second == UINT64_C(0xBB63054CCA970683));
}

static void any_draw_can_be_had_without_the_ones_before(void **state)
{
    (void)state;
    struct random r = random_stream(5, 6), fresh = r;
    for (uint64_t i = 0; i < 100; i++)
        assert_near("draw", random_uniform(&r), random_uniform_at(fresh, i), 0.0);
}

static void streams_do_not_follow_one_another(void **state)
{
    (void)state;
    struct random a = random_stream(5, 1), b = random_stream(5, 2), c = random_stream(6, 1);
    double ab = 0.0, ac = 0.0;
    for (int i = 0; i < DRAWS; i++) {
        double x = random_uniform(&a) - 0.5;
        ab += x * (random_uniform(&b) - 0.5);
        ac += x * (random_uniform(&c) - 0.5);
    }
    /* a product of two centred uniforms has standard deviation 1/12 */
    assert_true(fabs(ab / DRAWS) < 4.0 / 12 / sqrt(DRAWS));
    assert_true(fabs(ac / DRAWS) < 4.0 / 12 / sqrt(DRAWS));
}

static void latin_hypercube_fills_every_interval_once(void **state)
{
    (void)state;

    enum {
        N = 256,
        D = 5
    };

    static double out[N * D], more[N * (D + 1)];
    latin_hypercube(99, N, D, out);
    latin_hypercube(99, N, D + 1, more);
    for (size_t j = 0; j < D; j++) {
        bool seen[N] = {false};
        for (size_t i = 0; i < N; i++) {
            double u = out[i * D + j];
            assert_true(u > 0.0 && u < 1.0);
            size_t k = (size_t)(u * N);
            assert_false(seen[k]);
            seen[k] = true;
            assert_near("another input changes nothing", more[i * (D + 1) + j], u, 0.0);
        }
    }
    double product = 0.0;
    for (size_t i = 0; i < N; i++)
        product += (out[i * D] - 0.5) * (out[i * D + 1] - 0.5) * 12.0 / N;
    assert_true(fabs(product) < 4.0 / sqrt(N)); /* columns are not correlated */
}

static void seed_is_the_head_of_the_digest(void **state)
{
    (void)state;
    const unsigned char digest[8] = {0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef};
    assert_true(random_seed(digest) == UINT64_C(0x0123456789abcdef));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_have_the_moments_of_their_laws),
        cmocka_unit_test(poisson_shares_match_the_law_on_both_sides_of_the_switch),
        cmocka_unit_test(draws_do_not_depend_on_the_machine),
        cmocka_unit_test(any_draw_can_be_had_without_the_ones_before),
        cmocka_unit_test(streams_do_not_follow_one_another),
        cmocka_unit_test(latin_hypercube_fills_every_interval_once),
        cmocka_unit_test(seed_is_the_head_of_the_digest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
