#include "unit/unit.h"

#include "render/escape.h"

struct sample {
    struct str in;
    const char *out;
};

#define IN(lit)                \
    {                          \
        (lit), sizeof(lit) - 1 \
    }

static void check(void (*escape)(struct strbuf *, struct str), const struct sample *samples,
                  size_t n)
{
    struct strbuf sb = STRBUF_INIT;
    for (size_t i = 0; i < n; i++) {
        escape(&sb, samples[i].in);
        assert_text(&sb, samples[i].out);
    }
    strbuf_release(&sb);
}

#define CHECK(escape, samples) check((escape), (samples), sizeof(samples) / sizeof *(samples))

static void html_text_cannot_open_a_tag_or_leave_an_attribute(void **state)
{
    static const struct sample SAMPLES[] = {
        {IN(""), ""},
        {IN("p99 < 80 ms & \"fast\" > 'slow'"),
         "p99 &lt; 80 ms &amp; &quot;fast&quot; &gt; &#39;slow&#39;"},
        {IN("&amp;"), "&amp;amp;"},
        {IN("caf\xc3\xa9 \xf0\x9f\x98\x80"), "caf\xc3\xa9 \xf0\x9f\x98\x80"},
    };
    (void)state;
    CHECK(escape_html, SAMPLES);
    CHECK(escape_xml, SAMPLES);
}

static void bytes_that_xml_forbids_are_replaced_everywhere(void **state)
{
    static const struct sample SAMPLES[] = {
        {IN("a\0b\x01\x1f\x7f"), "a\xef\xbf\xbd"
                                 "b\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {IN("\xff"), "\xef\xbf\xbd"},
        {IN("\xc3"), "\xef\xbf\xbd"},                                 // cut off
        {IN("\xc0\xbc"), "\xef\xbf\xbd\xef\xbf\xbd"},                 // '<', overlong
        {IN("\xed\xa0\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, // a surrogate
        {IN("\xf4\x90\x80\x80"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"}, // U+110000
        {IN("\xef\xbf\xbe|"), "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd|"},               // U+FFFE
        {IN("\xc2\x85"), "\xef\xbf\xbd\xef\xbf\xbd"}, // U+0085, a C1 control
        {IN("\xef\xbf\xbd"), "\xef\xbf\xbd"},
    };
    (void)state;
    CHECK(escape_controls, SAMPLES);
    CHECK(escape_html, SAMPLES);
    CHECK(escape_xml, SAMPLES);
}

static void line_ends_become_newlines(void **state)
{
    static const struct sample SAMPLES[] = {{IN("a\r\nb\rc\n\td"), "a\nb\nc\n\td"}};
    (void)state;
    CHECK(escape_controls, SAMPLES);
    CHECK(escape_html, SAMPLES);
}

static void only_harmless_addresses_pass(void **state)
{
    static const struct sample SAMPLES[] = {
        {IN("https://a.org/b?c=d&e=f#g"), "https://a.org/b?c=d&amp;e=f#g"},
        {IN("HTTP://a.org"), "HTTP://a.org"},
        {IN("mailto:a@b.org"), "mailto:a@b.org"},
        {IN("../x/index.html#cost:line"), "../x/index.html#cost:line"},
        {IN("#a"), "#a"},
        {IN("?a:b"), "?a:b"},
        {IN("a b\"<>'"), "a%20b%22%3C%3E%27"},
        {IN("\xc3\xa9"), "%C3%A9"},
        {IN("\xff"), "%EF%BF%BD"},
        {IN("100%25"), "100%25"},
        {IN("javascript:alert(1)"), "#"},
        {IN(" \n JaVaScRiPt:alert(1)"), "#"},
        {IN("java\tscript:alert(1)"), "#"},
        {IN("data:text/html,x"), "#"},
        {IN("vbscript:x"), "#"},
        {IN("file:///etc/passwd"), "#"},
        {IN(":x"), "#"},
        {IN("//evil.example"), "#"},
        {IN("\\\\evil.example"), "#"},
        {IN("/\\evil.example"), "#"},
        {IN("/fine\\too"), "/fine%5Ctoo"},
    };
    (void)state;
    CHECK(escape_url, SAMPLES);
}

static void markdown_text_stays_text(void **state)
{
    static const struct sample SAMPLES[] = {
        {IN("plain, with (brackets) - and $1.50 at -5"),
         "plain, with (brackets) - and $1.50 at -5"},
        {IN("*a* _b_ `c` [d](e) <f> #g |h| ~i~"),
         "\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) \\<f\\> \\#g \\|h\\| \\~i\\~"},
        {IN("p99_ms < 80!"), "p99\\_ms \\< 80\\!"},
        {IN("wow! yes"), "wow! yes"},
        {IN("a\n\n- b\n\t  c"), "a - b c"},
        {IN("- a"), "\\- a"},
        {IN("--- a"), "\\--- a"},
        {IN("+"), "\\+"},
        {IN("== a"), "\\== a"},
        {IN("1. a"), "1\\. a"},
        {IN("12) a"), "12\\) a"},
        {IN("1.5 a"), "1.5 a"},
        {IN("&lt;b&gt;"), "\\&lt;b\\&gt;"},
        {IN("a\\"), "a\\\\"},
        {IN("https://a.org www.a.org me@a.org"), "https\\://a.org www\\.a.org me@a.org"},
        {IN("$x$"), "\\$x\\$"},
        {IN("  a  b "), " a b "},
        {IN("\x01\xff"), "\xef\xbf\xbd\xef\xbf\xbd"},
    };
    (void)state;
    CHECK(escape_markdown, SAMPLES);
}

static void csv_fields_are_one_field_and_no_formula(void **state)
{
    static const struct sample SAMPLES[] = {
        {IN("plain text"), "plain text"},
        {IN("a,b"), "\"a,b\""},
        {IN("say \"hi\""), "\"say \"\"hi\"\"\""},
        {IN("two\r\nlines"), "\"two lines\""},
        {IN(" edge"), "\" edge\""},
        {IN("-12.50"), "-12.50"},
        {IN("+1e-3"), "+1e-3"},
        {IN("=1+1"), "\"'=1+1\""},
        {IN("-1+cmd"), "\"'-1+cmd\""},
        {IN("@SUM(A1)"), "\"'@SUM(A1)\""},
        {IN(""), ""},
        {IN("\x02"), "\xef\xbf\xbd"},
    };
    (void)state;
    CHECK(escape_csv, SAMPLES);
}

static void json_in_a_script_cannot_end_it(void **state)
{
    static const struct sample SAMPLES[] = {
        {IN("{\"a\": \"</script><!-- & \"}"),
         "{\"a\": \"\\u003c/script\\u003e\\u003c!-- \\u0026 \"}"},
    };
    (void)state;
    CHECK(escape_script_json, SAMPLES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(html_text_cannot_open_a_tag_or_leave_an_attribute),
        cmocka_unit_test(bytes_that_xml_forbids_are_replaced_everywhere),
        cmocka_unit_test(line_ends_become_newlines),
        cmocka_unit_test(only_harmless_addresses_pass),
        cmocka_unit_test(markdown_text_stays_text),
        cmocka_unit_test(csv_fields_are_one_field_and_no_formula),
        cmocka_unit_test(json_in_a_script_cannot_end_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
