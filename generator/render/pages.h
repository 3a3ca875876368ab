#ifndef RENDER_PAGES_H
#define RENDER_PAGES_H
/*
 * Every page, feed and chart file of the site, each a pure function: what it shows in, bytes out.
 * HTML, Markdown and XML come from the templates of the set; only SVG is drawn in C. The functions
 * append to `out`, take memory from `a`, and share `struct pages` read-only between threads. False:
 * an error stands in `d` (an unknown name in a template, a template that is not there, output past
 * the maximum); what `out` holds is then not to be used. Nothing here checks well-formedness or
 * writes files: publish/ does.
 *
 * Templates used, by name: report.html, report-single.html, report.md, index.html, prices.html,
 * price.html, changes.html, method.html, claims.html, questionnaire.html, page.html, 404.html, feed.xml,
 * sitemap.xml, and the partials that they name. The style sheet and the script are files of the
 * site of their own: templates/site.css -> site.css, templates/site.js -> site.js.
 */
#include "base/str.h"
#include "report/changes.h"
#include "report/report.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct diags;
struct model_uses;
struct report_tree;
struct strbuf;
struct templates;

/* Prose of content/pages/ that belongs to a page of the program's own: "method", "questionnaire". */
struct page_prose {
    struct str name, path, markdown; /* path: for diagnostics */
};

/* What pages need besides their own subject. One for the whole build. */
struct pages {
    const struct site *site;
    const struct templates *templates;
    struct str stylesheet; /* the bytes of site.css: the single-file report carries and hashes it */
    const struct decision_effect *effects; /* what price updates did; may be empty */
    size_t effect_count;
    const struct page_prose *prose;
    size_t prose_count;
    const struct model_uses *uses; /* filled by pages_prepare; NULL: each page works it out */
};

/* Once, when site->reports is complete and before the pages of the site: which decisions use what. */
void pages_prepare(struct pages *p, struct arena *a);

/* ---- one decision; addresses are below SLUG/ ---- */

/* What the forms of one report have in common, made by the first that needs it; NULL for one form alone. It
 * lives in the arena, which must be that of all of them. */
struct report_tree *report_tree_new(struct arena *a);

bool html_report(const struct pages *p, const struct report *r, struct report_tree *t,
                 struct arena *a, struct strbuf *out, struct diags *d); /* SLUG/index.html */
bool html_report_single(const struct pages *p, const struct report *r, struct report_tree *t,
                        struct arena *a, struct strbuf *out, struct diags *d); /* SLUG/report.html */
bool mdown_report(const struct pages *p, const struct report *r, struct report_tree *t,
                  struct arena *a, struct strbuf *out, struct diags *d); /* SLUG/report.md; `explain` too */

/* Chart files with a style of their own, for Markdown and for slides. */
enum chart_file {
    CHART_FILE_COST,        /* cost.svg: the best option of each class with intervals */
    CHART_FILE_VOLUME,      /* volume.svg: cost by requests a day */
    CHART_FILE_SENSITIVITY, /* sensitivity.svg: tornado of the margin */
    CHART_FILE_LATENCY,     /* latency.svg: p50 and p99 against the limit */
    CHART_FILE_COUNT
};

const char *chart_file_name(enum chart_file which); /* "volume.svg" */
/* False: the report has nothing to draw there (no costs, no volume, no latency); `out` untouched. */
bool chart_file_draw(const struct report *r, enum chart_file which, struct strbuf *out);

/* ---- the site ---- */

bool html_index(const struct pages *p, struct arena *a, struct strbuf *out, struct diags *d);
bool html_prices(const struct pages *p, struct arena *a, struct strbuf *out, struct diags *d);

/* Price pages, one for a service of a provider sold one way: prices/NAME.html. They come in the
 * order of the price index. */
struct price_page {
    struct str name;              /* "aws-amazon-ec2-spot": the file's name without ".html" */
    struct str provider, service; /* provider id; service as the book writes it */
    struct str purchase;          /* empty, "spot", "reserved-1y" ... */
};
size_t price_pages(const struct book *b, struct arena *a, const struct price_page **pages);
bool html_price(const struct pages *p, const struct price_page *page, struct arena *a,
                struct strbuf *out, struct diags *d);

bool html_changes(const struct pages *p, struct arena *a, struct strbuf *out, struct diags *d);
bool html_method(const struct pages *p, struct arena *a, struct strbuf *out, struct diags *d);
bool html_claims(const struct pages *p, struct arena *a, struct strbuf *out, struct diags *d);
bool html_questionnaire(const struct pages *p, struct arena *a, struct strbuf *out,
                        struct diags *d);

/*
 * A page of content/pages/NAME.md, at NAME/index.html. Its title is its first heading, or NAME where
 * it has none. `path` is for diagnostics.
 */
bool html_page(const struct pages *p, struct str name, struct str path, struct str markdown,
               struct arena *a, struct strbuf *out, struct diags *d);
bool html_404(const struct pages *p, struct arena *a, struct strbuf *out, struct diags *d);

/* Atom, the newest 100 decisions. Ids are urn:uuid, made by SHA-256 from the decision's slug and inputs
 * (entry) and the site's title (feed), so that they do not hang on base_url; without one links are
 * relative. */
bool xml_feed(const struct pages *p, struct arena *a, struct strbuf *out, struct diags *d);

/* Addresses relative to the site's root, in the order they shall stand. Needs a base_url. */
bool xml_sitemap(const struct pages *p, const struct str *addresses, size_t count, struct arena *a,
                 struct strbuf *out, struct diags *d);
#endif
