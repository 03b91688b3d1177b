/* R4, R5, R16: reserved tickets become sold. */
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

static struct outcome complete(struct target target, enum channel channel, const char *reason,
                               bool refuse_if_expired) {
    return builder_decide(
        &b, (struct command){.kind = COMMAND_COMPLETE,
                             .of.complete = {.target = target,
                                             .order_id = TEXT("A-1"),
                                             .tender = TEXT("card"),
                                             .reason = text_of(reason),
                                             .channel = channel,
                                             .refuse_if_expired = refuse_if_expired}});
}

static void completing_moves_reserved_to_sold_under_an_order_R4_R10(void **state) {
    (void)state;
    struct outcome reserved = builder_reserve_for(&b, stalls, 3, ANN);
    builder_at(&b, 60);
    struct outcome sold = complete(builder_line_of(&reserved), CHANNEL_PARTNER, NULL, false);
    assert_int_equal(sold.verdict, VERDICT_GRANTED);
    assert_int_equal(sold.lines[0].status, RESERVATION_COMPLETED);
    assert_text(sold.lines[0].order_id, "A-1");
    assert_text(sold.lines[0].tender, "card");
    assert_int_equal(sold.lines[0].channel, CHANNEL_PARTNER);
    assert_uuid(sold.lines[0].sold_by, b.caller.actor.id);
    assert_int_equal(sold.lines[0].completed_at.us, builder_time(60).us);
    assert_counts(&b, stalls, 10, 3, 0);
    const struct audit_entry *entry = builder_entry(&b, 0);
    assert_int_equal(entry->action, ACTION_SALE);
    assert_int_equal(entry->channel, CHANNEL_PARTNER);
    assert_text(entry->order_id, "A-1");
    assert_text(entry->tender, "card");
    assert_uuid(entry->user_id, builder_user(ANN));
}

static void completing_twice_answers_the_sale_as_it_stands_R4(void **state) {
    (void)state;
    struct outcome reserved = builder_reserve(&b, stalls, 3);
    struct target target = builder_line_of(&reserved);
    builder_complete(&b, target, "A-1");
    builder_refund(&b, target, 1, DISPOSITION_RETURN);
    size_t entries = builder_entries(&b);
    struct outcome again = builder_complete(&b, target, "A-1");
    assert_int_equal(again.verdict, VERDICT_GRANTED);
    assert_int_equal(again.lines[0].refunded_quantity, 1);
    assert_int_equal(builder_entries(&b), entries);
    struct outcome refused = builder_complete(&b, target, "A-2");
    assert_int_equal(refused.verdict, VERDICT_ORDER_MISMATCH);
    assert_text(refused.facts.order_id, "A-1");
    assert_uuid(refused.facts.reservation_id, target.id);
}

/* A shop whose own table has order ids of type uuid. */
static void where_order_ids_are_uuids_each_is_one_whatever_its_letters(void **state) {
    (void)state;
    struct outcome reserved = builder_reserve(&b, stalls, 3);
    struct target target = builder_line_of(&reserved);
    b.world.order_ids_are_uuids = true;
    struct outcome refused = builder_complete(&b, target, "A-1");
    assert_int_equal(refused.verdict, VERDICT_VALIDATION_FAILED);
    assert_text(refused.facts.pointer, "/order_id");
    struct outcome sold = builder_complete(&b, target, "0B7C3F9A-94F4-4D0E-8A51-3E1C8E0F5D21");
    assert_int_equal(sold.verdict, VERDICT_GRANTED);
    assert_text(sold.lines[0].order_id, "0b7c3f9a-94f4-4d0e-8a51-3e1c8e0f5d21");
    assert_int_equal(builder_complete(&b, target, "0b7c3f9a-94f4-4d0e-8a51-3E1C8E0F5D21").verdict,
                     VERDICT_GRANTED);
}

static void a_reservation_is_active_up_to_its_instant_and_not_at_it_R3(void **state) {
    (void)state;
    struct outcome reserved = builder_reserve(&b, stalls, 3);
    builder_at(&b, 900);
    struct outcome refused = complete(builder_line_of(&reserved), CHANNEL_ONLINE, NULL, true);
    assert_int_equal(refused.verdict, VERDICT_RESERVATION_EXPIRED);
    assert_int_equal(refused.facts.at.us, builder_time(900).us);
    struct outcome other = builder_reserve(&b, stalls, 1);
    builder_at(&b, 900 + 899);
    assert_int_equal(complete(builder_line_of(&other), CHANNEL_ONLINE, NULL, true).verdict,
                     VERDICT_GRANTED);
}

static void a_late_buyer_gets_the_tickets_while_there_are_enough_R5(void **state) {
    (void)state;
    struct outcome reserved = builder_reserve(&b, stalls, 6);
    builder_at(&b, 901);
    assert_counts(&b, stalls, 10, 0, 0);
    builder_reserve(&b, stalls, 4);
    struct outcome sold = builder_complete(&b, builder_line_of(&reserved), "A-1");
    assert_int_equal(sold.verdict, VERDICT_GRANTED);
    assert_counts(&b, stalls, 10, 6, 4);
    const struct audit_entry *entry = builder_entry(&b, 0);
    assert_int_equal(entry->previous.reserved, entry->now.reserved); /* R10: 0,+q,0 */
}

static void a_late_buyer_is_refused_when_they_are_gone_R5(void **state) {
    (void)state;
    struct outcome reserved = builder_reserve(&b, stalls, 6);
    builder_at(&b, 901);
    builder_reserve(&b, stalls, 5);
    struct outcome refused = builder_complete(&b, builder_line_of(&reserved), "A-1");
    assert_int_equal(refused.verdict, VERDICT_RESERVATION_EXPIRED);
    assert_uuid(refused.facts.reservation_id, reserved.lines[0].id);
    assert_uuid(refused.facts.ticket_type_id, stalls);
    assert_int_equal(refused.facts.requested, 6);
    assert_int_equal(refused.facts.available, 5);
    assert_int_equal(refused.facts.at.us, builder_time(900).us);
}

static void a_late_cart_is_completed_whole_or_not_at_all_R5(void **state) {
    (void)state;
    struct item items[] = {{stalls, 2}, {balcony, 3}};
    struct outcome cart = builder_cart(&b, items, 2);
    builder_at(&b, 901);
    struct outcome other = builder_reserve(&b, balcony, 3);
    struct outcome refused = builder_complete(&b, builder_cart_of(&cart), "A-1");
    assert_int_equal(refused.verdict, VERDICT_RESERVATION_EXPIRED);
    assert_uuid(refused.facts.ticket_type_id, balcony);
    assert_uuid(refused.facts.cart_id, cart.cart->id);
    builder_release(&b, builder_line_of(&other));
    struct outcome sold = builder_complete(&b, builder_cart_of(&cart), "A-1");
    assert_int_equal(sold.verdict, VERDICT_GRANTED);
    assert_int_equal(sold.cart->status, RESERVATION_COMPLETED);
    assert_counts(&b, stalls, 10, 2, 0);
    assert_counts(&b, balcony, 5, 3, 0);
}

static void late_completion_takes_nothing_of_what_is_archived_R12(void **state) {
    (void)state;
    struct outcome late = builder_reserve(&b, stalls, 1);
    builder_at(&b, 600);
    struct outcome active = builder_reserve(&b, stalls, 1);
    builder_at(&b, 901);
    builder_row(&b, stalls)->archived_at = builder_time(901);
    assert_int_equal(builder_complete(&b, builder_line_of(&late), "A-1").verdict, VERDICT_ARCHIVED);
    assert_int_equal(builder_complete(&b, builder_line_of(&active), "A-2").verdict,
                     VERDICT_GRANTED);
}

static void a_released_reservation_is_not_completed_R5(void **state) {
    (void)state;
    struct outcome reserved = builder_reserve(&b, stalls, 1);
    builder_release(&b, builder_line_of(&reserved));
    struct outcome refused = builder_complete(&b, builder_line_of(&reserved), "A-1");
    assert_int_equal(refused.verdict, VERDICT_RESERVATION_RELEASED);
    assert_uuid(refused.facts.reservation_id, reserved.lines[0].id);
}

static void channels_of_staff_are_not_the_shops(void **state) {
    (void)state;
    static const struct {
        enum role role;
        enum channel channel;
        enum verdict verdict;
    } table[] = {
        {ROLE_CHECKOUT, CHANNEL_ONLINE, VERDICT_GRANTED},
        {ROLE_CHECKOUT, CHANNEL_PARTNER, VERDICT_GRANTED},
        {ROLE_CHECKOUT, CHANNEL_BOX_OFFICE, VERDICT_ROLE_REQUIRED},
        {ROLE_CHECKOUT, CHANNEL_COMP, VERDICT_ROLE_REQUIRED},
        {ROLE_BOX_OFFICE, CHANNEL_BOX_OFFICE, VERDICT_GRANTED},
        {ROLE_BOX_OFFICE, CHANNEL_COMP, VERDICT_GRANTED},
        {ROLE_EVENT_MANAGER, CHANNEL_COMP, VERDICT_GRANTED},
        {ROLE_ADMIN, CHANNEL_COMP, VERDICT_GRANTED},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        b.caller = builder_caller(table[i].role);
        struct outcome reserved = builder_reserve(&b, stalls, 1);
        struct outcome outcome =
            complete(builder_line_of(&reserved), table[i].channel, "press seats", false);
        assert_int_equal(outcome.verdict, table[i].verdict);
    }
}

static void a_comp_costs_nothing_and_needs_a_reason_R16(void **state) {
    (void)state;
    b.caller = builder_caller(ROLE_BOX_OFFICE);
    struct outcome reserved = builder_reserve(&b, stalls, 2);
    struct target target = builder_line_of(&reserved);
    static const char *const too_little[] = {NULL, "", "  ab  "};
    for (size_t i = 0; i < 3; i++) {
        struct outcome refused = complete(target, CHANNEL_COMP, too_little[i], false);
        assert_int_equal(refused.verdict, VERDICT_VALIDATION_FAILED);
        assert_text(refused.facts.pointer, "/reason");
    }
    struct outcome sold = complete(target, CHANNEL_COMP, " press seats ", false);
    assert_int_equal(sold.lines[0].unit_price, 0);
    assert_text(builder_entry(&b, 0)->reason, "press seats");
}

static void what_is_not_there_or_not_ones_own_is_said_in_this_order(void **state) {
    (void)state;
    struct item items[] = {{stalls, 2}};
    struct outcome cart = builder_cart(&b, items, 1);
    struct uuid other_event = builder_id(&b);
    b.caller.events = &other_event;
    b.caller.events_count = 1;
    struct outcome refused = builder_complete(&b, (struct target){.id = builder_id(&b)}, "A-1");
    assert_int_equal(refused.verdict, VERDICT_NOT_FOUND);
    refused = builder_complete(&b, (struct target){builder_id(&b), true}, "A-1");
    assert_int_equal(refused.verdict, VERDICT_NOT_FOUND);
    struct target line = {.id = cart.lines[0].id}; /* a line of a cart: but that is a 409 */
    assert_int_equal(builder_complete(&b, line, "A-1").verdict, VERDICT_EVENT_OUT_OF_SCOPE);
    assert_int_equal(builder_complete(&b, builder_cart_of(&cart), "A-1").verdict,
                     VERDICT_EVENT_OUT_OF_SCOPE);
}

/* The sweep wrote the expiry, then the clock was set back: what was given back is not taken from
 * reserved again. */
static void a_clock_set_back_does_not_revive_an_expired_cart_R3_R5(void **state) {
    (void)state;
    struct item items[] = {{stalls, 8}};
    struct outcome cart = builder_cart(&b, items, 1);
    builder_at(&b, 901);
    struct outcome other = builder_reserve(&b, stalls, 10);
    assert_int_equal(other.verdict, VERDICT_GRANTED);
    builder_at(&b, 890);
    assert_int_equal(builder_complete(&b, builder_cart_of(&cart), "A-1").verdict,
                     VERDICT_RESERVATION_EXPIRED);
    assert_int_equal(builder_extend(&b, builder_cart_of(&cart), 60).verdict,
                     VERDICT_RESERVATION_EXPIRED);
    assert_int_equal(builder_replace(&b, cart.cart->id, items, 1).verdict,
                     VERDICT_RESERVATION_EXPIRED);
    assert_int_equal(builder_release(&b, builder_cart_of(&cart)).verdict, VERDICT_GRANTED);
    assert_counts(&b, stalls, 10, 0, 10);
    builder_release(&b, builder_line_of(&other));
    assert_int_equal(builder_complete(&b, builder_cart_of(&cart), "A-1").verdict, VERDICT_GRANTED);
    assert_counts(&b, stalls, 10, 8, 0);
}

#define HOLDS(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)
static const struct CMUnitTest tests[] = {
    HOLDS(completing_moves_reserved_to_sold_under_an_order_R4_R10),
    HOLDS(completing_twice_answers_the_sale_as_it_stands_R4),
    HOLDS(where_order_ids_are_uuids_each_is_one_whatever_its_letters),
    HOLDS(a_reservation_is_active_up_to_its_instant_and_not_at_it_R3),
    HOLDS(a_late_buyer_gets_the_tickets_while_there_are_enough_R5),
    HOLDS(a_late_buyer_is_refused_when_they_are_gone_R5),
    HOLDS(a_late_cart_is_completed_whole_or_not_at_all_R5),
    HOLDS(late_completion_takes_nothing_of_what_is_archived_R12),
    HOLDS(a_released_reservation_is_not_completed_R5),
    HOLDS(channels_of_staff_are_not_the_shops),
    HOLDS(a_comp_costs_nothing_and_needs_a_reason_R16),
    HOLDS(what_is_not_there_or_not_ones_own_is_said_in_this_order),
    HOLDS(a_clock_set_back_does_not_revive_an_expired_cart_R3_R5),
};
UNIT_MAIN(tests)
