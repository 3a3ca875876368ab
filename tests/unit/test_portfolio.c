#include "unit/unit.h"

#include "base/arena.h"
#include "report/portfolio.h"

static struct arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_create();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_destroy(arena);
    return 0;
}

#define USD(n) {INT64_C(1000000) * (n)}

static struct report_summary kubernetes(const char *slug, int64_t alone, int64_t shared)
{
    struct report_summary r = {.slug = str_of(slug), .title = str_of(slug), .status = STATUS_ACCEPTED, .verdict = VERDICT_DECIDED,
                               .class = CLASS_KUBERNETES, .platform = STR("k8s"), .provider = STR("one"), .monthly = USD(alone), .has_cost = true};
    if (shared > 0)
        r.sharing = (struct sharing){.is_known = true, .verdict = VERDICT_DECIDED, .class = CLASS_KUBERNETES, .has_cost = true, .monthly = USD(shared)};
    return r;
}

static struct portfolio portfolio_of(const struct report_summary *reports, size_t count)
{
    struct platform *platforms = arena_new(arena, struct platform, 2);
    platforms[0] = (struct platform){.id = STR("fn"), .name = STR("Functions"), .provider = STR("two"), .class = CLASS_SERVERLESS};
    platforms[1] = (struct platform){.id = STR("k8s"), .name = STR("Cluster"), .provider = STR("one"), .class = CLASS_KUBERNETES};
    struct provider *providers = arena_new(arena, struct provider, 2);
    providers[0] = (struct provider){STR("one"), STR("First cloud")};
    providers[1] = (struct provider){STR("two"), STR("Second cloud")};
    struct book *b = arena_new(arena, struct book, 1);
    *b = (struct book){.platforms = platforms, .platform_count = 2, .providers = providers, .provider_count = 2};
    struct site s = {.book = b, .reports = reports, .report_count = count};
    struct portfolio p;
    portfolio_make(&s, arena, &p);
    return p;
}

static void spend_is_summed_by_provider_and_platform(void **state)
{
    (void)state;
    struct report_summary fn = {.slug = STR("f"), .status = STATUS_PROPOSED, .class = CLASS_SERVERLESS, .platform = STR("fn"), .provider = STR("two"),
                                .monthly = USD(50), .has_cost = true};
    struct report_summary old = kubernetes("old", 9999, 0), replaced = kubernetes("replaced", 9999, 0), hybrid = kubernetes("h", 7, 0);
    old.status = STATUS_DEPRECATED;
    replaced.superseded_by = STR("a");
    hybrid.platform = STR("");
    hybrid.provider = STR("one+two");
    hybrid.class = CLASS_HYBRID;
    struct report_summary reports[] = {kubernetes("a", 10, 0), fn, kubernetes("b", 20, 0), old, replaced, hybrid};
    struct portfolio p = portfolio_of(reports, 6);
    assert_int_equal(p.provider_count, 3);
    assert_str(p.providers[0].name, "Second cloud");
    assert_str(p.providers[1].name, "First cloud");
    assert_int_equal(p.providers[1].monthly.micros, 30000000);
    assert_int_equal(p.providers[1].count, 2);
    assert_str(p.providers[2].name, "one+two");
    assert_str(p.platforms[2].id, "hybrid");
}

/* 100 + 80 + 60 apart; the dearest brings the cluster, the others cost 30 and 20: 150. */
static void on_one_cluster_the_dearest_pays_for_it(void **state)
{
    (void)state;
    struct report_summary reports[] = {kubernetes("a", 60, 20), kubernetes("b", 100, 40), kubernetes("c", 80, 30)};
    struct portfolio p = portfolio_of(reports, 3);
    assert_int_equal(p.cluster_count, 1);
    assert_int_equal(p.clusters[0].members[0], 1);
    assert_int_equal(p.clusters[0].apart.micros, 240000000);
    assert_int_equal(p.clusters[0].together.micros, 150000000);
    assert_int_equal(p.clusters[0].changed, 0);
}

/* "b" stands on the cluster already, so that nobody brings it: 20 + 100 + 30. */
static void a_cluster_that_is_there_is_brought_by_nobody(void **state)
{
    (void)state;
    struct report_summary reports[] = {kubernetes("a", 60, 20), kubernetes("b", 100, 0), kubernetes("c", 80, 30)};
    reports[1].sharing.is_there = true;
    struct portfolio p = portfolio_of(reports, 3);
    assert_true(p.clusters[0].is_there);
    assert_int_equal(p.clusters[0].together.micros, 150000000);
}

static void sharing_never_costs_more_and_tells_what_it_changes(void **state)
{
    (void)state;
    struct report_summary reports[] = {kubernetes("a", 60, 70), kubernetes("b", 100, 40)};
    reports[0].verdict = VERDICT_TOO_CLOSE;
    struct portfolio p = portfolio_of(reports, 2);
    assert_int_equal(p.clusters[0].together.micros, 160000000);
    assert_int_equal(p.clusters[0].changed, 1);
    assert_int_equal(portfolio_of(reports, 1).cluster_count, 0);
}

static void decisions_are_listed_by_the_price_they_hang_on(void **state)
{
    (void)state;
    static const struct price_hinge A[] = {{{"prices.x", 8}, {"x", 1}, -0.3}, {{"prices.y", 8}, {"y", 1}, 0.05}};
    static const struct price_hinge B[] = {{{"prices.x", 8}, {"x", 1}, 0.1}};
    struct report_summary reports[] = {kubernetes("a", 60, 0), kubernetes("b", 100, 0)};
    reports[0].hinges = A;
    reports[0].hinge_count = 2;
    reports[1].hinges = B;
    reports[1].hinge_count = 1;
    struct portfolio p = portfolio_of(reports, 2);
    assert_int_equal(p.hinge_count, 2);
    assert_str(p.hinges[0].variable, "prices.x");
    assert_int_equal(p.hinges[0].count, 2);
    assert_int_equal(p.hinges[0].uses[0].report, 1);
    assert_int_equal(p.hinges[1].uses[0].report, 0);
}

static void a_site_without_decisions_has_an_empty_portfolio(void **state)
{
    (void)state;
    struct portfolio p = portfolio_of(NULL, 0);
    assert_int_equal(p.provider_count + p.platform_count + p.cluster_count + p.hinge_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spend_is_summed_by_provider_and_platform),
        cmocka_unit_test(on_one_cluster_the_dearest_pays_for_it),
        cmocka_unit_test(a_cluster_that_is_there_is_brought_by_nobody),
        cmocka_unit_test(sharing_never_costs_more_and_tells_what_it_changes),
        cmocka_unit_test(decisions_are_listed_by_the_price_they_hang_on),
        cmocka_unit_test(a_site_without_decisions_has_an_empty_portfolio),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
