/* Small drawings within table rows. */
#include "render/chart_parts.h"

#include <math.h>

struct scale chart_interval_axis(const struct decision *d, double width)
{
    /* To three times the cheapest, or to its own range: dearer options become arrows. */
    double cheapest = (double)NAN;
    double reach = 0;
    for (size_t i = 0; i < d->option_count; i++) {
        const struct option *o = &d->options[i];
        if (!o->feasible || !o->costed || isnan(o->p90_usd))
            continue;
        if (isnan(cheapest)) {
            cheapest = money_double(o->monthly);
            reach = o->p90_usd;
        }
        if (o->p90_usd <= 3 * cheapest)
            reach = fmax(reach, o->p90_usd);
    }
    if (!(reach > 0))
        reach = 1;
    return (struct scale){0, reach * 1.08, 2, width - 6, false};
}

/* A label of money takes 40 units. */
static size_t most_ticks(double width)
{
    return width < 120 ? 3 : 4;
}

void chart_interval_head(struct strbuf *sb, const struct scale *axis, double width)
{
    svg_open_small(sb, "mini axl", width, 16);
    double ticks[SCALE_TICKS];
    size_t count = scale_ticks(axis, most_ticks(width), ticks);
    for (size_t i = 0; i < count; i++) {
        struct chart_label l = {STRBUF_INIT};
        wording_usd_axis(&l.sb, ticks[i]);
        svg_text(sb, scale_at(axis, ticks[i]), 12, i == 0 ? SVG_START : SVG_MIDDLE, NULL, chart_made(&l));
        strbuf_release(&l.sb);
    }
    strbuf_adds(sb, "</svg>");
}

void chart_interval(struct strbuf *sb, const struct scale *axis, double width,
                    enum platform_class class, double low, double at, double high)
{
    char letter = chart_letter(class);
    svg_open_small(sb, "mini", width, 18);
    double ticks[SCALE_TICKS];
    size_t count = scale_ticks(axis, most_ticks(width), ticks);
    svg_path_open(sb, "gr");
    for (size_t i = 0; i < count; i++) {
        svg_move(sb, scale_at(axis, ticks[i]), 0);
        svg_down(sb, 18);
    }
    svg_path_close(sb);
    if (isfinite(at) && at > axis->to) {
        svg_path_open(sb, "arr");
        svg_move(sb, width - 24, 9);
        strbuf_adds(sb, "h18m-5 -4l5 4l-5 4");
        svg_path_close(sb);
    } else if (isfinite(at)) {
        if (isfinite(low) && isfinite(high)) {
            chart_class_path(sb, "bar", letter, "");
            svg_move(sb, scale_at(axis, fmax(low, 0)), 9);
            svg_across(sb, scale_at(axis, fmin(high, axis->to)));
            svg_path_close(sb);
            if (high > axis->to) {
                svg_path_open(sb, "arr");
                svg_move(sb, axis->end - 5, 5);
                strbuf_adds(sb, "l5 4l-5 4");
                svg_path_close(sb);
            }
        }
        svg_mark(sb, letter, scale_at(axis, at), 9, 4, false);
    }
    strbuf_adds(sb, "</svg>");
}

void chart_flip(struct strbuf *sb, const struct sensitivity *s, enum platform_class here,
                enum platform_class beyond)
{
    bool flips = isfinite(s->flips_at);
    double low = fmin(s->low, s->now);
    double high = fmax(s->high, s->now);
    if (flips) {
        low = fmin(low, s->flips_at);
        high = fmax(high, s->flips_at);
    }
    svg_open_small(sb, "rul", 300, 40);
    if (!(high > low)) {
        strbuf_adds(sb, "</svg>");
        return;
    }
    struct scale x = {low, high, 14, 286, false};
    if (low > 0 && high / low > 8) {
        x.is_log = true;
        x.from = low / pow(high / low, 0.15);
        x.to = high * pow(high / low, 0.15);
    } else {
        double air = (high - low) * 0.2;
        x.from = low >= 0 && low - air < 0 ? 0 : low - air;
        x.to = high + air;
    }
    char near = chart_letter(here);
    char far = chart_letter(beyond);
    bool far_is_left = flips && s->flips_at < s->now;
    double at = flips ? scale_at(&x, s->flips_at) : x.end;
    if (flips) {
        chart_class_path(sb, "rl", far_is_left ? far : near, far_is_left ? " dash" : "");
        svg_move(sb, x.start, 20);
        svg_across(sb, at);
        svg_path_close(sb);
        chart_class_path(sb, "rl", far_is_left ? near : far, far_is_left ? "" : " dash");
        svg_move(sb, at, 20);
        svg_across(sb, x.end);
        svg_path_close(sb);
    } else {
        chart_class_path(sb, "rl", near, "");
        svg_move(sb, x.start, 20);
        svg_across(sb, x.end);
        svg_path_close(sb);
    }
    svg_mark(sb, far_is_left ? far : near, 6, 20, 4.4, false);
    svg_mark(sb, flips && !far_is_left ? far : near, 294, 20, 4.4, false);
    if (flips) {
        svg_path_open(sb, "tick");
        svg_move(sb, at, 13);
        svg_down(sb, 28);
        svg_path_close(sb);
    }
    if (s->high > s->low) {
        svg_path_open(sb, "brk");
        svg_move(sb, scale_at(&x, s->low), 9);
        svg_down(sb, 5);
        svg_across(sb, scale_at(&x, s->high));
        svg_down(sb, 9);
        svg_path_close(sb);
    }
    svg_path_open(sb, "tri");
    svg_move(sb, scale_at(&x, s->now), 16);
    strbuf_adds(sb, "l-5 -8h10z");
    svg_path_close(sb);
    struct chart_label l = {STRBUF_INIT};
    wording_input_short(&l.sb, s, x.from);
    svg_text(sb, 1, 38, SVG_START, NULL, chart_made(&l));
    strbuf_clear(&l.sb);
    wording_input_short(&l.sb, s, x.to);
    if (x.is_log)
        strbuf_adds(&l.sb, ", log");
    svg_text(sb, 299, 38, SVG_END, NULL, chart_made(&l));
    strbuf_release(&l.sb);
    strbuf_adds(sb, "</svg>");
}

void chart_lean(struct strbuf *sb, enum platform_class toward, enum strength strength)
{
    static const double REACH[] = {[STRENGTH_NEUTRAL] = 0, [STRENGTH_WEAK] = 26, [STRENGTH_STRONG] = 54,
                                   [STRENGTH_HARD] = 80};
    svg_open_small(sb, "mini", 176, 18);
    svg_path_open(sb, "gr");
    strbuf_adds(sb, "M88 1V17M4 9H172");
    svg_path_close(sb);
    double way = toward == CLASS_SERVERLESS ? -1 : toward == CLASS_KUBERNETES ? 1 : 0;
    double reach = REACH[strength] * way;
    if (fabs(reach) > 0) {
        char letter = chart_letter(toward);
        chart_class_path(sb, "bal", letter, "");
        svg_move(sb, 88, 9);
        svg_across(sb, 88 + reach);
        svg_path_close(sb);
        svg_mark(sb, letter, 88 + reach, 9, 4.4, false);
    }
    strbuf_adds(sb, "</svg>");
}

void chart_history(struct strbuf *sb, const struct price *rows, size_t count, struct date from,
                   struct date until)
{
    svg_open_small(sb, "mini", 96, 22);
    if (count == 0 || date_compare(from, until) >= 0) {
        strbuf_adds(sb, "</svg>");
        return;
    }
    struct scale x = {(double)from.days, (double)until.days, 2, 91, false};
    double low = decimal_double(rows[0].usd);
    double high = low;
    for (size_t i = 1; i < count; i++) {
        low = fmin(low, decimal_double(rows[i].usd));
        high = fmax(high, decimal_double(rows[i].usd));
    }
    bool is_flat = !(high > low);
    struct scale y = {low, is_flat ? low + 1 : high, is_flat ? 11 : 18, is_flat ? 10 : 4, false};
    double last_x = 2;
    double last_y = 11;
    bool started = false;
    svg_path_open(sb, "spk");
    for (size_t i = 0; i < count; i++) {
        if (date_compare(rows[i].from, until) > 0)
            break;
        double at = scale_at(&x, fmax((double)rows[i].from.days, (double)from.days));
        double level = scale_at(&y, decimal_double(rows[i].usd));
        if (!started)
            svg_move(sb, at, level);
        else if (fabs(level - last_y) > 0.01) {
            svg_across(sb, at);
            svg_down(sb, level);
        }
        started = true;
        last_x = at;
        last_y = level;
    }
    struct date end = until;
    if (!date_is_none(rows[count - 1].until) && date_compare(rows[count - 1].until, until) < 0)
        end = rows[count - 1].until; /* withdrawn: the line ends with the price */
    last_x = fmax(last_x, scale_at(&x, (double)end.days));
    if (started)
        svg_across(sb, last_x);
    svg_path_close(sb);
    if (started) {
        chart_circle(sb, "dot", last_x, last_y, 2.5);
    }
    strbuf_adds(sb, "</svg>");
}
