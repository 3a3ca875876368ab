#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/strbuf.h"
#include "latency/random.h"
#include "support/reference.h"
#include "traffic/summary.h"
#include "traffic/trace.h"

#include <math.h>

static struct arena *arena;
static struct diags *diags;
static struct trace trace;

static bool parse(const char *text)
{
    diags = diags_new(arena);
    return trace_parse(STR("traffic.csv"), str_of(text), arena, &trace, diags);
}

/* The only diagnostic: its line, column and the start of its message. */
static void assert_complaint(size_t line, size_t column, const char *message)
{
    struct str want = str_of(message);
    assert_int_equal(diags_count(diags), 1);
    const struct diag *d = diags_get(diags, 0);
    size_t got_line = 0, got_column = 0;
    (void)where_line(d->where, &got_line, &got_column);
    if (!str_starts(d->message, want))
        print_error("got %.*s, want %.*s\n", STR_ARG(d->message), STR_ARG(want));
    assert_true(str_starts(d->message, want));
    assert_int_equal(got_line, line);
    assert_int_equal(got_column, column);
}

static void reads_iso_times_with_and_without_a_heading(void **state)
{
    (void)state;
    assert_true(parse("timestamp,requests\n2024-03-01T00:00:00Z,5\n2024-03-01T00:01:00Z,7\n"));
    assert_int_equal(diags_count(diags), 0);
    assert_int_equal(trace.count, 2);
    assert_int_equal(trace.bin_s, 60);
    /* 2024-03-01 is 19,783 days after 1970-01-01 */
    assert_true(trace.at_s[0] == INT64_C(19783) * 86400);
    assert_near("total", trace.total, 12.0, 0.0);
    assert_true(parse("2024-03-01 00:00Z,5\r\n2024-03-01 01:00Z,7.0"));
    assert_int_equal(trace.bin_s, 3600);
}

static void reads_offsets_dates_epochs_quotes_and_a_byte_order_mark(void **state)
{
    (void)state;
    assert_true(parse("2024-03-01T01:00:00+01:00,5\n2024-02-29T22:31:00-0130,7\n"));
    assert_true(trace.at_s[0] == INT64_C(19783) * 86400);
    assert_int_equal(trace.bin_s, 60);
    assert_true(parse("2024-03-01,5\n2024-03-02,7\n"));
    assert_int_equal(trace.bin_s, 86400);
    assert_true(parse("1709251200,5\n1709251210.000,7\n"));
    assert_int_equal(trace.bin_s, 10);
    assert_true(parse(
        "\xEF\xBB\xBFtimestamp,requests\n\"2024-03-01T00:00:00Z\",\"5\"\n\n2024-03-01T00:05:00.000Z, 7\n"));
    assert_int_equal(trace.bin_s, 300);
    assert_int_equal(diags_count(diags), 0);
}

static void a_time_without_a_zone_is_utc_and_said_so_once(void **state)
{
    (void)state;
    assert_true(parse("2024-03-01T00:00:00,5\n2024-03-01T00:01:00,7\n"));
    assert_complaint(1, 1, "times without a zone are read as UTC");
}

static void each_mistake_names_its_place(void **state)
{
    (void)state;

    static const struct {
        const char *text;
        size_t line, column;
        const char *message;
    } CASES[] = {
        {"2024-03-01T00:00:00Z,5\nnever,7\n", 2, 1, "not a time"},
        {"2024-02-30T00:00:00Z,5\n", 1, 1, "not a time"},
        {"2024-03-01T24:00:00Z,5\n", 1, 1, "not a time"},
        {"2024-03-01T00:00:00X,5\n", 1, 1, "not a time"},
        {"1709251200000,5\n", 1, 1, "this time looks like milliseconds"},
        {"2024-03-01T00:00:00.250Z,5\n", 1, 1, "a bin starts at a whole second"},
        {"2024-03-01T00:00:00Z,-5\n", 1, 22, "a count cannot be negative"},
        {"2024-03-01T00:00:00Z,1.5\n", 1, 22, "not a whole number"},
        {"2024-03-01T00:00:00Z,NaN\n", 1, 22, "not a number"},
        {"2024-03-01T00:00:00Z,1e3\n", 1, 22, "not a number"},
        {"2024-03-01T00:00:00Z,\n", 1, 1, "no count"},
        {"2024-03-01T00:00:00Z,99999999999999999\n", 1, 22, "too large a count"},
        {"2024-03-01T00:00:00Z,5,6\n", 1, 24, "more than two columns"},
        {"2024-03-01T00:00:00Z;5\n", 1, 1, "no comma in this row"},
        {"2024-03-01T00:00:00Z,5\n", 0, 0, "a trace needs at least two rows"},
        {"", 0, 0, "a trace needs at least two rows"},
        {"timestamp,requests\n", 0, 0, "a trace needs at least two rows"},
        {"0,1\n60,2\n60,3\n", 3, 1, "this time occurs already in line 2"},
        {"0,1\n60,2\n120,3\n150,1\n", 4, 1, "this time is 30 s after the one before it"},
        {"0,0\n60,0\n", 0, 0, "no bin of this trace has a request"},
    };

    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        if (parse(CASES[i].text))
            print_error("accepted: %s\n", CASES[i].text);
        assert_int_equal(diags_errors(diags), 1);
        assert_complaint(CASES[i].line, CASES[i].column, CASES[i].message);
    }
}

static void unsorted_rows_are_sorted_with_a_warning(void **state)
{
    (void)state;
    assert_true(parse("120,3\n60,2\n0,1\n"));
    assert_true(trace.was_unsorted);
    assert_complaint(2, 1, "this row is earlier than the one before it");
    assert_near("first", trace.requests[0], 1.0, 0.0);
    assert_near("last", trace.requests[2], 3.0, 0.0);
}

static void gaps_are_listed_and_never_filled(void **state)
{
    (void)state;
    assert_true(parse("0,1\n60,2\n240,3\n300,4\n420,5\n"));
    assert_complaint(0, 0,
                     "3 of 8 bins are missing, in 2 gaps, the first from 1970-01-01T00:02:00Z");
    assert_int_equal(trace.gap_count, 2);
    assert_true(trace.gaps[0].from_s == 120 && trace.gaps[0].bins == 2);
    assert_true(trace.gaps[1].from_s == 360 && trace.gaps[1].bins == 1);
    struct trace_summary s = trace_measure(&trace, 60, arena);
    /* 15 requests in the five measured minutes */
    assert_near("rate", s.mean_rps, 15.0 / 300, 1e-12);
    assert_near("a day", s.per_day, 3.0 * 1440, 1e-12);
    assert_true(s.has_gaps);
}

static void reading_stops_after_many_errors(void **state)
{
    (void)state;
    struct strbuf sb = STRBUF_INIT;
    for (int i = 0; i < 1000; i++)
        strbuf_adds(&sb, "x,y\n");
    assert_false(parse(sb.s));
    strbuf_release(&sb);
    assert_in_range(diags_errors(diags), TRACE_MAX_ERRORS, TRACE_MAX_ERRORS + 2);
}

static void figures_of_a_small_trace_by_hand(void **state)
{
    (void)state;
    /* counts 2, 4, 0, 6: mean 3, population variance (1 + 1 + 9 + 9) / 4 = 5 */
    assert_true(parse("0,2\n10,4\n20,0\n30,6\n"));
    struct trace_summary s = trace_measure(&trace, 20, arena);
    assert_near("dispersion", s.dispersion, 5.0 / 3.0, 1e-12);
    assert_near("cv", s.bin_cv, sqrt(5.0) / 3.0, 1e-12);
    assert_near("idle", s.bin_idle_share, 0.25, 1e-12);
    assert_near("peak", s.bin_peak_rps, 0.6, 1e-12);
    /* sorted 0, 2, 4, 6; 0.99 x 3 = 2.97: 4 + 0.97 x 2 */
    assert_near("p99", s.bin_p99_to_mean, 5.94 / 3.0, 1e-12);
    /* windows of 20 s: 6 and 6 */
    assert_near("window cv", s.cv, 0.0, 1e-12);
    assert_near("window peak", s.peak_rps, 0.3, 1e-12);
    assert_true(s.under_a_week && !s.bins_over_a_minute && !s.is_periodic);
}

static void partly_covered_windows_are_scaled_or_left_out(void **state)
{
    (void)state;
    /* minutes 30 to 59 of hour 0 (half covered), 0 to 9 of hour 1 (too little) */
    struct strbuf sb = STRBUF_INIT;
    for (int m = 30; m < 70; m++)
        strbuf_addf(&sb, "%d,%d\n", m * 60, m < 60 ? 6 : 600);
    assert_true(parse(sb.s));
    strbuf_release(&sb);
    double *rps;
    assert_int_equal(trace_rates(&trace, 3600, arena, &rps), 1);
    assert_near("rate", rps[0], 0.1, 1e-12);
    assert_int_equal(trace_rates(&trace, 86400, arena, &rps), 1); /* shorter than half: its mean */
    assert_int_equal(trace_rates(&trace, 1, arena, &rps), 40);
}

static void the_week_begins_on_monday(void **state)
{
    (void)state;
    /* 2024-03-04 was a Monday: hour 1 has three times the requests of hour 0 */
    assert_true(parse("2024-03-04T00:00:00Z,10\n2024-03-04T01:00:00Z,30\n"));
    struct trace_summary s = trace_measure(&trace, 3600, arena);
    assert_near("hour 0", s.week[0], 0.5, 1e-12);
    assert_near("hour 1", s.week[1], 1.5, 1e-12);
    assert_near("unknown", s.week[2], -1.0, 0.0);
    /* a day's bin is spread over its 24 hours; 2024-03-10 was a Sunday */
    assert_true(parse("2024-03-09,24\n2024-03-10,72\n"));
    s = trace_measure(&trace, 3600, arena);
    assert_near("Saturday", s.week[5 * 24 + 7], 0.5, 1e-12);
    assert_near("Sunday", s.week[167], 1.5, 1e-12);
}

static void scheduled_traffic_shows_its_period(void **state)
{
    (void)state;
    struct strbuf sb = STRBUF_INIT;
    for (int m = 0; m < 600; m++)
        strbuf_addf(&sb, "%d,%d\n", m * 60, m % 15 == 3 ? 8 : 0);
    assert_true(parse(sb.s));
    struct trace_summary s = trace_measure(&trace, 3600, arena);
    assert_true(s.is_periodic);
    assert_near("period", s.period_s, 900.0, 1e-9);
    strbuf_clear(&sb);
    struct random r = random_stream(1, 1);
    for (int m = 0; m < 600; m++)
        strbuf_addf(&sb, "%d,%d\n", m * 60, random_uniform(&r) < 0.07 ? 8 : 0);
    assert_true(parse(sb.s));
    s = trace_measure(&trace, 3600, arena);
    assert_false(s.is_periodic);
    strbuf_release(&sb);
}

/* Bursts of geometric size, all in one second: the 1-s counts have dispersion 2 b - 1 and the pool
 * of exponential services peakedness b. */
static void bursts_show_in_dispersion_and_peakedness(void **state)
{
    (void)state;
    const double mean_size = 4.0;
    struct strbuf sb = STRBUF_INIT;
    struct random r = random_stream(3, 9);
    for (int i = 0; i < 100000; i++) {
        uint64_t count = 0;
        for (double bursts = random_poisson(&r, 0.2); bursts > 0.0; bursts -= 1.0)
            count += random_geometric(&r, mean_size);
        strbuf_addf(&sb, "%d,%llu\n", i, (unsigned long long)count);
    }
    assert_true(parse(sb.s));
    strbuf_release(&sb);
    struct trace_summary s = trace_measure(&trace, 3600, arena);
    assert_near("dispersion", s.minute_dispersion, 7.0, 0.1);
    assert_near("burst", s.burst, 4.0, 0.1);
    assert_true(s.bursty_inside_minutes);
    assert_near("peakedness", trace_peakedness(&trace, 20.0), 4.0, 0.1);
}

static void poisson_traffic_has_peakedness_one_at_any_bin(void **state)
{
    (void)state;
    const int BIN[] = {1, 10, 60};
    for (int k = 0; k < 3; k++) {
        struct strbuf sb = STRBUF_INIT;
        struct random r = random_stream(4, (uint64_t)k);
        for (int i = 0; i < 40000; i++)
            strbuf_addf(&sb, "%d,%d\n", i * BIN[k], (int)random_poisson(&r, 2.0 * BIN[k]));
        assert_true(parse(sb.s));
        strbuf_release(&sb);
        assert_near("peakedness", trace_peakedness(&trace, 10.0), 1.0, 0.05);
    }
    assert_true(parse("0,5\n3600,6\n"));
    assert_near("unknown", trace_peakedness(&trace, 10.0), 0.0, 0.0);
}

/* Figures of the shared traces' own description: requests, days, CV, dispersion, 99 % over mean. */
static void shared_traces_have_their_published_figures(void **state)
{
    (void)state;

    static const struct {
        const char *name;
        int bin_s;
        size_t rows;
        double requests, per_day, mean_rps, peak_rps, p99, cv, cv_hour, idle, dispersion;
    } TRACES[] = {
        {"azure-llm-2023-conv-10s", 10, 348, 19338, 480116, 5.5569, 10.1, 1.61, 0.265, 0, 0.0,
         3.898},
        {"azure-llm-2023-conv-1min", 60, 58, 19338, 480116, 5.5569, 8.3667, 1.48, 0.218, 0, 0.0,
         15.84},
        {"azure-llm-2023-code-10s", 10, 336, 8519, 219060, 2.5354, 41.1, 6.89, 1.810, 0, 0.610,
         83.1},
        {"azure-llm-2023-code-1min", 60, 56, 8519, 219060, 2.5354, 9.75, 3.65, 1.033, 0, 0.232,
         162.2},
        {"servegen-mlarge-total-10min", 600, 2016, 236892826, 16920916, 195.84, 582.99, 2.08, 0.393,
         0.359, 0.0, 18140},
        {"servegen-deepseek-r1-total-10min", 600, 144, 1383669, 1383669, 16.015, 42.52, 2.45, 0.513,
         0.480, 0.0, 2525},
        {"servegen-mmimage-total-10min", 600, 144, 818610, 818610, 9.4747, 13.287, 1.39, 0.220,
         0.201, 0.0, 275.4},
        {"servegen-mlarge-client51-10min", 600, 2016, 487657, 34833, 0.40316, 3.4433, 5.18, 1.342,
         1.230, 0.504, 435.4},
        {"servegen-msmall-client40-10min", 600, 2016, 139957, 9997, 0.11571, 14.092, 56.93, 9.201,
         5.985, 0.887, 5877},
        {"servegen-msmall-client36-10min", 600, 2016, 15726029, 1123288, 13.001, 18.1, 1.36, 0.228,
         0.208, 0.018, 405.3},
        {"servegen-mmid-client50-10min", 600, 2016, 13605, 972, 0.011248, 0.20667, 7.56, 2.180,
         2.066, 0.777, 32.07},
        {"nab-aws-elb-5min", 300, 4032, 249327, 17809, 0.20612, 2.1867, 4.07, 0.916, 0.434, 0.0,
         51.91},
        {"nab-tweets-amzn-1h", 3600, 1319, 843616, 15350, 0.17766, 0.85528, 2.26, 0.396, 0.396,
         0.001, 100.4},
        {"nasa-http-1995-1h", 3600, 1404, 3457236, 59098, 0.68401, 4.1461, 2.75, 0.622, 0.622,
         0.026, 951.9},
        {"nasa-http-1995-week-1min", 60, 10080, 557495, 79642, 0.92178, 6.75, 3.75, 0.722, 0.633,
         0.005, 28.81},
        {"mooncake-conversation-1min", 60, 58, 11828, 293661, 3.3989, 4.1167, 1.21, 0.119, 0, 0.0,
         2.895},
    };

    if (!file_is_folder("../shared/traces")) {
        print_message("the shared traces are not there\n");
        skip();
    }
    for (size_t i = 0; i < sizeof TRACES / sizeof *TRACES; i++) {
        struct str path = str_printf(arena, "../shared/traces/%s.csv", TRACES[i].name), text;
        diags = diags_new(arena);
        assert_true(file_read(path.s, arena, &text, diags));
        assert_true(trace_parse(path, text, arena, &trace, diags));
        struct trace_summary s = trace_measure(&trace, 3600, arena);
        assert_int_equal(trace.bin_s, TRACES[i].bin_s);
        assert_int_equal(trace.count, TRACES[i].rows);
        assert_near("requests", trace.total, TRACES[i].requests, 0.0);
        assert_near("a day", s.per_day, TRACES[i].per_day, 1e-3);
        assert_near("mean", s.mean_rps, TRACES[i].mean_rps, 1e-4);
        assert_near("peak", s.bin_peak_rps, TRACES[i].peak_rps, 1e-4);
        assert_near("p99", s.bin_p99_to_mean, TRACES[i].p99, 0.005);
        assert_near("cv", s.bin_cv, TRACES[i].cv, 0.003);
        assert_true(fabs(s.bin_idle_share - TRACES[i].idle) <= 0.0006);
        assert_near("dispersion", s.dispersion, TRACES[i].dispersion, 0.001);
        if (TRACES[i].cv_hour > 0.0) /* one trace has gaps, which its description closes up */
            assert_near("hours", s.cv, TRACES[i].cv_hour, 0.01);
    }
}

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_iso_times_with_and_without_a_heading),
        cmocka_unit_test(reads_offsets_dates_epochs_quotes_and_a_byte_order_mark),
        cmocka_unit_test(a_time_without_a_zone_is_utc_and_said_so_once),
        cmocka_unit_test(each_mistake_names_its_place),
        cmocka_unit_test(unsorted_rows_are_sorted_with_a_warning),
        cmocka_unit_test(gaps_are_listed_and_never_filled),
        cmocka_unit_test(reading_stops_after_many_errors),
        cmocka_unit_test(figures_of_a_small_trace_by_hand),
        cmocka_unit_test(partly_covered_windows_are_scaled_or_left_out),
        cmocka_unit_test(the_week_begins_on_monday),
        cmocka_unit_test(scheduled_traffic_shows_its_period),
        cmocka_unit_test(bursts_show_in_dispersion_and_peakedness),
        cmocka_unit_test(poisson_traffic_has_peakedness_one_at_any_bin),
        cmocka_unit_test(shared_traces_have_their_published_figures),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
