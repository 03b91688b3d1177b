/* R8: a direct sale takes from the same inventory in one step. */
#include "support/unit.h"
#include "support/world_builder.h"

static struct world_builder b;
static struct uuid stalls, balcony;

static int open_world(void **state) {
    (void)state;
    builder_open(&b);
    stalls = builder_type(&b, "Stalls", 10);
    balcony = builder_type(&b, "Balcony", 5);
    b.caller = builder_caller(ROLE_BOX_OFFICE);
    return 0;
}

static int close_world(void **state) {
    (void)state;
    builder_close(&b);
    return 0;
}

static struct outcome sell(struct item item, enum channel channel, const char *order_id,
                           const char *reason) {
    return builder_decide(&b, (struct command){.kind = COMMAND_SELL,
                                               .of.sell = {.items = {&item, 1},
                                                           .channel = channel,
                                                           .order_id = text_of(order_id),
                                                           .reason = text_of(reason)}});
}

static void a_sale_is_one_step_with_one_entry_for_each_line_R8_R10(void **state) {
    (void)state;
    struct item items[] = {{stalls, 2}, {balcony, 1}, {stalls, 1}};
    size_t entries = builder_entries(&b);
    struct outcome sale = builder_sell(&b, items, 3, CHANNEL_BOX_OFFICE);
    assert_int_equal(sale.verdict, VERDICT_GRANTED);
    assert_int_equal(sale.cart->status, RESERVATION_COMPLETED);
    assert_true(instant_is_none(sale.cart->expires_at));
    assert_int_equal(sale.lines_count, 2);
    assert_int_equal(builder_entries(&b), entries + 2);
    assert_int_equal(builder_entry(&b, 0)->action, ACTION_SALE);
    assert_text(builder_entry(&b, 0)->tender, "cash");
    assert_counts(&b, stalls, 10, 3, 0);
    assert_counts(&b, balcony, 5, 1, 0);
    builder_at(&b, 24 * 3600); /* it never expires */
    assert_counts(&b, stalls, 10, 3, 0);
}

static void without_an_order_id_the_box_office_gets_one_R8(void **state) {
    (void)state;
    struct outcome sale = sell((struct item){stalls, 1}, CHANNEL_BOX_OFFICE, NULL, NULL);
    struct text order_id = sale.cart->order_id;
    assert_int_equal(order_id.length, 13);
    assert_true(text_starts_with(order_id, TEXT("BO-")));
    for (size_t i = 3; i < order_id.length; i++) {
        assert_non_null(strchr("0123456789ABCDEFGHJKMNPQRSTVWXYZ", order_id.bytes[i]));
    }
    struct outcome other = sell((struct item){stalls, 1}, CHANNEL_BOX_OFFICE, NULL, NULL);
    assert_false(text_equals(order_id, other.cart->order_id));
    sale = sell((struct item){stalls, 1}, CHANNEL_BOX_OFFICE, "OWN-1", NULL);
    assert_text(sale.cart->order_id, "OWN-1");
}

static void online_and_partner_sales_name_their_order_R8(void **state) {
    (void)state;
    static const enum channel channels[] = {CHANNEL_ONLINE, CHANNEL_PARTNER};
    for (size_t i = 0; i < 2; i++) {
        struct outcome refused = sell((struct item){stalls, 1}, channels[i], NULL, NULL);
        assert_int_equal(refused.verdict, VERDICT_VALIDATION_FAILED);
        assert_text(refused.facts.pointer, "/order_id");
        assert_int_equal(sell((struct item){stalls, 1}, channels[i], "P-1", NULL).verdict,
                         VERDICT_GRANTED);
    }
}

static void no_path_sells_around_the_rules_R1_R8(void **state) {
    (void)state;
    builder_reserve(&b, stalls, 8);
    struct outcome refused = sell((struct item){stalls, 3}, CHANNEL_BOX_OFFICE, NULL, NULL);
    assert_int_equal(refused.verdict, VERDICT_INSUFFICIENT_INVENTORY);
    assert_int_equal(refused.facts.available, 2);
    builder_row(&b, stalls)->archived_at = builder_time(0);
    assert_int_equal(sell((struct item){stalls, 1}, CHANNEL_BOX_OFFICE, NULL, NULL).verdict,
                     VERDICT_ARCHIVED);
}

static void staff_sell_whatever_binds_the_public_R15(void **state) {
    (void)state;
    builder_row(&b, stalls)->max_per_order = 1;
    builder_row(&b, stalls)->max_per_customer = 1;
    builder_row(&b, stalls)->sales_end = builder_time(-1);
    world_event(&b.world, b.event)->row.published = false;
    assert_int_equal(sell((struct item){stalls, 3}, CHANNEL_BOX_OFFICE, NULL, NULL).verdict,
                     VERDICT_GRANTED);
}

static void a_comp_costs_nothing_and_needs_a_reason_R16(void **state) {
    (void)state;
    struct outcome refused = sell((struct item){stalls, 1}, CHANNEL_COMP, NULL, NULL);
    assert_int_equal(refused.verdict, VERDICT_VALIDATION_FAILED);
    assert_text(refused.facts.pointer, "/reason");
    struct outcome sale = sell((struct item){stalls, 1}, CHANNEL_COMP, NULL, "press seats");
    assert_int_equal(sale.lines[0].unit_price, 0);
    assert_text(builder_entry(&b, 0)->reason, "press seats");
    struct uuid vast = builder_type(&b, "Vast", INT32_MAX); /* nothing, however many */
    builder_row(&b, vast)->price = PRICE_MAX;
    assert_int_equal(sell((struct item){vast, INT32_MAX}, CHANNEL_COMP, NULL, "a stunt").verdict,
                     VERDICT_GRANTED);
}

static void a_sale_is_had_by_its_customer_R15(void **state) {
    (void)state;
    builder_row(&b, stalls)->max_per_customer = 2;
    builder_at(&b, 1);
    b.caller.acting_for = builder_user(ANN);
    assert_int_equal(sell((struct item){stalls, 2}, CHANNEL_BOX_OFFICE, NULL, NULL).verdict,
                     VERDICT_GRANTED);
    b.caller = builder_caller(ROLE_CHECKOUT);
    assert_int_equal(builder_reserve_for(&b, stalls, 1, ANN).facts.customer_has, 2);
}

#define HOLDS(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)
static const struct CMUnitTest tests[] = {
    HOLDS(a_sale_is_one_step_with_one_entry_for_each_line_R8_R10),
    HOLDS(without_an_order_id_the_box_office_gets_one_R8),
    HOLDS(online_and_partner_sales_name_their_order_R8),
    HOLDS(no_path_sells_around_the_rules_R1_R8),
    HOLDS(staff_sell_whatever_binds_the_public_R15),
    HOLDS(a_comp_costs_nothing_and_needs_a_reason_R16),
    HOLDS(a_sale_is_had_by_its_customer_R15),
};
UNIT_MAIN(tests)
