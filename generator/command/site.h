#ifndef COMMAND_SITE_H
#define COMMAND_SITE_H
/*
 * Makes every file of a site: reads all questionnaires, analyses each in a worker, renders and checks
 * its files, then the pages that show them all. Files are handed to a sink one by one; what the sink
 * does with them (publish, count, nothing) is not known here. The same files come whatever the
 * number of workers; only their order differs.
 */
#include "command/project.h"
#include "publish/publication.h"

struct site_options {
    struct date as_of; /* DATE_NONE: the book's edition */
    int jobs;          /* 0: one worker a processor */
    bool drafts;       /* publish drafts too */
    bool quiet;        /* no progress */
    bool effects;      /* find out what the last price update did to each decision */
};

/* Both are called by several threads at once, with diagnostics of their own. `report` may be NULL;
 * it sees each report before its files are made. */
struct site_sink {
    void *context;
    bool (*file)(void *context, struct str path, enum publish_phase phase, struct str bytes,
                 struct diags *d);
    void (*report)(void *context, const struct report *r, struct diags *d);
};

struct site_counts {
    size_t reports, drafts_left_out;
};

/*
 * The project must have been opened; everything else is loaded here, so that one run shows the
 * mistakes of all files. False: an error stands in p->d, and some files may not have been made.
 */
bool site_make(struct project *p, const char *base_url, const struct site_options *o,
               const struct site_sink *sink, struct site_counts *counts);
#endif
