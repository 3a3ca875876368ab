#define _XOPEN_SOURCE 700 /* posix_openpt */
#include "support/terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 30000

static pid_t start(int master, char *const *argv)
{
    const char *name = ptsname(master);
    pid_t pid = name ? fork() : -1;
    if (pid != 0)
        return pid;
    setsid();
    int terminal = open(name, O_RDWR); // becomes the controlling terminal of the new session
    if (terminal < 0 || dup2(terminal, 0) < 0 || dup2(terminal, 1) < 0 || dup2(terminal, 2) < 0)
        _exit(127);
    close(master);
    setenv("TERM", "dumb", 1);
    execv(argv[0], argv);
    _exit(127);
}

/* Takes what is shown next; false: nothing more comes, or not in time. */
static bool read_more(int master, struct strbuf *out)
{
    char bytes[4096];
    struct pollfd wait = {.fd = master, .events = POLLIN};
    if (poll(&wait, 1, PATIENCE_MS) <= 0)
        return false;
    ssize_t n = read(master, bytes, sizeof bytes);
    for (ssize_t i = 0; i < n; i++)
        if (bytes[i] != '\r')
            strbuf_addc(out, bytes[i]);
    return n > 0;
}

static bool await(int master, const char *word, size_t *from, struct strbuf *out)
{
    for (;;) {
        struct str rest = str_slice(strbuf_str(out), *from, out->n);
        size_t at = str_find(rest, str_of(word));
        if (at < rest.n) {
            *from += at + strlen(word);
            return true;
        }
        if (!read_more(master, out))
            return false;
    }
}

int terminal_run(char *const *argv, const struct exchange *script, struct strbuf *out)
{
    int master = posix_openpt(O_RDWR | O_NOCTTY), status = -1;
    size_t from = 0;
    bool ok = master >= 0 && grantpt(master) == 0 && unlockpt(master) == 0;
    pid_t pid = ok ? start(master, argv) : -1;
    ok = ok && pid > 0;
    for (; ok && script->expect; script++) {
        size_t n = strlen(script->type);
        ok = await(master, script->expect, &from, out) &&
             write(master, script->type, n) == (ssize_t)n;
    }
    while (ok && read_more(master, out))
        ;
    if (pid > 0) {
        if (!ok)
            kill(pid, SIGKILL);
        waitpid(pid, &status, 0);
    }
    if (master >= 0)
        close(master);
    return ok && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}
