#include <stdio.h>
#include <time.h>

#include "shop.h"

static void entries_tell_who_did_what_without_a_gap(void **state) {
    struct shop *shop = *state;
    struct ticketd_call call = {.actor = ticketd_id_make(), .user_id = ticketd_id_make()};
    struct ticketd_adjust_request request = {
        .ticket_type_id = shop->type.id, .quantity = 5, .reason = "more chairs"};
    struct ticketd_reservation sale = shop_sale(shop, 2, "order-7");
    assert_code(ticketd_increase(shop->ticketd, &request, &call, NULL), TICKETD_OK);

    struct ticketd_entry entries[8];
    size_t count = 0;
    assert_code(ticketd_entries(shop->ticketd, shop->type.id, 0, entries, 8, &count), TICKETD_OK);
    assert_int_equal(count, 4);
    static const enum ticketd_action actions[] = {TICKETD_ACTION_INCREASE, TICKETD_ACTION_RESERVE,
                                                  TICKETD_ACTION_SALE, TICKETD_ACTION_INCREASE};
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(entries[i].seq, i + 1);
        assert_int_equal(entries[i].action, actions[i]);
    }
    assert_int_equal(entries[2].new_sold, 2);
    assert_string_equal(entries[2].order_id, "order-7");
    assert_true(ticketd_id_equals(entries[2].reservation_id, sale.id));
    assert_int_equal(entries[2].actor_kind, TICKETD_BY_SYSTEM);
    assert_string_equal(entries[3].reason, "more chairs");
    assert_int_equal(entries[3].actor_kind, TICKETD_BY_USER);
    assert_true(ticketd_id_equals(entries[3].actor, call.actor));
    assert_true(ticketd_id_equals(entries[3].user_id, call.user_id));

    assert_code(ticketd_entries(shop->ticketd, shop->type.id, 3, entries, 8, &count), TICKETD_OK);
    assert_int_equal(count, 1);
    assert_code(ticketd_entries(shop->ticketd, ticketd_id_make(), 0, entries, 8, &count),
                TICKETD_NOT_FOUND);
}

static void a_log_longer_than_a_page_is_read_whole(void **state) {
    enum { MORE = 1200 };
    struct shop *shop = *state;
    struct ticketd_adjust_request request = {
        .ticket_type_id = shop->type.id, .quantity = 1, .reason = "one more"};
    for (int i = 0; i < MORE; i++) {
        assert_code(ticketd_increase(shop->ticketd, &request, NULL, NULL), TICKETD_OK);
    }
    struct ticketd_entry *entries = calloc((size_t)2 * MORE, sizeof *entries);
    assert_non_null(entries);
    size_t count = 0;
    assert_code(ticketd_entries(shop->ticketd, shop->type.id, 0, entries, (size_t)2 * MORE, &count),
                TICKETD_OK);
    assert_int_equal(count, MORE + 1);
    assert_int_equal(entries[MORE].seq, MORE + 1);
    free(entries);
    struct ticketd_verification verification;
    assert_code(ticketd_verify(shop->ticketd, NULL, NULL, &verification), TICKETD_OK);
    assert_int_equal(verification.entries, MORE + 1);
    assert_int_equal(verification.faults, 0);
}

static void explain_knows_the_counts_of_any_instant(void **state) {
    struct shop *shop = *state;
    struct ticketd_explanation explanation;
    shop_tick();
    struct ticketd_reservation sale = shop_sale(shop, 3, "order");
    assert_code(ticketd_explain(shop->ticketd, shop->type.id, 0, &explanation), TICKETD_OK);
    assert_int_equal(explanation.seq, 3);
    assert_int_equal(explanation.counts.sold, 3);
    assert_int_equal(explanation.counts.available, 7);
    assert_code(ticketd_explain(shop->ticketd, shop->type.id, sale.created_at - 1, &explanation),
                TICKETD_OK);
    assert_int_equal(explanation.seq, 1);
    assert_int_equal(explanation.counts.available, 10);
    assert_code(ticketd_explain(shop->ticketd, shop->type.id, shop->type.created_at - 1, NULL),
                TICKETD_NOT_FOUND);
    assert_code(ticketd_explain(shop->ticketd, ticketd_id_make(), 0, NULL), TICKETD_NOT_FOUND);
}

static void verify_finds_nothing_where_nothing_is_wrong(void **state) {
    struct shop *shop = *state;
    struct ticketd_verification verification = {.faults = -1};
    shop_type(shop, "Balcony", 0);
    struct ticketd_reservation sale = shop_sale(shop, 3, "order");
    struct ticketd_refund_request refund = {.id = sale.id, .quantity = 1, .reason = "gone home"};
    assert_code(ticketd_refund(shop->ticketd, &refund, NULL, NULL), TICKETD_OK);
    shop_cart(shop, 2);
    assert_code(ticketd_verify(shop->ticketd, NULL, NULL, &verification), TICKETD_OK);
    assert_int_equal(verification.types, 2);
    assert_int_equal(verification.entries, 5);
    assert_int_equal(verification.faults, 0);
}

static const struct CMUnitTest tests[] = {
    shop_test(entries_tell_who_did_what_without_a_gap),
    shop_test(a_log_longer_than_a_page_is_read_whole),
    shop_test(explain_knows_the_counts_of_any_instant),
    shop_test(verify_finds_nothing_where_nothing_is_wrong),
};

SHOP_MAIN(tests)
