/*
 * Where the time of a build goes: every stage of every decision of a project, one after the other in
 * one thread, by the processor's clock. `tests/bench/run.sh` calls it.
 *
 *   stages PROJECT FOLDER
 *
 * PROJECT is a project folder; FOLDER, an absolute path that should not exist, receives the reports'
 * files. The stages are those of `build`, by the same functions, so that their sum is what a worker of a
 * build does.
 */
#include "base/arena.h"
#include "base/diag.h"
#include "base/strbuf.h"
#include "command/analysis.h"
#include "command/effects.h"
#include "publish/publication.h"
#include "render/csv_costs.h"
#include "render/json_report.h"
#include "render/pages.h"
#include "render/xmlcheck.h"
#include "source/json_scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum step {
    STEP_BOOK,
    STEP_POLICY,
    STEP_CLAIMS,
    STEP_TEMPLATES,
    STEP_DECIDE,
    STEP_SHARE,
    STEP_BEFORE,
    STEP_JSON,
    STEP_CSV,
    STEP_MARKDOWN,
    STEP_PAGE,
    STEP_SINGLE,
    STEP_CHARTS,
    STEP_CHECK_XML,
    STEP_CHECK_JSON,
    STEP_STORE,
    STEP_COUNT
};

static const char *const NAMES[] = {
    [STEP_BOOK] = "load: price book",
    [STEP_POLICY] = "load: policy",
    [STEP_CLAIMS] = "load: claims",
    [STEP_TEMPLATES] = "load: templates and site",
    [STEP_DECIDE] = "read and decide",
    [STEP_SHARE] = "decide with a shared cluster",
    [STEP_BEFORE] = "decide before the price change",
    [STEP_JSON] = "report.json",
    [STEP_CSV] = "costs.csv",
    [STEP_MARKDOWN] = "report.md",
    [STEP_PAGE] = "index.html",
    [STEP_SINGLE] = "report.html",
    [STEP_CHARTS] = "charts",
    [STEP_CHECK_XML] = "check XML",
    [STEP_CHECK_JSON] = "check JSON",
    [STEP_STORE] = "store",
};

struct bench {
    struct project p;
    struct pages pages;
    struct publication *publication;
    const struct edition *edition;
    struct arena *a, *scratch;
    struct diags *d;
    double ms[STEP_COUNT], last;
    size_t calls[STEP_COUNT], bytes[STEP_COUNT];
};

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* What passed since the last call goes to the stage. */
static void stage_ends(struct bench *b, enum step stage)
{
    double now = now_ms();
    b->ms[stage] += now - b->last;
    b->calls[stage]++;
    b->last = now_ms();
}

static void fail(struct bench *b)
{
    struct strbuf text = STRBUF_INIT;
    diags_sort(b->d);
    diags_print(b->d, &text, false);
    fputs(text.s ? text.s : "stages: cannot go to the project's folder\n", stderr);
    exit(1);
}

static void load(struct bench *b)
{
    struct project *p = &b->p;
    b->last = now_ms();
    bool ok = project_load_book(p);
    stage_ends(b, STEP_BOOK);
    ok = project_load_policy(p) && ok;
    stage_ends(b, STEP_POLICY);
    ok = project_load_claims(p) && ok;
    stage_ends(b, STEP_CLAIMS);
    ok = project_load_site(p, NULL) && project_load_templates(p) && ok;
    stage_ends(b, STEP_TEMPLATES);
    if (!ok || !project_list_workloads(p))
        fail(b);
    b->pages = (struct pages){
        .site = &p->site, .templates = p->templates, .stylesheet = p->stylesheet};
    b->edition = effects_edition(&p->book, p->book.edition, b->a);
}

/* Counts, checks and stores a finished file, and empties the buffer. */
static void deliver(struct bench *b, enum step made, struct str slug, const char *name,
                    struct strbuf *out)
{
    struct str bytes = strbuf_str(out);
    struct str path = str_printf(b->scratch, "%.*s/%s", STR_ARG(slug), name);
    bool ok = true;
    stage_ends(b, made);
    b->bytes[made] += bytes.n;
    if (str_ends(path, STR(".html")) || str_ends(path, STR(".svg"))) {
        ok = xml_check(path, bytes, b->scratch, NULL, b->d);
        stage_ends(b, STEP_CHECK_XML);
    } else if (str_ends(path, STR(".json"))) {
        ok = json_scan_check(path, bytes, b->scratch, b->d);
        stage_ends(b, STEP_CHECK_JSON);
    }
    ok = ok && publication_file(b->publication, path, PUBLISH_REPORT, bytes, b->d);
    stage_ends(b, STEP_STORE);
    strbuf_clear(out);
    if (!ok)
        fail(b);
}

static void make(struct bench *b, const struct workload_source *source, struct strbuf *out)
{
    struct analysis_request request = {.source = *source, .as_of = DATE_NONE};
    struct decide_input input;
    struct decision_effect effect;
    struct report r;
    struct arena *a = b->scratch;
    arena_clear(a);
    b->last = now_ms();
    if (!analyse_with_input(&b->p, &request, a, &r, &input, b->d))
        fail(b);
    stage_ends(b, STEP_DECIDE);
    r.shared = analysis_share(&input, r.decision, a);
    stage_ends(b, STEP_SHARE);
    if (b->edition)
        effects_find(&input, r.decision, b->edition, a, b->a, &effect);
    stage_ends(b, STEP_BEFORE);
    json_report(&r, out);
    deliver(b, STEP_JSON, source->slug, "report.json", out);
    csv_costs(&r, out);
    deliver(b, STEP_CSV, source->slug, "costs.csv", out);
    struct report_tree *tree = report_tree_new(a);
    bool ok = mdown_report(&b->pages, &r, tree, a, out, b->d);
    deliver(b, STEP_MARKDOWN, source->slug, "report.md", out);
    ok = html_report(&b->pages, &r, tree, a, out, b->d) && ok;
    deliver(b, STEP_PAGE, source->slug, "index.html", out);
    ok = html_report_single(&b->pages, &r, tree, a, out, b->d) && ok;
    deliver(b, STEP_SINGLE, source->slug, "report.html", out);
    for (size_t i = 0; i < CHART_FILE_COUNT; i++)
        if (chart_file_draw(&r, (enum chart_file)i, out))
            deliver(b, STEP_CHARTS, source->slug, chart_file_name((enum chart_file)i), out);
    if (!ok)
        fail(b);
}

static void print(const struct bench *b)
{
    size_t reports = b->calls[STEP_DECIDE];
    double loading = 0, sum = 0;
    for (int i = 0; i < STEP_DECIDE; i++)
        loading += b->ms[i];
    for (int i = STEP_DECIDE; i < STEP_COUNT; i++)
        sum += b->ms[i];
    printf("%-34s %9.2f ms\n", "loading, once", loading);
    for (int i = 0; i < STEP_DECIDE; i++)
        printf("  %-32s %9.2f ms\n", NAMES[i], b->ms[i]);
    printf("%-34s %9.2f ms of one processor, the mean of %zu\n", "a report",
           sum / (double)reports, reports);
    for (int i = STEP_DECIDE; i < STEP_COUNT; i++) {
        printf("  %-32s %9.3f ms  %5.1f %%", NAMES[i], b->ms[i] / (double)reports,
               100 * b->ms[i] / sum);
        if (b->bytes[i] > 0)
            printf("  %7zu bytes", b->bytes[i] / reports);
        putchar('\n');
    }
}

int main(int argc, char **argv)
{
    struct bench b = {.a = arena_create(), .scratch = arena_create()};
    struct strbuf out = STRBUF_INIT;
    struct publish_counts counts;
    if (argc != 3) {
        fputs("usage: stages PROJECT FOLDER\n", stderr);
        return 2;
    }
    b.d = diags_new(b.a);
    b.publication = publication_begin(argv[2], false, b.d);
    if (!b.publication || chdir(argv[1]) != 0)
        fail(&b);
    project_open(&b.p, b.a, b.d);
    load(&b);
    for (size_t i = 0; i < b.p.workload_count; i++)
        make(&b, &b.p.workloads[i], &out);
    b.last = now_ms();
    if (!publication_finish(b.publication, &counts, b.d))
        fail(&b);
    stage_ends(&b, STEP_STORE);
    print(&b);
    strbuf_release(&out);
    arena_destroy(b.scratch);
    arena_destroy(b.a);
    return 0;
}
