#include "decide/survey.h"

#include "base/arena.h"
#include "base/diag.h"
#include "cost/replay.h"
#include "cost/tables.h"
#include "questionnaire/figure.h"

#include <math.h>
#include <string.h>

#define NODE_STEP 0.03 /* what a node more or less may be of a cost that otherwise rises or falls */
#define ROUNDS 4 /* of looking for a change among few rows */

static size_t row_of(const struct book *b, const struct candidate *c)
{
    if (c->shape != SHAPE_SINGLE)
        return row_of_shape(b, c->shape);
    return row_of_plan(b, c->plans[0].platform, c->plans[0].purchase);
}

struct survey_costs survey_costs_new(const struct survey *f, struct arena *a)
{
    return (struct survey_costs){.usd = arena_new(a, double, f->rows), .is_dearer = arena_new(a, bool, f->rows), .first = CLASS_NONE};
}

void survey_init(struct survey *f, struct engine *e, const struct option *options, size_t count, struct arena *room)
{
    *f = (struct survey){.engine = e, .room = room, .options = options, .option_count = count, .own = CLASS_NONE};
    f->rows = e->market.book->platform_count * PURCHASE_COUNT + 2;
    f->trust = arena_new(e->a, double, f->rows);
    f->watched = arena_new(e->a, bool, f->rows);
    f->only = arena_new(e->a, bool, f->rows);
    f->skipped = arena_new(e->a, bool, f->rows);
    for (size_t i = 0; i < f->rows; i++)
        f->trust[i] = 1;
    if (!e->market.replay || !e->market.replay->trace)
        return;
    struct engine here;
    struct survey_costs costs = survey_costs_new(f, e->a);
    survey_begin(f);
    survey_point(f, e->workload->likely, &here);
    f->costs_all = true;
    survey_at(f, &here, &costs);
    f->costs_all = false;
    for (size_t i = 0; i < count; i++) {
        size_t row = survey_row_of(f, (int)i);
        double usd = survey_usd(&costs, row);
        if (options[i].eligible && options[i].costed && usd < HUGE_VAL && usd > 0)
            f->trust[row] = money_double(options[i].monthly) / usd;
    }
}

/* ---- points ---- */

void survey_begin(struct survey *f)
{
    arena_clear(f->room);
    f->moved = NULL;
}

static void point_of(struct survey *f, const struct workload *w, const double *x, struct engine *at)
{
    *at = *f->engine;
    at->workload = w;
    at->a = f->room;
    at->is_search = true;
    at->base = state_new(w, f->room);
    state_at(w, x, true, at->base);
}

void survey_point(struct survey *f, const double *x, struct engine *at)
{
    point_of(f, f->engine->workload, x, at);
}

void survey_price(struct survey *f, const struct sku *sku, double times, struct engine *at)
{
    survey_point(f, f->engine->workload->likely, at);
    f->moved = arena_new(f->room, struct moved_price, 1);
    *f->moved = (struct moved_price){.sku = sku, .times = times, .a = f->room};
}

/* The questionnaire with the variable answered so; NULL where no answer stands for it. False: refused. */
static bool answered(struct survey *f, size_t variable, double value, struct questionnaire **out)
{
    const struct workload *w = f->engine->workload;
    const struct variable *v = &w->variables[variable];
    *out = NULL;
    if (!(value >= v->least && value <= v->most))
        return false;
    if (v->is_global)
        return true;
    struct questionnaire *q = arena_new(f->room, struct questionnaire, 1);
    *q = questionnaire_copy(w->questionnaire, f->room);
    if (!questionnaire_figure(q, v->path))
        return true;
    *out = q;
    return questionnaire_answer(q, v->path, value * v->per_answer, f->room);
}

bool survey_allows(struct survey *f, size_t variable, double value)
{
    struct questionnaire *q;
    survey_begin(f);
    return answered(f, variable, value, &q);
}

bool survey_figure(struct survey *f, size_t variable, double value, struct engine *at)
{
    const struct engine *e = f->engine;
    struct questionnaire *q;
    if (!answered(f, variable, value, &q))
        return false;
    if (!q) { /* the policy's or the platforms' */
        double *x = arena_new(f->room, double, e->workload->variable_count);
        memcpy(x, e->workload->likely, e->workload->variable_count * sizeof *x);
        x[variable] = value;
        point_of(f, e->workload, x, at);
        return true;
    }
    struct workload *w = arena_new(f->room, struct workload, 1);
    struct diags *d = diags_new(f->room);
    if (!workload_resolve_near(q, e->market.policy, e->market.book, e->workload, f->room, w, d))
        return false;
    point_of(f, w, NULL, at);
    return true;
}

/* ---- costs ---- */

void survey_watch(struct survey *f, const size_t *rows, size_t count)
{
    memset(f->watched, 0, f->rows * sizeof *f->watched);
    for (size_t i = 0; i < count; i++)
        if (rows[i] != ROW_NONE)
            f->watched[rows[i]] = true;
}

static void clear(const struct survey *f, struct survey_costs *out)
{
    for (size_t i = 0; i < f->rows; i++) {
        out->usd[i] = HUGE_VAL;
        out->is_dearer[i] = false;
    }
    for (int k = 0; k < CLASS_NONE; k++)
        out->best[k] = ROW_NONE;
    out->first = CLASS_NONE;
}

static void set_first(struct survey_costs *out)
{
    for (int k = 0; k < CLASS_NONE; k++)
        if (survey_least(out, (enum platform_class)k) < survey_least(out, out->first))
            out->first = (enum platform_class)k;
}

/* Hybrids are a class of their own; the others' is their platform's. */
static enum platform_class class_of_row(const struct survey *f, size_t row)
{
    const struct book *b = f->engine->market.book;
    return row < b->platform_count * PURCHASE_COUNT ? b->platforms[row / PURCHASE_COUNT].class : CLASS_HYBRID;
}

bool survey_only(struct survey *f, const size_t *rows, size_t count)
{
    const struct book *b = f->engine->market.book;
    size_t hybrid = row_of_shape(b, SHAPE_HYBRID), split = row_of_shape(b, SHAPE_SPLIT);
    bool any_single = false; /* a split is made of any */
    for (size_t i = 0; i < count; i++) {
        if (rows[i] == hybrid)
            return false;
        any_single = any_single || rows[i] == split;
    }
    for (size_t i = 0; i < f->rows; i++) {
        f->only[i] = false;
        f->skipped[i] = !any_single || i >= hybrid;
    }
    for (size_t i = 0; i < count; i++)
        if (rows[i] != ROW_NONE) {
            f->only[rows[i]] = true;
            f->skipped[rows[i]] = false;
        }
    f->is_only = true;
    return true;
}

void survey_all(struct survey *f)
{
    f->is_only = false;
}

void survey_duel(struct survey *f, enum platform_class own)
{
    f->own = own;
}

void survey_narrow(struct survey *f, const struct survey_change *c, struct bracket *b)
{
    for (int round = 0; round < ROUNDS; round++) {
        size_t rows[4];
        c->rows(b->inside, c->context, rows);
        c->rows(b->beyond, c->context, rows + 2);
        if (!survey_only(f, rows, 4))
            break;
        struct bracket rough = *b;
        bracket_narrow(&rough, c->lead_of_few, c->context);
        survey_all(f);
        rough.f_inside = c->lead(rough.inside, c->context);
        if (!(rough.f_inside > 0)) {
            b->beyond = rough.inside;
            b->f_beyond = rough.f_inside;
            continue;
        }
        rough.f_beyond = c->lead(rough.beyond, c->context);
        if (!(rough.f_beyond > 0)) {
            *b = rough;
            return;
        }
        b->inside = rough.beyond;
        b->f_inside = rough.f_beyond;
    }
    bracket_narrow(b, c->lead, c->context);
}

void survey_between(const struct survey *f, const struct survey_costs *a, const struct survey_costs *b, double share,
                    struct survey_costs *out)
{
    clear(f, out);
    for (size_t i = 0; i < f->rows; i++) {
        if (!(a->usd[i] < HUGE_VAL) || !(b->usd[i] < HUGE_VAL))
            continue;
        enum platform_class class = class_of_row(f, i);
        out->usd[i] = a->usd[i] + (b->usd[i] - a->usd[i]) * share;
        if (out->usd[i] < survey_least(out, class))
            out->best[class] = i;
    }
    set_first(out);
}

void survey_at(struct survey *f, struct engine *at, struct survey_costs *out)
{
    const struct book *b = at->market.book;
    clear(f, out);
    struct candidates candidates = {.a = f->room};
    struct candidate *best[CLASS_NONE] = {NULL};
    at->watched = f->costs_all ? NULL : f->is_only ? f->only : f->watched;
    at->only_watched = f->is_only;
    at->skipped = f->is_only ? f->skipped : NULL;
    bool is_simulated = at->market.replay && at->market.replay->trace; /* who is cheapest then depends on `trust` */
    at->own = f->own;
    at->is_duel = f->own != CLASS_NONE && !f->costs_all && !is_simulated;
    at->market.tables->moved = f->moved;
    candidates_find(at, &candidates);
    at->market.tables->moved = NULL;
    out->is_dearer[row_of_shape(b, SHAPE_SPLIT)] = candidates.split_is_dearer;
    for (size_t i = 0; i < candidates.count; i++) {
        struct candidate *c = &candidates.items[i];
        size_t row = row_of(b, c);
        out->usd[row] = c->usd * f->trust[row];
        out->is_dearer[row] = c->is_dearer;
        if (out->usd[row] < survey_usd(out, out->best[c->class])) {
            out->best[c->class] = row;
            best[c->class] = c;
        }
    }
    for (int k = 0; k < CLASS_NONE; k++) {
        out->id[k] = out->name[k] = STR("");
        if (!best[k])
            continue;
        candidate_name(best[k], f->room);
        out->id[k] = best[k]->id;
        out->name[k] = best[k]->name;
    }
    set_first(out);
    f->engine->charges = at->charges; /* its room may have grown */
}

bool survey_stays_below(double a_low, double a_high, double b_low, double b_high)
{
    return fmin(b_low, b_high) > fmax(a_low, a_high) * (1 + NODE_STEP);
}

double survey_usd(const struct survey_costs *c, size_t row)
{
    return row == ROW_NONE ? HUGE_VAL : c->usd[row];
}

double survey_least(const struct survey_costs *c, enum platform_class class)
{
    return class == CLASS_NONE ? HUGE_VAL : survey_usd(c, c->best[class]);
}

enum platform_class survey_rival(const struct survey_costs *c, enum platform_class class)
{
    enum platform_class rival = CLASS_NONE;
    for (int k = 0; k < CLASS_NONE; k++)
        if (k != (int)class && survey_least(c, (enum platform_class)k) < survey_least(c, rival))
            rival = (enum platform_class)k;
    return rival;
}

/* ---- rows and options ---- */

/* One platform bought in several ways: "aws-eks:m6i.large:on-demand+spot". */
static bool is_mixed(const struct option *o)
{
    return o->platform && str_find(o->id, STR("+")) < o->id.n;
}

static bool is_split(const struct option *o)
{
    return str_starts(o->id, STR("split:"));
}

size_t survey_row_of(const struct survey *f, int option)
{
    if (option < 0)
        return ROW_NONE;
    const struct book *b = f->engine->market.book;
    const struct option *o = &f->options[option];
    if (!o->platform || is_mixed(o))
        return row_of_shape(b, is_split(o) ? SHAPE_SPLIT : SHAPE_HYBRID);
    return row_of_plan(b, o->platform, o->purchase);
}

int survey_option_of(const struct survey *f, size_t row)
{
    for (size_t i = 0; i < f->option_count; i++)
        if (survey_row_of(f, (int)i) == row)
            return (int)i;
    return -1;
}
