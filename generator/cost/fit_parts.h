#ifndef COST_FIT_PARTS_H
#define COST_FIT_PARTS_H
/* What the limits of a platform (fit_platform.c) and the cut of an instance (fit.c) share; callers outside this folder
 * read cost/fit.h. */
#include "cost/fit.h"

#include "base/arena.h"

#define MIB_PER_GIB 1024.0
/* Sizes are compared with this relative slack, so that a value on a limit never exceeds it by rounding. */
#define FIT_SLACK 1e-9

/* Sentences are made only where they will be read. */
#define SAY(v, ...) ((v)->a ? str_printf((v)->a, __VA_ARGS__) : STR(""))

/* A limit that no stored page attests is exceeded, or a time is not known: a risk, never a pass and never an exclusion. */
void doubt_add(struct verdict_list *v, struct str text);

/* Whole numbers in groups of three digits, others to four. */
struct str fit_count_text(struct arena *a, double value);

/* A memory size as it was asked for: in GB where the need is whole, else in MB; `need` is the size needed, so
 * that the limit beside it stands in the same unit. */
struct str fit_memory_text(struct arena *a, double gib, double need);

/* "90 s", "230 s", "15 min", "40 h". */
struct str fit_seconds_text(struct arena *a, double s);

bool fit_scales_to_zero(const struct platform *p);
#endif
