#include "report/value.h"

#include "base/arena.h"

#include <assert.h>
#include <string.h>

/* Up to this many members a scan over the hashes is faster than a table. */
#define FEW_MEMBERS ((size_t)8)

static const struct value *text(struct arena *a, enum value_kind kind, struct str bytes)
{
    struct value *v = arena_new(a, struct value, 1);
    v->kind = kind;
    v->text = str_copy(a, bytes);
    return v;
}

const struct value *value_null(void)
{
    static const struct value NOTHING = {.kind = VALUE_NULL};
    return &NOTHING;
}

const struct value *value_bool(bool is_true)
{
    static const struct value TRUTHS[] = {{.kind = VALUE_BOOL, .is_true = false},
                                          {.kind = VALUE_BOOL, .is_true = true}};
    return &TRUTHS[is_true];
}

const struct value *value_text(struct arena *a, struct str bytes)
{
    return text(a, VALUE_TEXT, bytes);
}

const struct value *value_puts(struct arena *a, const char *cstring)
{
    return cstring ? text(a, VALUE_TEXT, str_of(cstring)) : value_null();
}

const struct value *value_html(struct arena *a, struct str safe)
{
    return text(a, VALUE_HTML, safe);
}

const struct value *value_markdown(struct arena *a, struct str safe)
{
    return text(a, VALUE_MARKDOWN, safe);
}

static struct value *container(struct arena *a, enum value_kind kind)
{
    struct value *v = arena_new(a, struct value, 1);
    v->kind = kind;
    v->content = arena_new(a, struct value_content, 1);
    v->content->a = a;
    return v;
}

struct value *value_object(struct arena *a)
{
    return container(a, VALUE_OBJECT);
}

struct value *value_list(struct arena *a)
{
    return container(a, VALUE_LIST);
}

static void occupy_slot(struct value_content *c, size_t member)
{
    size_t mask = c->slot_count - 1;
    size_t slot = c->members[member].key.hash & mask;
    while (c->slots[slot] != 0)
        slot = (slot + 1) & mask;
    c->slots[slot] = (uint32_t)(member + 1);
}

static void add_member(struct value_content *c, struct value_key key, const struct value *value)
{
    if (c->count == c->capacity)
        c->members = arena_grow(c->a, struct value_member, c->members, c->count, &c->capacity);
    c->members[c->count++] = (struct value_member){key, value};
    if (c->count <= FEW_MEMBERS)
        return;
    if (c->count * 2 <= c->slot_count) {
        occupy_slot(c, c->count - 1);
        return;
    }
    c->slot_count = c->slot_count == 0 ? FEW_MEMBERS * 8 : c->slot_count * 2;
    c->slots = arena_new(c->a, uint32_t, c->slot_count);
    for (size_t i = 0; i < c->count; i++)
        occupy_slot(c, i);
}

static bool is_key(const struct value_member *m, struct value_key key)
{
    return m->key.hash == key.hash && str_equal(m->key.name, key.name);
}

static struct value_member *find_member(const struct value_content *c, struct value_key key)
{
    if (!c->slots) {
        for (size_t i = 0; i < c->count; i++)
            if (is_key(&c->members[i], key))
                return &c->members[i];
        return NULL;
    }
    size_t mask = c->slot_count - 1;
    for (size_t slot = key.hash & mask; c->slots[slot] != 0; slot = (slot + 1) & mask)
        if (is_key(&c->members[c->slots[slot] - 1], key))
            return &c->members[c->slots[slot] - 1];
    return NULL;
}

void value_set(struct value *object, const char *key, const struct value *value)
{
    assert(object->kind == VALUE_OBJECT);
    struct value_key k = value_key(str_of(key));
    struct value_member *m = find_member(object->content, k);
    if (m)
        m->value = value;
    else
        add_member(object->content, k, value);
}

void value_set_str(struct value *object, struct str key, const struct value *value)
{
    assert(object->kind == VALUE_OBJECT);
    struct value_key k = value_key(key);
    struct value_member *m = find_member(object->content, k);
    if (m) {
        m->value = value;
    } else {
        k.name = str_copy(object->content->a, key);
        add_member(object->content, k, value);
    }
}

void value_append(struct value *list, const struct value *value)
{
    assert(list->kind == VALUE_LIST);
    struct value_content *c = list->content;
    if (c->count == c->capacity)
        c->items = arena_grow(c->a, const struct value *, c->items, c->count, &c->capacity);
    c->items[c->count++] = value;
}

void value_set_text(struct value *object, const char *key, struct str bytes)
{
    value_set(object, key, value_text(object->content->a, bytes));
}

void value_set_puts(struct value *object, const char *key, const char *cstring)
{
    value_set(object, key, value_puts(object->content->a, cstring));
}

void value_set_html(struct value *object, const char *key, struct str safe)
{
    value_set(object, key, value_html(object->content->a, safe));
}

void value_set_bool(struct value *object, const char *key, bool is_true)
{
    value_set(object, key, value_bool(is_true));
}

struct value *value_set_object(struct value *object, const char *key)
{
    struct value *child = value_object(object->content->a);
    value_set(object, key, child);
    return child;
}

struct value *value_set_list(struct value *object, const char *key)
{
    struct value *child = value_list(object->content->a);
    value_set(object, key, child);
    return child;
}

struct value *value_append_object(struct value *list)
{
    struct value *child = value_object(list->content->a);
    value_append(list, child);
    return child;
}

struct value_key value_key(struct str name)
{
    uint32_t hash = 2166136261u; // FNV-1a
    for (size_t i = 0; i < name.n; i++)
        hash = (hash ^ (unsigned char)name.s[i]) * 16777619u;
    return (struct value_key){name, hash};
}

const struct value *value_find(const struct value *object, struct value_key key)
{
    if (object->kind != VALUE_OBJECT)
        return NULL;
    const struct value_member *m = find_member(object->content, key);
    return m ? m->value : NULL;
}

const struct value *value_get(const struct value *object, const char *key)
{
    return value_find(object, value_key(str_of(key)));
}

bool value_is_truthy(const struct value *value)
{
    switch (value->kind) {
    case VALUE_NULL: return false;
    case VALUE_BOOL: return value->is_true;
    case VALUE_TEXT:
    case VALUE_HTML:
    case VALUE_MARKDOWN: return value->text.n > 0;
    case VALUE_LIST: return value->content->count > 0;
    case VALUE_OBJECT: return true;
    }
    return false;
}

const char *value_kind_name(enum value_kind kind)
{
    static const char *const NAMES[] = {
        [VALUE_NULL] = "null",        [VALUE_BOOL] = "true or false", [VALUE_TEXT] = "a text",
        [VALUE_HTML] = "HTML",        [VALUE_MARKDOWN] = "Markdown",  [VALUE_LIST] = "a list",
        [VALUE_OBJECT] = "an object",
    };
    return NAMES[kind];
}
