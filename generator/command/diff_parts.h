#ifndef COMMAND_DIFF_PARTS_H
#define COMMAND_DIFF_PARTS_H
/*
 * Private to command/diff*.c. Two sides are compared; each is a price book on a day, a policy and a
 * folder of questionnaires. What changed is put in place one at a time, in the order of enum cause,
 * and the decision is computed after each: the steps add up to the whole change exactly, because
 * every cost is a sum of integers (struct money). Within the step of prices, the lines of the option
 * that was recommended are priced anew one by one; what is left are the quantities that the new
 * prices lead to, and the choice of another option.
 */
#include "command/project.h"
#include "decide/decision.h"
#include "number/money.h"

struct worker;
struct workers;

enum cause { /* in the order of putting in place */
    CAUSE_PROGRAM,
    CAUSE_POLICY,
    CAUSE_ANSWERS,
    CAUSE_PRICES,
    CAUSE_COUNT
};

const char *cause_word(enum cause c);

struct diff_side {
    struct project p; /* book and policy */
    struct date day;  /* of the prices */
    const char *site; /* folder of a published site, whose reports are the side; NULL: none */
    struct str label; /* as messages call it: "2026-07-20", "main, prices of 2026-07-20" */
    struct workload_source *workloads; /* by slug */
    size_t workload_count;
};

/* What a decision comes to on one side. */
struct outcome {
    bool is_there; /* false: there is no such decision on this side */
    enum verdict verdict;
    enum stability stability;
    enum platform_class class;
    struct str option, name, runner_up; /* id; names as a reader knows them; empty: none */
    bool has_cost, has_runner_up_cost;
    struct money monthly, runner_up_monthly;
    double margin; /* NAN: not known */
};

/* A price that moved the cost of the option that was recommended. */
struct price_effect {
    struct str sku, region, unit, item;
    struct decimal quantity, before, after; /* of the unit, before */
    struct money change;                    /* quantity x (after - before) */
};

enum movement {
    MOVED_NOT, /* less than a cent, less than a point of margin, the same option */
    MOVED_CHANGED,
    MOVED_FLIPPED, /* another class is recommended, or the verdict is another */
    MOVED_ADDED,
    MOVED_REMOVED
};

const char *movement_word(enum movement m);

struct decision_diff {
    struct str slug, title;
    bool is_compared; /* in force on either side, and computed on both */
    enum movement movement;
    struct outcome before, after;
    bool has_change; /* both costs are known; the amounts below are 0 otherwise */
    struct money change, by_cause[CAUSE_COUNT];
    bool is_cause[CAUSE_COUNT];  /* that input differs */
    struct price_effect *prices; /* largest first */
    size_t price_count;
    struct money quantities, choice; /* the rest of the step of prices */
    struct money past;               /* by prices of the past that the book has otherwise by now */
    bool is_with_policy;             /* the step of the program is the policy's, too */
    bool is_lumped;                  /* the published answers cannot be computed any more: program,
                                        policy and answers are one step */
    struct str kept_name;            /* the option recommended before that step */
    bool is_kept_gone;               /* that option may not be chosen at the new prices */
    struct diags *d;                 /* what was found; NULL: nothing */
};

struct changed_price {
    const struct sku *sku;
    struct str region;
    const struct price *before, *after; /* NULL: there was, or is, none */
    double ratio;                       /* after over before, minus 1; NAN */
};

struct diff {
    struct arena *a;
    struct diff_side before, after;
    struct project mixed; /* the new policy with the old prices */
    bool drafts, is_same_folder, is_same_policy;
    struct decision_diff *decisions; /* by slug */
    size_t count, compared, flips, moved;
    struct money change;             /* sum over the decisions whose cost is known on both sides */
    struct changed_price *prices;    /* by SKU and region */
    size_t price_count, prices_paid; /* paid: by a recommended option */
};

/* A published report as one side of a decision, and what its answers are to be computed from.
 * `trace`: the measured trace of the project, empty where there is none. False: there is none, or it
 * cannot be read. (diff_published.c) */
struct published;
struct analysis_texts;
bool diff_published(const char *site, struct str slug, struct arena *a, struct published *out,
                    struct outcome *outcome, struct str *title, enum status *status,
                    struct diags *d);
bool diff_published_texts(const struct published *published, struct str trace, struct arena *a,
                          struct analysis_texts *out);

/* What the lines of the published option cost more at the prices that the book has by now for the same
 * day: 0 unless its past was corrected. */
struct money diff_corrected_past(const struct published *published, struct str option,
                                 const struct book *book);

/* Fills decisions and sums; everything lives in the arenas of `w` and of the diff. */
void diff_compute(struct diff *diff, struct workers *w, bool quiet);
void diff_prices(struct diff *diff); /* the list of changed prices; after diff_compute */

void diff_text(const struct diff *diff, struct strbuf *out);
void diff_markdown(const struct diff *diff, struct strbuf *out);
void diff_json(const struct diff *diff, struct strbuf *out);

/* ---- wording, shared by text and Markdown ---- */

/* Where a part of a decision's change comes from. The amounts of all rows add up to the change. */
struct diff_row {
    enum cause cause;
    struct str detail;
    struct money change;
};

size_t diff_rows(const struct decision_diff *x, struct arena *a, struct diff_row **rows);

/* The one sentence: how many flip, and what the recommended options cost more or less. */
void diff_sentence(const struct diff *diff, struct strbuf *out);
/* The order in which inputs were put in place, in a sentence. */
void diff_order(const struct diff *diff, struct strbuf *out);
void diff_add_change(struct strbuf *out, struct money change); /* exact: +$12.30, −$0.05, $0 */
/* "$1.2345", or "$1.2345 to $0.9 by amount" for tiers, or "none" */
void diff_add_price(struct strbuf *out, const struct price *p);
bool diff_is_listed(const struct decision_diff *x);
/* A cent or more, either way: less is not said to have moved. */
bool diff_is_cent(struct money change);
#endif
