#ifndef QUESTIONNAIRE_FIGURE_H
#define QUESTIONNAIRE_FIGURE_H
/*
 * One number of a questionnaire, by the path that --set and the report name it with: what would be
 * decided had it been answered otherwise?
 */
#include "questionnaire/questionnaire.h"

struct arena;

/* A copy whose numbers may be changed; texts, lists and the parsed tree stay those of *q. */
struct questionnaire questionnaire_copy(const struct questionnaire *q, struct arena *a);

/* The number at "models.0.memory_mb"; NULL: the questionnaire has none there. */
struct answer *questionnaire_figure(struct questionnaire *q, struct str path);

/*
 * Answers *q's number at `path` with `value`. False, and nothing is said: the file format does not allow
 * the value, or it contradicts another answer. Faults that *q has anyway count, too.
 */
bool questionnaire_answer(struct questionnaire *q, struct str path, double value, struct arena *a);
#endif
