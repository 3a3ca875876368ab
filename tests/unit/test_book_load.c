/* What stands in the files stands in the structs. tests/golden/pricing/valid is a small made-up book. */
#include "unit/unit.h"

#include "base/arena.h"
#include "pricing/check.h"
#include "pricing/load.h"

#include <math.h>

#define FOLDER "tests/golden/pricing/valid"

/* Figures are equal to within `tolerance`; 0 asks for the very same double. */
static void check_near(double got, double want, double tolerance, int line)
{
    if (fabs(got - want) <= tolerance)
        return;
    print_error("line %d: got %.17g, want %.17g\n", line, got, want);
    fail();
}

#define assert_near(got, want, tolerance) check_near((got), (want), (tolerance), __LINE__)

struct loaded {
    struct arena *a;
    struct diags *d;
    struct book book;
};

static void print_diags(const struct diags *d)
{
    struct strbuf text = STRBUF_INIT;
    diags_print((struct diags *)(uintptr_t)d, &text, false);
    if (text.n > 0)
        print_message("%s", text.s);
    strbuf_release(&text);
}

static int load(void **state)
{
    static struct loaded l;
    l.a = arena_create();
    l.d = diags_new(l.a);
    bool ok = book_load(FOLDER, l.a, &l.book, l.d);
    print_diags(l.d);
    *state = &l;
    return ok ? 0 : 1;
}

static int unload(void **state)
{
    arena_destroy(((struct loaded *)*state)->a);
    return 0;
}

static const struct book *book_of(void **state)
{
    return &((struct loaded *)*state)->book;
}

static void assert_day(struct date got, const char *want)
{
    struct strbuf sb = STRBUF_INIT;
    date_add(&sb, got);
    assert_text(&sb, want);
    strbuf_release(&sb);
}

static void assert_decimal(struct decimal got, const char *want)
{
    struct strbuf sb = STRBUF_INIT;
    decimal_add(&sb, got);
    assert_text(&sb, want);
    strbuf_release(&sb);
}

static void book_json_gives_providers_and_regions(void **state)
{
    const struct book *b = book_of(state);
    int aws = book_provider(b, STR("aws")), modal = book_provider(b, STR("modal"));
    int ap = book_geography(b, STR("ap-south"));
    assert_day(b->edition, "2026-10-01");
    assert_str(b->folder, FOLDER);
    assert_int_equal(b->provider_count, 3);
    assert_str(b->providers[aws].name, "Amazon Web Services");
    assert_int_equal(b->geography_count, 3);
    assert_str(b->geographies[0].region[aws], "us-east-1");
    assert_str(b->geographies[0].region[modal], "any");
    assert_str(b->geographies[ap].region[aws], "ap-south-1");
    assert_str(b->geographies[ap].region[modal], "");
}

static void prices_keep_every_digit_and_row(void **state)
{
    const struct sku *s = book_sku(book_of(state), STR("lambda-gb-second"));
    assert_non_null(s);
    assert_str(s->name, "Duration");
    assert_str(s->provider, "aws");
    assert_str(s->service, "AWS Lambda");
    assert_str(s->category, "Compute");
    assert_str(s->subcategory, "Serverless Compute");
    assert_string_equal(s->unit->name, "GB-second");
    assert_int_equal(s->price_count, 3);
    assert_day(s->prices[0].until, "2026-06-30");
    assert_int_equal(s->prices[0].confidence, CONFIDENCE_SECONDARY);
    const struct price *p = &s->prices[1];
    assert_str(p->region, "us-east-1");
    assert_day(p->from, "2022-08-04");
    assert_true(date_is_none(p->until));
    assert_int_equal(p->basis, PRICE_EFFECTIVE);
    assert_decimal(p->usd, "0.0000166667");
    assert_int_equal(p->tier_count, 3);
    assert_near(p->tiers[0].up_to, 6e9, 0.0);
    assert_decimal(p->tiers[1].usd, "0.000015");
    assert_true(isinf(p->tiers[2].up_to));
    assert_near(p->free_quantity, 400000, 0.0);
    assert_str(p->free_pool, "lambda-gb-second");
    assert_str(p->source, "https://example.com/lambda");
    assert_int_equal(p->confidence, CONFIDENCE_OFFICIAL);
}

static void an_estimate_has_its_range(void **state)
{
    const struct price *p = book_sku(book_of(state), STR("ec2-g5.xlarge:spot"))->prices;
    assert_int_equal(p->basis, PRICE_SEEN);
    assert_int_equal(p->confidence, CONFIDENCE_ESTIMATE);
    assert_decimal(p->estimate_low, "0.3");
    assert_decimal(p->estimate_high, "0.6");
    assert_str(p->note, "1.006 x 0.4");
}

static void a_machine_knows_the_sku_of_each_way_to_buy_it(void **state)
{
    const struct book *b = book_of(state);
    const struct machine_set *set = &b->sets[0];
    const struct machine *m = &set->machines[0];
    assert_str(set->id, "ec2");
    assert_int_equal(set->count, 2);
    assert_str(m->id, "g5.xlarge");
    assert_ptr_equal(m->sku[PURCHASE_ON_DEMAND], book_sku(b, STR("ec2-g5.xlarge")));
    assert_ptr_equal(m->sku[PURCHASE_SPOT], book_sku(b, STR("ec2-g5.xlarge:spot")));
    assert_ptr_equal(m->sku[PURCHASE_RESERVED_1Y], book_sku(b, STR("ec2-g5.xlarge:reserved-1y")));
    assert_null(m->sku[PURCHASE_RESERVED_3Y]);
    assert_str(m->gpu, "A10G"); // the file says a10g: hardware.json maps names
    assert_int_equal(m->gpus, 1);
    assert_near(m->vram_gib, 24, 0.0);
    assert_near(m->allocatable_vcpu, 3.92, 0.0);
    assert_int_equal(m->allocatable_pods, 58);
    assert_near(m->reclaim_likely, 0.2, 0.0);
    assert_str(set->machines[1].gpu, "");
    assert_null(set->machines[1].sku[PURCHASE_SPOT]);
}

static void a_function_platform_has_limits_size_and_meters(void **state)
{
    const struct book *b = book_of(state);
    const struct platform *p = book_platform(b, STR("lambda"));
    assert_int_equal(p->class, CLASS_SERVERLESS);
    assert_int_equal(p->scaling, SCALING_PER_REQUEST);
    assert_int_equal(p->serves, SERVES_REALTIME | SERVES_ASYNC | SERVES_BATCH);
    assert_near(p->limit[LIMIT_MEMORY_GB], 10, 0.0);
    assert_near(p->limit[LIMIT_GPUS], 0, 0.0);
    assert_true(isnan(p->limit[LIMIT_NODES])); // none published, which is not unlimited
    assert_true(p->limit_unverified[LIMIT_PAYLOAD_MB]);
    assert_false(p->limit_unverified[LIMIT_TIMEOUT_S]);
    assert_near(p->memory_mb.max, 10240, 0.0);
    assert_near(p->mb_per_vcpu, 1769, 0.0);
    assert_near(p->keep_alive_s.likely, 600, 0.0);
    assert_int_equal(p->kept_by, KEPT_BY_PROVISIONED);
    assert_true(p->has_cold_start);
    assert_near(p->start_ms.high, 1700, 0.0);
    assert_true(p->cold_start_billed);
    assert_int_equal(p->tenancy, TENANCY_MULTI);
    assert_int_equal(p->meter_count, 2);
    assert_int_equal(p->meters[1].quantity, QUANTITY_BUSY_S);
    assert_int_equal(p->meters[1].times, TIMES_MEMORY_GB);
    assert_near(p->meters[1].factor, 1, 0.0);
    assert_ptr_equal(p->meters[1].sku, book_sku(b, STR("lambda-gb-second")));
    assert_str(p->region[0], "us-east-1");
    assert_null(p->machines);
}

static void a_cluster_has_machines_reserve_and_ways_to_buy(void **state)
{
    const struct book *b = book_of(state);
    const struct platform *p = book_platform(b, STR("eks"));
    assert_int_equal(p->scaling, SCALING_CLUSTER);
    assert_ptr_equal(p->machines, &b->sets[0]);
    assert_int_equal(p->reserve, RESERVE_EKS);
    assert_near(p->system.vcpu, 0.5, 0.0);
    assert_near(p->gpu_node_start_s.likely, 360, 0.0);
    assert_true(p->purchases[PURCHASE_ON_DEMAND] && p->purchases[PURCHASE_SPOT]);
    assert_false(p->purchases[PURCHASE_RESERVED_3Y]);
    assert_int_equal(p->tenancy, TENANCY_SINGLE);
    assert_true(p->portable);
    assert_true(p->meters[0].is_shared);
    assert_int_equal(p->meters[0].when, WHEN_NEW_CLUSTER);
    assert_true(p->meters[1].is_machine);
    assert_null(p->meters[1].sku);
}

static void a_platform_may_be_absent_from_a_geography_and_end(void **state)
{
    const struct book *b = book_of(state);
    const struct platform *p = book_platform(b, STR("modal"));
    assert_str(p->region[book_geography(b, STR("ap-south"))], "");
    assert_str(p->region[0], "any");
    assert_day(p->available_until, "2026-10-31");
    assert_str(p->unavailable_why, "made up");
    assert_true(platform_is_available(p, date_civil(2026, 10, 31)));
    assert_false(platform_is_available(p, date_civil(2026, 11, 1)));
    assert_false(platform_is_available(p, date_civil(2023, 10, 9)));
    assert_true(isnan(p->limit[LIMIT_MEMORY_GB]));
    assert_false(p->has_cold_start);
}

static void hardware_and_throughput_go_by_one_table_of_names(void **state)
{
    const struct book *b = book_of(state);
    const struct hardware *h = book_hardware(b, STR("a10g"));
    const struct family *f = book_family(b, STR("bert-99"));
    assert_str(h->id, "A10G");
    assert_str(h->stand_in, "A10");
    assert_int_equal(h->slices, 4);
    assert_int_equal(book_hardware(b, STR("A100-40"))->share_count, 3);
    assert_near(book_hardware(b, STR("A100-40"))->shares_gib[1], 10, 0.0);
    assert_false(book_hardware(b, STR("cpu"))->is_gpu);
    assert_str(f->id, "bert-large");
    assert_int_equal(f->count, 2);
    assert_str(f->results[0].hardware, "A10");
    assert_near(f->results[0].per_second, 900.5, 0.0);
    assert_int_equal(f->results[0].count, 4);
}

static void the_bundled_book_has_no_mistakes(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct book b;
    bool ok = book_load("pricing", a, &b, d);
    print_diags(d);
    assert_true(ok);
    assert_int_equal(diags_count(d), 0);
    for (size_t i = 0; i < b.sku_count; i++) {
        assert_true(i == 0 || str_compare(b.skus[i - 1].id, b.skus[i].id) < 0);
        assert_true(b.skus[i].price_count > 0);
    }
    arena_destroy(a);
}

static void a_folder_that_is_not_there_is_an_error_of_the_input(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct book b;
    assert_false(book_load("tests/golden/pricing/nowhere", a, &b, d));
    assert_int_equal(diags_count(d), 1);
    assert_str(diags_get(d, 0)->message, "no pricing folder here");
    assert_int_equal(diags_system_errors(d), 0);
    arena_destroy(a);
}

static void a_folder_without_book_json_says_so(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct book b;
    struct book_file file = {STR("prices/x.json"), STR("x.json"), STR("{}")};
    assert_false(book_parse(&file, 1, STR("somewhere"), a, &b, d));
    assert_int_equal(diags_count(d), 1);
    assert_str(diags_get(d, 0)->message, "book.json is missing");
    arena_destroy(a);
}

/* A broken file must not make everything that refers to it an error of its own. */
static void a_file_that_is_no_json_gives_its_own_error_only(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct book_file *files;
    struct book b;
    size_t count;
    assert_true(book_read(FOLDER, a, &files, &count, d));
    for (size_t i = 0; i < count; i++)
        if (str_starts(files[i].name, STR("prices/machines")) ||
            str_is(files[i].name, "hardware.json"))
            files[i].text = STR("{ \"format\": ");
    assert_false(book_parse(files, count, STR(FOLDER), a, &b, d));
    assert_int_equal(diags_errors(d), 2);
    arena_destroy(a);
}

static size_t named(const struct book_file *files, size_t count, const char *name, struct str *path)
{
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        if (!str_is(files[i].name, name))
            continue;
        found++;
        *path = files[i].path;
    }
    return found;
}

static void a_folder_may_hold_only_what_differs(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct book_file *files;
    size_t count, whole;
    struct str path;
    assert_true(book_read(FOLDER, a, &files, &whole, d));
    assert_true(
        book_read_over("tests/golden/pricing/platform-meters", FOLDER, a, &files, &count, d));
    assert_int_equal(count, whole);
    assert_int_equal(named(files, count, "platforms/lambda.json", &path), 1);
    assert_string_equal(str_cstring(a, path),
                        "tests/golden/pricing/platform-meters/platforms/lambda.json");
    assert_int_equal(named(files, count, "book.json", &path), 1);
    assert_string_equal(str_cstring(a, path), FOLDER "/book.json");
    /* The other way round, a name that is not below is one more. */
    assert_true(
        book_read_over(FOLDER, "tests/golden/pricing/platform-meters", a, &files, &count, d));
    assert_int_equal(count, whole);
    assert_true(
        book_read_over("tests/golden/pricing/platform-meters", "pricing", a, &files, &count, d));
    assert_int_equal(named(files, count, "platforms/lambda.json", &path), 1);
    assert_int_equal(named(files, count, "platforms/aws-lambda.json", &path), 1);
    assert_int_equal(diags_count(d), 0);
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(book_json_gives_providers_and_regions),
        cmocka_unit_test(prices_keep_every_digit_and_row),
        cmocka_unit_test(an_estimate_has_its_range),
        cmocka_unit_test(a_machine_knows_the_sku_of_each_way_to_buy_it),
        cmocka_unit_test(a_function_platform_has_limits_size_and_meters),
        cmocka_unit_test(a_cluster_has_machines_reserve_and_ways_to_buy),
        cmocka_unit_test(a_platform_may_be_absent_from_a_geography_and_end),
        cmocka_unit_test(hardware_and_throughput_go_by_one_table_of_names),
        cmocka_unit_test(the_bundled_book_has_no_mistakes),
        cmocka_unit_test(a_folder_that_is_not_there_is_an_error_of_the_input),
        cmocka_unit_test(a_folder_without_book_json_says_so),
        cmocka_unit_test(a_file_that_is_no_json_gives_its_own_error_only),
        cmocka_unit_test(a_folder_may_hold_only_what_differs),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
