#include "shop.h"

static void increase_and_decrease_move_the_total(void **state) {
    struct shop *shop = *state;
    struct ticketd_counts counts;
    struct ticketd_adjust_request request = {
        .ticket_type_id = shop->type.id, .quantity = 5, .reason = "a row was added"};
    assert_code(ticketd_increase(shop->ticketd, &request, NULL, &counts), TICKETD_OK);
    assert_int_equal(counts.total, 15);
    assert_int_equal(counts.initial, 10);
    request.if_total = true;
    request.expected_total = 10;
    assert_code(ticketd_increase(shop->ticketd, &request, NULL, NULL), TICKETD_STALE_TOTAL);
    request.expected_total = 15;
    assert_code(ticketd_decrease(shop->ticketd, &request, NULL, &counts), TICKETD_OK);
    assert_int_equal(counts.total, 10);
    assert_int_equal(counts.available, 10);
}

static void nobody_s_tickets_are_decreased_away(void **state) {
    struct shop *shop = *state;
    shop_reserve(shop, 4);
    shop_sale(shop, 4, "order");
    struct ticketd_problem problem;
    struct ticketd_call call = {.problem = &problem};
    struct ticketd_adjust_request request = {
        .ticket_type_id = shop->type.id, .quantity = 5, .reason = "smaller hall"};
    assert_code(ticketd_decrease(shop->ticketd, &request, &call, NULL), TICKETD_BELOW_COMMITTED);
    assert_int_equal(problem.shortfall, 3);
    assert_int_equal(problem.sold, 4);
    assert_int_equal(problem.total, 10);
    assert_string_equal(problem.detail, ticketd_sentence(TICKETD_BELOW_COMMITTED));
}

static void adjusting_needs_a_quantity_and_a_reason(void **state) {
    struct shop *shop = *state;
    static const struct {
        struct ticketd_adjust_request request;
        const char *field;
    } cases[] = {
        {{.quantity = 0, .reason = "nothing"}, "quantity"},
        {{.quantity = 1}, "reason"},
        {{.quantity = 1, .reason = " a "}, "reason"},
        {{.quantity = 1, .reason = "\xC3\x28 broken"}, "reason"},
        {{.quantity = 1, .reason = "a\x01 bell"}, "reason"},
        {{.quantity = 1, .reason = "fine", .if_total = true, .expected_total = -1},
         "expected_total"},
        {{.quantity = INT32_MAX, .reason = "too many"}, "quantity"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ticketd_problem problem;
        struct ticketd_call call = {.problem = &problem};
        struct ticketd_adjust_request request = cases[i].request;
        request.ticket_type_id = shop->type.id;
        assert_code(ticketd_increase(shop->ticketd, &request, &call, NULL), TICKETD_INVALID);
        assert_string_equal(problem.field, cases[i].field);
    }
    assert_int_equal(shop_available(shop), 10);
}

static void counts_of_an_event_come_at_once(void **state) {
    struct shop *shop = *state;
    shop_type(shop, "Balcony", 3);
    shop_reserve(shop, 1);
    struct ticketd_counts counts[2];
    size_t count = 0;
    assert_code(ticketd_event_counts(shop->ticketd, shop->event.id, counts, 1, &count), TICKETD_OK);
    assert_int_equal(count, 2); /* there are more than fit */
    assert_code(ticketd_event_counts(shop->ticketd, shop->event.id, counts, 2, &count), TICKETD_OK);
    assert_int_equal(counts[0].available, 9);
    assert_int_equal(counts[1].available, 3);
    assert_code(ticketd_event_counts(shop->ticketd, ticketd_id_make(), counts, 2, &count),
                TICKETD_NOT_FOUND);
    int64_t available;
    assert_code(ticketd_available_count(shop->ticketd, ticketd_id_make(), &available),
                TICKETD_NOT_FOUND);
}

static const struct CMUnitTest tests[] = {
    shop_test(increase_and_decrease_move_the_total),
    shop_test(nobody_s_tickets_are_decreased_away),
    shop_test(adjusting_needs_a_quantity_and_a_reason),
    shop_test(counts_of_an_event_come_at_once),
};

SHOP_MAIN(tests)
