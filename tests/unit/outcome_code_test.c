/* What an idempotency key remembers, as bytes and back; and any other bytes, politely. */
#include "domain/outcome_code.h"

#include "support/unit.h"
#include "support/world_builder.h"

static struct world_builder b;
static struct uuid stalls, balcony;
static struct arena scratch;

enum { OUTCOMES_MAX = 32 };
static struct outcome outcomes[OUTCOMES_MAX];
static size_t outcomes_count;

static void keep(struct outcome outcome) {
    assert_int_equal(outcome.verdict, VERDICT_GRANTED);
    assert_true(outcomes_count < OUTCOMES_MAX);
    outcomes[outcomes_count++] = outcome;
}

static void keep_sales(void) {
    struct item items[] = {{stalls, 2}, {balcony, 1}};
    struct outcome reserved = builder_reserve_for(&b, stalls, 1, ANN);
    keep(reserved);
    keep(builder_extend(&b, builder_line_of(&reserved), 1000));
    keep(builder_complete(&b, builder_line_of(&reserved), "A-1"));
    keep(builder_refund(&b, builder_line_of(&reserved), 1, DISPOSITION_VOID));
    struct outcome cart = builder_cart(&b, items, 2);
    keep(cart);
    keep(builder_replace(&b, cart.cart->id, items, 1));
    keep(builder_release(&b, builder_cart_of(&cart)));
    keep(builder_sell(&b, items, 2, CHANNEL_COMP));
    keep(builder_adjust(&b, stalls, ACTION_INCREASE, 5));
    keep(builder_decide(&b, (struct command){.kind = COMMAND_SWEEP, .of.sweep = stalls}));
    keep(builder_decide(&b, (struct command){.kind = COMMAND_PRUNE}));
}

static void keep_shifts(void) {
    struct item items[] = {{stalls, 1}};
    struct outcome open = builder_open_shift(&b, 5000);
    keep(open);
    keep(builder_sell(&b, items, 1, CHANNEL_BOX_OFFICE));
    keep(builder_close_shift(&b, open.shift->row.id, 7500));
}

static void keep_settings(void) {
    struct uuid events[] = {b.event};
    struct outcome venue = builder_decide(
        &b, (struct command){.kind = COMMAND_VENUE_CREATE,
                             .of.venue.venue = {.name = TEXT("Hall"), .address = TEXT("")}});
    keep(venue);
    keep(builder_archive(&b, COMMAND_VENUE_ARCHIVE, venue.venue->id, true));
    keep(builder_decide(
        &b, (struct command){.kind = COMMAND_EVENT_CHANGE,
                             .of.event = {.event = {.id = b.event, .name = TEXT("Gala")},
                                          .fields = SETTING_NAME,
                                          .if_version = 1}}));
    keep(builder_archive(&b, COMMAND_TYPE_ARCHIVE, stalls, true));
    keep(builder_decide(&b, (struct command){.kind = COMMAND_KEY_CREATE,
                                             .of.api_key.key = {.id = builder_id(&b),
                                                                .name = TEXT("shop"),
                                                                .role = ROLE_CHECKOUT,
                                                                .events = events,
                                                                .events_count = 1,
                                                                .secret_hash = {0x5E, 0xC7, 0xE7},
                                                                .expires_at = INSTANT_NONE}}));
    struct outcome staff = builder_decide(
        &b, (struct command){.kind = COMMAND_STAFF_CREATE,
                             .of.staff.staff = {.email = TEXT("ann@example.com"),
                                                .name = TEXT("Ann"),
                                                .role = ROLE_VIEWER,
                                                .events = events,
                                                .events_count = 1,
                                                .password_hash = TEXT("\x5E\xC7\xE7")}});
    keep(staff);
    keep(builder_decide(
        &b, (struct command){.kind = COMMAND_STAFF_DISABLE,
                             .of.staff = {.staff.id = staff.staff->id, .disable = true}}));
}

/* Outcomes of every kind that there is, as decisions make them. */
static int make_outcomes(void **state) {
    (void)state;
    arena_init(&scratch, 32 << 20);
    outcomes_count = 0;
    builder_open(&b);
    stalls = builder_type(&b, "Stalls", 10);
    balcony = builder_type(&b, "Balcony", 5);
    b.caller = builder_caller(ROLE_ADMIN);
    keep_sales();
    keep_shifts();
    keep_settings();
    return 0;
}

static int drop_outcomes(void **state) {
    (void)state;
    builder_close(&b);
    arena_finish(&scratch);
    return 0;
}

static void assert_same_text(struct text a, struct text b_text) {
    assert_true(text_equals(a, b_text));
}

static void assert_same_lines(const struct outcome *a, const struct outcome *c) {
    assert_int_equal(a->lines_count, c->lines_count);
    for (size_t i = 0; i < a->lines_count; i++) {
        struct reservation left = a->lines[i];
        struct reservation right = c->lines[i];
        assert_same_text(left.order_id, right.order_id);
        assert_same_text(left.tender, right.tender);
        assert_uuid(left.id, right.id);
        assert_uuid(left.ticket_type_id, right.ticket_type_id);
        assert_uuid(left.cart_id, right.cart_id);
        assert_uuid(left.user_id, right.user_id);
        assert_uuid(left.sold_by, right.sold_by);
        assert_int_equal(left.quantity, right.quantity);
        assert_int_equal(left.refunded_quantity, right.refunded_quantity);
        assert_int_equal(left.status, right.status);
        assert_int_equal(left.channel, right.channel);
        assert_int_equal(left.unit_price, right.unit_price);
        assert_string_equal(left.currency.code, right.currency.code);
        assert_int_equal(left.expires_at.us, right.expires_at.us);
        assert_int_equal(left.completed_at.us, right.completed_at.us);
        assert_int_equal(left.created_at.us, right.created_at.us);
        assert_int_equal(left.updated_at.us, right.updated_at.us);
    }
}

static void assert_same_entries(const struct outcome *a, const struct outcome *c) {
    assert_int_equal(a->entries_count, c->entries_count);
    for (size_t i = 0; i < a->entries_count; i++) {
        const struct audit_entry *left = &a->entries[i];
        const struct audit_entry *right = &c->entries[i];
        /* The hash is over every column: where it is right, all of them are. */
        struct chain_hash zeroes = {{0}};
        struct chain_hash of_left = audit_entry_hash(left, &zeroes);
        struct chain_hash of_right = audit_entry_hash(right, &zeroes);
        assert_memory_equal(&of_left, &of_right, sizeof of_left);
        assert_memory_equal(&left->chain_hash, &right->chain_hash, sizeof left->chain_hash);
    }
}

/* The second encoding of what was read is the first one, byte for byte: nothing was lost that is
 * coded, and the rows that matter are compared as well. */
static void every_kind_of_outcome_comes_back_as_it_was_R14(void **state) {
    (void)state;
    for (size_t i = 0; i < outcomes_count; i++) {
        struct text bytes = outcome_encode(&outcomes[i], &scratch);
        assert_false(text_is_absent(bytes));
        struct outcome read = {.verdict = VERDICT_BUSY};
        assert_int_equal(outcome_decode(bytes, &scratch, &read), ERROR_NONE);
        assert_int_equal(read.verdict, VERDICT_GRANTED);
        assert_int_equal(read.kind, outcomes[i].kind);
        assert_int_equal(read.decided_at.us, outcomes[i].decided_at.us);
        assert_int_equal(read.released, outcomes[i].released);
        assert_int_equal(read.venue != NULL, outcomes[i].venue != NULL);
        assert_int_equal(read.event != NULL, outcomes[i].event != NULL);
        assert_int_equal(read.type != NULL, outcomes[i].type != NULL);
        assert_int_equal(read.api_key != NULL, outcomes[i].api_key != NULL);
        assert_int_equal(read.cart != NULL, outcomes[i].cart != NULL);
        assert_int_equal(read.shift != NULL, outcomes[i].shift != NULL);
        assert_same_lines(&outcomes[i], &read);
        assert_same_entries(&outcomes[i], &read);
        struct text again = outcome_encode(&read, &scratch);
        assert_int_equal(again.length, bytes.length);
        assert_memory_equal(again.bytes, bytes.bytes, bytes.length);
    }
}

static void what_is_read_points_nowhere_into_the_bytes(void **state) {
    (void)state;
    for (size_t i = 0; i < outcomes_count; i++) {
        struct text bytes = outcome_encode(&outcomes[i], &scratch);
        char *copy = test_malloc(bytes.length);
        memcpy(copy, bytes.bytes, bytes.length);
        struct outcome read;
        assert_int_equal(outcome_decode((struct text){copy, bytes.length}, &scratch, &read),
                         ERROR_NONE);
        memset(copy, 0xFF, bytes.length);
        test_free(copy);
        struct text again = outcome_encode(&read, &scratch);
        assert_memory_equal(again.bytes, bytes.bytes, bytes.length);
    }
}

static void the_hash_of_a_secret_is_not_remembered(void **state) {
    (void)state;
    for (size_t i = 0; i < outcomes_count; i++) {
        struct text bytes = outcome_encode(&outcomes[i], &scratch);
        assert_null(memmem(bytes.bytes, bytes.length, "\x5E\xC7\xE7", 3));
    }
}

/* In memory of exactly that size, so that a sanitizer sees the first byte read past the end. */
static enum error decode_exactly(const char *bytes, size_t length, struct outcome *outcome) {
    char *copy = malloc(length == 0 ? 1 : length);
    assert_non_null(copy);
    memcpy(copy, bytes, length);
    arena_reset(&scratch);
    enum error error = outcome_decode((struct text){copy, length}, &scratch, outcome);
    free(copy);
    return error;
}

static void every_truncation_is_refused_and_fills_nothing(void **state) {
    (void)state;
    struct arena bytes_arena;
    arena_init(&bytes_arena, 1 << 20);
    for (size_t i = 0; i < outcomes_count; i++) {
        struct text bytes = outcome_encode(&outcomes[i], &bytes_arena);
        for (size_t length = 0; length < bytes.length; length++) {
            struct outcome read = {.released = -77};
            assert_int_equal(decode_exactly(bytes.bytes, length, &read), ERROR_CORRUPT);
            assert_int_equal(read.released, -77);
        }
    }
    arena_finish(&bytes_arena);
}

/* What may be rendered: names for all that has one, and rows where a count says so. */
static void assert_presentable(const struct outcome *read) {
    assert_true(read->kind <= COMMAND_SHIFT_CLOSE);
    assert_true(read->lines_count == 0 || read->lines != NULL);
    assert_true(read->entries_count == 0 || read->entries != NULL);
    for (size_t i = 0; i < read->lines_count; i++) {
        assert_false(text_is_absent(reservation_status_name(read->lines[i].status)));
        assert_true(read->lines[i].channel <= CHANNEL_COMP);
        assert_int_equal(read->lines[i].currency.code[3], 0);
    }
    for (size_t i = 0; i < read->entries_count; i++) {
        assert_false(text_is_absent(action_name(read->entries[i].action)));
        assert_false(text_is_absent(actor_kind_name(read->entries[i].actor.kind)));
        assert_true(read->entries[i].disposition <= DISPOSITION_VOID);
    }
    if (read->cart != NULL) {
        assert_false(text_is_absent(reservation_status_name(read->cart->status)));
    }
    if (read->api_key != NULL) {
        assert_false(text_is_absent(role_name(read->api_key->role)));
    }
}

static void every_changed_byte_is_refused_or_read_as_something_valid(void **state) {
    (void)state;
    struct arena bytes_arena;
    arena_init(&bytes_arena, 1 << 20);
    size_t valid = 0;
    size_t refused = 0;
    for (size_t i = 0; i < outcomes_count; i++) {
        struct text bytes = outcome_encode(&outcomes[i], &bytes_arena);
        char *changed = malloc(bytes.length);
        assert_non_null(changed);
        for (size_t at = 0; at < bytes.length; at++) {
            for (unsigned byte = 0; byte < 256; byte++) {
                memcpy(changed, bytes.bytes, bytes.length);
                changed[at] = (char)byte;
                struct outcome read;
                enum error error = decode_exactly(changed, bytes.length, &read);
                assert_true(error == ERROR_NONE || error == ERROR_CORRUPT);
                if (error == ERROR_NONE) {
                    assert_presentable(&read);
                }
                valid += error == ERROR_NONE;
                refused += error != ERROR_NONE;
            }
        }
        free(changed);
    }
    arena_finish(&bytes_arena);
    assert_true(valid > 0 && refused > 0);
}

static void a_spent_arena_is_not_taken_for_damage(void **state) {
    (void)state;
    struct text bytes = outcome_encode(&outcomes[0], &scratch);
    struct arena small;
    arena_init(&small, 16);
    struct outcome read;
    assert_int_equal(outcome_decode(bytes, &small, &read), ERROR_MEMORY);
    assert_true(text_is_absent(outcome_encode(&outcomes[0], &small)));
    arena_finish(&small);
}

#define HOLDS(test) cmocka_unit_test_setup_teardown(test, make_outcomes, drop_outcomes)
static const struct CMUnitTest tests[] = {
    HOLDS(every_kind_of_outcome_comes_back_as_it_was_R14),
    HOLDS(what_is_read_points_nowhere_into_the_bytes),
    HOLDS(the_hash_of_a_secret_is_not_remembered),
    HOLDS(every_truncation_is_refused_and_fills_nothing),
    HOLDS(every_changed_byte_is_refused_or_read_as_something_valid),
    HOLDS(a_spent_arena_is_not_taken_for_damage),
};
UNIT_MAIN(tests)
