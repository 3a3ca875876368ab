#ifndef SOURCE_JSON_H
#define SOURCE_JSON_H
/*
 * Strict JSON with comments, in which every value knows its place. json_parse first checks RFC 8259
 * (plus // and block comments, no trailing commas), UTF-8, duplicate keys, nesting (JSON_MAX_DEPTH),
 * control characters, numbers that overflow a double (1e999) and "\u0000"; what has passed is decoded
 * into a tree in the arena, with the span of each value. All faults are diagnostics.
 *
 * Why not a library: every message names line and column of the value that it is about, prices must keep their
 * digits, and a key that stands twice is an error. cJSON, which Debian has, knows the place of the first syntax
 * error alone, keeps doubles, and takes the last of two keys; what finds all that has read the text already, and
 * a second reading found nothing more. The fuzz target still reads with cJSON what is accepted here.
 */
#include "base/diag.h"
#include "base/str.h"
#include "number/decimal.h"

#include <float.h>
#include <stdbool.h>
#include <stddef.h>

struct arena;

#define JSON_MAX_DEPTH 64

/* Bounds for json_number: JSON_POSITIVE as `low` reads "greater than 0"; JSON_UNBOUNDED as `high`
 * and -JSON_UNBOUNDED as `low` are no bound. */
#define JSON_POSITIVE DBL_MIN
#define JSON_UNBOUNDED DBL_MAX

enum json_kind {
    JSON_NULL,
    JSON_BOOL,
    JSON_NUMBER,
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};

struct json {
    enum json_kind kind;
    struct where where;      /* span of the value */
    struct where key_where;  /* span of its key, in an object */
    struct str key;          /* unescaped; empty outside objects */
    struct str string;       /* JSON_STRING: unescaped UTF-8; JSON_NUMBER: the source text */
    double number;           /* JSON_NUMBER, finite */
    bool boolean;
    const struct json *child; /* first member or item */
    const struct json *next;  /* next sibling, in file order */
    size_t count;            /* members or items */
};

/* NULL and diagnostics where the text is not such JSON. path is kept, text must outlive the tree. */
const struct json *json_parse(struct str path, struct str text, struct arena *a, struct diags *d);
/* The same, but a tree in spite of faults inside single values (a leading zero, a trailing comma, a
 * duplicate key, 1e999), so that its reader can go on and all mistakes of a file show in one run. Such
 * a value may be anything; the tree is good for finding more mistakes only. */
const struct json *json_parse_mended(struct str path, struct str text, struct arena *a,
                                     struct diags *d);
const char *json_kind_name(enum json_kind kind); /* "a number", "an object" ... */
const struct json *json_find(const struct json *object, const char *key); /* NULL where absent */
const struct json *json_path(const struct json *root, struct str dotted); /* "answers.latency.p99_ms", "models.0.name" */

/*
 * A reader of one object: takes the members one by one and complains about what is left. Getters
 * return false where the member is absent or of the wrong kind; only the latter is a diagnostic.
 * `_required` makes absence a diagnostic too.
 */
struct json_reader {
    const struct json *object;
    struct str name;       /* dotted path, for messages: "answers.latency" */
    struct str known[48];  /* keys asked for, for "nearest known" */
    size_t known_count;
    size_t found_count;    /* members among them */
    struct arena *a;
    struct diags *d;
};

bool json_reader_open(struct json_reader *r, const struct json *value, struct str name,
                      struct arena *a, struct diags *d); /* false + diagnostic: not an object */
const struct json *json_member(struct json_reader *r, const char *key);  /* any kind; NULL where absent */
const struct json *json_required(struct json_reader *r, const char *key);
bool json_string(struct json_reader *r, const char *key, struct str *out);
bool json_string_required(struct json_reader *r, const char *key, struct str *out);
bool json_bool(struct json_reader *r, const char *key, bool *out);
bool json_number(struct json_reader *r, const char *key, double low, double high, double *out);
bool json_array(struct json_reader *r, const char *key, const struct json **out);
bool json_object(struct json_reader *r, const char *key, const struct json **out);
/* One of the words (NULL-ended); *index tells which. An unknown word names the nearest. */
bool json_choice(struct json_reader *r, const char *key, const char *const *words, size_t *index);
/* A price or other exact decimal: a string of digits, or a number of at most 15 significant digits. */
bool json_decimal(struct json_reader *r, const char *key, struct decimal *out);
void json_reader_close(struct json_reader *r); /* unknown keys become errors with the nearest known key */
#endif
