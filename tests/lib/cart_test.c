#include "shop.h"

static void a_cart_takes_all_of_its_lines_or_none(void **state) {
    struct shop *shop = *state;
    struct ticketd_id balcony = shop_type(shop, "Balcony", 3);
    struct ticketd_item items[] = {{shop->type.id, 2}, {balcony, 4}, {shop->type.id, 1}};
    struct ticketd_cart_request request = {.items = items, .items_count = 3, .seconds = 120};
    struct ticketd_cart cart;
    assert_code(ticketd_cart_create(shop->ticketd, &request, NULL, &cart),
                TICKETD_INSUFFICIENT_INVENTORY);
    assert_int_equal(shop_available(shop), 10);
    items[1].quantity = 3;
    assert_code(ticketd_cart_create(shop->ticketd, &request, NULL, &cart), TICKETD_OK);
    assert_int_equal(cart.lines_count, 2); /* lines of one type are one */
    assert_int_equal(cart.amount, 3 * 2500 + 3 * 1000);
    assert_string_equal(cart.currency, "EUR");
    assert_int_equal(cart.remaining_seconds, 120);
    assert_int_equal(shop_available(shop), 7);
    struct ticketd_cart read;
    assert_code(ticketd_cart_read(shop->ticketd, cart.id, &read), TICKETD_OK);
    assert_int_equal(read.lines_count, 2);
    assert_int_equal(read.amount, cart.amount);
}

static void replacing_lines_keeps_the_timer_and_gives_back_what_is_missing(void **state) {
    struct shop *shop = *state;
    struct ticketd_id balcony = shop_type(shop, "Balcony", 3);
    struct ticketd_cart cart = shop_cart(shop, 4);
    struct ticketd_item items[] = {{balcony, 2}};
    struct ticketd_cart_request request = {.id = cart.id, .items = items, .items_count = 1};
    struct ticketd_cart replaced;
    assert_code(ticketd_cart_replace(shop->ticketd, &request, NULL, &replaced), TICKETD_OK);
    assert_int_equal(replaced.lines_count, 1);
    assert_true(ticketd_id_equals(replaced.lines[0].ticket_type_id, balcony));
    assert_int_equal(replaced.expires_at, cart.expires_at);
    assert_int_equal(shop_available(shop), 10);
}

static void a_cart_is_sold_as_a_whole_and_refunded_in_parts(void **state) {
    struct shop *shop = *state;
    struct ticketd_id balcony = shop_type(shop, "Balcony", 3);
    struct ticketd_item items[] = {{shop->type.id, 2}, {balcony, 3}};
    struct ticketd_cart_request request = {.items = items, .items_count = 2};
    struct ticketd_cart cart;
    assert_code(ticketd_cart_create(shop->ticketd, &request, NULL, &cart), TICKETD_OK);

    struct ticketd_complete_request complete = {.id = cart.lines[0].id, .order_id = "order"};
    struct ticketd_problem problem;
    struct ticketd_call call = {.problem = &problem};
    assert_code(ticketd_complete_sale(shop->ticketd, &complete, &call, NULL),
                TICKETD_BELONGS_TO_CART);
    assert_true(ticketd_id_equals(problem.cart_id, cart.id));
    complete.id = cart.id;
    assert_code(ticketd_cart_complete(shop->ticketd, &complete, NULL, &cart), TICKETD_OK);
    assert_int_equal(cart.status, TICKETD_COMPLETED);
    assert_int_equal(cart.lines[1].status, TICKETD_COMPLETED);

    struct ticketd_item back = {cart.lines[0].id, 1};
    struct ticketd_cart_refund_request refund = {
        .id = cart.id, .items = &back, .items_count = 1, .reason = "one too many"};
    struct ticketd_cart_refund refunded;
    assert_code(ticketd_cart_refund(shop->ticketd, &refund, NULL, &refunded), TICKETD_OK);
    assert_int_equal(refunded.quantity, 1);
    assert_int_equal(refunded.amount, cart.lines[0].unit_price);
    refund.items_count = 0;
    assert_code(ticketd_cart_refund(shop->ticketd, &refund, NULL, &refunded), TICKETD_OK);
    assert_int_equal(refunded.quantity, 4);
    assert_code(ticketd_cart_refund(shop->ticketd, &refund, NULL, NULL), TICKETD_NOT_SOLD);
    assert_int_equal(shop_available(shop), 10);
}

static void releasing_a_cart_gives_all_lines_back(void **state) {
    struct shop *shop = *state;
    struct ticketd_cart cart = shop_cart(shop, 5);
    struct ticketd_release_request request = {.id = cart.id};
    assert_code(ticketd_cart_release(shop->ticketd, &request, NULL, &cart), TICKETD_OK);
    assert_int_equal(cart.status, TICKETD_RELEASED);
    assert_int_equal(cart.lines_count, 1);
    assert_int_equal(shop_available(shop), 10);
}

static void extending_a_cart_moves_all_lines(void **state) {
    struct shop *shop = *state;
    struct ticketd_cart cart = shop_cart(shop, 1);
    struct ticketd_extend_request request = {.id = cart.id, .seconds = 3000};
    struct ticketd_cart extended;
    assert_code(ticketd_cart_extend(shop->ticketd, &request, NULL, &extended), TICKETD_OK);
    assert_true(extended.expires_at > cart.expires_at);
    struct ticketd_reservation line;
    assert_code(ticketd_reservation_read(shop->ticketd, cart.lines[0].id, &line), TICKETD_OK);
    assert_int_equal(line.expires_at, extended.expires_at);
}

static void a_cart_has_one_to_fifty_items_and_each_at_least_one_ticket(void **state) {
    struct shop *shop = *state;
    struct ticketd_item items[51];
    for (size_t i = 0; i < 51; i++) {
        items[i] = (struct ticketd_item){shop->type.id, 1};
    }
    struct ticketd_problem problem;
    struct ticketd_call call = {.problem = &problem};
    struct ticketd_cart_request request = {.items = items, .items_count = 51};
    assert_code(ticketd_cart_create(shop->ticketd, &request, &call, NULL), TICKETD_INVALID);
    assert_string_equal(problem.field, "items");
    request.items_count = 0;
    assert_code(ticketd_cart_create(shop->ticketd, &request, &call, NULL), TICKETD_INVALID);
    items[1].quantity = 0;
    request.items_count = 2;
    assert_code(ticketd_cart_create(shop->ticketd, &request, &call, NULL), TICKETD_INVALID);
    assert_string_equal(problem.field, "items/1/quantity");
    assert_code(ticketd_cart_read(shop->ticketd, ticketd_id_make(), NULL), TICKETD_NOT_FOUND);
}

static const struct CMUnitTest tests[] = {
    shop_test(a_cart_takes_all_of_its_lines_or_none),
    shop_test(replacing_lines_keeps_the_timer_and_gives_back_what_is_missing),
    shop_test(a_cart_is_sold_as_a_whole_and_refunded_in_parts),
    shop_test(releasing_a_cart_gives_all_lines_back),
    shop_test(extending_a_cart_moves_all_lines),
    shop_test(a_cart_has_one_to_fifty_items_and_each_at_least_one_ticket),
};

SHOP_MAIN(tests)
