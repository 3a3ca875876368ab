#include "unit/unit.h"

#include "render/svg.h"

#include <math.h>

static void coordinates_have_one_decimal_and_no_negative_zero(void **state)
{
    (void)state;
    struct strbuf sb = STRBUF_INIT;
    svg_num(&sb, 12.34);
    strbuf_addc(&sb, ' ');
    svg_num(&sb, -0.01);
    strbuf_addc(&sb, ' ');
    svg_num(&sb, 1e6);
    assert_text(&sb, "12.3 0 1000000");
    strbuf_release(&sb);
}

static void text_from_outside_is_escaped(void **state)
{
    (void)state;
    struct strbuf sb = STRBUF_INIT;
    svg_text(&sb, 1, 2, SVG_END, "tx", STR("<b> & \""));
    assert_text(&sb, "<text x=\"1\" y=\"2\" text-anchor=\"end\" class=\"tx\">&lt;b&gt; &amp; &quot;</text>");
    strbuf_release(&sb);
}

static void long_text_is_cut_between_letters(void **state)
{
    (void)state;
    struct strbuf sb = STRBUF_INIT;
    /* Ten letters of 8 units (two bytes each); 40 units leave room for three and the ellipsis. */
    svg_text_fit(&sb, 0, 0, SVG_START, NULL, STR("\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4\xc3\xa4"), 40);
    assert_text(&sb, "<text x=\"0\" y=\"0\">\xc3\xa4\xc3\xa4\xc3\xa4\xe2\x80\xa6</text>");
    svg_text_fit(&sb, 0, 0, SVG_START, NULL, STR("short"), 40);
    assert_text(&sb, "<text x=\"0\" y=\"0\">short</text>");
    strbuf_release(&sb);
}

static void every_class_has_a_shape_of_its_own(void **state)
{
    (void)state;
    struct strbuf sb = STRBUF_INIT;
    svg_mark(&sb, 'k', 10, 10, 5, false);
    assert_text(&sb, "<rect class=\"fk\" x=\"5.3\" y=\"5.3\" width=\"9.4\" height=\"9.4\"/>");
    svg_mark(&sb, 's', 10, 10, 5, true);
    assert_text(&sb, "<circle class=\"fs halo\" cx=\"10\" cy=\"10\" r=\"5\"/>");
    svg_mark(&sb, 'm', 10, 10, 5, false);
    assert_text(&sb, "<path class=\"fm\" d=\"M10 4.5L15.8 14.5H4.2z\"/>");
    svg_mark(&sb, 'h', 10, 10, 5, false);
    assert_text(&sb, "<path class=\"fh\" d=\"M10 4L16 10L10 16L4 10z\"/>");
    strbuf_release(&sb);
}

static void linear_ticks_are_round_and_inside(void **state)
{
    (void)state;
    struct scale s = {5800, 12900, 0, 100, false};
    double ticks[SCALE_TICKS];
    assert_int_equal(scale_ticks(&s, 4, ticks), 4); /* 6, 8, 10, 12 thousand */
    for (size_t i = 0; i < 4; i++)
        assert_true(fabs((ticks[i]) - (6000 + 2000 * (double)i)) < 1e-6);
    s = (struct scale){-0.15, 0.3, 0, 100, false};
    assert_int_equal(scale_ticks(&s, 5, ticks), 5); /* -0.1 to 0.3 */
    assert_true(fabs((ticks[0]) - (-0.1)) < 1e-9);
    assert_true(fabs((ticks[4]) - (0.3)) < 1e-9);
    assert_true(fabs((scale_at(&s, -0.15)) - (0)) < 1e-9);
    assert_true(fabs((scale_at(&s, 0.3)) - (100)) < 1e-9);
}

static void log_ticks_step_by_one_three_ten_while_they_fit(void **state)
{
    (void)state;
    struct scale s = {1e5, 1e8, 0, 300, true};
    double ticks[SCALE_TICKS];
    size_t n = scale_ticks(&s, 10, ticks);
    assert_int_equal(n, 7); /* 100k 300k 1M 3M 10M 30M 100M */
    assert_true(fabs((ticks[1]) - (3e5)) < 1);
    assert_true(fabs((ticks[6]) - (1e8)) < 1);
    assert_int_equal(scale_ticks(&s, 5, ticks), 4); /* whole decades */
    assert_true(fabs((scale_at(&s, 1e6)) - (100)) < 1e-9);
    s = (struct scale){1, 1e12, 0, 300, true};
    n = scale_ticks(&s, 5, ticks);
    assert_true(n >= 2 && n <= 5);
}

static void ids_differ_between_variants(void **state)
{
    (void)state;
    struct strbuf sb = STRBUF_INIT;
    struct svg_frame f = {CHART_SLIM, 380, 100, "iv", STR("T"), STR("D & d")};
    svg_open(&sb, &f);
    assert_text(&sb, "<svg class=\"ch slim\" viewBox=\"0 0 380 100\" width=\"380\" height=\"100\" role=\"img\" "
                     "aria-labelledby=\"iv-nt iv-nd\">\n<title id=\"iv-nt\">T</title>\n<desc id=\"iv-nd\">D &amp; d</desc>\n");
    f.variant = CHART_FILE;
    svg_open(&sb, &f);
    assert_true(str_starts(strbuf_str(&sb), STR("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"-16 -16 412 132\"")));
    strbuf_release(&sb);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(coordinates_have_one_decimal_and_no_negative_zero),
        cmocka_unit_test(text_from_outside_is_escaped),
        cmocka_unit_test(long_text_is_cut_between_letters),
        cmocka_unit_test(every_class_has_a_shape_of_its_own),
        cmocka_unit_test(linear_ticks_are_round_and_inside),
        cmocka_unit_test(log_ticks_step_by_one_three_ten_while_they_fit),
        cmocka_unit_test(ids_differ_between_variants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
