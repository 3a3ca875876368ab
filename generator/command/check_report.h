#ifndef COMMAND_CHECK_REPORT_H
#define COMMAND_CHECK_REPORT_H
/* What `check` found, in one line, as JSON, or as JUnit XML for continuous integration. */
#include "base/str.h"
#include "publish/link_check.h"

#include <stdbool.h>
#include <stddef.h>

struct diags;
struct strbuf;

struct check_scope {
    struct str *files; /* questionnaires that were looked at */
    size_t file_count;
    size_t skus, platforms, rules;
    struct link_counts links;
    bool has_links; /* the built site was looked at */
    bool strict;    /* warnings count as errors */
};

/* `d` is sorted. */
void check_report_text(const struct check_scope *s, const struct diags *d, struct strbuf *out);
void check_report_json(const struct check_scope *s, const struct diags *d, struct strbuf *out);
/* One test case a file; a file with an error has failed. */
void check_report_junit(const struct check_scope *s, const struct diags *d, struct strbuf *out);
#endif
