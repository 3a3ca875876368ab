#include "number/unit.h"

#include <stddef.h>

/* Sorted by bytes: unit_find halves. GB is 10^9 bytes, GiB 2^30; where a vendor writes GB and bills
 * GiB, the price file says GiB. */
static const struct unit UNITS[] = {
    {"FTE-year", "FTE-year", "FTE-years", "one full-time person for a year"},
    {"GB", "GB", "GB", "10^9 bytes moved or processed"},
    {"GB-hour", "GB-hour", "GB-hours", "10^9 bytes of memory or disk held for an hour"},
    {"GB-month", "GB-month", "GB-months", "10^9 bytes stored for a month of 730 hours"},
    {"GB-second", "GB-second", "GB-seconds",
     "memory in GB as the function service counts it, for a second"},
    {"GHz-second", "GHz-second", "GHz-seconds", "one GHz of processor for a second"},
    {"GPU-hour", "GPU-hour", "GPU-hours", "one accelerator for an hour"},
    {"GPU-second", "GPU-second", "GPU-seconds", "one accelerator for a second"},
    {"GiB", "GiB", "GiB", "2^30 bytes moved or processed"},
    {"GiB-hour", "GiB-hour", "GiB-hours", "2^30 bytes of memory or disk held for an hour"},
    {"GiB-month", "GiB-month", "GiB-months", "2^30 bytes stored for a month of 730 hours"},
    {"GiB-second", "GiB-second", "GiB-seconds", "2^30 bytes of memory held for a second"},
    {"IOPS-month", "IOPS-month", "IOPS-months",
     "one provisioned disk operation a second, for a month"},
    {"LCU-hour", "LCU-hour", "LCU-hours", "one load balancer capacity unit for an hour"},
    {"MBps-month", "MB/s-month", "MB/s-months",
     "one provisioned MB/s of disk throughput, for a month"},
    {"MiB", "MiB", "MiB", "2^20 bytes moved or processed"},
    {"NLCU-hour", "NLCU-hour", "NLCU-hours", "one network load balancer capacity unit for an hour"},
    {"TiB", "TiB", "TiB", "2^40 bytes moved or processed"},
    {"USD", "USD", "USD", "a dollar of another amount: the price is a share of that amount"},
    {"address-hour", "address-hour", "address-hours", "one public IPv4 address for an hour"},
    {"alarm-month", "alarm-month", "alarm-months", "one alarm for a month"},
    {"cluster-hour", "cluster-hour", "cluster-hours", "one cluster's control plane for an hour"},
    {"cluster-month", "cluster-month", "cluster-months", "one cluster for a month"},
    {"collector-hour", "collector-hour", "collector-hours", "one metrics collector for an hour"},
    {"core-second", "core-second", "core-seconds", "one processor core for a second"},
    {"day", "day", "days", "24 hours"},
    {"disk-month", "disk-month", "disk-months", "one disk of its size class for a month"},
    {"environment-hour", "environment-hour", "environment-hours",
     "one workflow environment for an hour"},
    {"event", "event", "events", "one event delivered"},
    {"execution", "execution", "executions", "one run of a function or workflow"},
    {"gateway-hour", "gateway-hour", "gateway-hours", "one NAT or private gateway for an hour"},
    {"host-month", "host-month", "host-months", "one monitored host for a month"},
    {"hour", "hour", "hours", "an hour of the thing that the price names"},
    {"image", "image", "images", "one image processed"},
    {"inference", "inference", "inferences", "one prediction"},
    {"instance-hour", "instance-hour", "instance-hours", "one machine for an hour"},
    {"instance-month", "instance-month", "instance-months", "one machine for a month"},
    {"instance-second", "instance-second", "instance-seconds", "one machine for a second"},
    {"invocation", "invocation", "invocations", "one call of a function or endpoint"},
    {"load-balancer-hour", "load-balancer-hour", "load-balancer-hours",
     "one load balancer for an hour"},
    {"message", "message", "messages", "one queue or stream message"},
    {"metric-month", "metric-month", "metric-months", "one metric kept for a month"},
    {"minute", "minute", "minutes", "a minute of the thing that the price names"},
    {"month", "month", "months", "a month of 730 hours"},
    {"neuron", "neuron", "neurons", "Cloudflare's measure of model computation"},
    {"node-hour", "node-hour", "node-hours", "one node of an endpoint or cluster for an hour"},
    {"node-month", "node-month", "node-months", "one node of a cluster for a month"},
    {"operation", "operation", "operations", "one storage operation"},
    {"physical-core-second", "physical-core-second", "physical-core-seconds",
     "one physical core (two vCPU) for a second"},
    {"pod-hour", "pod-hour", "pod-hours", "one pod for an hour"},
    {"query", "query", "queries", "one query"},
    {"reference-month", "reference-month", "reference-months",
     "a fixed reference workload run for a month"},
    {"registry-month", "registry-month", "registry-months", "one container registry for a month"},
    {"replica-hour", "replica-hour", "replica-hours", "one replica of an endpoint for an hour"},
    {"replica-minute", "replica-minute", "replica-minutes",
     "one replica of an endpoint for a minute"},
    {"replica-second", "replica-second", "replica-seconds",
     "one replica of an endpoint for a second"},
    {"request", "request", "requests", "one request"},
    {"rule-hour", "rule-hour", "rule-hours", "one forwarding rule for an hour"},
    {"sample", "sample", "samples", "one metric sample ingested"},
    {"second", "second", "seconds", "a second of the thing that the price names"},
    {"snapshot-GB", "snapshot GB", "snapshot GB", "10^9 bytes of a function snapshot restored"},
    {"snapshot-GB-second", "snapshot GB-second", "snapshot GB-seconds",
     "10^9 bytes of a function snapshot cached for a second"},
    {"span", "span", "spans", "one trace span ingested"},
    {"step", "step", "steps", "one step of a workflow or of training"},
    {"token", "token", "tokens", "one token of a language model, in or out as the price names"},
    {"transition", "state transition", "state transitions", "one state transition of a workflow"},
    {"user-month", "user-month", "user-months", "one user's seat for a month"},
    {"vCPU-hour", "vCPU-hour", "vCPU-hours", "one virtual processor for an hour"},
    {"vCPU-second", "vCPU-second", "vCPU-seconds", "one virtual processor for a second"},
    {"worker-hour", "worker-hour", "worker-hours",
     "one worker of a serverless endpoint for an hour"},
    {"worker-second", "worker-second", "worker-seconds",
     "one worker of a serverless endpoint for a second"},
    {NULL, NULL, NULL, NULL},
};

const struct unit *unit_find(struct str name)
{
    size_t low = 0, high = sizeof UNITS / sizeof UNITS[0] - 1;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = str_compare(name, str_of(UNITS[middle].name));
        if (order == 0)
            return &UNITS[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

const struct unit *unit_table(void)
{
    return UNITS;
}
