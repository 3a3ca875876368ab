#include "unit/unit.h"

#include "base/arena.h"
#include "base/hash.h"

static struct str hash_of(struct arena *a, struct str bytes)
{
    struct sha256 h;
    unsigned char digest[32];
    sha256_init(&h);
    sha256_add(&h, bytes);
    sha256_final(&h, digest);
    return sha256_hex(a, digest);
}

/* FIPS 180-4 examples, as NIST's "Cryptographic Standards and Guidelines: Examples" prints them. */
static void the_examples_of_the_standard_hold(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    assert_str(hash_of(a, STR("")),
               "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_str(hash_of(a, STR("abc")),
               "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_str(hash_of(a, STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
               "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    arena_destroy(a);
}

static void a_million_letters_in_uneven_pieces_hash_as_one(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    char *text = arena_new(a, char, 1000000);
    memset(text, 'a', 1000000);
    struct sha256 h;
    unsigned char digest[32];
    sha256_init(&h);
    size_t at = 0;
    for (size_t piece = 0; at < 1000000; piece = (piece * 7 + 1) % 200) {
        size_t n = piece < 1000000 - at ? piece : 1000000 - at;
        sha256_add(&h, (struct str){text + at, n});
        at += n;
    }
    sha256_final(&h, digest);
    assert_str(sha256_hex(a, digest),
               "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    arena_destroy(a);
}

static void fields_do_not_run_into_one_another(void **state)
{
    (void)state;
    struct arena *a = arena_create();
    struct str got[2];
    const struct str left[2] = {STR("ab"), STR("a")}, right[2] = {STR("c"), STR("bc")};
    for (int i = 0; i < 2; i++) {
        struct sha256 h;
        unsigned char digest[32];
        sha256_init(&h);
        sha256_add_field(&h, left[i]);
        sha256_add_field(&h, right[i]);
        sha256_final(&h, digest);
        got[i] = sha256_hex(a, digest);
    }
    assert_false(str_equal(got[0], got[1]));
    arena_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_examples_of_the_standard_hold),
        cmocka_unit_test(a_million_letters_in_uneven_pieces_hash_as_one),
        cmocka_unit_test(fields_do_not_run_into_one_another),
    };
    return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
