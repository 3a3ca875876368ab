#ifndef SUPPORT_ENGINE_H
#define SUPPORT_ENGINE_H
/*
 * A bench for the engine: a price book and the bundled policy, loaded once, and decisions of
 * questionnaires that stand in the test. Questionnaires are written as the members of the object,
 * with ' for " (no figure of a workload holds an apostrophe), so that they read in C:
 *
 *     bench_decide(b, "'answers': {...}, 'models': [...]")
 *
 * What is found lives until bench_rewind or bench_close. Figures that a test checks are worked by
 * hand in the test.
 */
#include "decide/decide.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct bench {
    struct arena *a;      /* the book and the policy */
    struct arena *rounds; /* decisions */
    struct book book;
    struct policy policy;
    struct date as_of; /* DATE_NONE: the book's edition */
};

/* NULL `pricing`: the bundled book. Fails the test where something cannot be loaded. */
struct bench *bench_open(const char *pricing);
void bench_close(struct bench *b);
void bench_rewind(struct bench *b); /* forgets the decisions */

/* "'x': 1" -> {"format": ..., "title": ..., "x": 1} */
struct str bench_text(struct bench *b, const char *members);
/* NULL where the questionnaire or the workload is in error; bench_decide fails the test then. */
const struct decision *bench_try(struct bench *b, struct str text);
const struct decision *bench_decide(struct bench *b, const char *members);
const struct decision *bench_decidef(struct bench *b, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* By id, or the first (cheapest feasible) whose id starts with `id` and a colon. NULL: none. */
const struct option *bench_option_find(const struct decision *d, const char *id);
const struct option *bench_option(const struct decision *d, const char *id); /* must exist */
/* Lines whose item starts with `item`. */
const struct line *bench_line(const struct option *o, const char *item); /* must exist */
double bench_item_usd(const struct option *o, const char *item);         /* their sum; 0: none */
double bench_quantity(const struct option *o, const char *item);         /* their sum; 0: none */
const struct violation *bench_violation(const struct option *o, const char *limit); /* NULL: none */
double bench_usd(const struct option *o);                                           /* monthly */

/* Equal to half a cent's hundredth, or to 1e-9 of large figures; prints both. */
#define assert_usd(got, want) bench_assert_usd((got), (want), #got, __FILE__, __LINE__)
void bench_assert_usd(double got, double want, const char *what, const char *file, int line);
#endif
