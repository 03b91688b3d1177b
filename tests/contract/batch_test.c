/* The life of a batch: what persist refuses, and what leaves no trace. */
#include "bench.h"
#include "groups.h"
#include "same.h"

static void load_type(struct bench *bench, struct uuid type) {
    bench_begin(bench);
    bench_key(bench, &bench->keys.types, type);
    bench_load(bench);
}

static struct world_type *the_type(struct bench *bench) {
    return bench->world.types;
}

static void change_type(struct bench *bench) {
    struct world_type *type = the_type(bench);
    type->row.audit_seq++;
    type->state = ROW_CHANGED;
}

/* --- guards --- */

static void a_type_whose_log_went_on_is_not_written(void **state) {
    struct bench *bench = *state;
    struct uuid type = bench_shop(bench);
    load_type(bench, type);
    change_type(bench);
    the_type(bench)->loaded_seq = 7; /* as if another had written since */
    assert_int_equal(bench_persist(bench), ERROR_RETRY);
    load_type(bench, type);
    assert_int_equal(the_type(bench)->row.audit_seq, 0);
    store_rollback(bench->writer);
}

static void a_reservation_whose_status_changed_is_not_written(void **state) {
    struct bench *bench = *state;
    struct uuid type = bench_shop(bench);
    load_type(bench, type);
    struct reservation row = bench_reservation(bench, bench_id('e', 1), type, 1);
    bench_add_reservation(bench, &row);
    bench_commit(bench);
    for (enum reservation_status to = RESERVATION_COMPLETED; to <= RESERVATION_EXPIRED; to++) {
        bench_begin(bench);
        bench_key(bench, &bench->keys.reservations, row.id);
        bench_load(bench);
        struct world_reservation *loaded = world_reservation(&bench->world, row.id);
        loaded->row.status = to;
        loaded->loaded_status = RESERVATION_RELEASED;
        loaded->state = ROW_CHANGED;
        change_type(bench); /* nothing of the batch is written, in whatever order */
        assert_int_equal(bench_persist(bench), ERROR_RETRY);
    }
    bench_begin(bench);
    bench_key(bench, &bench->keys.reservations, row.id);
    bench_load(bench);
    same_reservation(&row, &world_reservation(&bench->world, row.id)->row);
    assert_int_equal(the_type(bench)->row.audit_seq, 0);
    store_rollback(bench->writer);
}

/* --- poison --- */

/* PostgreSQL tells which rule was broken, not whose: an id that is taken may be a twin, and is
 * found to be none when the batch has been loaded again. */
static bool is_poison(enum error error) {
    return error == ERROR_REJECTED || (error == ERROR_TWIN && bench_is_shared());
}

static void an_id_that_is_taken_rejects_the_batch(void **state) {
    struct bench *bench = *state;
    struct uuid type = bench_shop(bench);
    struct reservation row = bench_reservation(bench, bench_id('e', 1), type, 1);
    load_type(bench, type);
    bench_add_reservation(bench, &row);
    bench_commit(bench);

    load_type(bench, type);
    struct reservation other = bench_reservation(bench, bench_id('e', 1), type, 2);
    struct audit_entry entry = bench_entry(&the_type(bench)->row, 1);
    bench_add_entry(bench, &entry);
    bench_add_reservation(bench, &other);
    bench_add_reservation(bench, &row);
    assert_true(is_poison(bench_persist(bench)));

    bench_begin(bench);
    bench_key(bench, &bench->keys.reservations, other.id);
    bench_key(bench, &bench->keys.types, type);
    bench_load(bench);
    assert_null(world_reservation(&bench->world, other.id));
    assert_int_equal(the_type(bench)->log_seq, 0);
    store_rollback(bench->writer);
}

static void counts_that_cannot_be_are_rejected(void **state) {
    struct bench *bench = *state;
    if (!bench_is_durable()) {
        skip(); /* memory leaves the last word on counts to decide */
    }
    static const struct counts impossible[] = {
        {100, 60, 41}, {-1, 0, 0}, {100, -1, 0}, {100, 0, -1}, {0, 0, 1},
    };
    struct uuid type = bench_shop(bench);
    for (size_t i = 0; i < sizeof impossible / sizeof impossible[0]; i++) {
        load_type(bench, type);
        struct reservation row = bench_reservation(bench, bench_id('e', 1), type, 1);
        bench_add_reservation(bench, &row);
        the_type(bench)->row.counts = impossible[i];
        change_type(bench);
        assert_int_equal(bench_persist(bench), ERROR_REJECTED);
    }
    load_type(bench, type);
    assert_int_equal(the_type(bench)->row.counts.total, 100);
    assert_int_equal(the_type(bench)->row.audit_seq, 0);
    store_rollback(bench->writer);
}

static void an_entry_number_is_given_once(void **state) {
    struct bench *bench = *state;
    if (!bench_is_durable()) {
        skip();
    }
    struct uuid type = bench_shop(bench);
    for (int i = 0; i < 2; i++) {
        load_type(bench, type);
        struct audit_entry entry = bench_entry(&the_type(bench)->row, (unsigned)i + 1);
        bench_add_entry(bench, &entry); /* audit_seq stays 0: the same number again */
        enum error error = bench_persist(bench);
        assert_true(i == 0 ? error == ERROR_NONE : is_poison(error));
    }
    load_type(bench, type);
    struct audit_entry entry = bench_entry(&the_type(bench)->row, 3);
    entry.seq = 2;
    entry.quantity = 0;
    bench_add_entry(bench, &entry);
    assert_int_equal(bench_persist(bench), ERROR_REJECTED);
}

/* --- rollback --- */

static void a_rollback_leaves_nothing(void **state) {
    struct bench *bench = *state;
    struct uuid type = bench_shop(bench);
    load_type(bench, type);
    struct reservation row = bench_reservation(bench, bench_id('e', 1), type, 1);
    bench_add_reservation(bench, &row);
    change_type(bench);
    store_rollback(bench->writer);
    store_rollback(bench->writer); /* once more: harmless */
    load_type(bench, type);
    assert_int_equal(the_type(bench)->row.audit_seq, 0);
    store_rollback(bench->writer);
    struct reservation read;
    struct instant as_of;
    assert_int_equal(reader_reservation(bench->reader, row.id, &bench->read_arena, &read, &as_of,
                                        &bench->failure),
                     ERROR_NOT_FOUND);
}

static void a_spent_arena_ends_the_load(void **state) {
    struct bench *bench = *state;
    struct uuid type = bench_shop(bench);
    load_type(bench, type);
    for (unsigned i = 1; i <= 200; i++) {
        struct reservation row = bench_reservation(bench, bench_id('e', 1), type, i);
        bench_add_reservation(bench, &row);
    }
    bench_commit(bench);
    bench->now = instant_plus_seconds(bench->now, 3600);

    struct arena little;
    arena_init(&little, 16 << 10);
    struct keys keys;
    struct world world;
    keys_init(&keys, &little);
    world_init(&world, &little);
    keys.types = (struct id_set){.list = &type, .count = 1};
    assert_int_equal(store_load(bench->writer, &keys, &world, &bench->failure), ERROR_MEMORY);
    arena_finish(&little);
    load_type(bench, type); /* nothing stayed open */
    store_rollback(bench->writer);
}

int batch_tests(void) {
    const struct CMUnitTest tests[] = {
        BENCH_TEST(a_type_whose_log_went_on_is_not_written),
        BENCH_TEST(a_reservation_whose_status_changed_is_not_written),
        BENCH_TEST(an_id_that_is_taken_rejects_the_batch),
        BENCH_TEST(counts_that_cannot_be_are_rejected),
        BENCH_TEST(an_entry_number_is_given_once),
        BENCH_TEST(a_rollback_leaves_nothing),
        BENCH_TEST(a_spent_arena_ends_the_load),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
