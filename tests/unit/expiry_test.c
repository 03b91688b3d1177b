/* R3: what is past its time holds nothing; and what the store hands over is checked. */
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

static struct outcome sweep(struct uuid type) {
    return builder_decide(&b, (struct command){.kind = COMMAND_SWEEP, .of.sweep = type});
}

static void a_status_reads_expired_from_its_instant_on_R3(void **state) {
    (void)state;
    static const struct {
        enum reservation_status stored;
        int64_t now, remaining;
        enum reservation_status reads;
    } table[] = {
        {RESERVATION_ACTIVE, 0, 900, RESERVATION_ACTIVE},
        {RESERVATION_ACTIVE, 899, 1, RESERVATION_ACTIVE},
        {RESERVATION_ACTIVE, 900, 0, RESERVATION_EXPIRED},
        {RESERVATION_ACTIVE, 901, 0, RESERVATION_EXPIRED},
        {RESERVATION_COMPLETED, 901, 0, RESERVATION_COMPLETED},
        {RESERVATION_RELEASED, 901, 0, RESERVATION_RELEASED},
        {RESERVATION_EXPIRED, 0, 0, RESERVATION_EXPIRED},
    };
    struct instant at = builder_time(900);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        struct instant now = builder_time(table[i].now);
        assert_int_equal(status_at(table[i].stored, at, now), table[i].reads);
        assert_int_equal(remaining_seconds_at(table[i].stored, at, now), table[i].remaining);
    }
    struct instant just_before = {at.us - 1};
    assert_int_equal(status_at(RESERVATION_ACTIVE, at, just_before), RESERVATION_ACTIVE);
    assert_int_equal(remaining_seconds_at(RESERVATION_ACTIVE, at, just_before), 1);
    assert_int_equal(status_at(RESERVATION_ACTIVE, INSTANT_NONE, at), RESERVATION_ACTIVE);
}

static void each_expiry_gets_its_own_entry_effective_at_its_instant_R3_R10(void **state) {
    (void)state;
    struct outcome reserved = builder_reserve_for(&b, stalls, 3, ANN);
    builder_reserve(&b, stalls, 2);
    builder_at(&b, 899);
    assert_counts(&b, stalls, 10, 0, 5);
    size_t entries = builder_entries(&b);
    builder_at(&b, 950);
    assert_counts(&b, stalls, 10, 0, 0);
    assert_int_equal(builder_entries(&b), entries + 2);
    const struct audit_entry *entry = builder_entry(&b, 1);
    assert_int_equal(entry->action, ACTION_RELEASE);
    assert_int_equal(entry->quantity, 3);
    assert_text(entry->reason, "Reservation expired");
    assert_int_equal(entry->effective_at.us, builder_time(900).us);
    assert_int_equal(entry->created_at.us, builder_time(950).us);
    assert_int_equal(entry->actor.kind, ACTOR_SYSTEM);
    assert_uuid(entry->user_id, builder_user(ANN));
    assert_uuid(entry->reservation_id, reserved.lines[0].id);
    assert_int_equal(builder_reservation(&b, reserved.lines[0].id)->status, RESERVATION_EXPIRED);
}

static void a_sweep_counts_what_its_batch_wrote_once_R3(void **state) {
    (void)state;
    builder_reserve(&b, stalls, 3);
    builder_reserve(&b, stalls, 2);
    builder_reserve(&b, balcony, 1);
    builder_at(&b, 900);
    assert_int_equal(sweep(stalls).released, 2);
    assert_int_equal(sweep(stalls).released, 0);
    assert_int_equal(sweep(balcony).released, 1);
    assert_int_equal(sweep(builder_id(&b)).released, 0);
}

static void the_log_s_time_never_falls_though_the_clock_does_R10(void **state) {
    (void)state;
    builder_at(&b, 100);
    builder_reserve(&b, stalls, 1);
    builder_at(&b, 50);
    builder_reserve(&b, stalls, 1);
    assert_int_equal(builder_entry(&b, 0)->created_at.us, builder_time(100).us);
}

static void commands_wait_while_a_type_has_more_expiries_than_a_batch_carries_R3(void **state) {
    (void)state;
    struct item items[] = {{balcony, 1}, {stalls, 1}};
    struct outcome reserved = builder_reserve(&b, stalls, 1);
    struct outcome cart = builder_cart(&b, items, 2);
    struct target line = builder_line_of(&reserved);
    struct target whole = builder_cart_of(&cart);
    struct items both = {items, 2};
    struct items other = {items, 1};
    struct command waiting[] = {
        {.kind = COMMAND_RESERVE, .of.reserve.items = {items + 1, 1}},
        {.kind = COMMAND_CART_CREATE, .of.reserve.items = both},
        {.kind = COMMAND_CART_REPLACE, .of.reserve = {.items = other, .cart_id = whole.id}},
        {.kind = COMMAND_SELL, .of.sell.items = both},
        {.kind = COMMAND_COMPLETE, .of.complete.target = line},
        {.kind = COMMAND_COMPLETE, .of.complete.target = whole},
        {.kind = COMMAND_RELEASE, .of.release.target = whole},
        {.kind = COMMAND_EXTEND, .of.extend.target = line},
        {.kind = COMMAND_REFUND, .of.refund.target = whole},
        {.kind = COMMAND_ADJUST, .of.adjust.ticket_type_id = stalls},
    };
    struct command going[] = {
        {.kind = COMMAND_RESERVE, .of.reserve.items = other},
        {.kind = COMMAND_RESERVE, .of.reserve.items = {&(struct item){builder_id(&b), 1}, 1}},
        {.kind = COMMAND_COMPLETE, .of.complete.target = {.id = builder_id(&b)}},
        {.kind = COMMAND_RELEASE, .of.release.target = {builder_id(&b), true}},
        {.kind = COMMAND_SWEEP, .of.sweep = stalls},
        {.kind = COMMAND_TYPE_CHANGE, .of.type.type.id = stalls},
        {.kind = COMMAND_EVENT_ARCHIVE, .of.archive.id = b.event},
        {.kind = COMMAND_PRUNE},
    };
    for (size_t i = 0; i < sizeof waiting / sizeof *waiting; i++) {
        assert_false(decide_must_wait(&b.world, &waiting[i]));
    }
    world_type(&b.world, stalls)->more_expired = true;
    for (size_t i = 0; i < sizeof waiting / sizeof *waiting; i++) {
        assert_true(decide_must_wait(&b.world, &waiting[i]));
    }
    for (size_t i = 0; i < sizeof going / sizeof *going; i++) {
        assert_false(decide_must_wait(&b.world, &going[i]));
    }
    world_type(&b.world, stalls)->fault = "it is broken"; /* it would wait for ever */
    for (size_t i = 0; i < sizeof waiting / sizeof *waiting; i++) {
        assert_false(decide_must_wait(&b.world, &waiting[i]));
    }
}

/* Breaks one thing of a sound world in which 3 are sold and 2 reserved. */
enum breakage {
    COUNTS_OVERFULL,
    COUNTS_NEGATIVE,
    PRICE_NEGATIVE,
    LIMIT_NEGATIVE,
    SEQ_AHEAD,
    HASH_OTHER,
    RESERVED_TOO_FEW,
    SOLD_TOO_FEW,
    EVENT_LOST,
    LINE_REFUNDED_TOO_MUCH,
    LINE_OF_OTHER_EVENT,
    LINE_WITHOUT_EXPIRY,
    LINE_QUANTITY_ZERO,
    LINE_STATUS_UNKNOWN,
    BREAKAGES,
};

static void break_it(enum breakage breakage, struct world_reservation *sale,
                     struct world_reservation *active) {
    struct world_type *type = world_type(&b.world, stalls);
    switch (breakage) {
    case COUNTS_OVERFULL:
        type->row.counts.total = 4;
        return;
    case COUNTS_NEGATIVE:
        type->row.counts.total = -1;
        return;
    case PRICE_NEGATIVE:
        type->row.price = -1;
        return;
    case LIMIT_NEGATIVE:
        type->row.max_per_order = -1;
        return;
    case SEQ_AHEAD:
        type->log_seq--;
        return;
    case HASH_OTHER:
        type->log_hash.bytes[5] ^= 1;
        return;
    case RESERVED_TOO_FEW:
        type->row.counts.reserved = 1;
        return;
    case SOLD_TOO_FEW:
        type->row.counts.sold = 2;
        return;
    case EVENT_LOST:
        type->event = NULL;
        return;
    case LINE_REFUNDED_TOO_MUCH:
        sale->row.refunded_quantity = 4;
        return;
    case LINE_OF_OTHER_EVENT:
        active->row.event_id = builder_user(1);
        return;
    case LINE_WITHOUT_EXPIRY:
        active->row.expires_at = INSTANT_NONE;
        return;
    case LINE_QUANTITY_ZERO:
        active->row.quantity = 0;
        return;
    case LINE_STATUS_UNKNOWN:
        active->row.status = RESERVATION_EXPIRED + 1;
        return;
    case BREAKAGES:
        return;
    }
}

static void a_type_whose_rows_cannot_be_true_is_quarantined_and_neighbours_go_on(void **state) {
    for (enum breakage breakage = 0; breakage < BREAKAGES; breakage++) {
        open_world(state);
        struct outcome sold = builder_reserve(&b, stalls, 3);
        struct target sale = builder_line_of(&sold);
        builder_complete(&b, sale, "A-1");
        struct outcome reserved = builder_reserve(&b, stalls, 2);
        struct target active = builder_line_of(&reserved);
        builder_at(&b, 10);
        break_it(breakage, world_reservation(&b.world, sale.id),
                 world_reservation(&b.world, active.id));
        assert_true(decide_begin(&b.world));
        if (world_type(&b.world, stalls)->fault == NULL) {
            fail_msg("breakage %d went unnoticed", breakage);
        }
        struct outcome refused[] = {
            builder_reserve(&b, stalls, 1),
            builder_release(&b, active),
            builder_complete(&b, active, "A-2"),
            builder_refund(&b, sale, 0, DISPOSITION_VOID),
            builder_adjust(&b, stalls, ACTION_INCREASE, 1),
        };
        for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
            assert_int_equal(refused[i].verdict, VERDICT_INVENTORY_INCONSISTENT);
            assert_uuid(refused[i].facts.ticket_type_id, stalls);
        }
        assert_int_equal(builder_reserve(&b, balcony, 1).verdict, VERDICT_GRANTED);
        close_world(state);
    }
}

static void a_cart_whose_lines_tell_another_story_is_not_touched(void **state) {
    (void)state;
    struct item items[] = {{stalls, 2}, {balcony, 1}};
    struct outcome cart = builder_cart(&b, items, 2);
    struct target target = builder_cart_of(&cart);
    builder_complete(&b, (struct target){builder_cart_of(&cart).id, true}, "A-1");
    world_cart(&b.world, target.id)->row.status = RESERVATION_ACTIVE;
    assert_int_equal(builder_release(&b, target).verdict, VERDICT_INVENTORY_INCONSISTENT);
    assert_int_equal(builder_complete(&b, target, "A-2").verdict, VERDICT_INVENTORY_INCONSISTENT);
    world_cart(&b.world, target.id)->row.status = RESERVATION_COMPLETED;
    assert_int_equal(builder_complete(&b, target, "A-1").verdict, VERDICT_GRANTED);
}

#define HOLDS(test) cmocka_unit_test_setup_teardown(test, open_world, close_world)
static const struct CMUnitTest tests[] = {
    HOLDS(a_status_reads_expired_from_its_instant_on_R3),
    HOLDS(each_expiry_gets_its_own_entry_effective_at_its_instant_R3_R10),
    HOLDS(a_sweep_counts_what_its_batch_wrote_once_R3),
    HOLDS(the_log_s_time_never_falls_though_the_clock_does_R10),
    HOLDS(commands_wait_while_a_type_has_more_expiries_than_a_batch_carries_R3),
    cmocka_unit_test(a_type_whose_rows_cannot_be_true_is_quarantined_and_neighbours_go_on),
    HOLDS(a_cart_whose_lines_tell_another_story_is_not_touched),
};
UNIT_MAIN(tests)
