#include "base/json_writer.h"

#include "support/unit.h"

static struct arena arena;

static int make_arena(void **state) {
    (void)state;
    arena_init(&arena, 1 << 22);
    return 0;
}

static int drop_arena(void **state) {
    (void)state;
    arena_finish(&arena);
    return 0;
}

static void commas_stand_between_members_and_nowhere_else(void **state) {
    (void)state;
    struct json_writer json;
    json_writer_init(&json, &arena);
    json_object_begin(&json);
    json_name(&json, "empty");
    json_array_begin(&json);
    json_array_end(&json);
    json_member_integer(&json, "n", -3);
    json_name(&json, "list");
    json_array_begin(&json);
    json_int(&json, 1);
    json_object_begin(&json);
    json_object_end(&json);
    json_bool(&json, true);
    json_nil(&json);
    json_array_end(&json);
    json_member_boolean(&json, "b", false);
    json_member_null(&json, "z");
    json_object_end(&json);
    assert_text(json_written(&json),
                "{\"empty\":[],\"n\":-3,\"list\":[1,{},true,null],\"b\":false,\"z\":null}");
}

static void texts_are_escaped_and_absent_ones_are_null(void **state) {
    (void)state;
    struct json_writer json;
    json_writer_init(&json, &arena);
    json_array_begin(&json);
    json_text(&json, TEXT("a\"b\\c\n\r\t\x01\x1f\x7f</script>\xE2\x82\xAC"));
    json_text(&json, TEXT(""));
    json_text(&json, TEXT_NONE);
    json_array_end(&json);
    assert_text(json_written(&json),
                "[\"a\\\"b\\\\c\\n\\r\\t\\u0001\\u001f\x7f</script>\xE2\x82\xAC\",\"\",null]");
}

static void numbers_of_every_size_are_written_in_full(void **state) {
    (void)state;
    struct json_writer json;
    json_writer_init(&json, &arena);
    json_array_begin(&json);
    json_int(&json, 0);
    json_int(&json, INT64_MAX);
    json_int(&json, INT64_MIN);
    json_array_end(&json);
    assert_text(json_written(&json), "[0,9223372036854775807,-9223372036854775808]");
}

static void ids_and_instants_that_are_none_are_null(void **state) {
    (void)state;
    struct json_writer json;
    json_writer_init(&json, &arena);
    static const uint8_t bytes[] = {0x00, 0xAB, 0xFF};
    json_object_begin(&json);
    json_member_uuid(&json, "id", UUID_NONE);
    json_member_instant(&json, "at", INSTANT_NONE);
    json_member_uuid(&json, "other", (struct uuid){{1}});
    json_member_instant(&json, "then", (struct instant){0});
    json_name(&json, "hex");
    json_hex(&json, bytes, sizeof bytes);
    json_object_end(&json);
    assert_text(json_written(&json), "{\"id\":null,\"at\":null,"
                                     "\"other\":\"01000000-0000-0000-0000-000000000000\","
                                     "\"then\":\"1970-01-01T00:00:00.000Z\",\"hex\":\"00abff\"}");
}

static void what_grows_past_its_first_bytes_stays_whole(void **state) {
    (void)state;
    struct json_writer json;
    json_writer_init(&json, &arena);
    json_array_begin(&json);
    for (int i = 0; i < 10000; i++) {
        json_int(&json, 7);
    }
    json_array_end(&json);
    struct text written = json_written(&json);
    assert_int_equal(written.length, 20001);
    for (size_t i = 1; i < written.length; i += 2) {
        assert_int_equal(written.bytes[i], '7');
    }
}

static void a_spent_arena_gives_no_half_text(void **state) {
    (void)state;
    struct arena small;
    arena_init(&small, 4096);
    struct json_writer json;
    json_writer_init(&json, &small);
    json_array_begin(&json);
    for (int i = 0; i < 10000; i++) {
        json_text(&json, TEXT("abcdefgh"));
    }
    json_array_end(&json);
    assert_true(json.failed);
    assert_true(text_is_absent(json_written(&json)));
    arena_finish(&small);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(commas_stand_between_members_and_nowhere_else, make_arena,
                                    drop_arena),
    cmocka_unit_test_setup_teardown(texts_are_escaped_and_absent_ones_are_null, make_arena,
                                    drop_arena),
    cmocka_unit_test_setup_teardown(numbers_of_every_size_are_written_in_full, make_arena,
                                    drop_arena),
    cmocka_unit_test_setup_teardown(ids_and_instants_that_are_none_are_null, make_arena,
                                    drop_arena),
    cmocka_unit_test_setup_teardown(what_grows_past_its_first_bytes_stays_whole, make_arena,
                                    drop_arena),
    cmocka_unit_test(a_spent_arena_gives_no_half_text),
};
UNIT_MAIN(tests)
