#include "render/markdown.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/strbuf.h"
#include "render/escape.h"

#include <assert.h>
#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <stdlib.h>
#include <threads.h>

/* Raw HTML never gets as far as cmark's renderers, but they stay in their safe mode all the same. */
#define OPTIONS (CMARK_OPT_DEFAULT | CMARK_OPT_VALIDATE_UTF8)

struct headings {
    struct str *ids; /* in order of the document */
    size_t count, capacity;
};

struct cleaner {
    struct str path, text;
    int shift;
    struct str prefix;
    struct headings headings;
    struct arena *a;
    struct diags *d;
};

/* ---- places ----------------------------------------------------------------------------------- */

/* The line on which the node, or what it stands in, begins. */
static struct where where_of(const struct cleaner *c, cmark_node *node)
{
    int line = 0;
    for (; node && line <= 0; node = cmark_node_parent(node))
        line = cmark_node_get_start_line(node);
    struct str rest = c->text, current = {c->text.s, 0};
    for (int i = 0; i < line && str_next_line(&rest, &current); i++)
        continue;
    return (struct where){c->path, c->text, (size_t)(current.s - c->text.s), current.n};
}

static void warn(const struct cleaner *c, cmark_node *node, const char *hint, const char *message)
{
    diag_warning(c->d, where_of(c, node), hint, "%s", message);
}

/* ---- making the tree harmless ----------------------------------------------------------------- */

static cmark_node *new_node(cmark_node_type type)
{
    cmark_node *node = cmark_node_new(type);
    assert(node); // cmark ends the process when memory is exhausted
    return node;
}

/* Text with its line ends as soft breaks, put before `node`, or as the last children of `parent`. */
static void insert_text(const struct cleaner *c, struct str text, cmark_node *before,
                        cmark_node *parent)
{
    struct str line;
    for (bool first = true; str_next_line(&text, &line); first = false) {
        if (!first) {
            cmark_node *end = new_node(CMARK_NODE_SOFTBREAK);
            if (before)
                cmark_node_insert_before(before, end);
            else
                cmark_node_append_child(parent, end);
        }
        cmark_node *node = new_node(CMARK_NODE_TEXT);
        cmark_node_set_literal(node, str_cstring(c->a, str_trim(line)));
        if (before)
            cmark_node_insert_before(before, node);
        else
            cmark_node_append_child(parent, node);
    }
}

static bool is_comment(struct str html)
{
    html = str_trim(html);
    size_t end = str_find(html, STR("-->"));
    return str_starts(html, STR("<!--")) && end + 3 == html.n;
}

static void replace_html(const struct cleaner *c, cmark_node *node)
{
    struct str html = str_of(cmark_node_get_literal(node));
    bool is_block = cmark_node_get_type(node) == CMARK_NODE_HTML_BLOCK;
    if (!is_comment(html)) {
        warn(c, node, "write it in Markdown", "raw HTML is shown as text");
        if (is_block) {
            cmark_node *paragraph = new_node(CMARK_NODE_PARAGRAPH);
            insert_text(c, str_trim(html), NULL, paragraph);
            cmark_node_insert_before(node, paragraph);
        } else {
            insert_text(c, html, node, NULL);
        }
    }
    cmark_node_unlink(node);
    cmark_node_free(node);
}

/* Its children take the place of the node. */
static void unwrap(cmark_node *node)
{
    for (cmark_node *child; (child = cmark_node_first_child(node)) != NULL;)
        cmark_node_insert_before(node, child);
    cmark_node_unlink(node);
    cmark_node_free(node);
}

static bool is_in_link(cmark_node *node)
{
    for (node = cmark_node_parent(node); node; node = cmark_node_parent(node))
        if (cmark_node_get_type(node) == CMARK_NODE_LINK)
            return true;
    return false;
}

static bool is_elsewhere(struct str url)
{
    for (size_t i = 0; i < url.n && url.s[i] != '/' && url.s[i] != '?' && url.s[i] != '#'; i++)
        if (url.s[i] == ':')
            return true;
    return false;
}

/* cmark percent-encodes what url_is_safe, like browsers, would pass over at the front. */
static bool is_harmless(struct str url)
{
    return url_is_safe(url) && !(url.n > 0 && (unsigned char)url.s[0] <= 0x20);
}

static void clean_link(const struct cleaner *c, cmark_node *node)
{
    if (is_harmless(str_of(cmark_node_get_url(node))))
        return;
    warn(c, node, "link with http, https, mailto or a relative path", "link is shown as text");
    unwrap(node);
}

static void clean_image(const struct cleaner *c, cmark_node *node)
{
    struct str url = str_of(cmark_node_get_url(node));
    if (!is_harmless(url)) {
        warn(c, node, "use a picture with a relative path", "picture is shown as its text");
        unwrap(node);
        return;
    }
    if (!is_elsewhere(url))
        return;
    warn(c, node, "pages load nothing from other hosts; use a relative path",
         "picture is shown as a link");
    if (is_in_link(node)) {
        unwrap(node);
        return;
    }
    cmark_node *link = new_node(CMARK_NODE_LINK);
    cmark_node_set_url(link, cmark_node_get_url(node));
    if (!cmark_node_first_child(node))
        insert_text(c, url, NULL, link);
    for (cmark_node *child; (child = cmark_node_first_child(node)) != NULL;)
        cmark_node_append_child(link, child);
    cmark_node_insert_before(node, link);
    cmark_node_unlink(node);
    cmark_node_free(node);
}

/* ---- headings --------------------------------------------------------------------------------- */

static void add_words(struct strbuf *sb, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.s[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            strbuf_addc(sb, c);
        else if (sb->n > 0 && sb->s[sb->n - 1] != '-')
            strbuf_addc(sb, '-');
    }
}

static bool is_taken(const struct headings *h, struct str id)
{
    for (size_t i = 0; i < h->count; i++)
        if (str_equal(h->ids[i], id))
            return true;
    return false;
}

static void name_heading(struct cleaner *c, cmark_node *heading)
{
    struct headings *h = &c->headings;
    struct strbuf words = STRBUF_INIT;
    cmark_iter *iter = cmark_iter_new(heading);

    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        cmark_node_type type = cmark_node_get_type(node);
        if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE)
            add_words(&words, str_of(cmark_node_get_literal(node)));
        else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK)
            add_words(&words, STR(" "));
    }
    cmark_iter_free(iter);
    while (words.n > 0 && words.s[words.n - 1] == '-')
        words.n--;
    struct str base = words.n > 0 ? strbuf_copy(&words, c->a) : STR("section");
    strbuf_release(&words);

    struct str id = str_printf(c->a, "%.*s%.*s", STR_ARG(c->prefix), STR_ARG(base));
    for (int n = 2; is_taken(h, id); n++)
        id = str_printf(c->a, "%.*s%.*s-%d", STR_ARG(c->prefix), STR_ARG(base), n);
    if (h->count == h->capacity)
        h->ids = arena_grow(c->a, struct str, h->ids, h->count, &h->capacity);
    h->ids[h->count++] = id;
}

static void clean_heading(struct cleaner *c, cmark_node *node)
{
    int level = cmark_node_get_heading_level(node) + c->shift;
    cmark_node_set_heading_level(node, level > 6 ? 6 : level < 1 ? 1 : level);
    name_heading(c, node);
}

/* ---- the tree --------------------------------------------------------------------------------- */

/* Changing a node is safe when the walk is done with it: at its end, or at a leaf. */
static bool clean_tree(struct cleaner *c, cmark_node *document)
{
    cmark_iter *iter = cmark_iter_new(document);
    bool ok = true;
    int depth = 0;

    for (cmark_event_type event; ok && (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
        cmark_node *node = cmark_iter_get_node(iter);
        cmark_node_type type = cmark_node_get_type(node);
        if (type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE) {
            replace_html(c, node);
            continue;
        }
        bool is_leaf = type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE ||
                       type == CMARK_NODE_CODE_BLOCK || type == CMARK_NODE_SOFTBREAK ||
                       type == CMARK_NODE_LINEBREAK || type == CMARK_NODE_THEMATIC_BREAK;
        if (is_leaf)
            continue;
        depth += event == CMARK_EVENT_ENTER ? 1 : -1;
        if (depth > MARKDOWN_MAX_DEPTH) {
            diag_error(c->d, where_of(c, node), NULL, "Markdown nested deeper than %d levels",
                       MARKDOWN_MAX_DEPTH);
            ok = false;
        } else if (event == CMARK_EVENT_EXIT) {
            if (type == CMARK_NODE_LINK)
                clean_link(c, node);
            else if (type == CMARK_NODE_IMAGE)
                clean_image(c, node);
            else if (type == CMARK_NODE_HEADING)
                clean_heading(c, node);
        }
    }
    cmark_iter_free(iter);
    return ok;
}

static const char *const EXTENSIONS[] = {"table", "strikethrough", "autolink", "tasklist"};

static once_flag extensions_registered = ONCE_FLAG_INIT; // the library keeps them in a global list

/* Parses and cleans, then calls `render` on the tree; NULL, with a diagnostic, where that failed. */
static char *render_clean(struct cleaner *c,
                          char *(*render)(cmark_node *document, cmark_parser *parser))
{
    if (c->text.n > MARKDOWN_MAX_BYTES) {
        diag_error(c->d, where_file(c->path), NULL, "Markdown is longer than %u bytes",
                   (unsigned)MARKDOWN_MAX_BYTES);
        return NULL;
    }
    call_once(&extensions_registered, cmark_gfm_core_extensions_ensure_registered);
    cmark_parser *parser = cmark_parser_new(OPTIONS);
    for (size_t i = 0; i < sizeof EXTENSIONS / sizeof *EXTENSIONS; i++)
        cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension(EXTENSIONS[i]));
    if (c->text.n > 0)
        cmark_parser_feed(parser, c->text.s, c->text.n);
    cmark_node *document = cmark_parser_finish(parser);
    char *rendered = clean_tree(c, document) ? render(document, parser) : NULL;
    cmark_node_free(document);
    cmark_parser_free(parser);
    return rendered;
}

/* ---- HTML ------------------------------------------------------------------------------------- */

static char *render_html(cmark_node *document, cmark_parser *parser)
{
    return cmark_render_html(document, OPTIONS, cmark_parser_get_syntax_extensions(parser));
}

/*
 * What cmark cannot say: ids of headings, labels, classes instead of the obsolete align attribute.
 * All text is escaped by now, so a '<' begins a tag of cmark's own, in the order of the tree.
 */
static const struct edit {
    const char *from, *to;
} EDITS[] = {
    {"<td align=\"", "<td class=\"align-"},
    {"<th align=\"", "<th class=\"align-"},
    {"<input type=\"checkbox\" checked=\"\"",
     "<input type=\"checkbox\" aria-label=\"done\" checked=\"\""},
    {"<input type=\"checkbox\" disabled", "<input type=\"checkbox\" aria-label=\"open\" disabled"},
    {"<pre>", "<pre tabindex=\"0\">"}, // what scrolls must be reachable by keyboard
    {"</table>", "</table>\n</div>"},
};

static size_t edit_tag(struct strbuf *sb, struct str rest, const struct headings *h,
                       size_t *heading, size_t *table)
{
    for (size_t i = 0; i < sizeof EDITS / sizeof *EDITS; i++) {
        struct str from = str_of(EDITS[i].from);
        if (str_starts(rest, from)) {
            strbuf_adds(sb, EDITS[i].to);
            return from.n;
        }
    }
    if (str_starts(rest, STR("<table>"))) {
        strbuf_addf(sb,
                    "<div class=\"scroll\" role=\"region\" aria-label=\"Table %zu\" "
                    "tabindex=\"0\">\n<table>",
                    ++*table);
        return 7;
    }
    if (rest.n > 3 && rest.s[1] == 'h' && rest.s[2] >= '1' && rest.s[2] <= '6' &&
        rest.s[3] == '>') {
        assert(*heading < h->count);
        strbuf_addf(sb, "<h%c id=\"%.*s\">", rest.s[2], STR_ARG(h->ids[*heading]));
        ++*heading;
        return 4;
    }
    strbuf_addc(sb, '<');
    return 1;
}

static struct str edit_html(const struct cleaner *c, struct str html)
{
    struct strbuf edited = STRBUF_INIT, clean = STRBUF_INIT;
    size_t heading = 0, table = 0;
    for (struct str rest = html; rest.n > 0;) {
        size_t n = str_find(rest, STR("<"));
        strbuf_add(&edited, str_slice(rest, 0, n));
        rest = str_slice(rest, n, rest.n);
        if (rest.n > 0)
            rest = str_slice(rest, edit_tag(&edited, rest, &c->headings, &heading, &table), rest.n);
    }
    escape_controls(&clean, strbuf_str(&edited)); // "&#1;" has become that character
    struct str result = strbuf_copy(&clean, c->a);
    strbuf_release(&edited);
    strbuf_release(&clean);
    return result;
}

bool markdown_html(struct str path, struct str text, int shift, const char *prefix, struct arena *a,
                   struct str *html, struct diags *d)
{
    struct cleaner c = {path, text, shift, str_of(prefix), {NULL, 0, 0}, a, d};
    char *rendered = render_clean(&c, render_html);
    if (!rendered)
        return false;
    *html = edit_html(&c, str_of(rendered));
    free(rendered);
    return true;
}

/* ---- Markdown --------------------------------------------------------------------------------- */

static char *render_markdown(cmark_node *document, cmark_parser *parser)
{
    (void)parser;
    return cmark_render_commonmark(document, OPTIONS, 0);
}

bool markdown_clean(struct str path, struct str text, int shift, struct arena *a,
                    struct str *markdown, struct diags *d)
{
    struct cleaner c = {path, text, shift, {NULL, 0}, {NULL, 0, 0}, a, d};
    char *rendered = render_clean(&c, render_markdown);
    if (!rendered)
        return false;
    struct strbuf clean = STRBUF_INIT;
    escape_controls(&clean, str_of(rendered));
    *markdown = strbuf_copy(&clean, a);
    strbuf_release(&clean);
    free(rendered);
    return true;
}
