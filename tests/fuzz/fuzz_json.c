/*
 * JSON from bytes: whatever they are, the parser ends with a tree or with a diagnostic; a tree
 * written again reads as the same tree; diagnostics can be printed.
 */
#include "base/arena.h"
#include "base/diag.h"
#include "base/strbuf.h"
#include "source/json.h"
#include "source/json_out.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void assert_same(const struct json *a, const struct json *b)
{
    assert(a->kind == b->kind && a->count == b->count && a->boolean == b->boolean);
    assert(str_equal(a->string, b->string) && str_equal(a->key, b->key));
    assert(a->where.offset + a->where.length <= a->where.text.n);
    const struct json *x = a->child, *y = b->child;
    for (; x && y; x = x->next, y = y->next)
        assert_same(x, y);
    assert(!x && !y);
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
    } else {
        for (size_t i = 0; i < diags_count(d); i++) // our scanner and cJSON agree on what JSON is
            assert(!str_is(diags_get(d, i)->message, "the JSON parser ran out of memory"));
    }
    strbuf_clear(&out);
    diags_sort(d);
    diags_print(d, &out, true);
    strbuf_release(&out);
    arena_destroy(a);
    return 0;
}
