/*
 * Laws of every bundled report, checked on what is printed, by arithmetic of its own:
 *   a line's usd is quantity x unit_usd, rounded half to even to a millionth of a dollar
 *   the lines of an option add up to its totals, in JSON and in CSV
 *   every SKU of a line stands under prices, with its source
 *   every option that is referred to exists; the same input gives the same bytes
 */
#include "unit/unit.h"

#include "base/arena.h"
#include "base/diag.h"
#include "command/analysis.h"
#include "render/csv_costs.h"
#include "render/json_report.h"
#include "source/json.h"

#include <stdio.h>
#include <stdlib.h>

__extension__ typedef __int128 big;

/* A decimal number as digits and a scale, read digit by digit. */
struct number {
    big digits;
    int scale;
};

static struct number read_number(struct str text)
{
    struct number n = {0, 0};
    bool is_negative = text.n > 0 && text.s[0] == '-', after_point = false;
    for (size_t i = is_negative; i < text.n; i++) {
        if (text.s[i] == '.') {
            after_point = true;
            continue;
        }
        assert_true(text.s[i] >= '0' && text.s[i] <= '9'); /* plain: no exponent */
        n.digits = n.digits * 10 + (text.s[i] - '0');
        n.scale += after_point;
    }
    if (is_negative)
        n.digits = -n.digits;
    return n;
}

/* Millionths, half to even. */
static big to_micros(struct number n)
{
    big divisor = 1;
    for (; n.scale < 6; n.scale++)
        n.digits *= 10;
    for (int i = 6; i < n.scale; i++)
        divisor *= 10;
    big whole = n.digits / divisor, rest = n.digits % divisor;
    if (rest < 0)
        rest = -rest;
    if (rest * 2 > divisor || (rest * 2 == divisor && whole % 2 != 0))
        whole += n.digits < 0 ? -1 : 1;
    return whole;
}

static big micros_of(struct str text)
{
    return to_micros(read_number(text));
}

static big product(struct str quantity, struct str price)
{
    struct number a = read_number(quantity), b = read_number(price);
    return to_micros((struct number){a.digits * b.digits, a.scale + b.scale});
}

struct bundle {
    struct arena *a;
    struct diags *d;
    struct project p;
};

static int load(void **state)
{
    struct bundle *b = calloc(1, sizeof *b);
    if (!b)
        return -1;
    b->a = arena_create();
    b->d = diags_new(b->a);
    *state = b;
    project_open(&b->p, b->a, b->d);
    return project_load_book(&b->p) && project_load_policy(&b->p) && project_list_workloads(&b->p)
               ? 0
               : -1;
}

static int unload(void **state)
{
    struct bundle *b = *state;
    arena_destroy(b->a);
    free(b);
    return 0;
}

static void complain(const char *slug, struct str option, struct str item, const char *what)
{
    fail_msg("%s, %.*s, %.*s: %s", slug, STR_ARG(option), STR_ARG(item), what);
}

static struct str text_of(const struct json *object, const char *key)
{
    const struct json *value = json_find(object, key);
    assert_non_null(value);
    return value->string; /* of a number, its source text */
}

static bool has_price(const struct json *root, struct str sku, struct str region)
{
    for (const struct json *p = json_find(root, "prices")->child; p; p = p->next)
        if (str_equal(text_of(p, "sku"), sku) && str_equal(text_of(p, "region"), region))
            return str_starts(text_of(p, "source"), STR("http"));
    return false;
}

static bool has_option(const struct json *root, struct str id)
{
    for (const struct json *o = json_find(root, "options")->child; o; o = o->next)
        if (str_equal(text_of(o, "id"), id))
            return true;
    return false;
}

static void check_option(const char *slug, const struct json *root, const struct json *option)
{
    struct str id = text_of(option, "id");
    big total = 0, infrastructure = 0, operations = 0, without_allowances = 0;
    for (const struct json *l = json_find(option, "lines")->child; l; l = l->next) {
        struct str item = text_of(l, "item");
        big usd = micros_of(text_of(l, "usd"));
        if (usd != product(text_of(l, "quantity"), text_of(l, "unit_usd")))
            complain(slug, id, item, "usd is not quantity x unit_usd");
        if (!has_price(root, text_of(l, "sku"), text_of(l, "region")))
            complain(slug, id, item, "its SKU does not stand under prices with a source");
        total += usd;
        if (str_is(text_of(l, "group"), "operations"))
            operations += usd;
        else
            infrastructure += usd;
        if (!json_find(l, "allowance")->boolean)
            without_allowances += usd;
    }
    if (json_find(option, "monthly_usd")->kind == JSON_NULL)
        return;
    if (total != micros_of(text_of(option, "monthly_usd")))
        complain(slug, id, STR("monthly_usd"), "is not the sum of the lines");
    if (infrastructure != micros_of(text_of(option, "infrastructure_usd")))
        complain(slug, id, STR("infrastructure_usd"), "is not the sum of the lines");
    if (operations != micros_of(text_of(option, "operations_usd")))
        complain(slug, id, STR("operations_usd"), "is not the sum of the lines");
    if (without_allowances != micros_of(text_of(option, "without_allowances_usd")))
        complain(slug, id, STR("without_allowances_usd"), "is not the sum of the lines");
}

/* Of the paths that hold option ids, those that are there name one. */
static void check_references(const char *slug, const struct json *root)
{
    static const char *const PATHS[] = {"recommendation.option", "recommendation.runner_up.option",
                                        "recommendation.next_best.option",
                                        "head_to_head.kubernetes.option",
                                        "head_to_head.serverless.option"};
    for (size_t i = 0; i < sizeof PATHS / sizeof *PATHS; i++) {
        const struct json *value = json_path(root, str_of(PATHS[i]));
        if (value && value->kind == JSON_STRING && !has_option(root, value->string))
            complain(slug, value->string, str_of(PATHS[i]), "is no option");
    }
    for (const struct json *c = json_find(root, "crossovers")->child; c; c = c->next)
        for (const struct json *o = json_find(c, "between")->child; o; o = o->next)
            if (!has_option(root, o->string))
                complain(slug, o->string, STR("crossovers"), "is no option");
    for (const struct json *s = json_find(root, "scenarios")->child; s; s = s->next) {
        const struct json *cheapest = json_find(s, "cheapest");
        if (cheapest->kind == JSON_STRING && !has_option(root, cheapest->string))
            complain(slug, cheapest->string, STR("scenarios"), "is no option");
    }
}

/* Splits a line of CSV; quotes are taken off, doubled ones kept single. */
static size_t split_csv(struct arena *a, struct str line, struct str *cells, size_t most)
{
    size_t n = 0, i = 0;
    while (n < most) {
        char *cell = arena_new(a, char, line.n + 1);
        size_t length = 0;
        bool is_quoted = i < line.n && line.s[i] == '"';
        i += is_quoted;
        while (i < line.n && (is_quoted || line.s[i] != ',')) {
            if (is_quoted && line.s[i] == '"') {
                if (i + 1 >= line.n || line.s[i + 1] != '"')
                    break;
                i++;
            }
            cell[length++] = line.s[i++];
        }
        cells[n++] = (struct str){cell, length};
        i += is_quoted;
        if (i >= line.n)
            break;
        i++; /* the comma */
    }
    return n;
}

#define CSV_COLUMNS 64

static size_t column(const struct str *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (str_is(names[i], name))
            return i;
    fail_msg("costs.csv has no column %s", name);
    return 0;
}

static void check_csv(const char *slug, const struct report *r, struct arena *a)
{
    struct strbuf csv = STRBUF_INIT;
    struct str names[CSV_COLUMNS], cells[CSV_COLUMNS], line;
    csv_costs(r, &csv);
    struct str rest = strbuf_str(&csv);
    assert_true(str_next_line(&rest, &line));
    size_t count = split_csv(a, line, names, CSV_COLUMNS);
    size_t quantity = column(names, count, "PricingQuantity");
    size_t price = column(names, count, "ListUnitPrice"), cost = column(names, count, "ListCost");
    size_t option = column(names, count, "x_Option");
    big *sums = arena_new(a, big, r->decision->option_count);
    while (str_next_line(&rest, &line)) {
        assert_int_equal(split_csv(a, line, cells, CSV_COLUMNS), count);
        if (micros_of(cells[cost]) != product(cells[quantity], cells[price]))
            complain(slug, cells[option], line, "ListCost is not PricingQuantity x ListUnitPrice");
        for (size_t i = 0; i < r->decision->option_count; i++)
            if (str_equal(r->decision->options[i].id, cells[option]))
                sums[i] += micros_of(cells[cost]);
    }
    for (size_t i = 0; i < r->decision->option_count; i++) {
        const struct option *o = &r->decision->options[i];
        if (o->costed && sums[i] != o->monthly.micros)
            complain(slug, o->id, STR("costs.csv"), "does not add up to monthly_usd");
    }
    strbuf_release(&csv);
}

static void every_amount_of_every_report_can_be_recomputed(void **state)
{
    struct bundle *b = *state;
    size_t lines = 0;
    struct arena *a = arena_create();
    for (size_t i = 0; i < b->p.workload_count; i++) {
        struct analysis_request request = {.source = b->p.workloads[i], .as_of = DATE_NONE};
        struct report report;
        struct strbuf text = STRBUF_INIT;
        const char *slug = str_cstring(b->a, request.source.slug);
        arena_clear(a);
        struct diags *d = diags_new(a);
        assert_true(analyse(&b->p, &request, a, &report, d));
        json_report(&report, &text);
        const struct json *root = json_parse(STR("report.json"), strbuf_str(&text), a, d);
        assert_non_null(root);
        for (const struct json *o = json_find(root, "options")->child; o; o = o->next) {
            check_option(slug, root, o);
            lines += json_find(o, "lines")->count;
        }
        check_references(slug, root);
        check_csv(slug, &report, a);
        strbuf_release(&text);
    }
    arena_destroy(a);
    assert_true(lines > 100); /* something was looked at */
}

static void the_same_input_gives_the_same_bytes(void **state)
{
    struct bundle *b = *state;
    struct analysis_request request = {.source = b->p.workloads[0], .as_of = DATE_NONE};
    struct strbuf text[2] = {STRBUF_INIT, STRBUF_INIT};
    for (size_t i = 0; i < 2; i++) {
        struct arena *a = arena_create();
        struct report report;
        if (i == 1)
            arena_new(a, char, 12345); /* other addresses */
        assert_true(analyse(&b->p, &request, a, &report, diags_new(a)));
        json_report(&report, &text[i]);
        arena_destroy(a);
    }
    assert_true(str_equal(strbuf_str(&text[0]), strbuf_str(&text[1])));
    strbuf_release(&text[0]);
    strbuf_release(&text[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_amount_of_every_report_can_be_recomputed),
        cmocka_unit_test(the_same_input_gives_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
