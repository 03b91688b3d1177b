/* R2: several reservations made, changed and ended together. */
#include "support/unit.h"
#include "support/world_builder.h"

static struct world_builder b;
static struct uuid stalls, balcony, box;

static int open_world(void **state) {
    (void)state;
    builder_open(&b);
    stalls = builder_type(&b, "Stalls", 10);
    balcony = builder_type(&b, "Balcony", 5);
    box = builder_type(&b, "Box", 1);
    return 0;
}

static int close_world(void **state) {
    (void)state;
    builder_close(&b);
    return 0;
}

#define CART(...)                                                                                  \
    builder_cart(&b, (struct item[]){__VA_ARGS__},                                                 \
                 sizeof((struct item[]){__VA_ARGS__}) / sizeof(struct item))
#define REPLACE(cart, ...)                                                                         \
    builder_replace(&b, (cart), (struct item[]){__VA_ARGS__},                                      \
                    sizeof((struct item[]){__VA_ARGS__}) / sizeof(struct item))

static const struct reservation *line_of(const struct outcome *outcome, struct uuid type) {
    for (size_t i = 0; i < outcome->lines_count; i++) {
        if (uuid_equals(outcome->lines[i].ticket_type_id, type)) {
            return &outcome->lines[i];
        }
    }
    return NULL;
}

static void a_cart_has_one_event_one_timer_and_a_line_for_each_type_R2(void **state) {
    (void)state;
    struct outcome cart = CART({stalls, 2}, {balcony, 1});
    assert_int_equal(cart.verdict, VERDICT_GRANTED);
    assert_int_equal(cart.lines_count, 2);
    assert_uuid(cart.cart->event_id, b.event);
    for (size_t i = 0; i < cart.lines_count; i++) {
        assert_uuid(cart.lines[i].cart_id, cart.cart->id);
        assert_int_equal(cart.lines[i].expires_at.us, cart.cart->expires_at.us);
    }
    assert_counts(&b, stalls, 10, 0, 2);
    assert_counts(&b, balcony, 5, 0, 1);
}

static void lines_of_one_type_are_summed_first_R2(void **state) {
    (void)state;
    struct outcome refused = CART({stalls, 6}, {balcony, 1}, {stalls, 5});
    assert_int_equal(refused.verdict, VERDICT_INSUFFICIENT_INVENTORY);
    assert_int_equal(refused.facts.requested, 11);
    struct outcome cart = CART({stalls, 6}, {balcony, 1}, {stalls, 4});
    assert_int_equal(cart.lines_count, 2);
    assert_int_equal(line_of(&cart, stalls)->quantity, 10);
    builder_row(&b, balcony)->max_per_order = 3;
    assert_int_equal(CART({balcony, 2}, {balcony, 2}).verdict, VERDICT_LIMIT_PER_ORDER);
    assert_int_equal(CART({balcony, INT32_MAX}, {balcony, INT32_MAX}).verdict,
                     VERDICT_LIMIT_PER_ORDER);
}

static void a_cart_is_granted_whole_or_refused_whole_R2(void **state) {
    (void)state;
    struct outcome refused = CART({stalls, 2}, {box, 2});
    assert_int_equal(refused.verdict, VERDICT_INSUFFICIENT_INVENTORY);
    assert_uuid(refused.facts.ticket_type_id, box);
    assert_int_equal(refused.facts.available, 1);
    assert_counts(&b, stalls, 10, 0, 0);
}

static void a_cart_has_between_1_and_50_items_of_one_event_R2(void **state) {
    (void)state;
    struct item many[CART_LINES_MAX + 1];
    for (size_t i = 0; i <= CART_LINES_MAX; i++) {
        many[i] = (struct item){stalls, 1};
    }
    assert_text(builder_cart(&b, many, 0).facts.pointer, "/items");
    assert_text(builder_cart(&b, many, CART_LINES_MAX + 1).facts.pointer, "/items");
    many[3].quantity = 0;
    assert_text(builder_cart(&b, many, CART_LINES_MAX).facts.pointer, "/items/3/quantity");

    struct event other = world_event(&b.world, b.event)->row;
    other.id = builder_id(&b);
    assert_non_null(world_add_event(&b.world, &other));
    struct uuid first_event = b.event;
    b.event = other.id;
    struct uuid elsewhere = builder_type(&b, "Elsewhere", 5);
    b.event = first_event;
    struct outcome outcome = CART({stalls, 1}, {elsewhere, 1});
    assert_int_equal(outcome.verdict, VERDICT_VALIDATION_FAILED);
    assert_text(outcome.facts.pointer, "/items/1/ticket_type_id");
    struct outcome cart = CART({stalls, 1});
    outcome = REPLACE(cart.cart->id, {elsewhere, 1});
    assert_int_equal(outcome.verdict, VERDICT_VALIDATION_FAILED);
    assert_text(outcome.facts.pointer, "/items/0/ticket_type_id");
}

static void a_single_line_is_not_completed_released_or_extended_R2(void **state) {
    (void)state;
    struct outcome cart = CART({stalls, 2}, {balcony, 1});
    struct target line = {.id = cart.lines[1].id};
    struct outcome refused[] = {builder_complete(&b, line, "A-1"), builder_release(&b, line),
                                builder_extend(&b, line, 60)};
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(refused[i].verdict, VERDICT_BELONGS_TO_CART);
        assert_uuid(refused[i].facts.cart_id, cart.cart->id);
        assert_uuid(refused[i].facts.reservation_id, line.id);
    }
}

static void replacing_keeps_what_stays_and_releases_what_is_missing_R2_R10(void **state) {
    (void)state;
    struct outcome cart = CART({stalls, 4}, {balcony, 2});
    struct uuid kept = line_of(&cart, stalls)->id;
    struct uuid gone = line_of(&cart, balcony)->id;
    builder_at(&b, 60);
    size_t entries = builder_entries(&b);
    struct outcome changed = REPLACE(cart.cart->id, {stalls, 6}, {box, 1});
    assert_int_equal(changed.verdict, VERDICT_GRANTED);
    assert_int_equal(changed.lines_count, 2);
    assert_uuid(line_of(&changed, stalls)->id, kept);
    assert_int_equal(line_of(&changed, stalls)->quantity, 6);
    assert_int_equal(changed.cart->expires_at.us, cart.cart->expires_at.us);
    assert_int_equal(line_of(&changed, box)->expires_at.us, cart.cart->expires_at.us);
    assert_int_equal(builder_reservation(&b, gone)->status, RESERVATION_RELEASED);
    assert_int_equal(builder_entries(&b), entries + 3); /* one for each difference */
    assert_counts(&b, stalls, 10, 0, 6);
    assert_counts(&b, balcony, 5, 0, 0);
    assert_counts(&b, box, 1, 0, 1);

    entries = builder_entries(&b);
    changed = REPLACE(cart.cart->id, {stalls, 1}, {box, 1});
    assert_int_equal(builder_entries(&b), entries + 1);
    assert_int_equal(builder_entry(&b, 0)->action, ACTION_RELEASE);
    assert_int_equal(builder_entry(&b, 0)->quantity, 5);
    assert_int_equal(changed.lines_count, 2);
}

static void replacing_is_whole_or_refused_R2(void **state) {
    (void)state;
    struct outcome cart = CART({stalls, 4});
    assert_int_equal(REPLACE(cart.cart->id, {balcony, 5}, {box, 2}).verdict,
                     VERDICT_INSUFFICIENT_INVENTORY);
    struct outcome refused = REPLACE(cart.cart->id, {stalls, 11});
    assert_int_equal(refused.facts.requested, 7); /* more than the cart has */
    assert_int_equal(refused.facts.available, 6);
    assert_int_equal(REPLACE(cart.cart->id, {stalls, 10}).verdict, VERDICT_GRANTED);
}

static void giving_back_is_allowed_where_taking_is_not_R12_R15(void **state) {
    (void)state;
    struct outcome cart = CART({stalls, 4}, {balcony, 2});
    builder_row(&b, stalls)->max_per_order = 2;
    builder_row(&b, balcony)->archived_at = builder_time(0);
    assert_int_equal(REPLACE(cart.cart->id, {stalls, 3}, {balcony, 2}).verdict, VERDICT_GRANTED);
    assert_int_equal(REPLACE(cart.cart->id, {stalls, 3}, {balcony, 3}).verdict, VERDICT_ARCHIVED);
    assert_int_equal(REPLACE(cart.cart->id, {stalls, 4}, {balcony, 1}).verdict,
                     VERDICT_LIMIT_PER_ORDER);
}

static void a_kept_line_keeps_its_price_and_a_new_one_has_todays_R16(void **state) {
    (void)state;
    struct outcome cart = CART({stalls, 1});
    builder_row(&b, stalls)->price = 9900;
    builder_row(&b, balcony)->price = 100;
    struct outcome changed = REPLACE(cart.cart->id, {stalls, 2}, {balcony, 1});
    assert_int_equal(line_of(&changed, stalls)->unit_price, 2500);
    assert_int_equal(line_of(&changed, balcony)->unit_price, 100);
}

static void a_changed_cart_costs_what_its_lines_cost_R16(void **state) {
    (void)state;
    struct uuid vast = builder_type(&b, "Vast", INT32_MAX);
    builder_row(&b, vast)->price = PRICE_MAX;
    struct outcome cart = CART({vast, 1});
    builder_row(&b, vast)->price = 1; /* the line still costs PRICE_MAX for each ticket */
    struct outcome refused = REPLACE(cart.cart->id, {vast, INT32_MAX});
    assert_int_equal(refused.verdict, VERDICT_VALIDATION_FAILED);
    assert_text(refused.facts.pointer, "/items/0/quantity");
    builder_release(&b, builder_cart_of(&cart));
    cart = CART({vast, 1});
    builder_row(&b, vast)->price = PRICE_MAX; /* and here 1 */
    assert_int_equal(REPLACE(cart.cart->id, {vast, INT32_MAX}).verdict, VERDICT_GRANTED);
}

static void the_lines_of_a_cart_together_stay_exact_in_json_R16(void **state) {
    (void)state;
    struct uuid vast = builder_type(&b, "Vast", INT32_MAX);
    struct uuid wide = builder_type(&b, "Wide", INT32_MAX);
    builder_row(&b, vast)->price = builder_row(&b, wide)->price = PRICE_MAX;
    int32_t half = (int32_t)(AMOUNT_MAX / PRICE_MAX / 2);
    struct outcome refused = CART({vast, half + 1}, {wide, half + 1}); /* each would fit */
    assert_int_equal(refused.verdict, VERDICT_VALIDATION_FAILED);
    assert_text(refused.facts.pointer, "/items/1/quantity");
    assert_int_equal(CART({vast, half}, {wide, half}).verdict, VERDICT_GRANTED);
}

static void only_an_active_cart_is_changed_R2_R3(void **state) {
    (void)state;
    struct outcome sold = CART({stalls, 1});
    builder_complete(&b, builder_cart_of(&sold), "A-1");
    struct outcome refused = REPLACE(sold.cart->id, {stalls, 2});
    assert_int_equal(refused.verdict, VERDICT_RESERVATION_COMPLETED);
    assert_text(refused.facts.order_id, "A-1");
    struct outcome released = CART({stalls, 1});
    builder_release(&b, builder_cart_of(&released));
    assert_int_equal(REPLACE(released.cart->id, {stalls, 2}).verdict, VERDICT_RESERVATION_RELEASED);
    struct outcome expired = CART({stalls, 1});
    builder_at(&b, 900);
    refused = REPLACE(expired.cart->id, {stalls, 2});
    assert_int_equal(refused.verdict, VERDICT_RESERVATION_EXPIRED);
    assert_uuid(refused.facts.cart_id, expired.cart->id);
    assert_int_equal(refused.facts.at.us, builder_time(900).us);
    assert_int_equal(REPLACE(builder_id(&b), {stalls, 2}).verdict, VERDICT_NOT_FOUND);
}

static void replacing_counts_what_the_customer_has_once_R15(void **state) {
    (void)state;
    builder_row(&b, stalls)->max_per_customer = 4;
    builder_at(&b, 1);
    b.caller.acting_for = builder_user(ANN);
    struct outcome cart = CART({stalls, 3});
    b.caller.acting_for = UUID_NONE; /* the cart knows whose it is */
    struct outcome refused = REPLACE(cart.cart->id, {stalls, 5});
    assert_int_equal(refused.verdict, VERDICT_LIMIT_PER_CUSTOMER);
    assert_int_equal(refused.facts.customer_has, 3);
    assert_int_equal(REPLACE(cart.cart->id, {stalls, 4}).verdict, VERDICT_GRANTED);
    assert_int_equal(builder_reserve_for(&b, stalls, 1, ANN).facts.customer_has, 4);
    assert_int_equal(REPLACE(cart.cart->id, {balcony, 1}).verdict, VERDICT_GRANTED);
    assert_int_equal(builder_reserve_for(&b, stalls, 4, ANN).verdict, VERDICT_GRANTED);
}

static void what_was_taken_out_is_no_longer_shown_even_at_the_instant_of_release_R2(void **state) {
    (void)state;
    struct outcome cart = CART({stalls, 1}, {balcony, 1});
    struct outcome changed = REPLACE(cart.cart->id, {stalls, 1});
    assert_int_equal(changed.lines_count, 1);
    struct outcome released = builder_release(&b, builder_cart_of(&changed)); /* in one batch */
    assert_int_equal(released.lines_count, 1);
    assert_uuid(released.lines[0].ticket_type_id, stalls);
    builder_at(&b, 60);
    released = builder_release(&b, builder_cart_of(&changed));
    assert_int_equal(released.lines_count, 1);
}

static void what_was_taken_out_stays_out_when_the_cart_is_completed_late_R2_R5(void **state) {
    (void)state;
    struct outcome cart = CART({stalls, 1}, {balcony, 1});
    REPLACE(cart.cart->id, {stalls, 2});
    builder_at(&b, 901);
    struct outcome sold = builder_complete(&b, builder_cart_of(&cart), "A-1");
    assert_int_equal(sold.lines_count, 1);
    assert_counts(&b, stalls, 10, 2, 0);
    assert_counts(&b, balcony, 5, 0, 0);
}

#define HOLDS(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)
static const struct CMUnitTest tests[] = {
    HOLDS(a_cart_has_one_event_one_timer_and_a_line_for_each_type_R2),
    HOLDS(lines_of_one_type_are_summed_first_R2),
    HOLDS(a_cart_is_granted_whole_or_refused_whole_R2),
    HOLDS(a_cart_has_between_1_and_50_items_of_one_event_R2),
    HOLDS(a_single_line_is_not_completed_released_or_extended_R2),
    HOLDS(replacing_keeps_what_stays_and_releases_what_is_missing_R2_R10),
    HOLDS(replacing_is_whole_or_refused_R2),
    HOLDS(giving_back_is_allowed_where_taking_is_not_R12_R15),
    HOLDS(a_kept_line_keeps_its_price_and_a_new_one_has_todays_R16),
    HOLDS(a_changed_cart_costs_what_its_lines_cost_R16),
    HOLDS(the_lines_of_a_cart_together_stay_exact_in_json_R16),
    HOLDS(only_an_active_cart_is_changed_R2_R3),
    HOLDS(replacing_counts_what_the_customer_has_once_R15),
    HOLDS(what_was_taken_out_is_no_longer_shown_even_at_the_instant_of_release_R2),
    HOLDS(what_was_taken_out_stays_out_when_the_cart_is_completed_late_R2_R5),
};
UNIT_MAIN(tests)
