#include "decide/draws.h"

#include "base/arena.h"
#include "cost/draw.h"
#include "latency/law.h"
#include "latency/random.h"

#include <math.h>
#include <string.h>

/* Correlations between inputs (Gaussian copula): days of more traffic are flatter; slow services start
 * slowly. Modelling choice, from the shared traces and published start-up times. */
#define RHO_VOLUME_PEAK (-0.3)
#define RHO_SERVICE_START 0.5
/* How much attention a service needs is mostly a property of the service and its team, not of the
 * platform: the people figures of the classes rise and fall together. */
#define RHO_PEOPLE 0.9
#define BINS 16 /* a power of two */
/* Two that cost the same in a draw, but for rounding: the first of the options counts, which is the cheaper one at the likely values. */
#define TIE 1e-9
#define PERMUTATIONS 4
#define RIVALS_MAX 8 /* options that are ever near the cheapest; the others cannot change a choice */

static int variable_of(const struct workload *w, bool global, int figure)
{
    for (size_t i = 0; i < w->variable_count; i++)
        if (w->variables[i].is_global == global && w->variables[i].figure == figure)
            return (int)i;
    return -1;
}

static void correlate(double *z, size_t n, int of, int with, double rho)
{
    if (of < 0 || with < 0)
        return;
    double own = sqrt(1 - rho * rho);
    for (size_t i = 0; i < n; i++)
        z[(size_t)of * n + i] = rho * z[(size_t)with * n + i] + own * z[(size_t)of * n + i];
}

static void draw_variates(const struct workload *w, uint64_t seed, size_t n, double *z, struct arena *scratch)
{
    struct arena_mark mark = arena_mark(scratch);
    double *u = arena_new(scratch, double, n);
    for (size_t v = 0; v < w->variable_count; v++) {
        double *row = &z[v * n];
        if (!(w->variables[v].high > w->variables[v].low)) {
            memset(row, 0, n * sizeof *row);
            continue;
        }
        latin_hypercube(seed ^ (0x9e3779b97f4a7c15u * (v + 1)), n, 1, u);
        for (size_t i = 0; i < n; i++)
            row[i] = normal_quantile(u[i]);
    }
    arena_rewind(scratch, mark);
    correlate(z, n, variable_of(w, false, FIGURE_PEAK_TO_MEAN), variable_of(w, false, FIGURE_REQUESTS_PER_DAY), RHO_VOLUME_PEAK);
    correlate(z, n, variable_of(w, true, GLOBAL_START), variable_of(w, false, FIGURE_DURATION_MS), RHO_SERVICE_START);
    correlate(z, n, variable_of(w, true, GLOBAL_FTE_MANAGED), variable_of(w, true, GLOBAL_FTE_SERVERLESS), RHO_PEOPLE);
    correlate(z, n, variable_of(w, true, GLOBAL_FTE_KUBERNETES), variable_of(w, true, GLOBAL_FTE_SERVERLESS), RHO_PEOPLE);
    correlate(z, n, variable_of(w, true, GLOBAL_FTE_KUBERNETES_SHARED), variable_of(w, true, GLOBAL_FTE_SERVERLESS), RHO_PEOPLE);
}

/* The k-th smallest of values[low..high], which holds those from the low-th to the high-th smallest and is reordered, so that
 * what stands below k is not larger and what stands above is not smaller: quickselect. */
static double select_nth(double *v, size_t low, size_t high, size_t k)
{
    while (low < high) {
        double pivot = v[low + (high - low) / 2];
        size_t i = low, j = high;
        for (;;) {
            while (v[i] < pivot)
                i++;
            while (v[j] > pivot)
                j--;
            if (i >= j)
                break;
            double t = v[i];
            v[i++] = v[j];
            v[j--] = t;
        }
        if (k <= j)
            high = j;
        else
            low = j + 1;
    }
    return v[k];
}

static void option_statistics(const struct draws *d, size_t row, const double *cheapest, double *sorted,
                              struct option *o)
{
    const double *usd = &d->usd[row * d->count];
    size_t n = 0;
    double sum = 0, regret = 0, worst = 0;
    size_t against = 0;
    for (size_t i = 0; i < d->count; i++) {
        if (!(usd[i] < HUGE_VAL))
            continue;
        sorted[n++] = usd[i];
        sum += usd[i];
        if (cheapest[i] < HUGE_VAL) {
            double more = usd[i] - cheapest[i];
            regret += more;
            worst = fmax(worst, more);
            against++;
        }
    }
    o->feasible_share = (double)n / (double)d->count;
    if (n == 0)
        return;
    size_t middle = n / 2, last = n - 1, tenth = n / 10;
    o->p50_usd = cost_cents(select_nth(sorted, 0, last, middle));
    o->p10_usd = cost_cents(select_nth(sorted, 0, middle, tenth));
    o->p90_usd = cost_cents(select_nth(sorted, middle, last, last - tenth));
    o->expected_usd = cost_cents(sum / (double)n);
    if (against) {
        o->expected_regret_usd = cost_cents(regret / (double)against);
        o->max_regret_usd = cost_cents(worst);
    }
}

/* A law as its value at a normal variate: likely x exp(slope x z), or likely + slope x z. */
struct slope {
    double down, up;
};

static struct slope slope_of(const struct variable *v)
{
    const double z90 = 1.2815515655446004; /* standard normal quantile at 0.9 */
    struct slope l = {0, 0};
    if (!(v->high > v->low))
        return l;
    if (v->law == LAW_SPLIT_LOGNORMAL)
        l = (struct slope){-log(v->low / v->likely) / z90, log(v->high / v->likely) / z90};
    else
        l = (struct slope){(v->likely - v->low) / z90, (v->high - v->likely) / z90};
    return l;
}

/* As variable_value. */
static double value_at(const struct variable *v, const struct slope *l, double z)
{
    if (!(v->high > v->low))
        return v->likely;
    double by = (z > 0 ? l->up : l->down) * z;
    double value = v->law == LAW_SPLIT_LOGNORMAL ? v->likely * exp(by) : v->likely + by;
    return fmin(fmax(value, v->least), v->most);
}

/* What people cost. */
static double people_usd(const struct candidate *c, const double *global, double engineer_usd)
{
    return candidate_fte(c, global) * global[GLOBAL_ON_COST] / 12 * engineer_usd;
}

/* Whether two candidates always need the same people: one plan each, of one class, on clusters that both exist or both do not. */
static bool same_people(const struct candidate *a, const struct candidate *b)
{
    return a->plan_count == 1 && b->plan_count == 1 && a->plans[0].platform->class == b->plans[0].platform->class &&
           a->plans[0].new_cluster == b->plans[0].new_cluster;
}

double draws_usd_at_likely(struct engine *e, const struct candidate *c)
{
    struct draw *d = draw_new(&e->market, e->workload, e->base, e->a, e->scratch);
    size_t option = draw_option(d, c->plans, c->plan_count, c->split_rps);
    struct state *s = state_new(e->workload, e->a);
    state_at(e->workload, NULL, false, s);
    draw_at(d, s);
    return draw_usd(d, option) + people_usd(c, s->global, engineer_usd(&e->market));
}

void draws_run(struct engine *e, struct candidates *c, struct option *options, const int *candidate_of,
               size_t option_count, uint64_t seed, struct draws *out)
{
    const struct workload *w = e->workload;
    size_t n = (size_t)policy_number(e->market.policy, PARAMETER_DRAWS);
    *out = (struct draws){.count = n};
    out->z = arena_new(e->a, double, w->variable_count * n);
    draw_variates(w, seed, n, out->z, e->scratch);
    int *of = arena_new(e->a, int, option_count);
    for (size_t i = 0; i < option_count; i++)
        if (options[i].feasible && options[i].costed)
            of[out->rows++] = (int)i;
    out->of = of;
    out->usd = arena_new(e->a, double, out->rows * n);
    struct draw *draw = draw_new(&e->market, w, e->base, e->a, e->scratch);
    for (size_t r = 0; r < out->rows; r++) {
        const struct candidate *own = &c->items[candidate_of[of[r]]];
        draw_option(draw, own->plans, own->plan_count, own->split_rps);
    }
    size_t *like = arena_new(e->a, size_t, out->rows); /* the first row whose people are the same */
    for (size_t r = 0; r < out->rows; r++) {
        like[r] = 0;
        while (like[r] < r && !same_people(&c->items[candidate_of[of[like[r]]]], &c->items[candidate_of[of[r]]]))
            like[r]++;
    }
    double *people = arena_new(e->a, double, out->rows);
    double engineer = engineer_usd(&e->market);
    struct slope *slopes = arena_new(e->a, struct slope, w->variable_count);
    for (size_t v = 0; v < w->variable_count; v++)
        slopes[v] = slope_of(&w->variables[v]);
    double *x = arena_new(e->a, double, w->variable_count);
    double *cheapest = arena_new(e->a, double, n);
    for (size_t i = 0; i < n; i++) {
        for (size_t v = 0; v < w->variable_count; v++)
            x[v] = value_at(&w->variables[v], &slopes[v], out->z[v * n + i]);
        state_at(w, x, false, e->state);
        draw_at(draw, e->state);
        cheapest[i] = HUGE_VAL;
        int best = -1;
        for (size_t r = 0; r < out->rows; r++) {
            people[r] = like[r] < r ? people[like[r]] : people_usd(&c->items[candidate_of[of[r]]], e->state->global, engineer);
            double usd = draw_usd(draw, r) + people[r];
            if (!isfinite(usd))
                usd = HUGE_VAL;
            out->usd[r * n + i] = usd;
            if (options[of[r]].eligible && usd < cheapest[i] * (best < 0 ? 1 : 1 - TIE)) {
                cheapest[i] = usd;
                best = of[r];
            }
        }
        if (best >= 0)
            options[best].cheapest_share += 1.0 / (double)n;
    }
    double *sorted = arena_new(e->a, double, n);
    for (size_t r = 0; r < out->rows; r++)
        option_statistics(out, r, cheapest, sorted, &options[of[r]]);
    for (size_t i = 0; i < option_count; i++)
        options[i].cheapest_share = round(options[i].cheapest_share * 1e6) / 1e6;
}

void draws_shares(const struct draws *d, const struct option *options, double class_share[CLASS_NONE])
{
    for (int k = 0; k < CLASS_NONE; k++)
        class_share[k] = 0;
    for (size_t r = 0; r < d->rows; r++)
        class_share[options[d->of[r]].class] += options[d->of[r]].cheapest_share;
}

/* ---- value of information ---- */

/* Costs of the rivals in a draw, in a row of one length so that all are added at once. */
struct rival_row {
    double usd[RIVALS_MAX];
};

/* E_x[min_a E(C_a | x)] over bins of equal count by rank. */
static double mean_of_bin_minima(const struct rival_row *row, size_t rivals, const uint16_t *bin, size_t n)
{
    struct rival_row sums[BINS] = {0};
    size_t counts[BINS] = {0};
    for (size_t i = 0; i < n; i++) {
        counts[bin[i]]++;
        for (size_t r = 0; r < RIVALS_MAX; r++)
            sums[bin[i]].usd[r] += row[i].usd[r];
    }
    double total = 0;
    for (size_t b = 0; b < BINS; b++) {
        double least = HUGE_VAL;
        for (size_t r = 0; r < rivals; r++)
            least = fmin(least, sums[b].usd[r]);
        if (counts[b])
            total += least;
    }
    return total / (double)n;
}

/* The quantiles that part the bins, and the bin of a variate: how many of them it has reached. */
static void bin_edges(double edges[BINS])
{
    edges[0] = -HUGE_VAL;
    for (int i = 1; i < BINS; i++)
        edges[i] = normal_quantile((double)i / BINS);
}

static uint16_t bin_of(const double edges[BINS], double z)
{
    size_t at = 0;
    for (size_t half = BINS / 2; half > 0; half /= 2)
        at += z >= edges[at + half] ? half : 0;
    return (uint16_t)at;
}

struct information_value *draws_information(struct engine *e, const struct draws *d, const struct option *options,
                                            uint64_t seed, size_t *count)
{
    *count = 0;
    const struct workload *w = e->workload;
    size_t n = d->count;
    size_t rival_count = 0;
    struct rival_row *filled = arena_new(e->a, struct rival_row, n); /* zero beyond the rivals */
    /* Rivals: eligible options that are cheapest in some draw; where one does not hold it costs what the
     * dearest of them does, a lower bound of what missing the requirement costs. */
    size_t rows[RIVALS_MAX];
    for (size_t r = 0; r < d->rows && rival_count < RIVALS_MAX; r++) {
        const struct option *o = &options[d->of[r]];
        if (o->eligible && o->cheapest_share > 0)
            rows[rival_count++] = r;
    }
    if (rival_count < 2)
        return NULL;
    for (size_t i = 0; i < n; i++) {
        double dearest = 0;
        for (size_t k = 0; k < rival_count; k++) {
            double usd = d->usd[rows[k] * n + i];
            if (usd < HUGE_VAL)
                dearest = fmax(dearest, usd);
        }
        for (size_t k = 0; k < rival_count; k++) {
            double usd = d->usd[rows[k] * n + i];
            filled[i].usd[k] = usd < HUGE_VAL ? usd : dearest;
        }
    }
    double best = HUGE_VAL;
    for (size_t k = 0; k < rival_count; k++) {
        double sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += filled[i].usd[k];
        best = fmin(best, sum / (double)n);
    }
    struct information_value *out = arena_new(e->a, struct information_value, w->variable_count);
    uint16_t *bin = arena_new(e->a, uint16_t, n), *shuffled = arena_new(e->a, uint16_t, n);
    double edges[BINS];
    bin_edges(edges);
    /* What the same statistic gives by chance: bins that have nothing to do with the costs. */
    double chance = 0;
    struct random random = random_stream(seed, 7);
    for (size_t i = 0; i < n; i++)
        shuffled[i] = (uint16_t)(i % BINS);
    for (int p = 0; p < PERMUTATIONS; p++) {
        for (size_t i = n; i-- > 1;) {
            size_t k = (size_t)(random_bits(&random) % (i + 1));
            uint16_t t = shuffled[i];
            shuffled[i] = shuffled[k];
            shuffled[k] = t;
        }
        chance += (best - mean_of_bin_minima(filled, rival_count, shuffled, n)) / PERMUTATIONS;
    }
    for (size_t v = 0; v < w->variable_count; v++) {
        const struct variable *var = &w->variables[v];
        if (!(var->high > var->low))
            continue;
        for (size_t i = 0; i < n; i++)
            bin[i] = bin_of(edges, d->z[v * n + i]);
        double value = best - mean_of_bin_minima(filled, rival_count, bin, n) - chance;
        out[(*count)++] = (struct information_value){var->path, var->name, cost_cents(fmax(value, 0))};
    }
    for (size_t i = 1; i < *count; i++) {
        struct information_value x = out[i];
        size_t k = i;
        for (; k > 0 && out[k - 1].usd_per_month < x.usd_per_month; k--)
            out[k] = out[k - 1];
        out[k] = x;
    }
    return out;
}
