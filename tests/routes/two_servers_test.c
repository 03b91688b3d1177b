/* Two servers over one database, each with its executor and its board: what one commits, the other
 * soon says, and decides upon at once. */
#include <time.h>

#include "executor/executor.h"
#include "routes/follower.h"
#include "store/memory/memory_store.h"
#include "support/unit.h"

struct server {
    struct counts_board *board;
    struct key_ring *keys;
    struct people *people;
    struct follower *follower;
    struct executor *executor;
};

static struct store *store;
static struct store_reader *reader;
static struct server one, other;
static struct arena arena;
static struct uuid type_id;

static void on_commit(void *context, const struct world *world) {
    const struct server *server = context;
    key_ring_on_commit(server->keys, world);
    people_on_commit(server->people, world);
    counts_board_on_commit(server->board, world);
}

static void server_open(struct server *server) {
    struct failure failure;
    server->board = counts_board_create(&(struct counts_board_options){.follows = true});
    assert_non_null(server->board);
    assert_int_equal(key_ring_open(store, &server->keys, &failure), ERROR_NONE);
    assert_int_equal(people_open(store, &server->people, &failure), ERROR_NONE);
    struct follower_options follower = {
        .store = store, .board = server->board, .keys = server->keys, .people = server->people};
    assert_int_equal(follower_open(&follower, &server->follower, &failure), ERROR_NONE);
    struct executor_options executor = {
        .no_janitor = true, .on_commit = on_commit, .context = server};
    assert_int_equal(executor_open(store, &executor, &server->executor, &failure), ERROR_NONE);
}

static void server_close(struct server *server) {
    executor_close(server->executor);
    follower_close(server->follower);
    key_ring_close(server->keys);
    people_close(server->people);
    counts_board_destroy(server->board);
}

static struct outcome call(struct server *server, struct command command) {
    struct outcome outcome;
    command.caller = (struct caller){.role = ROLE_ADMIN, .actor = ACTOR_NONE};
    assert_int_equal(executor_call(server->executor, &command, &arena, &outcome), ERROR_NONE);
    return outcome;
}

static int open(void **state) {
    (void)state;
    struct failure failure;
    arena_init(&arena, 64 * 1024 * 1024);
    assert_int_equal(store_open("memory:", NULL, &store, &failure), ERROR_NONE);
    store->is_shared = true;
    assert_int_equal(store_open_reader(store, &reader, &failure), ERROR_NONE);
    server_open(&one);
    server_open(&other);
    struct outcome event =
        call(&one, (struct command){
                       .kind = COMMAND_EVENT_CREATE,
                       .of.event.event = {.name = TEXT("An evening"),
                                          .time_zone = TEXT("Europe/Vienna"),
                                          .currency = {"EUR"},
                                          .start_date = instant_plus_seconds(instant_now(), 86400),
                                          .end_date = INSTANT_NONE,
                                          .published = true}});
    struct outcome type = call(&one, (struct command){.kind = COMMAND_TYPE_CREATE,
                                                      .of.type.type = {.event_id = event.event->id,
                                                                       .name = TEXT("Stalls"),
                                                                       .initial = 100,
                                                                       .sales_start = INSTANT_NONE,
                                                                       .sales_end = INSTANT_NONE}});
    type_id = type.type->id;
    return 0;
}

static int close(void **state) {
    (void)state;
    server_close(&one);
    server_close(&other);
    store_reader_close(reader);
    store_close(store);
    arena_finish(&arena);
    return 0;
}

static enum verdict reserve(struct server *server, int32_t quantity) {
    struct item item = {type_id, quantity};
    return call(server, (struct command){.kind = COMMAND_RESERVE,
                                         .of.reserve = {.items = {&item, 1}, .seconds = 900}})
        .verdict;
}

/* As the route does: from the board, else from the store; -1: not even from there. */
static int64_t ask_reserved(struct server *server) {
    struct counts_entry entry;
    struct type_reading reading;
    struct failure failure;
    if (counts_board_find(server->board, type_id, instant_now(), &entry)) {
        return entry.counts.reserved;
    }
    struct counts_moment before = counts_board_moment(server->board);
    if (reader_type(reader, type_id, &arena, &reading, &failure) != ERROR_NONE) {
        return -1;
    }
    entry = counts_entry_of(&reading);
    counts_board_put(server->board, &entry, before);
    return entry.counts.reserved;
}

static void pause_ms(int ms) {
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L}, NULL);
}

/* How long until the other server says so, asked all the while; -1: it does not. */
static int64_t lag_ms(int64_t reserved) {
    int64_t began_us = monotonic_us();
    while (monotonic_us() - began_us < 10 * INT64_C(1000000)) {
        if (ask_reserved(&other) == reserved) {
            return (monotonic_us() - began_us) / 1000;
        }
        pause_ms(1);
    }
    return -1;
}

static int by_size(const void *a, const void *b) {
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static void counts_follow_another_server_within_the_bound(void **state) {
    (void)state;
    enum { TIMES = 11, BUSY_MS = 500 /* what a busy machine may add */ };
    int64_t lags[TIMES];
    assert_int_equal(ask_reserved(&other), 0);
    for (int32_t i = 0; i < TIMES; i++) {
        assert_int_equal(reserve(&one, 1), VERDICT_GRANTED);
        struct counts_entry entry;
        assert_true(counts_board_find(one.board, type_id, instant_now(), &entry));
        assert_int_equal(entry.counts.reserved, i + 1); /* one sees one's own at once */
        lags[i] = lag_ms(i + 1);
        assert_true(lags[i] >= 0);
    }
    qsort(lags, TIMES, sizeof *lags, by_size);
    printf("counts lagged another server by %d ms, %d at the most\n", (int)lags[TIMES / 2],
           (int)lags[TIMES - 1]);
    assert_in_range(lags[TIMES / 2], 0, 2 * FOLLOW_EVERY_MS);
    assert_in_range(lags[TIMES - 1], 0, COUNTS_GOOD_MS + BUSY_MS);
}

static void decisions_never_lag(void **state) {
    (void)state;
    int granted = 0;
    for (int i = 0; i < 150; i++) {
        granted += reserve(i % 2 == 0 ? &one : &other, 1) == VERDICT_GRANTED;
    }
    assert_int_equal(granted, 100);
}

static bool knows_key(struct server *server, struct uuid id, bool revoked) {
    const struct key_record *key = key_ring_find(server->keys, id);
    return key != NULL && key_record_is_revoked(key) == revoked;
}

static bool soon_knows_key(struct server *server, struct uuid id, bool revoked) {
    for (int i = 0; i < 500 && !knows_key(server, id, revoked); i++) {
        pause_ms(10);
    }
    return knows_key(server, id, revoked);
}

static void a_key_that_another_server_made_works_and_ceases_to(void **state) {
    (void)state;
    struct outcome made = call(&one, (struct command){.kind = COMMAND_KEY_CREATE,
                                                      .of.api_key.key = {
                                                          .name = TEXT("The shop"),
                                                          .role = ROLE_CHECKOUT,
                                                          .expires_at = INSTANT_NONE,
                                                          .last_used_at = INSTANT_NONE,
                                                          .revoked_at = INSTANT_NONE,
                                                      }});
    assert_int_equal(made.verdict, VERDICT_GRANTED);
    struct uuid id = made.api_key->id;
    assert_true(knows_key(&one, id, false));
    assert_true(soon_knows_key(&other, id, false));
    call(&one, (struct command){.kind = COMMAND_KEY_REVOKE, .of.api_key.key.id = id});
    assert_true(knows_key(&one, id, true));
    assert_true(soon_knows_key(&other, id, true));
}

static bool knows_session(struct server *server, struct uuid id) {
    struct staff staff;
    struct staff_session session;
    return people_find_session(server->people, id, instant_now(), &arena, &staff, &session);
}

static bool soon_knows_session(struct server *server, struct uuid id, bool known) {
    for (int i = 0; i < 500 && knows_session(server, id) != known; i++) {
        pause_ms(10);
    }
    return knows_session(server, id) == known;
}

static void who_signs_in_at_one_server_is_known_at_the_other(void **state) {
    (void)state;
    struct staff ann = {.email = TEXT("ann@example.com"),
                        .name = TEXT("Ann"),
                        .role = ROLE_ADMIN,
                        .password_hash = TEXT("hash")};
    struct outcome made =
        call(&one, (struct command){.kind = COMMAND_STAFF_CREATE, .of.staff.staff = ann});
    assert_int_equal(made.verdict, VERDICT_GRANTED);
    struct command begin = {.kind = COMMAND_SESSION_BEGIN,
                            .of.staff = {.staff.id = made.staff->id,
                                         .session_id = uuid_block(instant_now(), 1),
                                         .judged_hash = ann.password_hash}};
    assert_int_equal(call(&one, begin).verdict, VERDICT_GRANTED);
    assert_true(knows_session(&one, begin.of.staff.session_id));
    assert_true(soon_knows_session(&other, begin.of.staff.session_id, true));
    begin.kind = COMMAND_SESSION_END;
    call(&other, begin);
    assert_false(knows_session(&other, begin.of.staff.session_id));
    assert_true(soon_knows_session(&one, begin.of.staff.session_id, false));
}

static void what_the_store_cannot_confirm_is_not_said_for_long(void **state) {
    (void)state;
    assert_int_equal(reserve(&one, 5), VERDICT_GRANTED);
    assert_int_equal(ask_reserved(&other), 5);
    memory_store_set_faults(store, &(struct memory_faults){.is_away = true});
    pause_ms(COUNTS_GOOD_MS + 100);
    assert_int_equal(ask_reserved(&other), -1);
    assert_int_equal(ask_reserved(&one), -1);
    memory_store_set_faults(store, &(struct memory_faults){.is_away = false});
    assert_int_equal(ask_reserved(&other), 5);
    assert_int_equal(reserve(&one, 1), VERDICT_GRANTED);
    assert_int_not_equal(lag_ms(6), -1); /* it follows again */
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open, close)
static const struct CMUnitTest tests[] = {
    CASE(counts_follow_another_server_within_the_bound),
    CASE(decisions_never_lag),
    CASE(a_key_that_another_server_made_works_and_ceases_to),
    CASE(who_signs_in_at_one_server_is_known_at_the_other),
    CASE(what_the_store_cannot_confirm_is_not_said_for_long),
};
UNIT_MAIN(tests)
