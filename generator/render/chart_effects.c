/* Margins before and after a price update. */
#include "render/chart_parts.h"

#include <math.h>

bool chart_effects(struct strbuf *sb, const struct decision_effect *effects,
                   const struct str *titles, size_t count, enum chart_variant v)
{
    size_t shown[CHART_MOST_ROWS];
    size_t rows = 0;
    double low = 0;
    double high = 0;
    for (size_t i = 0; i < count && rows < CHART_MOST_ROWS; i++) {
        const struct decision_effect *e = &effects[i];
        if (e->effect == EFFECT_STABLE || isnan(e->margin_before) || isnan(e->margin_after))
            continue;
        low = fmin(low, fmin(e->margin_before, e->margin_after));
        high = fmax(high, fmax(e->margin_before, e->margin_after));
        shown[rows++] = i;
    }
    if (rows == 0)
        return false;
    if (!(high > low))
        high = low + 0.1;
    bool slim = v == CHART_SLIM;
    struct scale x = {low, high, slim ? 20 : 190, slim ? 360 : 520, false};
    double step = slim ? 42 : 28;
    double top = slim ? 55 : 40;
    double bottom = top + step * (double)(rows - 1) + 14;
    struct chart_label desc = {STRBUF_INIT};
    for (size_t i = 0; i < rows; i++) {
        const struct decision_effect *e = &effects[shown[i]];
        if (i > 0)
            strbuf_adds(&desc.sb, "; ");
        strbuf_add(&desc.sb, titles[shown[i]]);
        strbuf_adds(&desc.sb, ": ");
        wording_margin(&desc.sb, e->margin_before);
        strbuf_adds(&desc.sb, " to ");
        wording_margin(&desc.sb, e->margin_after);
        strbuf_adds(&desc.sb, ", ");
        strbuf_adds(&desc.sb, effect_word(e->effect));
    }
    struct svg_frame frame = {v, slim ? CHART_NARROW : 600, bottom + 26, "ar",
                              STR("Margin to the runner-up before and after the price update"),
                              chart_made(&desc)};
    svg_open(sb, &frame);
    strbuf_release(&desc.sb);
    double ticks[SCALE_TICKS];
    size_t tick_count = scale_ticks(&x, slim ? 4 : 5, ticks);
    svg_path_open(sb, "gr");
    for (size_t i = 0; i < tick_count; i++) {
        svg_move(sb, scale_at(&x, ticks[i]), 18);
        svg_down(sb, bottom);
    }
    svg_path_close(sb);
    svg_path_open(sb, "zero");
    svg_move(sb, scale_at(&x, 0), 18);
    svg_down(sb, bottom);
    svg_path_close(sb);
    svg_puts(sb, scale_at(&x, 0), 13, SVG_MIDDLE, NULL, "flips at 0");
    for (size_t i = 0; i < tick_count; i++) {
        struct chart_label l = {STRBUF_INIT};
        wording_margin(&l.sb, ticks[i]);
        svg_text(sb, scale_at(&x, ticks[i]), bottom + 17, SVG_MIDDLE, NULL, chart_made(&l));
        strbuf_release(&l.sb);
    }
    strbuf_addc(sb, '\n');
    for (size_t i = 0; i < rows; i++) {
        const struct decision_effect *e = &effects[shown[i]];
        double y = top + step * (double)i;
        double text_y = slim ? y - 12 : y + CHART_TO_BASE_LINE;
        svg_text_fit(sb, 0, text_y, SVG_START, "tx", titles[shown[i]], slim ? 280 : 170);
        struct chart_label l = {STRBUF_INIT};
        wording_capital(&l.sb, str_of(effect_word(e->effect)));
        svg_text(sb, slim ? CHART_NARROW : 600, text_y, SVG_END, "tx", chart_made(&l));
        strbuf_release(&l.sb);
        svg_path_open(sb, "arr");
        svg_move(sb, scale_at(&x, e->margin_before), y);
        svg_across(sb, scale_at(&x, e->margin_after));
        svg_path_close(sb);
        chart_circle(sb, "ring", scale_at(&x, e->margin_before), y, 3.5);
        chart_circle(sb, "dot", scale_at(&x, e->margin_after), y, 4.5);
        strbuf_addc(sb, '\n');
    }
    svg_close(sb);
    return true;
}
