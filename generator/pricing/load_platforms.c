#include "base/arena.h"
#include "base/strbuf.h"
#include "pricing/loader.h"
#include "pricing/meter.h"
#include "pricing/words.h"

#include <math.h>

/* Bounds that only catch slipped units and digits; every real platform lies far inside. */
#define SECONDS_HIGHEST 31536000.0 /* a year: job time limits, keep-alive */
#define MS_HIGHEST 86400000.0      /* a day */
#define SIZE_HIGHEST 1e6           /* GB, MB of payload, vCPU, instances */
#define MEMORY_MB_HIGHEST 1e8
#define FACTOR_HIGHEST 1e9

/* ---- regions ------------------------------------------------------------------------------------
 */

void load_platform_regions(struct loader *l, const struct json *root)
{
    const struct json *provider = json_find(root, "provider");
    const struct json *regions = json_find(root, "regions");
    int index = -1;
    if (provider && provider->kind == JSON_STRING)
        index = book_provider(l->book, provider->string);
    if (index < 0 || !regions || regions->kind != JSON_OBJECT)
        return;
    for (const struct json *m = regions->child; m; m = m->next)
        if (m->kind == JSON_STRING && m->string.n > 0)
            add_region(l, (size_t)index, m->string);
}

/* The provider's own regions, then what the platform says otherwise. */
static void load_regions(struct loader *l, struct json_reader *r, struct platform *p,
                         size_t provider)
{
    const struct book *b = l->book;
    const struct json *regions;
    for (size_t i = 0; i < b->geography_count; i++)
        p->region[i] = b->geographies[i].region[provider];
    if (!json_object(r, "regions", &regions))
        return;
    for (const struct json *m = regions->child; m; m = m->next) {
        int geography = book_geography(b, m->key);
        if (geography < 0) {
            struct str *ids = arena_new(l->a, struct str, b->geography_count);
            for (size_t i = 0; i < b->geography_count; i++)
                ids[i] = b->geographies[i].id;
            diag_error(
                l->d, json_key_where(m),
                hint_nearest(l, m->key, ids, b->geography_count, "geographies stand in book.json"),
                "unknown geography \"%.*s\"", STR_ARG(m->key));
        } else if (m->kind == JSON_NULL) {
            p->region[geography] = (struct str){NULL, 0};
        } else if (m->kind == JSON_STRING && str_trim(m->string).n > 0) {
            p->region[geography] = m->string;
        } else {
            diag_error(l->d, json_where(m), NULL, "a region is a word, or null where it is not offered");
        }
    }
}

/* ---- the parts of a platform --------------------------------------------------------------------
 */

static void load_available(struct loader *l, struct json_reader *r, struct platform *p)
{
    const struct json *value;
    struct json_reader v;
    struct str source;
    p->available_from = p->available_until = DATE_NONE;
    if (!json_object(r, "available", &value) ||
        !json_reader_open(&v, value, STR("available"), l->a, l->d))
        return;
    bool has_from = read_date(l, &v, "from", &p->available_from);
    bool has_until = read_date(l, &v, "until", &p->available_until);
    if (has_from && has_until && date_compare(p->available_until, p->available_from) < 0)
        diag_error(l->d, json_where(json_member(&v, "until")), NULL,
                   "the last day lies before the first");
    if (has_until)
        read_text_required(&v, "why", &p->unavailable_why);
    else
        read_text(&v, "why", &p->unavailable_why);
    read_url_required(l, &v, "source", &source);
    json_reader_close(&v);
}

static void load_limits(struct loader *l, struct json_reader *r, struct platform *p)
{
    const struct json *value;
    struct json_reader v;
    for (size_t i = 0; i < LIMIT_COUNT; i++)
        p->limit[i] = (double)NAN;
    if (!json_object(r, "limits", &value) ||
        !json_reader_open(&v, value, STR("limits"), l->a, l->d))
        return;
    for (size_t i = 0; i < LIMIT_COUNT; i++) {
        bool can_be_zero = i == LIMIT_GPUS || i == LIMIT_VRAM_GB;
        bool is_time = i == LIMIT_TIMEOUT_S || i == LIMIT_JOB_TIMEOUT_S || i == LIMIT_RESPONSE_S;
        read_number_or_null(&v, BOOK_LIMIT_WORDS[i], can_be_zero ? 0.0 : JSON_POSITIVE,
                            is_time ? SECONDS_HIGHEST : SIZE_HIGHEST, &p->limit[i]);
    }
    const struct json *jobs = json_find(value, BOOK_LIMIT_WORDS[LIMIT_JOB_TIMEOUT_S]);
    p->jobs_unlimited = jobs && jobs->kind == JSON_NULL;
    json_reader_close(&v);
}

static void load_unverified(struct loader *l, struct json_reader *r, struct platform *p)
{
    const struct json *list;
    struct str known[LIMIT_COUNT];
    if (!json_array(r, "unverified", &list))
        return;
    for (size_t i = 0; i < LIMIT_COUNT; i++)
        known[i] = str_of(BOOK_LIMIT_WORDS[i]);
    for (const struct json *m = list->child; m; m = m->next) {
        size_t i = 0;
        while (i < LIMIT_COUNT && !(m->kind == JSON_STRING && str_equal(m->string, known[i])))
            i++;
        if (i == LIMIT_COUNT)
            diag_error(
                l->d, json_where(m),
                hint_nearest(l, m->string, known, LIMIT_COUNT, "it names keys of \"limits\""),
                "unknown limit \"%.*s\"", STR_ARG(m->string));
        else
            p->limit_unverified[i] = true;
    }
}

static void load_steps(struct loader *l, struct json_reader *r, const char *key, double highest,
                       struct step_range *out)
{
    const struct json *value;
    struct json_reader v;
    struct step_range s = {0};
    if (!json_object(r, key, &value) || !json_reader_open(&v, value, str_of(key), l->a, l->d))
        return;
    bool ok = json_required(&v, "min") && json_number(&v, "min", 0.0, highest, &s.min);
    ok = json_required(&v, "max") && json_number(&v, "max", JSON_POSITIVE, highest, &s.max) && ok;
    ok = json_required(&v, "step") && json_number(&v, "step", JSON_POSITIVE, highest, &s.step) &&
         ok;
    json_reader_close(&v);
    if (ok && s.min > s.max)
        diag_error(l->d, json_where(value), NULL, "%s: min must not be above max", key);
    else if (ok)
        *out = s;
}

static bool read_size(struct loader *l, const struct json *value, const char *name,
                      bool can_be_zero, struct size *out)
{
    struct json_reader v;
    double lowest = can_be_zero ? 0.0 : JSON_POSITIVE;
    if (!json_reader_open(&v, value, str_of(name), l->a, l->d))
        return false;
    bool ok = json_required(&v, "vcpu") &&
              json_number(&v, "vcpu", lowest, SIZE_HIGHEST, &out->vcpu);
    ok = json_required(&v, "memory_gib") &&
         json_number(&v, "memory_gib", lowest, SIZE_HIGHEST, &out->memory_gib) && ok;
    json_reader_close(&v);
    return ok;
}

static void read_size_member(struct loader *l, struct json_reader *r, const char *key,
                             struct size *out)
{
    const struct json *value;
    if (json_object(r, key, &value))
        read_size(l, value, key, true, out);
}

static void load_sizes(struct loader *l, const struct json *list, struct platform *p)
{
    struct size *sizes = arena_new(l->a, struct size, list->count);
    size_t n = 0;
    for (const struct json *m = list->child; m; m = m->next, n++) {
        if (!read_size(l, m, "size", false, &sizes[n]))
            continue;
        if (n > 0 &&
            (sizes[n].vcpu < sizes[n - 1].vcpu || (sizes[n].vcpu <= sizes[n - 1].vcpu &&
                                                   sizes[n].memory_gib <= sizes[n - 1].memory_gib)))
            diag_error(l->d, json_where(m), NULL, "sizes ascend by vcpu, then by memory_gib");
    }
    p->sizes = sizes;
    p->size_count = n;
}

static void load_size(struct loader *l, struct json_reader *r, struct platform *p)
{
    const struct json *value, *part;
    struct json_reader v, g;
    if (!json_object(r, "size", &value) || !json_reader_open(&v, value, STR("size"), l->a, l->d))
        return;
    load_steps(l, &v, "memory_mb", MEMORY_MB_HIGHEST, &p->memory_mb);
    json_number(&v, "mb_per_vcpu", JSON_POSITIVE, MEMORY_MB_HIGHEST, &p->mb_per_vcpu);
    load_steps(l, &v, "vcpu", SIZE_HIGHEST, &p->vcpu);
    if (json_object(&v, "gib_per_vcpu", &part) &&
        json_reader_open(&g, part, STR("gib_per_vcpu"), l->a, l->d)) {
        bool ok = json_required(&g, "min") &&
                  json_number(&g, "min", 0.0, SIZE_HIGHEST, &p->gib_per_vcpu_min);
        ok = json_required(&g, "max") &&
             json_number(&g, "max", JSON_POSITIVE, SIZE_HIGHEST, &p->gib_per_vcpu_max) && ok;
        json_reader_close(&g);
        if (ok && p->gib_per_vcpu_min > p->gib_per_vcpu_max)
            diag_error(l->d, json_where(part), NULL, "gib_per_vcpu: min must not be above max");
    }
    if (json_array(&v, "sizes", &part))
        load_sizes(l, part, p);
    read_size_member(l, &v, "gpu_minimum", &p->gpu_minimum);
    json_reader_close(&v);
}

static void load_machine_set(struct loader *l, struct json_reader *r, struct platform *p)
{
    struct str id;
    size_t at;
    if (!read_text(r, "machines", &id))
        return;
    if (names_find(&l->set_names, id, &at)) {
        p->machines = &l->sets[at];
        return;
    }
    if (l->lacks_machines)
        return;
    struct str *ids = arena_new(l->a, struct str, l->set_count);
    for (size_t i = 0; i < l->set_count; i++)
        ids[i] = l->sets[i].id;
    diag_error(l->d, json_where(json_member(r, "machines")),
               hint_nearest(l, id, ids, l->set_count, "machine sets stand in machines/*.json"),
               "unknown machine set \"%.*s\"", STR_ARG(id));
}

static void load_concurrency(struct loader *l, struct json_reader *r, struct platform *p)
{
    const struct json *value;
    struct json_reader v;
    p->concurrency_default = p->concurrency_max = 1.0;
    if (!json_object(r, "concurrency", &value) ||
        !json_reader_open(&v, value, STR("concurrency"), l->a, l->d))
        return;
    bool ok = json_required(&v, "default") &&
              json_number(&v, "default", 1.0, SIZE_HIGHEST, &p->concurrency_default);
    ok = json_required(&v, "max") &&
         json_number(&v, "max", 1.0, SIZE_HIGHEST, &p->concurrency_max) && ok;
    json_reader_close(&v);
    if (ok && p->concurrency_default > p->concurrency_max)
        diag_error(l->d, json_where(value), NULL, "concurrency: default must not be above max");
}

static void load_billing(struct loader *l, struct json_reader *r, struct platform *p)
{
    const struct json *value;
    struct json_reader v;
    if (!json_object(r, "billing", &value) ||
        !json_reader_open(&v, value, STR("billing"), l->a, l->d))
        return;
    json_number(&v, "grain_ms", 0.0, MS_HIGHEST, &p->grain_ms);
    json_number(&v, "min_ms", 0.0, MS_HIGHEST, &p->min_billed_ms);
    json_bool(&v, "cold_start_billed", &p->cold_start_billed);
    json_number(&v, "idle_tail_s", 0.0, SECONDS_HIGHEST, &p->idle_tail_s);
    json_reader_close(&v);
}

static void load_warm(struct loader *l, struct json_reader *r, struct platform *p)
{
    const struct json *value;
    struct json_reader v;
    size_t index = 0;
    if (!json_object(r, "warm", &value) || !json_reader_open(&v, value, STR("warm"), l->a, l->d))
        return;
    read_spread(l, &v, "keep_alive_s", 0.0, SECONDS_HIGHEST, &p->keep_alive_s);
    json_number(&v, "min_instances", 0.0, SIZE_HIGHEST, &p->min_instances);
    if (json_choice(&v, "kept_by", BOOK_KEPT_BY_WORDS, &index))
        p->kept_by = (enum kept_by)index;
    index = 0;
    if (json_choice(&v, "routing", BOOK_ROUTING_WORDS, &index))
        p->routing = (enum routing)index;
    json_reader_close(&v);
}

static void load_cold_start(struct loader *l, struct json_reader *r, struct platform *p)
{
    const struct json *value;
    struct json_reader v;
    size_t index = 0;
    if (!json_object(r, "cold_start", &value) ||
        !json_reader_open(&v, value, STR("cold_start"), l->a, l->d))
        return;
    p->has_cold_start = json_required(&v, "start_ms") &&
                        read_spread(l, &v, "start_ms", 0.0, MS_HIGHEST, &p->start_ms);
    read_url_required(l, &v, "source", &p->start_source);
    if (read_choice_required(&v, "confidence", BOOK_CONFIDENCE_WORDS, &index))
        p->start_confidence = (enum confidence)index;
    json_string(&v, "note", &(struct str){0}); // for readers of the file
    json_reader_close(&v);
}

static void load_purchases(struct loader *l, struct json_reader *r, struct platform *p)
{
    const struct json *list;
    struct str known[PURCHASE_COUNT];
    p->purchases[PURCHASE_ON_DEMAND] = true;
    if (!json_array(r, "purchases", &list))
        return;
    p->purchases[PURCHASE_ON_DEMAND] = false;
    for (size_t i = 0; i < PURCHASE_COUNT; i++)
        known[i] = str_of(purchase_word((enum purchase)i));
    for (const struct json *m = list->child; m; m = m->next) {
        size_t i = 0;
        while (i < PURCHASE_COUNT && !(m->kind == JSON_STRING && str_equal(m->string, known[i])))
            i++;
        if (i == PURCHASE_COUNT)
            diag_error(l->d, json_where(m),
                       hint_nearest(l, m->string, known, PURCHASE_COUNT,
                                    "it is one of: on-demand, spot, reserved-1y, reserved-3y"),
                       "unknown kind of purchase \"%.*s\"", STR_ARG(m->string));
        else
            p->purchases[i] = true;
    }
    if (list->count == 0)
        diag_error(l->d, json_where(list), NULL, "purchases must not be empty");
}

static void load_cluster(struct loader *l, struct json_reader *r, struct platform *p)
{
    const struct json *value;
    struct json_reader v;
    size_t index = 0;
    bool is_kubernetes = p->scaling == SCALING_CLUSTER || p->scaling == SCALING_PODS;
    p->purchases[PURCHASE_ON_DEMAND] = true;
    if (!is_kubernetes) {
        if (json_member(r, "cluster"))
            diag_error(l->d, json_key_where(json_member(r, "cluster")), NULL,
                       "only a platform of scaling cluster or pods has a \"cluster\"");
        return;
    }
    if (!json_required(r, "cluster") || !json_object(r, "cluster", &value) ||
        !json_reader_open(&v, value, STR("cluster"), l->a, l->d))
        return;
    if (p->scaling == SCALING_CLUSTER)
        json_required(&v, "reserve");
    if (json_choice(&v, "reserve", BOOK_RESERVE_WORDS, &index))
        p->reserve = (enum node_reserve)index;
    read_size_member(l, &v, "system", &p->system);
    read_size_member(l, &v, "daemon", &p->daemon);
    if (json_required(&v, "node_start_s"))
        read_spread(l, &v, "node_start_s", 0.0, SECONDS_HIGHEST, &p->node_start_s);
    p->gpu_node_start_s = p->node_start_s;
    read_spread(l, &v, "gpu_node_start_s", 0.0, SECONDS_HIGHEST, &p->gpu_node_start_s);
    load_purchases(l, &v, p);
    json_string(&v, "note", &(struct str){0}); // for readers of the file
    json_string(&v, "source", &(struct str){0});
    json_reader_close(&v);
}

/* ---- meters -------------------------------------------------------------------------------------
 */

static void check_meter_sku(struct loader *l, struct json_reader *r, const struct platform *p,
                            struct meter *m, bool has_factor)
{
    struct str id;
    if (!read_text_required(r, "sku", &id))
        return;
    struct where where = json_where(json_member(r, "sku"));
    m->is_machine = str_is(id, "machine");
    if (m->is_machine != (m->quantity == QUANTITY_MACHINE)) {
        diag_error(l->d, where, NULL,
                   "the SKU \"machine\" and the quantity \"machine\" go together");
        return;
    }
    bool needs_machines = m->is_machine || m->quantity == QUANTITY_MACHINE_ON_DEMAND_USD;
    if (needs_machines && !p->machines && !l->lacks_machines)
        diag_error(l->d, where, "name a machine set in \"machines\"",
                   "this platform has no machines to charge for");
    if (m->is_machine)
        return;
    m->sku = find_sku(l, id);
    if (!m->sku) {
        if (!l->lacks_prices)
            diag_error(l->d, where, hint_sku(l, id), "unknown SKU \"%.*s\"", STR_ARG(id));
        return;
    }
    if (!m->sku->unit || has_factor)
        return;
    if (meter_fits_unit(m->quantity, m->times, m->sku->unit))
        return;
    struct strbuf counted = STRBUF_INIT;
    meter_add_counted(&counted, m->quantity, m->times);
    diag_error(l->d, where, "another SKU, other \"times\", or a \"factor\" that converts",
               "\"%.*s\" is sold by the %s, but this meter counts %s", STR_ARG(id),
               m->sku->unit->singular, counted.s);
    strbuf_release(&counted);
}

static void load_meter(struct loader *l, const struct json *value, const struct platform *p,
                       struct meter *m)
{
    struct json_reader r;
    size_t index = 0;
    m->where = json_where(value);
    m->factor = 1.0;
    if (!json_reader_open(&r, value, STR("meter"), l->a, l->d))
        return;
    read_text_required(&r, "item", &m->item);
    bool has_quantity = read_choice_required(&r, "quantity", BOOK_QUANTITY_WORDS, &index);
    m->quantity = (enum quantity)index;
    index = 0;
    if (json_choice(&r, "times", BOOK_TIMES_WORDS + TIMES_MEMORY_GB, &index))
        m->times = (enum times)(index + TIMES_MEMORY_GB);
    bool has_factor = json_number(&r, "factor", JSON_POSITIVE, FACTOR_HIGHEST, &m->factor);
    index = 0;
    if (json_choice(&r, "when", BOOK_WHEN_WORDS, &index))
        m->when = (enum meter_when)index;
    json_bool(&r, "shared", &m->is_shared);
    json_bool(&r, "credit", &m->is_credit);
    if (has_quantity) {
        if (!meter_has_quantity(p->scaling, m->quantity))
            diag_error(l->d, json_where(json_member(&r, "quantity")), NULL,
                       "a platform of scaling %s has no %s", scaling_word(p->scaling),
                       quantity_word(m->quantity));
        check_meter_sku(l, &r, p, m, has_factor);
    } else {
        json_member(&r, "sku");
    }
    json_string(&r, "note", &(struct str){0}); // for readers of the file
    json_reader_close(&r);
}

static void load_meters(struct loader *l, struct json_reader *r, struct platform *p)
{
    const struct json *list;
    if (!json_required(r, "meters") || !json_array(r, "meters", &list))
        return;
    struct meter *meters = arena_new(l->a, struct meter, list->count);
    size_t n = 0;
    if (list->count == 0)
        diag_error(l->d, json_where(list), NULL, "a platform without a meter would cost nothing");
    for (const struct json *m = list->child; m; m = m->next, n++)
        load_meter(l, m, p, &meters[n]);
    p->meters = meters;
    p->meter_count = n;
}

/* ---- the platform -------------------------------------------------------------------------------
 */

static void load_serves(struct loader *l, struct json_reader *r, struct platform *p)
{
    const struct json *list;
    struct str known[8];
    size_t count = 0;
    if (!json_required(r, "serves") || !json_array(r, "serves", &list))
        return;
    for (; BOOK_SERVES_WORDS[count]; count++)
        known[count] = str_of(BOOK_SERVES_WORDS[count]);
    for (const struct json *m = list->child; m; m = m->next) {
        size_t i = 0;
        while (i < count && !(m->kind == JSON_STRING && str_equal(m->string, known[i])))
            i++;
        if (i == count)
            diag_error(l->d, json_where(m),
                       hint_nearest(l, m->string, known, count,
                                    "realtime, streaming, async, batch, training, batch-job or "
                                    "automation"),
                       "unknown kind of work \"%.*s\"", STR_ARG(m->string));
        else
            p->serves |= 1u << i;
    }
    if (list->count == 0)
        diag_error(l->d, json_where(list), NULL, "serves must not be empty");
}

static void check_scaling(struct loader *l, struct json_reader *r, const struct platform *p)
{
    bool goes_idle = p->scaling == SCALING_PER_REQUEST || p->scaling == SCALING_TO_ZERO ||
                     p->scaling == SCALING_PROVISIONED;
    const struct json *scaling = json_member(r, "scaling");
    const struct json *warm = json_member(r, "warm");
    if (goes_idle && !json_find(warm, "keep_alive_s"))
        diag_error(
            l->d, warm ? json_where(warm) : json_where(scaling),
            "add \"warm\": {\"keep_alive_s\": {\"low\": ..., \"likely\": ..., \"high\": ...}}",
            "a platform of scaling %s must say how long an idle instance stays",
            scaling_word(p->scaling));
    if (p->scaling == SCALING_CLUSTER && !json_member(r, "machines"))
        diag_error(l->d, json_where(scaling), NULL, "a platform of scaling cluster needs \"machines\"");
}

static bool load_identity(struct loader *l, struct json_reader *r, struct platform *p,
                          struct str file_id, size_t *provider)
{
    size_t index = 0;
    bool has_id = read_id(l, r, "id", &p->id);
    if (has_id) {
        p->where = json_where(json_member(r, "id"));
        if (!str_equal(p->id, file_id))
            diag_error(l->d, p->where, NULL, "the id must equal the file's name, \"%.*s\"",
                       STR_ARG(file_id));
    }
    read_text_required(r, "name", &p->name);
    bool has_provider = read_provider(l, r, "provider", &p->provider, provider);
    if (read_choice_required(r, "class", BOOK_PLATFORM_CLASS_WORDS, &index))
        p->class = (enum platform_class)index;
    return has_id && has_provider;
}

static void load_facts(struct loader *l, struct json_reader *r, struct platform *p)
{
    size_t index = 0;
    struct date as_of;
    struct str *attests;
    p->tenancy = TENANCY_MULTI;
    read_texts(l, r, "attests", &attests, &p->attest_count);
    p->attests = attests;
    if (json_choice(r, "tenancy", BOOK_PLATFORM_TENANCY_WORDS, &index) && index == 1)
        p->tenancy = TENANCY_SINGLE;
    json_bool(r, "portable", &p->portable);
    struct str arch = STR("");
    if (json_string(r, "arch", &arch) && !str_is(arch, "x86") && !str_is(arch, "arm"))
        diag_error(r->d, json_where(json_find(r->object, "arch")), "x86 or arm", "unknown arch \"%.*s\"", STR_ARG(arch));
    p->is_arm = str_is(arch, "arm");
    bool containers = true;
    json_bool(r, "containers", &containers);
    p->no_containers = !containers;
    json_bool(r, "preempts_gpu", &p->preempts_gpu);
    p->own_nodes = p->scaling == SCALING_CLUSTER;
    if (json_bool(r, "own_nodes", &p->own_nodes) && p->own_nodes && p->scaling != SCALING_CLUSTER)
        diag_error(l->d, json_where(json_member(r, "own_nodes")), NULL, "only a platform of scaling cluster has nodes of one's own");
    read_url_required(l, r, "source", &p->source);
    if (read_date_required(l, r, "as_of", &as_of))
        p->as_of = json_member(r, "as_of")->string;
    index = 0;
    if (read_choice_required(r, "confidence", BOOK_CONFIDENCE_WORDS, &index))
        p->confidence = (enum confidence)index;
    json_string(r, "note", &p->note);
}

void load_platform_file(struct loader *l, const struct json *root, struct str file_id)
{
    struct json_reader r;
    struct platform p = {.where = json_where(root)};
    size_t provider = 0, index = 0;
    if (!json_reader_open(&r, root, STR(""), l->a, l->d))
        return;
    read_format(l, &r, "breakeven-platform/1");
    bool is_known = load_identity(l, &r, &p, file_id, &provider);
    bool has_scaling = read_choice_required(&r, "scaling", BOOK_SCALING_WORDS, &index);
    p.scaling = (enum scaling)index;
    load_serves(l, &r, &p);
    if (is_known)
        load_regions(l, &r, &p, provider);
    load_available(l, &r, &p);
    load_limits(l, &r, &p);
    load_unverified(l, &r, &p);
    load_size(l, &r, &p);
    load_machine_set(l, &r, &p);
    load_concurrency(l, &r, &p);
    load_billing(l, &r, &p);
    load_warm(l, &r, &p);
    load_cold_start(l, &r, &p);
    if (has_scaling) {
        load_cluster(l, &r, &p);
        load_meters(l, &r, &p);
        check_scaling(l, &r, &p);
    }
    load_facts(l, &r, &p);
    static const char *const UNREAD[] = {"regions", "cluster", "meters", "warm"};
    for (size_t i = 0; i < sizeof UNREAD / sizeof *UNREAD; i++)
        json_member(&r,
                    UNREAD[i]); // known keys, even where an earlier fault kept them from being read
    json_reader_close(&r);
    if (!is_known)
        return;
    size_t at = l->platform_count;
    if (!names_add(&l->platform_names, p.id, &at)) {
        diag_error(l->d, p.where, hint_first(l, l->platforms[at].where),
                   "duplicate platform \"%.*s\"", STR_ARG(p.id));
        return;
    }
    l->platforms = arena_grow(l->a, struct platform, l->platforms, l->platform_count,
                              &l->platform_capacity);
    l->platforms[l->platform_count++] = p;
}
