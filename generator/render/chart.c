#include "render/chart.h"

#include "base/strbuf.h"
#include "report/volume.h"
#include "report/wording.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#define WIDE 880.0
#define NARROW 380.0
#define TO_BASE_LINE 4.5 /* from a text's middle to its base line */

#define MOST_ROWS ((size_t)12)
#define MOST_LABELS ((size_t)8)
#define MOST_CURVES ((size_t)6)

static char letter_of(enum platform_class c)
{
    return class_wording(c)->letter[0];
}

/* "bar sk", "ln ss dash" ... : a shape's class with the colour of a platform class. */
static void open_class_path(struct strbuf *sb, const char *shape, char letter, const char *more)
{
    strbuf_adds(sb, "<path class=\"");
    strbuf_adds(sb, shape);
    strbuf_adds(sb, " s");
    strbuf_addc(sb, letter);
    strbuf_adds(sb, more);
    strbuf_adds(sb, "\" d=\"");
}

static const struct option *option_at(const struct decision *d, int index)
{
    return index >= 0 && (size_t)index < d->option_count ? &d->options[index] : NULL;
}

/* A short text on the stack, for labels made of figures. */
struct label {
    struct strbuf sb;
};

static struct str made(const struct label *l)
{
    return strbuf_str(&l->sb);
}

/* ---- the best option of each class ---- */

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

    struct label desc = {STRBUF_INIT};
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
    struct svg_frame frame = {v, slim ? NARROW : WIDE, bottom + 28, "iv",
                              STR("Monthly cost of the best option in each class"), made(&desc)};
    svg_open(sb, &frame);
    strbuf_release(&desc.sb);

    double ticks[SCALE_TICKS];
    size_t tick_count = scale_ticks(&x, slim ? 4 : 6, ticks);
    svg_path_open(sb, "gr");
    for (size_t i = 0; i < tick_count; i++) {
        double at = scale_at(&x, ticks[i]);
        for (size_t row = 0; row < (slim ? count : 1); row++) {
            svg_move(sb, at, slim ? top + step * (double)row - 9 : 6);
            svg_down(sb, slim ? top + step * (double)row + 9 : bottom);
        }
    }
    svg_path_close(sb);
    for (size_t i = 0; i < tick_count; i++) {
        struct label l = {STRBUF_INIT};
        wording_usd_axis(&l.sb, ticks[i]);
        svg_text(sb, scale_at(&x, ticks[i]), bottom + 19, SVG_MIDDLE, NULL, made(&l));
        strbuf_release(&l.sb);
    }
    strbuf_addc(sb, '\n');
    for (size_t i = 0; i < count; i++) {
        const struct option *o = rows[i].option;
        double y = top + step * (double)i;
        const char *class = option_at(d, d->recommendation.option) == o ? "tx em" : "tx";
        struct label l = {STRBUF_INIT};
        strbuf_adds(&l.sb, o->class == CLASS_MANAGED ? "Managed" : class_wording(o->class)->word);
        strbuf_adds(&l.sb, ": ");
        strbuf_add(&l.sb, o->name);
        double text_y = slim ? y - 13 : y + TO_BASE_LINE;
        svg_text_fit(sb, slim ? 8 : 0, text_y, SVG_START, class, made(&l), slim ? 290 : 284);
        strbuf_clear(&l.sb);
        money_headline(&l.sb, o->monthly);
        svg_text(sb, slim ? 372 : WIDE, text_y, SVG_END, class, made(&l));
        strbuf_release(&l.sb);
        open_class_path(sb, "bar", letter_of(o->class), "");
        svg_move(sb, scale_at(&x, o->p10_usd), y);
        svg_across(sb, scale_at(&x, o->p90_usd));
        svg_path_close(sb);
        svg_mark(sb, letter_of(o->class), scale_at(&x, money_double(o->monthly)), y, 7, true);
        strbuf_addc(sb, '\n');
    }
    svg_close(sb);
    return true;
}

/* ---- cost by volume ---- */

static double next_tick_below(double v)
{
    double decade = pow(10, floor(log10(v) + 1e-12));
    return v >= 3 * decade ? 3 * decade : decade;
}

/* Cost of a curve at a volume between grid points, on a straight line in log-log. NAN: unknown. */
static double cost_at(const struct volume_chart *c, const double *usd, double volume)
{
    for (size_t i = 0; i + 1 < c->points; i++) {
        double a = c->requests_per_day[i];
        double b = c->requests_per_day[i + 1];
        if (volume < a || volume > b)
            continue;
        if (!(usd[i] > 0) || !(usd[i + 1] > 0) || !(b > a))
            return (double)NAN;
        double share = log(volume / a) / log(b / a);
        return exp(log(usd[i]) + share * (log(usd[i + 1]) - log(usd[i])));
    }
    return (double)NAN;
}

static const double *curve_of(const struct volume_chart *c, int option)
{
    for (size_t i = 0; i < c->curve_count; i++)
        if (c->curves[i].option == option)
            return c->curves[i].usd;
    return NULL;
}

/* Points worth drawing: those off the straight line from the last kept one by more than 0.6 %. */
static bool on_straight(const struct volume_chart *c, const double *usd, size_t from, size_t to)
{
    double span = log(c->requests_per_day[to] / c->requests_per_day[from]);
    for (size_t i = from + 1; i < to; i++) {
        double share = log(c->requests_per_day[i] / c->requests_per_day[from]) / span;
        double straight = log(usd[from]) + share * (log(usd[to]) - log(usd[from]));
        if (fabs(log(usd[i]) - straight) > 0.006)
            return false;
    }
    return true;
}

static void draw_curve(struct strbuf *sb, const struct volume_chart *c, const double *usd,
                       const struct scale *x, const struct scale *y)
{
    bool is_down = false; /* the pen is on paper */
    size_t kept = 0;
    for (size_t i = 0; i < c->points; i++) {
        if (!(usd[i] > 0) || !isfinite(usd[i])) {
            is_down = false;
            continue;
        }
        double px = scale_at(x, c->requests_per_day[i]);
        double py = scale_at(y, usd[i]);
        if (!is_down) {
            svg_move(sb, px, py);
            is_down = true;
            kept = i;
            continue;
        }
        bool is_last = i + 1 == c->points || !(usd[i + 1] > 0) || !isfinite(usd[i + 1]);
        if (!is_last && on_straight(c, usd, kept, i + 1))
            continue;
        svg_line_to(sb, px, py);
        kept = i;
    }
}

/* Boxes of labels that are already there, so that a new one can avoid them. */
struct boxes {
    struct box {
        double x0, y0, x1, y1;
    } box[MOST_LABELS * 3 + 4];
    size_t count;
};

static bool is_free(const struct boxes *b, struct box want)
{
    for (size_t i = 0; i < b->count; i++) {
        const struct box *o = &b->box[i];
        if (want.x0 < o->x1 && want.x1 > o->x0 && want.y0 < o->y1 && want.y1 > o->y0)
            return false;
    }
    return true;
}

static void take(struct boxes *b, struct box want)
{
    if (b->count < sizeof b->box / sizeof b->box[0])
        b->box[b->count++] = want;
}

/* A label beside a ring: the first of the places around it that is free and within the plot. */
static void draw_crossing(struct strbuf *sb, struct boxes *boxes, double x, double y, struct str head,
                          struct str tail, const struct scale *xs, const struct scale *ys)
{
    static const struct place {
        double dx, dy;
        enum svg_anchor anchor;
    } PLACES[] = {{14, 26, SVG_START},   {-14, -30, SVG_END}, {-60, -72, SVG_END},
                  {14, 60, SVG_START},   {-14, -100, SVG_END}, {40, 90, SVG_START},
                  {14, -40, SVG_START}};
    double width = fmax(svg_text_width(head), svg_text_width(tail)) + 6;
    double height = tail.n > 0 ? 34 : 18;
    strbuf_adds(sb, "<circle class=\"ring\" cx=\"");
    svg_num(sb, x);
    strbuf_adds(sb, "\" cy=\"");
    svg_num(sb, y);
    strbuf_adds(sb, "\" r=\"5.5\"/>");
    for (size_t i = 0; i < sizeof PLACES / sizeof PLACES[0]; i++) {
        double lx = x + PLACES[i].dx;
        double ly = y + PLACES[i].dy;
        struct box want = {PLACES[i].anchor == SVG_END ? lx - width : lx - 3, ly - 13,
                           PLACES[i].anchor == SVG_END ? lx + 3 : lx + width, ly - 13 + height};
        if (want.x0 < xs->start || want.x1 > xs->end || want.y0 < ys->end || want.y1 > ys->start ||
            !is_free(boxes, want))
            continue;
        take(boxes, want);
        if (fabs(PLACES[i].dy) > 45) {
            svg_path_open(sb, "lead");
            svg_move(sb, x, PLACES[i].dy < 0 ? y - 7 : y + 7);
            svg_line_to(sb, lx, PLACES[i].dy < 0 ? ly - 13 + height : ly - 12);
            svg_path_close(sb);
        }
        svg_rect(sb, "back", want.x0, want.y0, want.x1 - want.x0, want.y1 - want.y0);
        svg_text(sb, lx, ly, PLACES[i].anchor, "tx", head);
        if (tail.n > 0)
            svg_text(sb, lx, ly + 15, PLACES[i].anchor, NULL, tail);
        return;
    }
}

static bool shares_name(const struct decision *d, const struct option *o, int other)
{
    const struct option *x = option_at(d, other);
    return x && x != o && str_equal(option_short_name(x), option_short_name(o));
}

/* Two options of one platform need their full names to be told apart. */
static struct str curve_name(const struct decision *d, const struct option *o)
{
    for (size_t i = 0; i < d->volume.curve_count; i++)
        if (shares_name(d, o, d->volume.curves[i].option))
            return o->name;
    for (size_t i = 0; i < d->volume.points; i++)
        if (shares_name(d, o, d->volume.cheapest[i]))
            return o->name;
    return option_short_name(o);
}

/* A second curve of a class is dashed. */
static bool is_second(const struct decision *d, size_t curve)
{
    const struct option *o = option_at(d, d->volume.curves[curve].option);
    for (size_t i = 0; i < curve; i++) {
        const struct option *before = option_at(d, d->volume.curves[i].option);
        if (before && o && before->class == o->class)
            return true;
    }
    return false;
}

/* The part of the sweep worth drawing, as a decision of its own: the arrays start later, end sooner. */
static void crop_volume(const struct decision *d, struct decision *view, struct volume_curve curves[MOST_CURVES])
{
    size_t first, last;
    volume_view(d, &first, &last);
    *view = *d;
    struct volume_chart *c = &view->volume;
    c->requests_per_day += first;
    c->cheapest += first;
    c->points = last - first + 1;
    c->curve_count = c->curve_count < MOST_CURVES ? c->curve_count : MOST_CURVES;
    for (size_t i = 0; i < c->curve_count; i++)
        curves[i] = (struct volume_curve){d->volume.curves[i].option, d->volume.curves[i].usd + first};
    c->curves = curves;
}

static void volume_findings(struct strbuf *sb, const struct decision *d)
{
    strbuf_adds(sb, "Log-log lines of monthly cost. ");
    volume_finding(sb, d);
    const struct option *chosen = option_at(d, d->recommendation.option);
    strbuf_adds(sb, ". The workload is at ");
    wording_count_prose(sb, d->volume.now);
    strbuf_adds(sb, " requests a day");
    if (chosen) {
        strbuf_adds(sb, ", where ");
        strbuf_add(sb, chosen->name);
        strbuf_adds(sb, " costs ");
        money_headline(sb, chosen->monthly);
    }
    strbuf_addc(sb, '.');
}

/* Labels at the right end of the lines, at least 17 units apart. */
static void draw_end_labels(struct strbuf *sb, const struct decision *d, size_t curves,
                            const struct scale *xs, const struct scale *ys, bool slim)
{
    const struct volume_chart *c = &d->volume;
    struct end {
        size_t curve;
        double y, at;
    } ends[MOST_CURVES];
    size_t count = 0;
    for (size_t i = 0; i < curves; i++) {
        const double *usd = c->curves[i].usd;
        size_t p = slim ? 0 : c->points - 1;
        while (slim ? p < c->points : true) {
            if (usd[p] > 0 && isfinite(usd[p]))
                break;
            if (slim ? p + 1 == c->points : p == 0)
                break;
            p = slim ? p + 1 : p - 1;
        }
        if (!(usd[p] > 0) || !isfinite(usd[p]))
            continue;
        double y = scale_at(ys, usd[p]);
        size_t at = count++;
        for (; at > 0 && ends[at - 1].y > y; at--)
            ends[at] = ends[at - 1];
        ends[at] = (struct end){i, y, y};
    }
    double gap = slim ? 15 : 17;
    if (slim)
        for (size_t i = 0; i < count; i++)
            ends[i].at -= 9;
    for (size_t i = 1; i < count; i++)
        if (ends[i].at < ends[i - 1].at + gap)
            ends[i].at = ends[i - 1].at + gap;
    if (count > 0 && ends[count - 1].at > ys->start - 6) { /* push up from the axis */
        ends[count - 1].at = ys->start - 6;
        for (size_t i = count - 1; i > 0; i--)
            if (ends[i - 1].at > ends[i].at - gap)
                ends[i - 1].at = ends[i].at - gap;
    }
    for (size_t i = 0; i < count; i++) {
        const struct option *o = option_at(d, c->curves[ends[i].curve].option);
        if (!o)
            continue;
        struct str name = curve_name(d, o);
        char letter = letter_of(o->class);
        if (slim) {
            svg_rect(sb, "back", xs->start + 5, ends[i].at - 7, fmin(svg_text_width(name), 190) + 16, 14);
            svg_mark(sb, letter, xs->start + 11, ends[i].at, 3.5, false);
            svg_text_fit(sb, xs->start + 18, ends[i].at + TO_BASE_LINE, SVG_START, "tx", name, 190);
            continue;
        }
        svg_path_open(sb, "lead");
        svg_move(sb, xs->end + 2, ends[i].y);
        svg_line_to(sb, xs->end + 14, ends[i].at);
        svg_path_close(sb);
        svg_mark(sb, letter, xs->end + 21, ends[i].at, 4, false);
        svg_text_fit(sb, xs->end + 30, ends[i].at + TO_BASE_LINE, SVG_START, "tx", name,
                     is_second(d, ends[i].curve) ? 124 : 172);
        if (is_second(d, ends[i].curve))
            svg_puts(sb, WIDE, ends[i].at + TO_BASE_LINE, SVG_END, NULL, "dashed");
    }
    strbuf_addc(sb, '\n');
}

bool chart_volume(struct strbuf *sb, const struct decision *whole, enum chart_variant v)
{
    if (whole->volume.points < 2 || whole->volume.curve_count == 0 ||
        !(whole->volume.requests_per_day[0] > 0))
        return false;
    struct decision view;
    struct volume_curve cropped[MOST_CURVES];
    crop_volume(whole, &view, cropped);
    const struct decision *d = &view;
    const struct volume_chart *c = &d->volume;
    size_t curves = c->curve_count;
    double low = (double)INFINITY;
    double high = 0;
    for (size_t k = 0; k < curves; k++)
        for (size_t i = 0; i < c->points; i++) {
            double usd = c->curves[k].usd[i];
            if (usd > 0 && isfinite(usd)) {
                low = fmin(low, usd);
                high = fmax(high, usd);
            }
        }
    if (!(high > 0))
        return false;
    bool slim = v == CHART_SLIM;
    struct scale x = {c->requests_per_day[0], c->requests_per_day[c->points - 1], slim ? 44 : 52,
                      slim ? 366 : 676, true};
    struct scale y = {next_tick_below(low), high * 1.12, slim ? 324 : 352, slim ? 58 : 34, true};

    struct label desc = {STRBUF_INIT};
    volume_findings(&desc.sb, whole);
    struct svg_frame frame = {v, slim ? NARROW : WIDE, slim ? 420 : 430, "cv",
                              STR("Monthly cost by requests per day"), made(&desc)};
    svg_open(sb, &frame);
    strbuf_release(&desc.sb);

    if (c->low > 0 && c->high > c->low) {
        double a = fmax(scale_at(&x, c->low), x.start);
        double b = fmin(scale_at(&x, c->high), x.end);
        if (b > a)
            svg_rect(sb, "band", a, y.end, b - a, y.start - y.end);
    }
    double ticks[SCALE_TICKS];
    size_t tick_count = scale_ticks(&y, 8, ticks);
    svg_path_open(sb, "gr");
    for (size_t i = 0; i < tick_count; i++) {
        svg_move(sb, x.start, scale_at(&y, ticks[i]));
        svg_across(sb, x.end);
    }
    svg_path_close(sb);
    for (size_t i = 0; i < tick_count; i++) {
        struct label l = {STRBUF_INIT};
        wording_usd_axis(&l.sb, ticks[i]);
        svg_text(sb, x.start - 7, scale_at(&y, ticks[i]) + TO_BASE_LINE, SVG_END, NULL, made(&l));
        strbuf_release(&l.sb);
    }
    tick_count = scale_ticks(&x, slim ? 5 : 10, ticks);
    svg_path_open(sb, "ax");
    svg_move(sb, x.start, y.start);
    svg_across(sb, x.end);
    for (size_t i = 0; i < tick_count; i++) {
        svg_move(sb, scale_at(&x, ticks[i]), y.start);
        svg_down(sb, y.start + 5);
    }
    svg_path_close(sb);
    for (size_t i = 0; i < tick_count; i++) {
        struct label l = {STRBUF_INIT};
        if (ticks[i] >= 1000 && ticks[i] < 10000) { /* 3k, not 3,000: the axis is narrow */
            wording_count(&l.sb, ticks[i] / 1000);
            strbuf_addc(&l.sb, 'k');
        } else {
            wording_count(&l.sb, ticks[i]);
        }
        svg_text(sb, scale_at(&x, ticks[i]), y.start + 19,
                 scale_at(&x, ticks[i]) > x.end - 8 ? SVG_END : SVG_MIDDLE, NULL, made(&l));
        strbuf_release(&l.sb);
    }
    strbuf_addc(sb, '\n');

    struct volume_run runs[VOLUME_RUNS];
    size_t run_count = volume_runs(d, runs);
    for (size_t i = 0; i < run_count; i++) {
        const struct option *o = option_at(d, runs[i].option);
        double a = scale_at(&x, runs[i].from) + (i > 0 ? 0.7 : 0);
        double b = scale_at(&x, runs[i].to) - (i + 1 < run_count ? 0.7 : 0);
        if (!o || b - a < 0.5)
            continue;
        char class[3] = {'f', letter_of(o->class), 0};
        svg_rect(sb, class, a, y.start + 30, b - a, 20);
        struct str name = curve_name(d, o);
        if (svg_text_width(name) > b - a - 8 && !str_equal(name, o->name))
            name = option_short_name(o);
        if (svg_text_width(name) <= b - a - 8)
            svg_text(sb, (a + b) / 2, y.start + 44.5, SVG_MIDDLE, "inv", name);
    }
    svg_puts(sb, x.start, y.start + 70, SVG_START, NULL,
             slim ? "Requests per day. Strip: the cheapest option"
                  : "Requests per day, log scale. Strip: cheapest option at that volume");
    strbuf_addc(sb, '\n');

    bool has_now = c->now >= x.from && c->now <= x.to;
    if (has_now) {
        svg_path_open(sb, "now");
        svg_move(sb, scale_at(&x, c->now), y.end - 6);
        svg_down(sb, y.start);
        svg_path_close(sb);
    }
    for (size_t k = curves; k-- > 0;) { /* the recommended one last, on top */
        const struct option *o = option_at(d, c->curves[k].option);
        open_class_path(sb, "ln", o ? letter_of(o->class) : 'n', is_second(d, k) ? " dash" : "");
        draw_curve(sb, c, c->curves[k].usd, &x, &y);
        svg_path_close(sb);
        strbuf_addc(sb, '\n');
    }

    struct boxes boxes = {0};
    if (slim) /* the names stand at the left end */
        take(&boxes, (struct box){x.start, y.end, x.start + 100, y.start});
    for (size_t i = 0; i < d->crossover_count && i < MOST_LABELS; i++) {
        const struct crossover *k = &d->crossovers[i];
        const struct option *to = option_at(d, k->to);
        const double *usd = curve_of(c, k->from);
        if (!usd)
            usd = curve_of(c, k->to);
        if (!str_is(k->variable, "answers.traffic.requests_per_day") || !usd || !to)
            continue;
        double cost = cost_at(c, usd, k->at);
        if (isnan(cost))
            continue;
        struct label head = {STRBUF_INIT};
        struct label tail = {STRBUF_INIT};
        wording_count(&head.sb, k->at);
        strbuf_adds(&head.sb, slim ? ", " : " a day, ");
        wording_usd(&head.sb, cost);
        if (!slim) {
            strbuf_add(&tail.sb, option_short_name(to));
            strbuf_adds(&tail.sb, " becomes cheaper");
        }
        draw_crossing(sb, &boxes, scale_at(&x, k->at), scale_at(&y, cost), made(&head), made(&tail),
                      &x, &y);
        strbuf_release(&head.sb);
        strbuf_release(&tail.sb);
        strbuf_addc(sb, '\n');
    }

    const struct option *chosen = option_at(d, d->recommendation.option);
    if (has_now && chosen) {
        double at = scale_at(&x, c->now);
        double usd = money_double(chosen->monthly);
        if (usd >= y.from && usd <= y.to)
            svg_mark(sb, letter_of(chosen->class), at, scale_at(&y, usd), 7, true);
        struct label l = {STRBUF_INIT};
        strbuf_adds(&l.sb, "You are here: ");
        wording_count(&l.sb, c->now);
        strbuf_adds(&l.sb, " a day, ");
        money_headline(&l.sb, chosen->monthly);
        double width = svg_text_width(made(&l)) + 12;
        if (slim)
            svg_text(sb, x.end, 30, SVG_END, "tx em", made(&l));
        else if (at - width > 0)
            svg_text(sb, at - 8, 20, SVG_END, "tx em", made(&l));
        else
            svg_text(sb, at + 8, 20, SVG_START, "tx em", made(&l));
        strbuf_release(&l.sb);
    }
    draw_end_labels(sb, d, curves, &x, &y, slim);
    svg_close(sb);
    return true;
}

/* ---- tornado ---- */

struct tornado_row {
    const struct sensitivity *s;
};

static size_t tornado_rows(const struct decision *d, struct tornado_row rows[MOST_ROWS])
{
    size_t count = 0;
    for (size_t i = 0; i < d->sensitivity_count && count < MOST_ROWS; i++) {
        const struct sensitivity *s = &d->sensitivity[i];
        if (isnan(s->margin_at_low) || isnan(s->margin_at_high))
            continue;
        if (fabs(s->margin_at_low - s->margin_at_high) < 0.0005)
            continue; /* a bar that nobody could see */
        rows[count++].s = s;
    }
    return count;
}

static void margin_label(struct strbuf *sb, double margin)
{
    wording_percent(sb, margin);
}

static void tornado_findings(struct strbuf *sb, const struct tornado_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct sensitivity *s = rows[i].s;
        if (i > 0)
            strbuf_adds(sb, "; ");
        wording_capital(sb, s->name);
        strbuf_adds(sb, ": ");
        margin_label(sb, fmin(s->margin_at_low, s->margin_at_high));
        strbuf_adds(sb, " to ");
        margin_label(sb, fmax(s->margin_at_low, s->margin_at_high));
    }
}

static void draw_end(struct strbuf *sb, const struct sensitivity *s, double value, double margin,
                     double now, const struct scale *x, double y, char good, char bad)
{
    double from = scale_at(x, now);
    double to = scale_at(x, margin);
    open_class_path(sb, "tor", margin < now ? bad : good, "");
    svg_move(sb, from, y);
    svg_across(sb, to);
    svg_path_close(sb);
    struct label l = {STRBUF_INIT};
    wording_input(&l.sb, s, value);
    double width = svg_text_width(made(&l));
    svg_rect(sb, "back", to < from ? to - 8 - width : to + 4, y - 7, width + 4, 14);
    svg_text(sb, to < from ? to - 6 : to + 6, y + TO_BASE_LINE, to < from ? SVG_END : SVG_START,
             NULL, made(&l));
    strbuf_release(&l.sb);
}

bool chart_sensitivity(struct strbuf *sb, const struct decision *d, enum chart_variant v)
{
    struct tornado_row rows[MOST_ROWS];
    size_t count = tornado_rows(d, rows);
    const struct option *chosen = option_at(d, d->recommendation.option);
    const struct option *other = option_at(d, d->recommendation.runner_up);
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

    struct label desc = {STRBUF_INIT};
    tornado_findings(&desc.sb, rows, count);
    struct svg_frame frame = {v, slim ? NARROW : WIDE, bottom + 44, "to",
                              STR("Margin of the recommendation over the range of each input"),
                              made(&desc)};
    svg_open(sb, &frame);
    strbuf_release(&desc.sb);

    double ticks[SCALE_TICKS];
    size_t tick_count = scale_ticks(&x, slim ? 4 : 7, ticks);
    svg_path_open(sb, "gr");
    for (size_t i = 0; i < tick_count; i++) {
        double at = scale_at(&x, ticks[i]);
        for (size_t row = 0; row < (slim ? count : 1); row++) {
            svg_move(sb, at, slim ? top + step * (double)row - 10 : 38);
            svg_down(sb, slim ? top + step * (double)row + 10 : bottom);
        }
    }
    svg_path_close(sb);
    for (size_t i = 0; i < tick_count; i++) {
        struct label l = {STRBUF_INIT};
        margin_label(&l.sb, ticks[i]);
        svg_text(sb, scale_at(&x, ticks[i]), bottom + 17, SVG_MIDDLE, NULL, made(&l));
        strbuf_release(&l.sb);
    }
    strbuf_addc(sb, '\n');
    double zero = scale_at(&x, 0);
    double here = scale_at(&x, now);
    static const char *const LINES[] = {"zero", "now"};
    for (int line = 0; line < 2; line++) {
        double at = line == 0 ? zero : here;
        svg_path_open(sb, LINES[line]);
        for (size_t row = 0; row < (slim ? count : 1); row++) {
            svg_move(sb, at, slim ? top + step * (double)row - 10 : 38);
            svg_down(sb, slim ? top + step * (double)row + 10 : bottom);
        }
        svg_path_close(sb);
    }
    char good = letter_of(chosen->class);
    char bad = letter_of(other->class);
    for (size_t i = 0; i < count; i++) {
        const struct sensitivity *s = rows[i].s;
        double y = top + step * (double)i;
        struct label name = {STRBUF_INIT};
        wording_capital(&name.sb, s->name);
        svg_text_fit(sb, slim ? 8 : 0, slim ? y - 14 : y + TO_BASE_LINE, SVG_START, "tx",
                     made(&name), slim ? 360 : 230);
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
    struct label l = {STRBUF_INIT};
    strbuf_adds(&l.sb, "Now ");
    margin_label(&l.sb, now);
    bool is_right = here >= zero;
    double apart = fabs(here - zero);
    if (apart > 90) {
        svg_puts(sb, zero, slim ? 25 : 23, SVG_MIDDLE, "tx em", "Flips here");
        svg_text(sb, here, slim ? 25 : 23, SVG_MIDDLE, "tx em", made(&l));
    } else {
        svg_puts(sb, zero, slim ? 25 : 23, is_right ? SVG_END : SVG_START, "tx em", "Flips here");
        svg_text(sb, here + (is_right ? 8 : -8), slim ? 25 : 23, is_right ? SVG_START : SVG_END,
                 "tx em", made(&l));
    }
    strbuf_clear(&l.sb);
    strbuf_adds(&l.sb, "How much dearer ");
    strbuf_add(&l.sb, option_short_name(other));
    strbuf_adds(&l.sb, " is than ");
    strbuf_add(&l.sb, option_short_name(chosen));
    svg_text_fit(sb, slim ? 8 : x.start, bottom + 36, SVG_START, NULL, made(&l), slim ? 360 : 560);
    strbuf_release(&l.sb);
    strbuf_addc(sb, '\n');
    svg_close(sb);
    return true;
}

/* ---- latency ---- */

static size_t latency_rows(const struct decision *d, const struct option *rows[MOST_ROWS])
{
    size_t count = 0;
    for (size_t i = 0; i < d->option_count && count < MOST_ROWS; i++) {
        const struct option *o = &d->options[i];
        bool is_on_demand = o->purchase == PURCHASE_ON_DEMAND;
        if (o->feasible && is_on_demand && !isnan(o->latency.p99_ms))
            rows[count++] = o;
    }
    for (size_t i = 0; i < d->option_count && count < MOST_ROWS; i++) {
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
    const struct option *rows[MOST_ROWS];
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

    struct label desc = {STRBUF_INIT};
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            strbuf_adds(&desc.sb, "; ");
        strbuf_add(&desc.sb, rows[i]->name);
        strbuf_adds(&desc.sb, " p50 ");
        wording_ms(&desc.sb, rows[i]->latency.p50_ms);
        strbuf_adds(&desc.sb, ", p99 ");
        wording_ms(&desc.sb, rows[i]->latency.p99_ms);
    }
    struct svg_frame frame = {v, slim ? NARROW : WIDE, bottom + 28, "la",
                              STR("Predicted latency against the limit"), made(&desc)};
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
        struct label l = {STRBUF_INIT};
        wording_ms(&l.sb, ticks[i]);
        svg_text(sb, scale_at(&x, ticks[i]), bottom + 19, i == 0 && slim ? SVG_START : SVG_MIDDLE, NULL,
                 made(&l));
        strbuf_release(&l.sb);
    }
    if (!isnan(limit_ms)) {
        svg_path_open(sb, "zero");
        svg_move(sb, scale_at(&x, limit_ms), 26);
        svg_down(sb, bottom);
        svg_path_close(sb);
        struct label l = {STRBUF_INIT};
        strbuf_adds(&l.sb, "Limit ");
        wording_ms(&l.sb, limit_ms);
        svg_text(sb, scale_at(&x, limit_ms), 18, SVG_MIDDLE, "tx em", made(&l));
        strbuf_release(&l.sb);
    }
    strbuf_addc(sb, '\n');
    for (size_t i = 0; i < count; i++) {
        const struct option *o = rows[i];
        double y = top + step * (double)i;
        char letter = letter_of(o->class);
        svg_mark(sb, letter, slim ? 12 : 6, slim ? y - 18 : y, 4, false);
        svg_text_fit(sb, slim ? 22 : 16, slim ? y - 13 : y + TO_BASE_LINE, SVG_START, "tx", o->name,
                     slim ? 260 : 270);
        struct label l = {STRBUF_INIT};
        wording_ms(&l.sb, o->latency.p99_ms);
        svg_text(sb, slim ? 372 : WIDE, slim ? y - 13 : y + TO_BASE_LINE, SVG_END, "tx", made(&l));
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
        open_class_path(sb, "bar", letter, "");
        svg_move(sb, scale_at(&x, from), y);
        svg_across(sb, is_off ? x.end - 4 : scale_at(&x, o->latency.p99_ms));
        svg_path_close(sb);
        if (!isnan(p50)) {
            strbuf_adds(sb, "<circle class=\"dot\" cx=\"");
            svg_num(sb, scale_at(&x, p50));
            strbuf_adds(sb, "\" cy=\"");
            svg_num(sb, y);
            strbuf_adds(sb, "\" r=\"3\"/>");
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

/* ---- what a price update did ---- */

bool chart_effects(struct strbuf *sb, const struct decision_effect *effects,
                   const struct str *titles, size_t count, enum chart_variant v)
{
    size_t shown[MOST_ROWS];
    size_t rows = 0;
    double low = 0;
    double high = 0;
    for (size_t i = 0; i < count && rows < MOST_ROWS; i++) {
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
    struct label desc = {STRBUF_INIT};
    for (size_t i = 0; i < rows; i++) {
        const struct decision_effect *e = &effects[shown[i]];
        if (i > 0)
            strbuf_adds(&desc.sb, "; ");
        strbuf_add(&desc.sb, titles[shown[i]]);
        strbuf_adds(&desc.sb, ": ");
        margin_label(&desc.sb, e->margin_before);
        strbuf_adds(&desc.sb, " to ");
        margin_label(&desc.sb, e->margin_after);
        strbuf_adds(&desc.sb, ", ");
        strbuf_adds(&desc.sb, effect_word(e->effect));
    }
    struct svg_frame frame = {v, slim ? NARROW : 600, bottom + 26, "ar",
                              STR("Margin to the runner-up before and after the price update"),
                              made(&desc)};
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
        struct label l = {STRBUF_INIT};
        margin_label(&l.sb, ticks[i]);
        svg_text(sb, scale_at(&x, ticks[i]), bottom + 17, SVG_MIDDLE, NULL, made(&l));
        strbuf_release(&l.sb);
    }
    strbuf_addc(sb, '\n');
    for (size_t i = 0; i < rows; i++) {
        const struct decision_effect *e = &effects[shown[i]];
        double y = top + step * (double)i;
        double text_y = slim ? y - 12 : y + TO_BASE_LINE;
        svg_text_fit(sb, 0, text_y, SVG_START, "tx", titles[shown[i]], slim ? 280 : 170);
        struct label l = {STRBUF_INIT};
        wording_capital(&l.sb, str_of(effect_word(e->effect)));
        svg_text(sb, slim ? NARROW : 600, text_y, SVG_END, "tx", made(&l));
        strbuf_release(&l.sb);
        svg_path_open(sb, "arr");
        svg_move(sb, scale_at(&x, e->margin_before), y);
        svg_across(sb, scale_at(&x, e->margin_after));
        svg_path_close(sb);
        strbuf_adds(sb, "<circle class=\"ring\" cx=\"");
        svg_num(sb, scale_at(&x, e->margin_before));
        strbuf_adds(sb, "\" cy=\"");
        svg_num(sb, y);
        strbuf_adds(sb, "\" r=\"3.5\"/><circle class=\"dot\" cx=\"");
        svg_num(sb, scale_at(&x, e->margin_after));
        strbuf_adds(sb, "\" cy=\"");
        svg_num(sb, y);
        strbuf_adds(sb, "\" r=\"4.5\"/>\n");
    }
    svg_close(sb);
    return true;
}

/* ---- small drawings ---- */

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
        struct label l = {STRBUF_INIT};
        wording_usd_axis(&l.sb, ticks[i]);
        svg_text(sb, scale_at(axis, ticks[i]), 12, i == 0 ? SVG_START : SVG_MIDDLE, NULL, made(&l));
        strbuf_release(&l.sb);
    }
    strbuf_adds(sb, "</svg>");
}

void chart_interval(struct strbuf *sb, const struct scale *axis, double width,
                    enum platform_class class, double low, double at, double high)
{
    char letter = letter_of(class);
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
            open_class_path(sb, "bar", letter, "");
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
    char near = letter_of(here);
    char far = letter_of(beyond);
    bool far_is_left = flips && s->flips_at < s->now;
    double at = flips ? scale_at(&x, s->flips_at) : x.end;
    if (flips) {
        open_class_path(sb, "rl", far_is_left ? far : near, far_is_left ? " dash" : "");
        svg_move(sb, x.start, 20);
        svg_across(sb, at);
        svg_path_close(sb);
        open_class_path(sb, "rl", far_is_left ? near : far, far_is_left ? "" : " dash");
        svg_move(sb, at, 20);
        svg_across(sb, x.end);
        svg_path_close(sb);
    } else {
        open_class_path(sb, "rl", near, "");
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
    struct label l = {STRBUF_INIT};
    wording_input_short(&l.sb, s, x.from);
    svg_text(sb, 1, 38, SVG_START, NULL, made(&l));
    strbuf_clear(&l.sb);
    wording_input_short(&l.sb, s, x.to);
    if (x.is_log)
        strbuf_adds(&l.sb, ", log");
    svg_text(sb, 299, 38, SVG_END, NULL, made(&l));
    strbuf_release(&l.sb);
    strbuf_adds(sb, "</svg>");
}

void chart_latency_row(struct strbuf *sb, double p50_ms, double p99_ms, double limit_ms,
                       enum platform_class class)
{
    char letter = letter_of(class);
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
            open_class_path(sb, "bar", letter, "");
            svg_move(sb, scale_at(&x, from), 9);
            svg_across(sb, is_off ? x.end : scale_at(&x, p99_ms));
            svg_path_close(sb);
            if (!isnan(p50_ms)) {
                strbuf_adds(sb, "<circle class=\"dot\" cx=\"");
                svg_num(sb, scale_at(&x, p50_ms));
                strbuf_adds(sb, "\" cy=\"9\" r=\"3\"/>");
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
        char letter = letter_of(toward);
        open_class_path(sb, "bal", letter, "");
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
        strbuf_adds(sb, "<circle class=\"dot\" cx=\"");
        svg_num(sb, last_x);
        strbuf_adds(sb, "\" cy=\"");
        svg_num(sb, last_y);
        strbuf_adds(sb, "\" r=\"2.5\"/>");
    }
    strbuf_adds(sb, "</svg>");
}
