#include <unistd.h>

#include "shop.h"

static struct ticketd_call with_problem(struct ticketd_problem *problem) {
    return (struct ticketd_call){.problem = problem};
}

static void a_reservation_takes_tickets_and_says_until_when(void **state) {
    struct shop *shop = *state;
    struct ticketd_reserve_request request = {
        .ticket_type_id = shop->type.id, .quantity = 4, .seconds = 60};
    struct ticketd_reservation made;
    assert_code(ticketd_reserve(shop->ticketd, &request, NULL, &made), TICKETD_OK);
    assert_int_equal(made.status, TICKETD_ACTIVE);
    assert_int_equal(made.quantity, 4);
    assert_int_equal(made.unit_price, 2500);
    assert_string_equal(made.currency, "EUR");
    assert_int_equal(made.expires_at - made.created_at, 60 * 1000000);
    assert_int_equal(made.remaining_seconds, 60);
    assert_int_equal(shop_available(shop), 6);

    struct ticketd_reservation read;
    assert_code(ticketd_reservation_read(shop->ticketd, made.id, &read), TICKETD_OK);
    assert_true(ticketd_id_equals(read.id, made.id));
    assert_int_equal(read.status, TICKETD_ACTIVE);
}

static void without_seconds_a_reservation_lives_fifteen_minutes(void **state) {
    struct ticketd_reservation made = shop_reserve(*state, 1);
    assert_int_equal(made.expires_at - made.created_at, INT64_C(900) * 1000000);
}

static void more_than_there_is_is_refused_with_the_numbers(void **state) {
    struct shop *shop = *state;
    struct ticketd_problem problem;
    struct ticketd_call call = with_problem(&problem);
    shop_reserve(shop, 8);
    struct ticketd_reserve_request request = {.ticket_type_id = shop->type.id, .quantity = 3};
    assert_code(ticketd_reserve(shop->ticketd, &request, &call, NULL),
                TICKETD_INSUFFICIENT_INVENTORY);
    assert_int_equal(problem.code, TICKETD_INSUFFICIENT_INVENTORY);
    assert_int_equal(problem.requested, 3);
    assert_int_equal(problem.available, 2);
    assert_int_equal(problem.reserved, 8);
    assert_int_equal(problem.sold_remaining, -1);
    assert_true(problem.next_expiry_at > 0);
    assert_true(ticketd_id_equals(problem.ticket_type_id, shop->type.id));
    assert_int_equal(shop_available(shop), 2);
}

static void what_cannot_be_right_is_named_and_changes_nothing(void **state) {
    struct shop *shop = *state;
    static const struct {
        int32_t quantity, seconds;
        const char *field;
    } cases[] = {{0, 0, "quantity"}, {-1, 0, "quantity"}, {1, -1, "seconds"}, {1, 7201, "seconds"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ticketd_problem problem;
        struct ticketd_call call = with_problem(&problem);
        struct ticketd_reserve_request request = {.ticket_type_id = shop->type.id,
                                                  .quantity = cases[i].quantity,
                                                  .seconds = cases[i].seconds};
        assert_code(ticketd_reserve(shop->ticketd, &request, &call, NULL), TICKETD_INVALID);
        assert_string_equal(problem.field, cases[i].field);
        assert_true(strlen(problem.detail) > 0);
    }
    assert_int_equal(shop_available(shop), 10);
}

static void what_is_not_there_is_not_found(void **state) {
    struct shop *shop = *state;
    struct ticketd_id nothing = ticketd_id_make();
    struct ticketd_reserve_request reserve = {.ticket_type_id = nothing, .quantity = 1};
    struct ticketd_release_request release = {.id = nothing};
    assert_code(ticketd_reserve(shop->ticketd, &reserve, NULL, NULL), TICKETD_NOT_FOUND);
    assert_code(ticketd_release(shop->ticketd, &release, NULL, NULL), TICKETD_NOT_FOUND);
    assert_code(ticketd_reservation_read(shop->ticketd, nothing, NULL), TICKETD_NOT_FOUND);
}

static void completing_sells_and_the_same_order_may_ask_again(void **state) {
    struct shop *shop = *state;
    struct ticketd_reservation sale = shop_reserve(shop, 2);
    struct ticketd_complete_request request = {
        .id = sale.id, .order_id = "order-1", .tender = "card", .channel = TICKETD_PARTNER};
    assert_code(ticketd_complete_sale(shop->ticketd, &request, NULL, &sale), TICKETD_OK);
    assert_int_equal(sale.status, TICKETD_COMPLETED);
    assert_int_equal(sale.channel, TICKETD_PARTNER);
    assert_string_equal(sale.order_id, "order-1");
    assert_string_equal(sale.tender, "card");
    assert_true(sale.completed_at > 0);
    assert_code(ticketd_complete_sale(shop->ticketd, &request, NULL, &sale), TICKETD_OK);

    struct ticketd_problem problem;
    struct ticketd_call call = with_problem(&problem);
    request.order_id = "order-2";
    assert_code(ticketd_complete_sale(shop->ticketd, &request, &call, NULL),
                TICKETD_ORDER_MISMATCH);
    assert_string_equal(problem.order_id, "order-1");
    struct ticketd_counts counts;
    assert_code(ticketd_counts(shop->ticketd, shop->type.id, &counts), TICKETD_OK);
    assert_int_equal(counts.sold, 2);
    assert_int_equal(counts.reserved, 0);
}

static void completing_needs_an_order_id_and_free_tickets_a_reason(void **state) {
    struct shop *shop = *state;
    struct ticketd_reservation made = shop_reserve(shop, 1);
    struct ticketd_problem problem;
    struct ticketd_call call = with_problem(&problem);
    struct ticketd_complete_request request = {.id = made.id};
    assert_code(ticketd_complete_sale(shop->ticketd, &request, &call, NULL), TICKETD_INVALID);
    assert_string_equal(problem.field, "order_id");
    request = (struct ticketd_complete_request){
        .id = made.id, .order_id = "press", .channel = TICKETD_COMP};
    assert_code(ticketd_complete_sale(shop->ticketd, &request, &call, NULL), TICKETD_INVALID);
    assert_string_equal(problem.field, "reason");
    request.reason = "for the press";
    assert_code(ticketd_complete_sale(shop->ticketd, &request, NULL, &made), TICKETD_OK);
    assert_int_equal(made.unit_price, 0);
}

static void releasing_gives_back_and_ends_it(void **state) {
    struct shop *shop = *state;
    struct ticketd_reservation made = shop_reserve(shop, 3);
    struct ticketd_release_request request = {.id = made.id, .reason = "changed his mind"};
    assert_code(ticketd_release(shop->ticketd, &request, NULL, &made), TICKETD_OK);
    assert_int_equal(made.status, TICKETD_RELEASED);
    assert_int_equal(shop_available(shop), 10);
    struct ticketd_complete_request complete = {.id = made.id, .order_id = "late"};
    assert_code(ticketd_complete_sale(shop->ticketd, &complete, NULL, NULL),
                TICKETD_RESERVATION_RELEASED);
    struct ticketd_reservation sale = shop_sale(shop, 1, "order");
    request.id = sale.id;
    assert_code(ticketd_release(shop->ticketd, &request, NULL, NULL),
                TICKETD_RESERVATION_COMPLETED);
}

static void extending_gives_more_time_up_to_two_hours(void **state) {
    struct shop *shop = *state;
    struct ticketd_reservation made = shop_reserve(shop, 1);
    struct ticketd_problem problem;
    struct ticketd_call call = with_problem(&problem);
    struct ticketd_extend_request request = {.id = made.id, .seconds = 3600};
    struct ticketd_reservation extended;
    assert_code(ticketd_extend(shop->ticketd, &request, NULL, &extended), TICKETD_OK);
    assert_true(extended.expires_at > made.expires_at + INT64_C(2000) * 1000000);
    shop_tick();
    request.seconds = 7200; /* from now on, which is later than it was made */
    assert_code(ticketd_extend(shop->ticketd, &request, &call, NULL), TICKETD_EXTENSION_LIMIT);
    assert_int_equal(problem.limit, 7200);
    request.seconds = 0;
    assert_code(ticketd_extend(shop->ticketd, &request, &call, NULL), TICKETD_INVALID);
    assert_string_equal(problem.field, "seconds");
}

static void refunds_take_back_no_more_than_was_sold(void **state) {
    struct shop *shop = *state;
    struct ticketd_reservation sale = shop_sale(shop, 4, "order");
    struct ticketd_refund refund;
    struct ticketd_refund_request request = {
        .id = sale.id, .quantity = 1, .reason = "one is ill", .tender = "cash"};
    assert_code(ticketd_refund(shop->ticketd, &request, NULL, &refund), TICKETD_OK);
    assert_int_equal(refund.quantity, 1);
    assert_int_equal(refund.amount, 2500);
    assert_int_equal(refund.reservation.refunded_quantity, 1);
    assert_int_equal(shop_available(shop), 7);

    struct ticketd_problem problem;
    struct ticketd_call call = with_problem(&problem);
    request.quantity = 4;
    assert_code(ticketd_refund(shop->ticketd, &request, &call, NULL), TICKETD_NOT_SOLD);
    assert_int_equal(problem.sold_remaining, 3);

    request = (struct ticketd_refund_request){
        .id = sale.id, .reason = "seats are broken", .disposition = TICKETD_VOID};
    assert_code(ticketd_refund(shop->ticketd, &request, NULL, &refund), TICKETD_OK);
    assert_int_equal(refund.quantity, 3);
    assert_int_equal(refund.amount, 3 * 2500);
    struct ticketd_counts counts;
    assert_code(ticketd_counts(shop->ticketd, shop->type.id, &counts), TICKETD_OK);
    assert_int_equal(counts.total, 7);
    assert_int_equal(counts.sold, 0);
    request.reason = NULL;
    assert_code(ticketd_refund(shop->ticketd, &request, &call, NULL), TICKETD_INVALID);
    assert_string_equal(problem.field, "reason");
}

/* Waits for an expiry: the one thing here that only time can bring. */
static struct ticketd_reservation expired_reservation(struct shop *shop, int32_t quantity) {
    struct ticketd_reservation made;
    struct ticketd_reserve_request request = {
        .ticket_type_id = shop->type.id, .quantity = quantity, .seconds = 1};
    assert_code(ticketd_reserve(shop->ticketd, &request, NULL, &made), TICKETD_OK);
    while (made.status == TICKETD_ACTIVE) {
        assert_true(made.remaining_seconds > 0); /* swept or not */
        usleep(20 * 1000);
        assert_code(ticketd_reservation_read(shop->ticketd, made.id, &made), TICKETD_OK);
    }
    return made;
}

static void an_expired_one_holds_nothing_and_may_still_be_paid_for(void **state) {
    struct shop *shop = *state;
    struct ticketd_reservation late = expired_reservation(shop, 10);
    assert_int_equal(late.status, TICKETD_EXPIRED);
    assert_int_equal(shop_available(shop), 10);
    struct ticketd_complete_request request = {
        .id = late.id, .order_id = "late", .refuse_if_expired = true};
    assert_code(ticketd_complete_sale(shop->ticketd, &request, NULL, NULL),
                TICKETD_RESERVATION_EXPIRED);
    request.refuse_if_expired = false;
    assert_code(ticketd_complete_sale(shop->ticketd, &request, NULL, &late), TICKETD_OK);
    assert_int_equal(shop_available(shop), 0);
}

static void the_sweep_writes_each_expiry_once(void **state) {
    struct shop *shop = *state;
    expired_reservation(shop, 2);
    int64_t released = 0;
    struct ticketd_entry entries[4];
    size_t count = 0;
    /* The library's own sweep may have been first. */
    assert_code(ticketd_release_expired(shop->ticketd, &released), TICKETD_OK);
    assert_in_range(released, 0, 1);
    assert_code(ticketd_release_expired(shop->ticketd, &released), TICKETD_OK);
    assert_int_equal(released, 0);
    assert_code(ticketd_entries(shop->ticketd, shop->type.id, 0, entries, 4, &count), TICKETD_OK);
    assert_int_equal(count, 3);
    assert_int_equal(entries[2].action, TICKETD_ACTION_RELEASE);
    assert_true(entries[2].effective_at > 0);
}

static void a_direct_sale_needs_no_reservation(void **state) {
    struct shop *shop = *state;
    struct ticketd_item item = {shop->type.id, 3};
    struct ticketd_sell_request request = {
        .items = &item, .items_count = 1, .channel = TICKETD_BOX_OFFICE, .tender = "cash"};
    struct ticketd_cart cart;
    assert_code(ticketd_sell(shop->ticketd, &request, NULL, &cart), TICKETD_OK);
    assert_int_equal(cart.status, TICKETD_COMPLETED);
    assert_int_equal(cart.amount, 7500);
    assert_memory_equal(cart.order_id, "BO-", 3);
    assert_int_equal(shop_available(shop), 7);
    request.channel = TICKETD_ONLINE;
    assert_code(ticketd_sell(shop->ticketd, &request, NULL, NULL), TICKETD_INVALID);
}

static void a_key_gives_the_same_answer_again(void **state) {
    struct shop *shop = *state;
    bool replayed = true;
    struct ticketd_call call = {.idempotency_key = "0190-key", .replayed = &replayed};
    struct ticketd_reserve_request request = {.ticket_type_id = shop->type.id, .quantity = 2};
    struct ticketd_reservation first, second;
    assert_code(ticketd_reserve(shop->ticketd, &request, &call, &first), TICKETD_OK);
    assert_false(replayed);
    shop_reserve(shop, 8); /* sold out by now */
    assert_code(ticketd_reserve(shop->ticketd, &request, &call, &second), TICKETD_OK);
    assert_true(replayed);
    assert_true(ticketd_id_equals(first.id, second.id));
    assert_int_equal(shop_available(shop), 0);

    request.quantity = 1;
    assert_code(ticketd_reserve(shop->ticketd, &request, &call, NULL),
                TICKETD_IDEMPOTENCY_KEY_REUSED);
    call.actor = ticketd_id_make(); /* another actor's key is another key */
    assert_code(ticketd_reserve(shop->ticketd, &request, &call, NULL),
                TICKETD_INSUFFICIENT_INVENTORY);
    call.idempotency_key = "with space";
    assert_code(ticketd_reserve(shop->ticketd, &request, &call, NULL), TICKETD_INVALID);
}

static const struct CMUnitTest tests[] = {
    shop_test(a_reservation_takes_tickets_and_says_until_when),
    shop_test(without_seconds_a_reservation_lives_fifteen_minutes),
    shop_test(more_than_there_is_is_refused_with_the_numbers),
    shop_test(what_cannot_be_right_is_named_and_changes_nothing),
    shop_test(what_is_not_there_is_not_found),
    shop_test(completing_sells_and_the_same_order_may_ask_again),
    shop_test(completing_needs_an_order_id_and_free_tickets_a_reason),
    shop_test(releasing_gives_back_and_ends_it),
    shop_test(extending_gives_more_time_up_to_two_hours),
    shop_test(refunds_take_back_no_more_than_was_sold),
    shop_test(an_expired_one_holds_nothing_and_may_still_be_paid_for),
    shop_test(the_sweep_writes_each_expiry_once),
    shop_test(a_direct_sale_needs_no_reservation),
    shop_test(a_key_gives_the_same_answer_again),
};

SHOP_MAIN(tests)
