/*
 * Feeds files to a fuzz target without libFuzzer: each file of the folder (or file) named on the
 * command line as it is, then cut and damaged in a few fixed ways, so that every run of the tests
 * tries some input that nobody wrote. Speaks TAP. With RUN_CORPUS_VERBOSE set, each input is named
 * before it is tried.
 */
#include "base/arena.h"
#include "base/diag.h"
#include "base/file.h"
#include "base/strbuf.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define DAMAGES 24
#define DAMAGED_MAX ((size_t)64 << 10) /* larger inputs are run as they are: time */

/* The next number of a small fixed sequence (a linear congruence; quality does not matter). */
static uint32_t next(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

/* A copy of its own size, so that the sanitizers see a read past the end. */
static void try_bytes(const char *bytes, size_t n)
{
    uint8_t *copy = malloc(n > 0 ? n : 1);
    if (!copy)
        arena_exhausted();
    if (n > 0)
        memcpy(copy, bytes, n);
    LLVMFuzzerTestOneInput(copy, n);
    free(copy);
}

static void try_damaged(struct str text, uint32_t seed, struct arena *a)
{
    static const char HOSTILE[] = {'\0', '"', '{',  '}',        '[', '\\',
                                   '<',  '&', '\n', (char)0xFF, '-', '9'};
    char *bytes = arena_new(a, char, text.n + 1);
    uint32_t state = seed;
    for (int i = 0; i < DAMAGES; i++) {
        memcpy(bytes, text.s, text.n);
        size_t n = text.n;
        if (i % 3 == 0)
            n = next(&state) % text.n;
        for (int k = 0; k <= i % 4 && n > 0; k++)
            bytes[next(&state) % n] = HOSTILE[next(&state) % sizeof HOSTILE];
        try_bytes(bytes, n);
    }
}

/* A missing folder is an empty corpus. */
static bool try_folder(const char *path, size_t *count, struct arena *a, struct diags *d)
{
    struct str *names = NULL;
    size_t names_count = 0;
    if (!file_exists(path))
        return true;
    if (!file_list(path, a, &names, &names_count, d))
        return false;
    for (size_t i = 0; i < names_count; i++) {
        struct arena_mark mark = arena_mark(a);
        struct str text;
        const char *file = path_join(a, path, names[i].s);
        if (getenv("RUN_CORPUS_VERBOSE"))
            fprintf(stderr, "# %s\n", file);
        if (!file_read(file, a, &text, d))
            return false;
        try_bytes(text.s, text.n);
        if (text.n > 0 && text.n <= DAMAGED_MAX)
            try_damaged(text, (uint32_t)i, a);
        ++*count;
        arena_rewind(a, mark);
    }
    return true;
}

int main(int argc, char **argv)
{
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    size_t count = 0;
    bool ok = argc == 2;
    try_bytes("", 0);
    if (ok)
        ok = try_folder(argv[1], &count, a, d);
    if (ok)
        printf("1..1\nok 1 - %zu inputs and their damaged copies are survived\n", count);
    struct strbuf out = STRBUF_INIT;
    diags_print(d, &out, false);
    fputs(out.s ? out.s : "", stderr);
    strbuf_release(&out);
    arena_destroy(a);
    return ok ? 0 : 1;
}
