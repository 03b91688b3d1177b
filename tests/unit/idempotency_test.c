/* R14: a retry is answered with the stored outcome; another request with the key is refused. */
#include "support/unit.h"
#include "support/world_builder.h"

static struct world_builder b;
static struct uuid stalls;
static struct item item;

static int open_world(void **state) {
    (void)state;
    builder_open(&b);
    stalls = builder_type(&b, "Stalls", 3);
    item = (struct item){stalls, 2};
    return 0;
}

static int close_world(void **state) {
    (void)state;
    builder_close(&b);
    return 0;
}

static struct command keyed(const char *key, uint8_t request) {
    struct command command = {.kind = COMMAND_RESERVE,
                              .idempotency = {.principal = builder_user(7), .key = text_of(key)},
                              .of.reserve = {.items = {&item, 1}, .seconds = 900}};
    command.idempotency.fingerprint[FINGERPRINT_SIZE - 1] = request;
    return command;
}

static void a_retry_gets_the_first_answer_in_the_batch_and_after_R14(void **state) {
    (void)state;
    struct outcome first = builder_decide(&b, keyed("k", 1));
    assert_int_equal(first.verdict, VERDICT_GRANTED);
    assert_false(first.replayed);
    assert_int_equal(b.world.idempotency->state, ROW_NEW); /* written with the effect */
    for (int64_t seconds = 0; seconds <= 5000; seconds += 2500) {
        struct outcome again = builder_decide(&b, keyed("k", 1));
        assert_int_equal(again.verdict, VERDICT_GRANTED);
        assert_true(again.replayed);
        assert_int_equal(again.kind, COMMAND_RESERVE);
        assert_int_equal(again.decided_at.us, builder_time(0).us);
        assert_int_equal(again.lines_count, 1);
        assert_uuid(again.lines[0].id, first.lines[0].id);
        assert_int_equal(again.lines[0].status, RESERVATION_ACTIVE); /* as it was decided */
        builder_at(&b, seconds + 2500);
    }
}

static void another_request_with_the_key_is_refused_R14(void **state) {
    (void)state;
    builder_decide(&b, keyed("k", 1));
    assert_int_equal(builder_decide(&b, keyed("k", 2)).verdict, VERDICT_IDEMPOTENCY_KEY_REUSED);
    builder_at(&b, 60);
    assert_int_equal(builder_decide(&b, keyed("k", 2)).verdict, VERDICT_IDEMPOTENCY_KEY_REUSED);
}

static void a_key_belongs_to_its_principal_R14(void **state) {
    (void)state;
    builder_decide(&b, keyed("k", 1));
    item.quantity = 1;
    struct command other = keyed("k", 2);
    other.idempotency.principal = builder_user(8);
    struct outcome outcome = builder_decide(&b, other);
    assert_int_equal(outcome.verdict, VERDICT_GRANTED);
    assert_false(outcome.replayed);
}

static void refusals_are_not_stored_R14(void **state) {
    (void)state;
    item.quantity = 4;
    assert_int_equal(builder_decide(&b, keyed("k", 1)).verdict, VERDICT_INSUFFICIENT_INVENTORY);
    b.caller = builder_caller(ROLE_ADMIN);
    builder_adjust(&b, stalls, ACTION_INCREASE, 1);
    struct outcome second = builder_decide(&b, keyed("k", 1));
    assert_int_equal(second.verdict, VERDICT_GRANTED);
    assert_false(second.replayed);
}

static void a_command_without_a_key_is_decided_each_time(void **state) {
    (void)state;
    item.quantity = 1;
    assert_false(builder_decide(&b, keyed(NULL, 1)).replayed);
    assert_false(builder_decide(&b, keyed(NULL, 1)).replayed);
    assert_counts(&b, stalls, 3, 0, 2);
    assert_null(b.world.idempotency);
}

static void a_stored_answer_that_cannot_be_read_is_an_error_and_changes_nothing(void **state) {
    (void)state;
    builder_decide(&b, keyed("k", 1));
    b.world.idempotency->outcome = TEXT("\x07nonsense");
    assert_int_equal(builder_decide(&b, keyed("k", 1)).verdict, VERDICT_INTERNAL_ERROR);
}

#define HOLDS(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)
static const struct CMUnitTest tests[] = {
    HOLDS(a_retry_gets_the_first_answer_in_the_batch_and_after_R14),
    HOLDS(another_request_with_the_key_is_refused_R14),
    HOLDS(a_key_belongs_to_its_principal_R14),
    HOLDS(refusals_are_not_stored_R14),
    HOLDS(a_command_without_a_key_is_decided_each_time),
    HOLDS(a_stored_answer_that_cannot_be_read_is_an_error_and_changes_nothing),
};
UNIT_MAIN(tests)
