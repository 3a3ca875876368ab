#include "render/xmlcheck.h"

#include "base/arena.h"
#include "render/wellformed.h"

#include <assert.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>

struct check {
    struct str path, text;
    struct arena *a;
    struct page_links *links; /* or NULL */
    struct diags *d;
    xmlParserCtxtPtr parser;
};

static once_flag library_ready = ONCE_FLAG_INIT; // libxml2 wants it done once, before any thread

static struct str str_of_xml(const xmlChar *s)
{
    return str_of((const char *)s);
}

/* libxml2 counts lines and columns (in bytes) from 1. */
static struct where where_of_error(const struct check *c, const xmlError *error)
{
    struct str rest = c->text, line = {c->text.s, 0};
    for (int i = 0; i < error->line && str_next_line(&rest, &line); i++)
        continue;
    size_t column = error->int2 > 0 ? (size_t)error->int2 - 1 : 0;
    if (column > line.n)
        column = line.n;
    size_t offset = line.s ? (size_t)(line.s - c->text.s) + column : 0;
    return (struct where){c->path, c->text, offset, offset < c->text.n ? 1 : 0};
}

/* "Opening and ending tag mismatch: p line 3 and div" as our messages are: one line, lower case. */
static struct str tidy(struct arena *a, const char *message)
{
    struct str text = str_trim(str_of(message));
    char *s = arena_new(a, char, text.n + 1);
    for (size_t i = 0; i < text.n; i++) {
        char c = text.s[i];
        if (c == '\n')
            c = ' ';
        if (i == 0 && c >= 'A' && c <= 'Z' && text.n > 1 && text.s[1] >= 'a' && text.s[1] <= 'z')
            c = (char)(c - 'A' + 'a');
        s[i] = c;
    }
    return (struct str){s, text.n};
}

/* The library's type of this handler has a pointer that is not const. */
static void on_error(void *user, xmlErrorPtr error)
{
    struct check *c = ((xmlParserCtxtPtr)user)->_private;
    const char *hint = NULL;
    if (error->level == XML_ERR_WARNING || !error->message)
        return;
    if (error->code == XML_ERR_UNDECLARED_ENTITY || error->code == XML_WAR_UNDECLARED_ENTITY)
        hint = "write the character itself, in UTF-8";
    diag_error(c->d, where_of_error(c, error), hint, "not well-formed: %.*s",
               STR_ARG(tidy(c->a, error->message)));
}

/* The tag whose end has just been read. '<' cannot stand inside of it. */
static struct where where_of_tag(const struct check *c)
{
    long at = xmlByteConsumed(c->parser);
    size_t end = at < 0 ? 0 : (size_t)at, from;
    if (end > c->text.n)
        end = c->text.n;
    from = end;
    while (from > 0 && c->text.s[from] != '<')
        from--;
    return (struct where){c->path, c->text, from, end - from};
}

/* Without this libxml2 would expand the page's own entities, and read files for external ones. */
static void on_entity(void *user, const xmlChar *name, int type, const xmlChar *public_id,
                      const xmlChar *system_id, xmlChar *content)
{
    struct check *c = ((xmlParserCtxtPtr)user)->_private;
    (void)name, (void)type, (void)public_id, (void)system_id, (void)content;
    diag_error(c->d, where_of_tag(c), "pages are HTML5: <!DOCTYPE html>",
               "not well-formed: entities may not be declared");
    xmlStopParser(c->parser);
}

static void add_link(struct check *c, const struct page_link *link)
{
    struct page_links *l = c->links;
    if (l->link_count == l->link_capacity)
        l->links = arena_grow(c->a, struct page_link, l->links, l->link_count, &l->link_capacity);
    l->links[l->link_count++] = *link;
}

static void add_id(struct check *c, struct str id, struct where where)
{
    struct page_links *l = c->links;
    if (l->id_count == l->id_capacity)
        l->ids = arena_grow(c->a, struct page_id, l->ids, l->id_count, &l->id_capacity);
    l->ids[l->id_count++] = (struct page_id){id, where};
}

/* Attributes come in fives: name, prefix, namespace, beginning and end of the value. */
static struct str attribute_value(const struct check *c, const xmlChar **attribute)
{
    struct str raw = {(const char *)attribute[3], (size_t)(attribute[4] - attribute[3])};
    return str_copy(c->a, raw);
}

static void on_element(void *user, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                       int namespace_count, const xmlChar **namespaces, int attribute_count,
                       int defaulted_count, const xmlChar **attributes)
{
    struct check *c = ((xmlParserCtxtPtr)user)->_private;
    struct page_link link = {0};
    bool has_where = false;
    (void)prefix, (void)uri, (void)namespace_count, (void)namespaces, (void)defaulted_count;

    for (int i = 0; i < attribute_count; i++) {
        const xmlChar **attribute = attributes + (ptrdiff_t)5 * i;
        struct str key = str_of_xml(attribute[0]);
        bool is_href = str_is(key, "href"), is_src = str_is(key, "src");
        bool is_id = str_is(key, "id") && !attribute[1];
        if (str_is(key, "rel"))
            link.rel = attribute_value(c, attribute);
        if (!is_href && !is_src && !is_id)
            continue;
        if (!has_where)
            link.where = where_of_tag(c);
        has_where = true;
        if (is_id) {
            add_id(c, attribute_value(c, attribute), link.where);
        } else {
            link.kind = is_src ? PAGE_SRC : PAGE_HREF;
            link.element = str_copy(c->a, str_of_xml(name));
            link.address = attribute_value(c, attribute);
        }
    }
    if (link.element.n > 0)
        add_link(c, &link);
}

static int compare_ids(const void *left, const void *right)
{
    const struct page_id *a = left, *b = right;
    int order = str_compare(a->id, b->id);
    if (order != 0)
        return order;
    return a->where.offset < b->where.offset ? -1 : a->where.offset > b->where.offset;
}

static void report_duplicates(struct check *c)
{
    size_t n = c->links->id_count;
    struct page_id *sorted = arena_new(c->a, struct page_id, n);
    if (n > 0)
        memcpy(sorted, c->links->ids, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, compare_ids);
    for (size_t i = 1; i < n; i++)
        if (str_equal(sorted[i].id, sorted[i - 1].id))
            diag_error(c->d, sorted[i].where, NULL, "id \"%.*s\" stands in the page twice",
                       STR_ARG(sorted[i].id));
}

bool xml_check(struct str path, struct str text, struct arena *a, struct page_links *links,
               struct diags *d)
{
    if (!links && is_plainly_wellformed(text))
        return true;
    struct check c = {path, text, a, links, d, NULL};
    size_t errors = diags_errors(d);
    xmlSAXHandler handler = {
        .initialized = XML_SAX2_MAGIC, .serror = on_error, .entityDecl = on_entity};

    if (text.n == 0 || text.n > INT_MAX) {
        diag_error(d, where_file(path), NULL, "not well-formed: %s",
                   text.n == 0 ? "it is empty" : "it is too long");
        return false;
    }
    call_once(&library_ready, xmlInitParser);
    c.parser = xmlCreateMemoryParserCtxt(text.s, (int)text.n);
    if (!c.parser) {
        diag_error(d, where_file(path), NULL, "the XML parser ran out of memory");
        return false;
    }
    if (links)
        handler.startElementNs = on_element;
    *c.parser->sax = handler;
    c.parser->_private = &c;
    // NOENT: "&amp;" in an attribute arrives as '&'. There are no other entities, see on_entity.
    xmlCtxtUseOptions(c.parser, XML_PARSE_NONET | XML_PARSE_NOENT);
    xmlParseDocument(c.parser);
    bool is_well_formed = c.parser->wellFormed;
    if (c.parser->myDoc)
        xmlFreeDoc(c.parser->myDoc);
    c.parser->myDoc = NULL;
    xmlFreeParserCtxt(c.parser);
    if (!is_well_formed && diags_errors(d) == errors)
        diag_error(d, where_file(path), NULL, "not well-formed");
    if (links)
        report_duplicates(&c);
    return diags_errors(d) == errors;
}

bool page_has_id(const struct page_links *links, struct str id)
{
    for (size_t i = 0; i < links->id_count; i++)
        if (str_equal(links->ids[i].id, id))
            return true;
    return false;
}
