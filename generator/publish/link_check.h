#ifndef PUBLISH_LINK_CHECK_H
#define PUBLISH_LINK_CHECK_H
/*
 * Do the links of a published site lead anywhere? Reads every page of a folder and finds links to
 * files that are not there, links to a place in a page that has no such id, ids that stand twice,
 * addresses that only work on a server (folders, addresses from the root), pages that nothing
 * leads to, and pages that load something from elsewhere. Links to other hosts are not followed.
 */
#include <stdbool.h>
#include <stddef.h>

struct arena;
struct diags;

struct link_counts {
    size_t pages, links;
};

/* False: an error in `d`, one for every fault, at its place in the page. */
bool links_check(const char *folder, struct arena *a, struct link_counts *counts, struct diags *d);
#endif
