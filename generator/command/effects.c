#include "command/effects.h"

#include "base/arena.h"
#include "base/diag.h"

const struct edition *effects_edition(const struct book *book, struct date day, struct arena *a)
{
    const struct edition *editions;
    size_t count;
    changes_collect(book, a, &editions, &count);
    for (size_t i = 0; i < count; i++) // newest first
        if (!editions[i].is_scheduled && date_compare(editions[i].date, day) <= 0)
            return &editions[i];
    return NULL;
}

static bool touches(const struct edition *e, const struct decision *d)
{
    for (size_t i = 0; i < e->count; i++)
        for (size_t k = 0; k < d->price_count; k++)
            if (e->changes[i].sku == d->prices[k].sku &&
                (str_equal(e->changes[i].region, d->prices[k].region) ||
                 str_is(e->changes[i].region, "any")))
                return true;
    return false;
}

static const struct option *chosen(const struct decision *d)
{
    int index = d->recommendation.option;
    return index >= 0 ? &d->options[index] : NULL;
}

static double cost_of(const struct option *o)
{
    return o && o->costed ? money_double(o->monthly) : NOT_KNOWN;
}

bool effects_find(const struct decide_input *input, const struct decision *after,
                  const struct edition *edition, struct arena *scratch, struct arena *keep,
                  struct decision_effect *out)
{
    struct decide_input earlier = *input;
    struct decision before;
    if (!touches(edition, after))
        return false;
    struct arena_mark mark = arena_mark(scratch);
    earlier.as_of = edition->date;
    earlier.as_of.days--;
    earlier.verdict_only = true;
    bool ok = decide(&earlier, scratch, &before, diags_new(scratch));
    if (ok) {
        const struct recommendation *was = &before.recommendation, *is = &after->recommendation;
        const struct option *old = chosen(&before), *new = chosen(after);
        bool flips = was->class != is->class || was->verdict != is->verdict;
        *out = (struct decision_effect){
            .date = edition->date,
            .slug = str_copy(keep, after->slug),
            .effect = flips ? EFFECT_FLIPPED : effect_of_margins(was->margin, is->margin),
            .margin_before = was->margin,
            .margin_after = is->margin,
            .usd_before = cost_of(old),
            .usd_after = cost_of(new),
            .option_before = str_copy(keep, old ? old->name : STR("")),
            .option_after = str_copy(keep, new ? new->name : STR(""))};
    }
    arena_rewind(scratch, mark);
    return ok;
}
