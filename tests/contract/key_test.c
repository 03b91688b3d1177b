/* Idempotency keys, and how a commit of unknown fate is settled. */
#include <stdio.h>

#include "bench.h"
#include "groups.h"

static void load_type(struct bench *bench, struct uuid type) {
    bench_begin(bench);
    bench_key(bench, &bench->keys.types, type);
    bench_load(bench);
}

static struct world_type *the_type(struct bench *bench) {
    return bench->world.types;
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

    struct witness by_key = {.kind = WITNESS_IDEMPOTENCY,
                             .principal = bench_id('k', 1),
                             .key = TEXT("a"),
                             .outcome = TEXT("outcome")};
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
    } cases[] = {{&by_entry, true},
                 {&by_key, true},
                 {&another_entry, false},
                 {&later_entry, false},
                 {&another_key, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        bool committed = !cases[i].committed;
        assert_int_equal(store_settle(bench->writer, cases[i].witness, &committed, &bench->failure),
                         ERROR_NONE);
        assert_int_equal(committed, cases[i].committed);
    }
    /* Without a row to look for nothing is found, or nothing can be told. */
    bool committed = true;
    enum error error = store_settle(bench->writer, &other, &committed, &bench->failure);
    assert_true(error == ERROR_UNKNOWN || (error == ERROR_NONE && !committed));
    load_type(bench, type); /* and the writer goes on */
    store_rollback(bench->writer);
    store_idle(bench->writer);
}

int key_tests(void) {
    const struct CMUnitTest tests[] = {
        BENCH_TEST(an_answer_is_remembered_under_principal_and_key),
        BENCH_TEST(a_key_that_was_taken_meanwhile_is_a_twin),
        BENCH_TEST(old_keys_are_forgotten_a_thousand_at_a_time),
        BENCH_TEST(settling_tells_what_was_committed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
