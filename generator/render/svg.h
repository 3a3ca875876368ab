#ifndef RENDER_SVG_H
#define RENDER_SVG_H
/*
 * The pieces that charts are drawn with: numbers, text, marks, scales and ticks. Geometry goes into
 * attributes, appearance into class names that the page's style sheet knows (or the style that a
 * chart file carries itself); no style attributes, so that a strict Content-Security-Policy holds.
 * Coordinates are in SVG units with one decimal. Text from outside is escaped here.
 */
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct strbuf;

/* How a chart is framed. Ids within must not meet on a page: each variant has its own suffix. */
enum chart_variant {
    CHART_FULL, /* inline, wide screens and print: 880 units */
    CHART_SLIM, /* inline, narrow screens: 380 units */
    CHART_FILE  /* the wide drawing as a file of its own, with its own style and background */
};

struct svg_frame {
    enum chart_variant variant;
    double width, height;
    const char *id;        /* two letters; ids become "cv-wt", "cv-nd" ... */
    struct str title, desc; /* the finding in numbers, for those who cannot see it */
};

void svg_open(struct strbuf *sb, const struct svg_frame *f);
void svg_close(struct strbuf *sb);

/* A small drawing within a table row, hidden from assistive technology: its cell says the same. */
void svg_open_small(struct strbuf *sb, const char *class, double width, double height);

void svg_num(struct strbuf *sb, double v);
void svg_move(struct strbuf *sb, double x, double y); /* "M12 3.5" */
void svg_line_to(struct strbuf *sb, double x, double y);
void svg_across(struct strbuf *sb, double x); /* "H40" */
void svg_down(struct strbuf *sb, double y);   /* "V40" */
void svg_path_open(struct strbuf *sb, const char *class);  /* <path class="..." d=" */
void svg_path_close(struct strbuf *sb);                    /* "/> */
void svg_rect(struct strbuf *sb, const char *class, double x, double y, double w, double h);

enum svg_anchor {
    SVG_START,
    SVG_MIDDLE,
    SVG_END
};
void svg_text(struct strbuf *sb, double x, double y, enum svg_anchor anchor, const char *class,
              struct str text); /* class NULL: none */
void svg_puts(struct strbuf *sb, double x, double y, enum svg_anchor anchor, const char *class,
              const char *text);
/* The text, cut with an ellipsis to what is likely to fit into `width` at 13 units a letter's height. */
void svg_text_fit(struct strbuf *sb, double x, double y, enum svg_anchor anchor, const char *class,
                  struct str text, double width);
double svg_text_width(struct str text); /* estimate at 13 px, without knowing the font */

/* The mark of a platform class, by its letter (k s m h n): square, circle, triangle, diamond, ring. */
void svg_mark(struct strbuf *sb, char letter, double x, double y, double r, bool halo);

/* ---- scales ---- */

struct scale {
    double from, to;   /* domain; from < to */
    double start, end; /* units */
    bool is_log;       /* from > 0 */
};

double scale_at(const struct scale *s, double value);
/* Round values within the domain: 1, 2, 5 steps, or 1, 3, 10 on a log scale. At most `most`. */
#define SCALE_TICKS 16
size_t scale_ticks(const struct scale *s, size_t most, double ticks[SCALE_TICKS]);
#endif
