#ifndef COMMAND_SITE_FILES_H
#define COMMAND_SITE_FILES_H
/*
 * Which files a site has, and how each is made. Every file is checked before it goes to the sink:
 * HTML, SVG and XML must be well-formed, JSON must be JSON. A fault there is ours or a template's,
 * and is an error.
 */
#include "command/site.h"
#include "render/pages.h"

struct workers;

struct site_files {
    const struct project *p;
    const struct site_sink *sink;
    struct pages pages;
};

void site_files_init(struct site_files *f, const struct project *p, const struct site_sink *sink);

/* SLUG/index.html, report.md, report.json, costs.csv, report.html and the drawings. Any thread. */
bool site_report_files(const struct site_files *f, const struct report *r, struct arena *a,
                       struct diags *d);

/* The pages of the site, feed, index.json, schemas and assets. Needs p->site.reports. Errors go to
 * p->d. */
bool site_page_files(struct site_files *f, struct workers *w);
#endif
