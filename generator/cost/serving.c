#include "cost/serving.h"

#include "cost/serving_parts.h"
#include "cost/tables.h"

#include <math.h>
#include <string.h>

#define MB_PER_GB 1000.0
#define KB_PER_GB 1e6

double unit_seconds(const struct unit *u)
{
    static const struct {
        const char *word;
        double seconds;
    } ENDS[] = {
        {"second", 1}, {"minute", 60}, {"hour", 3600},
    };
    struct str name = str_of(u->name);
    for (size_t i = 0; i < sizeof ENDS / sizeof *ENDS; i++)
        if (str_ends(name, str_of(ENDS[i].word)))
            return ENDS[i].seconds;
    return 0;
}

void serving_init(struct serving *v, const struct fit *fit)
{
    memset(v, 0, sizeof *v);
    v->fit = *fit;
}

void serve_job(const struct fit *fit, const struct part_state *s, const double *global,
                      struct usage *out)
{
    double slow = fit->ratio.time_likely * (fit->ratio.is_stated ? 1 : global[GLOBAL_HARDWARE]);
    double hours = s->x[FIGURE_JOB_HOURS] * slow * s->x[FIGURE_JOB_RUNS] * s->x[FIGURE_JOB_NODES];
    double *q = out->q;
    out->job_machine_h = hours;
    q[QUANTITY_REQUESTS] = s->x[FIGURE_JOB_RUNS];
    q[QUANTITY_COLD_STARTS] = s->x[FIGURE_JOB_RUNS] * s->x[FIGURE_JOB_NODES];
    double billed = s->x[FIGURE_JOB_RUNS] * s->x[FIGURE_JOB_NODES] *
                    timing_billed_s(fit->platform, s->x[FIGURE_JOB_HOURS] * 3600 * slow);
    q[QUANTITY_BUSY_S] = q[QUANTITY_ALIVE_S] = billed;
    q[QUANTITY_OVERFLOW_BUSY_S] = billed;
    q[QUANTITY_REPLICA_H] = q[QUANTITY_POD_H] = billed / 3600;
    q[QUANTITY_MACHINE] = billed / 3600;
    out->peak_replicas = s->x[FIGURE_JOB_NODES];
    out->mean_replicas = hours / HOURS_PER_MONTH;
    out->busy_replica_share = NOT_KNOWN;
    out->holds = true;
    double deadline = s->x[FIGURE_DEADLINE_H];
    if (deadline > 0 && s->x[FIGURE_JOB_HOURS] * slow > deadline)
        out->holds = false;
    out->latency = (struct latency){.p50_ms = NOT_KNOWN, .p95_ms = NOT_KNOWN, .p99_ms = NOT_KNOWN, .service_p99_ms = NOT_KNOWN, .queue_p99_ms = NOT_KNOWN,
                                    .cold_start_ms = NOT_KNOWN, .cold_start_probability = NOT_KNOWN, .method = STR("job")};
}

void serve_traffic(const struct fit *fit, const struct market *m, const struct part_state *s,
                        const double *global, struct usage *out)
{
    double *q = out->q, requests = fit->part->is_job ? 0 : q[QUANTITY_REQUESTS];
    q[QUANTITY_INGRESS_GB] = requests * s->x[FIGURE_REQUEST_KB] / KB_PER_GB;
    double response_gb = requests * s->x[FIGURE_RESPONSE_KB] / KB_PER_GB;
    q[QUANTITY_EGRESS_GB] = response_gb * s->x[FIGURE_INTERNET_SHARE];
    q[QUANTITY_PAYLOAD_GB] = q[QUANTITY_INGRESS_GB] + response_gb;
    q[QUANTITY_CROSS_ZONE_GB] = q[QUANTITY_PAYLOAD_GB] * policy_number(m->policy, PARAMETER_CROSS_ZONE_SHARE);
    q[QUANTITY_LOG_GB] = q[QUANTITY_REQUESTS] * global[GLOBAL_LOG_KB] / KB_PER_GB;
    q[QUANTITY_METRICS] = policy_number(m->policy, PARAMETER_METRICS_PER_MODEL) * fit->part->multiplicity;
    q[QUANTITY_IMAGE_GB_MONTH] = fit->image_mb / MB_PER_GB * policy_number(m->policy, PARAMETER_IMAGE_VERSIONS_KEPT);
    double connections = requests * policy_number(m->policy, PARAMETER_BALANCER_CONNECTIONS_PER_REQUEST) /
                         (policy_number(m->policy, PARAMETER_BALANCER_CONNECTIONS_PER_UNIT_S) * 3600);
    double bytes = q[QUANTITY_PAYLOAD_GB] / policy_number(m->policy, PARAMETER_BALANCER_GB_PER_UNIT_H);
    q[QUANTITY_BALANCER_UNIT_H] = fmax(connections, bytes);
    q[QUANTITY_TRANSITIONS] = q[QUANTITY_REQUESTS] * policy_number(m->policy, PARAMETER_WORKFLOW_STEPS_PER_ITEM);
}

static void serve(struct serving *v, const struct market *m, const struct workload *w, const struct timing *t, const struct part_state *s,
                  const double *global, enum effort effort, bool percentiles, struct arena *scratch, struct usage *out)
{
    switch (v->fit.platform->scaling) {
    case SCALING_PER_REQUEST:
    case SCALING_TO_ZERO: serve_on_demand(v, m, t, s, effort, percentiles, scratch, out); break;
    case SCALING_PROVISIONED: serve_provisioned(v, m, t, s, effort, percentiles, scratch, out); break;
    case SCALING_REPLICAS:
    case SCALING_PODS:
    case SCALING_CLUSTER: serve_pool(v, m, w, t, s, global, effort, percentiles, out); break;
    }
}

bool serving_at(struct serving *v, const struct market *m, const struct workload *w,
                const struct part_state *s, const double *global, enum effort effort, bool percentiles,
                struct arena *scratch, struct usage *out)
{
    memset(out, 0, sizeof *out);
    const struct part *p = v->fit.part;
    if (!p->costable)
        return false;
    if (p->is_job) {
        serve_job(&v->fit, s, global, out);
        serve_traffic(&v->fit, m, s, global, out);
        return true;
    }
    struct timing t = timing_of(&v->fit, m, s, global);
    if (!t.tables)
        t.tables = tables_new(scratch);
    bool is_least = effort == EFFORT_LEAST && serve_least(v, m, &t, s, out);
    if (effort == EFFORT_LEAST)
        effort = EFFORT_EXACT;
    if (!is_least)
        serve(v, m, w, &t, s, global, effort, percentiles, scratch, out);
    if (!p->is_online) {
        out->holds = true;
        out->latency.p50_ms = out->latency.p95_ms = out->latency.p99_ms = NOT_KNOWN;
    }
    out->peak_in_flight = s->peak_rps * t.service_s * p->multiplicity;
    if (p->kind == MODEL_STREAMING)
        out->peak_in_flight = fmax(out->peak_in_flight, s->x[FIGURE_STREAMS]);
    serve_traffic(&v->fit, m, s, global, out);
    return true;
}
