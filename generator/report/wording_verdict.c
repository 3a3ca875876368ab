/* The verdict in sentences. */
#include "report/wording.h"

#include "base/round.h"
#include "base/strbuf.h"

#include <math.h>

static const struct option *option_at(const struct decision *d, int index)
{
    return index >= 0 && (size_t)index < d->option_count ? &d->options[index] : NULL;
}

void wording_headline(struct strbuf *sb, const struct decision *d)
{
    const struct recommendation *r = &d->recommendation;
    const struct option *chosen = option_at(d, r->option);
    const struct option *other = option_at(d, r->runner_up);
    switch (r->verdict) {
    case VERDICT_DECIDED:
        if (chosen)
            strbuf_add(sb, chosen->name);
        else
            strbuf_adds(sb, "by the leans of the answers, no cost being known");
        return;
    case VERDICT_TOO_CLOSE:
        strbuf_adds(sb, "Too close");
        if (chosen) {
            strbuf_adds(sb, ": ");
            strbuf_add(sb, chosen->name);
        }
        if (chosen && other) {
            strbuf_adds(sb, " or ");
            strbuf_add(sb, other->name);
        }
        return;
    case VERDICT_INFEASIBLE: strbuf_adds(sb, "No option meets every answer"); return;
    case VERDICT_UNDECIDABLE: strbuf_adds(sb, "Undecidable: answers are missing"); return;
    }
}

void wording_verdict(struct strbuf *sb, const struct decision *d)
{
    if (d->recommendation.verdict == VERDICT_DECIDED) {
        strbuf_adds(sb, class_wording(d->recommendation.class)->word);
        strbuf_adds(sb, ": ");
    }
    wording_headline(sb, d);
}

static size_t eligible_count(const struct decision *d)
{
    size_t count = 0;
    for (size_t i = 0; i < d->option_count; i++)
        count += d->options[i].eligible;
    return count;
}

/* Less than a dollar a month apart: nothing to choose by. */
static bool is_level(const struct option *a, const struct option *b)
{
    return fabs(money_double(a->monthly) - money_double(b->monthly)) < 1;
}

static bool rank_sentence(struct strbuf *sb, const struct decision *d)
{
    size_t count = eligible_count(d);
    const struct option *chosen = option_at(d, d->recommendation.option);
    if (!chosen || count == 0)
        return false;
    if (count == 1) {
        strbuf_adds(sb, "It is the only option that meets every answer.");
        return true;
    }
    strbuf_adds(sb, "It costs least of the ");
    strbuf_add_int(sb, (int64_t)count);
    strbuf_adds(sb, " options that meet every answer");
    const struct option *next = option_at(d, d->recommendation.next_best);
    if (next && is_level(chosen, next)) {
        strbuf_adds(sb, ", level with ");
        strbuf_add(sb, next->name);
        strbuf_adds(sb, money_compare(next->monthly, chosen->monthly) == 0
                            ? ": they cost the same, and the one whose id comes first is named"
                            : ": they are less than a dollar a month apart");
    }
    strbuf_addc(sb, '.');
    return true;
}

static bool runner_up_sentence(struct strbuf *sb, const struct decision *d)
{
    const struct option *chosen = option_at(d, d->recommendation.option);
    const struct option *other = option_at(d, d->recommendation.runner_up);
    if (!chosen)
        return false;
    if (!other) {
        strbuf_adds(sb, "No option of another class meets every answer.");
        return true;
    }
    struct money more = other->monthly;
    if (!money_add(&more, money_negate(chosen->monthly)))
        return false;
    strbuf_adds(sb, "The runner-up, ");
    strbuf_add(sb, other->name);
    if (is_level(chosen, other)) {
        strbuf_adds(sb, ", costs the same to within a dollar a month.");
        return true;
    }
    strbuf_adds(sb, ", costs ");
    money_headline(sb, more);
    strbuf_adds(sb, " a month (");
    wording_percent(sb, d->recommendation.margin);
    strbuf_adds(sb, ") more.");
    return true;
}

static bool share_sentence(struct strbuf *sb, const struct decision *d)
{
    const struct recommendation *r = &d->recommendation;
    if (isnan(r->class_confidence) || r->class >= CLASS_NONE)
        return false;
    strbuf_adds(sb, class_wording(r->class)->an_option);
    strbuf_adds(sb, " is the cheapest in ");
    int64_t of_hundred = round_scaled(r->class_confidence * 100, 0);
    if (of_hundred >= 100 && r->class_confidence < 1)
        strbuf_adds(sb, "more than 99");
    else
        strbuf_add_int(sb, of_hundred);
    strbuf_adds(sb, " of 100 simulated cases");
    if (r->nothing_share > 0) {
        int64_t nothing = round_scaled(r->nothing_share * 100, 0);
        strbuf_adds(sb, nothing > 0 ? "; in " : "; in fewer than ");
        strbuf_add_int(sb, nothing > 0 ? nothing : 1);
        strbuf_adds(sb, " nothing meets every limit");
    }
    strbuf_addc(sb, '.');
    return true;
}

/* The flip on volume, and the nearest flip of another input. */
static bool flip_sentence(struct strbuf *sb, const struct decision *d)
{
    const struct sensitivity *volume = NULL;
    const struct sensitivity *nearest = NULL;
    for (size_t i = 0; i < d->sensitivity_count; i++) {
        const struct sensitivity *s = &d->sensitivity[i];
        if (isnan(s->flips_at))
            continue;
        if (str_is(s->variable, "answers.traffic.requests_per_day"))
            volume = s;
        else if (!nearest || fabs(s->flip_distance) < fabs(nearest->flip_distance))
            nearest = s;
    }
    if (!volume && !nearest) {
        if (d->sensitivity_count == 0)
            return false;
        strbuf_adds(sb, "No single input flips the choice within the range that was searched.");
        return true;
    }
    strbuf_adds(sb, "The choice flips");
    if (volume) {
        strbuf_adds(sb, volume->flips_at < volume->now ? " below " : " above ");
        wording_count_prose(sb, volume->flips_at);
        strbuf_adds(sb, " requests a day");
    }
    if (volume && nearest)
        strbuf_adds(sb, ", or");
    if (nearest) {
        strbuf_adds(sb, " with ");
        strbuf_add(sb, nearest->name);
        strbuf_addc(sb, ' ');
        wording_flip(sb, nearest);
    }
    strbuf_addc(sb, '.');
    return true;
}

static bool decided_sentence(struct strbuf *sb, const struct decision *d, size_t index)
{
    switch (index) {
    case 0: return rank_sentence(sb, d);
    case 1: return runner_up_sentence(sb, d);
    case 2: return share_sentence(sb, d);
    case 3: return flip_sentence(sb, d);
    default: return false;
    }
}

static bool too_close_sentence(struct strbuf *sb, const struct decision *d, size_t index)
{
    const struct recommendation *r = &d->recommendation;
    const struct option *chosen = option_at(d, r->option);
    const struct option *other = option_at(d, r->runner_up);
    switch (index) {
    case 0:
        if (!chosen)
            return false;
        strbuf_adds(sb, "A month costs ");
        money_headline(sb, chosen->monthly);
        strbuf_adds(sb, " on ");
        strbuf_add(sb, chosen->name);
        if (!other) {
            strbuf_adds(sb, ", and no option of another class meets every answer. What is close is a limit: whether this one meets them all is open.");
            return true;
        }
        strbuf_adds(sb, ", and ");
        money_headline(sb, other->monthly);
        strbuf_adds(sb, " on ");
        strbuf_add(sb, other->name);
        if (r->limit_close)
            strbuf_adds(sb, ". What is close are not these two, but the limits: whether anything meets them all is open.");
        else
            strbuf_adds(sb, ": the difference lies inside its own uncertainty.");
        return true;
    case 1: return share_sentence(sb, d);
    case 2:
        if (r->leaning >= CLASS_NONE)
            return false;
        strbuf_adds(sb, "The answers lean toward ");
        strbuf_adds(sb, class_wording(r->leaning)->prose);
        strbuf_adds(sb, ".");
        return true;
    case 3:
        if (r->limit_close || d->information_count == 0 || !(d->information[0].usd_per_month > 0))
            return false;
        strbuf_adds(sb, "To tell them apart, measure ");
        strbuf_add(sb, d->information[0].name);
        if (d->information_count > 1 && d->information[1].usd_per_month > 0) {
            strbuf_adds(sb, ", then ");
            strbuf_add(sb, d->information[1].name);
        }
        strbuf_addc(sb, '.');
        return true;
    case 4: return flip_sentence(sb, d);
    default: return false;
    }
}

bool wording_verdict_sentence(struct strbuf *sb, const struct decision *d, size_t index)
{
    const struct recommendation *r = &d->recommendation;
    switch (r->verdict) {
    case VERDICT_DECIDED:
        if (r->option >= 0)
            return decided_sentence(sb, d, index);
        break;
    case VERDICT_TOO_CLOSE: return too_close_sentence(sb, d, index);
    case VERDICT_INFEASIBLE:
        if (index == 0 && r->relax.n > 0) {
            wording_capital(sb, r->relax);
            if (!str_ends(r->relax, STR(".")))
                strbuf_addc(sb, '.');
            return true;
        }
        break;
    case VERDICT_UNDECIDABLE: break;
    }
    if (index == 1 && r->sentence.n > 0) {
        wording_capital(sb, r->sentence);
        return true;
    }
    return false;
}
