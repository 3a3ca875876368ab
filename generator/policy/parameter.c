#include "policy/parameter.h"

#include <assert.h>

#define WHOLE true
#define REAL false
#define FIXED true
#define RANGE false

static const struct parameter_row PARAMETERS[] = {
    [PARAMETER_TARGET_UTILISATION] = {"target_utilisation", "share", 0.01, 1, REAL, RANGE},
    [PARAMETER_GPU_TARGET_UTILISATION] = {"gpu_target_utilisation", "share", 0.01, 1, REAL, RANGE},
    [PARAMETER_MIN_REPLICAS] = {"min_replicas", "count", 1, 100, WHOLE, RANGE},
    [PARAMETER_MIN_REPLICAS_VALIDATION] = {"min_replicas_validation", "count", 1, 100, WHOLE,
                                           RANGE},
    [PARAMETER_MIN_NODES] = {"min_nodes", "count", 1, 1000, WHOLE, RANGE},
    [PARAMETER_ZONES] = {"zones", "count", 1, 10, WHOLE, RANGE},
    [PARAMETER_NODE_DISK_GB] = {"node_disk_gb", "GB", 1, 65536, REAL, RANGE},
    [PARAMETER_GPU_NODE_DISK_GB] = {"gpu_node_disk_gb", "GB", 1, 65536, REAL, RANGE},
    [PARAMETER_LOG_KB_PER_REQUEST] = {"log_kb_per_request", "kB", 0, 10000, REAL, RANGE},
    [PARAMETER_METRICS_PER_MODEL] = {"metrics_per_model", "count", 0, 100000, WHOLE, RANGE},
    [PARAMETER_CROSS_ZONE_SHARE] = {"cross_zone_share", "share", 0, 1, REAL, RANGE},
    [PARAMETER_IMAGE_OVERHEAD_MB] = {"image_overhead_mb", "MB", 0, 100000, REAL, RANGE},
    [PARAMETER_IMAGE_VERSIONS_KEPT] = {"image_versions_kept", "count", 1, 1000, WHOLE, RANGE},
    [PARAMETER_LOAD_MB_PER_S] = {"load_mb_per_s", "MB/s", 1, 100000, REAL, RANGE},
    [PARAMETER_COLD_CV] = {"cold_cv", "ratio", 0, 10, REAL, RANGE},
    [PARAMETER_PEAK_TO_MEAN] = {"peak_to_mean", "ratio", 1, 1000, REAL, RANGE},
    [PARAMETER_BALANCER_CONNECTIONS_PER_REQUEST] = {"balancer_connections_per_request", "ratio", 0,
                                                    10, REAL, RANGE},
    [PARAMETER_BALANCER_GB_PER_UNIT_H] = {"balancer_gb_per_unit_h", "GB", 0.001, 1000, REAL, RANGE},
    [PARAMETER_BALANCER_CONNECTIONS_PER_UNIT_S] = {"balancer_connections_per_unit_s", "ratio",
                                                   0.001, 1000000, REAL, RANGE},
    [PARAMETER_SPOT_CHECKPOINT_H] = {"spot_checkpoint_h", "hour", 0, 100, REAL, RANGE},
    [PARAMETER_SPOT_RESTART_H] = {"spot_restart_h", "hour", 0, 100, REAL, RANGE},
    [PARAMETER_SPOT_FALLBACK_SHARE] = {"spot_fallback_share", "share", 0, 1, REAL, RANGE},
    [PARAMETER_SPOT_RECLAIM_MONTHLY] = {"spot_reclaim_monthly", "share", 0, 1, REAL, RANGE},
    [PARAMETER_NODE_START_LAG_S] = {"node_start_lag_s", "second", 0, 86400, REAL, RANGE},
    [PARAMETER_WORKFLOW_STEPS_PER_ITEM] = {"workflow_steps_per_item", "count", 1, 10000, WHOLE,
                                           RANGE},
    [PARAMETER_ON_COST_FACTOR] = {"on_cost_factor", "ratio", 1, 5, REAL, RANGE},
    [PARAMETER_FTE_SERVERLESS] = {"fte_serverless", "FTE", 0, 100, REAL, RANGE},
    [PARAMETER_FTE_MANAGED] = {"fte_managed", "FTE", 0, 100, REAL, RANGE},
    [PARAMETER_FTE_KUBERNETES_SHARED] = {"fte_kubernetes_shared", "FTE", 0, 100, REAL, RANGE},
    [PARAMETER_FTE_KUBERNETES_ENGINEERS] = {"fte_kubernetes_engineers", "FTE", 0, 100, REAL, RANGE},
    [PARAMETER_FTE_KUBERNETES_NONE] = {"fte_kubernetes_none", "FTE", 0, 100, REAL, RANGE},
    [PARAMETER_DECIDED_SHARE] = {"decided_share", "share", 0.5, 1, REAL, FIXED},
    [PARAMETER_HIGH_CONFIDENCE] = {"high_confidence", "share", 0.5, 1, REAL, FIXED},
    [PARAMETER_LEAN_DECIDES] = {"lean_decides", "weight", 0, 1000, REAL, FIXED},
    [PARAMETER_STRONG_WEIGHT] = {"strong_weight", "weight", 0, 1000, REAL, FIXED},
    [PARAMETER_WEAK_WEIGHT] = {"weak_weight", "weight", 0, 1000, REAL, FIXED},
    [PARAMETER_DRAWS] = {"draws", "count", 16, 65536, WHOLE, FIXED},
    [PARAMETER_PRICE_MAX_AGE_DAYS] = {"price_max_age_days", "day", 1, 36500, REAL, FIXED},
    [PARAMETER_PRICE_WITHIN] = {"price_within", "share", 0, 1, REAL, FIXED},
    [PARAMETER_COUNT_ALLOWANCES] = {"count_allowances", "switch", 0, 1, WHOLE, FIXED},
    [PARAMETER_KEEP_WARM_SHARE] = {"keep_warm_share", "share", 0, 1, REAL, FIXED},
};

_Static_assert(sizeof PARAMETERS / sizeof PARAMETERS[0] == PARAMETER_ID_COUNT, "a row a parameter");

const struct parameter_row *parameter_row(enum parameter_id id)
{
    assert(id < PARAMETER_ID_COUNT);
    return &PARAMETERS[id];
}

const char *parameter_name(enum parameter_id id)
{
    return parameter_row(id)->name;
}

const char *parameter_unit(enum parameter_id id)
{
    return parameter_row(id)->unit;
}
