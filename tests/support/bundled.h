#ifndef SUPPORT_BUNDLED_H
#define SUPPORT_BUNDLED_H
/*
 * What every group of tests on the bundled price book begins with: `b` is its bench, one of the program that
 * includes this (a test has no other way to reach it from its own helpers).
 *
 *     cmocka_unit_test_setup(a_test, again), ...
 *     return cmocka_run_group_tests(tests, enter, leave);
 */
#include "support/engine.h"

static struct bench *b;

static inline int enter(void **state)
{
    (void)state;
    b = bench_open(NULL);
    return 0;
}

static inline int leave(void **state)
{
    (void)state;
    bench_close(b);
    return 0;
}

/* The decisions of the test before are forgotten, and its day. */
static inline int again(void **state)
{
    (void)state;
    bench_rewind(b);
    b->as_of = DATE_NONE;
    return 0;
}
#endif
