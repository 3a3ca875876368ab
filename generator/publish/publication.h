#ifndef PUBLISH_PUBLICATION_H
#define PUBLISH_PUBLICATION_H
/*
 * Publishing a site: all of it or nothing, and every file whole at any moment.
 *
 *   begin     locks the site's folder against a second build, completes what a killed build left
 *   file      once for every file of the new site: the ones that differ are staged in a folder
 *             beside the site (".NAME.breakeven-staged" beside NAME); equal ones are not touched
 *   finish    writes the plan of moves into the staged folder, renames every staged file into
 *             place in the order of their phases, then removes the files of the last publication
 *             that are no longer part of the site
 *   abandon   (instead of finish) removes what was staged: the site is as it was
 *
 * Killed before the plan is written, the next begin drops what was staged; killed after it, the next
 * begin goes on where the moves stopped. The old site is never deleted first.
 *
 * PUBLICATION_MANIFEST in the site lists its files. It marks a folder as made by this program (a
 * folder with other content is refused without `force`), and only files that it lists are ever
 * removed: what someone else put there stays.
 */
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct diags;
struct publication;

#define PUBLICATION_MANIFEST ".breakeven.json"

/* Files become visible in this order: a page never links to what is not yet there. */
enum publish_phase {
    PUBLISH_ASSET,  /* style sheets, scripts, schemas */
    PUBLISH_REPORT, /* what lies below a decision's folder */
    PUBLISH_PAGE,   /* the site's other pages */
    PUBLISH_INDEX   /* index, feed, sitemap: they lead to the rest */
};

struct publish_counts {
    size_t files, changed, removed;
};

/* NULL, with a diagnostic: a folder that is not ours, another build at work, or the system failed.
 * The publication lives in memory of its own until finish or abandon. */
struct publication *publication_begin(const char *folder, bool force, struct diags *d);

/*
 * Takes one file of the new site. Any thread may call it, with diagnostics of its own. False: no
 * valid path, something is in the way, or staging failed.
 */
bool publication_file(struct publication *p, struct str path, enum publish_phase phase,
                      struct str bytes, struct diags *d);

/* Moves everything into place. False: a path was given twice (nothing is published then), or the
 * system failed in the middle (the next begin goes on). `p` is gone either way. */
bool publication_finish(struct publication *p, struct publish_counts *counts, struct diags *d);
void publication_abandon(struct publication *p);
#endif
