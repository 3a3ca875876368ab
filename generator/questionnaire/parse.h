#ifndef QUESTIONNAIRE_PARSE_H
#define QUESTIONNAIRE_PARSE_H
/* The half of questionnaire_parse after the JSON: for set.c, whose trees mix two sources. */
#include "questionnaire/questionnaire.h"

bool questionnaire_read(const struct json *tree, struct str slug, struct arena *a,
                        struct questionnaire *out, struct diags *d);
#endif
