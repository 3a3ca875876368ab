#ifndef QUESTIONNAIRE_FIELD_H
#define QUESTIONNAIRE_FIELD_H
/* Inner questions to the field table, for the parser and the schema. */
#include "questionnaire/questionnaire.h"

/* The row of `key` inside an object, which is given by its own table path ("" is the whole file,
 * "models[].traffic" ...); NULL: the object has no such key. */
const struct field *field_child(const char *object, struct str key);

/* The key of a row that is a direct child of `object`, without "[]"; empty: it is no such child. */
struct str field_key(const struct field *field, const char *object);
bool field_is_entry(const struct field *field); /* path ends in "[]" */
#endif
