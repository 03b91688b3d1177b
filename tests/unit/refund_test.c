/* R7: any part of a sale is taken back, in all no more than was sold. */
#include "support/unit.h"
#include "support/world_builder.h"

static struct world_builder b;
static struct uuid stalls, balcony;

static int open_world(void **state) {
    (void)state;
    builder_open(&b);
    stalls = builder_type(&b, "Stalls", 10);
    balcony = builder_type(&b, "Balcony", 5);
    return 0;
}

static int close_world(void **state) {
    (void)state;
    builder_close(&b);
    return 0;
}

static struct target sale_of(int32_t quantity) {
    struct outcome reserved = builder_reserve_for(&b, stalls, quantity, ANN);
    struct target target = builder_line_of(&reserved);
    assert_int_equal(builder_complete(&b, target, "A-1").verdict, VERDICT_GRANTED);
    return target;
}

static struct outcome refund_items(struct target cart, const struct item *items, size_t count) {
    return builder_decide(&b, (struct command){.kind = COMMAND_REFUND,
                                               .of.refund = {.target = cart,
                                                             .items = {items, count},
                                                             .reason = TEXT("asked for"),
                                                             .tender = TEXT("voucher"),
                                                             .disposition = DISPOSITION_RETURN}});
}

static void parts_are_refunded_until_nothing_is_left_R7_R10(void **state) {
    (void)state;
    struct target sale = sale_of(5);
    struct outcome refund = builder_refund(&b, sale, 2, DISPOSITION_RETURN);
    assert_int_equal(refund.verdict, VERDICT_GRANTED);
    assert_int_equal(refund.entries_count, 1);
    assert_int_equal(refund.entries[0].action, ACTION_REFUND);
    assert_int_equal(refund.entries[0].quantity, 2);
    assert_int_equal(refund.entries[0].disposition, DISPOSITION_RETURN);
    assert_text(refund.entries[0].order_id, "A-1");
    assert_text(refund.entries[0].reason, "asked for");
    assert_counts(&b, stalls, 10, 3, 0);

    struct outcome refused = builder_refund(&b, sale, 4, DISPOSITION_RETURN);
    assert_int_equal(refused.verdict, VERDICT_NOT_SOLD);
    assert_int_equal(refused.facts.sold_remaining, 3);
    assert_int_equal(refused.facts.requested, 4);
    assert_uuid(refused.facts.reservation_id, sale.id);

    refund = builder_refund(&b, sale, 0, DISPOSITION_RETURN); /* all that is left */
    assert_int_equal(refund.entries[0].quantity, 3);
    assert_int_equal(refund.lines[0].status, RESERVATION_COMPLETED);
    assert_int_equal(refund.lines[0].refunded_quantity, 5);
    assert_counts(&b, stalls, 10, 0, 0);
    refused = builder_refund(&b, sale, 0, DISPOSITION_RETURN);
    assert_int_equal(refused.verdict, VERDICT_NOT_SOLD);
    assert_int_equal(refused.facts.sold_remaining, 0);
    assert_int_equal(refused.facts.requested, FACT_NONE);
}

static void a_void_refund_shrinks_the_total_too_R7(void **state) {
    (void)state;
    struct target sale = sale_of(10);
    builder_refund(&b, sale, 4, DISPOSITION_VOID);
    assert_counts(&b, stalls, 6, 6, 0);
    assert_int_equal(builder_row(&b, stalls)->initial, 10);
    builder_refund(&b, sale, 6, DISPOSITION_VOID);
    assert_counts(&b, stalls, 0, 0, 0);
    assert_int_equal(builder_reserve(&b, stalls, 1).verdict, VERDICT_INSUFFICIENT_INVENTORY);
}

static void what_was_not_sold_is_not_refunded_R7(void **state) {
    (void)state;
    struct outcome active = builder_reserve(&b, stalls, 1);
    struct outcome released = builder_reserve(&b, stalls, 1);
    builder_release(&b, builder_line_of(&released));
    struct target targets[] = {builder_line_of(&active), builder_line_of(&released)};
    for (size_t i = 0; i < 2; i++) {
        struct outcome refused = builder_refund(&b, targets[i], 1, DISPOSITION_RETURN);
        assert_int_equal(refused.verdict, VERDICT_NOT_SOLD);
        assert_int_equal(refused.facts.sold_remaining, 0);
    }
    builder_at(&b, 900);
    assert_int_equal(builder_refund(&b, targets[0], 0, DISPOSITION_RETURN).verdict,
                     VERDICT_NOT_SOLD);
}

static void less_than_nothing_is_not_all_that_is_left(void **state) {
    (void)state;
    struct target sale = sale_of(5);
    struct outcome refused = builder_refund(&b, sale, -1, DISPOSITION_RETURN);
    assert_int_equal(refused.verdict, VERDICT_VALIDATION_FAILED);
    assert_text(refused.facts.pointer, "/quantity");
}

static void a_refund_needs_a_reason_R7(void **state) {
    (void)state;
    struct target sale = sale_of(5);
    static const char *const too_little[] = {NULL, "", " ab "};
    for (size_t i = 0; i < 3; i++) {
        struct outcome refused =
            builder_decide(&b, (struct command){.kind = COMMAND_REFUND,
                                                .of.refund = {.target = sale,
                                                              .reason = text_of(too_little[i]),
                                                              .disposition = DISPOSITION_RETURN}});
        assert_int_equal(refused.verdict, VERDICT_VALIDATION_FAILED);
        assert_text(refused.facts.pointer, "/reason");
    }
}

static void a_cart_is_refunded_by_lines_or_all_that_is_left_R7(void **state) {
    (void)state;
    struct item items[] = {{stalls, 4}, {balcony, 3}};
    struct outcome cart = builder_cart(&b, items, 2);
    struct target target = builder_cart_of(&cart);
    struct uuid first = cart.lines[0].id;
    struct uuid second = cart.lines[1].id;
    assert_int_equal(builder_refund(&b, target, 0, DISPOSITION_RETURN).verdict, VERDICT_NOT_SOLD);
    builder_complete(&b, target, "A-1");

    struct item shares[] = {{first, 1}, {second, 1}, {first, 2}}; /* repeats are summed */
    struct outcome refund = refund_items(target, shares, 3);
    assert_int_equal(refund.entries_count, 2);
    assert_text(refund.entries[0].tender, "voucher");
    assert_counts(&b, stalls, 10, 1, 0);
    assert_counts(&b, balcony, 5, 2, 0);

    struct item too_many[] = {{second, 1}, {first, 2}};
    struct outcome refused = refund_items(target, too_many, 2);
    assert_int_equal(refused.verdict, VERDICT_NOT_SOLD);
    assert_uuid(refused.facts.reservation_id, first);
    assert_int_equal(refused.facts.sold_remaining, 1);

    struct item foreign[] = {{second, 1}, {builder_id(&b), 1}};
    assert_text(refund_items(target, foreign, 2).facts.pointer, "/items/1/reservation_id");
    struct item nothing[] = {{second, 0}};
    assert_text(refund_items(target, nothing, 1).facts.pointer, "/items/0/quantity");

    /* A single line of a sold cart may be refunded by itself. */
    assert_int_equal(
        builder_refund(&b, (struct target){.id = first}, 0, DISPOSITION_RETURN).verdict,
        VERDICT_GRANTED);
    refund = builder_refund(&b, target, 0, DISPOSITION_RETURN);
    assert_int_equal(refund.entries_count, 1);
    assert_counts(&b, balcony, 5, 0, 0);
}

static void the_box_office_refunds_what_it_sold_in_the_last_12_hours(void **state) {
    (void)state;
    struct item items[] = {{stalls, 2}};
    struct target online = sale_of(2);
    b.caller = builder_caller(ROLE_BOX_OFFICE);
    struct outcome cart = builder_sell(&b, items, 1, CHANNEL_BOX_OFFICE);
    struct target own = builder_cart_of(&cart);
    struct outcome refused = builder_refund(&b, online, 1, DISPOSITION_RETURN);
    assert_int_equal(refused.verdict, VERDICT_ROLE_REQUIRED);
    assert_uuid(refused.facts.reservation_id, online.id);
    /* Not theirs: how much of it is left is not theirs to know either. */
    assert_int_equal(builder_refund(&b, online, 3, DISPOSITION_RETURN).verdict,
                     VERDICT_ROLE_REQUIRED);
    assert_int_equal(builder_refund(&b, own, 0, DISPOSITION_RETURN).verdict, VERDICT_GRANTED);
    cart = builder_sell(&b, items, 1, CHANNEL_BOX_OFFICE);
    own = builder_cart_of(&cart);
    builder_at(&b, 12 * 3600);
    struct item one[] = {{cart.lines[0].id, 1}};
    assert_int_equal(refund_items(own, one, 1).verdict, VERDICT_GRANTED);
    builder_at(&b, 12 * 3600 + 1);
    assert_int_equal(refund_items(own, one, 1).verdict, VERDICT_ROLE_REQUIRED);
    for (enum role role = ROLE_CHECKOUT; role <= ROLE_ADMIN; role++) {
        b.caller = builder_caller(role);
        if (role != ROLE_BOX_OFFICE) {
            struct uuid line = cart.lines[0].id;
            builder_refund(&b, (struct target){.id = line}, 1, DISPOSITION_RETURN);
        }
    }
    assert_counts(&b, stalls, 10, 2, 0);
}

static void what_is_archived_is_still_refunded_R12(void **state) {
    (void)state;
    struct target sale = sale_of(2);
    builder_row(&b, stalls)->archived_at = builder_time(0);
    assert_int_equal(builder_refund(&b, sale, 1, DISPOSITION_RETURN).verdict, VERDICT_GRANTED);
    assert_int_equal(builder_refund(&b, sale, 1, DISPOSITION_VOID).verdict, VERDICT_GRANTED);
    assert_counts(&b, stalls, 9, 0, 0);
}

#define HOLDS(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)
static const struct CMUnitTest tests[] = {
    HOLDS(parts_are_refunded_until_nothing_is_left_R7_R10),
    HOLDS(a_void_refund_shrinks_the_total_too_R7),
    HOLDS(what_was_not_sold_is_not_refunded_R7),
    HOLDS(less_than_nothing_is_not_all_that_is_left),
    HOLDS(a_refund_needs_a_reason_R7),
    HOLDS(a_cart_is_refunded_by_lines_or_all_that_is_left_R7),
    HOLDS(the_box_office_refunds_what_it_sold_in_the_last_12_hours),
    HOLDS(what_is_archived_is_still_refunded_R12),
};
UNIT_MAIN(tests)
