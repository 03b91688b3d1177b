#include "routes/live/live_id.h"

#include "support/unit.h"

static struct counts_entry entry_of(uint8_t type, int32_t sold, int32_t reserved) {
    return (struct counts_entry){
        .ticket_type_id = {{1, type}},
        .counts = {.total = 100, .sold = sold, .reserved = reserved},
    };
}

static void what_was_written_reads_the_same(void **state) {
    (void)state;
    struct live_id id = {.with_log = true}, read;
    char buffer[LIVE_ID_SIZE];
    for (uint8_t i = 0; i < LIVE_ID_TYPES_MAX; i++) {
        struct counts_entry entry = entry_of(i, i, 1);
        live_id_add(&id, &entry, true, INT64_C(1) << (i % 63));
    }
    struct text text = live_id_write(&id, buffer);
    assert_true(text.length < LIVE_ID_SIZE);
    assert_true(live_id_read(text, &read));
    assert_true(read.with_log);
    assert_int_equal(read.count, LIVE_ID_TYPES_MAX);
    assert_memory_equal(read.places, id.places, sizeof id.places);
    struct counts_entry last = entry_of(LIVE_ID_TYPES_MAX - 1, 0, 0), none = entry_of(200, 0, 0);
    assert_int_equal(live_id_find(&read, last.ticket_type_id)->seq, INT64_C(1) << 0);
    assert_null(live_id_find(&read, none.ticket_type_id));
}

static void a_mark_tells_what_was_seen_and_no_more(void **state) {
    (void)state;
    struct counts_entry reserved = entry_of(1, 2, 3), sold = entry_of(1, 5, 0);
    struct counts_entry fewer = entry_of(1, 5, 1);
    assert_int_equal(live_mark(&reserved, false), live_mark(&sold, false)); /* the public's view */
    assert_int_not_equal(live_mark(&reserved, true), live_mark(&sold, true));
    assert_int_not_equal(live_mark(&sold, false), live_mark(&fewer, false));
    struct live_id id = {.with_log = false};
    char buffer[LIVE_ID_SIZE], other[LIVE_ID_SIZE];
    live_id_add(&id, &sold, false, 12345);
    struct live_id same = {.with_log = false};
    live_id_add(&same, &reserved, false, 678);
    assert_string_equal(live_id_write(&id, buffer).bytes, live_id_write(&same, other).bytes);
}

static void too_many_types_resume_nothing(void **state) {
    (void)state;
    struct live_id id = {.with_log = false}, read;
    char buffer[LIVE_ID_SIZE];
    for (int i = 0; i <= LIVE_ID_TYPES_MAX; i++) {
        struct counts_entry entry = entry_of((uint8_t)i, 0, 0);
        live_id_add(&id, &entry, true, 1);
    }
    assert_false(live_id_read(live_id_write(&id, buffer), &read));
}

static void what_was_not_written_here_is_not_read(void **state) {
    (void)state;
    static const char *const others[] = {"",    "A",    "AQ",     "AQI",         "AgA",
                                         "!!!", "AQAA", "AQAAAA", "AQHOIhGSJcnM"};
    struct live_id read;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_false(live_id_read(text_of(others[i]), &read));
    }
    assert_false(live_id_read(TEXT_NONE, &read));
    struct live_id before_all = {.with_log = true};
    struct counts_entry entry = entry_of(1, 0, 0);
    char buffer[LIVE_ID_SIZE];
    live_id_add(&before_all, &entry, true, INT64_MIN); /* no entry of a log is below 1 */
    assert_false(live_id_read(live_id_write(&before_all, buffer), &read));
    static char endless[8 * LIVE_ID_SIZE];
    memset(endless, 'A', sizeof endless - 1);
    assert_false(live_id_read(text_of(endless), &read));
    assert_true(live_id_read(TEXT("AQA"), &read)); /* of no types */
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(what_was_written_reads_the_same),
    cmocka_unit_test(a_mark_tells_what_was_seen_and_no_more),
    cmocka_unit_test(too_many_types_resume_nothing),
    cmocka_unit_test(what_was_not_written_here_is_not_read),
};
UNIT_MAIN(tests)
