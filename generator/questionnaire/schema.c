#include "questionnaire/questionnaire.h"

#include "base/strbuf.h"
#include "questionnaire/field.h"
#include "source/json_out.h"

#define SLUG_PATTERN "^[a-z0-9][a-z0-9-]{0,79}$"
#define ID_PATTERN "^[a-z0-9][a-z0-9.-]{0,79}$"
#define FILE_PATTERN "^[^./\\\\][^/\\\\]{0,79}$"
#define TRIPWIRE_PATTERN "^\\s*\\S+\\s+(<|<=|>|>=|==)\\s+-?[0-9][0-9.eE+-]*\\s*$"
#define DATE_PATTERN "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
#define LINE_PATTERN "\\S" /* not blank */

static void put_pair(struct json_out *j, const char *key, const char *value)
{
    json_key(j, key);
    json_puts(j, value);
}

static void put_bounds(struct json_out *j, const struct field *f)
{
    put_pair(j, "type", f->kind == FIELD_INTEGER ? "integer" : "number");
    /* A low bound next to 0 is there against slips; the message says "greater than 0". */
    json_key(j, "minimum");
    json_put_double(j, f->low);
    json_key(j, "maximum");
    json_put_double(j, f->high);
}

/* A number, or its range. */
static void put_number(struct json_out *j, const struct field *f)
{
    static const char *const ENDS[] = {"low", "likely", "high"};
    json_key(j, "oneOf");
    json_begin(j, '[');
    json_begin_inline(j, '{');
    put_bounds(j, f);
    json_end(j, '}');
    json_begin(j, '{');
    put_pair(j, "type", "object");
    json_key(j, "properties");
    json_begin(j, '{');
    for (int i = 0; i < 3; i++) {
        json_key(j, ENDS[i]);
        json_begin_inline(j, '{');
        put_bounds(j, f);
        json_end(j, '}');
    }
    json_end(j, '}');
    json_key(j, "required");
    json_begin_inline(j, '[');
    for (int i = 0; i < 3; i++)
        json_puts(j, ENDS[i]);
    json_end(j, ']');
    json_key(j, "additionalProperties");
    json_put_bool(j, false);
    json_end(j, '}');
    json_end(j, ']');
}

static void put_length(struct json_out *j, int maximum)
{
    json_key(j, "minLength");
    json_put_int(j, 1);
    json_key(j, "maxLength");
    json_put_int(j, maximum);
}

static void put_text(struct json_out *j, enum field_form form)
{
    put_pair(j, "type", "string");
    switch (form) {
    case FORM_NONE: break;
    case FORM_LINE:
        put_pair(j, "pattern", LINE_PATTERN);
        put_length(j, FIELD_LINE_MAX);
        break;
    case FORM_NAME:
        put_pair(j, "pattern", LINE_PATTERN);
        put_length(j, FIELD_NAME_MAX);
        break;
    case FORM_SLUG: put_pair(j, "pattern", SLUG_PATTERN); break;
    case FORM_ID: put_pair(j, "pattern", ID_PATTERN); break;
    case FORM_FILE: put_pair(j, "pattern", FILE_PATTERN); break;
    case FORM_TRIPWIRE: put_pair(j, "pattern", TRIPWIRE_PATTERN); break;
    }
}

static void put_words(struct json_out *j, const char *const *words)
{
    json_key(j, "enum");
    json_begin_inline(j, '[');
    for (size_t i = 0; words[i]; i++)
        json_puts(j, words[i]);
    json_end(j, ']');
}

static void put_list(struct json_out *j, const struct field *f)
{
    put_pair(j, "type", "array");
    json_key(j, "items");
    json_begin_inline(j, '{');
    if (f->words)
        put_words(j, f->words);
    else
        put_text(j, f->form);
    json_end(j, '}');
    json_key(j, "uniqueItems");
    json_put_bool(j, true);
    json_key(j, "maxItems");
    json_put_int(j, FIELD_LIST_MAX);
}

static void put_bool_or_id(struct json_out *j, const struct field *f)
{
    json_key(j, "oneOf");
    json_begin(j, '[');
    json_begin_inline(j, '{');
    put_pair(j, "type", "boolean");
    json_end(j, '}');
    json_begin_inline(j, '{');
    put_text(j, f->form);
    json_end(j, '}');
    json_end(j, ']');
}

static void put_object(struct json_out *j, const char *object);

/* The members of one property's schema. */
static void put_field(struct json_out *j, const struct field *f)
{
    switch (f->kind) {
    case FIELD_NUMBER:
    case FIELD_INTEGER: put_number(j, f); break;
    case FIELD_TEXT:
        if (str_is(str_of(f->path), "format"))
            put_pair(j, "const", QUESTIONNAIRE_FORMAT);
        else
            put_text(j, f->form);
        break;
    case FIELD_BOOL: put_pair(j, "type", "boolean"); break;
    case FIELD_CHOICE: put_words(j, f->words); break;
    case FIELD_DATE:
        put_pair(j, "type", "string");
        put_pair(j, "format", "date");
        put_pair(j, "pattern", DATE_PATTERN);
        break;
    case FIELD_LIST: put_list(j, f); break;
    case FIELD_BOOL_OR_ID: put_bool_or_id(j, f); break;
    case FIELD_OBJECT:
        if (!field_is_entry(f)) {
            put_object(j, f->path);
            break;
        }
        put_pair(j, "type", "array");
        json_key(j, "maxItems");
        json_put_int(j, FIELD_LIST_MAX);
        json_key(j, "items");
        json_begin(j, '{');
        put_object(j, f->path);
        json_end(j, '}');
        break;
    }
}

/* The members of an object's schema: one property a child row, in table order. */
static void put_object(struct json_out *j, const char *object)
{
    size_t count;
    const struct field *fields = field_table(&count);
    bool has_required = false;
    put_pair(j, "type", "object");
    json_key(j, "properties");
    json_begin(j, '{');
    for (size_t i = 0; i < count; i++) {
        struct str key = field_key(&fields[i], object);
        if (key.n == 0)
            continue;
        has_required = has_required || fields[i].is_required;
        json_key_str(j, key);
        json_begin(j, '{');
        put_pair(j, "description", fields[i].help);
        put_field(j, &fields[i]);
        json_end(j, '}');
    }
    json_end(j, '}');
    if (has_required) {
        json_key(j, "required");
        json_begin_inline(j, '[');
        for (size_t i = 0; i < count; i++)
            if (fields[i].is_required && field_key(&fields[i], object).n > 0)
                json_puts(j, fields[i].path);
        json_end(j, ']');
    }
    json_key(j, "additionalProperties");
    json_put_bool(j, false);
}

/* At least one entry under one of two keys. */
static void put_one_of_parts(struct json_out *j)
{
    static const char *const LISTS[] = {"models", "jobs"};
    json_key(j, "anyOf");
    json_begin(j, '[');
    for (int i = 0; i < 2; i++) {
        json_begin_inline(j, '{');
        json_key(j, "required");
        json_begin_inline(j, '[');
        json_puts(j, LISTS[i]);
        json_end(j, ']');
        json_key(j, "properties");
        json_begin_inline(j, '{');
        json_key(j, LISTS[i]);
        json_begin_inline(j, '{');
        json_key(j, "minItems");
        json_put_int(j, 1);
        json_end(j, '}');
        json_end(j, '}');
        json_end(j, '}');
    }
    json_end(j, ']');
}

void questionnaire_schema(struct strbuf *out)
{
    struct json_out j;
    json_out_init(&j, out);
    json_begin(&j, '{');
    put_pair(&j, "$schema", "https://json-schema.org/draft/2020-12/schema");
    put_pair(&j, "$id", "questionnaire.schema.json");
    put_pair(&j, "title", "Questionnaire of a decision report");
    put_pair(
        &j, "description",
        "What an architect answers about one workload. Comments (// and /* */) are allowed in "
        "the file itself. Every number may be a range {low, likely, high}: the 10th "
        "percentile, the likely value and the 90th percentile. What is not known is left out.");
    put_object(&j, "");
    put_one_of_parts(&j);
    json_end(&j, '}');
    strbuf_addc(out, '\n');
}
