#include "base/arena.h"
#include "pricing/loader.h"

/* Far above any machine on sale, low enough to catch MiB written as GiB. */
#define VCPU_HIGHEST 2048.0
#define MEMORY_HIGHEST_GIB 65536.0
#define VRAM_HIGHEST_GIB 10000.0
#define GPUS_HIGHEST 128
#define PODS_HIGHEST 4096
#define VRAM_SLACK 1.02 /* vendors round: 40 GB, 39.6 GiB */

struct set_context {
    struct loader *l;
    const struct machine_set *set;
};

static void load_sku_links(const struct set_context *c, struct json_reader *r, struct machine *m)
{
    struct loader *l = c->l;
    bool is_sold = false;
    if (!read_id(l, r, "sku", &m->sku_id))
        return;
    m->sku[PURCHASE_ON_DEMAND] = find_sku(l, m->sku_id);
    for (size_t i = PURCHASE_SPOT; i < PURCHASE_COUNT; i++) {
        struct str id = str_printf(l->a, "%.*s:%s", STR_ARG(m->sku_id),
                                   purchase_word((enum purchase)i));
        m->sku[i] = find_sku(l, id);
    }
    for (size_t i = 0; i < PURCHASE_COUNT; i++) {
        is_sold |= m->sku[i] != NULL;
        if (m->sku[i] && !str_equal(m->sku[i]->provider, c->set->provider))
            diag_error(l->d, json_where(json_member(r, "sku")), hint_first(l, m->sku[i]->where),
                       "SKU \"%.*s\" is sold by %.*s, not by %.*s", STR_ARG(m->sku[i]->id),
                       STR_ARG(m->sku[i]->provider), STR_ARG(c->set->provider));
    }
    if (!is_sold && !l->lacks_prices)
        diag_error(l->d, json_where(json_member(r, "sku")), hint_sku(l, m->sku_id),
                   "unknown SKU \"%.*s\"", STR_ARG(m->sku_id));
}

static void load_gpu(const struct set_context *c, struct json_reader *r, struct machine *m)
{
    struct loader *l = c->l;
    const struct json *gpu = json_member(r, "gpu");
    bool has_gpu = gpu && gpu->kind != JSON_NULL && read_text(r, "gpu", &m->gpu);
    read_int(l, r, "gpus", 0, GPUS_HIGHEST, &m->gpus);
    read_number_or_null(r, "vram_gib", 0.0, VRAM_HIGHEST_GIB, &m->vram_gib);
    if (!has_gpu) {
        if (m->gpus > 0)
            diag_error(l->d, json_where(json_member(r, "gpus")), NULL, "\"gpu\" must say which");
        return;
    }
    if (m->gpus == 0)
        diag_error(l->d, json_where(gpu), NULL, "\"gpus\" must say how many");
    if (!(m->vram_gib > 0.0))
        diag_error(l->d, json_where(gpu), NULL, "\"vram_gib\" must say how much memory one GPU has");
    size_t at;
    if (!names_find(&l->hardware_names, m->gpu, &at)) {
        if (!l->lacks_hardware)
            diag_error(l->d, json_where(gpu), hint_hardware(l, m->gpu), "unknown hardware \"%.*s\"",
                       STR_ARG(m->gpu));
        return;
    }
    const struct hardware *h = &l->hardware[at];
    m->gpu = h->id;
    if (!h->is_gpu)
        diag_error(l->d, json_where(gpu), NULL, "%.*s is not a GPU", STR_ARG(h->id));
    else if (h->vram_gib > 0.0 && m->vram_gib > VRAM_SLACK * h->vram_gib)
        diag_error(l->d, json_where(json_member(r, "vram_gib")),
                   hint_first(l, l->hardware_places.items[at]), "%.*s has %g GiB of memory, not %g",
                   STR_ARG(h->id), h->vram_gib, m->vram_gib);
}

static void load_allocatable(const struct set_context *c, const struct json *value,
                             struct machine *m)
{
    struct loader *l = c->l;
    struct json_reader r;
    double vcpu_highest = m->vcpu > 0.0 ? m->vcpu : VCPU_HIGHEST;
    double memory_highest = m->memory_gib > 0.0 ? m->memory_gib : MEMORY_HIGHEST_GIB;
    if (!json_reader_open(&r, value, STR("allocatable"), l->a, l->d))
        return;
    if (json_required(&r, "vcpu"))
        json_number(&r, "vcpu", JSON_POSITIVE, vcpu_highest, &m->allocatable_vcpu);
    if (json_required(&r, "memory_gib"))
        json_number(&r, "memory_gib", JSON_POSITIVE, memory_highest, &m->allocatable_memory_gib);
    read_int(l, &r, "pods", 1, PODS_HIGHEST, &m->allocatable_pods);
    json_reader_close(&r);
}

static void load_machine(const struct set_context *c, const struct json *value, struct machine *m)
{
    static const char *const ARCHITECTURES[] = {"x86", "arm", NULL};
    struct loader *l = c->l;
    struct json_reader r;
    const struct json *part;
    struct spread reclaim;
    size_t index = 0;
    m->where = json_where(value);
    if (!json_reader_open(&r, value, STR("machine"), l->a, l->d))
        return;
    if (read_text_required(&r, "machine", &m->id))
        m->where = json_where(json_member(&r, "machine"));
    read_text(&r, "family", &m->family);
    m->arch = STR("x86");
    if (read_choice_required(&r, "arch", ARCHITECTURES, &index))
        m->arch = str_of(ARCHITECTURES[index]);
    load_sku_links(c, &r, m);
    if (json_required(&r, "vcpu"))
        read_number_or_null(&r, "vcpu", JSON_POSITIVE, VCPU_HIGHEST, &m->vcpu);
    if (json_required(&r, "memory_gib"))
        read_number_or_null(&r, "memory_gib", JSON_POSITIVE, MEMORY_HIGHEST_GIB, &m->memory_gib);
    load_gpu(c, &r, m);
    json_bool(&r, "burstable", &m->burstable);
    if (json_object(&r, "allocatable", &part))
        load_allocatable(c, part, m);
    if (read_spread(l, &r, "reclaim", 0.0, 1.0, &reclaim)) {
        m->reclaim_low = reclaim.low;
        m->reclaim_likely = reclaim.likely;
        m->reclaim_high = reclaim.high;
    }
    json_string(&r, "note", &(struct str){0}); // for readers of the file
    json_reader_close(&r);
}

void load_machines_file(struct loader *l, const struct json *root)
{
    struct json_reader r;
    const struct json *list;
    struct machine_set set = {.where = json_where(root)};
    struct set_context c = {l, &set};
    struct names names = {.a = l->a};
    if (!json_reader_open(&r, root, STR(""), l->a, l->d))
        return;
    read_format(l, &r, "breakeven-machines/1");
    bool has_id = read_id(l, &r, "set", &set.id);
    if (has_id)
        set.where = json_where(json_member(&r, "set"));
    bool has_provider = read_provider(l, &r, "provider", &set.provider, NULL);
    if (json_required(&r, "machines") && json_array(&r, "machines", &list) && has_provider) {
        struct machine *machines = arena_new(l->a, struct machine, list->count);
        size_t n = 0;
        for (const struct json *m = list->child; m; m = m->next, n++) {
            size_t at = n;
            load_machine(&c, m, &machines[n]);
            if (machines[n].id.n > 0 && !names_add(&names, machines[n].id, &at))
                diag_error(l->d, machines[n].where, hint_first(l, machines[at].where),
                           "duplicate machine \"%.*s\"", STR_ARG(machines[n].id));
        }
        set.machines = machines;
        set.count = n;
    }
    json_reader_close(&r);
    size_t at = l->set_count;
    if (!has_id)
        return;
    if (!names_add(&l->set_names, set.id, &at)) {
        diag_error(l->d, set.where, hint_first(l, l->sets[at].where),
                   "duplicate machine set \"%.*s\"", STR_ARG(set.id));
        return;
    }
    l->sets = arena_grow(l->a, struct machine_set, l->sets, l->set_count, &l->set_capacity);
    l->sets[l->set_count++] = set;
}
