/* Which keys there are, while they come and go. */
#include <pthread.h>

#include "routes/callers/key_ring.h"
#include "store/store.h"
#include "support/unit.h"

static struct store *store;
static struct key_ring *ring;
static struct arena arena;

static int open(void **state) {
    (void)state;
    struct failure failure;
    arena_init(&arena, 16 * 1024 * 1024);
    return store_open("memory:", NULL, &store, &failure) != ERROR_NONE ||
           key_ring_open(store, &ring, &failure) != ERROR_NONE;
}

static int close(void **state) {
    (void)state;
    key_ring_close(ring);
    store_close(store);
    arena_finish(&arena);
    return 0;
}

static struct uuid id_of(uint32_t number) {
    struct uuid id = {{1, 9}};
    memcpy(id.bytes + 8, &number, sizeof number);
    return id;
}

static void commit_key(uint32_t number, enum row_state row_state, struct instant revoked_at) {
    static const struct uuid events[] = {{{5}}, {{6}}};
    struct world world;
    struct api_key key = {
        .id = id_of(number),
        .name = TEXT("the shop"),
        .role = ROLE_CHECKOUT,
        .events = events,
        .events_count = 2,
        .secret_hash = {(uint8_t)number},
        .expires_at = INSTANT_NONE,
        .last_used_at = INSTANT_NONE,
        .revoked_at = revoked_at,
    };
    arena_reset(&arena);
    world_init(&world, &arena);
    world_add_api_key(&world, &key)->state = row_state;
    key_ring_on_commit(ring, &world);
}

static void a_key_is_known_from_the_commit_that_makes_it(void **state) {
    (void)state;
    assert_null(key_ring_find(ring, id_of(1)));
    commit_key(1, ROW_NEW, INSTANT_NONE);
    const struct key_record *key = key_ring_find(ring, id_of(1));
    assert_non_null(key);
    assert_int_equal(key->role, ROLE_CHECKOUT);
    assert_int_equal(key->events_count, 2);
    assert_int_equal(key->events[1].bytes[0], 6);
    assert_false(key_record_is_revoked(key));
    assert_null(key_ring_find(ring, id_of(2)));
}

static void a_revoked_key_is_revoked_for_those_who_hold_it_already(void **state) {
    (void)state;
    commit_key(1, ROW_NEW, INSTANT_NONE);
    const struct key_record *key = key_ring_find(ring, id_of(1));
    commit_key(1, ROW_LOADED, (struct instant){7}); /* looked at, not changed */
    assert_false(key_record_is_revoked(key));
    commit_key(1, ROW_CHANGED, (struct instant){7});
    assert_true(key_record_is_revoked(key));
    assert_ptr_equal(key_ring_find(ring, id_of(1)), key);
}

static void *look(void *context) {
    const atomic_bool *stop = context;
    size_t found = 0;
    while (!atomic_load(stop)) {
        for (uint32_t i = 0; i < 2000; i++) {
            const struct key_record *key = key_ring_find(ring, id_of(i));
            if (key != NULL) {
                assert_int_equal(key->secret_hash[0], (uint8_t)i);
                found++;
            }
        }
    }
    return found == 0 ? NULL : context;
}

static void readers_need_no_lock_while_the_ring_grows(void **state) {
    (void)state;
    atomic_bool stop = false;
    pthread_t thread;
    commit_key(0, ROW_NEW, INSTANT_NONE);
    assert_int_equal(pthread_create(&thread, NULL, look, &stop), 0);
    for (uint32_t i = 1; i < 2000; i++) {
        commit_key(i, ROW_NEW, INSTANT_NONE);
    }
    for (uint32_t i = 0; i < 2000; i++) {
        assert_non_null(key_ring_find(ring, id_of(i)));
    }
    atomic_store(&stop, true);
    pthread_join(thread, NULL);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open, close)
static const struct CMUnitTest tests[] = {
    CASE(a_key_is_known_from_the_commit_that_makes_it),
    CASE(a_revoked_key_is_revoked_for_those_who_hold_it_already),
    CASE(readers_need_no_lock_while_the_ring_grows),
};
UNIT_MAIN(tests)
