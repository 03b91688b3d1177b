/* R17: a shift counts what its operator sells and refunds while it is open, and nothing else. What
 * it has counted is held against the log after each decision (world_builder). */
#include <stdio.h>

#include "support/unit.h"
#include "support/world_builder.h"

static struct world_builder b;
static struct uuid stalls;

static int open_world(void **state) {
    (void)state;
    builder_open(&b);
    stalls = builder_type(&b, "Stalls", 100);
    b.caller = builder_caller(ROLE_BOX_OFFICE);
    return 0;
}

static int close_world(void **state) {
    (void)state;
    builder_close(&b);
    return 0;
}

static struct outcome sell(int32_t quantity, enum channel channel, const char *tender) {
    static struct item item;
    item = (struct item){stalls, quantity};
    bool is_comp = channel == CHANNEL_COMP;
    return builder_decide(
        &b, (struct command){.kind = COMMAND_SELL,
                             .of.sell = {.items = {&item, 1},
                                         .channel = channel,
                                         .tender = text_of(tender),
                                         .reason = is_comp ? TEXT("press") : TEXT_NONE}});
}

static struct outcome refund(const struct outcome *sale, int32_t quantity, const char *tender) {
    return builder_decide(&b, (struct command){.kind = COMMAND_REFUND,
                                               .of.refund = {.target = {sale->lines[0].id, false},
                                                             .quantity = quantity,
                                                             .reason = TEXT("wrong day"),
                                                             .tender = text_of(tender),
                                                             .disposition = DISPOSITION_RETURN}});
}

static struct shift_total total_in(const struct shift_reading *shift, const char *tender) {
    for (size_t i = 0; i < shift->totals_count; i++) {
        if (text_equals(shift->totals[i].tender, text_of(tender))) {
            return shift->totals[i];
        }
    }
    return (struct shift_total){.tender = TEXT_NONE};
}

static void an_operator_has_one_open_shift_at_a_time_R17(void **state) {
    (void)state;
    struct outcome first = builder_open_shift(&b, 5000);
    assert_int_equal(first.verdict, VERDICT_GRANTED);
    assert_int_equal(first.shift->row.opening_cash, 5000);
    assert_true(instant_is_none(first.shift->row.closed_at));
    struct outcome second = builder_open_shift(&b, 0);
    assert_int_equal(second.verdict, VERDICT_SHIFT_OPEN);
    assert_uuid(second.facts.shift_id, first.shift->row.id);
    b.caller = builder_caller(ROLE_ADMIN); /* another operator */
    assert_int_equal(builder_open_shift(&b, 0).verdict, VERDICT_GRANTED);
    b.caller = builder_caller(ROLE_BOX_OFFICE);
    builder_close_shift(&b, first.shift->row.id, 5000);
    assert_int_equal(builder_open_shift(&b, 0).verdict, VERDICT_GRANTED);
}

static void the_system_itself_and_a_shop_stand_at_no_till_R17(void **state) {
    (void)state;
    b.caller = builder_caller(ROLE_ADMIN);
    b.caller.actor = ACTOR_NONE;
    assert_int_equal(builder_open_shift(&b, 0).verdict, VERDICT_ROLE_REQUIRED);
    b.caller = builder_caller(ROLE_CHECKOUT);
    assert_int_equal(builder_open_shift(&b, 0).verdict, VERDICT_ROLE_REQUIRED);
}

static void what_is_expected_is_what_was_there_and_cash_alone_R17(void **state) {
    (void)state;
    struct uuid id = builder_open_shift(&b, 10000).shift->row.id;
    struct outcome cash = sell(4, CHANNEL_BOX_OFFICE, "cash"); /* 25.00 each */
    struct outcome card = sell(2, CHANNEL_BOX_OFFICE, "card");
    sell(3, CHANNEL_COMP, NULL);
    refund(&cash, 1, NULL);   /* as it was paid */
    refund(&cash, 1, "card"); /* and otherwise */
    refund(&card, 1, "cash");
    struct outcome closed = builder_close_shift(&b, id, 12400);
    assert_int_equal(closed.verdict, VERDICT_GRANTED);
    const struct shift_reading *shift = closed.shift;
    assert_int_equal(shift->row.expected_cash, 10000 + 4 * 2500 - 2500 - 2500);
    assert_int_equal(shift->row.counted_cash, 12400);
    assert_int_equal(total_in(shift, "cash").tickets_sold, 4);
    assert_int_equal(total_in(shift, "cash").tickets_refunded, 2);
    assert_int_equal(total_in(shift, "card").gross, 5000);
    assert_int_equal(total_in(shift, "card").refunds, 2500);
    assert_int_equal(shift_sum(shift).sales, 3);
    assert_int_equal(shift_sum(shift).tickets_sold, 9);
    assert_int_equal(shift_sum(shift).gross, 15000);
    assert_true(text_is_absent(shift->totals[0].tender)); /* comp, first of all */
    assert_int_equal(shift->totals[0].tickets_sold, 3);
}

static void more_may_be_given_back_than_there_was_R17(void **state) {
    (void)state;
    struct outcome before = sell(2, CHANNEL_BOX_OFFICE, "cash");
    b.caller = builder_caller(ROLE_ADMIN); /* who may refund whatever was sold */
    struct uuid id = builder_open_shift(&b, 1000).shift->row.id;
    refund(&before, 2, NULL);
    assert_int_equal(builder_close_shift(&b, id, 0).shift->row.expected_cash, 1000 - 5000);
}

static void sales_and_refunds_name_their_own_shift_R17(void **state) {
    (void)state;
    struct uuid first = builder_open_shift(&b, 0).shift->row.id;
    struct outcome sale = sell(2, CHANNEL_BOX_OFFICE, "cash");
    assert_uuid(sale.cart->shift_id, first);
    assert_uuid(sale.lines[0].shift_id, first);
    assert_uuid(builder_entry(&b, 0)->shift_id, first);
    b.caller = builder_caller(ROLE_ADMIN);
    struct uuid second = builder_open_shift(&b, 0).shift->row.id;
    refund(&sale, 1, NULL);
    assert_uuid(builder_entry(&b, 0)->shift_id, second);
    assert_uuid(builder_reservation(&b, sale.lines[0].id)->shift_id, first);
}

static void nothing_is_counted_after_the_close_R17(void **state) {
    (void)state;
    struct uuid id = builder_open_shift(&b, 0).shift->row.id;
    sell(1, CHANNEL_BOX_OFFICE, "cash");
    assert_int_equal(builder_close_shift(&b, id, 2500).shift->row.expected_cash, 2500);
    struct outcome sale = sell(1, CHANNEL_BOX_OFFICE, "cash"); /* of the same batch */
    assert_true(uuid_is_none(sale.cart->shift_id));
    assert_int_equal(builder_close_shift(&b, id, 1).verdict, VERDICT_SHIFT_CLOSED);
    builder_at(&b, 60);
    assert_int_equal(builder_close_shift(&b, id, 1).verdict, VERDICT_SHIFT_CLOSED);
    assert_int_equal(builder_close_shift(&b, builder_id(&b), 1).verdict, VERDICT_NOT_FOUND);
}

static void only_completions_of_staff_belong_to_a_shift_R17(void **state) {
    (void)state;
    struct uuid id = builder_open_shift(&b, 0).shift->row.id;
    struct outcome at_till = builder_reserve(&b, stalls, 1);
    struct outcome online = builder_reserve(&b, stalls, 1);
    struct complete_command complete = {.target = builder_line_of(&at_till),
                                        .order_id = TEXT("A-1"),
                                        .tender = TEXT("cash"),
                                        .channel = CHANNEL_BOX_OFFICE};
    builder_decide(&b, (struct command){.kind = COMMAND_COMPLETE, .of.complete = complete});
    /* Again, as after a lost answer: it is the same sale. */
    builder_decide(&b, (struct command){.kind = COMMAND_COMPLETE, .of.complete = complete});
    builder_complete(&b, builder_line_of(&online), "A-2");
    struct outcome closed = builder_close_shift(&b, id, 0);
    assert_int_equal(shift_sum(closed.shift).sales, 1);
    assert_int_equal(closed.shift->row.expected_cash, 2500);
    assert_true(uuid_is_none(builder_reservation(&b, online.lines[0].id)->shift_id));
}

static void a_shift_of_another_currency_counts_nothing_R17(void **state) {
    (void)state;
    builder_decide(
        &b, (struct command){.kind = COMMAND_SHIFT_OPEN,
                             .of.shift.shift = {.terminal = TEXT("Door 1"), .currency = {"CHF"}}});
    struct outcome sale = sell(1, CHANNEL_BOX_OFFICE, "cash");
    assert_int_equal(sale.verdict, VERDICT_GRANTED);
    assert_true(uuid_is_none(sale.cart->shift_id));
}

static void the_box_office_refunds_its_own_sales_of_the_open_shift_R17(void **state) {
    (void)state;
    struct outcome before = sell(1, CHANNEL_BOX_OFFICE, "cash");
    struct uuid id = builder_open_shift(&b, 0).shift->row.id;
    struct outcome within = sell(2, CHANNEL_BOX_OFFICE, "cash");
    assert_int_equal(refund(&before, 1, NULL).verdict, VERDICT_ROLE_REQUIRED);
    builder_at(&b, 13 * 3600); /* a long evening */
    assert_int_equal(refund(&within, 1, NULL).verdict, VERDICT_GRANTED);
    builder_close_shift(&b, id, 0);
    assert_int_equal(refund(&within, 1, NULL).verdict, VERDICT_ROLE_REQUIRED); /* 13 hours ago */
}

static void a_shift_is_closed_by_its_operator_or_whoever_sees_all_R17(void **state) {
    (void)state;
    struct uuid id = builder_open_shift(&b, 0).shift->row.id;
    struct caller caller = b.caller;
    caller.actor.id = builder_id(&b);
    b.caller = caller; /* a colleague */
    assert_int_equal(builder_close_shift(&b, id, 0).verdict, VERDICT_ROLE_REQUIRED);
    b.caller = builder_caller(ROLE_EVENT_MANAGER);
    b.caller.events = &b.event;
    b.caller.events_count = 1;
    assert_int_equal(builder_close_shift(&b, id, 0).verdict, VERDICT_EVENT_OUT_OF_SCOPE);
    b.caller.events_count = 0;
    assert_int_equal(builder_close_shift(&b, id, 0).verdict, VERDICT_GRANTED);
}

static void a_shift_meets_so_many_tenders_and_no_more_R17(void **state) {
    (void)state;
    static char tenders[SHIFT_TENDERS_MAX + 1][8]; /* rows point to them */
    builder_open_shift(&b, 0);
    for (int i = 0; i <= SHIFT_TENDERS_MAX; i++) {
        char *tender = tenders[i];
        snprintf(tender, sizeof tenders[i], "t%d", i);
        struct outcome sale = sell(1, CHANNEL_BOX_OFFICE, tender);
        assert_int_equal(sale.verdict,
                         i < SHIFT_TENDERS_MAX ? VERDICT_GRANTED : VERDICT_VALIDATION_FAILED);
    }
    assert_int_equal(sell(1, CHANNEL_BOX_OFFICE, "t0").verdict, VERDICT_GRANTED);
}

static void a_shift_that_cannot_be_read_is_not_sold_past_R17(void **state) {
    (void)state;
    struct uuid id = builder_open_shift(&b, 0).shift->row.id;
    world_shift(&b.world, id)->fault = "a number is out of its range";
    assert_int_equal(sell(1, CHANNEL_BOX_OFFICE, "cash").verdict, VERDICT_INVENTORY_INCONSISTENT);
    assert_int_equal(builder_close_shift(&b, id, 0).verdict, VERDICT_INVENTORY_INCONSISTENT);
}

#define HOLDS(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)
static const struct CMUnitTest tests[] = {
    HOLDS(an_operator_has_one_open_shift_at_a_time_R17),
    HOLDS(the_system_itself_and_a_shop_stand_at_no_till_R17),
    HOLDS(what_is_expected_is_what_was_there_and_cash_alone_R17),
    HOLDS(more_may_be_given_back_than_there_was_R17),
    HOLDS(sales_and_refunds_name_their_own_shift_R17),
    HOLDS(nothing_is_counted_after_the_close_R17),
    HOLDS(only_completions_of_staff_belong_to_a_shift_R17),
    HOLDS(a_shift_of_another_currency_counts_nothing_R17),
    HOLDS(the_box_office_refunds_its_own_sales_of_the_open_shift_R17),
    HOLDS(a_shift_is_closed_by_its_operator_or_whoever_sees_all_R17),
    HOLDS(a_shift_meets_so_many_tenders_and_no_more_R17),
    HOLDS(a_shift_that_cannot_be_read_is_not_sold_past_R17),
};
UNIT_MAIN(tests)
