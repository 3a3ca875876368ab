/* Predicted latency against its limit: the chart, and the drawing of one row. */
#include "render/chart_parts.h"

#include <math.h>

static size_t latency_rows(const struct decision *d, const struct option *rows[CHART_MOST_ROWS])
{
    size_t count = 0;
    for (size_t i = 0; i < d->option_count && count < CHART_MOST_ROWS; i++) {
        const struct option *o = &d->options[i];
        bool is_on_demand = o->purchase == PURCHASE_ON_DEMAND;
        if (o->feasible && is_on_demand && !isnan(o->latency.p99_ms))
            rows[count++] = o;
    }
    for (size_t i = 0; i < d->option_count && count < CHART_MOST_ROWS; i++) {
        const struct option *o = &d->options[i];
        bool breaks_it = false;
        for (size_t k = 0; k < o->violation_count; k++)
            breaks_it = breaks_it || str_is(o->violations[k].limit, "p99_ms");
        if (breaks_it && o->violation_count == 1 && !isnan(o->latency.p99_ms))
            rows[count++] = o;
    }
    return count;
}

bool chart_latency(struct strbuf *sb, const struct decision *d, double limit_ms,
                   enum chart_variant v)
{
    const struct option *rows[CHART_MOST_ROWS];
    size_t count = latency_rows(d, rows);
    if (count == 0)
        return false;
    bool slim = v == CHART_SLIM;
    double most = 0;
    for (size_t i = 0; i < count; i++)
        if (isnan(limit_ms))
            most = fmax(most, rows[i]->latency.p99_ms);
    if (!isnan(limit_ms))
        most = limit_ms * 7 / 6;
    struct scale x = {0, most, slim ? 8 : 300, slim ? 340 : 790, false};
    double step = slim ? 44 : 28;
    double top = slim ? 54 : 44;
    double bottom = top + step * (double)(count - 1) + (slim ? 9 : 14);

    struct chart_label desc = {STRBUF_INIT};
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            strbuf_adds(&desc.sb, "; ");
        strbuf_add(&desc.sb, rows[i]->name);
        strbuf_adds(&desc.sb, " p50 ");
        wording_ms(&desc.sb, rows[i]->latency.p50_ms);
        strbuf_adds(&desc.sb, ", p99 ");
        wording_ms(&desc.sb, rows[i]->latency.p99_ms);
    }
    struct svg_frame frame = {v, slim ? CHART_NARROW : CHART_WIDE, bottom + 28, "la",
                              STR("Predicted latency against the limit"), chart_made(&desc)};
    svg_open(sb, &frame);
    strbuf_release(&desc.sb);
    double ticks[SCALE_TICKS];
    size_t tick_count = scale_ticks(&x, slim ? 4 : 7, ticks);
    svg_path_open(sb, "gr");
    for (size_t i = 0; i < tick_count; i++) {
        svg_move(sb, scale_at(&x, ticks[i]), top - 14);
        svg_down(sb, bottom);
    }
    svg_path_close(sb);
    for (size_t i = 0; i < tick_count; i++) {
        struct chart_label l = {STRBUF_INIT};
        wording_ms(&l.sb, ticks[i]);
        svg_text(sb, scale_at(&x, ticks[i]), bottom + 19, i == 0 && slim ? SVG_START : SVG_MIDDLE, NULL,
                 chart_made(&l));
        strbuf_release(&l.sb);
    }
    if (!isnan(limit_ms)) {
        svg_path_open(sb, "zero");
        svg_move(sb, scale_at(&x, limit_ms), 26);
        svg_down(sb, bottom);
        svg_path_close(sb);
        struct chart_label l = {STRBUF_INIT};
        strbuf_adds(&l.sb, "Limit ");
        wording_ms(&l.sb, limit_ms);
        svg_text(sb, scale_at(&x, limit_ms), 18, SVG_MIDDLE, "tx em", chart_made(&l));
        strbuf_release(&l.sb);
    }
    strbuf_addc(sb, '\n');
    for (size_t i = 0; i < count; i++) {
        const struct option *o = rows[i];
        double y = top + step * (double)i;
        char letter = chart_letter(o->class);
        svg_mark(sb, letter, slim ? 12 : 6, slim ? y - 18 : y, 4, false);
        svg_text_fit(sb, slim ? 22 : 16, slim ? y - 13 : y + CHART_TO_BASE_LINE, SVG_START, "tx", o->name,
                     slim ? 260 : 270);
        struct chart_label l = {STRBUF_INIT};
        wording_ms(&l.sb, o->latency.p99_ms);
        svg_text(sb, slim ? 372 : CHART_WIDE, slim ? y - 13 : y + CHART_TO_BASE_LINE, SVG_END, "tx", chart_made(&l));
        strbuf_release(&l.sb);
        double p50 = o->latency.p50_ms;
        double from = isnan(p50) ? 0 : p50;
        if (from > most) {
            svg_path_open(sb, "arr");
            svg_move(sb, x.end - 22, y);
            strbuf_adds(sb, "h18m-5 -4l5 4l-5 4");
            svg_path_close(sb);
            strbuf_addc(sb, '\n');
            continue;
        }
        bool is_off = o->latency.p99_ms > most;
        chart_class_path(sb, "bar", letter, "");
        svg_move(sb, scale_at(&x, from), y);
        svg_across(sb, is_off ? x.end - 4 : scale_at(&x, o->latency.p99_ms));
        svg_path_close(sb);
        if (!isnan(p50)) {
            chart_circle(sb, "dot", scale_at(&x, p50), y, 3);
        }
        if (is_off) {
            svg_path_open(sb, "arr");
            svg_move(sb, x.end - 6, y - 4);
            strbuf_adds(sb, "l5 4l-5 4");
            svg_path_close(sb);
        } else {
            svg_mark(sb, letter, scale_at(&x, o->latency.p99_ms), y, 5.5, true);
        }
        strbuf_addc(sb, '\n');
    }
    svg_close(sb);
    return true;
}

void chart_latency_row(struct strbuf *sb, double p50_ms, double p99_ms, double limit_ms,
                       enum platform_class class)
{
    char letter = chart_letter(class);
    svg_open_small(sb, "mini", 180, 18);
    struct scale x = {0, isnan(limit_ms) ? p99_ms * 7 / 6 : limit_ms * 7 / 6, 2, 174, false};
    if (!(x.to > 0)) {
        strbuf_adds(sb, "</svg>");
        return;
    }
    if (!isnan(limit_ms)) {
        svg_path_open(sb, "zero");
        svg_move(sb, scale_at(&x, limit_ms), 0);
        svg_down(sb, 18);
        svg_path_close(sb);
    }
    if (isfinite(p99_ms)) {
        double from = isnan(p50_ms) ? 0 : p50_ms;
        bool is_off = p99_ms > x.to;
        if (from < x.to) {
            chart_class_path(sb, "bar", letter, "");
            svg_move(sb, scale_at(&x, from), 9);
            svg_across(sb, is_off ? x.end : scale_at(&x, p99_ms));
            svg_path_close(sb);
            if (!isnan(p50_ms)) {
                chart_circle(sb, "dot", scale_at(&x, p50_ms), 9, 3);
            }
        }
        if (is_off) {
            svg_path_open(sb, "arr");
            svg_move(sb, x.end - 3, 5);
            strbuf_adds(sb, "l5 4l-5 4");
            svg_path_close(sb);
        } else {
            svg_mark(sb, letter, scale_at(&x, p99_ms), 9, 4, false);
        }
    }
    strbuf_adds(sb, "</svg>");
}
