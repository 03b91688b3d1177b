/* R1, R2, R13, R15: setting tickets aside. */
#include "support/unit.h"
#include "support/world_builder.h"

static struct world_builder b;
static struct uuid stalls;

static int open_world(void **state) {
    (void)state;
    builder_open(&b);
    stalls = builder_type(&b, "Stalls", 10);
    return 0;
}

static int close_world(void **state) {
    (void)state;
    builder_close(&b);
    return 0;
}

static struct outcome reserve_seconds(int32_t quantity, int32_t seconds) {
    struct item item = {stalls, quantity};
    return builder_decide(&b, (struct command){.kind = COMMAND_RESERVE,
                                               .of.reserve = {.items = {&item, 1},
                                                              .user_id = builder_user(ANN),
                                                              .seconds = seconds}});
}

static void a_reservation_holds_its_tickets_and_says_so_R1_R10(void **state) {
    (void)state;
    struct outcome outcome = builder_reserve_for(&b, stalls, 4, ANN);
    assert_int_equal(outcome.verdict, VERDICT_GRANTED);
    assert_int_equal(outcome.lines_count, 1);
    const struct reservation *line = &outcome.lines[0];
    assert_uuid(line->ticket_type_id, stalls);
    assert_uuid(line->event_id, b.event);
    assert_uuid(line->user_id, builder_user(ANN));
    assert_true(uuid_is_none(line->cart_id));
    assert_int_equal(line->quantity, 4);
    assert_int_equal(line->status, RESERVATION_ACTIVE);
    assert_int_equal(line->unit_price, 2500);
    assert_string_equal(line->currency.code, "EUR");
    assert_int_equal(line->created_at.us, builder_time(0).us);
    assert_int_equal(line->expires_at.us, builder_time(900).us);
    assert_int_equal(line->id.bytes[14] << 8 | line->id.bytes[15], uuid_lane_of_event(b.event));
    assert_counts(&b, stalls, 10, 0, 4);
    const struct audit_entry *entry = builder_entry(&b, 0);
    assert_int_equal(entry->action, ACTION_RESERVE);
    assert_int_equal(entry->quantity, 4);
    assert_int_equal(entry->seq, 2);
    assert_uuid(entry->reservation_id, line->id);
    assert_uuid(entry->user_id, builder_user(ANN));
    assert_uuid(entry->actor.id, b.caller.actor.id);
    assert_true(instant_is_none(entry->effective_at));
}

static void it_is_granted_whole_or_refused_whole_with_the_facts_R2(void **state) {
    (void)state;
    assert_int_equal(builder_reserve(&b, stalls, 7).verdict, VERDICT_GRANTED);
    struct outcome outcome = builder_reserve(&b, stalls, 4);
    assert_int_equal(outcome.verdict, VERDICT_INSUFFICIENT_INVENTORY);
    assert_uuid(outcome.facts.ticket_type_id, stalls);
    assert_text(outcome.facts.name, "Stalls");
    assert_int_equal(outcome.facts.requested, 4);
    assert_int_equal(outcome.facts.available, 3);
    assert_int_equal(outcome.facts.reserved, 7);
    assert_int_equal(outcome.facts.next_expiry_at.us, builder_time(900).us);
    assert_int_equal(outcome.facts.limit, FACT_NONE);
    assert_int_equal(builder_reserve(&b, stalls, 3).verdict, VERDICT_GRANTED);
    assert_counts(&b, stalls, 10, 0, 10);
    assert_int_equal(builder_reserve(&b, stalls, 1).verdict, VERDICT_INSUFFICIENT_INVENTORY);
}

static void it_lives_between_a_second_and_two_hours_R13(void **state) {
    (void)state;
    static const struct {
        int32_t seconds;
        bool is_valid;
    } table[] = {{INT32_MIN, false}, {-1, false},  {0, false},    {1, true},
                 {900, true},        {7200, true}, {7201, false}, {INT32_MAX, false}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct outcome outcome = reserve_seconds(1, table[i].seconds);
        assert_int_equal(outcome.verdict,
                         table[i].is_valid ? VERDICT_GRANTED : VERDICT_VALIDATION_FAILED);
        if (table[i].is_valid) {
            assert_int_equal(outcome.lines[0].expires_at.us, builder_time(table[i].seconds).us);
        } else {
            assert_text(outcome.facts.pointer, "/expires_in_seconds");
        }
    }
}

static void a_quantity_is_at_least_one(void **state) {
    (void)state;
    static const int32_t table[] = {0, -1, INT32_MIN};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct outcome outcome = builder_reserve(&b, stalls, table[i]);
        assert_int_equal(outcome.verdict, VERDICT_VALIDATION_FAILED);
        assert_text(outcome.facts.pointer, "/quantity");
    }
    assert_int_equal(builder_reserve(&b, stalls, INT32_MAX).verdict,
                     VERDICT_INSUFFICIENT_INVENTORY);
}

static void an_unknown_type_is_not_found_before_its_event_is_out_of_scope(void **state) {
    (void)state;
    struct uuid other_event = builder_id(&b);
    b.caller.events = &other_event;
    b.caller.events_count = 1;
    struct uuid unknown = builder_id(&b);
    struct outcome outcome = builder_reserve(&b, unknown, 1);
    assert_int_equal(outcome.verdict, VERDICT_NOT_FOUND);
    assert_uuid(outcome.facts.ticket_type_id, unknown);
    outcome = builder_reserve(&b, stalls, 100);
    assert_int_equal(outcome.verdict, VERDICT_EVENT_OUT_OF_SCOPE);
    assert_uuid(outcome.facts.event_id, b.event);
}

static void nothing_new_is_taken_of_what_is_archived_by_anyone_R12(void **state) {
    (void)state;
    for (enum role role = ROLE_CHECKOUT; role <= ROLE_ADMIN; role++) {
        b.caller = builder_caller(ROLE_ADMIN);
        builder_archive(&b, COMMAND_TYPE_ARCHIVE, stalls, true);
        b.caller = builder_caller(role);
        struct outcome outcome = builder_reserve(&b, stalls, 1);
        assert_int_equal(outcome.verdict, VERDICT_ARCHIVED);
        assert_uuid(outcome.facts.ticket_type_id, stalls);
        b.caller = builder_caller(ROLE_ADMIN);
        builder_archive(&b, COMMAND_TYPE_ARCHIVE, stalls, false);
        builder_archive(&b, COMMAND_EVENT_ARCHIVE, b.event, true);
        b.caller = builder_caller(role);
        assert_int_equal(builder_reserve(&b, stalls, 1).verdict, VERDICT_ARCHIVED);
        b.caller = builder_caller(ROLE_ADMIN);
        builder_archive(&b, COMMAND_EVENT_ARCHIVE, b.event, false);
        assert_int_equal(builder_reserve(&b, stalls, 1).verdict, VERDICT_GRANTED);
    }
}

/* The public at each edge of the window; the type's own end or the event's, whichever is first. */
static void the_sales_window_binds_the_public_and_not_staff_R15(void **state) {
    (void)state;
    static const struct {
        int64_t start, end, now; /* 0: none */
        enum verdict verdict;
        int64_t at;
    } table[] = {
        {100, 200, 99, VERDICT_SALES_CLOSED, 100},
        {100, 200, 100, VERDICT_GRANTED, 0},
        {100, 200, 199, VERDICT_GRANTED, 0},
        {100, 200, 200, VERDICT_SALES_CLOSED, 200},
        {0, 0, 4 * 3600 - 1, VERDICT_GRANTED, 0},
        {0, 0, 4 * 3600, VERDICT_SALES_CLOSED, 4 * 3600},
        {0, 5 * 3600, 4 * 3600, VERDICT_SALES_CLOSED, 4 * 3600},
        {0, 3 * 3600, 3 * 3600, VERDICT_SALES_CLOSED, 3 * 3600},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        builder_at(&b, table[i].now);
        struct ticket_type *type = builder_row(&b, stalls);
        type->sales_start = table[i].start == 0 ? INSTANT_NONE : builder_time(table[i].start);
        type->sales_end = table[i].end == 0 ? INSTANT_NONE : builder_time(table[i].end);
        b.caller = builder_caller(ROLE_CHECKOUT);
        struct outcome outcome = builder_reserve(&b, stalls, 1);
        assert_int_equal(outcome.verdict, table[i].verdict);
        if (outcome.verdict == VERDICT_GRANTED) {
            builder_release(&b, builder_line_of(&outcome));
        } else {
            assert_int_equal(outcome.facts.at.us, builder_time(table[i].at).us);
            assert_uuid(outcome.facts.ticket_type_id, stalls);
        }
        for (enum role role = ROLE_BOX_OFFICE; role <= ROLE_ADMIN; role++) {
            b.caller = builder_caller(role);
            outcome = builder_reserve(&b, stalls, 1);
            builder_release(&b, builder_line_of(&outcome));
        }
    }
}

static void an_event_without_an_end_closes_when_it_starts_R15(void **state) {
    (void)state;
    builder_at(&b, 2 * 3600);
    world_event(&b.world, b.event)->row.end_date = INSTANT_NONE;
    struct outcome outcome = builder_reserve(&b, stalls, 1);
    assert_int_equal(outcome.verdict, VERDICT_SALES_CLOSED);
    assert_int_equal(outcome.facts.at.us, builder_time(2 * 3600).us);
}

static void an_unpublished_event_is_for_staff_only_R15(void **state) {
    (void)state;
    world_event(&b.world, b.event)->row.published = false;
    struct outcome outcome = builder_reserve(&b, stalls, 1);
    assert_int_equal(outcome.verdict, VERDICT_NOT_PUBLISHED);
    assert_uuid(outcome.facts.event_id, b.event);
    b.caller = builder_caller(ROLE_BOX_OFFICE);
    assert_int_equal(builder_reserve(&b, stalls, 1).verdict, VERDICT_GRANTED);
}

static void the_maximum_per_order_binds_the_public_R15(void **state) {
    (void)state;
    builder_row(&b, stalls)->max_per_order = 4;
    assert_int_equal(builder_reserve(&b, stalls, 4).verdict, VERDICT_GRANTED);
    struct outcome outcome = builder_reserve(&b, stalls, 5);
    assert_int_equal(outcome.verdict, VERDICT_LIMIT_PER_ORDER);
    assert_int_equal(outcome.facts.requested, 5);
    assert_int_equal(outcome.facts.limit, 4);
    b.caller = builder_caller(ROLE_BOX_OFFICE);
    assert_int_equal(builder_reserve(&b, stalls, 5).verdict, VERDICT_GRANTED);
}

static void a_limited_type_wants_to_know_the_customer_R15(void **state) {
    (void)state;
    builder_row(&b, stalls)->max_per_customer = 4;
    builder_at(&b, 1);
    struct outcome outcome = builder_reserve(&b, stalls, 1);
    assert_int_equal(outcome.verdict, VERDICT_VALIDATION_FAILED);
    assert_text(outcome.facts.pointer, "/user_id");
    b.caller.acting_for = builder_user(ANN); /* Acting-User names the customer too */
    assert_int_equal(builder_reserve(&b, stalls, 1).verdict, VERDICT_GRANTED);
}

/* What a customer has is live reservations plus sales minus refunds, through a whole life. */
static void the_maximum_per_customer_counts_what_they_have_now_R15(void **state) {
    (void)state;
    builder_row(&b, stalls)->max_per_customer = 4;
    builder_at(&b, 1);
    struct outcome first = builder_reserve_for(&b, stalls, 3, ANN);
    struct outcome outcome = builder_reserve_for(&b, stalls, 2, ANN);
    assert_int_equal(outcome.verdict, VERDICT_LIMIT_PER_CUSTOMER);
    assert_int_equal(outcome.facts.customer_has, 3);
    assert_int_equal(outcome.facts.limit, 4);
    assert_int_equal(outcome.facts.requested, 2);
    assert_int_equal(builder_reserve_for(&b, stalls, 4, BOB).verdict, VERDICT_GRANTED);

    builder_complete(&b, builder_line_of(&first), "A-1");
    assert_int_equal(builder_reserve_for(&b, stalls, 2, ANN).facts.customer_has, 3);
    builder_refund(&b, builder_line_of(&first), 2, DISPOSITION_RETURN);
    struct outcome second = builder_reserve_for(&b, stalls, 3, ANN);
    assert_int_equal(builder_reserve_for(&b, stalls, 1, ANN).facts.customer_has, 4);
    builder_release(&b, builder_line_of(&second));
    struct outcome third = builder_reserve_for(&b, stalls, 3, ANN);
    assert_int_equal(third.verdict, VERDICT_GRANTED);

    builder_at(&b, 901); /* what has expired is not had; completed late it is again */
    struct outcome fourth = builder_reserve_for(&b, stalls, 1, ANN);
    assert_int_equal(fourth.verdict, VERDICT_GRANTED);
    assert_int_equal(builder_complete(&b, builder_line_of(&third), "A-2").verdict, VERDICT_GRANTED);
    assert_int_equal(builder_reserve_for(&b, stalls, 1, ANN).facts.customer_has, 5);
}

static void a_limit_set_in_the_same_batch_waits_for_one_that_knows_the_customers_R15(void **state) {
    (void)state;
    assert_int_equal(builder_reserve_for(&b, stalls, 3, ANN).verdict, VERDICT_GRANTED);
    builder_at(&b, 1); /* no limit: what customers have is not loaded */
    b.caller = builder_caller(ROLE_ADMIN);
    struct outcome changed = builder_decide(
        &b, (struct command){.kind = COMMAND_TYPE_CHANGE,
                             .of.type = {.type = {.id = stalls, .max_per_customer = 4},
                                         .fields = SETTING_MAX_PER_CUSTOMER,
                                         .if_version = 1}});
    assert_int_equal(changed.verdict, VERDICT_GRANTED);
    struct item item = {stalls, 2};
    struct command command = {
        .kind = COMMAND_RESERVE,
        .of.reserve = {.items = {&item, 1}, .user_id = builder_user(ANN), .seconds = 900}};
    assert_true(decide_must_wait(&b.world, &command));
    builder_at(&b, 2);
    assert_false(decide_must_wait(&b.world, &command));
    b.caller = builder_caller(ROLE_CHECKOUT);
    assert_int_equal(builder_decide(&b, command).verdict, VERDICT_LIMIT_PER_CUSTOMER);
}

static void the_price_is_fixed_when_tickets_are_reserved_R16(void **state) {
    (void)state;
    struct outcome early = builder_reserve(&b, stalls, 1);
    builder_row(&b, stalls)->price = 3000;
    struct outcome late = builder_reserve(&b, stalls, 1);
    assert_int_equal(late.lines[0].unit_price, 3000);
    struct outcome sold = builder_complete(&b, builder_line_of(&early), "A-1");
    assert_int_equal(sold.lines[0].unit_price, 2500);
}

static void a_total_that_json_could_not_carry_is_refused_R16(void **state) {
    (void)state;
    struct uuid vast = builder_type(&b, "Vast", INT32_MAX);
    builder_row(&b, vast)->price = PRICE_MAX;
    struct outcome outcome = builder_reserve(&b, vast, INT32_MAX);
    assert_int_equal(outcome.verdict, VERDICT_VALIDATION_FAILED);
    assert_text(outcome.facts.pointer, "/quantity");
    int32_t most = (int32_t)(AMOUNT_MAX / PRICE_MAX);
    assert_int_equal(builder_reserve(&b, vast, most).verdict, VERDICT_GRANTED);
    assert_int_equal(builder_reserve(&b, vast, most + 1).verdict, VERDICT_VALIDATION_FAILED);
}

#define HOLDS(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)
static const struct CMUnitTest tests[] = {
    HOLDS(a_reservation_holds_its_tickets_and_says_so_R1_R10),
    HOLDS(it_is_granted_whole_or_refused_whole_with_the_facts_R2),
    HOLDS(it_lives_between_a_second_and_two_hours_R13),
    HOLDS(a_quantity_is_at_least_one),
    HOLDS(an_unknown_type_is_not_found_before_its_event_is_out_of_scope),
    HOLDS(nothing_new_is_taken_of_what_is_archived_by_anyone_R12),
    HOLDS(the_sales_window_binds_the_public_and_not_staff_R15),
    HOLDS(an_event_without_an_end_closes_when_it_starts_R15),
    HOLDS(an_unpublished_event_is_for_staff_only_R15),
    HOLDS(the_maximum_per_order_binds_the_public_R15),
    HOLDS(a_limited_type_wants_to_know_the_customer_R15),
    HOLDS(the_maximum_per_customer_counts_what_they_have_now_R15),
    HOLDS(a_limit_set_in_the_same_batch_waits_for_one_that_knows_the_customers_R15),
    HOLDS(the_price_is_fixed_when_tickets_are_reserved_R16),
    HOLDS(a_total_that_json_could_not_carry_is_refused_R16),
};
UNIT_MAIN(tests)
