#include "base/file.h"

#include "base/arena.h"
#include "base/strbuf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define READ_STEP ((size_t)64 << 10) /* where the size is not known beforehand */
#define PIECE ((size_t)256 << 10)    /* of a file that is not held in memory */

static struct where place(const char *path)
{
    return where_file(str_of(path));
}

/* The author of the input can mend a wrong name; everything else is a fault of the machine. */
static void complain(struct diags *d, const char *path, int number, const char *what)
{
    if (number == ENOENT)
        diag_error(d, place(path), NULL, "%s: no such file or folder", what);
    else if (number == ENOTDIR)
        diag_error(d, place(path), NULL, "%s: a part of the path is not a folder", what);
    else if (number == EISDIR)
        diag_error(d, place(path), NULL, "%s: it is a folder", what);
    else
        diag_system(d, place(path), number, "%s", what);
}

/* What stands where a file is needed; NULL: a file does. */
static const char *what_else(mode_t mode)
{
    if (S_ISFIFO(mode))
        return "a named pipe";
    if (S_ISSOCK(mode))
        return "a socket";
    if (S_ISCHR(mode) || S_ISBLK(mode))
        return "a device";
    return NULL;
}

/*
 * Opens a file for reading, *st filled. -1 where there is none: *number is the errno then, or 0 where
 * something else has the name, as *st says. Nothing else is waited for: a pipe that nobody writes to
 * would keep a build for ever.
 */
static int open_file(const char *path, struct stat *st, int *number)
{
    *number = 0;
    *st = (struct stat){0};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0) {
        *number = errno;
        if (*number == ENXIO && stat(path, st) == 0 && what_else(st->st_mode))
            *number = 0; /* a socket cannot be opened at all */
        return -1;
    }
    if (fstat(fd, st) != 0)
        *number = errno;
    else if (S_ISREG(st->st_mode))
        return fd;
    else if (S_ISDIR(st->st_mode))
        *number = EISDIR;
    close(fd);
    return -1;
}

/* After open_file gave none. */
static void complain_not_opened(struct diags *d, const char *path, const struct stat *st,
                                int number)
{
    const char *what = what_else(st->st_mode);
    if (number != 0)
        complain(d, path, number, number == EISDIR ? "cannot read" : "cannot open");
    else
        diag_error(d, place(path), "put its contents into a file of that name",
                   "cannot read: it is %s, not a file", what ? what : "something else");
}

/* Everything up to the end of the file, in the arena; `expected` is its size where known. */
static bool read_all(int fd, const char *path, size_t expected, struct arena *a, struct str *out,
                     struct diags *d)
{
    size_t capacity = expected + 1; /* one more byte, so that the end is seen without growing */
    if (expected == 0)
        capacity = READ_STEP;
    char *bytes = arena_new(a, char, capacity + 1);
    size_t n = 0;
    for (;;) {
        if (n == capacity) {
            char *larger = arena_new(a, char, 2 * capacity + 1);
            memcpy(larger, bytes, n);
            bytes = larger;
            capacity *= 2;
        }
        ssize_t got = read(fd, bytes + n, capacity - n);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            complain(d, path, errno, "cannot read");
            return false;
        }
        if (got == 0)
            break;
        n += (size_t)got;
        if (n > FILE_MAX_BYTES) {
            diag_error(d, place(path), NULL, "larger than %zu MiB", FILE_MAX_BYTES >> 20);
            return false;
        }
    }
    bytes[n] = '\0';
    *out = (struct str){bytes, n};
    return true;
}

bool file_read_optional(const char *path, struct arena *a, struct str *out, bool *missing,
                        struct diags *d)
{
    struct stat st;
    int number, fd = open_file(path, &st, &number);
    *missing = fd < 0 && (number == ENOENT || number == ENOTDIR);
    if (*missing)
        return false;
    if (fd < 0) {
        complain_not_opened(d, path, &st, number);
        return false;
    }
    bool ok = st.st_size <= (off_t)FILE_MAX_BYTES;
    if (ok)
        ok = read_all(fd, path, (size_t)st.st_size, a, out, d);
    else
        diag_error(d, place(path), NULL, "larger than %zu MiB", FILE_MAX_BYTES >> 20);
    close(fd); /* only read from: nothing can be lost */
    return ok;
}

bool file_read(const char *path, struct arena *a, struct str *out, struct diags *d)
{
    bool missing;
    if (file_read_optional(path, a, out, &missing, d))
        return true;
    if (missing)
        complain(d, path, ENOENT, "cannot open");
    return false;
}

bool file_read_stdin(struct arena *a, struct str *out, struct diags *d)
{
    return read_all(STDIN_FILENO, "standard input", 0, a, out, d);
}

bool file_exists(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0;
}

bool file_is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

void file_remove_empty_folder(const char *path)
{
    rmdir(path);
}

bool file_make_folders(const char *path, struct diags *d)
{
    struct strbuf part = STRBUF_INIT;
    bool ok = true;
    for (const char *p = path; ok && *p;) {
        size_t n = strcspn(p, "/");
        strbuf_add(&part, (struct str){p, n});
        p += n;
        if (part.n > 0 && mkdir(part.s, 0777) != 0) {
            int why = errno; // before it is overwritten by the look at what is there
            if (!file_is_folder(part.s)) {
                diag_system(d, place(part.s), why, "cannot make the folder");
                ok = false;
            }
        }
        while (*p == '/') {
            strbuf_addc(&part, '/');
            p++;
        }
    }
    strbuf_release(&part);
    return ok;
}

static int compare_names(const void *left, const void *right)
{
    const struct str *a = left, *b = right;
    return str_compare(*a, *b);
}

bool file_list(const char *folder, struct arena *a, struct str **names, size_t *count,
               struct diags *d)
{
    *names = NULL;
    *count = 0;
    DIR *dir = opendir(folder);
    if (!dir) {
        complain(d, folder, errno, "cannot list");
        return false;
    }
    size_t capacity = 0;
    for (;;) {
        errno = 0; /* readdir tells an error from the end by errno alone */
        const struct dirent *entry = readdir(dir);
        if (!entry)
            break;
        struct str name = str_of(entry->d_name);
        if (str_is(name, ".") || str_is(name, ".."))
            continue;
        *names = arena_grow(a, struct str, *names, *count, &capacity);
        (*names)[(*count)++] = str_copy(a, name);
    }
    int number = errno;
    closedir(dir);
    if (number != 0) {
        complain(d, folder, number, "cannot list");
        return false;
    }
    if (*count > 1)
        qsort(*names, *count, sizeof **names, compare_names);
    return true;
}

/* Whether the file holds exactly these bytes; any difficulty is a no, and writing will tell. */
static bool holds(const char *path, struct str bytes)
{
    struct stat st;
    int number, fd = open_file(path, &st, &number);
    if (fd < 0)
        return false;
    char buffer[16384];
    size_t at = 0;
    bool same = (size_t)st.st_size == bytes.n;
    while (same) {
        ssize_t got = read(fd, buffer, sizeof buffer);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            same = got == 0 && at == bytes.n;
            break;
        }
        same = (size_t)got <= bytes.n - at && memcmp(buffer, bytes.s + at, (size_t)got) == 0;
        at += (size_t)got;
    }
    close(fd);
    return same;
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

/* ".NAME.PID.tmp" beside the target: the same folder, so that the rename cannot cross a device. */
static char *temporary_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    struct str folder = {path, slash ? (size_t)(slash - path) + 1 : 0};
    struct strbuf name = STRBUF_INIT;
    strbuf_add(&name, folder);
    strbuf_addf(&name, ".%s.%ld.tmp", slash ? slash + 1 : path, (long)getpid());
    return name.s;
}

/* Writes all of the temporary file; errno of the failure, which leaves none, or 0. */
static int write_temporary(const char *temporary, struct str bytes)
{
    int fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0 && errno == EEXIST) { /* left over by a killed run with our process number */
        unlink(temporary);
        fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    }
    if (fd < 0)
        return errno;
    int number = write_all(fd, bytes);
    if (close(fd) != 0 && number == 0)
        number = errno;
    if (number != 0)
        unlink(temporary);
    return number;
}

bool file_write(const char *path, struct str bytes, bool *changed, struct diags *d)
{
    if (changed)
        *changed = false;
    if (holds(path, bytes))
        return true;
    char *temporary = temporary_name(path);
    int number = write_temporary(temporary, bytes);
    if (number == 0 && rename(temporary, path) != 0) {
        number = errno;
        unlink(temporary);
    }
    free(temporary); /* the memory of a strbuf is malloc's */
    if (number != 0) {
        diag_system(d, place(path), number, "cannot write");
        return false;
    }
    if (changed)
        *changed = true;
    return true;
}

bool file_write_together(const struct file_text *files, size_t count, struct diags *d)
{
    size_t written = 0, renamed = 0;
    int number = 0;
    while (written < count && number == 0) {
        char *temporary = temporary_name(files[written].path);
        number = write_temporary(temporary, files[written].bytes);
        free(temporary);
        if (number == 0)
            written++;
    }
    while (renamed < written && number == 0) {
        char *temporary = temporary_name(files[renamed].path);
        if (rename(temporary, files[renamed].path) != 0)
            number = errno;
        else
            renamed++;
        free(temporary);
    }
    if (number == 0)
        return true;
    diag_system(d, place(files[written < count ? written : renamed].path), number, "cannot write");
    for (size_t i = renamed; i < written; i++) {
        char *temporary = temporary_name(files[i].path);
        unlink(temporary);
        free(temporary);
    }
    return false;
}

bool file_move(const char *from, const char *to, struct diags *d)
{
    struct stat st;
    if (lstat(to, &st) == 0) {
        diag_error(d, place(to), NULL, "it is there already, and nothing is overwritten");
        return false;
    }
    if (rename(from, to) == 0)
        return true;
    diag_system(d, place(to), errno, "cannot write");
    return false;
}

bool file_read_pieces(const char *path, file_take *take, void *context, struct diags *d)
{
    struct stat st;
    int number, fd = open_file(path, &st, &number);
    if (fd < 0) {
        complain_not_opened(d, path, &st, number);
        return false;
    }
    char *buffer = malloc(PIECE);
    if (!buffer)
        arena_exhausted();
    bool ok = true;
    while (ok) {
        ssize_t got = read(fd, buffer, PIECE);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            complain(d, path, errno, "cannot read");
            ok = false;
        }
        if (got <= 0)
            break;
        ok = take(context, (struct str){buffer, (size_t)got});
    }
    free(buffer);
    close(fd); /* only read from: nothing can be lost */
    return ok;
}

const char *path_join(struct arena *a, const char *folder, const char *name)
{
    size_t n = strlen(folder);
    if (n == 0 || name[0] == '/')
        return str_cstring(a, str_of(name));
    return str_printf(a, "%s%s%s", folder, folder[n - 1] == '/' ? "" : "/", name).s;
}

struct str path_base(struct str path)
{
    size_t end = path.n;
    while (end > 1 && path.s[end - 1] == '/')
        end--;
    size_t start = end;
    while (start > 0 && path.s[start - 1] != '/')
        start--;
    return str_slice(path, start == end && end > 0 ? end - 1 : start, end);
}
