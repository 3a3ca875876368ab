#include "publish/tree.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#define READ_FLAGS (O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK) /* a pipe is not waited for */
#define FILE_MODE 0644
#define FOLDER_MODE 0755

bool tree_path_valid(struct str path)
{
    if (path.n == 0 || path.n >= PATH_MAX)
        return false;
    for (size_t i = 0; i < path.n; i++) // a line of a plan holds one path
        if ((unsigned char)path.s[i] < ' ' || path.s[i] == 0x7f)
            return false;
    struct str rest = path, part;
    bool more = true;
    while (more) {
        more = str_cut(rest, '/', &part, &rest);
        if (part.n == 0 || part.n > NAME_MAX || str_is(part, ".") || str_is(part, ".."))
            return false;
    }
    return true;
}

/* "FOLDER/PATH" as the place of a diagnostic. */
static struct where place(const struct tree *t, struct str path, char buffer[PATH_MAX * 2])
{
    size_t n = strlen(t->path);
    n = n < PATH_MAX - 1 ? n : PATH_MAX - 1;
    memcpy(buffer, t->path, n);
    if (path.n > 0) {
        buffer[n++] = '/';
        size_t rest = path.n < PATH_MAX - 1 ? path.n : PATH_MAX - 1;
        memcpy(buffer + n, path.s, rest);
        n += rest;
    }
    return where_file((struct str){buffer, n});
}

static bool complain(const struct tree *t, struct str path, int number, const char *what,
                     struct diags *d)
{
    char buffer[PATH_MAX * 2];
    struct where where = place(t, path, buffer);
    if (number == ELOOP || number == ENOTDIR)
        diag_error(d, where, "remove it, or give another folder with --out",
                   "%s: a symbolic link or a file stands where the site needs a folder", what);
    else if (number == EISDIR || number == ENOTEMPTY)
        diag_error(d, where, "remove it, or give another folder with --out",
                   "%s: a folder stands where the site needs a file", what);
    else
        diag_system(d, where, number, "%s", what);
    return false;
}

/* Room for a path's component with its end. */
static void component(struct str part, char name[NAME_MAX + 1])
{
    memcpy(name, part.s, part.n);
    name[part.n] = '\0';
}

/* Makes a folder with the mode that it shall have, and opens it. */
static int make_folder(int parent, const char *name)
{
    if (mkdirat(parent, name, FOLDER_MODE) != 0) {
        if (errno != EEXIST) // another worker may have been quicker
            return -1;
        return openat(parent, name, FOLDER_FLAGS);
    }
    int fd = openat(parent, name, FOLDER_FLAGS);
    if (fd >= 0 && fchmod(fd, FOLDER_MODE) != 0) {
        int number = errno;
        close(fd);
        errno = number;
        return -1;
    }
    return fd;
}

/*
 * The folder that `path` lies in, opened, and the last component in `name`. -1 and errno where it
 * cannot be: ENOENT where it is absent and `make` is not set.
 */
static int open_parent(const struct tree *t, struct str path, bool make, char name[NAME_MAX + 1])
{
    if (t->fd < 0) {
        errno = ENOENT;
        return -1;
    }
    int fd = fcntl(t->fd, F_DUPFD_CLOEXEC, 0);
    struct str part, rest = path;
    while (fd >= 0 && str_cut(rest, '/', &part, &rest)) {
        component(part, name);
        int next = openat(fd, name, FOLDER_FLAGS);
        if (next < 0 && errno == ENOENT && make)
            next = make_folder(fd, name);
        int number = errno;
        close(fd);
        errno = number;
        fd = next;
    }
    if (fd >= 0)
        component(part, name);
    return fd;
}

/* ---- the folder itself --------------------------------------------------------------------------
 */

bool tree_open(struct tree *t, const char *path, bool make, struct diags *d)
{
    *t = (struct tree){-1, path};
    struct stat st;
    if (lstat(path, &st) != 0) {
        if (errno != ENOENT)
            return complain(t, STR(""), errno, "cannot open", d);
        if (!make)
            return true;
        t->fd = make_folder(AT_FDCWD, path);
        return t->fd >= 0 || complain(t, STR(""), errno, "cannot make the folder", d);
    }
    if (S_ISLNK(st.st_mode)) {
        diag_error(d, where_file(str_of(path)), "name the folder that it leads to with --out",
                   "is a symbolic link; the site is only written to a folder of its own");
        return false;
    }
    if (!S_ISDIR(st.st_mode)) {
        diag_error(d, where_file(str_of(path)), NULL, "is not a folder");
        return false;
    }
    t->fd = open(path, FOLDER_FLAGS);
    return t->fd >= 0 || complain(t, STR(""), errno, "cannot open", d);
}

void tree_close(struct tree *t)
{
    if (t->fd >= 0)
        close(t->fd);
    t->fd = -1;
}

/* ---- single files -------------------------------------------------------------------------------
 */

/* Compares an open file with the bytes, without holding it in memory. */
static bool same_bytes(int fd, struct str bytes)
{
    char buffer[32768];
    size_t at = 0;
    for (;;) {
        ssize_t got = read(fd, buffer, sizeof buffer);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got == 0 && at == bytes.n;
        if ((size_t)got > bytes.n - at || memcmp(buffer, bytes.s + at, (size_t)got) != 0)
            return false;
        at += (size_t)got;
    }
}

bool tree_holds(const struct tree *t, struct str path, struct str bytes, bool *same,
                struct diags *d)
{
    char name[NAME_MAX + 1];
    struct stat st;
    *same = false;
    int folder = open_parent(t, path, false, name);
    if (folder < 0)
        return errno == ENOENT || complain(t, path, errno, "cannot compare", d);
    bool ok = true;
    if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
        ok = errno == ENOENT || complain(t, path, errno, "cannot compare", d);
    } else if (S_ISDIR(st.st_mode)) {
        ok = complain(t, path, EISDIR, "cannot publish", d);
    } else if (S_ISREG(st.st_mode) && (size_t)st.st_size == bytes.n &&
               (st.st_mode & 07777) == FILE_MODE) {
        int fd = openat(folder, name, READ_FLAGS);
        if (fd >= 0) { // unreadable is not the same, and a rename will replace it
            *same = same_bytes(fd, bytes);
            close(fd);
        }
    }
    close(folder);
    return ok;
}

bool tree_look(const struct tree *t, struct str path, struct tree_look *out)
{
    char name[NAME_MAX + 1];
    struct stat st;
    int folder = open_parent(t, path, false, name);
    if (folder < 0)
        return false;
    bool ok = fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st.st_mode) &&
              (st.st_mode & 07777) == FILE_MODE;
    close(folder);
    if (ok)
        *out = (struct tree_look){(uint64_t)st.st_size, st.st_ctim.tv_sec, st.st_ctim.tv_nsec};
    return ok;
}

bool tree_read(const struct tree *t, struct str path, struct arena *a, struct str *out,
               bool *missing, struct diags *d)
{
    char name[NAME_MAX + 1];
    struct stat st;
    *missing = false;
    *out = (struct str){0};
    int folder = open_parent(t, path, false, name);
    int fd = folder < 0 ? -1 : openat(folder, name, READ_FLAGS);
    int number = errno;
    if (folder >= 0)
        close(folder);
    if (fd < 0 && number == ENOENT) {
        *missing = true;
        return false;
    }
    if (fd < 0)
        return complain(t, path, number, "cannot open", d);
    bool ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
              (unsigned long long)st.st_size <= FILE_MAX_BYTES;
    if (!ok) {
        close(fd);
        diag_error(d, where_file(str_of(t->path)), NULL, "'%.*s' is not a file that can be read",
                   STR_ARG(path));
        return false;
    }
    size_t size = (size_t)st.st_size, at = 0;
    char *bytes = arena_new(a, char, size + 1);
    while (at < size) {
        ssize_t got = read(fd, bytes + at, size - at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        at += (size_t)got;
    }
    number = errno;
    close(fd);
    if (at < size)
        return complain(t, path, number, "cannot read", d);
    *out = (struct str){bytes, size};
    return true;
}

/* errno of the failure, or 0. */
static int write_all(int fd, struct str bytes)
{
    while (bytes.n > 0) {
        ssize_t done = write(fd, bytes.s, bytes.n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return errno;
        bytes = str_slice(bytes, (size_t)done, bytes.n);
    }
    return 0;
}

int tree_write(const struct tree *t, struct str path, struct str bytes)
{
    char name[NAME_MAX + 1];
    int folder = open_parent(t, path, true, name);
    if (folder < 0)
        return errno;
    int number = 0;
    int fd = openat(folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, FILE_MODE);
    if (fd < 0) {
        number = errno;
    } else {
        if (fchmod(fd, FILE_MODE) != 0)
            number = errno;
        if (number == 0)
            number = write_all(fd, bytes);
        if (close(fd) != 0 && number == 0)
            number = errno;
    }
    close(folder);
    return number;
}

bool tree_move(const struct tree *from, const struct tree *to, struct str path, bool *missing,
               struct diags *d)
{
    char name[NAME_MAX + 1];
    struct stat st;
    if (missing)
        *missing = false;
    int source = open_parent(from, path, false, name);
    if (source < 0 || fstatat(source, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
        int number = errno;
        if (source >= 0)
            close(source);
        if (number == ENOENT && missing) {
            *missing = true;
            return true;
        }
        return complain(from, path, number, "cannot move", d);
    }
    int target = open_parent(to, path, true, name);
    int number = target < 0 ? errno : 0;
    if (target >= 0 && renameat(source, name, target, name) != 0)
        number = errno;
    if (target >= 0)
        close(target);
    close(source);
    return number == 0 || complain(to, path, number, "cannot publish", d);
}

/* The path's folder; empty at the top. */
static struct str parent_of(struct str path)
{
    while (path.n > 0 && path.s[path.n - 1] != '/')
        path.n--;
    return str_slice(path, 0, path.n > 0 ? path.n - 1 : 0);
}

bool tree_remove(const struct tree *t, struct str path, struct diags *d)
{
    char name[NAME_MAX + 1];
    int folder = open_parent(t, path, false, name);
    if (folder < 0)
        return errno == ENOENT || complain(t, path, errno, "cannot remove", d);
    int number = unlinkat(folder, name, 0) == 0 ? 0 : errno;
    close(folder);
    if (number != 0 && number != ENOENT)
        return complain(t, path, number, "cannot remove", d);
    for (struct str above = parent_of(path); above.n > 0; above = parent_of(above)) {
        folder = open_parent(t, above, false, name);
        if (folder < 0)
            break;
        int removed = unlinkat(folder, name, AT_REMOVEDIR); // not empty: it is somebody's
        close(folder);
        if (removed != 0)
            break;
    }
    return true;
}

/* ---- everything in it ---------------------------------------------------------------------------
 */

/* A stream over a folder; the descriptor stays the caller's. */
static DIR *open_stream(int fd)
{
    int copy = openat(fd, ".", FOLDER_FLAGS); // a duplicate would share the position
    if (copy < 0)
        return NULL;
    DIR *dir = fdopendir(copy);
    if (!dir)
        close(copy);
    return dir;
}

/* The next name but "." and ".."; NULL at the end, *number then says whether it failed. */
static const char *next_name(DIR *dir, int *number)
{
    for (;;) {
        errno = 0; // readdir tells an error from the end by errno alone
        const struct dirent *entry = readdir(dir);
        *number = errno;
        if (!entry)
            return NULL;
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            return entry->d_name;
    }
}

bool tree_is_empty(const struct tree *t, bool *empty, struct diags *d)
{
    *empty = true;
    if (t->fd < 0)
        return true;
    DIR *dir = open_stream(t->fd);
    if (!dir)
        return complain(t, STR(""), errno, "cannot list", d);
    int number;
    *empty = next_name(dir, &number) == NULL;
    closedir(dir);
    return number == 0 || complain(t, STR(""), number, "cannot list", d);
}

struct listing {
    struct arena *a;
    struct str *paths;
    size_t count, capacity;
};

static int list_folder(int fd, struct str above, struct listing *l)
{
    DIR *dir = open_stream(fd);
    if (!dir)
        return errno;
    const char *name;
    int number = 0;
    while (number == 0 && (name = next_name(dir, &number)) != NULL) {
        struct stat st;
        if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
            continue; // gone meanwhile
        struct str path = above.n > 0 ? str_printf(l->a, "%.*s/%s", STR_ARG(above), name)
                                      : str_copy(l->a, str_of(name));
        if (S_ISREG(st.st_mode)) {
            l->paths = arena_grow(l->a, struct str, l->paths, l->count, &l->capacity);
            l->paths[l->count++] = path;
        } else if (S_ISDIR(st.st_mode)) {
            int sub = openat(fd, name, FOLDER_FLAGS);
            if (sub < 0)
                continue;
            number = list_folder(sub, path, l);
            close(sub);
        }
    }
    closedir(dir);
    return number;
}

static int compare_paths(const void *left, const void *right)
{
    const struct str *a = left, *b = right;
    return str_compare(*a, *b);
}

bool tree_list(const struct tree *t, struct arena *a, struct str **paths, size_t *count,
               struct diags *d)
{
    struct listing l = {.a = a};
    int number = t->fd < 0 ? 0 : list_folder(t->fd, STR(""), &l);
    if (l.count > 1)
        qsort(l.paths, l.count, sizeof *l.paths, compare_paths);
    *paths = l.paths;
    *count = l.count;
    return number == 0 || complain(t, STR(""), number, "cannot list", d);
}

static int wipe_folder(int fd)
{
    DIR *dir = open_stream(fd);
    if (!dir)
        return errno;
    const char *name;
    int number = 0;
    while (number == 0 && (name = next_name(dir, &number)) != NULL) {
        if (unlinkat(fd, name, 0) == 0 || errno == ENOENT)
            continue;
        if (errno != EISDIR && errno != EPERM) { // Linux says the one, POSIX the other
            number = errno;
            break;
        }
        int sub = openat(fd, name, FOLDER_FLAGS);
        if (sub < 0) {
            number = errno;
            break;
        }
        number = wipe_folder(sub);
        close(sub);
        if (number == 0 && unlinkat(fd, name, AT_REMOVEDIR) != 0 && errno != ENOENT)
            number = errno;
    }
    closedir(dir);
    return number;
}

bool tree_wipe(const struct tree *t, struct diags *d)
{
    int number = t->fd < 0 ? 0 : wipe_folder(t->fd);
    return number == 0 ||
           complain(t, STR(""), number, "cannot remove what an earlier build left", d);
}

bool tree_wipe_folder(const char *path, struct diags *d)
{
    struct tree t;
    bool ok = tree_open(&t, path, false, d) && tree_wipe(&t, d);
    tree_close(&t);
    return ok;
}
