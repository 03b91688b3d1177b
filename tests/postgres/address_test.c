/* Where the database is: what of an address reaches libpq, and what ticketd adds. */
#include "store/postgres/address.h"
#include "support/unit.h"

/* The value that libpq gets; the last one of a keyword holds. */
static const char *value_of(const struct address *address, const char *keyword) {
    const char *value = NULL;
    for (size_t i = 0; i < address->count; i++) {
        if (strcmp(address->keywords[i], keyword) == 0) {
            value = address->values[i];
        }
    }
    return value;
}

static struct address parsed(const char *url) {
    struct address address;
    struct failure failure;
    enum error error = address_parse(url, &address, &failure);
    if (error != ERROR_NONE) {
        fail_msg("%s: %s", url, failure.sentence);
    }
    return address;
}

#define assert_value(url, keyword, wanted)                                                         \
    do {                                                                                           \
        struct address address_of_url = parsed(url);                                               \
        const char *got = value_of(&address_of_url, (keyword));                                    \
        assert_string_equal(got == NULL ? "(nothing)" : got, (wanted));                            \
        address_finish(&address_of_url);                                                           \
    } while (0)

static void urls_and_keywords_are_understood(void **state) {
    (void)state;
    assert_value("postgres://anna@db.example:5433/shop", "host", "db.example");
    assert_value("postgresql://anna@db.example:5433/shop", "port", "5433");
    assert_value("postgres:host=db.example dbname=shop user=anna", "dbname", "shop");
    assert_value("postgres:service=shop", "service", "shop");
    assert_value("postgres://a,b/shop?target_session_attrs=any", "target_session_attrs", "any");
}

static void other_machines_must_show_who_they_are(void **state) {
    (void)state;
    assert_value("postgres://db.example/shop", "sslmode", "verify-full");
    assert_value("postgres://127.0.0.1,db.example/shop", "sslmode", "verify-full");
    assert_value("postgres:hostaddr=10.0.0.7 host=localhost", "sslmode", "verify-full");
    assert_value("postgres://localhost.example/shop", "sslmode", "verify-full");
    assert_value("postgres://db.example/shop?sslmode=require", "sslmode", "require");
    assert_value("postgres://127.0.0.1/shop", "sslmode", "(nothing)");
    assert_value("postgres://localhost,[::1]/shop", "sslmode", "(nothing)");
    assert_value("postgres:///shop", "sslmode", "(nothing)");
    assert_value("postgres:host=/run/postgresql dbname=shop", "sslmode", "(nothing)");
}

static void the_environment_chooses_where_the_address_does_not(void **state) {
    (void)state;
    setenv("PGSSLMODE", "require", 1);
    assert_value("postgres://db.example/shop", "sslmode", "(nothing)");
    unsetenv("PGSSLMODE");
    setenv("PGHOST", "db.example", 1);
    assert_value("postgres:///shop", "sslmode", "verify-full");
    unsetenv("PGHOST");
}

static void a_dead_network_is_noticed_in_seconds_and_a_standby_is_passed_by(void **state) {
    (void)state;
    assert_value("postgres://db.example/shop", "connect_timeout", "2");
    assert_value("postgres://db.example/shop?connect_timeout=9", "connect_timeout", "9");
    assert_value("postgres://db.example/shop", "tcp_user_timeout", "5000");
    assert_value("postgres://a,b/shop", "target_session_attrs", "read-write");
    /* A service file says for itself what it wants. */
    assert_value("postgres:service=shop", "connect_timeout", "(nothing)");
}

static void prepare_is_ours_and_taken_out(void **state) {
    (void)state;
    static const struct {
        const char *url;
        bool prepares;
    } addresses[] = {
        {"postgres://h/shop", true},
        {"postgres://h/shop?prepare=off", false},
        {"postgres://h/shop?prepare=on", true},
        {"postgres://h/shop?prepare=off&sslmode=require", false},
        {"postgres://h/shop?sslmode=require&prepare=off", false},
        {"postgres:host=h prepare=off dbname=shop", false},
        {"postgres:prepare=off host=h dbname=shop", false},
    };
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        struct address address = parsed(addresses[i].url);
        assert_int_equal(address.prepares, addresses[i].prepares);
        assert_string_equal(value_of(&address, "dbname"), "shop");
        assert_null(value_of(&address, "prepare"));
        address_finish(&address);
    }
}

static void what_cannot_be_read_is_refused_without_the_password(void **state) {
    (void)state;
    static const char *const urls[] = {
        "postgres://anna:secret@h/shop?colour=red",
        "postgres://anna:secret@h/shop?prepare=perhaps",
        "postgres:host=h password=secret colour=red",
        "postgres:host",
        "postgres://anna:sec@ret@h/shop",
        "postgres://anna:secret@h:port/shop%zz",
    };
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        struct address address;
        struct failure failure = {.error = ERROR_NONE};
        assert_int_equal(address_parse(urls[i], &address, &failure), ERROR_INVALID);
        assert_null(strstr(failure.sentence, "secret"));
        assert_null(strstr(failure.sentence, "ret@"));
        assert_true(strlen(failure.sentence) > 10);
    }
}

static void who_does_not_answer_is_unavailable(void **state) {
    (void)state;
    struct address address = parsed("postgres://anna:secret@127.0.0.1:1/shop");
    PGconn *connection = NULL;
    struct failure failure = {.error = ERROR_NONE};
    assert_int_equal(address_connect(&address, &connection, &failure), ERROR_UNAVAILABLE);
    assert_null(connection);
    assert_null(strstr(failure.sentence, "secret"));
    assert_non_null(strstr(failure.sentence, "127.0.0.1"));
    address_finish(&address);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(urls_and_keywords_are_understood),
        cmocka_unit_test(other_machines_must_show_who_they_are),
        cmocka_unit_test(the_environment_chooses_where_the_address_does_not),
        cmocka_unit_test(a_dead_network_is_noticed_in_seconds_and_a_standby_is_passed_by),
        cmocka_unit_test(prepare_is_ours_and_taken_out),
        cmocka_unit_test(what_cannot_be_read_is_refused_without_the_password),
        cmocka_unit_test(who_does_not_answer_is_unavailable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
