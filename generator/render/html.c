/* Report pages: the tree of the report, with drawings and the author's notes, through the templates. */
#include "render/html.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/hash.h"
#include "base/strbuf.h"
#include "render/chart.h"
#include "render/escape.h"
#include "render/json_report.h"
#include "render/markdown.h"
#include "render/template.h"
#include "report/wording.h"

#include <math.h>

bool page_render(const struct pages *p, struct str template_name, const struct value *root,
                 struct strbuf *out, struct diags *d)
{
    if (!templates_has(p->templates, template_name)) {
        diag_error(d, where_file(template_name), "the bundled templates/ folder has it",
                   "the template \"%.*s\" is not there", STR_ARG(template_name));
        return false;
    }
    return template_render(p->templates, template_name, root, out, d);
}

const struct value *drawing_take(struct strbuf *sb, struct arena *a)
{
    const struct value *v = sb->n > 0 ? value_html(a, strbuf_str(sb)) : value_null();
    strbuf_clear(sb);
    return v;
}

/* ---- drawings ---- */

#define INTERVAL_WIDTH 170.0

typedef bool draw_chart(struct strbuf *, const struct decision *, enum chart_variant);

/* Wide and narrow, one after the other; the style sheet shows one of them. */
static const struct value *both_variants(draw_chart *draw, const struct decision *d, struct strbuf *sb,
                                         struct arena *a)
{
    if (draw(sb, d, CHART_FULL))
        draw(sb, d, CHART_SLIM);
    return drawing_take(sb, a);
}

static enum strength strongest(const struct decision *d, enum question q, enum platform_class *toward)
{
    /* Hard findings remove options; they lean no further than a strong one does. */
    double sum = 0;
    static const double WEIGHT[] = {[STRENGTH_NEUTRAL] = 0, [STRENGTH_WEAK] = 1, [STRENGTH_STRONG] = 3,
                                    [STRENGTH_HARD] = 6};
    enum strength best = STRENGTH_NEUTRAL;
    for (size_t i = 0; i < d->finding_count; i++) {
        const struct finding *f = &d->findings[i];
        if (f->question != q || (f->toward != CLASS_KUBERNETES && f->toward != CLASS_SERVERLESS))
            continue;
        sum += f->toward == CLASS_KUBERNETES ? WEIGHT[f->strength] : -WEIGHT[f->strength];
        if (f->strength > best)
            best = f->strength;
    }
    *toward = sum > 0 ? CLASS_KUBERNETES : sum < 0 ? CLASS_SERVERLESS : CLASS_NONE;
    return best;
}

static void add_drawings(const struct report *r, const struct report_tree *t, struct arena *a)
{
    const struct model_rows *rows = &t->rows;
    struct value *report = t->report;
    const struct decision *d = r->decision;
    struct strbuf sb = STRBUF_INIT;
    struct value *charts = value_set_object(report, "charts");
    value_set(charts, "cost", both_variants(chart_cost, d, &sb, a));
    value_set(charts, "volume", both_variants(chart_volume, d, &sb, a));
    value_set(charts, "sensitivity", both_variants(chart_sensitivity, d, &sb, a));

    struct scale axis = chart_interval_axis(d, INTERVAL_WIDTH);
    chart_interval_head(&sb, &axis, INTERVAL_WIDTH);
    value_set(charts, "axis", drawing_take(&sb, a));
    const struct answer *p99 = &r->questionnaire->latency.p99_ms;
    double limit = p99->given ? p99->likely : (double)NAN;
    for (size_t i = 0; i < d->option_count; i++) {
        const struct option *o = &d->options[i];
        if (rows->options[i]) {
            chart_interval(&sb, &axis, INTERVAL_WIDTH, o->class, o->p10_usd,
                           o->costed ? money_double(o->monthly) : (double)NAN, o->p90_usd);
            value_set(rows->options[i], "drawing", drawing_take(&sb, a));
        }
        if (rows->latencies[i]) {
            chart_latency_row(&sb, o->latency.p50_ms, o->latency.p99_ms, limit, o->class);
            value_set(rows->latencies[i], "drawing", drawing_take(&sb, a));
        }
    }
    for (size_t i = 0; i < d->sensitivity_count; i++) {
        if (!rows->flips[i])
            continue;
        const struct sensitivity *s = &d->sensitivity[i];
        chart_flip(&sb, s, d->recommendation.class, wording_flip_class(d, s));
        value_set(rows->flips[i], "drawing", drawing_take(&sb, a));
    }
    for (int q = 0; q < QUESTION_COUNT; q++) {
        enum platform_class toward;
        enum strength strength = strongest(d, (enum question)q, &toward);
        chart_lean(&sb, toward, strength);
        value_set(rows->questions[q], "drawing", drawing_take(&sb, a));
    }
    strbuf_release(&sb);
}

/* ---- the two pages ---- */

int notes_top_level(struct str markdown)
{
    int top = 4;
    bool in_code = false;
    struct str rest = markdown;
    struct str line;
    while (str_next_line(&rest, &line)) {
        if (str_starts(str_trim(line), STR("```")) || str_starts(str_trim(line), STR("~~~")))
            in_code = !in_code;
        int level = 0;
        while ((size_t)level < line.n && line.s[level] == '#')
            level++;
        bool is_heading = level > 0 && !in_code && (size_t)level < line.n && line.s[level] == ' ';
        if (is_heading && level < top)
            top = level;
    }
    return top == 4 ? 1 : top;
}

static struct str notes_path(const struct report *r, struct arena *a)
{
    return str_printf(a, "content/workloads/%.*s/notes.md", STR_ARG(r->questionnaire->slug));
}

/* Title and description that search results and bookmarks show. */
static void name_page(const struct report *r, struct arena *a, struct model_page *page)
{
    struct strbuf sb = STRBUF_INIT;
    strbuf_add(&sb, r->questionnaire->title);
    strbuf_adds(&sb, ": ");
    wording_verdict(&sb, r->decision);
    page->title = strbuf_copy(&sb, a);
    strbuf_clear(&sb);
    strbuf_adds(&sb, "Decision report: ");
    wording_verdict(&sb, r->decision);
    strbuf_addc(&sb, '.');
    for (size_t i = 0; i < 2; i++) {
        size_t before = sb.n;
        strbuf_addc(&sb, ' ');
        if (!wording_verdict_sentence(&sb, r->decision, i)) {
            sb.n = before; /* nothing was said */
            sb.s[before] = '\0';
        }
    }
    page->description = strbuf_copy(&sb, a);
    strbuf_release(&sb);
}

struct report_tree *report_tree_new(struct arena *a)
{
    return arena_new(a, struct report_tree, 1);
}

struct value *report_tree_get(struct report_tree *t, const struct pages *p, const struct report *r,
                              bool in_site, struct arena *a)
{
    if (!t->report)
        t->report = model_report(r, p->site, "../", a, &t->rows);
    model_place(&t->rows, in_site);
    return t->report;
}

/* Drawings and notes. */
static bool add_html(const struct report *r, struct report_tree *t, struct arena *a, struct diags *d)
{
    if (t->has_html)
        return true;
    add_drawings(r, t, a);
    value_set(t->report, "notes_html", value_null());
    if (r->notes_markdown.n > 0) {
        struct str html;
        if (!markdown_html(notes_path(r, a), r->notes_markdown, 3 - notes_top_level(r->notes_markdown),
                           "notes-", a, &html, d))
            return false;
        value_set_html(t->report, "notes_html", html);
    }
    t->has_html = true;
    return true;
}

static bool report_root(const struct pages *p, const struct report *r, struct report_tree *t,
                        bool in_site, struct arena *a, struct value **root, struct diags *d)
{
    struct model_page page = {.to_root = in_site ? "../" : "", .section = STR("index.html")};
    if (!t)
        t = report_tree_new(a);
    name_page(r, a, &page);
    *root = model_page(p->site, &page, a);
    value_set(*root, "report", report_tree_get(t, p, r, in_site, a));
    return add_html(r, t, a, d);
}

bool html_report(const struct pages *p, const struct report *r, struct report_tree *t,
                 struct arena *a, struct strbuf *out, struct diags *d)
{
    struct value *root;
    return report_root(p, r, t, true, a, &root, d) &&
           page_render(p, STR("report.html"), root, out, d);
}

/* "sha256-..." over the bytes that stand between <style> and </style>, for the page's own policy. */
static struct str style_hash(struct str style, struct arena *a)
{
    static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct sha256 h;
    unsigned char digest[33] = {0}; /* a zero behind it: 32 bytes are no whole number of triples */
    sha256_init(&h);
    sha256_add(&h, style);
    sha256_final(&h, digest);
    struct strbuf sb = STRBUF_INIT;
    strbuf_adds(&sb, "sha256-");
    for (size_t i = 0; i < 33; i += 3) {
        unsigned triple = (unsigned)digest[i] << 16 | (unsigned)digest[i + 1] << 8 | digest[i + 2];
        strbuf_addc(&sb, DIGITS[triple >> 18]);
        strbuf_addc(&sb, DIGITS[triple >> 12 & 63]);
        strbuf_addc(&sb, DIGITS[triple >> 6 & 63]);
        strbuf_addc(&sb, i + 3 > 32 ? '=' : DIGITS[triple & 63]);
    }
    struct str hash = strbuf_copy(&sb, a);
    strbuf_release(&sb);
    return hash;
}

/* The inputs as data, so that `verify` can rebuild the page from the page alone. */
static void set_inputs(struct value *root, const struct report *r, struct arena *a)
{
    struct strbuf json = STRBUF_INIT, safe = STRBUF_INIT;
    json_report_inputs(r, &json);
    escape_script_json(&safe, strbuf_str(&json));
    value_set_html(root, "inputs_json", strbuf_copy(&safe, a));
    strbuf_release(&json);
    strbuf_release(&safe);
}

bool html_report_single(const struct pages *p, const struct report *r, struct report_tree *t,
                        struct arena *a, struct strbuf *out, struct diags *d)
{
    /* Within <style> neither HTML nor XML knows escapes: such a sheet cannot be carried. */
    for (size_t i = 0; i < p->stylesheet.n; i++)
        if (p->stylesheet.s[i] == '<' || p->stylesheet.s[i] == '&') {
            diag_error(d, (struct where){STR("templates/site.css"), p->stylesheet, i, 1},
                       "write it another way, for instance as a CSS escape",
                       "the style sheet holds a \"%c\", which the single-file report cannot carry",
                       p->stylesheet.s[i]);
            return false;
        }
    struct value *root;
    if (!report_root(p, r, t, false, a, &root, d))
        return false;
    value_set_html(root, "stylesheet", p->stylesheet);
    value_set_text(root, "stylesheet_hash", style_hash(p->stylesheet, a));
    set_inputs(root, r, a);
    return page_render(p, STR("report-single.html"), root, out, d);
}

/* ---- chart files ---- */

static const char *const FILE_NAMES[] = {
    [CHART_FILE_COST] = "cost.svg",
    [CHART_FILE_VOLUME] = "volume.svg",
    [CHART_FILE_SENSITIVITY] = "sensitivity.svg",
    [CHART_FILE_LATENCY] = "latency.svg",
};
_Static_assert(sizeof FILE_NAMES / sizeof FILE_NAMES[0] == CHART_FILE_COUNT, "a name for every chart");

const char *chart_file_name(enum chart_file which)
{
    return FILE_NAMES[which];
}

bool chart_file_draw(const struct report *r, enum chart_file which, struct strbuf *out)
{
    const struct answer *p99 = &r->questionnaire->latency.p99_ms;
    switch (which) {
    case CHART_FILE_COST: return chart_cost(out, r->decision, CHART_FILE);
    case CHART_FILE_VOLUME: return chart_volume(out, r->decision, CHART_FILE);
    case CHART_FILE_SENSITIVITY: return chart_sensitivity(out, r->decision, CHART_FILE);
    case CHART_FILE_LATENCY:
        return chart_latency(out, r->decision, p99->given ? p99->likely : (double)NAN, CHART_FILE);
    case CHART_FILE_COUNT: break;
    }
    return false;
}
