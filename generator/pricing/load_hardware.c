#include "base/arena.h"
#include "pricing/loader.h"

#define VRAM_HIGHEST_GIB 10000.0
#define SLICES_HIGHEST 256
#define RATE_HIGHEST 1e12 /* results a second of one accelerator */
#define COUNT_HIGHEST 1000000

static void add_place(struct loader *l, struct place_list *list, struct where where)
{
    list->items = arena_grow(l->a, struct where, list->items, list->count, &list->capacity);
    list->items[list->count++] = where;
}

/* An id and its aliases lead to one position; a name that leads elsewhere already is an error. */
static void add_names(struct loader *l, struct names *names, const struct place_list *places,
                      const char *what, size_t position, struct where where, struct str id,
                      const struct str *aliases, size_t count)
{
    for (size_t i = 0; i <= count; i++) {
        struct str name = i == 0 ? id : aliases[i - 1];
        size_t at = position;
        if (name.n == 0 || names_add(names, name, &at))
            continue;
        const char *hint = at == position ? NULL : hint_first(l, places->items[at]);
        diag_error(l->d, where, hint, "duplicate %s name \"%.*s\"", what, STR_ARG(name));
    }
}

/* ---- hardware.json ------------------------------------------------------------------------------
 */

static void load_shares(struct loader *l, struct json_reader *r, struct hardware *h)
{
    const struct json *list;
    if (!json_array(r, "shares", &list))
        return;
    double *shares = arena_new(l->a, double, list->count);
    size_t n = 0;
    for (const struct json *m = list->child; m; m = m->next) {
        if (m->kind != JSON_NUMBER || !(m->number > 0.0)) {
            diag_error(l->d, json_where(m), NULL, "shares must list sizes in GiB");
            continue;
        }
        if (n > 0 && m->number <= shares[n - 1])
            diag_error(l->d, json_where(m), NULL, "shares must ascend");
        if (h->vram_gib > 0.0 && m->number > h->vram_gib)
            diag_error(l->d, json_where(m), NULL, "a share cannot be larger than the accelerator");
        shares[n++] = m->number;
    }
    h->shares_gib = shares;
    h->share_count = n;
}

static void load_stand_in(struct loader *l, struct json_reader *r, struct hardware *h)
{
    const struct json *value;
    struct json_reader s;
    struct str why, source;
    if (!json_object(r, "stand_in", &value) ||
        !json_reader_open(&s, value, STR("stand_in"), l->a, l->d))
        return;
    read_text_required(&s, "for_throughput", &h->stand_in);
    read_text_required(&s, "why", &why);
    read_url_required(l, &s, "source", &source);
    json_reader_close(&s);
}

static void load_one_hardware(struct loader *l, const struct json *value, struct hardware *h)
{
    static const char *const KINDS[] = {"cpu", "gpu", NULL};
    struct json_reader r;
    struct str *aliases;
    size_t kind = 0;
    h->slices = 1;
    if (!json_reader_open(&r, value, STR("hardware"), l->a, l->d))
        return;
    read_text_required(&r, "id", &h->id);
    read_text_required(&r, "name", &h->name);
    read_texts(l, &r, "aliases", &aliases, &h->alias_count);
    h->aliases = aliases;
    // A misspelt kind is taken for a GPU, so that machines with it are not errors as well.
    h->is_gpu = !read_choice_required(&r, "kind", KINDS, &kind) || kind == 1;
    const struct json *vram = json_member(&r, "vram_gib");
    read_number_or_null(&r, "vram_gib", 0.0, VRAM_HIGHEST_GIB, &h->vram_gib);
    if (h->is_gpu && (!vram || vram->kind == JSON_NULL || !(vram->number > 0.0)))
        diag_error(l->d, vram ? json_where(vram) : json_where(value), "state it in GiB as \"vram_gib\"",
                   "a GPU has memory of its own");
    load_shares(l, &r, h);
    read_int(l, &r, "slices", 1, SLICES_HIGHEST, &h->slices);
    load_stand_in(l, &r, h);
    read_url_required(l, &r, "source", &h->source);
    json_string(&r, "note", &(struct str){0}); // for readers of the file
    json_reader_close(&r);
}

void load_hardware_file(struct loader *l, const struct json *root)
{
    struct json_reader r;
    const struct json *list;
    if (!json_reader_open(&r, root, STR(""), l->a, l->d))
        return;
    read_format(l, &r, "breakeven-hardware/1");
    if (json_required(&r, "hardware") && json_array(&r, "hardware", &list)) {
        for (const struct json *m = list->child; m; m = m->next) {
            l->hardware = arena_grow(l->a, struct hardware, l->hardware, l->hardware_count,
                                     &l->hardware_capacity);
            struct hardware *h = &l->hardware[l->hardware_count];
            *h = (struct hardware){0};
            load_one_hardware(l, m, h);
            add_names(l, &l->hardware_names, &l->hardware_places, "hardware", l->hardware_count,
                      json_where(m), h->id, h->aliases, h->alias_count);
            add_place(l, &l->hardware_places, json_where(m));
            l->hardware_count++;
        }
        for (size_t i = 0; i < l->hardware_count; i++) {
            struct hardware *h = &l->hardware[i];
            size_t at;
            if (h->stand_in.n == 0)
                continue;
            if (names_find(&l->hardware_names, h->stand_in, &at) && at != i)
                h->stand_in = l->hardware[at].id;
            else
                diag_error(l->d, l->hardware_places.items[i], hint_hardware(l, h->stand_in),
                           "\"%.*s\" cannot stand in for %.*s", STR_ARG(h->stand_in),
                           STR_ARG(h->id));
        }
    }
    json_reader_close(&r);
}

/* ---- throughput.json ----------------------------------------------------------------------------
 */

static void load_result(struct loader *l, const struct json *value, struct throughput *t)
{
    struct json_reader r;
    size_t at;
    if (!json_reader_open(&r, value, STR("result"), l->a, l->d))
        return;
    if (read_text_required(&r, "hardware", &t->hardware)) {
        if (names_find(&l->hardware_names, t->hardware, &at))
            t->hardware = l->hardware[at].id;
        else if (!l->lacks_hardware)
            diag_error(l->d, json_where(json_member(&r, "hardware")), hint_hardware(l, t->hardware),
                       "unknown hardware \"%.*s\"", STR_ARG(t->hardware));
    }
    if (json_required(&r, "per_second"))
        json_number(&r, "per_second", JSON_POSITIVE, RATE_HIGHEST, &t->per_second);
    read_text_required(&r, "unit", &t->unit);
    read_text_required(&r, "scenario", &t->scenario);
    read_text_required(&r, "precision", &t->precision);
    if (json_required(&r, "count"))
        read_int(l, &r, "count", 1, COUNT_HIGHEST, &t->count);
    read_url_required(l, &r, "source", &t->source);
    json_string(&r, "note", &t->note);
    json_reader_close(&r);
}

static bool is_same_result(const struct throughput *a, const struct throughput *b)
{
    return a->hardware.n > 0 && str_equal(a->hardware, b->hardware) &&
           str_equal(a->scenario, b->scenario) && str_equal(a->precision, b->precision) &&
           str_equal(a->unit, b->unit);
}

static void load_family(struct loader *l, const struct json *value, struct family *f)
{
    struct json_reader r;
    const struct json *list;
    struct str *aliases;
    if (!json_reader_open(&r, value, STR("family"), l->a, l->d))
        return;
    read_id(l, &r, "family", &f->id);
    read_text_required(&r, "name", &f->name);
    read_texts(l, &r, "aliases", &aliases, &f->alias_count);
    f->aliases = aliases;
    if (json_required(&r, "results") && json_array(&r, "results", &list)) {
        struct throughput *results = arena_new(l->a, struct throughput, list->count);
        size_t n = 0;
        for (const struct json *m = list->child; m; m = m->next, n++) {
            load_result(l, m, &results[n]);
            for (size_t i = 0; i < n; i++) {
                if (!is_same_result(&results[i], &results[n]))
                    continue;
                diag_error(l->d, json_where(m), NULL,
                           "a second result of %.*s for the same scenario and precision",
                           STR_ARG(results[n].hardware));
                break;
            }
        }
        f->results = results;
        f->count = n;
    }
    json_reader_close(&r);
}

void load_throughput_file(struct loader *l, const struct json *root)
{
    struct json_reader r;
    const struct json *list;
    if (!json_reader_open(&r, root, STR(""), l->a, l->d))
        return;
    read_format(l, &r, "breakeven-throughput/1");
    if (json_required(&r, "families") && json_array(&r, "families", &list)) {
        for (const struct json *m = list->child; m; m = m->next) {
            l->families = arena_grow(l->a, struct family, l->families, l->family_count,
                                     &l->family_capacity);
            struct family *f = &l->families[l->family_count];
            *f = (struct family){0};
            load_family(l, m, f);
            add_names(l, &l->family_names, &l->family_places, "family", l->family_count, json_where(m),
                      f->id, f->aliases, f->alias_count);
            add_place(l, &l->family_places, json_where(m));
            l->family_count++;
        }
    }
    json_reader_close(&r);
}
