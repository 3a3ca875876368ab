#include "command/explain.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/option.h"
#include "base/strbuf.h"
#include "command/analysis.h"
#include "command/console.h"
#include "command/explain_text.h"
#include "command/status.h"
#include "number/decimal.h"
#include "render/escape.h"
#include "render/json_report.h"
#include "render/pages.h"
#include "workload/workload.h"

#include <string.h>

struct explain_settings {
    const char *format, *as_of, *pricing, *policy, *base_url;
    struct option_list set;
    int jobs;
    bool drafts, quiet, verbose, help;
};

/*
 * Who supersedes the decision. Only files in which its name and the word stand are parsed, so that
 * a large project costs little more than the reading; what is wrong in them is not said here.
 */
static void find_successor(struct project *p, struct analysis_request *request)
{
    struct diags *ignored = diags_new(p->a);
    struct project other = *p;
    struct str quoted = str_printf(p->a, "\"%.*s\"", STR_ARG(request->source.slug));
    other.d = ignored;
    if (!file_is_folder("content/workloads") || !project_list_workloads(&other))
        return;
    for (size_t i = 0; i < other.workload_count; i++) {
        struct analysis_request candidate = {.source = other.workloads[i], .as_of = DATE_NONE};
        struct questionnaire q;
        struct str text;
        bool missing;
        struct arena_mark mark = arena_mark(p->a);
        if (!file_read_optional(candidate.source.questionnaire, p->a, &text, &missing, ignored) ||
            str_find(text, STR("supersedes")) == text.n || str_find(text, quoted) == text.n) {
            if (diags_count(ignored) == 0)
                arena_rewind(p->a, mark);
            continue;
        }
        if (analysis_read(&candidate, p->a, &q, ignored) && q.status != STATUS_DRAFT &&
            str_equal(q.supersedes.text, request->source.slug)) {
            request->superseded_by = q.slug;
            request->superseded_by_title = q.title;
        }
    }
}

static bool render(struct project *p, const struct explain_settings *s, const struct report *r,
                   struct strbuf *out)
{
    if (strcmp(s->format, "json") == 0) {
        json_report(r, out);
        return true;
    }
    if (strcmp(s->format, "markdown") == 0) {
        if (!project_load_site(p, s->base_url) || !project_load_templates(p))
            return false;
        struct pages pages = {
            .site = &p->site, .templates = p->templates, .stylesheet = p->stylesheet};
        return mdown_report(&pages, r, NULL, p->a, out, p->d);
    }
    struct strbuf raw = STRBUF_INIT;
    explain_text(r, s->verbose, p->a, &raw);
    escape_controls(out, strbuf_str(&raw)); // titles and prose are anyone's
    strbuf_release(&raw);
    return true;
}

/* Splits --set into answers and figures of the policy. False: a value is no number. */
static bool split_settings(const struct explain_settings *s, struct project *p,
                           struct analysis_request *request)
{
    struct str *set = arena_new(p->a, struct str, s->set.count);
    struct override *overrides = arena_new(p->a, struct override, s->set.count);
    bool ok = true;
    for (size_t i = 0; i < s->set.count; i++) {
        struct str text = str_of(s->set.items[i]), path, value;
        struct decimal number;
        if (!str_cut(text, '=', &path, &value) || !workload_is_override(path)) {
            set[request->set_count++] = text;
            continue;
        }
        struct override *o = &overrides[request->override_count++];
        struct str label = str_printf(p->a, "--set %.*s", STR_ARG(path));
        struct where where = {.path = label, .text = value, .offset = 0, .length = value.n};
        bool is_number = decimal_parse(value, &number);
        if (is_number)
            *o = (struct override){path, decimal_double(number), where};
        else
            diag_error(p->d, where, NULL, "%.*s must be a number", STR_ARG(path));
        ok = ok && is_number;
    }
    request->set = set;
    request->overrides = overrides;
    return ok;
}

static int explain(struct project *p, const struct explain_settings *s, const char *workload)
{
    struct analysis_request request = {.as_of = DATE_NONE};
    struct strbuf out = STRBUF_INIT;
    struct report report;
    bool ok = split_settings(s, p, &request);
    ok = project_find_workload(p, workload, &request.source) && ok;
    if (s->as_of)
        date_parse(str_of(s->as_of), &request.as_of);
    bool is_loaded = project_load_book(p);
    is_loaded = project_load_policy(p) && is_loaded;
    if (ok && !is_loaded) { // show what is wrong with the questionnaire too
        struct questionnaire q;
        analysis_read(&request, p->a, &q, p->d);
    }
    ok = ok && is_loaded;
    if (ok && request.source.questionnaire)
        find_successor(p, &request);
    ok = ok && analyse(p, &request, p->a, &report, p->d) && render(p, s, &report, &out);
    int status = console_report(p->d, false, s->quiet);
    if (ok)
        status = console_put(strbuf_str(&out), status);
    strbuf_release(&out);
    return status;
}

/* What --set takes besides answers; completions read it too. */
static int list_figures(void)
{
    struct strbuf out = STRBUF_INIT;
    const char *path, *name;
    strbuf_adds(&out,
                "\nFigures that --set takes besides answers; those of platforms are multiples:\n");
    for (size_t i = 0; (path = workload_override_path(i, &name)) != NULL; i++)
        strbuf_addf(&out, "  %-30s  %s\n", path, name);
    int status = console_put(strbuf_str(&out), EXIT_DONE);
    strbuf_release(&out);
    return status;
}

int command_explain(int argc, char **argv)
{
    struct explain_settings s = {.format = "text"};
    const struct option_row options[] = {
        {0, "format", OPTION_CHOICE, &s.format, "text|markdown|json",
         "how it is written (default text)"},
        {0, "set", OPTION_LIST, &s.set, "PATH=VALUE",
         "override one answer, or one of the figures below; may be given again"},
        {0, "as-of", OPTION_DATE, &s.as_of, "YYYY-MM-DD",
         "use the prices of that day (default: the book's edition)"},
        {0, "pricing", OPTION_STRING, &s.pricing, "DIR", "the price book (default pricing/)"},
        {0, "policy", OPTION_STRING, &s.policy, "FILE",
         "the policy (default content/policy/policy.json)"},
        {0, "base-url", OPTION_STRING, &s.base_url, "URL", "as for build"},
        {0, "drafts", OPTION_FLAG, &s.drafts, NULL, "as for build; drafts are always explained"},
        {'j', "jobs", OPTION_COUNT, &s.jobs, "N", "as for build; one decision takes one thread"},
        {'q', "quiet", OPTION_FLAG, &s.quiet, NULL, "no warnings"},
        {'v', "verbose", OPTION_FLAG, &s.verbose, NULL,
         "text: all options with their lines, all assumptions"},
        {'h', "help", OPTION_FLAG, &s.help, NULL, "this help"},
        {0},
    };
    struct arena *a = arena_create();
    const char **operands = arena_new(a, const char *, (size_t)argc);
    size_t count;
    int status = EXIT_USAGE;
    if (option_parse("explain", argc, argv, options, operands, &count, a)) {
        struct project p;
        if (s.help) {
            console_help("explain [OPTIONS] WORKLOAD",
                         "Shows one decision with its reasons. WORKLOAD is a slug below "
                         "content/workloads/, a\npath to a questionnaire, or - for standard input.",
                         options);
            status = list_figures();
        } else if (count != 1) {
            status = console_misused("explain", STR("takes one workload"),
                                     STR("a slug below content/workloads/, a path, or -"));
        } else {
            project_open(&p, a, diags_new(a));
            p.pricing = s.pricing;
            p.policy_file = s.policy;
            status = explain(&p, &s, operands[0]);
        }
    }
    arena_destroy(a);
    return status;
}
