#ifndef COMMAND_MEMORY_H
#define COMMAND_MEMORY_H
/*
 * What a build remembers for the next one: the hashes of its inputs, and of every decision what the
 * pages of the site show and what was said about its files. Kept in the state of the publication
 * (publish/publication.h), read back into structs whose texts lie in the record.
 */
#include "command/inputs.h"
#include "report/changes.h"
#include "report/report.h"

struct strbuf;

/* A warning, with its place but without the text of its file. */
struct remembered_diag {
    struct str path, message, hint;
    uint64_t severity, offset, length;
    bool has_text;
};

struct remembered {
    struct input_hash files;  /* of its folder */
    struct input_hash prices; /* of the prices that it may hang on */
    struct str slug, title, supersedes;
    enum status status;
    bool is_made; /* a report was published; else what follows is empty */
    struct str geography;
    bool all_providers;
    const struct str *providers;
    size_t provider_count;
    struct str superseded_by, superseded_by_title;
    struct report_summary summary;
    bool has_effect;
    struct decision_effect effect;
    struct remembered_diag *diags;
    size_t diag_count;
};

struct memory {
    struct input_hash common, prices, pages;
    struct remembered *items; /* by slug */
    size_t count;
};

void memory_write(const struct memory *m, struct strbuf *out);
/* False: not what memory_write of this program wrote. */
bool memory_read(struct str record, struct arena *a, struct memory *out);
#endif
