#include "questionnaire/answer.h"

#include "base/arena.h"
#include "base/strbuf.h"
#include "questionnaire/field.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define NEXT_TO_NOTHING 1e-9 /* smaller figures are mistakes, and quotients of them overflow */

/* ---- sections ---------------------------------------------------------------------------------
 */

bool section_open(struct section *s, const struct json *value, const char *pattern, struct str name,
                  struct arena *a, struct diags *d)
{
    s->pattern = pattern;
    return json_reader_open(&s->r, value, name, a, d);
}

static struct str key_name(const struct section *s, struct str key)
{
    if (s->r.name.n == 0)
        return key;
    return str_printf(s->r.a, "%.*s.%.*s", STR_ARG(s->r.name), STR_ARG(key));
}

bool section_child(struct section *s, const char *key, struct section *child, struct where *where)
{
    const struct field *field = field_child(s->pattern, str_of(key));
    const struct json *value = json_member(&s->r, key);
    assert(field && field->kind == FIELD_OBJECT);
    if (!value)
        return false;
    if (where)
        *where = json_where(value);
    return section_open(child, value, field->path, key_name(s, str_of(key)), s->r.a, s->r.d);
}

/* Does `path` end in ".key", or is it the key? */
static bool ends_in_key(const char *path, struct str key)
{
    struct str all = str_of(path);
    return str_ends(all, key) && (all.n == key.n || all.s[all.n - key.n - 1] == '.');
}

/* What to write instead of an unknown key: a key that is known here, or the place it belongs to. */
static struct str advice(const struct section *s, struct str key)
{
    struct arena *a = s->r.a;
    struct str pattern = str_of(s->pattern), near;
    const struct field *elsewhere = NULL;
    size_t count;
    const struct field *fields = field_table(&count);
    for (size_t i = 0; i < count; i++) {
        if (!ends_in_key(fields[i].path, key))
            continue;
        if (!elsewhere)
            elsewhere = &fields[i];
        if (pattern.n > 0 && str_starts(str_of(fields[i].path), pattern)) {
            elsewhere = &fields[i];
            break;
        }
    }
    if (elsewhere)
        return str_printf(a, "it belongs at %s", elsewhere->path);
    near = str_nearest(key, s->r.known, s->r.known_count);
    /* A forgotten unit: "p99" for "p99_ms". */
    for (size_t i = 0; i < s->r.known_count && !near.s; i++) {
        struct str known = s->r.known[i];
        if (key.n > 1 && known.n > key.n && str_starts(known, key) && known.s[key.n] == '_')
            near = known;
    }
    if (near.s)
        return str_printf(a, "did you mean \"%.*s\"?", STR_ARG(near));
    struct strbuf list = STRBUF_INIT;
    strbuf_adds(&list, "known keys: ");
    for (size_t i = 0; i < s->r.known_count; i++)
        strbuf_addf(&list, "%s%.*s", i > 0 ? ", " : "", STR_ARG(s->r.known[i]));
    struct str copy = strbuf_copy(&list, a);
    strbuf_release(&list);
    return copy;
}

void section_close(struct section *s)
{
    for (const struct json *m = s->r.object->child; m; m = m->next) {
        bool is_known = false;
        for (size_t i = 0; i < s->r.known_count && !is_known; i++)
            is_known = str_equal(s->r.known[i], m->key);
        if (is_known)
            continue;
        const char *hint = str_cstring(s->r.a, advice(s, m->key));
        if (s->r.name.n > 0)
            diag_error(s->r.d, json_key_where(m), hint, "unknown key \"%.*s\" in %.*s", STR_ARG(m->key),
                       STR_ARG(s->r.name));
        else
            diag_error(s->r.d, json_key_where(m), hint, "unknown key \"%.*s\"", STR_ARG(m->key));
    }
}

/* The row and the value of a key; NULL value: absent, or an error of a key that is required. */
static const struct field *look_up(struct section *s, const char *key, const struct json **value)
{
    const struct field *field = field_child(s->pattern, str_of(key));
    assert(field);
    *value = field->is_required ? json_required(&s->r, key) : json_member(&s->r, key);
    return field;
}

static void wrong_kind(const struct section *s, const struct json *value, const char *key,
                       const char *expected)
{
    const char *hint = NULL;
    if (value->kind == JSON_NULL)
        hint = "leave the key out where the answer is not known";
    diag_error(s->r.d, json_where(value), hint, "%.*s must be %s, got %s",
               STR_ARG(key_name(s, str_of(key))), expected, json_kind_name(value->kind));
}

/* ---- numbers ----------------------------------------------------------------------------------
 */

/* What is allowed, in words; empty: the number is. */
static struct str fault_of_number(const struct field *field, double value, struct arena *a)
{
    struct strbuf sb = STRBUF_INIT;
    if (value <= 0 && field->low > 0)
        strbuf_adds(&sb, field->low >= 1 ? "at least 1" : "greater than 0");
    else if (!(value >= field->low && value <= field->high)) {
        bool is_low = value < field->low;
        if (field->low > 0) {
            strbuf_adds(&sb, is_low ? "at least " : "at most ");
            strbuf_add_double(&sb, is_low ? field->low : field->high, 15);
        } else {
            strbuf_adds(&sb, "between ");
            strbuf_add_double(&sb, field->low, 15);
            strbuf_adds(&sb, " and ");
            strbuf_add_double(&sb, field->high, 15);
        }
    } else if (field->kind == FIELD_INTEGER && floor(value) < value)
        strbuf_adds(&sb, "a whole number");
    else if (fabs(value) > 0 && fabs(value) < NEXT_TO_NOTHING)
        strbuf_adds(&sb, "0, or not so near it");
    struct str copy = strbuf_copy(&sb, a);
    strbuf_release(&sb);
    return copy;
}

static bool number_in_range(const struct section *s, const struct field *field,
                            const struct json *value, struct str name)
{
    struct str fault = fault_of_number(field, value->number, s->r.a);
    const char *hint = NULL;
    if (fault.n == 0)
        return true;
    if (field->unit && strcmp(field->unit, "share") == 0 && value->number > 1)
        hint = "a share of 1: write 0.999 for 99.9 %";
    else if (field->unit && fault.s[0] != '0')
        hint = str_cstring(s->r.a, str_printf(s->r.a, "the unit is %s", field->unit));
    diag_error(s->r.d, json_where(value), hint, "%.*s must be %.*s, got %.*s", STR_ARG(name),
               STR_ARG(fault), STR_ARG(value->string));
    return false;
}

/* One end of a range. */
static bool range_member(struct json_reader *r, const struct section *s, const struct field *field,
                         const char *key, double *out)
{
    const struct json *value = json_required(r, key);
    if (!value)
        return false;
    struct str name = str_printf(s->r.a, "%.*s.%s", STR_ARG(r->name), key);
    if (value->kind != JSON_NUMBER) {
        diag_error(s->r.d, json_where(value), NULL, "%.*s must be a number, got %s", STR_ARG(name),
                   json_kind_name(value->kind));
        return false;
    }
    *out = value->number;
    return number_in_range(s, field, value, name);
}

static bool range_read(const struct section *s, const struct field *field, const struct json *value,
                       struct str name, struct answer *out)
{
    struct json_reader r;
    json_reader_open(&r, value, name, s->r.a, s->r.d);
    bool is_low = range_member(&r, s, field, "low", &out->low);
    bool is_likely = range_member(&r, s, field, "likely", &out->likely);
    bool is_high = range_member(&r, s, field, "high", &out->high);
    size_t before = diags_errors(s->r.d);
    json_reader_close(&r);
    if (!is_low || !is_likely || !is_high || diags_errors(s->r.d) > before)
        return false;
    if (out->low <= out->likely && out->likely <= out->high)
        return true;
    diag_error(s->r.d, json_where(value),
               "low is exceeded nine times in ten, high one time in ten, likely lies between them",
               "%.*s must have low <= likely <= high", STR_ARG(name));
    return false;
}

void answer_number(struct section *s, const char *key, struct answer *out)
{
    const struct json *value;
    const struct field *field = look_up(s, key, &value);
    struct answer answer = {0};
    assert(field->kind == FIELD_NUMBER || field->kind == FIELD_INTEGER);
    if (!value)
        return;
    struct str name = key_name(s, str_of(key));
    answer.where = json_where(value);
    answer.given = true;
    if (value->kind == JSON_NUMBER) {
        answer.low = answer.likely = answer.high = value->number;
        if (number_in_range(s, field, value, name))
            *out = answer;
    } else if (value->kind == JSON_OBJECT) {
        answer.is_range = true;
        if (range_read(s, field, value, name, &answer))
            *out = answer;
    } else {
        wrong_kind(s, value, key, "a number or a range {low, likely, high}");
    }
}

/* ---- texts ------------------------------------------------------------------------------------
 */

/* The character at p[*at], stepping over it; the text is valid UTF-8. */
static unsigned next_character(struct str text, size_t *at)
{
    unsigned char c = (unsigned char)text.s[(*at)++];
    unsigned value = c < 0x80 ? c : c < 0xE0 ? c & 0x1Fu : c < 0xF0 ? c & 0x0Fu : c & 0x07u;
    if (c < 0x80)
        return value;
    while (*at < text.n && ((unsigned char)text.s[*at] & 0xC0) == 0x80)
        value = value << 6 | ((unsigned char)text.s[(*at)++] & 0x3Fu);
    return value;
}

/* Characters that HTML and XML forbid: controls and noncharacters. They cannot be escaped there. */
static bool is_unprintable(unsigned c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || (c >= 0xFDD0 && c <= 0xFDEF) ||
           (c & 0xFFFE) == 0xFFFE;
}

static bool is_id_character(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
}

static struct str fault_of_line(struct str text, size_t maximum, struct arena *a)
{
    size_t count = 0;
    if (str_trim(text).n == 0)
        return STR("must not be empty");
    for (size_t at = 0; at < text.n; count++) {
        unsigned c = next_character(text, &at);
        if (c == '\n' || c == '\r')
            return STR("must be one line");
        if (is_unprintable(c))
            return str_printf(a, "must not contain the control character U+%04X", c);
    }
    if (count > maximum)
        return str_printf(a, "must have at most %zu characters, got %zu", maximum, count);
    return (struct str){NULL, 0};
}

static bool is_id(struct str text)
{
    if (text.n == 0 || text.n > FIELD_NAME_MAX || text.s[0] == '-' || text.s[0] == '.')
        return false;
    for (size_t i = 0; i < text.n; i++)
        if (!is_id_character(text.s[i]))
            return false;
    return true;
}

/* What is wrong with a text of this form, as the end of "NAME ..."; empty: nothing. */
static struct str fault_of_text(enum field_form form, struct str text, struct arena *a)
{
    struct str none = {NULL, 0};
    switch (form) {
    case FORM_NONE:
    case FORM_LINE:
    case FORM_TRIPWIRE: return fault_of_line(text, FIELD_LINE_MAX, a);
    case FORM_NAME: return fault_of_line(text, FIELD_NAME_MAX, a);
    case FORM_SLUG:
        if (slug_valid(text))
            return none;
        return STR("must be a slug: up to 80 of a-z, 0-9 and -, and not a folder of the site");
    case FORM_ID:
        return is_id(text) ? none
                           : STR("must be an id: up to 80 of a-z, 0-9, - and ., in lower case");
    case FORM_FILE:
        if (str_find(text, STR("/")) < text.n || str_find(text, STR("\\")) < text.n ||
            (text.n > 0 && text.s[0] == '.'))
            return STR("must be the plain name of a file beside the questionnaire");
        return fault_of_line(text, FIELD_NAME_MAX, a);
    }
    return none;
}

static bool check_text(const struct section *s, const struct field *field, const struct json *value,
                       struct str name)
{
    struct str fault = fault_of_text(field->form, value->string, s->r.a);
    const char *hint = NULL;
    if (fault.n == 0)
        return true;
    struct str lower = str_lower(s->r.a, value->string);
    if ((field->form == FORM_ID && is_id(lower)) || (field->form == FORM_SLUG && slug_valid(lower)))
        hint = str_cstring(s->r.a, str_printf(s->r.a, "write \"%.*s\"", STR_ARG(lower)));
    diag_error(s->r.d, json_where(value), hint, "%.*s %.*s", STR_ARG(name), STR_ARG(fault));
    return false;
}

/* The string under a key if it is one and of the row's form. */
static const struct json *text_value(struct section *s, const char *key)
{
    const struct json *value;
    const struct field *field = look_up(s, key, &value);
    assert(field->kind == FIELD_TEXT);
    if (!value)
        return NULL;
    if (value->kind != JSON_STRING) {
        wrong_kind(s, value, key, "a string");
        return NULL;
    }
    return check_text(s, field, value, key_name(s, str_of(key))) ? value : NULL;
}

void answer_text(struct section *s, const char *key, struct answer_text *out)
{
    const struct json *value = text_value(s, key);
    if (value)
        *out = (struct answer_text){.text = value->string, .given = true, .where = json_where(value)};
}

bool answer_string(struct section *s, const char *key, struct str *out)
{
    const struct json *value = text_value(s, key);
    if (value)
        *out = value->string;
    return value != NULL;
}

/* ---- the others -------------------------------------------------------------------------------
 */

void answer_bool(struct section *s, const char *key, enum tristate *out)
{
    const struct json *value;
    const struct field *field = look_up(s, key, &value);
    assert(field->kind == FIELD_BOOL);
    if (!value)
        return;
    if (value->kind == JSON_BOOL)
        *out = value->boolean ? TRI_YES : TRI_NO;
    else
        wrong_kind(s, value, key, "true or false");
}

void answer_bool_or_id(struct section *s, const char *key, enum tristate *out, struct str *id)
{
    const struct json *value;
    const struct field *field = look_up(s, key, &value);
    assert(field->kind == FIELD_BOOL_OR_ID);
    if (!value)
        return;
    if (value->kind == JSON_BOOL) {
        *out = value->boolean ? TRI_YES : TRI_NO;
    } else if (value->kind != JSON_STRING) {
        wrong_kind(s, value, key, "true, false or an id");
    } else if (str_is(value->string, "true") || str_is(value->string, "false") ||
               str_is(value->string, "yes") || str_is(value->string, "no")) {
        diag_error(s->r.d, json_where(value), "write true or false, without quotes",
                   "%.*s must be true, false or an id, got \"%.*s\"",
                   STR_ARG(key_name(s, str_of(key))), STR_ARG(value->string));
    } else if (check_text(s, field, value, key_name(s, str_of(key)))) {
        *out = TRI_YES;
        *id = value->string;
    }
}

void answer_date(struct section *s, const char *key, struct date *out)
{
    const struct json *value;
    const struct field *field = look_up(s, key, &value);
    assert(field->kind == FIELD_DATE);
    if (!value)
        return;
    if (value->kind != JSON_STRING)
        wrong_kind(s, value, key, "a date \"YYYY-MM-DD\"");
    else if (!date_parse(value->string, out))
        diag_error(s->r.d, json_where(value), NULL, "%.*s must be a day as YYYY-MM-DD, got \"%.*s\"",
                   STR_ARG(key_name(s, str_of(key))), STR_ARG(value->string));
}

/* Is the string one of the row's words? *index tells which. */
static bool is_word(const struct section *s, const struct field *field, const struct json *value,
                    struct str name, size_t *index)
{
    struct strbuf hint = STRBUF_INIT;
    struct str words[16] = {{NULL, 0}};
    size_t count = 0;
    for (; field->words[count]; count++) {
        assert(count < sizeof words / sizeof words[0]);
        words[count] = str_of(field->words[count]);
        *index = count;
        if (str_equal(value->string, words[count]))
            return true;
    }
    struct str near = str_nearest(value->string, words, count);
    if (near.s)
        strbuf_addf(&hint, "did you mean \"%.*s\"? ", STR_ARG(near));
    strbuf_adds(&hint, "it is one of: ");
    for (size_t i = 0; i < count; i++)
        strbuf_addf(&hint, "%s%s", i > 0 ? ", " : "", field->words[i]);
    diag_error(s->r.d, json_where(value), hint.s, "%.*s cannot be \"%.*s\"", STR_ARG(name),
               STR_ARG(value->string));
    strbuf_release(&hint);
    return false;
}

bool answer_choice(struct section *s, const char *key, size_t *index)
{
    const struct json *value;
    const struct field *field = look_up(s, key, &value);
    size_t chosen = 0;
    assert(field->kind == FIELD_CHOICE && field->words);
    if (!value)
        return false;
    if (value->kind != JSON_STRING) {
        wrong_kind(s, value, key, "a string");
        return false;
    }
    if (!is_word(s, field, value, key_name(s, str_of(key)), &chosen))
        return false;
    *index = chosen;
    return true;
}

void answer_list(struct section *s, const char *key, const struct json ***items, size_t *count)
{
    const struct json *value;
    const struct field *field = look_up(s, key, &value);
    assert(field->kind == FIELD_LIST);
    *count = 0;
    if (!value)
        return;
    if (value->kind != JSON_ARRAY) {
        wrong_kind(s, value, key, "a list [...]");
        return;
    }
    struct str name = key_name(s, str_of(key));
    if (value->count > FIELD_LIST_MAX) {
        diag_error(s->r.d, json_where(value), NULL, "%.*s must have at most %d items, got %zu",
                   STR_ARG(name), FIELD_LIST_MAX, value->count);
        return;
    }
    const struct json **kept = arena_new(s->r.a, const struct json *, value->count);
    size_t index = 0, word;
    for (const struct json *item = value->child; item; item = item->next, index++) {
        struct str item_name = str_printf(s->r.a, "%.*s.%zu", STR_ARG(name), index);
        if (item->kind != JSON_STRING) {
            diag_error(s->r.d, json_where(item), NULL, "%.*s must be a string, got %s",
                       STR_ARG(item_name), json_kind_name(item->kind));
            continue;
        }
        if (field->words ? !is_word(s, field, item, item_name, &word)
                         : !check_text(s, field, item, item_name))
            continue;
        bool is_repeat = false;
        for (size_t i = 0; i < *count && !is_repeat; i++)
            is_repeat = str_equal(kept[i]->string, item->string);
        if (is_repeat)
            diag_error(s->r.d, json_where(item), NULL, "%.*s repeats \"%.*s\"", STR_ARG(item_name),
                       STR_ARG(item->string));
        else
            kept[(*count)++] = item;
    }
    *items = kept;
}
