/* Several lanes over one store: what one lane promised must hold for all of them together. */
#include "executor/steering.h"
#include "office.h"
#include "support/unit.h"

enum { LANES = 4 };

static const struct office_options four_lanes = {.tickets = 1000, .lanes = LANES};

/* --- which lane --- */

static void everything_of_an_event_goes_one_way(void **state) {
    (void)state;
    struct office office;
    struct uuid line;
    office_open(&office, &four_lanes);
    uint16_t lane = uuid_lane_of_event(office.event);
    struct command reserve = office_reserve(office.type, 1, 900, 0);
    assert_int_equal(office_do(&office, &reserve, &line), VERDICT_GRANTED);
    struct target target = {.id = line};
    const struct command all[] = {
        reserve,
        office_complete(line, "A-1", 0),
        office_release(line),
        {.kind = COMMAND_CART_CREATE, .of.reserve.items = reserve.of.reserve.items},
        {.kind = COMMAND_CART_REPLACE, .of.reserve.cart_id = line},
        {.kind = COMMAND_SELL, .of.sell.items = reserve.of.reserve.items},
        {.kind = COMMAND_EXTEND, .of.extend.target = target},
        {.kind = COMMAND_REFUND, .of.refund.target = target},
        {.kind = COMMAND_SWEEP, .of.sweep = office.type},
        {.kind = COMMAND_ADJUST, .of.adjust.ticket_type_id = office.type},
        {.kind = COMMAND_TYPE_CREATE, .of.type.type.event_id = office.event},
        {.kind = COMMAND_TYPE_CHANGE, .of.type.type.id = office.type},
        {.kind = COMMAND_TYPE_ARCHIVE, .of.archive.id = office.type},
        {.kind = COMMAND_EVENT_CHANGE, .of.event.event.id = office.event},
        {.kind = COMMAND_EVENT_ARCHIVE, .of.archive.id = office.event},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        assert_int_equal(command_lane(&all[i]), lane);
    }
    office_close(&office);
}

static void what_is_made_without_an_event_meets_its_twin(void **state) {
    (void)state;
    struct command event = {.kind = COMMAND_EVENT_CREATE, .idempotency.key = TEXT("one")};
    struct command twin = {.kind = COMMAND_EVENT_CREATE, .idempotency.key = TEXT("one")};
    struct command other = {.kind = COMMAND_EVENT_CREATE, .idempotency.key = TEXT("two")};
    assert_int_equal(command_lane(&event), command_lane(&twin));
    assert_int_not_equal(command_lane(&event), command_lane(&other));
}

static void there_are_as_many_lanes_as_the_store_takes(void **state) {
    (void)state;
    static const struct {
        bool on_disk, is_shared;
        unsigned asked, least, most;
    } cases[] = {
        {false, false, 0, 1, 1}, {false, false, 4, 4, 4}, {false, true, 0, 2, 8},
        {true, false, 0, 1, 1},  {true, false, 4, 1, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct office office;
        struct office_options options = {
            .tickets = 1, .on_disk = cases[i].on_disk, .lanes = cases[i].asked};
        office_open(&office, &options);
        office.store->is_shared = cases[i].is_shared;
        office_reopen(&office, &options);
        assert_in_range(office_statistics(&office).lanes, cases[i].least, cases[i].most);
        office_close(&office);
    }
}

/* --- never more than there are, whichever way they come --- */

enum { TILLS = 8, PURCHASES = 400, TICKETS = 1000 };

struct till {
    struct office *office;
    struct item items[2];
    int granted, odd;
    uint16_t lane;
};

static void *sell_carts(void *context) {
    struct till *till = context;
    struct command command = {.kind = COMMAND_CART_CREATE,
                              .caller = {.role = ROLE_ADMIN, .actor = ACTOR_NONE},
                              .of.reserve = {.items = {till->items, 2}, .seconds = 900}};
    till->lane = command_lane(&command);
    struct arena arena;
    arena_init(&arena, 1 << 20);
    for (int i = 0; i < PURCHASES; i++) {
        struct outcome outcome;
        arena_reset(&arena);
        if (executor_call(till->office->executor, &command, &arena, &outcome) != ERROR_NONE) {
            till->odd++;
        }
        till->granted += outcome.verdict == VERDICT_GRANTED;
        till->odd +=
            outcome.verdict != VERDICT_GRANTED && outcome.verdict != VERDICT_INSUFFICIENT_INVENTORY;
    }
    arena_finish(&arena);
    return NULL;
}

/* Two types of one event whose ids end differently: a cart goes the way of its first line. */
static void one_type_reached_through_two_lanes_is_never_oversold(void **state) {
    (void)state;
    struct office office;
    office_open(&office, &four_lanes);
    struct uuid stalls = office_adopt_type(&office, TICKETS, 0, 0);
    struct uuid balcony = office_adopt_type(&office, TICKETS, 1, 0);
    pthread_t threads[TILLS];
    struct till tills[TILLS];
    for (int i = 0; i < TILLS; i++) {
        tills[i] = (struct till){.office = &office, .items = {{stalls, 1}, {balcony, 1}}};
        if (i % 2 == 1) {
            tills[i].items[0].id = balcony;
            tills[i].items[1].id = stalls;
        }
        assert_int_equal(pthread_create(&threads[i], NULL, sell_carts, &tills[i]), 0);
    }
    int granted = 0;
    for (int i = 0; i < TILLS; i++) {
        pthread_join(threads[i], NULL);
        granted += tills[i].granted;
        assert_int_equal(tills[i].odd, 0);
    }
    assert_int_not_equal(tills[0].lane % LANES, tills[1].lane % LANES);
    assert_int_equal(granted, TICKETS);
    assert_int_equal(office_counts(&office, stalls).reserved, TICKETS);
    assert_int_equal(office_counts(&office, balcony).reserved, TICKETS);
    office_close(&office);
}

/* --- the line of each event --- */

static void each_events_commands_are_decided_in_the_order_in_which_they_came(void **state) {
    (void)state;
    enum { EVENTS = 6, EACH = 300, LEFT = 200 };
    struct office office;
    struct crowd crowd;
    struct uuid types[EVENTS];
    office_open(&office, &four_lanes);
    for (int i = 0; i < EVENTS; i++) {
        types[i] = office_add_type(&office, office_add_event(&office), LEFT);
    }
    struct executor_statistics before = office_statistics(&office);
    crowd_open(&crowd, &office, EVENTS * EACH);
    for (int i = 0; i < EVENTS * EACH; i++) {
        struct command command = office_reserve(types[i % EVENTS], 1, 900, 0);
        crowd_send(&crowd, &command);
    }
    crowd_await(&crowd);
    for (int i = 0; i < EVENTS * EACH; i++) {
        assert_int_equal(crowd.answers[i].times, 1);
        assert_int_equal(crowd.answers[i].verdict,
                         i / EVENTS < LEFT ? VERDICT_GRANTED : VERDICT_INSUFFICIENT_INVENTORY);
    }
    /* What each lane has counted makes one sum. */
    struct executor_statistics after = office_statistics(&office);
    uint64_t commits = 0;
    for (size_t i = 0; i < sizeof after.batch_size_buckets / sizeof(uint64_t); i++) {
        commits += after.batch_size_buckets[i];
    }
    assert_int_equal(after.lanes, LANES);
    assert_int_equal(after.commands - before.commands, EVENTS * EACH);
    assert_int_equal(after.refusals - before.refusals, EVENTS * (EACH - LEFT));
    assert_int_equal(after.inbox_depth, 0);
    assert_int_equal(after.commits, commits);
    crowd_close(&crowd);
    office_close(&office);
}

static void one_lane_that_is_full_keeps_nobody_from_another(void **state) {
    (void)state;
    struct office office;
    struct crowd crowd;
    office_open(&office, &(struct office_options){.tickets = 100, .lanes = LANES, .inbox_max = 4});
    struct uuid here = office_adopt_type(&office, 100, 1, 0);
    struct uuid there = office_adopt_type(&office, 100, 2, 0);
    crowd_open(&crowd, &office, 8);
    office_hold_lane(&office); /* and every other one at its first commit */
    for (int i = 0; i < 7; i++) {
        struct command command = office_reserve(here, 1, 900, 0);
        crowd_send(&crowd, &command);
    }
    assert_true(crowd_count(&crowd, VERDICT_BUSY) >= 2); /* one batch may have been taken */
    size_t busy = crowd_count(&crowd, VERDICT_BUSY);
    struct command command = office_reserve(there, 1, 900, 0);
    crowd_send(&crowd, &command);
    assert_int_equal(crowd_count(&crowd, VERDICT_BUSY), busy);
    office_let_lane_go(&office);
    crowd_await(&crowd);
    assert_int_equal(crowd.answers[7].verdict, VERDICT_GRANTED);
    crowd_close(&crowd);
    office_close(&office);
}

/* --- all of them together --- */

static void *close_executor(void *context) {
    executor_close(context);
    return NULL;
}

static void closing_decides_what_every_lane_has_accepted(void **state) {
    (void)state;
    struct office office;
    struct crowd crowd;
    struct uuid types[LANES];
    office_open(&office, &four_lanes);
    for (uint16_t i = 0; i < LANES; i++) {
        types[i] = office_adopt_type(&office, 100000, i, 0);
    }
    crowd_open(&crowd, &office, 50000);
    office_hold_lane(&office);
    pthread_t closer;
    size_t refused = 0;
    bool closing = false;
    while (refused == 0 && crowd.sent < 20000) {
        for (int i = 0; i < LANES; i++) {
            struct command command = office_reserve(types[i], 1, 900, 0);
            crowd_send(&crowd, &command);
        }
        if (!closing) {
            assert_int_equal(pthread_create(&closer, NULL, close_executor, office.executor), 0);
            closing = true;
        }
        refused = crowd_count(&crowd, VERDICT_SHUTTING_DOWN);
    }
    assert_true(refused > 0);
    office_let_lane_go(&office);
    pthread_join(closer, NULL);
    office.executor = NULL;
    assert_int_equal(crowd.answered, crowd.sent);
    size_t reserved = 0;
    for (int i = 0; i < LANES; i++) {
        assert_true(office_counts(&office, types[i]).reserved > 0);
        reserved += (size_t)office_counts(&office, types[i]).reserved;
    }
    assert_int_equal(crowd_count(&crowd, VERDICT_GRANTED), reserved);
    assert_int_equal(crowd_count(&crowd, VERDICT_GRANTED) +
                         crowd_count(&crowd, VERDICT_SHUTTING_DOWN),
                     crowd.sent);
    crowd_close(&crowd);
    office_close(&office);
}

static void what_expired_is_released_through_every_lane(void **state) {
    (void)state;
    struct office office;
    office_open(&office, &four_lanes);
    for (uint16_t i = 0; i < LANES; i++) {
        struct command command = office_reserve(office_adopt_type(&office, 10, i, 0), 2, 60, 0);
        assert_int_equal(office_do(&office, &command, NULL), VERDICT_GRANTED);
    }
    office_pass_seconds(&office, 60);
    int64_t released = -1;
    struct caller anyone = {.role = ROLE_CHECKOUT};
    assert_int_equal(executor_release_expired(office.executor, &anyone, &released, NULL),
                     ERROR_NONE);
    assert_int_equal(released, LANES);
    assert_int_equal(office_statistics(&office).expiries, LANES);
    office_close(&office);
}

int main(void) {
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_of_an_event_goes_one_way),
        cmocka_unit_test(what_is_made_without_an_event_meets_its_twin),
        cmocka_unit_test(there_are_as_many_lanes_as_the_store_takes),
        cmocka_unit_test(one_type_reached_through_two_lanes_is_never_oversold),
        cmocka_unit_test(each_events_commands_are_decided_in_the_order_in_which_they_came),
        cmocka_unit_test(one_lane_that_is_full_keeps_nobody_from_another),
        cmocka_unit_test(closing_decides_what_every_lane_has_accepted),
        cmocka_unit_test(what_expired_is_released_through_every_lane),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
