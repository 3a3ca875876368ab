#ifndef COMMAND_PRICE_KEYS_H
#define COMMAND_PRICE_KEYS_H
/*
 * One hash for all prices that a decision may hang on: whatever is sold in its geography by the
 * providers that it allows, on any day, and the day of the last price update that touched one of these.
 * More than the engine asks for, never less, so that a price that is not in it cannot move the report.
 */
#include "command/inputs.h"
#include "report/changes.h"

struct price_keys {
    const struct book *book;
    const struct edition *edition; /* the last price update; NULL: none */
    struct arena *a;
    bool *needs;                /* [provider a][provider b]: a platform of a is charged SKUs of b */
    struct input_hash **hashes; /* by geography, then provider; NULL: not asked for yet */
};

void price_keys_init(struct price_keys *k, const struct book *book, const struct edition *edition,
                     struct arena *a);
/* Main thread only. `all`: every provider, whatever `providers` says. */
void price_keys_find(struct price_keys *k, struct str geography, bool all,
                     const struct str *providers, size_t count, struct input_hash *out);
#endif
