#include "questionnaire/tripwire.h"

#include "base/arena.h"
#include "number/decimal.h"

static const struct {
    const char *word;
    enum compare op;
} OPERATORS[] = {
    {"<", COMPARE_LT},  {"<=", COMPARE_LE}, {">", COMPARE_GT},
    {">=", COMPARE_GE}, {"==", COMPARE_EQ},
};

/* First parts of paths into a report that hold numbers (FORMATS of report.json). */
static const char *const REPORT_ROOTS[] = {"recommendation", "head_to_head",        "tier",
                                           "options",        "crossovers",          "sensitivity",
                                           "scenarios",      "value_of_information"};

#define ROOT_COUNT (sizeof REPORT_ROOTS / sizeof REPORT_ROOTS[0])

static bool next_word(struct str *rest, struct str *word)
{
    struct str tail;
    *rest = str_trim(*rest);
    str_cut(*rest, ' ', word, &tail);
    *rest = str_trim(tail);
    return word->n > 0;
}

/* "p50" of "x.p50"; the whole of "x". */
static struct str last_part(struct str path)
{
    struct str head = path, rest = path;
    while (str_cut(rest, '.', &head, &rest))
        ;
    return head;
}

static bool is_range_member(struct str part)
{
    return str_is(part, "low") || str_is(part, "likely") || str_is(part, "high");
}

static bool check_path(const struct tripwire *t, struct str name, struct arena *a, struct diags *d)
{
    struct str root, rest, part = last_part(t->path), path = t->path;
    bool has_rest = str_cut(path, '.', &root, &rest);
    for (size_t i = 0; has_rest && i < ROOT_COUNT; i++)
        if (str_is(root, REPORT_ROOTS[i]))
            return true;
    const struct field *field = field_find(path);
    if (!field && is_range_member(part))
        field = field_find(str_slice(path, 0, path.n - part.n - 1));
    if (field && (field->kind == FIELD_NUMBER || field->kind == FIELD_INTEGER)) {
        if (str_find(path, STR("[]")) == path.n)
            return true;
        diag_error(d, t->where, "write the number of the entry, as in models.0.memory_mb",
                   "%.*s names every entry", STR_ARG(name));
        return false;
    }
    if (field) {
        diag_error(d, t->where, NULL, "%.*s compares %.*s, which is not a number", STR_ARG(name),
                   STR_ARG(path));
        return false;
    }
    struct str roots[ROOT_COUNT];
    for (size_t i = 0; i < ROOT_COUNT; i++)
        roots[i] = str_of(REPORT_ROOTS[i]);
    struct str near = field_nearest(path, a), near_root = str_nearest(root, roots, ROOT_COUNT);
    struct str hint = STR("a path into the answers or the report, such as "
                          "answers.traffic.requests_per_day or recommendation.margin");
    if (has_rest && near_root.s)
        hint = str_printf(a, "did you mean \"%.*s.%.*s\"?", STR_ARG(near_root), STR_ARG(rest));
    else if (near.s)
        hint = str_printf(a, "did you mean \"%.*s\"?", STR_ARG(near));
    diag_error(d, t->where, str_cstring(a, hint), "%.*s has an unknown path \"%.*s\"",
               STR_ARG(name), STR_ARG(path));
    return false;
}

bool tripwire_parse(struct str text, struct where where, struct str name, struct arena *a,
                    struct tripwire *out, struct diags *d)
{
    static const char HINT[] =
        "write PATH OP NUMBER, such as \"recommendation.margin < 0.1\"; OP is "
        "one of < <= > >= ==";
    struct str rest = text, op = {NULL, 0}, number = {NULL, 0};
    struct decimal value;
    bool is_known = false;
    struct tripwire t = {.text = text, .where = where};
    bool is_whole = next_word(&rest, &t.path) && next_word(&rest, &op) && next_word(&rest, &number);
    for (size_t i = 0; i < sizeof OPERATORS / sizeof OPERATORS[0]; i++) {
        if (str_is(op, OPERATORS[i].word)) {
            t.op = OPERATORS[i].op;
            is_known = true;
        }
    }
    if (!is_whole || rest.n > 0) {
        diag_error(d, where, HINT, "%.*s must be PATH OP NUMBER with blanks between, got \"%.*s\"",
                   STR_ARG(name), STR_ARG(text));
        return false;
    }
    if (!is_known) {
        diag_error(d, where, HINT, "%.*s has an unknown operator \"%.*s\"", STR_ARG(name),
                   STR_ARG(op));
        return false;
    }
    if (!decimal_parse(number, &value)) {
        diag_error(d, where, HINT, "%.*s must compare with a number, got \"%.*s\"", STR_ARG(name),
                   STR_ARG(number));
        return false;
    }
    if (!check_path(&t, name, a, d))
        return false;
    t.number = decimal_double(value);
    *out = t;
    return true;
}
