#ifndef COST_MEMO_H
#define COST_MEMO_H
/*
 * A memory of one pure function: answers by the figures that were asked with. Searches ask the same
 * questions for many options and many points, of which only one figure has moved. With or without it the
 * answers are the same: figures are compared bit by bit. The places are limited; a later question takes
 * the place of an earlier one. Belongs to one thread and lives in its arena.
 */
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct memo;

#define MEMO_FIGURES 24 /* in a question, at most */

/* `places` must be a power of two, at least two; memory is taken as places fill. */
struct memo *memo_new(struct arena *a, size_t places, size_t answer_bytes);

/* The place of the answer, aligned for doubles; *known: it holds the answer, else the caller fills it. Valid
 * until the next call. */
void *memo_at(struct memo *m, const double *question, size_t figures, bool *known);

/* Many figures as one, for a question: a hash of 64 bits in the shape of a double, never to be read as a
 * number. Start with 0. */
uint64_t memo_mark(uint64_t mark, const double *figures, size_t count);
double memo_figure(uint64_t mark);
/* A text by its bytes, and anything that lives as long as the memory by its address. */
double memo_text(struct str text);
double memo_address(const void *p);
#endif
