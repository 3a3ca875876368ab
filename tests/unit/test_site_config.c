/* site/site.json. */
#include "unit/unit.h"

#include "base/arena.h"
#include "base/diag.h"
#include "publish/site_config.h"

struct parsed {
    struct arena *a;
    struct diags *d;
    struct site site;
    bool ok;
};

static struct parsed parse(const char *text)
{
    struct parsed p = {.a = arena_create()};
    p.d = diags_new(p.a);
    p.ok = site_config_parse(STR("site.json"), str_of(text), p.a, &p.site, p.d);
    return p;
}

static void check_refused(const char *text)
{
    struct parsed p = parse(text);
    if (p.ok || diags_errors(p.d) == 0)
        fail_msg("accepted: %s", text);
    arena_destroy(p.a);
}

static void the_format_alone_gives_the_defaults(void **state)
{
    (void)state;
    struct parsed p = parse("{\"format\": \"breakeven-site/1\"}");
    assert_true(p.ok);
    assert_true(p.site.title.n > 0);
    assert_str(p.site.language, "en");
    assert_true(p.site.navigation_count > 0);
    assert_str(p.site.navigation[0].href, "index.html");
    assert_str(p.site.base_url, "");
    arena_destroy(p.a);
}

static void every_key_is_read(void **state)
{
    (void)state;
    struct parsed p = parse(
        "{\"format\": \"breakeven-site/1\", \"title\": \"T\", \"description\": \"D\",\n"
        " \"organisation\": \"O\", \"language\": \"pt-BR\", \"base_url\": \"https://x.org/a/\",\n"
        " \"confidentiality\": \"Internal\", \"footer\": \"F\",\n"
        " \"navigation\": [{\"title\": \"N\", \"href\": \"prices/index.html\"}]}");
    assert_true(p.ok);
    assert_str(p.site.title, "T");
    assert_str(p.site.organisation, "O");
    assert_str(p.site.base_url, "https://x.org/a");
    assert_str(p.site.confidentiality, "Internal");
    assert_int_equal(p.site.navigation_count, 1);
    assert_str(p.site.navigation[0].href, "prices/index.html");
    arena_destroy(p.a);
}

static void mistakes_are_refused(void **state)
{
    (void)state;
    check_refused("{}");
    check_refused("[]");
    check_refused("{\"format\": \"breakeven-site/2\"}");
    check_refused("{\"format\": \"breakeven-site/1\", \"titel\": \"T\"}");
    check_refused("{\"format\": \"breakeven-site/1\", \"title\": \"\"}");
    check_refused("{\"format\": \"breakeven-site/1\", \"base_url\": \"example.org\"}");
    check_refused("{\"format\": \"breakeven-site/1\", \"base_url\": \"javascript:alert(1)\"}");
    check_refused("{\"format\": \"breakeven-site/1\", \"base_url\": 7}");
    check_refused("{\"format\": \"breakeven-site/1\", \"language\": \"<b>\"}");
    check_refused("{\"format\": \"breakeven-site/1\",\n"
                  " \"navigation\": [{\"title\": \"N\", \"href\": \"javascript:alert(1)\"}]}");
    check_refused("{\"format\": \"breakeven-site/1\", \"navigation\": [{\"title\": \"N\"}]}");
}

static void a_base_url_is_a_plain_web_address(void **state)
{
    (void)state;
    struct str out;
    assert_true(site_base_url(STR("http://a.b/c//"), &out));
    assert_str(out, "http://a.b/c");
    assert_false(site_base_url(STR(""), &out));
    assert_false(site_base_url(STR("https://"), &out));
    assert_false(site_base_url(STR("ftp://a.b"), &out));
    assert_false(site_base_url(STR("https://a.b/?q"), &out));
    assert_false(site_base_url(STR("https://a.b/#x"), &out));
    assert_false(site_base_url(STR("https://a b/"), &out));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_format_alone_gives_the_defaults),
        cmocka_unit_test(every_key_is_read),
        cmocka_unit_test(mistakes_are_refused),
        cmocka_unit_test(a_base_url_is_a_plain_web_address),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
