/* The options of a report, each with its lines. */
#include "render/json_parts.h"

static void put_violations(struct json_out *j, const struct option *o)
{
    json_key(j, "violations");
    json_begin(j, '[');
    for (size_t i = 0; i < o->violation_count; i++) {
        const struct violation *v = &o->violations[i];
        json_begin(j, '{');
        json_set_text(j, "limit", v->limit);
        json_set_figure(j, "allowed", v->allowed);
        json_set_figure(j, "needed", v->needed);
        json_set_text(j, "text", v->text);
        json_set_text(j, "part", v->part);
        json_end(j, '}');
    }
    json_end(j, ']');
}

static void put_line(struct json_out *j, const struct line *l)
{
    json_begin(j, '{');
    json_set_text(j, "item", l->item);
    json_set_text(j, "part", l->part);
    json_key(j, "quantity");
    json_put_decimal(j, l->quantity);
    json_set_word(j, "unit", l->unit ? l->unit->name : NULL);
    json_key(j, "unit_usd");
    json_put_decimal(j, l->unit_usd);
    json_set_money(j, "usd", l->usd, true);
    json_set_text(j, "sku", l->sku ? l->sku->id : STR(""));
    json_set_text(j, "region", l->region);
    json_set_word(j, "group", l->is_operations ? "operations" : "infrastructure");
    json_set_bool(j, "allowance", l->is_allowance);
    json_set_bool(j, "priced_early", l->is_early);
    json_set_text(j, "how", l->how);
    json_end(j, '}');
}

static void put_capacity(struct json_out *j, const struct capacity *c)
{
    json_key(j, "capacity");
    json_begin(j, '{');
    json_set_figure(j, "replicas", c->replicas);
    json_set_figure(j, "nodes", c->nodes);
    json_set_text(j, "machine", c->machine);
    json_set_figure(j, "utilisation", c->utilisation);
    json_set_figure(j, "mean_replicas", c->mean_replicas);
    json_set_figure(j, "mean_nodes", c->mean_nodes);
    json_set_figure(j, "instances_kept", c->instances_kept);
    json_end(j, '}');
}

static void put_latency(struct json_out *j, const struct latency *l)
{
    json_key(j, "latency");
    json_begin(j, '{');
    json_set_figure(j, "p50_ms", l->p50_ms);
    json_set_figure(j, "p95_ms", l->p95_ms);
    json_set_figure(j, "p99_ms", l->p99_ms);
    json_set_figure(j, "cold_start_ms", l->cold_start_ms);
    json_set_figure(j, "cold_start_probability", l->cold_start_probability);
    json_set_figure(j, "service_p99_ms", l->service_p99_ms);
    json_set_figure(j, "queue_p99_ms", l->queue_p99_ms);
    json_set_text(j, "method", l->method);
    json_end(j, '}');
}

static void put_placements(struct json_out *j, const struct option *o)
{
    json_key(j, "placements");
    json_begin(j, '[');
    for (size_t i = 0; i < o->placement_count; i++) {
        const struct placement *p = &o->placements[i];
        json_begin(j, '{');
        json_set_text(j, "part", p->part);
        json_set_text(j, "platform", p->platform ? p->platform->id : STR(""));
        json_set_text(j, "machine", p->machine);
        json_set_word(j, "purchase", purchase_word(p->purchase));
        json_set_money(j, "usd", p->usd, o->costed);
        put_latency(j, &p->latency);
        json_end(j, '}');
    }
    json_end(j, ']');
}

static void put_option(struct json_out *j, const struct option *o)
{
    json_begin(j, '{');
    json_set_text(j, "id", o->id);
    json_set_platform(j, "platform", o);
    json_set_text(j, "name", o->name);
    json_set_text(j, "provider", o->provider);
    json_set_class(j, "class", o->class);
    json_set_word(j, "purchase", purchase_word(o->purchase));
    json_set_bool(j, "feasible", o->feasible);
    put_violations(j, o);
    json_set_bool(j, "eligible", o->eligible);
    json_set_money(j, "monthly_usd", o->monthly, o->costed);
    json_set_money(j, "infrastructure_usd", o->infrastructure, o->costed);
    json_set_money(j, "operations_usd", o->operations, o->costed);
    json_set_money(j, "without_allowances_usd", o->without_allowances, o->costed);
    json_set_figure(j, "p10_usd", o->p10_usd);
    json_set_figure(j, "p50_usd", o->p50_usd);
    json_set_figure(j, "p90_usd", o->p90_usd);
    json_set_figure(j, "expected_usd", o->expected_usd);
    json_set_figure(j, "cheapest_share", o->cheapest_share);
    json_set_figure(j, "feasible_share", o->feasible_share);
    json_set_figure(j, "expected_regret_usd", o->expected_regret_usd);
    json_set_figure(j, "max_regret_usd", o->max_regret_usd);
    json_key(j, "lines");
    json_begin(j, '[');
    for (size_t i = 0; i < o->line_count; i++)
        put_line(j, &o->lines[i]);
    json_end(j, ']');
    json_set_figure(j, "per_million_usd", o->per_million_usd);
    json_set_figure(j, "fixed_usd", o->fixed_usd);
    put_capacity(j, &o->capacity);
    put_latency(j, &o->latency);
    put_placements(j, o);
    json_set_texts(j, "notes", o->notes, o->note_count);
    json_end(j, '}');
}

void json_put_options(struct json_out *j, const struct decision *d)
{
    json_begin(j, '[');
    for (size_t i = 0; i < d->option_count; i++)
        put_option(j, &d->options[i]);
    json_end(j, ']');
}
