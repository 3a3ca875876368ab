#ifndef RENDER_XMLCHECK_H
#define RENDER_XMLCHECK_H
/*
 * Is a page, drawing or feed well-formed XML? Our HTML5 is written in XML syntax so that this can be
 * asked; entities other than XML's five are errors. The only file with libxml2, whose HTML parser is
 * HTML 4 and no use. Nothing is fetched, no DTD is read, no entity is expanded. Pages that can be proven
 * well-formed in passing (render/wellformed.h) never get to it.
 *
 * On the way the check collects what a checker of links needs. May be called by several threads.
 */
#include "base/diag.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

enum page_link_kind {
    PAGE_HREF, /* href of any element, xlink:href too */
    PAGE_SRC   /* src: what the page loads */
};

struct page_link {
    enum page_link_kind kind;
    struct str element; /* "a", "link", "img" ... without a namespace prefix */
    struct str rel;     /* its rel attribute, or empty */
    struct str address; /* as in the page, references resolved */
    struct where where; /* the tag */
};

struct page_id {
    struct str id;
    struct where where;
};

/* In the order of the page; in the arena. */
struct page_links {
    struct page_link *links;
    size_t link_count, link_capacity;
    struct page_id *ids;
    size_t id_count, id_capacity;
};

/*
 * False where the text is not well-formed or, with `links`, has an id twice; each is an error in
 * `d`. `links` may be NULL; what was found before a fault stands in it. `text` must outlive it.
 */
bool xml_check(struct str path, struct str text, struct arena *a, struct page_links *links,
               struct diags *d);
bool page_has_id(const struct page_links *links, struct str id);
#endif
