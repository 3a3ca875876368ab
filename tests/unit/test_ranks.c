/* Ranks of instances (latency/ranks.h): sums by hand, and those of the cold-start ladder. */
#include "unit/unit.h"

#include "support/reference.h"

#include "base/arena.h"
#include "latency/coldstart.h"
#include "latency/ranks.h"

#include <math.h>

/*
 * A keep-alive of 10: of the first rank's idle times 0.04 e^-1 = 0.0147152 outlast it, which leaves 0.5 - 0.147152 = 0.352848 of it
 * idle; of the second's 0.01 x 0.8 e^-0.5 = 0.00485225, leaving 0.8 - 0.0970449 = 0.702955. Within 2: 0.04 e^-0.2 = 0.0327492 leaves
 * 0.172508, and 0.008 e^-0.1 = 0.0072387 leaves 0.655226. A longer keep-alive starts fewer: -10 x (0.1 x 0.0147152 + 0.05 x 0.00485225).
 */
static void idle_times_end_with_the_keep_alive(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct ranks r = {0};
    struct rank_cut cut = {0};
    ranks_clear(&r, 2, a);
    ranks_add(&r, (struct rank){.empty = 0.5, .starts = 0.04, .share = 1, .decay = 0.1}, a);
    ranks_add(&r, (struct rank){.empty = 0.8, .starts = 0.01, .share = 0.8, .decay = 0.05}, a);
    ranks_cut(&r, 10, 2, 4, &cut, a);
    struct rank_sum none = rank_cut_at(&cut, 0), one = rank_cut_at(&cut, 1), four = rank_cut_at(&cut, 4);
    assert_near("busy", none.busy, 0.7, 1e-12);
    assert_near("started", none.started, 0.0147152 + 0.00485225, 1e-5);
    assert_near("slope", none.slope, -0.0147152 - 0.5 * 0.00485225, 1e-5);
    assert_near("idle", none.idle, 0.352848 + 0.702955, 1e-5);
    assert_near("tail", none.tail, 0.172508 + 0.655226, 1e-5);
    assert_near("started beside one", one.started, 0.00485225, 1e-5);
    assert_near("idle beside one", one.idle, 0.5 + 0.702955, 1e-5);
    assert_near("tail beside one", one.tail, 0.5 + 0.655226, 1e-5);
    assert_near("started beside four", four.started, 0, 0);
    assert_near("idle beside four", four.idle, 1.3 + 2, 1e-12);
    assert_near("tail beside four", four.tail, 1.3 + 2, 1e-12);
    /* The memory of a cut is used again, for more and for fewer. */
    ranks_cut(&r, 1e9, 0, 1, &cut, a);
    assert_near("kept for ever", rank_cut_at(&cut, 0).idle, 1.3, 1e-12);
    assert_near("nobody asks", rank_cut_at(&cut, 1).tail, 0.5, 1e-12);
    /* Sums for nobody kept alone: one kept is not known, both are, since then nothing is ever started. */
    ranks_cut(&r, 10, 2, 0, &cut, a);
    assert_true(rank_cut_knows(&cut, 0) && !rank_cut_knows(&cut, 1) && rank_cut_knows(&cut, 2));
    assert_near("idle", rank_cut_at(&cut, 0).idle, 0.352848 + 0.702955, 1e-5);
    assert_near("idle beside both", rank_cut_at(&cut, 2).idle, 1.3, 1e-12);
    arena_destroy(a);
}

static void listed_ranks_are_the_ladder_of_equal_requests(void **state)
{
    (void)state;
    struct arena *a = arena_create(), *scratch = arena_create();
    struct coldstart_ranks *ranks = coldstart_ranks_new(a);
    static const double LOAD[] = {1e-3, 0.3, 4, 44, 46, 200}, KEPT[] = {0, 1, 50};
    for (size_t i = 0; i < sizeof LOAD / sizeof *LOAD; i++) {
        struct ranks r = {0};
        struct rank_cut cut = {0};
        assert_true(coldstart_rank_list(ranks, LOAD[i], &r, a, scratch));
        for (double keepalive = 10; keepalive < 2e4; keepalive *= 12) {
            ranks_cut(&r, keepalive, 0, 1000, &cut, a);
            for (size_t k = 0; k < sizeof KEPT / sizeof *KEPT; k++) {
                struct coldstart_load l = {.rate_per_s = LOAD[i], .warm_s = 1, .cold_s = 1, .keepalive_s = keepalive, .always_on = KEPT[k]};
                struct coldstart want = coldstart_by_ranks(ranks, &l, scratch);
                struct rank_sum got = rank_cut_at(&cut, KEPT[k]);
                assert_near("cold share", got.started / LOAD[i] + 1e-9, want.p_cold + 1e-9, 1e-5);
                assert_near("idle", got.idle, want.idle, 2e-5); /* tails above 1 are cut here */
                assert_near("busy", got.busy, want.busy, 1e-6);
            }
        }
    }
    struct ranks r = {0};
    assert_false(coldstart_rank_list(ranks, 1e-6, &r, a, scratch));
    assert_false(coldstart_rank_list(ranks, 401, &r, a, scratch));
    arena_destroy(scratch);
    arena_destroy(a);
}

/*
 * Idle times of the ladder are held to the keep-alive, those of other ranks are not: of 0.5 idle, 0.04 a service and none that outlast
 * 10, 0.5 is left, where the ladder would leave 0.04 x 10 = 0.4.
 */
static void ranks_that_are_cleared_forget_the_ladder(void **state)
{
    (void)state;
    struct arena *a = arena_create(), *scratch = arena_create();
    struct ranks r = {0};
    struct rank_cut cut = {0};
    assert_true(coldstart_rank_list(coldstart_ranks_new(a), 4, &r, a, scratch));
    ranks_clear(&r, 1, a);
    ranks_add(&r, (struct rank){.empty = 0.5, .starts = 0.04, .share = 1, .decay = 5}, a);
    ranks_cut(&r, 10, 0, 1, &cut, a);
    assert_near("idle", rank_cut_at(&cut, 0).idle, 0.5, 1e-12);
    arena_destroy(scratch);
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(idle_times_end_with_the_keep_alive),
        cmocka_unit_test(listed_ranks_are_the_ladder_of_equal_requests),
        cmocka_unit_test(ranks_that_are_cleared_forget_the_ladder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
