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

/* ---- from spans to a tree --------------------------------------------------------------------- */

struct builder {
    struct str path, text;
    char *mended; /* text with comments and faults blanked; its strings are unescaped in place */
    const struct json_span *spans;
    struct json *values; /* one for each span, in the same order */
    size_t count, next;
    struct arena *a;
    struct diags *d;
};

/* Is the number written with a digit other than 0 before its exponent? */
static bool is_written_nonzero(struct str number)
{
    for (size_t i = 0; i < number.n && number.s[i] != 'e' && number.s[i] != 'E'; i++)
        if (number.s[i] >= '1' && number.s[i] <= '9')
            return true;
    return false;
}

/* Powers of ten that a double holds exactly. */
static const double POWERS[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* Digits and a point, at most 15 digits: both parts are exact, so that one division rounds once, as
 * strtod does, in a tenth of its time. False: it is written otherwise. */
static bool read_short(const char *text, size_t n, double *out)
{
    uint64_t digits = 0;
    size_t i = n > 0 && text[0] == '-', count = 0, decimals = 0;
    bool has_point = false;
    for (; i < n; i++) {
        if (text[i] == '.') {
            has_point = true;
            continue;
        }
        if (text[i] < '0' || text[i] > '9' || ++count > 15)
            return false;
        digits = digits * 10 + (uint64_t)(text[i] - '0');
        decimals += has_point;
    }
    *out = (double)digits / POWERS[decimals];
    if (text[0] == '-')
        *out = -*out;
    return count > 0;
}

static void read_number(struct builder *b, struct json *to)
{
    size_t end = to->where.offset + to->where.length;
    const char *mended = b->mended + to->where.offset;
    to->string = str_slice(b->text, to->where.offset, end);
    if (!read_short(mended, to->where.length, &to->number))
        to->number = strtod(mended, NULL); // ends where the number does: nothing of it follows
    to->number += 0.0; // "-0" reads as 0: no figure of ours has a signed zero
    if (!isfinite(to->number))
        diag_error(b->d, to->where, NULL, "number %.*s is too large", STR_ARG(to->string));
    else if (fpclassify(to->number) == FP_ZERO &&
             is_written_nonzero((struct str){mended, to->where.length}))
        diag_error(b->d, to->where, "write 0 if that is meant", "number %.*s is too small",
                   STR_ARG(to->string));
}

struct member {
    const struct json *json;
};

static int compare_keys(const void *left, const void *right)
{
    const struct json *a = ((const struct member *)left)->json;
    const struct json *b = ((const struct member *)right)->json;
    int order = str_compare(a->key, b->key);
    if (order != 0)
        return order;
    return a->key_where.offset < b->key_where.offset ? -1 : 1;
}

/* Most objects are short: comparing every pair is cheaper than sorting, and needs no memory. */
#define PAIRS_MOST 16

static bool has_no_duplicates(const struct json *object)
{
    if (object->count > PAIRS_MOST)
        return false;
    for (const struct json *m = object->child; m; m = m->next)
        for (const struct json *before = object->child; before != m; before = before->next)
            if (before->key.n == m->key.n && str_equal(before->key, m->key))
                return false;
    return true;
}

/* Every member whose key stands in the object before it. Sorted, as price files have long objects. */
static void report_duplicates(struct builder *c, const struct json *object)
{
    if (has_no_duplicates(object))
        return;
    struct arena_mark mark = arena_mark(c->a);
    struct member *members = arena_new(c->a, struct member, object->count);
    size_t n = 0, line = 0, column = 0;
    bool found = false;

    for (const struct json *m = object->child; m; m = m->next)
        members[n++].json = m;
    qsort(members, n, sizeof *members, compare_keys);
    for (size_t i = 1; i < n; i++) {
        const struct json *before = members[i - 1].json, *again = members[i].json;
        if (!str_equal(before->key, again->key))
            continue;
        found = true;
        where_line(before->key_where, &line, &column);
        const char *hint = str_cstring(c->a,
                                       str_printf(c->a, "it stands on line %zu already", line));
        diag_error(c->d, again->key_where, hint, "duplicate key \"%.*s\"", STR_ARG(again->key));
    }
    if (!found) // diagnostics may live in the same arena, so only give back what holds none
        arena_rewind(c->a, mark);
}

/* The value of the next span and what lies inside of it. Depth is bounded: the scan has refused
 * anything beyond JSON_MAX_DEPTH. */
static struct json *build(struct builder *b)
{
    const struct json_span *span = &b->spans[b->next];
    struct json *to = &b->values[b->next++];
    size_t end = span->offset + span->length;
    to->kind = span->kind;
    to->where = (struct where){b->path, b->text, span->offset, span->length};
    if (span->key_length > 0) {
        to->key_where = (struct where){b->path, b->text, span->key_offset, span->key_length};
        to->key = json_scan_unescape(b->mended, span->key_offset, span->key_length);
    }
    switch (span->kind) {
    case JSON_NULL: break;
    case JSON_BOOL: to->boolean = b->text.s[span->offset] == 't'; break;
    case JSON_NUMBER: read_number(b, to); break;
    case JSON_STRING:
        to->string = json_scan_unescape(b->mended, span->offset, span->length);
        break;
    case JSON_ARRAY:
    case JSON_OBJECT: {
        const struct json **link = &to->child;
        for (; b->next < b->count && b->spans[b->next].offset < end; to->count++) {
            struct json *child = build(b);
            *link = child;
            link = &child->next;
        }
        if (span->kind == JSON_OBJECT && to->count > 1)
            report_duplicates(b, to);
        break;
    }
    }
    return to;
}

const struct json *json_parse_mended(struct str path, struct str text, struct arena *a,
                                     struct diags *d)
{
    struct json_scan scan = {0};
    char *mended = arena_new(a, char, text.n + 1);
    if (text.n > 0)
        memcpy(mended, text.s, text.n);
    if (!json_scan_text(path, text, mended, a, d, &scan))
        return NULL;
    struct builder b = {.path = path,
                        .text = text,
                        .mended = mended,
                        .spans = scan.spans,
                        .values = arena_new(a, struct json, scan.count),
                        .count = scan.count,
                        .a = a,
                        .d = d};
    const struct json *root = build(&b);
    assert(b.next == scan.count);
    return root;
}

const struct json *json_parse(struct str path, struct str text, struct arena *a, struct diags *d)
{
    size_t errors = diags_errors(d);
    const struct json *root = json_parse_mended(path, text, a, d);
    return diags_errors(d) == errors ? root : NULL;
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
    return key.n == wanted.n && (key.n == 0 || (key.s[0] == wanted.s[0] &&
                                                memcmp(key.s, wanted.s, key.n) == 0));
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
    diag_error(r->d, value->where, NULL, "%.*s must be %s, got %s", STR_ARG(name), expected,
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
    r->known_count = r->found_count = 0; // the array need not be cleared, which counts in 10,000 rows
    r->a = a;
    r->d = d;
    if (value->kind != JSON_OBJECT) {
        struct str what = name.n > 0 ? name : STR("the file");
        diag_error(d, value->where, NULL, "%.*s must be an object, got %s", STR_ARG(what),
                   json_kind_name(value->kind));
        return false;
    }
    r->object = value;
    return true;
}

const struct json *json_member(struct json_reader *r, const char *key)
{
    struct str name = str_of(key);
    const struct json *m = find(r->object, name);
    for (size_t i = 0; i < r->known_count; i++)
        if (is_key(r->known[i], name))
            return m;
    assert(r->known_count < sizeof r->known / sizeof *r->known);
    r->known[r->known_count++] = name;
    r->found_count += m != NULL;
    return m;
}

const struct json *json_required(struct json_reader *r, const char *key)
{
    const struct json *m = json_member(r, key);
    if (!m) {
        struct where where = r->object->where;
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
    diag_error(r->d, m->where, NULL, "%.*s must be %s, got %.*s", STR_ARG(full_name(r, m->key)),
               range.s, STR_ARG(m->string));
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
    diag_error(r->d, m->where, hint.s, "%.*s cannot be \"%.*s\"", STR_ARG(full_name(r, m->key)),
               STR_ARG(m->string));
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
        diag_error(r->d, m->where, "write it as a string, \"...\"",
                   "%.*s has more than 15 significant digits, which other readers of JSON lose",
                   STR_ARG(full_name(r, m->key)));
        return false;
    }
    if (!decimal_parse(m->string, out)) {
        diag_error(r->d, m->where, "write it like \"0.0000166667\"",
                   "%.*s is not a decimal, or has too many digits: \"%.*s\"",
                   STR_ARG(full_name(r, m->key)), STR_ARG(m->string));
        return false;
    }
    return true;
}

void json_reader_close(struct json_reader *r)
{
    if (!r->object || r->found_count == r->object->count)
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
            diag_error(r->d, m->key_where, hint, "unknown key \"%.*s\" in %.*s", STR_ARG(m->key),
                       STR_ARG(r->name));
        else
            diag_error(r->d, m->key_where, hint, "unknown key \"%.*s\"", STR_ARG(m->key));
    }
}
