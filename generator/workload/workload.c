#include "workload/resolve.h"

#include "base/arena.h"
#include "base/diag.h"
#include "workload/shape.h"

#include <assert.h>
#include <string.h>

static void resolve_providers(struct resolver *r)
{
    struct workload *w = r->w;
    assert(r->book->provider_count <= sizeof w->provider / sizeof *w->provider);
    for (size_t i = 0; i < r->book->provider_count; i++)
        w->provider[i] = r->q->provider_count == 0;
    for (size_t i = 0; i < r->q->provider_count; i++) {
        int p = book_provider(r->book, r->q->providers[i]);
        if (p >= 0)
            w->provider[p] = true;
    }
}

static void resolve_geography(struct resolver *r)
{
    struct workload *w = r->w;
    struct str id = r->q->geography.given ? r->q->geography.text : STR("us-east");
    if (!r->q->geography.given) {
        const struct assumption *as = policy_assumption(r->policy, STR("geography"));
        if (as && as->is_word)
            id = as->word;
        const struct book *b = r->book; /* of those that keep the data where they must stay, the assumed one or the first */
        int assumed = book_geography(b, id);
        bool keeps = !r->q->residency.given || (assumed >= 0 && geography_keeps(&b->geographies[assumed], r->q->residency.text));
        for (size_t i = 0; i < b->geography_count && !keeps; i++)
            if (geography_keeps(&b->geographies[i], r->q->residency.text)) {
                id = b->geographies[i].id;
                keeps = true;
            }
    }
    w->geography = book_geography(r->book, id);
    w->geography_id = id;
    if (w->geography < 0 && !r->q->geography.given) /* names_check looks at answers */
        diag_error(r->d, r->q->where, "answer \"geography\", or let the policy assume one that the price book has",
                   "the geography \"%.*s\", which the policy assumes, is not in the price book", STR_ARG(id));
}

static void resolve_cluster(struct resolver *r)
{
    struct workload *w = r->w;
    const struct questionnaire *q = r->q;
    w->existing_cluster = q->existing_cluster;
    if (q->existing_cluster_platform.n) {
        w->existing_cluster = TRI_YES;
        w->existing_platform = q->existing_cluster_platform;
    } else if (w->existing_cluster == TRI_YES && q->current_platform.given) {
        const struct platform *p = book_platform(r->book, q->current_platform.text);
        if (p)
            w->existing_provider = p->provider;
    }
}

static bool resolve(const struct questionnaire *q, const struct policy *policy, const struct book *book,
                    const struct load_curve *measured, const struct workload *like, struct arena *a,
                    struct workload *out, struct diags *d)
{
    *out = (struct workload){.questionnaire = q};
    struct resolver r = {.q = q, .policy = policy, .book = book, .a = a, .d = d, .w = out};
    size_t errors = diags_errors(d);
    resolve_providers(&r);
    resolve_geography(&r);
    resolve_cluster(&r);
    out->share_hardware = q->share_hardware == TRI_YES;

    bool any_purchase = false;
    for (int i = 0; i < PURCHASE_COUNT; i++)
        any_purchase = any_purchase || q->purchase[i];
    for (int i = 0; i < PURCHASE_COUNT; i++)
        out->purchase[i] = any_purchase ? q->purchase[i] : i == PURCHASE_ON_DEMAND;

    struct common c;
    memset(&c, 0, sizeof c);
    resolve_common(&r, measured, &c);
    size_t count = q->models_given + q->job_count;
    struct part *parts = arena_new(a, struct part, count);
    for (size_t i = 0; i < q->models_given; i++) {
        resolve_model(&r, i, &c, &parts[i]);
        parts[i].measured = measured;
    }
    for (size_t i = 0; i < q->job_count; i++)
        resolve_job(&r, i, &parts[q->models_given + i]);
    out->parts = parts;
    out->part_count = count;
    out->model_count = q->models_given;
    /* Spot is also eligible where every part may be interrupted and nothing else was asked for. */
    if (!any_purchase) {
        bool all = count > 0;
        for (size_t i = 0; i < count; i++)
            all = all && parts[i].interruptible;
        out->purchase[PURCHASE_SPOT] = all;
    }
    resolve_globals(&r);
    if (like)
        resolve_globals_of(&r, like);
    out->likely = arena_new(a, double, out->variable_count);
    for (size_t i = 0; i < out->variable_count; i++)
        out->likely[i] = out->variables[i].likely;
    for (size_t i = 0; i < count; i++)
        for (int f = 0; f < FIGURE_COUNT; f++)
            if (parts[i].variable[f] >= 0)
                parts[i].fixed[f] = out->variables[parts[i].variable[f]].likely;
    for (size_t i = 0; i < out->model_count; i++)
        parts[i].shapes = like ? shape_table_near(&parts[i], policy, like->parts[i].shapes, a)
                               : shape_table_new(out, &parts[i], policy, a);
    for (size_t i = 0; i < count; i++)
        parts[i].index = i;
    return diags_errors(d) == errors;
}

bool workload_resolve(const struct questionnaire *q, const struct policy *policy, const struct book *book,
                      const struct load_curve *measured, struct arena *a, struct workload *out,
                      struct diags *d)
{
    *out = (struct workload){.questionnaire = q};
    return workload_check_names(q, book, a, d) && resolve(q, policy, book, measured, NULL, a, out, d);
}

bool workload_resolve_near(const struct questionnaire *q, const struct policy *policy, const struct book *book,
                           const struct workload *like, struct arena *a, struct workload *out,
                           struct diags *d)
{
    const struct load_curve *measured = like->model_count ? like->parts[0].measured : NULL;
    return resolve(q, policy, book, measured, like, a, out, d);
}
