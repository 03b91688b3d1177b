/* API keys as their holders know them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <sodium.h>

#include "routes/callers/key_secret.h"

static struct uuid an_id(void) {
    return uuid_block(instant_now(), 1);
}

static void a_key_that_was_made_reads_as_its_id_and_hash(void **state) {
    (void)state;
    char text[KEY_SECRET_TEXT_SIZE];
    uint8_t made[KEY_HASH_SIZE], read[KEY_HASH_SIZE];
    struct uuid id = an_id(), found;
    key_secret_make(id, text, made);
    assert_int_equal(strlen(text), KEY_SECRET_TEXT_SIZE - 1);
    assert_true(key_secret_parse(text_of(text), &found, read));
    assert_true(uuid_equals(id, found));
    assert_true(key_secret_equals(made, read));
}

static void two_keys_of_one_id_have_different_secrets(void **state) {
    (void)state;
    char first[KEY_SECRET_TEXT_SIZE], second[KEY_SECRET_TEXT_SIZE];
    uint8_t a[KEY_HASH_SIZE], b[KEY_HASH_SIZE];
    struct uuid id = an_id();
    key_secret_make(id, first, a);
    key_secret_make(id, second, b);
    assert_string_not_equal(first, second);
    assert_false(key_secret_equals(a, b));
}

/* The secret alone is hashed, with plain BLAKE2b-256: stored keys outlive the program. */
static void the_hash_is_blake2b_of_the_secret(void **state) {
    (void)state;
    static const char key[] = "tkd_0190b3a07d0c7f00800000000000abcd_"
                              "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ";
    uint8_t expected[KEY_HASH_SIZE], hash[KEY_HASH_SIZE];
    struct uuid id;
    crypto_generichash(expected, sizeof expected, (const unsigned char *)key + 37, 43, NULL, 0);
    assert_true(key_secret_parse(text_of(key), &id, hash));
    assert_memory_equal(hash, expected, sizeof hash);
    assert_int_equal(id.bytes[15], 0xcd);
}

static void what_cannot_be_a_key_is_refused(void **state) {
    (void)state;
    char made[KEY_SECRET_TEXT_SIZE], changed[KEY_SECRET_TEXT_SIZE + 200];
    uint8_t hash[KEY_HASH_SIZE];
    struct uuid id;
    key_secret_make(an_id(), made, hash);
    static const struct {
        size_t at;
        char put;
    } changes[] = {{0, 'T'}, {3, '-'}, {4, 'g'}, {35, 'A'}, {36, '-'}, {37, '_'}, {79, ' '}};
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        memcpy(changed, made, sizeof made);
        changed[changes[i].at] = changes[i].put;
        assert_false(key_secret_parse(text_of(changed), &id, hash));
    }
    for (size_t length = 0; length < sizeof made - 1; length++) {
        assert_false(key_secret_parse((struct text){made, length}, &id, hash));
    }
    snprintf(changed, sizeof changed, "%s%0150d", made, 0);
    assert_false(key_secret_parse(text_of(changed), &id, hash));
    assert_false(key_secret_parse(TEXT_NONE, &id, hash));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_that_was_made_reads_as_its_id_and_hash),
        cmocka_unit_test(two_keys_of_one_id_have_different_secrets),
        cmocka_unit_test(the_hash_is_blake2b_of_the_secret),
        cmocka_unit_test(what_cannot_be_a_key_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
