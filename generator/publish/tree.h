#ifndef PUBLISH_TREE_H
#define PUBLISH_TREE_H
/*
 * A folder of the file system that files are published into, reached by its descriptor. No symbolic
 * link inside it is ever followed: a link where a folder should be is an error, a link where a file
 * should be is replaced, so that nothing outside the folder can be read or written. Files get mode
 * 0644 and folders 0755 whatever the umask says.
 *
 * Paths are relative, with single slashes, and hold no "." or ".." and no control characters
 * (tree_path_valid). All functions
 * but open, close and wipe may be called by several threads at once.
 */
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct diags;

struct tree {
    int fd;           /* -1: the folder does not exist (yet); it then holds nothing */
    const char *path; /* for diagnostics */
};

bool tree_path_valid(struct str path);

/*
 * Opens the folder. Absent: made where `make` is set, else an empty tree with fd -1. False, with a
 * diagnostic: a symbolic link, something else than a folder, or the system failed. path is kept.
 */
bool tree_open(struct tree *t, const char *path, bool make, struct diags *d);
void tree_close(struct tree *t);

/* True in *same where the file holds exactly these bytes. False: something is in the way that no
 * rename can replace (a folder in place of the file, a file or link in place of a folder). */
bool tree_holds(const struct tree *t, struct str path, struct str bytes, bool *same,
                struct diags *d);

/* Size of a file and when it was last changed in any way, its name too. False: it is not there, no
 * plain file, or not of our mode. */
struct tree_look {
    uint64_t size;
    int64_t changed_s;
    long changed_ns;
};

bool tree_look(const struct tree *t, struct str path, struct tree_look *out);
/* The whole file, in `a`; *missing where there is none. */
bool tree_read(const struct tree *t, struct str path, struct arena *a, struct str *out,
               bool *missing, struct diags *d);
/* Writes a file that is in nobody's way, with its folders; not atomic. 0, or the errno of the failure,
 * which the caller tells: on a full disk it is the same for every file. */
int tree_write(const struct tree *t, struct str path, struct str bytes);
/* Moves a file to the same path of another tree of the same file system, replacing what is there in
 * one step. *missing (may be NULL) where `from` has no such file, which is then no error. */
bool tree_move(const struct tree *from, const struct tree *to, struct str path, bool *missing,
               struct diags *d);
/* Removes a file and then the folders above it that are empty. An absent file is fine. */
bool tree_remove(const struct tree *t, struct str path, struct diags *d);
/* Whether it holds anything at all, hidden files included. */
bool tree_is_empty(const struct tree *t, bool *empty, struct diags *d);
/* Paths of all regular files, sorted by bytes; links and other things are left out. */
bool tree_list(const struct tree *t, struct arena *a, struct str **paths, size_t *count,
               struct diags *d);
/* Removes everything in it, but not the folder itself. */
bool tree_wipe(const struct tree *t, struct diags *d);
/* The same for a folder by its path; where it is absent there is nothing to do. */
bool tree_wipe_folder(const char *path, struct diags *d);
#endif
