#ifndef COMMAND_ANALYSIS_H
#define COMMAND_ANALYSIS_H
/*
 * From the files of one decision to its report: questionnaire, notes, trace and checklist state are
 * read, the engine decides, trip-wires are evaluated. Everything lives in the given arena; the
 * project is only read, so several threads may analyse at once.
 *
 * The draws are seeded by the answers and the trace alone, so that a new status, title or review
 * date does not move a figure. inputs_sha256 covers questionnaire, notes, trace, policy and the
 * prices used.
 */
#include "command/project.h"
#include "decide/decide.h"

/* The files of a decision that are in memory already; empty: there is none. */
struct analysis_texts {
    struct str questionnaire, notes, trace, checklist;
    struct str notes_sha256; /* where the notes are known by their hash alone; empty: hash them */
};

struct override;

struct analysis_request {
    struct workload_source source;
    const struct analysis_texts *texts; /* instead of the files; NULL: they are read. The paths of
                                           `source` then only name them in messages. */
    const struct str *set;              /* --set PATH=VALUE, of answers */
    size_t set_count;
    const struct override *overrides;   /* --set of the policy's figures, the platforms' and of prices */
    size_t override_count;
    struct date as_of;     /* DATE_NONE: the book's edition */
    bool as_of_is_edition; /* as_of stands in for an edition: nobody asked for that day */
    struct str superseded_by, superseded_by_title;
};

/* Reads and checks the questionnaire alone, with `set` applied. False: an error; *out is then good for
 * workload_check_names only. */
bool analysis_read(const struct analysis_request *request, struct arena *a,
                   struct questionnaire *out, struct diags *d);

/* The whole report. Needs the project's book and policy. */
bool analyse(const struct project *p, const struct analysis_request *request, struct arena *a,
             struct report *out, struct diags *d);

/* The same; *input gets what the engine was asked, for deciding again on another day or under other
 * answers without reading anything twice. It hangs on the arena as the report does. */
bool analyse_with_input(const struct project *p, const struct analysis_request *request,
                        struct arena *a, struct report *out, struct decide_input *input,
                        struct diags *d);

/*
 * The decision again with the cluster of its recommended platform there already, for report.shared.
 * NULL where no cluster is recommended or it is there.
 */
const struct decision *analysis_share(const struct decide_input *input, const struct decision *d,
                                      struct arena *a);
#endif
