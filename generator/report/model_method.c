/* The method, from the policy, and the questionnaire's help, from its table of fields. */
#include "report/maker.h"

#include "base/arena.h"

#include <math.h>
#include <stdint.h>

/* ---- conditions ---- */

static void put_when(struct maker *m, struct value *o, const char *key, const struct when *w)
{
    struct strbuf *sb = begin(m);
    for (size_t i = 0; i < w->count; i++) {
        if (i > 0)
            strbuf_adds(sb, "; or ");
        for (size_t k = 0; k < w->alternatives[i].count; k++) {
            if (k > 0)
                strbuf_adds(sb, " and ");
            strbuf_add(sb, w->alternatives[i].conditions[k].text);
        }
    }
    if (sb->n == 0)
        strbuf_adds(sb, "always");
    end(m, o, key);
}

/* Rule texts name facts in double braces; here, where there is no report, they stand in brackets. */
static void put_pattern(struct maker *m, struct value *o, const char *key, struct str text)
{
    struct strbuf *sb = begin(m);
    for (size_t i = 0; i < text.n; i++) {
        struct str rest = str_slice(text, i, text.n);
        if (str_starts(rest, STR("{{"))) {
            strbuf_addc(sb, '[');
            i++;
        } else if (str_starts(rest, STR("}}"))) {
            strbuf_addc(sb, ']');
            i++;
        } else {
            strbuf_addc(sb, text.s[i]);
        }
    }
    put_or_null(o, key, text_of(m));
}

static void put_spread(struct maker *m, struct value *o, struct spread s, struct str unit)
{
    put_value(m, o, "value", s.likely, unit);
    wording_value_range(begin(m), s.low, s.high, unit);
    end(m, o, "range");
}

/* ---- the policy ---- */

static void make_rule(struct maker *m, struct value *list, const struct rule *r)
{
    struct value *o = value_append_object(list);
    value_set_text(o, "id", r->id);
    put_when(m, o, "when", &r->when);
    put_capital(m, o, "strength", str_of(strength_word(r->strength)));
    value_set_bool(o, "is_hard", r->strength == STRENGTH_HARD);
    value_set(o, "class", r->toward < CLASS_NONE ? m->class[r->toward] : value_null());
    put_pattern(m, o, "text", r->text);
    put_sources(m, o, "sources", r->sources, r->source_count);
}

static void make_rules(struct maker *m, struct value *o, const struct policy *p)
{
    struct value *questions = value_set_list(o, "questions");
    for (int q = 0; q <= QUESTION_COUNT; q++) {
        size_t count = 0;
        for (size_t i = 0; i < p->rule_count; i++)
            count += p->rules[i].question == (enum question)q;
        if (count == 0)
            continue;
        struct value *group = value_append_object(questions);
        value_set_puts(group, "title", q < QUESTION_COUNT ? question_title((enum question)q) : "Of no single question");
        if (q < QUESTION_COUNT)
            put_int(m, group, "number", (size_t)q + 1);
        else
            value_set(group, "number", value_null());
        struct value *rules = value_set_list(group, "rules");
        for (size_t i = 0; i < p->rule_count; i++)
            if (p->rules[i].question == (enum question)q)
                make_rule(m, rules, &p->rules[i]);
    }
    put_int(m, o, "rule_count", p->rule_count);
}

static void make_defaults(struct maker *m, struct value *o, const struct policy *p)
{
    struct value *defaults = value_set_list(o, "defaults");
    for (size_t i = 0; i < p->assumption_count; i++) {
        const struct assumption *x = &p->assumptions[i];
        struct value *row = value_append_object(defaults);
        value_set_text(row, "path", x->path);
        const struct field *field = field_find(x->path);
        if (x->is_word) {
            put_or_null(row, "value", x->word);
            value_set_puts(row, "range", "fixed");
        } else {
            put_spread(m, row, x->value, str_of(field ? field->unit : NULL));
        }
        put_or_null(row, "why", x->why);
        put_sources(m, row, "sources", &x->source, 1);
    }
    struct value *uncertainty = value_set_list(o, "uncertainty");
    for (size_t i = 0; i < p->uncertainty_count; i++) {
        const struct uncertainty *x = &p->uncertainties[i];
        struct value *row = value_append_object(uncertainty);
        value_set_text(row, "path", x->path);
        static const struct {
            const char *key;
            enum basis basis;
        } BASES[] = {{"measured", BASIS_MEASURED}, {"estimated", BASIS_ESTIMATED}, {"guessed", BASIS_GUESSED}};
        for (size_t k = 0; k < sizeof BASES / sizeof BASES[0]; k++) {
            struct spread s = x->multiple[BASES[k].basis];
            struct strbuf *sb = begin(m);
            wording_number(sb, s.low, 3);
            strbuf_adds(sb, " to ");
            wording_number(sb, s.high, 3);
            end(m, row, BASES[k].key);
        }
        put_or_null(row, "why", x->why);
        put_sources(m, row, "sources", &x->source, 1);
    }
}

struct value *model_method(const struct site *s, struct arena *a)
{
    const struct policy *p = s->policy;
    struct maker m;
    maker_init(&m, s, "../", a);
    struct value *o = value_object(a);
    value_set_text(o, "sha256", p->sha256);
    put_percent(&m, o, "decided_share", policy_number(p, PARAMETER_DECIDED_SHARE));
    put_percent(&m, o, "high_confidence", policy_number(p, PARAMETER_HIGH_CONFIDENCE));
    put_percent(&m, o, "price_within", policy_number(p, PARAMETER_PRICE_WITHIN));
    wording_number(begin(&m), policy_number(p, PARAMETER_DRAWS), 6);
    end(&m, o, "draws");
    wording_number(begin(&m), policy_number(p, PARAMETER_LEAN_DECIDES), 3);
    end(&m, o, "lean_decides");
    wording_number(begin(&m), policy_number(p, PARAMETER_STRONG_WEIGHT), 3);
    end(&m, o, "strong_weight");
    wording_number(begin(&m), policy_number(p, PARAMETER_WEAK_WEIGHT), 3);
    end(&m, o, "weak_weight");
    struct value *tiers = value_set_list(o, "tiers");
    for (size_t i = p->tier_count; i-- > 0;) { /* lowest first */
        const struct tier *t = &p->tiers[i];
        struct value *row = value_append_object(tiers);
        put_int(&m, row, "number", (size_t)t->number);
        value_set_text(row, "name", t->name);
        put_or_null(row, "text", t->text);
        put_when(&m, row, "when", &t->when);
        put_sources(&m, row, "sources", t->sources, t->source_count);
    }
    make_rules(&m, o, p);
    struct value *thresholds = value_set_list(o, "thresholds");
    for (size_t i = 0; i < p->threshold_count; i++) {
        const struct threshold *t = &p->thresholds[i];
        struct value *row = value_append_object(thresholds);
        value_set_text(row, "name", t->name);
        put_value(&m, row, "value", t->value, t->unit);
        put_capital(&m, row, "text", t->text);
        put_sources(&m, row, "sources", &t->source, 1);
    }
    struct value *parameters = value_set_list(o, "parameters");
    for (int i = 0; i < PARAMETER_ID_COUNT; i++) {
        const struct parameter *x = &p->parameter[i];
        struct value *row = value_append_object(parameters);
        value_set_puts(row, "name", parameter_name((enum parameter_id)i));
        put_spread(&m, row, x->value, x->unit);
        put_or_null(row, "why", x->why);
        put_sources(&m, row, "sources", &x->source, 1);
    }
    make_defaults(&m, o, p);
    struct value *scenarios = value_set_list(o, "scenarios");
    for (size_t i = 0; i < p->scenario_count; i++) {
        struct value *row = value_append_object(scenarios);
        value_set_text(row, "id", p->scenarios[i].id);
        value_set_text(row, "name", p->scenarios[i].name);
        put_or_null(row, "text", p->scenarios[i].text);
    }
    struct value *mistakes = value_set_list(o, "mistakes");
    for (size_t i = 0; i < p->mistake_count; i++) {
        const struct mistake *x = &p->mistakes[i];
        struct value *row = value_append_object(mistakes);
        value_set_text(row, "id", x->id);
        put_pattern(&m, row, "text", x->text);
        put_when(&m, row, "when", &x->when);
        put_pattern(&m, row, "watch", x->watch);
        put_pattern(&m, row, "act", x->act);
        put_sources(&m, row, "sources", x->sources, x->source_count);
    }
    struct value *folklore = value_set_list(o, "folklore");
    for (size_t i = 0; i < p->folklore_count; i++) {
        const struct folklore *f = &p->folklore[i];
        struct value *row = value_append_object(folklore);
        value_set_text(row, "id", f->id);
        value_set_text(row, "text", f->text);
        put_sources(&m, row, "sources", &f->source, 1);
    }
    maker_release(&m);
    return o;
}

/* ---- the questionnaire ---- */

static const char *kind_text(enum field_kind k)
{
    switch (k) {
    case FIELD_NUMBER: return "number or range";
    case FIELD_INTEGER: return "whole number or range";
    case FIELD_TEXT: return "text";
    case FIELD_BOOL: return "true or false";
    case FIELD_BOOL_OR_ID: return "true, false or a platform";
    case FIELD_CHOICE: return "one of";
    case FIELD_DATE: return "date, YYYY-MM-DD";
    case FIELD_LIST: return "list";
    case FIELD_OBJECT: return "group";
    }
    return "";
}

static void make_field(struct maker *m, struct value *list, const struct field *f)
{
    struct value *o = value_append_object(list);
    value_set_puts(o, "path", f->path);
    value_set_bool(o, "is_group", f->kind == FIELD_OBJECT);
    struct strbuf *sb = begin(m);
    strbuf_adds(sb, kind_text(f->kind));
    for (size_t i = 0; f->words && f->words[i]; i++) {
        strbuf_adds(sb, i == 0 ? (f->kind == FIELD_LIST ? " of " : " ") : ", ");
        strbuf_adds(sb, f->words[i]);
    }
    end(m, o, "kind");
    value_set_puts(o, "unit", f->unit);
    sb = begin(m);
    if ((f->kind == FIELD_NUMBER || f->kind == FIELD_INTEGER) && isfinite(f->low) && isfinite(f->high)) {
        strbuf_add_double(sb, f->low, 6);
        strbuf_adds(sb, " to ");
        strbuf_add_double(sb, f->high, 6);
    }
    put_or_null(o, "allowed", text_of(m));
    value_set_puts(o, "help", f->help);
}

/* The part of the file that a field belongs to: one of the seven questions, or a heading of its own. */
struct field_group {
    const char *title, *id, *prefix;
    enum question question;
};

static const struct field_group GROUPS[] = {
    {"About the decision", "about", NULL, QUESTION_COUNT},
    {"1. GPU need", "gpu", "answers.gpu", QUESTION_GPU},
    {"2. Latency tolerance", "latency", "answers.latency", QUESTION_LATENCY},
    {"3. Traffic variability", "traffic", "answers.traffic", QUESTION_TRAFFIC},
    {"4. Custom dependencies", "dependencies", "answers.dependencies", QUESTION_DEPENDENCIES},
    {"5. Team", "team", "answers.team", QUESTION_TEAM},
    {"6. Number of models", "models-question", "answers.models", QUESTION_MODELS},
    {"7. Compliance boundary", "compliance", "answers.compliance", QUESTION_COMPLIANCE},
    {"Models: what is served", "models", "models", QUESTION_COUNT},
    {"Jobs: training and batch", "jobs", "jobs", QUESTION_COUNT},
};

static const struct field_group *group_of(struct str path)
{
    for (size_t i = 1; i < sizeof GROUPS / sizeof GROUPS[0]; i++) {
        struct str prefix = str_of(GROUPS[i].prefix);
        if (!str_starts(path, prefix))
            continue;
        char next = path.n > prefix.n ? path.s[prefix.n] : '\0';
        if (next == '\0' || next == '.' || next == '[')
            return &GROUPS[i];
    }
    return &GROUPS[0];
}

struct value *model_questionnaire(struct arena *a)
{
    struct maker m = {.a = a};
    struct value *o = value_object(a);
    struct value *groups = value_set_list(o, "groups");
    size_t count;
    const struct field *fields = field_table(&count);
    for (size_t g = 0; g < sizeof GROUPS / sizeof GROUPS[0]; g++) {
        struct value *group = value_append_object(groups);
        value_set_puts(group, "title", GROUPS[g].title);
        value_set_puts(group, "id", GROUPS[g].id);
        struct value *list = value_set_list(group, "fields");
        for (size_t i = 0; i < count; i++)
            if (group_of(str_of(fields[i].path)) == &GROUPS[g])
                make_field(&m, list, &fields[i]);
    }
    put_int(&m, o, "field_count", count);
    maker_release(&m);
    return o;
}
