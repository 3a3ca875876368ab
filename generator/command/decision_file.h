#ifndef COMMAND_DECISION_FILE_H
#define COMMAND_DECISION_FILE_H
/*
 * A questionnaire that a command changes in place: one member at a time, with every other byte as
 * its author left it, and never written unless the result reads without errors.
 */
#include "command/project.h"
#include "questionnaire/questionnaire.h"

struct decision_file {
    struct workload_source source;
    struct str text;        /* as it is, or will be */
    struct questionnaire q; /* of that text */
    bool is_changed;
};

/* SLUG below content/workloads/, or a path. False: it is not there, or has errors; they are said. */
bool decision_file_open(struct project *p, const char *argument, struct decision_file *out);

/* Sets "status" or another text at the top of the file, in memory. False: that made an error. */
bool decision_file_set(struct project *p, struct decision_file *f, const char *key,
                       struct str value);

/* Writes it, where it was changed. */
bool decision_file_save(struct project *p, const struct decision_file *f);

/*
 * Makes `young` supersede `old`, on both sides, in memory. False: they would supersede each other, or
 * one of them stands in such a relation with a third.
 */
bool decision_file_supersede(struct project *p, struct decision_file *old,
                             struct decision_file *young);

/* The decision of the project that supersedes `slug`; empty: none. Files with errors are passed by. */
struct str decision_successor(struct project *p, struct str slug);
#endif
