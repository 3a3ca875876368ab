#ifndef BASE_HASH_H
#define BASE_HASH_H
/* SHA-256 (FIPS 180-4), for the identity of inputs; own code because no listed library has it. */
#include "base/str.h"

#include <stdint.h>

struct arena;

struct sha256 {
    uint32_t state[8];
    uint64_t length;
    unsigned char block[64];
};

void sha256_init(struct sha256 *h);
void sha256_add(struct sha256 *h, struct str bytes);
/* Adds the length as 8 bytes, then the bytes: fields cannot run into one another. */
void sha256_add_field(struct sha256 *h, struct str bytes);
void sha256_final(struct sha256 *h, unsigned char digest[32]);
struct str sha256_hex(struct arena *a, const unsigned char digest[32]);
#endif
