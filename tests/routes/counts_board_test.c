/* What the board says must be what the store would say. */
#include "routes/counts_board.h"
#include "support/unit.h"

static struct counts_board *board;
static struct arena arena;

static const struct uuid type_id = {{1}}, event_id = {{2}};

static struct instant at(int64_t us) {
    return (struct instant){us};
}

static int open(void **state) {
    (void)state;
    board = counts_board_create();
    arena_init(&arena, 1024 * 1024);
    return 0;
}

static int close(void **state) {
    (void)state;
    counts_board_destroy(board);
    arena_finish(&arena);
    return 0;
}

static struct type_reading reading(int64_t seq, int32_t reserved, int64_t as_of) {
    return (struct type_reading){
        .row = {.id = type_id,
                .event_id = event_id,
                .initial = 10,
                .counts = {10, 0, reserved},
                .audit_seq = seq,
                .settings_version = 1,
                .archived_at = INSTANT_NONE},
        .as_of = at(as_of),
        .next_expiry_at = INSTANT_NONE,
        .event_is_public = true,
    };
}

static void put(struct type_reading taken, uint64_t generation) {
    struct counts_entry entry = counts_entry_of(&taken);
    counts_board_put(board, &entry, generation);
}

/* A commit that leaves the type like that. */
static void commit(int64_t seq, int32_t reserved, int64_t now, int64_t next_expiry,
                   bool event_changed) {
    struct world world;
    world_init(&world, &arena);
    world.now = at(now);
    struct event event = {.id = event_id, .archived_at = INSTANT_NONE, .published = !event_changed};
    struct world_event *of = world_add_event(&world, &event);
    of->state = event_changed ? ROW_CHANGED : ROW_LOADED;
    struct type_reading row = reading(seq, reserved, now);
    struct world_type *type = world_add_type(&world, &row.row);
    type->state = ROW_CHANGED;
    type->event = of;
    type->next_expiry_at = next_expiry == 0 ? INSTANT_NONE : at(next_expiry);
    counts_board_on_commit(board, &world);
}

static int64_t reserved_at(int64_t now) {
    struct counts_entry entry;
    return counts_board_find(board, type_id, at(now), &entry) ? entry.counts.reserved : -1;
}

static void what_nobody_asked_for_is_not_known(void **state) {
    (void)state;
    assert_int_equal(reserved_at(1), -1);
}

static void a_reading_is_kept_and_a_commit_replaces_it(void **state) {
    (void)state;
    put(reading(3, 2, 100), counts_board_generation(board));
    assert_int_equal(reserved_at(100), 2);
    commit(4, 5, 101, 0, false);
    assert_int_equal(reserved_at(102), 5);
}

static void a_reading_older_than_a_commit_changes_nothing(void **state) {
    (void)state;
    uint64_t generation = counts_board_generation(board);
    commit(4, 5, 101, 0, false);
    put(reading(3, 2, 100), generation);
    assert_int_equal(reserved_at(102), 5);
    put(reading(4, 4, 150), generation); /* the same entries, later: something expired */
    assert_int_equal(reserved_at(150), 4);
    put(reading(4, 5, 120), generation);
    assert_int_equal(reserved_at(150), 4);
}

static void what_expires_is_not_said_any_longer(void **state) {
    (void)state;
    commit(4, 5, 101, 200, false);
    assert_int_equal(reserved_at(199), 5);
    assert_int_equal(reserved_at(200), -1);
}

static void changed_settings_of_an_event_are_seen_at_once(void **state) {
    (void)state;
    struct counts_entry entry;
    uint64_t generation = counts_board_generation(board);
    put(reading(3, 2, 100), generation);
    commit(3, 2, 101, 0, true);
    assert_true(counts_board_find(board, type_id, at(102), &entry));
    assert_false(entry.event_is_public);
    put(reading(3, 2, 103), generation); /* read before, put after */
    assert_true(counts_board_find(board, type_id, at(104), &entry));
    assert_false(entry.event_is_public);
}

static void many_types_are_all_found_again(void **state) {
    (void)state;
    uint64_t generation = counts_board_generation(board);
    for (int32_t i = 1; i <= 5000; i++) {
        struct type_reading one = reading(1, i, 1);
        memcpy(one.row.id.bytes + 4, &i, sizeof i);
        put(one, generation);
    }
    for (int32_t i = 1; i <= 5000; i++) {
        struct counts_entry entry;
        struct uuid id = type_id;
        memcpy(id.bytes + 4, &i, sizeof i);
        assert_true(counts_board_find(board, id, at(2), &entry));
        assert_int_equal(entry.counts.reserved, i);
    }
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open, close)
static const struct CMUnitTest tests[] = {
    CASE(what_nobody_asked_for_is_not_known),
    CASE(a_reading_is_kept_and_a_commit_replaces_it),
    CASE(a_reading_older_than_a_commit_changes_nothing),
    CASE(what_expires_is_not_said_any_longer),
    CASE(changed_settings_of_an_event_are_seen_at_once),
    CASE(many_types_are_all_found_again),
};
UNIT_MAIN(tests)
