#include "unit/unit.h"

#include "base/arena.h"
#include "base/diag.h"
#include "claims/expression.h"
#include "pricing/book.h"

#include <math.h>

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

/* Two dollars until 2025-06-01, then one; the first ten units of "tiered" cost 3 dollars, the rest 1.
 * "gone" is not sold after 2024. */
static const struct book *small_book(void)
{
    static const struct price_tier TIERS[] = {{10.0, {3, 0}}, {(double)INFINITY, {1, 0}}};
    struct price *prices = arena_new(arena, struct price, 4);
    prices[0] = (struct price){.region = STR("us"), .from = date_civil(2024, 1, 1), .until = DATE_NONE, .usd = {2, 0}, .free_quantity = 5};
    prices[1] = (struct price){.region = STR("us"), .from = date_civil(2025, 6, 1), .until = DATE_NONE, .usd = {1, 0}, .free_quantity = 5};
    prices[2] = (struct price){.region = STR("any"), .from = date_civil(2023, 1, 1), .until = date_civil(2024, 12, 31), .usd = {7, 0}};
    prices[3] = (struct price){.region = STR("us"), .from = date_civil(2024, 1, 1), .until = DATE_NONE, .usd = {3, 0}, .tiers = TIERS, .tier_count = 2};
    struct sku *skus = arena_new(arena, struct sku, 3);
    skus[0] = (struct sku){.id = STR("gone"), .prices = &prices[2], .price_count = 1};
    skus[1] = (struct sku){.id = STR("plain"), .prices = &prices[0], .price_count = 2};
    skus[2] = (struct sku){.id = STR("tiered"), .prices = &prices[3], .price_count = 1};
    struct platform *platform = arena_new(arena, struct platform, 1);
    *platform = (struct platform){.id = STR("fn"), .has_cold_start = true, .start_ms = {50, 150, 1700}};
    for (int i = 0; i < LIMIT_COUNT; i++)
        platform->limit[i] = (double)NAN;
    platform->limit[LIMIT_MEMORY_GB] = 10;
    struct book *b = arena_new(arena, struct book, 1);
    *b = (struct book){.skus = skus, .sku_count = 3, .platforms = platform, .platform_count = 1};
    return b;
}

static const struct str INPUTS[] = {{"calls", 5}, {"gb", 2}};
static const double VALUES[] = {1000, 0.5};

static const struct expression *parse(const char *text, struct diags *d)
{
    struct expression_names names = {INPUTS, 2, small_book(), false};
    struct str whole = str_printf(arena, "x = \"%s\"", text);
    struct where where = {STR("claims.json"), whole, 4, strlen(text) + 2};
    return expression_parse(where, str_of(text), &names, arena, d);
}

static double value_on(const char *text, struct date day, bool *early)
{
    struct diags *d = diags_new(arena);
    const struct expression *e = parse(text, d);
    struct strbuf sb = STRBUF_INIT;
    diags_print(d, &sb, false);
    assert_text(&sb, "");
    strbuf_release(&sb);
    assert_non_null(e);
    return expression_value(e, VALUES, day, early);
}

#define TODAY date_civil(2026, 11, 21)

static void check_value(const char *text, double want, int line)
{
    double got = value_on(text, TODAY, NULL);
    if (!(fabs(got - want) <= 1e-9 * fabs(want)))
        fail_msg("line %d: %s is %.12g, not %.12g", line, text, got, want);
}

#define assert_value(text, want) check_value((text), (want), __LINE__)

static void operators_bind_as_in_school(void **state)
{
    (void)state;
    assert_value("1 + 2 * 3", 7);
    assert_value("(1 + 2) * 3", 9);
    assert_value("10 - 4 - 3", 3);
    assert_value("12 / 4 / 3", 1);
    assert_value("2 ^ 3 ^ 2", 512);
    assert_value("-2 ^ 2", -4);
    assert_value("2 ^ -1", 0.5);
    assert_value("--3", 3);
    assert_value("2.5e6 * 0.0000002", 0.5);
}

static void names_are_inputs_and_constants_of_time(void **state)
{
    (void)state;
    assert_value("calls * gb", 500);
    assert_value("hours_per_month * 3600", 2628000);
    assert_value("seconds_per_month / seconds_per_day", 30.416666666666668);
    assert_value("days_per_month * 24", 730);
}

static void functions_take_their_arguments(void **state)
{
    (void)state;
    assert_value("min(3, 1, 2)", 1);
    assert_value("max(3, calls, 2)", 1000);
    assert_value("max(4)", 4);
    assert_value("ceil(7 / 2) + floor(7 / 2)", 7);
}

static void prices_are_those_of_the_day(void **state)
{
    (void)state;
    bool early;
    assert_value("price('plain', 'us')", 1);
    assert_true(fabs(value_on("price('plain', 'us')", date_civil(2025, 5, 31), &early) - 2) <= 0);
    assert_false(early);
    assert_true(fabs(value_on("price('plain', 'us')", date_civil(2023, 5, 31), &early) - 2) <= 0);
    assert_true(early);
    assert_value("free('plain', 'us') * 2", 10);
    assert_value("price(\"plain\", \"us\")", 1);
}

/* 10 units at 3 dollars and 15 at 1 make 45. */
static void a_cost_goes_through_the_tiers(void **state)
{
    (void)state;
    assert_value("cost('tiered', 'us', 25)", 45);
    assert_value("cost('tiered', 'us', calls - 990) + 1", 31);
    assert_value("cost('tiered', 'us', 0)", 0);
}

static void the_catalogue_answers_without_a_date(void **state)
{
    (void)state;
    assert_value("limit('fn', 'memory_gb')", 10);
    assert_value("start_ms('fn', 'low') + start_ms('fn', 'likely') + start_ms('fn', 'high')", 1900);
}

static void what_is_not_known_is_never_zero(void **state)
{
    (void)state;
    assert_true(isnan(value_on("price('gone', 'us')", TODAY, NULL)));
    assert_true(isnan(value_on("min(1, price('gone', 'us'))", TODAY, NULL)));
    assert_true(isnan(value_on("price('gone', 'us') ^ 0", TODAY, NULL)));
    assert_true(isnan(value_on("1 / (calls - 1000)", TODAY, NULL)));
    assert_true(isnan(value_on("0 ^ -1", TODAY, NULL)));
    assert_true(isnan(value_on("10 ^ 300 * 10 ^ 300", TODAY, NULL)));
}

static void a_formula_tells_its_prices_and_inputs(void **state)
{
    (void)state;
    struct diags *d = diags_new(arena);
    const struct expression *e = parse("calls * price('plain', 'us') + cost('tiered', 'us', 2)", d);
    bool used[2] = {false, false};
    expression_uses(e, used);
    assert_true(used[0]);
    assert_false(used[1]);
    assert_int_equal(expression_price_count(e), 2);
    assert_str(expression_price_get(e, 0).sku->id, "plain");
    assert_str(expression_price_get(e, 1).sku->id, "tiered");
}

/* Column, message and hint of the first fault. Columns count from 1; the formula begins in column 6. */
static void faults_stand_at_their_place(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } CASES[] = {
        {"1 +", "1:9: error: the formula ends too early"},
        {"1 2", "1:8: error: expected an operator here"},
        {"(1 + 2", "1:12: error: expected \")\" here"},
        {"1 + call", "1:10: error: unknown name \"call\""},
        {"1.", "1:6: error: this is not a number"},
        {"1..2", "1:6: error: this is not a number"},
        {"+1", "1:6: error: expected a number, a name or \"(\" here"},
        {"price('plan', 'us')", "1:13: error: the price book has no such SKU"},
        {"price('plain', 'eu')", "1:22: error: the SKU has no price in this region"},
        {"price('plain')", "1:19: error: expected \",\" here"},
        {"price(plain, us)", "1:12: error: expected text in quotes here"},
        {"price('plain, us)", "1:12: error: the quote is not closed"},
        {"limit('fm', 'memory_gb')", "1:13: error: the price book has no such platform"},
        {"limit('fn', 'memory')", "1:19: error: a platform has no such limit"},
        {"limit('fn', 'gpus')", "1:19: error: the catalogue knows no such limit of this platform"},
        {"start_ms('fn', 'p50')", "1:22: error: a start has no such value"},
        {"ceil(1, 2)", "1:12: error: expected \")\" here"},
        {"", "1:6: error: the formula ends too early"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct diags *d = diags_new(arena);
        struct strbuf sb = STRBUF_INIT;
        assert_null(parse(CASES[i].text, d));
        assert_int_equal(diags_errors(d), 1);
        diags_print(d, &sb, false);
        struct str rest = str_slice(strbuf_str(&sb), strlen("claims.json:"), sb.n), line;
        assert_true(str_next_line(&rest, &line));
        assert_str(line, CASES[i].want);
        strbuf_release(&sb);
    }
}

static void a_book_of_ones_own_may_lack_what_a_formula_asks_for(void **state)
{
    (void)state;
    static const char *const TEXTS[] = {"price('plan', 'us')", "cost('plain', 'eu', 3) + 1", "limit('fm', 'gpus')", "limit('fn', 'gpus')",
                                        "1 + start_ms('fm', 'low')"};
    struct expression_names names = {INPUTS, 2, small_book(), true};
    for (size_t i = 0; i < sizeof TEXTS / sizeof *TEXTS; i++) {
        struct diags *d = diags_new(arena);
        const struct expression *e = expression_parse(where_file(STR("x")), str_of(TEXTS[i]), &names, arena, d);
        assert_non_null(e);
        assert_int_equal(diags_count(d), 0);
        assert_true(isnan(expression_value(e, VALUES, TODAY, NULL)));
    }
}

static void depth_and_length_are_bounded(void **state)
{
    (void)state;
    struct strbuf deep = STRBUF_INIT, lengthy = STRBUF_INIT;
    for (int i = 0; i < 10000; i++) {
        strbuf_addc(&deep, '(');
        strbuf_adds(&lengthy, i > 0 ? "+1" : "1");
    }
    struct diags *d = diags_new(arena);
    assert_null(parse(deep.s, d));
    assert_str(diags_get(d, 0)->message, "the formula is nested too deeply");
    d = diags_new(arena);
    assert_null(parse(lengthy.s, d));
    assert_str(diags_get(d, 0)->message, "the formula is too long");
    strbuf_release(&deep);
    strbuf_release(&lengthy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operators_bind_as_in_school),
        cmocka_unit_test(names_are_inputs_and_constants_of_time),
        cmocka_unit_test(functions_take_their_arguments),
        cmocka_unit_test(prices_are_those_of_the_day),
        cmocka_unit_test(a_cost_goes_through_the_tiers),
        cmocka_unit_test(the_catalogue_answers_without_a_date),
        cmocka_unit_test(what_is_not_known_is_never_zero),
        cmocka_unit_test(a_formula_tells_its_prices_and_inputs),
        cmocka_unit_test(faults_stand_at_their_place),
        cmocka_unit_test(a_book_of_ones_own_may_lack_what_a_formula_asks_for),
        cmocka_unit_test(depth_and_length_are_bounded),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
