#include "base/arena.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_SANITIZED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) && !defined(ARENA_SANITIZED)
#define ARENA_SANITIZED 1
#endif

#ifdef ARENA_SANITIZED
#include <sanitizer/asan_interface.h>
#define POISON(p, n) ASAN_POISON_MEMORY_REGION((p), (n))
#define UNPOISON(p, n) ASAN_UNPOISON_MEMORY_REGION((p), (n))
#define RED_ZONE ((size_t)16)
#define LEAST_ALIGN ((size_t)8) /* poisoning works on 8-byte granules */
#else
#define POISON(p, n) ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#define RED_ZONE ((size_t)0)
#define LEAST_ALIGN ((size_t)1)
#endif

/* A small report fits in the first block; doubling keeps the number of blocks of a large one low. */
#define FIRST_BLOCK ((size_t)64 << 10)
#define LARGEST_STEP ((size_t)1 << 20)

struct block {
    struct block *older;
    size_t used, size;
    _Alignas(max_align_t) unsigned char bytes[];
};

struct arena {
    struct block *newest;
    struct block *spare; /* given back by rewind or clear, the last one first */
    size_t next_size;
};

_Noreturn void arena_exhausted(void)
{
    fputs("breakeven: out of memory\n", stderr);
    _Exit(3);
}

struct arena *arena_create(void)
{
    struct arena *a = calloc(1, sizeof *a);
    if (!a)
        arena_exhausted();
    a->next_size = FIRST_BLOCK;
    return a;
}

static void block_free(struct block *b)
{
    UNPOISON(b->bytes, b->size); /* the allocator may reuse it for something else */
    free(b);
}

/* Takes the newest block off the list. It is kept: memory that the system has given once costs nothing
 * more, while fresh pages cost as much as filling them. */
static void drop_newest(struct arena *a)
{
    struct block *b = a->newest;
    a->newest = b->older;
    b->used = 0;
    b->older = a->spare;
    a->spare = b;
    POISON(b->bytes, b->size);
}

void arena_clear(struct arena *a)
{
    while (a->newest)
        drop_newest(a);
}

void arena_release(struct arena *a)
{
    arena_clear(a);
    while (a->spare) {
        struct block *b = a->spare;
        a->spare = b->older;
        block_free(b);
    }
}

void arena_destroy(struct arena *a)
{
    if (!a)
        return;
    arena_release(a);
    free(a);
}

/* The spare block given back last that is large enough, off the list; NULL: there is none. */
static struct block *take_spare(struct arena *a, size_t least)
{
    struct block **link = &a->spare;
    while (*link && (*link)->size < least)
        link = &(*link)->older;
    struct block *b = *link;
    if (b)
        *link = b->older;
    return b;
}

static struct block *add_block(struct arena *a, size_t least)
{
    struct block *b = take_spare(a, least);
    if (!b) {
        size_t size = a->next_size > least ? a->next_size : least;
        if (size > SIZE_MAX - sizeof *b)
            arena_exhausted();
        b = malloc(sizeof *b + size);
        if (!b)
            arena_exhausted();
        b->size = size;
        POISON(b->bytes, b->size);
        if (a->next_size < LARGEST_STEP)
            a->next_size *= 2;
    }
    b->used = 0;
    b->older = a->newest;
    a->newest = b;
    return b;
}

/* Bytes to skip from `used` so that the next object of the block is aligned. */
static size_t padding(const struct block *b, size_t align)
{
    uintptr_t at = (uintptr_t)(b->bytes + b->used);
    return (size_t)(-at & (align - 1));
}

void *arena_alloc(struct arena *a, size_t size, size_t align, size_t count)
{
    assert(align > 0 && (align & (align - 1)) == 0);
    if (align < LEAST_ALIGN)
        align = LEAST_ALIGN;
    size_t total;
    if (__builtin_mul_overflow(size, count, &total) || total > SIZE_MAX / 2)
        arena_exhausted();
    struct block *b = a->newest;
    size_t need = total + RED_ZONE;
    if (!b || b->size - b->used < need || b->size - b->used - need < padding(b, align))
        b = add_block(a, need + align);
    b->used += padding(b, align);
    void *p = b->bytes + b->used;
    b->used += need;
    UNPOISON(p, total);
    memset(p, 0, total);
    return p;
}

void *arena_grow_bytes(struct arena *a, void *items, size_t size, size_t align, size_t count,
                       size_t *capacity)
{
    if (count < *capacity)
        return items;
    if (count > SIZE_MAX / 4)
        arena_exhausted();
    size_t wanted = count < 4 ? 8 : count * 2;
    void *larger = arena_alloc(a, size, align, wanted);
    if (count > 0)
        memcpy(larger, items, count * size);
    *capacity = wanted;
    return larger;
}

struct arena_mark arena_mark(struct arena *a)
{
    return (struct arena_mark){a->newest, a->newest ? a->newest->used : 0};
}

void arena_rewind(struct arena *a, struct arena_mark mark)
{
    while (a->newest && (void *)a->newest != mark.block)
        drop_newest(a);
    struct block *b = a->newest;
    assert((void *)b == mark.block); /* a mark of this arena that no earlier rewind has undone */
    if (b) {
        assert(mark.used <= b->used);
        POISON(b->bytes + mark.used, b->size - mark.used);
        b->used = mark.used;
    }
}

size_t arena_bytes(const struct arena *a)
{
    size_t total = 0;
    for (const struct block *b = a->newest; b; b = b->older)
        total += b->used;
    return total;
}
