/* Cold tables (cost/cold_table.h) against the solvers that they interpolate, load by load, over the months of curves. */
#include "unit/unit.h"

#include "support/reference.h"

#include "base/arena.h"
#include "cost/cold_table.h"
#include "cost/tables.h"
#include "latency/coldstart.h"
#include "latency/crossing.h"
#include "latency/shared.h"
#include "latency/spread.h"

#include <math.h>

#define PIECES 96

/* A platform with a keep-alive of 600 s, on which a request takes half a second and a start two more. */
struct setting {
    struct part part;
    struct platform platform;
    struct fit fit;
    struct timing t;
    struct part_state *s;
    struct arena *a;
};

static void setting_init(struct setting *v, enum routing routing, double at_once, double burst, struct arena *a)
{
    *v = (struct setting){.a = a};
    v->platform.routing = routing;
    v->fit = (struct fit){.part = &v->part, .platform = &v->platform, .concurrency = at_once};
    v->t = (struct timing){.service_s = 0.5, .start_s = 2, .cold_s = 2.5, .keepalive_s = 600, .tables = tables_new(a)};
    v->s = arena_new(a, struct part_state, 1);
    v->s->x[FIGURE_BURST] = burst;
}

static struct pool_point solved(const struct setting *v, double rate, double kept, double stay_s, struct arena *scratch)
{
    double at_once = v->fit.concurrency, burst = v->s->x[FIGURE_BURST];
    bool tail = stay_s < v->t.keepalive_s;
    if (burst > 1) {
        struct crossing_load l = {.rate_per_s = rate, .burst = burst, .service_s = 0.5, .keepalive_s = 600, .idle_tail_s = stay_s,
                                  .requests_at_once = at_once, .always_on = kept};
        struct crossing c = crossing_solve(&l, scratch);
        return (struct pool_point){c.p_cold, tail ? c.tail : c.alive - c.busy, c.busy, 0};
    }
    if (v->platform.routing != ROUTING_NEWEST) {
        struct spread_load l = {.rate_per_s = rate, .service_s = 0.5, .keepalive_s = 600, .idle_tail_s = stay_s, .requests_at_once = at_once, .always_on = kept};
        struct spread_pool c = spread_solve(&l);
        return (struct pool_point){c.p_cold, tail ? c.tail : c.alive - c.busy, c.busy, 0};
    }
    if (at_once > 1) {
        struct shared_load l = {.rate_per_s = rate, .service_s = 0.5, .keepalive_s = 600, .idle_tail_s = stay_s, .requests_at_once = at_once, .always_on = kept};
        struct shared_pool c = shared_solve(&l, scratch);
        return (struct pool_point){c.p_cold, tail ? c.tail : c.alive - c.busy, c.busy, 0};
    }
    struct coldstart_load l = {.rate_per_s = rate, .warm_s = 0.5, .cold_s = 2.5, .keepalive_s = 600, .always_on = kept};
    struct coldstart c = coldstart_ladder(&l, scratch);
    return (struct pool_point){c.p_cold, c.idle, c.busy, 0};
}

/* Rates from a fiftieth of the mean to three times it. */
static void month(double mean, double rps[PIECES])
{
    for (int i = 0; i < PIECES; i++)
        rps[i] = mean * (0.02 + 2.98 * pow((i + 0.5) / PIECES, 2));
}

static struct pool_point month_solved(const struct setting *v, const double rps[PIECES], double kept, double stay_s, struct arena *scratch)
{
    struct pool_point sum = {0, 0, 0, 0};
    double rates = 0;
    for (int i = 0; i < PIECES; i++) {
        struct pool_point p = solved(v, rps[i], kept, stay_s, scratch);
        sum.p_cold += p.p_cold * rps[i];
        sum.idle += p.idle / PIECES;
        sum.busy += p.busy / PIECES;
        rates += rps[i];
    }
    sum.p_cold /= rates;
    return sum;
}

static void months_agree(enum routing routing, double at_once, double burst, double kept, double stay_s, double cold_within, double idle_within)
{
    struct arena *a = arena_create(), *scratch = arena_create();
    struct setting v;
    setting_init(&v, routing, at_once, burst, a);
    for (double mean = 1e-4; mean < 25; mean *= 1.9) { /* up to 37 erlang */
        double rps[PIECES];
        month(mean, rps);
        struct pool_point want = month_solved(&v, rps, kept, stay_s, scratch);
        struct cold_table *table = cold_table_of(&v.fit, &v.t, v.s, kept, stay_s);
        struct pool_point got = cold_table_mean(table, rps, PIECES, 0.5, scratch);
        assert_near("p_cold", got.p_cold + 1e-4, want.p_cold + 1e-4, cold_within);
        assert_near("idle", got.idle + 0.01, want.idle + 0.01, idle_within);
        assert_near("busy", got.busy, want.busy, 1e-3);
    }
    arena_destroy(scratch);
    arena_destroy(a);
}

static void months_agree_with_the_solvers_load_by_load(void **state)
{
    (void)state;
    months_agree(ROUTING_NEWEST, 1, 0, 0, 600, 2e-3, 1e-3);
    months_agree(ROUTING_NEWEST, 1, 0, 2, 600, 2e-3, 1e-3);
    months_agree(ROUTING_NEWEST, 1, 6, 0, 600, 1e-3, 1e-3);
    months_agree(ROUTING_NEWEST, 1, 6, 3, 60, 1e-3, 1e-3);
    months_agree(ROUTING_NEWEST, 4, 0, 0, 600, 5e-3, 5e-3);
    months_agree(ROUTING_NEWEST, 20, 0, 1, 60, 5e-3, 5e-3);
    months_agree(ROUTING_RANDOM, 1, 0, 0, 600, 5e-3, 1e-2);
    months_agree(ROUTING_RANDOM, 8, 0, 0, 600, 5e-3, 2e-2);
}

/* Months of quiet, equal and busy pieces, from below the first node to beyond the last, read by the two ways. */
static void places_read_what_a_month_reads(void **state)
{
    (void)state;
    static const double SHAPE[COLD_PLACES] = {0, 1e-9, 1e-7, 0.001, 0.01, 0.01, 0.01, 0.2, 0.3, 0.3, 0.5, 0.7, 1, 2, 2, 5};
    static const enum routing ROUTING[] = {ROUTING_NEWEST, ROUTING_RANDOM};
    struct arena *a = arena_create(), *scratch = arena_create();
    for (int k = 0; k < 3; k++)
        for (double mean = 1e-8; mean < 400; mean *= 3.7) {
            struct setting v;
            setting_init(&v, ROUTING[k % 2], k == 2 ? 4 : 1, 0, a);
            double rps[COLD_PLACES], decades[COLD_PLACES];
            for (int i = 0; i < COLD_PLACES; i++) {
                rps[i] = mean * SHAPE[i];
                decades[i] = rps[i] > 0 ? log10(rps[i] * 0.5) : 0;
            }
            struct cold_table *table = cold_table_of(&v.fit, &v.t, v.s, 1, 600);
            struct cold_places places;
            cold_places_on(cold_table_grid(table), rps, decades, COLD_PLACES, 0.5, &places);
            struct pool_point want = cold_table_mean(table, rps, COLD_PLACES, 0.5, scratch);
            struct pool_point got = cold_table_mean_at(table, &places, true, true, scratch);
            assert_near("p_cold", got.p_cold, want.p_cold, 1e-9);
            assert_near("idle", got.idle, want.idle, 1e-9);
            assert_near("busy", got.busy, want.busy, 1e-9);
        }
    arena_destroy(scratch);
    arena_destroy(a);
}

/* At a node the figures are the solver's: one erlang is one on every grid. */
static void nodes_are_solved_exactly(void **state)
{
    (void)state;
    struct arena *a = arena_create(), *scratch = arena_create();
    struct setting v;
    setting_init(&v, ROUTING_NEWEST, 4, 0, a);
    const double rate = 2;
    struct pool_point want = solved(&v, rate, 1, 600, scratch);
    struct pool_point got = cold_table_mean(cold_table_of(&v.fit, &v.t, v.s, 1, 600), &rate, 1, 0.5, scratch);
    assert_near("p_cold", got.p_cold, want.p_cold, 1e-9);
    assert_near("idle", got.idle, want.idle, 1e-9);
    assert_near("busy", got.busy, want.busy, 1e-9);
    arena_destroy(scratch);
    arena_destroy(a);
}

/* A thousandth more traffic moves the figures by about as much, wherever nodes stand, and on both sides of the table's end at 40
 * erlang, 80 requests a second. */
static void figures_have_no_steps(void **state)
{
    (void)state;
    static const double KEPT[] = {0, 2, 30}, BURST[] = {0, 6};
    for (size_t i = 0; i < 6; i++) {
        struct arena *a = arena_create(), *scratch = arena_create();
        struct setting v;
        setting_init(&v, ROUTING_NEWEST, 1, BURST[i / 3], a);
        struct cold_table *table = cold_table_of(&v.fit, &v.t, v.s, KEPT[i % 3], 600);
        double rate = 1e-7, last_idle = 0, last_busy = 0;
        for (size_t k = 0; rate < 400; k++, rate *= 1.001) {
            struct pool_point p = cold_table_mean(table, &rate, 1, 0.5, scratch);
            if (k > 0) {
                assert_true(fabs(p.idle - last_idle) <= 4e-3 * (last_idle + last_busy));
                assert_true(p.busy >= last_busy && p.busy <= last_busy * 1.0021);
            }
            last_idle = p.idle;
            last_busy = p.busy;
        }
        arena_destroy(scratch);
        arena_destroy(a);
    }
}

/* A table of its own, as draws have, reads as the remembered one does, and so does one that others were asked between. */
static void tables_read_the_same_whoever_keeps_them(void **state)
{
    (void)state;
    struct arena *a = arena_create(), *scratch = arena_create();
    struct setting v;
    setting_init(&v, ROUTING_NEWEST, 1, 6, a);
    double rps[PIECES];
    month(0.7, rps);
    struct cold_table *own = cold_table_new(&v.fit, &v.t, v.s, 1, 600, a);
    struct pool_point first = cold_table_mean(cold_table_of(&v.fit, &v.t, v.s, 1, 600), rps, PIECES, 0.5, scratch);
    for (int i = 0; i < 3000; i++) {
        v.t.keepalive_s = 1000 + i;
        cold_table_mean(cold_table_of(&v.fit, &v.t, v.s, 1, 600), rps, 1, 0.5, scratch);
    }
    v.t.keepalive_s = 600;
    struct pool_point again = cold_table_mean(cold_table_of(&v.fit, &v.t, v.s, 1, 600), rps, PIECES, 0.5, scratch);
    struct pool_point other = cold_table_mean(own, rps, PIECES, 0.5, scratch);
    assert_near("cold share", again.p_cold, first.p_cold, 0);
    assert_near("idle", again.idle, first.idle, 0);
    assert_near("cold share of its own", other.p_cold, first.p_cold, 0);
    assert_near("kept", cold_table_kept(own), 1, 0);
    arena_destroy(scratch);
    arena_destroy(a);
}

/* A job every 2,000 s finds nothing alive, one every 500 s what the last one left, at any rate: no grid blurs the step. */
static void scheduled_traffic_is_not_interpolated(void **state)
{
    (void)state;
    struct arena *a = arena_create(), *scratch = arena_create();
    struct setting v;
    setting_init(&v, ROUTING_NEWEST, 1, 0, a);
    static const double PERIOD[] = {2000, 500}, WANT[] = {1, 0};
    for (int i = 0; i < 2; i++) {
        v.s->x[FIGURE_PERIODIC_S] = PERIOD[i];
        for (double rate = 1e-3; rate < 1; rate *= 1.7) {
            struct pool_point p = cold_table_mean(cold_table_of(&v.fit, &v.t, v.s, 0, 600), &rate, 1, 0.5, scratch);
            assert_near("p_cold", p.p_cold, rate * PERIOD[i] < 1 ? p.p_cold : WANT[i], 0);
        }
    }
    arena_destroy(scratch);
    arena_destroy(a);
}

static void nothing_lives_without_requests(void **state)
{
    (void)state;
    struct arena *a = arena_create(), *scratch = arena_create();
    struct setting v;
    setting_init(&v, ROUTING_NEWEST, 1, 0, a);
    static const double NONE[2] = {0, 0};
    struct pool_point p = cold_table_mean(cold_table_of(&v.fit, &v.t, v.s, 0, 600), NONE, 2, 0.5, scratch);
    assert_near("p_cold", p.p_cold, 0, 0);
    assert_near("idle", p.idle, 0, 0);
    assert_near("busy", p.busy, 0, 0);
    arena_destroy(scratch);
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(months_agree_with_the_solvers_load_by_load),
        cmocka_unit_test(places_read_what_a_month_reads),
        cmocka_unit_test(nodes_are_solved_exactly),
        cmocka_unit_test(figures_have_no_steps),
        cmocka_unit_test(tables_read_the_same_whoever_keeps_them),
        cmocka_unit_test(scheduled_traffic_is_not_interpolated),
        cmocka_unit_test(nothing_lives_without_requests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
