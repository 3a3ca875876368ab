#include "workload/workload.h"

#include "base/arena.h"
#include "base/diag.h"

#define FEW_NAMES ((size_t)16) /* so many fit into a hint */

/* "did you mean "aws"? the providers are aws, azure ...", as far as names are near or few. */
static const char *hint_of(struct arena *a, struct str word, const char *kind, const struct str *names, size_t count, const char *where)
{
    struct str near = str_nearest(word, names, count);
    struct str hint = near.n > 0 ? str_printf(a, "did you mean \"%.*s\"?", STR_ARG(near)) : STR("");
    if (count <= FEW_NAMES) {
        for (size_t i = 0; i < count; i++)
            hint = i == 0 ? str_printf(a, "%.*s%sthe %s are %.*s", STR_ARG(hint), hint.n > 0 ? " " : "", kind, STR_ARG(names[i]))
                          : str_printf(a, "%.*s, %.*s", STR_ARG(hint), STR_ARG(names[i]));
    } else if (near.n == 0) {
        hint = str_printf(a, "the %s are in %s", kind, where);
    }
    return str_cstring(a, hint);
}

static void check_providers(const struct questionnaire *q, const struct book *b, struct arena *a, struct diags *d)
{
    struct str *names = arena_new(a, struct str, b->provider_count);
    for (size_t i = 0; i < b->provider_count; i++)
        names[i] = b->providers[i].id;
    for (size_t i = 0; i < q->provider_count; i++)
        if (book_provider(b, q->providers[i]) < 0)
            diag_error(d, q->provider_wheres[i], hint_of(a, q->providers[i], "providers", names, b->provider_count, "pricing/book.json"),
                       "unknown provider \"%.*s\"", STR_ARG(q->providers[i]));
}

static void check_geography(const struct questionnaire *q, const struct book *b, struct arena *a, struct diags *d)
{
    if (!q->geography.given || book_geography(b, q->geography.text) >= 0)
        return;
    struct str *names = arena_new(a, struct str, b->geography_count);
    for (size_t i = 0; i < b->geography_count; i++)
        names[i] = b->geographies[i].id;
    diag_error(d, q->geography.where, hint_of(a, q->geography.text, "geographies", names, b->geography_count, "pricing/book.json"),
               "unknown geography \"%.*s\"", STR_ARG(q->geography.text));
}

/* Data that must stay in one place, in regions of another. */
static void check_residency(const struct questionnaire *q, const struct book *b, struct arena *a, struct diags *d)
{
    int at = q->geography.given ? book_geography(b, q->geography.text) : -1;
    if (!q->residency.given || at < 0 || b->geographies[at].residency_count == 0 || geography_keeps(&b->geographies[at], q->residency.text))
        return;
    struct str keeping = STR("");
    for (size_t i = 0; i < b->geography_count; i++)
        if (geography_keeps(&b->geographies[i], q->residency.text))
            keeping = str_printf(a, "%.*s%s\"%.*s\"", STR_ARG(keeping), keeping.n ? ", " : "", STR_ARG(b->geographies[i].id));
    struct str what = str_printf(a, "answers.compliance.residency is \"%.*s\", but geography is \"%.*s\"", STR_ARG(q->residency.text),
                                 STR_ARG(q->geography.text));
    if (keeping.n)
        diag_error(d, q->residency.where, str_cstring(a, str_printf(a, "data stays there in %.*s", STR_ARG(keeping))), "%.*s", STR_ARG(what));
    else
        diag_warning(d, q->residency.where, "see to it that the regions of the report keep it", "%.*s: the price book knows no region that keeps \"%.*s\"",
                     STR_ARG(what), STR_ARG(q->residency.text));
}

static void check_platforms(const struct questionnaire *q, const struct book *b, struct arena *a, struct diags *d)
{
    struct str *names = arena_new(a, struct str, b->platform_count);
    for (size_t i = 0; i < b->platform_count; i++)
        names[i] = b->platforms[i].id;
    const struct answer_text *current = &q->current_platform;
    if (current->given && !book_platform(b, current->text) && !str_is(current->text, "on-premises") && !str_is(current->text, "none"))
        diag_error(d, current->where,
                   hint_of(a, current->text, "platforms", names, b->platform_count, "pricing/platforms/; \"on-premises\" and \"none\" are allowed too"),
                   "unknown platform \"%.*s\"", STR_ARG(current->text));
    struct str cluster = q->existing_cluster_platform;
    const struct platform *p = cluster.n > 0 ? book_platform(b, cluster) : NULL;
    if (cluster.n == 0 || (p && p->class == CLASS_KUBERNETES))
        return;
    size_t count = 0;
    for (size_t i = 0; i < b->platform_count; i++)
        if (b->platforms[i].class == CLASS_KUBERNETES)
            names[count++] = b->platforms[i].id;
    const char *known = hint_of(a, cluster, "Kubernetes platforms", names, count, "pricing/platforms/");
    diag_error(d, q->team_where, str_cstring(a, str_printf(a, "%s; true and false are allowed too", known)),
               "existing_cluster names \"%.*s\", which is no Kubernetes platform of the price book", STR_ARG(cluster));
}

static void check_hardware(const struct answer_text *answer, const struct book *b, struct arena *a, struct diags *d)
{
    if (!answer->given || book_hardware(b, answer->text))
        return;
    struct str *names = arena_new(a, struct str, b->hardware_count);
    for (size_t i = 0; i < b->hardware_count; i++)
        names[i] = b->hardware[i].id;
    diag_error(d, answer->where, hint_of(a, answer->text, "kinds of hardware known by name", names, b->hardware_count, "pricing/hardware.json"),
               "unknown hardware \"%.*s\"", STR_ARG(answer->text));
}

bool workload_check_names(const struct questionnaire *q, const struct book *book, struct arena *a, struct diags *d)
{
    size_t before = diags_errors(d);
    check_providers(q, book, a, d);
    check_geography(q, book, a, d);
    check_residency(q, book, a, d);
    check_platforms(q, book, a, d);
    for (size_t i = 0; i < q->models_given; i++)
        check_hardware(&q->models[i].hardware, book, a, d);
    for (size_t i = 0; i < q->job_count; i++)
        check_hardware(&q->jobs[i].hardware, book, a, d);
    return diags_errors(d) == before;
}
