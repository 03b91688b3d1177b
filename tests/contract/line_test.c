/* Reservations, carts and entries are read again as they were written, in every column. */
#include "bench.h"
#include "groups.h"
#include "same.h"

#define LONG_TEXT "Größe: 50 % – “Spëcial” 🎟 \\ ' \" ; -- DROP"

static void begin(struct bench *bench) {
    bench_begin(bench);
    bench_load(bench);
}

static struct reservation full_reservation(struct bench *bench, struct uuid type, unsigned number) {
    struct reservation full = bench_reservation(bench, bench_id('e', 1), type, number);
    full.cart_id = bench_id('c', 1);
    full.user_id = bench_id('u', 1);
    full.sold_by = bench_id('k', 1);
    full.shift_id = bench_id('s', 1);
    full.quantity = COUNT_MAX;
    full.refunded_quantity = COUNT_MAX;
    full.status = RESERVATION_COMPLETED;
    full.channel = CHANNEL_BOX_OFFICE;
    full.unit_price = PRICE_MAX;
    full.tender = TEXT("cash");
    full.order_id = TEXT(LONG_TEXT);
    full.expires_at = INSTANT_NONE;
    full.completed_at = bench->now;
    return full;
}

static void check_reservation(struct bench *bench, const struct reservation *row) {
    struct reservation read;
    struct instant as_of;
    bench_begin(bench);
    bench_key(bench, &bench->keys.reservations, row->id);
    bench_load(bench);
    struct world_reservation *loaded = world_reservation(&bench->world, row->id);
    same_reservation(row, &loaded->row);
    assert_int_equal(loaded->loaded_status, row->status);
    assert_non_null(loaded->type); /* it follows, with its event */
    assert_non_null(loaded->type->event);
    store_rollback(bench->writer);
    assert_int_equal(reader_reservation(bench->reader, row->id, &bench->read_arena, &read, &as_of,
                                        &bench->failure),
                     0);
    same_reservation(row, &read);
    assert_int_equal(as_of.us, bench->now.us);
}

static void a_reservation_keeps_every_column(void **state) {
    struct bench *bench = *state;
    struct uuid type = bench_shop(bench);
    struct reservation bare = bench_reservation(bench, bench_id('e', 1), type, 1);
    struct reservation full = full_reservation(bench, type, 2);
    struct cart cart = {.id = full.cart_id,
                        .event_id = full.event_id,
                        .status = RESERVATION_COMPLETED,
                        .currency = {"EUR"},
                        .expires_at = INSTANT_NONE,
                        .created_at = bench->now,
                        .updated_at = bench->now,
                        .completed_at = bench->now};
    begin(bench);
    bench_add_cart(bench, &cart);
    bench_add_reservation(bench, &bare);
    bench_add_reservation(bench, &full);
    bench_commit(bench);
    check_reservation(bench, &bare);
    check_reservation(bench, &full);

    for (enum reservation_status status = RESERVATION_ACTIVE; status <= RESERVATION_EXPIRED;
         status++) {
        bench_begin(bench);
        bench_key(bench, &bench->keys.reservations, bare.id);
        bench_load(bench);
        struct world_reservation *changed = world_reservation(&bench->world, bare.id);
        changed->row.status = bare.status = status;
        changed->row.quantity = bare.quantity = 3 + (int32_t)status;
        changed->row.updated_at = bare.updated_at =
            instant_plus_seconds(bench->now, (int64_t)status);
        changed->row.expires_at = bare.expires_at = instant_plus_seconds(bench->now, 1000);
        if (status == RESERVATION_COMPLETED) {
            bare.channel = CHANNEL_COMP;
            bare.unit_price = 0;
            bare.tender = TEXT("card");
            bare.order_id = TEXT("shop-1");
            bare.sold_by = bench_id('k', 2);
            bare.shift_id = bench_id('s', 2);
            bare.completed_at = bench->now;
            bare.refunded_quantity = 1;
            changed->row = bare;
        }
        changed->state = ROW_CHANGED;
        bench_commit(bench);
        bench_reopen(bench);
        check_reservation(bench, &bare);
    }
}

static void a_cart_keeps_every_column_and_brings_its_lines(void **state) {
    struct bench *bench = *state;
    struct uuid type = bench_shop(bench);
    struct cart bare = {.id = bench_id('c', 1),
                        .event_id = bench_id('e', 1),
                        .status = RESERVATION_ACTIVE,
                        .currency = {"EUR"},
                        .expires_at = instant_plus_seconds(bench->now, 900),
                        .created_at = bench->now,
                        .updated_at = bench->now,
                        .completed_at = INSTANT_NONE};
    begin(bench);
    bench_add_cart(bench, &bare);
    for (unsigned i = 3; i > 0; i--) {
        struct reservation line = bench_reservation(bench, bare.event_id, type, i);
        line.cart_id = bare.id;
        bench_add_reservation(bench, &line);
    }
    bench_commit(bench);

    bench_begin(bench);
    bench_key(bench, &bench->keys.carts, bare.id);
    bench_load(bench);
    struct world_cart *cart = world_cart(&bench->world, bare.id);
    same_cart(&bare, &cart->row);
    assert_int_equal(cart->loaded_status, RESERVATION_ACTIVE);
    assert_int_equal(cart->lines_count, 3);
    unsigned number = 1; /* in order of their ids */
    for (struct world_reservation *line = cart->lines; line != NULL; line = line->next_in_cart) {
        assert_uuid(line->row.id, bench_id('r', number++));
        assert_non_null(line->type);
    }
    struct cart full = bare;
    full.user_id = bench_id('u', 1);
    full.sold_by = bench_id('k', 1);
    full.shift_id = bench_id('s', 1);
    full.status = RESERVATION_COMPLETED;
    full.channel = CHANNEL_PARTNER;
    full.tender = TEXT("voucher");
    full.order_id = TEXT(LONG_TEXT);
    full.expires_at = INSTANT_NONE;
    full.updated_at = full.completed_at = instant_plus_seconds(bench->now, 5);
    cart->row = full;
    cart->state = ROW_CHANGED;
    bench_commit(bench);
    bench_reopen(bench);

    struct cart read;
    struct page lines;
    assert_int_equal(
        reader_cart(bench->reader, full.id, &bench->read_arena, &read, &lines, &bench->failure), 0);
    same_cart(&full, &read);
    assert_int_equal(lines.count, 3);
    assert_uuid(((struct reservation *)lines.rows)[0].id, bench_id('r', 1));
}

static void an_entry_keeps_every_column(void **state) {
    struct bench *bench = *state;
    struct ticket_type type = bench_type(bench, bench_id('e', 1), 1);
    bench_shop(bench);
    struct audit_entry bare = bench_entry(&type, 1);
    type.audit_seq = 1;
    struct audit_entry full = bench_entry(&type, 2);
    full.user_id = bench_id('u', 1);
    full.reservation_id = bench_id('r', 1);
    full.shift_id = bench_id('s', 1);
    full.action = ACTION_REFUND;
    full.quantity = COUNT_MAX;
    full.previous = (struct counts){COUNT_MAX, COUNT_MAX, 0};
    full.now = (struct counts){1, 2, 3};
    full.reason = TEXT(LONG_TEXT);
    full.order_id = TEXT("order");
    full.tender = TEXT("cash");
    full.created_at = INSTANT_MAX;
    full.effective_at = (struct instant){0};
    full.actor = (struct actor){ACTOR_STAFF, bench_id('k', 1)};
    full.disposition = DISPOSITION_VOID;
    full.channel = CHANNEL_COMP;
    memset(&full.chain_hash, 0xEE, sizeof full.chain_hash);
    bench_begin(bench);
    bench_key(bench, &bench->keys.types, type.id);
    bench_load(bench);
    bench_add_entry(bench, &bare);
    bench_add_entry(bench, &full);
    bench_commit(bench);
    bench_reopen(bench);

    struct page page;
    assert_int_equal(
        reader_entries(bench->reader, type.id, 0, 10, &bench->read_arena, &page, &bench->failure),
        0);
    assert_int_equal(page.count, 2);
    assert_false(page.next.set);
    same_entry(&bare, &((struct audit_entry *)page.rows)[0]);
    same_entry(&full, &((struct audit_entry *)page.rows)[1]);

    bench_begin(bench);
    bench_key(bench, &bench->keys.types, type.id);
    bench_load(bench);
    struct world_type *loaded = world_type(&bench->world, type.id);
    assert_int_equal(loaded->log_seq, 2); /* the log's own head, whatever the row says */
    assert_int_equal(loaded->row.audit_seq, 0);
    assert_memory_equal(&loaded->log_hash, &full.chain_hash, sizeof full.chain_hash);
    store_rollback(bench->writer);
}

int line_tests(void) {
    const struct CMUnitTest tests[] = {
        BENCH_TEST(a_reservation_keeps_every_column),
        BENCH_TEST(a_cart_keeps_every_column_and_brings_its_lines),
        BENCH_TEST(an_entry_keeps_every_column),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
