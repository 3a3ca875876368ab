#include "command/check.h"

#include "assess/lint.h"
#include "base/arena.h"
#include "base/diag.h"
#include "base/option.h"
#include "base/strbuf.h"
#include "command/analysis.h"
#include "command/check_report.h"
#include "command/console.h"
#include "command/site.h"
#include "command/status.h"
#include "command/today.h"
#include "publish/link_check.h"
#include "source/json.h"

#include <string.h>

struct check_settings {
    const char *format, *today, *pricing, *policy, *out, *as_of;
    int jobs;
    bool strict, site, quiet, help;
};

/* ---- what is due --------------------------------------------------------------------------------
 */

/* Decisions that nobody follows any more are not reviewed. */
static bool is_in_force(enum status status)
{
    return status == STATUS_PROPOSED || status == STATUS_ACCEPTED;
}

static struct where place_of(const struct questionnaire *q, const char *key)
{
    const struct json *value = q->root ? json_find(q->root, key) : NULL;
    return value ? json_where(value) : q->where;
}

static void warn_of_review(const struct questionnaire *q, struct date today, struct diags *d)
{
    struct strbuf text = STRBUF_INIT;
    if (date_is_none(q->review_by) || date_compare(q->review_by, today) > 0)
        return;
    date_add(&text, q->review_by);
    diag_warning(d, place_of(q, "review_by"), "look at the report again and set a new date",
                 "the review was due on %s", text.s);
    strbuf_release(&text);
}

static void warn_of_wires(const struct report *r, struct diags *d)
{
    for (size_t i = 0; i < r->tripwire_count; i++) {
        const struct tripwire_state *s = &r->tripwires[i];
        struct strbuf now = STRBUF_INIT;
        if (!s->known) {
            diag_warning(d, s->wire->where, NULL,
                         "the trip-wire \"%.*s\" cannot be tested: the figure is not known",
                         STR_ARG(s->wire->text));
        } else if (s->tripped) {
            strbuf_add_double(&now, s->now, 6);
            diag_warning(d, s->wire->where, "look at the decision again",
                         "the trip-wire \"%.*s\" has tripped: it is %s", STR_ARG(s->wire->text),
                         now.s);
        }
        strbuf_release(&now);
    }
}

static void look_at(void *context, const struct report *r, struct diags *d)
{
    const struct date *today = context;
    const struct questionnaire *q = r->questionnaire;
    if (q->status == STATUS_SUPERSEDED && r->superseded_by.n == 0)
        diag_warning(d, place_of(q, "status"), "name this one in its \"supersedes\"",
                     "is superseded, but no decision supersedes it");
    if (q->status != STATUS_SUPERSEDED && r->superseded_by.n > 0)
        diag_warning(d, place_of(q, "status"), "set the status to \"superseded\"",
                     "\"%.*s\" supersedes this decision", STR_ARG(r->superseded_by));
    if (!is_in_force(q->status))
        return;
    warn_of_review(q, *today, d);
    warn_of_wires(r, d);
}

static bool drop_file(void *context, struct str path, enum publish_phase phase, struct str bytes,
                      struct diags *d)
{
    (void)context;
    (void)path;
    (void)phase;
    (void)bytes;
    (void)d;
    return true;
}

/* ---- the command --------------------------------------------------------------------------------
 */

/* Only these decisions. */
static void check_some(struct project *p, const struct check_settings *s, const char **workloads,
                       size_t count, struct date *today, struct check_scope *scope)
{
    bool ok = project_load_book(p);
    ok = project_load_policy(p) && ok;
    scope->files = arena_new(p->a, struct str, count);
    for (size_t i = 0; i < count; i++) {
        struct analysis_request request = {.as_of = DATE_NONE};
        struct report report;
        struct questionnaire q;
        if (s->as_of)
            date_parse(str_of(s->as_of), &request.as_of);
        if (!project_find_workload(p, workloads[i], &request.source))
            continue;
        const char *path = request.source.questionnaire;
        scope->files[scope->file_count++] = path ? str_of(path) : STR("standard input");
        if (!ok) {
            analysis_read(&request, p->a, &q, p->d);
        } else if (analyse(p, &request, p->a, &report, p->d)) {
            report.superseded_by = STR(""); // the other decisions have not been read
            if (is_in_force(report.questionnaire->status)) {
                warn_of_review(report.questionnaire, *today, p->d);
                warn_of_wires(&report, p->d);
            }
        }
    }
}

static void check_all(struct project *p, const struct check_settings *s, struct date *today,
                      struct check_scope *scope)
{
    struct site_options o = {
        .as_of = DATE_NONE, .jobs = s->jobs, .drafts = true, .quiet = s->quiet};
    struct site_sink sink = {.context = today, .file = drop_file, .report = look_at};
    struct site_counts counts;
    if (s->as_of)
        date_parse(str_of(s->as_of), &o.as_of);
    site_make(p, NULL, &o, &sink, &counts);
    scope->files = arena_new(p->a, struct str, p->workload_count);
    for (size_t i = 0; i < p->workload_count; i++)
        scope->files[scope->file_count++] = str_of(p->workloads[i].questionnaire);
}

static int check(struct project *p, const struct check_settings *s, const char **workloads,
                 size_t count)
{
    struct check_scope scope = {0};
    struct date today;
    if (!today_find(s->today, &today))
        return console_misused("check", STR("SOURCE_DATE_EPOCH is not a number of seconds"),
                               STR("unset it, or give --today YYYY-MM-DD"));
    if (count > 0)
        check_some(p, s, workloads, count, &today, &scope);
    else
        check_all(p, s, &today, &scope);
    struct lint lint;
    if (diags_errors(p->d) == 0)
        lint_policy(&p->policy, s->strict, p->a, &lint, p->d);
    if (s->site)
        links_check(s->out, p->a, &scope.links, p->d);
    scope.skus = p->book.sku_count;
    scope.platforms = p->book.platform_count;
    scope.rules = p->policy.rule_count;
    scope.has_links = s->site;
    scope.strict = s->strict;
    struct strbuf out = STRBUF_INIT;
    int status;
    diags_sort(p->d);
    if (strcmp(s->format, "text") == 0) {
        status = console_report(p->d, s->strict, s->quiet);
        if (!s->quiet)
            check_report_text(&scope, p->d, &out);
    } else {
        status = console_status(p->d, s->strict);
        if (strcmp(s->format, "json") == 0)
            check_report_json(&scope, p->d, &out);
        else
            check_report_junit(&scope, p->d, &out);
    }
    status = console_put(strbuf_str(&out), status);
    strbuf_release(&out);
    return status;
}

int command_check(int argc, char **argv)
{
    struct check_settings s = {.format = "text", .out = "site/public"};
    const struct option_row options[] = {
        {0,   "format",  OPTION_CHOICE, &s.format,  "text|json|junit", "how the result is written (default text)"                },
        {0,   "strict",  OPTION_FLAG,   &s.strict,  NULL,              "warnings are errors"                                     },
        {0,   "today",   OPTION_DATE,   &s.today,   "YYYY-MM-DD",      "the day for review dates (default: SOURCE_DATE_EPOCH, else the clock)"},
        {0,   "site",    OPTION_FLAG,   &s.site,    NULL,              "also follow the links of the built site"                 },
        {0,   "out",     OPTION_STRING, &s.out,     "DIR",             "where the built site is (default site/public)"           },
        {0,   "as-of",   OPTION_DATE,   &s.as_of,   "YYYY-MM-DD",      "use the prices of that day (default: the book's edition)"},
        {0,   "pricing", OPTION_STRING, &s.pricing, "DIR",             "the price book (default pricing/)"                       },
        {0,   "policy",  OPTION_STRING, &s.policy,  "FILE",            "the policy (default content/policy/policy.json)"         },
        {'j', "jobs",    OPTION_COUNT,  &s.jobs,    "N",               "worker threads (default: one a processor)"               },
        {'q', "quiet",   OPTION_FLAG,   &s.quiet,   NULL,              "only errors"                                             },
        {'h', "help",    OPTION_FLAG,   &s.help,    NULL,              "this help"                                               },
        {0},
    };
    struct arena *a = arena_create();
    const char **operands = arena_new(a, const char *, (size_t)argc);
    size_t count;
    int status = EXIT_USAGE;
    if (option_parse("check", argc, argv, options, operands, &count, a)) {
        struct project p;
        if (s.help) {
            console_help("check [OPTIONS] [WORKLOAD...]",
                         "Validates questionnaires, prices, policy and templates; writes nothing. "
                         "With WORKLOAD,\nonly those decisions.",
                         options);
            status = EXIT_DONE;
        } else {
            project_open(&p, a, diags_new(a));
            p.pricing = s.pricing;
            p.policy_file = s.policy;
            status = check(&p, &s, operands, count);
        }
    }
    arena_destroy(a);
    return status;
}
