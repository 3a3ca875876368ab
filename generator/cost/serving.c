#include "cost/serving.h"

#include "base/arena.h"
#include "cost/replay.h"
#include "latency/coldstart.h"
#include "latency/crossing.h"
#include "latency/shared.h"
#include "latency/spread.h"

#include <math.h>
#include <string.h>

#define MB_PER_GB 1000.0
#define KB_PER_GB 1e6
/* Above this load the overflow ladder is scaled by its square-root rule instead of computed. */
#define LADDER_MAX_LOAD 40.0
/* The same for platforms that do not prefer the newest instance (latency/spread.h), which costs less. */
#define SPREAD_MAX_LOAD 100.0
/* A pool's staffing search and keep-warm search stop here; nobody runs more by hand. */
#define KEPT_MAX 4096.0
/* Above this load the head room of the target utilisation (2 % at least, three standard deviations here) is
 * more than any percentile asks for: queues are empty, and the recursions would only take long. */
#define QUEUE_MAX_LOAD 2e4
#define EXACT_TABLE_POINTS 16
/* Tables for draws reach so many times beyond the curve, and no lower than that load. */
#define WIDE_REACH 6.0
#define WIDE_LOW_LOAD 1e-5

double unit_seconds(const struct unit *u)
{
    static const struct {
        const char *word;
        double seconds;
    } ENDS[] = {
        {"second", 1}, {"minute", 60}, {"hour", 3600},
    };
    struct str name = str_of(u->name);
    for (size_t i = 0; i < sizeof ENDS / sizeof *ENDS; i++)
        if (str_ends(name, str_of(ENDS[i].word)))
            return ENDS[i].seconds;
    return 0;
}

void serving_init(struct serving *v, const struct fit *fit)
{
    memset(v, 0, sizeof *v);
    v->fit = *fit;
}

/* ---- times ---- */

struct timing {
    double service_s, start_s; /* start: platform, image and weights, without the request itself */
    double cold_s;             /* mean response of a cold request */
    double keepalive_s;
    struct law warm, cold;
    struct slo slo;
    struct tables *tables;
};

static struct timing timing_of(const struct fit *fit, const struct market *m, const struct part_state *s,
                             const double *global)
{
    struct timing t = {.tables = m->tables};
    double slow = fit->ratio.time_likely;
    if (!fit->ratio.is_stated)
        slow *= global[GLOBAL_HARDWARE];
    t.service_s = s->service_s * slow;
    double load_s = s->x[FIGURE_LOAD_S];
    if (!(load_s > 0))
        load_s = s->x[FIGURE_SIZE_MB] / policy_number(m->policy, PARAMETER_LOAD_MB_PER_S);
    t.start_s = fit->platform->start_ms.likely / 1000 * global[GLOBAL_START] + load_s;
    t.cold_s = t.start_s + t.service_s;
    t.keepalive_s = fmax(fit->platform->keep_alive_s.likely * global[GLOBAL_KEEP_ALIVE], 1e-3);
    t.warm = law_lognormal(t.service_s, s->x[FIGURE_DURATION_CV]);
    t.cold = law_lognormal(t.cold_s, policy_number(m->policy, PARAMETER_COLD_CV));
    t.slo = (struct slo){s->x[FIGURE_P50_MS] / 1000, s->x[FIGURE_P95_MS] / 1000, s->x[FIGURE_P99_MS] / 1000};
    return t;
}

static bool mixture_holds(double p_cold, const struct timing *t)
{
    const double limit[3] = {t->slo.p50_s, t->slo.p95_s, t->slo.p99_s};
    static const double ALLOWED[3] = {0.5, 0.05, 0.01};
    for (int i = 0; i < 3; i++) {
        if (!(limit[i] > 0))
            continue;
        double tail = (1 - p_cold) * law_tail(&t->warm, limit[i]) + p_cold * law_tail(&t->cold, limit[i]);
        if (tail > ALLOWED[i] * (1 + 1e-9))
            return false;
    }
    return true;
}

/* ---- instances that come and go ---- */

struct pool_point {
    double p_cold, idle, busy;
    double waited; /* share of requests that wait for an instance already starting */
};

static double requests_at_once(const struct fit *fit)
{
    return fit->concurrency * (fit->machine && fit->machine->vcpu > 0 ? fit->per_machine : 1);
}

/* Idle counts instances alive without a request for at most `stay_s`; 0: none are. */
static struct pool_point solve_point(const struct fit *fit, const struct timing *t,
                                     const struct part_state *s, double rate, double kept, double stay_s,
                                     struct arena *scratch)
{
    struct pool_point out = {0};
    double per_instance = requests_at_once(fit);
    double burst = fmax(s->x[FIGURE_BURST], 1);
    if (fit->platform->routing != ROUTING_NEWEST && burst <= 1 && !(s->x[FIGURE_PERIODIC_S] > 0)) {
        struct spread_load l = {.rate_per_s = rate, .service_s = t->service_s, .keepalive_s = t->keepalive_s, .idle_tail_s = stay_s,
                                .requests_at_once = fmax(floor(per_instance), 1), .always_on = kept,
                                .longest_idle_first = fit->platform->routing == ROUTING_LEAST_RECENT};
        struct spread_pool c = spread_solve(&l);
        out.p_cold = c.p_cold;
        out.busy = c.busy;
        out.idle = stay_s < t->keepalive_s ? c.tail : c.alive - c.busy;
        return out;
    }
    if (per_instance > 1 && burst <= 1) {
        struct shared_load l = {.rate_per_s = rate, .service_s = t->service_s, .keepalive_s = t->keepalive_s, .idle_tail_s = stay_s,
                                .requests_at_once = floor(per_instance), .always_on = kept};
        struct shared_pool c = shared_solve(&l, scratch);
        out.p_cold = c.p_cold;
        out.busy = c.busy;
        out.idle = stay_s < t->keepalive_s ? c.tail : c.alive - c.busy;
        return out;
    }
    if (burst > 1) {
        struct crossing_load l = {.rate_per_s = rate, .burst = burst, .service_s = t->service_s, .keepalive_s = t->keepalive_s,
                                  .requests_at_once = fmax(floor(per_instance), 1), .always_on = kept};
        struct crossing c = crossing_solve(&l);
        out.p_cold = c.p_cold;
        out.busy = c.busy;
        l.keepalive_s = fmin(stay_s, t->keepalive_s);
        c = crossing_solve(&l);
        out.idle = fmax(c.alive - out.busy, 0);
        return out;
    }
    struct coldstart_load l = {.rate_per_s = rate, .warm_s = t->service_s, .cold_s = t->cold_s, .keepalive_s = t->keepalive_s, .always_on = kept};
    struct coldstart c = s->x[FIGURE_PERIODIC_S] > 0 ? coldstart_periodic(&l, s->x[FIGURE_PERIODIC_S])
                                                      : coldstart_by_ranks(t->tables->ranks, &l, scratch);
    out.p_cold = c.p_cold;
    out.busy = c.busy;
    out.idle = c.idle;
    if (stay_s < t->keepalive_s) {
        if (stay_s > 0) {
            l.keepalive_s = stay_s;
            out.idle = (s->x[FIGURE_PERIODIC_S] > 0 ? coldstart_periodic(&l, s->x[FIGURE_PERIODIC_S])
                                                     : coldstart_by_ranks(t->tables->ranks, &l, scratch)).idle;
        } else {
            out.idle = 0;
        }
    }
    return out;
}

static void table_between(struct cold_table *table, size_t n, double bottom, double top,
                          const struct fit *fit, const struct timing *t, const struct part_state *s,
                          double kept, double stay_s, struct arena *scratch)
{
    double step = n > 1 ? log(top / bottom) / (double)(n - 1) : 0;
    for (size_t i = 0; i < n; i++) {
        double rate = n == 1 ? top : bottom * exp(step * (double)i);
        struct pool_point p = solve_point(fit, t, s, rate, kept, stay_s, scratch);
        table->load[i] = rate * t->service_s;
        table->p_cold[i] = p.p_cold;
        table->idle[i] = p.idle;
        table->busy[i] = p.busy;
        table->log_cold[i] = log(fmax(p.p_cold, 1e-300));
    }
    table->log_load = log(bottom * t->service_s);
    table->per_log = n > 1 ? 1 / step : 0;
    table->count = n;
    table->kept = kept;
    /* Beyond the table: the idle pool grows and the cold share falls with the square root of the load in the
     * end, and slowly towards it. Halfway between that and the power law of the last two points is within
     * 1 % of the ladder up to 16 times the load. */
    size_t last = n - 1;
    table->idle_power = 0.5;
    table->cold_power = -0.5;
    if (last > 0 && table->idle[last] > 0 && table->idle[last - 1] > 0 && table->p_cold[last] > 0) {
        double idle_power = log(table->idle[last] / table->idle[last - 1]) / step;
        double cold_power = (table->log_cold[last] - table->log_cold[last - 1]) / step;
        table->idle_power = (fmin(fmax(idle_power, 0), 1) + 0.5) / 2;
        table->cold_power = (fmin(fmax(cold_power, -1), 0) - 0.5) / 2;
    }
}

/* Load at which a table ends. */
static double table_most(const struct fit *fit, double kept)
{
    return fmax(fit->platform->routing == ROUTING_NEWEST ? LADDER_MAX_LOAD : SPREAD_MAX_LOAD, 2 * kept);
}

/* A table over the loads of the curve; one point where the rate is constant. */
static void cold_table_fill(struct cold_table *table, const struct fit *fit, const struct timing *t,
                            const struct part_state *s, double kept, double stay_s, struct arena *scratch)
{
    double low = HUGE_VAL, high = 0;
    for (size_t i = 0; i < s->points; i++) {
        double rate = s->rps[i];
        if (rate > 0) {
            low = fmin(low, rate);
            high = fmax(high, rate);
        }
    }
    table->count = 0;
    if (!(high > 0))
        return;
    double most = table_most(fit, kept) / t->service_s;
    double bottom = fmin(fmax(low, high * 1e-5), high > most ? most / 1.5 : most), top = fmin(high, most);
    size_t n = top > bottom * (1 + 1e-6) ? EXACT_TABLE_POINTS : 1;
    table_between(table, n, bottom, top, fit, t, s, kept, stay_s, scratch);
}

static struct pool_point cold_table_at(const struct cold_table *t, double load)
{
    struct pool_point out = {1, 0, load, 0};
    if (t->count == 0 || !(load > 0))
        return (struct pool_point){0, 0, 0, 0};
    size_t last = t->count - 1;
    if (load >= t->load[last]) {
        double scale = load / t->load[last];
        out.p_cold = t->p_cold[last] * (scale > 1 + 1e-9 ? pow(scale, t->cold_power) : 1);
        out.idle = t->idle[last] * pow(scale, t->idle_power);
        out.busy = t->busy[last] * scale;
        return out;
    }
    if (load <= t->load[0]) {
        /* Below the table the first instance dominates: its idle time falls with the rate. */
        double scale = load / t->load[0];
        out.p_cold = t->p_cold[0];
        out.idle = t->idle[0] * scale;
        out.busy = t->busy[0] * scale;
        return out;
    }
    double place = fmax((log(load) - t->log_load) * t->per_log, 0);
    size_t i = place < (double)last - 1 ? (size_t)place : last - 1;
    double part = place - (double)i;
    out.p_cold = exp(t->log_cold[i] + (t->log_cold[i + 1] - t->log_cold[i]) * part);
    out.idle = t->idle[i] + (t->idle[i + 1] - t->idle[i]) * part;
    /* busy is nearly proportional to load: interpolate the ratio, not the log. */
    double r0 = t->busy[i] / t->load[i], r1 = t->busy[i + 1] / t->load[i + 1];
    out.busy = load * (r0 + (r1 - r0) * part);
    return out;
}

/* Means over the curve; the cold share is weighted by requests. */
static struct pool_point cold_table_mean(const struct cold_table *table, const struct part_state *s,
                                         double service_s)
{
    struct pool_point sum = {0, 0, 0, 0};
    double rates = 0, last_rate = -1;
    struct pool_point last = {0, 0, 0, 0};
    for (size_t i = 0; i < s->points; i++) {
        double rate = s->rps[i];
        if (rate > last_rate || rate < last_rate) {
            last = cold_table_at(table, rate * service_s);
            last_rate = rate;
        }
        sum.p_cold += last.p_cold * rate;
        sum.idle += last.idle;
        sum.busy += last.busy;
        rates += rate;
    }
    sum.p_cold = rates > 0 ? sum.p_cold / rates : 0;
    sum.idle /= (double)s->points;
    sum.busy /= (double)s->points;
    return sum;
}

/* The same with what a simulation at the likely point gave over it (cost/replay.h). */
static struct pool_point mean_at(const struct serving *v, const struct market *m, const struct timing *t,
                                 const struct part_state *s, const struct cold_table *table)
{
    struct pool_point mean = cold_table_mean(table, s, t->service_s);
    double once = requests_at_once(&v->fit);
    /* While an instance starts, the newest first, further requests wait on it until its slots are taken. */
    double waiting = once > 1 ? v->waiting * fmin(once - 1, s->mean_rps * t->start_s) : 0;
    const struct replay_ratio *r = m->replay ? replay_ratio(m->replay, v->fit.platform, v->fit.part) : NULL;
    if (r && r->known) {
        const struct replay_share *c = table->kept > v->fit.platform->min_instances ? &r->kept : &r->bare;
        mean.p_cold = fmin(fmax(mean.p_cold * c->times + c->more, 0), 1);
        mean.idle *= r->idle_times;
        mean.busy *= r->busy_times;
        waiting = r->waited_times;
    }
    mean.waited = fmin(mean.p_cold * waiting, 1 - mean.p_cold);
    return mean;
}

/* Share of requests that a start delays. */
static double delayed(struct pool_point p)
{
    return p.p_cold + p.waited;
}

/* What the start's law leaves of the simple count of requests that come while an instance starts. */
static void set_waiting(struct serving *v, const struct timing *t, const struct part_state *s)
{
    double once = requests_at_once(&v->fit), simple = fmin(once - 1, s->mean_rps * t->start_s);
    v->waiting = simple > 0 ? shared_waiting(s->mean_rps, t->start_s, t->cold.cv, once) / simple : 0;
}

/* Fewest kept instances for which the percentiles hold; 0 where none are needed or none would help. */
static double kept_needed(struct serving *v, const struct market *m, const struct timing *t,
                          const struct part_state *s, double stay_s, struct arena *scratch)
{
    const struct platform *p = v->fit.platform;
    if (mixture_holds(delayed(mean_at(v, m, t, s, &v->cold)), t) || p->kept_by == KEPT_BY_NONE ||
        v->fit.part->scale_to_zero || !mixture_holds(0, t))
        return 0;
    double most = fmin(fmax(ceil(s->peak_rps * t->service_s * 1.5 + 4 * sqrt(s->peak_rps * t->service_s) + 2), 2), KEPT_MAX);
    struct cold_table table;
    /* Doubling steps from the last answer, then bisection: the cold share falls with every kept instance. */
    double low = 0, high = fmin(fmax(v->needed, 1), most), step = 1;
    bool found = false;
    for (;;) {
        cold_table_fill(&table, &v->fit, t, s, high, stay_s, scratch);
        found = mixture_holds(delayed(mean_at(v, m, t, s, &table)), t);
        if (found || high >= most)
            break;
        low = high;
        high = fmin(v->needed > 0 ? high + step : high * 2, most);
        step *= 2;
    }
    if (!found)
        return 0;
    for (step = 1; low <= 0 && high > 1; step *= 2) { /* the answer may lie below the last one */
        double lower = fmax(high - step, 1);
        cold_table_fill(&table, &v->fit, t, s, lower, stay_s, scratch);
        if (mixture_holds(delayed(mean_at(v, m, t, s, &table)), t))
            high = lower;
        else
            low = lower;
    }
    while (high - low > 1) {
        double mid = floor((low + high) / 2);
        cold_table_fill(&table, &v->fit, t, s, mid, stay_s, scratch);
        if (mixture_holds(delayed(mean_at(v, m, t, s, &table)), t))
            high = mid;
        else
            low = mid;
    }
    v->needed = high;
    return high;
}

/* Load (erlang) that the first `servers` instances carry of an offered load. */
static double carried(double load, double servers)
{
    if (load > QUEUE_MAX_LOAD)
        return fmin(load, servers);
    return servers > 0 ? load * (1 - erlang_b(servers, load)) : 0;
}

static double mean_carried(const struct part_state *s, double service_s, double servers)
{
    double sum = 0, last_rate = -1, last = 0;
    for (size_t i = 0; i < s->points; i++) {
        double rate = s->rps[i];
        if (rate > last_rate || rate < last_rate) {
            last = carried(rate * service_s, servers);
            last_rate = rate;
        }
        sum += last;
    }
    return sum / (double)s->points;
}

/* Instances that may have to be kept, without a search: none, one, two, what the exact call kept. */
static size_t kept_choices(const struct serving *v, const struct timing *t, double kept[WIDE_TABLES])
{
    const struct fit *fit = &v->fit;
    bool may_keep = fit->platform->kept_by != KEPT_BY_NONE && !fit->part->scale_to_zero && fit->part->is_online &&
                    (t->slo.p99_s > 0 || t->slo.p95_s > 0 || t->slo.p50_s > 0);
    const double tried[WIDE_TABLES] = {fit->platform->min_instances, 1, 2, v->kept};
    size_t n = 0;
    for (size_t i = 0; i < (may_keep ? WIDE_TABLES : 1); i++)
        if (n == 0 || tried[i] > kept[n - 1])
            kept[n++] = tried[i];
    return n;
}

static bool table_holds(const struct serving *v, const struct market *m, const struct timing *t,
                        const struct part_state *s, const struct cold_table *table)
{
    return mixture_holds(delayed(mean_at(v, m, t, s, table)), t);
}

/* The loads of the curve, and those that draws may bring. */
static void wide_range(const struct timing *t, const struct part_state *s, double most, double *bottom, double *top)
{
    *top = fmin(fmax(s->rps[s->points - 1] * WIDE_REACH, WIDE_LOW_LOAD / t->service_s), most / t->service_s);
    double least = *top;
    for (size_t i = s->points; i-- > 0;)
        if (s->rps[i] > 0)
            least = s->rps[i];
    *bottom = fmin(fmax(fmax(least / WIDE_REACH, *top * 1e-6), WIDE_LOW_LOAD / t->service_s), *top / 2);
}

/* Cold starts for the fewest of those with which the percentiles hold: from a table over the loads of the
 * curve, in draws from tables over more. */
static const struct cold_table *cold_table_for(struct serving *v, const struct market *m, const struct timing *t,
                                               const struct part_state *s, double stay_s, enum effort effort,
                                               struct arena *scratch)
{
    const struct fit *fit = &v->fit;
    double kept[WIDE_TABLES];
    size_t n = kept_choices(v, t, kept);
    if (effort == EFFORT_SWEEP) {
        for (size_t i = 0; i < n; i++) {
            cold_table_fill(&v->cold, fit, t, s, kept[i], stay_s, scratch);
            if (i + 1 < n && table_holds(v, m, t, s, &v->cold))
                break;
        }
        return &v->cold;
    }
    if (v->wide_count == 0) {
        if (!v->wide)
            v->wide = arena_new(t->tables->a, struct cold_table, WIDE_TABLES);
        for (size_t i = 0; i < n; i++) {
            double bottom, top;
            wide_range(t, s, table_most(fit, kept[i]), &bottom, &top);
            table_between(&v->wide[v->wide_count++], COLD_TABLE_POINTS, bottom, top, fit, t, s, kept[i], stay_s, scratch);
        }
    }
    for (size_t i = 0; i + 1 < v->wide_count; i++)
        if (table_holds(v, m, t, s, &v->wide[i]))
            return &v->wide[i];
    return &v->wide[v->wide_count - 1];
}

static void cold_latency(const struct timing *t, struct pool_point mean, bool full, struct usage *out)
{
    double p_cold = delayed(mean);
    out->holds = mixture_holds(p_cold, t);
    out->latency.cold_start_probability = mean.p_cold;
    out->latency.start_wait_probability = mean.waited;
    out->latency.cold_start_ms = t->start_s * 1000;
    if (!full)
        return;
    out->latency.p50_ms = coldstart_quantile(p_cold, &t->warm, &t->cold, 0.5) * 1000;
    out->latency.p95_ms = coldstart_quantile(p_cold, &t->warm, &t->cold, 0.95) * 1000;
    out->latency.p99_ms = coldstart_quantile(p_cold, &t->warm, &t->cold, 0.99) * 1000;
    out->latency.service_p99_ms = law_quantile(&t->warm, 0.99) * 1000;
    out->latency.queue_p99_ms = 0;
}

/* ---- simulation (cost/replay.h) ---- */

/* Closed forms hold for steady rates; a trace is played. */
static bool is_simulated(const struct market *m, const struct part_state *s)
{
    return m->replay && m->replay->runs && m->replay->trace && s->mean_rps > 0;
}

static bool replay_kept(const struct serving *v, const struct market *m, const struct timing *t,
                        const struct part_state *s, double kept, double stay_s, struct replay_figures *out)
{
    static const enum route ROUTES[] = {
        [ROUTING_NEWEST] = ROUTE_NEWEST, [ROUTING_RANDOM] = ROUTE_RANDOM, [ROUTING_LEAST_RECENT] = ROUTE_OLDEST_USED};
    double once = fmax(floor(requests_at_once(&v->fit)), 1);
    struct replay_load l = {.part = v->fit.part,
                            .state = s,
                            .pool = {.warm = t->warm,
                                     .cold = once > 1 ? law_lognormal(fmax(t->start_s, 1e-6), t->cold.cv) : t->cold,
                                     .keepalive_s = t->keepalive_s,
                                     .concurrency = (uint32_t)fmin(once, 1e6),
                                     .routing = ROUTES[v->fit.platform->routing],
                                     .always_on = (uint32_t)kept,
                                     .idle_tail_s = stay_s}};
    return replay_pool(m->replay, &l, out);
}

static bool figures_hold(const struct replay_figures *f, const struct timing *t)
{
    const double limit[3] = {t->slo.p50_s, t->slo.p95_s, t->slo.p99_s}, got[3] = {f->p50_s, f->p95_s, f->p99_s};
    for (int i = 0; i < 3; i++)
        if (limit[i] > 0 && got[i] > limit[i] * (1 + 1e-3)) /* the histogram's bins */
            return false;
    return true;
}

/* Cold shares of a simulation over those of the closed form. A share that the closed form does not see at
 * all is added, not multiplied. */
static struct replay_share share_of(double closed, const struct replay_figures *f)
{
    struct replay_share out = {1, 0};
    double times = closed > 0 ? f->p_cold / closed : HUGE_VAL;
    if (times > 1.0 / 30 && times < 30)
        out.times = times;
    else
        out.more = f->p_cold - closed;
    return out;
}

static double idle_of(const struct replay_figures *f, const struct timing *t, double stay_s)
{
    return stay_s < t->keepalive_s ? stay_s > 0 ? f->tail : 0 : f->idle;
}

static struct pool_point closed_form(const struct serving *v, const struct timing *t, const struct part_state *s,
                                     double kept, double stay_s, struct arena *scratch)
{
    struct cold_table table;
    cold_table_fill(&table, &v->fit, t, s, kept, stay_s, scratch);
    return cold_table_mean(&table, s, t->service_s);
}

static double over(double a, double b)
{
    return a > 0 && b > 0 ? a / b : 1;
}

/*
 * Simulates with the fewest instances kept, and with more until the percentiles hold; sets v->kept and the
 * ratios that other efforts read. False: nothing was simulated and nothing has changed.
 */
static bool replay_instances(struct serving *v, const struct market *m, const struct timing *t,
                             const struct part_state *s, double least, double stay_s,
                             struct arena *scratch, struct replay_figures *best)
{
    const struct platform *p = v->fit.platform;
    struct replay_figures bare, f;
    if (!replay_kept(v, m, t, s, least, stay_s, &bare))
        return false;
    double kept = least;
    *best = bare;
    bool may_keep = p->kept_by != KEPT_BY_NONE && !v->fit.part->scale_to_zero && v->fit.part->is_online && mixture_holds(0, t);
    if (!figures_hold(&bare, t) && may_keep) {
        double most = fmin(fmax(ceil(s->peak_rps * t->service_s * 1.5 + 4 * sqrt(s->peak_rps * t->service_s) + 2), 2), KEPT_MAX);
        double low = least, high = fmax(v->kept, least + 1);
        bool found = false, spent = false;
        while (!found && !spent && low < most) {
            spent = !replay_kept(v, m, t, s, high, stay_s, &f);
            found = !spent && figures_hold(&f, t);
            if (found)
                *best = f;
            else if (!spent) {
                low = high;
                high = fmin(fmax(high * 2, high + 1), fmax(most, high + 1));
            }
        }
        while (found && high - low > 1 && !spent) {
            double mid = floor((low + high) / 2);
            spent = !replay_kept(v, m, t, s, mid, stay_s, &f);
            if (!spent && figures_hold(&f, t)) {
                high = mid;
                *best = f;
            } else if (!spent) {
                low = mid;
            }
        }
        if (!found && spent)
            return false;
        if (found)
            kept = high;
    }
    v->kept = kept;
    cold_table_fill(&v->cold, &v->fit, t, s, kept, stay_s, scratch);
    struct pool_point closed = closed_form(v, t, s, least, stay_s, scratch);
    struct replay_ratio ratio = *replay_ratio(m->replay, p, v->fit.part);
    ratio.known = true;
    ratio.bare = share_of(closed.p_cold, &bare);
    if (kept > least)
        closed = closed_form(v, t, s, kept, stay_s, scratch);
    ratio.kept = kept > least ? share_of(closed.p_cold, best) : ratio.bare;
    ratio.waited_times = best->p_cold > 0 ? best->p_waited / best->p_cold : 0;
    ratio.idle_times = over(idle_of(best, t, stay_s), closed.idle);
    ratio.busy_times = over(best->busy, closed.busy);
    if (!(s->above_rps > 0) && !(s->below_rps > 0))
        *replay_ratio(m->replay, p, v->fit.part) = ratio;
    return true;
}

/* What was simulated, in place of the closed form's means. */
static struct pool_point replayed_mean(const struct timing *t, double stay_s, const struct replay_figures *f)
{
    return (struct pool_point){f->p_cold, idle_of(f, t, stay_s), f->busy, f->p_waited};
}

static void replayed_latency(const struct timing *t, const struct replay_figures *f, struct usage *out)
{
    out->latency.method = STR("simulation");
    out->latency.simulated_requests = f->requests;
    out->holds = figures_hold(f, t);
    out->latency.p50_ms = f->p50_s * 1000;
    out->latency.p95_ms = f->p95_s * 1000;
    out->latency.p99_ms = f->p99_s * 1000;
}

static double billed_seconds(const struct platform *p, double seconds)
{
    double ms = fmax(seconds * 1000, p->min_billed_ms);
    if (p->grain_ms > 0)
        ms = ceil(ms / p->grain_ms - 1e-6) * p->grain_ms;
    return ms / 1000;
}

static void serve_on_demand(struct serving *v, const struct market *m, const struct timing *t, const struct part_state *s,
                            enum effort effort, struct arena *scratch, struct usage *out)
{
    const struct fit *fit = &v->fit;
    const struct platform *p = fit->platform;
    bool alive_billed = p->scaling == SCALING_TO_ZERO;
    double stay = alive_billed ? fmin(p->idle_tail_s, t->keepalive_s) : 0;
    double mult = fit->part->multiplicity;
    const struct cold_table *table = &v->cold;
    if (effort == EFFORT_EXACT || !v->ready) {
        double kept = p->min_instances;
        set_waiting(v, t, s);
        cold_table_fill(&v->cold, fit, t, s, kept, stay, scratch);
        v->kept = kept;
        if (fit->part->is_online) {
            double needed = kept_needed(v, m, t, s, stay, scratch);
            if (needed > kept) {
                v->kept = needed;
                cold_table_fill(&v->cold, fit, t, s, needed, stay, scratch);
            }
        }
        v->ready = true;
        v->wide_count = 0;
    } else {
        table = cold_table_for(v, m, t, s, stay, effort, scratch);
    }
    struct pool_point mean = mean_at(v, m, t, s, table);
    struct replay_figures seen = {0};
    bool simulated = effort == EFFORT_EXACT && is_simulated(m, s) &&
                     replay_instances(v, m, t, s, p->min_instances, stay, scratch, &seen);
    if (simulated)
        mean = replayed_mean(t, stay, &seen);
    double kept_now = table->kept;
    double requests = s->requests * mult;
    double cold = requests * mean.p_cold;
    double per_instance = requests_at_once(fit);
    double *q = out->q;
    q[QUANTITY_REQUESTS] = requests;
    q[QUANTITY_COLD_STARTS] = cold;
    double billed = billed_seconds(p, t->service_s);
    if (alive_billed) {
        double start = p->cold_start_billed ? t->start_s : 0;
        double busy_s = mean.busy * SECONDS_PER_MONTH * mult;
        if (per_instance <= 1) /* the ladder's busy time holds the whole cold response */
            busy_s = requests * t->service_s;
        out->cold_start_s = cold * start;
        double alive = fmax(busy_s + mean.idle * SECONDS_PER_MONTH * mult, cold * fmax(p->min_billed_ms, p->grain_ms / 2) / 1000) + out->cold_start_s;
        alive = fmax(alive, kept_now * SECONDS_PER_MONTH * mult);
        q[QUANTITY_BUSY_S] = busy_s;
        q[QUANTITY_ALIVE_S] = alive;
        /* Part of alive_s: some platforms bill the minimum's idle seconds at a lower rate. */
        if (kept_now > 0)
            q[QUANTITY_WARM_IDLE_S] = fmax(kept_now - mean_carried(s, t->service_s / per_instance, kept_now), 0) * SECONDS_PER_MONTH * mult;
        q[QUANTITY_REPLICA_H] = alive / 3600;
        q[QUANTITY_MACHINE] = alive / 3600;
        out->mean_replicas = alive / SECONDS_PER_MONTH;
        out->busy_replica_share = alive > 0 ? fmin(busy_s / alive, 1) : NOT_KNOWN;
    } else {
        /* Several requests at once share an instance's seconds. */
        double overlap = s->mean_rps > 0 ? mean.busy / (s->mean_rps * t->service_s) : 1;
        if (per_instance <= 1)
            overlap = 1;
        q[QUANTITY_BUSY_S] = requests * billed * fmin(overlap, 1);
        out->cold_start_s = p->cold_start_billed ? cold * t->start_s : 0;
        q[QUANTITY_ALIVE_S] = q[QUANTITY_BUSY_S] + out->cold_start_s;
        double idle = kept_now > 0 ? kept_now - mean_carried(s, t->service_s / per_instance, kept_now) : 0;
        q[QUANTITY_WARM_IDLE_S] = fmax(idle, 0) * SECONDS_PER_MONTH * mult;
        q[QUANTITY_REPLICA_H] = (q[QUANTITY_BUSY_S] + q[QUANTITY_WARM_IDLE_S]) / 3600;
        out->mean_replicas = q[QUANTITY_REPLICA_H] / HOURS_PER_MONTH;
        out->busy_replica_share = NOT_KNOWN;
    }
    out->kept = kept_now * mult;
    out->peak_replicas = ceil(s->peak_rps * t->service_s / per_instance) * mult;
    out->latency.method = s->x[FIGURE_PERIODIC_S] > 0 ? STR("schedule") : s->x[FIGURE_BURST] > 1 ? STR("level crossing") : p->routing != ROUTING_NEWEST ? STR("birth and death chain") : STR("overflow ladder");
    cold_latency(t, mean, effort == EFFORT_EXACT, out);
    if (simulated)
        replayed_latency(t, &seen, out);
}

#define CARRIED_MOST 1024

/* Means over the curve of the load that the first n instances carry, n = 0 to most, in one pass: 1 / B of n
 * servers follows from that of n - 1. */
static void carried_fill(const struct part_state *s, double service_s, size_t most, double *carried_by)
{
    double load[CURVE_POINTS], per_load[CURVE_POINTS], inverse[CURVE_POINTS], times[CURVE_POINTS];
    size_t n = 0;
    for (size_t i = 0; i < s->points; i++) {
        double a = s->rps[i] * service_s;
        if (!(a > 0))
            continue;
        if (n > 0 && !(fabs(a - load[n - 1]) > 1e-14 * a)) {
            times[n - 1] += 1;
            continue;
        }
        load[n] = a;
        per_load[n] = 1 / a;
        inverse[n] = times[n] = 1;
        n++;
    }
    carried_by[0] = 0;
    for (size_t k = 1; k <= most; k++) {
        double sum = 0;
        for (size_t i = 0; i < n; i++) {
            inverse[i] = 1 + inverse[i] * ((double)k * per_load[i]);
            sum += times[i] * load[i] * (1 - 1 / inverse[i]);
        }
        carried_by[k] = sum / (double)s->points;
    }
}

/* Reserved instances: as many as the percentiles need, more while the load they carry pays for them. */
static void serve_provisioned(struct serving *v, const struct market *m, const struct timing *t, const struct part_state *s,
                              enum effort effort, struct arena *scratch, struct usage *out)
{
    const struct fit *fit = &v->fit;
    double mult = fit->part->multiplicity;
    if (effort != EFFORT_QUICK || !v->ready) { /* how many to reserve is decided once, not in every draw */
        set_waiting(v, t, s);
        cold_table_fill(&v->cold, fit, t, s, 1, 0, scratch);
        double needed = fmax(kept_needed(v, m, t, s, 0, scratch), 1);
        /* Busy share from which a reserved second is cheaper than an on-demand one. */
        double pays = fit->reserved_pays;
        double best = needed;
        if (pays > 0 && pays < 1) {
            double low = needed, high = fmax(needed, ceil(s->peak_rps * t->service_s) + 1);
            double carried_by[CARRIED_MOST + 1];
            bool is_known = high <= CARRIED_MOST;
            if (is_known)
                carried_fill(s, t->service_s, (size_t)high, carried_by);
            while (high - low > 1) { /* the load of one more instance falls with every one */
                double mid = floor((low + high) / 2);
                double more = is_known ? carried_by[(size_t)mid] - carried_by[(size_t)mid - 1]
                                       : mean_carried(s, t->service_s, mid) - mean_carried(s, t->service_s, mid - 1);
                if (more >= pays)
                    low = mid;
                else
                    high = mid;
            }
            best = low;
        }
        v->kept = best;
        cold_table_fill(&v->cold, fit, t, s, best, 0, scratch);
        v->ready = true;
    }
    struct pool_point mean = mean_at(v, m, t, s, &v->cold);
    struct replay_figures seen = {0};
    bool simulated = effort == EFFORT_EXACT && is_simulated(m, s) && replay_instances(v, m, t, s, v->kept, 0, scratch, &seen);
    if (simulated)
        mean = replayed_mean(t, 0, &seen);
    double requests = s->requests * mult;
    double offered = s->mean_rps * t->service_s;
    double on = mean_carried(s, t->service_s, v->kept);
    double billed = billed_seconds(fit->platform, t->service_s) / t->service_s;
    double *q = out->q;
    q[QUANTITY_REQUESTS] = requests;
    q[QUANTITY_COLD_STARTS] = requests * mean.p_cold;
    q[QUANTITY_PROVISIONED_S] = v->kept * SECONDS_PER_MONTH * mult;
    q[QUANTITY_PROVISIONED_BUSY_S] = on * billed * SECONDS_PER_MONTH * mult;
    q[QUANTITY_OVERFLOW_BUSY_S] = fmax(offered - on, 0) * billed * SECONDS_PER_MONTH * mult;
    q[QUANTITY_BUSY_S] = offered * billed * SECONDS_PER_MONTH * mult;
    q[QUANTITY_ALIVE_S] = q[QUANTITY_PROVISIONED_S] + q[QUANTITY_OVERFLOW_BUSY_S];
    out->cold_start_s = fit->platform->cold_start_billed ? requests * mean.p_cold * t->start_s : 0;
    out->kept = v->kept * mult;
    out->mean_replicas = q[QUANTITY_ALIVE_S] / SECONDS_PER_MONTH;
    out->peak_replicas = fmax(v->kept, ceil(s->peak_rps * t->service_s)) * mult;
    out->busy_replica_share = v->kept > 0 ? on / v->kept : NOT_KNOWN;
    out->latency.method = STR("overflow ladder");
    cold_latency(t, mean, effort == EFFORT_EXACT, out);
    if (simulated)
        replayed_latency(t, &seen, out);
}

/* ---- pools that always run ---- */

static double least_replicas(const struct fit *fit, const struct market *m, const struct workload *w)
{
    bool trial = w->questionnaire->stage == STAGE_VALIDATION;
    double least = policy_number(m->policy, trial ? PARAMETER_MIN_REPLICAS_VALIDATION : PARAMETER_MIN_REPLICAS);
    return fmax(least, fit->platform->min_instances);
}

/* The staffing table; in draws that of the call before them. */
static struct staffed *staffing_of(struct serving *v, const struct timing *t, const struct part_state *s,
                                   enum effort effort)
{
    if (!v->ready || effort != EFFORT_QUICK) {
        v->staffed_service = t->warm;
        v->staffed_slo = t->slo;
        v->staffed_burst = fmax(s->x[FIGURE_BURST], 1);
        v->staffed = NULL;
        v->ready = true;
    }
    if (!v->staffed || v->staffed->serial != v->staffed_serial) {
        v->staffed = tables_staffed(t->tables, v->staffed_service, v->staffed_burst, v->staffed_slo);
        v->staffed_serial = v->staffed->serial;
    }
    return v->staffed;
}

/* In draws the target utilisation is another one each time. */
static double servers_at(struct staffed *staffed, enum effort effort, double load, double full)
{
    if (load > QUEUE_MAX_LOAD * staffed->burst)
        return load / full;
    return effort == EFFORT_QUICK ? staffed_servers_by_table(staffed, load, full) : staffed_servers(staffed, load, full);
}

struct pool_room {
    double head;  /* times the replicas that the load of the moment needs */
    double least; /* replicas at any time */
    bool holds;
};

/*
 * Under a trace, replicas come late: the autoscaler must see the load and a replica must start. The pool
 * is replayed with more and more head room until its percentiles hold; where none is enough, at a fixed
 * size. What was found is kept for the other efforts.
 */
static struct pool_room pool_room(const struct serving *v, struct staffed *staffed, const struct market *m, const struct timing *t,
                                  const struct part_state *s, double full, double least,
                                  enum effort effort, struct replay_cluster_figures *seen)
{
    static const double HEADS[] = {1, 1.25, 1.6, 2, 3}, FIXED[] = {1, 1.5, 2, 3, 5, 8, 12};
    const struct fit *fit = &v->fit;
    struct replay_ratio *ratio = replay_ratio(m->replay, fit->platform, fit->part);
    struct pool_room room = {.head = fmax(ratio->replicas_times, 1), .least = least, .holds = true};
    double top = s->peak_rps * t->service_s, k = fit->concurrency;
    double peak = fmax(ceil(servers_at(staffed, effort, top, full) / k - 1e-9), least);
    if (ratio->fixed_times > 0)
        room.least = fmax(room.least, ceil(peak * ratio->fixed_times - 1e-9));
    if (effort != EFFORT_EXACT || !m->replay->runs || !m->replay->trace || !(top > 0))
        return room;
    bool gpu = fit->gpus > 0, cluster = fit->platform->scaling == SCALING_CLUSTER;
    struct replay_cluster load = {.part = fit->part, .state = s, .service = t->warm, .slots = fmax(floor(k), 1), .start_s = t->start_s,
                                  .node_start_s = cluster ? (gpu ? fit->platform->gpu_node_start_s : fit->platform->node_start_s).likely : 0,
                                  .per_node = cluster ? fit->per_machine : 0};
    double target = fmin(full, top / fmax(servers_at(staffed, effort, top, full), 1e-9));
    size_t heads = sizeof HEADS / sizeof *HEADS, tries = heads + sizeof FIXED / sizeof *FIXED;
    bool any = false;
    room = (struct pool_room){.head = 1, .least = least, .holds = true};
    double fixed = 0;
    for (size_t i = 0; i < tries; i++) {
        struct replay_cluster_figures f;
        double head = i < heads ? HEADS[i] : 1;
        fixed = i < heads ? 0 : FIXED[i - heads];
        load.target = target / head;
        load.most = i < heads ? 2 * ceil(peak * head) + 4 : ceil(peak * fixed - 1e-9);
        load.least = i < heads ? least : load.most;
        if (!replay_cluster(m->replay, &load, &f))
            break;
        any = true;
        *seen = f;
        struct replay_figures r = {.p50_s = f.p50_s, .p95_s = f.p95_s, .p99_s = f.p99_s};
        room.head = head;
        room.least = fmax(least, fixed > 0 ? load.most : 0);
        room.holds = figures_hold(&r, t);
        if (room.holds || !mixture_holds(0, t))
            break;
    }
    if (!any || (!room.holds && mixture_holds(0, t))) { /* no size helps: the plain pool, and its miss */
        room.head = 1;
        room.least = least;
        fixed = 0;
    }
    if (any && !(s->above_rps > 0) && !(s->below_rps > 0)) {
        ratio->replicas_times = room.head;
        ratio->fixed_times = fixed;
    }
    return room;
}

static void serve_pool(struct serving *v, const struct market *m, const struct workload *w,
                       const struct timing *t, const struct part_state *s, const double *global,
                       enum effort effort, struct usage *out)
{
    const struct fit *fit = &v->fit;
    double k = fit->concurrency, mult = fit->part->multiplicity;
    double full = global[fit->gpus > 0 ? GLOBAL_GPU_UTILISATION : GLOBAL_UTILISATION];
    double *q = out->q;
    double requests = s->requests * mult;
    q[QUANTITY_REQUESTS] = requests;
    double offered = s->mean_rps * t->service_s; /* erlang */
    double machines = fit->machine && fit->machine->vcpu > 0 ? fit->per_machine : 1;
    if (!fit->part->is_online) {
        /* Work that may wait is levelled over the day, or over its deadline's share of it. */
        double replicas = offered / (k * full);
        out->smooth_replicas = replicas * mult;
        out->mean_replicas = out->smooth_replicas;
        double deadline = s->x[FIGURE_DEADLINE_H];
        out->peak_replicas = ceil(replicas * (deadline > 0 && deadline < 24 && fit->part->kind == MODEL_BATCH ? 24 / deadline : 1)) * mult;
        double least = fit->platform->scaling == SCALING_REPLICAS ? fit->platform->min_instances : 0;
        double hours = fmax(replicas / machines, least) * HOURS_PER_MONTH * mult;
        q[QUANTITY_MACHINE] = hours;
        q[QUANTITY_REPLICA_H] = fmax(replicas, least) * HOURS_PER_MONTH * mult;
        q[QUANTITY_POD_H] = q[QUANTITY_REPLICA_H];
        out->busy_replica_share = hours > 0 ? offered / k * mult * HOURS_PER_MONTH / (hours * machines) : NOT_KNOWN;
        out->holds = true;
        out->latency = (struct latency){.p50_ms = NOT_KNOWN, .p95_ms = NOT_KNOWN, .p99_ms = NOT_KNOWN, .service_p99_ms = NOT_KNOWN, .queue_p99_ms = NOT_KNOWN,
                                        .cold_start_ms = NOT_KNOWN, .cold_start_probability = 0, .method = STR("queued work")};
        return;
    }
    struct arrivals arrivals = s->x[FIGURE_BURST] > 1 ? arrivals_bursts(s->x[FIGURE_BURST]) : arrivals_poisson();
    struct staffed *staffed = staffing_of(v, t, s, effort);
    bool possible = staffed->table.staffing.possible;
    if (effort == EFFORT_QUICK)
        possible = mixture_holds(0, t);
    double least = least_replicas(fit, m, w);
    struct replay_cluster_figures seen = {0};
    bool simulated = false;
    double head = 1;
    if (m->replay) {
        struct pool_room room = pool_room(v, staffed, m, t, s, full, least, effort, &seen);
        head = room.head;
        least = room.least;
        simulated = seen.requests > 0;
        if (simulated)
            possible = possible && room.holds;
    }
    double sum = 0, machine_sum = 0, peak = 0, last_rate = -1, replicas = least;
    for (size_t i = 0; i < s->points; i++) {
        double rate = s->rps[i];
        if (rate > last_rate || rate < last_rate) {
            double servers = servers_at(staffed, effort, rate * t->service_s, full);
            replicas = fmax(ceil(servers * head / k - 1e-9), least);
            last_rate = rate;
        }
        out->replicas[i] = replicas * mult;
        sum += replicas;
        machine_sum += ceil(replicas / machines - 1e-9);
        peak = fmax(peak, replicas);
    }
    double top = s->peak_rps * t->service_s; /* the busiest bin may lie above the busiest 1/96 of the time */
    if (top > 0) {
        peak = fmax(peak, ceil(servers_at(staffed, effort, top, full) * head / k - 1e-9));
    }
    out->mean_replicas = sum / (double)s->points * mult;
    out->peak_replicas = peak * mult;
    q[QUANTITY_REPLICA_H] = out->mean_replicas * HOURS_PER_MONTH;
    q[QUANTITY_POD_H] = q[QUANTITY_REPLICA_H];
    q[QUANTITY_MACHINE] = machine_sum / (double)s->points * HOURS_PER_MONTH * mult;
    out->busy_replica_share = sum > 0 ? offered * (double)s->points / (sum * k) : NOT_KNOWN;
    out->holds = possible;
    out->latency.cold_start_probability = 0;
    out->latency.cold_start_ms = t->start_s * 1000;
    out->latency.method = s->x[FIGURE_BURST] > 1 ? STR("Erlang C, peaked") : STR("Erlang C");
    if (effort != EFFORT_EXACT)
        return;
    struct queue queue;
    double servers = fmax(peak, 1) * k, load = s->curve.peak_rps * t->service_s;
    out->latency.service_p99_ms = law_quantile(&t->warm, 0.99) * 1000;
    if (simulated) {
        out->latency.p50_ms = seen.p50_s * 1000;
        out->latency.p95_ms = seen.p95_s * 1000;
        out->latency.p99_ms = seen.p99_s * 1000;
        out->latency.queue_p99_ms = fmax(out->latency.p99_ms - out->latency.service_p99_ms, 0);
        out->latency.method = STR("simulation");
        out->latency.simulated_requests = seen.requests;
    } else if (load > QUEUE_MAX_LOAD) {
        out->latency.p50_ms = law_quantile(&t->warm, 0.5) * 1000;
        out->latency.p95_ms = law_quantile(&t->warm, 0.95) * 1000;
        out->latency.p99_ms = out->latency.service_p99_ms;
        out->latency.queue_p99_ms = 0;
    } else if (queue_init(&queue, servers, load, t->warm, arrivals)) {
        out->latency.p50_ms = queue_response_quantile(&queue, 0.5) * 1000;
        out->latency.p95_ms = queue_response_quantile(&queue, 0.95) * 1000;
        out->latency.p99_ms = queue_response_quantile(&queue, 0.99) * 1000;
        out->latency.queue_p99_ms = fmax(out->latency.p99_ms - out->latency.service_p99_ms, 0);
    } else {
        out->latency.p50_ms = out->latency.p95_ms = out->latency.p99_ms = out->latency.queue_p99_ms = NOT_KNOWN;
    }
}

/* ---- jobs ---- */

static void serve_job(const struct fit *fit, const struct part_state *s, const double *global,
                      struct usage *out)
{
    double slow = fit->ratio.time_likely * (fit->ratio.is_stated ? 1 : global[GLOBAL_HARDWARE]);
    double hours = s->x[FIGURE_JOB_HOURS] * slow * s->x[FIGURE_JOB_RUNS] * s->x[FIGURE_JOB_NODES];
    double *q = out->q;
    out->job_machine_h = hours;
    q[QUANTITY_REQUESTS] = s->x[FIGURE_JOB_RUNS];
    q[QUANTITY_COLD_STARTS] = s->x[FIGURE_JOB_RUNS] * s->x[FIGURE_JOB_NODES];
    double billed = s->x[FIGURE_JOB_RUNS] * s->x[FIGURE_JOB_NODES] *
                    billed_seconds(fit->platform, s->x[FIGURE_JOB_HOURS] * 3600 * slow);
    q[QUANTITY_BUSY_S] = q[QUANTITY_ALIVE_S] = billed;
    q[QUANTITY_OVERFLOW_BUSY_S] = billed;
    q[QUANTITY_REPLICA_H] = q[QUANTITY_POD_H] = billed / 3600;
    q[QUANTITY_MACHINE] = billed / 3600;
    out->peak_replicas = s->x[FIGURE_JOB_NODES];
    out->mean_replicas = hours / HOURS_PER_MONTH;
    out->busy_replica_share = NOT_KNOWN;
    out->holds = true;
    double deadline = s->x[FIGURE_DEADLINE_H];
    if (deadline > 0 && s->x[FIGURE_JOB_HOURS] * slow > deadline)
        out->holds = false;
    out->latency = (struct latency){.p50_ms = NOT_KNOWN, .p95_ms = NOT_KNOWN, .p99_ms = NOT_KNOWN, .service_p99_ms = NOT_KNOWN, .queue_p99_ms = NOT_KNOWN,
                                    .cold_start_ms = NOT_KNOWN, .cold_start_probability = NOT_KNOWN, .method = STR("job")};
}

static void add_traffic(const struct fit *fit, const struct market *m, const struct part_state *s,
                        const double *global, struct usage *out)
{
    double *q = out->q, requests = fit->part->is_job ? 0 : q[QUANTITY_REQUESTS];
    q[QUANTITY_INGRESS_GB] = requests * s->x[FIGURE_REQUEST_KB] / KB_PER_GB;
    double response_gb = requests * s->x[FIGURE_RESPONSE_KB] / KB_PER_GB;
    q[QUANTITY_EGRESS_GB] = response_gb * s->x[FIGURE_INTERNET_SHARE];
    q[QUANTITY_PAYLOAD_GB] = q[QUANTITY_INGRESS_GB] + response_gb;
    q[QUANTITY_CROSS_ZONE_GB] = q[QUANTITY_PAYLOAD_GB] * policy_number(m->policy, PARAMETER_CROSS_ZONE_SHARE);
    q[QUANTITY_LOG_GB] = q[QUANTITY_REQUESTS] * global[GLOBAL_LOG_KB] / KB_PER_GB;
    q[QUANTITY_METRICS] = policy_number(m->policy, PARAMETER_METRICS_PER_MODEL) * fit->part->multiplicity;
    q[QUANTITY_IMAGE_GB_MONTH] = fit->image_mb / MB_PER_GB * policy_number(m->policy, PARAMETER_IMAGE_VERSIONS_KEPT);
    double connections = requests * policy_number(m->policy, PARAMETER_BALANCER_CONNECTIONS_PER_REQUEST) /
                         (policy_number(m->policy, PARAMETER_BALANCER_CONNECTIONS_PER_UNIT_S) * 3600);
    double bytes = q[QUANTITY_PAYLOAD_GB] / policy_number(m->policy, PARAMETER_BALANCER_GB_PER_UNIT_H);
    q[QUANTITY_BALANCER_UNIT_H] = fmax(connections, bytes);
    q[QUANTITY_TRANSITIONS] = q[QUANTITY_REQUESTS] * policy_number(m->policy, PARAMETER_WORKFLOW_STEPS_PER_ITEM);
}

bool serving_at(struct serving *v, const struct market *m, const struct workload *w,
                const struct part_state *s, const double *global, enum effort effort,
                struct arena *scratch, struct usage *out)
{
    memset(out, 0, sizeof *out);
    const struct part *p = v->fit.part;
    if (!p->costable)
        return false;
    if (p->is_job) {
        serve_job(&v->fit, s, global, out);
        add_traffic(&v->fit, m, s, global, out);
        return true;
    }
    struct timing t = timing_of(&v->fit, m, s, global);
    bool own = !t.tables;
    if (own)
        t.tables = tables_new(scratch);
    switch (v->fit.platform->scaling) {
    case SCALING_PER_REQUEST:
    case SCALING_TO_ZERO: serve_on_demand(v, m, &t, s, effort, scratch, out); break;
    case SCALING_PROVISIONED: serve_provisioned(v, m, &t, s, effort, scratch, out); break;
    case SCALING_REPLICAS:
    case SCALING_PODS:
    case SCALING_CLUSTER: serve_pool(v, m, w, &t, s, global, effort, out); break;
    }
    if (own) { /* they end with the scratch memory */
        v->staffed = NULL;
        v->wide = NULL;
        v->wide_count = 0;
    }
    if (!p->is_online) {
        out->holds = true;
        out->latency.p50_ms = out->latency.p95_ms = out->latency.p99_ms = NOT_KNOWN;
    }
    out->peak_in_flight = s->peak_rps * t.service_s * p->multiplicity;
    if (p->kind == MODEL_STREAMING)
        out->peak_in_flight = fmax(out->peak_in_flight, s->x[FIGURE_STREAMS]);
    add_traffic(&v->fit, m, s, global, out);
    return true;
}
