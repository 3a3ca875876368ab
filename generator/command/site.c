#include "command/site.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "command/analysis.h"
#include "command/effects.h"
#include "command/memory.h"
#include "command/price_keys.h"
#include "command/site_files.h"
#include "command/workers.h"
#include "workload/workload.h"

#include <stdlib.h>

#define RECORD_MOST (FILE_MAX_BYTES / 2) /* of what is remembered: some 30,000 decisions */

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
    const struct remembered *old;  /* of the last build, where the files beside it are the same */
    bool is_kept;                  /* its files of the last publication are right */
    struct str geography;
    bool all_providers;
    const struct str *providers;
    size_t provider_count;
    struct diags *said; /* with the analysis; NULL: nothing */
};

struct making {
    struct project *p;
    const struct site_options *o;
    const struct site_files *files;
    const struct site_sink *sink;
    bool is_loaded;        /* prices, policy and looks, without errors */
    struct entry *entries; /* by slug, as p->workloads */
    size_t *included;      /* indexes of the decisions that are published */
    size_t included_count;
    const struct edition *edition; /* the last price update; NULL: none */
    struct memory memory;          /* of the last build; no items where nothing can be kept */
    struct price_keys keys;
    struct workers *workers;
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
    if (e->old) {
        e->title = e->old->title;
        e->status = e->old->status;
        e->supersedes = e->old->supersedes;
        e->is_read = true;
        return;
    }
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
        if (m->is_loaded) // names are unknown to a book that is not there
            workload_check_names(&q, &m->p->book, worker->scratch, d); // as analyse() does
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

/* Which prices it may hang on. Where it runs now may be with a provider that it does not allow. */
static void keep_reach(struct entry *e, const struct report *r, struct arena *keep)
{
    const struct questionnaire *q = r->questionnaire;
    struct str *providers = arena_new(keep, struct str, q->provider_count);
    for (size_t i = 0; i < q->provider_count; i++)
        providers[i] = str_copy(keep, q->providers[i]);
    e->geography = str_copy(keep, r->decision->geography);
    e->all_providers = q->provider_count == 0 || q->current_platform.given;
    e->providers = providers;
    e->provider_count = q->provider_count;
}

static void make_one(void *context, size_t piece, const struct worker *worker)
{
    const struct making *m = context;
    size_t index = m->included[piece];
    struct entry *e = &m->entries[index];
    struct diags *d = diags_new(worker->scratch);
    struct analysis_request request = {.source = m->p->workloads[index], .as_of = m->o->as_of};
    struct decide_input input;
    struct report report;
    if (e->is_kept)
        return;
    if (e->superseded_by) {
        request.superseded_by = e->superseded_by->slug;
        request.superseded_by_title = e->superseded_by->title;
    }
    if (analyse_with_input(m->p, &request, worker->scratch, &report, &input, d)) {
        report.shared = analysis_share(&input, report.decision, worker->scratch);
        if (m->sink->report)
            m->sink->report(m->sink->context, &report, d);
        report_summarise(&report, worker->keep, &e->summary);
        e->is_made = site_report_files(m->files, &report, worker->scratch, d);
        e->has_effect = m->edition && effects_find(&input, report.decision, m->edition,
                                                   worker->scratch, worker->keep, &e->effect);
        keep_reach(e, &report, worker->keep);
    }
    keep_diags(e, d, worker->keep);
    e->said = e->d;
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

/* ---- from one build to the next -----------------------------------------------------------------
 */

static const struct remembered *find_remembered(const struct memory *m, struct str slug)
{
    size_t low = 0, high = m->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(m->items[middle].slug, slug);
        if (order == 0)
            return &m->items[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* What the last build knows of decisions whose files are the same, if this program can know it. */
static void recall(struct making *m)
{
    const struct inputs *now = m->o->inputs;
    if (!now || !m->o->last || !memory_read(m->o->last->record, m->p->a, &m->memory) ||
        !input_hash_equal(&m->memory.common, &now->common)) {
        m->memory.count = 0;
        return;
    }
    for (size_t i = 0; i < m->p->workload_count; i++) {
        const struct remembered *old = find_remembered(&m->memory, m->p->workloads[i].slug);
        if (old && input_hash_equal(&old->files, &now->workloads[i]))
            m->entries[i].old = old;
    }
}

static void forget(struct making *m)
{
    for (size_t i = 0; i < m->p->workload_count; i++)
        m->entries[i] = (struct entry){0};
}

/* Every decision that one supersedes is there, and is superseded by no other. */
static bool links_are_sound(const struct making *m)
{
    for (size_t i = 0; i < m->p->workload_count; i++) {
        const struct entry *e = &m->entries[i];
        if (!e->is_read || e->supersedes.n == 0)
            continue;
        if (!find_entry(m, e->supersedes))
            return false;
        for (size_t k = 0; k < i; k++)
            if (m->entries[k].is_read && str_equal(m->entries[k].supersedes, e->supersedes))
                return false;
    }
    return true;
}

/* The files below SLUG/ in the last publication. */
static size_t files_below(const struct published *last, struct str slug, size_t *first)
{
    size_t low = 0, high = last->count, count = 0;
    while (low < high) { // the first path that is not before "SLUG/"
        size_t middle = low + (high - low) / 2;
        struct str path = last->files[middle].path;
        int order = str_compare(str_slice(path, 0, slug.n), slug);
        if (order < 0 || (order == 0 && path.n > slug.n && path.s[slug.n] < '/'))
            low = middle + 1;
        else
            high = middle;
    }
    *first = low;
    while (low + count < last->count && str_starts(last->files[low + count].path, slug) &&
           last->files[low + count].path.n > slug.n &&
           last->files[low + count].path.s[slug.n] == '/')
        count++;
    return count;
}

/* Warnings of a report that is kept; the text of their file is read for the line that they show. */
static void say_again(const struct remembered *old, struct arena *a, struct diags *d)
{
    for (size_t i = 0; i < old->diag_count; i++) {
        const struct remembered_diag *r = &old->diags[i];
        struct where where = {
            .path = r->path, .offset = (size_t)r->offset, .length = (size_t)r->length};
        bool missing;
        if (r->has_text)
            file_read_optional(str_cstring(a, r->path), a, &where.text, &missing, diags_new(a));
        diag_add(d, r->severity == SEVERITY_NOTE ? SEVERITY_NOTE : SEVERITY_WARNING, where, r->hint,
                 r->message);
    }
}

/* Whether the report of the last build is the one that this build would make. */
static bool is_same_report(struct making *m, const struct entry *e)
{
    const struct remembered *old = e->old;
    struct input_hash prices = {{0}};
    if (!old || !old->is_made)
        return false;
    struct str by = e->superseded_by ? e->superseded_by->slug : STR("");
    struct str title = e->superseded_by ? e->superseded_by->title : STR("");
    if (!str_equal(old->superseded_by, by) || !str_equal(old->superseded_by_title, title))
        return false;
    if (input_hash_equal(&m->memory.prices, &m->o->inputs->prices))
        return true;
    price_keys_find(&m->keys, old->geography, old->all_providers, old->providers,
                    old->provider_count, &prices);
    return input_hash_equal(&old->prices, &prices);
}

static void look_at_one(void *context, size_t piece, const struct worker *worker)
{
    const struct making *m = context;
    struct entry *e = &m->entries[m->included[piece]];
    size_t first, count;
    if (!e->is_kept)
        return;
    count = files_below(m->o->last, e->slug, &first);
    e->is_kept = count > 0 && publication_intact(m->o->last, first, count, worker->scratch);
}

static void keep_one(struct making *m, struct entry *e)
{
    size_t first, count = files_below(m->o->last, e->slug, &first);
    for (size_t i = first; i < first + count; i++)
        m->sink->keep(m->sink->context, &m->o->last->files[i]);
    e->is_made = true;
    e->summary = e->old->summary;
    e->has_effect = e->old->has_effect;
    e->effect = e->old->effect;
    e->geography = e->old->geography;
    e->all_providers = e->old->all_providers;
    e->providers = e->old->providers;
    e->provider_count = e->old->provider_count;
    if (e->old->diag_count > 0) {
        e->d = e->said = diags_new(m->p->a);
        say_again(e->old, m->p->a, e->d);
    }
}

static void keep_reports(struct making *m)
{
    if (m->memory.count == 0)
        return;
    for (size_t i = 0; i < m->included_count; i++) {
        struct entry *e = &m->entries[m->included[i]];
        e->is_kept = is_same_report(m, e);
    }
    workers_run(m->workers, m->included_count, look_at_one, m, NULL);
    for (size_t i = 0; i < m->included_count; i++)
        if (m->entries[m->included[i]].is_kept)
            keep_one(m, &m->entries[m->included[i]]);
}

static size_t count_made(const struct making *m)
{
    size_t made = 0;
    for (size_t i = 0; i < m->included_count; i++)
        made += !m->entries[m->included[i]].is_kept;
    return made;
}

static void remember_diags(const struct diags *said, struct arena *a, struct remembered *out)
{
    size_t count = said ? diags_count(said) : 0;
    out->diags = arena_new(a, struct remembered_diag, count);
    out->diag_count = count;
    for (size_t i = 0; i < count; i++) {
        const struct diag *d = diags_get(said, i);
        out->diags[i] = (struct remembered_diag){.path = d->where.path,
                                                 .message = d->message,
                                                 .hint = d->hint,
                                                 .severity = (uint64_t)d->severity,
                                                 .offset = d->where.offset,
                                                 .length = d->where.length,
                                                 .has_text = d->where.text.n > 0};
    }
}

static void remember(struct making *m)
{
    const struct inputs *now = m->o->inputs;
    struct arena *a = m->p->a;
    struct memory memory = {now->common, now->prices, now->pages,
                            arena_new(a, struct remembered, m->p->workload_count),
                            m->p->workload_count};
    for (size_t i = 0; i < m->p->workload_count; i++) {
        const struct entry *e = &m->entries[i];
        struct remembered *r = &memory.items[i];
        *r = (struct remembered){.files = now->workloads[i],
                                 .slug = e->slug,
                                 .title = e->title,
                                 .supersedes = e->supersedes,
                                 .status = e->status,
                                 .is_made = e->is_made,
                                 .geography = e->geography,
                                 .all_providers = e->all_providers,
                                 .providers = e->providers,
                                 .provider_count = e->provider_count,
                                 .summary = e->summary,
                                 .has_effect = e->has_effect,
                                 .effect = e->effect};
        if (!e->is_made)
            continue;
        if (e->superseded_by) {
            r->superseded_by = e->superseded_by->slug;
            r->superseded_by_title = e->superseded_by->title;
        }
        price_keys_find(&m->keys, e->geography, e->all_providers, e->providers, e->provider_count,
                        &r->prices);
        remember_diags(e->said, a, r);
    }
    struct strbuf record = {.maximum = RECORD_MOST};
    memory_write(&memory, &record);
    if (!record.overflowed)
        m->sink->remember(m->sink->context, &record);
    strbuf_release(&record);
}

/* ---- nothing to do ------------------------------------------------------------------------------
 */

#define LOOK_FILES ((size_t)256) /* files that a worker looks at in one go */

struct looking {
    const struct published *last;
    bool *is_good;
};

static void look_at_files(void *context, size_t piece, const struct worker *worker)
{
    const struct looking *l = context;
    size_t first = piece * LOOK_FILES, count = l->last->count - first;
    l->is_good[piece] = publication_intact(l->last, first, count < LOOK_FILES ? count : LOOK_FILES,
                                           worker->scratch);
}

static bool all_intact(const struct site_options *o, struct arena *a)
{
    size_t pieces = (o->last->count + LOOK_FILES - 1) / LOOK_FILES, good = 0;
    struct looking l = {o->last, arena_new(a, bool, pieces)};
    struct workers *w = workers_open(o->jobs > 0 ? o->jobs : workers_default());
    workers_run(w, pieces, look_at_files, &l, NULL);
    workers_close(w);
    for (size_t i = 0; i < pieces; i++)
        good += l.is_good[i];
    return good == pieces;
}

bool site_is_current(struct project *p, const struct site_options *o, struct site_counts *counts)
{
    struct memory m;
    *counts = (struct site_counts){0};
    if (!o->inputs || !o->last || !memory_read(o->last->record, p->a, &m) ||
        !input_hash_equal(&m.common, &o->inputs->common) ||
        !input_hash_equal(&m.prices, &o->inputs->prices) ||
        !input_hash_equal(&m.pages, &o->inputs->pages) || m.count != p->workload_count)
        return false;
    for (size_t i = 0; i < m.count; i++) {
        if (!str_equal(m.items[i].slug, p->workloads[i].slug) ||
            !input_hash_equal(&m.items[i].files, &o->inputs->workloads[i]))
            return false;
        counts->reports += m.items[i].is_made;
        counts->drafts_left_out += !m.items[i].is_made;
    }
    if (!all_intact(o, p->a))
        return false;
    for (size_t i = 0; i < m.count; i++)
        say_again(&m.items[i], p->a, p->d);
    return true;
}

/* ---- the site -----------------------------------------------------------------------------------
 */

bool site_make(struct project *p, const char *base_url, const struct site_options *o,
               const struct site_sink *sink, struct site_counts *counts)
{
    struct making m = {.p = p, .o = o, .sink = sink};
    bool ok = load_all(p, base_url);
    m.is_loaded = ok;
    if (!o->inputs && !project_list_workloads(p))
        return false;
    struct workers *w = workers_open(o->jobs > 0 ? o->jobs : workers_default());
    m.workers = w;
    m.entries = arena_new(p->a, struct entry, p->workload_count);
    recall(&m);
    workers_run(w, p->workload_count, read_one, &m, NULL);
    if (!links_are_sound(&m)) { // the mistake shall be shown in its place
        forget(&m);
        workers_run(w, p->workload_count, read_one, &m, NULL);
    }
    link_entries(&m);
    join_diags(&m);
    if (ok && diags_errors(p->d) == 0) {
        struct site_files files;
        site_files_init(&files, p, sink);
        m.files = &files;
        if (o->effects)
            m.edition = effects_edition(&p->book,
                                        date_is_none(o->as_of) ? p->book.edition : o->as_of, p->a);
        price_keys_init(&m.keys, &p->book, m.edition, p->a);
        keep_reports(&m);
        ok = make_reports(&m, w);
        collect_results(&m, &files.pages);
        ok = ok && site_page_files(&files, w);
        if (ok && o->inputs && sink->remember)
            remember(&m);
    }
    *counts = (struct site_counts){m.included_count, p->workload_count - m.included_count,
                                   count_made(&m)};
    workers_close(w);
    p->site.reports = NULL; // their texts lay in the workers' arenas
    p->site.report_count = 0;
    return ok && diags_errors(p->d) == 0;
}
