#ifndef REPORT_WORDING_H
#define REPORT_WORDING_H
/*
 * How figures and verdicts read on pages and in Markdown. One rule for each kind of number, so that
 * the same figure reads the same everywhere; JSON and CSV do not use this. All verbs append UTF-8
 * text without markup. NAN is "not known" in every one of them. The minus is U+2212, the range dash
 * U+2013. Rounding is half to even and happens once, here.
 */
#include "base/str.h"
#include "decide/decision.h"
#include "number/date.h"
#include "number/decimal.h"
#include "number/money.h"

#include <stdbool.h>
#include <stddef.h>

struct strbuf;

#define NOT_KNOWN_TEXT "not known"

/* ---- numbers ---- */

/* Groups of three digits by a comma: 15,894.9972. All digits are kept. */
void wording_decimal(struct strbuf *sb, struct decimal d);
/* Known, and not so large that nobody could use it: what the other verbs write as "not known" is not. */
bool wording_is_figure(double value);
/* Always so many decimals: 0.10, 1,234.50. */
void wording_fixed(struct strbuf *sb, double value, int decimals);
/* At most `digits` significant digits (1-6), plain, grouped: 0.0123, 62, 1,230, 11,700. */
void wording_number(struct strbuf *sb, double value, int digits);

void wording_usd(struct strbuf *sb, double usd);               /* 3 digits: $7,280; $1.53 */
void wording_usd_change(struct strbuf *sb, double usd);        /* +$1,480; −$3,120; $0 */
void wording_usd_range(struct strbuf *sb, double low, double high);    /* 2 digits: $6,000–9,300 */
void wording_usd_interval(struct strbuf *sb, double low, double high); /* "$6,000 to $9,300" */
void wording_usd_axis(struct strbuf *sb, double usd);          /* $300, $1k, $30k, $2M */
void wording_price(struct strbuf *sb, struct decimal usd);     /* exactly as published: $0.0000166667; $0.20 */

void wording_percent(struct strbuf *sb, double ratio);         /* 0.17 is 17%; 0.004 is 0.4% */
/* A margin beside others of its kind: 29.6%, 30%, −2.5%; whole from 100% on: 235%. */
void wording_margin(struct strbuf *sb, double ratio);
void wording_share(struct strbuf *sb, double share);           /* of draws: 93%, >99%, <1% */
void wording_percent_change(struct strbuf *sb, double ratio);  /* −18%; +26%; 0% */
void wording_chance(struct strbuf *sb, double probability);    /* 1.1%, "under 0.01%", "none" */

void wording_count(struct strbuf *sb, double count);           /* 540, 62k, 11.7M, 3.1B: 3 digits */
void wording_count_prose(struct strbuf *sb, double count);     /* 62,000; 11.7 million */
void wording_ms(struct strbuf *sb, double ms);                 /* 190 ms; 6,200 ms; 55 s; 4 min; 3 h */
/* The difference of two times that are written in seconds: 2.8 s, 0.05 s; from two minutes on as wording_ms. */
void wording_seconds(struct strbuf *sb, double ms);

/* "1 item", "3 items": a whole number with its noun. */
void wording_plural(struct strbuf *sb, size_t n, const char *one, const char *many);

void wording_date(struct strbuf *sb, struct date d); /* ISO, or "not known" */
/* From when a price holds: "2025-06-01", "seen 2025-06-01". */
void wording_from(struct strbuf *sb, const struct price *p);

/* ---- words ---- */

struct class_wording {
    const char *letter; /* k s m h, and n where there is none: CSS class and shape */
    const char *word;   /* "Kubernetes", "Managed endpoint" */
    const char *prose;  /* within a sentence: "Kubernetes", "a managed endpoint" */
    const char *an_option; /* at the start of one: "An option on Kubernetes" */
    const char *shape;  /* in Markdown: ■ ● ▲ ◆ */
};
const struct class_wording *class_wording(enum platform_class c);

const char *question_title(enum question q);     /* "Traffic variability" */
const char *confidence_level(double share, double high, double decided); /* "high", "moderate", "low" */
void wording_capital(struct strbuf *sb, struct str text); /* first ASCII letter in upper case */

/* ---- the verdict (wording_verdict.c) ---- */

/* The headline after the class: "Amazon EKS, m6i.large nodes", or whole for other verdicts:
 * "Too close: Amazon EKS or AWS Lambda", "No option meets every answer". */
void wording_headline(struct strbuf *sb, const struct decision *d);
/* One line for a title or a list: "Kubernetes: Amazon EKS, m6i.large nodes". */
void wording_verdict(struct strbuf *sb, const struct decision *d);

/* The sentences under the headline, one at a time, from 0; false: no such sentence. */
#define VERDICT_SENTENCES 6
bool wording_verdict_sentence(struct strbuf *sb, const struct decision *d, size_t index);

/* ---- figures in a unit (wording_unit.c) ---- */

/*
 * A figure in the unit that questionnaire fields and policy parameters name: "share" as percent,
 * "ms" as time, "request/day" as a count, "USD" as money, "list" as percent of the list price;
 * anything else as three digits and the unit.
 */
void wording_value(struct strbuf *sb, double value, struct str unit);
/* The unit of a variable: what the engine says, else that of the field or policy parameter. */
struct str wording_unit(struct str variable, struct str unit);
void wording_value_range(struct strbuf *sb, double low, double high, struct str unit);

/* ---- inputs of a decision, in theirs (wording_unit.c) ---- */

/* Does the margin at an end of its likely range differ from `now` as far as a reader could see (a tenth of
 * a percentage point), or an option break a limit there? Tables and charts leave out the others. */
bool wording_moves_margin(const struct sensitivity *s, double now);
/* Where a decision flips: "under 11.7M", "over $0.45"; "never" where it does not. */
void wording_flip(struct strbuf *sb, const struct sensitivity *s);
/* What is cheapest beyond a flip: its name with the machine that it takes there, and its class. Empty, and
 * CLASS_NONE, where there is no flip. */
struct str wording_flip_target(const struct decision *d, const struct sensitivity *s);
enum platform_class wording_flip_class(const struct decision *d, const struct sensitivity *s);
/* "now" of an input: its value, or "list" for a price multiple. */
void wording_now(struct strbuf *sb, const struct sensitivity *s);
/* A value of an input beside its bar: prices as a change, +10%; others in their unit. */
void wording_input(struct strbuf *sb, const struct sensitivity *s, double value);
void wording_input_range(struct strbuf *sb, const struct sensitivity *s); /* "0.05 to 0.30 FTE" */
/* The same for the ends of an axis: "$0.0347" without "per vCPU-hour". */
void wording_input_short(struct strbuf *sb, const struct sensitivity *s, double value);
#endif
