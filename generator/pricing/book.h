#ifndef PRICING_BOOK_H
#define PRICING_BOOK_H
/*
 * The price book in memory: everything that a provider may change (pricing/README.md is the format).
 * Plain structs, read-only after loading, shared by all threads. The engine reads these structs and
 * calls the questions below; only pricing/load.c touches files and JSON.
 */
#include "base/diag.h"
#include "base/str.h"
#include "number/date.h"
#include "number/decimal.h"
#include "number/unit.h"
#include "questionnaire/questionnaire.h" /* enum purchase */

#include <stdbool.h>
#include <stddef.h>

struct arena;

#define GEOGRAPHY_MAX 16

enum price_basis {
    PRICE_EFFECTIVE,
    PRICE_SEEN
};

enum confidence { /* best first */
    CONFIDENCE_OFFICIAL,
    CONFIDENCE_DATA,
    CONFIDENCE_SECONDARY,
    CONFIDENCE_DERIVED,
    CONFIDENCE_ESTIMATE
};

struct price_tier {
    double up_to; /* in the SKU's unit, cumulative a month; INFINITY for the last */
    struct decimal usd;
};

struct price {
    struct str region;       /* or "any" */
    struct date from, until; /* until DATE_NONE: still sold */
    struct date
        checked; /* last day on which the source was read and still said so; DATE_NONE: `from` */
    enum price_basis basis;
    struct decimal usd;
    const struct price_tier *tiers;
    size_t tier_count; /* 0: one price for any amount */
    double free_quantity;
    struct str free_pool;
    struct decimal estimate_low, estimate_high; /* P10, P90, where confidence is estimate */
    enum confidence confidence;
    struct str source, note;
    struct where where;
};

struct sku {
    struct str id, name, provider, service, category, subcategory;
    const struct unit *unit;
    const struct price *prices; /* by region, then by from */
    size_t price_count;
    struct where where;
};

struct machine {
    struct str id, family, arch;
    struct str sku_id;
    const struct sku *sku[PURCHASE_COUNT]; /* NULL where it is not sold that way */
    double vcpu, memory_gib;               /* 0: chosen freely */
    struct str gpu;                        /* hardware id; empty: none */
    int gpus;
    double vram_gib; /* of one GPU */
    bool burstable;
    double allocatable_vcpu, allocatable_memory_gib; /* 0: by the platform's rule */
    int allocatable_pods;
    double reclaim_low, reclaim_likely, reclaim_high; /* monthly share; likely 0: not known */
    struct where where;
};

struct machine_set {
    struct str id, provider;
    const struct machine *machines;
    size_t count;
    struct where where;
};

enum platform_class {
    CLASS_SERVERLESS,
    CLASS_MANAGED,
    CLASS_KUBERNETES,
    CLASS_HYBRID, /* options only */
    CLASS_NONE    /* no recommendation */
};

enum scaling {
    SCALING_PER_REQUEST,
    SCALING_TO_ZERO,
    SCALING_PROVISIONED,
    SCALING_REPLICAS,
    SCALING_PODS,
    SCALING_CLUSTER
};

enum quantity { /* what a meter counts; order of the tables in pricing/words.c and meter.c */
    QUANTITY_REQUESTS,
    QUANTITY_COLD_STARTS,
    QUANTITY_BUSY_S,
    QUANTITY_WARM_IDLE_S,
    QUANTITY_ALIVE_S,
    QUANTITY_PROVISIONED_S,
    QUANTITY_PROVISIONED_BUSY_S,
    QUANTITY_OVERFLOW_BUSY_S,
    QUANTITY_MACHINE,
    QUANTITY_MACHINE_ON_DEMAND_USD,
    QUANTITY_REPLICA_H,
    QUANTITY_NODE_H,
    QUANTITY_POD_H,
    QUANTITY_HOURS,
    QUANTITY_MONTH,
    QUANTITY_EGRESS_GB,
    QUANTITY_INGRESS_GB,
    QUANTITY_PAYLOAD_GB,
    QUANTITY_CROSS_ZONE_GB,
    QUANTITY_LOG_GB,
    QUANTITY_METRICS,
    QUANTITY_IMAGE_GB_MONTH,
    QUANTITY_DISK_GB_MONTH,
    QUANTITY_BALANCER_UNIT_H,
    QUANTITY_TRANSITIONS,
    QUANTITY_COUNT
};

enum times {
    TIMES_ONE,
    TIMES_MEMORY_GB,
    TIMES_MEMORY_GIB,
    TIMES_VCPU,
    TIMES_PHYSICAL_CORES,
    TIMES_GPUS,
    TIMES_COUNT
};

enum meter_when {
    WHEN_ALWAYS,
    WHEN_GPU,
    WHEN_CPU,
    WHEN_NEW_CLUSTER,
    WHEN_JOBS,
    WHEN_MODELS,
    WHEN_PUBLIC,
    WHEN_UNINTERRUPTED, /* a job whose runs may not be interrupted */
    WHEN_REGIONAL       /* data must stay in a region: a residency is answered */
};

struct meter {
    struct str item;
    enum quantity quantity;
    enum times times;
    double factor; /* 1 where none */
    enum meter_when when;
    bool is_shared, is_credit, is_machine; /* is_machine: priced with the chosen machine's SKU */
    const struct sku *sku;                 /* NULL where is_machine */
    struct where where;
};

struct step_range { /* allowed sizes min, min + step, ... max; max 0: no such range */
    double min, max, step;
};

struct size {
    double vcpu, memory_gib;
};

struct spread { /* a figure with its likely range (P10, likely, P90) */
    double low, likely, high;
};

enum serves { /* bits */
    SERVES_REALTIME = 1,
    SERVES_STREAMING = 2,
    SERVES_ASYNC = 4,
    SERVES_BATCH = 8,
    SERVES_TRAINING = 16,
    SERVES_BATCH_JOB = 32,
    SERVES_AUTOMATION = 64
};

enum kept_by {
    KEPT_BY_NONE,
    KEPT_BY_MIN_INSTANCES,
    KEPT_BY_PROVISIONED
};

enum routing {
    ROUTING_NEWEST,
    ROUTING_RANDOM,
    ROUTING_LEAST_RECENT
};

enum node_reserve {
    RESERVE_EKS,
    RESERVE_GKE,
    RESERVE_AKS
};

enum limit { /* bits of `unverified`, and the names of violations */
    LIMIT_MEMORY_GB,
    LIMIT_VCPU,
    LIMIT_TIMEOUT_S,
    LIMIT_JOB_TIMEOUT_S,
    LIMIT_RESPONSE_S, /* until a waiting caller has the answer */
    LIMIT_PAYLOAD_MB,
    LIMIT_IMAGE_GB,
    LIMIT_GPUS,
    LIMIT_VRAM_GB,
    LIMIT_CONCURRENCY,
    LIMIT_NODES,
    LIMIT_COUNT
};

struct platform {
    struct str id, name, provider;
    enum platform_class class;
    unsigned serves; /* enum serves */
    enum scaling scaling;
    struct str region[GEOGRAPHY_MAX];            /* by geography; empty: not offered there */
    struct date available_from, available_until; /* DATE_NONE: open */
    struct str unavailable_why;
    double limit[LIMIT_COUNT]; /* NAN: none published */
    bool limit_unverified[LIMIT_COUNT];
    bool purchases[PURCHASE_COUNT]; /* clusters; others buy on demand */
    bool cold_start_billed;
    bool has_cold_start; /* false: the catalogue knows none, start_ms means nothing */
    bool portable;
    bool is_arm; /* Arm processors: times stated for x86 are taken to hold, and the report says so */
    bool no_containers; /* takes code or zip files only, no container images */
    bool preempts_gpu;  /* instances with a GPU may be interrupted, and none are sold that may not */
    bool own_nodes;     /* kernels, drivers and privileged pods are one's own to set */
    bool jobs_unlimited; /* the time of a job has a limit of its own, and none is published */
    struct step_range memory_mb, vcpu;
    double mb_per_vcpu;                        /* 0: CPU is chosen apart */
    double gib_per_vcpu_min, gib_per_vcpu_max; /* 0: any */
    const struct size *sizes;
    size_t size_count;
    struct size gpu_minimum;
    const struct machine_set *machines; /* NULL: none */
    double concurrency_default, concurrency_max;
    double grain_ms, min_billed_ms, idle_tail_s;
    struct spread keep_alive_s;
    double min_instances;
    enum kept_by kept_by;
    enum routing routing;
    struct spread start_ms; /* platform and runtime start, without image and weights */
    struct str start_source;
    enum confidence start_confidence;
    enum node_reserve reserve;
    struct size system, daemon;
    struct spread node_start_s, gpu_node_start_s;
    const struct str *attests;
    size_t attest_count;
    enum tenancy tenancy;
    const struct meter *meters;
    size_t meter_count;
    struct str source, note, as_of;
    enum confidence confidence;
    struct where where;
};

struct hardware {
    struct str id, name;
    const struct str *aliases;
    size_t alias_count;
    bool is_gpu;
    double vram_gib;
    const double *shares_gib; /* MIG sizes, ascending */
    size_t share_count;
    int slices;          /* time slices allowed; 1: none */
    struct str stand_in; /* hardware whose throughput stands for this one; empty: none */
    struct str source;
};

struct throughput {
    struct str hardware, scenario, precision, unit, source, note;
    double per_second; /* one accelerator, or one vCPU */
    int count;         /* results behind the figure */
};

struct family {
    struct str id, name;
    const struct str *aliases;
    size_t alias_count;
    const struct throughput *results;
    size_t count;
};

struct provider {
    struct str id, name;
};

struct geography {
    struct str id, name;
    const struct str *region; /* by provider index; empty: none */
    const struct str *residency; /* what answers.compliance.residency may say of data kept there */
    size_t residency_count;      /* 0: not known */
};

bool geography_keeps(const struct geography *g, struct str residency);

struct book {
    struct date edition;
    struct str folder;
    const struct provider *providers;
    size_t provider_count;
    const struct geography *geographies;
    size_t geography_count;
    const struct sku *skus; /* by id */
    size_t sku_count;
    const struct machine_set *sets;
    size_t set_count;
    const struct platform *platforms; /* by id */
    size_t platform_count;
    const struct hardware *hardware;
    size_t hardware_count;
    const struct family *families;
    size_t family_count;
};

/* Loads and checks a pricing folder. All mistakes become diagnostics. (pricing/load.c) */
bool book_load(const char *folder, struct arena *a, struct book *out, struct diags *d);

/* Questions; pure, no allocation. NULL or -1: not in the book. */
const struct sku *book_sku(const struct book *b, struct str id);
const struct platform *book_platform(const struct book *b, struct str id);
const struct hardware *book_hardware(const struct book *b, struct str name); /* id or alias */
const struct family *book_family(const struct book *b, struct str name);     /* id or alias */
int book_geography(const struct book *b, struct str id);
int book_provider(const struct book *b, struct str id);

/*
 * The price of a SKU in a region on a day: the row of the region, else of "any", in force that day.
 * *early is true where the day lies before the first row, which is then used. NULL: no price.
 */
const struct price *sku_price(const struct sku *sku, struct str region, struct date day,
                              bool *early);

/* Charges `quantity` (in the SKU's unit) through the tiers of a price as a double, for searching and
 * simulation; reports use exact lines. */
double price_cost(const struct price *p, double quantity);

const char *confidence_word(enum confidence c);
const char *class_word(enum platform_class c); /* "kubernetes" */
const char *scaling_word(enum scaling s);
const char *quantity_word(enum quantity q);
const char *limit_word(enum limit l); /* "memory_gb" */
const char *basis_of_price_word(enum price_basis b);
#endif
