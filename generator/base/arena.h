#ifndef BASE_ARENA_H
#define BASE_ARENA_H
/*
 * Zeroed memory that is given back all at once. One arena per report; nobody frees in the middle.
 * Allocation never fails: on exhaustion or size overflow the process ends with exit status 3.
 * Under AddressSanitizer unused and rewound memory is poisoned and objects have red zones.
 * An arena belongs to one thread at a time.
 */
#include <stddef.h>

struct arena;

struct arena *arena_create(void);
void arena_destroy(struct arena *a); /* NULL is allowed */
void arena_clear(struct arena *a);   /* empty again; keeps its memory for reuse */
void arena_release(struct arena *a); /* empty again; gives its memory back */

/* `count` zeroed objects of one type; count 0 gives a valid pointer that must not be read. */
#define arena_new(a, type, count) ((type *)arena_alloc((a), sizeof(type), _Alignof(type), (count)))
void *arena_alloc(struct arena *a, size_t size, size_t align, size_t count);

/* Grows an array that is full (count == *capacity) to twice its size; the old copy stays behind. */
#define arena_grow(a, type, items, count, capacity) \
    ((type *)arena_grow_bytes((a), (items), sizeof(type), _Alignof(type), (count), (capacity)))
void *arena_grow_bytes(struct arena *a, void *items, size_t size, size_t align, size_t count,
                       size_t *capacity);

/* Scratch work: everything allocated after the mark is given back by the rewind. */
struct arena_mark {
    void *block;
    size_t used;
};
struct arena_mark arena_mark(struct arena *a);
void arena_rewind(struct arena *a, struct arena_mark mark);

/* Says so on standard error and ends the process with exit status 3; strbuf.c uses it too. */
_Noreturn void arena_exhausted(void);

size_t arena_bytes(const struct arena *a); /* bytes handed out, for `make bench` */
#endif
