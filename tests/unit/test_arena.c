#include "unit/unit.h"

#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static bool is_zero(const unsigned char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] != 0)
            return false;
    return true;
}

static void memory_is_zero_even_when_it_was_used_before(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct arena_mark mark = arena_mark(a);
    unsigned char *first = arena_new(a, unsigned char, 5000);
    memset(first, 0x55, 5000);
    arena_rewind(a, mark);
    unsigned char *second = arena_new(a, unsigned char, 5000);
    assert_true(is_zero(second, 5000));
    memset(second, 0x55, 5000);
    arena_clear(a);
    unsigned char *third = arena_new(a, unsigned char, 60000);
    assert_true(is_zero(third, 60000));
    memset(third, 0x55, 60000);
    arena_release(a);
    assert_int_equal(arena_bytes(a), 0);
    unsigned char *fourth = arena_new(a, unsigned char, 100);
    assert_true(is_zero(fourth, 100));
    arena_destroy(a);
}

static void every_object_is_aligned_as_asked(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    for (size_t align = 1; align <= 256; align *= 2) {
        arena_new(a, char, 3);
        void *p = arena_alloc(a, 1, align, 7);
        assert_int_equal((uintptr_t)p % align, 0);
    }
    arena_destroy(a);
}

static void objects_do_not_overlap_and_large_ones_have_room(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    unsigned char *parts[200];
    for (size_t i = 0; i < 200; i++) {
        parts[i] = arena_new(a, unsigned char, i * 100 + 1);
        memset(parts[i], (int)(i + 1), i * 100 + 1);
    }
    unsigned char *large = arena_new(a, unsigned char, (size_t)5 << 20);
    memset(large, 0xFF, (size_t)5 << 20);
    for (size_t i = 0; i < 200; i++)
        for (size_t k = 0; k <= i * 100; k++)
            assert_int_equal(parts[i][k], i + 1);
    arena_destroy(a);
}

static void no_objects_give_a_valid_pointer(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    assert_non_null(arena_new(a, double, 0));
    arena_destroy(a);
    arena_destroy(NULL);
}

static void a_rewind_gives_back_what_came_after_the_mark(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    int *kept = arena_new(a, int, 1);
    *kept = 42;
    size_t before = arena_bytes(a);
    struct arena_mark mark = arena_mark(a);
    for (int round = 0; round < 50; round++) {
        arena_new(a, char, 300000); /* more than a block */
        arena_rewind(a, mark);
        assert_int_equal(arena_bytes(a), before);
    }
    assert_int_equal(*kept, 42);
    arena_destroy(a);
}

static void arrays_grow_and_keep_their_items(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    int *items = NULL;
    size_t count = 0, capacity = 0;
    for (int i = 0; i < 1000; i++) {
        items = arena_grow(a, int, items, count, &capacity);
        assert_true(count < capacity);
        items[count++] = i;
    }
    for (int i = 0; i < 1000; i++)
        assert_int_equal(items[i], i);
    arena_destroy(a);
}

/* Runs in a child, since the process ends; its exit status. */
static int status_of(void (*body)(void))
{
    pid_t child = fork();
    if (child == 0) {
        fclose(stderr);
        body();
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void ask_for_more_than_a_size_can_hold(void)
{
    arena_alloc(arena_create(), SIZE_MAX / 4, 8, 5);
}

static void a_size_that_overflows_ends_the_process_with_status_3(void **state)
{
    (void)state;
    assert_int_equal(status_of(ask_for_more_than_a_size_can_hold), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zero_even_when_it_was_used_before),
        cmocka_unit_test(every_object_is_aligned_as_asked),
        cmocka_unit_test(objects_do_not_overlap_and_large_ones_have_room),
        cmocka_unit_test(no_objects_give_a_valid_pointer),
        cmocka_unit_test(a_rewind_gives_back_what_came_after_the_mark),
        cmocka_unit_test(arrays_grow_and_keep_their_items),
        cmocka_unit_test(a_size_that_overflows_ends_the_process_with_status_3),
    };
    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
