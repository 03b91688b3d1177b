/* What load brings along: expiries, what customers have, whether an event was ever sold. */
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

static void change_type(struct bench *bench) {
    struct world_type *type = the_type(bench);
    type->row.audit_seq++;
    type->state = ROW_CHANGED;
}

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

static int64_t what_ann_has(struct bench *bench, struct uuid type, int32_t limit,
                            const struct reservation *completed) {
    struct customer_pair pair = {type, bench_id('u', 1)};
    bench_begin(bench);
    bench_key(bench, &bench->keys.types, type);
    bench_key(bench, &bench->keys.reservations, bench_id('r', 1));
    bench->keys.customers = &pair;
    bench->keys.customers_count = 1;
    bench_load(bench);
    const struct world_customer *ann = world_customer(&bench->world, type, pair.user_id);
    int64_t has = ann == NULL ? -1 : ann->quantity;
    the_type(bench)->row.max_per_customer = limit;
    change_type(bench);
    if (completed != NULL) {
        struct world_reservation *line = world_reservation(&bench->world, completed->id);
        line->row = *completed;
        line->state = ROW_CHANGED;
    }
    bench_commit(bench);
    return has;
}

static void a_limit_counts_what_was_there_before_it(void **state) {
    struct bench *bench = *state;
    struct uuid type = bench_shop(bench);
    struct reservation late = bench_reservation(bench, bench_id('e', 1), type, 1);
    struct reservation live = bench_reservation(bench, bench_id('e', 1), type, 2);
    late.user_id = live.user_id = bench_id('u', 1);
    late.status = RESERVATION_EXPIRED;
    live.quantity = 5;
    load_type(bench, type);
    bench_add_reservation(bench, &late);
    bench_add_reservation(bench, &live);
    bench_commit(bench);
    assert_int_equal(what_ann_has(bench, type, 9, NULL), -1); /* no limit yet */
    late.status = RESERVATION_COMPLETED;                      /* late, under the limit */
    late.completed_at = bench->now;
    assert_int_equal(what_ann_has(bench, type, 9, &late), 5);
    assert_int_equal(what_ann_has(bench, type, 0, NULL), 7);
    struct reservation free = bench_reservation(bench, bench_id('e', 1), type, 3);
    free.user_id = late.user_id;
    load_type(bench, type); /* without a limit for a while */
    bench_add_reservation(bench, &free);
    bench_commit(bench);
    assert_int_equal(what_ann_has(bench, type, 9, NULL), -1);
    assert_int_equal(what_ann_has(bench, type, 9, NULL), 9);
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

int following_tests(void) {
    const struct CMUnitTest tests[] = {
        BENCH_TEST(the_expired_come_with_their_type_oldest_first),
        BENCH_TEST(more_expired_than_a_batch_carries_are_announced),
        BENCH_TEST(what_a_customer_has_counts_live_and_sold_less_refunded),
        BENCH_TEST(a_limit_counts_what_was_there_before_it),
        BENCH_TEST(an_event_knows_whether_anything_was_ever_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
