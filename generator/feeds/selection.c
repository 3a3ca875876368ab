#include "feeds/selection.h"

#include "base/arena.h"
#include "base/strbuf.h"

#include <string.h>

static size_t machine_count(const struct feed_rule *rule, const struct rule_part *part)
{
    return part->by_machine && rule->set ? rule->set->count : 1;
}

void selection_init(struct selection *s, const struct feed_rules *rules, size_t file_count,
                    struct arena *a)
{
    *s = (struct selection){.rules = rules, .a = a};
    s->files = arena_new(a, struct feed_file, file_count);
    s->machines = arena_new(a, struct names, rules->rule_count);
    for (size_t i = 0; i < rules->rule_count; i++) {
        const struct feed_rule *rule = &rules->rules[i];
        s->machines[i].a = a;
        for (size_t k = 0; rule->set && k < rule->set->count; k++) {
            size_t at = k;
            if (rule->machine_sku[k])
                names_add(&s->machines[i], rule->set->machines[k].id, &at);
        }
    }
    for (size_t i = 0; i < rules->part_count; i++) {
        struct rule_part *part = &rules->parts[i];
        const struct feed_rule *rule = &rules->rules[part->rule];
        part->targets = s->target_count;
        s->target_count += machine_count(rule, part) * rule->region_count;
    }
    s->targets = arena_new(a, struct target, s->target_count);
}

struct target *selection_target(const struct selection *s, const struct rule_part *part,
                                size_t machine, size_t region)
{
    const struct feed_rule *rule = &s->rules->rules[part->rule];
    return &s->targets[part->targets + (part->by_machine ? machine : 0) * rule->region_count +
                       region];
}

/* ---- matching -----------------------------------------------------------------------------------
 */

/* The machine that the key names; 0 where it names none. False: not one of the rule's. */
static bool find_machine(const struct selection *s, const struct rule_part *part,
                         const struct entry *e, size_t *machine)
{
    *machine = 0;
    for (size_t i = 0; i < part->key.count; i++) {
        const struct feed_condition *c = &part->key.items[i];
        if (c->kind == MATCHES_MACHINE)
            return names_find(&s->machines[part->rule], e->values[c->slot], machine);
    }
    return true;
}

static bool find_region(const struct feed_rule *rule, struct str name, size_t *region)
{
    for (size_t i = 0; i < rule->region_count; i++) {
        if (str_equal(rule->regions[i].feed, name)) {
            *region = i;
            return true;
        }
    }
    return false;
}

static size_t count_fails(const struct feed_rules *rules, const struct feed_conditions *c,
                          const struct entry *e, const struct feed_condition **first)
{
    size_t fails = 0;
    for (size_t i = 0; i < c->count; i++) {
        if (feed_condition_holds(rules, &c->items[i], e->values[c->items[i].slot]))
            continue;
        if (!*first)
            *first = &c->items[i];
        fails++;
    }
    return fails;
}

/* Keeps the candidates that fail least; among equals, those that sort first, so that the order of a
 * file does not show. */
static void add_near(struct selection *s, struct target *t, const struct entry *e, size_t fails,
                     const struct feed_condition *first)
{
    size_t at = t->near_count;
    t->candidates++;
    if (at == NEAR_MAX) {
        at = 0;
        for (size_t i = 1; i < NEAR_MAX; i++)
            if (t->near_fails[i] > t->near_fails[at] ||
                (t->near_fails[i] == t->near_fails[at] &&
                 str_compare(t->near_text[i], t->near_text[at]) > 0))
                at = i;
        if (fails > t->near_fails[at] ||
            (fails == t->near_fails[at] && str_compare(e->id, t->near_text[at]) > 0))
            return;
    } else {
        t->near_count++;
    }
    t->near_fails[at] = fails;
    struct str value = first ? str_slice(e->values[first->slot], 0, 80) : (struct str){0};
    if (first && value.n == 0)
        t->near_text[at] = str_printf(s->a, "%.*s (no %.*s)", STR_ARG(e->id), STR_ARG(first->name));
    else if (first)
        t->near_text[at] = str_printf(s->a, "%.*s (%.*s is \"%.*s\")", STR_ARG(e->id),
                                      STR_ARG(first->name), STR_ARG(value));
    else
        t->near_text[at] = str_copy(s->a, e->id);
}

size_t selection_match(struct selection *s, const struct entry *e, struct match *matches)
{
    const struct feed_rules *rules = s->rules;
    size_t n = 0;
    s->entries++;
    for (size_t i = 0; i < rules->part_count; i++) {
        const struct rule_part *part = &rules->parts[i];
        const struct feed_rule *rule = &rules->rules[part->rule];
        const struct feed_condition *first = NULL;
        size_t region, machine, k = 0;
        if (!rule->sku && !rule->set)
            continue; // the book does not have what the rule is for
        while (k < part->key.count &&
               feed_condition_holds(rules, &part->key.items[k], e->values[part->key.items[k].slot]))
            k++;
        if (k < part->key.count || !find_region(rule, e->region, &region) ||
            !find_machine(s, part, e, &machine))
            continue;
        struct target *t = selection_target(s, part, machine, region);
        size_t fails = count_fails(rules, &part->select, e, &first);
        if (fails > 0)
            add_near(s, t, e, fails, first);
        else
            matches[n++] = (struct match){part, t};
        if (fails == 0 && (t->matched.n == 0 || str_compare(e->id, t->matched) < 0))
            t->matched = str_copy(s->a, e->id);
    }
    return n;
}

/* ---- keeping ------------------------------------------------------------------------------------
 */

static struct hit *copy_hit(struct selection *s, const struct rule_part *part,
                            const struct entry *e)
{
    struct hit *h = arena_new(s->a, struct hit, 1);
    struct entry_tier *tiers = arena_new(s->a, struct entry_tier, e->tier_count);
    h->entry = *e;
    h->entry.values = NULL;
    h->entry.id = str_copy(s->a, e->id);
    h->entry.region = str_copy(s->a, e->region);
    h->entry.unit = str_copy(s->a, e->unit);
    h->entry.currency = str_copy(s->a, e->currency);
    h->entry.upfront = str_copy(s->a, e->upfront);
    for (size_t i = 0; i < e->tier_count; i++)
        tiers[i] = (struct entry_tier){str_copy(s->a, e->tiers[i].start),
                                       str_copy(s->a, e->tiers[i].end),
                                       str_copy(s->a, e->tiers[i].price)};
    h->entry.tiers = tiers;
    if (part->price_slot != SIZE_MAX)
        h->price_text = str_copy(s->a, e->values[part->price_slot]);
    return h;
}

void selection_take(struct selection *s, const struct match *m, const struct entry *e)
{
    const struct feed_condition *first = NULL;
    struct target *t = m->target;
    size_t fails = count_fails(s->rules, &m->part->term, e, &first);
    if (fails > 0) {
        add_near(s, t, e, fails, first);
        return;
    }
    if (m->part->price_slot != SIZE_MAX && e->values[m->part->price_slot].n == 0)
        return; // an empty cell: the feed does not know
    struct hit *h = copy_hit(s, m->part, e);
    s->files[e->file].is_used = true;
    t->candidates++;
    t->hit_count++;
    if (t->last)
        t->last->next = h;
    else
        t->hits = h;
    t->last = h;
}

void selection_offer(struct selection *s, const struct entry *e, struct match *matches)
{
    size_t n = selection_match(s, e, matches);
    for (size_t i = 0; i < n; i++)
        selection_take(s, &matches[i], e);
}
