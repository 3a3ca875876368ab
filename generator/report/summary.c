/* What the site keeps of a report. */
#include "report/report.h"

#include "base/arena.h"

#include <math.h>

static struct str option_name(const struct decision *d, int index, struct arena *a)
{
    if (index < 0 || (size_t)index >= d->option_count)
        return (struct str){0};
    return str_copy(a, d->options[index].name);
}

static void copy_tags(const struct questionnaire *q, struct arena *a, struct report_summary *out)
{
    struct str *tags = arena_new(a, struct str, q->tag_count);
    for (size_t i = 0; i < q->tag_count; i++)
        tags[i] = str_copy(a, q->tags[i]);
    out->tags = tags;
    out->tag_count = q->tag_count;
}

/* Each SKU once; decision->prices has one entry a region and stands in order of SKU. */
static void copy_skus(const struct decision *d, struct arena *a, struct report_summary *out)
{
    struct str *skus = arena_new(a, struct str, d->price_count);
    size_t count = 0;
    for (size_t i = 0; i < d->price_count; i++) {
        struct str id = d->prices[i].sku->id;
        if (count > 0 && str_equal(skus[count - 1], id))
            continue;
        skus[count++] = str_copy(a, id);
    }
    out->skus = skus;
    out->sku_count = count;
}

#define HINGE_REACH 0.5 /* half off or half more: what flips beyond says little */

static void copy_hinges(const struct decision *d, struct arena *a, struct report_summary *out)
{
    struct price_hinge *hinges = arena_new(a, struct price_hinge, d->sensitivity_count);
    for (size_t i = 0; i < d->sensitivity_count; i++) {
        const struct sensitivity *x = &d->sensitivity[i];
        if (!x->is_price || isnan(x->flips_at) || !(fabs(x->flip_distance) <= HINGE_REACH))
            continue;
        hinges[out->hinge_count++] = (struct price_hinge){str_copy(a, x->variable), str_copy(a, x->name), x->flip_distance};
    }
    out->hinges = hinges;
}

static void copy_sharing(const struct decision *d, struct arena *a, struct sharing *out)
{
    const struct recommendation *x = &d->recommendation;
    *out = (struct sharing){.is_known = true, .verdict = x->verdict, .class = x->class, .option_name = option_name(d, x->option, a)};
    if (x->option >= 0 && (size_t)x->option < d->option_count && d->options[x->option].costed) {
        out->has_cost = true;
        out->monthly = d->options[x->option].monthly;
    }
}

void report_summarise(const struct report *r, struct arena *a, struct report_summary *out)
{
    const struct questionnaire *q = r->questionnaire;
    const struct decision *d = r->decision;
    const struct recommendation *x = &d->recommendation;
    *out = (struct report_summary){
        .slug = str_copy(a, q->slug),
        .title = str_copy(a, q->title),
        .owner = str_copy(a, q->owner),
        .status = q->status,
        .date = q->date,
        .review_by = q->review_by,
        .as_of = d->as_of,
        .verdict = x->verdict,
        .stability = x->stability,
        .class = x->class,
        .option_name = option_name(d, x->option, a),
        .runner_up_name = option_name(d, x->runner_up, a),
        .monthly_usd = (double)NAN,
        .p10_usd = x->p10_usd,
        .p90_usd = x->p90_usd,
        .margin = x->margin,
        .confidence = x->class_confidence,
        .tier = d->tier.tier ? d->tier.tier->number : 0,
        .superseded_by = str_copy(a, r->superseded_by),
        .review_due = r->review_due,
        .inputs_sha256 = str_copy(a, r->inputs_sha256),
    };
    if (q->supersedes.given)
        out->supersedes = str_copy(a, q->supersedes.text);
    if (x->option >= 0 && (size_t)x->option < d->option_count) {
        const struct option *chosen = &d->options[x->option];
        out->option = str_copy(a, chosen->id);
        out->provider = str_copy(a, chosen->provider);
        if (chosen->platform)
            out->platform = str_copy(a, chosen->platform->id);
        out->has_cost = chosen->costed;
        if (chosen->costed) {
            out->monthly = chosen->monthly;
            out->monthly_usd = money_double(chosen->monthly);
        }
    }
    for (size_t i = 0; i < r->tripwire_count; i++)
        out->wires_tripped += r->tripwires[i].known && r->tripwires[i].tripped;
    copy_tags(q, a, out);
    copy_skus(d, a, out);
    copy_hinges(d, a, out);
    if (r->shared)
        copy_sharing(r->shared, a, &out->sharing);
    else
        out->sharing.is_there = x->class == CLASS_KUBERNETES && q->existing_cluster == TRI_YES;
}
