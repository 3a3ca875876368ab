#include "unit/unit.h"

#include "base/arena.h"
#include "report/value.h"

static void members_are_found_in_small_and_large_objects(void **state)
{
    struct arena *a = arena_create();
    struct value *object = value_object(a);
    struct strbuf key = STRBUF_INIT;
    (void)state;
    for (int i = 0; i < 1000; i++) {
        strbuf_clear(&key);
        strbuf_addf(&key, "key-%d", i);
        value_set_str(object, strbuf_str(&key), value_text(a, strbuf_str(&key)));
        for (int k = 0; k <= i; k += 1 + i / 7) {
            strbuf_clear(&key);
            strbuf_addf(&key, "key-%d", k);
            const struct value *v = value_get(object, key.s);
            assert_non_null(v);
            assert_str(v->text, key.s);
        }
        assert_null(value_get(object, "key"));
        assert_null(value_get(object, "key-1000"));
    }
    assert_int_equal(object->content->count, 1000);
    strbuf_release(&key);
    arena_destroy(a);
}

static void setting_a_key_again_replaces_its_value(void **state)
{
    struct arena *a = arena_create();
    struct value *object = value_object(a);
    (void)state;
    value_set_puts(object, "a", "one");
    value_set_puts(object, "a", "two");
    value_set_str(object, STR("a"), value_bool(true));
    assert_int_equal(object->content->count, 1);
    assert_int_equal(value_get(object, "a")->kind, VALUE_BOOL);
    arena_destroy(a);
}

static void text_is_copied(void **state)
{
    struct arena *a = arena_create();
    char bytes[] = "before";
    const struct value *v = value_text(a, str_of(bytes));
    (void)state;
    memcpy(bytes, "after!", 6);
    assert_str(v->text, "before");
    arena_destroy(a);
}

static void null_false_and_empty_are_not_entered(void **state)
{
    struct arena *a = arena_create();
    struct value *list = value_list(a);
    (void)state;
    assert_false(value_is_truthy(value_null()));
    assert_false(value_is_truthy(value_puts(a, NULL)));
    assert_false(value_is_truthy(value_bool(false)));
    assert_false(value_is_truthy(value_puts(a, "")));
    assert_false(value_is_truthy(list));
    assert_true(value_is_truthy(value_object(a)));
    assert_true(value_is_truthy(value_bool(true)));
    assert_true(value_is_truthy(value_puts(a, "0")));
    value_append(list, value_null());
    assert_true(value_is_truthy(list));
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_found_in_small_and_large_objects),
        cmocka_unit_test(setting_a_key_again_replaces_its_value),
        cmocka_unit_test(text_is_copied),
        cmocka_unit_test(null_false_and_empty_are_not_entered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
