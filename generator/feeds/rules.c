#include "feeds/rules.h"

#include "base/arena.h"
#include "pricing/words.h"
#include "source/json.h"

#include <regex.h>
#include <stdint.h>
#include <string.h>

#define REGEX_SUBJECT_MAX 1024 /* longer attributes are cut before they are matched */
#define SPREAD_HOURS_MAX 100000.0

const char *const FEED_WORDS[] = {[FEED_AWS] = "aws",
                                  [FEED_AZURE] = "azure",
                                  [FEED_GCP] = "gcp",
                                  [FEED_SKYPILOT] = "skypilot",
                                  NULL};

static const char *const TIMES_WORDS[] = {[PART_ONCE] = "one",
                                          [PART_VCPU] = "vcpu",
                                          [PART_MEMORY_GIB] = "memory_gib",
                                          [PART_GPUS] = "gpus",
                                          NULL};
static const char *const ZONES_WORDS[] = {"same", "median", NULL};

struct loading {
    struct feed_rules *r;
    const struct book *b;
    struct arena *a;
    struct diags *d;
    bool is_shared;
    size_t part_capacity;
    enum confidence confidence;
    struct str source;
};

/* ---- conditions ---------------------------------------------------------------------------------
 */

bool feed_rules_slot(const struct feed_rules *r, struct str name, size_t *slot)
{
    return names_find(&r->slots, name, slot);
}

static size_t slot_of(struct loading *l, struct str name, struct where where)
{
    size_t slot = l->r->slot_count;
    if (!names_add(&l->r->slots, name, &slot))
        return slot;
    if (slot == FEED_SLOTS_MAX) {
        diag_error(l->d, where, NULL, "the rules use more than %d attributes", FEED_SLOTS_MAX);
        return 0;
    }
    l->r->slot_count++;
    return slot;
}

static void read_words(struct loading *l, const struct json *value, struct feed_condition *c)
{
    size_t count = value->kind == JSON_ARRAY ? value->count : 1;
    struct str *words = arena_new(l->a, struct str, count);
    const struct json *item = value->kind == JSON_ARRAY ? value->child : value;
    size_t n = 0;
    for (; n < count && item; item = item->next) {
        if (item->kind != JSON_STRING)
            diag_error(l->d, json_where(item), NULL, "must be a word, got %s",
                       json_kind_name(item->kind));
        words[n++] = item->string;
    }
    c->words = words;
    c->word_count = n;
}

struct str feed_regex_head(struct str regex)
{
    if (!str_starts(regex, STR("^")) || str_find(regex, STR("|")) < regex.n)
        return STR(""); // another branch may begin otherwise
    size_t n = 1;
    while (n < regex.n && !strchr("^.[]()*+?{}\\$", regex.s[n]))
        n++;
    if (n < regex.n && strchr("*?{", regex.s[n]) && n > 1)
        n--; // the last one may be absent
    return str_slice(regex, 1, n);
}

static void read_regex(struct loading *l, const struct json *value, struct feed_condition *c)
{
    struct feed_rules *r = l->r;
    regex_t **all = arena_grow(l->a, regex_t *, r->regexes, r->regex_count, &r->regex_capacity);
    char why[128];
    r->regexes = all;
    all[r->regex_count] = arena_new(l->a, regex_t, 1);
    c->kind = MATCHES_REGEX;
    c->regex = r->regex_count;
    if (value->kind != JSON_STRING) {
        diag_error(l->d, json_where(value), NULL, "must be a regular expression");
        return;
    }
    const char *text = str_cstring(l->a, value->string);
    c->text = value->string;
    c->head = feed_regex_head(value->string);
    int fault = regcomp(all[r->regex_count], text, REG_EXTENDED | REG_NOSUB);
    if (fault == 0) {
        r->regex_count++;
        return;
    }
    regerror(fault, all[r->regex_count], why, sizeof why);
    diag_error(l->d, json_where(value), NULL, "not a regular expression: %s", why);
}

static void read_condition(struct loading *l, const struct json *value, struct feed_condition *c)
{
    c->name = value->key;
    c->slot = slot_of(l, value->key, json_key_where(value));
    c->kind = MATCHES_ANY;
    if (value->kind == JSON_STRING || value->kind == JSON_ARRAY) {
        read_words(l, value, c);
        if (c->word_count == 1 && str_is(c->words[0], "{machine}"))
            c->kind = MATCHES_MACHINE;
        return;
    }
    const struct json *regex = value->kind == JSON_OBJECT ? json_find(value, "regex") : NULL;
    const struct json *without = value->kind == JSON_OBJECT ? json_find(value, "without") : NULL;
    if (regex && value->count == 1) {
        read_regex(l, regex, c);
    } else if (without && value->count == 1) {
        read_words(l, without, c);
        c->kind = MATCHES_WITHOUT;
    } else {
        diag_error(
            l->d, json_where(value), NULL,
            "a condition is a word, a list of words, {\"regex\": ...} or {\"without\": ...}");
    }
}

static struct feed_conditions read_conditions(struct loading *l, struct json_reader *r,
                                              const char *key)
{
    const struct json *object;
    struct feed_conditions out = {0};
    if (!json_object(r, key, &object))
        return out;
    struct feed_condition *items = arena_new(l->a, struct feed_condition, object->count);
    for (const struct json *m = object->child; m; m = m->next)
        read_condition(l, m, &items[out.count++]);
    out.items = items;
    return out;
}

bool feed_condition_holds(const struct feed_rules *r, const struct feed_condition *c,
                          struct str value)
{
    char subject[REGEX_SUBJECT_MAX];
    regex_t *const *all = r->regexes;
    switch (c->kind) {
    case MATCHES_ANY:
        for (size_t i = 0; i < c->word_count; i++)
            if (str_equal(c->words[i], value))
                return true;
        return false;
    case MATCHES_WITHOUT:
        for (size_t i = 0; i < c->word_count; i++)
            if (str_find(value, c->words[i]) < value.n)
                return false;
        return true;
    case MATCHES_REGEX:
        if (!str_starts(value, c->head))
            return false;
        value = str_slice(value, 0, sizeof subject - 1);
        if (value.n > 0)
            memcpy(subject, value.s, value.n);
        subject[value.n] = '\0';
        return regexec(all[c->regex], subject, 0, NULL, 0) == 0;
    case MATCHES_MACHINE: return value.n > 0;
    }
    return false;
}

/* ---- parts --------------------------------------------------------------------------------------
 */

static bool is_by_machine(const struct feed_conditions *c)
{
    for (size_t i = 0; i < c->count; i++)
        if (c->items[i].kind == MATCHES_MACHINE)
            return true;
    return false;
}

static void read_times(struct loading *l, struct json_reader *r, struct rule_part *p)
{
    const struct json *times = json_member(r, "times");
    size_t index = 0;
    p->factor = (struct decimal){1, 0};
    if (times && json_choice(r, "times", TIMES_WORDS, &index))
        p->times = (enum part_times)index;
    json_decimal(r, "factor", &p->factor);
    if (p->factor.coef == 0)
        diag_error(l->d, json_where(json_member(r, "factor")), NULL, "must not be 0");
}

/* The members of a part, which stand in the rule itself where it has one part only. */
static void read_part(struct loading *l, struct json_reader *r, struct rule_part *p, size_t rule)
{
    struct str column;
    p->rule = rule;
    p->price_slot = SIZE_MAX;
    p->key = read_conditions(l, r, "key");
    p->select = read_conditions(l, r, "select");
    p->term = read_conditions(l, r, "term");
    p->by_machine = is_by_machine(&p->key);
    if (is_by_machine(&p->select) || is_by_machine(&p->term))
        diag_error(l->d, json_where(r->object), NULL, "\"{machine}\" stands in \"key\"");
    if (p->key.count == 0)
        diag_error(l->d, json_where(r->object), NULL, "\"key\" says what makes an entry a candidate");
    if (json_string(r, "price", &column))
        p->price_slot = slot_of(l, column, json_where(json_member(r, "price")));
    json_string(r, "unit", &p->unit);
    if (p->unit.n > 0 && !unit_find(p->unit))
        diag_error(l->d, json_where(json_member(r, "unit")), NULL, "unknown unit \"%.*s\"",
                   STR_ARG(p->unit));
    read_times(l, r, p);
}

static void read_parts(struct loading *l, struct json_reader *r, struct feed_rule *rule,
                       size_t index)
{
    struct feed_rules *f = l->r;
    const struct json *list;
    if (!json_array(r, "parts", &list)) {
        f->parts = arena_grow(l->a, struct rule_part, f->parts, f->part_count, &l->part_capacity);
        read_part(l, r, &f->parts[f->part_count++], index);
        rule->part_count = 1;
        return;
    }
    if (list->count == 0)
        diag_error(l->d, json_where(list), NULL, "a rule needs a part");
    for (const struct json *m = list->child; m; m = m->next) {
        struct json_reader part;
        f->parts = arena_grow(l->a, struct rule_part, f->parts, f->part_count, &l->part_capacity);
        f->parts[f->part_count] = (struct rule_part){0};
        if (!json_reader_open(&part, m, STR("part"), l->a, l->d))
            continue;
        read_part(l, &part, &f->parts[f->part_count++], index);
        json_reader_close(&part);
        rule->part_count++;
    }
}

/* ---- rules --------------------------------------------------------------------------------------
 */

static const struct machine_set *find_set(const struct book *b, struct str id)
{
    for (size_t i = 0; i < b->set_count; i++)
        if (str_equal(b->sets[i].id, id))
            return &b->sets[i];
    return NULL;
}

static bool concerns(const struct json *families, const struct json *gpu, const struct machine *m)
{
    bool ok = !families;
    for (const struct json *f = families ? families->child : NULL; f; f = f->next)
        ok |= f->kind == JSON_STRING && str_equal(f->string, m->family);
    if (!ok || !gpu)
        return ok;
    return str_is(gpu->string, "none") ? m->gpus == 0 : str_equal(gpu->string, m->gpu);
}

static struct str replace(struct arena *a, struct str text, const char *what, struct str by)
{
    size_t at = str_find(text, str_of(what));
    if (at == text.n)
        return text;
    struct str head = str_slice(text, 0, at), tail = str_slice(text, at + strlen(what), text.n);
    return str_printf(a, "%.*s%.*s%.*s", STR_ARG(head), STR_ARG(by), STR_ARG(tail));
}

static void read_subject(struct loading *l, struct json_reader *r, struct feed_rule *rule)
{
    struct str id, set;
    const struct json *families = NULL, *gpu = json_member(r, "gpu");
    json_array(r, "families", &families);
    if (!json_string_required(r, "sku", &id))
        return;
    struct where where = json_where(json_member(r, "sku"));
    if (!json_string(r, "machines", &set)) {
        rule->sku = book_sku(l->b, id);
        if (!rule->sku && !l->is_shared)
            diag_error(l->d, where, "add it to prices/ first, with a price that is known",
                       "the book has no SKU \"%.*s\"", STR_ARG(id));
        return;
    }
    rule->set = find_set(l->b, set);
    if (!rule->set) {
        if (!l->is_shared)
            diag_error(l->d, json_where(json_member(r, "machines")), NULL,
                       "the book has no machine set \"%.*s\"", STR_ARG(set));
        return;
    }
    rule->machine_sku = arena_new(l->a, const struct sku *, rule->set->count);
    for (size_t i = 0; i < rule->set->count; i++) {
        const struct machine *m = &rule->set->machines[i];
        if (concerns(families, gpu, m))
            rule->machine_sku[i] = book_sku(l->b, replace(l->a, id, "{sku}", m->sku_id));
    }
}

static void add_region(struct rule_region *regions, size_t *count, struct str region)
{
    if (region.n == 0 || str_is(region, "any"))
        return;
    for (size_t i = 0; i < *count; i++)
        if (str_equal(regions[i].feed, region))
            return;
    regions[(*count)++] = (struct rule_region){region, region};
}

/* All regions that the book knows of the provider, where the rule does not say. */
static void default_regions(struct loading *l, struct feed_rule *rule)
{
    const struct book *b = l->b;
    struct str provider = {0};
    if (rule->sku)
        provider = rule->sku->provider;
    else if (rule->set)
        provider = rule->set->provider;
    int index = book_provider(b, provider);
    struct rule_region *regions = arena_new(l->a, struct rule_region,
                                            b->geography_count * (b->platform_count + 1));
    if (index < 0)
        return;
    for (size_t i = 0; i < b->geography_count; i++)
        add_region(regions, &rule->region_count, b->geographies[i].region[index]);
    for (size_t i = 0; i < b->platform_count; i++)
        for (size_t g = 0; g < b->geography_count; g++)
            if (str_equal(b->platforms[i].provider, provider))
                add_region(regions, &rule->region_count, b->platforms[i].region[g]);
    rule->regions = regions;
    if (rule->region_count > FEED_REGIONS_MAX)
        rule->region_count = FEED_REGIONS_MAX;
}

/* Whether the book has the region; `known` has all of them, and "any" is none. */
static bool is_region(const struct feed_rule *known, struct str name)
{
    for (size_t i = 0; i < known->region_count; i++)
        if (str_equal(known->regions[i].book, name))
            return true;
    return str_is(name, "any");
}

static void read_regions(struct loading *l, struct json_reader *reader, struct feed_rule *rule)
{
    const struct json *map;
    if (!json_object(reader, "regions", &map)) {
        default_regions(l, rule);
        return;
    }
    struct rule_region *regions = arena_new(l->a, struct rule_region, FEED_REGIONS_MAX);
    struct feed_rule known = {.sku = rule->sku, .set = rule->set};
    default_regions(l, &known);
    for (const struct json *m = map->child; m; m = m->next) {
        const struct json *first = m->kind == JSON_ARRAY ? m->child : m;
        size_t count = m->kind == JSON_ARRAY ? m->count : 1;
        for (const struct json *r = first; count > 0; r = r->next, count--) {
            if (r->kind != JSON_STRING)
                diag_error(l->d, json_where(r), NULL, "must be a region of the book");
            if ((l->is_shared || m->kind == JSON_ARRAY) && !is_region(&known, r->string))
                continue; // the book is of fewer regions than the rules
            if (rule->region_count == FEED_REGIONS_MAX) {
                diag_error(l->d, json_where(map), NULL, "more than %d regions", FEED_REGIONS_MAX);
                return;
            }
            regions[rule->region_count++] = (struct rule_region){m->key, r->string};
        }
    }
    rule->regions = regions;
}

static void read_units(struct loading *l, struct json_reader *r, struct feed_rule *rule)
{
    const struct json *map;
    if (!json_object(r, "units", &map))
        return;
    struct unit_meaning *units = arena_new(l->a, struct unit_meaning, map->count);
    for (const struct json *m = map->child; m; m = m->next)
        units[rule->unit_count++] = (struct unit_meaning){m->key, m->string};
    rule->units = units;
}

static void read_rule(struct loading *l, const struct json *value, struct feed_rule *rule,
                      size_t index)
{
    struct json_reader r;
    double decimals = -1;
    size_t zones = 0, confidence = l->confidence;
    rule->where = json_where(value);
    if (!json_reader_open(&r, value, STR("rule"), l->a, l->d))
        return;
    rule->source = l->source;
    read_subject(l, &r, rule);
    read_parts(l, &r, rule, index);
    read_regions(l, &r, rule);
    read_units(l, &r, rule);
    json_number(&r, "spread_hours", JSON_POSITIVE, SPREAD_HOURS_MAX, &rule->spread_hours);
    json_number(&r, "decimals", 0, 18, &decimals);
    rule->decimals = (int)decimals; // a broken number of decimals is cut
    json_bool(&r, "optional", &rule->is_optional);
    if (json_choice(&r, "zones", ZONES_WORDS, &zones))
        rule->zones_median = zones == 1;
    json_choice(&r, "confidence", BOOK_CONFIDENCE_WORDS, &confidence);
    rule->confidence = (enum confidence)confidence;
    json_string(&r, "source", &rule->source);
    json_string(&r, "note", &rule->note);
    if (rule->confidence == CONFIDENCE_DERIVED && rule->note.n == 0)
        diag_error(l->d, json_where(value), NULL, "a derived price needs a \"note\" that says how");
    if (rule->source.n == 0)
        diag_error(l->d, json_where(value), NULL, "neither the rule nor the file names a \"source\"");
    json_reader_close(&r);
}

/* Parts moved while their array grew; only now do the rules learn where theirs begin. */
static void link_parts(struct feed_rules *r, struct feed_rule *rules)
{
    size_t at = 0;
    for (size_t i = 0; i < r->rule_count; i++) {
        rules[i].parts = r->parts + at;
        at += rules[i].part_count;
    }
}

bool feed_rules_parse(struct feed_rules *out, enum feed feed, struct str path, struct str text,
                      const struct book *b, bool is_shared, struct arena *a, struct diags *d)
{
    size_t errors = diags_errors(d), index = 0;
    const struct json *root, *list;
    struct json_reader r;
    struct str format;
    *out = (struct feed_rules){.feed = feed, .a = a, .path = path, .slots = {.a = a}};
    struct loading l = {.r = out, .b = b, .a = a, .d = d, .is_shared = is_shared};
    root = json_parse(path, text, a, d);
    if (!root || !json_reader_open(&r, root, STR(""), a, d))
        return false;
    if (json_string_required(&r, "format", &format) && !str_is(format, "breakeven-feed/1"))
        diag_error(d, json_where(json_member(&r, "format")), NULL, "must be \"breakeven-feed/1\"");
    if (json_required(&r, "feed") && json_choice(&r, "feed", FEED_WORDS, &index) &&
        index != (size_t)feed)
        diag_error(d, json_where(json_member(&r, "feed")), NULL, "this is not the file of \"%s\"",
                   FEED_WORDS[feed]);
    index = CONFIDENCE_OFFICIAL;
    json_choice(&r, "confidence", BOOK_CONFIDENCE_WORDS, &index);
    l.confidence = (enum confidence)index;
    json_string(&r, "source", &l.source);
    if (json_required(&r, "rules") && json_array(&r, "rules", &list)) {
        struct feed_rule *rules = arena_new(a, struct feed_rule, list->count);
        for (const struct json *m = list->child; m; m = m->next) {
            read_rule(&l, m, &rules[out->rule_count], out->rule_count);
            out->rule_count++;
        }
        link_parts(out, rules);
        out->rules = rules;
    }
    json_reader_close(&r);
    return diags_errors(d) == errors;
}

void feed_rules_release(struct feed_rules *r)
{
    regex_t **all = r->regexes;
    for (size_t i = 0; i < r->regex_count; i++)
        regfree(all[i]);
    r->regex_count = 0;
}
