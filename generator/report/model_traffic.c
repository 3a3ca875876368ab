/* What a measured trace says of the traffic, as a table of named figures. */
#include "report/maker.h"

#include <math.h>

static const char *const WEEKDAYS[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

static struct value *fact(struct maker *m, struct value *list, const char *name)
{
    struct value *o = value_append_object(list);
    value_set_puts(o, "name", name);
    (void)begin(m);
    return o;
}

static void add_seconds(struct strbuf *sb, double seconds)
{
    wording_ms(sb, seconds * 1000.0);
}

/* "Thursday 15:00 UTC, 2.3 times the mean" */
static void add_hour(struct strbuf *sb, const struct trace_summary *s, size_t hour)
{
    strbuf_addf(sb, "%s %02zu:00 UTC, ", WEEKDAYS[hour / 24], hour % 24);
    wording_number(sb, s->week[hour], 2);
    strbuf_adds(sb, " times the mean");
}

static void put_week(struct maker *m, struct value *list, const struct trace_summary *s)
{
    size_t busiest = 168, quietest = 168;
    for (size_t h = 0; h < 168; h++) {
        if (s->week[h] < 0.0)
            continue; /* not covered */
        if (busiest == 168 || s->week[h] > s->week[busiest])
            busiest = h;
        if (quietest == 168 || s->week[h] < s->week[quietest])
            quietest = h;
    }
    if (busiest == quietest)
        return;
    struct value *o = fact(m, list, "Busiest hour of the week");
    add_hour(&m->sb, s, busiest);
    end(m, o, "text");
    o = fact(m, list, "Quietest hour of the week");
    add_hour(&m->sb, s, quietest);
    end(m, o, "text");
}

static void put_coverage(struct maker *m, struct value *list, const struct traffic_result *t)
{
    struct strbuf *sb = &m->sb;
    struct value *o = fact(m, list, "Covered");
    wording_date(sb, (struct date){(int32_t)(t->from_s / 86400)});
    strbuf_adds(sb, " to ");
    wording_date(sb, (struct date){(int32_t)((t->to_s - 1) / 86400)});
    strbuf_adds(sb, ", ");
    wording_plural(sb, t->bins, "bin", "bins");
    strbuf_adds(sb, " of ");
    add_seconds(sb, (double)t->bin_s);
    if (t->gaps > 0) {
        strbuf_adds(sb, "; ");
        wording_plural(sb, t->gaps, "gap", "gaps");
        strbuf_adds(sb, " of ");
        wording_plural(sb, (size_t)t->missing_bins, "bin", "bins");
        strbuf_adds(sb, ", not measured");
    }
    end(m, o, "text");
    o = fact(m, list, "Requests");
    wording_count_prose(sb, t->requests);
    strbuf_adds(sb, ", ");
    wording_count_prose(sb, t->figures.per_day);
    strbuf_adds(sb, " a day");
    end(m, o, "text");
}

static void put_burstiness(struct maker *m, struct value *list, const struct trace_summary *s)
{
    struct strbuf *sb = &m->sb;
    struct value *o = fact(m, list, "Index of dispersion");
    wording_number(sb, s->dispersion, 3);
    strbuf_adds(sb, " over all bins");
    if (s->minute_dispersion > 0.0) {
        strbuf_adds(sb, ", ");
        wording_number(sb, s->minute_dispersion, 3);
        strbuf_adds(sb, " inside minutes");
    }
    strbuf_adds(sb, "; 1 for independent arrivals at a steady rate");
    end(m, o, "text");
    if (!s->is_periodic)
        return;
    o = fact(m, list, "Period");
    strbuf_adds(sb, "busy times begin every ");
    add_seconds(sb, s->period_s);
    end(m, o, "text");
}

void make_traffic(struct maker *m, struct value *report)
{
    const struct traffic_result *t = &m->decision->traffic;
    const struct trace_summary *s = &t->figures;
    struct value *traffic = value_set_object(report, "traffic");
    value_set_bool(traffic, "is_measured", t->is_there);
    struct value *list = value_set_list(traffic, "facts");
    if (!t->is_there)
        return;
    struct strbuf *sb = &m->sb;
    put_coverage(m, list, t);
    struct value *o = fact(m, list, "Rate");
    wording_number(sb, s->mean_rps, 3);
    strbuf_adds(sb, " a second on average; the busiest ");
    add_seconds(sb, (double)s->window_s);
    strbuf_adds(sb, " has ");
    wording_number(sb, s->peak_rps, 3);
    strbuf_adds(sb, ", ");
    wording_number(sb, s->peak_rps / s->mean_rps, 3);
    strbuf_adds(sb, " times as many");
    end(m, o, "text");
    o = fact(m, list, "Variation");
    strbuf_adds(sb, "standard deviation ");
    wording_number(sb, s->cv, 3);
    strbuf_adds(sb, " times the mean, between windows of ");
    add_seconds(sb, (double)s->window_s);
    strbuf_adds(sb, "; ");
    wording_percent(sb, s->idle_share);
    strbuf_adds(sb, " of them without a request");
    end(m, o, "text");
    put_week(m, list, s);
    put_burstiness(m, list, s);
}
