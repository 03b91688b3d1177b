/* What becomes of clients that are fast, slow, many, or gone. */
#include "fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/instant.h"
#include "inbox.h"

#define HOST "Host: tickets.test\r\n"
#define GET  "GET / HTTP/1.1\r\n" HOST "\r\n"

static struct fixture fixture;
static struct inbox inbox;
static struct received received;

static int init(void **state) {
    (void)state;
    inbox_init(&inbox);
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

static void start_echoing(struct http_limits limits) {
    fixture_start(&fixture, (struct http_server_options){.handler = echo, .limits = limits});
}

/* Pipelining ------------------------------------------------------------------------------- */

static void pipelined_requests_are_handed_over_one_at_a_time_and_answered_in_order(void **state) {
    (void)state;
    start_parking((struct http_limits){0});
    int fd = client_open(&fixture);
    char request[128], expected[32];
    for (int i = 0; i < 50; i++) {
        snprintf(request, sizeof request, "GET /%d HTTP/1.1\r\n" HOST "\r\n", i);
        client_send_string(fd, request);
    }
    for (int i = 0; i < 50; i++) {
        struct http_request *parked = inbox_take(&inbox);
        assert_int_equal(inbox_count(&inbox), 0);
        echo(NULL, parked);
        client_receive(fd, &received, false);
        snprintf(expected, sizeof expected, "GET /%d - ", i);
        assert_string_equal(received.body, expected);
    }
    close(fd);
}

static void *send_much(void *context) {
    int fd = *(int *)context;
    for (int i = 0; i < 5000; i++) {
        client_send_string(fd, GET);
    }
    shutdown(fd, SHUT_WR);
    return NULL;
}

static void what_waits_behind_a_request_is_bounded(void **state) {
    (void)state;
    start_parking((struct http_limits){0});
    int fd = client_open(&fixture);
    pthread_t sender;
    pthread_create(&sender, NULL, send_much, &fd);
    struct http_request *parked = inbox_take(&inbox);
    /* It reads until enough waits, and no more: long after, nothing more was read. */
    uint64_t before = 0, bytes_read = 1;
    while (bytes_read != before) {
        before = bytes_read;
        poll(NULL, 0, 50);
        bytes_read = http_server_counters(fixture.server).bytes_read;
    }
    assert_in_range(bytes_read, 16 * 1024, 32 * 1024);
    echo(NULL, parked);
    for (int i = 0; i < 5000; i++) {
        if (i > 0) {
            echo(NULL, inbox_take(&inbox));
        }
        client_receive(fd, &received, false);
        assert_int_equal(received.status, 200);
    }
    assert_true(client_sees_end(fd));
    pthread_join(sender, NULL);
    close(fd);
}

/* Slowness --------------------------------------------------------------------------------- */

/* Sends `piece` again and again until something comes back, or the time is over. */
static bool drip(int fd, const char *piece, int interval_ms) {
    struct pollfd readable = {.fd = fd, .events = POLLIN};
    for (int waited_ms = 0; waited_ms < WAIT_MS; waited_ms += interval_ms) {
        client_send_string(fd, piece);
        if (poll(&readable, 1, interval_ms) == 1) {
            return true;
        }
    }
    return false;
}

static void expect_timeout(int fd) {
    client_receive(fd, &received, false);
    assert_int_equal(received.status, 408);
    assert_true(received.closes && client_sees_end(fd));
    close(fd);
    assert_int_equal(http_server_counters(fixture.server).deadlines_missed, 1);
}

static void a_head_that_does_not_come_is_given_up(void **state) {
    (void)state;
    start_echoing((struct http_limits){.header_ms = 100});
    int fd = client_open(&fixture);
    client_send_string(fd, "GET / HTTP/1.1\r\n");
    expect_timeout(fd);
}

static void a_head_in_drips_is_given_up(void **state) {
    (void)state;
    start_echoing((struct http_limits){.header_ms = 200});
    int fd = client_open(&fixture);
    client_send_string(fd, "GET / HTTP/1.1\r\nA: ");
    assert_true(drip(fd, "b", 10));
    expect_timeout(fd);
}

static void a_body_that_does_not_come_is_given_up(void **state) {
    (void)state;
    start_echoing((struct http_limits){.grace_ms = 100});
    int fd = client_open(&fixture);
    client_send_string(fd, "POST / HTTP/1.1\r\n" HOST "Content-Length: 10\r\n\r\nabc");
    expect_timeout(fd);
}

static void a_body_in_drips_is_given_up(void **state) {
    (void)state;
    start_echoing((struct http_limits){.grace_ms = 100});
    int fd = client_open(&fixture);
    client_send_string(fd, "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n");
    assert_true(drip(fd, "1\r\nx\r\n", 10));
    expect_timeout(fd);
}

static void a_body_that_keeps_the_rate_may_take_its_time(void **state) {
    (void)state;
    start_echoing((struct http_limits){.grace_ms = 50, .rate = 1000, .header_ms = 50});
    int fd = client_open(&fixture);
    client_send_string(fd, "POST / HTTP/1.1\r\n" HOST "Content-Length: 3000\r\n\r\n");
    for (int i = 0; i < 30; i++) {
        char piece[100];
        memset(piece, 'x', sizeof piece);
        client_send(fd, (struct text){piece, sizeof piece});
        poll(NULL, 0, 20);
    }
    client_receive(fd, &received, false);
    assert_int_equal(received.status, 200);
    close(fd);
}

static void a_client_that_says_nothing_is_closed_without_a_word(void **state) {
    (void)state;
    start_echoing((struct http_limits){.idle_ms = 100});
    int silent = client_open(&fixture), between = client_open(&fixture);
    client_send_string(between, GET);
    client_receive(between, &received, false);
    assert_int_equal(received.status, 200);
    client_receive(silent, &received, false);
    assert_int_equal(received.status, 0);
    client_receive(between, &received, false);
    assert_int_equal(received.status, 0);
    close(silent);
    close(between);
}

static char large[192 * 1024];

static void reply_large(void *context, struct http_request *request) {
    (void)context;
    reply_text(request, 200, (struct text){large, sizeof large});
}

static void a_client_that_never_reads_is_cut_and_holds_little(void **state) {
    (void)state;
    fixture_start(&fixture,
                  (struct http_server_options){.handler = reply_large,
                                               .limits = {.grace_ms = 200, .rate = 100000}});
    int fd = client_open_from(&fixture, "127.0.0.1", 4096);
    fcntl(fd, F_SETFL, O_NONBLOCK);
    fixture_await(&fixture, open_connections_are, 1);
    /* As long as the server takes any. */
    bool open = true;
    while (open) {
        ssize_t sent = send(fd, GET, strlen(GET), MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN) {
            poll(NULL, 0, 5);
        }
        open = http_server_counters(fixture.server).connections_open == 1;
    }
    struct http_counters counters = http_server_counters(fixture.server);
    /* What the system buffers went out; of the requests behind, one was handled. */
    assert_in_range(counters.bytes_written, 0, counters.requests * (sizeof large + 200));
    assert_in_range(counters.requests, 1, 100);
    assert_in_range(counters.bytes_read, 1, counters.requests * strlen(GET) + 32 * 1024);
    assert_int_equal(counters.deadlines_missed, 1);
    close(fd);
}

static void a_slow_reader_gets_all_of_a_large_answer(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof large; i++) {
        large[i] = (char)('a' + i % 23);
    }
    fixture_start(&fixture, (struct http_server_options){.handler = reply_large});
    int fd = client_open_from(&fixture, "127.0.0.1", 4096);
    for (int i = 0; i < 20; i++) {
        client_send_string(fd, GET);
    }
    for (int i = 0; i < 20; i++) {
        poll(NULL, 0, 2);
        client_receive(fd, &received, false);
        assert_true(received.whole);
        assert_int_equal(received.body_length, sizeof large);
        assert_memory_equal(received.body, large, sizeof large);
    }
    close(fd);
}

/* Leaving ---------------------------------------------------------------------------------- */

static void reset(int fd) {
    struct linger now = {.l_onoff = 1, .l_linger = 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    close(fd);
}

static void an_answer_for_a_client_that_left_is_dropped(void **state) {
    (void)state;
    start_parking((struct http_limits){0});
    int fd = client_open(&fixture);
    client_send_string(fd, GET);
    struct http_request *parked = inbox_take(&inbox);
    assert_false(http_request_client_left(parked));
    reset(fd);
    fixture_await(&fixture, open_connections_are, 0);
    assert_true(http_request_client_left(parked));
    assert_true(text_equals(parked->path, TEXT("/")));
    echo(NULL, parked);
    fixture_await(&fixture, dropped_replies_are, 1);
}

static void a_client_that_left_between_is_no_trouble_to_others(void **state) {
    (void)state;
    start_parking((struct http_limits){0});
    for (int i = 0; i < 100; i++) {
        int leaving = client_open(&fixture), staying = client_open(&fixture);
        client_send_string(leaving, GET GET);
        struct http_request *first = inbox_take(&inbox);
        client_send_string(staying, GET);
        struct http_request *second = inbox_take(&inbox);
        reset(leaving);
        echo(NULL, first);
        echo(NULL, second);
        client_receive(staying, &received, false);
        assert_int_equal(received.status, 200);
        close(staying);
        /* The second one of those who left was perhaps read before the reset. */
        fixture_await(&fixture, open_connections_are, 0);
        while (inbox_count(&inbox) > 0) {
            echo(NULL, inbox_take(&inbox));
        }
    }
}

static void a_client_that_closed_its_side_is_answered_and_then_closed(void **state) {
    (void)state;
    start_parking((struct http_limits){0});
    int fd = client_open(&fixture);
    client_send_string(fd, GET GET);
    shutdown(fd, SHUT_WR);
    for (int i = 0; i < 2; i++) {
        struct http_request *parked = inbox_take(&inbox);
        poll(NULL, 0, 10); /* the end of input is seen meanwhile */
        assert_false(http_request_client_left(parked));
        echo(NULL, parked);
        client_receive(fd, &received, false);
        assert_int_equal(received.status, 200);
    }
    assert_true(client_sees_end(fd));
    close(fd);
}

/* Many ------------------------------------------------------------------------------------- */

static void a_batch_of_answers_from_another_thread_reaches_everyone(void **state) {
    (void)state;
    enum { CLIENTS = 64 };
    start_parking((struct http_limits){0});
    int fds[CLIENTS];
    struct http_request *batch[CLIENTS];
    char request[128], expected[32];
    for (int i = 0; i < CLIENTS; i++) {
        fds[i] = client_open(&fixture);
    }
    for (int round = 0; round < 20; round++) {
        for (int i = 0; i < CLIENTS; i++) {
            snprintf(request, sizeof request, "GET /%d HTTP/1.1\r\n" HOST "\r\n", i);
            client_send_string(fds[i], request);
        }
        for (int i = 0; i < CLIENTS; i++) {
            batch[i] = inbox_take(&inbox);
        }
        for (int i = 0; i < CLIENTS; i++) {
            echo(NULL, batch[i]);
        }
        for (int i = 0; i < CLIENTS; i++) {
            client_receive(fds[i], &received, false);
            snprintf(expected, sizeof expected, "GET /%d - ", i);
            assert_string_equal(received.body, expected);
        }
    }
    for (int i = 0; i < CLIENTS; i++) {
        close(fds[i]);
    }
}

static void serve_many(unsigned loops) {
    enum { CLIENTS = 400 };
    static int fds[CLIENTS];
    fixture_start(&fixture, (struct http_server_options){.handler = echo, .loops = loops});
    for (int i = 0; i < CLIENTS; i++) {
        fds[i] = client_open(&fixture);
    }
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < CLIENTS; i++) {
            client_send_string(fds[i], GET);
        }
        for (int i = 0; i < CLIENTS; i++) {
            client_receive(fds[i], &received, false);
            assert_int_equal(received.status, 200);
        }
    }
    fixture_await(&fixture, requests_are, 3 * CLIENTS);
    fixture_await(&fixture, open_connections_are, CLIENTS);
    for (int i = 0; i < CLIENTS; i++) {
        close(fds[i]);
    }
    fixture_await(&fixture, open_connections_are, 0);
}

static void many_connections_are_served_by_one_loop(void **state) {
    (void)state;
    serve_many(1);
}

static void many_connections_are_served_by_three_loops(void **state) {
    (void)state;
    serve_many(3);
}

static void expect_status(int fd, int status) {
    client_send_string(fd, GET);
    client_receive(fd, &received, false);
    assert_int_equal(received.status, status);
}

static void connections_beyond_the_limit_are_refused_until_one_leaves(void **state) {
    (void)state;
    start_echoing((struct http_limits){.connections = 2});
    int first = client_open(&fixture), second = client_open(&fixture);
    expect_status(first, 200);
    expect_status(second, 200);
    int third = client_open(&fixture);
    client_receive(third, &received, false);
    assert_int_equal(received.status, 503);
    assert_true(received.closes && client_sees_end(third));
    close(third);
    close(first);
    fixture_await(&fixture, open_connections_are, 1);
    int fourth = client_open(&fixture);
    expect_status(fourth, 200);
    expect_status(second, 200);
    close(second);
    close(fourth);
}

static void a_flood_of_connections_is_turned_away(void **state) {
    (void)state;
    enum { CLIENTS = 100 };
    start_echoing((struct http_limits){.connections = 2, .linger_ms = 60000, .stop_ms = 1});
    int fds[CLIENTS], closed = 0;
    for (int i = 0; i < CLIENTS; i++) {
        fds[i] = client_open(&fixture);
    }
    for (int i = 2; i < CLIENTS; i++) {
        client_receive(fds[i], &received, false);
        assert_true(received.status == 503 || received.status == 0);
        closed += received.status == 0;
    }
    /* Two, and sixteen that are told why. */
    assert_int_equal(closed, CLIENTS - 18);
    expect_status(fds[0], 200);
    for (int i = 0; i < CLIENTS; i++) {
        close(fds[i]);
    }
}

static void one_address_cannot_take_all_connections(void **state) {
    (void)state;
    fixture_start(&fixture, (struct http_server_options){.handler = echo,
                                                         .limit_loopback = true,
                                                         .limits = {.connections_per_address = 2}});
    int fds[5];
    for (int i = 0; i < 3; i++) {
        fds[i] = client_open_from(&fixture, "127.0.0.2", 0);
    }
    client_receive(fds[2], &received, false);
    assert_int_equal(received.status, 503);
    fds[3] = client_open_from(&fixture, "127.0.0.3", 0);
    expect_status(fds[3], 200);
    close(fds[0]);
    fixture_await(&fixture, open_connections_are, 3);
    fds[4] = client_open_from(&fixture, "127.0.0.2", 0);
    expect_status(fds[4], 200);
    for (int i = 1; i < 5; i++) {
        close(fds[i]);
    }
}

static double cpu_seconds(void) {
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

static void without_file_descriptors_the_server_neither_spins_nor_stops(void **state) {
    (void)state;
    start_echoing((struct http_limits){0});
    int early = client_open(&fixture), late = client_open(&fixture);
    expect_status(early, 200);
    expect_status(late, 200);
    /* The client's end exists already, for the server's no descriptor is left. */
    int victim = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct rlimit files, few;
    getrlimit(RLIMIT_NOFILE, &files);
    few = files;
    few.rlim_cur = (rlim_t)victim + 1;
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    getpeername(early, (struct sockaddr *)&address, &size);
    setrlimit(RLIMIT_NOFILE, &few);
    assert_int_equal(connect(victim, (struct sockaddr *)&address, size), 0);
    double before = cpu_seconds();
    expect_status(early, 200);
    poll(NULL, 0, 300);
    expect_status(late, 200);
    double used = cpu_seconds() - before;
    setrlimit(RLIMIT_NOFILE, &files);
    assert_true(used < 0.15);
    assert_true(client_sees_end(victim));
    int again = client_open(&fixture);
    expect_status(again, 200);
    close(early);
    close(late);
    close(victim);
    close(again);
}

/* Stopping --------------------------------------------------------------------------------- */

static void *join(void *context) {
    fixture_join(context);
    return NULL;
}

static void to_stop_is_to_answer_what_was_taken_on(void **state) {
    (void)state;
    start_parking((struct http_limits){0});
    int idle = client_open(&fixture), busy = client_open(&fixture), half = client_open(&fixture);
    client_send_string(half, "GET /half HTTP/1.1\r\n" HOST);
    client_send_string(busy, GET GET);
    struct http_request *parked = inbox_take(&inbox);
    fixture_await(&fixture, open_connections_are, 3);
    pthread_t joiner;
    http_server_stop(fixture.server);
    pthread_create(&joiner, NULL, join, &fixture);
    assert_true(client_sees_end(idle));
    client_send_string(half, "\r\n");
    struct http_request *begun = inbox_take(&inbox);
    echo(NULL, parked);
    echo(NULL, begun);
    client_receive(busy, &received, false);
    assert_true(received.status == 200 && received.closes && client_sees_end(busy));
    client_receive(half, &received, false);
    assert_true(received.status == 200 && received.closes && client_sees_end(half));
    close(idle);
    close(busy);
    close(half);
    pthread_join(joiner, NULL);
    assert_int_equal(inbox_count(&inbox), 0);
}

static void to_stop_takes_no_longer_than_its_limit(void **state) {
    (void)state;
    start_parking((struct http_limits){.stop_ms = 100});
    int fd = client_open(&fixture), answered_late = client_open(&fixture);
    client_send_string(fd, GET);
    inbox_take(&inbox); /* never answered */
    client_send_string(answered_late, GET);
    struct http_request *late = inbox_take(&inbox);
    int64_t before_us = monotonic_us();
    fixture_join(&fixture);
    assert_in_range(monotonic_us() - before_us, 90 * 1000, 5000 * 1000);
    assert_true(client_sees_end(fd) && client_sees_end(answered_late));
    echo(NULL, late); /* after the loop has ended: forgotten, without harm */
    close(fd);
    close(answered_late);
}

/* Unix sockets ----------------------------------------------------------------------------- */

static void say_whence(void *context, struct http_request *request) {
    (void)context;
    reply_text(request, 200,
               arena_printf(request->arena, "%.*s %d", (int)request->peer.length,
                            request->peer.bytes, request->via_unix_socket));
}

static int connect_unix(const char *path) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(address.sun_path, path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static void a_unix_socket_lets_its_owner_in(void **state) {
    (void)state;
    char directory[] = "/tmp/http-test-XXXXXX", path[64];
    struct stat file;
    struct failure failure;
    struct http_server_options options = {.handler = say_whence};
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/s", directory);
    /* A file of somebody else's is not removed, the socket of a dead process is. */
    fclose(fopen(path, "w"));
    struct http_server *server = http_server_open(&options, &failure);
    assert_int_not_equal(http_server_listen_unix(server, path, &failure), ERROR_NONE);
    unlink(path);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strcpy(address.sun_path, path);
    int dead = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(dead, (struct sockaddr *)&address, sizeof address), 0);
    close(dead);
    assert_int_equal(http_server_listen_unix(server, path, &failure), ERROR_NONE);
    assert_int_equal(stat(path, &file), 0);
    assert_int_equal(file.st_mode & 0777, 0600);
    http_server_close(server);
    assert_int_equal(access(path, F_OK), -1);

    /* That of a living one stays. */
    struct http_server *living = http_server_open(&options, &failure);
    struct http_server *late = http_server_open(&options, &failure);
    assert_int_equal(http_server_listen_unix(living, path, &failure), ERROR_NONE);
    assert_int_equal(http_server_listen_unix(late, path, &failure), ERROR_LOCKED);
    http_server_close(late);
    assert_int_equal(access(path, F_OK), 0);
    http_server_close(living);
    rmdir(directory);
}

static void *run(void *server) {
    struct failure failure;
    assert_int_equal(http_server_run(server, &failure), ERROR_NONE);
    return NULL;
}

static void requests_say_whence_they_come(void **state) {
    (void)state;
    char directory[] = "/tmp/http-test-XXXXXX", path[64];
    struct failure failure;
    struct http_server_options options = {.handler = say_whence};
    assert_non_null(mkdtemp(directory));
    snprintf(path, sizeof path, "%s/s", directory);
    struct http_server *server = http_server_open(&options, &failure);
    assert_int_equal(http_server_listen_unix(server, path, &failure), ERROR_NONE);
    pthread_t thread;
    pthread_create(&thread, NULL, run, server);
    int local = connect_unix(path);
    client_send_string(local, GET);
    client_receive(local, &received, false);
    assert_string_equal(received.body, "unix 1");
    http_server_stop(server);
    pthread_join(thread, NULL);
    http_server_close(server);
    close(local);
    rmdir(directory);

    fixture_start(&fixture, options);
    int remote = client_open_from(&fixture, "127.0.0.9", 0);
    client_send_string(remote, GET);
    client_receive(remote, &received, false);
    assert_string_equal(received.body, "127.0.0.9 0");
    close(remote);
}

static void addresses_that_cannot_be_are_refused_with_a_sentence(void **state) {
    (void)state;
    static const char *const addresses[] = {
        "8080",          "localhost:8080",  "127.0.0.1", "127.0.0.1:",
        "127.0.0.1:x",   "127.0.0.1:70000", "::1:8080",  "[127.0.0.1]:80",
        "127.0.0.1:80x", "192.0.2.1:80",    ":80"};
    struct http_server_options options = {.handler = echo};
    struct http_server *server = http_server_open(&options, NULL);
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        struct failure failure = {.sentence = ""};
        char bound[HTTP_ADDRESS_SIZE];
        assert_int_not_equal(http_server_listen_tcp(server, addresses[i], bound, &failure),
                             ERROR_NONE);
        assert_non_null(strstr(failure.sentence, addresses[i]));
    }
    struct failure failure;
    char bound[HTTP_ADDRESS_SIZE];
    struct http_server *late = http_server_open(&options, NULL);
    assert_int_equal(http_server_listen_tcp(server, "[::1]:0", bound, &failure), ERROR_NONE);
    assert_int_equal(http_server_listen_tcp(late, bound, NULL, &failure), ERROR_LOCKED);
    http_server_close(late);
    http_server_close(server);
}

/* Replies ---------------------------------------------------------------------------------- */

static void reply_with_a_line_end(void *context, struct http_request *request) {
    (void)context;
    struct http_header header = {TEXT("Location"), request->query};
    if (text_equals(request->path, TEXT("/broken"))) {
        header.value = TEXT("/a\r\nSet-Cookie: stolen");
    }
    struct http_reply reply = {
        .status = 303, .headers = &header, .headers_count = 1, .body = TEXT("secret")};
    http_request_reply(request, &reply);
}

static void a_header_that_would_break_the_answer_is_not_sent(void **state) {
    (void)state;
    fixture_start(&fixture, (struct http_server_options){.handler = reply_with_a_line_end});
    int fd = client_open(&fixture);
    client_send_string(fd, "GET /broken HTTP/1.1\r\n" HOST "\r\n");
    client_receive(fd, &received, false);
    assert_int_equal(received.status, 500);
    assert_null(strstr(received.head, "Set-Cookie"));
    assert_null(strstr(received.body, "secret"));
    client_send_string(fd, "GET /?/next HTTP/1.1\r\n" HOST "\r\n");
    client_receive(fd, &received, false);
    assert_int_equal(received.status, 303);
    assert_non_null(strstr(received.head, "\r\nLocation: /next\r\n"));
    close(fd);
}

static void reply_empty(void *context, struct http_request *request) {
    (void)context;
    reply_text(request, text_equals(request->path, TEXT("/304")) ? 304 : 204, TEXT("no body"));
}

static void some_answers_never_have_a_body(void **state) {
    (void)state;
    fixture_start(&fixture, (struct http_server_options){.handler = reply_empty});
    int fd = client_open(&fixture);
    client_send_string(fd, GET "GET /304 HTTP/1.1\r\n" HOST "\r\n" GET);
    for (int i = 0; i < 3; i++) {
        client_receive(fd, &received, false);
        assert_int_equal(received.status, i == 1 ? 304 : 204);
        assert_null(strstr(received.head, "Content-Length"));
    }
    close(fd);
}

static struct http_reply render_in_arena(void *context, int status, const char *code,
                                         const char *detail, struct arena *arena) {
    (void)context;
    (void)code;
    (void)detail;
    char *body = arena_take(arena, 5000);
    return (struct http_reply){.status = status, .body = {body, body == NULL ? 0 : 5000}};
}

static void a_request_beyond_its_memory_is_refused(void **state) {
    (void)state;
    fixture_start(&fixture, (struct http_server_options){.handler = echo,
                                                         .render_error = render_in_arena,
                                                         .limits = {.arena = 8 * 1024}});
    static char body[20000];
    memset(body, 'x', sizeof body);
    int fd = client_open(&fixture);
    client_send_string(fd, "POST / HTTP/1.1\r\n" HOST "Content-Length: 20000\r\n\r\n");
    client_send(fd, (struct text){body, sizeof body});
    client_receive(fd, &received, false);
    assert_int_equal(received.status, 413);
    assert_int_equal(received.body_length, 5000);
    close(fd);
}

struct observed {
    pthread_mutex_t mutex;
    int replies, lost, status;
};

static void park_observed(void *context, struct http_request *request) {
    (void)context;
    inbox_put(&inbox, request);
}

static void observe(void *context, const struct http_request *request, int status, bool delivered) {
    struct observed *observed = context;
    pthread_mutex_lock(&observed->mutex);
    observed->replies += delivered;
    observed->lost += !delivered;
    observed->status = request->application == NULL ? -1 : status;
    pthread_mutex_unlock(&observed->mutex);
}

static void every_reply_is_observed_once(void **state) {
    (void)state;
    struct observed observed = {.mutex = PTHREAD_MUTEX_INITIALIZER};
    fixture_start(&fixture, (struct http_server_options){.handler = park_observed,
                                                         .observer = observe,
                                                         .context = &observed});
    int staying = client_open(&fixture), leaving = client_open(&fixture);
    client_send_string(leaving, GET);
    struct http_request *lost = inbox_take(&inbox);
    lost->application = &observed;
    reset(leaving);
    fixture_await(&fixture, open_connections_are, 1);
    echo(NULL, lost);
    fixture_await(&fixture, dropped_replies_are, 1);
    client_send_string(staying, GET);
    struct http_request *parked = inbox_take(&inbox);
    parked->application = &observed;
    reply_text(parked, 409, TEXT("no"));
    client_receive(staying, &received, false);
    client_send_string(staying, "\x01"); /* refused by the layer: not observed */
    client_receive(staying, &received, false);
    close(staying);
    fixture_join(&fixture);
    assert_int_equal(observed.replies, 1);
    assert_int_equal(observed.lost, 1);
    assert_int_equal(observed.status, 409);
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define WITH_SERVER(test) cmocka_unit_test_setup_teardown(test, init, finish)
        WITH_SERVER(pipelined_requests_are_handed_over_one_at_a_time_and_answered_in_order),
        WITH_SERVER(what_waits_behind_a_request_is_bounded),
        WITH_SERVER(a_head_that_does_not_come_is_given_up),
        WITH_SERVER(a_head_in_drips_is_given_up),
        WITH_SERVER(a_body_that_does_not_come_is_given_up),
        WITH_SERVER(a_body_in_drips_is_given_up),
        WITH_SERVER(a_body_that_keeps_the_rate_may_take_its_time),
        WITH_SERVER(a_client_that_says_nothing_is_closed_without_a_word),
        WITH_SERVER(a_client_that_never_reads_is_cut_and_holds_little),
        WITH_SERVER(a_slow_reader_gets_all_of_a_large_answer),
        WITH_SERVER(an_answer_for_a_client_that_left_is_dropped),
        WITH_SERVER(a_client_that_left_between_is_no_trouble_to_others),
        WITH_SERVER(a_client_that_closed_its_side_is_answered_and_then_closed),
        WITH_SERVER(a_batch_of_answers_from_another_thread_reaches_everyone),
        WITH_SERVER(many_connections_are_served_by_one_loop),
        WITH_SERVER(many_connections_are_served_by_three_loops),
        WITH_SERVER(connections_beyond_the_limit_are_refused_until_one_leaves),
        WITH_SERVER(a_flood_of_connections_is_turned_away),
        WITH_SERVER(one_address_cannot_take_all_connections),
        WITH_SERVER(without_file_descriptors_the_server_neither_spins_nor_stops),
        WITH_SERVER(to_stop_is_to_answer_what_was_taken_on),
        WITH_SERVER(to_stop_takes_no_longer_than_its_limit),
        cmocka_unit_test(a_unix_socket_lets_its_owner_in),
        WITH_SERVER(requests_say_whence_they_come),
        cmocka_unit_test(addresses_that_cannot_be_are_refused_with_a_sentence),
        WITH_SERVER(a_header_that_would_break_the_answer_is_not_sent),
        WITH_SERVER(some_answers_never_have_a_body),
        WITH_SERVER(a_request_beyond_its_memory_is_refused),
        WITH_SERVER(every_reply_is_observed_once),
    };
    return cmocka_run_group_tests_name("http connections", tests, NULL, NULL);
}
