#include "base/arena.h"
#include "command/console.h"
#include "command/prices_parts.h"
#include "command/project.h"
#include "command/table.h"
#include "command/today.h"
#include "pricing/check.h"

#include <limits.h>
#include <string.h>

struct findings {
    struct date today;
    int max_age_days; /* 0: not tested */
    struct stale *stale;
    size_t stale_count;
    struct gap *gaps;
    size_t gap_count;
};

/* ---- the maximum age ---------------------------------------------------------------------------- */

/*
 * The policy's price_max_age_days; 0 where there is no sound policy. Whose mistakes are told only
 * where --policy names it: otherwise `breakeven check` tells them.
 */
static int policy_max_age(struct prices_run *run, const char *policy)
{
    struct project project;
    project_open(&project, run->a, policy ? run->d : diags_new(run->a));
    project.policy_file = policy;
    if (!project_load_policy(&project))
        return 0;
    return (int)policy_number(&project.policy, PARAMETER_PRICE_MAX_AGE_DAYS);
}

/* ---- text ---------------------------------------------------------------------------------------
 */

static struct str count_of(struct arena *a, size_t count)
{
    return str_printf(a, "%zu", count);
}

/* Old prices, a line a service: a thousand lines would be read by nobody. */
static void text_services(const struct findings *f, struct arena *a, struct strbuf *out)
{
    static const struct column COLUMNS[] = {
        {"PROVIDER", ALIGN_LEFT}, {"SERVICE", ALIGN_LEFT}, {"OLD PRICES", ALIGN_RIGHT},
        {"OLDEST", ALIGN_LEFT},   {"SKU", ALIGN_LEFT},     {"REGION", ALIGN_LEFT},
    };
    struct table t;
    bool *is_done = arena_new(a, bool, f->stale_count);
    table_init(&t, COLUMNS, sizeof COLUMNS / sizeof *COLUMNS, a);
    for (size_t i = 0; i < f->stale_count; i++) {
        const struct stale *first = &f->stale[i];
        if (is_done[i] || !first->sku || !first->is_old)
            continue;
        const struct stale *oldest = first;
        size_t count = 0;
        for (size_t k = i; k < f->stale_count; k++) {
            const struct stale *s = &f->stale[k];
            if (!s->sku || !s->is_old || !str_equal(s->sku->provider, first->sku->provider) ||
                !str_equal(s->sku->service, first->sku->service))
                continue;
            is_done[k] = true;
            count++;
            if (date_compare(s->known, oldest->known) < 0)
                oldest = s;
        }
        table_cell(&t, first->sku->provider);
        table_cell(&t, first->sku->service);
        table_cell(&t, count_of(a, count));
        table_cell(&t, prices_day(a, oldest->known));
        table_cell(&t, oldest->sku->id);
        table_cell(&t, oldest->price->region);
    }
    table_print(&t, 2, out);
}

static const char *stale_why(const struct stale *s)
{
    if (s->is_behind_on_demand)
        return "older than its on-demand price";
    return s->sku ? "old price" : "old limits and start times";
}

static void text_each(const struct findings *f, struct arena *a, struct strbuf *out)
{
    static const struct column COLUMNS[] = {
        {"KNOWN ON", ALIGN_LEFT}, {"DAYS", ALIGN_RIGHT}, {"WHAT", ALIGN_LEFT},
        {"REGION", ALIGN_LEFT},   {"WHY", ALIGN_LEFT},
    };
    struct table t;
    table_init(&t, COLUMNS, sizeof COLUMNS / sizeof *COLUMNS, a);
    for (size_t i = 0; i < f->stale_count; i++) {
        const struct stale *s = &f->stale[i];
        table_cell(&t, prices_day(a, s->known));
        table_cell(&t, str_printf(a, "%d", s->age_days));
        table_cell(&t, s->sku ? s->sku->id : s->platform->id);
        table_cell(&t, s->sku ? s->price->region : STR(""));
        table_cell(&t, str_of(stale_why(s)));
    }
    table_print(&t, 2, out);
}

static void text_stale(const struct findings *f, bool verbose, struct arena *a, struct strbuf *out)
{
    size_t old = 0, behind = 0, platforms = 0;
    for (size_t i = 0; i < f->stale_count; i++) {
        old += f->stale[i].sku && f->stale[i].is_old;
        behind += f->stale[i].is_behind_on_demand;
        platforms += !f->stale[i].sku;
    }
    if (f->max_age_days == 0)
        strbuf_adds(out, "\nage: not tested, for want of a policy (--max-age DAYS tests it)\n");
    else
        strbuf_addf(
            out, "\nage: %zu price%s and the facts of %zu platform%s are older than %d days\n", old,
            old == 1 ? "" : "s", platforms, platforms == 1 ? "" : "s", f->max_age_days);
    if (verbose && f->stale_count > 0)
        text_each(f, a, out);
    else if (old > 0)
        text_services(f, a, out);
    if (behind > 0)
        strbuf_addf(out, "\n%zu reserved price%s older than the on-demand price it belongs to\n",
                    behind, behind == 1 ? " is" : "s are each");
    if (!verbose && f->stale_count > 0)
        strbuf_adds(out, "--verbose lists each\n");
}

/* What one cell of the coverage matrix says: "priced", "not offered", "2 prices lacking". */
static struct str cover_text(const struct findings *f, const struct platform *p, int geography,
                             struct arena *a)
{
    size_t lacking = 0;
    for (size_t i = 0; i < f->gap_count; i++) {
        const struct gap *g = &f->gaps[i];
        if (g->platform != p || g->geography != geography)
            continue;
        if (g->reason == GAP_NOT_OFFERED)
            return STR("not offered");
        lacking++;
    }
    return lacking > 0 ? str_printf(a, "lacks %zu", lacking) : STR("priced");
}

static void text_coverage(const struct findings *f, const struct book *b, struct arena *a,
                          struct strbuf *out)
{
    struct column columns[GEOGRAPHY_MAX + 1] = {{"PLATFORM", ALIGN_LEFT}};
    struct table t;
    bool has_gaps = false;
    for (size_t g = 0; g < b->geography_count; g++)
        columns[g + 1] = (struct column){str_cstring(a, b->geographies[g].id), ALIGN_LEFT};
    table_init(&t, columns, b->geography_count + 1, a);
    for (size_t i = 0; i < b->platform_count; i++) {
        const struct platform *p = &b->platforms[i];
        bool is_sold = platform_is_available(p, f->today);
        table_cell(&t, p->id);
        for (size_t g = 0; g < b->geography_count; g++)
            table_cell(&t, is_sold ? cover_text(f, p, (int)g, a) : STR("not on sale"));
    }
    strbuf_adds(out, "\ncoverage\n");
    table_print(&t, 2, out);
    for (size_t i = 0; i < f->gap_count; i++) {
        const struct gap *g = &f->gaps[i];
        if (g->reason == GAP_NOT_OFFERED)
            continue;
        if (!has_gaps)
            strbuf_addc(out, '\n');
        has_gaps = true;
        struct str what = g->sku ? g->sku->id : g->platform->machines->id;
        strbuf_addf(out, "  %.*s in %.*s (%.*s): %s, %.*s\n", STR_ARG(g->platform->id),
                    STR_ARG(b->geographies[g->geography].id), STR_ARG(g->region),
                    gap_word(g->reason), STR_ARG(what));
    }
}

static void check_text(const struct findings *f, const struct prices_run *run, bool verbose,
                       struct strbuf *out)
{
    const struct book *b = &run->book;
    size_t prices = 0, machines = 0;
    for (size_t i = 0; i < b->sku_count; i++)
        prices += b->skus[i].price_count;
    for (size_t i = 0; i < b->set_count; i++)
        machines += b->sets[i].count;
    strbuf_addf(out, "edition %.*s, looked at on %.*s\n", STR_ARG(prices_day(run->a, b->edition)),
                STR_ARG(prices_day(run->a, f->today)));
    strbuf_addf(out, "%zu SKUs with %zu dated prices, %zu machines, %zu platforms: no mistakes\n",
                b->sku_count, prices, machines, b->platform_count);
    text_stale(f, verbose, run->a, out);
    text_coverage(f, b, run->a, out);
}

/* ---- JSON ---------------------------------------------------------------------------------------
 */

static void json_errors(struct json_out *j, const struct diags *d)
{
    static const char *const SEVERITIES[] = {
        [SEVERITY_NOTE] = "note", [SEVERITY_WARNING] = "warning", [SEVERITY_ERROR] = "error"};
    json_key(j, "diagnostics");
    json_begin(j, '[');
    for (size_t i = 0; i < diags_count(d); i++) {
        const struct diag *diag = diags_get(d, i);
        size_t line, column;
        json_begin_inline(j, '{');
        json_key(j, "severity");
        json_puts(j, SEVERITIES[diag->severity]);
        json_key(j, "file");
        json_put_str(j, diag->where.path);
        if (where_line(diag->where, &line, &column)) {
            json_key(j, "line");
            json_put_int(j, (long long)line);
            json_key(j, "column");
            json_put_int(j, (long long)column);
        }
        json_key(j, "message");
        json_put_str(j, diag->message);
        json_key(j, "hint");
        if (diag->hint.n > 0)
            json_put_str(j, diag->hint);
        else
            json_put_null(j);
        json_end(j, '}');
    }
    json_end(j, ']');
}

static void json_stale(struct json_out *j, const struct findings *f, struct arena *a)
{
    json_key(j, "stale");
    json_begin(j, '[');
    for (size_t i = 0; i < f->stale_count; i++) {
        const struct stale *s = &f->stale[i];
        json_begin_inline(j, '{');
        json_key(j, s->sku ? "sku" : "platform");
        json_put_str(j, s->sku ? s->sku->id : s->platform->id);
        if (s->sku) {
            json_key(j, "region");
            json_put_str(j, s->price->region);
        }
        json_key(j, "known_on");
        json_put_str(j, prices_day(a, s->known));
        json_key(j, "age_days");
        json_put_int(j, s->age_days);
        json_key(j, "is_old");
        json_put_bool(j, s->is_old);
        json_key(j, "is_behind_on_demand");
        json_put_bool(j, s->is_behind_on_demand);
        json_end(j, '}');
    }
    json_end(j, ']');
}

static void json_gaps(struct json_out *j, const struct findings *f, const struct book *b)
{
    json_key(j, "gaps");
    json_begin(j, '[');
    for (size_t i = 0; i < f->gap_count; i++) {
        const struct gap *g = &f->gaps[i];
        json_begin_inline(j, '{');
        json_key(j, "platform");
        json_put_str(j, g->platform->id);
        json_key(j, "geography");
        json_put_str(j, b->geographies[g->geography].id);
        json_key(j, "region");
        if (g->region.n > 0)
            json_put_str(j, g->region);
        else
            json_put_null(j);
        json_key(j, "sku");
        if (g->sku)
            json_put_str(j, g->sku->id);
        else
            json_put_null(j);
        json_key(j, "reason");
        json_puts(j, gap_word(g->reason));
        json_end(j, '}');
    }
    json_end(j, ']');
}

static void check_json(const struct findings *f, const struct prices_run *run, struct strbuf *out)
{
    struct json_out j;
    json_out_init(&j, out);
    json_begin(&j, '{');
    json_key(&j, "format");
    json_puts(&j, "breakeven-price-check/1");
    json_key(&j, "edition");
    json_put_str(&j, prices_day(run->a, run->book.edition));
    json_key(&j, "today");
    json_put_str(&j, prices_day(run->a, f->today));
    json_key(&j, "max_age_days");
    if (f->max_age_days > 0)
        json_put_int(&j, f->max_age_days);
    else
        json_put_null(&j);
    json_errors(&j, run->d);
    json_stale(&j, f, run->a);
    json_gaps(&j, f, &run->book);
    json_end(&j, '}');
    strbuf_addc(out, '\n');
}

/* ---- the sub-command ----------------------------------------------------------------------------
 */

static bool has_warnings(const struct findings *f)
{
    for (size_t i = 0; i < f->gap_count; i++)
        if (f->gaps[i].reason != GAP_NOT_OFFERED)
            return true;
    return f->stale_count > 0;
}

static int report(const struct findings *f, const struct prices_run *run, const char *format,
                  bool verbose, int status)
{
    bool is_text = strcmp(format, "text") == 0;
    struct strbuf out = STRBUF_INIT;
    if (is_text)
        check_text(f, run, verbose, &out);
    else
        check_json(f, run, &out);
    status = prices_put(&out, is_text, status);
    strbuf_release(&out);
    return status;
}

int prices_check(int argc, char **argv, struct prices_run *run)
{
    const char *today = NULL, *format = "text", *policy = NULL;
    bool help = false, verbose = false, strict = false;
    struct findings f = {0};
    const struct option_row options[] = {
        {0, "today", OPTION_DATE, &today, "DATE",
         "the day to look from (default: SOURCE_DATE_EPOCH, else the clock)"},
        {0, "max-age", OPTION_COUNT, &f.max_age_days, "DAYS",
         "age from which a price is old (default: the policy's)"},
        {0, "policy", OPTION_STRING, &policy, "FILE", "another policy"},
        {0, "pricing", OPTION_STRING, &run->pricing, "DIR", "another price book"},
        {0, "format", OPTION_CHOICE, &format, "text|json", "how to print (default: text)"},
        {0, "strict", OPTION_FLAG, &strict, NULL, "old and lacking prices are errors"},
        {'v', "verbose", OPTION_FLAG, &verbose, NULL, "list every old price"},
        {'h', "help", OPTION_FLAG, &help, NULL, "this text"},
        {0, NULL, OPTION_FLAG, NULL, NULL, NULL},
    };
    const char **operands = arena_new(run->a, const char *, (size_t)argc);
    size_t count;
    if (!option_parse("prices check", argc, argv, options, operands, &count, run->a))
        return EXIT_USAGE;
    if (help) {
        console_help(
            "prices check [OPTIONS]",
            "Checks every rule of the price book, how old its prices are, and which platform\n"
            "cannot be priced where.",
            options);
        return EXIT_DONE;
    }
    if (count > 0)
        return console_misused("prices check",
                               str_printf(run->a, "it takes no operand, got '%s'", operands[0]),
                               STR("--pricing DIR names another book"));
    if (!today_find(today, &f.today))
        return console_misused("prices check", STR("SOURCE_DATE_EPOCH must be a number of seconds"),
                               STR(""));
    bool is_json = strcmp(format, "json") == 0;
    bool ok = prices_load(run);
    if (f.max_age_days == 0)
        f.max_age_days = policy_max_age(run, policy);
    if (!ok || diags_errors(run->d) > 0) {
        int status = console_report(run->d, false, false); // sorts, too
        return is_json ? report(&f, run, format, verbose, status) : status;
    }
    book_staleness(&run->book, f.today, f.max_age_days > 0 ? f.max_age_days : INT_MAX, run->a,
                   &f.stale, &f.stale_count);
    book_check_coverage(&run->book, f.today, run->a, &f.gaps, &f.gap_count);
    return report(&f, run, format, verbose, strict && has_warnings(&f) ? EXIT_INPUT : EXIT_DONE);
}
