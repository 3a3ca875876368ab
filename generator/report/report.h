#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H
/*
 * Everything that a renderer may see of one decision, and of the site that it stands in. Renderers
 * include this header and nothing behind it: they never ask the engine, the price book's loader or
 * the file system. Built by command/ (one report a questionnaire) in the report's arena.
 */
#include "base/str.h"
#include "claims/claims.h"
#include "decide/decision.h"
#include "policy/policy.h"
#include "pricing/book.h"
#include "questionnaire/questionnaire.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROGRAM_NAME "breakeven"

enum item_state {
    ITEM_OPEN,
    ITEM_DONE,
    ITEM_NOT_REQUIRED
};

struct tripwire_state {
    const struct tripwire *wire;
    bool known, tripped; /* known false: its path has no figure */
    double now;
};

struct report {
    const struct questionnaire *questionnaire;
    const struct decision *decision;
    const struct decision *shared; /* the same with the recommended Kubernetes platform's cluster there already;
                                      NULL: not asked for, not Kubernetes, or there already */
    const struct book *book;
    const struct policy *policy;
    struct str inputs_sha256, policy_sha256, version;
    struct str notes_markdown;  /* notes.md as written; empty: none */
    const enum item_state *checklist_state; /* by decision->checklist */
    const struct tripwire_state *tripwires;
    size_t tripwire_count;
    bool review_due;            /* review_by is not after the book's edition date */
    struct str superseded_by;   /* slug of the decision that supersedes this one; empty: none */
    struct str superseded_by_title;
    bool has_trace;
    struct str notes_sha256, trace_sha256; /* of what inputs_sha256 covers and the report does not hold;
                                              empty: none */
    bool as_of_given;           /* decision->as_of was asked for */
    struct date prices_day;     /* at which prices were taken: what was asked for, or the edition */
    uint64_t seed;              /* of the draws */
};

/* A price with which the recommended class changes, at half less or half more at most. */
struct price_hinge {
    struct str variable, name;
    double distance; /* change at which it flips: -0.08 is 8% less */
};

/* A decision with the cluster of its recommended platform there already. */
struct sharing {
    bool is_there; /* its answers say that the cluster is there; nothing else is known then */
    bool is_known;
    enum verdict verdict;
    enum platform_class class;
    struct str option_name;
    bool has_cost;
    struct money monthly;
};

/* What index pages, feed and sitemap keep of a report: small, so that 10,000 of them fit in memory. */
struct report_summary {
    struct str slug, title, owner;
    enum status status;
    struct date date, review_by, as_of;
    const struct str *tags;
    size_t tag_count;
    enum verdict verdict;
    enum stability stability;
    enum platform_class class;
    struct str option, platform, provider, option_name; /* chosen; empty: none */
    struct str runner_up_name;
    double monthly_usd, p10_usd, p90_usd, margin, confidence;
    struct money monthly; /* exact; known only where an option was chosen */
    bool has_cost;
    int tier; /* 0: none */
    struct str supersedes, superseded_by;
    bool review_due;
    size_t wires_tripped;
    struct str inputs_sha256;
    struct sharing sharing;
    const struct price_hinge *hinges;
    size_t hinge_count;
    const struct str *skus;  /* prices it hangs on */
    size_t sku_count;
};

struct link {
    struct str title, href; /* relative to the site's root */
};

/* site/site.json and the whole site: what page layouts may use. */
struct site {
    struct str title, organisation, base_url; /* base_url empty: none */
    struct str language, footer, confidentiality, description;
    const struct link *navigation;
    size_t navigation_count;
    const struct book *book;
    const struct policy *policy;
    const struct claims *claims; /* published claims; NULL: none */
    struct str version;
    const struct report_summary *reports; /* by slug */
    size_t report_count;
};

/* Fills a summary from a report; texts are copied into `a`. */
struct arena;
void report_summarise(const struct report *r, struct arena *a, struct report_summary *out);
#endif
