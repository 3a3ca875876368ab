#include "base/option.h"

#include "base/arena.h"
#include "base/strbuf.h"

#include <stdio.h>
#include <string.h>

#define HELP_COLUMN 30 /* where the help text begins; longer options push it to the next line */

/* "breakeven: build: MESSAGE", and a hint; always false. */
static bool misused(const char *verb, struct str message, struct str hint)
{
    fputs("breakeven: ", stderr);
    if (verb && *verb)
        fprintf(stderr, "%s: ", verb);
    fprintf(stderr, "%.*s\n", STR_ARG(message));
    if (hint.n > 0)
        fprintf(stderr, "  hint: %.*s\n", STR_ARG(hint));
    return false;
}

static struct str see_help(const char *verb, struct arena *a)
{
    return verb && *verb ? str_printf(a, "'breakeven %s --help' lists the options", verb)
                         : STR("'breakeven --help' lists the options");
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Whether text is YYYY-MM-DD and a day that exists. */
static bool is_date(struct str text)
{
    static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (text.n != 10 || text.s[4] != '-' || text.s[7] != '-')
        return false;
    int field[3] = {0, 0, 0};
    for (size_t i = 0, k = 0; i < text.n; i++) {
        if (i == 4 || i == 7) {
            k++;
        } else {
            if (!is_digit(text.s[i]))
                return false;
            field[k] = field[k] * 10 + (text.s[i] - '0');
        }
    }
    int year = field[0], month = field[1], day = field[2];
    if (year < 1 || month < 1 || month > 12)
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day >= 1 && day <= DAYS[month - 1] + (month == 2 && leap);
}

static bool parse_count(struct str text, int *out)
{
    int value = 0;
    if (text.n == 0 || text.n > 4)
        return false;
    for (size_t i = 0; i < text.n; i++) {
        if (!is_digit(text.s[i]))
            return false;
        value = value * 10 + (text.s[i] - '0');
    }
    *out = value;
    return value >= 1;
}

static bool choose(const char *verb, const struct option_row *o, struct str value, struct arena *a)
{
    struct str rest = str_of(o->argument), word;
    struct str *words = arena_new(a, struct str, rest.n + 1);
    size_t count = 0;
    while (rest.n > 0) {
        str_cut(rest, '|', &word, &rest);
        if (str_equal(word, value))
            return true;
        words[count++] = word;
    }
    struct str near = str_nearest(value, words, count);
    struct strbuf list = STRBUF_INIT;
    for (size_t i = 0; i < count; i++) {
        const char *before = i + 1 == count ? " or " : ", ";
        strbuf_addf(&list, "%s%.*s", i == 0 ? "" : before, STR_ARG(words[i]));
    }
    struct str message = str_printf(a, "--%s must be %s, got '%.*s'", o->name,
                                    list.s ? list.s : "given", STR_ARG(value));
    strbuf_release(&list);
    return misused(verb, message,
                   near.n > 0 ? str_printf(a, "did you mean '%.*s'?", STR_ARG(near))
                              : see_help(verb, a));
}

/* Stores the value of an option that takes one. */
static bool store(const char *verb, const struct option_row *o, const char *value, struct arena *a)
{
    struct str text = str_of(value);
    switch (o->kind) {
    case OPTION_FLAG: *(bool *)o->to = true; return true;
    case OPTION_STRING: *(const char **)o->to = value; return true;
    case OPTION_LIST: {
        struct option_list *list = o->to;
        list->items = arena_grow(a, const char *, list->items, list->count, &list->capacity);
        list->items[list->count++] = value;
        return true;
    }
    case OPTION_COUNT:
        if (!parse_count(text, o->to))
            return misused(verb,
                           str_printf(a, "--%s must be a whole number from 1 to 9999, got '%s'",
                                      o->name, value),
                           STR(""));
        return true;
    case OPTION_DATE:
        if (!is_date(text))
            return misused(verb,
                           str_printf(a,
                                      "--%s must be a day of the calendar as YYYY-MM-DD, got '%s'",
                                      o->name, value),
                           STR(""));
        *(const char **)o->to = value;
        return true;
    case OPTION_CHOICE:
        if (!choose(verb, o, text, a))
            return false;
        *(const char **)o->to = value;
        return true;
    }
    return false;
}

static bool unknown(const char *verb, struct str name, const struct option_row *options,
                    struct arena *a)
{
    size_t count = 0;
    while (options[count].name)
        count++;
    struct str *names = arena_new(a, struct str, count + 1);
    for (size_t i = 0; i < count; i++)
        names[i] = str_of(options[i].name);
    struct str near = str_nearest(name, names, count);
    return misused(verb, str_printf(a, "unknown option '--%.*s'", STR_ARG(name)),
                   near.n > 0 ? str_printf(a, "did you mean '--%.*s'?", STR_ARG(near))
                              : see_help(verb, a));
}

/* The arguments still to be read. */
struct cursor {
    char **argv;
    int argc, at;
};

/* text is what follows "--". */
static bool parse_long(const char *verb, const char *text, struct cursor *c,
                       const struct option_row *options, struct arena *a)
{
    struct str name, after;
    bool joined = str_cut(str_of(text), '=', &name, &after);
    for (const struct option_row *o = options; o->name; o++) {
        if (!str_is(name, o->name))
            continue;
        if (o->kind == OPTION_FLAG) {
            if (joined)
                return misused(verb, str_printf(a, "--%s takes no value", o->name), STR(""));
            return store(verb, o, NULL, a);
        }
        if (joined)
            return store(verb, o, after.s, a);
        if (c->at >= c->argc)
            return misused(verb,
                           str_printf(a, "--%s needs a value: --%s %s", o->name, o->name,
                                      o->argument ? o->argument : "VALUE"),
                           STR(""));
        return store(verb, o, c->argv[c->at++], a);
    }
    return unknown(verb, name, options, a);
}

/* text is what follows "-": joined flags, the last of which may have a value. */
static bool parse_letters(const char *verb, const char *text, struct cursor *c,
                          const struct option_row *options, struct arena *a)
{
    for (const char *p = text; *p; p++) {
        const struct option_row *o = options;
        while (o->name && (o->letter == 0 || o->letter != *p))
            o++;
        if (!o->name)
            return misused(verb, str_printf(a, "unknown option '-%c'", *p), see_help(verb, a));
        if (o->kind == OPTION_FLAG) {
            if (!store(verb, o, NULL, a))
                return false;
            continue;
        }
        if (p[1])
            return store(verb, o, p + 1, a);
        if (c->at >= c->argc)
            return misused(verb,
                           str_printf(a, "-%c needs a value: -%c %s", *p, *p,
                                      o->argument ? o->argument : "VALUE"),
                           STR(""));
        return store(verb, o, c->argv[c->at++], a);
    }
    return true;
}

bool option_parse(const char *verb, int argc, char **argv, const struct option_row *options,
                  const char **operands, size_t *operand_count, struct arena *a)
{
    struct cursor c = {argv, argc, 1};
    bool options_ended = false;
    *operand_count = 0;
    while (c.at < argc) {
        const char *word = argv[c.at++];
        bool ok = true;
        if (options_ended || word[0] != '-' || word[1] == '\0')
            operands[(*operand_count)++] = word;
        else if (strcmp(word, "--") == 0)
            options_ended = true;
        else if (word[1] == '-')
            ok = parse_long(verb, word + 2, &c, options, a);
        else
            ok = parse_letters(verb, word + 1, &c, options, a);
        if (!ok)
            return false;
    }
    return true;
}

void option_print_help(const struct option_row *options)
{
    for (const struct option_row *o = options; o->name; o++) {
        struct strbuf line = STRBUF_INIT;
        if (o->letter)
            strbuf_addf(&line, "  -%c, --%s", o->letter, o->name);
        else
            strbuf_addf(&line, "      --%s", o->name);
        if (o->argument)
            strbuf_addf(&line, " %s", o->argument);
        if (line.n + 2 > HELP_COLUMN)
            strbuf_addf(&line, "\n%*s", HELP_COLUMN, "");
        else
            strbuf_addf(&line, "%*s", (int)(HELP_COLUMN - line.n), "");
        printf("%s%s\n", line.s, o->help);
        strbuf_release(&line);
    }
}
