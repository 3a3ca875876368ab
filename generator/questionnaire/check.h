#ifndef QUESTIONNAIRE_CHECK_H
#define QUESTIONNAIRE_CHECK_H
/*
 * Contradictions between answers that are each right by themselves: peak below average, p99 below
 * p50, a model larger than its memory. Ranges are compared by their likely values. Every one is an
 * error at the answer that should change, since no report can be true to both.
 */
#include "questionnaire/questionnaire.h"

struct arena;

void questionnaire_check(const struct questionnaire *q, struct arena *a, struct diags *d);
#endif
