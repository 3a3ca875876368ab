#include "decide/change.h"

#include "base/arena.h"
#include "number/bracket.h"
#include "questionnaire/questionnaire.h"

#include <math.h>
#include <string.h>

#define ROWS_MAX 64
#define SKU_FLIPS 3  /* prices of the recommended option and of the best of another class that are tried, each */
#define LOOKS_MAX 96
#define LIMIT_STEPS 14
/* A flip beyond so many times today's value is no flip that anybody waits for. */
#define REACH 10.0

/* ---- one figure that is moved ---- */

struct look {
    double value;
    bool is_refused;        /* the value contradicts another answer */
    enum platform_class first, rival;
    double own, other, chosen; /* cheapest of the recommended class, of all others; the recommended option */
    size_t own_row, other_row;
    int to;                 /* option that wins, where another class does */
    struct str to_id, to_name;
};

struct axis {
    const struct change_input *in;
    struct survey_costs costs;
    const struct decision *out;      /* with the crossings of the volume */
    const struct survey_costs *here; /* at today's value */
    struct survey_costs there;       /* is_linear: at the value `there_at` */
    double there_at;
    bool is_linear; /* costs lie on the line through the two */
    size_t variable;
    const struct sku *sku;     /* its price is moved, in multiples of the book's; NULL: the variable */
    const struct variable *var;
    enum platform_class class; /* of the recommendation */
    size_t chosen;             /* its row */
    bool is_share, is_whole;
    int ends, flat_ends;       /* of its reach that were looked at; where no cost answers to it */
    struct look looks[LOOKS_MAX];
    size_t count;
};

static bool is_same(double a, double b)
{
    return !(a < b) && !(a > b);
}

/* False: the value is refused. */
static bool point_at(struct axis *x, double value, struct engine *at)
{
    survey_begin(x->in->survey);
    if (!x->sku)
        return survey_figure(x->in->survey, x->variable, value, at);
    survey_price(x->in->survey, x->sku, value, at);
    return true;
}

static bool allowed(struct axis *x, double value)
{
    return x->sku || survey_allows(x->in->survey, x->variable, value);
}

static struct look look_of(const struct axis *x, double value, const struct survey_costs *costs)
{
    struct look l = {.value = value, .first = costs->first, .rival = survey_rival(costs, x->class), .own = survey_least(costs, x->class),
                     .chosen = survey_usd(costs, x->chosen), .to = -1};
    l.other = survey_least(costs, l.rival);
    l.own_row = costs->best[x->class];
    l.other_row = l.rival == CLASS_NONE ? ROW_NONE : costs->best[l.rival];
    if (l.first != CLASS_NONE && l.first != x->class)
        l.to = survey_option_of(x->in->survey, costs->best[l.first]);
    return l;
}

static const struct look *look_at(struct axis *x, double value)
{
    for (size_t i = 0; i < x->count; i++)
        if (is_same(x->looks[i].value, value))
            return &x->looks[i];
    struct survey *f = x->in->survey;
    struct look *l = &x->looks[x->count < LOOKS_MAX ? x->count++ : LOOKS_MAX - 1];
    if (x->is_linear) {
        survey_between(f, x->here, &x->there, (value - x->var->likely) / (x->there_at - x->var->likely), &x->costs);
        *l = look_of(x, value, &x->costs);
        return l;
    }
    struct engine at;
    if (!point_at(x, value, &at)) {
        *l = (struct look){.value = value, .is_refused = true, .first = CLASS_NONE, .rival = CLASS_NONE, .own = HUGE_VAL, .other = HUGE_VAL,
                           .chosen = HUGE_VAL, .own_row = ROW_NONE, .other_row = ROW_NONE, .to = -1};
        return l;
    }
    survey_at(f, &at, &x->costs);
    *l = look_of(x, value, &x->costs);
    if (l->first != CLASS_NONE && l->first != x->class) {
        struct arena *a = x->in->engine->a;
        l->to_id = str_copy(a, x->costs.id[l->first]);
        l->to_name = str_copy(a, x->costs.name[l->first]);
    }
    return l;
}

static bool is_flipped(const struct look *l)
{
    return l->first != CLASS_NONE && l->other < l->own;
}

static double lead_of(const struct look *l)
{
    if (is_flipped(l))
        return l->own < HUGE_VAL ? log(l->other / l->own) : -HUGE_VAL;
    return l->own < HUGE_VAL && l->other < HUGE_VAL ? fmax(log(l->other / l->own), 1e-300) : HUGE_VAL;
}

static double lead(double value, void *context)
{
    return lead_of(look_at(context, value));
}

/* Among the rows that survey_only names. */
static double lead_of_rows(double value, void *context)
{
    struct axis *x = context;
    struct engine at;
    if (x->is_linear || !point_at(x, value, &at))
        return lead(value, context);
    survey_at(x->in->survey, &at, &x->costs);
    struct look l = look_of(x, value, &x->costs);
    return lead_of(&l);
}

/* ---- the nearest flip ---- */

static double on_grid(const struct axis *x, double value, bool up)
{
    double v = x->is_whole ? (up ? ceil(value - 1e-9) : floor(value + 1e-9)) : round_significant(value, 4, up);
    return fmin(fmax(v, x->var->least), x->var->most);
}

/* The farthest value on the way to `to` that no other answer forbids; today's where none is. */
static double legal_end(struct axis *x, double to)
{
    double now = x->var->likely, good = now, bad = to;
    bool up = to > now;
    if (allowed(x, to))
        return to;
    for (int i = 0; i < LIMIT_STEPS; i++) {
        double mid = x->is_share ? (good + bad) / 2 : sqrt(good * bad);
        if (allowed(x, mid))
            good = mid;
        else
            bad = mid;
    }
    double inward = on_grid(x, good, !up);
    return inward > fmin(now, to) && inward < fmax(now, to) && allowed(x, inward) ? inward : good;
}

static bool costs_alike(const struct look *a, const struct look *b)
{
    return !b->is_refused && is_same(a->own, b->own) && is_same(a->other, b->other) && is_same(a->chosen, b->chosen);
}

/* The cheapest of the recommended class and of all others. */
static void rows_at(double value, void *context, size_t rows[2])
{
    const struct look *l = look_at(context, value);
    rows[0] = l->own_row;
    rows[1] = l->other_row;
}

/* The change between two values. */
static double narrow(struct axis *x, struct bracket *b)
{
    const struct survey_change change = {lead, lead_of_rows, rows_at, x};
    if (x->is_linear)
        bracket_narrow(b, lead, x);
    else
        survey_narrow(x->in->survey, &change, b);
    return b->beyond;
}

/* No flip lies between two values: the recommended class is the cheaper one all along. */
static bool is_far_apart(const struct look *a, const struct look *b)
{
    return !a->is_refused && !b->is_refused && survey_stays_below(a->own, b->own, a->other, b->other);
}

/* The first flip on the way to `to`; NOT_KNOWN: none. */
static double flip_towards(struct axis *x, double to)
{
    static const double RATIOS[] = {1.6, 4}, SHARES[] = {0.3, 0.65};
    double now = x->var->likely;
    bool up = to > now;
    double end = legal_end(x, to);
    if (is_same(end, now))
        return NOT_KNOWN;
    const struct look *here = look_at(x, now);
    struct look far = *look_at(x, end);
    x->ends++;
    if (costs_alike(here, &far)) {
        x->flat_ends++;
        return NOT_KNOWN;
    }
    double edge = up ? x->var->high : x->var->low, tried[4] = {end, end, end, end};
    size_t n = 0;
    bool has_edge = (up ? edge > now && edge < end : edge < now && edge > end);
    for (size_t i = 0; i < 2; i++) {
        double at = x->is_share ? now + (end - now) * SHARES[i] : up ? now * RATIOS[i] : now / RATIOS[i];
        at = on_grid(x, at, up);
        if (has_edge && (up ? edge <= at : edge >= at)) {
            tried[n++] = edge;
            has_edge = false;
        }
        if (up ? at < end : at > end)
            tried[n++] = at;
    }
    if (has_edge)
        tried[n++] = edge;
    tried[n++] = end;
    double inside = now;
    for (size_t i = 0; i < n && !is_far_apart(look_at(x, inside), &far); i++) {
        struct look l = *look_at(x, tried[i]);
        if (l.is_refused || is_same(tried[i], inside))
            continue;
        if (is_flipped(&l)) {
            struct bracket b = {.inside = inside, .beyond = tried[i], .f_inside = lead(inside, x), .f_beyond = lead(tried[i], x),
                                .is_log = !x->is_share && inside > 0 && tried[i] > 0, .is_whole = x->is_whole};
            return b.f_inside > 0 ? narrow(x, &b) : b.beyond;
        }
        if (l.first == CLASS_NONE)
            return NOT_KNOWN; /* nothing holds any more */
        inside = tried[i];
    }
    return NOT_KNOWN;
}

static double distance(const struct axis *x, double value)
{
    double now = x->var->likely;
    return x->is_share ? fabs(value - now) : fabs(log(value / now));
}

/* Node by node the costs of the volume are saw-toothed: the crossings of the volume chart may lie nearer. */
static double nearer_crossing(struct axis *x, double flip)
{
    const struct variable *v = x->var;
    const struct decision *d = x->out;
    if (x->sku || v->is_global || v->figure != FIGURE_REQUESTS_PER_DAY || !str_is(v->path, "answers.traffic.requests_per_day"))
        return flip;
    for (size_t i = 0; i < d->crossover_count; i++) {
        double at = d->crossovers[i].at;
        for (int step = 0; step < 3; step++) { /* below today the class changes a little before the crossing */
            double value = at > v->likely ? at : round_significant(at * (1 - 4e-4 * step), 4, false);
            bool is_nearer = isnan(flip) || distance(x, value) < distance(x, flip);
            if (is_nearer && distance(x, value) <= log(REACH) && is_flipped(look_at(x, value)))
                flip = value;
        }
    }
    return flip;
}

static double nearest_flip(struct axis *x)
{
    const struct variable *v = x->var;
    double now = v->likely;
    if (!x->is_share && !(now > 0))
        return NOT_KNOWN;
    double most = x->is_share ? v->most : fmin(now * REACH, v->most), least = x->is_share ? v->least : fmax(now / REACH, v->least);
    double up = flip_towards(x, most);
    if (!isnan(up)) /* a nearer one below? */
        least = x->is_share ? fmax(v->least, now - distance(x, up)) : fmax(now * now / up, v->least);
    double down = flip_towards(x, least);
    if (isnan(down))
        return up;
    return isnan(up) || distance(x, down) < distance(x, up) ? down : up;
}

/* ---- figures whose costs are straight lines ---- */

/* People and multiples of prices choose no machine: with one part, costs are straight lines in them. */
static bool may_be_linear(const struct axis *x)
{
    if (x->sku)
        return true; /* while it changes no machine */
    const struct variable *v = x->var;
    bool is_money = v->figure == GLOBAL_ON_COST || (v->figure >= GLOBAL_FTE_SERVERLESS && v->figure <= GLOBAL_PRICE_SPOT);
    return v->is_global && is_money && x->in->engine->workload->part_count == 1;
}

static void start(struct axis *x, bool is_linear)
{
    x->count = 0;
    x->ends = x->flat_ends = 0;
    x->is_linear = false;
    x->looks[x->count++] = look_of(x, x->var->likely, x->here);
    if (!is_linear)
        return;
    struct engine at;
    double now = x->var->likely;
    x->there_at = x->sku ? 1.05 : now * 2 <= x->var->most ? now * 2 : now / 2;
    x->is_linear = now > 0 && point_at(x, x->there_at, &at);
    if (x->is_linear) {
        x->in->survey->costs_all = true;
        survey_at(x->in->survey, &at, &x->there);
        x->in->survey->costs_all = false;
    }
}

/* Whether another class is the cheapest at a value that lines gave, and not just before it. */
static bool is_true(struct axis *x, double flip)
{
    double now = x->var->likely, inside = round_significant(flip + (now - flip) * fmin(2e-3 * fabs(flip / (flip - now)), 0.5), 6, flip < now);
    start(x, false);
    return is_flipped(look_at(x, flip)) && !is_flipped(look_at(x, inside));
}

/* ---- rows ---- */

static double margin_of(const struct look *l)
{
    return l->chosen < HUGE_VAL && l->other < HUGE_VAL ? l->other / l->chosen - 1 : NOT_KNOWN;
}

/* Costs at P10 or P90, with the other answers as they are; where those forbid it, with the traffic's shape kept. */
static struct look look_at_edge(struct axis *x, double value)
{
    struct look l = *look_at(x, value);
    if (!l.is_refused)
        return l;
    struct survey *f = x->in->survey;
    const struct workload *w = x->in->engine->workload;
    double *point = arena_new(x->in->engine->a, double, w->variable_count);
    memcpy(point, w->likely, w->variable_count * sizeof *point);
    point[x->variable] = value;
    struct engine at;
    survey_begin(f);
    survey_point(f, point, &at);
    survey_at(f, &at, &x->costs);
    l.own = survey_least(&x->costs, x->class);
    l.other = survey_least(&x->costs, survey_rival(&x->costs, x->class));
    l.chosen = survey_usd(&x->costs, x->chosen);
    return l;
}

static bool is_class_price(const struct variable *v)
{
    return v->is_global && v->figure >= GLOBAL_PRICE_SERVERLESS && v->figure <= GLOBAL_PRICE_SPOT;
}

static bool is_whole_number(const struct variable *v)
{
    const struct field *f = v->is_global ? NULL : field_find(v->path);
    return f && f->kind == FIELD_INTEGER;
}

/* The next volume at which another class wins, where the stated peak forbids it as an answer alone: the peak
 * grows with it there. NULL: none that is nearer than the flip. */
static const struct crossover *crossing_beyond(struct axis *x, double flip)
{
    const struct variable *v = x->var;
    if (x->sku || v->is_global || !str_is(v->path, "answers.traffic.requests_per_day"))
        return NULL;
    for (size_t i = 0; i < x->out->crossover_count; i++) {
        const struct crossover *c = &x->out->crossovers[i];
        if (c->is_first && c->from_class == x->class && c->at > v->likely && c->at <= v->likely * REACH && (isnan(flip) || c->at < flip))
            return look_at(x, c->at)->is_refused ? c : NULL;
    }
    return NULL;
}

static void set_crossing(struct sensitivity *s, const struct crossover *c)
{
    s->flips_at = c->at;
    s->flips_to = c->to;
    s->flips_to_id = c->to_id;
    s->flips_to_name = c->to_name;
    s->flips_to_class = c->to_class;
    s->flip_distance = c->at / s->now - 1;
    s->flip_within_range = c->at >= s->low && c->at <= s->high;
    s->peak_rps = c->peak_rps;
    s->min_rps = c->min_rps;
}

static struct sensitivity row_of(struct axis *x, double within)
{
    const struct variable *v = x->var;
    double unit = v->per_answer;
    bool is_price = x->sku || is_class_price(v);
    struct sensitivity s = {.variable = v->path, .name = v->name, .unit = v->unit, .now = v->likely, .low = v->low, .high = v->high,
                            .flips_at = NOT_KNOWN, .flip_distance = NOT_KNOWN, .flips_to = -1, .is_price = is_price, .flips_to_class = CLASS_NONE,
                            .peak_rps = NOT_KNOWN, .min_rps = NOT_KNOWN, .is_whole = x->is_whole};
    if (is_price && !(v->high > v->low)) {
        s.low = v->likely * (1 - within);
        s.high = v->likely * (1 + within);
    }
    start(x, may_be_linear(x));
    double flip = nearer_crossing(x, nearest_flip(x));
    bool was_linear = x->is_linear, is_flat = x->ends > 0 && x->flat_ends == x->ends;
    if (x->sku)
        start(x, false); /* another machine may be the cheaper one at the edges */
    struct look now = *look_at(x, v->likely);
    struct look low = is_flat ? now : look_at_edge(x, s.low), high = is_flat ? now : look_at_edge(x, s.high);
    s.usd_at_low = cost_cents(low.chosen);
    s.usd_at_high = cost_cents(high.chosen);
    s.margin_at_low = margin_of(&low);
    s.margin_at_high = margin_of(&high);
    if (was_linear && !isnan(flip) && !is_true(x, flip)) {
        start(x, false);
        flip = nearest_flip(x);
    }
    if (!isnan(flip)) {
        const struct look *l = look_at(x, flip);
        s.flips_at = flip;
        s.flips_to = l->to;
        s.flips_to_id = l->to_id;
        s.flips_to_name = l->to_name;
        s.flips_to_class = l->first;
        s.flip_distance = s.now > 0 ? flip / s.now - 1 : NOT_KNOWN;
        s.flip_within_range = is_price ? fabs(s.flip_distance) <= within : flip >= s.low && flip <= s.high;
    }
    const struct crossover *beyond = crossing_beyond(x, s.flips_at);
    if (beyond)
        set_crossing(&s, beyond);
    if (!v->is_global && v->figure == FIGURE_PEAK_TO_MEAN && !is_same(unit, 1)) { /* as it is answered, in requests a second */
        s.name = STR("peak rate");
        s.unit = STR("request/s");
    }
    s.now *= unit;
    s.low *= unit;
    s.high *= unit;
    s.flips_at = is_same(unit, 1) ? s.flips_at : round_significant(s.flips_at * unit, 6, s.flip_distance > 0);
    return s;
}

static double effect_of(const struct sensitivity *s)
{
    double low = isnan(s->margin_at_low) ? 0 : s->margin_at_low, high = isnan(s->margin_at_high) ? 0 : s->margin_at_high;
    return fabs(high - low);
}

/* The dearest line of an option whose SKU is none of those; NULL: no more. */
static const struct line *next_dearest(const struct option *o, const struct sku *const *done, size_t count)
{
    const struct line *top = NULL;
    for (size_t i = 0; i < o->line_count; i++) {
        const struct line *l = &o->lines[i];
        bool seen = !(decimal_double(l->unit_usd) > 0);
        for (size_t k = 0; k < count; k++)
            seen = seen || done[k] == l->sku;
        if (!seen && money_double(l->usd) > 0 && (!top || money_compare(l->usd, top->usd) > 0))
            top = l;
    }
    return top;
}

/* Prices of the dearest lines of the recommended option and of the best of another class. */
static size_t add_prices(struct axis *x, double within, struct sensitivity *rows, size_t count)
{
    const struct change_input *in = x->in;
    struct arena *a = in->engine->a;
    const struct sku *done[2 * SKU_FLIPS];
    size_t n = 0;
    const int pair[] = {in->chosen, in->runner_up};
    for (size_t side = 0; side < 2 && pair[side] >= 0; side++)
        for (int k = 0; k < SKU_FLIPS; k++) {
            const struct line *l = next_dearest(&in->options[pair[side]], done, n);
            if (!l || count == ROWS_MAX)
                break;
            done[n++] = l->sku;
            struct variable *v = arena_new(a, struct variable, 1);
            *v = (struct variable){.path = str_printf(a, "prices.%.*s", STR_ARG(l->sku->id)), .name = l->sku->name,
                                       .unit = str_printf(a, "$ per %s", l->sku->unit->singular), .low = 1 - within, .likely = 1,
                                       .high = 1 + within, .least = 1 / REACH, .most = REACH, .per_answer = decimal_double(l->unit_usd),
                                       .is_global = true, .figure = -1};
            x->var = v;
            x->sku = l->sku;
            x->is_share = x->is_whole = false;
            struct sensitivity s = row_of(x, within);
            if (effect_of(&s) > 1e-6 || !isnan(s.flips_at))
                rows[count++] = s;
        }
    return count;
}

void change_sensitivity(const struct change_input *in, struct decision *out)
{
    struct engine *e = in->engine;
    if (in->chosen < 0 || !in->options[in->chosen].costed)
        return;
    const struct workload *w = e->workload;
    double within = policy_number(e->market.policy, PARAMETER_PRICE_WITHIN);
    struct sensitivity *rows = arena_new(e->a, struct sensitivity, ROWS_MAX);
    struct axis *x = arena_new(e->a, struct axis, 1);
    struct survey_costs here = survey_costs_new(in->survey, e->a), costs = survey_costs_new(in->survey, e->a), there = survey_costs_new(in->survey, e->a);
    struct engine at;
    const size_t chosen = survey_row_of(in->survey, in->chosen);
    survey_watch(in->survey, &chosen, 1); /* of all others the cheapest alone is asked for */
    survey_begin(in->survey);
    survey_point(in->survey, w->likely, &at);
    in->survey->costs_all = true; /* lines start here */
    survey_at(in->survey, &at, &here);
    in->survey->costs_all = false;
    survey_duel(in->survey, in->options[in->chosen].class);
    size_t count = 0;
    for (size_t v = 0; v < w->variable_count && count < ROWS_MAX; v++) {
        const struct variable *var = &w->variables[v];
        *x = (struct axis){.in = in, .costs = costs, .out = out, .here = &here, .there = there, .variable = v, .var = var,
                           .class = in->options[in->chosen].class, .chosen = survey_row_of(in->survey, in->chosen),
                           .is_share = var->least <= 0 && var->most <= 1, .is_whole = is_whole_number(var)};
        struct sensitivity s = row_of(x, within);
        if (effect_of(&s) > 1e-6 || !isnan(s.flips_at))
            rows[count++] = s;
    }
    count = add_prices(x, within, rows, count);
    survey_duel(in->survey, CLASS_NONE);
    for (size_t i = 1; i < count; i++) {
        struct sensitivity s = rows[i];
        size_t k = i;
        for (; k > 0 && effect_of(&rows[k - 1]) < effect_of(&s); k--)
            rows[k] = rows[k - 1];
        rows[k] = s;
    }
    out->sensitivity = rows;
    out->sensitivity_count = count;
}
