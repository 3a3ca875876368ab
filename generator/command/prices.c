#include "command/prices.h"

#include "base/arena.h"
#include "base/file.h"
#include "command/console.h"
#include "command/prices_parts.h"
#include "command/project.h"
#include "render/escape.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct sub_command {
    const char *name;
    int (*run)(int argc, char **argv, struct prices_run *run);
    const char *help;
};

static const struct sub_command SUB_COMMANDS[] = {
    {"list", prices_list, "the prices in force, filtered"},
    {"show", prices_show, "one SKU: its history, sources, and what is charged with it"},
    {"import", prices_import, "a vendor's own price feed: adds the prices that changed"},
    {"check", prices_check, "mistakes, old prices, and what cannot be priced where"},
};

#define SUB_COMMAND_COUNT (sizeof SUB_COMMANDS / sizeof *SUB_COMMANDS)

/* ---- shared by the sub-commands -----------------------------------------------------------------
 */

bool prices_load(struct prices_run *run)
{
    struct project project;
    project_open(&project, run->a, run->d);
    project.pricing = run->pricing;
    bool ok = project_load_book(&project);
    run->book = project.book;
    return ok;
}

int prices_put(const struct strbuf *out, bool is_text, int status)
{
    struct strbuf safe = STRBUF_INIT;
    if (is_text)
        escape_controls(&safe, strbuf_str(out));
    status = console_put(is_text ? strbuf_str(&safe) : strbuf_str(out), status);
    strbuf_release(&safe);
    return status;
}

int prices_complain(struct str message, struct str hint)
{
    console_misused("prices", message, hint);
    return EXIT_INPUT;
}

struct str prices_day(struct arena *a, struct date day)
{
    struct strbuf sb = STRBUF_INIT;
    if (!date_is_none(day))
        date_add(&sb, day);
    struct str text = strbuf_copy(&sb, a);
    strbuf_release(&sb);
    return text;
}

struct str prices_decimal(struct arena *a, struct decimal d)
{
    struct strbuf sb = STRBUF_INIT;
    decimal_add(&sb, d);
    struct str text = strbuf_copy(&sb, a);
    strbuf_release(&sb);
    return text;
}

struct str prices_number(struct arena *a, double value)
{
    struct strbuf plain = STRBUF_INIT, sb = STRBUF_INIT;
    if (value < 9e12)
        strbuf_add_fixed(&plain, value, 6, true);
    else
        strbuf_add_double(&plain, value, 15);
    struct str text = strbuf_str(&plain);
    size_t whole = value < 9e12 ? str_find(text, STR(".")) : 0;
    for (size_t i = 0; i < text.n; i++) {
        if (i > 0 && i < whole && (whole - i) % 3 == 0)
            strbuf_addc(&sb, ',');
        strbuf_addc(&sb, text.s[i]);
    }
    text = strbuf_copy(&sb, a);
    strbuf_release(&plain);
    strbuf_release(&sb);
    return text;
}

bool prices_glob(struct str pattern, struct str text)
{
    size_t p = 0, t = 0, star = SIZE_MAX, resume = 0;
    while (t < text.n) {
        if (p < pattern.n && (pattern.s[p] == '?' || pattern.s[p] == text.s[t]) &&
            pattern.s[p] != '*') {
            p++;
            t++;
        } else if (p < pattern.n && pattern.s[p] == '*') {
            star = p++;
            resume = t;
        } else if (star != SIZE_MAX) { // the last star takes one character more
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.n && pattern.s[p] == '*')
        p++;
    return p == pattern.n;
}

static void put_tiers(struct json_out *j, const struct price *p)
{
    json_key(j, "tiers");
    json_begin_inline(j, '[');
    for (size_t i = 0; i < p->tier_count; i++) {
        json_begin_inline(j, '{');
        if (isfinite(p->tiers[i].up_to)) {
            json_key(j, "up_to");
            json_put_double(j, p->tiers[i].up_to);
        }
        json_key(j, "usd");
        json_put_decimal(j, p->tiers[i].usd);
        json_end(j, '}');
    }
    json_end(j, ']');
}

static void put_day(struct json_out *j, const char *key, struct date day)
{
    struct strbuf sb = STRBUF_INIT;
    date_add(&sb, day);
    json_key(j, key);
    json_put_str(j, strbuf_str(&sb));
    strbuf_release(&sb);
}

void prices_put_price(struct json_out *j, const struct price *p)
{
    json_key(j, "region");
    json_put_str(j, p->region);
    json_key(j, "usd");
    json_put_decimal(j, p->usd);
    put_day(j, "from", p->from);
    json_key(j, "basis");
    json_puts(j, basis_of_price_word(p->basis));
    if (!date_is_none(p->until))
        put_day(j, "until", p->until);
    if (!date_is_none(p->checked))
        put_day(j, "checked", p->checked);
    if (p->tier_count > 0)
        put_tiers(j, p);
    if (p->free_quantity > 0.0) {
        json_key(j, "free");
        json_begin_inline(j, '{');
        json_key(j, "quantity");
        json_put_double(j, p->free_quantity);
        json_key(j, "pool");
        json_put_str(j, p->free_pool);
        json_end(j, '}');
    }
    if (p->confidence == CONFIDENCE_ESTIMATE) {
        json_key(j, "estimate");
        json_begin_inline(j, '{');
        json_key(j, "low");
        json_put_decimal(j, p->estimate_low);
        json_key(j, "high");
        json_put_decimal(j, p->estimate_high);
        json_end(j, '}');
    }
    json_key(j, "confidence");
    json_puts(j, confidence_word(p->confidence));
    json_key(j, "source");
    json_put_str(j, p->source);
    if (p->note.n > 0) {
        json_key(j, "note");
        json_put_str(j, p->note);
    }
}

/* ---- the command --------------------------------------------------------------------------------
 */

static void print_usage(FILE *to)
{
    fputs("usage: breakeven prices list|show|import|check [OPTIONS] [SKU]\n\n", to);
    for (size_t i = 0; i < SUB_COMMAND_COUNT; i++)
        fprintf(to, "  %-7s %s\n", SUB_COMMANDS[i].name, SUB_COMMANDS[i].help);
    fputs("\n'breakeven prices list --help' lists the options of list, and so on\n", to);
}

static int unknown_sub_command(const char *word, struct arena *a)
{
    struct str names[SUB_COMMAND_COUNT];
    for (size_t i = 0; i < SUB_COMMAND_COUNT; i++)
        names[i] = str_of(SUB_COMMANDS[i].name);
    struct str near = str_nearest(str_of(word), names, SUB_COMMAND_COUNT);
    struct str hint = near.n > 0 ? str_printf(a, "did you mean '%.*s'?", STR_ARG(near))
                                 : STR("list, show, import or check");
    return console_misused("prices", str_printf(a, "unknown sub-command '%s'", word), hint);
}

int command_prices(int argc, char **argv)
{
    if (argc < 2) {
        print_usage(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        print_usage(stdout);
        return EXIT_DONE;
    }
    struct prices_run run = {.a = arena_create()};
    run.d = diags_new(run.a);
    size_t i = 0;
    while (i < SUB_COMMAND_COUNT && strcmp(argv[1], SUB_COMMANDS[i].name) != 0)
        i++;
    int status = i < SUB_COMMAND_COUNT ? SUB_COMMANDS[i].run(argc - 1, argv + 1, &run)
                                       : unknown_sub_command(argv[1], run.a);
    arena_destroy(run.a);
    return status;
}
