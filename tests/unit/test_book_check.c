/* Staleness and coverage of tests/golden/pricing/valid, whose rows are dated for the purpose. */
#include "unit/unit.h"

#include "base/arena.h"
#include "pricing/check.h"

struct loaded {
    struct arena *a;
    struct book book;
};

static int load(void **state)
{
    static struct loaded l;
    l.a = arena_create();
    *state = &l;
    return book_load("tests/golden/pricing/valid", l.a, &l.book, diags_new(l.a)) ? 0 : 1;
}

static int unload(void **state)
{
    arena_destroy(((struct loaded *)*state)->a);
    return 0;
}

/* One line an entry: "sku region age", "<" before it where it is behind its on-demand price. */
static void check_stale(void **state, struct date today, int max_age_days, const char *want)
{
    struct loaded *l = *state;
    struct strbuf sb = STRBUF_INIT;
    struct stale *stale;
    size_t count;
    book_staleness(&l->book, today, max_age_days, l->a, &stale, &count);
    for (size_t i = 0; i < count; i++) {
        const struct stale *s = &stale[i];
        struct str name = s->sku ? s->sku->id : s->platform->id;
        struct str region = s->sku ? s->price->region : STR("-");
        strbuf_addf(&sb, "%s%.*s %.*s %d\n", s->is_behind_on_demand ? "<" : "", STR_ARG(name),
                    STR_ARG(region), s->age_days);
    }
    assert_text(&sb, want);
    strbuf_release(&sb);
}

/*
 * On 2026-10-10, by hand: g5.xlarge was checked on 2026-09-20, 20 days before; its first day,
 * 2026-06-01, does not count. The reserved row of 2026-03-01 (30 + 30 + 31 + 30 + 31 + 31 + 30 + 10
 * = 223 days) is older than that first day: behind. The spot row of 2026-08-01 is 70 days old,
 * m5.large of 2026-07-01 is 101, the free plane and the salaries of 2026-01-01 are 282.
 */
static void a_price_is_as_old_as_the_last_day_it_was_known(void **state)
{
    check_stale(state, date_civil(2026, 10, 10), 1000,
                "<ec2-g5.xlarge:reserved-1y us-east-1 223\n"
                "eks-cluster any 2454\n"
                "lambda-gb-second us-east-1 1528\n"
                "lambda-request any 2139\n");
    check_stale(state, date_civil(2026, 10, 10), 100,
                "<ec2-g5.xlarge:reserved-1y us-east-1 223\n"
                "ec2-m5.large us-east-1 101\n"
                "eks-cluster any 2454\n"
                "free-plane any 282\n"
                "lambda-gb-second us-east-1 1528\n"
                "lambda-request any 2139\n"
                "platform-engineer eu-west 282\n"
                "platform-engineer us-east 282\n"
                "modal - 251\n");
}

static void the_maximum_age_itself_is_not_old(void **state)
{
    struct loaded *l = *state;
    struct stale *stale;
    size_t with, without;
    book_staleness(&l->book, date_civil(2026, 10, 10), 100, l->a, &stale, &with);
    book_staleness(&l->book, date_civil(2026, 10, 10), 101, l->a, &stale, &without);
    assert_int_equal(with, without + 1); // m5.large, 101 days old
}

static void withdrawn_and_future_prices_are_not_old(void **state)
{
    // lambda-gb-second of ap-south-1 ended on 2026-06-30; before 2020 nothing is in force.
    check_stale(state, date_civil(2019, 1, 1), 0, "");
}

static void a_platform_no_longer_sold_is_not_old(void **state)
{
    struct loaded *l = *state;
    struct stale *stale;
    size_t count;
    book_staleness(&l->book, date_civil(2026, 11, 1), 30, l->a, &stale, &count);
    for (size_t i = 0; i < count; i++)
        if (stale[i].platform)
            assert_false(str_is(stale[i].platform->id, "modal"));
}

static void check_gaps(void **state, struct date day, const char *want)
{
    struct loaded *l = *state;
    struct strbuf sb = STRBUF_INIT;
    struct gap *gaps;
    size_t count;
    book_check_coverage(&l->book, day, l->a, &gaps, &count);
    for (size_t i = 0; i < count; i++) {
        const struct gap *g = &gaps[i];
        strbuf_addf(&sb, "%.*s %.*s %s", STR_ARG(g->platform->id),
                    STR_ARG(l->book.geographies[g->geography].id), gap_word(g->reason));
        if (g->sku)
            strbuf_addf(&sb, " %.*s", STR_ARG(g->sku->id));
        strbuf_addc(&sb, '\n');
    }
    assert_text(&sb, want);
    strbuf_release(&sb);
}

static void coverage_names_what_is_lacking_where(void **state)
{
    check_gaps(state, date_civil(2026, 6, 30),
               "eks eu-west no machine with a price\n"
               "eks ap-south no machine with a price\n"
               "lambda eu-west no price lambda-gb-second\n"
               "modal ap-south not offered\n");
}

static void a_price_that_ended_is_withdrawn_and_an_ended_platform_left_out(void **state)
{
    check_gaps(state, date_civil(2026, 11, 1),
               "eks eu-west no machine with a price\n"
               "eks ap-south no machine with a price\n"
               "lambda eu-west no price lambda-gb-second\n"
               "lambda ap-south withdrawn lambda-gb-second\n");
}

/* Whatever the report later finds lacking, it must be in this list: the same question, sku_price. */
static void no_gap_means_that_every_meter_has_a_price(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct book b;
    struct gap *gaps;
    size_t count;
    bool early;
    assert_true(book_load("pricing", a, &b, d));
    book_check_coverage(&b, b.edition, a, &gaps, &count);
    for (size_t i = 0; i < b.platform_count; i++) {
        const struct platform *p = &b.platforms[i];
        for (size_t g = 0; platform_is_available(p, b.edition) && g < b.geography_count; g++) {
            bool has_gap = false, lacks = p->region[g].n == 0;
            for (size_t k = 0; k < count; k++)
                has_gap |= gaps[k].platform == p && gaps[k].geography == (int)g;
            for (size_t m = 0; m < p->meter_count; m++)
                if (!p->meters[m].is_machine)
                    lacks |= !sku_price(p->meters[m].sku, p->region[g], b.edition, &early);
            assert_true(has_gap || !lacks);
        }
    }
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_price_is_as_old_as_the_last_day_it_was_known),
        cmocka_unit_test(the_maximum_age_itself_is_not_old),
        cmocka_unit_test(withdrawn_and_future_prices_are_not_old),
        cmocka_unit_test(a_platform_no_longer_sold_is_not_old),
        cmocka_unit_test(coverage_names_what_is_lacking_where),
        cmocka_unit_test(a_price_that_ended_is_withdrawn_and_an_ended_platform_left_out),
        cmocka_unit_test(no_gap_means_that_every_meter_has_a_price),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
