/* Which bytes are a request, and what is said to those that are none: over a real socket. */
#include "fixture.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define HOST "Host: tickets.test\r\n"

struct wrong {
    const char *why;
    int status;
    struct text bytes;
};

#define WRONG(why, status, bytes)                                                                  \
    {                                                                                              \
        why, status, {                                                                             \
            bytes, sizeof(bytes) - 1                                                               \
        }                                                                                          \
    }
#define POST    "POST / HTTP/1.1\r\n" HOST
#define CHUNKED POST "Transfer-Encoding: chunked\r\n\r\n"

static const struct wrong wrongs[] = {
    /* Two readers could see different ends. */
    WRONG("length and coding", 400, POST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"),
    WRONG("coding and length", 400, POST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n"),
    WRONG("two lengths", 400, POST "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello"),
    WRONG("two equal lengths", 400, POST "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"),
    WRONG("a list of lengths", 400, POST "Content-Length: 5, 5\r\n\r\nhello"),
    WRONG("a signed length", 400, POST "Content-Length: +5\r\n\r\nhello"),
    WRONG("a negative length", 400, POST "Content-Length: -5\r\n\r\nhello"),
    WRONG("a hexadecimal length", 400, POST "Content-Length: 0x5\r\n\r\nhello"),
    WRONG("an empty length", 400, POST "Content-Length:\r\n\r\nhello"),
    WRONG("a length in two words", 400, POST "Content-Length: 5 5\r\n\r\nhello"),
    WRONG("a length beyond 64 bits", 400, POST "Content-Length: 18446744073709551621\r\n\r\nhello"),
    WRONG("a coding unknown", 400, POST "Transfer-Encoding: gzip\r\n\r\n"),
    WRONG("chunked and then gzip", 400, POST "Transfer-Encoding: chunked, gzip\r\n\r\n"),
    WRONG("gzip and then chunked", 400, POST "Transfer-Encoding: gzip, chunked\r\n\r\n"),
    WRONG("nearly chunked", 400, POST "Transfer-Encoding: xchunked\r\n\r\n"),
    WRONG("chunked with a parameter", 400, POST "Transfer-Encoding: chunked;q=1\r\n\r\n"),
    WRONG("chunked twice", 400, POST "Transfer-Encoding: chunked, chunked\r\n\r\n"),
    WRONG("two codings", 400,
          POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n"),
    WRONG("chunked behind a control character", 400,
          POST "Transfer-Encoding: \x0b"
               "chunked\r\n\r\n"),
    WRONG("chunked in HTTP/1.0", 400,
          "POST / HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),

    /* Lines. */
    WRONG("a folded field", 400, "GET / HTTP/1.1\r\n" HOST "A: b\r\n c\r\n\r\n"),
    WRONG("a field folded with a tab", 400, "GET / HTTP/1.1\r\n" HOST "A: b\r\n\tc\r\n\r\n"),
    WRONG("white space before the first field", 400, "GET / HTTP/1.1\r\n " HOST "\r\n"),
    WRONG("LF after the request line", 400, "GET / HTTP/1.1\n" HOST "\r\n"),
    WRONG("LF after a field", 400, "GET / HTTP/1.1\r\nHost: a\n\r\n"),
    WRONG("LF as the blank line", 400, "GET / HTTP/1.1\r\n" HOST "\n"),
    WRONG("CR within a field", 400, "GET / HTTP/1.1\r\n" HOST "A: b\rX: y\r\n\r\n"),
    WRONG("CR between fields", 400, "GET / HTTP/1.1\r\n" HOST "A: b\r\rX: y\r\n\r\n"),
    WRONG("CR before CRLF", 400, "GET / HTTP/1.1\r\n" HOST "A: b\r\r\n\r\n"),
    WRONG("CR as an empty field", 400, "GET / HTTP/1.1\r\n" HOST "\rTransfer-Encoding: x\r\n\r\n"),
    WRONG("NUL in the target", 400, "GET /\0 HTTP/1.1\r\n" HOST "\r\n"),
    WRONG("NUL in a value", 400, "GET / HTTP/1.1\r\n" HOST "A: b\0c\r\n\r\n"),
    WRONG("NUL in a name", 400, "GET / HTTP/1.1\r\n" HOST "A\0: b\r\n\r\n"),
    WRONG("a control character in a value", 400, "GET / HTTP/1.1\r\n" HOST "A: \x01\r\n\r\n"),
    WRONG("DEL in a value", 400, "GET / HTTP/1.1\r\n" HOST "A: \x7f\r\n\r\n"),
    WRONG("two blank lines first", 400, "\r\n\r\nGET / HTTP/1.1\r\n" HOST "\r\n"),

    /* Fields. */
    WRONG("a space before the colon", 400, "GET / HTTP/1.1\r\nHost : a\r\n\r\n"),
    WRONG("a tab before the colon", 400, "GET / HTTP/1.1\r\n" HOST "A\t: b\r\n\r\n"),
    WRONG("a length with a space before the colon", 400, POST "Content-Length : 5\r\n\r\nhello"),
    WRONG("a space in a name", 400, "GET / HTTP/1.1\r\n" HOST "A B: c\r\n\r\n"),
    WRONG("no name", 400, "GET / HTTP/1.1\r\n" HOST ": b\r\n\r\n"),
    WRONG("no colon", 400, "GET / HTTP/1.1\r\n" HOST "nonsense\r\n\r\n"),
    WRONG("a name with a bracket", 400, "GET / HTTP/1.1\r\n" HOST "A(b): c\r\n\r\n"),
    WRONG("a name beyond ASCII", 400,
          "GET / HTTP/1.1\r\n" HOST "\xc3\xa9"
          "a: c\r\n\r\n"),
    WRONG("no host", 400, "GET / HTTP/1.1\r\nA: b\r\n\r\n"),
    WRONG("no field at all", 400, "GET / HTTP/1.1\r\n\r\n"),
    WRONG("two hosts", 400, "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
    WRONG("the same host twice", 400, "GET / HTTP/1.1\r\n" HOST HOST "\r\n"),
    WRONG("two hosts in HTTP/1.0", 400, "GET / HTTP/1.0\r\n" HOST HOST "\r\n"),
    WRONG("a list of hosts", 400, "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n"),
    WRONG("an empty host", 400, "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
    WRONG("a host with a path", 400, "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"),
    WRONG("a host with a user", 400, "GET / HTTP/1.1\r\nHost: me@a\r\n\r\n"),
    WRONG("an unknown expectation", 417, POST "Content-Length: 1\r\nExpect: miracles\r\n\r\n"),

    /* The request line. */
    WRONG("an absolute target", 400, "GET http://tickets.test/ HTTP/1.1\r\n" HOST "\r\n"),
    WRONG("a target without slash", 400, "GET tickets HTTP/1.1\r\n" HOST "\r\n"),
    WRONG("an asterisk for GET", 400, "GET * HTTP/1.1\r\n" HOST "\r\n"),
    WRONG("no target", 400, "GET HTTP/1.1\r\n" HOST "\r\n"),
    WRONG("two spaces", 400, "GET /  HTTP/1.1\r\n" HOST "\r\n"),
    WRONG("a space in the target", 400, "GET /a b HTTP/1.1\r\n" HOST "\r\n"),
    WRONG("a tab instead of a space", 400, "GET\t/ HTTP/1.1\r\n" HOST "\r\n"),
    WRONG("a space after the version", 400, "GET / HTTP/1.1 \r\n" HOST "\r\n"),
    WRONG("a space before the method", 400, " GET / HTTP/1.1\r\n" HOST "\r\n"),
    WRONG("bytes beyond ASCII in the target", 400, "GET /\xc3\xa9 HTTP/1.1\r\n" HOST "\r\n"),
    WRONG("a fragment", 400, "GET /#a HTTP/1.1\r\n" HOST "\r\n"),
    WRONG("no version", 400, "GET /\r\n\r\n"),
    WRONG("half a version", 400, "GET / HTTP/\r\n" HOST "\r\n"),
    WRONG("a small version", 400, "GET / http/1.1\r\n" HOST "\r\n"),
    WRONG("another protocol", 400, "GET / ICY/1.1\r\n" HOST "\r\n"),
    WRONG("a hello of TLS", 400, "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"),
    WRONG("a method with an at sign", 400, "G@T / HTTP/1.1\r\n" HOST "\r\n"),
    WRONG("a method unknown", 501, "BREW / HTTP/1.1\r\n" HOST "\r\n"),
    WRONG("a method in small letters", 501, "get / HTTP/1.1\r\n" HOST "\r\n"),
    WRONG("TRACE", 501, "TRACE / HTTP/1.1\r\n" HOST "\r\n"),
    WRONG("CONNECT", 501, "CONNECT tickets.test:443 HTTP/1.1\r\n" HOST "\r\n"),
    WRONG("a method of WebDAV", 501, "MKCOL / HTTP/1.1\r\n" HOST "\r\n"),
    WRONG("HTTP/2.0", 505, "GET / HTTP/2.0\r\n" HOST "\r\n"),
    WRONG("HTTP/1.2", 505, "GET / HTTP/1.2\r\n" HOST "\r\n"),
    WRONG("HTTP/0.9", 505, "GET / HTTP/0.9\r\n" HOST "\r\n"),
    WRONG("the preface of HTTP/2", 400, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),

    /* Chunks. */
    WRONG("a space after a chunk's size", 400, CHUNKED "5 \r\nhello\r\n0\r\n\r\n"),
    WRONG("a space before a chunk's size", 400, CHUNKED " 5\r\nhello\r\n0\r\n\r\n"),
    WRONG("LF after a chunk's size", 400, CHUNKED "5\nhello\r\n0\r\n\r\n"),
    WRONG("LF after a chunk", 400, CHUNKED "5\r\nhello\n0\r\n\r\n"),
    WRONG("CR after a chunk's size", 400, CHUNKED "5\rhello\r\n0\r\n\r\n"),
    WRONG("something before the LF after a chunk", 400, CHUNKED "5\r\nhellox\n0\r\n\r\n"),
    WRONG("something before the LF at the end", 400, CHUNKED "5\r\nhello\r\n0\r\n\rx\n"),
    WRONG("LF after an extension", 400, CHUNKED "5;a\nhello\r\n0\r\n\r\n"),
    WRONG("LF at the end of chunks", 400, CHUNKED "5\r\nhello\r\n0\r\n\n"),
    WRONG("a prefixed size", 400, CHUNKED "0x5\r\nhello\r\n0\r\n\r\n"),
    WRONG("a signed size", 400, CHUNKED "+5\r\nhello\r\n0\r\n\r\n"),
    WRONG("no size", 400, CHUNKED "\r\nhello\r\n0\r\n\r\n"),
    WRONG("a size that is no number", 400, CHUNKED "five\r\nhello\r\n0\r\n\r\n"),
    WRONG("a size of nine digits", 400, CHUNKED "100000000\r\nhello\r\n0\r\n\r\n"),
    WRONG("a chunk longer than its size", 400, CHUNKED "4\r\nhello\r\n0\r\n\r\n"),
    WRONG("NUL in an extension", 400, CHUNKED "5;a=\0\r\nhello\r\n0\r\n\r\n"),
    WRONG("a folded trailer", 400, CHUNKED "0\r\nA: b\r\n c\r\n\r\n"),
    WRONG("LF after a trailer", 400, CHUNKED "0\r\nA: b\n\r\n"),

    /* Sizes. */
    WRONG("a body announced too large", 413, POST "Content-Length: 65537\r\n\r\n"),
    WRONG("a body announced huge", 413, POST "Content-Length: 999999999999999999\r\n\r\n"),
};

/* Problem pages of a sort, so that it is seen that the application renders them. */
static struct http_reply render(void *context, int status, const char *code, const char *detail,
                                struct arena *arena) {
    (void)context;
    return (struct http_reply){
        .status = status,
        .content_type = TEXT("application/problem+json"),
        .body = arena_printf(arena, "{\"code\":\"%s\",\"detail\":\"%s\"}", code, detail)};
}

static void count_and_echo(void *context, struct http_request *request) {
    ++*(int *)context;
    echo(NULL, request);
}

static int handled;

static int start(void **state) {
    static struct fixture fixture;
    handled = 0;
    fixture_start(&fixture, (struct http_server_options){.handler = count_and_echo,
                                                         .render_error = render,
                                                         .context = &handled});
    *state = &fixture;
    return 0;
}

static int stop(void **state) {
    fixture_stop(*state);
    return 0;
}

static void expect_refusal(struct fixture *fixture, const char *why, int status,
                           struct text bytes) {
    static struct received received;
    int fd = client_open(fixture);
    client_send(fd, bytes);
    client_receive(fd, &received, false);
    if (received.status != status || !received.whole || !received.closes) {
        fail_msg("%s: got %d instead of %d\n%s", why, received.status, status, received.head);
    }
    assert_non_null(strstr(received.head, "application/problem+json"));
    assert_non_null(strstr(received.body, "\"code\":\""));
    assert_true(client_sees_end(fd));
    close(fd);
}

static void every_wrong_request_is_refused_and_its_connection_closed(void **state) {
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        expect_refusal(*state, wrongs[i].why, wrongs[i].status, wrongs[i].bytes);
    }
    assert_int_equal(handled, 0);
}

/* What stands behind a wrong request must not be taken for a request. */
static void nothing_behind_a_wrong_request_is_handled(void **state) {
    static const char smuggled[] = "GET /smuggled HTTP/1.1\r\n" HOST "\r\n";
    for (size_t i = 0; i < sizeof wrongs / sizeof *wrongs; i++) {
        char bytes[1024];
        size_t length = wrongs[i].bytes.length;
        /* As a body, what follows belongs to the request that was refused. */
        memcpy(bytes, wrongs[i].bytes.bytes, length);
        memcpy(bytes + length, smuggled, sizeof smuggled - 1);
        expect_refusal(*state, wrongs[i].why, wrongs[i].status,
                       (struct text){bytes, length + sizeof smuggled - 1});
    }
    assert_int_equal(handled, 0);
}

static struct text repeated(const char *before, const char *piece, size_t times,
                            const char *after) {
    size_t length = strlen(before) + times * strlen(piece) + strlen(after);
    char *bytes = malloc(length + 1), *at = bytes;
    assert_non_null(bytes);
    at = stpcpy(at, before);
    for (size_t i = 0; i < times; i++) {
        at = stpcpy(at, piece);
    }
    stpcpy(at, after);
    return (struct text){bytes, length};
}

static void sizes_beyond_the_limits_are_refused(void **state) {
    const struct {
        const char *why, *before, *piece, *after;
        size_t times;
        int status;
    } sizes[] = {
        {"a long target", "GET /", "a", " HTTP/1.1\r\n" HOST "\r\n", 9000, 414},
        {"an endless target", "GET /", "a", "", 20000, 414},
        {"a long field", "GET / HTTP/1.1\r\n" HOST "A: ", "b", "\r\n\r\n", 17000, 431},
        {"an endless field", "GET / HTTP/1.1\r\n" HOST "A: ", "b", "", 40000, 431},
        {"many fields", "GET / HTTP/1.1\r\n" HOST, "A: b\r\n", "\r\n", 64, 431},
        {"endless fields", "GET / HTTP/1.1\r\n" HOST, "A: b\r\n", "", 5000, 431},
        {"large chunks", CHUNKED "11000\r\n", "x", "\r\n0\r\n\r\n", 0x11000, 413},
        {"many chunks", CHUNKED, "1\r\nx\r\n", "0\r\n\r\n", 70000, 413},
        {"long extensions", CHUNKED "1;", "x", "\r\nx\r\n0\r\n\r\n", 5000, 400},
        {"long trailers", CHUNKED "0\r\n", "A: b\r\n", "\r\n", 2000, 400},
    };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct text bytes =
            repeated(sizes[i].before, sizes[i].piece, sizes[i].times, sizes[i].after);
        expect_refusal(*state, sizes[i].why, sizes[i].status, bytes);
        free((char *)(uintptr_t)bytes.bytes);
    }
}

/* A reset would destroy the answer on its way through a real network. */
static void a_refused_client_that_still_sends_is_not_reset(void **state) {
    static struct received received;
    char byte;
    int fd = client_open(*state);
    struct text bytes = repeated("GET /", "a", 500000, "");
    client_send(fd, bytes);
    free((char *)(uintptr_t)bytes.bytes);
    client_receive(fd, &received, false);
    assert_int_equal(received.status, 414);
    assert_int_equal(recv(fd, &byte, 1, 0), 0);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(send(fd, "a", 1, MSG_NOSIGNAL), 1);
        poll(NULL, 0, 10);
    }
    close(fd);
}

static void sizes_at_the_limits_are_served(void **state) {
    static struct received received;
    const struct {
        const char *before, *piece, *after;
        size_t times;
    } sizes[] = {
        {"GET /", "a", " HTTP/1.1\r\n" HOST "\r\n", 8 * 1024 - 14},
        {"GET / HTTP/1.1\r\n" HOST "A: ", "b", "\r\n\r\n", 16 * 1024 - 20 - 5},
        {"GET / HTTP/1.1\r\n" HOST, "A: b\r\n", "\r\n", 63},
        {POST "Content-Length: 65536\r\n\r\n", "x", "", 65536},
        {CHUNKED "10000\r\n", "x", "\r\n0\r\n\r\n", 65536},
    };
    int fd = client_open(*state);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct text bytes =
            repeated(sizes[i].before, sizes[i].piece, sizes[i].times, sizes[i].after);
        client_send(fd, bytes);
        free((char *)(uintptr_t)bytes.bytes);
        client_receive(fd, &received, false);
        assert_int_equal(received.status, 200);
    }
    close(fd);
}

struct right {
    const char *bytes;
    const char *echo;
};

static const struct right rights[] = {
    {"GET / HTTP/1.1\r\n" HOST "\r\n", "GET / - "},
    {"GET /a/b?c=d?e&f=%20 HTTP/1.1\r\n" HOST "\r\n", "GET /a/b c=d?e&f=%20 "},
    {"GET /? HTTP/1.1\r\n" HOST "\r\n", "GET /  "},
    {"DELETE /x HTTP/1.1\r\n" HOST "\r\n", "DELETE /x - "},
    {"OPTIONS * HTTP/1.1\r\n" HOST "\r\n", "OPTIONS * - "},
    {"PUT /x HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\nhi", "PUT /x - hi"},
    {"PATCH /x HTTP/1.1\r\n" HOST "content-length:  2 \r\n\r\nhi", "PATCH /x - hi"},
    {"POST / HTTP/1.1\r\nHost: [::1]:8080\r\nContent-Length: 0\r\n\r\n", "POST / - "},
    {CHUNKED "5\r\nhello\r\n0\r\n\r\n", "POST / - hello"},
    {CHUNKED "2;a=\"b\";c\r\nhe\r\n003\r\nllo\r\n000\r\nTrailer: x\r\nB:\r\n\r\n",
     "POST / - hello"},
    {POST "tRANSFER-eNCODING: CHUNKED\r\n\r\na\r\n0123456789\r\n0\r\n\r\n", "POST / - 0123456789"},
    {"\r\nGET /after-a-blank-line HTTP/1.1\r\n" HOST "\r\n", "GET /after-a-blank-line - "},
    {"GET / HTTP/1.1\r\n" HOST "Empty:\r\nConnection: keep-alive, Upgrade\r\nUpgrade: h2c\r\n\r\n",
     "GET / - "},
    {"GET / HTTP/1.1\r\n" HOST "Umlaut: \xc3\xa4\r\n\r\n", "GET / - "},
    {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "GET / - "},
};

static void right_requests_are_served_on_one_connection(void **state) {
    static struct received received;
    int fd = client_open(*state);
    for (size_t i = 0; i < sizeof rights / sizeof *rights; i++) {
        client_send_string(fd, rights[i].bytes);
        client_receive(fd, &received, false);
        assert_int_equal(received.status, 200);
        assert_false(received.closes);
        assert_string_equal(received.body, rights[i].echo);
    }
    close(fd);
}

static void right_requests_are_served_however_they_are_cut(void **state) {
    static struct received received;
    int fd = client_open(*state);
    for (size_t i = 0; i < sizeof rights / sizeof *rights; i++) {
        for (const char *at = rights[i].bytes; *at != '\0'; at++) {
            client_send(fd, (struct text){at, 1});
            poll(NULL, 0, i == 9 ? 1 : 0); /* one of them really byte by byte */
        }
        client_receive(fd, &received, false);
        assert_string_equal(received.body, rights[i].echo);
    }
    close(fd);
}

static void headers_are_found_in_letters_of_either_case(void **state) {
    (void)state;
    struct http_header headers[] = {{TEXT("Accept"), TEXT("a")}, {TEXT("ACCEPT"), TEXT("b")}};
    struct http_request request = {.headers = headers, .headers_count = 2};
    assert_true(text_equals(http_request_header(&request, TEXT("accept")), TEXT("a")));
    assert_true(text_is_absent(http_request_header(&request, TEXT("Accep"))));
}

static void head_gives_the_headers_only(void **state) {
    static struct received received;
    int fd = client_open(*state);
    client_send_string(fd, "HEAD /x HTTP/1.1\r\n" HOST "\r\nGET /y HTTP/1.1\r\n" HOST "\r\n");
    client_receive(fd, &received, true);
    assert_int_equal(received.status, 200);
    assert_non_null(strstr(received.head, "\r\nContent-Length: 10\r\n"));
    client_receive(fd, &received, false);
    assert_string_equal(received.body, "GET /y - ");
    close(fd);
}

static void an_expected_continue_is_said_before_the_body_comes(void **state) {
    static struct received received;
    int fd = client_open(*state);
    client_send_string(fd, POST "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n");
    client_receive(fd, &received, false);
    assert_int_equal(received.status, 100);
    client_send_string(fd, "hello");
    client_receive(fd, &received, false);
    assert_string_equal(received.body, "POST / - hello");
    /* The body is on its way already: nothing to say. */
    client_send_string(fd, POST "Content-Length: 5\r\nExpect: 100-continue\r\n\r\nhel");
    poll(NULL, 0, 20);
    client_send_string(fd, "lo");
    client_receive(fd, &received, false);
    assert_int_equal(received.status, 200);
    close(fd);
}

static void a_refused_body_is_not_asked_for(void **state) {
    expect_refusal(*state, "too large to continue", 413,
                   TEXT(POST "Content-Length: 65537\r\nExpect: 100-continue\r\n\r\n"));
}

static void connection_close_and_http_1_0_end_the_connection(void **state) {
    static struct received received;
    const char *lasts[] = {"GET / HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n",
                           "GET / HTTP/1.1\r\n" HOST "Connection: a, Close\r\n\r\n",
                           "GET / HTTP/1.0\r\n\r\n"};
    for (size_t i = 0; i < sizeof lasts / sizeof *lasts; i++) {
        int fd = client_open(*state);
        client_send_string(fd, lasts[i]);
        client_receive(fd, &received, false);
        assert_int_equal(received.status, 200);
        assert_true(received.closes && client_sees_end(fd));
        close(fd);
    }
}

static void what_is_pipelined_behind_the_last_request_is_dropped(void **state) {
    static struct received received;
    char byte;
    int fd = client_open(*state);
    struct text bytes = repeated("GET / HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n",
                                 "GET /more HTTP/1.1\r\n" HOST "\r\n", 10000, "");
    client_send(fd, bytes);
    free((char *)(uintptr_t)bytes.bytes);
    client_receive(fd, &received, false);
    assert_true(received.whole && received.closes);
    assert_int_equal(recv(fd, &byte, 1, 0), 0); /* ended, not reset */
    assert_int_equal(handled, 1);
    close(fd);
}

static void a_client_that_closed_its_side_gets_its_answers(void **state) {
    static struct received received;
    int fd = client_open(*state);
    client_send_string(fd, "GET /1 HTTP/1.1\r\n" HOST "\r\nGET /2 HTTP/1.1\r\n" HOST "\r\n");
    shutdown(fd, SHUT_WR);
    client_receive(fd, &received, false);
    assert_string_equal(received.body, "GET /1 - ");
    client_receive(fd, &received, false);
    assert_string_equal(received.body, "GET /2 - ");
    assert_true(client_sees_end(fd));
    close(fd);
}

static void answers_have_a_date(void **state) {
    static struct received received;
    char day[4], month[4];
    int number, year, hour, minute, second;
    int fd = client_open(*state);
    client_send_string(fd, "GET / HTTP/1.1\r\n" HOST "\r\n");
    client_receive(fd, &received, false);
    const char *date = strstr(received.head, "\r\nDate: ");
    assert_non_null(date);
    assert_int_equal(sscanf(date, "\r\nDate: %3s, %2d %3s %4d %2d:%2d:%2d GMT\r\n", day, &number,
                            month, &year, &hour, &minute, &second),
                     7);
    close(fd);
}

int main(void) {
    const struct CMUnitTest tests[] = {
#define OVER_A_SOCKET(test) cmocka_unit_test_setup_teardown(test, start, stop)
        OVER_A_SOCKET(every_wrong_request_is_refused_and_its_connection_closed),
        OVER_A_SOCKET(nothing_behind_a_wrong_request_is_handled),
        OVER_A_SOCKET(sizes_beyond_the_limits_are_refused),
        OVER_A_SOCKET(a_refused_client_that_still_sends_is_not_reset),
        OVER_A_SOCKET(sizes_at_the_limits_are_served),
        OVER_A_SOCKET(right_requests_are_served_on_one_connection),
        OVER_A_SOCKET(right_requests_are_served_however_they_are_cut),
        cmocka_unit_test(headers_are_found_in_letters_of_either_case),
        OVER_A_SOCKET(head_gives_the_headers_only),
        OVER_A_SOCKET(an_expected_continue_is_said_before_the_body_comes),
        OVER_A_SOCKET(a_refused_body_is_not_asked_for),
        OVER_A_SOCKET(connection_close_and_http_1_0_end_the_connection),
        OVER_A_SOCKET(what_is_pipelined_behind_the_last_request_is_dropped),
        OVER_A_SOCKET(a_client_that_closed_its_side_gets_its_answers),
        OVER_A_SOCKET(answers_have_a_date),
    };
    return cmocka_run_group_tests_name("http requests", tests, NULL, NULL);
}
