/* breakeven: where should a workload run? The commands stand in one table. */
#include "base/arena.h"
#include "base/option.h"
#include "base/str.h"
#include "base/version.h"
#include "command/build.h"
#include "command/check.h"
#include "command/console.h"
#include "command/diff.h"
#include "command/explain.h"
#include "command/init.h"
#include "command/lifecycle.h"
#include "command/list.h"
#include "command/new.h"
#include "command/prices.h"
#include "command/schema.h"
#include "command/serve.h"
#include "command/status.h"
#include "command/verify.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *help;
} COMMANDS[] = {
    {"build", command_build, "questionnaires and prices to the whole site"},
    {"serve", command_serve, "the site on this machine, built again when a file changes"},
    {"explain", command_explain, "one decision on the terminal, with its reasons"},
    {"check", command_check, "validates questionnaires, prices, policy and templates"},
    {"new", command_new, "a new questionnaire, by asking or from --set"},
    {"list", command_list, "the decisions in a table, with due reviews"},
    {"status", command_status, "moves a decision through its life"},
    {"diff", command_diff, "what a change of prices does to the decisions"},
    {"verify", command_verify, "rebuilds a published report and names what differs"},
    {"prices", command_prices, "the price book: list, show, import, check"},
    {"schema", command_schema, "the questionnaire's JSON Schema"},
    {"init", command_init, "a new project folder, from the installed defaults"},
};

#define COMMAND_COUNT (sizeof COMMANDS / sizeof *COMMANDS)

static void print_help(const struct option_row *options)
{
    puts("usage: breakeven [-C DIR] VERB [OPTIONS] [ARGUMENTS]\n\n"
         "Decision reports on where an AI workload should run, from questionnaires and dated "
         "prices.\n");
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        printf("  %-9s %s\n", COMMANDS[i].name, COMMANDS[i].help);
    puts("\nBefore the verb:");
    option_print_help(options);
    puts("\n'breakeven VERB --help' lists the options of a verb.");
}

static int unknown_verb(const char *word, struct arena *a)
{
    struct str names[COMMAND_COUNT];
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        names[i] = str_of(COMMANDS[i].name);
    struct str near = str_nearest(str_of(word), names, COMMAND_COUNT);
    return console_misused(NULL, str_printf(a, "unknown verb '%s'", word),
                           near.n > 0 ? str_printf(a, "did you mean '%.*s'?", STR_ARG(near))
                                      : STR("'breakeven --help' lists the verbs"));
}

/* Options before the verb end where it begins. */
static int verb_index(int argc, char **argv)
{
    int i = 1;
    while (i < argc && argv[i][0] == '-')
        i += strcmp(argv[i], "-C") == 0 ? 2 : 1;
    return i < argc ? i : argc;
}

static int run(int argc, char **argv, struct arena *a)
{
    const char *folder = NULL;
    bool help = false, version = false;
    const struct option_row options[] = {
        {'C', "directory", OPTION_STRING, &folder, "DIR",
         "work in this project folder (default: the current one)"},
        {'h', "help", OPTION_FLAG, &help, NULL, "this help"},
        {0, "version", OPTION_FLAG, &version, NULL, "the program's version"},
        {0},
    };
    int at = verb_index(argc, argv);
    size_t count;
    const char **operands = arena_new(a, const char *, (size_t)argc + 1);
    if (!option_parse(NULL, at, argv, options, operands, &count, a))
        return EXIT_USAGE;
    if (version) {
        puts("breakeven " BREAKEVEN_VERSION);
        return EXIT_DONE;
    }
    if (help) {
        print_help(options);
        return EXIT_DONE;
    }
    if (at >= argc)
        return console_misused(NULL, STR("which verb?"), STR("'breakeven --help' lists the verbs"));
    if (folder && chdir(folder) != 0)
        return console_misused(
            NULL, str_printf(a, "cannot enter '%s': %s", folder, strerror(errno)), STR(""));
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(argv[at], COMMANDS[i].name) == 0)
            return COMMANDS[i].run(argc - at, argv + at);
    return unknown_verb(argv[at], a);
}

int main(int argc, char **argv)
{
    struct arena *a = arena_create();
    int status = run(argc, argv, a);
    arena_destroy(a);
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    fputs("breakeven: cannot write to standard output\n", stderr);
    return EXIT_SYSTEM;
}
