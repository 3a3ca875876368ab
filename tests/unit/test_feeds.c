/* Units and exact arithmetic of the price feeds, and rows written into texts. */
#include "unit/unit.h"

#include "base/arena.h"
#include "feeds/measure.h"
#include "feeds/rules.h"
#include "feeds/patch.h"

#include <limits.h>

static struct decimal number(const char *text)
{
    struct decimal d;
    assert_true(decimal_parse(str_of(text), &d));
    return d;
}

static void check_decimal(struct decimal got, const char *want)
{
    struct strbuf sb = STRBUF_INIT;
    decimal_add(&sb, got);
    assert_text(&sb, want);
    strbuf_release(&sb);
}

/* ---- units --------------------------------------------------------------------------------------
 */

static void the_head_of_a_regex_is_in_every_text_that_it_finds(void **state)
{
    (void)state;
    static const struct {
        const char *regex, *head;
    } CASES[] = {
        {"^E2 Instance Core", "E2 Instance Core"},
        {"^E2 Instance [CR]", "E2 Instance "},
        {"^Standard_D[0-9]+s$", "Standard_D"},
        {"^D2s v5$", "D2s v5"},
        {"^ab?c", "a"}, /* "ac" is found too */
        {"^ab*", "a"},
        {"^ab{0,2}c", "a"},
        {"^a?b", ""},
        {"^ab+", "ab"},
        {"^a\\.b", "a"},
        {"^(a|b)c", ""},
        {"^a|b", ""},
        {"a", ""},
        {"^", ""},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        assert_str(feed_regex_head(str_of(CASES[i].regex)), CASES[i].head);
}

static void units_are_read_as_vendors_write_them(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        enum measure_data data;
        bool is_time;
        int64_t amount;
    } cases[] = {
        {"1 Hour", DATA_NONE, true, 3600},
        {"1/Hour", DATA_NONE, true, 3600},
        {"Hrs", DATA_NONE, true, 3600},
        {"h", DATA_NONE, true, 3600},
        {"100 Hours", DATA_NONE, true, 360000},
        {"1 Second", DATA_NONE, true, 1},
        {"1/Day", DATA_NONE, true, 86400},
        {"1/Month", DATA_NONE, true, 2628000}, // 730 h x 3600 s
        {"vCPU-Hours", DATA_NONE, true, 3600},
        {"LCU-Hrs", DATA_NONE, true, 3600},
        {"10", DATA_NONE, false, 10},
        {"10K", DATA_NONE, false, 10000},
        {"1M", DATA_NONE, false, 1000000},
        {"1,000", DATA_NONE, false, 1000},
        {"count", DATA_NONE, false, 1},
        {"Requests", DATA_NONE, false, 1},
        {"GB-Mo", DATA_DECIMAL, true, INT64_C(2628000000000000)},
        {"1 GB/Month", DATA_DECIMAL, true, INT64_C(2628000000000000)},
        {"Lambda-GB-Second", DATA_DECIMAL, true, 1000000000},
        {"1 GiB Second", DATA_BINARY, true, INT64_C(1073741824)}, // 2^30
        {"GiBy.s", DATA_BINARY, true, INT64_C(1073741824)},
        {"GiBy.h", DATA_BINARY, true, INT64_C(3865470566400)}, // 2^30 x 3600
        {"MiBy", DATA_BINARY, false, 1048576},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct measure m;
        assert_true(measure_parse(str_of(cases[i].text), &m));
        assert_int_equal(m.data, cases[i].data);
        assert_int_equal(m.is_time, cases[i].is_time);
        assert_true(m.amount == cases[i].amount);
    }
}

static void nonsense_is_no_unit(void **state)
{
    (void)state;
    struct measure m;
    assert_false(measure_parse(STR(""), &m));
    assert_false(measure_parse(STR("  "), &m));
    assert_false(measure_parse(STR("hour hour"), &m));
    assert_false(measure_parse(STR("GB GiB"), &m));
    assert_false(measure_parse(STR("0 Hours"), &m));
    assert_false(measure_parse(STR("99999999999999999999 Hours"), &m));
}

static void gigabytes_are_not_gibibytes(void **state)
{
    (void)state;
    struct measure gb, gib, hour;
    assert_true(measure_parse(STR("1 GB Second"), &gb));
    assert_true(measure_parse(STR("GiB-second"), &gib));
    assert_true(measure_parse(STR("instance-hour"), &hour));
    assert_false(measure_agrees(gb, gib));
    assert_false(measure_agrees(gb, hour));
    assert_true(measure_agrees(gib, gib));
}

/* ---- arithmetic ---------------------------------------------------------------------------------
 */

static void ratios_are_exact_where_they_end(void **state)
{
    (void)state;
    struct decimal d;
    assert_true(decimal_ratio(number("0.000002"), 1, 10, &d));
    check_decimal(d, "0.0000002");
    assert_true(decimal_ratio(number("0.09"), 1, 3600, &d)); // 0.09 / 3600 = 0.000025
    check_decimal(d, "0.000025");
    assert_true(decimal_ratio(number("0.05"), 1073741824, 1048576, &d)); // x 1024
    check_decimal(d, "51.2");
    assert_true(decimal_ratio(number("438"), 1, 8760, &d));
    check_decimal(d, "0.05");
    assert_true(decimal_ratio(number("0"), 7, 3, &d));
    check_decimal(d, "0");
}

static void ratios_without_an_end_are_rounded(void **state)
{
    (void)state;
    struct decimal d;
    assert_true(decimal_ratio(number("1"), 1, 3, &d));
    check_decimal(d, "0.333333333333");
    assert_true(decimal_ratio(number("2377"), 1, 8760, &d)); // 0.27134703196347...
    check_decimal(d, "0.271347031963");
    check_decimal(decimal_round(d, 6), "0.271347");
    check_decimal(decimal_round(number("0.0000005"), 6), "0");        // half to even
    check_decimal(decimal_round(number("0.0000015"), 6), "0.000002"); // half to even
    check_decimal(decimal_round(number("1.5"), 6), "1.5");
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    struct decimal d;
    assert_false(decimal_ratio(number("9000000000000000000"), 1000, 1, &d));
    assert_false(decimal_sum(number("9000000000000000000"), number("9000000000000000000"), &d));
    assert_true(decimal_sum(number("0.1"), number("0.002"), &d));
    check_decimal(d, "0.102");
    assert_true(decimal_sum(number("0.024"), number("-0.003"), &d));
    check_decimal(d, "0.021");
}

/* ---- rows in texts ------------------------------------------------------------------------------
 */

#define BOOK_JSON                                                                                   \
    "{ \"format\": \"breakeven-pricing/1\", /* day */ \"edition\": \"2026-01-01\", \"providers\": " \
    "{ \"x\": { \"name\": \"X\" } }, \"geographies\": { \"g\": { \"name\": \"G\", \"regions\": { "  \
    "\"x\": \"b\" } } }, \"files\": {} }"
#define HEAD                                                                                        \
    "{ \"format\": \"breakeven-prices/1\", \"provider\": \"x\", \"service\": \"S\", \"category\": " \
    "\"C\", \"subcategory\": \"D\", \"skus\": ["
#define ROW(region, day)                                                                              \
    "{ \"region\": \"" region "\", \"from\": \"" day                                                  \
    "\", \"basis\": \"seen\", \"usd\": \"1\", \"source\": \"https://example.com/\", \"confidence\": " \
    "\"data\" }"
#define NEW(region, day)                                                                                \
    "{ \"region\": \"" region "\", \"from\": \"" day                                                    \
    "\", \"basis\": \"seen\", \"usd\": \"2.5\", \"source\": \"https://example.org/\", \"confidence\": " \
    "\"official\", \"note\": \"say \\\"so\\\"\" }"

/* Adds a row for each day to SKU x-a in region b, and checks the whole text. */
static void check_patch(const char *before, const char *const *days, const char *after)
{
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct book_file files[] = {
        {STR("book.json"), STR("book.json"), STR(BOOK_JSON)},
        {STR("hardware.json"), STR("hardware.json"),
         STR("{ \"format\": \"breakeven-hardware/1\", \"hardware\": [] }")},
        {STR("prices/x.json"), STR("prices/x.json"), str_of(before)},
        {STR("throughput.json"), STR("throughput.json"),
         STR("{ \"format\": \"breakeven-throughput/1\", \"families\": [] }")},
    };
    struct book book;
    struct price_change changes[4] = {{0}};
    struct update u = {.changes = changes};
    struct book_file *out;
    size_t count;
    assert_true(book_parse(files, 4, STR("b"), a, &book, d));
    for (; days[u.change_count]; u.change_count++) {
        struct price_change *c = &changes[u.change_count];
        *c = (struct price_change){.sku = &book.skus[0],
                                   .region = STR("b"),
                                   .basis = PRICE_SEEN,
                                   .source = STR("https://example.org/"),
                                   .note = STR("say \"so\"")};
        assert_true(date_parse(str_of(days[u.change_count]), &c->from));
        c->quote.tiers[0].usd = number("2.5");
        c->quote.tier_count = 1;
    }
    struct date edition = date_civil(2026, 9, 1);
    assert_true(patch_book(files, 4, &u, edition, a, &out, &count, d));
    assert_int_equal(count, 2);
    assert_str(out[0].text, after);
    assert_str(out[1].name, "book.json");
    assert_true(str_find(out[1].text, STR("/* day */ \"edition\": \"2026-09-01\", \"prov")) <
                out[1].text.n);
    for (size_t i = 0; i < 4; i++)
        for (size_t k = 0; k < count; k++)
            if (str_equal(files[i].name, out[k].name))
                files[i].text = out[k].text;
    assert_true(book_parse(files, 4, STR("b"), a, &book, d)); // in order, and without overlap
    assert_int_equal(diags_errors(d), 0);
    arena_destroy(a);
}

#define SKU "{ \"sku\": \"x-a\", \"name\": \"A\", \"unit\": \"hour\", \"prices\": ["

static void a_row_stands_behind_the_older_ones(void **state)
{
    (void)state;
    static const char *const days[] = {"2026-05-01", NULL};
    check_patch(HEAD SKU "\n  " ROW("b", "2026-01-01") "\n] }] }", days,
                HEAD SKU "\n  " ROW("b", "2026-01-01") ",\n  " NEW("b", "2026-05-01") "\n] }] }");
}

static void a_row_of_the_past_stands_before_the_newer_ones(void **state)
{
    (void)state;
    static const char *const days[] = {"2025-05-01", NULL};
    check_patch(HEAD SKU
                "\n\t" ROW("any", "2026-01-01") ", // all\n\t" ROW("b", "2026-01-01") " ] }] }",
                days,
                HEAD SKU "\n\t" ROW("any", "2026-01-01") ", // all\n\t" NEW(
                    "b", "2025-05-01") ",\n\t" ROW("b", "2026-01-01") " ] }] }");
}

static void a_comment_stays_with_its_row(void **state)
{
    (void)state;
    static const char *const days[] = {"2026-05-01", "2026-06-01", NULL};
    check_patch(HEAD SKU "\n  " ROW("b", "2026-01-01") " // the first\n  /* and last */\n] }] }",
                days,
                HEAD SKU "\n  " ROW("b", "2026-01-01") ", // the first\n  /* and last */\n  " NEW(
                    "b", "2026-05-01") ",\n  " NEW("b", "2026-06-01") "\n] }] }");
}

static void lines_end_as_in_the_file(void **state)
{
    (void)state;
    static const char *const days[] = {"2026-05-01", NULL};
    check_patch(HEAD SKU "\r\n  " ROW("b", "2026-01-01") "\r\n] }] }", days,
                HEAD SKU
                "\r\n  " ROW("b", "2026-01-01") ",\r\n  " NEW("b", "2026-05-01") "\r\n] }] }");
}

static void one_line_stays_one_line(void **state)
{
    (void)state;
    static const char *const days[] = {"2026-05-01", NULL};
    check_patch(HEAD SKU ROW("b", "2026-01-01") "] }] }", days,
                HEAD SKU ROW("b", "2026-01-01") ", " NEW("b", "2026-05-01") "] }] }");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_head_of_a_regex_is_in_every_text_that_it_finds),
        cmocka_unit_test(units_are_read_as_vendors_write_them),
        cmocka_unit_test(nonsense_is_no_unit),
        cmocka_unit_test(gigabytes_are_not_gibibytes),
        cmocka_unit_test(ratios_are_exact_where_they_end),
        cmocka_unit_test(ratios_without_an_end_are_rounded),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(a_row_stands_behind_the_older_ones),
        cmocka_unit_test(a_row_of_the_past_stands_before_the_newer_ones),
        cmocka_unit_test(a_comment_stays_with_its_row),
        cmocka_unit_test(lines_end_as_in_the_file),
        cmocka_unit_test(one_line_stays_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
