#ifndef SERVE_WATCH_H
#define SERVE_WATCH_H
/*
 * Waits for changes of the files that a site is made of (inotify). Names that begin with a dot or end
 * in a tilde are editors' and our own temporary files, and do not count. Folders that appear are
 * watched from then on. One thread.
 */
#include <stdbool.h>
#include <stddef.h>

struct arena;
struct diags;
struct watch;

/* Tells what is watched: a folder with all that is below it, or the files of one folder alone. */
struct watch_path {
    const char *path;
    bool is_deep;
};

/* NULL, with a diagnostic: the system has no more watches. An absent path is fine: the folder above
 * should be watched too. Lives in memory of its own until watch_close. */
struct watch *watch_open(const struct watch_path *paths, size_t count, struct diags *d);
void watch_close(struct watch *w); /* NULL is allowed */

/*
 * Waits until something changed and then was quiet for a moment (an editor writes several times), or
 * until `stop_fd` can be read. True: there was a change; false: stop.
 */
bool watch_wait(struct watch *w, int stop_fd);
#endif
