/* Cost by requests a day, log-log. */
#include "render/chart_parts.h"
#include "report/volume.h"

#include <math.h>

#define MOST_LABELS ((size_t)8)
#define MOST_CURVES ((size_t)6)

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
    chart_circle(sb, "ring", x, y, 5.5);
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
    const struct option *x = chart_option(d, other);
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
    const struct option *o = chart_option(d, d->volume.curves[curve].option);
    for (size_t i = 0; i < curve; i++) {
        const struct option *before = chart_option(d, d->volume.curves[i].option);
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
    const struct option *chosen = chart_option(d, d->recommendation.option);
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
        const struct option *o = chart_option(d, c->curves[ends[i].curve].option);
        if (!o)
            continue;
        struct str name = curve_name(d, o);
        char letter = chart_letter(o->class);
        if (slim) {
            svg_rect(sb, "back", xs->start + 5, ends[i].at - 7, fmin(svg_text_width(name), 190) + 16, 14);
            svg_mark(sb, letter, xs->start + 11, ends[i].at, 3.5, false);
            svg_text_fit(sb, xs->start + 18, ends[i].at + CHART_TO_BASE_LINE, SVG_START, "tx", name, 190);
            continue;
        }
        svg_path_open(sb, "lead");
        svg_move(sb, xs->end + 2, ends[i].y);
        svg_line_to(sb, xs->end + 14, ends[i].at);
        svg_path_close(sb);
        svg_mark(sb, letter, xs->end + 21, ends[i].at, 4, false);
        svg_text_fit(sb, xs->end + 30, ends[i].at + CHART_TO_BASE_LINE, SVG_START, "tx", name,
                     is_second(d, ends[i].curve) ? 124 : 172);
        if (is_second(d, ends[i].curve))
            svg_puts(sb, CHART_WIDE, ends[i].at + CHART_TO_BASE_LINE, SVG_END, NULL, "dashed");
    }
    strbuf_addc(sb, '\n');
}

/* What every piece of the drawing needs. */
struct plot {
    const struct decision *d; /* cropped to what is drawn */
    struct scale x, y;
    bool slim;
};

static bool cost_range(const struct volume_chart *c, double *low, double *high)
{
    *low = (double)INFINITY;
    *high = 0;
    for (size_t k = 0; k < c->curve_count; k++)
        for (size_t i = 0; i < c->points; i++) {
            double usd = c->curves[k].usd[i];
            if (usd > 0 && isfinite(usd)) {
                *low = fmin(*low, usd);
                *high = fmax(*high, usd);
            }
        }
    return *high > 0;
}

static void draw_likely_range(struct strbuf *sb, const struct plot *p)
{
    const struct volume_chart *c = &p->d->volume;
    if (!(c->low > 0) || !(c->high > c->low))
        return;
    double a = fmax(scale_at(&p->x, c->low), p->x.start);
    double b = fmin(scale_at(&p->x, c->high), p->x.end);
    if (b > a)
        svg_rect(sb, "band", a, p->y.end, b - a, p->y.start - p->y.end);
}

static void draw_cost_axis(struct strbuf *sb, const struct plot *p)
{
    double ticks[SCALE_TICKS];
    size_t count = scale_ticks(&p->y, 8, ticks);
    svg_path_open(sb, "gr");
    for (size_t i = 0; i < count; i++) {
        svg_move(sb, p->x.start, scale_at(&p->y, ticks[i]));
        svg_across(sb, p->x.end);
    }
    svg_path_close(sb);
    for (size_t i = 0; i < count; i++) {
        struct chart_label l = {STRBUF_INIT};
        wording_usd_axis(&l.sb, ticks[i]);
        svg_text(sb, p->x.start - 7, scale_at(&p->y, ticks[i]) + CHART_TO_BASE_LINE, SVG_END, NULL,
                 chart_made(&l));
        strbuf_release(&l.sb);
    }
}

static void draw_volume_axis(struct strbuf *sb, const struct plot *p)
{
    double ticks[SCALE_TICKS];
    size_t count = scale_ticks(&p->x, p->slim ? 5 : 10, ticks);
    svg_path_open(sb, "ax");
    svg_move(sb, p->x.start, p->y.start);
    svg_across(sb, p->x.end);
    for (size_t i = 0; i < count; i++) {
        svg_move(sb, scale_at(&p->x, ticks[i]), p->y.start);
        svg_down(sb, p->y.start + 5);
    }
    svg_path_close(sb);
    for (size_t i = 0; i < count; i++) {
        struct chart_label l = {STRBUF_INIT};
        if (ticks[i] >= 1000 && ticks[i] < 10000) { /* 3k, not 3,000: the axis is narrow */
            wording_count(&l.sb, ticks[i] / 1000);
            strbuf_addc(&l.sb, 'k');
        } else {
            wording_count(&l.sb, ticks[i]);
        }
        double at = scale_at(&p->x, ticks[i]);
        svg_text(sb, at, p->y.start + 19, at > p->x.end - 8 ? SVG_END : SVG_MIDDLE, NULL,
                 chart_made(&l));
        strbuf_release(&l.sb);
    }
    strbuf_addc(sb, '\n');
}

/* Below the axis: who is cheapest at that volume. */
static void draw_strip(struct strbuf *sb, const struct plot *p)
{
    struct volume_run runs[VOLUME_RUNS];
    size_t count = volume_runs(p->d, runs);
    for (size_t i = 0; i < count; i++) {
        const struct option *o = chart_option(p->d, runs[i].option);
        double a = scale_at(&p->x, runs[i].from) + (i > 0 ? 0.7 : 0);
        double b = scale_at(&p->x, runs[i].to) - (i + 1 < count ? 0.7 : 0);
        if (!o || b - a < 0.5)
            continue;
        char class[3] = {'f', chart_letter(o->class), 0};
        svg_rect(sb, class, a, p->y.start + 30, b - a, 20);
        struct str name = curve_name(p->d, o);
        if (svg_text_width(name) > b - a - 8 && !str_equal(name, o->name))
            name = option_short_name(o);
        if (svg_text_width(name) <= b - a - 8)
            svg_text(sb, (a + b) / 2, p->y.start + 44.5, SVG_MIDDLE, "inv", name);
    }
    svg_puts(sb, p->x.start, p->y.start + 70, SVG_START, NULL,
             p->slim ? "Requests per day. Strip: the cheapest option"
                     : "Requests per day, log scale. Strip: cheapest option at that volume");
    strbuf_addc(sb, '\n');
}

static bool has_today(const struct plot *p)
{
    return p->d->volume.now >= p->x.from && p->d->volume.now <= p->x.to;
}

static void draw_curves(struct strbuf *sb, const struct plot *p)
{
    const struct volume_chart *c = &p->d->volume;
    if (has_today(p)) {
        svg_path_open(sb, "now");
        svg_move(sb, scale_at(&p->x, c->now), p->y.end - 6);
        svg_down(sb, p->y.start);
        svg_path_close(sb);
    }
    for (size_t k = c->curve_count; k-- > 0;) { /* the recommended one last, on top */
        const struct option *o = chart_option(p->d, c->curves[k].option);
        chart_class_path(sb, "ln", o ? chart_letter(o->class) : 'n', is_second(p->d, k) ? " dash" : "");
        draw_curve(sb, c, c->curves[k].usd, &p->x, &p->y);
        svg_path_close(sb);
        strbuf_addc(sb, '\n');
    }
}

/* Of what becomes cheaper: without its machine, which changes with the volume. */
static struct str chart_crossing_name(const struct decision *d, const struct crossover *k)
{
    const struct option *today = chart_option(d, k->to);
    struct str head, tail;
    if (today)
        return option_short_name(today);
    str_cut(k->to_name, ',', &head, &tail);
    return head;
}

static void draw_crossings(struct strbuf *sb, const struct plot *p)
{
    const struct decision *d = p->d;
    struct boxes boxes = {0};
    if (p->slim) /* the names stand at the left end */
        take(&boxes, (struct box){p->x.start, p->y.end, p->x.start + 100, p->y.start});
    for (size_t i = 0; i < d->crossover_count && i < MOST_LABELS; i++) {
        const struct crossover *k = &d->crossovers[i];
        struct str to = chart_crossing_name(d, k);
        const double *usd = curve_of(&d->volume, k->from);
        if (!usd)
            usd = curve_of(&d->volume, k->to);
        if (!str_is(k->variable, "answers.traffic.requests_per_day") || !usd || to.n == 0)
            continue;
        double cost = cost_at(&d->volume, usd, k->at);
        if (isnan(cost))
            continue;
        struct chart_label head = {STRBUF_INIT};
        struct chart_label tail = {STRBUF_INIT};
        wording_count(&head.sb, k->at);
        strbuf_adds(&head.sb, p->slim ? ", " : " a day, ");
        wording_usd(&head.sb, cost);
        if (!p->slim) {
            strbuf_add(&tail.sb, to);
            strbuf_adds(&tail.sb, " becomes cheaper");
        }
        draw_crossing(sb, &boxes, scale_at(&p->x, k->at), scale_at(&p->y, cost), chart_made(&head),
                      chart_made(&tail), &p->x, &p->y);
        strbuf_release(&head.sb);
        strbuf_release(&tail.sb);
        strbuf_addc(sb, '\n');
    }
}

static void draw_today(struct strbuf *sb, const struct plot *p)
{
    const struct option *chosen = chart_option(p->d, p->d->recommendation.option);
    if (!has_today(p) || !chosen)
        return;
    double at = scale_at(&p->x, p->d->volume.now);
    double usd = money_double(chosen->monthly);
    if (usd >= p->y.from && usd <= p->y.to)
        svg_mark(sb, chart_letter(chosen->class), at, scale_at(&p->y, usd), 7, true);
    struct chart_label l = {STRBUF_INIT};
    strbuf_adds(&l.sb, "You are here: ");
    wording_count(&l.sb, p->d->volume.now);
    strbuf_adds(&l.sb, " a day, ");
    money_headline(&l.sb, chosen->monthly);
    double width = svg_text_width(chart_made(&l)) + 12;
    if (p->slim)
        svg_text(sb, p->x.end, 30, SVG_END, "tx em", chart_made(&l));
    else if (at - width > 0)
        svg_text(sb, at - 8, 20, SVG_END, "tx em", chart_made(&l));
    else
        svg_text(sb, at + 8, 20, SVG_START, "tx em", chart_made(&l));
    strbuf_release(&l.sb);
}

bool chart_volume(struct strbuf *sb, const struct decision *whole, enum chart_variant v)
{
    if (whole->volume.points < 2 || whole->volume.curve_count == 0 ||
        !(whole->volume.requests_per_day[0] > 0))
        return false;
    struct decision view;
    struct volume_curve cropped[MOST_CURVES];
    crop_volume(whole, &view, cropped);
    const struct volume_chart *c = &view.volume;
    double low, high;
    if (!cost_range(c, &low, &high))
        return false;
    bool slim = v == CHART_SLIM;
    const struct plot p = {.d = &view,
                           .x = {c->requests_per_day[0], c->requests_per_day[c->points - 1],
                                 slim ? 44 : 52, slim ? 366 : 676, true},
                           .y = {next_tick_below(low), high * 1.12, slim ? 324 : 352, slim ? 58 : 34, true},
                           .slim = slim};
    struct chart_label desc = {STRBUF_INIT};
    volume_findings(&desc.sb, whole);
    struct svg_frame frame = {v, slim ? CHART_NARROW : CHART_WIDE, slim ? 420 : 430, "cv",
                              STR("Monthly cost by requests per day"), chart_made(&desc)};
    svg_open(sb, &frame);
    strbuf_release(&desc.sb);
    draw_likely_range(sb, &p);
    draw_cost_axis(sb, &p);
    draw_volume_axis(sb, &p);
    draw_strip(sb, &p);
    draw_curves(sb, &p);
    draw_crossings(sb, &p);
    draw_today(sb, &p);
    draw_end_labels(sb, &view, c->curve_count, &p.x, &p.y, slim);
    svg_close(sb);
    return true;
}
