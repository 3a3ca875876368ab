#include "report/portfolio.h"

#include "base/arena.h"

#include <math.h>
#include <stdlib.h>

bool portfolio_is_live(const struct report_summary *r)
{
    bool in_force = r->status == STATUS_PROPOSED || r->status == STATUS_ACCEPTED || r->status == STATUS_DRAFT;
    return in_force && r->superseded_by.n == 0;
}

/* ---- spend --------------------------------------------------------------------------------------- */

struct spend_list {
    struct portfolio_spend *items;
    size_t count, capacity;
};

static void spend(struct spend_list *l, struct str id, struct str name, struct money monthly, struct arena *a)
{
    size_t i = 0;
    while (i < l->count && !str_equal(l->items[i].id, id))
        i++;
    if (i == l->count) {
        l->items = arena_grow(a, struct portfolio_spend, l->items, l->count, &l->capacity);
        l->items[l->count++] = (struct portfolio_spend){.id = id, .name = name};
    }
    if (money_add(&l->items[i].monthly, monthly))
        l->items[i].count++;
}

static int compare_spend(const void *left, const void *right)
{
    const struct portfolio_spend *a = left, *b = right;
    int by = money_compare(b->monthly, a->monthly);
    return by != 0 ? by : str_compare(a->id, b->id);
}

static void sort_spend(struct spend_list *l)
{
    if (l->count > 1)
        qsort(l->items, l->count, sizeof *l->items, compare_spend);
}

static struct str provider_name(const struct book *b, struct str id)
{
    int at = book_provider(b, id);
    return at >= 0 ? b->providers[at].name : id;
}

static void make_spend(const struct site *s, struct arena *a, struct portfolio *out)
{
    struct spend_list providers = {0}, platforms = {0};
    for (size_t i = 0; i < s->report_count; i++) {
        const struct report_summary *r = &s->reports[i];
        if (!portfolio_is_live(r) || !r->has_cost)
            continue;
        const struct platform *p = book_platform(s->book, r->platform);
        spend(&providers, r->provider, provider_name(s->book, r->provider), r->monthly, a);
        spend(&platforms, p ? p->id : STR("hybrid"), p ? p->name : STR("Hybrid"), r->monthly, a);
    }
    sort_spend(&providers);
    sort_spend(&platforms);
    out->providers = providers.items;
    out->provider_count = providers.count;
    out->platforms = platforms.items;
    out->platform_count = platforms.count;
}

/* ---- clusters ------------------------------------------------------------------------------------ */

static bool stands_on(const struct site *s, size_t report, struct str platform)
{
    const struct report_summary *r = &s->reports[report];
    return portfolio_is_live(r) && r->has_cost && r->class == CLASS_KUBERNETES && str_equal(r->platform, platform);
}

/* What a decision costs with the cluster there: never more than alone, since it may stay as it is. */
static struct money shared_cost(const struct report_summary *r)
{
    if (!r->sharing.has_cost || money_compare(r->sharing.monthly, r->monthly) > 0)
        return r->monthly;
    return r->sharing.monthly;
}

static bool make_cluster(const struct site *s, const struct platform *p, struct arena *a, struct portfolio_cluster *out)
{
    size_t count = 0;
    for (size_t i = 0; i < s->report_count; i++)
        count += stands_on(s, i, p->id);
    if (count < 2)
        return false;
    size_t *members = arena_new(a, size_t, count);
    *out = (struct portfolio_cluster){.platform = p->id, .name = p->name, .provider = p->provider, .members = members, .count = count};
    count = 0;
    for (size_t i = 0; i < s->report_count; i++) {
        if (!stands_on(s, i, p->id))
            continue;
        members[count++] = i;
        out->is_there = out->is_there || s->reports[i].sharing.is_there;
        if (money_compare(s->reports[i].monthly, s->reports[members[0]].monthly) > 0) {
            members[count - 1] = members[0];
            members[0] = i;
        }
    }
    bool fits = true;
    for (size_t k = 0; k < count; k++) {
        const struct report_summary *r = &s->reports[members[k]];
        fits = money_add(&out->apart, r->monthly) && fits;
        bool brings = k == 0 && !out->is_there;
        fits = money_add(&out->together, brings ? r->monthly : shared_cost(r)) && fits;
        out->changed += !brings && r->sharing.is_known && (r->sharing.verdict != r->verdict || r->sharing.class != r->class);
    }
    return fits;
}

static struct money saving_of(const struct portfolio_cluster *c)
{
    return (struct money){c->apart.micros - c->together.micros};
}

static int compare_clusters(const void *left, const void *right)
{
    const struct portfolio_cluster *a = left, *b = right;
    int by = money_compare(saving_of(b), saving_of(a));
    return by != 0 ? by : str_compare(a->platform, b->platform);
}

static void make_clusters(const struct site *s, struct arena *a, struct portfolio *out)
{
    struct portfolio_cluster *clusters = arena_new(a, struct portfolio_cluster, s->book->platform_count);
    size_t count = 0;
    for (size_t i = 0; i < s->book->platform_count; i++)
        if (s->book->platforms[i].class == CLASS_KUBERNETES && make_cluster(s, &s->book->platforms[i], a, &clusters[count]))
            count++;
    if (count > 1)
        qsort(clusters, count, sizeof *clusters, compare_clusters);
    out->clusters = clusters;
    out->cluster_count = count;
}

/* ---- prices -------------------------------------------------------------------------------------- */

struct hinge_row {
    const struct price_hinge *hinge;
    size_t report;
};

static int compare_rows(const void *left, const void *right)
{
    const struct hinge_row *a = left, *b = right;
    int by = str_compare(a->hinge->variable, b->hinge->variable);
    if (by != 0)
        return by;
    double x = fabs(a->hinge->distance), y = fabs(b->hinge->distance);
    if (x < y || x > y)
        return x < y ? -1 : 1;
    return (a->report > b->report) - (a->report < b->report);
}

static int compare_hinges(const void *left, const void *right)
{
    const struct portfolio_hinge *a = left, *b = right;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    double x = fabs(a->uses[0].distance), y = fabs(b->uses[0].distance);
    if (x < y || x > y)
        return x < y ? -1 : 1;
    return str_compare(a->variable, b->variable);
}

static void make_hinges(const struct site *s, struct arena *a, struct portfolio *out)
{
    size_t most = 0, count = 0;
    for (size_t i = 0; i < s->report_count; i++)
        most += portfolio_is_live(&s->reports[i]) ? s->reports[i].hinge_count : 0;
    struct hinge_row *rows = arena_new(a, struct hinge_row, most);
    struct hinge_use *uses = arena_new(a, struct hinge_use, most);
    struct portfolio_hinge *hinges = arena_new(a, struct portfolio_hinge, most);
    for (size_t i = 0; i < s->report_count; i++)
        for (size_t k = 0; portfolio_is_live(&s->reports[i]) && k < s->reports[i].hinge_count; k++)
            rows[count++] = (struct hinge_row){&s->reports[i].hinges[k], i};
    if (count > 1)
        qsort(rows, count, sizeof *rows, compare_rows);
    for (size_t i = 0; i < count; i++) {
        uses[i] = (struct hinge_use){rows[i].report, rows[i].hinge->distance};
        if (i == 0 || !str_equal(rows[i].hinge->variable, rows[i - 1].hinge->variable))
            hinges[out->hinge_count++] = (struct portfolio_hinge){rows[i].hinge->variable, rows[i].hinge->name, &uses[i], 0};
        hinges[out->hinge_count - 1].count++;
    }
    if (out->hinge_count > 1)
        qsort(hinges, out->hinge_count, sizeof *hinges, compare_hinges);
    out->hinges = hinges;
}

void portfolio_make(const struct site *s, struct arena *a, struct portfolio *out)
{
    *out = (struct portfolio){0};
    make_spend(s, a, out);
    make_clusters(s, a, out);
    make_hinges(s, a, out);
}
