#include "decide/change.h"

#include "base/arena.h"
#include "number/bracket.h"

#include <math.h>
#include <string.h>

#define POINTS 61
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

struct sweep {
    const struct change_input *in;
    double per_day;
    double *x;
    int volume;        /* variable that alone is the volume; -1: several are */
    struct survey_costs costs;
    enum contest contest;
    enum platform_class class;
    double sign;       /* -1: the contest's second is the cheaper one inside */
    bool alone;        /* the costs are those of the volume changed alone */
};

/*
 * Less traffic is the answer changed alone: a stated peak stays. More traffic of the same shape takes its peak
 * along, since no stated peak holds a multiple of the volume.
 */
static void costs_at(struct sweep *s, double per_day)
{
    struct survey *f = s->in->survey;
    struct engine at;
    double factor = per_day / s->per_day;
    survey_begin(f);
    s->alone = factor < 1 && s->volume >= 0 &&
               survey_figure(f, (size_t)s->volume, f->engine->workload->variables[s->volume].likely * factor, &at);
    if (!s->alone) {
        change_scale(f->engine->workload, factor, s->x);
        survey_point(f, s->x, &at);
    }
    survey_at(f, &at, &s->costs);
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
    costs_at(s, per_day);
    double at = lead(s, &s->costs) * s->sign;
    return isnan(at) ? -HUGE_VAL : at;
}

struct end { /* of a crossing */
    int option;
    enum platform_class class;
    struct str id, name;
};

static struct end end_of(const struct sweep *s, enum platform_class class, struct arena *a)
{
    if (class == CLASS_NONE)
        return (struct end){.option = -1, .class = CLASS_NONE}; /* nothing holds there: no crossing */
    struct end out = {survey_option_of(s->in->survey, s->costs.best[class]), class, str_copy(a, s->costs.id[class]), str_copy(a, s->costs.name[class])};
    return out;
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

static void add(const struct sweep *s, struct crossover *list, size_t *count, const struct end *from, const struct end *to, double at)
{
    if (*count == CROSSINGS_MAX || from->id.n == 0 || to->id.n == 0)
        return;
    for (size_t i = 0; i < *count; i++)
        if (fabs(list[i].at - at) <= SAME_VOLUME * at && list[i].from == from->option && list[i].to == to->option)
            return;
    list[(*count)++] = (struct crossover){.variable = STR("answers.traffic.requests_per_day"), .from = from->option, .to = to->option,
                                          .from_id = from->id, .to_id = to->id, .from_name = from->name, .to_name = to->name, .at = at, .peak_rps = NOT_KNOWN, .min_rps = NOT_KNOWN,
                                          .is_first = s->contest == CONTEST_CLASSES, .from_class = from->class, .to_class = to->class};
    if (s->alone)
        return;
    const struct traffic_answers *t = &s->in->engine->workload->questionnaire->traffic;
    list[*count - 1].peak_rps = stated(&t->peak_rps, at / s->per_day);
    list[*count - 1].min_rps = stated(&t->min_rps, at / s->per_day);
}

/* The changes of a contest between two volumes of the grid, the second with the lead `f_high`. */
static void add_change(struct sweep *s, double low, double high, double f_low, double f_high, struct crossover *list,
                       size_t *count)
{
    struct arena *a = s->in->engine->a;
    struct bracket b = {.inside = low, .beyond = high, .f_inside = f_low * s->sign, .f_beyond = f_high * s->sign, .is_log = true};
    bracket_narrow(&b, lead_at, s);
    bool is_pair = s->contest == CONTEST_PAIR, first = s->sign > 0;
    struct end from, to;
    if (is_pair) {
        from = end_of_option(s, first ? s->in->chosen : s->in->runner_up);
        to = end_of_option(s, first ? s->in->runner_up : s->in->chosen);
    } else { /* what wins before it, and what beyond */
        bool sides = s->contest == CONTEST_SIDES;
        costs_at(s, b.inside);
        from = end_of(s, !sides ? s->class : first ? CLASS_KUBERNETES : CLASS_SERVERLESS, a);
        costs_at(s, b.beyond);
        to = end_of(s, !sides ? survey_rival(&s->costs, s->class) : first ? CLASS_SERVERLESS : CLASS_KUBERNETES, a);
    }
    add(s, list, count, &from, &to, b.beyond);
}

struct grid {
    double per_day[POINTS];
    struct survey_costs costs[POINTS];
};

/* The costs made last, beyond the next. */
static void keep(const struct sweep *s, struct survey_costs *out)
{
    const struct survey *f = s->in->survey;
    struct survey_costs own = survey_costs_new(f, s->in->engine->a);
    double *usd = own.usd;
    bool *is_dearer = own.is_dearer;
    *out = s->costs;
    out->usd = memcpy(usd, s->costs.usd, f->rows * sizeof *usd);
    out->is_dearer = memcpy(is_dearer, s->costs.is_dearer, f->rows * sizeof *is_dearer);
}

/* Two options, or two sides: each change of the cheaper one where both hold. */
static void add_duel(struct sweep *s, enum contest contest, const struct grid *g, struct crossover *list, size_t *count)
{
    s->contest = contest;
    /* Only what is compared; a cluster bought in several ways (parts apart) counts for its side, though it is a hybrid. */
    bool sides = contest == CONTEST_SIDES, alone = s->in->engine->workload->part_count == 1;
    const bool classes[CLASS_NONE] = {[CLASS_SERVERLESS] = sides, [CLASS_KUBERNETES] = sides};
    survey_look_at(s->in->survey, sides && !alone ? NULL : classes);
    for (size_t i = 0; i + 1 < POINTS; i++) {
        double low = lead(s, &g->costs[i]), high = lead(s, &g->costs[i + 1]);
        if (!isfinite(low) || !isfinite(high) || (low > 0) == (high > 0))
            continue;
        s->sign = low > 0 ? 1 : -1;
        add_change(s, g->per_day[i], g->per_day[i + 1], low, high, list, count);
    }
    survey_look_at(s->in->survey, NULL);
}

/* Every change of the cheapest class, so that the chain of winners has no gap. */
static void add_chain(struct sweep *s, const struct grid *g, struct crossover *list, size_t *count)
{
    s->contest = CONTEST_CLASSES;
    s->sign = 1;
    for (size_t i = 0; i + 1 < POINTS; i++) {
        double low = g->per_day[i];
        const struct survey_costs *next = &g->costs[i + 1];
        s->class = g->costs[i].first;
        double f_low = s->class == CLASS_NONE ? NOT_KNOWN : lead(s, &g->costs[i]);
        /* A third class may lie between two neighbours of the grid. */
        for (int k = 0; k < CLASS_NONE && s->class != CLASS_NONE && s->class != next->first && next->first != CLASS_NONE; k++) {
            size_t before = *count;
            add_change(s, low, g->per_day[i + 1], f_low, lead(s, next), list, count);
            if (*count == before)
                break;
            low = list[*count - 1].at;
            costs_at(s, low);
            s->class = s->costs.first;
            f_low = s->class == CLASS_NONE ? NOT_KNOWN : lead(s, &s->costs);
        }
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

/* Those, then whoever wins somewhere. */
static size_t choose_curves(const struct sweep *s, const struct grid *g, size_t rows[CURVES_MAX])
{
    const struct survey *f = s->in->survey;
    size_t count = curves_of_today(s, rows);
    for (size_t i = 0; i < POINTS; i++)
        if (g->costs[i].first != CLASS_NONE && survey_option_of(f, g->costs[i].best[g->costs[i].first]) >= 0)
            want(g->costs[i].best[g->costs[i].first], rows, &count);
    return count;
}

/* A row that is drawn is costed where it was left out as dearer, too. */
static void complete(struct sweep *s, struct grid *g, const size_t *rows, size_t count)
{
    survey_watch(s->in->survey, rows, count);
    for (size_t i = 0; i < POINTS; i++) {
        bool is_whole = true;
        for (size_t k = 0; k < count; k++)
            is_whole = is_whole && !g->costs[i].is_dearer[rows[k]];
        if (is_whole)
            continue;
        costs_at(s, g->per_day[i]);
        for (size_t k = 0; k < count; k++)
            g->costs[i].usd[rows[k]] = s->costs.usd[rows[k]];
    }
}

static void fill_chart(struct sweep *s, struct grid *g, struct decision *out)
{
    struct engine *e = s->in->engine;
    const struct survey *f = s->in->survey;
    size_t rows[CURVES_MAX], count = choose_curves(s, g, rows);
    complete(s, g, rows, count);
    watch_pair(s->in);
    struct volume_curve *curves = arena_new(e->a, struct volume_curve, count);
    double *volumes = arena_new(e->a, double, POINTS);
    int *cheapest = arena_new(e->a, int, POINTS);
    for (size_t k = 0; k < count; k++) {
        double *usd = arena_new(e->a, double, POINTS);
        for (size_t i = 0; i < POINTS; i++)
            usd[i] = cost_cents(g->costs[i].usd[rows[k]]);
        curves[k] = (struct volume_curve){survey_option_of(f, rows[k]), usd};
    }
    for (size_t i = 0; i < POINTS; i++) {
        volumes[i] = g->per_day[i];
        cheapest[i] = g->costs[i].first == CLASS_NONE ? -1 : survey_option_of(f, g->costs[i].best[g->costs[i].first]);
    }
    out->volume = (struct volume_chart){.requests_per_day = volumes, .points = POINTS, .now = s->per_day, .low = s->per_day,
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
    struct sweep s = {.in = in, .per_day = per_day, .x = arena_new(e->a, double, e->workload->variable_count),
                      .volume = sole_volume(e->workload), .costs = survey_costs_new(in->survey, e->a)};
    struct grid *g = arena_new(e->a, struct grid, 1);
    size_t rows[CURVES_MAX];
    survey_watch(in->survey, rows, curves_of_today(&s, rows));
    for (size_t i = 0; i < POINTS; i++) {
        g->per_day[i] = round_significant(lowest * pow(highest / lowest, (double)i / (POINTS - 1)), 4, false);
        costs_at(&s, g->per_day[i]);
        keep(&s, &g->costs[i]);
    }
    watch_pair(in);
    struct crossover *list = arena_new(e->a, struct crossover, CROSSINGS_MAX);
    size_t count = 0;
    add_chain(&s, g, list, &count);
    add_duel(&s, CONTEST_SIDES, g, list, &count);
    if (in->runner_up >= 0)
        add_duel(&s, CONTEST_PAIR, g, list, &count);
    for (size_t i = 1; i < count; i++) {
        struct crossover c = list[i];
        size_t k = i;
        for (; k > 0 && list[k - 1].at > c.at; k--)
            list[k] = list[k - 1];
        list[k] = c;
    }
    out->crossovers = list;
    out->crossover_count = count;
    fill_chart(&s, g, out);
}
