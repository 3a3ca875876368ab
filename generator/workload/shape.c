#include "workload/shape.h"

#include "base/arena.h"
#include "number/near.h"

#include <math.h>

#define SAME 1e-9 /* figures that differ by less give the same curve */
#define LEVELS 9
#define LEVEL_Z 2.5 /* normal variate of the outermost curves; draws beyond use those */

struct shape_key {
    double peak, cv, idle, minimum; /* peak over mean; minimum over mean */
};

struct shape_table {
    struct load_curve base;  /* at the likely figures, mean 1 */
    struct shape_key key;
    struct load_curve level[LEVELS]; /* mean 1, by rising variation */
    double driver[LEVELS];   /* peak over mean (or cv) of each level */
    bool by_peak, varies;
    double default_peak;     /* peak over mean, where neither peak nor variation is known */
};

static struct load_curve curve_of(const struct shape_key *k, double default_peak)
{
    struct curve_input in = {.mean_rps = 1,
                             .min_rps = fmin(k->minimum, 1),
                             .peak_rps = k->peak > 0 ? k->peak : 0,
                             .cv = k->cv > 0 ? k->cv : -1,
                             .idle_share = fmin(fmax(k->idle, 0), 0.999),
                             .default_peak_to_mean = default_peak};
    return curve_fit(&in);
}

static struct shape_key key_of(const struct part_state *s)
{
    double mean = s->mean_rps;
    return (struct shape_key){s->x[FIGURE_PEAK_TO_MEAN], s->x[FIGURE_CV], s->x[FIGURE_IDLE_SHARE],
                              mean > 0 ? s->x[FIGURE_MIN_RPS] / mean : 0};
}

static double value_at(const struct workload *w, const struct part *p, enum figure f, double z)
{
    return p->variable[f] < 0 ? p->fixed[f] : variable_value(&w->variables[p->variable[f]], z);
}

static struct shape_key likely_key(const struct part *p)
{
    double mean = p->fixed[FIGURE_REQUESTS_PER_DAY] * p->share[FIGURE_REQUESTS_PER_DAY] / SECONDS_PER_DAY;
    return (struct shape_key){p->fixed[FIGURE_PEAK_TO_MEAN], p->fixed[FIGURE_CV], p->fixed[FIGURE_IDLE_SHARE],
                              mean > 0 ? p->fixed[FIGURE_MIN_RPS] * p->share[FIGURE_MIN_RPS] / mean : 0};
}

static bool same_but_minimum(const struct shape_key *a, const struct shape_key *b)
{
    return near(a->peak, b->peak, SAME) && near(a->cv, b->cv, SAME) && near(a->idle, b->idle, SAME);
}

const struct shape_table *shape_table_near(const struct part *p, const struct policy *policy,
                                           const struct shape_table *like, struct arena *a)
{
    struct shape_key key = likely_key(p);
    if (like && (p->measured || (same_but_minimum(&key, &like->key) && near(key.minimum, like->key.minimum, SAME))))
        return like;
    struct shape_table *t = arena_new(a, struct shape_table, 1);
    t->default_peak = fmax(policy_number(policy, PARAMETER_PEAK_TO_MEAN), 1.01);
    t->key = key;
    t->base = curve_of(&key, t->default_peak);
    t->by_peak = key.peak > 0;
    return t;
}

const struct shape_table *shape_table_new(const struct workload *w, const struct part *p,
                                          const struct policy *policy, struct arena *a)
{
    struct shape_table *t = arena_new(a, struct shape_table, 1);
    t->default_peak = fmax(policy_number(policy, PARAMETER_PEAK_TO_MEAN), 1.01);
    t->key = likely_key(p);
    if (p->measured) {
        t->base = curve_scaled(p->measured, p->measured->mean_rps > 0 ? 1 / p->measured->mean_rps : 0);
        return t;
    }
    t->base = curve_of(&t->key, t->default_peak);
    t->by_peak = t->key.peak > 0;
    enum figure driver = t->by_peak ? FIGURE_PEAK_TO_MEAN : FIGURE_CV;
    t->varies = value_at(w, p, driver, LEVEL_Z) > value_at(w, p, driver, -LEVEL_Z) * (1 + 1e-9);
    if (!t->varies)
        return t;
    for (int i = 0; i < LEVELS; i++) {
        double z = LEVEL_Z * (2.0 * i / (LEVELS - 1) - 1);
        struct shape_key k = t->key;
        /* Peak and variation of one stream rise together. */
        if (t->key.peak > 0)
            k.peak = value_at(w, p, FIGURE_PEAK_TO_MEAN, z);
        if (t->key.cv > 0)
            k.cv = value_at(w, p, FIGURE_CV, z);
        t->driver[i] = t->by_peak ? k.peak : k.cv;
        t->level[i] = curve_of(&k, t->default_peak);
    }
    return t;
}

static void scale_into(const struct load_curve *curve, double mean, struct load_curve *out)
{
    *out = curve_scaled(curve, mean);
}

void shape_apply(const struct part *p, struct part_state *s, bool exact)
{
    const struct shape_table *t = p->shapes;
    if (!(s->mean_rps > 0)) {
        s->curve = (struct load_curve){0};
        return;
    }
    if (p->measured) {
        scale_into(&t->base, s->mean_rps, &s->curve);
        return;
    }
    struct shape_key k = key_of(s);
    if (same_but_minimum(&k, &t->key)) { /* another volume: the lowest rate keeps its share of the mean */
        scale_into(&t->base, s->mean_rps, &s->curve);
        return;
    }
    if (exact || !t->varies) {
        k.minimum = t->key.minimum;
        struct load_curve unit = curve_of(&k, t->default_peak);
        scale_into(&unit, s->mean_rps, &s->curve);
        return;
    }
    double driver = t->by_peak ? k.peak : k.cv;
    int i = 0;
    while (i < LEVELS - 2 && driver > t->driver[i + 1])
        i++;
    double width = t->driver[i + 1] - t->driver[i];
    double part = width > 0 ? fmin(fmax((driver - t->driver[i]) / width, 0), 1) : 0;
    const struct load_curve *low = &t->level[i], *high = &t->level[i + 1];
    for (int q = 0; q < CURVE_POINTS; q++)
        s->curve.rps[q] = s->mean_rps * (low->rps[q] + (high->rps[q] - low->rps[q]) * part);
    s->curve.mean_rps = s->mean_rps;
    s->curve.peak_rps = s->mean_rps * (low->peak_rps + (high->peak_rps - low->peak_rps) * part);
}
