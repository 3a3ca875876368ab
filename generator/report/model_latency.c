/* Predicted latency of the options, and of those that are too slow only. */
#include "report/maker.h"

#include <math.h>

#define SECONDS_FROM_MS 9999.5 /* from here wording_ms writes seconds; what is left of a limit is written as it is */

static bool only_too_slow(const struct option *o)
{
    for (size_t i = 0; i < o->violation_count; i++)
        if (!str_is(o->violations[i].limit, "p99_ms") && !str_is(o->violations[i].limit, "p95_ms") &&
            !str_is(o->violations[i].limit, "p50_ms"))
            return false;
    return o->violation_count > 0;
}

static void latency_row(struct maker *m, struct value *list, size_t index, double limit_ms)
{
    const struct option *option = &m->decision->options[index];
    const struct latency *l = &option->latency;
    struct value *o = value_append_object(list);
    m->rows->latencies[index] = o;
    option_common(m, o, option);
    value_set_bool(o, "is_feasible", option->feasible);
    put_ms(m, o, "p50", l->p50_ms);
    put_ms(m, o, "p95", l->p95_ms);
    put_ms(m, o, "p99", l->p99_ms);
    struct strbuf *sb = begin(m);
    if (isfinite(limit_ms) && isfinite(l->p99_ms)) {
        if (l->p99_ms > limit_ms)
            strbuf_adds(sb, "over by ");
        if (limit_ms >= SECONDS_FROM_MS)
            wording_seconds(sb, fabs(limit_ms - l->p99_ms));
        else
            wording_ms(sb, fabs(limit_ms - l->p99_ms));
    }
    put_or_null(o, "room", text_of(m));
    put_ms(m, o, "cold_start", l->cold_start_ms);
    wording_chance(begin(m), l->cold_start_probability);
    end(m, o, "cold_share");
    put_or_null(o, "method", l->method);
}

void make_latency(struct maker *m, struct value *report)
{
    const struct decision *d = m->decision;
    const struct answer *p99 = &m->report->questionnaire->latency.p99_ms;
    double limit = p99->given ? p99->likely : (double)NAN;
    struct value *o = value_set_object(report, "latency");
    if (p99->given) {
        put_ms(m, o, "limit", limit);
    } else {
        value_set(o, "limit", value_null());
    }
    struct value *rows = value_set_list(o, "rows");
    size_t shown = 0;
    for (size_t i = 0; i < d->option_count && shown < 24; i++)
        if (d->options[i].eligible && isfinite(d->options[i].latency.p99_ms)) {
            latency_row(m, rows, i, limit);
            shown++;
        }
    for (size_t i = 0; i < d->option_count && shown < 30; i++)
        if (!d->options[i].feasible && only_too_slow(&d->options[i]) &&
            isfinite(d->options[i].latency.p99_ms)) {
            latency_row(m, rows, i, limit);
            shown++;
        }
    value_set_bool(o, "has_rows", shown > 0);
}
