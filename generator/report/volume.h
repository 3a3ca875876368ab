#ifndef REPORT_VOLUME_H
#define REPORT_VOLUME_H
/*
 * Reading the cost-by-volume sweep: over which volumes does one option stay the cheapest, and how is
 * that said. Used by the chart, its caption and its description, so that they cannot differ.
 */
#include "decide/decision.h"

#include <stddef.h>

struct strbuf;

struct volume_run {
    int option; /* -1: no option is feasible there */
    double from, to; /* requests a day */
};
#define VOLUME_RUNS ((size_t)24)

size_t volume_runs(const struct decision *d, struct volume_run runs[VOLUME_RUNS]);
/* Grid points worth showing: thirty times below and above all that happens (today, the changes). */
void volume_view(const struct decision *d, size_t *first, size_t *last);
/* "AWS Lambda is cheapest up to 11.7 million requests a day, Amazon EKS above". With many changes it
 * speaks of classes: "Serverless is cheapest up to 19 million requests a day, Kubernetes above; within a
 * class the cheapest option changes 6 times". */
void volume_finding(struct strbuf *sb, const struct decision *d);
/* The part of an option's name before its first comma; "Hybrid" for hybrids, whose names are long. */
struct str option_short_name(const struct option *o);
#endif
