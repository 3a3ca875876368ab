#include "cost/plan_parts.h"

#include "base/str.h"

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

struct str plan_explain(struct arena *a, const struct meter *meter, const struct usage *u,
                                   const struct fit *f, const struct part_state *s)
{
    double service = s ? s->service_s * f->ratio.time_likely : 0;
    struct str n = group_digits(a, u->q[QUANTITY_REQUESTS]);
    struct str size = STR("");
    switch (meter->times) {
    case TIMES_MEMORY_GB:
    case TIMES_MEMORY_GIB: size = str_printf(a, " x %.6g %s", f->memory_gib, meter->times == TIMES_MEMORY_GB ? "GB" : "GiB"); break;
    case TIMES_VCPU: size = str_printf(a, " x %.6g vCPU", f->vcpu); break;
    case TIMES_PHYSICAL_CORES: size = str_printf(a, " x %.6g cores", f->vcpu / 2); break;
    case TIMES_GPUS: size = str_printf(a, " x %.6g GPU", f->gpus); break;
    case TIMES_ONE:
    case TIMES_COUNT: break;
    }
    switch (meter->quantity) {
    case QUANTITY_REQUESTS: return str_printf(a, "%.*s requests a month", STR_ARG(n));
    case QUANTITY_BUSY_S:
        if (f->part->is_job)
            return str_printf(a, "%.*s s of runs%.*s", STR_ARG(group_digits(a, u->q[QUANTITY_BUSY_S])), STR_ARG(size));
        return str_printf(a, "%.*s requests x %.6g s%.*s%s", STR_ARG(n), service, STR_ARG(size),
                          f->concurrency > 1 ? ", requests at once sharing an instance" : "");
    case QUANTITY_ALIVE_S: return str_printf(a, "%.*s s alive, idle tail and starts included%.*s", STR_ARG(group_digits(a, u->q[QUANTITY_ALIVE_S])), STR_ARG(size));
    case QUANTITY_WARM_IDLE_S: return str_printf(a, "%.6g instances kept, less their busy time%.*s", u->kept, STR_ARG(size));
    case QUANTITY_PROVISIONED_S: return str_printf(a, "%.6g reserved x 2,628,000 s%.*s", u->kept, STR_ARG(size));
    case QUANTITY_PROVISIONED_BUSY_S: return str_printf(a, "load that %.6g reserved instances carry%.*s", u->kept, STR_ARG(size));
    case QUANTITY_OVERFLOW_BUSY_S: return str_printf(a, "load beyond the reserved instances%.*s", STR_ARG(size));
    case QUANTITY_REPLICA_H:
    case QUANTITY_POD_H: return str_printf(a, "%.*s replicas on average x 730 h%.*s", STR_ARG(plan_mean_text(a, u->mean_replicas)), STR_ARG(size));
    case QUANTITY_EGRESS_GB: return str_printf(a, "%.*s responses x %.6g kB x %.3g to the internet", STR_ARG(n), s ? s->x[FIGURE_RESPONSE_KB] : 0, s ? s->x[FIGURE_INTERNET_SHARE] : 0);
    case QUANTITY_LOG_GB: return str_printf(a, "%.*s requests, logged", STR_ARG(n));
    case QUANTITY_HOURS: return STR("730 h");
    case QUANTITY_COLD_STARTS: return str_printf(a, "%.6g%% of requests start an instance", 100 * u->latency.cold_start_probability);
    case QUANTITY_INGRESS_GB:
    case QUANTITY_PAYLOAD_GB:
    case QUANTITY_CROSS_ZONE_GB: return str_printf(a, "%.*s requests x %.6g kB in, %.6g kB out", STR_ARG(n), s ? s->x[FIGURE_REQUEST_KB] : 0, s ? s->x[FIGURE_RESPONSE_KB] : 0);
    case QUANTITY_IMAGE_GB_MONTH: return str_printf(a, "%.6g images of %.6g MB", f->image_mb > 0 ? u->q[QUANTITY_IMAGE_GB_MONTH] * 1000 / f->image_mb : 0, f->image_mb);
    case QUANTITY_DISK_GB_MONTH: return STR("a disk for every node");
    case QUANTITY_NODE_H: return STR("hours of all nodes");
    case QUANTITY_MACHINE_ON_DEMAND_USD: return STR("what the machines cost on demand");
    case QUANTITY_TRANSITIONS: return str_printf(a, "%.*s items, several steps each", STR_ARG(n));
    case QUANTITY_BALANCER_UNIT_H: return STR("connections or data, whichever needs more");
    case QUANTITY_METRICS:
    case QUANTITY_MACHINE:
    case QUANTITY_MONTH:
    case QUANTITY_COUNT: break;
    }
    return STR("");
}
