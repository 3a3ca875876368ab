#include "unit/unit.h"

#include "base/arena.h"
#include "base/diag.h"
#include "base/library.h"

struct functions {
    double (*cosine)(double);
};

static void a_function_is_called_through_the_table(void **state)
{
    static const struct library_symbol SYMBOLS[] = {{"cos", offsetof(struct functions, cosine)}, {0}};
    struct functions f = {0};
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    (void)state;
    assert_true(library_load("libm.so.6", SYMBOLS, &f, d));
    assert_int_equal(diags_count(d), 0);
    assert_true(f.cosine(0.0) > 0.999 && f.cosine(0.0) < 1.001);
    arena_destroy(a);
}

static void a_library_that_is_not_there_is_a_fault_of_the_machine(void **state)
{
    static const struct library_symbol SYMBOLS[] = {{0}};
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    (void)state;
    assert_false(library_load("libbreakeven-has-no-such.so.0", SYMBOLS, NULL, d));
    assert_int_equal(diags_system_errors(d), 1);
    arena_destroy(a);
}

static void a_function_that_is_not_there_is_one_too(void **state)
{
    static const struct library_symbol SYMBOLS[] = {{"cosine_of_nothing", 0}, {0}};
    struct functions f = {0};
    struct arena *a = arena_create();
    struct diags *d = diags_new(a);
    (void)state;
    assert_false(library_load("libm.so.6", SYMBOLS, &f, d));
    assert_int_equal(diags_system_errors(d), 1);
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_function_is_called_through_the_table),
        cmocka_unit_test(a_library_that_is_not_there_is_a_fault_of_the_machine),
        cmocka_unit_test(a_function_that_is_not_there_is_one_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
