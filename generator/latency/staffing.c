#include "latency/staffing.h"

#include "latency/root.h"

#include <math.h>

bool staffing_init(struct staffing *s, struct law service, struct arrivals arrivals, struct slo slo,
                   double max_utilisation)
{
    const double target[3] = {slo.p50_s, slo.p95_s, slo.p99_s};
    static const double ALLOWED[3] = {0.50, 0.05, 0.01};
    s->service = service;
    s->arrivals = arrivals;
    s->max_utilisation = STAFFING_UTILISATION_LIMIT;
    if (max_utilisation > 0.0)
        s->max_utilisation = fmin(max_utilisation, STAFFING_UTILISATION_LIMIT);
    s->possible = true;
    s->targets = 0;
    for (size_t i = 0; i < 3; i++) {
        if (!(target[i] > 0.0))
            continue;
        struct response_tail *r = &s->tails[s->targets];
        response_tail_init(r, &service, target[i]);
        if (r->service_tail >= ALLOWED[i])
            s->possible = false;
        s->allowed[s->targets++] = ALLOWED[i];
    }
    return s->possible;
}

/* The worst target's ln(P(R > t) / allowed); positive where it is missed. */
static double excess(const struct staffing *s, double servers, double load)
{
    struct queue q;
    if (!queue_init(&q, servers, load, s->service, s->arrivals))
        return HUGE_VAL;
    double worst = -HUGE_VAL;
    for (size_t i = 0; i < s->targets; i++) {
        double tail = response_tail_at(&s->tails[i], q.p_wait, q.drain_per_s);
        worst = fmax(worst, log(fmax(tail, 1e-300) / s->allowed[i]));
    }
    return worst;
}

bool staffing_holds(const struct staffing *s, double servers, double load)
{
    return s->possible && load <= servers * s->max_utilisation && excess(s, servers, load) <= 0.0;
}

/* Square-root rule first (Halfin and Whitt, Operations Research 29, 1981, with a margin of one
 * standard deviation), then doubling steps until the answer is enclosed, then halving: the same
 * number that a walk by ones would end at. */
int64_t staffing_servers(const struct staffing *s, double load)
{
    if (!s->possible)
        return 0;
    double least = fmax(1.0, ceil(load / s->max_utilisation));
    double guess = fmax(least, ceil(load + sqrt(load * s->arrivals.peakedness)));
    double fails = least - 1.0, holds = guess, step = 1.0;
    if (staffing_holds(s, guess, load)) {
        while (holds - step >= least && staffing_holds(s, holds - step, load)) {
            holds -= step;
            step *= 2.0;
        }
        fails = fmax(fails, holds - step);
    } else {
        fails = guess;
        while (!staffing_holds(s, fails + step, load)) {
            fails += step;
            step *= 2.0;
        }
        holds = fails + step;
    }
    while (holds - fails > 1.5) {
        double middle = floor(0.5 * (holds + fails));
        if (staffing_holds(s, middle, load))
            holds = middle;
        else
            fails = middle;
    }
    return (int64_t)holds;
}

struct margin_search {
    const struct staffing *staffing;
    double servers;
};

/* The margin is (servers - load) / sqrt(servers); the excess falls as it grows. */
static double margin_excess(double margin, void *context)
{
    const struct margin_search *m = context;
    double load = fmax(0.0, m->servers - margin * sqrt(m->servers));
    return excess(m->staffing, m->servers, load);
}

/* The margin at which the excess is zero, by the secant method from a margin close to it; false where that leaves the
 * margins that there are, or does not settle. */
static bool margin_near(struct margin_search *m, double most, double *margin)
{
    double a = *margin, fa = margin_excess(a, m), b = a * (fa > 0.0 ? 1.02 : 0.98);
    for (int i = 0; i < 12 && b > 0.0 && b < most; i++) {
        double fb = margin_excess(b, m), rise = fb - fa;
        if (!(isfinite(rise) && fabs(rise) > 0.0))
            return false;
        double next = b - fb * (b - a) / rise;
        if (!(fabs(next - b) <= 0.25 * b))
            return false;
        if (fabs(next - b) <= 1e-12 * b) {
            *margin = next;
            return next > 0.0 && next < most;
        }
        a = b;
        fa = fb;
        b = next;
    }
    return false;
}

/* Largest load at which the targets hold, whatever the utilisation. `near`: the margin of a like number of servers;
 * 0: not known. */
static double load_by_targets(const struct staffing *s, double servers, double near)
{
    const double nearly_full = 1e-9;
    double root = sqrt(servers), margin = near;
    struct margin_search m = {s, servers};
    if (!(s->targets > 0 && near > 0.0 && near < root && margin_near(&m, root, &margin))) {
        if (s->targets == 0 || margin_excess(nearly_full * root, &m) <= 0.0)
            return servers * (1.0 - nearly_full);
        margin = root_find(margin_excess, &m, nearly_full * root, root, 1e-12);
    }
    return fmax(0.0, servers - margin * (1.0 + 1e-11) * root);
}

double staffing_load(const struct staffing *s, int64_t servers)
{
    if (!s->possible || servers < 1)
        return 0.0;
    return fmin((double)servers * s->max_utilisation, load_by_targets(s, (double)servers, 0.0));
}

bool staffing_table_init(struct staffing_table *t, struct law service, struct arrivals arrivals,
                         struct slo slo, double max_utilisation)
{
    for (size_t i = 0; i < STAFFING_ROWS; i++)
        t->load[i] = -1.0;
    return staffing_init(&t->staffing, service, arrivals, slo, max_utilisation);
}

static const double ROW_RATIO = 1.12;

/* floor(32 x 1.12^k): rows stand for these servers. */
static double row_servers(size_t row)
{
    if (row < STAFFING_EXACT_ROWS)
        return (double)(row + 1);
    return floor(STAFFING_EXACT_ROWS * pow(ROW_RATIO, (double)(row + 1 - STAFFING_EXACT_ROWS)));
}

static void fill_row(struct staffing_table *t, size_t row)
{
    double servers = t->servers[row] = row_servers(row);
    bool follows = row > 1 && t->load[row - 1] > 0.0;
    t->load[row] = load_by_targets(&t->staffing, servers, follows ? t->margin[row - 1] : 0.0);
    t->margin[row] = (servers - t->load[row]) / sqrt(servers);
}

static inline double row_load(struct staffing_table *t, size_t row)
{
    if (t->load[row] < 0.0)
        fill_row(t, row);
    return t->load[row];
}

/* The first row that might carry the load: servers are never fewer than the load. */
static size_t first_row(double load)
{
    if (load < STAFFING_EXACT_ROWS)
        return load < 1.0 ? 0 : (size_t)load - 1;
    double rows = floor(log(load / STAFFING_EXACT_ROWS) / log(ROW_RATIO));
    return STAFFING_EXACT_ROWS - 1 + (size_t)fmin(rows, STAFFING_ROWS);
}

/* The smallest row from *row on that carries the load, and the servers that its table gives. */
static double servers_from(struct staffing_table *t, double load, size_t *row)
{
    while (*row < STAFFING_ROWS && row_load(t, *row) < load)
        ++*row;
    if (*row >= STAFFING_ROWS)
        return (double)staffing_servers(&t->staffing, load);
    double servers = t->servers[*row], least = ceil(load / t->staffing.max_utilisation);
    if (*row >= STAFFING_EXACT_ROWS) {
        row_load(t, *row - 1);
        double margin = t->margin[*row] > t->margin[*row - 1] ? t->margin[*row] : t->margin[*row - 1];
        /* servers - margin sqrt(servers) = load, solved for the root of servers */
        double root = 0.5 * (margin + sqrt(margin * margin + 4.0 * load));
        double between = ceil(root * root), above = t->servers[*row - 1] + 1.0;
        between = between > above ? between : above;
        servers = servers < between ? servers : between;
    }
    return servers > least ? servers : least;
}

int64_t staffing_table_servers(struct staffing_table *t, double load)
{
    if (!t->staffing.possible)
        return 0;
    size_t row = first_row(load);
    return (int64_t)servers_from(t, load, &row);
}

void staffing_table_many(struct staffing_table *t, const double *load, size_t count, double most, double *servers)
{
    size_t row = 0;
    double last = -1.0;
    for (size_t i = 0; i < count; i++) {
        servers[i] = 0.0;
        if (!t->staffing.possible || !(load[i] > 0.0) || load[i] > most)
            continue;
        if (i > 0 && load[i] <= last && load[i] >= last) {
            servers[i] = servers[i - 1];
            continue;
        }
        if (last < 0.0 || load[i] < last || load[i] > 2.0 * last)
            row = first_row(load[i]);
        servers[i] = servers_from(t, load[i], &row);
        last = load[i];
    }
}
