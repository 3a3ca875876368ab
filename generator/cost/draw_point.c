#include "cost/draw_parts.h"

#include "number/ceiling.h"

#include <math.h>

void draw_view_at(struct draw_view *v, const struct draw_context *c)
{
    const struct part *part = &c->workload->parts[v->part];
    v->s = &c->s->parts[v->part];
    if (v->split_rps > 0) {
        part_state_split(v->s, v->split_rps, v->is_base, v->own);
        v->s = v->own;
    }
    v->is_public = v->s->x[FIGURE_INTERNET_SHARE] > 0 && v->s->x[FIGURE_RESPONSE_KB] > 0 ? 1 : 0;
    struct fit fit = {.part = part, .image_mb = v->s->x[FIGURE_SIZE_MB]};
    v->traffic.q[QUANTITY_REQUESTS] = part->is_job ? v->s->x[FIGURE_JOB_RUNS] : v->s->requests * part->multiplicity;
    serve_traffic(&fit, c->market, v->s, c->s->global, &v->traffic);
}

void draw_speed_at(struct draw_speed *v, const struct draw_context *c)
{
    static const double ALLOWED[3] = {0.5, 0.05, 0.01};
    const struct part_state *s = v->view->s;
    double slow = v->is_stated ? v->time_ratio : v->time_ratio * c->s->global[GLOBAL_HARDWARE];
    v->service_s = s->service_s * slow;
    v->holds = true;
    v->has_decades = false;
    for (size_t i = 0; i < COLD_GRIDS; i++)
        v->is_placed[i] = false;
    if (!c->workload->parts[v->view->part].is_online)
        return;
    const double limit[3] = {s->x[FIGURE_P50_MS] / 1000, s->x[FIGURE_P95_MS] / 1000, s->x[FIGURE_P99_MS] / 1000};
    struct law warm = timing_answer(&c->workload->parts[v->view->part], v->service_s, s->x[FIGURE_DURATION_CV]);
    for (int i = 0; i < 3; i++) {
        v->limit_s[i] = limit[i];
        v->tail[i] = limit[i] > 0 ? law_tail(&warm, limit[i]) : 0;
        v->holds = v->holds && v->tail[i] <= ALLOWED[i] * (1 + 1e-9);
    }
}

struct timing draw_timing(const struct draw_speed *v, const struct fit *fit, const struct draw_context *c)
{
    const struct part_state *s = v->view->s;
    struct timing t = {.service_s = v->service_s, .tables = c->market->tables};
    double load_s = s->x[FIGURE_LOAD_S];
    if (!(load_s > 0))
        load_s = s->x[FIGURE_SIZE_MB] / policy_number(c->market->policy, PARAMETER_LOAD_MB_PER_S);
    t.start_s = fit->platform->start_ms.likely / 1000 * c->s->global[GLOBAL_START] + load_s;
    t.cold_s = timing_cold_answer_s(fit->part, t.start_s, t.service_s);
    t.keepalive_s = fmax(fit->platform->keep_alive_s.likely * c->s->global[GLOBAL_KEEP_ALIVE], 1e-3);
    return t;
}

void draw_pool_at(struct draw_pool *v, const struct draw_context *c)
{
    const struct part_state *s = v->speed->view->s;
    double full = v->full = c->s->global[v->is_gpu ? GLOBAL_GPU_UTILISATION : GLOBAL_UTILISATION];
    double service = v->speed->service_s, most = QUEUE_MAX_LOAD * v->burst, least = v->least;
    double load[DRAW_POINTS + 1], servers[DRAW_POINTS + 1];
    for (size_t i = 0; i < DRAW_POINTS; i++)
        load[i] = s->rps[i] * service;
    load[DRAW_POINTS] = s->peak_rps * service;
    size_t asked = v->fixed > 0 ? DRAW_POINTS + 1 : DRAW_POINTS;
    staffing_table_many(&v->table, load, asked, most, servers);
    for (size_t i = 0; i < asked; i++) {
        double by_target = load[i] / full;
        servers[i] = servers[i] > by_target ? servers[i] : by_target;
    }
    if (v->fixed > 0) {
        double peak = fmax(ceil(servers[DRAW_POINTS] / v->slots - 1e-9), least);
        least = fmax(least, ceil(peak * v->fixed - 1e-9));
    }
    double sum = 0, slots = v->head / v->slots;
    for (size_t i = 0; i < DRAW_POINTS; i++) {
        double replicas = ceiling(servers[i] * slots - 1e-9);
        v->replicas[i] = replicas > least ? replicas : least;
    }
    for (size_t i = 0; i < DRAW_POINTS; i++)
        sum += v->replicas[i];
    v->sum = sum;
}

void draw_queue_at(struct draw_queue *v, const struct draw_context *c)
{
    double full = c->s->global[v->is_gpu ? GLOBAL_GPU_UTILISATION : GLOBAL_UTILISATION];
    v->replicas = v->speed->view->s->mean_rps * v->speed->service_s / (v->slots * full);
}
