/* Answers that are written bit by bit: whole or visibly not, and never more than the bound. */
#include "fixture.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "inbox.h"

#define HOST "Host: tickets.test\r\n"
#define GET  "GET / HTTP/1.1\r\n" HOST "\r\n"

enum { WHOLE = 1024 * 1024, PIECE = 10000 };

static struct fixture fixture;
static struct inbox inbox;
static struct received received;

/* What the watcher heard, and a pattern that is being written. */
struct writer {
    pthread_mutex_t mutex;
    pthread_cond_t heard;
    int room, mute, gone, stop, over;
    struct http_request *request;
    size_t written;
};

static struct writer writer;

static int init(void **state) {
    (void)state;
    inbox_init(&inbox);
    writer = (struct writer){.mutex = PTHREAD_MUTEX_INITIALIZER, .heard = PTHREAD_COND_INITIALIZER};
    return 0;
}

static int finish(void **state) {
    (void)state;
    fixture_stop(&fixture);
    inbox_finish(&inbox);
    return 0;
}

static void start_parking(struct http_limits limits) {
    fixture_start(&fixture, (struct http_server_options){
                                .handler = inbox_put, .context = &inbox, .limits = limits});
}

static void watch(void *context, enum http_stream_event event) {
    struct writer *to = context;
    pthread_mutex_lock(&to->mutex);
    switch (event) {
    case HTTP_STREAM_ROOM:
        to->room++;
        break;
    case HTTP_STREAM_GONE:
        to->gone++;
        break;
    case HTTP_STREAM_MUTE:
        to->mute++;
        break;
    case HTTP_STREAM_STOP:
        to->stop++;
        break;
    case HTTP_STREAM_OVER:
        to->over++;
        break;
    }
    pthread_cond_broadcast(&to->heard);
    pthread_mutex_unlock(&to->mutex);
}

static void await(const int *events, int number) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += WAIT_MS / 1000;
    pthread_mutex_lock(&writer.mutex);
    while (*events < number) {
        if (pthread_cond_timedwait(&writer.heard, &writer.mutex, &until) != 0) {
            pthread_mutex_unlock(&writer.mutex);
            fail_msg("the watcher heard nothing for too long");
        }
    }
    pthread_mutex_unlock(&writer.mutex);
}

static int heard(const int *events) {
    pthread_mutex_lock(&writer.mutex);
    int number = *events;
    pthread_mutex_unlock(&writer.mutex);
    return number;
}

static char pattern(size_t at) {
    return (char)('a' + at % 23);
}

static enum http_stream_write write_piece(struct writer *from, size_t most) {
    char piece[PIECE];
    size_t length = most - from->written < PIECE ? most - from->written : PIECE;
    for (size_t i = 0; i < length; i++) {
        piece[i] = pattern(from->written + i);
    }
    enum http_stream_write result = http_stream_write(from->request, (struct text){piece, length});
    from->written += result == HTTP_STREAM_TAKEN ? length : 0;
    return result;
}

static const struct http_reply head = {.status = 200, .content_type = {"text/csv", 8}};

static void begin(void) {
    writer.request = inbox_take(&inbox);
    writer.written = 0;
    http_stream_begin(writer.request, &head, watch, &writer);
}

static void *write_whole(void *context) {
    (void)context;
    while (writer.written < WHOLE) {
        int room = heard(&writer.room);
        if (write_piece(&writer, WHOLE) == HTTP_STREAM_FULL) {
            await(&writer.room, room + 1);
        }
    }
    http_stream_end(writer.request, true);
    return NULL;
}

/* 1 MiB, more than `received` holds. */
static size_t receive_pattern(int fd, bool chunked) {
    static char bytes[16 * WHOLE];
    size_t length = 0, at = 0, seen = 0;
    ssize_t got = 1;
    const char *end = NULL;
    while (got > 0 && (end == NULL || !chunked)) {
        struct pollfd readable = {.fd = fd, .events = POLLIN};
        assert_int_equal(poll(&readable, 1, WAIT_MS), 1);
        got = recv(fd, bytes + length, sizeof bytes - length, 0);
        length += got > 0 ? (size_t)got : 0;
        end = length < 7 ? NULL : memmem(bytes + length - 7, 7, "\r\n0\r\n\r\n", 7);
    }
    const char *body = memmem(bytes, length, "\r\n\r\n", 4);
    assert_non_null(body);
    at = (size_t)(body - bytes) + 4;
    while (at < length) {
        size_t piece = length - at;
        if (chunked) {
            char *after;
            piece = strtoul(bytes + at, &after, 16);
            at = (size_t)(after - bytes) + 2;
        }
        for (size_t i = 0; i < piece; i++) {
            assert_int_equal(bytes[at + i], pattern(seen + i));
        }
        seen += piece;
        at += piece + (chunked ? 2 : 0);
    }
    return seen;
}

static void a_stream_from_another_thread_arrives_whole(void **state) {
    (void)state;
    start_parking((struct http_limits){0});
    int fd = client_open(&fixture);
    for (int round = 0; round < 5; round++) {
        pthread_t thread;
        client_send_string(fd, GET);
        begin();
        pthread_create(&thread, NULL, write_whole, NULL);
        assert_int_equal(receive_pattern(fd, true), WHOLE);
        pthread_join(thread, NULL);
        await(&writer.over, round + 1);
    }
    client_send_string(fd, GET); /* the connection stays */
    echo(NULL, inbox_take(&inbox));
    client_receive(fd, &received, false);
    assert_int_equal(received.status, 200);
    assert_int_equal(heard(&writer.gone), 0);
    close(fd);
}

static void a_stream_for_http_1_0_ends_with_the_connection(void **state) {
    (void)state;
    start_parking((struct http_limits){0});
    int fd = client_open(&fixture);
    pthread_t thread;
    client_send_string(fd, "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    begin();
    pthread_create(&thread, NULL, write_whole, NULL);
    assert_int_equal(receive_pattern(fd, false), WHOLE);
    pthread_join(thread, NULL);
    close(fd);
}

/* Until nothing more is taken for a while; returns how often there had been room before the last
 * refusal. */
static int write_until_stuck(void) {
    int room = 0;
    for (int refusals = 0; refusals < 20;) {
        room = heard(&writer.room);
        enum http_stream_write last = write_piece(&writer, SIZE_MAX);
        assert_int_not_equal(last, HTTP_STREAM_LOST);
        refusals = last == HTTP_STREAM_FULL ? refusals + 1 : 0;
        poll(NULL, 0, last == HTTP_STREAM_FULL ? 5 : 0);
        assert_in_range(writer.written, 0, 15 * WHOLE);
    }
    return room;
}

static void a_stream_that_nobody_reads_is_full_and_goes_on_when_read(void **state) {
    (void)state;
    start_parking((struct http_limits){.stream = 40000});
    int fd = client_open_from(&fixture, "127.0.0.1", 4096);
    client_send_string(fd, GET);
    begin();
    int room = write_until_stuck();
    struct http_counters counters = http_server_counters(fixture.server);
    /* Beyond what the system holds, not more than the two buffers. */
    assert_in_range(writer.written, 1, counters.bytes_written + 2 * 40000);
    char dropped[65536];
    while (heard(&writer.room) == room) {
        assert_true(recv(fd, dropped, sizeof dropped, 0) > 0);
    }
    assert_int_equal(write_piece(&writer, SIZE_MAX), HTTP_STREAM_TAKEN);
    http_stream_end(writer.request, false);
    await(&writer.over, 1);
    close(fd);
}

static void a_stream_is_over_only_when_all_of_it_has_gone_out(void **state) {
    (void)state;
    start_parking((struct http_limits){.grace_ms = 60000});
    int fd = client_open_from(&fixture, "127.0.0.1", 4096);
    /* Without a last chunk: nothing is left to be taken but what is in flight. */
    client_send_string(fd, "GET / HTTP/1.0\r\n\r\n");
    begin();
    bool goes_out = true;
    while (goes_out) {
        uint64_t before = http_server_counters(fixture.server).bytes_written;
        assert_int_equal(write_piece(&writer, 15 * WHOLE), HTTP_STREAM_TAKEN);
        goes_out = false;
        for (int waited_ms = 0; waited_ms < 50 && !goes_out; waited_ms++) {
            poll(NULL, 0, 1);
            goes_out = http_server_counters(fixture.server).bytes_written >= before + PIECE;
        }
    }
    http_stream_end(writer.request, true);
    poll(NULL, 0, 50);
    assert_int_equal(heard(&writer.over), 0);
    assert_int_equal(receive_pattern(fd, false), writer.written);
    await(&writer.over, 1);
    assert_int_equal(heard(&writer.over), 1);
    close(fd);
}

static void a_stream_to_a_client_that_never_reads_is_cut(void **state) {
    (void)state;
    start_parking((struct http_limits){.grace_ms = 100, .rate = 1000000});
    int fd = client_open_from(&fixture, "127.0.0.1", 4096);
    client_send_string(fd, GET);
    begin();
    enum http_stream_write last;
    while ((last = write_piece(&writer, SIZE_MAX)) != HTTP_STREAM_LOST) {
        if (last == HTTP_STREAM_FULL) {
            poll(NULL, 0, 5);
        }
    }
    await(&writer.gone, 1);
    http_stream_end(writer.request, false);
    await(&writer.over, 1);
    assert_int_equal(http_server_counters(fixture.server).deadlines_missed, 1);
    close(fd);
}

static void a_stream_for_head_has_no_body(void **state) {
    (void)state;
    start_parking((struct http_limits){0});
    int fd = client_open(&fixture);
    client_send_string(fd, "HEAD / HTTP/1.1\r\n" HOST "\r\n" GET);
    begin();
    assert_int_equal(write_piece(&writer, WHOLE), HTTP_STREAM_TAKEN);
    http_stream_end(writer.request, true);
    client_receive(fd, &received, true);
    assert_int_equal(received.status, 200);
    echo(NULL, inbox_take(&inbox));
    client_receive(fd, &received, false);
    assert_string_equal(received.body, "GET / - ");
    close(fd);
}

static void a_stream_given_up_does_not_look_whole(void **state) {
    (void)state;
    start_parking((struct http_limits){0});
    for (int version = 0; version < 2; version++) {
        char bytes[65536];
        int fd = client_open(&fixture);
        client_send_string(fd, version == 0 ? "GET / HTTP/1.0\r\n\r\n" : GET);
        begin();
        write_piece(&writer, WHOLE);
        struct pollfd readable = {.fd = fd, .events = POLLIN};
        assert_int_equal(poll(&readable, 1, WAIT_MS), 1);
        http_stream_end(writer.request, false);
        await(&writer.over, version + 1);
        ssize_t got;
        while ((got = recv(fd, bytes, sizeof bytes, 0)) > 0) {
        }
        assert_int_equal(got, -1); /* reset */
        close(fd);
    }
}

static void a_stream_hears_that_its_client_has_gone(void **state) {
    (void)state;
    start_parking((struct http_limits){0});
    for (int round = 1; round <= 50; round++) {
        int fd = client_open(&fixture);
        client_send_string(fd, GET);
        begin();
        write_piece(&writer, WHOLE);
        struct linger now = {.l_onoff = 1, .l_linger = 0};
        setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close(fd);
        await(&writer.gone, round);
        assert_int_equal(write_piece(&writer, WHOLE), HTTP_STREAM_LOST);
        http_stream_end(writer.request, true);
        await(&writer.over, round);
    }
    fixture_await(&fixture, dropped_replies_are, 50);
    fixture_await(&fixture, open_connections_are, 0);
}

/* It may be all that a client which leaves in peace lets us know. */
static void a_stream_hears_that_its_client_sends_no_more(void **state) {
    (void)state;
    start_parking((struct http_limits){0});
    int fd = client_open(&fixture);
    client_send_string(fd, GET);
    begin();
    shutdown(fd, SHUT_WR);
    await(&writer.mute, 1);
    assert_int_equal(heard(&writer.gone), 0);
    assert_int_equal(write_piece(&writer, WHOLE), HTTP_STREAM_TAKEN); /* and is still served */
    http_stream_end(writer.request, true);
    client_receive(fd, &received, false);
    assert_int_equal(received.status, 200);
    await(&writer.over, 1);
    close(fd);
}

static void what_a_client_does_not_read_waits_and_is_counted(void **state) {
    (void)state;
    start_parking((struct http_limits){0});
    int fd = client_open_from(&fixture, "127.0.0.1", 4096);
    client_send_string(fd, GET);
    begin();
    enum http_stream_write last;
    while ((last = write_piece(&writer, SIZE_MAX)) == HTTP_STREAM_TAKEN) {
    }
    assert_int_equal(last, HTTP_STREAM_FULL);
    assert_true(http_stream_waiting(writer.request) > 0);
    http_stream_end(writer.request, false);
    await(&writer.over, 1);
    close(fd);
}

static void *join(void *context) {
    fixture_join(context);
    return NULL;
}

static void a_stream_hears_that_the_server_stops_and_may_say_goodbye(void **state) {
    (void)state;
    start_parking((struct http_limits){0});
    int fd = client_open(&fixture);
    client_send_string(fd, GET);
    begin();
    assert_int_equal(http_stream_write(writer.request, TEXT("hello ")), HTTP_STREAM_TAKEN);
    pthread_t joiner;
    pthread_create(&joiner, NULL, join, &fixture);
    await(&writer.stop, 1);
    assert_int_equal(http_stream_write(writer.request, TEXT("bye")), HTTP_STREAM_TAKEN);
    http_stream_end(writer.request, true);
    client_receive(fd, &received, false);
    assert_true(received.whole && client_sees_end(fd));
    assert_string_equal(received.body, "hello bye");
    pthread_join(joiner, NULL);
    assert_int_equal(heard(&writer.over), 1);
    close(fd);
}

/* On the loop's own thread: written from the handler, and from the watcher. */
static void refill(void *context, enum http_stream_event event) {
    struct writer *from = context;
    if (event == HTTP_STREAM_OVER) {
        watch(context, event);
        return;
    }
    enum http_stream_write last = HTTP_STREAM_TAKEN;
    while (from->written < WHOLE && last == HTTP_STREAM_TAKEN) {
        last = write_piece(from, WHOLE);
    }
    if (last != HTTP_STREAM_FULL) {
        http_stream_end(from->request, last == HTTP_STREAM_TAKEN);
    }
}

static void stream_here(void *context, struct http_request *request) {
    struct writer *from = context;
    from->request = request;
    from->written = 0;
    http_stream_begin(request, &head, refill, from);
    refill(from, HTTP_STREAM_ROOM);
}

static void a_stream_on_the_thread_of_the_loop_arrives_whole(void **state) {
    (void)state;
    fixture_start(&fixture,
                  (struct http_server_options){.handler = stream_here, .context = &writer});
    int fd = client_open(&fixture);
    for (int round = 0; round < 5; round++) {
        client_send_string(fd, GET);
        assert_int_equal(receive_pattern(fd, true), WHOLE);
        await(&writer.over, round + 1);
    }
    close(fd);
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, init, finish)
        WITH_SERVER(a_stream_from_another_thread_arrives_whole),
        WITH_SERVER(a_stream_for_http_1_0_ends_with_the_connection),
        WITH_SERVER(a_stream_that_nobody_reads_is_full_and_goes_on_when_read),
        WITH_SERVER(a_stream_is_over_only_when_all_of_it_has_gone_out),
        WITH_SERVER(a_stream_to_a_client_that_never_reads_is_cut),
        WITH_SERVER(a_stream_for_head_has_no_body),
        WITH_SERVER(a_stream_given_up_does_not_look_whole),
        WITH_SERVER(a_stream_hears_that_its_client_has_gone),
        WITH_SERVER(a_stream_hears_that_its_client_sends_no_more),
        WITH_SERVER(what_a_client_does_not_read_waits_and_is_counted),
        WITH_SERVER(a_stream_hears_that_the_server_stops_and_may_say_goodbye),
        WITH_SERVER(a_stream_on_the_thread_of_the_loop_arrives_whole),
    };
    return cmocka_run_group_tests_name("http streams", tests, NULL, NULL);
}
