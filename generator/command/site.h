#ifndef COMMAND_SITE_H
#define COMMAND_SITE_H
/*
 * Makes every file of a site: reads all questionnaires, analyses each in a worker, renders and checks
 * its files, then the pages that show them all. Files are handed to a sink one by one; what the sink
 * does with them (publish, count, nothing) is not known here. The same files come whatever the
 * number of workers; only their order differs.
 */
#include "command/inputs.h"
#include "command/project.h"
#include "publish/publication.h"

struct strbuf;

struct site_options {
    struct date as_of;            /* DATE_NONE: the book's edition */
    int jobs;                     /* 0: one worker a processor */
    bool drafts;                  /* publish drafts too */
    bool quiet;                   /* no progress */
    bool effects;                 /* find out what the last price update did to each decision */
    const struct inputs *inputs;  /* of this run; NULL: nothing is kept and nothing remembered */
    const struct published *last; /* the last publication; NULL: everything is made */
};

/* Both are called by several threads at once, with diagnostics of their own. `report` may be NULL;
 * it sees each report before its files are made. */
struct site_sink {
    void *context;
    bool (*file)(void *context, struct str path, enum publish_phase phase, struct str bytes,
                 struct diags *d);
    void (*report)(void *context, const struct report *r, struct diags *d);
    /* A file of the last publication that is still right; one thread. NULL where o->last is NULL. */
    void (*keep)(void *context, const struct published_file *file);
    /* When all is made, what the next run wants to know; it may take the bytes over. May be NULL. */
    void (*remember)(void *context, struct strbuf *record);
};

struct site_counts {
    size_t reports, drafts_left_out;
    size_t made; /* reports that were not kept from the last publication */
};

/*
 * True where the last publication is what a build would make: no input has changed and every file lies
 * there as it was published. Nothing is parsed. What the last build warned of stands in p->d again.
 */
bool site_is_current(struct project *p, const struct site_options *o, struct site_counts *counts);

/*
 * The project must have been opened; everything else is loaded here, so that one run shows the
 * mistakes of all files. False: an error stands in p->d, and some files may not have been made.
 */
bool site_make(struct project *p, const char *base_url, const struct site_options *o,
               const struct site_sink *sink, struct site_counts *counts);
#endif
