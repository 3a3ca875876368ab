/*
 * The engine tells one cost at the likely point: what a report prints (exact), what sweeps read, and what draws
 * read (cost/draw.h). Over the bundled decisions, and over loads from a hundred requests a day to a hundred billion,
 * all options that hold.
 */
#include "support/bundled.h"
#include "unit/unit.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "cost/tables.h"
#include "decide/candidate.h"
#include "decide/draws.h"
#include "decide/option.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* Options of a bundled decision, each evaluated as the report does. */
struct table {
    struct engine e;
    struct workload w;
    struct candidates candidates;
    struct arena *scratch;
};

static bool fill_text(struct str name, struct str text, struct table *t)
{
    struct arena *a = b->rounds;
    struct diags *d = diags_new(a);
    struct questionnaire *q = arena_new(a, struct questionnaire, 1);
    if (!questionnaire_parse(name, text, name, a, q, d) || !workload_resolve(q, &b->policy, &b->book, NULL, a, &t->w, d))
        return false;
    t->scratch = arena_create();
    t->e = (struct engine){.market = {.book = &b->book, .policy = &b->policy, .as_of = b->book.edition, .geography = t->w.geography},
                           .workload = &t->w, .a = a, .scratch = t->scratch};
    t->e.market.tables = tables_new(a);
    t->e.base = state_new(&t->w, a);
    t->e.state = state_new(&t->w, a);
    t->e.split = state_new(&t->w, a);
    t->e.charges.a = a;
    state_at(&t->w, NULL, true, t->e.base);
    t->candidates = (struct candidates){.a = a};
    candidates_find(&t->e, &t->candidates);
    return t->w.missing_count == 0;
}

static bool fill(const char *slug, struct table *t)
{
    struct arena *a = b->rounds;
    struct str text;
    const char *path = str_cstring(a, str_printf(a, "content/workloads/%s/questionnaire.json", slug));
    return file_read(path, a, &text, diags_new(a)) && fill_text(str_of(slug), text, t);
}

static const char *const SLUGS[] = {
    "batch-inference-delays-ok", "document-ocr",  "fraud-scoring", "image-classification", "inference-10m-steady", "inference-1m-bursty",
    "llm-chatbot",               "sentiment-api", "shop-recommendations", "streaming-inference", "training-8xa100", "voice-agent",
};

struct count {
    size_t compared, apart;
};

/* Options whose requirement holds, the report's figure against the sweeps' and the draws'. Options that are
 * not offered are left out: what is made of them is not shown. */
static void compare(struct table *t, const char *what, bool draws, double tolerance, struct count *count)
{
    for (size_t k = 0; k < t->candidates.count; k++) {
        struct candidate *c = &t->candidates.items[k];
        /* What is left above a base is a few requests: whether they need an instance kept is a jump of its whole cost. */
        if (!c->priced || (draws && c->shape == SHAPE_SPLIT))
            continue;
        double exact = candidate_usd(&t->e, c, t->e.base, EFFORT_EXACT);
        if (!(exact < HUGE_VAL) || !(exact < 1e13))
            continue;
        double other = draws ? draws_usd_at_likely(&t->e, c) : candidate_usd(&t->e, c, t->e.base, EFFORT_SWEEP);
        count->compared++;
        if (!(fabs(other - exact) <= tolerance * exact + 0.01)) {
            print_message("%s, %.*s: exact $%.2f, otherwise $%.2f (%+.2f %%)\n", what, STR_ARG(c->id), exact, other, 100 * (other / exact - 1));
            count->apart++;
        }
    }
}

static void over_bundled(bool draws, double tolerance)
{
    struct count count = {0, 0};
    for (size_t i = 0; i < sizeof SLUGS / sizeof *SLUGS; i++) {
        struct table t;
        if (!fill(SLUGS[i], &t)) {
            print_message("%s has no costs\n", SLUGS[i]);
            fail();
        }
        compare(&t, SLUGS[i], draws, tolerance, &count);
        arena_destroy(t.scratch);
        bench_rewind(b);
    }
    assert_true(count.compared > 200);
    assert_int_equal(count.apart, 0);
}

static void sweeps_tell_the_cost_that_is_printed(void **state)
{
    (void)state;
    over_bundled(false, 1e-9);
}

/* Draws look at 16 pieces of the month instead of 96: whole machines round a little differently. */
static void draws_tell_the_cost_that_is_printed_within_two_hundredths(void **state)
{
    (void)state;
    over_bundled(true, 0.02);
}

/* Every platform's way of serving, over all loads that may be asked; in the middle the pools are a few
 * replicas, at the end the cold-start tables are left far behind. */
static void draws_tell_the_cost_that_is_printed_at_every_load(void **state)
{
    (void)state;
    static const double CONCURRENCY[] = {1, 80}, BURST[] = {0, 8};
    struct count count = {0, 0};
    for (double per_day = 1e2; per_day < 2e11; per_day *= 10)
        for (int i = 0; i < 2; i++)
            for (int k = 0; k < 2; k++) {
                char members[400], burst[40] = "", what[80];
                if (BURST[k] > 0)
                    snprintf(burst, sizeof burst, ", 'burst': %g", BURST[k]);
                snprintf(members, sizeof members,
                         "'answers': {'latency': {'p99_ms': 4000}, 'traffic': {'requests_per_day': %.17g%s}}, "
                         "'models': [{'memory_mb': 1024, 'duration_ms': 180, 'size_mb': 60, 'concurrency': %g}]",
                         per_day, burst, CONCURRENCY[i]);
                snprintf(what, sizeof what, "%g a day, %g at once, burst %g", per_day, CONCURRENCY[i], BURST[k]);
                struct table t;
                assert_true(fill_text(STR("loads"), bench_text(b, members), &t));
                compare(&t, what, true, 0.01, &count);
                arena_destroy(t.scratch);
                bench_rewind(b);
            }
    assert_true(count.compared > 1000);
    assert_int_equal(count.apart, 0);
}

/* Options of a table: what bounds their cost, against the cost itself. */
static void check_least(struct table *t, const char *what, struct count *count)
{
    for (size_t k = 0; k < t->candidates.count; k++) {
        struct candidate *c = &t->candidates.items[k];
        if (!c->priced)
            continue;
        double least = candidate_usd(&t->e, c, t->e.base, EFFORT_LEAST), exact = candidate_usd(&t->e, c, t->e.base, EFFORT_EXACT);
        count->compared += least < exact ? 1 : 0; /* where they are alike nothing was left out */
        if (!(least <= exact * (1 + 1e-9))) {
            print_message("%s, %.*s: at least $%.4f, exact $%.4f\n", what, STR_ARG(c->id), least, exact);
            count->apart++;
        }
    }
}

/* The cheapest of one class, or of all but one. */
static double cheapest(const struct candidates *list, enum platform_class class, bool others)
{
    double best = HUGE_VAL;
    for (size_t i = 0; i < list->count; i++)
        if ((list->items[i].class == class) != others)
            best = fmin(best, list->items[i].usd);
    return best;
}

static void check_same(double few, double all, const char *what, int class, bool others, struct count *count)
{
    count->compared += all < HUGE_VAL;
    if (few < all || few > all) {
        print_message("%s: %s class %d: a search finds $%.4f, costing everything $%.4f\n", what, others ? "all but" : "of", class, few, all);
        count->apart++;
    }
}

/* Costing everything, against searches that leave out what cannot be the cheapest. */
static void check_search(struct table *t, const char *what, struct count *count)
{
    struct arena *a = b->rounds;
    struct engine e = t->e;
    e.is_search = true;
    struct candidates all = {.a = a};
    candidates_find(&e, &all);
    e.watched = arena_new(a, bool, b->book.platform_count * PURCHASE_COUNT + 2);
    struct candidates few = {.a = a};
    candidates_find(&e, &few);
    for (int k = 0; k < CLASS_HYBRID; k++)
        check_same(cheapest(&few, (enum platform_class)k, false), cheapest(&all, (enum platform_class)k, false), what, k, false, count);
    check_same(cheapest(&few, CLASS_NONE, true), cheapest(&all, CLASS_NONE, true), what, CLASS_NONE, true, count);
    e.is_duel = true;
    for (int k = 0; k < CLASS_HYBRID; k++) {
        e.own = (enum platform_class)k;
        struct candidates duel = {.a = a};
        candidates_find(&e, &duel);
        check_same(cheapest(&duel, e.own, false), cheapest(&all, e.own, false), what, k, false, count);
        check_same(cheapest(&duel, e.own, true), cheapest(&all, e.own, true), what, k, true, count);
    }
    t->e.charges = e.charges; /* its room may have grown */
}

static double between(uint64_t *seed, double low, double high)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return low * pow(high / low, (double)(*seed >> 11) * 0x1p-53);
}

/* The bundled decisions, and random workloads over nine decades of volume, with bursts, schedules, limits, several
 * requests at once, and some with a second model. */
static void over_many(int random, void (*check)(struct table *t, const char *what, struct count *count))
{
    static const char *const KINDS[] = {"realtime", "async", "batch"};
    struct count count = {0, 0};
    for (size_t i = 0; i < sizeof SLUGS / sizeof *SLUGS; i++) {
        struct table t;
        assert_true(fill(SLUGS[i], &t));
        check(&t, SLUGS[i], &count);
        arena_destroy(t.scratch);
        bench_rewind(b);
    }
    uint64_t seed = 20261122;
    for (int i = 0; i < random; i++) {
        char members[800], what[300], more[200] = "";
        double per_day = between(&seed, 1, 1e9), ms = between(&seed, 5, 60000), burst = between(&seed, 0.2, 30), at_once = floor(between(&seed, 0.3, 100));
        if (burst > 1)
            snprintf(more, sizeof more, ", 'burst': %.3g", burst);
        else if (burst < 0.3)
            snprintf(more, sizeof more, ", 'periodic_s': %.4g", between(&seed, 60, 86400));
        snprintf(members, sizeof members,
                 "'answers': {'latency': {'p99_ms': %.4g}, 'traffic': {'requests_per_day': %.17g, 'peak_rps': %.17g%s}}, "
                 "'models': [{'kind': '%s', 'memory_mb': %.4g, 'duration_ms': %.4g, 'size_mb': %.4g, 'concurrency': %g}%s]",
                 ms * between(&seed, 3, 300), per_day, per_day / 86400 * between(&seed, 1.01, 60), more, KINDS[i % 5 < 3 ? 0 : i % 5 - 2],
                 between(&seed, 128, 30000), ms, between(&seed, 1, 5000), fmax(at_once, 1),
                 i % 4 == 3 ? ", {'memory_mb': 6000, 'duration_ms': 90, 'size_mb': 800, 'kind': 'async'}" : "");
        snprintf(what, sizeof what, "workload %d, %.4g a day of %.4g ms, burst %.3g, %g at once", i, per_day, ms, burst, at_once);
        struct table t;
        if (fill_text(STR("random"), bench_text(b, members), &t)) {
            check(&t, what, &count);
            arena_destroy(t.scratch);
        }
        bench_rewind(b);
    }
    assert_true(count.compared > 1000);
    assert_int_equal(count.apart, 0);
}

/* Searches leave out what costs at least as much as another does: the bound must be one. */
static void nothing_costs_less_than_its_bound(void **state)
{
    (void)state;
    over_many(300, check_least);
}

static void a_search_finds_what_costing_everything_finds(void **state)
{
    (void)state;
    over_many(300, check_search);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sweeps_tell_the_cost_that_is_printed),
        cmocka_unit_test(draws_tell_the_cost_that_is_printed_within_two_hundredths),
        cmocka_unit_test(draws_tell_the_cost_that_is_printed_at_every_load),
        cmocka_unit_test(nothing_costs_less_than_its_bound),
        cmocka_unit_test(a_search_finds_what_costing_everything_finds),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
