#include "latency/erlang.h"

#include "latency/gamma.h"
#include "latency/root.h"

#include <math.h>

/*
 * 1 / B of the fractional part of the servers, 0 <= x < 1:
 *   1/B(x, a) = a * integral_0^inf e^(-a u) (1 + u)^x du = a^(-x) e^a Gamma(x + 1, a).
 * Called for loads below about 30 only (see erlang_inverse_b), so that e^a cannot overflow.
 */
static double fractional_inverse_b(double x, double load)
{
    if (x < 1e-12)
        return 1.0;
    return exp(load - x * log(load) + gamma_log(x + 1.0)) * gamma_upper(x + 1.0, load);
}

/* Servers this many standard deviations of the load and more below it are `far`. */
static const double FAR = 4.0;
/* Terms of the fraction, for 1e-13 there at any load. */
#define FAR_TERMS 16

/*
 * 1/B of far servers, for `count` loads: Legendre's continued fraction of the incomplete gamma function (A. M. Legendre,
 * "Exercices de calcul integral", 1811),
 *   1/B(n, a) = a / (d + 1 n / (d + 2 + 2 (n - 1) / (d + 4 + 3 (n - 2) / (d + 6 + ...)))),  d = a - n,
 * which ends by itself for a few whole servers. What is left out is close to the fraction whose terms stay as they are.
 */
static inline void far_inverse_b(double servers, const double *load, int count, double *y)
{
    for (int i = 0; i < count; i++) {
        double d = load[i] - servers + 2.0 * FAR_TERMS;
        y[i] = 0.5 * (d + sqrt(d * d + 4.0 * (FAR_TERMS + 1.0) * fmax(servers - FAR_TERMS, 0.0)));
    }
    for (int k = FAR_TERMS; k > 0; k--) {
        double top = k * (servers + 1.0 - k), more = 2.0 * (k - 1) - servers;
        for (int i = 0; i < count; i++)
            y[i] = load[i] + more + top / y[i];
    }
    for (int i = 0; i < count; i++)
        y[i] = load[i] / y[i];
}

/* The most far servers there are of so many, as whole as they are; 0 and less: none. */
static double far_servers(double servers, double load)
{
    return fmin(servers, floor(load - FAR * sqrt(load)));
}

/*
 * y = 1/B obeys y(n) = 1 + y(n - 1) * n / a: a sum of positive terms, stable for any size. It begins with the
 * far servers, so that the cost grows with the square root of the load instead of the load.
 */
static double erlang_inverse_b(double servers, double load)
{
    double whole = floor(servers), x = servers - whole, start = far_servers(whole, load);
    double y, n;
    if (start > 0.0) {
        n = start + x;
        far_inverse_b(n, &load, 1, &y);
    } else {
        n = x;
        y = fractional_inverse_b(x, load);
    }
    double per_load = 1.0 / load;
    for (size_t left = (size_t)(servers - n + 0.5); left > 0; left--) {
        n += 1.0;
        y = 1.0 + y * (n * per_load);
    }
    return y; /* infinity where B is below 1e-308: B is then 0 */
}

double erlang_b(double servers, double load)
{
    return load > 0.0 ? 1.0 / erlang_inverse_b(servers, load) : (servers > 0.0 ? 0.0 : 1.0);
}

#define SIDE_BY_SIDE 8

/* The recursion of erlang_inverse_b, from the lowest beginning of them all. */
static void erlang_b_together(double servers, const double load[SIDE_BY_SIDE], double blocked[SIDE_BY_SIDE])
{
    double y[SIDE_BY_SIDE], per_load[SIDE_BY_SIDE], start = servers;
    for (int i = 0; i < SIDE_BY_SIDE; i++) {
        start = fmin(start, far_servers(servers, load[i]));
        per_load[i] = 1.0 / load[i];
        y[i] = 1.0;
    }
    start = fmax(start, 0.0);
    if (start > 0.0)
        far_inverse_b(start, load, SIDE_BY_SIDE, y);
    for (double n = start + 1.0; n <= servers; n += 1.0)
        for (int i = 0; i < SIDE_BY_SIDE; i++)
            y[i] = 1.0 + y[i] * (n * per_load[i]);
    for (int i = 0; i < SIDE_BY_SIDE; i++)
        blocked[i] = 1.0 / y[i];
}

void erlang_b_many(double servers, const double *load, size_t count, double *blocked)
{
    for (size_t i = 0; i < count; i += SIDE_BY_SIDE) {
        double some[SIDE_BY_SIDE], out[SIDE_BY_SIDE];
        for (size_t k = 0; k < SIDE_BY_SIDE; k++)
            some[k] = i + k < count && load[i + k] > 0.0 ? load[i + k] : load[i] > 0.0 ? load[i] : 1.0;
        erlang_b_together(servers, some, out);
        for (size_t k = 0; k < SIDE_BY_SIDE && i + k < count; k++)
            blocked[i + k] = load[i + k] > 0.0 ? out[k] : servers > 0.0 ? 0.0 : 1.0;
    }
}

double erlang_c(double servers, double load)
{
    if (load >= servers)
        return 1.0;
    if (!(load > 0.0))
        return 0.0;
    /* C = B / (1 - rho (1 - B)), with 1/B = y: C = 1 / (y (1 - rho) + rho) */
    double rho = load / servers;
    return 1.0 / (erlang_inverse_b(servers, load) * (1.0 - rho) + rho);
}

struct arrivals arrivals_poisson(void)
{
    return (struct arrivals){.peakedness = 1.0, .scv = 1.0};
}

/* z = 1 / (1 - phi(mu)) - load, phi the Laplace transform of the gap; a gap has mean 1 / (load mu). */
struct arrivals arrivals_renewal(double cv, double load)
{
    if (!(load > 0.0))
        return arrivals_poisson();
    double scv = cv * cv;
    double log_phi = scv < 1e-9 ? -1.0 / load : -log1p(scv / load) / scv;
    return (struct arrivals){.peakedness = -1.0 / expm1(log_phi) - load, .scv = scv};
}

struct arrivals arrivals_bursts(double mean_size)
{
    double size = fmax(1.0, mean_size);
    return (struct arrivals){.peakedness = size, .scv = 2.0 * size - 1.0};
}

struct arrivals arrivals_peaked(double peakedness)
{
    return (struct arrivals){.peakedness = peakedness, .scv = fmax(0.0, 2.0 * peakedness - 1.0)};
}

bool queue_init(struct queue *q, double servers, double load, struct law service,
                struct arrivals arrivals)
{
    *q = (struct queue){.servers = servers, .load = load, .service = service, .p_wait = 1.0};
    if (!(load < servers))
        return false;
    double z = arrivals.peakedness;
    q->p_wait = erlang_c(servers / z, load / z);
    double spread = 0.5 * (arrivals.scv + service.cv * service.cv);
    /* a clock that feeds constant service never queues below full load */
    q->drain_per_s = spread > 0.0 ? (servers - load) / (service.mean_s * spread) : HUGE_VAL;
    return true;
}

double queue_mean_wait(const struct queue *q)
{
    return q->drain_per_s > 0.0 ? q->p_wait / q->drain_per_s : HUGE_VAL;
}

double queue_wait_quantile(const struct queue *q, double p)
{
    if (!(q->drain_per_s > 0.0))
        return HUGE_VAL;
    return fmax(0.0, log(q->p_wait / (1.0 - p)) / q->drain_per_s);
}

double queue_mean_response(const struct queue *q)
{
    return queue_mean_wait(q) + q->service.mean_s;
}

static const double GAUSS_LEGENDRE_16[8][2] = {
    {0.98940093499164994, 0.027152459411754058}, {0.9445750230732326, 0.062253523938647776},
    {0.86563120238783176, 0.095158511682492897}, {0.755404408355003, 0.12462897125553395},
    {0.61787624440264377, 0.14959598881657682},  {0.45801677765722737, 0.16915651939500256},
    {0.28160355077925892, 0.18260341504492361},  {0.095012509837637441, 0.18945061045506847},
};

static void add_panel(struct response_tail *r, double from, double to)
{
    double middle = 0.5 * (from + to), half = 0.5 * (to - from);
    for (int i = 0; i < 16; i++) {
        double x = i < 8 ? -GAUSS_LEGENDRE_16[i][0] : GAUSS_LEGENDRE_16[15 - i][0];
        double w = GAUSS_LEGENDRE_16[i < 8 ? i : 15 - i][1];
        double z = middle + half * x;
        r->gap_s[r->nodes] = r->t_s - exp(r->service.mu + r->service.sigma * z);
        r->weight[r->nodes] = half * w * normal_density(z);
        r->nodes++;
    }
}

void response_tail_init(struct response_tail *r, const struct law *service, double t_s)
{
    r->service = *service;
    r->t_s = t_s;
    r->service_tail = law_tail(service, t_s);
    r->nodes = 0;
    if (service->kind != LAW_LOGNORMAL || !(t_s > 0.0))
        return;
    const double edge = 8.0; /* the normal law holds 1e-15 beyond */
    double end = fmin(edge, (log(t_s) - service->mu) / service->sigma);
    if (end <= -edge)
        return;
    /* Where the queue drains quickly only services that end just before t matter: three panels,
     * the shorter the nearer to t. */
    double far = fmax(-edge, end - 2.0), near = fmax(-edge, end - 0.25);
    add_panel(r, -edge, far);
    add_panel(r, far, near);
    add_panel(r, near, end);
}

/* Exponential service: e^(-mu t) (1 + C mu (1 - e^(-d t)) / d), d = drain - mu; at d = 0 it is t. */
static double exponential_tail(double mu, double t_s, double p_wait, double drain)
{
    double d = drain - mu;
    if (d * t_s < -1.0)
        return exp(-mu * t_s) + p_wait * mu * (exp(-drain * t_s) - exp(-mu * t_s)) / -d;
    double integral = fabs(d * t_s) < 1e-12 ? t_s : -expm1(-d * t_s) / d;
    return exp(-mu * t_s) * (1.0 + p_wait * mu * integral);
}

double response_tail_at(const struct response_tail *r, double p_wait, double drain_per_s)
{
    if (!(drain_per_s > 0.0))
        return 1.0;
    if (!(drain_per_s < HUGE_VAL))
        return r->service_tail;
    double late = 0.0;
    switch (r->service.kind) {
    case LAW_EXPONENTIAL:
        return exponential_tail(1.0 / r->service.mean_s, r->t_s, p_wait, drain_per_s);
    case LAW_CONSTANT:
        if (r->t_s >= r->service.mean_s)
            late = exp(-drain_per_s * (r->t_s - r->service.mean_s));
        break;
    case LAW_LOGNORMAL:
        for (size_t i = 0; i < r->nodes; i++)
            late += r->weight[i] * exp(-drain_per_s * r->gap_s[i]);
        break;
    }
    return fmin(1.0, r->service_tail + p_wait * late);
}

double queue_response_tail(const struct queue *q, double t_s)
{
    struct response_tail r;
    response_tail_init(&r, &q->service, t_s);
    return response_tail_at(&r, q->p_wait, q->drain_per_s);
}

struct mixture {
    const struct queue *queues;
    const double *weights;
    size_t count;
    double target;
};

/* ln of the tail over its target: nearly straight in t, which the root finder likes. */
static double mixture_excess(double t_s, void *context)
{
    const struct mixture *m = context;
    double sum = 0.0;
    for (size_t i = 0; i < m->count; i++)
        sum += m->weights[i] * queue_response_tail(&m->queues[i], t_s);
    return log(fmax(sum, 1e-300) / m->target);
}

double queue_mixed_quantile(const struct queue *queues, const double *weights, size_t count,
                            double p)
{
    double total = 0.0, stuck = 0.0, low = HUGE_VAL, high = 0.0;
    for (size_t i = 0; i < count; i++) {
        total += weights[i];
        if (!(queues[i].drain_per_s > 0.0))
            stuck += weights[i];
    }
    if (!(total > 0.0) || stuck >= (1.0 - p) * total)
        return HUGE_VAL;
    /* The mixture's quantile lies between the least and the greatest of its parts'; a part's own
     * lies between the service quantile and the sum of two quantiles of half the tail each. Parts
     * that are overloaded only move the share that the others may miss. */
    double miss = ((1.0 - p) * total - stuck) / total;
    for (size_t i = 0; i < count; i++) {
        const struct queue *q = &queues[i];
        if (!(q->drain_per_s > 0.0) || !(weights[i] > 0.0))
            continue;
        low = fmin(low, law_quantile(&q->service, p));
        high = fmax(high, law_quantile(&q->service, 1.0 - 0.5 * miss) +
                              queue_wait_quantile(q, 1.0 - 0.5 * miss));
    }
    struct mixture m = {queues, weights, count, (1.0 - p) * total};
    if (mixture_excess(low, &m) <= 0.0)
        return low; /* a constant service law, and too few wait to reach the quantile */
    return root_find(mixture_excess, &m, low, high, 1e-13);
}

double queue_response_quantile(const struct queue *q, double p)
{
    double one = 1.0;
    return queue_mixed_quantile(q, &one, 1, p);
}
