/*
 * What one decision takes, each of a project: the engine alone, and `explain` from start to exit. `make
 * bench` calls it.
 *
 *   decisions PROJECT BREAKEVEN
 *
 * PROJECT is a project folder, BREAKEVEN the path of the program from there. Each figure is the best of
 * TRIES, since other processes only ever make it longer. The engine is decide() by the processor's clock,
 * after the questionnaire and the price book have been read; `explain` is a process of its own, by what the
 * system says it used and by the clock on the wall. The last lines hold the medians against the targets.
 */
#include "base/arena.h"
#include "base/diag.h"
#include "base/strbuf.h"
#include "command/analysis.h"
#include "decide/decide.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TRIES 5
#define TARGET_ENGINE_MS 20.0
#define TARGET_EXPLAIN_MS 50.0

extern char **environ;

struct bench {
    struct project p;
    const char *program;
    struct arena *a, *decision, *rounds;
    struct diags *d;
};

/* Of one decision. */
struct figures {
    double engine_ms, explain_ms, wall_ms;
    size_t options, draws;
    bool has_trace;
};

static void fail(struct bench *b, const char *what)
{
    struct strbuf text = STRBUF_INIT;
    diags_sort(b->d);
    diags_print(b->d, &text, false);
    fprintf(stderr, "decisions: %s\n%s", what, text.s ? text.s : "");
    exit(1);
}

static double clock_ms(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* User and system time of all processes that have been waited for. */
static double children_ms(void)
{
    struct rusage used;
    getrusage(RUSAGE_CHILDREN, &used);
    return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e3 +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e3;
}

static double least(double a, double b)
{
    return a < b ? a : b;
}

static void time_engine(struct bench *b, const struct workload_source *source, struct figures *f)
{
    struct analysis_request request = {.source = *source, .as_of = DATE_NONE};
    struct decide_input input;
    struct report r;
    arena_clear(b->decision);
    if (!analyse_with_input(&b->p, &request, b->decision, &r, &input, b->d))
        fail(b, "a decision cannot be made");
    f->options = r.decision->option_count;
    f->draws = r.decision->draws;
    f->has_trace = r.has_trace;
    f->engine_ms = 1e9;
    for (int i = 0; i < TRIES; i++) {
        struct decision again;
        arena_clear(b->rounds);
        double from = clock_ms(CLOCK_THREAD_CPUTIME_ID);
        if (!decide(&input, b->rounds, &again, b->d))
            fail(b, "a decision cannot be made twice");
        f->engine_ms = least(f->engine_ms, clock_ms(CLOCK_THREAD_CPUTIME_ID) - from);
    }
}

static void time_explain(struct bench *b, const struct workload_source *source, struct figures *f)
{
    char name[] = "breakeven", verb[] = "explain";
    struct str slug = source->slug;
    char *operand = arena_new(b->decision, char, slug.n + 1);
    memcpy(operand, slug.s, slug.n);
    char *arguments[] = {name, verb, operand, NULL};
    posix_spawn_file_actions_t quiet;
    posix_spawn_file_actions_init(&quiet);
    posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&quiet, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    f->explain_ms = f->wall_ms = 1e9;
    for (int i = 0; i < TRIES; i++) {
        pid_t child;
        int status;
        double used = children_ms(), from = clock_ms(CLOCK_MONOTONIC);
        if (posix_spawn(&child, b->program, &quiet, NULL, arguments, environ) != 0 ||
            waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
            fail(b, "explain has failed");
        f->wall_ms = least(f->wall_ms, clock_ms(CLOCK_MONOTONIC) - from);
        f->explain_ms = least(f->explain_ms, children_ms() - used);
    }
    posix_spawn_file_actions_destroy(&quiet);
}

static int compare(const void *left, const void *right)
{
    const double *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

/* Sorts. Of an even number the upper of the two in the middle. */
static double median(double *items, size_t count)
{
    qsort(items, count, sizeof *items, compare);
    return items[count / 2];
}

static void print_target(const char *what, const double *sorted, size_t count, double middle,
                         double target)
{
    size_t met = 0;
    for (size_t i = 0; i < count; i++)
        met += sorted[i] < target;
    printf("%-36s %7.1f ms, target under %.0f ms: %zu of %zu meet it\n", what, middle, target, met,
           count);
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: decisions PROJECT BREAKEVEN\n", stderr);
        return 2;
    }
    struct bench b = {.program = argv[2],
                      .a = arena_create(),
                      .decision = arena_create(),
                      .rounds = arena_create()};
    b.d = diags_new(b.a);
    if (chdir(argv[1]) != 0)
        fail(&b, "there is no such project");
    project_open(&b.p, b.a, b.d);
    bool ok = project_load_book(&b.p);
    ok = project_load_policy(&b.p) && project_load_claims(&b.p) && ok;
    if (!ok || !project_list_workloads(&b.p) || b.p.workload_count == 0)
        fail(&b, "the project cannot be read");

    double *engine = arena_new(b.a, double, b.p.workload_count);
    double *explain = arena_new(b.a, double, b.p.workload_count);
    double *wall = arena_new(b.a, double, b.p.workload_count);
    size_t count = 0;
    printf("One decision, best of %d (without a trace: %.0f ms for the engine, %.0f ms start to exit)\n",
           TRIES, TARGET_ENGINE_MS, TARGET_EXPLAIN_MS);
    printf("  %-28s %8s %6s %12s %12s %13s\n", "decision", "options", "draws", "engine cpu",
           "explain cpu", "explain wall");
    for (size_t i = 0; i < b.p.workload_count; i++) {
        struct figures f = {0};
        time_engine(&b, &b.p.workloads[i], &f);
        time_explain(&b, &b.p.workloads[i], &f);
        printf("  %-28.*s %8zu %6zu %9.1f ms %9.1f ms %10.1f ms%s\n",
               STR_ARG(b.p.workloads[i].slug), f.options, f.draws, f.engine_ms, f.explain_ms,
               f.wall_ms, f.has_trace ? "  (with a trace)" : "");
        if (f.has_trace)
            continue;
        engine[count] = f.engine_ms;
        explain[count] = f.explain_ms;
        wall[count++] = f.wall_ms;
    }
    if (count > 0) {
        double e = median(engine, count), x = median(explain, count), w = median(wall, count);
        print_target("median engine, cpu", engine, count, e, TARGET_ENGINE_MS);
        print_target("median explain, start to exit, cpu", explain, count, x, TARGET_EXPLAIN_MS);
        print_target("median explain, the same by the wall", wall, count, w, TARGET_EXPLAIN_MS);
    }
    arena_destroy(b.rounds);
    arena_destroy(b.decision);
    arena_destroy(b.a);
    return 0;
}
