#ifndef RENDER_CHART_PARTS_H
#define RENDER_CHART_PARTS_H
/*
 * What the files that draw charts share: widths, the colour of a class, a ring and a dot, labels made
 * of figures. Geometry comes from render/svg.h, words from report/wording.h. Private to render/.
 */
#include "base/strbuf.h"
#include "render/chart.h"
#include "report/wording.h"

#define CHART_WIDE 880.0      /* units of a chart on a wide screen, in print and in a file */
#define CHART_NARROW 380.0    /* on a phone */
#define CHART_TO_BASE_LINE 4.5 /* from a text's middle to its base line */
#define CHART_MOST_ROWS ((size_t)12) /* more rows than this are a table's work */

/* k s m h, and n where there is none: the letter of shapes and colours. */
char chart_letter(enum platform_class c);

/* Opens a path of "bar sk", "ln ss dash" ...: a shape's class in the colour of a platform class. */
void chart_class_path(struct strbuf *sb, const char *shape, char letter, const char *more);

/* Circles of the style sheet's classes "ring" and "dot". */
void chart_circle(struct strbuf *sb, const char *class, double x, double y, double r);

/* NULL where there is none. */
const struct option *chart_option(const struct decision *d, int index);

/* A short text made of figures. Begin with {STRBUF_INIT}, end with strbuf_release(&label.sb). */
struct chart_label {
    struct strbuf sb;
};
struct str chart_made(const struct chart_label *l); /* what stands in it, valid until it changes */
#endif
