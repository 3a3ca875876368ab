#ifndef RENDER_MARKDOWN_H
#define RENDER_MARKDOWN_H
/*
 * Markdown that people write beside a questionnaire (notes.md): GitHub-flavoured, with tables, task
 * lists, automatic links and strikethrough. The only file with cmark-gfm. Nothing in it is trusted:
 *  - raw HTML is shown as the text that it is; HTML comments are left out;
 *  - links other than http, https, mailto and relative ones become their text;
 *  - pictures from elsewhere become links, because a page loads nothing from other hosts.
 * Each of these (comments aside) is a warning with file and line. Relative links are left as they are.
 *
 * Both functions may be called by several threads. Their results are in the arena. False, with a
 * diagnostic: longer than MARKDOWN_MAX_BYTES, or nested deeper than MARKDOWN_MAX_DEPTH.
 */
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct diags;

#define MARKDOWN_MAX_BYTES \
    ((size_t)1 << 20)         /* notes are prose; the parser's worst cases are slow */
#define MARKDOWN_MAX_DEPTH 64 /* XML parsers refuse pages nested deeper than 256 */

/*
 * The text as a fragment of HTML that is also well-formed XML. Headings move down by `shift` levels
 * (as far as h6) and get ids: `prefix` and their words ("notes-why-not-gpus"), made unique by a
 * number. Tables stand in <div class="scroll">, columns are aligned by class "align-right" and so
 * on: no style attributes, which the site's content security policy forbids.
 */
bool markdown_html(struct str path, struct str text, int shift, const char *prefix, struct arena *a,
                   struct str *html, struct diags *d);

/* The same text as Markdown again, sanitised in the same way, for embedding in report.md. */
bool markdown_clean(struct str path, struct str text, int shift, struct arena *a,
                    struct str *markdown, struct diags *d);
#endif
