#include "policy/loader.h"

#include "base/arena.h"
#include "base/strbuf.h"

#include <assert.h>

#define ID_MAX 80

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

/* ---- ids, texts, claims ----------------------------------------------------------------------- */

static bool is_id(struct str text)
{
    if (text.n == 0 || text.n > ID_MAX || text.s[0] == '-')
        return false;
    for (size_t i = 0; i < text.n; i++)
        if (!is_lower(text.s[i]) && !is_digit(text.s[i]) && text.s[i] != '-')
            return false;
    return true;
}

static struct where where_of(const struct json_reader *r, const char *key)
{
    const struct json *value = json_find(r->object, key);
    return value ? json_where(value) : json_where(r->object);
}

void form_id(struct loader *l, struct json_reader *r, const char *key, struct str *out)
{
    struct str text;
    if (!json_string_required(r, key, &text))
        return;
    if (is_id(text))
        *out = text;
    else
        diag_error(l->d, where_of(r, key), NULL,
                   "%.*s.%s must be an id: up to 80 of a-z, 0-9 and -, got \"%.*s\"",
                   STR_ARG(r->name), key, STR_ARG(text));
}

void form_text(struct loader *l, struct json_reader *r, const char *key, struct str *out)
{
    struct str text;
    if (!json_string_required(r, key, &text))
        return;
    if (str_trim(text).n > 0)
        *out = text;
    else
        diag_error(l->d, where_of(r, key), NULL, "%.*s.%s must not be empty", STR_ARG(r->name),
                   key);
}

/* "s2-49", "policy" or an address. */
static bool is_claim(struct str text)
{
    size_t i = 1, digits = 0;
    if (str_is(text, "policy") || (str_starts(text, STR("https://")) && text.n > 8))
        return true;
    if (text.n == 0 || text.s[0] != 's')
        return false;
    while (i < text.n && is_digit(text.s[i]))
        i++;
    if (i == 1 || i >= text.n || text.s[i] != '-')
        return false;
    for (i++; i < text.n && is_digit(text.s[i]); i++)
        digits++;
    return digits > 0 && i == text.n;
}

static bool check_claim(struct loader *l, struct where where, struct str name, struct str text)
{
    if (is_claim(text))
        return true;
    diag_error(l->d, where,
               "the id of a published claim (\"s2-49\"), \"policy\" for our own judgement, or an "
               "https:// address",
               "%.*s names no source: \"%.*s\"", STR_ARG(name), STR_ARG(text));
    return false;
}

void form_claim(struct loader *l, struct json_reader *r, const char *key, struct str *out)
{
    struct str text, name = str_printf(l->a, "%.*s.%s", STR_ARG(r->name), key);
    if (json_string_required(r, key, &text) && check_claim(l, where_of(r, key), name, text))
        *out = text;
}

void form_claims(struct loader *l, struct json_reader *r, const char *key, const struct str **out,
                 size_t *count)
{
    const struct json *item = NULL;
    struct str name = str_printf(l->a, "%.*s.%s", STR_ARG(r->name), key);
    size_t n = form_list(l, r, key, &item);
    struct str *texts = arena_new(l->a, struct str, n);
    *count = 0;
    if (n == 0 && json_find(r->object, key))
        diag_error(l->d, where_of(r, key), "\"policy\" where it is our own judgement",
                   "%.*s must name at least one source", STR_ARG(name));
    for (; item; item = item->next) {
        if (item->kind != JSON_STRING)
            diag_error(l->d, json_where(item), NULL, "%.*s must hold strings, got %s", STR_ARG(name),
                       json_kind_name(item->kind));
        else if (check_claim(l, json_where(item), name, item->string))
            texts[(*count)++] = item->string;
    }
    *out = texts;
}

/* ---- templates -------------------------------------------------------------------------------- */

/* The place of a part of a string value. Escapes before it shift the place: the offset is exact for
 * texts without them, and stays inside the value. */
static struct where inside(const struct json *value, struct str part)
{
    struct where where = json_where(value);
    size_t at = (size_t)(part.s - value->string.s) + 1;
    if (at + part.n < where.length && json_where(value).length == value->string.n + 2) {
        where.offset += at;
        where.length = part.n;
    }
    return where;
}

void form_template(struct loader *l, struct json_reader *r, const char *key, bool is_required,
                   struct str *out)
{
    const struct json *value = json_find(r->object, key);
    if (is_required || value)
        form_text(l, r, key, out);
    else
        json_member(r, key);
    if (!value || value->kind != JSON_STRING)
        return;
    struct str rest = value->string;
    size_t open;
    while ((open = str_find(rest, STR("{{"))) < rest.n) {
        struct str name;
        rest = str_slice(rest, open + 2, rest.n);
        size_t close = str_find(rest, STR("}}"));
        if (close == rest.n) {
            diag_error(l->d, json_where(value), NULL, "%.*s.%s has a {{ without }}", STR_ARG(r->name),
                       key);
            return;
        }
        name = str_trim(str_slice(rest, 0, close));
        rest = str_slice(rest, close + 2, rest.n);
        if (!loader_is_fact(l, name))
            diag_error(l->d, inside(value, name), loader_nearest_fact(l, name),
                       "%.*s.%s prints an unknown fact \"%.*s\"", STR_ARG(r->name), key,
                       STR_ARG(name));
    }
}

/* ---- figures ---------------------------------------------------------------------------------- */

bool form_range(struct loader *l, struct json_reader *r, struct spread *out)
{
    static const char *const ENDS[] = {"low", "likely", "high"};
    double v[3] = {0};
    bool ok = true;
    for (int i = 0; i < 3; i++) {
        bool is_there = json_required(r, ENDS[i]) != NULL;
        if (!is_there || !json_number(r, ENDS[i], -JSON_UNBOUNDED, JSON_UNBOUNDED, &v[i]))
            ok = false;
    }
    if (!ok)
        return false;
    if (v[0] > v[1] || v[1] > v[2]) {
        diag_error(l->d, where_of(r, "low"), NULL, "%.*s must have low <= likely <= high",
                   STR_ARG(r->name));
        return false;
    }
    *out = (struct spread){v[0], v[1], v[2]};
    return true;
}

bool form_figure(struct loader *l, struct json_reader *r, struct spread *out)
{
    double value;
    bool has_range = json_find(r->object, "low") || json_find(r->object, "likely") ||
                     json_find(r->object, "high");
    if (!json_member(r, "value") && !has_range) {
        struct where where = json_where(r->object);
        where.length = 1;
        diag_error(l->d, where, "write \"value\": 1, or \"low\": 0.5, \"likely\": 1, \"high\": 2",
                   "%.*s has no figure", STR_ARG(r->name));
        return false;
    }
    if (json_find(r->object, "value") && has_range) {
        diag_error(l->d, where_of(r, "value"), NULL,
                   "%.*s has a value and a range: write one of the two", STR_ARG(r->name));
        json_member(r, "low");
        json_member(r, "likely");
        json_member(r, "high");
        return false;
    }
    if (has_range)
        return form_range(l, r, out);
    if (!json_number(r, "value", -JSON_UNBOUNDED, JSON_UNBOUNDED, &value))
        return false;
    *out = (struct spread){value, value, value};
    return true;
}

/* ---- paths and lists -------------------------------------------------------------------------- */

const struct field *form_path(struct loader *l, struct json_reader *r, const char *key)
{
    struct str path;
    if (!json_string_required(r, key, &path))
        return NULL;
    const struct field *field = field_find(path);
    if (field && str_is(path, field->path))
        return field;
    const char *hint = NULL;
    struct str near = field ? str_of(field->path) : field_nearest(path, l->a);
    const struct field *near_field = field_find(near);
    if (near_field)
        hint = str_cstring(l->a, str_printf(l->a, "did you mean \"%s\"?", near_field->path));
    diag_error(l->d, where_of(r, key), hint, "%.*s.%s is no field of the questionnaire: \"%.*s\"",
               STR_ARG(r->name), key, STR_ARG(path));
    return NULL;
}

size_t form_list(struct loader *l, struct json_reader *r, const char *key,
                 const struct json **first)
{
    const struct json *list;
    (void)l;
    *first = NULL;
    if (!json_required(r, key) || !json_array(r, key, &list))
        return 0;
    *first = list->child;
    return list->count;
}

void form_unique(struct loader *l, const struct json *entry, const char *key, struct str id,
                 const char *what, struct str earlier)
{
    const struct json *value = json_find(entry, key);
    if (value && id.n > 0 && str_equal(id, earlier))
        diag_error(l->d, json_where(value), NULL, "%s \"%.*s\" stands twice", what, STR_ARG(id));
}
