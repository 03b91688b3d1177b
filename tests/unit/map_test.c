#include "base/map.h"
#include "support/unit.h"

static void everything_put_is_found_also_where_hashes_collide(void **state) {
    (void)state;
    enum { COUNT = 5000, HASHES = 37 };
    static int values[COUNT];
    struct arena arena;
    arena_init(&arena, 1 << 24);
    struct map map = {0};
    for (int i = 0; i < COUNT; i++) {
        assert_true(map_put(&map, &arena, (uint64_t)(i % HASHES) << 60 | (uint64_t)(i % HASHES),
                            &values[i]));
    }
    int found = 0;
    for (uint64_t hash = 0; hash < HASHES; hash++) {
        int *value;
        for (size_t at = 0; (value = map_next(&map, hash << 60 | hash, &at)) != NULL;) {
            assert_int_equal((uint64_t)(value - values) % HASHES, hash);
            found++;
        }
    }
    assert_int_equal(found, COUNT);
    arena_finish(&arena);
}

static void an_empty_map_finds_nothing(void **state) {
    (void)state;
    struct map map = {0};
    size_t at = 0;
    assert_null(map_next(&map, 7, &at));
}

static void a_map_says_when_its_arena_is_spent_and_keeps_what_it_had(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena, 1024);
    struct map map = {0};
    int value = 0;
    uint64_t put = 0;
    while (put < 1000 && map_put(&map, &arena, put, &value)) {
        put++;
    }
    assert_in_range(put, 8, 100);
    for (uint64_t hash = 0; hash < put; hash++) {
        size_t at = 0;
        assert_ptr_equal(map_next(&map, hash, &at), &value);
    }
    arena_finish(&arena);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(everything_put_is_found_also_where_hashes_collide),
    cmocka_unit_test(an_empty_map_finds_nothing),
    cmocka_unit_test(a_map_says_when_its_arena_is_spent_and_keeps_what_it_had),
};
UNIT_MAIN(tests)
