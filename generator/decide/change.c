#include "decide/change.h"

#include "base/arena.h"
#include "decide/machine_choice.h"
#include "decide/response.h"

#include <math.h>
#include <string.h>

#define CHART_POINTS 61
#define CROSS_POINTS 121      /* grid of the search for crossings, on a log scale */
#define CROSSINGS_MAX 12
#define VARIANTS 6            /* machine choices of an option over the range of volumes */
#define CURVES_SHOWN 6
#define CURVES_MAX 14         /* with the options that are their side's cheapest at other volumes */
#define BISECTIONS 40
#define SENSITIVITY_MAX 40
/* A flip beyond so many times today's value is no flip that anybody waits for. */
#define FARTHEST_FLIP 30.0
#define SKU_FLIPS 3           /* prices of the chosen and of the rival option that are tried, each */

/* ---- one option at another point ---- */

/* Figures that change how an instance is cut: the plan is built anew for them. */
static bool changes_fit(const struct variable *v)
{
    if (v->is_global)
        return false;
    switch (v->figure) {
    case FIGURE_SIZE_MB:
    case FIGURE_MEMORY_MB:
    case FIGURE_VCPU:
    case FIGURE_CONCURRENCY:
    case FIGURE_VRAM_GB:
    case FIGURE_GPU_COUNT:
    case FIGURE_JOB_COUNT:
    case FIGURE_JOB_NODES:
    case FIGURE_JOB_HOURS:
    case FIGURE_DURATION_MS:
    case FIGURE_REQUEST_KB:
    case FIGURE_RESPONSE_KB: return true;
    default: return false;
    }
}

/* The same platform and purchase, with machines and limits looked at again at e->base. */
static bool rebuild(struct engine *e, const struct candidate *from, struct candidate *out)
{
    *out = *from;
    out->list = (struct verdict_list){0};
    out->plans = arena_new(e->scratch, struct plan, from->plan_count);
    for (size_t i = 0; i < from->plan_count; i++) {
        const struct plan *old = &from->plans[i];
        size_t *parts = arena_new(e->scratch, size_t, old->count);
        const struct machine **machines = arena_new(e->scratch, const struct machine *, old->count);
        for (size_t k = 0; k < old->count; k++)
            parts[k] = old->members[k].part;
        if (old->platform->machines && !machine_choice(e, old->platform, old->purchase, parts, old->count, machines))
            return false;
        struct plan *plan = &out->plans[i];
        if (!plan_build(&e->market, e->workload, e->base, old->platform, old->purchase, parts, old->count, machines, e->scratch, plan, &out->list))
            return false;
        plan->new_cluster = old->new_cluster;
        plan->shares_cluster = old->shares_cluster;
        if (old->system_machine)
            machine_choice_system(e, plan);
        for (size_t k = 0; k < old->count; k++) { /* the instances that it keeps are among those tried */
            plan->members[k].serving.kept = old->members[k].serving.kept;
            plan->members[k].serving.needed = old->members[k].serving.needed;
        }
    }
    return true;
}

/* Cost where the machines are chosen for that very point; HUGE_VAL where it is not feasible there. */
static double usd_rebuilt(struct engine *e, const struct candidate *c, struct state *s, enum effort effort)
{
    struct arena_mark mark = arena_mark(e->scratch);
    struct state *base = e->base;
    struct arena *keep = e->a;
    e->base = s;
    e->a = e->scratch; /* nothing of a search outlives it */
    struct candidate at;
    double usd = rebuild(e, c, &at) ? candidate_usd(e, &at, s, effort) : HUGE_VAL;
    e->base = base;
    e->a = keep;
    arena_rewind(e->scratch, mark);
    return usd;
}

static void scale_volume(const struct workload *w, double factor, double *x)
{
    for (size_t i = 0; i < w->variable_count; i++) {
        const struct variable *v = &w->variables[i];
        x[i] = v->likely;
        if (!v->is_global && (v->figure == FIGURE_REQUESTS_PER_DAY || v->figure == FIGURE_STREAMS))
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

/* ---- cost by volume ---- */

struct curve {
    int option;
    struct candidate variant[VARIANTS];
    size_t count;
};

/* Machine choices for a hundredth to a thousand times the volume. */
static void curve_init(const struct change_input *in, int option, struct curve *c)
{
    static const double FACTORS[VARIANTS] = {1, 0.01, 0.1, 10, 100, 1000};
    struct engine *e = in->engine;
    struct candidate *from = &in->candidates->items[in->candidate_of[option]];
    c->option = option;
    c->variant[0] = *from;
    c->count = 1;
    bool has_machines = false;
    for (size_t i = 0; i < from->plan_count; i++)
        has_machines = has_machines || from->plans[i].platform->machines;
    if (!has_machines || from->shape == SHAPE_SPLIT)
        return;
    double *x = arena_new(e->a, double, e->workload->variable_count);
    struct state *base = e->base;
    struct state *at = state_new(e->workload, e->a);
    struct arena *scratch = e->scratch;
    for (size_t i = 1; i < VARIANTS; i++) {
        scale_volume(e->workload, FACTORS[i], x);
        state_at(e->workload, x, true, at);
        e->base = at;
        struct candidate *next = &c->variant[c->count];
        *next = *from;
        next->plans = arena_new(e->a, struct plan, from->plan_count);
        bool good = true, differs = false;
        for (size_t k = 0; k < from->plan_count && good; k++) {
            const struct plan *old = &from->plans[k];
            size_t *parts = arena_new(e->a, size_t, old->count);
            const struct machine **machines = arena_new(e->a, const struct machine *, old->count);
            struct verdict_list none = {0};
            for (size_t m = 0; m < old->count; m++)
                parts[m] = old->members[m].part;
            good = !old->platform->machines || machine_choice(e, old->platform, old->purchase, parts, old->count, machines);
            good = good && plan_build(&e->market, e->workload, at, old->platform, old->purchase, parts, old->count, machines, e->a, &next->plans[k], &none);
            if (!good)
                break;
            next->plans[k].new_cluster = old->new_cluster;
            next->plans[k].shares_cluster = old->shares_cluster;
            if (old->system_machine)
                machine_choice_system(e, &next->plans[k]);
            for (size_t m = 0; m < old->count; m++) {
                bool known = false;
                for (size_t v = 0; v < c->count; v++)
                    known = known || c->variant[v].plans[k].members[m].serving.fit.machine == machines[m];
                differs = differs || !known;
            }
        }
        if (good && differs)
            c->count++;
    }
    e->base = base;
    e->scratch = scratch;
}

static double curve_usd(struct engine *e, struct curve *c, const struct state *s)
{
    double best = HUGE_VAL;
    for (size_t i = 0; i < c->count; i++)
        best = fmin(best, candidate_usd(e, &c->variant[i], s, EFFORT_SWEEP));
    return best;
}

static double round_significant(double v, int digits, bool up)
{
    if (!(v > 0) || !isfinite(v))
        return v;
    double scale = pow(10, digits - 1 - floor(log10(v)));
    double scaled = v * scale;
    return (up ? ceil(scaled - 1e-9) : floor(scaled + 1e-9)) / scale;
}

static double curve_at(const struct change_input *in, struct curve *c, double factor, double *x)
{
    scale_volume(in->engine->workload, factor, x);
    state_at(in->engine->workload, x, true, in->engine->state);
    return curve_usd(in->engine, c, in->engine->state);
}

static void add_crossings(const struct change_input *in, struct curve *a, struct curve *b, const double *factor,
                          size_t n, const double *usd_a, const double *usd_b, double per_day, double *x,
                          struct crossover *list, size_t *count)
{
    for (size_t i = 0; i + 1 < n && *count < CROSSINGS_MAX; i++) {
        bool known = usd_a[i] < HUGE_VAL && usd_b[i] < HUGE_VAL && usd_a[i + 1] < HUGE_VAL && usd_b[i + 1] < HUGE_VAL;
        if (!known)
            continue;
        bool first = usd_a[i] <= usd_b[i], second = usd_a[i + 1] <= usd_b[i + 1];
        if (first == second)
            continue;
        double low = factor[i], high = factor[i + 1];
        for (int k = 0; k < BISECTIONS && high / low > 1 + 1e-5; k++) {
            double mid = sqrt(low * high);
            bool cheaper = curve_at(in, a, mid, x) <= curve_at(in, b, mid, x);
            if (cheaper == first)
                low = mid;
            else
                high = mid;
        }
        int from = first ? a->option : b->option, to = first ? b->option : a->option;
        double at = round_significant(high * per_day, 4, true);
        bool twice = false;
        for (size_t k = 0; k < *count; k++)
            twice = twice || (list[k].from == from && list[k].to == to && fabs(list[k].at - at) < at * 1e-6);
        if (!twice)
            list[(*count)++] = (struct crossover){STR("answers.traffic.requests_per_day"), from, to, at};
    }
}

/* The cheapest option of a class at every volume of the grid is not always today's: the ones that are so at
 * other volumes are compared as well. */
static void add_winners(const struct change_input *in, struct curve *curves, size_t *count, double *x)
{
    static const double FACTORS[] = {0.01, 0.1, 10, 100, 1000};
    struct engine *e = in->engine;
    for (size_t i = 0; i < sizeof FACTORS / sizeof *FACTORS; i++) {
        scale_volume(e->workload, FACTORS[i], x);
        state_at(e->workload, x, true, e->state);
        double best[CLASS_NONE];
        int winner[CLASS_NONE];
        for (int k = 0; k < CLASS_NONE; k++) {
            best[k] = HUGE_VAL;
            winner[k] = -1;
        }
        for (size_t o = 0; o < in->option_count; o++) {
            const struct option *option = &in->options[o];
            bool side = option->class == CLASS_KUBERNETES || option->class == CLASS_SERVERLESS;
            if (!side || !option->eligible || !option->costed)
                continue;
            double usd = usd_rebuilt(e, &in->candidates->items[in->candidate_of[o]], e->state, EFFORT_SWEEP);
            if (usd < best[option->class]) {
                best[option->class] = usd;
                winner[option->class] = (int)o;
            }
        }
        for (int k = 0; k < CLASS_NONE; k++) {
            bool have = winner[k] < 0 || *count == CURVES_MAX;
            for (size_t c = 0; c < *count; c++)
                have = have || curves[c].option == winner[k];
            if (!have)
                curve_init(in, winner[k], &curves[(*count)++]);
        }
    }
}

static double side_usd(const struct change_input *in, struct curve *curves, size_t count, enum platform_class class,
                       const struct state *s)
{
    double least = HUGE_VAL;
    for (size_t k = 0; k < count; k++)
        if (in->options[curves[k].option].class == class)
            least = fmin(least, curve_usd(in->engine, &curves[k], s));
    return least;
}

/* Whether Kubernetes is the cheaper side at a volume, with machines chosen and everything computed anew. */
static bool kubernetes_wins(const struct change_input *in, const struct curve *curves, size_t count, double factor, double *x,
                            int winner[2])
{
    struct engine *e = in->engine;
    double least[2] = {HUGE_VAL, HUGE_VAL};
    scale_volume(e->workload, factor, x);
    state_at(e->workload, x, true, e->state);
    for (size_t k = 0; k < count; k++) {
        enum platform_class class = in->options[curves[k].option].class;
        if (class != CLASS_KUBERNETES && class != CLASS_SERVERLESS)
            continue;
        int side = class == CLASS_SERVERLESS;
        double usd = usd_rebuilt(e, &in->candidates->items[in->candidate_of[curves[k].option]], e->state, EFFORT_EXACT);
        if (usd < least[side]) {
            least[side] = usd;
            winner[side] = curves[k].option;
        }
    }
    return least[0] <= least[1];
}

/* The sweep keeps machines between a few volumes; the printed crossing is found again around the one that it
 * saw. False: none is there. */
static bool refine_crossing(const struct change_input *in, const struct curve *curves, size_t count, bool first, double *factor,
                            double *x, int winner[2])
{
    static const double STEPS[] = {1.005, 1.02, 1.06, 1.2, 1.6};
    const size_t steps = sizeof STEPS / sizeof *STEPS;
    double low = 0, high = 0, above = 0, below = 0;
    for (size_t i = 0; i < steps && !(low > 0); i++) {
        double at = *factor / STEPS[i];
        if (kubernetes_wins(in, curves, count, at, x, winner) == first)
            low = at;
        else
            above = at;
    }
    if (!(low > 0))
        return false;
    if (above > 0) { /* the change lies below what the sweep saw */
        high = above;
    } else {
        below = low;
        for (size_t i = 0; i < steps && !(high > 0); i++) {
            double at = *factor * STEPS[i];
            if (kubernetes_wins(in, curves, count, at, x, winner) != first)
                high = at;
            else
                below = at;
        }
        if (!(high > 0))
            return false;
        low = below;
    }
    for (int k = 0; k < BISECTIONS && high / low > 1 + 2e-4; k++) {
        double mid = sqrt(low * high);
        if (kubernetes_wins(in, curves, count, mid, x, winner) == first)
            low = mid;
        else
            high = mid;
    }
    kubernetes_wins(in, curves, count, high, x, winner);
    *factor = high;
    return winner[0] >= 0 && winner[1] >= 0;
}

/* Every change of sides: the best of Kubernetes against the best of serverless, whichever options they are. */
static void add_side_crossings(const struct change_input *in, struct curve *curves, size_t count, const double *factor,
                               double *const *usd, double per_day, double *x, struct crossover *list, size_t *crossings)
{
    struct engine *e = in->engine;
    double last[2] = {0, 0};
    bool known_before = false;
    for (size_t i = 0; i < CROSS_POINTS && *crossings < CROSSINGS_MAX; i++) {
        double now[2] = {HUGE_VAL, HUGE_VAL}; /* Kubernetes, serverless */
        for (size_t k = 0; k < count; k++) {
            enum platform_class class = in->options[curves[k].option].class;
            if (class == CLASS_KUBERNETES)
                now[0] = fmin(now[0], usd[k][i]);
            else if (class == CLASS_SERVERLESS)
                now[1] = fmin(now[1], usd[k][i]);
        }
        bool known = now[0] < HUGE_VAL && now[1] < HUGE_VAL;
        if (known && known_before && (last[0] <= last[1]) != (now[0] <= now[1])) {
            bool first = last[0] <= last[1];
            double low = factor[i - 1], high = factor[i];
            for (int k = 0; k < BISECTIONS && high / low > 1 + 1e-3; k++) {
                double mid = sqrt(low * high);
                scale_volume(e->workload, mid, x);
                state_at(e->workload, x, true, e->state);
                bool cheaper = side_usd(in, curves, count, CLASS_KUBERNETES, e->state) <=
                               side_usd(in, curves, count, CLASS_SERVERLESS, e->state);
                if (cheaper == first)
                    low = mid;
                else
                    high = mid;
            }
            int winner[2] = {-1, -1};
            double at = high;
            if (refine_crossing(in, curves, count, first, &at, x, winner)) {
                double printed = round_significant(at * per_day, 4, true);
                bool twice = false;
                for (size_t k = 0; k < *crossings; k++)
                    twice = twice || fabs(list[k].at - printed) < printed * 1e-3;
                if (!twice)
                    list[(*crossings)++] = (struct crossover){STR("answers.traffic.requests_per_day"), winner[first ? 0 : 1],
                                                              winner[first ? 1 : 0], printed};
            }
        }
        known_before = known;
        last[0] = now[0];
        last[1] = now[1];
    }
}

void change_volume(const struct change_input *in, struct decision *out)
{
    struct engine *e = in->engine;
    double per_day = total_per_day(e);
    if (!(per_day > 0) || in->chosen < 0)
        return;
    double lowest = fmax(fmin(per_day / 1000, 1000), 1), highest = fmax(per_day * 1000, 1e9);
    struct curve *curves = arena_new(e->a, struct curve, CURVES_MAX);
    size_t count = 0;
    int wanted[2 + CLASS_NONE + 2];
    size_t wanted_count = 0;
    wanted[wanted_count++] = in->chosen;
    if (in->runner_up >= 0)
        wanted[wanted_count++] = in->runner_up;
    if (in->kubernetes >= 0)
        wanted[wanted_count++] = in->kubernetes;
    if (in->serverless >= 0)
        wanted[wanted_count++] = in->serverless;
    for (int k = 0; k < CLASS_NONE; k++)
        for (size_t i = 0; i < in->option_count; i++)
            if ((int)in->options[i].class == k && in->options[i].eligible && in->options[i].costed) {
                wanted[wanted_count++] = (int)i;
                break;
            }
    for (size_t i = 0; i < wanted_count && count < CURVES_SHOWN; i++) {
        bool have = false;
        for (size_t k = 0; k < count; k++)
            have = have || curves[k].option == wanted[i];
        if (!have)
            curve_init(in, wanted[i], &curves[count++]);
    }
    double *factor = arena_new(e->a, double, CROSS_POINTS);
    double *x = arena_new(e->a, double, e->workload->variable_count);
    size_t shown = count;
    if (in->kubernetes >= 0 && in->serverless >= 0)
        add_winners(in, curves, &count, x);
    double **usd = arena_new(e->a, double *, count);
    for (size_t k = 0; k < count; k++)
        usd[k] = arena_new(e->a, double, CROSS_POINTS);
    double *volumes = arena_new(e->a, double, CROSS_POINTS);
    int *cheapest = arena_new(e->a, int, CROSS_POINTS);
    for (size_t i = 0; i < CROSS_POINTS; i++) {
        double volume = lowest * pow(highest / lowest, (double)i / (CROSS_POINTS - 1));
        factor[i] = volume / per_day;
        volumes[i] = volume;
        scale_volume(e->workload, factor[i], x);
        state_at(e->workload, x, true, e->state);
        double least = HUGE_VAL;
        cheapest[i] = -1;
        for (size_t k = 0; k < count; k++) {
            usd[k][i] = curve_usd(e, &curves[k], e->state);
            if (usd[k][i] < least && in->options[curves[k].option].eligible) {
                least = usd[k][i];
                cheapest[i] = curves[k].option;
            }
        }
    }
    struct crossover *list = arena_new(e->a, struct crossover, CROSSINGS_MAX);
    size_t crossings = 0;
    add_side_crossings(in, curves, count, factor, usd, per_day, x, list, &crossings);
    for (size_t a = 0; a < count; a++)
        for (size_t b = a + 1; b < count; b++) {
            enum platform_class one = in->options[curves[a].option].class, two = in->options[curves[b].option].class;
            bool sides = (one == CLASS_KUBERNETES && two == CLASS_SERVERLESS) || (one == CLASS_SERVERLESS && two == CLASS_KUBERNETES);
            if (curves[a].option == in->chosen && curves[b].option == in->runner_up && !sides)
                add_crossings(in, &curves[a], &curves[b], factor, CROSS_POINTS, usd[a], usd[b], per_day, x, list, &crossings);
        }
    for (size_t i = 1; i < crossings; i++) {
        struct crossover c = list[i];
        size_t k = i;
        for (; k > 0 && list[k - 1].at > c.at; k--)
            list[k] = list[k - 1];
        list[k] = c;
    }
    out->crossovers = list;
    out->crossover_count = crossings;
    struct volume_curve *chart = arena_new(e->a, struct volume_curve, shown);
    for (size_t k = 0; k < shown; k++) {
        for (size_t i = 0; i < CROSS_POINTS; i++)
            usd[k][i] = usd[k][i] < HUGE_VAL ? round(usd[k][i] * 100) / 100 : NOT_KNOWN;
        chart[k] = (struct volume_curve){curves[k].option, usd[k]};
    }
    int v = workload_variable(e->workload, STR("answers.traffic.requests_per_day"));
    out->volume = (struct volume_chart){
        .requests_per_day = volumes, .points = CROSS_POINTS, .now = per_day, .low = per_day, .high = per_day,
        .curves = chart, .curve_count = shown, .cheapest = cheapest};
    if (v >= 0 && e->workload->variables[v].likely > 0) {
        out->volume.low = per_day * e->workload->variables[v].low / e->workload->variables[v].likely;
        out->volume.high = per_day * e->workload->variables[v].high / e->workload->variables[v].likely;
    }
}

void change_fixed(const struct change_input *in, struct option *options)
{
    struct engine *e = in->engine;
    if (!(total_per_day(e) > 0))
        return;
    double *x = arena_new(e->a, double, e->workload->variable_count);
    scale_volume(e->workload, 0, x);
    state_at(e->workload, x, true, e->state);
    for (size_t i = 0; i < in->option_count; i++) {
        if (!options[i].feasible || !options[i].costed)
            continue;
        double usd = candidate_usd(e, &in->candidates->items[in->candidate_of[i]], e->state, EFFORT_SWEEP);
        options[i].fixed_usd = usd < HUGE_VAL ? round(usd * 100) / 100 : NOT_KNOWN;
    }
}

/* ---- flips ---- */

/*
 * The chosen class against the others. At first the chosen option and the best of every other class; an
 * option that turns out to be cheaper than these somewhere joins its side, so that a flip is one of
 * classes and not of two options.
 */
#define CONTEST_MAX 12
#define STATES 16
/* Times today's value that a flip is looked for. Hundreds of requests at once are another workload. */
#define REACH 1000.0
#define REACH_BURST 30.0
#define NEAR 2.0 /* an option joins only if today it costs at most this times the dearest of the first ones */
struct contest {
    int own[CONTEST_MAX], rivals[CONTEST_MAX];
    size_t own_count, count;
    double near_usd;
    struct response *kept, *rebuilt; /* by option, to the variable that is looked at */
    struct state *states[STATES];    /* the points of the last values that were asked for */
    double state_value[STATES];
    size_t state_count, state_next;
};

static struct contest contest_of(const struct change_input *in)
{
    struct contest c = {.own = {in->chosen}, .own_count = 1,
                        .kept = arena_new(in->engine->a, struct response, in->option_count),
                        .rebuilt = arena_new(in->engine->a, struct response, in->option_count), .near_usd = NEAR * money_double(in->options[in->chosen].monthly)};
    for (int k = 0; k < CLASS_NONE; k++) {
        if (k == (int)in->options[in->chosen].class)
            continue;
        for (size_t i = 0; i < in->option_count; i++)
            if ((int)in->options[i].class == k && in->options[i].eligible && in->options[i].costed) {
                c.rivals[c.count++] = (int)i;
                c.near_usd = fmax(c.near_usd, NEAR * money_double(in->options[i].monthly));
                break;
            }
    }
    return c;
}

struct point_cost {
    double chosen, own, rival; /* own: the cheapest of the chosen class */
    int rival_option;
};

static double option_usd(const struct change_input *in, int option, bool fit, struct state *s, enum effort effort)
{
    struct engine *e = in->engine;
    struct candidate *c = &in->candidates->items[in->candidate_of[option]];
    return fit ? usd_rebuilt(e, c, s, effort) : candidate_usd(e, c, s, effort);
}

/* Figures that no choice of machines looks at. */
static bool may_change_machines(const struct variable *v)
{
    return !v->is_global || !(v->figure == GLOBAL_LOG_KB || v->figure >= GLOBAL_ON_COST);
}

struct question_to { /* one option and the variable that is moved */
    const struct change_input *in;
    struct contest *contest;
    size_t v;
    double *x;
    int option;
    bool fit;
};

static double answer(double value, void *context)
{
    const struct question_to *q = context;
    struct engine *e = q->in->engine;
    struct contest *c = q->contest;
    size_t i = 0;
    while (i < c->state_count && (c->state_value[i] < value || c->state_value[i] > value))
        i++;
    if (i == c->state_count) {
        i = c->state_next;
        c->state_next = (i + 1) % STATES;
        if (c->state_count < STATES)
            c->state_count++;
        if (!c->states[i])
            c->states[i] = state_new(e->workload, e->a);
        c->state_value[i] = value;
        double keep = q->x[q->v];
        q->x[q->v] = value;
        state_at(e->workload, q->x, true, c->states[i]);
        q->x[q->v] = keep;
    }
    return option_usd(q->in, q->option, q->fit, c->states[i], EFFORT_SWEEP);
}

static double reach_of(const struct variable *v)
{
    return !v->is_global && v->figure == FIGURE_BURST ? REACH_BURST : REACH;
}

static double usd_at(const struct change_input *in, struct contest *contest, int option, size_t v, double value,
                     double *x, bool fit, bool probe)
{
    const struct variable *var = &in->engine->workload->variables[v];
    fit = fit && may_change_machines(var);
    struct question_to q = {in, contest, v, x, option, fit};
    struct response *r = fit ? &contest->rebuilt[option] : &contest->kept[option];
    double now = var->likely;
    bool additive = var->least <= 0 && var->most <= 1;
    if (!probe)
        return response_at(r, value, answer, &q);
    if (additive && now > var->least && now < var->most)
        response_probe(r, now, var->least, var->most, answer, &q);
    else if (!additive && now > 0)
        response_probe(r, now, fmax(now / reach_of(var), var->least), fmin(now * reach_of(var), var->most), answer, &q);
    return response_at(r, value, answer, &q);
}

static struct point_cost cost_at(const struct change_input *in, struct contest *contest, size_t v, double value,
                                 double *x, bool fit)
{
    struct point_cost out = {.own = HUGE_VAL, .rival = HUGE_VAL, .rival_option = -1};
    for (size_t i = 0; i < contest->own_count; i++) {
        double usd = usd_at(in, contest, contest->own[i], v, value, x, fit, true);
        if (i == 0)
            out.chosen = usd;
        out.own = fmin(out.own, usd);
    }
    for (size_t i = 0; i < contest->count; i++) {
        double usd = usd_at(in, contest, contest->rivals[i], v, value, x, fit, true);
        if (usd < out.rival) {
            out.rival = usd;
            out.rival_option = contest->rivals[i];
        }
    }
    return out;
}

static bool flipped(const struct point_cost *p)
{
    return p->rival < p->own;
}

/* Looks at every near option, machines chosen anew; the cheapest of a side that beats what its side has
 * joins where that changes which side wins. */
static bool widen(const struct change_input *in, struct contest *contest, size_t v, double value, double *x)
{
    struct point_cost p = cost_at(in, contest, v, value, x, true);
    bool was = flipped(&p);
    if (p.own < HUGE_VAL && p.rival < HUGE_VAL && fmax(p.own, p.rival) > NEAR * fmin(p.own, p.rival))
        return false; /* no near option turns that */
    enum platform_class class = in->options[in->chosen].class;
    int joins = -1;
    double least = was ? p.rival : p.own;
    for (size_t i = 0; i < in->option_count; i++) {
        const struct option *o = &in->options[i];
        if (!o->eligible || !o->costed || (o->class == class) != was || money_double(o->monthly) > contest->near_usd)
            continue;
        bool have = false;
        for (size_t k = 0; k < contest->own_count; k++)
            have = have || contest->own[k] == (int)i;
        for (size_t k = 0; k < contest->count; k++)
            have = have || contest->rivals[k] == (int)i;
        double usd = have ? HUGE_VAL : usd_at(in, contest, (int)i, v, value, x, true, false);
        if (usd < least) {
            least = usd;
            joins = (int)i;
        }
    }
    if (joins < 0)
        return false;
    size_t *count = was ? &contest->own_count : &contest->count;
    if (*count == CONTEST_MAX)
        return false;
    (was ? contest->own : contest->rivals)[(*count)++] = joins;
    return true;
}

static double margin_of(const struct point_cost *p)
{
    return p->chosen < HUGE_VAL && p->rival < HUGE_VAL ? p->rival / p->chosen - 1 : NOT_KNOWN;
}

/* Nearest value of variable v, upward or downward, at which another class is cheapest; NOT_KNOWN: none. */
static double find_flip(const struct change_input *in, struct contest *contest, size_t v, bool up, double *x,
                        bool fit, int *flips_to)
{
    static const double STEPS[] = {1.05, 1.1, 1.2, 1.35, 1.6, 2, 3, 5, 10, 30};
    const struct variable *var = &in->engine->workload->variables[v];
    double now = var->likely, last = now;
    bool additive = var->least <= 0 && var->most <= 1;
    if (!additive && !(now > 0))
        return NOT_KNOWN;
    for (size_t i = 0; i < sizeof STEPS / sizeof *STEPS; i++) {
        double next;
        if (additive) /* shares: towards the bound in equal steps */
            next = now + (up ? var->most - now : var->least - now) * (double)(i + 1) / (double)(sizeof STEPS / sizeof *STEPS);
        else
            next = up ? now * fmin(STEPS[i], reach_of(var)) : now / STEPS[i];
        next = fmin(fmax(next, var->least), var->most);
        if (!(fabs(next - last) > 1e-12 * (fabs(next) + fabs(last))))
            break;
        struct point_cost p = cost_at(in, contest, v, next, x, fit);
        if (p.chosen >= HUGE_VAL && p.rival >= HUGE_VAL)
            break; /* nothing holds any more: no flip to another class */
        if (!flipped(&p)) {
            last = next;
            continue;
        }
        double inside = last, beyond = next;
        for (int k = 0; k < BISECTIONS && fabs(beyond - inside) > 1e-4 * fabs(beyond); k++) {
            double mid = (inside + beyond) / 2;
            struct point_cost at = cost_at(in, contest, v, mid, x, fit);
            if (flipped(&at)) {
                beyond = mid;
                p = at;
            } else {
                inside = mid;
            }
        }
        *flips_to = p.rival_option;
        double printed = additive ? beyond : round_significant(beyond, 4, up);
        return fmin(fmax(printed, var->least), var->most);
    }
    return NOT_KNOWN;
}

/* Whether another class is the cheapest at a value, with everything chosen and computed anew. */
static bool beats(const struct change_input *in, const struct contest *contest, size_t v, double value, double *x)
{
    double keep = x[v], own = HUGE_VAL, rival = HUGE_VAL;
    x[v] = value;
    state_at(in->engine->workload, x, true, in->engine->state);
    for (size_t i = 0; i < contest->own_count; i++)
        own = fmin(own, option_usd(in, contest->own[i], true, in->engine->state, EFFORT_EXACT));
    for (size_t i = 0; i < contest->count; i++)
        rival = fmin(rival, option_usd(in, contest->rivals[i], true, in->engine->state, EFFORT_EXACT));
    x[v] = keep;
    return rival < own;
}

/* The search reads tables and keeps machines; the printed value is found again with everything chosen and
 * computed anew. NOT_KNOWN: there the flip does not hold. */
static double refine_flip(const struct change_input *in, struct contest *contest, size_t v, double at, double *x)
{
    const struct variable *var = &in->engine->workload->variables[v];
    double now = var->likely, distance = at - now, inside = now, beyond = at;
    bool up = distance > 0, found = false;
    double step = 0;
    for (int i = 0; i < 7; i++) {
        beyond = fmin(fmax(now + distance * (1 + step), var->least), var->most);
        found = beats(in, contest, v, beyond, x);
        if (found)
            break;
        inside = beyond;
        step = step > 0 ? step * 2 : 0.01;
    }
    if (!found)
        return NOT_KNOWN;
    if (step <= 0) /* it holds at the value: where does it begin? */
        for (step = 0.01; step < 1; step *= 2) {
            inside = now + distance * (1 - step);
            if (!beats(in, contest, v, inside, x))
                break;
            beyond = inside;
            inside = now;
        }
    for (int i = 0; i < 12 && fabs(beyond - inside) > 2e-4 * fabs(beyond); i++) {
        double mid = (inside + beyond) / 2;
        if (beats(in, contest, v, mid, x))
            beyond = mid;
        else
            inside = mid;
    }
    double printed = var->least <= 0 && var->most <= 1 ? beyond : round_significant(beyond, 4, up);
    return fmin(fmax(printed, var->least), var->most);
}

/* The flip nearest to today's value. */
static double nearest_flip(const struct change_input *in, struct contest *contest, size_t v, double *x, bool fit, int *to)
{
    double now = in->engine->workload->variables[v].likely;
    int up_to = -1, down_to = -1;
    double up = find_flip(in, contest, v, true, x, fit, &up_to), down = find_flip(in, contest, v, false, x, fit, &down_to);
    double far_up = fabs(log(fmax(up, 1e-12) / fmax(now, 1e-12))), far_down = fabs(log(fmax(down, 1e-12) / fmax(now, 1e-12)));
    bool is_up = !isnan(up) && (isnan(down) || far_up <= far_down);
    *to = is_up ? up_to : down_to;
    return is_up ? up : down;
}

static void set_flip(struct sensitivity *s, double at, int to)
{
    s->flips_at = at;
    s->flips_to = to;
    s->flip_distance = s->now > 0 ? at / s->now - 1 : NOT_KNOWN;
}

static void add_variable_row(const struct change_input *in, struct contest *contest, size_t v, double *x,
                             struct sensitivity *s)
{
    const struct variable *var = &in->engine->workload->variables[v];
    bool fit = changes_fit(var);
    bool is_price = var->is_global && (var->figure >= GLOBAL_PRICE_SERVERLESS && var->figure <= GLOBAL_PRICE_SPOT);
    *s = (struct sensitivity){.variable = var->path, .name = var->name, .unit = var->unit, .now = var->likely, .low = var->low,
                              .high = var->high, .flips_at = NOT_KNOWN, .flip_distance = NOT_KNOWN, .flips_to = -1, .is_price = is_price};
    double within = policy_number(in->engine->market.policy, PARAMETER_PRICE_WITHIN);
    if (is_price && !(var->high > var->low)) {
        s->low = var->likely * (1 - within);
        s->high = var->likely * (1 + within);
    }
    contest->state_count = contest->state_next = 0;
    for (size_t i = 0; i < in->option_count; i++) {
        response_clear(&contest->kept[i]);
        response_clear(&contest->rebuilt[i]);
    }
    struct point_cost low = cost_at(in, contest, v, s->low, x, fit), high = cost_at(in, contest, v, s->high, x, fit);
    s->usd_at_low = low.chosen < HUGE_VAL ? round(low.chosen * 100) / 100 : NOT_KNOWN;
    s->usd_at_high = high.chosen < HUGE_VAL ? round(high.chosen * 100) / 100 : NOT_KNOWN;
    s->margin_at_low = margin_of(&low);
    s->margin_at_high = margin_of(&high);
    int to = -1;
    double at = NOT_KNOWN;
    for (size_t i = 0; i < 4; i++) { /* rounds; an option that joins stays for the next variable */
        at = nearest_flip(in, contest, v, x, fit, &to);
        bool grew = i == 0 && (widen(in, contest, v, s->low, x) || widen(in, contest, v, s->high, x));
        if (!isnan(at) && !grew) {
            grew = widen(in, contest, v, at, x) || widen(in, contest, v, var->likely + 0.9 * (at - var->likely), x);
            at = grew ? at : refine_flip(in, contest, v, at, x);
            grew = grew || (!isnan(at) && widen(in, contest, v, var->likely + 0.99 * (at - var->likely), x));
        }
        if (!grew)
            break;
    }
    if (!isnan(at))
        set_flip(s, at, to);
    if (!isnan(s->flips_at)) {
        if (is_price)
            s->flip_within_range = fabs(s->flip_distance) <= within;
        else
            s->flip_within_range = s->flips_at >= s->low && s->flips_at <= s->high;
    }
}

/* Prices of the chosen and of the rival: the difference is linear in each, so the flip is exact. */
static size_t add_price_rows(const struct change_input *in, struct sensitivity *rows, size_t count, size_t most)
{
    struct engine *e = in->engine;
    if (in->runner_up < 0)
        return count;
    double within = policy_number(e->market.policy, PARAMETER_PRICE_WITHIN);
    const struct option *pair[2] = {&in->options[in->chosen], &in->options[in->runner_up]};
    double base = money_double(pair[0]->monthly), rival = money_double(pair[1]->monthly);
    for (int side = 0; side < 2; side++) {
        const struct sku *done[SKU_FLIPS] = {NULL};
        for (int k = 0; k < SKU_FLIPS && count < most; k++) {
            const struct sku *top = NULL;
            double top_usd = 0;
            for (size_t i = 0; i < pair[side]->line_count; i++) {
                const struct line *l = &pair[side]->lines[i];
                bool seen = false;
                for (int d = 0; d < k; d++)
                    seen = seen || done[d] == l->sku;
                double usd = money_double(l->usd);
                if (!seen && usd > top_usd) {
                    top = l->sku;
                    top_usd = usd;
                }
            }
            if (!top)
                break;
            done[k] = top;
            double own[2] = {0, 0}, unit = 0;
            for (int o = 0; o < 2; o++)
                for (size_t i = 0; i < pair[o]->line_count; i++)
                    if (pair[o]->lines[i].sku == top) {
                        own[o] += money_double(pair[o]->lines[i].usd);
                        unit = decimal_double(pair[o]->lines[i].unit_usd);
                    }
            bool twice = false;
            for (size_t i = 0; i < count; i++)
                twice = twice || str_equal(rows[i].variable, str_printf(e->a, "prices.%.*s", STR_ARG(top->id)));
            if (twice || !(unit > 0))
                continue;
            struct sensitivity *s = &rows[count++];
            *s = (struct sensitivity){.variable = str_printf(e->a, "prices.%.*s", STR_ARG(top->id)), .name = top->name,
                                      .unit = str_printf(e->a, "$ per %s", top->unit->singular), .now = unit, .low = unit * (1 - within),
                                      .high = unit * (1 + within), .flips_at = NOT_KNOWN, .flip_distance = NOT_KNOWN, .flips_to = -1, .is_price = true};
            double low = 1 - within, high = 1 + within;
            s->usd_at_low = round((base + own[0] * (low - 1)) * 100) / 100;
            s->usd_at_high = round((base + own[0] * (high - 1)) * 100) / 100;
            s->margin_at_low = (rival + own[1] * (low - 1)) / (base + own[0] * (low - 1)) - 1;
            s->margin_at_high = (rival + own[1] * (high - 1)) / (base + own[0] * (high - 1)) - 1;
            double slope = own[0] - own[1]; /* of chosen minus rival, a unit of the factor */
            double factor = fabs(slope) > 1e-9 ? 1 + (rival - base) / slope : NOT_KNOWN;
            if (factor > 1.0 / FARTHEST_FLIP && factor < FARTHEST_FLIP) {
                bool up = factor > 1;
                set_flip(s, round_significant(unit * factor, 4, up), in->runner_up);
                s->flip_within_range = fabs(s->flip_distance) <= within;
            }
        }
    }
    return count;
}

static double effect_of(const struct sensitivity *s)
{
    double low = isnan(s->margin_at_low) ? 0 : s->margin_at_low, high = isnan(s->margin_at_high) ? 0 : s->margin_at_high;
    return fabs(high - low);
}

void change_sensitivity(const struct change_input *in, struct decision *out)
{
    struct engine *e = in->engine;
    if (in->chosen < 0 || !in->options[in->chosen].costed)
        return;
    const struct workload *w = e->workload;
    struct contest contest = contest_of(in);
    struct sensitivity *rows = arena_new(e->a, struct sensitivity, SENSITIVITY_MAX + 2 * SKU_FLIPS);
    double *x = arena_new(e->a, double, w->variable_count);
    memcpy(x, w->likely, w->variable_count * sizeof *x);
    size_t count = 0;
    for (size_t v = 0; v < w->variable_count && count < SENSITIVITY_MAX; v++) {
        if (contest.count == 0)
            break;
        struct sensitivity s;
        add_variable_row(in, &contest, v, x, &s);
        if (effect_of(&s) > 1e-6 || !isnan(s.flips_at))
            rows[count++] = s;
    }
    count = add_price_rows(in, rows, count, SENSITIVITY_MAX + 2 * SKU_FLIPS);
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

/* ---- scenarios ---- */

static bool apply_change(const struct workload *w, const struct scenario_change *c, double *x)
{
    bool any = false;
    for (size_t i = 0; i < w->variable_count; i++) {
        const struct variable *v = &w->variables[i];
        bool same = str_equal(v->path, c->variable);
        if (!same && !v->is_global) { /* "models[].memory_mb" names every model's */
            struct str tail = c->variable;
            size_t at = str_find(tail, STR("[]."));
            if (at < tail.n)
                same = str_ends(v->path, str_slice(tail, at + 2, tail.n)) && str_starts(v->path, str_slice(tail, 0, at));
        }
        if (!same)
            continue;
        x[i] = fmin(fmax(c->is_factor ? x[i] * c->value : c->value, v->least), v->most);
        any = true;
    }
    return any;
}

void change_scenarios(const struct change_input *in, const struct policy *policy, struct decision *out)
{
    struct engine *e = in->engine;
    if (in->chosen < 0 || !in->options[in->chosen].costed)
        return;
    struct scenario_result *results = arena_new(e->a, struct scenario_result, policy->scenario_count);
    double *x = arena_new(e->a, double, e->workload->variable_count);
    size_t count = 0;
    for (size_t i = 0; i < policy->scenario_count; i++) {
        const struct scenario *s = &policy->scenarios[i];
        memcpy(x, e->workload->likely, e->workload->variable_count * sizeof *x);
        bool any = false;
        for (size_t k = 0; k < s->count; k++)
            any = apply_change(e->workload, &s->changes[k], x) || any;
        if (!any)
            continue;
        state_at(e->workload, x, true, e->state);
        struct scenario_result *r = &results[count++];
        *r = (struct scenario_result){.scenario = s, .cheapest = -1, .chosen_usd = NOT_KNOWN, .cheapest_usd = NOT_KNOWN, .regret_usd = NOT_KNOWN};
        double least = HUGE_VAL;
        for (size_t o = 0; o < in->option_count; o++) {
            if (!in->options[o].eligible || !in->options[o].costed)
                continue;
            double usd = usd_rebuilt(e, &in->candidates->items[in->candidate_of[o]], e->state, EFFORT_EXACT);
            if (usd < least) {
                least = usd;
                r->cheapest = (int)o;
            }
            if ((int)o == in->chosen && usd < HUGE_VAL)
                r->chosen_usd = round(usd * 100) / 100;
        }
        if (least < HUGE_VAL) {
            r->cheapest_usd = round(least * 100) / 100;
            if (!isnan(r->chosen_usd))
                r->regret_usd = r->chosen_usd - r->cheapest_usd;
        }
    }
    out->scenarios = results;
    out->scenario_count = count;
}
