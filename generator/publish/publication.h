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
#include <stdint.h>

struct arena;
struct diags;
struct strbuf;
struct publication;

#define PUBLICATION_MANIFEST ".breakeven.json"

/*
 * Beside it, what the next build wants to know: name, size and sum of every file, and a record of the
 * caller's. It is bytes of our own with a sum over all of them, so that it is either what was written or not
 * there at all. It is the last file to be moved: a file that was changed later than it is looked into,
 * any other is known by its size.
 */
#define PUBLICATION_STATE ".breakeven-state"

struct published_file {
    struct str path;
    uint64_t size, sum; /* the sum finds damage and edits; it is no signature */
};

/* The last publication. Everything is in the arena that it was read into. */
struct published {
    const char *folder;
    const struct published_file *files; /* by path */
    size_t count;
    struct str record;
    int64_t changed_s; /* when the state came into place */
    long changed_ns;
};

/* False: there is none, it is damaged, of another version, or was not completed. Nothing is said. */
bool publication_last(const char *folder, struct arena *a, struct published *out);

/* Whether these files are as they were published. `scratch` is given back. Any thread. */
bool publication_intact(const struct published *last, size_t first, size_t count,
                        struct arena *scratch);

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
 * valid path, something is in the way, or staging failed; that is told once, for the first file, because
 * a disk that is full is full for all that follow.
 */
bool publication_file(struct publication *p, struct str path, enum publish_phase phase,
                      struct str bytes, struct diags *d);

/* Takes a file of the last publication as it is; the caller has found it intact. Any thread. */
void publication_keep(struct publication *p, const struct published_file *file);

/* What the next build is to know; its bytes are taken over, as they may be many, and *record is empty
 * then. Without it the next build knows nothing. */
void publication_record(struct publication *p, struct strbuf *record);

/* Moves everything into place. False: a path was given twice (nothing is published then), or the
 * system failed in the middle (the next begin goes on). `p` is gone either way. */
bool publication_finish(struct publication *p, struct publish_counts *counts, struct diags *d);
void publication_abandon(struct publication *p);
#endif
