#ifndef COMMAND_WORKERS_H
#define COMMAND_WORKERS_H
/*
 * Threads that take numbered pieces of work off an atomic counter. Each has an arena that is
 * cleared before every piece, and one that lives until the pool is closed, for results. Which
 * thread does which piece is not determined, so a piece must depend on nothing but its number.
 */
#include <stdbool.h>
#include <stddef.h>

struct arena;

struct worker {
    struct arena *scratch; /* of this piece */
    struct arena *keep;    /* of the pool */
};

typedef void work_fn(void *context, size_t index, const struct worker *worker);

struct workers;

int workers_default(void); /* processors on line, at least 1 */
struct workers *workers_open(int count);
/* Runs all pieces and waits. `label` names them on a terminal, where work takes longer than a
 * second ("reports"); NULL: silent. */
void workers_run(struct workers *w, size_t pieces, work_fn *work, void *context, const char *label);
void workers_close(struct workers *w); /* frees the arenas */
#endif
