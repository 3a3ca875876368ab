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

static void run_subject(struct strbuf *sb, const struct decision *d, int option)
{
    if (option >= 0 && (size_t)option < d->option_count)
        strbuf_add(sb, d->options[option].name);
    else
        strbuf_adds(sb, "no option");
}

void volume_finding(struct strbuf *sb, const struct decision *d)
{
    struct volume_run runs[VOLUME_RUNS];
    size_t count = volume_runs(d, runs);
    if (count == 0)
        return;
    run_subject(sb, d, runs[0].option);
    if (count == 1) {
        strbuf_adds(sb, " is cheapest over the whole range");
        return;
    }
    strbuf_adds(sb, " is cheapest up to ");
    wording_count_prose(sb, runs[0].to);
    strbuf_adds(sb, " requests a day");
    /* More than four changes would be no sentence any more: the middle is told as a number. */
    size_t told = count <= 5 ? count : 3;
    for (size_t i = 1; i < told; i++) {
        strbuf_adds(sb, ", ");
        run_subject(sb, d, runs[i].option);
        if (i + 1 < count) {
            strbuf_adds(sb, " up to ");
            wording_count_prose(sb, runs[i].to);
        } else {
            strbuf_adds(sb, " above");
        }
    }
    if (told < count) {
        strbuf_adds(sb, ", then ");
        strbuf_add_int(sb, (int64_t)(count - told));
        strbuf_adds(sb, " more changes, and ");
        run_subject(sb, d, runs[count - 1].option);
        strbuf_adds(sb, " at the highest volumes");
    }
}
