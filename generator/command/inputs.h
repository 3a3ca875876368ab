#ifndef COMMAND_INPUTS_H
#define COMMAND_INPUTS_H
/*
 * What a build depends on, as hashes of bytes: nothing is parsed, no times of files are looked at. They
 * are taken before the build reads the same files, so that a file that changes in between is built
 * again the next time, never missed.
 */
#include "command/project.h"
#include "number/date.h"

#define INPUT_HASH 32

struct input_hash {
    unsigned char bytes[INPUT_HASH];
};

struct inputs {
    /* What every report hangs on: program, options, templates, site.json, policy, claims, and the price
     * book without the prices. */
    struct input_hash common;
    struct input_hash prices;           /* files of the price book's prices/ */
    struct input_hash pages;            /* what only pages of the site hang on */
    const struct input_hash *workloads; /* every file of the decision's folder; by p->workloads */
};

/* Lists p->workloads too. False: something cannot be read; loading it will say what. */
bool inputs_read(struct project *p, const char *base_url, struct date as_of, bool drafts, int jobs,
                 struct inputs *out);

bool input_hash_equal(const struct input_hash *a, const struct input_hash *b);
#endif
