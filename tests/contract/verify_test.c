/* Each way to tamper with a store is found by verify and named; nothing else is blamed. */
#include <stdio.h>

#include "bench.h"
#include "copy.h"
#include "groups.h"
#include "store/verify.h"
#include "till.h"

enum { DIFFERENCES_MAX = 64 };

struct findings {
    struct verify_difference list[DIFFERENCES_MAX];
    size_t count;
    struct verify_report report;
};

static void note(void *context, const struct verify_difference *difference) {
    struct findings *findings = context;
    assert_in_range(findings->count, 0, DIFFERENCES_MAX - 1);
    findings->list[findings->count++] = *difference;
}

static void run_verify(struct store_reader *reader, struct findings *findings) {
    const struct verify_listener listener = {.on_difference = note, .context = findings};
    struct failure failure;
    findings->count = 0;
    enum error error = verify_run(reader, &listener, &findings->report, &failure);
    assert_string_equal(error == ERROR_NONE ? "" : failure.sentence, "");
    assert_int_equal(findings->report.differences, findings->count);
}

/* A shop with something of everything: type 1 is tampered with, type 2 stays as it is. */
struct shop {
    struct uuid event, type, neighbour;
    struct uuid active, completed, released, expired, late, cart, sold_cart;
    struct uuid closed_shift, open_shift;
};

/* An evening at the door: two orders, one of two lines, a refund in cash of what was sold online,
 * and a gift. The next one has just begun. */
static void sell_at_the_door(struct till *till, struct shop *shop) {
    struct item two = {shop->type, 2};
    struct item both[] = {{shop->type, 3}, {shop->neighbour, 4}};
    till->caller.actor = (struct actor){.kind = ACTOR_STAFF, .id = bench_id('o', 1)};
    shop->closed_shift = till_do(till, till_open_shift(till, 5000)).shift->row.id;
    till_do(till, till_sell(till, both, 2));
    struct uuid paid_by_card = till_do(till, till_reserve(till, &two, 900, NULL)).lines->id;
    struct command by_card = till_complete(till, paid_by_card, false, "order-4");
    by_card.of.complete.channel = CHANNEL_BOX_OFFICE;
    by_card.of.complete.tender = TEXT("card");
    till_do(till, by_card);
    struct command in_cash = till_refund(till, paid_by_card, 1);
    in_cash.of.refund.tender = TEXT("cash");
    till_do(till, in_cash);
    till_do(till, till_close_shift(till, shop->closed_shift, 6000));
    shop->open_shift = till_do(till, till_open_shift(till, 0)).shift->row.id;
    till_do(till, till_sell(till, &two, 1));
    till->caller.actor = ACTOR_NONE;
}

static struct shop open_shop(struct bench *bench) {
    struct till till;
    struct shop shop;
    till_open(&till, bench->writer);
    shop.event = till_do(&till, till_event(&till, "Winter Gala")).event->id;
    shop.type = till_do(&till, till_type(&till, shop.event, 100)).type->id;
    shop.neighbour = till_do(&till, till_type(&till, shop.event, 100)).type->id;
    struct item two = {shop.type, 2};
    struct item both[] = {{shop.type, 3}, {shop.neighbour, 4}};
    shop.active = till_do(&till, till_reserve(&till, &two, 7200, NULL)).lines->id;
    shop.completed = till_do(&till, till_reserve(&till, &two, 900, NULL)).lines->id;
    shop.released = till_do(&till, till_reserve(&till, &two, 900, NULL)).lines->id;
    shop.expired = till_do(&till, till_reserve(&till, &two, 1, NULL)).lines->id;
    shop.late = till_do(&till, till_reserve(&till, &two, 1, NULL)).lines->id;
    shop.cart = till_do(&till, till_cart(&till, both, 2)).cart->id;
    shop.sold_cart = till_do(&till, till_cart(&till, both, 2)).cart->id;
    till_do(&till, till_complete(&till, shop.completed, false, "order-1"));
    till_do(&till, till_refund(&till, shop.completed, 1));
    till_do(&till, till_release(&till, shop.released, false));
    till_do(&till, till_complete(&till, shop.sold_cart, true, "order-2"));
    till_do(&till, till_sell(&till, both, 2));
    bench->now = instant_plus_seconds(bench->now, 10);
    till_do(&till, till_sweep(&till, shop.type));
    till_do(&till, till_complete(&till, shop.late, false, "order-3"));
    till_do(&till, till_increase(&till, shop.type, 50));
    sell_at_the_door(&till, &shop);
    till_close(&till);
    return shop;
}

static void what_was_honestly_written_is_verified(void **state) {
    struct bench *bench = *state;
    open_shop(bench);
    struct findings findings;
    run_verify(bench->reader, &findings);
    assert_string_equal(findings.count == 0 ? "" : findings.list[0].sentence, "");
    assert_int_equal(findings.report.types, 2);
    assert_int_equal(findings.report.reservations, 5 + 2 + 2 + 2 + 2 + 1 + 1);
    assert_int_equal(findings.report.carts, 5);
    assert_int_equal(findings.report.shifts, 2);
    /* Openings, reserved, completed, sold directly, released, refunded, expired, increased. */
    assert_int_equal(findings.report.entries, 2 + 10 + 5 + 5 + 1 + 2 + 2 + 1);
}

/* --- tampering --- */

enum names { NAMES_TYPE, NAMES_ENTRY, NAMES_RESERVATION, NAMES_CART, NAMES_SHIFT };

struct tampering {
    const char *what, *sql; /* :t type, :a active, :c completed, :r released, :x expired,
                             * :k cart, :s sold cart, :d closed shift, :o open one; copy.h's
                             * words */
    enum difference_kind kind;
    enum names names;
    int64_t seq;
};

static const struct tampering tamperings[] = {
    {"a count", "UPDATE ticket_types SET sold_count = sold_count + 1 WHERE id = :t",
     DIFFERENCE_COUNTS, NAMES_TYPE, 0},
    {"the total", "UPDATE ticket_types SET total_inventory = 151 WHERE id = :t", DIFFERENCE_COUNTS,
     NAMES_TYPE, 0},
    {"the initial inventory", "UPDATE ticket_types SET initial_inventory = 99 WHERE id = :t",
     DIFFERENCE_OPENING, NAMES_ENTRY, 1},
    {"the remembered hash", "UPDATE ticket_types SET audit_hash = {zeroes} WHERE id = :t",
     DIFFERENCE_HEAD, NAMES_TYPE, 0},
    {"the remembered time", "UPDATE ticket_types SET last_entry_at = {long ago} WHERE id = :t",
     DIFFERENCE_HEAD, NAMES_TYPE, 0},
    {"an entry deleted", "DELETE FROM inventory_audit_log WHERE ticket_type_id = :t AND seq = 3",
     DIFFERENCE_ENTRY, NAMES_ENTRY, 4},
    {"the last entry deleted",
     "DELETE FROM inventory_audit_log WHERE ticket_type_id = :t AND seq = (SELECT audit_seq FROM "
     "ticket_types WHERE id = :t)",
     DIFFERENCE_LOG_END, NAMES_TYPE, 0},
    {"an entry added",
     "INSERT INTO inventory_audit_log (id, seq, ticket_type_id, event_id, action, quantity, "
     "previous_total, new_total, previous_sold, new_sold, previous_reserved, new_reserved, "
     "created_at, actor_kind, chain_hash) SELECT {fresh id}, (SELECT audit_seq + 1 FROM "
     "ticket_types WHERE id = :t), ticket_type_id, event_id, action, quantity, previous_total, "
     "new_total, previous_sold, new_sold, previous_reserved, new_reserved, created_at, actor_kind, "
     "chain_hash FROM inventory_audit_log WHERE ticket_type_id = :t AND seq = 1",
     DIFFERENCE_LOG_END, NAMES_TYPE, 0},
    {"a reason",
     "UPDATE inventory_audit_log SET reason = 'a row less' WHERE ticket_type_id = :t AND reason = "
     "'a row more'",
     DIFFERENCE_ENTRY, NAMES_TYPE, 0},
    {"an actor",
     "UPDATE inventory_audit_log SET actor_kind = 'staff' WHERE ticket_type_id = :t AND seq = 2",
     DIFFERENCE_ENTRY, NAMES_ENTRY, 2},
    {"a time",
     "UPDATE inventory_audit_log SET created_at = created_at - {a moment} WHERE ticket_type_id = "
     ":t AND "
     "seq = 4",
     DIFFERENCE_ENTRY, NAMES_ENTRY, 4},
    {"two entries swapped",
     "UPDATE inventory_audit_log SET seq = -1 WHERE ticket_type_id = :t AND seq = 3;"
     "UPDATE inventory_audit_log SET seq = 3 WHERE ticket_type_id = :t AND seq = 4;"
     "UPDATE inventory_audit_log SET seq = 4 WHERE ticket_type_id = :t AND seq = -1",
     DIFFERENCE_ENTRY, NAMES_ENTRY, 3},
    {"a hash of no length",
     "UPDATE inventory_audit_log SET chain_hash = {one byte} WHERE ticket_type_id = :t AND seq = 1",
     DIFFERENCE_UNREADABLE, NAMES_ENTRY, 1},
    {"a status: the sum tells", "UPDATE ticket_reservations SET status = 'released' WHERE id = :a",
     DIFFERENCE_SUMS, NAMES_TYPE, 0},
    {"a status: it is named", "UPDATE ticket_reservations SET status = 'released' WHERE id = :a",
     DIFFERENCE_RESERVATION, NAMES_RESERVATION, 0},
    {"a status that no sum tells",
     "UPDATE ticket_reservations SET status = 'expired' WHERE id = :r", DIFFERENCE_RESERVATION,
     NAMES_RESERVATION, 0},
    {"a sale undone", "UPDATE ticket_reservations SET status = 'expired' WHERE id = :c",
     DIFFERENCE_RESERVATION, NAMES_RESERVATION, 0},
    {"a quantity", "UPDATE ticket_reservations SET quantity = 3 WHERE id = :a",
     DIFFERENCE_RESERVATION, NAMES_RESERVATION, 0},
    {"a quantity, with the count",
     "UPDATE ticket_reservations SET quantity = 3 WHERE id = :a;"
     "UPDATE ticket_types SET reserved_count = reserved_count + 1 WHERE id = :t",
     DIFFERENCE_RESERVATION, NAMES_RESERVATION, 0},
    {"a quantity that has ended", "UPDATE ticket_reservations SET quantity = 3 WHERE id = :x",
     DIFFERENCE_RESERVATION, NAMES_RESERVATION, 0},
    {"a refund", "UPDATE ticket_reservations SET refunded_quantity = 2 WHERE id = :c",
     DIFFERENCE_RESERVATION, NAMES_RESERVATION, 0},
    {"an order", "UPDATE ticket_reservations SET order_id = 'order-9' WHERE id = :c",
     DIFFERENCE_RESERVATION, NAMES_RESERVATION, 0},
    {"a reservation deleted", "DELETE FROM ticket_reservations WHERE id = :a", DIFFERENCE_LOST,
     NAMES_RESERVATION, 0},
    {"a reservation deleted that held nothing", "DELETE FROM ticket_reservations WHERE id = :r",
     DIFFERENCE_LOST, NAMES_RESERVATION, 0},
    {"a sale deleted, and told to be older than the log",
     "DELETE FROM ticket_reservations WHERE id = :c;"
     "UPDATE ticket_types SET adopted_sold = 1 WHERE id = :t",
     DIFFERENCE_LOST, NAMES_RESERVATION, 0},
    {"a reservation forged", "UPDATE ticket_reservations SET id = {fresh id} WHERE id = :a",
     DIFFERENCE_RESERVATION, NAMES_TYPE, 0},
    {"a status of no kind", "UPDATE ticket_reservations SET status = 'gone' WHERE id = :a",
     DIFFERENCE_SUMS, NAMES_TYPE, 0},
    {"a cart's status", "UPDATE carts SET status = 'released' WHERE id = :k", DIFFERENCE_CART,
     NAMES_CART, 0},
    {"a sold cart's status", "UPDATE carts SET status = 'active' WHERE id = :s", DIFFERENCE_CART,
     NAMES_CART, 0},
    {"a cart's order", "UPDATE carts SET order_id = 'order-9' WHERE id = :s", DIFFERENCE_CART,
     NAMES_CART, 0},
    {"a cart's time", "UPDATE carts SET expires_at = expires_at + {a moment} WHERE id = :k",
     DIFFERENCE_CART, NAMES_CART, 0},
    {"a cart deleted", "DELETE FROM carts WHERE id = :k", DIFFERENCE_CART, NAMES_CART, 0},
    {"what a shift took in cash",
     "UPDATE shift_totals SET gross = gross - 1 WHERE shift_id = :d AND tender = 'cash'",
     DIFFERENCE_SHIFT, NAMES_SHIFT, 0},
    {"what a shift gave back",
     "UPDATE shift_totals SET refunds = 0 WHERE shift_id = :d AND tender = 'cash'",
     DIFFERENCE_SHIFT, NAMES_SHIFT, 0},
    {"how many a shift took back",
     "UPDATE shift_totals SET tickets_refunded = 2 WHERE shift_id = :d AND tender = 'cash'",
     DIFFERENCE_SHIFT, NAMES_SHIFT, 0},
    {"how many a shift sold", "UPDATE shift_totals SET tickets_sold = 5 WHERE shift_id = :o",
     DIFFERENCE_SHIFT, NAMES_SHIFT, 0},
    {"how often a shift sold", "UPDATE shift_totals SET sales = 2 WHERE shift_id = :o",
     DIFFERENCE_SHIFT, NAMES_SHIFT, 0},
    {"a tender moved", "UPDATE shift_totals SET tender = 'voucher' WHERE shift_id = :o",
     DIFFERENCE_SHIFT, NAMES_SHIFT, 0},
    {"a total deleted", "DELETE FROM shift_totals WHERE shift_id = :o", DIFFERENCE_SHIFT,
     NAMES_SHIFT, 0},
    {"an entry of another shift",
     "UPDATE inventory_audit_log SET shift_id = :d WHERE shift_id = :o", DIFFERENCE_SHIFT,
     NAMES_SHIFT, 0},
    {"the cash that was expected", "UPDATE shifts SET expected_cash = 1 WHERE id = :d",
     DIFFERENCE_SHIFT, NAMES_SHIFT, 0},
    {"the cash that was there at first", "UPDATE shifts SET opening_cash = 1 WHERE id = :d",
     DIFFERENCE_SHIFT, NAMES_SHIFT, 0},
};

/* `sql` with the ids in it. */
static void tamper(const char *url, const char *sql, const struct shop *shop) {
    const struct {
        char mark;
        struct uuid id;
    } ids[] = {{'t', shop->type},      {'a', shop->active},       {'c', shop->completed},
               {'r', shop->released},  {'x', shop->expired},      {'k', shop->cart},
               {'s', shop->sold_cart}, {'d', shop->closed_shift}, {'o', shop->open_shift}};
    char whole[COPY_SQL_SIZE];
    size_t used = 0;
    for (; *sql != '\0'; sql++) {
        whole[used++] = *sql;
        for (size_t i = 0; *sql == ':' && i < sizeof ids / sizeof ids[0]; i++) {
            if (sql[1] == ids[i].mark) {
                char text[COPY_ID_SIZE];
                used += (size_t)sprintf(whole + used - 1, "%s", copy_id(url, ids[i].id, text)) - 1;
                sql++;
                break;
            }
        }
        assert_in_range(used, 0, sizeof whole - COPY_ID_SIZE);
    }
    whole[used] = '\0';
    copy_change(url, whole);
}

static bool is_named(const struct tampering *tampering, const struct verify_difference *found,
                     const struct shop *shop) {
    const struct uuid lines[] = {shop->active, shop->completed, shop->released, shop->expired};
    bool names_line = false;
    for (size_t i = 0; i < 4; i++) {
        const char *mark[] = {":a", ":c", ":r", ":x"};
        names_line |=
            strstr(tampering->sql, mark[i]) != NULL && uuid_equals(found->reservation_id, lines[i]);
    }
    switch (tampering->names) {
    case NAMES_TYPE:
        return uuid_equals(found->ticket_type_id, shop->type);
    case NAMES_ENTRY:
        return uuid_equals(found->ticket_type_id, shop->type) && found->seq == tampering->seq;
    case NAMES_RESERVATION:
        return names_line;
    case NAMES_CART:
        return uuid_equals(found->cart_id, shop->cart) ||
               uuid_equals(found->cart_id, shop->sold_cart);
    case NAMES_SHIFT:
        return uuid_equals(found->shift_id, strstr(tampering->sql, ":o") != NULL
                                                ? shop->open_shift
                                                : shop->closed_shift);
    }
    return false;
}

static void check(const struct tampering *tampering, const struct findings *findings,
                  const struct shop *shop) {
    bool named = false;
    for (size_t i = 0; i < findings->count; i++) {
        const struct verify_difference *found = &findings->list[i];
        assert_true(found->sentence[0] != '\0');
        named |= found->kind == tampering->kind && is_named(tampering, found, shop);
        if (tampering->names != NAMES_CART && uuid_equals(found->ticket_type_id, shop->neighbour)) {
            fail_msg("%s: the neighbour is blamed: %s", tampering->what, found->sentence);
        }
    }
    if (!named) {
        fail_msg("%s: not named; found %zu, first: %s", tampering->what, findings->count,
                 findings->count == 0 ? "nothing" : findings->list[0].sentence);
    }
}

static void each_tampering_is_found_and_named(void **state) {
    struct bench *bench = *state;
    if (!bench_is_durable()) {
        skip();
    }
    struct shop shop = open_shop(bench);
    bench_shut(bench); /* what was written is all that there is now */
    const struct store_options options = {.clock = {bench_clock, bench}, .read_only = true};
    for (size_t i = 0; i < sizeof tamperings / sizeof tamperings[0]; i++) {
        char url[BENCH_URL_SIZE];
        struct store *store;
        struct store_reader *reader;
        struct findings findings;
        copy_make(bench, url);
        tamper(url, tamperings[i].sql, &shop);
        assert_int_equal(store_open(url, &options, &store, &bench->failure), ERROR_NONE);
        assert_int_equal(store_open_reader(store, &reader, &bench->failure), ERROR_NONE);
        run_verify(reader, &findings);
        store_reader_close(reader);
        store_close(store);
        check(&tamperings[i], &findings, &shop);
        copy_remove(bench, url);
    }
}

/* --- beside a server --- */

struct server {
    struct bench *bench;
    struct till till;
    struct shop shop;
    int batches;
};

/* Between any two reads of verify the server sells, completes and releases. */
static void sell_on(void *context, const struct verify_report *so_far) {
    struct server *server = context;
    struct item two = {server->shop.type, 2};
    (void)so_far;
    if (server->batches++ < 20) {
        struct outcome made = till_do(&server->till, till_reserve(&server->till, &two, 900, NULL));
        struct uuid id = made.lines->id;
        till_do(&server->till, server->batches % 2 == 0
                                   ? till_complete(&server->till, id, false, "order")
                                   : till_release(&server->till, id, false));
    }
}

static void fail_on_difference(void *context, const struct verify_difference *difference) {
    (void)context;
    fail_msg("%s", difference->sentence);
}

static void a_server_may_go_on_selling(void **state) {
    struct server server = {.bench = *state};
    server.shop = open_shop(server.bench);
    till_open(&server.till, server.bench->writer);
    const struct verify_listener listener = {
        .on_difference = fail_on_difference, .on_progress = sell_on, .context = &server};
    struct verify_report report;
    struct failure failure;
    assert_int_equal(verify_run(server.bench->reader, &listener, &report, &failure), ERROR_NONE);
    assert_true(server.batches > 3);
    till_close(&server.till);
}

/* --- between row and entries --- */

static struct {
    const struct store_reader_operations *real;
    struct till till;
    int changes;
} between;

/* Before the entries of a reservation are read, it is sold. */
static void sell_first(struct store_reader *reader, struct uuid id, struct arena *arena) {
    struct reservation row;
    struct instant as_of;
    assert_int_equal(reader_reservation(reader, id, arena, &row, &as_of, NULL), ERROR_NONE);
    if (row.status == RESERVATION_ACTIVE && uuid_is_none(row.cart_id)) {
        between.changes++;
        till_do(&between.till, till_complete(&between.till, id, false, "order-7"));
    }
}

static enum error sell_then_read(struct store_reader *reader, const struct list_query *query,
                                 struct arena *arena, struct page *page, struct failure *failure) {
    sell_first(reader, query->filter.reservation_id, arena);
    return between.real->audit_log(reader, query, arena, page, failure);
}

static enum error sell_then_read_many(struct store_reader *reader, const struct uuid *ids,
                                      size_t count, size_t limit, struct arena *arena,
                                      struct page *page, struct failure *failure) {
    for (size_t i = 0; i < count; i++) {
        sell_first(reader, ids[i], arena);
    }
    return between.real->entries_of(reader, ids, count, limit, arena, page, failure);
}

static void a_reservation_that_changes_in_between_is_looked_at_again(void **state) {
    struct bench *bench = *state;
    open_shop(bench);
    between.real = bench->reader->operations;
    between.changes = 0;
    struct store_reader_operations operations = *between.real;
    operations.audit_log = sell_then_read;
    operations.entries_of = between.real->entries_of == NULL ? NULL : sell_then_read_many;
    bench->reader->operations = &operations;
    till_open(&between.till, bench->writer);
    struct findings findings;
    run_verify(bench->reader, &findings);
    till_close(&between.till);
    bench->reader->operations = between.real;
    assert_true(between.changes > 0);
    assert_string_equal(findings.count == 0 ? "" : findings.list[0].sentence, "");
}

int verify_tests(void) {
    const struct CMUnitTest tests[] = {
        BENCH_TEST(what_was_honestly_written_is_verified),
        BENCH_TEST(each_tampering_is_found_and_named),
        BENCH_TEST(a_server_may_go_on_selling),
        BENCH_TEST(a_reservation_that_changes_in_between_is_looked_at_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
