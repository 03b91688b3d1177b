/* What the board says must be what the store would say. */
#include "routes/live/counts_board.h"
#include "support/unit.h"

static struct counts_board *board;
static struct arena arena;

static const struct uuid type_id = {{1}}, event_id = {{2}};

static struct instant at(int64_t us) {
    return (struct instant){us};
}

static int open(void **state) {
    (void)state;
    board = counts_board_create(&(struct counts_board_options){.follows = false});
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

static void put(struct type_reading taken, struct counts_moment before) {
    struct counts_entry entry = counts_entry_of(&taken);
    counts_board_put(board, &entry, before);
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
    put(reading(3, 2, 100), counts_board_moment(board));
    assert_int_equal(reserved_at(100), 2);
    commit(4, 5, 101, 0, false);
    assert_int_equal(reserved_at(102), 5);
}

static void a_reading_older_than_a_commit_changes_nothing(void **state) {
    (void)state;
    struct counts_moment before = counts_board_moment(board);
    commit(4, 5, 101, 0, false);
    put(reading(3, 2, 100), before);
    assert_int_equal(reserved_at(102), 5);
    put(reading(4, 4, 150), before); /* the same entries, later: something expired */
    assert_int_equal(reserved_at(150), 4);
    put(reading(4, 5, 120), before);
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
    struct counts_moment before = counts_board_moment(board);
    put(reading(3, 2, 100), before);
    commit(3, 2, 101, 0, true);
    assert_true(counts_board_find(board, type_id, at(102), &entry));
    assert_false(entry.event_is_public);
    put(reading(3, 2, 103), before); /* read before, put after */
    assert_true(counts_board_find(board, type_id, at(104), &entry));
    assert_false(entry.event_is_public);
}

static void many_types_are_all_found_again(void **state) {
    (void)state;
    struct counts_moment before = counts_board_moment(board);
    for (int32_t i = 1; i <= 5000; i++) {
        struct type_reading one = reading(1, i, 1);
        memcpy(one.row.id.bytes + 4, &i, sizeof i);
        put(one, before);
    }
    for (int32_t i = 1; i <= 5000; i++) {
        struct counts_entry entry;
        struct uuid id = type_id;
        memcpy(id.bytes + 4, &i, sizeof i);
        assert_true(counts_board_find(board, id, at(2), &entry));
        assert_int_equal(entry.counts.reserved, i);
    }
}

/* Of two lanes that committed one after the other, the first may be heard second. */
static void a_commit_that_is_told_late_does_not_undo_a_later_one(void **state) {
    (void)state;
    commit(5, 6, 110, 0, false);
    commit(4, 5, 105, 0, false);
    assert_int_equal(reserved_at(111), 6);
}

static void a_late_commit_is_not_taken_where_a_later_one_was_forgotten(void **state) {
    (void)state;
    static const struct uuid other_event = {{3}};
    commit(5, 6, 110, 0, false);
    struct world world; /* another event's settings: everything is forgotten */
    world_init(&world, &arena);
    world.now = at(120);
    struct event event = {.id = other_event, .archived_at = INSTANT_NONE};
    world_add_event(&world, &event)->state = ROW_CHANGED;
    counts_board_on_commit(board, &world);
    assert_int_equal(reserved_at(121), -1);
    commit(4, 5, 105, 0, false);
    assert_int_equal(reserved_at(121), -1);
    commit(6, 7, 121, 0, false);
    assert_int_equal(reserved_at(122), 7);
}

/* --- beside other servers --- */

static int64_t board_ms;

static int64_t board_clock(void) {
    return board_ms * 1000;
}

static int open_following(void **state) {
    (void)state;
    board_ms = 100000;
    board = counts_board_create(
        &(struct counts_board_options){.follows = true, .monotonic_us = board_clock});
    arena_init(&arena, 1024 * 1024);
    return 0;
}

static bool confirm(int64_t seq, int64_t settings, int64_t event, int64_t as_of) {
    struct type_head head = {.id = type_id,
                             .audit_seq = seq,
                             .settings_version = settings,
                             .event_version = event,
                             .event_is_public = true};
    return counts_board_confirm(board, &head, at(as_of), counts_board_moment(board));
}

static void beside_other_servers_what_was_not_confirmed_is_soon_not_said(void **state) {
    (void)state;
    put(reading(3, 2, 100), counts_board_moment(board));
    board_ms += COUNTS_GOOD_MS;
    assert_int_equal(reserved_at(100), 2);
    board_ms += 1;
    assert_int_equal(reserved_at(100), -1);
    assert_true(confirm(3, 1, 0, 200));
    assert_int_equal(reserved_at(100), 2);
    board_ms += COUNTS_GOOD_MS + 1;
    assert_int_equal(reserved_at(100), -1);
    commit(4, 5, 300, 0, false);
    assert_int_equal(reserved_at(100), 5);
}

static void what_another_server_changed_has_to_be_read_again(void **state) {
    (void)state;
    put(reading(3, 2, 100), counts_board_moment(board));
    assert_true(confirm(3, 1, 0, 200));
    assert_false(confirm(4, 1, 0, 200));
    assert_false(confirm(3, 2, 0, 200));
    assert_false(confirm(3, 1, 1, 200));
    assert_int_equal(reserved_at(100), 2); /* good enough until it has been read */
    counts_board_drop(board, type_id);
    assert_int_equal(reserved_at(100), -1);
    put(reading(4, 1, 210), counts_board_moment(board));
    assert_int_equal(reserved_at(100), 1);
    assert_true(confirm(3, 1, 0, 200)); /* asked before a commit of our own */
    assert_int_equal(reserved_at(100), 1);
}

static void a_head_that_is_older_than_a_commit_makes_it_no_younger(void **state) {
    (void)state;
    put(reading(3, 2, 100), counts_board_moment(board));
    commit(4, 5, 300, 0, false);
    board_ms += COUNTS_GOOD_MS + 1;
    assert_true(confirm(3, 1, 0, 200));
    assert_int_equal(reserved_at(100), -1);
}

static void an_event_that_the_shop_itself_hides_has_to_be_read_again(void **state) {
    (void)state;
    put(reading(3, 2, 100), counts_board_moment(board));
    const struct type_head hidden = {.id = type_id, .audit_seq = 3, .settings_version = 1};
    assert_false(counts_board_confirm(board, &hidden, at(200), counts_board_moment(board)));
    struct type_reading again = reading(3, 2, 210);
    again.event_is_public = false;
    put(again, counts_board_moment(board));
    assert_true(counts_board_confirm(board, &hidden, at(220), counts_board_moment(board)));
}

/* The database's clock decides when a reservation ends; this machine's may be hours off. */
static void an_expiry_is_reckoned_by_the_databases_clock(void **state) {
    (void)state;
    struct type_reading one = reading(3, 2, 1000000000);
    one.next_expiry_at = at(1000300000);
    put(one, counts_board_moment(board));
    board_ms += 299;
    assert_int_equal(reserved_at(5), 2);
    assert_int_equal(reserved_at(2000000000), 2);
    board_ms += 1;
    assert_int_equal(reserved_at(5), -1);
    assert_false(confirm(3, 1, 0, 1000300000)); /* to be read again */
}

static void only_what_was_asked_for_lately_is_followed(void **state) {
    (void)state;
    struct uuid ids[RECENTLY_MAX];
    put(reading(3, 2, 100), counts_board_moment(board));
    assert_int_equal(counts_board_followed(board, ids), 0);
    assert_int_equal(reserved_at(100), 2);
    assert_int_equal(reserved_at(100), 2);
    assert_int_equal(counts_board_followed(board, ids), 1);
    assert_uuid(ids[0], type_id);
    board_ms += COUNTS_ASKED_LATELY_MS;
    assert_int_equal(counts_board_followed(board, ids), 1);
    board_ms += 1;
    assert_int_equal(counts_board_followed(board, ids), 0);
}

static void the_least_lately_asked_for_makes_room(void **state) {
    (void)state;
    static struct recently recently;
    struct uuid ids[RECENTLY_MAX];
    uint32_t place = 0;
    for (uint32_t i = 0; i <= RECENTLY_MAX; i++) {
        struct uuid id = {{9, (uint8_t)(i >> 8), (uint8_t)i}};
        recently_note(&recently, id, i == 0 ? 5000 : i, &place); /* the first one again, last */
        assert_true(place < RECENTLY_MAX);
    }
    assert_int_equal(recently_list(&recently, 0, ids), RECENTLY_MAX);
    bool has_first = false;
    bool has_second = false;
    for (size_t i = 0; i < RECENTLY_MAX; i++) {
        has_first |= ids[i].bytes[1] == 0 && ids[i].bytes[2] == 0;
        has_second |= ids[i].bytes[1] == 0 && ids[i].bytes[2] == 1;
    }
    assert_true(has_first);
    assert_false(has_second);
}

#define FOLLOWING(name) cmocka_unit_test_setup_teardown(name, open_following, close)
#define CASE(name)      cmocka_unit_test_setup_teardown(name, open, close)
static const struct CMUnitTest tests[] = {
    CASE(what_nobody_asked_for_is_not_known),
    CASE(a_reading_is_kept_and_a_commit_replaces_it),
    CASE(a_reading_older_than_a_commit_changes_nothing),
    CASE(what_expires_is_not_said_any_longer),
    CASE(changed_settings_of_an_event_are_seen_at_once),
    CASE(many_types_are_all_found_again),
    CASE(a_commit_that_is_told_late_does_not_undo_a_later_one),
    CASE(a_late_commit_is_not_taken_where_a_later_one_was_forgotten),
    FOLLOWING(beside_other_servers_what_was_not_confirmed_is_soon_not_said),
    FOLLOWING(what_another_server_changed_has_to_be_read_again),
    FOLLOWING(a_head_that_is_older_than_a_commit_makes_it_no_younger),
    FOLLOWING(an_event_that_the_shop_itself_hides_has_to_be_read_again),
    FOLLOWING(an_expiry_is_reckoned_by_the_databases_clock),
    FOLLOWING(only_what_was_asked_for_lately_is_followed),
    FOLLOWING(the_least_lately_asked_for_makes_room),
};
UNIT_MAIN(tests)
