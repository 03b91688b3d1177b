#include "shop.h"

static void a_venue_is_made_changed_and_archived(void **state) {
    struct shop *shop = *state;
    struct ticketd_venue venue;
    struct ticketd_venue_request request = {
        .name = "Opera", .address = "Platz 1\nBerlin", .time_zone = "Europe/Berlin"};
    assert_code(ticketd_venue_create(shop->ticketd, &request, NULL, &venue), TICKETD_OK);
    assert_string_equal(venue.address, "Platz 1\nBerlin");
    assert_int_equal(venue.version, 1);
    request = (struct ticketd_venue_request){
        .id = venue.id, .fields = TICKETD_FIELD_NAME, .name = "Old opera", .version = 1};
    assert_code(ticketd_venue_change(shop->ticketd, &request, NULL, &venue), TICKETD_OK);
    assert_string_equal(venue.name, "Old opera");
    assert_string_equal(venue.time_zone, "Europe/Berlin");
    assert_code(ticketd_venue_change(shop->ticketd, &request, NULL, NULL),
                TICKETD_VERSION_MISMATCH);
    assert_code(ticketd_venue_archive(shop->ticketd, venue.id, true, NULL), TICKETD_OK);
    assert_code(ticketd_venue_read(shop->ticketd, venue.id, &venue), TICKETD_OK);
    assert_true(venue.archived_at > 0);
}

static void an_event_keeps_what_it_was_told(void **state) {
    struct shop *shop = *state;
    struct ticketd_event event;
    assert_code(ticketd_event_read(shop->ticketd, shop->event.id, &event), TICKETD_OK);
    assert_string_equal(event.name, "Evening");
    assert_string_equal(event.time_zone, "UTC");
    assert_true(event.published);
    struct ticketd_event_request request = {
        .id = event.id,
        .fields = TICKETD_FIELD_DESCRIPTION | TICKETD_FIELD_IMAGE_URL | TICKETD_FIELD_CURRENCY,
        .description = "All\nabout it",
        .image_url = "https://example.org/a.png",
        .currency = "CHF",
        .version = event.version};
    assert_code(ticketd_event_change(shop->ticketd, &request, NULL, &event), TICKETD_OK);
    assert_string_equal(event.description, "All\nabout it");
    assert_string_equal(event.currency, "CHF");
    assert_string_equal(event.name, "Evening");

    shop_reserve(shop, 1); /* which freezes the currency */
    request.version = event.version;
    request.currency = "EUR";
    assert_code(ticketd_event_change(shop->ticketd, &request, NULL, NULL), TICKETD_HAS_HISTORY);
}

static void an_event_that_names_no_currency_is_in_euros_as_the_servers_are(void **state) {
    struct shop *shop = *state;
    struct ticketd_event event;
    struct ticketd_event_request request = {.name = "Matinee", .start_date = 1};
    assert_code(ticketd_event_create(shop->ticketd, &request, NULL, &event), TICKETD_OK);
    assert_string_equal(event.currency, "EUR");
}

static void what_is_wrong_with_an_event_is_named(void **state) {
    struct shop *shop = *state;
    static const struct {
        struct ticketd_event_request request;
        const char *field;
    } cases[] = {
        {{.start_date = 1}, "name"},
        {{.name = "   ", .start_date = 1}, "name"},
        {{.name = "A", .start_date = 0}, "start_date"},
        {{.name = "A", .start_date = -5}, "start_date"},
        {{.name = "A", .start_date = 9, .end_date = 5}, "end_date"},
        {{.name = "A", .start_date = 1, .currency = "euro"}, "currency"},
        {{.name = "A", .start_date = 1, .time_zone = "../etc"}, "time_zone"},
        {{.name = "A", .start_date = 1, .time_zone = "Mars/Base"}, "time_zone"},
        {{.name = "A", .start_date = 1, .image_url = "http://a"}, "image_url"},
        {{.name = "A", .start_date = 1, .image_url = "https://a\"b"}, "image_url"},
        {{.name = "A", .start_date = 1, .venue_id = {{1}}}, "venue_id"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ticketd_problem problem;
        struct ticketd_call call = {.problem = &problem};
        assert_code(ticketd_event_create(shop->ticketd, &cases[i].request, &call, NULL),
                    TICKETD_INVALID);
        assert_string_equal(problem.field, cases[i].field);
    }
}

static void a_type_s_settings_move_its_version_and_sales_do_not(void **state) {
    struct shop *shop = *state;
    struct ticketd_type type;
    shop_reserve(shop, 1);
    struct ticketd_type_request request = {.id = shop->type.id,
                                           .fields =
                                               TICKETD_FIELD_PRICE | TICKETD_FIELD_MAX_PER_ORDER,
                                           .price = 3000,
                                           .max_per_order = 4,
                                           .version = 1};
    assert_code(ticketd_type_change(shop->ticketd, &request, NULL, &type), TICKETD_OK);
    assert_int_equal(type.price, 3000);
    assert_int_equal(type.version, 2);
    assert_int_equal(type.counts.reserved, 1);
    assert_code(ticketd_type_read(shop->ticketd, shop->type.id, &type), TICKETD_OK);
    assert_int_equal(type.max_per_order, 4);
    request.fields = TICKETD_FIELD_ADDRESS; /* of venues */
    assert_code(ticketd_type_change(shop->ticketd, &request, NULL, NULL), TICKETD_INVALID);
    request = (struct ticketd_type_request){.event_id = shop->event.id, .name = "A", .price = -1};
    assert_code(ticketd_type_create(shop->ticketd, &request, NULL, NULL), TICKETD_INVALID);
}

static enum ticketd_code reserve_as_public(struct shop *shop, struct ticketd_id user,
                                           int32_t quantity) {
    struct ticketd_call call = {.as_public = true};
    struct ticketd_reserve_request request = {
        .ticket_type_id = shop->type.id, .quantity = quantity, .user_id = user};
    return ticketd_reserve(shop->ticketd, &request, &call, NULL);
}

static void change_type(struct shop *shop, struct ticketd_type_request request) {
    request.id = shop->type.id;
    request.version = shop->type.version;
    assert_code(ticketd_type_change(shop->ticketd, &request, NULL, &shop->type), TICKETD_OK);
}

static void limits_and_windows_bind_the_public_only(void **state) {
    struct shop *shop = *state;
    struct ticketd_id ann = ticketd_id_make();
    change_type(shop, (struct ticketd_type_request){.fields = TICKETD_FIELD_MAX_PER_ORDER |
                                                              TICKETD_FIELD_MAX_PER_CUSTOMER,
                                                    .max_per_order = 2,
                                                    .max_per_customer = 3});
    assert_code(reserve_as_public(shop, ann, 3), TICKETD_LIMIT_PER_ORDER);
    assert_code(reserve_as_public(shop, ann, 2), TICKETD_OK);
    assert_code(reserve_as_public(shop, ann, 2), TICKETD_LIMIT_PER_CUSTOMER);
    assert_code(reserve_as_public(shop, (struct ticketd_id){{0}}, 1), TICKETD_INVALID);
    shop_reserve(shop, 3); /* staff is not bound */
    change_type(shop, (struct ticketd_type_request){.fields = TICKETD_FIELD_SALES_START,
                                                    .sales_start = shop->event.start_date -
                                                                   INT64_C(3600) * 1000000});
    assert_code(reserve_as_public(shop, ann, 1), TICKETD_SALES_CLOSED);

    struct ticketd_event_request hide = {
        .id = shop->event.id, .fields = TICKETD_FIELD_PUBLISHED, .version = shop->event.version};
    assert_code(ticketd_event_change(shop->ticketd, &hide, NULL, NULL), TICKETD_OK);
    assert_code(reserve_as_public(shop, ann, 1), TICKETD_NOT_PUBLISHED);
}

static void the_public_has_no_staff_channels(void **state) {
    struct shop *shop = *state;
    struct ticketd_call call = {.as_public = true};
    struct ticketd_item item = {shop->type.id, 1};
    struct ticketd_sell_request sell = {
        .items = &item, .items_count = 1, .channel = TICKETD_BOX_OFFICE};
    assert_code(ticketd_sell(shop->ticketd, &sell, &call, NULL), TICKETD_ROLE_REQUIRED);
    struct ticketd_reservation made = shop_reserve(shop, 1);
    struct ticketd_complete_request complete = {
        .id = made.id, .order_id = "o", .channel = TICKETD_BOX_OFFICE};
    assert_code(ticketd_complete_sale(shop->ticketd, &complete, &call, NULL),
                TICKETD_ROLE_REQUIRED);
}

static void a_call_may_be_kept_to_some_events(void **state) {
    struct shop *shop = *state;
    struct ticketd_id other = ticketd_id_make();
    struct ticketd_call call = {.events = &other, .events_count = 1};
    struct ticketd_reserve_request request = {.ticket_type_id = shop->type.id, .quantity = 1};
    assert_code(ticketd_reserve(shop->ticketd, &request, &call, NULL), TICKETD_EVENT_OUT_OF_SCOPE);
    call.events = &shop->event.id;
    assert_code(ticketd_reserve(shop->ticketd, &request, &call, NULL), TICKETD_OK);
}

static void what_is_archived_is_not_newly_taken(void **state) {
    struct shop *shop = *state;
    struct ticketd_reserve_request request = {.ticket_type_id = shop->type.id, .quantity = 1};
    assert_code(ticketd_type_archive(shop->ticketd, shop->type.id, true, NULL), TICKETD_OK);
    assert_code(ticketd_reserve(shop->ticketd, &request, NULL, NULL), TICKETD_ARCHIVED);
    assert_code(ticketd_type_archive(shop->ticketd, shop->type.id, false, NULL), TICKETD_OK);
    assert_code(ticketd_event_archive(shop->ticketd, shop->event.id, true, NULL), TICKETD_OK);
    assert_code(ticketd_reserve(shop->ticketd, &request, NULL, NULL), TICKETD_ARCHIVED);
    assert_code(ticketd_event_archive(shop->ticketd, ticketd_id_make(), true, NULL),
                TICKETD_NOT_FOUND);
}

static const struct CMUnitTest tests[] = {
    shop_test(a_venue_is_made_changed_and_archived),
    shop_test(an_event_keeps_what_it_was_told),
    shop_test(an_event_that_names_no_currency_is_in_euros_as_the_servers_are),
    shop_test(what_is_wrong_with_an_event_is_named),
    shop_test(a_type_s_settings_move_its_version_and_sales_do_not),
    shop_test(limits_and_windows_bind_the_public_only),
    shop_test(the_public_has_no_staff_channels),
    shop_test(a_call_may_be_kept_to_some_events),
    shop_test(what_is_archived_is_not_newly_taken),
};

SHOP_MAIN(tests)
