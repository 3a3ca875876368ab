#ifndef REPORT_MODEL_H
#define REPORT_MODEL_H
/*
 * What templates see: trees of finished values made from a report or from the site. Every figure in
 * them has been worded (report/wording.h), every address is relative to the page. HTML and Markdown
 * use the same tree, so they cannot differ in a figure; renderers add what is theirs (drawings, the
 * author's notes). A name is there in every tree of its kind, null where it has no value, because
 * templates are strict. templates/NAMES.md lists all names; it is made from these trees.
 */
#include "base/str.h"
#include "pricing/book.h"
#include "report/changes.h"
#include "report/report.h"
#include "report/value.h"

#include <stddef.h>

struct arena;

/* Where a page lies and what it is called. */
struct model_page {
    const char *to_root;  /* "" or "../": from the page to the site's root */
    struct str section;   /* href of the navigation entry that the page belongs to; empty: none */
    struct str title;     /* before the site's title in <title> */
    struct str description;
};

/* The root object of any page: site, page, to_root. */
struct value *model_page(const struct site *s, const struct model_page *p, struct arena *a);

/* A member of the tree that leads out of the report. */
struct model_link {
    struct value *object;
    const char *key;
    const struct value *shown, *hidden; /* in a site; where the report stands alone */
};

/* What renderers change. Rows that they add drawings to, in the order of the decision's arrays; NULL: not in
 * the tree. */
struct model_rows {
    struct value **options;     /* by option: rows of the cost table */
    struct value **latencies;   /* by option: rows of the latency table */
    struct value **flips;       /* by sensitivity */
    struct value **questions;   /* by enum question */
    struct model_link *links;
    size_t link_count, link_capacity;
};

/*
 * The tree of one report, to be set as "report" in a page's root. It is that of a page of the site: `to_root`
 * leads from there to the site's root.
 */
struct value *model_report(const struct report *r, const struct site *s, const char *to_root,
                           struct arena *a, struct model_rows *rows);
/* Whether the report stands in the site, or alone (one file, a terminal): then nothing links out of it but
 * sources. Back and forth as often as wanted, since making a tree costs more than rendering it. */
void model_place(const struct model_rows *rows, bool in_site);

/* "prices/aws-amazon-ec2.html": the price page of a SKU, from the site's root. */
struct str model_price_address(const struct sku *sku, struct arena *a);
/* The same without folder and ending. purchase: "spot" of "aws-ec2-g5.xlarge:spot", or empty. */
struct str model_price_page_name(struct str provider, struct str service, struct str purchase,
                                 struct arena *a);

/* A price in force on the book's edition day; NULL: none yet. Rows of one region stand together. */
const struct price *model_price_now(const struct price *rows, size_t count, struct date day);

/* ---- pages of the site ---- */

struct value *model_index(const struct site *s, const struct decision_effect *effects, size_t count,
                          struct arena *a, struct value ***rows); /* rows by report, NULL-able */
/*
 * Which decisions hang on which SKU: made once for a site, since ten thousand decisions hang on
 * sixty SKUs each. By position in book->skus; reports of SKU i are report[first[i]] to
 * report[first[i + 1] - 1], positions in site->reports.
 */
struct model_uses {
    const size_t *first;
    const size_t *report;
};
void model_uses_make(const struct site *s, struct arena *a, struct model_uses *out);

struct value *model_prices(const struct site *s, const struct model_uses *uses,
                           const struct edition *editions, size_t edition_count, struct arena *a);

/* What one price page holds: a service of a provider, sold one way. */
struct model_service {
    struct str provider, service, purchase; /* purchase: empty, "spot", "reserved-1y" ... */
    const struct sku *first;
    size_t sku_count;
};
size_t model_services(const struct book *b, struct arena *a, struct model_service **services);

/* One service's prices; *drawings receives an entry for each row, for the drawing of its history. */
struct model_history {
    struct value *row;
    const struct price *rows;
    size_t count;
};
struct value *model_service_page(const struct site *s, const struct model_uses *uses,
                                 const struct model_service *service,
                                 const char *to_root, struct arena *a,
                                 struct model_history **drawings, size_t *drawing_count);

/* The newest `most_editions` editions with `most_changes` changes each, those that decisions use first. */
struct value *model_changes(const struct site *s, const struct model_uses *uses,
                            const struct edition *editions, size_t edition_count, const struct decision_effect *effects,
                            size_t effect_count, size_t most_editions, size_t most_changes,
                            const char *to_root, struct arena *a);
struct value *model_method(const struct site *s, struct arena *a);
struct value *model_questionnaire(struct arena *a);
/* The published claims, recomputed at their articles' dates and at the book's edition. */
struct value *model_claims(const struct site *s, struct arena *a);
#endif
