/* Where a request comes from, with and without proxies that are trusted. */
#include "routes/callers/client.h"

#include "support/unit.h"

static struct arena arena;

static void assert_client(const char *trusted, const char *peer, const char *forwarded_for,
                          const char *client) {
    struct proxies proxies;
    struct failure failure;
    assert_int_equal(proxies_read(text_of(trusted), &proxies, &failure), ERROR_NONE);
    struct text found = client_find(&proxies, text_of(peer), text_of(forwarded_for), &arena);
    char string[64] = "";
    memcpy(string, found.bytes, found.length < sizeof string ? found.length : 0);
    assert_string_equal(string, client);
}

static void without_a_trusted_proxy_it_is_the_peer(void **state) {
    (void)state;
    assert_client(NULL, "192.0.2.7", "198.51.100.1", "192.0.2.7");
    assert_client("10.0.0.7", "10.0.0.8", "198.51.100.1", "10.0.0.8");
    assert_client("10.0.0.7", "10.0.0.7", NULL, "10.0.0.7");
    assert_client("10.0.0.7", "unix", "198.51.100.1", "unix");
}

static void behind_one_it_is_whom_the_proxy_saw(void **state) {
    (void)state;
    assert_client("10.0.0.7", "10.0.0.7", "198.51.100.1", "198.51.100.1");
    assert_client("10.0.0.7", "10.0.0.7", "127.0.0.1, 198.51.100.1", "198.51.100.1");
    assert_client("10.0.0.7", "10.0.0.7", "198.51.100.1 ,\t10.0.0.7", "198.51.100.1");
    assert_client("10.0.0.7", "10.0.0.7", "10.0.0.7, 10.0.0.7", "10.0.0.7");
    assert_client("127.0.0.1", "127.0.0.1", "::ffff:198.51.100.1", "198.51.100.1");
}

static void what_is_no_address_ends_the_search(void **state) {
    (void)state;
    static const char *const none[] = {"",
                                       ",",
                                       "unknown",
                                       "198.51.100.1, ",
                                       "198.51.100.1:80",
                                       "[",
                                       "1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.16.17.18.19.20"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_client("10.0.0.7", "10.0.0.7", none[i], "10.0.0.7");
    }
}

static void a_network_of_ipv6_is_one_client(void **state) {
    (void)state;
    assert_client(NULL, "2001:db8:1:2:3:4:5:6", NULL, "2001:db8:1:2::/64");
    assert_client(NULL, "2001:db8:1:2::1", NULL, "2001:db8:1:2::/64");
    assert_client(NULL, "2001:db8:1:3::1", NULL, "2001:db8:1:3::/64");
    assert_client(NULL, "::1", NULL, "::1");
    assert_client("::1", "::1", "2001:db8::9", "2001:db8::/64");
}

static void a_network_is_trusted_to_its_last_bit(void **state) {
    (void)state;
    assert_client("172.16.0.0/12", "172.31.255.255", "198.51.100.1", "198.51.100.1");
    assert_client("172.16.0.0/12", "172.32.0.0", "198.51.100.1", "172.32.0.0");
    assert_client(" fd00::/8 , 10.0.0.0/8", "fdff::1", "198.51.100.1", "198.51.100.1");
    assert_client("fd00::/8", "fe00::1", "198.51.100.1", "fe00::/64");
    assert_client("0.0.0.0/0", "10.0.0.7", "198.51.100.1", "198.51.100.1");
    assert_client("0.0.0.0/0", "::2", "198.51.100.1", "::/64"); /* of IPv4 alone */
}

static void a_list_that_is_none_is_refused(void **state) {
    (void)state;
    static const char *const wrong[] = {
        "",           ",",           "10.0.0.7,",    "proxy.example",
        "10.0.0.0/",  "10.0.0.0/33", "10.0.0.0/-1",  "10.0.0.0/+8",
        "fd00::/129", "10.0.0.0/8x", "10.0.0.0/0008"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct proxies proxies;
        struct failure failure;
        assert_int_equal(proxies_read(text_of(wrong[i]), &proxies, &failure), ERROR_INVALID);
    }
}

static int open(void **state) {
    (void)state;
    arena_init(&arena, 64 * 1024);
    return 0;
}

static int close(void **state) {
    (void)state;
    arena_finish(&arena);
    return 0;
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(without_a_trusted_proxy_it_is_the_peer),
    cmocka_unit_test(behind_one_it_is_whom_the_proxy_saw),
    cmocka_unit_test(what_is_no_address_ends_the_search),
    cmocka_unit_test(a_network_of_ipv6_is_one_client),
    cmocka_unit_test(a_network_is_trusted_to_its_last_bit),
    cmocka_unit_test(a_list_that_is_none_is_refused),
};

int main(void) {
    return cmocka_run_group_tests(tests, open, close);
}
