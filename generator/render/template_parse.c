#include "base/arena.h"
#include "base/strbuf.h"
#include "render/template_op.h"

#include <assert.h>
#include <string.h>

/*
 * Three passes. Tokens: tags, and text cut at the line ends. Lines: which tags stand alone on
 * theirs, so that the line goes. Operations: the tree, with nesting checked.
 */

#define TEXT 't'
#define VALUE 'v' // the other kinds of token are their sigils, with '&' for '{' too

/* Offsets are kept in 32 bits. */
#define FILE_MAX ((size_t)16 << 20)

struct token {
    char kind;
    bool is_dynamic;
    bool is_dropped; // white space of a line that goes
    bool owns_line;
    size_t from, to; // span in the source
    struct str name; // of a tag
    struct str indent;
};

struct open {
    size_t op;
    char kind;
    struct str name;
    struct str strip; // indentation that the lines of this body lose
};

struct parser {
    struct template *t;
    bool is_strict;
    struct arena *a;
    struct diags *d;
    struct token *tokens;
    size_t token_count, token_capacity;
    size_t op_capacity;
    struct open open[TEMPLATE_MAX_NESTING];
    size_t depth;
    struct strbuf literal; // text that waits to become one OP_TEXT
    size_t literal_from;
    bool literal_starts_line;
    bool in_url;      // between href=" and the first thing that must follow
    size_t url_depth; // sections open where that began
};

static struct where place(const struct parser *p, size_t from, size_t to)
{
    return (struct where){p->t->path, p->t->text, from, to - from};
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* ---- tokens ----------------------------------------------------------------------------------- */

static struct token *add_token(struct parser *p, char kind, size_t from, size_t to)
{
    if (p->token_count == p->token_capacity)
        p->tokens = arena_grow(p->a, struct token, p->tokens, p->token_count, &p->token_capacity);
    struct token *token = &p->tokens[p->token_count++];
    *token = (struct token){.kind = kind, .from = from, .to = to};
    return token;
}

static void add_text(struct parser *p, size_t from, size_t to)
{
    while (from < to) {
        const char *newline = memchr(p->t->text.s + from, '\n', to - from);
        size_t end = newline ? (size_t)(newline - p->t->text.s) + 1 : to;
        add_token(p, TEXT, from, end);
        from = end;
    }
}

static size_t find_from(struct str text, size_t from, struct str needle)
{
    return from + str_find(str_slice(text, from, text.n), needle);
}

/* "=<% %>=": new delimiters. */
static bool set_delimiters(struct parser *p, struct str content, const struct token *tag,
                           struct str *open, struct str *close)
{
    struct str first, rest;
    content = str_trim(content);
    for (first.n = 0, first.s = content.s; first.n < content.n && !is_space(content.s[first.n]);)
        first.n++;
    rest = str_trim(str_slice(content, first.n, content.n));
    bool is_bad = first.n == 0 || rest.n == 0;
    for (size_t i = 0; i < content.n; i++)
        is_bad = is_bad || content.s[i] == '=' ||
                 (i >= content.n - rest.n && is_space(content.s[i]));
    if (is_bad) {
        diag_error(p->d, place(p, tag->from, tag->to), "write two of them: {{=<% %>=}}",
                   "wrong delimiters");
        return false;
    }
    *open = first;
    *close = rest;
    return true;
}

/* The name in a tag: trimmed, not empty, without blanks. */
static bool take_name(struct parser *p, struct token *tag, struct str content)
{
    struct str name = str_trim(content);
    bool may_be_dynamic = tag->kind == '>' || tag->kind == '<' || tag->kind == '/';
    if (may_be_dynamic && name.n > 1 && name.s[0] == '*') {
        tag->is_dynamic = true;
        name = str_trim(str_slice(name, 1, name.n));
    }
    for (size_t i = 0; i < name.n; i++) {
        if (is_space(name.s[i])) {
            diag_error(p->d, place(p, tag->from, tag->to), NULL, "blank in the name of a tag");
            return false;
        }
    }
    if (name.n == 0) {
        diag_error(p->d, place(p, tag->from, tag->to), NULL, "tag without a name");
        return false;
    }
    tag->name = name;
    return true;
}

static bool tokenize(struct parser *p)
{
    struct str text = p->t->text, open = STR("{{"), close = STR("}}");
    size_t at = 0;
    bool ok = true;

    for (;;) {
        size_t start = find_from(text, at, open);
        add_text(p, at, start);
        if (start >= text.n)
            return ok;
        size_t body = start + open.n;
        while (body < text.n && is_space(text.s[body]))
            body++;
        char sigil = body < text.n ? text.s[body] : '\0';
        bool has_sigil = sigil != '\0' && strchr("#^/!={&><$", sigil) != NULL;
        struct strbuf ending = STRBUF_INIT; // "}}}" for "{{{", "=}}" for "{{="
        if (sigil == '{' || sigil == '=')
            strbuf_addc(&ending, sigil == '{' ? '}' : '=');
        strbuf_add(&ending, close);
        body += has_sigil;
        size_t end = find_from(text, body, strbuf_str(&ending));
        size_t next = end + ending.n;
        strbuf_release(&ending);
        if (end >= text.n) {
            diag_error(p->d, place(p, start, start + open.n), "close it with }}, or }}} after {{{",
                       "tag is not closed");
            return false;
        }
        char kind = !has_sigil ? VALUE : sigil == '{' ? '&' : sigil;
        struct token *tag = add_token(p, kind, start, next);
        struct str content = str_slice(text, body, end);
        if (sigil == '=')
            ok = set_delimiters(p, content, tag, &open, &close) && ok;
        else if (sigil != '!')
            ok = take_name(p, tag, content) && ok;
        at = next;
    }
}

/* ---- lines ------------------------------------------------------------------------------------ */

static struct str token_text(const struct parser *p, const struct token *token)
{
    return str_slice(p->t->text, token->from, token->to);
}

static struct str leading_blanks(struct str text)
{
    size_t n = 0;
    while (n < text.n && (text.s[n] == ' ' || text.s[n] == '\t'))
        n++;
    return str_slice(text, 0, n);
}

static size_t line_end(const struct parser *p, size_t from)
{
    for (size_t i = from; i < p->token_count; i++) {
        const struct token *token = &p->tokens[i];
        if (token->kind == TEXT && p->t->text.s[token->to - 1] == '\n')
            return i + 1;
    }
    return p->token_count;
}

/* Behind the tag that closes tokens[at], or `end` where it is not closed before. */
static size_t skip_body(const struct parser *p, size_t at, size_t end)
{
    size_t depth = 0;
    for (size_t i = at; i < end; i++) {
        char kind = p->tokens[i].kind;
        if (kind == '#' || kind == '^' || kind == '<' || kind == '$')
            depth++;
        else if (kind == '/' && --depth == 0)
            return i + 1;
    }
    return end;
}

/*
 * Does the line consist of tags that print nothing themselves, and of white space? A partial stands
 * alone only if it does so by itself. With `past_parents` what is inside of a parent that opens and
 * closes on the line is not looked at.
 */
static bool is_standalone(const struct parser *p, size_t from, size_t to, bool past_parents)
{
    size_t tags = 0, partials = 0;
    for (size_t i = from; i < to; i++) {
        const struct token *token = &p->tokens[i];
        if (token->kind == TEXT) {
            if (str_trim(token_text(p, token)).n > 0)
                return false;
            continue;
        }
        if (token->kind == VALUE || token->kind == '&')
            return false;
        tags++;
        partials += token->kind == '>';
        if (past_parents && token->kind == '<')
            i = skip_body(p, i, to) - 1;
    }
    return tags > 0 && (partials == 0 || tags == 1);
}

static void mark_lines(struct parser *p)
{
    for (size_t from = 0, to; from < p->token_count; from = to) {
        to = line_end(p, from);
        bool whole = is_standalone(p, from, to, false);
        if (!whole && !is_standalone(p, from, to, true))
            continue;
        struct str indent = {NULL, 0};
        if (p->tokens[from].kind == TEXT)
            indent = leading_blanks(token_text(p, &p->tokens[from]));
        for (size_t i = from; i < to; i++) {
            struct token *token = &p->tokens[i];
            token->is_dropped = token->kind == TEXT;
            token->owns_line = token->kind != TEXT;
            token->indent = indent;
            if (!whole && token->kind == '<')
                i = skip_body(p, i, to) - 1;
        }
    }
}

/* ---- operations ------------------------------------------------------------------------------- */

static struct op *add_op(struct parser *p, enum op_kind kind, size_t from, size_t to)
{
    struct template *t = p->t;
    if (t->count == p->op_capacity)
        t->ops = arena_grow(p->a, struct op, t->ops, t->count, &p->op_capacity);
    struct op *op = &t->ops[t->count++];
    memset(op, 0, sizeof *op);
    op->kind = kind;
    op->offset = (uint32_t)from;
    op->length = (uint32_t)(to - from);
    op->end = (uint32_t)t->count;
    return op;
}

static void flush_literal(struct parser *p)
{
    if (p->literal.n == 0)
        return;
    struct op *op = add_op(p, OP_TEXT, p->literal_from, p->literal_from);
    op->text = strbuf_copy(&p->literal, p->a);
    op->starts_line = p->literal_starts_line;
    strbuf_clear(&p->literal);
}

static const struct open *innermost(const struct parser *p)
{
    return p->depth > 0 ? &p->open[p->depth - 1] : NULL;
}

static struct str current_strip(const struct parser *p)
{
    return p->depth > 0 ? p->open[p->depth - 1].strip : (struct str){NULL, 0};
}

/* `text` without what it has in common with `prefix` at the front. */
static struct str without_prefix(struct str text, struct str prefix)
{
    size_t n = 0;
    while (n < text.n && n < prefix.n && text.s[n] == prefix.s[n])
        n++;
    return str_slice(text, n, text.n);
}

/* Follows the literal text into and out of attributes that hold addresses. */
static void watch_urls(struct parser *p, struct str text)
{
    static const char *const ATTRIBUTES[] = {"href", "src", "action", "formaction", "poster"};
    char quote = text.s[text.n - 1];
    struct str head = str_slice(text, 0, text.n - 1);

    if (p->in_url && memchr(text.s, '"', text.n) == NULL && memchr(text.s, '\'', text.n) == NULL) {
        // text in a section inside of the attribute may be absent: the next value may still be first
        p->in_url = p->depth > p->url_depth;
        return;
    }
    p->in_url = false;
    if ((quote != '"' && quote != '\'') || !str_ends(head, STR("=")))
        return;
    head.n--;
    for (size_t i = 0; i < sizeof ATTRIBUTES / sizeof *ATTRIBUTES; i++) {
        struct str name = str_of(ATTRIBUTES[i]);
        if (head.n >= name.n &&
            str_equal(str_lower(p->a, str_slice(head, head.n - name.n, head.n)), name))
            p->in_url = true;
    }
    p->url_depth = p->depth;
}

static void build_text(struct parser *p, const struct token *token, bool *at_line_start)
{
    struct str text = token_text(p, token);
    const struct open *inside = innermost(p);
    if (inside && inside->kind == '<') {
        if (p->is_strict && str_trim(text).n > 0)
            diag_error(p->d, place(p, token->from, token->to), "put it into a {{$block}}",
                       "text between {{<%.*s}} and its end is not printed", STR_ARG(inside->name));
        return;
    }
    if (*at_line_start)
        text = without_prefix(text, str_slice(current_strip(p), 0, leading_blanks(text).n));
    if (text.n == 0)
        return;
    if (p->literal.n == 0) {
        p->literal_from = token->from;
        p->literal_starts_line = *at_line_start;
    }
    strbuf_add(&p->literal, text);
    *at_line_start = false;
    if (p->t->escape == ESCAPE_HTML || p->t->escape == ESCAPE_XML)
        watch_urls(p, text);
}

static bool split_name(struct parser *p, const struct token *tag, struct op_name *out)
{
    struct str rest = tag->name, part;
    size_t count = 1;
    out->whole = tag->name;
    if (str_is(tag->name, "."))
        return true;
    for (size_t i = 0; i < rest.n; i++)
        count += rest.s[i] == '.';
    out->parts = arena_new(p->a, struct value_key, count);
    for (bool more = true; more;) {
        more = str_cut(rest, '.', &part, &rest);
        if (part.n == 0) {
            diag_error(p->d, place(p, tag->from, tag->to), NULL, "empty part in the name \"%.*s\"",
                       STR_ARG(tag->name));
            return false;
        }
        out->parts[out->count++] = value_key(part);
    }
    return true;
}

/* Indentation of the content of a block whose opening tag (at `at`) stands alone: that of the first
 * line that is not blank; of the tag itself where there is none. */
static struct str block_indent(const struct parser *p, size_t at)
{
    size_t i = line_end(p, at);
    struct str blanks = {NULL, 0};
    if (at + 1 < p->token_count && p->tokens[at + 1].kind == '/')
        return p->tokens[at].indent;
    while (i < p->token_count && p->tokens[i].kind == TEXT &&
           str_trim(token_text(p, &p->tokens[i])).n == 0 &&
           p->t->text.s[p->tokens[i].to - 1] == '\n')
        i++;
    if (i < p->token_count && p->tokens[i].kind == TEXT) {
        blanks = leading_blanks(token_text(p, &p->tokens[i]));
        if (blanks.n < p->tokens[i].to - p->tokens[i].from)
            return blanks;
        i++;
    }
    if (i < p->token_count && p->tokens[i].kind == '/')
        return p->tokens[at].indent;
    return blanks;
}

static bool build_open(struct parser *p, size_t at)
{
    const struct token *tag = &p->tokens[at];

    static const enum op_kind KINDS[] = {
        ['#'] = OP_SECTION, ['^'] = OP_INVERTED, ['<'] = OP_PARENT, ['$'] = OP_BLOCK};

    if (p->depth == TEMPLATE_MAX_NESTING) {
        diag_error(p->d, place(p, tag->from, tag->to), NULL, "tags nested deeper than %d levels",
                   TEMPLATE_MAX_NESTING);
        return false;
    }
    struct op *op = add_op(p, KINDS[(unsigned char)tag->kind], tag->from, tag->to);
    struct open *open = &p->open[p->depth];
    *open = (struct open){p->t->count - 1, tag->kind, tag->name, current_strip(p)};
    op->text = tag->name;
    op->owns_line = tag->owns_line;
    op->is_dynamic = tag->is_dynamic;
    op->escape = p->t->escape;
    if (tag->kind == '<') {
        op->indent = without_prefix(tag->indent, open->strip);
    } else if (tag->kind == '$' && tag->owns_line) {
        struct str indent = block_indent(p, at);
        op->indent = without_prefix(indent, open->strip);
        open->strip = indent;
    }
    p->depth++;
    if (tag->kind == '#' || tag->kind == '^' || tag->is_dynamic)
        return split_name(p, tag, &op->name);
    return true;
}

static bool build_close(struct parser *p, const struct token *tag)
{
    size_t match = p->depth;
    while (match > 0 && !str_equal(p->open[match - 1].name, tag->name))
        match--;
    if (match == 0) {
        const struct open *inside = innermost(p);
        const char *hint = NULL;
        if (inside)
            hint = str_cstring(p->a, str_printf(p->a, "the innermost open tag is {{%c%.*s}}",
                                                inside->kind, STR_ARG(inside->name)));
        diag_error(p->d, place(p, tag->from, tag->to), hint, "{{/%.*s}} closes nothing",
                   STR_ARG(tag->name));
        return false;
    }
    bool ok = match == p->depth;
    for (; p->depth > match; p->depth--) {
        const struct open *left = innermost(p);
        const struct op *op = &p->t->ops[left->op];
        diag_error(p->d, place(p, op->offset, op->offset + op->length), NULL,
                   "{{%c%.*s}} is not closed before {{/%.*s}}", left->kind, STR_ARG(left->name),
                   STR_ARG(tag->name));
    }
    struct op *op = &p->t->ops[p->open[--p->depth].op];
    op->end = (uint32_t)p->t->count;
    op->ends_line = tag->owns_line;
    return ok;
}

static bool build_tag(struct parser *p, size_t at)
{
    const struct token *tag = &p->tokens[at];
    const struct open *inside = innermost(p);
    bool ok = true;

    if (p->is_strict && inside && inside->kind == '<' && tag->kind != '$' && tag->kind != '/') {
        diag_error(p->d, place(p, tag->from, tag->to), "put it into a {{$block}}",
                   "tag between {{<%.*s}} and its end is not printed", STR_ARG(inside->name));
        ok = false;
    }
    switch (tag->kind) {
    case '#':
    case '^':
    case '<':
    case '$': return build_open(p, at) && ok;
    case '/': return build_close(p, tag) && ok;
    case '>': {
        struct op *op = add_op(p, OP_PARTIAL, tag->from, tag->to);
        op->text = tag->name;
        op->owns_line = tag->owns_line;
        op->is_dynamic = tag->is_dynamic;
        op->indent = without_prefix(tag->indent, current_strip(p));
        return (!tag->is_dynamic || split_name(p, tag, &op->name)) && ok;
    }
    default: {
        struct op *op = add_op(p, OP_VALUE, tag->from, tag->to);
        op->escape = tag->kind == '&' ? ESCAPE_RAW : p->in_url ? ESCAPE_URL : p->t->escape;
        return split_name(p, tag, &op->name) && ok;
    }
    }
}

static bool build_line(struct parser *p, size_t from, size_t to)
{
    bool ok = true, at_line_start = true;
    for (size_t i = from; i < to; i++) {
        const struct token *token = &p->tokens[i];
        if (token->is_dropped || token->kind == '!' || token->kind == '=')
            continue;
        if (token->kind == TEXT) {
            build_text(p, token, &at_line_start);
            continue;
        }
        flush_literal(p);
        if (at_line_start && !token->owns_line)
            add_op(p, OP_INDENT, token->from, token->from);
        at_line_start = false;
        ok = build_tag(p, i) && ok;
        if (!ok && p->depth == TEMPLATE_MAX_NESTING)
            return false; // what follows could not be matched
    }
    return ok;
}

bool template_parse(struct template *t, bool is_strict, struct arena *a, struct diags *d)
{
    struct parser p = {.t = t, .is_strict = is_strict, .a = a, .d = d};
    size_t errors = diags_errors(d);

    if (t->text.n > FILE_MAX) {
        diag_error(d, where_file(t->path), NULL, "template is longer than %u bytes",
                   (unsigned)FILE_MAX);
        return false;
    }
    if (!tokenize(&p))
        return false;
    mark_lines(&p);
    bool ok = true;
    for (size_t from = 0, to; ok && from < p.token_count; from = to) {
        to = line_end(&p, from);
        ok = build_line(&p, from, to) || p.depth < TEMPLATE_MAX_NESTING;
    }
    flush_literal(&p);
    strbuf_release(&p.literal);
    for (; ok && p.depth > 0; p.depth--) {
        const struct op *op = &t->ops[innermost(&p)->op];
        diag_error(d, template_where(t, op), NULL, "{{%c%.*s}} is not closed", innermost(&p)->kind,
                   STR_ARG(innermost(&p)->name));
    }
    return diags_errors(d) == errors;
}
