#include "serve/watch.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/str.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#define QUIET_MS 80     /* without a further event: the change is over */
#define QUIET_ROUNDS 25 /* at most: something that never rests must not hold up the build */
#define DEPTH_MAX 12    /* of folders; also ends a loop of bind mounts */
#define EVENTS (IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_CREATE | IN_DELETE)

struct watch {
    struct arena *a; /* of this struct */
    struct diags *d;
    int fd;
    const struct watch_path *paths;
    size_t count;
    bool is_full; /* said once */
};

static bool is_temporary(const char *name)
{
    size_t n = strlen(name);
    return n == 0 || name[0] == '.' || name[n - 1] == '~';
}

/* Watching a folder that is watched already changes nothing. */
static bool add(struct watch *w, const char *path)
{
    if (inotify_add_watch(w->fd, path, EVENTS | IN_ONLYDIR) >= 0 || errno == ENOENT ||
        errno == ENOTDIR || errno == EACCES)
        return true;
    if (!w->is_full)
        diag_system(w->d, where_file(str_of(path)), errno, "cannot watch");
    w->is_full = true;
    return false;
}

static bool add_deep(struct watch *w, const char *path, struct arena *scratch, int depth)
{
    struct str *names;
    size_t count;
    bool ok = add(w, path);
    if (!file_is_folder(path) || depth == DEPTH_MAX ||
        !file_list(path, scratch, &names, &count, diags_new(scratch)))
        return ok; // gone again: its absence will be a change
    for (size_t i = 0; i < count; i++) {
        const char *name = str_cstring(scratch, names[i]);
        const char *below = path_join(scratch, path, name);
        if (!is_temporary(name) && file_is_folder(below))
            ok = add_deep(w, below, scratch, depth + 1) && ok;
    }
    return ok;
}

static bool add_all(struct watch *w)
{
    struct arena *scratch = arena_create();
    bool ok = true;
    for (size_t i = 0; i < w->count; i++)
        ok = (w->paths[i].is_deep ? add_deep(w, w->paths[i].path, scratch, 0)
                                  : add(w, w->paths[i].path)) &&
             ok;
    arena_destroy(scratch);
    return ok;
}

struct watch *watch_open(const struct watch_path *paths, size_t count, struct diags *d)
{
    struct arena *a = arena_create();
    struct watch *w = arena_new(a, struct watch, 1);
    *w = (struct watch){.a = a, .d = d, .paths = paths, .count = count};
    w->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (w->fd < 0)
        diag_system(d, where_file(STR("inotify")), errno, "cannot watch files");
    if (w->fd >= 0 && add_all(w))
        return w;
    watch_close(w);
    return NULL;
}

void watch_close(struct watch *w)
{
    if (!w)
        return;
    if (w->fd >= 0)
        close(w->fd);
    arena_destroy(w->a);
}

/* Takes what has come; whether anything of it counts. */
static bool drain(struct watch *w)
{
    _Alignas(struct inotify_event) char buffer[16384];
    bool changed = false;
    ssize_t n;
    while ((n = read(w->fd, buffer, sizeof buffer)) > 0) {
        for (const char *p = buffer; p < buffer + n;) {
            struct inotify_event event; // copied: the buffer holds bytes
            memcpy(&event, p, sizeof event);
            const char *name = event.len > 0 ? p + sizeof event : "";
            changed |= (event.mask & IN_Q_OVERFLOW) != 0 ||
                       ((event.mask & EVENTS) != 0 && !is_temporary(name));
            p += sizeof event + event.len;
        }
    }
    return changed;
}

bool watch_wait(struct watch *w, int stop_fd)
{
    struct pollfd wait[2] = {{.fd = stop_fd, .events = POLLIN}, {.fd = w->fd, .events = POLLIN}};
    bool changed = false;
    for (int round = 0; round < QUIET_ROUNDS;) {
        int n = poll(wait, 2, changed ? QUIET_MS : -1);
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0 && wait[0].revents != 0)
            return false;
        if (n == 0)
            break;
        if (n > 0)
            changed |= drain(w);
        round += changed;
    }
    add_all(w); // folders that are new
    return true;
}
