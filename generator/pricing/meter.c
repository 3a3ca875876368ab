#include "pricing/meter.h"

#include "base/strbuf.h"

/* The unit that a quantity comes in, without `times`. */
enum measure {
    MEASURE_SECONDS,
    MEASURE_HOURS,
    MEASURE_MONTHS,
    MEASURE_BYTES,
    MEASURE_USD,
    MEASURE_COUNT /* requests, transitions: units of many names */
};

#define ALL 0x3fu
#define ONLY(scaling) (1u << (scaling))

struct quantity_row {
    enum measure measure;
    unsigned scalings; /* bits: which scalings have it */
};

static const struct quantity_row QUANTITIES[] = {
    [QUANTITY_REQUESTS] = {MEASURE_COUNT, ALL},
    [QUANTITY_COLD_STARTS] = {MEASURE_COUNT, ALL},
    [QUANTITY_BUSY_S] = {MEASURE_SECONDS, ALL},
    [QUANTITY_WARM_IDLE_S] = {MEASURE_SECONDS, ALL},
    [QUANTITY_ALIVE_S] = {MEASURE_SECONDS, ALL},
    [QUANTITY_PROVISIONED_S] = {MEASURE_SECONDS, ONLY(SCALING_PROVISIONED)},
    [QUANTITY_PROVISIONED_BUSY_S] = {MEASURE_SECONDS, ONLY(SCALING_PROVISIONED)},
    [QUANTITY_OVERFLOW_BUSY_S] = {MEASURE_SECONDS, ONLY(SCALING_PROVISIONED)},
    [QUANTITY_MACHINE] = {MEASURE_COUNT, ALL}, /* in the unit of the machine's own SKU */
    [QUANTITY_MACHINE_ON_DEMAND_USD] = {MEASURE_USD, ALL},
    [QUANTITY_REPLICA_H] = {MEASURE_HOURS, ALL & ~ONLY(SCALING_PER_REQUEST)},
    [QUANTITY_NODE_H] = {MEASURE_HOURS, ONLY(SCALING_CLUSTER)},
    [QUANTITY_POD_H] = {MEASURE_HOURS, ONLY(SCALING_PODS)},
    [QUANTITY_HOURS] = {MEASURE_HOURS, ALL},
    [QUANTITY_MONTH] = {MEASURE_MONTHS, ALL},
    [QUANTITY_EGRESS_GB] = {MEASURE_BYTES, ALL},
    [QUANTITY_INGRESS_GB] = {MEASURE_BYTES, ALL},
    [QUANTITY_PAYLOAD_GB] = {MEASURE_BYTES, ALL},
    [QUANTITY_CROSS_ZONE_GB] = {MEASURE_BYTES, ALL},
    [QUANTITY_LOG_GB] = {MEASURE_BYTES, ALL},
    [QUANTITY_METRICS] = {MEASURE_MONTHS, ALL},
    [QUANTITY_IMAGE_GB_MONTH] = {MEASURE_MONTHS, ALL},
    [QUANTITY_DISK_GB_MONTH] = {MEASURE_MONTHS, ALL},
    [QUANTITY_BALANCER_UNIT_H] = {MEASURE_HOURS, ALL},
    [QUANTITY_TRANSITIONS] = {MEASURE_COUNT, ALL},
};

_Static_assert(sizeof QUANTITIES / sizeof *QUANTITIES == QUANTITY_COUNT, "a row a quantity");

/* What a unit's name begins with after `times`; NULL: whatever the thing is. */
static const char *const PREFIXES[TIMES_COUNT] = {
    [TIMES_ONE] = NULL,
    [TIMES_MEMORY_GB] = "GB-",
    [TIMES_MEMORY_GIB] = "GiB-",
    [TIMES_VCPU] = "vCPU-",
    [TIMES_PHYSICAL_CORES] = "physical-core-",
    [TIMES_GPUS] = "GPU-",
};

static bool ends(const struct unit *unit, const char *end)
{
    return str_ends(str_of(unit->name), str_of(end));
}

/* GB and GiB name one size of memory to the vendors (2^30 bytes), whichever word they print. */
static bool begins(const struct unit *unit, enum times times)
{
    struct str name = str_of(unit->name);
    if (times == TIMES_MEMORY_GB || times == TIMES_MEMORY_GIB)
        return str_starts(name, str_of(PREFIXES[TIMES_MEMORY_GB])) ||
               str_starts(name, str_of(PREFIXES[TIMES_MEMORY_GIB]));
    if (PREFIXES[times])
        return str_starts(name, str_of(PREFIXES[times]));
    for (int t = TIMES_MEMORY_GB; t < TIMES_COUNT; t++)
        if (str_starts(name, str_of(PREFIXES[t])))
            return false;
    return true;
}

bool meter_fits_unit(enum quantity quantity, enum times times, const struct unit *unit)
{
    switch (QUANTITIES[quantity].measure) {
    case MEASURE_SECONDS: return ends(unit, "second") && begins(unit, times);
    case MEASURE_HOURS: return ends(unit, "hour") && begins(unit, times);
    case MEASURE_MONTHS: return ends(unit, "month");
    case MEASURE_BYTES:
        return str_is(str_of(unit->name), "GB") || str_is(str_of(unit->name), "GiB");
    case MEASURE_USD: return str_is(str_of(unit->name), "USD");
    case MEASURE_COUNT: break;
    }
    return true;
}

void meter_add_counted(struct strbuf *sb, enum quantity quantity, enum times times)
{
    static const char *const WORDS[] = {
        [MEASURE_SECONDS] = "seconds", [MEASURE_HOURS] = "hours", [MEASURE_MONTHS] = "months",
        [MEASURE_BYTES] = "GB",        [MEASURE_USD] = "USD",     [MEASURE_COUNT] = "things",
    };
    enum measure measure = QUANTITIES[quantity].measure;
    if (PREFIXES[times] && (measure == MEASURE_SECONDS || measure == MEASURE_HOURS))
        strbuf_adds(sb, PREFIXES[times]);
    strbuf_adds(sb, WORDS[measure]);
}

bool meter_has_quantity(enum scaling scaling, enum quantity quantity)
{
    return (QUANTITIES[quantity].scalings & ONLY(scaling)) != 0;
}
