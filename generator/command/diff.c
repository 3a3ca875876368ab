#include "command/diff.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/option.h"
#include "base/strbuf.h"
#include "command/console.h"
#include "command/diff_parts.h"
#include "command/status.h"
#include "command/workers.h"
#include "render/escape.h"
#include "source/json.h"

#include <string.h>

struct diff_settings {
    const char *from, *to, *base, *as_of, *format, *fail_on, *pricing, *policy, *base_url;
    int jobs;
    bool drafts, quiet, verbose, help;
};

/* ---- the two sides ------------------------------------------------------------------------------
 */

static struct str day_text(struct arena *a, struct date day)
{
    struct strbuf sb = STRBUF_INIT;
    date_add(&sb, day);
    struct str text = strbuf_copy(&sb, a);
    strbuf_release(&sb);
    return text;
}

static struct date day_of(const char *option, struct date otherwise)
{
    struct date day = otherwise;
    if (option)
        date_parse(str_of(option), &day); // checked when options were read
    return day;
}

/* Folders of questionnaires below another project's folder. */
static bool list_below(struct project *p, const char *root, struct diff_side *side)
{
    const char *folder = path_join(p->a, root, "content/workloads");
    struct str *names;
    size_t count;
    if (!file_list(folder, p->a, &names, &count, p->d))
        return false;
    side->workloads = arena_new(p->a, struct workload_source, count);
    for (size_t i = 0; i < count; i++) {
        const char *own = path_join(p->a, folder, str_cstring(p->a, names[i]));
        if (names[i].s[0] != '.' && file_is_folder(own))
            side->workloads[side->workload_count++] = (struct workload_source){
                names[i], path_join(p->a, own, "questionnaire.json"), own};
    }
    return true;
}

/* The side that is the project as it stands. */
static bool load_after(struct diff *diff, const struct diff_settings *s)
{
    struct project *p = &diff->after.p;
    p->pricing = s->pricing;
    p->policy_file = s->policy;
    bool ok = project_load_book(p);
    ok = project_load_policy(p) && ok;
    ok = project_list_workloads(p) && ok;
    diff->after.workloads = p->workloads;
    diff->after.workload_count = p->workload_count;
    diff->after.day = day_of(s->to ? s->to : s->as_of, p->book.edition);
    return ok;
}

/* The same project at the prices of another day. */
static void take_before(struct diff *diff, const struct diff_settings *s)
{
    diff->before = diff->after;
    diff->before.day = day_of(s->from, DATE_NONE);
    diff->before.label = day_text(diff->a, diff->before.day);
    diff->after.label = day_text(diff->a, diff->after.day);
    diff->is_same_folder = diff->is_same_policy = true;
}

static const char *below_if_there(struct arena *a, const char *root, const char *name)
{
    const char *path = path_join(a, root, name);
    return file_exists(path) ? path : NULL;
}

/* A whole path says where the folder lay on some machine, which is no reader's business. */
static struct str base_label(const char *base, struct date day, struct arena *a)
{
    struct str name = base[0] == '/' ? path_base(str_of(base)) : STR("");
    if (name.n == 0)
        name = str_of(base);
    return str_printf(a, "%.*s (prices of %.*s)", STR_ARG(name), STR_ARG(day_text(a, day)));
}

/* Another pricing folder, or another project: what it has of prices, policy and questionnaires. */
static bool load_base(struct diff *diff, const struct diff_settings *s)
{
    struct arena *a = diff->a;
    struct diff_side *side = &diff->before;
    struct project *p = &side->p;
    bool is_pricing = file_exists(path_join(a, s->base, "book.json"));
    const char *pricing = is_pricing ? s->base : below_if_there(a, s->base, "pricing");
    const char *policy = below_if_there(a, s->base, "content/policy/policy.json");
    const char *content = below_if_there(a, s->base, "content/workloads");
    if (!pricing && !policy && !content) {
        diag_error(p->d, where_file(str_of(s->base)),
                   "a pricing folder, another project folder, or a published site",
                   "there are neither prices nor questionnaires");
        return false;
    }
    if (content && p->defaults) { // what that project has not of its own is not taken from this one
        const char *installed = below_if_there(a, p->defaults, "pricing");
        p->pricing_under = pricing ? installed : NULL;
        if (!pricing)
            pricing = installed;
        if (!policy)
            policy = below_if_there(a, p->defaults, "content/policy/policy.json");
    }
    p->pricing = pricing ? pricing : s->pricing;
    p->policy_file = policy ? policy : s->policy;
    bool ok = project_load_book(p);
    ok = project_load_policy(p) && ok;
    if (content) {
        ok = list_below(p, s->base, side) && ok;
    } else {
        side->workloads = diff->after.workloads;
        side->workload_count = diff->after.workload_count;
        diff->is_same_folder = true;
    }
    side->day = day_of(s->as_of, p->book.edition);
    diff->is_same_policy = str_equal(p->policy.sha256, diff->after.p.policy.sha256);
    side->label = base_label(s->base, side->day, a);
    diff->after.label = str_printf(a, "this folder (prices of %.*s)",
                                   STR_ARG(day_text(a, diff->after.day)));
    return ok;
}

static bool is_site(const char *folder, struct arena *a)
{
    return file_exists(path_join(a, folder, "index.json")) &&
           !file_exists(path_join(a, folder, "content"));
}

/* The edition that the site was built from, for the list of prices. */
static struct date site_day(const char *folder, struct arena *a, struct date otherwise)
{
    struct diags *ignored = diags_new(a);
    struct str text;
    const char *path = path_join(a, folder, "index.json");
    const struct json *root = file_read(path, a, &text, ignored)
                                  ? json_parse(str_of(path), text, a, ignored)
                                  : NULL;
    const struct json *day = root ? json_find(root, "prices_edition") : NULL;
    struct date found = otherwise;
    if (day && day->kind == JSON_STRING)
        date_parse(day->string, &found);
    return found;
}

/* Reports of a published site; prices and policy are those of the project. */
static bool load_site(struct diff *diff, const struct diff_settings *s)
{
    struct arena *a = diff->a;
    struct diags *d = diff->before.p.d;
    struct str *names;
    size_t count;
    diff->before = diff->after;
    diff->before.site = s->base;
    diff->before.workload_count = 0;
    diff->is_same_policy = true;
    if (!file_list(s->base, a, &names, &count, d))
        return false;
    diff->before.workloads = arena_new(a, struct workload_source, count);
    for (size_t i = 0; i < count; i++) {
        const char *folder = path_join(a, s->base, str_cstring(a, names[i]));
        if (slug_valid(names[i]) && file_exists(path_join(a, folder, "report.json")))
            diff->before.workloads[diff->before.workload_count++] = (struct workload_source){
                .slug = names[i], .folder = folder};
    }
    diff->before.day = site_day(s->base, a, diff->after.day);
    diff->before.label = base_label(s->base, diff->before.day, a);
    diff->after.label = str_printf(a, "this folder (prices of %.*s)",
                                   STR_ARG(day_text(a, diff->after.day)));
    return true;
}

static bool load(struct diff *diff, const struct diff_settings *s)
{
    bool ok = load_after(diff, s);
    if (s->base && is_site(s->base, diff->a))
        ok = ok && load_site(diff, s);
    else if (s->base)
        ok = load_base(diff, s) && ok;
    else
        take_before(diff, s);
    diff->mixed = diff->after.p;
    diff->mixed.book = diff->before.p.book;
    return ok;
}

/* ---- the command --------------------------------------------------------------------------------
 */

static int verdict_of(const struct diff *diff, const struct diff_settings *s)
{
    if (strcmp(s->fail_on, "flip") == 0)
        return diff->flips > 0 ? EXIT_INPUT : EXIT_DONE;
    if (strcmp(s->fail_on, "any") == 0)
        return diff->moved > 0 ? EXIT_INPUT : EXIT_DONE;
    return EXIT_DONE;
}

static void print(const struct diff *diff, const struct diff_settings *s, struct strbuf *out)
{
    struct strbuf raw = STRBUF_INIT;
    if (strcmp(s->format, "json") == 0)
        diff_json(diff, out);
    else if (strcmp(s->format, "markdown") == 0)
        diff_markdown(diff, &raw);
    else
        diff_text(diff, &raw);
    escape_controls(out, strbuf_str(&raw));
    strbuf_release(&raw);
}

static int run_diff(const struct diff_settings *s, struct arena *a)
{
    struct diff diff = {.a = a, .drafts = s->drafts};
    struct diags *d = diags_new(a);
    struct strbuf out = STRBUF_INIT;
    project_open(&diff.after.p, a, d);
    project_open(&diff.before.p, a, d);
    if (!load(&diff, s))
        return console_report(d, false, s->quiet);
    struct workers *w = workers_open(s->jobs > 0 ? s->jobs : workers_default());
    diff_compute(&diff, w, s->quiet);
    diff_prices(&diff);
    int status = console_report(d, false, s->quiet);
    if (status == EXIT_DONE)
        status = verdict_of(&diff, s);
    print(&diff, s, &out);
    status = console_put(strbuf_str(&out), status);
    strbuf_release(&out);
    workers_close(w);
    return status;
}

static int misused(const struct diff_settings *s, const char **operands, size_t count,
                   struct arena *a)
{
    struct date from = day_of(s->from, DATE_NONE), to = day_of(s->to, DATE_NONE);
    if (count > 0)
        return console_misused("diff", str_printf(a, "takes no '%s'", operands[0]),
                               STR("--from DATE --to DATE, or --base DIR"));
    if (!s->base && !s->from)
        return console_misused("diff", STR("compared with what?"),
                               STR("--from DATE --to DATE, or --base DIR"));
    if (s->base && (s->from || s->to))
        return console_misused("diff", STR("--base goes without --from and --to"),
                               STR("--as-of DATE takes the prices of one day on both sides"));
    if (!s->base && s->as_of)
        return console_misused("diff", STR("--as-of goes with --base alone"),
                               STR("--from and --to are the days"));
    if (s->from && s->to && date_compare(from, to) > 0)
        return console_misused("diff", STR("--from must not be after --to"), STR(""));
    return EXIT_DONE;
}

int command_diff(int argc, char **argv)
{
    struct diff_settings s = {.format = "text", .fail_on = "never"};
    const struct option_row options[] = {
        {0, "from", OPTION_DATE, &s.from, "YYYY-MM-DD", "the prices of that day, before"},
        {0, "to", OPTION_DATE, &s.to, "YYYY-MM-DD",
         "the prices of that day, after (default: the book's edition)"},
        {0, "base", OPTION_STRING, &s.base, "DIR",
         "before: a pricing folder, another project, or a published site"},
        {0, "format", OPTION_CHOICE, &s.format, "text|markdown|json",
         "how it is written (default text); markdown is a comment to post"},
        {0, "fail-on", OPTION_CHOICE, &s.fail_on, "flip|any|never",
         "when the exit status is 1 (default never)"},
        {0, "as-of", OPTION_DATE, &s.as_of, "YYYY-MM-DD",
         "with --base: the prices of that day on both sides"},
        {0, "pricing", OPTION_STRING, &s.pricing, "DIR", "the price book (default pricing/)"},
        {0, "policy", OPTION_STRING, &s.policy, "FILE",
         "the policy (default content/policy/policy.json)"},
        {0, "base-url", OPTION_STRING, &s.base_url, "URL", "as for build"},
        {0, "drafts", OPTION_FLAG, &s.drafts, NULL,
         "compare drafts too; else what is proposed or accepted"},
        {'j', "jobs", OPTION_COUNT, &s.jobs, "N", "worker threads (default: one a processor)"},
        {'q', "quiet", OPTION_FLAG, &s.quiet, NULL, "no warnings, no progress"},
        {'v', "verbose", OPTION_FLAG, &s.verbose, NULL, "as for build"},
        {'h', "help", OPTION_FLAG, &s.help, NULL, "this help"},
        {0},
    };
    struct arena *a = arena_create();
    const char **operands = arena_new(a, const char *, (size_t)argc);
    size_t count;
    int status = EXIT_USAGE;
    if (option_parse("diff", argc, argv, options, operands, &count, a)) {
        if (s.help) {
            console_help("diff [OPTIONS] --from DATE [--to DATE] | --base DIR",
                         "Shows what a change of prices, answers or policy does to the decisions, "
                         "and which\ndollar of it comes from where. Says nothing where nothing "
                         "moved.",
                         options);
            status = EXIT_DONE;
        } else {
            status = misused(&s, operands, count, a);
            if (status == EXIT_DONE)
                status = run_diff(&s, a);
        }
    }
    arena_destroy(a);
    return status;
}
