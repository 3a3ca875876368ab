#ifndef REPORT_VALUE_H
#define REPORT_VALUE_H
/*
 * What a template sees: a tree of finished values. No numbers: whoever builds the tree has formatted
 * them, since a template cannot. Everything lives in the arena that the containers were made in.
 *
 * There are three kinds of text. VALUE_TEXT is anything, also what a stranger wrote; templates
 * escape it. VALUE_HTML and VALUE_MARKDOWN are markup that this program made and knows to be safe:
 * {{{name}}} inserts them into templates of that language as they are. In strict templates
 * {{{name}}} of a VALUE_TEXT is an error, so that no template can print a stranger's text raw.
 *
 * Text is copied on the way in; keys given as `const char *` are literals and are not.
 */
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum value_kind {
    VALUE_NULL,
    VALUE_BOOL,
    VALUE_TEXT,
    VALUE_HTML,
    VALUE_MARKDOWN,
    VALUE_LIST,
    VALUE_OBJECT
};

/* A name with its hash, made once: for each member here, for each tag in a compiled template. */
struct value_key {
    struct str name;
    uint32_t hash;
};

struct value_member {
    struct value_key key;
    const struct value *value;
};

/* What a container holds. */
struct value_content {
    struct value_member *members; /* VALUE_OBJECT, in the order in which they were set */
    const struct value **items;   /* VALUE_LIST */
    size_t count, capacity;       /* of members or items */
    uint32_t *slots;              /* hash table over the members: index + 1; NULL while few */
    size_t slot_count;            /* a power of two */
    struct arena *a;
};

/* Read it freely; change it only through the verbs below. */
struct value {
    enum value_kind kind;
    bool is_true;                  /* VALUE_BOOL */
    struct str text;               /* VALUE_TEXT, VALUE_HTML, VALUE_MARKDOWN */
    struct value_content *content; /* VALUE_LIST, VALUE_OBJECT; NULL in the others */
};

/* Leaves. */
const struct value *value_null(void);
const struct value *value_bool(bool is_true);
const struct value *value_text(struct arena *a, struct str text);
const struct value *value_puts(struct arena *a, const char *text); /* NULL gives null */
const struct value *value_html(struct arena *a, struct str safe);
const struct value *value_markdown(struct arena *a, struct str safe);

/* Containers. Setting a key again replaces its value. */
struct value *value_object(struct arena *a);
struct value *value_list(struct arena *a);
void value_set(struct value *object, const char *key, const struct value *value);
void value_set_str(struct value *object, struct str key,
                   const struct value *value); /* copies key */
void value_append(struct value *list, const struct value *value);

/* The usual pairs of calls, in one. */
void value_set_text(struct value *object, const char *key, struct str text);
void value_set_puts(struct value *object, const char *key, const char *text); /* NULL sets null */
void value_set_html(struct value *object, const char *key, struct str safe);
void value_set_bool(struct value *object, const char *key, bool is_true);
struct value *value_set_object(struct value *object, const char *key); /* a new one, to be filled */
struct value *value_set_list(struct value *object, const char *key);
struct value *value_append_object(struct value *list);

/* Questions. */
struct value_key value_key(struct str name);
const struct value *value_find(const struct value *object, struct value_key key); /* or NULL */
const struct value *value_get(const struct value *object, const char *key);       /* or NULL */
/* Does {{#name}} enter it? Null, false, an empty text and an empty list are not entered. */
bool value_is_truthy(const struct value *value);
const char *value_kind_name(enum value_kind kind); /* "a text", "a list" ... */
#endif
