#include "command/workers.h"

#include "base/arena.h"
#include "command/console.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define WORKERS_MAX 256
#define LOOK_MS 20    /* how often progress is looked at */
#define QUIET_MS 1000 /* shorter work is not talked about */
#define TALK_EVERY 10 /* looks between two lines of progress */

struct workers {
    int count;
    struct arena *own; /* this struct and the arrays */
    struct worker *workers;
    pthread_t *threads;
};

/* One run. */
struct run {
    work_fn *work;
    void *context;
    size_t pieces;
    atomic_size_t next, done;
};

struct thread_argument {
    struct run *run;
    const struct worker *worker;
};

int workers_default(void)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    if (processors < 1)
        return 1;
    return processors > WORKERS_MAX ? WORKERS_MAX : (int)processors;
}

struct workers *workers_open(int count)
{
    struct arena *a = arena_create();
    struct workers *w = arena_new(a, struct workers, 1);
    w->own = a;
    w->count = count < 1 ? 1 : count > WORKERS_MAX ? WORKERS_MAX : count;
    w->workers = arena_new(a, struct worker, (size_t)w->count);
    w->threads = arena_new(a, pthread_t, (size_t)w->count);
    for (int i = 0; i < w->count; i++)
        w->workers[i] = (struct worker){arena_create(), arena_create()};
    return w;
}

void workers_close(struct workers *w)
{
    for (int i = 0; i < w->count; i++) {
        arena_destroy(w->workers[i].scratch);
        arena_destroy(w->workers[i].keep);
    }
    arena_destroy(w->own);
}

static void *work_off(void *argument)
{
    const struct thread_argument *t = argument;
    for (;;) {
        size_t index = atomic_fetch_add(&t->run->next, 1);
        if (index >= t->run->pieces)
            return NULL;
        arena_clear(t->worker->scratch);
        t->run->work(t->run->context, index, t->worker);
        atomic_fetch_add(&t->run->done, 1);
    }
}

/* Until all is done; writes over one line of the terminal and wipes it at the end. */
static void show_progress(struct run *run, const char *label)
{
    const struct timespec pause = {.tv_nsec = LOOK_MS * 1000000L};
    bool spoke = false;
    for (int looks = 0; atomic_load(&run->done) < run->pieces; looks++) {
        nanosleep(&pause, NULL);
        if (looks * LOOK_MS < QUIET_MS || looks % TALK_EVERY != 0)
            continue;
        fprintf(stderr, "\r%zu of %zu %s", atomic_load(&run->done), run->pieces, label);
        fflush(stderr);
        spoke = true;
    }
    if (spoke)
        fputs("\r\033[K", stderr);
}

void workers_run(struct workers *w, size_t pieces, work_fn *work, void *context, const char *label)
{
    struct run run = {.work = work, .context = context, .pieces = pieces};
    size_t wanted = pieces < (size_t)w->count ? pieces : (size_t)w->count;
    size_t started = 0;
    struct thread_argument *arguments = arena_new(w->own, struct thread_argument, (size_t)w->count);
    for (; started < wanted; started++) {
        arguments[started] = (struct thread_argument){&run, &w->workers[started]};
        if (pthread_create(&w->threads[started], NULL, work_off, &arguments[started]) != 0)
            break;
    }
    if (started == 0 && pieces > 0) { // no thread to be had: do it here
        arguments[0] = (struct thread_argument){&run, &w->workers[0]};
        work_off(&arguments[0]);
    } else if (label && console_is_terminal()) {
        show_progress(&run, label);
    }
    for (size_t i = 0; i < started; i++)
        pthread_join(w->threads[i], NULL);
    for (int i = 0; i < w->count; i++) // the index of ten thousand decisions takes 100 MB to make
        arena_release(w->workers[i].scratch);
}
