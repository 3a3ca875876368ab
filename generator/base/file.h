#ifndef BASE_FILE_H
#define BASE_FILE_H
/*
 * The only place that touches the file system. Machine faults (no such file, no space) are
 * reported as diagnostics with errno text; `*missing` tells an absent file from a broken one.
 * Paths are NUL-ended C strings; listings are sorted by bytes.
 * Only regular files are read (links to them too): a pipe, a socket, a device or a folder of that
 * name is an error that says so, and is never waited for. Standard input may be anything.
 */
#include "base/diag.h"
#include "base/str.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Larger inputs are refused: nothing that is read whole is so big. */
#define FILE_MAX_BYTES ((size_t)256 << 20)

bool file_read(const char *path, struct arena *a, struct str *out, struct diags *d);
bool file_read_optional(const char *path, struct arena *a, struct str *out, bool *missing,
                        struct diags *d);
bool file_read_stdin(struct arena *a, struct str *out, struct diags *d);
bool file_exists(const char *path);
bool file_is_folder(const char *path);
bool file_make_folders(const char *path, struct diags *d); /* mkdir -p */
void file_remove_empty_folder(const char *path);           /* where it is one; else nothing */

/* Names (not paths) in a folder, without "." and "..", sorted by bytes. */
bool file_list(const char *folder, struct arena *a, struct str **names, size_t *count,
               struct diags *d);

/* Writes a temporary beside the target and renames it; `*changed` false where the bytes were equal
 * and nothing was written. changed may be NULL. */
bool file_write(const char *path, struct str bytes, bool *changed, struct diags *d);

/*
 * Reads a file of any size in pieces of at most 256 KiB, for inputs that are not held in memory.
 * `take` returns false to stop early, which is no fault of the file; its diagnostics are its own.
 * False where `take` stopped or the file could not be read.
 */
typedef bool file_take(void *context, struct str piece);
bool file_read_pieces(const char *path, file_take *take, void *context, struct diags *d);

/*
 * Writes several files as one: all of them are complete beside their targets before the first is
 * renamed into place, so that a full disk changes none. They are renamed in the order given.
 */
struct file_text {
    const char *path;
    struct str bytes;
};

bool file_write_together(const struct file_text *files, size_t count, struct diags *d);

/* Renames a file or a folder, in one step; what is there already is not replaced, which is an error. */
bool file_move(const char *from, const char *to, struct diags *d);

const char *path_join(struct arena *a, const char *folder, const char *name);
struct str path_base(struct str path); /* last component */
#endif
