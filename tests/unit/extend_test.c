/* R13: more time, within two hours of the creation. */
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

static void it_lives_until_now_and_what_was_asked_but_never_less_R13(void **state) {
    (void)state;
    static const struct {
        int64_t now;
        int32_t seconds;
        int64_t expires; /* 0: refused */
    } table[] = {
        {0, 900, 900},      {0, 901, 901},   {0, 1, 901},     {600, 60, 901},    {600, 600, 1200},
        {1100, 6100, 7200}, {1100, 6101, 0}, {1100, 7200, 0}, {7000, 200, 7200}, {7000, 201, 0},
    };
    struct outcome reserved = builder_reserve(&b, stalls, 1);
    struct target target = builder_line_of(&reserved);
    size_t entries = builder_entries(&b);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        builder_at(&b, table[i].now);
        struct outcome outcome = builder_extend(&b, target, table[i].seconds);
        if (table[i].expires != 0) {
            assert_int_equal(outcome.verdict, VERDICT_GRANTED);
            assert_int_equal(outcome.lines[0].expires_at.us, builder_time(table[i].expires).us);
        } else {
            assert_int_equal(outcome.verdict, VERDICT_EXTENSION_LIMIT);
            assert_int_equal(outcome.facts.limit, 7200);
            assert_int_equal(outcome.facts.at.us, builder_time(7200).us);
        }
    }
    assert_int_equal(builder_entries(&b), entries); /* no count moved */
}

static void what_is_asked_is_between_a_second_and_two_hours_R13(void **state) {
    (void)state;
    struct outcome reserved = builder_reserve(&b, stalls, 1);
    static const int32_t table[] = {0, -1, 7201, INT32_MAX, INT32_MIN};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct outcome outcome = builder_extend(&b, builder_line_of(&reserved), table[i]);
        assert_int_equal(outcome.verdict, VERDICT_VALIDATION_FAILED);
        assert_text(outcome.facts.pointer, "/expires_in_seconds");
    }
}

static void a_cart_is_extended_with_all_its_lines_from_its_own_creation_R2_R13(void **state) {
    (void)state;
    struct item items[] = {{stalls, 2}, {balcony, 1}};
    struct outcome cart = builder_cart(&b, items, 1);
    builder_at(&b, 800);
    builder_replace(&b, cart.cart->id, items, 2); /* the new line is younger than the cart */
    struct outcome extended = builder_extend(&b, builder_cart_of(&cart), 6400);
    assert_int_equal(extended.cart->expires_at.us, builder_time(7200).us);
    for (size_t i = 0; i < extended.lines_count; i++) {
        assert_int_equal(extended.lines[i].expires_at.us, builder_time(7200).us);
    }
    assert_int_equal(builder_extend(&b, builder_cart_of(&cart), 6401).verdict,
                     VERDICT_EXTENSION_LIMIT);
}

static void only_what_is_active_is_extended_R13(void **state) {
    (void)state;
    struct outcome sold = builder_reserve(&b, stalls, 1);
    builder_complete(&b, builder_line_of(&sold), "A-1");
    struct outcome released = builder_reserve(&b, stalls, 1);
    builder_release(&b, builder_line_of(&released));
    struct outcome expired = builder_reserve(&b, stalls, 1);
    builder_at(&b, 900);
    assert_int_equal(builder_extend(&b, builder_line_of(&sold), 60).verdict,
                     VERDICT_RESERVATION_COMPLETED);
    assert_int_equal(builder_extend(&b, builder_line_of(&released), 60).verdict,
                     VERDICT_RESERVATION_RELEASED);
    assert_int_equal(builder_extend(&b, builder_line_of(&expired), 60).verdict,
                     VERDICT_RESERVATION_EXPIRED);
}

static void no_sales_rule_binds_an_extension_R12_R15(void **state) {
    (void)state;
    struct outcome reserved = builder_reserve(&b, stalls, 1);
    builder_row(&b, stalls)->sales_end = builder_time(0);
    builder_row(&b, stalls)->archived_at = builder_time(0);
    world_event(&b.world, b.event)->row.published = false;
    assert_int_equal(builder_extend(&b, builder_line_of(&reserved), 1000).verdict, VERDICT_GRANTED);
}

#define HOLDS(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)
static const struct CMUnitTest tests[] = {
    HOLDS(it_lives_until_now_and_what_was_asked_but_never_less_R13),
    HOLDS(what_is_asked_is_between_a_second_and_two_hours_R13),
    HOLDS(a_cart_is_extended_with_all_its_lines_from_its_own_creation_R2_R13),
    HOLDS(only_what_is_active_is_extended_R13),
    HOLDS(no_sales_rule_binds_an_extension_R12_R15),
};
UNIT_MAIN(tests)
