#include "command/schema.h"

#include "base/arena.h"
#include "base/option.h"
#include "base/strbuf.h"
#include "command/console.h"
#include "command/status.h"
#include "questionnaire/questionnaire.h"

int command_schema(int argc, char **argv)
{
    bool help = false;
    const struct option_row options[] = {
        {'h', "help", OPTION_FLAG, &help, NULL, "this help"},
        {0},
    };
    struct arena *a = arena_create();
    const char **operands = arena_new(a, const char *, (size_t)argc);
    size_t count;
    int status = EXIT_USAGE;
    if (option_parse("schema", argc, argv, options, operands, &count, a)) {
        if (help) {
            console_help("schema",
                         "Prints the questionnaire's JSON Schema (draft 2020-12), for editors.",
                         options);
            status = EXIT_DONE;
        } else if (count > 0) {
            status = console_misused("schema", str_printf(a, "takes no '%s'", operands[0]),
                                     STR(""));
        } else {
            struct strbuf out = STRBUF_INIT;
            questionnaire_schema(&out);
            status = console_put(strbuf_str(&out), EXIT_DONE);
            strbuf_release(&out);
        }
    }
    arena_destroy(a);
    return status;
}
