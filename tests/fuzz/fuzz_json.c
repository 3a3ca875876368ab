/*
 * JSON from bytes: whatever they are, the parser ends with a tree or with a diagnostic; a tree is the
 * one that cJSON reads, which shares no code with ours; written again it reads as the same tree;
 * diagnostics can be printed.
 */
#include "base/arena.h"
#include "base/diag.h"
#include "base/strbuf.h"
#include "source/json.h"
#include "source/json_out.h"
#include "source/json_scan.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void assert_same(const struct json *a, const struct json *b)
{
    assert(a->kind == b->kind && a->count == b->count && a->boolean == b->boolean);
    assert(str_equal(a->string, b->string) && str_equal(a->key, b->key));
    assert(a->offset + (size_t)a->length <= a->source->text.n);
    const struct json *x = a->child, *y = b->child;
    for (; x && y; x = x->next, y = y->next)
        assert_same(x, y);
    assert(!x && !y);
}

static bool same_text(struct str ours, const char *theirs)
{
    return str_equal(ours, str_of(theirs));
}

static void assert_as_read(const struct json *ours, const cJSON *theirs)
{
    switch (ours->kind) {
    case JSON_NULL: assert(cJSON_IsNull(theirs)); break;
    case JSON_BOOL: assert(cJSON_IsBool(theirs) && ours->boolean == cJSON_IsTrue(theirs)); break;
    case JSON_NUMBER: { // bit for bit, but that a zero of ours has no sign
        double number = theirs->valuedouble + 0.0;
        assert(cJSON_IsNumber(theirs) && memcmp(&ours->number, &number, sizeof number) == 0);
        break;
    }
    case JSON_STRING: assert(cJSON_IsString(theirs) && same_text(ours->string, theirs->valuestring)); break;
    case JSON_ARRAY: assert(cJSON_IsArray(theirs)); break;
    case JSON_OBJECT: assert(cJSON_IsObject(theirs)); break;
    }
    const struct json *child = ours->child;
    for (const cJSON *item = theirs->child; item; item = item->next, child = child->next) {
        assert(child && (ours->kind != JSON_OBJECT || same_text(child->key, item->string)));
        assert_as_read(child, item);
    }
    assert(!child);
}

/* Comments become blanks. What is accepted has none that is not closed. */
static void blank_comments(char *text, size_t n)
{
    bool in_string = false;
    for (size_t i = 0; i < n; i++) {
        if (in_string) {
            in_string = text[i] != '"';
            i += text[i] == '\\';
            continue;
        }
        in_string = text[i] == '"';
        if (text[i] != '/')
            continue;
        bool is_line = text[i + 1] == '/';
        text[i++] = ' ';
        text[i++] = ' ';
        while (i < n && (is_line ? text[i] != '\n' && text[i] != '\r' : text[i] != '*' || text[i + 1] != '/'))
            text[i++] = ' ';
        if (i < n && !is_line) {
            text[i++] = ' ';
            text[i] = ' ';
        }
    }
}

/* cJSON knows no comments, and where a tree is made faults are those that a mere check finds. */
static void compare_readers(const struct json *tree, struct str text, struct arena *a, struct diags *d)
{
    char *copy = arena_new(a, char, text.n + 1);
    memcpy(copy, text.s, text.n);
    blank_comments(copy, text.n);
    bool is_sound = json_scan_check(STR("in.json"), text, a, d);
    assert(is_sound);
    cJSON *theirs = cJSON_ParseWithLengthOpts(copy, text.n, NULL, 0);
    assert(theirs);
    assert_as_read(tree, theirs);
    cJSON_Delete(theirs);
}

/* The readers' getters must cope with any member. */
static void read_all(const struct json *value, struct arena *a, struct diags *d)
{
    static const char *const WORDS[] = {"none", "optional", "required", NULL};
    struct json_reader r;
    struct str s;
    struct decimal decimal;
    double n;
    bool yes;
    size_t index;
    if (value->kind != JSON_OBJECT || !json_reader_open(&r, value, STR("root"), a, d))
        return;
    json_string_required(&r, "title", &s);
    json_number(&r, "n", JSON_POSITIVE, 100, &n);
    json_bool(&r, "yes", &yes);
    json_choice(&r, "need", WORDS, &index);
    json_decimal(&r, "usd", &decimal);
    json_reader_close(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct strbuf out = STRBUF_INIT;
    struct str text = {(const char *)data, size};
    const struct json *tree = json_parse(STR("in.json"), text, a, d);

    assert((tree != NULL) == (diags_errors(d) == 0));
    if (tree) {
        struct json_out j;
        json_out_init(&j, &out);
        json_put_tree(&j, tree);
        const struct json *again = json_parse(STR("out.json"), strbuf_str(&out), a, d);
        assert(again);
        assert_same(tree, again);
        read_all(tree, a, d);
        compare_readers(tree, text, a, d);
    }
    strbuf_clear(&out);
    diags_sort(d);
    diags_print(d, &out, true);
    strbuf_release(&out);
    arena_destroy(a);
    return 0;
}
