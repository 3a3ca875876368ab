#include "source/json.h"

#include "base/arena.h"
#include "base/strbuf.h"
#include "source/json_scan.h"

#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct where json_where(const struct json *value)
{
    return (struct where){value->source->path, value->source->text, value->offset, value->length};
}

struct where json_key_where(const struct json *member)
{
    return (struct where){member->source->path, member->source->text, member->key_offset,
                          member->key_length};
}

const struct json *json_parse_mended(struct str path, struct str text, struct arena *a,
                                     struct diags *d)
{
    return json_scan_tree(path, text, a, a, d);
}

const struct json *json_parse_apart(struct str path, struct str text, struct arena *nodes,
                                    struct arena *strings, struct diags *d)
{
    size_t errors = diags_errors(d);
    const struct json *root = json_scan_tree(path, text, nodes, strings, d);
    return diags_errors(d) == errors ? root : NULL;
}

const struct json *json_parse(struct str path, struct str text, struct arena *a, struct diags *d)
{
    return json_parse_apart(path, text, a, a, d);
}

const char *json_kind_name(enum json_kind kind)
{
    static const char *const NAMES[] = {
        [JSON_NULL] = "null",       [JSON_BOOL] = "true or false", [JSON_NUMBER] = "a number",
        [JSON_STRING] = "a string", [JSON_ARRAY] = "an array",     [JSON_OBJECT] = "an object",
    };
    return NAMES[kind];
}

/* ---- looking things up ------------------------------------------------------------------------ */

/* Keys are short and mostly differ in length or in their first letter. */
static bool is_key(struct str key, struct str wanted)
{
    return key.n == wanted.n &&
           (key.n == 0 || (key.s[0] == wanted.s[0] && memcmp(key.s, wanted.s, key.n) == 0));
}

static const struct json *find(const struct json *object, struct str key)
{
    if (!object || object->kind != JSON_OBJECT)
        return NULL;
    for (const struct json *m = object->child; m; m = m->next)
        if (is_key(m->key, key))
            return m;
    return NULL;
}

static const struct json *item(const struct json *array, struct str index)
{
    size_t n = 0;
    if (index.n == 0 || index.n > 9)
        return NULL;
    for (size_t i = 0; i < index.n; i++) {
        if (index.s[i] < '0' || index.s[i] > '9')
            return NULL;
        n = n * 10 + (size_t)(index.s[i] - '0');
    }
    const struct json *it = array->child;
    while (it && n-- > 0)
        it = it->next;
    return it;
}

const struct json *json_find(const struct json *object, const char *key)
{
    return find(object, str_of(key));
}

const struct json *json_path(const struct json *root, struct str dotted)
{
    struct str part;
    bool more = true;
    while (root && more) {
        more = str_cut(dotted, '.', &part, &dotted);
        root = root->kind == JSON_ARRAY ? item(root, part) : find(root, part);
    }
    return root;
}

/* ---- the reader ------------------------------------------------------------------------------- */

/* "answers.latency.p99_ms", for messages. */
static struct str full_name(const struct json_reader *r, struct str key)
{
    if (r->name.n == 0)
        return str_copy(r->a, key);
    return str_printf(r->a, "%.*s.%.*s", STR_ARG(r->name), STR_ARG(key));
}

static void wrong_kind(const struct json_reader *r, const struct json *value, const char *expected)
{
    struct str name = full_name(r, value->key);
    diag_error(r->d, json_where(value), NULL, "%.*s must be %s, got %s", STR_ARG(name), expected,
               json_kind_name(value->kind));
}

/* The member if it is there and of the kind; a diagnostic if it is there and of another. */
static const struct json *member_of_kind(struct json_reader *r, const char *key,
                                         enum json_kind kind)
{
    const struct json *m = json_member(r, key);
    if (!m || m->kind == kind)
        return m;
    wrong_kind(r, m, json_kind_name(kind));
    return NULL;
}

bool json_reader_open(struct json_reader *r, const struct json *value, struct str name,
                      struct arena *a, struct diags *d)
{
    r->object = NULL;
    r->name = name;
    r->known_count = 0; // the array need not be cleared, which counts in 10,000 rows
    r->last = NULL;
    r->found = 0;
    r->a = a;
    r->d = d;
    if (value->kind != JSON_OBJECT) {
        struct str what = name.n > 0 ? name : STR("the file");
        diag_error(d, json_where(value), NULL, "%.*s must be an object, got %s", STR_ARG(what),
                   json_kind_name(value->kind));
        return false;
    }
    r->object = value;
    return true;
}

/* Keeps the key for hints. Most askers name a key twice in a row, and by the same pointer. */
static void remember(struct json_reader *r, struct str key)
{
    for (size_t i = r->known_count; i-- > 0;)
        if (r->known[i].s == key.s || is_key(r->known[i], key))
            return;
    assert(r->known_count < sizeof r->known / sizeof *r->known);
    r->known[r->known_count++] = key;
}

/* Files are mostly written in the order in which they are read: the member behind the last one. */
static const struct json *find_near(const struct json_reader *r, struct str name)
{
    if (r->last && is_key(r->last->key, name))
        return r->last;
    const struct json *next = r->last ? r->last->next : r->object ? r->object->child : NULL;
    return next && is_key(next->key, name) ? next : find(r->object, name);
}

const struct json *json_member(struct json_reader *r, const char *key)
{
    struct str name = str_of(key);
    const struct json *m = find_near(r, name);
    if (m && m == r->last)
        return m;
    remember(r, name);
    if (m) {
        r->last = m;
        r->found |= m->index < JSON_BITS ? UINT64_C(1) << m->index : 0;
    }
    return m;
}

const struct json *json_required(struct json_reader *r, const char *key)
{
    const struct json *m = json_member(r, key);
    if (!m) {
        struct where where = json_where(r->object);
        where.length = where.length > 0 ? 1 : 0; // the opening brace, not the whole object
        diag_error(r->d, where, NULL, "%.*s is missing", STR_ARG(full_name(r, str_of(key))));
    }
    return m;
}

bool json_string(struct json_reader *r, const char *key, struct str *out)
{
    const struct json *m = member_of_kind(r, key, JSON_STRING);
    if (!m)
        return false;
    *out = m->string;
    return true;
}

bool json_string_required(struct json_reader *r, const char *key, struct str *out)
{
    return json_required(r, key) && json_string(r, key, out);
}

bool json_bool(struct json_reader *r, const char *key, bool *out)
{
    const struct json *m = member_of_kind(r, key, JSON_BOOL);
    if (!m)
        return false;
    *out = m->boolean;
    return true;
}

static void add_bound(struct strbuf *sb, double bound)
{
    strbuf_add_double(sb, bound, 15);
}

bool json_number(struct json_reader *r, const char *key, double low, double high, double *out)
{
    const struct json *m = member_of_kind(r, key, JSON_NUMBER);
    if (!m)
        return false;
    if (m->number >= low && m->number <= high) {
        *out = m->number;
        return true;
    }
    struct strbuf range = STRBUF_INIT;
    bool is_positive = low > 0 && low <= JSON_POSITIVE;
    if (is_positive && m->number < low) {
        strbuf_adds(&range, "greater than 0");
    } else if (high >= JSON_UNBOUNDED) {
        strbuf_adds(&range, "at least ");
        add_bound(&range, low);
    } else if (low <= -JSON_UNBOUNDED || is_positive) {
        strbuf_adds(&range, "at most ");
        add_bound(&range, high);
    } else {
        strbuf_adds(&range, "between ");
        add_bound(&range, low);
        strbuf_adds(&range, " and ");
        add_bound(&range, high);
    }
    diag_error(r->d, json_where(m), NULL, "%.*s must be %s, got %.*s",
               STR_ARG(full_name(r, m->key)), range.s, STR_ARG(m->string));
    strbuf_release(&range);
    return false;
}

bool json_array(struct json_reader *r, const char *key, const struct json **out)
{
    const struct json *m = member_of_kind(r, key, JSON_ARRAY);
    if (m)
        *out = m;
    return m != NULL;
}

bool json_object(struct json_reader *r, const char *key, const struct json **out)
{
    const struct json *m = member_of_kind(r, key, JSON_OBJECT);
    if (m)
        *out = m;
    return m != NULL;
}

bool json_choice(struct json_reader *r, const char *key, const char *const *words, size_t *index)
{
    const struct json *m = member_of_kind(r, key, JSON_STRING);
    size_t count = 0;
    if (!m)
        return false;
    for (; words[count]; count++) {
        if (str_is(m->string, words[count])) {
            *index = count;
            return true;
        }
    }
    struct str *candidates = arena_new(r->a, struct str, count);
    struct strbuf hint = STRBUF_INIT;
    for (size_t i = 0; i < count; i++)
        candidates[i] = str_of(words[i]);
    struct str near = str_nearest(m->string, candidates, count);
    if (near.s)
        strbuf_addf(&hint, "did you mean \"%.*s\"? ", STR_ARG(near));
    strbuf_adds(&hint, "it is one of: ");
    for (size_t i = 0; i < count; i++)
        strbuf_addf(&hint, "%s%s", i > 0 ? ", " : "", words[i]);
    diag_error(r->d, json_where(m), hint.s, "%.*s cannot be \"%.*s\"",
               STR_ARG(full_name(r, m->key)), STR_ARG(m->string));
    strbuf_release(&hint);
    return false;
}

/* Digits from the first that is not 0 to the last before the exponent that is not 0. */
static size_t significant_digits(struct str number)
{
    size_t digits = 0, zeros = 0;
    for (size_t i = 0; i < number.n && number.s[i] != 'e' && number.s[i] != 'E'; i++) {
        char c = number.s[i];
        if (c == '0') {
            zeros += digits > 0;
        } else if (c >= '1' && c <= '9') {
            digits += zeros + 1;
            zeros = 0;
        }
    }
    return digits;
}

bool json_decimal(struct json_reader *r, const char *key, struct decimal *out)
{
    const struct json *m = json_member(r, key);
    if (!m)
        return false;
    if (m->kind != JSON_STRING && m->kind != JSON_NUMBER) {
        wrong_kind(r, m, "a decimal such as \"0.0000166667\"");
        return false;
    }
    if (m->kind == JSON_NUMBER && significant_digits(m->string) > 15) {
        diag_error(r->d, json_where(m), "write it as a string, \"...\"",
                   "%.*s has more than 15 significant digits, which other readers of JSON lose",
                   STR_ARG(full_name(r, m->key)));
        return false;
    }
    if (!decimal_parse(m->string, out)) {
        diag_error(r->d, json_where(m), "write it like \"0.0000166667\"",
                   "%.*s is not a decimal, or has too many digits: \"%.*s\"",
                   STR_ARG(full_name(r, m->key)), STR_ARG(m->string));
        return false;
    }
    return true;
}

/* The bits of all members; where there are more members than bits, nobody knows so quickly. */
static bool is_all_found(const struct json_reader *r)
{
    size_t count = r->object->count;
    return count <= JSON_BITS && r->found == (count == 0 ? 0 : UINT64_MAX >> (JSON_BITS - count));
}

void json_reader_close(struct json_reader *r)
{
    if (!r->object || is_all_found(r))
        return;
    for (const struct json *m = r->object->child; m; m = m->next) {
        bool is_known = false;
        for (size_t i = 0; i < r->known_count && !is_known; i++)
            is_known = is_key(r->known[i], m->key);
        if (is_known)
            continue;
        struct str near = str_nearest(m->key, r->known, r->known_count);
        const char *hint = NULL;
        if (near.s)
            hint = str_cstring(r->a, str_printf(r->a, "did you mean \"%.*s\"?", STR_ARG(near)));
        if (r->name.n > 0)
            diag_error(r->d, json_key_where(m), hint, "unknown key \"%.*s\" in %.*s",
                       STR_ARG(m->key), STR_ARG(r->name));
        else
            diag_error(r->d, json_key_where(m), hint, "unknown key \"%.*s\"", STR_ARG(m->key));
    }
}
