#ifndef RENDER_CHART_GRID_H
#define RENDER_CHART_GRID_H
/*
 * The axis and the grid of charts that have a row for each thing and one horizontal scale, of money or
 * of margin: the cost of each class, the tornado. On a wide screen a line of the grid runs past all
 * rows; on a narrow one, where a row's words stand above it, it is cut into pieces as high as a row.
 * Units are those of the drawing. Private to render/.
 */
#include "render/svg.h"

struct chart_grid {
    const struct scale *x;
    size_t rows;
    bool is_slim;
    double top, step; /* middle of the first row; from one row to the next */
    double half;      /* slim: of the height of a piece */
    double above;     /* wide: where lines begin */
    double bottom;    /* where the last piece, or the line, ends */
    double words;     /* from there to the base line of the axis' words */
};

/* Writes what stands at a tick: "$1,200", "12%". */
typedef void chart_tick_word(struct strbuf *sb, double value);

/* Appends to an open path the line at `x`, or its pieces. */
void chart_grid_line(struct strbuf *sb, const struct chart_grid *g, double x);

/* The lines at round values and their words; at most `most`, SCALE_TICKS at the outside. */
void chart_grid_draw(struct strbuf *sb, const struct chart_grid *g, size_t most,
                     chart_tick_word *word);
#endif
