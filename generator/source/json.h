#ifndef SOURCE_JSON_H
#define SOURCE_JSON_H
/*
 * Strict JSON with comments, in which every value knows its place. json_parse checks RFC 8259 (plus //
 * and block comments, no trailing commas), UTF-8, duplicate keys, nesting (JSON_MAX_DEPTH), control
 * characters, numbers that overflow a double (1e999) and "\u0000", and makes a tree in the arena, with the
 * span of each value. All faults are diagnostics.
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
#include <stdint.h>

struct arena;

#define JSON_MAX_DEPTH 64
#define JSON_BITS 64 /* members that a reader ticks off one by one */
#define JSON_MAX_BYTES ((size_t)1 << 30) /* of one text; files have their own, lower limit */

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

/* One file or text; the values in it share it. */
struct json_source {
    struct str path, text;
};

/* A value. Small, since a price book has 40,000 of them. Strings are pieces of the text where no escape
 * stands in them, so they live as long as the text and do not end in NUL. */
struct json {
    enum json_kind kind;
    bool boolean;
    unsigned char index; /* among its siblings; JSON_BITS for any beyond */
    const struct json_source *source;
    uint32_t offset, length;         /* span of the value in the text: json_where */
    uint32_t key_offset, key_length; /* span of its key, in an object: json_key_where */
    struct str key;                  /* unescaped; empty outside objects */
    struct str string;               /* JSON_STRING: unescaped UTF-8; JSON_NUMBER: the source text */
    double number;                   /* JSON_NUMBER, finite */
    const struct json *child; /* first member or item */
    const struct json *next;  /* next sibling, in file order */
    size_t count;            /* members or items */
};

/* NULL and diagnostics where the text is not such JSON. path is kept; text must outlive the tree and its
 * strings. */
const struct json *json_parse(struct str path, struct str text, struct arena *a, struct diags *d);
/* The same, with the tree in one arena and the strings that had to be unescaped in another: who keeps only
 * strings can give back the tree. */
const struct json *json_parse_apart(struct str path, struct str text, struct arena *nodes,
                                    struct arena *strings, struct diags *d);
/* The same, but a tree in spite of faults inside single values (a leading zero, a trailing comma, a
 * duplicate key, 1e999), so that its reader can go on and all mistakes of a file show in one run. Such
 * a value may be anything; the tree is good for finding more mistakes only. */
const struct json *json_parse_mended(struct str path, struct str text, struct arena *a,
                                     struct diags *d);
struct where json_where(const struct json *value);
struct where json_key_where(const struct json *member);
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
    const struct json *last; /* the member found last */
    uint64_t found;          /* a bit for each of the first JSON_BITS members */
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
