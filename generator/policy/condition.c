#include "policy/loader.h"

#include "base/arena.h"
#include "base/strbuf.h"
#include "number/decimal.h"
#include "pricing/words.h"
#include "questionnaire/words.h"

/* ---- what a fact may be compared with --------------------------------------------------------- */

static const struct {
    const char *word;
    enum operator op;
} OPERATORS[] = {
    {"<", OPERATOR_LT},  {"<=", OPERATOR_LE}, {">", OPERATOR_GT},
    {">=", OPERATOR_GE}, {"==", OPERATOR_EQ}, {"!=", OPERATOR_NE},
};

#define OPERATOR_COUNT (sizeof OPERATORS / sizeof OPERATORS[0])

const char *operator_word(enum operator op)
{
    for (size_t i = 0; i < OPERATOR_COUNT; i++)
        if (OPERATORS[i].op == op)
            return OPERATORS[i].word;
    return "?";
}

static const char *const VERDICTS[] = {"decided", "too-close", "infeasible", "undecidable", NULL};
static const char *const BOOLS[] = {"true", "false", NULL};

/* Facts with words of their own; those of the answers come from the field table. */
static const struct {
    const char *fact;
    const char *const *words;
} FACT_WORDS[] = {
    {"current.class", BOOK_CLASS_WORDS},
    {"recommendation.class", BOOK_CLASS_WORDS},
    {"recommendation.purchase", PURCHASE_WORDS},
    {"recommendation.verdict", VERDICTS},
    {"cost.known", BOOLS},
    {"online", BOOLS},
    {"has_training", BOOLS},
    {"has_batch", BOOLS},
    {"has_jobs", BOOLS},
};

/* The answer that a fact is: "gpu.need" is "answers.gpu.need"; NULL: it is computed. */
static const struct field *answer_of(struct str fact, struct arena *a)
{
    const struct field *field = field_find(str_printf(a, "answers.%.*s", STR_ARG(fact)));
    return field ? field : field_find(fact);
}

/* NULL: any word may be right. */
static const char *const *words_of(struct str fact, struct arena *a)
{
    for (size_t i = 0; i < sizeof FACT_WORDS / sizeof FACT_WORDS[0]; i++)
        if (str_is(fact, FACT_WORDS[i].fact))
            return FACT_WORDS[i].words;
    const struct field *field = answer_of(fact, a);
    if (field && field->kind == FIELD_CHOICE)
        return field->words;
    if (field && (field->kind == FIELD_BOOL || field->kind == FIELD_BOOL_OR_ID))
        return BOOLS;
    return NULL;
}

bool loader_is_fact(const struct loader *l, struct str name)
{
    bool is_fact = l->fact_count == 0;
    for (size_t i = 0; i < l->fact_count && !is_fact; i++)
        is_fact = str_equal(l->facts[i], name);
    return is_fact;
}

const char *loader_nearest_fact(const struct loader *l, struct str name)
{
    struct str near = str_nearest(name, l->facts, l->fact_count);
    if (!near.s)
        return NULL;
    return str_cstring(l->a, str_printf(l->a, "did you mean \"%.*s\"?", STR_ARG(near)));
}

/* ---- one condition ---------------------------------------------------------------------------- */

static bool next_word(struct str *rest, struct str *word)
{
    struct str tail;
    str_cut(str_trim(*rest), ' ', word, &tail);
    *rest = str_trim(tail);
    return word->n > 0;
}

static const struct threshold *find_threshold(struct loader *l, struct str name)
{
    for (size_t i = 0; i < l->threshold_count; i++) {
        if (str_equal(l->thresholds[i].name, name)) {
            l->threshold_used[i] = true;
            return &l->thresholds[i];
        }
    }
    return NULL;
}

static const char *nearest_threshold(const struct loader *l, struct str name)
{
    struct str *names = arena_new(l->a, struct str, l->threshold_count);
    for (size_t i = 0; i < l->threshold_count; i++)
        names[i] = l->thresholds[i].name;
    struct str near = str_nearest(name, names, l->threshold_count);
    if (!near.s)
        return "VALUE is a number, the name of a threshold, or a word with == and !=";
    return str_cstring(l->a, str_printf(l->a, "did you mean \"%.*s\"?", STR_ARG(near)));
}

static bool check_word(struct loader *l, const struct condition *c)
{
    const char *const *words = words_of(c->fact, l->a);
    struct strbuf hint = STRBUF_INIT;
    bool is_known = !words;
    for (size_t i = 0; words && words[i] && !is_known; i++)
        is_known = str_is(c->word, words[i]);
    if (is_known)
        return true;
    strbuf_adds(&hint, "it is one of: ");
    for (size_t i = 0; words[i]; i++)
        strbuf_addf(&hint, "%s%s", i > 0 ? ", " : "", words[i]);
    diag_error(l->d, c->where, hint.s, "%.*s is never \"%.*s\"", STR_ARG(c->fact),
               STR_ARG(c->word));
    strbuf_release(&hint);
    return false;
}

/* A fact that is a number is compared with one, a fact that is a word with a word. */
static bool check_kind(struct loader *l, const struct condition *c)
{
    const struct field *field = answer_of(c->fact, l->a);
    bool is_number = field && (field->kind == FIELD_NUMBER || field->kind == FIELD_INTEGER);
    if (c->is_word && c->op != OPERATOR_EQ && c->op != OPERATOR_NE) {
        diag_error(l->d, c->where, nearest_threshold(l, c->word), "unknown threshold \"%.*s\"",
                   STR_ARG(c->word));
        return false;
    }
    if (c->is_word && is_number) {
        diag_error(l->d, c->where, nearest_threshold(l, c->word),
                   "%.*s is a number and is compared with \"%.*s\"", STR_ARG(c->fact),
                   STR_ARG(c->word));
        return false;
    }
    if (!c->is_word && words_of(c->fact, l->a)) {
        diag_error(l->d, c->where, NULL, "%.*s is a word and is compared with a number",
                   STR_ARG(c->fact));
        return false;
    }
    return !c->is_word || check_word(l, c);
}

static bool read_condition(struct loader *l, const struct json *value, struct condition *out)
{
    struct str rest, op = {NULL, 0}, operand = {NULL, 0};
    struct decimal number;
    bool is_known = false;
    struct condition c = {.where = json_where(value)};
    if (value->kind != JSON_STRING) {
        diag_error(l->d, json_where(value), NULL,
                   "a condition must be a string \"FACT OP VALUE\", got %s",
                   json_kind_name(value->kind));
        return false;
    }
    c.text = rest = value->string;
    if (!next_word(&rest, &c.fact) || !next_word(&rest, &op) || !next_word(&rest, &operand) ||
        rest.n > 0) {
        diag_error(l->d, json_where(value), NULL,
                   "a condition must be FACT OP VALUE with blanks between, got \"%.*s\"",
                   STR_ARG(value->string));
        return false;
    }
    for (size_t i = 0; i < OPERATOR_COUNT; i++) {
        if (str_is(op, OPERATORS[i].word)) {
            c.op = OPERATORS[i].op;
            is_known = true;
        }
    }
    if (!is_known) {
        diag_error(l->d, json_where(value), "it is one of: < <= > >= == !=", "unknown operator \"%.*s\"",
                   STR_ARG(op));
        return false;
    }
    if (!loader_is_fact(l, c.fact)) {
        diag_error(l->d, json_where(value), loader_nearest_fact(l, c.fact), "unknown fact \"%.*s\"",
                   STR_ARG(c.fact));
        return false;
    }
    if (decimal_parse(operand, &number)) {
        c.number = decimal_double(number);
    } else if ((c.threshold = find_threshold(l, operand)) != NULL) {
        c.number = c.threshold->value;
    } else {
        c.is_word = true;
        c.word = operand;
    }
    *out = c;
    return check_kind(l, &c);
}

/* ---- when ------------------------------------------------------------------------------------- */

static void read_alternative(struct loader *l, const struct json *list, struct alternative *out)
{
    if (list->kind != JSON_ARRAY || list->count == 0) {
        diag_error(l->d, json_where(list), NULL, "conditions must be a list with at least one, got %s",
                   list->kind == JSON_ARRAY ? "an empty one" : json_kind_name(list->kind));
        return;
    }
    struct condition *conditions = arena_new(l->a, struct condition, list->count);
    size_t count = 0;
    for (const struct json *item = list->child; item; item = item->next)
        if (read_condition(l, item, &conditions[count]))
            count++;
    out->conditions = conditions;
    out->count = count;
}

void condition_when(struct loader *l, struct json_reader *r, const char *key, struct when *out)
{
    const struct json *value = json_member(r, key), *any;
    struct json_reader inner;
    if (!value)
        return;
    if (value->kind == JSON_ARRAY) {
        struct alternative *one = arena_new(l->a, struct alternative, 1);
        if (value->count == 0)
            return;
        read_alternative(l, value, one);
        out->alternatives = one;
        out->count = 1;
        return;
    }
    if (value->kind != JSON_OBJECT) {
        diag_error(l->d, json_where(value), NULL,
                   "%.*s.%s must be a list of conditions or {\"any\": [[...], [...]]}, got %s",
                   STR_ARG(r->name), key, json_kind_name(value->kind));
        return;
    }
    json_reader_open(&inner, value, str_printf(l->a, "%.*s.%s", STR_ARG(r->name), key), l->a, l->d);
    if (json_required(&inner, "any") && json_array(&inner, "any", &any)) {
        struct alternative *all = arena_new(l->a, struct alternative, any->count);
        if (any->count == 0)
            diag_error(l->d, json_where(any), NULL, "%.*s.any must not be empty", STR_ARG(inner.name));
        for (const struct json *item = any->child; item; item = item->next)
            read_alternative(l, item, &all[out->count++]);
        out->alternatives = all;
    }
    json_reader_close(&inner);
}
