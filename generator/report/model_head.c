/* The best on Kubernetes beside the best serverless option. */
#include "report/maker.h"

#include <math.h>

#define SAME_TIME 0.005        /* closer than this, two predicted times are the same */
#define SECONDS_FROM_MS 9999.5 /* from here wording_ms writes seconds; a difference is written as its times are */

enum better {
    BETTER_NEITHER,
    BETTER_KUBERNETES,
    BETTER_SERVERLESS
};

struct versus {
    struct maker *m;
    struct value *rows;
    const struct option *k, *s;
};

static struct value *versus_row(struct versus *v, const char *label)
{
    struct value *o = value_append_object(v->rows);
    value_set_puts(o, "label", label);
    return o;
}

/* The smaller figure is better; the difference is worded by `word`. */
static void versus_better(struct versus *v, struct value *o, double k, double s,
                          void (*word)(struct strbuf *, double))
{
    enum better better = !isfinite(k) || !isfinite(s) ? BETTER_NEITHER
                         : k < s                      ? BETTER_KUBERNETES
                         : s < k                      ? BETTER_SERVERLESS
                                                      : BETTER_NEITHER;
    value_set_bool(o, "k_better", better == BETTER_KUBERNETES);
    value_set_bool(o, "s_better", better == BETTER_SERVERLESS);
    if (better == BETTER_NEITHER) {
        value_set(o, "class", value_null());
        value_set_puts(o, "by", isfinite(k) && isfinite(s) ? "the same" : NOT_KNOWN_TEXT);
        return;
    }
    value_set(o, "class", v->m->class[better == BETTER_KUBERNETES ? CLASS_KUBERNETES : CLASS_SERVERLESS]);
    struct strbuf *sb = begin(v->m);
    strbuf_adds(sb, "by ");
    word(sb, fabs(k - s));
    end(v->m, o, "by");
}

static void versus_usd(struct versus *v, const char *label, double k, double s)
{
    struct value *o = versus_row(v, label);
    put_usd(v->m, o, "k", k);
    put_usd(v->m, o, "s", s);
    versus_better(v, o, k, s, wording_usd);
}

static void versus_ms(struct versus *v, const char *label, double k, double s)
{
    if (isnan(k) && isnan(s))
        return;
    struct value *o = versus_row(v, label);
    put_ms(v->m, o, "k", k);
    put_ms(v->m, o, "s", s);
    if (fabs(k - s) <= SAME_TIME * fmax(k, s))
        s = k; /* the prediction does not tell them apart */
    versus_better(v, o, k, s, fmax(k, s) >= SECONDS_FROM_MS ? wording_seconds : wording_ms);
}

static struct value *open_group(struct value *groups, const char *title)
{
    struct value *group = value_append_object(groups);
    value_set_puts(group, "title", title);
    return value_set_list(group, "rows");
}

static void versus_costs(struct versus *v)
{
    struct maker *m = v->m;
    versus_usd(v, "Monthly cost", money_double(v->k->monthly), money_double(v->s->monthly));
    struct value *o = versus_row(v, "80% interval");
    put_range(m, o, "k", v->k->p10_usd, v->k->p90_usd);
    put_range(m, o, "s", v->s->p10_usd, v->s->p90_usd);
    bool overlap = v->k->p10_usd <= v->s->p90_usd && v->s->p10_usd <= v->k->p90_usd;
    value_set_bool(o, "k_better", false);
    value_set_bool(o, "s_better", false);
    value_set(o, "class", value_null());
    value_set_puts(o, "by", isnan(v->k->p10_usd) || isnan(v->s->p10_usd) ? NOT_KNOWN_TEXT
                            : overlap ? "ranges overlap" : "ranges do not overlap");
    versus_usd(v, "Infrastructure alone", money_double(v->k->infrastructure),
               money_double(v->s->infrastructure));
    versus_usd(v, "Operations (people)", money_double(v->k->operations),
               money_double(v->s->operations));
    if (isfinite(v->k->per_million_usd) || isfinite(v->s->per_million_usd))
        versus_usd(v, "Per million requests", v->k->per_million_usd, v->s->per_million_usd);
    if (isfinite(v->k->fixed_usd) || isfinite(v->s->fixed_usd))
        versus_usd(v, "At no traffic, on the same machines", v->k->fixed_usd, v->s->fixed_usd);
}

static void versus_latency(struct versus *v)
{
    versus_ms(v, "p50", v->k->latency.p50_ms, v->s->latency.p50_ms);
    versus_ms(v, "p95", v->k->latency.p95_ms, v->s->latency.p95_ms);
    versus_ms(v, "p99", v->k->latency.p99_ms, v->s->latency.p99_ms);
    versus_ms(v, "A cold start takes", v->k->latency.cold_start_ms, v->s->latency.cold_start_ms);
    double kp = v->k->latency.cold_start_probability;
    double sp = v->s->latency.cold_start_probability;
    if (isfinite(kp) || isfinite(sp)) {
        struct value *o = versus_row(v, "Requests that wait for one");
        wording_chance(begin(v->m), kp);
        end(v->m, o, "k");
        wording_chance(begin(v->m), sp);
        end(v->m, o, "s");
        versus_better(v, o, kp, sp, wording_chance);
    }
}

static void head_side(struct maker *m, struct value *head, const char *key, const struct option *o)
{
    if (!o) {
        value_set(head, key, value_null());
        return;
    }
    struct value *side = value_set_object(head, key);
    value_set_text(side, "id", o->id);
    put_name(m, side, o->name);
    put_money(m, side, "monthly", o->monthly);
}

void make_head(struct maker *m, struct value *report)
{
    const struct decision *d = m->decision;
    const struct option *k = option_at(d, d->kubernetes.option);
    const struct option *s = option_at(d, d->serverless.option);
    struct value *head = value_set_object(report, "head");
    head_side(m, head, "kubernetes", k);
    head_side(m, head, "serverless", s);
    value_set_bool(head, "is_pair", k && s);
    struct value *groups = value_set_list(head, "groups");
    struct strbuf *sb = begin(m);
    if (k && s) {
        if (d->head_to_head_winner < CLASS_NONE && isfinite(d->head_to_head_ratio)) {
            bool k_wins = d->head_to_head_winner == CLASS_KUBERNETES;
            strbuf_adds(sb, k_wins ? "Kubernetes is cheaper: " : "Serverless is cheaper: ");
            strbuf_add(sb, k_wins ? s->name : k->name);
            strbuf_adds(sb, " costs ");
            wording_number(sb, d->head_to_head_ratio, 3);
            strbuf_adds(sb, " times as much as ");
            strbuf_add(sb, k_wins ? k->name : s->name);
            strbuf_addc(sb, '.');
        }
    } else if (!k && !s) {
        strbuf_adds(sb, "Neither side has an option that meets every answer.");
    } else {
        strbuf_adds(sb, k ? "No serverless option meets every answer; the cheapest on Kubernetes is "
                          : "No option on Kubernetes meets every answer; the cheapest serverless one is ");
        strbuf_add(sb, k ? k->name : s->name);
        strbuf_adds(sb, " at ");
        money_headline(sb, k ? k->monthly : s->monthly);
        strbuf_adds(sb, " a month.");
    }
    put_or_null(head, "text", text_of(m));
    if (!k || !s)
        return;
    struct versus v = {m, open_group(groups, "Cost a month"), k, s};
    versus_costs(&v);
    if (isfinite(k->latency.p99_ms) || isfinite(s->latency.p99_ms)) {
        v.rows = open_group(groups, "Latency");
        versus_latency(&v);
    }
}
