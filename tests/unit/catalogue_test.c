/* R11, R12: venues, events and ticket types are made, changed under their version, archived. */
#include "support/unit.h"
#include "support/world_builder.h"

static struct world_builder b;
static struct uuid stalls;
static struct uuid elsewhere;

static int open_world(void **state) {
    (void)state;
    builder_open(&b);
    stalls = builder_type(&b, "Stalls", 10);
    elsewhere = builder_id(&b);
    b.caller = builder_caller(ROLE_EVENT_MANAGER);
    return 0;
}

static int close_world(void **state) {
    (void)state;
    builder_close(&b);
    return 0;
}

static void scope_elsewhere(void) {
    b.caller.events = &elsewhere;
    b.caller.events_count = 1;
}

static struct outcome make_venue(const char *name) {
    return builder_decide(
        &b, (struct command){.kind = COMMAND_VENUE_CREATE, .of.venue.venue.name = text_of(name)});
}

static struct outcome change_venue(struct uuid id, const char *name, int64_t version) {
    return builder_decide(&b,
                          (struct command){.kind = COMMAND_VENUE_CHANGE,
                                           .of.venue = {.venue = {.id = id, .name = text_of(name)},
                                                        .fields = SETTING_NAME,
                                                        .if_version = version}});
}

static struct outcome make_event(int64_t start, int64_t end, struct uuid venue) {
    return builder_decide(&b,
                          (struct command){.kind = COMMAND_EVENT_CREATE,
                                           .of.event.event = {.name = TEXT("Spring Gala"),
                                                              .venue_id = venue,
                                                              .time_zone = TEXT("Europe/Berlin"),
                                                              .currency = {"EUR"},
                                                              .start_date = builder_time(start),
                                                              .end_date = builder_time(end)}});
}

static struct outcome change_event(struct event event, unsigned fields, int64_t version) {
    return builder_decide(
        &b, (struct command){.kind = COMMAND_EVENT_CHANGE, .of.event = {event, fields, version}});
}

static struct outcome change_type(struct ticket_type type, unsigned fields, int64_t version) {
    return builder_decide(
        &b, (struct command){.kind = COMMAND_TYPE_CHANGE, .of.type = {type, fields, version}});
}

static struct outcome make_type(struct uuid event, int32_t initial, int64_t start, int64_t end) {
    return builder_decide(&b, (struct command){.kind = COMMAND_TYPE_CREATE,
                                               .of.type.type = {.event_id = event,
                                                                .name = TEXT("Box"),
                                                                .initial = initial,
                                                                .sales_start = builder_time(start),
                                                                .sales_end = builder_time(end)}});
}

static void a_type_is_born_with_an_increase_from_nothing_R11(void **state) {
    (void)state;
    struct outcome made = make_type(b.event, 7, 0, 60);
    assert_int_equal(made.verdict, VERDICT_GRANTED);
    assert_int_equal(made.type->initial, 7);
    assert_int_equal(made.type->audit_seq, 1);
    assert_int_equal(made.type->settings_version, 1);
    assert_string_equal(made.event->currency.code, "EUR");
    const struct audit_entry *entry = builder_entry(&b, 0);
    assert_int_equal(entry->action, ACTION_INCREASE);
    assert_int_equal(entry->previous.total, 0);
    assert_int_equal(entry->now.total, 7);
    size_t entries = builder_entries(&b);
    made = make_type(b.event, 0, 0, 60);
    assert_int_equal(made.type->audit_seq, 0); /* an entry's quantity is at least 1 */
    assert_int_equal(builder_entries(&b), entries);
}

static void sales_end_after_they_start_and_events_do_not_end_before(void **state) {
    (void)state;
    struct outcome refused = make_type(b.event, 7, 60, 60);
    assert_int_equal(refused.verdict, VERDICT_VALIDATION_FAILED);
    assert_text(refused.facts.pointer, "/sales_end");
    assert_text(make_event(60, 59, UUID_NONE).facts.pointer, "/end_date");
    struct outcome made = make_event(60, 60, UUID_NONE);
    assert_int_equal(made.verdict, VERDICT_GRANTED);
    refused = change_event((struct event){.id = made.event->id, .start_date = builder_time(61)},
                           SETTING_START_DATE, 1); /* against the end that is there already */
    assert_text(refused.facts.pointer, "/end_date");
    refused = change_type((struct ticket_type){.id = stalls,
                                               .sales_start = builder_time(5),
                                               .sales_end = builder_time(4)},
                          SETTING_SALES_START | SETTING_SALES_END, 1);
    assert_text(refused.facts.pointer, "/sales_end");
}

static void settings_change_under_their_version_and_sales_do_not_touch_it(void **state) {
    (void)state;
    builder_reserve(&b, stalls, 2);
    struct ticket_type with = {.id = stalls, .name = TEXT("Parkett"), .price = 3000};
    struct outcome changed = change_type(with, SETTING_PRICE, 1);
    assert_int_equal(changed.verdict, VERDICT_GRANTED);
    assert_text(changed.type->name, "Stalls"); /* only what was asked for */
    assert_int_equal(changed.type->price, 3000);
    assert_int_equal(changed.type->settings_version, 2);
    assert_int_equal(changed.type->counts.reserved, 2);
    struct outcome stale = change_type(with, SETTING_NAME, 1);
    assert_int_equal(stale.verdict, VERDICT_VERSION_MISMATCH);
    assert_non_null(stale.type);
    assert_int_equal(stale.type->settings_version, 2);
    stale = change_event((struct event){.id = b.event, .name = TEXT("Gala")}, SETTING_NAME, 9);
    assert_int_equal(stale.verdict, VERDICT_VERSION_MISMATCH);
    assert_int_equal(stale.event->version, 1);
    struct outcome venue = make_venue("Hall");
    assert_int_equal(change_venue(venue.venue->id, "Hall 2", 2).verdict, VERDICT_VERSION_MISMATCH);
    assert_text(change_venue(venue.venue->id, "Hall 2", 1).venue->name, "Hall 2");
}

static void every_setting_of_an_event_is_its_own(void **state) {
    (void)state;
    struct event event = {.id = b.event,
                          .name = TEXT("n"),
                          .description = TEXT("d"),
                          .image_url = TEXT("i"),
                          .time_zone = TEXT("UTC"),
                          .currency = {"USD"},
                          .start_date = builder_time(1),
                          .end_date = builder_time(2),
                          .featured = true};
    int64_t version = 1;
    static const unsigned event_fields[] = {
        SETTING_NAME,      SETTING_DESCRIPTION, SETTING_START_DATE,
        SETTING_END_DATE,  SETTING_FEATURED,    SETTING_PUBLISHED,
        SETTING_IMAGE_URL, SETTING_CURRENCY,    SETTING_TIME_ZONE};
    for (size_t i = 0; i < sizeof event_fields / sizeof *event_fields; i++) {
        assert_int_equal(change_event(event, event_fields[i], version++).verdict, VERDICT_GRANTED);
    }
    const struct event *now = &world_event(&b.world, b.event)->row;
    assert_text(now->name, "n");
    assert_text(now->description, "d");
    assert_text(now->image_url, "i");
    assert_text(now->time_zone, "UTC");
    assert_string_equal(now->currency.code, "USD");
    assert_int_equal(now->start_date.us, builder_time(1).us);
    assert_int_equal(now->end_date.us, builder_time(2).us);
    assert_true(now->featured && !now->published);
}

static void every_setting_of_a_type_is_its_own(void **state) {
    (void)state;
    struct ticket_type type = {.id = stalls,
                               .name = TEXT("n"),
                               .description = TEXT("d"),
                               .price = 1,
                               .sales_start = builder_time(3),
                               .sales_end = builder_time(4),
                               .max_per_order = 5,
                               .max_per_customer = 6};
    int64_t version = 1;
    static const unsigned type_fields[] = {
        SETTING_NAME,      SETTING_DESCRIPTION,   SETTING_PRICE,           SETTING_SALES_START,
        SETTING_SALES_END, SETTING_MAX_PER_ORDER, SETTING_MAX_PER_CUSTOMER};
    for (size_t i = 0; i < sizeof type_fields / sizeof *type_fields; i++) {
        assert_int_equal(change_type(type, type_fields[i], version++).verdict, VERDICT_GRANTED);
    }
    const struct ticket_type *row = builder_row(&b, stalls);
    assert_text(row->name, "n");
    assert_text(row->description, "d");
    assert_int_equal(row->price, 1);
    assert_int_equal(row->sales_start.us, builder_time(3).us);
    assert_int_equal(row->sales_end.us, builder_time(4).us);
    assert_int_equal(row->max_per_order, 5);
    assert_int_equal(row->max_per_customer, 6);
    assert_int_equal(row->initial, 10);
    assert_counts(&b, stalls, 10, 0, 0);
}

static void the_first_reservation_freezes_the_currency(void **state) {
    (void)state;
    struct event dollars = {.id = b.event, .currency = {"USD"}};
    struct event euros = {.id = b.event, .currency = {"EUR"}};
    assert_int_equal(change_event(dollars, SETTING_CURRENCY, 1).verdict, VERDICT_GRANTED);
    builder_reserve(&b, stalls, 1); /* in the same batch: the store does not know of it yet */
    struct outcome refused = change_event(euros, SETTING_CURRENCY, 2);
    assert_int_equal(refused.verdict, VERDICT_HAS_HISTORY);
    assert_uuid(refused.facts.event_id, b.event);
    builder_at(&b, 1);
    assert_int_equal(change_event(euros, SETTING_CURRENCY, 2).verdict, VERDICT_HAS_HISTORY);
    assert_int_equal(change_event(dollars, SETTING_CURRENCY, 2).verdict, VERDICT_GRANTED);
}

static void what_is_archived_is_not_changed_and_comes_back_R12(void **state) {
    (void)state;
    struct outcome venue = make_venue("Hall");
    struct uuid hall = venue.venue->id;
    struct outcome archived = builder_archive(&b, COMMAND_VENUE_ARCHIVE, hall, true);
    assert_int_equal(archived.venue->archived_at.us, builder_time(0).us);
    assert_int_equal(archived.venue->version, 2);
    assert_int_equal(builder_archive(&b, COMMAND_VENUE_ARCHIVE, hall, true).venue->version, 2);
    assert_int_equal(change_venue(hall, "Hall 2", 2).verdict, VERDICT_ARCHIVED);
    assert_text(make_event(1, 2, hall).facts.pointer, "/venue_id");
    assert_text(make_event(1, 2, builder_id(&b)).facts.pointer, "/venue_id");
    builder_archive(&b, COMMAND_VENUE_ARCHIVE, hall, false);
    assert_int_equal(make_event(1, 2, hall).verdict, VERDICT_GRANTED);

    builder_archive(&b, COMMAND_EVENT_ARCHIVE, b.event, true);
    assert_int_equal(change_event((struct event){.id = b.event}, SETTING_FEATURED, 2).verdict,
                     VERDICT_ARCHIVED);
    assert_int_equal(make_type(b.event, 1, 0, 1).verdict, VERDICT_ARCHIVED);
    assert_int_equal(change_type((struct ticket_type){.id = stalls}, SETTING_PRICE, 1).verdict,
                     VERDICT_ARCHIVED);
    /* A version that is no longer true is said before: the caller has not seen the archiving. */
    assert_int_equal(change_event((struct event){.id = b.event}, SETTING_FEATURED, 1).verdict,
                     VERDICT_VERSION_MISMATCH);
    builder_archive(&b, COMMAND_EVENT_ARCHIVE, b.event, false);
    struct outcome type = builder_archive(&b, COMMAND_TYPE_ARCHIVE, stalls, true);
    assert_int_equal(type.type->settings_version, 2);
    assert_int_equal(change_type((struct ticket_type){.id = stalls}, SETTING_PRICE, 2).verdict,
                     VERDICT_ARCHIVED);
    type = builder_archive(&b, COMMAND_TYPE_ARCHIVE, stalls, false);
    assert_int_equal(change_type((struct ticket_type){.id = stalls}, SETTING_PRICE, 3).verdict,
                     VERDICT_GRANTED);
}

/* 404, then the scope, then the version, then the rest. */
static void refusals_come_in_the_order_of_the_contract(void **state) {
    (void)state;
    struct uuid unknown = builder_id(&b);
    struct outcome venue = make_venue("Hall");
    scope_elsewhere();
    assert_int_equal(change_event((struct event){.id = unknown}, SETTING_NAME, 7).verdict,
                     VERDICT_NOT_FOUND);
    assert_int_equal(builder_archive(&b, COMMAND_EVENT_ARCHIVE, unknown, true).verdict,
                     VERDICT_NOT_FOUND);
    assert_int_equal(make_type(unknown, 1, 0, 1).verdict, VERDICT_NOT_FOUND);
    assert_int_equal(change_type((struct ticket_type){.id = unknown}, SETTING_PRICE, 7).verdict,
                     VERDICT_NOT_FOUND);
    assert_int_equal(builder_archive(&b, COMMAND_TYPE_ARCHIVE, unknown, true).verdict,
                     VERDICT_NOT_FOUND);
    assert_int_equal(change_venue(unknown, "Hall 2", 7).verdict, VERDICT_NOT_FOUND);
    assert_int_equal(builder_archive(&b, COMMAND_VENUE_ARCHIVE, unknown, true).verdict,
                     VERDICT_NOT_FOUND);

    struct outcome refused[] = {
        change_event((struct event){.id = b.event}, SETTING_NAME, 7),
        builder_archive(&b, COMMAND_EVENT_ARCHIVE, b.event, true),
        make_type(b.event, 1, 0, 1),
        change_type((struct ticket_type){.id = stalls}, SETTING_PRICE, 7),
        builder_archive(&b, COMMAND_TYPE_ARCHIVE, stalls, true),
        change_venue(venue.venue->id, "Hall 2", 7),
        builder_archive(&b, COMMAND_VENUE_ARCHIVE, venue.venue->id, true),
        make_venue("Other"),
        make_event(1, 2, UUID_NONE),
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        assert_int_equal(refused[i].verdict, VERDICT_EVENT_OUT_OF_SCOPE);
    }
}

static void an_event_ends_in_its_own_lane(void **state) {
    (void)state;
    struct outcome made = make_event(1, 2, UUID_NONE);
    uint16_t lane = uuid_lane_of_event(made.event->id);
    assert_int_equal(made.event->id.bytes[14] << 8 | made.event->id.bytes[15], lane);
    struct outcome type = make_type(made.event->id, 1, 0, 1);
    assert_int_equal(type.type->id.bytes[14] << 8 | type.type->id.bytes[15], lane);
}

static void what_only_the_shop_can_fill_the_shop_makes(void **state) {
    (void)state;
    b.world.venues_managed_elsewhere = true;
    assert_int_equal(make_venue("Hall").verdict, VERDICT_MANAGED_ELSEWHERE);
    assert_int_equal(make_event(1, 2, UUID_NONE).verdict, VERDICT_GRANTED);
    b.world.events_managed_elsewhere = true;
    assert_int_equal(make_event(1, 2, UUID_NONE).verdict, VERDICT_MANAGED_ELSEWHERE);
    assert_int_equal(make_type(b.event, 1, 0, 1).verdict, VERDICT_GRANTED);
    b.world.types_managed_elsewhere = true;
    assert_int_equal(make_type(b.event, 1, 0, 1).verdict, VERDICT_MANAGED_ELSEWHERE);
    /* What is there is changed and sold as ever. */
    struct event renamed = {.id = b.event, .name = TEXT("Tosca")};
    assert_int_equal(change_event(renamed, SETTING_NAME, 1).verdict, VERDICT_GRANTED);
    builder_reserve(&b, stalls, 1);
}

static void amounts_have_the_decimals_of_their_currency(void **state) {
    (void)state;
    assert_int_equal(currency_decimals((struct currency){"EUR"}), 2);
    assert_int_equal(currency_decimals((struct currency){"JPY"}), 0);
    assert_int_equal(currency_decimals((struct currency){"XPF"}), 0);
    assert_int_equal(currency_decimals((struct currency){"KWD"}), 3);
    assert_int_equal(currency_decimals((struct currency){"CLF"}), 4);
}

#define HOLDS(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)
static const struct CMUnitTest tests[] = {
    HOLDS(a_type_is_born_with_an_increase_from_nothing_R11),
    HOLDS(sales_end_after_they_start_and_events_do_not_end_before),
    HOLDS(settings_change_under_their_version_and_sales_do_not_touch_it),
    HOLDS(every_setting_of_an_event_is_its_own),
    HOLDS(every_setting_of_a_type_is_its_own),
    HOLDS(the_first_reservation_freezes_the_currency),
    HOLDS(what_is_archived_is_not_changed_and_comes_back_R12),
    HOLDS(refusals_come_in_the_order_of_the_contract),
    HOLDS(an_event_ends_in_its_own_lane),
    HOLDS(what_only_the_shop_can_fill_the_shop_makes),
    cmocka_unit_test(amounts_have_the_decimals_of_their_currency),
};
UNIT_MAIN(tests)
