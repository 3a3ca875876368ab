/* The best option of each class: mark at the estimate, line from P10 to P90. */
#include "render/chart_grid.h"
#include "render/chart_parts.h"

#include <math.h>

struct bar_row {
    const struct option *option;
};

static size_t best_of_classes(const struct decision *d, struct bar_row rows[CLASS_NONE])
{
    size_t count = 0;
    bool seen[CLASS_NONE] = {false};
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < d->option_count; i++) {
            const struct option *o = &d->options[i];
            if (!o->feasible || !o->costed || o->class >= CLASS_NONE || seen[o->class])
                continue;
            if (pass == 0 && !o->eligible)
                continue; /* what may be bought stands for its class, if anything may */
            if (isnan(o->p10_usd) || isnan(o->p90_usd))
                continue;
            seen[o->class] = true;
            rows[count++].option = o;
        }
    }
    for (size_t i = 1; i < count; i++) /* cheapest first; four rows at most */
        for (size_t j = i; j > 0 && money_compare(rows[j].option->monthly, rows[j - 1].option->monthly) < 0; j--) {
            struct bar_row swap = rows[j];
            rows[j] = rows[j - 1];
            rows[j - 1] = swap;
        }
    return count;
}

/* A linear scale over low..high with some air, or a log one where they lie far apart. */
static struct scale money_scale(double low, double high, double start, double end)
{
    struct scale s = {.start = start, .end = end};
    if (low > 0 && high / low > 20) {
        s.is_log = true;
        s.from = low / 1.15;
        s.to = high * 1.15;
        return s;
    }
    double air = (high - low) * 0.06;
    if (!(air > 0))
        air = fabs(high) * 0.1 + 1;
    s.from = low - air < 0 && low >= 0 ? 0 : low - air;
    s.to = high + air;
    return s;
}

bool chart_cost(struct strbuf *sb, const struct decision *d, enum chart_variant v)
{
    struct bar_row rows[CLASS_NONE];
    size_t count = best_of_classes(d, rows);
    if (count == 0)
        return false;
    bool slim = v == CHART_SLIM;
    double step = slim ? 44 : 34;
    double top = slim ? 38 : 23;
    struct scale x = {0};
    double low = rows[0].option->p10_usd;
    double high = rows[0].option->p90_usd;
    for (size_t i = 0; i < count; i++) {
        const struct option *o = rows[i].option;
        double at = money_double(o->monthly);
        low = fmin(low, fmin(o->p10_usd, at));
        high = fmax(high, fmax(o->p90_usd, at));
    }
    x = money_scale(low, high, slim ? 8 : 300, slim ? 372 : 806);

    struct chart_label desc = {STRBUF_INIT};
    for (size_t i = 0; i < count; i++) {
        const struct option *o = rows[i].option;
        if (i > 0)
            strbuf_adds(&desc.sb, "; ");
        strbuf_adds(&desc.sb, class_wording(o->class)->word);
        strbuf_adds(&desc.sb, ", ");
        strbuf_add(&desc.sb, o->name);
        strbuf_addc(&desc.sb, ' ');
        money_headline(&desc.sb, o->monthly);
        strbuf_adds(&desc.sb, ", 80% interval ");
        wording_usd_interval(&desc.sb, o->p10_usd, o->p90_usd);
    }
    double last = top + step * (double)(count - 1);
    double bottom = last + (slim ? 9 : 17);
    struct svg_frame frame = {v, slim ? CHART_NARROW : CHART_WIDE, bottom + 28, "iv",
                              STR("Monthly cost of the best option in each class"), chart_made(&desc)};
    svg_open(sb, &frame);
    strbuf_release(&desc.sb);

    struct chart_grid grid = {&x, count, slim, top, step, 9, 6, bottom, 19};
    chart_grid_draw(sb, &grid, slim ? 4 : 6, wording_usd_axis);
    for (size_t i = 0; i < count; i++) {
        const struct option *o = rows[i].option;
        double y = top + step * (double)i;
        const char *class = chart_option(d, d->recommendation.option) == o ? "tx em" : "tx";
        struct chart_label l = {STRBUF_INIT};
        strbuf_adds(&l.sb, o->class == CLASS_MANAGED ? "Managed" : class_wording(o->class)->word);
        strbuf_adds(&l.sb, ": ");
        strbuf_add(&l.sb, o->name);
        double text_y = slim ? y - 13 : y + CHART_TO_BASE_LINE;
        svg_text_fit(sb, slim ? 8 : 0, text_y, SVG_START, class, chart_made(&l), slim ? 290 : 284);
        strbuf_clear(&l.sb);
        money_headline(&l.sb, o->monthly);
        svg_text(sb, slim ? 372 : CHART_WIDE, text_y, SVG_END, class, chart_made(&l));
        strbuf_release(&l.sb);
        chart_class_path(sb, "bar", chart_letter(o->class), "");
        svg_move(sb, scale_at(&x, o->p10_usd), y);
        svg_across(sb, scale_at(&x, o->p90_usd));
        svg_path_close(sb);
        svg_mark(sb, chart_letter(o->class), scale_at(&x, money_double(o->monthly)), y, 7, true);
        strbuf_addc(sb, '\n');
    }
    svg_close(sb);
    return true;
}
