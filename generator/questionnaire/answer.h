#ifndef QUESTIONNAIRE_ANSWER_H
#define QUESTIONNAIRE_ANSWER_H
/*
 * One answer off the parsed tree, checked against its row of the field table. A getter leaves its
 * target untouched where the key is absent or wrong; only the latter is a diagnostic.
 */
#include "questionnaire/questionnaire.h"
#include "source/json.h"

/* An object of the file that is being read: the JSON reader, and the object's path in the table. */
struct section {
    struct json_reader r;
    const char *pattern; /* "models[].traffic"; "" is the whole file */
};

/* False and a diagnostic: not an object. `name` is its path as one writes it: "models.0.traffic".
 */
bool section_open(struct section *s, const struct json *value, const char *pattern, struct str name,
                  struct arena *a, struct diags *d);
/* The object under `key`, opened; false where it is absent, too. *where is its place. */
bool section_child(struct section *s, const char *key, struct section *child, struct where *where);
/* Unknown keys become errors, with the nearest known key or the place where the key belongs. */
void section_close(struct section *s);

void answer_number(struct section *s, const char *key, struct answer *out);
void answer_text(struct section *s, const char *key, struct answer_text *out);
bool answer_string(struct section *s, const char *key, struct str *out);
void answer_bool(struct section *s, const char *key, enum tristate *out);
void answer_bool_or_id(struct section *s, const char *key, enum tristate *out, struct str *id);
void answer_date(struct section *s, const char *key, struct date *out);
bool answer_choice(struct section *s, const char *key, size_t *index);
/* Items of a list, each a text of the row's form or one of its words; an item that stands twice is
 * an error. The values given back are JSON strings that passed. */
void answer_list(struct section *s, const char *key, const struct json ***items, size_t *count);
#endif
