/* An adopted database is sold from, as the role ticketd_app; what was made before ticketd goes its
 * way under the rules; verify finds nothing. */
#include <stdio.h>

#include "shop.h"
#include "store/verify.h"
#include "till.h"

static struct uuid id_of(const char *text) {
    struct uuid id;
    assert_true(uuid_parse(text_of(text), &id));
    return id;
}

#define STALLS  id_of("d0000000-0000-4000-8000-000000000001")
#define CIRCLE  id_of("d0000000-0000-4000-8000-000000000002")
#define LAST    id_of("d0000000-0000-4000-8000-000000000004")
#define SOLD    id_of("f0000000-0000-4000-8000-000000000001")
#define HELD    id_of("f0000000-0000-4000-8000-000000000003")
#define HELD_1  id_of("f0000000-0000-4000-8000-000000000004")
#define OVERDUE id_of("f0000000-0000-4000-8000-000000000005")
#define EXPIRED id_of("f0000000-0000-4000-8000-000000000006")
#define SOLD_1  id_of("f0000000-0000-4000-8000-000000000007")

struct house {
    struct shop *shop;
    char url[DATABASE_URL_SIZE], app[DATABASE_URL_SIZE];
    struct store *store;
    struct store_writer *writer;
    struct store_reader *reader;
    struct till till;
    struct arena arena;
};

/* Adopts the shop's database after a change of it, and opens it as who serves. */
static void open_house(struct house *house, struct shop *shop, const char *change) {
    struct failure failure;
    struct migrate_result result;
    *house = (struct house){.shop = shop};
    shop_database(shop, change, house->url);
    free(
        migrate_prints(house->url, &(struct migrate_options){.accept_differences = true}, &result));
    assert_false(result.blocked);
    enum error error = store_open(url_as(house->url, "ticketd_app", house->app),
                                  &(struct store_options){0}, &house->store, &failure);
    assert_string_equal(error == ERROR_NONE ? "" : failure.sentence, "");
    assert_int_equal(store_open_writer(house->store, &house->writer, &failure), ERROR_NONE);
    assert_int_equal(store_open_reader(house->store, &house->reader, &failure), ERROR_NONE);
    till_open(&house->till, house->writer);
    arena_init(&house->arena, 64 << 20);
}

static void note(void *context, const struct verify_difference *difference) {
    (void)context;
    fprintf(stderr, "verify: %s\n", difference->sentence);
}

static void assert_verified(struct house *house) {
    const struct verify_listener listener = {.on_difference = note};
    struct verify_report report;
    struct failure failure;
    enum error error = verify_run(house->reader, &listener, &report, &failure);
    assert_string_equal(error == ERROR_NONE ? "" : failure.sentence, "");
    assert_int_equal(report.types, 4);
    assert_in_range(report.reservations, 7, 20);
    assert_int_equal(report.differences, 0);
}

static void close_house(struct house *house) {
    assert_verified(house);
    till_close(&house->till);
    arena_finish(&house->arena);
    store_reader_close(house->reader);
    store_writer_close(house->writer);
    store_close(house->store);
    shop_drop(house->shop, house->url);
}

static void assert_type(struct house *house, struct uuid type, int32_t total, int32_t sold,
                        int32_t reserved) {
    struct type_sums sums;
    struct failure failure;
    assert_int_equal(reader_sums(house->reader, type, &house->arena, &sums, &failure), ERROR_NONE);
    assert_int_equal(sums.row.counts.total, total);
    assert_int_equal(sums.row.counts.sold, sold);
    assert_int_equal(sums.row.counts.reserved, reserved);
}

static enum verdict decide_one(struct house *house, struct command command) {
    struct outcome outcome;
    assert_int_equal(till_batch(&house->till, &command, 1, &outcome), ERROR_NONE);
    return outcome.verdict;
}

static void as_it_is_adopted_it_is_verified(void **state) {
    struct house house;
    open_house(&house, *state, NULL);
    assert_type(&house, STALLS, 100, 5, 7);
    close_house(&house);
}

static void what_was_held_is_completed_and_released(void **state) {
    struct house house;
    open_house(&house, *state, NULL);
    /* The overdue one goes with the first batch that touches its type. */
    till_do(&house.till, till_complete(&house.till, HELD, false, "order-9"));
    assert_type(&house, STALLS, 100, 9, 1);
    till_do(&house.till, till_release(&house.till, HELD_1, false));
    assert_type(&house, STALLS, 100, 9, 0);
    assert_answer(house.url,
                  "SELECT string_agg(format('%s %s %s', action, quantity, coalesce(reason, '')), "
                  "', ' ORDER BY seq) FROM inventory_audit_log WHERE seq > 3",
                  "release 2 Reservation expired, sale 4 , release 1 ");
    close_house(&house);
}

static void what_is_overdue_expires_and_is_taken_again_by_who_has_paid(void **state) {
    struct house house;
    open_house(&house, *state, NULL);
    till_do(&house.till, till_sweep(&house.till, STALLS));
    assert_type(&house, STALLS, 100, 5, 5);
    till_do(&house.till, till_complete(&house.till, OVERDUE, false, "order-8"));
    till_do(&house.till, till_complete(&house.till, EXPIRED, false, "order-7"));
    assert_type(&house, STALLS, 100, 13, 5);
    close_house(&house);
}

static void what_was_sold_is_refunded_and_asked_for_again(void **state) {
    struct house house;
    open_house(&house, *state, NULL);
    till_do(&house.till, till_refund(&house.till, SOLD, 1));
    assert_type(&house, STALLS, 100, 4, 5);
    assert_verified(&house);
    till_do(&house.till, till_refund(&house.till, SOLD, 1));
    assert_int_equal(decide_one(&house, till_refund(&house.till, SOLD, 1)), VERDICT_NOT_SOLD);
    /* The shop asks again for a sale it made itself. */
    const char *order = "0d000000-0000-4000-8000-000000000001";
    till_do(&house.till, till_complete(&house.till, SOLD, false, order));
    assert_int_equal(decide_one(&house, till_complete(&house.till, SOLD, false, "another")),
                     VERDICT_ORDER_MISMATCH);
    close_house(&house);
}

static void nothing_is_sold_that_was_sold_before(void **state) {
    struct house house;
    open_house(&house, *state, NULL);
    struct item last = {LAST, 1};
    struct item circle = {CIRCLE, 50};
    assert_int_equal(decide_one(&house, till_reserve(&house.till, &last, 900, NULL)),
                     VERDICT_INSUFFICIENT_INVENTORY);
    till_do(&house.till, till_reserve(&house.till, &circle, 900, NULL));
    assert_type(&house, CIRCLE, 50, 0, 50);
    till_do(&house.till, till_refund(&house.till, SOLD_1, 1));
    till_do(&house.till, till_sell(&house.till, &last, 1));
    assert_type(&house, LAST, 1, 1, 0);
    close_house(&house);
}

static void sales_without_a_reservation_stay_sold(void **state) {
    struct house house;
    open_house(&house, *state, "UPDATE ticket_types SET sold_count = 90 WHERE name = 'Stalls'");
    struct item stalls = {STALLS, 5};
    till_do(&house.till, till_refund(&house.till, SOLD, 2));
    assert_type(&house, STALLS, 100, 88, 5);
    till_do(&house.till, till_reserve(&house.till, &stalls, 900, NULL));
    assert_int_equal(decide_one(&house, till_reserve(&house.till, &stalls, 900, NULL)),
                     VERDICT_INSUFFICIENT_INVENTORY);
    close_house(&house);
}

/* The old application gave back 4 of 5 and said nothing in the reservations. */
static void no_refund_takes_more_than_is_counted_as_sold(void **state) {
    struct house house;
    open_house(&house, *state, "UPDATE ticket_types SET sold_count = 1 WHERE name = 'Stalls'");
    assert_int_equal(decide_one(&house, till_refund(&house.till, SOLD, 2)), VERDICT_NOT_SOLD);
    till_do(&house.till, till_refund(&house.till, SOLD, 1));
    assert_type(&house, STALLS, 100, 0, 5);
    assert_int_equal(decide_one(&house, till_refund(&house.till, SOLD, 1)), VERDICT_NOT_SOLD);
    till_do(&house.till, till_complete(&house.till, HELD, false, "order-9"));
    till_do(&house.till, till_refund(&house.till, HELD, 4));
    assert_type(&house, STALLS, 100, 0, 1);
    close_house(&house);
}

static void reserved_was_wrong_and_is_right_now(void **state) {
    struct house house;
    open_house(&house, *state, "UPDATE ticket_types SET reserved_count = 60 WHERE name = 'Stalls'");
    assert_type(&house, STALLS, 100, 5, 7);
    till_do(&house.till, till_release(&house.till, HELD, false));
    assert_type(&house, STALLS, 100, 5, 1);
    close_house(&house);
}

static void before_the_adoption_the_counts_are_not_known(void **state) {
    struct house house;
    struct history history;
    struct failure failure;
    struct instant long_ago;
    open_house(&house, *state,
               "UPDATE ticket_types SET created_at = '2025-11-01 00:00Z' WHERE name = 'Stalls'");
    assert_true(instant_parse(TEXT("2026-01-01T00:00:00Z"), &long_ago));
    assert_int_equal(
        reader_history(house.reader, STALLS, long_ago, &house.arena, &history, &failure),
        ERROR_NONE);
    assert_false(history.known);
    assert_false(instant_is_none(history.adopted_at));
    assert_int_equal(reader_history(house.reader, STALLS, instant_plus_seconds(instant_now(), 1),
                                    &house.arena, &history, &failure),
                     ERROR_NONE);
    assert_true(history.known);
    assert_int_equal(history.counts.sold, 5);
    close_house(&house);
}

static struct list_query everything(void) {
    return (struct list_query){.filter = {.after_seq = -1,
                                          .from = INSTANT_NONE,
                                          .to = INSTANT_NONE,
                                          .own_since = INSTANT_NONE,
                                          .include_archived = true},
                               .limit = 100};
}

static void lists_hold_what_was_made_before_and_the_log_only_its_chain(void **state) {
    struct house house;
    struct page page;
    struct failure failure;
    struct list_query query = everything();
    open_house(&house, *state, NULL);
    assert_int_equal(reader_audit_log(house.reader, &query, &house.arena, &page, &failure),
                     ERROR_NONE);
    assert_int_equal(page.count, 6);
    query.filter.ticket_type_id = STALLS;
    assert_int_equal(reader_audit_log(house.reader, &query, &house.arena, &page, &failure),
                     ERROR_NONE);
    assert_int_equal(page.count, 3);
    query = everything();
    query.filter.event_id = id_of("e0000000-0000-4000-8000-000000000001");
    assert_int_equal(reader_audit_log(house.reader, &query, &house.arena, &page, &failure),
                     ERROR_NONE);
    assert_int_equal(page.count, 4);
    query = everything();
    assert_int_equal(reader_reservations(house.reader, &query, &house.arena, &page, &failure),
                     ERROR_NONE);
    assert_int_equal(page.count, 7);
    assert_int_equal(reader_sales(house.reader, &query, &house.arena, &page, &failure), ERROR_NONE);
    assert_int_equal(page.count, 3);
    query.filter.order_id = TEXT("0d000000-0000-4000-8000-000000000002");
    assert_int_equal(reader_sales(house.reader, &query, &house.arena, &page, &failure), ERROR_NONE);
    assert_int_equal(page.count, 1);
    assert_int_equal(((const struct reservation *)page.rows)->quantity, 3);
    close_house(&house);
}

static void order_ids_that_are_uuids_stay_so(void **state) {
    struct house house;
    open_house(&house, *state,
               "ALTER TABLE ticket_reservations ALTER COLUMN order_id TYPE uuid USING "
               "order_id::uuid");
    assert_int_equal(decide_one(&house, till_complete(&house.till, HELD, false, "order-9")),
                     VERDICT_VALIDATION_FAILED);
    till_do(&house.till,
            till_complete(&house.till, HELD, false, "0D000000-0000-4000-8000-00000000000A"));
    assert_answer(house.url, "SELECT order_id FROM ticket_reservations WHERE quantity = 4",
                  "0d000000-0000-4000-8000-00000000000a");
    close_house(&house);
}

static void a_customers_limit_is_kept_where_quantities_are_of_a_wider_type(void **state) {
    struct house house;
    open_house(&house, *state, "ALTER TABLE ticket_reservations ALTER COLUMN quantity TYPE bigint");
    run_sql(house.url, "UPDATE ticket_types SET max_per_customer = 3 WHERE name = 'Circle'");
    struct item two = {CIRCLE, 2};
    house.till.caller.role = ROLE_CHECKOUT;
    struct command command = till_reserve(&house.till, &two, 600, NULL);
    command.of.reserve.user_id = id_of("a0000000-0000-4000-8000-000000000009");
    struct command again = command;
    till_do(&house.till, command);
    assert_int_equal(decide_one(&house, again), VERDICT_LIMIT_PER_CUSTOMER);
    close_house(&house);
}

static void what_only_the_shop_can_fill_the_shop_makes(void **state) {
    struct house house;
    open_house(&house, *state,
               "ALTER TABLE events ADD COLUMN genre text NOT NULL DEFAULT 'opera';"
               "ALTER TABLE events ALTER COLUMN genre DROP DEFAULT");
    assert_int_equal(decide_one(&house, till_event(&house.till, "Aida")),
                     VERDICT_MANAGED_ELSEWHERE);
    assert_int_equal(
        decide_one(&house,
                   till_type(&house.till, id_of("e0000000-0000-4000-8000-000000000001"), 0)),
        VERDICT_GRANTED);
    run_sql(house.url, "DELETE FROM ticket_types WHERE initial_inventory = 0 AND name <> 'Box'");
    close_house(&house);
}

/* An entry that the adoption wrote is changed: the chain tells. */
static void an_opening_that_was_tampered_with_is_found(void **state) {
    struct house house;
    struct verify_report report;
    struct failure failure;
    const struct verify_listener listener = {.on_difference = note};
    open_house(&house, *state, NULL);
    run_sql(house.url, "UPDATE inventory_audit_log SET reason = 'Adapted' WHERE seq = 3");
    assert_int_equal(verify_run(house.reader, &listener, &report, &failure), ERROR_NONE);
    assert_int_not_equal(report.differences, 0);
    run_sql(house.url, "UPDATE inventory_audit_log SET reason = 'Adopted' WHERE seq = 3");
    /* And so is a reservation that was slipped in since. */
    run_sql(
        house.url,
        "INSERT INTO ticket_reservations (ticket_type_id, quantity, expires_at, status, "
        "event_id, unit_price, currency) SELECT ticket_type_id, 1, now(), 'released', event_id, "
        "unit_price, currency FROM ticket_reservations WHERE quantity = 4");
    assert_int_equal(verify_run(house.reader, &listener, &report, &failure), ERROR_NONE);
    assert_int_equal(report.differences, 1);
    run_sql(house.url, "DELETE FROM ticket_reservations WHERE status = 'released'");
    close_house(&house);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(as_it_is_adopted_it_is_verified),
        cmocka_unit_test(what_was_held_is_completed_and_released),
        cmocka_unit_test(what_is_overdue_expires_and_is_taken_again_by_who_has_paid),
        cmocka_unit_test(what_was_sold_is_refunded_and_asked_for_again),
        cmocka_unit_test(nothing_is_sold_that_was_sold_before),
        cmocka_unit_test(sales_without_a_reservation_stay_sold),
        cmocka_unit_test(no_refund_takes_more_than_is_counted_as_sold),
        cmocka_unit_test(reserved_was_wrong_and_is_right_now),
        cmocka_unit_test(before_the_adoption_the_counts_are_not_known),
        cmocka_unit_test(lists_hold_what_was_made_before_and_the_log_only_its_chain),
        cmocka_unit_test(order_ids_that_are_uuids_stay_so),
        cmocka_unit_test(a_customers_limit_is_kept_where_quantities_are_of_a_wider_type),
        cmocka_unit_test(what_only_the_shop_can_fill_the_shop_makes),
        cmocka_unit_test(an_opening_that_was_tampered_with_is_found),
    };
    return cmocka_run_group_tests(tests, shop_open, shop_close);
}
