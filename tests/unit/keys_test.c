/* Which rows a batch asks for: each once, in the order in which stores lock. */
#include "domain/keys.h"

#include "support/unit.h"

static struct arena arena;
static struct keys keys;

static int open_keys(void **state) {
    (void)state;
    arena_init(&arena, 1 << 20);
    keys_init(&keys, &arena);
    return 0;
}

static int close_keys(void **state) {
    (void)state;
    arena_finish(&arena);
    return 0;
}

static struct uuid id(uint8_t number) {
    return (struct uuid){{number}};
}

static void ids_stand_once_and_rise(void **state) {
    (void)state;
    static const uint8_t asked[] = {9, 3, 9, 9, 1, 3, 200, 1};
    for (size_t i = 0; i < sizeof asked; i++) {
        struct item item = {id(asked[i]), 1};
        struct command command = {.kind = COMMAND_RESERVE, .of.reserve.items = {&item, 1}};
        assert_true(keys_add(&keys, &command));
    }
    keys_seal(&keys);
    assert_int_equal(keys.types.count, 4);
    static const uint8_t expected[] = {1, 3, 9, 200};
    for (size_t i = 0; i < 4; i++) {
        assert_uuid(keys.types.list[i], id(expected[i]));
    }
    assert_int_equal(keys.reservations.count + keys.carts.count + keys.events.count, 0);
}

static void each_command_names_what_its_decision_reads(void **state) {
    (void)state;
    struct item item = {id(1), 1};
    struct items items = {&item, 1};
    struct command commands[] = {
        {.kind = COMMAND_CART_CREATE, .of.reserve = {.items = items, .user_id = id(50)}},
        {.kind = COMMAND_CART_REPLACE, .of.reserve = {.items = items, .cart_id = id(20)}},
        {.kind = COMMAND_SELL, .of.sell = {.items = items}, .caller.acting_for = id(51)},
        {.kind = COMMAND_COMPLETE, .of.complete.target = {id(21), true}},
        {.kind = COMMAND_RELEASE, .of.release.target = {id(30), false}},
        {.kind = COMMAND_EXTEND, .of.extend.target = {id(31), false}},
        {.kind = COMMAND_REFUND, .of.refund.target = {id(22), true}},
        {.kind = COMMAND_ADJUST, .of.adjust.ticket_type_id = id(2)},
        {.kind = COMMAND_SWEEP, .of.sweep = id(3)},
        {.kind = COMMAND_TYPE_CREATE, .of.type.type.event_id = id(40)},
        {.kind = COMMAND_TYPE_CHANGE, .of.type.type.id = id(4)},
        {.kind = COMMAND_TYPE_ARCHIVE, .of.archive.id = id(5)},
        {.kind = COMMAND_EVENT_CREATE, .of.event.event.venue_id = id(60)},
        {.kind = COMMAND_EVENT_CHANGE,
         .of.event = {.event = {.id = id(41)}, .fields = SETTING_CURRENCY}},
        {.kind = COMMAND_EVENT_ARCHIVE, .of.archive.id = id(42)},
        {.kind = COMMAND_VENUE_CREATE},
        {.kind = COMMAND_VENUE_CHANGE, .of.venue.venue.id = id(61)},
        {.kind = COMMAND_VENUE_ARCHIVE, .of.archive.id = id(62)},
        {.kind = COMMAND_KEY_CREATE, .of.api_key.key.id = id(70)},
        {.kind = COMMAND_KEY_REVOKE, .of.api_key.key.id = id(71)},
        {.kind = COMMAND_KEY_TOUCH, .of.api_key.key.id = id(72)},
        {.kind = COMMAND_STAFF_PASSWORD, .of.staff.staff.id = id(80)},
        {.kind = COMMAND_SESSION_BEGIN, .of.staff.staff.id = id(81)},
        {.kind = COMMAND_SESSION_END, .of.staff.staff.id = id(82)},
        {.kind = COMMAND_SESSION_TOUCH, .of.staff.staff.id = id(82)},
        {.kind = COMMAND_PRUNE},
    };
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        assert_true(keys_add(&keys, &commands[i]));
    }
    keys_seal(&keys);
    assert_int_equal(keys.types.count, 5);
    assert_int_equal(keys.carts.count, 3);
    assert_int_equal(keys.reservations.count, 2);
    assert_int_equal(keys.events.count, 3);
    assert_int_equal(keys.venues.count, 3);
    assert_int_equal(keys.staff.count, 3);
    assert_false(keys.all_staff);
    struct command disable = {.kind = COMMAND_STAFF_DISABLE, .of.staff.staff.id = id(83)};
    assert_true(keys_add(&keys, &disable));
    assert_int_equal(keys.staff.count, 4);
    assert_true(keys.all_staff); /* is another admin left? */
    assert_int_equal(keys.api_keys.count, 2);
    assert_int_equal(keys.currency_events.count, 1);
    assert_uuid(keys.currency_events.list[0], id(41));
    assert_int_equal(keys.customers_count, 2);
    assert_uuid(keys.customers[0].user_id, id(50));
    assert_uuid(keys.customers[1].user_id, id(51));
    assert_int_equal(keys.cart_customers_count, 1);
    assert_uuid(keys.cart_customers[0].cart_id, id(20));
    assert_uuid(keys.cart_customers[0].ticket_type_id, id(1));
}

static void idempotency_keys_are_sorted_by_principal_then_bytes_R14(void **state) {
    (void)state;
    static const struct {
        uint8_t principal;
        const char *key;
    } asked[] = {{2, "a"}, {1, "b"}, {1, "ab"}, {1, "a"}, {2, "a"}, {1, "b"}, {0, "z"}};
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        struct command command = {
            .kind = COMMAND_PRUNE,
            .idempotency = {.principal = id(asked[i].principal), .key = text_of(asked[i].key)}};
        assert_true(keys_add(&keys, &command));
    }
    keys_seal(&keys);
    static const char *const expected[] = {"z", "a", "ab", "b", "a"};
    assert_int_equal(keys.idempotency_count, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_text(keys.idempotency[i].key, expected[i]);
    }
}

static void many_keys_are_kept_and_a_spent_arena_is_said(void **state) {
    (void)state;
    struct arena small;
    arena_init(&small, 1 << 16);
    struct keys many;
    keys_init(&many, &small);
    size_t added = 0;
    for (bool fits = true; fits && added < 100000; added += fits) {
        struct command command = {.kind = COMMAND_SWEEP};
        memcpy(command.of.sweep.bytes, &added, sizeof added);
        fits = keys_add(&many, &command);
    }
    assert_in_range(added, 1000, 99999);
    keys_seal(&many);
    assert_int_equal(many.types.count, added);
    arena_finish(&small);
}

static void a_command_s_bounds_cover_its_lines(void **state) {
    (void)state;
    struct command reserve = {.kind = COMMAND_RESERVE};
    assert_int_equal(command_ids_max(&reserve), 3);
    struct command cart = {.kind = COMMAND_COMPLETE, .of.complete.target.is_cart = true};
    assert_int_equal(command_ids_max(&cart), 101);
    struct command replace = {.kind = COMMAND_CART_REPLACE, .of.reserve.items.count = 50};
    assert_int_equal(command_ids_max(&replace), 201);
    assert_true(command_rows_max(&replace) >= 300);
}

#define HOLDS(test) cmocka_unit_test_setup_teardown(test, open_keys, close_keys)
static const struct CMUnitTest tests[] = {
    HOLDS(ids_stand_once_and_rise),
    HOLDS(each_command_names_what_its_decision_reads),
    HOLDS(idempotency_keys_are_sorted_by_principal_then_bytes_R14),
    HOLDS(many_keys_are_kept_and_a_spent_arena_is_said),
    HOLDS(a_command_s_bounds_cover_its_lines),
};
UNIT_MAIN(tests)
