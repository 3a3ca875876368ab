/* Where a published report and a computed one part. */
#include "command/verify_parts.h"

#include "base/arena.h"
#include "base/strbuf.h"
#include "source/json.h"

#define VALUE_MAX ((size_t)120) /* bytes of a value that are shown */
#define CONTEXT_MAX ((size_t)60)

/* ---- JSON ---------------------------------------------------------------------------------------
 */

struct walk {
    struct arena *a;
    bool same_program;
    size_t compared;
    struct difference *out;
};

/* What a rebuild takes over, or knows of another day; what it says of the inputs is compared apart. */
static bool is_passed_over(struct str path)
{
    static const char *const PATHS[] = {"review_due",     "superseded_by",
                                        "inputs_sha256",  "inputs.policy_sha256",
                                        "inputs.program", "inputs.prices_day"};
    for (size_t i = 0; i < sizeof PATHS / sizeof *PATHS; i++)
        if (str_is(path, PATHS[i]))
            return true;
    return false;
}

static struct str shown(const struct json *value, struct arena *a)
{
    if (!value)
        return STR("absent");
    struct str text = str_slice(json_where(value).text, json_where(value).offset,
                                json_where(value).offset + json_where(value).length);
    if (value->kind == JSON_ARRAY || value->kind == JSON_OBJECT)
        return str_printf(a, "%s with %zu %s", json_kind_name(value->kind), value->count,
                          value->kind == JSON_ARRAY ? "items" : "members");
    return text.n <= VALUE_MAX ? text : str_printf(a, "%.*s ...", (int)VALUE_MAX, text.s);
}

static bool differ(struct walk *w, struct str path, struct str label, const struct json *published,
                   const struct json *computed)
{
    *w->out = (struct difference){str_copy(w->a, path), label, shown(published, w->a),
                                  shown(computed, w->a)};
    return false;
}

/* What a reader calls an entry: "aws-lambda", then "requests" within it. */
static struct str label_of(const struct json *object, struct str above, struct arena *a)
{
    static const char *const KEYS[] = {"id", "item", "sku", "variable", "rule", "part"};
    for (size_t i = 0; i < sizeof KEYS / sizeof *KEYS; i++) {
        const struct json *name = json_find(object, KEYS[i]);
        if (name && name->kind == JSON_STRING)
            return above.n > 0 ? str_printf(a, "%.*s, %.*s", STR_ARG(above), STR_ARG(name->string))
                               : name->string;
    }
    return above;
}

static bool same_leaf(const struct json *a, const struct json *b)
{
    switch (a->kind) {
    case JSON_NULL: return true;
    case JSON_BOOL: return a->boolean == b->boolean;
    case JSON_NUMBER: return a->number <= b->number && a->number >= b->number;
    case JSON_STRING: return str_equal(a->string, b->string);
    case JSON_ARRAY:
    case JSON_OBJECT: break;
    }
    return false;
}

static bool compare_values(struct walk *w, struct str path, struct str label,
                           const struct json *published, const struct json *computed);

static struct str below(struct walk *w, struct str path, struct str key)
{
    return path.n > 0 ? str_printf(w->a, "%.*s.%.*s", STR_ARG(path), STR_ARG(key)) : key;
}

static bool compare_objects(struct walk *w, struct str path, struct str label,
                            const struct json *published, const struct json *computed)
{
    label = label_of(published, label, w->a);
    for (const struct json *m = published->child; m; m = m->next) {
        struct arena_mark mark = arena_mark(w->a);
        struct str name = below(w, path, m->key);
        const struct json *other = json_find(computed, str_cstring(w->a, m->key));
        if (is_passed_over(name))
            continue;
        if (!other)
            return differ(w, name, label, m, NULL);
        if (!compare_values(w, name, label, m, other))
            return false;
        arena_rewind(w->a, mark);
    }
    /* Another version of the program may say more. */
    for (const struct json *m = computed->child; m && w->same_program; m = m->next)
        if (!json_find(published, str_cstring(w->a, m->key)) &&
            !is_passed_over(below(w, path, m->key)))
            return differ(w, below(w, path, m->key), label, NULL, m);
    return true;
}

static bool compare_arrays(struct walk *w, struct str path, struct str label,
                           const struct json *published, const struct json *computed)
{
    const struct json *p = published->child, *c = computed->child;
    for (size_t i = 0; p || c; i++) {
        struct str name = str_printf(w->a, "%.*s.%zu", STR_ARG(path), i);
        if (!p || !c)
            return differ(w, name, label_of(p ? p : c, label, w->a), p, c);
        if (!compare_values(w, name, label, p, c))
            return false;
        p = p->next;
        c = c->next;
    }
    return true;
}

static bool compare_values(struct walk *w, struct str path, struct str label,
                           const struct json *published, const struct json *computed)
{
    if (published->kind != computed->kind)
        return differ(w, path, label, published, computed);
    if (published->kind == JSON_OBJECT)
        return compare_objects(w, path, label, published, computed);
    if (published->kind == JSON_ARRAY)
        return compare_arrays(w, path, label, published, computed);
    w->compared++;
    return same_leaf(published, computed) || differ(w, path, label, published, computed);
}

bool compare_reports(const struct json *published, const struct json *computed, bool same_program,
                     struct arena *a, size_t *compared, struct difference *out)
{
    struct walk w = {.a = a, .same_program = same_program, .out = out};
    bool same = compare_values(&w, STR(""), STR(""), published, computed);
    *compared = w.compared;
    return same;
}

/* ---- pages --------------------------------------------------------------------------------------
 */

/* From an opening tag to its close, as slices of the page; the tags of our pages do not nest in
 * themselves where this is asked. */
static struct str element(struct str page, struct str open, struct str close)
{
    size_t start = str_find(page, open);
    struct str rest = str_slice(page, start, page.n);
    size_t end = str_find(rest, close);
    return str_slice(rest, 0, end + close.n);
}

/* What a tag says to those who cannot see. */
static void add_label(struct str tag, struct strbuf *out)
{
    size_t at = str_find(tag, STR(" aria-label=\""));
    if (at == tag.n)
        return;
    struct str value = str_slice(tag, at + sizeof " aria-label=\"" - 1, tag.n);
    strbuf_addc(out, ' ');
    strbuf_add(out, str_slice(value, 0, str_find(value, STR("\""))));
}

/* The text of markup, tags and style sheets gone, so that words and figures stand in a row. */
static void add_text(struct str markup, struct strbuf *out)
{
    for (size_t i = 0; i < markup.n;) {
        struct str rest = str_slice(markup, i, markup.n);
        if (markup.s[i] != '<') {
            size_t n = str_find(rest, STR("<"));
            strbuf_add(out, str_slice(rest, 0, n));
            i += n;
            continue;
        }
        bool is_data = str_starts(rest, STR("<style")) || str_starts(rest, STR("<script"));
        size_t end = str_find(rest, STR(">"));
        if (is_data)
            end = str_find(rest, STR("</"));
        bool is_inline = str_starts(rest, STR("<b>")) || str_starts(rest, STR("</b>")) ||
                         str_starts(rest, STR("<tspan")) || str_starts(rest, STR("</tspan"));
        add_label(str_slice(rest, 0, end), out);
        if (!is_inline)
            strbuf_addc(out, ' ');
        i += end < rest.n ? end + (is_data ? 2 : 1) : rest.n;
    }
}

/* Title, description and the text of <main>, with white space as single blanks. */
static struct str main_text(struct str page, bool without_notes, struct arena *a)
{
    struct strbuf raw = STRBUF_INIT, clean = STRBUF_INIT;
    struct str main = element(page, STR("<main"), STR("</main>"));
    struct str notes = element(main, STR("<section class=\"sec prose\" id=\"context\""),
                               STR("</section>"));
    add_text(element(page, STR("<title>"), STR("</title>")), &raw);
    struct str about = element(page, STR("<meta name=\"description\""), STR("/>"));
    strbuf_addc(&raw, ' ');
    if (about.n > 0) // its content is an attribute
        strbuf_add(&raw, str_slice(about, 1, about.n - 2));
    strbuf_addc(&raw, ' ');
    if (without_notes && notes.n > 0) {
        size_t at = (size_t)(notes.s - main.s);
        add_text(str_slice(main, 0, at), &raw);
        add_text(str_slice(main, at + notes.n, main.n), &raw);
    } else {
        add_text(main, &raw);
    }
    for (size_t i = 0; i < raw.n; i++) {
        bool is_space = raw.s[i] == ' ' || raw.s[i] == '\n' || raw.s[i] == '\t' || raw.s[i] == '\r';
        if (!is_space)
            strbuf_addc(&clean, raw.s[i]);
        else if (clean.n > 0 && clean.s[clean.n - 1] != ' ')
            strbuf_addc(&clean, ' ');
    }
    struct str text = strbuf_copy(&clean, a);
    strbuf_release(&raw);
    strbuf_release(&clean);
    return text;
}

/* The next word with a digit in it; false: there is none. *before: the words that lead to it. */
static bool next_figure(struct str text, size_t *at, struct str *figure, struct str *before)
{
    while (*at < text.n) {
        size_t start = *at, end = start;
        bool has_digit = false;
        while (end < text.n && text.s[end] != ' ') {
            has_digit = has_digit || (text.s[end] >= '0' && text.s[end] <= '9');
            end++;
        }
        *at = end + 1;
        if (!has_digit)
            continue;
        size_t from = start > CONTEXT_MAX ? start - CONTEXT_MAX : 0;
        while (from > 0 && from < start && text.s[from - 1] != ' ')
            from++;
        *figure = str_slice(text, start, end);
        *before = str_trim(str_slice(text, from, start));
        return true;
    }
    return false;
}

bool compare_pages(struct str published, struct str computed, bool without_notes, struct arena *a,
                   size_t *compared, struct difference *out)
{
    struct str left = main_text(published, without_notes, a);
    struct str right = main_text(computed, without_notes, a);
    size_t i = 0, k = 0;
    for (*compared = 0;; ++*compared) {
        struct str one, other, before = STR(""), there = STR("");
        bool has_one = next_figure(left, &i, &one, &before);
        bool has_other = next_figure(right, &k, &other, &there);
        if (!has_one && !has_other)
            return true;
        if (has_one && has_other && str_equal(one, other))
            continue;
        *out = (struct difference){has_one ? before : there, STR("on the page"),
                                   has_one ? one : STR("absent"),
                                   has_other ? other : STR("absent")};
        return false;
    }
}
