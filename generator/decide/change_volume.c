#include "decide/change.h"

#include "base/arena.h"
#include "number/bracket.h"

#include <math.h>
#include <string.h>

#define POINTS 65       /* of the chart, at most */
#define COARSE 4        /* every so many of them are asked in any case */
#define CROSSINGS_MAX 24
#define CURVES_MAX 8
#define SAME_VOLUME 2e-3 /* two crossings nearer than that are one */

static bool moves_volume(const struct variable *v)
{
    return !v->is_global && (v->figure == FIGURE_REQUESTS_PER_DAY || v->figure == FIGURE_STREAMS);
}

void change_scale(const struct workload *w, double factor, double *x)
{
    for (size_t i = 0; i < w->variable_count; i++) {
        const struct variable *v = &w->variables[i];
        x[i] = v->likely;
        if (moves_volume(v))
            x[i] *= factor;
    }
}

static double total_per_day(const struct engine *e)
{
    double sum = 0;
    for (size_t i = 0; i < e->workload->part_count; i++)
        sum += e->base->parts[i].x[FIGURE_REQUESTS_PER_DAY] * e->workload->parts[i].multiplicity;
    return sum;
}

void change_fixed(const struct change_input *in, struct option *options)
{
    struct engine *e = in->engine;
    if (!(total_per_day(e) > 0))
        return;
    double *x = arena_new(e->a, double, e->workload->variable_count);
    change_scale(e->workload, 0, x);
    state_at(e->workload, x, true, e->state);
    for (size_t i = 0; i < in->option_count; i++) {
        if (!options[i].feasible || !options[i].costed)
            continue;
        double usd = candidate_usd(e, &in->candidates->items[in->candidate_of[i]], e->state, EFFORT_SWEEP);
        options[i].fixed_usd = cost_cents(usd);
    }
}

/* ---- points ---- */

/* What is compared along the volume. */
enum contest {
    CONTEST_CLASSES, /* the class `class` against all others */
    CONTEST_SIDES,   /* Kubernetes against serverless */
    CONTEST_PAIR     /* the recommended option against the best of another class */
};

/* The whole decision at one volume. */
struct point {
    double per_day;
    struct survey_costs costs;
    bool alone; /* the volume changed alone */
};

struct sweep {
    const struct change_input *in;
    double per_day;
    double *x;
    int volume; /* variable that alone is the volume; -1: several are */
    struct point **points; /* all that were asked, the least first */
    size_t count, capacity;
    struct survey_costs costs; /* room */
    enum contest contest;
    enum platform_class class;
    double sign; /* -1: the contest's second is the cheaper one inside */
};

/*
 * Less traffic is the answer changed alone: a stated peak stays. More traffic of the same shape takes its peak
 * along, since no stated peak holds a multiple of the volume.
 */
static bool costs_at(struct sweep *s, double per_day, struct survey_costs *out)
{
    struct survey *f = s->in->survey;
    struct engine at;
    double factor = per_day / s->per_day;
    survey_begin(f);
    bool alone = factor < 1 && s->volume >= 0 &&
                 survey_figure(f, (size_t)s->volume, f->engine->workload->variables[s->volume].likely * factor, &at);
    if (!alone) {
        change_scale(f->engine->workload, factor, s->x);
        survey_point(f, s->x, &at);
    }
    survey_at(f, &at, out);
    return alone;
}

/* Of the points that were asked the first whose volume is not below; their count where none is. */
static size_t place_of(const struct sweep *s, double per_day)
{
    size_t low = 0, high = s->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (s->points[middle]->per_day < per_day)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct point *point_at(struct sweep *s, double per_day)
{
    struct arena *a = s->in->engine->a;
    size_t place = place_of(s, per_day);
    if (place < s->count && !(s->points[place]->per_day > per_day))
        return s->points[place];
    struct point *p = arena_new(a, struct point, 1);
    *p = (struct point){.per_day = per_day, .costs = survey_costs_new(s->in->survey, a)};
    p->alone = costs_at(s, per_day, &p->costs);
    for (int k = 0; k < CLASS_NONE; k++) { /* the survey keeps them until the next point alone */
        p->costs.id[k] = str_copy(a, p->costs.id[k]);
        p->costs.name[k] = str_copy(a, p->costs.name[k]);
    }
    if (s->count == s->capacity)
        s->points = arena_grow(a, struct point *, s->points, s->count, &s->capacity);
    memmove(&s->points[place + 1], &s->points[place], (s->count - place) * sizeof *s->points);
    s->points[place] = p;
    s->count++;
    return p;
}

static int sole_volume(const struct workload *w)
{
    int sole = -1, count = 0;
    for (size_t i = 0; i < w->variable_count; i++)
        if (moves_volume(&w->variables[i]) && w->variables[i].likely > 0) {
            sole = (int)i;
            count++;
        }
    return count == 1 && w->variables[sole].figure == FIGURE_REQUESTS_PER_DAY ? sole : -1;
}

/* ---- crossings ---- */

static double log_ratio(double rival, double own)
{
    if (!(own < HUGE_VAL) && !(rival < HUGE_VAL))
        return NOT_KNOWN;
    return own < HUGE_VAL ? rival < HUGE_VAL ? log(rival / own) : HUGE_VAL : -HUGE_VAL;
}

/* > 0 while the contest's first is the cheaper one; not known: neither holds. */
static double lead(const struct sweep *s, const struct survey_costs *c)
{
    const struct survey *f = s->in->survey;
    switch (s->contest) {
    case CONTEST_CLASSES: return log_ratio(survey_least(c, survey_rival(c, s->class)), survey_least(c, s->class));
    case CONTEST_SIDES: return log_ratio(survey_least(c, CLASS_SERVERLESS), survey_least(c, CLASS_KUBERNETES));
    case CONTEST_PAIR: break;
    }
    return log_ratio(survey_usd(c, survey_row_of(f, s->in->runner_up)), survey_usd(c, survey_row_of(f, s->in->chosen)));
}

static double lead_at(double per_day, void *context)
{
    struct sweep *s = context;
    double at = lead(s, &point_at(s, per_day)->costs) * s->sign;
    return isnan(at) ? -HUGE_VAL : at;
}

struct end { /* of a crossing */
    int option;
    enum platform_class class;
    struct str id, name;
};

static struct end end_of(const struct sweep *s, const struct point *p, enum platform_class class)
{
    if (class == CLASS_NONE)
        return (struct end){.option = -1, .class = CLASS_NONE}; /* nothing holds there: no crossing */
    return (struct end){survey_option_of(s->in->survey, p->costs.best[class]), class, p->costs.id[class], p->costs.name[class]};
}

static struct end end_of_option(const struct sweep *s, int option)
{
    const struct option *o = &s->in->options[option];
    return (struct end){option, o->class, o->id, o->name};
}

static double stated(const struct answer *rate, double factor)
{
    return rate->given && rate->likely > 0 ? rate->likely * factor : NOT_KNOWN;
}

static void add(const struct sweep *s, struct crossover *list, size_t *count, const struct end *from, const struct end *to, const struct point *p)
{
    double at = p->per_day;
    if (*count == CROSSINGS_MAX || from->id.n == 0 || to->id.n == 0)
        return;
    for (size_t i = 0; i < *count; i++)
        if (fabs(list[i].at - at) <= SAME_VOLUME * at && list[i].from == from->option && list[i].to == to->option)
            return;
    list[(*count)++] = (struct crossover){.variable = STR("answers.traffic.requests_per_day"), .from = from->option, .to = to->option,
                                          .from_id = from->id, .to_id = to->id, .from_name = from->name, .to_name = to->name, .at = at, .peak_rps = NOT_KNOWN, .min_rps = NOT_KNOWN,
                                          .is_first = s->contest == CONTEST_CLASSES, .is_pair = s->contest == CONTEST_PAIR,
                                          .from_class = from->class, .to_class = to->class};
    if (p->alone)
        return;
    const struct traffic_answers *t = &s->in->engine->workload->questionnaire->traffic;
    list[*count - 1].peak_rps = stated(&t->peak_rps, at / s->per_day);
    list[*count - 1].min_rps = stated(&t->min_rps, at / s->per_day);
}

static double lead_of_rows(double per_day, void *context)
{
    struct sweep *s = context;
    costs_at(s, per_day, &s->costs);
    double at = lead(s, &s->costs) * s->sign;
    return isnan(at) ? -HUGE_VAL : at;
}

/* What is compared at a point: two rows. */
static void rows_at(double per_day, void *context, size_t rows[2])
{
    struct sweep *s = context;
    const struct survey *f = s->in->survey;
    const struct survey_costs *c = &point_at(s, per_day)->costs;
    enum platform_class own = s->contest == CONTEST_CLASSES ? s->class : CLASS_KUBERNETES;
    enum platform_class rival = s->contest == CONTEST_CLASSES ? survey_rival(c, s->class) : CLASS_SERVERLESS;
    bool is_pair = s->contest == CONTEST_PAIR;
    rows[0] = is_pair ? survey_row_of(f, s->in->chosen) : own == CLASS_NONE ? ROW_NONE : c->best[own];
    rows[1] = is_pair ? survey_row_of(f, s->in->runner_up) : rival == CLASS_NONE ? ROW_NONE : c->best[rival];
}

/* The change of a contest between two points, which are neighbours; beyond it. */
static const struct point *add_change(struct sweep *s, const struct point *low, const struct point *high, struct crossover *list, size_t *count)
{
    struct bracket b = {.inside = low->per_day, .beyond = high->per_day, .f_inside = lead_at(low->per_day, s), .f_beyond = lead_at(high->per_day, s), .is_log = true};
    const struct survey_change change = {lead_at, lead_of_rows, rows_at, s};
    survey_narrow(s->in->survey, &change, &b);
    const struct point *before = point_at(s, b.inside), *beyond = point_at(s, b.beyond);
    bool first = s->sign > 0;
    struct end from, to;
    if (s->contest == CONTEST_PAIR) {
        from = end_of_option(s, first ? s->in->chosen : s->in->runner_up);
        to = end_of_option(s, first ? s->in->runner_up : s->in->chosen);
    } else { /* what wins before it, and what beyond */
        bool sides = s->contest == CONTEST_SIDES;
        from = end_of(s, before, !sides ? s->class : first ? CLASS_KUBERNETES : CLASS_SERVERLESS);
        to = end_of(s, beyond, !sides ? survey_rival(&beyond->costs, s->class) : first ? CLASS_SERVERLESS : CLASS_KUBERNETES);
    }
    add(s, list, count, &from, &to, beyond);
    return beyond;
}

/* Whether a contest changes between two points; sets what is inside. */
static bool changes(struct sweep *s, const struct point *low, const struct point *high)
{
    s->sign = 1;
    if (s->contest == CONTEST_CLASSES) { /* where nothing holds there is no crossing */
        s->class = low->costs.first;
        return s->class != CLASS_NONE && high->costs.first != CLASS_NONE && s->class != high->costs.first;
    }
    double from = lead(s, &low->costs), to = lead(s, &high->costs);
    s->sign = from > 0 ? 1 : -1;
    return isfinite(from) && isfinite(to) && (from > 0) != (to > 0);
}

/*
 * Every change of a contest, the least volume first: of the cheapest class, so that the chain of winners has no gap; of
 * two options or two sides where both hold. What one contest asked the next finds.
 */
static void add_contest(struct sweep *s, enum contest contest, struct crossover *list, size_t *count)
{
    s->contest = contest;
    for (size_t i = 0; i + 1 < s->count; i++) {
        const struct point *low = s->points[i], *high = s->points[i + 1];
        if (!changes(s, low, high))
            continue;
        /* A third class may lie between the two: it goes on right beyond the change. */
        i = place_of(s, add_change(s, low, high, list, count)->per_day) - 1;
    }
}

/* ---- curves ---- */

static void want(size_t row, size_t *rows, size_t *count)
{
    if (row == ROW_NONE || *count == CURVES_MAX)
        return;
    for (size_t i = 0; i < *count; i++)
        if (rows[i] == row)
            return;
    rows[(*count)++] = row;
}

static void watch_pair(const struct change_input *in)
{
    const size_t pair[] = {survey_row_of(in->survey, in->chosen), survey_row_of(in->survey, in->runner_up)};
    survey_watch(in->survey, pair, 2);
}

/* Recommended, the best of another class, the best of each class today. */
static size_t curves_of_today(const struct sweep *s, size_t rows[CURVES_MAX])
{
    const struct survey *f = s->in->survey;
    size_t count = 0;
    want(survey_row_of(f, s->in->chosen), rows, &count);
    want(survey_row_of(f, s->in->runner_up), rows, &count);
    bool seen[CLASS_NONE] = {false};
    for (size_t i = 0; i < s->in->option_count; i++) {
        const struct option *o = &s->in->options[i];
        if (!o->eligible || !o->costed || seen[o->class])
            continue;
        seen[o->class] = true;
        want(survey_row_of(f, (int)i), rows, &count);
    }
    return count;
}

/* ---- the chart ---- */

struct chart {
    double lowest, highest; /* a day */
    struct point *points[POINTS];
    size_t count;
};

static struct point *point_of(struct sweep *s, const struct chart *g, size_t place)
{
    return point_at(s, round_significant(g->lowest * pow(g->highest / g->lowest, (double)place / (POINTS - 1)), 4, false));
}

/* Whether two costs, both known at two volumes, may change places between them. */
static bool may_cross(double a_low, double a_high, double b_low, double b_high)
{
    return fmax(fmax(a_low, a_high), fmax(b_low, b_high)) < HUGE_VAL && !survey_stays_below(a_low, a_high, b_low, b_high) &&
           !survey_stays_below(b_low, b_high, a_low, a_high);
}

/* Whether something that is looked for may change between two volumes of the chart. */
static bool is_open(const struct sweep *s, const struct point *low, const struct point *high)
{
    const struct survey_costs *a = &low->costs, *b = &high->costs;
    const struct survey *f = s->in->survey;
    if (a->first != b->first)
        return true;
    if (a->first == CLASS_NONE)
        return false;
    size_t own = survey_row_of(f, s->in->chosen), other = survey_row_of(f, s->in->runner_up);
    double rival_low = survey_least(a, survey_rival(a, a->first)), rival_high = survey_least(b, survey_rival(b, b->first));
    bool new_rival = (rival_low < HUGE_VAL) != (rival_high < HUGE_VAL); /* it begins or ends to hold */
    return new_rival || may_cross(survey_least(a, a->first), survey_least(b, a->first), rival_low, rival_high) ||
           may_cross(survey_least(a, CLASS_KUBERNETES), survey_least(b, CLASS_KUBERNETES), survey_least(a, CLASS_SERVERLESS), survey_least(b, CLASS_SERVERLESS)) ||
           may_cross(survey_usd(a, own), survey_usd(b, own), survey_usd(a, other), survey_usd(b, other));
}

/* The points from one place to another, the second left out. */
static void add_points(struct sweep *s, struct chart *g, size_t from, size_t to)
{
    struct point *low = point_of(s, g, from);
    if (to - from > 1 && is_open(s, low, point_of(s, g, to))) {
        size_t middle = (from + to) / 2;
        add_points(s, g, from, middle);
        add_points(s, g, middle, to);
    } else {
        g->points[g->count++] = low;
    }
}

static void make_chart(struct sweep *s, struct chart *g)
{
    for (size_t i = 0; i + COARSE < POINTS; i += COARSE)
        add_points(s, g, i, i + COARSE);
    g->points[g->count++] = point_of(s, g, POINTS - 1);
}

/* Those, then whoever wins somewhere on the chart. */
static size_t choose_curves(const struct sweep *s, const struct chart *g, size_t rows[CURVES_MAX])
{
    const struct survey *f = s->in->survey;
    size_t count = curves_of_today(s, rows);
    for (size_t i = 0; i < g->count; i++) {
        const struct survey_costs *c = &g->points[i]->costs;
        if (c->first != CLASS_NONE && survey_option_of(f, c->best[c->first]) >= 0)
            want(c->best[c->first], rows, &count);
    }
    return count;
}

/* A row that is drawn is costed where it was left out as dearer, too. */
static void complete(struct sweep *s, const struct chart *g, const size_t *rows, size_t count)
{
    struct survey *f = s->in->survey;
    struct survey_costs costs = survey_costs_new(f, s->in->engine->a);
    size_t missing[CURVES_MAX], missing_count = 0;
    for (size_t i = 0; i < g->count; i++)
        for (size_t k = 0; k < count; k++)
            if (g->points[i]->costs.is_dearer[rows[k]])
                want(rows[k], missing, &missing_count);
    if (!survey_only(f, missing, missing_count))
        survey_watch(f, missing, missing_count);
    for (size_t i = 0; i < g->count; i++) {
        bool is_whole = true;
        for (size_t k = 0; k < missing_count; k++)
            is_whole = is_whole && !g->points[i]->costs.is_dearer[missing[k]];
        if (is_whole)
            continue;
        costs_at(s, g->points[i]->per_day, &costs);
        for (size_t k = 0; k < missing_count; k++)
            g->points[i]->costs.usd[missing[k]] = costs.usd[missing[k]];
    }
    survey_all(f);
}

static void fill_chart(struct sweep *s, const struct chart *g, struct decision *out)
{
    struct engine *e = s->in->engine;
    const struct survey *f = s->in->survey;
    size_t rows[CURVES_MAX], count = choose_curves(s, g, rows);
    complete(s, g, rows, count);
    struct volume_curve *curves = arena_new(e->a, struct volume_curve, count);
    double *volumes = arena_new(e->a, double, g->count);
    int *cheapest = arena_new(e->a, int, g->count);
    for (size_t k = 0; k < count; k++) {
        double *usd = arena_new(e->a, double, g->count);
        for (size_t i = 0; i < g->count; i++)
            usd[i] = cost_cents(g->points[i]->costs.usd[rows[k]]);
        curves[k] = (struct volume_curve){survey_option_of(f, rows[k]), usd};
    }
    for (size_t i = 0; i < g->count; i++) {
        const struct survey_costs *c = &g->points[i]->costs;
        volumes[i] = g->points[i]->per_day;
        cheapest[i] = c->first == CLASS_NONE ? -1 : survey_option_of(f, c->best[c->first]);
    }
    out->volume = (struct volume_chart){.requests_per_day = volumes, .points = g->count, .now = s->per_day, .low = s->per_day,
                                        .high = s->per_day, .curves = curves, .curve_count = count, .cheapest = cheapest};
    int v = workload_variable(e->workload, STR("answers.traffic.requests_per_day"));
    if (v >= 0 && e->workload->variables[v].likely > 0) {
        out->volume.low = s->per_day * e->workload->variables[v].low / e->workload->variables[v].likely;
        out->volume.high = s->per_day * e->workload->variables[v].high / e->workload->variables[v].likely;
    }
}

void change_volume(const struct change_input *in, struct decision *out)
{
    struct engine *e = in->engine;
    double per_day = total_per_day(e);
    if (!(per_day > 0) || in->chosen < 0)
        return;
    double lowest = fmax(fmin(per_day / 1000, 1000), 1), highest = fmax(per_day * 1000, 1e9);
    struct sweep s = {.in = in, .per_day = per_day, .x = arena_new(e->a, double, e->workload->variable_count), .volume = sole_volume(e->workload),
                      .costs = survey_costs_new(in->survey, e->a)};
    struct chart g = {.lowest = lowest, .highest = highest};
    size_t rows[CURVES_MAX];
    survey_watch(in->survey, rows, curves_of_today(&s, rows));
    make_chart(&s, &g);
    watch_pair(in);
    struct crossover *list = arena_new(e->a, struct crossover, CROSSINGS_MAX);
    size_t count = 0;
    add_contest(&s, CONTEST_CLASSES, list, &count);
    add_contest(&s, CONTEST_SIDES, list, &count);
    if (in->runner_up >= 0)
        add_contest(&s, CONTEST_PAIR, list, &count);
    for (size_t i = 1; i < count; i++) {
        struct crossover c = list[i];
        size_t k = i;
        for (; k > 0 && list[k - 1].at > c.at; k--)
            list[k] = list[k - 1];
        list[k] = c;
    }
    out->crossovers = list;
    out->crossover_count = count;
    fill_chart(&s, &g, out);
}
