/* What is shown of a database's URL: everything but its password. */
#include "store/store.h"
#include "support/unit.h"

static void a_password_is_never_shown(void **state) {
    (void)state;
    static const struct {
        const char *url, *shown;
    } cases[] = {
        {"sqlite:/var/lib/tickets.db", "sqlite:/var/lib/tickets.db"},
        {"memory:", "memory:"},
        {"postgres://host/shop", "postgres://host/shop"},
        {"postgres://ann@host:5432/shop", "postgres://ann@host:5432/shop"},
        {"postgres://ann:secret@host/shop", "postgres://ann:***@host/shop"},
        {"postgresql://ann:secret@a:1,b:2/shop?sslmode=verify-full",
         "postgresql://ann:***@a:1,b:2/shop?sslmode=verify-full"},
        {"postgres://ann:se@c/r:et@host/shop", "postgres://ann:***@host/shop"},
        {"postgres://ann:se?cret@host", "postgres://ann:***@host"},
        {"postgres://:secret@host", "postgres://:***@host"},
        {"postgres://host/shop?user=ann&password=secret",
         "postgres://host/shop?user=ann&password=***"},
        {"postgres://host/shop?sslpassword=secret&prepare=off",
         "postgres://host/shop?sslpassword=***&prepare=off"},
        {"postgres://host/shop?PassWord=secret", "postgres://host/shop?PassWord=***"},
        {"postgres:host=h password=secret dbname=d", "postgres:host=h password=*** dbname=d"},
        {"postgres:password = secret user=ann", "postgres:password = *** user=ann"},
        {"postgres:password='se cr\\'et' user=ann", "postgres:password=*** user=ann"},
        {"postgres:password='secret", "postgres:password=***"},
        {"postgres:service=shop", "postgres:service=shop"},
        {"postgress://ann:secret@host", "postgress://ann:***@host"}, /* misspelt */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char shown[STORE_URL_SHOWN_SIZE];
        assert_string_equal(store_url_shown(cases[i].url, shown), cases[i].shown);
        assert_null(strstr(shown, "secret"));
    }
}

static void a_url_that_is_too_long_is_cut(void **state) {
    (void)state;
    char url[4 * STORE_URL_SHOWN_SIZE], shown[STORE_URL_SHOWN_SIZE];
    memset(url, 'x', sizeof url);
    url[sizeof url - 1] = '\0';
    assert_int_equal(strlen(store_url_shown(url, shown)), STORE_URL_SHOWN_SIZE - 1);
}

static void what_names_no_database_is_refused_without_its_password(void **state) {
    (void)state;
    struct store *store;
    struct failure failure;
    assert_int_equal(store_open("mysql://ann:secret@host", NULL, &store, &failure), ERROR_INVALID);
    assert_null(strstr(failure.sentence, "secret"));
    assert_non_null(strstr(failure.sentence, "mysql://ann:***@host"));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_password_is_never_shown),
    cmocka_unit_test(a_url_that_is_too_long_is_cut),
    cmocka_unit_test(what_names_no_database_is_refused_without_its_password),
};
UNIT_MAIN(tests)
