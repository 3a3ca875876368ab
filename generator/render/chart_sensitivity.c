/* The tornado: how far each input moves the margin over its likely range. */
#include "render/chart_grid.h"
#include "render/chart_parts.h"
#include "report/volume.h"

#include <math.h>

struct tornado_row {
    const struct sensitivity *s;
};

static size_t tornado_rows(const struct decision *d, struct tornado_row rows[CHART_MOST_ROWS])
{
    size_t count = 0;
    for (size_t i = 0; i < d->sensitivity_count && count < CHART_MOST_ROWS; i++) {
        const struct sensitivity *s = &d->sensitivity[i];
        if (isnan(s->margin_at_low) || isnan(s->margin_at_high))
            continue;
        if (!wording_moves_margin(s, d->recommendation.margin))
            continue; /* a bar that nobody could see */
        rows[count++].s = s;
    }
    return count;
}

static void tornado_findings(struct strbuf *sb, const struct tornado_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct sensitivity *s = rows[i].s;
        if (i > 0)
            strbuf_adds(sb, "; ");
        wording_capital(sb, s->name);
        strbuf_adds(sb, ": ");
        wording_margin(sb, fmin(s->margin_at_low, s->margin_at_high));
        strbuf_adds(sb, " to ");
        wording_margin(sb, fmax(s->margin_at_low, s->margin_at_high));
    }
}

static void draw_end(struct strbuf *sb, const struct sensitivity *s, double value, double margin,
                     double now, const struct scale *x, double y, char good, char bad)
{
    double from = scale_at(x, now);
    double to = scale_at(x, margin);
    chart_class_path(sb, "tor", margin < now ? bad : good, "");
    svg_move(sb, from, y);
    svg_across(sb, to);
    svg_path_close(sb);
    struct chart_label l = {STRBUF_INIT};
    wording_input(&l.sb, s, value);
    double width = svg_text_width(chart_made(&l));
    svg_rect(sb, "back", to < from ? to - 8 - width : to + 4, y - 7, width + 4, 14);
    svg_text(sb, to < from ? to - 6 : to + 6, y + CHART_TO_BASE_LINE, to < from ? SVG_END : SVG_START,
             NULL, chart_made(&l));
    strbuf_release(&l.sb);
}

bool chart_sensitivity(struct strbuf *sb, const struct decision *d, enum chart_variant v)
{
    struct tornado_row rows[CHART_MOST_ROWS];
    size_t count = tornado_rows(d, rows);
    const struct option *chosen = chart_option(d, d->recommendation.option);
    const struct option *other = chart_option(d, d->recommendation.runner_up);
    double now = d->recommendation.margin;
    if (count == 0 || !chosen || !other || isnan(now))
        return false;
    bool slim = v == CHART_SLIM;
    double low = fmin(0, now);
    double high = fmax(0, now);
    for (size_t i = 0; i < count; i++) {
        low = fmin(low, fmin(rows[i].s->margin_at_low, rows[i].s->margin_at_high));
        high = fmax(high, fmax(rows[i].s->margin_at_low, rows[i].s->margin_at_high));
    }
    /* Room for the values at both ends of the bars. */
    struct scale x = {low, high, slim ? 96 : 320, slim ? 284 : 800, false};
    double step = slim ? 46 : 30;
    double top = slim ? 76 : 59;
    double bottom = top + step * (double)(count - 1) + (slim ? 10 : 15);

    struct chart_label desc = {STRBUF_INIT};
    tornado_findings(&desc.sb, rows, count);
    struct svg_frame frame = {v, slim ? CHART_NARROW : CHART_WIDE, bottom + 44, "to",
                              STR("Margin of the recommendation over the range of each input"),
                              chart_made(&desc)};
    svg_open(sb, &frame);
    strbuf_release(&desc.sb);

    struct chart_grid grid = {&x, count, slim, top, step, 10, 38, bottom, 17};
    chart_grid_draw(sb, &grid, slim ? 4 : 7, wording_margin);
    double zero = scale_at(&x, 0);
    double here = scale_at(&x, now);
    static const char *const LINES[] = {"zero", "now"};
    for (int line = 0; line < 2; line++) {
        svg_path_open(sb, LINES[line]);
        chart_grid_line(sb, &grid, line == 0 ? zero : here);
        svg_path_close(sb);
    }
    char good = chart_letter(chosen->class);
    char bad = chart_letter(other->class);
    for (size_t i = 0; i < count; i++) {
        const struct sensitivity *s = rows[i].s;
        double y = top + step * (double)i;
        struct chart_label name = {STRBUF_INIT};
        wording_capital(&name.sb, s->name);
        svg_text_fit(sb, slim ? 8 : 0, slim ? y - 14 : y + CHART_TO_BASE_LINE, SVG_START, "tx",
                     chart_made(&name), slim ? 360 : 250);
        strbuf_release(&name.sb);
        bool same_side = (s->margin_at_low - now) * (s->margin_at_high - now) > 0;
        if (same_side && fabs(s->margin_at_low - now) > fabs(s->margin_at_high - now)) {
            draw_end(sb, s, s->low, s->margin_at_low, now, &x, y, good, bad);
        } else if (same_side) {
            draw_end(sb, s, s->high, s->margin_at_high, now, &x, y, good, bad);
        } else {
            draw_end(sb, s, s->low, s->margin_at_low, now, &x, y, good, bad);
            draw_end(sb, s, s->high, s->margin_at_high, now, &x, y, good, bad);
        }
        strbuf_addc(sb, '\n');
    }
    struct chart_label l = {STRBUF_INIT};
    strbuf_adds(&l.sb, "Now ");
    wording_margin(&l.sb, now);
    bool is_right = here >= zero;
    double apart = fabs(here - zero);
    if (apart > 90) {
        svg_puts(sb, zero, slim ? 25 : 23, SVG_MIDDLE, "tx em", "Flips here");
        svg_text(sb, here, slim ? 25 : 23, SVG_MIDDLE, "tx em", chart_made(&l));
    } else {
        svg_puts(sb, zero, slim ? 25 : 23, is_right ? SVG_END : SVG_START, "tx em", "Flips here");
        svg_text(sb, here + (is_right ? 8 : -8), slim ? 25 : 23, is_right ? SVG_START : SVG_END,
                 "tx em", chart_made(&l));
    }
    strbuf_clear(&l.sb);
    strbuf_adds(&l.sb, "How much dearer ");
    strbuf_add(&l.sb, option_short_name(other));
    strbuf_adds(&l.sb, " is than ");
    strbuf_add(&l.sb, option_short_name(chosen));
    svg_text_fit(sb, slim ? 8 : x.start, bottom + 36, SVG_START, NULL, chart_made(&l), slim ? 360 : 560);
    strbuf_release(&l.sb);
    strbuf_addc(sb, '\n');
    svg_close(sb);
    return true;
}
