#include "cost/plan_parts.h"

#include "base/arena.h"
#include "cost/tables.h"

#include <string.h>

static struct str missing_price(struct verdict_list *v, const struct sku *sku, struct str region)
{
    return v->a ? str_printf(v->a, "no price for %.*s (%.*s) in %.*s", STR_ARG(sku->name), STR_ARG(sku->id), STR_ARG(region))
                : STR("");
}

bool plan_meter_applies(const struct meter *meter, const struct plan *p, const struct member *m,
                          const struct part *part, const struct part_state *s)
{
    switch (meter->when) {
    case WHEN_ALWAYS: return true;
    case WHEN_GPU: return m->serving.fit.gpus > 0;
    case WHEN_CPU: return !(m->serving.fit.gpus > 0);
    case WHEN_NEW_CLUSTER: return p->new_cluster;
    case WHEN_JOBS: return part->is_job;
    case WHEN_MODELS: return !part->is_job;
    case WHEN_UNINTERRUPTED: return part->is_job && !part->interruptible;
    case WHEN_REGIONAL: return p->regional;
    case WHEN_PUBLIC: return !part->is_job && s->x[FIGURE_INTERNET_SHARE] > 0 && s->x[FIGURE_RESPONSE_KB] > 0;
    }
    return true;
}

static void find_machine_price(const struct market *m, const struct plan *p, const struct machine *machine,
                               struct machine_price *out, struct verdict_list *v)
{
    memset(out, 0, sizeof *out);
    for (int k = 0; k < PURCHASE_COUNT; k++)
        if (machine->sku[k]) {
            struct sold sold = tables_sold(m->tables, machine->sku[k], p->region, m->as_of);
            out->price[k] = sold.price;
            out->is_early[k] = sold.is_early;
        }
    const struct sku *sku = machine->sku[p->purchase] ? machine->sku[p->purchase] : machine->sku[PURCHASE_ON_DEMAND];
    if (!out->price[p->purchase] && v)
        verdict_add(v, "price", STR(""), NOT_KNOWN, NOT_KNOWN,
                    machine->sku[p->purchase] || !v->a
                        ? missing_price(v, sku, p->region)
                        : str_printf(v->a, "%.*s is not sold as %s in the price book", STR_ARG(machine->id), purchase_word(p->purchase)));
}

bool plan_is_new_cluster(const struct workload *w, const struct platform *p)
{
    if (w->existing_cluster != TRI_YES || p->class != CLASS_KUBERNETES)
        return true;
    if (w->existing_platform.n)
        return !str_equal(w->existing_platform, p->id);
    return w->existing_provider.n > 0 && !str_equal(w->existing_provider, p->provider);
}

/* Busy share from which reserved (provisioned) instances are cheaper than on-demand seconds. */
static double provisioned_pays(const struct plan *p)
{
    double held = 0, busy = 0, overflow = 0;
    for (size_t i = 0; i < p->meter_count; i++) {
        const struct priced_meter *pm = &p->meters[i];
        if (!pm->price)
            continue;
        double usd = decimal_double(pm->price->usd) * pm->meter->factor;
        if (pm->meter->quantity == QUANTITY_PROVISIONED_S)
            held += usd;
        else if (pm->meter->quantity == QUANTITY_PROVISIONED_BUSY_S)
            busy += usd;
        else if (pm->meter->quantity == QUANTITY_OVERFLOW_BUSY_S)
            overflow += usd;
    }
    return overflow > busy ? held / (overflow - busy) : 1;
}

bool plan_build(const struct market *m, const struct workload *w, const struct state *base,
                const struct platform *platform, enum purchase purchase, const size_t *parts,
                size_t count, const struct machine *const *machines, struct arena *a, struct plan *out,
                struct verdict_list *v)
{
    size_t before = v->count;
    *out = (struct plan){.platform = platform, .purchase = purchase, .region = platform->region[m->geography], .count = count, .priced = true};
    out->members = arena_new(a, struct member, count);
    out->new_cluster = plan_is_new_cluster(w, platform);
    out->regional = w->questionnaire->residency.given;
    bool trial = w->questionnaire->stage == STAGE_VALIDATION;
    out->least_nodes = trial ? 1 : policy_number(m->policy, PARAMETER_MIN_NODES);
    out->meters = arena_new(a, struct priced_meter, platform->meter_count);
    out->meter_count = platform->meter_count;
    for (size_t i = 0; i < platform->meter_count; i++) {
        struct priced_meter *pm = &out->meters[i];
        pm->meter = &platform->meters[i];
        if (!pm->meter->is_machine && out->region.n) {
            struct sold sold = tables_sold(m->tables, pm->meter->sku, out->region, m->as_of);
            pm->price = sold.price;
            pm->is_early = sold.is_early;
        }
    }
    for (size_t i = 0; i < count; i++) {
        const struct part *part = &w->parts[parts[i]];
        const struct part_state *s = &base->parts[parts[i]];
        struct member *member = &out->members[i];
        member->part = parts[i];
        struct fit fit;
        fit_platform(m, w, part, s, platform, v);
        fit_size(m, w, part, s, platform, machines[i], &fit, v);
        serving_init(&member->serving, &fit);
        if (out->region.n == 0 || fit.not_sold) {
            out->priced = false;
            continue;
        }
        if (machines[i]) {
            find_machine_price(m, out, machines[i], &member->price, v);
            bool uses_machine = false;
            for (size_t k = 0; k < platform->meter_count; k++)
                uses_machine = uses_machine || platform->meters[k].is_machine;
            if (uses_machine && !member->price.price[purchase])
                out->priced = false;
        }
        for (size_t k = 0; k < platform->meter_count; k++) {
            struct priced_meter *pm = &out->meters[k];
            if (pm->meter->is_machine || pm->price || !plan_meter_applies(pm->meter, out, member, part, s))
                continue;
            verdict_add(v, "price", STR(""), NOT_KNOWN, NOT_KNOWN, missing_price(v, pm->meter->sku, out->region));
            out->priced = false;
        }
    }
    double pays = platform->scaling == SCALING_PROVISIONED ? provisioned_pays(out) : 0;
    for (size_t i = 0; i < count; i++)
        out->members[i].serving.fit.reserved_pays = pays;
    return v->count == before;
}
