#include "workload/resolve.h"

#include "base/arena.h"
#include "base/diag.h"
#include "workload/shape.h"

#include <assert.h>
#include <string.h>

static bool resolve_providers(struct resolver *r)
{
    struct workload *w = r->w;
    bool good = true;
    assert(r->book->provider_count <= sizeof w->provider / sizeof *w->provider);
    for (size_t i = 0; i < r->book->provider_count; i++)
        w->provider[i] = r->q->provider_count == 0;
    for (size_t i = 0; i < r->q->provider_count; i++) {
        int p = book_provider(r->book, r->q->providers[i]);
        if (p < 0) {
            struct str *names = arena_new(r->a, struct str, r->book->provider_count);
            for (size_t k = 0; k < r->book->provider_count; k++)
                names[k] = r->book->providers[k].id;
            struct str nearest = str_nearest(r->q->providers[i], names, r->book->provider_count);
            const char *hint = nearest.n ? str_cstring(r->a, str_printf(r->a, "did you mean \"%.*s\"?", STR_ARG(nearest)))
                                         : "the providers are in pricing/book.json";
            diag_error(r->d, r->q->where, hint, "unknown provider \"%.*s\"", STR_ARG(r->q->providers[i]));
            good = false;
        } else {
            w->provider[p] = true;
        }
    }
    return good;
}

static bool resolve_geography(struct resolver *r)
{
    struct workload *w = r->w;
    struct str id = r->q->geography.given ? r->q->geography.text : STR("us-east");
    if (!r->q->geography.given) {
        const struct assumption *as = policy_assumption(r->policy, STR("geography"));
        if (as && as->is_word)
            id = as->word;
    }
    w->geography = book_geography(r->book, id);
    w->geography_id = id;
    if (w->geography >= 0)
        return true;
    struct str *names = arena_new(r->a, struct str, r->book->geography_count);
    for (size_t k = 0; k < r->book->geography_count; k++)
        names[k] = r->book->geographies[k].id;
    struct str nearest = str_nearest(id, names, r->book->geography_count);
    diag_error(r->d, r->q->geography.given ? r->q->geography.where : r->q->where,
               nearest.n ? str_cstring(r->a, str_printf(r->a, "did you mean \"%.*s\"?", STR_ARG(nearest)))
                         : "the geographies are in pricing/book.json",
               "unknown geography \"%.*s\"", STR_ARG(id));
    return false;
}

static bool resolve_cluster(struct resolver *r)
{
    struct workload *w = r->w;
    const struct questionnaire *q = r->q;
    w->existing_cluster = q->existing_cluster;
    bool good = true;
    if (q->current_platform.given && !book_platform(r->book, q->current_platform.text) &&
        !str_is(q->current_platform.text, "on-premises") && !str_is(q->current_platform.text, "none")) {
        struct str *names = arena_new(r->a, struct str, r->book->platform_count);
        for (size_t k = 0; k < r->book->platform_count; k++)
            names[k] = r->book->platforms[k].id;
        struct str nearest = str_nearest(q->current_platform.text, names, r->book->platform_count);
        diag_error(r->d, q->current_platform.where,
                   nearest.n ? str_cstring(r->a, str_printf(r->a, "did you mean \"%.*s\"?", STR_ARG(nearest)))
                             : "the platforms are in pricing/platforms/; \"on-premises\" and \"none\" are allowed too",
                   "unknown platform \"%.*s\"", STR_ARG(q->current_platform.text));
        good = false;
    }
    if (q->existing_cluster_platform.n) {
        const struct platform *p = book_platform(r->book, q->existing_cluster_platform);
        if (!p || p->class != CLASS_KUBERNETES) {
            diag_error(r->d, q->team_where, "name a Kubernetes platform such as \"aws-eks\", or true or false",
                       "existing_cluster names \"%.*s\", which is no Kubernetes platform of the price book",
                       STR_ARG(q->existing_cluster_platform));
            good = false;
        }
        w->existing_cluster = TRI_YES;
        w->existing_platform = q->existing_cluster_platform;
    } else if (w->existing_cluster == TRI_YES && q->current_platform.given) {
        const struct platform *p = book_platform(r->book, q->current_platform.text);
        if (p)
            w->existing_provider = p->provider;
    }
    return good;
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
    return resolve(q, policy, book, measured, NULL, a, out, d);
}

bool workload_resolve_near(const struct questionnaire *q, const struct policy *policy, const struct book *book,
                           const struct workload *like, struct arena *a, struct workload *out,
                           struct diags *d)
{
    const struct load_curve *measured = like->model_count ? like->parts[0].measured : NULL;
    return resolve(q, policy, book, measured, like, a, out, d);
}
