#include "unit/unit.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "claims/load.h"
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

/* One article whose list of claims is `claims`, with ' for ". */
static bool parse(const char *claims, struct claims *out, struct diags *d)
{
    static const struct book EMPTY;
    struct str text = str_printf(arena,
                                 "{'format': 'breakeven-claims/1', 'articles': [{'id': 's1', 'title': 'Article', 'date': '2024-12-31', "
                                 "'date_basis': 'stated', 'date_why': 'it says so', 'claims': [\n%s\n]}]}",
                                 claims);
    char *bytes = arena_new(arena, char, text.n);
    for (size_t i = 0; i < text.n; i++)
        bytes[i] = text.s[i] == '\'' ? '"' : text.s[i];
    struct claims_file file = {STR("claims.json"), {bytes, text.n}};
    return claims_parse(&file, 1, &EMPTY, false, arena, out, d);
}

static enum claim_verdict verdict_of(const char *claim)
{
    struct diags *d = diags_new(arena);
    struct claims claims;
    struct strbuf sb = STRBUF_INIT;
    bool ok = parse(claim, &claims, d);
    diags_print(d, &sb, false);
    assert_text(&sb, "");
    strbuf_release(&sb);
    assert_true(ok);
    return claim_evaluate(&claims.claims[0], date_civil(2026, 1, 1), arena).verdict;
}

#define CHECK(says, formula) "{'of': 'x', " says "'unit': 'x', 'formula': '" formula "'}"
#define CLAIM(checks) "{'id': 's1-01', 'text': 't', 'why': 'w', 'checks': [" checks "]}"

static void a_claim_holds_within_its_tolerance(void **state)
{
    (void)state;
    assert_int_equal(verdict_of(CLAIM(CHECK("'says': 100, ", "100"))), CLAIM_HOLDS);
    assert_int_equal(verdict_of(CLAIM(CHECK("'says': 100, ", "104.9"))), CLAIM_HOLDS);
    assert_int_equal(verdict_of(CLAIM(CHECK("'says': 100, ", "105.1"))), CLAIM_FAILS);
    assert_int_equal(verdict_of(CLAIM(CHECK("'says': 100, 'tolerance': 0, ", "100.001"))), CLAIM_FAILS);
    assert_int_equal(verdict_of(CLAIM(CHECK("'says': 0, ", "0"))), CLAIM_HOLDS);
    assert_int_equal(verdict_of(CLAIM(CHECK("'says': -10, ", "-10.4"))), CLAIM_HOLDS);
    assert_int_equal(verdict_of(CLAIM(CHECK("'says': -10, ", "-10.6"))), CLAIM_FAILS);
}

static void a_range_may_be_open_on_one_side(void **state)
{
    (void)state;
    assert_int_equal(verdict_of(CLAIM(CHECK("'says': [10, 20], ", "15"))), CLAIM_HOLDS);
    assert_int_equal(verdict_of(CLAIM(CHECK("'says': [10, 20], ", "9.6"))), CLAIM_HOLDS);
    assert_int_equal(verdict_of(CLAIM(CHECK("'says': [10, 20], ", "9.4"))), CLAIM_FAILS);
    assert_int_equal(verdict_of(CLAIM(CHECK("'says': [10, null], ", "1000000"))), CLAIM_HOLDS);
    assert_int_equal(verdict_of(CLAIM(CHECK("'says': [null, 20], ", "-1000000"))), CLAIM_HOLDS);
    assert_int_equal(verdict_of(CLAIM(CHECK("'says': [null, 20], ", "22"))), CLAIM_FAILS);
}

static void every_judged_check_must_hold(void **state)
{
    (void)state;
    assert_int_equal(verdict_of(CLAIM(CHECK("'says': 1, ", "1") ", " CHECK("'says': 1, ", "2"))), CLAIM_FAILS);
    assert_int_equal(verdict_of(CLAIM(CHECK("'says': 1, ", "1") ", " CHECK("", "2"))), CLAIM_HOLDS);
    assert_int_equal(verdict_of(CLAIM(CHECK("", "2"))), CLAIM_OPEN);
    assert_int_equal(verdict_of(CLAIM("")), CLAIM_OPEN);
    /* A figure that is not known leaves a claim open, unless another fails. */
    assert_int_equal(verdict_of(CLAIM(CHECK("'says': 1, ", "1") ", " CHECK("'says': 1, ", "1 / 0"))), CLAIM_OPEN);
    assert_int_equal(verdict_of(CLAIM(CHECK("'says': 1, ", "2") ", " CHECK("'says': 1, ", "1 / 0"))), CLAIM_FAILS);
}

static void mistakes_of_a_file_are_found_in_one_run(void **state)
{
    (void)state;
    struct diags *d = diags_new(arena);
    struct claims claims;
    struct strbuf sb = STRBUF_INIT;
    assert_false(parse("{'id': 's1-01', 'text': 't'},\n"
                       "{'id': 'S1', 'text': 't', 'why': 'w', 'wy': 1},\n"
                       "{'id': 's1-03', 'text': 't', 'checks': [{'of': 'x', 'unit': 'x', 'says': [2, 1], 'formula': '1 +* 2'}]},\n"
                       "{'id': 's1-04', 'text': 't', 'why': 'w', 'inputs': {'A': [1, 'x'], 'b': 3}},\n"
                       "{'id': 's1-01', 'text': 't', 'why': 'w'}",
                       &claims, d));
    for (size_t i = 0; i < diags_count(d); i++) {
        size_t line = 0, column = 0;
        where_line(diags_get(d, i)->where, &line, &column);
        strbuf_addf(&sb, "%zu:%zu %.*s\n", line, column, STR_ARG(diags_get(d, i)->message));
    }
    assert_text(&sb, "2:1 s1-01 has nothing to judge and no reason\n"
                     "3:8 this is not an id\n"
                     "3:39 unknown key \"wy\" in claims\n"
                     "4:74 this is not what a claim can say\n"
                     "4:97 expected a number, a name or \"(\" here\n"
                     "5:53 an input's name cannot be \"A\"\n"
                     "5:73 the input b is not a value with its unit\n"
                     "6:1 there are two claims \"s1-01\"\n");
    strbuf_release(&sb);
}

static void an_input_that_no_formula_uses_is_a_warning(void **state)
{
    (void)state;
    struct diags *d = diags_new(arena);
    struct claims claims;
    assert_true(parse("{'id': 's1-01', 'text': 't', 'inputs': {'a': [1, 'x'], 'b': [1, 'x']}, 'checks': [" CHECK("'says': 1, ", "a") "]}",
                      &claims, d));
    assert_int_equal(diags_warnings(d), 1);
    assert_str(diags_get(d, 0)->message, "no formula of s1-01 uses b");
}

static void claims_are_found_by_id(void **state)
{
    (void)state;
    struct diags *d = diags_new(arena);
    struct claims claims;
    assert_true(parse("{'id': 's1-02', 'text': 'two', 'why': 'w'}, {'id': 's1-10', 'text': 'ten', 'why': 'w'}, {'id': 's1-01', 'text': 'one', 'why': 'w'}",
                      &claims, d));
    assert_str(claims_find(&claims, STR("s1-10"))->text, "ten");
    assert_str(claims_find(&claims, STR("s1-01"))->text, "one");
    assert_null(claims_find(&claims, STR("s1-03")));
    assert_null(claims_find(NULL, STR("s1-03")));
}

/* ---- the bundled claims, by hand ---- */

static struct claims bundled;
static struct book book;

static void load_bundled(void)
{
    if (bundled.count > 0)
        return;
    struct diags *d = diags_new(arena);
    struct strbuf sb = STRBUF_INIT;
    bool ok = book_load("pricing", arena, &book, d) && claims_load("content/claims", &book, arena, &bundled, d);
    diags_print(d, &sb, false);
    assert_text(&sb, "");
    strbuf_release(&sb);
    assert_true(ok);
}

static void check_figure(const char *id, size_t check, struct date day, double want, enum claim_verdict verdict)
{
    const struct claim *c = claims_find(&bundled, str_of(id));
    assert_non_null(c);
    struct claim_result r = claim_evaluate(c, day, arena);
    double got = r.checks[check].value;
    if (!(fabs(got - want) <= 5e-4 * fabs(want)))
        fail_msg("%s: %.8g, by hand %.8g", id, got, want);
    if (r.verdict != verdict)
        fail_msg("%s: %s", id, claim_verdict_word(r.verdict));
}

static void bundled_figures_equal_those_made_by_hand(void **state)
{
    (void)state;
    load_bundled();
    struct date then = date_civil(2024, 12, 31), now = date_civil(2026, 11, 21);
    /* 3,000,000 x 2 s x 1 GB x 0.0000166667 = 100.0002; 3 x 0.20 = 0.60 */
    check_figure("s1-08", 0, now, 100.6002, CLAIM_HOLDS);
    /* less 400,000 GB-s and 1,000,000 requests: 5,600,000 x 0.0000166667 = 93.33352; 2 x 0.20 */
    check_figure("s1-08", 1, now, 93.73352, CLAIM_HOLDS);
    /* 1 - 12,000 / 47,000 */
    check_figure("s0-02", 0, now, 74.468, CLAIM_HOLDS);
    /* 50 x 2,628,000 x 0.027 */
    check_figure("s0-32", 0, now, 3547800, CLAIM_FAILS);
    /* 304,166.67 GB: 10,240 x 0.09 + 40,960 x 0.085 + 102,400 x 0.07 + 150,566.67 x 0.05 */
    check_figure("s0-81", 0, now, 19099.53, CLAIM_FAILS);
    check_figure("s0-81", 1, now, 27375, CLAIM_FAILS);
    /* 1 - 4.88 / 14.68 */
    check_figure("s0-62", 0, now, 66.757, CLAIM_FAILS);
    /* 2.20 x 730 */
    check_figure("s1-02", 0, now, 1606, CLAIM_HOLDS);
    /* 18,000 / (2,000,000 x 30.41667) */
    check_figure("s0-54", 0, now, 0.00029589, CLAIM_HOLDS);
    /* 40 x 52 / 12 = 173.333 h at 32.7726, since June 2025 at 21.957642 */
    check_figure("s2-39", 0, then, 5680.58, CLAIM_FAILS);
    check_figure("s2-39", 0, now, 3805.99, CLAIM_FAILS);
    /* The price of that machine held until it was cut. */
    check_figure("s0-29", 0, then, 32.7726, CLAIM_HOLDS);
    check_figure("s0-29", 0, now, 21.957642, CLAIM_FAILS);
    /* 0.048 / (1,769 / 1,024 x 0.0000166667 x 3,600) */
    check_figure("s1-10", 0, now, 46.3087, CLAIM_HOLDS);
    /* 8,500 against 304,166,667 x (1.57 x 0.0000166667 + 0.0000002) */
    check_figure("s2-41", 0, now, 8019.9, CLAIM_HOLDS);
    /* (10 + 9.5 + 5.5 + 3 + 9) / 5 */
    check_figure("s3-26", 0, now, 7.4, CLAIM_FAILS);
    /* A week has 2,016 windows of 5 minutes, one of them busy: sqrt(2,016 - 1) */
    check_figure("s2-22", 0, now, 44.889, CLAIM_HOLDS);
}

static void at_least_a_hundred_bundled_claims_are_judged(void **state)
{
    (void)state;
    size_t judged = 0;
    load_bundled();
    for (size_t i = 0; i < bundled.count; i++)
        judged += claim_evaluate(&bundled.claims[i], date_civil(2026, 11, 21), arena).verdict != CLAIM_OPEN;
    assert_int_equal(bundled.count, 268);
    assert_true(judged >= 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_claim_holds_within_its_tolerance),
        cmocka_unit_test(a_range_may_be_open_on_one_side),
        cmocka_unit_test(every_judged_check_must_hold),
        cmocka_unit_test(mistakes_of_a_file_are_found_in_one_run),
        cmocka_unit_test(an_input_that_no_formula_uses_is_a_warning),
        cmocka_unit_test(claims_are_found_by_id),
        cmocka_unit_test(bundled_figures_equal_those_made_by_hand),
        cmocka_unit_test(at_least_a_hundred_bundled_claims_are_judged),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
