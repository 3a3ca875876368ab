/*
 * Whole pages from the bundled templates: well-formed, every anchor leads somewhere, nothing that a
 * person wrote becomes markup, and each page within its budget.
 */
#include "unit/unit.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "render/pages.h"
#include "render/template.h"
#include "render/xmlcheck.h"
#include "report/model.h"
#include "support/fixture.h"

#include <stdio.h>
#include <stdlib.h>

#define PAGE_BYTES ((size_t)250 * 1000) /* FORMATS: a report page is under 250 KB */

struct bench {
    struct arena *a;
    struct diags *d;
    struct pages pages;
    struct site *site;
    struct strbuf out;
};

static int setup(void **state)
{
    struct bench *b = calloc(1, sizeof *b);
    assert_non_null(b);
    b->a = arena_create();
    b->d = diags_new(b->a);
    struct templates *t = templates_new(b->a, true);
    struct str *names;
    size_t count;
    assert_true(file_list("templates", b->a, &names, &count, b->d));
    for (size_t i = 0; i < count; i++) {
        const char *path = path_join(b->a, "templates", str_cstring(b->a, names[i]));
        struct str text;
        if (file_is_folder(path) || (names[i].s[0] >= 'A' && names[i].s[0] <= 'Z')) /* documents */
            continue;
        assert_true(file_read(path, b->a, &text, b->d));
        if (str_is(names[i], "site.css"))
            b->pages.stylesheet = text;
        else if (str_ends(names[i], STR(".html")) || str_ends(names[i], STR(".md")) || str_ends(names[i], STR(".xml")))
            assert_true(templates_add(t, names[i], str_of(path), text, b->d));
    }
    assert_true(templates_link(t, b->d));
    b->site = fixture_site(b->a);
    b->pages.site = b->site;
    b->pages.templates = t;
    pages_prepare(&b->pages, b->a);
    *state = b;
    return 0;
}

static int teardown(void **state)
{
    struct bench *b = *state;
    strbuf_release(&b->out);
    arena_destroy(b->a);
    free(b);
    return 0;
}

static void say(struct bench *b)
{
    struct strbuf sb = STRBUF_INIT;
    diags_print(b->d, &sb, false);
    if (sb.n > 0)
        fputs(sb.s, stderr);
    strbuf_release(&sb);
}

/* Well-formed, ids unique, every "#anchor" of the page is there, no other address than relative or https. */
static void check_page(struct bench *b, const char *name)
{
    struct page_links links = {0};
    struct str page = strbuf_copy(&b->out, b->a);
    bool ok = xml_check(str_of(name), page, b->a, &links, b->d);
    if (!ok || diags_errors(b->d) > 0)
        say(b);
    assert_true(ok);
    assert_int_equal(diags_errors(b->d), 0);
    for (size_t i = 0; i < links.link_count; i++) {
        struct str address = links.links[i].address;
        if (links.links[i].kind == PAGE_SRC || str_is(links.links[i].element, "link"))
            assert_false(str_starts(address, STR("http"))); /* nothing is loaded from elsewhere */
        if (!str_starts(address, STR("#")))
            continue;
        struct str anchor = str_slice(address, 1, address.n);
        if (!page_has_id(&links, anchor))
            fprintf(stderr, "%s: no anchor for %.*s\n", name, STR_ARG(address));
        assert_true(page_has_id(&links, anchor));
    }
    assert_true(page.n < PAGE_BYTES);
    assert_true(str_find(page, STR(" style=\"")) == page.n);
    strbuf_clear(&b->out);
}

static void every_kind_of_verdict_makes_a_page_a_file_and_a_record(void **state)
{
    struct bench *b = *state;
    for (int kind = 0; kind < FIXTURE_KINDS; kind++) {
        struct report *r = fixture_report((enum fixture_kind)kind, b->a);
        assert_true(html_report(&b->pages, r, NULL, b->a, &b->out, b->d));
        check_page(b, "index.html");
        assert_true(html_report_single(&b->pages, r, NULL, b->a, &b->out, b->d));
        struct str page = strbuf_str(&b->out);
        assert_true(str_find(page, STR("<script>")) == page.n); /* inputs are data, not script */
        assert_true(str_find(page, STR("<script src")) == page.n);
        assert_true(str_find(page, STR("href=\"../")) == page.n);
        check_page(b, "report.html");
        assert_true(mdown_report(&b->pages, r, NULL, b->a, &b->out, b->d));
        struct str record = strbuf_str(&b->out);
        assert_true(str_starts(record, STR("---\nstatus: \"accepted\"\ndate: 2025-06-30\ndecision-makers: \"Payments Risk\"\n")));
        static const char *const HEADINGS[] = {"\n## Context and Problem Statement\n", "\n## Considered Options\n",
                                               "\n## Decision Outcome\n", "\n### Consequences\n", "\n### Confirmation\n",
                                               "\n## Pros and Cons of the Options\n", "\n## More Information\n"};
        for (size_t i = 0; i < sizeof HEADINGS / sizeof HEADINGS[0]; i++)
            assert_true(str_find(record, str_of(HEADINGS[i])) < record.n);
        /* MADR: the outcome names the option as it stands in the list above it. */
        size_t outcome = str_find(record, STR("\nChosen option: \""));
        assert_true(outcome < record.n);
        struct str chosen = str_slice(record, outcome + 17, record.n);
        chosen = str_slice(chosen, 0, str_find(chosen, STR("\"")));
        if (!str_is(chosen, "none"))
            assert_true(str_find(record, str_printf(b->a, "\n- %.*s\n", STR_ARG(chosen))) < outcome);
        strbuf_clear(&b->out);
    }
}

static void what_a_stranger_wrote_never_becomes_markup(void **state)
{
    struct bench *b = *state;
    for (int kind = 0; kind < FIXTURE_KINDS; kind++) {
        struct report *r = fixture_report((enum fixture_kind)kind, b->a);
        fixture_make_hostile(r, b->a);
        assert_true(html_report(&b->pages, r, NULL, b->a, &b->out, b->d));
        struct str page = strbuf_str(&b->out);
        assert_true(str_find(page, STR("<script>alert")) == page.n);
        assert_true(str_find(page, STR("href=\"javascript")) == page.n);
        check_page(b, "index.html");
        assert_true(html_report_single(&b->pages, r, NULL, b->a, &b->out, b->d));
        check_page(b, "report.html");
        assert_true(mdown_report(&b->pages, r, NULL, b->a, &b->out, b->d));
        struct str record = strbuf_str(&b->out);
        assert_true(str_find(record, STR("\n<script>")) == record.n);
        assert_true(str_find(record, STR(" <script>")) == record.n);
        assert_true(str_find(record, STR("[x](javascript")) == record.n);
        strbuf_clear(&b->out);
        for (int c = 0; c < CHART_FILE_COUNT; c++)
            if (chart_file_draw(r, (enum chart_file)c, &b->out))
                check_page(b, "chart.svg");
    }
}

static void chart_files_stand_alone(void **state)
{
    struct bench *b = *state;
    struct report *r = fixture_report(FIXTURE_DECIDED, b->a);
    for (int c = 0; c < CHART_FILE_COUNT; c++) {
        assert_true(chart_file_draw(r, (enum chart_file)c, &b->out));
        assert_true(str_starts(strbuf_str(&b->out), STR("<svg xmlns=\"http://www.w3.org/2000/svg\"")));
        assert_true(str_find(strbuf_str(&b->out), STR("prefers-color-scheme:dark")) < b->out.n);
        check_page(b, chart_file_name((enum chart_file)c));
    }
    r = fixture_report(FIXTURE_UNDECIDABLE, b->a);
    for (int c = 0; c < CHART_FILE_COUNT; c++)
        assert_false(chart_file_draw(r, (enum chart_file)c, &b->out));
    assert_int_equal(b->out.n, 0);
}

static void the_pages_of_the_site_are_well_formed(void **state)
{
    struct bench *b = *state;
    static const struct {
        const char *name;
        bool (*make)(const struct pages *, struct arena *, struct strbuf *, struct diags *);
    } PAGES[] = {{"index.html", html_index},   {"prices/index.html", html_prices},
                 {"changes/index.html", html_changes}, {"method/index.html", html_method}, {"claims/index.html", html_claims},
                 {"questionnaire/index.html", html_questionnaire}, {"404.html", html_404},
                 {"feed.xml", xml_feed}};
    for (size_t i = 0; i < sizeof PAGES / sizeof PAGES[0]; i++) {
        bool ok = PAGES[i].make(&b->pages, b->a, &b->out, b->d);
        if (!ok)
            say(b);
        assert_true(ok);
        check_page(b, PAGES[i].name);
    }
    assert_true(html_page(&b->pages, STR("about"), STR("about.md"), STR("# About <us>\n\n## More\n\ntext\n"), b->a, &b->out, b->d));
    assert_true(str_find(strbuf_str(&b->out), STR("<h1>About &lt;us&gt;</h1>")) < b->out.n);
    check_page(b, "about/index.html");
}

static void a_price_leads_to_its_row_on_the_price_page(void **state)
{
    struct bench *b = *state;
    const struct price_page *list;
    size_t count = price_pages(b->site->book, b->a, &list);
    assert_int_equal(count, 9); /* services of the fixture's fifteen SKUs */
    size_t rows = 0;
    for (size_t i = 0; i < count; i++) {
        assert_true(html_price(&b->pages, &list[i], b->a, &b->out, b->d));
        struct page_links links = {0};
        struct str page = strbuf_copy(&b->out, b->a);
        assert_true(xml_check(list[i].name, page, b->a, &links, b->d));
        for (size_t k = 0; k < b->site->book->sku_count; k++) {
            const struct sku *sku = &b->site->book->skus[k];
            struct str address = str_printf(b->a, "prices/%.*s.html", STR_ARG(list[i].name));
            if (!str_equal(model_price_address(sku, b->a), address))
                continue;
            assert_true(page_has_id(&links, sku->id));
            rows++;
        }
        check_page(b, "prices/x.html");
    }
    assert_int_equal(rows, b->site->book->sku_count);
}

static void the_feed_has_stable_ids_without_a_base_address(void **state)
{
    struct bench *b = *state;
    assert_true(xml_feed(&b->pages, b->a, &b->out, b->d));
    struct str first = strbuf_copy(&b->out, b->a);
    strbuf_clear(&b->out);
    assert_true(str_find(first, STR("<id>urn:uuid:")) < first.n);
    b->site->base_url = STR("https://decisions.example.org/");
    assert_true(xml_feed(&b->pages, b->a, &b->out, b->d));
    struct str second = strbuf_str(&b->out);
    assert_true(str_find(second, STR("https://decisions.example.org/fraud-scoring/index.html")) < second.n);
    /* The same ids in both. */
    size_t from = 0;
    for (;;) {
        struct str rest = str_slice(first, from, first.n);
        size_t at = str_find(rest, STR("urn:uuid:"));
        if (at == rest.n)
            break;
        struct str id = str_slice(rest, at, at + 45);
        assert_true(str_find(second, id) < second.n);
        from += at + 45;
    }
    struct str addresses[] = {STR("index.html"), STR("fraud-scoring/index.html")};
    strbuf_clear(&b->out);
    assert_true(xml_sitemap(&b->pages, addresses, 2, b->a, &b->out, b->d));
    assert_true(str_find(strbuf_str(&b->out), STR("<loc>https://decisions.example.org/index.html</loc>")) < b->out.n);
}

static void the_same_figure_reads_the_same_on_page_and_in_markdown(void **state)
{
    struct bench *b = *state;
    struct report *r = fixture_report(FIXTURE_DECIDED, b->a);
    assert_true(html_report(&b->pages, r, NULL, b->a, &b->out, b->d));
    struct str page = strbuf_copy(&b->out, b->a);
    strbuf_clear(&b->out);
    assert_true(mdown_report(&b->pages, r, NULL, b->a, &b->out, b->d));
    struct str record = strbuf_str(&b->out);
    /* By hand: 15,894.9972 x 0.357 = 5,674.514; nodes, disks, control plane, balancer, capacity, logs
     * and a tenth of an engineer (0.008333 x 150,000 = 1,249.95) sum to 7,282.27. */
    static const char *const FIGURES[] = {"$7,280", "$8,760", "15,894.9972 instance-hours", "7,282", "$6,030"};
    for (size_t i = 0; i < sizeof FIGURES / sizeof FIGURES[0]; i++) {
        assert_true(str_find(page, str_of(FIGURES[i])) < page.n);
        if (str_find(record, str_of(FIGURES[i])) == record.n)
            fprintf(stderr, "not in the record: %s\n", FIGURES[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_kind_of_verdict_makes_a_page_a_file_and_a_record, setup, teardown),
        cmocka_unit_test_setup_teardown(what_a_stranger_wrote_never_becomes_markup, setup, teardown),
        cmocka_unit_test_setup_teardown(chart_files_stand_alone, setup, teardown),
        cmocka_unit_test_setup_teardown(the_pages_of_the_site_are_well_formed, setup, teardown),
        cmocka_unit_test_setup_teardown(a_price_leads_to_its_row_on_the_price_page, setup, teardown),
        cmocka_unit_test_setup_teardown(the_feed_has_stable_ids_without_a_base_address, setup, teardown),
        cmocka_unit_test_setup_teardown(the_same_figure_reads_the_same_on_page_and_in_markdown, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
