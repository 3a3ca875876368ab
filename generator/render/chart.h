#ifndef RENDER_CHART_H
#define RENDER_CHART_H
/*
 * The charts of a report. One function draws each, for the page (wide and narrow) and for a file of
 * its own. What they show is also in a table or in cells beside them. A function returns false, and
 * draws nothing, where the report has nothing to show. Encodings follow the notes on the method
 * page: class by shape and colour, intervals as lines, the report's own point dotted.
 */
#include "render/svg.h"
#include "report/changes.h"
#include "report/report.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct strbuf;

/* The best option of each class: mark at the estimate, line from P10 to P90. */
bool chart_cost(struct strbuf *sb, const struct decision *d, enum chart_variant v);
/* Cost by requests a day, log-log: lines, crossings, today's point, the likely range, the cheapest. */
bool chart_volume(struct strbuf *sb, const struct decision *d, enum chart_variant v);
/* How far each input moves the margin over its likely range; zero is where the choice flips. */
bool chart_sensitivity(struct strbuf *sb, const struct decision *d, enum chart_variant v);
/* p50 and p99 of the best options against the limit; limit_ms NAN: none. */
bool chart_latency(struct strbuf *sb, const struct decision *d, double limit_ms,
                   enum chart_variant v);

/* Margins before and after a price update; effects of one edition. */
bool chart_effects(struct strbuf *sb, const struct decision_effect *effects,
                   const struct str *titles, size_t count, enum chart_variant v);

/* ---- small drawings within table rows ---- */

/* The common axis of a column of intervals, from 0 to `to`. */
struct scale chart_interval_axis(const struct decision *d, double width);
void chart_interval_head(struct strbuf *sb, const struct scale *axis, double width);
void chart_interval(struct strbuf *sb, const struct scale *axis, double width,
                    enum platform_class class, double low, double at, double high);

/* Who is cheapest over one input, with today's value, the likely range and the flip. */
void chart_flip(struct strbuf *sb, const struct sensitivity *s, enum platform_class here,
                enum platform_class beyond);

/* p50 dot and p99 mark on 0 to 7/6 of the limit; beyond it an arrow. */
void chart_latency_row(struct strbuf *sb, double p50_ms, double p99_ms, double limit_ms,
                       enum platform_class class);

/* A lean: which way and how strong; class none draws the empty axis. */
void chart_lean(struct strbuf *sb, enum platform_class toward, enum strength strength);

/* A step line of a price's history from the book's first day to `until`; own scale. */
void chart_history(struct strbuf *sb, const struct price *rows, size_t count, struct date from,
                   struct date until);
#endif
