#include "base/uuid.h"

#include <pthread.h>

#include "support/unit.h"

static void an_id_is_read_in_its_canonical_form_only(void **state) {
    (void)state;
    static const struct {
        const char *text;
        bool is_id;
    } table[] = {
        {"019ac1f2-3b4c-7d5e-8f60-718293a4b5c6", true},
        {"019AC1F2-3B4C-7D5E-8F60-718293A4B5C6", true},
        {"6fa459ea-ee8a-4ca4-894e-db77e160355e", true}, /* any version */
        {"00000000-0000-0000-0000-000000000000", false},
        {"019ac1f23b4c7d5e8f60718293a4b5c6", false},
        {"{019ac1f2-3b4c-7d5e-8f60-718293a4b5c6}", false},
        {"019ac1f2-3b4c-7d5e-8f60-718293a4b5c", false},
        {"019ac1f2-3b4c-7d5e-8f60-718293a4b5c66", false},
        {"019ac1f2-3b4c-7d5e-8f60-718293a4b5cg", false},
        {"019ac1f2x3b4c-7d5e-8f60-718293a4b5c6", false},
        {"019ac1f-23b4c-7d5e-8f60-718293a4b5c6", false},
        {"", false},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct uuid id = UUID_NONE;
        assert_int_equal(uuid_parse(text_of(table[i].text), &id), table[i].is_id);
        assert_int_equal(uuid_is_none(id), !table[i].is_id);
    }
    char written[UUID_TEXT_SIZE];
    struct uuid id;
    assert_true(uuid_parse(text_of(table[1].text), &id));
    assert_string_equal(uuid_format(id, written), table[0].text);
}

static void a_fresh_id_is_version_7_and_carries_its_millisecond(void **state) {
    (void)state;
    struct instant now = {INT64_C(1795344712123456)};
    struct uuid id = uuid_block(now, 1);
    int64_t ms = 0;
    for (int i = 0; i < 6; i++) {
        ms = ms << 8 | id.bytes[i];
    }
    assert_int_equal(ms, now.us / 1000);
    assert_int_equal(id.bytes[6] >> 4, 7);
    assert_int_equal(id.bytes[8] >> 6, 2);
}

static void ids_of_a_block_and_of_the_next_ones_rise(void **state) {
    (void)state;
    struct instant now = {INT64_C(1795344799000000)};
    struct uuid last = UUID_NONE;
    for (int block = 0; block < 300; block++) {
        enum { COUNT = 500 };
        struct uuid first = uuid_block(now, COUNT);
        for (uint32_t n = 0; n < COUNT; n++) {
            struct uuid id = uuid_nth(first, n);
            assert_true(memcmp(last.bytes, id.bytes, 10) < 0);
            assert_int_equal(id.bytes[6] >> 4, 7);
            assert_int_equal(id.bytes[8] >> 6, 2);
            last = id;
        }
    }
}

static void a_clock_set_back_a_little_does_not_make_ids_fall(void **state) {
    (void)state;
    struct uuid before = uuid_block((struct instant){INT64_C(1795345000000000)}, 1);
    struct uuid after = uuid_block((struct instant){INT64_C(1795344999000000)}, 1);
    assert_true(uuid_compare(before, after) < 0);
}

static void an_id_ends_with_the_lane_of_its_event(void **state) {
    (void)state;
    struct instant now = {INT64_C(1795345100000000)};
    struct uuid event = uuid_block(now, 1);
    event = uuid_in_lane(event, uuid_lane_of_event(event));
    uint16_t lane = uuid_lane_of_event(event);
    /* The lane of an id that ends in its own lane is that one: the last two bytes do not count. */
    assert_int_equal(event.bytes[14] << 8 | event.bytes[15], lane);
    struct uuid line = uuid_in_lane(uuid_block(now, 1), lane);
    assert_int_equal(line.bytes[14] << 8 | line.bytes[15], lane);
}

enum { THREADS = 4, PER_THREAD = 20000 };

static void *make_ids(void *list) {
    struct uuid *ids = list;
    for (int i = 0; i < PER_THREAD; i++) {
        ids[i] = uuid_block((struct instant){INT64_C(1795345200000000)}, 1);
    }
    return NULL;
}

static int compare(const void *a, const void *b) {
    return uuid_compare(*(const struct uuid *)a, *(const struct uuid *)b);
}

static void threads_never_make_the_same_id(void **state) {
    (void)state;
    static struct uuid ids[THREADS][PER_THREAD];
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, make_ids, ids[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    qsort(ids, (size_t)THREADS * PER_THREAD, sizeof(struct uuid), compare);
    const struct uuid *all = &ids[0][0];
    for (size_t i = 1; i < (size_t)THREADS * PER_THREAD; i++) {
        assert_true(uuid_compare(all[i - 1], all[i]) < 0);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(an_id_is_read_in_its_canonical_form_only),
    cmocka_unit_test(a_fresh_id_is_version_7_and_carries_its_millisecond),
    cmocka_unit_test(ids_of_a_block_and_of_the_next_ones_rise),
    cmocka_unit_test(a_clock_set_back_a_little_does_not_make_ids_fall),
    cmocka_unit_test(an_id_ends_with_the_lane_of_its_event),
    cmocka_unit_test(threads_never_make_the_same_id),
};
UNIT_MAIN(tests)
