/*
 * The three efforts of the engine tell the same cost at the likely point: what a report prints (exact),
 * what searches for flips and crossings read (sweep) and what draws read (quick). Over the bundled
 * decisions, all options that hold.
 */
#include "support/engine.h"
#include "unit/unit.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "cost/tables.h"
#include "decide/candidate.h"
#include "decide/option.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static struct bench *b;

static int enter(void **state)
{
    (void)state;
    b = bench_open(NULL);
    return 0;
}

static int leave(void **state)
{
    (void)state;
    bench_close(b);
    return 0;
}

/* Options of a bundled decision, each evaluated as the report does. */
struct table {
    struct engine e;
    struct workload w;
    struct candidates candidates;
    struct arena *scratch;
};

static bool fill(const char *slug, struct table *t)
{
    struct arena *a = b->rounds;
    struct diags *d = diags_new(a);
    struct str text;
    struct questionnaire *q = arena_new(a, struct questionnaire, 1);
    const char *path = str_cstring(a, str_printf(a, "content/workloads/%s/questionnaire.json", slug));
    if (!file_read(path, a, &text, d) || !questionnaire_parse(str_of(path), text, str_of(slug), a, q, d) ||
        !workload_resolve(q, &b->policy, &b->book, NULL, a, &t->w, d))
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

static const char *const SLUGS[] = {
    "batch-inference-delays-ok", "document-ocr",  "fraud-scoring", "image-classification", "inference-10m-steady", "inference-1m-bursty",
    "llm-chatbot",               "sentiment-api", "shop-recommendations", "streaming-inference", "training-8xa100", "voice-agent",
};

static void efforts_agree(enum effort effort, double tolerance)
{
    size_t compared = 0, apart = 0;
    for (size_t i = 0; i < sizeof SLUGS / sizeof *SLUGS; i++) {
        struct table t;
        if (!fill(SLUGS[i], &t)) {
            print_message("%s has no costs\n", SLUGS[i]);
            fail();
        }
        for (size_t k = 0; k < t.candidates.count; k++) {
            struct candidate *c = &t.candidates.items[k];
            if (!c->fits || !c->priced)
                continue;
            double exact = candidate_usd(&t.e, c, t.e.base, EFFORT_EXACT);
            double other = candidate_usd(&t.e, c, t.e.base, effort);
            if (!(exact < HUGE_VAL))
                continue; /* not offered: what draws make of it is not shown */
            compared++;
            if (!(fabs(other - exact) <= tolerance * exact + 0.01)) {
                print_message("%s, %.*s: exact $%.2f, otherwise $%.2f\n", SLUGS[i], STR_ARG(c->id), exact, other);
                apart++;
            }
        }
        arena_destroy(t.scratch);
        bench_rewind(b);
    }
    assert_true(compared > 200);
    assert_int_equal(apart, 0);
}

static void sweeps_tell_the_cost_that_is_printed(void **state)
{
    (void)state;
    efforts_agree(EFFORT_SWEEP, 1e-9);
}

static void draws_tell_the_cost_that_is_printed_within_a_hundredth(void **state)
{
    (void)state;
    efforts_agree(EFFORT_QUICK, 0.01);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sweeps_tell_the_cost_that_is_printed),
        cmocka_unit_test(draws_tell_the_cost_that_is_printed_within_a_hundredth),
    };
    return cmocka_run_group_tests(tests, enter, leave);
}
