#include "assess/lint.h"

#include "assess/fact.h"
#include "base/arena.h"
#include "base/strbuf.h"

#include <math.h>
#include <string.h>

/* ---- cells --------------------------------------------------------------------------------------- */

/* One representative stands for its cell. The last cell of a fact is "not known". */
struct space {
    struct fact_value *cells;
    struct str *names; /* "latency.p99_ms == 100", for messages */
    size_t count;
    bool is_used;
};

struct linter {
    const struct policy *policy;
    struct arena *a;
    struct diags *d;
    struct space space[FACT_COUNT];
    struct lint *lint;
    bool with_notes;
};

struct marks { /* values and words that conditions compare one fact with */
    double *numbers;
    size_t number_count, number_capacity;
    struct str *words;
    size_t word_count, word_capacity;
};

static void mark_number(struct marks *m, double number, struct arena *a)
{
    size_t at = 0;
    while (at < m->number_count && m->numbers[at] < number)
        at++;
    if (at < m->number_count && !(m->numbers[at] > number))
        return;
    m->numbers = arena_grow(a, double, m->numbers, m->number_count, &m->number_capacity);
    for (size_t i = m->number_count++; i > at; i--)
        m->numbers[i] = m->numbers[i - 1];
    m->numbers[at] = number;
}

static void mark_word(struct marks *m, struct str word, struct arena *a)
{
    for (size_t i = 0; i < m->word_count; i++)
        if (str_equal(m->words[i], word))
            return;
    m->words = arena_grow(a, struct str, m->words, m->word_count, &m->word_capacity);
    m->words[m->word_count++] = word;
}

static void mark_when(const struct when *w, struct marks *marks, struct arena *a)
{
    for (size_t i = 0; i < w->count; i++) {
        for (size_t k = 0; k < w->alternatives[i].count; k++) {
            const struct condition *c = &w->alternatives[i].conditions[k];
            int which = fact_find(c->fact);
            if (which < 0)
                continue;
            if (c->is_word)
                mark_word(&marks[which], c->word, a);
            else
                mark_number(&marks[which], c->number, a);
        }
    }
}

/* The answer that a fact is, for its range and its words; NULL: computed. */
static const struct field *answer_of(struct str fact, struct arena *a)
{
    const struct field *f = field_find(str_printf(a, "answers.%.*s", STR_ARG(fact)));
    return f ? f : field_find(fact);
}

static void add_cell(struct space *s, struct str name, struct fact_value value)
{
    s->names[s->count] = name;
    s->cells[s->count++] = value;
}

static struct str number_text(struct linter *l, double number)
{
    struct strbuf sb = STRBUF_INIT;
    strbuf_add_double(&sb, number, 9);
    struct str text = strbuf_copy(&sb, l->a);
    strbuf_release(&sb);
    return text;
}

static void add_number(struct linter *l, struct space *s, struct str fact, const char *op, double bound, double value)
{
    struct str name = str_printf(l->a, "%.*s %s %.*s", STR_ARG(fact), op, STR_ARG(number_text(l, bound)));
    add_cell(s, name, (struct fact_value){.known = true, .number = value});
}

static void add_between(struct linter *l, struct space *s, struct str fact, double low, double high)
{
    struct str name = str_printf(l->a, "%.*s < %.*s < %.*s", STR_ARG(number_text(l, low)), STR_ARG(fact), STR_ARG(number_text(l, high)));
    add_cell(s, name, (struct fact_value){.known = true, .number = low + (high - low) / 2});
}

/* Below the first mark, on it, between it and the next, ..., above the last, within what may be
 * answered. */
static void cut_numbers(struct linter *l, struct space *s, struct str fact, const struct marks *m)
{
    const struct field *field = answer_of(fact, l->a);
    bool is_number = field && (field->kind == FIELD_NUMBER || field->kind == FIELD_INTEGER);
    double low = is_number ? field->low : -HUGE_VAL, high = is_number ? field->high : HUGE_VAL;
    bool is_whole = is_number && field->kind == FIELD_INTEGER;
    for (size_t i = 0; i < m->number_count; i++) {
        double at = m->numbers[i];
        if (i == 0 && at > low)
            add_number(l, s, fact, "<", at, isfinite(low) ? low + (at - low) / 2 : at - 1 - fabs(at));
        if (i > 0 && at > low && !(is_whole && at - m->numbers[i - 1] <= 1))
            add_between(l, s, fact, m->numbers[i - 1], at);
        if (at >= low && at <= high)
            add_number(l, s, fact, "==", at, at);
    }
    double last = m->number_count > 0 ? m->numbers[m->number_count - 1] : 0;
    if (m->number_count > 0 && last < high)
        add_number(l, s, fact, ">", last, last + 1 + fabs(last));
}

static bool is_switch(const struct marks *m)
{
    for (size_t i = 0; i < m->word_count; i++)
        if (!str_is(m->words[i], "true") && !str_is(m->words[i], "false"))
            return false;
    return m->word_count > 0;
}

static void add_word(struct linter *l, struct space *s, struct str fact, struct str word)
{
    add_cell(s, str_printf(l->a, "%.*s == %.*s", STR_ARG(fact), STR_ARG(word)),
             (struct fact_value){.known = true, .is_word = true, .word = word});
}

static void cut_words(struct linter *l, struct space *s, struct str fact, struct marks *m)
{
    const struct field *field = answer_of(fact, l->a);
    if (is_switch(m)) {
        mark_word(m, STR("true"), l->a);
        mark_word(m, STR("false"), l->a);
    }
    bool is_closed = is_switch(m) || (field && field->kind == FIELD_CHOICE);
    for (size_t i = 0; !is_switch(m) && is_closed && field->words[i]; i++)
        mark_word(m, str_of(field->words[i]), l->a);
    s->cells = arena_new(l->a, struct fact_value, m->word_count + 2);
    s->names = arena_new(l->a, struct str, m->word_count + 2);
    for (size_t i = 0; i < m->word_count; i++)
        add_word(l, s, fact, m->words[i]);
    if (!is_closed)
        add_word(l, s, fact, STR("(another word)"));
}

static void cut_spaces(struct linter *l)
{
    const struct policy *p = l->policy;
    struct marks *marks = arena_new(l->a, struct marks, FACT_COUNT);
    size_t name_count;
    const struct str *names = fact_names(&name_count);
    for (size_t i = 0; i < p->rule_count; i++)
        mark_when(&p->rules[i].when, marks, l->a);
    for (size_t i = 0; i < p->tier_count; i++)
        mark_when(&p->tiers[i].when, marks, l->a);
    l->lint->combinations = 1;
    for (size_t i = 0; i < FACT_COUNT; i++) {
        struct space *s = &l->space[i];
        s->is_used = marks[i].number_count + marks[i].word_count > 0;
        if (!s->is_used)
            continue;
        if (marks[i].word_count > 0) {
            cut_words(l, s, names[i], &marks[i]);
        } else {
            s->cells = arena_new(l->a, struct fact_value, 2 * marks[i].number_count + 2);
            s->names = arena_new(l->a, struct str, 2 * marks[i].number_count + 2);
            cut_numbers(l, s, names[i], &marks[i]);
        }
        add_cell(s, str_printf(l->a, "%.*s not known", STR_ARG(names[i])), (struct fact_value){.known = false});
        l->lint->facts++;
        l->lint->cells += s->count;
        l->lint->combinations *= (double)s->count;
    }
}

/* ---- conjunctions -------------------------------------------------------------------------------- */

/* Conditions that must all hold: those of one alternative, or of several. */
struct conjunction {
    const struct alternative *parts[2];
    size_t count;
};

static bool holds_on(const struct conjunction *c, int which, const struct facts *f)
{
    for (size_t i = 0; i < c->count; i++)
        for (size_t k = 0; k < c->parts[i]->count; k++) {
            const struct condition *condition = &c->parts[i]->conditions[k];
            if (fact_find(condition->fact) == which && condition_truth(condition, f) != TRUTH_TRUE)
                return false;
        }
    return true;
}

static bool speaks_of(const struct conjunction *c, int which)
{
    for (size_t i = 0; i < c->count; i++)
        for (size_t k = 0; k < c->parts[i]->count; k++)
            if (fact_find(c->parts[i]->conditions[k].fact) == which)
                return true;
    return false;
}

/* Each fact has a cell on which its conditions hold. `example` receives their names; may be NULL. */
static bool can_hold(const struct linter *l, const struct conjunction *c, struct strbuf *example)
{
    struct facts f = {0};
    for (int which = 0; which < FACT_COUNT; which++) {
        const struct space *s = &l->space[which];
        if (!s->is_used || !speaks_of(c, which))
            continue;
        size_t cell = 0;
        for (; cell < s->count; cell++) {
            f.v[which] = s->cells[cell];
            if (holds_on(c, which, &f))
                break;
        }
        if (cell == s->count)
            return false;
        if (example)
            strbuf_addf(example, "%s%.*s", example->n > 0 ? ", " : "", STR_ARG(s->names[cell]));
    }
    return true;
}

static struct where place_of(const struct rule *r, const struct alternative *x)
{
    return x->count > 0 ? x->conditions[0].where : r->where;
}

static void found(struct linter *l)
{
    l->lint->findings++;
}

static void check_reachable(struct linter *l, const struct rule *r)
{
    size_t dead = 0;
    for (size_t i = 0; i < r->when.count; i++) {
        struct conjunction c = {{&r->when.alternatives[i]}, 1};
        dead += !can_hold(l, &c, NULL);
    }
    if (dead > 0 && dead == r->when.count) {
        diag_warning(l->d, r->where, "its conditions exclude one another", "the rule \"%.*s\" can never hold", STR_ARG(r->id));
        found(l);
        return;
    }
    for (size_t i = 0; dead > 0 && i < r->when.count; i++) {
        struct conjunction c = {{&r->when.alternatives[i]}, 1};
        if (can_hold(l, &c, NULL))
            continue;
        diag_warning(l->d, place_of(r, &r->when.alternatives[i]), "its conditions exclude one another",
                     "alternative %zu of the rule \"%.*s\" can never hold", i + 1, STR_ARG(r->id));
        found(l);
    }
}

/* ---- two rules ----------------------------------------------------------------------------------- */

static int direction(const struct rule *r)
{
    return r->toward == CLASS_KUBERNETES ? 1 : r->toward == CLASS_SERVERLESS ? -1 : 0;
}

static const struct alternative ALWAYS = {NULL, 0};

static const struct alternative *alternative_of(const struct rule *r, size_t index)
{
    return r->when.count == 0 ? &ALWAYS : &r->when.alternatives[index];
}

static size_t alternatives(const struct rule *r)
{
    return r->when.count == 0 ? 1 : r->when.count;
}

static bool can_meet(const struct linter *l, const struct rule *x, const struct rule *y, struct strbuf *example)
{
    for (size_t i = 0; i < alternatives(x); i++) {
        for (size_t k = 0; k < alternatives(y); k++) {
            struct conjunction c = {{alternative_of(x, i), alternative_of(y, k)}, 2};
            strbuf_clear(example);
            if (can_hold(l, &c, example))
                return true;
        }
    }
    return false;
}

/* The same conditions in any order. */
static bool same_alternative(const struct alternative *x, const struct alternative *y)
{
    if (x->count != y->count)
        return false;
    for (size_t i = 0; i < x->count; i++) {
        const struct condition *c = &x->conditions[i];
        bool is_there = false;
        for (size_t k = 0; k < y->count && !is_there; k++) {
            const struct condition *o = &y->conditions[k];
            is_there = str_equal(c->fact, o->fact) && c->op == o->op && c->is_word == o->is_word &&
                       (c->is_word ? str_equal(c->word, o->word) : !(c->number < o->number) && !(c->number > o->number));
        }
        if (!is_there)
            return false;
    }
    return true;
}

static bool same_when(const struct when *x, const struct when *y)
{
    if (x->count != y->count)
        return false;
    for (size_t i = 0; i < x->count; i++) {
        bool is_there = false;
        for (size_t k = 0; k < y->count && !is_there; k++)
            is_there = same_alternative(&x->alternatives[i], &y->alternatives[k]) &&
                       same_alternative(&y->alternatives[k], &x->alternatives[i]);
        if (!is_there)
            return false;
    }
    return true;
}

static void check_pair(struct linter *l, const struct rule *x, const struct rule *y)
{
    struct strbuf example = STRBUF_INIT;
    if (direction(x) * direction(y) >= 0)
        return;
    if (x->strength == STRENGTH_HARD && y->strength == STRENGTH_HARD && can_meet(l, x, y, &example)) {
        struct str hint = str_printf(l->a, "both hold where %s", example.n > 0 ? example.s : "anything is answered");
        diag_error(l->d, y->where, hint.s, "the hard rules \"%.*s\" and \"%.*s\" contradict one another", STR_ARG(x->id), STR_ARG(y->id));
        l->lint->is_proven = false;
        found(l);
    } else if (x->strength == y->strength && x->strength != STRENGTH_HARD && same_when(&x->when, &y->when)) {
        diag_warning(l->d, y->where, "take one of them out", "the rules \"%.*s\" and \"%.*s\" always cancel one another", STR_ARG(x->id), STR_ARG(y->id));
        found(l);
    }
    strbuf_release(&example);
}

/* ---- shadows ------------------------------------------------------------------------------------- */

/* Wherever `other` holds with `r`, it counts instead of it. */
static bool outranks(const struct rule *other, const struct rule *r)
{
    if (other == r || !str_equal(other->group, r->group) || direction(other) != direction(r))
        return false;
    return other->strength > r->strength || (other->strength == r->strength && other < r);
}

struct walk {
    int facts[FACT_COUNT];
    size_t cell[FACT_COUNT];
    size_t count;
    double combinations;
};

static void walk_over(struct walk *w, const struct linter *l, const struct rule *r)
{
    for (size_t i = 0; i < r->when.count; i++) {
        for (size_t k = 0; k < r->when.alternatives[i].count; k++) {
            int which = fact_find(r->when.alternatives[i].conditions[k].fact);
            bool is_there = which < 0;
            for (size_t n = 0; n < w->count && !is_there; n++)
                is_there = w->facts[n] == which;
            if (is_there)
                continue;
            w->facts[w->count++] = which;
            w->combinations *= (double)l->space[which].count;
        }
    }
}

static bool walk_next(struct walk *w, const struct linter *l, struct facts *f)
{
    for (size_t n = 0; n < w->count; n++) {
        const struct space *s = &l->space[w->facts[n]];
        if (++w->cell[n] == s->count)
            w->cell[n] = 0;
        f->v[w->facts[n]] = s->cells[w->cell[n]];
        if (w->cell[n] > 0)
            return true;
    }
    return false;
}

/* Is there a combination on which the rule holds and none that outranks it does? */
static void check_shadow(struct linter *l, const struct rule *r)
{
    const struct policy *p = l->policy;
    struct walk w = {.combinations = 1};
    struct facts f = {0};
    const struct rule *shadow = NULL;
    if (direction(r) == 0 || r->strength == STRENGTH_NEUTRAL)
        return;
    walk_over(&w, l, r);
    for (size_t i = 0; i < p->rule_count; i++) {
        if (!outranks(&p->rules[i], r))
            continue;
        shadow = &p->rules[i];
        walk_over(&w, l, shadow);
    }
    if (!shadow)
        return;
    if (w.combinations > LINT_MAX_COMBINATIONS) {
        diag_warning(l->d, r->where, "split its group", "whether the rule \"%.*s\" ever counts is not proven: too many combinations", STR_ARG(r->id));
        found(l);
        return;
    }
    for (size_t n = 0; n < w.count; n++)
        f.v[w.facts[n]] = l->space[w.facts[n]].cells[0];
    bool ever_holds = false;
    do {
        if (when_truth(&r->when, &f) != TRUTH_TRUE)
            continue;
        ever_holds = true;
        bool is_shadowed = false;
        for (size_t i = 0; i < p->rule_count && !is_shadowed; i++)
            is_shadowed = outranks(&p->rules[i], r) && when_truth(&p->rules[i].when, &f) == TRUTH_TRUE;
        if (!is_shadowed)
            return;
    } while (walk_next(&w, l, &f));
    if (!ever_holds)
        return; // it is unreachable, which has been said
    diag_warning(l->d, r->where, str_printf(l->a, "such as \"%.*s\"", STR_ARG(shadow->id)).s,
                 "the rule \"%.*s\" never counts: wherever it holds, another of its group outranks it", STR_ARG(r->id));
    found(l);
}

/* ---- gaps ---------------------------------------------------------------------------------------- */

static bool tests_fact(const struct rule *r, int which)
{
    for (size_t i = 0; i < r->when.count; i++) {
        struct conjunction c = {{&r->when.alternatives[i]}, 1};
        if (speaks_of(&c, which))
            return true;
    }
    return false;
}

/* Some alternative of the rule that tests the fact admits the cell. */
static bool admits(const struct linter *l, const struct rule *r, int which, size_t cell)
{
    struct facts f = {0};
    f.v[which] = l->space[which].cells[cell];
    for (size_t i = 0; i < r->when.count; i++) {
        struct conjunction c = {{&r->when.alternatives[i]}, 1};
        if (speaks_of(&c, which) && holds_on(&c, which, &f) && can_hold(l, &c, NULL))
            return true;
    }
    return false;
}

static bool is_number_space(const struct space *s)
{
    return s->is_used && s->count > 1 && !s->cells[0].is_word;
}

static void report_gap(struct linter *l, const struct rule *first, struct str from, struct str to)
{
    l->lint->gaps++;
    if (!l->with_notes)
        return;
    struct str range = str_equal(from, to) ? from : str_printf(l->a, "%.*s to %.*s", STR_ARG(from), STR_ARG(to));
    diag_add(l->d, SEVERITY_NOTE, first->where, STR("a neutral rule says what holds there"),
             str_printf(l->a, "no rule of the group \"%.*s\" speaks where %.*s", STR_ARG(first->group), STR_ARG(range)));
}

/* A fact of numbers that several rules of a group cut into ranges: is a range left out? The outermost
 * ranges may be: a rule for large models says nothing of small ones. */
static void check_gaps(struct linter *l, const struct rule *first, int which)
{
    const struct policy *p = l->policy;
    const struct space *s = &l->space[which];
    bool *admitted = arena_new(l->a, bool, s->count);
    size_t low = s->count, high = 0, testing = 0;
    for (size_t i = 0; i < p->rule_count; i++) {
        const struct rule *r = &p->rules[i];
        if (!str_equal(r->group, first->group) || !tests_fact(r, which))
            continue;
        testing++;
        for (size_t cell = 0; cell + 1 < s->count; cell++)
            admitted[cell] = admitted[cell] || admits(l, r, which, cell);
    }
    for (size_t cell = 0; cell + 1 < s->count; cell++) {
        if (admitted[cell]) {
            low = cell < low ? cell : low;
            high = cell;
        }
    }
    for (size_t cell = low; testing > 1 && cell < high; cell++) {
        size_t from = cell;
        if (admitted[cell])
            continue;
        while (!admitted[cell + 1])
            cell++;
        report_gap(l, first, s->names[from], s->names[cell]);
    }
}

static void check_group(struct linter *l, const struct rule *first)
{
    for (int which = 0; which < FACT_COUNT; which++)
        if (is_number_space(&l->space[which]))
            check_gaps(l, first, which);
}

static bool is_first_of_group(const struct policy *p, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (str_equal(p->rules[i].group, p->rules[index].group))
            return false;
    return true;
}

/* ---- all of it ----------------------------------------------------------------------------------- */

bool lint_policy(const struct policy *policy, bool with_notes, struct arena *a, struct lint *out,
                 struct diags *d)
{
    struct linter *l = arena_new(a, struct linter, 1);
    size_t before = diags_errors(d);
    *out = (struct lint){.rules = policy->rule_count, .is_proven = true};
    *l = (struct linter){.policy = policy, .a = a, .d = d, .lint = out, .with_notes = with_notes};
    cut_spaces(l);
    if (!(policy_number(policy, PARAMETER_LEAN_DECIDES) > 0)) {
        diag_error(d, policy->parameter[PARAMETER_LEAN_DECIDES].where, "give it a value above 0",
                   "with lean_decides at 0 a sum of 0 leans to both sides");
        out->is_proven = false;
        out->findings++;
    }
    for (size_t i = 0; i < policy->rule_count; i++) {
        const struct rule *r = &policy->rules[i];
        check_reachable(l, r);
        for (size_t k = 0; k < i; k++)
            check_pair(l, &policy->rules[k], r);
        check_shadow(l, r);
        if (is_first_of_group(policy, i))
            check_group(l, r);
    }
    return diags_errors(d) == before;
}
