#include "unit/unit.h"

#include "base/arena.h"
#include "report/wording.h"
#include "support/fixture.h"

#include <math.h>

#define MINUS "\xe2\x88\x92"
#define DASH "\xe2\x80\x93"

/* A figure and how it must read; the texts are written out by the rules in wording.h, by hand. */
struct number_case {
    double value;
    const char *want;
};

static void check_cases(void (*word)(struct strbuf *, double), const struct number_case *cases,
                        size_t count)
{
    struct strbuf sb = STRBUF_INIT;
    for (size_t i = 0; i < count; i++) {
        word(&sb, cases[i].value);
        assert_text(&sb, cases[i].want);
    }
    strbuf_release(&sb);
}

#define CHECK(word, cases) check_cases((word), (cases), sizeof(cases) / sizeof((cases)[0]))

static void money_has_three_digits_and_no_cents_above_ten(void **state)
{
    (void)state;
    static const struct number_case CASES[] = {
        {7282.49, "$7,280"},   {445.4, "$445"},      {15449, "$15,400"}, {1.534, "$1.53"},
        {999.5, "$1,000"},     {0, "$0"},            {0.001, "<$0.01"},  {-12.4, MINUS "$12"},
        {1234567, "$1,230,000"}, {((double)NAN), "not known"}, {((double)INFINITY), "not known"},
    };
    CHECK(wording_usd, CASES);
}

static void a_change_of_money_carries_its_sign(void **state)
{
    (void)state;
    static const struct number_case CASES[] = {
        {1482.3, "+$1,480"}, {-3120, MINUS "$3,120"}, {0, "$0"}, {((double)NAN), "not known"}};
    CHECK(wording_usd_change, CASES);
}

static void an_interval_has_two_digits_one_sign_and_an_en_dash(void **state)
{
    (void)state;
    struct strbuf sb = STRBUF_INIT;
    wording_usd_range(&sb, 5971, 9321);
    assert_text(&sb, "$6,000" DASH "9,300");
    wording_usd_interval(&sb, 5971, 9321);
    assert_text(&sb, "$6,000 to $9,300");
    wording_usd_range(&sb, 98, 164);
    assert_text(&sb, "$98" DASH "160");
    wording_usd_range(&sb, 0.5, 2.04);
    assert_text(&sb, "$0.50" DASH "2.00");
    wording_usd_interval(&sb, 9.96, 57.4); /* ten dollars have no cents, also when rounded to */
    assert_text(&sb, "$10 to $57");
    wording_usd_range(&sb, ((double)NAN), 4);
    assert_text(&sb, "not known");
    strbuf_release(&sb);
}

static void axis_labels_are_short(void **state)
{
    (void)state;
    static const struct number_case CASES[] = {
        {300, "$300"}, {1000, "$1k"}, {30000, "$30k"}, {2.5e6, "$2.5M"}, {0, "$0"}, {-200, MINUS "$200"}};
    CHECK(wording_usd_axis, CASES);
}

static void prices_read_exactly_as_published(void **state)
{
    (void)state;
    static const struct {
        const char *price, *want;
    } CASES[] = {{"0.0000166667", "$0.0000166667"}, {"0.2", "$0.20"}, {"0.1", "$0.10"},
                 {"21.957642", "$21.957642"},       {"150000", "$150,000"}, {"0.357", "$0.357"},
                 {"-0.2", MINUS "$0.20"}};
    struct strbuf sb = STRBUF_INIT;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct decimal d;
        assert_true(decimal_parse(str_of(CASES[i].price), &d));
        wording_price(&sb, d);
        assert_text(&sb, CASES[i].want);
    }
    strbuf_release(&sb);
}

static void quantities_keep_every_digit_in_groups_of_three(void **state)
{
    (void)state;
    static const struct {
        const char *quantity, *want;
    } CASES[] = {{"15894.9972", "15,894.9972"}, {"730000000", "730,000,000"}, {"730", "730"},
                 {"1000", "1,000"},             {"999.999999", "999.999999"}, {"-400000", MINUS "400,000"},
                 {"0.008333", "0.008333"},      {"123456.5", "123,456.5"}};
    struct strbuf sb = STRBUF_INIT;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct decimal d;
        assert_true(decimal_parse(str_of(CASES[i].quantity), &d));
        wording_decimal(&sb, d);
        assert_text(&sb, CASES[i].want);
    }
    strbuf_release(&sb);
}

static void percents_are_whole_and_small_ones_keep_a_digit(void **state)
{
    (void)state;
    static const struct number_case CASES[] = {{0.174, "17%"}, {0.004, "0.4%"}, {1, "100%"}, {2.71, "271%"},
                                               {0, "0%"},      {-0.15, MINUS "15%"}, {12.5, "1,250%"}, {((double)NAN), "not known"}};
    CHECK(wording_percent, CASES);
    static const struct number_case SHARES[] = {{0.93, "93%"}, {0.995, ">99%"}, {1, ">99%"}, {0.99, "99%"},
                                                {0.003, "<1%"}, {0, "0%"}, {((double)NAN), "not known"}};
    CHECK(wording_share, SHARES);
    static const struct number_case CHANGES[] = {{-0.18, MINUS "18%"}, {0.26, "+26%"}, {1.19, "+119%"},
                                                 {0.004, "0%"}, {-0.004, "0%"}};
    CHECK(wording_percent_change, CHANGES);
    static const struct number_case CHANCES[] = {{0.011, "1.1%"}, {0.00004, "under 0.01%"}, {0, "none"},
                                                 {0.0002, "0.02%"}, {((double)NAN), "not known"}};
    CHECK(wording_chance, CHANCES);
}

static void margins_keep_a_tenth_below_a_whole(void **state)
{
    (void)state;
    static const struct number_case CASES[] = {{0.296, "29.6%"}, {0.3, "30%"},    {0.025, "2.5%"}, {-0.0249, MINUS "2.5%"},
                                               {2.352, "235%"},  {0.9996, "100%"}, {-0.0004, "0%"}, {0, "0%"},
                                               {((double)NAN), "not known"}};
    CHECK(wording_margin, CASES);
}

static void an_input_moves_the_margin_from_a_tenth_of_a_point_on(void **state)
{
    (void)state;
    struct sensitivity s = {.low = 1, .high = 2, .margin_at_low = 0.3, .margin_at_high = 0.3009, .usd_at_low = 1, .usd_at_high = 1};
    assert_false(wording_moves_margin(&s, 0.3));
    s.margin_at_high = 0.3011;
    assert_true(wording_moves_margin(&s, 0.3));
    s.margin_at_high = s.usd_at_high = (double)NAN; /* a limit breaks there: that is worth a row */
    assert_true(wording_moves_margin(&s, 0.3));
    s.high = 1; /* no range at all */
    assert_false(wording_moves_margin(&s, 0.3));
}

static void counts_have_three_digits_at_most(void **state)
{
    (void)state;
    static const struct number_case CASES[] = {{540, "540"},     {9999, "10,000"}, {62000, "62k"},   {11.7e6, "11.7M"},
                                               {30e6, "30M"},    {999600, "1M"},   {3.14e9, "3.14B"}, {0, "0"},
                                               {1234, "1,230"},  {0.25, "0.25"}};
    CHECK(wording_count, CASES);
    static const struct number_case PROSE[] = {{62000, "62,000"}, {11.7e6, "11.7 million"}, {30e6, "30 million"}, {2e9, "2 billion"}};
    CHECK(wording_count_prose, PROSE);
}

static void times_change_unit_with_their_size(void **state)
{
    (void)state;
    static const struct number_case CASES[] = {{190, "190 ms"},   {6200, "6,200 ms"}, {9999, "9,999 ms"}, {191.6, "192 ms"},
                                               {55000, "55 s"},   {240e3, "4 min"},   {7200e3, "2 h"},    {2.4, "2.4 ms"},
                                               {0.04, "0.04 ms"}, {((double)NAN), "not known"}};
    CHECK(wording_ms, CASES);
    /* Beside 12.2 s a difference of 2,804 ms is 2.8 s. */
    static const struct number_case SECONDS[] = {{2804, "2.8 s"}, {50, "0.05 s"}, {10500, "10.5 s"}, {240e3, "4 min"},
                                                 {((double)NAN), "not known"}};
    CHECK(wording_seconds, SECONDS);
}

static void a_value_reads_in_the_manner_of_its_unit(void **state)
{
    (void)state;
    static const struct {
        double value;
        const char *unit, *want;
    } CASES[] = {{30e6, "request/day", "30M a day"}, {0.65, "share", "65%"}, {140, "ms", "140 ms"}, {0.1, "FTE", "0.10 FTE"},
                 {0.82, "list", "82% of list"},      {4096, "MB", "4,096 MB"}, {1.5, "ratio", "1.5"}, {24, "GB", "24 GB"},
                 {90, "s", "90 s"},                  {600, "s", "10 min"},  {18000, "USD/month", "$18,000 a month"},
                 {903, "request/s", "903 a second"}, {((double)NAN), "ms", "not known"},
                 /* A flip at 28 % under 0.12 FTE is at 0.0864, not at 0.09. */
                 {0.0864, "FTE", "0.0864 FTE"},      {0.35, "FTE", "0.35 FTE"}, {1, "FTE", "1.00 FTE"},
                 {12290, "MB", "12,290 MB"},         {0.7, "$ per replica-hour", "$0.70 per replica-hour"},
                 {1, "x", "1.0 times"},              {1.4, "x", "1.4 times"},   {30, "run/month", "30 a month"},
                 {0, "connection", "0"},             {0.4, "kB/request", "0.4 kB a request"}};
    struct strbuf sb = STRBUF_INIT;
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        wording_value(&sb, CASES[i].value, str_of(CASES[i].unit));
        assert_text(&sb, CASES[i].want);
    }
    wording_value_range(&sb, 0.57, 0.73, STR("share"));
    assert_text(&sb, "57% to 73%");
    wording_value_range(&sb, 128, 153, STR("ms"));
    assert_text(&sb, "128 to 153 ms");
    wording_value_range(&sb, 50000, 100000, STR("request/day"));
    assert_text(&sb, "50k to 100k a day");
    wording_value_range(&sb, 9000, 12000, STR("ms")); /* units differ */
    assert_text(&sb, "9,000 ms to 12 s");
    wording_value(&sb, 10.68, STR("list"));
    assert_text(&sb, "10.7 times list");
    wording_value(&sb, 0.0000166667, STR("$ per GB-second"));
    assert_text(&sb, "$0.0000167 per GB-second");
    wording_value_range(&sb, 2, 2, STR("count"));
    assert_text(&sb, "fixed");
    strbuf_release(&sb);
}

static void capitals_leave_percentiles_alone(void **state)
{
    (void)state;
    struct strbuf sb = STRBUF_INIT;
    wording_capital(&sb, STR("node utilisation"));
    assert_text(&sb, "Node utilisation");
    wording_capital(&sb, STR("p99 tolerance"));
    assert_text(&sb, "p99 tolerance");
    wording_capital(&sb, STR("Kubernetes prices"));
    assert_text(&sb, "Kubernetes prices");
    wording_capital(&sb, STR(""));
    assert_text(&sb, "");
    strbuf_release(&sb);
}

/* ---- verdicts ---- */

static void all_sentences(struct strbuf *sb, const struct decision *d)
{
    struct strbuf one = STRBUF_INIT;
    for (size_t i = 0; i < VERDICT_SENTENCES; i++) {
        strbuf_clear(&one);
        if (!wording_verdict_sentence(&one, d, i))
            continue;
        strbuf_add(sb, strbuf_str(&one));
        strbuf_addc(sb, '\n');
    }
    strbuf_release(&one);
}

static void a_decided_verdict_gives_rank_runner_up_share_and_flips(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    const struct decision *d = fixture_report(FIXTURE_DECIDED, a)->decision;
    struct strbuf sb = STRBUF_INIT;
    wording_verdict(&sb, d);
    assert_text(&sb, "Kubernetes: Amazon EKS, c7i.2xlarge nodes");
    /* By hand: Lambda 8,763.61 less EKS 7,281.42 is 1,482.19, which is 20.4 % of 7,281.42. */
    all_sentences(&sb, d);
    assert_text(&sb, "It costs least of the 7 options that meet every answer.\n"
                     "The runner-up, AWS Lambda, provisioned concurrency, costs $1,480 a month (20%) more.\n"
                     "An option on Kubernetes is the cheapest in 93 of 100 simulated cases.\n"
                     "The choice flips below 11.7 million requests a day, or with serverless prices under 82% of list.\n");
    strbuf_release(&sb);
    arena_destroy(a);
}

static void draws_in_which_nothing_holds_are_said(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct decision d = *fixture_report(FIXTURE_DECIDED, a)->decision;
    struct strbuf sb = STRBUF_INIT;
    d.recommendation.nothing_share = 0.041;
    assert_true(wording_verdict_sentence(&sb, &d, 2));
    assert_text(&sb, "An option on Kubernetes is the cheapest in 93 of 100 simulated cases; in 4 nothing meets every limit.");
    d.recommendation.nothing_share = 0.003;
    assert_true(wording_verdict_sentence(&sb, &d, 2));
    assert_text(&sb, "An option on Kubernetes is the cheapest in 93 of 100 simulated cases; in fewer than 1 nothing meets every limit.");
    strbuf_release(&sb);
    arena_destroy(a);
}

static void options_less_than_a_dollar_apart_are_called_level(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct decision d = *fixture_report(FIXTURE_DECIDED, a)->decision;
    struct option options[32];
    assert_true(d.option_count <= 32 && d.recommendation.option == 0);
    for (size_t i = 0; i < d.option_count; i++)
        options[i] = d.options[i];
    d.options = options;
    int next = d.recommendation.next_best, other = d.recommendation.runner_up;
    options[next].monthly.micros = options[0].monthly.micros + 990000; /* 99 cents */
    struct strbuf sb = STRBUF_INIT;
    assert_true(wording_verdict_sentence(&sb, &d, 0));
    struct strbuf want = STRBUF_INIT;
    strbuf_adds(&want, "It costs least of the 7 options that meet every answer, level with ");
    strbuf_add(&want, options[next].name);
    strbuf_adds(&want, ": they are less than a dollar a month apart.");
    assert_text(&sb, want.s);
    options[next].monthly = options[0].monthly;
    assert_true(wording_verdict_sentence(&sb, &d, 0));
    strbuf_clear(&want);
    strbuf_adds(&want, "It costs least of the 7 options that meet every answer, level with ");
    strbuf_add(&want, options[next].name);
    strbuf_adds(&want, ": they cost the same, and the one whose id comes first is named.");
    assert_text(&sb, want.s);
    options[other].monthly.micros = options[0].monthly.micros + 10000; /* a cent */
    assert_true(wording_verdict_sentence(&sb, &d, 1));
    assert_text(&sb, "The runner-up, AWS Lambda, provisioned concurrency, costs the same to within a dollar a month.");
    strbuf_release(&want);
    strbuf_release(&sb);
    arena_destroy(a);
}

static void a_close_call_names_both_sides_and_what_to_measure(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    const struct decision *d = fixture_report(FIXTURE_TOO_CLOSE, a)->decision;
    struct strbuf sb = STRBUF_INIT;
    wording_verdict(&sb, d);
    assert_text(&sb, "Too close: Amazon EKS, c7i.2xlarge nodes or AWS Lambda, provisioned concurrency");
    all_sentences(&sb, d);
    assert_text(&sb, "A month costs $7,280 on Amazon EKS, c7i.2xlarge nodes, and $8,760 on AWS Lambda, provisioned concurrency: "
                     "the difference lies inside its own uncertainty.\n"
                     "An option on Kubernetes is the cheapest in 58 of 100 simulated cases.\n"
                     "The answers lean toward Kubernetes.\n"
                     "To tell them apart, measure Kubernetes operations, then node utilisation.\n"
                     "The choice flips below 11.7 million requests a day, or with serverless prices under 82% of list.\n");
    strbuf_release(&sb);
    arena_destroy(a);
}

static void an_infeasible_verdict_says_which_answer_to_relax(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    const struct decision *d = fixture_report(FIXTURE_INFEASIBLE, a)->decision;
    struct strbuf sb = STRBUF_INIT;
    wording_verdict(&sb, d);
    assert_text(&sb, "No option meets every answer");
    all_sentences(&sb, d);
    assert_text(&sb, "A p99 of 360 ms instead of 300 ms would let AWS Lambda in, at $8,760 a month.\n");
    strbuf_release(&sb);
    arena_destroy(a);
}

static void flips_read_under_over_and_never(void **state)
{
    (void)state;
    struct strbuf sb = STRBUF_INIT;
    struct sensitivity s = {.now = 0.65, .flips_at = 0.52, .unit = STR("share")};
    wording_flip(&sb, &s);
    assert_text(&sb, "under 52%");
    wording_now(&sb, &s);
    assert_text(&sb, "65%");
    s = (struct sensitivity){.now = 1, .flips_at = 1.26, .is_price = true};
    wording_flip(&sb, &s);
    assert_text(&sb, "over 126% of list");
    wording_now(&sb, &s);
    assert_text(&sb, "list");
    s.flips_at = ((double)NAN);
    wording_flip(&sb, &s);
    assert_text(&sb, "never");
    strbuf_release(&sb);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(money_has_three_digits_and_no_cents_above_ten),
        cmocka_unit_test(a_change_of_money_carries_its_sign),
        cmocka_unit_test(an_interval_has_two_digits_one_sign_and_an_en_dash),
        cmocka_unit_test(axis_labels_are_short),
        cmocka_unit_test(prices_read_exactly_as_published),
        cmocka_unit_test(quantities_keep_every_digit_in_groups_of_three),
        cmocka_unit_test(percents_are_whole_and_small_ones_keep_a_digit),
        cmocka_unit_test(margins_keep_a_tenth_below_a_whole),
        cmocka_unit_test(an_input_moves_the_margin_from_a_tenth_of_a_point_on),
        cmocka_unit_test(counts_have_three_digits_at_most),
        cmocka_unit_test(times_change_unit_with_their_size),
        cmocka_unit_test(a_value_reads_in_the_manner_of_its_unit),
        cmocka_unit_test(capitals_leave_percentiles_alone),
        cmocka_unit_test(a_decided_verdict_gives_rank_runner_up_share_and_flips),
        cmocka_unit_test(draws_in_which_nothing_holds_are_said),
        cmocka_unit_test(options_less_than_a_dollar_apart_are_called_level),
        cmocka_unit_test(a_close_call_names_both_sides_and_what_to_measure),
        cmocka_unit_test(an_infeasible_verdict_says_which_answer_to_relax),
        cmocka_unit_test(flips_read_under_over_and_never),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
