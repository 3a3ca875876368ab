#ifndef PRICING_WORDS_H
#define PRICING_WORDS_H
/*
 * The words of the price book's files, each table indexed by its enum and ended by NULL, so that
 * the loader (json_choice) and the printed words can never differ. Constant; no ownership.
 */
#include "pricing/book.h"

extern const char *const BOOK_CONFIDENCE_WORDS[];     /* enum confidence: "official" */
extern const char *const BOOK_BASIS_WORDS[];          /* enum price_basis: "effective" */
extern const char *const BOOK_CLASS_WORDS[];          /* enum platform_class */
extern const char *const BOOK_PLATFORM_CLASS_WORDS[]; /* its first three, which a platform may be */
extern const char *const BOOK_SCALING_WORDS[];        /* enum scaling: "per-request" */
extern const char *const BOOK_QUANTITY_WORDS[];       /* enum quantity: "busy_s" */
extern const char *const BOOK_TIMES_WORDS[];          /* enum times, from TIMES_MEMORY_GB on */
extern const char *const BOOK_WHEN_WORDS[];           /* enum meter_when: "new-cluster" */
extern const char *const BOOK_SERVES_WORDS[];         /* bit n of enum serves: "realtime" */
extern const char *const BOOK_KEPT_BY_WORDS[];        /* enum kept_by: "min-instances" */
extern const char *const BOOK_ROUTING_WORDS[];        /* enum routing: "least-recent" */
extern const char *const BOOK_RESERVE_WORDS[];        /* enum node_reserve: "eks" */
extern const char *const BOOK_LIMIT_WORDS[];          /* enum limit: "memory_gb" */
extern const char *const BOOK_PLATFORM_TENANCY_WORDS[]; /* "multi", "single": enum tenancy less 1 */
#endif
