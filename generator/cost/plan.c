#include "cost/plan_parts.h"

#include "base/arena.h"

#include <math.h>

double plan_times(enum times t, const struct fit *f)
{
    switch (t) {
    case TIMES_MEMORY_GB:
    case TIMES_MEMORY_GIB: return f->memory_gib;
    case TIMES_VCPU: return f->vcpu;
    case TIMES_PHYSICAL_CORES: return f->vcpu / 2;
    case TIMES_GPUS: return f->gpus;
    case TIMES_ONE:
    case TIMES_COUNT: break;
    }
    return 1;
}
static void meter_charge(const struct plan *p, const struct priced_meter *pm, const struct member *m,
                         const struct workload *w, double quantity, struct charges *out)
{
    if (!(quantity > 0) || !pm->price)
        return;
    if (pm->meter->is_credit && out->count) { /* a credit never exceeds the charge that it is for */
        const struct charge *above = &out->items[out->count - 1];
        double usd = above->quantity * decimal_double(above->price->usd), unit = decimal_double(pm->price->usd);
        if (unit > 0)
            quantity = fmin(quantity, fmax(usd, 0) / unit);
    }
    struct charge *c = charges_add(out);
    c->item = pm->meter->item;
    c->part = m && p->count > 1 ? w->parts[m->part].name : STR("");
    c->quantity = pm->meter->is_credit ? -quantity : quantity;
    c->sku = pm->meter->sku;
    c->price = pm->price;
    c->region = p->region;
    c->is_early = pm->is_early;
    c->is_allowance = pm->meter->is_credit && pm->meter->quantity == QUANTITY_MONTH;
    c->class = p->platform->class;
}

void plan_machine_charge(const struct plan *p, const struct machine *machine,
                           const struct machine_price *price, enum purchase purchase, struct str item,
                           struct str part, double hours, struct charges *out)
{
    const struct sku *sku = machine->sku[purchase];
    if (!(hours > 0) || !sku || !price->price[purchase])
        return;
    double seconds = unit_seconds(sku->unit);
    struct charge *c = charges_add(out);
    c->item = item;
    c->part = part;
    c->quantity = hours * 3600 / (seconds > 0 ? seconds : 3600);
    c->sku = sku;
    c->price = price->price[purchase];
    c->region = p->region;
    c->is_early = price->is_early[purchase];
    c->is_spot = purchase == PURCHASE_SPOT;
    c->class = p->platform->class;
}
static double meter_quantity(const struct meter *meter, const struct plan *p, const struct member *member,
                             const struct usage *u)
{
    double q = u->q[meter->quantity];
    if (meter->quantity == QUANTITY_HOURS)
        q = HOURS_PER_MONTH;
    else if (meter->quantity == QUANTITY_MONTH)
        q = 1;
    if (meter->quantity == QUANTITY_MACHINE_ON_DEMAND_USD && p->platform->scaling != SCALING_CLUSTER) {
        const struct price *list = member->price.price[PURCHASE_ON_DEMAND];
        const struct machine *machine = member->serving.fit.machine;
        double seconds = machine && machine->sku[0] ? unit_seconds(machine->sku[0]->unit) : 3600;
        q = list ? u->q[QUANTITY_MACHINE] * 3600 / (seconds > 0 ? seconds : 3600) * decimal_double(list->usd) : 0;
    }
    return q * plan_times(meter->times, &member->serving.fit) * meter->factor;
}

bool plan_is_wide(const struct plan *p, const struct meter *meter)
{
    return p->platform->scaling == SCALING_CLUSTER &&
           (meter->quantity == QUANTITY_NODE_H || meter->quantity == QUANTITY_DISK_GB_MONTH ||
            meter->quantity == QUANTITY_MACHINE_ON_DEMAND_USD);
}

void plan_evaluate(struct plan *p, const struct market *m, const struct workload *w,
                   const struct state *s, enum effort effort, bool explain, struct arena *scratch,
                   struct charges *out, struct plan_result *result)
{
    *result = (struct plan_result){.costed = p->priced, .holds = true};
    result->usage = arena_new(scratch, struct usage, p->count);
    for (size_t i = 0; i < p->count; i++) {
        struct member *member = &p->members[i];
        if (!serving_at(&member->serving, m, w, &s->parts[member->part], s->global, effort, explain && effort == EFFORT_EXACT, scratch, &result->usage[i]))
            result->costed = false;
        result->holds = result->holds && result->usage[i].holds;
    }
    if (!result->costed)
        return;
    if (p->platform->scaling == SCALING_CLUSTER)
        plan_evaluate_cluster(p, m, w, s, explain, scratch, out, result);
    for (size_t k = 0; k < p->meter_count; k++) {
        const struct priced_meter *pm = &p->meters[k];
        const struct meter *meter = pm->meter;
        bool once = false;
        for (size_t i = 0; i < p->count && !once; i++) {
            struct member *member = &p->members[i];
            const struct part *part = &w->parts[member->part];
            const struct part_state *ps = &s->parts[member->part];
            const struct fit *fit = &member->serving.fit;
            struct usage *u = &result->usage[i];
            if (!plan_meter_applies(meter, p, member, part, ps) || (meter->is_shared && p->shares_cluster))
                continue;
            if (meter->is_machine) {
                if (p->platform->scaling == SCALING_CLUSTER)
                    break; /* charged by pool */
                if (!fit->machine)
                    continue;
                size_t machines = out->count;
                plan_machine_charge(p, fit->machine, &member->price, p->purchase,
                               explain ? str_printf(out->a, "%.*s %.*s", STR_ARG(meter->item), STR_ARG(fit->machine->id)) : meter->item,
                               p->count > 1 ? part->name : STR(""), u->q[QUANTITY_MACHINE] * meter->factor, out);
                if (explain && out->count > machines)
                    out->items[machines].how = part->is_job ? str_printf(out->a, "%.6g h of runs", u->q[QUANTITY_MACHINE])
                                                                  : str_printf(out->a, "%.*s machines on average x 730 h", STR_ARG(plan_mean_text(out->a, u->q[QUANTITY_MACHINE] / HOURS_PER_MONTH)));
                continue;
            }
            bool flat = meter->quantity == QUANTITY_HOURS || meter->quantity == QUANTITY_MONTH;
            double quantity = meter_quantity(meter, p, member, u);
            if (flat && !meter->is_shared)
                quantity *= part->multiplicity;
            once = (flat && meter->is_shared) || plan_is_wide(p, meter);
            size_t before = out->count;
            meter_charge(p, pm, once ? NULL : member, w, quantity, out);
            if (explain && out->count > before)
                out->items[before].how = plan_explain(out->a, m->policy, meter, u, fit, ps, result);
            if ((meter->quantity == QUANTITY_BUSY_S || meter->quantity == QUANTITY_OVERFLOW_BUSY_S) && u->cold_start_s > 0 &&
                p->platform->scaling != SCALING_TO_ZERO) {
                before = out->count;
                meter_charge(p, pm, member, w, u->cold_start_s * plan_times(meter->times, fit) * meter->factor, out);
                if (explain && out->count > before) {
                    out->items[before].item = str_printf(out->a, "%.*s, cold starts", STR_ARG(meter->item));
                    out->items[before].how = str_printf(out->a, "%.6g%% of requests start an instance, %.4g s each", 100 * u->latency.cold_start_probability, u->latency.cold_start_ms / 1000);
                }
            }
        }
    }
}
