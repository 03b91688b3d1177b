/* The life of a batch: what load brings with it, what persist refuses, what leaves no trace. */
#include <stdio.h>

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
    assert_int_equal(bench_persist(bench), ERROR_REJECTED);

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
    if (!bench_is_in_files()) {
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
    if (!bench_is_in_files()) {
        skip();
    }
    struct uuid type = bench_shop(bench);
    for (int i = 0; i < 2; i++) {
        load_type(bench, type);
        struct audit_entry entry = bench_entry(&the_type(bench)->row, (unsigned)i + 1);
        bench_add_entry(bench, &entry); /* audit_seq stays 0: the same number again */
        assert_int_equal(bench_persist(bench), i == 0 ? ERROR_NONE : ERROR_REJECTED);
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

/* --- what follows --- */

static void add_active(struct bench *bench, struct uuid type, unsigned number, int64_t seconds) {
    struct reservation row = bench_reservation(bench, bench_id('e', 1), type, number);
    row.expires_at = instant_plus_seconds(bench->now, seconds);
    bench_add_reservation(bench, &row);
}

static void the_expired_come_with_their_type_oldest_first(void **state) {
    struct bench *bench = *state;
    struct uuid type = bench_shop(bench);
    load_type(bench, type);
    add_active(bench, type, 1, 300);
    add_active(bench, type, 2, 100);
    add_active(bench, type, 3, 200); /* at its instant, not after it (R3) */
    add_active(bench, type, 4, 201);
    add_active(bench, type, 5, 100);
    bench_commit(bench);
    bench->now = instant_plus_seconds(bench->now, 200);
    load_type(bench, type);
    static const unsigned wanted[] = {2, 5, 3};
    const struct world_reservation *each = bench->world.reservations;
    for (size_t i = 0; i < 3; i++, each = each->next) {
        assert_non_null(each);
        assert_uuid(each->row.id, bench_id('r', wanted[i]));
    }
    assert_null(each);
    assert_false(the_type(bench)->more_expired);
    assert_int_equal(the_type(bench)->next_expiry_at.us, bench->now.us + 1000000);
    store_rollback(bench->writer);

    bench->now = instant_plus_seconds(bench->now, 1000);
    load_type(bench, type);
    assert_true(instant_is_none(the_type(bench)->next_expiry_at));
    store_rollback(bench->writer);
}

static void more_expired_than_a_batch_carries_are_announced(void **state) {
    struct bench *bench = *state;
    struct uuid type = bench_shop(bench);
    load_type(bench, type);
    for (unsigned i = 1; i <= EXPIRED_PER_BATCH_MAX + 1; i++) {
        add_active(bench, type, i, (int64_t)i);
    }
    bench_commit(bench);
    bench->now = instant_plus_seconds(bench->now, EXPIRED_PER_BATCH_MAX);
    load_type(bench, type);
    assert_false(the_type(bench)->more_expired); /* exactly as many as fit */
    store_rollback(bench->writer);

    bench->now = instant_plus_seconds(bench->now, 1);
    load_type(bench, type);
    assert_true(the_type(bench)->more_expired);
    size_t loaded = 0;
    for (struct world_reservation *each = bench->world.reservations; each; each = each->next) {
        each->row.status = RESERVATION_EXPIRED;
        each->state = ROW_CHANGED;
        loaded++;
    }
    assert_int_equal(loaded, EXPIRED_PER_BATCH_MAX);
    bench_commit(bench);

    load_type(bench, type);
    assert_false(the_type(bench)->more_expired);
    assert_uuid(bench->world.reservations->row.id, bench_id('r', EXPIRED_PER_BATCH_MAX + 1));
    store_rollback(bench->writer);
}

static void what_a_customer_has_counts_live_and_sold_less_refunded(void **state) {
    struct bench *bench = *state;
    struct uuid type = bench_shop(bench);
    struct uuid event = bench_id('e', 1);
    struct uuid ann = bench_id('u', 1);
    struct uuid bob = bench_id('u', 2);
    load_type(bench, type);
    static const struct {
        enum reservation_status status;
        int32_t quantity, refunded;
        int64_t seconds;
        bool of_bob;
    } rows[] = {
        {RESERVATION_ACTIVE, 1, 0, 900, false},    {RESERVATION_ACTIVE, 10, 0, 100, false},
        {RESERVATION_COMPLETED, 7, 3, 50, false},  {RESERVATION_RELEASED, 100, 0, 900, false},
        {RESERVATION_EXPIRED, 1000, 0, 1, false},  {RESERVATION_ACTIVE, 5, 0, 900, true},
        {RESERVATION_COMPLETED, 2, 2, 900, false},
    };
    for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct reservation row = bench_reservation(bench, event, type, i + 1);
        row.user_id = rows[i].of_bob ? bob : ann;
        row.status = rows[i].status;
        row.quantity = rows[i].quantity;
        row.refunded_quantity = rows[i].refunded;
        row.expires_at = instant_plus_seconds(bench->now, rows[i].seconds);
        bench_add_reservation(bench, &row);
    }
    struct cart cart = {.id = bench_id('c', 1),
                        .event_id = event,
                        .user_id = bob,
                        .status = RESERVATION_ACTIVE,
                        .currency = {"EUR"},
                        .expires_at = bench->now,
                        .created_at = bench->now,
                        .updated_at = bench->now,
                        .completed_at = INSTANT_NONE};
    bench_add_cart(bench, &cart);
    bench_commit(bench);
    bench->now = instant_plus_seconds(bench->now, 100);

    for (int limit = 0; limit <= 1; limit++) {
        bench_begin(bench);
        bench_key(bench, &bench->keys.types, type);
        bench_key(bench, &bench->keys.carts, cart.id);
        struct customer_pair pairs[] = {{type, ann}, {type, bench_id('u', 3)}};
        struct cart_customer_pair of_cart[] = {{type, cart.id}, {type, bench_id('c', 9)}};
        bench->keys.customers = pairs;
        bench->keys.customers_count = 2;
        bench->keys.cart_customers = of_cart;
        bench->keys.cart_customers_count = 2;
        bench_load(bench);
        if (limit == 0) { /* nobody asks while the type has no limit */
            assert_null(world_customer(&bench->world, type, ann));
            the_type(bench)->row.max_per_customer = 9;
            change_type(bench);
            bench_commit(bench);
            continue;
        }
        assert_int_equal(world_customer(&bench->world, type, ann)->quantity, 1 + 7 - 3);
        assert_int_equal(world_customer(&bench->world, type, bob)->quantity, 5);
        assert_int_equal(world_customer(&bench->world, type, bench_id('u', 3))->quantity, 0);
        store_rollback(bench->writer);
    }
}

static void an_event_knows_whether_anything_was_ever_taken(void **state) {
    struct bench *bench = *state;
    struct uuid type = bench_shop(bench);
    struct uuid event = bench_id('e', 1);
    for (int round = 0; round < 2; round++) {
        bench_begin(bench);
        bench_key(bench, &bench->keys.currency_events, event);
        bench_key(bench, &bench->keys.events, event);
        bench_key(bench, &bench->keys.types, type);
        bench_load(bench);
        assert_int_equal(world_event(&bench->world, event)->has_history, round == 1);
        struct reservation row = bench_reservation(bench, event, type, 1);
        struct audit_entry entries[] = {bench_entry(&the_type(bench)->row, 1),
                                        bench_entry(&the_type(bench)->row, 2)};
        if (round == 0) {
            row.status = RESERVATION_RELEASED; /* long over, but it was */
            entries[1].seq = 2;
            entries[1].action = ACTION_RESERVE;
            entries[1].reservation_id = row.id;
            bench_add_reservation(bench, &row);
            bench_add_entry(bench, &entries[0]);
            bench_add_entry(bench, &entries[1]);
        }
        bench_commit(bench);
    }
}

/* --- idempotency --- */

static void load_key(struct bench *bench, struct uuid principal, struct text key) {
    static struct idempotency_pair pair;
    pair = (struct idempotency_pair){principal, key};
    bench_begin(bench);
    bench->keys.idempotency = &pair;
    bench->keys.idempotency_count = 1;
    bench_load(bench);
}

static void an_answer_is_remembered_under_principal_and_key(void **state) {
    struct bench *bench = *state;
    struct uuid ann = bench_id('k', 1);
    load_key(bench, ann, TEXT("a"));
    assert_null(bench->world.idempotency);
    bench_add_idempotency(bench, ann, TEXT("a"), "first\001\377");
    bench_add_idempotency(bench, bench_id('k', 2), TEXT("a"), "other's");
    bench_add_idempotency(bench, UUID_NONE, TEXT("a"), "the system's");
    bench_commit(bench);
    bench_reopen(bench);

    load_key(bench, ann, TEXT("a"));
    assert_text(bench->world.idempotency->outcome, "first\001\377");
    assert_int_equal(bench->world.idempotency->fingerprint[FINGERPRINT_SIZE - 1], 1);
    assert_int_equal(bench->world.idempotency->state, ROW_LOADED);
    store_rollback(bench->writer);
    load_key(bench, UUID_NONE, TEXT("a"));
    assert_text(bench->world.idempotency->outcome, "the system's");
    store_rollback(bench->writer);
    load_key(bench, ann, TEXT("A")); /* keys are bytes */
    assert_null(bench->world.idempotency);
    store_rollback(bench->writer);
}

static void a_key_that_was_taken_meanwhile_is_a_twin(void **state) {
    struct bench *bench = *state;
    struct uuid ann = bench_id('k', 1);
    for (int i = 0; i < 2; i++) {
        bench_begin(bench); /* without asking for the key */
        bench_load(bench);
        bench_add_idempotency(bench, ann, TEXT("a"), i == 0 ? "one" : "two");
        assert_int_equal(bench_persist(bench), i == 0 ? ERROR_NONE : ERROR_TWIN);
    }
    load_key(bench, ann, TEXT("a"));
    assert_text(bench->world.idempotency->outcome, "one");
    store_rollback(bench->writer);
}

static int64_t prune(struct bench *bench, struct instant before) {
    bench_begin(bench);
    bench_load(bench);
    bench->world.prune_before = before;
    bench_commit(bench);
    return bench->world.pruned;
}

static void old_keys_are_forgotten_a_thousand_at_a_time(void **state) {
    struct bench *bench = *state;
    static char names[1200][8];
    struct instant first = bench->now;
    for (int round = 0; round < 2; round++) {
        bench_begin(bench);
        bench_load(bench);
        for (int i = round * 1100; i < 1100 + round * 100; i++) {
            snprintf(names[i], sizeof names[i], "key%d", i);
            bench_add_idempotency(bench, bench_id('k', 1), text_of(names[i]), "outcome");
        }
        bench_commit(bench);
        bench->now = instant_plus_seconds(bench->now, 60);
    }
    assert_int_equal(prune(bench, first), 0);
    assert_int_equal(prune(bench, instant_plus_seconds(first, 60)), 1000);
    assert_int_equal(prune(bench, instant_plus_seconds(first, 60)), 100);
    assert_int_equal(prune(bench, instant_plus_seconds(first, 60)), 0);
    load_key(bench, bench_id('k', 1), TEXT("key0"));
    assert_null(bench->world.idempotency);
    store_rollback(bench->writer);
    load_key(bench, bench_id('k', 1), TEXT("key1100"));
    assert_non_null(bench->world.idempotency);
    store_rollback(bench->writer);
}

/* --- settle --- */

static void settling_tells_what_was_committed(void **state) {
    struct bench *bench = *state;
    struct uuid type = bench_shop(bench);
    load_type(bench, type);
    struct audit_entry entry = bench_entry(&the_type(bench)->row, 1);
    bench_add_entry(bench, &entry);
    bench_add_idempotency(bench, bench_id('k', 1), TEXT("a"), "outcome");
    struct witness by_entry = world_witness(&bench->world);
    assert_int_equal(by_entry.kind, WITNESS_ENTRY);
    bench_commit(bench);

    struct witness by_key = {
        .kind = WITNESS_IDEMPOTENCY, .principal = bench_id('k', 1), .key = TEXT("a")};
    struct witness another_entry = by_entry;
    another_entry.entry_id = bench_id('a', 2); /* its number was given to another batch */
    struct witness later_entry = by_entry;
    later_entry.seq = 2;
    struct witness another_key = by_key;
    another_key.key = TEXT("b");
    struct witness other = {.kind = WITNESS_OTHER};
    const struct {
        const struct witness *witness;
        bool committed;
    } cases[] = {{&by_entry, true},     {&by_key, true},       {&another_entry, false},
                 {&later_entry, false}, {&another_key, false}, {&other, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool committed = !cases[i].committed;
        assert_int_equal(store_settle(bench->writer, cases[i].witness, &committed, &bench->failure),
                         ERROR_NONE);
        assert_int_equal(committed, cases[i].committed);
    }
    load_type(bench, type); /* and the writer goes on */
    store_rollback(bench->writer);
    store_idle(bench->writer);
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
        BENCH_TEST(the_expired_come_with_their_type_oldest_first),
        BENCH_TEST(more_expired_than_a_batch_carries_are_announced),
        BENCH_TEST(what_a_customer_has_counts_live_and_sold_less_refunded),
        BENCH_TEST(an_event_knows_whether_anything_was_ever_taken),
        BENCH_TEST(an_answer_is_remembered_under_principal_and_key),
        BENCH_TEST(a_key_that_was_taken_meanwhile_is_a_twin),
        BENCH_TEST(old_keys_are_forgotten_a_thousand_at_a_time),
        BENCH_TEST(settling_tells_what_was_committed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
