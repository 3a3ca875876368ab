#include "policy/loader.h"

#include "base/arena.h"
#include "base/strbuf.h"
#include "policy/parameter.h"
#include "pricing/words.h"
#include "questionnaire/words.h"

#include <math.h>

const char *const STRENGTH_WORDS[] = {"neutral", "weak", "strong", "hard", NULL};
static const char *const PRICE_VARIABLES[] = {"prices.serverless", "prices.managed",
                                              "prices.kubernetes", "prices.spot", NULL};

const char *strength_word(enum strength s)
{
    return STRENGTH_WORDS[s];
}

/* Opens one entry of a list or a map; `name` is its path, for messages. */
static bool open_entry(struct loader *l, struct json_reader *r, const struct json *value,
                       const char *list, size_t index)
{
    return json_reader_open(r, value, str_printf(l->a, "%s.%zu", list, index), l->a, l->d);
}

static struct where start_of(const struct json *value)
{
    struct where where = json_where(value);
    where.length = where.length > 0;
    return where;
}

/* ---- parameters, people, thresholds ----------------------------------------------------------- */

static bool is_whole(double value)
{
    return !(floor(value) < value);
}

static void check_parameter(struct loader *l, const struct json *value,
                            const struct parameter_row *row, const struct parameter *p)
{
    const struct spread *v = &p->value;
    struct strbuf bounds = STRBUF_INIT;
    strbuf_add_double(&bounds, row->low, 15);
    strbuf_adds(&bounds, " and ");
    strbuf_add_double(&bounds, row->high, 15);
    if (v->low < row->low || v->high > row->high)
        diag_error(l->d, json_where(value), NULL, "parameters.%s must lie between %s", row->name,
                   bounds.s);
    if (row->is_whole && !(is_whole(v->low) && is_whole(v->likely) && is_whole(v->high)))
        diag_error(l->d, json_where(value), NULL, "parameters.%s must be whole", row->name);
    if (row->is_fixed && v->low < v->high)
        diag_error(l->d, json_where(value), NULL, "parameters.%s is one value, not a range", row->name);
    if (p->unit.n > 0 && !str_is(p->unit, row->unit))
        diag_error(l->d, json_where(json_find(value, "unit")), NULL,
                   "the unit of parameters.%s is \"%s\", got \"%.*s\"", row->name, row->unit,
                   STR_ARG(p->unit));
    strbuf_release(&bounds);
}

void section_parameters(struct loader *l, const struct json *value, struct policy *out)
{
    struct json_reader map;
    _Static_assert(PARAMETER_ID_COUNT <= sizeof map.known / sizeof map.known[0],
                   "json_reader remembers every name");
    if (!json_reader_open(&map, value, STR("parameters"), l->a, l->d))
        return;
    for (unsigned id = 0; id < PARAMETER_ID_COUNT; id++) {
        const struct parameter_row *row = parameter_row((enum parameter_id)id);
        struct parameter *p = &out->parameter[id];
        const struct json *entry = json_required(&map, row->name);
        struct json_reader r;
        struct str name = str_printf(l->a, "parameters.%s", row->name);
        if (!entry || !json_reader_open(&r, entry, name, l->a, l->d))
            continue;
        bool is_figure = form_figure(l, &r, &p->value);
        form_text(l, &r, "unit", &p->unit);
        form_text(l, &r, "why", &p->why);
        form_claim(l, &r, "source", &p->source);
        p->where = json_where(entry);
        json_reader_close(&r);
        if (is_figure)
            check_parameter(l, entry, row, p);
    }
    json_reader_close(&map);
}

void section_people(struct loader *l, const struct json *value, struct policy *out)
{
    struct json_reader r;
    if (!json_reader_open(&r, value, STR("people"), l->a, l->d))
        return;
    form_text(l, &r, "engineer_sku", &out->engineer_sku);
    json_reader_close(&r);
}

static bool is_threshold_name(struct str name)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.s[i];
        if (!((c >= 'a' && c <= 'z') || (i > 0 && ((c >= '0' && c <= '9') || c == '_'))))
            return false;
    }
    return name.n > 0;
}

void section_thresholds(struct loader *l, const struct json *value, struct policy *out)
{
    if (value->kind != JSON_OBJECT) {
        diag_error(l->d, json_where(value), NULL, "thresholds must be an object, got %s",
                   json_kind_name(value->kind));
        return;
    }
    struct threshold *all = arena_new(l->a, struct threshold, value->count);
    for (const struct json *entry = value->child; entry; entry = entry->next) {
        struct threshold *t = &all[out->threshold_count++];
        struct json_reader r;
        t->name = entry->key;
        t->where = json_key_where(entry);
        if (!is_threshold_name(entry->key))
            diag_error(l->d, json_key_where(entry), NULL,
                       "a threshold's name is made of a-z, 0-9 and _, got \"%.*s\"",
                       STR_ARG(entry->key));
        struct str name = str_printf(l->a, "thresholds.%.*s", STR_ARG(entry->key));
        if (!json_reader_open(&r, entry, name, l->a, l->d))
            continue;
        if (json_required(&r, "value"))
            json_number(&r, "value", -JSON_UNBOUNDED, JSON_UNBOUNDED, &t->value);
        form_text(l, &r, "unit", &t->unit);
        form_text(l, &r, "text", &t->text);
        form_claim(l, &r, "source", &t->source);
        json_reader_close(&r);
    }
    out->thresholds = all;
    l->thresholds = all;
    l->threshold_count = out->threshold_count;
    l->threshold_used = arena_new(l->a, bool, l->threshold_count);
}

/* ---- defaults --------------------------------------------------------------------------------- */

static bool word_allowed(const struct field *field, const struct json *value)
{
    bool is_bool = field->kind == FIELD_BOOL || field->kind == FIELD_BOOL_OR_ID;
    if (value->kind == JSON_BOOL)
        return is_bool;
    if (value->kind != JSON_STRING || field->kind == FIELD_BOOL || field->kind == FIELD_DATE ||
        field->kind == FIELD_OBJECT)
        return false;
    for (size_t i = 0; field->words && field->words[i]; i++)
        if (str_is(value->string, field->words[i]))
            return true;
    return !field->words && value->string.n > 0;
}

static void read_word(struct loader *l, struct json_reader *r, const struct field *field,
                      struct assumption *out)
{
    const struct json *value = json_required(r, "value");
    struct strbuf hint = STRBUF_INIT;
    out->is_word = true;
    if (!value)
        return;
    if (word_allowed(field, value)) {
        out->word = value->kind == JSON_STRING ? value->string
                    : value->boolean           ? STR("true")
                                               : STR("false");
        return;
    }
    for (size_t i = 0; field->words && field->words[i]; i++)
        strbuf_addf(&hint, "%s%s", i > 0 ? ", " : "it is one of: ", field->words[i]);
    diag_error(l->d, json_where(value), hint.n > 0 ? hint.s : NULL, "%.*s.value is no answer to %s",
               STR_ARG(r->name), field->path);
    strbuf_release(&hint);
}

static void read_number(struct loader *l, struct json_reader *r, const struct field *field,
                        struct assumption *out)
{
    if (!form_figure(l, r, &out->value))
        return;
    if (out->value.low >= field->low && out->value.high <= field->high)
        return;
    struct strbuf bounds = STRBUF_INIT;
    strbuf_add_double(&bounds, field->low, 15);
    strbuf_adds(&bounds, " and ");
    strbuf_add_double(&bounds, field->high, 15);
    diag_error(l->d, start_of(r->object), NULL, "%.*s must lie between %s, as %s does",
               STR_ARG(r->name), bounds.s, field->path);
    strbuf_release(&bounds);
}

void section_defaults(struct loader *l, struct json_reader *r, struct policy *out)
{
    const struct json *entry;
    struct assumption *all = arena_new(l->a, struct assumption,
                                       form_list(l, r, "defaults", &entry));
    for (size_t index = 0; entry; entry = entry->next, index++) {
        struct json_reader e;
        if (!open_entry(l, &e, entry, "defaults", index))
            continue;
        struct assumption *s = &all[out->assumption_count];
        const struct field *field = form_path(l, &e, "path");
        if (!field)
            continue;
        s->path = str_of(field->path);
        s->where = json_where(entry);
        if (field->kind == FIELD_NUMBER || field->kind == FIELD_INTEGER)
            read_number(l, &e, field, s);
        else
            read_word(l, &e, field, s);
        form_text(l, &e, "why", &s->why);
        form_claim(l, &e, "source", &s->source);
        json_reader_close(&e);
        for (size_t i = 0; i < out->assumption_count; i++)
            form_unique(l, entry, "path", s->path, "the default of", all[i].path);
        out->assumption_count++;
    }
    out->assumptions = all;
}

/* ---- uncertainty ------------------------------------------------------------------------------ */

static void read_multiple(struct loader *l, struct json_reader *r, const char *key,
                          struct spread *out)
{
    const struct json *value = json_required(r, key);
    struct json_reader inner;
    struct str name = str_printf(l->a, "%.*s.%s", STR_ARG(r->name), key);
    if (!value || !json_reader_open(&inner, value, name, l->a, l->d))
        return;
    if (form_range(l, &inner, out) && out->low <= 0)
        diag_error(l->d, json_where(value), "a multiple of the entry: 0.5 is half of it",
                   "%.*s.low must be greater than 0", STR_ARG(name));
    json_reader_close(&inner);
}

void section_uncertainty(struct loader *l, struct json_reader *r, struct policy *out)
{
    const struct json *entry;
    struct uncertainty *all = arena_new(l->a, struct uncertainty,
                                        form_list(l, r, "uncertainty", &entry));
    for (size_t index = 0; entry; entry = entry->next, index++) {
        struct json_reader e;
        if (!open_entry(l, &e, entry, "uncertainty", index))
            continue;
        struct uncertainty *u = &all[out->uncertainty_count];
        const struct field *field = form_path(l, &e, "path");
        read_multiple(l, &e, "measured", &u->multiple[BASIS_MEASURED]);
        read_multiple(l, &e, "estimated", &u->multiple[BASIS_ESTIMATED]);
        read_multiple(l, &e, "guessed", &u->multiple[BASIS_GUESSED]);
        u->multiple[BASIS_UNKNOWN] = u->multiple[BASIS_ESTIMATED];
        form_text(l, &e, "why", &u->why);
        form_claim(l, &e, "source", &u->source);
        json_reader_close(&e);
        if (!field)
            continue;
        if (field->kind != FIELD_NUMBER && field->kind != FIELD_INTEGER)
            diag_error(l->d, json_where(json_find(entry, "path")), NULL, "%s is not a number",
                       field->path);
        u->path = str_of(field->path);
        for (size_t i = 0; i < out->uncertainty_count; i++)
            form_unique(l, entry, "path", u->path, "the uncertainty of", all[i].path);
        out->uncertainty_count++;
    }
    out->uncertainties = all;
}

/* ---- rules and tiers -------------------------------------------------------------------------- */

static void required_choice(struct json_reader *r, const char *key, const char *const *words,
                            size_t *index)
{
    if (json_required(r, key))
        json_choice(r, key, words, index);
}

static void read_rule(struct loader *l, struct json_reader *e, struct rule *rule)
{
    size_t question = QUESTION_COUNT, strength = STRENGTH_NEUTRAL, toward = CLASS_NONE;
    form_id(l, e, "id", &rule->id);
    json_choice(e, "question", QUESTION_WORDS, &question);
    rule->question = (enum question)question;
    rule->group = rule->id;
    if (json_member(e, "group"))
        form_id(l, e, "group", &rule->group);
    condition_when(l, e, "when", &rule->when);
    required_choice(e, "strength", STRENGTH_WORDS, &strength);
    required_choice(e, "toward", BOOK_CLASS_WORDS, &toward);
    rule->strength = (enum strength)strength;
    rule->toward = (enum platform_class)toward;
    form_template(l, e, "text", true, &rule->text);
    form_claims(l, e, "sources", &rule->sources, &rule->source_count);
    rule->where = json_where(e->object);
    const struct json *direction = json_find(e->object, "toward");
    if (rule->strength == STRENGTH_NEUTRAL && rule->toward != CLASS_NONE && direction &&
        json_find(e->object, "strength"))
        diag_error(l->d, json_where(direction), "make it weak, or its toward \"none\"",
                   "%.*s is neutral, but leans toward %.*s", STR_ARG(e->name),
                   STR_ARG(direction->string));
}

void section_rules(struct loader *l, struct json_reader *r, struct policy *out)
{
    const struct json *entry;
    struct rule *all = arena_new(l->a, struct rule, form_list(l, r, "rules", &entry));
    for (size_t index = 0; entry; entry = entry->next, index++) {
        struct json_reader e;
        if (!open_entry(l, &e, entry, "rules", index))
            continue;
        struct rule *rule = &all[out->rule_count];
        read_rule(l, &e, rule);
        json_reader_close(&e);
        for (size_t i = 0; i < out->rule_count; i++)
            form_unique(l, entry, "id", rule->id, "the rule", all[i].id);
        out->rule_count++;
    }
    out->rules = all;
}

void section_tiers(struct loader *l, struct json_reader *r, struct policy *out)
{
    const struct json *entry;
    struct tier *all = arena_new(l->a, struct tier, form_list(l, r, "tiers", &entry));
    for (size_t index = 0; entry; entry = entry->next, index++) {
        struct json_reader e;
        struct tier t = {0};
        double number = 0;
        if (!open_entry(l, &e, entry, "tiers", index))
            continue;
        if (json_required(&e, "number") && json_number(&e, "number", 1, 9, &number) &&
            !is_whole(number))
            diag_error(l->d, json_where(json_find(entry, "number")), NULL,
                       "%.*s.number must be a whole number", STR_ARG(e.name));
        t.number = (int)number;
        form_text(l, &e, "name", &t.name);
        form_text(l, &e, "text", &t.text);
        condition_when(l, &e, "when", &t.when);
        form_claims(l, &e, "sources", &t.sources, &t.source_count);
        json_reader_close(&e);
        /* Highest number first, whatever the order in the file. */
        size_t at = out->tier_count++;
        for (; at > 0 && all[at - 1].number < t.number; at--)
            all[at] = all[at - 1];
        if (at > 0 && all[at - 1].number == t.number && t.number > 0)
            diag_error(l->d, json_where(json_find(entry, "number")), NULL, "tier %d stands twice",
                       t.number);
        all[at] = t;
    }
    out->tiers = all;
}

/* ---- scenarios and folklore ------------------------------------------------------------------- */

static void read_variable(struct loader *l, struct json_reader *r, struct str *out)
{
    struct str text;
    const struct json *value = json_required(r, "variable");
    if (!value || !json_string(r, "variable", &text))
        return;
    for (size_t i = 0; PRICE_VARIABLES[i]; i++) {
        if (str_is(text, PRICE_VARIABLES[i])) {
            *out = text;
            return;
        }
    }
    if (str_starts(text, STR("prices."))) {
        diag_error(
            l->d, json_where(value),
            "it is one of: prices.serverless, prices.managed, prices.kubernetes, prices.spot",
            "unknown prices \"%.*s\"", STR_ARG(text));
        return;
    }
    const struct field *field = form_path(l, r, "variable");
    if (!field)
        return;
    if (field->kind == FIELD_NUMBER || field->kind == FIELD_INTEGER)
        *out = text;
    else
        diag_error(l->d, json_where(value), NULL, "%s is not a number", field->path);
}

static void read_change(struct loader *l, struct json_reader *r, struct scenario_change *out)
{
    bool has_factor = json_find(r->object, "factor"), has_set = json_find(r->object, "set");
    read_variable(l, r, &out->variable);
    out->is_factor = has_factor;
    if (has_factor == has_set)
        diag_error(l->d, start_of(r->object), "\"factor\": 10 multiplies, \"set\": 10 replaces",
                   "%.*s must have either a factor or a figure to set", STR_ARG(r->name));
    json_number(r, "factor", 0, 1e6, &out->value);
    if (!has_factor)
        json_number(r, "set", -JSON_UNBOUNDED, JSON_UNBOUNDED, &out->value);
    else
        json_member(r, "set");
    if (has_set && str_starts(out->variable, STR("prices.")))
        diag_error(l->d, json_where(json_find(r->object, "set")), "write a factor",
                   "a class of prices cannot be set to one figure");
}

void section_scenarios(struct loader *l, struct json_reader *r, struct policy *out)
{
    const struct json *entry;
    struct scenario *all = arena_new(l->a, struct scenario, form_list(l, r, "scenarios", &entry));
    for (size_t index = 0; entry; entry = entry->next, index++) {
        struct json_reader e, c;
        const struct json *change;
        if (!open_entry(l, &e, entry, "scenarios", index))
            continue;
        struct scenario *s = &all[out->scenario_count];
        form_id(l, &e, "id", &s->id);
        form_text(l, &e, "name", &s->name);
        form_text(l, &e, "text", &s->text);
        struct scenario_change *changes = arena_new(l->a, struct scenario_change,
                                                    form_list(l, &e, "changes", &change));
        struct str list = str_printf(l->a, "%.*s.changes", STR_ARG(e.name));
        for (size_t i = 0; change; change = change->next, i++) {
            if (!open_entry(l, &c, change, str_cstring(l->a, list), i))
                continue;
            read_change(l, &c, &changes[s->count++]);
            json_reader_close(&c);
        }
        s->changes = changes;
        json_reader_close(&e);
        for (size_t i = 0; i < out->scenario_count; i++)
            form_unique(l, entry, "id", s->id, "the scenario", all[i].id);
        out->scenario_count++;
    }
    out->scenarios = all;
}

void section_folklore(struct loader *l, struct json_reader *r, struct policy *out)
{
    const struct json *entry = NULL;
    size_t count = json_member(r, "folklore") ? form_list(l, r, "folklore", &entry) : 0;
    struct folklore *all = arena_new(l->a, struct folklore, count);
    for (size_t index = 0; entry; entry = entry->next, index++) {
        struct json_reader e;
        if (!open_entry(l, &e, entry, "folklore", index))
            continue;
        struct folklore *f = &all[out->folklore_count];
        form_id(l, &e, "id", &f->id);
        if (json_string_required(&e, "variable", &f->variable) && !field_find(f->variable) &&
            !loader_is_fact(l, f->variable))
            diag_error(l->d, json_where(json_find(entry, "variable")),
                       loader_nearest_fact(l, f->variable), "unknown field or fact \"%.*s\"",
                       STR_ARG(f->variable));
        if (json_required(&e, "low"))
            json_number(&e, "low", -JSON_UNBOUNDED, JSON_UNBOUNDED, &f->low);
        if (json_required(&e, "high"))
            json_number(&e, "high", -JSON_UNBOUNDED, JSON_UNBOUNDED, &f->high);
        if (f->low > f->high && json_find(entry, "high"))
            diag_error(l->d, json_where(json_find(entry, "high")), NULL, "%.*s.high lies below low",
                       STR_ARG(e.name));
        form_text(l, &e, "unit", &f->unit);
        form_text(l, &e, "text", &f->text);
        form_claim(l, &e, "source", &f->source);
        json_reader_close(&e);
        for (size_t i = 0; i < out->folklore_count; i++)
            form_unique(l, entry, "id", f->id, "the rule of thumb", all[i].id);
        out->folklore_count++;
    }
    out->folklore = all;
}

/* ---- mistakes and the checklist --------------------------------------------------------------- */

void section_mistakes(struct loader *l, struct json_reader *r, struct policy *out)
{
    const struct json *entry;
    struct mistake *all = arena_new(l->a, struct mistake, form_list(l, r, "mistakes", &entry));
    for (size_t index = 0; entry; entry = entry->next, index++) {
        struct json_reader e;
        if (!open_entry(l, &e, entry, "mistakes", index))
            continue;
        struct mistake *m = &all[out->mistake_count];
        form_id(l, &e, "id", &m->id);
        condition_when(l, &e, "when", &m->when);
        form_template(l, &e, "text", true, &m->text);
        form_template(l, &e, "watch", false, &m->watch);
        form_template(l, &e, "act", false, &m->act);
        form_claims(l, &e, "sources", &m->sources, &m->source_count);
        json_reader_close(&e);
        for (size_t i = 0; i < out->mistake_count; i++)
            form_unique(l, entry, "id", m->id, "the mistake", all[i].id);
        out->mistake_count++;
    }
    out->mistakes = all;
}

static void read_phases(struct loader *l, struct json_reader *r, struct policy *out)
{
    const struct json *entry;
    struct phase *all = arena_new(l->a, struct phase, form_list(l, r, "phases", &entry));
    for (size_t index = 0; entry; entry = entry->next, index++) {
        struct json_reader e;
        if (!open_entry(l, &e, entry, "phases", index))
            continue;
        struct phase *p = &all[out->phase_count];
        form_id(l, &e, "id", &p->id);
        form_text(l, &e, "name", &p->name);
        json_reader_close(&e);
        for (size_t i = 0; i < out->phase_count; i++)
            form_unique(l, entry, "id", p->id, "the phase", all[i].id);
        out->phase_count++;
    }
    out->phases = all;
}

static void check_phase(struct loader *l, const struct json *entry, const struct policy *p,
                        struct str phase)
{
    struct str *ids = arena_new(l->a, struct str, p->phase_count);
    for (size_t i = 0; i < p->phase_count; i++) {
        ids[i] = p->phases[i].id;
        if (str_equal(ids[i], phase))
            return;
    }
    struct str near = str_nearest(phase, ids, p->phase_count);
    struct str hint = str_printf(l->a, "did you mean \"%.*s\"?", STR_ARG(near));
    diag_error(l->d, json_where(json_find(entry, "phase")), near.s ? str_cstring(l->a, hint) : NULL,
               "unknown phase \"%.*s\"", STR_ARG(phase));
}

void section_checklist(struct loader *l, struct json_reader *r, struct policy *out)
{
    const struct json *entry;
    read_phases(l, r, out);
    struct checklist_item *all = arena_new(l->a, struct checklist_item,
                                           form_list(l, r, "items", &entry));
    for (size_t index = 0; entry; entry = entry->next, index++) {
        struct json_reader e;
        if (!open_entry(l, &e, entry, "items", index))
            continue;
        struct checklist_item *i = &all[out->checklist_count];
        form_id(l, &e, "id", &i->id);
        if (json_string_required(&e, "phase", &i->phase))
            check_phase(l, entry, out, i->phase);
        form_template(l, &e, "text", true, &i->text);
        if (json_string(&e, "link", &i->link) && !str_starts(i->link, STR("https://")))
            diag_error(l->d, json_where(json_find(entry, "link")), NULL,
                       "%.*s.link must be an https:// address", STR_ARG(e.name));
        condition_when(l, &e, "when", &i->when);
        json_reader_close(&e);
        for (size_t k = 0; k < out->checklist_count; k++)
            form_unique(l, entry, "id", i->id, "the item", all[k].id);
        out->checklist_count++;
    }
    out->checklist = all;
}
