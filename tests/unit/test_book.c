/* The questions to a book: which price holds where and when, and what a quantity costs. */
#include "unit/unit.h"

#include "pricing/book.h"

#include <math.h>

/* Figures are equal to within `tolerance`; 0 asks for the very same double. */
static void check_near(double got, double want, double tolerance, int line)
{
    if (fabs(got - want) <= tolerance)
        return;
    print_error("line %d: got %.17g, want %.17g\n", line, got, want);
    fail();
}

#define assert_near(got, want, tolerance) check_near((got), (want), (tolerance), __LINE__)

static struct date day(const char *text)
{
    struct date d;
    assert_true(date_parse(str_of(text), &d));
    return d;
}

static struct decimal dec(const char *text)
{
    struct decimal d;
    assert_true(decimal_parse(str_of(text), &d));
    return d;
}

static struct price row(const char *region, const char *from, const char *until, const char *usd)
{
    return (struct price){.region = str_of(region),
                          .from = day(from),
                          .until = until ? day(until) : DATE_NONE,
                          .checked = DATE_NONE,
                          .usd = dec(usd)};
}

/* "1.5", "none", or "1.5 early" */
static void check_price(const struct sku *sku, const char *region, const char *on, const char *want)
{
    struct strbuf sb = STRBUF_INIT;
    bool early;
    const struct price *p = sku_price(sku, str_of(region), day(on), &early);
    if (p)
        decimal_add(&sb, p->usd);
    else
        strbuf_adds(&sb, "none");
    if (early)
        strbuf_adds(&sb, " early");
    assert_text(&sb, want);
    strbuf_release(&sb);
}

static void the_latest_row_not_after_the_day_holds(void **state)
{
    (void)state;
    const struct price rows[] = {
        row("any", "2024-01-01", NULL, "9"),
        row("us-east-1", "2025-01-01", NULL, "1"),
        row("us-east-1", "2025-06-01", NULL, "2"),
        row("us-east-1", "2026-12-01", NULL, "3"),
    };
    struct sku sku = {.prices = rows, .price_count = 4};
    check_price(&sku, "us-east-1", "2025-01-01", "1");
    check_price(&sku, "us-east-1", "2025-05-31", "1");
    check_price(&sku, "us-east-1", "2025-06-01", "2");
    check_price(&sku, "us-east-1", "2026-11-30", "2");
    check_price(&sku, "us-east-1", "2026-12-01", "3");
    check_price(&sku, "us-east-1", "2099-01-01", "3");
}

static void a_day_before_the_first_row_uses_it_and_says_so(void **state)
{
    (void)state;
    const struct price rows[] = {row("us-east-1", "2025-01-01", NULL, "1"),
                                 row("us-east-1", "2025-06-01", NULL, "2")};
    struct sku sku = {.prices = rows, .price_count = 2};
    check_price(&sku, "us-east-1", "2024-12-31", "1 early");
    check_price(&sku, "us-east-1", "1999-01-01", "1 early");
}

static void a_region_without_rows_of_its_own_takes_those_of_any(void **state)
{
    (void)state;
    const struct price rows[] = {row("any", "2024-01-01", NULL, "9"),
                                 row("eu-west-1", "2025-01-01", NULL, "1")};
    struct sku sku = {.prices = rows, .price_count = 2};
    check_price(&sku, "eu-west-1", "2024-06-01", "1 early"); // its own row stands: not that of any
    check_price(&sku, "ap-south-1", "2026-01-01", "9");
    check_price(&sku, "any", "2026-01-01", "9");
}

static void no_row_is_no_price(void **state)
{
    (void)state;
    const struct price rows[] = {row("us-east-1", "2025-01-01", NULL, "1")};
    struct sku sku = {.prices = rows, .price_count = 1}, empty = {.price_count = 0};
    check_price(&sku, "eu-west-1", "2026-01-01", "none");
    check_price(&sku, "", "2026-01-01", "none");
    check_price(&empty, "us-east-1", "2026-01-01", "none");
}

static void a_withdrawn_sku_has_a_price_through_its_last_day(void **state)
{
    (void)state;
    const struct price rows[] = {row("us-east-1", "2025-01-01", "2025-03-31", "1"),
                                 row("us-east-1", "2025-06-01", NULL, "2")};
    struct sku sku = {.prices = rows, .price_count = 2};
    check_price(&sku, "us-east-1", "2025-03-31", "1");
    check_price(&sku, "us-east-1", "2025-04-01", "none"); // between the periods
    check_price(&sku, "us-east-1", "2025-06-01", "2");
}

static void a_flat_price_is_quantity_times_price(void **state)
{
    (void)state;
    struct price p = row("any", "2025-01-01", NULL, "0.25");
    assert_near(price_cost(&p, 10), 2.5, 1e-12);
    assert_near(price_cost(&p, 0), 0, 0.0);
    assert_near(price_cost(&p, -5), 0, 0.0);
    assert_near(price_cost(&p, (double)NAN), 0, 0.0);
}

/*
 * Egress as AWS sells it: 10,240 GB at 0.09, up to 51,200 at 0.085, up to 153,600 at 0.07, then 0.05.
 * 10,240 x 0.09 = 921.6; 40,960 x 0.085 = 3,481.6; 102,400 x 0.07 = 7,168; together 11,571.2.
 */
static void tiers_are_cumulative(void **state)
{
    (void)state;
    const struct price_tier tiers[] = {{10240, dec("0.09")},
                                       {51200, dec("0.085")},
                                       {153600, dec("0.07")},
                                       {(double)INFINITY, dec("0.05")}};
    struct price p = row("any", "2025-01-01", NULL, "0.09");
    p.tiers = tiers;
    p.tier_count = 4;
    assert_near(price_cost(&p, 100), 9.0, 1e-9);
    assert_near(price_cost(&p, 10240), 921.6, 1e-9);
    assert_near(price_cost(&p, 10241), 921.685, 1e-9);
    assert_near(price_cost(&p, 51200), 4403.2, 1e-9);
    assert_near(price_cost(&p, 153600), 11571.2, 1e-9);
    assert_near(price_cost(&p, 253600), 16571.2, 1e-9); // 100,000 more at 0.05: 5,000
}

static void ids_and_aliases_are_found_and_nothing_else(void **state)
{
    (void)state;
    const struct sku skus[] = {
        {.id = STR("a")}, {.id = STR("b")}, {.id = STR("b:spot")}, {.id = STR("c")}};
    const struct platform platforms[] = {{.id = STR("p")}, {.id = STR("q")}};
    const struct str aliases[] = {STR("a10g"), STR("A10G-24")};
    const struct hardware hardware[] = {{.id = STR("cpu")},
                                        {.id = STR("A10G"), .aliases = aliases, .alias_count = 2}};
    const struct family families[] = {{.id = STR("bert"), .aliases = aliases, .alias_count = 1}};
    const struct provider providers[] = {{.id = STR("aws")}, {.id = STR("gcp")}};
    const struct geography geographies[] = {{.id = STR("us-east")}};
    const struct book b = {.skus = skus,
                           .sku_count = 4,
                           .platforms = platforms,
                           .platform_count = 2,
                           .hardware = hardware,
                           .hardware_count = 2,
                           .families = families,
                           .family_count = 1,
                           .providers = providers,
                           .provider_count = 2,
                           .geographies = geographies,
                           .geography_count = 1};
    for (size_t i = 0; i < 4; i++)
        assert_ptr_equal(book_sku(&b, skus[i].id), &skus[i]);
    assert_null(book_sku(&b, STR("bb")));
    assert_null(book_sku(&b, STR("")));
    assert_ptr_equal(book_platform(&b, STR("q")), &platforms[1]);
    assert_null(book_platform(&b, STR("r")));
    assert_ptr_equal(book_hardware(&b, STR("A10G")), &hardware[1]);
    assert_ptr_equal(book_hardware(&b, STR("A10G-24")), &hardware[1]);
    assert_null(book_hardware(&b, STR("a10")));
    assert_ptr_equal(book_family(&b, STR("a10g")), &families[0]);
    assert_null(book_family(&b, STR("gpt")));
    assert_int_equal(book_provider(&b, STR("gcp")), 1);
    assert_int_equal(book_provider(&b, STR("azure")), -1);
    assert_int_equal(book_geography(&b, STR("us-east")), 0);
    assert_int_equal(book_geography(&b, STR("eu-west")), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_latest_row_not_after_the_day_holds),
        cmocka_unit_test(a_day_before_the_first_row_uses_it_and_says_so),
        cmocka_unit_test(a_region_without_rows_of_its_own_takes_those_of_any),
        cmocka_unit_test(no_row_is_no_price),
        cmocka_unit_test(a_withdrawn_sku_has_a_price_through_its_last_day),
        cmocka_unit_test(a_flat_price_is_quantity_times_price),
        cmocka_unit_test(tiers_are_cumulative),
        cmocka_unit_test(ids_and_aliases_are_found_and_nothing_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
