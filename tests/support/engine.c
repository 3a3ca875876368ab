#include "support/engine.h"

#include "unit/unit.h"

#include "base/arena.h"
#include "base/diag.h"
#include "policy/policy.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

static void say(struct diags *d)
{
    struct strbuf sb = STRBUF_INIT;
    diags_print(d, &sb, false);
    struct str text = strbuf_str(&sb);
    printf("%.*s\n", STR_ARG(text));
    strbuf_release(&sb);
}

struct bench *bench_open(const char *pricing)
{
    struct arena *a = arena_create();
    struct bench *b = arena_new(a, struct bench, 1);
    b->a = a;
    b->rounds = arena_create();
    struct diags *d = diags_new(a);
    size_t count;
    const struct str *facts = decide_fact_names(&count);
    bool good = book_load(pricing ? pricing : "pricing", a, &b->book, d);
    good = policy_load("content/policy/policy.json", "content/policy", facts, count, a, &b->policy,
                       d) &&
           good;
    if (!good)
        say(d);
    assert_true(good);
    return b;
}

void bench_close(struct bench *b)
{
    arena_destroy(b->rounds);
    arena_destroy(b->a);
}

void bench_rewind(struct bench *b)
{
    arena_destroy(b->rounds);
    b->rounds = arena_create();
}

struct str bench_text(struct bench *b, const char *members)
{
    struct strbuf sb = STRBUF_INIT;
    strbuf_adds(&sb, "{\"format\": \"breakeven-questionnaire/1\", \"title\": \"t\", ");
    for (const char *p = members; *p; p++)
        strbuf_addc(&sb, *p == '\'' ? '"' : *p);
    strbuf_adds(&sb, "}");
    struct str out = strbuf_copy(&sb, b->rounds);
    strbuf_release(&sb);
    return out;
}

static const struct decision *decide_text(struct bench *b, struct str text, bool must)
{
    struct diags *diags = diags_new(b->rounds);
    struct questionnaire *q = arena_new(b->rounds, struct questionnaire, 1);
    struct decision *out = arena_new(b->rounds, struct decision, 1);
    bool good = questionnaire_parse(STR("test.json"), text, STR("test"), b->rounds, q, diags);
    struct decide_input in = {.questionnaire = q,
                              .book = &b->book,
                              .policy = &b->policy,
                              .seed = 42,
                              .as_of = date_is_none(b->as_of) ? b->book.edition : b->as_of};
    good = good && decide(&in, b->rounds, out, diags);
    if (must && !good) {
        say(diags);
        printf("%.*s\n", STR_ARG(text));
    }
    return good ? out : NULL;
}

const struct decision *bench_try(struct bench *b, struct str text)
{
    return decide_text(b, text, false);
}

const struct decision *bench_decide(struct bench *b, const char *members)
{
    const struct decision *d = decide_text(b, bench_text(b, members), true);
    assert_non_null(d);
    return d;
}

const struct decision *bench_decidef(struct bench *b, const char *format, ...)
{
    char members[8192];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(members, sizeof members, format, args);
    va_end(args);
    assert_true(n > 0 && (size_t)n < sizeof members);
    return bench_decide(b, members);
}

const struct option *bench_option_find(const struct decision *d, const char *id)
{
    struct str want = str_of(id);
    for (size_t i = 0; i < d->option_count; i++)
        if (str_equal(d->options[i].id, want))
            return &d->options[i];
    for (size_t i = 0; i < d->option_count; i++) {
        struct str have = d->options[i].id;
        if (str_starts(have, want) && have.n > want.n && have.s[want.n] == ':')
            return &d->options[i];
    }
    return NULL;
}

const struct option *bench_option(const struct decision *d, const char *id)
{
    const struct option *o = bench_option_find(d, id);
    if (!o)
        printf("no option %s\n", id);
    assert_non_null(o);
    return o;
}

const struct line *bench_line(const struct option *o, const char *item)
{
    for (size_t i = 0; i < o->line_count; i++)
        if (str_starts(o->lines[i].item, str_of(item)))
            return &o->lines[i];
    printf("%.*s has no line '%s'; its lines are\n", STR_ARG(o->id), item);
    for (size_t i = 0; i < o->line_count; i++)
        printf("  %.*s\n", STR_ARG(o->lines[i].item));
    fail();
    return NULL;
}

double bench_item_usd(const struct option *o, const char *item)
{
    double sum = 0;
    for (size_t i = 0; i < o->line_count; i++)
        if (str_starts(o->lines[i].item, str_of(item)))
            sum += money_double(o->lines[i].usd);
    return sum;
}

double bench_quantity(const struct option *o, const char *item)
{
    double sum = 0;
    for (size_t i = 0; i < o->line_count; i++)
        if (str_starts(o->lines[i].item, str_of(item)))
            sum += decimal_double(o->lines[i].quantity);
    return sum;
}

const struct violation *bench_violation(const struct option *o, const char *limit)
{
    for (size_t i = 0; i < o->violation_count; i++)
        if (str_is(o->violations[i].limit, limit))
            return &o->violations[i];
    return NULL;
}

double bench_usd(const struct option *o)
{
    return money_double(o->monthly);
}

void bench_assert_usd(double got, double want, const char *what, const char *file, int line)
{
    double most = fmax(5e-5, 1e-9 * fabs(want));
    if (fabs(got - want) <= most)
        return;
    printf("%s:%d: %s is %.6f, by hand it is %.6f\n", file, line, what, got, want);
    _fail(file, line);
}
