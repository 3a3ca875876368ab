#include "report/volume.h"

#include "base/strbuf.h"
#include "report/wording.h"

#include <math.h>

struct str option_short_name(const struct option *o)
{
    if (o->class == CLASS_HYBRID)
        return STR("Hybrid");
    struct str head, tail;
    str_cut(o->name, ',', &head, &tail);
    return head;
}

/* Where the cheapest option changes between two grid points: at a crossing there, else half way. */
static double change_between(const struct decision *d, double a, double b)
{
    for (size_t i = 0; i < d->crossover_count; i++) {
        const struct crossover *k = &d->crossovers[i];
        if (str_is(k->variable, "answers.traffic.requests_per_day") && k->at >= a && k->at <= b)
            return k->at;
    }
    return sqrt(a * b);
}

size_t volume_runs(const struct decision *d, struct volume_run runs[VOLUME_RUNS])
{
    const struct volume_chart *c = &d->volume;
    size_t count = 0;
    for (size_t i = 0; i < c->points; i++) {
        if (count > 0 && runs[count - 1].option == c->cheapest[i])
            continue;
        double from = i == 0 ? c->requests_per_day[0]
                             : change_between(d, c->requests_per_day[i - 1], c->requests_per_day[i]);
        if (count > 0)
            runs[count - 1].to = from;
        if (count == VOLUME_RUNS)
            break;
        runs[count++] = (struct volume_run){c->cheapest[i], from, c->requests_per_day[c->points - 1]};
    }
    return count;
}

#define VIEW_REACH 30.0 /* one and a half decades: enough to see which way the lines go */

void volume_view(const struct decision *d, size_t *first, size_t *last)
{
    const struct volume_chart *c = &d->volume;
    struct volume_run runs[VOLUME_RUNS];
    size_t count = volume_runs(d, runs);
    double low = c->now > 0 ? c->now : c->requests_per_day[c->points / 2];
    double high = low;
    for (size_t i = 1; i < count; i++) {
        low = fmin(low, runs[i].from);
        high = fmax(high, runs[i].from);
    }
    *first = 0;
    while (*first + 2 < c->points && c->requests_per_day[*first + 1] <= low / VIEW_REACH)
        ++*first;
    *last = c->points - 1;
    while (*last > *first + 1 && c->requests_per_day[*last - 1] >= high * VIEW_REACH)
        --*last;
}

/* An option of that volume only has its name from the crossing where its run begins. */
static void run_subject(struct strbuf *sb, const struct decision *d, const struct volume_run *run)
{
    if (run->option >= 0 && (size_t)run->option < d->option_count) {
        strbuf_add(sb, d->options[run->option].name);
        return;
    }
    for (size_t i = 0; i < d->crossover_count; i++) {
        const struct crossover *k = &d->crossovers[i];
        if (k->to < 0 && k->to_name.n > 0 && fabs(k->at - run->from) <= 1e-9 * k->at) {
            strbuf_add(sb, k->to_name);
            return;
        }
    }
    strbuf_adds(sb, "no option");
}

static enum platform_class run_class(const struct decision *d, const struct volume_run *run)
{
    return run->option >= 0 && (size_t)run->option < d->option_count ? d->options[run->option].class : CLASS_NONE;
}

/* Runs of one class, one after the other, as one. */
static size_t merge_classes(const struct decision *d, struct volume_run runs[VOLUME_RUNS], size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept > 0 && run_class(d, &runs[kept - 1]) == run_class(d, &runs[i]))
            runs[kept - 1].to = runs[i].to;
        else
            runs[kept++] = runs[i];
    }
    return kept;
}

#define MOST_TOLD ((size_t)4) /* runs in a sentence; where there are more, it speaks of classes */

static void subject(struct strbuf *sb, const struct decision *d, const struct volume_run *run, bool by_class, bool opens)
{
    enum platform_class class = run_class(d, run);
    if (!by_class || class == CLASS_NONE)
        run_subject(sb, d, run);
    else if (opens)
        wording_capital(sb, str_of(class_wording(class)->prose));
    else
        strbuf_adds(sb, class_wording(class)->prose);
}

void volume_finding(struct strbuf *sb, const struct decision *d)
{
    struct volume_run runs[VOLUME_RUNS];
    size_t all = volume_runs(d, runs), count = all;
    bool by_class = all > MOST_TOLD;
    if (by_class)
        count = merge_classes(d, runs, all);
    for (size_t i = 0; i < count; i++) {
        strbuf_adds(sb, i > 0 ? ", " : "");
        subject(sb, d, &runs[i], by_class, i == 0);
        if (i == 0)
            strbuf_adds(sb, count == 1 ? " is cheapest over the whole range" : " is cheapest");
        if (i + 1 < count) {
            strbuf_adds(sb, " up to ");
            wording_count_prose(sb, runs[i].to);
            strbuf_adds(sb, i == 0 ? " requests a day" : "");
        } else if (count > 1) {
            strbuf_adds(sb, " above");
        }
    }
    if (by_class && all > count) {
        strbuf_adds(sb, "; within a class the cheapest option changes ");
        if (all - count == 1)
            strbuf_adds(sb, "once");
        else
            wording_plural(sb, all - count, "time", "times");
    }
}
