#include "command/list.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/option.h"
#include "base/strbuf.h"
#include "command/analysis.h"
#include "command/console.h"
#include "command/status.h"
#include "command/table.h"
#include "command/today.h"
#include "command/workers.h"
#include "questionnaire/words.h"
#include "render/escape.h"
#include "render/json_index.h"
#include "report/wording.h"
#include "source/json_out.h"

#include <math.h>
#include <string.h>

struct list_settings {
    const char *format, *as_of, *pricing, *policy, *today_text;
    struct option_list statuses, tags;
    struct date today, day;
    bool is_status_wanted[STATUS_COUNT];
    int jobs;
    bool quiet, help;
};

struct listing {
    struct project *p;
    const struct list_settings *s;
    struct report_summary *all; /* as p->workloads; slug empty: it could not be read */
    struct diags **found;       /* in each; NULL: nothing */
    struct report_summary *shown;
    size_t shown_count, hidden_count;
};

/* ---- analysing ----------------------------------------------------------------------------------
 */

static void analyse_one(void *context, size_t index, const struct worker *worker)
{
    struct listing *l = context;
    struct diags *d = diags_new(worker->scratch);
    struct analysis_request request = {.source = l->p->workloads[index], .as_of = l->s->day};
    struct report report;
    if (analyse(l->p, &request, worker->scratch, &report, d)) {
        struct report_summary *s = &l->all[index];
        report_summarise(&report, worker->keep, s);
        s->review_due = !date_is_none(s->review_by) &&
                        date_compare(s->review_by, l->s->today) <= 0 &&
                        (s->status == STATUS_PROPOSED || s->status == STATUS_ACCEPTED);
    } else {
        l->found[index] = diags_new(worker->keep);
        diags_append(l->found[index], d);
    }
}

/* Who supersedes whom: the younger says so; drafts do not count, as on the site. */
static void link_successors(struct listing *l)
{
    for (size_t i = 0; i < l->p->workload_count; i++) {
        const struct report_summary *young = &l->all[i];
        if (young->supersedes.n == 0 || young->status == STATUS_DRAFT)
            continue;
        for (size_t k = 0; k < l->p->workload_count; k++)
            if (k != i && str_equal(l->all[k].slug, young->supersedes))
                l->all[k].superseded_by = young->slug;
    }
}

static bool has_tag(const struct report_summary *s, struct str tag)
{
    for (size_t i = 0; i < s->tag_count; i++)
        if (str_equal(s->tags[i], tag))
            return true;
    return false;
}

/* Any of the states, all of the tags. */
static bool is_wanted(const struct list_settings *s, const struct report_summary *r)
{
    if (s->statuses.count > 0 && !s->is_status_wanted[r->status])
        return false;
    for (size_t i = 0; i < s->tags.count; i++)
        if (!has_tag(r, str_of(s->tags.items[i])))
            return false;
    return true;
}

static void select_shown(struct listing *l)
{
    l->shown = arena_new(l->p->a, struct report_summary, l->p->workload_count);
    for (size_t i = 0; i < l->p->workload_count; i++) {
        if (l->found[i])
            diags_append(l->p->d, l->found[i]);
        if (l->all[i].slug.n == 0)
            continue;
        if (is_wanted(l->s, &l->all[i]))
            l->shown[l->shown_count++] = l->all[i];
        else
            l->hidden_count++;
    }
}

/* ---- text ---------------------------------------------------------------------------------------
 */

static struct str day_text(struct arena *a, struct date day)
{
    struct strbuf sb = STRBUF_INIT;
    if (!date_is_none(day))
        date_add(&sb, day);
    struct str text = strbuf_copy(&sb, a);
    strbuf_release(&sb);
    return text;
}

static struct str usd_text(struct arena *a, const struct report_summary *s)
{
    struct strbuf sb = STRBUF_INIT;
    if (s->has_cost)
        money_whole(&sb, s->monthly);
    struct str text = strbuf_copy(&sb, a);
    strbuf_release(&sb);
    return text;
}

static struct str margin_text(struct arena *a, double margin)
{
    struct strbuf sb = STRBUF_INIT;
    if (!isnan(margin))
        wording_percent(&sb, margin);
    struct str text = strbuf_copy(&sb, a);
    strbuf_release(&sb);
    return text;
}

/* "2027-01-29", "2026-01-29 due", "2027-01-29, 1 wire tripped" */
static struct str review_text(struct arena *a, const struct report_summary *s)
{
    struct strbuf sb = STRBUF_INIT;
    if (!date_is_none(s->review_by))
        date_add(&sb, s->review_by);
    if (s->review_due)
        strbuf_adds(&sb, " due");
    if (s->wires_tripped > 0)
        strbuf_addf(&sb, "%s%zu wire%s tripped", sb.n > 0 ? ", " : "", s->wires_tripped,
                    s->wires_tripped == 1 ? "" : "s");
    struct str text = strbuf_copy(&sb, a);
    strbuf_release(&sb);
    return text;
}

static void add_totals(const struct listing *l, struct strbuf *out)
{
    size_t due = 0, tripped = 0;
    for (size_t i = 0; i < l->shown_count; i++) {
        due += l->shown[i].review_due;
        tripped += l->shown[i].wires_tripped > 0;
    }
    strbuf_addc(out, '\n');
    wording_plural(out, l->shown_count, "decision", "decisions");
    if (l->hidden_count > 0)
        strbuf_addf(out, " of %zu", l->shown_count + l->hidden_count);
    if (due > 0)
        strbuf_addf(out, "; %zu due for review on ", due);
    else
        strbuf_adds(out, "; none due for review on ");
    date_add(out, l->s->today);
    if (tripped > 0)
        strbuf_addf(out, "; %zu with a tripped wire", tripped);
    strbuf_adds(out, "; $ a month at the prices of ");
    date_add(out, date_is_none(l->s->day) ? l->p->book.edition : l->s->day);
    strbuf_addc(out, '\n');
}

static void print_text(const struct listing *l, struct strbuf *out)
{
    static const struct column COLUMNS[] = {
        {"DECISION", ALIGN_LEFT}, {"STATUS", ALIGN_LEFT},    {"VERDICT", ALIGN_LEFT},
        {"CLASS", ALIGN_LEFT},    {"OPTION", ALIGN_LEFT},    {"$/MONTH", ALIGN_RIGHT},
        {"MARGIN", ALIGN_RIGHT},  {"STABILITY", ALIGN_LEFT}, {"REVIEW BY", ALIGN_LEFT},
    };
    struct arena *a = l->p->a;
    struct strbuf raw = STRBUF_INIT;
    struct table t;
    table_init(&t, COLUMNS, sizeof COLUMNS / sizeof *COLUMNS, a);
    for (size_t i = 0; i < l->shown_count; i++) {
        const struct report_summary *s = &l->shown[i];
        table_cell(&t, s->slug);
        table_cell(&t, str_of(status_word(s->status)));
        table_cell(&t, str_of(verdict_word(s->verdict)));
        table_cell(&t, str_of(class_word(s->class)));
        table_cell(&t, s->option);
        table_cell(&t, usd_text(a, s));
        table_cell(&t, margin_text(a, s->margin));
        table_cell(&t,
                   s->stability == STABILITY_NONE ? STR("") : str_of(stability_word(s->stability)));
        table_cell(&t, review_text(a, s));
    }
    if (l->shown_count > 0)
        table_print(&t, 0, &raw);
    add_totals(l, &raw);
    escape_controls(out, str_trim(strbuf_str(&raw)));
    strbuf_addc(out, '\n');
    strbuf_release(&raw);
}

/* ---- JSON and CSV -------------------------------------------------------------------------------
 */

static void print_json(const struct listing *l, struct strbuf *out)
{
    struct json_out j;
    struct arena *a = l->p->a;
    json_out_init(&j, out);
    json_begin(&j, '{');
    json_key(&j, "format");
    json_puts(&j, "breakeven-list/1");
    json_key(&j, "today");
    json_put_str(&j, day_text(a, l->s->today));
    json_key(&j, "prices_edition");
    json_put_str(&j, day_text(a, l->p->book.edition));
    json_key(&j, "decisions");
    json_begin(&j, '[');
    for (size_t i = 0; i < l->shown_count; i++)
        json_index_entry(&j, &l->shown[i]);
    json_end(&j, ']');
    json_end(&j, '}');
    strbuf_addc(out, '\n');
}

static struct str figure_text(struct arena *a, double value)
{
    struct strbuf sb = STRBUF_INIT;
    if (!isnan(value))
        strbuf_add_fixed(&sb, value, 6, true);
    struct str text = strbuf_copy(&sb, a);
    strbuf_release(&sb);
    return text;
}

static struct str money_text(struct arena *a, const struct report_summary *s)
{
    struct strbuf sb = STRBUF_INIT;
    if (s->has_cost)
        money_json(&sb, s->monthly);
    struct str text = strbuf_copy(&sb, a);
    strbuf_release(&sb);
    return text;
}

/* "fraud realtime" */
static struct str tags_text(struct arena *a, const struct report_summary *s)
{
    struct strbuf sb = STRBUF_INIT;
    for (size_t i = 0; i < s->tag_count; i++) {
        if (i > 0)
            strbuf_addc(&sb, ';');
        strbuf_add(&sb, s->tags[i]);
    }
    struct str text = strbuf_copy(&sb, a);
    strbuf_release(&sb);
    return text;
}

static void print_csv(const struct listing *l, struct strbuf *out)
{
    struct arena *a = l->p->a;
    strbuf_adds(out, "slug,title,owner,status,date,review_by,review_due,wires_tripped,tags,verdict,"
                     "stability,class,option,platform,monthly_usd,p10_usd,p90_usd,margin,"
                     "confidence,prices_as_of,supersedes,superseded_by\r\n");
    for (size_t i = 0; i < l->shown_count; i++) {
        const struct report_summary *s = &l->shown[i];
        bool is_stable = s->stability != STABILITY_NONE;
        const struct str fields[] = {
            s->slug,
            s->title,
            s->owner,
            str_of(status_word(s->status)),
            day_text(a, s->date),
            day_text(a, s->review_by),
            s->review_due ? STR("true") : STR("false"),
            str_printf(a, "%zu", s->wires_tripped),
            tags_text(a, s),
            str_of(verdict_word(s->verdict)),
            is_stable ? str_of(stability_word(s->stability)) : STR(""),
            str_of(class_word(s->class)),
            s->option,
            s->platform,
            money_text(a, s),
            figure_text(a, s->p10_usd),
            figure_text(a, s->p90_usd),
            figure_text(a, s->margin),
            figure_text(a, s->confidence),
            day_text(a, s->as_of),
            s->supersedes,
            s->superseded_by,
        };
        for (size_t k = 0; k < sizeof fields / sizeof *fields; k++) {
            if (k > 0)
                strbuf_addc(out, ',');
            escape_csv(out, fields[k]);
        }
        strbuf_adds(out, "\r\n");
    }
}

/* ---- the command --------------------------------------------------------------------------------
 */

/* The words of --status. */
static bool read_statuses(struct list_settings *s, struct arena *a)
{
    struct str words[STATUS_COUNT];
    for (size_t i = 0; i < STATUS_COUNT; i++)
        words[i] = str_of(STATUS_WORDS[i]);
    for (size_t i = 0; i < s->statuses.count; i++) {
        struct str wanted = str_of(s->statuses.items[i]);
        size_t k = 0;
        while (k < STATUS_COUNT && !str_equal(wanted, words[k]))
            k++;
        if (k < STATUS_COUNT) {
            s->is_status_wanted[k] = true;
            continue;
        }
        struct str near = str_nearest(wanted, words, STATUS_COUNT);
        console_misused("list", str_printf(a, "there is no status '%.*s'", STR_ARG(wanted)),
                        near.n > 0 ? str_printf(a, "did you mean '%.*s'?", STR_ARG(near))
                                   : STR("draft, proposed, accepted, rejected, deprecated or "
                                         "superseded"));
        return false;
    }
    return true;
}

static int list(struct project *p, const struct list_settings *s)
{
    struct listing l = {.p = p, .s = s};
    struct strbuf out = STRBUF_INIT;
    bool ok = project_load_book(p);
    ok = project_load_policy(p) && ok;
    ok = project_list_workloads(p) && ok;
    if (!ok)
        return console_report(p->d, false, s->quiet);
    l.all = arena_new(p->a, struct report_summary, p->workload_count);
    l.found = arena_new(p->a, struct diags *, p->workload_count);
    struct workers *w = workers_open(s->jobs > 0 ? s->jobs : workers_default());
    workers_run(w, p->workload_count, analyse_one, &l, s->quiet ? NULL : "decisions");
    link_successors(&l);
    select_shown(&l);
    if (strcmp(s->format, "json") == 0)
        print_json(&l, &out);
    else if (strcmp(s->format, "csv") == 0)
        print_csv(&l, &out);
    else
        print_text(&l, &out);
    workers_close(w);
    int status = console_put(strbuf_str(&out), console_report(p->d, false, s->quiet));
    strbuf_release(&out);
    return status;
}

int command_list(int argc, char **argv)
{
    struct list_settings s = {.format = "text", .day = DATE_NONE};
    const struct option_row options[] = {
        {0, "status", OPTION_LIST, &s.statuses, "STATE",
         "only decisions in that state; may be given again: any of them"},
        {0, "tag", OPTION_LIST, &s.tags, "TAG",
         "only decisions with that tag; may be given again: all of them"},
        {0, "format", OPTION_CHOICE, &s.format, "text|json|csv",
         "how it is written (default text)"},
        {0, "today", OPTION_DATE, &s.today_text, "YYYY-MM-DD",
         "the day for due reviews (default: SOURCE_DATE_EPOCH, or today)"},
        {0, "as-of", OPTION_DATE, &s.as_of, "YYYY-MM-DD",
         "use the prices of that day (default: the book's edition)"},
        {0, "pricing", OPTION_STRING, &s.pricing, "DIR", "the price book (default pricing/)"},
        {0, "policy", OPTION_STRING, &s.policy, "FILE",
         "the policy (default content/policy/policy.json)"},
        {'j', "jobs", OPTION_COUNT, &s.jobs, "N", "worker threads (default: one a processor)"},
        {'q', "quiet", OPTION_FLAG, &s.quiet, NULL, "no warnings, no progress"},
        {'h', "help", OPTION_FLAG, &s.help, NULL, "this help"},
        {0},
    };
    struct arena *a = arena_create();
    const char **operands = arena_new(a, const char *, (size_t)argc);
    size_t count;
    int status = EXIT_USAGE;
    if (option_parse("list", argc, argv, options, operands, &count, a) && read_statuses(&s, a)) {
        struct project p;
        if (s.help) {
            console_help(
                "list [OPTIONS]",
                "Lists the decisions with verdict, cost, margin, stability and due reviews.",
                options);
            status = EXIT_DONE;
        } else if (count > 0) {
            status = console_misused(
                "list", str_printf(a, "takes no '%s'", operands[0]),
                STR("--status and --tag choose; 'explain' shows a single one"));
        } else if (!today_find(s.today_text, &s.today)) {
            status = console_misused("list", STR("SOURCE_DATE_EPOCH is no number of seconds"),
                                     STR("unset it, or say --today YYYY-MM-DD"));
        } else {
            if (s.as_of)
                date_parse(str_of(s.as_of), &s.day);
            project_open(&p, a, diags_new(a));
            p.pricing = s.pricing;
            p.policy_file = s.policy;
            status = list(&p, &s);
        }
    }
    arena_destroy(a);
    return status;
}
