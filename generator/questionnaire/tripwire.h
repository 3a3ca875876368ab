#ifndef QUESTIONNAIRE_TRIPWIRE_H
#define QUESTIONNAIRE_TRIPWIRE_H
/*
 * Trip-wires: "PATH OP NUMBER". PATH leads into the questionnaire
 * ("answers.traffic.requests_per_day", "models.0.memory_mb"; must be a number there) or into the
 * report ("recommendation.margin").
 */
#include "questionnaire/questionnaire.h"

struct arena;

/* `name` is the item's own path, for messages: "revisit_if.0". text must outlive *out. */
bool tripwire_parse(struct str text, struct where where, struct str name, struct arena *a,
                    struct tripwire *out, struct diags *d);
#endif
