#ifndef SUPPORT_TERMINAL_H
#define SUPPORT_TERMINAL_H
/*
 * Runs a program on a pseudo-terminal and talks to it as a person would: waits for words, types a
 * line. For commands that ask.
 */
#include "base/strbuf.h"

#include <stdbool.h>

struct exchange {
    const char *expect; /* waited for, behind what was waited for before; NULL ends the list */
    const char *type;   /* then typed, with the end of the line where there is to be one */
};

/*
 * argv is ended by NULL; argv[0] is the path. *out receives everything that was shown, carriage
 * returns gone. Returns the exit status; -1: a word did not come within 30 seconds, or the system
 * failed. Control characters may be typed: "\x04" ends the input.
 */
int terminal_run(char *const *argv, const struct exchange *script, struct strbuf *out);
#endif
