#ifndef PRICING_WORDS_H
#define PRICING_WORDS_H
/*
 * The words of the price book's files, each table indexed by its enum and ended by NULL, so that
 * the loader (json_choice) and the printed words can never differ. Constant; no ownership.
 */
#include "pricing/book.h"

extern const char *const CONFIDENCE_WORDS[];    /* enum confidence: "official" */
extern const char *const BASIS_WORDS[];         /* enum price_basis: "effective" */
extern const char *const CLASS_WORDS[];         /* enum platform_class; a platform is one of the first three */
extern const char *const PLATFORM_CLASS_WORDS[]; /* those three alone */
extern const char *const SCALING_WORDS[];       /* enum scaling: "per-request" */
extern const char *const QUANTITY_WORDS[];      /* enum quantity: "busy_s" */
extern const char *const TIMES_WORDS[];         /* enum times, from TIMES_MEMORY_GB on */
extern const char *const WHEN_WORDS[];          /* enum meter_when: "new-cluster" */
extern const char *const SERVES_WORDS[];        /* bit n of enum serves: "realtime" */
extern const char *const KEPT_BY_WORDS[];       /* enum kept_by: "min-instances" */
extern const char *const ROUTING_WORDS[];       /* enum routing: "least-recent" */
extern const char *const RESERVE_WORDS[];       /* enum node_reserve: "eks" */
extern const char *const LIMIT_WORDS[];         /* enum limit: "memory_gb" */
extern const char *const PLATFORM_TENANCY_WORDS[]; /* "multi", "single": enum tenancy less 1 */
#endif
