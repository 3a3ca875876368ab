#include "command/verify.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/option.h"
#include "base/strbuf.h"
#include "base/version.h"
#include "command/analysis.h"
#include "command/console.h"
#include "command/status.h"
#include "command/verify_parts.h"
#include "render/csv_costs.h"
#include "render/escape.h"
#include "render/json_report.h"
#include "render/pages.h"
#include "source/json.h"
#include "source/json_out.h"

#define PRICES_SHOWN 3 /* prices that differ, by name */

struct verify_settings {
    const char *pricing, *policy, *trace;
    bool quiet, help;
};

struct verifying {
    struct project *p;
    const struct verify_settings *s;
    struct published published;
    struct analysis_texts texts;
    bool has_notes;
    struct report report;
    const struct json *rebuilt;    /* its report.json */
    size_t values, figures, lines; /* compared */
    struct difference difference;
};

/* ---- what the report does not hold: notes and trace ---------------------------------------------
 */

static bool has_hash(struct str bytes, struct str hash, struct arena *a)
{
    struct sha256 h;
    unsigned char digest[32];
    sha256_init(&h);
    sha256_add(&h, bytes);
    sha256_final(&h, digest);
    return str_equal(sha256_hex(a, digest), hash);
}

/* The file of the project that has the hash; false: it is not there, or is another. */
static bool find_file(struct verifying *v, struct str name, struct str hash, struct str *out)
{
    struct arena *a = v->p->a;
    struct diags *ignored = diags_new(a);
    bool missing;
    const char *path =
        str_printf(a, "content/workloads/%.*s/%.*s", STR_ARG(v->published.slug), STR_ARG(name)).s;
    return file_read_optional(path, a, out, &missing, ignored) && has_hash(*out, hash, a);
}

static struct str trace_name(const struct json *questionnaire)
{
    const struct json *name = json_path(questionnaire, STR("answers.traffic.trace"));
    if (!name)
        name = json_path(questionnaire, STR("models.0.traffic.trace"));
    return name && name->kind == JSON_STRING ? name->string : STR("traffic.csv");
}

static bool read_trace(struct verifying *v, const struct json *questionnaire)
{
    struct str hash = v->published.trace_sha256, *out = &v->texts.trace;
    struct arena *a = v->p->a;
    if (hash.n == 0)
        return true;
    if (v->s->trace) {
        if (!file_read(v->s->trace, a, out, v->p->d))
            return false;
        if (has_hash(*out, hash, a))
            return true;
        diag_error(v->p->d, where_file(str_of(v->s->trace)), NULL,
                   "this is another trace than the report was made from (sha256 %.*s)",
                   STR_ARG(hash));
        return false;
    }
    struct str name = trace_name(questionnaire);
    if (str_find(name, STR("/")) == name.n && find_file(v, name, hash, out))
        return true;
    diag_error(v->p->d, json_where(v->published.inputs), "name the file with --trace FILE",
               "the report was made from a measured trace, which is not at hand (sha256 %.*s)",
               STR_ARG(hash));
    return false;
}

static struct str questionnaire_text(const struct json *tree, struct arena *a)
{
    struct strbuf sb = STRBUF_INIT;
    struct json_out j;
    json_out_init(&j, &sb);
    json_put_tree(&j, tree);
    strbuf_addc(&sb, '\n');
    struct str text = strbuf_copy(&sb, a);
    strbuf_release(&sb);
    return text;
}

static bool gather(struct verifying *v)
{
    const struct json *tree = json_find(v->published.inputs, "questionnaire");
    struct str hash = v->published.notes_sha256;
    v->texts.questionnaire = questionnaire_text(tree, v->p->a);
    v->texts.checklist = v->published.checklist;
    v->has_notes = hash.n == 0 || find_file(v, STR("notes.md"), hash, &v->texts.notes);
    if (!v->has_notes) {
        v->texts.notes = STR("");
        v->texts.notes_sha256 = hash;
    }
    return read_trace(v, tree);
}

/* ---- rebuilding ---------------------------------------------------------------------------------
 */

static struct str title_of(struct verifying *v, struct str slug)
{
    struct project other = *v->p;
    struct analysis_request request = {.as_of = DATE_NONE};
    struct questionnaire q;
    other.d = diags_new(other.a);
    return slug_valid(slug) &&
                   project_find_workload(&other, str_cstring(other.a, slug), &request.source) &&
                   analysis_read(&request, other.a, &q, other.d)
               ? q.title
               : slug;
}

static bool rebuild(struct verifying *v)
{
    struct arena *a = v->p->a;
    struct strbuf json = STRBUF_INIT;
    struct analysis_request request = {
        .source = {.slug = v->published.slug,
                   .questionnaire = "inputs.questionnaire",
                   .folder = "inputs"},
        .texts = &v->texts,
        .as_of = v->published.day,
        .as_of_is_edition = !v->published.day_was_asked_for,
        .superseded_by = v->published.superseded_by,
        .superseded_by_title = title_of(v, v->published.superseded_by),
    };
    if (!analyse(v->p, &request, a, &v->report, v->p->d))
        return false;
    json_report(&v->report, &json);
    v->rebuilt = json_parse(STR("rebuilt report.json"), strbuf_copy(&json, a), a, v->p->d);
    strbuf_release(&json);
    return v->rebuilt != NULL;
}

/* ---- comparing ----------------------------------------------------------------------------------
 */

static bool same_program(const struct verifying *v)
{
    return str_is(v->published.program, BREAKEVEN_VERSION);
}

static bool same_policy(const struct verifying *v)
{
    return str_equal(v->published.policy_sha256, v->report.policy_sha256);
}

static bool compare_json(struct verifying *v)
{
    struct arena *a = v->p->a;
    if (v->published.report)
        return compare_reports(v->published.report, v->rebuilt, same_program(v), a, &v->values,
                               &v->difference);
    return true;
}

/* After everything else: with the same prices, answers and policy it cannot differ. */
static bool compare_hash(struct verifying *v)
{
    const struct json *published = json_find(
        v->published.report ? v->published.report : v->published.inputs, "inputs_sha256");
    if (!published || !same_policy(v) || str_equal(published->string, v->report.inputs_sha256))
        return true;
    v->difference = (struct difference){STR("inputs_sha256"), STR(""), published->string,
                                        v->report.inputs_sha256};
    return false;
}

/* False: they differ, or (*failed) the page could not be made. */
static bool compare_page(struct verifying *v, bool *failed)
{
    struct strbuf out = STRBUF_INIT;
    struct project *p = v->p;
    *failed = false;
    if (v->published.page.n == 0)
        return true;
    *failed = !project_load_site(p, NULL) || !project_load_templates(p);
    struct pages pages = {.site = &p->site, .templates = p->templates, .stylesheet = p->stylesheet};
    *failed = *failed || !(v->published.is_single
                               ? html_report_single(&pages, &v->report, NULL, p->a, &out, p->d)
                               : html_report(&pages, &v->report, NULL, p->a, &out, p->d));
    bool same = !*failed && compare_pages(v->published.page, strbuf_copy(&out, p->a), !v->has_notes,
                                          p->a, &v->figures, &v->difference);
    strbuf_release(&out);
    return same;
}

/* The table of the same folder, where there is one, line by line. Another version may have other columns. */
static bool compare_lines(struct verifying *v)
{
    struct arena *a = v->p->a;
    const char *path = path_join(a, v->published.folder, "costs.csv");
    struct str published, here, there;
    bool missing, same = true;
    if (!same_program(v) || !file_read_optional(path, a, &published, &missing, v->p->d))
        return true;
    struct strbuf out = STRBUF_INIT;
    csv_costs(&v->report, &out);
    struct str computed = strbuf_copy(&out, a);
    strbuf_release(&out);
    while (same && (published.n > 0 || computed.n > 0)) {
        bool is_here = str_next_line(&published, &here),
             is_there = str_next_line(&computed, &there);
        same = is_here == is_there && (!is_here || str_equal(here, there));
        v->lines++;
        if (!same)
            v->difference = (struct difference){str_printf(a, "%s line %zu", path, v->lines),
                                                STR(""), is_here ? here : STR("absent"),
                                                is_there ? there : STR("absent")};
    }
    return same;
}

/* ---- saying it ----------------------------------------------------------------------------------
 */

static const struct json *find_price(const struct json *prices, const struct json *wanted)
{
    const struct json *sku = json_find(wanted, "sku"), *region = json_find(wanted, "region");
    for (const struct json *p = prices ? prices->child : NULL; p && sku && region; p = p->next) {
        const struct json *s = json_find(p, "sku"), *r = json_find(p, "region");
        if (s && r && str_equal(s->string, sku->string) && str_equal(r->string, region->string))
            return p;
    }
    return NULL;
}

/* Prices of the report that the book has otherwise. */
static void say_prices(const struct verifying *v, struct strbuf *out)
{
    const struct json *published = v->published.report ? json_find(v->published.report, "prices")
                                                       : NULL;
    const struct json *computed = json_find(v->rebuilt, "prices");
    size_t count = 0;
    for (const struct json *p = published ? published->child : NULL; p; p = p->next) {
        const struct json *other = find_price(computed, p);
        const struct json *usd = json_find(p, "usd");
        const struct json *now = other ? json_find(other, "usd") : NULL;
        if (!usd || usd->kind != JSON_NUMBER || (now && str_equal(usd->string, now->string)))
            continue;
        if (count++ >= PRICES_SHOWN)
            continue;
        strbuf_addf(out, "  price      %.*s, %.*s: published %.*s, ",
                    STR_ARG(json_find(p, "sku")->string), STR_ARG(json_find(p, "region")->string),
                    STR_ARG(usd->string));
        if (now)
            strbuf_addf(out, "in this book %.*s\n", STR_ARG(now->string));
        else
            strbuf_adds(out, "not used here\n");
    }
    if (count > PRICES_SHOWN)
        strbuf_addf(out, "             and %zu more prices differ\n", count - PRICES_SHOWN);
}

static void say_surroundings(const struct verifying *v, struct strbuf *out)
{
    if (!same_program(v))
        strbuf_addf(out, "  program    published by %.*s, this is %s\n",
                    STR_ARG(v->published.program), BREAKEVEN_VERSION);
    if (!same_policy(v))
        strbuf_addf(out, "  policy     published with %.*s, this is %.*s\n",
                    STR_ARG(v->published.policy_sha256), STR_ARG(v->report.policy_sha256));
    say_prices(v, out);
}

static int say(const struct verifying *v, bool same)
{
    struct strbuf raw = STRBUF_INIT, safe = STRBUF_INIT;
    const struct difference *x = &v->difference;
    strbuf_addf(&raw, "%.*s: ", STR_ARG(v->published.slug));
    if (same) {
        strbuf_adds(&raw, "rebuilt, and every figure is the same (");
        if (v->published.report)
            strbuf_addf(&raw, "%zu values%s", v->values, v->figures > 0 ? ", " : "");
        if (v->figures > 0)
            strbuf_addf(&raw, "%zu figures on the page", v->figures);
        if (v->lines > 0)
            strbuf_addf(&raw, ", %zu lines of costs.csv", v->lines);
        strbuf_adds(&raw, "; prices of ");
        date_add(&raw, v->published.day);
        strbuf_adds(&raw, ")\n");
    } else {
        strbuf_addf(&raw, "differs\n  figure     %.*s", STR_ARG(x->where));
        if (x->label.n > 0)
            strbuf_addf(&raw, " (%.*s)", STR_ARG(x->label));
        strbuf_addf(&raw, "\n  published  %.*s\n  computed   %.*s\n", STR_ARG(x->published),
                    STR_ARG(x->computed));
    }
    say_surroundings(v, &raw);
    escape_controls(&safe, strbuf_str(&raw));
    int status = console_put(strbuf_str(&safe), same ? EXIT_DONE : EXIT_INPUT);
    strbuf_release(&raw);
    strbuf_release(&safe);
    return status;
}

static int verify(struct project *p, const struct verify_settings *s, const char *path)
{
    struct verifying v = {.p = p, .s = s};
    bool failed = false;
    bool ok = published_read(path, p->a, &v.published, p->d);
    ok = ok && project_load_book(p);
    ok = ok && project_load_policy(p);
    ok = ok && gather(&v) && rebuild(&v);
    if (!ok)
        return console_report(p->d, false, s->quiet);
    bool same = compare_json(&v) && compare_page(&v, &failed) && compare_hash(&v) &&
                compare_lines(&v);
    if (failed || diags_errors(p->d) > 0)
        return console_report(p->d, false, s->quiet);
    if (s->quiet)
        return same ? EXIT_DONE : EXIT_INPUT;
    return say(&v, same);
}

int command_verify(int argc, char **argv)
{
    struct verify_settings s = {0};
    const struct option_row options[] = {
        {0, "pricing", OPTION_STRING, &s.pricing, "DIR", "the price book (default pricing/)"},
        {0, "policy", OPTION_STRING, &s.policy, "FILE",
         "the policy (default content/policy/policy.json)"},
        {0, "trace", OPTION_STRING, &s.trace, "FILE",
         "the measured trace (default: that of content/workloads/)"},
        {'q', "quiet", OPTION_FLAG, &s.quiet, NULL,
         "say nothing but errors; the exit status tells"},
        {'h', "help", OPTION_FLAG, &s.help, NULL, "this help"},
        {0},
    };
    struct arena *a = arena_create();
    const char **operands = arena_new(a, const char *, (size_t)argc);
    size_t count;
    int status = EXIT_USAGE;
    if (option_parse("verify", argc, argv, options, operands, &count, a)) {
        struct project p;
        if (s.help) {
            console_help(
                "verify [OPTIONS] PAGE",
                "Rebuilds a published report from the inputs that it carries and names the "
                "first\nfigure that differs. PAGE is report.json, SLUG/index.html or "
                "report.html; a costs.csv beside it\nis compared too.",
                options);
            status = EXIT_DONE;
        } else if (count != 1) {
            status = console_misused("verify", STR("takes one published report"),
                                     STR("for instance: breakeven verify "
                                         "site/public/fraud-scoring/report.json"));
        } else {
            project_open(&p, a, diags_new(a));
            p.pricing = s.pricing;
            p.policy_file = s.policy;
            status = verify(&p, &s, operands[0]);
        }
    }
    arena_destroy(a);
    return status;
}
