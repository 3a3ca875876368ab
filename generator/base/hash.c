#include "base/hash.h"

#include "base/arena.h"

#include <string.h>

/* FIPS 180-4, 4.2.2: the first 32 bits of the fractions of the cube roots of the first 64 primes. */
static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

void sha256_init(struct sha256 *h)
{
    *h = (struct sha256){.state = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f,
                                   0x9b05688c, 0x1f83d9ab, 0x5be0cd19}};
}

static uint32_t rotate(uint32_t x, int n)
{
    return x >> n | x << (32 - n);
}

static void compress(uint32_t state[8], const unsigned char *p)
{
    uint32_t w[64];
    for (size_t i = 0; i < 16; i++)
        w[i] = (uint32_t)p[4 * i] << 24 | (uint32_t)p[4 * i + 1] << 16 |
               (uint32_t)p[4 * i + 2] << 8 | (uint32_t)p[4 * i + 3];
    for (size_t i = 16; i < 64; i++) {
        uint32_t s0 = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ w[i - 15] >> 3;
        uint32_t s1 = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ w[i - 2] >> 10;
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    // a to h of the standard; as variables of their own they stay in registers
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    for (size_t i = 0; i < 64; i++) {
        uint32_t s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
        uint32_t choice = (e & f) ^ (~e & g);
        uint32_t t1 = h + s1 + choice + K[i] + w[i];
        uint32_t s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
        uint32_t majority = (a & b) ^ (a & c) ^ (b & c);
        h = g;
        g = f;
        f = e;
        e = d + t1;
        d = c;
        c = b;
        b = a;
        a = t1 + s0 + majority;
    }
    const uint32_t v[8] = {a, b, c, d, e, f, g, h};
    for (size_t i = 0; i < 8; i++)
        state[i] += v[i];
}

void sha256_add(struct sha256 *h, struct str bytes)
{
    size_t used = (size_t)(h->length % 64);
    h->length += bytes.n;
    if (used > 0) {
        size_t n = bytes.n < 64 - used ? bytes.n : 64 - used;
        if (n > 0)
            memcpy(h->block + used, bytes.s, n);
        bytes = str_slice(bytes, n, bytes.n);
        if (used + n < 64)
            return;
        compress(h->state, h->block);
    }
    while (bytes.n >= 64) {
        compress(h->state, (const unsigned char *)bytes.s);
        bytes = str_slice(bytes, 64, bytes.n);
    }
    if (bytes.n > 0)
        memcpy(h->block, bytes.s, bytes.n);
}

static void big_endian(uint64_t value, unsigned char to[8])
{
    for (int i = 7; i >= 0; i--) {
        to[i] = (unsigned char)(value & 0xFF);
        value >>= 8;
    }
}

void sha256_add_field(struct sha256 *h, struct str bytes)
{
    unsigned char length[8];
    big_endian(bytes.n, length);
    sha256_add(h, (struct str){(const char *)length, sizeof length});
    sha256_add(h, bytes);
}

void sha256_final(struct sha256 *h, unsigned char digest[32])
{
    static const char PADDING[64] = {(char)0x80};
    unsigned char bits[8];
    big_endian(h->length * 8, bits);
    size_t used = (size_t)(h->length % 64);
    sha256_add(h, (struct str){PADDING, used < 56 ? 56 - used : 120 - used});
    sha256_add(h, (struct str){(const char *)bits, sizeof bits});
    for (size_t i = 0; i < 32; i++)
        digest[i] = (unsigned char)(h->state[i / 4] >> (24 - 8 * (i % 4)) & 0xFF);
}

struct str sha256_hex(struct arena *a, const unsigned char digest[32])
{
    static const char HEX[] = "0123456789abcdef";
    char *text = arena_new(a, char, 65);
    for (size_t i = 0; i < 32; i++) {
        text[2 * i] = HEX[digest[i] >> 4];
        text[2 * i + 1] = HEX[digest[i] & 15];
    }
    return (struct str){text, 64};
}
