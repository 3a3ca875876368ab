/* A memory of pure functions: what was asked is answered again, and nothing else. */
#include "unit/unit.h"

#include "base/arena.h"
#include "cost/memo.h"

#include <math.h>

static void a_question_is_answered_once(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct memo *m = memo_new(a, 8, sizeof(double));
    const double question[] = {1, 2.5};
    bool known = true;
    double *answer = memo_at(m, question, 2, &known);
    assert_false(known);
    *answer = 7;
    assert_float_equal(*(double *)memo_at(m, question, 2, &known), 7, 0);
    assert_true(known);
    arena_destroy(a);
}

/* 1 and the next double are other questions; so is a question with a figure more. */
static void questions_that_differ_in_the_last_bit_are_others(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct memo *m = memo_new(a, 1024, sizeof(double));
    const double one[] = {1, 0}, other[] = {nextafter(1, 2), 0};
    bool known;
    *(double *)memo_at(m, one, 1, &known) = 1;
    memo_at(m, other, 1, &known);
    assert_false(known);
    memo_at(m, one, 2, &known);
    assert_false(known);
    arena_destroy(a);
}

/* Two places: the third question takes that of the first, which was not asked for longest and is asked anew. */
static void a_later_question_takes_the_place_of_an_earlier_one(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct memo *m = memo_new(a, 2, sizeof(double));
    const double one[] = {1}, two[] = {2}, three[] = {3};
    bool known;
    *(double *)memo_at(m, one, 1, &known) = 1;
    *(double *)memo_at(m, two, 1, &known) = 2;
    *(double *)memo_at(m, three, 1, &known) = 3;
    assert_false(known);
    assert_float_equal(*(double *)memo_at(m, two, 1, &known), 2, 0);
    assert_true(known);
    assert_float_equal(*(double *)memo_at(m, three, 1, &known), 3, 0);
    assert_true(known);
    memo_at(m, one, 1, &known);
    assert_false(known);
    arena_destroy(a);
}

/* Numbers that differ in their exponents alone fill the places evenly: of 64 questions in 512 pairs hardly
 * ever three meet. */
static void numbers_with_few_digits_keep_their_places(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct memo *m = memo_new(a, 1024, sizeof(double));
    bool known;
    for (int i = 0; i < 64; i++)
        memo_at(m, (const double[]){0.25, 3, ldexp(1, i)}, 3, &known);
    size_t kept = 0;
    for (int i = 0; i < 64; i++) {
        memo_at(m, (const double[]){0.25, 3, ldexp(1, i)}, 3, &known);
        kept += known;
    }
    assert_true(kept >= 62);
    arena_destroy(a);
}

/* Texts count by their bytes, wherever they lie. */
/* 23 figures are marked side by side and three of them one by one: each counts by its last bit, and so does where it stands. */
static void every_figure_of_a_long_mark_counts_where_it_stands(void **state)
{
    (void)state;
    double figures[23];
    for (size_t i = 0; i < 23; i++)
        figures[i] = 1 + (double)i;
    const uint64_t mark = memo_mark(0, figures, 23);
    assert_true(mark == memo_mark(0, figures, 23));
    assert_true(mark != memo_mark(1, figures, 23));
    assert_true(mark != memo_mark(0, figures, 22));
    for (size_t i = 0; i < 23; i++) {
        double was = figures[i];
        figures[i] = nextafter(was, 100);
        assert_true(mark != memo_mark(0, figures, 23));
        figures[i] = was;
        for (size_t k = 0; k < i; k++) {
            figures[i] = figures[k];
            figures[k] = was;
            assert_true(mark != memo_mark(0, figures, 23));
            figures[k] = figures[i];
            figures[i] = was;
        }
    }
}

static void equal_texts_are_one_figure(void **state)
{
    (void)state;
    const char copy[] = "cpu";
    double a = memo_text(STR("cpu")), b = memo_text((struct str){copy, 3}), c = memo_text(STR("gpu"));
    assert_memory_equal(&a, &b, sizeof a);
    assert_memory_not_equal(&a, &c, sizeof a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_question_is_answered_once),
        cmocka_unit_test(questions_that_differ_in_the_last_bit_are_others),
        cmocka_unit_test(a_later_question_takes_the_place_of_an_earlier_one),
        cmocka_unit_test(numbers_with_few_digits_keep_their_places),
        cmocka_unit_test(every_figure_of_a_long_mark_counts_where_it_stands),
        cmocka_unit_test(equal_texts_are_one_figure),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
