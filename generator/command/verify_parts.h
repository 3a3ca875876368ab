#ifndef COMMAND_VERIFY_PARTS_H
#define COMMAND_VERIFY_PARTS_H
/* Private to command/verify*.c: what was published, and how it differs from what was computed. */
#include "base/diag.h"
#include "base/str.h"
#include "number/date.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct json;

/* A published report, as far as it could be read. */
struct published {
    const struct json *report;  /* report.json; NULL: a page that stands alone */
    const struct json *inputs;  /* its member `inputs` */
    struct str page, page_path; /* HTML; empty: none was given */
    bool is_single;             /* the page is report.html */
    const char *folder;         /* in which it lies */
    struct str slug, superseded_by, policy_sha256, program, notes_sha256, trace_sha256;
    struct str checklist; /* as checklist.json has it */
    struct date day;      /* of the prices */
    bool day_was_asked_for;
};

/* `path`: report.json, SLUG/index.html, report.html, or the folder that holds them. */
bool published_read(const char *path, struct arena *a, struct published *out, struct diags *d);

/* The first place where they part. */
struct difference {
    struct str where;               /* "options.3.lines.2.usd", or the words before it on a page */
    struct str label;               /* "aws-lambda, requests"; may be empty */
    struct str published, computed; /* as text; "absent" */
};

/* Member by member in the order of the published one, but for what stands on the clock of another
 * edition. *compared counts the values. False: they differ. */
bool compare_reports(const struct json *published, const struct json *computed, bool same_program,
                     struct arena *a, size_t *compared, struct difference *out);

/* The figures in title, description and text of <main>, in order. `without_notes`: the author's
 * context is left out.
 * Drawings count by the text in them. False: they differ. */
bool compare_pages(struct str published, struct str computed, bool without_notes, struct arena *a,
                   size_t *compared, struct difference *out);
#endif
