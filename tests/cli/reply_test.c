/* How our own client reads answers, however they are cut, and addresses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/api_client.h"
#include "daemon/reply.h"

static const char answer[] = "HTTP/1.1 201 Created\r\ncontent-length: 5\r\n"
                             "Idempotency-Replayed: true\r\nConnection: close\r\n\r\nhello";

static enum reply_state read_text(const char *text, struct reply *reply) {
    size_t used;
    return reply_read(text_of(text), reply, &used);
}

static void an_answer_is_whole_only_with_its_last_byte(void **state) {
    (void)state;
    struct reply reply;
    size_t used = 0;
    for (size_t length = 0; length < sizeof answer - 1; length++) {
        assert_int_equal(reply_read((struct text){answer, length}, &reply, &used), REPLY_PARTIAL);
        assert_int_equal(used, 0);
    }
    assert_int_equal(reply_read(text_of(answer), &reply, &used), REPLY_WHOLE);
    assert_int_equal(used, sizeof answer - 1);
    assert_int_equal(reply.status, 201);
    assert_true(reply.replayed);
    assert_false(reply.keep_alive);
    assert_true(text_equals(reply.body, TEXT("hello")));
}

static void what_follows_an_answer_is_left_for_the_next(void **state) {
    (void)state;
    struct reply reply;
    size_t used;
    struct text two = TEXT("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n");
    assert_int_equal(reply_read(two, &reply, &used), REPLY_WHOLE);
    assert_int_equal(used, two.length - strlen("HTTP/1.1 200 OK\r\n"));
    assert_true(reply.keep_alive);
}

static void what_is_no_answer_of_ours_is_refused(void **state) {
    (void)state;
    static const char *const malformed[] = {
        "SSH-2.0-OpenSSH\r\n\r\n",
        "HTTP/2 200\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
    };
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++) {
        struct reply reply;
        assert_int_equal(read_text(malformed[i], &reply), REPLY_MALFORMED);
    }
}

static void a_head_without_end_is_refused(void **state) {
    (void)state;
    static char endless[REPLY_HEAD_MAX + 2];
    struct reply reply;
    memset(endless, 'a', sizeof endless - 1);
    assert_int_equal(read_text(endless, &reply), REPLY_MALFORMED);
}

struct address_row {
    const char *text, *host, *port;
    bool is_unix;
};

static void addresses_are_a_host_and_a_port_or_a_socket(void **state) {
    (void)state;
    static const struct address_row rows[] = {
        {"http://127.0.0.1:8080", "127.0.0.1", "8080", false},
        {"http://shop.example/", "shop.example", "80", false},
        {"http://[::1]:81", "::1", "81", false},
        {"unix:/run/t.db.sock", "/run/t.db.sock", "80", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct server_address address;
        assert_true(server_address_parse(rows[i].text, &address));
        assert_string_equal(address.host, rows[i].host);
        assert_string_equal(address.port, rows[i].port);
        assert_int_equal(address.is_unix, rows[i].is_unix);
    }
    static const char *const none[] = {"",           "127.0.0.1:80",    "https://a", "http://",
                                       "http://a:b", "http://a:123456", "http://a/b"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        struct server_address address;
        assert_false(server_address_parse(none[i], &address));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_whole_only_with_its_last_byte),
        cmocka_unit_test(what_follows_an_answer_is_left_for_the_next),
        cmocka_unit_test(what_is_no_answer_of_ours_is_refused),
        cmocka_unit_test(a_head_without_end_is_refused),
        cmocka_unit_test(addresses_are_a_host_and_a_port_or_a_socket),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
