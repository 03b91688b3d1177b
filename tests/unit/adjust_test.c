/* R9: more tickets, or fewer. */
#include "support/unit.h"
#include "support/world_builder.h"

static struct world_builder b;
static struct uuid stalls;

static int open_world(void **state) {
    (void)state;
    builder_open(&b);
    stalls = builder_type(&b, "Stalls", 10);
    b.caller = builder_caller(ROLE_EVENT_MANAGER);
    return 0;
}

static int close_world(void **state) {
    (void)state;
    builder_close(&b);
    return 0;
}

static struct outcome adjust(enum action action, int32_t quantity, const char *reason,
                             int64_t expected_total) {
    return builder_decide(&b, (struct command){.kind = COMMAND_ADJUST,
                                               .of.adjust = {.ticket_type_id = stalls,
                                                             .action = action,
                                                             .quantity = quantity,
                                                             .reason = text_of(reason),
                                                             .expected_total = expected_total}});
}

static void the_total_moves_and_initial_stays_R9_R10(void **state) {
    (void)state;
    struct outcome more = adjust(ACTION_INCREASE, 5, " a row added ", 10);
    assert_int_equal(more.verdict, VERDICT_GRANTED);
    assert_int_equal(more.type->counts.total, 15);
    assert_int_equal(more.entries_count, 1);
    assert_text(more.entries[0].reason, "a row added");
    assert_int_equal(more.entries[0].seq, more.type->audit_seq);
    struct outcome fewer = adjust(ACTION_DECREASE, 15, "closed", 15);
    assert_int_equal(fewer.type->counts.total, 0);
    assert_int_equal(fewer.type->initial, 10);
    assert_int_equal(builder_entry(&b, 0)->action, ACTION_DECREASE);
    assert_int_equal(builder_entry(&b, 0)->quantity, 15);
}

static void a_decrease_below_what_is_committed_is_refused_whole_R9(void **state) {
    (void)state;
    struct outcome sold = builder_reserve(&b, stalls, 3);
    builder_complete(&b, builder_line_of(&sold), "A-1");
    builder_reserve(&b, stalls, 4);
    struct outcome refused = adjust(ACTION_DECREASE, 5, "closed", -1);
    assert_int_equal(refused.verdict, VERDICT_BELOW_COMMITTED);
    assert_int_equal(refused.facts.requested, 5);
    assert_int_equal(refused.facts.shortfall, 2);
    assert_int_equal(refused.facts.total, 10);
    assert_int_equal(refused.facts.sold, 3);
    assert_int_equal(refused.facts.reserved, 4);
    assert_int_equal(refused.facts.available, 3);
    assert_uuid(refused.facts.ticket_type_id, stalls);
    assert_int_equal(adjust(ACTION_DECREASE, INT32_MAX, "closed", -1).verdict,
                     VERDICT_BELOW_COMMITTED);
    assert_int_equal(adjust(ACTION_DECREASE, 3, "closed", -1).verdict, VERDICT_GRANTED);
    assert_int_equal(adjust(ACTION_DECREASE, 1, "closed", -1).facts.shortfall, 1);
}

static void two_managers_do_not_add_the_same_fifty_R9(void **state) {
    (void)state;
    assert_int_equal(adjust(ACTION_INCREASE, 50, "second show", 10).verdict, VERDICT_GRANTED);
    struct outcome refused = adjust(ACTION_INCREASE, 50, "second show", 10);
    assert_int_equal(refused.verdict, VERDICT_STALE_TOTAL);
    assert_int_equal(refused.facts.total, 60);
    assert_int_equal(refused.facts.requested, 10);
    assert_int_equal(adjust(ACTION_DECREASE, 1, "second show", 0).verdict, VERDICT_STALE_TOTAL);
}

static void a_quantity_is_at_least_one_and_the_total_fits_R9(void **state) {
    (void)state;
    static const struct {
        enum action action;
        int32_t quantity;
        enum verdict verdict;
    } table[] = {
        {ACTION_INCREASE, 0, VERDICT_VALIDATION_FAILED},
        {ACTION_INCREASE, -5, VERDICT_VALIDATION_FAILED},
        {ACTION_DECREASE, 0, VERDICT_VALIDATION_FAILED},
        {ACTION_DECREASE, INT32_MIN, VERDICT_VALIDATION_FAILED},
        {ACTION_INCREASE, INT32_MAX, VERDICT_VALIDATION_FAILED},
        {ACTION_INCREASE, INT32_MAX - 9, VERDICT_VALIDATION_FAILED},
        {ACTION_INCREASE, INT32_MAX - 10, VERDICT_GRANTED},
        {ACTION_INCREASE, 1, VERDICT_VALIDATION_FAILED},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct outcome outcome = adjust(table[i].action, table[i].quantity, "because", -1);
        assert_int_equal(outcome.verdict, table[i].verdict);
        if (outcome.verdict != VERDICT_GRANTED) {
            assert_text(outcome.facts.pointer, "/quantity");
        }
    }
}

static void a_reason_has_3_to_500_characters_once_trimmed_R9(void **state) {
    (void)state;
    char longest[1003];
    for (int i = 0; i < 1000; i += 2) {
        memcpy(longest + i, "\xC3\xA9", 2); /* 500 characters are 1,000 bytes here */
    }
    longest[1000] = '\0';
    assert_int_equal(adjust(ACTION_INCREASE, 1, longest, -1).verdict, VERDICT_GRANTED);
    memcpy(longest + 1000, "x", 2);
    assert_int_equal(adjust(ACTION_INCREASE, 1, longest, -1).verdict, VERDICT_VALIDATION_FAILED);
    assert_int_equal(adjust(ACTION_INCREASE, 1, " abc ", -1).verdict, VERDICT_GRANTED);
    assert_int_equal(adjust(ACTION_INCREASE, 1, " ab ", -1).verdict, VERDICT_VALIDATION_FAILED);
    assert_int_equal(adjust(ACTION_INCREASE, 1, "\xE2\x82\xAC\xC3\xA9", -1).verdict,
                     VERDICT_VALIDATION_FAILED);
    assert_text(adjust(ACTION_INCREASE, 1, NULL, -1).facts.pointer, "/reason");
}

static void what_is_archived_is_not_adjusted_R12(void **state) {
    (void)state;
    builder_archive(&b, COMMAND_EVENT_ARCHIVE, b.event, true);
    assert_int_equal(adjust(ACTION_INCREASE, 1, "because", -1).verdict, VERDICT_ARCHIVED);
    builder_archive(&b, COMMAND_EVENT_ARCHIVE, b.event, false);
    builder_archive(&b, COMMAND_TYPE_ARCHIVE, stalls, true);
    struct outcome refused = adjust(ACTION_DECREASE, 1, "because", -1);
    assert_int_equal(refused.verdict, VERDICT_ARCHIVED);
    assert_uuid(refused.facts.ticket_type_id, stalls);
}

static void what_is_not_there_or_out_of_scope_is_said_first(void **state) {
    (void)state;
    assert_int_equal(builder_adjust(&b, builder_id(&b), ACTION_INCREASE, 1).verdict,
                     VERDICT_NOT_FOUND);
    struct uuid other_event = builder_id(&b);
    b.caller.events = &other_event;
    b.caller.events_count = 1;
    assert_int_equal(adjust(ACTION_INCREASE, 1, "because", 99).verdict, VERDICT_EVENT_OUT_OF_SCOPE);
}

#define HOLDS(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)
static const struct CMUnitTest tests[] = {
    HOLDS(the_total_moves_and_initial_stays_R9_R10),
    HOLDS(a_decrease_below_what_is_committed_is_refused_whole_R9),
    HOLDS(two_managers_do_not_add_the_same_fifty_R9),
    HOLDS(a_quantity_is_at_least_one_and_the_total_fits_R9),
    HOLDS(a_reason_has_3_to_500_characters_once_trimmed_R9),
    HOLDS(what_is_archived_is_not_adjusted_R12),
    HOLDS(what_is_not_there_or_out_of_scope_is_said_first),
};
UNIT_MAIN(tests)
