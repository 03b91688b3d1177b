/* R6: what was set aside is given back. */
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

static struct outcome release(struct target target, const char *reason) {
    return builder_decide(
        &b, (struct command){.kind = COMMAND_RELEASE, .of.release = {target, text_of(reason)}});
}

static void an_active_reservation_gives_its_tickets_back_R6_R10(void **state) {
    (void)state;
    struct outcome reserved = builder_reserve_for(&b, stalls, 3, ANN);
    struct outcome released = release(builder_line_of(&reserved), "  changed their mind ");
    assert_int_equal(released.lines[0].status, RESERVATION_RELEASED);
    assert_counts(&b, stalls, 10, 0, 0);
    const struct audit_entry *entry = builder_entry(&b, 0);
    assert_int_equal(entry->action, ACTION_RELEASE);
    assert_int_equal(entry->quantity, 3);
    assert_text(entry->reason, "changed their mind");
    assert_true(instant_is_none(entry->effective_at));
    assert_uuid(entry->user_id, builder_user(ANN));
}

static void a_released_or_expired_one_is_answered_unchanged_R6(void **state) {
    (void)state;
    struct outcome first = builder_reserve(&b, stalls, 3);
    struct outcome second = builder_reserve(&b, stalls, 2);
    builder_release(&b, builder_line_of(&first));
    builder_at(&b, 900);
    size_t entries = builder_entries(&b);
    assert_int_equal(builder_release(&b, builder_line_of(&first)).lines[0].status,
                     RESERVATION_RELEASED);
    assert_int_equal(builder_release(&b, builder_line_of(&second)).lines[0].status,
                     RESERVATION_EXPIRED);
    assert_int_equal(builder_entries(&b), entries);
    assert_counts(&b, stalls, 10, 0, 0);
}

static void a_sale_is_not_released_R6(void **state) {
    (void)state;
    struct outcome reserved = builder_reserve(&b, stalls, 3);
    builder_complete(&b, builder_line_of(&reserved), "A-1");
    struct outcome refused = builder_release(&b, builder_line_of(&reserved));
    assert_int_equal(refused.verdict, VERDICT_RESERVATION_COMPLETED);
    assert_uuid(refused.facts.reservation_id, reserved.lines[0].id);
    assert_text(refused.facts.order_id, "A-1");
}

static void a_cart_is_released_with_all_its_lines_R2_R6(void **state) {
    (void)state;
    struct item items[] = {{stalls, 2}, {balcony, 5}};
    struct outcome cart = builder_cart(&b, items, 2);
    struct outcome released = builder_release(&b, builder_cart_of(&cart));
    assert_int_equal(released.cart->status, RESERVATION_RELEASED);
    assert_int_equal(released.lines_count, 2);
    assert_counts(&b, stalls, 10, 0, 0);
    assert_counts(&b, balcony, 5, 0, 0);
    size_t entries = builder_entries(&b);
    assert_int_equal(builder_release(&b, builder_cart_of(&cart)).lines_count, 2);
    assert_int_equal(builder_entries(&b), entries);
}

static void a_reason_may_be_missing_but_not_be_nothing(void **state) {
    (void)state;
    struct outcome reserved = builder_reserve(&b, stalls, 3);
    char long_reason[502];
    memset(long_reason, 'x', sizeof long_reason - 1);
    long_reason[sizeof long_reason - 1] = '\0';
    const char *const refused[] = {"", "  \t ", "ab", long_reason};
    for (size_t i = 0; i < 4; i++) {
        struct outcome outcome = release(builder_line_of(&reserved), refused[i]);
        assert_int_equal(outcome.verdict, VERDICT_VALIDATION_FAILED);
        assert_text(outcome.facts.pointer, "/reason");
    }
    assert_int_equal(release(builder_line_of(&reserved), long_reason + 1).verdict, VERDICT_GRANTED);
}

static void what_is_archived_is_still_released_R12(void **state) {
    (void)state;
    struct outcome reserved = builder_reserve(&b, stalls, 3);
    builder_row(&b, stalls)->archived_at = builder_time(0);
    assert_int_equal(builder_release(&b, builder_line_of(&reserved)).verdict, VERDICT_GRANTED);
}

#define HOLDS(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)
static const struct CMUnitTest tests[] = {
    HOLDS(an_active_reservation_gives_its_tickets_back_R6_R10),
    HOLDS(a_released_or_expired_one_is_answered_unchanged_R6),
    HOLDS(a_sale_is_not_released_R6),
    HOLDS(a_cart_is_released_with_all_its_lines_R2_R6),
    HOLDS(a_reason_may_be_missing_but_not_be_nothing),
    HOLDS(what_is_archived_is_still_released_R12),
};
UNIT_MAIN(tests)
