/*
 * Templates from bytes. The first byte selects the language and strictness; a zero byte separates
 * templates "a", "b" and "c" of the set, which may include one another. Compiling, linking,
 * checking, listing names and rendering must end, in bounded memory, with output or a diagnostic.
 * Where a strict template holds no '<' itself, the hostile data cannot bring one into a page.
 */
#include "base/arena.h"
#include "base/diag.h"
#include "base/strbuf.h"
#include "render/template.h"
#include "report/value.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const NAMES[][3] = {
    {"a.html", "b.html", "c.html"}, {"a.md", "b.md", "c.md"},    {"a.xml", "b.xml", "c.xml"},
    {"a.txt", "b.txt", "c.txt"},    {"a.csv", "b.csv", "c.csv"},
};

static const struct value *make_data(struct arena *a)
{
    struct value *root = value_object(a);
    struct value *list = value_set_list(root, "l");
    struct value *child = value_set_object(root, "o");
    value_set_puts(root, "x", "<script>&\"'|*_`\n- 1. x");
    value_set_puts(root, "n", "b");
    value_set_html(root, "h", STR("[h]"));
    value_set_bool(root, "t", true);
    value_set(root, "z", value_null());
    value_set_puts(child, "x", "javascript:<y>");
    value_set_puts(child, "p", "c");
    for (int i = 0; i < 3; i++)
        value_set_puts(value_append_object(list), "x", i == 1 ? "" : "<i>");
    value_append(list, value_puts(a, "<u>"));
    return root;
}

static void count_use(void *context, const struct template_use *use)
{
    size_t *count = context;
    assert(use->where.offset + use->where.length <= use->where.text.n);
    ++*count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    bool is_strict = data[0] & 0x80;
    const char *const *names = NAMES[(data[0] & 0x7f) % (sizeof NAMES / sizeof *NAMES)];
    struct templates *set = templates_new(a, is_strict);
    struct str rest = {(const char *)data + 1, size - 1}, text;
    const struct value *root = make_data(a);
    struct strbuf out = STRBUF_INIT;
    bool ok = true, more = true;
    size_t uses = 0;

    for (int i = 0; i < 3 && more; i++) {
        more = str_cut(rest, '\0', &text, &rest);
        ok = templates_add(set, str_of(names[i]), str_of(names[i]), text, d) && ok;
    }
    ok = templates_link(set, d) && ok;
    assert(ok == (diags_errors(d) == 0));
    if (ok) {
        out.maximum = (size_t)1 << 16;
        template_check(set, str_of(names[0]), root, d);
        template_names(set, str_of(names[0]), count_use, &uses);
        size_t errors = diags_errors(d);
        ok = template_render(set, str_of(names[0]), root, &out, d);
        assert(ok == (diags_errors(d) == errors));
        bool is_markup = names == NAMES[0] || names == NAMES[2];
        if (ok && is_markup && is_strict && !memchr(data, '<', size))
            assert(str_find(strbuf_str(&out), STR("<")) == out.n);
    }
    strbuf_release(&out);
    arena_destroy(a);
    return 0;
}
