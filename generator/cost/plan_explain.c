#include "cost/plan_parts.h"

#include "base/str.h"
#include "number/near.h"

#include <math.h>

static struct str group_digits(struct arena *a, double value)
{
    char digits[32], out[48];
    size_t n = 0, k = 0;
    double v = floor(fabs(value) + 0.5);
    if (!(v < 1e15))
        return str_printf(a, "%.3g", value);
    do {
        digits[n++] = (char)('0' + (int)fmod(v, 10));
        v = floor(v / 10);
    } while (v > 0 && n < sizeof digits);
    for (size_t i = n; i-- > 0;) {
        out[k++] = digits[i];
        if (i > 0 && i % 3 == 0)
            out[k++] = ',';
    }
    return str_copy(a, (struct str){out, k});
}

struct str plan_mean_text(struct arena *a, double value)
{
    return value < 1000 ? str_printf(a, "%.4g", value) : group_digits(a, value);
}

/* What stands between the figures and the quantity: " x 2", " / 3,600". */
static struct str factor_text(struct arena *a, double factor)
{
    double part = factor > 0 ? 1 / factor : 0;
    if (near(factor, 1, 1e-12))
        return STR("");
    if (part > 1.5 && near(part, floor(part + 0.5), 1e-9))
        return str_printf(a, " / %.*s", STR_ARG(group_digits(a, part)));
    if (near(factor, floor(factor + 0.5), 1e-12))
        return str_printf(a, " x %.*s", STR_ARG(group_digits(a, factor)));
    return str_printf(a, " x %.6g", factor);
}

static struct str size_text(struct arena *a, enum times times, const struct fit *f)
{
    switch (times) {
    case TIMES_MEMORY_GB:
    case TIMES_MEMORY_GIB: return str_printf(a, " x %.6g %s", f->memory_gib, times == TIMES_MEMORY_GB ? "GB" : "GiB");
    case TIMES_VCPU: return str_printf(a, " x %.6g vCPU", f->vcpu);
    case TIMES_PHYSICAL_CORES: return str_printf(a, " x %.6g cores", f->vcpu / 2);
    case TIMES_GPUS: return str_printf(a, " x %.6g GPU", f->gpus);
    case TIMES_ONE:
    case TIMES_COUNT: break;
    }
    return STR("");
}

/* Load balancer units: new connections or data, whichever needs more (serving.c). */
static struct str balancer_text(struct arena *a, const struct policy *policy, const struct usage *u)
{
    double each = policy_number(policy, PARAMETER_BALANCER_CONNECTIONS_PER_REQUEST);
    double a_second = policy_number(policy, PARAMETER_BALANCER_CONNECTIONS_PER_UNIT_S);
    double gb = policy_number(policy, PARAMETER_BALANCER_GB_PER_UNIT_H);
    double connections = u->q[QUANTITY_REQUESTS] * each / (a_second * 3600);
    if (u->q[QUANTITY_PAYLOAD_GB] / gb > connections)
        return str_printf(a, "%.6g GB / %.6g GB a unit and hour", u->q[QUANTITY_PAYLOAD_GB], gb);
    return str_printf(a, "%.*s requests x %.6g new connections / (%.6g a second and unit x 3,600 s)",
                      STR_ARG(group_digits(a, u->q[QUANTITY_REQUESTS])), each, a_second);
}

static struct str disk_text(struct arena *a, const struct policy *policy, const struct plan_result *r)
{
    double cpu_gb = policy_number(policy, PARAMETER_NODE_DISK_GB), gpu_gb = policy_number(policy, PARAMETER_GPU_NODE_DISK_GB);
    if (!(r->gpu_nodes_mean > 0))
        return str_printf(a, "%.*s nodes on average x %.6g GB", STR_ARG(plan_mean_text(a, r->cpu_nodes_mean)), cpu_gb);
    struct str gpu = str_printf(a, "%.*s GPU nodes on average x %.6g GB", STR_ARG(plan_mean_text(a, r->gpu_nodes_mean)), gpu_gb);
    if (!(r->cpu_nodes_mean > 0))
        return gpu;
    return str_printf(a, "%.*s nodes on average x %.6g GB + %.*s", STR_ARG(plan_mean_text(a, r->cpu_nodes_mean)), cpu_gb, STR_ARG(gpu));
}

static struct str quantity_text(struct arena *a, const struct policy *policy, const struct meter *meter, const struct usage *u,
                                const struct fit *f, const struct part_state *s, const struct plan_result *r)
{
    struct str n = group_digits(a, u->q[QUANTITY_REQUESTS]), size = size_text(a, meter->times, f);
    double mult = f->part->multiplicity, kb_in = s->x[FIGURE_REQUEST_KB], kb_out = s->x[FIGURE_RESPONSE_KB];
    switch (meter->quantity) {
    case QUANTITY_REQUESTS: return str_printf(a, "%.*s requests a month", STR_ARG(n));
    case QUANTITY_BUSY_S:
        if (f->part->is_job)
            return str_printf(a, "%.*s s of runs%.*s", STR_ARG(group_digits(a, u->q[QUANTITY_BUSY_S])), STR_ARG(size));
        return str_printf(a, "%.*s requests x %.6g s%.*s%s", STR_ARG(n), s->service_s * f->ratio.time_likely, STR_ARG(size),
                          f->concurrency > 1 ? ", requests at once sharing an instance" : "");
    case QUANTITY_ALIVE_S: return str_printf(a, "%.*s s alive, idle tail and starts included%.*s", STR_ARG(group_digits(a, u->q[QUANTITY_ALIVE_S])), STR_ARG(size));
    case QUANTITY_WARM_IDLE_S:
        return str_printf(a, "(%.6g kept - %.4g of them busy on average) x 2,628,000 s%.*s", u->kept,
                          u->kept - u->q[QUANTITY_WARM_IDLE_S] / SECONDS_PER_MONTH, STR_ARG(size));
    case QUANTITY_PROVISIONED_S: return str_printf(a, "%.6g reserved x 2,628,000 s%.*s", u->kept, STR_ARG(size));
    case QUANTITY_PROVISIONED_BUSY_S:
        return str_printf(a, "%.4g of %.6g reserved billed as busy on average x 2,628,000 s%.*s", u->q[QUANTITY_PROVISIONED_BUSY_S] / SECONDS_PER_MONTH,
                          u->kept, STR_ARG(size));
    case QUANTITY_OVERFLOW_BUSY_S:
        if (f->part->is_job)
            return str_printf(a, "%.*s s of runs%.*s", STR_ARG(group_digits(a, u->q[QUANTITY_OVERFLOW_BUSY_S])), STR_ARG(size));
        return str_printf(a, "%.4g busy on average beyond the reserved x 2,628,000 s%.*s", u->q[QUANTITY_OVERFLOW_BUSY_S] / SECONDS_PER_MONTH,
                          STR_ARG(size));
    case QUANTITY_REPLICA_H:
    case QUANTITY_POD_H: return str_printf(a, "%.*s replicas on average x 730 h%.*s", STR_ARG(plan_mean_text(a, u->mean_replicas)), STR_ARG(size));
    case QUANTITY_EGRESS_GB: return str_printf(a, "%.*s responses x %.6g kB x %.3g to the internet", STR_ARG(n), kb_out, s->x[FIGURE_INTERNET_SHARE]);
    case QUANTITY_LOG_GB:
        return str_printf(a, "%.*s requests x %.6g kB", STR_ARG(n),
                          u->q[QUANTITY_REQUESTS] > 0 ? u->q[QUANTITY_LOG_GB] * 1e6 / u->q[QUANTITY_REQUESTS] : 0);
    case QUANTITY_HOURS: return mult > 1 && !meter->is_shared ? str_printf(a, "%.6g models x 730 h", mult) : STR("730 h");
    case QUANTITY_MONTH: return mult > 1 && !meter->is_shared ? str_printf(a, "%.6g models", mult) : STR("");
    case QUANTITY_COLD_STARTS: return str_printf(a, "%.6g%% of requests start an instance", 100 * u->latency.cold_start_probability);
    case QUANTITY_INGRESS_GB: return str_printf(a, "%.*s requests x %.6g kB", STR_ARG(n), kb_in);
    case QUANTITY_PAYLOAD_GB: return str_printf(a, "%.*s requests x (%.6g kB in + %.6g kB out)", STR_ARG(n), kb_in, kb_out);
    case QUANTITY_CROSS_ZONE_GB:
        return str_printf(a, "%.*s requests x (%.6g kB in + %.6g kB out) x %.3g to another zone", STR_ARG(n), kb_in, kb_out,
                          policy_number(policy, PARAMETER_CROSS_ZONE_SHARE));
    case QUANTITY_IMAGE_GB_MONTH:
        return str_printf(a, "%.6g images x %.6g MB", policy_number(policy, PARAMETER_IMAGE_VERSIONS_KEPT), f->image_mb);
    case QUANTITY_DISK_GB_MONTH: return disk_text(a, policy, r);
    case QUANTITY_NODE_H: return str_printf(a, "%.*s nodes on average x 730 h%.*s", STR_ARG(plan_mean_text(a, r->nodes_mean)), STR_ARG(size));
    case QUANTITY_MACHINE_ON_DEMAND_USD:
        return u->q[QUANTITY_MACHINE_ON_DEMAND_USD] > 0
                   ? str_printf(a, "$%.2f that the machines cost on demand", u->q[QUANTITY_MACHINE_ON_DEMAND_USD])
                   : STR("what the machines cost on demand");
    case QUANTITY_TRANSITIONS:
        return str_printf(a, "%.*s items x %.6g steps", STR_ARG(n), policy_number(policy, PARAMETER_WORKFLOW_STEPS_PER_ITEM));
    case QUANTITY_BALANCER_UNIT_H: return balancer_text(a, policy, u);
    case QUANTITY_METRICS:
        return str_printf(a, "%.6g model%s x %.6g metrics", mult, mult > 1 ? "s" : "", policy_number(policy, PARAMETER_METRICS_PER_MODEL));
    case QUANTITY_MACHINE:
    case QUANTITY_COUNT: break;
    }
    return STR("");
}

struct str plan_explain(struct arena *a, const struct policy *policy, const struct meter *meter, const struct usage *u,
                        const struct fit *f, const struct part_state *s, const struct plan_result *r)
{
    struct str text = quantity_text(a, policy, meter, u, f, s, r), factor = factor_text(a, meter->factor);
    if (meter->quantity == QUANTITY_MONTH && !text.n && factor.n)
        text = STR("1 month");
    return text.n && factor.n ? str_printf(a, "%.*s%.*s", STR_ARG(text), STR_ARG(factor)) : text;
}
