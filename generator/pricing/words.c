#include "pricing/words.h"

const char *const BOOK_CONFIDENCE_WORDS[] = {
    [CONFIDENCE_OFFICIAL] = "official",   [CONFIDENCE_DATA] = "data",
    [CONFIDENCE_SECONDARY] = "secondary", [CONFIDENCE_DERIVED] = "derived",
    [CONFIDENCE_ESTIMATE] = "estimate",   NULL};

const char *const BOOK_BASIS_WORDS[] = {
    [PRICE_EFFECTIVE] = "effective", [PRICE_SEEN] = "seen", NULL};

const char *const BOOK_CLASS_WORDS[] = {[CLASS_SERVERLESS] = "serverless",
                                        [CLASS_MANAGED] = "managed",
                                        [CLASS_KUBERNETES] = "kubernetes",
                                        [CLASS_HYBRID] = "hybrid",
                                        [CLASS_NONE] = "none",
                                        NULL};

const char *const BOOK_PLATFORM_CLASS_WORDS[] = {[CLASS_SERVERLESS] = "serverless",
                                                 [CLASS_MANAGED] = "managed",
                                                 [CLASS_KUBERNETES] = "kubernetes",
                                                 NULL};

const char *const BOOK_SCALING_WORDS[] = {[SCALING_PER_REQUEST] = "per-request",
                                          [SCALING_TO_ZERO] = "scale-to-zero",
                                          [SCALING_PROVISIONED] = "provisioned",
                                          [SCALING_REPLICAS] = "replicas",
                                          [SCALING_PODS] = "pods",
                                          [SCALING_CLUSTER] = "cluster",
                                          NULL};

const char *const BOOK_QUANTITY_WORDS[] = {
    [QUANTITY_REQUESTS] = "requests",
    [QUANTITY_COLD_STARTS] = "cold_starts",
    [QUANTITY_BUSY_S] = "busy_s",
    [QUANTITY_WARM_IDLE_S] = "warm_idle_s",
    [QUANTITY_ALIVE_S] = "alive_s",
    [QUANTITY_PROVISIONED_S] = "provisioned_s",
    [QUANTITY_PROVISIONED_BUSY_S] = "provisioned_busy_s",
    [QUANTITY_OVERFLOW_BUSY_S] = "overflow_busy_s",
    [QUANTITY_MACHINE] = "machine",
    [QUANTITY_MACHINE_ON_DEMAND_USD] = "machine_on_demand_usd",
    [QUANTITY_REPLICA_H] = "replica_h",
    [QUANTITY_NODE_H] = "node_h",
    [QUANTITY_POD_H] = "pod_h",
    [QUANTITY_HOURS] = "hours",
    [QUANTITY_MONTH] = "month",
    [QUANTITY_EGRESS_GB] = "egress_gb",
    [QUANTITY_INGRESS_GB] = "ingress_gb",
    [QUANTITY_PAYLOAD_GB] = "payload_gb",
    [QUANTITY_CROSS_ZONE_GB] = "cross_zone_gb",
    [QUANTITY_LOG_GB] = "log_gb",
    [QUANTITY_METRICS] = "metrics",
    [QUANTITY_IMAGE_GB_MONTH] = "image_gb_month",
    [QUANTITY_DISK_GB_MONTH] = "disk_gb_month",
    [QUANTITY_BALANCER_UNIT_H] = "balancer_unit_h",
    [QUANTITY_TRANSITIONS] = "transitions",
    NULL};

const char *const BOOK_TIMES_WORDS[] = {[TIMES_ONE] = "one",
                                        [TIMES_MEMORY_GB] = "memory_gb",
                                        [TIMES_MEMORY_GIB] = "memory_gib",
                                        [TIMES_VCPU] = "vcpu",
                                        [TIMES_PHYSICAL_CORES] = "physical_cores",
                                        [TIMES_GPUS] = "gpus",
                                        NULL};

const char *const BOOK_WHEN_WORDS[] = {[WHEN_ALWAYS] = "always", [WHEN_GPU] = "gpu",
                                       [WHEN_CPU] = "cpu",       [WHEN_NEW_CLUSTER] = "new-cluster",
                                       [WHEN_JOBS] = "jobs",     [WHEN_MODELS] = "models",
                                       [WHEN_PUBLIC] = "public", [WHEN_UNINTERRUPTED] = "uninterrupted",
                                       [WHEN_REGIONAL] = "regional", NULL};

const char *const BOOK_SERVES_WORDS[] = {"realtime", "streaming", "async",      "batch",
                                         "training", "batch-job", "automation", NULL};

const char *const BOOK_KEPT_BY_WORDS[] = {[KEPT_BY_NONE] = "none",
                                          [KEPT_BY_MIN_INSTANCES] = "min-instances",
                                          [KEPT_BY_PROVISIONED] = "provisioned",
                                          NULL};

const char *const BOOK_ROUTING_WORDS[] = {[ROUTING_NEWEST] = "newest",
                                          [ROUTING_RANDOM] = "random",
                                          [ROUTING_LEAST_RECENT] = "least-recent",
                                          NULL};

const char *const BOOK_RESERVE_WORDS[] = {
    [RESERVE_EKS] = "eks", [RESERVE_GKE] = "gke", [RESERVE_AKS] = "aks", NULL};

const char *const BOOK_LIMIT_WORDS[] = {[LIMIT_MEMORY_GB] = "memory_gb",
                                        [LIMIT_VCPU] = "vcpu",
                                        [LIMIT_TIMEOUT_S] = "timeout_s",
                                        [LIMIT_JOB_TIMEOUT_S] = "job_timeout_s",
                                        [LIMIT_RESPONSE_S] = "response_s",
                                        [LIMIT_PAYLOAD_MB] = "payload_mb",
                                        [LIMIT_IMAGE_GB] = "image_gb",
                                        [LIMIT_GPUS] = "gpus",
                                        [LIMIT_VRAM_GB] = "vram_gb",
                                        [LIMIT_CONCURRENCY] = "concurrency",
                                        [LIMIT_NODES] = "nodes",
                                        NULL};

const char *const BOOK_PLATFORM_TENANCY_WORDS[] = {"multi", "single", NULL};

#define COUNT_OF(table) (sizeof(table) / sizeof *(table)-1) /* without the NULL */

_Static_assert(COUNT_OF(BOOK_CONFIDENCE_WORDS) == CONFIDENCE_ESTIMATE + 1, "a word a confidence");
_Static_assert(COUNT_OF(BOOK_CLASS_WORDS) == CLASS_NONE + 1, "a word a class");
_Static_assert(COUNT_OF(BOOK_SCALING_WORDS) == SCALING_CLUSTER + 1, "a word a scaling");
_Static_assert(COUNT_OF(BOOK_QUANTITY_WORDS) == QUANTITY_COUNT, "a word a quantity");
_Static_assert(COUNT_OF(BOOK_TIMES_WORDS) == TIMES_COUNT, "a word a factor");
_Static_assert(COUNT_OF(BOOK_WHEN_WORDS) == WHEN_REGIONAL + 1, "a word a condition");
_Static_assert(COUNT_OF(BOOK_LIMIT_WORDS) == LIMIT_COUNT, "a word a limit");
_Static_assert(1 << (COUNT_OF(BOOK_SERVES_WORDS) - 1) == SERVES_AUTOMATION, "a word a bit");

const char *confidence_word(enum confidence c)
{
    return BOOK_CONFIDENCE_WORDS[c];
}

const char *class_word(enum platform_class c)
{
    return BOOK_CLASS_WORDS[c];
}

const char *scaling_word(enum scaling s)
{
    return BOOK_SCALING_WORDS[s];
}

const char *quantity_word(enum quantity q)
{
    return BOOK_QUANTITY_WORDS[q];
}

const char *limit_word(enum limit l)
{
    return BOOK_LIMIT_WORDS[l];
}

const char *basis_of_price_word(enum price_basis b)
{
    return BOOK_BASIS_WORDS[b];
}
