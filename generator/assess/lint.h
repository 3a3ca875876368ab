#ifndef ASSESS_LINT_H
#define ASSESS_LINT_H
/*
 * A proof over the answer space that the policy's rules give every combination of answers exactly one
 * outcome, and a list of rules that do nothing. The space of a fact is cut at every value that a
 * condition names: the values themselves, the gaps between them, each word, and "not known". On each
 * such cell every condition has one truth, so that looking at the cells looks at all answers.
 *
 * A conjunction can hold where each of its facts has a cell for which all its conditions hold: facts
 * are taken as independent, which admits more combinations than answers can make and never fewer. What
 * is found:
 *   error    two hard rules in opposite directions that can hold together: no single outcome
 *   error    lean_decides is 0: a sum of 0 would lean both ways
 *   warning  a rule, or one alternative of it, whose conditions exclude one another
 *   warning  a lean that never counts: wherever it holds a stronger one of its group and direction
 *            does, or an equal one that stands before it
 *   warning  two leans of one weight with the same conditions in opposite directions: they cancel
 *   note     a range between the rules of a group that all of them leave out; often meant, so that notes
 *            are made only where they are asked for
 * Outside these, the outcome is a function: leans sum to one number, which lies above lean_decides,
 * below -lean_decides, on one of them, or between; the highest tier that holds is one.
 */
#include "base/diag.h"
#include "policy/policy.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* More combinations than this in one proof of shadowing are not walked through; a warning says so. */
#define LINT_MAX_COMBINATIONS 2e7

struct lint {
    size_t rules, facts, cells; /* looked at; cells over all facts */
    double combinations;        /* of the answer space, as far as rules can tell answers apart */
    size_t findings;            /* errors and warnings */
    size_t gaps;                /* ranges that no rule of a group speaks of */
    bool is_proven;             /* every combination has exactly one outcome */
};

/* Findings stand at the rules' places in `d`. False: an error stands in it. */
bool lint_policy(const struct policy *policy, bool with_notes, struct arena *a, struct lint *out,
                 struct diags *d);
#endif
