#include "command/console.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/option.h"
#include "base/strbuf.h"
#include "command/status.h"
#include "render/escape.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool wants_colour(void)
{
    const char *no_colour = getenv("NO_COLOR");
    return isatty(STDERR_FILENO) && !(no_colour && *no_colour);
}

bool console_is_terminal(void)
{
    const char *kind = getenv("TERM");
    return isatty(STDERR_FILENO) && !(kind && strcmp(kind, "dumb") == 0);
}

int console_status(const struct diags *d, bool strict)
{
    if (diags_system_errors(d) > 0)
        return EXIT_SYSTEM;
    if (diags_errors(d) > 0 || (strict && diags_warnings(d) > 0))
        return EXIT_INPUT;
    return EXIT_DONE;
}

int console_report(struct diags *d, bool strict, bool quiet)
{
    struct arena *a = arena_create();
    struct diags *shown = d;
    if (quiet && !strict) {
        shown = diags_new(a);
        for (size_t i = 0; i < diags_count(d); i++) {
            const struct diag *one = diags_get(d, i);
            if (one->severity == SEVERITY_ERROR)
                diag_add(shown, one->severity, one->where, one->hint, one->message);
        }
    }
    struct strbuf text = STRBUF_INIT;
    diags_sort(shown);
    diags_print(shown, &text, wants_colour());
    if (text.n > 0)
        fwrite(text.s, 1, text.n, stderr);
    strbuf_release(&text);
    int status = console_status(d, strict);
    arena_destroy(a);
    return status;
}

int console_put(struct str bytes, int status)
{
    bool ok = bytes.n == 0 || fwrite(bytes.s, 1, bytes.n, stdout) == bytes.n;
    ok = fflush(stdout) == 0 && ok;
    if (ok)
        return status;
    fprintf(stderr, "breakeven: cannot write to standard output: %s\n", strerror(errno));
    return EXIT_SYSTEM;
}

int console_misused(const char *verb, struct str message, struct str hint)
{
    struct strbuf raw = STRBUF_INIT, safe = STRBUF_INIT;
    strbuf_adds(&raw, "breakeven: ");
    if (verb && *verb)
        strbuf_addf(&raw, "%s: ", verb);
    strbuf_add(&raw, message);
    strbuf_addc(&raw, '\n');
    if (hint.n > 0) {
        strbuf_adds(&raw, "  hint: ");
        strbuf_add(&raw, hint);
        strbuf_addc(&raw, '\n');
    }
    escape_controls(&safe, strbuf_str(&raw));
    fwrite(safe.s, 1, safe.n, stderr);
    strbuf_release(&raw);
    strbuf_release(&safe);
    return EXIT_USAGE;
}

void console_help(const char *synopsis, const char *about, const struct option_row *options)
{
    printf("usage: breakeven %s\n\n%s\n\n", synopsis, about);
    option_print_help(options);
}
