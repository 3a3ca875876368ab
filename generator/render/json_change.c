/* Of report.json: what would change the decision. */
#include "render/json_parts.h"

#include <math.h>

/* Answers that go along with a volume. */
static void put_with(struct json_out *j, double peak_rps, double min_rps)
{
    if (!(peak_rps > 0) && !(min_rps > 0))
        return;
    json_key(j, "with");
    json_begin_inline(j, '{');
    if (peak_rps > 0)
        json_set_figure(j, "answers.traffic.peak_rps", peak_rps);
    if (min_rps > 0)
        json_set_figure(j, "answers.traffic.min_rps", min_rps);
    json_end(j, '}');
}

void json_put_crossovers(struct json_out *j, const struct report *r)
{
    const struct decision *d = r->decision;
    json_begin(j, '[');
    for (size_t i = 0; i < d->crossover_count; i++) {
        const struct crossover *c = &d->crossovers[i];
        const struct option *from = json_option(d, c->from), *to = json_option(d, c->to);
        json_begin(j, '{');
        json_set_text(j, "variable", c->variable);
        json_key(j, "between");
        json_begin_inline(j, '[');
        json_put_text(j, from ? from->id : c->from_id);
        json_put_text(j, to ? to->id : c->to_id);
        json_end(j, ']');
        json_set_figure(j, "at", c->at);
        put_with(j, c->peak_rps, c->min_rps);
        json_end(j, '}');
    }
    json_end(j, ']');
}

void json_put_sensitivity(struct json_out *j, const struct report *r)
{
    const struct decision *d = r->decision;
    json_begin(j, '[');
    for (size_t i = 0; i < d->sensitivity_count; i++) {
        const struct sensitivity *s = &d->sensitivity[i];
        json_begin(j, '{');
        json_set_text(j, "variable", s->variable);
        json_set_text(j, "name", s->name);
        json_set_text(j, "unit", s->unit);
        json_set_figure(j, "now", s->now);
        json_set_figure(j, "low", s->low);
        json_set_figure(j, "high", s->high);
        json_set_figure(j, "usd_at_low", s->usd_at_low);
        json_set_figure(j, "usd_at_high", s->usd_at_high);
        json_set_figure(j, "margin_at_low", s->margin_at_low);
        json_set_figure(j, "margin_at_high", s->margin_at_high);
        json_set_figure(j, "flips_at", s->flips_at);
        const struct option *beyond = isfinite(s->flips_at) ? json_option(d, s->flips_to) : NULL;
        json_set_text(j, "flips_to", beyond ? beyond->id : s->flips_to_id); /* today's id where it has one */
        put_with(j, s->peak_rps, s->min_rps);
        json_set_bool(j, "flip_within_range", s->flip_within_range);
        json_set_bool(j, "is_price", s->is_price);
        json_end(j, '}');
    }
    json_end(j, ']');
}

void json_put_scenarios(struct json_out *j, const struct report *r)
{
    const struct decision *d = r->decision;
    json_begin(j, '[');
    for (size_t i = 0; i < d->scenario_count; i++) {
        const struct scenario_result *s = &d->scenarios[i];
        json_begin(j, '{');
        json_set_text(j, "id", s->scenario->id);
        json_set_text(j, "name", s->scenario->name);
        json_set_option(j, "cheapest", d, s->cheapest);
        json_set_platform(j, "platform", json_option(d, s->cheapest));
        json_set_figure(j, "regret_usd", s->regret_usd);
        json_set_figure(j, "chosen_usd", s->chosen_usd);
        json_set_figure(j, "cheapest_usd", s->cheapest_usd);
        json_end(j, '}');
    }
    json_end(j, ']');
}

void json_put_information(struct json_out *j, const struct report *r)
{
    json_begin(j, '[');
    for (size_t i = 0; i < r->decision->information_count; i++) {
        const struct information_value *v = &r->decision->information[i];
        json_begin(j, '{');
        json_set_text(j, "variable", v->variable);
        json_set_text(j, "name", v->name);
        json_set_figure(j, "usd_per_month", v->usd_per_month);
        json_end(j, '}');
    }
    json_end(j, ']');
}

void json_put_volume(struct json_out *j, const struct report *r)
{
    const struct decision *d = r->decision;
    const struct volume_chart *v = &d->volume;
    if (v->points == 0) {
        json_put_null(j);
        return;
    }
    json_begin(j, '{');
    json_key(j, "requests_per_day");
    json_begin_inline(j, '[');
    for (size_t i = 0; i < v->points; i++)
        json_put_figure(j, v->requests_per_day[i]);
    json_end(j, ']');
    json_key(j, "curves");
    json_begin(j, '[');
    for (size_t k = 0; k < v->curve_count; k++) {
        json_begin(j, '{');
        json_set_option(j, "option", d, v->curves[k].option);
        json_key(j, "monthly_usd");
        json_begin_inline(j, '[');
        for (size_t i = 0; i < v->points; i++)
            json_put_figure(j, v->curves[k].usd[i]);
        json_end(j, ']');
        json_end(j, '}');
    }
    json_end(j, ']');
    json_end(j, '}');
}

void json_put_folklore(struct json_out *j, const struct report *r)
{
    json_begin(j, '[');
    for (size_t i = 0; i < r->decision->folklore_count; i++) {
        const struct folklore_result *f = &r->decision->folklore[i];
        json_begin(j, '{');
        json_set_text(j, "id", f->folklore->id);
        json_set_text(j, "claim", f->folklore->text);
        json_set_text(j, "source", f->folklore->source);
        json_set_figure(j, "low", f->folklore->low);
        json_set_figure(j, "high", f->folklore->high);
        json_set_text(j, "unit", f->folklore->unit);
        json_set_figure(j, "computed", f->computed);
        json_set_text(j, "text", f->text);
        json_end(j, '}');
    }
    json_end(j, ']');
}
