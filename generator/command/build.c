#include "command/build.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/option.h"
#include "base/strbuf.h"
#include "command/console.h"
#include "command/site.h"
#include "command/status.h"
#include "render/escape.h"

#include <stdio.h>

static bool publish_file(void *context, struct str path, enum publish_phase phase, struct str bytes,
                         struct diags *d)
{
    return publication_file(context, path, phase, bytes, d);
}

static void keep_file(void *context, const struct published_file *file)
{
    publication_keep(context, file);
}

static void remember(void *context, struct strbuf *record)
{
    publication_record(context, record);
}

static void plural(struct strbuf *out, size_t count, const char *word)
{
    strbuf_addf(out, "%zu %s%s", count, word, count == 1 ? "" : "s");
}

/* "14 reports, 152 files: 3 changed" */
static void summarise(struct strbuf *out, const struct site_counts *site,
                      const struct publish_counts *published)
{
    plural(out, site->reports, "report");
    if (site->made > 0 && site->made < site->reports)
        strbuf_addf(out, " (%zu made again)", site->made);
    strbuf_adds(out, ", ");
    plural(out, published->files, "file");
    if (published->changed + published->removed == 0)
        strbuf_adds(out, ": nothing changed");
    else
        strbuf_addf(out, ": %zu changed", published->changed);
    if (published->removed > 0)
        strbuf_addf(out, ", %zu removed", published->removed);
    if (site->drafts_left_out > 0) {
        strbuf_adds(out, "; ");
        plural(out, site->drafts_left_out, "draft");
        strbuf_adds(out, " left out");
    }
    strbuf_addc(out, '\n');
}

/* Where the figures come from, to standard error. */
static void say_sources(const struct project *p)
{
    struct strbuf line = STRBUF_INIT, safe = STRBUF_INIT;
    strbuf_addf(&line, "prices: %.*s, edition ", STR_ARG(p->book.folder));
    date_add(&line, p->book.edition);
    const char *policy = p->policy_file ? p->policy_file : project_policy_path(p, "policy.json");
    strbuf_addf(&line, ", %zu SKUs, %zu platforms\npolicy: %s, sha256 %.*s\n", p->book.sku_count,
                p->book.platform_count, policy, STR_ARG(p->policy.sha256));
    if (p->defaults)
        strbuf_addf(&line, "defaults: %s\n", p->defaults);
    escape_controls(&safe, strbuf_str(&line));
    fwrite(safe.s, 1, safe.n, stderr);
    strbuf_release(&line);
    strbuf_release(&safe);
}

bool build_site(const struct build_settings *s, struct arena *a, struct diags *d,
                struct strbuf *summary, bool *changed)
{
    struct site_options o = {.as_of = DATE_NONE,
                             .jobs = s->jobs,
                             .drafts = s->drafts,
                             .quiet = s->quiet,
                             .effects = true};
    struct site_counts site;
    struct publish_counts published;
    struct published last = {0};
    struct inputs inputs;
    struct project p;
    *changed = true;
    project_open(&p, a, d);
    p.pricing = s->pricing;
    p.policy_file = s->policy;
    if (s->as_of)
        date_parse(str_of(s->as_of), &o.as_of);
    if (!project_list_workloads(&p)) // no project: nothing is made where it would lie
        return false;
    if (inputs_read(&p, s->base_url, o.as_of, o.drafts, o.jobs, &inputs))
        o.inputs = &inputs;
    if (!s->rebuild && publication_last(s->out, a, &last))
        o.last = &last;
    if (site_is_current(&p, &o, &site)) {
        *changed = false;
        published = (struct publish_counts){.files = last.count - 1}; // without the manifest
        summarise(summary, &site, &published);
        if (s->verbose && project_load_book(&p) && project_load_policy(&p))
            say_sources(&p);
        return diags_errors(d) == 0;
    }
    struct publication *publication = publication_begin(s->out, s->force, d);
    if (!publication)
        return false;
    struct site_sink sink = {
        .context = publication, .file = publish_file, .keep = keep_file, .remember = remember};
    bool ok = site_make(&p, s->base_url, &o, &sink, &site);
    if (ok)
        ok = publication_finish(publication, &published, d);
    else
        publication_abandon(publication);
    if (ok && s->verbose)
        say_sources(&p);
    if (ok)
        summarise(summary, &site, &published);
    return ok;
}

static int build(const struct build_settings *s, struct arena *a)
{
    struct diags *d = diags_new(a);
    struct strbuf summary = STRBUF_INIT;
    bool changed, ok = build_site(s, a, d, &summary, &changed);
    int status = console_report(d, false, s->quiet);
    if (ok && !s->quiet)
        status = console_put(strbuf_str(&summary), status);
    strbuf_release(&summary);
    return status;
}

int command_build(int argc, char **argv)
{
    struct build_settings s = {.out = BUILD_OUT};
    const struct option_row options[] = {
        {0, "out", OPTION_STRING, &s.out, "DIR",
         "where the site is written (default " BUILD_OUT ")"},
        {0, "as-of", OPTION_DATE, &s.as_of, "YYYY-MM-DD",
         "use the prices of that day (default: the book's edition)"},
        {0, "pricing", OPTION_STRING, &s.pricing, "DIR", "the price book (default pricing/)"},
        {0, "policy", OPTION_STRING, &s.policy, "FILE",
         "the policy (default content/policy/policy.json)"},
        {0, "base-url", OPTION_STRING, &s.base_url, "URL",
         "where the site will be read, for feed and sitemap"},
        {0, "drafts", OPTION_FLAG, &s.drafts, NULL, "publish drafts too"},
        {0, "force", OPTION_FLAG, &s.force, NULL, "publish into a folder that holds other files"},
        {0, "rebuild", OPTION_FLAG, &s.rebuild, NULL, "make every report again, changed or not"},
        {'j', "jobs", OPTION_COUNT, &s.jobs, "N", "worker threads (default: one a processor)"},
        {'q', "quiet", OPTION_FLAG, &s.quiet, NULL, "only errors"},
        {'v', "verbose", OPTION_FLAG, &s.verbose, NULL, "say where prices and policy come from"},
        {'h', "help", OPTION_FLAG, &s.help, NULL, "this help"},
        {0},
    };
    struct arena *a = arena_create();
    const char **operands = arena_new(a, const char *, (size_t)argc);
    size_t count;
    int status = EXIT_USAGE;
    if (option_parse("build", argc, argv, options, operands, &count, a)) {
        if (s.help) {
            console_help("build [OPTIONS]", "Builds the site from questionnaires and prices.",
                         options);
            status = EXIT_DONE;
        } else if (count > 0) {
            status = console_misused("build", str_printf(a, "takes no '%s'", operands[0]),
                                     STR("all decisions are built; 'explain' shows a single one"));
        } else {
            status = build(&s, a);
        }
    }
    arena_destroy(a);
    return status;
}
