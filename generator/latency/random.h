#ifndef LATENCY_RANDOM_H
#define LATENCY_RANDOM_H
/*
 * Reproducible draws. The generator is counter-based: number i of a stream is a hash of (key, i),
 * so that any draw can be had without the ones before it, streams do not depend on how much the
 * others have used, and every platform under comparison sees the same draws. The hash is the
 * finaliser of SplitMix64 (G. Steele, D. Lea, C. Flood, OOPSLA 2014) over key + i x golden ratio;
 * integers only, the same on every machine. (Draws through exp and log are the same on one
 * architecture.) A struct random belongs to one thread.
 */
#include "latency/law.h"

#include <stddef.h>
#include <stdint.h>

struct random {
    uint64_t key, counter;
};

/* Streams with different (seed, stream) are independent for all practical purposes. */
struct random random_stream(uint64_t seed, uint64_t stream);
/* First eight bytes of a digest, big-endian: a seed from the hash of a report's inputs. */
uint64_t random_seed(const unsigned char digest[8]);

uint64_t random_bits(struct random *r);
double random_uniform(struct random *r);                   /* 0 < u < 1, 53 bits */
double random_uniform_at(struct random r, uint64_t index); /* number `index` of the stream */
double random_normal(struct random *r);                    /* by inversion: one uniform each */
double random_exponential(struct random *r, double mean);
double random_law(struct random *r, const struct law *law);
double random_gamma(struct random *r, double shape); /* scale 1; Marsaglia and Tsang 2000 */
/* Poisson by inversion below 12, by Hoermann's transformed rejection (PTRS, 1993) above. */
double random_poisson(struct random *r, double mean);
/* 1, 2, 3 ... with this mean >= 1 */
uint64_t random_geometric(struct random *r, double mean);

/*
 * Latin hypercube: `points` rows of `dimensions` numbers in (0, 1); in every column each of the
 * intervals [k/points, (k+1)/points) holds exactly one number, at a random place. Column j depends
 * on the seed and j alone: adding an input leaves the draws of the others as they were.
 * out[point * dimensions + j]. Source: McKay, Beckman, Conover, Technometrics 21 (1979).
 */
void latin_hypercube(uint64_t seed, size_t points, size_t dimensions, double *out);
#endif
