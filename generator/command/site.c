#include "command/site.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "command/analysis.h"
#include "command/effects.h"
#include "command/site_files.h"
#include "command/workers.h"

#include <stdlib.h>

/* What is known of each decision before any is analysed. */
struct entry {
    struct str slug, title, supersedes;
    struct where supersedes_where;
    enum status status;
    bool is_read; /* without errors */
    bool is_made; /* its files went to the sink */
    const struct entry *superseded_by;
    struct diags *d; /* what was found in its files; NULL: nothing */
    struct report_summary summary;
    bool has_effect;
    struct decision_effect effect; /* of the last price update */
};

struct making {
    struct project *p;
    const struct site_options *o;
    const struct site_files *files;
    const struct site_sink *sink;
    struct entry *entries; /* by slug, as p->workloads */
    size_t *included;      /* indexes of the decisions that are published */
    size_t included_count;
    const struct edition *edition; /* the last price update; NULL: none */
};

static void keep_diags(struct entry *e, const struct diags *found, struct arena *keep)
{
    if (diags_count(found) == 0)
        return;
    if (!e->d)
        e->d = diags_new(keep);
    diags_append(e->d, found);
}

/* ---- the census: all questionnaires read, none analysed ----------------------------------------
 */

static void read_one(void *context, size_t index, const struct worker *worker)
{
    struct making *m = context;
    struct entry *e = &m->entries[index];
    struct diags *d = diags_new(worker->scratch);
    struct analysis_request request = {.source = m->p->workloads[index], .as_of = DATE_NONE};
    struct questionnaire q;
    e->slug = m->p->workloads[index].slug;
    e->is_read = analysis_read(&request, worker->scratch, &q, d);
    if (e->is_read) {
        e->title = str_copy(worker->keep, q.title);
        e->status = q.status;
        if (q.supersedes.given) {
            e->supersedes = str_copy(worker->keep, q.supersedes.text);
            e->supersedes_where = q.supersedes.where;
            e->supersedes_where.path = str_copy(worker->keep, e->supersedes_where.path);
            e->supersedes_where.text = str_copy(worker->keep, e->supersedes_where.text);
        }
    } else {
        keep_diags(e, d, worker->keep); // warnings come again with the analysis
    }
}

static struct entry *find_entry(const struct making *m, struct str slug)
{
    size_t low = 0, high = m->p->workload_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(m->entries[middle].slug, slug);
        if (order == 0)
            return &m->entries[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static void unknown_predecessor(const struct making *m, const struct entry *e)
{
    struct arena *a = m->p->a;
    struct str *slugs = arena_new(a, struct str, m->p->workload_count);
    for (size_t i = 0; i < m->p->workload_count; i++)
        slugs[i] = m->entries[i].slug;
    struct str near = str_nearest(e->supersedes, slugs, m->p->workload_count);
    const char *hint = near.n > 0 ? str_printf(a, "did you mean \"%.*s\"?", STR_ARG(near)).s
                                  : "the slug of a folder below content/workloads/";
    diag_error(m->p->d, e->supersedes_where, hint, "supersedes names no decision: \"%.*s\"",
               STR_ARG(e->supersedes));
}

/* Who supersedes whom, and who is published. */
static void link_entries(struct making *m)
{
    m->included = arena_new(m->p->a, size_t, m->p->workload_count);
    for (size_t i = 0; i < m->p->workload_count; i++) {
        struct entry *e = &m->entries[i];
        if (!e->is_read)
            continue;
        bool is_included = m->o->drafts || e->status != STATUS_DRAFT;
        if (is_included)
            m->included[m->included_count++] = i;
        if (e->supersedes.n == 0)
            continue;
        struct entry *old = find_entry(m, e->supersedes);
        if (!old)
            unknown_predecessor(m, e);
        else if (old == e)
            diag_error(m->p->d, e->supersedes_where, NULL, "a decision cannot supersede itself");
        else if (is_included && old->superseded_by)
            diag_error(m->p->d, e->supersedes_where, "supersede one of the two by the other",
                       "\"%.*s\" is superseded by \"%.*s\" already", STR_ARG(old->slug),
                       STR_ARG(old->superseded_by->slug));
        else if (is_included)
            old->superseded_by = e;
    }
}

static void join_diags(const struct making *m)
{
    for (size_t i = 0; i < m->p->workload_count; i++) {
        struct entry *e = &m->entries[i];
        if (e->d)
            diags_append(m->p->d, e->d);
        e->d = NULL;
    }
}

/* ---- reports ------------------------------------------------------------------------------------
 */

static void make_one(void *context, size_t piece, const struct worker *worker)
{
    const struct making *m = context;
    size_t index = m->included[piece];
    struct entry *e = &m->entries[index];
    struct diags *d = diags_new(worker->scratch);
    struct analysis_request request = {.source = m->p->workloads[index], .as_of = m->o->as_of, .with_sharing = true};
    struct report report;
    if (e->superseded_by) {
        request.superseded_by = e->superseded_by->slug;
        request.superseded_by_title = e->superseded_by->title;
    }
    if (analyse(m->p, &request, worker->scratch, &report, d)) {
        if (m->sink->report)
            m->sink->report(m->sink->context, &report, d);
        report_summarise(&report, worker->keep, &e->summary);
        e->is_made = site_report_files(m->files, &report, worker->scratch, d);
        e->has_effect = m->edition && effects_find(m->p, &request, &report, m->edition,
                                                   worker->scratch, worker->keep, &e->effect);
    }
    keep_diags(e, d, worker->keep);
}

/* ---- all of it ----------------------------------------------------------------------------------
 */

static bool load_all(struct project *p, const char *base_url)
{
    bool ok = project_load_book(p);
    ok = ok && project_load_claims(p);
    ok = project_load_policy(p) && ok;
    ok = project_load_site(p, base_url) && ok;
    ok = project_load_templates(p) && ok;
    return project_list_pages(p) && ok;
}

static bool make_reports(struct making *m, struct workers *w)
{
    workers_run(w, m->included_count, make_one, m, m->o->quiet ? NULL : "reports");
    join_diags(m);
    for (size_t i = 0; i < m->included_count; i++)
        if (!m->entries[m->included[i]].is_made)
            return false;
    return true;
}

static void collect_results(const struct making *m, struct pages *pages)
{
    struct report_summary *all = arena_new(m->p->a, struct report_summary, m->included_count);
    struct decision_effect *effects = arena_new(m->p->a, struct decision_effect, m->included_count);
    for (size_t i = 0; i < m->included_count; i++) {
        const struct entry *e = &m->entries[m->included[i]];
        all[i] = e->summary;
        if (e->has_effect)
            effects[pages->effect_count++] = e->effect;
    }
    m->p->site.reports = all;
    m->p->site.report_count = m->included_count;
    pages->effects = effects;
}

bool site_make(struct project *p, const char *base_url, const struct site_options *o,
               const struct site_sink *sink, struct site_counts *counts)
{
    struct making m = {.p = p, .o = o, .sink = sink};
    bool ok = load_all(p, base_url);
    if (!project_list_workloads(p))
        return false;
    struct workers *w = workers_open(o->jobs > 0 ? o->jobs : workers_default());
    m.entries = arena_new(p->a, struct entry, p->workload_count);
    workers_run(w, p->workload_count, read_one, &m, NULL);
    link_entries(&m);
    join_diags(&m);
    if (ok && diags_errors(p->d) == 0) {
        struct site_files files;
        site_files_init(&files, p, sink);
        m.files = &files;
        if (o->effects)
            m.edition = effects_edition(&p->book,
                                        date_is_none(o->as_of) ? p->book.edition : o->as_of, p->a);
        ok = make_reports(&m, w);
        collect_results(&m, &files.pages);
        ok = ok && site_page_files(&files, w);
    }
    *counts = (struct site_counts){m.included_count, p->workload_count - m.included_count};
    workers_close(w);
    p->site.reports = NULL; // their texts lay in the workers' arenas
    p->site.report_count = 0;
    return ok && diags_errors(p->d) == 0;
}
