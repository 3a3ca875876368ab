#ifndef POLICY_PARAMETER_H
#define POLICY_PARAMETER_H
/* The table of parameters: what each is called, its unit and what it may be. README.md of
 * content/policy/ prints the same table for authors. */
#include "policy/policy.h"

struct parameter_row {
    const char *name, *unit;
    double low, high; /* allowed, inclusive */
    bool is_whole;
    bool is_fixed; /* a single figure: a range of it would mean nothing */
};

const struct parameter_row *parameter_row(enum parameter_id id);
#endif
