/* Where the next page begins. */
#include <stdio.h>

#include "routes/cursor.h"
#include "support/unit.h"

static const struct cursor cursor = {
    .filter_hash = UINT64_C(0x123456789abcdef0),
    .position = {.set = true, .at = {-5}, .id = {{1, 2, 3}}, .seq = 77},
    .anchor = {INT64_C(1795345200000000)},
};

static void what_is_written_is_read_again(void **state) {
    (void)state;
    struct arena arena;
    struct cursor read;
    arena_init(&arena, 4096);
    struct text text = cursor_write(&cursor, &arena);
    assert_true(cursor_read(text, cursor.filter_hash, &read));
    assert_true(read.position.set);
    assert_int_equal(read.position.at.us, cursor.position.at.us);
    assert_uuid(read.position.id, cursor.position.id);
    assert_int_equal(read.position.seq, 77);
    assert_int_equal(read.anchor.us, cursor.anchor.us);
    arena_finish(&arena);
}

static void other_filters_and_other_texts_are_refused(void **state) {
    (void)state;
    struct arena arena;
    struct cursor read;
    arena_init(&arena, 4096);
    struct text text = cursor_write(&cursor, &arena);
    assert_false(cursor_read(text, cursor.filter_hash + 1, &read));
    assert_false(cursor_read(TEXT(""), cursor.filter_hash, &read));
    assert_false(cursor_read(TEXT("not a cursor"), cursor.filter_hash, &read));
    assert_false(
        cursor_read((struct text){text.bytes, text.length - 1}, cursor.filter_hash, &read));
    char other[80];
    snprintf(other, sizeof other, "%.*s", (int)text.length, text.bytes);
    other[0] = 'B'; /* another version */
    assert_false(cursor_read(text_of(other), cursor.filter_hash, &read));
    memset(other, '!', text.length);
    assert_false(cursor_read((struct text){other, text.length}, cursor.filter_hash, &read));
    arena_finish(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(what_is_written_is_read_again),
    cmocka_unit_test(other_filters_and_other_texts_are_refused),
};
UNIT_MAIN(tests)
