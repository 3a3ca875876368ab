#ifndef COST_FIT_H
#define COST_FIT_H
/*
 * One part on one platform: how an instance is cut (memory, CPU, GPUs, machine), how fast the part
 * runs there, and which hard limits of the dated catalogue it breaks. Nothing here depends on the
 * volume of traffic. A figure that sits exactly on a limit does not exceed it.
 */
#include "cost/hardware.h"
#include "cost/result.h"
#include "workload/workload.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct replay;
struct tables;

struct market { /* where and when things are bought */
    const struct book *book;
    const struct policy *policy;
    struct date as_of;
    int geography;
    struct replay *replay; /* simulations and what they gave (cost/replay.h); NULL: closed forms alone */
    struct tables *tables; /* of the latency model, for all options (cost/tables.h); NULL: each call its own */
};

struct fit {
    const struct part *part;
    const struct platform *platform;
    const struct machine *machine; /* NULL: the platform sells sizes, not machines */
    double memory_gib, vcpu;       /* billed size of one instance, replica or pod */
    double gpus;                   /* may be a fraction where a GPU is shared */
    double per_machine;            /* replicas that one machine holds; 1 without machines */
    double concurrency;            /* requests that one replica serves at once */
    struct hardware_ratio ratio;
    double image_mb;
    bool not_sold;                 /* the platform sells nothing of the kind: no cost can be given */
    double reserved_pays;          /* scaling `provisioned`: busy share from which reserving is cheaper */
};

/* Violations and remarks of one part, gathered in an arena. */
struct verdict_list {
    struct arena *a; /* NULL: only count, for searches */
    struct violation *items;
    size_t count, capacity;
    struct str *notes;
    size_t note_count, note_capacity;
    bool doubtful; /* a limit that no page attests is exceeded: may be shown, is never recommended */
    struct str doubt; /* the first such remark; empty where the list has no arena */
};

void verdict_add(struct verdict_list *v, const char *limit, struct str part, double allowed,
                 double needed, struct str text);
void note_add(struct verdict_list *v, struct str text); /* once each */

/* Limits that no machine choice can change: what it serves, provider, region, date, tenancy,
 * dependencies, scale to zero, time of a request or of a job. True: nothing broken. */
bool fit_platform(const struct market *m, const struct workload *w, const struct part *p,
                  const struct part_state *s, const struct platform *platform, struct verdict_list *v);

/*
 * Cuts an instance; `machine` NULL for platforms without machines. True: it fits. Where it does not,
 * the fit is still filled as well as it can be, so that the option's cost can be shown beside the
 * broken limit.
 */
bool fit_size(const struct market *m, const struct workload *w, const struct part *p,
              const struct part_state *s, const struct platform *platform,
              const struct machine *machine, struct fit *out, struct verdict_list *v);

/* Time to fetch and load the weights after an instance has started: answered, else size over the policy's rate. Seconds. */
double fit_load_s(const struct market *m, const struct part_state *s);

/* What a scheduler can hand out on a node, after the provider's reserve and the daemons. */
struct size machine_allocatable(const struct platform *p, const struct machine *m);
#endif
