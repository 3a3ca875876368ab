#include "pricing/loader.h"

#include "base/arena.h"

#include <math.h>

/* ---- messages -----------------------------------------------------------------------------------
 */

static bool is_lower_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_id(struct str text)
{
    if (text.n == 0 || !is_lower_or_digit(text.s[0]))
        return false;
    for (size_t i = 1; i < text.n; i++) {
        char c = text.s[i];
        if (!is_lower_or_digit(c) && c != '.' && c != ':' && c != '+' && c != '_' && c != '-')
            return false;
    }
    return true;
}

/* http or https, a host, and no character that would end an address in running text. */
bool is_url(struct str text)
{
    struct str rest;
    if (str_starts(text, STR("https://")))
        rest = str_slice(text, 8, text.n);
    else if (str_starts(text, STR("http://")))
        rest = str_slice(text, 7, text.n);
    else
        return false;
    if (rest.n == 0 || rest.s[0] == '/' || rest.s[0] == '.')
        return false;
    for (size_t i = 0; i < rest.n; i++) {
        unsigned char c = (unsigned char)rest.s[i];
        if (c <= ' ' || c == 127 || c == '"' || c == '<' || c == '>' || c == '\\')
            return false;
    }
    return true;
}

const char *hint_nearest(struct loader *l, struct str word, const struct str *known, size_t count,
                         const char *otherwise)
{
    struct str near = str_nearest(word, known, count);
    if (!near.s)
        return otherwise;
    return str_cstring(l->a, str_printf(l->a, "did you mean \"%.*s\"?", STR_ARG(near)));
}

const char *hint_sku(struct loader *l, struct str id)
{
    struct str *ids = arena_new(l->a, struct str, l->sku_count);
    for (size_t i = 0; i < l->sku_count; i++)
        ids[i] = l->skus[i].id;
    return hint_nearest(l, id, ids, l->sku_count, "SKUs stand in prices/*.json");
}

const char *hint_hardware(struct loader *l, struct str name)
{
    struct str *ids = arena_new(l->a, struct str, l->hardware_count);
    for (size_t i = 0; i < l->hardware_count; i++)
        ids[i] = l->hardware[i].id;
    return hint_nearest(l, name, ids, l->hardware_count, "accelerators stand in hardware.json");
}

const char *hint_first(struct loader *l, struct where first)
{
    size_t line = 0, column = 0;
    where_line(first, &line, &column);
    return str_cstring(
        l->a, str_printf(l->a, "it stands in %.*s, line %zu, already", STR_ARG(first.path), line));
}

struct str find_region(const struct loader *l, size_t provider, struct str region)
{
    const struct region_list *list = &l->regions[provider];
    if (str_is(region, "any"))
        return STR("any");
    for (size_t i = 0; i < list->count; i++)
        if (str_equal(list->items[i], region))
            return list->items[i];
    return (struct str){NULL, 0};
}

void add_region(struct loader *l, size_t provider, struct str region)
{
    struct region_list *list = &l->regions[provider];
    if (find_region(l, provider, region).s)
        return;
    list->items = arena_grow(l->a, struct str, list->items, list->count, &list->capacity);
    list->items[list->count++] = region;
}

/* ---- readers ------------------------------------------------------------------------------------
 */

void read_format(struct loader *l, struct json_reader *r, const char *format)
{
    struct str text;
    if (json_string_required(r, "format", &text) && !str_is(text, format))
        diag_error(l->d, json_where(json_member(r, "format")),
                   str_cstring(l->a, str_printf(l->a, "this file must say \"%s\"", format)),
                   "format cannot be \"%.*s\"", STR_ARG(text));
}

bool read_text(struct json_reader *r, const char *key, struct str *out)
{
    struct str text;
    if (!json_string(r, key, &text))
        return false;
    if (str_trim(text).n == 0) {
        diag_error(r->d, json_where(json_member(r, key)), NULL, "%s must not be empty", key);
        return false;
    }
    *out = text;
    return true;
}

bool read_text_required(struct json_reader *r, const char *key, struct str *out)
{
    return json_required(r, key) && read_text(r, key, out);
}

bool read_date(struct loader *l, struct json_reader *r, const char *key, struct date *out)
{
    struct str text;
    if (!json_string(r, key, &text))
        return false;
    if (date_parse(text, out))
        return true;
    diag_error(l->d, json_where(json_member(r, key)), "write it like \"2026-11-21\"",
               "%s is not a day of the calendar: \"%.*s\"", key, STR_ARG(text));
    return false;
}

bool read_date_required(struct loader *l, struct json_reader *r, const char *key, struct date *out)
{
    return json_required(r, key) && read_date(l, r, key, out);
}

bool read_url(struct loader *l, struct json_reader *r, const char *key, struct str *out)
{
    struct str text;
    if (!json_string(r, key, &text))
        return false;
    if (is_url(text)) {
        *out = text;
        return true;
    }
    diag_error(l->d, json_where(json_member(r, key)),
               "an address such as \"https://example.com/pricing\"", "%s is not a URL: \"%.*s\"",
               key, STR_ARG(text));
    return false;
}

bool read_url_required(struct loader *l, struct json_reader *r, const char *key, struct str *out)
{
    return json_required(r, key) && read_url(l, r, key, out);
}

bool read_id(struct loader *l, struct json_reader *r, const char *key, struct str *out)
{
    struct str text;
    if (!json_string_required(r, key, &text))
        return false;
    if (is_id(text)) {
        *out = text;
        return true;
    }
    diag_error(l->d, json_where(json_member(r, key)),
               "lower-case letters, digits and . : + _ -, beginning with a letter or digit",
               "%s is not an id: \"%.*s\"", key, STR_ARG(text));
    return false;
}

bool read_provider(struct loader *l, struct json_reader *r, const char *key, struct str *out,
                   size_t *index)
{
    struct str text;
    if (!read_text_required(r, key, &text))
        return false;
    int found = book_provider(l->book, text);
    if (found < 0) {
        struct str *ids = arena_new(l->a, struct str, l->book->provider_count);
        for (size_t i = 0; i < l->book->provider_count; i++)
            ids[i] = l->book->providers[i].id;
        diag_error(
            l->d, json_where(json_member(r, key)),
            hint_nearest(l, text, ids, l->book->provider_count, "providers stand in book.json"),
            "unknown provider \"%.*s\"", STR_ARG(text));
        return false;
    }
    *out = text;
    if (index)
        *index = (size_t)found;
    return true;
}

bool read_int(struct loader *l, struct json_reader *r, const char *key, int low, int high, int *out)
{
    double value;
    if (!json_number(r, key, low, high, &value))
        return false;
    if (value < floor(value) || value > floor(value)) {
        diag_error(l->d, json_where(json_member(r, key)), NULL, "%s must be a whole number", key);
        return false;
    }
    *out = (int)value;
    return true;
}

bool read_number_or_null(struct json_reader *r, const char *key, double low, double high,
                         double *out)
{
    const struct json *m = json_member(r, key);
    if (!m || m->kind == JSON_NULL)
        return false;
    return json_number(r, key, low, high, out);
}

bool read_spread(struct loader *l, struct json_reader *r, const char *key, double low, double high,
                 struct spread *out)
{
    const struct json *value;
    struct json_reader s;
    struct spread spread;
    if (!json_object(r, key, &value) || !json_reader_open(&s, value, str_of(key), l->a, l->d))
        return false;
    bool ok = json_required(&s, "low") && json_number(&s, "low", low, high, &spread.low);
    ok = json_required(&s, "likely") && json_number(&s, "likely", low, high, &spread.likely) && ok;
    ok = json_required(&s, "high") && json_number(&s, "high", low, high, &spread.high) && ok;
    json_reader_close(&s);
    if (ok && (spread.low > spread.likely || spread.likely > spread.high)) {
        diag_error(l->d, json_where(value), NULL, "%s must ascend: low, likely, high", key);
        ok = false;
    }
    if (ok)
        *out = spread;
    return ok;
}

bool read_texts(struct loader *l, struct json_reader *r, const char *key, struct str **out,
                size_t *count)
{
    const struct json *list;
    *out = NULL;
    *count = 0;
    if (!json_array(r, key, &list))
        return false;
    struct str *items = arena_new(l->a, struct str, list->count);
    size_t n = 0;
    bool ok = true;
    for (const struct json *m = list->child; m; m = m->next) {
        bool is_new = true;
        if (m->kind != JSON_STRING || str_trim(m->string).n == 0) {
            diag_error(l->d, json_where(m), NULL, "%s must list words", key);
            ok = false;
            continue;
        }
        for (size_t i = 0; i < n; i++)
            is_new = is_new && !str_equal(items[i], m->string);
        if (!is_new) {
            diag_error(l->d, json_where(m), NULL, "\"%.*s\" stands twice in %s", STR_ARG(m->string),
                       key);
            ok = false;
            continue;
        }
        items[n++] = m->string;
    }
    *out = items;
    *count = n;
    return ok;
}

bool read_choice_required(struct json_reader *r, const char *key, const char *const *words,
                          size_t *index)
{
    return json_required(r, key) && json_choice(r, key, words, index);
}
