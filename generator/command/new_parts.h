#ifndef COMMAND_NEW_PARTS_H
#define COMMAND_NEW_PARTS_H
/* Private to command/new*.c. */
#include "command/project.h"

struct json;
struct strbuf;

/* A questionnaire that is being made: a plain text and assignments to it. */
struct draft {
    struct project *p;
    struct workload_source source;
    struct str base; /* JSON without comments; read whole before any assignment */
    bool can_decide; /* book and policy are loaded */
};

/* The questionnaire that nothing was answered in yet. */
struct str draft_blank(struct str slug, bool has_model, bool has_job, struct arena *a);

/*
 * The text with all assignments, checked as a whole: where there is a price book, also the names of
 * providers, geographies, hardware and platforms. False: what is wrong stands in `d`.
 */
bool draft_text(const struct draft *draft, const struct str *set, size_t count, struct arena *a,
                struct str *out, struct diags *d);

/* Asks on the terminal. Fills *set (in the project's arena). False: the user gave up. */
bool new_ask(struct draft *draft, struct str **set, size_t *count);

/* Where the decision stands with this text: one line, or nothing where it cannot be computed. */
void draft_verdict(const struct draft *draft, struct str text, struct strbuf *out);

/* The questionnaire as a file for people: every member with its help above it, what is not answered
 * as a comment. Reads as the same questionnaire. */
void new_write(const struct json *root, struct str slug, struct arena *a, struct strbuf *out);
#endif
