/* The pure parts: chunks, deadlines, addresses, heads of answers. */
#include "fixture.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "http/admission.h"
#include "http/chunks.h"
#include "http/deadline.h"
#include "http/parser.h"
#include "http/peers.h"
#include "http/reply_head.h"

static const struct http_limits limits = {
    .request_line = 8192, .head = 16384, .headers = 64, .body = 65536};

/* Parsing ---------------------------------------------------------------------------------- */

static void a_request_is_the_same_however_its_bytes_are_cut(void **state) {
    (void)state;
    static const char bytes[] = "POST /a?b HTTP/1.1\r\nHost: h\r\nX: y \r\n"
                                "Transfer-Encoding: chunked\r\n\r\n"
                                "3;e\r\nabc\r\n00A\r\n0123456789\r\n0\r\nT: u\r\n\r\nrest";
    size_t whole = sizeof bytes - 1 - strlen("rest");
    for (size_t first = 0; first <= whole; first++) {
        for (size_t second = first; second <= whole; second++) {
            struct arena arena;
            struct http_request request = {.arena = &arena};
            struct parser parser;
            arena_init(&arena, 1024 * 1024);
            parser_init(&parser, &request, &limits);
            size_t used = parser_feed(&parser, bytes, first);
            used += parser_feed(&parser, bytes + used, second - first);
            used += parser_feed(&parser, bytes + used, sizeof bytes - 1 - second);
            assert_int_equal(parser.state, PARSER_COMPLETE);
            assert_int_equal(used, whole);
            assert_true(text_equals(request.path, TEXT("/a")));
            assert_true(text_equals(request.query, TEXT("b")));
            assert_true(text_equals(request.body, TEXT("abc0123456789")));
            assert_true(text_equals(http_request_header(&request, TEXT("x")), TEXT("y")));
            assert_int_equal(request.headers_count, 3);
            arena_finish(&arena);
        }
    }
}

static void memory_is_taken_for_what_came_not_for_what_was_announced(void **state) {
    (void)state;
    struct arena arena;
    struct http_request request = {.arena = &arena};
    struct parser parser;
    struct text bytes = TEXT("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 65536\r\n\r\nabc");
    arena_init(&arena, 1024 * 1024);
    parser_init(&parser, &request, &limits);
    parser_feed(&parser, bytes.bytes, bytes.length);
    assert_int_equal(parser.state, PARSER_BODY);
    assert_in_range(arena.used, 1, 8 * 1024);
    arena_finish(&arena);
}

static void chunks_end_where_they_say(void **state) {
    (void)state;
    struct chunks chunks = {0};
    struct text data;
    const char *bytes = "3\r\nabc\r\n0\r\n\r\nGET";
    size_t used = chunks_feed(&chunks, bytes, strlen(bytes), &data);
    assert_int_equal(used, 6);
    assert_true(text_equals(data, TEXT("abc")));
    used += chunks_feed(&chunks, bytes + used, strlen(bytes) - used, &data);
    assert_int_equal(data.length, 0);
    assert_int_equal(chunks.state, CHUNKS_DONE);
    assert_string_equal(bytes + used, "GET");
}

/* Deadlines -------------------------------------------------------------------------------- */

static void deadlines_are_due_in_the_order_of_their_time(void **state) {
    (void)state;
    struct deadlines deadlines = {.span_ms = {[DEADLINE_IDLE] = 100, [DEADLINE_HEAD] = 10}};
    struct deadline first = {0}, second = {0}, third = {0};
    deadlines_init(&deadlines);
    assert_true(deadlines_next(&deadlines) == UINT64_MAX);
    deadline_set(&deadlines, &first, DEADLINE_IDLE, 1000);
    deadline_set(&deadlines, &second, DEADLINE_IDLE, 1001);
    deadline_set(&deadlines, &third, DEADLINE_HEAD, 1002);
    assert_int_equal(deadlines_next(&deadlines), 1012);
    assert_null(deadlines_take_due(&deadlines, 1011));
    assert_ptr_equal(deadlines_take_due(&deadlines, 1012), &third);
    assert_null(deadlines_take_due(&deadlines, 1012));
    deadline_set(&deadlines, &first, DEADLINE_IDLE, 1050); /* set anew: behind the second */
    assert_int_equal(deadlines_next(&deadlines), 1101);
    assert_ptr_equal(deadlines_take_due(&deadlines, 2000), &second);
    deadline_clear(&first);
    deadline_clear(&first);
    assert_null(deadlines_take_due(&deadlines, 2000));
}

/* Addresses -------------------------------------------------------------------------------- */

static struct sockaddr_storage address_of(const char *text) {
    struct sockaddr_storage address = {0};
    struct sockaddr_in6 *ipv6 = (struct sockaddr_in6 *)&address;
    struct sockaddr_in *ipv4 = (struct sockaddr_in *)&address;
    if (inet_pton(AF_INET6, text, &ipv6->sin6_addr) == 1) {
        ipv6->sin6_family = AF_INET6;
    } else {
        assert_int_equal(inet_pton(AF_INET, text, &ipv4->sin_addr), 1);
        ipv4->sin_family = AF_INET;
    }
    return address;
}

static struct peer_key key_of(const char *text) {
    struct sockaddr_storage address = address_of(text);
    return peer_key_of((struct sockaddr *)&address);
}

static bool is_loopback(const char *text) {
    struct sockaddr_storage address = address_of(text);
    return peer_is_loopback((struct sockaddr *)&address);
}

static void an_ipv6_network_counts_as_one_and_ipv4_inside_ipv6_as_itself(void **state) {
    (void)state;
    assert_true(key_of("2001:db8::1").value == key_of("2001:db8::ffff:2").value);
    assert_true(key_of("2001:db8::1").value != key_of("2001:db8:0:1::1").value);
    assert_true(key_of("192.0.2.1").value == key_of("::ffff:192.0.2.1").value);
    assert_true(key_of("192.0.2.1").value != key_of("192.0.2.2").value);
    assert_true(key_of("::1").value != 0);
    assert_true(is_loopback("127.8.9.1") && is_loopback("::1") && is_loopback("::ffff:127.0.0.1"));
    assert_false(is_loopback("128.0.0.1") || is_loopback("::2") || is_loopback("2001:db8::1"));
    char name[INET6_ADDRSTRLEN];
    struct sockaddr_storage address = address_of("::ffff:192.0.2.1");
    peer_name((struct sockaddr *)&address, name);
    assert_string_equal(name, "192.0.2.1");
    address = address_of("2001:db8::1");
    peer_name((struct sockaddr *)&address, name);
    assert_string_equal(name, "2001:db8::1");
}

static void peers_are_counted_like_a_plain_array_would_count_them(void **state) {
    (void)state;
    enum { PEERS = 300, MOST = 3 };
    static unsigned expected[PEERS];
    struct peers peers = {0};
    unsigned seed = 1;
    for (int i = 0; i < 200000; i++) {
        seed = seed * 1103515245 + 12345;
        unsigned who = (seed >> 8) % PEERS;
        struct peer_key key = {who + 1};
        if (seed >> 31 == 0) {
            bool entered = peers_enter(&peers, key, MOST);
            assert_int_equal(entered, expected[who] < MOST);
            expected[who] += entered;
        } else if (expected[who] > 0) {
            peers_leave(&peers, key);
            expected[who]--;
        }
    }
    for (unsigned who = 0; who < PEERS; who++) {
        while (expected[who]-- > 0) {
            peers_leave(&peers, (struct peer_key){who + 1});
        }
    }
    assert_int_equal(peers.count, 0);
    peers_finish(&peers);
}

/* Heads of answers ------------------------------------------------------------------------- */

static void a_flood_over_the_network_leaves_the_unix_socket_open(void **state) {
    (void)state;
    struct http_limits asked = {.connections = 2, .connections_per_address = 2};
    struct sockaddr_in buyer = {.sin_family = AF_INET, .sin_addr = {htonl(0x0a000001)}};
    struct admission admission;
    struct peer_key key, owner;
    size_t let_in = 0;
    admission_init(&admission, &asked, false);
    while (admission_enter(&admission, (struct sockaddr *)&buyer, &key) != ADMISSION_TURNED_AWAY) {
        let_in++;
    }
    assert_true(let_in > 2);
    assert_int_equal(admission_enter(&admission, NULL, &owner), ADMISSION_GRANTED);
    admission_leave(&admission, owner);
    admission_finish(&admission);
}

static void the_soft_limit_of_files_is_raised_for_the_connections_asked_for(void **state) {
    (void)state;
    struct rlimit was, now;
    struct admission admission;
    struct http_limits asked = {.connections = 200, .connections_per_address = 2};
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &was), 0);
    assert_true(was.rlim_max >= 1000);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &(struct rlimit){128, was.rlim_max}), 0);
    admission_init(&admission, &asked, false);
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &now), 0);
    assert_int_equal(asked.connections, 200);
    assert_true(now.rlim_cur > 200 && now.rlim_cur < was.rlim_max);
    admission_finish(&admission);
    setrlimit(RLIMIT_NOFILE, &was);
}

static void a_head_says_how_the_body_ends_and_whether_the_connection_stays(void **state) {
    (void)state;
    struct http_date date = {0};
    char head[REPLY_HEAD_MAX + 1];
    struct http_reply reply = {.status = 201, .content_type = TEXT("a/b"), .body = TEXT("four")};
    const struct {
        struct reply_form form;
        const char *end;
    } forms[] = {
        {{FRAMING_LENGTH, false, false}, "GMT\r\nContent-Type: a/b\r\nContent-Length: 4\r\n\r\n"},
        {{FRAMING_LENGTH, true, false},
         "GMT\r\nContent-Type: a/b\r\nContent-Length: 4\r\nConnection: close\r\n\r\n"},
        {{FRAMING_LENGTH, false, true},
         "GMT\r\nContent-Type: a/b\r\nContent-Length: 4\r\nConnection: keep-alive\r\n\r\n"},
        {{FRAMING_CHUNKED, false, false},
         "GMT\r\nContent-Type: a/b\r\nTransfer-Encoding: chunked\r\n\r\n"},
        {{FRAMING_CLOSE, true, true}, "GMT\r\nContent-Type: a/b\r\nConnection: close\r\n\r\n"},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        head[reply_head_write(head, &reply, forms[i].form, &date)] = '\0';
        assert_ptr_equal(strstr(head, "HTTP/1.1 201 Created\r\nDate: "), head);
        assert_string_equal(strstr(head, "GMT"), forms[i].end);
    }
}

static void a_head_too_large_or_broken_is_none(void **state) {
    (void)state;
    struct http_date date = {0};
    char head[REPLY_HEAD_MAX];
    static char value[REPLY_HEAD_MAX];
    struct http_header header = {TEXT("A"), {value, 0}};
    struct http_reply reply = {.status = 200, .headers = &header, .headers_count = 1};
    struct reply_form form = {FRAMING_LENGTH, false, false};
    memset(value, 'v', sizeof value);
    size_t bare = reply_head_write(head, &reply, form, &date);
    header.value.length = REPLY_HEAD_MAX - bare;
    assert_int_equal(reply_head_write(head, &reply, form, &date), REPLY_HEAD_MAX);
    header.value.length++;
    assert_int_equal(reply_head_write(head, &reply, form, &date), 0);
    header.value = TEXT("a\nb");
    assert_int_equal(reply_head_write(head, &reply, form, &date), 0);
    header = (struct http_header){TEXT("A\r"), TEXT("b")};
    assert_int_equal(reply_head_write(head, &reply, form, &date), 0);
    header = (struct http_header){TEXT("A"), TEXT("tab\tand \xc3\xa4")};
    assert_true(reply_head_write(head, &reply, form, &date) > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_the_same_however_its_bytes_are_cut),
        cmocka_unit_test(memory_is_taken_for_what_came_not_for_what_was_announced),
        cmocka_unit_test(chunks_end_where_they_say),
        cmocka_unit_test(deadlines_are_due_in_the_order_of_their_time),
        cmocka_unit_test(an_ipv6_network_counts_as_one_and_ipv4_inside_ipv6_as_itself),
        cmocka_unit_test(peers_are_counted_like_a_plain_array_would_count_them),
        cmocka_unit_test(a_flood_over_the_network_leaves_the_unix_socket_open),
        cmocka_unit_test(the_soft_limit_of_files_is_raised_for_the_connections_asked_for),
        cmocka_unit_test(a_head_says_how_the_body_ends_and_whether_the_connection_stays),
        cmocka_unit_test(a_head_too_large_or_broken_is_none),
    };
    return cmocka_run_group_tests_name("http units", tests, NULL, NULL);
}
