#include "render/chart_grid.h"

#include "render/chart_parts.h"

void chart_grid_line(struct strbuf *sb, const struct chart_grid *g, double x)
{
    if (!g->is_slim) {
        svg_move(sb, x, g->above);
        svg_down(sb, g->bottom);
        return;
    }
    for (size_t row = 0; row < g->rows; row++) {
        double middle = g->top + g->step * (double)row;
        svg_move(sb, x, middle - g->half);
        svg_down(sb, middle + g->half);
    }
}

void chart_grid_draw(struct strbuf *sb, const struct chart_grid *g, size_t most,
                     chart_tick_word *word)
{
    double ticks[SCALE_TICKS];
    size_t count = scale_ticks(g->x, most, ticks);
    svg_path_open(sb, "gr");
    for (size_t i = 0; i < count; i++)
        chart_grid_line(sb, g, scale_at(g->x, ticks[i]));
    svg_path_close(sb);
    for (size_t i = 0; i < count; i++) {
        struct chart_label l = {STRBUF_INIT};
        word(&l.sb, ticks[i]);
        svg_text(sb, scale_at(g->x, ticks[i]), g->bottom + g->words, SVG_MIDDLE, NULL,
                 chart_made(&l));
        strbuf_release(&l.sb);
    }
    strbuf_addc(sb, '\n');
}
