#ifndef RENDER_HTML_H
#define RENDER_HTML_H
/*
 * Private to render/: how pages of HTML are put together. render/pages.h is what others call.
 */
#include "render/pages.h"
#include "report/model.h"
#include "report/value.h"

/* Renders a template of the set; an absent one is a diagnostic. */
bool page_render(const struct pages *p, struct str template_name, const struct value *root,
                 struct strbuf *out, struct diags *d);

/* Level of the highest heading that an author used, 1 to 3: notes hang below the report's own headings
 * without a gap, whether they begin with "#" or with "##". */
int notes_top_level(struct str markdown);

/* All zero at first. */
struct report_tree {
    struct value *report; /* NULL: not made yet */
    struct model_rows rows;
    bool has_html;        /* drawings and notes, which Markdown does without */
};

/* The tree of the report as it stands in the site, or alone, until the next call; made by the first. */
struct value *report_tree_get(struct report_tree *t, const struct pages *p, const struct report *r,
                              bool in_site, struct arena *a);

/* The text of a drawing: append to `sb`, then take it as markup. */
const struct value *drawing_take(struct strbuf *sb, struct arena *a);
#endif
