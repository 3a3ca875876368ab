#ifndef WORKLOAD_RESOLVE_H
#define WORKLOAD_RESOLVE_H
/*
 * From answers to variables, inside this folder: each figure from its answer, else from the policy's
 * assumption, with its range (workload/workload.h is what others read).
 */
#include "workload/workload.h"

#include <stdbool.h>
#include <stddef.h>

struct diags;

struct resolver {
    const struct questionnaire *q;
    const struct policy *policy;
    const struct book *book;
    struct arena *a;
    struct diags *d;
    struct workload *w;
    struct variable *variables;
    size_t capacity;
    struct str *missing;
    size_t missing_capacity;
};

/* Index of the variable. */
int resolve_add_variable(struct resolver *r, struct variable v);
/* Notes a path without whose answer no cost can be computed; once each. */
void resolve_missing(struct resolver *r, struct str path);
/* "models[].size_mb" of the second model -> "models.1.size_mb". */
struct str resolve_path(struct arena *a, const char *path, size_t index);
/* Into its bounds, low <= likely <= high. */
void resolve_clamp(struct variable *v);
/* A figure from its answer times `scale`, else from the policy's assumption: its variable; -1 and *fixed where
 * it has neither. `path` empty: the table's, of entry `entry`. */
int resolve_figure(struct resolver *r, enum figure f, const struct answer *answer, size_t entry, struct str path, double scale,
                   double *fixed);
/* An assumed figure of a job, not added. */
struct variable resolve_job_default(struct resolver *r, const struct assumption *as, struct str path);
/* "service time of ranker" for a path below models.N or jobs.N where the workload has several parts; else
 * the name alone. */
struct str resolve_name(struct resolver *r, const char *name, struct str path);
/* Figures of the whole workload, the platforms and the people. */
void resolve_globals(struct resolver *r);
/* The same as in `like`, where they may have been overridden. */
void resolve_globals_of(struct resolver *r, const struct workload *like);

/* ---- parts ---- */

/* Traffic that models share: one variable for all of them, made once. */
struct common {
    int requests, peak, min_rps, cv, idle, burst, periodic, p99, p95, p50, vram, gpus;
    double fixed[FIGURE_COUNT];
    double share; /* of the total that each model without its own traffic takes */
};

void resolve_common(struct resolver *r, const struct load_curve *measured, struct common *c);
void resolve_model(struct resolver *r, size_t index, const struct common *c, struct part *p);
void resolve_job(struct resolver *r, size_t index, struct part *p);
#endif
