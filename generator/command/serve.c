#include "command/serve.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/option.h"
#include "base/strbuf.h"
#include "command/build.h"
#include "command/console.h"
#include "command/status.h"
#include "serve/server.h"
#include "serve/watch.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#define PORT 8000 /* and, where nobody asked for one, the next few if it is taken */
#define PORT_TRIES 10
#define PORT_LAST 65535

extern char **environ;

struct serve {
    struct build_settings build;
    const char *port, *open;
    bool help;
    bool has_mistakes; /* shown on the pages now */
    struct arena *a;
    struct diags *d;
    struct server *server;
    struct watch *watch;
    const char *url;
    int stop_fds[2];  /* a pipe that ends the builder's waiting */
    atomic_bool busy; /* a build is under way */
};

/* ---- building -----------------------------------------------------------------------------------
 */

/* Builds once; what is wrong goes to standard error, and to the pages. */
static void build_once(struct serve *s)
{
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    struct strbuf summary = STRBUF_INIT, mistakes = STRBUF_INIT;
    bool changed, ok = build_site(&s->build, a, d, &summary, &changed);
    console_report(d, false, s->build.quiet);
    if (!ok)
        diags_print(d, &mistakes, false);
    else if (!s->build.quiet)
        console_put(strbuf_str(&summary), EXIT_DONE);
    /* A file that was touched, or our own lock beside the site: nobody's page needs to reload. */
    if (changed || !ok || s->has_mistakes)
        server_show(s->server, strbuf_str(&mistakes));
    s->has_mistakes = !ok;
    strbuf_release(&summary);
    strbuf_release(&mistakes);
    arena_destroy(a);
}

static const char *folder_of(struct arena *a, const char *file)
{
    const char *slash = strrchr(file, '/');
    return slash ? str_cstring(a, (struct str){file, (size_t)(slash - file) + 1}) : ".";
}

static struct watch *watch(struct serve *s)
{
    struct watch_path *paths = arena_new(s->a, struct watch_path, 8);
    size_t n = 0;
    paths[n++] = (struct watch_path){".", false}; // folders that are not there yet
    paths[n++] = (struct watch_path){"content", true};
    paths[n++] = (struct watch_path){"templates", true};
    paths[n++] = (struct watch_path){"site", false}; // site.json, but not the site itself
    paths[n++] = (struct watch_path){"site/theme", true};
    paths[n++] = (struct watch_path){s->build.pricing ? s->build.pricing : "pricing", true};
    if (s->build.policy)
        paths[n++] = (struct watch_path){folder_of(s->a, s->build.policy), false};
    return watch_open(paths, n, s->d);
}

/* ---- starting and stopping ----------------------------------------------------------------------
 */

/* Signals that end us become readable; blocked before any thread begins, so that all inherit it. */
static int open_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

static bool parse_port(const char *text, unsigned *out)
{
    unsigned long value = 0;
    for (const char *p = text; *p; p++) {
        if (*p < '0' || *p > '9' || value > PORT_LAST)
            return false;
        value = value * 10 + (unsigned long)(*p - '0');
    }
    *out = (unsigned)value;
    return *text && value <= PORT_LAST;
}

static struct server *open_server(struct serve *s, unsigned port)
{
    for (unsigned i = 0; !s->port && i + 1 < PORT_TRIES; i++) {
        struct server *server = server_open(s->build.out, port + i, diags_new(s->a));
        if (server)
            return server;
    }
    return server_open(s->build.out, s->port ? port : port + PORT_TRIES - 1, s->d);
}

static void open_browser(const char *url)
{
    char program[] = "xdg-open";
    char *argv[] = {program, (char *)(uintptr_t)url, NULL};
    pid_t child;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigemptyset(&none); // ours are blocked: the browser's must end it
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    posix_spawnattr_setsigmask(&attributes, &none);
    int failed = posix_spawnp(&child, program, NULL, &attributes, argv, environ);
    posix_spawnattr_destroy(&attributes);
    if (failed != 0)
        fputs("breakeven: serve: no xdg-open to open a browser with\n", stderr);
}

/* The thread that builds: once, then whenever something changed. */
static void *build_all(void *context)
{
    struct serve *s = context;
    do {
        atomic_store(&s->busy, true);
        build_once(s);
        atomic_store(&s->busy, false);
        if (s->url) {
            printf("serving %s at %s (Ctrl-C ends it)\n", s->build.out, s->url);
            fflush(stdout);
            if (s->open && strcmp(s->open, "yes") == 0)
                open_browser(s->url);
            s->url = NULL; // said once
        }
    } while (watch_wait(s->watch, s->stop_fds[0]));
    return NULL;
}

/*
 * Waits for the signal that ends us. A build that is under way then is not waited for: a publication
 * may be killed at any moment, and the next one mends what was left.
 */
static void wait_for_end(struct serve *s, int signals, pthread_t builder)
{
    struct pollfd wait = {.fd = signals, .events = POLLIN};
    while (poll(&wait, 1, -1) < 0 && errno == EINTR)
        ;
    if (atomic_load(&s->busy)) {
        fflush(stdout);
        _exit(EXIT_DONE);
    }
    close(s->stop_fds[1]); // the other end becomes readable
    pthread_join(builder, NULL);
}

static int serve(struct serve *s, unsigned port)
{
    pthread_t builder;
    int signals = open_signals();
    if (signals < 0 || pipe(s->stop_fds) != 0) {
        diag_system(s->d, where_file(STR("signals")), errno, "cannot wait for them");
        return console_report(s->d, false, false);
    }
    s->server = open_server(s, port);
    s->watch = s->server ? watch(s) : NULL;
    if (s->watch) {
        s->url = str_printf(s->a, "http://127.0.0.1:%u/", server_port(s->server)).s;
        int failed = pthread_create(&builder, NULL, build_all, s);
        if (failed == 0)
            wait_for_end(s, signals, builder);
        else
            diag_system(s->d, where_file(STR("serve")), failed, "cannot begin a thread");
    }
    watch_close(s->watch);
    server_close(s->server);
    close(s->stop_fds[0]);
    close(signals);
    return console_report(s->d, false, false);
}

int command_serve(int argc, char **argv)
{
    struct serve s = {.build = {.out = BUILD_OUT}};
    const struct option_row options[] = {
        {'p', "port", OPTION_STRING, &s.port, "N",
         "port on 127.0.0.1; 0: any (default 8000, or the next free one)"},
        {0, "open", OPTION_CHOICE, &s.open, "yes|no", "open a browser (default no)"},
        {0, "out", OPTION_STRING, &s.build.out, "DIR",
         "where the site is written (default " BUILD_OUT ")"},
        {0, "as-of", OPTION_DATE, &s.build.as_of, "YYYY-MM-DD",
         "use the prices of that day (default: the book's edition)"},
        {0, "pricing", OPTION_STRING, &s.build.pricing, "DIR", "the price book (default pricing/)"},
        {0, "policy", OPTION_STRING, &s.build.policy, "FILE",
         "the policy (default content/policy/policy.json)"},
        {0, "drafts", OPTION_FLAG, &s.build.drafts, NULL, "show drafts too"},
        {'j', "jobs", OPTION_COUNT, &s.build.jobs, "N",
         "worker threads (default: one a processor)"},
        {'q', "quiet", OPTION_FLAG, &s.build.quiet, NULL, "only errors"},
        {'h', "help", OPTION_FLAG, &s.help, NULL, "this help"},
        {0},
    };
    struct arena *a = arena_create();
    const char **operands = arena_new(a, const char *, (size_t)argc);
    size_t count;
    unsigned port = PORT;
    int status = EXIT_USAGE;
    s.a = a;
    s.d = diags_new(a);
    if (!option_parse("serve", argc, argv, options, operands, &count, a))
        status = EXIT_USAGE;
    else if (s.help) {
        console_help("serve [OPTIONS]",
                     "Builds and serves the site on this machine, and builds it again when a file "
                     "changes.",
                     options);
        status = EXIT_DONE;
    } else if (count > 0) {
        status = console_misused("serve", str_printf(a, "takes no '%s'", operands[0]), STR(""));
    } else if (s.port && !parse_port(s.port, &port)) {
        status = console_misused("serve", str_printf(a, "no port '%s'", s.port),
                                 STR("a number from 0 to 65535"));
    } else {
        status = serve(&s, port);
    }
    arena_destroy(a);
    return status;
}
