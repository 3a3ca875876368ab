#ifndef SUPPORT_FIXTURE_H
#define SUPPORT_FIXTURE_H
/*
 * A report made by hand, for tests of what is shown: a fraud-scoring service with fifteen options
 * whose lines are charged exactly, so that they add up. The figures are illustrative; no engine is
 * behind them.
 */
#include "report/report.h"

enum fixture_kind {
    FIXTURE_DECIDED,
    FIXTURE_TOO_CLOSE,
    FIXTURE_INFEASIBLE,
    FIXTURE_UNDECIDABLE,
    FIXTURE_KINDS
};

struct arena;

/* Everything lives in `a`. */
struct report *fixture_report(enum fixture_kind kind, struct arena *a);
/* A site around it: the decision, one of each other kind, one superseded. */
struct site *fixture_site(struct arena *a);

/* Puts markup, quotes, control bytes and broken UTF-8 into every text that a person writes. */
void fixture_make_hostile(struct report *r, struct arena *a);
#define FIXTURE_HOSTILE "<script>alert(1)</script> \" ' & | ` * _ [x](javascript:a) \x01 \xff {{x}}"
#endif
