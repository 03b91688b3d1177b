/* The feed on a clock that the test steps, its streams played by the test: what is shown when, to
 * whom, and what a slow client costs. The executor and the store in memory are real. */
#include "routes/live/feed.h"

#include "base/check.h"
#include "executor/executor.h"
#include "support/unit.h"

enum { MS = 1000, SECOND = 1000 * MS, HEARD_SIZE = 1 << 20 };

/* --- the clients ----------------------------------------------------------------------------- */

static struct client {
    struct http_request request; /* first: what the feed writes to names the client */
    struct viewer viewer;
    struct seat seat;
    char heard[HEARD_SIZE];
    size_t length, room, waiting;
    bool is_lost, has_ended, ended_whole;
} clients[3];

static struct client *client_of(struct http_request *request) {
    return (struct client *)(void *)request;
}

enum http_stream_write http_stream_write(struct http_request *request, struct text chunk) {
    struct client *client = client_of(request);
    require(chunk.length <= HTTP_STREAM_CHUNK_MAX && !client->has_ended);
    if (client->is_lost) {
        return HTTP_STREAM_LOST;
    }
    if (chunk.length > client->room) {
        return HTTP_STREAM_FULL;
    }
    require(client->length + chunk.length < HEARD_SIZE);
    memcpy(client->heard + client->length, chunk.bytes, chunk.length);
    client->length += chunk.length;
    client->room -= chunk.length;
    return HTTP_STREAM_TAKEN;
}

size_t http_stream_waiting(struct http_request *request) {
    return client_of(request)->waiting;
}

void http_stream_end(struct http_request *request, bool complete) {
    struct client *client = client_of(request);
    client->has_ended = true;
    client->ended_whole = complete;
    feed_on_stream(&client->viewer, HTTP_STREAM_OVER);
}

/* How often these words came since it was last asked for, in what came since then. */
static int heard(struct client *client, const char *words) {
    int times = 0;
    client->heard[client->length] = '\0';
    for (const char *at = client->heard; (at = strstr(at, words)) != NULL; at++) {
        times++;
    }
    return times;
}

static void forget(struct client *client) {
    client->length = 0;
}

/* --- the place ------------------------------------------------------------------------------- */

static struct store *store;
static struct executor *executor;
static struct feed *feed;
static struct arena arena;
static struct uuid event_id, type_id;
static int64_t now_us;
static bool is_welcome;
static bool is_elsewhere; /* what is committed now, another server does */
static size_t first_room; /* of a client that joins */

static int64_t fake_monotonic(void) {
    return now_us;
}

static struct instant fake_now(void *context) {
    (void)context;
    return (struct instant){INT64_C(1800000000) * SECOND + now_us};
}

static void on_commit(void *context, const struct world *world) {
    (void)context;
    if (!is_elsewhere) {
        feed_on_commit(feed, world);
    }
}

static bool welcomes(void *context, const struct viewer *viewer) {
    (void)context, (void)viewer;
    return is_welcome;
}

static struct outcome call(struct command command) {
    struct outcome outcome;
    command.caller = (struct caller){.role = ROLE_ADMIN, .actor = ACTOR_NONE};
    assert_int_equal(executor_call(executor, &command, &arena, &outcome), ERROR_NONE);
    assert_int_equal(outcome.verdict, VERDICT_GRANTED);
    return outcome;
}

static struct uuid make_type(const char *name) {
    return call((struct command){.kind = COMMAND_TYPE_CREATE,
                                 .of.type.type = {.event_id = event_id,
                                                  .name = text_of(name),
                                                  .initial = 10000,
                                                  .sales_start = INSTANT_NONE,
                                                  .sales_end = INSTANT_NONE}})
        .type->id;
}

static void reserve(int32_t quantity, int32_t seconds) {
    struct item item = {type_id, quantity};
    call((struct command){.kind = COMMAND_RESERVE,
                          .of.reserve = {.items = {&item, 1}, .seconds = seconds}});
}

static int open(void **state) {
    (void)state;
    struct failure failure;
    struct store_options options = {.clock = {.now = fake_now}};
    arena_init(&arena, 256 * 1024 * 1024);
    now_us = SECOND;
    is_welcome = true;
    is_elsewhere = false;
    first_room = SIZE_MAX;
    assert_int_equal(store_open("memory:", &options, &store, &failure), ERROR_NONE);
    struct feed_options with = {.store = store,
                                .streams_max = 2,
                                .monotonic_us = fake_monotonic,
                                .has_no_thread = true,
                                .is_welcome = welcomes};
    assert_int_equal(feed_open(&with, &feed, &failure), ERROR_NONE);
    struct executor_options lanes = {
        .clock = {.now = fake_now}, .no_janitor = true, .on_commit = on_commit};
    assert_int_equal(executor_open(store, &lanes, &executor, &failure), ERROR_NONE);
    struct event event = {.name = TEXT("An evening"),
                          .time_zone = TEXT("UTC"),
                          .currency = {"EUR"},
                          .start_date = instant_plus_seconds(fake_now(NULL), 86400),
                          .end_date = INSTANT_NONE,
                          .published = true};
    event_id =
        call((struct command){.kind = COMMAND_EVENT_CREATE, .of.event.event = event}).event->id;
    type_id = make_type("Stalls");
    return 0;
}

static int close(void **state) {
    (void)state;
    executor_close(executor);
    feed_close(feed);
    store_close(store);
    arena_finish(&arena);
    return 0;
}

static struct client *join_as(size_t number, bool sees_all, bool with_log) {
    struct client *client = &clients[number];
    memset(client, 0, offsetof(struct client, heard));
    client->length = client->waiting = 0;
    client->room = first_room;
    client->is_lost = client->has_ended = client->ended_whole = false;
    client->seat = (struct seat){.event_id = event_id, .sees_all = sees_all, .is_whole = true};
    client->viewer = (struct viewer){.http = &client->request,
                                     .feed = feed,
                                     .seats = &client->seat,
                                     .seats_count = 1,
                                     .with_log = with_log,
                                     .after = TEXT_NONE};
    assert_true(feed_enter(feed, TEXT_NONE, &client->viewer.bucket));
    feed_join(feed, &client->viewer);
    feed_round(feed);
    return client;
}

static struct client *join(void) {
    struct client *client = join_as(0, true, false);
    assert_int_equal(heard(client, "event: snapshot"), 1);
    forget(client);
    return client;
}

static int64_t pass(int64_t us) {
    now_us += us;
    return feed_round(feed);
}

/* --- what is shown when ---------------------------------------------------------------------- */

static void a_first_change_is_shown_at_once_and_those_that_follow_are_merged(void **state) {
    (void)state;
    struct client *client = join();
    reserve(1, 900);
    feed_round(feed);
    assert_int_equal(heard(client, "\"reserved\":1,"), 1);
    forget(client);
    for (int i = 0; i < 50; i++) {
        reserve(1, 900);
        assert_true(pass(3 * MS) <= now_us + SHOW_EVERY_US);
    }
    assert_int_equal(client->length, 0);
    pass(50 * MS);
    assert_int_equal(heard(client, "event: counts"), 1);
    assert_int_equal(heard(client, "\"reserved\":51,"), 1);
    forget(client);
    pass(SECOND);
    assert_int_equal(heard(client, "event:"), 0); /* nothing twice */
}

static void a_second_of_changes_is_shown_five_times(void **state) {
    (void)state;
    struct client *client = join();
    for (int i = 0; i < 1000; i += 10) {
        reserve(1, 900);
        pass(10 * MS);
    }
    assert_in_range(heard(client, "event: counts"), 5, 6);
}

static void what_runs_out_is_shown_at_its_second_without_a_commit(void **state) {
    (void)state;
    struct client *client = join();
    reserve(3, 60);
    int64_t next_us = feed_round(feed);
    assert_int_equal(heard(client, "\"reserved\":3,"), 1);
    forget(client);
    pass(59900 * MS);
    assert_int_equal(heard(client, "event:"), 0);
    assert_true(next_us <= now_us + 100 * MS);
    pass(103 * MS);
    assert_int_equal(heard(client, "\"reserved\":0,"), 1);
}

static void the_public_sees_what_is_available_and_only_where_that_changes(void **state) {
    (void)state;
    struct client *client = join_as(0, false, false);
    assert_int_equal(heard(client, "\"available\":10000}"), 1);
    assert_int_equal(heard(client, "\"total\""), 0);
    forget(client);
    struct item item = {type_id, 2};
    struct outcome outcome = call((struct command){
        .kind = COMMAND_RESERVE, .of.reserve = {.items = {&item, 1}, .seconds = 900}});
    struct uuid reservation = outcome.lines[0].id;
    feed_round(feed);
    assert_int_equal(heard(client, "\"available\":9998}"), 1);
    forget(client);
    call((struct command){.kind = COMMAND_COMPLETE,
                          .of.complete = {.target = {.id = reservation},
                                          .order_id = TEXT("o-1"),
                                          .channel = CHANNEL_ONLINE}});
    pass(SECOND);
    assert_int_equal(client->length, 0);
}

static void a_quiet_stream_hears_a_comment_every_fifteen_seconds(void **state) {
    (void)state;
    struct client *client = join();
    for (int i = 0; i < 60; i++) {
        pass(SECOND);
    }
    assert_int_equal(heard(client, ": ping\n\n"), 4);
    assert_int_equal(heard(client, "event:"), 0);
}

/* --- slow clients, and too much -------------------------------------------------------------- */

static void a_slow_client_gets_the_newest_counts_when_it_has_room(void **state) {
    (void)state;
    struct client *slow = join();
    struct client *quick = join_as(1, true, false);
    forget(quick);
    slow->waiting = VIEWER_WAITING_MAX + 1;
    for (int i = 0; i < 20; i++) {
        reserve(1, 900);
        pass(SHOW_EVERY_US);
    }
    assert_int_equal(heard(quick, "event: counts"), 20);
    assert_int_equal(slow->length, 0);
    slow->waiting = 0;
    pass(SHOW_EVERY_US);
    assert_int_equal(heard(slow, "event: counts"), 1);
    assert_int_equal(heard(slow, "\"reserved\":20,"), 1);
    reserve(1, 900);
    pass(SHOW_EVERY_US);
    assert_int_equal(heard(slow, "\"reserved\":21,"), 1);
}

static void a_slow_stream_with_the_log_begins_anew(void **state) {
    (void)state;
    struct client *client = join_as(0, true, true);
    forget(client);
    reserve(1, 900);
    feed_round(feed);
    assert_int_equal(heard(client, "event: audit"), 1);
    forget(client);
    client->waiting = VIEWER_WAITING_MAX + 1;
    reserve(1, 900);
    pass(SHOW_EVERY_US);
    assert_int_equal(client->length, 0);
    client->waiting = 0;
    pass(SHOW_EVERY_US);
    assert_int_equal(heard(client, "event: reset"), 1);
    assert_int_equal(heard(client, "event: snapshot"), 1);
    assert_int_equal(heard(client, "event: audit"), 0);
    forget(client);
    reserve(1, 900);
    pass(SHOW_EVERY_US);
    assert_int_equal(heard(client, "event: audit"), 1);
    assert_int_equal(heard(client, "\"seq\":4,"), 2); /* with the counts, and as the entry */
}

static void more_entries_than_can_be_shown_are_left_to_the_log(void **state) {
    (void)state;
    struct client *client = join_as(0, true, true);
    forget(client);
    for (int i = 0; i < 501; i++) {
        reserve(1, 900);
    }
    feed_round(feed);
    assert_int_equal(heard(client, "event: audit"), 0);
    assert_int_equal(heard(client, "event: reset"), 1);
    assert_int_equal(heard(client, "\"reserved\":501,"), 1);
}

static void a_snapshot_that_does_not_fit_goes_on_when_there_is_room(void **state) {
    (void)state;
    for (int i = 0; i < 200; i++) {
        make_type("Another");
    }
    first_room = HTTP_STREAM_CHUNK_MAX;
    struct client *client = join_as(0, true, false);
    assert_int_equal(client->length, HTTP_STREAM_CHUNK_MAX);
    reserve(1, 900); /* while it goes on, nothing comes in between */
    for (int i = 0; i < 8; i++) {
        pass(SHOW_EVERY_US);
        client->room += HTTP_STREAM_CHUNK_MAX;
        feed_on_stream(&client->viewer, HTTP_STREAM_ROOM);
        feed_round(feed);
    }
    assert_true(client->length > 2 * HTTP_STREAM_CHUNK_MAX);
    assert_int_equal(heard(client, "event: snapshot"), 1);
    assert_int_equal(heard(client, "event: counts"), 1);
    assert_int_equal(heard(client, "\"ticket_type_id\""), 201 + 1);
    assert_int_equal(heard(client, "\"reserved\":1,"), 1);
}

static void snapshots_that_nobody_reads_are_held_within_a_bound(void **state) {
    (void)state;
    struct client *client = &clients[0];
    struct hall *hall = hall_create(event_id);
    for (int i = 0; i < 200; i++) {
        struct counts_entry entry = {.event_id = event_id, .as_of = fake_now(NULL)};
        entry.ticket_type_id.bytes[0] = (uint8_t)(i + 1);
        assert_true(hall_take(hall, &entry, now_us));
    }
    client->seat =
        (struct seat){.viewer = &client->viewer, .hall = hall, .sees_all = true, .is_whole = true};
    client->viewer = (struct viewer){.http = &client->request,
                                     .feed = feed,
                                     .seats = &client->seat,
                                     .seats_count = 1,
                                     .after = TEXT_NONE};
    client->is_lost = client->has_ended = false;
    client->length = client->room = client->waiting = 0;
    struct live_wire wire = {.bytes = NULL};
    size_t unsent = VIEWERS_UNSENT_MAX;
    struct viewing viewing = {.wire = &wire, .scratch = &arena, .unsent = &unsent, .round = 1};
    assert_false(viewer_begin(&client->viewer, &viewing));
    assert_int_equal(unsent, VIEWERS_UNSENT_MAX);
    unsent = 0;
    assert_true(viewer_begin(&client->viewer, &viewing));
    assert_int_equal(unsent, wire.length);
    client->room = SIZE_MAX;
    assert_true(viewer_go_on(&client->viewer, &viewing));
    assert_int_equal(unsent, 0);
    assert_int_equal(client->length, wire.length);
    live_wire_finish(&wire);
    hall_destroy(hall);
}

static void news_that_did_not_fit_is_read_again(void **state) {
    (void)state;
    struct client *client = join();
    struct counts_entry stale = {.event_id = event_id, .ticket_type_id = type_id};
    for (int i = 0; i < 5000; i++) {
        feed_on_reading(feed, &stale);
    }
    reserve(7, 900); /* of which there is no word in the inbox */
    feed_round(feed);
    assert_int_equal(heard(client, "\"reserved\":7,"), 1);
}

static void an_older_reading_changes_nothing(void **state) {
    (void)state;
    struct client *client = join();
    reserve(7, 900);
    feed_round(feed);
    forget(client);
    struct counts_entry stale = {
        .event_id = event_id, .ticket_type_id = type_id, .audit_seq = 1, .counts.total = 10000};
    feed_on_reading(feed, &stale);
    pass(SECOND);
    assert_int_equal(heard(client, "event:"), 0);
}

/* Rounds are run when they are due, and no sooner. */
static void what_another_server_makes_of_an_event_is_shown_within_half_a_second(void **state) {
    (void)state;
    struct counts_board *board = counts_board_create(
        &(struct counts_board_options){.follows = true, .monotonic_us = fake_monotonic});
    assert_non_null(board);
    feed_follow_by(feed, board);
    struct client *client = join();
    int64_t due_us = pass(SECOND);
    is_elsewhere = true;
    make_type("Balcony");
    int64_t until_us = now_us + SECOND / 2;
    while (heard(client, "event: counts") == 0 && due_us <= until_us) {
        now_us = due_us > now_us ? due_us : now_us;
        due_us = feed_round(feed);
    }
    assert_int_equal(heard(client, "event: counts"), 1);
    assert_int_equal(heard(client, "\"total\":10000,"), 1);
    close(state); /* the feed is done with the board */
    counts_board_destroy(board);
    open(state);
}

/* --- ends --------------------------------------------------------------------------------------
 */

static void a_client_that_left_is_forgotten_and_its_place_is_free(void **state) {
    (void)state;
    struct client *client = join();
    uint16_t bucket;
    (void)join_as(1, true, false);
    assert_false(feed_enter(feed, TEXT_NONE, &bucket));
    client->is_lost = true;
    reserve(1, 900);
    feed_round(feed);
    assert_true(client->has_ended);
    assert_int_equal(feed_statistics(feed).streams, 1);
    feed_on_stream(&clients[1].viewer, HTTP_STREAM_MUTE);
    feed_round(feed);
    assert_true(clients[1].has_ended);
    assert_int_equal(feed_statistics(feed).streams, 0);
    assert_true(feed_enter(feed, TEXT_NONE, &bucket));
}

static void one_client_has_a_thousand_streams_at_the_most(void **state) {
    (void)state;
    struct feed *wide;
    struct failure failure;
    struct feed_options with = {.store = store, .has_no_thread = true};
    uint16_t bucket;
    assert_int_equal(feed_open(&with, &wide, &failure), ERROR_NONE);
    for (int i = 0; i < STREAMS_PER_CLIENT_MAX; i++) {
        assert_true(feed_enter(wide, TEXT("one"), &bucket));
    }
    assert_false(feed_enter(wide, TEXT("one"), &bucket));
    assert_true(feed_enter(wide, TEXT("another"), &bucket));
    assert_true(feed_enter(wide, TEXT_NONE, &bucket));
    feed_close(wide);
}

static void credentials_that_end_end_the_stream_within_a_second(void **state) {
    (void)state;
    struct client *client = join();
    pass(SECOND);
    is_welcome = false;
    pass(SECOND);
    assert_int_equal(heard(client, "event: bye"), 1);
    assert_true(client->has_ended && client->ended_whole);
}

static void a_stop_says_goodbye_to_all(void **state) {
    (void)state;
    struct client *client = join();
    feed_on_stream(&client->viewer, HTTP_STREAM_STOP);
    feed_round(feed);
    assert_int_equal(heard(client, "event: bye"), 1);
    assert_int_equal(heard(client, "retry: "), 1);
    assert_true(client->has_ended && client->ended_whole);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open, close)
static const struct CMUnitTest tests[] = {
    CASE(a_first_change_is_shown_at_once_and_those_that_follow_are_merged),
    CASE(a_second_of_changes_is_shown_five_times),
    CASE(what_runs_out_is_shown_at_its_second_without_a_commit),
    CASE(the_public_sees_what_is_available_and_only_where_that_changes),
    CASE(a_quiet_stream_hears_a_comment_every_fifteen_seconds),
    CASE(a_slow_client_gets_the_newest_counts_when_it_has_room),
    CASE(a_slow_stream_with_the_log_begins_anew),
    CASE(more_entries_than_can_be_shown_are_left_to_the_log),
    CASE(a_snapshot_that_does_not_fit_goes_on_when_there_is_room),
    CASE(snapshots_that_nobody_reads_are_held_within_a_bound),
    CASE(news_that_did_not_fit_is_read_again),
    CASE(an_older_reading_changes_nothing),
    CASE(what_another_server_makes_of_an_event_is_shown_within_half_a_second),
    CASE(a_client_that_left_is_forgotten_and_its_place_is_free),
    CASE(one_client_has_a_thousand_streams_at_the_most),
    CASE(credentials_that_end_end_the_stream_within_a_second),
    CASE(a_stop_says_goodbye_to_all),
};
UNIT_MAIN(tests)
