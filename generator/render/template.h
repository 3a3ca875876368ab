#ifndef RENDER_TEMPLATE_H
#define RENDER_TEMPLATE_H
/*
 * Mustache templates (mustache.github.io/mustache.5.html, spec 1.4): all required modules, and of
 * the optional ones inheritance ({{<layout}} ... {{$block}} ... {{/block}} ... {{/layout}}) and
 * dynamic names ({{>*name}}). No lambdas. Compiled once into a flat list of operations, then run
 * over a struct value as often as wanted; a linked set is read-only, so threads may share it.
 *
 * Escaping is the default, and the extension of a template's name says for what: .html and none
 * HTML; .xml, .svg, .atom XML; .md Markdown; .csv one CSV field; .txt nothing. At the beginning of
 * an attribute that holds an address (href="{{x}}", src, action ...) HTML and XML templates write
 * addresses, see escape_url. {{{x}}} and {{&x}} are raw.
 *
 * A partial is looked up by its exact name, then with the extension of the template that names it:
 * {{>head}} in "report.html" finds "head.html".
 *
 * A strict set (ours, and a site owner's) calls it an error where a lenient set (the Mustache
 * specification's tests) prints nothing: a name that no object on the context stack has; a partial
 * that does not exist; {{x}} of a list or an object; {{{x}}} of a text that is not known to be
 * markup of this language, and {{x}} of one that is; content of {{<layout}} outside of blocks.
 * A member that is there but null or empty is never an error.
 *
 * What the specification leaves open: an empty text is false for sections; several tags that print
 * nothing may share a line and still stand alone on it; content of a block is rendered with the
 * overrides that were in force where it was written, so that a {{<card}} inside a block of {{<page}}
 * does not get the title of the page; a block on lines of its own ends its line.
 */
#include "base/diag.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct strbuf;
struct templates;
struct value;

/* Partials, parents and blocks within one another; a partial that includes itself ends here. */
#define TEMPLATE_MAX_DEPTH 64
/* Sections and blocks open at once in one template. */
#define TEMPLATE_MAX_NESTING 64
/* Partials, blocks and rounds of sections in one rendering: partials that include one another twice
 * double their work at each level, and may print nothing at all. */
#define TEMPLATE_MAX_STEPS ((size_t)20 * 1000 * 1000)

/* ---- making a set: add every template, then link ---- */

struct templates *templates_new(struct arena *a, bool is_strict);
/*
 * Compiles. `name` is what partial tags use ("report.html", "parts/head.html"), `path` what
 * diagnostics show. `text` must outlive the set. Adding a name again replaces that template (a
 * site's own over the bundled one); do so before linking. False: diagnostics.
 */
bool templates_add(struct templates *t, struct str name, struct str path, struct str text,
                   struct diags *d);
/* Resolves partials and parents. In a strict set an unknown one is a diagnostic. */
bool templates_link(struct templates *t, struct diags *d);

bool templates_has(const struct templates *t, struct str name);
size_t templates_count(const struct templates *t);

/* ---- using it ---- */

/* Appends to `out`. False, with diagnostics: unknown names, or too deep, or longer than the maximum
 * of `out`; what was appended until then is not a page. */
bool template_render(const struct templates *t, struct str name, const struct value *root,
                     struct strbuf *out, struct diags *d);

/*
 * Checks the names of a template and of everything that it includes against a sample of the data,
 * without printing: every section is entered, so that names in sections that happen to be empty
 * are seen too. Lists of the sample need one item, which stands for all.
 */
bool template_check(const struct templates *t, struct str name, const struct value *sample,
                    struct diags *d);

/* One use of a name, for checkers and documentation. */
struct template_use {
    struct where where;
    struct str name; /* as written: "recommendation.option", "." */
    char sigil;      /* 0 for {{x}}; '&' (also for {{{x}}}), '#', '^', '>' and '<' (dynamic) */
    const struct str *sections; /* names of the enclosing sections, outermost first */
    size_t section_count;
};

/* Calls `visit` for every use of a name in the template and in what it includes, in order. */
void template_names(const struct templates *t, struct str name,
                    void (*visit)(void *context, const struct template_use *use), void *context);
#endif
