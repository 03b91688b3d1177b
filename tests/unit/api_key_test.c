/* Keys are made, used and revoked. */
#include "support/unit.h"
#include "support/world_builder.h"

static struct world_builder b;

static int open_world(void **state) {
    (void)state;
    builder_open(&b);
    b.caller = builder_caller(ROLE_ADMIN);
    return 0;
}

static int close_world(void **state) {
    (void)state;
    builder_close(&b);
    return 0;
}

static struct outcome key_command(enum command_kind kind, struct api_key key) {
    return builder_decide(&b, (struct command){.kind = kind, .of.api_key.key = key});
}

static struct api_key fresh_key(void) {
    return (struct api_key){.id = builder_id(&b),
                            .name = TEXT("shop"),
                            .role = ROLE_CHECKOUT,
                            .expires_at = INSTANT_NONE,
                            .last_used_at = builder_time(5),
                            .revoked_at = builder_time(5)};
}

static void a_new_key_was_neither_used_nor_revoked(void **state) {
    (void)state;
    struct api_key key = fresh_key();
    struct outcome made = key_command(COMMAND_KEY_CREATE, key);
    assert_int_equal(made.verdict, VERDICT_GRANTED);
    assert_uuid(made.api_key->id, key.id);
    assert_true(instant_is_none(made.api_key->last_used_at));
    assert_true(instant_is_none(made.api_key->revoked_at));
    assert_int_equal(made.api_key->created_at.us, builder_time(0).us);
}

static void a_key_is_revoked_once(void **state) {
    (void)state;
    struct api_key key = fresh_key();
    key_command(COMMAND_KEY_CREATE, key);
    builder_at(&b, 60);
    struct outcome revoked = key_command(COMMAND_KEY_REVOKE, key);
    assert_int_equal(revoked.api_key->revoked_at.us, builder_time(60).us);
    builder_at(&b, 120);
    revoked = key_command(COMMAND_KEY_REVOKE, key);
    assert_int_equal(revoked.api_key->revoked_at.us, builder_time(60).us);
    assert_int_equal(key_command(COMMAND_KEY_REVOKE, fresh_key()).verdict, VERDICT_NOT_FOUND);
}

static void the_last_use_never_falls(void **state) {
    (void)state;
    struct api_key key = fresh_key();
    key_command(COMMAND_KEY_CREATE, key);
    key.last_used_at = builder_time(90);
    key_command(COMMAND_KEY_TOUCH, key);
    key.last_used_at = builder_time(30);
    assert_int_equal(key_command(COMMAND_KEY_TOUCH, key).api_key->last_used_at.us,
                     builder_time(90).us);
}

/* Else an admin of one event makes themselves an admin of all. */
static void who_is_scoped_to_events_makes_and_revokes_no_keys(void **state) {
    (void)state;
    struct api_key key = fresh_key();
    key_command(COMMAND_KEY_CREATE, key);
    b.caller.events = &b.event;
    b.caller.events_count = 1;
    assert_int_equal(key_command(COMMAND_KEY_CREATE, fresh_key()).verdict,
                     VERDICT_EVENT_OUT_OF_SCOPE);
    assert_int_equal(key_command(COMMAND_KEY_REVOKE, key).verdict, VERDICT_EVENT_OUT_OF_SCOPE);
    assert_int_equal(key_command(COMMAND_KEY_REVOKE, fresh_key()).verdict, VERDICT_NOT_FOUND);
}

#define HOLDS(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)
static const struct CMUnitTest tests[] = {
    HOLDS(a_new_key_was_neither_used_nor_revoked),
    HOLDS(a_key_is_revoked_once),
    HOLDS(the_last_use_never_falls),
    HOLDS(who_is_scoped_to_events_makes_and_revokes_no_keys),
};
UNIT_MAIN(tests)
